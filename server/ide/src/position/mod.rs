//! What a cursor is in: which element of which policy, which word of it, told from the text before the cursor.
//!
//! Texts that are being typed are broken most of the time, so nothing here but for HCL asks the tree: brackets, quotes and
//! indentation up to the cursor lead to the path of keys that it stands under, and the path says which part of a policy
//! it is in. What else the statement holds comes from the tree where there is one, else from the words around.

mod block;
mod brackets;
mod flow;
mod functions;
mod hcl;
mod json_blocks;
mod skip;
mod spot;
mod statement;

use std::borrow::Cow;

use leastwise_model::{BlockNames, InnerBlock};
use leastwise_syntax::{Format, Pair, Span, Tree, View};

pub(crate) use functions::{FUNCTIONS, SUBSTITUTES};
pub(crate) use spot::{Spot, SpotContext, spot};
pub(crate) use statement::{has_key, region, words};

/// A part of the path that leads to a cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Frame<'t> {
    /// The value of this key, as written between its quotes.
    Key(&'t str),
    /// The argument of this function of CloudFormation, by its canonical name.
    Call(&'static str),
    /// An item of a list.
    Item(usize),
    /// A `{`, before its key where one stands already.
    Map,
}

impl<'t> Frame<'t> {
    fn key(name: &'t str) -> Frame<'t> {
        match FUNCTIONS.iter().find(|(function, _)| *function == name) {
            Some((function, _)) => Frame::Call(function),
            None => Frame::Key(name),
        }
    }
}

/// A [`Frame`] and where it begins: its key, dash or bracket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Step<'t> {
    pub frame: Frame<'t>,
    pub start: u32,
}

/// The quotes around a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Quote {
    None,
    Single,
    Double,
    /// A line of a YAML block scalar.
    Block,
}

/// What a word can be in its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Key,
    Value,
    /// A word of YAML with nothing behind it yet.
    Either,
}

/// Whether an item of a list that is written at a cursor has its dash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dash {
    /// It has, or there is no list.
    Stands,
    /// A line of its own below a key that has nothing yet: an item there needs one.
    OfFirst,
    /// A line of its own among the items of a list.
    Missing,
}

/// How names and texts are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Manner {
    Json,
    Yaml,
    Hcl,
}

/// Where a cursor stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CursorPlace<'t> {
    /// From the root of the document to the word.
    pub path: Vec<Step<'t>>,
    /// The word without its quotes, empty where nothing is typed yet.
    pub start: u32,
    pub end: u32,
    /// The cursor, from `start` to `end`.
    pub cursor: u32,
    pub quote: Quote,
    pub role: Role,
    /// A colon follows the word, or what else makes it a key.
    pub colon: bool,
    pub manner: Manner,
    /// A key of the policy that is written as the value of an argument.
    pub is_argument: bool,
    pub dash: Dash,
    /// The path to the list that a line in the column of its key can go on, as an item of it.
    pub beside: Option<Vec<Step<'t>>>,
    /// Where a comma is missing before the word.
    pub comma: Option<u32>,
    /// What is written as blocks around the cursor, where it stands on the name of an argument or block.
    pub block: Option<BlockPlace>,
}

/// A body of a policy that is written as blocks, where a name of its own is being written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BlockPlace {
    pub names: &'static BlockNames,
    pub body: BlockBody,
    /// The names that the body has already.
    pub present: Vec<String>,
}

/// What a body is that of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockBody {
    Policy,
    Statement,
    Inner(&'static InnerBlock),
}

impl<'t> CursorPlace<'t> {
    /// The keys that lead to the word, lists left out.
    pub fn keys(&self) -> Vec<&'t str> {
        let keys = self.path.iter().filter_map(|step| match step.frame {
            Frame::Key(name) => Some(name),
            _ => None,
        });
        keys.collect()
    }

    /// A place of which nothing is known but its word.
    fn of(word: Span, cursor: u32, quote: Quote, role: Role, manner: Manner) -> Self {
        CursorPlace {
            path: Vec::new(),
            start: word.start,
            end: word.end,
            cursor,
            quote,
            role,
            colon: false,
            manner,
            is_argument: false,
            dash: Dash::Stands,
            beside: None,
            comma: None,
            block: None,
        }
    }

    /// The whole word.
    pub fn word(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The place of an expression of HCL at an offset of a text, `tree` being that of the text.
pub(crate) fn code<'t>(text: &'t str, tree: &Tree, offset: u32) -> Option<CursorPlace<'t>> {
    hcl::code(text, tree, offset)
}

/// A text of HCL up to an offset, with the ends of all that is open there; `None` for one that has its ends.
pub(crate) fn ended(text: &str, at: usize) -> Option<String> {
    let begun = text.get(..at)?;
    (!brackets::are_closed(text)).then(|| brackets::closed(begun, &brackets::open(text, at)))
}

/// A text as HCL reads a file, at the same offsets: one that is a single `${…}` as the value of an argument.
pub(crate) fn as_file(text: &str) -> Cow<'_, str> {
    hcl::as_file(text)
}

/// The text of a file up to the end of the block around an offset, with blanks for what stands before that. `None` where that could
/// be another one.
pub(crate) fn alone(tree: &Tree, offset: u32) -> Option<String> {
    let [root] = tree.documents() else {
        return None;
    };
    // What a broken text is taken for may begin and end anywhere.
    if tree.format() != Format::Hcl || !tree.is_complete() {
        return None;
    }
    let View::Mapping(blocks) = tree.view(*root) else {
        return None;
    };
    let start = |pair: &Pair| tree.span(pair.key).start;
    let behind = blocks.partition_point(|pair| start(pair) <= offset);
    let from = start(blocks.get(behind.checked_sub(1)?)?);
    let to = blocks.get(behind).map_or(tree.size() as u32, start);
    let own = tree.part(Span::new(from, to));
    let mut text = " ".repeat(from as usize);
    text.push_str(own);
    Some(text)
}

/// The place of `offset` (bytes; one inside a character or past the end is moved back) in the text of a tree. `None` in comments
/// and wherever nothing can be said.
pub(crate) fn place_in(tree: &Tree, offset: u32) -> Option<CursorPlace<'_>> {
    let text = tree.source();
    let cursor = text.floor_char_boundary(offset as usize);
    match tree.format() {
        Format::Yaml => block::scan(text, cursor, &skip::skipped(tree, offset)),
        format => match alone(tree, offset) {
            Some(alone) => hcl::place(text, &alone, cursor),
            None => place(text, format, offset),
        },
    }
}

/// The place of `offset` (bytes; one inside a character or past the end is moved back). `None` in comments and
/// wherever nothing can be said.
pub(crate) fn place(text: &str, format: Format, offset: u32) -> Option<CursorPlace<'_>> {
    let cursor = text.floor_char_boundary(offset as usize);
    match format {
        Format::Json | Format::Jsonc => {
            let flow = flow::Flow {
                text,
                cursor,
                owner: -1,
                json: true,
            };
            match flow.scan(0, &[]) {
                flow::Scan::At(place) => Some(json_blocks::renamed(text, place)),
                flow::Scan::Nowhere | flow::Scan::End(_) => None,
            }
        }
        Format::Yaml => block::scan(text, cursor, &[]),
        Format::Hcl => hcl::place(text, &hcl::as_file(text), cursor),
    }
}

#[cfg(test)]
mod tests;
