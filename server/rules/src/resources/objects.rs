//! Mends actions on objects that were given their bucket: names the objects in place of it, or beside it. A bucket beside the
//! objects of others is named by its objects, too: to take it out would only silence what was found.

use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::{Item, List, Statement};
use leastwise_policy::{Arn, ArnShape, Pattern, Studied, Tri};
use leastwise_syntax::write::{Edit, Place, Value};
use leastwise_syntax::{NodeId, View};

use super::buckets::template;
use crate::{Context, Fix, Safety};

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
        let node = whole(context, bucket);
        edits.push(match instead {
            true => Edit::Replace { node, value },
            false => Edit::InsertItem {
                list: match node == bucket.node {
                    true => bucket.list,
                    // One that stands for the list is it.
                    false => {
                        let list = context.tree.parent(node);
                        let list = list.filter(|list| context.tree.items(*list).is_some());
                        list.unwrap_or(node)
                    }
                },
                place: Place::After(node),
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

/// A bucket that no action of its statement works on, while some work on objects that it doesn't name.
pub(super) struct Unused {
    /// Names them in place of it. `None` where that can't be written.
    pub fix: Option<Fix>,
    /// How plain that is. Manual where some of its objects are named beside it: to take it out is another choice then.
    pub safety: Safety,
}

/// What to do about a resource that none of these actions works on. `None` where it is no bucket, where no action is for
/// objects, and where all of its objects are named beside it.
pub(super) fn unused(
    context: &Context<'_>,
    actions: &[Item],
    resources: &List,
    bucket: &Item,
) -> Option<Unused> {
    let mut named: Vec<Action> = actions
        .iter()
        .flat_map(|item| context.expand(item))
        .copied()
        .collect();
    named.retain(|action| are_taken_by(std::slice::from_ref(action)));
    if named.is_empty() || !is_bucket(context, bucket) {
        return None;
    }
    named.sort_unstable();
    named.dedup();
    let patterns = context.patterns(bucket).into_iter();
    let objects: Vec<Pattern> = patterns.map(all_of).collect();
    let items = resources.items.iter();
    let others: Vec<&Pattern> = items.flat_map(|item| context.patterns(item)).collect();
    let is_named = |own: &Pattern| others.iter().any(|other| other.covers(own));
    if objects.iter().all(is_named) {
        return None;
    }
    let is_part = |other: &&Pattern| objects.iter().any(|own| own.covers(other));
    let fix = below(context, bucket).map(|value| {
        let shown: Vec<String> = objects.iter().map(Pattern::display).collect();
        let on = shown.join(", ");
        Fix::new(vec![Edit::Replace {
            node: whole(context, bucket),
            value,
        }])
        .adds(
            named
                .iter()
                .map(|action| format!("{} on {on}", action.full_name())),
        )
    });
    Some(Unused {
        fix,
        safety: Safety::changes(!others.iter().any(is_part)),
    })
}

/// All objects of a bucket.
fn all_of(bucket: &Pattern) -> Pattern {
    let mut objects = Pattern::builder();
    objects.push_pattern(bucket).push_literal("/*");
    objects.build()
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

/// What a resource is written as: `"${aws_s3_bucket.b.arn}"` with its quotes.
fn whole(context: &Context<'_>, item: &Item) -> NodeId {
    let tree = context.tree;
    let outer = tree.parent(item.node).and_then(|parts| tree.parent(parts));
    let is_template = |outer: &NodeId| match tree.view(*outer) {
        View::Tagged(tag, parts) => {
            tag.name == "hcl:template" && tree.items(parts) == Some(&[item.node])
        }
        _ => false,
    };
    outer.filter(is_template).unwrap_or(item.node)
}

/// A resource with `/*` behind it, in its own style.
pub(crate) fn below(context: &Context<'_>, item: &Item) -> Option<Value> {
    rewritten(context, item, |text| Some(format!("{text}/*")))
}

/// A resource in its own style, with another text: what is given the text has its variables as `${…}`.
pub(crate) fn rewritten(
    context: &Context<'_>,
    item: &Item,
    to: impl FnOnce(&str) -> Option<String>,
) -> Option<Value> {
    let tree = context.tree;
    match tree.view(item.node) {
        View::Scalar(text) => to(text).map(Value::Str),
        View::Tagged(tag, argument) => {
            let argument = tree.resolved(argument);
            let text = match (tag.name.as_str(), tree.view(argument)) {
                ("hcl:template" | "hcl:ref", _) => template(context, item)?,
                ("Fn::Sub", View::Scalar(text)) => text.to_owned(),
                // In a string that is one of `Fn::Sub`, which has the values for all texts in it.
                ("Fn::Sub", View::Sequence(&[text, _]))
                    if tree.substituted(item.node) == Some(true) =>
                {
                    tree.text(text)?.to_owned()
                }
                ("Fn::GetAtt", View::Scalar(text)) => format!("${{{text}}}"),
                ("Fn::GetAtt", View::Sequence(&[of, attribute])) => {
                    let (of, attribute) = (tree.text(of)?, tree.text(attribute)?);
                    format!("${{{of}.{attribute}}}")
                }
                _ => return None,
            };
            to(&text).map(Value::Sub)
        }
        _ => None,
    }
}
