//! What the conditions of a statement ask of a request.

use super::entries::{Entries, ListedValue};
use super::values;
use super::variables::{self, Held, Language};
use super::witness::{generic, generic_arn};
use crate::condition::{Family, Operator, Quantifier};
use crate::{Pattern, Tri};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The conditions of a statement: all of them must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Those that are known.
    pub tests: Vec<KeyTest>,
    /// Whether there may be others.
    pub open: bool,
}

/// One condition: operator, key and values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTest {
    /// `None` where it isn't known, or is none.
    operator: Option<Operator>,
    /// In lower case; `None` where it isn't known.
    key: Option<String>,
    pub(super) values: Entries<Pattern>,
}

/// What a request sends under a key. Keys with several values are looked at with one, unless they are all known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The request doesn't have the key.
    Absent,
    /// Just these values.
    Values(Vec<String>),
    /// A text that is no particular one of those that the pattern matches.
    Text(Pattern),
    /// A number, date, address or the like that meets just this test, of those that are known, or doesn't.
    Meets(KeyTest, bool),
    /// A number or date between all bounds that are set to it.
    WithinBounds,
}

/// What a request sends, as far as it is settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// By keys in lower case.
    sent: BTreeMap<String, Sent>,
    /// Whether there is nothing under the other keys.
    is_whole: bool,
}

impl Request {
    /// The same request with this under a key. Case doesn't count in keys.
    #[must_use]
    pub fn sending(mut self, key: &str, sent: Sent) -> Request {
        self.sent.insert(key.to_ascii_lowercase(), sent);
        self
    }

    /// The same request with nothing under any key that isn't settled.
    #[must_use]
    pub fn and_nothing_else(mut self) -> Request {
        self.is_whole = true;
        self
    }

    /// What is under a key in lower case; `None` where it isn't settled.
    pub(crate) fn sent(&self, key: &str) -> Option<&Sent> {
        static NOTHING: Sent = Sent::Absent;
        let sent = self.sent.get(key);
        sent.or(self.is_whole.then_some(&NOTHING))
    }

    /// The same request with this under a key unless something else is settled for it.
    #[must_use]
    pub(crate) fn or_sending(mut self, key: &str, sent: Sent) -> Request {
        self.sent.entry(key.to_ascii_lowercase()).or_insert(sent);
        self
    }

    /// Settles what is under a key, or leaves it open again.
    pub(super) fn settle(&mut self, key: &str, sent: Option<Sent>) {
        match sent {
            Some(sent) => self.sent.insert(key.to_owned(), sent),
            None => self.sent.remove(key),
        };
    }

    /// What a variable that names a key in lower case stands for.
    fn held(&self, key: &str) -> Held<'_> {
        match self.sent(key) {
            Some(Sent::Absent) => Held::Absent,
            Some(Sent::Values(values)) => match values.as_slice() {
                [] => Held::Absent,
                [value] => Held::Text(value),
                _ => Held::Several,
            },
            Some(Sent::Text(_) | Sent::Meets(..) | Sent::WithinBounds) | None => Held::Open,
        }
    }
}

/// A request, and the language of the policy that is read for it: what policy variables stand for.
#[derive(Clone, Copy, Debug)]
pub struct Bindings<'r> {
    /// Where their values are from.
    pub request: &'r Request,
    /// Whether there are any.
    pub language: Language,
}

impl Bindings<'_> {
    /// A pattern with the variables of it filled in that the request settles. `None` where one of them has no value: it
    /// matches nothing then.
    pub fn fill<'p>(&self, pattern: &'p Pattern) -> Option<Cow<'p, Pattern>> {
        variables::fill(pattern, self.language, |key| self.request.held(key))
    }
}

impl Sent {
    /// One value.
    pub fn value(text: &str) -> Sent {
        Sent::Values(vec![text.to_owned()])
    }

    /// A text that nobody has written down.
    pub fn anything() -> Sent {
        Sent::Text(Pattern::literal("*"))
    }
}

impl Conditions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty() && !self.open
    }

    /// Whether a request meets all of them. Policy variables are unknown texts.
    pub fn hold(&self, request: &Request) -> Tri {
        self.all_hold(request, |test, sent| test.holds(sent))
    }

    /// Whether a request meets all of them, whose values fill in policy variables.
    pub fn hold_for(&self, bindings: Bindings<'_>) -> Tri {
        self.all_hold(bindings.request, |test, sent| {
            test.holds_for(sent, bindings)
        })
    }

    /// Whether every request that meets others surely meets these: each of them is one of those.
    pub(super) fn are_met_by(&self, others: Option<&Conditions>) -> bool {
        let others = others.map_or(&[][..], |others| &others.tests);
        let is_met = |test: &KeyTest| test.is_sure() && others.contains(test);
        !self.open && self.tests.iter().all(is_met)
    }

    fn all_hold(&self, request: &Request, holds: impl Fn(&KeyTest, &Sent) -> Tri) -> Tri {
        let mut answer = if self.open { Tri::Maybe } else { Tri::Yes };
        for test in &self.tests {
            let sent = test.key.as_deref().and_then(|key| request.sent(key));
            answer = answer.and(sent.map_or(Tri::Maybe, |sent| holds(test, sent)));
            if answer == Tri::No {
                break;
            }
        }
        answer
    }
}

impl KeyTest {
    /// A test as it is written. `None` for an operator or key that isn't known before deployment.
    pub fn new(operator: Option<&str>, key: Option<&str>, values: Entries<Pattern>) -> KeyTest {
        let operator = operator.and_then(|text| Operator::parse(text).ok());
        let mut test = KeyTest {
            operator,
            key: key
                .filter(|key| !key.contains("${"))
                .map(str::to_ascii_lowercase),
            values,
        };
        if let Some(operator) = operator {
            for form in test.values.items.iter_mut().flat_map(|it| &mut it.forms) {
                *form = as_compared(form, operator);
            }
        }
        test
    }

    /// What it compares, where that is known.
    pub(super) fn family(&self) -> Option<Family> {
        self.operator.map(|operator| operator.base.family)
    }

    /// Whether it asks for all values of a key, or for one of them.
    pub(super) fn is_quantified(&self) -> bool {
        let quantified = |it: Operator| it.quantifier.is_some() && it.base.family != Family::Null;
        self.operator.is_some_and(quantified)
    }

    /// Whether case doesn't count in it.
    pub(super) fn is_folding(&self) -> bool {
        self.operator.is_some_and(folds)
    }

    /// Whether all of it is known but for unknown parts of texts.
    pub(super) fn is_sure(&self) -> bool {
        let values = &self.values;
        let is_one = |item: &ListedValue<Pattern>| item.certain && item.forms.len() == 1;
        let are_all = !values.open && values.items.iter().all(is_one);
        self.operator.is_some() && self.key.is_some() && are_all
    }

    /// The key in lower case, where it is known.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether a request with this under the key meets the test. Policy variables are unknown texts.
    pub fn holds(&self, sent: &Sent) -> Tri {
        self.holds_where(sent, None)
    }

    /// Whether a request with this under the key meets the test, where its other values fill in policy variables.
    pub fn holds_for(&self, sent: &Sent, bindings: Bindings<'_>) -> Tri {
        self.holds_where(sent, Some(bindings))
    }

    fn holds_where(&self, sent: &Sent, bindings: Option<Bindings<'_>>) -> Tri {
        let Some(operator) = self.operator else {
            return Tri::Maybe;
        };
        // AWS: with a quantifier, `Null` always holds, or never does.
        match (operator.base.family, operator.quantifier) {
            (Family::Null, Some(Quantifier::ForAllValues)) => return Tri::Yes,
            (Family::Null, Some(Quantifier::ForAnyValue)) => return Tri::No,
            _ => {}
        }
        match sent {
            Sent::Absent => return self.holds_without(operator),
            Sent::Values(values) if values.is_empty() => return self.holds_without(operator),
            Sent::Values(values) => return self.holds_of_values(operator, values, bindings),
            Sent::Text(_) | Sent::Meets(..) | Sent::WithinBounds => {}
        }
        let plain = match (operator.base.family, sent) {
            (Family::Null, _) => return self.wants_null().opposite(),
            (Family::Arn, Sent::Text(text)) => self.values.any(|value| generic_arn(value, text)),
            (Family::String | Family::Bool, Sent::Text(text)) => {
                let text = as_compared_with(text, operator);
                self.values.any(|value| generic(value, &text))
            }
            (_, Sent::Meets(test, meets)) if self.asks_the_same(test) => match meets {
                true => Tri::Yes,
                false => Tri::No,
            },
            (_, Sent::WithinBounds) if self.is_bound() => Tri::Yes,
            _ => Tri::Maybe,
        };
        if operator.base.negated {
            plain.opposite()
        } else {
            plain
        }
    }

    /// Whether a request with these values under the key meets the test.
    fn holds_of_values(
        &self,
        operator: Operator,
        values: &[String],
        bindings: Option<Bindings<'_>>,
    ) -> Tri {
        let are_empty = values.iter().all(String::is_empty);
        if operator.base.family == Family::Null {
            // Whether an empty text is a value, AWS doesn't say.
            return match are_empty {
                true => Tri::Maybe,
                false => self.wants_null().opposite(),
            };
        }
        let mut each = values
            .iter()
            .map(|value| self.holds_of_value(operator, value, bindings));
        match operator.quantifier {
            // AWS takes an empty text for no value here.
            Some(Quantifier::ForAllValues) if are_empty => Tri::Yes,
            Some(Quantifier::ForAllValues) => each.fold(Tri::Yes, Tri::and),
            Some(Quantifier::ForAnyValue) => each.fold(Tri::No, Tri::or),
            // A key with several values needs a quantifier: what comes without one, AWS doesn't say.
            None => {
                let first = each.next().unwrap_or(Tri::Maybe);
                match each.all(|other| other == first) {
                    true => first,
                    false => Tri::Maybe,
                }
            }
        }
    }

    /// Whether one value of a request is what the operator asks for.
    fn holds_of_value(
        &self,
        operator: Operator,
        sent: &str,
        bindings: Option<Bindings<'_>>,
    ) -> Tri {
        let base = operator.base;
        let folded = folds(operator).then(|| sent.to_ascii_lowercase());
        let sent = folded.as_deref().unwrap_or(sent);
        let has_variables = matches!(base.family, Family::String | Family::Arn | Family::Bool);
        let plain = self.values.any(|value| {
            let filled = match bindings.filter(|_| has_variables) {
                Some(bindings) => bindings.fill(value),
                None => Some(Cow::Borrowed(value)),
            };
            let compared = match filled {
                None => Some(Tri::No),
                Some(Cow::Borrowed(value)) => values::compare(base, value, sent),
                Some(Cow::Owned(value)) => {
                    values::compare(base, &as_compared_with(&value, operator), sent)
                }
            };
            // What can't be compared isn't matched; whether the opposite holds then, AWS doesn't say.
            compared.unwrap_or(if base.negated { Tri::Maybe } else { Tri::No })
        });
        if base.negated {
            plain.opposite()
        } else {
            plain
        }
    }

    /// The keys that policy variables in its values name, in lower case.
    pub(crate) fn variables(&self) -> impl Iterator<Item = String> {
        self.values.forms().flat_map(variables::variable_keys)
    }

    /// Whether an answer about it may depend on what isn't known before deployment.
    pub(crate) fn has_unknowns(&self) -> bool {
        let is_unknown =
            |value: &Pattern| value.holes().count() > variables::variable_keys(value).count();
        let unsure = |item: &ListedValue<Pattern>| !item.certain || item.forms.len() != 1;
        self.operator.is_none()
            || self.key.is_none()
            || self.values.open
            || self.values.items.iter().any(unsure)
            || self.values.forms().any(is_unknown)
    }

    /// Whether a request without the key meets the test.
    fn holds_without(&self, operator: Operator) -> Tri {
        if operator.base.family == Family::Null {
            return self.wants_null();
        }
        match operator.quantifier {
            Some(Quantifier::ForAllValues) => Tri::Yes,
            // What `IfExists` makes of that, AWS doesn't say.
            Some(Quantifier::ForAnyValue) if operator.if_exists => Tri::Maybe,
            Some(Quantifier::ForAnyValue) => Tri::No,
            None if operator.if_exists || operator.base.negated => Tri::Yes,
            None => Tri::No,
        }
    }

    /// Whether `Null` asks for a request without the key.
    fn wants_null(&self) -> Tri {
        let is = |wanted: &str| {
            self.values.any(|value| match value.as_literal() {
                Some(text) if text.eq_ignore_ascii_case(wanted) => Tri::Yes,
                Some(_) => Tri::No,
                None => Tri::Maybe,
            })
        };
        match (is("true"), is("false")) {
            (Tri::Yes, Tri::No) => Tri::Yes,
            (Tri::No, Tri::Yes) => Tri::No,
            _ => Tri::Maybe,
        }
    }

    /// Whether another test asks for the same values, or for all but them.
    fn asks_the_same(&self, other: &KeyTest) -> bool {
        let (Some(own), Some(of)) = (self.operator, other.operator) else {
            return false;
        };
        let name = |operator: Operator| operator.base.name.replace("Not", "");
        name(own) == name(of) && self.values == other.values && !self.values.open
    }

    /// Whether the test is an upper or lower bound.
    fn is_bound(&self) -> bool {
        self.operator.is_some_and(|operator| {
            operator.base.name.contains("Than") && self.values.items.len() == 1
        })
    }

    /// What is worth trying under its key: whatever it tells apart.
    pub(super) fn worth_trying(&self, found: &mut Vec<Sent>) {
        let Some(operator) = self.operator else {
            return;
        };
        match operator.base.family {
            Family::Null => found.push(Sent::anything()),
            Family::Bool => {
                let text = |text| Sent::Text(Pattern::literal(text));
                found.extend([text("true"), text("false")]);
            }
            Family::String | Family::Arn => {
                found.push(Sent::anything());
                found.extend(self.values.forms().cloned().map(Sent::Text));
            }
            Family::Numeric | Family::Date | Family::Binary | Family::Ip => {
                if self.is_bound() {
                    found.push(Sent::WithinBounds);
                }
                found.push(Sent::Meets(self.clone(), true));
                let everywhere = |value: &Pattern| value.raw() == "0.0.0.0/0";
                if !self.values.forms().any(everywhere) {
                    found.push(Sent::Meets(self.clone(), false));
                }
            }
        }
    }
}

/// A value of the policy as an operator reads it.
fn as_compared(value: &Pattern, operator: Operator) -> Pattern {
    let value = match operator.base.wildcards {
        true => value.clone(),
        false => without_wildcards(value),
    };
    as_compared_with(&value, operator)
}

/// A text in the letters that an operator compares.
fn as_compared_with(text: &Pattern, operator: Operator) -> Pattern {
    if !folds(operator) {
        return text.clone();
    }
    let mut lower = Pattern::builder();
    for (range, token) in text.spans() {
        match token {
            crate::Token::Literal(part) => lower.push_escaped(&part.to_ascii_lowercase()),
            _ => lower.push_pattern(&text.slice(range)),
        };
    }
    lower.build()
}

/// Whether case doesn't count for an operator.
fn folds(operator: Operator) -> bool {
    operator.base.family == Family::Bool || operator.base.name.ends_with("IgnoreCase")
}

/// The same text, whose wildcards stand for themselves.
fn without_wildcards(pattern: &Pattern) -> Pattern {
    let mut plain = Pattern::builder();
    for (range, token) in pattern.spans() {
        match token {
            crate::Token::Star => plain.push_escaped("*"),
            crate::Token::Question => plain.push_escaped("?"),
            _ => plain.push_pattern(&pattern.slice(range)),
        };
    }
    plain.build()
}

#[cfg(test)]
mod tests {
    use super::super::domain;
    use super::super::keys::is_known;
    use super::*;

    const KEY: &str = "iam:PassedToService";

    fn test(operator: &str, values: &[&str]) -> KeyTest {
        let values = values.iter().map(|value| Pattern::literal(value));
        KeyTest::new(Some(operator), Some(KEY), Entries::of(values))
    }

    fn text(text: &str) -> Sent {
        Sent::Text(Pattern::literal(text))
    }

    #[test]
    fn a_request_without_the_key() {
        for (operator, value, answer) in [
            ("StringEquals", "a", Tri::No),
            ("StringLike", "*", Tri::No),
            ("ArnLike", "*", Tri::No),
            ("Bool", "false", Tri::No),
            ("IpAddress", "0.0.0.0/0", Tri::No),
            ("NumericLessThan", "1", Tri::No),
            ("StringNotEquals", "a", Tri::Yes),
            ("StringNotLike", "*", Tri::Yes),
            ("ArnNotEquals", "a", Tri::Yes),
            ("NotIpAddress", "0.0.0.0/0", Tri::Yes),
            ("DateNotEquals", "a", Tri::Yes),
            ("StringEqualsIfExists", "a", Tri::Yes),
            ("stringlikeifexists", "a", Tri::Yes),
            ("StringNotEqualsIfExists", "a", Tri::Yes),
            ("ForAllValues:StringEquals", "a", Tri::Yes),
            ("ForAllValues:StringNotLike", "a", Tri::Yes),
            ("ForAnyValue:StringEquals", "a", Tri::No),
            ("ForAnyValue:StringNotEquals", "a", Tri::No),
            ("ForAnyValue:StringEqualsIfExists", "a", Tri::Maybe),
            ("Null", "true", Tri::Yes),
            ("Null", "False", Tri::No),
            ("Null", "maybe", Tri::Maybe),
            ("ForAllValues:Null", "false", Tri::Yes),
            ("ForAnyValue:Null", "true", Tri::No),
            ("StringEqual", "a", Tri::Maybe),
        ] {
            let found = test(operator, &[value]).holds(&Sent::Absent);
            assert_eq!(found, answer, "{operator} {value}");
        }
    }

    #[test]
    fn a_request_with_the_key() {
        for (operator, values, sent, answer) in [
            ("StringEquals", &["a", "b"][..], "b", Tri::Yes),
            ("StringEquals", &["a", "b"], "c", Tri::No),
            ("StringEquals", &["a"], "A", Tri::No),
            ("StringEqualsIgnoreCase", &["a"], "A", Tri::Yes),
            ("StringNotEqualsIgnoreCase", &["A"], "a", Tri::No),
            ("StringEquals", &["*"], "a", Tri::No),
            ("StringEquals", &["a?"], "ab", Tri::No),
            ("StringLike", &["a*"], "ab", Tri::Yes),
            ("StringLike", &["a*"], "a*", Tri::Yes),
            ("StringLike", &["ab*"], "a*", Tri::No),
            ("StringNotLike", &["ab*"], "a*", Tri::Yes),
            ("StringNotEquals", &["a"], "*", Tri::Yes),
            ("StringNotEquals", &["a"], "a", Tri::No),
            ("StringEqualsIfExists", &["a"], "b", Tri::No),
            ("ForAllValues:StringEquals", &["a"], "b", Tri::No),
            ("ForAnyValue:StringNotEquals", &["a"], "b", Tri::Yes),
            ("StringEquals", &["${X}"], "a", Tri::Maybe),
            ("StringEquals", &["${X}"], "${X}", Tri::Yes),
            ("Bool", &["TRUE"], "true", Tri::Yes),
            ("Bool", &["true"], "false", Tri::No),
            ("Null", &["true"], "a", Tri::No),
            ("Null", &["false"], "a", Tri::Yes),
            ("ForAllValues:Null", &["true"], "a", Tri::Yes),
            ("ForAnyValue:Null", &["false"], "a", Tri::No),
            ("NumericLessThan", &["1"], "a", Tri::Maybe),
            ("StringEqual", &["a"], "a", Tri::Maybe),
        ] {
            let found = test(operator, values).holds(&text(sent));
            assert_eq!(found, answer, "{operator} {values:?} {sent}");
        }
    }

    #[test]
    fn values_that_are_no_texts() {
        let (office, home) = (
            test("IpAddress", &["10.0.0.0/8"]),
            test("IpAddress", &["11.0.0.0/8"]),
        );
        let elsewhere = test("NotIpAddressIfExists", &["10.0.0.0/8"]);
        for (met, answers) in [
            (true, [Tri::Yes, Tri::No, Tri::Maybe]),
            (false, [Tri::No, Tri::Yes, Tri::Maybe]),
        ] {
            let sent = Sent::Meets(office.clone(), met);
            assert_eq!(
                [&office, &elsewhere, &home].map(|of| of.holds(&sent)),
                answers
            );
        }
        assert_eq!(
            test("DateLessThan", &["2026-01-01"]).holds(&Sent::WithinBounds),
            Tri::Yes
        );
        assert_eq!(
            test("DateEquals", &["2026-01-01"]).holds(&Sent::WithinBounds),
            Tri::Maybe
        );
    }

    #[test]
    fn keys_that_a_request_could_have() {
        for key in [
            "iam:PassedToService",
            "IAM:passedtoservice",
            "aws:RequestTag/team",
            "aws:${Key}",
            "token.actions.githubusercontent.com:sub",
            "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub",
            "saml:aud",
            "saml:whatever",
            "iotevents:keyValue",
        ] {
            assert!(is_known(key), "{key}");
        }
        for key in [
            "iam:PassedToServices",
            "aws:SorceIp",
            "nobody:Knows",
            "PassedToService",
            "",
        ] {
            assert!(!is_known(key), "{key}");
        }
        let test = test("StringEquals", &["a"]);
        let domain = |key: &str| domain::of_single(key, &[&test]).sent;
        assert_eq!(domain("iam:Nothing"), [Sent::Absent]);
        let all = [Sent::Absent, Sent::anything(), text("a")];
        assert_eq!(domain("iam:passedtoservice"), all);
    }
}
