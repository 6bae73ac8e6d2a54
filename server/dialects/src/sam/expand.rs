//! Statements that SAM writes, as policies of the model: their nodes are those of what they are written for.

use std::sync::OnceLock;

use leastwise_catalog::{SamStatement, catalog};
use leastwise_model::text::{Part, Text};
use leastwise_model::{
    Attached, Branch, Effect, Form, Generated, Item, Known, List, Owner, Policy, PrincipalKind,
    Principals, SiteKind, Statement, Test, Unseen,
};
use leastwise_policy::ActionPattern;
use leastwise_syntax::{NodeId, Span, Tree};

use crate::cloudformation::notation::TEMPLATE;

/// Writes what SAM makes of the thing at a node.
#[derive(Clone)]
pub(super) struct Writer<'t> {
    tree: &'t Tree,
    at: NodeId,
    span: Span,
    pub branch: Branch,
}

/// Whom a statement is about.
pub(super) enum Who<'s> {
    /// The identity that it is attached to.
    Holder,
    /// A service.
    Service(&'s str),
    /// Everybody.
    Everybody,
    /// Accounts and identities; `None` for those that can't be told.
    Named(Vec<Option<Text>>),
}

/// A statement before it is one: what it says of these actions on these resources.
pub(super) struct Draft<'s> {
    pub effect: Effect,
    pub actions: Vec<&'s str>,
    /// `None` for one that can't be told.
    pub resources: Vec<Option<Text>>,
    /// Operator, key and value.
    pub tests: Vec<(&'s str, &'s str, Option<Text>)>,
    pub who: Who<'s>,
}

impl<'s> Draft<'s> {
    pub fn allow(actions: &[&'s str], resource: Option<Text>) -> Draft<'s> {
        Draft {
            actions: actions.to_vec(),
            resources: vec![resource],
            tests: Vec::new(),
            who: Who::Holder,
            effect: Effect::Allow,
        }
    }
}

impl<'t> Writer<'t> {
    pub fn new(tree: &'t Tree, at: NodeId, branch: &Branch) -> Writer<'t> {
        Writer {
            tree,
            at,
            span: tree.span(at),
            branch: branch.clone(),
        }
    }

    /// The text with a value for each `${…}`: pseudo parameters stand for themselves, `value` gives the others. `None`
    /// where it doesn't.
    pub fn text(&self, template: &str, value: &dyn Fn(&str) -> Option<Vec<Part>>) -> Option<Text> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find("${") {
            let close = open + rest.get(open..)?.find('}')?;
            self.push(&mut parts, rest.get(..open)?);
            let name = rest.get(open + 2..close)?;
            rest = rest.get(close + 1..)?;
            if name.starts_with("AWS::") {
                parts.push(self.variable(name));
            } else {
                parts.extend(value(name)?);
            }
        }
        self.push(&mut parts, rest);
        Some(self.of(parts))
    }

    /// A text without values.
    pub fn plain(&self, template: &str) -> Text {
        let text = self.text(template, &|_| None);
        text.unwrap_or_else(|| self.of(Vec::new()))
    }

    /// A text of these parts.
    pub fn of(&self, parts: Vec<Part>) -> Text {
        Text {
            node: self.at,
            span: self.span,
            parts,
        }
    }

    fn push(&self, parts: &mut Vec<Part>, text: &str) {
        if !text.is_empty() {
            parts.push(Part::Given {
                text: text.to_owned(),
                span: self.span,
            });
        }
    }

    /// What `Ref` gives for a name.
    pub fn variable(&self, name: &str) -> Part {
        Part::Variable {
            name: name.to_owned(),
            span: self.span,
        }
    }

    /// What `Fn::GetAtt` gives.
    pub fn attribute(&self, resource: &str, attribute: &str) -> Part {
        Part::Attribute {
            resource: resource.to_owned(),
            attribute: attribute.to_owned(),
            span: self.span,
        }
    }

    /// The parts of a value that stands in the file.
    pub fn written(&self, node: NodeId) -> Vec<Part> {
        Text::lower(self.tree, node, TEMPLATE).parts
    }

    /// Statements from the catalog.
    pub fn drafts(
        &self,
        statements: impl IntoIterator<Item = SamStatement>,
        value: &dyn Fn(&str) -> Option<Vec<Part>>,
    ) -> Vec<Draft<'static>> {
        let draft = |statement: SamStatement| Draft {
            actions: statement.actions().collect(),
            resources: statement
                .resources()
                .map(|text| self.text(text, value))
                .collect(),
            tests: statement
                .tests()
                .map(|[operator, key, text]| (operator, key, self.text(text, value)))
                .collect(),
            who: statement.principal().map_or(Who::Holder, Who::Service),
            effect: Effect::Allow,
        };
        statements.into_iter().map(draft).collect()
    }

    /// A policy of these statements.
    pub fn policy(&self, drafts: Vec<Draft<'_>>) -> Policy {
        Policy {
            form: Form::Document,
            node: self.at,
            span: self.span,
            elements: Vec::new(),
            version: Known::Is(self.plain("2012-10-17")),
            id: Known::Missing,
            statement_key: None,
            statement_list: None,
            statements: drafts
                .into_iter()
                .map(|draft| self.statement(draft))
                .collect(),
            unseen: Unseen::Nothing,
            is_cut: false,
        }
    }

    fn statement(&self, draft: Draft<'_>) -> Statement {
        let mut tests: Vec<Test> = Vec::new();
        for (operator, key, value) in draft.tests {
            let same = tests
                .iter_mut()
                .find(|test| test.operator == operator && test.key.as_deref() == Some(key));
            match (same, self.list(vec![value], false)) {
                (Some(test), list) => {
                    if let Known::Is(known) = &mut test.values {
                        known.dynamic |= list.dynamic;
                        known.items.extend(list.items);
                    }
                }
                (None, list) => tests.push(Test {
                    operator: operator.to_owned(),
                    operator_node: self.at,
                    key: Some(key.to_owned()),
                    key_node: self.at,
                    values: Known::Is(list),
                }),
            }
        }
        let actions = draft.actions.iter().map(|name| Some(self.plain(name)));
        let named = match draft.who {
            Who::Holder => None,
            Who::Everybody => Some((true, None)),
            Who::Service(service) => {
                Some((false, Some(("Service", vec![Some(self.plain(service))]))))
            }
            Who::Named(texts) => Some((false, Some(("AWS", texts)))),
        };
        let principal = named.map(|(star, kind)| Principals {
            key: self.at,
            node: self.at,
            star,
            star_node: self.at,
            kinds: kind
                .into_iter()
                .map(|(name, texts)| PrincipalKind {
                    name: name.to_owned(),
                    key: self.at,
                    values: Known::Is(self.list(texts, false)),
                })
                .collect(),
            dynamic: false,
        });
        Statement {
            node: self.at,
            span: self.span,
            branch: self.branch.clone(),
            elements: Vec::new(),
            sid: Known::Missing,
            effect: Known::Is(draft.effect),
            action: Known::Is(self.list(actions.collect(), true)),
            not_action: Known::Missing,
            resource: match draft.resources.is_empty() {
                true => Known::Missing,
                false => Known::Is(self.list(draft.resources, false)),
            },
            not_resource: Known::Missing,
            principal: principal.map_or(Known::Missing, Known::Is),
            not_principal: Known::Missing,
            condition: match tests.is_empty() {
                true => Known::Missing,
                false => Known::Is(tests),
            },
        }
    }

    fn list(&self, texts: Vec<Option<Text>>, actions: bool) -> List {
        let item = |text: Text| Item {
            node: self.at,
            list: self.at,
            branch: Branch::new(),
            action: match (actions, text.literal(self.tree)) {
                (true, Some(name)) => Some(ActionPattern::parse(name)),
                _ => None,
            },
            text,
            resolved: OnceLock::new(),
            expanded: OnceLock::new(),
        };
        List {
            key: self.at,
            node: self.at,
            dynamic: texts.iter().any(Option::is_none),
            items: texts.into_iter().flatten().map(item).collect(),
        }
    }

    /// The trust policy of a role that a service assumes.
    pub fn trust(&self, service: &str) -> Policy {
        let mut draft = Draft::allow(&["sts:AssumeRole"], None);
        draft.resources.clear();
        draft.who = Who::Service(service);
        self.policy(vec![draft])
    }

    /// A generated policy.
    pub fn generated(
        &self,
        kind: SiteKind,
        name: Option<String>,
        origin: impl Into<String>,
        path: Vec<String>,
        policy: Policy,
    ) -> Generated {
        Generated {
            kind,
            name,
            origin: origin.into(),
            path,
            branch: self.branch.clone(),
            policy,
        }
    }

    /// Attaches a policy of AWS to an owner, once.
    pub fn attach(&self, owner: &mut Owner, name: &str) {
        let Some(policy) = catalog().managed_policy(name) else {
            owner.dynamic = true;
            return;
        };
        let arn = policy
            .arn()
            .replacen("arn:aws:", "arn:${AWS::Partition}:", 1);
        if owner.managed.contains(&policy) {
            return;
        }
        owner.managed.push(policy);
        owner.attached.push(Attached {
            arn: self.plain(&arn),
            branch: self.branch.clone(),
            settled: true,
        });
    }
}
