//! What a finding is known by from one run to the next.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::model::Located;
use super::line_hash::LineHashes;

/// The fingerprints of findings, file after file. Counts findings that nothing tells apart but their order.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// The `partialFingerprints` of a finding: ours, and GitHub's, which doesn't tell those on one line apart.
    pub(super) fn next(
        &mut self,
        uri: &str,
        text: &str,
        lines: &LineHashes,
        at: &Located,
    ) -> Value {
        let own = self.own(uri, text, at);
        match lines.at_line(at.range.start.line) {
            Some(hash) => json!({ "leastwise/v1": own, "primaryLocationLineHash": hash }),
            None => json!({ "leastwise/v1": own }),
        }
    }

    /// The fingerprint of a finding: of its rule, file, owner, statement (`Sid`) and the text that is marked, and which of
    /// those that are alike in all this it is. Lines and what stands in other places aren't in it, so it stays when these
    /// change; nor is the rest of the statement, so it stays when another finding in there is mended.
    fn own(&mut self, uri: &str, text: &str, located: &Located) -> String {
        let finding = &located.finding;
        let marked = text.get(finding.span.range()).unwrap_or_default();
        let mut hash = Hash::default();
        hash.add([finding.rule.id]);
        hash.add([uri]);
        hash.add(finding.owner.as_deref());
        hash.add(located.sid.as_deref());
        hash.add(marked.split_whitespace());
        let count = self.seen.entry(hash.0).or_default();
        *count += 1;
        format!("{:016x}:{count}", hash.0)
    }
}

/// FNV-1a: the same in every version of the program and on every machine.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// Adds a part, made of words: `a b` differs from `ab`, and `a` before `b` from both.
    fn add<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) {
        for word in words {
            word.bytes().for_each(|byte| self.byte(byte));
            self.byte(0xfe);
        }
        self.byte(0xff);
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}
