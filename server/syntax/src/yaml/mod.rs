//! YAML to the tree.

mod blocks;
mod documents;
mod lenient;
mod mask;
mod message;
mod scalar;
mod splice;
mod strict;
mod tolerant;
mod word;

use std::collections::HashMap;

use crate::arena::{Arena, Kind, NONE};
use crate::marks::{self, Masked};
use crate::reading::Reading;
use crate::{Limits, NodeId, ProblemKind, ScalarType, Style};
use lenient::lenient;
pub(crate) use splice::{edit, has_marks, own_line, trivia};

/// Anchored nodes by name.
pub(crate) type Names = HashMap<String, NodeId>;

/// What kind of failure it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FailureKind {
    /// In saphyr-parser's own words.
    Syntax,
    /// Beyond the limit; with a sentence for the user.
    TooDeep,
    /// A bracket without its counterpart; with a sentence for the user.
    Unclosed,
    /// Not read at all, for there were too many failures before.
    Exhausted,
}

/// Why a text is not valid, at the first place that shows it.
#[derive(Clone, Debug)]
pub(crate) struct YamlFailure {
    pub kind: FailureKind,
    /// An offset into the whole source.
    pub at: u32,
    /// saphyr-parser's own words, or a sentence where the kind is not `Syntax`.
    pub message: String,
    /// Where the outermost value in brackets that was open begins, or else the node that was due, as an offset
    /// into the text that was read.
    pub next: usize,
}

/// Reads a YAML text. A valid one takes one pass; in any other, each part that is valid by itself is read as if it
/// stood alone.
pub(crate) fn read(source: &str, limits: &Limits) -> Reading {
    let mut read = Reading::default();
    read.arena.nodes.reserve(source.len() / 20);
    if let Err(failure) = lenient(source, source, 0, limits, &mut Names::new(), &mut read) {
        read = match marks::yaml::mask(source) {
            Some(masked) => templated(source, masked, limits),
            None => Reading {
                is_starred: false,
                ..blocks::recover(source, source, failure, limits)
            },
        };
    } else if swallows_items(source, &read.arena)
        && let Some(masked) = marks::yaml::mask(source)
    {
        read = templated(source, masked, limits);
    }
    values(source, &mut read.arena, 0);
    read
}

/// Whether a plain scalar goes over lines because a mark that stands for items is none of YAML's own signs: `<%= x %>`
/// with `- b` below it, or the other way about.
fn swallows_items(source: &str, arena: &Arena) -> bool {
    let is_mark = |line: &str| {
        let line = line.trim();
        line.starts_with("<%=") && line.ends_with("%>")
            || line.starts_with("${") && line.ends_with('}')
    };
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    arena.nodes.iter().any(|node| {
        if node.kind != Kind::Scalar || node.style != Style::Plain {
            return false;
        }
        let text = source.get(node.span.range()).unwrap_or_default();
        if !text.contains('\n') || !text.lines().any(is_mark) {
            return false;
        }
        let before = source.get(..node.span.start as usize).unwrap_or_default();
        let within = before.ends_with("- ") && text.lines().skip(1).any(is_mark);
        within || text.lines().skip(1).any(is_item)
    })
}

/// Reads a text in spite of the marks of other tools in it.
fn templated(source: &str, masked: Masked, limits: &Limits) -> Reading {
    let mut read = Reading::default();
    let text = masked.text.as_str();
    let failed = lenient(source, text, 0, limits, &mut Names::new(), &mut read).err();
    let is_whole = failed.is_none();
    if let Some(failure) = failed {
        read = blocks::recover(source, text, failure, limits);
        if masked.is_loose {
            read.problems
                .retain(|problem| problem.kind != ProblemKind::Syntax);
        }
    }
    if is_whole || masked.is_loose {
        read.problem(ProblemKind::Templated, masked.first, marks::MESSAGE);
        read.problems.sort_by_key(|problem| problem.span.start);
    }
    (read.is_strict, read.is_starred) = (false, false);
    read.marked = masked.marked;
    read
}

/// Takes `{{ name }}`, which YAML reads as a mapping in a mapping, for the scalar that it is meant as, among the nodes
/// from `first` on.
fn values(source: &str, arena: &mut Arena, first: usize) {
    const OPEN: &[u8] = b"{{";
    if memchr::memmem::find(source.as_bytes(), OPEN).is_none() {
        return;
    }
    for node in arena.nodes.iter_mut().skip(first) {
        let is_value = node.kind == Kind::Mapping
            && node.style == Style::Flow
            && source
                .get(node.span.range())
                .is_some_and(|text| text.starts_with("{{") && text.ends_with("}}"));
        if is_value {
            (node.kind, node.style, node.ty) = (Kind::Scalar, Style::Plain, ScalarType::String);
            (node.a, node.b) = (NONE, 0);
        }
    }
}

/// Reads a text with tree-sitter alone. Nothing if it can't be asked (a long or deeply nested text), or if it
/// finds an error.
pub(crate) fn second_reading(source: &str, limits: &Limits) -> Option<Reading> {
    let mut read = Reading::default();
    tolerant::read(source, source, 0, limits, &mut read).filter(|is_valid| *is_valid)?;
    values(source, &mut read.arena, 0);
    Some(read)
}
