//! Finds actions that a list doesn't need.
//!
//! An action that is listed twice, or that a wildcard in the same list covers, changes nothing. It hides what the list
//! really says: whoever removes one of the two believes the permission is gone.
//!
//! An entry that matches no action at all is left to the rules on unknown actions.
//!
//! An action in a branch of `Fn::If` is compared with those that are always there, and with those of the same branch.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - lambda:CreateFunction
//!       - lambda:DeleteFunction
//!       - lambda:CreateFunction
//!     Resource: '*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:Get*"],
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - lambda:CreateFunction
//!       - lambda:DeleteFunction
//!     Resource: '*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:Get*"],
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```

use std::collections::{BTreeMap, HashMap};

use leastwise_model::{Item, Known, Level, List, Site, Statement};
use leastwise_policy::ActionPattern;
use leastwise_policy::action::redundant;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use crate::limits::BRANCHES_OF_A_LIST;
use crate::support::lists::stands_in;
use crate::{
    CommonCause, Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "redundant-action",
    group: Group::Actions,
    level: Level::Suggestion,
    since: "0.1.0",
    summary: "An action that is listed twice, or that a wildcard already covers",
    fix: FixKind::Safe,
    judges: Judges::Statement,
    equivalents: &[("access-analyzer", "REDUNDANT_ACTION")],
    scope: &[Scope::Statement(find)],
};

/// Items of a list with what they stand for.
type Listed<'a> = Vec<(&'a Item, &'a ActionPattern)>;

/// An action that another one in the list makes needless.
struct Redundant {
    at: Span,
    text: String,
    /// What covers it, and where.
    by: String,
    stays: Span,
    /// `Action` or `NotAction`, as it is written.
    element: String,
    /// The list's bytes.
    list: Span,
    /// The list and the item, where that stands in it as written.
    removal: Option<(NodeId, NodeId)>,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let lists = [&statement.action, &statement.not_action].into_iter();
    for list in lists.filter_map(Known::known) {
        let mut always: Listed = Vec::new();
        let mut branches: BTreeMap<&[(String, bool)], Listed> = BTreeMap::new();
        for item in &list.items {
            let Some(pattern) = &item.action else {
                continue;
            };
            // What stands for nothing is told by another rule, and what covers it is not its fault.
            if context.expand(item).is_empty() {
                continue;
            }
            match item.branch.as_slice() {
                [] => always.push((item, pattern)),
                branch => branches.entry(branch).or_default().push((item, pattern)),
            }
        }
        let unconditional = always.len();
        facts.extend(among(context, site, list, &always, 0));
        for branch in branches.into_values().take(BRANCHES_OF_A_LIST) {
            always.truncate(unconditional);
            always.extend(branch);
            facts.extend(among(context, site, list, &always, unconditional));
        }
    }
}

/// The redundant ones among `entries`, of those from `from` on.
fn among(
    context: &Context<'_>,
    site: &Site,
    list: &List,
    entries: &[(&Item, &ActionPattern)],
    from: usize,
) -> Vec<Redundant> {
    let patterns: Vec<&ActionPattern> = entries.iter().map(|(_, pattern)| *pattern).collect();
    let found = redundant(&patterns);
    let covers: HashMap<usize, usize> = found
        .iter()
        .map(|found| (found.entry, found.covered_by))
        .collect();
    let found = found.into_iter().filter_map(|found| {
        // A double of what a wildcard covers is covered by it, too, and told with it.
        let stays = covers.get(&found.covered_by).unwrap_or(&found.covered_by);
        let (item, pattern) = entries.get(found.entry)?;
        let (stays, by) = entries.get(*stays)?;
        // An alias can bring one and the same text twice; there is nothing to take out.
        if found.entry < from || item.node == stays.node {
            return None;
        }
        let is_written = stands_in(context.tree, item.list, item.node);
        Some(Redundant {
            at: context.item_span(item),
            text: pattern.text().to_owned(),
            by: by.text().to_owned(),
            stays: context.item_span(stays),
            element: context.tree.text(list.key).unwrap_or("Action").to_owned(),
            list: context.span(list.node),
            removal: is_written.then_some((item.list, item.node)),
            owner: context.owner(site).map(str::to_owned),
        })
    });
    found.collect()
}

impl Fact for Redundant {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (text, by, element) = (&self.text, &self.by, &self.element);
        let twice = text.eq_ignore_ascii_case(by);
        let (message, note) = match twice {
            true => (
                format!("`{text}` is listed twice in `{element}`."),
                match text == by {
                    true => "the first one",
                    false => "first listed here, in different case",
                },
            ),
            false => (
                format!("`{text}` is redundant: `{by}` covers it."),
                "covers it",
            ),
        };
        let (key, several, title) = match twice {
            true => (
                String::new(),
                format!("are listed twice in `{element}`."),
                "Remove the duplicates".to_owned(),
            ),
            false => (
                by.to_ascii_lowercase(),
                format!("are redundant: `{by}` covers them."),
                format!("Remove what {by} covers"),
            ),
        };
        let (help, help_of_several) = match twice {
            true => ("Remove one of the two.", "Remove the duplicates."),
            false => ("Remove it.", "Remove them."),
        };
        let finding = Finding::new(&RULE, self.at, message)
            .help(help)
            .owner(self.owner.as_deref())
            .action(text)
            .related(self.stays, note)
            .unnecessary()
            .same(CommonCause {
                within: self.list,
                key,
                name: format!("`{text}`"),
                several,
                help: help_of_several.to_owned(),
                details: Vec::new(),
                intro: "",
            });
        let Some((list, item)) = self.removal else {
            return finding;
        };
        finding
            .fix(format!("Remove {text}"), Safety::Safe, move |_| {
                Some(Fix::new(vec![Edit::RemoveItem { list, item }]))
            })
            .fix_of_several(title)
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    #[test]
    fn in_branches_only_beside_what_is_always_there() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action:
              - s3:GetObject
              - !If
                - Prod
                - - s3:PutObject
                  - s3:GetObject
                    ^^^^^^^^^^^^
                  - s3:PutObject
                  - sqs:*
                - - s3:PutObject
                    ^^^^^^^^^^^^
                  - s3:*
              - !If [Dev, s3:PutObject, s3:getobject]
              - sqs:SendMessage
              - !Sub '${Service}:*'
            Resource: '*'
          - {Effect: Allow, NotAction: ['iam:*', 'iam:Get*'], Resource: '*'}
                                                  ^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages,
            [
                "`s3:GetObject`, `s3:PutObject` and 1 more are listed twice in `Action`.",
                "`s3:PutObject` is redundant: `s3:*` covers it.",
                "`iam:Get*` is redundant: `iam:*` covers it.",
            ]
        );
    }

    #[test]
    fn an_exact_double_names_the_one_that_stays() {
        let text = "Version: '2012-10-17'\nStatement: {Effect: Deny, Action: ['s3:GetObject', 'S3:getObject'], Resource: '*'}\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        let levels: Vec<_> = findings
            .iter()
            .map(|finding| (finding.level, finding.unnecessary))
            .collect();
        assert_eq!(levels, [(Level::Suggestion, true)]);
        let related = &findings[0].related[0];
        assert_eq!(&text[related.span.range()], "s3:GetObject");
        assert_eq!(related.note, "first listed here, in different case");
        assert_eq!(
            fixed_text(&RULE, text, ""),
            text.replace("['s3:GetObject', 'S3:getObject']", "['s3:GetObject']")
        );
    }

    #[test]
    fn a_double_of_what_a_wildcard_covers_is_told_with_it() {
        let text = "Version: '2012-10-17'\nStatement: {Effect: Deny, Action: ['s3:GetObject', 'S3:getObject', 's3:Get*'], Resource: '*'}\n";
        let findings = Fixture::new(text, "").findings(&RULE);
        let messages: Vec<_> = findings.iter().map(|of| of.message.as_str()).collect();
        assert_eq!(
            messages,
            ["`s3:GetObject` and `S3:getObject` are redundant: `s3:Get*` covers them."]
        );
        assert_eq!(
            fixed_text(&RULE, text, ""),
            text.replace("['s3:GetObject', 'S3:getObject', 's3:Get*']", "['s3:Get*']")
        );
    }

    #[test]
    fn what_one_wildcard_covers_is_one_finding() {
        let text = "\
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject # one
      - s3:*
      - sqs:SendMessage
      - s3:PutObject
      - sqs:*
      - s3:ListBucket
    Resource: '*'
";
        let findings = Fixture::new(text, "").findings(&RULE);
        let messages: Vec<_> = findings.iter().map(|of| of.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`s3:GetObject`, `s3:PutObject` and 1 more are redundant: `s3:*` covers them.",
                "`sqs:SendMessage` is redundant: `sqs:*` covers it.",
            ]
        );
        assert_eq!(findings[0].related.len(), 3);
        assert_eq!(findings[0].fixes[0].title, "Remove what s3:* covers");
        let mended = "\
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:*
      - sqs:*
    Resource: '*'
";
        assert_eq!(fixed_text(&RULE, text, ""), mended);
    }

    #[test]
    fn what_stands_twice_in_one_list_is_one_finding() {
        let text = "\
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - s3:PutObject
      - s3:GetObject
      - s3:PutObject
      - s3:GetObject
    Resource: '*'
";
        let findings = Fixture::new(text, "").findings(&RULE);
        let messages: Vec<_> = findings.iter().map(|of| of.message.as_str()).collect();
        let said = "`s3:GetObject` and `s3:PutObject` are listed twice in `Action`.";
        assert_eq!(messages, [said]);
        assert_eq!(findings[0].fixes[0].title, "Remove the duplicates");
        let mended = text.replacen(
            "      - s3:GetObject\n      - s3:PutObject\n      - s3:GetObject\n",
            "",
            1,
        );
        assert_eq!(
            fixed_text(&RULE, text, ""),
            mended
                .replace("    Action:\n", "    Action:\n      - s3:GetObject\n")
                .replace(
                    "      - s3:PutObject\n      - s3:GetObject\n    Resource",
                    "      - s3:PutObject\n    Resource"
                )
        );
    }

    #[test]
    fn comments_of_the_others_stay() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      # reads\n      - s3:GetObject # one\n      - s3:ListBucket # two\n      - s3:GetObject # three\n    Resource: '*'\n";
        assert_eq!(
            fixed_text(&RULE, text, ""),
            text.replace("      - s3:GetObject # three\n", "")
        );
    }

    #[test]
    fn two_statements_are_two_lists() {
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement:\n  - {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::a/*'}\n  - {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'}\n",
            "",
        );
    }

    #[test]
    fn a_branch_of_one_action_has_no_fix() {
        let text = "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                    Statement:\n          - {Effect: Allow, Action: ['s3:*', !If [Prod, 's3:GetObject', !Ref AWS::NoValue]], Resource: '*'}\n";
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        assert_eq!((findings.len(), findings[0].fixes.len()), (1, 0));
    }
}
