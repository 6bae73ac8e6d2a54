//! API operations that are no IAM actions, from `botocore`: `api-operations.tsv` with the operation and, where the
//! service's own rule gives them, the actions it needs; `service-aliases.tsv`, SDK names that are no IAM prefixes; and
//! `deprecated-actions.txt`, the actions of operations that AWS has deprecated.

use super::Files;
use super::services::Services;
use crate::packages::{Packages, gunzip};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the three files. `needs` are the actions that operations need which are called otherwise.
pub fn extract(
    packages: &Packages,
    services: &Services,
    needs: &BTreeMap<String, Vec<String>>,
    files: &mut Files,
) -> Result<()> {
    let package = packages.get("botocore", "1.44.5")?;
    // The newest API version of each service: paths are sorted, so the last one stays.
    let mut models = BTreeMap::new();
    for path in package.paths("botocore/data/") {
        let mut parts = path.split('/').skip(2);
        if let (Some(name), Some(_), Some("service-2.json.gz" | "service-2.json")) =
            (parts.next(), parts.next(), parts.next())
        {
            models.insert(name.to_owned(), path.to_owned());
        }
    }
    let (mut operations, mut aliases, mut total) = (BTreeMap::new(), BTreeMap::new(), 0);
    let mut deprecated: BTreeMap<String, bool> = BTreeMap::new();
    for (name, path) in &models {
        let bytes = package.read(path)?;
        let model: Value = match path.ends_with(".gz") {
            true => serde_json::from_slice(&gunzip(bytes)?)?,
            false => serde_json::from_slice(bytes)?,
        };
        let metadata = &model["metadata"];
        let endpoint = metadata["endpointPrefix"].as_str().unwrap_or(name);
        let signing = metadata["signingName"].as_str().unwrap_or(endpoint);
        let Some(prefix) = [signing, endpoint, name]
            .into_iter()
            .find(|prefix| services.by_prefix.contains_key(*prefix))
        else {
            continue;
        };
        // What an SDK calls a service is often written where its prefix belongs.
        if !services.by_prefix.contains_key(name) && !["execute-api"].contains(&prefix) {
            aliases.insert(name.clone(), prefix.to_owned());
        }
        for (operation, shape) in model["operations"]
            .as_object()
            .context("a service model has operations")?
        {
            total += 1;
            if let Some(action) = services.spelling(&format!("{prefix}:{operation}")) {
                // Of several operations with one action all must be.
                let is = shape["deprecated"] == true;
                *deprecated.entry(action).or_insert(true) &= is;
                continue;
            }
            // API Gateway's actions are the HTTP methods of its operations.
            let method = shape["http"]["method"].as_str().unwrap_or("");
            let needs = if prefix == "apigateway" {
                format!("apigateway:{method}")
            } else {
                String::new()
            };
            operations.insert(format!("{prefix}:{operation}"), needs);
        }
    }
    ensure!(
        total > 15_000,
        "only {total} API operations: the source has changed its form"
    );
    println!(
        "{total} API operations, {} of them no actions; {} SDK names",
        operations.len(),
        aliases.len()
    );
    let lines = |map: BTreeMap<String, String>| {
        map.into_iter()
            .map(|(key, value)| format!("{key}\t{value}\n"))
            .collect()
    };
    // An operation may be gone whose action another operation still needs.
    let needed: BTreeSet<String> = needs
        .values()
        .flatten()
        .map(|name| name.to_lowercase())
        .collect();
    deprecated.retain(|action, is| *is && !needed.contains(&action.to_lowercase()));
    ensure!(
        deprecated.len() > 100,
        "only {} deprecated actions: the source has changed its form",
        deprecated.len()
    );
    let names = deprecated.into_keys().map(|action| format!("{action}\n"));
    files.insert("deprecated-actions.txt".into(), names.collect());
    files.insert("api-operations.tsv".into(), lines(operations));
    files.insert("service-aliases.tsv".into(), lines(aliases));
    Ok(())
}
