//! Texts of a pipeline: `${{ … }}` of GitHub, `$NAME` of shells and of GitLab. What the file itself says of a variable
//! stands for it; what is set elsewhere is asked of the config by its name.

use leastwise_model::text::{Part, Text};
use leastwise_syntax::{NodeId, Tree, View};

use super::limits::VARIABLES_IN_A_ROW;
use super::settings::{Scopes, lookup};

/// How variables are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `${{ env.NAME }}`
    Expression,
    /// `$NAME`, `${NAME}`, and `${{ … }}`, which is filled in before a shell sees it.
    Shell,
}

/// The text of a whole scalar.
pub(super) fn lower(tree: &Tree, node: NodeId, syntax: Syntax, scopes: &Scopes) -> Text {
    let node = tree.resolved(node);
    let end = tree.text(node).map_or(0, str::len);
    part_of(tree, node, 0..end, syntax, scopes)
}

/// The text of a part of a scalar: bytes of its decoded text.
pub(super) fn part_of(
    tree: &Tree,
    node: NodeId,
    range: std::ops::Range<usize>,
    syntax: Syntax,
    scopes: &Scopes,
) -> Text {
    let mut parts = Vec::new();
    let lowering = Lowering { tree, scopes };
    lowering.cut(node, range.clone(), syntax, &mut parts, 0);
    let span = match tree.text(node) {
        Some(text) if range == (0..text.len()) => tree.span(node),
        _ => tree.source_span(node, range),
    };
    Text { node, span, parts }
}

struct Lowering<'t> {
    tree: &'t Tree,
    scopes: &'t Scopes,
}

impl Lowering<'_> {
    fn cut(
        &self,
        node: NodeId,
        range: std::ops::Range<usize>,
        syntax: Syntax,
        parts: &mut Vec<Part>,
        depth: u32,
    ) {
        let whole = self.tree.text(node).unwrap_or_default();
        let text = whole.get(range.clone()).unwrap_or_default();
        let mut literal = 0;
        let mut from = 0;
        let push = |parts: &mut Vec<Part>, start: usize, end: usize| {
            if start < end {
                let offset = |at: usize| u32::try_from(range.start + at).unwrap_or(u32::MAX);
                let (start, end) = (offset(start), offset(end));
                parts.push(Part::Literal { node, start, end });
            }
        };
        while let Some(found) = text.get(from..).and_then(|rest| rest.find('$')) {
            let open = from + found;
            let rest = text.get(open..).unwrap_or_default();
            let Some((name, length)) = variable(rest, syntax) else {
                from = open + 1;
                continue;
            };
            push(parts, literal, open);
            from = open + length;
            literal = from;
            let at = range.start + open;
            let span = self.tree.source_span(node, at..at + length);
            self.variable(name, span, syntax, parts, depth);
        }
        push(parts, literal, text.len());
    }

    fn variable(
        &self,
        name: &str,
        span: leastwise_syntax::Span,
        syntax: Syntax,
        parts: &mut Vec<Part>,
        depth: u32,
    ) {
        let own = match name.split_once('.') {
            Some(("env", name)) => Some(name),
            Some(_) => None,
            None => Some(name).filter(|_| syntax == Syntax::Shell),
        };
        if depth < VARIABLES_IN_A_ROW
            && let Some(value) = own.and_then(|own| lookup(self.tree, self.scopes, own))
        {
            let value = self.tree.resolved(value);
            if let View::Scalar(text) = self.tree.view(value) {
                return self.cut(value, 0..text.len(), syntax, parts, depth + 1);
            }
        }
        // What is set on the host's pages has a name that the config may know.
        let name = match name.split_once('.') {
            Some(("env" | "vars" | "secrets" | "inputs", name)) => name,
            _ => name,
        };
        parts.push(Part::Variable {
            name: name.to_owned(),
            span,
        });
    }
}

/// The variable that a text begins with, and how many bytes it takes.
fn variable(text: &str, syntax: Syntax) -> Option<(&str, usize)> {
    if let Some(rest) = text.strip_prefix("${{") {
        let close = rest.find("}}")?;
        return Some((rest.get(..close)?.trim(), close + 5));
    }
    if syntax != Syntax::Shell {
        return None;
    }
    if let Some(rest) = text.strip_prefix("${") {
        let close = rest.find('}')?;
        // A default or a cut is not followed: `${NAME:-x}`.
        let name = rest.get(..close)?;
        return Some((name, close + 3));
    }
    let rest = text.strip_prefix('$')?;
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let name = rest.get(..length).filter(|name| !name.is_empty())?;
    Some((name, length + 1))
}
