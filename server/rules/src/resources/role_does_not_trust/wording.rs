//! How it is said that a role refuses who may assume it.

use leastwise_syntax::Span;

use super::RULE;
use crate::{Context, Fact, Finding};

/// A role that doesn't let in who may assume it.
pub(super) struct Refused {
    pub at: Span,
    pub role: String,
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
            "{} may assume `{}`, but the trust policy of {}{place} admits neither it nor its account: the call is refused.",
            self.owner.as_deref().unwrap_or("The policy"),
            self.role,
            self.declared,
        );
        let caller = match &self.caller {
            Some(arn) => format!("`{arn}`"),
            None => "who has the policy".to_owned(),
        };
        Finding::new(&RULE, self.at, message)
            .help(format!(
                "Name {caller} in the trust policy, or leave the permission out."
            ))
            .owner(self.owner.as_deref())
            .action("sts:AssumeRole")
    }
}
