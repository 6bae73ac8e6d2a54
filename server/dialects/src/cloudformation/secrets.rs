//! Access keys whose secret an output of the stack shows.

use leastwise_model::text::{Part, Text};
use leastwise_syntax::Tree;

use super::outputs;
use super::template::Template;
use crate::state::facts::{Keeper, StoredSecret};

/// The type of a key.
const KEY: &str = "AWS::IAM::AccessKey";

/// The keys whose secret an output holds.
pub(super) fn stored(template: &Template, tree: &Tree) -> Vec<StoredSecret> {
    let is_key = |id: &str| {
        let resource = template.resources.get(id);
        resource.is_some_and(|resource| resource.type_name == KEY)
    };
    let values = outputs::all(tree).filter_map(|output| tree.get(output, "Value"));
    let found = values.filter_map(|node| {
        let text = Text::lower(tree, node, template.notation());
        let key = text.parts.into_iter().find_map(|part| match part {
            Part::Attribute {
                resource,
                attribute,
                ..
            } if attribute == "SecretAccessKey" && is_key(&resource) => Some(resource),
            _ => None,
        })?;
        Some(StoredSecret {
            key,
            keeper: Keeper::Output,
            node,
        })
    });
    found.collect()
}
