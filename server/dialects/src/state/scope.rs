//! The names that are in scope in a file, as facts: what each is, its type, what declares it. Rules judge by them, and the editor
//! words them once for all dialects.

use std::borrow::Cow;
use std::sync::Arc;

use leastwise_syntax::{NodeId, Tree, View};

/// What AWS knows of where a stack is, as templates name it.
pub const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// What a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameKind {
    /// A resource.
    Resource,
    /// Something that is looked up and not made.
    DataSource,
    /// What somebody outside gives a value: a parameter, a variable.
    Parameter,
    /// A value that the file names.
    Local,
    /// What another module or stack gives.
    Output,
    /// The use of another module.
    Call,
    /// What a loop gives its values.
    Loop,
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueFrom {
    /// From nowhere that is known.
    Nothing,
    /// It has a default.
    Default,
    /// It is one of several that are allowed.
    Allowed,
    /// It is read from a store of parameters.
    Store,
    /// A file beside it sets it.
    Set,
    /// The only one who uses the file gives it.
    Caller,
}

/// A node of the file that is looked at, or of another.
#[derive(Clone, Copy, Debug)]
pub struct ScopePlace<'a> {
    /// The other file: where it lies, as files are asked for it.
    pub other: Option<(&'a str, &'a Arc<Tree>)>,
    /// The node there.
    pub node: NodeId,
}

impl<'a> ScopePlace<'a> {
    /// A node of the file that is looked at.
    pub fn here(node: NodeId) -> ScopePlace<'a> {
        ScopePlace { other: None, node }
    }

    /// The tree that the node belongs to; `own` is that of the file that is looked at.
    pub fn tree<'t>(&self, own: &'t Tree) -> &'t Tree
    where
        'a: 't,
    {
        self.other.map_or(own, |(_, tree)| tree)
    }
}

/// A name that is in scope.
#[derive(Clone, Debug)]
pub struct InScope<'a> {
    /// As it is used: `Queue`, `var.prefix`, `data.aws_region.current`, `module.queue.arn`.
    pub name: Cow<'a, str>,
    /// What it is.
    pub kind: NameKind,
    /// What the dialect calls what it is: `variable`, `parameter`.
    pub noun: &'static str,
    /// The type of a resource or data source, in the dialect's words; empty for any other.
    pub type_name: &'a str,
    /// Where the value of a parameter comes from.
    pub from: ValueFrom,
    /// The node of its name, where it is declared.
    pub declared: Option<ScopePlace<'a>>,
    /// What is said of it: the properties of a resource, the value of a local one.
    pub value: Option<ScopePlace<'a>>,
    /// Attributes of it that stand for something in policies: its ARN first, its name.
    pub attributes: Vec<&'static str>,
    /// The attribute that gives the text of the policy which it is.
    pub document: Option<&'static str>,
    /// Whether the name by itself stands for an ARN.
    pub is_arn: bool,
    /// Whether there may be none or several of it, so that it has no attributes by itself.
    pub several: bool,
    /// Whether it stands as such in the file: what loops and tools make doesn't.
    pub is_written: bool,
}

impl<'a> InScope<'a> {
    /// Whether somebody outside gives it a value.
    pub fn is_parameter(&self) -> bool {
        self.kind == NameKind::Parameter
    }

    /// Whether it is a value that the file names.
    pub fn is_local(&self) -> bool {
        self.kind == NameKind::Local
    }

    /// A name of which nothing more is known.
    pub fn of(name: impl Into<Cow<'a, str>>, kind: NameKind, noun: &'static str) -> InScope<'a> {
        InScope {
            name: name.into(),
            kind,
            noun,
            type_name: "",
            from: ValueFrom::Nothing,
            declared: None,
            value: None,
            attributes: Vec::new(),
            document: None,
            is_arn: false,
            several: false,
            is_written: true,
        }
    }
}

/// Whether a node is the value of a key, or in the list that is.
pub fn is_value_of(tree: &Tree, node: NodeId, key: &str) -> bool {
    let holder = |at: NodeId| tree.parent(at);
    let above = holder(node).filter(|at| matches!(tree.view(*at), View::Sequence(_)));
    let value = above.unwrap_or(node);
    holder(value).is_some_and(|parent| tree.get(parent, key).is_some_and(|own| own == value))
}
