//! A `leastwise.toml` that is open in the editor.

mod cursor;
mod explain;
mod levels;
#[cfg(test)]
mod tests;
mod words;

use leastwise_model::config::declared::{ConfigSection, SECTIONS};
use leastwise_model::{Config, ConfigProblem};
use leastwise_rules::{RULES, rule};
use leastwise_syntax::Span;
use leastwise_workspace::load::too_large_config;

use crate::limits::CONFIG_PROBLEMS;
use crate::{Completion, Diagnostic, Hover};
use cursor::{ConfigCursor, heading, nested};
use words::Words;

/// An open config file.
pub struct ConfigFile {
    text: String,
}

impl ConfigFile {
    /// Reads `text`.
    pub fn new(text: String) -> Self {
        Self { text }
    }

    /// Replaces the bytes `span` by `text`. A span that reaches beyond the text, or into a character, is moved to the
    /// nearest place before that fits.
    pub fn edit(&mut self, span: Span, text: &str) {
        let start = self.text.floor_char_boundary(span.start as usize);
        let end = self.text.floor_char_boundary(span.end as usize).max(start);
        self.text.replace_range(start..end, text);
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What can't be used, in source order.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        if let Some(why) = too_large_config(self.text.len()) {
            return vec![Diagnostic::of_config(
                Span::default(),
                format!("The config can't be read: {why}."),
            )];
        }
        let mut config = Config::parse(&self.text);
        let known: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        config.check_rule_ids(&known);
        Self::diagnostics_of(config.problems, &self.text)
    }

    /// What to show of the problems of a config with this text, in source order: the first ones, and how many more there are.
    pub fn diagnostics_of(mut problems: Vec<ConfigProblem>, text: &str) -> Vec<Diagnostic> {
        let clamp = |at: u32| u32::try_from(text.floor_char_boundary(at as usize)).unwrap_or(at);
        let clamped = |span: Span| Span::new(clamp(span.start), clamp(span.end));
        problems.sort_by_key(|problem| problem.span);
        let more = problems.get(CONFIG_PROBLEMS..).unwrap_or_default();
        let more = more.first().map(|first| {
            let message = match more.len() {
                1 => "There is one more problem, from here on.".to_owned(),
                count => format!("There are {count} more problems, from here on."),
            };
            Diagnostic::of_config(clamped(first.span), message)
        });
        let told = problems.into_iter().take(CONFIG_PROBLEMS);
        told.map(|problem| Diagnostic::of_config(clamped(problem.span), problem.message))
            .chain(more)
            .collect()
    }

    /// What can stand at `offset` (bytes).
    pub fn completions(&self, offset: u32) -> Vec<Completion> {
        let Some(at) = ConfigCursor::of(&self.text, offset) else {
            return Vec::new();
        };
        let mut words = Words::new(&at);
        let section = ConfigSection::named(at.section);
        match (section, at.key) {
            _ if at.heading => words.sections(false, SECTIONS),
            (None, None) if at.section.is_empty() => words.sections(true, SECTIONS),
            (None, _) => {}
            (Some(section), None) => {
                let present = at.present(&self.text);
                match at.account {
                    true => words.of_account(&present),
                    false => words.keys_of(section, &present),
                }
            }
            (Some(_), Some(_)) => {
                if let Some(value) = at.value() {
                    words.values(value, &self.accounts());
                }
            }
        }
        words.items
    }

    /// The names under `[accounts]`, line by line: TOML that is being typed has no tree.
    fn accounts(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut within = false;
        for line in self.text.lines() {
            let name = match heading(line) {
                Some(section) => {
                    let nested = nested(line);
                    within = section == "accounts" && nested.is_none();
                    nested.filter(|_| section == "accounts")
                }
                None => line.split_once('=').map(|(key, _)| key).filter(|_| within),
            };
            let name = name.map(|name| name.trim().trim_matches(['"', '\'']));
            let usable = |name: &&str| !name.is_empty() && !name.starts_with('#');
            if let Some(name) = name.filter(usable)
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }

    /// Markdown for one item of [`ConfigFile::completions`].
    pub fn completion_docs(&self, label: &str) -> Option<String> {
        rule(label).map(|rule| rule.documentation().to_owned())
    }

    /// What is known of the word at `offset` (bytes).
    pub fn hover(&self, offset: u32) -> Option<Hover> {
        let at = ConfigCursor::of(&self.text, offset)?;
        let accounts = Config::parse(&self.text).accounts;
        let (span, markdown) = explain::explain(&self.text, &at, &accounts)?;
        Some(Hover { span, markdown })
    }
}
