//! Places in HCL. Its reader keeps what is half typed in its place, so that the tree tells more than the characters.

use std::borrow::Cow;

use leastwise_model::BlockNames;
use leastwise_syntax::{Format, NodeId, Span, Style, Tree, View};

use super::{CursorPlace, Frame, Quote, Role, Step};

/// The place of a cursor in a string, or on the name of an argument that has a value.
pub(super) fn place(text: &str, cursor: usize) -> Option<CursorPlace<'_>> {
    let tree = Tree::parse(as_file(text).into_owned(), Format::Hcl);
    let at = u32::try_from(cursor).ok()?;
    let node = tree.node_at(at)?;
    let View::Scalar(_) = tree.view(node) else {
        return None;
    };
    let mut steps = Vec::new();
    let is_key = climb(text, &tree, node, &mut steps);
    let (word, quote) = match tree.style(node) {
        Style::DoubleQuoted => (tree.content_span(node), Quote::Double),
        // A part of a text with something interpolated in it: the word is all of it.
        Style::Fragment => (inside_quotes(text, &tree, node)?, Quote::Double),
        Style::Plain if is_key => (tree.content_span(node), Quote::None),
        _ => return None,
    };
    if !word.touches(at) {
        return None;
    }
    let path = path(text, &tree, steps, is_key)?;
    Some(CursorPlace {
        path,
        start: word.start,
        end: word.end,
        cursor: at,
        quote,
        role: if is_key { Role::Key } else { Role::Value },
        // What follows the name of an argument is there already.
        colon: is_key,
        flow: true,
        json: false,
    })
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
    let mut steps = Vec::new();
    let is_key = climb(text, tree, node, &mut steps);
    let word = tree.span(node);
    Some(CursorPlace {
        path: path(text, tree, steps, is_key)?,
        start: word.start,
        end: word.end,
        cursor,
        quote: Quote::None,
        role: if is_key { Role::Key } else { Role::Value },
        colon: false,
        flow: true,
        json: false,
    })
}

/// The path in IAM's names.
fn path<'t>(
    text: &'t str,
    tree: &Tree,
    mut steps: Vec<(Step<'t>, NodeId)>,
    is_key: bool,
) -> Option<Vec<Step<'t>>> {
    steps.reverse();
    match blocks(text, tree, &steps) {
        Some(_) if is_key => None,
        Some(path) => path,
        None => Some(steps.into_iter().map(|(step, _)| step).collect()),
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
    text: &'t str,
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
                    let name = text.get(span.range()).unwrap_or_default();
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

/// The path in IAM's names, for a place in a policy that is written as blocks: `Some(None)` for one that has no such.
fn blocks<'t>(
    text: &'t str,
    tree: &Tree,
    steps: &[(Step<'t>, NodeId)],
) -> Option<Option<Vec<Step<'t>>>> {
    let keys: Vec<&(Step<'t>, NodeId)> = steps
        .iter()
        .filter(|(step, _)| step.frame != Frame::Map)
        .collect();
    let name = |at: usize| match keys.get(at)?.0.frame {
        Frame::Key(name) => Some(name),
        _ => None,
    };
    let leads = |names: &&BlockNames| {
        let mut leading = names.leading.iter().enumerate();
        leading.all(|(at, key)| name(at) == Some(key))
    };
    let names = leastwise_dialects::blocks().find(leads)?;
    // The block's own name stands between.
    let first = names.leading.len() + 1;
    let (made, content) = names.several;
    let is_statement = |at: usize| name(at) == Some(names.name("Statement"));
    let at = match is_statement(first) {
        true => first,
        false
            if name(first) == Some(made)
                && is_statement(first + 1)
                && name(first + 2) == Some(content) =>
        {
            first + 2
        }
        false => return Some(None),
    };
    let rest = keys.get(at + 1..).unwrap_or_default();
    let place = Place { text, tree, names };
    Some(place.in_statement(keys.get(at)?.1, rest))
}

/// A place in a policy that is written as blocks.
struct Place<'p, 't> {
    text: &'t str,
    tree: &'p Tree,
    names: &'static BlockNames,
}

impl<'t> Place<'_, 't> {
    /// The path in IAM's names, by the steps from the body of a statement on.
    fn in_statement(&self, body: NodeId, rest: &[&(Step<'t>, NodeId)]) -> Option<Vec<Step<'t>>> {
        let start = self.tree.span(body).start;
        let step = |frame| Step { frame, start };
        let mut path = vec![
            step(Frame::Key("policy")),
            step(Frame::Key("Statement")),
            step(Frame::Item(0)),
            step(Frame::Map),
        ];
        let (first, rest) = rest.split_first()?;
        let Frame::Key(name) = first.0.frame else {
            return None;
        };
        let element = self.names.element(name)?;
        let start = first.0.start;
        let step = |frame| Step { frame, start };
        path.push(step(Frame::Key(element)));
        let mut inner = self.names.inner.iter();
        let items = match inner.find(|block| block.element == element) {
            None => rest,
            Some(block) => {
                for argument in block.keys {
                    path.push(step(Frame::Key(self.value(first.1, argument)?)));
                }
                match rest.first()?.0.frame {
                    Frame::Key(name) if name == block.values => rest.get(1..)?,
                    _ => return None,
                }
            }
        };
        path.extend(items.iter().map(|(step, _)| *step));
        Some(path)
    }

    /// The value of an argument, as it is written.
    fn value(&self, body: NodeId, argument: &str) -> Option<&'t str> {
        let value = self.tree.get(body, argument)?;
        self.tree.text(value)?;
        self.text.get(self.tree.content_span(value).range())
    }
}
