//! Policies as found in files: what is known of them, with the node of everything.

use std::sync::{Arc, OnceLock};

use leastwise_catalog::Action;
use leastwise_policy::ActionPattern;
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Span};

use crate::blocks::BlockNames;
use crate::resolved::Resolved;
use crate::text::Text;

/// A part of a policy: missing, there but not known before deployment, or known.
#[derive(Clone, Debug, Default)]
pub enum Known<T> {
    /// Not there.
    #[default]
    Missing,
    /// There, but what it is can't be told from the file. The node says where.
    Dynamic(NodeId),
    /// There and understood.
    Is(T),
}

impl<T> Known<T> {
    /// The part, where it is understood.
    pub fn known(&self) -> Option<&T> {
        match self {
            Known::Is(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the file surely has no such part.
    pub fn is_missing(&self) -> bool {
        matches!(self, Known::Missing)
    }

    /// Whether it is there but can't be told.
    pub fn is_dynamic(&self) -> bool {
        matches!(self, Known::Dynamic(_))
    }
}

/// Conditions of the template under which a part is there, each with whether it holds. Empty: always.
pub type Branch = Vec<(String, bool)>;

/// How a policy is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Form {
    /// With IAM's names and shapes.
    #[default]
    Document,
    /// As blocks, with the names that these have in the dialect. Where a model says how an element is called, it is IAM's
    /// name here too; [`Form::name`] tells the written one.
    Blocks(&'static BlockNames),
}

impl Form {
    /// How an element of a policy or statement is written.
    pub fn name(self, element: &str) -> &str {
        match self {
            Form::Document => element,
            Form::Blocks(names) => names.name(element),
        }
    }

    /// The names of its blocks, where it is written as such.
    pub fn blocks(self) -> Option<&'static BlockNames> {
        match self {
            Form::Document => None,
            Form::Blocks(names) => Some(names),
        }
    }

    /// Whether it is written as blocks.
    pub fn is_blocks(self) -> bool {
        self.blocks().is_some()
    }
}

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The node of the document.
    pub node: NodeId,
    /// Its bytes.
    pub span: Span,
    /// How it is written.
    pub form: Form,
    /// The elements as written, known or not.
    pub elements: Vec<ElementPair>,
    /// `Version`
    pub version: Known<Text>,
    /// `Id`
    pub id: Known<Text>,
    /// The key node of `Statement`, where there is one.
    pub statement_key: Option<NodeId>,
    /// The value node of `Statement`.
    pub statement_list: Option<NodeId>,
    /// The statements that are known.
    pub statements: Vec<Statement>,
    /// What the statements may do that the file doesn't show.
    pub unseen: Unseen,
    /// Whether variables stand for more than is followed, so that a part of it isn't known.
    pub is_cut: bool,
    /// Whether variables in it stand for other parts of the file.
    pub follows: bool,
}

impl Policy {
    /// Whether there may be statements that the file doesn't show.
    pub fn is_open(&self) -> bool {
        self.unseen != Unseen::Nothing
    }
}

/// What statements may do that a file doesn't show, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Unseen {
    /// There are none.
    #[default]
    Nothing,
    /// Each is an `Allow`.
    Allows,
    /// Some may be a `Deny`.
    Anything,
}

/// A pair of a policy, a statement or a block in it.
#[derive(Clone, Debug)]
pub struct ElementPair {
    /// The name as written.
    pub name: String,
    /// The node of the name.
    pub key: NodeId,
    /// The node of the value.
    pub value: NodeId,
}

/// `Effect`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The node of the statement.
    pub node: NodeId,
    /// Its bytes.
    pub span: Span,
    /// When it is there.
    pub branch: Branch,
    /// The elements as written, known or not.
    pub elements: Vec<ElementPair>,
    /// `Sid`
    pub sid: Known<Text>,
    /// `Effect`; dynamic also for a value that is neither `Allow` nor `Deny`.
    pub effect: Known<Effect>,
    /// `Action`
    pub action: Known<List>,
    /// `NotAction`
    pub not_action: Known<List>,
    /// `Resource`
    pub resource: Known<List>,
    /// `NotResource`
    pub not_resource: Known<List>,
    /// `Principal`
    pub principal: Known<Principals>,
    /// `NotPrincipal`
    pub not_principal: Known<Principals>,
    /// `Condition`
    pub condition: Known<Vec<Test>>,
}

impl Statement {
    /// A statement of which nothing is known but where it stands and when it is there.
    pub fn bare(node: NodeId, span: Span, branch: Branch) -> Statement {
        Statement {
            node,
            span,
            branch,
            elements: Vec::new(),
            sid: Known::Missing,
            effect: Known::Missing,
            action: Known::Missing,
            not_action: Known::Missing,
            resource: Known::Missing,
            not_resource: Known::Missing,
            principal: Known::Missing,
            not_principal: Known::Missing,
            condition: Known::Missing,
        }
    }

    /// Takes an element for one that isn't known, whatever it is in any case. `node` says where it is given.
    pub fn leave_open(&mut self, name: &str, node: NodeId) {
        match name.to_ascii_lowercase().as_str() {
            "sid" => self.sid = Known::Dynamic(node),
            "effect" => self.effect = Known::Dynamic(node),
            "action" => self.action = Known::Dynamic(node),
            "notaction" => self.not_action = Known::Dynamic(node),
            "resource" => self.resource = Known::Dynamic(node),
            "notresource" => self.not_resource = Known::Dynamic(node),
            "principal" => self.principal = Known::Dynamic(node),
            "notprincipal" => self.not_principal = Known::Dynamic(node),
            "condition" => self.condition = Known::Dynamic(node),
            _ => {}
        }
    }

    /// The element of that name.
    pub fn element(&self, name: &str) -> Option<&ElementPair> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// Whether it is an `Allow`, as far as that is known.
    pub fn allows(&self) -> bool {
        matches!(self.effect, Known::Is(Effect::Allow))
    }

    /// Whether it is a `Deny`, as far as that is known.
    pub fn denies(&self) -> bool {
        matches!(self.effect, Known::Is(Effect::Deny))
    }

    /// The items of `Action`, where it is there and known.
    pub fn actions(&self) -> &[Item] {
        self.action.known().map_or(&[], |list| &list.items)
    }

    /// The items of `Resource`, where it is there and known.
    pub fn resources(&self) -> &[Item] {
        self.resource.known().map_or(&[], |list| &list.items)
    }

    /// The `Sid`, where it is a literal.
    pub fn sid_text<'t>(&'t self, tree: &'t leastwise_syntax::Tree) -> Option<&'t str> {
        self.sid.known().and_then(|text| text.literal(tree))
    }
}

/// One value or a list of values.
#[derive(Clone, Debug)]
pub struct List {
    /// The node of the element's name.
    pub key: NodeId,
    /// The node of the value: a sequence, or the one value.
    pub node: NodeId,
    /// The values that the file shows.
    pub items: Vec<Item>,
    /// Whether there may be values that the file doesn't show.
    pub dynamic: bool,
}

/// One value of a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its node.
    pub node: NodeId,
    /// The list node that it stands in (a branch of `Fn::If` may have one of its own).
    pub list: NodeId,
    /// Its text.
    pub text: Text,
    /// When it is there.
    pub branch: Branch,
    /// Of `Action` and `NotAction`: the pattern, where the text is a literal.
    pub action: Option<ActionPattern>,
    /// Its values, once somebody has asked for them.
    pub resolved: Traced<Resolutions>,
    /// The actions that its pattern stands for, once somebody has asked.
    pub expanded: OnceLock<Arc<[Action]>>,
}

/// The values of a text in each environment.
#[derive(Clone, Debug, Default)]
pub struct Resolutions {
    /// With parameters' defaults taken for their values.
    pub shown: Vec<Vec<Resolved>>,
    /// With holes in their place; empty where that makes no difference.
    pub sure: Vec<Vec<Resolved>>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub struct Principals {
    /// The node of the element's name.
    pub key: NodeId,
    /// The node of the value.
    pub node: NodeId,
    /// Whether it is the one text `*`.
    pub star: bool,
    /// Where that `*` stands; where there is none, the node of the value.
    pub star_node: NodeId,
    /// `AWS`, `Service`, `Federated`, `CanonicalUser` with their values.
    pub kinds: Vec<PrincipalKind>,
    /// Whether there may be principals that the file doesn't show.
    pub dynamic: bool,
}

/// One kind of principal.
#[derive(Clone, Debug)]
pub struct PrincipalKind {
    /// The name as written: `AWS`; [`PrincipalKind::BY_VALUE`] where nothing but the value tells.
    pub name: String,
    /// The node of the name.
    pub key: NodeId,
    /// Its values.
    pub values: Known<List>,
}

impl PrincipalKind {
    /// The name of a kind where a principal is written without one, and AWS tells it by the value.
    pub const BY_VALUE: &str = "";
}

impl Principals {
    /// The values of a kind.
    pub fn values(&self, name: &str) -> &[Item] {
        self.kinds
            .iter()
            .find(|kind| kind.name == name)
            .and_then(|kind| kind.values.known())
            .map_or(&[], |list| &list.items)
    }
}

/// One test of a condition block: operator, key, values.
#[derive(Clone, Debug)]
pub struct Test {
    /// The operator as written: `ForAnyValue:StringLike`.
    pub operator: String,
    /// Its node.
    pub operator_node: NodeId,
    /// The condition key as written; `None` where it can't be told.
    pub key: Option<String>,
    /// Its node.
    pub key_node: NodeId,
    /// Its values.
    pub values: Known<List>,
}
