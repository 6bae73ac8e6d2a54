//! Mends actions on objects that were given their bucket: names the objects in place of it, or beside it. A bucket beside the
//! objects of others is named by its objects, too: to take it out would only silence what was found. The same for the streams of a
//! log group.

use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::{Item, List, Statement};
use leastwise_policy::{Arn, ArnShape, Pattern, Studied, Tri};
use leastwise_syntax::write::{Edit, Place, Value};
use leastwise_syntax::{NodeId, View};

use super::buckets::template;
use crate::{Context, Fix, Safety};

/// What is in a resource, where actions work on that and not on the resource itself.
struct Content {
    service: &'static str,
    /// Its type.
    kind: &'static str,
    /// What the names of the resources that it is in begin with, and what none of them has.
    holder: (&'static str, char),
    /// What stands behind the ARN of such a resource for all that is in it.
    behind: &'static str,
    /// What the fix is called that names it in place of what it is in, and the one that names it beside that.
    titles: (&'static str, &'static str),
}

const OBJECTS: Content = Content {
    service: "s3",
    kind: "object",
    holder: ("", '/'),
    behind: "/*",
    titles: (
        "Name the bucket's objects",
        "Name the objects beside their bucket",
    ),
};

const CONTENTS: [&Content; 2] = [
    &OBJECTS,
    &Content {
        service: "logs",
        kind: "log-stream",
        holder: ("log-group:", ':'),
        behind: ":*",
        titles: (
            "Name the log group's streams",
            "Name the streams beside their log group",
        ),
    },
];

impl Content {
    /// Whether it is what one of these actions works on.
    fn is_taken_by(&self, actions: &[Action]) -> bool {
        let types = |action: &Action| action.resources().map(|of| of.resource_type());
        let is_it = |of: ResourceType| {
            of.service().prefix() == self.service && of.name().eq_ignore_ascii_case(self.kind)
        };
        actions.iter().any(|action| types(action).any(is_it))
    }

    /// Whether it is in a resource: one, whose name has no wildcard at its end, which would take it in.
    fn is_in(&self, context: &Context<'_>, item: &Item) -> bool {
        let (begins, never) = self.holder;
        let patterns = context.patterns(item);
        !patterns.is_empty()
            && patterns.iter().all(|pattern| match Arn::parse(pattern) {
                ArnShape::Arn(arn) => {
                    let name = arn.resource.raw().strip_prefix(begins);
                    let is_named = |name: &str| !name.is_empty() && !name.contains(never);
                    arn.service.raw() == self.service
                        && (self.service != "s3" || arn.region.is_empty() && arn.account.is_empty())
                        && name.is_some_and(is_named)
                        && !pattern.has_wildcards()
                }
                _ => false,
            })
    }
}

/// How a statement can evidently be mended whose actions on objects were given buckets.
pub(super) struct Mend {
    content: &'static Content,
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
    let items = statement.actions().iter();
    let actions: Vec<Action> = items
        .flat_map(|item| context.expand(item))
        .copied()
        .collect();
    let holders = |content: &Content| -> Vec<&Item> {
        let items = resources.items.iter();
        items.filter(|item| content.is_in(context, item)).collect()
    };
    let mut taken = CONTENTS.iter().filter(|of| of.is_taken_by(&actions));
    let (content, buckets) = taken.find_map(|content| {
        let buckets = holders(content);
        (!buckets.is_empty()).then_some((*content, buckets))
    })?;
    let known = statement
        .actions()
        .iter()
        .all(|item| item.action.is_some() && !context.expand(item).is_empty());
    let needed = |action: &Action| patterns.iter().any(|of| of.fits(*action) != Tri::No);
    let instead = known && buckets.len() == resources.items.len() && !actions.iter().any(needed);
    let mut named: Vec<Action> = actions.iter().copied().filter(|of| !needed(of)).collect();
    named.retain(|action| content.is_taken_by(std::slice::from_ref(action)));
    named.sort_unstable();
    named.dedup();
    let mut edits = Vec::new();
    let mut objects = Vec::new();
    for bucket in buckets {
        let value = with(context, bucket, content.behind)?;
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
        objects.extend(shown.map(|pattern| format!("{}{}", pattern.display(), content.behind)));
    }
    Some(Arc::new(Mend {
        content,
        edits,
        objects,
        instead,
        actions: named,
    }))
}

impl Mend {
    pub(super) fn title(&self) -> &'static str {
        match self.instead {
            true => self.content.titles.0,
            false => self.content.titles.1,
        }
    }

    /// Whether it names what these actions work on.
    pub(super) fn is_for(&self, actions: &[Action]) -> bool {
        self.content.is_taken_by(actions)
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
    named.retain(|action| OBJECTS.is_taken_by(std::slice::from_ref(action)));
    if named.is_empty() || !OBJECTS.is_in(context, bucket) {
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

/// Whether what is in something is what one of these actions works on.
pub(super) fn are_taken_by(actions: &[Action]) -> bool {
    CONTENTS.iter().any(|of| of.is_taken_by(actions))
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
    with(context, item, OBJECTS.behind)
}

/// A resource with something behind it, in its own style.
fn with(context: &Context<'_>, item: &Item, behind: &str) -> Option<Value> {
    rewritten(context, item, |text| Some(format!("{text}{behind}")))
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
