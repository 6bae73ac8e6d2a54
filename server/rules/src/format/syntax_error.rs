//! Finds text that breaks the rules of JSON or YAML.
//!
//! AWS refuses a document that can't be read. What can still be read is checked all the same.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow"
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```

use leastwise_syntax::ProblemKind;
use leastwise_workspace::Level;
use leastwise_workspace::dialect::Dialect;

use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "The file is not valid JSON or YAML",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "JSON_SYNTAX_ERROR"),
        ("parliament", "MALFORMED_JSON"),
        ("cfn-lint", "E0000"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    // Files that hold no policy are none of our business, broken or not.
    if context.analysis.dialect == Dialect::None {
        return;
    }
    for problem in context.tree.problems() {
        if problem.kind != ProblemKind::UnquotedStar {
            findings.push(Finding::new(&RULE, problem.span, problem.message.clone()));
        }
    }
}
