//! Policies and texts of one file as parts of another.

use std::collections::HashMap;

use leastwise_syntax::{NodeId, Tree};

use crate::policy::{Item, Known, List, Policy, PrincipalKind, Principals, Statement, Test};
use crate::text::{Part, Text};

/// A policy of another file as one that is written for a node of this file.
///
/// `names`: what variables of the file that it stands in are called here, or are as a text.
pub fn grafted(
    from: &Tree,
    tree: &Tree,
    node: NodeId,
    policy: Policy,
    names: &HashMap<String, Named>,
) -> Policy {
    let graft = Graft {
        from,
        tree,
        node,
        names,
    };
    let version = match policy.version {
        Known::Is(ref version) => Known::Is(graft.text(version.clone())),
        _ => Known::Dynamic(node),
    };
    Policy {
        node,
        span: tree.span(node),
        elements: Vec::new(),
        version,
        id: Known::Missing,
        statement_key: None,
        statement_list: None,
        ..graft.policy(policy)
    }
}

/// What a variable of a template is where the template is used.
pub enum Named {
    /// Another variable.
    Variable(String),
    /// This text.
    Text(String),
}

/// Takes a policy out of its file: its nodes become the one that it is written for.
#[derive(Clone, Copy)]
pub struct Graft<'t> {
    /// The file that it is taken out of.
    pub from: &'t Tree,
    /// The file that it becomes a part of.
    pub tree: &'t Tree,
    /// The node there.
    pub node: NodeId,
    /// What its variables are there.
    pub names: &'t HashMap<String, Named>,
}

impl Graft<'_> {
    /// A policy.
    pub fn policy(self, mut policy: Policy) -> Policy {
        for statement in &mut policy.statements {
            self.statement(statement);
        }
        policy
    }

    fn statement(self, statement: &mut Statement) {
        statement.node = self.node;
        statement.span = self.tree.span(self.node);
        statement.elements.clear();
        if let Known::Is(sid) = &mut statement.sid {
            *sid = self.text(sid.clone());
        }
        if let Known::Dynamic(node) = &mut statement.effect {
            *node = self.node;
        }
        for list in [
            &mut statement.action,
            &mut statement.not_action,
            &mut statement.resource,
            &mut statement.not_resource,
        ] {
            self.list(list);
        }
        for principals in [&mut statement.principal, &mut statement.not_principal] {
            match principals {
                Known::Is(Principals {
                    key,
                    node,
                    star_node,
                    kinds,
                    ..
                }) => {
                    (*key, *node, *star_node) = (self.node, self.node, self.node);
                    for PrincipalKind { key, values, .. } in kinds {
                        *key = self.node;
                        self.list(values);
                    }
                }
                Known::Dynamic(node) => *node = self.node,
                Known::Missing => {}
            }
        }
        match &mut statement.condition {
            Known::Is(tests) => {
                for Test {
                    operator_node,
                    key_node,
                    values,
                    ..
                } in tests
                {
                    (*operator_node, *key_node) = (self.node, self.node);
                    self.list(values);
                }
            }
            Known::Dynamic(node) => *node = self.node,
            Known::Missing => {}
        }
    }

    fn list(self, list: &mut Known<List>) {
        match list {
            Known::Is(List {
                key, node, items, ..
            }) => {
                (*key, *node) = (self.node, self.node);
                for Item {
                    node, list, text, ..
                } in items
                {
                    (*node, *list) = (self.node, self.node);
                    *text = self.text(text.clone());
                }
            }
            Known::Dynamic(node) => *node = self.node,
            Known::Missing => {}
        }
    }

    /// A text.
    pub fn text(self, text: Text) -> Text {
        let span = self.tree.span(self.node);
        let part = |part| match part {
            Part::Literal { node, start, end } => Part::Given {
                text: self
                    .from
                    .text(node)
                    .and_then(|text| text.get(start as usize..end as usize))
                    .unwrap_or_default()
                    .to_owned(),
                span,
            },
            Part::Given { text, .. } => Part::Given { text, span },
            Part::Variable { name, .. } => match self.names.get(&name) {
                Some(Named::Variable(name)) => Part::Variable {
                    name: name.clone(),
                    span,
                },
                Some(Named::Text(text)) => Part::Given {
                    text: text.clone(),
                    span,
                },
                None => Part::Variable { name, span },
            },
            Part::Attribute {
                resource,
                attribute,
                ..
            } => Part::Attribute {
                resource,
                attribute,
                span,
            },
            Part::Mark { name, .. } => Part::Mark { name, span },
            Part::Expression { text, sub, .. } => Part::Expression { text, sub, span },
            // A function of CloudFormation that stands elsewhere: unknown by its name.
            Part::Computed { label, .. } => Part::Variable { name: label, span },
        };
        Text {
            node: self.node,
            span,
            parts: text.parts.into_iter().map(part).collect(),
        }
    }
}
