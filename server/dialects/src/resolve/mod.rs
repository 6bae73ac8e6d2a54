//! Texts under an environment: patterns whose every part is mapped back to its place in the file.

mod budget;
pub mod framework;
mod guard;
pub mod names;
pub mod notes;
mod passed;
pub mod prerequisite;
mod surroundings;
pub mod trail;
pub mod value;

use std::ops::Range;

use leastwise_model::notation::Notation;
use leastwise_model::resolved::{Piece, Resolved};
use leastwise_model::text::{Part, Text};
use leastwise_model::{Config, Environment};
use leastwise_policy::Builder;
use leastwise_syntax::{NodeId, Span, Tree};

use crate::limits::{FORKED_LENGTH, FORKED_PIECES, RESOLVED_LENGTH, VALUES_OF_A_TEXT};
pub use budget::Spent;
use framework::Framework;
use names::Names;
pub use passed::PassedValues;
pub use surroundings::Surroundings;
use value::{length, unknown};

pub use value::{Alternative, TextValue};

/// All that a text's value depends on.
#[derive(Clone, Copy)]
pub struct Resolver<'a> {
    /// The file.
    pub tree: &'a Tree,
    /// The workspace config.
    pub config: &'a Config,
    /// What names stand for.
    pub names: &'a dyn Names,
    /// The file that these are declared in, where the text is in another one that it names.
    pub home: Option<&'a Tree>,
    /// What other files give to the names, where it is known.
    pub passed: Option<&'a PassedValues>,
    /// The target.
    pub environment: &'a Environment,
    /// Whether a parameter's `Default` may stand for its value.
    pub defaults: bool,
    /// How many variables led from one to the next up to here.
    pub hops: u8,
    /// What stands around the texts, where anything but the file's own declarations counts.
    pub surroundings: Option<&'a dyn Surroundings>,
    /// Names that are taken for something else than all their values.
    pub pins: &'a notes::Pins,
    /// Where the names are taken down that are read.
    pub notes: Option<&'a notes::Notes>,
    /// Where a variable is left that too many variables led to, to be worked out by itself first.
    pub first: Option<&'a prerequisite::First>,
    /// The names that led to what is worked out, in a template.
    pub way: Option<&'a trail::Trail<'a>>,
    /// What the text at hand has cost up to here, once it is being worked out.
    pub spent: Option<&'a Spent>,
}

impl<'a> Resolver<'a> {
    /// A resolver of texts of a file.
    pub fn new(
        tree: &'a Tree,
        config: &'a Config,
        names: &'a dyn Names,
        environment: &'a Environment,
        defaults: bool,
    ) -> Resolver<'a> {
        Resolver {
            tree,
            config,
            names,
            home: None,
            passed: None,
            environment,
            defaults,
            hops: 0,
            surroundings: None,
            pins: &[],
            notes: None,
            first: None,
            way: None,
            spent: None,
        }
    }

    /// Takes down that a limit was met.
    pub(crate) fn cut_off(&self) {
        if let Some(surroundings) = self.surroundings {
            surroundings.cut_off();
        }
    }

    /// Takes down that not each of several values is tried.
    pub(crate) fn tried_in_part(&self) {
        if let Some(surroundings) = self.surroundings {
            surroundings.tried_in_part();
        }
    }

    /// The first of several values: as many as are tried.
    pub(crate) fn as_many_as_are_tried<T>(&self, values: &mut Vec<T>) {
        if values.len() > VALUES_OF_A_TEXT {
            self.tried_in_part();
            values.truncate(VALUES_OF_A_TEXT);
        }
    }

    /// The file that names are declared in.
    pub fn own(&self) -> &'a Tree {
        self.home.unwrap_or(self.tree)
    }

    /// The framework that writes the template, if one does.
    pub fn framework(&self) -> Option<&'a dyn Framework> {
        self.names.framework()
    }

    /// The same for what stands in the file that names are declared in.
    pub fn at_home(&self) -> Resolver<'a> {
        Resolver {
            tree: self.own(),
            ..*self
        }
    }

    /// How the file is written.
    pub fn notation(&self) -> &'static dyn Notation {
        self.names.notation()
    }

    /// The values of a text that it can have where it is there, at least one unless it is `AWS::NoValue` everywhere.
    pub fn resolve(&self, text: &Text) -> Vec<Resolved> {
        let values = self.guarded(text);
        self.names.replaced(self, text, values)
    }

    pub(crate) fn text(&self, text: &Text, depth: u32) -> Vec<Resolved> {
        self.counted(|of| of.put_together(text, depth))
    }

    /// Each part in turn. What would be longer than any policy is a hole from there on.
    fn put_together(&self, text: &Text, depth: u32) -> Vec<Resolved> {
        let most = RESOLVED_LENGTH.saturating_add(text.span.range().len());
        let mut drafts = vec![Draft::default()];
        for part in &text.parts {
            if !drafts.is_empty() && drafts.iter().all(|draft| draft.is_full) {
                break;
            }
            let values = match part {
                Part::Literal { node, start, end } => {
                    let range = *start as usize..*end as usize;
                    let literal = self
                        .tree
                        .text(*node)
                        .and_then(|text| text.get(range.clone()))
                        .unwrap_or_default();
                    if depth > 0 {
                        self.spend_bytes(literal.len());
                    }
                    let span = || part.span(self.tree);
                    for draft in &mut drafts {
                        if draft.takes(literal.len(), most, span) {
                            draft.literal(self.tree, *node, range.start, literal);
                        }
                    }
                    continue;
                }
                Part::Given { text, span } => {
                    for draft in &mut drafts {
                        if draft.takes(text.len(), most, || *span) {
                            draft.given(text, *span);
                        }
                    }
                    continue;
                }
                Part::Mark { name, span } => {
                    for draft in &mut drafts {
                        if draft.takes(name.len(), most, || *span) {
                            draft.hole(name, *span);
                        }
                    }
                    continue;
                }
                Part::Variable { name, span } => match self.of_loop(text.node, name) {
                    Some(own) => vec![(TextValue::Unknown(own), Vec::new())],
                    None => self
                        .put_in(name, *span)
                        .unwrap_or_else(|| self.variable(name, depth + 1)),
                },
                Part::Computed { label, .. } if let Some(own) = self.of_loop(text.node, label) => {
                    vec![(TextValue::Unknown(own), Vec::new())]
                }
                Part::Attribute {
                    resource,
                    attribute,
                    span,
                } => self
                    .put_in(&format!("{resource}.{attribute}"), *span)
                    .unwrap_or_else(|| self.attribute(resource, attribute, depth + 1)),
                Part::Expression { text, sub, .. } => match self.framework() {
                    Some(framework) => framework.expression(self, text, *sub),
                    None => unknown(text.as_str()),
                },
                Part::Computed { node, label, .. } => {
                    let mut values = self.value(*node, depth + 1);
                    for (value, _) in &mut values {
                        if let TextValue::Unknown(name) = value
                            && (name.is_empty() || !label.starts_with("Fn::"))
                        {
                            name.clone_from(label);
                        }
                    }
                    values
                }
            };
            let span = part.span(self.tree);
            let alone = text.parts.len() == 1;
            let are_many = drafts.len() * values.len() > VALUES_OF_A_TEXT;
            drafts = combine(drafts, &values, span, alone, most);
            let is_long_list = |(value, _): &Alternative| {
                alone && matches!(value, TextValue::List(items) if items.len() > VALUES_OF_A_TEXT)
            };
            if are_many && drafts.len() >= VALUES_OF_A_TEXT || values.iter().any(is_long_list) {
                self.tried_in_part();
            }
        }
        if drafts.iter().any(|draft| draft.is_full) {
            self.cut_off();
        }
        drafts.into_iter().map(Draft::finish).collect()
    }

    /// What somebody puts into the text in the place of a name, before it is read.
    fn put_in(&self, name: &str, span: Span) -> Option<Vec<Alternative>> {
        self.names.put_in(self, name, span)
    }

    /// What to call a name that a loop around a node gives its values.
    fn of_loop(&self, node: NodeId, text: &str) -> Option<String> {
        self.names.of_loop(self.tree, node, text)
    }

    /// The list of texts that a node stands for where a list is wanted: `Ref` to a list parameter, `Fn::Split`,
    /// `Fn::FindInMap` … `None` where that isn't known.
    pub fn list(&self, node: NodeId) -> Option<Vec<Resolved>> {
        match self.value(node, 0).into_iter().next()?.0 {
            TextValue::List(items) => Some(items),
            TextValue::Text(text) => Some(vec![text]),
            TextValue::Nothing => Some(Vec::new()),
            TextValue::Unknown(_) => None,
        }
    }
}

/// Appends each value to each draft, up to as many bytes.
fn combine(
    drafts: Vec<Draft>,
    values: &[Alternative],
    span: Span,
    alone: bool,
    most: usize,
) -> Vec<Draft> {
    let mut combined = Vec::with_capacity(drafts.len() * values.len());
    for mut draft in drafts {
        if draft.is_full {
            combined.push(draft);
            continue;
        }
        if values.len() > 1 && draft.is_long() {
            // Called by its place: no other is the same.
            draft.hole(&format!("@{}", span.start), span);
            combined.push(draft);
            continue;
        }
        let mut draft = Some(draft);
        for (index, (value, conditions)) in values.iter().enumerate() {
            let own = draft.as_ref().map(|draft| &draft.conditions);
            let contradicts = own.is_none_or(|own| contradicts(own, conditions));
            if combined.len() >= VALUES_OF_A_TEXT || contradicts {
                continue;
            }
            // Only what goes on in several ways is copied.
            let is_last = index + 1 == values.len();
            let next = if is_last { draft.take() } else { draft.clone() };
            let Some(mut next) = next else {
                break;
            };
            next.depend(conditions);
            if !matches!(value, TextValue::List(_)) && !next.takes(length(value), most, || span) {
                combined.push(next);
                continue;
            }
            match value {
                TextValue::Text(resolved) => next.resolved(resolved, span),
                TextValue::List(items) if alone => {
                    // A list where one text is wanted: each of its items is one.
                    for item in items.iter().take(VALUES_OF_A_TEXT) {
                        let mut one = next.clone();
                        if one.takes(item.pattern.len(), most, || span) {
                            one.resolved(item, span);
                        }
                        combined.push(one);
                    }
                    continue;
                }
                TextValue::List(_) => next.hole("list", span),
                TextValue::Nothing => {
                    if alone {
                        continue;
                    }
                }
                TextValue::Unknown(label) => next.hole(label, span),
            }
            combined.push(next);
        }
    }
    combined
}

fn contradicts(left: &[(String, bool)], right: &[(String, bool)]) -> bool {
    right.iter().any(|(name, holds)| {
        left.iter()
            .any(|(other, held)| other == name && held != holds)
    })
}

/// A [`Resolved`] in the making.
#[derive(Clone, Default)]
struct Draft {
    raw: Builder,
    pieces: Vec<Piece>,
    conditions: Vec<(String, bool)>,
    assumed: bool,
    omits: bool,
    left_out: bool,
    /// How many bytes were put into it.
    length: usize,
    /// Whether it would have been too long: it ends with a hole for the rest.
    is_full: bool,
    /// Text in which IAM's `${…}` still have to be recognised: they can be cut by `${!…}` of `Fn::Sub`.
    pending: String,
    pending_at: Option<(NodeId, usize, usize)>,
}

impl Draft {
    /// Whether it is too long to go on in several ways: no policy holds such a text, and each way is a copy of it.
    fn is_long(&self) -> bool {
        self.pieces.len() >= FORKED_PIECES || self.raw.len() >= FORKED_LENGTH
    }

    /// Whether as many more bytes go into it. Once they don't, a hole stands for them and for all that follows.
    fn takes(&mut self, more: usize, most: usize, span: impl FnOnce() -> Span) -> bool {
        if self.is_full {
            return false;
        }
        self.length = self.length.saturating_add(more);
        self.is_full = self.length > most;
        if self.is_full {
            // Called by its place: no other is the same.
            let span = span();
            self.hole(&format!("@{}", span.start), span);
        }
        !self.is_full
    }

    fn depend(&mut self, conditions: &[(String, bool)]) {
        for condition in conditions {
            if !self.conditions.contains(condition) {
                self.conditions.push(condition.clone());
            }
        }
    }

    fn literal(&mut self, tree: &Tree, node: NodeId, at: usize, text: &str) {
        // `${!aws:username}` comes as `${` and `aws:username}`: joined again before they are read.
        let follows = self.pending.ends_with("${")
            && self
                .pending_at
                .is_some_and(|(pending, _, end)| pending == node && at == end + 1);
        if !follows {
            self.flush(tree);
            if !text.ends_with("${") {
                self.append(tree, node, at..at + text.len(), text);
                return;
            }
        }
        if self.pending.is_empty() {
            self.pending_at = Some((node, at, at + text.len()));
        } else if let Some((_, _, end)) = &mut self.pending_at {
            *end = at + text.len();
        }
        self.pending.push_str(text);
        if !text.ends_with("${") {
            self.flush(tree);
        }
    }

    fn flush(&mut self, tree: &Tree) {
        let text = std::mem::take(&mut self.pending);
        let Some((node, at, end)) = self.pending_at.take() else {
            return;
        };
        self.append(tree, node, at..end, &text);
    }

    /// Appends text that stands at these decoded offsets of a scalar.
    fn append(&mut self, tree: &Tree, node: NodeId, place: Range<usize>, text: &str) {
        let start = self.raw.len();
        self.raw.push_literal(text);
        let exact = place.len() == text.len();
        self.pieces.push(Piece {
            raw: start..self.raw.len(),
            literal: exact.then_some((node, place.start)),
            span: tree.source_span(node, place),
        });
    }

    fn flush_unread(&mut self) {
        // Only reached with a `${` at the very end of a literal part: it is text.
        let text = std::mem::take(&mut self.pending);
        if let Some((node, at, _)) = self.pending_at.take() {
            let start = self.raw.len();
            self.raw.push_text(&text);
            let span = self
                .pieces
                .last()
                .map_or(Span::default(), |piece| piece.span);
            self.pieces.push(Piece {
                raw: start..self.raw.len(),
                span,
                literal: Some((node, at)),
            });
        }
    }

    /// Appends text that stands in no scalar.
    fn given(&mut self, text: &str, span: Span) {
        self.flush_unread();
        let start = self.raw.len();
        self.raw.push_literal(text);
        self.pieces.push(Piece {
            raw: start..self.raw.len(),
            span,
            literal: None,
        });
    }

    fn resolved(&mut self, resolved: &Resolved, span: Span) {
        self.flush_unread();
        let start = self.raw.len();
        self.raw.push_pattern(&resolved.pattern);
        self.pieces.push(Piece {
            raw: start..self.raw.len(),
            span,
            literal: None,
        });
        self.assumed |= resolved.assumed;
        self.omits |= resolved.omits;
        self.left_out = self.pieces.len() == 1 && resolved.left_out;
        self.depend(&resolved.conditions);
    }

    fn hole(&mut self, label: &str, span: Span) {
        self.flush_unread();
        let start = self.raw.len();
        self.raw.push_hole(label);
        self.pieces.push(Piece {
            raw: start..self.raw.len(),
            span,
            literal: None,
        });
    }

    fn finish(mut self) -> Resolved {
        self.flush_unread();
        let is_one = self.pieces.len() == 1;
        Resolved {
            pattern: self.raw.build(),
            pieces: self.pieces,
            conditions: self.conditions,
            assumed: self.assumed,
            omits: self.omits,
            left_out: self.left_out && is_one,
        }
    }
}
