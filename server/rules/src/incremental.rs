//! Findings that outlast an edit.
//!
//! What the rules say of a unit is kept with a record of what they have read for it: the regions of the file (the documents of
//! its policies), and what they have asked about its text as a whole. [`leastwise_syntax::trace`] takes that down, whichever way
//! they come to it. It holds as long as all of it is as it was, and [`Surroundings`] are: what stands around the regions, and
//! what the policies were found by.

mod place;
mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use leastwise_syntax::trace::{Seen, TextQuestion, is_forgotten};
use leastwise_syntax::{Fingerprint, Span, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::Regions;

use crate::engine::{finish, run};
use crate::rule::FilePart;
use crate::units::units;
use crate::{Context, Finding, Unit};
use place::Place;
use surroundings::Surroundings;

/// What was found in a file before its last edits.
#[derive(Default)]
pub struct Incremental {
    latest: Generation,
    /// The one before: a file that is being typed is whole and broken by turns.
    before: Generation,
    /// How many units were looked at last time.
    looked_at: usize,
}

/// What was found while the surroundings were the same.
#[derive(Default)]
struct Generation {
    surroundings: Surroundings,
    units: Vec<Known>,
    /// Whether those are all.
    is_whole: bool,
    /// Whether an owner has more policies in other files than are looked at.
    has_too_many_policies: bool,
}

/// What was found in a unit, and what for.
struct Known {
    unit: Unit,
    /// The regions that were read, by their numbers, each with a fingerprint of its text.
    regions: Vec<(usize, u64)>,
    questions: Vec<(TextQuestion, bool)>,
    /// What was taken as worked out, with fingerprints.
    facts: Vec<(&'static str, u64)>,
    /// A fingerprint of the whole text, where any of it may have been read.
    whole: Option<u64>,
    findings: Vec<PlacedFinding>,
}

/// A finding before ignores, without its fixes.
struct PlacedFinding {
    finding: Finding,
    at: Place,
    related: Vec<Place>,
    /// What its reason holds for: [`crate::CommonCause::within`].
    within: Option<Place>,
}

impl Incremental {
    /// The findings of [`crate::check`], without fixes. The analysis may be of another text than last time but must be
    /// of the same file under the same config.
    pub fn check(&mut self, context: &Context<'_>) -> Vec<Finding> {
        let found = self.check_with(&context.unless(None), None);
        found.unwrap_or_default()
    }

    /// As [`Incremental::check`]; `None` where it has ended early since somebody waits for something else. What was found up to then
    /// is known the next time.
    pub fn check_unless(&mut self, context: &Context<'_>) -> Option<Vec<Finding>> {
        self.check_with(context, None)
    }

    /// As [`Incremental::check`], where those that `range` (bytes) meets come with their fixes: the policies that they are of are
    /// looked at once more, wherever in the file that may be.
    pub fn check_at(&mut self, context: &Context<'_>, range: Span) -> Vec<Finding> {
        let found = self.check_with(&context.unless(None), Some(range));
        found.unwrap_or_default()
    }

    fn check_with(&mut self, hasty: &Context<'_>, range: Option<Span>) -> Option<Vec<Finding>> {
        let context = &hasty.unless(None);
        let mut findings = run(context, &[FilePart::File], |_| true);
        // What is found in a pipeline is of no unit, and the ways in which a module is called are analyses of their own, made
        // anew with this one.
        let is_called = !context.analysis.calls(context.tree).ways.is_empty();
        if is_called || context.analysis.pipeline.is_some() {
            *self = Incremental {
                looked_at: units(context).len(),
                ..Incremental::default()
            };
            findings.extend(run(context, &[FilePart::Policies], |_| true));
            return Some(finish(context, findings, &|_: &crate::Rule| true));
        }
        let mut now = Now::of(context);
        self.enter(Surroundings::of(context));
        let known = std::mem::take(&mut self.latest.units);
        // Which policies go together hangs on the surroundings alone.
        let units = if !self.latest.is_whole {
            let units = units(context);
            self.latest.has_too_many_policies = context.analysis.lacks_policies();
            units
        } else {
            if self.latest.has_too_many_policies {
                context.analysis.has_too_many_policies();
            }
            known.iter().map(|known| known.unit.clone()).collect()
        };
        let mut known = known.into_iter();
        let count = units.len();
        let mut is_given_up = false;
        self.looked_at = 0;
        for unit in units {
            let mut known = known.next().filter(|known| known.unit == unit);
            let mut holds = known.as_ref().is_some_and(|known| now.holds(known));
            if !holds && !hasty.is_given_up() {
                self.looked_at += 1;
                let find = || run(&hasty.within(&unit), &[FilePart::Policies], |_| true);
                let found = context.tree.watched(Arc::clone(now.regions.spans()), find);
                // Else it may be told of a part of the unit only.
                holds = !hasty.is_given_up();
                if holds {
                    known = Some(Known::of(context, unit, found, &mut now));
                }
            }
            is_given_up |= !holds;
            match known {
                Some(known) => self.latest.units.push(known),
                None => break,
            }
        }
        self.latest.is_whole = self.latest.units.len() == count;
        if is_given_up {
            return None;
        }
        let spans = now.regions.spans();
        let at_hand = range.map(|range| self.latest.at_hand(spans, range));
        for (index, known) in self.latest.units.iter().enumerate() {
            if at_hand.as_ref().is_some_and(|units| units.contains(&index)) {
                let unit = context.within(&known.unit);
                findings.extend(run(&unit, &[FilePart::Policies], |_| true));
            } else {
                findings.extend(known.findings.iter().map(|found| found.at(spans)));
            }
        }
        Some(finish(context, findings, &|_: &crate::Rule| true))
    }

    /// Goes on with what was found in the same surroundings, if that is known.
    fn enter(&mut self, surroundings: Surroundings) {
        if surroundings != self.latest.surroundings {
            std::mem::swap(&mut self.latest, &mut self.before);
        }
        if surroundings != self.latest.surroundings {
            self.latest = Generation {
                surroundings,
                ..Generation::default()
            };
        }
    }

    /// Of how many units the rules looked at the policies in the last check.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }
}

impl Generation {
    /// The units of which something is found in a range, and those of what is told as one with it.
    fn at_hand(&self, regions: &[Span], range: Span) -> BTreeSet<usize> {
        let units = self.units.iter().enumerate();
        let all = units.flat_map(|(index, known)| {
            let findings = known.findings.iter();
            findings.map(move |found| {
                let within = found.within.as_ref().map(|within| within.span(regions));
                (index, found.at.span(regions), within)
            })
        });
        let all: Vec<(usize, Span, Option<Span>)> = all.collect();
        let meets = |span: &Span| span.start <= range.end && range.start <= span.end;
        let here = all.iter().filter(|(_, span, _)| meets(span));
        let reasons: HashSet<Span> = here.filter_map(|(_, _, within)| *within).collect();
        let is_here = |(_, span, within): &&(usize, Span, Option<Span>)| {
            meets(span) || within.is_some_and(|within| reasons.contains(&within))
        };
        all.iter()
            .filter(is_here)
            .map(|(index, _, _)| *index)
            .collect()
    }
}

/// The file as it is now.
struct Now<'a> {
    tree: &'a Tree,
    analysis: &'a Analysis,
    regions: &'a Regions,
    /// Fingerprints of the texts of the regions.
    texts: Vec<u64>,
    whole: Option<u64>,
    answers: HashMap<TextQuestion, bool>,
}

impl<'a> Now<'a> {
    fn of(context: &Context<'a>) -> Now<'a> {
        let tree = context.tree;
        let regions = context.analysis.regions(tree);
        let spans = regions.spans().iter();
        Now {
            tree,
            analysis: context.analysis,
            regions,
            texts: spans
                .map(|span| Fingerprint::of(tree.part(*span)))
                .collect(),
            whole: None,
            answers: HashMap::new(),
        }
    }

    fn whole(&mut self) -> u64 {
        let source = self.tree.source();
        *self.whole.get_or_insert_with(|| Fingerprint::of(source))
    }

    /// Whether all that was read for what was found is as it was.
    fn holds(&mut self, known: &Known) -> bool {
        let mut regions = known.regions.iter();
        let mut questions = known.questions.iter();
        let mut facts = known.facts.iter();
        regions.all(|(number, text)| self.texts.get(*number) == Some(text))
            && known.whole.is_none_or(|text| text == self.whole())
            && questions.all(|(question, answer)| self.answer(question) == *answer)
            && facts.all(|(name, mark)| self.analysis.mark_of(self.tree, name) == Some(*mark))
    }

    fn answer(&mut self, question: &TextQuestion) -> bool {
        if let Some(answer) = self.answers.get(question) {
            return *answer;
        }
        let answer = self.tree.ask(question);
        self.answers.insert(question.clone(), answer);
        answer
    }
}

impl Known {
    /// What was found in a unit, with what was read meanwhile.
    fn of(
        context: &Context<'_>,
        unit: Unit,
        (found, seen): (Vec<Finding>, Seen),
        now: &mut Now<'_>,
    ) -> Known {
        let spans = now.regions.spans();
        let mut read = seen.regions().clone();
        if is_forgotten("regions") {
            let sites = unit.sites.iter();
            let own = sites.filter_map(|at| context.analysis.sites.get(*at));
            let own = own.filter_map(|site| now.regions.number(site.span(context.tree).start));
            let own: BTreeSet<usize> = own.collect();
            read.retain(|number| own.contains(number));
        }
        let found = found.into_iter();
        let findings: Vec<PlacedFinding> = found
            .map(|finding| PlacedFinding::of(finding, spans))
            .collect();
        // A place in a region is counted from where that begins.
        let places = findings.iter().flat_map(PlacedFinding::places);
        read.extend(places.flat_map(Place::regions));
        let regions = read.into_iter();
        let regions = regions.filter_map(|number| Some((number, *now.texts.get(number)?)));
        let regions = regions.collect();
        let whole = seen.is_whole() && !is_forgotten("whole");
        Known {
            unit,
            regions,
            questions: unless_forgotten("questions", seen.questions()),
            facts: unless_forgotten("facts", seen.facts()),
            whole: whole.then(|| now.whole()),
            findings,
        }
    }
}

fn unless_forgotten<T: Clone>(what: &str, read: &[T]) -> Vec<T> {
    match is_forgotten(what) {
        true => Vec::new(),
        false => read.to_vec(),
    }
}

impl PlacedFinding {
    fn of(mut finding: Finding, regions: &[Span]) -> PlacedFinding {
        finding.forget_fixes();
        let place = |span: Span| Place::of(regions, span);
        let same = finding.same.as_ref();
        PlacedFinding {
            at: place(finding.span),
            related: finding.related.iter().map(|at| place(at.span)).collect(),
            within: same.map(|same| place(same.within)),
            finding,
        }
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        let related = self.related.iter().chain(&self.within);
        std::iter::once(&self.at).chain(related)
    }

    /// The finding where it stands now.
    fn at(&self, regions: &[Span]) -> Finding {
        let mut finding = self.finding.without_fixes();
        finding.span = self.at.span(regions);
        for (related, at) in finding.related.iter_mut().zip(&self.related) {
            related.span = at.span(regions);
        }
        if let (Some(same), Some(at)) = (&mut finding.same, &self.within) {
            same.within = at.span(regions);
        }
        finding
    }
}
