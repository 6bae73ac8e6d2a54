//! Statements that stand beside the documents that they are part of: local values, with IAM's names for their elements.

use std::collections::HashMap;

use leastwise_model::guard::Guard;
use leastwise_model::{Document, Shape, SiteKind, Unseen, lower};
use leastwise_syntax::{NodeId, View};

use super::body::{argument, expression, source};
use super::finder::Finder;
use super::limits::DEPTH_OF_LISTS;
use super::uses::Use;
use super::{ModuleNode, blocks, lists, merged};

/// Gives the statements that a document refers to, to those who have the document. True where there are some and all of them
/// are known.
pub(super) fn take(finder: &mut Finder<'_>, at: ModuleNode, document: NodeId, of: &Use) -> bool {
    let tree = finder.tree(at.file);
    let Some(node) = argument(tree, document, "Statement") else {
        return false;
    };
    let mut taking = Taking {
        finder,
        any: false,
        known: true,
    };
    taking.value(ModuleNode { node, ..at }, of, None, 0);
    taking.any && taking.known
}

struct Taking<'f, 'a> {
    finder: &'f mut Finder<'a>,
    /// Whether there are statements that stand elsewhere.
    any: bool,
    /// Whether all of those are known.
    known: bool,
}

impl Taking<'_, '_> {
    /// What is given for `Statement`, or for an item of it; `name` is the local value that it stands in.
    fn value(&mut self, at: ModuleNode, of: &Use, name: Option<&str>, depth: u32) {
        let tree = self.finder.tree(at.file);
        let inner = |node| ModuleNode { node, ..at };
        let node = tree.resolved(at.node);
        if depth > DEPTH_OF_LISTS {
            self.known = false;
            return;
        }
        match (tree.view(node), name) {
            (View::Sequence(items), None) => {
                for item in items {
                    self.value(inner(*item), of, None, depth + 1);
                }
            }
            (View::Sequence(items), Some(local)) => {
                self.found(inner(node), of, local);
                for item in items {
                    if !matches!(tree.view(*item), View::Mapping(_)) {
                        self.value(inner(*item), of, None, depth + 1);
                    }
                }
            }
            (View::Mapping(_), None) => {}
            (View::Mapping(_), Some(local)) => self.found(inner(node), of, local),
            (View::Tagged(..), _) => self.expression(inner(node), of, name, depth),
            _ => self.known = false,
        }
    }

    fn expression(&mut self, at: ModuleNode, of: &Use, name: Option<&str>, depth: u32) {
        let tree = self.finder.tree(at.file);
        let inner = |node| ModuleNode { node, ..at };
        if merged(tree, at.node).is_some() {
            if let Some(local) = name {
                self.found(at, of, local);
            }
            return;
        }
        if let Some(lists) = lists(tree, at.node) {
            for list in lists {
                self.value(inner(list), of, name, depth + 1);
            }
            return;
        }
        match expression(tree, at.node) {
            Some(("ref", text)) => {
                let local = tree.text(text).and_then(|text| text.strip_prefix("local."));
                let module = self.finder.module;
                match local.and_then(|local| Some((local, *module.local(local)?))) {
                    Some((local, at)) => self.value(at, of, Some(local), depth + 1),
                    None => self.known = false,
                }
            }
            Some(("?", arguments)) => match tree.items(arguments) {
                Some(&[condition, yes, no]) => {
                    for (value, holds) in [(yes, true), (no, false)] {
                        let mut of = of.clone();
                        of.branch.push((source(tree, condition), holds));
                        of.guard(&Guard::Holds(inner(condition), holds));
                        self.value(inner(value), &of, name, depth + 1);
                    }
                }
                _ => self.known = false,
            },
            Some(("for", parts)) => {
                // How many it makes isn't written.
                self.known = false;
                if let (Some(&[head, value, ..]), Some(_)) = (tree.items(parts), name) {
                    let mut of = of.clone();
                    of.branch.push((source(tree, head), true));
                    self.value(inner(value), &of, name, depth + 1);
                }
            }
            _ => self.known = false,
        }
    }

    /// Statements of a local value.
    fn found(&mut self, at: ModuleNode, of: &Use, local: &str) {
        let tree = self.finder.tree(at.file);
        let items = tree.items(at.node).unwrap_or_default().iter();
        // In the names of blocks it is no statement of a document.
        if items
            .chain([&at.node])
            .any(|node| blocks::is_like_statement(tree, *node))
        {
            self.known = false;
            return;
        }
        self.any = true;
        let finder = &mut *self.finder;
        let notation = finder.notation();
        let tree = finder.tree(at.file);
        if !finder.module.is_own(at.file) {
            let policy = lower::statements(tree, at.node, notation);
            let origin = format!("local.{local}");
            self.known &= policy.unseen == Unseen::Nothing
                && finder.grant(of, tree, &policy, &origin, &HashMap::new());
            return;
        }
        if let Some(site) = finder.share(at.node, of.clone()) {
            if site.kind != of.kind {
                site.kind = SiteKind::Unknown;
            }
            return;
        }
        let shape = match tree.view(at.node) {
            View::Sequence(_) => Shape::Statements,
            _ => Shape::Statement,
        };
        let path = vec!["locals".to_owned(), local.to_owned()];
        let document = Document::shaped(at.node, shape, notation);
        finder.push(Use { path, ..of.clone() }, document);
    }
}
