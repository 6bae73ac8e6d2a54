//! Follows expressions to the policies that they give: through names, functions, conditionals, loops and files.

use std::collections::HashMap;

use leastwise_model::graft::{Named, grafted};
use leastwise_model::guard::Guard;
use leastwise_model::{BoundBy, Document, Generated, Policy, Shape, SiteKind, files, lower};
use leastwise_syntax::{NodeId, Problem, ProblemKind, Tree, View};

use super::body::{expression, reference, source};
use super::finder::Finder;
use super::limits::DEPTH_OF_EXPRESSIONS;
use super::module::sources;
use super::references::{references, references_in};
use super::uses::Use;
use super::{ModuleNode, Reference, Step, blocks, passthrough, paths, statements};
use crate::intrinsic::plain::PLAIN;
use crate::shape;

/// The sides of a conditional, each with what its policy is used for there: only where the condition holds, or doesn't.
fn sides(
    tree: &Tree,
    at: ModuleNode,
    of: &Use,
    [condition, yes, no]: [NodeId; 3],
) -> [(NodeId, Use); 2] {
    let name = source(tree, condition);
    let condition = ModuleNode {
        node: condition,
        ..at
    };
    [(yes, true), (no, false)].map(|(value, holds)| {
        let mut of = of.clone();
        of.branch.push((name.clone(), holds));
        of.guard(&Guard::Holds(condition, holds));
        (value, of)
    })
}

impl Finder<'_> {
    /// Takes in the policy that an expression gives as JSON. False where it isn't known, or stands in another file.
    pub(super) fn policy(&mut self, at: ModuleNode, of: Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > DEPTH_OF_EXPRESSIONS {
            return false;
        }
        let document = tree.resolved(at.node);
        if document != at.node {
            return self.document(
                ModuleNode {
                    node: document,
                    ..at
                },
                of,
                depth,
            );
        }
        let inner = |node| ModuleNode { node, ..at };
        match tree.view(at.node) {
            View::Scalar(text) if text.contains("${") && !tree.is_of_hcl(at.node) => {
                let mut known = true;
                let mut any = false;
                for name in references_in(text) {
                    any = true;
                    known &= self.named(&name, &of, depth);
                }
                any && known
            }
            View::Scalar(text) => text.is_empty() || super::is_null(tree, at.node),
            View::Mapping(_) => self.document(at, of, depth),
            View::Sequence(items) => {
                let mut known = true;
                for item in items {
                    known &= self.policy(inner(*item), of.clone(), depth + 1);
                }
                known
            }
            View::Tagged(..) => {
                let Some((name, argument)) = expression(tree, at.node) else {
                    return false;
                };
                match (name, tree.items(argument).unwrap_or_default()) {
                    ("ref", _) => self.named(tree.text(argument).unwrap_or_default(), &of, depth),
                    ("jsonencode", &[value]) => self.document(inner(value), of, depth + 1),
                    ("?", &[condition, yes, no]) => {
                        let sides = sides(tree, at, &of, [condition, yes, no]);
                        sides.into_iter().fold(true, |known, (value, of)| {
                            self.policy(inner(value), of, depth + 1) && known
                        })
                    }
                    ("file", &[file, ..]) => self.file(inner(file), &of, &HashMap::new()),
                    ("templatefile", &[file, variables]) => {
                        let names = template_variables(tree, variables);
                        self.file(inner(file), &of, &names)
                    }
                    ("filebase64", _) => false,
                    ("for", &[head, value, ..]) => {
                        for name in references(tree, head) {
                            self.named(&name, &of, depth);
                        }
                        let mut of = of;
                        of.branch.push((source(tree, head), true));
                        self.policy(inner(value), of, depth + 1);
                        false
                    }
                    ("expr", _) => {
                        for name in references(tree, at.node) {
                            self.named(&name, &of, depth);
                        }
                        false
                    }
                    // `format("{… \"Statement\": [%s]}", …)`, `join("", ["{…[", …, "]}"])`: a text of a policy,
                    // of which the others are parts.
                    (_, arguments) if arguments.iter().any(|it| Self::is_pattern(tree, *it)) => {
                        false
                    }
                    (name, arguments) => {
                        let Some(handed) = passthrough::on(name, arguments) else {
                            self.mentioned(at, &of, depth);
                            return false;
                        };
                        let mut of = of;
                        of.replaced.extend(handed.searched.map(inner));
                        let mut known = !handed.arguments.is_empty();
                        for argument in handed.arguments {
                            // `join("", …)`, `coalesce(x, "")`: texts beside the policy.
                            let beside = tree.text(argument).is_some()
                                && tree.resolved(argument) == argument;
                            known &= beside || self.policy(inner(argument), of.clone(), depth + 1);
                        }
                        for map in handed.maps {
                            known &= self.one_of(inner(map), &of, depth + 1);
                        }
                        known
                    }
                }
            }
            View::Alias(_) | View::Invalid => false,
        }
    }

    /// Takes in the policies that are the values of a map.
    fn one_of(&mut self, at: ModuleNode, of: &Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > DEPTH_OF_EXPRESSIONS {
            return false;
        }
        let inner = |node| ModuleNode { node, ..at };
        match tree.view(at.node) {
            View::Mapping(pairs) => {
                let mut known = true;
                for pair in pairs {
                    known &= self.policy(inner(pair.value), of.clone(), depth + 1);
                }
                known
            }
            View::Tagged(..) => match expression(tree, at.node) {
                Some(("ref", text)) => {
                    let local = tree.text(text).and_then(|text| text.strip_prefix("local."));
                    let map = local.and_then(|name| self.module.local(name).copied());
                    map.is_some_and(|map| self.one_of(map, of, depth + 1))
                }
                Some(("merge" | "tomap", maps)) => {
                    let mut known = true;
                    for map in tree.items(maps).unwrap_or_default() {
                        known &= self.one_of(inner(*map), of, depth + 1);
                    }
                    known
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Takes down that something nobody knows is made of the documents that an expression mentions.
    fn mentioned(&mut self, at: ModuleNode, of: &Use, depth: u32) {
        for name in references(self.tree(at.file), at.node) {
            if name.starts_with("data.aws_iam_policy_document.") {
                self.named(&name, of, depth);
            }
        }
    }

    /// Whether a text, or one of a list of them, is a policy only once something is put into it or behind it.
    fn is_pattern(tree: &Tree, node: NodeId) -> bool {
        if let Some(parts) = tree.items(node) {
            return parts.iter().any(|part| Self::is_piece(tree, *part));
        }
        Self::is_piece(tree, node)
    }

    fn is_piece(tree: &Tree, node: NodeId) -> bool {
        let text = tree.text(node).unwrap_or_default();
        let opens = text.contains("\"Statement\"") || text.trim_start().starts_with(['{', '[']);
        opens && tree.get(node, "Statement").is_none()
    }

    /// Takes in the policy that a file beside the module holds. What is found in it belongs to that file.
    fn file(&mut self, at: ModuleNode, of: &Use, names: &HashMap<String, Named>) -> bool {
        let tree = self.tree(at.file);
        let Some(path) = paths::named(tree, at.node) else {
            return false;
        };
        let path_here = files::join(self.folder, path);
        let Some(other) = self.files.tree(&path_here) else {
            self.unread.extend(self.files.refused(&path_here));
            return false;
        };
        let Some(root) = other.documents().first().copied() else {
            return false;
        };
        let can_be_read = |problem: &Problem| problem.kind == ProblemKind::Templated;
        if other.get(root, "Statement").is_none() || !other.problems().iter().all(can_be_read) {
            return false;
        }
        let policy = lower::policy(&other, root, PLAIN);
        self.grant(of, &other, &policy, path, names)
    }

    /// Gives owners a policy that stands in another file. False where there is no place here to note it at.
    pub fn grant(
        &mut self,
        of: &Use,
        from: &Tree,
        policy: &Policy,
        origin: &str,
        names: &HashMap<String, Named>,
    ) -> bool {
        let mut noted = true;
        for managed in of.managed.iter().filter(|at| !of.owners.contains(at)) {
            if let Some(policy) = self.owners.get_mut(*managed) {
                // It is noted with those that have it.
                policy.dynamic = true;
            }
        }
        // Those that a boundary of another file bounds are who it matters to.
        let owners: Vec<usize> = match of.kind {
            SiteKind::Boundary => self.bounded_by(&of.managed),
            _ => of.owners.clone(),
        };
        for owner in &owners {
            let held = of.held.iter().find(|(other, _)| other == owner);
            let mut branch = of.branch.clone();
            branch.extend(held.into_iter().flat_map(|(_, when)| when.iter().cloned()));
            let tree = self.tree;
            let Some(owner) = self.owners.get_mut(*owner) else {
                continue;
            };
            let Some(node) = of.anchor.or(owner.properties) else {
                noted = false;
                continue;
            };
            owner.generated.push(Generated {
                kind: of.kind,
                name: of.name.clone(),
                origin: origin.to_owned(),
                path: of.path.clone(),
                branch,
                policy: grafted(from, tree, node, policy.clone(), names),
            });
        }
        noted
    }

    /// The identities of this file that policies bound.
    fn bounded_by(&self, policies: &[usize]) -> Vec<usize> {
        let owners = self.owners.iter().enumerate();
        let bounded = owners.filter(|(_, owner)| {
            let mut bounds = owner.bounds.iter();
            bounds.any(|bound| matches!(bound.by, BoundBy::Policy(it) if policies.contains(&it)))
        });
        bounded.map(|(at, _)| at).collect()
    }

    /// Takes in the policy that a name stands for.
    fn named(&mut self, name: &str, of: &Use, depth: u32) -> bool {
        let Some(parsed) = Reference::parse(name) else {
            return false;
        };
        if let ("local", [Step::Name(local)]) = (parsed.root, parsed.steps.as_slice()) {
            let Some(at) = self.module.local(local).copied() else {
                return false;
            };
            return self.policy(at, of.clone(), depth + 1);
        }
        let Some(resource) = parsed.resource() else {
            return false;
        };
        let is_document = resource
            .address
            .starts_with("data.aws_iam_policy_document.");
        let block = self.module.block(&resource.address);
        let Some(block) = block.filter(|_| is_document) else {
            return false;
        };
        self.documents.used(&resource.address, of.clone());
        if self.module.is_own(block.body.file) {
            return true;
        }
        let tree = self.tree(block.body.file);
        let policy = blocks::document(tree, block.body.node, &blocks::Merged::default());
        sources::is_alone(tree, block.body.node)
            && self.grant(of, tree, &policy, name, &HashMap::new())
    }

    /// Takes in a policy that is written as an object.
    fn document(&mut self, at: ModuleNode, of: Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > DEPTH_OF_EXPRESSIONS {
            return false;
        }
        let inner = |node| ModuleNode { node, ..at };
        let node = tree.resolved(at.node);
        match tree.view(node) {
            View::Mapping(_) => {
                if !self.module.is_own(at.file) {
                    let policy = lower::policy(tree, node, self.notation());
                    return self.grant(&of, tree, &policy, "another file", &HashMap::new());
                }
                if self.by_node.contains_key(&node) {
                    statements::take(self, at, node, &of);
                    self.share(node, of);
                    return true;
                }
                let mut document = Document::shaped(node, Shape::Document, self.notation());
                document.is_covered_by_generated = statements::take(self, at, node, &of);
                self.push(of, document);
                true
            }
            // A document that somebody put into a list, or its statements without it.
            View::Sequence(_) => {
                let is_list = shape::is_list(tree, node);
                if self.module.is_own(at.file) && is_list && !self.by_node.contains_key(&node) {
                    let document = Document::shaped(node, Shape::Document, self.notation());
                    self.push(of, document);
                }
                false
            }
            View::Tagged(..) => match expression(tree, node) {
                Some(("ref", text)) => {
                    let local = tree.text(text).and_then(|text| text.strip_prefix("local."));
                    match local.and_then(|name| self.module.local(name)) {
                        Some(at) => self.document(*at, of, depth + 1),
                        None => false,
                    }
                }
                Some(("?", arguments)) => match tree.items(arguments) {
                    Some(&[condition, yes, no]) => {
                        let sides = sides(tree, at, &of, [condition, yes, no]);
                        sides.into_iter().fold(true, |known, (value, of)| {
                            self.document(inner(value), of, depth + 1) && known
                        })
                    }
                    _ => false,
                },
                Some(("jsondecode", arguments)) => match tree.items(arguments) {
                    Some(&[value]) => self.policy(inner(value), of, depth + 1),
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        }
    }
}

/// What the variables of a template are where `templatefile` names them; those that are put together are left out.
fn template_variables(tree: &Tree, variables: NodeId) -> HashMap<String, Named> {
    let value = |node| match reference(tree, node) {
        Some(name) => Some(Named::Variable(name.to_owned())),
        None => tree.text(node).map(|text| Named::Text(text.to_owned())),
    };
    tree.pairs(tree.resolved(variables))
        .iter()
        .filter_map(|pair| Some((tree.text(pair.key)?.to_owned(), value(pair.value)?)))
        .collect()
}
