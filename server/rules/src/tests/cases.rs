//! A template with one flaw to a statement: each gets the finding that its `Sid` names, and no other rule speaks up.

use std::path::Path;
use std::sync::Arc;

use leastwise_model::{Config, Level};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;

use super::fixture::Fixture;
use crate::{Context, Finding, check};

const CONFIG: &str = r#"
[app]
prefix = "shop"
variables = ["AppId"]

[accounts]
dev = "111111111111"
prod = "222222222222"

[deploy]
regions = ["eu-west-1"]
roles = ["ShopDeployer"]
"#;

/// Statements by the rule that must find something in them, and nothing else of warning level or above.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "action-resource-mismatch",
        "Action: 'sqs:ReceiveMessage', Resource: !Sub 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${AppId}-orders'",
    ),
    (
        "wildcard-resource",
        "Action: ['states:StartExecution', 'states:StopExecution'], Resource: '*'",
    ),
    (
        "pass-role-unscoped",
        "Action: 'iam:PassRole', Resource: ['*']",
    ),
    (
        "resource-outside-prefix",
        "Action: 'dynamodb:PutItem', Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/billing-*'",
    ),
    (
        "unknown-account",
        "Action: 'lambda:InvokeFunction', Resource: !Sub 'arn:aws:lambda:${AWS::Region}:121212121212:function:${AppId}-mail'",
    ),
    (
        "invalid-arn",
        "Action: 'lambda:InvokeFunction', Resource: !Sub 'arn:aws:lambda:eu_west_1:${AWS::AccountId}:function:${AppId}-mail'",
    ),
    (
        "missing-permissions-boundary",
        "Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/${AppId}-*'",
    ),
    ("", "Action: ['lambda:Get*', 's3:List*'], Resource: '*'"),
    (
        "",
        "Action: 'cloudformation:ValidateTemplate', Resource: '*'",
    ),
    (
        "",
        "Action: 'sqs:SendMessage', Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*'",
    ),
];

fn serious(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = check(context);
    findings.retain(|finding| finding.level >= Level::Warning);
    findings
}

#[test]
fn each_flaw_has_its_finding_and_no_other() {
    for (rule, statement) in STATEMENTS {
        let text = format!(
            "Parameters:\n  AppId: {{Type: String}}\nResources:\n  ShopDeployer:\n    Type: AWS::IAM::Role\n    Properties:\n\
             \x20     Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Version: '2012-10-17'\n\
             \x20           Statement:\n              - {{Effect: Allow, {statement}}}\n"
        );
        let fixture = Fixture::new(&text, CONFIG);
        let found: Vec<_> = serious(&fixture.context())
            .iter()
            .map(|finding| finding.rule.id)
            .collect();
        let wanted: Vec<_> = Some(*rule)
            .filter(|rule| !rule.is_empty())
            .into_iter()
            .collect();
        assert_eq!(found, wanted, "{statement}");
    }
}

/// Cases kept outside the repository: rule and line of what is found in a file of theirs.
fn shared(name: &str) -> Option<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases");
    let (Ok(text), Ok(config)) = (
        std::fs::read_to_string(folder.join(name)),
        std::fs::read_to_string(folder.join("leastwise.toml")),
    ) else {
        println!("skipped: {} is not there", folder.join(name).display());
        return None;
    };
    let tree = Tree::parse(text.clone(), Format::Yaml);
    let analysis = Analysis::new(&tree, name, Arc::new(Config::parse(&config)));
    let context = Context::new(&tree, &analysis);
    let at = |finding: &Finding| {
        text.get(finding.span.range())
            .unwrap_or_default()
            .to_owned()
    };
    Some(
        serious(&context)
            .iter()
            .map(|finding| (finding.rule.id.to_owned(), at(finding)))
            .collect(),
    )
}

/// The findings of the rules on resources and on privilege.
fn of_these_groups(found: &[(String, String)]) -> Vec<(&str, &str)> {
    let groups = [crate::Group::Resources, crate::Group::Privilege];
    let of = |id: &str| crate::rule(id).is_some_and(|rule| groups.contains(&rule.group));
    found
        .iter()
        .filter(|(id, _)| of(id))
        .map(|(id, at)| (id.as_str(), at.as_str()))
        .collect()
}

#[test]
fn shared_flaws() {
    let Some(found) = shared("flawed.yaml") else {
        return;
    };
    assert_eq!(
        of_these_groups(&found),
        [
            (
                "oidc-without-subject",
                "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"
            ),
            ("action-resource-mismatch", "s3:ListBucket"),
            ("wildcard-resource", "*"),
            ("pass-role-unscoped", "iam:PassRole"),
            ("resource-outside-prefix", "other-*"),
            ("unknown-account", "999999999999"),
            ("invalid-arn", "11111111111"),
            ("missing-permissions-boundary", "iam:CreateRole"),
        ]
    );
}

#[test]
fn shared_deploy_roles() {
    let Some(found) = shared("deployer-roles.yaml") else {
        return;
    };
    assert_eq!(
        of_these_groups(&found),
        [("missing-permissions-boundary", "iam:CreateRole")]
    );
}
