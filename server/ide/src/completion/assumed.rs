//! Roles for the jobs of a pipeline to assume.

use std::collections::BTreeSet;

use leastwise_model::pipeline::Pipeline;
use leastwise_model::{OwnerKind, SiteKind};

use super::{CompletionList, CompletionRequest, identities, resources};
use crate::position::Role;

/// Offers the roles that the workspace declares where a job names the one that it assumes: first those that the pipeline's
/// provider of tokens may be let in by.
pub(super) fn roles(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    let analysis = asked.context.analysis;
    let Some(pipeline) = analysis.pipeline.as_ref() else {
        return;
    };
    if asked.place.role == Role::Key || !names_role(asked, pipeline) {
        return;
    }
    let Some(index) = analysis.index() else {
        return;
    };
    let mut offered = BTreeSet::new();
    let mut later = Vec::new();
    for (file, at, arns) in identities::declared(index, OwnerKind::Role) {
        let mut sites = file.analysis.sites_of(at);
        let lets_in = sites.any(|site| {
            let written = file.tree.part(site.span(&file.tree));
            site.kind == SiteKind::Trust && written.contains(pipeline.host.provider)
        });
        for arn in arns {
            match lets_in {
                true if offered.insert(arn.clone()) => {
                    let detail = format!("a role that lets {} in", pipeline.host.name);
                    resources::arn(list, &arn, detail, 0.into());
                }
                true => {}
                false => later.push(arn),
            }
        }
    }
    for arn in later {
        if offered.insert(arn.clone()) {
            resources::arn(list, &arn, "role".to_owned(), 1.into());
        }
    }
}

/// Whether the cursor is in the value by which a job names its role, which may still be empty.
fn names_role(asked: &CompletionRequest<'_>, pipeline: &Pipeline) -> bool {
    let tree = asked.context.tree;
    let cursor = asked.place.cursor as usize;
    pipeline.roles.iter().any(|role| {
        let node = role.arn.text.node;
        let parent = tree.parent(node);
        let pairs = parent.map(|parent| tree.pairs(parent)).unwrap_or_default();
        let pair = pairs.iter().find(|pair| pair.value == node);
        let end = pair.map(|pair| tree.span(pair.key).end as usize);
        let before = end.and_then(|end| tree.source().get(end..cursor));
        before.is_some_and(|before| {
            before.trim_start().starts_with(':') && !before.contains(['\n', ',', '}'])
        })
    })
}
