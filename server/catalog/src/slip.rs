//! "Did you mean": how many slips of a finger take one name to another. There is one measure; how many slips are still
//! near, each list of names says for itself.

/// Longer names aren't compared, in bytes: that takes the square of their lengths.
pub const LONGEST: usize = 128;

/// How many slips apart two names are, where that is `most` at most. A swap of neighbours is one slip. Case counts.
pub fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let longest = one.len().max(other.len());
    // Each slip brings or takes one character, of four bytes at most.
    if longest > LONGEST || one.len().abs_diff(other.len()) > 4 * most {
        return None;
    }
    Some(strsim::osa_distance(one, other)).filter(|distance| *distance <= most)
}

/// The same without regard to ASCII case.
pub fn distance_in_any_case(one: &str, other: &str, most: usize) -> Option<usize> {
    distance(&one.to_ascii_lowercase(), &other.to_ascii_lowercase(), most)
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
