//! A service in words.

use super::Detail;
use super::wording::{count, enumerate_linked, source};
use crate::{AccessLevel, Service};
use std::fmt::Write;

/// A service: how many actions at which level, its resource types and condition keys.
pub fn describe_service(service: Service, detail: Detail) -> String {
    let mut out = format!(
        "`{}` is {}, with {} and {}.\n\n",
        service.prefix(),
        service.name(),
        count(service.actions().len(), "action"),
        count(service.resource_types().len(), "resource type"),
    );
    let page = service.page();
    for level in AccessLevel::ALL {
        let actions: Vec<&str> = service
            .actions()
            .filter(|action| action.access_level() == level)
            .map(|action| action.name())
            .collect();
        if !actions.is_empty() {
            let _ = writeln!(
                out,
                "- {level} ({}): {}.",
                actions.len(),
                enumerate_linked(&actions, detail, &page)
            );
        }
    }
    if service.resource_types().len() > 0 {
        let _ = writeln!(
            out,
            "- Resource types: {}.",
            enumerate_linked(
                service.resource_types().map(|kind| kind.name()),
                detail,
                &page
            )
        );
    }
    if service.condition_keys().len() > 0 {
        let _ = writeln!(
            out,
            "- Condition keys: {}.",
            enumerate_linked(
                service.condition_keys().map(|key| key.name()),
                detail,
                &page
            )
        );
    }
    let _ = writeln!(out, "\n[AWS's page]({page})");
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}
