//! In what order the items of a list come: nothing else decides it.

mod likely;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use leastwise_catalog::{Action, Service, catalog};

use super::{CompletionRequest, variables};

/// The parts of a list, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part {
    /// What the list is about before all else.
    First,
    /// What it lists.
    Listed,
    /// What stands for several of those, and what is found by a name alone.
    Wide,
    /// What stands for everything.
    Last,
}

/// Where an item comes in its list: by its part, in that by its class, in that by its place, among equals by its label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Rank {
    part: Part,
    class: u8,
    place: u16,
}

impl From<u8> for Rank {
    fn from(class: u8) -> Rank {
        Rank {
            part: Part::Listed,
            class,
            place: 0,
        }
    }
}

impl Rank {
    /// A place within the class; those far behind share one.
    pub fn at(self, place: usize) -> Rank {
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        Rank { place, ..self }
    }

    fn within(self, part: Part) -> Rank {
        Rank { part, ..self }
    }

    /// What a client sorts an item by.
    pub fn sort_text(self, label: &str) -> String {
        // Without the colon `s3:` would come behind `s3-outposts:`, as `-` comes before `:`.
        let label = label.trim_end_matches(':').to_ascii_lowercase();
        let part = self.part as u8;
        format!("{part}{:02}{:05}{label}", self.class, self.place)
    }
}

/// Where a name comes in an expression: one that is what is wanted there before all others.
pub(super) fn name(is_wanted: bool, class: u8) -> Rank {
    Rank::from(u8::from(!is_wanted)).at(usize::from(class))
}

/// Where an action comes that a trust policy is about.
pub(super) fn assuming() -> Rank {
    Rank::from(0).within(Part::First)
}

/// Where what stands for everything comes.
pub(super) fn everything() -> Rank {
    Rank::from(0).within(Part::Last)
}

/// Where an action of the service that is typed comes.
pub(super) fn action(action: Action, fits: bool) -> Rank {
    Rank::from(match (action.deprecated(), fits) {
        (false, true) => 0,
        (false, false) => 1,
        (true, _) => 2,
    })
}

/// Where a wildcard comes that ends behind a verb, or behind nothing.
pub(super) fn wildcard(verb: &str) -> Rank {
    Rank::from(u8::from(verb.is_empty())).within(Part::Wide)
}

/// The services that are likely to be meant.
pub(super) struct LikelyServices<'a> {
    typed: &'a str,
    of_statement: HashSet<Service>,
    of_file: HashSet<Service>,
}

impl<'a> LikelyServices<'a> {
    pub fn of(asked: &CompletionRequest<'a>) -> LikelyServices<'a> {
        let words = asked.words();
        let of_statement = words.iter().filter_map(|word| {
            let (prefix, _) = word.split_once(':')?;
            catalog().service(prefix)
        });
        let mut of_file = services_in(asked.context.tree.source(), asked.own());
        of_file.extend(variables::services(asked));
        LikelyServices {
            typed: asked.typed,
            of_statement: of_statement.collect(),
            of_file,
        }
    }

    /// Where a service comes: the one whose very name is typed, those of the statement, of the file, those that most
    /// roles have, all others.
    pub fn rank(&self, service: Service) -> Rank {
        let prefix = service.prefix();
        let common = likely::place(&likely::SERVICES, prefix);
        let class = if prefix.eq_ignore_ascii_case(self.typed) {
            0
        } else if self.of_statement.contains(&service) {
            1
        } else if self.of_file.contains(&service) {
            2
        } else if common.is_some() {
            3
        } else {
            4
        };
        Rank::from(class).at(common.unwrap_or(likely::SERVICES.len()))
    }

    /// All services, the likely ones first.
    pub fn sorted(&self) -> Vec<Service> {
        let mut services: Vec<Service> = catalog().services().collect();
        services.sort_by_cached_key(|service| (self.rank(*service), service.prefix()));
        services
    }
}

/// Where an action comes that is offered by its name alone, its service being the one at `place` of the likely ones.
pub(super) fn bare(action: Action, place: usize) -> Rank {
    let class = u8::from(action.deprecated());
    Rank::from(class).at(place).within(Part::Wide)
}

/// The services whose actions or ARNs a text has, but for the word at `own`.
fn services_in(text: &str, own: std::ops::Range<usize>) -> HashSet<Service> {
    let bytes = text.as_bytes();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut services = HashSet::new();
    let colons = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b':')
        .map(|(at, _)| at);
    for colon in colons {
        let behind = bytes.get(colon + 1).copied().unwrap_or_default();
        if !(behind.is_ascii_alphanumeric() || matches!(behind, b'*' | b':' | b'$')) {
            continue;
        }
        let of_prefix =
            |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || **byte == b'-';
        let before = bytes.get(..colon).unwrap_or_default().iter().rev();
        let start = colon - before.take_while(of_prefix).count();
        let Some(word) = text.get(start..colon).filter(|word| !word.is_empty()) else {
            continue;
        };
        if !own.contains(&start) && seen.insert(word) {
            services.extend(catalog().service(word));
        }
    }
    services
}
