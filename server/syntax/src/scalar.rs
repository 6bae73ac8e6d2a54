//! What a plain YAML scalar is.

use crate::ScalarType;

/// The type that YAML readers give to a plain scalar. A date is a string here, as IAM wants its `Version`.
pub(crate) fn plain_type(text: &str) -> ScalarType {
    // By far the most scalars are words that begin with a letter that begins no literal.
    match text.as_bytes().first() {
        None => ScalarType::Null,
        Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O')
            if text.len() <= 5 =>
        {
            match text {
                "~" | "null" | "Null" | "NULL" => ScalarType::Null,
                "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "yes" | "Yes" | "YES"
                | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
                    ScalarType::Bool
                }
                _ => ScalarType::String,
            }
        }
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') if is_number(text) => ScalarType::Number,
        Some(_) => ScalarType::String,
    }
}

/// Whether YAML 1.1 or 1.2 reads `text` as a number (sexagesimal ones aside).
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || c == '_');
        }
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = mantissa.bytes().any(|b| b.is_ascii_digit());
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.bytes().all(|b| b.is_ascii_digit())
    });
    some && !mantissa.starts_with('_') && digits(whole) && digits(fraction) && exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        use ScalarType::{Bool, Null, Number, String};
        for (text, expected) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("nul", String),
            ("true", Bool),
            ("Yes", Bool),
            ("off", Bool),
            ("y", String),
            ("Allow", String),
            ("2012-10-17", String),
            ("111111111111", Number),
            ("-1", Number),
            ("1.5e3", Number),
            ("0x1F", Number),
            (".5", Number),
            ("1_000", Number),
            (".inf", Number),
            ("-.inf", Number),
            (".", String),
            ("-", String),
            ("1.2.3", String),
            ("e5", String),
            ("1e", String),
            ("s3:*", String),
            ("_1", String),
        ] {
            assert_eq!(plain_type(text), expected, "{text}");
        }
    }
}
