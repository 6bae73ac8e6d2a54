use super::super::tests::{labels, take};
use crate::testing::{cut, filled_in, fixture};
use crate::{Config, File};
use leastwise_syntax::Format;
use std::sync::Arc;

/// A template with a resource of a type, as far as its properties.
fn resource(type_name: &str, properties: &str) -> String {
    format!(
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Own:\n    Type: {type_name}\n    Properties:\n      {properties}\n"
    )
}

#[test]
fn properties_of_the_resources_type_are_offered() {
    for (type_name, first) in [
        (
            "AWS::IAM::Role",
            ["RoleName", "AssumeRolePolicyDocument", "ManagedPolicyArns"],
        ),
        (
            "AWS::IAM::ManagedPolicy",
            ["ManagedPolicyName", "PolicyDocument", "Roles"],
        ),
    ] {
        assert_eq!(labels(&resource(type_name, "$0"))[..3], first);
    }
    assert_eq!(labels(&resource("AWS::KMS::Key", "$0")), ["KeyPolicy"]);
    assert_eq!(
        labels(&resource("AWS::IAM::Role", "As$0")),
        ["AssumeRolePolicyDocument"]
    );
    assert!(
        take(
            &resource("AWS::IAM::Role", "As$0"),
            "AssumeRolePolicyDocument"
        )
        .contains("      AssumeRolePolicyDocument:\n")
    );
    // What is there isn't offered, and nothing for a type without policies.
    let named = resource("AWS::IAM::Role", "RoleName: shop\n      $0");
    assert!(!labels(&named).contains(&"RoleName".to_owned()));
    assert_eq!(labels(&resource("AWS::EC2::Instance", "$0")), [""; 0]);
}

#[test]
fn policies_have_a_name_and_a_document() {
    for (below, written) in [
        ("Policies:\n        - $0", "        - PolicyName: "),
        ("Policies:\n        $0", "        - PolicyName: "),
        (
            "Policies:\n        - PolicyDocument: {}\n          $0",
            "          PolicyName: ",
        ),
    ] {
        let marked = resource("AWS::IAM::Role", below);
        assert!(take(&marked, "PolicyName").contains(written), "{below}");
    }
    let other = resource(
        "AWS::AutoScaling::AutoScalingGroup",
        "Policies:\n        - $0",
    );
    assert!(!labels(&other).contains(&"PolicyName".to_owned()));
}

#[test]
fn the_same_in_json() {
    let json = "{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {\"Own\": {\"Type\": \"AWS::IAM::Role\", \"Properties\": {$0}}}}";
    assert!(
        take(json, "AssumeRolePolicyDocument")
            .contains("\"Properties\": {\"AssumeRolePolicyDocument\": }")
    );
    let quoted = json.replace("$0", "\"As$0\"");
    assert_eq!(labels(&quoted), ["AssumeRolePolicyDocument"]);
}

#[test]
fn sections_and_types_of_a_template() {
    let resource = resource("AWS::IAM::Role", "RoleName: shop");
    let marked = format!("{resource}  Other:\n    $0\n");
    assert_eq!(labels(&marked)[..2], ["Type", "Properties"]);
    let marked = format!("{resource}  Other:\n    Type: $0\n");
    assert_eq!(labels(&marked)[0], "AWS::IAM::Role");
    assert!(labels(&marked).contains(&"AWS::KMS::Key".to_owned()));
    assert!(labels(&format!("{resource}$0\n")).contains(&"Outputs".to_owned()));
}

#[test]
fn frameworks_have_theirs() {
    let sam = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Own:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      $0\n";
    assert_eq!(labels(sam)[0], "Policies");
    let (text, at) = cut(
        "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      $0\nfunctions:\n  a:\n    handler: a.b\n",
    );
    let config = Arc::new(Config::default());
    let mut file = File::new("serverless.yml", text, Format::Yaml, config);
    let items = file.completions(at);
    assert_eq!(
        items.first().map(|item| item.label.as_str()),
        Some("statements")
    );
}

#[test]
fn arguments_of_resources() {
    let role = "resource \"aws_iam_role\" \"own\" {\n  name = \"shop\"\n  $0\n}\n";
    assert_eq!(labels(role)[0], "assume_role_policy");
    assert!(take(role, "assume_role_policy").contains("\n  assume_role_policy = \n"));
    let typed = role.replace("$0", "as$0");
    assert_eq!(labels(&typed), ["assume_role_policy"]);
    let json = "{\"resource\": {\"aws_iam_role\": {\"own\": {\"name\": \"shop\", $0}}}, \"data\": {\"aws_iam_policy_document\": {\"d\": {\"statement\": [{\"actions\": [\"s3:GetObject\"], \"resources\": [\"*\"]}]}}}}";
    assert_eq!(labels(json)[0], "assume_role_policy");
}

#[test]
fn a_policy_can_stand_in_its_place() {
    let marked =
        "resource \"aws_iam_role_policy\" \"own\" {\n  name   = \"shop\"\n  policy = $0\n}\n";
    let (mut file, at) = fixture(marked);
    let items = file.completions(at);
    let item = items.iter().find(|item| item.label == "jsonencode");
    let item = item.expect("it is offered");
    let mut text = file.text().to_owned();
    text.replace_range(item.replace.range(), &filled_in(file.text(), item));
    assert!(text.contains("policy = jsonencode({\n"), "{text}");
    let tree = leastwise_syntax::Tree::parse(text.clone(), Format::Hcl);
    assert!(tree.problems().is_empty(), "{text}");
}

#[test]
fn a_template_can_be_begun() {
    let first = |marked: &str| labels(marked)[0].clone();
    assert_eq!(first("Re$0"), "Resources");
    assert_eq!(first("AW$0"), "AWSTemplateFormatVersion");
    assert!(take("Re$0", "Resources").ends_with("Resources:"));
    assert_eq!(first("Resources:\n  Own:\n    $0"), "Type");
    assert_eq!(first("Resources:\n  Own:\n    Type: $0"), "AWS::IAM::Role");
    assert_eq!(
        first("Resources:\n  Own:\n    Type: AW$0"),
        "AWS::IAM::Role"
    );
    assert_eq!(first("{\"Resources\": {\"Own\": {\"Ty$0\""), "Type");
    let version = "AWSTemplateFormatVersion: $0";
    assert!(take(version, "2010-09-09").ends_with(": '2010-09-09'"));
    assert_eq!(
        first("AWSTemplateFormatVersion: '2010-09-09'\nTransform: AW$0"),
        "AWS::Serverless-2016-10-31"
    );
    assert_eq!(first("Parameters:\n  Stage:\n    Type: St$0"), "String");
    // Elements of a policy come before the sections, and a file that is about something else has neither.
    let empty = labels("$0");
    let at = |name: &str| empty.iter().position(|label| label == name);
    assert!(at("Statement") < at("Resources"), "{empty:?}");
    for other in [
        "services:\n  web:\n    $0",
        "kind: x\n$0kind2: y\nlong_name_of_something: that is about something else\n",
    ] {
        assert_eq!(labels(other), [""; 0], "{other}");
    }
}

#[test]
fn a_provider_has_its_address_and_audience() {
    let provider = |below: &str| resource("AWS::IAM::OIDCProvider", below);
    assert_eq!(labels(&provider("$0"))[..2], ["Url", "ClientIdList"]);
    let address = take(
        &provider("Url: https://to$0"),
        "https://token.actions.githubusercontent.com",
    );
    assert!(
        address.contains("Url: https://token.actions.githubusercontent.com\n"),
        "{address}"
    );
    assert_eq!(
        labels(&provider("ClientIdList:\n        - s$0"))[0],
        "sts.amazonaws.com"
    );
    assert_eq!(
        labels(&resource("AWS::IAM::Role", "Url: https://to$0")),
        [""; 0]
    );
}
