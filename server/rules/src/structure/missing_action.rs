//! Finds statements without actions.
//!
//! A statement needs `Action` or `NotAction`; AWS rejects the policy otherwise. An empty list is accepted, but then the
//! statement has no effect.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
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

use leastwise_model::{Known, Level, Site, Statement};
use leastwise_syntax::Span;

use super::{head, is_closed, is_misspelt, is_whole_statement};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-action",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without `Action` or `NotAction`",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_ACTION"),
        ("access-analyzer", "EMPTY_ARRAY_ACTION"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A statement that is about no action.
struct Missing {
    at: Span,
    how: How,
    owner: Option<String>,
}

enum How {
    /// It has no element at all.
    Empty,
    /// It has neither `Action` nor `NotAction`.
    None,
    /// It has a list with nothing in it.
    EmptyList,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let misspelt = || is_misspelt(&statement.elements, &["Action", "NotAction"]);
    let (at, how) = match (&statement.action, &statement.not_action) {
        (Known::Missing, Known::Missing) if !misspelt() => match statement.elements.as_slice() {
            [] => (head(context, statement), How::Empty),
            _ => (head(context, statement), How::None),
        },
        (Known::Is(list), _) if list.items.is_empty() => {
            (context.content(list.key), How::EmptyList)
        }
        _ => return,
    };
    if is_whole_statement(statement) && is_closed(context, statement, facts) {
        let owner = context.owner(site).map(str::to_owned);
        facts.push(Missing { at, how, owner });
    }
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (message, help) = match self.how {
            How::Empty => (
                "The statement is empty: AWS rejects the policy.",
                "Fill it in, or remove it.",
            ),
            How::None => (
                "The statement has no `Action`: AWS rejects the policy.",
                "Name the actions it applies to.",
            ),
            How::EmptyList => (
                "`Action` is an empty list: the statement has no effect.",
                "Name the actions, or remove the statement.",
            ),
        };
        let finding = Finding::new(&RULE, self.at, message);
        let finding = match self.how {
            How::EmptyList => finding.level(Level::Warning),
            How::Empty | How::None => finding,
        };
        finding.help(help).owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    #[test]
    fn an_empty_statement_is_one_fault() {
        for (type_name, property) in [
            ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
            ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ] {
            let text = format!(
                "Resources:
  Shop:
    Type: {type_name}
    Properties:
      {property}: {{Version: '2012-10-17', Statement: [{{}}]}}
"
            );
            let fixture = Fixture::new(&text, "");
            let mut findings = crate::check(&fixture.context());
            findings.retain(|it| it.level == leastwise_model::Level::Error);
            let said: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
            assert_eq!(said, ["The statement is empty: AWS rejects the policy."]);
        }
    }

    #[test]
    fn marks_the_first_element_or_the_empty_list() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            ^^^^^^
            Resource: '*'
          - Effect: Allow
            NotAction: iam:*
            Resource: '*'
          - {Effect: Allow, Action: [], Resource: '*'}
                            ^^^^^^
          - {Effect: Allow, Actions: ['s3:GetObject'], Resource: '*'}
          - {Effect: Allow, Action: !Ref Actions, Resource: '*'}
          - {Effect: Allow, Action: !Ref AWS::NoValue, Resource: '*'}
             ^^^^^^
          - {Effect: Allow, Action: !If [Prod, 's3:GetObject', !Ref AWS::NoValue], Resource: '*'}
"#,
            "",
        );
        assert_eq!(
            messages[1],
            "`Action` is an empty list: the statement has no effect."
        );
    }

    #[test]
    fn silent_in_broken_files() {
        check(
            &RULE,
            "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Act",
            "",
        );
    }
}
