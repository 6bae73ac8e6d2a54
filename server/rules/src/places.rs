//! Where the policies of a file stand, so that the one that a node is in is found without a look at each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use leastwise_model::{Site, SiteKind};
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Tree};
use leastwise_workspace::Analysis;

use crate::work;

/// Where each policy begins and its index among the sites, in order. It is kept with the analysis.
#[derive(Default)]
pub(crate) struct Places(OnceLock<Vec<(u32, usize)>>);

impl Places {
    /// The indexes of the sites whose policies begin last before an offset: several may have one document.
    pub(crate) fn before(&self, tree: &Tree, analysis: &Analysis, at: u32) -> Vec<usize> {
        let all = self.0.get_or_init(|| Places::of(tree, &analysis.sites));
        let behind = all.partition_point(|(start, _)| *start <= at);
        let begin = behind.checked_sub(1).and_then(|last| all.get(last));
        let Some((begin, _)) = begin else {
            return Vec::new();
        };
        let first = all.partition_point(|(start, _)| start < begin);
        let found = all.get(first..behind).unwrap_or_default();
        work::did(found.len());
        found.iter().map(|(_, index)| *index).collect()
    }

    /// Those of all sites but AWS's own.
    fn of(tree: &Tree, sites: &[Site]) -> Vec<(u32, usize)> {
        work::did(sites.len());
        let own = sites.iter().enumerate();
        let own = own.filter(|(_, site)| site.kind != SiteKind::OfAws);
        let mut all: Vec<(u32, usize)> = own
            .map(|(index, site)| (site.span(tree).start, index))
            .collect();
        all.sort_unstable();
        all
    }
}

/// The statements by their nodes, of each part of a file that is looked at by itself, by its first site. It is kept with the
/// analysis.
#[derive(Default)]
pub(crate) struct StatementPlaces(Mutex<HashMap<Option<usize>, Arc<Traced<ByNode>>>>);

/// By the node of a statement, the index of its site and its own in the policy.
type ByNode = HashMap<NodeId, (usize, usize)>;

impl StatementPlaces {
    /// The first statement of a part's sites that a node is: the index of its site, and its own in the policy. Aliases may bring
    /// it to several. `None` as the part is the whole file.
    pub(crate) fn first(
        &self,
        (tree, analysis): (&Tree, &Analysis),
        part: Option<usize>,
        sites: impl Iterator<Item = usize>,
        node: NodeId,
    ) -> Option<(usize, usize)> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = Arc::clone(known.entry(part).or_default());
        drop(known);
        let by_node = || {
            let mut all = ByNode::new();
            for index in sites {
                let site = analysis.sites.get(index);
                let statements = site.map(|site| &site.policy(tree).statements);
                for (at, statement) in statements.into_iter().flatten().enumerate() {
                    work::did(1);
                    all.entry(statement.node).or_insert((index, at));
                }
            }
            all
        };
        let all = all.get_or_trace(tree, None, || analysis.traced(tree, None, by_node));
        all.get(&node).copied()
    }
}

/// The owners which are a permission by themselves, by the node of its statement. It is kept with the analysis.
#[derive(Default)]
pub(crate) struct PermissionOwners(Traced<HashMap<NodeId, Vec<usize>>>);

impl PermissionOwners {
    /// The indexes of the owners whose permission's statement is a node: aliases may bring it to several.
    pub(crate) fn by_statement(
        &self,
        tree: &Tree,
        analysis: &Analysis,
        statement: NodeId,
    ) -> Vec<usize> {
        let all = self.0.get_or_init(tree, None, || {
            work::did(analysis.owners.len());
            let mut all: HashMap<NodeId, Vec<usize>> = HashMap::new();
            for (index, owner) in analysis.owners.iter().enumerate() {
                let site = owner.permission.as_deref();
                let statements = site.map_or(&[][..], |site| &site.policy(tree).statements);
                for statement in statements {
                    all.entry(statement.node).or_default().push(index);
                }
            }
            all
        });
        all.get(&statement).cloned().unwrap_or_default()
    }
}
