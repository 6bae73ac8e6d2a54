//! Edits of documents inside strings: written for the text of the string as if it were a file, then put into the
//! string with its escapes and indentation.

use std::collections::BTreeMap;

use super::lines::Lines;
use super::plan::refuse;
use super::text::{escape_double, escape_hcl, escape_heredoc, escape_json, needs_escapes};
use super::{CannotWrite, Edit, Place, TextEdit, Value, apply};
use crate::arena::Embedded;
use crate::embed::masked;
use crate::{Format, NodeId, Span, Style, Tree, View};

/// The edits of one string.
pub(super) struct Inside {
    /// The string.
    pub host: NodeId,
    /// Its new text.
    pub text: String,
    /// Edits of the source.
    pub edits: Vec<TextEdit>,
}

/// Writes the edits that concern documents in strings. Gives them, and the other edits.
pub(super) fn write<'e>(
    tree: &Tree,
    edits: &'e [Edit],
) -> Result<(Vec<&'e Edit>, Vec<Inside>), CannotWrite> {
    let mut own = Vec::new();
    let mut hosts: BTreeMap<NodeId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        match outermost(tree, edit.node()) {
            Some(host) => hosts.entry(host).or_default().push(edit),
            None => {
                check_values(tree, edit)?;
                own.push(edit);
            }
        }
    }
    let mut inside = Vec::with_capacity(hosts.len());
    for (host, edits) in hosts {
        inside.push(write_host(tree, host, &edits)?);
    }
    Ok((own, inside))
}

/// The string of the file's own document that a node's document is in.
fn outermost(tree: &Tree, id: NodeId) -> Option<NodeId> {
    std::iter::successors(tree.host(id), |host| tree.host(*host)).last()
}

/// Refuses to copy out of a string.
fn check_values(tree: &Tree, edit: &Edit) -> Result<(), CannotWrite> {
    let mut open: Vec<&Value> = match edit {
        Edit::InsertItem { value, .. }
        | Edit::InsertPair { value, .. }
        | Edit::Replace { value, .. } => vec![value],
        _ => return Ok(()),
    };
    while let Some(value) = open.pop() {
        match value {
            Value::Copy(node) if tree.host(*node).is_some() => {
                return refuse(
                    *node,
                    "it stands in a string, and can't be copied out of it",
                );
            }
            Value::List(items) => open.extend(items),
            Value::Map(pairs) => open.extend(pairs.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    Ok(())
}

fn write_host(tree: &Tree, host: NodeId, edits: &[&Edit]) -> Result<Inside, CannotWrite> {
    let Some((entry, inner, is_masked)) = tree.embedding(host).and_then(|entry| {
        let (inner, is_masked) = tree.inner(host)?;
        Some((entry, inner, is_masked))
    }) else {
        return refuse(host, "it holds no document");
    };
    let translation = Translation { tree, host, entry };
    let edits: Vec<Edit> = edits
        .iter()
        .map(|edit| translation.edit(edit))
        .collect::<Result<_, _>>()?;
    let outer_id = |id: NodeId| {
        let id = entry.ids.get(id.0 as usize).copied();
        id.map_or(host, NodeId)
    };
    let mut written = super::write(&inner, &edits).map_err(|refused| CannotWrite {
        node: outer_id(refused.node),
        ..refused
    })?;
    let old = tree.text(host).unwrap_or_default();
    let masked_text = is_masked.then(|| apply(inner.source(), &written));
    if is_masked {
        tree.unmask(host, &mut written);
    }
    let text = apply(old, &written);
    // With the same values masked it has to be what was proven.
    if masked_text.is_some_and(|expected| expected != masked(&text).0) {
        return refuse(host, super::UNPROVEN);
    }
    let lines = Lines::new(tree);
    let form = Form::of(tree, host, &lines)?;
    let mut out = Vec::with_capacity(written.len());
    for edit in written {
        out.push(TextEdit {
            span: tree.source_span(host, edit.span.range()),
            text: form.escape(host, &edit.text)?,
        });
    }
    Ok(Inside {
        host,
        text,
        edits: out,
    })
}

/// From the nodes of a tree to those of the document that one of its strings holds.
struct Translation<'t> {
    tree: &'t Tree,
    host: NodeId,
    entry: &'t Embedded,
}

impl Translation<'_> {
    fn node(&self, id: NodeId) -> Result<NodeId, CannotWrite> {
        let behind = self.entry.ids.partition_point(|own| *own <= id.0);
        match behind.checked_sub(1) {
            Some(index) if outermost(self.tree, id) == Some(self.host) => Ok(NodeId(index as u32)),
            _ => refuse(id, "it is not in the string that is edited"),
        }
    }

    fn place(&self, place: Place) -> Result<Place, CannotWrite> {
        Ok(match place {
            Place::After(node) => Place::After(self.node(node)?),
            Place::Before(node) => Place::Before(self.node(node)?),
            end => end,
        })
    }

    /// A text for a scalar that is there. Where `Fn::Sub` goes through the string and the scalar is not said to be
    /// substituted, `${` in its new text is no variable.
    fn scalar_text(&self, node: NodeId, text: &str) -> String {
        let is_sub = |id: NodeId| matches!(self.tree.view(id), View::Tagged(tag, _) if tag.name == "Fn::Sub");
        let parent = self.tree.parent(node);
        let is_substituted = parent.is_some_and(|parent| {
            is_sub(parent)
                || (matches!(self.tree.view(parent), View::Sequence(_))
                    && self.tree.parent(parent).is_some_and(is_sub))
        });
        match self.entry.substituted && !is_substituted {
            true => literal(text),
            false => text.to_owned(),
        }
    }

    fn value(&self, value: &Value) -> Result<Value, CannotWrite> {
        Ok(match value {
            Value::Str(text) if self.entry.substituted => Value::Str(literal(text)),
            Value::Str(text) => Value::Str(text.clone()),
            Value::Sub(text) if self.entry.substituted || !text.contains("${") => {
                Value::Str(text.clone())
            }
            Value::Sub(_) => {
                return refuse(self.host, "nothing puts values into this string");
            }
            Value::List(items) => Value::List(
                items
                    .iter()
                    .map(|item| self.value(item))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Map(pairs) => Value::Map(
                pairs
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.value(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Copy(node) => Value::Copy(self.node(*node)?),
        })
    }

    fn edit(&self, edit: &Edit) -> Result<Edit, CannotWrite> {
        Ok(match edit {
            Edit::InsertItem { list, place, value } => Edit::InsertItem {
                list: self.node(*list)?,
                place: self.place(*place)?,
                value: self.value(value)?,
            },
            Edit::RemoveItem { list, item } => Edit::RemoveItem {
                list: self.node(*list)?,
                item: self.node(*item)?,
            },
            Edit::InsertPair {
                mapping,
                place,
                key,
                value,
            } => Edit::InsertPair {
                mapping: self.node(*mapping)?,
                place: self.place(*place)?,
                key: key.clone(),
                value: self.value(value)?,
            },
            Edit::RemovePair { mapping, key } => Edit::RemovePair {
                mapping: self.node(*mapping)?,
                key: self.node(*key)?,
            },
            Edit::SetScalar { node, text } => Edit::SetScalar {
                node: self.node(*node)?,
                text: self.scalar_text(*node, text),
            },
            Edit::SetPart { node, part, text } => Edit::SetPart {
                node: self.node(*node)?,
                part: part.clone(),
                text: self.scalar_text(*node, text),
            },
            Edit::Replace { node, value } => Edit::Replace {
                node: self.node(*node)?,
                value: self.value(value)?,
            },
        })
    }
}

/// A text that `Fn::Sub` leaves as `text`.
fn literal(text: &str) -> String {
    text.replace("${", "${!")
}

/// How the text of a string is written.
enum Form {
    Json,
    Double,
    Single,
    /// The line break, and what stands before each line.
    Block(String),
    /// A quoted string of HCL.
    Hcl,
    /// A heredoc: the line break, and what stands before each line that is not empty.
    Heredoc(&'static str, String),
}

impl Form {
    fn of(tree: &Tree, host: NodeId, lines: &Lines<'_>) -> Result<Form, CannotWrite> {
        Ok(match tree.style(host) {
            Style::DoubleQuoted if tree.format().is_json() => Form::Json,
            Style::DoubleQuoted if tree.format() == Format::Hcl => Form::Hcl,
            Style::DoubleQuoted => Form::Double,
            Style::SingleQuoted => Form::Single,
            Style::Literal | Style::Folded => {
                let text = tree.text(host).unwrap_or_default();
                let first = text.len() - text.trim_start_matches(['\n', '\r']).len();
                let at = tree.source_span(host, first..first + 1).start as usize;
                let start = lines.line_start(at);
                let indent = lines.slice(start, at);
                if !indent.bytes().all(|byte| byte == b' ') {
                    return refuse(host, "its lines are not indented as expected");
                }
                if tree.format() == Format::Hcl {
                    return Ok(Form::Heredoc(lines.nl, indent.to_owned()));
                }
                Form::Block(format!("{}{indent}", lines.nl))
            }
            _ => return refuse(host, "this string can't hold every text"),
        })
    }

    fn escape(&self, host: NodeId, text: &str) -> Result<String, CannotWrite> {
        let mut out = String::with_capacity(text.len());
        match self {
            Form::Json => escape_json(&mut out, text),
            Form::Double => escape_double(&mut out, text),
            Form::Single if needs_escapes(text) => {
                return refuse(host, "a string in single quotes can't hold the new text");
            }
            Form::Single => out.push_str(&text.replace('\'', "''")),
            Form::Hcl => escape_hcl(&mut out, text),
            Form::Heredoc(nl, indent) => {
                let last = text.matches('\n').count();
                for (index, part) in text.split('\n').enumerate() {
                    if needs_escapes(part.trim_matches('\t')) {
                        return refuse(host, "a block of text can't hold the new text");
                    }
                    if index > 0 {
                        out.push_str(nl);
                        // Of an empty line, the blanks would belong to the text.
                        if index == last || !part.trim().is_empty() {
                            out.push_str(indent);
                        }
                    }
                    out.push_str(&escape_heredoc(part));
                }
            }
            Form::Block(line) => {
                for (index, part) in text.split('\n').enumerate() {
                    if needs_escapes(part.trim_matches('\t')) {
                        return refuse(host, "a block of text can't hold the new text");
                    }
                    if index > 0 {
                        out.push_str(line);
                    }
                    out.push_str(part);
                }
            }
        }
        Ok(out)
    }
}

/// `text` as it has to be written within the document of the string `host`: with the escapes of the string and of
/// those around it. Nothing if a string can't hold it.
pub fn escaped(tree: &Tree, host: NodeId, text: &str) -> Option<String> {
    let lines = Lines::new(tree);
    let mut text = text.to_owned();
    for host in std::iter::successors(Some(host), |host| tree.host(*host)) {
        let form = match tree.host(host).and_then(|outer| tree.embedding(outer)) {
            None => Form::of(tree, host, &lines).ok()?,
            Some(outer) => match tree.style(host) {
                Style::DoubleQuoted if outer.format.is_json() => Form::Json,
                Style::DoubleQuoted => Form::Double,
                Style::SingleQuoted => Form::Single,
                _ => return None,
            },
        };
        text = form.escape(host, &text).ok()?;
    }
    Some(text)
}

/// The edits as edits of the strings themselves: each gets its new text as a whole.
pub(super) fn as_scalars(inside: &[Inside]) -> Vec<Edit> {
    let edit = |inside: &Inside| Edit::SetScalar {
        node: inside.host,
        text: inside.text.clone(),
    };
    inside.iter().map(edit).collect()
}

/// The places of the edits.
pub(super) fn spans(inside: &[Inside]) -> impl Iterator<Item = (NodeId, Span, &str)> {
    inside.iter().flat_map(|inside| {
        let edits = inside.edits.iter();
        edits.map(|edit| (inside.host, edit.span, edit.text.as_str()))
    })
}
