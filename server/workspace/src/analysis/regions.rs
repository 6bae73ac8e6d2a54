//! The parts of a file that hold its policies; what isn't in one stands around them.

use std::cmp::Reverse;
use std::sync::Arc;

use leastwise_model::{Site, SiteKind};
use leastwise_syntax::{NodeId, Span, Tree};

/// The documents of a file's policies in source order, none of which is in another. Of one in a string it is the string. Policies
/// of AWS are none: nobody changes them.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    spans: Arc<[Span]>,
    roots: Vec<NodeId>,
}

impl Regions {
    pub(super) fn of(tree: &Tree, sites: &[Site]) -> Regions {
        let sites = sites.iter().filter(|site| site.kind != SiteKind::OfAws);
        let mut roots: Vec<NodeId> = sites.map(|site| whole(tree, site.document.node)).collect();
        let order = |node: &NodeId| {
            let span = tree.span(*node);
            (span.start, Reverse(span.end), *node)
        };
        roots.sort_unstable_by_key(order);
        roots.dedup();
        let mut spans: Vec<Span> = Vec::new();
        let mut apart = Vec::new();
        for root in roots {
            let span = tree.span(root);
            let last = spans.last();
            if last.is_none_or(|last| span.start >= last.end && span != *last) {
                spans.push(span);
                apart.push(root);
            }
        }
        Regions {
            spans: spans.into(),
            roots: apart,
        }
    }

    /// Where they are.
    pub fn spans(&self) -> &Arc<[Span]> {
        &self.spans
    }

    /// Their nodes.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// The node of one.
    pub fn root(&self, number: usize) -> Option<NodeId> {
        self.roots.get(number).copied()
    }

    /// The number of the one that a byte is in, its end included.
    pub fn number(&self, at: u32) -> Option<usize> {
        let number = self.spans.partition_point(|span| span.start <= at);
        let number = number.checked_sub(1)?;
        let span = self.spans.get(number)?;
        (at <= span.end).then_some(number)
    }
}

/// The outermost string that a node is in, or the node.
fn whole(tree: &Tree, node: NodeId) -> NodeId {
    std::iter::successors(Some(node), |node| tree.host(*node))
        .last()
        .unwrap_or(node)
}
