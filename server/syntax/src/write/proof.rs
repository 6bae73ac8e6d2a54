//! The proof that what is written will be read as it was [`meant`](super::expected): the tree with the edits made on it is
//! compared with what a reader makes of the new text. Edits that change the same lines can meet in more ways
//! than their writing foresees; a fix that can't be proven is not offered.

use super::apply::apply;
use super::expected::{NewTemplate, edited, of_tree};
use super::{COMMENT_LOST, Edit, TextEdit, UNPROVEN, comments, guessed, local_proof};
use crate::marks::are_kept;
use crate::{Format, Problem, ProblemKind, Span, Tree};

/// Refuses `written` unless the source with it reads as `tree` with `edits` made, and no comment is lost. Of a source with slips
/// it is asked that it has fewer of them then, or that the edits have nothing to do with them. `templates` are the new texts of templates.
pub(super) fn check(
    tree: &Tree,
    edits: &[Edit],
    templates: &[NewTemplate],
    written: &[TextEdit],
) -> Result<(), &'static str> {
    let near = local_proof::check(tree, edits, templates, written);
    let whole = || check_as_a_whole(tree, edits, templates, written);
    #[cfg(test)]
    if let Some(near) = near {
        // What the tests count is not read for this.
        let other = Tree {
            facts: std::sync::Arc::default(),
            ..tree.clone()
        };
        let whole = check_as_a_whole(&other, edits, templates, written);
        assert_eq!(near, whole, "{}", apply(tree.source(), written));
    }
    near.unwrap_or_else(whole)
}

/// As [`check`], by a reading of the whole text.
fn check_as_a_whole(
    tree: &Tree,
    edits: &[Edit],
    templates: &[NewTemplate],
    written: &[TextEdit],
) -> Result<(), &'static str> {
    let after = tree.reread(apply(tree.source(), written), &tree.limits);
    let all = Span::new(0, tree.source.len() as u32);
    if !is_meant(tree, edits, templates, &after) {
        Err(UNPROVEN)
    } else if !comments::are_kept(tree, all, edits, &after) {
        Err(COMMENT_LOST)
    } else {
        Ok(())
    }
}

fn is_meant(tree: &Tree, edits: &[Edit], templates: &[NewTemplate], after: &Tree) -> bool {
    if tree.format() != Format::Hcl && !are_kept(tree.source(), after.source()) {
        return false;
    }
    let (was, is) = (tree.problems().len(), after.problems().len());
    let reads_as_meant = || of_tree(after) == edited(tree, edits, templates);
    if is_understood(tree) {
        return is_understood(after) && is <= was && reads_as_meant();
    }
    // What was guessed is nothing to build on, unless that is what mends it.
    match is < was {
        true => is_understood(after) || reads_as_meant(),
        false => is == was && !guessed::are_met(tree, edits) && reads_as_meant(),
    }
}

/// Whether the whole text was understood, marks of other tools in it or not.
fn is_understood(tree: &Tree) -> bool {
    let is_template = |problem: &Problem| problem.kind == ProblemKind::Templated;
    let is_marked = tree.format() != Format::Hcl && tree.problems().iter().any(is_template);
    match is_marked {
        true => tree.problems().iter().all(|problem| {
            is_template(problem)
                || matches!(problem.kind, ProblemKind::Expansion | ProblemKind::Embedded)
        }),
        false => tree.is_complete(),
    }
}
