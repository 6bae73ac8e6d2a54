//! Halves of characters in JSON strings. JavaScript cuts a text between the two UTF-16 units of a character, so an editor may send
//! one of them alone (`\ud83d`), which no Rust string can hold.

/// The JSON with U+FFFD, which is one UTF-16 unit as well, for each half that has no other one beside it: so the positions of whoever
/// counts in UTF-16 stay right. `None` where there is no such half.
pub(crate) fn without_lone_halves(json: &[u8]) -> Option<Vec<u8>> {
    let mut mended = json.to_vec();
    let mut is_mended = false;
    let mut at = 0;
    while let Some(rest) = json.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(found) = rest.iter().position(|byte| *byte == b'\\') else {
            break;
        };
        at += found;
        let Some(unit) = unit(json, at) else {
            // Another escape; of `\\` the second one begins none.
            at += 2;
            continue;
        };
        let pair = (0xd800..0xdc00).contains(&unit) && unit_in(json, at + ESCAPE, 0xdc00..0xe000);
        match (pair, (0xd800..0xe000).contains(&unit)) {
            (true, _) => at += ESCAPE,
            (false, true) => {
                if let Some(escape) = mended.get_mut(at..at + ESCAPE) {
                    escape.copy_from_slice(br"\ufffd");
                    is_mended = true;
                }
            }
            (false, false) => {}
        }
        at += ESCAPE;
    }
    is_mended.then_some(mended)
}

/// The length of `\ud83d`, in bytes.
const ESCAPE: usize = br"\ud83d".len();

/// The UTF-16 unit that is escaped at an offset.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(br"\u")?;
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn unit_in(json: &[u8], at: usize, range: std::ops::Range<u16>) -> bool {
    unit(json, at).is_some_and(|unit| range.contains(&unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_without_the_other_one() {
        let mended = |json: &str| {
            let mended = without_lone_halves(json.as_bytes());
            mended.map(|json| String::from_utf8(json).unwrap())
        };
        for whole in [
            r#""a""#,
            r#""\ud83d\ude00""#,
            r#""\\ud83d""#,
            r#""\u00e9\n\"""#,
            r#""\ud83"#,
            r#""\u+83d""#,
            "\"\\",
        ] {
            assert_eq!(mended(whole), None, "{whole}");
        }
        for (half, expected) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00a""#, r#""\ufffda""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\\\ud83d\\u""#, r#""\\\ufffd\\u""#),
            (r#""\ud83d\u0041""#, r#""\ufffd\u0041""#),
        ] {
            assert_eq!(mended(half).as_deref(), Some(expected), "{half}");
            assert!(serde_json::from_str::<String>(expected).is_ok());
        }
    }
}
