//! The parts of an ARN that is being typed.

/// What is typed of an ARN: all up to its last part, and the parts, of which the sixth takes the rest. A name in braces has
/// colons of its own.
pub(super) fn cut(typed: &str) -> Option<(&str, Vec<&str>)> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in typed.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && parts.len() < 5 => {
                parts.push(typed.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(typed.get(start..)?);
    (parts.first() == Some(&"arn") && parts.len() > 1).then_some((typed.get(..start)?, parts))
}

/// The partition of the ARN that is typed, where it has one.
pub(super) fn partition(typed: &str) -> Option<&str> {
    let (_, parts) = cut(typed)?;
    let own = parts.get(1).filter(|_| parts.len() > 2);
    own.copied().filter(|part| !part.is_empty())
}

/// The region and the account of the ARN that is typed, as far as it has them.
pub(super) fn place(typed: &str) -> (Option<&str>, Option<&str>) {
    let Some((_, parts)) = cut(typed) else {
        return (None, None);
    };
    let whole = |at: usize| {
        let part = parts.get(at).filter(|_| parts.len() > at + 1);
        part.copied().filter(|part| !part.is_empty())
    };
    (whole(3), whole(4))
}
