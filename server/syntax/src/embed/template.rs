//! Strings and heredocs of HCL with interpolations, as one text: a placeholder stands for each interpolation.
//!
//! A placeholder is three characters of the private use area, so that no text of a policy looks like one: its number
//! can be read from it, and it is as long as what the JSON reader sees in its place outside of strings.

use std::ops::Range;

use super::policy_mark::has_mark;
use crate::arena::{Arena, Kind};
use crate::decoded::{Decoded, Decoder};
use crate::limits::INTERPOLATIONS;
use crate::{NodeId, Style};

/// What a placeholder begins with.
const BEGIN: char = '\u{E000}';
const HIGH: u32 = 0xE100;
const LOW: u32 = 0xE200;
/// In bytes.
pub(crate) const LENGTH: usize = 9;

/// A template as one text.
pub(crate) struct Template {
    /// Its offsets in the source count from the template's own.
    pub decoded: Decoded,
    /// What is interpolated, in the order of the placeholders' numbers.
    pub expressions: Vec<NodeId>,
    /// Where each `${…}` is written, in bytes of the source.
    pub written: Vec<Range<usize>>,
}

/// Whether a node is a template that may hold a policy.
pub(crate) fn is_candidate(arena: &Arena, source: &str, id: NodeId) -> bool {
    let Some(items) = items(arena, id) else {
        return false;
    };
    let fragment = |id: &NodeId| match arena.node(*id).style {
        Style::Fragment => arena.text(source, *id),
        _ => None,
    };
    let begins = items
        .first()
        .and_then(fragment)
        .is_some_and(|text| text.trim_start().starts_with(['{', '[']));
    begins && items.iter().filter_map(fragment).any(has_mark)
}

/// The parts of a template.
fn items(arena: &Arena, id: NodeId) -> Option<&[NodeId]> {
    let node = arena.node(id);
    let is_template = node.kind == Kind::Tagged
        && arena
            .tags
            .get(node.a as usize)
            .is_some_and(|tag| tag.name == "hcl:template");
    let list = arena.nodes.get(node.b as usize)?;
    is_template.then(|| arena.items_of(list))
}

/// A template as one text, its directives as they are written; nothing where that can't be told.
pub(crate) fn read(arena: &Arena, source: &str, id: NodeId) -> Option<Template> {
    let node = arena.node(id);
    let items = items(arena, id)?;
    let start = node.span.start as usize;
    let mut out = Decoder::default();
    let (mut expressions, mut written) = (Vec::new(), Vec::<Range<usize>>::new());
    let mut at = start;
    for (index, item) in items.iter().enumerate() {
        let part = arena.node(*item);
        let (from, to) = (part.span.start as usize, part.span.end as usize);
        if part.style == Style::Fragment && part.kind == Kind::Scalar {
            let text = arena.text(source, *item)?;
            // `%%{` stands for the characters `%{`, which would be read as a directive.
            if from < at || text.contains(is_reserved) || text.contains("%{") {
                return None;
            }
            append(&mut out, arena, source, *item, start)?;
            at = to;
            continue;
        }
        let is_directive = part.kind == Kind::Tagged
            && arena
                .tags
                .get(part.a as usize)
                .is_some_and(|tag| tag.name == "hcl:directive");
        if expressions.len() >= INTERPOLATIONS {
            return None;
        }
        if is_directive {
            let written = source.get(from..to).filter(|_| from >= at)?;
            out.verbatim(written, from - start);
            at = to;
            continue;
        }
        let open = at + source.get(at..from)?.find("${")?;
        let next = items
            .get(index + 1)
            .map(|next| arena.node(*next).span.start);
        let limit = next.unwrap_or(node.span.end).max(part.span.end) as usize;
        let close = to + source.get(to..limit)?.find('}')? + 1;
        out.unit(&placeholder(expressions.len()), open - start);
        expressions.push(*item);
        written.push(open..close);
        at = close;
    }
    // Behind a last interpolation comes the quote.
    Some(Template {
        decoded: out.finish(at - start),
        expressions,
        written,
    })
}

/// Adds a fragment's text.
fn append(out: &mut Decoder, arena: &Arena, source: &str, id: NodeId, start: usize) -> Option<()> {
    let node = arena.node(id);
    let base = node.span.start as usize - start;
    let Some(decoded) = arena.decoded.get(node.a as usize) else {
        out.verbatim(arena.text(source, id)?, base);
        return Some(());
    };
    for (index, run) in decoded.runs.iter().enumerate() {
        let end = decoded
            .runs
            .get(index + 1)
            .map_or(decoded.text.len(), |next| next.decoded as usize);
        let text = decoded.text.get(run.decoded as usize..end)?;
        match run.verbatim {
            true => out.verbatim(text, base + run.source as usize),
            false => out.unit(text, base + run.source as usize),
        }
    }
    Some(())
}

fn is_reserved(c: char) -> bool {
    (u32::from(BEGIN)..LOW + 0x100).contains(&u32::from(c))
}

fn at(base: u32, value: usize) -> char {
    char::from_u32(base + (value & 0xFF) as u32).unwrap_or(BEGIN)
}

/// The placeholder of a number.
pub(crate) fn placeholder(number: usize) -> String {
    String::from_iter([BEGIN, at(HIGH, number >> 8), at(LOW, number)])
}

/// What the JSON reader sees in the place of a placeholder that stands for a value.
pub(super) fn mask(number: usize) -> String {
    String::from_iter(['"', at(HIGH, number >> 8), at(LOW, number), '~', '"'])
}

/// The number of the placeholder at the beginning of a text.
fn number(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let byte = |c: char, base: u32| u32::from(c).checked_sub(base).filter(|byte| *byte < 0x100);
    let begins = chars.next() == Some(BEGIN);
    let high = byte(chars.next()?, HIGH)?;
    let low = byte(chars.next()?, LOW)?;
    begins.then_some((high << 8 | low) as usize)
}

/// A piece of a text with placeholders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    /// Bytes of the text.
    Literal(Range<usize>),
    /// A placeholder, by its number.
    Expression(usize),
}

/// A text as literal parts and placeholders.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices(BEGIN) {
        let Some(number) = text.get(at..).and_then(number) else {
            continue;
        };
        if done < at {
            pieces.push(Piece::Literal(done..at));
        }
        pieces.push(Piece::Expression(number));
        done = at + LENGTH;
    }
    if done < text.len() {
        pieces.push(Piece::Literal(done..text.len()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_again() {
        for number in [0, 1, 255, 256, INTERPOLATIONS - 1] {
            let text = format!("a{}é", placeholder(number));
            assert_eq!(placeholder(number).len(), LENGTH);
            assert_eq!(mask(number).len(), LENGTH);
            assert_eq!(
                pieces(&text),
                [
                    Piece::Literal(0..1),
                    Piece::Expression(number),
                    Piece::Literal(10..12)
                ]
            );
        }
        assert_eq!(pieces(""), []);
        assert_eq!(pieces("\u{E000}"), [Piece::Literal(0..3)]);
    }
}
