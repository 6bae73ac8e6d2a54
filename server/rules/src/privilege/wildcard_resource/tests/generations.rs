//! Services of two generations, names that can't have a `-`, and what calls use that AWS has set up.

use super::*;

/// What stands behind the account in the resources of the first statement.
fn own(actions: &str) -> Vec<String> {
    let (found, _) = resources(&template(actions), 0);
    let rest = |arn: &String| {
        arn.split_once("AccountId}:")
            .map(|(_, rest)| rest.to_owned())
    };
    found.iter().filter_map(rest).collect()
}

#[test]
fn load_balancers_of_both_generations_are_named() {
    for (actions, wanted) in [
        (
            "'elasticloadbalancing:*'",
            &[
                "loadbalancer/*/${AppId}-*/*",
                "targetgroup/${AppId}-*/*",
                "listener/*/${AppId}-*/*/*",
                "listener-rule/*/${AppId}-*/*/*/*",
                "loadbalancer/${AppId}-*",
            ][..],
        ),
        (
            "'elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:DeleteLoadBalancer'",
            &["loadbalancer/*/${AppId}-*/*", "loadbalancer/${AppId}-*"],
        ),
        (
            "'elasticloadbalancing:Describe*', 'elasticloadbalancing:CreateListener', 'elasticloadbalancing:DeleteListener'",
            &["loadbalancer/*/${AppId}-*/*", "listener/*/${AppId}-*/*/*"],
        ),
        // What works on one generation only is on that.
        (
            "'elasticloadbalancing:RegisterTargets'",
            &["targetgroup/${AppId}-*/*"],
        ),
        (
            "'elasticloadbalancing:ConfigureHealthCheck'",
            &["loadbalancer/${AppId}-*"],
        ),
    ] {
        assert_eq!(own(actions), wanted, "{actions}");
    }
}

#[test]
fn names_that_cannot_have_a_dash() {
    for (actions, wanted) in [
        (
            "'cassandra:*'",
            &[
                "/keyspace/${AppId}*/",
                "/keyspace/${AppId}*/table/*",
                "/keyspace/system*",
            ][..],
        ),
        (
            "'glue:GetTable'",
            &["catalog", "database/${AppId}*", "table/${AppId}*/*"],
        ),
        ("'glue:StartJobRun'", &["job/${AppId}-*"]),
        ("'iotanalytics:CreateChannel'", &["channel/${AppId}*"]),
        ("'iot:CreateTopicRule'", &["rule/${AppId}*"]),
        ("'iot:Publish'", &["topic/${AppId}*"]),
        ("'lex:PutBot'", &["bot:${AppId}*:*"]),
    ] {
        let mut found = own(actions);
        found.sort_unstable_by_key(|of| wanted.iter().position(|one| one == of));
        assert_eq!(found, wanted, "{actions}");
    }
    // A prefix with one has another sign in them.
    let dashed = DEPLOYS.replace("'shop'\nvar", "'web-shop'\nvar");
    let found =
        statements(&narrowed("'glue:GetTable', 'glue:StartJobRun'", &dashed).expect("a fix"));
    let rest = |arn: &String| arn.split(":*:").last().map(str::to_owned);
    let mut found: Vec<String> = found[0].1.iter().filter_map(rest).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "catalog",
            "database/web_shop*",
            "job/web-shop-*",
            "table/web_shop*/*"
        ]
    );
}

#[test]
fn what_aws_has_set_up_is_named_where_calls_use_it() {
    for (actions, wanted) in [
        (
            "'events:PutEvents'",
            &["event-bus/${AppId}-*", "event-bus/default"][..],
        ),
        ("'events:DeleteEventBus'", &["event-bus/${AppId}-*"]),
        (
            "'athena:StartQueryExecution'",
            &["workgroup/${AppId}-*", "workgroup/primary"],
        ),
        ("'backup:*'", &["backup-vault:${AppId}-*", "backup-plan:*"]),
    ] {
        assert_eq!(own(actions), wanted, "{actions}");
    }
    let (_, notes) = resources(&template("'events:PutEvents'"), 0);
    assert_eq!(
        notes,
        ["`event-bus/default` as well, which AWS sets up and apps share"]
    );
}

#[test]
fn who_sends_mails_is_not_limited_to_domains_of_the_prefix() {
    assert_eq!(narrowed("'ses:SendEmail'", DEPLOYS), None);
    let (found, notes) = resources(&template("'ses:SendEmail', 'sqs:SendMessage'"), 0);
    let ses: Vec<&String> = found.iter().filter(|arn| arn.contains(":ses:")).collect();
    assert!(
        ses.iter().any(|arn| arn.ends_with(":identity/*")),
        "{ses:?}"
    );
    assert!(
        ses.iter().any(|arn| arn.ends_with(":configuration-set/*")),
        "{ses:?}"
    );
    assert!(
        notes
            .iter()
            .any(|note| note == "any `identity`, since the app can't choose its name"),
        "{notes:?}"
    );
    // A web ACL goes with what it guards.
    let found = statements(
        &narrowed("'wafv2:AssociateWebACL', 'sqs:SendMessage'", DEPLOYS).expect("a fix"),
    );
    assert_eq!(found[1].0, ["wafv2:AssociateWebACL"]);
    assert_eq!(found[1].1, ["*"]);
}
