//! "Did you mean": the nearest of a few names.

use leastwise_catalog::limits::COMPARED_LENGTH;
use leastwise_catalog::typo::{self, distance_in_any_case};

/// The candidate that is fewest slips away from `word`, where one is near enough.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    all_nearest(word, candidates).into_iter().next()
}

/// As [`nearest`], with all candidates that are as near, in the order of their names.
pub(crate) fn all_nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Vec<&'c str> {
    if word.is_empty() {
        return Vec::new();
    }
    let candidates = candidates.into_iter();
    let near = candidates.filter_map(|other| Some((typo::near(word, other)?, other)));
    typo::nearest(near)
}

/// Whether no other candidate is as near to `word` as `meant` is.
pub(crate) fn is_nearest_alone<'c>(
    word: &str,
    meant: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> bool {
    let Some(best) = distance_in_any_case(word, meant, COMPARED_LENGTH) else {
        return false;
    };
    let is_farther = |other: &str| distance_in_any_case(word, other, best).is_none();
    candidates
        .into_iter()
        .all(|other| other == meant || is_farther(other))
}

/// The candidate nearest to `word` that means as it does: of a name that says `Not`, only one that says so, too, wherever it
/// says it (`ActionNot` for `NotAction`). One that turns a statement round is never what was meant. Several where they are
/// equally near.
pub(crate) fn nearest_in_sense<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str> + Clone,
) -> Vec<&'c str> {
    let Some(rest) = without_not(word) else {
        // One letter of its `Not` may be wrong.
        let is_slip = |found: &&str| distance_in_any_case(word, found, 1) == Some(1);
        let mut found = all_nearest(word, candidates);
        found.retain(|found| is_slip(found) || without_not(found).is_none());
        return found;
    };
    let plain = candidates
        .clone()
        .filter(|candidate| without_not(candidate).is_none());
    let plain = all_nearest(&rest, plain);
    let negated = plain.into_iter().filter_map(|plain| {
        candidates.clone().find(|candidate| {
            without_not(candidate).is_some_and(|rest| rest.eq_ignore_ascii_case(plain))
        })
    });
    negated.collect()
}

/// A name without the word in it that says it isn't so: `Not`, `Non`, `No`, `Un`. `None` where it has none.
fn without_not(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    // At its beginning, at its end, or before what is compared.
    let cut = |at: usize, length: usize| {
        let (head, tail) = (lower.get(..at)?, lower.get(at + length..)?);
        let rest = format!("{head}{tail}");
        (!rest.is_empty()).then_some(rest)
    };
    let words = ["not", "non"];
    for word in words {
        if let Some(at) = lower.find(word) {
            return cut(at, word.len());
        }
    }
    if ["noaction", "noresource", "noprincipal", "nostring", "noarn"]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        return cut(0, 2);
    }
    ["unlike", "unequal"]
        .iter()
        .find_map(|word| cut(lower.find(word)?, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_not_stays_so() {
        let names = ["Action", "NotAction", "Principal", "NotPrincipal", "Effect"];
        let found = |word: &str| nearest_in_sense(word, names.into_iter()).pop();
        for (word, meant) in [
            ("Actions", Some("Action")),
            ("ActionNot", Some("NotAction")),
            ("NoAction", Some("NotAction")),
            ("NotActions", Some("NotAction")),
            ("NonAction", Some("NotAction")),
            ("PrincipalNot", Some("NotPrincipal")),
            ("Principle", Some("Principal")),
            ("NotPrinciple", Some("NotPrincipal")),
            ("NotAktion", Some("NotAction")),
            ("NtAction", Some("NotAction")),
            // Nothing is called so.
            ("NotEffect", None),
            ("EffectNot", None),
            ("Not", None),
        ] {
            assert_eq!(found(word), meant, "{word}");
        }
        let of = |word: &str| {
            nearest_in_sense(
                word,
                ["StringLike", "StringNotLike", "DateLessThan"].into_iter(),
            )
            .pop()
        };
        assert_eq!(of("StringUnlike"), Some("StringNotLike"));
        assert_eq!(of("NotStringLike"), Some("StringNotLike"));
        assert_eq!(of("DateNotLessThan"), None);
        assert_eq!(of("StrngLike"), Some("StringLike"));
    }

    #[test]
    fn all_that_are_as_near() {
        let near = |word: &str| all_nearest(word, ["role-b", "role-a", "roles-abc", "role-a"]);
        assert_eq!(near("role-c"), ["role-a", "role-b"]);
        assert_eq!(near("role-ab"), ["role-a", "role-b"]);
        assert_eq!(near("ROLE-A"), ["role-a"]);
        assert_eq!(near("roles-ab"), ["roles-abc"]);
        assert!(near("").is_empty());
        let both = ["DateNotAt", "DateAt", "DateNotIt", "DateIt"];
        assert_eq!(
            nearest_in_sense("DateNotEt", both.into_iter()),
            ["DateNotAt", "DateNotIt"]
        );
        assert_eq!(
            nearest_in_sense("DateEt", both.into_iter()),
            ["DateAt", "DateIt"]
        );
    }
}
