//! What rules ask of a dialect, as facts that they word.

use leastwise_model::text::Text;
use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, Tree};

/// The values of a text over all environments, defaults taken for values.
pub type Values<'a> = &'a dyn Fn(&Text) -> Vec<Pattern>;

/// What an argument takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgumentKind {
    /// A policy, as a text.
    Document,
    /// The ARN of a managed policy, which resources of these types are.
    ManagedPolicy(&'static [&'static str]),
    /// The name of a managed policy of AWS.
    ManagedPolicyName,
    /// The name of a resource of this type, by the attribute that is usual.
    NameOf(&'static str, &'static str),
}

/// What a name refers to.
#[derive(Clone, Debug)]
pub struct Referred {
    /// What it is called in the file.
    pub name: String,
    /// Whether it is a role or user, which may call AWS.
    pub is_caller: bool,
    /// `name`, `id` or `URL`, where that is surely what the reference gives.
    pub gives: Option<&'static str>,
    /// Its ARN, where it can be written.
    pub arn: Option<ArnSpelling>,
    /// The form of its ARN, where that is known.
    pub form: Option<&'static str>,
}

/// What an attribute is taken of for its ARN that its type surely doesn't have.
#[derive(Clone, Debug)]
pub struct Misnamed {
    /// Its type, in the words of the dialect.
    pub type_name: String,
    /// Its ARN, where it can be written.
    pub arn: Option<ArnSpelling>,
    /// The form of its ARN, where it has one that is known.
    pub form: Option<&'static str>,
}

/// The ARN of what belongs to a resource: what is in it, or what it serves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inside {
    /// How it is written.
    pub written: ArnSpelling,
    /// Whether it names more than somebody surely means: every user of a database.
    pub open: bool,
}

/// How an ARN is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ArnSpelling {
    /// By an attribute: of what, and its name.
    Attribute(String, &'static str),
    /// By what a reference to it gives.
    Reference(String),
    /// With references in it.
    Spelled(String),
}

impl ArnSpelling {
    /// As it is shown to the user.
    pub fn shown(&self) -> String {
        match self {
            ArnSpelling::Attribute(of, attribute) => format!("{of}.{attribute}"),
            ArnSpelling::Reference(of) => format!("!Ref {of}"),
            ArnSpelling::Spelled(text) => text.clone(),
        }
    }

    /// As it stands within a text.
    pub fn inline(&self) -> String {
        match self {
            ArnSpelling::Attribute(of, attribute) => format!("${{{of}.{attribute}}}"),
            ArnSpelling::Reference(of) => format!("${{{of}}}"),
            ArnSpelling::Spelled(text) => text.clone(),
        }
    }

    /// With this behind it.
    pub fn with(&self, behind: &str) -> ArnSpelling {
        ArnSpelling::Spelled(format!("{}{behind}", self.inline()))
    }
}

/// An access key whose secret is kept in the open.
#[derive(Clone, Debug)]
pub struct StoredSecret {
    /// What the key is called in the file.
    pub key: String,
    /// What keeps its secret.
    pub keeper: Keeper,
    /// The node that says so.
    pub node: NodeId,
}

/// What keeps a secret in the open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeper {
    /// The state of this tool, which deploys it.
    State(&'static str),
    /// The output of a stack.
    Output,
}

/// A setting of a bucket that keeps everybody out.
#[derive(Clone, Copy, Debug)]
pub struct PublicBlock {
    /// How it does.
    pub how: Blocks,
    /// The node that turns it on.
    pub node: NodeId,
    /// What the setting is called there.
    pub name: &'static str,
}

impl PublicBlock {
    /// A setting that is surely on.
    pub(crate) fn set(
        tree: &Tree,
        settings: NodeId,
        name: &'static str,
        how: Blocks,
    ) -> Option<PublicBlock> {
        let node = tree.get(settings, name)?;
        (tree.text(node) == Some("true")).then_some(PublicBlock { how, node, name })
    }
}

/// How a setting keeps everybody out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blocks {
    /// S3 takes no such policy: the bucket is there, with its setting, before the policy is.
    Refused,
    /// S3 takes no such policy from when the setting is made, in which order is open.
    RefusedLater,
    /// S3 takes the policy and lets in nobody from outside the bucket's account.
    Shut,
}

/// How a file writes where it is deployed, as variables that its tool fills in before anything else sees them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TargetVariables {
    /// `${…}` for the region.
    pub region: &'static str,
    /// `${…}` for the account's ID.
    pub account: &'static str,
}

/// A role that several functions share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedRole {
    /// The functions that have none of their own, by their names.
    pub functions: Vec<String>,
    /// What gives each of them one, as a sentence.
    pub cure: &'static str,
}
