//! `%{ if … }` and `%{ for … }` in templates.

use leastwise_syntax::{NodeId, Tree};

use super::Evaluator;
use super::operator::Scope;
use super::syntax::Expr;
use super::value::Val;
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::body::expression;
use crate::terraform::limits::DEPTH_OF_DIRECTIVES;

/// A part of a template.
enum Piece {
    /// A literal part, or what is interpolated.
    Node(NodeId),
    /// A condition, what is there where it holds, and where it doesn't.
    If(Expr, Vec<Piece>, Vec<Piece>),
    /// The names of key and value, the collection, and what is there for each item.
    For(Option<String>, String, Expr, Vec<Piece>),
}

/// What ended a row of parts.
#[derive(PartialEq, Eq)]
enum End {
    Else,
    Condition,
    Loop,
    Template,
}

fn read<'n>(
    evaluator: &Evaluator<'_>,
    tree: &Tree,
    parts: &mut impl Iterator<Item = &'n NodeId>,
    depth: usize,
) -> Option<(Vec<Piece>, End)> {
    if depth > DEPTH_OF_DIRECTIVES {
        evaluator.tell_cut_off();
        return None;
    }
    let mut pieces = Vec::new();
    while let Some(part) = parts.next() {
        let text = match expression(tree, *part) {
            Some(("directive", text)) => tree.text(text)?,
            _ => {
                pieces.push(Piece::Node(*part));
                continue;
            }
        };
        let text = text.strip_prefix("%{")?.strip_suffix('}')?;
        let text = text.strip_prefix('~').unwrap_or(text);
        let text = text.strip_suffix('~').unwrap_or(text).trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        match word {
            "else" => return Some((pieces, End::Else)),
            "endif" => return Some((pieces, End::Condition)),
            "endfor" => return Some((pieces, End::Loop)),
            "if" => {
                let condition = evaluator.taken_apart(rest)?;
                let (yes, end) = read(evaluator, tree, parts, depth + 1)?;
                let no = match end {
                    End::Condition => Vec::new(),
                    End::Else => match read(evaluator, tree, parts, depth + 1)? {
                        (no, End::Condition) => no,
                        _ => return None,
                    },
                    _ => return None,
                };
                pieces.push(Piece::If(condition, yes, no));
            }
            "for" => {
                let (names, over) = rest.split_once(" in ")?;
                let (key, value) = match names.split_once(',') {
                    Some((key, value)) => (Some(key.trim().to_owned()), value),
                    None => (None, names),
                };
                let over = evaluator.taken_apart(over)?;
                match read(evaluator, tree, parts, depth + 1)? {
                    (body, End::Loop) => {
                        pieces.push(Piece::For(key, value.trim().to_owned(), over, body));
                    }
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    Some((pieces, End::Template))
}

impl Evaluator<'_> {
    /// A template with directives. `None` where it isn't known what they do.
    pub(super) fn directives(
        &self,
        tree: &Tree,
        parts: &[NodeId],
        label: &str,
        depth: u32,
    ) -> Option<Val> {
        let (pieces, end) = read(self, tree, &mut parts.iter(), 0)?;
        if end != End::Template {
            return None;
        }
        let mut values = Vec::new();
        self.pieces(tree, &pieces, label, depth + 1, &mut values)?;
        Some(self.concatenated(&values, label))
    }

    fn pieces(
        &self,
        tree: &Tree,
        pieces: &[Piece],
        label: &str,
        depth: u32,
        into: &mut Vec<Val>,
    ) -> Option<()> {
        for piece in pieces {
            if into.len() > ITEMS_OF_A_LIST {
                return None;
            }
            match piece {
                Piece::Node(node) => into.push(self.node(tree, *node, depth + 1)),
                Piece::If(condition, yes, no) => {
                    let (value, assumed) = self.watched(|| self.expr(condition, label, depth + 1));
                    let holds = self.decided(&value).filter(|_| !assumed)?;
                    self.pieces(tree, if holds { yes } else { no }, label, depth + 1, into)?;
                }
                Piece::For(key_name, value_name, over, body) => {
                    let over = self.expr(over, label, depth + 1);
                    let mut entries: Vec<(Val, &Val)> = match &over {
                        Val::List(items) => {
                            let index = |at: usize| super::operator::number(at as i64);
                            let items = items.iter().enumerate();
                            items.map(|(at, item)| (index(at), item)).collect()
                        }
                        Val::Map(pairs) => {
                            let pairs = pairs.iter();
                            pairs.map(|(key, value)| (Val::text(key), value)).collect()
                        }
                        _ => return None,
                    };
                    if let Val::Map(_) = over {
                        entries.sort_by(|a, b| match (&a.0, &b.0) {
                            (Val::Text(a), Val::Text(b)) => a.chars().cmp(&b.chars()),
                            _ => std::cmp::Ordering::Equal,
                        });
                    }
                    for (key, value) in &entries {
                        let outer =
                            Scope::new(key_name.as_deref().unwrap_or_default(), key, self.scope);
                        let scope = Scope::new(value_name, value, Some(&outer));
                        let inner = Evaluator {
                            scope: Some(&scope),
                            ..*self
                        };
                        let from = into.len();
                        inner.pieces(tree, body, label, depth + 1, into)?;
                        // What isn't known of one item isn't the same as what isn't of another.
                        let is_known = |value: &Val| matches!(value, Val::Text(text) if text.chars().is_some());
                        if !into.get(from..)?.iter().all(is_known) {
                            return None;
                        }
                    }
                }
            }
        }
        Some(())
    }
}
