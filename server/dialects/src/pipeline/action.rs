//! Actions of GitHub: what tells a composite one, and the one that gets credentials.

use leastwise_syntax::{NodeId, Tree};

/// The action that most workflows get credentials with.
pub(super) const CREDENTIALS: &str = "aws-actions/configure-aws-credentials";

/// Whether a file has the shape of a composite action: steps that run in the jobs that use it.
pub(super) fn is_action(tree: &Tree, root: NodeId) -> bool {
    tree.get(root, "runs").is_some_and(|runs| {
        let using = tree.get(runs, "using").and_then(|using| tree.text(using));
        using == Some("composite") && tree.get(runs, "steps").is_some()
    })
}
