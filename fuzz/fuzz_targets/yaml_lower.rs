//! Any bytes as YAML: no panic and a sound tree.
#![no_main]

use leastwise_syntax::{Format, Tree, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(source) = decode(bytes) {
        let tree = Tree::parse(source, Format::Yaml);
        leastwise_fuzz::sound(&tree);
    }
});
