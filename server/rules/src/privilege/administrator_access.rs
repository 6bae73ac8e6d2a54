//! Finds identities that may do everything, or may make themselves anything.
//!
//! `AdministratorAccess` and a statement of `*` on `*` allow every action on every resource. `IAMFullAccess` is as much,
//! since who may write any policy may write his own. `PowerUserAccess`, and `NotAction` in `Allow` on `*`, allow all but a
//! few, and with it whatever AWS brings next. `NotResource` that names a few resources leaves all others.
//!
//! It is an error where code runs with it (functions, machines, builds) or where it is assumed from outside of AWS: one
//! hole in the code, or one token, and the account is lost. For people and for services it is a warning; under a
//! permissions boundary, which is what in the end limits the identity, a suggestion. Service control policies and
//! boundaries grant nothing and may well say `*`.
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

use leastwise_catalog::catalog;
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::Span;
use leastwise_workspace::model::{Known, List, Statement};
use leastwise_workspace::{Attached, Level, Owner, Site, SiteKind};

use super::wildcard_resource::is_everything;
use crate::attached::{named, of_aws};
use crate::boundary::is_bounded;
use crate::facts::{self, Fact};
use crate::leftovers::Leftovers;
use crate::permissions::takes_in;
use crate::{Context, Finding, Findings, FixKind, Group, Rule, conditions};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "administrator-access",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "An identity that may do everything",
    fix: FixKind::None,
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
    run,
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

fn run(context: &Context<'_>, findings: &mut Findings) {
    facts::of_owners(context, findings, attached);
    let mut leftovers = Leftovers::new(context);
    for (site, statement) in context.statements() {
        if let Some(wide) = wide(context, &mut leftovers, site, statement) {
            findings.push(wide.finding(context));
        }
    }
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
    /// What runs code, or is run by it.
    Code,
    /// Whoever comes from outside of AWS's own credentials.
    Outside,
    /// People, services, whatever isn't known.
    Other,
}

fn attached(context: &Context<'_>, index: usize, owner: &Owner, facts: &mut Vec<Powerful>) {
    for attached in &owner.attached {
        let Some(policy) = powerful(context, attached) else {
            continue;
        };
        let use_of = use_of(context, index, owner);
        let is_denied = is_denied(context, index, owner);
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
            is_module: owner.label.starts_with("module."),
        });
    }
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

/// Whether some policy of an owner denies it something.
fn is_denied(context: &Context<'_>, index: usize, owner: &Owner) -> bool {
    let sites = context.analysis.sites_of(index);
    let sites = sites.filter(|site| site.kind == SiteKind::Identity);
    let written = sites.flat_map(|site| &context.policy(site).statements);
    let generated = owner.generated.iter();
    let generated = generated.filter(|generated| generated.kind == SiteKind::Identity);
    let generated = generated.flat_map(|generated| &generated.policy.statements);
    owner.denied_elsewhere || written.chain(generated).any(Statement::denies)
}

fn use_of(context: &Context<'_>, index: usize, owner: &Owner) -> Use {
    if owner.runs {
        return Use::Code;
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
            "AdministratorAccess" => "may do everything in the account",
            "IAMFullAccess" => "may give itself every permission of the account",
            _ => "may do nearly everything in the account",
        };
        let may = match self.is_denied {
            true => format!("{may} that isn't denied to it"),
            false => may.to_owned(),
        };
        let owner = &self.owner;
        let comes = match self.use_of {
            _ if self.is_module => format!("what `{owner}` makes {may}"),
            Use::Code => {
                format!("`{owner}` runs code, and {may}, and with it whoever gets into the code")
            }
            Use::Outside => format!("`{owner}` is assumed from outside of the account, and {may}"),
            Use::Other => format!("`{owner}` {may}"),
        };
        let message = format!("With `{}`, {comes}.", self.policy);
        Finding::new(&RULE, self.at, message)
            .level(self.level)
            .help("Attach policies with the permissions that are needed.")
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
    let everything = |list: &List| list.items.iter().any(|item| is_everything(context, item));
    let (whole, but_resources) = match (&statement.resource, &statement.not_resource) {
        (Known::Is(resources), _) => (everything(resources), false),
        (Known::Missing, Known::Is(but)) => (!but.dynamic && are_few(context, but), true),
        _ => return None,
    };
    let limited = conditions::limits_resources(context, statement) != Tri::No;
    if limited || !whole {
        return None;
    }
    let left = leftovers.of(site, statement);
    let mut level = if statement.condition.is_missing() && statement.branch.is_empty() {
        Level::Error
    } else {
        Level::Warning
    };
    let (at, but_few) = match (&statement.action, &statement.not_action) {
        (Known::Is(actions), _) => {
            let star =
                |item: &&leastwise_workspace::model::Item| item.action == Some(ActionPattern::Star);
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
        let place = &self.place;
        let but = match self.but_resources {
            true => " but those named",
            false => "",
        };
        let message = match self.but_few {
            true => format!(
                "All actions but those named are allowed on everything in the account{but}{place}, and so is what AWS brings next."
            ),
            false => {
                format!("Every action is allowed on every resource of the account{but}{place}.")
            }
        };
        Finding::new(&RULE, self.at, message)
            .level(self.level)
            .help("Name the actions and the resources that are meant.")
            .owner(self.owner.as_deref())
            .action("*")
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};
    use leastwise_workspace::Level::{self, Error, Suggestion, Warning};

    fn role(principal: &str, rest: &str) -> Vec<Level> {
        let template = format!(
            "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{{Effect: Allow, Principal: {principal}, Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity']}}]\n{rest}"
        );
        Fixture::new(&template, "").levels(&RULE)
    }

    const ADMINISTRATOR: &str =
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n";

    #[test]
    fn by_who_has_it() {
        for (principal, level) in [
            ("{Service: lambda.amazonaws.com}", Error),
            (
                "{Service: [events.amazonaws.com, ec2.amazonaws.com.cn]}",
                Error,
            ),
            (
                "{Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}",
                Error,
            ),
            ("'*'", Error),
            ("{AWS: '*'}", Error),
            ("{Service: cloudformation.amazonaws.com}", Warning),
            ("{AWS: 'arn:aws:iam::111111111111:root'}", Warning),
        ] {
            assert_eq!(role(principal, ADMINISTRATOR), [level], "{principal}");
        }
    }

    #[test]
    fn by_what_it_is_and_what_limits_it() {
        let lambda = |rest: &str| role("{Service: lambda.amazonaws.com}", rest);
        let arns = |arn: &str| lambda(&format!("      ManagedPolicyArns: [{arn}]\n"));
        assert_eq!(arns("'arn:aws-cn:iam::aws:policy/IAMFullAccess'"), [Error]);
        assert_eq!(
            arns("!Sub 'arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess'"),
            [Warning]
        );
        for other in [
            "'arn:aws:iam::aws:policy/AdministratorAccess-Amplify'",
            "'arn:aws:iam::111111111111:policy/AdministratorAccess'",
            "!Sub 'arn:aws:iam::aws:policy/${Name}'",
            "!Ref Policy",
        ] {
            assert_eq!(arns(other), [], "{other}");
        }
        assert_eq!(
            lambda(&format!(
                "      PermissionsBoundary: !Ref Boundary\n{ADMINISTRATOR}"
            )),
            [Suggestion]
        );
        let denied = "      Policies: [{PolicyName: d, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: 'iam:*', Resource: '*'}]}}]\n";
        assert_eq!(lambda(&format!("{denied}{ADMINISTRATOR}")), [Warning]);
        let allowed = denied.replace("Deny", "Allow").replace("iam:*", "s3:*");
        assert_eq!(lambda(&format!("{allowed}{ADMINISTRATOR}")), [Error]);
    }

    #[test]
    fn by_what_it_may_do() {
        for (policy, may) in [
            ("AdministratorAccess", "may do everything in the account."),
            (
                "IAMFullAccess",
                "may give itself every permission of the account.",
            ),
            (
                "PowerUserAccess",
                "may do nearly everything in the account.",
            ),
        ] {
            let template = format!(
                "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/{policy}']\n"
            );
            let found = Fixture::new(&template, "").findings(&RULE);
            assert!(found[0].message.ends_with(may), "{found:?}");
        }
    }

    #[test]
    fn of_a_role_that_is_declared_elsewhere_no_boundary_is_known() {
        let text = "resource \"aws_iam_role_policy_attachment\" \"a\" {
  role       = \"ops\"
  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"
}
";
        let found = Fixture::among(&[("main.tf", text, "")]).findings(&RULE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Warning);
    }

    #[test]
    fn a_boundary_that_allows_everything_bounds_nothing() {
        let bounded = |boundary: &str, limit: &str| {
            let rest = format!(
                "{ADMINISTRATOR}      PermissionsBoundary: {boundary}\n  Limit:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{limit}]\n"
            );
            role("{Service: lambda.amazonaws.com}", &rest)
        };
        let of_aws = |name: &str| bounded(&format!("arn:aws:iam::aws:policy/{name}"), "");
        assert_eq!(of_aws("AdministratorAccess"), [Error]);
        assert_eq!(of_aws("PowerUserAccess"), [Suggestion]);
        assert_eq!(of_aws("NobodyKnowsThatAccess"), [Suggestion]);
        let all = "{Effect: Allow, Action: '*', Resource: '*'}";
        for (limit, level) in [
            (all.to_owned(), Error),
            (
                format!("{all}, {{Effect: Allow, Action: 's3:*', Resource: '*'}}"),
                Error,
            ),
            (
                format!("{all}, {{Effect: Deny, Action: 'iam:*', Resource: '*'}}"),
                Suggestion,
            ),
            (
                "{Effect: Allow, Action: 's3:*', Resource: '*'}".to_owned(),
                Suggestion,
            ),
            (
                "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}".to_owned(),
                Suggestion,
            ),
            (
                "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::*'}".to_owned(),
                Suggestion,
            ),
            (
                "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::*'}".to_owned(),
                Suggestion,
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {'aws:MultiFactorAuthPresent': 'true'}}}".to_owned(),
                Suggestion,
            ),
        ] {
            assert_eq!(bounded("!Ref Limit", &limit), [level], "{limit}");
        }
        let read = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}";
        assert_eq!(bounded("!Ref 'AWS::NoValue'", read), [Error]);
        let either = "!If [IsProd, !Ref Limit, 'arn:aws:iam::aws:policy/ReadOnlyAccess']";
        assert_eq!(bounded(either, all), [Suggestion]);
    }

    #[test]
    fn functions_run_code() {
        let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: AdministratorAccess\n";
        let fixture = Fixture::new(template, "");
        let levels = fixture.levels(&RULE);
        assert_eq!(levels, [Error]);
    }

    fn statement(statement: &str) -> Vec<Level> {
        Fixture::new(&format!("Statement: [{statement}]\n"), "").levels(&RULE)
    }

    #[test]
    fn statements() {
        for (text, levels) in [
            ("{Effect: Allow, Action: '*', Resource: '*'}", &[Error][..]),
            (
                "{Effect: Allow, Action: ['s3:GetObject', '*'], Resource: ['*']}",
                &[Error],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {aws:MultiFactorAuthPresent: 'true'}}}",
                &[Warning],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {StringEquals: {aws:ResourceTag/team: shop}}}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::shop'}",
                &[],
            ),
            ("{Effect: Deny, Action: '*', Resource: '*'}", &[]),
            ("{Effect: !Ref Effect, Action: '*', Resource: '*'}", &[]),
            ("{Effect: Allow, Action: 's3:*', Resource: '*'}", &[]),
            (
                "{Effect: Allow, NotAction: ['iam:*', 'organizations:*'], Resource: '*'}",
                &[Warning],
            ),
            (
                "{Effect: Allow, NotAction: 'organizations:*', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Allow, NotAction: '${Actions}', Resource: '*'}",
                &[],
            ),
            ("{Effect: Deny, NotAction: 'iam:*', Resource: '*'}", &[]),
            // All but everything is nothing.
            ("{Effect: Allow, NotAction: '*', Resource: '*'}", &[]),
            (
                "{Effect: Allow, NotAction: ['iam:*', '*:*'], Resource: '*'}",
                &[],
            ),
            // All resources but one.
            (
                "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop-secrets/*'}",
                &[Error],
            ),
            (
                "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::${Bucket}/*'}",
                &[Error],
            ),
            (
                "{Effect: Allow, NotAction: ['iam:*', 'organizations:*'], NotResource: ['arn:aws:s3:::shop-secrets/*']}",
                &[Warning],
            ),
            (
                "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}, {Effect: Deny, Action: '*', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
                &[Warning],
            ),
            ("{Effect: Allow, Action: '*', NotResource: '*'}", &[]),
            (
                "{Effect: Allow, Action: '*', NotResource: ['arn:aws:s3:::shop/*', 'arn:aws:*']}",
                &[],
            ),
            ("{Effect: Allow, Action: '*', NotResource: '${Some}'}", &[]),
            (
                "{Effect: Deny, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: 's3:*', NotResource: 'arn:aws:s3:::shop/*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
                &[Warning],
            ),
        ] {
            assert_eq!(statement(text), levels, "{text}");
        }
    }

    #[test]
    fn permission_sets() {
        let set = |policies: &str| {
            let text = format!(
                "Resources:\n  Set:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      Name: set\n      InstanceArn: arn:aws:sso:::instance/ssoins-1234567890abcdef\n      ManagedPolicies: {policies}\n"
            );
            Fixture::new(&text, "").levels(&RULE)
        };
        assert_eq!(
            set("['arn:aws:iam::aws:policy/AdministratorAccess']"),
            [Warning]
        );
        assert_eq!(
            set("['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess']"),
            []
        );
    }

    /// What is found in a module, where it stands and how bad it is.
    fn module(text: &str) -> Vec<(String, Level)> {
        let role = "resource \"aws_iam_role\" \"app\" {\n  name               = \"app\"\n  assume_role_policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = { Service = \"lambda.amazonaws.com\" }, Action = \"sts:AssumeRole\" }] })\n}\n";
        let text = format!("{role}{text}");
        let found = Fixture::new(&text, "").findings(&RULE).into_iter();
        let shown = |span: leastwise_syntax::Span| text[span.range()].to_owned();
        found.map(|it| (shown(it.span), it.level)).collect()
    }

    const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
    const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

    #[test]
    fn attachments_that_range_over_lists() {
        let attached = |arguments: &str| {
            let local = format!("locals {{\n  arns = [\"{ADMIN}\", \"{READ}\"]\n}}\n");
            let text = format!(
                "{local}resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.app.name\n  {arguments}\n}}\n"
            );
            module(&text)
        };
        let found = |at: &str| vec![(at.to_owned(), Error)];
        for arguments in [
            format!("for_each = toset([\"{READ}\", \"{ADMIN}\"])\n  policy_arn = each.value"),
            format!("for_each = toset([\"{READ}\", \"{ADMIN}\"])\n  policy_arn = each.key"),
            format!("for_each = {{ a = \"{READ}\", b = \"{ADMIN}\" }}\n  policy_arn = each.value"),
            format!(
                "for_each = toset(concat([\"{READ}\"], [\"{ADMIN}\"]))\n  policy_arn = each.value"
            ),
            "for_each = toset(local.arns)\n  policy_arn = each.value".to_owned(),
            "count = length(local.arns)\n  policy_arn = local.arns[count.index]".to_owned(),
            "count = 2\n  policy_arn = element(local.arns, count.index)".to_owned(),
        ] {
            assert_eq!(attached(&arguments), found(ADMIN), "{arguments}");
        }
        let names = |names: &str| {
            format!(
                "for_each = toset({names})\n  policy_arn = \"arn:aws:iam::aws:policy/${{each.key}}\""
            )
        };
        let named = attached(&names("[\"ReadOnlyAccess\", \"AdministratorAccess\"]"));
        assert_eq!(named, found("\"AdministratorAccess\""));
        for arguments in [
            format!("for_each = toset([\"{READ}\"])\n  policy_arn = each.value"),
            // The names of a map, what nobody knows, one item.
            format!("for_each = {{ \"{ADMIN}\" = 1 }}\n  policy_arn = each.key"),
            "for_each = toset(var.arns)\n  policy_arn = each.value".to_owned(),
            "policy_arn = local.arns[1]".to_owned(),
            format!(
                "for_each = {{ a = {{ arn = \"{ADMIN}\" }} }}\n  policy_arn = each.value.other"
            ),
        ] {
            assert_eq!(attached(&arguments), [], "{arguments}");
        }
    }

    #[test]
    fn what_is_denied_beside_it_is_said() {
        let said = |text: &str, called: &str| {
            let found = Fixture::calling(text, called).findings(&RULE).into_iter();
            found.map(|it| it.message).collect::<Vec<String>>()
        };
        let with = |more: &str| {
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  policy_arns = [\"{ADMIN}\"]\n{more}}}\n"
            )
        };
        let everything =
            "With `AdministratorAccess`, what `module.m` makes may do everything in the account";
        let all = [format!("{everything}.")];
        let but = [format!("{everything} that isn't denied to it.")];
        let role = |effect: &str| {
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"{effect}\", Action = \"iam:*\", Resource = \"x\" }}] }})\n}}\n"
            )
        };
        assert_eq!(said(&with(""), &role("Allow")), all);
        assert_eq!(said(&with(""), &role("Deny")), but);
        let document = |effect: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    effect = \"{effect}\"\n    actions = [\"iam:*\"]\n    resources = [\"x\"]\n  }}\n}}\n"
            )
        };
        let given = with("  policy_json = data.aws_iam_policy_document.d.json\n");
        assert_eq!(said(&(document("Allow") + &given), ""), all);
        assert_eq!(said(&(document("Deny") + &given), ""), but);
        assert_eq!(said(&(document("Deny") + &with("")), ""), all);
        // Of what has it in this file, too.
        let role = |effect: &str| {
            let policy = format!(
                "resource \"aws_iam_role_policy\" \"p\" {{\n  role = aws_iam_role.r.name\n  policy = data.aws_iam_policy_document.d.json\n}}\n{}",
                document(effect)
            );
            let text = format!(
                "resource \"aws_iam_role\" \"r\" {{\n  managed_policy_arns = [\"{ADMIN}\"]\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Principal = {{ Service = \"lambda.amazonaws.com\" }}, Action = \"sts:AssumeRole\" }}] }})\n}}\n"
            );
            let found = Fixture::new(&(text + &policy), "")
                .findings(&RULE)
                .into_iter();
            found.map(|it| (it.message, it.level)).collect::<Vec<_>>()
        };
        let code = |but: &str| {
            format!(
                "With `AdministratorAccess`, `aws_iam_role.r` runs code, and may do everything in the account{but}, and with it whoever gets into the code."
            )
        };
        assert_eq!(role("Allow"), [(code(""), Error)]);
        assert_eq!(role("Deny"), [(code(" that isn't denied to it"), Warning)]);
        let text = "resource \"aws_iam_role\" \"r\" {\n  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n}\nresource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.name\n  policy = data.aws_iam_policy_document.d.json\n}\n";
        // In another file of the module.
        for (effect, more) in [("Allow", ""), ("Deny", " that isn't denied to it")] {
            let found = Fixture::of_module(text, &document(effect), "").findings(&RULE);
            let said = format!(
                "With `AdministratorAccess`, `aws_iam_role.r` may do everything in the account{more}."
            );
            assert_eq!(found[0].message, said);
        }
    }

    #[test]
    fn other_ways_of_attaching() {
        let found = |level: Level| vec![(ADMIN.to_owned(), level)];
        for (text, level) in [
            (
                format!(
                    "resource \"aws_iam_role_policy_attachments_exclusive\" \"a\" {{\n  role_name = aws_iam_role.app.name\n  policy_arns = [\"{ADMIN}\"]\n}}\n"
                ),
                Error,
            ),
            (
                format!(
                    "locals {{\n  arns = [\"{ADMIN}\"]\n}}\nresource \"aws_iam_role\" \"b\" {{\n  managed_policy_arns = concat(local.arns, [\"{READ}\"])\n}}\n"
                ),
                Warning,
            ),
            (
                format!(
                    "resource \"aws_ssoadmin_managed_policy_attachment\" \"a\" {{\n  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n  managed_policy_arn = \"{ADMIN}\"\n}}\n"
                ),
                Warning,
            ),
            (
                format!(
                    "module \"m\" {{\n  source = \"./m\"\n  role_policy_arns = {{ a = \"{ADMIN}\" }}\n}}\n"
                ),
                Warning,
            ),
            (
                format!(
                    "module \"m\" {{\n  source = \"./m\"\n  custom_role_policy_arns = [var.other, \"{ADMIN}\"]\n}}\n"
                ),
                Warning,
            ),
            (
                format!(
                    "module \"m\" {{\n  source = \"./m\"\n  admin_role_policy_arn = \"{ADMIN}\"\n}}\n"
                ),
                Warning,
            ),
        ] {
            assert_eq!(module(&text), found(level), "{text}");
        }
        for text in [
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  permissions_boundary_policy_arn = \"{ADMIN}\"\n}}\n"
            ),
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  denied_policy_arns = [\"{ADMIN}\"]\n}}\n"
            ),
            format!("module \"m\" {{\n  source = \"./m\"\n  arns = [\"{ADMIN}\"]\n}}\n"),
            format!("module \"m\" {{\n  source = \"./m\"\n  policy_arns = [\"{READ}\"]\n}}\n"),
        ] {
            assert_eq!(module(&text), [], "{text}");
        }
    }

    #[test]
    fn what_grants_nothing_may_say_it() {
        check(
            &RULE,
            r#"
Resources:
  Scp:
    Type: AWS::Organizations::Policy
    Properties:
      Type: SERVICE_CONTROL_POLICY
      Content:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
  Shop:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Boundary
"#,
            "",
        );
    }
}
