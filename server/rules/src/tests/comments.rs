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
    resources = ["arn:aws:logs:eu-west-1:*:log-group:/aws/*/shop-*:log-stream:*"] # resources
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
fn an_ignore_still_works_where_its_item_is_moved_to() {
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
        assert!(before.contains("log-stream:*"), "it hasn't moved:\n{after}");
        // It is as quiet there: there is nothing to mend, and no ignore is unused.
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
            "      - sns:*\n      # for the shop\n      - sns:Publish\n      - sqs:SendMessage\n",
            "      - sns:*\n      # for the shop\n      - sqs:SendMessage\n",
            "",
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
      # for now
      - arn:aws:logs:eu-west-1:*:log-group:/aws/*/shop-*:log-stream:*
    # below
";
    assert!(after.ends_with(wanted), "{after}");
}
