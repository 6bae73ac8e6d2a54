//! Finds statements that name no action.
//!
//! A statement needs `Action` or `NotAction`; AWS refuses the policy without. An empty list is taken, but then the
//! statement is about nothing.
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

use leastwise_workspace::Level;
use leastwise_workspace::model::Known;

use super::{head, is_misspelt, whole_statements};
use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-action",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without `Action` and `NotAction`",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "MISSING_ACTION"),
        ("access-analyzer", "EMPTY_ARRAY_ACTION"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (site, statement) in whole_statements(context) {
        let finding = match (&statement.action, &statement.not_action) {
            (Known::Missing, Known::Missing)
                if !is_misspelt(&statement.elements, &["Action", "NotAction"]) =>
            {
                let message = "The statement has no `Action`: AWS refuses the policy.";
                Finding::new(&RULE, head(context, statement), message)
                    .help("Name the actions that it is about.")
            }
            (Known::Is(list), _) if list.items.is_empty() => {
                let message =
                    "`Action` is an empty list: the statement is about nothing and has no effect.";
                Finding::new(&RULE, context.content(list.key), message)
                    .level(Level::Warning)
                    .help("Name the actions, or remove the statement.")
            }
            _ => continue,
        };
        findings.push(finding.owner(context.owner(site)));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

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
            "`Action` is an empty list: the statement is about nothing and has no effect."
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
