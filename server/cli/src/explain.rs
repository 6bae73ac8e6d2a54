//! `leastwise explain`

use std::fmt::Write as _;

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{
    Detail, describe_action, describe_arn, describe_cfn_type, describe_condition_key,
    describe_managed_policy, describe_policy_template, describe_service, describe_wildcard,
};
use leastwise_rules::Rule;

use crate::args::ExplainArgs;
use crate::outcome::{Failure, Outcome};
use crate::output::{note, print, shown};

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs) -> Result<Outcome, Failure> {
    // Nothing that is known has a name with other characters.
    let what = &*shown(args.what.trim());
    match explain(what) {
        Some(text) => {
            print(&format!("{}\n", text.trim_end()))?;
            Ok(Outcome::Fine)
        }
        None => {
            note(&format!("{}.{}", not_found(what), suggestions(what)));
            Ok(Outcome::Findings)
        }
    }
}

fn explain(what: &str) -> Option<String> {
    if let Some(rule) = leastwise_rules::rule(what) {
        return Some(describe_rule(rule));
    }
    let catalog = catalog();
    if what.starts_with("arn:") {
        let managed = catalog
            .managed_policy(what)
            .map(|policy| describe_managed_policy(policy, Detail::Full));
        return managed.or_else(|| describe_arn(what, Detail::Full));
    }
    if what.contains("::") {
        return catalog
            .cfn_type(what)
            .map(|kind| describe_cfn_type(kind, Detail::Full));
    }
    if let Some((service, name)) = what.split_once(':') {
        if name.contains(['*', '?']) || service.contains(['*', '?']) {
            return describe_wildcard(what, Detail::Full);
        }
        if let Some(action) = catalog.action(service, name) {
            return Some(describe_action(action, Detail::Full));
        }
        if let Some(key) = catalog.condition_key(what) {
            return Some(describe_condition_key(key, Detail::Full));
        }
        if let Some(operation) = catalog.api_operation(service, name) {
            let needs = match operation.needs_some() {
                true => "Depending on what the call does, it needs",
                false => "It needs",
            };
            let mut text = format!("`{what}` is an API operation, not an action. {needs}:\n");
            for action in operation.actions() {
                let _ = write!(text, "\n{}\n", describe_action(action, Detail::Full));
            }
            return Some(text);
        }
        let retired = catalog
            .retired_action(service, name)
            .or_else(|| catalog.retired_service(service))?;
        return Some(describe_retired(what, retired));
    }
    if what == "*" {
        return describe_wildcard(what, Detail::Full);
    }
    if let Some(service) = catalog.service(what) {
        return Some(describe_service(service, Detail::Full));
    }
    if let Some(retired) = catalog.retired_service(what) {
        return Some(describe_retired(what, retired));
    }
    if let Some(template) = catalog.policy_template(what) {
        return Some(describe_policy_template(template, Detail::Full));
    }
    catalog
        .managed_policy(what)
        .map(|policy| describe_managed_policy(policy, Detail::Full))
}

fn describe_retired(what: &str, retired: leastwise_catalog::Retired) -> String {
    let mut text = format!("`{what}` is retired and has no effect.");
    let successors: Vec<_> = retired
        .replaced_by()
        .map(|name| format!("`{name}`"))
        .collect();
    if !successors.is_empty() {
        let _ = write!(text, " It was replaced by {}.", successors.join(", "));
    }
    if let Some(note) = retired.note() {
        let _ = write!(text, " {note}");
    }
    text
}

fn describe_rule(rule: &Rule) -> String {
    let mut text = format!("# {}\n\n{}\n", rule.id, rule.documentation());
    let _ = write!(
        text,
        "\nSeverity: {}. Group: {}. Since {}.",
        rule.level.name(),
        rule.group.name(),
        rule.since
    );
    if !rule.equivalents.is_empty() {
        let same: Vec<_> = rule
            .equivalents
            .iter()
            .map(|(tool, id)| format!("{tool} {id}"))
            .collect();
        let _ = write!(text, " Similar checks: {}.", same.join(", "));
    }
    text
}

/// What was looked for, and isn't there.
fn not_found(what: &str) -> String {
    if what.starts_with("arn:") {
        return format!("no managed policy has the ARN `{what}`, and no resource one like it");
    }
    if what.contains("::") {
        return format!("there is no CloudFormation type `{what}`");
    }
    let Some((prefix, name)) = what.split_once(':') else {
        return format!("there is no rule, service or managed policy `{what}`");
    };
    let is_wildcard = name.contains(['*', '?']);
    match catalog().service(prefix) {
        Some(service) if is_wildcard => format!("no action of {} matches `{what}`", service.name()),
        Some(service) => format!("{} has no action or condition key `{what}`", service.name()),
        None if prefix.contains(['*', '?']) => format!("no action matches `{what}`"),
        None if prefix == "aws" => format!("there is no global condition key `{what}`"),
        None => format!("no service has the prefix `{prefix}`"),
    }
}

/// The services that a name is near to. By a slip in three letters, any name is near to one.
fn services(name: &str, most: usize) -> impl Iterator<Item = String> {
    let near = catalog().suggest_services(name, most).into_iter();
    let near = near.map(|service| service.prefix().to_owned());
    near.filter(move |found| name.len() > 3 || found.len() != name.len())
}

fn suggestions(what: &str) -> String {
    let catalog = catalog();
    let mut near: Vec<String> = match what.split_once(':') {
        Some((service, name)) => {
            let actions = catalog
                .suggest_actions(service, name, 3)
                .into_iter()
                .map(|action| action.full_name());
            let mut near: Vec<String> = actions.collect();
            // A service without that action isn't what was meant, unless nothing else is near.
            if near.is_empty() && catalog.service(service).is_none() {
                near.extend(services(service, 2));
            }
            near
        }
        None => services(what, 3).collect(),
    };
    near.dedup();
    if near.is_empty() {
        String::new()
    } else {
        format!(" Did you mean `{}`?", near.join("` or `"))
    }
}
