//! What a text of blocks refers to that no block of it declares.

use foldhash::HashSet;

use crate::limits::OFFERED_NAMES;

/// The names that a text refers to, and those that its blocks declare, each with its type.
pub(super) struct Referred<'t> {
    names: Vec<Name<'t>>,
    declared: HashSet<Name<'t>>,
}

/// The word that a block begins with, its type, its name.
type Name<'t> = (&'static str, &'t str, &'t str);

/// What references to data sources begin with is the word of their blocks; to resources they begin with the type.
const DATA: &str = "data";
const RESOURCE: &str = "resource";

impl<'t> Referred<'t> {
    pub fn of(text: &'t str) -> Referred<'t> {
        let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let mut names = Vec::new();
        let mut declared = HashSet::default();
        for line in text.lines() {
            let mut words = line.split(['"', ' ']).filter(|word| !word.is_empty());
            let first = words.next();
            let keyword = [DATA, RESOURCE].into_iter().find(|own| first == Some(own));
            if let (Some(keyword), Some(of), Some(name)) = (keyword, words.next(), words.next()) {
                declared.insert((keyword, of, name));
                continue;
            }
            for word in line.split(|c: char| !of_name(c)) {
                let mut parts = word.split('.').peekable();
                let keyword = match parts.next_if_eq(&DATA) {
                    Some(_) => DATA,
                    None => RESOURCE,
                };
                if let (Some(of), Some(name), Some(_)) = (parts.next(), parts.next(), parts.next())
                    && !name.is_empty()
                    && names.len() < OFFERED_NAMES
                {
                    names.push((keyword, of, name));
                }
            }
        }
        Referred { names, declared }
    }

    /// The names of a type that are referred to and aren't declared.
    pub fn all_missing(&self, keyword: &str, type_name: &str) -> Vec<&'t str> {
        let mut found: Vec<&str> = Vec::new();
        for name in &self.names {
            let is_one = name.0 == keyword && name.1 == type_name && !self.declared.contains(name);
            if is_one && !found.contains(&name.2) {
                found.push(name.2);
            }
        }
        found
    }

    /// The first name of a type that is referred to and isn't declared.
    pub fn missing(&self, keyword: &str, type_name: &str) -> Option<&'t str> {
        let mut own = self.names.iter();
        let is_missing = |name: &&Name<'t>| {
            name.0 == keyword && name.1 == type_name && !self.declared.contains(*name)
        };
        own.find(is_missing).map(|(_, _, name)| *name)
    }
}
