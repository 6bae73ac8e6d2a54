//! What names stand for in a file of a module, and in one that a module fills in.

use std::sync::Arc;

use leastwise_model::files::Unread;
use leastwise_model::guard::Guard;
use leastwise_model::notation::Notation;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Config, Environment, Owner, Site, Spelling};
use leastwise_syntax::{Format, NodeId, Retyped, Span, Tree, View};

use crate::intrinsic::notation::TEMPLATE;
use crate::resolve::names::{Met, Names};
use crate::resolve::{Alternative, Resolver};
use crate::source_file::SourceFile;
use crate::state::facts::{ArgumentKind, Inside, PublicBlock, Referred, StoredSecret, Values};
use crate::state::scope::InScope;
use crate::state::{State, Ways};
use crate::terraform::notation::NATIVE;
use crate::terraform::{
    Declared, Given, Module, arguments, calls, comprehension, guards, public_block, referred,
    scope, secrets, sites, spelling,
};
use crate::terraform::{table, taken};

impl Names for Module {
    fn notation(&self) -> &'static dyn Notation {
        NATIVE
    }

    fn name(&self, of: &Resolver<'_>, name: &str, _: u32) -> Option<Vec<Alternative>> {
        Some(of.terraform_reference(self, name))
    }

    fn value(&self, of: &Resolver<'_>, node: NodeId) -> Option<Vec<Alternative>> {
        Some(of.terraform_expression(self, node))
    }

    fn of_loop(&self, tree: &Tree, node: NodeId, name: &str) -> Option<String> {
        comprehension::variable(tree, node, name)
    }

    fn condition(&self, of: &Resolver<'_>, name: &str, _: u32, _: bool) -> Option<bool> {
        of.terraform_condition(self, name)
    }

    fn file(&self) -> u32 {
        self.own()
    }

    fn guards_outside(&self, tree: &Tree) -> Vec<Guard> {
        let at_call = || {
            let caller = self.caller.as_deref()?;
            let tree = caller.module.tree(caller.body.file, tree);
            let at = caller.argument("source")?;
            Some(guards::guards_of(tree, at.node, at.file))
        };
        at_call().unwrap_or_default()
    }

    fn is_met(&self, of: &Resolver<'_>, guard: &Guard, outside: bool) -> Option<Met> {
        match guard {
            Guard::Named(..) => None,
            guard => of.terraform_guard(self, guard, outside),
        }
    }

    fn replaced(&self, of: &Resolver<'_>, text: &Text, values: Vec<Resolved>) -> Vec<Resolved> {
        of.unreplaced(self, text, values)
    }
}

impl State for Module {
    fn names(&self) -> &dyn Names {
        self
    }

    fn outlasts(&mut self, tree: &Tree, edit: &Retyped) -> bool {
        Module::outlasts(self, tree, edit)
    }

    fn arn_of(&self, owner: &Owner) -> Option<Part> {
        Some(Part::Variable {
            name: format!("{}.arn", owner.label),
            span: owner.declared?,
        })
    }

    fn declares(&self, tree: &Tree) -> Vec<InScope<'_>> {
        scope::declares(self, tree)
    }

    fn named(&self, tree: &Tree, name: &str) -> Option<InScope<'_>> {
        scope::named(self, tree, name)
    }

    fn referred_name<'n>(
        &self,
        tree: &Tree,
        name: &'n str,
    ) -> Option<(InScope<'_>, Option<&'n str>)> {
        scope::referred(self, tree, name)
    }

    fn has_expressions(&self) -> bool {
        true
    }

    fn takes(&self, keys: &[&str]) -> Option<ArgumentKind> {
        taken::takes(keys)
    }

    fn attributes(&self, type_name: &str, is_data: bool) -> Vec<&'static str> {
        let mut found = table::attributes(type_name, is_data);
        found.extend(table::document(type_name, is_data));
        found
    }

    fn types_with(&self, format: &str) -> Vec<&'static str> {
        table::types_with(format)
    }

    fn reference_at(&self, tree: &Tree, offset: u32) -> Option<(NodeId, String)> {
        scope::reference_at(tree, offset)
    }

    fn makes(&self, name: &str) -> bool {
        Module::makes(self, name)
    }

    fn names_at(&self, tree: &Tree, path: &str, offset: u32) -> Vec<String> {
        let name = scope::name_at(self, tree, path, offset);
        name.into_iter().collect()
    }

    fn uses(&self, tree: &Tree, name: &str) -> Vec<Span> {
        scope::uses(tree, name)
    }

    fn read_with(&self) -> Vec<(&str, &Arc<Tree>)> {
        let files = 0..self.count();
        files.filter_map(|file| self.other(file)).collect()
    }

    fn referred(&self, _: &Tree, name: &str, _: bool, _: Values<'_>) -> Option<Referred> {
        referred::referred(name)
    }

    fn inside(&self, _: &Tree, name: &str, _: Values<'_>) -> Vec<Inside> {
        referred::inside(name)
    }

    fn part(&self, name: &str, span: Span) -> Part {
        Part::Variable {
            name: name.to_owned(),
            span,
        }
    }

    fn refers_in_strings(&self, tree: &Tree, node: NodeId) -> bool {
        // The JSON syntax has expressions in strings.
        tree.format() != Format::Hcl && !tree.is_of_hcl(node)
    }

    fn stored_secrets(&self, tree: &Tree, values: Values<'_>) -> Vec<StoredSecret> {
        secrets::stored(self, tree, values)
    }

    fn public_block(&self, tree: &Tree, site: &Site) -> Option<PublicBlock> {
        public_block::for_site(self, tree, site)
    }

    fn ways(&self, of: &Resolver<'_>) -> Ways {
        calls::ways(self, of)
    }

    fn value_name(&self, site: &Site) -> Option<String> {
        scope::value_name(site)
    }

    fn given_object(&self, tree: &Tree, site: &Site) -> Option<String> {
        arguments::given_object(tree, site)
    }

    fn find(&self, asked: &SourceFile<'_>) -> (Vec<Site>, Vec<Owner>) {
        sites::find(self, asked)
    }

    fn spelling(
        &self,
        tree: &Tree,
        config: &Arc<Config>,
        environments: &[Environment],
    ) -> Option<Spelling> {
        Some(spelling::spelling(self, tree, config, environments))
    }

    fn left_out(&self) -> Vec<String> {
        Declared::left_out(self)
    }

    fn unread(&self) -> &[Unread] {
        Declared::unread(self)
    }

    fn is_list(&self, of: &Resolver<'_>, node: NodeId) -> bool {
        let view = of.tree.view(node);
        matches!(view, View::Tagged(tag, _) if tag.name == "hcl:ref")
            && of.terraform_is_list(self, node)
    }
}

/// A file that is filled in is nothing but a policy, which may be a part of a template, too.
impl Names for Given {
    fn notation(&self) -> &'static dyn Notation {
        TEMPLATE
    }

    fn put_in(&self, of: &Resolver<'_>, name: &str, span: Span) -> Option<Vec<Alternative>> {
        of.filled(self, name, span)
    }

    fn condition(&self, of: &Resolver<'_>, name: &str, _: u32, _: bool) -> Option<bool> {
        of.filled_condition(self, name)
    }

    fn put_in_whole(&self, of: &Resolver<'_>, node: NodeId) -> Option<Vec<Alternative>> {
        of.filled_json(self, node)
    }
}

impl State for Given {
    fn names(&self) -> &dyn Names {
        self
    }
}
