//! Finds a `*` without quotes as a value in YAML.
//!
//! To YAML an unquoted `*` begins an alias, so that the whole file can't be read: deployment fails with a message
//! about aliases that never mentions the policy.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Deny
//!     Action: s3:DeleteBucket
//!     Resource: *
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Deny
//!     Action: s3:DeleteBucket
//!     Resource: '*'
//! ```

use leastwise_model::Level;
use leastwise_syntax::write::{Edit, Value};
use leastwise_syntax::{ProblemKind, Span};

use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unquoted-star",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `*` without quotes in YAML",
    fix: FixKind::Safe,
    equivalents: &[("cfn-lint", "E0000")],
    scope: &[Scope::File(find)],
};

/// Where the star stands.
struct Unquoted(Span);

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let problems = context.tree.problems().iter();
    let stars = problems.filter(|problem| problem.kind == ProblemKind::UnquotedStar);
    facts.extend(stars.map(|problem| Unquoted(problem.span)));
}

impl Fact for Unquoted {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let span = self.0;
        let message = "YAML takes an unquoted `*` for an alias, so that the file can't be read.";
        Finding::new(&RULE, span, message)
            .help("Put the star in quotes: `'*'`.")
            .fix("Put the star in quotes", Safety::Safe, move |context| {
                let node = context.tree.node_at(span.start)?;
                let text = context.tree.text(node)?.to_owned();
                Some(Fix::new(vec![Edit::Replace {
                    node,
                    value: Value::Str(text),
                }]))
            })
    }
}
