//! What texts and variables are under each environment, for showing.

use std::fmt::Write as _;

use leastwise_catalog::describe::{bare, code, code_in_cell};
use leastwise_model::Item;
use leastwise_model::quote::{is_short, quote};
use leastwise_model::resolved::Resolved;
use leastwise_model::text::{Part, Text};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::file_names::FileNames;

/// The most rows of a table in a hover.
pub(crate) const ROWS: usize = 10;

/// A value and the environments that have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct EnvironmentValue {
    /// The value as a user would write it.
    pub text: String,
    /// Names of environments, in the config's order.
    pub environments: Vec<String>,
    /// Conditions of the template that it depends on, as words.
    pub when: String,
    /// Whether only a parameter's default says so.
    pub assumed: bool,
}

/// The distinct values of an item.
pub(crate) fn of_item(context: Context<'_>, item: &Item) -> Vec<EnvironmentValue> {
    let mut values = Vec::new();
    for (environment, resolved) in context.analysis.shown(context.tree, item) {
        add_resolved(context, &mut values, &environment.name, resolved);
    }
    values
}

/// The distinct values of a text.
pub(crate) fn of_text(context: Context<'_>, text: &Text) -> Vec<EnvironmentValue> {
    let own = FileNames::Own(context.analysis.state());
    of_text_by(context, &own, text)
}

/// The distinct values of a text, by what is known of the file's names.
pub(crate) fn of_text_by(
    context: Context<'_>,
    names: &FileNames<'_>,
    text: &Text,
) -> Vec<EnvironmentValue> {
    let mut values = Vec::new();
    for environment in &context.analysis.environments {
        for resolved in names.resolve(context, text, environment) {
            add_resolved(context, &mut values, &environment.name, &resolved);
        }
    }
    values
}

fn add_resolved(
    context: Context<'_>,
    values: &mut Vec<EnvironmentValue>,
    environment: &str,
    resolved: &Resolved,
) {
    let text = resolved.pattern.display();
    let when = conditions(&resolved.conditions);
    add(context, values, environment, text, when, resolved.assumed);
}

/// The distinct values of a variable of the Serverless Framework, by what stands between its `${` and `}`.
pub(crate) fn of_expression(context: Context<'_>, inner: &str) -> Vec<EnvironmentValue> {
    let Some(node) = context.tree.documents().first().copied() else {
        return Vec::new();
    };
    let span = Span::default();
    let part = Part::Expression {
        text: inner.to_owned(),
        sub: true,
        span,
    };
    let parts = vec![part];
    of_text(context, &Text { node, span, parts })
}

/// The distinct values of a variable, `AppId` or `Queue.Arn`. A value that isn't known is the variable itself.
pub(crate) fn of_variable(context: Context<'_>, name: &str) -> Vec<EnvironmentValue> {
    let Some(node) = context.tree.documents().first().copied() else {
        return Vec::new();
    };
    let span = Span::default();
    let part = context.analysis.state().part(name, span);
    of_text(
        context,
        &Text {
            node,
            span,
            parts: vec![part],
        },
    )
}

/// The value that a variable has everywhere, or has first, in a few words.
pub(crate) fn short(context: Context<'_>, name: &str) -> String {
    let values = of_variable(context, name);
    let unknown = format!("${{{name}}}");
    match values.as_slice() {
        [] => String::new(),
        [value] if value.text == unknown => String::new(),
        [value] => value.text.clone(),
        [value, rest @ ..] => format!("{} +{}", value.text, rest.len()),
    }
}

fn add(
    context: Context<'_>,
    values: &mut Vec<EnvironmentValue>,
    environment: &str,
    text: String,
    when: String,
    assumed: bool,
) {
    // Of what comes from other files a line is shown, and no more.
    let text = match is_short(&text) || context.tree.source().contains(&text) {
        true => text,
        false => shortened(&text),
    };
    match values
        .iter_mut()
        .find(|value| value.text == text && value.when == when)
    {
        Some(value) => {
            if value
                .environments
                .last()
                .is_none_or(|last| last != environment)
            {
                value.environments.push(environment.to_owned());
            }
        }
        None => values.push(EnvironmentValue {
            text,
            environments: vec![environment.to_owned()],
            when,
            assumed,
        }),
    }
}

/// A value as it is quoted, but for an ARN, which tells at its end what it is of: there what is left out stands in the middle.
fn shortened(text: &str) -> String {
    let quoted = quote(text);
    let line = text.lines().next().unwrap_or_default();
    let Some(begin) = quoted
        .strip_suffix('…')
        .filter(|begin| begin.starts_with("arn:") && begin.len() < line.len())
    else {
        return quoted.into_owned();
    };
    let count = begin.chars().count();
    let head: String = begin.chars().take(count / 2).collect();
    let mut tail: Vec<char> = line.chars().rev().take(count - count / 2).collect();
    tail.reverse();
    format!("{head}…{}", tail.into_iter().collect::<String>())
}

fn conditions(conditions: &[(String, bool)]) -> String {
    let words: Vec<String> = conditions
        .iter()
        .map(|(name, holds)| {
            if *holds {
                name.clone()
            } else {
                format!("not {name}")
            }
        })
        .collect();
    words.join(", ")
}

/// A Markdown table of values, of at most [`ROWS`] rows; a single value is a line without a table.
pub(crate) fn table(values: &[EnvironmentValue], heading: &str) -> String {
    let mut out = String::new();
    if let [value] = values {
        let _ = write!(out, "{}", code(&value.text));
        if !value.when.is_empty() {
            let _ = write!(out, " ({})", bare(&value.when));
        }
        if value.assumed {
            out.push_str(" (by a parameter's default)");
        }
        return out;
    }
    let conditional = values.iter().any(|value| !value.when.is_empty());
    let _ = writeln!(
        out,
        "| environment |{} {heading} |",
        if conditional { " when |" } else { "" }
    );
    let _ = writeln!(
        out,
        "| --- |{} --- |",
        if conditional { " --- |" } else { "" }
    );
    for value in values.iter().take(ROWS) {
        let mut names = value
            .environments
            .iter()
            .take(3)
            .map(|name| bare(name))
            .collect::<Vec<_>>()
            .join(", ");
        if value.environments.len() > 3 {
            let _ = write!(names, " +{}", value.environments.len() - 3);
        }
        let _ = write!(out, "| {names} |");
        if conditional {
            let _ = write!(out, " {} |", bare(&value.when));
        }
        let _ = writeln!(out, " {} |", code_in_cell(&value.text));
    }
    if values.len() > ROWS {
        let more = values.len() - ROWS;
        let _ = writeln!(out, "\n… and {more} more: `leastwise resolve` shows all.");
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn of_a_long_arn_both_ends_are_shown() {
        let name = "a".repeat(200);
        let arn = format!("arn:aws:sqs:eu-west-1:111111111111:{name}-orders");
        let short = shortened(&arn);
        assert!(
            short.starts_with("arn:aws:sqs:eu-west-1:111111111111:aaa"),
            "{short}"
        );
        assert!(
            short.ends_with("aaa-orders") && short.contains('…'),
            "{short}"
        );
        assert_eq!(short.chars().count(), 81);
        // Of other texts the beginning is shown, and never a second line.
        assert!(shortened(&name).ends_with("a…"));
        let lines = shortened(&format!("{arn}\nsecret"));
        assert!(lines.ends_with("-orders"), "{lines}");
        assert_eq!(shortened("arn:aws:s3:::a\nsecret"), "arn:aws:s3:::a…");
    }
}
