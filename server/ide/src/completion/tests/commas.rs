//! The commas that an accepted offer brings, in front of what stands behind the cursor and behind what stands in front of it.

use super::edits::accepted;
use super::labels;

fn json(place: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", {place}}}]}}")
}

fn yaml(place: &str) -> String {
    format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {place}\n")
}

fn object(place: &str) -> String {
    format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Statement = [{{\n      Effect = \"Allow\"\n      {place}\n    }}]\n  }})\n}}\n"
    )
}

fn blocks(place: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    {place}\n  }}\n}}\n")
}

/// What is accepted in each place of a file, and what stands there then.
fn check(write: fn(&str) -> String, places: &[(&str, &str, &str)]) {
    for (place, label, wanted) in places {
        let marked = write(place);
        assert_eq!(accepted(&marked, label), write(wanted), "{marked}");
    }
}

#[test]
fn an_item_in_front_of_another_gets_its_comma() {
    check(
        json,
        &[
            (
                "\"Action\": [$0\"s3:GetObject\"]",
                "*",
                "\"Action\": [\"*\",$0\"s3:GetObject\"]",
            ),
            (
                "\"Action\": [$0 \"s3:GetObject\"]",
                "*",
                "\"Action\": [\"*\",$0 \"s3:GetObject\"]",
            ),
            (
                "\"Action\": [\n  $0\n  \"s3:GetObject\"\n]",
                "*",
                "\"Action\": [\n  \"*\",$0\n  \"s3:GetObject\"\n]",
            ),
            (
                "\"Action\": [\"s3:GetObjectT$0\" \"s3:GetObject\"]",
                "s3:GetObjectTagging",
                "\"Action\": [\"s3:GetObjectTagging\",$0 \"s3:GetObject\"]",
            ),
            (
                "\"Action\": [\"s3:GetObjectT$0\", \"s3:GetObject\"]",
                "s3:GetObjectTagging",
                "\"Action\": [\"s3:GetObjectTagging$0\", \"s3:GetObject\"]",
            ),
        ],
    );
    check(
        yaml,
        &[
            (
                "Action: [$0 s3:GetObject]",
                "*",
                "Action: ['*',$0 s3:GetObject]",
            ),
            (
                "Action: [$0 's3:GetObject']",
                "*",
                "Action: ['*',$0 's3:GetObject']",
            ),
            (
                "Action: [\n      $0\n      s3:GetObject\n    ]",
                "*",
                "Action: [\n      '*',$0\n      s3:GetObject\n    ]",
            ),
            (
                "Action: ['s3:GetObjectT$0' 's3:GetObject']",
                "s3:GetObjectTagging",
                "Action: ['s3:GetObjectTagging',$0 's3:GetObject']",
            ),
            (
                "Action: ['s3:GetObjectT$0', s3:GetObject]",
                "s3:GetObjectTagging",
                "Action: ['s3:GetObjectTagging$0', s3:GetObject]",
            ),
            // Behind an item of the line above.
            (
                "Action: [\n      s3:GetObject\n      s3:GetObjectT$0\n    ]",
                "s3:GetObjectTagging",
                "Action: [\n      s3:GetObject,\n      s3:GetObjectTagging$0\n    ]",
            ),
            // A block has none.
            (
                "Action:\n      - s3:GetObjectT$0\n      - s3:GetObject",
                "s3:GetObjectTagging",
                "Action:\n      - s3:GetObjectTagging$0\n      - s3:GetObject",
            ),
            (
                "Action: s3:GetObjectT$0\n    Resource: '*'",
                "s3:GetObjectTagging",
                "Action: s3:GetObjectTagging$0\n    Resource: '*'",
            ),
        ],
    );
    for write in [object as fn(&str) -> String, blocks] {
        let name = match write("").starts_with("data") {
            true => "actions",
            false => "Action",
        };
        for (place, wanted) in [
            ("[$0\"s3:GetObject\"]", "[\"*\",$0\"s3:GetObject\"]"),
            ("[$0 \"s3:GetObject\"]", "[\"*\",$0 \"s3:GetObject\"]"),
            (
                "[\n  $0\n  \"s3:GetObject\"\n]",
                "[\n  \"*\",$0\n  \"s3:GetObject\"\n]",
            ),
            (
                "[\n  \"s3:GetObject\"\n  $0\n]",
                "[\n  \"s3:GetObject\",\n  \"*\"$0\n]",
            ),
            ("[$0]", "[\"*\"$0]"),
        ] {
            let marked = write(&format!("{name} = {place}"));
            let wanted = write(&format!("{name} = {wanted}"));
            assert_eq!(accepted(&marked, "*"), wanted, "{marked}");
        }
    }
}

#[test]
fn a_key_in_front_of_another_on_its_line_gets_its_comma() {
    let one = |place: &str| {
        yaml("Resource: '*'").replace("- Effect: Allow\n    ", &format!("- {{{place}}}\n    #"))
    };
    for (place, label, wanted) in [
        (
            "Effect: $0 Action: 's3:*'",
            "Deny",
            "Effect: Deny,$0 Action: 's3:*'",
        ),
        ("$0 Action: 's3:*'", "Effect", "Effect: $0, Action: 's3:*'"),
    ] {
        assert_eq!(accepted(&one(place), label), one(wanted), "{place}");
    }
    let one = |place: &str| {
        object("").replace(
            "[{\n      Effect = \"Allow\"\n      \n    }]",
            &format!("[{{ {place} }}]"),
        )
    };
    for (place, label, wanted) in [
        (
            "Effect = \"D$0\" Action = \"s3:*\"",
            "Deny",
            "Effect = \"Deny\",$0 Action = \"s3:*\"",
        ),
        (
            "$0 Action = \"s3:*\"",
            "Effect",
            "Effect = $0, Action = \"s3:*\"",
        ),
        (
            "$0 \"Action\" = \"s3:*\"",
            "Effect",
            "Effect = $0, \"Action\" = \"s3:*\"",
        ),
    ] {
        assert_eq!(accepted(&one(place), label), one(wanted), "{place}");
    }
    // A line ends an argument.
    assert_eq!(
        accepted(&object("$0\n      Action = \"s3:*\""), "Resource"),
        object("Resource = $0\n      Action = \"s3:*\""),
    );
}

#[test]
fn nothing_is_offered_right_behind_a_text() {
    for place in ["resources = [\"*\"$0]", "resources = [\"*\" , \"a\"$0]"] {
        assert_eq!(labels(&blocks(place)), [""; 0], "{place}");
    }
    for place in ["Resource = \"*\"$0", "Resource = [\"*\"$0]"] {
        assert_eq!(labels(&object(place)), [""; 0], "{place}");
    }
}
