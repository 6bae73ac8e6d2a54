//! IAM's policy variables: `${aws:username}` and its kin, filled in from a request.

use super::keys::is_known;
use crate::{Pattern, Token};
use leastwise_catalog::catalog;
use std::borrow::Cow;

/// Which version of the policy language a text is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// `2012-10-17`, which has policy variables.
    Current,
    /// `2008-10-17`, which takes them literally. A policy that names no version is in it.
    #[default]
    Older,
    /// It isn't known before deployment.
    Unknown,
}

/// What a request has under a key, for a variable that names it.
pub(super) enum Held<'r> {
    /// It isn't settled.
    Open,
    /// Nothing.
    Absent,
    /// Several values.
    Several,
    /// This text.
    Text(&'r str),
}

/// A pattern with its variables filled in; those stay that the request leaves open, and other holes. `None` where a
/// variable has no value: the pattern matches nothing then.
pub(super) fn fill<'p, 'r>(
    pattern: &'p Pattern,
    language: Language,
    held: impl Fn(&str) -> Held<'r>,
) -> Option<Cow<'p, Pattern>> {
    if !pattern.has_holes() || language == Language::Unknown {
        return Some(Cow::Borrowed(pattern));
    }
    let mut filled = Pattern::builder();
    for (range, token) in pattern.spans() {
        let variable = match token {
            Token::Hole(label) => Variable::read(label),
            _ => None,
        };
        let Some(variable) = variable else {
            filled.push_pattern(&pattern.slice(range));
            continue;
        };
        if language == Language::Older {
            filled.push_escaped(&pattern.slice(range).display());
            continue;
        }
        match variable.value(held(&variable.key)) {
            Filling::Text(text) => filled.push_escaped(text),
            Filling::Open => filled.push_pattern(&pattern.slice(range)),
            Filling::Nothing => return None,
        };
    }
    Some(Cow::Owned(filled.build()))
}

/// The keys that variables of a pattern name, in lower case.
pub(crate) fn variable_keys(pattern: &Pattern) -> impl Iterator<Item = String> {
    pattern.holes().filter_map(Variable::read).map(|it| it.key)
}

/// What is inside `${…}`, where that is a variable.
struct Variable<'p> {
    /// In lower case.
    key: String,
    default: Option<&'p str>,
}

/// What a variable stands for.
enum Filling<'t> {
    Text(&'t str),
    Open,
    Nothing,
}

impl<'p> Variable<'p> {
    /// `None` for what others fill in: the templates that policies are written in have such names, too.
    fn read(label: &'p str) -> Option<Variable<'p>> {
        let (key, default) = match label.split_once(',') {
            Some((key, default)) => (key, Some(default.trim())),
            None => (label, None),
        };
        let key = key.trim().to_ascii_lowercase();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@+=: ".contains(c);
        if key.contains("::") || !key.chars().all(is_plain) || !is_known(&key) {
            return None;
        }
        let unquoted = |text: &'p str| text.strip_prefix('\'')?.strip_suffix('\'');
        Some(Variable {
            key,
            default: default.and_then(unquoted),
        })
    }

    fn value<'t>(&self, held: Held<'t>) -> Filling<'t>
    where
        'p: 't,
    {
        // AWS takes only keys with one value for variables.
        let is_list = catalog()
            .condition_key(&self.key)
            .is_some_and(|key| key.value_type().many());
        match held {
            _ if is_list => Filling::Nothing,
            Held::Text(text) => Filling::Text(text),
            Held::Open => Filling::Open,
            Held::Absent => self.default.map_or(Filling::Nothing, Filling::Text),
            Held::Several => Filling::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text becomes for a user called Ann of the team `a*`, as a pattern that is written down.
    fn filled(text: &str, language: Language) -> Option<String> {
        let held = |key: &str| match key {
            "aws:username" => Held::Text("Ann"),
            "aws:principaltag/team" => Held::Text("a*"),
            "aws:userid" => Held::Open,
            "aws:principaltag/several" => Held::Several,
            _ => Held::Absent,
        };
        fill(&Pattern::literal(text), language, held).map(|it| it.display())
    }

    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    #[test]
    fn variables_and_their_defaults() {
        for (text, expected) in [
            ("home/${aws:username}/*", Some("home/Ann/*")),
            ("${AWS:UserName}", Some("Ann")),
            ("${aws:PrincipalTag/team}-*", Some("a${*}-*")),
            ("${aws:PrincipalTag/team, 'none'}", Some("a${*}")),
            ("${aws:PrincipalTag/other, 'none'}", Some("none")),
            ("${aws:PrincipalTag/other, none}", None),
            ("${aws:PrincipalTag/other}", None),
            ("a${*}${?}${$}", Some("a${*}${?}${$}")),
            // Several values are none.
            ("${aws:PrincipalTag/several}", None),
            ("${aws:TagKeys}", None),
            ("${aws:TagKeys, 'none'}", None),
            ("${aws:userid}-${aws:username}", Some("${aws:userid}-Ann")),
            // What a template fills in.
            (
                "${AWS::AccountId}-${Name}",
                Some("${AWS::AccountId}-${Name}"),
            ),
            ("${self:custom.name}", Some("${self:custom.name}")),
        ] {
            assert_eq!(
                filled(text, Language::Current).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    #[test]
    fn the_older_language_has_none() {
        let text = "home/${aws:username}/${Name}";
        let pattern = Pattern::literal(text);
        let found = fill(&pattern, Language::Older, |_| Held::Absent).unwrap();
        assert_eq!(found.matches("home/${aws:username}/x"), crate::Tri::Maybe);
        assert_eq!(found.matches("home/Ann/x"), crate::Tri::No);
        let unknown = filled(text, Language::Unknown);
        assert_eq!(unknown.as_deref(), Some(text));
    }
}
