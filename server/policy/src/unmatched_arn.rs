//! What is wrong with an ARN that is of no resource type of its service: a word misspelt, or another separator behind it.

use crate::arn::{Arn, ArnShape};
use crate::fit;
use crate::suggest::nearest;
use crate::{Pattern, resource};
use leastwise_catalog::ResourceType;
use std::ops::Range;

/// What is odd about an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Odd {
    /// The word that says what kind of resource it is belongs to none; this is the nearest that the service has.
    Word {
        /// Where it stands in the pattern's raw text.
        range: Range<usize>,
        /// The word as it is written.
        word: String,
        /// The nearest one.
        meant: &'static str,
    },
    /// The word is right, and what stands behind it isn't.
    Separator {
        /// Where it stands in the pattern's raw text.
        range: Range<usize>,
        /// The word before it.
        word: String,
        /// What belongs there: `/` or `:`.
        meant: char,
    },
    /// Nothing stands where a name belongs, before the first `/`.
    NoName {
        /// Where it is missing in the pattern's raw text.
        at: usize,
    },
}

/// What is odd about an ARN that is of no known type, where that can be told from its text. `None` for an ARN of a known
/// type.
pub fn odd(pattern: &Pattern) -> Option<Odd> {
    odd_of(pattern, &resource::resource_types_fitting(pattern))
}

/// The same, with the types that the ARN may be of.
pub(crate) fn odd_of(pattern: &Pattern, types: &[ResourceType]) -> Option<Odd> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    let service = arn.service.as_literal()?;
    if !types.is_empty() {
        return None;
    }
    let raw = arn.resource.raw();
    let start = arn.resource.range().start;
    let formats: Vec<&'static str> = resources_placed_as(&arn, &service).collect();
    if formats.is_empty() {
        return None;
    }
    if raw.starts_with('/') && formats.iter().all(|of| of.starts_with("${")) {
        return Some(Odd::NoName { at: start });
    }
    let end = raw.find([':', '/'])?;
    let (word, separator) = (raw.get(..end)?, raw.get(end..)?.chars().next()?);
    if !is_word(word) {
        return None;
    }
    let heads = formats.iter().filter_map(|of| head(of));
    let behind: Vec<char> = heads
        .clone()
        .filter(|(own, _)| *own == word)
        .map(|(_, separator)| separator)
        .collect();
    if let Some(&meant) = behind.first() {
        let other = !behind.contains(&separator);
        return other.then(|| Odd::Separator {
            range: start + end..start + end + separator.len_utf8(),
            word: word.to_owned(),
            meant,
        });
    }
    let meant = nearest(word, heads.map(|(own, _)| own))?;
    Some(Odd::Word {
        range: start..start + end,
        word: word.to_owned(),
        meant,
    })
}

/// The word that says what kind of resource an ARN is of, where it differs from that of the service in nothing but case,
/// with its range in the pattern's raw text. Formats are compared without regard to case, since AWS's table and its ARNs
/// differ in it at times; requests are not.
pub(crate) fn miscased(arn: &Arn<'_>) -> Option<(Range<usize>, &'static str)> {
    let service = arn.service.as_literal()?;
    let raw = arn.resource.raw();
    let end = raw.find([':', '/'])?;
    let word = raw.get(..end).filter(|word| is_word(word))?;
    let formats = resources_placed_as(arn, &service);
    let mut meant = None;
    for format in formats {
        match head(format) {
            Some((own, _)) if own == word => return None,
            Some((own, _)) if own.eq_ignore_ascii_case(word) => meant = Some(own),
            Some(_) => {}
            // A name may stand there.
            None if format.starts_with(['$', '*']) => return None,
            None => {}
        }
    }
    let start = arn.resource.range().start;
    Some((start..start + end, meant?))
}

/// The resources of the formats of a service that have a region and an account where the ARN has them: an access point of S3
/// has both, a bucket neither.
fn resources_placed_as(arn: &Arn<'_>, service: &str) -> impl Iterator<Item = &'static str> {
    let has = [!arn.region.is_empty(), !arn.account.is_empty()];
    let formats = fit::formats_in(service).iter();
    formats
        .filter(move |of| of.has == has)
        .map(|of| of.resource)
}

/// The word that a format's resource begins with, and what stands behind it.
fn head(format: &'static str) -> Option<(&'static str, char)> {
    let end = format.find([':', '/'])?;
    let (word, rest) = (format.get(..end)?, format.get(end..)?);
    is_word(word).then_some((word, rest.chars().next()?))
}

fn is_word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_catalog::catalog;

    #[test]
    fn tells_what_is_odd() {
        let told = |text: &str| odd(&Pattern::literal(text));
        assert_eq!(
            told("arn:aws:lambda:eu-west-1:111111111111:funktion:x"),
            Some(Odd::Word {
                range: 38..46,
                word: "funktion".to_owned(),
                meant: "function",
            })
        );
        assert_eq!(
            told("arn:aws:iam::111111111111:role:app"),
            Some(Odd::Separator {
                range: 30..31,
                word: "role".to_owned(),
                meant: '/',
            })
        );
        assert_eq!(told("arn:aws:s3:::/files/*"), Some(Odd::NoName { at: 13 }));
        for fine in [
            "*",
            "arn:aws:s3:::files/*",
            "arn:aws:iam::111111111111:role/app",
            "arn:aws:lambda:eu-west-1:111111111111:*",
            "arn:aws:lambda:eu-west-1:111111111111:${Kind}:x",
            "arn:aws:lambda:eu-west-1:111111111111:nothing-of-the-kind:x",
            "arn:aws:nosuchservice:eu-west-1:111111111111:funktion:x",
        ] {
            assert_eq!(told(fine), None, "{fine}");
        }
    }

    #[test]
    fn words_in_another_case() {
        let told = |text: &str| {
            let pattern = Pattern::literal(text);
            let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
                panic!("{text}");
            };
            miscased(&arn)
        };
        for (text, range, meant) in [
            (
                "arn:aws:dynamodb:eu-west-1:111111111111:Table/x",
                40..45,
                "table",
            ),
            (
                "arn:aws:lambda:eu-west-1:111111111111:Function:x",
                38..46,
                "function",
            ),
            (
                "arn:aws:states:eu-west-1:111111111111:statemachine:x",
                38..50,
                "stateMachine",
            ),
            ("arn:aws:iam::111111111111:ROLE/*", 26..30, "role"),
        ] {
            assert_eq!(told(text), Some((range, meant)), "{text}");
        }
        for fine in [
            "arn:aws:dynamodb:eu-west-1:111111111111:table/x",
            "arn:aws:dynamodb:eu-west-1:111111111111:tabel/x",
            "arn:aws:dynamodb:eu-west-1:111111111111:T*/x",
            "arn:aws:dynamodb:eu-west-1:111111111111:Table",
            // Names.
            "arn:aws:s3:::Accesspoint/x",
            "arn:aws:sqs:eu-west-1:111111111111:Queue:x",
            "arn:aws:nosuchservice:eu-west-1:111111111111:Table/x",
            // A table has a region and an account.
            "arn:aws:dynamodb:::Table/x",
        ] {
            assert_eq!(told(fine), None, "{fine}");
        }
    }

    /// The catalog's catch-all format would take any ARN.
    #[test]
    fn nothing_is_of_a_type_that_takes_any_arn() {
        let pattern = Pattern::literal("arn:aws:lambda:eu-west-1:111111111111:funktion:x");
        assert_eq!(resource::resource_types_fitting(&pattern), []);
        let all = catalog()
            .resource_types()
            .filter(|of| fit::is_catch_all(*of));
        let names: Vec<_> = all.map(|of| of.name()).collect();
        assert_eq!(names, ["recoveryPoint"]);
    }
}
