//! What an action does, in a sentence composed from its name: from its verb and what that works on. What a condition key holds,
//! likewise.
//!
//! The tables of verbs and nouns, and the sentences of actions whose names don't say what they do, are our own.

mod key;
mod noun;
mod verb;
mod word;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Action;
use crate::curated::rows;

static SENTENCES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = rows(include_str!("../curated/action-sentences.tsv"));
    rows.map(|[action, sentence]| (action, sentence)).collect()
});

impl Action {
    /// What it does, without a full stop: `Creates a function`. `None` where its name doesn't say it.
    pub fn sentence(self) -> Option<String> {
        let name = self.name();
        let own = SENTENCES.get(self.full_name().as_str());
        let own = own.or_else(|| SENTENCES.get(format!("*:{name}").as_str()));
        match own {
            Some(sentence) => Some((*sentence).to_owned()),
            None => verb::sentence(self, name, verb::Level::Whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SENTENCES;
    use crate::catalog;

    #[test]
    fn every_sentence_is_of_an_action() {
        let text = include_str!("../curated/action-sentences.tsv");
        let count = text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(SENTENCES.len(), count, "a row twice, or with other cells");
        for (full, sentence) in SENTENCES.iter() {
            let (service, name) = full.split_once(':').expect(full);
            let known = match service {
                "*" => catalog().actions().any(|action| action.name() == name),
                _ => catalog().action(service, name).is_some(),
            };
            assert!(known, "{full}");
            assert!(!sentence.ends_with('.'), "{full}");
        }
    }
}
