//! Which resources an action takes, and which ARNs are of which type.

use crate::arn::{Arn, ArnShape};
use crate::fit::{self, Prepared};
use crate::format::{self, Format};
use crate::{Pattern, Tri};
use leastwise_catalog::{AccessLevel, Action, Corrected, ResourceType, catalog};
use std::collections::HashMap;
use std::sync::LazyLock;

pub use crate::format::compose;

/// Whether a statement's resources are any good for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionFit {
    /// At least one of them is of a type that the action takes.
    Fits,
    /// It depends on an unknown part.
    Maybe,
    /// The action can't be limited to resources: it needs `*`, and has no effect on these.
    TakesNoResource,
    /// None of them is of a type that the action takes.
    NoTypeFits {
        /// The types it takes, required ones first.
        types: Vec<ResourceType>,
    },
}

/// Could an ARN of this format (`arn:${Partition}:s3:::${BucketName}/${ObjectName}`) match the pattern?
///
/// `Yes` says that some ARN of the format matches, not that all do.
pub fn fits(format: &str, pattern: &Pattern) -> Tri {
    if pattern.is_star() {
        return Tri::Yes;
    }
    Prepared::new(pattern).fits(&Format::new(format))
}

/// Could a resource of this type match the pattern?
pub fn fits_type(resource_type: ResourceType, pattern: &Pattern) -> Tri {
    match pattern.is_star() {
        true => Tri::Yes,
        false => Prepared::new(pattern).fits_type(resource_type),
    }
}

/// Whether the resources of a statement are any good for an action.
///
/// Texts that can't be ARNs fit nothing; a statement without resources counts as [`ActionFit::Maybe`].
pub fn action_fits(action: Action, resources: &[Pattern]) -> ActionFit {
    if resources.is_empty() {
        return ActionFit::Maybe;
    }
    if resources.iter().any(Pattern::is_star) {
        return ActionFit::Fits;
    }
    let mut found = Tri::No;
    for pattern in resources {
        found = found.or(fit::action_fits(action, &Prepared::new(pattern)));
        if found == Tri::Yes {
            return ActionFit::Fits;
        }
    }
    let takes_none = action.resources().len() == 0;
    match found {
        Tri::Yes => ActionFit::Fits,
        Tri::Maybe => ActionFit::Maybe,
        Tri::No if takes_none && resources.iter().any(|of| may_stand_for_all(action, of)) => {
            ActionFit::Maybe
        }
        Tri::No if takes_none => ActionFit::TakesNoResource,
        Tri::No => ActionFit::NoTypeFits {
            types: types_of(action),
        },
    }
}

/// Whether one resource is any good for an action; `Yes` for `*`.
pub fn action_fits_pattern(action: Action, resource: &Pattern) -> Tri {
    if resource.is_star() {
        return Tri::Yes;
    }
    fits_prepared(action, resource, &Prepared::new(resource))
}

/// [`action_fits_pattern`] for a pattern that isn't `*` and is prepared already.
pub(crate) fn fits_prepared(action: Action, resource: &Pattern, prepared: &Prepared) -> Tri {
    match fit::action_fits(action, prepared) {
        Tri::No if action.resources().len() == 0 && may_stand_for_all(action, resource) => {
            Tri::Maybe
        }
        found => found,
    }
}

/// Services that are seen to ask for `arn:aws:…:*` where their table has no resource, for whatever action.
const ASK_FOR_ALL: [&str; 4] = ["logs", "s3", "sns", "ssm"];

/// Whether a resource may be as good as `*` for an action that takes none: `arn:aws:s3:::*` and the like, everything of a
/// service, which AWS takes for `s3:ListAllMyBuckets`. What looks is commonly asked for so; what changes something isn't.
fn may_stand_for_all(action: Action, pattern: &Pattern) -> bool {
    let looks = matches!(action.access_level(), AccessLevel::List | AccessLevel::Read);
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            let asked = looks || ASK_FOR_ALL.contains(&action.service().prefix());
            asked && arn.resource.may_be_star() || fit::is_doubtful(action, pattern)
        }
        ArnShape::Unknown => true,
        ArnShape::Star | ArnShape::NotArn(_) => false,
    }
}

/// Whether an action may be called without any resource, so that only `*` surely allows all of it: the one type that it
/// takes is optional, as the data set of `cloudwatch:PutMetricData`. Of several optional types it takes one; and what
/// tags always tags something.
pub fn may_take_none(action: Action) -> bool {
    let mut types = action.resources();
    action.access_level() != AccessLevel::Tagging
        && types.next().is_some_and(|of| !of.required())
        && types.next().is_none()
}

/// The types an action takes: required ones first, then those its own name speaks of.
pub fn types_of(action: Action) -> Vec<ResourceType> {
    let mut types: Vec<_> = action
        .resources()
        .map(|of| (of.required(), of.resource_type()))
        .collect();
    types.sort_by_cached_key(|(required, of)| (!required, !speaks_of(action, *of)));
    types.into_iter().map(|(_, of)| of).collect()
}

/// The types of its service that an action takes beside those of AWS's table: all whose ARNs a sure correction has. Where two
/// generations of a service share a prefix, the table has the types of one of them.
pub fn more_types(action: Action) -> &'static [ResourceType] {
    static MORE: LazyLock<HashMap<Action, Vec<ResourceType>>> = LazyLock::new(|| {
        let mut more: HashMap<Action, Vec<ResourceType>> = HashMap::new();
        for correction in catalog().corrections().filter(|one| one.sure()) {
            let Corrected::Action(action) = correction.corrected() else {
                continue;
            };
            let all = fit::widened(correction.arn());
            let known =
                |of: &ResourceType| action.resources().any(|own| own.resource_type() == *of);
            let types = action.service().resource_types();
            let types = types.filter(|of| of.arns().all(|own| all.covers(&fit::widened(own))));
            let own = more.entry(action).or_default();
            own.extend(types.filter(|of| !known(of)));
        }
        more
    });
    MORE.get(&action).map_or(&[], Vec::as_slice)
}

/// Services whose resources have names without `/` and `:`, which end their ARNs.
const PLAIN_NAMES: [&str; 10] = [
    "codebuild",
    "dynamodb",
    "firehose",
    "kinesis",
    "kms",
    "lambda",
    "s3",
    "sns",
    "sqs",
    "states",
];

/// Whether what is unknown in the ARN of a declared resource of this format is a word: a name that has no `/` and no `:`.
pub fn has_plain_name(format: &str) -> bool {
    PLAIN_NAMES.contains(&format::service(format))
}

/// The resource types that a pattern can be of, those of the service that owns the ARN where there are any. Empty for
/// `*` and for what can't be an ARN.
pub fn resource_types_fitting(pattern: &Pattern) -> Vec<ResourceType> {
    types_fitting_prepared(pattern, &Prepared::new(pattern))
}

pub(crate) fn types_fitting_prepared(pattern: &Pattern, resource: &Prepared) -> Vec<ResourceType> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return Vec::new();
    };
    let Some(service) = arn.service.as_literal() else {
        return Vec::new();
    };
    let fitting = |types: &mut dyn Iterator<Item = ResourceType>| -> Vec<ResourceType> {
        types
            .filter(|of| !fit::is_catch_all(*of) && resource.fits_type(*of).possible())
            .collect()
    };
    let own = catalog()
        .service(&service)
        .map(|service| fitting(&mut service.resource_types()))
        .unwrap_or_default();
    match own.is_empty() {
        false => own,
        true => fitting(&mut fit::types_in(&service).iter().copied()),
    }
}

/// Whether AWS's pages and policies contradict one another as to whether an action takes such a resource: its table says
/// that it doesn't, and something else of AWS's that it does.
pub fn is_doubtful(action: Action, pattern: &Pattern) -> bool {
    fit::is_doubtful(action, pattern)
}

/// A resource type that a set of actions needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeNeed {
    /// The type.
    pub resource_type: ResourceType,
    /// True if one of the actions can't do without it.
    pub required: bool,
    /// The actions that take it, of those asked about.
    pub actions: Vec<Action>,
}

/// What a set of actions needs as resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Types, required ones first, then by how many of the actions take them.
    pub types: Vec<TypeNeed>,
    /// Actions that can't be limited to resources: they need a statement of their own with `*`.
    pub without_resource: Vec<Action>,
}

/// The fewest resource types that serve a set of actions, for composing a narrower `Resource`.
///
/// Every type an action requires is in. An action with optional types only adds none if one of its types is already
/// there; else the type its own name speaks of (`s3:GetObject`: object), else all of its types. Of what AWS's table leaves out,
/// all is in where one of the action's types of the table is.
pub fn narrowest_types(actions: &[Action]) -> Needs {
    let mut needs = Needs::default();
    let mut undecided = Vec::new();
    for &action in actions {
        if action.resources().len() == 0 {
            needs.without_resource.push(action);
        } else if action.resources().any(|of| of.required()) {
            for of in action.resources().filter(|of| of.required()) {
                need(&mut needs.types, of.resource_type(), action, true);
            }
            for of in more_types(action) {
                need(&mut needs.types, *of, action, false);
            }
        } else {
            undecided.push(action);
        }
    }
    for action in undecided {
        let mut types = types_of(action);
        types.extend(more_types(action));
        let known: Vec<_> = types
            .iter()
            .filter(|of| needs.types.iter().any(|need| need.resource_type == **of))
            .collect();
        let is_spoken = |of: &&ResourceType| speaks_of(action, **of);
        let spoken: Vec<_> = match more_types(action).is_empty() {
            true => types.iter().filter(is_spoken).collect(),
            false => Vec::new(),
        };
        let chosen = match (known.is_empty(), spoken.is_empty()) {
            (false, _) => known,
            (true, false) => spoken,
            (true, true) => types.iter().collect(),
        };
        for of in chosen {
            need(&mut needs.types, *of, action, false);
        }
    }
    needs.types.sort_by_key(|need| {
        (
            !need.required,
            std::cmp::Reverse(need.actions.len()),
            need.resource_type,
        )
    });
    needs
}

fn need(types: &mut Vec<TypeNeed>, resource_type: ResourceType, action: Action, required: bool) {
    match types
        .iter_mut()
        .find(|need| need.resource_type == resource_type)
    {
        Some(need) => {
            need.required |= required;
            need.actions.push(action);
        }
        None => types.push(TypeNeed {
            resource_type,
            required,
            actions: vec![action],
        }),
    }
}

/// Whether an action's name ends in a type's name, as in `GetObject` or `PutObjectAcl`.
fn speaks_of(action: Action, resource_type: ResourceType) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    }
    let start = action
        .name()
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_uppercase())
        .map_or(0, |(at, _)| at);
    let mut noun = plain(action.name()).skip(start);
    plain(resource_type.name()).all(|letter| noun.next() == Some(letter))
}

/// The names of a format's placeholders, in order.
pub fn placeholders(format: &str) -> impl Iterator<Item = &str> {
    format
        .split("${")
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}
