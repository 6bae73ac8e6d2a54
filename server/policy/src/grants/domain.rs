//! What requests may send under a key, as far as tests tell it apart.

use super::conditions::{KeyTest, Sent};
use super::keys::is_known;
use super::values;
use crate::condition::Family;
use crate::limits::SAMPLES;
use crate::{Common, FoundText, Pattern, Texts, Tri};
use std::collections::HashSet;

/// What is worth trying under a key.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    pub(super) sent: Vec<Sent>,
    /// Whether nothing else makes a difference: a test that holds of all of these holds of everything.
    pub(super) is_whole: bool,
}

/// What single tests of one key tell apart, which is enough to find out that something is possible. Nothing is under a key
/// that nobody knows.
pub(super) fn of_single(key: &str, tests: &[&KeyTest]) -> Domain {
    let mut sent = vec![Sent::Absent];
    if is_known(key) {
        for test in tests {
            test.worth_trying(&mut sent);
        }
    }
    Domain {
        sent: distinct(sent),
        is_whole: false,
    }
}

/// What all tests of one key together tell apart.
pub(super) fn of_all(key: &str, tests: &[&KeyTest]) -> Domain {
    let mut domain = Domain {
        sent: vec![Sent::Absent],
        is_whole: true,
    };
    if !is_known(key) {
        return domain;
    }
    let families: HashSet<Family> = tests.iter().filter_map(|test| test.family()).collect();
    let is_text = |family: &Family| matches!(family, Family::String | Family::Arn);
    let kinds = families
        .iter()
        .filter(|family| **family != Family::Null)
        .count();
    domain.is_whole &= kinds <= 1 || families.iter().all(|it| is_text(it) || *it == Family::Null);
    domain.is_whole &= tests.iter().all(|test| test.is_sure());
    match measured(&families, tests) {
        Some(samples) => domain
            .sent
            .extend(samples.iter().map(|text| Sent::value(text))),
        None => {
            domain.is_whole &= families
                .iter()
                .all(|it| is_text(it) || matches!(it, Family::Null | Family::Bool));
            for test in tests {
                test.worth_trying(&mut domain.sent);
            }
        }
    }
    if families.iter().any(is_text) {
        let written = Written::of(tests);
        domain.is_whole &= written.add_samples(&mut domain.sent);
        if tests.iter().any(|test| test.is_folding()) {
            domain.is_whole &= written.add_in_capitals(&mut domain.sent);
        }
        domain.is_whole &= written.add_sets(tests, &mut domain.sent);
    } else {
        let is_quantified = |test: &&KeyTest| test.is_quantified();
        domain.is_whole &= !tests.iter().any(is_quantified);
    }
    domain.sent = distinct(std::mem::take(&mut domain.sent));
    domain
}

/// Samples of numbers, dates and the like, where all tests are of one such kind.
fn measured(families: &HashSet<Family>, tests: &[&KeyTest]) -> Option<Vec<String>> {
    let mut kinds = families.iter().filter(|family| **family != Family::Null);
    let (family, None) = (kinds.next()?, kinds.next()) else {
        return None;
    };
    let of_family = tests.iter().filter(|test| test.family() == Some(*family));
    let samples = values::samples(*family, of_family.flat_map(|test| test.values.forms()))?;
    (samples.len() <= SAMPLES).then_some(samples)
}

fn distinct(found: Vec<Sent>) -> Vec<Sent> {
    let mut distinct: Vec<Sent> = Vec::new();
    // Texts are many where others are few.
    let mut texts: HashSet<Pattern> = HashSet::new();
    for sent in found {
        let new = match &sent {
            Sent::Text(text) => texts.insert(text.clone()),
            other => !distinct.contains(other),
        };
        if new {
            distinct.push(sent);
        }
    }
    distinct
}

/// The texts that tests of a key compare.
struct Written<'t> {
    all: Vec<&'t Pattern>,
    /// Those with wildcards.
    wild: Vec<&'t Pattern>,
}

impl<'t> Written<'t> {
    fn of(tests: &[&'t KeyTest]) -> Written<'t> {
        let compared = tests.iter().filter(|test| {
            let family = test.family();
            matches!(family, Some(Family::String | Family::Arn))
        });
        let mut all: Vec<&Pattern> = compared.flat_map(|test| test.values.forms()).collect();
        all.sort_unstable();
        all.dedup();
        let wild = all.iter().copied().filter(|it| it.has_wildcards());
        Written {
            wild: wild.collect(),
            all,
        }
    }

    /// A text that all of some match, and of the others only those that have to.
    fn sample(&self, of: &[&Pattern]) -> FoundText {
        let must = |other: &Pattern| of.iter().any(|own| other.covers(own));
        let without = self.all.iter().copied().filter(|other| !must(other));
        let common = Common {
            of: of.to_vec(),
            without: without.collect(),
            texts: Texts::Any,
        };
        common.find()
    }

    /// A text of which none of them says anything.
    fn other(&self) -> FoundText {
        self.sample(&[&Pattern::literal("?*")])
    }

    /// Samples of what is told apart where patterns overlap and where lengths count. Whether these are all.
    fn add_samples(&self, found: &mut Vec<Sent>) -> bool {
        if self.wild.len() > SAMPLES {
            return false;
        }
        let mut is_whole = true;
        let mut add = |sample: FoundText, found: &mut Vec<Sent>| match sample.example {
            Some(text) => found.push(Sent::value(&text)),
            None => is_whole &= sample.whether == Tri::No,
        };
        if self.wild.iter().any(|it| it.raw().contains('?')) {
            // How many characters a wildcard stands for counts: what stands for any text has to be one.
            found.retain(|sent| !matches!(sent, Sent::Text(text) if text.has_wildcards() && !text.has_holes()));
            for own in &self.wild {
                add(self.sample(&[own]), found);
            }
            add(self.other(), found);
        }
        let mut overlapping: Vec<&Pattern> = Vec::new();
        for (at, one) in self.wild.iter().enumerate() {
            for other in self.wild.iter().skip(at + 1) {
                let apart = one.overlaps(other) == Tri::No;
                if apart || one.covers(other) || other.covers(one) {
                    continue;
                }
                for own in [*one, *other] {
                    if !overlapping.contains(&own) {
                        overlapping.push(own);
                    }
                }
                add(self.sample(&[one, other]), found);
            }
        }
        is_whole && overlapping.len() <= 2
    }

    /// Each text in other letters than it is written in, where case doesn't count for some test. Whether that is all: not
    /// where such letters are written down, too.
    fn add_in_capitals(&self, found: &mut Vec<Sent>) -> bool {
        let mut is_whole = true;
        for text in self.all.iter().filter_map(|own| own.as_literal()) {
            let capitals = text.to_ascii_uppercase();
            let is_written = self
                .all
                .iter()
                .any(|own| own.as_literal().as_ref() == Some(&capitals));
            is_whole &= capitals == text || !is_written;
            found.push(Sent::value(&capitals));
        }
        is_whole
    }

    /// Sets of values, where quantifiers tell these from single ones: one value for each quantified test is enough to
    /// break it or to meet it. Whether they are all.
    fn add_sets(&self, tests: &[&KeyTest], found: &mut Vec<Sent>) -> bool {
        let mut quantified: Vec<&KeyTest> = Vec::new();
        for test in tests.iter().filter(|test| test.is_quantified()) {
            if !quantified.contains(test) {
                quantified.push(test);
            }
        }
        let is_plain =
            |test: &&&KeyTest| !test.is_quantified() && test.family() != Some(Family::Null);
        match quantified.len() {
            0 => return true,
            // With several values and no quantifier, AWS doesn't say.
            _ if tests.iter().any(|test| is_plain(&test)) => return false,
            1 => return true,
            2 | 3 => {}
            _ => return false,
        }
        let samples = self.all.iter().map(|own| match own.as_literal() {
            Some(text) => Some(text),
            None => self.sample(&[own]).example,
        });
        let samples = samples.chain([self.other().example]);
        let samples: Option<Vec<String>> = samples.collect();
        let Some(samples) = samples.filter(|samples| samples.len() <= SAMPLES) else {
            return false;
        };
        for (at, one) in samples.iter().enumerate() {
            for (next, other) in samples.iter().enumerate().skip(at + 1) {
                let two = vec![one.clone(), other.clone()];
                if quantified.len() > 2 {
                    let more = samples.iter().skip(next + 1);
                    let three =
                        more.map(|third| [two.as_slice(), std::slice::from_ref(third)].concat());
                    found.extend(three.map(Sent::Values));
                }
                found.push(Sent::Values(two));
            }
        }
        true
    }
}
