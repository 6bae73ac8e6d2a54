//! Semantic edits of the tree, turned into text edits in the file's own style.
//!
//! Each collection is written once, whatever the number of edits that concern it: [`plan`] sorts the edits by
//! collection, [`block`], [`flow`] and, for bodies and objects of HCL, [`hcl`] place them among the entries that are
//! there, [`render`] writes new values, [`style`] learns from the neighbours how, [`text`] knows quotes and escapes,
//! [`replace`] puts one value in place of another, [`spread`] gives the items of a list that becomes too long lines of
//! their own. [`owned_comments`] knows which comments go along, [`headings`] and [`row_comments`] which are about
//! several. [`rows`] knows how far those between brackets are indented. [`expected`] says what the tree is then,
//! [`proof`] reads the result again, [`local_proof`] no more of it than the edits touch where that will do,
//! [`comments`] looks for what is lost, [`guessed`] knows what no edit may rest on. [`promoted`] changes what becomes
//! an item of a new list. [`embedded`] does all that for the text of a string. [`section`] tells which items of a list
//! stand together.

mod apply;
mod block;
mod comments;
mod copy;
mod embedded;
mod expected;
mod flow;
mod guessed;
mod hcl;
mod headings;
mod lines;
mod local_proof;
mod moves;
mod owned_comments;
mod plan;
mod promoted;
mod proof;
mod refuse;
mod render;
mod replace;
mod row_comments;
mod rows;
mod scalar;
mod sections;
mod spread;
mod style;
mod text;

#[cfg(test)]
mod tests;

pub use apply::apply;
pub use embedded::escaped;
use refuse::refuse;
pub use sections::{Section, section};

use std::fmt;
use std::ops::Range;

use crate::{NodeId, Span, Tree};

/// A value to be written. How it looks is learned from its new neighbours.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum NewValue {
    /// A string; quoted where the format or the file's custom wants it.
    Str(String),
    /// A text with `${Variables}`, to be substituted by CloudFormation: `!Sub '…'`, or `Fn::Sub` where the format
    /// or the neighbours use the long form. Without any `${` it is written as a `Str`. In HCL, a template: what is
    /// in `${…}` is an expression of HCL, and `$${` a literal `${`.
    Sub(String),
    /// An attribute of what the file declares: `!GetAtt of.attribute`, or `Fn::GetAtt` where the format or the neighbours
    /// use the long form. In HCL, the reference `of.attribute`.
    Attribute {
        /// A logical id; in HCL, an address.
        of: String,
        /// The attribute's name.
        attribute: String,
    },
    /// What the file declares, by itself: `!Ref name`, or `Ref` where the format or the neighbours use the long form. In HCL, the
    /// reference `name`.
    Ref(String),
    /// A sequence. One of a single item is written as that item alone where the values of the same key nearby
    /// are.
    List(Vec<NewValue>),
    /// A mapping, its pairs in this order.
    Map(Vec<(String, NewValue)>),
    /// An existing node as it is written, re-indented for its new place. Where the same call takes it from its old one, its
    /// comments go along: those inside it, those behind it and, of an item, those above it that are evidently its own.
    /// Where it stays, so do they, but for what says `leastwise: ignore` inside it.
    Copy(NodeId),
}

/// Where an item or pair is put. The nodes are items of the same sequence, or keys of the same mapping; where
/// one of them is removed by the same call, the new entry takes its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum InsertAt {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// Directly behind this item, or the pair of this key.
    After(NodeId),
    /// Directly before this item, or the pair of this key.
    Before(NodeId),
}

/// One change of a tree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Edit {
    /// Puts an item into a sequence. Where `list` is a single value (a scalar, a tagged value, a mapping), it
    /// becomes a sequence of both; where it is null, a sequence of the new one.
    InsertItem {
        /// The sequence or single value.
        list: NodeId,
        /// Where in it; for a single value, `After` and `Before` name the value itself.
        place: InsertAt,
        /// The new item.
        value: NewValue,
    },
    /// Takes an item out of a sequence, with its comments: for good, unless a value of the same call copies the item, or
    /// a new one stands in its place. The last one leaves `[]`.
    RemoveItem {
        /// The sequence.
        list: NodeId,
        /// One of its items.
        item: NodeId,
    },
    /// Puts a pair into a mapping. A null becomes a mapping of the new pair.
    InsertPair {
        /// The mapping.
        mapping: NodeId,
        /// Where in it.
        place: InsertAt,
        /// The new key.
        key: String,
        /// The new value.
        value: NewValue,
    },
    /// Takes a pair out of a mapping, with its comments. The last one leaves `{}`.
    RemovePair {
        /// The mapping.
        mapping: NodeId,
        /// The key of one of its pairs.
        key: NodeId,
    },
    /// Gives a scalar another text, in the same quotes where they can hold it.
    SetScalar {
        /// The scalar.
        node: NodeId,
        /// Its new decoded text. Where the scalar was no string and this reads as the same type (`true` for
        /// `false`), it stays unquoted.
        text: String,
    },
    /// Gives a part of a scalar another text. Several parts of one scalar may be set by one call.
    SetPart {
        /// The scalar.
        node: NodeId,
        /// Bytes of its decoded text.
        part: Range<usize>,
        /// What stands there instead, decoded.
        text: String,
    },
    /// Puts another value in place of a node, with the comments inside it.
    Replace {
        /// Any node but a key.
        node: NodeId,
        /// The new value; it may copy the node or parts of it.
        value: NewValue,
    },
}

impl Edit {
    /// The node that it changes.
    fn node(&self) -> NodeId {
        match self {
            Edit::InsertItem { list: node, .. }
            | Edit::RemoveItem { list: node, .. }
            | Edit::InsertPair { mapping: node, .. }
            | Edit::RemovePair { mapping: node, .. }
            | Edit::SetScalar { node, .. }
            | Edit::SetPart { node, .. }
            | Edit::Replace { node, .. } => *node,
        }
    }
}

/// A piece of the source and what stands there instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Why edits can't be written: the tree stays as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CannotWrite {
    /// The node that stands in the way.
    pub node: NodeId,
    /// What is in the way, as a clause that can follow "because".
    pub reason: &'static str,
}

impl fmt::Display for CannotWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this can't be edited, because {}", self.reason)
    }
}

impl std::error::Error for CannotWrite {}

/// The text edits that make `edits`, sorted and apart from each other. All of `edits` speak of `tree` as it is.
///
/// # Errors
/// Where a node is written in a way that can't be edited without changing something else (an anchor with
/// aliases, an explicit key), where edits contradict each other, where a node is not what its edit wants, or where the
/// result, read again, is not what was meant or lacks a comment.
pub fn write(tree: &Tree, edits: &[Edit]) -> Result<Vec<TextEdit>, CannotWrite> {
    let edits = &*hcl::whole::strings(tree, edits);
    let (own, inside) = embedded::write(tree, edits, write)?;
    let mut outer: Vec<Edit> = own.into_iter().cloned().collect();
    let written = plan::write(tree, &outer, &inside)?;
    // What is in the strings is proven; that the strings are read as that is not.
    outer.extend(embedded::as_scalars(tree, &inside));
    let templates = embedded::as_templates(tree, &inside);
    if let Some(first) = edits.first() {
        proof::check(tree, &outer, &templates, &written).map_err(|reason| CannotWrite {
            node: first.node(),
            reason,
        })?;
    }
    Ok(written)
}

const UNPROVEN: &str = "the file would not read as meant with it";
const COMMENT_LOST: &str = "a comment would be lost with it";
