//! A resource that none of its statement's actions works on.

use std::sync::Arc;

use leastwise_model::{Item, Level, List, Statement};
use leastwise_policy::{Arn, ArnShape, Studied, Tri};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::statement_resources::{is_invalid, type_of};
use super::wording::plural;
use super::{FULLY_LISTED, RULE};
use crate::resources::objects;
use crate::{CommonCause, Context, Fact, Finding, Fix, Safety};

/// A resource that no action works on, where every action works on another.
pub(super) struct Unused {
    at: Span,
    /// The bytes of the list.
    list: Span,
    arn: String,
    /// What it is: a type in the plural, or the ARN.
    of: String,
    /// The list and the item.
    item: (NodeId, NodeId),
    /// Where it is a bucket whose objects may be meant.
    objects: Option<objects::Unused>,
    owner: Option<String>,
}

impl Unused {
    /// Those of a statement.
    pub(super) fn all(
        context: &Context<'_>,
        owner: Option<&str>,
        statement: &Statement,
        resources: &List,
    ) -> Vec<Unused> {
        let items = resources.items.iter();
        let found = items.filter_map(|item| Unused::of(context, owner, statement, resources, item));
        found.collect()
    }

    fn of(
        context: &Context<'_>,
        owner: Option<&str>,
        statement: &Statement,
        resources: &List,
        item: &Item,
    ) -> Option<Unused> {
        let useless = |pattern: &Arc<Studied>| {
            let actions = statement.action.known().map_or(&[][..], |of| &of.items);
            let mut actions = actions.iter().flat_map(|item| context.expand(item));
            actions.all(|action| pattern.fits(*action) == Tri::No)
        };
        let (_, value) = context.sure(item).next()?;
        let patterns = context.patterns(item).into_iter();
        let patterns: Vec<Arc<Studied>> = patterns.map(|of| context.study(of)).collect();
        if !patterns.iter().all(useless) || patterns.iter().any(|of| is_invalid(of)) {
            return None;
        }
        let ArnShape::Arn(arn) = Arn::parse(&value.pattern) else {
            return None;
        };
        if !FULLY_LISTED.contains(&arn.service.raw()) {
            return None;
        }
        let at = value.span_of(context.tree, arn.resource.range());
        Some(Unused {
            at: at.unwrap_or_else(|| context.item_span(item)),
            list: context.span(resources.node),
            arn: value.pattern.to_string(),
            of: match type_of(&[context.study(&value.pattern)]) {
                Some(of) => plural(of),
                None => format!("`{}`", value.pattern),
            },
            item: (item.list, item.node),
            objects: objects::unused(context, statement, resources, item),
            owner: owner.map(str::to_owned),
        })
    }

    /// Adds what takes it out.
    fn removed(&self, finding: Finding, safety: Safety) -> Finding {
        let (list, item) = self.item;
        finding.fix("Remove the resource", safety, move |_| {
            Some(Fix::new(vec![Edit::RemoveItem { list, item }]))
        })
    }
}

impl Fact for Unused {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let of = &self.of;
        let (reason, help, help_of_several) = match self.objects {
            Some(_) => (
                "bucket for objects",
                "Add `/*` if its objects are intended, or add the action that it is there for.",
                "Add `/*` if their objects are intended, or add the action that they are there for.",
            ),
            None => (
                "unused",
                "Remove it, or add the action that it is there for.",
                "Remove them, or add the action that they are there for.",
            ),
        };
        let message = format!(
            "This resource has no effect: none of the statement's actions applies to {of}."
        );
        let finding = Finding::new(&RULE, self.at, message)
            .level(Level::Warning)
            .owner(self.owner.as_deref())
            .unnecessary()
            .help(help)
            .same(CommonCause {
                within: self.list,
                key: format!("{reason} {of}"),
                name: format!("`{}`", self.arn),
                several: format!(
                    "have no effect: none of the statement's actions applies to {of}."
                ),
                help: help_of_several.to_owned(),
                details: Vec::new(),
                intro: "",
            });
        let Some(objects::Unused {
            fix,
            safety,
            is_named_beside,
        }) = &self.objects
        else {
            return self.removed(finding, Safety::Unsafe);
        };
        let finding = match fix.clone() {
            Some(fix) => finding.fix("Change to the bucket's objects (/*)", *safety, move |_| {
                Some(fix.clone())
            }),
            None => finding,
        };
        // Where some of its objects are named, these may be all that was meant.
        match is_named_beside {
            true => self.removed(finding, *safety),
            false => finding,
        }
    }
}
