//! How findings are worded: what the lists of problems of editors have room for, and what they would show twice.

use super::fixture::Found;

/// How many characters of a message lists of problems show; those of the file's own names count like any other.
const MESSAGE: usize = 120;

/// Rules with messages that may be longer, and why.
const LONGER: &[(&str, &str)] = &[(
    "syntax-error",
    "says what the reader of the syntax expected, in its words",
)];

/// What is wrong with how a finding is worded.
pub fn check(finding: &Found) -> Result<(), String> {
    match fault(finding.rule.id, &finding.message) {
        Some(fault) => Err(format!("{}: {fault}: {}", finding.rule.id, finding.message)),
        None => has_cure(finding),
    }
}

/// That a finding says what to do: by its help or by a fix of its own, as a rule that has fixes may have none for this one.
pub fn has_cure(finding: &Found) -> Result<(), String> {
    let says = !finding.help.is_empty() || !finding.fixes.is_empty();
    match says || LONGER.iter().any(|(rule, _)| *rule == finding.rule.id) {
        true => Ok(()),
        false => Err(format!(
            "{}: no help and no fix: {}",
            finding.rule.id, finding.message
        )),
    }
}

/// What is wrong with a message of a rule.
fn fault(rule: &str, message: &str) -> Option<String> {
    let length = message.chars().count();
    if length > MESSAGE && !LONGER.iter().any(|(longer, _)| *longer == rule) {
        return Some(format!("{length} characters"));
    }
    if !message.ends_with('.') {
        return Some("no full stop".to_owned());
    }
    let mut names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair.first() == pair.last());
    twice.then(|| "a name twice".to_owned())
}

#[test]
fn what_is_too_long_or_said_twice() {
    let is_well = |message: &str| fault("unknown-action", message).is_none();
    assert!(is_well("`a` has no effect."));
    assert!(!is_well("`a` has no effect"));
    assert!(!is_well("`a` has no effect: `a` doesn't exist."));
    assert!(!is_well(&format!("{}.", "a".repeat(MESSAGE))));
}
