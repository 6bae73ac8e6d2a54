//! Ways of writing policies in files: where the policy sites are, how texts are built, and what these are worked out to.
//!
//! Each dialect has a room of its own, which no other enters but where it is written in one: SAM and the Serverless
//! Framework write CloudFormation.

mod cloudformation;
mod intrinsic;
mod kinds;
mod limits;
pub(crate) mod permission;
mod pipeline;
pub(crate) mod plain;
pub mod resolve;
mod sam;
mod serverless;
mod shape;
mod state;
mod terraform;

pub use state::{Stack, Stacks, State, entries, facts, scope};

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use leastwise_model::files::{Files, Unread};
use leastwise_model::limits::POLICIES_ELSEWHERE;
use leastwise_model::notation::Notation;
use leastwise_model::pipeline::Pipeline;
use leastwise_model::{Branch, Config, Environment, Item, Owner, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};
use limits::{DEPTH_OF_A_WAY, VALUES_ON_A_WAY};

leastwise_syntax::count_work!(pub);

/// What is said where an owner has more policies in other places than [`POLICIES_ELSEWHERE`].
pub fn too_many_policies(place: &str) -> String {
    format!(
        "not all policies are looked at together{place}: a role, user or group has them in more than {POLICIES_ELSEWHERE} \
         other places, and what it may do isn't known as a whole; AWS takes 20 managed policies for a role at most, and \
         10,240 characters of inline ones"
    )
}

/// How a file holds its policies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// A CloudFormation template.
    CloudFormation,
    /// A template of the Serverless Application Model.
    Sam,
    /// A service of the Serverless Framework.
    Serverless,
    /// A file of a module of Terraform or OpenTofu, or a plan in its JSON form.
    Terraform,
    /// A policy document as such, several of them, or documents somewhere in other data.
    Plain,
    /// A CI pipeline, which assumes roles.
    Pipeline,
    /// No policy in it.
    None,
}

impl Dialect {
    /// Whether it is written as CloudFormation templates are.
    pub fn is_template(self) -> bool {
        matches!(
            self,
            Dialect::CloudFormation | Dialect::Sam | Dialect::Serverless
        )
    }

    /// Whether there is a policy in it.
    pub fn has_policies(self) -> bool {
        self != Dialect::None
    }

    /// Whether it is nothing but policies, or data that holds some.
    pub fn is_bare(self) -> bool {
        self == Dialect::Plain
    }

    /// Whether a framework makes a template of it: variables of its own are filled in before anything else sees the texts,
    /// it adds roles, and its functions name resources by their logical ids.
    pub fn makes_template(self) -> bool {
        self == Dialect::Serverless
    }

    /// How it is written, as far as nothing is known of the file.
    pub fn notation(self) -> &'static dyn Notation {
        match self {
            Dialect::CloudFormation | Dialect::Sam => intrinsic::notation::TEMPLATE,
            Dialect::Terraform => terraform::notation::NATIVE,
            Dialect::Serverless => serverless::notation::SERVICE,
            Dialect::Plain | Dialect::Pipeline | Dialect::None => plain::notation::PLAIN,
        }
    }
}

/// What was found in one file.
#[derive(Debug)]
pub struct Found {
    /// The dialect whose file it is.
    pub dialect: Dialect,
    /// What that knows of the file as a whole.
    pub state: Box<dyn State>,
    /// The policies.
    pub sites: Vec<Site>,
    /// What they belong to.
    pub owners: Vec<Owner>,
    /// The roles that it assumes, for a CI pipeline.
    pub pipeline: Option<Pipeline>,
    /// ARNs of roles that the dialect's tool deploys the file with.
    pub deployers: Vec<Item>,
    /// The targets, where the file itself tells of more than the config.
    pub environments: Option<Vec<Environment>>,
}

impl Found {
    /// Nothing yet.
    pub fn of(dialect: Dialect) -> Found {
        Found {
            dialect,
            state: Box::new(intrinsic::Bare),
            sites: Vec::new(),
            owners: Vec::new(),
            pipeline: None,
            deployers: Vec::new(),
            environments: None,
        }
    }
}

/// A file that policies are looked for in.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The file.
    pub tree: &'a Tree,
    /// Its path.
    pub path: &'a str,
    /// The config in force.
    pub config: &'a Arc<Config>,
    /// The targets, as far as the config tells.
    pub environments: &'a [Environment],
    /// The files around it.
    pub files: &'a Arc<dyn Files>,
    /// What isn't found though it is there.
    pub limits: &'a Limits,
}

/// What isn't found in a file though it is there.
#[derive(Default, Debug)]
pub struct Limits {
    /// There is too much of something.
    pub is_cut_off: Cell<bool>,
    /// Files that hold a part of it, and aren't read.
    pub unread: RefCell<Vec<Unread>>,
}

/// The dialects in the order in which they are asked: the first that knows the file has it.
const DIALECTS: [fn(&Asked<'_>) -> Option<Found>; 6] = [
    // Told by the syntax and the file's name, and by what only plans have.
    terraform::find,
    // Its resources have the shape of a template, which the next ones would take it for.
    |asked| serverless::find(asked, sam::deployed::deployed),
    // Is a template with types that CloudFormation doesn't have.
    sam::find,
    |asked| cloudformation::find(asked, sam::deployed::deployed),
    // A workflow may hold a policy somewhere, and is none.
    pipeline::find,
    // Any data with a policy in it.
    |asked| plain::find(asked, told),
];

/// What the files around one say that is nothing but a policy: those of the dialects that read files.
fn told(asked: &Asked<'_>) -> Told {
    let read = terraform::readers::read(asked.tree, asked.path, &**asked.files);
    Told {
        kind: read.kind,
        state: match read.given {
            Some(given) => Box::new(given),
            None => Box::new(intrinsic::Bare),
        },
    }
}

/// What a resource is deployed as that is written as one of another type.
#[derive(Debug)]
pub struct DeployedAs {
    /// The type.
    pub type_name: &'static str,
    /// Properties of that type which are called otherwise, each with what it is called.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// What resources are deployed as, by the types that they are written as: those of transforms, which may stand in any template.
pub(crate) type Deployed = fn(&str) -> Option<&'static DeployedAs>;

/// What other files say of one that they read.
pub struct Told {
    /// What its policy is for: nothing where none reads it, and an unknown kind where they don't tell, or tell different
    /// ones.
    pub kind: Option<(SiteKind, Option<&'static str>)>,
    /// What they give to its variables.
    pub state: Box<dyn State>,
}

/// Whether a file is read with all that stand beside it, by its name.
pub fn are_read_together(path: &str) -> bool {
    terraform::is_module_file(path)
}

/// Whether files around one may fill it in, by where it lies.
pub fn may_be_filled(path: &str, files: &dyn Files) -> bool {
    terraform::may_be_filled(path, files)
}

/// What is known of a file that holds no policy, but whose names others use.
pub fn around(tree: &Tree, path: &str, files: &dyn Files) -> Option<Box<dyn State>> {
    let module = terraform::around(tree, path, files)?;
    Some(Box::new(module))
}

/// Looks for policies in a file.
pub fn find(asked: &Asked<'_>) -> Found {
    let mut found = DIALECTS.iter().filter_map(|find| find(asked));
    found.next().unwrap_or_else(|| Found::of(Dialect::None))
}

/// The nodes that a path of keys leads to from `node`: `*` goes into every item of a list; both branches of an
/// `Fn::If` on the way are followed.
pub fn follow(tree: &Tree, node: NodeId, path: &[&str], branch: &Branch) -> Vec<(NodeId, Branch)> {
    let mut found = Vec::new();
    walk(tree, node, path, branch, &mut found, 0);
    found
}

fn walk(
    tree: &Tree,
    node: NodeId,
    path: &[&str],
    branch: &Branch,
    found: &mut Vec<(NodeId, Branch)>,
    depth: usize,
) {
    if depth > DEPTH_OF_A_WAY || found.len() >= VALUES_ON_A_WAY {
        return;
    }
    let node = tree.resolved(node);
    if let View::Tagged(tag, argument) = tree.view(node)
        && tag.name == "Fn::If"
        && let Some(&[name, yes, no]) = tree.items(tree.resolved(argument))
    {
        let name = tree.text(name).unwrap_or_default();
        for (value, holds) in [(yes, true), (no, false)] {
            if branch
                .iter()
                .any(|(other, held)| other == name && *held != holds)
            {
                continue;
            }
            let mut branch = branch.clone();
            branch.push((name.to_owned(), holds));
            walk(tree, value, path, &branch, found, depth + 1);
        }
        return;
    }
    if let View::Tagged(tag, argument) = tree.view(node)
        && tag.name == "Fn::ToJsonString"
    {
        // The text of what stands there.
        walk(tree, argument, path, branch, found, depth + 1);
        return;
    }
    match path {
        [] => found.push((node, branch.clone())),
        ["*", rest @ ..] => {
            for item in tree.items(node).unwrap_or_default() {
                walk(tree, *item, rest, branch, found, depth + 1);
            }
        }
        [key, rest @ ..] => {
            if let Some(value) = tree.get(node, key) {
                walk(tree, value, rest, branch, found, depth + 1);
            }
        }
    }
}
