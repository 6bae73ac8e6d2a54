//! What is written when an offer is accepted: dashes, quotes, colons, commas, and what isn't offered since it stands there.

use super::{complete, labels};
use crate::Completion;
use crate::testing::{fixture, template};

/// The text after the item of that label is accepted, `$0` where the cursor stands then.
#[track_caller]
pub(super) fn accepted(marked: &str, label: &str) -> String {
    let (file, _) = fixture(marked);
    let items = complete(marked);
    let item: &Completion = items
        .iter()
        .find(|item| item.label == label)
        .unwrap_or_else(|| panic!("no {label} in {marked}"));
    let mut edits = vec![(item.replace, format!("{}$0{}", item.insert, item.behind))];
    edits.extend(item.also.iter().map(|edit| (edit.span, edit.text.clone())));
    edits.sort_by_key(|(span, _)| span.start);
    let mut text = file.text().to_owned();
    for (span, new) in edits.iter().rev() {
        text.replace_range(span.range(), new);
    }
    text
}

const YAML: &str = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n";

#[test]
fn a_new_item_gets_its_dash() {
    for lines in [
        "    Action:\n      $0\n",
        "    Action:\n        $0\n    Resource: '*'\n",
        "    Action:\n    $0\n    Resource: '*'\n",
        "    Action:\n      - sqs:SendMessage\n      $0\n    Resource: '*'\n",
        "    Action:\n      $0\n      - sqs:SendMessage\n",
        "    Action:\n    - sqs:SendMessage\n    $0\n    Resource: '*'\n",
        "    Action:\n      # why\n      - 'sqs:SendMessage'\n      $0",
        "    Action:\n      - sqs:SendMessage\n      s$0",
    ] {
        let marked = format!("{YAML}{lines}");
        let text = accepted(&marked, "s3:");
        let wanted = marked.replace("s$0", "$0").replace("$0", "- s3:$0");
        assert_eq!(text, wanted, "{marked}");
    }
    let quoted = format!("{YAML}    Action:\n      - sqs:SendMessage\n      's3:GetObjectT$0'\n");
    assert_eq!(
        accepted(&quoted, "s3:GetObjectTagging"),
        quoted.replace("'s3:GetObjectT$0'", "- 's3:GetObjectTagging$0'")
    );
    // What has its dash, or is no list.
    let dashed = format!("{YAML}    Action:\n      - $0\n");
    assert_eq!(accepted(&dashed, "s3:"), dashed.replace("$0", "s3:$0"));
    let beside = format!("{YAML}    Action: $0\n");
    assert_eq!(accepted(&beside, "s3:"), beside.replace("$0", "s3:$0"));
}

#[test]
fn a_new_statement_gets_its_dash() {
    for (marked, label) in [
        ("Version: '2012-10-17'\nStatement:\n  $0\n", "Effect"),
        ("Version: '2012-10-17'\nStatement:\n$0\n", "Effect"),
        (
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n  $0\n",
            "Effect",
        ),
        (
            "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: s3:GetObject\n$0\n",
            "Effect",
        ),
    ] {
        let text = accepted(marked, label);
        assert_eq!(text, marked.replace("$0", "- Effect: $0"), "{marked}");
    }
    // A statement that stands alone has keys.
    let alone = "Version: '2012-10-17'\nStatement:\n  Effect: Allow\n  $0\n";
    assert_eq!(accepted(alone, "Action"), alone.replace("$0", "Action: $0"));
}

#[test]
fn nothing_is_offered_where_nothing_fits() {
    for lines in [
        // Deeper than a value that is there.
        "    Action: s3:GetObject\n      $0",
        "    Action: 's3:GetObject'\n      $0",
        "    Action: [s3:GetObject]\n      $0",
        "    Action:\n      - s3:GetObject\n        $0",
        // In a column of its own.
        "    Action:\n      - s3:GetObject\n     $0",
        "   $0",
    ] {
        let marked = format!("{YAML}{lines}");
        assert_eq!(labels(&marked), [""; 0], "{marked}");
    }
}

#[test]
fn keys_that_are_there_are_not_offered() {
    let condition = |lines: &str| format!("{YAML}    Condition:\n{lines}");
    let operators = labels(&condition(
        "      StringEquals: {}\n      $0\n      Bool: {}\n",
    ));
    assert!(operators.contains(&"StringLike".to_owned()));
    for there in ["StringEquals", "Bool"] {
        assert!(!operators.contains(&there.to_owned()), "{there}");
    }
    let keys = labels(&condition(
        "      StringEquals:\n        aws:SourceArn: x\n        $0\n      StringLike:\n        aws:SourceAccount: x\n",
    ));
    assert!(!keys.contains(&"aws:SourceArn".to_owned()));
    assert!(keys.contains(&"aws:SourceAccount".to_owned()));
    let kinds = labels(&format!(
        "{YAML}    Principal:\n      AWS: !Sub 'arn:aws:iam::${{AWS::AccountId}}:root'\n      $0\n"
    ));
    assert_eq!(kinds, ["Service", "Federated", "CanonicalUser"]);
    let kinds = labels(&format!(
        "{YAML}    Principal:\n      Service: !Sub 'x.${{AWS::Region}}'\n      $0\n"
    ));
    assert_eq!(kinds, ["AWS", "Federated", "CanonicalUser"]);
    let root =
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n$0\n";
    assert_eq!(labels(root), ["Id"]);
    // The key under the cursor is offered all the same.
    let own = format!("{YAML}    Act$0ion: s3:GetObject\n");
    assert!(labels(&own).contains(&"Action".to_owned()));
}

#[test]
fn a_key_gets_its_colon_whatever_its_quotes() {
    let json = |rest: &str| format!("{{\"Statement\": [{{\"Effect\": \"Allow\", {rest}");
    for (marked, wanted) in [
        (json("\"Act$0\"}]}"), json("\"Action\": $0}]}")),
        (json("\"Act$0}]}"), json("\"Action\": $0}]}")),
        (json("\"Act$0"), json("\"Action\": $0")),
        (json("\"Act$0\": 1}]}"), json("\"Action$0\": 1}]}")),
        (
            json("\"Act$0, \"Resource\": \"*\"}]}"),
            json("\"Action\": $0, \"Resource\": \"*\"}]}"),
        ),
        (
            format!("{YAML}    \"Act$0\"\n"),
            format!("{YAML}    \"Action\": $0\n"),
        ),
        (
            format!("{YAML}    'Act$0\n"),
            format!("{YAML}    'Action': $0\n"),
        ),
    ] {
        assert_eq!(accepted(&marked, "Action"), wanted, "{marked}");
    }
}

#[test]
fn commas_come_where_one_is_missing() {
    let json = |rest: &str| format!("{{\"Statement\": [{{\n{rest}}}]}}");
    let key = json("  \"Effect\": \"Allow\"\n  $0\n");
    assert_eq!(
        accepted(&key, "Action"),
        json("  \"Effect\": \"Allow\",\n  \"Action\": $0\n")
    );
    let value = json("  \"Effect\": $0\n  \"Action\": \"s3:GetObject\"\n");
    assert_eq!(
        accepted(&value, "Allow"),
        json("  \"Effect\": \"Allow\",$0\n  \"Action\": \"s3:GetObject\"\n")
    );
    let quoted = json("  \"Effect\": \"$0\"\n  \"Action\": \"s3:GetObject\"\n");
    assert_eq!(
        accepted(&quoted, "Allow"),
        json("  \"Effect\": \"Allow\",$0\n  \"Action\": \"s3:GetObject\"\n")
    );
    let item = json("  \"Action\": [\n\"sqs:SendMessage\"\n\"s3:GetObjectT$0\"\n]");
    assert_eq!(
        accepted(&item, "s3:GetObjectTagging"),
        json("  \"Action\": [\n\"sqs:SendMessage\",\n\"s3:GetObjectTagging$0\"\n]")
    );
    // On the same line something else is being written.
    assert_eq!(labels(&json("  \"Effect\": \"Allow\" $0")), [""; 0]);
}

#[test]
fn a_service_leaves_the_cursor_in_its_quotes() {
    let marked = "{\"Statement\": [{\"Action\": [$0]}]}";
    assert_eq!(
        accepted(marked, "s3:"),
        "{\"Statement\": [{\"Action\": [\"s3:$0\"]}]}"
    );
}

#[test]
fn keys_of_a_service_whose_action_is_still_missing() {
    for action in ["", "    Action: s3:\n", "    Action: s3:GetObj\n"] {
        let marked = format!("{YAML}{action}    Condition:\n      StringLike:\n        s3:$0\n");
        assert!(
            labels(&marked).contains(&"s3:prefix".to_owned()),
            "{marked}"
        );
    }
    let json = "{\"Statement\": [{\"Condition\": {\"StringLike\": {\"s3:$0\"}}}]}";
    assert!(labels(json).contains(&"s3:prefix".to_owned()));
    let none = format!("{YAML}    Condition:\n      StringLike:\n        $0\n");
    assert!(!labels(&none).contains(&"s3:prefix".to_owned()));
}

#[test]
fn a_text_becomes_one_in_which_variables_are_read() {
    let marked = template("- Effect: Allow\n  Action: sqs:SendMessage\n  Resource: 'arn:$0'");
    let arn = "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*";
    let label = labels(&marked)
        .into_iter()
        .find(|label| label.contains("sqs:${AWS::Region}"))
        .unwrap_or_else(|| panic!("{:?}", labels(&marked)));
    let text = accepted(&marked, &label);
    assert!(
        text.contains(&format!("Resource: !Sub '{label}$0'")),
        "{text}"
    );
    assert!(
        label.ends_with(&arn[arn.find("sqs").unwrap_or(0)..]),
        "{label}"
    );
    // Beside accounts by their numbers, nobody says `!Sub` there.
    assert!(
        labels(&marked)
            .iter()
            .all(|label| !label.contains("111111111111"))
    );
    // Where nothing is called in the file, texts are as they are.
    let plain = marked.replace("!Sub '${AppId}-orders'", "orders");
    let own = labels(&plain);
    assert!(
        own.iter().any(|label| label.contains("111111111111")),
        "{own:?}"
    );
    assert!(own.iter().all(|label| !label.contains("AWS::AccountId")));
    let json = |value: &str| {
        format!(
            "{{\"Resources\": {{\"R\": {{\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {{\"Description\": {{\"Fn::Sub\": \"${{AWS::Region}}\"}}, \"PolicyDocument\": {{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": {value}}}]}}}}}}}}}}"
        )
    };
    let marked = json("\"$0\"");
    let label = labels(&marked)
        .into_iter()
        .find(|label| label.contains("sqs:${AWS::Region}"))
        .unwrap_or_else(|| panic!("{:?}", labels(&marked)));
    assert_eq!(
        accepted(&marked, &label),
        json(&format!("{{\"Fn::Sub\": \"{label}$0\"}}"))
    );
}

#[test]
fn policies_of_a_function_by_their_arns() {
    let sam = |entry: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n{entry}\n"
        )
    };
    let marked = sam("        - arn:aws:iam::aws:policy/ReadOnlyA$0");
    assert_eq!(labels(&marked), ["ReadOnlyAccess"]);
    assert_eq!(
        accepted(&marked, "ReadOnlyAccess"),
        marked.replace("$0", "ccess$0")
    );
    let line = sam("        $0");
    assert_eq!(
        accepted(&line, "ReadOnlyAccess"),
        line.replace("$0", "- ReadOnlyAccess$0")
    );
}

/// A document of Terraform with one statement.
fn blocks(lines: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n{lines}\n  }}\n}}\n")
}

#[test]
fn names_of_arguments_and_blocks() {
    let empty = blocks("    $0");
    assert_eq!(
        labels(&empty),
        [
            "actions",
            "resources",
            "principals",
            "effect",
            "condition",
            "sid",
            "not_actions",
            "not_principals",
            "not_resources"
        ]
    );
    assert_eq!(
        accepted(&empty, "actions"),
        empty.replace("$0", "actions = $0")
    );
    assert_eq!(
        accepted(&empty, "condition"),
        empty.replace("$0", "condition {\n      $0\n    }")
    );
    let there = labels(&blocks("    effect = \"Allow\"\n    actions = []\n    $0"));
    assert!(!there.contains(&"actions".to_owned()) && !there.contains(&"effect".to_owned()));
    assert!(!there.contains(&"not_actions".to_owned()), "{there:?}");
    let half = blocks("    effect = \"Allow\"\n    act$0");
    assert_eq!(labels(&half), ["actions"]);
    assert_eq!(
        accepted(&half, "actions"),
        half.replace("act$0", "actions = $0")
    );
    let inner = blocks("    condition {\n      test = \"Bool\"\n      $0\n    }");
    assert_eq!(labels(&inner), ["variable", "values"]);
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  $0\n}\n";
    assert!(labels(document).contains(&"statement".to_owned()));
    // As they are typed, without the ends.
    let typed =
        "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    effect = \"Allow\"\n    $0";
    assert!(labels(typed).contains(&"actions".to_owned()));
    assert_eq!(labels(&blocks("    actions = [] $0")), [""; 0]);
    assert_eq!(labels(&blocks("    # $0")), [""; 0]);
}

#[test]
fn values_of_arguments() {
    for (lines, label, wanted) in [
        ("    effect = $0", "Deny", "    effect = \"Deny\"$0"),
        ("    actions = [$0]", "s3:", "    actions = [\"s3:$0\"]"),
        (
            "    actions = [\n      \"sqs:SendMessage\"\n      \"s3:GetObjectT$0\"\n    ]",
            "s3:GetObjectTagging",
            "    actions = [\n      \"sqs:SendMessage\",\n      \"s3:GetObjectTagging$0\"\n    ]",
        ),
        (
            "    condition {\n      test = \"$0\"\n    }",
            "StringEquals",
            "    condition {\n      test = \"StringEquals$0\"\n    }",
        ),
        (
            "    condition {\n      test = \"StringLike\"\n      variable = \"aws:Sou$0\"\n    }",
            "aws:SourceArn",
            "    condition {\n      test = \"StringLike\"\n      variable = \"aws:SourceArn$0\"\n    }",
        ),
        (
            "    principals {\n      type = \"$0\n    }",
            "Service",
            "    principals {\n      type = \"Service\"$0\n    }",
        ),
        (
            "    dynamic \"principals\" {\n      for_each = []\n      content {\n        type = \"$0\"\n      }\n    }",
            "AWS",
            "    dynamic \"principals\" {\n      for_each = []\n      content {\n        type = \"AWS$0\"\n      }\n    }",
        ),
    ] {
        assert_eq!(accepted(&blocks(lines), label), blocks(wanted), "{lines}");
    }
}

#[test]
fn keys_of_objects() {
    let object = |lines: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Statement = [{{\n{lines}\n    }}]\n  }})\n}}\n"
        )
    };
    for (lines, wanted) in [
        (
            "      Effect = \"Allow\"\n      $0",
            "      Effect = \"Allow\"\n      Action = $0",
        ),
        (
            "      Effect = \"Allow\"\n      Act$0",
            "      Effect = \"Allow\"\n      Action = $0",
        ),
        (
            "      Effect = \"Allow\", $0",
            "      Effect = \"Allow\", Action = $0",
        ),
        ("      \"Act$0\"", "      \"Action\" = $0"),
        (
            "      \"Act$0\n      Resource = \"*\"",
            "      \"Action\" = $0\n      Resource = \"*\"",
        ),
        ("      Act$0ion = \"*\"", "      Action$0 = \"*\""),
    ] {
        assert_eq!(
            accepted(&object(lines), "Action"),
            object(wanted),
            "{lines}"
        );
    }
    let there = labels(&object(
        "      Effect = \"Allow\"\n      $0\n      Resource = \"*\"",
    ));
    assert!(!there.contains(&"Effect".to_owned()) && !there.contains(&"Resource".to_owned()));
    let condition =
        object("      Condition = {\n        StringEquals = {\n          $0\n        }\n      }");
    assert!(accepted(&condition, "aws:SourceArn").contains("\"aws:SourceArn\" = $0"));
    // As it is typed, without the ends.
    let typed = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = $0";
    assert!(labels(typed).contains(&"Allow".to_owned()));
}

#[test]
fn what_comes_before_another_entry_gets_its_comma() {
    let json = |rest: &str| {
        format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\n      \"Effect\": \"Allow\",\n      {rest}\n    }}\n  ]\n}}\n"
        )
    };
    for (typed, written) in [
        (
            "$0\n      \"Action\": \"*\"",
            "\"Sid\": $0,\n      \"Action\": \"*\"",
        ),
        (
            "\"S$0\"\n      \"Action\": \"*\"",
            "\"Sid\": $0,\n      \"Action\": \"*\"",
        ),
        (
            "\"S$0\n      \"Action\": \"*\"",
            "\"Sid\": $0,\n      \"Action\": \"*\"",
        ),
        // Nothing follows, or what stands there goes on.
        ("$0", "\"Sid\": $0"),
        (
            "\"S$0\": \"x\",\n      \"Action\": \"*\"",
            "\"Sid$0\": \"x\",\n      \"Action\": \"*\"",
        ),
    ] {
        assert_eq!(accepted(&json(typed), "Sid"), json(written), "{typed}");
    }
    let list = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  $0\n  {\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}\n]}";
    let text = accepted(list, "statement").replace("$0", "");
    assert!(text.contains("]\n\\},\n  {\"Effect\": \"Deny\""), "{text}");
}

#[test]
fn a_key_that_stands_is_offered_others_that_are_not_there() {
    for marked in [
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Act$0ion: '*'\n    Resource: '*'\n",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"$0Action\": \"*\", \"Resource\": \"*\"}]}",
    ] {
        let items = complete(marked);
        let offered: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
        assert!(
            offered.contains(&"Action") && offered.contains(&"Sid"),
            "{offered:?}"
        );
        assert!(
            !offered.contains(&"Effect") && !offered.contains(&"Resource"),
            "{offered:?}"
        );
    }
}

#[test]
fn names_in_blocks_have_no_quotes() {
    for marked in [
        blocks("    \"$0\""),
        blocks("    condition {\n      \"$0\"\n    }"),
        "resource \"aws_iam_role\" \"r\" {\n  \"$0\"\n}\n".to_owned(),
    ] {
        assert_eq!(labels(&marked), [""; 0], "{marked}");
    }
    let object = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      \"$0\"\n    }]\n  })\n}\n";
    assert!(labels(object).contains(&"Effect".to_owned()));
}

#[test]
fn a_block_begins_a_line_of_its_own() {
    let marked = "data \"aws_iam_policy_document\" \"d\" {$0\n}\n";
    assert!(!labels(marked).contains(&"statement".to_owned()));
}

#[test]
fn variables_of_policies_in_blocks() {
    let marked = blocks("    resources = [\"arn:aws:s3:::shop/&{aws:user$0\"]");
    assert_eq!(labels(&marked)[0], "aws:username");
    let after = marked.replace("&{aws:user$0", "&{aws:username}$0");
    assert_eq!(accepted(&marked, "aws:username"), after);
    // In an object these signs mean nothing.
    let object = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Resource = \"&{aws:user$0\"\n    }]\n  })\n}\n";
    let (mut file, at) = fixture(object);
    let items = file.completions(at);
    assert!(items.iter().all(|item| item.label != "aws:username"));
}

#[test]
fn a_managed_policy_is_read_by_name_or_arn() {
    let role = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = \"{}\"\n}\n";
    let data = |argument: &str, typed: &str| {
        format!("{role}data \"aws_iam_policy\" \"p\" {{\n  {argument} = {typed}\n}}\n")
    };
    for (argument, written) in [
        ("name", "\"SecurityAudit\""),
        ("arn", "\"arn:aws:iam::aws:policy/SecurityAudit\""),
    ] {
        let after = accepted(&data(argument, "\"SecurityAu$0\""), "SecurityAudit");
        let after = after.replace("$0", "");
        assert!(
            after.contains(&format!("{argument} = {written}")),
            "{after}"
        );
    }
}
