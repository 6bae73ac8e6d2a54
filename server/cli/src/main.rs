//! The program `leastwise`.

mod args;
mod check;
mod closed;
mod configs;
mod explain;
mod input;
mod limits;
mod order;
mod outcome;
mod output;
mod report;
mod resolve;
mod rules;
mod usage;

leastwise_syntax::count_work!();

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// A tree, its policies and what is found in them are many small pieces that come and go with each edit: a third of what an edit of a
/// large module took was the system's allocator, which also kept what a helper thread had given back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
