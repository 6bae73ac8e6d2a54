//! Finds wildcards that match no action.
//!
//! `s3:Gett*` looks as if it allowed something, but no action begins with that, so it has no effect.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:Gett*
//!       - s3:List*
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
//!       - s3:Get*
//!       - s3:List*
//!     Resource: '*'
//! ```

use leastwise_catalog::{catalog, wildcard_matches};
use leastwise_model::Level;
use leastwise_policy::{ActionPattern, NamedAction};
use leastwise_syntax::Span;

use super::existing::is_something;
use super::typo::{has_whole_words, is_slip_of_verb, with_word};
use super::{Guesses, Replacement, all_of};
use crate::limits::CORRECTED_LENGTH;
use crate::support::action_entry::{ActionEntry, Grant};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, LazyFix, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "action-matches-nothing",
    group: Group::Actions,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A wildcard that matches no action",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_ACTION"),
        ("parliament", "UNKNOWN_ACTION"),
        ("cfn-lint", "W3037"),
        ("iam-policy-validator", "action_validation"),
    ],
    scope: &[Scope::Action(find)],
};

/// A pattern that no action matches.
struct Nothing {
    at: Span,
    text: String,
    /// Its service, where that is what matches none.
    service: Option<String>,
    /// What was probably meant.
    meant: Vec<String>,
    /// That it isn't looked for, where so.
    note: String,
    /// Whether that is plain.
    plain: bool,
    /// What it takes to write that.
    replacement: Option<Replacement>,
    owner: Option<String>,
}

/// Looks at an action. What AWS refuses as a permission's action is told as an unknown one.
fn find<'a>(context: &Context<'a>, entry: &ActionEntry<'a>, facts: &mut Facts<'a>) {
    if entry.permission.is_none() {
        facts.with(|guesses: &mut Guesses, facts| {
            facts.extend(Nothing::of(context, entry, guesses))
        });
    }
}

impl Nothing {
    /// What is so about an entry; what was meant is worked out for so many of the file.
    fn of(
        context: &Context<'_>,
        entry: &ActionEntry<'_>,
        guesses: &mut Guesses,
    ) -> Option<Nothing> {
        let ActionPattern::Named(named) = &*entry.pattern else {
            return None;
        };
        if !named.has_wildcards() || entry.is_something(context) {
            return None;
        }
        let (service, text) = (named.service(), named.text());
        let known = match named.has_service_wildcards() {
            true => catalog()
                .services()
                .any(|known| wildcard_matches(service, known.prefix())),
            // Otherwise that is what is wrong with it, and another rule says so.
            false if catalog().service(service).is_none() => return None,
            false => true,
        };
        let (meant, plain) = match guesses.allow(text) {
            true => meant(entry, named),
            false => (Vec::new(), false),
        };
        let replacement = entry.replacement().filter(|_| !meant.is_empty());
        Some(Nothing {
            at: match known {
                true => entry.name_span(context, named),
                false => entry.service_span(context, named),
            },
            text: text.to_owned(),
            service: (!known).then(|| service.to_owned()),
            replacement,
            plain,
            meant,
            note: guesses.note(text),
            owner: context.owner(entry.site).map(str::to_owned),
        })
    }
}

/// What was probably meant by a pattern that matches nothing, and whether that is plain.
fn meant(entry: &ActionEntry<'_>, named: &NamedAction) -> (Vec<String>, bool) {
    let (service, name) = (named.service(), named.name());
    let needed = needed(named);
    if !needed.is_empty() {
        let own = |action: &String| action.split_once(':').is_some_and(|of| of.0 == service);
        // The action guards other calls, too: what is left out or denied by it is more.
        let plain = entry.grant == Grant::Adds && needed.iter().all(own);
        return (needed, plain);
    }
    if name.starts_with(['*', '?']) {
        // Without a verb only a word of the service's tells what is meant: some letters match anything.
        return (with_word(service, name).into_iter().collect(), true);
    }
    let meant: Vec<String> = corrected(named).into_iter().collect();
    let plain = meant
        .iter()
        .filter_map(|text| text.split_once(':'))
        .all(|(_, meant)| is_slip_of_verb(service, name, meant) && has_whole_words(service, meant));
    (meant, plain)
}

impl Fact for Nothing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let text = &self.text;
        let message = match &self.service {
            None => format!("`{text}` has no effect: it matches no action."),
            Some(service) => {
                format!("`{text}` has no effect: no service prefix matches `{service}`.")
            }
        };
        let finding = Finding::new(&RULE, self.at, message)
            .owner(self.owner.as_deref())
            .action(text);
        match self.meant.is_empty() {
            true => finding.help(format!(
                "Remove it, or use actions that `leastwise explain` lists for the service.{}",
                self.note
            )),
            false => finding.help(format!("Did you mean {}?", all_of(&self.meant))),
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let title = format!("Replace with {}", self.meant.join(", "));
        let replacement = self.replacement.into_iter();
        let fix =
            replacement.map(|of| of.fix(context, title.clone(), self.meant.clone(), self.plain));
        fix.collect()
    }
}

/// The pattern with a letter too many taken out or two neighbours swapped, where that makes it match and there is but
/// one way to do it.
fn corrected(named: &NamedAction) -> Option<String> {
    let (service, name) = (named.service(), named.name());
    if name.len() > CORRECTED_LENGTH {
        return None;
    }
    let bytes = name.as_bytes();
    let mut found: Vec<String> = Vec::new();
    let mut consider = |bytes: Vec<u8>| {
        let Ok(name) = String::from_utf8(bytes) else {
            return;
        };
        let text = format!("{service}:{name}");
        // Two letters and a star may match anything.
        let telling = name.bytes().filter(u8::is_ascii_alphanumeric).count() >= 3;
        if telling && !found.contains(&text) && is_something(&ActionPattern::parse(&text)) {
            found.push(text);
        }
    };
    for at in 0..bytes.len() {
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        if letter(at) {
            let mut shorter = bytes.to_vec();
            shorter.remove(at);
            consider(shorter);
            if letter(at + 1) {
                let mut swapped = bytes.to_vec();
                swapped.swap(at, at + 1);
                consider(swapped);
            }
        }
    }
    match <[String; 1]>::try_from(found) {
        Ok([one]) => Some(one),
        Err(_) => None,
    }
}

/// The actions that API operations of such a name need, where that is a single one.
fn needed(named: &NamedAction) -> Vec<String> {
    if named.name().starts_with(['*', '?']) {
        return Vec::new();
    }
    let mut needed: Vec<String> = catalog()
        .api_operations()
        .filter(|operation| wildcard_matches(named.text(), operation.full_name()))
        .flat_map(|operation| operation.actions())
        .map(|action| action.full_name())
        .collect();
    needed.sort_unstable();
    needed.dedup();
    if needed.len() == 1 {
        needed
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{check, fixed_text};

    #[test]
    fn marks_the_part_that_matches_nothing() {
        check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:Nothing*", "zzz*:Get*", "s*:Frobnicate?", "s3:Get*", "lamda:*", "*", "s3:GetObejct"],
                     ^^^^^^^^    ^^^^            ^^^^^^^^^^^
      "Resource": "*"
    }
  ]
}
"#,
            "",
        );
    }

    #[test]
    fn mends_a_slip_of_the_finger() {
        let policy = |action: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: ['{action}'], Resource: '*'}}\n"
            )
        };
        for (before, after) in [
            ("sqs:Lsit*", "sqs:List*"),
            ("s3:Gett*", "s3:Get*"),
            ("dynamodb:Descirbe*", "dynamodb:Describe*"),
            // Not the slip of one finger.
            ("s3:Fetch*", "s3:Fetch*"),
        ] {
            assert_eq!(fixed_text(&RULE, &policy(before), ""), policy(after));
        }
    }

    #[test]
    fn an_operation_with_a_wildcard_needs_another_action() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:ListObjects*\n    Resource: '*'\n";
        assert_eq!(
            fixed_text(&RULE, text, ""),
            text.replace("s3:ListObjects*", "s3:ListBucket")
        );
    }
}
