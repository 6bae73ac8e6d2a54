//! The answer over all layers.

use super::dependencies::{self, Dependency};
use super::guardrails::are_protected;
use super::naming::Naming;
use super::requester::RequesterKind;
use super::statements::{
    ApiRequest, AppliedPolicies, Attachment, Decisive, Hearing, InForce, Standing,
};
use crate::{PolicyKind, Tri};

/// Whether a request is allowed, and what that comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it is.
    pub whether: Tri,
    /// The statements that deny it; where it is allowed, those that allow it, in any layer; where it depends, those that
    /// may do either. None where it only isn't allowed.
    pub decided_by: Vec<Decisive>,
    /// Where it isn't denied and yet not allowed: the layers that don't allow it.
    pub missing: Vec<PolicyKind>,
    /// What it depends on, where it does.
    pub depends_on: Vec<Dependency>,
}

impl Ruling {
    /// The answer for what takes several requests, such as an action that is about several resources at once: all of them
    /// must be allowed.
    #[must_use]
    pub fn of_all(rulings: impl IntoIterator<Item = Ruling>) -> Ruling {
        let nothing = Ruling {
            whether: Tri::Yes,
            decided_by: Vec::new(),
            missing: Vec::new(),
            depends_on: Vec::new(),
        };
        rulings.into_iter().fold(nothing, |mut all, one| {
            let whether = all.whether.and(one.whether);
            // What decided a weaker answer is beside the point.
            if whether != all.whether {
                all = Ruling { whether, ..one };
            } else if whether == one.whether {
                merge(&mut all.decided_by, one.decided_by);
                merge(&mut all.missing, one.missing);
                merge(&mut all.depends_on, one.depends_on);
            }
            all
        })
    }
}

fn merge<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

impl AppliedPolicies {
    /// Whether a request is allowed.
    pub fn rule(&self, asked: &ApiRequest) -> Ruling {
        let hearing = Hearing::new(asked, self);
        let layers = self.in_force(asked);
        let denied = layers
            .iter()
            .map(|layer| layer.holds.and(denied_by(layer, &hearing)))
            .fold(Tri::No, Tri::or);
        let grants = Granted::find(&layers, &hearing);
        let limited = layers
            .iter()
            .filter(|layer| is_limit(layer.layer))
            .map(|layer| allowed_by(layer, &hearing))
            .fold(Tri::Yes, Tri::and);
        let whether = denied.opposite().and(limited).and(grants.whether(&hearing));
        let all = || {
            layers
                .iter()
                .filter(|layer| layer.holds.possible())
                .flat_map(InForce::standings)
        };
        let decisive = |found: &dyn Fn(Standing<'_>) -> bool| -> Vec<Decisive> {
            let found = all().filter(|standing| found(*standing));
            found.map(Standing::decisive).collect()
        };
        let decided_by = match (denied, whether) {
            (Tri::Yes, _) => decisive(&|standing| hearing.denies(standing) == Tri::Yes),
            (_, Tri::No) => Vec::new(),
            (_, Tri::Yes) => decisive(&|standing| hearing.allows_somehow(standing) == Tri::Yes),
            (_, Tri::Maybe) => decisive(&|standing| {
                let allows = hearing.allows_somehow(standing);
                allows.or(hearing.denies(standing)).possible()
            }),
        };
        let mut missing = Vec::new();
        if denied != Tri::Yes && whether == Tri::No {
            let limits = layers.iter().filter(|layer| is_limit(layer.layer));
            let limits = limits.filter(|layer| allowed_by(layer, &hearing) == Tri::No);
            merge(&mut missing, limits.map(|layer| layer.layer).collect());
            merge(&mut missing, grants.missing(&hearing));
        }
        let depends_on = match whether {
            Tri::Maybe => dependencies::of(&layers, &hearing),
            Tri::Yes | Tri::No => Vec::new(),
        };
        Ruling {
            whether,
            decided_by,
            missing,
            depends_on,
        }
    }

    /// The layers, with whether they hold for a request.
    fn in_force(&self, asked: &ApiRequest) -> Vec<InForce<'_>> {
        let requester = &asked.requester;
        let sure = |holds: bool| if holds { Tri::Yes } else { Tri::No };
        let is_held = requester.is_service_linked().opposite();
        let has_own = requester.has_account() && requester.kind != RequesterKind::Root;
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        let service_control = sure(requester.has_account())
            .and(is_held)
            .and(requester.account.is_management.opposite());
        let of_service = asked.resource.raw().contains(":role/aws-service-role/");
        let resource_control = sure(are_protected(asked.action) && !of_service)
            .and(is_held)
            .and(asked.owner.is_management.opposite());
        let resource = match asked.assumes_role() {
            true => PolicyKind::Trust,
            false => PolicyKind::Resource,
        };
        let single = [
            (PolicyKind::Identity, &self.identity, has_own),
            (
                PolicyKind::Boundary,
                &self.boundary,
                requester.may_be_bounded(),
            ),
            (PolicyKind::Session, &self.session, requester.is_session()),
            (resource, &self.resource, true),
            (PolicyKind::VpcEndpoint, &self.endpoint, true),
        ];
        let mut layers: Vec<InForce<'_>> = single
            .into_iter()
            .map(|(layer, attached, holds)| InForce {
                layer,
                attached,
                holds: sure(holds),
            })
            .collect();
        for (layer, levels, holds) in [
            (
                PolicyKind::ServiceControl,
                &self.service_control,
                service_control,
            ),
            (
                PolicyKind::ResourceControl,
                &self.resource_control,
                resource_control,
            ),
        ] {
            layers.extend(levels.iter().map(|attached| InForce {
                layer,
                attached,
                holds,
            }));
        }
        layers
    }
}

/// Whether a layer has to allow whatever others grant.
fn is_limit(layer: PolicyKind) -> bool {
    matches!(
        layer,
        PolicyKind::ServiceControl | PolicyKind::ResourceControl | PolicyKind::VpcEndpoint
    )
}

fn denied_by(layer: &InForce<'_>, hearing: &Hearing<'_>) -> Tri {
    match layer.attached {
        Attachment::Nothing => Tri::No,
        Attachment::Unknown => Tri::Maybe,
        Attachment::Statements(_) => layer
            .standings()
            .map(|standing| hearing.denies(standing))
            .fold(Tri::No, Tri::or),
    }
}

/// Whether a layer lets a request through: there is none, or it allows it.
fn allowed_by(layer: &InForce<'_>, hearing: &Hearing<'_>) -> Tri {
    let allowed = match layer.attached {
        Attachment::Nothing => Tri::Yes,
        Attachment::Unknown => Tri::Maybe,
        Attachment::Statements(_) => layer
            .standings()
            .map(|standing| hearing.allows_somehow(standing))
            .fold(Tri::No, Tri::or),
    };
    layer.holds.opposite().or(allowed)
}

/// What grants a request, before what limits the account and the resource.
struct Granted {
    identity: Tri,
    boundary: Tri,
    session: Tri,
    /// By the policy of the resource, to whoever makes the request.
    directly: Tri,
    /// By it, to the role or user whose session that is.
    behind: Tri,
    /// By it, to the account.
    account: Tri,
    resource: PolicyKind,
}

impl Granted {
    fn find(layers: &[InForce<'_>], hearing: &Hearing<'_>) -> Granted {
        let at = |wanted: PolicyKind| layers.iter().find(|layer| layer.layer == wanted);
        let limit = |wanted| at(wanted).map_or(Tri::Yes, |layer| allowed_by(layer, hearing));
        let resource = layers
            .iter()
            .find(|layer| matches!(layer.layer, PolicyKind::Resource | PolicyKind::Trust));
        let must_have = hearing.asked.needs_resource_policy();
        let by_resource = |naming: Naming| match resource.map(|layer| (layer, layer.attached)) {
            // A key and a role always have one.
            Some((_, Attachment::Nothing)) => must_have.and(Tri::Maybe),
            Some((_, Attachment::Unknown)) => Tri::Maybe,
            Some((layer, Attachment::Statements(_))) => layer
                .standings()
                .map(|standing| hearing.allows(standing, naming))
                .fold(Tri::No, Tri::or),
            None => Tri::No,
        };
        // What https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html makes has no permissions
        // of the user's but those that it is given.
        let is_federated = matches!(
            hearing.asked.requester.kind,
            RequesterKind::FederatedUser { .. }
        );
        let session = match at(PolicyKind::Session).map(|layer| layer.attached) {
            Some(Attachment::Nothing) if is_federated => Tri::No,
            _ => limit(PolicyKind::Session),
        };
        let identity = match at(PolicyKind::Identity) {
            _ if hearing.asked.requester.kind == RequesterKind::Root => Tri::Yes,
            Some(layer) if matches!(layer.attached, Attachment::Nothing) => Tri::No,
            Some(layer) if layer.holds == Tri::Yes => allowed_by(layer, hearing),
            _ => Tri::No,
        };
        Granted {
            identity,
            boundary: limit(PolicyKind::Boundary),
            session,
            directly: by_resource(Naming::Directly),
            behind: by_resource(Naming::Behind),
            account: by_resource(Naming::Account),
            resource: resource.map_or(PolicyKind::Resource, |layer| layer.layer),
        }
    }

    fn whether(&self, hearing: &Hearing<'_>) -> Tri {
        if !hearing.asked.requester.has_account() {
            return self.directly;
        }
        let strict = either(
            hearing.asked.needs_resource_policy(),
            self.by_strict(),
            self.by_either(),
        );
        either(hearing.asked.is_in_one_account(), strict, self.by_both())
    }

    /// Whether it passes what limits the principal.
    fn within(&self) -> Tri {
        self.boundary.and(self.session)
    }

    /// In one account, one of the policies is enough. What names a user or session passes their limits, what names a role
    /// doesn't.
    fn by_either(&self) -> Tri {
        let named = self.directly.or(self.behind.and(self.within()));
        named.or(self.identity.and(self.within()))
    }

    /// The policy of the resource has to allow it, too, if only by leaving it to the account.
    fn by_strict(&self) -> Tri {
        let named = self.directly.or(self.behind.and(self.within()));
        named.or(self.account.and(self.identity).and(self.within()))
    }

    /// Across accounts, both policies have to.
    fn by_both(&self) -> Tri {
        let resource = self.directly.or(self.behind).or(self.account);
        resource.and(self.identity).and(self.within())
    }

    /// The layers that don't grant it, where it isn't granted.
    fn missing(&self, hearing: &Hearing<'_>) -> Vec<PolicyKind> {
        if self.whether(hearing).possible() {
            return Vec::new();
        }
        let asked = hearing.asked;
        let needs_resource = !asked.requester.has_account()
            || asked.is_in_one_account() != Tri::Yes
            || asked.needs_resource_policy() != Tri::No;
        let resource = self.directly.or(self.behind).or(self.account);
        let layers = [
            (
                PolicyKind::Identity,
                self.identity,
                asked.requester.has_account(),
            ),
            (PolicyKind::Boundary, self.boundary, true),
            (PolicyKind::Session, self.session, true),
            (self.resource, resource, needs_resource),
        ];
        let missing = layers
            .into_iter()
            .filter(|(_, allows, counts)| *counts && *allows == Tri::No);
        missing.map(|(layer, ..)| layer).collect()
    }
}

/// One of two answers; where it isn't known which, what they have in common.
fn either(whether: Tri, yes: Tri, no: Tri) -> Tri {
    match whether {
        Tri::Yes => yes,
        Tri::No => no,
        Tri::Maybe if yes == no => yes,
        Tri::Maybe => Tri::Maybe,
    }
}
