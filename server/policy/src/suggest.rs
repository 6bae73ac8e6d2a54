//! "Did you mean": the nearest of a few names.

/// Longest name that is worth a guess, in bytes; comparing costs its square.
const LONGEST: usize = 128;

/// The candidate with the fewest edits from `word` (a swap of neighbours is one edit), case ignored; `None` if none is
/// within a third of the word's length.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let allowed = (word.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= allowed)
        .map(|candidate| (distance(&lower, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// Whether no other candidate is as near to `word` as `meant` is.
pub(crate) fn is_nearest_alone<'c>(
    word: &str,
    meant: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> bool {
    let lower = word.to_ascii_lowercase();
    let best = distance(&lower, meant);
    candidates
        .into_iter()
        .all(|other| other == meant || distance(&lower, other) > best)
}

fn distance(lower: &str, candidate: &str) -> usize {
    strsim::osa_distance(lower, &candidate.to_ascii_lowercase())
}

/// The candidate nearest to `word` that means as it does: of a name that says `Not`, only one that says so, too, wherever it
/// says it (`ActionNot` for `NotAction`). One that turns a statement round is never what was meant.
pub(crate) fn nearest_in_sense<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str> + Clone,
) -> Option<&'c str> {
    let Some(rest) = without_not(word) else {
        let found = nearest(word, candidates)?;
        let (one, other) = (word.to_ascii_lowercase(), found.to_ascii_lowercase());
        // One letter of its `Not` may be wrong.
        let slip = strsim::osa_distance(&one, &other) == 1;
        return (slip || without_not(found).is_none()).then_some(found);
    };
    let plain = nearest(
        &rest,
        candidates
            .clone()
            .filter(|candidate| without_not(candidate).is_none()),
    )?;
    let mut negated = candidates.filter(|candidate| {
        without_not(candidate).is_some_and(|rest| rest.eq_ignore_ascii_case(plain))
    });
    negated.next()
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
        let found = |word: &str| nearest_in_sense(word, names.into_iter());
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
        };
        assert_eq!(of("StringUnlike"), Some("StringNotLike"));
        assert_eq!(of("NotStringLike"), Some("StringNotLike"));
        assert_eq!(of("DateNotLessThan"), None);
        assert_eq!(of("StrngLike"), Some("StringLike"));
    }
}
