//! The words of a name, and how they are said.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::curated::rows;

/// How words are said and what is special about them, as the table of nouns has it.
static NOUNS: LazyLock<HashMap<&str, (&str, &str)>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../curated/nouns.tsv"));
    rows.map(|[written, said, special]| (written, (said, special)))
        .collect()
});

/// A word of a name, or several that the table of nouns has as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// As it stands in the name: `Vpc`.
    pub written: &'a str,
    /// As it is said: `VPC`.
    pub said: Cow<'a, str>,
    /// What is special about it; `None`: the table doesn't have it.
    special: Option<&'static str>,
}

impl<'a> Word<'a> {
    fn new(written: &'a str) -> Self {
        if let Some((said, special)) = NOUNS.get(written).copied() {
            let said = Cow::Borrowed(said);
            let special = Some(special);
            return Word {
                written,
                said,
                special,
            };
        }
        let bare = written.strip_suffix('s').unwrap_or(written);
        let letters = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let spelled = letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        let said = match spelled {
            true => Cow::Borrowed(written),
            false => Cow::Owned(written.to_ascii_lowercase()),
        };
        Word {
            written,
            said,
            special: None,
        }
    }

    /// Whether the table of nouns says so of it.
    pub(super) fn is(&self, what: &str) -> bool {
        let special = self.special.unwrap_or_default();
        special.split(' ').any(|word| word == what)
    }

    pub(super) fn is_plural(&self) -> bool {
        if self.is("one") || self.is("mass") {
            return false;
        }
        let not = ["ss", "us", "is"];
        let looks = self.said.ends_with('s') && !not.iter().any(|end| self.said.ends_with(end));
        self.is("many") || looks
    }

    /// Whether there is no plural, and no article.
    pub(super) fn is_mass(&self) -> bool {
        match self.special {
            Some(_) => self.is("mass"),
            None => self.said.ends_with("ing"),
        }
    }

    /// How several of it are called.
    pub(super) fn plural(&self) -> Cow<'a, str> {
        let said = &self.said;
        if self.is_plural() || self.is_mass() {
            return said.clone();
        }
        let ends = |ends: &[&str]| ends.iter().any(|end| said.ends_with(end));
        let spelled = said.len() > 1 && said.bytes().all(|byte| byte.is_ascii_uppercase());
        let vowels = ["ay", "ey", "iy", "oy", "uy"];
        Cow::Owned(match said.as_ref() {
            "person" => "people".to_owned(),
            _ if spelled => format!("{said}s"),
            _ if said.ends_with("sis") => said
                .strip_suffix("is")
                .map_or_else(|| said.to_string(), |stem| format!("{stem}es")),
            _ if said.ends_with('y') && !ends(&vowels) => {
                format!("{}ies", said.trim_end_matches('y'))
            }
            _ if ends(&["s", "x", "ch", "sh", "z"]) => format!("{said}es"),
            _ => format!("{said}s"),
        })
    }

    /// What the word may be called when there is one of it, in small letters.
    pub(super) fn singulars(&self) -> Vec<String> {
        let lower = self.written.to_ascii_lowercase();
        let mut found = vec![lower.clone()];
        found.extend(lower.strip_suffix("ies").map(|stem| format!("{stem}y")));
        let long = ["ses", "xes", "ches", "shes"];
        if long.iter().any(|end| lower.ends_with(end)) {
            found.extend(lower.strip_suffix("es").map(str::to_owned));
        }
        found.extend(lower.strip_suffix('s').map(str::to_owned));
        found
    }

    /// `a` or `an`, by how it sounds.
    pub(super) fn article(&self) -> &'static str {
        let first = self.said.split(['-', ' ', '/']).next().unwrap_or_default();
        let mut bytes = first.bytes();
        let (one, two) = (bytes.next(), bytes.next());
        let capital = one.is_some_and(|byte| byte.is_ascii_uppercase());
        let spelled =
            capital && two.is_none_or(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let lower = first.to_ascii_lowercase();
        let starts = |all: &[&str]| all.iter().any(|start| lower.starts_with(start));
        let an = if self.is("word") {
            false
        } else if spelled {
            // The letters whose names begin with a vowel.
            one.is_some_and(|letter| b"AEFHILMNORSX".contains(&letter))
        } else if starts(&["unin", "unim"]) {
            true
        } else if starts(&["uni", "usa", "use", "uti", "ubi", "eu", "one"]) {
            false
        } else {
            starts(&["a", "e", "i", "o", "u", "hour", "honest"])
        };
        if an { "an" } else { "a" }
    }
}

/// Where the word that begins at `start` ends: letters in capitals, or one capital and small letters, and the digits behind.
pub(super) fn word_end(name: &str, start: usize) -> Option<usize> {
    let bytes = name.as_bytes();
    let run = |from: usize, of: fn(&u8) -> bool| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| of(byte)).count()
    };
    let capitals = run(start, u8::is_ascii_uppercase);
    let small = run(capitals, u8::is_ascii_lowercase);
    let end = match (capitals - start, small > capitals) {
        (0 | 1, true) => run(small, u8::is_ascii_digit),
        // The last capital belongs to the next word.
        (_, true) => capitals - 1,
        _ => run(capitals, u8::is_ascii_digit),
    };
    (end > start).then_some(end)
}

/// The ends of the words of a name.
pub(super) fn word_ends(name: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    while start < name.len() {
        let end = word_end(name, start);
        ends.extend(end);
        start = end.unwrap_or(start + 1);
    }
    ends
}

/// The words of a name: the longest that the table of nouns has, first.
pub(super) fn words(name: &str) -> Vec<Word<'_>> {
    let ends = word_ends(name);
    let mut words = Vec::new();
    let mut start = 0;
    while start < name.len() {
        let known = |end: &&usize| {
            name.get(start..**end)
                .is_some_and(|of| NOUNS.contains_key(of))
        };
        let known = ends.iter().rev().filter(|end| **end > start).find(known);
        let letters = spelled_plural(name, start).filter(|end| known.is_none_or(|of| end > of));
        let end = letters.or(known.copied()).or_else(|| word_end(name, start));
        let word = end.and_then(|end| name.get(start..end));
        words.extend(word.map(Word::new));
        start = end.unwrap_or(start + 1);
    }
    words
}

/// The end of letters in capitals with the `s` of a plural behind them: `ACLs`.
fn spelled_plural(name: &str, start: usize) -> Option<usize> {
    let rest = name.as_bytes().get(start..)?;
    let capitals = rest.iter().take_while(|byte| byte.is_ascii_uppercase());
    let capitals = capitals.count();
    let next_is_small = rest.get(capitals + 1).is_some_and(u8::is_ascii_lowercase);
    (capitals > 1 && rest.get(capitals) == Some(&b's') && !next_is_small)
        .then_some(start + capitals + 1)
}

#[cfg(test)]
mod tests {
    use super::{NOUNS, words};

    #[test]
    fn every_row_is_read() {
        let text = include_str!("../../curated/nouns.tsv");
        let count = text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(NOUNS.len(), count, "a row twice, or with other cells");
        let special = "mass many one of own part owner whole issued the word";
        for (word, (_, of)) in NOUNS.iter() {
            for of in of.split(' ').filter(|of| !of.is_empty()) {
                assert!(special.split(' ').any(|known| known == of), "{word}: {of}");
            }
        }
    }

    #[test]
    fn names_are_cut_at_their_words() {
        let cut = |name| {
            let words = words(name).into_iter().map(|word| word.said.into_owned());
            words.collect::<Vec<_>>().join("|")
        };
        assert_eq!(cut("DBClusterSnapshots"), "DB|cluster|snapshots");
        assert_eq!(cut("WebACLs"), "web ACLs");
        assert_eq!(cut("EC2Remote"), "EC2|remote");
        assert_eq!(cut("VPCsInRegion"), "VPCs|in|Region");
        assert_eq!(cut("Service-Events"), "service|events");
    }
}
