mod arns;
mod declarations;
mod hostile;
mod principals;
mod values;

use crate::testing::{fixture, template};

/// The word that a hover is over, and its text.
fn hover(marked: &str) -> Option<(String, String)> {
    let (mut file, at) = fixture(marked);
    let hover = file.hover(at)?;
    Some((file.text()[hover.span.range()].to_owned(), hover.markdown))
}

#[track_caller]
fn check(marked: &str, word: &str, parts: &[&str]) {
    let (over, text) = hover(marked).unwrap_or_else(|| panic!("no hover in {marked}"));
    assert_eq!(over, word, "{marked}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(text.lines().count() < 30, "too long:\n{text}");
}

fn yaml(statement: &str) -> String {
    format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {statement}")
}

#[test]
fn actions_in_the_four_syntaxes() {
    for marked in [
        yaml("Action: s3:Get$0Object"),
        yaml("Action: [s3:PutObject, s3:Get$0Object]"),
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"s3:Get$0Object\"}]}"
            .to_owned(),
        template("- Effect: Allow\n  Action:\n    - s3:Get$0Object\n  Resource: '*'"),
    ] {
        check(&marked, "s3:GetObject", &["s3:GetObject"]);
    }
    check(&yaml("Action: s$03:GetObject"), "s3:GetObject", &["S3"]);
    // Before its first character a cursor is on a word, too.
    for list in ["[$0s3:GetObject]", "[s3:PutObject, $0s3:GetObject]"] {
        check(&yaml(&format!("Action: {list}")), "s3:GetObject", &["S3"]);
    }
}

#[test]
fn an_action_that_its_resources_do_not_fit() {
    let marked = yaml("Action: s3:List$0Bucket\n    Resource: arn:aws:s3:::shop/*");
    check(
        &marked,
        "s3:ListBucket",
        &[
            "It has no effect in this statement: it only applies to these resource types: bucket, accesspoint.",
        ],
    );
    let marked =
        yaml("Action: s3:ListAll$0MyBuckets\n    Resource: arn:aws:sqs:eu-west-1:111111111111:x");
    check(
        &marked,
        "s3:ListAllMyBuckets",
        &["it only supports the resource `*`"],
    );
    let (_, text) = hover(&yaml(
        "Action: s3:List$0Bucket\n    Resource: arn:aws:s3:::shop",
    ))
    .expect("a hover");
    assert!(!text.contains("None of"), "{text}");
}

#[test]
fn wildcards() {
    check(&yaml("Action: sqs:Li$0st*"), "sqs:List*", &["ListQueues"]);
    check(&yaml("Action: '$0*'"), "*", &["Every action"]);
    check(
        &yaml("Action: sqs:Nothi$0ng*"),
        "sqs:Nothing*",
        &["no action"],
    );
}

#[test]
fn elements_and_fixed_values() {
    check(
        &yaml("Not$0Action: s3:GetObject"),
        "NotAction",
        &["doesn't apply to", "instead of `Action`"],
    );
    check(
        "{\"Stat$0ement\": [{\"Effect\": \"Allow\", \"Action\": \"*\"}]}",
        "Statement",
        &["statements"],
    );
    check(
        "Version: '2012$0-10-17'\nStatement: []",
        "2012-10-17",
        &["current"],
    );
    check(
        "Version: '2012-10-17'\nStatement:\n  - Effect: De$0ny",
        "Deny",
        &["Denies"],
    );
    check(
        &template("- Effect: Allow\n  Resource: !S$0ub 'x'"),
        "!Sub",
        &["**Fn::Sub**"],
    );
    check(
        &template("- Effect: Allow\n  Resource:\n    Fn::S$0ub: 'x'"),
        "Fn::Sub",
        &["**Fn::Sub**"],
    );
}

#[test]
fn nothing_over_nothing() {
    for marked in ["# $0", "", "$0", "{$0}", "a: b$0", "Resources: {}$0"] {
        if marked.contains("$0") {
            assert_eq!(hover(marked), None, "{marked}");
        }
    }
}

#[test]
fn words_of_a_policy_in_a_string() {
    let role = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: a\n          PolicyDocument: ";
    for policy in [
        "|\n            {\n              \"Version\": \"2012-10-17\",\n              \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:Get$0Object\"}]\n            }\n",
        "'{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:Get$0Object\"}]}'\n",
        "\"{\\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"s3:Get$0Object\\\"}]}\"\n",
    ] {
        check(
            &format!("{role}{policy}"),
            "s3:GetObject",
            &["s3:GetObject"],
        );
    }
    check(
        "[\"{\\\"a\\\": \\\"{\\\\\\\"Version\\\\\\\": \\\\\\\"2012-10-17\\\\\\\", \\\\\\\"Statement\\\\\\\": [{\\\\\\\"Resource\\\\\\\": \\\\\\\"arn:aws:s3:::sh$0op/*\\\\\\\"}]}\\\"}\"]",
        "arn:aws:s3:::shop/*",
        &["object of s3"],
    );
}

#[test]
fn words_of_terraform() {
    let block = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"s3:Get$0Object\"]\n    resources = [\"*\"]\n  }\n}\n";
    check(block, "s3:GetObject", &["s3:GetObject"]);
    let json = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Action = \"s3:Get$0Object\" }] })\n}\n";
    check(json, "s3:GetObject", &["s3:GetObject"]);
}

#[test]
fn words_of_hcl_in_a_string_of_json() {
    let module = |expression: &str| {
        let text =
            format!("${{jsonencode({{Statement = [{{Effect = \"Allow\", {expression}}}]}})}}");
        let text = text.replace('"', "\\\"");
        format!(
            "{{\"resource\": {{\"aws_sqs_queue\": {{\"jobs\": {{\"name\": \"shop-jobs\"}}}}, \"aws_iam_policy\": {{\"p\": {{\"policy\": \"{text}\"}}}}}}}}"
        )
    };
    check(
        &module("Action = \"s3:Get$0Object\""),
        "s3:GetObject",
        &["s3:GetObject"],
    );
    check(
        &module("Resource = \"arn:aws:s3:::sh$0op/*\""),
        "arn:aws:s3:::shop/*",
        &["object of s3"],
    );
    check(
        &module("Resource = aws_sqs_queue.jobs.ar$0n"),
        "aws_sqs_queue.jobs.arn",
        &["shop-jobs"],
    );
}

/// A statement in each dialect, its action, resource, operator, condition key and value by their names in capitals.
fn statements() -> Vec<String> {
    let yaml = "Effect: Allow\nAction: ACTION\nResource: RESOURCE\nCondition:\n  OPERATOR:\n    KEY: VALUE\n";
    let json = "{\"Effect\": \"Allow\", \"Action\": \"ACTION\", \"Resource\": \"RESOURCE\", \"Condition\": {\"OPERATOR\": {\"KEY\": \"VALUE\"}}}";
    let indented = |by: usize| {
        let lines: Vec<String> = yaml
            .lines()
            .map(|line| format!("{}{line}\n", " ".repeat(by)))
            .collect();
        lines.concat().replacen("  Effect", "- Effect", 1)
    };
    vec![
        format!("Version: '2012-10-17'\nStatement:\n{}", indented(4)),
        "Version: '2012-10-17'\nStatement: [{Effect: Allow, Action: [ACTION], Resource: [RESOURCE], Condition: {OPERATOR: {KEY: VALUE}}}]\n".to_owned(),
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{json}]}}"),
        template(&indented(2)),
        format!("{{\"Resources\": {{\"R\": {{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"Policies\": [{{\"PolicyName\": \"p\", \"PolicyDocument\": {{\"Version\": \"2012-10-17\", \"Statement\": [{json}]}}}}]}}}}}}}}"),
        format!("Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - Version: '2012-10-17'\n          Statement:\n{}", indented(14)),
        format!("service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n{}functions:\n  a: {{handler: a.b}}\n", indented(10)),
        "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"ACTION\"]\n    resources = [\"RESOURCE\"]\n    condition {\n      test     = \"OPERATOR\"\n      variable = \"KEY\"\n      values   = [\"VALUE\"]\n    }\n  }\n}\n".to_owned(),
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{\n      Effect = \"Allow\"\n      Action = \"ACTION\"\n      Resource = \"RESOURCE\"\n      Condition = { OPERATOR = { \"KEY\" = \"VALUE\" } }\n    }]\n  })\n}\n".to_owned(),
        format!("{{\"resource\": {{\"aws_iam_policy\": {{\"p\": {{\"policy\": \"{}\"}}}}}}}}", format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{json}]}}").replace('"', "\\\"")),
    ]
}

/// The statement with words in it, and the cursor in the one in the place of `at`.
fn with_cursor(statement: &str, at: &str) -> String {
    let words = [
        ("ACTION", "s3:GetObject"),
        ("RESOURCE", "arn:aws:s3:::shop-data/*"),
        ("OPERATOR", "StringLike"),
        ("KEY", "aws:PrincipalArn"),
        ("VALUE", "arn:aws:iam::111111111111:role/shop-app"),
    ];
    words
        .iter()
        .fold(statement.to_owned(), |text, (name, word)| {
            let marked = format!("{}$0{}", &word[..4], &word[4..]);
            match *name == at {
                true => text.replace(name, &marked),
                false => text.replace(name, word),
            }
        })
}

#[test]
fn words_of_a_statement_in_every_dialect() {
    for statement in statements() {
        check(
            &with_cursor(&statement, "ACTION"),
            "s3:GetObject",
            &[
                "Reads an object.",
                "[AWS's page](https://docs.aws.amazon.com/",
            ],
        );
        check(
            &with_cursor(&statement, "RESOURCE"),
            "arn:aws:s3:::shop-data/*",
            &[
                "Can be: object of s3",
                "service `s3`, resource `shop-data/*`",
            ],
        );
        check(
            &with_cursor(&statement, "OPERATOR"),
            "StringLike",
            &[
                "`?` for one",
                "letters differ",
                "without the key doesn't meet",
            ],
        );
        check(
            &with_cursor(&statement, "KEY"),
            "aws:PrincipalArn",
            &[
                "holds the ARN of the caller",
                "in every signed request",
                "one value at most",
                "`ArnLike`",
            ],
        );
        check(
            &with_cursor(&statement, "VALUE"),
            "arn:aws:iam::111111111111:role/shop-app",
            &["The role `shop-app` of account `111111111111`, `dev` of the config"],
        );
    }
}

#[test]
fn values_of_blocks_in_json() {
    let of = |statement: &str| {
        format!(
            "{{\"data\": {{\"aws_iam_policy_document\": {{\"d\": {{\"statement\": [{{{statement}}}]}}}}}}, \"resource\": {{\"aws_iam_policy\": {{\"p\": {{\"policy\": \"${{data.aws_iam_policy_document.d.json}}\"}}}}}}}}"
        )
    };
    for (statement, word, part) in [
        ("\"effect\": \"De$0ny\"", "Deny", "Denies what"),
        (
            "\"actions\": [\"s3:Get$0Object\"]",
            "s3:GetObject",
            "Reads an object.",
        ),
        (
            "\"resources\": [\"arn:aws:s3:::sh$0op\"]",
            "arn:aws:s3:::shop",
            "bucket",
        ),
        (
            "\"principals\": [{\"type\": \"AWS\", \"identifiers\": [\"1111$011111111\"]}]",
            "111111111111",
            "`dev` of the config",
        ),
        ("\"condition\": [{\"test\": \"Bo$0ol\"}]", "Bool", "Boolean"),
        (
            "\"condition\": [{\"variable\": \"aws:Source$0Ip\"}]",
            "aws:SourceIp",
            "public IP address",
        ),
        ("\"act$0ions\": []", "actions", "IAM's `Action`"),
    ] {
        let (text, at) = crate::testing::cut(&of(statement));
        let config = crate::Config::parse(crate::testing::CONFIG);
        let mut file = crate::File::new(
            "shop.tf.json",
            text,
            leastwise_syntax::Format::Json,
            std::sync::Arc::new(config),
        );
        let hover = file
            .hover(at)
            .unwrap_or_else(|| panic!("no hover in {statement}"));
        assert_eq!(&file.text()[hover.span.range()], word);
        assert!(hover.markdown.contains(part), "{}", hover.markdown);
    }
}

#[test]
fn names_of_arguments_in_blocks() {
    let block = |from: &str, to: &str| {
        let text = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    not_actions = [\"s3:*\"]\n    principals {\n      type        = \"AWS\"\n      identifiers = [\"*\"]\n    }\n    condition {\n      test     = \"Bool\"\n      variable = \"aws:SecureTransport\"\n      values   = [\"true\"]\n    }\n  }\n}\n";
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    for (from, to, word, part) in [
        (
            "not_actions",
            "not_ac$0tions",
            "not_actions",
            "IAM's `NotAction`",
        ),
        (
            "principals",
            "princ$0ipals",
            "principals",
            "IAM's `Principal`",
        ),
        ("statement", "state$0ment", "statement", "IAM's `Statement`"),
        ("type ", "ty$0pe ", "type", "kind of principal"),
        ("\"AWS\"", "\"A$0WS\"", "AWS", "accounts (by their ID"),
        ("test ", "te$0st ", "test", "the operator of the condition"),
        ("variable", "vari$0able", "variable", "the condition key"),
        ("values", "val$0ues", "values", "compared with"),
    ] {
        check(&block(from, to), word, &[part]);
    }
    // What is no argument of the policy has no meaning in it.
    let other = "resource \"aws_sqs_queue\" \"q\" {\n  va$0lues = [\"AWS\"]\n}\n";
    assert_eq!(hover(other), None);
}
