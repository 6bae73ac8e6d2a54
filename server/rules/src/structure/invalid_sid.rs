//! Finds a `Sid` with invalid characters.
//!
//! In IAM policies a `Sid` consists of letters and digits; AWS rejects a policy with a space, a hyphen or any other
//! character in it. Resource policies of most services accept more.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Sid: Read the shop's data
//!     Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Sid: ReadTheShopsData
//!     Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use leastwise_model::{Level, Policy, Site, SiteKind};
use leastwise_syntax::Span;

use super::sids::{Loss, SidPlace, faults};
use super::with_article;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-sid",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `Sid` with invalid characters",
    fix: FixKind::Safe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "UNSUPPORTED_SID"),
        ("parliament", "INVALID_SID"),
        ("cfn-lint", "E3510"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A `Sid` with characters that it can't have.
struct Invalid {
    at: Span,
    kind: SiteKind,
    /// The first of them.
    first: char,
    place: SidPlace,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    for fault in faults(context, site, policy) {
        let Some(first) = fault.bad else {
            continue;
        };
        facts.push(Invalid {
            at: context.text_span(fault.text),
            kind: site.kind,
            first,
            place: fault.place,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

impl Fact for Invalid {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let what = match self.first {
            ' ' => "a space".to_owned(),
            other => format!("`{}`", other.escape_debug()),
        };
        let message = format!(
            "The `Sid` of {} can contain only letters and digits: AWS rejects the policy because of {what}.",
            with_article(self.kind)
        );
        Finding::new(&RULE, self.at, message)
            .help("Remove everything but letters and digits.")
            .owner(self.owner.as_deref())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Some(cure) = self.place.cure(context) else {
            return Vec::new();
        };
        // What the letters say that go, only who wrote them can say in others.
        let (title, safety) = match cure.loss {
            Loss::Signs => ("Remove the invalid characters", Safety::Safe),
            Loss::Words => ("Remove the invalid characters", Safety::Manual),
            Loss::Whole => ("Remove the `Sid`", Safety::Manual),
        };
        vec![LazyFix::new(title, safety, move |_| {
            Some(Fix::new(cure.edits.clone()))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    #[test]
    fn by_kind_of_policy() {
        let messages = check(
            &RULE,
            r#"
{
  "Resources": {
    "ShopRole": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [{"Sid": "trust-lambda", "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]
                                 ^^^^^^^^^^^^
        },
        "Policies": [{"PolicyName": "data", "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {"Sid": {"Fn::Sub": "${AppId}-read"}, "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
                                 ^^^^^^^^^^^^^
            {"Sid": {"Fn::Sub": "${AppId}Read"}, "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
            {"Sid": "Read2", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
          ]
        }}]
      }
    },
    "DataPolicy": {
      "Type": "AWS::S3::BucketPolicy",
      "Properties": {
        "Bucket": "shop-data",
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [{"Sid": "Read it all", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]
        }
      }
    }
  }
}
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "The `Sid` of a trust policy can contain only letters and digits: AWS rejects the policy because of `-`."
        );
    }

    /// In each syntax: only signs that part words go by themselves.
    #[test]
    fn what_is_said_is_not_taken_away_in_bulk() {
        let rest = "Effect = \"Deny\", Action = \"s3:*\", Resource = \"*\"";
        let forms = |sid: &str| {
            [
                format!(
                    "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": \"{sid}\", \"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}]}}"
                ),
                format!(
                    "Version: '2012-10-17'\nStatement:\n  - Sid: '{sid}'\n    Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n"
                ),
                format!(
                    "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{ Sid = \"{sid}\", {rest} }}]\n  }})\n}}\n"
                ),
            ]
        };
        let remove = "Remove the invalid characters";
        for (sid, wanted) in [
            ("read-all_data: v1.2 x", (remove, Safety::Safe)),
            ("Lesezugriff für Ö", (remove, Safety::Manual)),
            ("Read+Write", (remove, Safety::Manual)),
            ("日本語", ("Remove the `Sid`", Safety::Manual)),
            ("---", ("Remove the `Sid`", Safety::Manual)),
        ] {
            for text in forms(sid) {
                let found = Fixture::new(&text, "").findings(&RULE);
                let fixes: Vec<_> = found[0]
                    .fixes
                    .iter()
                    .map(|fix| (fix.title.as_str(), fix.safety))
                    .collect();
                assert_eq!(fixes, [wanted], "{text}");
            }
        }
    }

    #[test]
    fn nothing_but_bad_characters_takes_it_away() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Sid: '--'\n    Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n";
        let after = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n";
        assert_eq!(fixed_text(&RULE, text, ""), after);
    }

    #[test]
    fn the_variables_of_a_sub_stay() {
        let text = "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                    Statement:\n          - {Sid: !Sub '${AppId}-read', Effect: Deny, Action: 's3:*', Resource: '*'}\n";
        assert_eq!(fixed_text(&RULE, text, ""), text.replace("-read", "read"));
    }

    #[test]
    fn a_right_one_never_gives_way() {
        let sids = |sids: [&str; 4], of: &dyn Fn(&str) -> String| -> String {
            sids.into_iter().map(of).collect()
        };
        let before = ["A B", "AB", "AB2", "A-B"];
        let after = ["AB3", "AB", "AB2", "AB4"];
        let rest = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"";
        let json = |names| {
            let all = sids(names, &|sid| {
                format!("    {{\"Sid\": \"{sid}\", {rest}}},\n")
            });
            let all = all.trim_end_matches(",\n").to_owned();
            format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{all}\n  ]\n}}\n")
        };
        let rest = "Effect: Deny, Action: 's3:*', Resource: '*'";
        let flow = |names| {
            let all = sids(names, &|sid| format!("  - {{Sid: {sid}, {rest}}}\n"));
            format!("Version: '2012-10-17'\nStatement:\n{all}")
        };
        let rest = "    Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n";
        let block = |names| {
            let all = sids(names, &|sid| format!("  - Sid: {sid} # mine\n{rest}"));
            format!("Version: '2012-10-17'\nStatement:\n{all}")
        };
        let rest = "    effect    = \"Deny\"\n    actions   = [\"s3:*\"]\n    resources = [\"*\"]";
        let blocks = |names| {
            let all = sids(names, &|sid| {
                format!("  statement {{\n    sid       = \"{sid}\"\n{rest}\n  }}\n")
            });
            let user = "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n";
            format!("data \"aws_iam_policy_document\" \"d\" {{\n{all}}}\n\n{user}")
        };
        let rest = "Effect = \"Deny\", Action = \"s3:*\", Resource = \"*\"";
        let encoded = |names| {
            let all = sids(names, &|sid| {
                format!("      {{ Sid = \"{sid}\", {rest} }},\n")
            });
            let head = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [\n";
            format!("{head}{all}    ]\n  }})\n}}\n")
        };
        for text in [
            &json as &dyn Fn([&'static str; 4]) -> String,
            &flow,
            &block,
            &blocks,
            &encoded,
        ] {
            assert_eq!(fixed_text(&RULE, &text(before), ""), text(after));
        }
    }

    #[test]
    fn what_is_never_there_at_once_can_have_one_name() {
        let text = |a: &str, b: &str, c: &str| {
            format!(
                "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
                 Version: '2012-10-17'\n        Statement:\n          - !If\n            - Prod\n            \
                 - {{Sid: {a}, Effect: Deny, Action: 's3:*', Resource: '*'}}\n            \
                 - {{Sid: {b}, Effect: Deny, Action: 's3:Get*', Resource: '*'}}\n          \
                 - {{Sid: {c}, Effect: Deny, Action: 's3:Put*', Resource: '*'}}\n"
            )
        };
        assert_eq!(
            fixed_text(&RULE, &text("a-b", "a-b", "c"), ""),
            text("aB", "aB", "c")
        );
        assert_eq!(
            fixed_text(&RULE, &text("a-b", "a-b", "aB"), ""),
            text("aB2", "aB3", "aB")
        );
    }

    #[test]
    fn those_with_variables_stay_apart_too() {
        let text = |a: &str, b: &str| {
            format!(
                "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
                 Version: '2012-10-17'\n        Statement:\n          \
                 - {{Sid: !Sub '{a}', Effect: Deny, Action: 's3:*', Resource: '*'}}\n          \
                 - {{Sid: !Sub '{b}', Effect: Deny, Action: 's3:Get*', Resource: '*'}}\n"
            )
        };
        for (a, after) in [
            ("${AppId}-read", "${AppId}read2"),
            ("${AppId}-rea.d", "${AppId}reaD"),
            ("${Other}-read", "${Other}read"),
        ] {
            let right = "${AppId}read";
            assert_eq!(fixed_text(&RULE, &text(a, right), ""), text(after, right));
        }
    }
}
