//! What a bucket's own settings make of a policy that is open to everybody.
//!
//! `BlockPublicPolicy` "causes Amazon S3 to reject calls to PUT Bucket policy if the specified bucket policy allows public
//! access"; `RestrictPublicBuckets` lets in "only AWS service principals and authorized users within this account".

use leastwise_model::Site;
use leastwise_syntax::{NodeId, Tree, View};

use crate::state::facts::{Blocks, PublicBlock};

/// What the settings of the bucket that a policy is for surely make of it.
pub(super) fn for_site(tree: &Tree, site: &Site) -> Option<PublicBlock> {
    let own = site.span(tree);
    // Those of a Serverless service stand among its resources.
    let resources = tree.documents().iter().find_map(|root| {
        tree.get(*root, "Resources")
            .or_else(|| tree.get(tree.get(*root, "resources")?, "Resources"))
    })?;
    let policy = tree.pairs(resources).into_iter().find(|pair| {
        let span = tree.span(pair.value);
        span.start <= own.start && own.end <= span.end
    })?;
    let is_of = |resource: NodeId, kind: &str| {
        let of = tree.get(resource, "Type").and_then(|of| tree.text(of));
        of == Some(kind)
    };
    if !is_of(policy.value, "AWS::S3::BucketPolicy") {
        return None;
    }
    let name = tree.get(tree.get(policy.value, "Properties")?, "Bucket")?;
    let name = match tree.view(name) {
        View::Tagged(tag, name) if tag.name == "Ref" => tree.text(name)?,
        _ => return None,
    };
    let bucket = tree.get(resources, name)?;
    let properties = tree.get(bucket, "Properties")?;
    let settings = tree.get(properties, "PublicAccessBlockConfiguration")?;
    if !is_of(bucket, "AWS::S3::Bucket") {
        return None;
    }
    let set = |name: &'static str, how| PublicBlock::set(tree, settings, name, how);
    set("BlockPublicPolicy", Blocks::Refused).or_else(|| set("RestrictPublicBuckets", Blocks::Shut))
}
