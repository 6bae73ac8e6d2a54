//! Finds a `*` without quotes as a value in YAML.
//!
//! In YAML an unquoted `*` begins an alias, so the whole file can't be parsed: the deployment fails with a message
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

use std::cell::LazyCell;

use leastwise_model::Level;
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{ProblemKind, Span};

use crate::support::impact::Weight;
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

/// A star without quotes.
struct Unquoted {
    at: Span,
    /// Whether the statement that it stands in allows too much to come of what AWS can't read before.
    is_grave: bool,
}

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let problems = context.tree.problems().iter();
    let stars = problems.filter(|problem| problem.kind == ProblemKind::UnquotedStar);
    let mut stars = stars.map(|problem| problem.span).peekable();
    if stars.peek().is_none() {
        return;
    }
    let statements = context.statements();
    let mut statements: Vec<_> = statements
        .map(|(site, statement)| {
            let weight = LazyCell::new(move || Weight::within(context, site, statement));
            (context.span(statement.node), weight)
        })
        .collect();
    statements.sort_by_key(|(span, _)| *span);
    let own = |at: Span| {
        let behind = statements.partition_point(|(span, _)| span.start <= at.start);
        let (span, weight) = statements.get(behind.checked_sub(1)?)?;
        (at.end <= span.end).then_some(weight)
    };
    facts.extend(stars.map(|at| Unquoted {
        at,
        is_grave: own(at).is_some_and(|weight| weight.is_grave()),
    }));
}

impl Fact for Unquoted {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let span = self.at;
        let safety = match self.is_grave {
            true => Safety::Manual,
            false => Safety::Safe,
        };
        let message = "YAML takes an unquoted `*` as an alias: the file can't be parsed.";
        Finding::new(&RULE, span, message)
            .help("Quote the star: `'*'`.")
            .fix("Quote the star", safety, move |context| {
                let node = context.tree.node_at(span.start)?;
                let text = context.tree.text(node)?.to_owned();
                Some(Fix::new(vec![Edit::Replace {
                    node,
                    value: NewValue::Str(text),
                }]))
            })
    }
}
