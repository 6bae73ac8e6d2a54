//! `cargo xtask catalog`: extracts the facts from the pinned packages into `server/catalog/data/`.
//!
//! Each module makes some of the files and repairs what its source gets wrong; this one puts them together, checks
//! that nothing was lost, and writes or compares.

mod cloudformation;
mod condition_keys;
mod managed_policies;
mod operations;
mod principals;
mod retired;
mod sam;
mod services;

use crate::packages::Packages;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Where the generated files are, from the root of the workspace.
const DATA: &str = "server/catalog/data";

/// Where the hand-written tables are.
const CURATED: &str = "server/catalog/curated";

/// Generated files: path below `data/` → text.
type Files = BTreeMap<String, String>;

/// Generates, then writes or compares.
pub fn run(check: bool) -> Result<()> {
    let root = crate::packages::workspace_root();
    let files = generate(&Packages::open(&root)?, &repairs(&root.join(CURATED))?)?;
    let folder = root.join(DATA);
    if check {
        compare(&folder, &files)
    } else {
        write(&folder, &files)
    }
}

fn generate(packages: &Packages, repairs: &BTreeMap<String, Vec<String>>) -> Result<Files> {
    let mut files = Files::new();
    let services = services::extract(packages)?;
    services.check()?;
    services.write(&mut files);
    files.insert("date.txt".into(), format!("{}\n", services.date));
    files.insert(
        "global-condition-keys.tsv".into(),
        condition_keys::extract(packages)?,
    );
    files.insert(
        "service-principals.txt".into(),
        principals::extract(packages)?,
    );
    files.insert("retired.tsv".into(), retired::lines(packages, &services)?);
    operations::extract(packages, &services, repairs, &mut files)?;
    managed_policies::extract(packages, &mut files)?;
    sam::extract(packages, &mut files)?;
    cloudformation::extract(packages, &services, repairs, &mut files)?;
    Ok(files)
}

/// The actions that a CloudFormation handler means by a name that is no action, by that name in lower case: repairs
/// written for the handlers, and API operations, which handlers name too.
fn repairs(folder: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let mut repairs = BTreeMap::new();
    for file in ["api-operations.tsv", "cfn-repairs.tsv"] {
        let path = folder.join(file);
        let text =
            fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, actions)) = line.split_once('\t') {
                let actions = actions.split([' ', '|']).filter(|name| !name.is_empty());
                let actions = actions.map(str::to_owned).collect();
                repairs.insert(name.to_lowercase(), actions);
            }
        }
    }
    Ok(repairs)
}

fn write(folder: &Path, files: &Files) -> Result<()> {
    for path in existing(folder)?.difference(&files.keys().cloned().collect()) {
        fs::remove_file(folder.join(path))?;
    }
    let mut bytes = 0;
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().context("a generated file has a folder")?)?;
        bytes += text.len();
        if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
        }
    }
    println!("{} files, {} KiB in {DATA}", files.len(), bytes / 1024);
    Ok(())
}

fn compare(folder: &Path, files: &Files) -> Result<()> {
    let mut wrong: Vec<String> = Vec::new();
    let existing = existing(folder)?;
    for (path, text) in files {
        match fs::read(folder.join(path)) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(_) => wrong.push(format!("{DATA}/{path} differs")),
            Err(_) => wrong.push(format!("{DATA}/{path} is missing")),
        }
    }
    let wanted = files.keys().cloned().collect();
    wrong.extend(
        existing
            .difference(&wanted)
            .map(|path| format!("{DATA}/{path} is not generated")),
    );
    if !wrong.is_empty() {
        bail!(
            "the catalog isn't what the pinned packages give; run `cargo xtask catalog`:\n  {}",
            wrong.join("\n  ")
        );
    }
    println!("{} files in {DATA} are up to date", files.len());
    Ok(())
}

/// The paths of the files below `folder`, relative to it, with `/`.
fn existing(folder: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else {
                found.insert(name);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_names_what_differs_is_missing_or_is_too_much() {
        let folder = tempfile::tempdir().unwrap();
        let files: Files = [("a/one.tsv", "1\n"), ("two.tsv", "2\n")]
            .map(|(path, text)| (path.into(), text.into()))
            .into();
        write(folder.path(), &files).unwrap();
        assert!(compare(folder.path(), &files).is_ok());

        fs::write(folder.path().join("two.tsv"), "changed").unwrap();
        fs::remove_file(folder.path().join("a/one.tsv")).unwrap();
        fs::write(folder.path().join("a/three.tsv"), "").unwrap();
        let message = compare(folder.path(), &files).unwrap_err().to_string();
        for wanted in [
            "two.tsv differs",
            "a/one.tsv is missing",
            "a/three.tsv is not generated",
            "cargo xtask catalog",
        ] {
            assert!(message.contains(wanted), "{message}");
        }

        // Writing again mends all of it.
        write(folder.path(), &files).unwrap();
        assert!(compare(folder.path(), &files).is_ok());
    }
}
