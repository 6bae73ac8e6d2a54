use crate::completion::tests::labels;
use crate::testing::template;

/// A list of actions in a policy of each syntax, with the rest of a file beside it.
fn actions(typed: &str, other: &str) -> [String; 3] {
    [
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {other}\n    Resource: '*'\n  - Effect: Allow\n    Action:\n      - {typed}$0\n    Resource: '*'\n"
        ),
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{other}\", \"Resource\": \"*\"}}, {{\"Effect\": \"Allow\", \"Action\": [\"{typed}$0\"], \"Resource\": \"*\"}}]}}"
        ),
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"{other}\"]\n    resources = [\"*\"]\n  }}\n  statement {{\n    actions = [\"{typed}$0\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        ),
    ]
}

/// The first labels of a list.
fn first(marked: &str, count: usize) -> Vec<String> {
    let mut labels = labels(marked);
    labels.truncate(count);
    labels
}

#[test]
fn an_exact_service_comes_before_those_that_begin_like_it() {
    for marked in actions("s3", "s3-outposts:GetObject") {
        assert_eq!(first(&marked, 2), ["s3:", "s3-outposts:"], "{marked}");
    }
    for marked in actions("iot", "sqs:SendMessage") {
        assert_eq!(first(&marked, 1), ["iot:"], "{marked}");
    }
    // Also where the list was asked for before that much was typed: the client filters it.
    for marked in actions("", "sqs:SendMessage") {
        let labels = labels(&marked);
        let at = |name: &str| labels.iter().position(|label| label == name);
        assert!(at("iot:") < at("iotwireless:") && at("s3:") < at("s3-object-lambda:"));
        assert!(at("ssm:") < at("ssm-contacts:"));
    }
}

#[test]
fn services_of_the_file_come_first_then_common_ones() {
    for marked in actions("", "polly:SynthesizeSpeech") {
        assert_eq!(
            first(&marked, 4),
            ["polly:", "s3:", "iam:", "lambda:"],
            "{marked}"
        );
    }
    // Those of the same statement before others of the file.
    let [yaml, ..] = actions("", "polly:SynthesizeSpeech");
    let yaml = yaml.replace("      - $0", "      - translate:TranslateText\n      - $0");
    assert_eq!(first(&yaml, 3), ["translate:", "polly:", "s3:"]);
    // What a template has, and what its ARNs name.
    let resource = template(
        "- Effect: Allow\n  Action: '*'\n  Resource: !Sub 'arn:${AWS::Partition}:mq:${AWS::Region}:${AWS::AccountId}:broker:x'\n- Effect: Allow\n  Action: $0",
    );
    assert_eq!(first(&resource, 3), ["dynamodb:", "mq:", "s3:"]);
    // The last of them all are those that neither is true of.
    let last = labels(&resource)
        .into_iter()
        .rfind(|label| label.ends_with(':'));
    assert_ne!(last, Some("s3:".to_owned()));
}

#[test]
fn what_is_typed_is_no_service_of_the_file() {
    for marked in actions("polly:Syn", "sqs:SendMessage") {
        let (text, at) = crate::testing::cut(&marked);
        let asked = text[..at as usize].rfind("polly").expect("what is typed");
        let own = asked..at as usize;
        let found = super::services_in(&text, own);
        let names: Vec<&str> = found.iter().map(|service| service.prefix()).collect();
        assert_eq!(names, ["sqs"], "{marked}");
    }
}

#[test]
fn a_bare_name_is_looked_for_in_likely_services_first() {
    for marked in actions("Get", "polly:SynthesizeSpeech") {
        let labels = labels(&marked);
        assert!(labels[0].starts_with("polly:Get"), "{labels:?}");
        assert!(labels.iter().any(|label| label.starts_with("s3:Get")));
        assert!(!labels.iter().any(|label| label.starts_with("a4b:")));
    }
}
