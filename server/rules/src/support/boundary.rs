//! What the permissions boundaries of owners leave of what their policies allow.

use leastwise_catalog::catalog;
use leastwise_model::{Attached, Bound, BoundBy, Branch, Policy, SiteKind};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, GrantGuard, Grants, Selection,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};

use crate::Context;
use crate::support::attached::{named, of_aws};
use crate::support::clauses::Placed;
use crate::support::identity_policies::Together;
use crate::support::managed::managed;

/// What a boundary says.
#[derive(Default)]
pub(crate) struct Boundary {
    /// What it allows at most, as far as that is known; what isn't, it is taken to allow. `None` where there is none.
    pub limit: Option<Grants>,
    /// What it denies.
    pub denied: Vec<Clause>,
    /// Whether some of it isn't known.
    pub unknown: bool,
    /// Whether it allows everything, whatever else it says.
    pub allows_all: bool,
}

/// Whether a permissions boundary takes something off what an owner's policies allow, or may do so. Of an owner that is
/// declared elsewhere nobody knows; most have none. One that allows everything and denies nothing bounds nothing.
pub(crate) fn is_bounded(context: Context<'_>, owner: usize) -> bool {
    let owned = context.analysis.owners.get(owner);
    if owned.is_none_or(|it| it.declared.is_none() || it.boundary.is_missing()) {
        return false;
    }
    let together = Together::of(context, owner);
    let boundary = Boundary::of(context, owner, &together);
    !(boundary.allows_all && boundary.denied.is_empty())
}

impl Boundary {
    /// The boundary of an owner, where it is declared in this file or another.
    pub(crate) fn of(context: Context<'_>, owner: usize, together: &Together<'_>) -> Boundary {
        let home = (context, owner, "");
        let others = together
            .parts
            .iter()
            .filter(|part| !part.documents && !part.home);
        let others = others.map(|part| {
            let path = part.context.analysis.path.as_str();
            (part.context, part.owner, path)
        });
        let mut declared = std::iter::once(home).chain(others).filter_map(|place| {
            let (context, owner, _) = place;
            let owner = context.analysis.owners.get(owner)?;
            owner.declared.is_some().then_some((owner, place))
        });
        let Some((owned, (context, owner, file))) = declared.next() else {
            // Of one that is declared elsewhere nobody knows; most have none.
            return Boundary::default();
        };
        if owned.boundary.is_missing() {
            return Boundary::default();
        }
        let mut read = Reading {
            context,
            owner,
            file,
            found: Boundary::default(),
            allowed: Vec::new(),
            whole: Grants::default(),
        };
        for bound in &owned.bounds {
            read.bound(bound);
        }
        if owned.bounds.is_empty() {
            read.everything(&Branch::new(), true);
        }
        let mut found = read.found;
        found.limit = Some(Grants::of(read.allowed).join(read.whole));
        found
    }
}

/// A boundary that is being read.
struct Reading<'a> {
    context: Context<'a>,
    owner: usize,
    /// What tells conditions of its file from those of others.
    file: &'a str,
    found: Boundary,
    allowed: Vec<Clause>,
    /// What policies of AWS allow.
    whole: Grants,
}

impl Reading<'_> {
    fn bound(&mut self, bound: &Bound) {
        let context = self.context;
        match &bound.by {
            BoundBy::Nothing => {
                self.found.allows_all |= bound.branch.is_empty();
                self.everything(&bound.branch, false);
            }
            BoundBy::Policy(policy) => {
                if !self.documents(context, *policy, self.file, &bound.branch) {
                    self.generated(&bound.branch);
                }
            }
            BoundBy::Arn(arn) => {
                let attached = Attached {
                    arn: arn.clone(),
                    branch: Branch::new(),
                    is_granted_already: false,
                };
                if !self.of_aws(&attached, &bound.branch) {
                    self.add_of_other_file(&attached, &bound.branch);
                }
            }
        }
    }

    /// Takes in the documents of a managed policy of a file. False where it has none there.
    fn documents(
        &mut self,
        there: Context<'_>,
        policy: usize,
        file: &str,
        branch: &Branch,
    ) -> bool {
        let mut any = false;
        for site in there.analysis.documents_of(policy) {
            any = true;
            let branch: Branch = branch.iter().chain(&site.branch).cloned().collect();
            self.policy(there, there.policy(site), file, &branch);
            if site.is_open(there.tree) {
                self.everything(&branch, true);
            }
        }
        any
    }

    /// Takes in what another file of the module says the boundary is.
    fn generated(&mut self, branch: &Branch) {
        let context = self.context;
        let owner = context.analysis.owners.get(self.owner);
        let generated = owner.map_or(&[][..], |owner| &owner.generated);
        let mut any = false;
        for one in generated
            .iter()
            .filter(|one| one.kind == SiteKind::Boundary)
        {
            any = true;
            let branch: Branch = branch.iter().chain(&one.branch).cloned().collect();
            self.policy(context, &one.policy, self.file, &branch);
            if one.policy.is_open() {
                self.everything(&branch, true);
            }
        }
        if !any {
            self.everything(branch, true);
        }
    }

    fn policy(&mut self, context: Context<'_>, policy: &Policy, file: &str, branch: &Branch) {
        for statement in &policy.statements {
            let placed = Placed {
                context,
                statement,
                branch,
                file,
                certain: true,
            };
            if !statement.denies() {
                let clauses = placed.clauses(self.allowed.len());
                self.found.allows_all |= clauses.iter().any(is_whole);
                self.allowed.extend(clauses);
            }
            if !statement.allows() {
                let denied = &mut self.found.denied;
                denied.extend(placed.clauses(denied.len()));
            }
        }
    }

    /// Takes in a policy of AWS. False where it surely is none that is known.
    fn of_aws(&mut self, attached: &Attached, branch: &Branch) -> bool {
        let named = named(&self.context, attached);
        let policies = named.iter().map(|arn| {
            let path = of_aws(arn)?;
            catalog().managed_policy(&format!("arn:aws:iam::aws:policy/{path}"))
        });
        let Some(policies) = policies.collect::<Option<Vec<_>>>() else {
            return false;
        };
        let [policy, rest @ ..] = policies.as_slice() else {
            return false;
        };
        if rest.iter().any(|other| other.name() != policy.name()) {
            return false;
        }
        let guards = self.guards(branch);
        let policy = managed(*policy);
        let clauses = policy.allowed.at_unnamed().clauses();
        self.found.allows_all |= guards.is_empty() && clauses.into_iter().any(is_whole);
        let there = Grants::of([whole(guards.clone())]);
        let whole = std::mem::take(&mut self.whole);
        self.whole = whole.join(policy.allowed.clone().meet(there));
        self.found
            .denied
            .extend(policy.denied.iter().cloned().map(|mut clause| {
                clause.guards.extend(guards.iter().cloned());
                clause
            }));
        true
    }

    /// Takes in a policy that another file declares.
    fn add_of_other_file(&mut self, attached: &Attached, branch: &Branch) {
        let Context { tree, analysis, .. } = self.context;
        let joined = analysis
            .index()
            .and_then(|index| index.attached(tree, analysis, attached));
        let joined = joined.filter(|joined| joined.iter().all(|policy| policy.always));
        let Some([policy]) = joined.as_deref() else {
            self.everything(branch, true);
            return;
        };
        let there = Context::new(&policy.file.tree, &policy.file.analysis);
        let path = there.analysis.path.clone();
        // Its conditions are those of another file than the branch's.
        let known = branch.is_empty()
            && !policy.file.is(analysis)
            && self.documents(there, policy.owner, &path, branch);
        if !known {
            self.everything(branch, true);
        }
    }

    /// Takes in that there is no limit under a branch, or none that is known.
    fn everything(&mut self, branch: &Branch, unknown: bool) {
        self.found.unknown |= unknown;
        let guards = self.guards(branch);
        self.allowed.push(whole(guards));
    }

    fn guards(&self, branch: &Branch) -> Vec<GrantGuard> {
        let guards = branch.iter().map(|(condition, holds)| GrantGuard {
            condition: match self.file {
                "" => condition.clone(),
                file => format!("{file}: {condition}"),
            },
            holds: *holds,
        });
        guards.collect()
    }
}

/// Everything, under conditions of the template.
fn whole(guards: Vec<GrantGuard>) -> Clause {
    Clause {
        id: ClauseId(0),
        actions: Selection::Only(Entries::of([ActionPattern::Star])),
        resources: Selection::Only(Entries::of([Pattern::literal("*")])),
        conditions: Conditions::default(),
        certain: true,
        guards,
    }
}

/// Whether a clause surely is about everything.
fn is_whole(clause: &Clause) -> bool {
    let Clause {
        actions: Selection::Only(actions),
        resources: Selection::Only(resources),
        ..
    } = clause
    else {
        return false;
    };
    let tri = |is: bool| if is { Tri::Yes } else { Tri::No };
    let actions = actions.any(|pattern| tri(*pattern == ActionPattern::Star));
    let resources = resources.any(|pattern| tri(pattern.is_star()));
    let sure = clause.certain && clause.guards.is_empty() && clause.conditions.is_empty();
    sure && actions == Tri::Yes && resources == Tri::Yes
}
