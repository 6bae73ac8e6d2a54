//! What is known of the words of a config.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail, code};
use leastwise_model::config::declared::{ACCOUNT, ConfigSection, Key, Value};
use leastwise_model::{Account, Level};
use leastwise_policy::ActionPattern;
use leastwise_policy::regions::{self, RegionKnown};
use leastwise_rules::rule;
use leastwise_syntax::Span;

use super::cursor::ConfigCursor;
use super::levels;

/// Markdown for the word at a cursor, and its bytes. `accounts` are those of the config.
pub(super) fn explain(
    text: &str,
    at: &ConfigCursor<'_>,
    accounts: &[Account],
) -> Option<(Span, String)> {
    let word = text.get(at.word.range())?;
    let markdown = if at.heading {
        ConfigSection::named(word)
            .map(|section| format!("**{}**: {}", section.heading(), section.about))
    } else if let Some(rule) = rule(word) {
        let about = rule.documentation().split("\n## ").next();
        let about = about.unwrap_or_default().trim_end();
        let level = rule.level.name();
        Some(format!("**{}** ({level})\n\n{about}", rule.id))
    } else if let Some(account) = account(at, word, accounts) {
        Some(named(account))
    } else if at.key.is_none() && at.section == "variables" {
        let variable = code(&format!("${{{word}}}"));
        Some(format!("What {variable} stands for in templates."))
    } else if at.key.is_none() {
        let keys = match at.account {
            true => ACCOUNT,
            false => ConfigSection::named(at.section)?.keys(),
        };
        key(keys, word)
    } else {
        return value(text, at, word, accounts);
    }?;
    Some((at.word, markdown))
}

/// The account whose name or id the word is, where the config lists its accounts.
fn account<'a>(at: &ConfigCursor<'_>, word: &str, accounts: &'a [Account]) -> Option<&'a Account> {
    let is_id = matches!(at.value(), Some(Value::Account | Value::AccountId));
    let is_name = at.key.is_none() && !at.account && at.section == "accounts";
    let mut all = accounts.iter();
    all.find(|account| is_id && account.id == word || is_name && account.name == word)
}

/// An account, with how templates name it.
fn named(account: &Account) -> String {
    let mut letters = account.name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let name: String = first.into_iter().chain(letters).collect();
    let deploys = match account.deploys {
        true => "Templates are deployed to it.",
        false => "Templates are deployed to it only where `[[templates]]` says so.",
    };
    format!(
        "The account {}: {}, which {} stands for. {deploys}",
        code(&account.name),
        code(&account.id),
        code(&format!("${{{name}AccountId}}"))
    )
}

fn key(keys: &[Key], word: &str) -> Option<String> {
    let key = keys.iter().find(|key| key.name == word)?;
    Some(format!("**{}**: {}", key.name, key.about))
}

fn value(
    text: &str,
    at: &ConfigCursor<'_>,
    word: &str,
    accounts: &[Account],
) -> Option<(Span, String)> {
    let markdown = match at.value()? {
        Value::Level => levels::about(Level::from_name(word)?).to_owned(),
        Value::Partition => {
            let partition = regions::partition(word)?;
            let count = partition.regions.len();
            format!("The partition `{word}`: {count} regions with accounts of their own.")
        }
        Value::Regions => match regions::region(word) {
            RegionKnown::In(partition) => {
                format!("A region of the partition `{}`.", partition.name)
            }
            _ => return None,
        },
        Value::AccountNames => {
            let account = accounts.iter().find(|account| account.name == word)?;
            named(account)
        }
        Value::Action => {
            let all = text.get(at.text.range())?;
            let named = ActionPattern::parse(all);
            let named = named.named()?;
            let told = match named.action() {
                Some(action) => describe::describe_action(action, Detail::Brief),
                None if named.has_wildcards() => describe::describe_wildcard(all, Detail::Brief)?,
                None => {
                    describe::describe_service(catalog().service(named.service())?, Detail::Brief)
                }
            };
            return Some((at.text, told));
        }
        _ => return None,
    };
    Some((at.word, markdown))
}
