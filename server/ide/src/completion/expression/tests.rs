use super::super::tests::{labels, take};

const DOCUMENT: &str = "data \"aws_iam_policy_document\" \"main\" {\n  statement {\n    actions   = [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }\n}\n\nresource \"aws_iam_policy\" \"own\" {\n  name   = \"shop-own\"\n  policy = data.aws_iam_policy_document.main.json\n}\n\nresource \"aws_sqs_queue\" \"orders\" {\n  name = \"shop-orders\"\n}\n\n";

#[test]
fn an_argument_is_offered_what_it_takes() {
    let of = |argument: &str| {
        format!("{DOCUMENT}resource \"aws_iam_role_policy\" \"main\" {{\n  {argument} = $0\n}}\n")
    };
    assert_eq!(
        labels(&of("policy")),
        ["data.aws_iam_policy_document.main.json"]
    );
    assert_eq!(labels(&of("name")), [""; 0]);
    let statement = format!(
        "{DOCUMENT}data \"aws_iam_policy_document\" \"more\" {{\n  statement {{\n    actions   = [\"sqs:SendMessage\"]\n    resources = [$0]\n  }}\n}}\n"
    );
    let names = labels(&statement);
    assert!(names.contains(&"aws_sqs_queue.orders.arn".to_owned()));
    assert!(
        names.iter().all(|name| !name.ends_with(".json")),
        "{names:?}"
    );
}

#[test]
fn a_managed_policy_is_one_of_the_module_or_of_aws() {
    let of = |value: &str| {
        format!(
            "{DOCUMENT}resource \"aws_iam_role_policy_attachment\" \"main\" {{\n  role       = \"shop\"\n  policy_arn = {value}\n}}\n"
        )
    };
    let names = labels(&of("$0"));
    assert_eq!(names[0], "aws_iam_policy.own.arn");
    assert!(!names.contains(&"aws_sqs_queue.orders.arn".to_owned()));
    let arn = "\"arn:aws:iam::aws:policy/ReadOnlyAccess\"";
    assert_eq!(take(&of("ReadOnly$0"), "ReadOnlyAccess"), of(arn));
    assert_eq!(take(&of("\"ReadOnly$0\""), "ReadOnlyAccess"), of(arn));
    let other = of("\"$0\"").replace(
        "aws_iam_role_policy_attachment",
        "aws_eks_access_policy_association",
    );
    assert_eq!(labels(&other), [""; 0]);
}
