//! Questions about one action.

use super::conditions::{Conditions, KeyTest, Request, Sent, domain};
use super::{Clause, ClauseId, Guard, Node, Place};
use crate::{Pattern, Tri};
use leastwise_catalog::Action;
use std::collections::HashSet;

/// How many conditions are looked at for one answer; beyond that it depends.
const MOST_TESTS: usize = 1 << 16;
/// How many resources are looked at for one answer.
const MOST_PLACES: usize = 1 << 10;
/// How many condition keys are settled one after the other.
const MOST_KEYS: usize = 128;

/// What is settled of the requests that a question is about.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// What they send; keys that aren't named may hold anything.
    pub request: Request,
    /// What holds of the deployment.
    pub given: Vec<Guard>,
}

/// The part of a set that is about one action.
#[derive(Debug)]
pub struct At<'g>(Part<'g>);

#[derive(Debug)]
enum Part<'g> {
    Always(Tri),
    Clauses(Vec<(&'g Clause, Tri)>),
    Any(Vec<Part<'g>>),
    All(Vec<Part<'g>>),
    Without(Box<(Part<'g>, Part<'g>)>),
}

/// A part at one place: what is left to be asked are conditions.
#[derive(Debug)]
enum Formula<'g> {
    Always(Tri),
    If(Tri, &'g Conditions),
    Any(Vec<Formula<'g>>),
    All(Vec<Formula<'g>>),
    Without(Box<(Formula<'g>, Formula<'g>)>),
}

/// What an answer may still cost.
struct Budget(usize);

impl<'g> At<'g> {
    pub(super) fn new(node: &'g Node, action: Option<Action>) -> At<'g> {
        At(Part::new(node, action))
    }

    /// The clauses that are about the action, or may be.
    pub fn clauses(&self) -> Vec<&'g Clause> {
        let mut clauses = Vec::new();
        self.0.each(true, &mut |clause, _, _| clauses.push(clause));
        clauses
    }

    /// Whether a request for a resource is in the set, as far as it is settled.
    pub fn holds(&self, place: &Place, question: &Question) -> Tri {
        self.0
            .formula(place, question)
            .holds(&question.request, &mut Budget(MOST_TESTS))
    }

    /// Whether some request for a resource is in the set: whatever isn't settled of it may be as it suits.
    pub fn possible(&self, place: &Place, question: &Question) -> Tri {
        self.0
            .formula(place, question)
            .possible(&question.request, &mut Budget(MOST_TESTS))
    }

    /// Whether some request is in the set for some resource that one of the patterns matches; for any resource where
    /// there are none.
    pub fn reaches(&self, over: &[&Pattern], question: &Question) -> Tri {
        let mut budget = Budget(MOST_TESTS);
        let mut answer = Tri::No;
        let mut seen = HashSet::new();
        let anywhere = [Pattern::literal("*")];
        let over: Vec<&Pattern> = match over.is_empty() {
            true => anywhere.iter().collect(),
            false => over.to_vec(),
        };
        let wide = over.iter().map(|pattern| Place::of((*pattern).clone()));
        let narrow = over.iter().flat_map(|pattern| {
            let place = Place::of((*pattern).clone());
            self.patterns()
                .filter_map(move |pattern| place.meet(pattern))
        });
        for place in wide.chain(narrow) {
            if !seen.insert(place.clone()) {
                continue;
            }
            if seen.len() > MOST_PLACES {
                return answer.or(Tri::Maybe);
            }
            let formula = self.0.formula(&place, question);
            answer = answer.or(formula.possible(&question.request, &mut budget));
            if answer == Tri::Yes {
                break;
            }
        }
        answer
    }

    /// The statements that give something at a place or may, and those that take something off.
    pub fn statements(&self, place: &Place, question: &Question) -> (Vec<ClauseId>, Vec<ClauseId>) {
        let (mut gives, mut takes) = (Vec::new(), Vec::new());
        self.0.each(true, &mut |clause, taken, given| {
            let reach = clause.reaches(place).and(clause.is_there(&question.given));
            if taken.and(reach).possible() {
                let list = if given { &mut gives } else { &mut takes };
                list.push(clause.id);
            }
        });
        (gives, takes)
    }

    fn patterns(&self) -> impl Iterator<Item = &'g Pattern> {
        let clauses = self.clauses().into_iter();
        clauses.flat_map(|clause| clause.resources.entries().forms())
    }
}

impl<'g> Part<'g> {
    fn new(node: &'g Node, action: Option<Action>) -> Part<'g> {
        let many = |nodes: &'g [Node]| nodes.iter().map(|node| Part::new(node, action)).collect();
        match node {
            Node::Nothing => Part::Always(Tri::No),
            Node::Unknown => Part::Always(Tri::Maybe),
            Node::Clauses(clauses) => Part::Clauses(clauses.taking(action)),
            Node::Any(nodes) => Part::Any(many(nodes)),
            Node::All(nodes) => Part::All(many(nodes)),
            Node::Without(two) => Part::Without(Box::new((
                Part::new(&two.0, action),
                Part::new(&two.1, action),
            ))),
        }
    }

    /// Every clause, with whether it is about the action and whether it gives or takes off.
    fn each(&self, gives: bool, see: &mut impl FnMut(&'g Clause, Tri, bool)) {
        match self {
            Part::Always(_) => {}
            Part::Clauses(clauses) => {
                for (clause, taken) in clauses {
                    see(clause, *taken, gives);
                }
            }
            Part::Any(parts) | Part::All(parts) => {
                for part in parts {
                    part.each(gives, see);
                }
            }
            Part::Without(two) => {
                two.0.each(gives, see);
                two.1.each(!gives, see);
            }
        }
    }

    fn formula(&self, place: &Place, question: &Question) -> Formula<'g> {
        let formula = |part: &Part<'g>| part.formula(place, question);
        match self {
            Part::Always(always) => Formula::Always(*always),
            Part::Clauses(clauses) => Formula::any(clauses.iter().map(|(clause, taken)| {
                let there = taken.and(clause.is_there(&question.given));
                // Places are dearer to compare.
                let whether = match there {
                    Tri::No => Tri::No,
                    there => there.and(clause.reaches(place)),
                };
                match whether {
                    Tri::No => Formula::Always(Tri::No),
                    whether if clause.conditions.is_empty() => Formula::Always(whether),
                    whether => Formula::If(whether, &clause.conditions),
                }
            })),
            Part::Any(parts) => Formula::any(parts.iter().map(formula)),
            Part::All(parts) => Formula::All(parts.iter().map(formula).collect()),
            Part::Without(two) => match formula(&two.0) {
                Formula::Always(Tri::No) => Formula::Always(Tri::No),
                first => Formula::Without(Box::new((first, formula(&two.1)))),
            },
        }
    }
}

impl<'g> Formula<'g> {
    fn any(parts: impl Iterator<Item = Formula<'g>>) -> Formula<'g> {
        let mut some = Vec::new();
        for part in parts {
            match part {
                Formula::Always(Tri::Yes) => return part,
                Formula::Always(Tri::No) => {}
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
                match budget.0.checked_sub(cost) {
                    Some(left) => {
                        budget.0 = left;
                        whether.and(conditions.hold(request))
                    }
                    None => Tri::Maybe,
                }
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
        let mut tests: Vec<&KeyTest> = Vec::new();
        self.tests(&mut tests);
        let mut keys: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        for key in tests.iter().filter_map(|test| test.key()) {
            if request.sent(key).is_none() && seen.insert(key) {
                keys.push(key);
            }
        }
        if keys.len() > MOST_KEYS {
            return self.holds(request, budget);
        }
        let keys: Vec<(&str, Vec<Sent>)> = keys
            .into_iter()
            .map(|key| {
                let own = tests.iter().filter(|test| test.key() == Some(key));
                (key, domain(key, own.copied()))
            })
            .collect();
        self.search(&mut request.clone(), &keys, budget)
    }

    /// Settles one key after the other until the answer is sure, and goes back where it is a sure no.
    fn search(
        &self,
        request: &mut Request,
        keys: &[(&str, Vec<Sent>)],
        budget: &mut Budget,
    ) -> Tri {
        let answer = self.holds(request, budget);
        let (Tri::Maybe, Some(((key, domain), rest))) = (answer, keys.split_first()) else {
            return answer;
        };
        let mut answer = Tri::No;
        for sent in domain {
            if budget.0 == 0 {
                answer = answer.or(Tri::Maybe);
                break;
            }
            request.settle(key, Some(sent.clone()));
            answer = answer.or(self.search(request, rest, budget));
            if answer == Tri::Yes {
                break;
            }
        }
        request.settle(key, None);
        answer
    }

    fn tests(&self, found: &mut Vec<&'g KeyTest>) {
        match self {
            Formula::Always(_) => {}
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

/// Whether some request that a question is about is in a set of conditions, and whether some isn't.
pub(super) fn both_ways(conditions: &Conditions, request: &Request) -> (Tri, Tri) {
    let budget = || Budget(MOST_TESTS);
    let passes = Formula::of(conditions).possible(request, &mut budget());
    let fails = Formula::of(conditions)
        .opposite()
        .possible(request, &mut budget());
    (passes, fails)
}
