//! What a rename gives and takes: what needs somebody's look is offered only, and what comes of it is announced.

use super::bulk::{CONFIG, mended};
use super::fixture::Fixture;
use crate::Safety::{self, Manual, Unsafe};
use crate::deploy::missing_delete_counterpart;

/// The safety of a fix, and what it adds, removes and notes.
type Offer = (Safety, Vec<String>, Vec<String>, Vec<String>);

/// The fixes of a policy's actions that AWS doesn't have.
fn offers(statements: &str) -> Vec<Offer> {
    let text = format!("Version: '2012-10-17'\nStatement: [{statements}]\n");
    let fixture = Fixture::new(&text, CONFIG);
    let rules = [
        "unknown-action",
        "unknown-service",
        "action-matches-nothing",
    ];
    let rules = rules.iter().filter_map(|id| crate::rule(id));
    let fixes = rules.flat_map(|rule| fixture.fixes(rule));
    let said = fixes.map(|fix| (fix.safety, fix.adds, fix.removes, fix.notes));
    said.collect()
}

#[test]
fn nothing_becomes_control_over_permissions_by_itself() {
    for (action, resource, wanted) in [
        ("iam:PassRoles", "*", Manual),
        ("iam:PassRoles", "arn:aws:iam::111111111111:role/*", Manual),
        (
            "iam:PassRoles",
            "arn:aws:iam::111111111111:role/shop-*",
            Unsafe,
        ),
        ("iam:Attach*Policys", "*", Manual),
        (
            "iam:Attach*Policys",
            "arn:aws:iam::111111111111:role/shop-*",
            Unsafe,
        ),
        ("iam:PutUserPolicys", "*", Manual),
        (
            "iam:PutUserPolicys",
            "arn:aws:iam::111111111111:user/shop-*",
            Unsafe,
        ),
        ("iamm:CreateUser", "*", Manual),
        (
            "iamm:CreateUser",
            "arn:aws:iam::111111111111:user/shop-*",
            Unsafe,
        ),
        (
            "lambda:AddPermissions",
            "arn:aws:lambda:*:*:function:*",
            Manual,
        ),
        (
            "lambda:AddPermissions",
            "arn:aws:lambda:*:*:function:shop-*",
            Unsafe,
        ),
        // What gives no permissions is no danger on anything.
        ("sqs:SendMessag", "*", Unsafe),
        ("iam:GetRoles", "*", Unsafe),
    ] {
        let allow = format!("{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}");
        let found: Vec<_> = offers(&allow).into_iter().map(|of| of.0).collect();
        assert_eq!(found, [wanted], "{action} on {resource}");
        // Taking it away does no such thing.
        let deny = allow.replace("Allow", "Deny");
        let found: Vec<_> = offers(&deny).into_iter().map(|of| of.0).collect();
        assert_eq!(found, [Unsafe], "{action} on {resource}");
    }
    let but = "{Effect: Allow, Action: 'iam:PassRoles', NotResource: 'arn:aws:iam::111111111111:role/shop'}";
    assert_eq!(offers(but)[0].0, Manual);
}

#[test]
fn a_call_that_needs_some_actions_gets_none_of_them_by_itself() {
    let of = |actions: &str| {
        let table = "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders";
        let allow = format!("{{Effect: Allow, Action: [{actions}], Resource: '{table}'}}");
        let fixture = Fixture::new(&format!("Statement: [{allow}]\n"), CONFIG);
        let context = fixture.context();
        let found = fixture.findings(crate::rule("unknown-action").unwrap());
        let fixes = found.iter().flat_map(|finding| &finding.fixes);
        let fixes = fixes.map(|fix| fix.resolve(&context).unwrap());
        fixes
            .map(|fix| (fix.safety, fix.adds.join(" ")))
            .collect::<Vec<_>>()
    };
    let one = |name: &str| (Manual, format!("dynamodb:{name}"));
    let names = ["ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"];
    let mut wanted: Vec<_> = names.into_iter().map(one).collect();
    wanted.push((
        Manual,
        names.map(|name| format!("dynamodb:{name}")).join(" "),
    ));
    assert_eq!(of("'dynamodb:TransactWriteItems'"), wanted);
    for name in ["ExecuteStatement", "BatchExecuteStatement"] {
        let found = of(&format!("'dynamodb:{name}'"));
        assert_eq!(found.len(), 5, "{name}");
        assert!(found.iter().all(|of| of.0 == Manual), "{name}");
    }
    // What stands beside it may be all that is needed.
    let beside = of("'dynamodb:TransactWriteItems', 'dynamodb:PutItem'");
    assert_eq!(beside[0], (Manual, String::new()));
    assert_eq!(beside.len(), 5);
    // What a call needs in any case is written.
    let both = "{Effect: Allow, Action: 's3:CopyObject', Resource: 'arn:aws:s3:::shop-data/*'}";
    assert_eq!(offers(both)[0].0, Unsafe);
}

#[test]
fn the_opposite_is_not_written_by_itself() {
    for action in [
        "kms:UnableKey",
        "cognito-idp:AdminUnableUser",
        "events:UnableRule",
        "iam:UnableMFADevice",
        "kms:ReEncryptAll",
    ] {
        let allow = format!("{{Effect: Allow, Action: '{action}', Resource: '*'}}");
        assert!(offers(&allow).iter().all(|of| of.0 == Manual), "{action}");
    }
    let slip = "{Effect: Allow, Action: 'kms:EnabelKey', Resource: '*'}";
    assert_eq!(offers(slip)[0].0, Unsafe);
}

#[test]
fn what_a_deny_takes_and_leaves_is_announced() {
    let of = |allow: &str, deny: &str| {
        let [(safety, adds, removes, notes)] = offers(&format!("{allow}, {deny}"))
            .try_into()
            .expect("one offer");
        (safety, adds.join(" "), removes.join(" "), notes.join(" "))
    };
    let objects = "{Effect: Allow, Action: 's3:*Object', Resource: 'arn:aws:s3:::shop-data/*'}";
    let queues = "{Effect: Allow, Action: 'sqs:*', Resource: '*'}";
    let deletes = "{Effect: Deny, Action: 's3:DeleteObjekt', Resource: 'arn:aws:s3:::shop-data/*'}";
    let but = "{Effect: Deny, NotAction: ['s3:GetObjekt'], Resource: '*'}";
    let removed = "s3:DeleteObject".to_owned();
    let added = "s3:GetObject".to_owned();
    let none = String::new;
    let denied = "it denies `s3:DeleteObject` even where another policy allows it".to_owned();
    let spared = "it no longer denies `s3:GetObject` where another policy allows it".to_owned();
    assert_eq!(of(objects, deletes), (Unsafe, none(), removed, none()));
    assert_eq!(
        of(queues, deletes),
        (Unsafe, none(), none(), denied.clone())
    );
    assert_eq!(of(objects, but), (Manual, added, none(), none()));
    assert_eq!(of(queues, but), (Manual, none(), none(), spared));
    // Of other resources it takes nothing, and under a condition not all.
    let elsewhere = deletes.replace("data", "logs");
    assert_eq!(of(objects, &elsewhere), (Unsafe, none(), none(), denied));
    let limited = deletes.replace(
        "/*'}",
        "/*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
    );
    let (_, _, removed, _) = of(objects, &limited);
    assert_eq!(
        removed,
        "s3:DeleteObject where the statement's conditions are met"
    );
}

#[test]
fn an_ignore_and_what_it_is_for_stay_together() {
    let policy = |actions: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {actions}\n    Resource: \"*\"\n"
        )
    };
    let list = "lambda:CreateFunction, lambda:DeleteFunction, lambda:Update*, lambda:ListFunctions, lambda:Nope";
    let unknown = "# leastwise: ignore[unknown-action] asked AWS";
    for actions in [
        format!("Action: [{list}] {unknown}"),
        format!("{unknown}\n    Action: [{list}]"),
    ] {
        let text = policy(&actions);
        let (after, _) = mended(&text, "shop.yaml");
        let (own, apart) = after.rsplit_once("- Effect").expect("a statement");
        assert!(own.contains("lambda:Update*, lambda:Nope]"), "{after}");
        assert!(own.contains(unknown) && !apart.contains("Nope"), "{after}");
        assert!(apart.contains("lambda:ListFunctions"), "{after}");
    }
    // What may be for the moved one would be left behind.
    for ignore in ["ignore", "ignore[redundant-action]"] {
        let text = policy(&format!(
            "Action: [{list}] # leastwise: {ignore} on purpose"
        ));
        let (after, _) = mended(&text, "shop.yaml");
        assert_eq!(after, text);
    }
    // It goes along where the item has a line of its own.
    let text = policy(
        "Action:\n      - lambda:CreateFunction\n      - lambda:DeleteFunction\n      - lambda:Update*\n      - lambda:ListFunctions # leastwise: ignore[redundant-action] on purpose",
    );
    let (after, _) = mended(&text, "shop.yaml");
    let (_, apart) = after.rsplit_once("- Effect").expect("a statement");
    assert!(
        apart.contains("lambda:ListFunctions # leastwise"),
        "{after}"
    );
    // No blank stays where the last ones go.
    let text = policy(
        "Action: [lambda:CreateFunction, lambda:DeleteFunction, lambda:Update*, lambda:ListFunctions, lambda:ListLayers]",
    );
    let (after, _) = mended(&text, "shop.yaml");
    assert!(after.contains("lambda:Update*]"), "{after}");
}

#[test]
fn versions_of_policies_come_and_go() {
    let rule = &missing_delete_counterpart::RULE;
    let policy = |actions: &str, resource: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": \"arn:aws:iam::*:{resource}/shop-*\"}}]}}"
        )
    };
    let text = policy(r#""iam:CreatePolicyVersion""#, "policy");
    let fixture = Fixture::new(&text, CONFIG);
    let found = fixture.findings(rule);
    assert!(
        found[0].message.ends_with(
            "is allowed without `iam:DeletePolicyVersion`: a sixth version of a policy fails."
        ),
        "{found:?}"
    );
    let fixes = fixture.fixes(rule);
    assert_eq!(
        fixes[0].adds,
        ["iam:DeletePolicyVersion", "iam:ListPolicyVersions"]
    );
    for (actions, resource) in [
        (
            r#""iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:ListPolicyVersions""#,
            "policy",
        ),
        (
            r#""iam:CreatePolicyVersion", "iam:DeletePolicy*""#,
            "policy",
        ),
        // It makes no version of a role.
        (r#""iam:CreatePolicyVersion""#, "role"),
    ] {
        let found = Fixture::new(&policy(actions, resource), CONFIG).findings(rule);
        assert!(found.is_empty(), "{actions} {resource}: {found:?}");
    }
}

#[test]
fn what_works_on_nothing_that_is_named_is_a_choice() {
    for (action, resource, wanted) in [
        ("s3:GetObejct", "arn:aws:s3:::shop/*", Unsafe),
        ("s3:GetObejct", "arn:aws:sqs:*:111111111111:shop", Manual),
        ("s3:GetObejct", "arn:aws:s3:::shop", Manual),
        // What isn't known may fit.
        ("s3:GetObejct", "{{ resource }}", Unsafe),
        ("s3:GetObejct", "*", Unsafe),
        ("sqs:SendMesage", "arn:aws:sns:*:111111111111:shop", Manual),
        ("sqs:SendMesage", "arn:asw:sqs:*:111111111111:shop", Unsafe),
        (
            "lamda:InvokeFunction",
            "arn:aws:sqs:*:111111111111:shop",
            Manual,
        ),
    ] {
        let allow = format!("{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}");
        for statement in [&allow, &allow.replace("Allow", "Deny")] {
            let found: Vec<_> = offers(statement).into_iter().map(|of| of.0).collect();
            assert!(
                !found.is_empty() && found.iter().all(|of| *of == wanted),
                "{action} on {resource}: {found:?}"
            );
        }
    }
}

#[test]
fn of_several_the_one_that_works_on_what_is_named() {
    let of = |action: &str, resource: &str| {
        let text =
            format!("Statement: [{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}]\n");
        let fixture = Fixture::new(&text, CONFIG);
        let rule = crate::rule("unknown-action").expect("a rule");
        let mut found = fixture.findings(rule).into_iter();
        let fixes = found.next().expect("a finding").fixes.into_iter();
        fixes
            .map(|fix| (fix.title.replace("Replace with ", ""), fix.safety))
            .collect::<Vec<_>>()
    };
    let offer = |name: &str, safety| (name.to_owned(), safety);
    let attach = [
        offer("iam:AttachGroupPolicy", Manual),
        offer("iam:AttachRolePolicy", Manual),
        offer("iam:AttachUserPolicy", Manual),
    ];
    assert_eq!(of("iam:AttachPolicy", "*"), attach);
    let role = "arn:aws:iam::111111111111:role/shop-*";
    assert_eq!(of("iam:AttachPolicy", role), attach);
    let metrics: Vec<_> = of("cloudwatch:PutMetrics", "*");
    assert!(
        metrics.contains(&offer("cloudwatch:PutMetricData", Manual)),
        "{metrics:?}"
    );
}
