//! A comment that ignores a finding in place.

use leastwise_rules::{Context, Finding};
use leastwise_syntax::{Comment, Format, NodeId, Span, Style};

use crate::ByteEdit;

/// What begins a comment that reaches to the end of its line; none where the format has no comments.
fn comment_sign(format: Format) -> Option<&'static str> {
    match format {
        Format::Json => None,
        Format::Jsonc => Some("//"),
        Format::Yaml | Format::Hcl => Some("#"),
    }
}

/// The action's title, which tells where more than this finding is hidden: a comment is for all that a rule finds on a line, or in a
/// string. `all` are the findings of the file. None where a place has no room for a comment.
pub(super) fn title(context: Context<'_>, finding: &Finding, all: &[Finding]) -> Option<String> {
    let rule = finding.rule.id;
    let (reach, _) = edits(context, finding)?;
    let source = context.tree.source();
    let own = [&finding.span].into_iter().chain(&finding.as_well);
    let places: Vec<Span> = own
        .filter_map(|span| {
            let (start, end) = line(source, span.start)?;
            let string = string(context, *span).map(|string| context.tree.span(string));
            Some(string.unwrap_or(Span::new(start, end)))
        })
        .collect();
    let is_hidden = |other: &&Finding| {
        let at = other.span.start;
        other.rule.id == rule
            && places
                .iter()
                .any(|place| place.start <= at && at <= place.end)
    };
    let hidden = all.iter().filter(is_hidden);
    let hidden: usize = hidden.map(|other| 1 + other.left_out).sum();
    Some(match (hidden, reach) {
        (0 | 1, _) => format!("Ignore {rule} {reach}"),
        (count, HERE) => format!("Ignore {rule} on this line ({count} findings)"),
        (count, _) => format!("Ignore {rule} {reach} ({count} findings)"),
    })
}

/// Rules that no comment quiets: one on a text that can't be read, and the one on comments that do nothing.
const NEVER_IGNORED: [&str; 2] = ["syntax-error", "unused-ignore"];

/// How far a comment reaches that stands on the line of a finding.
const HERE: &str = "here";

/// Comments that ignore a finding in each of its places, and how far they reach, in words; none where one has no room for a comment.
pub(super) fn edits(
    context: Context<'_>,
    finding: &Finding,
) -> Option<(&'static str, Vec<ByteEdit>)> {
    let rule = finding.rule.id;
    let sign = comment_sign(context.tree.format())?;
    if NEVER_IGNORED.contains(&rule) {
        return None;
    }
    let mut reach = HERE;
    let mut edits = Vec::new();
    for span in [&finding.span].into_iter().chain(&finding.as_well) {
        let edit = match string(context, *span) {
            None => on_line(context, sign, rule, *span)?,
            Some(string) => {
                reach = "in this string";
                above(context, sign, rule, string)?
            }
        };
        // Several on one line take one comment.
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    Some((reach, edits))
}

/// The string over several lines that a place is in, or on whose last line it is: a comment behind it would become a part of that.
fn string(context: Context<'_>, span: Span) -> Option<NodeId> {
    let (_, end) = line(context.tree.source(), span.start)?;
    long_string(context, span.start).or_else(|| long_string(context, end))
}

/// Where the line of an offset begins, and where what is written on it ends.
fn line(source: &str, at: u32) -> Option<(u32, u32)> {
    let at = at as usize;
    let start = source.get(..at)?.rfind('\n').map_or(0, |at| at + 1);
    let length = source.get(at..)?.find('\n');
    let end = length.map_or(source.len(), |length| at + length);
    let end = start + source.get(start..end)?.trim_end().len();
    Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}

/// A comment at the end of the line of a place.
fn on_line(context: Context<'_>, sign: &str, rule: &str, span: Span) -> Option<ByteEdit> {
    let source = context.tree.source();
    let (start, end) = line(source, span.start)?;
    let text = source.get(start as usize..end as usize)?;
    if let Some(edit) = listed(text, start, rule) {
        return Some(edit);
    }
    // A comment between `/*` and `*/` that goes on would take this one in.
    let comments = context.tree.comments();
    let before = comments.partition_point(|comment| comment.span.start < end);
    let comment = before.checked_sub(1).and_then(|at| comments.get(at));
    let goes_on = |comment: &Comment| source.get(end as usize..comment.span.end as usize);
    let goes_on = comment.and_then(goes_on);
    if goes_on.is_some_and(|rest| rest.contains('\n')) {
        return None;
    }
    let gap = if text.is_empty() { "" } else { "  " };
    Some(ByteEdit {
        span: Span::empty(end),
        text: format!("{gap}{sign} leastwise: ignore[{rule}]"),
    })
}

/// A comment on a line of its own above the one that a string begins on: it is for all of the string.
fn above(context: Context<'_>, sign: &str, rule: &str, string: NodeId) -> Option<ByteEdit> {
    let source = context.tree.source();
    let (start, end) = line(source, context.tree.span(string).start)?;
    if long_string(context, start).is_some_and(|other| other != string) {
        return None;
    }
    let before = start.checked_sub(1).and_then(|at| line(source, at));
    if let Some((from, to)) = before
        && let Some(own) = source.get(from as usize..to as usize)
        && own.trim_start().starts_with(sign)
        && let Some(edit) = listed(own, from, rule)
    {
        return Some(edit);
    }
    let text = source.get(start as usize..end as usize)?;
    let indent = text.get(..text.len() - text.trim_start().len())?;
    let is_crlf = source.get(end as usize..)?.starts_with('\r');
    let eol = if is_crlf { "\r\n" } else { "\n" };
    Some(ByteEdit {
        span: Span::empty(start),
        text: format!("{indent}{sign} leastwise: ignore[{rule}]{eol}"),
    })
}

/// A rule more in the list of an ignore comment in a text that begins at an offset.
fn listed(text: &str, from: u32, rule: &str) -> Option<ByteEdit> {
    let marker = text.rfind("leastwise: ignore[")?;
    let close = text.get(marker..)?.find(']')?;
    let at = u32::try_from(marker + close).ok()?;
    Some(ByteEdit {
        span: Span::empty(from + at),
        text: format!(", {rule}"),
    })
}

/// The string that goes over lines and has an offset in it, of strings in strings the outermost.
fn long_string(context: Context<'_>, offset: u32) -> Option<NodeId> {
    let tree = context.tree;
    let node = tree.node_at(offset)?;
    // Within a document in a string, it is the string that a comment would become a part of.
    let host = std::iter::successors(Some(node), |node| tree.host(*node)).last();
    let node = host.unwrap_or(node);
    let is_long = match tree.style(node) {
        Style::Literal | Style::Folded => true,
        Style::SingleQuoted | Style::DoubleQuoted => {
            let text = tree.source().get(tree.span(node).range());
            text.is_some_and(|text| text.contains('\n'))
        }
        _ => false,
    };
    is_long.then_some(node)
}
