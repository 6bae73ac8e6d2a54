//! The single walk over a file, which calls all rules.

use leastwise_model::Site;

use crate::Context;
use crate::rule::{
    Facts, FilePart, Finding, OfAction, OfFile, OfIndex, OfOwner, OfPolicy, OfStatement, Rule,
    Scope,
};
use crate::support::action_entry::{ActionEntry, entries, of_permission};

/// The functions of rules by what they look at, each with the number of its rule.
#[derive(Default)]
struct Plan {
    file: Vec<(usize, OfFile)>,
    workspace: Vec<(usize, OfIndex)>,
    policies: Vec<(usize, OfPolicy)>,
    grants: Vec<(usize, OfPolicy)>,
    statements: Vec<(usize, OfStatement)>,
    actions: Vec<(usize, OfAction)>,
    owners: Vec<(usize, OfOwner)>,
}

impl Plan {
    fn of(rules: &[&'static Rule], part: FilePart) -> Plan {
        let mut plan = Plan::default();
        for (at, rule) in rules.iter().enumerate() {
            let scopes = rule.scope.iter();
            for scope in scopes.filter(|scope| scope.part() == part) {
                match *scope {
                    Scope::File(find) => plan.file.push((at, find)),
                    Scope::Workspace(find) => plan.workspace.push((at, find)),
                    Scope::Policy(find) => plan.policies.push((at, find)),
                    Scope::Grant(find) => plan.grants.push((at, find)),
                    Scope::Statement(find) => plan.statements.push((at, find)),
                    Scope::Action(find) => plan.actions.push((at, find)),
                    Scope::Owner(find) => plan.owners.push((at, find)),
                }
            }
        }
        plan
    }

    /// Whether somebody looks at what policies say.
    fn reads_policies(&self) -> bool {
        let none = self.policies.is_empty() && self.statements.is_empty();
        !none || self.reads_permissions()
    }

    /// Whether somebody looks at what resources allow that are a permission by themselves.
    fn reads_permissions(&self) -> bool {
        !(self.grants.is_empty() && self.actions.is_empty())
    }
}

/// Walks once over a part of a file with all these rules. What each has found, in their order.
pub(crate) fn walk(
    context: &Context<'_>,
    rules: &[&'static Rule],
    part: FilePart,
) -> Vec<Vec<Finding>> {
    let plan = Plan::of(rules, part);
    let mut facts = Facts::new(*context, rules.len());
    for (at, find) in &plan.file {
        find(context, facts.for_rule(*at));
    }
    if let Some(index) = context.analysis.index() {
        for (at, find) in &plan.workspace {
            find(context, index, facts.for_rule(*at));
        }
    }
    for site in context.sites().filter(|_| plan.reads_policies()) {
        plan.policy(context, site, &mut facts);
    }
    for site in context.permissions().filter(|_| plan.reads_permissions()) {
        plan.permission(context, site, &mut facts);
    }
    for (index, owner) in context.owners() {
        for (at, find) in &plan.owners {
            find(context, index, owner, facts.for_rule(*at));
        }
    }
    facts.into_findings().collect()
}

impl Plan {
    /// Hands out a policy, its statements, and their actions.
    fn policy<'a>(&self, context: &Context<'a>, site: &'a Site, facts: &mut Facts<'a>) {
        let policy = context.policy(site);
        for (at, find) in self.policies.iter().chain(&self.grants) {
            find(context, site, policy, facts.for_rule(*at));
        }
        for statement in &policy.statements {
            if context.is_given_up() {
                return;
            }
            for (at, find) in &self.statements {
                find(context, site, statement, facts.for_rule(*at));
            }
            if !self.actions.is_empty() {
                self.actions(context, &entries(context, site, statement), facts);
            }
        }
    }

    /// Hands out the policy that AWS makes of a resource which is a permission by itself.
    fn permission<'a>(&self, context: &Context<'a>, site: &'a Site, facts: &mut Facts<'a>) {
        let policy = context.policy(site);
        for (at, find) in &self.grants {
            find(context, site, policy, facts.for_rule(*at));
        }
        for statement in policy
            .statements
            .iter()
            .filter(|_| !self.actions.is_empty())
        {
            self.actions(context, &of_permission(context, site, statement), facts);
        }
    }

    fn actions<'a>(
        &self,
        context: &Context<'a>,
        entries: &[ActionEntry<'a>],
        facts: &mut Facts<'a>,
    ) {
        for entry in entries {
            for (at, find) in &self.actions {
                find(context, entry, facts.for_rule(*at));
            }
        }
    }
}
