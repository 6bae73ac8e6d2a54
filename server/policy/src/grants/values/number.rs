//! Whole and decimal numbers, compared without rounding.

use std::cmp::Ordering;

/// A number by its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    is_negative: bool,
    /// Without zeros at the beginning.
    whole: String,
    /// Without zeros at the end.
    fraction: String,
}

/// Reads a number such as `-12.50`.
pub(super) fn read(text: &str) -> Option<Number> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0').to_owned();
    let fraction = fraction.trim_end_matches('0').to_owned();
    let is_zero = whole.is_empty() && fraction.is_empty();
    Some(Number {
        is_negative: is_negative && !is_zero,
        whole,
        fraction,
    })
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let longer = self.whole.len().cmp(&other.whole.len());
        let size = longer
            .then_with(|| self.whole.cmp(&other.whole))
            .then_with(|| self.fraction.cmp(&other.fraction));
        match (self.is_negative, other.is_negative) {
            (false, false) => size,
            (true, true) => size.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_order() {
        let ascending = [
            "-10", "-9.5", "-9.25", "0", "0.05", "0.5", "9", "09.1", "10", "100",
        ];
        let numbers: Vec<Number> = ascending.iter().filter_map(|text| read(text)).collect();
        assert_eq!(numbers.len(), ascending.len());
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert_eq!(read("-0.0"), read("0"));
        assert_eq!(read("1.50"), read("01.5"));
        for none in ["", "-", ".5", "5.", "+5", "1e3", "1,5", "1.2.3", " 1"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
