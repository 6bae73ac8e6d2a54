//! Finds actions that AWS doesn't have.
//!
//! IAM takes them without a word, and they match nothing: the permission that was meant is missing, or what was to be
//! denied stays allowed. Many a name is that of an API operation that is guarded by an action of another name:
//! `s3:ListObjectsV2` needs `s3:ListBucket`. An action that AWS has given up is only warned of.
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

use leastwise_catalog::{Service, catalog};
use leastwise_policy::{ActionPattern, NamedAction};
use leastwise_workspace::Level;

use super::{Entry, all_of, choice, entries, malformed};
use crate::{Context, Finding, Findings, FixKind, Group, Rule, Safety};

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
    run,
};

/// Actions that no list of AWS has, but that AWS itself writes into the policies that it makes.
const UNLISTED: [(&str, &str); 1] = [("sns", "Receive")];

fn run(context: &Context<'_>, findings: &mut Findings) {
    for entry in entries(context) {
        let finding = match &entry.pattern {
            ActionPattern::Malformed(reason) => malformed::finding(context, &entry, *reason),
            ActionPattern::Named(named) if !named.has_wildcards() => {
                unknown(context, &entry, named)
            }
            _ => continue,
        };
        if let Some(finding) = finding {
            findings.push(finding.owner(context.owner(entry.site)));
        }
    }
}

fn unknown(context: &Context<'_>, entry: &Entry<'_>, named: &NamedAction) -> Option<Finding> {
    let service = catalog().service(named.service())?;
    let (prefix, name, text) = (service.prefix(), named.name(), named.text());
    let unlisted = |(of, action): &(&str, &str)| *of == prefix && action.eq_ignore_ascii_case(name);
    if service.action(name).is_some() || UNLISTED.iter().any(unlisted) {
        return None;
    }
    let span = entry.name_span(context, named);
    let finding = |message: String| Finding::new(&RULE, span, message).action(text);
    if let Some(retired) = catalog().retired_action(prefix, name) {
        let note = retired
            .note()
            .map(|note| format!(" ({note})"))
            .unwrap_or_default();
        let message = format!("AWS has given up the action `{text}`{note}: it has no effect.");
        let successors: Vec<String> = retired.replaced_by().map(str::to_owned).collect();
        let help = match successors.is_empty() {
            true => "Remove it.".to_owned(),
            false => format!("Its work is now done by {}.", all_of(&successors)),
        };
        let finding = finding(message).level(Level::Warning).help(help);
        return Some(offer(finding, entry, &successors));
    }
    if let Some(operation) = catalog().api_operation(prefix, name) {
        let needed: Vec<String> = operation
            .actions()
            .map(|action| action.full_name())
            .collect();
        if needed.is_empty() {
            return Some(without_action(finding, service, text));
        }
        let message = format!(
            "`{text}` is an operation of the API, but no action, and has no effect: the call needs {}.",
            all_of(&needed)
        );
        let finding = finding(message).help(format!("Write {}.", all_of(&needed)));
        return Some(offer(finding, entry, &needed));
    }
    let near: Vec<String> = catalog()
        .suggest_actions(prefix, name, 3)
        .iter()
        .map(|action| action.full_name())
        .collect();
    let message = format!(
        "{} has no action `{name}`: `{text}` matches nothing and has no effect.",
        service.name()
    );
    let help = match near.is_empty() {
        true => format!("Look for the action among those of `{prefix}`."),
        false => format!("Did you mean {}?", choice(&near)),
    };
    let finding = finding(message).help(help);
    Some(near.iter().fold(finding, |finding, action| {
        offer(finding, entry, std::slice::from_ref(action))
    }))
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

/// Adds the fix that puts these actions in the entry's place.
fn offer(finding: Finding, entry: &Entry<'_>, actions: &[String]) -> Finding {
    let (Some(replacement), false) = (entry.replacement(), actions.is_empty()) else {
        return finding;
    };
    let title = format!("Replace by {}", actions.join(", "));
    let actions = actions.to_vec();
    finding.fix(title, Safety::Unsafe, move |context| {
        replacement.with(context, &actions)
    })
}
