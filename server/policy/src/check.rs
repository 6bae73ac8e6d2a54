//! What is wrong with an ARN by itself, segment by segment. Wildcards and holes are never wrong.

use crate::Pattern;
use crate::arn::{self, Arn, ArnShape, NotArn, Segment, SegmentKind};
use crate::format::{Format, Row};
use crate::pattern;
use crate::regions::{self, RegionKnown};
use crate::suggest::nearest;
use crate::unmatched_arn;
use leastwise_catalog::catalog;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// Something wrong with an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnProblem {
    /// The segment it is in; [`SegmentKind::Whole`] for a text that is no ARN.
    pub segment: SegmentKind,
    /// The segment's byte range in the pattern's raw text; empty for an empty segment.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ArnProblemKind,
    /// False where it is only likely: the catalog may be behind, or AWS makes exceptions there.
    pub sure: bool,
    /// One sentence for the user, without a full stop.
    pub message: String,
    /// What the segment was probably meant to be.
    pub suggestion: Option<String>,
}

/// The kinds of problems of ARNs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArnProblemKind {
    /// The text can't be an ARN.
    NotArn(NotArn),
    /// The partition is empty.
    EmptyPartition,
    /// AWS has no such partition.
    UnknownPartition,
    /// The service is empty.
    EmptyService,
    /// No service has this name in ARNs.
    UnknownService,
    /// The region hasn't the shape of a region's name.
    MalformedRegion,
    /// The region has the shape, but looks like a slip of the pen.
    UnknownRegion,
    /// The region belongs to another partition.
    RegionOutsidePartition,
    /// The account is digits, but this many rather than 12.
    AccountDigits(usize),
    /// The account is no number.
    AccountNotNumber,
    /// A region where ARNs of such resources have none.
    UnexpectedRegion,
    /// No region where ARNs of such resources have one.
    MissingRegion,
    /// An account where ARNs of such resources have none.
    UnexpectedAccount,
    /// No account where ARNs of such resources have one.
    MissingAccount,
    /// The address of an identity provider with its `https://`.
    ProviderScheme,
    /// The kind of the resource is written in another case than the service writes it.
    KindCase,
}

/// Words that AWS writes in place of an account number for what is its own.
const ACCOUNT_WORDS: &[&str] = &[
    "aws",
    "amazon",
    "cloudfront",
    "aws-marketplace",
    "third-party",
];

/// Services whose ARNs are known to keep strictly to the formats of the catalog. Elsewhere nothing is said about what is
/// missing, and what is there and shouldn't be is only likely to be wrong.
const STRICT: &[&str] = &[
    "cloudformation",
    "cloudfront",
    "codebuild",
    "dynamodb",
    "ecr",
    "ecs",
    "events",
    "firehose",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "states",
    "sts",
];

/// A format of ARNs, and its resource ready to be compared once that is asked for.
struct OfArns {
    text: &'static str,
    /// Whether its region and its account are empty.
    empty: [bool; 2],
    resource: OnceLock<Format>,
}

/// The formats of each service in ARNs.
static FORMATS: LazyLock<BTreeMap<&'static str, Vec<OfArns>>> = LazyLock::new(|| {
    let mut formats: BTreeMap<&str, Vec<OfArns>> = BTreeMap::new();
    for of in catalog().resource_types() {
        for format in of.arns() {
            let mut segments = format.split(':').skip(2);
            let service = segments.next().unwrap_or_default();
            let mut is_empty = || segments.next().is_none_or(str::is_empty);
            formats.entry(service).or_default().push(OfArns {
                text: format,
                empty: [is_empty(), is_empty()],
                resource: OnceLock::new(),
            });
        }
    }
    formats
});

/// What is wrong with an ARN by itself. Nothing for `*` and for texts whose segments can't be told.
pub fn check(pattern: &Pattern) -> Vec<ArnProblem> {
    let arn = match Arn::parse(pattern) {
        ArnShape::Star => return Vec::new(),
        ArnShape::Unknown => return cut_short(pattern).into_iter().collect(),
        ArnShape::NotArn(reason) => return vec![not_arn(pattern, reason)],
        ArnShape::Arn(arn) => arn,
    };
    let mut problems = Vec::new();
    problems.extend(check_partition(&arn));
    problems.extend(check_service(&arn));
    problems.extend(check_region(&arn));
    problems.extend(check_account(&arn));
    problems.extend(check_presence(&arn));
    problems.extend(check_case(&arn));
    problems
}

/// A kind of resource in another case. AWS writes `statemachine` at times where its ARNs have `stateMachine`, so that the
/// catalog's word isn't the last.
fn check_case(arn: &Arn<'_>) -> Option<ArnProblem> {
    let (range, meant) = unmatched_arn::miscased(arn)?;
    let within = arn.resource.range().start;
    let word = arn.resource.raw().get(..range.end - within)?;
    Some(ArnProblem {
        segment: SegmentKind::Resource,
        kind: ArnProblemKind::KindCase,
        sure: false,
        message: format!("`{word}` must be `{meant}`, as ARNs are case-sensitive"),
        suggestion: Some(meant.to_owned()),
        range,
    })
}

/// What begins a segment that a `*` at its end carries over the colons that are missing, and can begin no such segment:
/// `arn:aws:s3:files/*` asks for a region that is called `files/…`.
fn cut_short(pattern: &Pattern) -> Option<ArnProblem> {
    let raw = pattern.raw();
    let segments = arn::split(raw);
    let known = segments.iter().flatten().count();
    let last = segments.iter().flatten().last()?;
    if segments[0]?.raw() != "arn" || !raw.ends_with('*') || pattern::has_loose_holes(raw) {
        return None;
    }
    let word = last.raw().split(['*', '?', pattern::HOLE_START]).next()?;
    let outside = |fine: fn(char) -> bool| word.chars().any(|c| !fine(c));
    let (segment, kind) = match known {
        4 if outside(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') => {
            (SegmentKind::Region, ArnProblemKind::MalformedRegion)
        }
        // A word in lower case may be one that AWS uses for itself.
        5 if outside(|c| c.is_ascii_digit()) && outside(|c| c.is_ascii_lowercase() || c == '-') => {
            (SegmentKind::Account, ArnProblemKind::AccountNotNumber)
        }
        _ => return None,
    };
    let colons = ":".repeat(6 - known);
    let written = last.display();
    let message = format!(
        "`{written}` is where the {} of the ARN should be",
        segment.name()
    );
    // Only of buckets it is known that both are empty.
    let s3 = segments[2].is_some_and(|service| service.raw() == "s3") && !last.has_holes();
    Some(ArnProblem {
        suggestion: s3.then(|| format!("{colons}{written}")),
        ..problem(segment, *last, kind, message)
    })
}

fn not_arn(pattern: &Pattern, reason: NotArn) -> ArnProblem {
    let message = match reason {
        NotArn::Empty => "this is empty where an ARN is expected".to_owned(),
        NotArn::NoArnPrefix => "this isn't an ARN, as it doesn't start with `arn:`".to_owned(),
        NotArn::TooFewSegments(count) => format!(
            "an ARN has six segments (arn:partition:service:region:account:resource), this has {count}"
        ),
    };
    ArnProblem {
        segment: SegmentKind::Whole,
        range: 0..pattern.len(),
        kind: ArnProblemKind::NotArn(reason),
        sure: true,
        message,
        suggestion: None,
    }
}

fn problem(
    segment: SegmentKind,
    at: Segment<'_>,
    kind: ArnProblemKind,
    message: impl Into<String>,
) -> ArnProblem {
    ArnProblem {
        segment,
        range: at.range(),
        kind,
        sure: true,
        message: message.into(),
        suggestion: None,
    }
}

fn check_partition(arn: &Arn<'_>) -> Option<ArnProblem> {
    let name = arn.partition.as_literal()?;
    let of = |kind, message: String| problem(SegmentKind::Partition, arn.partition, kind, message);
    if name.is_empty() {
        let message = "the partition is empty; it is usually `aws`".to_owned();
        return Some(of(ArnProblemKind::EmptyPartition, message));
    }
    if regions::partition(&name).is_some() {
        return None;
    }
    let mut found = of(
        ArnProblemKind::UnknownPartition,
        format!("AWS has no partition `{name}`"),
    );
    found.suggestion = regions::suggest_partition(&name).map(str::to_owned);
    Some(found)
}

fn check_service(arn: &Arn<'_>) -> Option<ArnProblem> {
    let name = arn.service.as_literal()?;
    if name.is_empty() {
        return Some(problem(
            SegmentKind::Service,
            arn.service,
            ArnProblemKind::EmptyService,
            "the service is empty",
        ));
    }
    let known = FORMATS.contains_key(name.as_str())
        || catalog()
            .service(&name)
            .is_some_and(|of| of.prefix() == name)
        || catalog().retired_service(&name).is_some();
    if known || FORMATS.is_empty() {
        return None;
    }
    let suggestion = nearest(
        &name,
        FORMATS.keys().copied().filter(|of| !of.contains('$')),
    );
    Some(ArnProblem {
        sure: suggestion.is_some(),
        suggestion: suggestion.map(str::to_owned),
        ..problem(
            SegmentKind::Service,
            arn.service,
            ArnProblemKind::UnknownService,
            format!("`{name}` isn't the name of a service in ARNs"),
        )
    })
}

fn check_region(arn: &Arn<'_>) -> Option<ArnProblem> {
    let name = arn.region.as_literal().filter(|name| !name.is_empty())?;
    let of = |kind, message: String| problem(SegmentKind::Region, arn.region, kind, message);
    let suggestion = || regions::suggest_region(&name).map(str::to_owned);
    match regions::region(&name) {
        RegionKnown::Unfamiliar => None,
        RegionKnown::In(partition) => {
            let written = arn.partition.as_literal()?;
            let other = regions::partition(&written)?;
            (other.name != partition.name).then(|| {
                of(
                    ArnProblemKind::RegionOutsidePartition,
                    format!(
                        "the region {name} belongs to the partition `{}`, not to `{written}`",
                        partition.name
                    ),
                )
            })
        }
        RegionKnown::Odd => Some(ArnProblem {
            sure: false,
            suggestion: suggestion(),
            ..of(
                ArnProblemKind::UnknownRegion,
                format!("`{name}` isn't a known region"),
            )
        }),
        RegionKnown::Malformed if name == "global" => None,
        RegionKnown::Malformed => Some(ArnProblem {
            suggestion: suggestion(),
            ..of(
                ArnProblemKind::MalformedRegion,
                format!("`{name}` isn't a region such as `eu-west-1`"),
            )
        }),
    }
}

/// Variables that are never an account.
const NO_ACCOUNT: [&str; 3] = ["AWS::Region", "AWS::Partition", "AWS::StackName"];

fn check_account(arn: &Arn<'_>) -> Option<ArnProblem> {
    let variable = arn.account.display();
    let name = (variable.strip_prefix("${")).and_then(|rest| rest.strip_suffix('}'));
    if name.is_some_and(|name| NO_ACCOUNT.contains(&name)) {
        return Some(problem(
            SegmentKind::Account,
            arn.account,
            ArnProblemKind::AccountNotNumber,
            format!("`{variable}` isn't a 12-digit account ID"),
        ));
    }
    let account = arn
        .account
        .as_literal()
        .filter(|account| !account.is_empty())?;
    let of = |kind, message: String| problem(SegmentKind::Account, arn.account, kind, message);
    if account.bytes().all(|b| b.is_ascii_digit()) {
        return (account.len() != 12).then(|| {
            let count = account.len();
            of(ArnProblemKind::AccountDigits(count), odd_digits(count))
        });
    }
    let service = arn.service.as_literal().unwrap_or_default();
    let in_format = formats(&service)
        .iter()
        .any(|format| segment(format.text, 4) == account);
    if in_format || ACCOUNT_WORDS.contains(&account.as_str()) {
        return None;
    }
    Some(ArnProblem {
        // A lower-case word may be one more of those AWS uses for itself.
        sure: !account.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
        ..of(
            ArnProblemKind::AccountNotNumber,
            format!("`{account}` isn't a 12-digit account ID"),
        )
    })
}

/// What is said of an account's digits that aren't 12.
pub fn odd_digits(count: usize) -> String {
    let digits = if count == 1 { "digit" } else { "digits" };
    format!("the account ID has {count} {digits}, not 12")
}

/// Regions and accounts that are there and shouldn't be, or the other way round.
fn check_presence(arn: &Arn<'_>) -> Vec<ArnProblem> {
    let Some(service) = arn.service.as_literal() else {
        return Vec::new();
    };
    let all = formats(&service);
    let resource = OnceCell::new();
    let fits = |format: &OfArns| format.fits(&service, arn.resource, &resource);
    let mut problems = Vec::new();
    for (place, (kind, at)) in [
        (SegmentKind::Region, arn.region),
        (SegmentKind::Account, arn.account),
    ]
    .into_iter()
    .enumerate()
    {
        // Only a known text can be out of place: `*` and holes may stand for nothing.
        if !at.is_literal() {
            continue;
        }
        // AWS leaves the account out of much that is its own (`arn:aws:ssm:eu-west-1::document/…`).
        let strict = STRICT.contains(&service.as_str());
        if at.is_empty() && (!strict || arn.resource.is_star()) {
            continue;
        }
        let fine = |format: &OfArns| format.empty.get(place) == Some(&at.is_empty());
        if all.is_empty() || all.iter().any(|format| fine(format) && fits(format)) {
            continue;
        }
        let fitting = all.iter().any(|format| !fine(format) && fits(format));
        // Where no format fits the resource, it takes all of them to say that something is out of place.
        if !fitting && all.iter().any(fine) {
            continue;
        }
        let (problem_kind, message) = match (kind, at.is_empty()) {
            (SegmentKind::Region, true) => (
                ArnProblemKind::MissingRegion,
                format!("ARNs of such `{service}` resources have a region"),
            ),
            (SegmentKind::Region, false) => (
                ArnProblemKind::UnexpectedRegion,
                format!("ARNs of such `{service}` resources have no region"),
            ),
            (_, true) => (
                ArnProblemKind::MissingAccount,
                format!("ARNs of such `{service}` resources have an account"),
            ),
            (_, false) => (
                ArnProblemKind::UnexpectedAccount,
                format!("ARNs of such `{service}` resources have no account"),
            ),
        };
        problems.push(ArnProblem {
            sure: strict,
            ..problem(kind, at, problem_kind, message)
        });
    }
    problems
}

fn formats(service: &str) -> &'static [OfArns] {
    FORMATS.get(service).map_or(&[], Vec::as_slice)
}

fn segment(format: &str, place: usize) -> &str {
    format.split(':').nth(place).unwrap_or_default()
}

impl OfArns {
    /// Whether a resource of its service may be one of its own. `row` is the resource, made when it is first asked for.
    fn fits(&self, service: &str, resource: Segment<'_>, row: &OnceCell<Row>) -> bool {
        let own = self.resource.get_or_init(|| {
            let resource = self.text.splitn(6, ':').nth(5).unwrap_or_default();
            Format::new(&format!("arn:aws:{service}:::{resource}"))
        });
        own.may_have_resource(row.get_or_init(|| Row::new(resource.raw())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_carries_over_colons_only_what_can_stand_there() {
        let problem = |text: &str| {
            let problems = check(&Pattern::literal(text));
            let found = problems.first()?;
            Some((found.segment, found.suggestion.clone()))
        };
        let region =
            |suggestion: Option<&str>| Some((SegmentKind::Region, suggestion.map(str::to_owned)));
        let account =
            |suggestion: Option<&str>| Some((SegmentKind::Account, suggestion.map(str::to_owned)));
        for (text, wanted) in [
            ("arn:aws:dynamodb:orders/index/*", region(None)),
            ("arn:aws:s3:files/*", region(Some("::files/*"))),
            ("arn:aws:s3::files/*", account(Some(":files/*"))),
            ("arn:aws:s3::Files*", account(Some(":Files*"))),
            ("arn:aws:sqs:eu-west-1:jobs.fifo*", account(None)),
            ("arn:aws:s3:files/${aws:username}/*", None),
            ("arn:aws:s3:files/${Name}/*", None),
            ("arn:aws:sqs:*", None),
            ("arn:aws:*", None),
            ("arn:*", None),
            ("arn:aws:sqs:eu-*", None),
            ("arn:aws:sqs:eu-west-1:*", None),
            ("arn:aws:sqs:eu-west-1:1111*", None),
            ("arn:aws:sqs:eu-west-1:aws*", None),
            ("arn:aws:s3:::files/*", None),
        ] {
            assert_eq!(problem(text), wanted, "{text}");
        }
    }
}
