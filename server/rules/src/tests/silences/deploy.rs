use super::*;
use crate::deploy::missing_delete_counterpart::RULE;

const CREATES: &str = "{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}";

/// A role that deploys, with some properties and statements.
fn deployer(properties: &str, statements: &str) -> String {
    format!(
        "Parameters: {{Others: {{Type: CommaDelimitedList}}}}
Mappings: {{Lists: {{of: {{nothing: []}}}}}}
Resources:
  DeployerRole:
    Type: AWS::IAM::Role
    Properties:
      {properties}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{statements}]
"
    )
}

#[test]
fn policies_that_aws_refuses_to_attach_give_nothing() {
    for (attached, findings) in [
        // AWS has another one of nearly that name, and surely none of this.
        ("'arn:aws:iam::aws:policy/AmazonSQSFullAcess'", 1),
        // It may be new, or somebody's own.
        ("'arn:aws:iam::aws:policy/AmazonSQSFullAccess_v2'", 0),
        ("'arn:aws:iam::111111111111:policy/queues'", 0),
        ("!FindInMap [Lists, of, nothing]", 0),
        ("'arn:aws:iam::aws:policy/AmazonSQSFullAccess'", 0),
        ("'arn:aws:iam::aws:policy/AmazonSNSFullAccess'", 1),
    ] {
        let text = deployer(&format!("ManagedPolicyArns: [{attached}]"), CREATES);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), findings, "{attached}: {found:?}");
    }
}

#[test]
fn what_is_allowed_is_told_apart_by_resource() {
    let table = |actions: &str, name: &str| {
        format!(
            "{{Effect: Allow, Action: [{actions}], Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/{name}'}}"
        )
    };
    let both = table("'dynamodb:CreateTable', 'dynamodb:DeleteTable'", "one");
    for (statements, findings) in [
        (both.clone(), 0),
        (
            format!("{both}, {}", table("'dynamodb:CreateTable'", "two")),
            1,
        ),
        (
            format!("{both}, {}", table("'dynamodb:CreateTable'", "one")),
            0,
        ),
    ] {
        let found = Fixture::new(&deployer("RoleName: r", &statements), "").findings(&RULE);
        assert_eq!(found.len(), findings, "{statements}: {found:?}");
    }
}

#[test]
fn what_may_not_be_there_needs_its_counterpart_where_it_is() {
    for (statements, findings) in [
        (
            "{Effect: Allow, Action: [!If [C, 'sqs:CreateQueue', !Ref 'AWS::NoValue']], Resource: '*'}",
            1,
        ),
        // A part of it is denied, and nobody knows whether all of it.
        (
            "{Effect: Allow, Action: [!If [C, 'sqs:CreateQueue', !Ref 'AWS::NoValue']], Resource: '*'}, {Effect: Deny, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:x'}",
            0,
        ),
    ] {
        let found = Fixture::new(&deployer("RoleName: r", statements), "").findings(&RULE);
        assert_eq!(found.len(), findings, "{statements}: {found:?}");
    }
}

#[test]
fn a_ci_leaves_what_it_releases_and_nothing_else() {
    let trust = "AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}, Condition: {StringEquals: {'gitlab.com:sub': x}}}]}";
    for (properties, action, findings) in [
        (trust, "sqs:CreateQueue", 1),
        (trust, "ecs:RegisterTaskDefinition", 0),
        ("RoleName: r", "ecs:RegisterTaskDefinition", 1),
    ] {
        let statement = format!("{{Effect: Allow, Action: '{action}', Resource: '*'}}");
        let found = Fixture::new(&deployer(properties, &statement), "").findings(&RULE);
        assert_eq!(found.len(), findings, "{action} {properties}: {found:?}");
    }
}

#[test]
fn tags_beside_what_is_created_are_not_told_of() {
    // Takes in `PutMetricAlarm` and `TagResource`, and neither `DeleteAlarms` nor `UntagResource`.
    let statement = "{Effect: Allow, Action: 'cloudwatch:????e*', Resource: '*'}";
    in_template_of(&[(statement, &["PutMetricAlarm"])]);
    let found = Fixture::new(&deployer("RoleName: r", statement), "").findings(&RULE);
    assert!(!found[0].message.contains("agResource"), "{found:?}");
    in_template_of(&[(
        "{Effect: Allow, Action: 'cloudwatch:TagResource', Resource: '*'}",
        &["UntagResource"],
    )]);
}

#[track_caller]
fn in_template_of(of: &[Row<'_>]) {
    let texts: Vec<String> = of
        .iter()
        .map(|(text, _)| deployer("RoleName: r", text))
        .collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(of)
        .map(|(text, (_, wanted))| (text.as_str(), *wanted))
        .collect();
    rows(&RULE, "", &of);
}

const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['shop']\n";

#[test]
fn what_takes_no_resource_is_added_on_all() {
    let before = "Version: '2012-10-17'
Statement:
  - Sid: Tasks
    Effect: Allow
    Action: ecs:RegisterTaskDefinition
    Resource: arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-*
";
    let own = "  - Sid: TasksDelete
    Effect: Allow
    Action: ecs:DeregisterTaskDefinition
    Resource: '*'
";
    assert_eq!(fixed_text(&RULE, before, CONFIG), format!("{before}{own}"));
}

#[test]
fn what_is_elsewhere_gets_its_own_resources_only() {
    let before = "Version: '2012-10-17'
Statement:
  - Sid: Made
    Effect: Allow
    Action: elasticloadbalancing:CreateL*er
    Resource: arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*
";
    let after = fixed_text(&RULE, before, CONFIG);
    let (_, own) = after.split_once("  - Sid: MadeDelete\n").expect(&after);
    assert_eq!(
        own,
        "    Effect: Allow
    Action: elasticloadbalancing:DeleteListener
    Resource: arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-*/*/*
"
    );
}

#[test]
fn resources_under_conditions_are_kept_apart_from_others() {
    let text = |resource: &str| {
        deployer(
            "RoleName: shop",
            &format!(
                "{{Sid: Made, Effect: Allow, Action: 'elasticloadbalancing:CreateL*er', Resource: {resource}, Condition: {{StringLike: {{'aws:RequestTag/team': shop}}}}}}"
            ),
        )
        .replace("DeployerRole", "shop")
    };
    const GROUP: &str =
        "'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*'";
    for (resource, statements) in [
        (format!("[{GROUP}]"), 1),
        (
            format!(
                "[!If [C, {GROUP}, 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/*']]"
            ),
            2,
        ),
    ] {
        let after = fixed_text(&RULE, &text(&resource), CONFIG);
        assert_eq!(
            after.matches("Sid: MadeDelete").count(),
            statements,
            "{after}"
        );
    }
}

#[test]
fn a_new_statement_stands_where_there_is_room_for_it() {
    let statement = "{Effect: Allow, Action: 'iam:AttachRolePolicy', Resource: 'arn:aws:iam::111111111111:role/shop-*', Condition: {StringLike: {'aws:RequestTag/team': shop}}}";
    let in_list = |statement: &str| deployer("RoleName: r", statement);
    let alone = |statement: &str| in_list("STATEMENT").replace("[STATEMENT]", statement);
    for (text, fixes) in [
        (in_list(statement), 1),
        (alone(statement), 1),
        (alone(&format!("!If [C, [{statement}], []]")), 1),
        // Of these there is one, or none.
        (
            in_list(&format!("!If [C, {statement}, !Ref 'AWS::NoValue']")),
            0,
        ),
        (
            in_list(&format!(
                "{{'Fn::If': [C, {statement}, !Ref 'AWS::NoValue']}}"
            )),
            0,
        ),
        (
            alone(&format!("!If [C, {statement}, !Ref 'AWS::NoValue']")),
            0,
        ),
    ] {
        let fixture = Fixture::new(&text, "");
        let context = fixture.context();
        let found = fixture.findings(&RULE);
        assert_eq!(found.len(), 1, "{text}");
        let resolved = found[0]
            .fixes
            .iter()
            .filter_map(|fix| fix.resolve(&context));
        assert_eq!(resolved.count(), fixes, "{text}");
        if fixes > 0 {
            let after = fixed_text(&RULE, &text, "");
            assert!(after.contains("Action: 'iam:DetachRolePolicy'"), "{after}");
        }
    }
}
