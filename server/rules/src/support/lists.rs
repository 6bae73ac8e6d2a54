//! What fixes may do to lists: a single value becomes a list only where that is no list in a list, and a statement that
//! stands alone becomes one of two together with what is changed in it.

use leastwise_syntax::write::{Edit, Place, Value};
use leastwise_syntax::{NodeId, Tree, View};

/// The edits as they can be written; `None` where a policy wouldn't be one with them.
pub(crate) fn ready(tree: &Tree, edits: Vec<Edit>) -> Option<Vec<Edit>> {
    let fits = edits.iter().all(|edit| match edit {
        Edit::InsertItem { list, .. } => has_room(tree, *list),
        Edit::Replace {
            node,
            value: Value::List(_),
        } => has_room(tree, *node),
        _ => true,
    });
    if !fits {
        return None;
    }
    match alone(tree, &edits) {
        Some(single) => folded(tree, edits, single),
        None => Some(edits),
    }
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
    let around = std::iter::successors(Some(list), |node| tree.parent(*node));
    let mut around = around.skip_while(|node| matches!(tree.view(*node), View::Sequence(_)));
    around.next().is_some_and(
        |node| matches!(tree.view(node), View::Tagged(tag, _) if tag.name == "hcl:flatten"),
    )
}

/// The mapping that becomes an item beside a new one while something in it is changed, too.
fn alone(tree: &Tree, edits: &[Edit]) -> Option<NodeId> {
    let single = edits.iter().find_map(|edit| match edit {
        Edit::InsertItem { list, .. } if matches!(tree.view(*list), View::Mapping(_)) => {
            Some(*list)
        }
        _ => None,
    })?;
    let mut others = edits.iter().map(target).filter(|node| *node != single);
    others
        .any(|node| is_within(tree, node, single))
        .then_some(single)
}

/// The edits with what happens in and beside a mapping as one value in its place. `None` where comments would be lost.
fn folded(tree: &Tree, edits: Vec<Edit>, single: NodeId) -> Option<Vec<Edit>> {
    let span = tree.span(single);
    if tree.comments().iter().any(|it| span.contains(it.span)) {
        return None;
    }
    let (own, mut others): (Vec<Edit>, Vec<Edit>) = edits
        .into_iter()
        .partition(|edit| is_within(tree, target(edit), single));
    let value = Folding { tree, edits: &own }.value(single)?;
    others.push(Edit::Replace {
        node: single,
        value,
    });
    Some(others)
}

/// The node that an edit changes.
fn target(edit: &Edit) -> NodeId {
    match edit {
        Edit::InsertItem { list: node, .. }
        | Edit::RemoveItem { list: node, .. }
        | Edit::InsertPair { mapping: node, .. }
        | Edit::RemovePair { mapping: node, .. }
        | Edit::SetScalar { node, .. }
        | Edit::SetPart { node, .. }
        | Edit::Replace { node, .. } => *node,
    }
}

fn is_within(tree: &Tree, node: NodeId, outer: NodeId) -> bool {
    std::iter::successors(Some(node), |node| tree.parent(*node)).any(|node| node == outer)
}

/// Makes values of nodes with what edits do to them.
struct Folding<'e> {
    tree: &'e Tree,
    edits: &'e [Edit],
}

impl Folding<'_> {
    /// What a node is with the edits.
    fn value(&self, node: NodeId) -> Option<Value> {
        let mut whole = self.edits.iter().filter_map(|edit| match edit {
            Edit::Replace { node: of, value } if *of == node => Some(value.clone()),
            Edit::SetScalar { node: of, text } if *of == node => Some(Value::Str(text.clone())),
            _ => None,
        });
        if let Some(value) = whole.next() {
            return Some(value);
        }
        let is_touched = |edit: &Edit| is_within(self.tree, target(edit), node);
        if !self.edits.iter().any(is_touched) {
            return Some(Value::Copy(node));
        }
        match self.tree.view(node) {
            View::Sequence(items) => self.list(node, items),
            View::Mapping(pairs) => {
                let mut own = Vec::new();
                for pair in pairs {
                    let key = self.tree.text(pair.key)?.to_owned();
                    own.push((key, self.value(pair.value)?));
                }
                let is_pairs = |edit: &Edit| match edit {
                    Edit::InsertPair { mapping, .. } | Edit::RemovePair { mapping, .. } => {
                        *mapping == node
                    }
                    _ => false,
                };
                if self.edits.iter().any(is_pairs) {
                    return None;
                }
                self.beside(node, Value::Map(own))
            }
            View::Scalar(_) => self.beside(node, Value::Copy(node)),
            _ => None,
        }
    }

    /// A single value with the items that are put next to it.
    fn beside(&self, node: NodeId, value: Value) -> Option<Value> {
        let mut items = vec![value];
        for edit in self.edits {
            match edit {
                Edit::InsertItem { list, place, value } if *list == node => match place {
                    Place::After(_) | Place::Last => items.push(value.clone()),
                    Place::Before(_) | Place::First => return None,
                },
                _ => {}
            }
        }
        match items.len() {
            1 => items.pop(),
            _ => Some(Value::List(items)),
        }
    }

    /// A list without the items that go, with those that come behind others.
    fn list(&self, node: NodeId, items: &[NodeId]) -> Option<Value> {
        let mut values = Vec::new();
        for item in items {
            let goes = self.edits.iter().any(|edit| {
                matches!(edit, Edit::RemoveItem { list, item: of } if *list == node && of == item)
            });
            if !goes {
                values.push(self.value(*item)?);
            }
            for edit in self.edits {
                match edit {
                    Edit::InsertItem { list, place, value } if *list == node => match place {
                        Place::After(of) if of == item => values.push(value.clone()),
                        Place::After(_) => {}
                        _ => return None,
                    },
                    _ => {}
                }
            }
        }
        Some(Value::List(values))
    }
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE as DELETE;
    use crate::privilege::wildcard_resource::RULE as WIDE;
    use crate::tests::fixture::{Fixture, mend};

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
        assert_eq!(mend(&WIDE, before, CONFIG), after);
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
        let mended = mend(&WIDE, &block(""), CONFIG);
        assert_eq!(mended.matches("  - Effect: Allow").count(), 2, "{mended}");
        // Its comments would have no place.
        assert_eq!(fixes(&block("# Queues of the shop.\n  "), &WIDE), 0);
        // One around it has.
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
            (r#"["iam:CreateRole", "iam:AttachRolePolicy"]"#, 3),
        ] {
            let after = mend(&DELETE, &before.replace("ACTION", action), CONFIG);
            assert!(after.contains(action), "{after}");
            assert_eq!(after.matches("\"Allow\"").count(), count, "{after}");
        }
    }
}
