//! Texts that others wrote, in Markdown: they are shown as they are, whatever their characters mean there.

/// A text as code, in one line. No character of it ends the code: not a backtick, and not what ends a line.
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(printed).collect();
    let runs = text.split(|letter| letter != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let is_blank = text.trim_matches(' ').is_empty();
    // A space on each side is taken off by who draws it.
    let space = match text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        true if !is_blank => " ",
        _ => "",
    };
    if text.is_empty() {
        return "` `".to_owned();
    }
    format!("{fence}{space}{text}{space}{fence}")
}

/// [`code`] for the cell of a table, which a `|` would end.
pub fn code_in_cell(text: &str) -> String {
    let code = code(text);
    // Readers differ in what two backslashes in front of it are.
    code.replace("\\|", "\\ |").replace('|', "\\|")
}

/// A text without marks where nothing in it is one, else [`code_in_cell`].
pub fn bare(text: &str) -> String {
    let mut before = ' ';
    let is_harmless = text.char_indices().all(|(at, letter)| {
        let after = text.get(at + letter.len_utf8()..);
        let after = after.and_then(|rest| rest.chars().next()).unwrap_or(' ');
        let is_inside = before.is_alphanumeric() && after.is_alphanumeric();
        before = letter;
        letter.is_alphanumeric()
            || [' ', ',', '-'].contains(&letter)
            || ['_', '.'].contains(&letter) && is_inside
    });
    match is_harmless && !text.to_ascii_lowercase().contains("www.") {
        true => text.to_owned(),
        false => code_in_cell(text),
    }
}

/// What stands in a line for a character.
fn printed(letter: char) -> char {
    let ends_line = ['\u{2028}', '\u{2029}'].contains(&letter);
    match letter.is_control() || ends_line {
        true => ' ',
        false => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, code, code_in_cell};

    #[test]
    fn code_ends_where_its_text_does() {
        for (text, expected) in [
            ("s3:Get*", "`s3:Get*`"),
            ("a`b", "``a`b``"),
            ("`a``", "``` `a`` ```"),
            ("a`](command:x)", "``a`](command:x)``"),
            ("a\n\n# b\r\u{2028}c", "`a  # b  c`"),
            ("<img src=x>", "`<img src=x>`"),
            (" ", "` `"),
            ("", "` `"),
        ] {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cell_ends_where_its_text_does() {
        assert_eq!(code_in_cell("a|b"), "`a\\|b`");
        assert_eq!(code_in_cell("a\\|b"), "`a\\ \\|b`");
    }

    #[test]
    fn words_stay_words() {
        for text in ["dev eu-west-1", "IsProd, not IsDev", "my_dev", "api.dev"] {
            assert_eq!(bare(text), text);
        }
        for text in [
            "_dev_",
            "a`b",
            "[a](b)",
            "a|b",
            "<b>",
            "www.example.com",
            "a\nb",
            "*a*",
        ] {
            assert!(bare(text).starts_with('`'), "{text}");
        }
    }
}
