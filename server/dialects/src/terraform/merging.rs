//! What becomes of the statements of documents where others take them over: of two with the same `sid`, one stays.

use super::module::sources::Sources;
use crate::work;
use foldhash::HashSet;

/// Documents, and what becomes of their statements where they are merged. Only a `sid` that stands in several documents is
/// followed, and each once.
pub(super) struct Merging<'s> {
    sources: &'s Sources,
    /// Whether something uses a document by itself.
    is_direct: &'s dyn Fn(&str) -> bool,
}

impl<'s> Merging<'s> {
    pub fn new(sources: &'s Sources, is_direct: &'s dyn Fn(&str) -> bool) -> Merging<'s> {
        Merging { sources, is_direct }
    }

    /// Of the `sid`s of a document's statements those that another document's take the place of: a document's own are taken
    /// before those of its sources, and those of its overrides before its own.
    pub fn overridden(&self, address: &str, sids: &HashSet<String>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for sid in sids {
            let mut others = self.sources.with_sid(sid).iter();
            let is_elsewhere = others.any(|other| other != address);
            if self.is_written(address, sid) || is_elsewhere && self.is_replaced(address, sid) {
                found.push(sid.clone());
            }
        }
        found.sort_unstable();
        found
    }

    /// Whether a document overrides with a statement that is written out.
    fn is_written(&self, address: &str, sid: &str) -> bool {
        let document = self.sources.document(address);
        document.is_some_and(|document| document.written.contains(sid))
    }

    fn is_replaced(&self, address: &str, sid: &str) -> bool {
        let having = self.sources.having(sid);
        let document = self.sources.document(address);
        let mut overrides = document.into_iter().flat_map(|it| &it.overrides);
        if overrides.any(|other| having.contains(other)) {
            return true;
        }
        // Whether there is a way on which it stays, to something that is used by itself or that nothing takes.
        let mut seen: HashSet<&str> = HashSet::from_iter([address]);
        let mut work: Vec<&str> = vec![address];
        while let Some(at) = work.pop() {
            work::did(1);
            let takers = self.sources.takers(at);
            if takers.is_empty() || (self.is_direct)(at) {
                return false;
            }
            let stays = |taker: &&String| !self.is_replaced_by(at, taker, sid, &having);
            for taker in takers.iter().filter(stays) {
                if seen.insert(taker) {
                    work.push(taker);
                }
            }
        }
        true
    }

    /// Whether a document puts another statement for one that it takes from another.
    fn is_replaced_by(
        &self,
        address: &str,
        taker: &str,
        sid: &str,
        having: &HashSet<String>,
    ) -> bool {
        let Some(other) = self.sources.document(taker) else {
            return false;
        };
        // Of the overrides, the later ones.
        let own = other.overrides.iter().position(|own| own == address);
        let behind = own.map_or(0, |own| own + 1);
        let mut later = other.overrides.iter().skip(behind);
        if later.any(|later| having.contains(later)) {
            return true;
        }
        if own.is_none() && (other.own.contains(sid) || other.written.contains(sid)) {
            return true;
        }
        other.older.iter().any(|older| older == address)
            && other
                .sources
                .iter()
                .any(|source| having.contains(source) && !other.older.contains(source))
    }
}

#[cfg(test)]
mod tests {
    use super::super::module::sources::Taken;
    use super::*;

    fn overriding(own: &str, overrides: Vec<String>) -> Taken {
        Taken {
            overrides,
            own: HashSet::from_iter([own.to_owned()]),
            ..Taken::default()
        }
    }

    /// Layers of documents, each of which overrides with all of the next layer.
    fn work(layers: usize, width: usize) -> usize {
        let name = |layer: usize, at: usize| format!("d{layer}x{at}");
        let documents = (0..layers).flat_map(|layer| {
            (0..width).map(move |at| {
                let below = match layer + 1 < layers {
                    true => (0..width).map(|at| name(layer + 1, at)).collect(),
                    false => Vec::new(),
                };
                (name(layer, at), overriding("S", below))
            })
        });
        let sources = Sources::among(documents.collect());
        let merging = Merging::new(&sources, &|_| false);
        work::of(|| {
            for layer in 0..layers {
                for at in 0..width {
                    let sids = HashSet::from_iter(["S".to_owned()]);
                    let is_last = layer + 1 == layers;
                    let found = merging.overridden(&name(layer, at), &sids);
                    // The last one stays.
                    let stays = is_last && at + 1 == width;
                    assert_eq!(found.is_empty(), stays, "{layer} {at}");
                }
            }
        })
    }

    #[test]
    fn costs_what_there_is_to_take() {
        let (small, large) = (work(6, 6), work(60, 6));
        assert!(large <= 12 * small, "{small}, {large}");
    }

    #[test]
    fn documents_that_take_from_themselves_end() {
        let of = |name: &str, other: &str| {
            let taken = overriding("S", vec![other.to_owned()]);
            (name.to_owned(), taken)
        };
        let sources = Sources::among(vec![of("a", "b"), of("b", "a"), of("c", "c")]);
        let merging = Merging::new(&sources, &|_| false);
        let sids = HashSet::from_iter(["S".to_owned()]);
        assert_eq!(merging.overridden("a", &sids), ["S"]);
        assert_eq!(merging.overridden("c", &sids), ["S"]);
    }

    #[test]
    fn what_stands_in_one_document_only_is_not_followed() {
        let chain = (0..1000).map(|at| {
            let below = vec![format!("d{}", at + 1)];
            (format!("d{at}"), overriding(&format!("S{at}"), below))
        });
        let sources = Sources::among(chain.collect());
        let merging = Merging::new(&sources, &|_| false);
        let cost = work::of(|| {
            let sids = HashSet::from_iter(["S999".to_owned()]);
            assert!(merging.overridden("d999", &sids).is_empty());
        });
        assert_eq!(cost, 0);
    }

    #[test]
    fn however_long_a_chain_is() {
        // The first overrides what the last of them has.
        let own = |at: usize| match at {
            0 | 20_000 => "Same".to_owned(),
            at => format!("S{at}"),
        };
        let chain = (0..=20_000).map(|at| {
            let taken = Taken {
                sources: vec![format!("d{}", at + 1)],
                own: HashSet::from_iter([own(at)]),
                ..Taken::default()
            };
            (format!("d{at}"), taken)
        });
        let sources = Sources::among(chain.collect());
        let sids = HashSet::from_iter(["Same".to_owned()]);
        let merging = Merging::new(&sources, &|_| false);
        assert_eq!(merging.overridden("d20000", &sids), ["Same"]);
        let merging = Merging::new(&sources, &|address| address == "d1");
        assert!(merging.overridden("d20000", &sids).is_empty());
    }
}
