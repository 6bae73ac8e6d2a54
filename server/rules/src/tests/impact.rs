//! What a slip of the pen must not become in bulk: everything, all that a service has, something for everybody, a wider `Deny`.

use super::bulk::CONFIG;
use super::fixture::Fixture;
use crate::Safety::{self, Manual, Safe, Unsafe};
use crate::privilege::administrator_access;
use crate::resources::unknown_managed_policy;
use leastwise_model::Level;

/// The fixes of a file's findings by rules of these names: how safe they are.
pub(super) fn offers(text: &str, rules: &[&str]) -> Vec<Safety> {
    let fixture = Fixture::new(text, CONFIG);
    let rules = rules.iter().filter_map(|id| crate::rule(id));
    let found = rules.flat_map(|rule| fixture.findings(rule));
    let fixes = found.flat_map(|finding| finding.fixes);
    fixes.map(|fix| fix.safety).collect()
}

/// A policy of one statement in each way of writing it: JSON, JSON with a comment, YAML in brackets and in lines.
pub(super) fn written(pairs: &[(&str, &str)]) -> [String; 4] {
    let joined = |pair: &str, between: &str| {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(key, value)| pair.replace("KEY", key).replace("VALUE", value));
        pairs.collect::<Vec<_>>().join(between)
    };
    let json = joined("\"KEY\": VALUE", ", ");
    let flow = joined("KEY: VALUE", ", ");
    let block = joined("KEY: VALUE", "\n    ");
    [
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{json}}}]}}"),
        format!("{{\n  // ours\n  \"Version\": \"2012-10-17\", \"Statement\": {{{json}}}\n}}\n"),
        format!("Version: '2012-10-17'\nStatement: [{{{flow}}}]\n"),
        format!("Version: '2012-10-17'\nStatement:\n  - {block}\n"),
    ]
}

#[test]
fn nothing_becomes_everything_by_another_name() {
    const NAMES: [&str; 2] = ["unknown-element", "invalid-effect"];
    let all = ("Resource", r#""*""#);
    let allow = ("Effect", r#""Allow""#);
    for (pairs, wanted) in [
        ([allow, ("Actions", r#""*""#), all], Manual),
        ([allow, ("Actions", r#"["rds:*"]"#), all], Manual),
        ([allow, ("NotActions", r#"["iam:*"]"#), all], Manual),
        (
            [allow, ("Action", r#""*""#), ("Ressource", r#""*""#)],
            Manual,
        ),
        (
            [allow, ("Action", r#""rds:*""#), ("Ressource", r#"["*"]"#)],
            Manual,
        ),
        (
            [("Effect", r#""Alow""#), ("Action", r#""iam:*""#), all],
            Manual,
        ),
        (
            [("Effect", r#""Permit""#), ("Action", r#""rds:*""#), all],
            Manual,
        ),
        (
            [("Effect", r#""allow""#), ("Action", r#""*""#), all],
            Manual,
        ),
        (
            [
                ("Efect", r#""Allow""#),
                ("Action", r#""iam:PassRole""#),
                all,
            ],
            Manual,
        ),
        // An ordinary statement is mended as before, and what denies or is about one bucket.
        ([allow, ("Actions", r#""sqs:SendMessage""#), all], Unsafe),
        (
            [("Effect", r#""Alow""#), ("Action", r#""sqs:Send*""#), all],
            Unsafe,
        ),
        (
            [("Effect", r#""allow""#), ("Action", r#""sqs:Send*""#), all],
            Unsafe,
        ),
        ([("Effect", r#""deny""#), ("Action", r#""*""#), all], Safe),
        ([("Effect", r#""Dney""#), ("Action", r#""*""#), all], Unsafe),
        (
            [("Effect", r#""Deny""#), ("Actions", r#""*""#), all],
            Unsafe,
        ),
        (
            [
                allow,
                ("Actions", r#""s3:*""#),
                ("Resource", r#""arn:aws:s3:::shop-data/*""#),
            ],
            Unsafe,
        ),
    ] {
        for text in written(&pairs) {
            assert_eq!(offers(&text, &NAMES), [wanted], "{text}");
        }
    }
    // Two slips at once are mended in one round.
    let two = [("Effect", r#""Alow""#), ("Actions", r#""*""#), all];
    for text in written(&two) {
        assert_eq!(offers(&text, &NAMES), [Manual, Manual], "{text}");
    }
    let statements =
        "Version: '2012-10-17'\nStatements:\n  - {Effect: Allow, Action: '*', Resource: '*'}\n";
    assert_eq!(offers(statements, &NAMES), [Manual]);
}

#[test]
fn nothing_becomes_open_to_everybody() {
    const NAMES: [&str; 2] = ["unknown-element", "invalid-effect"];
    let policy = |statement: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: shop\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {{{statement}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*'}}\n"
        )
    };
    for (statement, wanted) in [
        ("Effect: Allow, Principle: '*'", Manual),
        ("Effect: Allow, Principle: {AWS: '*'}", Manual),
        ("Effect: Allow, Principal: {aws: ['*']}", Manual),
        ("Effect: Alow, Principal: '*'", Manual),
        ("Effect: Allow, Principle: {AWS: '111111111111'}", Unsafe),
        ("Effect: Allow, Principal: {aws: '111111111111'}", Safe),
        ("Effect: Deny, Principle: '*'", Unsafe),
    ] {
        assert_eq!(offers(&policy(statement), &NAMES), [wanted], "{statement}");
    }
}

#[test]
fn nor_in_blocks_of_terraform() {
    let module = |statement: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n{statement}\n  }}\n}}\n"
        )
    };
    for (statement, wanted) in [
        ("    action = [\"*\"]\n    resources = [\"*\"]", Manual),
        (
            "    not_action = [\"iam:*\"]\n    resources = [\"*\"]",
            Manual,
        ),
        (
            "    effect = \"Alow\"\n    actions = [\"rds:*\"]\n    resources = [\"*\"]",
            Manual,
        ),
        (
            "    actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop/*\"]\n    principals {\n      type = \"*\"\n      identities = [\"*\"]\n    }",
            Manual,
        ),
        (
            "    actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop/*\"]\n    principals {\n      type = \"AWS\"\n      identities = [\"111111111111\"]\n    }",
            Unsafe,
        ),
        (
            "    action = [\"sqs:SendMessage\"]\n    resources = [\"*\"]",
            Unsafe,
        ),
    ] {
        let found = offers(&module(statement), &["unknown-element", "invalid-effect"]);
        assert_eq!(found, [wanted], "{statement}");
    }
}

#[test]
fn a_policy_of_aws_that_allows_everything_is_a_choice() {
    for (name, wanted) in [
        ("PowerUser", Manual),
        ("AdministratorAcces", Manual),
        ("AmazonS3FullAcess", Manual),
        ("AmazonS3ReadOnlyAcess", Unsafe),
    ] {
        let template = format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/{name}']\n"
        );
        let module = format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role       = \"a\"\n  policy_arn = \"arn:aws:iam::aws:policy/{name}\"\n}}\n"
        );
        for text in [template, module] {
            assert_eq!(
                offers(&text, &[unknown_managed_policy::RULE.id]),
                [wanted],
                "{name}"
            );
        }
    }
}

#[test]
fn what_a_call_needs_is_wider_than_the_call() {
    const ACTIONS: [&str; 2] = ["unknown-action", "action-matches-nothing"];
    let allow = ("Effect", r#""Allow""#);
    let deny = ("Effect", r#""Deny""#);
    let all = ("Resource", r#""*""#);
    for (pairs, wanted) in [
        (
            [deny, ("Action", r#""s3:CreateMultipartUpload""#), all],
            Manual,
        ),
        ([deny, ("Action", r#"["s3:ListObjects*"]"#), all], Manual),
        (
            [allow, ("NotAction", r#"["s3:CreateMultipartUpload"]"#), all],
            Manual,
        ),
        (
            [deny, ("NotAction", r#"["s3:CreateMultipartUpload"]"#), all],
            Manual,
        ),
        (
            [allow, ("Action", r#""s3:CreateMultipartUpload""#), all],
            Unsafe,
        ),
        ([allow, ("Action", r#""s3:ListObjects*""#), all], Unsafe),
        // A slip of the pen stays one.
        ([deny, ("Action", r#""s3:PutObjct""#), all], Unsafe),
    ] {
        for text in written(&pairs) {
            assert_eq!(offers(&text, &ACTIONS), [wanted], "{text}");
        }
    }
}

#[test]
fn what_matches_nothing_is_not_offered() {
    for (action, help) in [
        ("s3:**Foo", "Remove it, or use actions that"),
        ("ec2:**Instanes", "Did you mean"),
    ] {
        let text = format!("Statement: [{{Effect: Allow, Action: '{action}', Resource: '*'}}]\n");
        let rule = crate::rule("action-matches-nothing").expect("a rule");
        let found = Fixture::new(&text, CONFIG).findings(rule);
        assert!(found[0].help.starts_with(help), "{action}: {found:?}");
    }
}

#[test]
fn a_key_by_which_all_is_denied() {
    let offer = |effect: &str, operator: &str| {
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: {effect}, Action: 's3:*', Resource: '*', Condition: {{{operator}: {{'aws:SourceVpcee': 'vpce-1'}}}}}}]\n"
        );
        let rule = crate::rule("unknown-condition-key").expect("a rule");
        let fix = Fixture::new(&text, CONFIG).fixes(rule).remove(0);
        (fix.safety, fix.notes)
    };
    let note = "it no longer denies what the condition on `aws:SourceVpce` exempts".to_owned();
    for operator in ["StringNotEquals", "StringEqualsIfExists"] {
        assert_eq!(offer("Deny", operator), (Manual, vec![note.clone()]));
        // It limited nothing before.
        assert_eq!(offer("Allow", operator), (Unsafe, Vec::new()));
    }
    assert_eq!(offer("Deny", "StringEquals"), (Unsafe, Vec::new()));
    assert_eq!(offer("Allow", "StringEquals"), (Manual, Vec::new()));
}

#[test]
fn that_no_more_is_guessed_is_said() {
    let of = |count: usize| {
        let actions: Vec<_> = (0..count).map(|at| format!("'s3:Zzxq{at}'")).collect();
        let actions = actions.join(", ");
        let text = format!("Statement: [{{Effect: Allow, Action: [{actions}], Resource: '*'}}]\n");
        let rule = crate::rule("unknown-action").expect("a rule");
        let mut found = Fixture::new(&text, CONFIG).findings(rule);
        found.pop().expect("a finding").help
    };
    assert!(!of(256).contains("256"), "{}", of(256));
    assert!(of(257).contains("the first 256 such names"), "{}", of(257));
}

#[test]
fn an_administrator_that_another_file_denies_something() {
    let role = "Resources:\n  Ours:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: ours\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n";
    let other = |effect: &str, role: &str| {
        format!(
            "Resources:\n  Guard:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: guard\n      Roles: [{role}]\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {{Effect: {effect}, Action: 'iam:*', Resource: '*'}}\n"
        )
    };
    for (effect, name, level) in [
        ("Deny", "ours", Level::Warning),
        ("Allow", "ours", Level::Error),
        ("Deny", "theirs", Level::Error),
    ] {
        let guard = other(effect, name);
        let files = [("role.yaml", role, CONFIG), ("guard.yaml", &guard, CONFIG)];
        let found = Fixture::among(&files).findings(&administrator_access::RULE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, level, "{effect} {name}");
        let says = found[0].message.contains("except what is denied");
        assert_eq!(says, level == Level::Warning, "{}", found[0].message);
    }
}
