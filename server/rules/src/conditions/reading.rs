//! What tests of condition blocks come to.

use leastwise_model::{Effect, Item, Known, Site, SiteKind, Statement, Test, mark};
use leastwise_policy::condition::{Family, Operator, Quantifier};

use crate::{Context, work};

/// A test whose operator is one.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub test: &'a Test,
    pub operator: Operator,
    /// The condition key as written.
    pub key: &'a str,
}

/// The tests of a statement whose operators exist and whose keys are written out.
pub(super) fn readings(statement: &Statement) -> impl Iterator<Item = Reading<'_>> {
    super::tests(statement).iter().filter_map(Reading::of)
}

/// Whether a name isn't known before something fills it in.
pub(super) fn is_open(name: &str) -> bool {
    // A name in capitals that somebody replaces stands before the colon: `ACCOUNT_ID:aud`.
    let before = name.split_once(':').map_or("", |(before, _)| before);
    name.is_empty()
        || name.contains(['{', '}', '<', '>', '%', '$', '*'])
        || mark::is_open(name)
        || mark::is_open(before)
        || before.contains('_') && mark::is_word_in_capitals(before)
}

/// Whether a policy's conditions are those of IAM: AWS IoT's devices have keys of their own.
pub(crate) fn is_of_iam(site: &Site) -> bool {
    !matches!(site.kind, SiteKind::Iot | SiteKind::OfAws)
}

/// Whether a key is one that a token or an assertion brings: `token.actions.githubusercontent.com:sub`, `saml:aud`.
pub(super) fn is_of_provider(key: &str) -> bool {
    let prefix = key.split_once(':').map_or(key, |(prefix, _)| prefix);
    prefix.contains(['.', '/']) || prefix.eq_ignore_ascii_case("saml")
}

impl<'a> Reading<'a> {
    /// A test whose operator exists and whose key is written out.
    pub fn of(test: &'a Test) -> Option<Reading<'a>> {
        work::did(1);
        let key = test.key.as_deref().filter(|key| !is_open(key))?;
        let operator = Operator::parse(&test.operator).ok()?;
        Some(Reading {
            test,
            operator,
            key,
        })
    }
}

impl Reading<'_> {
    /// Whether the test holds in a request without the key. `None` where that hangs on values that aren't known.
    pub(crate) fn without_key(&self, context: &Context<'_>) -> Option<bool> {
        if self.operator.base.family == Family::Null && self.operator.quantifier.is_none() {
            let values = self.values(context)?;
            let holds = |value: &String| value.eq_ignore_ascii_case("true");
            let mut answers = values.iter().map(holds);
            let first = answers.next()?;
            return answers.all(|answer| answer == first).then_some(first);
        }
        Some(match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            // None of no values is one that the test holds for. What `IfExists` makes of that, AWS doesn't say.
            Some(Quantifier::ForAnyValue) if self.operator.if_exists => return None,
            Some(Quantifier::ForAnyValue) => false,
            None => self.operator.if_exists || self.operator.base.negated,
        })
    }

    /// The values, where all of them are known.
    pub fn values(&self, context: &Context<'_>) -> Option<Vec<String>> {
        let Known::Is(list) = &self.test.values else {
            return None;
        };
        if list.dynamic {
            return None;
        }
        let values = list.items.iter();
        values.map(|item| value(context, item)).collect()
    }

    /// The values that are known, with their items.
    pub(crate) fn known_values<'i>(
        &'i self,
        context: &'i Context<'_>,
    ) -> impl Iterator<Item = (&'i Item, String)> {
        let items = self.test.values.known();
        let items = items.map_or(&[][..], |list| &list.items);
        let known = items.iter().map(|item| Some((item, value(context, item)?)));
        known.flatten()
    }

    /// The values that hold a `*` or `?` outside of what isn't known of them, with their items, and whether they are wholly
    /// known.
    pub(crate) fn wild_values<'i>(
        &'i self,
        context: &'i Context<'_>,
    ) -> impl Iterator<Item = (&'i Item, String, bool)> {
        let items = self.test.values.known();
        let items = items.map_or(&[][..], |list| &list.items);
        let wild = items.iter().map(|item| {
            let patterns = context.patterns(item);
            let [pattern] = patterns.as_slice() else {
                return None;
            };
            let shown = pattern.display();
            let known = without_holes(&shown)?;
            let whole = known.len() == shown.len();
            known.contains(['*', '?']).then_some((item, shown, whole))
        });
        wild.flatten()
    }

    /// Whether the file shows another test of the same operator on a key: a second one can't be written.
    pub(crate) fn has_twin(&self, statement: &Statement, key: &str) -> bool {
        let mut tests = super::tests(statement).iter();
        tests.any(|other| {
            other.operator.eq_ignore_ascii_case(&self.test.operator)
                && other
                    .key
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(key))
        })
    }
}

/// The text of a value: `None` where it isn't wholly known, or a policy variable stands in it.
fn value(context: &Context<'_>, item: &Item) -> Option<String> {
    let patterns = context.patterns(item);
    let [pattern] = patterns.as_slice() else {
        return None;
    };
    // A hole is shown in braces, too.
    let shown = pattern.display();
    let open = shown.contains(['{', '}', '<', '>', '%', '$']);
    (!open).then_some(shown)
}

/// A text without its `${…}`; `None` where something else may be filled in.
pub(super) fn without_holes(shown: &str) -> Option<String> {
    let mut known = String::new();
    let mut rest = shown;
    while let Some((before, hole)) = rest.split_once("${") {
        known.push_str(before);
        rest = hole.split_once('}')?.1;
    }
    known.push_str(rest);
    (!known.contains(['{', '}', '<', '>', '%', '$'])).then_some(known)
}

/// What comes of a test that always holds or never does.
pub(super) fn consequence(statement: &Statement, holds: Option<bool>) -> &'static str {
    let Known::Is(effect) = statement.effect else {
        return "the condition has no effect";
    };
    match (holds, effect) {
        (Some(true), Effect::Allow) => "the condition is always met and limits nothing",
        (Some(true), Effect::Deny) => {
            "the condition is always met and every such request is denied"
        }
        (Some(false), Effect::Allow) => "the statement has no effect",
        (Some(false), Effect::Deny) => "the statement has no effect",
        (None, _) => "the condition has no effect",
    }
}

/// The same, where it only may be that the key doesn't exist.
pub(super) fn probable_consequence(statement: &Statement, holds: Option<bool>) -> String {
    let sure = consequence(statement, holds);
    match sure.contains(" is always ") {
        true => sure.replacen(" is always ", " is probably always ", 1),
        false => sure.replacen(" has ", " probably has ", 1),
    }
}
