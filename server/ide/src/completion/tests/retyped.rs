//! What is written over names that stand there already: what belongs to them stays.

use super::edits::accepted;
use super::labels;

fn block(statement: &str) -> String {
    format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    sid = \"One\"\n    {statement}\n  }}\n}}\n"
    )
}

#[test]
fn an_argument_and_a_block_are_named_anew() {
    for (statement, label, after) in [
        ("reso$0 = [\"*\"]", "resources", "resources$0 = [\"*\"]"),
        (
            "re$0sources = [\"*\"]",
            "resources",
            "resources$0 = [\"*\"]",
        ),
        (
            "$0resources = [\"*\"]",
            "not_resources",
            "not_resources$0 = [\"*\"]",
        ),
        ("cond$0 {\n    }", "condition", "condition$0 {\n    }"),
        (
            "condition {\n      vari$0 = \"x\"\n    }",
            "variable",
            "condition {\n      variable$0 = \"x\"\n    }",
        ),
    ] {
        assert_eq!(
            accepted(&block(statement), label),
            block(after),
            "{statement}"
        );
    }
    let whole = block("").replace("  statement {", "  stat$0 {");
    assert_eq!(
        accepted(&whole, "statement"),
        whole.replace("stat$0", "statement$0")
    );
}

#[test]
fn a_value_takes_no_name_of_a_block_nor_a_body_one_of_an_argument() {
    let value = labels(&block("$0 = [\"*\"]"));
    assert!(value.contains(&"actions".to_owned()), "{value:?}");
    assert!(!value.contains(&"condition".to_owned()), "{value:?}");
    // What the body has besides isn't offered for another one.
    assert!(!value.contains(&"sid".to_owned()), "{value:?}");
    let body = labels(&block("$0 {\n    }"));
    assert!(body.contains(&"condition".to_owned()), "{body:?}");
    assert!(!body.contains(&"actions".to_owned()), "{body:?}");
}

/// A condition with one key, in each syntax.
fn conditions(action: &str, key: &str) -> [String; 4] {
    [
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {action}\n    Condition:\n      StringEquals:\n        {key}: x\n"
        ),
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Condition\": {{\"StringEquals\": {{\"{key}\": \"x\"}}}}}}]}}"
        ),
        block(&format!(
            "actions = [\"{action}\"]\n    condition {{\n      test = \"StringEquals\"\n      variable = \"{key}\"\n    }}"
        )),
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Statement = [{{\n      Action = \"{action}\"\n      Condition = {{ StringEquals = {{ \"{key}\" = \"x\" }} }}\n    }}]\n  }})\n}}\n"
        ),
    ]
}

#[test]
fn a_tag_behind_the_key_stays() {
    for (action, written, label, after) in [
        (
            "ec2:CreateTags",
            "aws:Req$0uestTag/Owner",
            "aws:RequestTag/${TagKey}",
            "aws:RequestTag/$0Owner",
        ),
        (
            "ec2:CreateTags",
            "aws:Re$0/Owner",
            "aws:ResourceTag/${TagKey}",
            "aws:ResourceTag/$0Owner",
        ),
        (
            "kms:Decrypt",
            "kms:Enc$0:App",
            "kms:EncryptionContext:${EncryptionContextKey}",
            "kms:EncryptionContext:$0App",
        ),
        // The sign before it may be typed, and be in it as well.
        (
            "ec2:CreateTags",
            "aws:RequestTag/$0team",
            "aws:RequestTag/${TagKey}",
            "aws:RequestTag/$0team",
        ),
        (
            "ec2:CreateTags",
            "aws:RequestTag/$0team/name",
            "aws:RequestTag/${TagKey}",
            "aws:RequestTag/$0team/name",
        ),
        (
            "kms:Decrypt",
            "kms:EncryptionContext:$0App",
            "kms:EncryptionContext:${EncryptionContextKey}",
            "kms:EncryptionContext:$0App",
        ),
        (
            "kms:Decrypt",
            "kms$0:EncryptionContext:App",
            "kms:EncryptionContext:${EncryptionContextKey}",
            "kms:EncryptionContext:$0App",
        ),
    ] {
        for marked in conditions(action, written) {
            let wanted = marked.replace(written, after);
            assert_eq!(accepted(&marked, label), wanted, "{marked}");
        }
    }
}

#[test]
fn the_name_in_a_key_is_left_to_be_written() {
    for (action, written, label, after) in [
        (
            "codebuild:CreateProject",
            "codebuild:sec$0",
            "codebuild:secondarySources/${sourceIdentifier}.location",
            "codebuild:secondarySources/$0.location",
        ),
        (
            "secretsmanager:GetSecretValue",
            "secretsmanager:Re$0",
            "secretsmanager:ResourceTag/tag-key",
            "secretsmanager:ResourceTag/$0",
        ),
        (
            "ec2:CreateTags",
            "aws:Req$0",
            "aws:RequestTag/${TagKey}",
            "aws:RequestTag/$0",
        ),
        (
            "ec2:CreateTags",
            "aws:RequestTag/$0",
            "aws:RequestTag/${TagKey}",
            "aws:RequestTag/$0",
        ),
    ] {
        for marked in conditions(action, written) {
            let wanted = marked.replace(written, after);
            assert_eq!(accepted(&marked, label), wanted, "{marked}");
        }
    }
}
