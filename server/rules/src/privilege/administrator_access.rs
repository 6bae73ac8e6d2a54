//! Finds identities that can do everything, or can give themselves every permission.
//!
//! `AdministratorAccess` and a statement of `*` on `*` allow every action on every resource. `IAMFullAccess` amounts to
//! the same, since whoever can write any policy can write their own. `PowerUserAccess`, and `NotAction` in `Allow` on
//! `*`, allow all but a few actions, including future ones. `NotResource` that names a few resources leaves all others.
//!
//! It is an error where code runs with it (functions, machines, builds) or where it is assumed from outside AWS: one
//! hole in the code, or one leaked token, and the account is lost. For people and for services it is a warning; under a
//! permissions boundary, which limits the identity in the end, a suggestion. Service control policies and boundaries
//! grant nothing and may well say `*`. An identity that also has `AWSDenyAll`, or another `Deny` of everything, can do
//! nothing.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Service: lambda.amazonaws.com
//!             Action: sts:AssumeRole
//!       ManagedPolicyArns:
//!         - arn:aws:iam::aws:policy/AdministratorAccess
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "*",
//!       "Resource": "*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Service: lambda.amazonaws.com
//!             Action: sts:AssumeRole
//!       ManagedPolicyArns:
//!         - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```

use std::cell::OnceCell;

use leastwise_catalog::catalog;
use leastwise_dialects::scope::NameKind;
use leastwise_model::{Attached, Known, Level, List, Owner, Site, SiteKind, Statement};
use leastwise_policy::grants::{Clause, Selection};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::Span;

use crate::support::attached::{named, of_aws};
use crate::support::boundary::is_bounded;
use crate::support::coverage::is_everything_throughout;
use crate::support::identity_policies::Together;
use crate::support::leftovers::Leftovers;
use crate::support::permissions::{denied_to, takes_in};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope, conditions};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "administrator-access",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "An identity that can do everything",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("checkov", "CKV_AWS_274"),
        ("checkov", "CKV2_AWS_56"),
        ("cfn-nag", "W43"),
        ("cfn-nag", "W44"),
        ("cfn-nag", "F5"),
        ("guard", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"),
        ("guard", "IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE"),
        ("guard", "IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE"),
    ],
    scope: &[Scope::Owner(attached), Scope::Statement(find)],
};

/// Services that run somebody's code under a role that they assume.
const RUN_CODE: [&str; 12] = [
    "amplify",
    "bedrock-agentcore",
    "build.apprunner",
    "codebuild",
    "ec2",
    "ecs-tasks",
    "edgelambda",
    "emr-serverless",
    "glue",
    "lambda",
    "pods.eks",
    "tasks.apprunner",
];

fn find<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
    facts: &mut Facts<'a>,
) {
    let found = wide(context, facts.leftovers(), site, statement);
    facts.extend(found);
}

/// A managed policy that allows everything, or nearly.
struct Powerful {
    at: Span,
    policy: &'static str,
    use_of: Use,
    level: Level,
    owner: String,
    /// Whether the owner is a module that is given the policy for what it makes.
    is_module: bool,
    /// Whether something is denied to the owner.
    is_denied: bool,
}

/// Who has a policy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// What runs code.
    Runner,
    /// What code runs as.
    Code,
    /// Whoever comes from outside of AWS's own credentials.
    Outside,
    /// People, services, whatever isn't known.
    Other,
}

fn attached(context: &Context<'_>, index: usize, owner: &Owner, facts: &mut Facts<'_>) {
    let known = OnceCell::new();
    for attached in &owner.attached {
        let Some(policy) = powerful(context, attached) else {
            continue;
        };
        let use_of = use_of(context, index, owner);
        let denied = *known.get_or_init(|| denied(context, index, owner));
        // Who is locked out by `AWSDenyAll` holds nothing, whatever else is attached.
        if denied == Denied::Everything {
            return;
        }
        let is_denied = denied == Denied::Something;
        facts.push(Powerful {
            at: context.text_span(&attached.arn),
            policy,
            use_of,
            level: match is_bounded(*context, index) {
                true => Level::Suggestion,
                false => level(policy, use_of, is_denied),
            },
            is_denied,
            owner: owner.label.clone(),
            is_module: is_call(context, &owner.label),
        });
    }
}

/// Whether a name is the use of a module.
fn is_call(context: &Context<'_>, name: &str) -> bool {
    let named = context.analysis.state().named(context.tree, name);
    named.is_some_and(|named| named.kind == NameKind::Call)
}

/// The powerful policy that an attachment surely names.
fn powerful(context: &Context<'_>, attached: &Attached) -> Option<&'static str> {
    const POLICIES: [&str; 3] = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];
    let named = named(context, attached);
    let names = named.iter().map(of_aws).collect::<Option<Vec<String>>>()?;
    let first = names.first()?;
    let policy = POLICIES.into_iter().find(|policy| policy == first)?;
    names.iter().all(|name| name == policy).then_some(policy)
}

fn level(policy: &str, use_of: Use, is_denied: bool) -> Level {
    if policy == "PowerUserAccess" || use_of == Use::Other || is_denied {
        return Level::Warning;
    }
    Level::Error
}

/// How much is denied to an owner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Denied {
    /// Nothing, as far as is known.
    Nothing,
    /// Something, or perhaps something.
    Something,
    /// Surely everything.
    Everything,
}

/// How much the policies of an owner deny it, in this file or another.
fn denied(context: &Context<'_>, index: usize, owner: &Owner) -> Denied {
    let together = Together::of(*context, index);
    let clauses = denied_to(&together);
    if clauses.iter().any(denies_everything) {
        return Denied::Everything;
    }
    let sites = context.analysis.sites_of(index);
    let sites = sites.filter(|site| site.kind == SiteKind::Identity);
    let written = sites.flat_map(|site| &context.policy(site).statements);
    let generated = owner.generated.iter();
    let generated = generated.filter(|generated| generated.kind == SiteKind::Identity);
    let generated = generated.flat_map(|generated| &generated.policy.statements);
    let is_elsewhere = owner.denied_elsewhere || together.cut_off || !clauses.is_empty();
    match is_elsewhere || written.chain(generated).any(Statement::denies) {
        true => Denied::Something,
        false => Denied::Nothing,
    }
}

/// Whether a `Deny` is surely there, and about whatever is asked.
fn denies_everything(clause: &Clause) -> bool {
    let sure = clause.certain && clause.guards.is_empty() && clause.conditions.is_empty();
    let every_action = matches!(&clause.actions, Selection::Only(list)
        if list.forms().any(|action| *action == ActionPattern::Star));
    let on_all = matches!(&clause.resources, Selection::Only(list)
        if list.forms().any(Pattern::is_star));
    sure && every_action && on_all
}

fn use_of(context: &Context<'_>, index: usize, owner: &Owner) -> Use {
    if owner.runs {
        return Use::Runner;
    }
    let sites = context.analysis.sites_of(index);
    let trusts = sites.filter(|site| site.kind == SiteKind::Trust);
    let written = trusts.flat_map(|site| &context.policy(site).statements);
    // SAM writes who may assume the roles of its functions.
    let trusts = owner.generated.iter();
    let trusts = trusts.filter(|generated| generated.kind == SiteKind::Trust);
    let generated = trusts.flat_map(|generated| &generated.policy.statements);
    let statements = written.chain(generated);
    let mut outside = false;
    for statement in statements.filter(|statement| statement.allows()) {
        let Known::Is(principals) = &statement.principal else {
            continue;
        };
        let literals = |kind: &str| {
            let items = principals.values(kind).iter();
            items.filter_map(|item| item.text.literal(context.tree).map(str::to_owned))
        };
        if literals("Service").any(|service| runs_code(&service)) {
            return Use::Code;
        }
        let web = catalog().action("sts", "AssumeRoleWithWebIdentity");
        let federated = !principals.values("Federated").is_empty()
            && web.is_some_and(|action| takes_in(statement, action) == Tri::Yes);
        outside |=
            principals.star || federated || literals("AWS").any(|principal| principal == "*");
    }
    if outside { Use::Outside } else { Use::Other }
}

fn runs_code(service: &str) -> bool {
    let name = service.strip_suffix(".cn").unwrap_or(service);
    let name = name.strip_suffix(".amazonaws.com");
    name.is_some_and(|name| RUN_CODE.contains(&name))
}

impl Fact for Powerful {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let may = match self.policy {
            "AdministratorAccess" => "do everything",
            "IAMFullAccess" => "give itself every permission",
            _ => "do nearly everything",
        };
        let may = match self.is_denied {
            true => format!("{may} except what is denied"),
            false => format!("{may} in the account"),
        };
        let owner = &self.owner;
        let comes = match self.use_of {
            _ if self.is_module => format!("the identities of `{owner}` {may}"),
            Use::Runner => format!("the code of `{owner}` {may}"),
            Use::Code => format!("code running as `{owner}` {may}"),
            Use::Outside => format!("`{owner}`, which is assumed from outside the account, {may}"),
            Use::Other => format!("`{owner}` {may}"),
        };
        let message = format!("`{}` lets {comes}.", self.policy);
        Finding::new(&RULE, self.at, message)
            .level(self.level)
            .help("Detach it, and attach a policy with only the permissions that are needed.")
            .owner(Some(owner))
    }
}

/// A statement that allows everything, or nearly.
struct Wide {
    at: Span,
    /// Whether it allows all but a few actions.
    but_few: bool,
    /// Whether it does so on all but a few resources.
    but_resources: bool,
    level: Level,
    /// Where that is so, if not everywhere.
    place: String,
    /// What it is less by: conditions, something that is denied.
    less: &'static str,
    owner: Option<String>,
}

fn wide<'a>(
    context: &Context<'a>,
    leftovers: &mut Leftovers<'a>,
    site: &'a Site,
    statement: &'a Statement,
) -> Option<Wide> {
    if site.kind != SiteKind::Identity || !statement.allows() {
        return None;
    }
    let everything = |list: &List| {
        list.items
            .iter()
            .any(|item| is_everything_throughout(context, item))
    };
    let (whole, but_resources) = match (&statement.resource, &statement.not_resource) {
        (Known::Is(resources), _) => (everything(resources), false),
        (Known::Missing, Known::Is(but)) => (!but.dynamic && are_few(context, but), true),
        _ => return None,
    };
    let limited = conditions::limits_resources(context, statement) != Tri::No;
    if limited || !whole {
        return None;
    }
    let left = leftovers.left_by(site, statement);
    let mut level = if statement.condition.is_missing() && statement.branch.is_empty() {
        Level::Error
    } else {
        Level::Warning
    };
    let (at, but_few) = match (&statement.action, &statement.not_action) {
        (Known::Is(actions), _) => {
            let star = |item: &&leastwise_model::Item| item.action == Some(ActionPattern::Star);
            let item = actions.items.iter().find(star)?;
            (context.item_span(item), false)
        }
        (Known::Missing, Known::Is(actions)) => {
            // Where `iam:PassRole` is left in, that is what is told.
            let pass_role = catalog().action("iam", "PassRole")?;
            if actions.dynamic || takes_in(statement, pass_role) != Tri::No {
                return None;
            }
            // All but everything is nothing.
            let mut items = actions.items.iter();
            if items.any(|item| item.action == Some(ActionPattern::Star)) {
                return None;
            }
            level = Level::Warning;
            (context.content(actions.key), true)
        }
        _ => return None,
    };
    let mut place = String::new();
    let less = match (left.is_denied(), statement.condition.is_missing()) {
        (true, _) => ", except what is denied",
        (false, true) => "",
        (false, false) => ", and its conditions limit no resource",
    };
    if left.is_denied() {
        let everything = left.everything();
        level = everything.level(Level::Warning)?;
        place = everything.place();
    }
    let mut owners = site.owners.iter();
    if owners.any(|owner| is_bounded(*context, *owner)) {
        level = Level::Suggestion;
    }
    Some(Wide {
        at,
        but_few,
        but_resources,
        level,
        place,
        less,
        owner: context.owner(site).map(str::to_owned),
    })
}

/// Whether resources are of some services only, so that those of all others are none of them.
fn are_few(context: &Context<'_>, list: &List) -> bool {
    let of_service = |pattern: &Pattern| match Arn::parse(pattern) {
        ArnShape::Arn(arn) => arn.service.pattern().as_literal().is_some(),
        _ => false,
    };
    list.items.iter().all(|item| {
        let patterns = context.patterns(item);
        !patterns.is_empty() && patterns.into_iter().all(of_service)
    })
}

impl Fact for Wide {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (place, less) = (&self.place, self.less);
        let but = match self.but_resources {
            true => " except those named",
            false => "",
        };
        let message = match self.but_few {
            true => format!(
                "All actions except those named are allowed on every resource{but}{place}{less}, including future ones."
            ),
            false => {
                format!("Every action is allowed on every resource{but}{place}{less}.")
            }
        };
        Finding::new(&RULE, self.at, message)
            .level(self.level)
            .help("Name the intended actions and resources.")
            .owner(self.owner.as_deref())
            .action("*")
    }
}

#[cfg(test)]
mod tests;
