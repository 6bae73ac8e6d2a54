//! What single statements leave to their owners, once all that these are denied is taken off.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use leastwise_catalog::Action;
use leastwise_model::{Branch, Level, Site, Statement};
use leastwise_policy::grants::{
    ActionPart, Clause, Entries, GrantGuard, Grants, Question, Request, Selection, Witness,
};
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ActionPattern, Pattern, Tri};

use crate::Context;
use crate::limits::{SPARED_RESOURCES, TRIED_CONDITIONS};
use crate::support::boundary::Boundary;
use crate::support::clauses::Placed;
use crate::support::identity_policies::Together;
use crate::support::permissions::{denied_to, given};
use crate::work;

/// A resource of one's own account of which nothing is known.
const ANY_ARN: &str = "arn:${Partition}:${Service}:${Region}:${Account}:${Resource}";

/// What statements leave to their owners.
pub(crate) struct Leftovers<'a> {
    context: Context<'a>,
    /// What takes something off each owner.
    limits: HashMap<usize, Limits>,
    /// What is known of statements without conditions: those that are there under the same conditions of the template
    /// leave the same.
    plain: Memo,
    denials: Denials,
}

/// What takes something off what an owner's policies allow.
#[derive(Clone, Default)]
struct Limits {
    /// What it is denied.
    denied: Grants,
    /// What its permissions boundary allows at most.
    boundary: Option<Grants>,
    /// Whether something of the boundary isn't known.
    unknown: bool,
    /// Whether policies that aren't known may deny more.
    unseen: bool,
    /// Whether there are more policies than are looked at.
    cut_off: bool,
    /// When the owner is there.
    given: Vec<GrantGuard>,
}

/// What is left to one owner.
struct Set {
    /// Nobody for a statement without owners.
    owner: Option<usize>,
    /// What neither a `Deny` nor a boundary takes off.
    left: Grants,
    /// What no `Deny` takes off.
    allowed: Grants,
    /// What a `Deny` is about.
    denied: Grants,
    /// Whether a boundary that isn't known may take more off.
    unknown: bool,
    /// Whether policies that aren't known may deny more.
    unseen: bool,
    /// Whether there are more policies than are looked at, any of which may deny it.
    cut_off: bool,
    given: Vec<GrantGuard>,
}

impl Set {
    /// What is sure of an answer once it is heeded that not all policies were looked at.
    fn sure(&self, leaves: Leaves) -> Leaves {
        match leaves {
            Leaves::Nothing => Leaves::Nothing,
            _ if self.cut_off => Leaves::Unknown,
            leaves => leaves,
        }
    }
}

/// Answers by owner, action, place, and what is given.
type Memo = Rc<RefCell<HashMap<Asked, Vec<(Request, Leaves)>>>>;
type Asked = (Option<usize>, Action, Witness, Vec<GrantGuard>);
/// What the denials of an action name, by owner and action: the same for each of an owner's statements.
type Denials = Rc<RefCell<HashMap<(Option<usize>, Action), Rc<Denied>>>>;

/// What the denials of an action name.
#[derive(Default)]
struct Denied {
    /// Whether one surely takes resources off by name.
    names: OnceCell<bool>,
    /// What is left out by name and worth asking about.
    spares: OnceCell<Vec<Pattern>>,
}

/// What a statement of an `Allow` leaves to its owners: the requests that meet its conditions and no `Deny`. Of its
/// actions and resources, `NotResource` alone is heeded; which ones the question is about, the rule picks.
pub(crate) struct Left {
    /// For each owner.
    sets: Vec<Set>,
    /// What the statement gives by itself.
    own: Grants,
    /// Whether some owner is denied something, or may be by policies that aren't looked at.
    is_denied: bool,
    /// Whether something is taken off some owner.
    is_cut: bool,
    /// Where answers are kept.
    memo: Option<Memo>,
    denials: Denials,
}

/// What a statement leaves of something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Leaves {
    /// Nothing.
    Nothing,
    /// It isn't known.
    Unknown,
    /// Something, unless a permissions boundary that isn't known takes it off.
    Bounded,
    /// Something, unless policies that aren't known deny it.
    Unseen,
    /// Something, by itself; what takes it off is too much to work out.
    Unchecked,
    /// Something, where these conditions of the template turn out so. What takes it off hangs on them.
    Where(Vec<GrantGuard>),
    /// Something.
    Some,
}

impl Leaves {
    /// The level of what is found because of it; `None` where nothing is.
    pub(crate) fn level(&self, level: Level) -> Option<Level> {
        match self {
            Leaves::Nothing | Leaves::Unknown => None,
            Leaves::Bounded => Some(level.min(Level::Suggestion)),
            Leaves::Unseen | Leaves::Unchecked | Leaves::Where(_) => {
                Some(level.min(Level::Warning))
            }
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

    /// What to say beside the help.
    pub(crate) fn note(&self) -> &'static str {
        match self {
            Leaves::Bounded => " Its permissions boundary, which isn't known here, may limit it.",
            Leaves::Unseen => " It has policies that aren't known here and may deny it.",
            Leaves::Unchecked => " What is denied is too complex to evaluate.",
            _ => "",
        }
    }

    fn rank(&self) -> usize {
        match self {
            Leaves::Nothing => 0,
            Leaves::Unknown => 1,
            Leaves::Bounded => 2,
            Leaves::Unseen => 3,
            Leaves::Unchecked => 4,
            Leaves::Where(_) => 5,
            Leaves::Some => 6,
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
            limits: HashMap::new(),
            plain: Memo::default(),
            denials: Denials::default(),
        }
    }

    /// What a statement leaves to the owners of its policy.
    pub(crate) fn left_by(&mut self, site: &'a Site, statement: &'a Statement) -> Left {
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
            is_denied: false,
            is_cut: false,
            memo: plain.then(|| Rc::clone(&self.plain)),
            denials: Rc::clone(&self.denials),
            own,
        };
        for owner in owners {
            let limits = self.limits(*owner);
            left.is_denied |= limits.cut_off || !limits.denied.is_nothing();
            left.is_cut |= left.is_denied || limits.boundary.is_some();
            let mut given = given.clone();
            let held = site.held_by(*owner).iter().map(|it| placed.guard(it));
            given.extend(held.chain(limits.given));
            let allowed = left.own.clone().without(limits.denied.clone());
            left.sets.push(Set {
                owner: Some(*owner),
                left: match limits.boundary {
                    Some(boundary) => allowed.clone().meet(boundary),
                    None => allowed.clone(),
                },
                allowed,
                denied: limits.denied,
                unknown: limits.unknown,
                unseen: limits.unseen,
                cut_off: limits.cut_off,
                given,
            });
        }
        if owners.is_empty() {
            left.sets.push(Set {
                owner: None,
                left: left.own.clone(),
                allowed: left.own.clone(),
                denied: Grants::default(),
                unknown: false,
                unseen: false,
                cut_off: false,
                given,
            });
        }
        left
    }

    fn limits(&mut self, owner: usize) -> Limits {
        let context = self.context;
        let known = self.limits.entry(owner).or_insert_with(|| {
            let together = Together::of(context, owner);
            let boundary = Boundary::of(context, owner, &together);
            let mut denied = denied_to(&together);
            denied.extend(boundary.denied);
            Limits {
                denied: Grants::of(denied),
                boundary: boundary.limit,
                unknown: boundary.unknown,
                unseen: together.unseen,
                cut_off: together.cut_off,
                given: given(&context, owner),
            }
        });
        known.clone()
    }

    /// How many clauses have been looked at.
    #[cfg(test)]
    pub(crate) fn work(&self) -> usize {
        self.limits
            .values()
            .map(|limits| limits.denied.work())
            .sum()
    }
}

impl Left {
    /// Whether some owner is denied something, or may be by policies that aren't looked at.
    pub(crate) fn is_denied(&self) -> bool {
        self.is_denied
    }

    /// Whether a `Deny` or a permissions boundary of some owner is looked at.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether some request for an action at a place is left to some owner, of those that send this.
    pub(crate) fn at(&self, action: Action, place: &Witness, request: &Request) -> Leaves {
        let mut found = Leaves::Nothing;
        for set in &self.sets {
            found = found.or(self.kept(set, action, place, request));
            if found == Leaves::Some {
                break;
            }
        }
        found
    }

    /// What a `Deny` leaves of whatever `*` stands for, on everything.
    pub(crate) fn everything(&self) -> Leaves {
        let at = |place: &Witness| {
            let sets = self.sets.iter().map(|set| {
                let ask = Ask {
                    at: set.allowed.at_unnamed(),
                    alone: self.own.at_unnamed(),
                    place,
                    request: &Request::default(),
                };
                set.sure(ask.leaves(&set.given))
            });
            sets.fold(Leaves::Nothing, Leaves::or)
        };
        match at(&Witness::anywhere()) {
            // A `Deny` with `NotResource` may leave whatever has an ARN.
            Leaves::Nothing => at(&Witness::of_format(ANY_ARN)),
            left => left,
        }
    }

    /// Whether a `Deny` surely takes an action off resources that it names.
    pub(crate) fn takes_out_named(&self, action: Action) -> bool {
        let fits = |pattern: &Pattern| action_fits_pattern(action, pattern).possible();
        let names = |clause: &Clause| {
            let sure = clause.certain && clause.guards.is_empty() && clause.conditions.is_empty();
            sure && clause.takes(action) == Tri::Yes
                && matches!(&clause.resources, Selection::Only(list) if list.forms().any(fits))
        };
        self.sets.iter().any(|set| {
            let denied = self.denied(set, action);
            *denied.names.get_or_init(|| {
                let clauses = set.denied.at(action).clauses();
                work::did(clauses.len());
                clauses.into_iter().any(names)
            })
        })
    }

    fn denied(&self, set: &Set, action: Action) -> Rc<Denied> {
        let mut denials = self.denials.borrow_mut();
        Rc::clone(denials.entry((set.owner, action)).or_default())
    }

    /// The resources that a `Deny` of an action leaves by name, of those that are worth asking about: the same ones for
    /// an action, each time. Not all where there are many.
    pub(crate) fn spared(&self, action: Action, worth: impl Fn(&Pattern) -> bool) -> Vec<Pattern> {
        let mut all = Vec::new();
        for set in &self.sets {
            let denied = self.denied(set, action);
            let spared = denied.spares.get_or_init(|| {
                let clauses = set.denied.at(action).clauses();
                work::did(clauses.len());
                let lists = clauses.iter().filter_map(|clause| match &clause.resources {
                    Selection::AllBut(list) => Some(list.forms()),
                    Selection::Only(_) => None,
                });
                let mut seen = HashSet::new();
                let each = lists.flatten().filter(|it| seen.insert(*it) && worth(it));
                each.take(SPARED_RESOURCES).cloned().collect()
            });
            all.extend(spared.iter().cloned());
        }
        all
    }

    fn kept(&self, set: &Set, action: Action, place: &Witness, request: &Request) -> Leaves {
        let ask = || {
            let ask = Ask {
                at: set.left.at(action),
                alone: self.own.at(action),
                place,
                request,
            };
            match set.sure(ask.leaves(&set.given)) {
                Leaves::Unchecked | Leaves::Where(_) | Leaves::Some if set.unknown => {
                    Leaves::Bounded
                }
                Leaves::Some if set.unseen => Leaves::Unseen,
                leaves => leaves,
            }
        };
        let Some(memo) = &self.memo else {
            return ask();
        };
        let asked = (set.owner, action, place.clone(), set.given.clone());
        let mut memo = memo.borrow_mut();
        let known = memo.entry(asked).or_default();
        if let Some((_, leaves)) = known.iter().find(|(of, _)| of == request) {
            return leaves.clone();
        }
        let leaves = ask();
        known.push((request.clone(), leaves.clone()));
        leaves
    }
}

/// A question about what is left.
struct Ask<'g> {
    at: ActionPart<'g>,
    /// What there would be if nothing were taken off.
    alone: ActionPart<'g>,
    place: &'g Witness,
    request: &'g Request,
}

impl Ask<'_> {
    fn question(&self, given: &[GrantGuard]) -> Question {
        Question {
            request: self.request.clone(),
            given: given.to_vec(),
        }
    }

    fn leaves(&self, given: &[GrantGuard]) -> Leaves {
        let answer = self.at.ask(self.place, &self.question(given));
        match answer.whether {
            Tri::Yes => return Leaves::Some,
            Tri::No => return Leaves::Nothing,
            Tri::Maybe => {}
        }
        let mut open = self.at.guards(self.place, given);
        open.truncate(TRIED_CONDITIONS);
        let mut settled = given.to_vec();
        let mut ask = |given: &[GrantGuard]| self.at.ask(self.place, &self.question(given)).whether;
        if settle(&open, &mut settled, &mut ask) {
            let rest = settled.split_off(given.len());
            return Leaves::Where(needed(given, rest, &mut ask));
        }
        let alone = || self.alone.possible(self.place, &self.question(given));
        match answer.spent && alone() == Tri::Yes {
            true => Leaves::Unchecked,
            false => Leaves::Unknown,
        }
    }
}

/// Looks for a way in which conditions of the template turn out so that something is sure; adds it to `given`. First
/// what takes something off isn't there.
fn settle(
    open: &[GrantGuard],
    given: &mut Vec<GrantGuard>,
    ask: &mut dyn FnMut(&[GrantGuard]) -> Tri,
) -> bool {
    let Some((first, rest)) = open.split_first() else {
        return false;
    };
    for holds in [!first.holds, first.holds] {
        given.push(GrantGuard {
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
    given: &[GrantGuard],
    mut rest: Vec<GrantGuard>,
    ask: &mut dyn FnMut(&[GrantGuard]) -> Tri,
) -> Vec<GrantGuard> {
    let mut at = 0;
    while at < rest.len() && rest.len() > 1 {
        let others = rest.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.map(|(_, guard)| guard);
        let all: Vec<GrantGuard> = given.iter().chain(others).cloned().collect();
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
        let left = leftovers.left_by(site, statement);
        let of = |service, name| catalog().action(service, name).expect("an action");
        let request = Request::default();
        left.at(of("iam", "PassRole"), &Witness::of_format(role), &request);
        for item in statement.resources() {
            for pattern in context.patterns(item) {
                left.at(
                    of("s3", "GetObject"),
                    &Witness::of(pattern.clone()),
                    &request,
                );
            }
        }
    }
    leftovers.work()
}
