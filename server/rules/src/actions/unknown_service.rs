//! Finds actions of services that AWS doesn't have.
//!
//! What stands before the colon is the service's prefix, which often is not the service's name: `states` for Step
//! Functions, `elasticfilesystem` for EFS. An action with another prefix matches nothing, so that the statement grants
//! or denies less than it says. A service that AWS has given up is only warned of.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - dynamdb:GetItem
//!       - s3:GetObject
//!     Resource: '*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - dynamodb:GetItem
//!       - s3:GetObject
//!     Resource: '*'
//! ```

use leastwise_catalog::catalog;
use leastwise_policy::ActionPattern;
use leastwise_workspace::Level;

use super::{MOST_GUESSES, all_of, choice, entries, exists, is_something};
use crate::{Context, Finding, Findings, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-service",
    group: Group::Actions,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action of a service that doesn't exist",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_SERVICE_IN_ACTION"),
        ("parliament", "UNKNOWN_PREFIX"),
        ("cfn-lint", "W3037"),
        ("iam-policy-validator", "action_validation"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut guesses = 0..MOST_GUESSES;
    for entry in entries(context) {
        let ActionPattern::Named(named) = &*entry.pattern else {
            continue;
        };
        if exists(context, &entry) {
            continue;
        }
        if named.has_service_wildcards() || catalog().service(named.service()).is_some() {
            continue;
        }
        let service = named.service();
        let span = entry.service_span(context, named);
        let owner = context.owner(entry.site);
        if let Some(retired) = catalog().retired_service(service) {
            let what = retired
                .note()
                .map(|note| format!(" ({note})"))
                .unwrap_or_default();
            let message = format!(
                "AWS has given up the service `{service}`{what}: `{}` has no effect.",
                named.text()
            );
            let replaced: Vec<String> = retired.replaced_by().map(str::to_owned).collect();
            let help = match replaced.is_empty() {
                true => "Remove the action.".to_owned(),
                false => format!("Its work is now done by {}.", all_of(&replaced)),
            };
            let finding = Finding::new(&RULE, span, message)
                .level(Level::Warning)
                .help(help);
            findings.push(finding.owner(owner).action(named.text()));
            continue;
        }
        let near = guesses
            .next()
            .map(|_| catalog().suggest_services(service, 3))
            .unwrap_or_default();
        let candidates: Vec<String> = near
            .iter()
            .map(|service| format!("{}:{}", service.prefix(), named.name()))
            .collect();
        let fitting: Vec<String> = candidates
            .iter()
            .filter(|text| is_something(&ActionPattern::parse(text)))
            .cloned()
            .collect();
        let names: Vec<String> = near
            .iter()
            .map(|service| service.prefix().to_owned())
            .collect();
        let message = format!(
            "There is no service `{service}`: `{}` matches nothing and has no effect.",
            named.text()
        );
        let help = match (fitting.is_empty(), names.is_empty()) {
            (false, _) => format!("Did you mean {}?", choice(&fitting)),
            (true, false) => format!("Did you mean the service {}?", choice(&names)),
            (true, true) => "Write the prefix that the service's actions have.".to_owned(),
        };
        let mut finding = Finding::new(&RULE, span, message)
            .help(help)
            .owner(owner)
            .action(named.text());
        if let Some(replacement) = entry.replacement() {
            for action in fitting {
                let title = format!("Replace by {action}");
                finding = finding.fix(title, Safety::Unsafe, move |context| {
                    replacement.with(context, std::slice::from_ref(&action))
                });
            }
        }
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};
    use leastwise_workspace::Level;

    #[test]
    fn marks_the_prefix() {
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
            Action:
              - 'lamda:InvokeFunction'
                 ^^^^^
              - "dynamdb:*"
                 ^^^^^^^
              - Lambda:InvokeFunction
              - '*:Tag*'
              - !Sub '${Service}:Get*'
              - nosuchservice:Get*
                ^^^^^^^^^^^^^
            Resource: '*'
          - {Effect: Deny, NotAction: [lamda:*], Resource: '*'}
                                       ^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "There is no service `lamda`: `lamda:InvokeFunction` matches nothing and has no effect."
        );
    }

    #[test]
    fn a_service_that_ended_is_a_warning() {
        let text = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: codestar:GetProject, Resource: '*'}\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings[0].level, Level::Warning);
        assert!(
            findings[0].message.contains("AWS CodeStar"),
            "{}",
            findings[0].message
        );
    }

    #[test]
    fn a_name_from_the_sdk_is_replaced_by_the_prefix() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: 'stepfunctions:StartExecution'\n    Resource: '*'\n";
        assert_eq!(
            mend(&RULE, text, ""),
            text.replace("stepfunctions", "states")
        );
    }

    #[test]
    fn what_a_parameter_may_be_is_looked_at() {
        let template = r#"
Parameters:
  Service: {Type: String, AllowedValues: [lamda, s3]}
  Other: {Type: String, Default: lamda}
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: [!Sub '${Service}:List*', !Sub '${Other}:List*'], Resource: '*'}
                                           ^^^^^^^^^^^^^^^^
"#;
        check(&RULE, template, "");
    }
}
