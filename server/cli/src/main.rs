//! The program `leastwise`.

mod args;
mod check;
mod configs;
mod explain;
mod input;
mod resolve;
mod rules;

use std::fmt;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// Why the program can't do what it was asked: printed, exit code 2.
#[derive(Debug)]
pub(crate) struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Command::Check(args) => check::run(args),
        Command::Resolve(args) => resolve::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Lsp(_) => return leastwise_lsp::run_stdio(),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Unusable) => ExitCode::from(2),
        Err(failure) => {
            anstream::eprintln!("leastwise: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Prints to standard output. A reader that has gone away (`| head`) ends the program without a word.
pub(crate) fn print(text: &str) {
    use std::io::Write as _;
    let mut out = anstream::stdout().lock();
    if out
        .write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .is_err()
    {
        std::process::exit(0);
    }
}
