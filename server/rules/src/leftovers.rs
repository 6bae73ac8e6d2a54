//! What single statements leave to their owners, once all that these are denied is taken off.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use leastwise_catalog::Action;
use leastwise_policy::grants::{
    Answer, At, Clause, Entries, Grants, Guard, Place, Question, Request, Selection,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use leastwise_workspace::model::{Branch, Statement};
use leastwise_workspace::{Level, Site};

use crate::Context;
use crate::clauses::Placed;
use crate::permissions::denied_to;
use crate::together::Together;

/// The most conditions of a template that are tried out for an answer.
const MOST_GUARDS: usize = 6;

/// What statements leave to their owners.
pub(crate) struct Leftovers<'a> {
    context: Context<'a>,
    /// What each owner is denied.
    denied: HashMap<usize, Grants>,
    /// What is known of statements without conditions: those that are there under the same conditions of the template
    /// leave the same.
    plain: Memo,
}

/// Answers by owner, action, place, and what is given.
type Memo = Rc<RefCell<HashMap<Asked, Vec<(Request, Leaves)>>>>;
type Asked = (Option<usize>, Option<Action>, Place, Vec<Guard>);

/// What a statement of an `Allow` leaves to its owners: the requests that meet its conditions and no `Deny`. Of its
/// actions and resources, `NotResource` alone is heeded; which ones the question is about, the rule picks.
pub(crate) struct Left {
    /// For each owner.
    sets: Vec<(Option<usize>, Grants)>,
    /// What the statement gives by itself.
    own: Grants,
    given: Vec<Guard>,
    /// Whether some owner is denied something.
    is_cut: bool,
    /// Where answers are kept.
    memo: Option<Memo>,
}

/// What a statement leaves of something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Leaves {
    /// Nothing.
    Nothing,
    /// It isn't known.
    Unknown,
    /// Something, by itself; what takes it off is too much to work out.
    Unchecked,
    /// Something, where these conditions of the template turn out so. What takes it off hangs on them.
    Where(Vec<Guard>),
    /// Something.
    Some,
}

impl Leaves {
    /// The level of what is found because of it; `None` where nothing is.
    pub(crate) fn level(&self, level: Level) -> Option<Level> {
        match self {
            Leaves::Nothing | Leaves::Unknown => None,
            Leaves::Unchecked | Leaves::Where(_) => Some(level.min(Level::Warning)),
            Leaves::Some => Some(level),
        }
    }

    /// Whether it is surely something, under some conditions of the template at least.
    pub(crate) fn is_some(&self) -> bool {
        !matches!(self, Leaves::Nothing | Leaves::Unknown)
    }

    /// Where, to follow what is said: `, where `IsProd` isn't met`. Nothing where it is so everywhere.
    pub(crate) fn place(&self) -> String {
        let Leaves::Where(guards) = self else {
            return String::new();
        };
        let guards = guards.iter().map(|guard| {
            let verb = if guard.holds { "is" } else { "isn't" };
            format!("`{}` {verb} met", guard.condition)
        });
        format!(", where {}", guards.collect::<Vec<_>>().join(" and "))
    }

    fn rank(&self) -> usize {
        match self {
            Leaves::Nothing => 0,
            Leaves::Unknown => 1,
            Leaves::Unchecked => 2,
            Leaves::Where(_) => 3,
            Leaves::Some => 4,
        }
    }

    /// The more certain of two.
    pub(crate) fn or(self, other: Leaves) -> Leaves {
        match self.rank() >= other.rank() {
            true => self,
            false => other,
        }
    }

    /// What is so of both.
    pub(crate) fn and(self, other: Leaves) -> Leaves {
        match (self, other) {
            (Leaves::Where(one), Leaves::Where(other)) if one != other => Leaves::Unknown,
            (one, other) if one.rank() <= other.rank() => one,
            (_, other) => other,
        }
    }
}

impl<'a> Leftovers<'a> {
    pub(crate) fn new(context: &Context<'a>) -> Leftovers<'a> {
        Leftovers {
            context: *context,
            denied: HashMap::new(),
            plain: Memo::default(),
        }
    }

    /// What a statement leaves to the owners of its policy.
    pub(crate) fn of(&mut self, site: &'a Site, statement: &'a Statement) -> Left {
        self.of_owners(site, statement, &site.owners, &Branch::new())
    }

    /// What a statement leaves to some owners of its policy, where these conditions turn out so.
    pub(crate) fn of_owners(
        &mut self,
        site: &'a Site,
        statement: &'a Statement,
        owners: &[usize],
        branch: &Branch,
    ) -> Left {
        let placed = Placed {
            context: self.context,
            statement,
            branch: &site.branch,
            file: "",
            certain: true,
        };
        let mut given = placed.guards();
        given.extend(branch.iter().map(|condition| placed.guard(condition)));
        // What it is about, the rule has seen to.
        let clauses = placed.clauses(0).into_iter().map(|mut clause| {
            clause.actions = Selection::Only(Entries::of([ActionPattern::Star]));
            if let Selection::Only(_) = clause.resources {
                clause.resources = Selection::Only(Entries::of([Pattern::literal("*")]));
            }
            clause
        });
        let plain = statement.condition.is_missing() && statement.not_resource.is_missing();
        // What its lists hang on is the rule's to see to, too.
        let own = match plain {
            true => Grants::of(clauses.take(1).map(|clause| Clause {
                guards: placed.guards(),
                ..clause
            })),
            false => Grants::of(clauses),
        };
        let mut left = Left {
            sets: Vec::new(),
            given,
            is_cut: false,
            memo: plain.then(|| Rc::clone(&self.plain)),
            own,
        };
        for owner in owners {
            let denied = self.denied(*owner);
            left.is_cut |= !denied.is_nothing();
            let set = left.own.clone().without(denied);
            left.sets.push((Some(*owner), set));
        }
        if owners.is_empty() {
            left.sets.push((None, left.own.clone()));
        }
        left
    }

    fn denied(&mut self, owner: usize) -> Grants {
        let context = self.context;
        let known = self.denied.entry(owner);
        let denied =
            known.or_insert_with(|| denied_to(context, owner, &Together::of(context, owner)));
        denied.clone()
    }

    /// How many clauses have been looked at.
    #[cfg(test)]
    pub(crate) fn work(&self) -> usize {
        self.denied.values().map(Grants::work).sum()
    }
}

impl Left {
    /// Whether a `Deny` of some owner is looked at.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether some request for an action at a place is left to some owner, of those that send this.
    pub(crate) fn at(&self, action: Action, place: &Place, request: &Request) -> Leaves {
        self.any(Some(action), place, request)
    }

    /// The same for whatever `*` stands for, on everything.
    pub(crate) fn everything(&self) -> Leaves {
        self.any(None, &Place::anywhere(), &Request::default())
    }

    fn any(&self, action: Option<Action>, place: &Place, request: &Request) -> Leaves {
        let mut found = Leaves::Nothing;
        for (owner, set) in &self.sets {
            found = found.or(self.kept(*owner, set, action, place, request));
            if found == Leaves::Some {
                break;
            }
        }
        found
    }

    fn kept(
        &self,
        owner: Option<usize>,
        set: &Grants,
        action: Option<Action>,
        place: &Place,
        request: &Request,
    ) -> Leaves {
        let question = |given: &[Guard]| Question {
            request: request.clone(),
            given: given.to_vec(),
        };
        let ask = || {
            let at = at(set, action);
            self.leaves(
                &at,
                place,
                &|at, given| at.ask(place, &question(given)),
                &|| {
                    let own = crate::leftovers::at(&self.own, action);
                    own.possible(place, &question(&self.given))
                },
            )
        };
        let Some(memo) = &self.memo else {
            return ask();
        };
        let asked = (owner, action, place.clone(), self.given.clone());
        let mut memo = memo.borrow_mut();
        let known = memo.entry(asked).or_default();
        if let Some((_, leaves)) = known.iter().find(|(of, _)| of == request) {
            return leaves.clone();
        }
        let leaves = ask();
        known.push((request.clone(), leaves.clone()));
        leaves
    }

    fn leaves(
        &self,
        at: &At<'_>,
        place: &Place,
        ask: &dyn Fn(&At<'_>, &[Guard]) -> Answer,
        alone: &dyn Fn() -> Tri,
    ) -> Leaves {
        let answer = ask(at, &self.given);
        match answer.whether {
            Tri::Yes => return Leaves::Some,
            Tri::No => return Leaves::Nothing,
            Tri::Maybe => {}
        }
        let mut open = at.guards(place, &self.given);
        open.truncate(MOST_GUARDS);
        let mut given = self.given.clone();
        let mut try_out = |given: &[Guard]| ask(at, given).whether;
        if settle(&open, &mut given, &mut try_out) {
            let rest = given.split_off(self.given.len());
            return Leaves::Where(needed(&self.given, rest, &mut try_out));
        }
        match answer.spent && alone() == Tri::Yes {
            true => Leaves::Unchecked,
            false => Leaves::Unknown,
        }
    }
}

fn at(set: &Grants, action: Option<Action>) -> At<'_> {
    match action {
        Some(action) => set.at(action),
        None => set.at_unnamed(),
    }
}

/// Looks for a way in which conditions of the template turn out so that something is sure; adds it to `given`. First
/// what takes something off isn't there.
fn settle(open: &[Guard], given: &mut Vec<Guard>, ask: &mut dyn FnMut(&[Guard]) -> Tri) -> bool {
    let Some((first, rest)) = open.split_first() else {
        return false;
    };
    for holds in [!first.holds, first.holds] {
        given.push(Guard {
            holds,
            ..first.clone()
        });
        match ask(given) {
            Tri::Yes => return true,
            Tri::Maybe if settle(rest, given, ask) => return true,
            Tri::Maybe | Tri::No => {}
        }
        given.pop();
    }
    false
}

/// Those of the conditions without which it isn't sure.
fn needed(
    given: &[Guard],
    mut rest: Vec<Guard>,
    ask: &mut dyn FnMut(&[Guard]) -> Tri,
) -> Vec<Guard> {
    let mut at = 0;
    while at < rest.len() && rest.len() > 1 {
        let others = rest.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.map(|(_, guard)| guard);
        let all: Vec<Guard> = given.iter().chain(others).cloned().collect();
        match ask(&all) {
            Tri::Yes => {
                rest.remove(at);
            }
            Tri::Maybe | Tri::No => at += 1,
        }
    }
    rest
}

/// How many clauses are looked at where each statement is asked about passing a role, and about an object of its own
/// resource.
#[cfg(test)]
pub(crate) fn work_over(context: &Context<'_>) -> usize {
    use leastwise_catalog::catalog;
    let role = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";
    let mut leftovers = Leftovers::new(context);
    for (site, statement) in context.statements().filter(|(_, it)| it.allows()) {
        let left = leftovers.of(site, statement);
        let of = |service, name| catalog().action(service, name).expect("an action");
        let request = Request::default();
        left.at(of("iam", "PassRole"), &Place::of_format(role), &request);
        for item in statement.resources() {
            for pattern in context.patterns(item) {
                left.at(of("s3", "GetObject"), &Place::of(pattern.clone()), &request);
            }
        }
    }
    leftovers.work()
}
