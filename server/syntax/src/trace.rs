//! What is read of a tree while something is worked out, for whoever keeps that over an edit.
//!
//! Every accessor of a [`Tree`] that gives some of its text away notes it here, so nothing can be read unseen. It costs one
//! look at a number where nobody has it taken down.

mod bits;
mod cell;
mod hidden;
mod judged;
mod outlast;
mod question;
mod regional;
mod set;

#[cfg(debug_assertions)]
pub use cell::without;
pub use cell::{Traced, is_forgotten};
pub use judged::Says;
pub use question::TextQuestion;
pub use regional::Seen;
pub use set::Live;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::limits::TRACED_NODES;
use crate::{NodeId, Pair, Span, Tree, View};
use hidden::Hidden;
use regional::Regional;
use set::Set;

/// What something was worked out from, but for a part of the tree that whoever asks for it reads anyway.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// In order, each once.
    pub(crate) nodes: Vec<NodeId>,
    /// Parts of the text that were looked at as such.
    pub(crate) spans: Vec<Span>,
    pub(crate) questions: Vec<(TextQuestion, bool)>,
    /// What was taken as worked out, by what it is called, each with a fingerprint.
    pub(crate) facts: Vec<(&'static str, u64)>,
    /// Whether it may be all of the text.
    pub(crate) is_whole: bool,
}

impl Trace {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
            && self.spans.is_empty()
            && self.questions.is_empty()
            && self.facts.is_empty()
            && !self.is_whole
    }

    /// Leaves out what was read of a node that isn't wanted.
    pub fn retain(&mut self, is_wanted: impl FnMut(&NodeId) -> bool) {
        self.nodes.retain(is_wanted);
    }
}

/// Where nodes are taken down.
enum Place {
    /// In the trace.
    Trace,
    /// By the parts of the text that they are in.
    Regions(Regional),
    /// For what is worked out anew after each edit.
    Live(Set),
}

/// Something that is being worked out, innermost last.
struct Open {
    /// The tree that it is taken down for; compared, never followed.
    tree: *const Tree,
    /// What isn't taken down.
    own: Option<Span>,
    place: Place,
    trace: Trace,
    /// Whether nothing is taken down for now, since what comes of it is.
    is_deaf: bool,
}

thread_local! {
    static OPEN: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
    /// How many are open.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Closes what is open beyond a depth, also where a panic ends it.
struct Closing(usize);

impl Drop for Closing {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.truncate(self.0));
        DEPTH.set(self.0);
    }
}

fn within<T>(open: Open, make: impl FnOnce() -> T) -> (T, Option<Open>) {
    let depth = DEPTH.get();
    let closing = Closing(depth);
    OPEN.with_borrow_mut(|all| all.push(open));
    DEPTH.set(depth + 1);
    let made = make();
    let open = OPEN.with_borrow_mut(|all| match all.len() == depth + 1 {
        true => all.pop(),
        false => None,
    });
    drop(closing);
    (made, open)
}

/// Whether anything is taken down.
#[inline]
fn is_noted() -> bool {
    DEPTH.get() > 0
}

/// What is done with what is open for a tree, the innermost.
#[inline(never)]
fn note(tree: &Tree, take_down: impl FnOnce(&mut Open)) {
    OPEN.with_borrow_mut(|all| {
        let mut of_tree = all.iter_mut().rev();
        if let Some(open) = of_tree.find(|open| std::ptr::eq(open.tree, tree)) {
            take_down(open);
        }
    });
}

impl Open {
    /// What is taken down of what is read while nothing is: only that it was.
    fn hidden(&mut self) -> Option<&mut Hidden> {
        match &mut self.place {
            Place::Live(set) => Some(&mut set.hidden),
            Place::Trace | Place::Regions(_) => None,
        }
    }

    fn whole(&mut self) {
        match self.is_deaf {
            false => self.trace.is_whole = true,
            true => {
                if let Some(hidden) = self.hidden() {
                    hidden.add_whole();
                }
            }
        }
    }

    fn kind(&mut self, tree: &Tree, node: NodeId) {
        if self.is_judged(tree, node) {
            return;
        }
        match &mut self.place {
            Place::Live(set) if !self.is_deaf => set.add_kind(tree, node),
            // Nobody makes a scalar another sort of node by typing into it.
            Place::Live(_) => {}
            _ => self.node(tree, node),
        }
    }

    /// Whether an item of a sequence holds others is asked.
    fn flat(&mut self, tree: &Tree, sequence: NodeId, is_flat: bool) {
        if self.is_judged(tree, sequence) {
            return;
        }
        match (&mut self.place, tree.seen(sequence)) {
            (Place::Live(set), View::Sequence(items)) if !self.is_deaf => {
                set.add_kind(tree, sequence);
                set.add_flat(items, is_flat);
            }
            _ => self.node(tree, sequence),
        }
    }

    /// Whether a scalar has a sign in it is asked.
    fn sign(&mut self, tree: &Tree, node: NodeId) {
        match self.hidden() {
            Some(hidden) => hidden.add_asked(node),
            None => self.node(tree, node),
        }
    }

    /// What begins with a word is looked for in the whole text.
    fn lead(&mut self, lead: &'static str) {
        match (self.is_deaf, self.hidden()) {
            (true, Some(hidden)) => hidden.add_lead(lead),
            _ => self.whole(),
        }
    }

    fn node(&mut self, tree: &Tree, node: NodeId) {
        if self.is_deaf {
            if let Some(hidden) = self.hidden() {
                hidden.add(node);
            }
            return;
        }
        let start = || tree.span(node).start;
        if self.is_judged(tree, node) {
            return;
        }
        match &mut self.place {
            Place::Trace => {}
            Place::Regions(regions) => return regions.add(start()),
            Place::Live(set) => return set.add(tree, node),
        }
        let is_within = |own: Span, start: u32| own.start <= start && start <= own.end;
        let is_own = self.own.is_some_and(|own| is_within(own, start()));
        let nodes = &mut self.trace.nodes;
        if is_own || self.trace.is_whole || nodes.last() == Some(&node) {
            return;
        }
        nodes.push(node);
        if nodes.len() >= TRACED_NODES {
            nodes.sort_unstable();
            nodes.dedup();
            if nodes.len() * 2 > TRACED_NODES {
                nodes.clear();
                self.trace.is_whole = true;
            }
        }
    }

    fn question(&mut self, question: TextQuestion, answer: bool) {
        if self.is_deaf {
            // Nobody has wanted to know yet which question it is.
            return self.whole();
        }
        let known = &mut self.trace.questions;
        if !known.iter().any(|(other, _)| *other == question) {
            known.push((question, answer));
        }
    }

    fn fact(&mut self, fact: (&'static str, u64)) {
        if self.is_deaf {
            return self.whole();
        }
        if !self.trace.facts.contains(&fact) {
            self.trace.facts.push(fact);
        }
    }

    fn span(&mut self, span: Span) {
        if self.is_deaf {
            return self.whole();
        }
        if let Place::Regions(regions) = &mut self.place {
            return regions.add_part(span);
        }
        let is_own = self.own.is_some_and(|own| own.contains(span));
        if !is_own && self.trace.spans.last() != Some(&span) {
            self.trace.spans.push(span);
        }
    }
}

impl Open {
    /// Whether it is left to what is judged to say that a node is read.
    fn is_judged(&self, tree: &Tree, node: NodeId) -> bool {
        let is_within = |own: Span| {
            let start = tree.span(node).start;
            own.start <= start && start < own.end
        };
        matches!(self.place, Place::Live(_)) && self.own.is_some_and(is_within)
    }
}

impl Tree {
    /// Works something out and tells what was read of the tree for it, but for what begins in the node `own`. Nothing where that
    /// is read for something that is worked out anew after each edit: it has read it then.
    pub fn traced<T>(&self, own: Option<NodeId>, make: impl FnOnce() -> T) -> (T, Trace) {
        if self.is_read_live() {
            return (make(), Trace::default());
        }
        let open = Open {
            tree: self,
            own: own.map(|own| self.span(own)),
            place: Place::Trace,
            trace: Trace {
                nodes: Vec::with_capacity(32),
                ..Trace::default()
            },
            is_deaf: false,
        };
        let (made, open) = within(open, make);
        let mut trace = open.map(|open| open.trace).unwrap_or_default();
        trace.nodes.sort_unstable();
        trace.nodes.dedup();
        (made, trace)
    }

    /// Works something out and tells which of some regions were read for it, which don't meet and stand in order.
    pub fn watched<T>(&self, regions: Arc<[Span]>, make: impl FnOnce() -> T) -> (T, Seen) {
        let open = Open {
            tree: self,
            own: None,
            place: Place::Regions(Regional::of(regions)),
            trace: Trace::default(),
            is_deaf: false,
        };
        let (made, open) = within(open, make);
        let seen = open.map(|open| Seen {
            regional: match open.place {
                Place::Regions(regional) => regional,
                Place::Trace | Place::Live(_) => Regional::default(),
            },
            trace: open.trace,
        });
        (made, seen.unwrap_or_default())
    }

    /// Works something out that is worked out anew after each edit.
    pub fn live<T>(&self, make: impl FnOnce() -> T) -> (T, Live) {
        let open = Open {
            tree: self,
            own: None,
            place: Place::Live(Set::of(self)),
            trace: Trace::default(),
            is_deaf: false,
        };
        let (made, open) = within(open, make);
        let live = open.map(|open| Live {
            set: match open.place {
                Place::Live(set) => set,
                Place::Trace | Place::Regions(_) => Set::default(),
            },
            trace: open.trace,
        });
        (made, live.unwrap_or_default())
    }

    /// Works something out of what stands in a node, which stays the same as long as nothing but the texts of scalars in it changes,
    /// and each of these answers all of the questions as before that `make` gives along with it. Of a list of scalars it may hang on
    /// which answers there are, not on how many.
    pub fn judged<T>(&self, node: NodeId, make: impl FnOnce() -> (T, &'static [Says])) -> T {
        if !self.is_read_live() {
            return make().0;
        }
        let own = self.span(node);
        let mut around = None;
        note(self, |open| around = open.own.replace(own));
        let (made, says) = make();
        note(self, |open| {
            open.own = around;
            if let Place::Live(set) = &mut open.place {
                set.judge(self, node, says);
            }
        });
        made
    }

    /// Takes down that somebody has read what was read before for what he gets.
    pub fn recall(&self, trace: &Trace) {
        if is_noted() && !trace.is_empty() {
            note(self, |open| {
                trace.nodes.iter().for_each(|node| open.node(self, *node));
                trace.spans.iter().for_each(|span| open.span(*span));
                for (question, answer) in &trace.questions {
                    open.question(question.clone(), *answer);
                }
                trace.facts.iter().for_each(|fact| open.fact(*fact));
                if trace.is_whole {
                    open.whole();
                }
            });
        }
    }

    /// Works out something that says all that whoever asks for it gets to know of the tree: after an edit it counts whether
    /// that is the same, not whether what was read for it is. It has no nodes or places in it.
    pub fn summed_up<T: std::hash::Hash>(&self, make: impl FnOnce() -> T) -> T {
        if !self.is_read_live() {
            return make();
        }
        let made = self.unnoted(make);
        note(self, |open| {
            if let Place::Live(set) = &mut open.place
                && !open.is_deaf
            {
                set.sum(&made);
            }
        });
        made
    }

    /// Takes something that others have worked out, whatever of. After an edit it counts whether it has the same fingerprint: who
    /// keeps what was made of it knows by the name how it is worked out.
    pub fn fact<T>(&self, name: &'static str, make: impl FnOnce() -> (T, u64)) -> T {
        let (made, mark) = self.unnoted(make);
        if is_noted() {
            note(self, |open| open.fact((name, mark)));
        }
        made
    }

    /// Works something out without anything being taken down.
    fn unnoted<T>(&self, make: impl FnOnce() -> T) -> T {
        let set_deaf = |deaf: bool| {
            let mut was = false;
            note(self, |open| {
                was = std::mem::replace(&mut open.is_deaf, deaf)
            });
            was
        };
        if !is_noted() {
            return make();
        }
        let was = set_deaf(true);
        let made = make();
        set_deaf(was);
        made
    }

    /// Whether what is read now is read for something that is worked out anew after each edit.
    fn is_read_live(&self) -> bool {
        let mut is_live = false;
        if is_noted() {
            note(self, |open| {
                is_live = !open.is_deaf && matches!(open.place, Place::Live(_));
            });
        }
        is_live
    }

    /// A node is read.
    #[inline]
    pub(crate) fn note_node(&self, node: NodeId) {
        if is_noted() {
            note(self, |open| open.node(self, node));
        }
    }

    /// A mapping is read, and the keys of some of its pairs.
    pub(crate) fn note_keys(&self, mapping: NodeId, pairs: &[Pair]) {
        if is_noted() {
            note(self, |open| {
                open.node(self, mapping);
                pairs.iter().for_each(|pair| open.node(self, pair.key));
            });
        }
    }

    /// It is asked what sort of node it is.
    #[inline]
    pub(crate) fn note_kind(&self, node: NodeId) {
        if is_noted() {
            note(self, |open| open.kind(self, node));
        }
    }

    /// It is asked whether an item of a sequence holds others.
    pub(crate) fn note_flat(&self, sequence: NodeId, is_flat: bool) {
        if is_noted() {
            note(self, |open| open.flat(self, sequence, is_flat));
        }
    }

    /// Something is asked about the text as a whole.
    #[inline]
    pub(crate) fn note_question(&self, question: &TextQuestion, answer: bool) {
        if is_noted() {
            note(self, |open| open.question(question.clone(), answer));
        }
    }

    /// A part of the text is.
    #[inline]
    pub(crate) fn note_span(&self, span: Span) {
        if is_noted() {
            note(self, |open| open.span(span));
        }
    }

    /// Any part of the text may be.
    #[inline]
    pub(crate) fn note_all(&self) {
        if is_noted() {
            note(self, Open::whole);
        }
    }

    /// Whether a scalar has a sign in it is asked.
    #[inline]
    pub(crate) fn note_sign(&self, node: NodeId) {
        if is_noted() {
            note(self, |open| open.sign(self, node));
        }
    }

    /// What begins with a word is looked for in the whole text.
    pub(crate) fn note_lead(&self, lead: &'static str) {
        if is_noted() {
            note(self, |open| open.lead(lead));
        }
    }
}
