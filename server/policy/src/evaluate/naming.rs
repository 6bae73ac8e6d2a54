//! Whom a statement's `Principal` or `NotPrincipal` is about.

use super::requester::{Requester, RequesterKind, escaped};
use crate::grants::{Entries, Selection};
use crate::principal::IdentityKind;
use crate::{Pattern, Principal, Tri};

/// One value of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPrincipal {
    /// The key that it is under, `AWS`; also for `*` alone.
    pub key: String,
    /// The value.
    pub value: Pattern,
}

/// How a statement names whoever makes a request, which decides what else limits what it grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// As itself, or as everybody.
    Directly,
    /// By the role or user whose session it is.
    Behind,
    /// By its account.
    Account,
}

impl NamedPrincipal {
    /// Whether it names somebody, and in this way.
    fn names(&self, requester: &Requester, wanted: Naming) -> Tri {
        let as_wanted = |naming: Naming, answer: Tri| match naming == wanted {
            true => answer,
            false => Tri::No,
        };
        let sure = |holds: bool| if holds { Tri::Yes } else { Tri::No };
        let is_itself = || sure(escaped(&requester.name) == self.value);
        match Principal::parse(&self.key, &self.value) {
            Principal::Everybody => as_wanted(Naming::Directly, Tri::Yes),
            Principal::Account(number) if requester.has_account() => {
                let own = requester.account.number.as_ref();
                let answer = own.map_or(Tri::Maybe, |own| sure(*own == number));
                as_wanted(Naming::Account, answer)
            }
            Principal::Identity => match wanted {
                // A role makes its requests in sessions.
                Naming::Directly if requester.kind == RequesterKind::Role => Tri::No,
                Naming::Directly => is_itself(),
                Naming::Behind => {
                    requester.is_session_of(&self.value.as_literal().unwrap_or_default())
                }
                Naming::Account => Tri::No,
            },
            Principal::UniqueId(kind) => match (kind, &requester.kind) {
                (IdentityKind::User, RequesterKind::User) => {
                    as_wanted(Naming::Directly, Tri::Maybe)
                }
                (IdentityKind::Role, RequesterKind::Role | RequesterKind::Session { .. }) => {
                    as_wanted(Naming::Behind, Tri::Maybe)
                }
                _ => Tri::No,
            },
            Principal::Service(_) if requester.kind == RequesterKind::Service => {
                as_wanted(Naming::Directly, is_itself())
            }
            Principal::Provider if requester.kind == RequesterKind::Provider => {
                as_wanted(Naming::Directly, is_itself())
            }
            // Whose id that is, no policy says.
            Principal::CanonicalUser if requester.has_account() => {
                as_wanted(Naming::Account, Tri::Maybe)
            }
            Principal::Unknown => match self.may_name(requester, wanted) {
                true => Tri::Maybe,
                false => Tri::No,
            },
            _ => Tri::No,
        }
    }

    /// Whether a value that isn't known could name somebody in this way.
    fn may_name(&self, requester: &Requester, wanted: Naming) -> bool {
        let could_be = |pattern: &Pattern| self.value.overlaps(pattern).possible();
        match wanted {
            Naming::Directly => could_be(&escaped(&requester.name)),
            Naming::Behind => requester.behind().is_some_and(|behind| could_be(&behind)),
            Naming::Account => {
                let number = requester.account.number.as_deref();
                let number = number.map_or(Pattern::literal("*"), escaped);
                let root = Pattern::builder()
                    .push_literal("arn:*:iam::")
                    .push_pattern(&number)
                    .push_escaped(":root")
                    .build();
                requester.has_account() && (could_be(&number) || could_be(&root))
            }
        }
    }
}

/// Whether a statement names somebody in this way. One without principals is about whoever it is attached to.
pub(super) fn named(
    principals: Option<&Selection<NamedPrincipal>>,
    requester: &Requester,
    naming: Naming,
) -> Tri {
    match principals {
        None => match naming {
            Naming::Directly => Tri::Yes,
            Naming::Behind | Naming::Account => Tri::No,
        },
        Some(Selection::Only(entries)) => in_way(entries, requester, naming),
        Some(Selection::AllBut(entries)) => match naming {
            Naming::Directly => not_named(entries, requester),
            Naming::Behind | Naming::Account => Tri::No,
        },
    }
}

fn in_way(entries: &Entries<NamedPrincipal>, requester: &Requester, naming: Naming) -> Tri {
    entries.any(|principal| principal.names(requester, naming))
}

/// Whether `NotPrincipal` leaves somebody to the statement. To be left out, a session has to be named with its role and
/// account, and a user with its account; AWS doesn't say what comes of some of these alone.
fn not_named(entries: &Entries<NamedPrincipal>, requester: &Requester) -> Tri {
    let everybody =
        entries.any(
            |principal| match Principal::parse(&principal.key, &principal.value) {
                Principal::Everybody => Tri::Yes,
                Principal::Unknown => Tri::Maybe,
                _ => Tri::No,
            },
        );
    let mut ways = Vec::new();
    let is_role = requester.kind == RequesterKind::Role;
    if !is_role && requester.kind != RequesterKind::Root {
        ways.push(Naming::Directly);
    }
    if requester.behind().is_some() {
        ways.push(Naming::Behind);
    }
    if requester.has_account() {
        ways.push(Naming::Account);
    }
    let each: Vec<Tri> = ways
        .into_iter()
        .map(|way| in_way(entries, requester, way))
        .collect();
    let all = each.iter().copied().fold(Tri::Yes, Tri::and);
    let some = each.iter().copied().fold(Tri::No, Tri::or);
    match (everybody.or(all), everybody.or(some)) {
        (Tri::Yes, _) => Tri::No,
        (_, Tri::No) => Tri::Yes,
        _ => Tri::Maybe,
    }
}
