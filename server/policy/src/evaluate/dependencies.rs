//! What an answer depends on.

use super::statements::{Attachment, Decisive, Hearing, InForce, Standing};
use crate::grants::{GrantGuard, Sent, variable_keys};
use crate::{PolicyKind, Tri};

/// Something that an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// What the request sends under this key, in lower case.
    Key(String),
    /// A condition of a template.
    Guard(GrantGuard),
    /// What of this statement isn't known before deployment.
    Statement(Decisive),
    /// Which policies of this kind there are.
    Policies(PolicyKind),
    /// Whether whoever makes the request is in the account of the resource.
    Accounts,
    /// Whether SCPs or RCPs hold for the request: not for the management account, that of whoever makes the request or
    /// that of the resource, and not for service-linked roles.
    Escape(PolicyKind),
}

/// What an answer that depends may depend on.
pub(super) fn of(layers: &[InForce<'_>], hearing: &Hearing<'_>) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut add = |dependency: Dependency| {
        if !found.contains(&dependency) {
            found.push(dependency);
        }
    };
    let requester = &hearing.asked.requester;
    if requester.has_account() && hearing.asked.is_in_one_account() == Tri::Maybe {
        add(Dependency::Accounts);
    }
    for layer in layers.iter().filter(|layer| layer.holds.possible()) {
        if layer.holds == Tri::Maybe {
            add(Dependency::Escape(layer.layer));
        }
        if matches!(layer.attached, Attachment::Unknown) {
            add(Dependency::Policies(layer.layer));
        }
        let is_own = matches!(layer.layer, PolicyKind::Trust | PolicyKind::Resource);
        let has_one = is_own && hearing.asked.needs_resource_policy().possible();
        if has_one && matches!(layer.attached, Attachment::Nothing) {
            add(Dependency::Policies(layer.layer));
        }
        for standing in layer.standings() {
            let is_open = hearing.denies(standing) == Tri::Maybe
                || hearing.allows_somehow(standing) == Tri::Maybe;
            if is_open {
                of_statement(standing, hearing, &mut add);
            }
        }
    }
    found
}

fn of_statement(standing: Standing<'_>, hearing: &Hearing<'_>, add: &mut impl FnMut(Dependency)) {
    let provision = standing.provision;
    let clause = &provision.clause;
    let mut is_explained = false;
    let mut explain = |dependency: Dependency| {
        is_explained = true;
        add(dependency);
    };
    let is_open = |key: &str| match hearing.request.sent(key) {
        None => true,
        Some(Sent::Text(text)) => text.has_holes(),
        Some(_) => false,
    };
    for guard in &clause.guards {
        let given = &hearing.asked.given;
        if !given.iter().any(|other| other.condition == guard.condition) {
            explain(Dependency::Guard(guard.clone()));
        }
    }
    let mut has_unknowns = clause.conditions.open || !clause.certain;
    for test in &clause.conditions.tests {
        has_unknowns |= test.has_unknowns();
        let keys = test.key().map(str::to_owned).into_iter();
        for key in keys.chain(test.variables()).filter(|key| is_open(key)) {
            explain(Dependency::Key(key));
        }
    }
    if hearing.reaches(standing) == Tri::Maybe {
        let resources = clause.resources.entries();
        let keys = resources.forms().flat_map(variable_keys);
        let mut keys = keys.filter(|key| is_open(key)).peekable();
        has_unknowns |= keys.peek().is_none();
        for key in keys {
            explain(Dependency::Key(key));
        }
    }
    has_unknowns |= clause.takes(hearing.asked.action) == Tri::Maybe;
    has_unknowns |= hearing.is_about_requester(provision, false) == Tri::Maybe;
    has_unknowns |= provision.allows == Tri::Maybe;
    if has_unknowns || !is_explained {
        add(Dependency::Statement(standing.decisive()));
    }
}
