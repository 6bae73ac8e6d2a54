//! What a change of several lines leaves as it was.

use leastwise_syntax::Span;

use crate::limits::PARTS_OF_A_CHANGE;

/// The parts in which two texts of as many lines differ, each with where it stands once those before it are replaced. `None` for a
/// text of one line, where the lines are others, and where the parts are too many.
pub(super) fn parts<'t>(before: &str, after: &'t str) -> Option<Vec<(Span, &'t str)>> {
    if !before.contains('\n') || !after.contains('\n') {
        return None;
    }
    let count = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).count();
    if count(before) != count(after) {
        return None;
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for (old, new) in before
        .split_inclusive('\n')
        .zip(after.split_inclusive('\n'))
    {
        if old != new {
            in_line(&mut parts, at, old, new);
        }
        if parts.len() > PARTS_OF_A_CHANGE {
            return None;
        }
        at += new.len();
    }
    // A last line that is empty now, or wasn't there.
    let whole: usize = before.split_inclusive('\n').count();
    let same = whole == after.split_inclusive('\n').count();
    (same && !parts.is_empty()).then_some(parts)
}

/// Those of a line that begins at `at`: letter by letter where it is as long as before, else what is between the same beginning and
/// the same end.
fn in_line<'t>(parts: &mut Vec<(Span, &'t str)>, at: usize, old: &str, new: &'t str) {
    let mut push = |start: usize, old_end: usize, end: usize| {
        let offset = |own: usize| u32::try_from(at + own).unwrap_or(u32::MAX);
        let text = new.get(start..end).unwrap_or_default();
        parts.push((Span::new(offset(start), offset(old_end)), text));
    };
    let widths = |text: &str| text.chars().map(char::len_utf8).collect::<Vec<_>>();
    if old.len() == new.len() && widths(old) == widths(new) {
        let mut begun: Option<usize> = None;
        for ((place, before), after) in old.char_indices().zip(new.chars()) {
            match (before == after, begun) {
                (true, Some(start)) => {
                    push(start, place, place);
                    begun = None;
                }
                (false, None) => begun = Some(place),
                _ => {}
            }
        }
        if let Some(start) = begun {
            push(start, old.len(), new.len());
        }
        return;
    }
    let same = |(one, other): &(char, char)| one == other;
    let head: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let rest = |text: &str| text.get(head..).unwrap_or_default().to_owned();
    let (old_rest, new_rest) = (rest(old), rest(new));
    let tail: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    push(head, old.len() - tail, new.len() - tail);
}

#[cfg(test)]
mod tests {
    use super::parts;

    /// The text that the parts make of another.
    fn put(before: &str, after: &str) -> Option<String> {
        let mut text = before.to_owned();
        for (span, new) in parts(before, after)? {
            text.replace_range(span.range(), new);
        }
        Some(text)
    }

    #[test]
    fn parts_make_the_text() {
        for (before, after, count) in [
            ("a: 'x'\nb: 'y'\n", "a: \"x\"\nb: \"y\"\n", Some(4)),
            ("a: 'ä'\nb\n", "a: \"ä\"\nb\n", Some(2)),
            ("aa: x\nb: y\n", "a: x\nb: yy\n", Some(2)),
            ("aä\nb\n", "äa\nbc\n", Some(2)),
            ("a\nb", "a\n", None),
            ("a\nb\n", "a\nb\nc\n", None),
            ("a", "b", None),
            ("a\n", "a\n", None),
        ] {
            let found = parts(before, after);
            assert_eq!(found.map(|all| all.len()), count, "{before:?} {after:?}");
            if count.is_some() {
                assert_eq!(put(before, after).as_deref(), Some(after));
            }
        }
    }
}
