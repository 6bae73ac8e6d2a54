//! Texts of which there is next to nothing yet, and words that only others of the file can be.

use super::{complete, labels, take};
use crate::testing::{cut, filled_in, template};

fn heredoc(lines: &str, end: &str) -> String {
    format!(
        "resource \"aws_iam_policy\" \"old\" {{\n  name   = \"old\"\n  policy = <<EOF\n{lines}$0{end}"
    )
}

#[test]
fn a_policy_in_lines_is_offered_from_its_first_key_on() {
    for end in ["", "\n", "\"\n}\nEOF\n}\n", "\nEOF\n}\n"] {
        for (lines, label) in [
            ("{\n  \"", "Version"),
            ("{\n  \"St", "Statement"),
            ("{\n  \"Version\": \"", "2012-10-17"),
            (
                "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Ef",
                "Effect",
            ),
        ] {
            let marked = heredoc(lines, end);
            assert!(labels(&marked).contains(&label.to_owned()), "{marked}");
        }
    }
    let marked = heredoc("{\n  \"Ve", "");
    assert!(take(&marked, "Version").ends_with("{\n  \"Version\": "));
    // Lines of something else are no policy.
    let other = heredoc("{\n  \"", "").replace("policy =", "description =");
    assert_eq!(labels(&other), [""; 0]);
}

#[test]
fn an_empty_file_can_become_a_policy() {
    let config = std::sync::Arc::new(crate::Config::default());
    for path in ["policy.json", "policy.yaml"] {
        let format = match path.ends_with("json") {
            true => leastwise_syntax::Format::Json,
            false => leastwise_syntax::Format::Yaml,
        };
        for text in ["", "\n"] {
            let config = std::sync::Arc::clone(&config);
            let mut file = crate::File::new(path, text.to_owned(), format, config);
            let items = file.completions(0);
            let item = items.iter().find(|item| item.label == "policy");
            let item = item.unwrap_or_else(|| panic!("none in {path}"));
            let written = filled_in(text, item);
            let tree = leastwise_syntax::Tree::parse(written.clone(), format);
            assert!(tree.problems().is_empty(), "{written}");
            assert!(written.contains("Statement"), "{written}");
        }
    }
}

#[test]
fn an_alias_is_one_of_the_files_anchors() {
    let marked = "x: &reads\n  - s3:GetObject\ny: &writes [s3:PutObject]\nz: 'a &b'\nVersion: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: *$0\n    Resource: &late '*'\n";
    assert_eq!(labels(marked), ["*writes", "*reads"]);
    let typed = marked.replace("*$0", "*re$0");
    assert_eq!(labels(&typed), ["*reads"]);
    assert!(take(&typed, "*reads").contains("Action: *reads\n"));
}

#[test]
fn what_is_interpolated_gets_its_end() {
    let module = |typed: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"own\" {{\n  statement {{\n    actions   = [\"s3:GetObject\"]\n    resources = [\"{typed}\"]\n  }}\n}}\n\nresource \"aws_s3_bucket\" \"own\" {{\n  bucket = \"shop\"\n}}\n"
        )
    };
    for (typed, taken) in [
        ("${$0", "${aws_s3_bucket.own.arn}"),
        ("${aws_s3$0/*", "${aws_s3_bucket.own.arn}/*"),
        ("${aws_s3$0}/*", "${aws_s3_bucket.own.arn}/*"),
    ] {
        let text = take(&module(typed), "aws_s3_bucket.own.arn");
        assert_eq!(text, module(taken), "{typed}");
    }
}

#[test]
fn arguments_of_a_call_are_offered_one_by_one() {
    let of = |call: &str| {
        template(&format!(
            "- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource:\n    {call}"
        ))
    };
    let (declared, _) = cut(&of("$0"));
    assert!(declared.contains("  Table:"), "{declared}");
    for (call, label) in [
        ("Fn::GetAtt: [$0]", "Table"),
        ("Fn::GetAtt: [Ta$0]", "Table"),
        ("Fn::GetAtt: [Table, $0]", "Arn"),
        ("Fn::GetAtt: [Table, A$0]", "Arn"),
    ] {
        let offered = labels(&of(call));
        assert_eq!(offered, [label], "{call}");
    }
    assert!(complete(&of("Fn::GetAtt: [Other, $0]")).is_empty());
    let json = "{\"Resources\": {\"Jobs\": {\"Type\": \"AWS::SQS::Queue\"}, \"P\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": {\"Fn::GetAtt\": [\"Jobs\", \"$0\"]}}]}}}}}";
    assert!(
        labels(json).contains(&"Arn".to_owned()),
        "{:?}",
        labels(json)
    );
}
