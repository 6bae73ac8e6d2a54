//! Access keys whose secret Terraform writes into its state.

use leastwise_model::text::Text;
use leastwise_syntax::{NodeId, Tree, View};

use super::module::{Block, Module};
use super::notation::NATIVE;
use crate::state::facts::{Keeper, StoredSecret, Values};

/// The type of a key.
const KEY: &str = "aws_iam_access_key";

/// The keys of the file itself whose secret nothing encrypts.
pub(super) fn stored(module: &Module, tree: &Tree, values: Values<'_>) -> Vec<StoredSecret> {
    let blocks = module.own_blocks();
    let keys = blocks.filter(|(_, block)| {
        block.type_name == KEY && !block.data && is_plain(tree, block, values)
    });
    keys.map(|(address, block)| StoredSecret {
        key: address.to_owned(),
        keeper: Keeper::State(super::TOOL.name),
        node: block.label,
    })
    .collect()
}

/// Whether there is such a key unless somebody says otherwise, and nothing encrypts its secret.
fn is_plain(tree: &Tree, block: &Block, values: Values<'_>) -> bool {
    let body = block.body.node;
    let encrypted = tree
        .get(body, "pgp_key")
        .is_some_and(|key| tree.text(key) != Some(""));
    let count = tree.get(body, "count");
    !encrypted && count.is_none_or(|count| is_counted(tree, count, values))
}

/// Whether a `count` makes at least one, with the defaults of the variables in its condition.
fn is_counted(tree: &Tree, count: NodeId, values: Values<'_>) -> bool {
    let is_some = |node: NodeId| tree.text(node).is_some_and(|text| text != "0");
    let View::Tagged(tag, arguments) = tree.view(count) else {
        return is_some(count);
    };
    let Some(&[condition, yes, no]) = tree.items(arguments).filter(|_| tag.name == "hcl:?") else {
        return false;
    };
    let values = values(&Text::lower(tree, condition, NATIVE));
    let mut values = values.iter().map(|value| value.as_literal());
    let chosen = match values.next().flatten().as_deref() {
        Some("true") => yes,
        Some("false") => no,
        _ => return false,
    };
    let expected = (chosen == yes).to_string();
    is_some(chosen) && values.all(|value| value.as_deref() == Some(&expected))
}
