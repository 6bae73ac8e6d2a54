//! Resources that questions are asked about.

use crate::arn::{self, Arn, ArnShape, Segment};
use crate::pattern;
use crate::{Pattern, Tri};

/// A resource that is no particular one of those that its patterns match: a name that nobody has written down.
///
/// With that, "all but a few" is decided by comparing patterns: such a resource is in a list where one of the list's
/// patterns takes in everything that the place's do. A pattern without wildcards is that resource itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Witness {
    /// Every one of them matches it.
    all: Vec<Pattern>,
    /// Whether it is of the partition, account and region in which the question is asked, whatever they are.
    at_home: bool,
}

impl Witness {
    /// Any resource at all.
    pub fn anywhere() -> Witness {
        Witness::of(Pattern::literal("*"))
    }

    /// A resource that matches a pattern.
    pub fn of(pattern: Pattern) -> Witness {
        Witness {
            all: vec![pattern],
            at_home: false,
        }
    }

    /// A resource of one's own account whose ARN has a format of the catalog.
    pub fn of_format(format: &str) -> Witness {
        let text = crate::format::compose(format, |_| Some("*".to_owned()));
        Witness {
            at_home: true,
            ..Witness::of(Pattern::literal(&text))
        }
    }

    /// A resource that is here and matches another pattern, too. `None` where there is none.
    pub(super) fn meet(&self, other: &Pattern) -> Option<Witness> {
        let mut all = Vec::with_capacity(self.all.len() + 1);
        for own in &self.all {
            if own.covers(other) {
                continue;
            }
            if other.covers(own) {
                return Some(self.clone());
            }
            if overlap(own, other) == Tri::No {
                return None;
            }
            all.push(own.clone());
        }
        all.push(other.clone());
        Some(Witness { all, ..*self })
    }

    /// What it begins with, as far as that is known: no pattern that begins otherwise matches it.
    pub(super) fn beginning(&self) -> &str {
        if self.at_home {
            return "";
        }
        let begins = self.all.iter().map(Pattern::beginning);
        begins.max_by_key(|begin| begin.len()).unwrap_or_default()
    }

    /// Whether a pattern matches it.
    pub fn is_in(&self, pattern: &Pattern) -> Tri {
        if self.at_home
            && let [own] = self.all.as_slice()
        {
            return at_home(pattern, own);
        }
        let mut answer = Tri::No;
        for own in &self.all {
            match compared(pattern, own) {
                (Tri::Yes, _) => return Tri::Yes,
                (Tri::No, Tri::No) => return Tri::No,
                (found, _) => answer = answer.or(found),
            }
        }
        // What two patterns have in common is less than either has.
        if self.all.len() > 1 {
            Tri::Maybe
        } else {
            answer
        }
    }
}

/// Whether `outer` matches a text that is no particular one of those that `inner` matches.
///
/// Where it doesn't match all of them, there is always one that it doesn't match, and one and the same for any number
/// of patterns: put letters that none of them has in the place of `inner`'s wildcards. Only how many letters a `?` needs
/// can get in the way.
pub(super) fn generic(outer: &Pattern, inner: &Pattern) -> Tri {
    compared(outer, inner).0
}

/// [`generic`] of ARNs as conditions compare them, each segment by itself.
pub(super) fn generic_arn(outer: &Pattern, inner: &Pattern) -> Tri {
    let (ArnShape::Arn(a), ArnShape::Arn(b)) = (Arn::parse(outer), Arn::parse(inner)) else {
        return generic(outer, inner);
    };
    let pairs = [
        (a.partition, b.partition),
        (a.service, b.service),
        (a.region, b.region),
        (a.account, b.account),
        (a.resource, b.resource),
    ];
    let pairs = pairs
        .iter()
        .map(|(a, b)| generic(&a.pattern(), &b.pattern()));
    pairs.fold(Tri::Yes, Tri::and)
}

/// [`generic`], and whether something matches both.
fn compared(outer: &Pattern, inner: &Pattern) -> (Tri, Tri) {
    if outer.covers(inner) {
        return (Tri::Yes, Tri::Yes);
    }
    let both = overlap(outer, inner);
    let counts = outer.raw().contains('?');
    let unclear = counts || outer.has_holes() || inner.has_holes();
    match both.possible() && unclear {
        true => (Tri::Maybe, both),
        false => (Tri::No, both),
    }
}

/// Whether something matches both. In ARNs, region and account have no colons in them, so that what stands there can't
/// reach into the resource.
pub(super) fn overlap(one: &Pattern, other: &Pattern) -> Tri {
    let whole = one.overlaps(other);
    // Most are told apart by what they begin with.
    if whole == Tri::No {
        return whole;
    }
    let (ArnShape::Arn(a), ArnShape::Arn(b)) = (Arn::parse(one), Arn::parse(other)) else {
        return whole;
    };
    [
        (a.partition, b.partition),
        (a.service, b.service),
        (a.region, b.region),
        (a.account, b.account),
        (a.resource, b.resource),
    ]
    .iter()
    .map(|(a, b)| pattern::overlaps(a.raw(), b.raw()))
    .fold(Tri::Yes, Tri::and)
}

/// [`generic`] for a resource of one's own account: where a pattern leaves the account to the deployment, it means it.
fn at_home(outer: &Pattern, inner: &Pattern) -> Tri {
    if outer.covers(inner) {
        return Tri::Yes;
    }
    let ArnShape::Arn(own) = Arn::parse(inner) else {
        return generic(outer, inner);
    };
    match Arn::parse(outer) {
        ArnShape::Star => Tri::Yes,
        ArnShape::NotArn(_) => Tri::No,
        ArnShape::Arn(arn) => {
            let exact = |outer: Segment<'_>, inner: Segment<'_>| {
                generic(&outer.pattern(), &inner.pattern())
            };
            exact(arn.service, own.service)
                .and(exact(arn.resource, own.resource))
                .and(location(arn.region, own.region))
                .and(location(arn.account, own.account))
        }
        ArnShape::Unknown => {
            let mut partitioned = Pattern::builder();
            partitioned.push_literal("arn:");
            partitioned.push_pattern(&partition_of(outer));
            let rest = inner.raw().get(own.partition.range().end..);
            partitioned.push_pattern(&Pattern::from_raw(rest.unwrap_or_default().to_owned()));
            generic(outer, &partitioned.build())
        }
    }
}

/// Whether the region or account of a pattern is that in which the question is asked.
fn location(outer: Segment<'_>, inner: Segment<'_>) -> Tri {
    if !inner.is_star() {
        return outer.pattern().matches(&inner.display());
    }
    let words = ["${AWS::AccountId}", "${AWS::Region}"];
    match outer.is_star() || words.contains(&outer.display().as_str()) {
        true => Tri::Yes,
        // Which account that is, nobody has said.
        false => Tri::Maybe,
    }
}

/// The partition that a pattern of an ARN names; any where it ends before.
fn partition_of(pattern: &Pattern) -> Pattern {
    match partition_in(pattern) {
        Some(partition) => Pattern::from_raw(partition.to_owned()),
        None => Pattern::literal("*"),
    }
}

fn partition_in(pattern: &Pattern) -> Option<&str> {
    let rest = pattern.raw().strip_prefix("arn:").unwrap_or_default();
    let [partition, Some(_), ..] = arn::split(rest) else {
        return None;
    };
    partition.map(|partition| partition.raw())
}

/// Whether a resource is as good as `*`: it matches every ARN of a partition (`arn:*`, `arn:aws:*`,
/// `arn:aws:*:*:*:*`).
pub fn is_every_arn(pattern: &Pattern) -> bool {
    // What surely stands in each of them stands in what begins all of them.
    let head = "arn:".len() + partition_in(pattern).map_or(0, str::len) + ":".len();
    if pattern.beginning().len() > head {
        return false;
    }
    let mut all = Pattern::builder();
    all.push_literal("arn:");
    all.push_pattern(&partition_of(pattern));
    all.push_literal(":*:*:*:*");
    pattern.is_star() || pattern.covers(&all.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &str = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";

    fn pattern(text: &str) -> Pattern {
        Pattern::literal(text)
    }

    #[test]
    fn every_arn() {
        for text in [
            "*",
            "**",
            "arn:*",
            "arn*",
            "*:*",
            "arn:*:*",
            "arn:aws:*",
            "arn:aws-cn:*",
            "arn:aws:*:*",
            "arn:*:*:*:*:*",
            "arn:aws:*:*:*:*",
            "arn:aws:*:*:*:**",
            "arn:${AWS::Partition}:*",
            "arn:${AWS::Partition}:*:*:*:*",
        ] {
            assert!(is_every_arn(&pattern(text)), "{text}");
        }
        for text in [
            "",
            "arn:aws:s3:::*",
            "arn:aws:*:eu-west-1:*:*",
            "arn:aws:*:*:111111111111:*",
            "arn:aws:*:*:*:role/*",
            "arn:aws:?*:*:*:*",
            "arn:aws:s*",
            "${Any}",
            "arn",
            "bucket",
        ] {
            assert!(!is_every_arn(&pattern(text)), "{text}");
        }
    }

    #[test]
    fn a_role_of_ones_own() {
        let place = Witness::of_format(ROLES);
        for (text, answer) in [
            ("*", Tri::Yes),
            ("arn:aws:*", Tri::Yes),
            ("arn:aws:i*", Tri::Yes),
            ("arn:*:iam::*:role/*", Tri::Yes),
            ("arn:aws:iam::*:*", Tri::Yes),
            ("arn:aws:*:*:*:*", Tri::Yes),
            ("arn:aws:iam::${AWS::AccountId}:role/*", Tri::Yes),
            (
                "arn:${AWS::Partition}:iam::${AWS::AccountId}:role*",
                Tri::Yes,
            ),
            // Another's account, maybe.
            ("arn:aws:iam::111111111111:role/*", Tri::Maybe),
            ("arn:aws:iam::${Account}:role/*", Tri::Maybe),
            ("arn:aws:iam::*:role/${Name}", Tri::Maybe),
            ("arn:aws:iam::*:role/${Prefix}*", Tri::Maybe),
            ("${Any}", Tri::Maybe),
            ("arn:aws:iam::*:role/shop-*", Tri::No),
            ("arn:aws:iam::*:role/*admin*", Tri::No),
            ("arn:aws:iam::*:user/*", Tri::No),
            ("arn:aws:s3:::*", Tri::No),
            ("arn:aws:s3*", Tri::No),
            ("shop", Tri::No),
        ] {
            assert_eq!(place.is_in(&pattern(text)), answer, "{text}");
        }
    }

    #[test]
    fn a_name_that_nobody_has_written() {
        for (outer, inner, answer) in [
            ("a*", "a*", Tri::Yes),
            ("*", "a*", Tri::Yes),
            ("ab*", "a*", Tri::No),
            ("*b", "a*", Tri::No),
            ("a", "a", Tri::Yes),
            ("b*", "a*", Tri::No),
            ("${X}", "a*", Tri::Maybe),
            ("a*", "${X}", Tri::Maybe),
            ("${X}*", "${X}-a", Tri::Yes),
            ("a?", "a*", Tri::Maybe),
            ("a?", "ab", Tri::Yes),
        ] {
            assert_eq!(
                generic(&pattern(outer), &pattern(inner)),
                answer,
                "{outer} {inner}"
            );
        }
    }

    #[test]
    fn where_two_patterns_meet() {
        let meet = |one: &str, other: &str| {
            let place = Witness::of(pattern(one)).meet(&pattern(other))?;
            Some(
                place
                    .all
                    .iter()
                    .map(Pattern::display)
                    .collect::<Vec<_>>()
                    .join(" & "),
            )
        };
        assert_eq!(meet("a*", "ab*").as_deref(), Some("ab*"));
        assert_eq!(meet("ab*", "a*").as_deref(), Some("ab*"));
        assert_eq!(meet("a*", "*b").as_deref(), Some("a* & *b"));
        assert_eq!(meet("a*", "b*"), None);
        assert_eq!(meet("arn:aws:sqs:*:*:a*", "arn:aws:sqs:*:*:b*"), None);
        assert_eq!(meet("arn:aws:sqs:*:1:*", "arn:aws:sqs:*:2:*"), None);
        assert_eq!(
            meet("arn:aws:sqs:*:*:a*", "arn:aws:sqs:eu-west-1:*:ab*").as_deref(),
            Some("arn:aws:sqs:eu-west-1:*:ab*")
        );
        let both = Witness::of(pattern("a*")).meet(&pattern("*b")).unwrap();
        for (text, answer) in [
            ("a*", Tri::Yes),
            ("*b", Tri::Yes),
            ("*", Tri::Yes),
            ("c*", Tri::No),
            ("a*b", Tri::Maybe),
            ("ac*", Tri::Maybe),
        ] {
            assert_eq!(both.is_in(&pattern(text)), answer, "{text}");
        }
        // A third narrows both.
        let place = both.meet(&pattern("ax*b")).unwrap();
        assert_eq!(place.all, [pattern("ax*b")]);
    }
}
