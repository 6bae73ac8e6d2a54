//! What SARIF says of a finding.

use leastwise_rules::ResolvedFix;
use serde_json::{Map, Value, json};

use super::super::lines::Range;
use super::super::model::{Located, LocatedFix};
use super::severity::level;
use crate::limits::SARIF_RELATED;

/// A finding's `result`; `source` is what it was found in.
pub(super) fn result(
    located: &Located,
    source: &str,
    artifact: &Value,
    fingerprints: Value,
) -> Value {
    let finding = &located.finding;
    let place = physical(artifact, &located.range);
    let location = match &finding.owner {
        Some(owner) => json!({
            "physicalLocation": place,
            "logicalLocations": [{ "name": owner, "kind": "resource" }],
        }),
        None => json!({ "physicalLocation": place }),
    };
    let text = format!("{} {}", finding.message, finding.help);
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.rule.id.into());
    result.insert("level".into(), level(finding.level).into());
    result.insert(
        "message".into(),
        json!({ "text": message(text.trim_end()) }),
    );
    result.insert("locations".into(), json!([location]));
    result.insert("partialFingerprints".into(), fingerprints);
    let related = finding.related.iter().zip(&located.related);
    let related: Vec<_> = related
        .take(SARIF_RELATED)
        .enumerate()
        .map(|(id, (related, range))| {
            json!({
                "id": id,
                "physicalLocation": physical(artifact, range),
                "message": { "text": message(&related.note) },
            })
        })
        .collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    let fixes = located
        .fixes
        .iter()
        .map(|fix| proposed(fix, source, artifact));
    let fixes: Vec<_> = fixes.collect();
    if !fixes.is_empty() {
        result.insert("fixes".into(), fixes.into());
    }
    Value::Object(result)
}

/// A finding's `fix`. Nothing in SARIF says how far to trust one, so its description does.
fn proposed(located: &LocatedFix, source: &str, artifact: &Value) -> Value {
    let fix = &located.fix;
    let edits = fix.edits.iter().zip(&located.ranges);
    let replacements = edits.map(|(edit, range)| {
        json!({
            "deletedRegion": region(range),
            "insertedContent": { "text": edit.text },
        })
    });
    json!({
        "description": { "text": message(&description(fix, source)) },
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": replacements.collect::<Vec<_>>(),
        }],
        "properties": { "kind": fix.safety.name(), "adds": fix.adds, "removes": fix.removes },
    })
}

fn description(fix: &ResolvedFix, source: &str) -> String {
    let mut text = format!("{} ({}", fix.title, fix.safety.name());
    let announced = fix.announced(source);
    if !announced.is_empty() {
        text.push_str(&format!("; {announced}"));
    }
    text.push(')');
    text
}

fn physical(artifact: &Value, range: &Range) -> Value {
    json!({ "artifactLocation": artifact, "region": region(range) })
}

fn region(range: &Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.utf16,
        "endLine": range.end.line,
        "endColumn": range.end.utf16,
    })
}

/// A text as a message, in which `[text](target)` is a link and `{0}` a placeholder: neither is meant where a checked
/// file says it.
fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', ']']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let is_link = after.starts_with("](");
        let digits = after.trim_start_matches('{');
        let digits = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_placeholder = after.starts_with('{') && digits.starts_with('}');
        let (sign, tail) = after.split_at(1);
        match (is_link, is_placeholder) {
            (true, _) => out.push('\\'),
            (_, true) => out.push('{'),
            _ => {}
        }
        out.push_str(sign);
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn messages_have_no_links_and_no_placeholders() {
        for (text, out) in [
            ("plain", "plain"),
            (
                "${AWS::Region} and [\"a\", \"b\"]",
                "${AWS::Region} and [\"a\", \"b\"]",
            ),
            ("[x](https://example.com)", "[x\\](https://example.com)"),
            ("{0} {a} {é} {", "{{0} {a} {é} {"),
        ] {
            assert_eq!(message(text), out);
        }
    }
}
