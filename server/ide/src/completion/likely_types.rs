//! Which resources a reference is likely to be to: those that what the statement allows works on, or whom it is for.

use foldhash::HashSet;
use leastwise_catalog::{ResourceType, Service, catalog, is_type_of_iam};
use leastwise_policy::resource;

use super::CompletionRequest;
use super::identities::{IDENTITIES, PROVIDERS, is_of_iam};
use super::names::DeclaredName;
use crate::position::Frame;

/// What a reference at a cursor is likely to be to, and as what.
pub(super) enum LikelyTypes {
    /// Nothing says.
    Unknown,
    Known {
        of: Meant,
        /// Whether the reference is all that there is, so that it has to be an ARN; else it is a name in one.
        is_whole: bool,
    },
}

/// Resources, by what their types are.
pub(super) enum Meant {
    /// Those that actions work on.
    OfActions {
        types: HashSet<ResourceType>,
        services: HashSet<Service>,
    },
    /// Types of IAM's.
    OfIam(&'static [&'static str]),
}

/// How well a name fits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is what is likely to be meant.
    Whole,
    /// It is of what is likely to be meant, but its name for an ARN, or the other way round.
    OtherForm,
    No,
}

impl Fit {
    /// The class in a list of names, whose parameters have the second one.
    pub fn class(self) -> u8 {
        match self {
            Fit::Whole => 0,
            Fit::OtherForm => 2,
            Fit::No => 3,
        }
    }
}

impl LikelyTypes {
    /// Of the reference that is written behind `before`.
    pub fn of(asked: &CompletionRequest<'_>, before: &str) -> LikelyTypes {
        let of = match element(asked).as_slice() {
            ["Resource" | "NotResource", ..] => of_actions(asked),
            ["Principal" | "NotPrincipal", "AWS"] => Meant::OfIam(&IDENTITIES),
            ["Principal" | "NotPrincipal", "Federated"] => Meant::OfIam(&PROVIDERS),
            _ => return LikelyTypes::Unknown,
        };
        let is_whole = before.is_empty();
        // A part of an ARN before its sixth is a Region or an account.
        if asked.found.part || !is_whole && before.matches(':').count() < 5 {
            return LikelyTypes::Unknown;
        }
        LikelyTypes::Known { of, is_whole }
    }

    pub fn fit(&self, name: &DeclaredName) -> Fit {
        let LikelyTypes::Known { of, is_whole } = self else {
            return Fit::No;
        };
        match (of.has(&name.type_name), name.is_arn == *is_whole) {
            (false, _) => Fit::No,
            (true, true) => Fit::Whole,
            (true, false) => Fit::OtherForm,
        }
    }
}

impl Meant {
    fn has(&self, type_name: &str) -> bool {
        match self {
            Meant::OfIam(names) => is_of_iam(type_name, names),
            Meant::OfActions { types, services } => {
                let known = catalog().cfn_type(type_name);
                let own = known.and_then(|of| of.resource_type());
                own.is_some_and(|own| {
                    // An object's ARN has its bucket's name; a role's has no other of IAM's in it.
                    let is_near = services.contains(&own.service()) && !is_type_of_iam(type_name);
                    types.contains(&own) || is_near
                })
            }
        }
    }
}

fn of_actions(asked: &CompletionRequest<'_>) -> Meant {
    let actions = asked.actions();
    let types = actions
        .iter()
        .flat_map(|action| resource::types_of(*action));
    Meant::OfActions {
        types: types.collect(),
        services: actions.iter().map(|action| action.service()).collect(),
    }
}

/// The keys from the statement to the cursor.
fn element<'a>(asked: &CompletionRequest<'a>) -> Vec<&'a str> {
    let Some(start) = asked.found.statement else {
        return Vec::new();
    };
    let inside = asked.place.path.iter().filter(|step| step.start > start);
    let keys = inside.filter_map(|step| match step.frame {
        Frame::Key(name) => Some(name),
        _ => None,
    });
    keys.collect()
}
