//! Finds statements without `Effect`.
//!
//! A statement must say whether it allows or denies; AWS rejects the policy otherwise.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use leastwise_model::{Level, Site, Statement};
use leastwise_syntax::Span;

use super::{head, is_closed, is_misspelt, is_whole_statement};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-effect",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without `Effect`",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_EFFECT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A statement without `Effect`.
struct Missing {
    /// Where the statement begins.
    head: Span,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    // One that has no element at all is told of once.
    let whole = is_whole_statement(statement) && !statement.elements.is_empty();
    if whole
        && statement.effect.is_missing()
        && !is_misspelt(&statement.elements, &["Effect"])
        && is_closed(context, statement, facts)
    {
        facts.push(Missing {
            head: head(context, statement),
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = "The statement has no `Effect`: AWS rejects the policy.";
        Finding::new(&RULE, self.head, message)
            .help("Add `Effect: Allow` or `Effect: Deny`.")
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn marks_the_first_element() {
        check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Action": "s3:GetObject", "Resource": "*"},
      ^^^
    {"Sid": "Deny", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
  ]
}
"#,
            "",
        );
    }

    #[test]
    fn silent_on_other_spellings_and_on_what_is_computed() {
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement:\n  - {effect: Allow, Action: s3:GetObject, Resource: '*'}\n",
            "",
        );
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement:\n  - {Effects: Allow, Action: s3:GetObject, Resource: '*'}\n",
            "",
        );
        let template = "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                        Statement: {Effect: !If [Prod, Deny, Allow], Action: s3:GetObject, Resource: '*'}\n";
        check(&RULE, template, "");
    }

    #[test]
    fn merged_elements_count() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - &first
    Effect: Allow
    Action: s3:GetObject
    Resource: '*'
  - <<: *first
    Action: s3:PutObject
"#,
            "",
        );
    }
}
