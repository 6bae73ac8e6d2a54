//! What a bucket's own settings make of a policy that is open to everybody, in words.

use leastwise_dialects::facts::{Blocks, PublicBlock};
use leastwise_model::Site;

use crate::Context;

/// What is wrong, and what to do.
pub(super) fn in_words(block: &PublicBlock) -> (String, String) {
    let name = block.name;
    let help = format!("Name the principals; if anyone is intended, turn `{name}` off.");
    let message = match block.how {
        Blocks::Refused | Blocks::RefusedLater => format!(
            "This grants access to anyone, but the bucket has `{name}` on: S3 rejects the policy."
        ),
        Blocks::Shut => format!(
            "This names anyone, but `{name}` blocks access from outside the bucket's account."
        ),
    };
    (message, help)
}

/// What the settings of the bucket that a policy is for surely make of it.
pub(super) fn blocked(context: &Context<'_>, site: &Site) -> Option<PublicBlock> {
    let of_bucket = site.service == Some("s3");
    let state = context.analysis.state();
    of_bucket.then(|| state.public_block(context.tree, site))?
}
