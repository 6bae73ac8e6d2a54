//! Finds `*` as the resource of actions that can be limited to resources.
//!
//! On `*` an action reaches everything of its kind in the account, other apps included. Most actions can be limited to
//! ARNs; the few that can't belong in a statement of their own.
//!
//! What changes resources is a warning where the config, a name such as `DeployRole` or CloudFormation's trust says that the
//! policy belongs to a deploy role, and a suggestion elsewhere, where reading is one too; listing is none. `*` as the action has a rule of its own. Statements whose conditions
//! limit the resources (by tags, say) are left alone; so are, for deploy roles, resources whose ids AWS makes up, since
//! nobody can name them before they are made. So is what a `Deny` of the owner leaves on a few resources only.
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

use std::collections::BTreeSet;

use leastwise_catalog::{AccessLevel, Action};
use leastwise_policy::grants::{Place, Request};
use leastwise_policy::resource::{action_fits_pattern, fits, may_take_none, types_of};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use leastwise_syntax::write::{Edit, Value};
use leastwise_workspace::deploy::Deploys;
use leastwise_workspace::model::{Item, Known, Statement};
use leastwise_workspace::{Level, Site, SiteKind};

use crate::leftovers::{Left, Leftovers};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, conditions, narrow};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "wildcard-resource",
    group: Group::Privilege,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`*` as the resource of actions that can be limited",
    fix: FixKind::Unsafe,
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
    run,
};

/// Services whose resources have ids that AWS makes up when it creates them.
const RANDOM_IDS: [&str; 28] = [
    "access-analyzer",
    "acm",
    "amplify",
    "apigateway",
    "appsync",
    "autoscaling",
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

/// The most actions that are split off by name from a wildcard.
const MOST_SPLIT: usize = 24;

/// The most actions that a statement is narrowed for; with more, `*` stands for so many types that nobody wants the list.
const MOST_ACTIONS: usize = 320;

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut leftovers = Leftovers::new(context);
    for (site, statement) in context.statements() {
        if site.kind != SiteKind::Identity || !statement.allows() {
            continue;
        }
        let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
        else {
            continue;
        };
        let Some(star) = resources
            .items
            .iter()
            .find(|item| is_everything(context, item))
        else {
            continue;
        };
        // Whoever may do everything can make himself anything: another rule tells.
        let is_star = |item: &Item| item.action == Some(ActionPattern::Star);
        let limited = conditions::limits_resources(context, statement) != Tri::No;
        if limited || actions.items.iter().any(is_star) {
            continue;
        }
        let left = leftovers.of(site, statement);
        let told = site.owners.iter().map(|owner| context.deployment(*owner));
        let told = told.max().unwrap_or(Deploys::No);
        let deploys = told != Deploys::No;
        let patterns = context.patterns(star);
        let mut changing: Vec<&str> = Vec::new();
        let mut reading: Vec<&str> = Vec::new();
        for item in &actions.items {
            let Some(pattern) = &item.action else {
                continue;
            };
            let useful = |action: &Action| {
                patterns
                    .iter()
                    .any(|pattern| context.study(pattern).fits(*action).possible())
            };
            let narrowable: Vec<Action> = context
                .expand(item)
                .iter()
                .copied()
                .filter(|action| can_be_narrowed(*action, deploys) && useful(action))
                .filter(|action| is_left(&left, *action, &patterns))
                .collect();
            if narrowable.iter().any(|action| changes(*action)) {
                changing.push(pattern.text());
            } else if narrowable
                .iter()
                .any(|action| action.access_level() == AccessLevel::Read)
            {
                reading.push(pattern.text());
            }
        }
        let level = match !changing.is_empty() && told == Deploys::Said {
            true => Level::Warning,
            false => Level::Suggestion,
        };
        let mut named = changing;
        named.append(&mut reading);
        let Some(first) = named.first() else { continue };
        let finding = Finding::new(&RULE, context.item_span(star), message(&named))
            .level(level)
            .help("Name the resources that are meant; actions that take none go into a statement of their own.")
            .owner(context.owner(site))
            .action(*first);
        let node = statement.node;
        findings.push(match fix(context, site, statement, &left) {
            Some(_) => finding.fix(
                "Limit it to the app's resources",
                Safety::Unsafe,
                move |context| {
                    let (site, statement) =
                        context.statements().find(|(_, other)| other.node == node)?;
                    let left = Leftovers::new(context).of(site, statement);
                    fix(context, site, statement, &left)
                },
            ),
            None => finding,
        });
    }
}

/// Whether an item stands for every resource.
pub(super) fn is_everything(context: &Context<'_>, item: &Item) -> bool {
    let patterns = context.patterns(item);
    !patterns.is_empty() && patterns.into_iter().all(narrow::is_everything)
}

/// Whether an action is left on what nobody has named, of the types that it works on.
fn is_left(left: &Left, action: Action, patterns: &[&Pattern]) -> bool {
    let formats = || types_of(action).into_iter().flat_map(|of| of.arns());
    let reached = |format: &&str| patterns.iter().any(|of| fits(format, of).possible());
    let possible = |format: &str| {
        let place = Place::of_format(format);
        left.at(action, &place, &Request::default()).is_some()
    };
    !left.is_cut() || formats().filter(reached).any(possible)
}

fn changes(action: Action) -> bool {
    !matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
}

/// Whether somebody could name resources for an action. `iam:PassRole` has a rule of its own.
fn can_be_narrowed(action: Action, deploys: bool) -> bool {
    let types = types_of(action);
    let random = |prefix: &str| RANDOM_IDS.contains(&prefix);
    let unknown = deploys && types.iter().all(|of| random(of.service().prefix()));
    !(types.is_empty() || may_take_none(action) || unknown || is_pass_role(action))
}

fn is_pass_role(action: Action) -> bool {
    action.service().prefix() == "iam" && action.name() == "PassRole"
}

fn message(actions: &[&str]) -> String {
    const SHOWN: usize = 3;
    let named: Vec<String> = actions
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    let rest = actions.len().saturating_sub(SHOWN);
    let list = match (rest, named.as_slice()) {
        (0, [one]) => one.clone(),
        (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        (rest, all) => format!("{} and {rest} more", all.join(", ")),
    };
    let verb = if actions.len() == 1 { "is" } else { "are" };
    format!(
        "{list} {verb} allowed on everything in the account, and can be limited to the resources that are meant."
    )
}

/// Narrows the statement's resource, and splits off the actions that take none.
fn fix(context: &Context<'_>, site: &Site, statement: &Statement, left: &Left) -> Option<Fix> {
    let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
    else {
        return None;
    };
    let whole = resources
        .items
        .iter()
        .all(|item| is_everything(context, item));
    if actions.dynamic || resources.dynamic || !whole || !statement.not_action.is_missing() {
        return None;
    }
    let mut limited: Vec<Action> = Vec::new();
    let mut moved: Vec<&Item> = Vec::new();
    let mut by_name: BTreeSet<Action> = BTreeSet::new();
    for item in &actions.items {
        let pattern = item.action.as_ref()?;
        if item.list != actions.node && actions.items.len() > 1 {
            return None;
        }
        let expanded = pattern.expand();
        let (none, some): (Vec<Action>, Vec<Action>) = expanded
            .into_iter()
            .partition(|action| action.resources().len() == 0 || may_take_none(*action));
        if some.is_empty() {
            moved.push(item);
            continue;
        }
        by_name.extend(none);
        limited.extend(some);
    }
    limited.sort_unstable();
    limited.dedup();
    if limited.len() > MOST_ACTIONS {
        return None;
    }
    // What a moved entry stands for needn't be named again.
    by_name.retain(|action| {
        !moved.iter().any(|item| {
            item.action
                .as_ref()
                .is_some_and(|pattern| pattern.matches(*action))
        })
    });
    if by_name.len() > MOST_SPLIT {
        return None;
    }
    let narrowed = narrow::arns(context, &narrow::types(&limited), statement.node)?;
    let good = |action: &Action| {
        narrowed
            .shown
            .iter()
            .any(|arn| action_fits_pattern(*action, &Pattern::literal(arn)).possible())
    };
    // An action that none of the ARNs suits would be lost without anybody's wish.
    if !limited.iter().all(good) {
        return None;
    }
    let mut edits = vec![Edit::Replace {
        node: resources.node,
        value: Value::List(narrowed.values),
    }];
    if !moved.is_empty() || !by_name.is_empty() {
        if !statement.branch.is_empty() {
            return None;
        }
        let mut values: Vec<Value> = moved.iter().map(|item| Value::Copy(item.node)).collect();
        values.extend(by_name.iter().map(|action| Value::Str(action.full_name())));
        let star = vec![Value::Str("*".to_owned())];
        let value = narrow::split(context, site, statement, "Unscoped", values, star);
        edits.extend(moved.iter().map(|item| Edit::RemoveItem {
            list: item.list,
            item: item.node,
        }));
        edits.push(narrow::insert(context, site, statement, value)?);
    }
    let outside = outside(&narrowed.shown);
    let everything = Pattern::literal("*");
    // What is denied anyway isn't lost.
    let lost = limited
        .iter()
        .filter(|action| is_left(left, **action, &[&everything]));
    Some(
        Fix::new(edits)
            .removes(lost.map(|action| format!("{} outside {outside}", action.full_name()))),
    )
}

/// ARNs for a list of removed permissions: the first, and how many more.
pub(super) fn outside(arns: &[String]) -> String {
    match arns {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_workspace::Level;

    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
        [deploy]\nregions = ['eu-west-1']\nroles = ['shop', 'Deploy*']";

    fn levels(statement: &str, config: &str) -> Vec<Level> {
        Fixture::new(&format!("Statement: [{statement}]\n"), config).levels(&RULE)
    }

    #[test]
    fn levels_by_what_is_done_and_by_whom() {
        use Level::{Suggestion, Warning};
        for (statement, deploying, running) in [
            (
                "{Effect: Allow, Action: 'lambda:CreateFunction', Resource: '*'}",
                Some(Warning),
                Some(Suggestion),
            ),
            (
                "{Effect: Allow, Action: 'lambda:TagResource', Resource: ['*']}",
                Some(Warning),
                Some(Suggestion),
            ),
            (
                "{Effect: Allow, Action: 's3:Put*', Resource: 'arn:aws:s3:::*'}",
                Some(Warning),
                Some(Suggestion),
            ),
            (
                "{Effect: Allow, Action: ['lambda:Get*', 'lambda:List*'], Resource: '*'}",
                Some(Suggestion),
                Some(Suggestion),
            ),
            (
                "{Effect: Allow, Action: ['*', 'sqs:SendMessage'], Resource: '*'}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'cloudfront:UpdateDistribution', Resource: '*'}",
                None,
                Some(Suggestion),
            ),
            (
                "{Effect: Allow, Action: 's3:ListBucket', Resource: '*'}",
                None,
                None,
            ),
            // Its one type of resource is optional: most metrics are of no data set.
            (
                "{Effect: Allow, Action: ['cloudwatch:PutMetricData', 'polly:SynthesizeSpeech'], Resource: '*'}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: '*'}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}",
                None,
                None,
            ),
            (
                "{Effect: Deny, Action: 'lambda:CreateFunction', Resource: '*'}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:111111111111:*'}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'ec2:StartInstances', Resource: '*', Condition: {StringEquals: {'aws:ResourceTag/App': shop}}}",
                None,
                None,
            ),
            (
                "{Effect: Allow, Action: 'sqs:DeleteQueue', Resource: '*', Condition: {Bool: {'aws:SecureTransport': true}}}",
                Some(Warning),
                Some(Suggestion),
            ),
        ] {
            assert_eq!(
                levels(statement, CONFIG),
                deploying.into_iter().collect::<Vec<_>>(),
                "{statement}"
            );
            let running: Vec<_> = running.into_iter().collect();
            assert_eq!(
                levels(statement, "[deploy]\nroles = ['other']"),
                running,
                "{statement}"
            );
        }
    }

    #[test]
    fn a_warning_only_for_who_is_said_to_deploy() {
        let level = |name: &str, trust: &str, config: &str| {
            let text = format!(
                "Resources:
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Principal: {trust}}}}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {{Effect: Allow, Action: ['cloudformation:CreateStack', 'cloudformation:DeleteStack'], Resource: '*'}}
"
            );
            let findings = Fixture::new(&text, config).findings(&RULE);
            assert_eq!(findings.len(), 1, "{name} {trust}");
            findings[0].level
        };
        let people = "{AWS: '111111111111'}";
        let github = "{Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'}";
        let stacks = "{Service: cloudformation.amazonaws.com}";
        for (name, trust, config, expected) in [
            ("Thing", people, "", Level::Suggestion),
            ("DeployActionRole", people, "", Level::Suggestion),
            ("Thing", github, "", Level::Suggestion),
            ("GithubCi", github, "", Level::Suggestion),
            ("DeployRole", people, "", Level::Warning),
            ("ShopDeployer", github, "", Level::Warning),
            ("Thing", stacks, "", Level::Warning),
            (
                "Thing",
                github,
                "[deploy]\nroles = ['Thing']",
                Level::Warning,
            ),
            (
                "ShopDeployer",
                github,
                "[deploy]\nroles = ['Thing']",
                Level::Suggestion,
            ),
        ] {
            assert_eq!(
                level(name, trust, config),
                expected,
                "{name} {trust} {config}"
            );
        }
    }

    #[test]
    fn marks_the_star_and_counts() {
        let text = "\
Statement:
  - Effect: Allow
    Action: ['sqs:CreateQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:TagQueue', 'sqs:ListQueues']
    Resource: ['*']
                ^
";
        assert!(
            check(&RULE, text, CONFIG)
                .concat()
                .contains("`sqs:SetQueueAttributes` and 1 more are")
        );
        let json = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}
                                                                  ^
"#;
        check(&RULE, json, CONFIG);
    }

    #[test]
    fn literal_accounts_and_regions_in_a_plain_policy() {
        let text = "\
Version: '2012-10-17'
Statement:
  - Sid: Queues
    Effect: Allow
    Action:
      - sqs:CreateQueue
      # for the console
      - sqs:ListQueues
      - s3:PutObject
      - cloudwatch:PutMetricData
    Resource: '*' # all of them
";
        let mended = "\
Version: '2012-10-17'
Statement:
  - Sid: Queues
    Effect: Allow
    Action:
      - sqs:CreateQueue
      # for the console
      - s3:PutObject
    Resource: # all of them
      - arn:aws:sqs:eu-west-1:111111111111:shop-*
      - arn:aws:sqs:eu-west-1:222222222222:shop-*
      - arn:aws:s3:::shop-*/*
  - Sid: QueuesUnscoped
    Effect: Allow
    Action:
      - sqs:ListQueues
      - cloudwatch:PutMetricData
    Resource: '*'
";
        assert_eq!(mend(&RULE, text, CONFIG), mended);
    }

    #[test]
    fn wildcards_keep_what_takes_no_resource() {
        let text = "\
Statement:
  - {Effect: Allow, Action: 'dynamodb:*Table*', Resource: '*'}
";
        let mended = mend(&RULE, text, CONFIG);
        assert!(mended.contains("dynamodb:ListTables"), "{mended}");
        assert!(
            mended.contains("arn:aws:dynamodb:eu-west-1:111111111111:table/shop-*"),
            "{mended}"
        );
    }

    #[test]
    fn no_fix_without_a_prefix_or_a_name() {
        for (statement, config) in [
            (
                "{Effect: Allow, Action: 'sqs:DeleteQueue', Resource: '*'}",
                "",
            ),
            (
                "{Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}",
                "[app]\nprefix = 'shop'",
            ),
            (
                "{Effect: Allow, Action: 'ec2:*', Resource: '*'}",
                "[app]\nprefix = 'shop'",
            ),
        ] {
            let fixture = Fixture::new(&format!("Statement: [{statement}]\n"), config);
            let findings = fixture.findings(&RULE);
            assert_eq!(findings.len(), 1, "{statement}");
            assert!(findings[0].fixes.is_empty(), "{statement}");
        }
    }
}
