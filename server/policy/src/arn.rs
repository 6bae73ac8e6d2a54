//! An ARN pattern taken apart.

use crate::Pattern;
use crate::pattern::{self, HOLE_END, HOLE_START};
use std::ops::Range;

/// Which part of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SegmentKind {
    /// The `arn` at the beginning.
    Prefix,
    /// `aws`, `aws-cn` …
    Partition,
    /// The service's name in ARNs, which isn't always its prefix in actions.
    Service,
    /// The region; empty for global services.
    Region,
    /// The account; empty where names are global.
    Account,
    /// Everything after the fifth colon.
    Resource,
    /// The text as a whole.
    Whole,
}

impl SegmentKind {
    /// The word for it in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            SegmentKind::Prefix => "prefix",
            SegmentKind::Partition => "partition",
            SegmentKind::Service => "service",
            SegmentKind::Region => "region",
            SegmentKind::Account => "account",
            SegmentKind::Resource => "resource",
            SegmentKind::Whole => "ARN",
        }
    }
}

/// One segment of an ARN pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'p> {
    raw: &'p str,
    start: usize,
}

impl<'p> Segment<'p> {
    /// The raw text; see [`Pattern::raw`].
    pub fn raw(&self) -> &'p str {
        self.raw
    }

    /// The byte range in the raw text of the pattern it came from.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// True if nothing is there.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// True if the text is fully known and has no wildcard.
    pub fn is_literal(&self) -> bool {
        pattern::is_literal(self.raw)
    }

    /// The characters a literal segment stands for; `None` if there is a wildcard or a hole.
    pub fn as_literal(&self) -> Option<String> {
        pattern::as_literal(self.raw)
    }

    /// True for `*`, and for a row of stars.
    pub fn is_star(&self) -> bool {
        pattern::is_star(self.raw)
    }

    /// True if some part isn't known.
    pub fn has_holes(&self) -> bool {
        self.raw.contains(HOLE_START)
    }

    /// True if it may stand for `*` alone: there is nothing but stars and unknown parts that may be anything.
    pub(crate) fn may_be_star(&self) -> bool {
        pattern::may_be_star(self.raw)
    }

    /// The text as a user would write it.
    pub fn display(&self) -> String {
        pattern::display(self.raw)
    }

    /// The segment as a pattern of its own.
    pub fn pattern(&self) -> Pattern {
        Pattern::from_raw(self.raw.to_owned())
    }
}

/// An ARN pattern in its six segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'p> {
    /// The `arn` at the beginning.
    pub prefix: Segment<'p>,
    /// `aws`, `aws-cn` …
    pub partition: Segment<'p>,
    /// The service's name in ARNs.
    pub service: Segment<'p>,
    /// The region.
    pub region: Segment<'p>,
    /// The account.
    pub account: Segment<'p>,
    /// Everything after the fifth colon.
    pub resource: Segment<'p>,
}

/// What a resource's text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArnShape<'p> {
    /// An ARN in its segments.
    Arn(Arn<'p>),
    /// `*`: every resource.
    Star,
    /// It could be an ARN: where its segments are depends on an unknown part or on a wildcard.
    Unknown,
    /// It can't be an ARN.
    NotArn(NotArn),
}

/// Why a text can't be an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotArn {
    /// Nothing is there.
    Empty,
    /// It doesn't start with `arn:`.
    NoArnPrefix,
    /// It has this number of the six segments.
    TooFewSegments(usize),
}

impl<'p> Arn<'p> {
    /// Takes a pattern apart at its first five colons, not counting colons in the labels of holes.
    pub fn parse(pattern: &'p Pattern) -> ArnShape<'p> {
        let raw = pattern.raw();
        if raw.is_empty() {
            return ArnShape::NotArn(NotArn::Empty);
        }
        if pattern.is_star() {
            return ArnShape::Star;
        }
        // In resource policies of API Gateway, short for any API: `execute-api:/stage/GET/*`.
        if raw.starts_with("execute-api:/") {
            return ArnShape::Unknown;
        }
        let segments = split(raw);
        let first = segments[0].map_or("", |segment| segment.raw);
        if pattern::is_literal(first) && first != "arn" {
            return ArnShape::NotArn(NotArn::NoArnPrefix);
        }
        if let [
            Some(prefix),
            Some(partition),
            Some(service),
            Some(region),
            Some(account),
            Some(resource),
        ] = segments
            && prefix.raw == "arn"
        {
            return ArnShape::Arn(Arn {
                prefix,
                partition,
                service,
                region,
                account,
                resource,
            });
        }
        if first != "arn" && !pattern::overlaps(raw, "arn:*").possible() {
            return ArnShape::NotArn(NotArn::NoArnPrefix);
        }
        // A hole can hold the colons that are missing unless it is a word, and so can a star at the end.
        let loose = pattern::has_loose_holes(raw);
        if first != "arn" && !loose && !raw.contains('*') {
            return ArnShape::NotArn(NotArn::NoArnPrefix);
        }
        let elastic = loose || raw.ends_with('*') || first != "arn";
        match elastic {
            true => ArnShape::Unknown,
            false => ArnShape::NotArn(NotArn::TooFewSegments(segments.iter().flatten().count())),
        }
    }

    /// The segment of that kind; `None` for [`SegmentKind::Whole`].
    pub fn segment(&self, kind: SegmentKind) -> Option<Segment<'p>> {
        match kind {
            SegmentKind::Prefix => Some(self.prefix),
            SegmentKind::Partition => Some(self.partition),
            SegmentKind::Service => Some(self.service),
            SegmentKind::Region => Some(self.region),
            SegmentKind::Account => Some(self.account),
            SegmentKind::Resource => Some(self.resource),
            SegmentKind::Whole => None,
        }
    }
}

/// The first six segments of a raw text; the sixth takes the rest.
pub(crate) fn split(raw: &str) -> [Option<Segment<'_>>; 6] {
    let mut segments = [None; 6];
    let mut start = 0;
    for (number, segment) in segments.iter_mut().enumerate() {
        let rest = raw.get(start..).unwrap_or_default();
        let end = match number {
            5 => None,
            _ => colon(rest),
        };
        *segment = Some(Segment {
            raw: end.and_then(|end| rest.get(..end)).unwrap_or(rest),
            start,
        });
        let Some(end) = end else { break };
        start += end + 1;
    }
    segments
}

/// The first colon that is no part of a hole's label.
fn colon(raw: &str) -> Option<usize> {
    let bytes = raw.as_bytes();
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b':', HOLE_START as u8, bytes.get(at..)?)?;
        if bytes.get(found) == Some(&b':') {
            return Some(found);
        }
        at = found + 1 + memchr::memchr(HOLE_END as u8, bytes.get(found + 1..)?)? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        match Arn::parse(&Pattern::literal(text)) {
            ArnShape::Arn(arn) => [
                arn.partition,
                arn.service,
                arn.region,
                arn.account,
                arn.resource,
            ]
            .iter()
            .map(Segment::display)
            .collect::<Vec<_>>()
            .join("|"),
            ArnShape::Star => "star".into(),
            ArnShape::Unknown => "unknown".into(),
            ArnShape::NotArn(reason) => format!("{reason:?}"),
        }
    }

    #[test]
    fn takes_arns_apart() {
        for (text, expected) in [
            ("arn:aws:s3:::bucket/key:x", "aws|s3|||bucket/key:x"),
            (
                "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${App}-q",
                "${AWS::Partition}|sqs|${AWS::Region}|${AWS::AccountId}|${App}-q",
            ),
            ("arn:*:s3:::*", "*|s3|||*"),
            ("arn:aws:iam::*:role/*", "aws|iam||*|role/*"),
            ("*", "star"),
            ("**", "star"),
            ("${Arn}", "unknown"),
            ("${Arn}/*", "unknown"),
            ("${A}:b:c:d:e:f", "unknown"),
            ("arn:aws:s3${X}", "unknown"),
            ("arn:aws:s3:*", "unknown"),
            ("arn*", "unknown"),
            ("execute-api:/*", "unknown"),
            ("*:aws:s3:::b", "unknown"),
            ("", "Empty"),
            ("bucket", "NoArnPrefix"),
            ("bucket/*", "NoArnPrefix"),
            ("bucket-${X}", "NoArnPrefix"),
            ("ARN:aws:s3:::b", "NoArnPrefix"),
            ("arn", "TooFewSegments(1)"),
            ("arn:aws:s3", "TooFewSegments(3)"),
            ("arn:aws:s3::bucket", "TooFewSegments(5)"),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn knows_where_a_segment_stands() {
        let pattern = Pattern::literal("arn:aws:sqs:eu-west-1:111111111111:q:x");
        let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
            panic!("an ARN");
        };
        assert_eq!(arn.account.range(), 22..34);
    }
}
