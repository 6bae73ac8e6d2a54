//! What fixes may do to lists: a single value becomes a list only where that is no list in a list.

use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Tree, View};

/// The edits as they can be written; `None` where a policy wouldn't be one with them.
pub(crate) fn ready(tree: &Tree, edits: Vec<Edit>) -> Option<Vec<Edit>> {
    let fits = edits.iter().all(|edit| match edit {
        Edit::InsertItem { list, .. } => has_room(tree, *list),
        Edit::Replace {
            node,
            value: NewValue::List(_),
        } => has_room(tree, *node),
        _ => true,
    });
    fits.then_some(edits)
}

/// Whether a node is an item of a list as written, not one that an alias brings there. A list is not looked through: this is
/// asked for each of its items.
pub(crate) fn stands_in(tree: &Tree, list: NodeId, item: NodeId) -> bool {
    tree.parent(item) == Some(list) && matches!(tree.view(list), View::Sequence(_))
}

/// Whether a list can stand where a node does, which a function may be around: not as an item of another.
fn has_room(tree: &Tree, node: NodeId) -> bool {
    let mut node = node;
    while let Some(list) = tree.parent(node) {
        if !matches!(tree.view(list), View::Sequence(_)) {
            // `Fn::If` gives a list or a single value; in a conditional of Terraform both sides are of one kind.
            return true;
        }
        let Some(function) = tree.parent(list) else {
            return false;
        };
        let View::Tagged(tag, _) = tree.view(function) else {
            return is_flattened(tree, function);
        };
        let is_single = !matches!(tree.view(node), View::Sequence(_) | View::Tagged(..));
        match tag.name.as_str() {
            "hcl:?" if is_single => return false,
            _ => node = function,
        }
    }
    true
}

/// Whether what is in a list is taken out of the lists that it stands in.
fn is_flattened(tree: &Tree, list: NodeId) -> bool {
    let ancestors = std::iter::successors(Some(list), |node| tree.parent(*node));
    let mut ancestors = ancestors.skip_while(|node| matches!(tree.view(*node), View::Sequence(_)));
    ancestors.next().is_some_and(
        |node| matches!(tree.view(node), View::Tagged(tag, _) if tag.name == "hcl:flatten"),
    )
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE as DELETE;
    use crate::privilege::wildcard_resource::RULE as WIDE;
    use crate::tests::fixture::{Fixture, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['Deployer', 'aws_iam_role.deployer', 'shop']";

    /// How many fixes of the rule can be written.
    fn fixes(text: &str, rule: &'static crate::Rule) -> usize {
        let file = Fixture::new(text, CONFIG);
        let found = file.findings(rule);
        assert!(!found.is_empty(), "{text}");
        let fixes = found.iter().flat_map(|of| &of.fixes);
        fixes.filter_map(|fix| fix.resolve(&file.context())).count()
    }

    fn template(action: &str) -> String {
        format!(
            "Conditions: {{Big: !Equals [!Ref 'AWS::Region', eu-west-1]}}
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: {action}
                Resource: '*'
"
        )
    }

    #[test]
    fn no_list_comes_into_a_list() {
        for (action, count) in [
            ("sqs:CreateQueue", 1),
            ("[sqs:CreateQueue, 'sns:Publish']", 1),
            ("!If [Big, sqs:CreateQueue, sqs:SendMessage]", 1),
            ("!If [Big, [sqs:CreateQueue], sqs:SendMessage]", 1),
            (
                "!If [Big, !If [Big, sqs:CreateQueue, sqs:GetQueueUrl], sqs:SendMessage]",
                1,
            ),
            (
                "[!If [Big, sqs:CreateQueue, sqs:SendMessage], 'sns:Publish']",
                0,
            ),
            (
                "[!If [Big, [sqs:CreateQueue], sqs:SendMessage], 'sns:Publish']",
                0,
            ),
            (
                "[!If [Big, !If [Big, sqs:CreateQueue, sqs:GetQueueUrl], sqs:SendMessage]]",
                0,
            ),
        ] {
            assert_eq!(fixes(&template(action), &DELETE), count, "{action}");
        }
    }

    #[test]
    fn both_sides_of_a_conditional_stay_of_one_kind() {
        let module = |action: &str| {
            format!(
                "resource \"aws_iam_role\" \"deployer\" {{
  inline_policy {{
    policy = jsonencode({{
      Version   = \"2012-10-17\"
      Statement = [{{ Effect = \"Allow\", Action = {action}, Resource = \"*\" }}]
    }})
  }}
}}
"
            )
        };
        for (action, count) in [
            ("var.big ? [\"sqs:CreateQueue\"] : [\"sqs:SendMessage\"]", 1),
            ("var.big ? \"sqs:CreateQueue\" : \"sqs:SendMessage\"", 0),
            ("concat([\"sqs:CreateQueue\"], [\"sqs:SendMessage\"])", 1),
            ("flatten([[\"sqs:CreateQueue\"], [\"sqs:SendMessage\"]])", 1),
        ] {
            assert_eq!(fixes(&module(action), &DELETE), count, "{action}");
        }
    }

    #[test]
    fn a_statement_that_stands_alone_becomes_one_of_two() {
        let before = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Queues",
    "Effect": "Allow",
    "Action": ["sqs:CreateQueue", "sqs:ListQueues", "sqs:DeleteQueue"],
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": true}}
  }
}
"#;
        let after = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Queues",
      "Effect": "Allow",
      "Action": ["sqs:CreateQueue", "sqs:DeleteQueue"],
      "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-*",
      "Condition": {"Bool": {"aws:SecureTransport": true}}
    },
    {
      "Sid": "QueuesUnscoped",
      "Effect": "Allow",
      "Action": ["sqs:ListQueues"],
      "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": true}}
    }
  ]
}
"#;
        assert_eq!(fixed_text(&WIDE, before, CONFIG), after);
        let block = |comment: &str| {
            format!(
                "Version: '2012-10-17'
Statement:
  Effect: Allow
  {comment}Action: [sqs:CreateQueue, sqs:ListQueues, sqs:DeleteQueue]
  Resource: '*'
"
            )
        };
        let mended = fixed_text(&WIDE, &block(""), CONFIG);
        assert_eq!(mended.matches("  - Effect: Allow").count(), 2, "{mended}");
        // Comments stay with their keys.
        let mended = fixed_text(&WIDE, &block("# Queues of the shop.\n  "), CONFIG);
        assert!(
            mended.contains("\n    # Queues of the shop.\n    Action: [sqs:CreateQueue"),
            "{mended}"
        );
        assert_eq!(fixes(&format!("# All.\n{}", block("")), &WIDE), 1);
    }

    #[test]
    fn what_is_put_in_stays_with_what_is_put_next_to_it() {
        let before = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ACTION,
    "Resource": "arn:aws:iam::111111111111:role/shop-*",
    "Condition": {"StringLike": {"aws:RequestTag/team": "shop"}}
  }
}
"#;
        for (action, count) in [
            (r#""iam:*ateRole""#, 2),
            (r#"["iam:CreateRole", "iam:AttachRolePolicy"]"#, 2),
        ] {
            let after = fixed_text(&DELETE, &before.replace("ACTION", action), CONFIG);
            assert!(after.contains(action), "{after}");
            assert_eq!(after.matches("\"Allow\"").count(), count, "{after}");
        }
    }
}
