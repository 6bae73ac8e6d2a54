//! What a reference gives that is the name or id of a resource and not its ARN, alone or with a path behind it, and how its
//! ARN is written: by the attribute that the type has, else spelled out.

mod insertion;
mod list_siblings;
#[cfg(test)]
mod tests;

use leastwise_dialects::facts::ArnSpelling;
use leastwise_model::Item;
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, View};
pub(super) use list_siblings::ListSiblings;

use crate::Context;

use insertion::Spot;

/// What an item refers to, or what stands at its beginning.
pub(super) struct ReferredItem {
    /// Whether it is a role or user, which may call AWS.
    pub is_caller: bool,
    /// `name`, `id` or `URL`, where that is surely what stands here.
    pub gives: Option<&'static str>,
    /// Its ARN.
    pub arn: ReferredArn,
    /// The form of its ARN, where that is known.
    pub form: Option<&'static str>,
}

/// The ARN of what an item refers to, or begins with.
#[derive(Clone)]
pub(super) struct ReferredArn {
    /// What is referred to is called this in the file.
    pub of: String,
    /// The reference as its dialect takes it.
    name: String,
    /// How it is written, where it can be.
    written: Option<ArnSpelling>,
    spot: Option<Spot>,
    /// What stands behind it.
    path: Vec<Part>,
}

impl ReferredArn {
    /// Whether something stands behind it.
    pub(super) fn has_path(&self) -> bool {
        !self.path.is_empty()
    }

    /// Naming it.
    pub(super) fn own(&self) -> Option<ArnFix> {
        self.fix(self.written.clone()?, false)
    }

    /// Naming what belongs to it: a bucket's objects, an API's calls.
    pub(super) fn inside(&self, context: &Context<'_>) -> Vec<ArnFix> {
        if self.has_path() {
            return Vec::new();
        }
        let values = |text: &Text| context.analysis.values(context.tree, text);
        let state = context.analysis.state();
        let all = state.inside(context.tree, &self.name, &values).into_iter();
        all.filter_map(|one| self.fix(one.written, one.open))
            .collect()
    }

    fn fix(&self, written: ArnSpelling, open: bool) -> Option<ArnFix> {
        Some(ArnFix {
            written,
            open,
            spot: self.spot.clone()?,
            path: self.path.clone(),
        })
    }
}

/// An ARN that a reference is to become.
#[derive(Clone)]
pub(super) struct ArnFix {
    pub written: ArnSpelling,
    /// Whether it names more than is surely meant.
    pub open: bool,
    spot: Spot,
    /// What stands behind it.
    path: Vec<Part>,
}

impl ArnFix {
    pub(super) fn edit(&self, context: &Context<'_>) -> Edit {
        self.spot.edit(context, &self.written)
    }

    /// The edits that write this one and another beside it, in this list or in a new one.
    pub(super) fn edits_with(
        &self,
        context: &Context<'_>,
        more: &ArnFix,
        list: NodeId,
    ) -> Option<Vec<Edit>> {
        let Spot::Node(node) = self.spot else {
            return None;
        };
        let (own, more) = (
            insertion::value(&self.written, context, node),
            insertion::value(&more.written, context, node),
        );
        Some(match node == list {
            true => vec![Edit::Replace {
                node,
                value: NewValue::List(vec![own, more]),
            }],
            false => vec![
                Edit::Replace { node, value: own },
                Edit::InsertItem {
                    list,
                    place: InsertAt::After(node),
                    value: more,
                },
            ],
        })
    }

    /// What the item then stands for.
    pub(super) fn arns(&self, context: &Context<'_>, item: &Item) -> Vec<Pattern> {
        let mut parts = insertion::parts(&self.written, context, item.text.span);
        parts.extend(self.path.iter().cloned());
        values(
            context,
            &Text {
                parts,
                ..item.text.clone()
            },
        )
    }
}

/// What an item refers to, or begins with.
pub(super) fn referred(context: &Context<'_>, item: &Item) -> Option<ReferredItem> {
    let (first, path) = item.text.parts.split_first()?;
    let (name, node) = match first {
        Part::Variable { name, .. } => (name.clone(), None),
        Part::Computed { node, .. } => (reference(context, *node, path)?, Some(*node)),
        _ => return None,
    };
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let referred = state.referred(context.tree, &name, !path.is_empty(), &values)?;
    let spot = match node {
        Some(node) => Some(Spot::Node(node)),
        None => Spot::of(context, item, first, path),
    };
    Some(ReferredItem {
        arn: ReferredArn {
            of: referred.name,
            name,
            written: referred.arn,
            spot,
            path: path.to_vec(),
        },
        form: referred.form,
        is_caller: referred.is_caller,
        gives: referred.gives,
    })
}

/// What a value of `Fn::Sub`'s map refers to that stands for nothing else in the text.
fn reference(context: &Context<'_>, node: NodeId, path: &[Part]) -> Option<String> {
    let elsewhere =
        |part: &Part| matches!(part, Part::Computed { node: other, .. } if *other == node);
    match context.tree.view(node) {
        View::Tagged(tag, target) if tag.name == "Ref" && !path.iter().any(elsewhere) => {
            context.tree.text(target).map(str::to_owned)
        }
        _ => None,
    }
}

/// Whether an item is surely the name, the id or the URL of something, or begins with it: no action works there.
pub(crate) fn is_name(context: &Context<'_>, item: &Item) -> bool {
    referred(context, item).is_some_and(|of| of.gives.is_some()) || by_id(context, item).is_some()
}

/// An attribute that a type surely doesn't have, where its ARN is meant.
pub(super) struct MisnamedItem {
    pub type_name: String,
    pub attribute: String,
    /// The ARN that is meant.
    pub arn: ReferredArn,
    /// The form of it, where that is known.
    pub form: Option<&'static str>,
}

/// Of an attribute that a type surely doesn't have, where its ARN is meant.
pub(super) fn misnamed(context: &Context<'_>, item: &Item) -> Option<MisnamedItem> {
    let (resource, attribute) = attribute(item)?;
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let misnamed = state.misnamed(context.tree, resource, attribute, &values)?;
    Some(MisnamedItem {
        type_name: misnamed.type_name,
        attribute: attribute.to_owned(),
        arn: of_attribute(context, item, resource, misnamed.arn)?,
        form: misnamed.form,
    })
}

/// Of an attribute that surely is the name, the id or the URL of a template's resource: which of these, and its ARN.
pub(super) fn by_id(context: &Context<'_>, item: &Item) -> Option<(&'static str, ReferredArn)> {
    let (resource, attribute) = attribute(item)?;
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let (gives, written) = state.by_id(context.tree, resource, attribute, &values)?;
    Some((gives, of_attribute(context, item, resource, written)?))
}

/// The resource and the attribute that an item is, or begins with.
fn attribute(item: &Item) -> Option<(&str, &str)> {
    match item.text.parts.first()? {
        Part::Attribute {
            resource,
            attribute,
            ..
        } => Some((resource, attribute)),
        _ => None,
    }
}

/// The ARN of a resource that an item refers to an attribute of.
fn of_attribute(
    context: &Context<'_>,
    item: &Item,
    resource: &str,
    written: Option<ArnSpelling>,
) -> Option<ReferredArn> {
    let (first, path) = item.text.parts.split_first()?;
    Some(ReferredArn {
        of: resource.to_owned(),
        name: resource.to_owned(),
        written,
        spot: Spot::of(context, item, first, path),
        path: path.to_vec(),
    })
}

/// What a text stands for in any environment.
fn values(context: &Context<'_>, text: &Text) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = Vec::new();
    for environment in &context.analysis.environments {
        let analysis = context.analysis;
        for value in analysis.resolve(context.tree, text, environment, true) {
            if !found.contains(&value.pattern) {
                found.push(value.pattern);
            }
        }
    }
    found
}
