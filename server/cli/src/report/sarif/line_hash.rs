//! The hash by which GitHub finds a result again, of the line that it begins in.
//!
//! GitHub's action for uploads works it out from the files where a report leaves it out, and warns where a report has another;
//! its interface for uploads does neither. A line's hash is the polynomial in 37, modulo 2⁶⁴, of the 100 characters (units of
//! UTF-16) from its beginning on, without blanks and tabs, with any line break as a line feed, 65535 for the end of the file, and
//! zeros behind that. Lines of the same hash are counted.

use std::collections::HashMap;

/// How many characters a hash is of.
const CHARACTERS: usize = 100;

/// What stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes of a text's lines, as GitHub writes them.
pub(super) struct LineHashes(Vec<(u64, usize)>);

impl LineHashes {
    /// Hashes every line of a text.
    pub(super) fn new(text: &str) -> LineHashes {
        let mut characters: Vec<u16> = Vec::with_capacity(text.len() + CHARACTERS);
        let mut starts = vec![0];
        let mut before = None;
        for unit in text.encode_utf16() {
            let is_break = unit == u16::from(b'\n') || unit == u16::from(b'\r');
            let ends_one = before == Some(u16::from(b'\r')) && unit == u16::from(b'\n');
            before = Some(unit);
            if is_break && !ends_one {
                characters.push(u16::from(b'\n'));
                starts.push(characters.len());
            } else if !is_break && unit != u16::from(b' ') && unit != u16::from(b'\t') {
                characters.push(unit);
            }
        }
        characters.push(END);
        characters.resize(characters.len() + CHARACTERS, 0);
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let hashes = starts.into_iter().map(|start| {
            let own = characters.iter().skip(start).take(CHARACTERS);
            let hash = own.fold(0u64, |hash, unit| {
                hash.wrapping_mul(37).wrapping_add(u64::from(*unit))
            });
            let count = seen.entry(hash).or_default();
            *count += 1;
            (hash, *count)
        });
        LineHashes(hashes.collect())
    }

    /// The hash of a line, counted from 1.
    pub(super) fn at_line(&self, line: usize) -> Option<String> {
        let (hash, count) = self.0.get(line.checked_sub(1)?)?;
        Some(format!("{hash:x}:{count}"))
    }
}

#[cfg(test)]
mod tests {
    use super::LineHashes;

    /// What GitHub's own tests expect (`fingerprints.test.ts` of github/codeql-action).
    #[test]
    fn hashes_are_those_of_github() {
        let ended = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let lorem = "Lorem ipsum dolor sit amet.\n".repeat(10);
        let texts: [(&str, &[&str]); 6] = [
            ("", &["c129715d7a2bc9a3:1"]),
            (
                " a\nb\n  \t\tc\n d",
                &[
                    "271789c17abda88f:1",
                    "54703d4cd895b18:1",
                    "180aee12dab6264:1",
                    "a23a3dc5e078b07b:1",
                ],
            ),
            (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", &ended),
            (
                " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
                &ended,
            ),
            (
                " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
                &ended,
            ),
            (
                &lorem,
                &[
                    "a7f2ff13bc495cf2:1",
                    "a7f2ff13bc495cf2:2",
                    "a7f2ff13bc495cf2:3",
                    "a7f2ff13bc495cf2:4",
                    "a7f2ff13bc495cf2:5",
                    "a7f2ff13bc495cf2:6",
                    "a7f2ff1481e87703:1",
                    "a9cf91f7bbf1862b:1",
                    "55ec222b86bcae53:1",
                    "cc97dc7b1d7d8f7b:1",
                    "c129715d7a2bc9a3:1",
                ],
            ),
        ];
        for (text, expected) in texts {
            let hashes = LineHashes::new(text);
            let lines = 1..=hashes.0.len();
            let hashes: Vec<_> = lines.filter_map(|line| hashes.at_line(line)).collect();
            assert_eq!(hashes, expected, "{text:?}");
        }
    }
}
