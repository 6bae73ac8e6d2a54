//! Strings that hold documents, as a tree shows them.

use std::borrow::Cow;
use std::sync::Arc;

use super::{inner_limits, read, readable, template};
use crate::arena::Embedded;
use crate::facts::Facts;
use crate::{Format, NodeId, Tree, View};

/// The text of a string that holds a document.
pub(crate) struct HostText<'t> {
    /// With placeholders where it is a template.
    pub text: Cow<'t, str>,
    /// Of a template.
    pub template: Option<template::Template>,
}

impl Tree {
    /// The text of a string that holds a document.
    pub(crate) fn host_text(&self, host: NodeId) -> Option<HostText<'_>> {
        let arena = &self.read.arena;
        if let Some(text) = arena.text(&self.source, host) {
            return Some(HostText {
                text: Cow::Borrowed(text),
                template: None,
            });
        }
        let template = template::read(arena, &self.source, host)?;
        Some(HostText {
            text: Cow::Owned(template.decoded.text.clone()),
            template: Some(template),
        })
    }

    /// The root value of the document that a string holds: policy JSON in a block scalar, in an escaped JSON
    /// string, in a heredoc. A template of HCL (`hcl:template`) may hold one, too: what is interpolated between
    /// quotes makes a template of that string, any other interpolation is an alias of what it encodes. Nothing for any
    /// other node. The document's nodes have their spans in this tree's source, and their root's [`Tree::parent`] is
    /// the string.
    pub fn embedded(&self, id: NodeId) -> Option<NodeId> {
        self.embedding(id).map(|entry| NodeId(entry.root))
    }

    /// The syntax of the document that a string holds.
    pub fn embedded_format(&self, id: NodeId) -> Option<Format> {
        self.embedding(id).map(|entry| entry.format)
    }

    /// What is known of the document that a string holds.
    pub(crate) fn embedding(&self, id: NodeId) -> Option<&Embedded> {
        let embedded = &self.read.arena.embedded;
        if embedded.is_empty() {
            return None;
        }
        let at = embedded
            .binary_search_by_key(&id.0, |entry| entry.host)
            .ok()?;
        embedded.get(at)
    }

    /// The string that the document of a node is in, nothing for a node of the file's own document. Of strings in
    /// strings the innermost.
    pub fn host(&self, id: NodeId) -> Option<NodeId> {
        if self.read.arena.embedded.is_empty() {
            return None;
        }
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            // The parts of a template stand in the outer document.
            if self.embedded(parent) == Some(at) {
                return Some(parent);
            }
            at = parent;
        }
        None
    }

    /// Whether the string that the document of a node is in is one of `Fn::Sub`: then a text in it is one, too, and
    /// no other can be. Nothing for a node of the file's own document.
    pub fn substituted(&self, id: NodeId) -> Option<bool> {
        let entry = self.embedding(self.host(id)?)?;
        Some(entry.substituted)
    }

    /// The document that a string holds as a tree of its own, whose nodes have the numbers that [`Embedded::ids`]
    /// speaks of. Its source is the string's text; the last value says whether values that `Fn::Sub` puts in are
    /// masked in it.
    pub(crate) fn inner(&self, host: NodeId) -> Option<(Tree, bool)> {
        let entry = self.embedding(host)?;
        let limits = inner_limits(&self.read.arena, host, &self.limits);
        let HostText { text, template } = self.host_text(host)?;
        let may_be_masked = entry.substituted || template.is_some();
        let (source, masks) = readable(&text, entry.format, may_be_masked);
        let level = self.level + 1;
        self.facts.did_read(source.len());
        let read = read(&source, entry.format, &limits, level);
        let tree = Tree {
            source: source.into_owned(),
            format: entry.format,
            limits,
            read,
            garbage: 0,
            level,
            // Its proofs are those of the file.
            facts: Arc::new(Facts::within(&self.facts)),
        };
        Some((tree, !masks.is_empty()))
    }

    /// Whether a node is of HCL, in whatever file: interpolations in its strings are nodes of their own.
    pub fn is_of_hcl(&self, id: NodeId) -> bool {
        self.format == Format::Hcl
            || self.host(id).and_then(|host| self.embedded_format(host)) == Some(Format::Hcl)
    }

    /// The document inside a string or a template, or inside a string that `Fn::Sub` goes through.
    pub(crate) fn document_in(&self, id: NodeId) -> Option<NodeId> {
        // The text of a string doesn't matter, but whether it holds a document.
        self.note_kind(id);
        match self.seen(id) {
            View::Scalar(_) => self.embedded(id),
            View::Tagged(tag, _) if tag.name == "hcl:template" => self.embedded(id),
            View::Tagged(tag, text) if tag.name == "Fn::Sub" => {
                let text = self.aliased(text);
                self.note_kind(text);
                match self.seen(text) {
                    View::Scalar(_) => self.embedded(text),
                    View::Sequence([text, _]) => self.embedded(self.aliased(*text)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
