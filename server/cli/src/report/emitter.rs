//! What a format is.

use std::fmt;
use std::io;

use super::model::Report;

/// Writes reports in one format.
///
/// What checked files, paths and arguments say passes through [`crate::output`] on its way: whoever wrote it must not move
/// a terminal's cursor or begin an order to a CI system.
pub(crate) trait Emitter: fmt::Debug + Sync {
    /// What `--format` calls it.
    fn name(&self) -> &'static str;

    /// A few words on it, for `--help`.
    fn about(&self) -> &'static str;

    /// Whether it tells the fixes of findings: these are worked out for it.
    fn tells_fixes(&self) -> bool {
        false
    }

    /// Whether it tells how many findings have fixes: it is seen to that these can be written.
    fn counts_fixes(&self) -> bool {
        false
    }

    /// Whether it tells what fixes do, or would do. Else its findings are those of the file as it is, and there is no `--diff`.
    fn tells_changes(&self) -> bool {
        false
    }

    /// Whether it has a form for `--statistics`.
    fn tells_statistics(&self) -> bool {
        false
    }

    /// Whether notes have a place in it. Those of others are on standard error alone.
    fn tells_notes(&self) -> bool {
        false
    }

    /// Writes a report.
    fn emit(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}
