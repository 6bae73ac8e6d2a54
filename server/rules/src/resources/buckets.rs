//! Mends actions on buckets that were given objects: names the bucket in place of them, or beside them for
//! those that need it.

use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::text::Part;
use leastwise_model::{Item, List, Statement};
use leastwise_policy::{Arn, ArnShape, Pattern, Studied};
use leastwise_syntax::View;
use leastwise_syntax::write::{Edit, InsertAt, NewValue};

use super::added_arns::{Audience, Needed, Written};
use super::fitting::surely_unfit;
use crate::{Context, Fix, Rule, Safety};

/// How a statement can evidently be mended whose actions on buckets were given objects.
pub(super) enum BucketFix {
    /// The buckets are named in place of their objects, by these edits.
    Instead {
        edits: Vec<Edit>,
        /// The buckets, as they are shown.
        buckets: Vec<String>,
        /// All actions of the statement.
        actions: Vec<Action>,
        audience: Audience,
    },
    Beside(Needed),
}

/// Nothing where no resource is the objects of a bucket, or one of them can't be written as its bucket.
pub(super) fn plan_fix(
    context: &Context<'_>,
    statement: &Statement,
    resources: &List,
    patterns: &[Arc<Studied>],
) -> Option<Arc<BucketFix>> {
    let objects = objects(context, resources);
    if objects.is_empty() {
        return None;
    }
    let bucket = |pattern: &Pattern| {
        let raw = pattern.raw();
        Pattern::from_raw(raw.strip_suffix("/*").unwrap_or(raw).to_owned())
    };
    let all = objects.iter().flat_map(|item| context.patterns(item));
    let added: Vec<(Pattern, Pattern)> = all.map(|own| (own.clone(), bucket(own))).collect();
    if !only_buckets(context, statement) {
        let mut written = Written {
            added,
            ..Written::default()
        };
        for object in objects {
            let (edit, value) = beside(context, object)?;
            written.edits.push(edit);
            written.values.push(value);
        }
        let needed = Needed::of(context, statement, patterns, written, are_taken_by);
        return Some(Arc::new(BucketFix::Beside(needed)));
    }
    let edits = objects.into_iter();
    let edits: Option<Vec<Edit>> = edits.map(|item| without_objects(context, item)).collect();
    let items = statement.actions().iter();
    let actions = items.flat_map(|item| context.expand(item)).copied();
    Some(Arc::new(BucketFix::Instead {
        edits: edits?,
        buckets: added.iter().map(|(_, bucket)| bucket.display()).collect(),
        actions: actions.collect(),
        audience: Audience::of(context, statement),
    }))
}

impl BucketFix {
    /// What the fix is called for one entry, and for several.
    pub(super) fn titles(&self) -> (&'static str, &'static str) {
        const INSTEAD: &str = "Change to the bucket itself";
        const BESIDE: &str = "Add the bucket next to its objects";
        match self {
            BucketFix::Instead { .. } => (INSTEAD, INSTEAD),
            BucketFix::Beside(needed) if needed.is_apart() => (
                "Move it to a separate statement with the bucket",
                "Move them to a separate statement with the bucket",
            ),
            BucketFix::Beside(_) => (BESIDE, BESIDE),
        }
    }

    pub(super) fn safety(&self) -> Safety {
        match self {
            BucketFix::Instead { audience, .. } => audience.safety(),
            BucketFix::Beside(needed) => needed.safety(),
        }
    }

    /// The fix for all entries of `Action` that need a bucket.
    pub(super) fn fix(&self, context: &Context<'_>, rule: &'static Rule) -> Option<Fix> {
        match self {
            BucketFix::Beside(needed) => needed.fix(context, rule, "Bucket"),
            BucketFix::Instead {
                edits,
                buckets,
                actions,
                audience,
            } => {
                let on = buckets.join(", ");
                let names = actions.iter();
                let names = names.filter(|action| are_taken_by(std::slice::from_ref(action)));
                let adds = names.map(|action| audience.gains(action, &on));
                Some(Fix::new(edits.clone()).adds(adds))
            }
        }
    }
}

/// Whether buckets are what one of these actions works on.
pub(super) fn are_taken_by(actions: &[Action]) -> bool {
    let types = |action: &Action| action.resources().map(|of| of.resource_type());
    actions
        .iter()
        .any(|action| types(action).any(|of| is_bucket(&of)))
}

fn is_bucket(of: &ResourceType) -> bool {
    of.service().prefix() == "s3" && of.name() == "bucket"
}

/// The resources that end in `/*` and are all objects of a bucket.
fn objects<'s>(context: &Context<'_>, resources: &'s List) -> Vec<&'s Item> {
    let is_objects = |item: &Item| {
        let patterns = context.patterns(item);
        !patterns.is_empty()
            && patterns.iter().all(|pattern| match Arn::parse(pattern) {
                ArnShape::Arn(arn) => {
                    arn.service.raw() == "s3"
                        && arn.region.is_empty()
                        && arn
                            .resource
                            .raw()
                            .strip_suffix("/*")
                            .is_some_and(|name| !name.is_empty() && !name.contains('/'))
                }
                _ => false,
            })
    };
    resources
        .items
        .iter()
        .filter(|item| is_objects(item))
        .collect()
}

/// Whether no action of the statement works on anything that the statement names.
fn only_buckets(context: &Context<'_>, statement: &Statement) -> bool {
    let patterns: Vec<Arc<Studied>> = statement
        .resources()
        .iter()
        .flat_map(|item| context.patterns(item))
        .map(|pattern| context.study(pattern))
        .collect();
    statement.actions().iter().all(|item| match &item.action {
        Some(_) => surely_unfit(context.expand(item), &patterns),
        None => false,
    })
}

/// Takes `/*` off the end of a resource's text.
fn without_objects(context: &Context<'_>, item: &Item) -> Option<Edit> {
    let tree = context.tree;
    let (_, value) = context.sure(item).next()?;
    let last = value.pieces.last()?;
    let (node, at) = last.literal?;
    let text = tree.text(node)?;
    let end = at + value.pattern.slice(last.raw.clone()).display().len();
    if text.get(at..end)?.strip_suffix("/*").is_none() || end != text.len() {
        return None;
    }
    if let View::Tagged(tag, argument) = tree.view(item.node)
        && tag.name == "Fn::Sub"
        && tree.resolved(argument) == node
        && let Some(value) = reference(context, item, text.strip_suffix("/*")?)
    {
        let node = item.node;
        return Some(Edit::Replace { node, value });
    }
    if text != "/*" {
        return Some(Edit::SetPart {
            node,
            part: end - 2..end,
            text: String::new(),
        });
    }
    // `Fn::Join` of a bucket's ARN and `/*`: the ARN alone remains.
    let View::Tagged(tag, arguments) = tree.view(item.node) else {
        return None;
    };
    let (true, &[delimiter, list]) = (
        tag.name == "Fn::Join",
        tree.items(tree.resolved(arguments))?,
    ) else {
        return None;
    };
    match (tree.text(delimiter)?, tree.items(tree.resolved(list))?) {
        ("", &[bucket, _]) => Some(Edit::Replace {
            node: item.node,
            value: NewValue::Copy(bucket),
        }),
        _ => None,
    }
}

/// What a text of `Fn::Sub` is written as that is one reference and nothing else. `None` in a string, which has no other way.
fn reference(context: &Context<'_>, item: &Item, text: &str) -> Option<NewValue> {
    if context.tree.substituted(item.node).is_some() {
        return None;
    }
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    if name.contains(['$', '{', '}', '!']) {
        return None;
    }
    Some(match name.split_once('.') {
        Some((of, attribute)) => NewValue::Attribute {
            of: of.to_owned(),
            attribute: attribute.to_owned(),
        },
        None => NewValue::Ref(name.to_owned()),
    })
}

/// Puts the bucket next to its objects; how it is written.
fn beside(context: &Context<'_>, item: &Item) -> Option<(Edit, NewValue)> {
    let tree = context.tree;
    let value = match tree.view(item.node) {
        View::Scalar(text) => NewValue::Str(text.strip_suffix("/*")?.to_owned()),
        View::Tagged(tag, argument) => {
            let argument = tree.resolved(argument);
            match (tag.name.as_str(), tree.view(argument)) {
                ("hcl:template", _) => {
                    NewValue::Sub(template(context, item)?.strip_suffix("/*")?.to_owned())
                }
                ("Fn::Sub", View::Scalar(text)) => {
                    let bucket = text.strip_suffix("/*")?;
                    reference(context, item, bucket)
                        .unwrap_or_else(|| NewValue::Sub(bucket.to_owned()))
                }
                // In a string that is one of `Fn::Sub`, which has the values for all texts in it.
                ("Fn::Sub", View::Sequence(&[text, _]))
                    if tree.substituted(item.node) == Some(true) =>
                {
                    NewValue::Sub(tree.text(text)?.strip_suffix("/*")?.to_owned())
                }
                ("Fn::Join", View::Sequence(&[delimiter, list])) => {
                    match (tree.text(delimiter)?, tree.items(tree.resolved(list))?) {
                        ("", &[bucket, objects]) if tree.text(objects) == Some("/*") => {
                            NewValue::Copy(bucket)
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let edit = Edit::InsertItem {
        list: item.list,
        place: InsertAt::After(item.node),
        value: value.clone(),
    };
    Some((edit, value))
}

/// The text of a template of HCL, with its references as they are written.
pub(super) fn template(context: &Context<'_>, item: &Item) -> Option<String> {
    let mut text = String::new();
    for part in &item.text.parts {
        match part {
            Part::Literal { node, start, end } => {
                let own = context.tree.text(*node)?;
                let own = own.get(*start as usize..*end as usize)?;
                if own.contains("${") {
                    return None;
                }
                text.push_str(own);
            }
            Part::Variable { name, .. } => text.push_str(&format!("${{{name}}}")),
            _ => return None,
        }
    }
    Some(text)
}
