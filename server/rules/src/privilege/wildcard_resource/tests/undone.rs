//! Who keeps what deletes keeps what makes the same, and no more of it.

use super::*;
use crate::Safety;
use crate::tests::bulk::of_safety;

/// What `service:Create*` on everything comes to in bulk.
fn created(service: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let text = plain(&format!("'{service}:Create*'"));
    statements(&of_safety(&text, "policy.json", Safety::Unsafe).text)
}

#[test]
fn a_wildcard_is_narrowed_before_it_gets_counterparts() {
    for service in [
        "elasticache",
        "rds",
        "lambda",
        "glue",
        "redshift",
        "s3",
        "ssm",
        "iam",
    ] {
        let all = created(service);
        let texts: Vec<&String> = all.iter().flat_map(|(actions, _)| actions).collect();
        let deletes = |text: &&&String| text.contains(":Delete");
        assert!(texts.iter().any(|text| deletes(&text)), "{service} {all:?}");
        // On everything is only what takes no resource, beside what makes it.
        for (actions, resources) in &all {
            if resources.iter().any(|of| of == "*") {
                let undone = actions.iter().filter(|text| text.contains(":Delete"));
                for text in undone {
                    let maker = text.replace(":Delete", ":Create");
                    assert!(actions.contains(&maker), "{service} {text}: {all:?}");
                }
            }
        }
    }
    // None for what can't be made any more.
    let all = created("elasticache");
    let text = format!("{all:?}");
    assert!(text.contains("DeleteCacheCluster"), "{text}");
    assert!(!text.contains("User") && !text.contains("Global"), "{text}");
    assert!(!text.contains("parametergroup:*"), "{text}");
}

#[test]
fn what_is_named_is_narrowed_with_the_wildcard_that_makes_the_same() {
    let own = "'elasticache:Create*', 'elasticache:DeleteGlobalReplicationGroup', 'elasticache:DeleteUser'";
    let (arns, _) = resources(&plain(own), 0);
    let holds = |end: &str| arns.iter().any(|arn| arn.ends_with(end));
    assert!(
        holds(":user:shop-*") && holds(":globalreplicationgroup:*"),
        "{arns:?}"
    );
    let text = plain("'glue:Create*', 'glue:DeleteClassifier', 'glue:DeleteMLTransform'");
    let fixture = Fixture::new(&text, DEPLOYS);
    let fix = fixture.findings(&RULE)[0].fixes[0]
        .resolve(&fixture.context())
        .expect("a fix");
    let all = statements(&leastwise_syntax::write::apply(&text, &fix.edits));
    let everything = all.iter().find(|(_, arns)| arns == &["*"]);
    let (actions, _) = everything.expect("a statement on everything");
    let has = |name: &str| actions.iter().any(|action| action == name);
    assert!(
        has("glue:DeleteClassifier") && has("glue:CreateClassifier"),
        "{actions:?}"
    );
    assert!(!has("glue:DeleteMLTransform"), "{actions:?}");
    // Nobody keeps what makes what nobody deletes.
    let (_, notes) = resources(&plain("'glue:Create*'"), 0);
    assert!(
        notes
            .iter()
            .any(|note| note.contains("glue:CreateClassifier")),
        "{notes:?}"
    );
}

#[test]
fn groups_are_the_apps_own_where_they_are_made_or_deleted() {
    let of = |actions: &str| resources(&plain(actions), 0).0;
    let ends = |arns: &[String], end: &str| arns.iter().any(|arn| arn.ends_with(end));
    let arns =
        of("'rds:CreateDBInstance', 'rds:DeleteDBSubnetGroup', 'rds:ModifyDBParameterGroup'");
    for (end, wanted) in [
        (":subgrp:shop-*", true),
        (":subgrp:*", false),
        (":pg:shop-*", true),
        (":pg:default*", true),
        (":pg:*", false),
        // Nothing here works on these alone.
        (":og:*", true),
    ] {
        assert_eq!(ends(&arns, end), wanted, "{end} {arns:?}");
    }
    let arns = of("'rds:CreateDBInstance', 'rds:DescribeDBSubnetGroups'");
    assert!(ends(&arns, ":subgrp:*"), "{arns:?}");
}

#[test]
fn names_that_the_caller_chooses_have_the_prefix() {
    let of = |actions: &str| {
        let (arns, notes) = resources(&plain(actions), 0);
        assert!(
            !notes.iter().any(|note| note.contains("makes up")),
            "{notes:?}"
        );
        let cut = |arn: &String| arn.splitn(6, ':').nth(5).unwrap_or_default().to_owned();
        arns.iter().map(cut).collect::<Vec<_>>()
    };
    assert_eq!(
        of("'elasticache:CreateUser', 'elasticache:DeleteUser'"),
        ["user:shop-*"]
    );
    assert_eq!(of("'rekognition:DeleteCollection'"), ["collection/shop-*"]);
    assert_eq!(of("'kinesis:*'"), ["stream/shop-*"]);
    assert_eq!(
        of("'kinesis:PutRecord', 'kinesis:DeregisterStreamConsumer'"),
        ["stream/shop-*"]
    );
    assert_eq!(
        of("'autoscaling:SetDesiredCapacity'"),
        ["autoScalingGroup:*:autoScalingGroupName/shop-*"]
    );
    assert_eq!(
        of("'autoscaling:*'"),
        [
            "autoScalingGroup:*:autoScalingGroupName/shop-*",
            "launchConfiguration:*:launchConfigurationName/shop-*"
        ]
    );
    let text = plain("'codepipeline:CreatePipeline', 'codepipeline:CreateCustomActionType'");
    let after = of_safety(&text, "policy.json", Safety::Unsafe);
    assert!(
        after.text.contains("actiontype:*/*/shop-*/*"),
        "{}",
        after.text
    );
    let left = after.last.expect("an end").findings;
    assert!(
        !left
            .iter()
            .any(|of| of.rule.id == "resource-outside-prefix")
    );
    assert_eq!(
        levels(
            "{Effect: Allow, Action: 'autoscaling:SetDesiredCapacity', Resource: '*'}",
            CONFIG
        ),
        [Level::Warning]
    );
}

#[test]
fn log_groups_are_named_by_the_app_and_by_what_writes_them() {
    let own = "'logs:CreateLogGroup', 'logs:DeleteLogGroup'";
    let group = |name: &str| format!("arn:aws:logs:eu-west-1:*:log-group:{name}");
    assert_eq!(
        resources(&plain(own), 0).0,
        [group("shop-*"), group("/*/shop-*")]
    );
    let own_group =
        "  Logs: {Type: 'AWS::Logs::LogGroup', Properties: {LogGroupName: !Sub '/${AppId}/api'}}\n";
    let text = template(own).replace("  DeployRole:\n", &format!("{own_group}  DeployRole:\n"));
    let (arns, _) = resources(&text, 0);
    assert!(
        arns.iter()
            .any(|arn| arn.ends_with(":log-group:/${AppId}/*")),
        "{arns:?}"
    );
    // Behind something else it is no path of the app's.
    let (arns, _) = resources(&text.replace("'/${AppId}/api'", "'/ecs/${AppId}/api'"), 0);
    assert_eq!(arns.len(), 2, "{arns:?}");
}
