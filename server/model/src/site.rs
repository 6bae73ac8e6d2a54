//! Places in files that hold policies, and what the policies belong to.

use std::fmt::Debug;
use std::sync::Arc;

use leastwise_catalog::ManagedPolicy;
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Retyped, Span, Tree};

use crate::guard::{Guard, ModuleNode};
use crate::lower;
use crate::notation::Notation;
use crate::policy::{Branch, Known, Policy};
use crate::text::Text;

/// What a policy is for. Decides which elements it may have and how it is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SiteKind {
    /// Attached to a role, user or group.
    Identity,
    /// Says who may assume a role.
    Trust,
    /// Attached to a resource.
    Resource,
    /// The most that an identity may be granted.
    Boundary,
    /// Service control policy of an organization.
    Scp,
    /// Resource control policy of an organization.
    Rcp,
    /// Policy of an organization whose kind the file doesn't tell.
    Organization,
    /// Attached to a VPC endpoint.
    VpcEndpoint,
    /// Passed when a session is made.
    Session,
    /// AWS IoT's own policies for devices.
    Iot,
    /// A managed policy of AWS's own, as a dump of an account has it: nobody but AWS can change it.
    OfAws,
    /// Nothing tells: statements that a module takes as an argument, a document that nothing uses yet. What depends on the
    /// kind can't be said of it, only what holds for every kind.
    Unknown,
}

impl SiteKind {
    /// The kind as words for a user.
    pub fn name(self) -> &'static str {
        match self {
            SiteKind::Identity => "identity policy",
            SiteKind::Trust => "trust policy",
            SiteKind::Resource => "resource policy",
            SiteKind::Boundary => "permissions boundary",
            SiteKind::Scp => "service control policy",
            SiteKind::Rcp => "resource control policy",
            SiteKind::Organization => "organization policy",
            SiteKind::VpcEndpoint => "VPC endpoint policy",
            SiteKind::Session => "session policy",
            SiteKind::OfAws => "AWS managed policy",
            SiteKind::Iot => "IoT policy",
            SiteKind::Unknown => "policy",
        }
    }

    /// Whether its statements name principals.
    pub fn has_principals(self) -> bool {
        matches!(
            self,
            SiteKind::Trust | SiteKind::Resource | SiteKind::Rcp | SiteKind::VpcEndpoint
        )
    }

    /// Whether what it allows is granted to the identity that it is attached to.
    pub fn grants(self) -> bool {
        self == SiteKind::Identity
    }
}

/// A place that holds a policy.
#[derive(Clone, Debug)]
pub struct Site {
    /// What the policy is for.
    pub kind: SiteKind,
    /// Service prefix of the resource that a resource policy is attached to, where the file tells.
    pub service: Option<&'static str>,
    /// The document, or the statements that stand without one.
    pub document: Document,
    /// The name that the file gives the policy (`PolicyName`).
    pub name: Option<String>,
    /// Keys that lead to the document: `Resources`, `DeployerRole`, …
    pub path: Vec<String>,
    /// When it is there.
    pub branch: Branch,
    /// Indexes of the owners in its file.
    pub owners: Vec<usize>,
    /// Of a policy that others hold: what guards each of them.
    pub uses: Vec<Vec<Guard>>,
    /// When owners have it that have it under conditions of their own.
    pub held: Vec<(usize, Branch)>,
}

impl Site {
    /// When an owner has it, beside when the policy is there.
    pub fn held_by(&self, owner: usize) -> &[(String, bool)] {
        let mut held = self.held.iter();
        let held = held.find(|(other, _)| *other == owner);
        held.map_or(&[], |(_, branch)| branch)
    }

    /// Gives it to an owner under conditions; those of one who has it already stay, unless there are none now.
    pub fn hold(&mut self, owner: usize, branch: Branch) {
        let has = self.owners.contains(&owner);
        if !has {
            self.owners.push(owner);
        }
        if branch.is_empty() {
            self.held.retain(|(other, _)| *other != owner);
        } else if !has {
            self.held.push((owner, branch));
        }
    }

    /// Whether somebody has asked for the policy.
    pub fn is_lowered(&self) -> bool {
        self.document.policy.is_known()
    }

    /// The policy, read when it is asked for first. `tree` is the one that the site was found in.
    pub fn policy(&self, tree: &Tree) -> &Policy {
        let document = &self.document;
        let (node, notation) = (document.node, document.notation);
        document.policy.get_or_init(tree, Some(node), || {
            let given = self.given(tree);
            let mut policy = match &document.shape {
                Shape::Statements => lower::statements_under(tree, node, notation, &given),
                Shape::Statement => Policy {
                    statement_list: None,
                    ..lower::statements_under(tree, node, notation, &given)
                },
                Shape::Document => lower::policy_under(tree, node, notation, &given),
                Shape::Own(form) => form.policy(tree, node),
            };
            policy.statements.shrink_to_fit();
            policy
        })
    }

    /// Moves it with what was typed. `tree` is as the edit has left it. The policy that was typed into is lowered anew, as far as it
    /// must be, and the others when somebody asks for them. One that was given to its document reads nothing that was typed.
    pub fn follow(&mut self, tree: &Tree, edit: &Retyped) {
        let document = &self.document;
        if document.is_given {
            if let Some(policy) = self.document.policy.get_mut() {
                policy.follow(edit);
            }
            return;
        }
        let is_typed_into = || tree.span(document.node).contains(tree.span(edit.scalar));
        let is_kept = document.policy.is_known()
            && matches!(document.shape, Shape::Document)
            && is_typed_into()
            && self.given(tree).is_empty();
        let document = &mut self.document;
        if is_kept {
            document.policy.outlast(tree, edit);
        }
        let is_kept = is_kept
            && document.policy.get_mut().is_some_and(|policy| {
                policy.follow(edit);
                lower::retype(policy, tree, edit, document.notation)
            });
        if !is_kept {
            document.policy = Traced::default();
        }
    }

    /// The conditions that the policy is there under: its own, and those of the resource that it stands in.
    fn given(&self, tree: &Tree) -> Branch {
        let document = &self.document;
        let guards = document.notation.guards(tree, document.node, 0);
        let guards = guards.into_iter().filter_map(|guard| match guard {
            Guard::Named(name, holds) => Some((name, holds)),
            _ => None,
        });
        self.branch.iter().cloned().chain(guards).collect()
    }

    /// Whether the policy may say more than is known of it, here or among what is generated for its owners.
    pub fn is_open(&self, tree: &Tree) -> bool {
        self.policy(tree).is_open() && !self.document.is_covered_by_generated
    }

    /// The elements that its statements needn't have, since whoever takes them gives these.
    pub fn needless(&self) -> &[&'static str] {
        match &self.document.shape {
            Shape::Own(form) => form.needless(),
            Shape::Document | Shape::Statements | Shape::Statement => &[],
        }
    }

    /// The bytes of the document.
    pub fn span(&self, tree: &Tree) -> Span {
        tree.span(self.document.node)
    }
}

/// Where a policy stands, and the policy once somebody has asked for it: after an edit few are asked for.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its node, aliases followed.
    pub node: NodeId,
    shape: Shape,
    notation: &'static dyn Notation,
    /// Whether all that the document leaves open is among what is generated for its owners.
    pub is_covered_by_generated: bool,
    /// Indexes of the managed policies whose document it is, whoever they are attached to.
    pub managed: Vec<usize>,
    /// What is searched for in it to put something else there, before AWS sees it.
    pub replaced: Vec<ModuleNode>,
    /// What it permits, where it is the policy that AWS makes of a resource which is a permission by itself.
    pub permission: Option<PermissionTo>,
    policy: Traced<Policy>,
    /// Whether it was there before anybody asked.
    is_given: bool,
}

/// What the node of a document is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A policy document.
    Document,
    /// A statement or a list of statements, without a document around.
    Statements,
    /// One statement that others make a policy of: no list can stand in its place.
    Statement,
    /// Something of the dialect's own.
    Own(Arc<dyn OwnForm>),
}

/// A policy that a dialect writes in a form of its own.
pub trait OwnForm: Debug + Send + Sync {
    /// The policy at a node.
    fn policy(&self, tree: &Tree, node: NodeId) -> Policy;

    /// The elements that whoever takes its statements gives to those that leave them out.
    fn needless(&self) -> &[&'static str] {
        &[]
    }
}

impl Document {
    /// How its strings and lists are written.
    pub fn notation(&self) -> &'static dyn Notation {
        self.notation
    }

    /// A document of this shape.
    pub fn shaped(node: NodeId, shape: Shape, notation: &'static dyn Notation) -> Document {
        Document {
            node,
            shape,
            notation,
            is_covered_by_generated: false,
            managed: Vec::new(),
            replaced: Vec::new(),
            permission: None,
            policy: Traced::default(),
            is_given: false,
        }
    }

    /// A document that nothing but its place is known of.
    pub fn new(
        tree: &Tree,
        node: NodeId,
        statements: bool,
        notation: &'static dyn Notation,
    ) -> Document {
        Document {
            node: tree.resolved(node),
            shape: match statements {
                true => Shape::Statements,
                false => Shape::Document,
            },
            notation,
            is_covered_by_generated: false,
            managed: Vec::new(),
            replaced: Vec::new(),
            permission: None,
            policy: Traced::default(),
            is_given: false,
        }
    }

    /// A document whose policy somebody needed to find it.
    pub fn known(policy: Policy, notation: &'static dyn Notation) -> Document {
        Document {
            is_given: false,
            ..Document::read(policy, notation)
        }
    }

    /// A document that is read already.
    pub fn read(policy: Policy, notation: &'static dyn Notation) -> Document {
        Document {
            node: policy.node,
            shape: Shape::Document,
            notation,
            is_covered_by_generated: false,
            managed: Vec::new(),
            replaced: Vec::new(),
            permission: None,
            policy: Traced::from(policy),
            is_given: true,
        }
    }
}

/// What a permission is for that is a resource by itself. The API takes other actions and principals for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PermissionTo {
    /// A function of AWS Lambda.
    Function,
    /// A version of a layer of AWS Lambda.
    Layer,
    /// An event bus.
    EventBus,
}

/// What sort of thing an owner is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OwnerKind {
    /// An IAM role.
    Role,
    /// An IAM user.
    User,
    /// An IAM group.
    Group,
    /// A managed policy that the file attaches to nothing.
    ManagedPolicy,
    /// Any other resource.
    Resource,
    /// A file that holds nothing but the policy.
    File,
}

/// A policy that stands in no file: a tool writes it for what stands there when it deploys. Its nodes are those that it
/// is written for; no rule looks at it for its own sake.
#[derive(Clone, Debug)]
pub struct Generated {
    /// What the policy is for.
    pub kind: SiteKind,
    /// The name that the tool gives the policy, where that is known.
    pub name: Option<String>,
    /// What it is written for, for a reader: `S3ReadPolicy`, `Events/Orders`.
    pub origin: String,
    /// Keys that lead to that.
    pub path: Vec<String>,
    /// When it is there.
    pub branch: Branch,
    /// What it says.
    pub policy: Policy,
}

/// A managed policy that is attached by its ARN.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The ARN.
    pub arn: Text,
    /// When it is attached.
    pub branch: Branch,
    /// Whether what it allows is known to be the owner's already: a policy of AWS, or one that the file declares.
    pub is_granted_already: bool,
}

/// One of the policies that a permissions boundary may be.
#[derive(Clone, Debug)]
pub struct Bound {
    /// When it is that one.
    pub branch: Branch,
    /// Which it is.
    pub by: BoundBy,
}

/// What a permissions boundary is.
#[derive(Clone, Debug)]
pub enum BoundBy {
    /// The managed policy of that index among the owners of the file.
    Policy(usize),
    /// A policy by its ARN.
    Arn(Text),
    /// There is none.
    Nothing,
}

/// How a data source names a managed policy.
#[derive(Clone, Debug)]
pub enum LookUp {
    /// By its ARN.
    Arn(Text),
    /// By its name: one of AWS, or of the account.
    Name(Text),
}

impl LookUp {
    /// The ARN or the name.
    pub fn text(&self) -> &Text {
        match self {
            LookUp::Arn(text) | LookUp::Name(text) => text,
        }
    }
}

/// What a policy belongs to.
#[derive(Clone, Debug)]
pub struct Owner {
    /// What sort of thing it is.
    pub kind: OwnerKind,
    /// Logical id, or the file's name without its ending.
    pub label: String,
    /// Names it is deployed under, as far as they resolve, with unknown parts as `${Name}`.
    pub names: Vec<String>,
    /// Its type: `AWS::IAM::Role`; empty for a file.
    pub type_name: String,
    /// Where it is declared: the logical id.
    pub declared: Option<Span>,
    /// The node of its properties.
    pub properties: Option<NodeId>,
    /// When it is there.
    pub branch: Branch,
    /// Its `PermissionsBoundary`.
    pub boundary: Known<NodeId>,
    /// What that may be, as far as the file tells.
    pub bounds: Vec<Bound>,
    /// Policies of AWS that are attached to it.
    pub managed: Vec<ManagedPolicy>,
    /// Every managed policy that is attached to it by its ARN, those of `managed` with them.
    pub attached: Vec<Attached>,
    /// Policies that a tool writes for it.
    pub generated: Vec<Generated>,
    /// The policy that AWS makes of a resource which is a permission by itself. It has no document, so that only rules on
    /// who is let in look at it.
    pub permission: Option<Box<Site>>,
    /// The managed policy that it looks up, for a data source that stands for one.
    pub looks_up: Option<LookUp>,
    /// Whether policies may be attached to it that the file doesn't show, beside those in `attached`.
    pub dynamic: bool,
    /// Indexes of the groups that a user is in: what these have is the user's, too.
    pub groups: Vec<usize>,
    /// Whether it has policies in another place that may deny it something which isn't known here.
    pub denied_elsewhere: bool,
    /// Whether it has so many policies in other places that not all of them are looked at.
    pub is_crowded: bool,
    /// Whether it is what the application runs as, whatever it is called.
    pub runs: bool,
}

impl Owner {
    /// What the permission is for that a resource is by itself.
    pub fn permission_to(&self) -> Option<PermissionTo> {
        self.permission.as_ref()?.document.permission
    }

    /// An owner that nothing is known of but what it is and what to call it.
    pub fn new(kind: OwnerKind, label: impl Into<String>) -> Owner {
        Owner {
            kind,
            label: label.into(),
            names: Vec::new(),
            type_name: String::new(),
            declared: None,
            properties: None,
            branch: Branch::new(),
            boundary: Known::Missing,
            bounds: Vec::new(),
            managed: Vec::new(),
            attached: Vec::new(),
            generated: Vec::new(),
            permission: None,
            looks_up: None,
            dynamic: false,
            groups: Vec::new(),
            denied_elsewhere: false,
            is_crowded: false,
            runs: false,
        }
    }
}
