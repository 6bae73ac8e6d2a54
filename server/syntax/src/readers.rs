//! The reader of each format, for texts that are not too large.

use crate::arena::{Kind, NONE};
use crate::reading::Reading;
use crate::{Format, Limits, ProblemKind, Span, hcl, json, yaml};

/// Reads a text by the reader of its format. What stands in its strings is text to it.
pub(crate) fn read(source: &str, format: Format, limits: &Limits) -> Reading {
    let refused = if source.len() > limits.size.min(u32::MAX as usize - 1) {
        Some(format!("is larger than {} bytes", limits.size))
    } else if source.len() > limits.signs && signs(source) > limits.signs {
        Some(format!(
            "has more than {} brackets, commas, colons and lines",
            limits.signs
        ))
    } else {
        None
    };
    if let Some(why) = refused {
        let mut read = Reading::default();
        // The last offset that fits stands for the end of what is longer.
        let whole = Span::new(0, u32::try_from(source.len()).unwrap_or(u32::MAX));
        let id = read.arena.leaf(Kind::Invalid, whole, NONE);
        read.documents.push(id);
        let message = format!("The file {why} and was not read.");
        read.problem(ProblemKind::TooLarge, Span::empty(0), message);
        return read;
    }
    match format {
        Format::Json => json::read(source, limits, false),
        Format::Jsonc => json::read(source, limits, true),
        Format::Yaml => yaml::read(source, limits),
        Format::Hcl => hcl::read(source, limits),
    }
}

/// How many characters of a text may each stand for a node: what nodes take is many times what such a text takes.
fn signs(source: &str) -> usize {
    let is_sign = |byte: &&u8| matches!(byte, b'[' | b'{' | b',' | b':' | b'\n');
    source.as_bytes().iter().filter(is_sign).count()
}
