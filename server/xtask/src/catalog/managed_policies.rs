//! AWS managed policies, from `moto`: one file a policy, `managed-policies/<name>.json`.

use super::Files;
use crate::packages::Packages;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Adds the files.
pub fn extract(packages: &Packages, files: &mut Files) -> Result<()> {
    let package = packages.get("moto", "5.2.5")?;
    let source = package.read_text("moto/iam/aws_managed_policies.py")?;
    // The module is one string of JSON.
    let data = source
        .split("\"\"\"")
        .nth(1)
        .context("aws_managed_policies.py holds no string")?;
    let policies: Value =
        serde_json::from_str(data).context("the string of aws_managed_policies.py is no JSON")?;
    let policies = policies
        .as_object()
        .context("aws_managed_policies.py holds no object")?;
    for (name, policy) in policies {
        let path = policy["Path"].as_str().unwrap_or("/");
        let file = json!({
            "arn": format!("arn:aws:iam::aws:policy{path}{name}"),
            "version": policy["DefaultVersionId"],
            "document": policy["Document"],
        });
        ensure!(
            file["document"]["Statement"].is_array() || file["document"]["Statement"].is_object(),
            "{name} is no policy"
        );
        files.insert(
            format!("managed-policies/{name}.json"),
            format!("{file:#}\n"),
        );
    }
    ensure!(
        policies.len() > 1_500,
        "only {} managed policies: the source has lost some",
        policies.len()
    );
    println!("{} managed policies", policies.len());
    Ok(())
}
