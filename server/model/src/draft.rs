//! Statements that a tool writes when it deploys, before they are statements: what they say, for a node of the file that they
//! are written for.

use leastwise_policy::ActionPattern;
use leastwise_syntax::{NodeId, Span, Tree};

use crate::lower::bare_item;
use crate::text::{Part, Text};
use crate::{
    Branch, Effect, Form, Generated, Item, Known, List, Policy, PrincipalKind, Principals,
    SiteKind, Statement, Test, Unseen,
};

/// Whom a statement is about.
pub enum Who<'s> {
    /// The identity that it is attached to.
    Holder,
    /// Services.
    Services(Vec<&'s str>),
    /// Everybody.
    Everybody,
    /// Accounts and identities; `None` for those that can't be told.
    Named(Vec<Option<Text>>),
}

/// A statement before it is one: what it says of these actions on these resources.
pub struct Draft<'s> {
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The actions' names.
    pub actions: Vec<&'s str>,
    /// The resources; `None` for one that can't be told.
    pub resources: Vec<Option<Text>>,
    /// Operator, key and value of each condition.
    pub tests: Vec<(&'s str, &'s str, Option<Text>)>,
    /// Whom it is about.
    pub who: Who<'s>,
}

impl<'s> Draft<'s> {
    /// Allows whoever holds it the actions on a resource.
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

/// Makes policies of drafts.
#[derive(Clone)]
pub struct Drafter<'t> {
    /// The file.
    pub tree: &'t Tree,
    /// What they are written for.
    pub at: NodeId,
    /// When they are there.
    pub branch: Branch,
}

impl<'t> Drafter<'t> {
    fn span(&self) -> Span {
        self.tree.span(self.at)
    }

    /// A text of these parts.
    pub fn text_of(&self, parts: Vec<Part>) -> Text {
        Text {
            node: self.at,
            span: self.span(),
            parts,
        }
    }

    /// A text without variables.
    pub fn plain(&self, text: &str) -> Text {
        self.text_of(vec![Part::Given {
            text: text.to_owned(),
            span: self.span(),
        }])
    }

    /// A policy of these statements.
    pub fn policy(&self, drafts: Vec<Draft<'_>>) -> Policy {
        Policy {
            form: Form::Document,
            node: self.at,
            span: self.span(),
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
            follows: false,
        }
    }

    /// A policy as its owner has it: where it comes from, and what leads to it there.
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

    /// A statement of a draft.
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
            Who::Services(names) => {
                let names = names.iter().map(|name| Some(self.plain(name)));
                Some((false, Some(("Service", names.collect()))))
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
            effect: Known::Is(draft.effect),
            action: Known::Is(self.list(actions.collect(), true)),
            resource: match draft.resources.is_empty() {
                true => Known::Missing,
                false => Known::Is(self.list(draft.resources, false)),
            },
            principal: principal.map_or(Known::Missing, Known::Is),
            condition: match tests.is_empty() {
                true => Known::Missing,
                false => Known::Is(tests),
            },
            ..Statement::bare(self.at, self.span(), self.branch.clone())
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
            ..bare_item(self.at, text)
        };
        List {
            key: self.at,
            node: self.at,
            dynamic: texts.iter().any(Option::is_none),
            items: texts.into_iter().flatten().map(item).collect(),
        }
    }

    /// The trust policy of a role that services assume.
    pub fn trust(&self, services: &[&str]) -> Policy {
        let mut draft = Draft::allow(&["sts:AssumeRole"], None);
        draft.resources.clear();
        draft.who = Who::Services(services.to_vec());
        self.policy(vec![draft])
    }
}
