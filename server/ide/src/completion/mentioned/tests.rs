use super::super::tests::{labels, take};

/// A file with a statement on a bucket and a queue of other accounts than the config's, and one that is being written.
fn beside(action: &str, resource: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: '*'\n    Resource:\n      - arn:aws:s3:::site\n      - arn:aws:sqs:eu-north-1:333333333333:jobs\n      - arn:aws:dynamodb:eu-north-1:333333333333:table/orders\n  - Effect: Allow\n    Action: {action}\n    Resource: {resource}\n"
    )
}

#[test]
fn arns_of_the_file_are_offered_where_their_type_is_wanted() {
    for (action, has, not) in [
        ("s3:ListBucket", "arn:aws:s3:::site", "arn:aws:s3:::site/*"),
        ("s3:GetObject", "arn:aws:s3:::site/*", "arn:aws:s3:::site"),
        (
            "sqs:SendMessage",
            "arn:aws:sqs:eu-north-1:333333333333:jobs",
            "arn:aws:s3:::site",
        ),
        (
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-north-1:333333333333:table/orders/index/*",
            "arn:aws:s3:::site",
        ),
    ] {
        for resource in ["$0", "'$0'", "[$0]", "'arn:$0'"] {
            let offered = labels(&beside(action, resource));
            let first: Vec<&String> = offered.iter().take(6).collect();
            assert!(
                first.contains(&&has.to_owned()),
                "{action} {resource}: {offered:?}"
            );
            assert!(!offered.contains(&not.to_owned()), "{action}: {offered:?}");
        }
    }
}

#[test]
fn what_the_statement_has_is_not_offered_twice() {
    let marked = beside("s3:ListBucket", "['arn:aws:s3:::site', '$0']");
    let offered = labels(&marked);
    assert!(
        !offered.contains(&"arn:aws:s3:::site".to_owned()),
        "{offered:?}"
    );
}

#[test]
fn accounts_and_regions_of_the_file_are_parts() {
    let region = beside("sqs:SendMessage", "'arn:aws:sqs:$0'");
    let offered = labels(&region);
    let at = |label: &str| offered.iter().position(|own| own == label);
    assert!(at("eu-north-1:") < at("*:"), "{offered:?}");
    let account = beside("sqs:SendMessage", "'arn:aws:sqs:eu-north-1:$0'");
    assert!(take(&account, "333333333333:").contains("'arn:aws:sqs:eu-north-1:333333333333:'"));
}

#[test]
fn the_typed_region_and_account_are_in_whole_arns() {
    for (typed, whole) in [
        (
            "arn:aws:sqs:us-east-2:",
            "arn:aws:sqs:us-east-2:111111111111:shop-*",
        ),
        (
            "arn:aws:sqs:us-east-2:999999999999:",
            "arn:aws:sqs:us-east-2:999999999999:shop-*",
        ),
    ] {
        let offered = labels(&beside("sqs:SendMessage", &format!("'{typed}$0'")));
        assert!(offered.contains(&whole.to_owned()), "{typed}: {offered:?}");
    }
}
