mod hostile;
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
fn arns() {
    let marked = template(
        "- Effect: Allow\n  Action: [sqs:SendMessage, s3:GetObject]\n  Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:$0${AppId}-*'",
    );
    // Inside the braces it is the variable.
    check(&marked, "${AppId}", &["the app's prefix", "`shop`"]);
    check(
        &marked.replace(":$0${AppId}-*", ":${AppId}$0-*"),
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*",
        &[
            "Can be: queue of sqs.",
            "| dev | `arn:aws:sqs:eu-west-1:111111111111:shop-*` |",
            "| prod | `arn:aws:sqs:eu-west-1:222222222222:shop-*` |",
            "these apply to it: `sqs:SendMessage`.",
        ],
    );
    check(
        &yaml("Action: s3:GetObject\n    Resource: arn:aws:s3:::sh$0op"),
        "arn:aws:s3:::shop",
        &[
            "bucket of s3",
            "None of the statement's actions applies to it.",
        ],
    );
    check(&yaml("Resource: '$0*'"), "*", &["Every resource."]);
    check(
        &template("- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: !GetAtt Table$0.Arn"),
        "Table.Arn",
        &[
            "an `AWS::DynamoDB::Table`",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders",
        ],
    );
}

#[test]
fn variables() {
    let of = |name: &str| {
        template(&format!(
            "- Effect: Allow\n  Action: s3:GetObject\n  Resource: !Sub 'arn:aws:s3:::${{$0{name}}}'"
        ))
    };
    check(
        &of("AWS::AccountId"),
        "${AWS::AccountId}",
        &["| dev | `111111111111` |", "| prod | `222222222222` |"],
    );
    check(
        &of("Stage"),
        "${Stage}",
        &["`[variables]` of the config", "| dev | `dev` |"],
    );
    check(&of("Nope"), "${Nope}", &["not declared"]);
    check(
        &of("!aws:username"),
        "${!aws:username}",
        &["policy variable", "aws:username"],
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
fn conditions_and_principals() {
    check(
        &yaml("Condition:\n      ForAnyValue:String$0Like:\n        aws:TagKeys: a"),
        "ForAnyValue:StringLike",
        &["matches one", "one value must"],
    );
    check(
        &yaml("Condition: {StringEquals: {aws:Source$0Account: '111111111111'}}"),
        "aws:SourceAccount",
        &["aws:SourceAccount"],
    );
    check(
        &yaml("Condition: {StringEquals: {aws:SourceAccount: '1111$011111111'}}"),
        "111111111111",
        &["`dev` of the config"],
    );
    check(
        &yaml("Principal: {Service: lambda$0.amazonaws.com}"),
        "lambda.amazonaws.com",
        &["The service"],
    );
    check(
        &yaml("Principal: {AWS: arn:aws:iam::333333333333:ro$0ot}"),
        "arn:aws:iam::333333333333:root",
        &["doesn't list"],
    );
    check(
        &yaml("Principal: {Fed$0erated: x}"),
        "Federated",
        &["identity providers"],
    );
    check(
        &template(
            "- Effect: Allow\n  Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:$0root'}",
        ),
        "arn:aws:iam::${AWS::AccountId}:root",
        &["| dev | `arn:aws:iam::111111111111:root` |"],
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
fn policy_templates_of_sam() {
    let marked = |policies: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
{policies}"
        )
    };
    check(
        &marked("        - S3Read$0Policy:\n            BucketName: data\n"),
        "S3ReadPolicy",
        &[
            "SAM policy template",
            "`BucketName`",
            "`s3:GetObject`",
            "arn:${AWS::Partition}:s3:::${BucketName}/*",
        ],
    );
    check(
        &marked("        - S3ReadPolicy:\n            Bucket$0Name: data\n"),
        "BucketName",
        &[
            "parameter of `S3ReadPolicy`",
            "`arn:${AWS::Partition}:s3:::${BucketName}`",
        ],
    );
    check(
        &marked("        - AmazonS3ReadOnly$0Access\n"),
        "AmazonS3ReadOnlyAccess",
        &["an AWS managed policy"],
    );
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

#[test]
fn variables_of_a_serverless_service() {
    let text = |resource: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:GetItem
          Resource: {resource}
custom:
  table: shop-${{sls:stage}}-orders
  nested: {{a: b}}
functions:
  a: {{handler: a.b}}
"
        )
    };
    check(
        &text("arn:aws:dynamodb:eu-west-1:111111111111:table/${self:custom.ta$0ble}"),
        "${self:custom.table}",
        &["from this service", "shop-dev-orders", "shop-prod-orders"],
    );
    check(
        &text("'${self:custom.nested.${opt:no$0thing, ''a''}}'"),
        "${opt:nothing, ''a''}",
        &["an option of the command line"],
    );
    check(
        &text("${ssm:/shop/ar$0n}"),
        "${ssm:/shop/arn}",
        &["Parameter Store", "isn't known before deployment"],
    );
    let (mut file, _) = fixture(&text(
        "$0arn:aws:dynamodb:eu-west-1:111111111111:table/${self:custom.table}",
    ));
    let whole = leastwise_syntax::Span::new(0, file.text().len() as u32);
    let hints: Vec<String> = file
        .hints(whole)
        .into_iter()
        .map(|hint| hint.label)
        .collect();
    assert_eq!(hints, ["…:111111111111:table/shop-dev-orders +1"]);
}

#[test]
fn references_of_terraform() {
    let module = "resource \"aws_sqs_queue\" \"jobs\" {\n  name = local.na$1me\n}\nlocals {\n  name = \"shop-jobs\"\n}\nvariable \"x\" {}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"${aws_sqs_queue.jo$2bs.arn}\", var$3.x]\n  }\n}\n";
    let marked = |mark: &str| {
        let marked = module.replace(mark, "$0");
        ["$1", "$2", "$3"]
            .iter()
            .fold(marked, |text, other| text.replace(other, ""))
    };
    check(
        &marked("$1"),
        "local.name",
        &["a local value", "`shop-jobs`"],
    );
    check(
        &marked("$2"),
        "aws_sqs_queue.jobs.arn",
        &[
            "an `aws_sqs_queue`",
            "arn:aws:sqs:eu-west-1:222222222222:shop-jobs",
        ],
    );
    check(
        &marked("$3"),
        "var.x",
        &["without a default", "isn't known"],
    );
}

#[test]
fn texts_with_interpolations_of_terraform() {
    let module = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"arn:aws:sqs:eu-$0west-1:111111111111:${local.app}-*\"]\n  }\n}\nlocals {\n  app = \"shop\"\n}\n";
    let text = "arn:aws:sqs:eu-west-1:111111111111:${local.app}-*";
    let shown = ["queue of sqs", "arn:aws:sqs:eu-west-1:111111111111:shop-*"];
    check(module, text, &shown);
    check(
        &module.replace("$0", "").replace("}-*", "}-$0*"),
        text,
        &shown,
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

#[test]
fn operators_say_what_an_absent_key_does() {
    let of = |operator: &str| {
        hover(&yaml(&format!(
            "Condition: {{$0{operator}: {{aws:SourceVpc: a}}}}"
        )))
        .expect("a hover")
        .1
    };
    assert!(of("StringEquals").contains("`*` and `?` stand for themselves"));
    assert!(of("StringEqualsIgnoreCase").contains("letters are the same"));
    assert!(of("StringNotEquals").contains("without the key meets the condition, too"));
    assert!(of("StringEqualsIfExists").contains("without the key meets the condition."));
    assert!(of("ForAnyValue:StringNotEquals").contains("without the key doesn't meet"));
    assert!(of("ForAllValues:StringEquals").contains("`Null` condition"));
    assert!(of("Null").contains("must be absent"));
    assert!(of("ArnLike").contains("first five colons"));
}

#[test]
fn principals_of_every_kind() {
    for (kind, word, part) in [
        (
            "AWS",
            "arn:aws:iam::111111111111:root",
            "Account `111111111111`, `dev` of the config. Not the root user alone",
        ),
        (
            "AWS",
            "'333333333333'",
            "which the config doesn't list. Not the root user alone",
        ),
        (
            "AWS",
            "arn:aws:iam::111111111111:role/ci/deploy",
            "The role `deploy` of account",
        ),
        (
            "AWS",
            "arn:aws:iam::111111111111:user/ann",
            "The user `ann` of account",
        ),
        (
            "AWS",
            "arn:aws:sts::111111111111:assumed-role/deploy/ci",
            "The session `ci` of the role `deploy`",
        ),
        ("AWS", "'*'", "Anyone, even without signing in."),
        (
            "AWS",
            "AROAEXAMPLEEXAMPLE123",
            "when that user or role is deleted",
        ),
        (
            "Service",
            "lambda.amazonaws.com",
            "The service `lambda.amazonaws.com` of AWS Lambda",
        ),
        (
            "Federated",
            "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
            "The OIDC provider `token.actions.githubusercontent.com`, set up in account `111111111111`, `dev`",
        ),
        (
            "Federated",
            "arn:aws:iam::111111111111:saml-provider/corp",
            "The SAML provider `corp`",
        ),
        (
            "Federated",
            "cognito-identity.amazonaws.com",
            "The public identity provider",
        ),
    ] {
        let bare = word.trim_matches('\'');
        let marked = word.replacen(bare, &format!("{}$0{}", &bare[..1], &bare[1..]), 1);
        check(
            &yaml(&format!("Principal: {{{kind}: {marked}}}")),
            bare,
            &[part],
        );
        let block = format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    principals {{\n      type        = \"{kind}\"\n      identifiers = [\"{}\"]\n    }}\n  }}\n}}\n",
            marked.trim_matches('\'')
        );
        check(&block, bare, &[part]);
    }
}

#[test]
fn keys_of_the_statements_provider_come_first() {
    let text = hover(&yaml("Principal: {Federated: arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com}\n    Action: sts:AssumeRoleWith$0WebIdentity"))
        .expect("a hover")
        .1;
    assert!(
        text.contains("Condition keys: `token.actions.githubusercontent.com:sub`, `token.actions.githubusercontent.com:aud`, `token.actions.githubusercontent.com:actor`"),
        "{text}"
    );
}

#[test]
fn condition_keys_that_are_listed_by_many_link_to_the_rest() {
    let text = hover(&yaml(
        "Condition: {StringEquals: {$0aws:ResourceTag/team: a}}",
    ))
    .expect("a hover")
    .1;
    assert!(
        text.contains(" more](https://docs.aws.amazon.com/"),
        "{text}"
    );
    assert!(text.contains("any service can have it"), "{text}");
    check(
        &yaml("Condition: {StringEquals: {$0token.actions.githubusercontent.com:sub: a}}"),
        "token.actions.githubusercontent.com:sub",
        &["whom the provider's token is about"],
    );
}

#[test]
fn managed_policies_in_every_dialect() {
    let arn = "arn:aws:iam::aws:policy/Read$0OnlyAccess";
    for marked in [
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [{arn}]\n"
        ),
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      PermissionsBoundary: {arn}\n"
        ),
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [{arn}]\n"
        ),
        format!(
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      managedPolicies:\n        - {arn}\n"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role       = \"r\"\n  policy_arn = \"{arn}\"\n}}\n"
        ),
        format!(
            "{{\"resource\": {{\"aws_iam_role_policy_attachment\": {{\"a\": {{\"role\": \"r\", \"policy_arn\": \"{arn}\"}}}}}}}}"
        ),
        yaml(&format!(
            "Condition: {{ArnEquals: {{iam:PolicyARN: {arn}}}}}"
        )),
    ] {
        check(
            &marked,
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            &["an AWS managed policy"],
        );
    }
    check(
        "data \"aws_iam_policy\" \"p\" {\n  name = \"Read$0OnlyAccess\"\n}\n",
        "ReadOnlyAccess",
        &["an AWS managed policy"],
    );
}

#[test]
fn declarations_of_resources() {
    check(
        &template("- Effect: Allow\n  Action: '*'").replacen("  Table:", "  Tab$0le:", 1),
        "Table",
        &[
            "an `AWS::DynamoDB::Table`",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders",
        ],
    );
    let module = "resource \"aws_sqs_queue\" \"jo$0bs\" {\n  name = \"shop-jobs\"\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [aws_sqs_queue.jobs.arn]\n  }\n}\n";
    check(
        module,
        "jobs",
        &[
            "an `aws_sqs_queue`",
            "arn:aws:sqs:eu-west-1:222222222222:shop-jobs",
        ],
    );
}

/// A type says what stands under it; both do so where the file has no policy, too.
#[test]
fn declarations_of_files_without_policies() {
    for (text, told) in [
        (
            "resource \"aws_s3_bucket\" \"bu$0ck\" {\n  bucket = \"shop-b\"\n}\n",
            "arn:aws:s3:::shop-b",
        ),
        (
            "resource \"aws_s3_bu$0cket\" \"buck\" {\n  bucket = \"shop-b\"\n}\n",
            "arn:aws:s3:::shop-b",
        ),
        (
            "resource \"aws_s3_bucket\" \"buck\" {\n  bucket = local.na$0me\n}\nlocals {\n  name = \"shop-b\"\n}\n",
            "`shop-b`",
        ),
        ("data \"aws_reg$0ion\" \"here\" {}\n", "aws_region"),
    ] {
        let (_, said) = hover(text).unwrap_or_else(|| panic!("none in {text}"));
        assert!(said.contains(told), "{said}");
    }
    for text in [
        "reso$0urce \"aws_s3_bucket\" \"buck\" {\n  bucket = \"shop-b\"\n}\n",
        "resource \"aws_s3_bucket\" \"buck\" {\n  buc$0ket = \"shop-b\"\n}\n",
    ] {
        assert_eq!(hover(text), None, "{text}");
    }
}

#[test]
fn a_role_that_a_variable_names() {
    for (role, told) in [
        ("${{ vars.DEPLOY$0_ROLE }}", "read from `vars.DEPLOY_ROLE`."),
        (
            "arn:aws:iam::${{ secrets.ACCOUNT }}:role/de$0ploy-${{ inputs.stage }}",
            "read from `secrets.ACCOUNT` and `inputs.stage`.",
        ),
    ] {
        let workflow = format!(
            "on: push\npermissions: {{id-token: write}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: {role}\n          aws-region: eu-west-1\n"
        );
        let (text, at) = crate::testing::cut(&workflow);
        let config = crate::Config::parse(crate::testing::CONFIG);
        let mut file = crate::File::new(
            ".github/workflows/deploy.yml",
            text,
            leastwise_syntax::Format::Yaml,
            std::sync::Arc::new(config),
        );
        let hover = file.hover(at).expect("a hover");
        assert!(hover.markdown.contains(told), "{}", hover.markdown);
    }
}

#[test]
fn a_function_is_not_taken_for_the_role_that_is_made_for_it() {
    let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jo$0b:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Policies: [AWSLambdaBasicExecutionRole]\n";
    // The names of a template are in no order.
    for _ in 0..16 {
        check(
            text,
            "Job",
            &["`Job`: a resource, an `AWS::Serverless::Function`"],
        );
    }
}

#[test]
fn a_document_is_what_its_block_says() {
    let text = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"*\"]\n  }\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.js$0on\n}\n";
    let (_, said) = hover(text).expect("a hover");
    assert!(said.contains("the policy that is written there"), "{said}");
    assert!(!said.contains("isn't known"), "{said}");
}

#[test]
fn the_likeliest_type_of_an_arn_comes_first() {
    for (action, arn, told) in [
        (
            "rds:*",
            "arn:aws:rds:eu-west-1:111111111111:*",
            "Can be: db of rds, cluster of rds, subgrp of rds",
        ),
        (
            "dynamodb:*",
            "arn:aws:dynamodb:*:*:*",
            "Can be: table of dynamodb",
        ),
        (
            "apigateway:*",
            "arn:aws:apigateway:*::/restapis/*",
            "Can be: RestApi of apigateway",
        ),
    ] {
        let marked = arn.replacen(":aws:", ":a$0ws:", 1);
        let text = yaml(&format!("Action: '{action}'\n    Resource: '{marked}'\n"));
        check(&text, arn, &[told]);
    }
}

#[test]
fn services_of_a_region_and_roots_of_no_account() {
    let trust = |who: &str| {
        yaml(&format!(
            "Principal: {{{who}}}\n    Action: sts:AssumeRole\n"
        ))
    };
    for (who, told) in [
        (
            "Service: logs.eu-west$0-1.amazonaws.com",
            "Amazon CloudWatch Logs in the Region `eu-west-1`, acting",
        ),
        (
            "Service: ec2.amazon$0aws.com.cn",
            "in the Regions of China, acting",
        ),
        (
            "Service: logs.af-sou$0th-1.amazonaws.com",
            "in the Region `af-south-1`, acting",
        ),
        (
            "AWS: 'arn:aws:iam::*$0:root'",
            "`*` is no wildcard within a principal's ARN",
        ),
        (
            "AWS: 'arn:aws:iam::111111111111:role/$0*'",
            "no wildcards within a principal's ARN",
        ),
        (
            "AWS: 'arn:aws:iam::111111111111:role/dep$0loy'",
            "The role `deploy` of account",
        ),
        (
            "Service: no$0pe.amazonaws.com",
            "No service is known to act under the name `nope.amazonaws.com`.",
        ),
    ] {
        let (_, said) = hover(&trust(who)).unwrap_or_else(|| panic!("none at {who}"));
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn roles_that_jobs_assume() {
    let workflow = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: arn:aws:iam::111111111111:role/de$0ploy\n          aws-region: eu-west-1\n";
    let (text, at) = crate::testing::cut(workflow);
    let config = crate::Config::parse(crate::testing::CONFIG);
    let mut file = crate::File::new(
        ".github/workflows/deploy.yml",
        text,
        leastwise_syntax::Format::Yaml,
        std::sync::Arc::new(config),
    );
    let hover = file.hover(at).expect("a hover");
    for part in [
        "The role that the job `deploy` assumes.",
        "account `111111111111`, `dev` of the config",
    ] {
        assert!(hover.markdown.contains(part), "{}", hover.markdown);
    }
}
