//! Finds ARNs that AWS has no resource for: a slip in one of their segments, or no ARN at all.
//!
//! AWS takes most of them as they are, and the statement then matches nothing: access that somebody counts on is
//! missing, or a `Deny` denies nothing.
//!
//! What `Ref` gives for most resources of a template is their name, their id or their URL, which AWS refuses where an ARN is
//! due, also with a path behind it (`!Sub '${Table}/index/*'`). The fix writes the attribute of the type that is its ARN
//! (`!GetAtt Db.DBInstanceArn`), else the ARN with the name in it.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:asw:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3::111111111111:shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   App:
//!     Type: AWS::IAM::Role
//!   Deploy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: iam:PassRole
//!             Resource: !Ref App
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
//!
//! ```yaml
//! Resources:
//!   App:
//!     Type: AWS::IAM::Role
//!   Deploy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: iam:PassRole
//!             Resource: !GetAtt App.Arn
//! ```

use std::ops::Range;

use leastwise_catalog::{Action, ValueType, catalog};
use leastwise_model::{Item, Known, Level, Site, SiteKind, Statement, mark};
use leastwise_policy::condition::{Family, Operator};
use leastwise_policy::principal::{BadPrincipal, kind_of};
use leastwise_policy::regions;
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{
    ActionPattern, Arn, ArnProblem, ArnProblemKind, ArnShape, Pattern, Principal, SegmentKind, Tri,
    check,
};
use leastwise_syntax::NodeId;
use leastwise_syntax::write::Edit;

use super::own_arn::{self, Mend, Referred};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, Same, naming};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-arn",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "An ARN that names nothing",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_ARN_ACCOUNT"),
        ("access-analyzer", "INVALID_ARN_PREFIX"),
        ("access-analyzer", "INVALID_ARN_REGION"),
        ("access-analyzer", "INVALID_ARN_SERVICE_CASE"),
        ("access-analyzer", "INVALID_PARTITION"),
        ("access-analyzer", "INVALID_SERVICE"),
        ("access-analyzer", "MISSING_ARN_FIELD"),
        ("access-analyzer", "MISSING_ARN_REGION"),
        ("access-analyzer", "MISSING_ARN_ACCOUNT"),
        ("access-analyzer", "ARN_ACCOUNT_NOT_ALLOWED"),
        ("access-analyzer", "ARN_REGION_NOT_ALLOWED"),
        ("parliament", "INVALID_ARN"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "W1031"),
        ("iam-policy-validator", "resource_validation"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (site, statement) in context.statements() {
        for list in [&statement.resource, &statement.not_resource] {
            for item in list.known().map_or(&[][..], |list| &list.items) {
                judge(
                    context,
                    site,
                    Some(statement),
                    item,
                    Place::Resource,
                    findings,
                );
            }
        }
        for principals in [&statement.principal, &statement.not_principal] {
            let Known::Is(principals) = principals else {
                continue;
            };
            for item in principals.values("AWS") {
                judge(context, site, None, item, Place::Principal, findings);
            }
            for item in principals.values("Federated") {
                judge(context, site, None, item, Place::Provider, findings);
            }
        }
        for test in crate::conditions::tests(statement) {
            let wanted = match (Operator::parse(&test.operator), &test.key) {
                (Ok(operator), _) if operator.base.family == Family::Arn => true,
                (Ok(operator), Some(key)) if operator.base.family == Family::String => catalog()
                    .condition_key(key)
                    .is_some_and(|key| key.value_type() == ValueType::Arn),
                _ => false,
            };
            for item in test
                .values
                .known()
                .filter(|_| wanted)
                .map_or(&[][..], |list| &list.items)
            {
                judge(context, site, None, item, Place::Condition, findings);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Resource,
    Principal,
    /// An identity provider.
    Provider,
    Condition,
}

fn judge(
    context: &Context<'_>,
    site: &Site,
    statement: Option<&Statement>,
    item: &Item,
    place: Place,
    findings: &mut Findings,
) {
    let mut seen = Vec::new();
    let referred = own_arn::referred(context, item).filter(|of| match place {
        Place::Resource => true,
        Place::Principal => of.is_identity() && !of.has_path,
        Place::Provider | Place::Condition => false,
    });
    // A principal may be called by what is none.
    let by_name = place == Place::Principal && referred.is_some();
    let owner = context.owner(site);
    let values: Vec<_> = context.sure(item).map(|(_, value)| value).collect();
    let distinct = naming::distinct_but_for_account(values.iter().map(|value| &value.pattern));
    for value in values.iter().filter(|_| !by_name).filter(|value| {
        distinct
            .iter()
            .any(|pattern| std::ptr::eq(*pattern, &value.pattern))
    }) {
        for problem in problems(context, &value.pattern, site, place) {
            let written = item.text.literal(context.tree);
            if matches!(problem.kind, ArnProblemKind::NotArn(_))
                && written.is_some_and(mark::is_word_in_capitals)
            {
                // Somebody puts an ARN there.
                continue;
            }
            let span = value
                .span_of(context.tree, problem.range.clone())
                .unwrap_or_else(|| context.item_span(item));
            if seen.contains(&span) {
                continue;
            }
            seen.push(span);
            let made_up = item.text.literal(context.tree).is_none()
                && place == Place::Resource
                && matches!(problem.kind, ArnProblemKind::NotArn(_));
            let meant = referred.as_ref().filter(|_| made_up);
            let said = match made_up {
                true => format!(
                    "This stands for `{}`, which is no ARN: AWS refuses this policy.",
                    value.pattern
                ),
                false => message(&problem, statement, place),
            };
            let finding = Finding::new(&RULE, span, said)
                .level(if problem.sure {
                    Level::Error
                } else {
                    Level::Warning
                })
                .help(help(&problem))
                .owner(owner);
            let finding = match made_up {
                true => finding,
                // The same slip at several places of a statement is one fault.
                false => {
                    let slip = value.pattern.slice(problem.range.clone());
                    let same = Same {
                        within: match statement {
                            Some(statement) => context.span(statement.node),
                            None => site.span(context.tree),
                        },
                        key: format!("{} {slip}", finding.message),
                        name: format!("`{slip}`"),
                        // Those of one name are told in the words of the first.
                        several: String::new(),
                        help: String::new(),
                        each: Vec::new(),
                        intro: "",
                    };
                    finding.same(same)
                }
            };
            let part = value.pieces.iter().find_map(|piece| {
                let inside =
                    piece.raw.start <= problem.range.start && problem.range.end <= piece.raw.end;
                let (node, at) = piece.literal.filter(|_| inside)?;
                let own = value.pattern.slice(piece.raw.clone());
                let offset = |raw: usize| at + own.display_offset(raw - piece.raw.start);
                Some((node, offset(problem.range.start)..offset(problem.range.end)))
            });
            let arn = meant.and_then(|of| of.arn.clone());
            findings.push(match (part, replacement(&problem)) {
                _ if let Some(arn) = arn => {
                    let after = arn.arns(context, item);
                    name_its_arn(context, finding, statement, item, (arn, after))
                }
                (Some((node, part)), Some((title, text))) => {
                    let after = replaced(&value.pattern, &problem.range, &text);
                    let statement = statement.map(|statement| statement.node);
                    let slip = value.pattern.slice(problem.range.clone()).display();
                    let plain = problem.segment != SegmentKind::Region
                        || problem.suggestion.is_none()
                        || regions::is_only_region_near(&slip, &text);
                    finding.fix(title, Safety::changes(plain), move |context| {
                        let edit = Edit::SetPart {
                            node,
                            part: part.clone(),
                            text: text.clone(),
                        };
                        Some(Fix::new(vec![edit]).adds(granted(context, statement, &after)))
                    })
                }
                _ => finding,
            });
        }
    }
    if seen.is_empty() {
        let found = misplaced(context, statement, item, referred.as_ref(), place);
        if let Some(finding) = found {
            findings.push(finding.owner(owner));
        }
    }
}

/// Of a reference that gives a name, an id or a URL where an ARN is due, or an attribute that there isn't.
fn misplaced(
    context: &Context<'_>,
    statement: Option<&Statement>,
    item: &Item,
    referred: Option<&Referred>,
    place: Place,
) -> Option<Finding> {
    context.sure(item).next()?;
    let (message, arn, after) = match (own_arn::misnamed(context, item), referred) {
        (Some((of, arn)), _) => (
            format!("`{of}` has no attribute `Arn`: CloudFormation refuses the template."),
            arn,
            Vec::new(),
        ),
        (None, Some(referred)) if matches!(place, Place::Resource | Place::Principal) => {
            let (gives, of) = (referred.gives?, &referred.name);
            let is = match referred.has_path {
                true => "begins with",
                false => "is",
            };
            let arn = referred.arn.clone();
            let after = arn.as_ref().map(|arn| arn.arns(context, item));
            (
                format!(
                    "This {is} the {gives} of `{of}`, which is no ARN: AWS refuses this policy."
                ),
                arn,
                after.unwrap_or_default(),
            )
        }
        _ => return None,
    };
    let finding = Finding::new(&RULE, context.item_span(item), message);
    Some(match arn {
        Some(arn) => name_its_arn(context, finding, statement, item, (arn, after)),
        None => finding.help("Name its ARN."),
    })
}

/// Adds the fix that writes the ARN of what an item refers to, which is one of `after`.
fn name_its_arn(
    context: &Context<'_>,
    finding: Finding,
    statement: Option<&Statement>,
    item: &Item,
    (arn, after): (Mend, Vec<Pattern>),
) -> Finding {
    // An API is called by another ARN than it is managed by, and objects are in a bucket: what works on none of these has
    // something else in mind.
    let works = |after: &[Pattern]| statement.is_none_or(|of| works_on_one(context, of, after));
    let (arn, after) = match after.is_empty() || works(&after) {
        true => (arn, after),
        false => match arn.inside().map(|arn| (arn.arns(context, item), arn)) {
            Some((after, arn)) if works(&after) => (arn, after),
            _ => return finding.help("Name the ARN of what the actions work on."),
        },
    };
    let statement = statement.map(|statement| statement.node);
    let help = format!("Name its ARN: `{}`.", arn.written.shown());
    finding
        .help(help)
        .fix("Name its ARN", Safety::Unsafe, move |context| {
            let edit = arn.edit(context);
            let adds = after
                .iter()
                .flat_map(|arn| granted(context, statement, arn));
            Some(Fix::new(vec![edit]).adds(adds))
        })
}

/// Whether some action of a statement may work on one of several ARNs.
fn works_on_one(context: &Context<'_>, statement: &Statement, arns: &[Pattern]) -> bool {
    let actions = statement.actions().iter();
    let mut actions = actions.flat_map(|item| context.expand(item));
    let open = !matches!(statement.action, Known::Is(_));
    let fits = |action: &Action| {
        let mut arns = arns.iter();
        arns.any(|arn| action_fits_pattern(*action, arn) != Tri::No)
    };
    open || actions.any(fits)
}

/// What is surely or very probably wrong with a text.
fn problems(
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
        Place::Condition => {
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
        message: format!("the ARN of an identity provider has no `{scheme}` in it"),
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
                true => "no account stands in this ARN, between the last two colons".to_owned(),
                false => match account(pattern) {
                    Some(odd) if !odd.bytes().all(|byte| byte.is_ascii_digit()) => {
                        format!("an account is a number of 12 digits, which `{odd}` isn't")
                    }
                    _ => format!("an account has 12 digits, this has {digits}"),
                },
            },
        ),
        BadPrincipal::Shape if kind_of(pattern).is_some() => return None,
        BadPrincipal::Shape => match Arn::parse(pattern) {
            ArnShape::NotArn(reason) => (
                ArnProblemKind::NotArn(reason),
                "this is neither an ARN, nor an account of 12 digits, nor `*`".to_owned(),
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

fn message(problem: &ArnProblem, statement: Option<&Statement>, place: Place) -> String {
    let mut said = problem.message.clone();
    if let Some(first) = said.get(..1) {
        let first = first.to_uppercase();
        said.replace_range(..1, &first);
    }
    let effect = match (place, problem.sure) {
        (_, false) => return format!("{said}."),
        (Place::Principal | Place::Provider, _) => "AWS refuses this policy",
        (Place::Condition, _) => "no request meets this",
        (Place::Resource, _) if matches!(problem.kind, ArnProblemKind::NotArn(_)) => {
            "AWS refuses this policy"
        }
        (Place::Resource, _) if statement.is_some_and(Statement::denies) => {
            "the statement denies nothing here"
        }
        (Place::Resource, _) => "the statement matches nothing here",
    };
    format!("{said}: {effect}.")
}

fn help(problem: &ArnProblem) -> String {
    match (&problem.suggestion, problem.kind) {
        (Some(suggestion), _) => format!("Did you mean `{suggestion}`?"),
        (None, ArnProblemKind::AccountDigits(_) | ArnProblemKind::AccountNotNumber) => {
            "Write the account's 12 digits.".to_owned()
        }
        (None, ArnProblemKind::NotArn(_)) => {
            "Write a whole ARN, `arn:aws:service:region:account:resource`.".to_owned()
        }
        (None, ArnProblemKind::ProviderScheme) => "Leave it out.".to_owned(),
        (None, ArnProblemKind::UnexpectedRegion) => "Leave the region empty.".to_owned(),
        (None, ArnProblemKind::UnexpectedAccount) => "Leave the account empty.".to_owned(),
        (None, ArnProblemKind::MissingRegion) => "Write the region, or `*`.".to_owned(),
        (None, ArnProblemKind::MissingAccount) => "Write the account, or `*`.".to_owned(),
        _ => String::new(),
    }
}

/// A fix's title and what it writes in place of the segment.
fn replacement(problem: &ArnProblem) -> Option<(String, String)> {
    match (&problem.suggestion, problem.kind) {
        (Some(suggestion), _) => Some((format!("Change it to `{suggestion}`"), suggestion.clone())),
        (None, ArnProblemKind::ProviderScheme) => {
            Some(("Leave the scheme out".to_owned(), String::new()))
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

fn replaced(pattern: &Pattern, range: &Range<usize>, text: &str) -> Pattern {
    let raw = pattern.raw();
    let before = raw.get(..range.start).unwrap_or_default();
    let behind = raw.get(range.end..).unwrap_or_default();
    Pattern::from_raw(format!("{before}{text}{behind}"))
}

/// What the statement allows on the mended ARN, and didn't before.
pub(crate) fn granted(
    context: &Context<'_>,
    statement: Option<NodeId>,
    arn: &Pattern,
) -> Vec<String> {
    let found = context
        .statements()
        .find(|(_, other)| Some(other.node) == statement);
    let Some((_, statement)) = found.filter(|(_, statement)| statement.allows()) else {
        return Vec::new();
    };
    if check(arn).iter().any(|problem| problem.sure) {
        return Vec::new();
    }
    let actions = statement
        .actions()
        .iter()
        .filter_map(|item| item.action.as_ref());
    actions
        .flat_map(ActionPattern::expand)
        .filter(|action| action_fits_pattern(*action, arn).possible())
        .map(|action| format!("{} on {arn}", action.full_name()))
        .collect()
}

#[cfg(test)]
mod tests;
