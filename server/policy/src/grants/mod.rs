//! What somebody may do: a set over actions, resources and conditions.
//!
//! [`Grants`] is that set. It is made of the clauses of policies ([`Clause`]), each of which is a product of the three,
//! and of joins ([`Grants::join`]), cuts ([`Grants::without`]: what a `Deny` takes off) and meetings ([`Grants::meet`]:
//! what a boundary leaves). The set stays the expression that it was made by; nothing is multiplied out.
//!
//! It is three-valued: whether a request is in it is yes, no, or depends on what isn't known before deployment, by
//! Kleene's logic. Questions are asked for one action ([`Grants::at`]) and decided by witnesses ([`ActionPart`]): a
//! resource that is no particular one of those that patterns match ([`Witness`]), and for each condition key whatever the
//! tests tell apart ([`Sent`]). What a question costs is counted; one that would cost too much depends.
//!
//! Clauses carry an opaque id ([`ClauseId`]), so that an answer can point at the statements that it comes from.

mod compare;
mod conditions;
mod domain;
mod entries;
mod keys;
mod leaves;
mod question;
mod relevant_clauses;
mod values;
mod variables;
mod witness;

pub use compare::Beyond;
pub use conditions::{Bindings, Conditions, KeyTest, Request, Sent};
pub use entries::{Entries, ListedValue, Selection};
pub use keys::is_known;
pub use leaves::Leaves;
pub use question::{ActionPart, Answer, Question};
pub use variables::Language;
pub(crate) use variables::variable_keys;
pub use witness::{Witness, is_every_arn};

use crate::limits::KEPT_ACTIONS;
use crate::{ActionPattern, Pattern, Tri};
use leastwise_catalog::Action;
use relevant_clauses::Taking;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Which statement of its policies a clause is, in the numbers of whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClauseId(pub usize);

/// Something that isn't known before deployment, and what it has to be for a clause to be there: a condition of a
/// template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GrantGuard {
    /// What it is called.
    pub condition: String,
    /// Whether it has to hold.
    pub holds: bool,
}

/// A statement without its effect: the requests that it is about.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The statement.
    pub id: ClauseId,
    /// `Action` or `NotAction`
    pub actions: Selection<ActionPattern>,
    /// `Resource` or `NotResource`
    pub resources: Selection<Pattern>,
    /// `Condition`
    pub conditions: Conditions,
    /// Whether it is surely there, and has the effect that it is taken for, where its guards are met.
    pub certain: bool,
    /// When it is there.
    pub guards: Vec<GrantGuard>,
}

impl Clause {
    /// Whether it is about an action.
    pub fn takes(&self, action: Action) -> Tri {
        self.actions.picks(|pattern| match pattern {
            ActionPattern::Unknown => Tri::Maybe,
            pattern if pattern.matches(action) => Tri::Yes,
            _ => Tri::No,
        })
    }

    /// Whether it is about an action that nobody has named: all but a few.
    fn takes_unnamed(&self) -> Tri {
        self.actions.picks(|pattern| match pattern {
            ActionPattern::Star => Tri::Yes,
            ActionPattern::Unknown => Tri::Maybe,
            ActionPattern::Named(_) | ActionPattern::Malformed(_) => Tri::No,
        })
    }

    /// Whether it is about a resource.
    pub fn reaches(&self, place: &Witness) -> Tri {
        self.resources.picks(|pattern| place.is_in(pattern))
    }

    /// Whether it is there, where these guards are met.
    pub fn is_there(&self, given: &[GrantGuard]) -> Tri {
        let met = self.guards.iter().map(|guard| {
            let same = |other: &&GrantGuard| other.condition == guard.condition;
            match given.iter().find(same) {
                Some(other) if other.holds == guard.holds => Tri::Yes,
                Some(_) => Tri::No,
                None => Tri::Maybe,
            }
        });
        let sure = if self.certain { Tri::Yes } else { Tri::Maybe };
        met.fold(sure, Tri::and)
    }

    /// Where it has to be looked for; `None` where any action may be among those that it is about.
    fn entrances(&self) -> Option<Vec<Entrance>> {
        let Selection::Only(entries) = &self.actions else {
            return None;
        };
        let mut found = Vec::new();
        for entry in &entries.items {
            for form in &entry.forms {
                match form {
                    ActionPattern::Named(one) if !one.has_wildcards() => {
                        found.extend(one.action().map(Entrance::Action));
                    }
                    ActionPattern::Named(one) if !one.has_service_wildcards() => {
                        found.push(Entrance::Service(one.service().to_ascii_lowercase()));
                    }
                    ActionPattern::Malformed(_) => {}
                    ActionPattern::Named(_) | ActionPattern::Star | ActionPattern::Unknown => {
                        return None;
                    }
                }
            }
            if entry.forms.is_empty() {
                return None;
            }
        }
        (!entries.open).then_some(found)
    }
}

/// What a clause is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Entrance {
    Action(Action),
    /// In lower case.
    Service(String),
}

/// What somebody may do. See the module's documentation.
#[derive(Clone, Debug, Default)]
pub struct Grants(Node);

/// How a set is made.
#[derive(Clone, Debug, Default)]
enum Node {
    #[default]
    Nothing,
    /// Nobody knows what is in it.
    Unknown,
    /// What one of the clauses is about.
    Clauses(Arc<Clauses>),
    /// What is in one of them.
    Any(Arc<Vec<Node>>),
    /// What is in all of them.
    All(Arc<Vec<Node>>),
    /// What is in the first and not in the second.
    Without(Arc<(Node, Node)>),
}

/// Clauses by the actions that they name.
#[derive(Debug, Default)]
struct Clauses {
    all: Vec<Clause>,
    /// Places in `all`, ascending.
    by: HashMap<Entrance, Vec<usize>>,
    /// Those that may be about any action.
    others: Vec<usize>,
    /// What was found for the actions that were asked about.
    asked: Mutex<HashMap<Option<Action>, Arc<Taking>>>,
}

impl Clauses {
    fn of(all: Vec<Clause>) -> Clauses {
        let mut clauses = Clauses::default();
        for (at, clause) in all.iter().enumerate() {
            let Some(entrances) = clause.entrances() else {
                clauses.others.push(at);
                continue;
            };
            for entrance in entrances {
                let places = clauses.by.entry(entrance).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        Clauses { all, ..clauses }
    }

    /// The places of those that may be about an action, or one that nobody has named.
    fn near(&self, action: Option<Action>) -> Vec<usize> {
        let mut near = self.others.clone();
        if let Some(action) = action {
            let service = action.service().prefix().to_ascii_lowercase();
            for entrance in [Entrance::Action(action), Entrance::Service(service)] {
                near.extend(self.by.get(&entrance).into_iter().flatten());
            }
        }
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Those that may be about an action, or one that nobody has named, with whether they surely are.
    fn taking(&self, action: Option<Action>) -> Arc<Taking> {
        let asked = || self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = asked().get(&action) {
            return Arc::clone(known);
        }
        let taken = self.near(action).into_iter().filter_map(|at| {
            let clause = self.all.get(at)?;
            let taken = match action {
                Some(action) => clause.takes(action),
                None => clause.takes_unnamed(),
            };
            taken.possible().then_some((at, taken))
        });
        let found = Arc::new(Taking::of(taken.collect()));
        let mut asked = asked();
        if asked.len() < KEPT_ACTIONS {
            asked.insert(action, Arc::clone(&found));
        }
        found
    }
}

impl Node {
    /// Every clause that it is made of.
    fn each_clause<'g>(&'g self, see: &mut impl FnMut(&'g Clause)) {
        match self {
            Node::Nothing | Node::Unknown => {}
            Node::Clauses(clauses) => clauses.all.iter().for_each(see),
            Node::Any(nodes) | Node::All(nodes) => {
                for node in nodes.iter() {
                    node.each_clause(see);
                }
            }
            Node::Without(two) => {
                two.0.each_clause(see);
                two.1.each_clause(see);
            }
        }
    }

    /// Whether nobody knows what is in some part of it.
    fn has_unknown(&self) -> bool {
        match self {
            Node::Unknown => true,
            Node::Nothing | Node::Clauses(_) => false,
            Node::Any(nodes) | Node::All(nodes) => nodes.iter().any(Node::has_unknown),
            Node::Without(two) => two.0.has_unknown(),
        }
    }

    fn work(&self) -> usize {
        match self {
            Node::Nothing | Node::Unknown => 0,
            Node::Clauses(clauses) => {
                let asked = clauses.asked.lock();
                let asked = asked.unwrap_or_else(PoisonError::into_inner);
                asked.values().map(|taking| taking.work()).sum()
            }
            Node::Any(nodes) | Node::All(nodes) => nodes.iter().map(Node::work).sum(),
            Node::Without(two) => two.0.work() + two.1.work(),
        }
    }
}

impl Grants {
    /// What one of the clauses is about.
    pub fn of(clauses: impl IntoIterator<Item = Clause>) -> Grants {
        let all: Vec<Clause> = clauses.into_iter().collect();
        Grants(match all.is_empty() {
            true => Node::Nothing,
            false => Node::Clauses(Arc::new(Clauses::of(all))),
        })
    }

    /// A set of which nothing is known.
    pub fn unknown() -> Grants {
        Grants(Node::Unknown)
    }

    /// How many clauses have been looked at for answers about it: what an answer costs, for those who hold that against
    /// the size of the input.
    pub fn work(&self) -> usize {
        self.0.work()
    }

    /// Whether surely nothing is in it, whatever is asked.
    pub fn is_nothing(&self) -> bool {
        matches!(self.0, Node::Nothing)
    }

    /// What is in this or in the other.
    #[must_use]
    pub fn join(self, other: Grants) -> Grants {
        Grants(match (self.0, other.0) {
            (Node::Nothing, one) | (one, Node::Nothing) => one,
            (Node::Any(mut many), one) => {
                Arc::make_mut(&mut many).push(one);
                Node::Any(many)
            }
            (one, other) => Node::Any(Arc::new(vec![one, other])),
        })
    }

    /// What is in this and in the other.
    #[must_use]
    pub fn meet(self, other: Grants) -> Grants {
        Grants(match (self.0, other.0) {
            (Node::Nothing, _) | (_, Node::Nothing) => Node::Nothing,
            (Node::All(mut many), one) => {
                Arc::make_mut(&mut many).push(one);
                Node::All(many)
            }
            (one, other) => Node::All(Arc::new(vec![one, other])),
        })
    }

    /// What is in this and not in the other.
    #[must_use]
    pub fn without(self, other: Grants) -> Grants {
        Grants(match (self.0, other.0) {
            (Node::Nothing, _) => Node::Nothing,
            (one, Node::Nothing) => one,
            (one, other) => Node::Without(Arc::new((one, other))),
        })
    }

    /// What of it is about one action.
    pub fn at(&self, action: Action) -> ActionPart<'_> {
        ActionPart::new(&self.0, Some(action))
    }

    /// What of it is about an action that nobody has named: what `*` stands for beside the exceptions.
    pub fn at_unnamed(&self) -> ActionPart<'_> {
        ActionPart::new(&self.0, None)
    }
}
