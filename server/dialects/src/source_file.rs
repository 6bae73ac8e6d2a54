//! A file that policies are looked for in, and what of it isn't found.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use leastwise_model::files::{Files, Unread};
use leastwise_model::{Config, Environment};
use leastwise_syntax::Tree;

/// A file that policies are looked for in.
#[derive(Clone, Copy)]
pub struct SourceFile<'a> {
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
    pub limits: &'a Omissions,
}

/// What isn't found in a file though it is there.
#[derive(Default, Debug)]
pub struct Omissions {
    /// There is too much of something.
    pub is_cut_off: Cell<bool>,
    /// Files that hold a part of it, and aren't read.
    pub unread: RefCell<Vec<Unread>>,
}
