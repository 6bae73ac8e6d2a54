//! Finds roles that a CI pipeline assumes and that the workspace doesn't declare, though it declares one of nearly that
//! name.
//!
//! The pipeline fails at its first step with a message that says neither which part of the name is wrong nor that the role
//! is missing. The rule compares with the roles of all files that are looked at together and is silent where no name is
//! near: the role may be declared in another repository.
//!
//! ## Beside
//!
//! ```yaml
//! Resources:
//!   Deployer:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-deployer
//! ```
//!
//! ## Example
//!
//! ```yaml
//! on: push
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deplyoer
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! on: push
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deployer
//! ```

use leastwise_syntax::write::Edit;
use leastwise_workspace::{Level, OwnerKind};

use super::{Assumed, assumed};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-role",
    group: Group::Pipeline,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role in a CI pipeline that the workspace doesn't declare",
    fix: FixKind::Unsafe,
    equivalents: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(Assumed { index, roles, .. }) = assumed(context) else {
        return;
    };
    for (role, name, span) in roles {
        if index.owners(OwnerKind::Role, &name).next().is_some() {
            continue;
        }
        let Some(near) = nearest(&name, index.names(OwnerKind::Role)) else {
            continue;
        };
        let message = format!(
            "The workspace declares no role `{name}`, but `{near}`: the job can't get credentials with this one."
        );
        let mut finding = Finding::new(&RULE, span, message)
            .help(format!("Write `{near}` if that is meant."))
            .owner(Some(&role.job));
        // Only where the name stands in the file as it is.
        if let Some(node) = context.tree.node_at(span.start)
            && let (Some(start), Some(end)) = (
                context.tree.decoded_offset(node, span.start),
                context.tree.decoded_offset(node, span.end),
            )
            && context
                .tree
                .text(node)
                .and_then(|text| text.get(start..end))
                == Some(&name)
        {
            let text = near.to_owned();
            finding = finding.fix(format!("Replace by `{near}`"), Safety::Unsafe, move |_| {
                Some(Fix {
                    edits: vec![Edit::SetPart {
                        node,
                        part: start..end,
                        text: text.clone(),
                    }],
                    adds: Vec::new(),
                    removes: Vec::new(),
                })
            });
        }
        findings.push(finding);
    }
}

/// The name that a slip or two away from `name`.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Short names are near to anything.
    let most = name.len() / 6;
    known
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance > 0 && *distance <= most.min(3))
        .min()
        .map(|(_, other)| other)
}
