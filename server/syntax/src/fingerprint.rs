//! Fingerprints: numbers by which a program knows what it has seen before.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::{FixedState, FoldHasher};

/// Adds up what is written into it, some gigabytes a second: the whole of a text goes through it after each edit. Different texts
/// have one fingerprint by chance once in 2^64. It says nothing from one version of the program to the next.
#[derive(Clone)]
pub struct Fingerprint(FoldHasher<'static>);

impl Fingerprint {
    /// The fingerprint of one value.
    pub fn of(value: impl Hash) -> u64 {
        let mut fingerprint = Fingerprint::default();
        value.hash(&mut fingerprint);
        fingerprint.finish()
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(FixedState::default().build_hasher())
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({:x})", self.0.finish())
    }
}

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.write_u8(number);
    }

    fn write_u32(&mut self, number: u32) {
        self.0.write_u32(number);
    }

    fn write_u64(&mut self, number: u64) {
        self.0.write_u64(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.0.write_usize(number);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_differs_in_one_place_has_another() {
        let text = "Effect: Allow\n".repeat(300);
        let mut seen = HashSet::from([Fingerprint::of(&text)]);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert!(seen.insert(Fingerprint::of(String::from_utf8(bytes).unwrap())));
            assert!(seen.insert(Fingerprint::of(&text[..at])), "{at}");
        }
        assert_eq!(Fingerprint::of(&text), Fingerprint::of(text.as_str()));
    }

    #[test]
    fn where_one_value_ends_counts() {
        assert_ne!(Fingerprint::of(("a", "bc")), Fingerprint::of(("ab", "c")));
        assert_ne!(Fingerprint::of([1u32, 2]), Fingerprint::of([2u32, 1]));
    }
}
