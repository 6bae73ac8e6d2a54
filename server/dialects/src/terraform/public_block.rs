//! What a bucket's own settings make of a policy that is open to everybody.
//!
//! `BlockPublicPolicy` "causes Amazon S3 to reject calls to PUT Bucket policy if the specified bucket policy allows public
//! access"; `RestrictPublicBuckets` lets in "only AWS service principals and authorized users within this account".

use leastwise_model::Site;
use leastwise_syntax::{NodeId, Tree, View};

use super::module::{Block, Module};
use crate::state::facts::{Blocks, PublicBlock};

/// What the settings of the bucket that a policy is for surely make of it.
pub(super) fn for_site(module: &Module, tree: &Tree, site: &Site) -> Option<PublicBlock> {
    let own = site.span(tree);
    let holds = |node: NodeId| {
        let span = tree.span(node);
        span.start <= own.start && own.end <= span.end
    };
    let here = || module.own_blocks();
    let document = here().find(|(_, block)| block.data && holds(block.body.node));
    let document = document.map(|(at, _)| format!("{at}.json"));
    let mut policies = here().filter(|(_, block)| {
        let policy = tree.get(block.body.node, "policy");
        block.type_name == "aws_s3_bucket_policy"
            && policy.is_some_and(|policy| {
                holds(policy)
                    || document.is_some() && reference(tree, policy) == document.as_deref()
            })
    });
    let (_, policy) = policies.next()?;
    // A document of several buckets is open for one of them, perhaps.
    if policies.next().is_some() {
        return None;
    }
    let bucket = bucket(tree, policy)?;
    let (_, settings) = here().find(|(_, block)| {
        block.type_name == "aws_s3_bucket_public_access_block"
            && !block.repeated
            && self::bucket(tree, block) == Some(bucket)
    })?;
    let set = |name: &'static str, how| PublicBlock::set(tree, settings.body.node, name, how);
    set("block_public_policy", Blocks::RefusedLater)
        .or_else(|| set("restrict_public_buckets", Blocks::Shut))
}

/// The address of the bucket that a block is for.
fn bucket<'t>(tree: &'t Tree, block: &Block) -> Option<&'t str> {
    let name = reference(tree, tree.get(block.body.node, "bucket")?)?;
    let address = name
        .strip_suffix(".id")
        .or_else(|| name.strip_suffix(".bucket"))?;
    let of = address.strip_prefix("aws_s3_bucket.")?;
    (!of.contains(['.', '['])).then_some(address)
}

fn reference(tree: &Tree, node: NodeId) -> Option<&str> {
    match tree.view(node) {
        View::Tagged(tag, name) if tag.name == "hcl:ref" => tree.text(name),
        _ => None,
    }
}
