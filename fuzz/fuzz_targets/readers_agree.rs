//! The two YAML readers, which share only the decoding of scalars, give the same tree for what both take for valid.
#![no_main]

use leastwise_syntax::{Format, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = std::str::from_utf8(bytes) else { return };
    let first = Tree::parse(source.to_owned(), Format::Yaml);
    if first.problems().is_empty()
        && let Some(second) = Tree::second_reading(source.to_owned())
    {
        assert_eq!(first.outline(), second.outline(), "{source:?}");
    }
});
