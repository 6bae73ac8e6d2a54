//! Where the variables lead to that a framework fills in.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_dialects::resolve::framework::Framework;
use leastwise_model::files;
use leastwise_syntax::{NodeId, Tree};

use crate::Analysis;
use crate::limits::FOLLOWED_FILES;

/// A node that a variable stands for: the file that it is in, where that is another than the variable's.
pub type VariableTarget = (Option<(PathBuf, Arc<Tree>)>, NodeId);

impl Analysis {
    /// The nodes that a variable stands for which a framework fills in, by what stands between its `${` and `}`, over
    /// all environments.
    pub fn variable_targets(&self, tree: &Tree, inner: &str) -> Vec<VariableTarget> {
        let mut found: Vec<VariableTarget> = Vec::new();
        for environment in &self.environments {
            let resolver = self.resolver(tree, environment, true);
            let Some(framework) = resolver.framework() else {
                continue;
            };
            for (other, node) in framework.places(&resolver, inner) {
                let lead = match other {
                    None => (None, node),
                    Some(other) => match self.path_of(framework, tree, &other) {
                        Some(path) => (Some((path, other)), node),
                        None => continue,
                    },
                };
                let same = |(file, node): &VariableTarget| {
                    let path = |file: &Option<(PathBuf, _)>| file.as_ref().map(|it| it.0.clone());
                    path(file) == path(&lead.0) && *node == lead.1
                };
                if !found.iter().any(same) {
                    found.push(lead);
                }
            }
        }
        found
    }

    /// Where a file lies that the framework reads for this one, or for one that this names.
    fn path_of(
        &self,
        framework: &dyn Framework,
        tree: &Tree,
        wanted: &Arc<Tree>,
    ) -> Option<PathBuf> {
        let folder = files::folder(&self.path);
        let mut paths = framework.named_files(tree);
        let mut at = 0;
        while let Some(path) = paths.get(at).filter(|_| at < FOLLOWED_FILES) {
            let full = files::join(folder, path);
            if let Some(other) = self.files.tree(&full) {
                if Arc::ptr_eq(&other, wanted) {
                    return Some(self.files.place(&full));
                }
                for path in framework.named_files(&other) {
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
            }
            at += 1;
        }
        None
    }
}
