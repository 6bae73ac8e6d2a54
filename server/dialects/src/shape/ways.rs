//! How a walk of a whole tree got to where it is: the keys above each node, kept once for all that is below them.

/// A key of a mapping, or the place of an item in its list.
#[derive(Clone, Copy)]
pub(crate) enum Step<'t> {
    Key(&'t str),
    Item(usize),
}

/// Ways from the root of a tree.
#[derive(Default)]
pub(crate) struct Ways<'t> {
    /// Each with the way that it goes on from.
    steps: Vec<(Way, Step<'t>)>,
}

/// One of the ways; the default one is that to the root.
#[derive(Clone, Copy, Default)]
pub(crate) struct Way(usize);

impl<'t> Ways<'t> {
    /// A way that goes one step further.
    pub fn on(&mut self, way: Way, step: Step<'t>) -> Way {
        self.steps.push((way, step));
        Way(self.steps.len())
    }

    /// The keys along a way.
    pub fn keys(&self, way: Way) -> Vec<String> {
        let mut keys = Vec::new();
        let mut at = way;
        while let Some((above, step)) = at.0.checked_sub(1).and_then(|at| self.steps.get(at)) {
            keys.push(match step {
                Step::Key(key) => (*key).to_owned(),
                Step::Item(place) => place.to_string(),
            });
            at = *above;
        }
        keys.reverse();
        keys
    }
}
