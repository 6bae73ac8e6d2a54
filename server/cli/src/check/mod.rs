//! `leastwise check`

mod file;
mod json;
mod lines;
mod mend;
mod text;
mod walk;

use std::sync::Arc;

use leastwise_workspace::Level;
use leastwise_workspace::index::Index;
use rayon::prelude::*;

use crate::args::{CheckArgs, OutputFormat};
use crate::configs::Configs;
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
    let mut configs = Configs::new(args.config.as_deref(), &args.paths)?;
    let found = walk::files(&args.paths)?;
    let mut jobs = Vec::with_capacity(found.files.len());
    for file in found.files {
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
    let mut checked: Vec<Checked> = opened
        .into_par_iter()
        .zip(&jobs)
        .map(|(opened, (_, config))| file::check(opened, config, args, &rules))
        .collect();

    let mut unusable = found.unusable;
    for note in &found.notes {
        output::note(note);
    }
    for one in &checked {
        if let Some(note) = &one.note {
            output::note(&format!("{}: {note}", one.shown_path));
            unusable |= one.named;
        }
    }
    if args.fix {
        unusable |= mend::write_back(&mut checked);
    }
    match args.format {
        OutputFormat::Text => text::report(&checked, args, &found.passed),
        OutputFormat::Json => json::report(&checked),
    }
    let worst = checked
        .iter()
        .flat_map(|one| &one.findings)
        .map(|finding| finding.level)
        .max();
    Ok(match worst {
        _ if unusable => Outcome::Unusable,
        Some(worst) if worst >= args.fail_on.level() && worst > Level::Off => Outcome::Findings,
        _ => Outcome::Fine,
    })
}
