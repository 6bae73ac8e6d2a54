//! How a dialect writes what is no plain literal: the variables in its strings, and its functions. A dialect brings a
//! [`Notation`]; what is read by it knows no dialect.

use std::fmt::Debug;
use std::ops::Range;

use leastwise_syntax::{NodeId, Pair, Tree, View};

use crate::guard::Guard;
use crate::iteration::Turn;
use crate::mark;
use crate::text::{Part, Text, is_policy_variable};

/// The notation of a dialect, or of one sort of its strings. Without any of its methods, strings are literals and
/// functions are unknown.
pub trait Notation: Debug + Send + Sync {
    /// The notation whose loops, conditions and functions it has, too: a policy as such may be a part of a template.
    fn within(&self) -> Option<&'static dyn Notation> {
        None
    }

    /// Appends the parts of a scalar. False where it is one literal or one mark.
    fn scalar(&self, _: &Tree, _: NodeId, _text: &str, _parts: &mut Vec<Part>) -> bool {
        false
    }

    /// Appends the parts of a call, by the function's name and its argument. False where the function is unknown.
    fn function(&self, _: &Tree, _: FunctionCall<'_>, _parts: &mut Vec<Part>) -> bool {
        false
    }

    /// What the `${` opens that stands in a text behind the bytes `literal`, which nothing has been made of yet; `sub`
    /// where variables are filled in as by `Fn::Sub`.
    fn opening(&self, _text: &str, _literal: Range<usize>, _sub: bool) -> Opening {
        Opening::Name
    }

    /// Whether a text has variables that `Fn::Sub` has to fill in: others than the dialect's own.
    fn leaves_variables(&self, text: &str) -> bool {
        let mut at = 0;
        while let Some(open) = text.get(at..).and_then(|rest| rest.find("${")) {
            let open = at + open;
            match self.opening(text, open..open, true) {
                Opening::Expression(end) if end > open => at = end,
                _ => return true,
            }
        }
        false
    }

    /// The variable of the dialect's own around a byte of a text, the innermost one: the bytes of its `${…}`.
    fn expression_around(&self, _text: &str, _at: usize) -> Option<Range<usize>> {
        None
    }

    /// The pairs of a mapping, as loops among them make them. `None` where that isn't written out.
    fn turns(&self, tree: &Tree, mapping: NodeId) -> Option<Vec<Turn>> {
        if let Some(within) = self.within() {
            return within.turns(tree, mapping);
        }
        let written = |pair: Pair| Turn::written(tree, pair);
        Some(tree.pairs(mapping).into_iter().map(written).collect())
    }

    /// Whether some variables are filled in before anything else sees the text: [`Part::Expression`].
    fn fills_in_first(&self) -> bool {
        false
    }

    /// The part of the same file that a node stands for as a whole.
    fn part_of_file(&self, _: &Tree, _: NodeId) -> Option<NodeId> {
        None
    }

    /// Whether a node says that nothing is there.
    fn is_nothing(&self, tree: &Tree, node: NodeId) -> bool {
        self.within()
            .is_some_and(|within| within.is_nothing(tree, node))
    }

    /// The two values that a node stands for, by a condition.
    fn choice(&self, tree: &Tree, node: NodeId) -> Option<Choice> {
        self.within()?.choice(tree, node)
    }

    /// The objects that a call merges to one.
    fn objects(&self, _: &Tree, _: NodeId) -> Option<Objects> {
        None
    }

    /// The lists that a call makes one list of.
    fn lists(&self, _: &Tree, _: NodeId) -> Option<Lists> {
        None
    }

    /// What a comprehension makes.
    fn made(&self, _: &Tree, _: NodeId) -> Option<MadeObject> {
        None
    }

    /// Whether each statement that an expression makes is surely an `Allow`.
    fn allows_only(&self, _: &Tree, _: NodeId) -> bool {
        false
    }

    /// How many values a call of a function gives.
    fn gives(&self, function: &str) -> Gives {
        self.within()
            .map_or(Gives::One, |within| within.gives(function))
    }

    /// Whether a string is an expression as a whole, so that it may be a list.
    fn may_be_list(&self, _: &Text) -> bool {
        false
    }

    /// What stands around a node of the file with this number and says when it is there.
    fn guards(&self, tree: &Tree, node: NodeId, file: u32) -> Vec<Guard> {
        self.within()
            .map_or_else(Vec::new, |within| within.guards(tree, node, file))
    }

    /// A condition key that is no literal.
    fn condition_key(&self, _: &Tree, _: NodeId) -> Option<String> {
        None
    }
}

/// A call of a function.
#[derive(Clone, Copy, Debug)]
pub struct FunctionCall<'t> {
    /// The node of the call.
    pub node: NodeId,
    /// The function's name, as the tree has it.
    pub name: &'t str,
    /// What it is applied to.
    pub argument: NodeId,
    /// How many calls stand around it.
    pub depth: u32,
}

/// What a `${` in a text opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opening {
    /// A name, up to the next `}`.
    Name,
    /// A name that is itself made of variables, up to this byte.
    MadeName(usize),
    /// A variable of the dialect's own, up to this byte.
    Expression(usize),
    /// Nothing: the text goes on behind this byte.
    Text(usize),
    /// The characters `${`; the one before it says so, and isn't part of the text.
    Escaped,
}

/// A value that hangs on a condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What the condition is known by.
    pub condition: String,
    /// The value where it holds.
    pub yes: NodeId,
    /// The value where it doesn't.
    pub no: NodeId,
}

/// What objects are when they are merged.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// The pairs that are there in any case; of two with one key the later one.
    pub always: Vec<Pair>,
    /// Those that a conditional puts in, or leaves out.
    pub sometimes: Vec<Pair>,
}

/// Lists that become one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lists {
    /// The lists.
    pub nodes: Vec<NodeId>,
    /// Whether empty texts are left out.
    pub filled: bool,
}

/// What a comprehension makes, where that is written as an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeObject {
    /// What it makes for each item.
    pub value: NodeId,
    /// What it goes over, as it is written.
    pub head: String,
}

/// How many values a call gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// One, or what a reference stands for.
    One,
    /// One text that surely is there, if it isn't nothing ([`Notation::is_nothing`]).
    Text,
    /// One object, made of several.
    Object,
    /// Some that resolution knows.
    Some,
    /// One or many: nobody can tell before deployment.
    Unknown,
}

impl Text {
    /// The text of a node: a scalar, or a call of a function.
    pub fn lower(tree: &Tree, node: NodeId, notation: &dyn Notation) -> Text {
        let mut parts = Vec::with_capacity(1);
        append(tree, node, notation, &mut parts, 0);
        let span = tree.span(node);
        let mut text = Text { node, span, parts };
        mark::cut(tree, &mut text);
        text
    }

    /// The text of a scalar in which variables are filled in, too, as in `Fn::Sub`.
    pub fn sub(tree: &Tree, node: NodeId, notation: &dyn Notation) -> Text {
        let node = tree.aliased(node);
        let mut parts = Vec::with_capacity(1);
        let text = tree.text(node).unwrap_or_default();
        interpolate(tree, node, text, Filler::SUB, notation, &mut parts);
        let span = tree.span(node);
        let mut text = Text { node, span, parts };
        mark::cut(tree, &mut text);
        text
    }

    /// A text that stands nowhere in the file, with the variables of `Fn::Sub` and of the notation in it. `node` is
    /// what a tool writes it for.
    pub fn given(tree: &Tree, node: NodeId, text: &str, notation: &dyn Notation) -> Text {
        let span = tree.span(node);
        let parts = cut(text, notation, true)
            .into_iter()
            .map(|cut| match cut {
                Cut::Literal(range) => Part::Given {
                    text: text.get(range).unwrap_or_default().to_owned(),
                    span,
                },
                Cut::Expression(range) => Part::Expression {
                    text: inside(text, &range).to_owned(),
                    sub: true,
                    span,
                },
                Cut::Name(range) => Part::named(inside(text, &range), span),
            })
            .collect();
        Text { node, span, parts }
    }
}

/// Appends the parts of a node.
pub fn append(
    tree: &Tree,
    node: NodeId,
    notation: &dyn Notation,
    parts: &mut Vec<Part>,
    depth: u32,
) {
    let node = tree.aliased(node);
    match tree.view(node) {
        View::Scalar(text) => {
            if notation.scalar(tree, node, text, parts) {
                return;
            }
            parts.push(match tree.is_hole(node) {
                true => mark::value(text, tree.span(node)),
                false => whole(node, text),
            });
        }
        View::Tagged(tag, argument) => {
            let call = FunctionCall {
                node,
                name: &tag.name,
                argument: tree.aliased(argument),
                depth,
            };
            if !notation.function(tree, call, parts) {
                parts.push(computed(tree, node, &tag.name));
            }
        }
        _ => parts.push(computed(tree, node, "value")),
    }
}

/// A value that has to be worked out.
pub fn computed(tree: &Tree, node: NodeId, label: &str) -> Part {
    Part::Computed {
        node,
        span: tree.span(node),
        label: label.to_owned(),
    }
}

/// All of a scalar's text.
pub fn whole(node: NodeId, text: &str) -> Part {
    literal(node, 0..text.len())
}

/// These bytes of a scalar's text.
pub fn literal(node: NodeId, range: Range<usize>) -> Part {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Part::Literal {
        node,
        start: offset(range.start),
        end: offset(range.end),
    }
}

/// A piece of a text, by its bytes.
enum Cut {
    /// Characters.
    Literal(Range<usize>),
    /// A `${…}` that names something.
    Name(Range<usize>),
    /// A `${…}` of the dialect's own.
    Expression(Range<usize>),
}

/// What stands between the `${` and `}` of a range.
fn inside<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.start + 2..range.end.saturating_sub(1))
        .unwrap_or_default()
        .trim()
}

/// Cuts a text at its `${…}`; `sub` where `Fn::Sub` fills some in.
fn cut(text: &str, notation: &dyn Notation, sub: bool) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let (mut start, mut from) = (0, 0);
    let push_literal = |cuts: &mut Vec<Cut>, start: usize, end: usize| {
        if start < end {
            cuts.push(Cut::Literal(start..end));
        }
    };
    while let Some(found) = text.get(from..).and_then(|rest| rest.find('$')) {
        let open = from + found;
        if text.as_bytes().get(open + 1) != Some(&b'{') {
            from = open + 1;
            continue;
        }
        if text.get(open..).is_some_and(|rest| rest.starts_with("${{")) {
            // A mark of another tool.
            from = open + 3;
            continue;
        }
        let opening = notation.opening(text, start..open, sub);
        let close = match opening {
            Opening::Escaped => {
                push_literal(&mut cuts, start, open.saturating_sub(1));
                start = open;
                from = open + 2;
                continue;
            }
            Opening::Expression(end) => {
                push_literal(&mut cuts, start, open);
                cuts.push(Cut::Expression(open..end));
                start = end;
                from = end;
                continue;
            }
            Opening::Text(end) => {
                from = end;
                continue;
            }
            Opening::MadeName(close) => close,
            Opening::Name => match text.get(open..).and_then(|rest| rest.find('}')) {
                Some(length) => open + length + 1,
                None => break,
            },
        };
        let range = open..close;
        from = close;
        let behind = text.get(open + 2..close).unwrap_or_default();
        if sub && let Some(rest) = behind.strip_prefix('!') {
            // `${!Name}` stands for the characters `${Name}`.
            push_literal(&mut cuts, start, open + 2);
            start = close - rest.len();
            continue;
        }
        if opening == Opening::Name && is_policy_variable(inside(text, &range)) {
            continue;
        }
        push_literal(&mut cuts, start, open);
        cuts.push(Cut::Name(range));
        start = close;
    }
    push_literal(&mut cuts, start, text.len());
    cuts
}

/// What fills in the `${…}` of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filler {
    /// Whoever reads the text.
    Reader,
    /// `Fn::Sub`, with the mapping that has the values of some names, if there is one.
    Sub(Option<NodeId>),
}

impl Filler {
    /// `Fn::Sub` of a text alone.
    pub const SUB: Filler = Filler::Sub(None);
}

/// Appends the parts of a scalar with `${…}` in it.
pub fn interpolate(
    tree: &Tree,
    node: NodeId,
    text: &str,
    filler: Filler,
    notation: &dyn Notation,
    parts: &mut Vec<Part>,
) {
    let (sub, map) = match filler {
        Filler::Reader => (false, None),
        Filler::Sub(map) => (true, map),
    };
    for cut in cut(text, notation, sub) {
        parts.push(match cut {
            Cut::Literal(range) => literal(node, range),
            Cut::Expression(range) => Part::Expression {
                text: inside(text, &range).to_owned(),
                sub,
                span: tree.source_span(node, range),
            },
            Cut::Name(range) => {
                let name = inside(text, &range);
                let span = tree.source_span(node, range.clone());
                match map.and_then(|map| tree.get(map, name)) {
                    Some(value) => Part::Computed {
                        node: value,
                        span,
                        label: name.to_owned(),
                    },
                    None => Part::named(name, span),
                }
            }
        });
    }
    if text.is_empty() {
        parts.push(whole(node, text));
    }
}
