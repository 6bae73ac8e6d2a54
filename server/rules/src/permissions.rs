//! What an owner may do, over all the policies that the file shows of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use leastwise_catalog::{Action, ManagedPolicy};
use leastwise_policy::grants::{At, Clause, Grants, Question};
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::model::{Branch, Known, List, Policy, Statement};
use leastwise_workspace::{Analysis, Config, Site, SiteKind};

use crate::Context;
use crate::clauses::Placed;
use crate::together::{Part, Together};

/// Whether the `Action` or `NotAction` of a statement takes in an action: [`Clause::takes`] without a clause, for those
/// who ask it of every statement.
pub fn takes_in(statement: &Statement, action: Action) -> Tri {
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
    denied: Grants,
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
        let denied = denied_to(*context, owner, &together);
        Granted {
            left: allowed.without(denied.clone()),
            denied,
            anywhere: RefCell::default(),
        }
    }

    /// Whether the owner may call an action on resources that `over` matches (any resource where `over` is empty), under
    /// whatever conditions. `Maybe` where policies, statements or conditions of it aren't known.
    pub(crate) fn allows(&self, action: Action, over: &[&Pattern]) -> Tri {
        let ask = || self.left.at(action).reaches(over, &Question::default());
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

    /// Whether a `Deny` may take an action off such resources that leaves another one where it is: then nobody means it
    /// to be allowed.
    pub(crate) fn spares(&self, other: Action, action: Action, over: &[&Pattern]) -> bool {
        let own = self.denied.at(action);
        let possible = |at: &At<'_>| at.reaches(over, &Question::default()).possible();
        possible(&own) && possible(&own.only(|clause| clause.takes(other) != Tri::Yes))
    }

    /// Whether a `Deny` may be about an action.
    pub(crate) fn may_deny(&self, action: Action) -> bool {
        !self.denied.at(action).clauses().is_empty()
    }
}

/// Each statement of an owner's policies in one file that gives or takes.
fn each_statement<'a>(part: &Part<'a>, mut see: impl FnMut(Placed<'a, 'a>)) {
    let context = part.context;
    let analysis = context.analysis;
    let Some(owned) = analysis.owners.get(part.owner) else {
        return;
    };
    let file = match part.home {
        true => "",
        false => analysis.path.as_str(),
    };
    let mut of_policy = |policy: &'a Policy, branch: &'a Branch| {
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
        of_policy(context.policy(site), &site.branch);
    }
}

fn sites<'a>(part: &Part<'a>) -> impl Iterator<Item = &'a Site> {
    let analysis = part.context.analysis;
    let (documents, own) = match part.documents {
        true => (Some(analysis.documents_of(part.owner)), None),
        false => (None, Some(analysis.sites_of(part.owner))),
    };
    let documents = documents.into_iter().flatten();
    documents.chain(own.into_iter().flatten())
}

/// The policies of AWS that an owner has in one file, and whether its policies there may say more than is known.
fn of_aws_and_unseen<'a>(part: &Part<'a>) -> (&'a [ManagedPolicy], bool) {
    let Some(owned) = part.context.analysis.owners.get(part.owner) else {
        return (&[], false);
    };
    let generated = owned.generated.iter().filter(|it| it.kind.grants());
    let open = generated.into_iter().any(|it| it.policy.is_open())
        || sites(part)
            .filter(|site| site.kind.grants())
            .any(|site| site.is_open(part.context.tree));
    match part.documents {
        true => (&[], open),
        false => (&owned.managed, open),
    }
}

/// What an owner is denied by its policies and its permissions boundary.
pub(crate) fn denied_to(context: Context<'_>, owner: usize, together: &Together<'_>) -> Grants {
    let mut denied = of_boundaries(context, owner);
    for part in &together.parts {
        each_statement(part, |placed| {
            if !placed.statement.allows() {
                denied.extend(placed.clauses(denied.len()));
            }
        });
        for policy in of_aws_and_unseen(part).0 {
            denied.extend(managed(*policy).denied.iter().cloned());
        }
    }
    Grants::of(denied)
}

/// What the permissions boundaries of an owner deny.
fn of_boundaries(context: Context<'_>, owner: usize) -> Vec<Clause> {
    let sites = context.analysis.sites_of(owner);
    let mut denied = Vec::new();
    for site in sites.filter(|site| site.kind == SiteKind::Boundary) {
        let statements = context.policy(site).statements.iter();
        for statement in statements.filter(|statement| !statement.allows()) {
            let placed = Placed {
                context,
                statement,
                branch: &site.branch,
                file: "",
                certain: true,
            };
            denied.extend(placed.clauses(denied.len()));
        }
    }
    denied
}

/// What a policy of AWS says.
pub(crate) struct OfAws {
    allowed: Grants,
    denied: Vec<Clause>,
}

/// What a policy of AWS says. Read once in a process, and only where a file names it.
pub(crate) fn managed(policy: ManagedPolicy) -> Arc<OfAws> {
    type Read = HashMap<&'static str, Arc<OfAws>>;
    static READ: LazyLock<Mutex<Read>> = LazyLock::new(Mutex::default);
    let mut read = READ
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let policy = read.entry(policy.name()).or_insert_with(|| {
        let tree = Tree::parse(policy.document().to_owned(), Format::Json);
        let analysis = Analysis::new(&tree, "policy.json", Arc::new(Config::default()));
        let context = Context::new(&tree, &analysis);
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for site in &analysis.sites {
            for statement in &context.policy(site).statements {
                let placed = Placed {
                    context,
                    statement,
                    branch: &site.branch,
                    file: "",
                    certain: true,
                };
                let list = match statement.allows() {
                    true => &mut allowed,
                    false => &mut denied,
                };
                list.extend(placed.clauses(list.len()));
            }
        }
        Arc::new(OfAws {
            allowed: Grants::of(allowed),
            denied,
        })
    });
    Arc::clone(policy)
}
