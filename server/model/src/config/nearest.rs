//! What a user has probably meant.

use leastwise_catalog::typo;

/// The candidate that a user probably meant by `word`.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = candidates.filter_map(|candidate| Some((typo::near(word, candidate)?, candidate)));
    typo::nearest(near).into_iter().next()
}
