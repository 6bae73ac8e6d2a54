//! What a reference gives that is the name or id of a resource and not its ARN, alone or with a path behind it, and how its
//! ARN is written: by the attribute that the type has, else spelled out.

mod spot;
#[cfg(test)]
mod tests;

pub(super) use leastwise_dialects::facts::Written;
use leastwise_model::Item;
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, View};

use crate::Context;

use spot::Spot;

/// What an item refers to, or what stands at its beginning.
pub(super) struct Referred {
    /// What it is called in the file.
    pub name: String,
    /// Its type, in the words of the dialect.
    pub type_name: String,
    /// `name`, `id` or `URL`, where that is surely what stands here.
    pub gives: Option<&'static str>,
    /// Its ARN, where it can be written.
    pub arn: Option<Mend>,
    /// The form of its ARN, where that is known.
    pub form: Option<&'static str>,
    /// Whether something stands behind it.
    pub has_path: bool,
}

impl Referred {
    /// Whether it is a role or user, which may call AWS.
    pub(super) fn is_identity(&self) -> bool {
        const IDENTITIES: [&str; 4] = [
            "AWS::IAM::Role",
            "AWS::IAM::User",
            "aws_iam_role",
            "aws_iam_user",
        ];
        IDENTITIES.contains(&self.type_name.as_str())
    }
}

/// An ARN that a reference is to become.
#[derive(Clone)]
pub(super) struct Mend {
    pub written: Written,
    spot: Spot,
    /// What stands behind it.
    path: Vec<Part>,
    /// What it is written as where the actions work on what is in it, or on what it serves.
    inside: Option<Written>,
}

impl Mend {
    /// The ARN of what the actions work on that don't work on the resource itself: of a bucket's objects, of an API's calls.
    pub(super) fn inside(&self) -> Option<Mend> {
        Some(Mend {
            written: self.inside.clone()?,
            inside: None,
            ..self.clone()
        })
    }

    pub(super) fn edit(&self, context: &Context<'_>) -> Edit {
        self.spot.edit(context, &self.written)
    }

    /// What the item then stands for.
    pub(super) fn arns(&self, context: &Context<'_>, item: &Item) -> Vec<Pattern> {
        let mut parts = spot::parts(&self.written, context, item.text.span);
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
pub(super) fn referred(context: &Context<'_>, item: &Item) -> Option<Referred> {
    let (first, path) = item.text.parts.split_first()?;
    let (name, node) = match first {
        Part::Variable { name, .. } => (name.clone(), None),
        Part::Computed { node, .. } => (reference(context, *node, path)?, Some(*node)),
        _ => return None,
    };
    let spot = || match node {
        Some(node) => Some(Spot::Node(node)),
        None => Spot::of(context, item, first, path),
    };
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let referred = state.referred(context.tree, &name, !path.is_empty(), &values)?;
    let mend = |written| {
        Some(Mend {
            written,
            inside: referred.inside,
            spot: spot()?,
            path: path.to_vec(),
        })
    };
    Some(Referred {
        arn: referred.arn.and_then(mend),
        form: referred.form,
        name: referred.name,
        type_name: referred.type_name,
        gives: referred.gives,
        has_path: !path.is_empty(),
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

/// Of an attribute `Arn` that a type surely doesn't have: the type's name, and its ARN, where it can be written.
pub(super) fn misnamed(context: &Context<'_>, item: &Item) -> Option<(String, Option<Mend>)> {
    let (first, path) = item.text.parts.split_first()?;
    let Part::Attribute {
        resource,
        attribute,
        ..
    } = first
    else {
        return None;
    };
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let (type_name, written) = state.misnamed(context.tree, resource, attribute, &values)?;
    let mend = written.zip(Spot::of(context, item, first, path));
    let mend = mend.map(|(written, spot)| Mend {
        written,
        spot,
        path: path.to_vec(),
        inside: None,
    });
    Some((type_name, mend))
}

/// Of an attribute that surely is the id of a template's resource: what that is called, its ARN, where it can be written, and
/// whether something stands behind it.
pub(super) fn by_id(context: &Context<'_>, item: &Item) -> Option<(String, Option<Mend>, bool)> {
    let (first, path) = item.text.parts.split_first()?;
    let Part::Attribute {
        resource,
        attribute,
        ..
    } = first
    else {
        return None;
    };
    let values = |text: &Text| context.analysis.values(context.tree, text);
    let state = context.analysis.state();
    let written = state.by_id(context.tree, resource, attribute, &values)?;
    let mend = written.zip(Spot::of(context, item, first, path));
    let mend = mend.map(|(written, spot)| Mend {
        written,
        spot,
        path: path.to_vec(),
        inside: None,
    });
    Some((resource.clone(), mend, !path.is_empty()))
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
