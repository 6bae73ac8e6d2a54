//! A `leastwise.toml` that is open in the editor.

mod levels;
#[cfg(test)]
mod tests;

use leastwise_model::config::declared::{ConfigSection, Holds, Key, PARTITIONS, SECTIONS, Value};
use leastwise_model::{Config, ConfigProblem, Level};
use leastwise_rules::{RULES, rule};
use leastwise_syntax::Span;
use leastwise_workspace::load::too_large_config;

use crate::limits::CONFIG_PROBLEMS;
use crate::{Completion, CompletionKind, Diagnostic, Hover};

/// An open config file.
pub struct ConfigFile {
    text: String,
}

/// What a cursor in the file is in.
struct At<'t> {
    /// The table that the line belongs to, `rules`.
    section: &'t str,
    /// The key before `=`, where the cursor is behind one.
    key: Option<&'t str>,
    /// The word under the cursor: start, end.
    word: Span,
    /// The cursor is between the brackets of a table's heading.
    heading: bool,
    /// The word has quotes around it.
    quoted: bool,
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
        let Some(at) = self.at(offset) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        let mut add = |label: &str, detail: &str, insert: String| {
            items.push(Completion {
                label: label.to_owned(),
                detail: detail.to_owned(),
                kind: CompletionKind::Keyword,
                insert,
                replace: at.word,
                filter: label.to_owned(),
                sort: format!("{:04}", items.len()),
                ask_again: false,
            });
        };
        let value = |text: &str| {
            if at.quoted {
                text.to_owned()
            } else {
                format!("\"{text}\"")
            }
        };
        if at.heading {
            for section in SECTIONS {
                add(section.name, section.about, section.name.to_owned());
            }
            return items;
        }
        let Some(section) = ConfigSection::named(at.section) else {
            if at.section.is_empty() && at.key.is_none() {
                for section in SECTIONS {
                    let heading = section.heading();
                    add(&heading, section.about, heading.clone());
                }
            }
            return items;
        };
        let Some(key) = at.key else {
            let names_rules = matches!(section.holds, Holds::Named(Value::Level));
            for rule in RULES.iter().filter(|_| names_rules) {
                let quoted = if at.quoted { "" } else { " = " };
                add(rule.id, rule.summary, format!("{}{quoted}", rule.id));
            }
            for key in section.keys() {
                add(key.name, key.about, format!("{} = ", key.name));
            }
            return items;
        };
        match section.value(key) {
            Some(Value::Level) => {
                for (name, level) in Level::NAMES {
                    add(name, levels::about(level), value(name));
                }
            }
            Some(Value::Rule) => {
                for rule in RULES {
                    add(rule.id, rule.summary, value(rule.id));
                }
            }
            Some(Value::Partition) => {
                for partition in PARTITIONS {
                    add(partition, "", value(partition));
                }
            }
            Some(Value::AccountNames) => {
                for name in self.accounts() {
                    add(name, "", value(name));
                }
            }
            Some(Value::Regions) => {
                for region in leastwise_policy::regions::all_regions() {
                    add(region, "", value(region));
                }
            }
            Some(
                Value::Text
                | Value::Reason
                | Value::Address
                | Value::Texts
                | Value::Flag
                | Value::AccountId
                | Value::Account,
            )
            | None => {}
        }
        items
    }

    /// The names under `[accounts]`, line by line: TOML that is being typed has no tree.
    fn accounts(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut within = false;
        for line in self.text.lines() {
            let name = match heading(line) {
                Some(section) => {
                    let inner = line.trim().trim_start_matches('[').split(']').next();
                    let nested = inner.and_then(|name| name.split_once('.'));
                    within = section == "accounts" && nested.is_none();
                    nested
                        .filter(|_| section == "accounts")
                        .map(|(_, name)| name)
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
        let at = self.at(offset)?;
        let word = self.text.get(at.word.range())?;
        let markdown = if at.heading {
            ConfigSection::named(word)
                .map(|section| format!("**{}**: {}", section.heading(), section.about))
        } else if let Some(rule) = rule(word) {
            let about = rule
                .documentation()
                .split("\n## ")
                .next()
                .unwrap_or_default()
                .trim_end();
            Some(format!(
                "**{}** ({})\n\n{about}",
                rule.id,
                rule.level.name()
            ))
        } else if at.key.is_some() && at.section == "rules" {
            Level::from_name(word).map(|level| levels::about(level).to_owned())
        } else if at.key.is_none() {
            let known = |key: &&Key| key.name == word;
            let key = ConfigSection::named(at.section)
                .and_then(|section| section.keys().iter().find(known));
            key.map(|key| format!("**{}**: {}", key.name, key.about))
        } else {
            None
        }?;
        Some(Hover {
            span: at.word,
            markdown,
        })
    }

    /// Looks at the line of a cursor and the headings above it. TOML that is being typed has no tree.
    fn at(&self, offset: u32) -> Option<At<'_>> {
        let cursor = self.text.floor_char_boundary(offset as usize);
        let before = self.text.get(..cursor)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_before = self.text.get(start..cursor)?;
        let rest = self.text.get(cursor..)?;
        let line_behind = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
        if in_comment(line_before) {
            return None;
        }
        let of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let left = line_before.len() - line_before.trim_end_matches(of_word).len();
        let right = line_behind.len() - line_behind.trim_start_matches(of_word).len();
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let word = Span::new(small(cursor - left), small(cursor + right));
        let quoted = line_before
            .get(..line_before.len() - left)?
            .ends_with(['"', '\'']);
        let trimmed = line_before.trim_start();
        if trimmed.starts_with('[') && !trimmed.contains(']') && !trimmed.contains('=') {
            return Some(At {
                section: "",
                key: None,
                word,
                heading: true,
                quoted,
            });
        }
        let section = self
            .text
            .get(..start)?
            .lines()
            .rev()
            .find_map(heading)
            .unwrap_or_default();
        let own = trimmed
            .split_once('=')
            .map(|(key, _)| key.trim().trim_matches(['"', '\'']));
        // A list over several lines: the key stands above.
        let key = own.or_else(|| {
            let above = self
                .text
                .get(..start)?
                .lines()
                .rev()
                .find(|line| line.contains('=') || heading(line).is_some())?;
            let (key, value) = above.split_once('=')?;
            (value.trim_start().starts_with('[') && !value.contains(']')).then(|| key.trim())
        });
        Some(At {
            section,
            key,
            word,
            heading: false,
            quoted,
        })
    }
}

/// The name in a table's heading.
fn heading(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let name = inner.split(']').next()?.trim();
    (!name.contains(['"', ',', '='])).then(|| name.split('.').next().unwrap_or(name).trim())
}

fn in_comment(line: &str) -> bool {
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '#') => return true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    false
}
