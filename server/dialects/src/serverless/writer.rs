//! Writes the policies that the framework itself adds.

use std::sync::OnceLock;

use leastwise_model::text::Text;
use leastwise_model::{Branch, Effect, Generated, Item, Known, List, SiteKind, Statement};
use leastwise_policy::ActionPattern;
use leastwise_syntax::NodeId;

use super::elsewhere;
use super::notation::SERVICE;
use super::reader::Reader;

/// What the framework's own policies are said to come from.
pub(super) const ORIGIN: &str = "the Serverless Framework";

/// Writes statements for a role.
pub(super) struct Writer<'a> {
    pub reader: Reader<'a>,
    pub node: NodeId,
    pub statements: Vec<Statement>,
    /// What has been written, for statements that several functions ask for.
    written: Vec<(String, Vec<String>)>,
}

impl<'a> Writer<'a> {
    pub fn new(reader: Reader<'a>, node: NodeId) -> Writer<'a> {
        Writer {
            reader,
            node,
            statements: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Allows actions on resources, which are texts with variables.
    pub fn allow(&mut self, actions: &[&str], resources: Vec<String>) {
        self.put(Effect::Allow, actions, &resources);
    }

    /// The same where no statement before it says the same.
    pub fn allow_once(&mut self, actions: &[&str], resources: Vec<String>) {
        let key = (actions.join(" "), resources.clone());
        if !self.written.contains(&key) {
            self.written.push(key);
            self.allow(actions, resources);
        }
    }

    pub fn put(&mut self, effect: Effect, actions: &[&str], resources: &[String]) {
        let actions = self.list(actions.iter().copied(), true);
        let resources = self.list(resources.iter().map(String::as_str), false);
        let mut statement = self.blank(effect, actions);
        statement.resource = Known::Is(resources);
        self.statements.push(statement);
    }

    pub fn blank(&self, effect: Effect, actions: List) -> Statement {
        Statement {
            effect: Known::Is(effect),
            action: Known::Is(actions),
            ..Statement::bare(self.node, self.reader.tree.span(self.node), Branch::new())
        }
    }

    pub fn list<'t>(&self, texts: impl Iterator<Item = &'t str>, actions: bool) -> List {
        let item = |text: &str| Item {
            node: self.node,
            list: self.node,
            text: Text::given(self.reader.tree, self.node, text, SERVICE),
            branch: Branch::new(),
            action: actions.then(|| ActionPattern::parse(text)),
            resolved: OnceLock::new(),
            expanded: OnceLock::new(),
        };
        List {
            key: self.node,
            node: self.node,
            items: texts.map(item).collect(),
            dynamic: false,
        }
    }

    pub fn finish(self, kind: SiteKind, name: Option<String>) -> Generated {
        let mut policy = elsewhere::empty(self.reader.tree, self.node);
        policy.statements = self.statements;
        Generated {
            kind,
            name,
            origin: ORIGIN.to_owned(),
            path: Vec::new(),
            branch: Branch::new(),
            policy,
        }
    }
}
