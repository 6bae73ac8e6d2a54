//! How it is said that a role refuses who may assume it.

use leastwise_syntax::Span;

use super::RULE;
use crate::{Context, Fact, Finding};

/// A role that doesn't let in who may assume it.
pub(super) struct Refused {
    pub at: Span,
    /// What it is called where it is declared, and the file, where it is another.
    pub declared: String,
    pub path: Option<String>,
    /// The ARN of who would assume it.
    pub caller: Option<String>,
    pub owner: Option<String>,
}

impl Fact for Refused {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let place = match &self.path {
            Some(path) => format!(" in {path}"),
            None => String::new(),
        };
        let message = format!(
            "The trust policy of `{}`{place} allows neither {} nor its account to assume it.",
            self.declared,
            match &self.owner {
                Some(owner) => format!("`{owner}`"),
                None => "the caller".to_owned(),
            },
        );
        let caller = match &self.caller {
            Some(arn) => format!("`{arn}`"),
            None => "the caller".to_owned(),
        };
        Finding::new(&RULE, self.at, message)
            .help(format!(
                "Allow {caller} in the trust policy, or remove the permission."
            ))
            .owner(self.owner.as_deref())
            .action("sts:AssumeRole")
    }
}
