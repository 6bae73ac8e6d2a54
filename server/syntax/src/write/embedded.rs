//! Edits of documents inside strings: written for the text of the string as if it were a file, then put into the
//! string with its escapes and indentation.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::apply::apply;
use super::expected::NewTemplate;
use super::lines::Lines;
use super::refuse::refuse;
use super::text::{
    TemplatePart, escape_double, escape_hcl, escape_heredoc, escape_json, needs_escapes,
    template_parts,
};
use super::{CannotWrite, Edit, InsertAt, NewValue, TextEdit};
use crate::arena::Embedded;
use crate::embed::template::{LENGTH, Piece, Template, pieces, placeholder};
use crate::embed::{HostText, as_file, masked};
use crate::limits::INTERPOLATIONS;
use crate::{Format, NodeId, Span, Style, Tree, View};

/// The edits of one string.
pub(super) struct Inside {
    /// The string.
    pub host: NodeId,
    /// Its new text.
    pub text: String,
    /// What is newly interpolated in it, in HCL: its placeholders' numbers follow those of what was before.
    pub added: Vec<String>,
    /// Edits of the source.
    pub edits: Vec<TextEdit>,
}

/// How edits of a document are written.
type Write = fn(&Tree, &[Edit]) -> Result<Vec<TextEdit>, CannotWrite>;

/// Writes the edits that concern documents in strings, each document as `write` does. Gives them, and the other edits.
pub(super) fn write<'e>(
    tree: &Tree,
    edits: &'e [Edit],
    write: Write,
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
        inside.push(write_host(tree, host, &edits, write)?);
    }
    Ok((own, inside))
}

/// The string of the file's own document that a node's document is in.
fn outermost(tree: &Tree, id: NodeId) -> Option<NodeId> {
    std::iter::successors(tree.host(id), |host| tree.host(*host)).last()
}

/// Refuses to copy out of a string.
fn check_values(tree: &Tree, edit: &Edit) -> Result<(), CannotWrite> {
    let mut open: Vec<&NewValue> = match edit {
        Edit::InsertItem { value, .. }
        | Edit::InsertPair { value, .. }
        | Edit::Replace { value, .. } => vec![value],
        _ => return Ok(()),
    };
    while let Some(value) = open.pop() {
        match value {
            NewValue::Copy(node) if tree.host(*node).is_some() => {
                return refuse(
                    *node,
                    "it stands in a string, and can't be copied out of it",
                );
            }
            NewValue::List(items) => open.extend(items),
            NewValue::Map(pairs) => open.extend(pairs.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    Ok(())
}

fn write_host(
    tree: &Tree,
    host: NodeId,
    edits: &[&Edit],
    write: Write,
) -> Result<Inside, CannotWrite> {
    let Some((entry, inner, is_masked)) = tree.embedding(host).and_then(|entry| {
        let (inner, is_masked) = tree.inner(host)?;
        Some((entry, inner, is_masked))
    }) else {
        return refuse(host, "it holds no document");
    };
    let Some(HostText {
        text: old,
        template,
    }) = tree.host_text(host)
    else {
        return refuse(host, "it holds no document");
    };
    let interpolates = tree.format() == Format::Hcl;
    let translation = Translation {
        tree,
        host,
        entry,
        first: interpolates.then(|| template.as_ref().map_or(0, |it| it.written.len())),
        added: RefCell::default(),
    };
    let edits: Vec<Edit> = edits
        .iter()
        .map(|edit| translation.edit(edit))
        .collect::<Result<_, _>>()?;
    let added = translation.added.take();
    let outer_id = |id: NodeId| {
        let id = entry.ids.get(id.0 as usize).copied();
        id.map_or(host, NodeId)
    };
    let mut written = write(&inner, &edits).map_err(|refused| CannotWrite {
        node: outer_id(refused.node),
        ..refused
    })?;
    let masked_text = is_masked.then(|| apply(inner.source(), &written));
    if is_masked {
        unmask(tree, host, &mut written);
    }
    let text = apply(&old, &written);
    // What is no longer one expression that encodes an object is none that was proven.
    if entry.format == Format::Hcl
        && as_file(&text).is_none_or(|file| file != apply(inner.source(), &written))
    {
        return refuse(host, super::UNPROVEN);
    }
    // With the same values masked it has to be what was proven.
    if masked_text.is_some_and(|expected| expected != masked(&text).0) {
        return refuse(host, super::UNPROVEN);
    }
    let lines = Lines::new(tree);
    let form = Form::of(tree, host, template.as_ref(), &lines)?;
    let mut out = Vec::with_capacity(written.len());
    for edit in written {
        let span = span_of(tree, host, template.as_ref(), edit.span.range());
        let mut text = String::new();
        for piece in pieces(&edit.text) {
            let number = match piece {
                Piece::Literal(range) => {
                    let literal = edit.text.get(range).unwrap_or_default();
                    text.push_str(&form.escape(host, literal)?);
                    continue;
                }
                Piece::Expression(number) => number,
            };
            let written = template.as_ref().map_or(&[][..], |it| &it.written);
            let own = written.get(number);
            let own = own.and_then(|range| tree.source().get(range.clone()));
            let new = || added.get(number.checked_sub(written.len())?);
            match own.or_else(|| new().map(String::as_str)) {
                Some(written) => text.push_str(written),
                None => return refuse(host, super::UNPROVEN),
            }
        }
        out.push(TextEdit { span, text });
    }
    Ok(Inside {
        host,
        text,
        added,
        edits: out,
    })
}

/// Puts `${Name}` back where texts that were copied from the masked text of a string hold its mask.
fn unmask(tree: &Tree, host: NodeId, written: &mut [TextEdit]) {
    let Some(HostText { text, .. }) = tree.host_text(host) else {
        return;
    };
    let (readable, masks) = masked(&text);
    for range in masks {
        let range = range.start as usize..range.end as usize;
        let (Some(mask), Some(name)) = (readable.get(range.clone()), text.get(range)) else {
            continue;
        };
        for edit in written.iter_mut().filter(|edit| edit.text.contains(mask)) {
            edit.text = edit.text.replace(mask, name);
        }
    }
}

/// Where a part of a string's text is written.
fn span_of(tree: &Tree, host: NodeId, template: Option<&Template>, range: Range<usize>) -> Span {
    let Some(template) = template else {
        return tree.source_span(host, range);
    };
    let start = tree.span(host).start;
    let place = template
        .decoded
        .source_range(range.start as u32..range.end as u32);
    Span::new(start + place.start, start + place.end)
}

/// From the nodes of a tree to those of the document that one of its strings holds.
struct Translation<'t> {
    tree: &'t Tree,
    host: NodeId,
    entry: &'t Embedded,
    /// The number of the next thing that is interpolated, where HCL does that.
    first: Option<usize>,
    /// What is newly interpolated, as it is written.
    added: RefCell<Vec<String>>,
}

impl Translation<'_> {
    fn node(&self, id: NodeId) -> Result<NodeId, CannotWrite> {
        let behind = self.entry.ids.partition_point(|own| *own <= id.0);
        match behind.checked_sub(1) {
            Some(index) if outermost(self.tree, id) == Some(self.host) => Ok(NodeId(index as u32)),
            _ => refuse(id, "it is not in the string that is edited"),
        }
    }

    fn place(&self, place: InsertAt) -> Result<InsertAt, CannotWrite> {
        Ok(match place {
            InsertAt::After(node) => InsertAt::After(self.node(node)?),
            InsertAt::Before(node) => InsertAt::Before(self.node(node)?),
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

    fn value(&self, value: &NewValue) -> Result<NewValue, CannotWrite> {
        let is_hcl = self.entry.format == Format::Hcl;
        Ok(match value {
            // In a text of the file, an expression would be one.
            NewValue::Str(text) if is_hcl && interpolates(text) => NewValue::Sub(text.clone()),
            NewValue::Str(_) | NewValue::Sub(_) | NewValue::Attribute { .. } | NewValue::Ref(_)
                if is_hcl =>
            {
                value.clone()
            }
            NewValue::Str(text) if self.entry.substituted => NewValue::Str(literal(text)),
            NewValue::Str(text) => NewValue::Str(text.clone()),
            NewValue::Sub(text)
                if self.entry.substituted
                    || !(text.contains("${") || self.first.is_some() && text.contains("%{")) =>
            {
                NewValue::Str(text.clone())
            }
            NewValue::Sub(text) => NewValue::Str(self.interpolated(text)?),
            NewValue::Attribute { of, attribute } => {
                self.value(&NewValue::Sub(format!("${{{of}.{attribute}}}")))?
            }
            NewValue::Ref(name) => self.value(&NewValue::Sub(format!("${{{name}}}")))?,
            NewValue::List(items) => NewValue::List(
                items
                    .iter()
                    .map(|item| self.value(item))
                    .collect::<Result<_, _>>()?,
            ),
            NewValue::Map(pairs) => NewValue::Map(
                pairs
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.value(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
            NewValue::Copy(node) => NewValue::Copy(self.node(*node)?),
        })
    }

    /// A template of HCL as a text with placeholders.
    fn interpolated(&self, text: &str) -> Result<String, CannotWrite> {
        let Some(first) = self.first else {
            return refuse(self.host, "nothing puts values into this string");
        };
        let mut out = String::with_capacity(text.len());
        let mut added = self.added.borrow_mut();
        for part in template_parts(text) {
            match part {
                TemplatePart::Literal(literal) => out.push_str(literal),
                // `$${` stands for `${`.
                TemplatePart::Interpolated(written) if out.ends_with('$') => {
                    out.pop();
                    out.push_str(written);
                }
                TemplatePart::Interpolated(written) if first + added.len() < INTERPOLATIONS => {
                    out.push_str(&placeholder(first + added.len()));
                    added.push(written.to_owned());
                }
                TemplatePart::Interpolated(_) | TemplatePart::Directive(_) => {
                    return refuse(self.host, "this can't be interpolated in it");
                }
            }
        }
        Ok(out)
    }

    /// The bytes that a literal part of a template takes in the text of the whole.
    fn fragment(&self, node: NodeId) -> Option<Range<usize>> {
        // In HCL it is a part of a template there, too.
        if self.tree.style(node) != Style::Fragment || self.entry.format == Format::Hcl {
            return None;
        }
        let View::Sequence(items) = self.tree.view(self.tree.parent(node)?) else {
            return None;
        };
        let length = |id: NodeId| match self.tree.style(id) {
            Style::Fragment => self.tree.text(id).map_or(0, str::len),
            _ => LENGTH,
        };
        let before = items.iter().take_while(|item| **item != node);
        let start: usize = before.map(|item| length(*item)).sum();
        Some(start..start + length(node))
    }

    fn edit(&self, edit: &Edit) -> Result<Edit, CannotWrite> {
        if let Edit::SetScalar { node, text } | Edit::SetPart { node, text, .. } = edit
            && self.entry.format == Format::Hcl
            && interpolates(text)
            && !self.tree.text(*node).is_some_and(interpolates)
        {
            return refuse(*node, "nothing tells an expression from a text there");
        }
        let fragment = self.fragment(edit.node());
        Ok(match edit {
            Edit::SetScalar { node, text } if let Some(part) = fragment => Edit::SetPart {
                node: self.node(*node)?,
                part,
                text: text.clone(),
            },
            Edit::SetPart { node, part, text } if let Some(whole) = fragment => {
                if part.end > whole.len() || part.start > part.end {
                    return refuse(*node, "the parts overlap, or are no parts of its text");
                }
                Edit::SetPart {
                    node: self.node(*node)?,
                    part: whole.start + part.start..whole.start + part.end,
                    text: text.clone(),
                }
            }
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

/// Whether a text holds what Terraform takes for an expression.
fn interpolates(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
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
    /// A heredoc: what stands before each line that is not empty. A carriage return is a part of its text.
    Heredoc(String),
}

impl Form {
    fn of(
        tree: &Tree,
        host: NodeId,
        template: Option<&Template>,
        lines: &Lines<'_>,
    ) -> Result<Form, CannotWrite> {
        let is_hcl = tree.format() == Format::Hcl;
        let strips = |range: &Range<usize>| {
            let text = lines.slice(range.start, range.end);
            text.starts_with("${~") || text.ends_with("~}")
        };
        if template.is_some_and(|template| template.written.iter().any(strips)) {
            return refuse(
                host,
                "blanks around what is interpolated in it are taken away",
            );
        }
        Ok(match tree.style(host) {
            Style::DoubleQuoted if tree.format().is_json() => Form::Json,
            Style::DoubleQuoted if is_hcl => Form::Hcl,
            Style::DoubleQuoted => Form::Double,
            Style::SingleQuoted => Form::Single,
            Style::Literal | Style::Folded => {
                let text = tree
                    .host_text(host)
                    .map(|host| host.text)
                    .unwrap_or_default();
                let first = text.len() - text.trim_start_matches(['\n', '\r']).len();
                let at = span_of(tree, host, template, first..first + 1).start as usize;
                let start = lines.line_start(at);
                let indent = lines.slice(start, at);
                if !indent
                    .bytes()
                    .all(|byte| byte == b' ' || (is_hcl && byte == b'\t'))
                {
                    return refuse(host, "its lines are not indented as expected");
                }
                match is_hcl {
                    true => Form::Heredoc(indent.to_owned()),
                    false => Form::Block(format!("{}{indent}", lines.nl)),
                }
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
            Form::Heredoc(indent) => {
                let last = text.matches('\n').count();
                for (index, part) in text.split('\n').enumerate() {
                    if needs_escapes(part.trim_matches(['\t', '\r'])) {
                        return refuse(host, "a block of text can't hold the new text");
                    }
                    if index > 0 {
                        out.push('\n');
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
            None => {
                let template = tree.host_text(host)?.template;
                Form::of(tree, host, template.as_ref(), &lines).ok()?
            }
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
pub(super) fn as_scalars(tree: &Tree, inside: &[Inside]) -> Vec<Edit> {
    let is_scalar = |inside: &&Inside| {
        inside.added.is_empty() && matches!(tree.view(inside.host), View::Scalar(_))
    };
    let edit = |inside: &Inside| Edit::SetScalar {
        node: inside.host,
        text: inside.text.clone(),
    };
    inside.iter().filter(is_scalar).map(edit).collect()
}

/// The new texts of the strings that are templates.
pub(super) fn as_templates(tree: &Tree, inside: &[Inside]) -> Vec<NewTemplate> {
    let is_template = |inside: &&Inside| {
        !inside.added.is_empty() || matches!(tree.view(inside.host), View::Tagged(..))
    };
    inside
        .iter()
        .filter(is_template)
        .map(|inside| NewTemplate {
            node: inside.host,
            text: inside.text.clone(),
            added: inside.added.clone(),
        })
        .collect()
}

/// The places of the edits.
pub(super) fn spans(inside: &[Inside]) -> impl Iterator<Item = (NodeId, Span, &str)> {
    inside.iter().flat_map(|inside| {
        let edits = inside.edits.iter();
        edits.map(|edit| (inside.host, edit.span, edit.text.as_str()))
    })
}
