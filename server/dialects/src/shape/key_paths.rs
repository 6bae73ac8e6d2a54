//! How a walk of a whole tree got to where it is: the keys above each node, kept once for all that is below them.

/// A key of a mapping, or the place of an item in its list.
#[derive(Clone, Copy)]
pub(crate) enum KeyStep<'t> {
    Key(&'t str),
    Item(usize),
}

/// Paths from the root of a tree.
#[derive(Default)]
pub(crate) struct KeyPaths<'t> {
    /// Each with the path that it goes on from.
    steps: Vec<(KeyPath, KeyStep<'t>)>,
}

/// One of the paths; the default one is that to the root.
#[derive(Clone, Copy, Default)]
pub(crate) struct KeyPath(usize);

impl<'t> KeyPaths<'t> {
    /// A path that goes one step further.
    pub fn on(&mut self, path: KeyPath, step: KeyStep<'t>) -> KeyPath {
        self.steps.push((path, step));
        KeyPath(self.steps.len())
    }

    /// The keys along a path.
    pub fn keys(&self, path: KeyPath) -> Vec<String> {
        let mut keys = Vec::new();
        let mut at = path;
        while let Some((above, step)) = at.0.checked_sub(1).and_then(|at| self.steps.get(at)) {
            keys.push(match step {
                KeyStep::Key(key) => (*key).to_owned(),
                KeyStep::Item(place) => place.to_string(),
            });
            at = *above;
        }
        keys.reverse();
        keys
    }
}
