//! What a dialect works out by itself, where its files aren't read as templates are, or a framework fills something in
//! before they are.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use leastwise_model::guard::Guard;
use leastwise_model::notation::Notation;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_model::{Config, Environment, Owner, Site, Spelling};
use leastwise_syntax::{NodeId, Span, Tree};

use super::{Alternative, Resolver};
use crate::Asked;

/// Whether a guard is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Met {
    /// In any case.
    Surely(bool),
    /// As long as variables have their defaults.
    WithDefaults(bool),
}

/// What the names and expressions of a file stand for, where the dialect works them out by itself. Without any of its methods,
/// they are as in a template that declares nothing.
pub trait Names: Any + Debug + Send + Sync {
    /// How the file is written.
    fn notation(&self) -> &'static dyn Notation;

    /// What a name stands for.
    fn name(&self, _: &Resolver<'_>, _name: &str) -> Option<Vec<Alternative>> {
        None
    }

    /// What an expression of the file stands for.
    fn value(&self, _: &Resolver<'_>, _: NodeId) -> Option<Vec<Alternative>> {
        None
    }

    /// What somebody puts into a text in the place of a name, before it is read.
    fn put_in(&self, _: &Resolver<'_>, _name: &str, _: Span) -> Option<Vec<Alternative>> {
        None
    }

    /// The same of a node that is a name as a whole: what is put there is read with the file.
    fn put_in_whole(&self, _: &Resolver<'_>, _: NodeId) -> Option<Vec<Alternative>> {
        None
    }

    /// What to call a name that a loop around a node gives its values.
    fn of_loop(&self, _: &Tree, _: NodeId, _name: &str) -> Option<String> {
        None
    }

    /// Whether the condition of a name surely holds.
    fn condition(&self, _: &Resolver<'_>, _name: &str) -> Option<bool> {
        None
    }

    /// The number of the file among those that guards stand in.
    fn file(&self) -> u32 {
        0
    }

    /// What guards all of the file, from outside.
    fn guards_outside(&self, _: &Tree) -> Vec<Guard> {
        Vec::new()
    }

    /// Whether a guard is met. `outside`: it is one of [`Names::guards_outside`].
    fn is_met(&self, _: &Resolver<'_>, _: &Guard, _outside: bool) -> Option<Met> {
        None
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

    /// The values of a text as AWS sees them, where something in them is put in the place of something else before.
    fn replaced(&self, _: &Resolver<'_>, _: &Text, values: Vec<Resolved>) -> Vec<Resolved> {
        values
    }
}

/// A file as those who use it make it.
#[derive(Debug, Default)]
pub struct Ways {
    /// What several make the same is there once, with what they are called.
    pub ways: Vec<(Vec<String>, Box<dyn Names>)>,
    /// Whether there are others that weren't looked at.
    pub more: bool,
}

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

    /// Whether a condition of its own holds; `None` for one of the template's.
    fn condition(&self, environment: &Environment, name: &str) -> Option<bool>;
}

/// The name in a hole: what stands between its `${` and `}`.
pub fn name_of_hole(text: &str) -> &str {
    let name = text.trim_start_matches("${").trim_end_matches('}');
    name.trim_matches(['~', ' '])
}
