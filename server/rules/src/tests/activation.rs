//! What a fix brings to life in bulk, and what it is announced to do: an `Allow` that allowed nothing, a `Deny` that spares.

use super::bulk::CONFIG;
use super::fixture::Fixture;
use super::impact::{offers, written};
use crate::ResolvedFix;
use crate::Safety::{Manual, Safe, Unsafe};

const ALLOW: (&str, &str) = ("Effect", r#""Allow""#);
const DENY: (&str, &str) = ("Effect", r#""Deny""#);
const ALL: (&str, &str) = ("Resource", r#""*""#);

/// The first fix of a rule's first finding.
fn fix(text: &str, rule: &str) -> ResolvedFix {
    let rule = crate::rule(rule).expect("a rule");
    Fixture::new(text, CONFIG).fixes(rule).remove(0)
}

#[test]
fn an_arn_by_which_everybody_gets_in() {
    let bucket = |effect: &str, arn: &str, principal: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: shop\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {{Effect: {effect}, Principal: {principal}, Action: 's3:GetObject', Resource: '{arn}'}}\n"
        )
    };
    const SLIP: &str = "arn:asw:s3:::shop/*";
    const RIGHT: &str = "arn:aws:s3:::shop/*";
    for (effect, principal, wanted) in [
        ("Allow", "'*'", Manual),
        ("Allow", "{AWS: '*'}", Manual),
        ("Allow", "{AWS: '111111111111'}", Unsafe),
        ("Deny", "'*'", Unsafe),
    ] {
        let text = bucket(effect, SLIP, principal);
        assert_eq!(offers(&text, &["invalid-arn"]), [wanted], "{text}");
        // Nor by an action that comes to be one.
        let text = bucket(effect, RIGHT, principal).replace("s3:GetObject", "s3:GetObjct");
        assert_eq!(offers(&text, &["unknown-action"]), [wanted], "{text}");
    }
    let service = bucket("Allow", "*", "{Service: lamda.amazonaws.com}");
    let service = |action: &str| service.replace("s3:GetObject", action);
    for (action, wanted) in [("s3:*", Manual), ("s3:GetObject", Unsafe)] {
        let found = offers(&service(action), &["unknown-principal"]);
        assert_eq!(found, [wanted], "{action}");
    }
}

#[test]
fn what_an_arn_comes_to_do_is_announced() {
    let statement = |text: &str| {
        let policy = format!("Version: '2012-10-17'\nStatement: [{{{text}}}]\n");
        let fix = fix(&policy, "invalid-arn");
        (fix.adds, fix.removes, fix.notes)
    };
    const ON: &str = "arn:aws:s3:::shop-data/*";
    let gets = || vec![format!("s3:GetObject on {ON}")];
    let none = Vec::<String>::new;
    for (text, told) in [
        (
            "Effect: Allow, Action: 's3:GetObject', Resource: R",
            (gets(), none(), none()),
        ),
        (
            "Effect: Allow, Action: 's3:GetObject', NotResource: R",
            (none(), gets(), none()),
        ),
        (
            "Effect: Allow, NotAction: 's3:Put*', Resource: R",
            (
                vec![format!("everything but s3:Put* on {ON}")],
                none(),
                none(),
            ),
        ),
        (
            "Effect: Deny, Action: 's3:GetObject', Resource: R",
            (
                none(),
                none(),
                vec![format!(
                    "it denies the statement's actions on {ON} even where another policy allows them"
                )],
            ),
        ),
        (
            "Effect: Deny, Action: 's3:GetObject', NotResource: R",
            (
                none(),
                none(),
                vec![format!(
                    "it no longer denies the statement's actions on {ON} where another policy allows them"
                )],
            ),
        ),
    ] {
        let text = text.replace(": R", ": 'arn:asw:s3:::shop-data/*'");
        assert_eq!(statement(&text), told, "{text}");
    }
}

#[test]
fn a_test_by_which_nothing_becomes_everything() {
    let test = |operator: &str, key: &str, value: &str| {
        format!(r#"{{"{operator}": {{"{key}": "{value}"}}}}"#)
    };
    for (rule, condition) in [
        (
            "unknown-condition-key",
            test("StringEquals", "aws:SourceVpcee", "vpce-1"),
        ),
        (
            "invalid-condition",
            test("StringEqual", "aws:SourceVpce", "vpce-1"),
        ),
        (
            "invalid-condition",
            test("StringEquals", "aws:RequestedRegion", "eu-wst-1"),
        ),
        (
            "invalid-arn",
            test("ArnLike", "aws:SourceArn", "arn:asw:s3:::shop-data"),
        ),
        (
            "literal-wildcard",
            test("StringEquals", "aws:SourceArn", "arn:aws:s3:::shop-*"),
        ),
    ] {
        for (effect, action, wanted) in [
            (ALLOW, r#""*""#, Manual),
            (ALLOW, r#"["sqs:*"]"#, Manual),
            (ALLOW, r#""iam:PassRole""#, Manual),
            (ALLOW, r#""sqs:SendMessage""#, Unsafe),
            (DENY, r#""*""#, Unsafe),
        ] {
            let pairs = [effect, ("Action", action), ALL, ("Condition", &condition)];
            for text in written(&pairs) {
                assert_eq!(offers(&text, &[rule]), [wanted], "{rule}: {text}");
            }
        }
    }
}

#[test]
fn a_test_by_which_a_deny_spares() {
    let test = |operator: &str, key: &str, value: &str| {
        format!(r#"{{"{operator}": {{"{key}": "{value}"}}}}"#)
    };
    for (rule, condition) in [
        (
            "unknown-condition-key",
            test("StringNotEquals", "aws:SourceVpcee", "vpce-1"),
        ),
        (
            "invalid-condition",
            test("StringNotEquals", "aws:RequestedRegion", "eu-wst-1"),
        ),
        (
            "invalid-arn",
            test("ArnNotLike", "aws:SourceArn", "arn:asw:s3:::shop-data"),
        ),
        (
            "literal-wildcard",
            test(
                "StringNotEquals",
                "aws:PrincipalArn",
                "arn:aws:iam::111111111111:role/shop-*",
            ),
        ),
        (
            "literal-wildcard",
            test("ForAllValues:StringNotEquals", "s3:prefix", "home/*"),
        ),
    ] {
        for (effect, wanted) in [(DENY, Manual), (ALLOW, Unsafe)] {
            let pairs = [
                effect,
                ("Action", r#""s3:ListBucket""#),
                ALL,
                ("Condition", &condition),
            ];
            for text in written(&pairs) {
                assert_eq!(offers(&text, &[rule]), [wanted], "{rule}: {text}");
            }
        }
    }
}

#[test]
fn what_a_test_comes_to_do_is_announced() {
    let told = |effect: &str, rule: &str, condition: &str| {
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: {effect}, Action: ['sqs:SendMessage', 'sqs:Get*'], Resource: '*', Condition: {{{condition}}}}}]\n"
        );
        let fix = fix(&text, rule);
        (fix.adds, fix.removes, fix.notes)
    };
    let both = |so: &str| {
        let actions = ["sqs:SendMessage", "sqs:Get*"];
        actions
            .map(|action| format!("{action} where {so}"))
            .to_vec()
    };
    let none = Vec::<String>::new;
    const KEY: &str = "unknown-condition-key";
    let one = "StringEquals: {aws:SourceVpcee: vpce-1}";
    let is = "aws:SourceVpce is vpce-1";
    assert_eq!(told("Allow", KEY, one), (both(is), none(), none()));
    assert_eq!(told("Deny", KEY, one), (none(), both(is), none()));
    let many = "StringEquals: {aws:SourceVpcee: [vpce-1, vpce-2, vpce-3, vpce-4, vpce-5]}";
    let is = "aws:SourceVpce is vpce-1, vpce-2, vpce-3 or one of 2 more";
    assert_eq!(told("Allow", KEY, many), (both(is), none(), none()));
    let other = "StringNotEquals: {aws:SourceVpcee: vpce-1}";
    let fails = "the condition on aws:SourceVpce isn't met";
    assert_eq!(told("Allow", KEY, other), (none(), both(fails), none()));
    let there = "'Null': {aws:SourceVpcee: 'false'}";
    let holds = "the condition on aws:SourceVpce is met";
    assert_eq!(told("Allow", KEY, there), (both(holds), none(), none()));
    let operator = "StringEqual: {aws:SourceVpce: vpce-1, aws:SourceVpc: [vpc-1, vpc-2]}";
    let is = "aws:SourceVpce is vpce-1 and aws:SourceVpc is vpc-1 or vpc-2";
    assert_eq!(
        told("Allow", "invalid-condition", operator),
        (both(is), none(), none())
    );
    let region = "StringEquals: {aws:RequestedRegion: eu-wst-1}";
    let is = "aws:RequestedRegion is eu-west-1";
    assert_eq!(
        told("Allow", "invalid-condition", region),
        (both(is), none(), none())
    );
    let open = "'ForAllValues:StringEquals': {aws:SourceVpce: vpce-1}";
    let is = "aws:SourceVpce is missing";
    assert_eq!(
        told("Allow", "for-all-values", open),
        (none(), both(is), none())
    );
}

#[test]
fn variables_that_come_to_stand_for_something() {
    let policy =
        |version: &str, statement: &str| format!("{version}Statement: [{{{statement}}}]\n");
    for (statement, wanted) in [
        (
            "Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::home/${aws:username}/*'",
            Manual,
        ),
        (
            "Effect: Deny, Action: 's3:ListBucket', Resource: '*', Condition: {StringNotLike: {s3:prefix: '${aws:username}/*'}}",
            Manual,
        ),
        (
            "Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::home/${aws:username}/*'",
            Unsafe,
        ),
        (
            "Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::home/${aws:username}/*'",
            Unsafe,
        ),
    ] {
        for (version, rule) in [
            ("", "missing-version"),
            ("Version: '2008-10-17'\n", "invalid-version"),
        ] {
            let text = policy(version, statement);
            assert_eq!(offers(&text, &[rule]), [wanted], "{text}");
            let notes = fix(&text, rule).notes;
            assert_eq!(notes.is_empty(), wanted == Unsafe, "{notes:?}");
        }
    }
    let template = |statement: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {{{statement}}}\n"
        )
    };
    const ROLES: &str = "arn:aws:iam::${AWS::AccountId}:role/";
    for (statement, wanted) in [
        (
            format!("Effect: Allow, Action: 'iam:*', Resource: '{ROLES}*'"),
            Manual,
        ),
        (
            format!("Effect: Allow, Action: 'iam:*', Resource: '{ROLES}shop-*'"),
            Unsafe,
        ),
        (
            format!("Effect: Allow, Action: 'iam:GetRole', Resource: '{ROLES}*'"),
            Unsafe,
        ),
        (
            format!("Effect: Deny, Action: 'iam:*', Resource: '{ROLES}*'"),
            Unsafe,
        ),
        (
            format!("Effect: Deny, Action: 'iam:*', NotResource: '{ROLES}*'"),
            Manual,
        ),
        (
            format!(
                "Effect: Deny, Action: 'iam:*', Resource: '*', Condition: {{ArnNotLike: {{aws:PrincipalArn: '{ROLES}shop'}}}}"
            ),
            Manual,
        ),
        (
            format!(
                "Effect: Allow, Action: 'iam:*', Resource: '*', Condition: {{ArnLike: {{aws:PrincipalArn: '{ROLES}shop'}}}}"
            ),
            Manual,
        ),
    ] {
        let text = template(&statement);
        assert_eq!(offers(&text, &["missing-sub"]), [wanted], "{text}");
        let arn = statement.find("'arn:").expect("an ARN");
        let misspelt = format!("{}!Sub {}", &statement[..arn], &statement[arn..]);
        let text = template(&misspelt.replace("AccountId", "AcountId"));
        assert_eq!(
            offers(&text, &["unescaped-policy-variable"]),
            [wanted],
            "{text}"
        );
    }
}

#[test]
fn what_could_not_be_read_before() {
    let star = |statement: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - {}\n",
            statement.replace(", ", "\n    ")
        )
    };
    for (statement, wanted) in [
        ("Effect: Allow, Action: 's3:*', Resource: *", Manual),
        ("Effect: Allow, Action: s3:GetObject, Resource: *", Unsafe),
        ("Action: s3:GetObject, Resource: *", Unsafe),
        ("Effect: Deny, Action: 's3:*', Resource: *", Safe),
    ] {
        let text = star(statement);
        assert_eq!(offers(&text, &["unquoted-star"]), [wanted], "{text}");
    }
    let told = |statement: &str| fix(&star(statement), "unquoted-star").notes;
    assert_eq!(
        told("Effect: Allow, Action: s3:GetObject, Resource: *"),
        ["the file can be read then, and allows s3:GetObject"]
    );
    assert!(told("Effect: Deny, Action: s3:GetObject, Resource: *").is_empty());
    let entry = |action: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - Effect: Allow\n          Action: '{action}'\n          Resource: '*'\n"
        )
    };
    for (action, wanted) in [("*", Manual), ("s3:ListAllMyBuckets", Safe)] {
        let text = entry(action);
        assert_eq!(offers(&text, &["invalid-policy-entry"]), [wanted], "{text}");
    }
    // What takes no resource gets to work on all that there is.
    for (action, wanted) in [
        ("lakeformation:GrantPermissions", Manual),
        ("s3:ListAllMyBuckets", Unsafe),
    ] {
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: '{action}', Resource: 'arn:aws:s3:::shop-data'}}]\n"
        );
        let found = offers(&text, &["action-resource-mismatch"]);
        assert!(found.contains(&wanted), "{text} {found:?}");
    }
}

/// A managed policy of one statement beside a role `R`, in a template.
fn beside_a_role(statement: &str) -> String {
    format!(
        "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - {statement}\n"
    )
}

#[test]
fn all_but_what_aws_refuses() {
    for (statement, wanted) in [
        (
            "Effect: Allow, Action: 'iam:*', NotResource: !Ref R",
            Manual,
        ),
        ("Effect: Allow, Action: '*', NotResource: [!Ref R]", Manual),
        (
            "Effect: Allow, NotAction: 's3:*', NotResource: !Ref R",
            Manual,
        ),
        (
            "Effect: Allow, Action: 'iam:*', NotResource: !GetAtt R.RoleId",
            Manual,
        ),
        (
            "Effect: Allow, Action: 'iam:*', Resource: ['*', !Ref R]",
            Manual,
        ),
        (
            "Effect: Allow, Action: 'iam:GetRole', NotResource: !Ref R",
            Unsafe,
        ),
        ("Effect: Allow, Action: 'iam:*', Resource: !Ref R", Unsafe),
        (
            "Effect: Allow, Action: 'iam:GetRole', Resource: ['*', !Ref R]",
            Unsafe,
        ),
    ] {
        let flow = beside_a_role(&format!("{{{statement}}}"));
        let block = beside_a_role(&statement.replace(", NotR", "\n            NotR"));
        let block = block
            .replace(", ", "\n            ")
            .replace("['*'\n            ", "['*', ");
        let block = block.replace(
            "{Effect: Allow\n            Principal: {Service: lambda.amazonaws.com}\n            Action: 'sts:AssumeRole'}",
            "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}",
        );
        for text in [flow, block] {
            assert_eq!(offers(&text, &["invalid-arn"]), [wanted], "{text}");
        }
    }
    let module = |statement: &str| {
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = \"\"\n}}\n\ndata \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    {statement}\n    not_resources = [aws_iam_role.r.id]\n  }}\n}}\n"
        )
    };
    for (statement, wanted) in [
        ("not_actions = [\"s3:*\"]", Manual),
        ("actions = [\"iam:*\"]", Manual),
        ("actions = [\"iam:GetRole\"]", Unsafe),
    ] {
        let text = module(statement);
        assert_eq!(offers(&text, &["invalid-arn"]), [wanted], "{text}");
    }
    // Five parts are no ARN; a service that there isn't is one that matches nothing.
    for (action, arn, wanted) in [
        (r#""*""#, r#""arn:aws:s3::shop/*""#, Manual),
        (r#"["iam:*"]"#, r#"["arn:aws:s3::shop/*"]"#, Manual),
        (r#""s3:GetObject""#, r#""arn:aws:s3::shop/*""#, Unsafe),
        (r#""*""#, r#""arn:aws:s4:::shop/*""#, Unsafe),
        (r#""*""#, r#""arn:asw:s3:::shop/*""#, Manual),
    ] {
        for text in written(&[ALLOW, ("Action", action), ("NotResource", arn)]) {
            assert_eq!(offers(&text, &["invalid-arn"]), [wanted], "{text}");
        }
    }
}

#[test]
fn that_all_others_are_gained_is_announced() {
    let told = |statement: &str| {
        let fix = fix(&beside_a_role(statement), "invalid-arn");
        // That of the first account.
        let mut adds = fix.adds;
        adds.retain(|of| of.contains(":111111111111:"));
        (adds, fix.removes)
    };
    for (statement, gained) in [
        (
            "{Effect: Allow, Action: ['iam:*', 's3:Get*'], NotResource: !Ref R}",
            vec!["iam:* on all but ", "s3:Get* on all but "],
        ),
        (
            "{Effect: Allow, NotAction: ['s3:*', 'sqs:*'], NotResource: !Ref R}",
            vec!["everything but s3:*, sqs:* on all but "],
        ),
    ] {
        let (adds, removes) = told(statement);
        assert_eq!(removes, Vec::<String>::new());
        assert_eq!(adds.len(), gained.len(), "{adds:?}");
        let mut pairs = adds.iter().zip(gained);
        assert!(pairs.all(|(is, wanted)| is.starts_with(wanted)), "{adds:?}");
    }
}

#[test]
fn what_is_removed_for_aws_to_take_the_rest() {
    let offer = |action: &str| {
        let text = beside_a_role(&format!(
            "{{Effect: Allow, Action: '{action}', NotResource: [!GetAtt R.Arn, !Ref R]}}"
        ));
        offers(&text, &["invalid-arn"])
    };
    assert_eq!(offer("iam:*"), [Manual]);
    assert_eq!(offer("iam:GetRole"), [Safe]);
}
