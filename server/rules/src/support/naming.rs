//! Names that an app chooses for its resources, and where they stand in ARNs.

use std::ops::Range;

use leastwise_catalog::{NameForm, ResourceType, catalog};
use leastwise_policy::{Arn, ArnShape, Pattern, Token, resource};

/// How a kind of resource is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Naming {
    /// The name ends at the next `/` or `:`.
    Plain,
    /// The name may be a path, any part of which may be the app's own.
    Path,
    /// As `Path`; the app's part is the name at its end, behind that of a cluster or a group that others may share.
    Under,
    /// As `Path`; the app's part usually comes first, and what follows it may be set off in any way.
    Hierarchy,
    /// A log group: a path that AWS begins with `/aws/` and the service whose logs it holds.
    LogGroup,
}

/// Kinds of resources whose names the app chooses: the service of their ARNs, what stands before the name, how they
/// are named. Kinds whose ids AWS makes up (distributions, keys, REST APIs, user pools) are none of them.
const NAMED: &[(&str, &str, Naming)] = &[
    ("cloudformation", "stack/", Naming::Plain),
    ("cloudformation", "stackset/", Naming::Plain),
    ("cloudwatch", "alarm:", Naming::Plain),
    ("cloudwatch", "dashboard/", Naming::Plain),
    ("codebuild", "project/", Naming::Plain),
    ("codecommit", "", Naming::Plain),
    ("codedeploy", "application:", Naming::Plain),
    ("codepipeline", "", Naming::Plain),
    ("codepipeline", "webhook:", Naming::Plain),
    ("dynamodb", "table/", Naming::Plain),
    ("ecr", "repository/", Naming::Hierarchy),
    ("ecs", "cluster/", Naming::Plain),
    ("ecs", "service/", Naming::Under),
    ("ecs", "task-definition/", Naming::Plain),
    ("events", "event-bus/", Naming::Plain),
    ("events", "rule/", Naming::Under),
    ("firehose", "deliverystream/", Naming::Plain),
    ("iam", "group/", Naming::Path),
    ("iam", "instance-profile/", Naming::Path),
    ("iam", "policy/", Naming::Path),
    ("iam", "role/", Naming::Path),
    ("iam", "user/", Naming::Path),
    ("kinesis", "stream/", Naming::Plain),
    ("lambda", "function:", Naming::Plain),
    ("lambda", "layer:", Naming::Plain),
    ("logs", "log-group:", Naming::LogGroup),
    ("rds", "cluster:", Naming::Plain),
    ("rds", "db:", Naming::Plain),
    ("s3", "", Naming::Plain),
    ("scheduler", "schedule/", Naming::Under),
    ("scheduler", "schedule-group/", Naming::Plain),
    ("secretsmanager", "secret:", Naming::Hierarchy),
    ("sns", "", Naming::Plain),
    ("sqs", "", Naming::Plain),
    ("ssm", "document/", Naming::Plain),
    ("ssm", "parameter/", Naming::Hierarchy),
    ("states", "activity:", Naming::Plain),
    ("states", "execution:", Naming::Plain),
    ("states", "express:", Naming::Plain),
    ("states", "stateMachine:", Naming::Plain),
];

/// Placeholders of formats, by service, that end in `Name` and stand for no name that the app chooses: the names of hosts, of
/// partners, domains from which mails are sent, and ids.
const OTHER_NAMES: [(&str, &str); 5] = [
    ("*", "EventSourceName"),
    ("apigateway", "DomainName"),
    ("iam", "OidcProviderName"),
    ("logs", "DeliveryName"),
    ("ses", "IdentityName"),
];

/// How names begin that AWS or its tools choose.
const OTHERS: [&str; 16] = [
    "amazon",
    "amplify-",
    "api-gateway-execution-logs",
    "aws",
    "cdk-",
    "cdktoolkit",
    "cf-templates-",
    "codepipeline-",
    "codestar",
    "default",
    "elasticbeanstalk",
    "organizationaccountaccessrole",
    "rds!",
    "rdsosmetrics",
    "sagemaker",
    "stackset",
];

/// The kind that an ARN's service and resource part belong to. `rest` may be a format of the catalog.
fn kind(service: &str, placed: bool, rest: &str) -> Option<(&'static str, Naming)> {
    NAMED
        .iter()
        .filter(|(of, lead, _)| *of == service && rest.starts_with(lead))
        // S3's access points and their kin have a region or an account, buckets have neither.
        .filter(|(of, _, _)| *of != "s3" || !placed)
        // A type of actions begins with who has made it.
        .filter(|_| service != "codepipeline" || !rest.starts_with("actiontype:"))
        .max_by_key(|(_, lead, _)| lead.len())
        .map(|(_, lead, naming)| (*lead, *naming))
}

/// Whether the app names resources of this kind, so that its prefix can stand for all of them.
pub(crate) fn is_named(resource_type: ResourceType) -> bool {
    resource_type.arns().any(is_named_format)
}

/// As [`is_named`], of one format of ARNs.
pub(crate) fn is_named_format(format: &str) -> bool {
    format_naming(format).is_some()
}

/// How resources are named whose ARNs have this format, and how many placeholders of the resource stand before the name; `None`
/// where the app doesn't name them.
fn format_naming(format: &str) -> Option<(Naming, usize)> {
    let segments: Vec<&str> = format.splitn(6, ':').collect();
    let [_, _, service, region, account, rest] = segments[..] else {
        return None;
    };
    let placed = !region.is_empty() || !account.is_empty();
    if let Some((lead, naming)) = kind(service, placed, rest)
        && rest.get(lead.len()..)?.starts_with("${")
    {
        let before = match naming {
            Naming::Under => rest.matches("${").count().saturating_sub(1),
            _ => 0,
        };
        return Some((naming, before));
    }
    let (_, behind) = rest.split_once("${")?;
    let (placeholder, _) = behind.split_once('}')?;
    let mut ends = ["Name", "NameWithPath"].iter();
    let is_name = ends.any(|end| placeholder.ends_with(end));
    if is_name && !is_other_name(service, placeholder) {
        return Some((Naming::Plain, 0));
    }
    let before = catalog().chosen_name(service, rest)?;
    Some((Naming::Plain, before))
}

fn is_other_name(service: &str, placeholder: &str) -> bool {
    let mut names = OTHER_NAMES.iter();
    names.any(|(of, name)| *name == placeholder && [service, "*"].contains(of))
}

/// Whether the resources of a format have names, but none that the app chooses.
pub(crate) fn is_named_otherwise(format: &str) -> bool {
    let service = format.split(':').nth(2).unwrap_or_default();
    resource::placeholders(format).any(|placeholder| is_other_name(service, placeholder))
}

/// How the names of a format follow the app's prefix, where that isn't by a `-`.
fn form(format: &str) -> Option<NameForm> {
    let service = format.split(':').nth(2)?;
    let rest = format.splitn(6, ':').nth(5)?;
    let name = resource::placeholders(rest).next()?;
    catalog().name_form(service, name)
}

/// The app's prefix as the names of a format have it, where it is another: names of databases can't have a `-`.
pub(crate) fn prefix_of(format: &str, prefix: &str) -> Option<String> {
    let undashed = prefix.contains('-') && form(format) == Some(NameForm::Undashed);
    undashed.then(|| prefix.replace('-', "_"))
}

/// The placeholder of formats for resources of others, too, such as AWS's defaults.
const ANY: &str = "${Any}";

/// Whether a format's resources have ids that AWS makes up, so that no prefix can stand for the app's.
pub(crate) fn is_made_up(format: &str) -> bool {
    let rest = format.splitn(6, ':').nth(5).unwrap_or_default();
    rest.contains("${") && !rest.contains(ANY) && format_naming(format).is_none()
}

/// What resources of a format are called in its ARNs: `distribution`.
pub(crate) fn kind_of(format: &str) -> &str {
    let rest = format.splitn(6, ':').nth(5).unwrap_or(format);
    let lead = rest.split("${").next().unwrap_or(rest);
    match lead.trim_matches(['/', ':']) {
        "" => format.split(':').nth(2).unwrap_or(format),
        kind => kind,
    }
}

/// The patterns that differ in more than a well-formed account: the environments of a config give many that don't.
pub(crate) fn distinct_but_for_account<'p>(
    patterns: impl Iterator<Item = &'p Pattern>,
) -> Vec<&'p Pattern> {
    let mut kept: Vec<(&'p str, &'p str, &'p Pattern)> = Vec::new();
    for pattern in patterns {
        let raw = pattern.raw();
        let account = match Arn::parse(pattern) {
            ArnShape::Arn(arn) => arn.account.range(),
            _ => 0..0,
        };
        let well_formed = raw
            .get(account.clone())
            .is_some_and(|text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()));
        let cut = if well_formed {
            account
        } else {
            raw.len()..raw.len()
        };
        let (before, behind) = (&raw[..cut.start], &raw[cut.end..]);
        if !kept
            .iter()
            .any(|(first, last, _)| *first == before && *last == behind)
        {
            kept.push((before, behind, pattern));
        }
    }
    kept.into_iter().map(|(_, _, pattern)| pattern).collect()
}

/// What a composed ARN is made of.
pub(crate) struct Target<'a> {
    /// `aws`, or a variable.
    pub partition: &'a str,
    /// `eu-west-1`, a variable, or `*`.
    pub region: &'a str,
    /// Twelve digits, a variable, or `*`.
    pub account: &'a str,
    /// The app's prefix, or a variable.
    pub prefix: &'a str,
    /// Whether names of the file have the prefix as the first part of a path.
    pub has_paths: bool,
}

/// The ARNs of the app's resources, from an ARN format of the catalog. Ids that AWS makes up become `*`. Log groups have the app's
/// name at their beginning or, as those that AWS's services and agents make, in a path: one ARN for each.
pub(crate) fn compose(format: &str, target: &Target<'_>) -> Vec<String> {
    let is_of_logs = matches!(format_naming(format), Some((Naming::LogGroup, _)));
    if !is_of_logs || target.prefix.is_empty() {
        return vec![composed(format, target, "")];
    }
    let own = [
        composed(format, target, ""),
        composed(format, target, "/*/"),
    ];
    let path = target.has_paths.then(|| {
        let prefix = format!("/{}/", target.prefix);
        let target = &Target {
            prefix: &prefix,
            ..*target
        };
        composed(format, target, "")
    });
    own.into_iter().chain(path).collect()
}

/// One ARN, with what a log group's name has before the prefix.
fn composed(format: &str, target: &Target<'_>, before_log: &str) -> String {
    let naming = format_naming(format);
    // Without a prefix, nothing says which are the app's.
    let naming = naming.filter(|_| !target.prefix.is_empty());
    let is_set_off = target.prefix.ends_with(['-', '/', '_']) || form(format).is_some();
    let dashed = if is_set_off { "*" } else { "-*" };
    // How many placeholders come before the one that the prefix is for.
    let mut before = naming.map_or(0, |(_, before)| before);
    let naming = naming.map(|(naming, _)| naming);
    let mut named = false;
    let arn = resource::compose(format, |placeholder| {
        Some(match placeholder {
            "Partition" => target.partition.to_owned(),
            "Region" => target.region.to_owned(),
            "Account" => target.account.to_owned(),
            // Consumers of streams of data: there is no other type.
            "StreamType" => {
                before = before.saturating_sub(1);
                "stream".to_owned()
            }
            _ if before > 0 => {
                before -= 1;
                "*".to_owned()
            }
            _ => match naming.filter(|_| !std::mem::replace(&mut named, true)) {
                None => "*".to_owned(),
                Some(Naming::Plain | Naming::Path | Naming::Under) => {
                    format!("{}{dashed}", target.prefix)
                }
                Some(Naming::Hierarchy) => format!("{}*", target.prefix),
                Some(Naming::LogGroup) => format!("{before_log}{}{dashed}", target.prefix),
            },
        })
    });
    // Two placeholders may stand side by side.
    match arn.contains("**") {
        true => arn.replace("**", "*"),
        false => arn,
    }
}

/// Whether an ARN has a region or an account.
fn is_placed(arn: &Arn<'_>) -> bool {
    !arn.region.is_empty() || !arn.account.is_empty()
}

/// Where the name stands in the raw text of an ARN that surely names something outside the app: no part of it begins
/// with the prefix, whatever its wildcards and holes stand for. `None` also for names that AWS chooses, and where the
/// prefix is anywhere in the name.
pub(crate) fn outside(arn: &Arn<'_>, prefix: &str) -> Option<Range<usize>> {
    let service = arn.service.as_literal()?;
    let rest = arn.resource.raw();
    let (lead, naming) = kind(&service, is_placed(arn), rest)?;
    let pattern = Pattern::from_raw(rest.get(lead.len()..)?.to_owned());
    let prefix = prefix.to_lowercase();
    // So does every name contain an empty prefix.
    if pattern.display().to_lowercase().contains(&prefix) {
        return None;
    }
    let mut parts = parts(&pattern, naming != Naming::Plain);
    let end = parts.last()?.end;
    if naming == Naming::LogGroup && parts.len() > 2 && pattern.raw().starts_with("/aws/") {
        parts.drain(..2);
    }
    let first = pattern
        .slice(parts.first()?.clone())
        .known_prefix()
        .to_lowercase();
    if OTHERS.iter().any(|start| first.starts_with(start)) {
        return None;
    }
    if !parts
        .iter()
        .all(|part| is_outside(&pattern.slice(part.clone()), &prefix))
    {
        return None;
    }
    let start = arn.resource.range().start + lead.len();
    Some(start..start + end)
}

/// Where the name stands in the raw text of an ARN that has a wildcard before the prefix: it takes in what begins otherwise.
pub(crate) fn behind_wildcard(arn: &Arn<'_>, prefix: &str) -> Option<Range<usize>> {
    let service = arn.service.as_literal()?;
    let rest = arn.resource.raw();
    let (lead, naming) = kind(&service, is_placed(arn), rest)?;
    let pattern = Pattern::from_raw(rest.get(lead.len()..)?.to_owned());
    let prefix = prefix.to_lowercase();
    let start = arn.resource.range().start + lead.len();
    let mut parts = parts(&pattern, naming != Naming::Plain).into_iter();
    let part = parts.find(|part| {
        let part = pattern.slice(part.clone());
        let text = part.raw().to_lowercase();
        let behind = text.trim_start_matches('*');
        !prefix.is_empty() && text.starts_with('*') && behind.contains(&prefix) && !part.has_holes()
    })?;
    Some(start + part.start..start + part.end)
}

/// Whether a text that doesn't contain the prefix, which is in lower case, surely stands for none that begins with it.
fn is_outside(part: &Pattern, prefix: &str) -> bool {
    let known = part.known_prefix().to_lowercase();
    part.is_literal() || !prefix.starts_with(&known)
}

/// The parts of a name, none of them empty: up to the first `:`, apart at `/`; only the first where it is no path.
fn parts(name: &Pattern, path: bool) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut end = name.len();
    'name: for (range, token) in name.spans() {
        let Token::Literal(text) = token else {
            continue;
        };
        for (at, c) in text.char_indices() {
            let at = range.start + at;
            if c == ':' || (c == '/' && !path) {
                end = at;
                break 'name;
            }
            if c == '/' {
                parts.push(start..at);
                start = at + 1;
            }
        }
    }
    parts.push(start..end.max(start));
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        let pattern = Pattern::literal(text);
        let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
            panic!("{text} is no ARN")
        };
        outside(&arn, "shop").map(|range| pattern.slice(range).display())
    }

    #[test]
    fn names_outside() {
        for (text, name) in [
            (
                "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/other",
                "/aws/lambda/other",
            ),
            ("arn:aws:sqs:eu-west-1:111111111111:other-*", "other-*"),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:other:live",
                "other",
            ),
            (
                "arn:aws:dynamodb:*:*:table/other-${X}/index/shipped",
                "other-${X}",
            ),
            ("arn:aws:s3:::other-data/*", "other-data"),
            ("arn:aws:iam::111111111111:role/team/other", "team/other"),
            (
                "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/other-*:*",
                "/aws/lambda/other-*",
            ),
            (
                "arn:aws:ssm:eu-west-1:111111111111:parameter/other/key",
                "other/key",
            ),
            ("arn:aws:sns:eu-west-1:111111111111:sho", "sho"),
        ] {
            assert_eq!(found(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn no_wildcard_is_written_twice() {
        let target = Target {
            partition: "aws",
            region: "*",
            account: "*",
            prefix: "shop",
            has_paths: false,
        };
        let service = leastwise_catalog::catalog()
            .service("codeartifact")
            .unwrap();
        let formats = service.resource_types().flat_map(|of| of.arns());
        let group = formats.flat_map(|format| compose(format, &target));
        let group: Vec<String> = group
            .filter(|arn| arn.contains(":package-group/"))
            .collect();
        assert_eq!(group, ["arn:aws:codeartifact:*:*:package-group/shop-*"]);
    }

    #[test]
    fn names_inside_or_not_sure() {
        for text in [
            "arn:aws:sqs:eu-west-1:111111111111:shop-orders",
            "arn:aws:sqs:eu-west-1:111111111111:Shop-orders",
            "arn:aws:sqs:eu-west-1:111111111111:dev-shop-orders",
            "arn:aws:sqs:eu-west-1:111111111111:*-orders",
            "arn:aws:sqs:eu-west-1:111111111111:${Name}",
            "arn:aws:sqs:eu-west-1:111111111111:sh*",
            "arn:aws:sqs:eu-west-1:111111111111:*",
            "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
            "arn:aws:iam::111111111111:role/team/shop-role",
            "arn:aws:iam::111111111111:role/cdk-hnb659fds-deploy-role",
            "arn:aws:iam::111111111111:role/team/*",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/*",
            // What follows `/aws/` and a service is the app's in log groups alone.
            "arn:aws:ssm:eu-west-1:111111111111:parameter//aws/service/other",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/cdk-tools/team/other",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/other",
            "arn:aws:kms:eu-west-1:111111111111:key/1234",
            "arn:aws:s3:eu-west-1:111111111111:accesspoint/other",
            "arn:aws:s3::111111111111:accesspoint/other",
            "arn:aws:cloudfront::111111111111:distribution/E1",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn names_behind_a_wildcard() {
        let found = |text: &str| {
            let pattern = Pattern::literal(text);
            let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
                panic!("{text} is no ARN")
            };
            behind_wildcard(&arn, "shop").map(|range| pattern.slice(range).display())
        };
        for (text, name) in [
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:*-shop",
                Some("*-shop"),
            ),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:*-Shop-*:live",
                Some("*-Shop-*"),
            ),
            (
                "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/*-shop",
                Some("*-shop"),
            ),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:shop-*",
                None,
            ),
            ("arn:aws:lambda:eu-west-1:111111111111:function:*", None),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:*-orders",
                None,
            ),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:dev-shop",
                None,
            ),
            (
                "arn:aws:lambda:eu-west-1:111111111111:function:*-${Stage}-shop",
                None,
            ),
            (
                "arn:aws:ssm:eu-west-1:111111111111:parameter/*/shop/key",
                None,
            ),
            ("arn:aws:s3:::*/shop/key", None),
            ("arn:aws:s3:::*-shop/key", Some("*-shop")),
            // An object lambda access point, or another kin of a bucket.
            ("arn:aws:s3:eu-west-1:111111111111:*-shop", None),
            ("arn:aws:kms:eu-west-1:111111111111:key/*-shop", None),
        ] {
            assert_eq!(found(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn without_a_prefix_nothing_is_outside() {
        let pattern = Pattern::literal("arn:aws:s3:::other-data");
        let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
            panic!("an ARN")
        };
        assert_eq!(outside(&arn, ""), None);
        let pattern = Pattern::literal("arn:aws:s3:::*-data");
        let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
            panic!("an ARN")
        };
        assert_eq!(behind_wildcard(&arn, ""), None);
    }

    #[test]
    fn what_differs_in_more_than_the_account() {
        let queue = |account: &str| format!("arn:aws:sqs:eu-west-1:{account}:shop");
        for (one, other, count) in [
            (queue("111111111111"), queue("222222222222"), 1),
            (queue("111111111111"), queue("111111111111"), 1),
            ("*".to_owned(), "*".to_owned(), 1),
            ("shop".to_owned(), "other".to_owned(), 2),
            (
                "arn:aws:s3:::shop".to_owned(),
                "arn:aws:s3:::other".to_owned(),
                2,
            ),
            (queue("111111111111"), queue("222222222222") + "-a", 2),
            (
                queue("111111111111"),
                queue("222222222222").replace("eu-", "us-"),
                2,
            ),
            // An account that isn't one is told for each.
            (queue("111111111111"), queue("11111111111"), 2),
            (queue("11111111111"), queue("22222222222"), 2),
            (queue("11111111111x"), queue("22222222222x"), 2),
            (queue("*"), queue("111111111111"), 2),
        ] {
            let patterns = [Pattern::literal(&one), Pattern::literal(&other)];
            let kept = distinct_but_for_account(patterns.iter());
            assert_eq!(kept.len(), count, "{one} {other}");
            assert_eq!(kept.first(), Some(&&patterns[0]));
        }
    }

    #[test]
    fn composes() {
        let target = Target {
            partition: "aws",
            region: "eu-west-1",
            account: "111111111111",
            prefix: "shop",
            has_paths: false,
        };
        let of = |service: &str, name: &str| {
            let found = leastwise_catalog::catalog()
                .resource_type(service, name)
                .expect("a type of the catalog");
            found
                .arns()
                .flat_map(|format| compose(format, &target))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            of("lambda", "function"),
            "arn:aws:lambda:eu-west-1:111111111111:function:shop-*"
        );
        assert_eq!(of("s3", "bucket"), "arn:aws:s3:::shop-*");
        assert_eq!(of("s3", "object"), "arn:aws:s3:::shop-*/*");
        assert_eq!(
            of("scheduler", "schedule"),
            "arn:aws:scheduler:eu-west-1:111111111111:schedule/*/shop-*"
        );
        assert_eq!(
            of("ecs", "service"),
            "arn:aws:ecs:eu-west-1:111111111111:service/*/shop-*"
        );
        assert_eq!(
            of("elasticache", "cluster"),
            "arn:aws:elasticache:eu-west-1:111111111111:cluster:shop-*"
        );
        assert_eq!(of("iam", "role"), "arn:aws:iam::111111111111:role/shop-*");
        assert_eq!(
            of("cloudfront", "distribution"),
            "arn:aws:cloudfront::111111111111:distribution/*"
        );
        assert_eq!(
            of("ssm", "parameter"),
            "arn:aws:ssm:eu-west-1:111111111111:parameter/shop*"
        );
    }
}
