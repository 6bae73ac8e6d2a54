//! What is read of a tree while something is worked out, for whoever keeps that over an edit.
//!
//! Every accessor of a [`Tree`] that gives some of its text away notes it here, so nothing can be read unseen. It costs one
//! look at a number where nobody has it taken down.

mod cell;
mod question;
mod regional;
mod set;

#[cfg(debug_assertions)]
pub use cell::without;
pub use cell::{Traced, is_forgotten};
pub use question::TextQuestion;
pub use regional::Seen;
pub use set::Live;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::limits::TRACED_NODES;
use crate::{NodeId, Pair, Span, Tree};
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
        let open = of_tree.find(|open| std::ptr::eq(open.tree, tree));
        if let Some(open) = open.filter(|open| !open.is_deaf) {
            take_down(open);
        }
    });
}

impl Open {
    fn node(&mut self, tree: &Tree, node: NodeId) {
        let start = || tree.span(node).start;
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
        let known = &mut self.trace.questions;
        if !known.iter().any(|(other, _)| *other == question) {
            known.push((question, answer));
        }
    }

    fn fact(&mut self, fact: (&'static str, u64)) {
        if !self.trace.facts.contains(&fact) {
            self.trace.facts.push(fact);
        }
    }

    fn span(&mut self, span: Span) {
        if let Place::Regions(regions) = &mut self.place {
            return regions.add_part(span);
        }
        let is_own = self.own.is_some_and(|own| own.contains(span));
        if !is_own && self.trace.spans.last() != Some(&span) {
            self.trace.spans.push(span);
        }
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
                open.trace.is_whole |= trace.is_whole;
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
            if let Place::Live(set) = &mut open.place {
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
            note_any(self, |open| {
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
                is_live = matches!(open.place, Place::Live(_));
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
            note(self, |open| match &mut open.place {
                Place::Live(set) => set.add_kind(self, node),
                Place::Trace | Place::Regions(_) => open.node(self, node),
            });
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
            note(self, |open| open.trace.is_whole = true);
        }
    }
}

/// As [`note`], also where nothing is taken down.
fn note_any(tree: &Tree, change: impl FnOnce(&mut Open)) {
    OPEN.with_borrow_mut(|all| {
        let mut of_tree = all.iter_mut().rev();
        if let Some(open) = of_tree.find(|open| std::ptr::eq(open.tree, tree)) {
            change(open);
        }
    });
}
