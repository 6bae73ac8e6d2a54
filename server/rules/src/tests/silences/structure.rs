use super::*;
use crate::structure::{
    conflicting_elements, duplicate_key, duplicate_sid, invalid_effect, invalid_policy_entry,
    invalid_sid, invalid_trust, invalid_type, missing_action, missing_effect, missing_principal,
    missing_resource, missing_statement, missing_sub, missing_version, unescaped_policy_variable,
    unknown_element,
};

#[test]
fn who_is_named_alone_makes_no_trust_policy() {
    let rule = &invalid_trust::RULE;
    let plain = |statement: &str| format!("Version: '2012-10-17'\nStatement: [{statement}]\n");
    let block = |arguments: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    effect = \"Deny\"\n{arguments}    principals {{\n      \
             type        = \"*\"\n      identifiers = [\"*\"]\n    }}\n  }}\n}}\n"
        )
    };
    let star = ["… A trust policy can't have…"];
    rows(
        rule,
        "",
        &[
            (&plain("{Effect: Deny, Principal: '*'}"), &[]),
            (&plain("{Effect: Deny, Principal: '*', Action: []}"), &[]),
            (
                &plain("{Effect: Deny, Principal: '*', NotAction: 's3:GetObject'}"),
                &[],
            ),
            (
                &plain("{Effect: Deny, Principal: '*', Action: 'sts:AssumeRole'}"),
                &star,
            ),
        ],
    );
    rows(
        rule,
        "",
        &[
            (&block("    actions = []\n"), &[]),
            (&block(""), &[]),
            (&block("    actions = [\"sts:AssumeRole\"]\n"), &star),
        ],
    );
}

#[test]
fn sids_and_their_numbers() {
    let rule = &duplicate_sid::RULE;
    let twice = |sid: &str| {
        let statement = format!("{{Sid: '{sid}', Effect: Allow, Action: '*', Resource: '*'}}");
        format!("Statement: [{statement}, {statement}]\n")
    };
    for (sid, next) in [
        ("Read", "Read2"),
        ("Read7", "Read8"),
        ("Read999", "Read1000"),
        ("Read1000", "Read10002"),
        ("7", "72"),
    ] {
        let mended = fixed_text(rule, &twice(sid), "");
        assert!(mended.contains(&format!("Sid: '{next}'")), "{mended}");
    }
    let boundary = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          \
                    - {Sid: A, Effect: Allow, Action: '*', Resource: '*'}\n          - {Sid: A, Effect: Allow, Action: '*', Resource: '*'}\n  \
                    Role: {Type: AWS::IAM::Role, Properties: {PermissionsBoundary: !Ref P}}\n";
    let managed = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: ";
    let identity = boundary.replace("PermissionsBoundary: !Ref P", "ManagedPolicyArns: [!Ref P]");
    // A list of statements named like Terraform's blocks makes no block of a document.
    let lower = twice("Read").replacen("Statement:", "statement:", 1);
    let document = format!("{managed}{{Version: '2012-10-17', {}}}\n", lower.trim_end());
    let objects = "module \"role\" {\n  source = \"terraform-aws-modules/iam/aws//modules/iam-policy\"\n  policy_statements = [\n    \
                   { sid = \"A\", effect = \"Allow\", actions = [\"*\"], resources = [\"*\"] },\n    \
                   { sid = \"A\", effect = \"Allow\", actions = [\"*\"], resources = [\"*\"] },\n  ]\n}\n";
    rows(
        rule,
        "",
        &[
            (
                boundary,
                &["Error <A> …: AWS rejects that in a permissions boundary."],
            ),
            (
                &identity,
                &["Error <A> …: AWS rejects that in an identity policy."],
            ),
            (
                &document,
                &["Error <Read> …: AWS rejects that in an identity policy."],
            ),
            // The module decides what becomes of them: no word of who refuses it.
            (objects, &["Warning <A> …it identifies neither statement."]),
        ],
    );
}

#[test]
fn sids_of_statements_that_are_never_there_together() {
    let of = |one: &str, other: &str| {
        let statement = "{Sid: A, Effect: Allow, Action: '*', Resource: '*'}";
        let list = format!("{one}\n              - {other}").replace("STATEMENT", statement);
        format!(
            "Conditions: {{One: !Equals [!Ref X, a]}}\n{}",
            template("", &list)
        )
    };
    let guarded = "!If [One, STATEMENT, !Ref 'AWS::NoValue']";
    let not = "!If [One, !Ref 'AWS::NoValue', STATEMENT]";
    rows(
        &duplicate_sid::RULE,
        "",
        &[
            (&of("STATEMENT", guarded), &["<A>"]),
            (&of(guarded, "STATEMENT"), &["<A>"]),
            (&of(guarded, guarded), &["<A>"]),
            (&of(guarded, not), &[]),
        ],
    );
}

#[test]
fn effects() {
    statements(
        &invalid_effect::RULE,
        "",
        &[
            (
                "{Effect: '', Action: '*', Resource: '*'}",
                &["`` is neither"],
            ),
            (
                "{Effect: null, Action: '*', Resource: '*'}",
                &["`null` is neither"],
            ),
            (
                "{Effect: , Action: '*', Resource: '*'}",
                &["`Effect` is empty"],
            ),
            (
                "{Effect: '${self:custom.effect}', Action: '*', Resource: '*'}",
                &[],
            ),
            ("{Effect: '{{ effect }}', Action: '*', Resource: '*'}", &[]),
        ],
    );
}

#[test]
fn sids_of_several_parts() {
    let text = template(
        "",
        "{Sid: !Sub 'Of-${Name}', Effect: Allow, Action: '*', Resource: '*'}",
    );
    let mended = fixed_text(&invalid_sid::RULE, &text, "");
    assert_eq!(mended, text.replace("Of-", "Of"));
    // Where nothing else is left of it, it goes; not where a variable is.
    let text = template(
        "",
        "{Sid: !Sub '-${Name}', Effect: Allow, Action: '*', Resource: '*'}",
    );
    let mended = fixed_text(&invalid_sid::RULE, &text, "");
    assert_eq!(mended, text.replace("'-$", "'$"));
    let text = template("", "{Sid: '--', Effect: Allow, Action: '*', Resource: '*'}");
    let mended = fixed_text(&invalid_sid::RULE, &text, "");
    assert_eq!(mended, text.replace("Sid: '--', ", ""));
}

/// What may bring an element with it keeps the rules of missing ones silent.
#[test]
fn elements_that_may_be_there() {
    let effect = "{Action: '*', Resource: '*'}";
    let action = "{Effect: Allow, Resource: '*'}";
    let resource = "{Effect: Allow, Action: '*'}";
    let with = |text: &str, more: &str| text.replace('{', &format!("{{{more}, "));
    for (rule, text, name) in [
        (&missing_effect::RULE, effect, "Effect"),
        (&missing_action::RULE, action, "Action"),
        (&missing_resource::RULE, resource, "Resource"),
    ] {
        let wanted = format!("The statement has no `{name}`");
        in_template(
            rule,
            "",
            &[
                (text, &[wanted.as_str()]),
                (
                    &with(text, &format!("{name}: !Ref 'AWS::NoValue'")),
                    &[wanted.as_str()],
                ),
                (&with(text, "'Fn::Transform': {Name: 'AWS::Include'}"), &[]),
                (&with(text, "'{{ element }}': x"), &[]),
                (&with(text, &format!("{name}s: x")), &[]),
                (&with(text, &format!("{name}: !Ref Some")), &[]),
                (
                    &with(text, &format!("{name}: !Split [',', !Ref Some]")),
                    &[],
                ),
            ],
        );
    }
    in_template(
        &missing_action::RULE,
        "",
        &[
            (
                "{Effect: Allow, Action: [], Resource: '*'}",
                &["Warning <Action>"],
            ),
            (
                "{Effect: Allow, Action: [!Split [',', !Ref Some]], Resource: '*'}",
                &[],
            ),
        ],
    );
    in_template(
        &missing_resource::RULE,
        "",
        &[
            (
                "{Effect: Allow, Action: '*', Resource: []}",
                &["Warning <Resource>"],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: [!Split [',', !Ref Some]]}",
                &[],
            ),
        ],
    );
    let trust = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, \
                 Principal: '*', Action: 'sts:AssumeRole', Resource: []}}\n";
    let plain = "Statement: [{Effect: Allow, Action: '*'}]\n";
    let of_others = "Statement: [{Effect: Allow, Action: '*', Principal: '*'}]\n";
    let of_all_but =
        "Statement: [{Effect: Deny, Action: '*', NotPrincipal: {AWS: '111111111111'}}]\n";
    rows(
        &missing_resource::RULE,
        "",
        &[
            (trust, &[]),
            (plain, &["has no `Resource`"]),
            (of_others, &[]),
            (of_all_but, &[]),
        ],
    );
}

#[test]
fn documents_without_statements() {
    let of = |kind: &str, document: &str| {
        format!(
            "Resources:\n  P:\n    Type: {kind}\n    Properties:\n      PolicyDocument: {document}\n"
        )
    };
    let managed = "AWS::IAM::ManagedPolicy";
    rows(
        &missing_statement::RULE,
        "",
        &[
            (
                &of(managed, "{Version: '2012-10-17'}"),
                &["has no `Statement`"],
            ),
            (
                &of(
                    managed,
                    "{Version: '2012-10-17', 'Fn::Transform': {Name: 'AWS::Include'}}",
                ),
                &[],
            ),
            (
                &of(managed, "{Version: '2012-10-17', '{{ statements }}': x}"),
                &[],
            ),
            (&of(managed, "{Version: '2012-10-17', Statment: []}"), &[]),
            (
                &of(managed, "{Version: '2012-10-17', Statement: []}"),
                &["`Statement` is empty"],
            ),
            (&of(managed, "{Version: '2012-10-17', Statement: x}"), &[]),
            (&of(managed, "!Ref Document"), &[]),
            (&of("AWS::IoT::Policy", "{Version: '2012-10-17'}"), &[]),
        ],
    );
    let blocks = "data \"aws_iam_policy_document\" \"p\" {\n  version = \"2012-10-17\"\n}\n";
    let bound = format!(
        "{blocks}resource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.p.json\n}}\n"
    );
    rows(
        &missing_statement::RULE,
        "",
        &[(blocks, &[]), (&bound, &[])],
    );
}

#[test]
fn versions_that_change_what_variables_mean() {
    let of = |resource: &str| {
        template(
            "",
            &format!("{{Effect: Allow, Action: '*', Resource: {resource}}}"),
        )
        .replace("            Version: '2012-10-17'\n", "")
    };
    let rule = &missing_version::RULE;
    for (resource, safety) in [
        ("'*'", "Safe"),
        ("!Sub 'arn:aws:s3:::${Bucket}/*'", "Safe"),
        ("!Sub 'arn:aws:s3:::b/${aws:username}'", "Unsafe"),
        ("!Sub 'arn:aws:s3:::b/${!aws:username}'", "Unsafe"),
        ("!Sub 'arn:aws:s3:::b/${!Anything}'", "Unsafe"),
        (
            "!Sub ['arn:aws:s3:::${B}', {B: '${aws:username}'}]",
            "Unsafe",
        ),
        (
            "!Join ['', ['arn:aws:s3:::b/', '${aws:username}']]",
            "Unsafe",
        ),
        ("!If [A, '${aws:username}', '*']", "Unsafe"),
        ("!Base64 '${Bucket}'", "Unsafe"),
        ("'arn:aws:s3:::b/${{ github.actor }}'", "Unsafe"),
    ] {
        rows(
            rule,
            "",
            &[(
                &of(resource),
                &[&format!("[Add Version 2012-10-17 {safety} ")],
            )],
        );
    }
}

#[test]
fn elements_under_wrong_names() {
    let rule = &unknown_element::RULE;
    rows(
        rule,
        "",
        &[
            (
                "Verson: '2012-10-17'\nStatement: [{Effect: Deny, Action: '*', Resource: '*'}]\n",
                &["Did you mean `Version`? [Rename to Version Unsafe Some([])]"],
            ),
            (
                "Verson: '2012-10-17'\nVersion: '2012-10-17'\nStatement: [{Effect: Deny, Action: '*', Resource: '*'}]\n",
                &["<Verson> …Remove it. [no fix]"],
            ),
            (
                "Statment: []\nStatement: [{Effect: Deny, Action: '*', Resource: '*'}]\n",
                &["<Statment> …Remove it. [no fix]"],
            ),
            (
                "'Fn::Transform': {Name: a}\nStatement: [{Effect: Deny, Action: '*', Resource: '*'}]\n",
                &[],
            ),
            (
                "'{{ more }}': a\nStatement: [{Effect: Deny, Action: '*', Resource: '*'}]\n",
                &[],
            ),
        ],
    );
    // Blocks of statements stand beside one another.
    let blocks = |rest: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n  version = \"2012-10-17\"\n  statement {{\n    actions   = [\"*\"]\n    resources = [\"*\"]\n  }}\n{rest}}}\n"
        )
    };
    rows(
        rule,
        "",
        &[
            (
                &blocks("  statment {\n    actions = [\"s3:*\"]\n  }\n"),
                &["<statment> …[Rename to statement"],
            ),
            // Nobody reads it as it is written: in its place it would be granted anew.
            (
                &blocks("  Statement {\n    actions = [\"s3:*\"]\n  }\n"),
                &["<Statement> …AWS is case-sensitive here. [no fix]"],
            ),
        ],
    );
    let managed = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: ";
    rows(
        rule,
        "",
        &[
            (
                &format!(
                    "{managed}{{Statment: [{{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: '*'}}]}}\n"
                ),
                &["[Rename to Statement Unsafe Some([\"s3:GetObject\", \"s3:PutObject\"])]"],
            ),
            (
                &format!(
                    "{managed}{{Statment: {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}}}\n"
                ),
                &["[Rename to Statement Unsafe Some([\"s3:GetObject\"])]"],
            ),
        ],
    );
    statements(
        rule,
        "",
        &[
            (
                "{Effect: Allow, Action: 's3:GetObject', resource: '*'}",
                &[
                    "Write `Resource`: AWS is case-sensitive here. [Rename to Resource Safe Some([])]",
                ],
            ),
            (
                "{Effect: Allow, Action: 's3:GetObject', Resources: '*'}",
                &["Did you mean `Resource`? [Rename to Resource Unsafe Some([\"s3:GetObject\"])]"],
            ),
            (
                "{Effect: Allow, Action: 's3:GetObject', Resource: '*', Conditions: {}}",
                &["Did you mean `Condition`? [Rename to Condition Safe Some([])]"],
            ),
            (
                "{Effect: Allow, Action: 's3:GetObject', Resource: '*', Conditions: {}, Condition: {}}",
                &["<Conditions> …[no fix]"],
            ),
            (
                "{Effect: Allow, Principal: {Services: a.amazonaws.com}, Action: '*', Resource: '*'}",
                &["<Services> …Did you mean `Service`? [Rename to Service Manual Some([])]"],
            ),
            (
                "{Effect: Allow, Principal: {Services: a.amazonaws.com}, Action: 's3:GetObject', Resource: '*'}",
                &["<Services> …Did you mean `Service`? [Rename to Service Unsafe Some([])]"],
            ),
            (
                "{Effect: Allow, Principal: {service: a.amazonaws.com}, Action: 's3:GetObject', Resource: '*'}",
                &["Write `Service`: AWS is case-sensitive here. [Rename to Service Safe Some([])]"],
            ),
            (
                "{Effect: Allow, Principal: {Other: a.amazonaws.com}, Action: '*', Resource: '*'}",
                &["<Other> …[no fix]"],
            ),
            (
                "{Effect: Allow, Principal: {'Fn::Transform': a}, Action: '*', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Allow, Principal: {'{{ kind }}': a}, Action: '*', Resource: '*'}",
                &[],
            ),
        ],
    );
}

#[test]
fn elements_that_a_kind_of_policy_has_not() {
    let of = |kind: &str, statement: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Type: {kind}\n      Content: {{Statement: [{statement}]}}\n"
        )
    };
    let (rcp, scp) = ("RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY");
    let not_action = "{Effect: Deny, Principal: '*', NotAction: 's3:*', Resource: '*'}";
    let not_principal =
        "{Effect: Deny, NotPrincipal: {AWS: '111111111111'}, Action: 's3:*', Resource: '*'}";
    let principal = "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*'}";
    rows(
        &unknown_element::RULE,
        "",
        &[
            (
                &of(rcp, not_action),
                &["<NotAction> …actions must be named"],
            ),
            (
                &of(rcp, not_principal),
                &["<NotPrincipal> …its only principal is `*`"],
            ),
            (&of(rcp, principal), &[]),
            (
                &of(scp, "{Effect: Deny, NotAction: 's3:*', Resource: '*'}"),
                &[],
            ),
            (
                &of(scp, principal),
                &["<Principal> …it applies to the identities"],
            ),
        ],
    );
}

#[test]
fn entries_of_policies() {
    let of = |entries: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Import:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
             Policies:\n{entries}"
        )
    };
    let rule = &invalid_policy_entry::RULE;
    rows(
        rule,
        "",
        &[
            (&of("        - AWS::Include: {Location: a}\n"), &[]),
            (&of("        - '${Template}': {Name: a}\n"), &[]),
            (&of("        - S3ReadPolicy: !Ref Values\n"), &[]),
            (
                &of("        - S3ReadPolicy: {'Fn::Transform': a, BucketName: b}\n"),
                &[],
            ),
            // Beside the name, where they belong below it.
            (
                &of("        - S3ReadPolicy:\n          BucketName: b\n"),
                &["Indent the parameters under it. [Move the parameters under it Unsafe"],
            ),
            (
                &of("        - S3ReadPolicy: {}\n          BucketName: b\n"),
                &["Indent the parameters under it. [Move the parameters under it Unsafe"],
            ),
            (
                &of("        - S3ReadPolicy: {BucketName: a}\n          BucketName: b\n"),
                &["Make each of them a separate entry. [no fix]"],
            ),
            (
                &of("        - S3ReadPolicy:\n          SQSPollerPolicy: {QueueName: b}\n"),
                &["Make each of them a separate entry. [no fix]"],
            ),
            (
                &of("        - AMIDescribePolicy:\n"),
                &["`AMIDescribePolicy` needs a mapping, even an empty one…[Add {} Safe"],
            ),
            (
                &of("        - S3ReadPolicy:\n"),
                &["`S3ReadPolicy` needs `BucketName`: …[no fix]"],
            ),
            (
                &of("        - EFSWriteAccessPolicy:\n"),
                &["`EFSWriteAccessPolicy` needs `AccessPoint` and `FileSystem`: "],
            ),
            (
                &of("        - EFSWriteAccessPolicy\n"),
                &["Add `AccessPoint` and `FileSystem` under it."],
            ),
            // A statement, marked where it begins.
            (
                &of("        - Effect: Allow\n          Action: '*'\n          Resource: '*'\n"),
                &["<Effect> "],
            ),
            // A parameter's name holds what is written, or is held by it.
            (
                &of("        - EFSWriteAccessPolicy: {FileSystemId: a}\n"),
                &[
                    "is missing `AccessPoint`: ",
                    "<FileSystemId> …Did you mean `FileSystem`?",
                ],
            ),
            (
                &of("        - EFSWriteAccessPolicy: {Access: a}\n"),
                &[
                    "is missing `FileSystem`: ",
                    "<Access> …Did you mean `AccessPoint`?",
                ],
            ),
            (
                &of("        - EFSWriteAccessPolicy: {Other: a}\n"),
                &[
                    "is missing `AccessPoint` and `FileSystem`: ",
                    "<Other> …[Remove Other Safe",
                ],
            ),
        ],
    );
}

#[test]
fn callers_and_their_actions() {
    let rule = &invalid_trust::RULE;
    let of = |statement: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: \
                 '2012-10-17'\n        Statement: [{statement}]\n"
        )
    };
    let saml = "Federated: 'arn:aws:iam::111111111111:saml-provider/corp'";
    let split = "!Split [',', !Ref Some]";
    let pods = "Principal: {Service: pods.eks.amazonaws.com}";
    rows(
        rule,
        "",
        &[
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{{saml}}}, Action: 'sts:AssumeRole'}}"
                )),
                &["<sts:AssumeRole>"],
            ),
            (
                &of(&format!(
                    "{{Effect: Deny, Principal: {{{saml}}}, Action: 'sts:AssumeRole'}}"
                )),
                &[],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{{saml}}}, Action: ['sts:AssumeRole', {split}]}}"
                )),
                &[],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{{saml}, 'Fn::Transform': a}}, Action: 'sts:AssumeRole'}}"
                )),
                &[],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{AWS: {split}}}, Action: 'sts:AssumeRoleWithSAML'}}"
                )),
                &["<sts:AssumeRoleWithSAML>"],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{Service: {split}}}, Action: 'sts:AssumeRoleWithSAML'}}"
                )),
                &["<sts:AssumeRoleWithSAML>"],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{Federated: {split}}}, Action: 'sts:AssumeRole'}}"
                )),
                &["<sts:AssumeRole>"],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, Principal: {{Federated: {split}}}, Action: 'sts:AssumeRoleWithSAML'}}"
                )),
                &[],
            ),
            // A service that needs more than one action.
            (
                &of(&format!(
                    "{{Effect: Allow, {pods}, Action: 'sts:AssumeRole'}}"
                )),
                &["<pods.eks.amazonaws.com>"],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, {pods}, Action: ['sts:AssumeRole', {split}]}}"
                )),
                &[],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, {pods}, Action: 'sts:TagSession'}}"
                )),
                &["<sts:TagSession> …and no statement allows more. Add `sts:AssumeRole`."],
            ),
            (
                &of(&format!(
                    "{{Effect: Allow, {pods}, Action: 'sts:AssumeRole'}}, {{Effect: Allow, Principal: '*', Action: 'sts:TagSession'}}"
                )),
                &[],
            ),
            (
                &of(
                    "{Effect: Allow, Principal: {Service: [pods.eks.amazonaws.com, ec2.amazonaws.com]}, Action: 'sts:AssumeRole'}",
                ),
                &["<pods.eks.amazonaws.com> …[no fix]"],
            ),
        ],
    );
}

#[test]
fn shapes_of_values() {
    let rule = &invalid_type::RULE;
    let of = |document: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {document}\n"
        )
    };
    let blocks = |actions: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions = {actions}\n    resources = [\"*\"]\n  }}\n}}\n"
        )
    };
    let queue = |policy: &str| {
        format!(
            "resource \"aws_sqs_queue_policy\" \"p\" {{\n  queue_url = \"q\"\n  policy {policy}\n}}\n"
        )
    };
    rows(
        rule,
        "",
        &[
            (
                &of("[{Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}]"),
                &[
                    "A policy must be a single document, not a list: …Take the document out of the list.",
                ],
            ),
            (
                &of("[{Effect: Allow, Action: '*', Resource: '*'}]"),
                &[
                    "These statements have no policy document around them: …Put them under `Statement`, next to a `Version`.",
                ],
            ),
            (&of("[{Effect: Allow, Resource: '*'}]"), &[]),
            (&of("[{Effect: Other, Action: '*'}]"), &[]),
            (
                &of("{Statement: [{Effect: Allow, Action: [['*']], Resource: '*'}]}"),
                &["Remove one pair of brackets, or merge the lists."],
            ),
            (
                &of("{Statement: [[{Effect: Allow, Action: '*', Resource: '*'}]]}"),
                &["Remove one pair of brackets, or merge the lists."],
            ),
            (
                &of("{Statement: [{Effect: [Allow], Action: '*', Resource: '*'}]}"),
                &["Write it in the expected form."],
            ),
            (
                "Statement: [{Effect: Allow, Action: {Ref: Actions}, Resource: '*'}]\n",
                &[],
            ),
            (
                "Statement: [{Effect: Allow, Action: {s3: GetObject}, Resource: '*'}]\n",
                &["`Action` has an object"],
            ),
            (
                &queue(
                    "= { Statement = [{ Effect = \"Deny\", Action = \"*\", Resource = \"*\" }] }",
                ),
                &["Terraform rejects the module. Wrap it in `jsonencode(…)`."],
            ),
            (&queue("{\n    Statement = []\n  }"), &[]),
            (&blocks("\"s3:GetObject\""), &["Wrap it in brackets."]),
            (&blocks("\"\""), &[]),
            (&blocks("null"), &[]),
            (&blocks("[\"s3:GetObject\"]"), &[]),
        ],
    );
}

#[test]
fn elements_that_exclude_each_other() {
    let of = |actions: &str| {
        format!("{{Effect: Allow, Action: {actions}, NotAction: 's3:*', Resource: '*'}}")
    };
    let (one, open, before, behind) = (
        of("'s3:GetObject'"),
        of("'${self:custom.actions}'"),
        of("'s3:${self:custom.action}'"),
        of("'${self:custom.service}:Get'"),
    );
    in_template(
        &conflicting_elements::RULE,
        "",
        &[
            (&one, &["both `Action` and `NotAction`"]),
            (&open, &[]),
            (&before, &["both `Action` and `NotAction`"]),
            (&behind, &["both `Action` and `NotAction`"]),
            (&of("!Ref 'AWS::NoValue'"), &[]),
            (&of("[!Ref 'AWS::NoValue']"), &[]),
            (&of("!Ref Actions"), &["both `Action` and `NotAction`"]),
            (&of("!If [A, 's3:*', !Ref 'AWS::NoValue']"), &[]),
        ],
    );
}

#[test]
fn keys_that_differ_by_case() {
    in_template(
        &duplicate_key::RULE,
        "",
        &[
            (
                "{Sid: A, sid: B, Effect: Allow, Action: '*', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'true', 'aws:securetransport': 'true'}}}",
                &["<aws:securetransport>"],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {}, bool: {}}}",
                &[],
            ),
        ],
    );
}

#[test]
fn variables_that_nothing_fills_in() {
    let rule = &missing_sub::RULE;
    let of = |resource: &str| format!("{{Effect: Allow, Action: '*', Resource: {resource}}}");
    let key = "{Effect: Allow, Action: '*', Resource: '*', Condition: {StringEquals: {'${AWS::Region}': a}}}";
    in_template(
        rule,
        "",
        &[
            (
                &of("'arn:aws:sqs:${AWS::Region}:*:${Queue}'"),
                &["Wrap the string in `Fn::Sub`. [Wrap it in Fn::Sub Unsafe Some"],
            ),
            (&of("'arn:aws:s3:::b/${aws:username}'"), &[]),
            // What is escaped already can't be told from what is not.
            (
                &of("'arn:aws:sqs:${AWS::Region}:*:${!Queue}'"),
                &["[Wrap it in Fn::Sub Unsafe None]"],
            ),
            (
                &of("'arn:aws:sqs:${AWS::Region}:*:\\${Queue}'"),
                &["[Wrap it in Fn::Sub Unsafe None]"],
            ),
            (key, &["A key can't be a function"]),
        ],
    );
    // What stands beside a name that is put right is granted as it is.
    let read = |text: &str| {
        format!("{{Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::{text}'}}")
    };
    in_template(
        &unescaped_policy_variable::RULE,
        "",
        &[
            (
                &read("a-${AWS::Regiom}/${Bucket}"),
                &[
                    "[Replace with ${AWS::Region} Unsafe Some([\"s3:GetObject on arn:aws:s3:::a-${AWS::Region}/${Bucket}\"])]",
                ],
            ),
            (
                &read("${AWS:Region}/${Bucket}/${AWS:AccountId}/x"),
                &[
                    "Some([\"s3:GetObject on arn:aws:s3:::${AWS::Region}/${Bucket}/${AWS:AccountId}/x\"])]",
                    "Some([\"s3:GetObject on arn:aws:s3:::${AWS:Region}/${Bucket}/${AWS::AccountId}/x\"])]",
                ],
            ),
            // With one colon it may be a variable of IAM's that isn't known here.
            (&read("${aws:Regions}"), &["[Write ${!aws:Regions} Safe"]),
        ],
    );
    let text = template("", &of("'arn:aws:sqs:${AWS::Region}:*:${aws:username}'"));
    rows(
        rule,
        "",
        &[(
            &format!("Transform: [AWS::Serverless-2016-10-31]\n{text}"),
            &["<arn"],
        )],
    );
    rows(
        rule,
        "",
        &[(
            &format!("Transform: [AWS::Serverless-2016-10-31, Mine]\n{text}"),
            &[],
        )],
    );
    rows(rule, "", &[(&format!("Transform: [Mine]\n{text}"), &[])]);
}

#[test]
fn who_is_missing() {
    let trust = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: [{Effect: \
                 Allow, Action: 'sts:AssumeRole'}]}\n";
    let topic = "Resources:\n  R:\n    Type: AWS::SNS::TopicPolicy\n    Properties:\n      Topics: [t]\n      PolicyDocument: {Statement: \
                 [{Effect: Allow, Action: 'sns:Publish', Resource: '*'}]}\n";
    rows(
        &missing_principal::RULE,
        "",
        &[
            (trust, &["Name who can assume the role in `Principal`."]),
            (
                topic,
                &["Name who the statement applies to in `Principal`."],
            ),
        ],
    );
}

#[test]
fn nobody_is_named() {
    let of = |kind: &str, rest: &str| {
        format!(
            "Resources:\n  R:\n    Type: {kind}\n    Properties:\n      {rest}: {{Statement: [{{Effect: Allow, Principal: {{AWS: []}}, \
                 Action: 'sts:AssumeRole'}}]}}\n"
        )
    };
    let split =
        of("AWS::IAM::Role", "AssumeRolePolicyDocument").replace("[]}", "[!Split [',', !Ref X]]}");
    rows(
        &missing_principal::RULE,
        "",
        &[
            (
                &of("AWS::IAM::Role", "AssumeRolePolicyDocument"),
                &["Warning <Principal> No principal is named here"],
            ),
            (&of("AWS::IAM::ManagedPolicy", "PolicyDocument"), &[]),
            (&split, &[]),
        ],
    );
    // What a trust policy can't have at all is told by another rule.
    let both = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, \
                Principal: '*', Action: 'sts:AssumeRole', Resource: '*', NotResource: '*'}]}\n";
    rows(&conflicting_elements::RULE, "", &[(both, &[])]);
}

#[test]
fn what_to_write_in_a_trust_policy() {
    let of = |statement: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: \
                 '2012-10-17'\n        Statement: [{statement}]\n"
        )
    };
    rows(
        &invalid_trust::RULE,
        "",
        &[
            (
                &of(
                    "{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: ['sts:AssumeRole', 's3:GetObject']}",
                ),
                &["Move the role's permissions to a policy that is attached to it."],
            ),
            (
                &of(
                    "{Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:saml-provider/corp'}, Action: 'sts:AssumeRole'}",
                ),
                &["Write `sts:AssumeRoleWithSAML`. [Replace with sts:AssumeRoleWithSAML Unsafe"],
            ),
            (
                &of(
                    "{Effect: Allow, Principal: {Federated: !Ref Provider}, Action: 'sts:AssumeRole'}",
                ),
                &["Write `sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML`. [no fix]"],
            ),
            (
                &of(
                    "{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: 'sts:AssumeRole'}",
                ),
                &["Add `sts:TagSession`."],
            ),
        ],
    );
}
