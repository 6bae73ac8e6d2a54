//! Finds policies that have no `Statement`.
//!
//! AWS refuses such a policy. Often what belongs into a statement stands where the statement should be, or the template
//! was put down to be filled in later.
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

use leastwise_policy::elements;
use leastwise_workspace::Level;
use leastwise_workspace::model::{Element, Form};

use super::{is_macro, is_whole, policy_kind};
use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-statement",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy without `Statement`",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "MISSING_STATEMENT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if !is_whole(context) {
        return;
    }
    for site in context.sites() {
        let policy = context.policy(site);
        // Terraform's blocks make a document without statements, which others may be merged into. The Serverless
        // Framework writes the document around the statements that stand in its file.
        if policy_kind(site.kind).is_none()
            || policy.is_open()
            || policy.form == Form::Blocks
            || policy.statement_list.is_some()
            || !policy.statements.is_empty()
        {
            continue;
        }
        // Under another name, `unknown-element` reports it.
        let other = |element: &Element| {
            is_macro(&element.name)
                || elements::suggest_policy_element(&element.name) == Some("Statement")
        };
        if policy.elements.iter().any(other) {
            continue;
        }
        let inside = policy
            .elements
            .iter()
            .find(|element| elements::statement_element(&element.name).is_some());
        let span = match inside.or(policy.elements.first()) {
            Some(element) => context.content(element.key),
            None => context.content(policy.node),
        };
        let help = match inside {
            Some(_) => "Put the elements of the statement under `Statement`.",
            None => "Add a `Statement` that says what is allowed, or remove the policy.",
        };
        let message = "The policy has no `Statement`: AWS refuses it.";
        findings.push(
            Finding::new(&RULE, span, message)
                .help(help)
                .owner(context.owner(site)),
        );
    }
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
            "{Statement: []}",
            "{Statement: !Ref Statements}",
            "{Version: '2012-10-17', 'Fn::ForEach::S': [Name, [a], {Statement: []}]}",
            "!If [Wide, {Statement: []}, !Ref 'AWS::NoValue']",
        ] {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {document}\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{document}");
        }
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
