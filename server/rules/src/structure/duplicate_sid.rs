//! Finds a `Sid` that several statements of a policy share.
//!
//! AWS rejects an identity policy or a boundary with two statements with the same `Sid`. Other policies may be
//! accepted, but a log then doesn't tell which of the statements it refers to.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Sid: Read
//!     Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!   - Sid: Read
//!     Effect: Allow
//!     Action: dynamodb:GetItem
//!     Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Sid: Read
//!     Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!   - Sid: Read2
//!     Effect: Allow
//!     Action: dynamodb:GetItem
//!     Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders
//! ```

use leastwise_model::{Level, Policy, Site, SiteKind};
use leastwise_syntax::Span;

use super::sids::{Loss, SidPlace, faults};
use super::{is_of_blocks, with_article};
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "duplicate-sid",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `Sid` that several statements of a policy share",
    fix: FixKind::Safe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "UNIQUE_SIDS_REQUIRED"),
        ("access-analyzer", "UNIQUE_SIDS_RECOMMENDED"),
        ("parliament", "DUPLICATE_SID"),
        ("iam-policy-validator", "sid_uniqueness"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A `Sid` that an earlier statement has.
struct Twice {
    at: Span,
    first: Option<Span>,
    /// Who takes it ill.
    reader: ReadBy,
    kind: SiteKind,
    place: SidPlace,
    owner: Option<String>,
}

#[derive(Clone, Copy)]
enum ReadBy {
    /// The tool that deploys the file, of its data source.
    Dialect,
    /// AWS, of what IAM keeps.
    Aws,
    /// Whoever reads a log.
    People,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    for fault in faults(context, site, policy) {
        let Some(first) = fault.first else {
            continue;
        };
        facts.push(Twice {
            at: context.text_span(fault.text),
            first: first.sid.known().map(|text| context.text_span(text)),
            reader: reader(context, site),
            kind: site.kind,
            place: fault.place,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

fn reader(context: &Context<'_>, site: &Site) -> ReadBy {
    // Who reads the blocks asks for that whatever the policy is for.
    match site.kind {
        _ if is_of_blocks(context, site) => ReadBy::Dialect,
        SiteKind::Identity | SiteKind::Boundary => ReadBy::Aws,
        _ => ReadBy::People,
    }
}

impl Fact for Twice {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let (message, level) = match self.reader {
            ReadBy::Dialect => (
                format!(
                    "Another statement has the same `Sid`: {}.",
                    context.analysis.dialect.tool().rejects()
                ),
                RULE.level,
            ),
            ReadBy::Aws => (
                format!(
                    "Another statement has the same `Sid`: AWS rejects that in {}.",
                    with_article(self.kind)
                ),
                RULE.level,
            ),
            ReadBy::People => (
                "Another statement has the same `Sid`: it identifies neither statement.".to_owned(),
                Level::Warning,
            ),
        };
        let mut finding = Finding::new(&RULE, self.at, message)
            .level(level)
            .help("Give each statement a unique `Sid`.")
            .owner(self.owner.as_deref());
        if let Some(first) = self.first {
            finding = finding.related(first, "the first statement with this `Sid`");
        }
        finding
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Some(cure) = self.place.cure(context) else {
            return Vec::new();
        };
        // What it can't have goes along.
        let safety = match cure.loss {
            Loss::Signs => Safety::Safe,
            Loss::Words => Safety::Manual,
            Loss::Whole => return Vec::new(),
        };
        let title = "Add a number to the Sid";
        vec![LazyFix::new(title, safety, move |_| {
            Some(Fix::new(cure.edits.clone()))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    #[test]
    fn in_branches_only_where_both_are_there() {
        check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Sid: Read, Effect: Allow, Action: s3:GetObject, Resource: '*'}
          - !If
            - Prod
            - {Sid: Write, Effect: Allow, Action: s3:PutObject, Resource: '*'}
            - {Sid: Write, Effect: Allow, Action: s3:*, Resource: '*'}
          - !If
            - Dev
            - {Sid: Write, Effect: Allow, Action: s3:PutObject, Resource: '*'}
            - {Sid: Read, Effect: Allow, Action: s3:List*, Resource: '*'}
                    ^^^^
          - !If
            - Prod
            - {Sid: Write, Effect: Allow, Action: s3:List*, Resource: '*'}
                    ^^^^^
            - !Ref AWS::NoValue
"#,
            "",
        );
    }

    #[test]
    fn in_two_policies_it_is_none() {
        check(
            &RULE,
            r#"
[
  {"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]},
  {"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
]
"#,
            "",
        );
    }

    #[test]
    fn resource_policies_are_only_warned_of() {
        let text = "Version: '2012-10-17'\nStatement:\n  - {Sid: A, Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: '*'}\n  \
                    - {Sid: A, Effect: Allow, Principal: '*', Action: s3:PutObject, Resource: '*'}\n";
        assert_eq!(
            Fixture::new(text, "").findings(&RULE)[0].level,
            Level::Warning
        );
    }

    #[test]
    fn documents_of_terraform_are_refused_whatever_they_are_for() {
        let statement = |sid: &str| {
            format!(
                "  statement {{\n    sid     = \"{sid}\"\n    actions = [\"s3:GetObject\"]\n    principals {{\n      type        = \"*\"\n      identifiers = [\"*\"]\n    }}\n  }}\n"
            )
        };
        let text = |second: &str| {
            let (a, b) = (statement("A"), statement(second));
            format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n{a}{b}}}\n\nresource \"aws_s3_bucket_policy\" \"b\" {{\n  bucket = \"b\"\n  policy = data.aws_iam_policy_document.d.json\n}}\n"
            )
        };
        let fixture = Fixture::new(&text("A"), "");
        assert_eq!(fixture.findings(&RULE)[0].level, Level::Error);
        assert_eq!(fixed_text(&RULE, &text("A"), ""), text("A2"));
    }

    #[test]
    fn numbers_go_on() {
        let policy = |sids: [&str; 4]| {
            let mut text = String::from("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n");
            for sid in sids {
                text += &format!(
                    "    {{\"Sid\": \"{sid}\", \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}},\n"
                );
            }
            text.truncate(text.len() - 2);
            text + "\n  ]\n}\n"
        };
        assert_eq!(
            fixed_text(&RULE, &policy(["A", "A", "A2", "A"]), ""),
            policy(["A", "A3", "A2", "A4"])
        );
        assert_eq!(
            fixed_text(&RULE, &policy(["S1", "S1", "S2", "1"]), ""),
            policy(["S1", "S3", "S2", "1"])
        );
    }

    #[test]
    fn what_a_sid_can_not_have_goes_with_it() {
        let policy = |sids: [&str; 3]| {
            let statement = |sid| {
                format!("  - {{Sid: {sid}, Effect: Allow, Action: s3:GetObject, Resource: '*'}}\n")
            };
            let statements: String = sids.into_iter().map(statement).collect();
            format!("Version: '2012-10-17'\nStatement:\n{statements}")
        };
        assert_eq!(
            fixed_text(&RULE, &policy(["a-b", "a-b", "aB2"]), ""),
            policy(["a-b", "aB3", "aB2"])
        );
    }

    #[test]
    fn a_statement_that_an_alias_repeats_has_no_fix() {
        let text = "Version: '2012-10-17'\nStatement:\n  - &read\n    Sid: Read\n    Effect: Deny\n    Action: s3:GetObject\n    Resource: '*'\n  - *read\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        assert_eq!((findings.len(), findings[0].fixes.len()), (1, 0));
    }
}
