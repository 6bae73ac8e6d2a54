//! Finds actions that AWS doesn't have.
//!
//! IAM takes them without a word, and they match nothing: the permission that was meant is missing, or what was to be
//! denied stays allowed. Many a name is that of an API operation that is guarded by an action of another name:
//! `s3:ListObjectsV2` needs `s3:ListBucket`. An action that AWS has given up is only warned of.
//!
//! The action of a resource that is a permission by itself, such as `AWS::Lambda::Permission`, is looked at as well: there
//! AWS refuses what isn't one action of the resource's service.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObejct
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "apigateway:GetRestApis",
//!       "Resource": "arn:aws:apigateway:eu-west-1::/restapis"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:GetObject, s3:PutObject
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
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "apigateway:GET",
//!       "Resource": "arn:aws:apigateway:eu-west-1::/restapis"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:GetObject
//!       - s3:PutObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use leastwise_catalog::{Action, NamedElsewhere, Retired, Service, catalog};
use leastwise_model::Level;
use leastwise_policy::{ActionPattern, NamedAction};
use leastwise_syntax::Span;

use super::slip::is_slip;
use super::{
    Entry, Guesses, all_of, choice, elsewhere_in_words, entries, malformed, named, of_permission,
    unlisted,
};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, Same, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-action",
    group: Group::Actions,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action that doesn't exist",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_ACTION"),
        ("parliament", "UNKNOWN_ACTION"),
        ("cfn-lint", "W3037"),
        ("iam-policy-validator", "action_validation"),
    ],
    scope: &[Scope::Unit(|context, facts| run(context, facts.findings()))],
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut guesses = Guesses::default();
    for entry in entries(context) {
        let refused = entry.permission;
        let refused = refused.filter(|to| of_permission::refuses(context, &entry, *to));
        let finding = match &*entry.pattern {
            _ if refused.is_some() => refused
                .and_then(|to| of_permission::finding(&RULE, context, &entry, to, &mut guesses)),
            ActionPattern::Malformed(reason) => {
                malformed::finding(&RULE, context, &entry, *reason, &mut guesses)
            }
            ActionPattern::Named(named) if !named.has_wildcards() => {
                unknown(context, &entry, named, &mut guesses)
            }
            _ => continue,
        };
        if let Some(finding) = finding {
            let finding = again(context, &entry, finding);
            findings.push(finding.owner(context.owner(entry.site)));
        }
    }
}

/// The same name at several places of a policy is one fault.
fn again(context: &Context<'_>, entry: &Entry<'_>, finding: Finding) -> Finding {
    let name = entry.item.text.literal(context.tree);
    let name = name.map(|text| format!("`{text}`"));
    let (Some(name), None) = (name, &finding.same) else {
        return finding;
    };
    let same = Same {
        within: entry.site.span(context.tree),
        // What is to be done isn't the same everywhere.
        key: format!("{} {}", finding.message, finding.help),
        // Those of one name are told in the words of the first.
        several: String::new(),
        name,
        help: String::new(),
        each: Vec::new(),
        intro: "",
    };
    finding.same(same)
}

fn unknown(
    context: &Context<'_>,
    entry: &Entry<'_>,
    named: &NamedAction,
    guesses: &mut Guesses,
) -> Option<Finding> {
    let service = catalog().service(named.service())?;
    let (prefix, name, text) = (service.prefix(), named.name(), named.text());
    if service.action(name).is_some() || unlisted::is_one(prefix, name) {
        return None;
    }
    let elsewhere = catalog().action_named_elsewhere(prefix, name);
    let span = entry.name_span(context, named);
    let finding = |message: String| Finding::new(&RULE, span, message).action(text);
    let retired = catalog().retired_action(prefix, name);
    let needed: Vec<String> = catalog()
        .api_operation(prefix, name)
        .into_iter()
        .flat_map(|operation| operation.actions())
        .map(|action| action.full_name())
        .collect();
    // What AWS itself asks for somewhere isn't surely in vain, whatever its table says.
    if let Some(page @ NamedElsewhere::Page(_)) = elsewhere {
        return Some(named_elsewhere(
            finding,
            entry.site.span(context.tree),
            text,
            page,
        ));
    }
    if !needed.is_empty() {
        let message = format!(
            "`{text}` is an operation of the API, but no action, and has no effect: the call needs {}.",
            all_of(&needed)
        );
        let mut finding = finding(message).help(format!("Write {}.", all_of(&needed)));
        let doubtful = elsewhere.is_some() || retired.is_some();
        if doubtful {
            finding = finding.level(Level::Warning);
        }
        // AWS says what the call needs; what another service guards is more than a name.
        let own = format!("{prefix}:");
        let plain = !doubtful && needed.iter().all(|action| action.starts_with(&own));
        return Some(offer(context, finding, entry, &needed, plain));
    }
    if let Some(retired) = retired {
        return Some(given_up(context, entry, finding, text, retired));
    }
    if catalog().api_operation(prefix, name).is_some() {
        return Some(without_action(finding, service, text));
    }
    if let Some(elsewhere) = elsewhere {
        let (within, finding) = (entry.site.span(context.tree), finding);
        return Some(named_elsewhere(finding, within, text, elsewhere));
    }
    let near = guesses.near(prefix, name);
    let is_beside = |action: &Action| entry.beside.has(*action);
    let is_slip = |action: &Action| is_slip(prefix, name, *action);
    // What was meant isn't what is there, unless it is plain that it was written twice.
    let near: Vec<Action> = near
        .into_iter()
        .filter(|action| is_slip(action) || !is_beside(action))
        .collect();
    let names: Vec<String> = near.iter().map(|action| action.full_name()).collect();
    let message = format!(
        "{} has no action `{name}`: `{text}` matches nothing and has no effect.",
        service.name()
    );
    let help = match names.is_empty() {
        true => format!("Look for the action among those of `{prefix}`."),
        false => format!("Did you mean {}?", choice(&names)),
    };
    let finding = finding(message).help(help);
    let there = near.iter().all(is_beside);
    let plain = near.iter().all(is_slip) && (near.len() == 1 || there);
    // Of several the one that works on what the statement names.
    let fitting: Vec<&Action> = near
        .iter()
        .filter(|action| near.len() > 1 && entry.may_fit(context, std::slice::from_ref(*action)))
        .collect();
    let fitting = match fitting.as_slice() {
        [only] if is_slip(only) => Some(only.full_name()),
        _ => None,
    };
    let (beside, others): (Vec<String>, Vec<String>) = names
        .into_iter()
        .partition(|action| entry.has_beside(action));
    if there && !beside.is_empty() {
        return Some(offer(context, finding, entry, &beside, plain));
    }
    // What is there already needs no second offer to be removed.
    let offers = beside.iter().take(1).chain(&others);
    Some(offers.fold(finding, |finding, action| {
        let plain = plain || fitting.as_ref() == Some(action);
        offer(context, finding, entry, std::slice::from_ref(action), plain)
    }))
}

/// An action that AWS once had.
fn given_up(
    context: &Context<'_>,
    entry: &Entry<'_>,
    finding: impl Fn(String) -> Finding,
    text: &str,
    retired: Retired,
) -> Finding {
    let note = retired
        .note()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    let date = catalog().date();
    let message = format!(
        "AWS no longer lists the action `{text}`{note}, as of {date}: it probably has no effect."
    );
    let successors: Vec<String> = retired.replaced_by().map(str::to_owned).collect();
    let help = match successors.is_empty() {
        true => "Remove it.".to_owned(),
        false => format!("Its work is now done by {}.", all_of(&successors)),
    };
    let same = Same {
        within: entry.site.span(context.tree),
        key: format!("retired {help}"),
        name: format!("`{text}`"),
        several: format!(
            "are actions that AWS no longer lists, as of {date}: they probably have no effect."
        ),
        help: help.replace("Remove it.", "Remove them."),
        each: Vec::new(),
        intro: "",
    };
    let finding = finding(message).level(Level::Warning).help(help).same(same);
    let own = |action: &String| {
        action.split_once(':').map(|of| of.0) == text.split_once(':').map(|of| of.0)
    };
    let plain = successors.len() == 1 && successors.iter().all(own);
    offer(context, finding, entry, &successors, plain)
}

/// An action that AWS names, but not in its list.
fn named_elsewhere(
    finding: impl Fn(String) -> Finding,
    within: Span,
    text: &str,
    elsewhere: NamedElsewhere,
) -> Finding {
    let date = catalog().date();
    let message = format!(
        "AWS's list of actions of {date} lacks `{text}`, {}: whether it has an effect isn't known.",
        elsewhere_in_words(elsewhere)
    );
    let help = "Try it, or look for the action that is listed.";
    finding(message)
        .level(Level::Warning)
        .help(help)
        .same(Same {
            within,
            key: format!("elsewhere {elsewhere:?}"),
            name: format!("`{text}`"),
            several: format!(
                "are not in AWS's list of actions of {date}, but {}: whether they have an effect isn't known.",
                elsewhere_in_words(elsewhere).trim_start_matches("which is ")
            ),
            help: "Try them, or look for the actions that are listed.".to_owned(),
            each: Vec::new(),
            intro: "",
        })
}

/// An operation of the API for which no action is known: newer than the catalog, or it needs no permission.
fn without_action(finding: impl Fn(String) -> Finding, service: Service, text: &str) -> Finding {
    let message = format!(
        "`{text}` is an operation of the API, but none of the actions of {} that are known: it probably has no effect.",
        service.name()
    );
    finding(message)
        .level(Level::Warning)
        .help("Look up which action the call needs; some need none.")
}

/// Adds the fix that puts these actions in the entry's place, or removes it where all of them stand beside it. `plain` says
/// that it is plain that they were meant.
fn offer(
    context: &Context<'_>,
    finding: Finding,
    entry: &Entry<'_>,
    actions: &[String],
    plain: bool,
) -> Finding {
    let (Some(replacement), false) = (entry.replacement(), actions.is_empty()) else {
        return finding;
    };
    // Where one action is due, a list is none.
    if entry.permission.is_some() && actions.len() > 1 {
        return finding;
    }
    let missing: Vec<String> = actions
        .iter()
        .filter(|action| !entry.has_beside(action))
        .cloned()
        .collect();
    if missing.is_empty() {
        let meant: Vec<Action> = actions.iter().filter_map(|of| named(of)).collect();
        let (edit, same) = entry.removal(context, &meant);
        let help = "Remove it: what was meant stands beside it.";
        let safety = match plain && same {
            true => Safety::Safe,
            false => Safety::Manual,
        };
        let finding = finding.help(help).fix("Remove it", safety, move |_| {
            Some(Fix::new(vec![edit.clone()]))
        });
        return finding.fix_of_several("Remove them");
    }
    let title = format!("Replace by {}", missing.join(", "));
    let safety = entry.safety(context, &missing, plain);
    finding.fix(title, safety, move |context| {
        replacement.with(context, &missing)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};
    use leastwise_model::Level;

    #[test]
    fn what_is_malformed_for_one_reason_is_one_fault() {
        let policy = |actions: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: 'arn:aws:s3:::shop/*'}}\n"
            )
        };
        let told = |actions: &str| {
            let findings = Fixture::new(&policy(actions), "").findings(&RULE);
            let said = findings
                .into_iter()
                .map(|of| (of.message, of.help, of.related.len()));
            said.collect::<Vec<_>>()
        };
        let [(message, help, related)] = told("'a*', 'b*', 'c*', 'd*', 'e*'")
            .try_into()
            .expect("one finding");
        assert_eq!(
            message,
            "`a*`, `b*`, `c*` and 2 more are no actions: an action is a service's prefix, a colon and a name, as in `s3:GetObject`. AWS refuses the policy."
        );
        assert_eq!(
            help,
            "Write the service's prefix, a colon and the name, as in `s3:GetObject`."
        );
        assert_eq!(related, 4);
        let [(_, help, _)] = told("'s3.GetObject', 's3.PutObject'")
            .try_into()
            .expect("one finding");
        assert!(
            help.ends_with(" They were probably meant to be `s3:GetObject`, `s3:PutObject`."),
            "{help}"
        );
        let mended = mend(&RULE, &policy("'s3.GetObject', 's3.PutObject'"), "");
        assert_eq!(mended, policy("'s3:GetObject', 's3:PutObject'"));
        // Another reason is another fault, and one that stands twice is told in the words of one.
        assert_eq!(
            told("'getobject', 's3:Get:Object', 's3:Put/Object'").len(),
            3
        );
        let twice = told("'getobject', 'getobject'");
        assert!(
            twice[0].0.starts_with("`getobject` is no action: "),
            "{twice:?}"
        );
        // Several in one text are something else, whatever each of them is.
        let both = told("'s3:GetObject, s3:PutObject', 's3:ListBucket s3:DeleteObject'");
        assert_eq!(
            both,
            [(
                "`s3:GetObject, s3:PutObject` and `s3:ListBucket s3:DeleteObject` each hold several actions in one text: AWS refuses the policy.".to_owned(),
                "Make each action an entry of the list.".to_owned(),
                1
            )]
        );
    }

    #[test]
    fn a_name_at_several_places_of_a_policy_is_one_fault() {
        let statement =
            r#"{"Effect": "Allow", "Action": ["s3:GetObejct", "s3:PutObejct"], "Resource": "*"}"#;
        let beside =
            r#"{"Effect": "Allow", "Action": ["s3:GetObejct", "s3:GetObject"], "Resource": "*"}"#;
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{statement}, {statement}, {beside}, {beside}]}}"#
        );
        let file = Fixture::new(&policy, "");
        let found = file.findings(&RULE);
        let said: Vec<_> = found
            .iter()
            .map(|of| (of.message.as_str(), of.related.len()))
            .collect();
        let said_of = |name: &str| {
            format!(
                "Amazon S3 has no action `{name}`: `s3:{name}` matches nothing and has no effect."
            )
        };
        let (get, put) = (said_of("GetObejct"), said_of("PutObejct"));
        let want = [(get.as_str(), 1), (put.as_str(), 1), (get.as_str(), 1)];
        assert_eq!(said, want);
        let told: Vec<_> = [&found[0], &found[2]]
            .map(|of| {
                (
                    of.help.as_str(),
                    of.fixes
                        .iter()
                        .map(|fix| fix.title.as_str())
                        .collect::<Vec<_>>(),
                )
            })
            .to_vec();
        assert_eq!(
            told,
            [
                (
                    "Did you mean `s3:GetObject`?",
                    vec!["Replace by s3:GetObject"]
                ),
                (
                    "Remove it: what was meant stands beside it.",
                    vec!["Remove them"]
                ),
            ]
        );
        for (text, count) in [(statement, 2), (beside, 2)] {
            let policy = format!(r#"{{"Version": "2012-10-17", "Statement": [{text}, {text}]}}"#);
            let mended = mend(&RULE, &policy, "");
            assert_eq!(mended.matches("s3:GetObject").count(), count, "{mended}");
            assert!(!mended.contains("Obejct"), "{mended}");
        }
        // What an operation needs is said behind its name as it is.
        let call = r#"{"Statement": [{"Effect": "Allow", "Action": "s3:HeadObject", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:HeadObject", "Resource": "*"}]}"#;
        let found = Fixture::new(call, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0]
                .message
                .starts_with("`s3:HeadObject` is an operation of the API, but no action"),
            "{found:?}"
        );
        // Each owner has its own policies to mend.
        let one = "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObejct', Resource: '*'}]}";
        let two = format!(
            "Resources:
  One: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {one}}}}}
  Two: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {one}}}}}
"
        );
        let found = Fixture::new(&two, "").findings(&RULE);
        let said: Vec<_> = found.iter().map(|of| of.related.len()).collect();
        assert_eq!(said, [0, 0]);
    }

    #[test]
    fn marks_the_name() {
        let messages = check(
            &RULE,
            r#"
{
  "Resources": {
    "Shop": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObejct", "S3:getobject", "s3:Gett*", "lamda:Invoke"], "Resource": "*"},
                                               ^^^^^^^^^
            {"Effect": "Deny", "NotAction": "dynamodb:GetItems", "Resource": "*"}
                                                      ^^^^^^^^
          ]
        }
      }
    }
  }
}
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "Amazon S3 has no action `GetObejct`: `s3:GetObejct` matches nothing and has no effect."
        );
    }

    #[test]
    fn removes_what_stands_beside_what_was_meant() {
        let text = "\
Statement:
  - Effect: Allow
    Action:
      - sqs:SendMessage
      - sqs:SendMessageBatch
      - s3:GetObejct
      - s3:Get*
    Resource: '*'
";
        let mended = "\
Statement:
  - Effect: Allow
    Action:
      - sqs:SendMessage
      - s3:Get*
    Resource: '*'
";
        assert_eq!(mend(&RULE, text, ""), mended);
    }

    #[test]
    fn policies_of_aws_are_left_alone() {
        let text = r#"
{
  "Policies": [
    {"PolicyName": "AWSOld", "Arn": "arn:aws:iam::aws:policy/AWSOld",
     "PolicyVersionList": [{"Document": {"Statement": {"Effect": "Allow", "Action": "s3:GetObejct", "Resource": "*"}}}]},
    {"PolicyName": "own", "Arn": "arn:aws:iam::111111111111:policy/own",
     "PolicyVersionList": [{"Document": {"Statement": {"Effect": "Allow", "Action": "s3:GetObejct", "Resource": "*"}}}]}
                                                                                        ^^^^^^^^^
  ]
}
"#;
        check(&RULE, text, "");
    }

    #[test]
    fn marks_what_is_malformed() {
        let messages = check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3GetObject
        ^^^^^^^^^^^
      - "S3 :GetObject"
           ^
      - s3:GetObject, s3:PutObject
        ^^^^^^^^^^^^^^^^^^^^^^^^^^
      - s3:Get:Object
              ^
      - 's3:'
         ^^^
      - ""
        ^^
      - s3:Get/Object
              ^
      - '${Service}:GetObject'
    Resource: '*'
"#,
            "",
        );
        let start: Vec<_> = messages
            .iter()
            .map(|message| message.split(". ").next().unwrap_or_default())
            .collect();
        assert_eq!(
            start,
            [
                "`s3GetObject` is no action: an action is a service's prefix, a colon and a name, as in `s3:GetObject`",
                "`S3 :GetObject` is no action: an action can't hold a space",
                "Several actions stand in one text: AWS refuses the policy.",
                "`s3:Get:Object` is no action: an action has one colon only",
                "`s3:` is no action: no name stands behind the colon",
                "The action is empty: AWS refuses the policy.",
                "`s3:Get/Object` is no action: an action can't hold `/`",
            ]
        );
    }

    #[test]
    fn mends_what_is_malformed() {
        let policy = |action: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: {action}, Resource: '*'}}\n"
            )
        };
        for (before, after) in [
            ("'s3GetObject'", "'s3:GetObject'"),
            ("'S3 :GetObject'", "'S3:GetObject'"),
            ("'s3::GetObject'", "'s3:GetObject'"),
            ("'s3.GetObject'", "'s3:GetObject'"),
            ("'s3/Get*'", "'s3:Get*'"),
            (
                "'s3:GetObject s3:PutObject'",
                "['s3:GetObject', 's3:PutObject']",
            ),
            (
                "['s3:GetObject,s3:PutObject', 's3:List*']",
                "['s3:GetObject', 's3:PutObject', 's3:List*']",
            ),
            ("'s3:Get:Object'", "'s3:Get:Object'"),
            ("'GetObject'", "'GetObject'"),
        ] {
            assert_eq!(mend(&RULE, &policy(before), ""), policy(after));
        }
    }

    #[test]
    fn mends_in_a_block() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject, s3:PutObject # both\n    Resource: '*'\n";
        let after = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: # both\n      - s3:GetObject\n      - s3:PutObject\n    Resource: '*'\n";
        assert_eq!(mend(&RULE, text, ""), after);
    }

    #[test]
    fn actions_that_are_in_no_list_but_valid() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - {Effect: Allow, Principal: '*', Action: ['SNS:Receive', 'SNS:Publish', 'SQS:SendMessage'], Resource: '*'}
  - {Effect: Allow, Principal: '*', Action: ['execute-api:Invoke', 'es:ESHttpGet', 'elasticfilesystem:ClientMount'], Resource: '*'}
  - {Effect: Allow, Principal: '*', Action: ['iot:Connect', '*', 'kms:*'], Resource: '*'}
  - {Effect: Allow, Action: ['iot:AssumeRoleWithCertificate', 'greengrass:VerifyClientDeviceIdentity'], Resource: '*'}
"#,
            "",
        );
    }

    #[test]
    fn an_operation_needs_another_action() {
        let text = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:ListObjectsV2\", \"Resource\": \"*\"}]}";
        let messages: Vec<_> = Fixture::new(text, "")
            .findings(&RULE)
            .into_iter()
            .map(|finding| finding.message)
            .collect();
        assert_eq!(
            messages,
            [
                "`s3:ListObjectsV2` is an operation of the API, but no action, and has no effect: the call needs `s3:ListBucket`."
            ]
        );
        assert_eq!(
            mend(&RULE, text, ""),
            text.replace("ListObjectsV2", "ListBucket")
        );
    }

    #[test]
    fn a_denied_typo_grants_nothing_when_it_is_mended() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: s3:DeletBucket\n    Resource: '*'\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        let fix = findings[0].fixes[0].resolve(&fixture.context());
        let fix = fix.map(|fix| (fix.title, fix.adds, fix.removes));
        assert_eq!(
            fix,
            Some(("Replace by s3:DeleteBucket".to_owned(), vec![], vec![]))
        );
    }

    #[test]
    fn an_action_that_ended_is_a_warning() {
        let text = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: quicksight:DescribeAutomationGroup, Resource: '*'}\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings[0].level, Level::Warning);
        assert!(
            findings[0]
                .message
                .starts_with("AWS no longer lists the action"),
            "{}",
            findings[0].message
        );
    }

    #[test]
    fn what_aws_names_elsewhere_is_a_warning_with_the_date() {
        let policy = |actions: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: '*'}}\n"
            )
        };
        let told = |actions: &str| {
            let findings = Fixture::new(&policy(actions), "").findings(&RULE);
            let said = findings.iter().map(|of| (of.level, of.message.clone()));
            said.collect::<Vec<_>>()
        };
        let (level, message) = &told("'transform:GetWorkspace'")[0];
        assert_eq!(*level, Level::Warning);
        assert!(
            message
                .starts_with("AWS's list of actions of 2026-10-27 lacks `transform:GetWorkspace`"),
            "{message}"
        );
        // In a managed policy of AWS, and an operation of the API.
        assert_eq!(told("'payments:CreatePaymentProfile'")[0].0, Level::Warning);
        assert_eq!(told("'budgets:CreateBudget'")[0].0, Level::Warning);
        // In an older list.
        assert_eq!(told("'workmail:SetAdmin'")[0].0, Level::Warning);
        let old = told("'workmail:SetAdmin', 'workmail:DescribeMailUsers'");
        assert_eq!(old.len(), 1);
        assert!(
            old[0].1.starts_with("`workmail:SetAdmin` and `workmail:DescribeMailUsers` are actions that AWS no longer lists, as of 2026-10-27"),
            "{old:?}"
        );
        assert_eq!(told("'workmail:SetAdmins'")[0].0, Level::Error);
        assert_eq!(told("'s3:ListObjectsV2'")[0].0, Level::Error);
        let both = told("'transform:GetWorkspace', 's3:GetObejct', 'transform:GetJob'");
        assert_eq!(both.len(), 2, "{both:?}");
    }

    #[test]
    fn a_flood_is_found_but_not_guessed_at() {
        let actions: Vec<String> = (0..300).map(|n| format!("\"s3:GetObejct{n}\"")).collect();
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Allow\", \"Action\": [{}], \"Resource\": \"*\"}}}}",
            actions.join(", ")
        );
        let findings = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(findings.len(), 300);
        assert!(!findings[0].fixes.is_empty());
        assert!(findings[299].fixes.is_empty());
    }

    #[test]
    fn what_api_gateway_asks_for_is_a_warning_without_a_fix() {
        for action in ["apigateway:TagResource", "apigateway:UntagResource"] {
            let text = format!("Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}\n");
            let fixture = Fixture::new(&text, "");
            let found = fixture.findings(&RULE);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].level, Level::Warning);
            assert!(found[0].message.starts_with("AWS's list of actions of "));
            assert!(fixture.fixes(&RULE).is_empty());
        }
        let other =
            "Statement: {Effect: Allow, Action: 'apigateway:CreateRestApi', Resource: '*'}\n";
        assert_eq!(
            Fixture::new(other, "").findings(&RULE)[0].level,
            Level::Error
        );
    }
}
