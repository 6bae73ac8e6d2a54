//! `leastwise check`

mod counting;
mod file;
mod live;
mod replace;
mod stale;
mod walk;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use leastwise_model::Level;
use leastwise_workspace::analysis::index::{Index, IndexedFiles as _};
use rayon::prelude::*;

use crate::args::CheckArgs;
use crate::configs::{FileConfig, FileConfigs};
use crate::limits::KEPT_FILES;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::{Applying, Report, ReportNote};
use file::{Checked, Opened};
use stale::After;
use walk::Candidate;
use writing::Writing;

/// Runs the command.
pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, Failure> {
    can_be_told(args)?;
    let (jobs, found) = match begin(args) {
        Ok(begun) => begun,
        // Who reads a report for programs finds there why there is nothing in it.
        Err(failure) if args.format.tells_notes() => {
            let mut found = walk::FilesToCheck::default();
            let lines = std::iter::once(failure.why).chain(failure.about);
            found.notes.push(ReportNote {
                path: None,
                message: lines.collect::<Vec<_>>().join(" "),
                fails: true,
            });
            return report(&[], &found, args);
        }
        Err(failure) => return Err(failure),
    };
    let checked = checked(&jobs, args);
    report(&checked, &found, args)
}

/// What is to be checked, and under which configs.
fn begin(args: &CheckArgs) -> Result<(Vec<(Candidate, FileConfig)>, walk::FilesToCheck), Failure> {
    for id in &args.rule {
        if leastwise_rules::rule(id).is_none() {
            return Err(Failure::new(format!(
                "there is no rule `{id}`; `leastwise rules` lists the rules"
            )));
        }
    }
    writing::outlive_limits();
    let mut configs = FileConfigs::new(args.config.as_deref(), &args.paths, &args.rule)?;
    let mut found = walk::files(&args.paths, args.allow_empty)?;
    let mut jobs = Vec::with_capacity(found.files.len());
    for file in found.files.drain(..) {
        let config = configs.for_file(&file.path)?;
        jobs.push((file, config));
    }
    Ok((jobs, found))
}

/// Checks files. Of each no more is kept than what is told of it.
fn checked(jobs: &[(Candidate, FileConfig)], args: &CheckArgs) -> Vec<Checked> {
    let rules = Arc::new(args.rule.clone());
    let kept = AtomicUsize::new(0);
    let open = |(file, config): &(Candidate, FileConfig)| {
        let mut opened = file::open(file, config, args.fix);
        if opened.is_read() && kept.fetch_add(1, Ordering::Relaxed) >= KEPT_FILES {
            opened.close();
        }
        opened
    };
    let opened: Vec<Opened> = jobs.par_iter().map(open).collect();
    // What is checked together is seen together: a role in one file, its policies in another.
    let others: Vec<&str> = opened.iter().filter_map(Opened::undeclared).collect();
    let index = Index::among(opened.iter().filter_map(Opened::indexed), &others);
    let index = Arc::new(index);
    for (_, config) in jobs {
        let is_first = config.files.set_index(Arc::clone(&index));
        debug_assert!(is_first || config.files.index().is_some());
    }
    let mut looked: Vec<_> = opened
        .into_par_iter()
        .zip(jobs)
        .map(|(opened, (_, config))| file::look(opened, config, args, &rules))
        .collect();
    // One after the other, so that a full disk is met by one file at a time.
    let mut writing = args.fix.then(Writing::begin);
    for (one, (_, config)) in looked.iter_mut().zip(jobs) {
        one.settle(config, writing.as_mut());
    }
    // What is told is how it is on disk then: what is written may change what is found in other files.
    let after = args.fix.then(|| After::of(&looked, jobs, &index)).flatten();
    let Some(after) = after else {
        return looked
            .into_par_iter()
            .zip(jobs)
            .map(|(looked, (_, config))| looked.finish(config, false, args, &rules))
            .collect();
    };
    let stale = after.stale(&looked, jobs);
    looked
        .into_par_iter()
        .zip(jobs)
        .zip(stale)
        .map(|((looked, (_, config)), is_stale)| {
            looked.finish(&after.config(config), is_stale, args, &rules)
        })
        .collect()
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
        Some((option, _)) => Err(Failure::new(format!(
            "`--format {}` doesn't support `{option}`: use `--format text` or `json`",
            args.format.name()
        ))),
        None => Ok(()),
    }
}

/// Tells what has come of it all, and what the exit code is.
fn report(
    checked: &[Checked],
    found: &walk::FilesToCheck,
    args: &CheckArgs,
) -> Result<Outcome, Failure> {
    let mut notes = found.notes.clone();
    notes.extend(checked.iter().flat_map(|one| one.notes.iter().cloned()));
    let left_out: BTreeSet<&(String, bool)> =
        checked.iter().flat_map(|one| &one.left_out).collect();
    notes.extend(left_out.into_iter().map(|(message, fails)| ReportNote {
        path: None,
        message: message.clone(),
        fails: *fails,
    }));
    notes.extend(nothing_found(checked, args.allow_empty));
    for note in &notes {
        output::note(&note.to_string());
    }
    let findings = checked.iter().flat_map(|one| &one.findings);
    let worst = findings.map(|located| located.finding.level).max();
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
        styled: output::is_styled(),
        statistics: args.statistics,
        outcome,
    };
    output::write(|out| args.format.emit(&report, out))?;
    Ok(outcome)
}

/// What is to be said where what the user has named holds nothing that is looked for.
fn nothing_found(checked: &[Checked], allow_empty: bool) -> Vec<ReportNote> {
    let is_looked_at = |one: &&Checked| one.is_read && !one.is_of_no_kind;
    let looked_at = checked.iter().filter(is_looked_at).count();
    // A hook names whatever a change touches.
    let fails = looked_at == 0 && !allow_empty;
    let others = checked.iter().filter(|one| one.is_of_no_kind);
    let mut notes: Vec<ReportNote> = others
        .map(|one| ReportNote {
            path: Some(one.shown_path.clone()),
            message: OF_NO_KIND.to_owned(),
            fails,
        })
        .collect();
    if looked_at > 0 && !checked.iter().any(Checked::tells_of_any) {
        notes.push(ReportNote {
            path: None,
            message: format!(
                "no policy was found in {}",
                output::count(looked_at, "file")
            ),
            fails: false,
        });
    }
    notes
}

/// What is said of a file that is named for nothing.
const OF_NO_KIND: &str =
    "not checked: it isn't JSON, YAML, Terraform or `.template`, and no policy was found in it";

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    /// A file with a finding that has a fix.
    #[derive(Clone, Copy)]
    enum Kind {
        /// What others may ask for.
        Identity,
        /// A template of which nobody asks anything.
        Template,
        Policy,
    }

    fn text(kind: Kind, number: usize) -> String {
        let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::shop/*"}]}"#;
        let (resource, properties) = match kind {
            Kind::Policy => return policy.to_owned(),
            Kind::Identity => (
                "IAM::ManagedPolicy",
                format!(r#""ManagedPolicyName": "p{number}""#),
            ),
            Kind::Template => ("IoT::Policy", format!(r#""PolicyName": "p{number}""#)),
        };
        format!(
            r#"{{"Resources": {{"R": {{"Type": "AWS::{resource}", "Properties": {{{properties},
            "PolicyDocument": {policy}}}}}}}}}"#
        )
    }

    /// Checks so many files; gives how many findings there are, how many files are changed, and how many analyses there were
    /// at once.
    fn check(files: usize, kind: Kind, option: Option<&str>) -> (usize, usize, usize) {
        let folder = tempfile::tempdir().unwrap();
        for file in 0..files {
            let path = folder.path().join(format!("{file}.json"));
            std::fs::write(path, text(kind, file)).unwrap();
        }
        let path = folder.path().to_str().unwrap();
        let args = ["leastwise", "check", "--rule", "redundant-action", path];
        let cli = Cli::try_parse_from(args.into_iter().chain(option)).unwrap();
        let Command::Check(args) = cli.command else {
            panic!("another command");
        };
        let mut configs = FileConfigs::new(None, &args.paths, &args.rule).unwrap();
        let found = walk::files(&args.paths, false).unwrap().files.into_iter();
        let jobs: Vec<_> = found
            .map(|file| {
                let config = configs.for_file(&file.path).unwrap();
                (file, config)
            })
            .collect();
        let checked = checked(&jobs, &args);
        let findings = checked.iter().map(|one| one.findings.len()).sum();
        let changed = checked.iter().filter(|one| one.before.is_some()).count();
        (findings, changed, live::most(folder.path()))
    }

    #[test]
    fn many_files_are_not_kept() {
        let threads = rayon::current_num_threads();
        let files = 2 * (KEPT_FILES + threads);
        let options = [
            (None, files, 0),
            (Some("--diff"), 0, files),
            (Some("--fix"), 0, files),
        ];
        for (kind, most) in [
            (Kind::Policy, threads),
            (Kind::Template, KEPT_FILES + threads),
        ] {
            for (option, findings, changed) in options {
                let (found, fixed, live) = check(files, kind, option);
                assert_eq!((found, fixed), (findings, changed), "{option:?}");
                assert!(live <= most, "{option:?}: {live} analyses at once");
            }
        }
        let (found, _, live) = check(files, Kind::Identity, None);
        assert_eq!(found, files);
        assert!((files..=files + threads).contains(&live), "{live}");
    }
}
