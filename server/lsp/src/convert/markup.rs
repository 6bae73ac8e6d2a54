//! Markdown for the clients that draw it, plain text for the others.

use tower_lsp::ls_types::{MarkupContent, MarkupKind};

/// `text`, which is Markdown, as it is or without its marks.
pub(crate) fn markup(text: String, markdown: bool) -> MarkupContent {
    if markdown {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value: text,
        }
    } else {
        MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain(&text),
        }
    }
}

/// Takes the marks off that the hovers use: headings, emphasis, code, fences, links, rules, tables. What stands
/// in a fence or in code stays as it is: there, `*` is a wildcard. The addresses of its links come at the end.
fn plain(markdown: &str) -> String {
    let mut addresses: Vec<&str> = Vec::new();
    let mut out = String::with_capacity(markdown.len());
    let mut fenced = false;
    for line in markdown.lines() {
        if is_fence(line) {
            fenced = !fenced;
            continue;
        }
        if fenced {
            out.push_str(line);
        } else if let Some(row) = row(line) {
            // Below the heads of the columns stands a rule.
            if row.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ')) {
                continue;
            }
            let cells = row.split(" | ").map(str::trim);
            inline(&cells.collect::<Vec<_>>().join("  "), true, &mut out);
            links(line, &mut addresses);
        } else if line.trim() != "---" {
            inline(
                line.trim_start_matches('#').trim_start_matches(' '),
                false,
                &mut out,
            );
            links(line, &mut addresses);
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    for address in addresses {
        out.push('\n');
        out.push_str(address);
    }
    out
}

/// Adds the addresses that a line's links lead to: of several places of one page the first.
fn links<'t>(line: &'t str, addresses: &mut Vec<&'t str>) {
    let mut rest = line;
    while let Some(at) = rest.find(['`', '[']) {
        let found = rest.get(at..).unwrap_or_default();
        let mut length = 1;
        if let Some((_, address, all)) = link(found) {
            let page = |address: &'t str| address.split('#').next();
            let is_known = addresses.iter().any(|known| page(known) == page(address));
            if address.starts_with("https://") && !is_known {
                addresses.push(address);
            }
            length = all;
        } else if let Some((_, all)) = code(found) {
            length = all;
        }
        rest = found.get(length..).unwrap_or_default();
    }
}

/// Whether a line begins or ends code over lines; code in a line may have as many backticks.
fn is_fence(line: &str) -> bool {
    let rest = line.trim_start().strip_prefix("```");
    rest.is_some_and(|rest| !rest.trim_start_matches('`').contains('`'))
}

/// What is in a row of a table.
fn row(line: &str) -> Option<&str> {
    line.trim().strip_prefix('|')?.strip_suffix('|')
}

/// The code that a text begins with, at its backticks: what is in it, and how long all of it is.
fn code(text: &str) -> Option<(&str, usize)> {
    let fence = text.len() - text.trim_start_matches('`').len();
    let mut at = fence;
    while at < text.len() {
        let rest = text.get(at..)?;
        let begin = at + rest.find('`')?;
        let run = text.get(begin..)?;
        let run = run.len() - run.trim_start_matches('`').len();
        at = begin + run;
        if run == fence {
            let inside = text.get(fence..begin)?;
            let bare = inside.strip_prefix(' ');
            let bare = bare.and_then(|inside| inside.strip_suffix(' '));
            return Some((bare.unwrap_or(inside), at));
        }
    }
    None
}

/// Adds a line without its marks; in a `row` of a table `\|` is a bar in code, too.
fn inline(line: &str, row: bool, out: &mut String) {
    let mut rest = line;
    while let Some(char) = rest.chars().next() {
        let mut length = char.len_utf8();
        match char {
            '`' => match code(rest) {
                Some((inside, all)) if row => {
                    out.push_str(&inside.replace("\\|", "|"));
                    length = all;
                }
                Some((inside, all)) => {
                    out.push_str(inside);
                    length = all;
                }
                None => {
                    length = rest.len() - rest.trim_start_matches('`').len();
                    out.push_str(rest.get(..length).unwrap_or_default());
                }
            },
            '*' if rest.starts_with("**") => length = 2,
            '\\' => {
                if let Some(escaped) = rest.chars().nth(1) {
                    out.push(escaped);
                    length += escaped.len_utf8();
                }
            }
            '[' => match link(rest) {
                Some((label, _, all)) => {
                    out.push_str(&label.replace('`', ""));
                    length = all;
                }
                None => out.push('['),
            },
            _ => out.push(char),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The link that a text begins with: its label, its address, and how long all of it is.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let (label, target) = text.strip_prefix('[')?.split_once("](")?;
    let (address, _) = target.split_once(')')?;
    let is_plain = !label.contains(['[', ']']);
    is_plain.then_some((label, address, label.len() + address.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off() {
        for (markdown, text) in [
            ("**s3:GetObject** reads", "s3:GetObject reads"),
            (
                "## Access\n\n`s3:Get*` and `a**b`",
                "Access\n\ns3:Get* and a**b",
            ),
            ("```json\n{\"a\": \"**\"}\n```\nend", "{\"a\": \"**\"}\nend"),
            (
                "see [`the page`](https://example.com/a) now",
                "see the page now\nhttps://example.com/a",
            ),
            (
                "- [2 more](https://example.com/a#b) or [3 more](https://example.com/a#c)\n\n[AWS's page](https://example.com/a)",
                "- 2 more or 3 more\n\nAWS's page\nhttps://example.com/a#b",
            ),
            ("[not a link] [", "[not a link] ["),
            ("a\n\n---\n\nb", "a\n\n\n\nb"),
            ("1 \\* 2\\", "1 * 2"),
            (
                "| environment | resolved |\n| --- | --- |\n| dev | `arn:a` |\nend",
                "environment  resolved\ndev  arn:a\nend",
            ),
            ("a | b", "a | b"),
            // What others wrote is no mark, in whatever code it stands.
            (
                "The account ``a`](https://example.com)``.",
                "The account a`](https://example.com).",
            ),
            ("``` a``b` ``` and `` `c` ``", "a``b` and `c`"),
            ("`[x](https://example.com)`", "[x](https://example.com)"),
            ("| a |\n| --- |\n| `a\\|b` |", "a\na|b"),
            ("a`b", "a`b"),
            ("- é😀 [x](y)", "- é😀 x"),
            ("", ""),
        ] {
            assert_eq!(plain(markdown), text, "{markdown:?}");
        }
    }

    #[test]
    fn markdown_stays_for_those_who_take_it() {
        let content = markup("**a**".to_owned(), true);
        assert_eq!(content.kind, MarkupKind::Markdown);
        assert_eq!(content.value, "**a**");
    }
}
