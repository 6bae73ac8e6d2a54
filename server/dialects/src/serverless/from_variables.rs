//! Statements that a variable puts into a service from another file, or from a place that depends on the stage: they
//! have no node in the service's policy, but are granted.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_model::draft::Drafter;
use leastwise_model::graft::Graft;
use leastwise_model::text::Text;
use leastwise_model::{Branch, Config, Environment, Generated, Policy, SiteKind, lower};
use leastwise_syntax::{NodeId, Tree, View};

use super::limits::{DEPTH_OF_LISTS, STATEMENTS};
use super::notation::SERVICE;
use super::same_file::same_file;
use super::service::ENVIRONMENT;
use super::variable;
use crate::cloudformation::template::Template;
use crate::resolve::Resolver;
use crate::serverless::resolve::{ServiceNode, Target};

/// What stands elsewhere.
pub(super) struct ExternalStatements {
    /// The statements, by the variable that brings them.
    pub policies: Vec<Generated>,
    /// Whether that is all that the policy's own document doesn't show.
    pub complete: bool,
}

/// The statements that variables bring into the list at `place`. `node` is what they are written for.
pub(super) fn statements(
    tree: &Tree,
    template: &Template,
    config: &Config,
    environments: &[Environment],
    place: &ServiceNode,
    node: NodeId,
) -> ExternalStatements {
    let mut found = ExternalStatements {
        policies: Vec::new(),
        complete: true,
    };
    let own = place.tree.is_none();
    let mut sources = Vec::new();
    if !own {
        sources.push((place.clone(), "file".to_owned()));
    } else {
        let list = same_file(tree, place.node).unwrap_or(place.node);
        let items = match tree.view(list) {
            View::Sequence(items) => items.to_vec(),
            _ => vec![list],
        };
        for item in items {
            let item = tree.resolved(item);
            let View::Scalar(text) = tree.view(item) else {
                continue;
            };
            match variable::whole(text) {
                Some(inner) if same_file(tree, item).is_none() => {
                    let place = ServiceNode {
                        tree: None,
                        node: item,
                    };
                    sources.push((place, inner.to_owned()));
                }
                Some(_) => {}
                None => found.complete = false,
            }
        }
    }
    for (source, origin) in sources {
        // By environment, as one policy where it is the same in all.
        let mut groups: Vec<(Vec<ServiceNode>, Vec<&str>)> = Vec::new();
        for environment in environments {
            let resolver = Resolver::new(tree, config, template, environment, true);
            let mut places = Vec::new();
            found.complete &= collect(&resolver, source.clone(), &mut places, 0);
            match groups.iter_mut().find(|(other, _)| same(other, &places)) {
                Some((_, names)) => names.push(&environment.name),
                None => groups.push((places, vec![&environment.name])),
            }
        }
        let several = groups.len() > 1;
        for (places, names) in groups {
            let mut branches = vec![Branch::new()];
            if several {
                branches = names
                    .iter()
                    .map(|name| vec![(format!("{ENVIRONMENT}{name}"), true)])
                    .collect();
            }
            for branch in branches {
                found.policies.push(Generated {
                    kind: SiteKind::Identity,
                    name: None,
                    origin: origin.clone(),
                    path: Vec::new(),
                    policy: policy(tree, &places, node, &branch),
                    branch,
                });
            }
        }
    }
    found
}

fn same(one: &[ServiceNode], other: &[ServiceNode]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            let trees = match (&one.tree, &other.tree) {
                (None, None) => true,
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                _ => false,
            };
            trees && one.node == other.node
        })
}

/// The statements at a place, through lists and variables. `false` where some can't be told.
fn collect(
    resolver: &Resolver<'_>,
    place: ServiceNode,
    into: &mut Vec<ServiceNode>,
    depth: usize,
) -> bool {
    if depth > DEPTH_OF_LISTS || into.len() >= STATEMENTS {
        return false;
    }
    let Target::Places(places) = resolver.settle(place) else {
        return false;
    };
    let own = resolver.own();
    let mut complete = true;
    for place in places {
        let (place, assumed) = place;
        complete &= !assumed;
        match place.tree(own).view(place.node) {
            View::Mapping(_) => into.push(place),
            View::Sequence(items) => {
                for item in items {
                    let item = place.beside(own, *item);
                    complete &= collect(resolver, item, into, depth + 1);
                }
            }
            _ => complete = false,
        }
    }
    complete
}

fn policy(tree: &Tree, places: &[ServiceNode], node: NodeId, branch: &Branch) -> Policy {
    let drafter = Drafter {
        tree,
        at: node,
        branch: Branch::new(),
    };
    let mut policy = drafter.policy(Vec::new());
    for place in places {
        let lowered = match &place.tree {
            None => lower::statements(tree, place.node, SERVICE),
            Some(other) => Graft {
                from: other,
                tree,
                node,
                names: &HashMap::new(),
            }
            .policy(lower::statements_of_other_file(other, place.node, SERVICE)),
        };
        policy.unseen = policy.unseen.max(lowered.unseen);
        policy
            .statements
            .extend(lowered.statements.into_iter().map(|mut statement| {
                statement.branch.extend(branch.iter().cloned());
                statement
            }));
    }
    policy
}

/// A text of another file as one of this file.
pub(super) fn text(from: &Tree, tree: &Tree, at: NodeId, node: NodeId) -> Text {
    let graft = Graft {
        from,
        tree,
        node,
        names: &HashMap::new(),
    };
    graft.text(Text::lower(from, at, SERVICE))
}
