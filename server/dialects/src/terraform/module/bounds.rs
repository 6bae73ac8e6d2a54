//! Which policies of a module are permissions boundaries: by references, and by the names in ARNs.

use foldhash::HashSet;
use leastwise_model::guard::ModuleNode;
use leastwise_syntax::{NodeId, Tree};

use super::{Block, Module};
use crate::shape::kind_by_name;
use crate::terraform::Reference;
use crate::terraform::body::argument;
use crate::terraform::references::references;

/// The policies that bound somebody.
#[derive(Debug, Default)]
pub struct Bounds {
    /// By their addresses.
    addresses: HashSet<String>,
    /// By their names, as these are written.
    names: HashSet<String>,
}

impl Bounds {
    /// Those that the resources of a module name.
    pub fn of(module: &Module, own: &Tree) -> Bounds {
        let mut bounds = Bounds::default();
        for (_, block) in module.all_blocks().filter(|(_, block)| !block.data) {
            let tree = module.tree(block.body.file, own);
            if let Some(node) = argument(tree, block.body.node, "permissions_boundary") {
                let file = block.body.file;
                bounds.add(module, own, ModuleNode { file, node });
            }
        }
        bounds
    }

    /// The same, with those that are handed to other modules as boundaries.
    pub(crate) fn with_calls(module: &Module, own: &Tree) -> Bounds {
        let mut bounds = Bounds::of(module, own);
        for call in module.calls.values() {
            let file = call.body.file;
            let tree = module.tree(file, own);
            for pair in tree.pairs(call.body.node) {
                if tree.text(pair.key).is_some_and(kind_by_name::is_boundary) {
                    let node = pair.value;
                    bounds.add(module, own, ModuleNode { file, node });
                }
            }
        }
        bounds
    }

    /// Takes down what an expression names.
    fn add(&mut self, module: &Module, own: &Tree, at: ModuleNode) {
        let tree = module.tree(at.file, own);
        self.names.extend(policy_name(tree, at.node));
        for name in references(tree, at.node) {
            let Some(resource) = Reference::parse(&name).and_then(|name| name.resource()) else {
                continue;
            };
            // One that a data source looks up may be made in the same module.
            let block = module.block(&resource.address);
            if let Some(block) = block.filter(|it| it.data && it.type_name == "aws_iam_policy") {
                let tree = module.tree(block.body.file, own);
                let name = argument(tree, block.body.node, "name").map(|node| written(tree, node));
                let arn = || argument(tree, block.body.node, "arn");
                self.names
                    .extend(name.or_else(|| policy_name(tree, arn()?)));
            }
            self.addresses.insert(resource.address);
        }
    }

    /// Whether a policy, which stands in `tree`, bounds somebody.
    pub fn has(&self, tree: &Tree, block: &Block) -> bool {
        let is_named = |node| self.names.contains(&written(tree, node));
        let address = format!("{}.{}", block.type_name, block.name);
        self.addresses.contains(&address)
            || argument(tree, block.body.node, "name").is_some_and(is_named)
    }
}

/// An expression for a text as it is written, without quotes.
fn written(tree: &Tree, node: NodeId) -> String {
    alone(tree.part(tree.span(node)).trim().trim_matches('"')).to_owned()
}

/// What is written in `${…}`, where that is all.
fn alone(text: &str) -> &str {
    let inner = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'));
    let inner = inner.filter(|text| !text.contains(['{', '}']));
    inner.unwrap_or(text).trim()
}

/// The name of the policy that an ARN is written for, where that is none of AWS's: of an account's policies no two have the
/// same name, and what bounds an identity is of its own account.
fn policy_name(tree: &Tree, node: NodeId) -> Option<String> {
    let text = tree.part(tree.span(node));
    let (before, path) = text.trim().trim_matches('"').split_once(":policy/")?;
    let name = alone(path.rsplit('/').next()?);
    let known = !before.ends_with(":aws") && !name.is_empty() && !name.contains(['"', '\n']);
    known.then(|| name.to_owned())
}
