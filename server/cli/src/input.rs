//! Files as texts.

use std::fs;
use std::path::Path;

use leastwise_syntax::{Format, decode};
use leastwise_workspace::load;

/// The largest file that is read, in bytes. CloudFormation takes templates of 1 MiB; nothing near this holds policies.
pub(crate) const MAX_SIZE: u64 = 32 << 20;

/// A file's text.
pub(crate) struct Input {
    pub text: String,
    pub format: Format,
    /// Whether the text is the file's very bytes, so that it can be written back.
    pub verbatim: bool,
}

/// Reads a file. The error is a sentence for the user, without the path.
pub(crate) fn read(path: &Path) -> Result<Input, String> {
    let known = fs::metadata(path).map_err(|error| why(path, &error))?;
    // A pipe that nobody writes to waits for ever, and a device may never end.
    if !known.is_file() {
        let what = if known.is_dir() {
            "a folder"
        } else {
            "a pipe, a device or a socket"
        };
        return Err(format!("it is {what}, not a file"));
    }
    let size = known.len();
    if size > MAX_SIZE {
        return Err(format!(
            "it has {size} bytes, and files over {} MiB are not read",
            MAX_SIZE >> 20
        ));
    }
    let bytes = fs::read(path).map_err(|error| why(path, &error))?;
    let text = decode(&bytes).map_err(|error| error.to_string())?;
    let verbatim = text.as_bytes() == bytes;
    let format = load::format_of(path, &text);
    Ok(Input {
        text,
        format,
        verbatim,
    })
}

fn why(path: &Path, error: &std::io::Error) -> String {
    let dangling = error.kind() == std::io::ErrorKind::NotFound && path.is_symlink();
    if dangling {
        "it is a link to a file that doesn't exist".to_owned()
    } else {
        error.to_string()
    }
}
