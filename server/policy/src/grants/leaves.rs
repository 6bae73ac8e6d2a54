//! What a block of conditions leaves of the requests.

use super::conditions::{Conditions, Request};
use super::question::both_ways;
use crate::Tri;

/// What a block of conditions leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaves {
    /// Every request meets them: they are as good as none.
    Everything,
    /// Some requests do, and others don't.
    Part,
    /// No request ever does.
    Nothing,
    /// It depends on what isn't known before deployment.
    Depends,
}

impl Conditions {
    /// What they leave of the requests that send this.
    pub fn leave(&self, request: &Request) -> Leaves {
        if self.is_empty() {
            return Leaves::Everything;
        }
        match both_ways(self, request) {
            (Tri::No, _) => Leaves::Nothing,
            (Tri::Yes, Tri::No) => Leaves::Everything,
            (Tri::Yes, Tri::Yes) => Leaves::Part,
            _ => Leaves::Depends,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entries, KeyTest, Sent};
    use super::*;
    use crate::Pattern;

    fn test(operator: &str, key: &str, value: &str) -> KeyTest {
        KeyTest::new(
            Some(operator),
            Some(key),
            Entries::of([Pattern::literal(value)]),
        )
    }

    fn leave(tests: &[(&str, &str, &str)]) -> Leaves {
        let tests = tests
            .iter()
            .map(|(operator, key, value)| test(operator, key, value));
        let conditions = Conditions {
            tests: tests.collect(),
            open: false,
        };
        conditions.leave(&Request::default())
    }

    #[test]
    fn of_a_key_that_nobody_knows() {
        for (operator, value, left) in [
            ("StringEquals", "a", Leaves::Nothing),
            ("StringLike", "*", Leaves::Nothing),
            ("ForAnyValue:StringEquals", "a", Leaves::Nothing),
            ("Null", "false", Leaves::Nothing),
            ("StringNotEquals", "a", Leaves::Everything),
            ("StringEqualsIfExists", "a", Leaves::Everything),
            ("ForAllValues:StringEquals", "a", Leaves::Everything),
            ("Null", "true", Leaves::Everything),
            ("StringEqual", "a", Leaves::Depends),
            ("Null", "${Whether}", Leaves::Depends),
        ] {
            assert_eq!(
                leave(&[(operator, "aws:PrincipalTags", value)]),
                left,
                "{operator} {value}"
            );
        }
    }

    #[test]
    fn of_keys_that_are_known() {
        const TAG: &str = "aws:PrincipalTag/team";
        const IP: &str = "aws:SourceIp";
        for (tests, left) in [
            (&[][..], Leaves::Everything),
            (&[("StringEquals", TAG, "a")], Leaves::Part),
            (&[("StringNotEquals", TAG, "a")], Leaves::Part),
            (&[("StringEqualsIfExists", TAG, "a")], Leaves::Part),
            (&[("StringLike", TAG, "*")], Leaves::Part),
            (&[("StringLikeIfExists", TAG, "*")], Leaves::Everything),
            (&[("StringNotLikeIfExists", TAG, "*")], Leaves::Part),
            (
                &[("StringEquals", TAG, "a"), ("StringNotEquals", TAG, "a")],
                Leaves::Nothing,
            ),
            (
                &[("StringEquals", TAG, "a"), ("StringLike", TAG, "b*")],
                Leaves::Nothing,
            ),
            (
                &[("StringEquals", TAG, "a"), ("Null", TAG, "true")],
                Leaves::Nothing,
            ),
            (
                &[
                    ("StringEquals", TAG, "a"),
                    ("Bool", "aws:SecureTransport", "true"),
                ],
                Leaves::Part,
            ),
            (&[("IpAddress", IP, "10.0.0.0/8")], Leaves::Part),
            (&[("NotIpAddress", IP, "10.0.0.0/8")], Leaves::Part),
            (
                &[("IpAddressIfExists", IP, "0.0.0.0/0")],
                Leaves::Everything,
            ),
            (
                &[
                    ("IpAddress", IP, "10.0.0.0/8"),
                    ("NotIpAddress", IP, "10.0.0.0/8"),
                ],
                Leaves::Nothing,
            ),
            (
                &[
                    ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
                    ("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"),
                ],
                Leaves::Part,
            ),
            (&[("StringEquals", TAG, "${Team}")], Leaves::Part),
            (&[("StringEqual", TAG, "a")], Leaves::Depends),
        ] {
            assert_eq!(leave(tests), left, "{tests:?}");
        }
        let open = Conditions {
            tests: Vec::new(),
            open: true,
        };
        assert_eq!(open.leave(&Request::default()), Leaves::Depends);
    }

    #[test]
    fn of_requests_that_send_something() {
        let conditions = Conditions {
            tests: vec![test("StringNotEquals", "iam:PassedToService", "a")],
            open: false,
        };
        let a = Sent::Text(Pattern::literal("a"));
        for (sent, left) in [
            (Sent::Absent, Leaves::Everything),
            (Sent::anything(), Leaves::Everything),
            (a, Leaves::Nothing),
        ] {
            let request = Request::default().sending("iam:PASSEDtoService", sent);
            assert_eq!(conditions.leave(&request), left);
        }
    }
}
