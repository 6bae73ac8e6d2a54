//! Whether an ARN pattern and an ARN format of the catalog share an ARN.
//!
//! Both sides are rows of symbols in which some take any number of characters, but what a placeholder takes is
//! limited by a class of characters, so the shortcuts for plain wildcards don't hold. This is the intersection of two
//! automata: one table row for each symbol of the format, O(format × pattern), refused above [`SYMBOLS`].

use crate::Tri;
use crate::limits::{SYMBOLS, SYMBOLS_READ};
use crate::pattern::{self, Token};

/// Which characters a placeholder can't stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    forbidden: &'static str,
}

impl Class {
    const ANY: Class = Class { forbidden: "" };
    const SEGMENT: Class = Class { forbidden: ":" };

    /// The class without the colon.
    fn within_segment(self) -> Class {
        match self.forbidden.contains('/') {
            true => Class { forbidden: "/:" },
            false => Class::SEGMENT,
        }
    }

    fn has(self, c: char) -> bool {
        !self.forbidden.contains(c)
    }
}

/// One symbol of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Char(char),
    One(Class),
    Many(Class),
}

/// One symbol of a pattern as formats see it: what a hole is called makes no difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Char(char),
    One,
    /// A star or a hole.
    Any,
    /// A hole without `/` and `:`.
    Word,
}

impl Mark {
    /// Whether it stands for any number of characters.
    fn is_loose(self) -> bool {
        matches!(self, Mark::Any | Mark::Word)
    }
}

/// A pattern, or one of its segments, ready to be compared with formats.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Of what is too long to be compared no more than shows that it is.
    marks: Box<[Mark]>,
    holes: bool,
    loose: bool,
}

impl Row {
    pub(crate) fn new(raw: &str) -> Row {
        let (mut holes, mut loose) = (false, true);
        let mut marks = Vec::with_capacity(raw.len().min(SYMBOLS_READ));
        for (range, token) in pattern::spans(raw) {
            let left = SYMBOLS_READ - marks.len();
            let mark = match token {
                Token::Literal(text) => {
                    loose &= text.is_empty();
                    match text.is_ascii() {
                        true => {
                            marks.extend(text.bytes().map(char::from).map(Mark::Char).take(left))
                        }
                        false => marks.extend(text.chars().map(Mark::Char).take(left)),
                    }
                    continue;
                }
                Token::Question => Mark::One,
                Token::Star => Mark::Any,
                Token::Hole(_) => {
                    holes = true;
                    match pattern::is_word(&raw[range]) {
                        true => Mark::Word,
                        false => Mark::Any,
                    }
                }
            };
            loose &= mark.is_loose();
            marks.extend(Some(mark).filter(|_| left > 0));
        }
        let marks = marks.into();
        Row {
            marks,
            holes,
            loose,
        }
    }

    /// Whether nothing in it is fixed.
    pub(crate) fn is_loose(&self) -> bool {
        self.loose
    }
}

/// An ARN format ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    /// The service segment as written; it may hold a placeholder.
    pub(crate) service: String,
    /// Whether both the region and the account are placeholders.
    pub(crate) placed: bool,
    /// Whether both are empty.
    pub(crate) placeless: bool,
    parts: Vec<Part>,
    /// The same, but no placeholder holds a colon.
    narrow: Vec<Part>,
    /// Where in `parts` each segment begins.
    starts: Vec<usize>,
}

/// Placeholders whose names can't hold certain characters by AWS's own naming rules: service in the ARN, placeholder,
/// characters. Everything else is taken to hold anything, because a wrong "doesn't fit" is a false error for a user.
///
/// Left out on purpose: names with paths (IAM, log groups, parameters, secrets, ECR repositories), and function and
/// state machine names as to `:`, because the catalog names only the unqualified type for actions that also take
/// `function:name:alias`.
const NAMING_RULES: &[(&str, &str, &str)] = &[
    ("cloudformation", "ChangeSetName", "/:"),
    ("cloudformation", "StackName", "/:"),
    ("cloudformation", "StackSetName", "/:"),
    ("codebuild", "ProjectName", "/:"),
    ("dynamodb", "IndexName", "/:"),
    ("dynamodb", "TableName", "/:"),
    ("ecs", "ClusterName", "/:"),
    ("ecs", "ServiceName", "/:"),
    ("elasticloadbalancing", "LoadBalancerName", "/:"),
    ("elasticloadbalancing", "TargetGroupName", "/:"),
    ("events", "RuleName", "/:"),
    ("execute-api", "ApiId", "/:"),
    ("execute-api", "Method", "/:"),
    ("execute-api", "Stage", "/:"),
    ("firehose", "DeliveryStreamName", "/:"),
    ("kinesis", "StreamName", "/:"),
    ("kms", "KeyId", "/:"),
    ("lambda", "FunctionName", "/"),
    ("rds", "DbClusterInstanceName", "/:"),
    ("rds", "DbInstanceName", "/:"),
    ("s3", "AccessPointName", "/:"),
    ("s3", "BucketName", "/:"),
    ("sns", "TopicName", "/:"),
    ("sqs", "QueueName", "/:"),
    ("states", "ActivityName", "/:"),
    ("states", "StateMachineName", "/"),
];

impl Format {
    /// Reads a format such as `arn:${Partition}:s3:::${BucketName}`. A literal `*` in it stands for anything.
    pub(crate) fn new(format: &str) -> Format {
        let service = service(format);
        let mut parts = Vec::with_capacity(format.len());
        let mut starts = vec![0];
        let (mut rest, mut colons) = (format, 0);
        while let Some(c) = rest.chars().next() {
            if let Some((name, after)) = placeholder(rest) {
                let class = class(service, name, colons);
                // A name has at least one character; the last may be a path, which may be empty.
                if colons >= 5 && !after.is_empty() {
                    parts.push(Part::One(class));
                }
                parts.push(Part::Many(class));
                rest = after;
                continue;
            }
            match c {
                ':' => colons += 1,
                '*' if colons < 5 => parts.push(Part::Many(Class::SEGMENT)),
                '*' => parts.push(Part::Many(Class::ANY)),
                _ => {}
            }
            if c != '*' {
                parts.push(Part::Char(c));
            }
            if c == ':' && colons <= 5 {
                starts.push(parts.len());
            }
            rest = &rest[c.len_utf8()..];
        }
        let narrow = parts
            .iter()
            .map(|part| match part {
                Part::Char(c) => Part::Char(*c),
                Part::One(class) => Part::One(class.within_segment()),
                Part::Many(class) => Part::Many(class.within_segment()),
            })
            .collect();
        Format {
            service: service.to_owned(),
            placed: format.contains(":${Region}:${Account}:"),
            placeless: format.split(':').skip(3).take(2).eq(["", ""]),
            parts,
            narrow,
            starts,
        }
    }

    /// Could an ARN of this format match the pattern? Letters of the format's fixed parts count without case.
    pub(crate) fn overlaps(&self, pattern: &Row) -> Tri {
        answer(intersect(&self.parts, &pattern.marks), pattern.holes)
    }

    /// [`Format::overlaps`] for a pattern of six segments, each compared with its own segment of the format, so that
    /// `arn:aws:ec2:*:*:vpc/*` is no instance.
    pub(crate) fn overlaps_segments(&self, segments: &[Row]) -> Tri {
        let mut found = Some(true);
        // From the end: the resource tells formats of one service apart.
        for (at, segment) in segments.iter().enumerate().rev() {
            match intersect(self.segment(at), &segment.marks) {
                Some(true) => {}
                Some(false) => return Tri::No,
                None => found = None,
            }
        }
        answer(found, segments.iter().any(|segment| segment.holes))
    }

    /// Whether an ARN of this format may have a resource, the sixth segment, that matches a pattern.
    pub(crate) fn may_have_resource(&self, resource: &Row) -> bool {
        intersect(self.segment(5), &resource.marks) != Some(false)
    }

    /// Could an ARN of this format match the pattern with a star that reaches over colons? AWS's own policies count on
    /// that: `arn:aws:logs:*:*:/aws-glue/*`, where a star stands for account and `:log-group`. A name with a colon in it
    /// would make nearly everything fit, so here none has one.
    pub(crate) fn overlaps_over_colons(&self, pattern: &Row) -> bool {
        intersect(&self.narrow, &pattern.marks) != Some(false)
    }

    fn segment(&self, at: usize) -> &[Part] {
        let start = self.starts.get(at).copied().unwrap_or(self.parts.len());
        let end = match self.starts.get(at + 1) {
            Some(next) => next - 1,
            None => self.parts.len(),
        };
        self.parts.get(start..end).unwrap_or_default()
    }
}

fn answer(overlap: Option<bool>, holes: bool) -> Tri {
    match overlap {
        None => Tri::Maybe,
        Some(false) => Tri::No,
        Some(true) if holes => Tri::Maybe,
        Some(true) => Tri::Yes,
    }
}

/// Whether the two rows share a text; `None` if the pattern is too long to tell.
fn intersect(parts: &[Part], pattern: &[Mark]) -> Option<bool> {
    /// Rows up to this long need no memory of their own.
    const SHORT: usize = 128;
    if pattern.len() > SYMBOLS {
        return None;
    }
    // Most comparisons end here: at the fixed beginning or the fixed end.
    let (mut parts, mut pattern) = (parts, pattern);
    while let ([Part::Char(a), parts_left @ ..], [Mark::Char(b), left @ ..]) = (parts, pattern) {
        if a != b && !a.eq_ignore_ascii_case(b) {
            return Some(false);
        }
        (parts, pattern) = (parts_left, left);
    }
    while let ([parts_left @ .., Part::Char(a)], [left @ .., Mark::Char(b)]) = (parts, pattern) {
        if a != b && !a.eq_ignore_ascii_case(b) {
            return Some(false);
        }
        (parts, pattern) = (parts_left, left);
    }
    match parts {
        [] => return Some(pattern.iter().all(|mark| mark.is_loose())),
        [Part::Many(class)] => {
            return Some(pattern.iter().all(|mark| match mark {
                Mark::Char(c) => class.has(*c),
                Mark::One | Mark::Any | Mark::Word => true,
            }));
        }
        _ => {}
    }
    let width = pattern.len() + 1;
    let (mut short, mut long) = ([false; 2 * SHORT], Vec::new());
    let rows: &mut [bool] = match short.get_mut(..2 * width) {
        Some(short) => short,
        None => {
            long.resize(2 * width, false);
            &mut long
        }
    };
    let (row, below) = rows.split_at_mut(width);
    Some(shared(parts, pattern, row, below))
}

/// [`intersect`] with two rows to work on, each one longer than the pattern and all false.
fn shared<'r>(
    parts: &[Part],
    pattern: &[Mark],
    mut row: &'r mut [bool],
    mut below: &'r mut [bool],
) -> bool {
    // `row[at]`: the parts so far and the first `at` symbols of the pattern share a text.
    set(row, 0);
    for part in parts {
        below.fill(false);
        for at in 0..row.len() {
            if row.get(at) != Some(&true) {
                continue;
            }
            if let Part::Many(_) = part {
                set(below, at);
            }
            let Some(mark) = pattern.get(at) else {
                continue;
            };
            let stays = mark.is_loose();
            if stays {
                set(row, at + 1);
            }
            let fits = match (part, mark) {
                (Part::Char(a), Mark::Char(b)) => a == b || a.eq_ignore_ascii_case(b),
                (Part::Char(a), Mark::Word) => !matches!(a, '/' | ':'),
                (Part::One(class) | Part::Many(class), Mark::Char(c)) => class.has(*c),
                _ => true,
            };
            let next = if stays { at } else { at + 1 };
            match part {
                _ if !fits => {}
                Part::Many(_) => set(row, next),
                Part::Char(_) | Part::One(_) => set(below, next),
            }
        }
        if !below.contains(&true) {
            return false;
        }
        std::mem::swap(&mut row, &mut below);
    }
    // What is left of the pattern may stand for nothing.
    let rest = pattern
        .iter()
        .rev()
        .take_while(|mark| mark.is_loose())
        .count();
    row.iter()
        .skip(pattern.len() - rest)
        .any(|is_shared| *is_shared)
}

fn set(row: &mut [bool], at: usize) {
    if let Some(cell) = row.get_mut(at) {
        *cell = true;
    }
}

/// The placeholder that a format starts with, and what follows it.
pub(crate) fn placeholder(format: &str) -> Option<(&str, &str)> {
    format.strip_prefix("${")?.split_once('}')
}

/// Writes an ARN from a format: each placeholder becomes what `value` gives for its name, or `*`.
pub fn compose(format: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut arn = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(start) = rest.find("${") {
        arn.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some((name, after)) = placeholder(rest) else {
            break;
        };
        match value(name) {
            Some(value) => arn.push_str(&value),
            None => arn.push('*'),
        }
        rest = after;
    }
    arn.push_str(rest);
    arn
}

/// The service segment of a format.
pub(crate) fn service(format: &str) -> &str {
    format.split(':').nth(2).unwrap_or_default()
}

fn class(service: &str, placeholder: &str, colons: usize) -> Class {
    if colons < 5 {
        return Class::SEGMENT;
    }
    NAMING_RULES
        .iter()
        .find(|(of, name, _)| *of == service && *name == placeholder)
        .map_or(Class::ANY, |(_, _, forbidden)| Class { forbidden })
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_catalog::catalog;

    #[test]
    fn of_what_is_too_long_little_is_kept() {
        let format = Format::new("arn:${Partition}:s3:::${BucketName}");
        for (text, loose) in [
            ("a".repeat(1 << 20), false),
            ("*".repeat(1 << 14), true),
            ("*".repeat(1 << 14) + "a", false),
        ] {
            let row = Row::new(&text);
            assert!(row.marks.len() <= SYMBOLS + 1);
            assert_eq!(format.overlaps(&row), Tri::Maybe);
            assert_eq!(row.is_loose(), loose);
        }
    }

    /// A rule for a placeholder that an update of the catalog renamed would silently do nothing.
    #[test]
    fn every_naming_rule_has_its_placeholder() {
        for (of, name, _) in NAMING_RULES {
            let wanted = format!("${{{name}}}");
            let found = catalog()
                .resource_types()
                .flat_map(|of| of.arns())
                .any(|format| service(format) == *of && format.contains(&wanted));
            assert!(found, "{of} {name}");
        }
    }
}
