//! Places in HCL. Its reader keeps what is half typed in its place, so that the tree tells more than the characters.

use std::borrow::Cow;

use leastwise_model::BlockNames;
use leastwise_syntax::{Format, NodeId, Span, Style, Tree, View};

use super::{BlockBody, BlockPlace, CursorPlace, Frame, Manner, Quote, Role, Step, brackets};

/// The place of a cursor in a string, in an expression that is still to be written, or on a name. `file` is the text as it is
/// read, or what of it has to do with the cursor.
pub(super) fn place<'t>(text: &'t str, file: &str, cursor: usize) -> Option<CursorPlace<'t>> {
    let open = brackets::open(file, cursor);
    match open.last() {
        Some(b'"') | Some(b'<') => in_text(text, file, cursor, &open),
        Some(b'#' | b'$') => None,
        _ => bare(text, file, cursor, &open),
    }
}

/// The place of a cursor between quotes.
fn in_text<'t>(text: &'t str, file: &str, cursor: usize, open: &[u8]) -> Option<CursorPlace<'t>> {
    let rest = file.get(cursor..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    let end = line.find('"').map(|at| cursor + at);
    let is_whole = brackets::are_closed(file);
    let (mended, added) = match end {
        _ if open.last() == Some(&b'<') => (file.to_owned(), None),
        Some(_) if is_whole => (file.to_owned(), None),
        // A text that doesn't end on its line ends at the cursor.
        None if is_whole => {
            let mended = format!("{}\"{rest}", file.get(..cursor)?);
            (mended, Some((u32::try_from(cursor).ok()?, 1)))
        }
        end => {
            let begun = file.get(..end.unwrap_or(cursor))?;
            (brackets::closed(begun, open), None)
        }
    };
    let tree = Tree::parse(mended, Format::Hcl);
    let at = u32::try_from(cursor).ok()?;
    let node = tree.node_at(at)?;
    let View::Scalar(_) = tree.view(node) else {
        return None;
    };
    let source = Source { text, added };
    let mut steps = Vec::new();
    let is_key = climb(source, &tree, node, &mut steps);
    let word = match tree.style(node) {
        Style::DoubleQuoted => tree.content_span(node),
        // A part of a text with something interpolated in it: the word is all of it.
        Style::Fragment => inside_quotes(text, &tree, node)?,
        _ => return None,
    };
    if !word.touches(at) || is_key && is_in_body(text, word.start as usize) {
        return None;
    }
    let found = path(source, &tree, steps, node, is_key)?;
    let behind = text.get(word.end as usize..).unwrap_or_default();
    let behind = behind
        .trim_start_matches('"')
        .trim_start_matches([' ', '\t']);
    let role = match is_key || found.is_argument {
        true => Role::Key,
        false => Role::Value,
    };
    Some(CursorPlace {
        path: found.path,
        colon: is_key && behind.starts_with(['=', ':']),
        is_argument: found.is_argument,
        comma: (!is_key)
            .then(|| comma(text, word.start as usize - 1, open.iter().rev().nth(1)))
            .flatten(),
        ..CursorPlace::of(word, at, Quote::Double, role, Manner::Hcl)
    })
}

/// Whether the innermost brace that is open before an offset is that of a block, or there is none: names have no quotes there.
fn is_in_body(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let mut depth = 0usize;
    let open = before.bytes().enumerate().rev().find(|(_, byte)| {
        match byte {
            b'}' => depth += 1,
            b'{' if depth == 0 => return true,
            b'{' => depth -= 1,
            _ => {}
        }
        false
    });
    let head = open.and_then(|(at, _)| before.get(..at));
    head.is_none_or(|head| {
        let last = head.trim_end().chars().next_back();
        last.is_none_or(|c| c.is_alphanumeric() || matches!(c, '"' | '_' | '-'))
    })
}

/// The place of a cursor that no quotes are around: on a name, on one that is still to be written, or where a value is due.
fn bare<'t>(text: &'t str, file: &str, cursor: usize, open: &[u8]) -> Option<CursorPlace<'t>> {
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = file.as_bytes();
    let before = bytes.get(..cursor)?.iter().rev();
    let start = cursor - before.take_while(|byte| of_name(byte)).count();
    let behind = bytes.get(cursor..)?.iter();
    let end = cursor + behind.take_while(|byte| of_name(byte)).count();
    let behind = file.get(end..)?;
    // Right before a text stands what is put in front of it.
    let is_beside = start == end && open.last() == Some(&b'[');
    let is_part = behind.starts_with(['.', '<']) || behind.starts_with('"') && !is_beside;
    if is_part || file.get(..start)?.ends_with('.') {
        return None;
    }
    // With a word at the cursor, something stands there.
    let letter = if start == end { WORD } else { "" };
    let mended = match brackets::are_closed(file) {
        true => format!("{}{letter}{}", file.get(..start)?, file.get(start..)?),
        false => brackets::closed(&format!("{}{letter}", file.get(..end)?), open),
    };
    let tree = Tree::parse(mended, Format::Hcl);
    let small = |at: usize| u32::try_from(at).ok();
    let node = tree.node_at(small(start + 1)?)?;
    let source = Source {
        text,
        added: (!letter.is_empty()).then_some((small(start)?, WORD.len() as u32)),
    };
    let mut steps = Vec::new();
    let is_key = climb(source, &tree, node, &mut steps);
    let found = path(source, &tree, steps, node, is_key)?;
    let rest = text.get(end..)?.trim_start_matches([' ', '\t']);
    // What has quotes is the label of a block, but in an object the next key.
    let is_label = rest.starts_with('"') && is_in_body(text, start);
    let colon = is_key && (is_label || rest.starts_with(['=', ':', '{']));
    let previous = text.get(..start)?.trim_end_matches([' ', '\t']);
    let comma = comma(text, start, open.last());
    let begins = match is_key {
        true => previous.is_empty() || previous.ends_with(['\n', '{', ',']),
        false => {
            comma.is_some()
                || previous
                    .trim_end()
                    .ends_with(['=', '[', ',', '(', ':', '?'])
        }
    };
    if !begins {
        return None;
    }
    let role = match is_key || found.is_argument {
        true => Role::Key,
        false => Role::Value,
    };
    let word = Span::new(small(start)?, small(end)?);
    Some(CursorPlace {
        path: found.path,
        colon,
        is_argument: found.is_argument,
        block: found.block,
        comma,
        ..CursorPlace::of(word, small(cursor)?, Quote::None, role, Manner::Hcl)
    })
}

/// Where a comma is missing in a list before what begins at an offset.
fn comma(text: &str, begin: usize, open: Option<&u8>) -> Option<u32> {
    let before = text.get(..begin)?;
    let previous = before.trim_end();
    let is_item = !previous.ends_with(['[', ',']) && before.get(previous.len()..)?.contains('\n');
    let is_missing = open == Some(&b'[') && is_item;
    is_missing
        .then(|| u32::try_from(previous.len()).ok())
        .flatten()
}

/// What is put where nothing is written yet.
const WORD: &str = "xx";

/// A text, and where the tree of it has how many bytes more.
#[derive(Clone, Copy)]
struct Source<'t> {
    text: &'t str,
    added: Option<(u32, u32)>,
}

impl<'t> Source<'t> {
    /// What the text has at a place of the tree.
    fn get(self, span: Span) -> Option<&'t str> {
        let own = |at: u32| match self.added {
            Some((added, length)) if at > added => at - length,
            _ => at,
        };
        self.text
            .get(own(span.start) as usize..own(span.end) as usize)
    }
}

/// A text as HCL reads a file. One that is a single `${…}`, as in Terraform's JSON, becomes the value of an argument;
/// everything in it stays at its offset.
pub(super) fn as_file(text: &str) -> Cow<'_, str> {
    let inside = text.strip_prefix("${");
    match inside.and_then(|rest| rest.trim_end().strip_suffix('}')) {
        Some(expression) => Cow::Owned(format!("x={expression} ")),
        None => Cow::Borrowed(text),
    }
}

/// The path to an expression: a name, or a part of something that is worked out. `text` is that of `tree`.
pub(super) fn code<'t>(text: &'t str, tree: &Tree, cursor: u32) -> Option<CursorPlace<'t>> {
    let node = tree.node_at(cursor)?;
    let source = Source { text, added: None };
    let mut steps = Vec::new();
    let is_key = climb(source, tree, node, &mut steps);
    let role = if is_key { Role::Key } else { Role::Value };
    Some(CursorPlace {
        path: path(source, tree, steps, node, is_key)?.path,
        ..CursorPlace::of(tree.span(node), cursor, Quote::None, role, Manner::Hcl)
    })
}

/// What the way to a node says of it.
#[derive(Default)]
struct Found<'t> {
    /// The path in IAM's names.
    path: Vec<Step<'t>>,
    is_argument: bool,
    block: Option<BlockPlace>,
}

/// The path in IAM's names.
fn path<'t>(
    source: Source<'t>,
    tree: &Tree,
    mut steps: Vec<(Step<'t>, NodeId)>,
    node: NodeId,
    is_key: bool,
) -> Option<Found<'t>> {
    steps.reverse();
    match blocks(source, tree, &steps, is_key.then_some(node)) {
        Some(found) => found,
        None => Some(Found {
            path: steps.into_iter().map(|(step, _)| step).collect(),
            ..Found::default()
        }),
    }
}

/// The bytes between the quotes of the text that a node is a part of. `None` for one that is no part of a quoted text.
fn inside_quotes(text: &str, tree: &Tree, part: NodeId) -> Option<Span> {
    let list = tree.parent(part)?;
    if tree.style(list) != Style::DoubleQuoted {
        return None;
    }
    let whole = tree.span(tree.parent(list)?);
    let written = text.get(whole.range())?;
    let closes = written.len() > 1 && written.ends_with('"');
    Some(Span::new(whole.start + 1, whole.end - u32::from(closes)))
}

/// The steps from a node up to the root, each with the node that it leads to. Whether the node is a key.
fn climb<'t>(
    source: Source<'t>,
    tree: &Tree,
    node: NodeId,
    steps: &mut Vec<(Step<'t>, NodeId)>,
) -> bool {
    let mut is_key = false;
    let mut child = node;
    while let Some(parent) = tree.parent(child) {
        let step = |frame, start| (Step { frame, start }, child);
        match tree.view(parent) {
            View::Mapping(pairs) => {
                if pairs.iter().any(|pair| pair.key == child) {
                    is_key = child == node;
                } else if let Some(pair) = pairs.iter().find(|pair| pair.value == child) {
                    let span = tree.content_span(pair.key);
                    let name = source.get(span).unwrap_or_default();
                    steps.push(step(Frame::Key(name), span.start));
                }
                let map = Step {
                    frame: Frame::Map,
                    start: tree.span(parent).start,
                };
                steps.push((map, parent));
            }
            View::Sequence(items) => {
                // The arguments of a function are no list of the policy.
                let call = tree
                    .parent(parent)
                    .is_some_and(|above| matches!(tree.view(above), View::Tagged(..)));
                if !call && let Some(index) = items.iter().position(|item| *item == child) {
                    steps.push(step(Frame::Item(index), tree.span(child).start));
                }
            }
            _ => {}
        }
        child = parent;
    }
    is_key
}

/// A place in a policy that is written as blocks, in IAM's names: `Some(None)` for one that has no such. `key` is the node of a
/// name that is none of IAM's.
fn blocks<'t>(
    source: Source<'t>,
    tree: &Tree,
    steps: &[(Step<'t>, NodeId)],
    key: Option<NodeId>,
) -> Option<Option<Found<'t>>> {
    let own = steps.iter().filter(|(step, _)| step.frame != Frame::Map);
    let mut keys: Vec<(Step<'t>, NodeId)> = own.copied().collect();
    let name = |keys: &[(Step<'t>, NodeId)], at: usize| match keys.get(at)?.0.frame {
        Frame::Key(name) => Some(name),
        _ => None,
    };
    let leads = |names: &&BlockNames| {
        let mut leading = names.leading.iter().enumerate();
        leading.all(|(at, key)| name(&keys, at) == Some(key))
    };
    let names = leastwise_dialects::blocks().find(leads)?;
    // The block's own name stands between.
    let first = names.leading.len() + 1;
    // A block that makes several of one counts as that.
    let (made, content) = names.several;
    let mut at = first;
    while at + 2 < keys.len() {
        if name(&keys, at) == Some(made) && name(&keys, at + 2) == Some(content) {
            let (_, body) = keys.remove(at + 2);
            keys.remove(at);
            keys.get_mut(at)?.1 = body;
        }
        at += 1;
    }
    let place = Place {
        source,
        tree,
        names,
        key,
    };
    let Some((block, rest)) = keys.get(first..).and_then(<[_]>::split_first) else {
        return Some(
            place
                .naming(BlockBody::Policy)
                .filter(|_| keys.len() == first),
        );
    };
    let found = match block.0.frame {
        Frame::Key(name) if name == names.name("Statement") => place.in_statement(block.1, rest),
        Frame::Key(name) if key.is_none() && rest.is_empty() => {
            let mut elements = names.of_policy.iter();
            let element = elements.find(|(_, own)| *own == name);
            element.map(|(element, _)| Found {
                path: vec![Step {
                    frame: Frame::Key(element),
                    start: block.0.start,
                }],
                ..Found::default()
            })
        }
        _ => None,
    };
    Some(found)
}

/// A place in a policy that is written as blocks.
struct Place<'p, 't> {
    source: Source<'t>,
    tree: &'p Tree,
    names: &'static BlockNames,
    key: Option<NodeId>,
}

impl<'t> Place<'_, 't> {
    /// The place of a name in a body.
    fn naming(&self, body: BlockBody) -> Option<Found<'t>> {
        let key = self.key?;
        let pairs = self.tree.pairs(self.tree.parent(key)?);
        let others = pairs.into_iter().filter(|pair| pair.key != key);
        let present = others.filter_map(|pair| self.tree.text(pair.key));
        Some(Found {
            block: Some(BlockPlace {
                names: self.names,
                body,
                present: present.map(str::to_owned).collect(),
            }),
            ..Found::default()
        })
    }

    /// The place in a statement with this body, by the steps from that on.
    fn in_statement(&self, body: NodeId, rest: &[(Step<'t>, NodeId)]) -> Option<Found<'t>> {
        let start = self.tree.span(body).start;
        let step = |frame| Step { frame, start };
        let mut found = Found {
            path: vec![
                step(Frame::Key("policy")),
                step(Frame::Key("Statement")),
                step(Frame::Item(0)),
                step(Frame::Map),
            ],
            ..Found::default()
        };
        let Some((first, rest)) = rest.split_first() else {
            found.block = self.naming(BlockBody::Statement)?.block;
            return Some(found);
        };
        let Frame::Key(name) = first.0.frame else {
            return None;
        };
        let element = self.names.element(name)?;
        let start = first.0.start;
        let step = |frame| Step { frame, start };
        found.path.push(step(Frame::Key(element)));
        let mut inner = self.names.inner.iter();
        let Some(block) = inner.find(|block| block.element == element) else {
            found.path.extend(rest.iter().map(|(step, _)| *step));
            return self.key.is_none().then_some(found);
        };
        let Some((argument, rest)) = rest.split_first() else {
            found.block = self.naming(BlockBody::Inner(block))?.block;
            return Some(found);
        };
        let Frame::Key(argument) = argument.0.frame else {
            return None;
        };
        let at = block.keys.iter().position(|key| *key == argument);
        for key in block.keys.iter().take(at.unwrap_or(usize::MAX)) {
            // What isn't written yet may be any.
            let value = self.value(first.1, key);
            let value = if at.is_some() {
                value.or(Some(""))
            } else {
                value
            };
            found.path.push(step(Frame::Key(value?)));
        }
        found.is_argument = at.is_some();
        if at.is_none() && argument != block.values || self.key.is_some() {
            return None;
        }
        found.path.extend(rest.iter().map(|(step, _)| *step));
        Some(found)
    }

    /// The value of an argument, as it is written.
    fn value(&self, body: NodeId, argument: &str) -> Option<&'t str> {
        let value = self.tree.get(body, argument)?;
        self.tree.text(value)?;
        self.source.get(self.tree.content_span(value))
    }
}
