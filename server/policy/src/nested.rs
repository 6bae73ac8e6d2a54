//! Which ARNs are of what belongs to a resource: a table's indexes, a cluster's tasks.

use crate::format;
use crate::resource::placeholders;
use leastwise_catalog::{Below, catalog};

/// The ARN of what belongs to a resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NestedArn {
    /// The format of its ARN as far as the resource tells it.
    pub format: String,
    /// Whether `format` is only what stands behind the ARN of the resource.
    pub behind: bool,
    /// What is left open in it: the placeholder that `*` stands for. Empty where nothing is.
    pub open: &'static str,
}

/// The placeholder of what has a name of its own in a format, which stands in `nested` ones for the same thing.
pub fn own_placeholder(template: &str) -> Option<&'static str> {
    let format = like(template)?;
    let mut own = placeholders(format).filter(|name| !is_place(name));
    match (own.next(), own.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The ARNs of what belongs to a resource with an ARN of this format, by what the catalog has of its service: those that begin
/// with it, and those of other kinds that begin with its name.
pub fn nested(template: &str) -> Vec<NestedArn> {
    let Some(own) = like(template) else {
        return Vec::new();
    };
    let mut found: Vec<NestedArn> = Vec::new();
    let service = format::service(own);
    let mut below = Below::all().iter();
    if below.any(|of| service == of.service && own.ends_with(of.ends)) {
        found.push(NestedArn {
            format: "/*".to_owned(),
            behind: true,
            open: "",
        });
    }
    for other in formats(template) {
        let one = match behind(other, own) {
            Some(rest) => Some(cut(rest, true)),
            None => by_name(template, other),
        };
        if let Some(one) = one
            && !found.contains(&one)
        {
            found.push(one);
        }
    }
    found
}

/// All formats of the service that a format's ARNs are of.
fn formats(template: &str) -> impl Iterator<Item = &'static str> {
    let service = catalog().service(format::service(template));
    let types = service.into_iter().flat_map(|of| of.resource_types());
    types.flat_map(|of| of.arns())
}

/// The format of IAM's table that says the same, with the names that are common to the service.
fn like(template: &str) -> Option<&'static str> {
    let shape = format::compose(template, |_| Some("$".to_owned()));
    formats(template).find(|other| format::compose(other, |_| Some("$".to_owned())) == shape)
}

/// Whether a placeholder says where something is.
fn is_place(name: &str) -> bool {
    ["Partition", "Region", "Account"].contains(&name)
}

/// What a format has behind another, as a part of its own.
fn behind<'f>(format: &'f str, own: &str) -> Option<&'f str> {
    let (mut rest, mut own) = (format, own);
    while let Some(first) = own.chars().next() {
        match (format::placeholder(rest), format::placeholder(own)) {
            (Some((name, left)), Some((same, own_left))) if name == same => {
                (rest, own) = (left, own_left);
            }
            // One of several words: `${StreamType}` for `stream`.
            (Some((_, left)), None) => {
                let word = own.find(['/', ':', '$']).filter(|end| *end > 0)?;
                (rest, own) = (left, own.get(word..)?);
            }
            (None, None) => {
                (rest, own) = (rest.strip_prefix(first)?, own.strip_prefix(first)?);
            }
            _ => return None,
        }
    }
    rest.starts_with(['/', ':']).then_some(rest)
}

/// The format of something of another kind that begins with the name of what `template` is for: `task/${ClusterName}/…`.
fn by_name(template: &str, other: &'static str) -> Option<NestedArn> {
    let own = own_placeholder(template)?;
    // What every type has says nothing.
    if ["Name", "Id", "ResourceId", "ResourceName", "UUID"].contains(&own) {
        return None;
    }
    let first = placeholders(other).find(|name| !is_place(name))?;
    let (before, rest) = other.split_once(&format!("${{{own}}}"))?;
    if first != own || !rest.starts_with(['/', ':']) || !rest.contains("${") {
        return None;
    }
    let rest = cut(rest, false);
    Some(NestedArn {
        format: format!("{before}${{{own}}}{}", rest.format),
        ..rest
    })
}

/// With `*` for all from the first thing on that isn't known.
fn cut(rest: &'static str, behind: bool) -> NestedArn {
    let (format, open) = match rest.split_once("${") {
        Some((known, unknown)) => (
            format!("{known}*"),
            unknown.split_once('}').map_or("", |(name, _)| name),
        ),
        None => (rest.to_owned(), ""),
    };
    NestedArn {
        format,
        behind,
        open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_resource() {
        let has = |template: &str, format: &str, behind: bool| {
            let found = nested(template);
            let is = |one: &NestedArn| one.format == format && one.behind == behind;
            assert!(found.iter().any(is), "{template} {format}: {found:#?}");
        };
        has("arn:${Partition}:s3:::${BucketName}", "/*", true);
        let table = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${name}";
        has(table, "/stream/*", true);
        has(table, "/index/*", true);
        let stream = "arn:${Partition}:kinesis:${Region}:${Account}:stream/${Name}";
        has(stream, "/consumer/*", true);
        let cluster = "arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}";
        let tasks = "arn:${Partition}:ecs:${Region}:${Account}:task/${ClusterName}/*";
        has(cluster, tasks, false);
        let domain = "arn:${Partition}:es:${Region}:${Account}:domain/${Name}";
        has(domain, "/*", true);
        let calls = |name| {
            catalog()
                .action("es", name)
                .expect("an action")
                .works_below()
        };
        assert!(calls("ESHttpGet") && !calls("DescribeDomain"));
        let own = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";
        assert_eq!(nested(own), []);
        assert_eq!(nested("arn:${Partition}:nothing:::${X}"), []);
        assert_eq!(nested(""), []);
    }

    #[test]
    fn what_is_left_open() {
        let cluster = "arn:${Partition}:redshift:${Region}:${Account}:cluster:${Name}";
        let users = "arn:${Partition}:redshift:${Region}:${Account}:dbuser:${ClusterName}/*";
        let found = nested(cluster);
        let users = found.iter().find(|one| one.format == users);
        assert_eq!(users.map(|one| one.open), Some("DbUser"));
    }
}
