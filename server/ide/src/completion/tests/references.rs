//! Which resources and variables are offered behind what begins a reference.

use super::labels;

/// A template with resources of several types, the policy of one of them in the making.
fn referring(action: &str, resource: &str) -> String {
    format!(
        "Parameters:\n  Stage: {{Type: String}}\nResources:\n  Accounts:\n    Type: AWS::DynamoDB::Table\n  Bucket:\n    Type: AWS::S3::Bucket\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: main\n          PolicyDocument:\n            Statement:\n              - Effect: Allow\n                Action: {action}\n                Resource: {resource}\n  Worker:\n    Type: AWS::IAM::Role\n"
    )
}

#[test]
fn nothing_is_offered_a_reference_to_itself() {
    for resource in [
        "!Ref $0",
        "!GetAtt $0",
        "!GetAtt [$0]",
        "!Sub '${$0}'",
        "$0",
    ] {
        let offered = labels(&referring("iam:PassRole", resource));
        let is_of = |name: &str| {
            let mut words = offered
                .iter()
                .flat_map(|label| label.split(['.', ' ', '{']));
            words.any(|word| word == name)
        };
        assert!(is_of("Worker") && !is_of("Role"), "{resource}: {offered:?}");
    }
    let module = |value: &str| {
        format!(
            "resource \"aws_sqs_queue\" \"own\" {{\n  policy = jsonencode({{\n    Statement = [{{ Effect = \"Allow\", Action = \"sqs:SendMessage\", Resource = {value} }}]\n  }})\n}}\nresource \"aws_sqs_queue\" \"other\" {{\n}}\n"
        )
    };
    for value in ["aws_$0", "\"${aws_$0}\""] {
        let offered = labels(&module(value));
        let is_of = |name: &str| offered.iter().any(|label| label.starts_with(name));
        assert!(is_of("aws_sqs_queue.other."), "{value}: {offered:?}");
        assert!(!is_of("aws_sqs_queue.own."), "{value}: {offered:?}");
    }
}

#[test]
fn what_the_actions_work_on_comes_first() {
    for (action, resource, first) in [
        ("iam:PassRole", "!GetAtt $0", "Worker.Arn"),
        ("iam:PassRole", "!GetAtt [$0]", "Worker"),
        ("iam:PassRole", "!Sub '${$0}'", "Worker.Arn"),
        ("s3:GetObject", "!Sub '${$0}/*'", "Bucket.Arn"),
        ("s3:GetObject", "!Sub 'arn:aws:s3:::${$0}/*'", "Bucket"),
        ("dynamodb:GetItem", "!GetAtt $0", "Accounts.Arn"),
        // A name is no ARN; where it is deployed comes before what it is called.
        ("iam:PassRole", "!Ref $0", "Stage"),
        ("s3:GetObject", "!Sub 'arn:aws:s3:${$0}'", "Stage"),
    ] {
        let offered = labels(&referring(action, resource));
        assert_eq!(offered[0], first, "{action} {resource}");
    }
    let names = labels(&referring("iam:PassRole", "!Ref $0"));
    let at = |name: &str| names.iter().position(|label| label == name);
    assert!(at("Worker") < at("Bucket"), "{names:?}");
}
