//! An action pattern in words.

use super::Detail;
use super::markdown::code;
use super::wording::{count, enumerate, linked, source};
use crate::service::ALL_SERVICES;
use crate::{AccessLevel, Action, catalog};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What an action pattern such as `s3:Get*` or `*` stands for: how many actions, and which, by access level. `None` when
/// it stands for nothing.
pub fn describe_wildcard(pattern: &str, detail: Detail) -> Option<String> {
    let (service, name) = pattern.split_once(':').unwrap_or((pattern, "*"));
    if !pattern.contains(':') && pattern != "*" {
        return None;
    }
    let actions: Vec<Action> = catalog().actions_matching(service, name).collect();
    let services: BTreeSet<_> = actions.iter().map(|action| action.service()).collect();
    let first = services.first()?;
    let of = if services.len() == 1 {
        first.name().to_owned()
    } else {
        count(services.len(), "service")
    };
    let mut out = format!(
        "{} stands for {} of {of}.\n\n",
        code(pattern),
        count(actions.len(), "action")
    );
    // The levels with the most power first: that is what a reader looks for.
    for level in AccessLevel::ALL.into_iter().rev() {
        let at_level: Vec<Action> = actions
            .iter()
            .copied()
            .filter(|action| action.access_level() == level)
            .collect();
        if at_level.is_empty() {
            continue;
        }
        // `*` has more actions than anyone reads.
        let detail = if services.len() > 1 {
            Detail::Brief
        } else {
            detail
        };
        let name = |action: &Action| {
            if services.len() == 1 {
                action.name().to_owned()
            } else {
                action.full_name()
            }
        };
        let names = enumerate(at_level.iter().map(name), detail);
        let names = match services.len() {
            1 => linked(names, &first.page()),
            _ => linked(names, ALL_SERVICES),
        };
        let _ = writeln!(out, "- {level} ({}): {names}.", at_level.len());
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    Some(out)
}
