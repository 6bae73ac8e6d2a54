//! Resources that are a permission without a document, such as `AWS::Lambda::Permission`: AWS writes a statement into the
//! policy of a function, a layer or an event bus for each. The statement is made here, with the nodes that it comes from.

use leastwise_model::lower::{Lowering, bare_item};
use leastwise_model::notation::Notation;
use leastwise_model::text::Text;
use leastwise_model::{
    Branch, Document, Effect, Form, Item, Known, List, PermissionTo, Policy, PrincipalKind,
    Principals, Site, SiteKind, Statement, Test, Unseen,
};
use leastwise_policy::ActionPattern;
use leastwise_syntax::{NodeId, ScalarType, Tree, View};

/// How the properties of such a type are called.
#[derive(Debug)]
pub(crate) struct Permission {
    pub type_name: &'static str,
    pub service: &'static str,
    pub action: &'static str,
    /// What is allowed where no action is named.
    pub usual: Option<&'static str>,
    pub principal: &'static str,
    /// Properties that AWS makes a test of: the property, operator and key.
    pub tests: &'static [(&'static str, &'static str, &'static str)],
    /// A test that is written as such, with the names for its operator, key and value.
    pub condition: Option<(&'static str, [&'static str; 3])>,
    /// What it is for.
    pub to: PermissionTo,
}

/// A resource that is a permission.
pub(crate) struct WrittenPermission<'t> {
    pub tree: &'t Tree,
    pub notation: &'static dyn Notation,
    /// The node of its properties.
    pub properties: NodeId,
    /// Keys that lead to them.
    pub path: Vec<String>,
    pub owner: usize,
    /// Whether blocks are put in that the file doesn't show.
    pub open: bool,
}

impl WrittenPermission<'_> {
    /// The policy with the statement that AWS writes for it. `None` where that has no principal.
    pub fn site(self, of: &Permission) -> Option<Site> {
        let lowering = Lowering::new(self.tree, self.notation);
        let list = |name: &str, actions| {
            let value = self.get(self.properties, name)?;
            match lowering.list(value, value, actions) {
                Known::Missing => None,
                list => Some((value, list)),
            }
        };
        let (node, principal) = list(of.principal, false)?;
        let mut tests = Vec::new();
        for (name, operator, key) in of.tests {
            tests.extend(list(name, false).map(|(node, values)| Test {
                operator: (*operator).to_owned(),
                operator_node: node,
                key: Some((*key).to_owned()),
                key_node: node,
                values,
            }));
        }
        let condition = match of.condition.map(|(name, names)| self.test(name, names)) {
            Some(Known::Is(test)) => {
                tests.push(test);
                Known::Is(tests)
            }
            Some(Known::Dynamic(node)) => Known::Dynamic(node),
            _ if self.open => Known::Dynamic(self.properties),
            _ if tests.is_empty() => Known::Missing,
            _ => Known::Is(tests),
        };
        let span = self.tree.span(self.properties);
        let action = match (list(of.action, true), of.usual) {
            (Some((_, list)), _) => list,
            (None, Some(action)) => Known::Is(self.usual(action)),
            (None, None) => Known::Missing,
        };
        let statement = Statement {
            effect: Known::Is(Effect::Allow),
            action,
            principal: Known::Is(Principals {
                key: node,
                node: self.properties,
                star: false,
                star_node: self.properties,
                kinds: vec![PrincipalKind {
                    name: PrincipalKind::BY_VALUE.to_owned(),
                    key: node,
                    values: principal,
                }],
                dynamic: false,
            }),
            condition,
            ..Statement::bare(self.properties, span, Branch::new())
        };
        let policy = Policy {
            node: self.properties,
            span,
            form: Form::Document,
            elements: Vec::new(),
            version: Known::Missing,
            id: Known::Missing,
            statement_key: None,
            statement_list: None,
            statements: vec![statement],
            unseen: Unseen::Nothing,
            is_cut: false,
            follows: false,
        };
        let mut document = Document::read(policy, self.notation);
        document.permission = Some(of.to);
        Some(Site {
            uses: Vec::new(),
            held: Vec::new(),
            kind: SiteKind::Resource,
            service: Some(of.service),
            document,
            name: None,
            path: self.path,
            branch: Branch::new(),
            owners: vec![self.owner],
        })
    }

    /// The list of an action that stands nowhere.
    fn usual(&self, action: &str) -> List {
        let node = self.properties;
        let text = Text::given(self.tree, node, action, self.notation);
        let item = Item {
            action: Some(ActionPattern::parse(action)),
            ..bare_item(node, text)
        };
        List {
            key: node,
            node,
            items: vec![item],
            dynamic: false,
        }
    }

    /// The value of a property: not that of one that is `null`, as plans have it of what isn't given.
    fn get(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let value = self.tree.resolved(self.tree.get(node, name)?);
        (self.tree.scalar_type(value) != ScalarType::Null).then_some(value)
    }

    /// A test that is written as one.
    fn test(&self, name: &str, [operator, key, value]: [&str; 3]) -> Known<Test> {
        let Some(node) = self.get(self.properties, name) else {
            return Known::Missing;
        };
        // A block of Terraform may be one in a list.
        let node = match self.tree.view(node) {
            View::Sequence(&[one]) => self.tree.resolved(one),
            View::Sequence([]) => return Known::Missing,
            _ => node,
        };
        let part = |name| self.get(node, name);
        let text = |name| part(name).and_then(|node| self.tree.text(node).map(|text| (node, text)));
        let (Some((operator_node, operator)), Some((key_node, key)), Some(value)) =
            (text(operator), text(key), part(value))
        else {
            return Known::Dynamic(node);
        };
        Known::Is(Test {
            operator: operator.to_owned(),
            operator_node,
            key: Some(key.to_owned()),
            key_node,
            values: Lowering::new(self.tree, self.notation).list(value, value, false),
        })
    }
}
