//! Files as texts.

use std::path::Path;

use leastwise_syntax::{Format, decode};
use leastwise_workspace::{fence, load};

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
    let bytes = fence::bytes(path, MAX_SIZE).map_err(|refused| refused.to_string())?;
    let text = decode(&bytes).map_err(|error| error.to_string())?;
    let verbatim = text.as_bytes() == bytes;
    let format = load::format_of(path, &text);
    Ok(Input {
        text,
        format,
        verbatim,
    })
}
