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
use leastwise_syntax::ProblemKind;
use leastwise_syntax::write::{Edit, Value};

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unquoted-star",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `*` without quotes in YAML",
    fix: FixKind::Safe,
    equivalents: &[("cfn-lint", "E0000")],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for problem in context.tree.problems() {
        if problem.kind != ProblemKind::UnquotedStar {
            continue;
        }
        let span = problem.span;
        let finding = Finding::new(
            &RULE,
            span,
            "YAML takes an unquoted `*` for an alias, so that the file can't be read.",
        )
        .help("Put the star in quotes: `'*'`.")
        .fix("Put the star in quotes", Safety::Safe, move |context| {
            let node = context.tree.node_at(span.start)?;
            let text = context.tree.text(node)?.to_owned();
            Some(Fix::new(vec![Edit::Replace {
                node,
                value: Value::Str(text),
            }]))
        });
        findings.push(finding);
    }
}
