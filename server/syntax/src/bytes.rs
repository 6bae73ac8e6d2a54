//! Bytes of a file to text.

use std::fmt;

use crate::limits::PAIRS_OF_BYTES;

/// Why the bytes of a file are no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotText {
    /// Offset of the first byte that doesn't fit, from the start of the file.
    pub offset: usize,
    /// The encoding that it was read as: `UTF-8`, `UTF-16LE` or `UTF-16BE`.
    pub encoding: &'static str,
    /// Whether the file looks like no text at all (it holds a NUL byte).
    pub binary: bool,
    /// The encoding that it looks like, without the byte order mark by which that is told.
    pub unmarked: Option<&'static str>,
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(encoding) = self.unmarked {
            write!(
                f,
                "this looks like {encoding} without a byte order mark, which isn't supported; save the file as UTF-8"
            )
        } else if self.binary {
            write!(f, "not a text file (NUL byte at offset {})", self.offset)
        } else {
            write!(
                f,
                "not {}: the byte at offset {} fits no character; save the file as UTF-8",
                self.encoding, self.offset
            )
        }
    }
}

impl std::error::Error for NotText {}

/// Reads a file's bytes as UTF-8 (with or without byte order mark), or as UTF-16 if it starts with that mark.
///
/// A UTF-8 byte order mark stays in the text, so that offsets into it are offsets into the file; the readers pass
/// over it. Offsets into a text that was UTF-16 are offsets into its UTF-8 form.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, "UTF-16LE", u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, "UTF-16BE", u16::from_be_bytes),
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let offset = error.valid_up_to();
                let nul = memchr::memchr(0, bytes);
                NotText {
                    offset: nul.unwrap_or(offset),
                    encoding: "UTF-8",
                    binary: nul.is_some(),
                    unmarked: unmarked(bytes),
                }
            })?;
            match memchr::memchr(0, bytes) {
                Some(offset) => Err(NotText {
                    offset,
                    encoding: "UTF-8",
                    binary: true,
                    unmarked: unmarked(bytes),
                }),
                None => Ok(text.to_owned()),
            }
        }
    }
}

/// UTF-16, as far as bytes look like it: a policy is ASCII for the most part, so that every other byte is NUL.
fn unmarked(bytes: &[u8]) -> Option<&'static str> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let pairs = pairs.get(..PAIRS_OF_BYTES).unwrap_or(pairs);
    let count = |is_it: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| is_it(pair)).count();
    let most = |count: usize| count > 1 && count * 4 >= pairs.len() * 3;
    let little = count(|pair| matches!(pair, [1..=255, 0]));
    let big = count(|pair| matches!(pair, [0, 1..=255]));
    match (most(little), most(big)) {
        (true, _) => Some("UTF-16LE"),
        (_, true) => Some("UTF-16BE"),
        _ => None,
    }
}

/// Decodes UTF-16 behind its byte order mark.
fn utf16(
    bytes: &[u8],
    encoding: &'static str,
    unit: fn([u8; 2]) -> u16,
) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok('\0') => {
                return Err(NotText {
                    offset,
                    encoding,
                    binary: true,
                    unmarked: None,
                });
            }
            Ok(character) => {
                text.push(character);
                offset += 2 * character.len_utf16();
            }
            Err(_) => {
                return Err(NotText {
                    offset,
                    encoding,
                    binary: false,
                    unmarked: None,
                });
            }
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(NotText {
            offset,
            encoding,
            binary: false,
            unmarked: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode(b"a: 1").unwrap(), "a: 1");
        assert_eq!(decode("\u{FEFF}a".as_bytes()).unwrap(), "\u{FEFF}a");
        assert_eq!(
            decode(b"\xFF\xFEa\0\x3D\xD8\x00\xDE").unwrap(),
            "a\u{1F600}"
        );
        assert_eq!(decode(b"\xFE\xFF\0a").unwrap(), "a");
        assert_eq!(decode(b""), Ok(String::new()));
    }

    #[test]
    fn utf_16_without_its_mark_is_called_so() {
        let policy = "{\"Version\": \"2012-10-17\", \"Id\": \"\u{e9}t\u{e9}\u{1f600}\"}";
        let bytes = |of: fn(u16) -> [u8; 2]| policy.encode_utf16().flat_map(of).collect::<Vec<_>>();
        for (bytes, encoding) in [
            (bytes(u16::to_le_bytes), "UTF-16LE"),
            (bytes(u16::to_be_bytes), "UTF-16BE"),
        ] {
            let told = decode(&bytes).unwrap_err().to_string();
            let wanted = format!("looks like {encoding} without a byte order mark");
            assert!(told.contains(&wanted), "{told}");
            assert!(told.ends_with("save the file as UTF-8"), "{told}");
        }
        // What holds a NUL byte here and there, or nothing else, is no text.
        let one = b"{\"a\": \"b\0\"}";
        for bytes in [&b"PK\x03\x04\0\0\0\0ab"[..], one, &[0; 64], b"\0"] {
            let told = decode(bytes).unwrap_err().to_string();
            assert!(told.contains("NUL byte"), "{told}");
        }
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(decode(b"ab\xFFc").unwrap_err().offset, 2);
        assert!(decode(b"PK\x03\0\xFF").unwrap_err().binary);
        assert_eq!(
            decode(b"ab\0c").unwrap_err(),
            NotText {
                offset: 2,
                encoding: "UTF-8",
                binary: true,
                unmarked: None
            }
        );
        assert_eq!(decode(b"\xFF\xFEa\0\x00\xD8").unwrap_err().offset, 4);
        assert_eq!(decode(b"\xFF\xFEa\0b").unwrap_err().offset, 4);
        assert!(
            decode(b"ab\xFFc")
                .unwrap_err()
                .to_string()
                .contains("offset 2")
        );
    }
}
