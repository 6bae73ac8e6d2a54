//! Marks of other tools, in JSON and in YAML: they are found in order and apart, what is read in spite of them is sound,
//! and edits of such a text give what a reading of the whole gives.
//!
//! In the input, `~A` to `~P` stand for marks: two that meet are rare in what is drawn byte by byte.
#![no_main]

use leastwise_fuzz::sound;
use leastwise_syntax::{Format, Span, Tree, marks};
use libfuzzer_sys::fuzz_target;

const PIECES: [&str; 16] = [
    "{{ a }}", "{{{a}}}", "${a}", "%{ if a }", "%{ endif }", "<% if a %>", "<% } %>", "<%= a %>", "{% if a %}", "{% else %}",
    "{% endif %}", "{# a #}", "#{a}", "{{/* a */}}", "@@A@@", "\"{{ \"a\" }}\"",
];

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A letter in capitals behind `~` stands for a mark.
    let mut source = String::with_capacity(text.len() * 2);
    let mut parts = text.split('~');
    source.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let piece = part.bytes().next().and_then(|byte| PIECES.get(usize::from(byte.wrapping_sub(b'A'))));
        source.push_str(piece.copied().unwrap_or("~"));
        source.push_str(if piece.is_some() { &part[1..] } else { part });
    }
    let mut end = 0;
    for mark in marks::find(&source) {
        assert!(end <= mark.start && mark.start < mark.end, "{mark:?} behind {end}");
        assert!(source.get(mark.range()).is_some(), "{mark:?}");
        end = mark.end;
    }
    for format in [Format::Json, Format::Yaml, Format::Hcl] {
        let mut tree = Tree::parse(source.clone(), format);
        sound(&tree);
        for region in tree.regions() {
            assert!(source.get(region.span.range()).is_some(), "{region:?}");
        }
        let middle = source.len() as u32 / 2;
        tree.edit(Span::new(middle, middle + 3), "{{ b }}");
        let whole = Tree::parse(tree.source().to_owned(), format);
        assert_eq!(tree.outline(), whole.outline(), "{:?}", tree.source());
        sound(&tree);
    }
});
