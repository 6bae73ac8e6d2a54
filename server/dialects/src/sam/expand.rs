//! Statements that SAM writes, as policies of the model: their nodes are those of what they are written for.

use leastwise_catalog::{SamStatement, catalog};
use leastwise_model::draft::{Draft, Drafter, Who};
use leastwise_model::text::{Part, Text};
use leastwise_model::{Attached, Branch, Effect, Generated, Owner, Policy, SiteKind};
use leastwise_syntax::{NodeId, Span, Tree};

use crate::intrinsic::notation::TEMPLATE;

/// Writes what SAM makes of the thing at a node.
#[derive(Clone)]
pub(super) struct Writer<'t> {
    drafter: Drafter<'t>,
    span: Span,
}

impl<'t> Writer<'t> {
    pub fn new(tree: &'t Tree, at: NodeId, branch: &Branch) -> Writer<'t> {
        let branch = branch.clone();
        Writer {
            drafter: Drafter { tree, at, branch },
            span: tree.span(at),
        }
    }

    /// When it is there.
    pub fn branch(&self) -> &Branch {
        &self.drafter.branch
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
        Some(self.text_of(parts))
    }

    /// A text without values.
    pub fn plain(&self, template: &str) -> Text {
        let text = self.text(template, &|_| None);
        text.unwrap_or_else(|| self.text_of(Vec::new()))
    }

    /// A text of these parts.
    pub fn text_of(&self, parts: Vec<Part>) -> Text {
        self.drafter.text_of(parts)
    }

    /// A policy of these statements.
    pub fn policy(&self, drafts: Vec<Draft<'_>>) -> Policy {
        self.drafter.policy(drafts)
    }

    /// The trust policy of a role that a service assumes.
    pub fn trust(&self, service: &str) -> Policy {
        self.drafter.trust(&[service])
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
        self.drafter.generated(kind, name, origin, path, policy)
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
        Text::lower(self.drafter.tree, node, TEMPLATE).parts
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
            who: match statement.principal() {
                Some(service) => Who::Services(vec![service]),
                None => Who::Holder,
            },
            effect: Effect::Allow,
        };
        statements.into_iter().map(draft).collect()
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
            branch: self.branch().clone(),
            is_granted_already: true,
        });
    }
}
