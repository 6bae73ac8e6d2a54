//! Finds actions that apply to none of their statement's resources, and resources that none of its actions applies to.
//!
//! Each action supports resources of certain types, each with its own ARN format. An `Allow` that pairs an action with
//! ARNs of other types allows nothing: AWS accepts the policy, and the call fails at run time. The policy of a queue, a
//! bucket or a key only applies to that resource, and can't allow actions of another service; some services reject one
//! that tries.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:ListBucket
//!             Resource: !Sub 'arn:aws:s3:::${AppId}-data/*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:ListBucket"],
//!       "Resource": ["arn:aws:s3:::shop-data/*"]
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:ListBucket
//!             Resource: !Sub 'arn:aws:s3:::${AppId}-data'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:ListBucket"],
//!       "Resource": ["arn:aws:s3:::shop-data/*", "arn:aws:s3:::shop-data"]
//!     }
//!   ]
//! }
//! ```

use std::cell::LazyCell;
use std::sync::Arc;

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, Level, List, Site, SiteKind, Statement};
use leastwise_policy::{ActionPattern, Studied, Tri};

use super::fitting::{fits, surely_unfit};
use crate::limits::COMPARED_PAIRS;
use crate::{Context, Facts, FixKind, Group, Judges, Rule, Scope, work};
use cures::Cures;
use mismatched_action::{Named, Unfit};
use statement_resources::{is_invalid, studied};
use unused::Unused;
pub(super) use wording::readable;

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "action-resource-mismatch",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action that doesn't apply to its statement's resources",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "INVALID_ARN_RESOURCE"),
        ("parliament", "RESOURCE_MISMATCH"),
        ("cfn-lint", "I3510"),
        ("iam-policy-validator", "action_resource_matching"),
    ],
    scope: &[Scope::Statement(find)],
};

/// Services whose actions the catalog doesn't fully list the resources of: API Gateway's are the methods of HTTP, and
/// which paths each takes is different for its two generations.
const NO_LIST: [&str; 1] = ["apigateway"];

/// Services whose actions and resources the catalog lists in full. Elsewhere it may lack a type that is new or that an
/// action makes, so that only a resource of quite another service is surely wrong.
const FULLY_LISTED: [&str; 15] = [
    "dynamodb",
    "ecr",
    "events",
    "firehose",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "states",
    "sts",
];

/// Compares the actions of a statement with its resources.
fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let judged = matches!(
        site.kind,
        SiteKind::Identity
            | SiteKind::Boundary
            | SiteKind::Session
            | SiteKind::Resource
            | SiteKind::Unknown
    );
    // A `Deny` of what nobody could do anyway is harmless.
    if !judged || !statement.allows() {
        return;
    }
    let Known::Is(actions) = &statement.action else {
        return;
    };
    let foreign = |item: &&Item| foreign::is_foreign(site, item);
    for item in actions.items.iter().filter(foreign) {
        facts.push(foreign::Foreign::of(context, site, statement, item));
    }
    let Some(resources) = statement.resource.known().filter(|list| !list.dynamic) else {
        return;
    };
    let patterns = studied(context, resources);
    let is_star_or_none = |of: &Arc<Studied>| of.pattern().is_star() || of.not_arn().is_some();
    if patterns.iter().any(is_star_or_none) {
        return;
    }
    let mut pairs = COMPARED_PAIRS;
    let items = actions.items.iter();
    let fits: Vec<Fit> = items
        .map(|item| fit(context, item, &patterns, &mut pairs))
        .collect();
    if !patterns.iter().any(|of| is_invalid(of)) {
        unfit(
            context,
            site,
            statement,
            (resources, &patterns),
            &fits,
            facts,
        );
    }
    // Without any action, that one is missing is all there is to say.
    let some = !actions.dynamic && !fits.is_empty();
    // Of a resource that only actions of other services work on, these are told of already.
    let some = some && !actions.items.iter().any(|item| foreign(&item));
    if some && fits.iter().all(|fit| *fit == Fit::Yes) {
        let owner = context.owner(site);
        facts.extend(Unused::all(context, owner, statement, resources));
    }
}

/// Tells of the actions that work on none of the resources, where these are known as the patterns.
fn unfit(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    (resources, patterns): (&List, &[Arc<Studied>]),
    fits: &[Fit],
    facts: &mut Facts<'_>,
) {
    let beside = fits.iter().any(|fit| *fit != Fit::No);
    let place = mismatched_action::MismatchPlace {
        context,
        site,
        statement,
        resources,
        patterns,
        beside,
        // Asked of the statement once, however many of its actions work on nothing.
        named: LazyCell::new(|| Arc::new(Named::of(patterns))),
        cures: Arc::new(Cures::of(statement.node)),
    };
    let actions = statement.action.known().map_or(&[][..], |of| &of.items);
    let none = actions.iter().zip(fits).filter(|of| *of.1 == Fit::No);
    for (item, _) in none.filter(|of| !foreign::is_foreign(site, of.0)) {
        facts.push(Unfit::of(&place, item));
    }
}

/// Whether an entry of `Action` works on any of its statement's resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    /// It isn't known, or may be.
    Unknown,
    /// Surely not, as far as the catalog goes.
    No,
}

fn fit(context: &Context<'_>, item: &Item, patterns: &[Arc<Studied>], pairs: &mut usize) -> Fit {
    let Some(ActionPattern::Named(_)) = &item.action else {
        return Fit::Unknown;
    };
    let expanded = context.expand(item);
    let unlisted = |action: &Action| NO_LIST.contains(&action.service().prefix());
    if expanded.is_empty() || expanded.iter().any(unlisted) {
        return Fit::Unknown;
    }
    let own = expanded.len().saturating_mul(patterns.len());
    let Some(left) = pairs.checked_sub(own) else {
        return Fit::Unknown;
    };
    *pairs = left;
    work::did(own);
    if surely_unfit(expanded, patterns) {
        return Fit::No;
    }
    match expanded
        .iter()
        .any(|action| fits(*action, patterns) == Tri::Yes)
    {
        true => Fit::Yes,
        false => Fit::Unknown,
    }
}

mod cures;
pub(crate) mod foreign;
mod mismatched_action;
mod statement_resources;
mod unused;
mod wording;

#[cfg(test)]
mod tests;
