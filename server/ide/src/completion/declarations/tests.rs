use super::super::tests::take;
use crate::testing::fixture;

fn labels(marked: &str) -> Vec<String> {
    let (mut file, at) = fixture(marked);
    let items = file.completions(at).into_iter();
    items.map(|item| item.label).collect()
}

const BEFORE: &str = "data \"aws_region\" \"current\" {}\n\nresource \"aws_s3_bucket\" \"main\" {\n  bucket = \"shop\"\n}\n\n";

#[test]
fn a_file_is_offered_what_belongs_to_policies() {
    let names = labels(&format!("{BEFORE}$0\n"));
    assert_eq!(names[0], "data \"aws_iam_policy_document\"");
    let named = format!("{BEFORE}resource \"aws_iam_r$0\" \"own\" {{}}\n");
    let after = take(&named, "aws_iam_role_policy");
    assert_eq!(after, named.replace("aws_iam_r$0", "aws_iam_role_policy"));
    let after = take(&format!("{BEFORE}data \"aws_r$0\"\n"), "aws_region");
    assert_eq!(
        after,
        format!("{BEFORE}data \"aws_region\" \"${{1:main}}\" {{\\}}\n")
    );
    let after = take(
        &format!("{BEFORE}da$0\n"),
        "data \"aws_iam_policy_document\"",
    );
    let written = "data \"aws_iam_policy_document\" \"${1:main}\" {\n  statement {\n    actions   = [\"${2:s3:GetObject}\"]\n    resources = [\"${3:arn:aws:s3:::BUCKET/*}\"]\n  \\}\n\\}\n";
    assert_eq!(after, format!("{BEFORE}{written}"));
}

#[test]
fn blanks_in_front_of_a_word_change_nothing() {
    let names = labels(&format!("{BEFORE}$0\n"));
    for marked in ["  $0\n", "\t$0\n"] {
        assert_eq!(labels(&format!("{BEFORE}{marked}")), names, "{marked}");
    }
    let data = labels(&format!("{BEFORE}  da$0\n"));
    assert!(!data.is_empty() && data.iter().all(|name| names.contains(name)));
}

#[test]
fn nothing_is_declared_in_a_block() {
    for inside in [
        "resource \"aws_iam_role\" \"main\" {\n$0\n}\n",
        "resource \"aws_iam_role\" \"main\" {\n  name = \"shop\"\nda$0\n}\n",
    ] {
        let names = labels(inside);
        assert!(
            names.iter().all(|name| !name.starts_with("data ")),
            "{names:?}"
        );
    }
    let data = labels(&format!("{BEFORE}data \"aws_iam$0\""));
    assert!(!data.contains(&"aws_iam_role".to_owned()), "{data:?}");
}

#[test]
fn a_type_can_come_before_its_quote() {
    for (keyword, name) in [
        ("data", "aws_iam_policy_document"),
        ("resource", "aws_sqs_queue"),
    ] {
        let after = take(&format!("{BEFORE}{keyword} $0\n"), name);
        assert!(
            after.contains(&format!("\n{keyword} \"{name}\" \"${{1:main}}\" {{\n")),
            "{after}"
        );
    }
    assert!(labels("variable $0").is_empty());
}

#[test]
fn what_is_referred_to_comes_first() {
    let module =
        "resource \"aws_iam_role\" \"worker\" {\n  name = aws_ssm_parameter.name.arn\n}\n\n";
    let marked = format!("{module}resource \"$0\"\n");
    assert_eq!(labels(&marked)[..2], ["aws_ssm_parameter", "aws_iam_role"]);
    let after = take(&marked, "aws_ssm_parameter");
    assert!(
        after.contains("resource \"aws_ssm_parameter\" \"${1:name}\" {"),
        "{after}"
    );
    // Once it is declared, it is one of many.
    let declared = format!("resource \"aws_ssm_parameter\" \"name\" {{}}\n{marked}");
    assert_eq!(labels(&declared)[0], "aws_iam_role");
}

#[test]
fn a_header_can_be_typed_anew() {
    let referred = "resource \"aws_iam_role_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.work.json\n  role = data.aws_iam_policy_document.other.json\n}\n\n";
    let header = |marked: &str| format!("{referred}{marked} {{\n  statement {{\n  }}\n}}\n");
    let named = header("data \"aws_iam_policy_document\" \"w$0\"");
    assert_eq!(labels(&named), ["work", "other"]);
    assert_eq!(take(&named, "work"), named.replace("w$0", "work"));
    let named = header("data \"aws_iam_policy_document\" \"$0old\"");
    assert_eq!(take(&named, "other"), named.replace("$0old", "other"));
    let typed = header("data \"aws_iam_pol$0icy\" \"work\"");
    assert_eq!(
        take(&typed, "aws_iam_policy_document"),
        typed.replace("aws_iam_pol$0icy", "aws_iam_policy_document")
    );
    let word = header("dat$0 \"aws_iam_policy_document\" \"work\"");
    assert_eq!(take(&word, "data"), word.replace("dat$0", "data"));
    // What is declared isn't offered again, nor what another type is called.
    let declared = header("data \"aws_iam_policy_document\" \"work\"");
    let named = format!("{declared}data \"aws_iam_policy_document\" \"$0\" {{\n}}\n");
    assert_eq!(labels(&named), ["other"]);
    assert_eq!(labels(&header("data \"aws_region\" \"$0\"")), [""; 0]);
}

#[test]
fn a_declaration_has_the_blanks_of_the_file() {
    for unit in ["\t", "    ", "  "] {
        let file =
            format!("resource \"aws_s3_bucket\" \"main\" {{\n{unit}bucket = \"shop\"\n}}\n\n$0\n");
        let after = take(&file, "data \"aws_iam_policy_document\"");
        let body = format!("{{\n{unit}statement {{\n{unit}{unit}actions   = [");
        assert!(after.contains(&body), "{after}");
    }
}
