//! What a verb works on, as it stands in a sentence.

use super::word::{Word, words};
use crate::limits::LONGEST_WORD;
use crate::{Action, Service};

/// In what way a thing is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With an article where it is one.
    One,
    /// In the plural.
    Many,
    /// In the plural, its owners too.
    Several,
    /// What is known of it.
    Details,
    /// The thing itself, or what is known of it.
    Content,
    /// As there is one already.
    Changed,
    /// As there was one.
    Removed,
    /// As it has tags.
    Tagged,
}

/// Speaks of the things that an action works on.
pub(super) struct Nouns {
    service: Service,
    /// The words of the only resource type that the action takes.
    only: Option<Vec<Word<'static>>>,
}

impl Nouns {
    pub(super) fn of(action: Action) -> Self {
        Nouns {
            service: action.service(),
            only: only_type(action),
        }
    }

    /// The only resource type that the action takes.
    pub(super) fn only(&self) -> Option<&[Word<'static>]> {
        self.only.as_deref()
    }

    /// Whether the service makes such things, or has them as a resource type.
    pub(super) fn is_entity(&self, words: &[Word<'_>]) -> bool {
        let Some((head, stem)) = words.split_last() else {
            return false;
        };
        let stem = written(stem).to_ascii_lowercase();
        head.singulars().iter().any(|head| {
            let name = format!("{stem}{head}");
            self.is_made(&name) || self.service.action(&format!("Register{name}")).is_some()
        })
    }

    /// Whether the service has a resource type of the name, or creates such things.
    fn is_made(&self, name: &str) -> bool {
        self.is_type(name) || self.service.action(&format!("Create{name}")).is_some()
    }

    fn is_type(&self, name: &str) -> bool {
        let mut types = self.service.resource_types();
        types.any(|of| plain(of.name()).eq_ignore_ascii_case(name))
    }

    /// How many of the words are the owner of what the rest is; 0: nobody owns it.
    fn owner(&self, words: &[Word<'_>]) -> usize {
        let Some(head) = words.last() else { return 0 };
        if !head.is("of") && !head.is("part") {
            return 0;
        }
        let owns = |count: &usize| {
            let Some([.., last]) = words.get(..*count) else {
                return false;
            };
            let one = !last.is_plural() && !last.is_mass();
            one && (words.get(..*count).is_some_and(|of| self.is_entity(of))
                || *count == 1 && last.is("owner"))
        };
        (1..words.len()).rev().find(owns).unwrap_or(0)
    }

    /// The owner of a property, with its article.
    pub(super) fn thing(&self, words: &[Word<'_>], form: Form) -> String {
        if form == Form::Several {
            return plural(words);
        }
        match words {
            [word] if word.written == "Resource" => match self.only() {
                Some(only) => one(only),
                None => one(words),
            },
            // There is but one of them where the service has no such type.
            [word] if ["Account", "Organization"].contains(&word.written) => {
                match self.is_type(word.written) {
                    true => one(words),
                    false => format!("the {}", said(words)),
                }
            }
            _ => one(words),
        }
    }

    /// A thing in a sentence; `alone`: no preposition follows.
    pub(super) fn phrase(&self, words: &[Word<'_>], form: Form, alone: bool) -> String {
        let (Some(head), Some(first)) = (words.last(), words.first()) else {
            return String::new();
        };
        let only = self.only().filter(|_| alone);
        if let (Form::Tagged, [word], Some(only)) = (form, words, only)
            && word.written == "Resource"
        {
            return one(only);
        }
        let is_entity = self.is_entity(words);
        let is_made = self.is_made(&written(words));
        let owner = if is_made { 0 } else { self.owner(words) };
        if owner > 0 {
            return self.property(words, owner, form);
        }
        let there = matches!(form, Form::Content | Form::Details | Form::Changed);
        if let Some(only) = only
            && (there || form == Form::Removed)
            && head.is("own")
            && !is_entity
            && words.len() < 4
            && !only.iter().any(|word| words.contains(word))
        {
            let all: Vec<Word<'_>> = only.iter().chain(words).cloned().collect();
            return self.property(&all, only.len(), form);
        }
        match form {
            Form::Many | Form::Several => plural(words),
            _ if head.is_plural() || head.is_mass() => said(words),
            _ if there && (head.is("of") && !is_entity || first.is("the")) => {
                format!("the {}", said(words))
            }
            Form::Details if is_entity => format!("{}'s details", one(words)),
            _ => one(words),
        }
    }

    /// A property of what the first words name.
    fn property(&self, words: &[Word<'_>], owner: usize, form: Form) -> String {
        let (owner, rest) = words.split_at_checked(owner).unwrap_or_default();
        let owner = self.thing(owner, form);
        let is_part = rest.last().is_some_and(|head| head.is("part"));
        match form {
            Form::Several => format!("the {} of {owner}", plural(rest)),
            Form::Many if is_part => format!("{} of {owner}", plural(rest)),
            _ if is_part => format!("{} of {owner}", one(rest)),
            Form::Many => format!("{owner}'s {}", plural(rest)),
            _ => format!("{owner}'s {}", said(rest)),
        }
    }
}

/// The words as they stand in the name.
fn written(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.written).collect()
}

/// The words as they are said.
pub(super) fn said(words: &[Word<'_>]) -> String {
    let said: Vec<&str> = words.iter().map(|word| word.said.as_ref()).collect();
    said.join(" ")
}

/// The words with an article.
pub(super) fn one(words: &[Word<'_>]) -> String {
    let article = words.first().map_or("a", Word::article);
    format!("{article} {}", said(words))
}

/// The words in the plural.
pub(super) fn plural(words: &[Word<'_>]) -> String {
    let Some((head, stem)) = words.split_last() else {
        return String::new();
    };
    let stem = said(stem);
    format!("{stem} {}", head.plural()).trim_start().to_owned()
}

/// A name of a resource type without what separates its words.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The words of the only resource type that an action takes, or takes with every call.
fn only_type(action: Action) -> Option<Vec<Word<'static>>> {
    let required = action.resources().filter(|of| of.required());
    let mut types: Vec<_> = required.collect();
    if types.is_empty() {
        types.extend(action.resources());
    }
    let [only] = types.as_slice() else {
        return None;
    };
    let name = only.resource_type().name();
    let bare = plain(name);
    // Names of types are in small letters in many services: those of actions tell where their words begin.
    for verb in ["Create", "Describe", "Get", "Delete", "List"] {
        let service = action.service();
        let one = service.action(&format!("{verb}{bare}"));
        let found = one.or_else(|| service.action(&format!("{verb}{bare}s")));
        let noun = found.and_then(|found| found.name().get(verb.len()..verb.len() + bare.len()));
        if let Some(noun) = noun {
            return Some(single(words(noun)));
        }
    }
    let small = name.bytes().all(|byte| byte.is_ascii_lowercase());
    if small && name.len() > LONGEST_WORD {
        return None;
    }
    let parts = without_version(name).split(|letter: char| !letter.is_ascii_alphanumeric());
    let all = parts.filter(|part| !part.is_empty()).flat_map(words);
    Some(single(all.collect()))
}

/// The words of one of what may be called as all are: an ARN names one.
fn single(mut all: Vec<Word<'static>>) -> Vec<Word<'static>> {
    if let Some(last) = all.last_mut()
        && last.is_plural()
        && let Some(bare) = last.written.strip_suffix('s')
        && let Some(word) = words(bare).pop()
    {
        *last = word;
    }
    all
}

/// A name without the version at its end: `hubv2`.
fn without_version(name: &str) -> &str {
    let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match bare.strip_suffix('v') {
        Some(rest) if bare.len() < name.len() && !rest.is_empty() => rest,
        _ => name,
    }
}
