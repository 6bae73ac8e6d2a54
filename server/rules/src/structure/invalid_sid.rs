//! Finds a `Sid` with characters that it can't have.
//!
//! In policies of IAM a `Sid` is made of letters and digits; with a space, a hyphen or any other character AWS refuses
//! the policy. Resource policies of most services take more.
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

use std::borrow::Cow;
use std::ops::Range;

use leastwise_model::text::Part;
use leastwise_model::{Level, Site, SiteKind, Statement};
use leastwise_policy::elements::bad_sid_character;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::{policy_kind, with_article};
use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-sid",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `Sid` with characters that it can't have",
    fix: FixKind::Safe,
    equivalents: &[
        ("access-analyzer", "UNSUPPORTED_SID"),
        ("parliament", "INVALID_SID"),
        ("cfn-lint", "E3510"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A `Sid` with characters that it can't have.
struct Invalid {
    at: Span,
    kind: SiteKind,
    /// The first of them.
    first: char,
    /// The parts of the text that have some: ranges of scalars.
    parts: Vec<(NodeId, Range<usize>)>,
    /// Whether there is no other part.
    whole: bool,
    statement: NodeId,
    key: Option<NodeId>,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let (Some(kind), Some(sid)) = (policy_kind(site.kind), statement.sid.known()) else {
        return;
    };
    let bad = sid.parts.iter().filter_map(|part| {
        let Part::Literal { node, start, end } = part else {
            return None;
        };
        let range = *start as usize..*end as usize;
        let text = context.tree.text(*node)?.get(range.clone())?;
        let (_, first) = bad_sid_character(kind, text)?;
        Some((first, (*node, range)))
    });
    let (firsts, parts): (Vec<char>, Vec<_>) = bad.unzip();
    let Some(first) = firsts.first() else {
        return;
    };
    facts.push(Invalid {
        at: context.text_span(sid),
        kind: site.kind,
        first: *first,
        parts,
        whole: sid.parts.len() == 1,
        statement: statement.node,
        key: statement.element("Sid").map(|element| element.key),
        owner: context.owner(site).map(str::to_owned),
    });
}

impl Fact for Invalid {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let what = match self.first {
            ' ' => "a space".to_owned(),
            other => format!("`{}`", other.escape_debug()),
        };
        let message = format!(
            "The `Sid` of {} can only have letters and digits; {what} makes AWS refuse the policy.",
            with_article(self.kind)
        );
        let (parts, whole) = (self.parts.clone(), self.whole);
        let (mapping, key) = (self.statement, self.key);
        let title = "Remove the characters that a Sid can't have";
        Finding::new(&RULE, self.at, message)
            .help("Remove the other characters.")
            .owner(self.owner.as_deref())
            .fix(title, Safety::Safe, move |context| {
                let mut edits = Vec::new();
                for (node, range) in &parts {
                    let text = context.tree.text(*node)?.get(range.clone())?;
                    if whole && !text.contains(|c: char| c.is_ascii_alphanumeric()) {
                        return Some(Fix::new(vec![Edit::RemovePair { mapping, key: key? }]));
                    }
                    let Some((part, text)) = correction(text) else {
                        continue;
                    };
                    let part = range.start + part.start..range.start + part.end;
                    let node = *node;
                    edits.push(Edit::SetPart { node, part, text });
                }
                Some(Fix::new(edits))
            })
    }
}

/// A `Sid` as the fix leaves it, in a policy of a kind.
pub(super) fn corrected(kind: SiteKind, sid: &str) -> Cow<'_, str> {
    let is_bad = policy_kind(kind).is_some_and(|kind| bad_sid_character(kind, sid).is_some());
    let mut text = Cow::Borrowed(sid);
    if is_bad && let Some((part, with)) = correction(sid) {
        text.to_mut().replace_range(part, &with);
    }
    text
}

/// What takes the place of a text from its first other character to the letter behind its last one: they go, and where a word
/// begins behind them, its letter becomes a capital. One edit, however many they are.
fn correction(text: &str) -> Option<(Range<usize>, String)> {
    let start = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let mut corrected = String::new();
    let mut bad: Option<Range<usize>> = None;
    // Where the text is again as it was, and how much of the corrected one is meant for what is before that.
    let mut settled = (start, 0);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < start) {
        let end = at + c.len_utf8();
        if !c.is_ascii_alphanumeric() {
            bad = Some(bad.map_or(at, |range| range.start)..end);
            settled = (end, corrected.len());
            continue;
        }
        match bad.take() {
            // `shop's` is one word.
            Some(range) if range.start > 0 && text.get(range.clone()) != Some("'") => {
                corrected.push(c.to_ascii_uppercase());
                settled = (end, corrected.len());
            }
            _ => corrected.push(c),
        }
    }
    let (end, length) = settled;
    corrected.truncate(length);
    Some((start..end, corrected))
}

#[cfg(test)]
mod tests {
    use super::{RULE, correction};
    use crate::tests::fixture::{check, mend};

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
            "The `Sid` of a trust policy can only have letters and digits; `-` makes AWS refuse the policy."
        );
    }

    #[test]
    fn words_stay_apart() {
        let correct = |text: &str| {
            let mut text = text.to_owned();
            let (range, with) = correction(&text).expect("something to correct");
            text.replace_range(range, &with);
            text
        };
        for (before, after) in [
            ("read-all data", "readAllData"),
            (" Read", "Read"),
            ("Read ", "Read"),
            ("a__b", "aB"),
            ("Ünicode", "nicode"),
            ("-x", "x"),
            ("v1.2", "v12"),
            ("shop's data-set all", "shopsDataSetAll"),
            ("Shop's", "Shops"),
            ("Äußer", "uEr"),
            ("--", ""),
        ] {
            assert_eq!(correct(before), after, "{before}");
        }
        let all = "-a".repeat(1000);
        assert_eq!(correct(&all), format!("a{}", "A".repeat(999)));
        let (range, with) = correction("ReadAll-data of mine").unwrap();
        assert_eq!((range, with.as_str()), (7..17, "DataOfM"));
    }

    #[test]
    fn nothing_but_bad_characters_takes_it_away() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Sid: '--'\n    Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n";
        let after = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n";
        assert_eq!(mend(&RULE, text, ""), after);
    }

    #[test]
    fn the_variables_of_a_sub_stay() {
        let text = "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                    Statement:\n          - {Sid: !Sub '${AppId}-read', Effect: Deny, Action: 's3:*', Resource: '*'}\n";
        assert_eq!(mend(&RULE, text, ""), text.replace("-read", "read"));
    }
}
