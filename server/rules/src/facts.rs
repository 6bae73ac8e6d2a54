//! Rules in two halves: what is so, and how it is said.
//!
//! `find` looks at one place and yields facts of the rule's own type: plain data, with no word that a user reads. Message,
//! help and fixes are made from a fact. A rule's `run` is one of the walks below with its `find`.

use leastwise_model::{Owner, Policy, Site, Statement};

use crate::{Context, Finding, Findings};

/// What a rule has found, in its own terms.
pub(crate) trait Fact {
    /// How it is said: where, message, level, help, related places, fixes.
    fn finding(&self, context: &Context<'_>) -> Finding;
}

/// Looks at each policy.
pub(crate) fn of_policies<F: Fact>(
    context: &Context<'_>,
    findings: &mut Findings,
    find: impl Fn(&Context<'_>, &Site, &Policy, &mut Vec<F>),
) {
    let mut facts = Vec::new();
    for site in context.sites() {
        find(context, site, context.policy(site), &mut facts);
    }
    say(context, &facts, findings);
}

/// Looks at each statement.
pub(crate) fn of_statements<F: Fact>(
    context: &Context<'_>,
    findings: &mut Findings,
    find: impl Fn(&Context<'_>, &Site, &Statement, &mut Vec<F>),
) {
    let mut facts = Vec::new();
    for (site, statement) in context.statements() {
        find(context, site, statement, &mut facts);
    }
    say(context, &facts, findings);
}

/// Looks at each policy that lets somebody in: [`Context::grants`].
pub(crate) fn of_grants<F: Fact>(
    context: &Context<'_>,
    findings: &mut Findings,
    find: impl Fn(&Context<'_>, &Site, &Policy, &mut Vec<F>),
) {
    let mut facts = Vec::new();
    for site in context.grants() {
        find(context, site, context.policy(site), &mut facts);
    }
    say(context, &facts, findings);
}

/// Looks at each owner; the number is its index in [`leastwise_workspace::Analysis::owners`].
pub(crate) fn of_owners<F: Fact>(
    context: &Context<'_>,
    findings: &mut Findings,
    find: impl Fn(&Context<'_>, usize, &Owner, &mut Vec<F>),
) {
    let mut facts = Vec::new();
    for (index, owner) in context.owners() {
        find(context, index, owner, &mut facts);
    }
    say(context, &facts, findings);
}

/// Says what was found in no order of the walks above.
pub(crate) fn say<F: Fact>(context: &Context<'_>, facts: &[F], findings: &mut Findings) {
    for fact in facts {
        findings.push(fact.finding(context));
    }
}
