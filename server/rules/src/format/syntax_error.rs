//! Finds text that breaks the rules of JSON or YAML.
//!
//! AWS refuses a document that can't be read. What can still be read is checked all the same.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow"
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```

use leastwise_syntax::ProblemKind;
use leastwise_workspace::Level;
use leastwise_workspace::dialect::Dialect;

use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "The file is not valid JSON or YAML",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "JSON_SYNTAX_ERROR"),
        ("parliament", "MALFORMED_JSON"),
        ("cfn-lint", "E0000"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.analysis.dialect == Dialect::None && !looks_like_a_policy(context.tree.source()) {
        return;
    }
    let mut templated = false;
    for problem in context.tree.problems() {
        match problem.kind {
            ProblemKind::UnquotedStar => {}
            ProblemKind::Templated if templated => {}
            ProblemKind::Templated => {
                templated = true;
                let message = "This file is a template for another tool: what stands between its markers is not checked.";
                findings.push(Finding::new(&RULE, problem.span, message).level(Level::Suggestion));
            }
            _ => findings.push(Finding::new(&RULE, problem.span, problem.message.clone())),
        }
    }
}

/// A file in which nothing could be read any more may still be meant as a policy. Other broken files are none of our
/// business.
fn looks_like_a_policy(source: &str) -> bool {
    source.contains("Statement") && source.contains("Effect") && source.contains("Action")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn a_template_of_another_tool_gets_one_note() {
        let messages = check(
            &RULE,
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      {% if boundary %}
#     ^^^^^^^^^^^^^^^^^
      PermissionsBoundary: boundary
      {% endif %}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}
",
            "",
        );
        assert!(
            messages[0].contains("template for another tool"),
            "{messages:?}"
        );
    }

    #[test]
    fn files_without_policies_are_left_alone() {
        check(&RULE, "name: [unclosed\nother: 1\n", "");
    }

    #[test]
    fn one_message_for_one_slip() {
        check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [s3:GetObject
#           ^
    Resource: '*'
",
            "",
        );
    }
}
