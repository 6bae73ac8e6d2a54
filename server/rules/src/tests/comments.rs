//! Comments and ignores through fixes in bulk, in texts of their own kinds.

use super::bulk::mended;

/// Each way to write comments, with the items that move to a statement of their own.
const TERRAFORM: &str = r#"resource "aws_iam_role" "deployer" {
  inline_policy {
    policy = data.aws_iam_policy_document.p.json
  }
}

data "aws_iam_policy_document" "p" {
  # statement
  statement { # open
    actions = [ // list
      # heading

      # of the first
      "logs:UpdateLogDelivery",
      // two lines
      /* of the second */
      "logs:CreateLogStream", /* behind */
      "logs:DeleteLogStream" /* before the comma */,
      /* before the item */ "logs:DescribeLogGroups", # leastwise: ignore[unknown-action] kept
      # end
    ]
    # above
    resources = ["*"] # resources
    # below
  }
}
"#;

const TERRAFORM_AFTER: &str = r#"data "aws_iam_policy_document" "p" {
  # statement
  statement { # open
    actions = [ // list
      # heading

      // two lines
      /* of the second */
      "logs:CreateLogStream", /* behind */
      "logs:DeleteLogStream" /* before the comma */,
      # end
    ]
    # above
    resources = [ # resources
      "arn:aws:logs:eu-west-1:*:log-group:shop-*:log-stream:*",
      "arn:aws:logs:eu-west-1:*:log-group:/*/shop-*:log-stream:*",
    ]
    # below
  }

  statement {
    actions = [
      # of the first
      "logs:UpdateLogDelivery",
      /* before the item */
      "logs:DescribeLogGroups", # leastwise: ignore[unknown-action] kept
    ]
    resources = ["*"]
  }
}
"#;

#[test]
fn every_form_of_comment_goes_along_in_terraform() {
    let (after, applied) = mended(TERRAFORM, "main.tf");
    let (_, after) = after.split_once("}\n\n").unwrap();
    assert_eq!(after, TERRAFORM_AFTER, "{applied:#?}");
}

#[test]
fn an_ignore_still_works_where_others_of_its_list_move() {
    for (path, text) in [
        (
            "main.tf",
            r#"resource "aws_iam_role_policy" "deploy" {
  role   = "deploy"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "logs:CreateLogStream",
        "logs:DeleteLogStream",
        "logs:GetObjekt", # leastwise: ignore[unknown-action] asked for
        "logs:DescribeLogGroups",
      ]
      Resource = "*"
    }]
  })
}
"#,
        ),
        (
            "policy.jsonc",
            r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "logs:CreateLogStream",
        "logs:DeleteLogStream",
        // leastwise: ignore[unknown-action]
        // asked for
        "logs:GetObjekt",
        "logs:DescribeLogGroups"
      ],
      "Resource": "*"
    }
  ]
}
"#,
        ),
        (
            "policy.yaml",
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - logs:CreateLogStream
      - logs:DeleteLogStream
      # leastwise: ignore[unknown-action]
      - logs:GetObjekt
      - logs:DescribeLogGroups
    Resource: '*'
",
        ),
        (
            "template.yaml",
            "Resources:
  Deployer:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: deploy
      Roles: [deploy]
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: [logs:CreateLogStream, logs:DeleteLogStream,
        logs:GetObjekt, # leastwise: ignore[unknown-action]
        logs:DescribeLogGroups], Resource: '*'}]}
",
        ),
        (
            "values.yaml",
            "policies:
  deploy: |
    Version: '2012-10-17'
    Statement:
      - Effect: Allow
        Action:
          - logs:CreateLogStream
          - logs:DeleteLogStream
          - logs:GetObjekt # leastwise: ignore[unknown-action]
          - logs:DescribeLogGroups
        Resource: '*'
",
        ),
    ] {
        let (after, applied) = mended(text, path);
        let rules: Vec<&str> = applied.iter().map(|applied| applied.rule).collect();
        assert_eq!(rules, ["wildcard-resource"], "{after}");
        assert_eq!(after.matches("leastwise: ignore").count(), 1, "{after}");
        let unnamed = "GetObjekt";
        let (before, behind) = after.split_once(unnamed).unwrap();
        let near = before.lines().rev().take(3).chain(behind.lines().take(1));
        assert!(near.clone().any(|line| line.contains("leastwise: ignore")), "{after}");
        // What AWS doesn't have is about nothing anywhere, and stays where it is.
        assert!(!before.contains("log-stream:*"), "it has moved:\n{after}");
        assert!(behind.contains("logs:DescribeLogGroups"), "{after}");
        // It is as quiet as before: there is nothing to mend, and no ignore is unused.
        assert_eq!(mended(&after, path), (after.clone(), Vec::new()));
    }
}

#[test]
fn a_removed_item_takes_its_comment_with_it_and_says_so() {
    for (text, wanted, title) in [
        (
            "      - s3:*\n      # for the shop\n      - s3:GetObject # read\n      # for orders\n      - sqs:SendMessage\n",
            "      - s3:*\n      # for orders\n      - sqs:SendMessage\n",
            "with 2 comments",
        ),
        (
            "      - sns:*\n      # for the shop:\n      - sns:Publish\n      - sqs:SendMessage\n",
            "      - sns:*\n      # for the shop:\n      - sqs:SendMessage\n",
            "",
        ),
        (
            "      - sns:*\n      # for the shop\n      - sns:Publish\n      - sqs:SendMessage\n",
            "      - sns:*\n      - sqs:SendMessage\n",
            "with its comment",
        ),
        (
            "      - sns:*\n      - sns:Publish # tell\n",
            "      - sns:*\n",
            "with its comment",
        ),
    ] {
        let file = |actions: &str| {
            format!(
                "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action:\n{actions}    Resource: '*'\n"
            )
        };
        let (after, applied) = mended(&file(text), "policy.yaml");
        assert_eq!(after, file(wanted));
        let [applied] = applied.as_slice() else {
            panic!("{applied:#?}");
        };
        assert!(applied.fix.title.ends_with(title), "{}", applied.fix.title);
        assert_eq!(applied.fix.title.contains("comment"), !title.is_empty());
    }
}

#[test]
fn comments_of_a_list_stay_with_the_one_in_its_place() {
    let (after, _) = mended(
        "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [logs:CreateLogStream, logs:DeleteLogStream]
    Resource: # where
      # all of them
      - '*' # for now
    # below
",
        "policy.yaml",
    );
    let wanted = "    Resource: # where
      # all of them
      - arn:aws:logs:eu-west-1:*:log-group:shop-*:log-stream:* # for now
      - arn:aws:logs:eu-west-1:*:log-group:/*/shop-*:log-stream:*
    # below
";
    assert!(after.ends_with(wanted), "{after}");
}

/// A list of actions in each syntax, with `# kn` for a comment of the syntax's own.
fn in_each_syntax(lines: &[&str], resource: &str) -> Vec<(&'static str, String)> {
    let block = |line: &str| match line.contains("/*") {
        true => line.replace("/*", "#").replace(" */", ""),
        false => line.to_owned(),
    };
    let list = |indent: &str, write: &dyn Fn(&str) -> String| -> String {
        let lines = lines.iter().map(|line| match line.trim() {
            "" => "\n".to_owned(),
            line => format!("{indent}{}\n", write(line)),
        });
        lines.collect()
    };
    let is_comment = |line: &str| line.starts_with(['#', '/']);
    let item = |line: &str, quote: char, hash: &str| {
        let (name, behind) = line.split_once(' ').unwrap_or((line, ""));
        let behind = behind.replace('#', hash);
        format!("{quote}{name}{quote}, {behind}")
            .trim_end()
            .to_owned()
    };
    let yaml = |line: &str| match is_comment(line) {
        true => block(line),
        false => format!("- {line}"),
    };
    let flow = |line: &str| match is_comment(line) {
        true => block(line),
        false => item(line, '\'', "#"),
    };
    let jsonc = |line: &str| match is_comment(line) {
        true => line.replace('#', "//"),
        false => item(line, '"', "//"),
    };
    let hcl = |line: &str| match is_comment(line) {
        true => line.to_owned(),
        false => item(line, '"', "#"),
    };
    let head = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n";
    vec![
        (
            "block.yaml",
            format!(
                "{head}    Action:\n{}    Resource: {resource}\n",
                list("      ", &yaml)
            ),
        ),
        (
            "flow.yaml",
            format!(
                "{head}    Action: [\n{}      ]\n    Resource: {resource}\n",
                list("      ", &flow)
            ),
        ),
        // As many write it, and YAML's specification doesn't.
        (
            "lax.yaml",
            format!(
                "{head}    Action: [\n{}    ]\n    Resource: {resource}\n",
                list("      ", &flow)
            ),
        ),
        (
            "policy.jsonc",
            format!(
                "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\n      \"Effect\": \"Allow\",\n      \"Action\": [\n{}      ],\n      \"Resource\": {resource}\n    }}\n  ]\n}}\n",
                list("        ", &jsonc)
            ),
        ),
        (
            "main.tf",
            format!(
                "resource \"aws_iam_role\" \"deployer\" {{\n  inline_policy {{\n    policy = data.aws_iam_policy_document.p.json\n  }}\n}}\n\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions = [\n{}    ]\n    resources = {resource}\n  }}\n}}\n",
                list("      ", &hcl)
            ),
        ),
    ]
}

/// The names of actions and comments of a text, in order.
fn order(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ":*".contains(c);
    let words = text.split(|c: char| !is_part(c));
    let told = words.filter(|word| {
        let numbered = word
            .strip_prefix('k')
            .is_some_and(|n| n.parse::<u8>().is_ok());
        numbered || word.starts_with("s3:") || word.starts_with("logs:") && !word.contains("eu")
    });
    told.filter(|word| *word != "logs:")
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_comment_belongs_to_the_same_item_in_every_syntax() {
    let data = "[\"arn:aws:s3:::shop-data\", \"arn:aws:s3:::shop-data/*\"]";
    for (lines, resource, wanted) in [
        // What stands directly above an item goes with it, also one in a block comment.
        (
            &["s3:Get*", "# k1", "s3:GetObject", "# k2", "s3:ListBucket"][..],
            data,
            "s3:Get* k2 s3:ListBucket",
        ),
        (
            &[
                "s3:Get*",
                "/* k1 */",
                "s3:GetObject",
                "/* k2 */",
                "s3:ListBucket",
            ],
            data,
            "s3:Get* k2 s3:ListBucket",
        ),
        (
            &[
                "s3:Get*",
                "s3:ListBucket",
                "# k1",
                "# k2",
                "s3:GetObject # k3",
                "# k4",
            ],
            data,
            "s3:Get* s3:ListBucket k4",
        ),
        (
            &[
                "logs:CreateLogStream",
                "/* k1 */",
                "logs:DescribeLogGroups # k2",
                "# k3",
                "logs:DeleteLogStream",
            ],
            "[\"*\"]",
            "logs:CreateLogStream k3 logs:DeleteLogStream k1 logs:DescribeLogGroups k2",
        ),
        (
            &[
                "logs:CreateLogStream",
                "logs:DeleteLogStream",
                "/* k1 */",
                "logs:DescribeLogGroups",
            ],
            "[\"*\"]",
            "logs:CreateLogStream logs:DeleteLogStream k1 logs:DescribeLogGroups",
        ),
        // Above several lines it is the first one's, too, but for the heading of a section, which stays as long as one of
        // these lines does.
        (
            &["s3:Get*", "# k1", "s3:GetObject", "s3:ListBucket"],
            data,
            "s3:Get* s3:ListBucket",
        ),
        (
            &["s3:Get*", "# --- k1", "s3:GetObject", "s3:ListBucket"],
            data,
            "s3:Get* k1 s3:ListBucket",
        ),
        (
            &[
                "# k1",
                "s3:Get*",
                "s3:PutObject",
                "# k2",
                "s3:GetObject",
                "s3:ListBucket",
            ],
            data,
            "k1 s3:Get* s3:PutObject k2 s3:ListBucket",
        ),
        (
            &[
                "s3:Get*",
                "# k1",
                "s3:GetObject",
                "s3:GetObjectAcl",
                "# k2",
                "s3:ListBucket",
            ],
            data,
            "s3:Get* k2 s3:ListBucket",
        ),
        (
            &[
                "/* k1 */",
                "logs:DescribeLogGroups",
                "logs:CreateLogStream",
                "logs:DeleteLogStream",
            ],
            "[\"*\"]",
            "logs:CreateLogStream logs:DeleteLogStream k1 logs:DescribeLogGroups",
        ),
        // What an empty line sets apart stays.
        (
            &["s3:Get*", "# k1", "", "s3:GetObject", "s3:ListBucket"],
            data,
            "s3:Get* k1 s3:ListBucket",
        ),
        (
            &["s3:Get*", "", "# k1", "s3:GetObject", "", "s3:ListBucket"],
            data,
            "s3:Get* s3:ListBucket",
        ),
    ] {
        for (path, text) in in_each_syntax(lines, resource) {
            let (after, _) = mended(&text, path);
            assert_eq!(order(&after), wanted, "{path}\n{text}\n{after}");
        }
    }
}

#[test]
fn an_ignore_in_brackets_that_end_below_their_key_is_seen() {
    let text = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [
      # leastwise: ignore[unknown-action]
      'logs:GetObjekt',
      'logs:DescribeLogGroups'
    ]
    Resource: '*'
";
    assert_eq!(mended(text, "policy.yaml"), (text.to_owned(), Vec::new()));
}

#[test]
fn what_is_ignored_from_above_stays_on_its_line() {
    for (path, before, after) in [
        (
            "policy.yaml",
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    # leastwise: ignore[missing-update-counterpart]
    # as it is set up
    Action: sqs:CreateQueue
    Resource: arn:aws:sqs:eu-west-1:111111111111:shop-*
",
            "    Action: [sqs:CreateQueue, sqs:DeleteQueue]\n",
        ),
        (
            "policy.jsonc",
            r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      // leastwise: ignore[missing-update-counterpart]
      "Action": "sqs:CreateQueue",
      "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-*"
    }
  ]
}
"#,
            "      \"Action\": [\"sqs:CreateQueue\", \"sqs:DeleteQueue\"],\n",
        ),
        // Behind it, the comment goes along.
        (
            "policy.yaml",
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    # about queues
    Action: sqs:CreateQueue # leastwise: ignore[missing-update-counterpart]
    Resource: arn:aws:sqs:eu-west-1:111111111111:shop-*
",
            "    Action:
      - sqs:CreateQueue # leastwise: ignore[missing-update-counterpart]
      - sqs:DeleteQueue
",
        ),
    ] {
        let (mended_text, applied) = mended(before, path);
        assert!(mended_text.contains(after), "{mended_text}");
        assert_eq!(applied.len(), 1, "{mended_text}");
        assert_eq!(mended(&mended_text, path).0, mended_text);
    }
}
