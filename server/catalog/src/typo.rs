//! "Did you mean": how many slips of a finger take one name to another, and how many of them are few enough: for a name that may
//! have been meant ([`near`]), and for one that surely was ([`slips`]).

use crate::limits::{COMPARED_LENGTH, SLIPS};

/// What a verb begins with that turns another round.
pub const TURNS: [&str; 4] = ["dis", "un", "de", "non"];

/// How often each letter is in a name, whatever its case. Most names are told apart by that.
#[derive(Clone, Copy, Debug)]
pub struct Letters([u8; Letters::KINDS]);

impl Letters {
    /// Letters, digits, and the rest of ASCII.
    const KINDS: usize = 37;

    /// The letters of a name. What isn't ASCII is none.
    pub fn of(name: &str) -> Letters {
        let mut letters = [0u8; Letters::KINDS];
        for byte in name.bytes() {
            let kind = match byte.to_ascii_lowercase() {
                letter @ b'a'..=b'z' => usize::from(letter - b'a'),
                digit @ b'0'..=b'9' => usize::from(digit - b'0') + 26,
                other if other.is_ascii() => Letters::KINDS - 1,
                _ => continue,
            };
            if let Some(count) = letters.get_mut(kind) {
                *count = count.saturating_add(1);
            }
        }
        Letters(letters)
    }

    /// Whether so many slips can lead from one name to the other: each brings one letter at most, and takes one at most.
    pub fn may_be_near(&self, other: &Letters, most: usize) -> bool {
        let (mut more, mut less) = (0, 0);
        for (one, other) in self.0.iter().zip(&other.0) {
            more += usize::from(one.saturating_sub(*other));
            less += usize::from(other.saturating_sub(*one));
        }
        more.max(less) <= most
    }
}

/// How many slips apart two names are, where that is `most` at most. A swap of neighbours is one slip. Case counts.
pub fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let longest = one.len().max(other.len());
    // Each slip brings or takes one character, of four bytes at most.
    if longest > COMPARED_LENGTH || one.len().abs_diff(other.len()) > 4 * most {
        return None;
    }
    if !Letters::of(one).may_be_near(&Letters::of(other), most) {
        return None;
    }
    Some(strsim::osa_distance(one, other)).filter(|distance| *distance <= most)
}

/// The same without regard to ASCII case.
pub fn distance_in_any_case(one: &str, other: &str, most: usize) -> Option<usize> {
    if one.len().max(other.len()) > COMPARED_LENGTH {
        return None;
    }
    // Most are told apart without a copy.
    if !Letters::of(one).may_be_near(&Letters::of(other), most) {
        return None;
    }
    distance(&one.to_ascii_lowercase(), &other.to_ascii_lowercase(), most)
}

/// How many slips apart two names are, where these are so few that one may have been meant by the other: one for three
/// characters, three at most. Case doesn't count.
pub fn near(written: &str, known: &str) -> Option<usize> {
    let longest = written.len().max(known.len());
    let most = (longest / 3).clamp(1, SLIPS);
    if written.len().abs_diff(known.len()) > most {
        return None;
    }
    distance_in_any_case(written, known, most)
}

/// How many slips apart two names are, where these are so few that it is the same name: none in three characters, which are near
/// to anything, one in seven, two in more. Case doesn't count.
pub fn slips(written: &str, known: &str) -> Option<usize> {
    let most = match known.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    distance_in_any_case(written, known, most)
}

/// What is the fewest slips away, in order; several where they are equally near.
pub fn nearest<T: Ord>(near: impl IntoIterator<Item = (usize, T)>) -> Vec<T> {
    let mut near: Vec<(usize, T)> = near.into_iter().collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map(|(distance, _)| *distance);
    near.into_iter()
        .filter(|(distance, _)| Some(*distance) == best)
        .map(|(_, candidate)| candidate)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn letters_tell_no_near_names_apart() {
        let words = [
            "",
            "a",
            "ab",
            "ba",
            "aab",
            "lambda",
            "lamda",
            "Lambda",
            "l\u{e4}mbda",
            "\u{20ac}",
            "s3-x",
            "s3.x",
            "s3x",
        ];
        for one in words {
            for other in words {
                let (own, of) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
                let slips = strsim::osa_distance(&own, &of);
                let letters = Letters::of(one).may_be_near(&Letters::of(other), slips);
                assert!(letters, "{one} {other}");
                for most in 0..4 {
                    let expected = Some(slips).filter(|slips| *slips <= most);
                    assert_eq!(
                        distance_in_any_case(one, other, most),
                        expected,
                        "{one} {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn short_names_are_near_to_anything() {
        for (written, known, may_be, is) in [
            ("s3", "s3", Some(0), Some(0)),
            ("s4", "s3", Some(1), None),
            ("sns", "sqs", Some(1), None),
            ("Lamda", "lambda", Some(1), Some(1)),
            ("lmda", "lambda", Some(2), None),
            ("cloudfromtion", "cloudformation", Some(2), Some(2)),
            ("clodfromtion", "cloudformation", Some(3), None),
            ("clodfromton", "cloudformation", None, None),
        ] {
            let found = (near(written, known), slips(written, known));
            assert_eq!(found, (may_be, is), "{written}");
        }
    }

    #[test]
    fn few_names_are_compared_letter_by_letter() {
        let names: Vec<&str> = catalog()
            .managed_policies()
            .map(|policy| policy.name())
            .collect();
        let principals: Vec<&str> = catalog().service_principals().collect();
        for (written, names, most) in [
            ("AmazonS3ReadOnlyAcess", &names, 3),
            ("AWSLambdaBasicExecutionRol", &names, 3),
            ("lamda.amazonaws.com", &principals, 4),
            ("cloudfromation.amazonaws.com", &principals, 4),
        ] {
            let own = Letters::of(written);
            let compared = names
                .iter()
                .filter(|name| own.may_be_near(&Letters::of(name), most));
            let compared = compared.count();
            assert!(
                compared * 8 < names.len(),
                "{written}: {compared} of {}",
                names.len()
            );
        }
    }
}
