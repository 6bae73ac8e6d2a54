//! Frameworks that write templates with variables of their own, and these variables as facts.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use leastwise_model::Environment;
use leastwise_model::files::Files;
use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree};

use super::{Alternative, Resolver};

/// A framework that writes the template of a file: it fills in variables of its own before anything else sees the texts.
pub trait Framework: Any + Debug + Send + Sync {
    /// How the file is written.
    fn notation(&self) -> &'static dyn Notation;

    /// The values of a variable of its own, by what stands between `${` and `}`; `sub` where `Fn::Sub` is around it.
    fn expression(&self, of: &Resolver<'_>, inner: &str, sub: bool) -> Vec<Alternative>;

    /// What a name stands for that is itself made of such variables.
    fn made_name(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Vec<Alternative>;

    /// The nodes that a variable of its own stands for, each with its file where that is another than the template's.
    fn places(&self, of: &Resolver<'_>, inner: &str) -> Vec<(Option<Arc<Tree>>, NodeId)>;

    /// The paths of the files that the variables of a file name, each once.
    fn named_files(&self, tree: &Tree) -> Vec<String>;

    /// What it is called.
    fn title(&self) -> &'static str;

    /// The variables that the file at `path` can have.
    fn variables(&self, tree: &Tree, path: &str, files: &dyn Files) -> Vec<FrameworkVariable>;

    /// Where the first source of a variable takes its value from, by what stands between its `${` and `}`.
    fn source(&self, inner: &str) -> VariableOrigin;

    /// Whether a text that stands in no function is the name of a resource.
    fn is_name(&self, tree: &Tree, node: NodeId) -> bool;

    /// Whether a condition of its own holds; `None` for one of the template's.
    fn condition(&self, environment: &Environment, name: &str) -> Option<bool>;
}

/// A variable that a framework fills in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameworkVariable {
    /// What stands between its `${` and `}`.
    pub name: String,
    /// What it is offered as.
    pub offered: Offered,
}

/// What a variable is offered as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offered {
    /// One that is there in any file.
    Known,
    /// An address in the file.
    Address,
    /// Another file.
    File,
    /// The environment of the process that deploys, whose names nobody knows.
    Environment,
}

/// Where a framework takes the value of a variable from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VariableOrigin {
    /// The file itself.
    File,
    /// An option of the command line.
    CommandLine,
    /// What the framework knows of itself.
    Framework,
    /// A parameter of the stage.
    Stage,
    /// The environment of the process that deploys.
    Environment,
    /// Another file.
    OtherFile,
    /// The account and region that are deployed to.
    Target,
    /// A deployed stack.
    Stack,
    /// A store of parameters or secrets.
    Store,
    /// An object in S3.
    Object,
    /// A text that is read as a boolean.
    Boolean,
    /// The framework or a plugin.
    Plugin,
}
