//! Something that is worked out of a tree once, for all who ask.

use std::sync::OnceLock;

use super::Trace;
use crate::{NodeId, Tree};

/// Something that is worked out by who asks first. Whoever asks later has read what it was worked out from, too.
#[derive(Clone, Debug)]
pub struct Traced<T>(OnceLock<(T, Option<Box<Trace>>)>);

impl<T> Default for Traced<T> {
    fn default() -> Self {
        Traced(OnceLock::new())
    }
}

impl<T> Traced<T> {
    /// It, worked out of a tree now where it isn't yet. Of what is read within `own`, that node alone is kept.
    pub fn get_or_init(&self, tree: &Tree, own: Option<NodeId>, make: impl FnOnce() -> T) -> &T {
        self.get_or_trace(tree, own, || tree.traced(own, make))
    }

    /// As [`Traced::get_or_init`], with what is taken down of it.
    pub fn get_or_trace(
        &self,
        tree: &Tree,
        own: Option<NodeId>,
        make: impl FnOnce() -> (T, Trace),
    ) -> &T {
        let (value, trace) = self.0.get_or_init(|| {
            let (value, trace) = make();
            (value, (!trace.is_empty()).then(|| Box::new(trace)))
        });
        if !is_forgotten(std::any::type_name::<T>()) {
            own.inspect(|own| tree.note_node(*own));
            trace.as_ref().inspect(|trace| tree.recall(trace));
        }
        value
    }
}

impl<T> Traced<T> {
    pub(super) fn trace_mut(&mut self) -> Option<&mut Trace> {
        self.0.get_mut()?.1.as_deref_mut()
    }

    /// It, where somebody has asked for it, to be changed along with the tree.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut().map(|(value, _)| value)
    }

    /// Whether somebody has asked for it.
    pub fn is_known(&self) -> bool {
        self.0.get().is_some()
    }
}

impl<T> From<T> for Traced<T> {
    fn from(value: T) -> Self {
        Traced(OnceLock::from((value, None)))
    }
}

#[cfg(debug_assertions)]
thread_local! {
    static FORGOTTEN: std::cell::Cell<&'static str> = const { std::cell::Cell::new("") };
}

/// Whether what is called so isn't taken down now: tests that it is needed leave it out on purpose.
#[inline]
pub fn is_forgotten(what: &str) -> bool {
    #[cfg(debug_assertions)]
    return FORGOTTEN.with(|forgotten| {
        let name = forgotten.get();
        !name.is_empty() && what.ends_with(name)
    });
    #[cfg(not(debug_assertions))]
    {
        let _ = what;
        false
    }
}

/// What comes of leaving out what is called so, or is of a type whose name ends so.
#[cfg(debug_assertions)]
pub fn without<T>(what: &'static str, make: impl FnOnce() -> T) -> T {
    FORGOTTEN.set(what);
    let made = make();
    FORGOTTEN.set("");
    made
}
