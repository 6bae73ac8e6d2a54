//! YAML to the tree by tree-sitter, which makes something of any text.
//!
//! It is asked only for the smallest broken piece, and in tests, where it must give the same tree as the strict
//! reader for a valid text: it is written apart from it and shares only the decoding of scalars.
//!
//! tree-sitter-yaml's scanner aborts the process at some 250 nested collections, so the nesting is measured
//! before a text is handed to it.

use std::collections::HashMap;

use tree_sitter::{Node, Parser};

use super::scalar::{block, folded, line_end, quoted};
use crate::arena::{Anchor, Kind, NONE};
use crate::limits::{TOLERANT_DEPTH, TOLERANT_SIZE};
use crate::reading::Reading;
use crate::scalar::plain_type;
use crate::{Comment, Limits, NodeId, ScalarType, Span, Style, Tag, intrinsics};

struct TolerantReader<'a> {
    /// The whole source, which spans refer to.
    source: &'a str,
    text: &'a str,
    base: usize,
    read: &'a mut Reading,
    names: HashMap<&'a str, NodeId>,
    limit: u32,
}

/// Reads `text`, which lies at `base` in the source, into `read`. Gives whether tree-sitter found no error;
/// nothing if it could not be asked.
pub(super) fn read(
    source: &str,
    text: &str,
    base: usize,
    limits: &Limits,
    read: &mut Reading,
) -> Option<bool> {
    let limit = limits.depth.min(TOLERANT_DEPTH);
    if text.len() > TOLERANT_SIZE || nesting(text) > limit {
        return None;
    }
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_yaml::LANGUAGE.into())
        .ok()?;
    let tree = parser.parse(text, None)?;
    let root = tree.root_node();
    let mut reader = TolerantReader {
        source,
        text,
        base,
        read,
        names: HashMap::new(),
        limit,
    };
    reader.comments(root);
    for child in children(root) {
        match child.kind() {
            "document" => reader.document(child),
            "ERROR" => reader.loose(child),
            _ => {}
        }
    }
    if root.kind() == "ERROR" {
        let id = reader.invalid(root);
        reader.read.documents.push(id);
    }
    Some(!root.has_error())
}

/// A bound on how deeply collections nest in a text: brackets, and steps of the indentation.
fn nesting(text: &str) -> u32 {
    let (mut brackets, mut deepest, mut longest) = (0u32, 0u32, 0u32);
    let mut columns: Vec<usize> = Vec::new();
    for line in text.split(['\n', '\r']) {
        let column = line.len() - line.trim_start_matches(' ').len();
        if column == line.len() {
            continue;
        }
        while columns.last().is_some_and(|last| *last > column) {
            columns.pop();
        }
        if columns.last().is_none_or(|last| *last < column) {
            columns.push(column);
        }
        // `- - ? a: b` begins a collection with each indicator.
        let indicators = line
            .split([' ', '\t'])
            .filter(|word| matches!(*word, "-" | "?" | ":"))
            .count();
        let keys = line.matches(": ").count() + usize::from(line.ends_with(':'));
        longest = longest.max((columns.len() + indicators + keys.min(2)) as u32 * 2);
        for byte in line.bytes() {
            match byte {
                b'[' | b'{' => brackets += 1,
                b']' | b'}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(brackets);
        }
    }
    deepest + longest.div_ceil(2)
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}

impl<'a> TolerantReader<'a> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new((self.base + start) as u32, (self.base + end) as u32)
    }

    fn written(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Notes all comments, in order.
    fn comments(&mut self, root: Node<'_>) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.kind() == "comment" {
                let end = line_end(self.text.as_bytes(), node.start_byte());
                let span = self.span(node.start_byte(), end);
                self.read.comments.push(Comment { span });
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn document(&mut self, document: Node<'_>) {
        self.names.clear();
        let mut mark = document.start_byte();
        for child in children(document) {
            match child.kind() {
                "block_node" | "flow_node" => {
                    let (root, _) = self.node(child, -1, 0);
                    self.read.documents.push(root);
                    return;
                }
                "---" => mark = child.end_byte(),
                "ERROR" => self.loose(child),
                _ => {}
            }
        }
        if self
            .text
            .get(..mark)
            .is_some_and(|text| text.ends_with("---"))
        {
            let span = self.span(mark, mark);
            let root = self.read.arena.scalar(span, Style::Plain, ScalarType::Null);
            self.read.documents.push(root);
        }
    }

    /// What tree-sitter could not place at all.
    fn loose(&mut self, node: Node<'_>) {
        let id = self.invalid(node);
        self.read.documents.push(id);
    }

    fn invalid(&mut self, node: Node<'_>) -> NodeId {
        let text = self.written(node);
        let start = node.start_byte() + (text.len() - text.trim_start().len());
        let end = (node.start_byte() + text.trim_end().len()).max(start);
        let span = self.span(start, end);
        self.read.arena.leaf(Kind::Invalid, span, NONE)
    }

    fn empty(&mut self, at: usize) -> (NodeId, usize) {
        let span = self.span(at, at);
        (
            self.read.arena.scalar(span, Style::Plain, ScalarType::Null),
            at,
        )
    }

    /// Reads a `block_node` or `flow_node`; gives its end. `column` is that of the innermost block collection.
    fn node(&mut self, node: Node<'_>, column: isize, depth: u32) -> (NodeId, usize) {
        if depth > self.limit {
            return (self.invalid(node), node.end_byte());
        }
        let (mut anchor, mut tagged, mut core, mut content) = (None, None, None, None);
        let mut end = node.start_byte();
        for child in children(node) {
            match child.kind() {
                "anchor" => anchor = Some(child.byte_range()),
                "tag" => {
                    let written = self.written(child);
                    core = core_type(written);
                    if core.is_none() {
                        let span = self.span(child.start_byte(), child.end_byte());
                        let name = intrinsics::of_tag(written).to_owned();
                        tagged = Some(self.read.arena.open_tagged(Tag {
                            name,
                            span,
                            short: true,
                        }));
                    }
                }
                "comment" => continue,
                _ => {
                    content = Some(child);
                    continue;
                }
            }
            end = child.end_byte();
        }
        // The anchor must be known inside, but what it is on has no id yet if that is not tagged.
        let next = tagged.unwrap_or(NodeId(self.read.arena.nodes.len() as u32));
        if let Some(range) = anchor {
            let span = self.span(range.start, range.end);
            self.read.arena.anchors.push(Anchor { node: next.0, span });
            self.names.insert(
                self.text
                    .get(range.start + 1..range.end)
                    .unwrap_or_default(),
                next,
            );
        }
        let (inner, end) = match content {
            Some(content) => self.content(content, column, depth),
            None => self.empty(end),
        };
        if let (Some(core), Some(node)) = (core, self.read.arena.node_mut(inner))
            && node.kind == Kind::Scalar
        {
            node.ty = core;
        }
        match tagged {
            Some(tagged) => {
                let to = self.span(end, end).end;
                self.read.arena.close_tagged(tagged, inner, to);
                (tagged, end)
            }
            None => (inner, end),
        }
    }

    fn content(&mut self, node: Node<'_>, column: isize, depth: u32) -> (NodeId, usize) {
        let (start, end) = (node.start_byte(), node.end_byte());
        let span = self.span(start, end);
        match node.kind() {
            "alias" => {
                let target = self
                    .names
                    .get(self.written(node).get(1..).unwrap_or_default());
                let target = target.map_or(NONE, |target| target.0);
                (self.read.arena.leaf(Kind::Alias, span, target), end)
            }
            "plain_scalar" => {
                let text = self.written(node);
                if text.contains(['\n', '\r']) {
                    let decoded = folded(text);
                    let ty = plain_type(&decoded.text);
                    return (
                        self.read
                            .arena
                            .decoded_scalar(span, Style::Plain, ty, decoded),
                        end,
                    );
                }
                (
                    self.read.arena.scalar(span, Style::Plain, plain_type(text)),
                    end,
                )
            }
            kind @ ("double_quote_scalar" | "single_quote_scalar") => {
                let style = if kind.starts_with('d') {
                    Style::DoubleQuoted
                } else {
                    Style::SingleQuoted
                };
                match quoted(self.text, start) {
                    Some((stop, decoded)) if stop == end => {
                        let simple =
                            self.text.get(start + 1..end - 1) == Some(decoded.text.as_str());
                        let id = if simple {
                            self.read.arena.scalar(span, style, ScalarType::String)
                        } else {
                            self.read
                                .arena
                                .decoded_scalar(span, style, ScalarType::String, decoded)
                        };
                        (id, end)
                    }
                    _ => (self.invalid(node), end),
                }
            }
            "block_scalar" => {
                let style = if self.written(node).starts_with('|') {
                    Style::Literal
                } else {
                    Style::Folded
                };
                match block(self.text, self.text, start, column) {
                    Some(found) => {
                        let span = self.span(start, found.end);
                        let ty = ScalarType::String;
                        (
                            self.read
                                .arena
                                .decoded_scalar(span, style, ty, found.decoded),
                            found.end,
                        )
                    }
                    None => (self.invalid(node), end),
                }
            }
            kind @ ("block_mapping" | "flow_mapping") => {
                let is_block = kind.starts_with('b');
                let style = if is_block { Style::Block } else { Style::Flow };
                let id = self.read.arena.open(Kind::Mapping, span.start, style);
                let column = if is_block { self.column(start) } else { column };
                let (mut pairs, mut last) = (Vec::new(), end);
                for child in children(node) {
                    match child.kind() {
                        "block_mapping_pair" | "flow_pair" => {
                            last = self.pair(child, column, depth, &mut pairs);
                        }
                        "flow_node" => {
                            let (key, end) = self.node(child, column, depth + 1);
                            let (value, _) = self.empty(end);
                            pairs.extend([key, value]);
                        }
                        "ERROR" => {
                            let key = self.invalid(child);
                            let at = self.read.arena.node(key).span.end as usize - self.base;
                            let (value, _) = self.empty(at);
                            pairs.extend([key, value]);
                            last = at;
                        }
                        _ => {}
                    }
                }
                let end = if is_block { last } else { end };
                let to = self.span(end, end).end;
                self.read.arena.close_mapping(self.source, id, &pairs, to);
                (id, end)
            }
            kind @ ("block_sequence" | "flow_sequence") => {
                let is_block = kind.starts_with('b');
                let style = if is_block { Style::Block } else { Style::Flow };
                let id = self.read.arena.open(Kind::Sequence, span.start, style);
                let column = if is_block { self.column(start) } else { column };
                let (mut items, mut last) = (Vec::new(), end);
                for child in children(node) {
                    let found = match child.kind() {
                        "block_sequence_item" => {
                            let parts = children(child);
                            match parts.iter().find(|part| part.kind().ends_with("_node")) {
                                Some(item) => self.node(*item, column, depth + 1),
                                None => self
                                    .empty(parts.first().map_or(child.end_byte(), Node::end_byte)),
                            }
                        }
                        "flow_node" => self.node(child, column, depth + 1),
                        "flow_pair" => {
                            let from = self.span(child.start_byte(), 0).start;
                            let pair = self.read.arena.open(Kind::Mapping, from, Style::Flow);
                            let mut pairs = Vec::new();
                            let end = self.pair(child, column, depth + 1, &mut pairs);
                            let to = self.span(end, end).end;
                            self.read.arena.close_mapping(self.source, pair, &pairs, to);
                            (pair, end)
                        }
                        "ERROR" => {
                            let id = self.invalid(child);
                            (id, self.read.arena.node(id).span.end as usize - self.base)
                        }
                        _ => continue,
                    };
                    items.push(found.0);
                    last = found.1;
                }
                let end = if is_block { last } else { end };
                let to = self.span(end, end).end;
                self.read.arena.close_sequence(id, &items, to);
                (id, end)
            }
            _ => (self.invalid(node), end),
        }
    }

    /// Reads the key and value of a pair; gives its end.
    fn pair(
        &mut self,
        pair: Node<'_>,
        column: isize,
        depth: u32,
        pairs: &mut Vec<NodeId>,
    ) -> usize {
        let key = pair.child_by_field_name("key");
        let value = pair.child_by_field_name("value");
        let parts = children(pair);
        let colon = parts
            .iter()
            .find(|part| part.kind() == ":")
            .map(Node::byte_range);
        let (key, key_end) = match key {
            Some(key) => self.node(key, column, depth + 1),
            None => {
                let mark = parts
                    .iter()
                    .find(|part| part.kind() == "?")
                    .map(Node::end_byte);
                self.empty(
                    mark.or(colon.as_ref().map(|colon| colon.start))
                        .unwrap_or(pair.start_byte()),
                )
            }
        };
        let (value, end) = match value {
            Some(value) => self.node(value, column, depth + 1),
            None => self.empty(colon.map_or(key_end, |colon| colon.end)),
        };
        pairs.extend([key, value]);
        end
    }

    fn column(&self, at: usize) -> isize {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |line| line + 1);
        before.get(line..).map_or(0, |text| text.chars().count()) as isize
    }
}

/// The type that a core tag gives; nothing for any other tag.
fn core_type(written: &str) -> Option<ScalarType> {
    let name = match written {
        "!" => "str",
        _ => written.strip_prefix("!!").or_else(|| {
            written
                .strip_prefix("!<tag:yaml.org,2002:")?
                .strip_suffix('>')
        })?,
    };
    Some(match name {
        "int" | "float" => ScalarType::Number,
        "bool" => ScalarType::Bool,
        "null" => ScalarType::Null,
        _ => ScalarType::String,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_from_above() {
        assert!(nesting("a: 1\nb: [c, {d: e}]\n") < 10);
        assert!(nesting(&"[".repeat(300)) > 200);
        assert!(nesting(&"- ".repeat(300)) > 200);
        let stairs: String = (0..300).map(|depth| format!("{:depth$}a:\n", "")).collect();
        assert!(nesting(&stairs) > 200);
        let mut read = Reading::default();
        for hostile in [
            stairs,
            "[".repeat(100_000),
            "- ".repeat(30_000),
            "? ".repeat(10_000),
            "a: ".repeat(10_000),
        ] {
            assert!(
                super::read(&hostile, &hostile, 0, &Limits::default(), &mut read).is_none()
                    || hostile.starts_with("a: ")
            );
        }
    }
}
