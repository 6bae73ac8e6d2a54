//! How a session ends.

use std::process::ExitCode;

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The client asked for `shutdown`, then said `exit`.
    Exit,
    /// The client said `exit` without `shutdown`.
    ExitWithoutShutdown,
    /// The client went away or its process has ended, or the server's thread could not be started.
    Disconnected,
}

impl Ended {
    /// The exit status that the protocol wants for it: 0 only after an orderly `shutdown`.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Exit => ExitCode::SUCCESS,
            Self::ExitWithoutShutdown | Self::Disconnected => ExitCode::FAILURE,
        }
    }
}
