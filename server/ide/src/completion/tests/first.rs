//! What comes first in a list, what comes behind, and what isn't in it.

use super::edits::accepted;
use super::labels;

/// Whether labels come in this order among others.
#[track_caller]
fn in_order(offered: &[String], wanted: &[&str]) {
    let at = |label: &&str| offered.iter().position(|own| own == label);
    let places: Vec<_> = wanted.iter().map(at).collect();
    assert!(places.is_sorted() && !places.contains(&None), "{offered:?}");
}

const TRUST: &str = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = data.aws_iam_policy_document.t.json\n}\n";

#[test]
fn a_document_that_a_role_trusts_says_who() {
    let block = |statement: &str| {
        format!(
            "{TRUST}data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    {statement}\n  }}\n}}\n"
        )
    };
    let names = labels(&block("$0"));
    assert_eq!(names[..2], ["principals", "actions"]);
    for name in ["resources", "not_resources", "not_principals"] {
        assert!(!names.contains(&name.to_owned()), "{names:?}");
    }
    let denying = labels(&block("effect = \"Deny\"\n    $0"));
    in_order(&denying, &["principals", "condition", "not_principals"]);
    assert_eq!(labels(&block("actions = [\"$0\"]"))[0], "sts:AssumeRole");
    // One that isn't trusted by any has resources, and few have principals.
    let other = labels(&block("$0").replace(TRUST, ""));
    in_order(
        &other,
        &["actions", "resources", "principals", "not_principals"],
    );
}

#[test]
fn trust_reverses_whom_it_is_for_only_to_deny() {
    let trust = |effect: &str| {
        format!(
            "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: {effect}\n            Action: sts:AssumeRole\n            $0\n"
        )
    };
    assert!(!labels(&trust("Allow")).contains(&"NotPrincipal".to_owned()));
    in_order(
        &labels(&trust("Deny")),
        &["Principal", "Condition", "NotPrincipal"],
    );
}

#[test]
fn a_resources_policy_goes_on_with_its_service() {
    let policy = |first: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{first}{{\"Effect\": \"Deny\", \"Principal\": {{\"AWS\": \"arn:aws:iam::111111111111:root\"}}, \"Action\": \"$0\"}}]}}"
        )
    };
    let own = policy(
        "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"*\"}, ",
    );
    assert_eq!(labels(&own)[0], "sqs:");
    assert!(!labels(&own).contains(&"sts:AssumeRole".to_owned()));
    let trust =
        policy("{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}, ");
    assert_eq!(labels(&trust)[0], "sts:AssumeRole");
    assert_eq!(labels(&policy(""))[0], "sts:AssumeRole");
}

#[test]
fn a_wildcard_is_within_reach_and_never_first() {
    let policy =
        |typed: &str| format!("Version: '2012-10-17'\nStatement:\n  - Action: '{typed}$0'\n");
    for (typed, wildcard) in [
        ("s3:", "s3:*"),
        ("s3:Get", "s3:Get*"),
        ("S3:get", "s3:Get*"),
    ] {
        let offered = labels(&policy(typed));
        let at = offered.iter().position(|label| label == wildcard);
        assert_eq!(at, Some(11), "{typed}: {offered:?}");
    }
    // Where there are fewer actions, it is behind all of them.
    let few = labels(&policy("lambda:Invoke"));
    assert_eq!(few.last().map(String::as_str), Some("lambda:Invoke*"));
    assert_eq!(labels(&policy("s3:*")), ["s3:*"]);
}

#[test]
fn operators_that_leave_keys_out_come_behind_plain_ones() {
    let operators = labels(
        "Version: '2012-10-17'\nStatement:\n  - Action: s3:GetObject\n    Condition:\n      $0\n",
    );
    let is_plain = |name: &String| !name.ends_with("IfExists") && !name.contains(':');
    let last = operators.iter().rposition(is_plain);
    let first = operators.iter().position(|name| name.ends_with("IfExists"));
    assert!(last < first, "{operators:?}");
}

/// A function's list of policies, or what stands in its place.
fn function(policies: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n{policies}"
    )
}

#[test]
fn a_policy_in_place_of_a_list_has_no_names_for_keys() {
    let policy = function("        Version: '2012-10-17'\n        $0\n");
    assert_eq!(labels(&policy), ["Statement"]);
    assert_eq!(
        accepted(&policy, "Statement"),
        policy.replace("$0", "Statement: $0")
    );
    let item = function("        - Statement: []\n          $0\n");
    assert_eq!(labels(&item), ["Version"]);
    for one in [
        "        S3ReadPolicy: {BucketName: x}\n        $0\n",
        "        - S3ReadPolicy: {BucketName: x}\n          $0\n",
    ] {
        assert_eq!(labels(&function(one)), [""; 0], "{one}");
    }
    // Nothing is there yet, or another item is about to begin.
    for open in [
        "        $0\n",
        "        - S3ReadPolicy: {BucketName: x}\n        - $0\n",
    ] {
        let offered = labels(&function(open));
        in_order(
            &offered,
            &["AWSLambdaBasicExecutionRole", "S3ReadPolicy", "Statement"],
        );
    }
}
