//! One value of a policy against one of a request.

mod address;
mod bytes;
mod instant;
mod number;
mod samples;

pub(super) use samples::samples;

use crate::condition::{Base, Family};
use crate::{Pattern, Tri, arn, pattern};
use std::cmp::Ordering;

/// Whether a value of a request is what an operator asks for, before it is negated. `None` where one of them can't be
/// compared by it: a number that is none, say.
pub(super) fn compare(base: &Base, value: &Pattern, sent: &str) -> Option<Tri> {
    match base.family {
        Family::String => Some(value.matches(sent)),
        Family::Arn => of_arn(value, sent),
        Family::Null => None,
        _ if value.has_holes() => Some(Tri::Maybe),
        Family::Bool => {
            let is_one = |text: &str| matches!(text, "true" | "false");
            let value = value.as_literal().filter(|text| is_one(text))?;
            is_one(sent).then(|| sure(value == sent))
        }
        Family::Numeric => {
            let number = |text: &str| number::read(text).into_iter().collect();
            of_all(number(&value.as_literal()?), number(sent), |own, of| {
                ordered(base.name, of.cmp(own))
            })
        }
        Family::Date => of_all(
            instant::read(&value.as_literal()?),
            instant::read(sent),
            |own, of| ordered(base.name, of.cmp(own)),
        ),
        Family::Binary => {
            let value = bytes::read(&value.as_literal()?)?;
            Some(sure(value == bytes::read(sent)?))
        }
        Family::Ip => of_all(
            vec![address::Range::read(&value.as_literal()?)?],
            address::read(sent),
            |range, address| range.holds(*address),
        ),
    }
}

fn sure(holds: bool) -> Tri {
    if holds { Tri::Yes } else { Tri::No }
}

/// Whether something holds of what two texts can be read as, where some can be read in two ways.
fn of_all<A, B>(values: Vec<A>, sent: Vec<B>, holds: impl Fn(&A, &B) -> bool) -> Option<Tri> {
    let pairs = values.iter().flat_map(|a| sent.iter().map(move |b| (a, b)));
    let mut answers = pairs.map(|(a, b)| holds(a, b));
    let first = answers.next()?;
    match answers.all(|other| other == first) {
        true => Some(sure(first)),
        false => Some(Tri::Maybe),
    }
}

/// Whether a value of a request that compares so with the policy's is what an operator asks for.
fn ordered(operator: &str, found: Ordering) -> bool {
    let or_equal = operator.ends_with("ThanEquals") && found == Ordering::Equal;
    or_equal
        || match operator {
            _ if operator.contains("LessThan") => found == Ordering::Less,
            _ if operator.contains("GreaterThan") => found == Ordering::Greater,
            _ => found == Ordering::Equal,
        }
}

/// Each of the six segments is matched by itself.
fn of_arn(value: &Pattern, sent: &str) -> Option<Tri> {
    let parts: Vec<&str> = sent.splitn(6, ':').collect();
    if parts.len() < 6 || !sent.starts_with("arn:") {
        return None;
    }
    let whole = value.matches(sent);
    let segments = arn::split(value.raw());
    let [.., Some(last)] = &segments else {
        // How AWS reads an ARN with fewer of them, it doesn't say.
        return Some(whole.and(Tri::Maybe));
    };
    let before = value.raw().get(..last.range().start).unwrap_or_default();
    if pattern::has_loose_holes(before) {
        return Some(whole.and(Tri::Maybe));
    }
    let each = segments.iter().flatten().zip(&parts);
    let each = each.map(|(segment, part)| pattern::matches(segment.raw(), part));
    Some(each.fold(Tri::Yes, Tri::and))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Operator;

    fn compared(operator: &str, value: &str, sent: &str) -> Option<Tri> {
        let base = Operator::parse(operator).unwrap().base;
        compare(base, &Pattern::literal(value), sent)
    }

    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    #[test]
    fn what_compares_and_how() {
        const YES: Option<Tri> = Some(Tri::Yes);
        const NO: Option<Tri> = Some(Tri::No);
        const MAYBE: Option<Tri> = Some(Tri::Maybe);
        for (operator, value, sent, answer) in [
            ("NumericEquals", "10", "10.0", YES),
            ("NumericEquals", "10", "9", NO),
            ("NumericLessThan", "10", "9", YES),
            ("NumericLessThan", "10", "10", NO),
            ("NumericLessThanEquals", "10", "10", YES),
            ("NumericLessThanEquals", "10", "10.1", NO),
            ("NumericGreaterThan", "-1", "0", YES),
            ("NumericGreaterThan", "10", "9", NO),
            ("NumericGreaterThanEquals", "10", "10", YES),
            ("NumericEquals", "ten", "10", None),
            ("NumericEquals", "10", "ten", None),
            ("NumericEquals", "${N}", "10", MAYBE),
            ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01", YES),
            ("DateEquals", "2026-01-01T01:00:00+01:00", "2026-01-01", YES),
            ("DateLessThan", "2026-01-01T00:00:00Z", "1700000000", YES),
            (
                "DateGreaterThan",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00.5Z",
                YES,
            ),
            ("DateLessThanEquals", "2026-01-01", "2026-01-02", NO),
            ("DateEquals", "soon", "2026-01-02", None),
            ("Bool", "true", "true", YES),
            ("Bool", "true", "false", NO),
            ("Bool", "yes", "true", None),
            ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", YES),
            ("BinaryEquals", "QmluYXJ5", "QmluYXI=", NO),
            ("BinaryEquals", "?", "QmluYXI=", None),
            ("IpAddress", "203.0.113.0/24", "203.0.113.7", YES),
            ("IpAddress", "203.0.113.0/24", "203.0.114.7", NO),
            ("IpAddress", "203.0.113.7", "203.0.113.7", YES),
            (
                "IpAddress",
                "2001:DB8:1234:5678::/64",
                "2001:db8:1234:5678::1",
                YES,
            ),
            ("IpAddress", "2001:DB8:1234:5678::/64", "203.0.113.7", NO),
            ("IpAddress", "0.0.0.0/0", "2001:db8::1", NO),
            // An IPv4 address in IPv6's form: whether AWS takes it for one, it doesn't say.
            ("IpAddress", "203.0.113.0/24", "::ffff:203.0.113.7", MAYBE),
            ("IpAddress", "203.0.113.0/40", "203.0.113.7", None),
            (
                "ArnEquals",
                "arn:aws:sns:*:1:t*",
                "arn:aws:sns:eu-west-1:1:topic",
                YES,
            ),
            (
                "ArnLike",
                "arn:aws:sns:*:topic",
                "arn:aws:sns:eu-west-1:1:topic",
                MAYBE,
            ),
            (
                "ArnLike",
                "arn:aws:sns:*:2:*",
                "arn:aws:sns:eu-west-1:1:2:topic",
                NO,
            ),
            ("ArnLike", "arn:aws:s3:::b/*", "arn:aws:s3:::b/c:d/e", YES),
            (
                "ArnLike",
                "arn:aws:sns:*:1:t?",
                "arn:aws:sns:eu-west-1:1:to",
                YES,
            ),
            ("ArnLike", "${Topic}", "arn:aws:sns:eu-west-1:1:to", MAYBE),
            ("ArnLike", "*", "topic", None),
        ] {
            assert_eq!(
                compared(operator, value, sent),
                answer,
                "{operator} {value} {sent}"
            );
        }
    }
}
