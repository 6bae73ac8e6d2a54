//! Lists of policies whose entries can be several things, in templates that a transform reads.

use leastwise_catalog::PolicyTemplate;
use leastwise_model::Branch;
use leastwise_syntax::{NodeId, Pair, Tree};

/// An entry of such a list.
#[derive(Clone, Debug)]
pub struct PolicyEntry {
    /// Its node.
    pub node: NodeId,
    /// Which item of the list it is, from 0.
    pub index: usize,
    /// When it is there.
    pub branch: Branch,
    /// What it is.
    pub what: What,
}

/// What an entry is.
#[derive(Clone, Debug)]
pub enum What {
    /// A policy document.
    Document,
    /// A statement, or a list of statements, without a document around. It is refused.
    Statements,
    /// A policy template with its values, or a mapping that can be nothing else.
    Template(TemplateUse),
    /// The name or ARN of a managed policy.
    Name,
    /// Anything else: a reference, or nothing that is known.
    Other,
}

/// The use of a policy template.
#[derive(Clone, Debug)]
pub struct TemplateUse {
    /// The node of its name.
    pub name: NodeId,
    /// The template; `None` for a name that isn't known.
    pub template: Option<PolicyTemplate>,
    /// The node of its values.
    pub values: NodeId,
    /// Further pairs of the mapping, which are refused.
    pub beside: Vec<Pair>,
}

impl TemplateUse {
    /// The value of a parameter.
    pub fn value(&self, tree: &Tree, parameter: &str) -> Option<NodeId> {
        tree.get(self.values, parameter)
    }
}

/// The lists that a transform reads: in resources of which types they stand, and what is in one.
#[derive(Debug)]
pub struct TransformLists {
    /// What the transform is called.
    pub tool: &'static str,
    /// The types.
    pub types: &'static [&'static str],
    /// The property.
    pub property: &'static str,
    /// Reads the value of the property.
    pub read: fn(&Tree, NodeId) -> Vec<PolicyEntry>,
}
