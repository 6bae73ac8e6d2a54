//! The verb of a name, and the sentence that it makes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::noun::{Form, Nouns, one, plural, said};
use super::word::{Word, word_ends, words};
use crate::Action;
use crate::curated::rows;

static VERBS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../curated/verbs.tsv"));
    rows.map(|[verb, sentence]| (verb, sentence)).collect()
});

/// The words that set off what a thing is of, in or for.
const PREPOSITIONS: [&str; 14] = [
    "For", "From", "To", "In", "By", "With", "On", "Of", "Into", "As", "Using", "Via", "Without",
    "Against",
];

/// Whose sentence is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// That of a name.
    Whole,
    /// That of what follows another verb.
    Rest,
    /// That of what follows another verb, in the plural.
    Several,
}

/// What stands in a sentence's braces.
struct Hole<'a> {
    before: &'a str,
    key: &'a str,
    after: &'a str,
}

impl<'a> Hole<'a> {
    fn of(sentence: &'a str) -> Option<Self> {
        let (before, rest) = sentence.split_once('{')?;
        let (key, after) = rest.split_once('}')?;
        Some(Hole { before, key, after })
    }

    fn filled(&self, with: &str) -> String {
        format!("{}{with}{}", self.before, self.after)
    }
}

/// What a name tells of the thing that its verb works on.
struct Object<'a> {
    /// The thing itself.
    first: Vec<Word<'a>>,
    /// What it is of, in or for, each with its preposition.
    rest: Vec<(&'static str, Vec<Word<'a>>)>,
}

impl<'a> Object<'a> {
    fn of(name: &'a str) -> Self {
        let words = words(name);
        let count = words.len();
        let mut object = Object {
            first: Vec::new(),
            rest: Vec::new(),
        };
        for (at, word) in words.into_iter().enumerate() {
            let preposition = PREPOSITIONS.iter().find(|of| **of == word.written);
            match (preposition, object.rest.last_mut()) {
                (Some(preposition), _) if at + 1 < count => {
                    object.rest.push((preposition, Vec::new()));
                }
                (_, Some((_, words))) => words.push(word),
                (_, None) => object.first.push(word),
            }
        }
        object
    }
}

/// The sentence of a name: its verb's, filled with what follows.
pub(super) fn sentence(action: Action, name: &str, level: Level) -> Option<String> {
    let (name, version) = without_version(name);
    let name = capitalized(name);
    let ends = word_ends(&name);
    let verbs = ends
        .iter()
        .rev()
        .filter_map(|end| name.split_at_checked(*end));
    let mut verbs = verbs.filter_map(|(verb, rest)| Some((verb, VERBS.get(verb)?, rest)));
    let (verb, sentence, rest) = verbs.next()?;
    let text = match Hole::of(sentence) {
        Some(hole) if ["same", "several"].contains(&hole.key) => {
            let below = match hole.key {
                "several" => Level::Several,
                _ => Level::Rest,
            };
            let inner = (level == Level::Whole).then(|| self::sentence(action, rest, below))??;
            hole.filled(&inner)
        }
        Some(hole) => object(action, (verb, rest), &hole, level)?,
        None if rest.is_empty() => (*sentence).to_owned(),
        None => return None,
    };
    Some(match version {
        Some(version) => format!("{text} ({version})"),
        None => text,
    })
}

/// The sentence of a verb and what follows it.
fn object(
    action: Action,
    (verb, rest): (&str, &str),
    hole: &Hole<'_>,
    level: Level,
) -> Option<String> {
    let nouns = Nouns::of(action);
    let mut of = Object::of(rest);
    if of.first.is_empty() && of.rest.is_empty() && !["in", "many"].contains(&hole.key) {
        of.first = nouns.only()?.to_vec();
    }
    let tail = tail(&nouns, &of.rest);
    let Some(head) = of.first.last() else {
        let bare = ["many", "content", "details", "written"].contains(&hole.key);
        let filled = format!("{}{}{}", hole.before.trim_end(), tail, hole.after);
        return (!bare && !tail.is_empty()).then_some(filled);
    };
    let form = match (hole.key, level) {
        ("in", _) => return None,
        ("bare", _) => return Some(hole.filled(&said(&of.first)) + &tail),
        ("many", _) => Form::Many,
        (_, Level::Several) => Form::Several,
        ("details", _) => Form::Details,
        ("content", _) => Form::Content,
        ("written" | "changed", _) => Form::Changed,
        ("removed", _) => Form::Removed,
        ("tagged", _) => Form::Tagged,
        _ => Form::One,
    };
    let asks = ["details", "content", "many", "changed"].contains(&hole.key);
    if let ([property], [("For", owner), rest @ ..], true) =
        (of.first.as_slice(), of.rest.as_slice(), asks)
        && property.is("of")
    {
        let several = matches!(form, Form::Many | Form::Several);
        let property = if several {
            property.plural()
        } else {
            property.said.clone()
        };
        let owner = match owner.last()? {
            last if last.is_plural() || last.is_mass() => said(owner),
            _ => nouns.thing(owner, Form::One),
        };
        let rest = self::tail(&nouns, rest);
        return Some(hole.filled(&format!("the {property} of {owner}")) + &rest);
    }
    let alone = of.rest.is_empty();
    let plain = !alone && matches!(form, Form::Details | Form::Content);
    let form = if plain { Form::One } else { form };
    let mut thing = nouns.phrase(&of.first, form, alone);
    if hole.key == "written" {
        let sets = thing.contains("'s ") || thing.contains(" of ") || thing.starts_with("the ");
        let verb = match sets || head.is("of") || head.is("part") {
            true => "Sets",
            false if head.is_plural() || head.is_mass() || level == Level::Several => "Writes",
            false => "Creates or replaces",
        };
        return Some(format!("{verb} {thing}{tail}"));
    }
    let is_issued = verb == "Get" && head.is("issued") && form != Form::Several;
    if is_issued && !thing.contains("'s ") {
        return Some(format!("Issues {thing}{tail}"));
    }
    let is_named = thing == one(&of.first);
    if form == Form::Content && is_named && !head.is("whole") && nouns.is_entity(&of.first) {
        thing.push_str("'s details");
    }
    let are_named = head.is_plural() && thing == plural(&of.first);
    if form == Form::Details && are_named && !head.is("of") {
        thing = format!("the details of {thing}");
    }
    Some(hole.filled(&thing) + &tail)
}

/// What stands behind the thing: ` to a role`.
fn tail(nouns: &Nouns, rest: &[(&str, Vec<Word<'_>>)]) -> String {
    let mut out = String::new();
    for (preposition, words) in rest {
        let thing = match *preposition {
            "By" => said(words),
            _ => nouns.phrase(words, Form::One, false),
        };
        out.push_str(&format!(" {} {thing}", preposition.to_ascii_lowercase()));
    }
    out.trim_end().to_owned()
}

/// A name without the `V2` at its end.
fn without_version(name: &str) -> (&str, Option<&str>) {
    let at = name.len().saturating_sub(2);
    match name.split_at_checked(at) {
        Some((bare, version @ ("V1" | "V2" | "V3")))
            if bare.ends_with(|last: char| last.is_ascii_lowercase()) =>
        {
            (bare, Some(version))
        }
        _ => (name, None),
    }
}

/// A name with a capital at its beginning: some services have small letters there.
fn capitalized(name: &str) -> Cow<'_, str> {
    match name.split_at_checked(1) {
        Some((first, rest)) if first.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            Cow::Owned(first.to_ascii_uppercase() + rest)
        }
        _ => Cow::Borrowed(name),
    }
}
