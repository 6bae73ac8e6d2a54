//! Questions about one action.

use super::conditions::{Conditions, KeyTest, Request};
use super::domain::{self, Domain};
use super::relevant_clauses::Taking;
use super::witness::overlap;
use super::{Clause, ClauseId, GrantGuard, Node, Selection, Witness};
use crate::limits::{KEYS, PLACES, TESTS};
use crate::{Pattern, Tri};
use leastwise_catalog::Action;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is settled of the requests that a question is about.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// What they send; keys that aren't named may hold anything.
    pub request: Request,
    /// What holds of the deployment.
    pub given: Vec<GrantGuard>,
}

/// The part of a set that is about one action.
#[derive(Debug)]
pub struct ActionPart<'g>(Part<'g>);

#[derive(Debug)]
pub(super) enum Part<'g> {
    Always(Tri),
    /// Of these clauses, those that are about the action.
    Clauses(&'g [Clause], Arc<Taking>),
    Any(Vec<Part<'g>>),
    All(Vec<Part<'g>>),
    Without(Box<(Part<'g>, Part<'g>)>),
}

/// A part at one place: what is left to be asked are conditions.
#[derive(Debug)]
pub(super) enum Formula<'g> {
    Always(Tri),
    If(Tri, &'g Conditions),
    /// What there are too many clauses to find out about.
    TooMuch,
    Any(Vec<Formula<'g>>),
    All(Vec<Formula<'g>>),
    Without(Box<(Formula<'g>, Formula<'g>)>),
}

/// An answer, and whether more could have been found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was found out.
    pub whether: Tri,
    /// Whether it may depend only because finding out would have cost too much.
    pub spent: bool,
}

/// What an answer may still cost.
pub(super) struct Budget {
    /// How many conditions may still be looked at.
    left: usize,
    /// Whether a sure no has to hold of all requests, and not only of those that are worth trying.
    is_strict: bool,
    /// Whether something was left unsettled for what it costs.
    spent: bool,
}

impl Budget {
    fn new() -> Budget {
        Budget {
            left: TESTS,
            is_strict: false,
            spent: false,
        }
    }

    /// One for answers of which a no holds of all requests, within what is left of a larger one.
    pub(super) fn strict(left: usize) -> Budget {
        Budget {
            left: left.min(TESTS),
            is_strict: true,
            spent: false,
        }
    }

    /// How many conditions have been looked at, of so many that were left.
    pub(super) fn used(&self, left: usize) -> usize {
        left.min(TESTS).saturating_sub(self.left)
    }

    /// Whether something was left unsettled for what it costs.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }
}

impl<'g> ActionPart<'g> {
    pub(super) fn new(node: &'g Node, action: Option<Action>) -> ActionPart<'g> {
        ActionPart(Part::new(node, action))
    }

    /// The clauses that are about the action, or may be.
    pub fn clauses(&self) -> Vec<&'g Clause> {
        let mut clauses = Vec::new();
        self.0
            .for_each_clause("", true, &mut |clause, _, _| clauses.push(clause));
        clauses
    }

    /// Whether some clause is about the action, or may be.
    pub fn is_about_something(&self) -> bool {
        self.0.is_about_something()
    }

    /// Those of them that an answer about the resources which a pattern matches looks at. There are few where many
    /// clauses are each about another resource.
    pub fn clauses_near(&self, pattern: &Pattern) -> Vec<&'g Clause> {
        let mut clauses = Vec::new();
        let begin = pattern.beginning();
        self.0
            .for_each_clause(begin, true, &mut |clause, _, _| clauses.push(clause));
        clauses
    }

    /// Whether a request for a resource is in the set, as far as it is settled.
    pub fn holds(&self, place: &Witness, question: &Question) -> Tri {
        self.0
            .formula(place, question)
            .holds(&question.request, &mut Budget::new())
    }

    /// Whether some request for a resource is in the set: whatever isn't settled of it may be as it suits.
    pub fn possible(&self, place: &Witness, question: &Question) -> Tri {
        self.ask(place, question).whether
    }

    /// [`ActionPart::possible`], and whether the answer was too dear.
    pub fn ask(&self, place: &Witness, question: &Question) -> Answer {
        let mut budget = Budget::new();
        let formula = self.0.formula(place, question);
        let whether = formula.possible(&question.request, &mut budget);
        Answer {
            whether,
            spent: budget.spent && whether == Tri::Maybe,
        }
    }

    /// The conditions of the deployment that an answer about a resource hangs on, beside those that are given.
    pub fn guards(&self, place: &Witness, given: &[GrantGuard]) -> Vec<GrantGuard> {
        let mut found: Vec<GrantGuard> = Vec::new();
        self.0.guards(place, given, &mut found);
        found
    }

    /// Whether some request is in the set for some resource that one of the patterns matches; for any resource where
    /// there are none.
    pub fn reaches(&self, over: &[&Pattern], question: &Question) -> Tri {
        self.reaches_until(over, question, Tri::certain)
    }

    /// Whether [`ActionPart::reaches`] doesn't surely say no, which takes fewer places to be tried out.
    pub fn may_reach(&self, over: &[&Pattern], question: &Question) -> bool {
        self.reaches_until(over, question, Tri::possible).possible()
    }

    /// [`ActionPart::reaches`], as far as it takes for an answer that is enough.
    fn reaches_until(
        &self,
        over: &[&Pattern],
        question: &Question,
        is_enough: impl Fn(Tri) -> bool,
    ) -> Tri {
        let anywhere = Pattern::literal("*");
        let over = match over {
            [] => &[&anywhere],
            over => over,
        };
        let mut budget = Budget::new();
        let mut seen = HashSet::new();
        let mut answer = Tri::No;
        for pattern in over {
            if self.0.has_none_of(pattern, question) {
                continue;
            }
            // Most of it is asked about as it is written: no witness needs to be tried out.
            if self.0.has_all_of(pattern, question) {
                return Tri::Yes;
            }
            let wide = Witness::of((*pattern).clone());
            let narrow = std::iter::once_with(|| self.narrowing(pattern)).flatten();
            let narrow = narrow.filter_map(|other| wide.meet(other));
            for place in std::iter::once(wide.clone()).chain(narrow) {
                if !seen.insert(place.clone()) {
                    continue;
                }
                if seen.len() > PLACES {
                    return answer.or(Tri::Maybe);
                }
                let formula = self.0.formula(&place, question);
                answer = answer.or(formula.possible(&question.request, &mut budget));
                if is_enough(answer) {
                    return answer;
                }
            }
        }
        answer
    }

    /// What of it comes from some of the clauses.
    #[must_use]
    pub fn only(self, keep: impl Fn(&Clause) -> bool) -> ActionPart<'g> {
        ActionPart(self.0.only(&keep))
    }

    /// The statements that give something at a place or may, and those that take something off.
    pub fn statements(
        &self,
        place: &Witness,
        question: &Question,
    ) -> (Vec<ClauseId>, Vec<ClauseId>) {
        let (mut gives, mut takes) = (Vec::new(), Vec::new());
        self.0
            .for_each_clause(place.beginning(), true, &mut |clause, taken, given| {
                let reach = clause.reaches(place).and(clause.is_there(&question.given));
                if taken.and(reach).possible() {
                    let list = if given { &mut gives } else { &mut takes };
                    list.push(clause.id);
                }
            });
        (gives, takes)
    }

    /// The patterns within which more may be in the set than is where nobody has named anything, but for such as have
    /// nothing in common with one.
    fn narrowing(&self, within: &Pattern) -> Vec<&'g Pattern> {
        let mut found = Vec::new();
        let begin = within.beginning();
        self.0
            .for_each_clause(begin, true, &mut |clause, _, gives| {
                if gives == matches!(clause.resources, Selection::Only(_)) {
                    found.extend(clause.resources.entries().forms());
                }
            });
        found
    }
}

impl<'g> Part<'g> {
    pub(super) fn new(node: &'g Node, action: Option<Action>) -> Part<'g> {
        let many = |nodes: &'g [Node]| nodes.iter().map(|node| Part::new(node, action)).collect();
        match node {
            Node::Nothing => Part::Always(Tri::No),
            Node::Unknown => Part::Always(Tri::Maybe),
            Node::Clauses(clauses) => Part::Clauses(&clauses.all, clauses.taking(action)),
            Node::Any(nodes) => Part::Any(many(nodes)),
            Node::All(nodes) => Part::All(many(nodes)),
            Node::Without(two) => Part::Without(Box::new((
                Part::new(&two.0, action),
                Part::new(&two.1, action),
            ))),
        }
    }

    fn is_about_something(&self) -> bool {
        let some = |part: &Part<'g>| part.is_about_something();
        match self {
            Part::Always(_) => false,
            Part::Clauses(_, taking) => !taking.is_empty(),
            Part::Any(parts) | Part::All(parts) => parts.iter().any(some),
            Part::Without(two) => some(&two.0) || some(&two.1),
        }
    }

    /// Every clause that may be about a resource that begins so, with whether it is about the action and whether it
    /// gives or takes off.
    pub(super) fn for_each_clause(
        &self,
        begin: &str,
        gives: bool,
        see: &mut impl FnMut(&'g Clause, Tri, bool),
    ) {
        match self {
            Part::Always(_) => {}
            Part::Clauses(clauses, taking) => {
                for (clause, taken) in taking.near(clauses, begin) {
                    see(clause, taken, gives);
                }
            }
            Part::Any(parts) | Part::All(parts) => {
                for part in parts {
                    part.for_each_clause(begin, gives, see);
                }
            }
            Part::Without(two) => {
                two.0.for_each_clause(begin, gives, see);
                two.1.for_each_clause(begin, !gives, see);
            }
        }
    }

    fn only(self, keep: &impl Fn(&Clause) -> bool) -> Part<'g> {
        let many = |parts: Vec<Part<'g>>| parts.into_iter().map(|part| part.only(keep)).collect();
        match self {
            Part::Always(_) => self,
            Part::Clauses(clauses, taking) => {
                Part::Clauses(clauses, Arc::new(taking.only(clauses, keep)))
            }
            Part::Any(parts) => Part::Any(many(parts)),
            Part::All(parts) => Part::All(many(parts)),
            Part::Without(two) => Part::Without(Box::new((two.0.only(keep), two.1.only(keep)))),
        }
    }

    /// Whether surely nothing that a pattern matches is in it, under no conditions: found without trying out places.
    pub(super) fn has_none_of(&self, pattern: &Pattern, question: &Question) -> bool {
        let none = |part: &Part<'g>| part.has_none_of(pattern, question);
        match self {
            Part::Always(always) => *always == Tri::No,
            Part::Clauses(clauses, taking) => taking
                .near(clauses, pattern.beginning())
                .all(|(clause, _)| !may_touch(&clause.resources, pattern)),
            Part::Any(parts) => parts.iter().all(none),
            Part::All(parts) => parts.iter().any(none),
            Part::Without(two) => none(&two.0) || two.1.has_all_of(pattern, question),
        }
    }

    /// Whether surely everything that a pattern matches is in it, under all conditions.
    fn has_all_of(&self, pattern: &Pattern, question: &Question) -> bool {
        let all = |part: &Part<'g>| part.has_all_of(pattern, question);
        match self {
            Part::Always(always) => *always == Tri::Yes,
            Part::Clauses(clauses, taking) => {
                let mut near = taking.near(clauses, pattern.beginning());
                near.any(|(clause, taken)| {
                    taking.looked();
                    clause.conditions.is_empty()
                        && taken.and(clause.is_there(&question.given)) == Tri::Yes
                        && surely_holds(&clause.resources, pattern)
                })
            }
            Part::Any(parts) => parts.iter().any(all),
            Part::All(parts) => parts.iter().all(all),
            Part::Without(two) => all(&two.0) && two.1.has_none_of(pattern, question),
        }
    }

    /// The guards of clauses that are about a resource, each condition once, as far as `given` doesn't settle it.
    fn guards(&self, place: &Witness, given: &[GrantGuard], found: &mut Vec<GrantGuard>) {
        match self {
            Part::Always(_) => {}
            Part::Clauses(clauses, taking) => {
                let reaching = taking.reaching(clauses, place);
                let some = reaching.some.iter();
                for guard in some
                    .filter_map(|(at, _)| clauses.get(*at))
                    .flat_map(|it| &it.guards)
                {
                    let same = |other: &GrantGuard| other.condition == guard.condition;
                    if !given.iter().any(same) && !found.iter().any(same) {
                        found.push(guard.clone());
                    }
                }
            }
            Part::Any(parts) | Part::All(parts) => {
                parts
                    .iter()
                    .for_each(|part| part.guards(place, given, found));
            }
            Part::Without(two) => {
                two.0.guards(place, given, found);
                two.1.guards(place, given, found);
            }
        }
    }

    fn formula(&self, place: &Witness, question: &Question) -> Formula<'g> {
        let formula = |part: &Part<'g>| part.formula(place, question);
        match self {
            Part::Always(always) => Formula::Always(*always),
            Part::Clauses(clauses, taking) => {
                let clauses = *clauses;
                let reaching = taking.reaching(clauses, place);
                let more = reaching.more.then_some(Formula::TooMuch);
                let parts = reaching.some.iter().filter_map(|(at, whether)| {
                    let clause = clauses.get(*at)?;
                    Some(match whether.and(clause.is_there(&question.given)) {
                        Tri::No => Formula::Always(Tri::No),
                        whether if clause.conditions.is_empty() => Formula::Always(whether),
                        whether => Formula::If(whether, &clause.conditions),
                    })
                });
                Formula::any(parts.chain(more))
            }
            Part::Any(parts) => Formula::any(parts.iter().map(formula)),
            Part::All(parts) => Formula::All(parts.iter().map(formula).collect()),
            Part::Without(two) => match formula(&two.0) {
                Formula::Always(Tri::No) => Formula::Always(Tri::No),
                first => Formula::Without(Box::new((first, formula(&two.1)))),
            },
        }
    }
}

/// Whether resources may have something in common with those that a pattern matches.
fn may_touch(resources: &Selection<Pattern>, pattern: &Pattern) -> bool {
    match resources {
        Selection::Only(entries) => entries.any(|own| overlap(own, pattern)).possible(),
        Selection::AllBut(_) => !is_within(resources, pattern),
    }
}

/// Whether resources are surely all of those that a pattern matches.
fn surely_holds(resources: &Selection<Pattern>, pattern: &Pattern) -> bool {
    match resources {
        Selection::Only(_) => is_within(resources, pattern),
        Selection::AllBut(entries) => !entries.any(|own| overlap(own, pattern)).possible(),
    }
}

/// Whether everything that a pattern matches is within one value.
fn is_within(resources: &Selection<Pattern>, pattern: &Pattern) -> bool {
    let covers = |own: &Pattern| match own.covers(pattern) {
        true => Tri::Yes,
        false => Tri::No,
    };
    resources.entries().any(covers) == Tri::Yes
}

impl<'g> Formula<'g> {
    pub(super) fn any(parts: impl Iterator<Item = Formula<'g>>) -> Formula<'g> {
        let mut some = Vec::new();
        let mut depends = false;
        for part in parts {
            match part {
                Formula::Always(Tri::Yes) => return part,
                Formula::Always(Tri::No) => {}
                // One of them is as good as many.
                Formula::Always(Tri::Maybe) if std::mem::replace(&mut depends, true) => {}
                part => some.push(part),
            }
        }
        match some.is_empty() {
            true => Formula::Always(Tri::No),
            false => Formula::Any(some),
        }
    }

    /// A set of everything that conditions let through.
    pub(super) fn of(conditions: &'g Conditions) -> Formula<'g> {
        Formula::If(Tri::Yes, conditions)
    }

    /// What isn't in it.
    pub(super) fn opposite(self) -> Formula<'g> {
        Formula::Without(Box::new((Formula::Always(Tri::Yes), self)))
    }

    fn holds(&self, request: &Request, budget: &mut Budget) -> Tri {
        match self {
            Formula::Always(always) => *always,
            Formula::If(whether, conditions) => {
                let cost = conditions.tests.len().max(1);
                match budget.left.checked_sub(cost) {
                    Some(left) => {
                        budget.left = left;
                        whether.and(conditions.hold(request))
                    }
                    None => {
                        budget.left = 0;
                        budget.spent = true;
                        Tri::Maybe
                    }
                }
            }
            Formula::TooMuch => {
                budget.spent = true;
                Tri::Maybe
            }
            Formula::Any(parts) => {
                let mut answer = Tri::No;
                for part in parts {
                    answer = answer.or(part.holds(request, budget));
                    if answer == Tri::Yes {
                        break;
                    }
                }
                answer
            }
            Formula::All(parts) => {
                let mut answer = Tri::Yes;
                for part in parts {
                    answer = answer.and(part.holds(request, budget));
                    if answer == Tri::No {
                        break;
                    }
                }
                answer
            }
            Formula::Without(two) => match two.0.holds(request, budget) {
                Tri::No => Tri::No,
                first => first.and(two.1.holds(request, budget).opposite()),
            },
        }
    }

    fn possible(&self, request: &Request, budget: &mut Budget) -> Tri {
        self.possible_but(None, request, budget)
    }

    /// Whether some request is in it and not in the other. Of several, each is looked at by itself: there are fewer
    /// keys to settle then.
    pub(super) fn possible_but(
        &self,
        but: Option<&Formula<'g>>,
        request: &Request,
        budget: &mut Budget,
    ) -> Tri {
        match (self, but) {
            (Formula::Any(parts), _) => {
                let mut answer = Tri::No;
                for part in parts {
                    answer = answer.or(part.possible_but(but, request, budget));
                    if answer == Tri::Yes {
                        break;
                    }
                }
                answer
            }
            (Formula::Without(two), None) => two.0.possible_but(Some(&two.1), request, budget),
            _ => Search::new(self, but, request).run(budget),
        }
    }

    fn tests(&self, found: &mut Vec<&'g KeyTest>) {
        match self {
            Formula::Always(_) | Formula::TooMuch => {}
            Formula::If(_, conditions) => found.extend(&conditions.tests),
            Formula::Any(parts) | Formula::All(parts) => {
                for part in parts {
                    part.tests(found);
                }
            }
            Formula::Without(two) => {
                two.0.tests(found);
                two.1.tests(found);
            }
        }
    }
}

/// A key that has to be settled.
struct OpenKey<'g> {
    name: &'g str,
    tests: Vec<&'g KeyTest>,
    /// What is worth trying, once it has been found out.
    domain: Option<Domain>,
}

impl OpenKey<'_> {
    fn domain(&mut self, is_strict: bool) -> Domain {
        let make = || match is_strict {
            true => domain::of_all(self.name, &self.tests),
            false => domain::of_single(self.name, &self.tests),
        };
        self.domain.get_or_insert_with(make).clone()
    }
}

/// A search for a request that is in one set and not in another.
struct Search<'f, 'g> {
    within: &'f Formula<'g>,
    but: Option<&'f Formula<'g>>,
    /// As far as it is settled.
    request: Request,
    /// The keys that have to be settled, each with what is worth trying.
    keys: Vec<OpenKey<'g>>,
    /// Whether there are more of them.
    more: bool,
}

impl<'f, 'g> Search<'f, 'g> {
    fn new(
        within: &'f Formula<'g>,
        but: Option<&'f Formula<'g>>,
        request: &Request,
    ) -> Search<'f, 'g> {
        let mut tests: Vec<&'g KeyTest> = Vec::new();
        within.tests(&mut tests);
        if let Some(but) = but {
            but.tests(&mut tests);
        }
        let mut by_key: Vec<(&'g str, Vec<&'g KeyTest>)> = Vec::new();
        let mut places: HashMap<&'g str, usize> = HashMap::new();
        for test in tests {
            let Some(key) = test.key().filter(|key| request.sent(key).is_none()) else {
                continue;
            };
            let at = *places.entry(key).or_insert(by_key.len());
            match by_key.get_mut(at) {
                Some((_, own)) => own.push(test),
                None => by_key.push((key, vec![test])),
            }
        }
        let more = by_key.len() > KEYS;
        by_key.truncate(KEYS);
        let keys = by_key.into_iter();
        Search {
            within,
            but,
            request: request.clone(),
            keys: keys
                .map(|(name, tests)| OpenKey {
                    name,
                    tests,
                    domain: None,
                })
                .collect(),
            more,
        }
    }

    fn run(mut self, budget: &mut Budget) -> Tri {
        self.settle(0, budget)
    }

    /// Settles one key after the other until the answer is sure, and goes back where it is a sure no.
    fn settle(&mut self, at: usize, budget: &mut Budget) -> Tri {
        let answer = self.answer(budget);
        let (Tri::Maybe, Some(open)) = (answer, self.keys.get_mut(at)) else {
            budget.spent |= answer == Tri::Maybe && self.more;
            return answer;
        };
        let (key, domain) = (open.name, open.domain(budget.is_strict));
        let mut answer = Tri::No;
        for sent in domain.sent {
            if budget.left == 0 {
                budget.spent = true;
                answer = answer.or(Tri::Maybe);
                break;
            }
            self.request.settle(key, Some(sent));
            answer = answer.or(self.settle(at + 1, budget));
            if answer == Tri::Yes {
                break;
            }
        }
        self.request.settle(key, None);
        match answer {
            Tri::No if budget.is_strict && !domain.is_whole => Tri::Maybe,
            answer => answer,
        }
    }

    fn answer(&self, budget: &mut Budget) -> Tri {
        let within = self.within.holds(&self.request, budget);
        match self.but {
            Some(but) if within != Tri::No => {
                within.and(but.holds(&self.request, budget).opposite())
            }
            _ => within,
        }
    }
}

/// Whether some request that a question is about is in a set of conditions, and whether some isn't.
pub(super) fn both_ways(conditions: &Conditions, request: &Request) -> (Tri, Tri) {
    let passes = Formula::of(conditions).possible(request, &mut Budget::new());
    let fails = Formula::of(conditions)
        .opposite()
        .possible(request, &mut Budget::new());
    (passes, fails)
}
