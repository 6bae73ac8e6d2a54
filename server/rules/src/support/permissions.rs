//! What an owner may do, over all the policies that the file shows of it.

use std::cell::RefCell;
use std::collections::HashMap;

use leastwise_catalog::{Action, ManagedPolicy};
use leastwise_model::{Branch, Known, List, Policy, Site, Statement};
use leastwise_policy::grants::{Clause, GrantGuard, Grants, Question};
use leastwise_policy::{Pattern, Tri};

use crate::Context;
use crate::support::attached::{named, of_aws};
use crate::support::boundary::Boundary;
use crate::support::clauses::Placed;
use crate::support::identity_policies::{PolicyPart, Together};
use crate::support::managed::managed;

/// Whether the `Action` or `NotAction` of a statement takes in an action: [`Clause::takes`] without a clause, for those
/// who ask it of every statement.
pub(crate) fn takes_in(statement: &Statement, action: Action) -> Tri {
    match (&statement.action, &statement.not_action) {
        (Known::Is(list), _) => listed(list, action),
        (Known::Missing, Known::Is(list)) => listed(list, action).opposite(),
        (Known::Missing, Known::Missing) => Tri::No,
        _ => Tri::Maybe,
    }
}

/// When a statement surely takes in an action, beside when it is there itself: under the conditions of the template that
/// an item of `Action` hangs on, where none takes it in always. `None` where it never surely does.
pub(crate) fn takes_in_where(statement: &Statement, action: Action) -> Option<Branch> {
    match (takes_in(statement, action), &statement.action) {
        (Tri::Yes, _) => Some(Branch::new()),
        (Tri::Maybe, Known::Is(list)) => {
            let mut items = list.items.iter();
            let item = items.find(|item| item.action.as_ref().is_some_and(|it| it.matches(action)));
            item.map(|item| item.branch.clone())
        }
        _ => None,
    }
}

fn listed(list: &List, action: Action) -> Tri {
    let mut unknown = list.dynamic;
    for item in &list.items {
        match &item.action {
            Some(pattern) if pattern.matches(action) => {
                if item.branch.is_empty() {
                    return Tri::Yes;
                }
                unknown = true;
            }
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { Tri::Maybe } else { Tri::No }
}

/// What an owner may do, ready for many questions.
pub(crate) struct Granted {
    /// What its policies allow, less what they deny.
    left: Grants,
    /// The same without a boundary.
    own: Grants,
    denied: Grants,
    /// Whether a boundary is known to take something off.
    bounded: bool,
    /// When it is there itself.
    given: Vec<GrantGuard>,
    /// What is known of actions on any resource, which is asked again and again.
    anywhere: RefCell<HashMap<Action, Tri>>,
}

impl Granted {
    pub(crate) fn new(context: &Context<'_>, owner: usize) -> Granted {
        let together = Together::of(*context, owner);
        let mut own = Vec::new();
        let mut allowed = Grants::default();
        let mut dynamic = together.dynamic;
        for part in &together.parts {
            each_statement(part, |placed| {
                if !placed.statement.denies() {
                    own.extend(placed.clauses(own.len()));
                }
            });
            let (policies, open) = of_aws_and_unseen(part);
            dynamic |= open;
            for policy in policies {
                allowed = allowed.join(managed(*policy).allowed.clone());
            }
        }
        allowed = Grants::of(own).join(allowed);
        if dynamic {
            allowed = allowed.join(Grants::unknown());
        }
        let boundary = Boundary::of(*context, owner, &together);
        let mut denied = denied_to(&together);
        denied.extend(boundary.denied);
        let denied = Grants::of(denied);
        let own = allowed.without(denied.clone());
        let left = match &boundary.limit {
            Some(limit) => own.clone().meet(limit.clone()),
            None => own.clone(),
        };
        Granted {
            left,
            own,
            denied,
            bounded: boundary.limit.is_some() && !boundary.unknown,
            given: given(context, owner),
            anywhere: RefCell::default(),
        }
    }

    /// Whether the owner may call an action on resources that `over` matches (any resource where `over` is empty), under
    /// whatever conditions. `Maybe` where policies, statements or conditions of it aren't known.
    pub(crate) fn allows(&self, action: Action, over: &[&Pattern]) -> Tri {
        let ask = || self.left.at(action).reaches(over, &self.question());
        if !over.iter().all(|pattern| pattern.is_star()) {
            return ask();
        }
        if let Some(known) = self.anywhere.borrow().get(&action) {
            return *known;
        }
        let answer = ask();
        self.anywhere.borrow_mut().insert(action, answer);
        answer
    }

    /// Whether [`Granted::allows`] doesn't surely say no.
    pub(crate) fn may_allow(&self, action: Action, over: &[&Pattern]) -> bool {
        match over.iter().all(|pattern| pattern.is_star()) {
            true => self.allows(action, over).possible(),
            false => self.left.at(action).may_reach(over, &self.question()),
        }
    }

    /// Whether a `Deny` may take an action off such resources that leaves another one where it is: then nobody means it
    /// to be allowed.
    pub(crate) fn spares(&self, other: Action, action: Action, over: &[&Pattern]) -> bool {
        let own = self.denied.at(action);
        let apart = own.only(|clause| clause.takes(other) != Tri::Yes);
        apart.reaches(over, &self.question()).possible()
    }

    /// Whether a `Deny` may be about an action, or a boundary leave it out.
    pub(crate) fn may_take(&self, action: Action) -> bool {
        self.bounded || self.denied.at(action).is_about_something()
    }

    /// Whether the policies of the owner may allow an action that its boundary leaves out.
    pub(crate) fn is_left_out(&self, action: Action, over: &[&Pattern]) -> bool {
        let own = || self.own.at(action).reaches(over, &self.question());
        self.bounded && own().possible()
    }

    fn question(&self) -> Question {
        Question {
            given: self.given.clone(),
            ..Question::default()
        }
    }
}

/// When an owner is there itself.
pub(crate) fn given(context: &Context<'_>, owner: usize) -> Vec<GrantGuard> {
    let owner = context.analysis.owners.get(owner);
    let branch = owner.map_or(&[][..], |owner| &owner.branch);
    let guards = branch.iter().map(|(condition, holds)| GrantGuard {
        condition: condition.clone(),
        holds: *holds,
    });
    guards.collect()
}

/// Each statement of an owner's policies in one file that gives or takes.
fn each_statement(part: &PolicyPart<'_>, mut see: impl FnMut(Placed<'_, '_>)) {
    let context = part.context;
    let analysis = context.analysis;
    let Some(owned) = analysis.owners.get(part.owner) else {
        return;
    };
    let file = match part.home {
        true => "",
        false => analysis.path.as_str(),
    };
    let mut of_policy = |policy: &Policy, branch: &Branch| {
        for statement in &policy.statements {
            see(Placed {
                context,
                statement,
                branch,
                file,
                certain: part.sure,
            });
        }
    };
    for generated in owned.generated.iter().filter(|it| it.kind.grants()) {
        of_policy(&generated.policy, &generated.branch);
    }
    for site in sites(part).filter(|site| site.kind.grants()) {
        let held = site.held_by(part.owner);
        let branch = site.branch.iter().chain(held).cloned().collect();
        of_policy(context.policy(site), &branch);
    }
}

fn sites<'a>(part: &PolicyPart<'a>) -> impl Iterator<Item = &'a Site> {
    let analysis = part.context.analysis;
    let (documents, own) = match part.documents {
        true => (Some(analysis.documents_of(part.owner)), None),
        false => (None, Some(analysis.sites_of(part.owner))),
    };
    let documents = documents.into_iter().flatten();
    documents.chain(own.into_iter().flatten())
}

/// The policies of AWS that an owner has in one file, and whether its policies there may say more than is known.
fn of_aws_and_unseen<'a>(part: &PolicyPart<'a>) -> (&'a [ManagedPolicy], bool) {
    let Some(owned) = part.context.analysis.owners.get(part.owner) else {
        return (&[], false);
    };
    // What is generated is known as a whole.
    let open = sites(part)
        .filter(|site| site.kind.grants())
        .any(|site| site.is_open(part.context.tree));
    match part.documents {
        true => (&[], open),
        false => (&owned.managed, open),
    }
}

/// What an owner is denied by its policies.
pub(crate) fn denied_to(together: &Together<'_>) -> Vec<Clause> {
    let mut denied = Vec::new();
    for part in &together.parts {
        each_statement(part, |placed| {
            if !placed.statement.allows() {
                denied.extend(placed.clauses(denied.len()));
            }
        });
        for policy in of_aws_and_unseen(part).0 {
            let guards = when_attached(part, *policy);
            let policy = managed(*policy);
            denied.extend(policy.denied.iter().cloned().map(|mut clause| {
                clause.guards.extend(guards.iter().cloned());
                clause
            }));
        }
    }
    denied
}

/// When a policy of AWS is attached to an owner.
fn when_attached(part: &PolicyPart<'_>, policy: ManagedPolicy) -> Vec<GrantGuard> {
    let context = part.context;
    let attached = context
        .analysis
        .owners
        .get(part.owner)
        .map(|owner| &owner.attached);
    let mut of_policy = attached.into_iter().flatten().filter(|attached| {
        let named = named(&context, attached);
        let mut paths = named.iter().filter_map(of_aws);
        paths.any(|path| path.rsplit('/').next() == Some(policy.name()))
    });
    let Some(first) = of_policy.next().filter(|_| part.home) else {
        return Vec::new();
    };
    // Where it is attached twice, either will do.
    let branch = match of_policy.next() {
        Some(_) => &[][..],
        None => &first.branch,
    };
    let guards = branch.iter().map(|(condition, holds)| GrantGuard {
        condition: condition.clone(),
        holds: *holds,
    });
    guards.collect()
}
