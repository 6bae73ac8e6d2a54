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

use leastwise_catalog::{NamedElsewhere, Retired, catalog};
use leastwise_model::Level;
use leastwise_policy::{ActionPattern, NamedAction};

use super::slip::is_slip_of_service;
use super::{Entry, Guesses, all_of, choice, elsewhere_in_words, entries, is_something, named};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, Same, Scope};

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
    scope: &[Scope::Unit(|context, facts| run(context, facts.findings()))],
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut guesses = Guesses::default();
    // What AWS refuses as a permission's action is told as an unknown one.
    let entries = entries(context).into_iter();
    for entry in entries.filter(|entry| entry.permission.is_none()) {
        let ActionPattern::Named(named) = &*entry.pattern else {
            continue;
        };
        if named.has_service_wildcards() || catalog().service(named.service()).is_some() {
            continue;
        }
        let finding = match catalog().retired_service(named.service()) {
            Some(retired) => given_up(context, &entry, named, retired),
            None => match catalog().service_named_elsewhere(named.service()) {
                Some(elsewhere) => unlisted(context, &entry, named, elsewhere),
                None => unknown(context, &entry, named, guesses.allow(named.service())),
            },
        };
        findings.push(
            finding
                .owner(context.owner(entry.site))
                .action(named.text()),
        );
    }
}

/// What is said of several actions of one service in a policy.
fn same(context: &Context<'_>, entry: &Entry<'_>, named: &NamedAction, several: String) -> Same {
    Same {
        within: entry.site.span(context.tree),
        key: named.service().to_ascii_lowercase(),
        name: format!("`{}`", named.text()),
        several,
        help: String::new(),
        each: Vec::new(),
        intro: "",
    }
}

/// An action of a service that AWS once had.
fn given_up(
    context: &Context<'_>,
    entry: &Entry<'_>,
    named: &NamedAction,
    retired: Retired,
) -> Finding {
    let service = named.service();
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
    let several = Same {
        help: help.replace("the action", "them"),
        ..same(
            context,
            entry,
            named,
            format!(
                "are of the service `{service}`{what}, which AWS has given up: they have no effect."
            ),
        )
    };
    let finding = Finding::new(&RULE, entry.service_span(context, named), message)
        .level(Level::Warning)
        .help(help)
        .same(several);
    // Only what has the same name there is surely meant.
    let successors: Vec<String> = replaced
        .into_iter()
        .filter(|prefix| catalog().action(prefix, named.name()).is_some())
        .collect();
    offer(context, finding, entry, named, &successors)
}

/// An action of a service that AWS names, but doesn't list.
fn unlisted(
    context: &Context<'_>,
    entry: &Entry<'_>,
    named: &NamedAction,
    elsewhere: NamedElsewhere,
) -> Finding {
    let (service, text, date) = (named.service(), named.text(), catalog().date());
    let place = elsewhere_in_words(elsewhere);
    let message = format!(
        "AWS's list of services of {date} lacks `{service}`, {place}: whether `{text}` has an effect isn't known."
    );
    let several = format!(
        "are of the service `{service}`, which AWS's list of {date} lacks: whether they have an effect isn't known."
    );
    Finding::new(&RULE, entry.service_span(context, named), message)
        .level(Level::Warning)
        .help("Look up whether AWS has renamed the service.")
        .same(Same {
            help: "Look up whether AWS has renamed the service.".to_owned(),
            ..same(context, entry, named, several)
        })
}

/// An action of a service that AWS never had.
fn unknown(context: &Context<'_>, entry: &Entry<'_>, named: &NamedAction, guess: bool) -> Finding {
    let service = named.service();
    let near = match guess {
        true => catalog().suggest_services(service, 3),
        false => Vec::new(),
    };
    let mut prefixes: Vec<String> = near.iter().map(|of| of.prefix().to_owned()).collect();
    let mut fitting: Vec<String> = prefixes
        .iter()
        .filter(|of| is_something(&ActionPattern::parse(&format!("{of}:{}", named.name()))))
        .cloned()
        .collect();
    // `vpc:DescribeSubnets`: the action says which service is meant, where one alone has it.
    if let Some(only) = only_service_of(named).filter(|_| guess && fitting.is_empty()) {
        prefixes = vec![only.clone()];
        fitting = vec![only];
    }
    let message = format!(
        "There is no service `{service}`: `{}` matches nothing and has no effect.",
        named.text()
    );
    let actions: Vec<String> = fitting
        .iter()
        .map(|of| format!("{of}:{}", named.name()))
        .collect();
    let of_service = match prefixes.is_empty() {
        true => "Write the prefix that the service's actions have.".to_owned(),
        false => format!("Did you mean the service {}?", choice(&prefixes)),
    };
    let help = match fitting.is_empty() {
        false => format!("Did you mean {}?", choice(&actions)),
        true => of_service.clone(),
    };
    let several = format!(
        "are of a service `{service}`, which there isn't: they match nothing and have no effect."
    );
    let finding = Finding::new(&RULE, entry.service_span(context, named), message)
        .help(help)
        .same(Same {
            help: of_service,
            ..same(context, entry, named, several)
        });
    offer(context, finding, entry, named, &fitting)
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

/// Adds a fix for each of these prefixes that may take the place of the one that is written. What a wildcard stands for in a
/// service that isn't the one that is written, somebody has to choose.
fn offer(
    context: &Context<'_>,
    finding: Finding,
    entry: &Entry<'_>,
    pattern: &NamedAction,
    prefixes: &[String],
) -> Finding {
    let Some(replacement) = entry.replacement() else {
        return finding;
    };
    let (service, name) = (pattern.service(), pattern.name());
    let actions: Vec<String> = prefixes.iter().map(|of| format!("{of}:{name}")).collect();
    let plain = match prefixes {
        [only] => !pattern.has_wildcards() && is_slip_of_service(service, only),
        _ => false,
    };
    // What was meant may be there already.
    if !actions.is_empty() && actions.iter().all(|action| entry.has_beside(action)) {
        let meant: Vec<_> = actions.iter().filter_map(|of| named(of)).collect();
        let (edit, same) = entry.removal(context, &meant);
        let safety = match plain && same {
            true => Safety::Safe,
            false => Safety::Manual,
        };
        return finding
            .help("Remove it: what was meant stands beside it.")
            .fix("Remove it", safety, move |_| {
                Some(Fix::new(vec![edit.clone()]))
            });
    }
    let offers = prefixes.iter().zip(actions);
    offers.fold(finding, |finding, (prefix, action)| {
        let several = match pattern.has_wildcards() {
            true => format!("Replace {service} by {prefix} in wildcards"),
            false => format!("Replace {service} by {prefix}"),
        };
        let title = format!("Replace by {action}");
        let safety = entry.safety(context, std::slice::from_ref(&action), plain);
        finding
            .fix(title, safety, move |context| {
                replacement.with(context, std::slice::from_ref(&action))
            })
            .fix_of_several(several)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};
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
            "`lamda:InvokeFunction` and `lamda:*` are of a service `lamda`, which there isn't: they match nothing and have \
             no effect."
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
                "Write the prefix that the service's actions have.",
            ),
            (
                "shoes:TieLaces",
                "Write the prefix that the service's actions have.",
            ),
            (
                "shoes:DescribeSubnets*",
                "Write the prefix that the service's actions have.",
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
        assert_eq!(finding.help, "Its work is now done by `macie2`.");
        assert_eq!(finding.related.len(), 3);
        let titles: Vec<_> = finding.fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(titles, ["Replace macie by macie2"]);
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
            findings[0].message.contains("2026-10-27 lacks"),
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
