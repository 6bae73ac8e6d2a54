//! Places in a text as people are told them.

/// The line and column of an offset, both from 1; columns in characters. An offset beyond the text is at its end, one
/// within a character before it. For many places of one text, whoever reports them keeps where its lines begin.
pub fn place(text: &str, offset: u32) -> (usize, usize) {
    let before = text.floor_char_boundary(offset as usize);
    let before = text.get(..before).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn lines_and_columns_from_one() {
        let text = "a: é\nb: x\n";
        let found = [0, 3, 4, 5, 6, 11, 99].map(|offset| place(text, offset));
        assert_eq!(
            found,
            [(1, 1), (1, 4), (1, 4), (1, 5), (2, 1), (3, 1), (3, 1)]
        );
    }
}
