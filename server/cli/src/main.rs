//! The program `leastwise`.

mod args;
mod check;
mod closed;
mod configs;
mod explain;
mod input;
mod limits;
mod output;
mod report;
mod resolve;
mod rules;
mod usage;

leastwise_syntax::count_work!();

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// Why the program can't do what it was asked: printed, exit code 2.
#[derive(Debug)]
pub(crate) struct Failure {
    /// A sentence.
    pub why: String,
    /// What it is about, a line for each.
    pub about: Vec<String>,
}

impl Failure {
    /// One that a sentence says it all of.
    pub(crate) fn new(why: impl Into<String>) -> Failure {
        Failure {
            why: why.into(),
            about: Vec::new(),
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Nothing to complain of: exit code 0.
    Fine,
    /// Findings, or something that nobody knows: exit code 1.
    Findings,
    /// Part of the input could not be used, as was said: exit code 2.
    Unusable,
}

impl Outcome {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Outcome::Fine => 0,
            Outcome::Findings => 1,
            Outcome::Unusable => 2,
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::usage(error),
    };
    let outcome = match &cli.command {
        Command::Check(args) => check::run(args),
        Command::Resolve(args) => resolve::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Lsp(args) => return leastwise_lsp::run_stdio(args.client_process_id),
    };
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            output::note_all(&failure.why, &failure.about);
            ExitCode::from(2)
        }
    }
}
