//! Any bytes as JSON: no panic, a sound tree, and a complete one exactly for what the strict reader takes.
#![no_main]

use leastwise_syntax::{Format, Tree, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(source) = decode(bytes) {
        let tree = Tree::parse(source, Format::Json);
        leastwise_fuzz::sound(&tree);
    }
});
