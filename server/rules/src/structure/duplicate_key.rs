//! Finds duplicate keys in an element of a policy.
//!
//! AWS rejects an element with the same key twice. Where another tool reads the file first (CloudFormation, Terraform,
//! a YAML parser), at most one of the two has an effect and the other is silently dropped: half of the actions, or the
//! condition that was to limit them. Condition keys are also the same if they only differ in case.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/*",
//!     "Action": "s3:GetObject"
//!   }
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/*"
//!   }
//! }
//! ```

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use leastwise_model::{Form, Level, Policy, Site};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{Format, NodeId, Pair, Span, Style, Tree, View};

use super::walk::{is_in_string, nodes};
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope, work,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "duplicate-key",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A duplicate key in an element",
    fix: FixKind::Safe,
    judges: Judges::Place,
    equivalents: &[("access-analyzer", "DUPLICATE_KEYS_WITH_DIFFERENT_CASE")],
    scope: &[Scope::Policy(find)],
};

/// Looks at a policy; the marks of the file are looked for once.
fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    facts.with(|marks: &mut Marks, facts| in_policy(context, site, policy, marks, facts));
}

/// A key that stands a second time.
struct Twice {
    mapping: NodeId,
    /// The one that can go: both have the same value, and it has no comment.
    spare: Option<NodeId>,
    name: String,
    first: Span,
    span: Span,
    reader: ReadBy,
    /// Whether both have the same value.
    same: bool,
    owner: Option<String>,
}

/// Who reads the key first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadBy {
    /// AWS gets the text as it stands in the file.
    Aws,
    /// The tool that deploys the file, of the arguments of a block.
    Dialect,
    /// A tool that makes a new text of it.
    Tool,
}

fn in_policy(
    context: &Context<'_>,
    site: &Site,
    policy: &Policy,
    marks: &Marks,
    facts: &mut Facts<'_>,
) {
    let tree = context.tree;
    let plain = context.analysis.dialect.is_bare() && tree.format() != Format::Yaml;
    let reader = match policy.form {
        Form::Blocks(_) => ReadBy::Dialect,
        Form::Document if plain || is_in_string(tree, policy.node) => ReadBy::Aws,
        Form::Document => ReadBy::Tool,
    };
    let owner = context.owner(site);
    // A condition's key is the same in any case.
    let tests: HashSet<NodeId> = policy
        .statements
        .iter()
        .filter_map(|statement| statement.element("Condition"))
        .flat_map(|element| tree.pairs(element.value))
        .map(|operator| tree.resolved(operator.value))
        .collect();
    for mapping in nodes(tree, policy.node) {
        let View::Mapping(pairs) = tree.view(mapping) else {
            continue;
        };
        let any_case = policy.form == Form::Document && tests.contains(&mapping);
        let mut seen: HashMap<Cow<'_, str>, &Pair> = HashMap::with_capacity(pairs.len());
        for pair in pairs {
            let Some(name) = tree.text(pair.key).filter(|name| *name != "<<") else {
                continue;
            };
            // Blocks may come as often as they like.
            if is_block(tree, pair) {
                continue;
            }
            let compared = match any_case {
                true => Cow::Owned(name.to_ascii_lowercase()),
                false => Cow::Borrowed(name),
            };
            let Some(first) = seen.get(&compared) else {
                seen.insert(compared, pair);
                continue;
            };
            if marks.are_within(tree, first, pair) {
                continue;
            }
            let same = tree.text(first.key) == Some(name)
                && written(tree, first.value) == written(tree, pair.value);
            let mut spares = [pair, *first].into_iter().filter(|_| same);
            facts.push(Twice {
                mapping,
                same,
                spare: spares
                    .find(|pair| !has_comment(tree, mapping, pair))
                    .map(|pair| pair.key),
                name: name.to_owned(),
                first: context.content(first.key),
                span: context.content(pair.key),
                reader: match reader {
                    ReadBy::Dialect if tree.style(mapping) == Style::Flow => ReadBy::Tool,
                    reader => reader,
                },
                owner: owner.map(str::to_owned),
            });
        }
    }
}

/// Whether a pair is a nested block.
fn is_block(tree: &Tree, pair: &Pair) -> bool {
    tree.format() == Format::Hcl
        && matches!(tree.view(pair.value), View::Mapping(_))
        && tree.style(pair.value) != Style::Flow
}

/// Where the marks of other tools stand in a file; looked for once, however many keys stand twice.
#[derive(Default)]
struct Marks(OnceCell<Vec<usize>>);

impl Marks {
    /// Whether another tool may leave one of two keys out: there are marks of its own at or between them.
    fn are_within(&self, tree: &Tree, first: &Pair, second: &Pair) -> bool {
        let span = tree.span(first.key).to(tree.span(second.key));
        let source = tree.source_near(span);
        let span = span.range();
        let marks = self.0.get_or_init(|| Marks::of(source));
        let next = marks.partition_point(|at| *at < span.start);
        marks.get(next).is_some_and(|at| at + 2 <= span.end)
    }

    fn of(source: &str) -> Vec<usize> {
        work::did(source.len());
        let marks = [b"{{", b"{%", b"%{", b"<%", b"{#"];
        let pairs = source.as_bytes().windows(2).enumerate();
        pairs
            .filter(|(_, pair)| marks.iter().any(|mark| mark.as_slice() == *pair))
            .map(|(at, _)| at)
            .collect()
    }
}

fn written(tree: &Tree, node: NodeId) -> &str {
    tree.part(tree.span(node)).trim()
}

/// Whether a comment would go with a pair: one on its lines, or on a line of its own above it. What it says is as true of
/// the pair that stays.
fn has_comment(tree: &Tree, mapping: NodeId, pair: &Pair) -> bool {
    let span = tree.span(pair.key).to(tree.span(pair.value));
    let comments = tree.comments();
    let source = tree.source_near(tree.span(mapping));
    let next = comments.partition_point(|comment| comment.span.start < span.start);
    let slice = |from: u32, to: u32| source.get(from as usize..to as usize).unwrap_or_default();
    let is_behind = comments.get(next).is_some_and(|comment| {
        let between = slice(span.end, comment.span.start.max(span.end));
        // Behind a bracket that closes, it is of what stands around.
        let is_outside =
            tree.style(mapping) == Style::Flow && comment.span.start >= tree.span(mapping).end;
        !is_outside && !between.contains(['\n', '\r'])
    });
    let above = next.checked_sub(1).and_then(|last| comments.get(last));
    is_behind
        || above.is_some_and(|comment| {
            let before = slice(0, comment.span.start);
            let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
            line.trim().is_empty() && slice(comment.span.end, span.start).trim().is_empty()
        })
}

impl Fact for Twice {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let name = &self.name;
        let message = match self.reader {
            ReadBy::Aws => {
                format!("`{name}` is a duplicate key: AWS rejects the policy.")
            }
            ReadBy::Dialect => {
                let rejects = context.analysis.dialect.tool().rejects();
                format!("`{name}` is a duplicate key: {rejects}.")
            }
            ReadBy::Tool => {
                format!("`{name}` is a duplicate key: at most one of the two has an effect.")
            }
        };
        let finding = Finding::new(&RULE, self.span, message)
            .related(self.first, "the first one")
            .owner(self.owner.as_deref());
        if !self.same {
            return finding.help("Merge both values under one key.");
        }
        let finding = finding.help("Remove one of them.");
        let (mapping, Some(key)) = (self.mapping, self.spare) else {
            return finding;
        };
        finding.fix("Remove one of them", Safety::Safe, move |_| {
            Some(Fix::new(vec![Edit::RemovePair { mapping, key }]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    #[test]
    fn who_reads_the_file_first() {
        let messages = check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Action": ["s3:PutObject"],
     ^^^^^^
    "Resource": "*"
  }],
  "Version": "2012-10-17"
   ^^^^^^^
}
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`Action` is a duplicate key: AWS rejects the policy."
        );
        let messages = check(
            &RULE,
            r#"
Resources:
  A:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: s3:GetObject, Effect: Deny, Resource: '*'}
                                                  ^^^^^^
  B:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}'
                                                         ^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`Effect` is a duplicate key: at most one of the two has an effect."
        );
        assert!(messages[1].contains("AWS rejects"), "{messages:?}");
    }

    #[test]
    fn conditions_of_any_case() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: '*'
    Condition:
      StringEquals:
        aws:SourceVpc: vpc-11111111
        AWS:sourceVPC: vpc-22222222
        ^^^^^^^^^^^^^
        s3:prefix: a
      StringNotEquals: {s3:prefix: b}
      StringEquals: {aws:username: c}
      ^^^^^^^^^^^^
"#,
            "",
        );
    }

    #[test]
    fn terraform() {
        let messages = check(
            &RULE,
            r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "s3:GetObject"
      Resource  = "*"
      Condition = {
        StringEquals = { "aws:SourceVpc" = "vpc-11111111" }
        StringEquals = { "aws:PrincipalOrgID" = "o-1111111111" }
        ^^^^^^^^^^^^
      }
    }]
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    actions   = ["s3:PutObject"]
    ^^^^^^^
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "s3:prefix"
      values   = ["a"]
    }
    condition {
      test     = "StringEquals"
      variable = "s3:delimiter"
      values   = ["/"]
    }
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}
"#
            .trim_start(),
            "",
        );
        assert!(
            messages[0].contains("at most one of the two has an effect"),
            "{messages:?}"
        );
        assert!(messages[1].contains("Terraform rejects"), "{messages:?}");
    }

    #[test]
    fn comments_stay() {
        let two = |first: &str, second: &str| {
            format!(
                "Version: '2012-10-17'\nStatement:\n  - Effect: Allow{first}\n    Effect: Allow{second}\n    \
                 Action: s3:GetObject\n    Resource: '*'\n"
            )
        };
        let one = |comment: &str| two(comment, "").replacen("    Effect: Allow\n", "", 1);
        for (first, second, after) in [
            ("", "", one("")),
            (" # why", "", one(" # why")),
            ("", " # why", one(" # why")),
            // Neither can go.
            (" # why", " # why not", two(" # why", " # why not")),
            // The comment above the second stands where the first one was.
            (
                "\n    # why not",
                " # why",
                two("", " # why").replacen("Effect: Allow\n", "# why not\n", 1),
            ),
        ] {
            assert_eq!(fixed_text(&RULE, &two(first, second), ""), after);
        }
        // Behind the last one, too; behind a bracket it is of the statement.
        let statement = |own: &str| format!("Version: '2012-10-17'\nStatement:\n{own}\n");
        let last = statement(
            "  - Action: s3:GetObject\n    Resource: '*'\n    Effect: Allow # why\n    Effect: Allow # why not",
        );
        assert_eq!(fixed_text(&RULE, &last, ""), last);
        let flow = |rest: &str| {
            statement(&format!(
                "  - {{Action: 's3:*', Resource: '*', Effect: Allow{rest}}} # why"
            ))
        };
        assert_eq!(fixed_text(&RULE, &flow(", Effect: Allow"), ""), flow(""));
        // The second one's.
        let mended = fixed_text(&RULE, &two("\n    # why", ""), "");
        assert_eq!(mended.matches("Effect").count(), 1);
        assert!(mended.contains("# why"), "{mended}");
    }

    #[test]
    fn merge_keys_and_other_mappings_are_fine() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - &read
    Effect: Allow
    Action: s3:GetObject
    Resource: '*'
  - &more {Sid: More}
  - <<: *read
    <<: *more
    Action: s3:PutObject
"#,
            "",
        );
        check(
            &RULE,
            "other: 1\nother: 2\nPolicy:\n  Version: '2012-10-17'\n  Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]\n",
            "",
        );
    }

    #[test]
    fn silent_where_another_tool_chooses() {
        let text = |between: &str| {
            format!(
                "Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'{between}\n    Action: s3:PutObject\n"
            )
        };
        assert_eq!(Fixture::new(&text(""), "").findings(&RULE).len(), 1);
        for between in [
            " # {% else %}",
            " # {{- else }}",
            " # %{ else }",
            " # <% else %>",
            " # {# else #}",
        ] {
            let fixture = Fixture::new(&text(between), "");
            assert_eq!(fixture.findings(&RULE).len(), 0, "{between}");
        }
    }

    #[test]
    fn only_what_says_the_same_is_removed() {
        let text = "Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n    Action: s3:PutObject\n    Effect: Allow\n";
        let after = "Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n    Action: s3:PutObject\n";
        assert_eq!(fixed_text(&RULE, text, ""), after);
    }
}
