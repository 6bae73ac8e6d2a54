//! A comment that ignores a finding in place.

use leastwise_rules::Context;
use leastwise_syntax::{Format, Span, Style};

use crate::ByteEdit;

/// What begins a comment that reaches to the end of its line; none where the format has no comments.
fn comment_sign(format: Format) -> Option<&'static str> {
    match format {
        Format::Json => None,
        Format::Jsonc => Some("//"),
        Format::Yaml | Format::Hcl => Some("#"),
    }
}

/// A comment on the line of a finding; none where the line can't hold one.
pub(super) fn edit(context: Context<'_>, rule: &str, span: Span) -> Option<ByteEdit> {
    let sign = comment_sign(context.tree.format())?;
    if rule == "syntax-error" {
        return None;
    }
    let source = context.tree.source();
    let start = source
        .get(..span.start as usize)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let length = source
        .get(span.start as usize..)?
        .find('\n')
        .unwrap_or(source.len() - span.start as usize);
    let end = span.start as usize + length;
    let line_end = u32::try_from(end).ok()?;
    let line = source.get(start..end)?.trim_end();
    let end = start + line.len();
    let last = u32::try_from(end).ok()?;
    if is_in_string(context, span.start) || is_in_string(context, last) {
        return None;
    }
    let at = |offset: usize| u32::try_from(offset).ok().map(Span::empty);
    if let Some(marker) = line.rfind("leastwise: ignore[") {
        let close = line.get(marker..)?.find(']')?;
        return Some(ByteEdit {
            span: at(start + marker + close)?,
            text: format!(", {rule}"),
        });
    }
    // A comment between `/*` and `*/` that goes on would take this one in.
    let comments = context.tree.comments();
    let before = comments.partition_point(|comment| comment.span.start < last);
    let comment = before.checked_sub(1).and_then(|at| comments.get(at));
    if comment.is_some_and(|comment| comment.span.end > line_end) {
        return None;
    }
    let gap = if line.is_empty() { "" } else { "  " };
    Some(ByteEdit {
        span: at(end)?,
        text: format!("{gap}{sign} leastwise: ignore[{rule}]"),
    })
}

/// Whether an offset is in a string that goes over lines, so that a comment would become a part of it.
fn is_in_string(context: Context<'_>, offset: u32) -> bool {
    let tree = context.tree;
    tree.node_at(offset).is_some_and(|node| {
        // Within a document in a string, it is the string that a comment would become a part of.
        let host = std::iter::successors(Some(node), |node| tree.host(*node)).last();
        let node = host.unwrap_or(node);
        match tree.style(node) {
            Style::Literal | Style::Folded => true,
            Style::SingleQuoted | Style::DoubleQuoted => {
                let text = tree.source().get(tree.span(node).range());
                text.is_some_and(|text| text.contains('\n'))
            }
            _ => false,
        }
    })
}
