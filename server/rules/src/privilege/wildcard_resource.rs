//! Finds `*` as the resource of actions that can be limited to resources.
//!
//! On `*` an action applies to everything of its kind in the account, including other apps. Most actions can be limited
//! to ARNs; the few that can't belong in a separate statement.
//!
//! For actions that change resources it is a warning if the config, a name such as `DeployRole` or CloudFormation's
//! trust shows that the policy belongs to a deploy role, and a suggestion otherwise; for reading it is a suggestion,
//! and listing isn't reported. Neither are actions on resources whose IDs AWS generates, since nobody can name them
//! before they exist. `*` as the action has a rule of its own. Statements whose conditions limit the resources (by
//! tags, say) are left alone; so is what a `Deny` of the owner leaves on a few resources only.
//!
//! The fix lists the app's resources by its prefix, and moves actions that only support `*` to a separate statement;
//! those that concern the account rather than an app are removed, which the fix announces. For a wildcard such as
//! `s3:*` there is a second choice, with every resource type of the service. An entry with an ignore comment for this
//! rule or `pass-role-unscoped` stays on `*`.
//!
//! ## Config
//!
//! ```toml
//! [app]
//! prefix = "shop"
//! variables = ["AppId"]
//!
//! [accounts]
//! dev = "111111111111"
//!
//! [deploy]
//! regions = ["eu-west-1"]
//! roles = ["DeployRole", "shop"]
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Parameters:
//!   AppId:
//!     Type: String
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: functions
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Sid: Functions
//!                 Effect: Allow
//!                 Action:
//!                   - lambda:CreateFunction
//!                   - lambda:DeleteFunction
//!                   - lambda:ListFunctions # takes no resource
//!                 Resource: '*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["dynamodb:CreateTable", "dynamodb:DeleteTable"],
//!       "Resource": "*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Parameters:
//!   AppId:
//!     Type: String
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: functions
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Sid: Functions
//!                 Effect: Allow
//!                 Action:
//!                   - lambda:CreateFunction
//!                   - lambda:DeleteFunction
//!                 Resource: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AppId}-*'
//!               - Sid: FunctionsUnscoped
//!                 Effect: Allow
//!                 Action:
//!                   - lambda:ListFunctions # takes no resource
//!                 Resource: '*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["dynamodb:CreateTable", "dynamodb:DeleteTable"],
//!       "Resource": "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-*"
//!     }
//!   ]
//! }
//! ```

use std::cell::OnceCell;

use leastwise_catalog::{AccessLevel, Action};
use leastwise_model::{Item, Known, Level, Policy, Site, SiteKind, Statement};
use leastwise_policy::{ActionPattern, Tri};
use leastwise_syntax::{NodeId, Span};
use leastwise_workspace::analysis::deploy::Deploys;

use crate::ignore::Ignores;
use crate::support::coverage::is_everything_throughout;
use crate::support::leftovers::{Left, Leftovers};
use crate::support::naming;
use crate::{
    Context, Fact, Facts, Finding, FixKind, Group, Judges, LazyFix, Rule, Scope, conditions,
};
use judged_actions::{changes, is_left, is_of_services, is_pass_role};
use wording::message;

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "wildcard-resource",
    group: Group::Privilege,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`*` as the resource of actions that can be limited",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[
        ("parliament", "RESOURCE_STAR"),
        ("parliament", "RESOURCE_EFFECTIVELY_STAR"),
        ("cloudsplaining", "InfrastructureModification"),
        ("cloudsplaining", "DataExfiltration"),
        ("cloudsplaining", "ResourceExposure"),
        ("checkov", "CKV_AWS_108"),
        ("checkov", "CKV_AWS_109"),
        ("checkov", "CKV_AWS_111"),
        ("checkov", "CKV_AWS_288"),
        ("checkov", "CKV_AWS_289"),
        ("checkov", "CKV_AWS_290"),
        ("checkov", "CKV_AWS_355"),
        ("checkov", "CKV_AWS_356"),
        ("trivy", "aws-iam-no-policy-wildcards"),
        ("cfn-nag", "W11"),
        ("cfn-nag", "W12"),
        ("cfn-nag", "W13"),
        ("cdk-nag", "AwsSolutions-IAM5"),
        ("guard", "IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE"),
        ("iam-policy-validator", "wildcard_resource"),
    ],
    scope: &[Scope::Policy(find)],
};

/// Services most of whose resources have ids that AWS makes up when it creates them.
const RANDOM_IDS: [&str; 27] = [
    "access-analyzer",
    "acm",
    "amplify",
    "apigateway",
    "appsync",
    "cloudfront",
    "cognito-identity",
    "cognito-idp",
    "config",
    "ec2",
    "elasticfilesystem",
    "elasticloadbalancing",
    "globalaccelerator",
    "guardduty",
    "imagebuilder",
    "kms",
    "mediaconvert",
    "network-firewall",
    "organizations",
    "route53",
    "route53resolver",
    "servicediscovery",
    "shield",
    "sso",
    "transfer",
    "waf-regional",
    "wafv2",
];

/// A statement that allows actions on everything that could be limited.
struct Wide {
    /// Where the `*` stands.
    at: Span,
    /// The entries that can be limited: those that change something first.
    actions: Vec<String>,
    level: Level,
    statement: NodeId,
    owner: Option<String>,
}

/// Looks at each statement of a policy, with the ignores that stand in it.
fn find<'a>(context: &Context<'a>, site: &'a Site, policy: &'a Policy, facts: &mut Facts<'a>) {
    if site.kind != SiteKind::Identity {
        return;
    }
    let ignores = OnceCell::new();
    for statement in policy.statements.iter().filter(|of| of.allows()) {
        let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
        else {
            continue;
        };
        let mut resources = resources.items.iter();
        let Some(star) = resources.find(|item| is_everything_throughout(context, item)) else {
            continue;
        };
        // Whoever may do everything can make himself anything: another rule tells.
        let is_star = |item: &Item| item.action == Some(ActionPattern::Star);
        let limited = conditions::limits_resources(context, statement) != Tri::No;
        if limited || actions.items.iter().any(is_star) {
            continue;
        }
        let ignores = ignores.get_or_init(|| Ignores::within(context, context.span(policy.node)));
        let left = facts.leftovers().left_by(site, statement);
        let mut named = Named::default();
        for item in &actions.items {
            let Some(pattern) = &item.action else {
                continue;
            };
            let Some(told) = Reported::of(context, &left, star, item, pattern) else {
                continue;
            };
            if ignored::alone(context, ignores, site, item) {
                facts.push(ignored::OnPurpose::of(context, site, item));
                continue;
            }
            named.add(told, pattern.text());
        }
        let is_nameable = named.is_nameable;
        let actions = named.in_order();
        if actions.is_empty() {
            continue;
        }
        facts.push(Wide {
            at: context.item_span(star),
            actions,
            level: match is_nameable && deploys(context, site) == Deploys::Said {
                true => Level::Warning,
                false => Level::Suggestion,
            },
            statement: statement.node,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Why an entry is told of.
enum Reported {
    /// It changes something; whether there is a name before AWS has made it.
    Changes { nameable: bool },
    /// It reads.
    Reads,
}

impl Reported {
    /// `None` where nothing that an entry stands for, and that is left of it, could be limited.
    fn of(
        context: &Context<'_>,
        left: &Left,
        star: &Item,
        item: &Item,
        pattern: &ActionPattern,
    ) -> Option<Reported> {
        let patterns = context.patterns(star);
        let useful = |action: &Action| {
            let mut patterns = patterns.iter();
            patterns.any(|pattern| context.study(pattern).fits(*action).possible())
        };
        let actions = context.expand(item).iter().copied();
        let narrowable: Vec<Action> = actions
            .filter(|action| can_be_narrowed(*action) && useful(action))
            .filter(|action| !is_of_services(*action))
            .filter(|action| is_left(left, *action, &patterns))
            .collect();
        let mut changing = narrowable.iter().filter(|of| changes(**of)).peekable();
        if changing.peek().is_some() {
            let nameable = changing.any(|action| !has_made_up_ids(*action));
            return Some(Reported::Changes { nameable });
        }
        let is_read = narrowable.iter().any(|action| reads(pattern, *action));
        is_read.then_some(Reported::Reads)
    }
}

/// The entries of a statement that are told of.
#[derive(Default)]
struct Named {
    changing: Vec<String>,
    reading: Vec<String>,
    /// Whether what one of them changes has a name before AWS has made it.
    is_nameable: bool,
}

impl Named {
    fn add(&mut self, told: Reported, text: &str) {
        match told {
            Reported::Changes { nameable } => {
                self.changing.push(text.to_owned());
                self.is_nameable |= nameable;
            }
            Reported::Reads => self.reading.push(text.to_owned()),
        }
    }

    /// Those that change something first.
    fn in_order(self) -> Vec<String> {
        let mut all = self.changing;
        all.extend(self.reading);
        all
    }
}

impl Wide {
    /// Whether the statement has entries, too, that stand for nothing but what needs `*`.
    fn stands_beside_others(&self, context: &Context<'_>) -> bool {
        let needs_star = |item: &Item| {
            let actions = context.expand(item);
            !actions.is_empty() && actions.iter().all(|of| star_only::takes_none(*of))
        };
        let statement = context.statement(self.statement);
        statement.is_some_and(|(_, of)| of.actions().iter().any(needs_star))
    }
}

impl Fact for Wide {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let actions: Vec<&str> = self.actions.iter().map(String::as_str).collect();
        let help = match self.stands_beside_others(context) {
            true => {
                "List only the ARNs that are needed; move actions that only support `*` to a separate statement."
            }
            false => "List only the ARNs that are needed.",
        };
        Finding::new(&RULE, self.at, message(&actions))
            .level(self.level)
            .help(help)
            .owner(self.owner.as_deref())
            .action(actions.first().copied().unwrap_or_default())
            .entries(actions.len())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let node = self.statement;
        let Some((site, statement)) = context.statement(node) else {
            return Vec::new();
        };
        let choices = fix::choices(context, site, statement).into_iter();
        let fixes = choices.map(|(choice, safety)| {
            LazyFix::new(choice.title(), safety, move |context| {
                let (site, statement) = context.statement(node)?;
                let left = Leftovers::new(context).left_by(site, statement);
                fix::fix(context, site, statement, &left, choice)
            })
        });
        fixes.collect()
    }
}

/// How it is known that those whom a policy belongs to deploy. What functions run as has no counterparts to miss, and is judged by
/// its breadth as any other role.
fn deploys(context: &Context<'_>, site: &Site) -> Deploys {
    let deploys = |owner: &usize| match context.analysis.is_said_to_deploy(*owner) {
        true => Deploys::Said,
        false => context.deployment(*owner),
    };
    let told = site.owners.iter().map(deploys);
    told.max().unwrap_or(Deploys::No)
}

/// Whether an entry is told of since it reads; what a wildcard lists is not.
fn reads(own: &ActionPattern, action: Action) -> bool {
    let listed = own.has_wildcards() && star_only::lists(action);
    action.access_level() == AccessLevel::Read && !listed
}

/// Whether this rule would speak of an action in a statement, whatever else that allows.
pub(crate) fn would_tell(
    context: &Context<'_>,
    site: &Site,
    of: &Statement,
    action: Action,
) -> bool {
    let is_wide = of
        .resources()
        .iter()
        .any(|item| is_everything_throughout(context, item));
    let lists = AccessLevel::List == action.access_level();
    site.kind == SiteKind::Identity
        && is_wide
        && !lists
        && can_be_narrowed(action)
        && !is_of_services(action)
        && conditions::limits_resources(context, of) == Tri::No
}

/// Whether somebody could name resources for an action. `iam:PassRole` has a rule of its own.
fn can_be_narrowed(action: Action) -> bool {
    !star_only::takes_none(action) && !is_pass_role(action)
}

/// Whether AWS makes up the ids of all that an action works on: before something is there, nobody can name it.
fn has_made_up_ids(action: Action) -> bool {
    let random = |prefix: &str| RANDOM_IDS.contains(&prefix);
    let mut types = action.resources().map(|of| of.resource_type());
    types.all(|of| random(of.service().prefix()) && !naming::is_named(of))
}

mod choice;
mod extra_resources;
mod fix;
mod ignored;
mod judged_actions;

mod cached_choices;
mod needed;
mod pairs;
mod short_wildcards;
mod star_only;
mod wording;

#[cfg(test)]
mod tests;
