//! Which resources and variables are offered behind what begins a reference.

use leastwise_syntax::Format;

use super::edits::accepted;
use super::{complete, labels};
use crate::testing::{CONFIG, cut};
use crate::{Config, File};

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

fn in_object(text: &str) -> String {
    format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Statement = [{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"{text}\" }}]\n  }})\n}}\n"
    )
}

#[test]
fn variables_of_iam_are_offered_behind_what_escapes_them() {
    for (typed, after) in [
        ("$${$0", "$${aws:username}$0"),
        ("$${$0}", "$${aws:username$0}"),
        ("$${aws:us$0}", "$${aws:username$0}"),
    ] {
        let marked = in_object(&format!("arn:aws:s3:::a/{typed}"));
        let wanted = marked.replace(typed, after);
        assert_eq!(accepted(&marked, "aws:username"), wanted, "{typed}");
    }
    // By itself it begins an expression.
    assert!(!labels(&in_object("arn:aws:s3:::a/${$0}")).contains(&"aws:username".to_owned()));
}

/// The text of a module in JSON after the variable of a user's name is accepted.
fn in_json(marked: &str) -> String {
    let (text, at) = cut(marked);
    let config = std::sync::Arc::new(Config::parse(CONFIG));
    let mut file = File::new("main.tf.json", text.clone(), Format::Json, config);
    let items = file.completions(at);
    let item = items.iter().find(|item| item.label == "aws:username");
    let item = item.unwrap_or_else(|| panic!("{marked}: {items:?}"));
    let typed = &text[item.replace.start as usize..at as usize];
    assert!(item.filter.starts_with(typed), "{item:?}");
    let mut text = text;
    text.replace_range(item.replace.range(), &item.insert);
    text
}

#[test]
fn variables_of_iam_are_escaped_in_a_module_of_json() {
    let blocks = |text: &str| {
        format!(
            "{{\"data\": {{\"aws_iam_policy_document\": {{\"d\": {{\"statement\": [{{\"actions\": [\"s3:GetObject\"], \"resources\": [\"arn:aws:s3:::a/{text}\"]}}]}}}}}}}}"
        )
    };
    let policy = |text: &str| {
        format!(
            "{{\"resource\": {{\"aws_iam_policy\": {{\"p\": {{\"policy\": \"{{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"s3:GetObject\\\", \\\"Resource\\\": \\\"arn:aws:s3:::a/{text}\\\"}}]}}\"}}}}}}}}"
        )
    };
    for typed in ["${$0", "${aws:us$0", "&{$0"] {
        assert_eq!(
            in_json(&blocks(typed)),
            blocks("&{aws:username}"),
            "{typed}"
        );
    }
    for typed in ["$${$0", "$${aws:us$0"] {
        assert_eq!(
            in_json(&blocks(typed)),
            blocks("$${aws:username}"),
            "{typed}"
        );
        assert_eq!(
            in_json(&policy(typed)),
            policy("$${aws:username}"),
            "{typed}"
        );
    }
}

#[test]
fn the_tag_of_a_variable_is_left_to_be_written() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: 'arn:aws:s3:::a/${$0'\n";
    assert_eq!(
        accepted(text, "aws:PrincipalTag/"),
        text.replace("$0", "aws:PrincipalTag/$0}")
    );
    assert!(
        complete(text)
            .iter()
            .all(|item| !item.insert.contains("TagKey"))
    );
}

#[test]
fn what_a_policy_is_attached_to_is_named_as_it_has_to_be() {
    for (of, argument, own, attribute) in [
        ("aws_sqs_queue_policy", "queue_url", "aws_sqs_queue", "id"),
        ("aws_sns_topic_policy", "arn", "aws_sns_topic", "arn"),
        ("aws_s3_bucket_policy", "bucket", "aws_s3_bucket", "id"),
        ("aws_kms_key_policy", "key_id", "aws_kms_key", "id"),
        (
            "aws_secretsmanager_secret_policy",
            "secret_arn",
            "aws_secretsmanager_secret",
            "arn",
        ),
        (
            "aws_ecr_repository_policy",
            "repository",
            "aws_ecr_repository",
            "name",
        ),
        (
            "aws_lambda_permission",
            "function_name",
            "aws_lambda_function",
            "function_name",
        ),
    ] {
        let module = |value: &str| {
            format!(
                "resource \"aws_iam_role\" \"worker\" {{}}\nresource \"{own}\" \"jobs\" {{}}\nresource \"{of}\" \"p\" {{\n  {argument} = {value}\n}}\n"
            )
        };
        for value in ["$0", "aws_$0", &format!("{own}.jobs.$0")] {
            let offered = labels(&module(value));
            let wanted = format!("{own}.jobs.{attribute}");
            assert_eq!(offered.first(), Some(&wanted), "{of}: {offered:?}");
            let is_other = |label: &&String| label.starts_with("aws_iam_role");
            assert_eq!(offered.iter().find(is_other), None, "{of}");
        }
    }
}

#[test]
fn services_come_before_names_where_one_is_called() {
    let trust = "variable \"service\" {}\nresource \"aws_sqs_queue\" \"jobs\" {}\ndata \"aws_iam_policy_document\" \"trust\" {\n  statement {\n    actions = [\"sts:AssumeRole\"]\n    principals {\n      type        = \"Service\"\n      identifiers = [$0]\n    }\n  }\n}\n";
    let module = format!("data \"aws_region\" \"own\" {{}}\n{trust}");
    let offered = labels(&module);
    assert!(offered[0].ends_with(".amazonaws.com"), "{offered:?}");
    let place = |name: &str| offered.iter().position(|label| label == name);
    let last_service = offered
        .iter()
        .rposition(|label| label.ends_with(".amazonaws.com"));
    assert!(place("var.service") > last_service, "{offered:?}");
    // Whom an account has is as likely a name.
    let offered = labels(&module.replace("\"Service\"", "\"AWS\""));
    assert!(!offered[0].ends_with(".amazonaws.com"), "{offered:?}");
}

#[test]
fn a_block_can_be_made_of_several_values() {
    let document = |body: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n\tstatement {{\n\t\tactions = [\"s3:*\"]\n{body}\t}}\n}}\n"
        )
    };
    let offers = |marked: &str| -> Vec<String> {
        let items = complete(marked).into_iter();
        items.map(|item| item.label).collect()
    };
    let marked = document("\t\t$0\n");
    let offered = offers(&marked);
    assert!(
        offered.contains(&"dynamic \"condition\"".to_owned()),
        "{offered:?}"
    );
    assert!(
        !offered.contains(&"dynamic \"resources\"".to_owned()),
        "{offered:?}"
    );
    let (mut file, at) = crate::testing::fixture(&marked);
    let items = file.completions(at);
    let item = items
        .iter()
        .find(|item| item.label == "dynamic \"condition\"");
    let after = crate::testing::filled_in(file.text(), item.unwrap());
    assert_eq!(
        after,
        "dynamic \"condition\" {\n\t\t\tfor_each = []\n\t\t\tcontent {\n\t\t\t\t\n\t\t\t}\n\t\t}"
    );
    // What it holds is offered there as in the block itself.
    let content = document(
        "\t\tdynamic \"condition\" {\n\t\t\tfor_each = []\n\t\t\tcontent {\n\t\t\t\t$0\n\t\t\t}\n\t\t}\n",
    );
    assert_eq!(labels(&content)[..3], ["test", "variable", "values"]);
    let marked = "data \"aws_iam_policy_document\" \"d\" {\n  $0\n}\n";
    let offered = offers(marked);
    assert!(
        offered.contains(&"dynamic \"statement\"".to_owned()),
        "{offered:?}"
    );
    assert_eq!(offered[0], "statement");
    // Not beside what stands on its line.
    let beside = offers("data \"aws_iam_policy_document\" \"d\" { $0 }\n");
    assert!(
        !beside.iter().any(|label| label.starts_with("dynamic")),
        "{beside:?}"
    );
}
