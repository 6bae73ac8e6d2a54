//! `leastwise check`

mod file;
mod replace;
mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_workspace::Level;
use leastwise_workspace::index::Index;
use rayon::prelude::*;

use crate::args::CheckArgs;
use crate::configs::Configs;
use crate::report::{Applying, Note, Report};
use crate::{Failure, Outcome, output};
use file::Checked;

/// Runs the command.
pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, Failure> {
    for id in &args.rule {
        if leastwise_rules::rule(id).is_none() {
            return Err(Failure(format!(
                "there is no rule `{id}`; `leastwise rules` lists the rules"
            )));
        }
    }
    can_be_told(args)?;
    replace::outlive_limits();
    let mut configs = Configs::new(args.config.as_deref(), &args.paths, &args.rule)?;
    let mut found = walk::files(&args.paths, args.allow_empty)?;
    let mut jobs = Vec::with_capacity(found.files.len());
    for file in found.files.drain(..) {
        let config = configs.of(&file.path)?;
        jobs.push((file, config));
    }
    let rules = Arc::new(args.rule.clone());
    let opened: Vec<_> = jobs
        .par_iter()
        .map(|(file, config)| file::open(file, config))
        .collect();
    // What is checked together is seen together: a role in one file, its policies in another.
    let index = Arc::new(Index::new(opened.iter().filter_map(file::Opened::indexed)));
    for (_, config) in &jobs {
        config.files.set_index(Arc::clone(&index));
    }
    let mut opened: Vec<_> = match args.fix || args.diff {
        true => opened
            .into_par_iter()
            .zip(&jobs)
            .map(|(opened, (_, config))| file::mend(opened, config, args, &rules))
            .collect(),
        false => opened,
    };
    // One after the other, so that a full disk is met by one file at a time.
    for (one, (_, config)) in opened.iter_mut().zip(&jobs) {
        one.settle(config, args.fix);
    }
    let checked: Vec<Checked> = opened
        .into_par_iter()
        .map(|opened| file::check(opened, args, &rules))
        .collect();
    report(&checked, &found, args)
}

/// Whether the format has a place for what is asked for.
fn can_be_told(args: &CheckArgs) -> Result<(), Failure> {
    let lacks = [
        ("--diff", args.diff && !args.format.tells_changes()),
        (
            "--statistics",
            args.statistics && !args.format.tells_statistics(),
        ),
    ];
    match lacks.iter().find(|(_, lacks)| *lacks) {
        Some((option, _)) => Err(Failure(format!(
            "`--format {}` has no place for what `{option}` tells: `--format text` and `json` have one",
            args.format.name()
        ))),
        None => Ok(()),
    }
}

/// Tells what has come of it all, and what the exit code is.
fn report(checked: &[Checked], found: &walk::Files, args: &CheckArgs) -> Result<Outcome, Failure> {
    let mut notes = found.notes.clone();
    notes.extend(checked.iter().flat_map(|one| one.notes.iter().cloned()));
    let left_out: BTreeSet<&String> = checked.iter().flat_map(|one| &one.left_out).collect();
    notes.extend(left_out.into_iter().map(|message| Note {
        path: None,
        message: message.clone(),
        fails: false,
    }));
    let looked_at = checked.iter().filter(|one| one.is_read).count();
    if found.walked && looked_at > 0 && !checked.iter().any(|one| one.has_policies) {
        notes.push(Note {
            path: None,
            message: format!(
                "no policy was found in {}",
                output::count(looked_at, "file")
            ),
            fails: false,
        });
    }
    for note in &notes {
        output::note(&note.to_string());
    }
    let findings = checked.iter().flat_map(|one| &one.findings);
    let worst = findings.map(|finding| finding.level).max();
    let is_left = worst.is_some_and(|worst| worst >= args.fail_on.level() && worst > Level::Off);
    let would_mend = args.diff && checked.iter().any(|one| one.before.is_some());
    let outcome = match notes.iter().any(|note| note.fails) {
        true => Outcome::Unusable,
        false if is_left || would_mend => Outcome::Findings,
        false => Outcome::Fine,
    };
    let report = Report {
        files: checked.iter().map(Checked::report).collect(),
        notes: &notes,
        passed: &found.passed,
        show: args.show.level(),
        applying: match (args.fix, args.diff) {
            (true, _) => Applying::Written,
            (_, true) => Applying::Dry,
            _ => Applying::Nothing,
        },
        statistics: args.statistics,
        outcome,
    };
    output::write(|out| args.format.emit(&report, out))?;
    Ok(outcome)
}
