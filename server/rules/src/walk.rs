//! The one walk over a file that all rules look at it on.

use crate::Context;
use crate::rule::{
    Facts, Finding, OfIndex, OfOwner, OfPolicy, OfStatement, OfUnit, Part, Rule, Scope,
};

/// The functions of rules by what they look at, each with the number of its rule.
#[derive(Default)]
struct Plan {
    file: Vec<(usize, OfUnit)>,
    workspace: Vec<(usize, OfIndex)>,
    policies: Vec<(usize, OfPolicy)>,
    grants: Vec<(usize, OfPolicy)>,
    statements: Vec<(usize, OfStatement)>,
    owners: Vec<(usize, OfOwner)>,
    units: Vec<(usize, OfUnit)>,
}

impl Plan {
    fn of(rules: &[&'static Rule], part: Part) -> Plan {
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
                    Scope::Owner(find) => plan.owners.push((at, find)),
                    Scope::Unit(find) => plan.units.push((at, find)),
                }
            }
        }
        plan
    }

    /// Whether somebody looks at what policies say.
    fn reads_policies(&self) -> bool {
        !(self.policies.is_empty() && self.grants.is_empty() && self.statements.is_empty())
    }
}

/// Walks once over a part of a file with all these rules. What each has found, in their order.
pub(crate) fn walk(
    context: &Context<'_>,
    rules: &[&'static Rule],
    part: Part,
) -> Vec<Vec<Finding>> {
    let plan = Plan::of(rules, part);
    let mut facts = Facts::new(*context, rules.len());
    for (at, find) in &plan.file {
        find(context, facts.of(*at));
    }
    if let Some(index) = context.analysis.index() {
        for (at, find) in &plan.workspace {
            find(context, index, facts.of(*at));
        }
    }
    for site in context.sites().filter(|_| plan.reads_policies()) {
        let policy = context.policy(site);
        for (at, find) in plan.policies.iter().chain(&plan.grants) {
            find(context, site, policy, facts.of(*at));
        }
        for statement in &policy.statements {
            for (at, find) in &plan.statements {
                find(context, site, statement, facts.of(*at));
            }
        }
    }
    for site in context.permissions().filter(|_| !plan.grants.is_empty()) {
        for (at, find) in &plan.grants {
            find(context, site, context.policy(site), facts.of(*at));
        }
    }
    for (index, owner) in context.owners() {
        for (at, find) in &plan.owners {
            find(context, index, owner, facts.of(*at));
        }
    }
    for (at, find) in &plan.units {
        find(context, facts.of(*at));
    }
    facts.into_findings().collect()
}
