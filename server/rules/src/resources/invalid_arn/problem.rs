//! What is wrong with a text where an ARN is due, and how that is said.

use std::ops::Range;

use leastwise_model::{Site, SiteKind};
use leastwise_policy::check::odd_digits;
use leastwise_policy::principal::{BadPrincipal, kind_of};
use leastwise_policy::{
    Arn, ArnProblem, ArnProblemKind, ArnShape, Pattern, Principal, SegmentKind,
};

use super::Place;
use crate::Context;

/// What is surely or very probably wrong with a text.
pub(super) fn problems(
    context: &Context<'_>,
    pattern: &Pattern,
    site: &Site,
    place: Place,
) -> Vec<ArnProblem> {
    let mut problems = context.study(pattern).problems().to_vec();
    problems.retain(|problem| problem.sure || problem.suggestion.is_some());
    match place {
        // API Gateway's own policies may leave all but the end of an ARN out.
        Place::Resource
            if matches!(site.kind, SiteKind::Resource | SiteKind::Unknown)
                && pattern.raw().starts_with("execute-api:") =>
        {
            Vec::new()
        }
        Place::Resource => problems,
        Place::Condition { .. } => {
            let text = pattern.raw();
            problems.retain(|problem| {
                let told = problem.sure || problem.kind == ArnProblemKind::KindCase;
                told && (text.starts_with("arn:") || text.starts_with("ARN:"))
            });
            problems
        }
        Place::Principal | Place::Provider => {
            let digits = |kind| matches!(kind, ArnProblemKind::AccountDigits(_));
            problems.retain(|problem| {
                let segment = problem.segment;
                let about = matches!(segment, SegmentKind::Partition | SegmentKind::Region);
                problem.sure && (about || digits(problem.kind))
            });
            let more = match place {
                Place::Provider => scheme_of_provider(pattern),
                _ => bad_principal(pattern),
            };
            let known = |more: &ArnProblem| problems.iter().any(|other| other.range == more.range);
            if let Some(more) = more.filter(|more| !known(more)) {
                problems.push(more);
            }
            problems
        }
    }
}

/// The `https://` in the ARN of an identity provider.
fn scheme_of_provider(pattern: &Pattern) -> Option<ArnProblem> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    let address = arn.resource.raw().strip_prefix("oidc-provider/")?;
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| address.starts_with(**scheme))?;
    let start = arn.resource.range().end - address.len();
    Some(ArnProblem {
        segment: SegmentKind::Resource,
        range: start..start + scheme.len(),
        kind: ArnProblemKind::ProviderScheme,
        sure: true,
        message: format!("the ARN of an identity provider doesn't contain `{scheme}`"),
        suggestion: None,
    })
}

/// What keeps AWS from taking a text for an ARN of a principal. What is wrong with it as a principal, `unknown-principal`
/// tells.
fn bad_principal(pattern: &Pattern) -> Option<ArnProblem> {
    let Principal::Malformed(reason) = Principal::parse("AWS", pattern) else {
        return None;
    };
    let (kind, message) = match reason {
        BadPrincipal::AccountDigits(digits) => (
            ArnProblemKind::AccountDigits(digits),
            match accountless(pattern) {
                true => {
                    "the account is missing in this ARN, between the last two colons".to_owned()
                }
                false => match account(pattern) {
                    Some(odd) if !odd.bytes().all(|byte| byte.is_ascii_digit()) => {
                        format!("`{odd}` isn't a 12-digit account ID")
                    }
                    _ => odd_digits(digits),
                },
            },
        ),
        BadPrincipal::Shape if kind_of(pattern).is_some() => return None,
        BadPrincipal::Shape => match Arn::parse(pattern) {
            ArnShape::NotArn(reason) => (
                ArnProblemKind::NotArn(reason),
                "this isn't an ARN, a 12-digit account ID or `*`".to_owned(),
            ),
            _ => return None,
        },
        BadPrincipal::OtherArn | BadPrincipal::Wildcard | BadPrincipal::UnknownType => return None,
    };
    let (segment, range) = match Arn::parse(pattern) {
        ArnShape::Arn(arn) if !arn.account.is_empty() => {
            (SegmentKind::Account, arn.account.range())
        }
        _ => (SegmentKind::Whole, 0..pattern.len()),
    };
    Some(ArnProblem {
        segment,
        range,
        kind,
        sure: true,
        message,
        suggestion: None,
    })
}

/// The account that stands in an ARN.
fn account(pattern: &Pattern) -> Option<String> {
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => arn.account.as_literal(),
        _ => None,
    }
}

fn accountless(pattern: &Pattern) -> bool {
    matches!(Arn::parse(pattern), ArnShape::Arn(arn) if arn.account.is_empty())
}

/// What is said of a problem. `denies`: whether the statement does. `left_out`: whether it is about all but what is named.
pub(super) fn message(problem: &ArnProblem, denies: bool, left_out: bool, place: Place) -> String {
    let mut said = problem.message.clone();
    if let Some(first) = said.get(..1) {
        let first = first.to_uppercase();
        said.replace_range(..1, &first);
    }
    let effect = match (place, problem.sure) {
        (_, false) if left_out => "this probably excludes nothing",
        (_, false) if denies => "this probably denies nothing",
        (_, false) => "this probably matches nothing",
        (Place::Principal | Place::Provider, _) => "AWS rejects the policy",
        (Place::Condition { negated: true }, _) => "every request matches this",
        (Place::Condition { .. }, _) => "no request matches this",
        (Place::Resource, _) if matches!(problem.kind, ArnProblemKind::NotArn(_)) => {
            "AWS rejects the policy"
        }
        (Place::Resource, _) if left_out => "this excludes nothing",
        (Place::Resource, _) if denies => "this denies nothing",
        (Place::Resource, _) => "this matches nothing",
    };
    format!("{said}: {effect}.")
}

pub(super) fn help(problem: &ArnProblem) -> String {
    match (&problem.suggestion, problem.kind) {
        (Some(suggestion), _) => format!("Did you mean `{suggestion}`?"),
        (None, ArnProblemKind::AccountDigits(_) | ArnProblemKind::AccountNotNumber) => {
            "Write the account's 12 digits.".to_owned()
        }
        (None, ArnProblemKind::NotArn(_)) => {
            "Write a full ARN, `arn:aws:service:region:account:resource`.".to_owned()
        }
        (None, ArnProblemKind::ProviderScheme) => "Remove it.".to_owned(),
        (None, ArnProblemKind::UnexpectedRegion) => "Leave the region empty.".to_owned(),
        (None, ArnProblemKind::UnexpectedAccount) => "Leave the account empty.".to_owned(),
        (None, ArnProblemKind::MissingRegion) => "Write the region, or `*`.".to_owned(),
        (None, ArnProblemKind::MissingAccount) => "Write the account, or `*`.".to_owned(),
        (None, ArnProblemKind::MalformedRegion | ArnProblemKind::UnknownRegion) => {
            "Write a region, or `*`.".to_owned()
        }
        (None, ArnProblemKind::RegionOutsidePartition) => {
            "Write the region's own partition, or a region of this one.".to_owned()
        }
        (None, ArnProblemKind::EmptyPartition | ArnProblemKind::UnknownPartition) => {
            "Write a partition, such as `aws`.".to_owned()
        }
        (None, ArnProblemKind::EmptyService | ArnProblemKind::UnknownService) => {
            "Write the service, as in the ARNs of its resources.".to_owned()
        }
        (None, ArnProblemKind::KindCase) => "Write it as AWS does.".to_owned(),
    }
}

/// A fix's title and what it writes in place of the segment.
pub(super) fn replacement(problem: &ArnProblem) -> Option<(String, String)> {
    match (&problem.suggestion, problem.kind) {
        (Some(suggestion), _) => Some((format!("Replace with {suggestion}"), suggestion.clone())),
        (None, ArnProblemKind::ProviderScheme) => {
            Some(("Remove the scheme".to_owned(), String::new()))
        }
        (None, ArnProblemKind::UnexpectedRegion) => {
            Some(("Leave the region empty".to_owned(), String::new()))
        }
        (None, ArnProblemKind::UnexpectedAccount) => {
            Some(("Leave the account empty".to_owned(), String::new()))
        }
        _ => None,
    }
}

pub(super) fn replaced(pattern: &Pattern, range: &Range<usize>, text: &str) -> Pattern {
    let raw = pattern.raw();
    let before = raw.get(..range.start).unwrap_or_default();
    let behind = raw.get(range.end..).unwrap_or_default();
    Pattern::from_raw(format!("{before}{text}{behind}"))
}
