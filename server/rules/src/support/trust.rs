//! Who may assume whom: roles by their ARNs, and what their trust policies admit.

use leastwise_catalog::{Action, catalog};
use leastwise_model::{
    Effect, Environment, Item, Known, Owner, OwnerKind, SiteKind, Statement, Test,
};
use leastwise_policy::condition::{Family, Operator};
use leastwise_policy::{Arn, ArnShape, Pattern, Principal, Tri};
use leastwise_workspace::analysis::index::overlap;

use crate::Context;
use crate::support::permissions::takes_in;
use crate::support::trust_roles::Roles;

/// What the name of an action has that assumes a role with AWS credentials.
pub(crate) const ACTION: &str = "AssumeRole";

/// `sts:AssumeRole`
pub(crate) fn assume_role() -> Option<Action> {
    catalog().action("sts", ACTION)
}

/// An identity's ARN without its partition, which one config has one of, said or not.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    account: Pattern,
    /// `role/ci/deployer`
    resource: Pattern,
}

impl Key {
    /// The account and resource of an ARN of IAM.
    pub fn of(arn: &Pattern) -> Option<Key> {
        match Arn::parse(arn) {
            ArnShape::Arn(arn) if arn.service.raw() == "iam" => Some(Key {
                account: arn.account.pattern(),
                resource: arn.resource.pattern(),
            }),
            _ => None,
        }
    }

    /// Whether nothing of it is open, and no wildcard in it.
    pub fn is_known(&self) -> bool {
        self.account.is_literal() && self.resource.is_literal()
    }
}

/// A role or user under one environment.
pub(crate) struct Caller {
    /// Its ARN, with holes for what isn't known.
    pub arn: Pattern,
}

impl Caller {
    /// A declared owner of a file, as it is deployed to an environment of that file or another. `None` where its ARN isn't
    /// one.
    pub fn of(context: Context<'_>, owner: usize, environment: &Environment) -> Option<Caller> {
        let analysis = context.analysis;
        let owner = analysis.owners.get(owner)?;
        let same = |own: &&Environment| {
            own.account == environment.account && own.region == environment.region
        };
        let environment = analysis.possible().find(same)?;
        match analysis.arns(context.tree, owner, environment).as_slice() {
            [arn] => Some(Caller { arn: arn.clone() }),
            _ => None,
        }
    }

    /// Somebody of whom nothing is known.
    pub fn anybody() -> Caller {
        let mut arn = Pattern::builder();
        arn.push_hole("caller");
        Caller { arn: arn.build() }
    }

    /// Whether the caller may be of an account.
    fn is_of(&self, account: &Pattern) -> bool {
        match Arn::parse(&self.arn) {
            ArnShape::Arn(own) => own.account.pattern().overlaps(account).possible(),
            _ => true,
        }
    }

    /// Whether it may call as what an ARN names: as itself, or in a session of its own. Sessions of a user can't assume roles.
    fn may_be(&self, named: &Pattern) -> bool {
        let is_user = match Arn::parse(&self.arn) {
            ArnShape::Arn(own) => own.resource.pattern().known_prefix().starts_with("user/"),
            _ => false,
        };
        let in_session = || {
            let sessions = self.sessions();
            sessions.is_none_or(|sessions| overlap(named, &sessions).possible())
        };
        overlap(named, &self.arn).possible() || !is_user && in_session()
    }

    /// The ARN of its sessions, for a role.
    fn sessions(&self) -> Option<Pattern> {
        let ArnShape::Arn(arn) = Arn::parse(&self.arn) else {
            return None;
        };
        let name = match arn.resource.as_literal() {
            Some(resource) => resource
                .strip_prefix("role/")?
                .rsplit('/')
                .next()?
                .to_owned(),
            None => String::new(),
        };
        let mut sessions = Pattern::builder();
        sessions
            .push_literal("arn:")
            .push_pattern(&arn.partition.pattern());
        sessions
            .push_literal(":sts::")
            .push_pattern(&arn.account.pattern());
        sessions.push_literal(":assumed-role/");
        match name.is_empty() {
            true => sessions.push_hole("name"),
            false => sessions.push_text(&name),
        };
        Some(sessions.push_literal("/*").build())
    }
}

/// A role of the workspace under one environment.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'a> {
    /// Its file.
    pub context: Context<'a>,
    /// What is known of it there.
    pub owner: &'a Owner,
    index: usize,
    environment: &'a Environment,
}

/// The one role of the workspace that is deployed with an ARN. One whose ARN isn't wholly known is only found in the file
/// that asks, under the environment that it asks for.
pub(crate) fn declared<'a>(
    roles: &Roles<'a>,
    arn: &Pattern,
    environment: &Environment,
) -> Option<Declared<'a>> {
    let context = roles.context;
    let analysis = context.analysis;
    if arn.has_wildcards() {
        return None;
    }
    let key = Key::of(arn)?;
    let known = key.is_known();
    let mut found: Option<Declared<'a>> = None;
    for index in roles.near(arn)? {
        let owner = analysis.owners.get(index)?;
        // What may go elsewhere isn't surely there, but the file that asks and this one are one.
        let others = analysis.others.iter().filter(|own| *own == environment);
        for own in analysis.environments.iter().chain(others) {
            let asked = known || own == environment;
            if asked && is_deployed_as(context, owner, own, &key) {
                if found.is_some_and(|other| other.index != index) {
                    return None;
                }
                found = Some(Declared {
                    context,
                    owner,
                    index,
                    environment: own,
                });
                break;
            }
        }
    }
    let (true, Some(all)) = (known, analysis.index()) else {
        return found;
    };
    let (kind, name) = leastwise_workspace::analysis::index::identity(arn)?;
    for (file, index, owner) in all.owners(kind, &name) {
        if owner.declared.is_none() || kind != OwnerKind::Role || file.is(analysis) {
            continue;
        }
        let there = Context::new(&file.tree, &file.analysis);
        for own in &file.analysis.environments {
            if is_deployed_as(there, owner, own, &key) {
                if found.is_some() {
                    return None;
                }
                found = Some(Declared {
                    context: there,
                    owner,
                    index,
                    environment: own,
                });
                break;
            }
            // It may be this one, too.
            let arns = file.analysis.arns(&file.tree, owner, own);
            if arns.iter().any(|own| overlap(own, arn).possible()) {
                return None;
            }
        }
    }
    found
}

fn is_deployed_as(context: Context<'_>, owner: &Owner, own: &Environment, key: &Key) -> bool {
    match context.analysis.arns(context.tree, owner, own).as_slice() {
        [arn] => Key::of(arn).as_ref() == Some(key),
        _ => false,
    }
}

impl Declared<'_> {
    /// Whether the role's trust policy lets a caller in. `No` only where it surely doesn't.
    pub fn admits(&self, caller: &Caller) -> Tri {
        let context = self.context;
        let written = self.owner.generated.iter();
        let mut seen = false;
        if written.into_iter().any(|it| it.kind == SiteKind::Trust) {
            return Tri::Maybe;
        }
        for site in context.analysis.sites_of(self.index) {
            if site.kind != SiteKind::Trust {
                continue;
            }
            seen = true;
            let policy = context.policy(site);
            let may = policy.statements.iter().any(|it| self.takes(it, caller));
            if may || policy.is_open() {
                return Tri::Maybe;
            }
        }
        if seen { Tri::No } else { Tri::Maybe }
    }

    /// Whether a statement may let a caller in.
    fn takes(&self, statement: &Statement, caller: &Caller) -> bool {
        let Some(assume) = assume_role() else {
            return true;
        };
        if matches!(statement.effect, Known::Is(Effect::Deny))
            || !takes_in(statement, assume).possible()
        {
            return false;
        }
        let named = match &statement.principal {
            Known::Missing => !statement.not_principal.is_missing(),
            Known::Dynamic(_) => true,
            Known::Is(principals) => {
                principals.star
                    || principals.dynamic
                    || principals.kinds.iter().any(|kind| {
                        let items = match &kind.values {
                            Known::Is(list) if !list.dynamic => &list.items,
                            _ => return true,
                        };
                        kind.name == "AWS" && items.iter().any(|item| self.names(item, caller))
                    })
            }
        };
        let tests = match &statement.condition {
            Known::Is(tests) => tests.as_slice(),
            Known::Missing | Known::Dynamic(_) => &[],
        };
        named && tests.iter().all(|test| self.meets(test, caller))
    }

    fn values(&self, item: &Item) -> Vec<Pattern> {
        let Context { tree, analysis, .. } = self.context;
        let values = analysis.resolve(tree, &item.text, self.environment, false);
        values.into_iter().map(|value| value.pattern).collect()
    }

    /// Whether a principal may be a caller, or its account.
    fn names(&self, item: &Item, caller: &Caller) -> bool {
        let values = self.values(item);
        let names = |value: &Pattern| match Arn::parse(value) {
            ArnShape::Arn(arn) if arn.resource.raw() == "root" => {
                caller.is_of(&arn.account.pattern())
            }
            ArnShape::Arn(_) => caller.may_be(value),
            _ => match Principal::parse("AWS", value) {
                Principal::Account(account) => caller.is_of(&Pattern::literal(&account)),
                // A bare hole may be any of these; an id can't be told from what the files say.
                _ => true,
            },
        };
        values.is_empty() || values.iter().any(names)
    }

    /// Whether a caller may meet a test. Only those on who it is are looked at.
    fn meets(&self, test: &Test, caller: &Caller) -> bool {
        let key = test.key.as_deref().unwrap_or_default();
        let account = match key.to_ascii_lowercase().as_str() {
            "aws:principalarn" => false,
            "aws:principalaccount" => true,
            _ => return true,
        };
        let (Ok(operator), Known::Is(values)) = (Operator::parse(&test.operator), &test.values)
        else {
            return true;
        };
        let texts = matches!(operator.base.family, Family::String | Family::Arn);
        if operator.base.negated || !texts || values.dynamic {
            return true;
        }
        values.items.iter().any(|item| {
            let values = self.values(item);
            let meets = |value: &Pattern| match account {
                true => caller.is_of(value),
                false => overlap(value, &caller.arn).possible(),
            };
            values.is_empty() || values.iter().any(meets)
        })
    }
}
