//! Writes mended files back.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::file::Checked;
use crate::output::note;

/// Writes each mended text to its file. Whether some could not be written, which is said on standard error.
pub(super) fn write_back(checked: &mut [Checked]) -> bool {
    let mut failed = false;
    for one in checked.iter_mut().filter(|one| one.before.is_some()) {
        if let Err(error) = replace(&one.path, &one.text) {
            note(&format!("{}: can't be written: {error}", one.shown_path));
            failed = true;
        }
    }
    failed
}

/// Replaces a file's content in one step: whoever reads it sees the old text or the new one. A link stays a link, the
/// permissions stay as they are.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let target = fs::canonicalize(path)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(&target)?.permissions();
    let mut file = tempfile::Builder::new()
        .prefix(".leastwise-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}
