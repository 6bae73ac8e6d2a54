//! Finds statements without `Effect`.
//!
//! A statement must say whether it allows or denies; AWS refuses the policy otherwise.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use leastwise_workspace::Level;

use super::{head, is_misspelt, whole_statements};
use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-effect",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without `Effect`",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "MISSING_EFFECT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (site, statement) in whole_statements(context) {
        if statement.effect.is_missing() && !is_misspelt(&statement.elements, &["Effect"]) {
            let message = "The statement has no `Effect`: AWS refuses the policy.";
            findings.push(
                Finding::new(&RULE, head(context, statement), message)
                    .help("Say `Effect: Allow` or `Effect: Deny`.")
                    .owner(context.owner(site)),
            );
        }
    }
}
