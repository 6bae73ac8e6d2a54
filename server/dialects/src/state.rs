//! What a dialect knows of a file as a whole, and what the analysis asks it.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use leastwise_model::text::Part;
use leastwise_model::{Config, Environment, Owner, Site, Spelling};
use leastwise_syntax::{NodeId, Tree};

use crate::Asked;
use crate::resolve::names::Names;
use crate::resolve::{Passed, Resolver};

/// What a dialect knows of a file as a whole. Without any of its methods but the first, it declares nothing.
pub trait State: Any + Debug + Send + Sync {
    /// What the names of the file stand for.
    fn names(&self) -> &dyn Names;

    /// Whether a tool has made the file of other files: to change it changes nothing.
    fn is_made(&self) -> bool {
        false
    }

    /// The text that gives the ARN of an identity which the file declares, where its dialect has one.
    fn arn_of(&self, _: &Owner) -> Option<Part> {
        None
    }

    /// Whether others may give its names values: a nested stack's parameters.
    fn is_given_values(&self) -> bool {
        false
    }

    /// What the files around it give to its names.
    fn passed(
        &self,
        _: &dyn Stacks,
        _path: &str,
        _: &Environment,
        _defaults: bool,
    ) -> Option<Passed> {
        None
    }

    /// The stacks that it makes of other templates, in the order of their names.
    fn stacks(&self) -> Vec<Nested<'_>> {
        Vec::new()
    }

    /// What it exports: for each output the nodes of the name and the value.
    fn exports(&self, _: &Tree) -> Vec<(NodeId, NodeId)> {
        Vec::new()
    }

    /// The file as those who use it make it, where they make different things of it.
    fn ways(&self, _: &Resolver<'_>) -> Ways {
        Ways::default()
    }

    /// The policies of the file, and what they belong to.
    fn find(&self, _: &Asked<'_>) -> (Vec<Site>, Vec<Owner>) {
        (Vec::new(), Vec::new())
    }

    /// How the file writes where it is deployed, where that can be told.
    fn spelling(&self, _: &Tree, _: &Arc<Config>, _: &[Environment]) -> Option<Spelling> {
        None
    }

    /// Which files that belong to it aren't known: a sentence for each reason.
    fn left_out(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether an item that is a reference surely is a list.
    fn is_list(&self, _: &Resolver<'_>, _: NodeId) -> bool {
        false
    }
}

/// A file as those who use it make it.
#[derive(Debug, Default)]
pub struct Ways {
    /// What several make the same is there once, with what they are called.
    pub ways: Vec<(Vec<String>, Box<dyn State>)>,
    /// Whether there are others that weren't looked at.
    pub more: bool,
}

/// A stack that a template makes of another one.
#[derive(Clone, Copy, Debug)]
pub struct Nested<'a> {
    /// What the template calls it.
    pub name: &'a str,
    /// Where the other template lies, as files are asked for it.
    pub path: &'a str,
}

/// A stack that is made of the template at hand, and the file that makes it.
#[derive(Clone, Copy)]
pub struct Stack<'a> {
    /// The file.
    pub tree: &'a Tree,
    /// Where that lies.
    pub path: &'a str,
    /// The config in force there.
    pub config: &'a Config,
    /// What is known of it.
    pub state: &'a (dyn State + 'static),
    /// What it calls the stack.
    pub name: &'a str,
}

/// The stacks of the files that are looked at together.
pub trait Stacks {
    /// The stacks of other templates that are made of the template at `path`. Empty where that isn't certain.
    fn stacks_of(&self, path: &str) -> Vec<Stack<'_>>;
}
