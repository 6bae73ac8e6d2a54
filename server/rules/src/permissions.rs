//! What an owner may do, over all the policies that the file shows of it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use leastwise_catalog::{Action, ManagedPolicy};
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::model::{Known, List, Statement};
use leastwise_workspace::{Analysis, Config, Owner, Site};

use crate::Context;
use crate::together::{Part, Together};

/// Whether the `Action` or `NotAction` of a statement takes in an action.
pub fn takes_in(statement: &Statement, action: Action) -> Tri {
    match (&statement.action, &statement.not_action) {
        (Known::Is(list), _) => listed(list, action),
        (Known::Missing, Known::Is(list)) => match listed(list, action) {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::Maybe => Tri::Maybe,
        },
        (Known::Missing, Known::Missing) => Tri::No,
        _ => Tri::Maybe,
    }
}

fn listed(list: &List, action: Action) -> Tri {
    let mut unknown = list.dynamic;
    for item in &list.items {
        match &item.action {
            Some(pattern) if pattern.matches(action) => {
                return if item.branch.is_empty() {
                    Tri::Yes
                } else {
                    Tri::Maybe
                };
            }
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { Tri::Maybe } else { Tri::No }
}

impl Context<'_> {
    /// Whether the resources of a statement could hold something that `over` matches. `No` only where they surely
    /// can't.
    pub fn reaches(&self, statement: &Statement, over: &[&Pattern]) -> Tri {
        let Known::Is(list) = &statement.resource else {
            return if statement.not_resource.is_missing() && statement.resource.is_missing() {
                Tri::No
            } else {
                Tri::Maybe
            };
        };
        let mut answer = if list.dynamic { Tri::Maybe } else { Tri::No };
        for item in &list.items {
            for pattern in self.patterns(item) {
                for wanted in over {
                    match pattern.overlaps(wanted) {
                        Tri::Yes => return Tri::Yes,
                        Tri::Maybe => answer = Tri::Maybe,
                        Tri::No => {}
                    }
                }
            }
        }
        answer
    }
}

/// A statement of an owner, with the file that it stands in.
type Granting<'a> = (Context<'a>, &'a Statement);

/// What an owner may do, ready for many questions.
pub(crate) struct Granted<'a> {
    /// AWS's policies that are attached to it.
    managed: Vec<ManagedPolicy>,
    /// The statements of its policies, each with whether it is sure that they are its own.
    statements: Vec<(Granting<'a>, bool)>,
    /// Whether it may have statements that no file shows.
    dynamic: bool,
    /// By action, the statements that take it in or may.
    taking: HashMap<Action, Vec<(Context<'a>, &'a Statement, Tri)>>,
}

impl<'a> Granted<'a> {
    pub(crate) fn new(context: &Context<'a>, owner: usize) -> Granted<'a> {
        let together = Together::of(*context, owner);
        let mut granted = Granted {
            managed: Vec::new(),
            statements: Vec::new(),
            dynamic: together.dynamic,
            taking: HashMap::new(),
        };
        for part in &together.parts {
            granted.add(part);
        }
        granted
    }

    fn add(&mut self, part: &Part<'a>) {
        let analysis = part.context.analysis;
        let Some(owned) = analysis.owners.get(part.owner) else {
            return;
        };
        self.generated(part.context, owned, part.sure);
        if part.documents {
            for site in analysis.documents_of(part.owner) {
                self.site(part.context, site, part.sure);
            }
            return;
        }
        self.managed.extend(&owned.managed);
        for site in analysis.sites_of(part.owner) {
            self.site(part.context, site, part.sure);
        }
    }

    fn generated(&mut self, context: Context<'a>, owned: &'a Owner, sure: bool) {
        for generated in owned.generated.iter().filter(|it| it.kind.grants()) {
            self.dynamic |= generated.policy.dynamic;
            let statements = generated.policy.statements.iter();
            self.statements
                .extend(statements.map(|statement| ((context, statement), sure)));
        }
    }

    fn site(&mut self, context: Context<'a>, site: &'a Site, sure: bool) {
        if !site.kind.grants() {
            return;
        }
        let policy = context.policy(site);
        self.dynamic |= site.is_open(context.tree);
        let statements = policy.statements.iter();
        self.statements
            .extend(statements.map(|statement| ((context, statement), sure)));
    }

    fn taking(&mut self, action: Action) -> &[(Context<'a>, &'a Statement, Tri)] {
        let statements = &self.statements;
        self.taking.entry(action).or_insert_with(|| {
            let taken = statements.iter().map(|((context, statement), sure)| {
                let taken = match takes_in(statement, action) {
                    Tri::Yes if !sure => Tri::Maybe,
                    taken => taken,
                };
                (*context, *statement, taken)
            });
            taken.filter(|(.., taken)| taken.possible()).collect()
        })
    }

    /// Whether the owner is allowed an action on resources that `over` matches (any resource where `over` is empty).
    /// `Maybe` where policies, statements or conditions of it aren't known. A `Deny` is not looked at.
    pub(crate) fn allows(&mut self, action: Action, over: &[&Pattern]) -> Tri {
        let mut answer = if self.dynamic { Tri::Maybe } else { Tri::No };
        for (context, statement, taken) in self.taking(action) {
            if statement.denies() {
                continue;
            }
            let reach = if over.is_empty() {
                Tri::Yes
            } else {
                context.reaches(statement, over)
            };
            match (taken, reach) {
                (_, Tri::No) => {}
                (Tri::Yes, Tri::Yes | Tri::Maybe)
                    if statement.allows() && statement.branch.is_empty() =>
                {
                    return Tri::Yes;
                }
                _ => answer = Tri::Maybe,
            }
        }
        for policy in &self.managed {
            if managed(*policy)
                .iter()
                .any(|statement| statement.allows() && takes_in(statement, action) == Tri::Yes)
            {
                return Tri::Yes;
            }
        }
        answer
    }

    /// Whether some `Deny` of the owner takes the action in: then nobody means it to be allowed.
    pub(crate) fn denies(&mut self, action: Action) -> bool {
        self.taking(action)
            .iter()
            .any(|(_, statement, _)| statement.denies())
    }
}

/// The statements of a policy of AWS. Read once in a process, and only where a file names it.
pub fn managed(policy: ManagedPolicy) -> Arc<Vec<Statement>> {
    type Statements = HashMap<&'static str, Arc<Vec<Statement>>>;
    static READ: LazyLock<Mutex<Statements>> = LazyLock::new(Mutex::default);
    let mut read = READ
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let statements = read.entry(policy.name()).or_insert_with(|| {
        let tree = Tree::parse(policy.document().to_owned(), Format::Json);
        let analysis = Analysis::new(&tree, "policy.json", Arc::new(Config::default()));
        Arc::new(
            analysis
                .sites
                .into_iter()
                .flat_map(|site| site.policy(&tree).statements.clone())
                .collect(),
        )
    });
    Arc::clone(statements)
}
