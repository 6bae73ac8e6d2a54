//! A policy template of SAM in words.

use super::Detail;
use super::wording::{count, enumerate, source};
use crate::PolicyTemplate;
use std::fmt::Write;

/// A policy template of SAM: its parameters, and what each of its statements allows.
pub fn describe_policy_template(template: PolicyTemplate, detail: Detail) -> String {
    let mut out = format!(
        "`{}` is a SAM policy template, which expands to {}.\n\n",
        template.name(),
        count(template.statements().len(), "statement")
    );
    let parameters = template.parameters();
    if parameters.len() > 0 {
        let _ = writeln!(out, "- It takes {}.", enumerate(parameters, Detail::Full));
    } else {
        out.push_str("- It takes no parameters: `{}`.\n");
    }
    for statement in template.statements() {
        let _ = write!(
            out,
            "- It allows {} on {}",
            enumerate(statement.actions(), Detail::Full),
            enumerate(statement.resources(), Detail::Full)
        );
        for [operator, key, value] in statement.tests() {
            let _ = write!(out, ", where `{key}` is `{value}` by `{operator}`");
        }
        out.push_str(".\n");
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}

/// A parameter of a policy template: where its value stands. `None` where the template has no such parameter.
pub fn describe_template_parameter(template: PolicyTemplate, parameter: &str) -> Option<String> {
    template.parameters().find(|name| *name == parameter)?;
    let variable = format!("${{{parameter}}}");
    let mut places: Vec<&str> = Vec::new();
    for statement in template.statements() {
        let values = statement.tests().map(|[_, _, value]| value);
        for text in statement.resources().chain(values) {
            if text.contains(&variable) && !places.contains(&text) {
                places.push(text);
            }
        }
    }
    Some(format!(
        "`{parameter}` is a parameter of `{}`. Its value is used in {}.",
        template.name(),
        enumerate(places, Detail::Full)
    ))
}
