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
