//! What becomes of the statements of documents where others take them over: of two with the same `sid`, one stays.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use leastwise_syntax::{NodeId, Tree};

use super::body::{argument, nested};
use super::documents::Taken;
use super::finder::Finder;

/// How many documents deep merged ones are followed.
const MAX_MERGED: usize = 64;

type Sids = HashSet<Rc<str>>;

/// Documents and what becomes of their statements where they are merged. Each is asked once, however many take its
/// statements, and whichever way they get there.
pub(super) struct Merging<'m> {
    taken: &'m HashMap<&'m str, Taken>,
    takers: HashMap<&'m str, Vec<&'m str>>,
    /// Those that something uses by themselves.
    direct: HashSet<String>,
    /// The `sid`s that stand in each.
    own: HashMap<&'m str, Sids>,
    /// Those that each has in the end, as far as they have been asked for.
    all: RefCell<HashMap<String, Rc<Sids>>>,
    /// Those of each that others take the place of.
    replaced: RefCell<HashMap<String, Rc<Sids>>>,
    /// How many documents have been gone through for answers.
    #[cfg(test)]
    work: std::cell::Cell<usize>,
}

impl<'m> Merging<'m> {
    /// The documents of a module; `direct` are those that something uses by themselves.
    pub fn new(
        finder: &Finder<'m>,
        taken: &'m HashMap<&'m str, Taken>,
        direct: HashSet<String>,
    ) -> Merging<'m> {
        let own = taken.keys().filter_map(|address| {
            let block = finder.module.block(address)?;
            Some((
                *address,
                sids_of(finder.tree(block.body.file), block.body.node),
            ))
        });
        Merging::of(taken, direct, own.collect())
    }

    fn of(
        taken: &'m HashMap<&'m str, Taken>,
        direct: HashSet<String>,
        own: HashMap<&'m str, Sids>,
    ) -> Merging<'m> {
        let mut takers: HashMap<&str, Vec<&str>> = HashMap::new();
        for (taker, own) in taken {
            for source in own.sources.iter().chain(&own.overrides) {
                takers.entry(source).or_default().push(taker);
            }
        }
        Merging {
            taken,
            takers,
            direct,
            own,
            all: RefCell::default(),
            replaced: RefCell::default(),
            #[cfg(test)]
            work: std::cell::Cell::new(0),
        }
    }

    /// The `sid`s of the statements of a document that those of another take the place of: a document's own are taken
    /// before those of its sources, and those of its overrides before its own.
    pub fn overridden(&self, address: &str) -> Vec<String> {
        let mut sids = Sids::new();
        if let Some(own) = self.taken.get(address) {
            self.overriding(own, &own.overrides, 0, &mut sids);
        }
        sids.extend(self.replaced(address, 0).iter().cloned());
        let mut sids: Vec<String> = sids.iter().map(|sid| sid.to_string()).collect();
        sids.sort_unstable();
        sids
    }

    /// The `sid`s that all documents which take a document's statements, and what takes theirs, put others for.
    fn replaced(&self, address: &str, depth: usize) -> Rc<Sids> {
        // What another document takes the place of counts only where nothing uses this one by itself.
        if self.direct.contains(address) || depth > MAX_MERGED {
            return Rc::default();
        }
        if let Some(known) = self.replaced.borrow().get(address) {
            return Rc::clone(known);
        }
        // One that takes its own statements by others has nothing more of them.
        let started = Rc::<Sids>::default();
        self.replaced
            .borrow_mut()
            .insert(address.to_owned(), Rc::clone(&started));
        let takers = self.takers.get(address).map_or(&[][..], Vec::as_slice);
        let by = takers.iter().map(|taker| {
            self.step();
            let mut sids = self.replaced_by(address, taker);
            sids.extend(self.replaced(taker, depth + 1).iter().cloned());
            sids
        });
        let found = by.reduce(|mut one, other| {
            one.retain(|sid| other.contains(sid));
            one
        });
        let found = Rc::new(found.unwrap_or_default());
        self.replaced
            .borrow_mut()
            .insert(address.to_owned(), Rc::clone(&found));
        found
    }

    /// The `sid`s that one document puts others for in another that it takes statements from.
    fn replaced_by(&self, address: &str, taker: &str) -> Sids {
        let mut sids = Sids::new();
        let Some(other) = self.taken.get(taker) else {
            return sids;
        };
        // Of the overrides, the later ones.
        let own = other.overrides.iter().position(|own| own == address);
        let behind = own.map_or(0, |own| own + 1);
        for later in other.overrides.get(behind..).unwrap_or_default() {
            sids.extend(self.all(later, 0).iter().cloned());
        }
        if own.is_none() {
            sids.extend(self.own(taker).cloned());
            sids.extend(other.written.iter().map(|sid| Rc::from(sid.as_str())));
        }
        if other.older.iter().any(|older| older == address) {
            let newer = other.sources.iter();
            for source in newer.filter(|source| !other.older.contains(source)) {
                sids.extend(self.all(source, 0).iter().cloned());
            }
        }
        sids
    }

    /// The `sid`s of overriding documents, with those that a document overrides with itself.
    fn overriding(&self, of: &Taken, overrides: &[String], depth: usize, sids: &mut Sids) {
        for other in overrides {
            sids.extend(self.all(other, depth).iter().cloned());
        }
        sids.extend(of.written.iter().map(|sid| Rc::from(sid.as_str())));
    }

    /// The `sid`s of all statements that a document has in the end.
    fn all(&self, address: &str, depth: usize) -> Rc<Sids> {
        if let Some(known) = self.all.borrow().get(address) {
            return Rc::clone(known);
        }
        let mut sids: Sids = self.own(address).cloned().collect();
        let started = Rc::new(sids.clone());
        self.all.borrow_mut().insert(address.to_owned(), started);
        if let Some(own) = self.taken.get(address)
            && depth < MAX_MERGED
        {
            for source in &own.sources {
                self.step();
                sids.extend(self.all(source, depth + 1).iter().cloned());
            }
            self.step();
            self.overriding(own, &own.overrides, depth + 1, &mut sids);
        }
        let found = Rc::new(sids);
        self.all
            .borrow_mut()
            .insert(address.to_owned(), Rc::clone(&found));
        found
    }

    /// Those that stand in a document itself.
    fn own(&self, address: &str) -> impl Iterator<Item = &Rc<str>> {
        self.own.get(address).into_iter().flatten()
    }

    fn step(&self) {
        #[cfg(test)]
        self.work.set(self.work.get() + 1);
    }
}

fn sids_of(tree: &Tree, body: NodeId) -> Sids {
    nested(tree, body, "statement")
        .into_iter()
        .filter_map(|statement| tree.text(argument(tree, statement, "sid")?))
        .filter(|sid| !sid.is_empty())
        .map(Rc::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers of documents, each of which overrides with all of the next layer.
    fn work(layers: usize, width: usize) -> usize {
        let name = |layer: usize, at: usize| format!("d{layer}x{at}");
        let names: Vec<(usize, String)> = (0..layers)
            .flat_map(|layer| (0..width).map(move |at| (layer, name(layer, at))))
            .collect();
        let of = |layer: usize| Taken {
            overrides: match layer + 1 < layers {
                true => (0..width).map(|at| name(layer + 1, at)).collect(),
                false => Vec::new(),
            },
            ..Taken::default()
        };
        let taken: HashMap<&str, Taken> = names
            .iter()
            .map(|(layer, name)| (name.as_str(), of(*layer)))
            .collect();
        let own: HashMap<&str, Sids> = names
            .iter()
            .map(|(_, name)| (name.as_str(), Sids::from([Rc::from(name.as_str())])))
            .collect();
        let merging = Merging::of(&taken, HashSet::new(), own);
        for (layer, name) in &names {
            let below = (layers - layer - 1) * width;
            assert!(merging.overridden(name).len() >= below, "{name}");
        }
        merging.work.get()
    }

    #[test]
    fn costs_what_there_is_to_take() {
        let (small, large) = (work(6, 6), work(60, 6));
        assert!(large <= 12 * small, "{small}, {large}");
    }

    #[test]
    fn documents_that_take_from_themselves_end() {
        let of = |other: &str| Taken {
            overrides: vec![other.to_owned()],
            ..Taken::default()
        };
        let taken = HashMap::from([("a", of("b")), ("b", of("a")), ("c", of("c"))]);
        let sids = |name: &str| Sids::from([Rc::from(name)]);
        let own = HashMap::from([("a", sids("a")), ("b", sids("b")), ("c", sids("c"))]);
        let merging = Merging::of(&taken, HashSet::new(), own);
        assert!(merging.overridden("a").contains(&"b".to_owned()));
        assert_eq!(merging.overridden("c"), ["c"]);
    }
}
