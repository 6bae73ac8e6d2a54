//! What the analysis asks of a template.

use leastwise_model::text::Part;
use leastwise_model::{Environment, Owner, OwnerKind, Site};
use leastwise_syntax::{NodeId, Retyped, Span, Tree};

use super::resolve::passed;
use super::template::Template;
use super::{child_arns, imports, outputs, public_block, referred, scope, secrets};
use crate::cloudformation::loops;
use crate::resolve::PassedValues;
use crate::resolve::names::Names;
use crate::state::entries::TransformLists;
use crate::state::facts::{
    ArnSpelling, Inside, Misnamed, PublicBlock, Referred, StoredSecret, Values,
};
use crate::state::scope::InScope;
use crate::state::{NestedStack, Stacks, State};

impl State for Template {
    fn names(&self) -> &dyn Names {
        self
    }

    fn outlasts(&mut self, _: &Tree, _: &Retyped) -> bool {
        // A framework keeps what its variables stand for.
        self.framework.is_none()
    }

    fn arn_of(&self, owner: &Owner) -> Option<Part> {
        let resource = self.resources.get(&owner.label)?;
        let span = owner.declared?;
        let name = owner.label.clone();
        match owner.kind {
            _ if resource.type_name != owner.type_name => None,
            OwnerKind::ManagedPolicy => Some(Part::Variable { name, span }),
            OwnerKind::Role | OwnerKind::User | OwnerKind::Group => Some(Part::Attribute {
                resource: name,
                attribute: "Arn".to_owned(),
                span,
            }),
            OwnerKind::Resource | OwnerKind::File => None,
        }
    }

    fn declares(&self, _: &Tree) -> Vec<InScope<'_>> {
        scope::declares(self)
    }

    fn named(&self, _: &Tree, name: &str) -> Option<InScope<'_>> {
        scope::named(self, name)
    }

    fn referred_name<'n>(&self, _: &Tree, name: &'n str) -> Option<(InScope<'_>, Option<&'n str>)> {
        scope::referred(self, name)
    }

    fn makes(&self, name: &str) -> bool {
        self.resources.contains_key(name)
    }

    fn names_at(&self, tree: &Tree, _: &str, offset: u32) -> Vec<String> {
        scope::names_at(self, tree, offset)
    }

    fn uses(&self, tree: &Tree, name: &str) -> Vec<Span> {
        scope::uses(self, tree, name)
    }

    fn referred(
        &self,
        tree: &Tree,
        name: &str,
        has_path: bool,
        values: Values<'_>,
    ) -> Option<Referred> {
        referred::referred(self, tree, name, has_path, values)
    }

    fn inside(&self, tree: &Tree, name: &str, values: Values<'_>) -> Vec<Inside> {
        child_arns::inside(self, tree, name, values)
    }

    fn misnamed(
        &self,
        tree: &Tree,
        name: &str,
        attribute: &str,
        values: Values<'_>,
    ) -> Option<Misnamed> {
        referred::misnamed(self, tree, name, attribute, values)
    }

    fn by_id(
        &self,
        tree: &Tree,
        name: &str,
        attribute: &str,
        values: Values<'_>,
    ) -> Option<(&'static str, Option<ArnSpelling>)> {
        referred::by_id(self, tree, name, attribute, values)
    }

    fn stored_secrets(&self, tree: &Tree, _: Values<'_>) -> Vec<StoredSecret> {
        secrets::stored(self, tree)
    }

    fn public_block(&self, tree: &Tree, site: &Site) -> Option<PublicBlock> {
        public_block::for_site(tree, site)
    }

    fn lists(&self) -> Option<&'static TransformLists> {
        self.lists
    }

    fn is_in_list(&self, keys: &[&str]) -> bool {
        let (Some(lists), ["Resources", id, "Properties", property, ..]) = (self.lists, keys)
        else {
            return false;
        };
        let named = scope::named(self, id);
        let is_of_type = named.is_some_and(|named| lists.types.contains(&named.type_name));
        is_of_type && *property == lists.property
    }

    fn too_deep(&self, tree: &Tree) -> Option<NodeId> {
        loops::too_deep(tree)
    }

    fn is_given_values(&self) -> bool {
        // A service is no nested stack, and its texts are asked for before the files around it are known.
        !self.parameters.is_empty() && self.framework.is_none()
    }

    fn passed(
        &self,
        stacks: &dyn Stacks,
        path: &str,
        environment: &Environment,
        defaults: bool,
    ) -> Option<PassedValues> {
        passed(stacks, path, self, environment, defaults)
    }

    fn stacks(&self) -> Vec<NestedStack<'_>> {
        let nested = self.nested.iter();
        let mut stacks: Vec<_> = nested
            .map(|(name, nested)| NestedStack {
                name,
                path: &nested.path,
            })
            .collect();
        stacks.sort_unstable_by_key(|nested| nested.name);
        stacks
    }

    fn imports(&self, tree: &Tree) -> Vec<NodeId> {
        imports::names(tree)
    }

    fn exports(&self, tree: &Tree) -> Vec<(NodeId, NodeId)> {
        let pairs = outputs::all(tree);
        let exports = pairs.filter_map(|output| {
            let name = tree.get(tree.get(output, "Export")?, "Name")?;
            Some((name, tree.get(output, "Value")?))
        });
        exports.collect()
    }
}
