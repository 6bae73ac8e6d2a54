//! The clauses that an answer about some resources has to look at.

use super::{Clause, Selection};
use crate::{Pattern, Tri};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::OnceLock;

/// So few are looked at one by one.
const FEW: usize = 16;

/// The clauses that are about one action, or may be.
#[derive(Debug, Default)]
pub(super) struct Taking {
    /// Where each stands among all clauses, and whether it surely is about the action.
    all: Vec<(usize, Tri)>,
    begins: OnceLock<Begins>,
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
            begins: OnceLock::new(),
        }
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
        let clause = move |(at, taken): &(usize, Tri)| Some((clauses.get(*at)?, *taken));
        if begin.is_empty() || self.all.len() <= FEW {
            return Box::new(self.all.iter().filter_map(clause));
        }
        let begins = self.begins.get_or_init(|| Begins::of(&self.all, clauses));
        let near = begins.near(begin).into_iter();
        Box::new(
            near.filter_map(move |place| self.all.get(place))
                .filter_map(clause),
        )
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
