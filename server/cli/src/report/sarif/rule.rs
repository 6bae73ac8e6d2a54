//! What SARIF says of a rule.

use leastwise_model::Level;
use leastwise_rules::Rule;
use serde_json::{Value, json};

use super::severity::level;
use crate::limits::SARIF_DESCRIPTION;

/// A rule's `reportingDescriptor`.
pub(super) fn descriptor(rule: &Rule) -> Value {
    let documentation = rule.documentation();
    let prose = documentation
        .split("\n## ")
        .next()
        .unwrap_or_default()
        .trim();
    let severity = match rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Suggestion | Level::Off => "recommendation",
    };
    let equivalents = rule.equivalents.iter();
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": description(prose) },
        "help": { "text": prose, "markdown": documentation },
        "defaultConfiguration": {
            "level": level(rule.level),
            "enabled": rule.level != Level::Off,
        },
        "properties": {
            "tags": ["aws", "iam", rule.group.name()],
            "problem.severity": severity,
            "equivalents": equivalents.map(|(tool, id)| format!("{tool}:{id}")).collect::<Vec<_>>(),
        },
    })
}

/// The paragraphs that a description has room for.
fn description(prose: &str) -> String {
    let mut text = String::new();
    for paragraph in prose.split("\n\n") {
        let paragraph = paragraph.replace('\n', " ");
        let length = text.chars().count() + paragraph.chars().count() + 1;
        if !text.is_empty() && length > SARIF_DESCRIPTION {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&paragraph);
    }
    text.chars().take(SARIF_DESCRIPTION).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_rules::RULES;

    #[test]
    fn github_takes_every_rule() {
        for rule in RULES {
            let told = descriptor(rule);
            for (key, most) in [("shortDescription", 1024), ("fullDescription", 1024)] {
                let text = told[key]["text"].as_str().expect("a text");
                assert!(
                    (1..=most).contains(&text.chars().count()),
                    "{}: {key}",
                    rule.id
                );
            }
            assert!(rule.id.len() <= 255);
            for key in ["text", "markdown"] {
                assert_ne!(told["help"][key], "", "{}: help", rule.id);
            }
            let whole = rule.documentation().starts_with("Finds");
            let first = told["fullDescription"]["text"].as_str();
            assert!(
                whole && first.is_some_and(|text| text.starts_with("Finds")),
                "{}",
                rule.id
            );
        }
    }
}
