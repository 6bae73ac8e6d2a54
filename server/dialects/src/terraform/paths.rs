//! The paths of files as expressions name them.

use leastwise_syntax::{NodeId, Tree, View};

use super::body::{expression, reference};

/// The path of a file as `file()` and `templatefile()` name it, from the folder of the module.
pub(super) fn named(tree: &Tree, node: NodeId) -> Option<&str> {
    match tree.view(node) {
        View::Scalar(text) => Some(text),
        View::Tagged(..) => match expression(tree, node)? {
            ("template", parts) => match tree.items(parts)? {
                &[folder, rest] if reference(tree, folder) == Some("path.module") => {
                    Some(tree.text(rest)?.trim_start_matches('/'))
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The same in a text that isn't taken apart.
pub(super) fn named_within(text: &str) -> impl Iterator<Item = &str> {
    let calls = text.split("file(").skip(1);
    calls.filter_map(|rest| {
        let (path, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        let path = path.strip_prefix("${path.module}/").unwrap_or(path);
        (!path.contains("${")).then_some(path)
    })
}
