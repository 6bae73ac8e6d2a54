//! What the analysis asks of a template.

use leastwise_model::text::Part;
use leastwise_model::{Environment, Owner, OwnerKind};
use leastwise_syntax::{NodeId, Tree};

use super::resolve::passed;
use super::template::Template;
use crate::resolve::Passed;
use crate::resolve::names::Names;
use crate::state::{Nested, Stacks, State};

impl State for Template {
    fn names(&self) -> &dyn Names {
        self
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
    ) -> Option<Passed> {
        passed(stacks, path, self, environment, defaults)
    }

    fn stacks(&self) -> Vec<Nested<'_>> {
        let nested = self.nested.iter();
        let mut stacks: Vec<_> = nested
            .map(|(name, nested)| Nested {
                name,
                path: &nested.path,
            })
            .collect();
        stacks.sort_unstable_by_key(|nested| nested.name);
        stacks
    }

    fn exports(&self, tree: &Tree) -> Vec<(NodeId, NodeId)> {
        let pairs = outputs(tree);
        let exports = pairs.filter_map(|output| {
            let name = tree.get(tree.get(output, "Export")?, "Name")?;
            Some((name, tree.get(output, "Value")?))
        });
        exports.collect()
    }
}

/// The outputs of a template.
pub(super) fn outputs(tree: &Tree) -> impl Iterator<Item = NodeId> + '_ {
    let outputs = tree.documents().iter().flat_map(|root| {
        // Those of a Serverless service stand among its resources.
        let resources = tree.get(*root, "resources");
        let holders = [Some(*root), resources];
        holders.map(|node| tree.get(node?, "Outputs"))
    });
    let pairs = outputs.flatten().flat_map(|node| tree.pairs(node));
    pairs.map(|output| output.value)
}
