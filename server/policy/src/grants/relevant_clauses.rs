//! The clauses that an answer about some resources has to look at.

use super::{Clause, Selection, Witness};
use crate::limits::{COMPARED, KEPT_RESOURCES};
use crate::{Pattern, Tri};
use foldhash::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// So few are looked at one by one.
const FEW: usize = 16;
/// The clauses that are about one action, or may be.
#[derive(Debug, Default)]
pub(super) struct Taking {
    /// Where each stands among all clauses, and whether it surely is about the action.
    all: Vec<(usize, Tri)>,
    begins: OnceLock<Begins>,
    /// What was found for the resources that were asked about: many statements are about the same ones.
    reached: Mutex<HashMap<Witness, Arc<Reaching>>>,
    /// How many clauses have been looked at for answers.
    work: AtomicUsize,
}

/// The clauses that are about one action on one resource.
#[derive(Debug, Default)]
pub(super) struct Reaching {
    /// Where each stands among all clauses, and whether it surely is about both.
    pub(super) some: Vec<(usize, Tri)>,
    /// Whether there may be more: they were too many to compare.
    pub(super) more: bool,
}

/// Clauses by what their resources begin with; places are those in [`Taking::all`].
#[derive(Debug, Default)]
struct Begins {
    by: BTreeMap<String, Vec<usize>>,
    /// How long these beginnings are.
    lengths: BTreeSet<usize>,
    /// Those that may be about any resource.
    others: Vec<usize>,
}

impl Taking {
    pub(super) fn of(all: Vec<(usize, Tri)>) -> Taking {
        Taking {
            all,
            ..Taking::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Those of them that are to be kept.
    pub(super) fn only(&self, clauses: &[Clause], keep: &impl Fn(&Clause) -> bool) -> Taking {
        let kept = |at: &usize| clauses.get(*at).is_some_and(keep);
        Taking::of(
            self.all
                .iter()
                .filter(|(at, _)| kept(at))
                .copied()
                .collect(),
        )
    }

    /// Those that may be about a resource that begins so, in their order; surely no other is.
    pub(super) fn near<'t, 'c: 't>(
        &'t self,
        clauses: &'c [Clause],
        begin: &str,
    ) -> Box<dyn Iterator<Item = (&'c Clause, Tri)> + 't> {
        let clause = move |(at, taken): (usize, Tri)| Some((clauses.get(at)?, taken));
        Box::new(self.beginning(clauses, begin).filter_map(clause))
    }

    /// [`Taking::near`] by where they stand.
    fn beginning<'t>(
        &'t self,
        clauses: &[Clause],
        begin: &str,
    ) -> Box<dyn Iterator<Item = (usize, Tri)> + 't> {
        if begin.is_empty() || self.all.len() <= FEW {
            return Box::new(self.all.iter().copied());
        }
        let begins = self.begins.get_or_init(|| Begins::of(&self.all, clauses));
        let near = begins.near(begin).into_iter();
        Box::new(near.filter_map(move |place| self.all.get(place).copied()))
    }

    /// Those that are about a resource, or may be.
    pub(super) fn reaching(&self, clauses: &[Clause], place: &Witness) -> Arc<Reaching> {
        let reached = || self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let keeps = self.all.len() > FEW;
        let known = keeps.then(|| reached().get(place).cloned()).flatten();
        let found = known.unwrap_or_else(|| {
            let found = Arc::new(self.compared(clauses, place));
            let mut reached = reached();
            if keeps && reached.len() < KEPT_RESOURCES {
                reached.insert(place.clone(), Arc::clone(&found));
            }
            found
        });
        self.work.fetch_add(found.some.len(), Ordering::Relaxed);
        found
    }

    fn compared(&self, clauses: &[Clause], place: &Witness) -> Reaching {
        let mut found = Reaching::default();
        let mut near = self.beginning(clauses, place.beginning());
        for (at, taken) in near.by_ref().take(COMPARED) {
            self.work.fetch_add(1, Ordering::Relaxed);
            let reaches = clauses.get(at).map(|clause| clause.reaches(place));
            let whether = taken.and(reaches.unwrap_or(Tri::No));
            if whether.possible() {
                found.some.push((at, whether));
            }
        }
        found.more = near.next().is_some();
        found
    }

    /// Takes down that a clause has been looked at.
    pub(super) fn looked(&self) {
        self.work.fetch_add(1, Ordering::Relaxed);
    }

    /// How many clauses have been looked at for answers.
    pub(super) fn work(&self) -> usize {
        self.work.load(Ordering::Relaxed)
    }
}

impl Begins {
    fn of(all: &[(usize, Tri)], clauses: &[Clause]) -> Begins {
        let mut begins = Begins::default();
        for (place, (at, _)) in all.iter().enumerate() {
            let Some(own) = clauses.get(*at).and_then(beginnings) else {
                begins.others.push(place);
                continue;
            };
            for begin in own {
                begins.lengths.insert(begin.len());
                let places = begins.by.entry(begin.to_owned()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        begins
    }

    /// Two patterns have nothing in common unless what one begins with begins the other.
    fn near(&self, begin: &str) -> Vec<usize> {
        let mut near = self.others.clone();
        for length in self.lengths.range(..begin.len()) {
            let shorter = begin.get(..*length).and_then(|part| self.by.get(part));
            near.extend(shorter.into_iter().flatten());
        }
        let from = (Bound::Included(begin), Bound::Unbounded);
        let longer = self.by.range::<str, _>(from);
        for (_, places) in longer.take_while(|(own, _)| own.starts_with(begin)) {
            near.extend(places);
        }
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// What the resources of a clause begin with; `None` where any may be among them.
fn beginnings(clause: &Clause) -> Option<Vec<&str>> {
    let Selection::Only(entries) = &clause.resources else {
        return None;
    };
    if entries.open || entries.items.iter().any(|entry| entry.forms.is_empty()) {
        return None;
    }
    Some(entries.forms().map(Pattern::beginning).collect())
}
