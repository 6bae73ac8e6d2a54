//! What comes of it when AWS takes somebody whom a statement names in `Principal` or `NotPrincipal`, and refused the policy before.

use std::fmt::Display;

use leastwise_model::Statement;

/// What a statement does to somebody whom it names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whom {
    /// It lets them do what it names.
    Lets,
    /// It denies them what it names.
    Denies,
    /// It lets all others do what it names.
    LetsOthers,
    /// It denies all others what it names.
    Spares,
    /// Its effect isn't known.
    Unclear,
}

impl Whom {
    /// To those in `Principal`, or else in `NotPrincipal`.
    pub(crate) fn of(statement: &Statement, left_out: bool) -> Whom {
        match (statement.allows(), statement.denies(), left_out) {
            (true, _, false) => Whom::Lets,
            (true, _, true) => Whom::LetsOthers,
            (_, true, false) => Whom::Denies,
            (_, true, true) => Whom::Spares,
            (false, false, _) => Whom::Unclear,
        }
    }

    /// Whether it is too much to be done in bulk, beside what the statement allows: what a `Deny` leaves out is allowed wherever
    /// others allow it.
    pub(crate) fn is_grave(self) -> bool {
        self == Whom::Spares
    }

    /// What is told of it.
    pub(crate) fn note(self, who: impl Display) -> Option<String> {
        Some(match self {
            Whom::Lets => format!("it lets {who} do what the statement allows"),
            Whom::Denies => {
                format!(
                    "it denies {who} the statement's actions even where another policy allows them"
                )
            }
            Whom::LetsOthers => format!("it lets all but {who} do what the statement allows"),
            Whom::Spares => format!("it exempts {who} from what the statement denies"),
            Whom::Unclear => return None,
        })
    }
}
