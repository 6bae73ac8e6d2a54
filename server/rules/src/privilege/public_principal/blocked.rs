//! What a bucket's own settings make of a policy that is open to everybody.
//!
//! `BlockPublicPolicy` "causes Amazon S3 to reject calls to PUT Bucket policy if the specified bucket policy allows public
//! access"; `RestrictPublicBuckets` lets in "only AWS service principals and authorized users within this account".

use leastwise_dialects::terraform::{Block, Module};
use leastwise_model::Site;
use leastwise_syntax::{NodeId, Span, Tree, View};

use crate::Context;

/// What keeps everybody out, and where it says so.
#[derive(Clone, Copy)]
pub(super) struct Blocked {
    pub how: Setting,
    pub setting: Span,
    /// What the setting is called there.
    pub name: &'static str,
}

/// How a setting keeps everybody out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// S3 takes no such policy: the bucket is there, with its setting, before the policy is.
    Refused,
    /// S3 takes no such policy from when the setting is made, in which order is open.
    RefusedLater,
    /// S3 takes the policy and lets in nobody from outside the bucket's account.
    Shut,
}

impl Blocked {
    /// What is wrong, and what to do.
    pub(super) fn said(&self) -> (String, String) {
        let name = self.name;
        match self.how {
            Setting::Refused | Setting::RefusedLater => (
                format!(
                    "This lets everybody in, and the bucket has `{name}` on: S3 refuses such a policy."
                ),
                format!("Name who is meant; where everybody is, turn `{name}` off."),
            ),
            Setting::Shut => (
                format!(
                    "This names everybody, but `{name}` lets in nobody from outside the bucket's account."
                ),
                format!("Name who is meant; where everybody is, turn `{name}` off."),
            ),
        }
    }
}

/// What the settings of the bucket that a policy is for surely make of it.
pub(super) fn blocked(context: &Context<'_>, site: &Site) -> Option<Blocked> {
    if site.service != Some("s3") {
        return None;
    }
    match context.analysis.module() {
        Some(module) => of_module(context.tree, module, site),
        None => of_template(context.tree, site),
    }
}

fn of_template(tree: &Tree, site: &Site) -> Option<Blocked> {
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
    let set = |name: &'static str, how| set(tree, settings, name, how);
    set("BlockPublicPolicy", Setting::Refused)
        .or_else(|| set("RestrictPublicBuckets", Setting::Shut))
}

fn of_module(tree: &Tree, module: &Module, site: &Site) -> Option<Blocked> {
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
    let set = |name: &'static str, how| set(tree, settings.body.node, name, how);
    set("block_public_policy", Setting::RefusedLater)
        .or_else(|| set("restrict_public_buckets", Setting::Shut))
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

/// A setting that is surely on.
fn set(tree: &Tree, settings: NodeId, name: &'static str, how: Setting) -> Option<Blocked> {
    let value = tree.get(settings, name)?;
    (tree.text(value) == Some("true")).then(|| Blocked {
        how,
        setting: tree.content_span(value),
        name,
    })
}
