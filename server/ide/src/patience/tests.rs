mod broken;
mod pauses;

use std::collections::BTreeMap;
use std::sync::Arc;

use leastwise_syntax::{Format, Span};

use super::keys::{Key, assisted, plain};
use crate::testing::cut;
use crate::{Diagnostic, File};

fn format(path: &str) -> Format {
    match path.rsplit('.').next() {
        Some("json") => Format::Json,
        Some("tf") => Format::Hcl,
        _ => Format::Yaml,
    }
}

fn file(path: &str, text: &str) -> File {
    File::new(path, text.to_owned(), format(path), Arc::default())
}

/// What `LEASTWISE_SHOW=1` prints of a key that something was said at.
fn show(file: &File, key: &Key, said: &[Diagnostic]) {
    let text = file.text();
    let at = key.span.start as usize + key.text.len();
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    println!("{at} {:?}", &text[line..at]);
    for one in said {
        let word: String = text[one.span.range()].chars().take(40).collect();
        println!("    {} {:?} {word:?} {}", one.code, one.span, one.message);
    }
}

/// After how many of the keys something is said, and what.
fn loud_keys(path: &str, keys: &[Key]) -> (usize, BTreeMap<&'static str, usize>) {
    let mut file = file(path, "");
    let mut loud = 0;
    let mut rules = BTreeMap::new();
    for key in keys {
        file.edit(key.span, &key.text);
        let said = match std::env::var_os("LEASTWISE_IMPATIENT") {
            Some(_) => file.diagnostics(),
            None => file.patient_diagnostics(),
        };
        if said.is_empty() {
            continue;
        }
        loud += 1;
        for one in &said {
            *rules.entry(one.code).or_default() += 1;
        }
        if std::env::var("LEASTWISE_SHOW").is_ok_and(|of| path.contains(&of)) {
            show(&file, key, &said);
        }
    }
    (loud, rules)
}

/// `LEASTWISE_IMPATIENT=1` counts as if nothing were held back, `LEASTWISE_SHOW` shows what is said of the file of that name.
fn is_typed_in_silence(path: &str, text: &str) {
    assert_eq!(file(path, text).diagnostics(), [], "{path}");
    let ways = [
        ("as typed", plain(text)),
        (
            "with brackets and quotes closed",
            assisted(text, format(path)),
        ),
    ];
    let percents = ways.map(|(how, keys)| {
        let (loud, rules) = loud_keys(path, &keys);
        let percent = loud as f64 * 100.0 / keys.len() as f64;
        let of = keys.len();
        println!("{path} {how}: {loud} of {of} keys, {percent:.1} % {rules:?}");
        percent
    });
    assert!(
        percents.iter().all(|percent| *percent < 5.0),
        "{percents:?}"
    );
}

#[test]
fn a_clean_template_is_typed_in_silence() {
    is_typed_in_silence("template.yaml", include_str!("typed/template.yaml"));
}

#[test]
fn a_clean_policy_in_yaml_is_typed_in_silence() {
    is_typed_in_silence("policy.yaml", include_str!("typed/policy.yaml"));
}

#[test]
fn a_clean_policy_in_json_is_typed_in_silence() {
    is_typed_in_silence("policy.json", include_str!("typed/policy.json"));
}

#[test]
fn clean_blocks_are_typed_in_silence() {
    is_typed_in_silence("blocks.tf", include_str!("typed/blocks.tf"));
}

#[test]
fn a_clean_encoded_policy_is_typed_in_silence() {
    is_typed_in_silence("encoded.tf", include_str!("typed/encoded.tf"));
}

#[test]
fn a_clean_heredoc_is_typed_in_silence() {
    let policy = include_str!("typed/policy.json").replace("${", "$${");
    let text = format!(
        "resource \"aws_iam_role_policy\" \"work\" {{\n  role   = aws_iam_role.work.id\n  policy = <<EOT\n{policy}EOT\n}}\n"
    );
    is_typed_in_silence("heredoc.tf", &text);
}

#[test]
fn a_variable_that_is_not_closed_yet_is_a_hole() {
    for (path, begun, typed) in [
        (
            "policy.yaml",
            "Resources:\n  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sqs:SendMessage\n            Resource: !Sub arn:aws:sqs:",
            "${AWS::Region}:${AWS::AccountId}:jobs",
        ),
        (
            "policy.json",
            "{\"Resources\": {\"Policy\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": {\"Fn::Sub\": \"arn:aws:sqs:",
            "${AWS::Region}:${AWS::AccountId}:jobs",
        ),
    ] {
        let mut file = file(path, begun);
        for at in 0..typed.len() {
            let said = said_after(&mut file, [&typed[at..at + 1]]);
            assert_eq!(said, Vec::<&str>::new(), "{path}: {}", &typed[..=at]);
        }
    }
}

/// Faulty statements, and a clean one among them that is typed at the cursor.
const AMONG: [(&str, &str, &str); 10] = [
    (
        "policy.yaml",
        "Version: '2012-10-17'
Statement: [{Effect: Allow, Action: s3:GetObjekt, Resource: '*'},$0 {Effect: Alow, Action: sqs:SendMesage, Resource: '*'}]
",
        " {Effect: Allow, Action: [sqs:ListQueues, 'sns:ListTopics'], Resource: \"*\"},",
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {
  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:GetObjekt\", Resource = \"*\" },$0 { Effect = \"Alow\", Action = \"sqs:SendMesage\", Resource = \"*\" }] })
}
",
        " { Effect = \"Allow\", Action = [\"sqs:ListQueues\"], Resource = \"*\" },",
    ),
    (
        "policy.tf.json",
        "{\"resource\": {\"aws_iam_policy\": {\"a\": {\"policy\": {\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\"},$0 {\"Effect\": \"Alow\", \"Action\": \"sqs:SendMesage\", \"Resource\": \"*\"}]}}}},
\"data\": {\"aws_iam_policy_document\": {\"b\": {\"statement\": [{\"actions\": [\"s3:GetObjekt\"], \"resources\": [\"*\"]}]}}}}
",
        " {\"Effect\": \"Allow\", \"Action\": [\"sqs:ListQueues\"], \"Resource\": \"*\"},",
    ),
    (
        "blocks.tf",
        "data \"aws_iam_policy_document\" \"a\" {
statement {
actions = [\"s3:GetObjekt\"]
resources = [\"arn:aws:s3:::shop/*\"]
}$0
statement {
actions = [\"sqs:PurgeQeue\"]
resources = [\"arn:aws:sqs:eu-west-1:111111111111:shop\"]
}
}
",
        "
statement {
actions = [\"dynamodb:GetItem\"]
resources = [\"arn:aws:dynamodb:eu-west-1:${var.account}:table/shop\"]
condition {
test = \"StringEquals\"
variable = \"aws:ResourceTag/team\"
values = [\"shop\"]
}
}",
    ),
    (
        "policy.json",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\"},$0 {\"Effect\": \"Alow\", \"Action\": \"sqs:SendMesage\", \"Resource\": \"*\"}]}
",
        " {\"Effect\": \"Allow\", \"Action\": \"sqs:ListQueues\", \"Resource\": \"*\"},",
    ),
    (
        "policy.yaml",
        "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [s3:GetObjekt, s3:PutObject]
    Resource: 'arn:aws:s3:::shop-data/*'$0
  - Effect: Allow
    Action: \"sqs:PurgeQeue\"
    Resource: \"arn:aws:sqs:eu-west-1:111111111111:shop\"
  - Action: sns:Publish
    Resource: arn:aws:sns:eu-west-1:111111111111:shop
",
        "
  - Sid: New
    Effect: Allow
    Action:
      - \"dynamodb:GetItem\"
      - dynamodb:Query
    Resource: [\"arn:aws:dynamodb:eu-west-1:111111111111:table/shop\"]
    Condition:
      StringEquals: {'aws:ResourceTag/team': shop}",
    ),
    (
        "template.yaml",
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AsumeRole
      Policies:
        - PolicyName: a
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: s3:GetObject$0
              - Effect: Allow
                Action: sqs:PurgeQeue
                Resource: !GetAtt Queue.Arn
  Queue:
    Type: AWS::SQS::Queue
",
        "
              - Effect: Allow
                Action: [s3:GetObject, s3:PutObject]
                Resource: !Sub 'arn:aws:s3:::${AWS::StackName}-data/*'
                Condition:
                  Bool:
                    aws:SecureTransport: \"true\"",
    ),
    (
        "policy.json",
        "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": [\"s3:GetObjekt\", \"s3:PutObject\"],
      \"Resource\": \"arn:aws:s3:::shop-data/*\"
    },$0
    {
      \"Effect\": \"Alow\",
      \"Action\": \"sqs:PurgeQueue\",
      \"Resource\": \"arn:aws:sqs:eu-west-1:111111111111:shop\"
    },
    {
      \"Action\": \"sns:Publish\",
      \"Resource\": \"arn:aws:sns:eu-west-1:111111111111:shop\"
    }
  ]
}
",
        "
    {
      \"Sid\": \"New\",
      \"Effect\": \"Allow\",
      \"Action\": [\"dynamodb:GetItem\"],
      \"Resource\": \"arn:aws:dynamodb:eu-west-1:111111111111:table/shop\",
      \"Condition\": {
        \"StringEquals\": { \"aws:ResourceTag/team\": \"shop\" }
      }
    },",
    ),
    (
        "blocks.tf",
        "data \"aws_iam_policy_document\" \"work\" {
  statement {
    actions   = [\"s3:GetObjekt\", \"s3:PutObject\"]
    resources = [\"arn:aws:s3:::shop-data/*\"]
  }$0
  statement {
    actions   = [\"sqs:PurgeQeue\"]
    resources = [\"arn:aws:sqs:eu-west-1:111111111111:shop\"]
  }
  statement {
    actions = [\"sns:Publish\"]
  }
}
",
        "
  statement {
    sid       = \"New\"
    actions   = [\"dynamodb:GetItem\"]
    resources = [\"arn:aws:dynamodb:eu-west-1:${var.account}:table/shop\"]
    condition {
      test     = \"StringEquals\"
      variable = \"aws:ResourceTag/team\"
      values   = [\"shop\"]
    }
  }",
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {
  policy = jsonencode({
    Version = \"2012-10-17\"
    Statement = [
      {
        Effect   = \"Allow\"
        Action   = [\"s3:GetObjekt\", \"s3:PutObject\"]
        Resource = \"arn:aws:s3:::shop-data/*\"
      },$0
      {
        Effect   = \"Allow\"
        Action   = \"sqs:PurgeQeue\"
        Resource = \"arn:aws:sqs:eu-west-1:111111111111:shop\"
      },
      {
        Action   = \"sns:Publish\"
        Resource = \"arn:aws:sns:eu-west-1:111111111111:shop\"
      }
    ]
  })
}
",
        "
      {
        Effect   = \"Allow\"
        Action   = [\"dynamodb:GetItem\", \"dynamodb:Query\"]
        Resource = \"arn:aws:dynamodb:eu-west-1:${var.account}:table/shop\"
        Condition = {
          StringEquals = { \"aws:ResourceTag/team\" = \"shop\" }
        }
      },",
    ),
];

/// Findings by rule, message and where they begin, counted from the end where they stand behind what is typed.
fn placed(file: &File, all: &[Diagnostic], typed: u32) -> Vec<(&'static str, String, i64)> {
    let size = file.text().len() as i64;
    let place = |one: &Diagnostic| match i64::from(one.span.start) {
        at if one.span.start < typed => at,
        at => at - size,
    };
    let all = all.iter();
    all.map(|one| (one.code, one.message.clone(), place(one)))
        .collect()
}

#[test]
fn the_findings_of_other_statements_are_there_at_every_key() {
    let mut wrong = Vec::new();
    for (path, marked, new) in AMONG {
        let (text, at) = cut(marked);
        for (how, keys) in [
            ("as typed", plain(new)),
            ("assisted", assisted(new, format(path))),
        ] {
            let mut file = file(path, &text);
            let before = file.diagnostics();
            assert!(before.len() > 1, "{path}: {before:?}");
            let expected = placed(&file, &before, at);
            let mut off = 0;
            for key in &keys {
                let span = Span::new(key.span.start + at, key.span.end + at);
                file.edit(span, &key.text);
                let said = file.patient_diagnostics();
                if placed(&file, &said, at) != expected {
                    off += 1;
                    if std::env::var_os("LEASTWISE_SHOW").is_some() {
                        let key = Key {
                            span,
                            text: key.text.clone(),
                        };
                        show(&file, &key, &said);
                    }
                }
            }
            println!(
                "{path} {how}: other than before at {off} of {} keys",
                keys.len()
            );
            if off > 0 {
                wrong.push(format!("{path} {how}: {off}"));
            }
            let after = file.diagnostics();
            assert_eq!(placed(&file, &after, at), expected, "{path} {how}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The rules of what is said after each of these texts has been typed at the end of the file.
fn said_after<'t>(file: &mut File, typed: impl IntoIterator<Item = &'t str>) -> Vec<&'static str> {
    for text in typed {
        let end = file.text().len() as u32;
        file.edit(Span::empty(end), text);
    }
    codes(&file.patient_diagnostics())
}

fn codes(said: &[Diagnostic]) -> Vec<&'static str> {
    said.iter().map(|one| one.code).collect()
}

#[test]
fn a_word_is_spoken_of_once_the_cursor_has_left_it_and_a_statement_likewise() {
    for (path, begun, [word, on, next]) in [
        (
            "policy.yaml",
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObjek",
            ["t", "\n    ", "\n  - "],
        ),
        (
            "policy.json",
            "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt",
            ["\"", "\n", "}]}"],
        ),
        (
            "blocks.tf",
            "data \"aws_iam_policy_document\" \"a\" {\n  statement {\n    actions = [\"s3:GetObjek",
            ["t\"", ", ", "]\n  }\n}\n"],
        ),
        (
            "encoded.tf",
            "resource \"aws_iam_policy\" \"a\" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = \"Allow\"\n      Action = \"s3:GetObjek",
            ["t\"", "\n      ", "}]\n  })\n}\n"],
        ),
    ] {
        let mut file = file(path, "");
        assert!(said_after(&mut file, [begun, word]).is_empty(), "{path}");
        assert!(file.holds_back());
        assert_eq!(said_after(&mut file, [on]), ["unknown-action"], "{path}");
        let all = said_after(&mut file, [next]);
        for rule in ["unknown-action", "missing-resource"] {
            assert!(all.contains(&rule), "{path}: {all:?}");
        }
    }
}

#[test]
fn what_was_said_stays_while_it_is_true_but_for_the_word_at_the_cursor() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Alow\n    Action: s3:GetObject\n";
    let mut file = file("policy.yaml", text);
    let all = file.diagnostics();
    assert_eq!(codes(&all), ["missing-resource", "invalid-effect"]);
    assert_eq!(
        said_after(&mut file, ["    "]),
        codes(&all),
        "all of it was said"
    );
    assert!(!file.holds_back());
    // The word is being mended.
    let word = text.find("low").unwrap() as u32;
    file.edit(Span::empty(word), "lo");
    assert_eq!(codes(&file.patient_diagnostics()), ["missing-resource"]);
    assert!(file.holds_back());
    assert!(file.is_written_at(word) && !file.is_written_at(3));
    assert_eq!(codes(&file.diagnostics()), codes(&all), "he has stopped");
    assert!(!file.holds_back() && !file.is_written_at(word));
    // What is mended is gone at once.
    let resource = "    Resource: arn:aws:s3:::a/*\n";
    let end = file.text().len() as u32;
    file.edit(Span::new(end - 4, end), resource);
    assert_eq!(codes(&file.patient_diagnostics()), ["invalid-effect"]);
}

/// What is said of a text that is typed with a pause after so many keys, at each key behind the pause.
fn loud_behind_a_pause(path: &str, text: &str, pause: usize) -> (usize, usize) {
    let keys = plain(text);
    let mut file = file(path, "");
    let (mut loud, mut count) = (0, 0);
    for (number, key) in keys.iter().enumerate() {
        file.edit(key.span, &key.text);
        let said = file.patient_diagnostics();
        if number > pause {
            count += 1;
            loud += usize::from(!said.is_empty());
        }
        if number == pause {
            file.diagnostics();
        }
    }
    (loud, count)
}

#[test]
fn a_pause_is_over_when_somebody_goes_on() {
    let block = "resource \"aws_iam_role_policy\" \"w\" {\n  name = \"w\"\n  role = \"r\"\n";
    let encoded = "  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{\n      Effect = \"Allow\"\n      Action = [\"s3:GetObject\"]\n      Resource = [\"arn:aws:s3:::shop-a/*\"]\n    }]\n  })\n}\n";
    let text = format!("{block}{encoded}");
    for pause in [
        block.find("name").unwrap(),
        block.len(),
        text.find("Action").unwrap(),
    ] {
        let (loud, count) = loud_behind_a_pause("w.tf", &text, pause);
        assert!(loud * 20 < count, "{loud} of {count} behind {pause}");
    }
    let yaml = "Version: \"2012-10-17\"\nStatement:\n  - Sid: Own\n    Effect: Allow\n    Action:\n      - s3:GetObject\n    Resource: arn:aws:s3:::shop-a/*\n";
    for word in ["Effect", "Action", "Resource"] {
        let pause = yaml.find(word).unwrap();
        let (loud, count) = loud_behind_a_pause("w.yaml", yaml, pause);
        assert!(loud * 20 < count, "{loud} of {count} behind {word}");
    }
}

#[test]
fn what_was_said_moves_with_the_text() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObjekt\n    Resource: '*'\n";
    let mut file = file("policy.yaml", text);
    let before = file.diagnostics();
    // An open quote hides all that follows.
    let at = text.find("'2012").unwrap() as u32;
    file.edit(Span::empty(at), "\"");
    let said = file.patient_diagnostics();
    assert_eq!(codes(&said), codes(&before));
    for (one, before) in said.iter().zip(&before) {
        assert_eq!(one.span.start, before.span.start + 1);
    }
    assert!(file.holds_back(), "the quote");
}

#[test]
fn a_whole_text_that_comes_anew_has_no_new_findings() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: 'Alow'\n    Action: 's3:GetObjekt'\n    Resource: 'arn:aws:s3:::shop/*'\n  - Effect: 'Allow'\n    Action: 'iam:PassRole'\n    Resource: '*'\n    Condition: {Bool: {'aws:SecureTransport': 'true'}}\n";
    for new in [
        text.replace('\'', "\""),
        text.replace('\'', "\"")
            .replace("Statement:\n", "Statement:  # all\n"),
    ] {
        let mut file = file("policy.yaml", text);
        let before = file.diagnostics();
        assert!(before.len() > 2, "{before:?}");
        file.edit(Span::new(0, text.len() as u32), &new);
        let said = file.patient_diagnostics();
        assert_eq!(codes(&said), codes(&before), "{new}");
    }
}

/// Files in which a word that much hangs on is deleted and typed again, with the rules that something is said of elsewhere all the
/// while.
const RETYPED: [(&str, &str, &str, &[&str]); 11] = [
    (
        "template.yaml",
        "Resources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Alow\n            Action: s3:GetObjekt\n            Resource: arn:aws:s3:::shop/*\n",
        "AWS::IAM::ManagedPolicy",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "template.yaml",
        "Resources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Alow\n            Action: s3:GetObjekt\n            Resource: arn:aws:s3:::shop/*\n",
        "      PolicyDocument:\n",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "policy.yaml",
        "Version: '2012-10-17'\nStatement:\n  - Effect: Alow\n    Action: s3:GetObjekt\n    Resource: arn:aws:s3:::shop/*\n",
        "Statement:",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "policy.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Alow\",\n      \"Action\": \"s3:GetObjekt\",\n      \"Resource\": \"arn:aws:s3:::shop/*\"\n    }\n  ]\n}\n",
        "\"Statement\": [",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "serverless.yml",
        "service: shop\nprovider:\n  name: aws\n  region: eu-west-1\n  iam:\n    role:\n      statements:\n        - Effect: Alow\n          Action: sqs:SendMesage\n          Resource: arn:aws:sqs:${aws:region}:111111111111:shop\n",
        "provider:",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "serverless.yml",
        "service: shop\nprovider:\n  name: aws\n  region: eu-west-1\n  iam:\n    role:\n      statements:\n        - Effect: Alow\n          Action: sqs:SendMesage\n          Resource: arn:aws:sqs:${aws:region}:111111111111:shop\n",
        "eu-west-1",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [\n      {\n        Effect   = \"Allow\"\n        Action   = \"s3:GetObject\"\n        Resource = \"arn:aws:s3:::shop/*\"\n      },\n      {\n        Effect   = \"Alow\"\n        Action   = \"s3:GetObjekt\"\n        Resource = \"arn:aws:s3:::shop/*\"\n      }\n    ]\n  })\n}\n",
        "      },\n",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [\n      {\n        Effect   = \"Alow\"\n        Action   = \"s3:GetObjekt\"\n        Resource = \"arn:aws:s3:::shop/*\"\n      }\n    ]\n  })\n}\n",
        "aws_iam_policy",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "policy.yaml",
        "Version: '2012-10-17'\nStatement:\n- {Effect: Alow, Action: s3:GetObjekt, Resource: 'arn:aws:s3:::shop/*'}\n",
        "Statement:\n",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [\n      {\n        Sid      = \"A\"\n        Effect   = \"Allow\"\n        Action   = \"s3:GetObject\"\n        Resource = \"arn:aws:s3:::shop/*\"\n      },\n      {\n        Effect   = \"Alow\"\n        Action   = \"s3:GetObjekt\"\n        Resource = \"arn:aws:s3:::shop/*\"\n      }\n    ]\n  })\n}\n",
        "      {\n        Sid",
        &["invalid-effect", "unknown-action"],
    ),
    (
        "heredoc.tf",
        "resource \"aws_iam_policy\" \"work\" {\n  name   = \"work\"\n  policy = <<EOT\n{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"Alow\",\n    \"Action\": \"s3:GetObjekt\",\n    \"Resource\": \"arn:aws:s3:::shop/*\"\n  }]\n}\nEOT\n}\n",
        "  policy = <<EOT\n",
        &["invalid-effect", "unknown-action"],
    ),
];

#[test]
fn what_stands_elsewhere_is_spoken_of_as_before_while_a_word_is_typed_that_much_hangs_on() {
    let mut wrong = Vec::new();
    for (path, text, word, rules) in RETYPED {
        let at = text.find(word).unwrap() as u32;
        let end = at + word.len() as u32;
        let typed = || {
            (0..word.len() as u32).map(|i| (Span::empty(at + i), &word[i as usize..=i as usize]))
        };
        let whole: Vec<_> = [(Span::new(at, end), "")]
            .into_iter()
            .chain(typed())
            .collect();
        let back = (at..end).rev().map(|at| (Span::new(at, at + 1), ""));
        for keys in [whole, back.chain(typed()).collect()] {
            let mut file = file(path, text);
            assert_eq!(codes(&file.diagnostics()), rules, "{path}");
            let mut off = 0;
            for (span, new) in keys {
                file.edit(span, new);
                let said = codes(&file.patient_diagnostics());
                off += usize::from(said != rules);
                if said != rules && std::env::var_os("LEASTWISE_SHOW").is_some() {
                    println!(
                        "{path} {:?}: {said:?}",
                        &file.text()[..at as usize + 20.min(word.len())]
                    );
                }
            }
            assert_eq!(file.text(), text);
            if off > 0 {
                wrong.push(format!("{path} {word}: {off}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_kept_is_gone_where_somebody_writes_elsewhere_or_stops() {
    let (path, text, word, rules) = RETYPED[0];
    let at = text.find(word).unwrap() as u32;
    let cut = Span::new(at + 20, at + 23);
    let start = |path| {
        let mut file = file(path, text);
        file.diagnostics();
        file.edit(cut, "");
        file.edit(Span::empty(at + 20), "x");
        assert_eq!(codes(&file.patient_diagnostics()), rules);
        assert!(file.holds_back());
        file
    };
    assert_eq!(codes(&start(path).diagnostics()), Vec::<&str>::new());
    let mut file = start(path);
    let end = file.text().len() as u32;
    file.edit(Span::empty(end), "  B: {}\n");
    assert_eq!(codes(&file.patient_diagnostics()), Vec::<&str>::new());
    // What comes back is no news.
    file.diagnostics();
    file.edit(Span::new(at + 20, at + 21), "icy");
    assert_eq!(codes(&file.patient_diagnostics()), rules);
}

#[test]
fn what_a_word_half_typed_makes_of_others_waits_until_it_is_typed() {
    let text = RETYPED[5]
        .1
        .replace("Alow", "Allow")
        .replace("Mesage", "Message");
    let at = text.find("eu-west-1").unwrap() as u32;
    let mut file = file("serverless.yml", &text);
    assert_eq!(codes(&file.diagnostics()), Vec::<&str>::new());
    file.edit(Span::new(at, at + 9), "");
    for (key, c) in "eu-wst-1".char_indices() {
        file.edit(Span::empty(at + key as u32), &c.to_string());
        assert_eq!(codes(&file.patient_diagnostics()), Vec::<&str>::new());
    }
    assert!(file.holds_back());
    let found = ["invalid-arn"];
    file.edit(Span::empty(at + 8), "\n  stage: x");
    assert_eq!(
        codes(&file.patient_diagnostics()),
        found,
        "written elsewhere"
    );
    file.edit(Span::new(at + 3, at + 8), "wst-2");
    assert_eq!(codes(&file.patient_diagnostics()), found, "said before");
    assert_eq!(codes(&file.diagnostics()), found);
}

#[test]
fn the_cursor_is_in_front_of_what_an_editor_has_closed() {
    for text in ["{$0}", "\n  $0\n", "},\n  $0\n]", "{\n    $0\n  }"] {
        let (text, at) = cut(text);
        assert_eq!(super::cursor_in(&text), at, "{text:?}");
    }
    for text in ["{", "\n  ", "}\n", "a {\n}\n"] {
        assert_eq!(super::cursor_in(text) as usize, text.len(), "{text:?}");
    }
}
