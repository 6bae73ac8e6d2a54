//! What is said when somebody pauses in the midst of what he writes, and goes on.

use leastwise_syntax::Span;

use super::{codes, file, placed, said_after};
use crate::testing::cut;

/// What somebody writes between faulty statements without an editor that closes brackets.
const PAUSED: [(&str, &str, &str); 6] = [
    (
        "policy.json",
        "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": \"s3:GetObject\",
      \"Resource\": \"arn:aws:s3:::shop/*\"$0
    },
    {
      \"Effect\": \"Allow\",
      \"Action\": \"sqs:SendMesage\",
      \"Resource\": \"arn:aws:sqs:eu-west-1:111111111111:shop\"
    },
    {
      \"Effect\": \"Alow\",
      \"Action\": \"sns:Publish\",
      \"Resource\": \"arn:aws:sns:eu-west-1:111111111111:shop\"
    }
  ]
}
",
        ",
      \"Condition\": {
        \"Bool\": { \"aws:SecureTransport\": \"true\" }
      }",
    ),
    (
        "template.json",
        "{
  \"Resources\": {
    \"Policy\": {
      \"Type\": \"AWS::IAM::ManagedPolicy\",
      \"Properties\": {
        \"PolicyDocument\": {
          \"Version\": \"2012-10-17\",
          \"Statement\": [
            {
              \"Effect\": \"Alow\",
              \"Action\": \"s3:GetObject\",
              \"Resource\": \"arn:aws:s3:::shop/*\"
            },$0
            {
              \"Effect\": \"Allow\",
              \"Action\": \"sqs:SendMesage\",
              \"Resource\": \"arn:aws:sqs:eu-west-1:111111111111:shop\"
            },
            {
              \"Effect\": \"Alow\",
              \"Action\": \"sns:Publish\",
              \"Resource\": \"arn:aws:sns:eu-west-1:111111111111:shop\"
            }
          ]
        }
      }
    }
  }
}
",
        "
            {
              \"Sid\": \"New\",
              \"Effect\": \"Allow\",
              \"Action\": [\"sqs:ListQueues\"],
              \"Resource\": \"*\"
            },",
    ),
    (
        "policy.yaml",
        "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: arn:aws:s3:::shop/*$0
  - Effect: Allow
    Action: sqs:SendMesage
    Resource: arn:aws:sqs:eu-west-1:111111111111:shop
  - Effect: Alow
    Action: sns:Publish
    Resource: arn:aws:sns:eu-west-1:111111111111:shop
",
        "
    Condition: {Bool: {'aws:SecureTransport': \"true\"}}",
    ),
    (
        "encoded.tf",
        "resource \"aws_iam_policy\" \"work\" {
  policy = jsonencode({
    Version = \"2012-10-17\"
    Statement = [
      {
        Effect   = \"Allow\"
        Action   = \"s3:GetObject\"
        Resource = \"arn:aws:s3:::shop/*\"$0
      },
      {
        Effect   = \"Allow\"
        Action   = \"sqs:SendMesage\"
        Resource = \"arn:aws:sqs:eu-west-1:111111111111:shop\"
      },
      {
        Effect   = \"Alow\"
        Action   = \"sns:Publish\"
        Resource = \"arn:aws:sns:eu-west-1:111111111111:shop\"
      }
    ]
  })
}
",
        "
        Condition = {
          Bool = { \"aws:SecureTransport\" = \"true\" }
        }",
    ),
    (
        "heredoc.tf",
        "resource \"aws_iam_policy\" \"work\" {
  policy = <<EOT
{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": \"s3:GetObject\",
      \"Resource\": \"arn:aws:s3:::shop/*\"$0
    },
    {
      \"Effect\": \"Allow\",
      \"Action\": \"sqs:SendMesage\",
      \"Resource\": \"arn:aws:sqs:eu-west-1:111111111111:shop\"
    }
  ]
}
EOT
}
",
        ",
      \"Condition\": {
        \"Bool\": { \"aws:SecureTransport\": \"true\" }
      }",
    ),
    (
        "blocks.tf",
        "data \"aws_iam_policy_document\" \"work\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop/*\"]$0
  }
  statement {
    actions   = [\"sqs:SendMesage\"]
    resources = [\"arn:aws:sqs:eu-west-1:111111111111:shop\"]
  }
}
",
        "
    condition {
      test     = \"Bool\"
      variable = \"aws:SecureTransport\"
      values   = [\"true\"]
    }",
    ),
];

/// Types into a file with pauses behind some of its keys, counted from one: what is said elsewhere that wasn't before, or isn't any
/// more.
fn typed_with_pauses(
    (path, marked, typed): (&str, &str, &str),
    is_pause: impl Fn(usize) -> bool,
) -> Vec<String> {
    let (text, at) = cut(marked);
    let mut file = file(path, &text);
    let before = file.diagnostics();
    let expected = placed(&file, &before, at);
    let behind = before.iter().filter(|one| one.span.start >= at).count();
    assert!(behind > 0, "{path}");
    let mut wrong = Vec::new();
    for (key, c) in typed.char_indices() {
        let cursor = at + key as u32 + 1;
        file.edit(Span::empty(cursor - 1), &c.to_string());
        let said = file.patient_diagnostics();
        if placed(&file, &said, cursor) != expected {
            wrong.push(format!("{path}, key {key}: {:?}", codes(&said)));
        }
        if !is_pause(key + 1) {
            continue;
        }
        let rested = file.diagnostics();
        assert!(!file.holds_back());
        assert_eq!(file.diagnostics(), rested, "nobody has written since");
        let left = placed(&file, &rested, cursor);
        let lost: Vec<_> = expected.iter().filter(|one| !left.contains(one)).collect();
        // What is wrong with what is being written may be said, and once that the text can't be read.
        let others = rested.iter().filter(|one| one.span.start > cursor);
        let is_unread = others.clone().any(|one| one.code == "syntax-error");
        if !lost.is_empty() || others.count() > behind + usize::from(is_unread) {
            wrong.push(format!("{path}, pause at {key}: {:?}", codes(&rested)));
        }
    }
    let after = file.diagnostics();
    let cursor = at + typed.len() as u32;
    assert_eq!(placed(&file, &after, cursor), expected);
    wrong
}

#[test]
fn a_pause_in_what_is_half_written_takes_and_adds_nothing_elsewhere() {
    let mut wrong = Vec::new();
    for one in PAUSED {
        wrong.extend(typed_with_pauses(one, |_| true));
        for pause in (5..one.2.len()).step_by(17) {
            wrong.extend(typed_with_pauses(one, |key| key == pause));
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

#[test]
fn after_a_pause_it_is_said_that_a_text_cannot_be_read() {
    for (path, marked, typed) in PAUSED {
        let (text, at) = cut(marked);
        let mut file = file(path, &text);
        file.diagnostics();
        let quote = typed.find('"').unwrap();
        file.edit(Span::empty(at), &typed[..=quote]);
        file.patient_diagnostics();
        let rested = codes(&file.diagnostics());
        assert!(rested.contains(&"syntax-error"), "{path}: {rested:?}");
    }
}

#[test]
fn a_pause_in_a_key_is_over_with_the_next_letter() {
    for (path, begun, typed) in [
        (
            "template.yaml",
            "Resources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        St",
            "atement:\n          - Effect: ",
        ),
        (
            "policy.json",
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": \"s3:GetObject\",\n      \"Re",
            "source\": \"",
        ),
        (
            "encoded.tf",
            "resource \"aws_iam_policy\" \"work\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    St",
            "atement = [",
        ),
    ] {
        let mut file = file(path, "");
        file.diagnostics();
        said_after(&mut file, [begun]);
        assert!(!file.diagnostics().is_empty(), "{path}");
        for at in 0..typed.len() {
            let said = said_after(&mut file, [&typed[at..at + 1]]);
            assert_eq!(said, Vec::<&str>::new(), "{path}: {}", &typed[..=at]);
        }
    }
}

#[test]
fn an_ignore_of_nothing_leaves_what_is_found_below_to_be_said_in_a_pause() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: arn:aws:s3:::shop/*\n    Sid: Own\n  - Effect: Allow\n    Action: sqs:SendMessage\n    Resource: arn:aws:sqs:eu-west-1:111111111111:shop\n    Sid: Other\n";
    let mut file = file("policy.yaml", text);
    assert_eq!(codes(&file.diagnostics()), Vec::<&str>::new());
    let at = text.find("    Sid").unwrap() as u32;
    file.edit(Span::empty(at), "    # leastwise: ignore[unknown-action]\n");
    file.patient_diagnostics();
    let sid = file.text().find("Own").unwrap() as u32;
    file.edit(Span::new(sid, sid + 3), "Other");
    file.patient_diagnostics();
    let rested = codes(&file.diagnostics());
    assert!(rested.contains(&"unused-ignore"), "{rested:?}");
    assert!(rested.contains(&"duplicate-sid"), "{rested:?}");
}
