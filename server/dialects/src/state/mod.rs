//! What a dialect knows of a file as a whole, and what the analysis asks it.

pub mod entries;
pub mod facts;
pub mod scope;

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use leastwise_model::files::Unread;
use leastwise_model::text::Part;
use leastwise_model::{Config, Environment, Owner, Site, Spelling};
use leastwise_syntax::{NodeId, Retyped, Span, Tree};

use crate::resolve::names::Names;
use crate::resolve::{PassedValues, Resolver};
use crate::source_file::SourceFile;

use entries::TransformLists;
use facts::{
    ArgumentKind, ArnSpelling, Inside, Misnamed, PublicBlock, Referred, StoredSecret, Values,
};
use scope::{InScope, PSEUDO};

/// What a dialect knows of a file as a whole. Without any of its methods but the first, it declares nothing.
pub trait State: Any + Debug + Send + Sync {
    /// What the names of the file stand for.
    fn names(&self) -> &dyn Names;

    /// Takes over what somebody has typed into a scalar of the file that wasn't read for what this knows. Whether it is now what it
    /// would be if it were made anew.
    fn outlasts(&mut self, _tree: &Tree, _: &Retyped) -> bool {
        false
    }

    /// Whether a tool has made the file of other files: to change it changes nothing.
    fn is_made(&self) -> bool {
        false
    }

    /// The text that gives the ARN of an identity which the file declares, where its dialect has one.
    fn arn_of(&self, _: &Owner) -> Option<Part> {
        None
    }

    /// The names that are in scope; `tree` is the file.
    fn declares(&self, _tree: &Tree) -> Vec<InScope<'_>> {
        Vec::new()
    }

    /// The names that nobody declares, since AWS or the dialect's tool has their values when it deploys.
    fn pseudo(&self) -> &'static [&'static str] {
        &PSEUDO
    }

    /// What a name is, as it is used.
    fn named(&self, _tree: &Tree, _name: &str) -> Option<InScope<'_>> {
        None
    }

    /// What a reference begins with, and the attribute behind it.
    fn referred_name<'n>(
        &self,
        _: &Tree,
        _name: &'n str,
    ) -> Option<(InScope<'_>, Option<&'n str>)> {
        None
    }

    /// Whether names stand in expressions of the dialect's own, not in texts and functions.
    fn has_expressions(&self) -> bool {
        false
    }

    /// The reference at an offset of the file, where names stand in expressions: its node, and what it says.
    fn reference_at(&self, _: &Tree, _offset: u32) -> Option<(NodeId, String)> {
        None
    }

    /// Whether a reference names a resource that the file, or what it is read with, makes.
    fn makes(&self, _name: &str) -> bool {
        false
    }

    /// The names that stand at an offset of the file, which lies at `path`: where they are declared, or used.
    fn names_at(&self, _: &Tree, _path: &str, _offset: u32) -> Vec<String> {
        Vec::new()
    }

    /// Where a name is used in the file, or another that it is read with.
    fn uses(&self, _: &Tree, _name: &str) -> Vec<Span> {
        Vec::new()
    }

    /// The other files that it is read with, and where they lie, in which its names are the same.
    fn read_with(&self) -> Vec<(&str, &Arc<Tree>)> {
        Vec::new()
    }

    /// What a reference to a name gives, with its ARN, alone or, with `has_path`, before more.
    fn referred(&self, _: &Tree, _name: &str, _has_path: bool, _: Values<'_>) -> Option<Referred> {
        None
    }

    /// The ARNs of what belongs to what a name refers to, where actions may work on that and not on the thing itself.
    fn inside(&self, _: &Tree, _name: &str, _: Values<'_>) -> Vec<Inside> {
        Vec::new()
    }

    /// What a name declares, where an attribute is taken for its ARN that its type surely doesn't have.
    fn misnamed(&self, _: &Tree, _name: &str, _attribute: &str, _: Values<'_>) -> Option<Misnamed> {
        None
    }

    /// Whether an attribute of what a name declares surely gives its name, its id or its URL, in so many words, and how its ARN is
    /// written, where that can be.
    fn by_id(
        &self,
        _: &Tree,
        _name: &str,
        _attribute: &str,
        _: Values<'_>,
    ) -> Option<(&'static str, Option<ArnSpelling>)> {
        None
    }

    /// A reference as a part of a text.
    fn part(&self, name: &str, span: Span) -> Part {
        Part::named(name, span)
    }

    /// Whether references that are written in the place of a node stand in a string.
    fn refers_in_strings(&self, _: &Tree, _: NodeId) -> bool {
        false
    }

    /// Access keys of the file whose secret is kept in the open.
    fn stored_secrets(&self, _: &Tree, _: Values<'_>) -> Vec<StoredSecret> {
        Vec::new()
    }

    /// What the settings of the bucket that a policy is for surely make of it, where it lets everybody in.
    fn public_block(&self, _: &Tree, _: &Site) -> Option<PublicBlock> {
        None
    }

    /// What the argument takes to which these keys lead from the root.
    fn takes(&self, _keys: &[&str]) -> Option<ArgumentKind> {
        None
    }

    /// The attributes of a resource of a type, or of a data source, that stand for something in policies: of one that may still have
    /// to be declared.
    fn attributes(&self, _type_name: &str, _is_data: bool) -> Vec<&'static str> {
        Vec::new()
    }

    /// The types of resources whose ARNs have this format of AWS's.
    fn types_with(&self, _format: &str) -> Vec<&'static str> {
        Vec::new()
    }

    /// The lists of policies that a transform reads.
    fn lists(&self) -> Option<&'static TransformLists> {
        None
    }

    /// Whether these keys lead from the root to such a list, or into one.
    fn is_in_list(&self, _keys: &[&str]) -> bool {
        false
    }

    /// The key of the first loop that stands in more others than are followed.
    fn too_deep(&self, _: &Tree) -> Option<NodeId> {
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
    ) -> Option<PassedValues> {
        None
    }

    /// The stacks that it makes of other templates, in the order of their names.
    fn stacks(&self) -> Vec<NestedStack<'_>> {
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

    /// What it takes in of what others export: the nodes of the names.
    fn imports(&self, _: &Tree) -> Vec<NodeId> {
        Vec::new()
    }

    /// The name, as it is used, of the value that a site is: no policy by itself, but what policies are made of.
    fn value_name(&self, _: &Site) -> Option<String> {
        None
    }

    /// The argument of a resource that takes a text, and that is given a document as an object.
    fn given_object(&self, _: &Tree, _: &Site) -> Option<String> {
        None
    }

    /// The policies of the file, and what they belong to.
    fn find(&self, _: &SourceFile<'_>) -> (Vec<Site>, Vec<Owner>) {
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

    /// Those files that belong to it, are there, and can't be read.
    fn unread(&self) -> &[Unread] {
        &[]
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
pub struct NestedStack<'a> {
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
