//! The resource types that an ARN can be of, in words.

use super::Detail;
use super::markdown::code;
use super::wording::{count, enumerate, enumerate_linked, source};
use crate::limits::ARN_LENGTH;
use crate::{ResourceType, catalog};
use std::cmp::Reverse;
use std::fmt::Write;

/// The resource types that an ARN, which may hold wildcards and `${…}`, can be of, and how many actions each has. `None`
/// when it fits no format.
pub fn describe_arn(arn: &str, detail: Detail) -> Option<String> {
    let mut kinds = catalog().resource_types_of(arn);
    // Other services list types whose resources they only speak of.
    if kinds.iter().any(|kind| is_taken(*kind)) {
        kinds.retain(|kind| is_taken(*kind));
    }
    let first = *kinds.first()?;
    let total = kinds.len();
    if detail == Detail::Brief {
        kinds.truncate(3);
    }
    let shown = kinds.len();
    let mut out = match total {
        1 => format!(
            "{} is of the type {} of {}.\n\n",
            code(arn),
            code(first.name()),
            first.service().name()
        ),
        _ => format!(
            "{} can be one of {}, the nearest first.\n\n",
            code(arn),
            count(total, "resource type")
        ),
    };
    for kind in kinds {
        let actions: Vec<&str> = kind
            .service()
            .actions()
            .filter(|action| {
                action
                    .resources()
                    .any(|resource| resource.resource_type() == kind)
            })
            .map(|action| action.name())
            .collect();
        let _ = writeln!(
            out,
            "- {} of {}: {}, {}{}",
            code(kind.name()),
            kind.service().name(),
            enumerate_linked(kind.arns(), detail, &kind.service().page()),
            count(actions.len(), "action"),
            if detail == Detail::Full {
                format!(": {}", enumerate(&actions, detail))
            } else {
                String::new()
            }
        );
    }
    if total > shown {
        let more = count(total - shown, "more type");
        let _ = writeln!(out, "- and [{more}]({})", first.service().page());
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    Some(out)
}

/// Whether an action takes resources of a type.
fn is_taken(kind: ResourceType) -> bool {
    let mut actions = kind.service().actions();
    actions.any(|action| action.resources().any(|of| of.resource_type() == kind))
}

/// The resource types whose ARN formats `arn` fits: those with as many separators first, then those with the most literal
/// text; of an alias and a version that whose name its last segment has.
pub(crate) fn resource_types_of(arn: &str) -> Vec<ResourceType> {
    let pattern = placeholders_to_stars(arn);
    let mut parts = pattern.splitn(6, ':');
    let (Some("arn"), Some(_), Some(service), Some(region), Some(account), Some(resource)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return Vec::new();
    };
    let separators = |text: &str| {
        text.bytes()
            .filter(|byte| matches!(byte, b':' | b'/'))
            .count()
    };
    let fits = |format: &str| -> Option<(usize, Reverse<usize>)> {
        if !format
            .split(':')
            .nth(2)
            .is_some_and(|of| of.eq_ignore_ascii_case(service))
        {
            return None;
        }
        let format = placeholders_to_stars(format);
        let mut parts = format.splitn(6, ':').skip(2);
        let (_, in_region, in_account, name) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let place = |written: &str, wanted: &str| {
            written.contains('*') || written.is_empty() == wanted.is_empty()
        };
        let fits = place(region, in_region)
            && place(account, in_account)
            && overlap(name.as_bytes(), resource.as_bytes());
        let literal = name.bytes().filter(|byte| *byte != b'*').count();
        fits.then(|| {
            (
                separators(name).abs_diff(separators(resource)),
                Reverse(literal),
            )
        })
    };
    let mut found: Vec<_> = catalog()
        .resource_types()
        .filter_map(|kind| Some((kind.arns().filter_map(fits).min()?, kind)))
        .collect();
    // Other services list the type too; the one in the ARN owns it.
    let last = resource.rsplit([':', '/']).next().unwrap_or_default();
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    found.sort_by_key(|((apart, literal), kind)| {
        let foreign = !kind.service().prefix().eq_ignore_ascii_case(service);
        // Versions have numbers, or this name; an alias can have neither.
        let names_version = kind.arns().any(|format| format.ends_with(":${Version}"));
        let is_misnamed = (is_number || last == "$LATEST") != names_version;
        (*apart, foreign, *literal, is_misnamed, *kind)
    });
    found.into_iter().map(|(_, kind)| kind).collect()
}

/// `arn:${Partition}:s3:::${BucketName}` → `arn:*:s3:::*`. A colon within `${…}` is none of the ARN's.
fn placeholders_to_stars(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((literal, tail)) = rest.split_once("${") {
        out.push_str(literal);
        out.push('*');
        rest = tail.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// Whether some text fits both patterns. In time proportional to the product of their lengths, which are bounded.
fn overlap(one: &[u8], other: &[u8]) -> bool {
    if one.len() > ARN_LENGTH || other.len() > ARN_LENGTH {
        return false;
    }
    // reach[j]: the first i bytes of `one` and the first j of `other` have a text in common.
    let mut reach = vec![false; other.len() + 1];
    for i in 0..=one.len() {
        let mut next = vec![false; other.len() + 1];
        for j in 0..=other.len() {
            let last = |bytes: &[u8], length: usize| {
                length.checked_sub(1).and_then(|at| bytes.get(at).copied())
            };
            let (left, right) = (last(one, i), last(other, j));
            let at = |row: &[bool], column: usize| row.get(column).copied().unwrap_or(false);
            let found = match (left, right) {
                (None, None) => true,
                _ => {
                    let star_left =
                        left == Some(b'*') && (at(&reach, j) || (j > 0 && at(&next, j - 1)));
                    let star_right =
                        right == Some(b'*') && (at(&reach, j) || (j > 0 && at(&next, j - 1)));
                    let same = match (left, right) {
                        (Some(left), Some(right)) => {
                            left.eq_ignore_ascii_case(&right) || left == b'?' || right == b'?'
                        }
                        _ => false,
                    };
                    star_left || star_right || (same && j > 0 && at(&reach, j - 1))
                }
            };
            if let Some(cell) = next.get_mut(j) {
                *cell = found;
            }
        }
        reach = next;
    }
    reach.last().copied().unwrap_or(false)
}
