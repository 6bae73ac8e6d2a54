//! HCL: any text is read to a tree that is sound, and edits give what a reading of the whole text gives.
//!
//! The input is a text and, behind a byte `0xFF` each, edits: two bytes for the start, one for the length, the rest
//! is the replacement.
#![no_main]

use leastwise_fuzz::sound;
use leastwise_syntax::{Format, Span, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0xFF);
    let Ok(source) = std::str::from_utf8(parts.next().unwrap_or_default()) else { return };
    let mut tree = Tree::parse(source.to_owned(), Format::Hcl);
    sound(&tree);
    for edit in parts.take(4) {
        let [high, low, length, replacement @ ..] = edit else { return };
        let Ok(replacement) = std::str::from_utf8(replacement) else { return };
        let start = u32::from(u16::from_be_bytes([*high, *low])) % (tree.source().len() as u32 + 2);
        tree.edit(Span::new(start, start + u32::from(*length)), replacement);
        let whole = Tree::parse(tree.source().to_owned(), Format::Hcl);
        assert_eq!(tree.outline(), whole.outline(), "{:?}", tree.source());
        sound(&tree);
    }
});
