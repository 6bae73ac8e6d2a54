//! Mends actions on objects that were given their bucket: names the objects in place of it, or beside it.

use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::{Item, List, Statement};
use leastwise_policy::{Arn, ArnShape, Studied, Tri};
use leastwise_syntax::View;
use leastwise_syntax::write::{Edit, Place, Value};

use super::buckets::template;
use crate::{Context, Fix};

/// How a statement can evidently be mended whose actions on objects were given buckets.
pub(super) struct Mend {
    edits: Vec<Edit>,
    /// The objects, as they are shown.
    objects: Vec<String>,
    /// Whether they are named in place of their buckets.
    instead: bool,
    /// The statement's actions that gain by it.
    actions: Vec<Action>,
}

/// Nothing where no resource is a bucket, or one of them can't be written with `/*` behind it.
pub(super) fn mend(
    context: &Context<'_>,
    statement: &Statement,
    resources: &List,
    patterns: &[Arc<Studied>],
) -> Option<Arc<Mend>> {
    let buckets: Vec<&Item> = resources
        .items
        .iter()
        .filter(|item| is_bucket(context, item))
        .collect();
    if buckets.is_empty() {
        return None;
    }
    let items = statement.actions().iter();
    let actions: Vec<Action> = items
        .flat_map(|item| context.expand(item))
        .copied()
        .collect();
    let known = statement
        .actions()
        .iter()
        .all(|item| item.action.is_some() && !context.expand(item).is_empty());
    let needed = |action: &Action| patterns.iter().any(|of| of.fits(*action) != Tri::No);
    let instead = known && buckets.len() == resources.items.len() && !actions.iter().any(needed);
    let mut named: Vec<Action> = actions.iter().copied().filter(|of| !needed(of)).collect();
    named.retain(|action| are_taken_by(std::slice::from_ref(action)));
    named.sort_unstable();
    named.dedup();
    let mut edits = Vec::new();
    let mut objects = Vec::new();
    for bucket in buckets {
        let value = below(context, bucket)?;
        edits.push(match instead {
            true => Edit::Replace {
                node: bucket.node,
                value,
            },
            false => Edit::InsertItem {
                list: bucket.list,
                place: Place::After(bucket.node),
                value,
            },
        });
        let shown = context.patterns(bucket).into_iter();
        objects.extend(shown.map(|pattern| format!("{}/*", pattern.display())));
    }
    Some(Arc::new(Mend {
        edits,
        objects,
        instead,
        actions: named,
    }))
}

impl Mend {
    pub(super) fn title(&self) -> &'static str {
        match self.instead {
            true => "Name the bucket's objects",
            false => "Name the objects beside their bucket",
        }
    }

    /// The fix for one entry of `Action`.
    pub(super) fn fix(&self) -> Fix {
        let on = self.objects.join(", ");
        Fix::new(self.edits.clone()).adds(
            self.actions
                .iter()
                .map(|action| format!("{} on {on}", action.full_name())),
        )
    }
}

/// Whether objects are what one of these actions works on.
pub(super) fn are_taken_by(actions: &[Action]) -> bool {
    let types = |action: &Action| action.resources().map(|of| of.resource_type());
    let is_object = |of: ResourceType| {
        of.service().prefix() == "s3" && of.name().eq_ignore_ascii_case("object")
    };
    actions.iter().any(|action| types(action).any(is_object))
}

/// Whether a resource is one bucket, whose name has no wildcard at its end, which would take in objects.
fn is_bucket(context: &Context<'_>, item: &Item) -> bool {
    let patterns = context.patterns(item);
    !patterns.is_empty()
        && patterns.iter().all(|pattern| match Arn::parse(pattern) {
            ArnShape::Arn(arn) => {
                let name = arn.resource.raw();
                arn.service.raw() == "s3"
                    && arn.region.is_empty()
                    && arn.account.is_empty()
                    && !name.is_empty()
                    && !name.contains('/')
                    && !pattern.has_wildcards()
            }
            _ => false,
        })
}

/// A resource with `/*` behind it, in its own style.
pub(crate) fn below(context: &Context<'_>, item: &Item) -> Option<Value> {
    let tree = context.tree;
    match tree.view(item.node) {
        View::Scalar(text) => Some(Value::Str(format!("{text}/*"))),
        View::Tagged(tag, argument) => {
            let argument = tree.resolved(argument);
            match (tag.name.as_str(), tree.view(argument)) {
                ("hcl:template" | "hcl:ref", _) => {
                    Some(Value::Sub(format!("{}/*", template(context, item)?)))
                }
                ("Fn::Sub", View::Scalar(text)) => Some(Value::Sub(format!("{text}/*"))),
                // In a string that is one of `Fn::Sub`, which has the values for all texts in it.
                ("Fn::Sub", View::Sequence(&[text, _]))
                    if tree.substituted(item.node) == Some(true) =>
                {
                    Some(Value::Sub(format!("{}/*", tree.text(text)?)))
                }
                ("Fn::GetAtt", View::Scalar(text)) => Some(Value::Sub(format!("${{{text}}}/*"))),
                ("Fn::GetAtt", View::Sequence(&[of, attribute])) => {
                    let (of, attribute) = (tree.text(of)?, tree.text(attribute)?);
                    Some(Value::Sub(format!("${{{of}.{attribute}}}/*")))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
