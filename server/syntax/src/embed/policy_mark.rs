//! What the text of a policy has in it.

/// What every policy holds.
const MARK: &[u8] = b"Statement";
/// What tells a policy whose `Statement` is misspelt.
pub(super) const VERSION: &[u8] = b"2012-10-17";
/// What a list of statements holds that stands without a document.
const LIST: [&[u8]; 2] = [b"\"Effect\"", b"Action\""];

/// Whether a text may be that of a policy.
pub(super) fn has_mark(text: &str) -> bool {
    let has = |mark: &[u8]| memchr::memmem::find(text.as_bytes(), mark).is_some();
    let is_list = || text.trim_start().starts_with('[') && LIST.iter().all(|mark| has(mark));
    has(MARK) || has(VERSION) || is_list()
}
