//! What is said of arguments that nobody understands.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::args::Cli;
use crate::closed;
use crate::output::shown;

/// Prints what is wrong with the arguments, or the help that they ask for.
pub(crate) fn usage(error: clap::Error) -> ExitCode {
    let error = harmless(error);
    if closed::is_closed() && !error.use_stderr() {
        return ExitCode::from(2);
    }
    match error.print() {
        Err(failed) if failed.kind() != ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// The same complaint about arguments that can be shown.
fn harmless(error: clap::Error) -> clap::Error {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let is_plain = |argument: &OsString| {
        let text = argument.to_string_lossy();
        matches!(shown(&text), Cow::Borrowed(_))
    };
    if arguments.iter().all(is_plain) {
        return error;
    }
    let harmless = arguments
        .iter()
        .map(|argument| shown(&argument.to_string_lossy()).into_owned());
    match Cli::command().try_get_matches_from(harmless) {
        Err(error) => error,
        Ok(_) => Cli::command().error(
            error.kind(),
            "an argument contains characters that can't be shown",
        ),
    }
}
