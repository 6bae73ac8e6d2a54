//! Mends actions on objects that were given their bucket: names the objects in place of it, or beside it. A bucket beside the
//! objects of others is named by its objects, too: to take it out would only silence what was found. The same for the streams of a
//! log group.

use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::{Item, List, Statement};
use leastwise_policy::{Arn, ArnShape, Pattern, Studied, Tri};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, View};

use super::added_arns::{Audience, Needed, Written};
use super::buckets::template;
use crate::{Context, Fix, Rule, Safety};

/// What is in a resource, where actions work on that and not on the resource itself.
struct Content {
    service: &'static str,
    /// Its type.
    kind: &'static str,
    /// What the names of the resources that it is in begin with, and what none of them has.
    holder: (&'static str, char),
    /// What stands behind the ARN of such a resource for all that is in it.
    behind: &'static str,
    /// What a statement is there for that has only this.
    ending: &'static str,
    titles: Titles,
}

/// What the fixes are called.
struct Titles {
    /// That names it in place of what it is in.
    instead: &'static str,
    /// That names it beside that.
    beside: &'static str,
    /// That names it in another statement, for one action and for several.
    apart: (&'static str, &'static str),
}

const OBJECTS: Content = Content {
    service: "s3",
    kind: "object",
    holder: ("", '/'),
    behind: "/*",
    ending: "Objects",
    titles: Titles {
        instead: "Change to the bucket's objects (/*)",
        beside: "Add the objects next to their bucket",
        apart: (
            "Move it to a separate statement with the objects",
            "Move them to a separate statement with the objects",
        ),
    },
};

const CONTENTS: [&Content; 3] = [
    &OBJECTS,
    &Content {
        service: "s3",
        kind: "accesspointobject",
        holder: ("accesspoint/", '/'),
        behind: "/object/*",
        ending: "Objects",
        titles: Titles {
            instead: "Name the access point's objects",
            beside: "Add the objects next to their access point",
            ..OBJECTS.titles
        },
    },
    &Content {
        service: "logs",
        kind: "log-stream",
        holder: ("log-group:", ':'),
        behind: ":*",
        ending: "Streams",
        titles: Titles {
            instead: "Name the log group's streams",
            beside: "Add the streams next to their log group",
            apart: (
                "Move it to a separate statement with the streams",
                "Move them to a separate statement with the streams",
            ),
        },
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

    /// Those of the actions that work on it, each once.
    fn taking(&self, mut actions: Vec<Action>) -> Vec<Action> {
        actions.retain(|action| self.is_taken_by(std::slice::from_ref(action)));
        actions.sort_unstable();
        actions.dedup();
        actions
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
                    let is_placed = !arn.region.is_empty() && !arn.account.is_empty();
                    let is_placeless = arn.region.is_empty() && arn.account.is_empty();
                    // A bucket's has neither region nor account.
                    arn.service.raw() == self.service
                        && if begins.is_empty() {
                            is_placeless
                        } else {
                            is_placed
                        }
                        && name.is_some_and(is_named)
                        && !pattern.has_wildcards()
                }
                _ => false,
            })
    }
}

/// How a statement can evidently be mended whose actions on objects were given buckets.
pub(super) struct ObjectFix {
    content: &'static Content,
    how: How,
}

enum How {
    /// The objects are named in place of their buckets, by these edits.
    Instead {
        edits: Vec<Edit>,
        /// The objects, as they are shown.
        objects: Vec<String>,
        /// The statement's actions that gain by it.
        actions: Vec<Action>,
        audience: Audience,
    },
    Beside(Needed),
}

/// Nothing where no resource is a bucket, or one of them can't be written with `/*` behind it.
pub(super) fn plan_fix(
    context: &Context<'_>,
    statement: &Statement,
    resources: &List,
    patterns: &[Arc<Studied>],
) -> Option<Arc<ObjectFix>> {
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
    let mut written = Written::default();
    for bucket in buckets {
        let value = with(context, bucket, content.behind)?;
        let node = whole(context, bucket);
        written.edits.push(match instead {
            true => Edit::Replace {
                node,
                value: value.clone(),
            },
            false => Edit::InsertItem {
                list: list_of(context, bucket, node),
                place: InsertAt::After(node),
                value: value.clone(),
            },
        });
        written.values.push(value);
        let patterns = context.patterns(bucket).into_iter();
        let below = |own: &Pattern| (own.clone(), behind(own, content.behind));
        written.added.extend(patterns.map(below));
    }
    let how = match instead {
        true => How::Instead {
            edits: written.edits,
            objects: written.added.iter().map(|(_, all)| all.display()).collect(),
            actions: content.taking(actions),
            audience: Audience::of(context, statement),
        },
        false => {
            let taken = |actions: &[Action]| content.is_taken_by(actions);
            How::Beside(Needed::of(context, statement, patterns, written, taken))
        }
    };
    Some(Arc::new(ObjectFix { content, how }))
}

/// The list that something is put into beside a bucket which is written as this node.
fn list_of(context: &Context<'_>, bucket: &Item, node: NodeId) -> NodeId {
    if node == bucket.node {
        return bucket.list;
    }
    // One that stands for the list is it.
    let list = context.tree.parent(node);
    let list = list.filter(|list| context.tree.items(*list).is_some());
    list.unwrap_or(node)
}

impl ObjectFix {
    /// What the fix is called for one entry, and for several.
    pub(super) fn titles(&self) -> (&'static str, &'static str) {
        let titles = &self.content.titles;
        match &self.how {
            How::Instead { .. } => (titles.instead, titles.instead),
            How::Beside(needed) if needed.is_apart() => titles.apart,
            How::Beside(_) => (titles.beside, titles.beside),
        }
    }

    pub(super) fn safety(&self) -> Safety {
        match &self.how {
            How::Instead { audience, .. } => audience.safety(),
            How::Beside(needed) => needed.safety(),
        }
    }

    /// Whether it names what these actions work on.
    pub(super) fn is_for(&self, actions: &[Action]) -> bool {
        self.content.is_taken_by(actions)
    }

    /// The fix for all entries of `Action` that need the objects.
    pub(super) fn fix(&self, context: &Context<'_>, rule: &'static Rule) -> Option<Fix> {
        match &self.how {
            How::Beside(needed) => needed.fix(context, rule, self.content.ending),
            How::Instead {
                edits,
                objects,
                actions,
                audience,
            } => {
                let on = objects.join(", ");
                let adds = actions.iter();
                let adds = adds.map(|action| audience.gains(action, &on));
                Some(Fix::new(edits.clone()).adds(adds))
            }
        }
    }
}

/// A bucket that no action of its statement works on, while some work on objects that it doesn't name.
pub(super) struct Unused {
    /// Names them in place of it. `None` where that can't be written.
    pub fix: Option<Fix>,
    /// How plain that is. Manual where some of its objects are named beside it: to take it out is another choice then.
    pub safety: Safety,
    /// Whether some of its objects are named beside it.
    pub is_named_beside: bool,
}

/// What to do about a resource that none of these actions works on. `None` where it is no bucket, where no action is for
/// objects, and where all of its objects are named beside it.
pub(super) fn unused(
    context: &Context<'_>,
    statement: &Statement,
    resources: &List,
    bucket: &Item,
) -> Option<Unused> {
    let actions = statement.action.known();
    let named = actions
        .iter()
        .flat_map(|list| &list.items)
        .flat_map(|item| context.expand(item));
    let named = OBJECTS.taking(named.copied().collect());
    if named.is_empty() || !OBJECTS.is_in(context, bucket) {
        return None;
    }
    let patterns = context.patterns(bucket).into_iter();
    let objects: Vec<Pattern> = patterns.map(all_of).collect();
    let items = resources.items.iter();
    let others: Vec<&Pattern> = items.flat_map(|item| context.patterns(item)).collect();
    let is_named = |own: &Pattern| others.iter().any(|other| other.covers(own));
    if objects.iter().all(is_named) {
        return None;
    }
    let is_part = |other: &&Pattern| objects.iter().any(|own| own.covers(other));
    let audience = Audience::of(context, statement);
    let fix = below(context, bucket).map(|value| {
        let shown: Vec<String> = objects.iter().map(Pattern::display).collect();
        let on = shown.join(", ");
        Fix::new(vec![Edit::Replace {
            node: whole(context, bucket),
            value,
        }])
        .adds(named.iter().map(|action| audience.gains(action, &on)))
    });
    Some(Unused {
        fix,
        safety: match others.iter().any(is_part) {
            true => Safety::Manual,
            false => audience.safety(),
        },
        is_named_beside: others.iter().any(is_part),
    })
}

/// All objects of a bucket.
fn all_of(bucket: &Pattern) -> Pattern {
    behind(bucket, OBJECTS.behind)
}

/// A resource with something behind it, whose `*` is any text.
fn behind(resource: &Pattern, text: &str) -> Pattern {
    let mut all = Pattern::builder();
    all.push_pattern(resource).push_literal(text);
    all.build()
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
pub(crate) fn below(context: &Context<'_>, item: &Item) -> Option<NewValue> {
    with(context, item, OBJECTS.behind)
}

/// A resource with something behind it, in its own style.
fn with(context: &Context<'_>, item: &Item, behind: &str) -> Option<NewValue> {
    rewritten(context, item, |text| Some(format!("{text}{behind}")))
}

/// A resource in its own style, with another text: what is given the text has its variables as `${…}`.
pub(crate) fn rewritten(
    context: &Context<'_>,
    item: &Item,
    to: impl FnOnce(&str) -> Option<String>,
) -> Option<NewValue> {
    let tree = context.tree;
    match tree.view(item.node) {
        View::Scalar(text) => to(text).map(NewValue::Str),
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
            to(&text).map(NewValue::Sub)
        }
        _ => None,
    }
}
