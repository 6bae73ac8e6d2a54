//! What can be written in a config: names of sections and keys, and values as far as they are evident.

use std::collections::BTreeMap;

use leastwise_catalog::{Service, catalog};
use leastwise_model::Level;
use leastwise_model::config::declared::{ACCOUNT, ConfigSection, Holds, Key, PARTITIONS, Value};
use leastwise_rules::RULES;
use leastwise_syntax::Span;

use super::cursor::ConfigCursor;
use super::levels;
use crate::completion::verb;
use crate::{Completion, CompletionKind};

/// Items in the making.
pub(super) struct Words<'t> {
    at: &'t ConfigCursor<'t>,
    pub items: Vec<Completion>,
}

impl<'t> Words<'t> {
    pub fn new(at: &'t ConfigCursor<'t>) -> Words<'t> {
        Words {
            at,
            items: Vec::new(),
        }
    }

    fn add(&mut self, label: &str, detail: &str, insert: String) {
        let asks = insert.ends_with(' ') || insert.ends_with(':');
        let kind = CompletionKind::Keyword;
        self.push(kind, self.at.word, (label, detail), insert, asks);
    }

    fn push(
        &mut self,
        kind: CompletionKind,
        replace: Span,
        (label, detail): (&str, &str),
        insert: String,
        ask_again: bool,
    ) {
        self.items.push(Completion {
            detail: detail.to_owned(),
            sort: format!("{:05}", self.items.len()),
            ask_again,
            ..Completion::plain(label.to_owned(), kind, insert, replace)
        });
    }

    /// The names of all sections, with the brackets around them or without.
    pub fn sections(&mut self, with_brackets: bool, sections: &[ConfigSection]) {
        for section in sections {
            let heading = match with_brackets {
                true => section.heading(),
                false => section.name.to_owned(),
            };
            self.add(&heading, section.about, heading.clone());
        }
    }

    /// The keys of a section that it doesn't have yet.
    pub fn keys_of(&mut self, section: &ConfigSection, present: &[&str]) {
        if matches!(section.holds, Holds::Named(Value::Level)) {
            let quoted = if self.at.quoted { "" } else { " = " };
            for rule in RULES.iter().filter(|rule| !present.contains(&rule.id)) {
                self.add(rule.id, rule.summary, format!("{}{quoted}", rule.id));
            }
        }
        self.keys(section.keys(), present);
    }

    /// Keys, but for those that are there.
    pub fn keys(&mut self, keys: &[Key], present: &[&str]) {
        for key in keys.iter().filter(|key| !present.contains(&key.name)) {
            self.add(key.name, key.about, format!("{} = ", key.name));
        }
    }

    /// The keys of an account.
    pub fn of_account(&mut self, present: &[&str]) {
        self.keys(ACCOUNT, present);
    }

    /// What a value can be.
    pub fn values(&mut self, value: Value, accounts: &[&str]) {
        match value {
            Value::Level => {
                for (name, level) in Level::NAMES {
                    self.value(name, levels::about(level));
                }
            }
            Value::Rule => {
                for rule in RULES {
                    self.value(rule.id, rule.summary);
                }
            }
            Value::Partition => {
                for partition in PARTITIONS {
                    self.value(partition, "");
                }
            }
            Value::AccountNames => {
                for name in accounts {
                    self.value(name, "");
                }
            }
            Value::Regions => {
                for region in leastwise_policy::regions::all_regions() {
                    self.value(region, "");
                }
            }
            Value::Flag if !self.at.quoted => {
                for word in ["true", "false"] {
                    self.add(word, "", word.to_owned());
                }
            }
            Value::Action => self.actions(),
            Value::Text
            | Value::Reason
            | Value::Address
            | Value::Texts
            | Value::Flag
            | Value::AccountId
            | Value::Account => {}
        }
    }

    fn value(&mut self, text: &str, detail: &str) {
        let insert = self.quoted(text);
        self.add(text, detail, insert);
    }

    fn quoted(&self, text: &str) -> String {
        match self.at.quoted {
            true => text.to_owned(),
            false => format!("\"{text}\""),
        }
    }

    /// Services; behind the colon of one its actions, and wildcards with how many they stand for.
    fn actions(&mut self) {
        let replace = self.at.text;
        match self.at.typed.split_once(':') {
            Some((prefix, _)) => {
                if let Some(service) = catalog().service(prefix) {
                    self.actions_of(service, replace);
                }
            }
            None => {
                for service in catalog().services() {
                    let label = format!("{}:", service.prefix());
                    // Behind a closing quote nothing can be completed any more.
                    let insert = match self.at.quoted {
                        true => label.clone(),
                        false => format!("\"{label}"),
                    };
                    let told = (label.as_str(), service.name());
                    self.push(CompletionKind::Service, replace, told, insert, true);
                }
            }
        }
    }

    fn actions_of(&mut self, service: Service, replace: Span) {
        let mut verbs: BTreeMap<&str, usize> = BTreeMap::new();
        for action in service.actions() {
            *verbs.entry(verb(action.name())).or_default() += 1;
            let name = action.full_name();
            let told = (name.as_str(), action.access_level().name());
            let insert = self.quoted(&name);
            self.push(CompletionKind::Action, replace, told, insert, false);
        }
        let several = verbs.into_iter().filter(|(_, count)| *count > 1);
        for (verb, count) in several.chain([("", service.actions().len())]) {
            let name = format!("{}:{verb}*", service.prefix());
            let detail = format!("{count} actions");
            let told = (name.as_str(), detail.as_str());
            let insert = self.quoted(&name);
            self.push(CompletionKind::Wildcard, replace, told, insert, false);
        }
    }
}
