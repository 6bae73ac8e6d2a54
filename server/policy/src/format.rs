//! Whether an ARN pattern and an ARN format of the catalog share an ARN.
//!
//! Both sides are rows of symbols in which some take any number of characters, but what a placeholder takes is
//! limited by a class of characters, so the shortcuts for plain wildcards don't hold. This is the intersection of two
//! automata: one table row for each symbol of the format, O(format × pattern), refused above [`LONGEST`].

use crate::Tri;
use crate::glob::Symbol;

/// Symbols of a pattern above which the answer is "maybe". IAM's own limit for a resource is 2,048 characters.
const LONGEST: usize = 8192;

/// Which characters a placeholder can't stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    forbidden: &'static str,
}

impl Class {
    const ANY: Class = Class { forbidden: "" };
    const SEGMENT: Class = Class { forbidden: ":" };

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

/// An ARN format ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    parts: Vec<Part>,
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
            rest = &rest[c.len_utf8()..];
        }
        Format { parts }
    }

    /// Could an ARN of this format match the pattern? Letters of the format's fixed parts count without case.
    pub(crate) fn overlaps(&self, pattern: &[Symbol<'_>]) -> Tri {
        if pattern.len() > LONGEST {
            return Tri::Maybe;
        }
        let width = pattern.len() + 1;
        let mut row = vec![false; width];
        row[0] = true;
        for part in self.parts.iter().map(Some).chain([None]) {
            let mut below = vec![false; width];
            for at in 0..width {
                if !row[at] {
                    continue;
                }
                if let Some(Part::Many(_)) = part {
                    below[at] = true;
                }
                let Some(symbol) = pattern.get(at) else {
                    continue;
                };
                let stays = matches!(symbol, Symbol::Many | Symbol::Hole(_));
                if stays {
                    row[at + 1] = true;
                }
                let Some(part) = part else {
                    continue;
                };
                let fits = match (part, symbol) {
                    (Part::Char(a), Symbol::Char(b)) => a.eq_ignore_ascii_case(b),
                    (Part::One(class) | Part::Many(class), Symbol::Char(c)) => class.has(*c),
                    _ => true,
                };
                let next = if stays { at } else { at + 1 };
                match part {
                    _ if !fits => {}
                    Part::Many(_) => row[next] = true,
                    Part::Char(_) | Part::One(_) => below[next] = true,
                }
            }
            if part.is_none() {
                break;
            }
            if !below.contains(&true) {
                return Tri::No;
            }
            row = below;
        }
        let holes = pattern
            .iter()
            .any(|symbol| matches!(symbol, Symbol::Hole(_)));
        match (row[width - 1], holes) {
            (false, _) => Tri::No,
            (true, true) => Tri::Maybe,
            (true, false) => Tri::Yes,
        }
    }
}

/// The placeholder that a format starts with, and what follows it.
pub(crate) fn placeholder(format: &str) -> Option<(&str, &str)> {
    format.strip_prefix("${")?.split_once('}')
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
