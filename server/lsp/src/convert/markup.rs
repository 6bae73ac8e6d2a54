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
        if line.trim_start().starts_with("```") {
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
            inline(&cells.collect::<Vec<_>>().join("  "), &mut out);
            links(line, &mut addresses);
        } else if line.trim() != "---" {
            inline(
                line.trim_start_matches('#').trim_start_matches(' '),
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
    for (_, rest) in line
        .match_indices("](")
        .filter_map(|(at, mark)| line.split_at_checked(at + mark.len()))
    {
        let address = rest.split_once(')').map_or("", |(address, _)| address);
        let page = |address: &'t str| address.split('#').next();
        let is_known = addresses.iter().any(|known| page(known) == page(address));
        if address.starts_with("https://") && !is_known {
            addresses.push(address);
        }
    }
}

/// What is in a row of a table.
fn row(line: &str) -> Option<&str> {
    line.trim().strip_prefix('|')?.strip_suffix('|')
}

fn inline(line: &str, out: &mut String) {
    let mut code = false;
    let mut chars = line.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '`' => code = !code,
            _ if code => out.push(char),
            '*' if chars.next_if(|&(_, next)| next == '*').is_some() => {}
            '\\' => {
                if let Some((_, escaped)) = chars.next() {
                    out.push(escaped);
                }
            }
            '[' => {
                let rest = line.get(at + 1..).unwrap_or_default();
                if let Some((label, target)) = rest.split_once("](")
                    && let Some(end) = target.find(')')
                    && !label.contains(['[', ']'])
                {
                    out.push_str(&label.replace('`', ""));
                    let behind = at + 1 + label.len() + 2 + end;
                    while chars.next_if(|&(at, _)| at <= behind).is_some() {}
                } else {
                    out.push('[');
                }
            }
            _ => out.push(char),
        }
    }
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
