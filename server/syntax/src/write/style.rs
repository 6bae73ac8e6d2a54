//! How the neighbours are written.
//!
//! Every question is asked of the nearest neighbours first: of what is inside the edited collection, then of its
//! parent, and so on outwards. A question stops at its first answer, and in each of these after a bounded number of nodes.

use std::any::Any;
use std::cell::OnceCell;

use super::lines::Lines;
use super::text::{Quote, is_plain};
use crate::facts::Question;
use crate::limits::SAMPLE;
use crate::{Format, NodeId, Pair, ScalarType, Style, Tree, View, work};

/// Stands for all documents of a text.
const EVERYWHERE: NodeId = NodeId(u32::MAX);

/// How the values of a key are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// A YAML block collection.
    Block,
    /// `[a, b]` on one line.
    Inline,
    /// `[…]` over several lines.
    Lines,
}

/// How a collection with a line for each entry ends.
#[derive(Clone)]
pub(super) struct Ending {
    /// What its closing bracket is indented by.
    pub step: String,
    /// Whether a comma stands behind its last entry.
    pub comma: bool,
    /// Whether commas stand between its entries: in objects of HCL line breaks will do.
    pub commas: bool,
}

/// How a flow mapping is written whose first pair stands behind the brace, and each other one on a line of its own.
#[derive(Clone)]
pub(super) struct Hanging {
    /// What the lines of the others are indented by.
    pub unit: String,
    /// Whether the closing brace has a line for itself.
    pub closes_below: bool,
}

/// How function calls in long form are written.
#[derive(Clone)]
pub(super) struct CallStyle {
    /// Quotes of the function's name.
    pub keys: Quote,
    /// Whether they stand between braces.
    pub flow: bool,
    /// Between the name and its argument.
    pub colon: String,
}

/// What was learned for one place in the tree.
#[derive(Clone)]
pub(super) struct LocalStyle {
    /// The place.
    pub near: NodeId,
    /// Whether it is a collection between brackets.
    pub in_flow: bool,
    pub json: bool,
    pub hcl: bool,
    /// Columns from a key to the `-` of its sequence.
    pub sequence_step: usize,
    /// Columns from a key to the keys of its mapping.
    pub mapping_step: usize,
    /// Columns from a `-` to an item that is a block collection.
    pub dash_step: usize,
    /// Quotes of strings that need none.
    pub wanted: Quote,
    /// Quotes of strings that need some.
    pub forced: Quote,
    /// Quotes of keys that need none.
    pub keys: Quote,
    /// Whether `!Sub` is written short.
    pub short: bool,
    /// Quotes of texts to be substituted, where some are.
    pub sub: Option<Quote>,
    /// See `Writer::call_style`.
    pub(super) call: OnceCell<CallStyle>,
    /// One more level of indentation in a flow collection; see `Writer::unit`.
    pub(super) unit: OnceCell<String>,
    /// Between a key and its value in a flow mapping.
    pub colon: String,
    /// Between two entries on one line; see `Writer::comma`.
    pub(super) comma: OnceCell<&'static str>,
    /// Inside `{` and `}` on one line; see `Writer::padding`.
    pub(super) padding: OnceCell<&'static str>,
    /// Inside `[` and `]` on one line.
    pub(super) list_padding: OnceCell<&'static str>,
    /// Whether flow mappings go over several lines.
    pub map_lines: bool,
    /// Whether what is written shares its line with others, so that lists in it don't go over several.
    pub one_line: bool,
}

impl LocalStyle {
    /// The same for what shares its line with others.
    pub(crate) fn on_one_line(&self) -> LocalStyle {
        LocalStyle {
            one_line: true,
            ..self.clone()
        }
    }
}

/// A string, by its quotes.
struct Quoted {
    quote: Quote,
    /// Whether it would need none.
    is_telling: bool,
    is_sub: bool,
}

/// Looks for answers among the neighbours.
#[derive(Clone, Copy)]
pub(super) struct Neighbours<'t> {
    pub tree: &'t Tree,
    pub lines: &'t Lines<'t>,
    /// Whether what is around a node is asked, too.
    pub climbs: bool,
}

impl<'t> Neighbours<'t> {
    /// The first answer that `ask` gives for a node, the nearest nodes first: inside a place, then around it. What is around several
    /// places is asked once for all of them; `question` tells which answers are the same.
    pub(super) fn nearest<R: Any + Clone + Send>(
        &self,
        question: Question<'_>,
        near: NodeId,
        ask: impl Fn(NodeId) -> Option<R>,
    ) -> Option<R> {
        if !self.climbs {
            let mut left = SAMPLE;
            return self.inside(near, &mut left, &ask);
        }
        let facts = &self.tree.facts;
        let mut asked = Vec::new();
        let mut around = Some(near);
        let found = loop {
            let place = around.unwrap_or(EVERYWHERE);
            if let Some(known) = facts.answer(place, question) {
                break known;
            }
            asked.push(place);
            let mut left = SAMPLE;
            let found = match around {
                Some(place) => self.inside(place, &mut left, &ask),
                None => {
                    let mut documents = self.tree.documents().iter();
                    documents.find_map(|place| self.inside(*place, &mut left, &ask))
                }
            };
            let Some(place) = around.filter(|_| found.is_none()) else {
                break found;
            };
            around = self.tree.parent(place);
        };
        facts.keep(&asked, question, &found);
        found
    }

    /// The first answer in a node, as long as some may be looked at.
    fn inside<R>(
        &self,
        top: NodeId,
        left: &mut usize,
        ask: &impl Fn(NodeId) -> Option<R>,
    ) -> Option<R> {
        let mut stack = vec![top];
        while let Some(id) = stack.pop() {
            *left = left.checked_sub(1)?;
            work::did(1);
            if let Some(answer) = ask(id) {
                return Some(answer);
            }
            self.push_values(id, &mut stack, *left);
        }
        None
    }

    /// Puts the children of a node (of a mapping: its values) on the stack, the first on top.
    fn push_values(&self, id: NodeId, stack: &mut Vec<NodeId>, at_most: usize) {
        match self.tree.view(id) {
            View::Mapping(pairs) => {
                stack.extend(pairs.iter().take(at_most).map(|pair| pair.value).rev())
            }
            View::Sequence(items) => stack.extend(items.iter().take(at_most).rev()),
            View::Tagged(_, inner) => stack.push(inner),
            _ => {}
        }
    }

    fn start(&self, id: NodeId) -> usize {
        self.tree.span(id).start as usize
    }

    fn text_of(&self, id: NodeId) -> &'t str {
        let span = self.tree.span(id);
        self.lines.slice(span.start as usize, span.end as usize)
    }

    /// The pairs of a block mapping.
    fn block_pairs(&self, id: NodeId) -> &'t [Pair] {
        match self.tree.view(id) {
            View::Mapping(pairs) if self.tree.style(id) == Style::Block => pairs,
            _ => &[],
        }
    }

    /// Columns from the keys of a block mapping to a block collection below one of them.
    fn step(&self, near: NodeId, sequences: bool) -> Option<usize> {
        let question = match sequences {
            true => "sequence step",
            false => "mapping step",
        };
        self.nearest((question, None), near, |id| {
            self.block_pairs(id).iter().take(SAMPLE).find_map(|pair| {
                let (wanted, start) = match self.tree.view(pair.value) {
                    View::Sequence(_) => (sequences, self.start(pair.value)),
                    View::Mapping(_) => (!sequences, self.start(pair.value)),
                    View::Tagged(tag, _) => (!sequences && !tag.short, self.start(pair.value)),
                    _ => return None,
                };
                if !wanted
                    || self.tree.style(pair.value) != Style::Block
                    || !self.lines.first_on_line(start)
                {
                    return None;
                }
                self.lines
                    .column(start)
                    .checked_sub(self.lines.column(self.start(id)))
            })
        })
    }

    fn dash_step(&self, near: NodeId) -> Option<usize> {
        self.nearest(("dash step", None), near, |id| {
            let View::Sequence(items) = self.tree.view(id) else {
                return None;
            };
            if self.tree.style(id) != Style::Block {
                return None;
            }
            let dash = self.start(id);
            let item = items.first()?;
            let start = self.start(*item);
            if !matches!(self.tree.view(*item), View::Mapping(_) | View::Sequence(_)) {
                return None;
            }
            let gap = self.lines.slice(dash + 1, start);
            (!gap.is_empty() && gap.bytes().all(|byte| byte == b' ')).then_some(start - dash)
        })
    }

    /// Quotes of strings: where none are needed, and where some are.
    fn quotes(&self, near: NodeId, sub: bool) -> (Option<Quote>, Option<Quote>) {
        let (own, forced, any) = match sub {
            true => ("quotes of subs", "forced of subs", "any of subs"),
            false => ("quotes", "forced", "any"),
        };
        let own = self.nearest((own, None), near, |id| {
            let found = self.quote(id, sub)?;
            (found.is_telling && (sub || !found.is_sub)).then_some(found.quote)
        });
        let forced = self.nearest((forced, None), near, |id| {
            let found = self.quote(id, sub)?;
            // Beside one mapping, what has quotes without need says little of what needs some.
            let is_forced = self.climbs || !found.is_telling;
            (found.quote != Quote::Plain && is_forced).then_some(found.quote)
        });
        let any = || {
            self.nearest((any, None), near, |id| {
                let found = self.quote(id, sub)?;
                (found.quote != Quote::Plain).then_some(found.quote)
            })
        };
        (own, forced.or_else(any))
    }

    /// The quotes of a string; of one that is to be substituted alone, where `sub` says so.
    fn quote(&self, id: NodeId, sub: bool) -> Option<Quoted> {
        let (id, is_sub) = match self.tree.view(id) {
            View::Tagged(tag, inner) => (inner, tag.name == "Fn::Sub"),
            // Seen already, together with its tag.
            _ if self.is_tagged(id) => return None,
            _ => (id, false),
        };
        let View::Scalar(text) = self.tree.view(id) else {
            return None;
        };
        if self.tree.scalar_type(id) != ScalarType::String || (sub && !is_sub) {
            return None;
        }
        let quote = match self.tree.style(id) {
            Style::Plain => Quote::Plain,
            Style::SingleQuoted => Quote::Single,
            Style::DoubleQuoted => Quote::Double,
            _ => return None,
        };
        Some(Quoted {
            quote,
            is_telling: quote == Quote::Plain || is_plain(text, self.is_in_flow(id)),
            is_sub,
        })
    }

    /// The quotes of strings that need none and are values of a key, or the first item of one.
    pub(crate) fn quotes_of(&self, near: NodeId, key: &str) -> Option<Quote> {
        self.nearest(("quotes of key", Some(key)), near, |id| {
            self.values_of(id, key).find_map(|value| {
                let text = match self.tree.view(value) {
                    View::Sequence([first, ..]) => *first,
                    _ => value,
                };
                let found = self.quote(text, false)?;
                (found.is_telling && !found.is_sub).then_some(found.quote)
            })
        })
    }

    fn is_tagged(&self, id: NodeId) -> bool {
        self.tree
            .parent(id)
            .is_some_and(|parent| matches!(self.tree.view(parent), View::Tagged(..)))
    }

    fn key_quotes(&self, near: NodeId) -> Option<Quote> {
        self.nearest(("key quotes", None), near, |id| {
            let View::Mapping(pairs) = self.tree.view(id) else {
                return None;
            };
            let key = pairs.iter().take(SAMPLE).map(|pair| pair.key).find(|key| {
                self.tree.style(*key) == Style::Plain
                    || self
                        .tree
                        .text(*key)
                        .is_some_and(|text| is_plain(text, self.is_in_flow(id)))
            })?;
            match self.tree.style(key) {
                Style::SingleQuoted => Some(Quote::Single),
                Style::DoubleQuoted => Some(Quote::Double),
                _ => Some(Quote::Plain),
            }
        })
    }

    /// Whether a node lies directly in a flow collection.
    pub(crate) fn is_in_flow(&self, id: NodeId) -> bool {
        if self.tree.format() == Format::Hcl {
            return true;
        }
        let mut at = self.tree.parent(id);
        while let Some(parent) = at {
            match self.tree.view(parent) {
                View::Mapping(_) | View::Sequence(_) => {
                    return self.tree.style(parent) == Style::Flow;
                }
                View::Tagged(tag, _) if !tag.short => {
                    return self.lines.byte(self.start(parent)) == Some(b'{');
                }
                _ => at = self.tree.parent(parent),
            }
        }
        self.tree.format().is_json()
    }

    fn short_sub(&self, near: NodeId) -> Option<bool> {
        self.nearest(("short sub", None), near, |id| match self.tree.view(id) {
            View::Tagged(tag, _) if tag.name == "Fn::Sub" => Some(tag.short),
            _ => None,
        })
        .or_else(|| {
            self.nearest(("short tag", None), near, |id| match self.tree.view(id) {
                View::Tagged(tag, _) => Some(tag.short),
                _ => None,
            })
        })
    }

    /// Where the line is that the rows of a collection are indented from: its own, or that of its closing bracket for an item
    /// that begins behind something else, as in `[{` and `}, {`.
    pub(crate) fn foot(&self, id: NodeId) -> usize {
        let start = self.start(id);
        let close = (self.tree.span(id).end as usize).saturating_sub(1);
        let is_item = self.tree.parent(id).is_some_and(|list| {
            matches!(self.tree.view(list), View::Sequence(_))
                && self.tree.style(list) == Style::Flow
        });
        let first = match self.tree.view(id) {
            View::Mapping([first, ..]) => first.key,
            View::Sequence([first, ..]) => *first,
            _ => return start,
        };
        if !is_item
            || self.lines.line_start(close) <= start
            || self.lines.first_on_line(start)
            || !self.lines.first_on_line(close)
        {
            return start;
        }
        let inner = self.lines.indent(self.start(first));
        let is_below = inner
            .strip_prefix(self.lines.indent(close))
            .is_some_and(|unit| !unit.is_empty());
        if is_below { close } else { start }
    }

    /// One level of indentation of the flow collections.
    pub(super) fn unit(&self, near: NodeId) -> Option<String> {
        self.nearest(("unit", None), near, |id| {
            let first = match self.tree.view(id) {
                View::Mapping(pairs) => pairs.first()?.key,
                View::Sequence(items) => *items.first()?,
                _ => return None,
            };
            let (outer, inner) = (self.start(id), self.start(first));
            let is_body = self.tree.format() == Format::Hcl && self.text_of(id).starts_with('{');
            if !(is_body || self.tree.style(id) == Style::Flow) || !self.lines.first_on_line(inner)
            {
                return None;
            }
            let base = self.lines.indent(self.foot(id));
            let unit = self.lines.indent(inner).strip_prefix(base)?;
            (!unit.is_empty() && self.lines.line_start(inner) > outer).then(|| unit.to_owned())
        })
    }

    fn colon(&self, near: NodeId, json: bool) -> Option<String> {
        self.nearest(("colon", None), near, |id| {
            let View::Mapping(pairs) = self.tree.view(id) else {
                return None;
            };
            let pair = pairs.first()?;
            if self.tree.style(id) != Style::Flow {
                return None;
            }
            let gap = self.lines.slice(
                self.tree.span(pair.key).end as usize,
                self.start(pair.value),
            );
            let blank = gap.bytes().all(|byte| matches!(byte, b' ' | b':'));
            // Without the blank, YAML reads `a:b` as one scalar.
            (blank && gap.contains(':') && (json || gap.ends_with(' '))).then(|| gap.to_owned())
        })
    }

    /// Whether flow mappings go over several lines.
    pub(super) fn map_lines(&self, near: NodeId) -> Option<bool> {
        self.nearest(("map lines", None), near, |id| match self.tree.view(id) {
            View::Mapping(pairs) if !pairs.is_empty() && self.tree.style(id) == Style::Flow => {
                Some(self.first_entry_is_on_own_line(id))
            }
            _ => None,
        })
    }

    /// How flow mappings of several pairs are written that begin with the first one behind the brace, and go on below it, where
    /// they do so.
    pub(super) fn hanging(&self, near: NodeId) -> Option<Hanging> {
        let found = self.nearest(("hanging", None), near, |id| {
            let View::Mapping([first, second, ..]) = self.tree.view(id) else {
                return None;
            };
            if self.tree.style(id) != Style::Flow || self.tree.format() == Format::Hcl {
                return None;
            }
            let (start, second) = (self.start(id), self.start(second.key));
            let is_behind = !self
                .lines
                .slice(start, self.start(first.key))
                .contains('\n');
            if !is_behind || !self.lines.first_on_line(second) {
                return Some(None);
            }
            let unit = self.lines.indent(second);
            let unit = unit.strip_prefix(self.lines.indent(start))?;
            let close = (self.tree.span(id).end as usize).checked_sub(1)?;
            Some(Some(Hanging {
                unit: unit.to_owned(),
                closes_below: self.lines.first_on_line(close),
            }))
        });
        found.flatten()
    }

    pub(super) fn first_entry_is_on_own_line(&self, id: NodeId) -> bool {
        let first = match self.tree.view(id) {
            View::Mapping(pairs) => pairs.first().map(|pair| pair.key),
            View::Sequence(items) => items.first().copied(),
            _ => None,
        };
        first.is_some_and(|first| {
            let start = self.start(first);
            self.lines.first_on_line(start) && self.lines.line_start(start) > self.start(id)
        })
    }

    /// How collections with a line for each entry end nearby, those of the same bracket.
    /// `is_nested`: whether this one is between brackets itself; what stands in a block is indented from there, and not from
    /// its bracket.
    pub fn ending(&self, near: NodeId, open: char, is_nested: bool) -> Ending {
        let is_hcl = self.tree.format() == Format::Hcl;
        let is_alike = |id| self.tree.format() != Format::Yaml || self.is_in_flow(id) == is_nested;
        let question = match is_nested {
            true => "nested ending",
            false => "ending",
        };
        let found = self.nearest(
            (question, Some(open.encode_utf8(&mut [0; 4]))),
            near,
            |id| {
                let end = self.tree.span(id).end as usize;
                let close = end.checked_sub(1)?;
                let (last, commas) = match self.tree.view(id) {
                    View::Mapping([.., last]) => (last.value, self.has_commas(id)),
                    View::Sequence([.., last]) => (*last, true),
                    _ => return None,
                };
                if self.tree.style(id) != Style::Flow
                    || !self.text_of(id).starts_with(open)
                    || !self.first_entry_is_on_own_line(id)
                    || !self.lines.first_on_line(close)
                    || !is_alike(id)
                {
                    return None;
                }
                let outer = self.lines.indent(self.foot(id));
                let step = self.lines.indent(close).strip_prefix(outer);
                let behind = self.tree.span(last).end as usize;
                Some(Ending {
                    step: step.unwrap_or_default().to_owned(),
                    comma: self
                        .lines
                        .find_outside_comments(b',', behind, close)
                        .is_some(),
                    commas,
                })
            },
        );
        found.unwrap_or(Ending {
            step: String::new(),
            comma: is_hcl && open == '[',
            commas: !is_hcl || open != '{',
        })
    }

    /// Whether a comma stands behind the first of the pairs of an object that has several.
    fn has_commas(&self, id: NodeId) -> bool {
        match self.tree.view(id) {
            View::Mapping([one, two, ..]) => {
                let end = self.tree.span(one.value).end as usize;
                let commas = self
                    .lines
                    .find_outside_comments(b',', end, self.start(two.key));
                commas.is_some()
            }
            _ => self.tree.format() != Format::Hcl,
        }
    }

    pub(super) fn padding(&self, near: NodeId, open: &str) -> Option<&'static str> {
        self.nearest(("padding", Some(open)), near, |id| {
            let rest = self.text_of(id).strip_prefix(open)?;
            if self.first_entry_is_on_own_line(id) || rest.starts_with(['}', ']']) {
                return None;
            }
            Some(if rest.starts_with(' ') { " " } else { "" })
        })
    }

    pub(super) fn comma(&self, near: NodeId) -> Option<&'static str> {
        self.nearest(("comma", None), near, |id| {
            if self.tree.style(id) != Style::Flow {
                return None;
            }
            let (first, second) = match self.tree.view(id) {
                View::Mapping([one, two, ..]) => (one.value, two.key),
                View::Sequence([one, two, ..]) => (*one, *two),
                _ => return None,
            };
            match self
                .lines
                .slice(self.tree.span(first).end as usize, self.start(second))
            {
                "," => Some(","),
                ", " => Some(", "),
                _ => None,
            }
        })
    }

    pub(super) fn layout_of(&self, list: NodeId) -> Option<Layout> {
        match self.tree.view(list) {
            View::Sequence([_, ..]) if self.tree.style(list) == Style::Block => Some(Layout::Block),
            View::Sequence([_, ..]) if self.first_entry_is_on_own_line(list) => Some(Layout::Lines),
            View::Sequence([_, ..]) => Some(Layout::Inline),
            _ => None,
        }
    }

    pub(super) fn values_of(&self, id: NodeId, key: &str) -> impl Iterator<Item = NodeId> {
        let pairs = match self.tree.view(id) {
            View::Mapping(pairs) => pairs,
            _ => &[],
        };
        pairs
            .iter()
            .take(SAMPLE)
            .filter(move |pair| self.tree.text(pair.key) == Some(key))
            .map(|pair| pair.value)
    }

    /// How lists are laid out near a place: those of the same key, else (`any`) any of scalars. In a flow
    /// collection (`flow`) block lists don't count.
    pub(crate) fn list_layout(
        &self,
        near: NodeId,
        key: Option<&str>,
        flow: bool,
        any: bool,
    ) -> Option<Layout> {
        let fits = |layout: &Layout| !flow || *layout != Layout::Block;
        let (same, any_list) = match flow {
            true => ("layout in flow", "any layout in flow"),
            false => ("layout", "any layout"),
        };
        let same_key = key.and_then(|key| {
            self.nearest((same, Some(key)), near, |id| {
                self.values_of(id, key)
                    .find_map(|value| self.layout_of(value).filter(fits))
            })
        });
        if same_key.is_some() || !any {
            return same_key;
        }
        self.nearest((any_list, None), near, |id| match self.tree.view(id) {
            View::Sequence([first, ..]) if !matches!(self.tree.view(*first), View::Mapping(_)) => {
                self.layout_of(id).filter(fits)
            }
            _ => None,
        })
    }

    /// Whether long-form function calls go over several lines.
    pub(crate) fn call_lines(&self, near: NodeId) -> Option<bool> {
        self.nearest(("call lines", None), near, |id| match self.tree.view(id) {
            View::Tagged(tag, _) if !tag.short => Some(self.text_of(id).contains(['\n', '\r'])),
            _ => None,
        })
    }

    /// How function calls in long form are written.
    pub fn call(&self, near: NodeId) -> Option<CallStyle> {
        self.nearest(("call", None), near, |id| {
            let View::Tagged(tag, inner) = self.tree.view(id) else {
                return None;
            };
            if tag.short || self.tree.format() == Format::Hcl {
                return None;
            }
            let key = self
                .lines
                .slice(tag.span.start as usize, tag.span.end as usize);
            let gap = self.lines.slice(tag.span.end as usize, self.start(inner));
            let is_gap = gap.trim() == ":" && (gap.ends_with(' ') || key.ends_with(['"', '\'']));
            Some(CallStyle {
                keys: match key.chars().next() {
                    Some('"') => Quote::Double,
                    Some('\'') => Quote::Single,
                    _ => Quote::Plain,
                },
                flow: self.text_of(id).starts_with('{'),
                colon: match is_gap && !gap.contains(['\n', '\r']) {
                    true => gap.to_owned(),
                    false => ": ".to_owned(),
                },
            })
        })
    }

    /// Whether single values of a key are written without a list around them nearby, and no list of one is.
    pub(crate) fn single_alone(&self, near: NodeId, key: &str) -> bool {
        let found = self.nearest(("single", Some(key)), near, |id| {
            self.values_of(id, key)
                .find_map(|value| match self.tree.view(value) {
                    View::Sequence([_]) => Some(false),
                    View::Scalar(_) if self.tree.scalar_type(value) == ScalarType::Null => None,
                    View::Scalar(_) | View::Tagged(..) => Some(true),
                    _ => None,
                })
        });
        found == Some(true)
    }

    /// Everything that is learned at once.
    pub fn look(&self, near: NodeId) -> LocalStyle {
        self.learn(LocalStyle {
            near,
            in_flow: self.tree.style(near) == Style::Flow,
            json: self.tree.format().is_json(),
            hcl: false,
            sequence_step: 2,
            mapping_step: 2,
            dash_step: 2,
            wanted: Quote::Plain,
            forced: Quote::Single,
            keys: Quote::Plain,
            short: true,
            sub: None,
            call: OnceCell::new(),
            unit: OnceCell::new(),
            colon: ": ".to_owned(),
            comma: OnceCell::new(),
            padding: OnceCell::new(),
            list_padding: OnceCell::new(),
            map_lines: false,
            one_line: false,
        })
    }

    /// What a mapping shows of how another beside it is written; what it doesn't show is as it was learned for their list.
    pub(crate) fn look_beside(&self, mapping: NodeId, look: &LocalStyle) -> LocalStyle {
        let inside = Neighbours {
            climbs: false,
            ..*self
        };
        inside.learn(LocalStyle {
            near: mapping,
            call: OnceCell::new(),
            unit: OnceCell::new(),
            comma: OnceCell::new(),
            padding: OnceCell::new(),
            list_padding: OnceCell::new(),
            ..look.clone()
        })
    }

    /// What is learned near a place; what isn't stays as it is given.
    fn learn(&self, given: LocalStyle) -> LocalStyle {
        let near = given.near;
        let given = LocalStyle {
            colon: self
                .colon(near, given.json)
                .unwrap_or_else(|| given.colon.clone()),
            map_lines: self.map_lines(near).unwrap_or(given.map_lines),
            ..given
        };
        if given.json {
            return given;
        }
        if self.tree.format() == Format::Hcl {
            return self.hcl_look(given);
        }
        let (wanted, forced) = self.quotes(near, false);
        let (sub, sub_forced) = self.quotes(near, true);
        // What needs quotes beside a new item has those that this one is given.
        let wanted = match self.tree.view(near) {
            View::Sequence(_) | View::Scalar(_)
                if wanted.is_some_and(|quote| quote != Quote::Plain) =>
            {
                forced.or(wanted)
            }
            _ => wanted,
        };
        LocalStyle {
            sequence_step: self.step(near, true).unwrap_or(given.sequence_step),
            mapping_step: self
                .step(near, false)
                .filter(|step| *step > 0)
                .unwrap_or(given.mapping_step),
            dash_step: self
                .dash_step(near)
                .filter(|step| *step > 1)
                .unwrap_or(given.dash_step),
            wanted: wanted.unwrap_or(given.wanted),
            forced: forced.or(sub_forced).unwrap_or(given.forced),
            keys: self.key_quotes(near).unwrap_or(given.keys),
            short: self.short_sub(near).unwrap_or(given.short),
            sub: sub.or(given.sub),
            ..given
        }
    }
}
