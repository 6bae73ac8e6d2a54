//! The one way from a file on disk to its text: bounded, decoded, and in the format that it is read in.

use std::fmt;
use std::path::Path;

use leastwise_syntax::{Format, NotText, decode};

use crate::fence::{self, Refused};
use crate::load;

/// The text of a file.
pub struct SourceText {
    /// The text itself.
    pub text: String,
    /// How it is written.
    pub format: Format,
    /// Whether the text is the file's very bytes, so that it can be written back.
    pub verbatim: bool,
}

/// Why a file has no text. As a text: a sentence without the path, for the user.
pub enum NoText {
    /// It isn't read.
    Refused(Refused),
    /// Its bytes are no text.
    Undecodable(NotText, Vec<u8>),
}

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoText::Refused(refused) => refused.fmt(f),
            NoText::Undecodable(error, _) => error.fmt(f),
        }
    }
}

impl SourceText {
    /// Reads a file of at most so many bytes.
    pub fn read(path: &Path, most: u64) -> Result<SourceText, NoText> {
        let bytes = fence::bytes(path, most).map_err(NoText::Refused)?;
        SourceText::of(path, bytes)
    }

    /// The text of bytes that somebody else has read, or has in place of a file's.
    pub fn of(path: &Path, bytes: Vec<u8>) -> Result<SourceText, NoText> {
        match decode(&bytes) {
            Ok(text) => Ok(SourceText {
                format: load::format_of(path, &text),
                verbatim: text.as_bytes() == bytes,
                text,
            }),
            Err(error) => Err(NoText::Undecodable(error, bytes)),
        }
    }
}
