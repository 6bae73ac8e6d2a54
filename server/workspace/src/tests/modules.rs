//! Modules of many files: what one file has to do with is no more for their number, and none of them is left out.

use super::terraform::analyse;

/// The first of the files of a module in which each attaches a policy of its own to the role of the next, and the last says
/// what the first is called.
fn module(count: usize) -> Vec<(String, String)> {
    let file = |at: usize| {
        let next = (at + 1) % count;
        let text = format!(
            "resource \"aws_iam_role\" \"r{at}\" {{
  name               = \"${{local.name}}-r{at}\"
  assume_role_policy = \"{{}}\"
}}

data \"aws_iam_policy_document\" \"d{at}\" {{
  statement {{
    actions   = [\"sqs:SendMessage\"]
    resources = [\"*\"]
  }}
}}

resource \"aws_iam_policy\" \"p{at}\" {{
  name   = \"p{at}\"
  policy = data.aws_iam_policy_document.d{at}.json
}}

resource \"aws_iam_role_policy_attachment\" \"a{at}\" {{
  role       = aws_iam_role.r{next}.name
  policy_arn = aws_iam_policy.p{at}.arn
}}
"
        );
        (format!("m/f{at:04}.tf"), text)
    };
    let mut files: Vec<(String, String)> = (0..count).map(file).collect();
    let last = "locals {\n  name = \"shop\"\n}\n".to_owned();
    files.push(("m/z.tf".to_owned(), last));
    files
}

/// The owners that the first file knows, each with how many policies it has there.
fn owners(count: usize) -> Vec<(String, Vec<String>, usize)> {
    let files = module(count);
    let files = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let files: Vec<_> = files.collect();
    let (_, analysis) = analyse(&files, "");
    let owners = analysis.owners.iter().enumerate();
    let all = owners.map(|(at, owner)| {
        let sites = analysis.sites_of(at).count();
        (owner.label.clone(), owner.names.clone(), sites)
    });
    all.collect()
}

#[test]
fn a_file_knows_those_that_it_has_to_do_with() {
    let few = owners(4);
    let of = |label: &str, name: &str, sites| (label.to_owned(), vec![name.to_owned()], sites);
    assert_eq!(
        few,
        [
            of("aws_iam_role.r0", "shop-r0", 0),
            of("aws_iam_policy.p0", "p0", 0),
            of("aws_iam_role.r1", "shop-r1", 1),
        ]
    );
    // Nobody of the others comes in, and the last of more than 256 files still says what they are called.
    assert_eq!(owners(300), few);
}
