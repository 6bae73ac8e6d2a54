//! Finds policies that grant access to anyone: `*` as the principal, with nothing that limits it.
//!
//! A role whose trust policy names `*` can be assumed from any AWS account, with all of its permissions. A bucket,
//! queue, topic, key or function whose policy allows `*` is open to the world, even without signing in. `NotPrincipal`
//! with `Allow` includes everyone but the few that it names. A condition limits it if it names somebody: an account, an
//! organization, an ARN, a VPC or a VPC endpoint, an address range. One whose value is `*`, whose operator is negated,
//! or which also matches if the key is missing (`…IfExists`, `ForAllValues`) doesn't.
//!
//! The same goes for resources that are a permission without a policy document: `AWS::Lambda::Permission`, the
//! `Principal` of `AWS::Events::EventBusPolicy`, and their counterparts in Terraform. Their properties
//! (`PrincipalOrgID`, `SourceAccount`) limit it like conditions.
//!
//! If a bucket's own settings, in the same file, block public access, the finding says so: with `BlockPublicPolicy` S3
//! rejects a public policy, with `RestrictPublicBuckets` nobody from outside the bucket's account gets access.
//!
//! What services document as open is only a suggestion (objects that anyone may read, as in a website; a function's URL
//! with `FunctionUrlAuthType: NONE`, while `AWS_IAM` with `*` gives every AWS account access), or not reported (API
//! Gateway, public ECR repositories, policies of VPC endpoints).
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: '*'}
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: '*'}
//!             Action: sts:AssumeRole
//!             Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
//! ```

use std::cell::LazyCell;

use leastwise_catalog::catalog;
use leastwise_dialects::facts::{Blocks, PublicBlock};
use leastwise_model::{Item, Known, Level, Policy, Site, SiteKind, Statement, Test};
use leastwise_policy::condition::Operator;
use leastwise_syntax::{NodeId, Span};

use self::blocked::{blocked, in_words};
use crate::resources::action_resource_mismatch::foreign::{is_foreign, is_vain};
use crate::support::callers::{Bounds, Denials, bounds, everybody, has_only, passed_without_key};
use crate::support::permissions::takes_in;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope, conditions};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "public-principal",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy that grants access to anyone",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "ALLOW_WITH_NOT_PRINCIPAL"),
        ("parliament", "NOTPRINCIPAL_WITH_ALLOW"),
        ("checkov", "CKV_AWS_32"),
        ("checkov", "CKV_AWS_33"),
        ("checkov", "CKV_AWS_60"),
        ("checkov", "CKV_AWS_70"),
        ("checkov", "CKV_AWS_168"),
        ("checkov", "CKV_AWS_169"),
        ("checkov", "CKV_AWS_283"),
        ("checkov", "CKV_AWS_387"),
        ("cfn-nag", "F7"),
        ("cfn-nag", "F8"),
        ("cfn-nag", "F9"),
        ("cfn-nag", "F13"),
        ("cfn-nag", "F16"),
        ("cfn-nag", "F18"),
        ("cfn-nag", "F21"),
        ("cfn-nag", "F76"),
        ("iam-policy-validator", "principal_validation"),
        ("iam-policy-validator", "not_principal_validation"),
    ],
    scope: &[Scope::Grant(find)],
};

/// Actions that read what services document as something that everybody may read.
const PUBLIC_READS: [&str; 9] = [
    "lambda:GetLayerVersion",
    "lambda:InvokeFunctionUrl",
    "mediapackagev2:GetHeadObject",
    "mediapackagev2:GetObject",
    "mediastore:DescribeObject",
    "mediastore:GetObject",
    "mediatailor:GetManifest",
    "s3:GetObject",
    "s3:GetObjectVersion",
];

/// Services whose own resource policies are meant to name `*`: a limit stands elsewhere, or the resource is public.
const OPEN_SERVICES: [&str; 3] = ["ecr-public", "execute-api", "schemas"];

/// The actions that a role is assumed by.
const ASSUME: [&str; 3] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
];

/// A statement that takes in everybody.
struct Public {
    span: Span,
    owner: Option<String>,
    level: Level,
    how: How,
    /// Some of the actions that are allowed.
    actions: Vec<String>,
    /// Whether requests have to be signed by somebody.
    signed: bool,
    /// Whether they have to come through services that a condition names.
    through: bool,
    /// Whether they come by the URL of a function that asks nobody who they are.
    by_url: bool,
    /// Where a test would name somebody and holds without its key, with the key.
    passed: Option<(Span, String)>,
    /// What the resource's own settings make of it.
    blocked: Option<PublicBlock>,
}

enum How {
    /// A role that anybody may assume; whether by a bare `*`, which AWS takes in no trust policy.
    Trust { bare: bool },
    /// A resource that is open to everybody.
    Resource,
    /// A resource that is open to everybody whom `NotPrincipal` doesn't name.
    Others,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    // What keeps the others out of one statement does so for all.
    let denials = LazyCell::new(|| Denials::of(context, site));
    for statement in &policy.statements {
        in_statement(context, site, statement, || &denials, facts);
    }
}

fn in_statement<'d>(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    denials: impl FnOnce() -> &'d Denials<'d>,
    facts: &mut Facts<'_>,
) {
    let Some((node, how, level)) = public(context, site, statement, denials) else {
        return;
    };
    let passed = passed_without_key(context, statement);
    let blocked = match how {
        // What AWS takes for public where conditions ask for something is another matter.
        How::Resource if bounds(context, statement) == Bounds::None => blocked(context, site),
        _ => None,
    };
    let level = match blocked.map(|blocked| blocked.how) {
        None => level,
        Some(Blocks::Refused) => Level::Error,
        Some(Blocks::RefusedLater) if level == Level::Error => level,
        Some(Blocks::RefusedLater | Blocks::Shut) => Level::Warning,
    };
    let actions = statement.actions().iter();
    facts.push(Public {
        span: context.content(node),
        owner: context.owner(site).map(str::to_owned),
        level,
        how,
        signed: is_signed(site, statement, context),
        by_url: url(context, statement) == Url::Open,
        through: conditions::tests(statement).iter().any(is_through_services),
        actions: actions
            .filter(|item| !is_foreign(site, item))
            .filter_map(|item| item.text.literal(context.tree))
            .map(str::to_owned)
            .collect(),
        passed: passed.map(|test| {
            let key = test.key.clone().unwrap_or_default();
            (context.content(test.operator_node), key)
        }),
        blocked,
    });
}

/// Whether a statement lets everybody in, and that is more than a suggestion.
pub(crate) fn is_public(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    let denials = LazyCell::new(|| Denials::of(context, site));
    let found = public(context, site, statement, || &denials);
    found.is_some_and(|(_, _, level)| level != Level::Suggestion)
}

/// Where a statement takes in everybody, how, and how much it matters.
fn public<'d>(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    denials: impl FnOnce() -> &'d Denials<'d>,
) -> Option<(NodeId, How, Level)> {
    if !statement.allows() || !matters(site, statement) {
        return None;
    }
    let (node, how) = match (&statement.principal, &statement.not_principal) {
        (Known::Is(principals), _) => {
            let first = everybody(context, principals).into_iter().next()?;
            let bare = principals.star;
            match site.kind {
                SiteKind::Trust => (first, How::Trust { bare }),
                _ => (first, How::Resource),
            }
        }
        // A trust policy can't have it at all.
        (Known::Missing, Known::Is(others)) if site.kind == SiteKind::Resource => {
            (others.key, How::Others)
        }
        _ => return None,
    };
    let level = match (&how, level(context, site, statement)?) {
        // "AssumeRolepolicy contained an invalid principal", whatever the conditions.
        (How::Trust { bare: true }, _) => Level::Error,
        (_, level) => level,
    };
    let shut =
        conditions::is_dead(context, statement) || denials().take_off(context, site, statement);
    (!shut).then_some((node, how, level))
}

/// Whether it is a policy in which `*` means everybody, and gives them something.
fn matters(site: &Site, statement: &Statement) -> bool {
    match site.kind {
        SiteKind::Trust => ASSUME
            .iter()
            .filter_map(|name| catalog().action("sts", name))
            .any(|action| takes_in(statement, action).possible()),
        SiteKind::Resource => {
            site.service
                .is_none_or(|service| !OPEN_SERVICES.contains(&service))
                && !is_vain(site, statement)
        }
        _ => false,
    }
}

/// How much it matters; `None` where the conditions name somebody, or it may be another kind of policy.
fn level(context: &Context<'_>, site: &Site, statement: &Statement) -> Option<Level> {
    let bounds = bounds(context, statement);
    let url = url(context, statement);
    match (site.kind, site.service, bounds) {
        (_, _, Bounds::Named) => None,
        (SiteKind::Trust, _, Bounds::None) => Some(Level::Error),
        (SiteKind::Trust, ..) => Some(Level::Warning),
        _ if url == Url::Unknown => None,
        _ if url == Url::Open => Some(Level::Suggestion),
        _ if url != Url::Signed && reads_only(statement, context) => Some(Level::Suggestion),
        // A document that stands alone can be the policy of a VPC endpoint, where `*` is whoever is behind it.
        (_, None, Bounds::None | Bounds::Weakly) if !is_for_everything(context, statement) => {
            Some(Level::Warning)
        }
        (_, None, _) => None,
        // Where a domain stands in a VPC, or has users of its own, AWS recommends an open policy.
        (_, Some("es"), _) if is_guarded_domain(context) => None,
        (_, Some("es"), _) => Some(Level::Warning),
        // Only networks that are associated with a service reach it. AWS's own template asks for no more than a signature.
        (_, Some("vpc-lattice-svcs"), _) if keeps_out_anonymous(context, statement) => None,
        (_, Some("vpc-lattice-svcs"), _) => Some(Level::Warning),
        (_, Some(_), Bounds::None) => Some(Level::Error),
        (_, Some(_), _) => Some(Level::Warning),
    }
}

/// Whether a test asks for requests that AWS KMS gets from other services.
fn is_through_services(test: &Test) -> bool {
    let key = test.key.as_deref().unwrap_or_default();
    let operator = Operator::parse(&test.operator);
    key.eq_ignore_ascii_case("kms:ViaService")
        && operator.is_ok_and(|operator| !operator.base.negated && !operator.if_exists)
}

/// Whether what is allowed is only given to who has signed in: AWS KMS, AWS Lambda but for URLs, and Amazon EventBridge
/// take no other requests.
fn is_signed(site: &Site, statement: &Statement, context: &Context<'_>) -> bool {
    let is_url = |item: &Item| {
        let text = item.text.literal(context.tree).unwrap_or("*");
        text.contains('*') || text.eq_ignore_ascii_case("lambda:InvokeFunctionUrl")
    };
    match site.service {
        _ if url(context, statement) == Url::Signed => true,
        _ if keeps_out_anonymous(context, statement) => true,
        Some("kms" | "events") => true,
        Some("lambda") => !statement.actions().iter().any(is_url),
        _ => false,
    }
}

/// Whether the conditions keep out whoever hasn't signed in.
fn keeps_out_anonymous(context: &Context<'_>, statement: &Statement) -> bool {
    conditions::tests(statement).iter().any(|test| {
        let key = test.key.as_deref().unwrap_or_default();
        let operator = Operator::parse(&test.operator);
        key.eq_ignore_ascii_case("aws:PrincipalType")
            && operator.is_ok_and(|operator| operator.base.negated)
            && has_only(context, test, "anonymous")
    })
}

/// What the conditions of a statement say of the URL of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Url {
    /// Nothing.
    Unsaid,
    /// It asks nobody who they are: AWS documents that as the way to a public endpoint.
    Open,
    /// It takes requests that an identity of some AWS account has signed.
    Signed,
    /// It can't be told, or the statement that lets somebody call the URL tells.
    Unknown,
}

fn url(context: &Context<'_>, statement: &Statement) -> Url {
    let mut said = Url::Unsaid;
    for test in conditions::tests(statement) {
        let is = |key: &str| {
            test.key
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(key))
        };
        let holds_without = Operator::parse(&test.operator)
            .is_ok_and(|operator| operator.base.negated || operator.if_exists);
        if is("lambda:InvokedViaFunctionUrl") && !has_only(context, test, "false") {
            return Url::Unknown;
        }
        if !is("lambda:FunctionUrlAuthType") {
            continue;
        }
        said = match () {
            () if holds_without => Url::Unknown,
            () if has_only(context, test, "NONE") => Url::Open,
            () if has_only(context, test, "AWS_IAM") => Url::Signed,
            () => return Url::Unknown,
        };
    }
    said
}

/// Whether all that is allowed is to read what services document as public.
fn reads_only(statement: &Statement, context: &Context<'_>) -> bool {
    let actions = statement.actions();
    !actions.is_empty()
        && actions.iter().all(|item| {
            let text = item.text.literal(context.tree);
            text.is_some_and(|text| {
                PUBLIC_READS
                    .iter()
                    .any(|read| read.eq_ignore_ascii_case(text))
            })
        })
}

/// Whether a statement names no resource of its own.
fn is_for_everything(context: &Context<'_>, statement: &Statement) -> bool {
    statement.resource.known().is_none_or(|list| {
        list.dynamic
            || list
                .items
                .iter()
                .any(|item| context.patterns(item).iter().any(|value| value.is_star()))
    })
}

/// Whether the file's search domains are reached over a VPC, or ask their users who they are.
fn is_guarded_domain(context: &Context<'_>) -> bool {
    let mut guards = [
        "VPCOptions",
        "vpc_options",
        "AdvancedSecurityOptions",
        "advanced_security_options",
    ]
    .iter();
    guards.any(|guard| context.tree.mentions(guard))
}

impl Public {
    /// The actions as words for a sentence.
    fn allowed(&self) -> String {
        match self.actions.as_slice() {
            [] => "this".to_owned(),
            [one] if one == "*" => "every action".to_owned(),
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [one, rest @ ..] => format!("`{one}` and {} more actions", rest.len()),
        }
    }
}

impl Fact for Public {
    fn finding(&self, context: &Context<'_>) -> Finding {
        if let Some(blocked) = &self.blocked {
            let (message, help) = in_words(blocked);
            return Finding::new(&RULE, self.span, message)
                .help(help)
                .level(self.level)
                .owner(self.owner.as_deref())
                .related(context.content(blocked.node), "the bucket's setting");
        }
        let (message, help) = match self.how {
            How::Trust { bare: false } => (
                "Any AWS account can assume this role.".to_owned(),
                "Name the accounts, roles or services, or add a condition on `aws:PrincipalOrgID`.",
            ),
            How::Trust { bare: true } => (
                "`Principal: \"*\"` trusts anyone: AWS rejects it in a trust policy.".to_owned(),
                "Name the accounts, roles or services that can assume the role.",
            ),
            How::Resource => (
                format!(
                    "{} is allowed {} here{}.",
                    match self.signed {
                        true => "Any AWS account",
                        false => "Anyone on the internet",
                    },
                    self.allowed(),
                    match self.through {
                        true => ", through the services in `kms:ViaService`",
                        false => "",
                    }
                ),
                match self.by_url {
                    true => {
                        "If callers can sign their requests, require `AWS_IAM`, and name the callers."
                    }
                    false => {
                        "Name the principals, or add a condition on `aws:SourceArn` or `aws:PrincipalOrgID`."
                    }
                },
            ),
            How::Others => (
                format!(
                    "`NotPrincipal` allows {} to {} except those it names.",
                    self.allowed(),
                    match self.signed {
                        true => "any AWS account",
                        false => "anyone on the internet",
                    }
                ),
                "Name the principals in `Principal`: AWS supports `NotPrincipal` only with `Deny`.",
            ),
        };
        let finding = Finding::new(&RULE, self.span, message)
            .help(help)
            .level(self.level)
            .owner(self.owner.as_deref());
        match &self.passed {
            Some((at, key)) => {
                finding.related(*at, format!("this also matches requests without `{key}`"))
            }
            None => finding,
        }
    }
}

mod blocked;

#[cfg(test)]
mod tests;
