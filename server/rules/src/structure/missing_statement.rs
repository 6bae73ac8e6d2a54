//! Finds policies that have no `Statement`, or an empty one.
//!
//! AWS rejects such a policy. Often the elements of a statement are where the statement should be, or the template was
//! meant to be filled in later. AWS doesn't document what some services do with a resource policy without statements:
//! there it is a warning.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Effect: Allow
//!         Action: sqs:ReceiveMessage
//!         Resource: arn:aws:sqs:eu-west-1:111111111111:shop-orders
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: sqs:ReceiveMessage
//!             Resource: arn:aws:sqs:eu-west-1:111111111111:shop-orders
//! ```

use leastwise_model::{ElementPair, Form, Level, Policy, Site, SiteKind};
use leastwise_policy::elements;
use leastwise_syntax::{ScalarType, Span, View};

use super::{is_macro, is_whole, policy_kind};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-statement",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy without `Statement`, or with an empty one",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_STATEMENT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A policy without statements.
struct Missing {
    at: Span,
    how: How,
    owner: Option<String>,
}

#[derive(Clone, Copy)]
enum How {
    /// There is a `Statement`, with nothing in it, in a policy of this kind.
    Empty(SiteKind),
    /// There is no `Statement`, but what belongs into one.
    Bare,
    /// There is no `Statement`.
    None,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let found = policy_kind(site.kind).and_then(|_| {
        let empty = empty(context, policy).map(|at| (at, How::Empty(site.kind)));
        empty.or_else(|| none(context, policy))
    });
    if let Some((at, how)) = found
        && facts.once(is_whole)
    {
        let owner = context.owner(site).map(str::to_owned);
        facts.push(Missing { at, how, owner });
    }
}

/// Where to tell of a policy that has no `Statement`.
fn none(context: &Context<'_>, policy: &Policy) -> Option<(Span, How)> {
    // Terraform's blocks make a document without statements, which others may be merged into. The Serverless
    // Framework writes the document around the statements that stand in its file.
    if policy.is_open()
        || policy.form.is_blocks()
        || policy.statement_list.is_some()
        || !policy.statements.is_empty()
    {
        return None;
    }
    // Under another name, `unknown-element` reports it.
    let other = |element: &ElementPair| {
        is_macro(&element.name)
            || elements::suggest_policy_element(&element.name) == Some("Statement")
    };
    let mut own = policy.elements.iter();
    if own.any(other) {
        return None;
    }
    let belongs = |element: &&ElementPair| elements::statement_element(&element.name).is_some();
    let inside = policy.elements.iter().find(belongs);
    let at = match inside.or(policy.elements.first()) {
        Some(element) => context.content(element.key),
        None => context.content(policy.node),
    };
    Some((at, inside.map_or(How::None, |_| How::Bare)))
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let missing = "The policy has no `Statement`: AWS rejects it.";
        let (message, level, help) = match self.how {
            How::Empty(SiteKind::Resource | SiteKind::VpcEndpoint) => (
                "`Statement` is empty: the policy does nothing, and services such as S3 reject it.",
                Level::Warning,
                "Add a statement, or remove the policy.",
            ),
            How::Empty(_) => (
                "`Statement` is empty: AWS rejects the policy.",
                Level::Error,
                "Add a statement, or remove the policy.",
            ),
            How::Bare => (
                missing,
                Level::Error,
                "Move the statement's elements under `Statement`.",
            ),
            How::None => (
                missing,
                Level::Error,
                "Add a `Statement`, or remove the policy.",
            ),
        };
        Finding::new(&RULE, self.at, message)
            .level(level)
            .help(help)
            .owner(self.owner.as_deref())
    }
}

/// Where a `Statement` stands that has nothing in it. The Serverless Framework and Terraform write the document around
/// statements themselves.
fn empty(context: &Context<'_>, policy: &Policy) -> Option<Span> {
    let tree = context.tree;
    let (key, list) = policy.statement_key.zip(policy.statement_list)?;
    let nothing = match tree.view(list) {
        View::Sequence(items) => items.is_empty(),
        View::Scalar(text) => text.is_empty() || tree.scalar_type(list) == ScalarType::Null,
        _ => false,
    };
    let is_document = policy.form == Form::Document && !policy.elements.iter().any(is_of_macro);
    (is_document && nothing && !tree.is_open(list)).then(|| context.content(key))
}

fn is_of_macro(element: &ElementPair) -> bool {
    is_macro(&element.name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn marks_the_first_element_or_the_document() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Effect: Allow
        ^^^^^^
        Action: s3:GetObject
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        ^^^^^^^
      Policies:
        - PolicyName: Empty
          PolicyDocument: {}
                          ^^
"#,
            "",
        );
        assert!(messages.concat().contains("has no `Statement`"));
        check(
            &RULE,
            r#"
resource "aws_sqs_queue_policy" "orders" {
  queue_url = "orders"
  policy    = jsonencode({
    Version = "2012-10-17"
    ^^^^^^^
  })
}
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [file("other.json")]
}
"#
            .trim_start(),
            "",
        );
    }

    #[test]
    fn is_silent_on_what_the_file_does_not_show() {
        for document in [
            "!Ref Document",
            "{Fn::Transform: {Name: AWS::Include}}",
            "{Statements: []}",
            "{Statement: !Ref Statements}",
            "{Statement: [], 'Fn::Transform': {Name: Shop}}",
            "{Version: '2012-10-17', 'Fn::ForEach::S': [Name, [a], {Statement: []}]}",
            "!If [Wide, {Statement: !Ref Statements}, !Ref 'AWS::NoValue']",
        ] {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {document}\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{document}");
        }
    }

    #[test]
    fn empty_ones() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: []
        ^^^^^^^^^
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        ^^^^^^^^^
  Files:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-files
      PolicyDocument:
        Version: '2012-10-17'
        Statement: []
        ^^^^^^^^^
"#,
            "",
        );
        assert_eq!(messages[0], "`Statement` is empty: AWS rejects the policy.");
        assert!(messages[2].contains("the policy does nothing"));
        check(
            &RULE,
            "{\"Version\": \"2012-10-17\", \"Statement\": []}\n                           ^^^^^^^^^\n",
            "",
        );
        check(
            &RULE,
            r#"
resource "aws_iam_policy" "shop" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
                                                ^^^^^^^^^
}
resource "aws_iam_policy" "more" {
  policy = jsonencode({ Version = "2012-10-17", Statement = concat([], var.more) })
}
"#
            .trim_start(),
            "",
        );
        // Something is put in there.
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement: [{% for name in names %}{{ name }},{% endfor %}]\n",
            "",
        );
    }

    #[test]
    fn statements_that_a_tool_writes_a_document_around() {
        let text = "service: shop
provider:
  name: aws
  iamRoleStatements:
    - Effect: Allow
      Action: sqs:SendMessage
      Resource: '*'
";
        check(&RULE, text, "");
    }
}
