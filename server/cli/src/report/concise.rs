//! A line for each finding, as compilers write them: editors' lists of errors and `grep` take it.

use std::io;

use super::emitter::Emitter;
use super::model::Report;
use crate::output::{shown, shown_first};

/// The format `concise`.
#[derive(Debug)]
pub(super) struct Concise;

impl Emitter for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn about(&self) -> &'static str {
        "A line for each finding: `path:line:column: severity rule message`"
    }

    fn emit(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for (file, located) in report.shown() {
            let (finding, start) = (&located.finding, &located.range.start);
            writeln!(
                out,
                "{}:{}:{}: {} {} {}",
                shown_first(file.path),
                start.line,
                start.column,
                finding.level.name(),
                finding.rule.id,
                shown(&finding.message)
            )?;
        }
        Ok(())
    }
}
