//! What evidently mends a statement whose actions work on none of its resources.

use std::sync::{Arc, OnceLock};

use leastwise_catalog::Action;
use leastwise_model::{List, Site, Statement};
use leastwise_policy::Studied;
use leastwise_syntax::NodeId;

use super::RULE;
use super::statement_resources::studied;
use crate::resources::{buckets, objects, star_statement};
use crate::{Context, LazyFix, for_fixes};

/// What is asked of a statement once, however many of its actions work on nothing.
pub(super) struct Cures {
    statement: NodeId,
    bucket: OnceLock<Option<Arc<buckets::BucketFix>>>,
    objects: OnceLock<Option<Arc<objects::ObjectFix>>>,
    apart: OnceLock<Option<star_statement::Offer>>,
}

impl Cures {
    pub(super) fn of(statement: NodeId) -> Cures {
        Cures {
            statement,
            bucket: OnceLock::new(),
            objects: OnceLock::new(),
            apart: OnceLock::new(),
        }
    }

    /// The fix of an entry that stands for these actions.
    pub(super) fn fix(&self, context: &Context<'_>, actions: &[Action]) -> Option<LazyFix> {
        for_fixes::did();
        if let Some(bucket) = self.bucket(context, actions) {
            let ((title, several), safety) = (bucket.titles(), bucket.safety());
            let fix = LazyFix::new(title, safety, move |context| bucket.fix(context, &RULE));
            return Some(fix.of_several(several));
        }
        if let Some(objects) = self.objects(context, actions) {
            let ((title, several), safety) = (objects.titles(), objects.safety());
            let fix = LazyFix::new(title, safety, move |context| objects.fix(context, &RULE));
            return Some(fix.of_several(several));
        }
        let offer = self.apart(context, actions)?;
        let node = self.statement;
        let fix = LazyFix::new(offer.title, offer.safety, move |context| {
            star_statement::fix(context, &RULE, node)
        });
        Some(fix.of_several(offer.several))
    }

    /// The bucket of the objects.
    fn bucket(&self, context: &Context<'_>, actions: &[Action]) -> Option<Arc<buckets::BucketFix>> {
        if !buckets::are_taken_by(actions) {
            return None;
        }
        let known = self.bucket.get_or_init(|| {
            let (_, statement, resources, patterns) = self.place(context)?;
            buckets::plan_fix(context, statement, resources, &patterns)
        });
        known.clone()
    }

    /// The objects of the bucket.
    fn objects(
        &self,
        context: &Context<'_>,
        actions: &[Action],
    ) -> Option<Arc<objects::ObjectFix>> {
        if !objects::are_taken_by(actions) {
            return None;
        }
        let known = self.objects.get_or_init(|| {
            let (_, statement, resources, patterns) = self.place(context)?;
            objects::plan_fix(context, statement, resources, &patterns)
        });
        known.clone().filter(|known| known.is_for(actions))
    }

    /// Another statement with `*`.
    fn apart(&self, context: &Context<'_>, actions: &[Action]) -> Option<star_statement::Offer> {
        if actions.iter().any(|action| action.resources().len() > 0) {
            return None;
        }
        *self.apart.get_or_init(|| {
            let (site, statement) = context.statement(self.statement)?;
            star_statement::offer(context, site, statement)
        })
    }

    /// The statement with its resources.
    fn place<'a>(
        &self,
        context: &Context<'a>,
    ) -> Option<(&'a Site, &'a Statement, &'a List, Vec<Arc<Studied>>)> {
        let (site, statement) = context.statement(self.statement)?;
        let resources = statement.resource.known()?;
        Some((site, statement, resources, studied(context, resources)))
    }
}
