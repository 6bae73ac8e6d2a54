//! The statements that apply to a request.

use super::naming::{NamedPrincipal, Naming, named};
use super::requester::{HomeAccount, Requester};
use crate::arn::{Arn, ArnShape};
use crate::grants::{
    Bindings, Clause, ClauseId, GrantGuard, Language, Request, Selection, Sent, Witness,
};
use crate::{Pattern, PolicyKind, Tri};
use leastwise_catalog::Action;

/// A statement of a policy.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Whether its effect is `Allow`; `Maybe` where that isn't known before deployment.
    pub allows: Tri,
    /// `Principal` or `NotPrincipal`; `None` in policies that have neither.
    pub principals: Option<Selection<NamedPrincipal>>,
    /// The rest of it.
    pub clause: Clause,
    /// What its policy is written in.
    pub language: Language,
}

/// The policies of a layer.
#[derive(Clone, Debug, Default)]
pub enum Attachment {
    /// There are none.
    #[default]
    Nothing,
    /// The statements of all of them.
    Statements(Vec<Provision>),
    /// Which ones there are isn't known.
    Unknown,
}

/// All policies that apply to a request.
#[derive(Clone, Debug, Default)]
pub struct AppliedPolicies {
    /// Those of the user or role who makes it, groups among them.
    pub identity: Attachment,
    /// The permissions boundary.
    pub boundary: Attachment,
    /// Those that the session was made with.
    pub session: Attachment,
    /// That of the resource: of a role, its trust policy; of a key, its key policy.
    pub resource: Attachment,
    /// That of the VPC endpoint which it is made through.
    pub endpoint: Attachment,
    /// The SCPs of each level from the organization's root down to the account that makes it; no levels outside of
    /// organizations.
    pub service_control: Vec<Attachment>,
    /// The RCPs of each level above the resource, in the same way.
    pub resource_control: Vec<Attachment>,
}

/// Who does what to which resource.
#[derive(Clone, Debug)]
pub struct ApiRequest {
    /// Who makes it.
    pub requester: Requester,
    /// What it does.
    pub action: Action,
    /// To what: an ARN, as a pattern without wildcards where it is known, `*` where the action takes none.
    pub resource: Pattern,
    /// Whose the resource is. Where it doesn't say, the ARN does.
    pub owner: HomeAccount,
    /// What it sends.
    pub request: Request,
    /// What holds of the deployment.
    pub given: Vec<GrantGuard>,
}

impl Standing<'_> {
    pub(super) fn decisive(self) -> Decisive {
        Decisive {
            layer: self.layer,
            clause: self.provision.clause.id,
        }
    }
}

impl ApiRequest {
    /// The account that the resource is in, where that is known.
    pub(super) fn owner_number(&self) -> Option<String> {
        let is_number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
        let of_arn = || match Arn::parse(&self.resource) {
            ArnShape::Arn(arn) => arn.account.as_literal(),
            _ => None,
        };
        let number = self.owner.number.clone().or_else(of_arn);
        number.filter(|text| !text.is_empty() && is_number(text))
    }

    /// Whether whoever makes it is in the account of the resource.
    pub(super) fn is_in_one_account(&self) -> Tri {
        match (&self.requester.account.number, self.owner_number()) {
            (Some(own), Some(of)) if *own == of => Tri::Yes,
            (Some(_), Some(_)) => Tri::No,
            _ if self.is_about_account() => Tri::Yes,
            _ => Tri::Maybe,
        }
    }

    /// Whether it is about no resource but one's own account, or one that AWS gives to all accounts.
    fn is_about_account(&self) -> bool {
        let is_of_aws = match Arn::parse(&self.resource) {
            ArnShape::Arn(arn) => arn.account.raw() == "aws",
            _ => false,
        };
        is_of_aws || self.owner.number.is_none() && self.action.resources().next().is_none()
    }

    /// Whether it makes a session of a role, which the role's trust policy says who may.
    pub(super) fn assumes_role(&self) -> bool {
        let may_be_role = || {
            let roles = Pattern::literal("arn:*:iam::*:role/*");
            self.resource.overlaps(&roles).possible()
        };
        self.action.service().prefix() == "sts" && self.takes("role") && may_be_role()
    }

    /// Whether the policy of the resource has to allow it also within one account: those of roles and keys do.
    pub(super) fn needs_resource_policy(&self) -> Tri {
        match self.assumes_role() {
            true => Tri::Yes,
            false => self.is_of_key(),
        }
    }

    /// Whether the action is about resources of a type.
    fn takes(&self, name: &str) -> bool {
        let mut taken = self.action.resources();
        taken.any(|taken| taken.resource_type().name() == name)
    }

    /// Whether the resource is a KMS key.
    fn is_of_key(&self) -> Tri {
        match self.action.service().prefix() == "kms" && self.takes("key") {
            true => self
                .resource
                .overlaps(&Pattern::literal("arn:*:kms:*:*:key/*")),
            false => Tri::No,
        }
    }
}

/// A statement that an answer comes from, and what kind of policy it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decisive {
    /// The layer.
    pub layer: PolicyKind,
    /// The statement.
    pub clause: ClauseId,
}

/// The policies of a layer, and whether they hold for a request at all.
pub(super) struct InForce<'p> {
    pub layer: PolicyKind,
    pub attached: &'p Attachment,
    pub holds: Tri,
}

impl<'p> InForce<'p> {
    pub(super) fn standings(&self) -> impl Iterator<Item = Standing<'p>> + use<'p> {
        let layer = self.layer;
        let statements = match self.attached {
            Attachment::Statements(statements) => statements.as_slice(),
            Attachment::Nothing | Attachment::Unknown => &[],
        };
        let statements = statements.iter();
        statements.map(move |provision| Standing { provision, layer })
    }
}

/// A statement in its layer.
#[derive(Clone, Copy)]
pub(super) struct Standing<'p> {
    pub provision: &'p Provision,
    pub layer: PolicyKind,
}

/// What is settled of a request before its policies are looked at.
pub(super) struct Hearing<'a> {
    pub asked: &'a ApiRequest,
    /// What it sends, with what follows from who makes it.
    pub request: Request,
    pub place: Witness,
    /// Whether there is a permissions boundary.
    pub is_bounded: Tri,
}

impl<'a> Hearing<'a> {
    pub(super) fn new(asked: &'a ApiRequest, policies: &AppliedPolicies) -> Hearing<'a> {
        let mut request = asked.requester.introduce(asked.request.clone());
        if let Some(owner) = asked.owner_number() {
            request = request.or_sending("aws:ResourceAccount", Sent::value(&owner));
        }
        let is_bounded = match &policies.boundary {
            Attachment::Nothing => Tri::No,
            Attachment::Statements(_) => Tri::Yes,
            Attachment::Unknown => Tri::Maybe,
        };
        let bounds = asked.requester.may_be_bounded();
        Hearing {
            asked,
            request,
            place: Witness::of(asked.resource.clone()),
            is_bounded: if bounds { is_bounded } else { Tri::No },
        }
    }

    /// What policy variables stand for.
    pub(super) fn bindings(&self, provision: &Provision) -> Bindings<'_> {
        Bindings {
            request: &self.request,
            language: provision.language,
        }
    }

    /// Whether a statement is about the resource. That of a trust policy, the role, isn't named in it.
    pub(super) fn reaches(&self, standing: Standing<'_>) -> Tri {
        if standing.layer == PolicyKind::Trust {
            return Tri::Yes;
        }
        let bindings = self.bindings(standing.provision);
        let resources = &standing.provision.clause.resources;
        resources.picks(|pattern| match bindings.fill(pattern) {
            Some(pattern) => self.place.is_in(&pattern),
            None => Tri::No,
        })
    }

    /// Whether a statement is about the request, whoever makes it.
    pub(super) fn concerns(&self, standing: Standing<'_>) -> Tri {
        let clause = &standing.provision.clause;
        let mut answer = clause.takes(self.asked.action);
        if answer.possible() {
            answer = answer.and(clause.is_there(&self.asked.given));
        }
        if answer.possible() {
            answer = answer.and(self.reaches(standing));
        }
        if answer.possible() {
            let bindings = self.bindings(standing.provision);
            answer = answer.and(clause.conditions.hold_for(bindings));
        }
        answer
    }

    /// Whether a statement names whoever makes the request, in this way.
    pub(super) fn names(&self, provision: &Provision, naming: Naming) -> Tri {
        named(provision.principals.as_ref(), &self.asked.requester, naming)
    }

    /// Whether a statement is about whoever makes the request, in any way.
    pub(super) fn is_about_requester(&self, provision: &Provision, denies: bool) -> Tri {
        let ways = [Naming::Directly, Naming::Behind, Naming::Account];
        let ways = ways.map(|naming| self.names(provision, naming));
        let answer = ways.into_iter().fold(Tri::No, Tri::or);
        match provision.principals {
            // Whom this leaves out, a boundary brings back in.
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
            Some(Selection::AllBut(_)) if denies => answer.or(self.is_bounded),
            // AWS doesn't support it.
            Some(Selection::AllBut(_)) => answer.and(Tri::Maybe),
            _ => answer,
        }
    }

    /// Whether a statement denies the request.
    pub(super) fn denies(&self, standing: Standing<'_>) -> Tri {
        let denies = standing.provision.allows.opposite();
        if denies == Tri::No {
            return Tri::No;
        }
        denies
            .and(self.concerns(standing))
            .and(self.is_about_requester(standing.provision, true))
    }

    /// Whether a statement allows the request to somebody whom it names in this way.
    pub(super) fn allows(&self, standing: Standing<'_>, naming: Naming) -> Tri {
        let provision = standing.provision;
        let mut answer = provision.allows.and(self.names(provision, naming));
        if matches!(provision.principals, Some(Selection::AllBut(_))) {
            answer = answer.and(Tri::Maybe);
        }
        if answer.possible() {
            answer = answer.and(self.concerns(standing));
        }
        answer
    }

    /// Whether a statement allows the request to whoever makes it.
    pub(super) fn allows_somehow(&self, standing: Standing<'_>) -> Tri {
        if standing.provision.allows == Tri::No {
            return Tri::No;
        }
        let answer = self.is_about_requester(standing.provision, false);
        let answer = answer.and(standing.provision.allows);
        match answer {
            Tri::No => Tri::No,
            answer => answer.and(self.concerns(standing)),
        }
    }
}
