//! Finds actions of services that don't exist.
//!
//! The part before the colon is the service prefix, which often isn't the service's name: `states` for Step Functions,
//! `elasticfilesystem` for EFS. An action with an unknown prefix matches nothing: the statement grants or denies
//! less than it says. A service that AWS has retired is only a warning.
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

use leastwise_catalog::{NamedElsewhere, Retired, catalog};
use leastwise_model::Level;
use leastwise_policy::{ActionPattern, NamedAction};
use leastwise_syntax::Span;

use super::cure::{Cure, Plain};
use super::existing::is_something;
use super::typo::is_slip_of_service;
use super::{Guesses, all_of, choice, elsewhere_in_words};
use crate::support::action_entry::ActionEntry;
use crate::{
    CommonCause, Context, Fact, Facts, Finding, FixKind, Group, Judges, LazyFix, Rule, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-service",
    group: Group::Actions,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action with an unknown service prefix",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_SERVICE_IN_ACTION"),
        ("parliament", "UNKNOWN_PREFIX"),
        ("cfn-lint", "W3037"),
        ("iam-policy-validator", "action_validation"),
    ],
    scope: &[Scope::Action(find)],
};

/// An action of a service that AWS doesn't have.
struct Foreign {
    /// Where the prefix stands.
    at: Span,
    /// The policy's bytes.
    policy: Span,
    text: String,
    service: String,
    why: Why,
    /// Whether it stands for several actions.
    is_wildcard: bool,
    cures: Vec<(Cure, String)>,
    owner: Option<String>,
}

/// How it comes that AWS doesn't have the service.
enum Why {
    /// AWS once had it.
    Retired(Retired),
    /// AWS names it, but doesn't list it.
    Elsewhere(NamedElsewhere),
    /// There never was one. The prefixes that come near, and the actions that these have.
    Never {
        prefixes: Vec<String>,
        actions: Vec<String>,
        /// That it isn't looked for what was meant, where so.
        note: String,
    },
}

/// Looks at an action; what was meant is worked out for so many of the file. What AWS refuses as a permission's action is told as an
/// unknown one.
fn find<'a>(context: &Context<'a>, entry: &ActionEntry<'a>, facts: &mut Facts<'a>) {
    let ActionPattern::Named(named) = &*entry.pattern else {
        return;
    };
    if entry.permission.is_some()
        || named.has_service_wildcards()
        || catalog().service(named.service()).is_some()
    {
        return;
    }
    let (why, meant) = facts.with(|guesses: &mut Guesses, _| why(named, guesses));
    facts.push(Foreign {
        at: entry.service_span(context, named),
        policy: entry.site.span(context.tree),
        text: named.text().to_owned(),
        service: named.service().to_owned(),
        why,
        is_wildcard: named.has_wildcards(),
        cures: cures(entry, named, &meant),
        owner: context.owner(entry.site).map(str::to_owned),
    });
}

/// Why there is no such service, and the prefixes that may take the place of the one that is written.
fn why(named: &NamedAction, guesses: &mut Guesses) -> (Why, Vec<String>) {
    let service = named.service();
    if let Some(retired) = catalog().retired_service(service) {
        // Only what has the same name there is surely meant.
        let successors = retired.replaced_by();
        let successors = successors.filter(|of| catalog().action(of, named.name()).is_some());
        return (
            Why::Retired(retired),
            successors.map(str::to_owned).collect(),
        );
    }
    if let Some(elsewhere) = catalog().service_named_elsewhere(service) {
        return (Why::Elsewhere(elsewhere), Vec::new());
    }
    let guess = guesses.allow(service);
    let note = guesses.note(service);
    let near = match guess {
        true => catalog().suggest_services(service, 3),
        false => Vec::new(),
    };
    let mut prefixes: Vec<String> = near.iter().map(|of| of.prefix().to_owned()).collect();
    let has_it = |of: &&String| is_something(&ActionPattern::parse(&of_prefix(of, named)));
    let mut fitting: Vec<String> = prefixes.iter().filter(has_it).cloned().collect();
    // `vpc:DescribeSubnets`: the action says which service is meant, where one alone has it.
    if let Some(only) = only_service_of(named).filter(|_| guess && fitting.is_empty()) {
        prefixes = vec![only.clone()];
        fitting = vec![only];
    }
    let actions = fitting.iter().map(|of| of_prefix(of, named)).collect();
    (
        Why::Never {
            prefixes,
            actions,
            note,
        },
        fitting,
    )
}

/// The action with another prefix.
fn of_prefix(prefix: &str, named: &NamedAction) -> String {
    format!("{prefix}:{}", named.name())
}

impl Fact for Foreign {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (service, text, date) = (&self.service, &self.text, catalog().date());
        let told = |message: String, help: String, several: String, help_of_several: String| {
            Finding::new(&RULE, self.at, message)
                .help(help)
                .same(CommonCause {
                    within: self.policy,
                    key: service.to_ascii_lowercase(),
                    name: format!("`{text}`"),
                    several,
                    help: help_of_several,
                    details: Vec::new(),
                    intro: "",
                })
        };
        let finding = match &self.why {
            Why::Retired(retired) => {
                let what = retired.note().map(|note| format!(" ({note})"));
                let what = what.unwrap_or_default();
                let message =
                    format!("`{text}` has no effect: the service `{service}`{what} is retired.");
                let several = format!("have no effect: the service `{service}`{what} is retired.");
                let replaced: Vec<String> = retired.replaced_by().map(str::to_owned).collect();
                let help = match replaced.is_empty() {
                    true => "Remove the action.".to_owned(),
                    false => format!("It was replaced by {}.", all_of(&replaced)),
                };
                let help_of_several = help.replace("the action", "them");
                told(message, help, several, help_of_several).level(Level::Warning)
            }
            Why::Elsewhere(elsewhere) => {
                let place = elsewhere_in_words(*elsewhere);
                let message = format!(
                    "`{text}` may have no effect: AWS's list of {date} doesn't have the service."
                );
                let several =
                    format!("may have no effect: AWS's list of {date} doesn't have `{service}`.");
                let help =
                    format!("AWS names it {place}: check whether the service has another name.");
                told(message, help.clone(), several, help).level(Level::Warning)
            }
            Why::Never {
                prefixes,
                actions,
                note,
            } => {
                let message =
                    format!("`{text}` has no effect: no service has the prefix `{service}`.");
                let several = format!("have no effect: no service has the prefix `{service}`.");
                let of_service = match prefixes.is_empty() {
                    true => format!(
                        "Look up the service's prefix in AWS's Service Authorization Reference.{note}"
                    ),
                    false => format!("Did you mean the prefix {}?", choice(prefixes)),
                };
                let help = match actions.is_empty() {
                    false => format!("Did you mean {}?", choice(actions)),
                    true => of_service.clone(),
                };
                told(message, help, several, of_service)
            }
        };
        let finding = finding.owner(self.owner.as_deref()).action(text);
        let cures = self.cures.iter();
        cures.fold(finding, |finding, (cure, _)| cure.told(finding))
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let service = &self.service;
        let fix = |(cure, prefix): &(Cure, String)| match (cure, self.is_wildcard) {
            (Cure::Remove(..), _) => cure.fix(context),
            (_, true) => cure
                .fix(context)
                .of_several(format!("Replace {service} with {prefix} in wildcards")),
            (_, false) => cure
                .fix(context)
                .of_several(format!("Replace {service} with {prefix}")),
        };
        self.cures.iter().map(fix).collect()
    }
}

/// The only service that has an action of that name.
fn only_service_of(named: &NamedAction) -> Option<String> {
    if named.has_wildcards() {
        return None;
    }
    let services = catalog().services();
    let mut prefixes = services.map(|of| of.prefix()).filter(|of| {
        let action = catalog().action(of, named.name());
        action.is_some()
    });
    let only = prefixes.next()?;
    prefixes.next().is_none().then(|| only.to_owned())
}

/// What puts each of these prefixes in the place of the one that is written. What a wildcard stands for in a service that isn't
/// the one that is written, somebody has to choose.
fn cures(entry: &ActionEntry<'_>, named: &NamedAction, prefixes: &[String]) -> Vec<(Cure, String)> {
    let actions: Vec<String> = prefixes.iter().map(|of| of_prefix(of, named)).collect();
    let plain = match prefixes {
        [only] => !named.has_wildcards() && is_slip_of_service(named.service(), only),
        _ => false,
    };
    // What was meant may be there already.
    if actions.iter().all(|action| entry.has_beside(action)) {
        let cure = entry.cure(&actions, Plain::Guessed(plain));
        return cure.map(|cure| (cure, String::new())).into_iter().collect();
    }
    let offers = prefixes.iter().zip(actions);
    let offers = offers.filter_map(|(prefix, action)| {
        let cure = entry.rename(action, plain)?;
        Some((cure, prefix.clone()))
    });
    offers.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

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
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`lamda:InvokeFunction` and `lamda:*` have no effect: no service has the prefix `lamda`."
        );
    }

    #[test]
    fn the_service_that_alone_has_the_action() {
        for (action, help) in [
            ("vpc:DescribeSubnets", "Did you mean `ec2:DescribeSubnets`?"),
            // Nearer ones that have it come first; many have this one, and none that.
            ("lamda:GetFunction", "Did you mean `lambda:GetFunction`?"),
            (
                "shoes:TagResource",
                "Look up the service's prefix in AWS's Service Authorization Reference.",
            ),
            (
                "shoes:TieLaces",
                "Look up the service's prefix in AWS's Service Authorization Reference.",
            ),
            (
                "shoes:DescribeSubnets*",
                "Look up the service's prefix in AWS's Service Authorization Reference.",
            ),
        ] {
            let text = format!("Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}\n");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found[0].help, help, "{action}");
        }
    }

    #[test]
    fn each_policy_has_its_own_finding() {
        let policy = |action: &str| {
            format!(
                "{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: {{Effect: Allow, Action: [{action}], Resource: '*'}}}}}}"
            )
        };
        let text = format!(
            "Resources: {{R: {{Type: 'AWS::IAM::Role', Properties: {{Policies: [{}, {}]}}}}}}\n",
            policy("'lamda:InvokeFunction', 'lamda:GetFunction'"),
            policy("'lamda:GetFunction'"),
        );
        let findings = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(findings.len(), 2, "{findings:?}");
        let second = &findings[0].related[0];
        assert_eq!(&text[second.span.range()], "lamda");
        assert_eq!(second.note, "`lamda:GetFunction`, too");
    }

    #[test]
    fn a_successor_is_offered_where_it_has_the_name() {
        let text = "\
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - macie:ListTagsForResource
      - macie:ListS3Resources
      - macie:List*
      - macie:TagResource
    Resource: '*'
";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}")
        };
        assert_eq!(finding.level, Level::Warning);
        assert_eq!(finding.help, "It was replaced by `macie2`.");
        assert_eq!(finding.related.len(), 3);
        let titles: Vec<_> = finding.fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(titles, ["Replace macie with macie2"]);
        let fix = finding.fixes[0].resolve(&fixture.context()).unwrap();
        let after = leastwise_syntax::write::apply(text, &fix.edits);
        let mended = text
            .replace("macie:ListTags", "macie2:ListTags")
            .replace("macie:Tag", "macie2:Tag");
        assert_eq!(after, mended);
    }

    #[test]
    fn what_only_a_policy_of_aws_names_is_a_warning() {
        let text = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: builderid:CreateInvitation, Resource: '*'}\n";
        let findings = Fixture::new(text, "").findings(&RULE);
        assert_eq!(findings[0].level, Level::Warning);
        assert!(
            findings[0].message.contains("list of 2026-10-27 does"),
            "{findings:?}"
        );
        let typo = text.replace("builderid", "bulderid");
        assert_eq!(
            Fixture::new(&typo, "").findings(&RULE)[0].level,
            Level::Error
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
            fixed_text(&RULE, text, ""),
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
