//! What is in one set and not in another.
//!
//! Actions that neither set tells apart are looked at together ([`kinds`]). For each of them, every clause that gives
//! something is laid against the other set: at first as a whole, and where that doesn't settle it in cells, which are
//! what some patterns match and others don't. A cell is split along a pattern until the answer hangs on conditions alone.

use super::question::{Budget, Formula, Part};
use super::{
    Clause, ClauseId, Conditions, Entries, Grants, ListedValue, Node, Question, Selection,
};
use crate::common::keeps_to_text;
use crate::fit::Prepared;
use crate::limits::{CELLS, COMPARED_TESTS};
use crate::resource::fits_prepared;
use crate::{ActionPattern, Common, Pattern, Texts, Tri};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use leastwise_catalog::{Action, catalog};

/// What is in one set and not in another, or may be, for some actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// The actions, in the order of their full names.
    pub actions: Vec<Action>,
    /// Whether there surely is something.
    pub whether: Tri,
    /// The clause that gives it; `None` where it comes from policies of which nothing is known.
    pub clause: Option<ClauseId>,
    /// The resources that it is among.
    pub resources: Pattern,
    /// One of them, where it could be told.
    pub example: Option<String>,
    /// Whether it depends only because finding out would have cost too much.
    pub spent: bool,
}

impl Grants {
    /// What is in it and not in another set, for the requests that a question is about.
    pub fn beyond(&self, other: &Grants, question: &Question) -> Vec<Beyond> {
        self.beyond_until(other, question, |_| false)
    }

    /// Whether all that is in it is in another set, too.
    pub fn is_within(&self, other: &Grants, question: &Question) -> Tri {
        let found = self.beyond_until(other, question, |one| one.whether == Tri::Yes);
        let more = found.iter().map(|one| one.whether).fold(Tri::No, Tri::or);
        more.opposite()
    }

    fn beyond_until(
        &self,
        other: &Grants,
        question: &Question,
        is_enough: impl Fn(&Beyond) -> bool,
    ) -> Vec<Beyond> {
        let mut left = Left {
            cells: CELLS,
            tests: COMPARED_TESTS,
        };
        let mut found = Vec::new();
        for kind in kinds(&self.0, &other.0) {
            let Some(first) = kind.actions.first().copied() else {
                continue;
            };
            let (own, others) = (
                Part::new(&self.0, Some(first)),
                Part::new(&other.0, Some(first)),
            );
            for giving in givings(&own) {
                for (place, item) in giving.places() {
                    let one = Comparison {
                        giving: &giving,
                        others: &others,
                        question: giving.where_it_is(question),
                        is_about_nothing: kind.is_about_nothing,
                    };
                    if one.is_given(place, item) {
                        continue;
                    }
                    let answer = one.look(place, &mut left);
                    let actions = match answer.whether {
                        Tri::No => Vec::new(),
                        _ => fitting(&kind.actions, place),
                    };
                    if actions.is_empty() {
                        continue;
                    }
                    found.push(Beyond {
                        actions,
                        whether: answer.whether,
                        clause: giving.clause.map(|clause| clause.id),
                        resources: place.clone(),
                        example: answer.example,
                        spent: answer.spent,
                    });
                    if found.last().is_some_and(&is_enough) {
                        return found;
                    }
                }
            }
        }
        found
    }
}

/// Those of some actions that take resources which a pattern matches, if only one that stands for all.
fn fitting(actions: &[Action], place: &Pattern) -> Vec<Action> {
    if place.is_star() {
        return actions.to_vec();
    }
    let prepared = Prepared::new(place);
    let fits = |action: &&Action| fits_prepared(**action, place, &prepared).possible();
    actions.iter().filter(fits).copied().collect()
}

/// Actions that neither of two sets tells apart.
struct Kind {
    actions: Vec<Action>,
    /// Whether they take no resources.
    is_about_nothing: bool,
}

/// The actions that one set may be about, by what either set tells apart.
fn kinds(own: &Node, other: &Node) -> Vec<Kind> {
    let mut patterns: HashSet<&ActionPattern> = HashSet::new();
    let mut is_open = false;
    own.each_clause(&mut |clause| {
        is_open |= clause.entrances().is_none();
        patterns.extend(clause.actions.entries().forms());
    });
    is_open |= own.has_unknown();
    let named = patterns.iter().copied().collect::<Vec<_>>();
    other.each_clause(&mut |clause| patterns.extend(clause.actions.entries().forms()));
    // The number of each action's kind; what isn't in there is of the kind of number 0.
    let mut kind_of: HashMap<Action, usize> = HashMap::new();
    let mut next = 1;
    let mut ordered: Vec<&ActionPattern> = patterns.into_iter().collect();
    ordered.sort_unstable_by(|a, b| a.text().cmp(b.text()));
    for pattern in ordered.iter().filter(|pattern| pattern.named().is_some()) {
        let mut split: HashMap<usize, usize> = HashMap::new();
        let one = pattern.named().and_then(crate::action::NamedAction::action);
        let all = match one {
            Some(action) => vec![action],
            None => pattern.expand(),
        };
        for action in all {
            let kind = kind_of.entry(action).or_insert(0);
            *kind = *split.entry(*kind).or_insert_with(|| {
                next += 1;
                next
            });
        }
    }
    let mut by_kind: HashMap<(usize, bool), Vec<Action>> = HashMap::new();
    let mut add = |action: Action, kind: usize| {
        let is_about_nothing = action.resources().next().is_none();
        by_kind
            .entry((kind, is_about_nothing))
            .or_default()
            .push(action);
    };
    match is_open {
        true => {
            for action in catalog().actions() {
                add(action, kind_of.get(&action).copied().unwrap_or(0));
            }
        }
        false => {
            let all = named.iter().flat_map(|pattern| pattern.expand());
            let all: HashSet<Action> = all.collect();
            for action in all {
                add(action, kind_of.get(&action).copied().unwrap_or(0));
            }
        }
    }
    let kinds = by_kind
        .into_iter()
        .map(|((_, is_about_nothing), mut actions)| {
            actions.sort_unstable();
            Kind {
                actions,
                is_about_nothing,
            }
        });
    let mut kinds: Vec<Kind> = kinds.collect();
    kinds.sort_unstable_by(|a, b| a.actions.first().cmp(&b.actions.first()));
    kinds
}

/// Something that gives what is in a set.
struct Giving<'p, 'g> {
    /// `None` for what isn't known.
    clause: Option<&'g Clause>,
    /// Whether it is about the action.
    taken: Tri,
    /// What it has to be in, too.
    limits: Vec<&'p Part<'g>>,
    /// What it mustn't be in.
    cuts: Vec<&'p Part<'g>>,
}

fn givings<'p, 'g>(part: &'p Part<'g>) -> Vec<Giving<'p, 'g>> {
    match part {
        Part::Always(Tri::No) => Vec::new(),
        Part::Always(taken) => vec![Giving {
            clause: None,
            taken: *taken,
            limits: Vec::new(),
            cuts: Vec::new(),
        }],
        Part::Clauses(clauses, taking) => taking
            .near(clauses, "")
            .map(|(clause, taken)| Giving {
                clause: Some(clause),
                taken,
                limits: Vec::new(),
                cuts: Vec::new(),
            })
            .collect(),
        Part::Any(parts) => parts.iter().flat_map(givings).collect(),
        Part::All(parts) => {
            let Some((first, rest)) = parts.split_first() else {
                return Vec::new();
            };
            let mut found = givings(first);
            for giving in &mut found {
                giving.limits.extend(rest);
            }
            found
        }
        Part::Without(two) => {
            let mut found = givings(&two.0);
            for giving in &mut found {
                giving.cuts.push(&two.1);
            }
            found
        }
    }
}

impl<'g> Giving<'_, 'g> {
    /// The patterns of the resources that it is about, each with the value of its list that it is of.
    fn places(&self) -> Vec<(&'g Pattern, Option<&'g ListedValue<Pattern>>)> {
        match self.clause.map(|clause| &clause.resources) {
            Some(Selection::Only(Entries { items, open: false }))
                if items.iter().all(|item| !item.forms.is_empty()) =>
            {
                let forms = items
                    .iter()
                    .flat_map(|item| item.forms.iter().map(move |form| (form, Some(item))));
                forms.collect()
            }
            _ => vec![(everything(), None)],
        }
    }

    /// A question about where it is there: what holds of the deployment then holds for all.
    fn where_it_is(&self, question: &Question) -> Question {
        let mut question = question.clone();
        for guard in self.clause.iter().flat_map(|clause| &clause.guards) {
            let given = &mut question.given;
            if !given.iter().any(|other| other.condition == guard.condition) {
                given.push(guard.clone());
            }
        }
        question
    }
}

fn everything() -> &'static Pattern {
    static EVERYTHING: std::sync::LazyLock<Pattern> =
        std::sync::LazyLock::new(|| Pattern::literal("*"));
    &EVERYTHING
}

/// What stands for no resource: the text that actions without resources are asked about.
fn nothing() -> &'static Pattern {
    static NOTHING: std::sync::LazyLock<Pattern> =
        std::sync::LazyLock::new(|| Pattern::literal("${*}"));
    &NOTHING
}

/// What a comparison may still cost.
struct Left {
    cells: usize,
    /// Conditions.
    tests: usize,
}

/// What was found at one place.
struct Look {
    whether: Tri,
    example: Option<String>,
    spent: bool,
}

impl Look {
    fn of(whether: Tri) -> Look {
        Look {
            whether,
            example: None,
            spent: false,
        }
    }

    fn spent() -> Look {
        Look {
            spent: true,
            ..Look::of(Tri::Maybe)
        }
    }
}

/// What one clause gives, against another set.
struct Comparison<'p, 'g> {
    giving: &'p Giving<'p, 'g>,
    others: &'p Part<'g>,
    question: Question,
    /// Whether the actions take no resources.
    is_about_nothing: bool,
}

impl<'g> Comparison<'_, 'g> {
    /// Whether the other set surely has all that a clause gives at a place, by one clause of its own.
    fn is_given(&self, place: &Pattern, item: Option<&ListedValue<Pattern>>) -> bool {
        let conditions = self.giving.clause.map(|clause| &clause.conditions);
        self.has_all(self.others, place, item, conditions)
    }

    fn has_all(
        &self,
        part: &Part<'g>,
        place: &Pattern,
        item: Option<&ListedValue<Pattern>>,
        conditions: Option<&Conditions>,
    ) -> bool {
        let all = |part: &Part<'g>| self.has_all(part, place, item, conditions);
        match part {
            Part::Always(always) => *always == Tri::Yes,
            Part::Clauses(clauses, taking) => {
                let mut near = taking.near(clauses, place.beginning());
                near.any(|(clause, taken)| {
                    taking.looked();
                    taken.and(clause.is_there(&self.question.given)) == Tri::Yes
                        && clause.conditions.are_met_by(conditions)
                        && holds_all(&clause.resources, place, item)
                })
            }
            Part::Any(parts) => parts.iter().any(all),
            Part::All(parts) => parts.iter().all(all),
            Part::Without(two) => all(&two.0) && two.1.has_none_of(place, &self.question),
        }
    }

    /// Looks for something at a place that the other set doesn't have.
    fn look(&self, place: &Pattern, left: &mut Left) -> Look {
        let cell = match self.is_about_nothing {
            true => match Cell::of(nothing()).has(place) {
                Tri::No => return Look::of(Tri::No),
                _ => Cell::of(nothing()),
            },
            false => Cell::of(place),
        };
        // Most often what is beyond is where no other pattern is.
        let mut apart = cell.clone();
        apart.without = self.undecided(&cell);
        if !apart.without.is_empty() && apart.find(self.is_about_nothing).whether == Tri::Yes {
            let found = self.at(&apart, left);
            if found.whether == Tri::Yes {
                return found;
            }
        }
        self.at(&cell, left)
    }

    fn at(&self, cell: &Cell<'_>, left: &mut Left) -> Look {
        let Some(cells) = left.cells.checked_sub(1) else {
            return Look::spent();
        };
        left.cells = cells;
        let (whether, spent) = self.possible(cell, left);
        if whether == Tri::No {
            return Look::of(whether);
        }
        let undecided = self.undecided(cell);
        let Some(next) = undecided.first().filter(|_| whether == Tri::Maybe) else {
            let found = cell.find(self.is_about_nothing);
            return Look {
                whether: whether.and(found.whether),
                example: found.example.filter(|_| !self.is_about_nothing),
                spent: spent || found.spent,
            };
        };
        let (mut out, mut within) = (cell.clone(), cell.clone());
        out.without.push(next);
        within.of.push(next);
        let mut answer = Look::of(Tri::No);
        for part in [out, within] {
            let there = part.find(self.is_about_nothing);
            if there.whether == Tri::No {
                continue;
            }
            let found = self.at(&part, left);
            if found.whether == Tri::Yes {
                return found;
            }
            if found.whether == Tri::Maybe {
                answer = Look {
                    spent: answer.spent || found.spent,
                    ..found
                };
            }
        }
        answer
    }

    /// Whether some request about a cell is in the one and not in the other, whatever isn't decided of it, and whether
    /// that is open for what it costs.
    fn possible(&self, cell: &Cell<'_>, left: &mut Left) -> (Tri, bool) {
        let mut all = vec![self.given_at(cell)];
        all.extend(
            self.giving
                .limits
                .iter()
                .map(|part| self.formula(part, cell)),
        );
        all.extend(
            self.giving
                .cuts
                .iter()
                .map(|part| self.formula(part, cell).opposite()),
        );
        let others = self.formula(self.others, cell);
        let mut budget = Budget::strict(left.tests);
        let request = &self.question.request;
        let whether = Formula::All(all).possible_but(Some(&others), request, &mut budget);
        left.tests -= budget.used(left.tests);
        (whether, budget.is_spent())
    }

    fn given_at(&self, cell: &Cell<'_>) -> Formula<'g> {
        let taken = self.giving.taken;
        match self.giving.clause {
            None => Formula::Always(taken),
            Some(clause) => {
                let reaches = clause.resources.picks(|pattern| cell.has(pattern));
                let there = clause.is_there(&self.question.given);
                Formula::If(taken.and(reaches).and(there), &clause.conditions)
            }
        }
    }

    fn formula(&self, part: &Part<'g>, cell: &Cell<'_>) -> Formula<'g> {
        let formula = |part: &Part<'g>| self.formula(part, cell);
        match part {
            Part::Always(always) => Formula::Always(*always),
            Part::Clauses(clauses, taking) => {
                let near = taking.near(clauses, cell.beginning());
                Formula::any(near.map(|(clause, taken)| {
                    taking.looked();
                    let reaches = clause.resources.picks(|pattern| cell.has(pattern));
                    let whether = taken
                        .and(reaches)
                        .and(clause.is_there(&self.question.given));
                    match whether {
                        Tri::No => Formula::Always(Tri::No),
                        whether if clause.conditions.is_empty() => Formula::Always(whether),
                        whether => Formula::If(whether, &clause.conditions),
                    }
                }))
            }
            Part::Any(parts) => Formula::any(parts.iter().map(formula)),
            Part::All(parts) => Formula::All(parts.iter().map(formula).collect()),
            Part::Without(two) => Formula::Without(Box::new((formula(&two.0), formula(&two.1)))),
        }
    }

    /// The patterns of which a cell is neither surely inside nor outside, where that may count.
    fn undecided(&self, cell: &Cell<'_>) -> Vec<&'g Pattern> {
        let mut found: Vec<&'g Pattern> = Vec::new();
        let mut see = |clause: &'g Clause| {
            let open = clause.resources.picks(|pattern| cell.has(pattern)) == Tri::Maybe;
            let forms = clause.resources.entries().forms().filter(|_| open);
            for form in forms.filter(|form| cell.has(form) == Tri::Maybe) {
                if !found.contains(&form) {
                    found.push(form);
                }
            }
        };
        self.giving.clause.into_iter().for_each(&mut see);
        let parts = self.giving.limits.iter().chain(&self.giving.cuts).copied();
        for part in parts.chain([self.others]) {
            part.for_each_clause(cell.beginning(), true, &mut |clause, _, _| see(clause));
        }
        found
    }
}

/// Whether resources surely are all of those that a pattern of a list's value matches.
fn holds_all(
    resources: &Selection<Pattern>,
    place: &Pattern,
    item: Option<&ListedValue<Pattern>>,
) -> bool {
    match resources {
        Selection::Only(entries) => {
            let same = |own: &ListedValue<Pattern>| own.certain && Some(own) == item;
            let is_within = |own: &Pattern| match Cell::of(place).has(own) {
                Tri::Yes => Tri::Yes,
                _ => Tri::No,
            };
            entries.items.iter().any(same) || entries.any(is_within) == Tri::Yes
        }
        Selection::AllBut(entries) => entries.any(|own| Cell::of(place).has(own)) == Tri::No,
    }
}

/// Resources that some patterns match and others don't.
#[derive(Clone)]
struct Cell<'c> {
    of: Vec<&'c Pattern>,
    without: Vec<&'c Pattern>,
}

impl<'c> Cell<'c> {
    fn of(place: &'c Pattern) -> Cell<'c> {
        Cell {
            of: vec![place],
            without: Vec::new(),
        }
    }

    fn common<'a>(&'a self, texts: Texts) -> Common<'a> {
        Common {
            of: self.of.clone(),
            without: self.without.clone(),
            texts,
        }
    }

    /// Whether there are any.
    fn find(&self, are_texts: bool) -> crate::FoundText {
        let texts = if are_texts { Texts::Any } else { Texts::Arns };
        self.common(texts).find()
    }

    /// Whether a pattern matches them, as far as that can be seen of two patterns at a time.
    fn has(&self, pattern: &Pattern) -> Tri {
        let mut answer = Tri::Maybe;
        for own in &self.of {
            if *own == pattern || pattern.covers(own) && keeps_to_text(pattern, Texts::Arns) {
                return Tri::Yes;
            }
            if own.overlaps(pattern) == Tri::No {
                answer = Tri::No;
            }
        }
        let is_out = |out: &Pattern| {
            out == pattern || out.covers(pattern) && keeps_to_text(out, Texts::Arns)
        };
        match self.without.iter().any(|out| is_out(out)) {
            true => Tri::No,
            false => answer,
        }
    }

    fn beginning(&self) -> &str {
        let begins = self.of.iter().map(|own| own.beginning());
        begins.max_by_key(|begin| begin.len()).unwrap_or_default()
    }
}
