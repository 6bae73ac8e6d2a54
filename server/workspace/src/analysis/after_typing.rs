//! An analysis after somebody has typed into a scalar: what the policies were found by is mostly something else.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use leastwise_dialects::RecognisedFile;
use leastwise_model::files::Unread;
use leastwise_syntax::{Retyped, Tree};

use super::Analysis;

/// What isn't looked at while the policies are found.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    pub is_cut_off: bool,
    pub unread: Vec<Unread>,
}

impl Analysis {
    /// The analysis of the file after an edit of a scalar that the policies weren't found by: they are the same, and only their
    /// texts are looked at again. `None` where the file has to be looked at anew.
    pub fn after(mut self, tree: &Tree, edit: &Retyped) -> Option<Analysis> {
        let is_alone = self.pipeline.is_none() && self.deployers.is_empty();
        if !is_alone
            || self.stamp != self.files.stamp()
            || self.files.was_asked_for(&self.path)
            || !self.found_by.outlasts(tree, edit)
        {
            return None;
        }
        let Analysis {
            dialect,
            path,
            config,
            environments,
            mut state,
            mut sites,
            mut owners,
            memo,
            files,
            stamp,
            found_by,
            shape,
            left_out_by_finding,
            calls,
            ..
        } = self;
        // Whoever holds the state, too.
        drop(calls);
        if !state.outlasts(tree, edit) {
            return None;
        }
        sites.iter_mut().for_each(|site| site.follow(tree, edit));
        owners.iter_mut().for_each(|owner| owner.follow(tree, edit));
        memo.begin();
        let found = RecognisedFile {
            state,
            sites,
            owners,
            ..RecognisedFile::of(dialect)
        };
        let analysis = Analysis {
            stamp,
            found_by,
            shape,
            ..Analysis::of(found, &path, config, environments, files, memo)
        };
        Some(analysis.leaving_out(left_out_by_finding))
    }

    /// With what wasn't looked at while the policies were found.
    pub(super) fn leaving_out(mut self, left_out: LeftOut) -> Analysis {
        if left_out.is_cut_off {
            self.cut_off.store(true, Ordering::Relaxed);
        }
        let unread = self.unread.get_mut();
        let unread = unread.unwrap_or_else(PoisonError::into_inner);
        unread.extend(left_out.unread.iter().cloned());
        self.left_out_by_finding = left_out;
        self
    }
}
