//! Service principals, from `iam-floyd`.

use crate::packages::Packages;
use anyhow::{Result, ensure};
use std::collections::BTreeSet;

/// The lines of `service-principals.txt`.
pub fn extract(packages: &Packages) -> Result<String> {
    let package = packages.get("iam-floyd", "0.851.0")?;
    let source = package.read_text("iam_floyd/_aws_service_principals.py")?;
    let names = source
        .lines()
        .filter_map(|line| line.trim().split_once(" = '")?.1.strip_suffix('\''));
    let names: BTreeSet<String> = names.map(|name| format!("{name}\n")).collect();
    ensure!(
        names.len() > 400,
        "only {} service principals: the source has changed its form",
        names.len()
    );
    println!("{} service principals", names.len());
    Ok(names.into_iter().collect())
}
