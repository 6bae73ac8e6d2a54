//! Fixes in bulk: what they leave alone, and that they come to an end.

use std::sync::Arc;

use leastwise_syntax::{Format, Span};
use leastwise_workspace::Config;
use leastwise_workspace::files::{Files, NoFiles};

use crate::engine::Applied;
use crate::progress::Progress;
use crate::structure::missing_version::RULE;
use crate::{Finding, mend};

pub const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['*']";

/// A file with all its fixes, unsafe ones included.
pub fn mended(text: &str, path: &str) -> (String, Vec<Applied>) {
    let format = match path.rsplit('.').next() {
        Some("tf") => Format::Hcl,
        Some("json") => Format::Json,
        Some("jsonc") => Format::Jsonc,
        _ => Format::Yaml,
    };
    let config = Arc::new(Config::parse(CONFIG));
    let files: Arc<dyn Files> = Arc::new(NoFiles);
    mend(text, format, path, &config, &files, |_, _| true)
}

#[test]
fn nothing_is_built_on_what_recovery_has_guessed() {
    for (path, text) in [
        (
            "broken.yaml",
            "Resources:
  Fetch:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
            - arn:aws:iam::aws:policy/AmazonSQSFullAccess
        - Statement:
          - Effect: Allow
            Action:
              - sqs:SendMesage
            Resource: \"*\"
",
        ),
        (
            "open.json",
            r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sqs:CreateQueue",
      "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop*",
      "Condition": {
        "StringEquals": {
          "aws:Requ          ]
        ]
      },
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/team": "shop"
        }
      }
    }
  ]
}
"#,
        ),
    ] {
        let (after, applied) = mended(text, path);
        assert_eq!(after, text, "{applied:#?}");
        assert!(applied.is_empty(), "{applied:#?}");
    }
}

#[test]
fn what_is_whole_beside_something_broken_is_mended() {
    let text = "Resources:
  Broken:
    Type: AWS::SQS::Queue
    Properties:
        QueueName: shop
      Tags: []
  Whole:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: []
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: [sqs:*, sqs:SendMessage]
            Resource: '*'
";
    let (after, applied) = mended(text, "template.yaml");
    assert_eq!(
        after,
        text.replace("[sqs:*, sqs:SendMessage]", "[sqs:*]"),
        "{applied:#?}"
    );
}

fn finding(message: &str, owner: &str, others: u32) -> Finding {
    let finding = Finding::new(&RULE, Span::empty(0), message).owner(Some(owner));
    (0..others).fold(finding, |finding, at| {
        finding.related(Span::empty(at), "too")
    })
}

/// Whether a round that finds `before`, applies the fix of the first, and then finds `after` is taken back.
fn is_taken_back(progress: &mut Progress, before: &[Finding], after: &[Finding]) -> bool {
    progress.begin("before", 1, before, before.iter().take(1));
    let back = progress.without_effect(after);
    if let Some(back) = &back {
        assert_eq!((back.text.as_str(), back.applied), ("before", 1));
    }
    back.is_some()
}

#[test]
fn a_fix_that_leaves_its_finding_is_taken_back() {
    let one = || finding("a", "role", 0);
    let other = || finding("b", "role", 0);
    let of_another = || finding("a", "user", 0);
    for (before, after, wanted) in [
        (vec![one()], vec![], false),
        (vec![one()], vec![one()], true),
        (vec![one()], vec![other()], true),
        (vec![one()], vec![of_another()], false),
        (vec![one(), other()], vec![other()], false),
        (
            vec![finding("a", "role", 2)],
            vec![finding("c", "role", 1)],
            false,
        ),
        (
            vec![finding("a", "role", 2)],
            vec![finding("c", "role", 2)],
            true,
        ),
    ] {
        let mut progress = Progress::default();
        let back = is_taken_back(&mut progress, &before, &after);
        assert_eq!(back, wanted, "{before:?} {after:?}");
        assert_eq!(progress.is_given_up(&before[0]), wanted);
        assert!(!progress.is_given_up(&finding("a", "another", 0)));
        assert!(progress.without_effect(&[]).is_none());
    }
}

#[test]
fn fixes_that_bring_back_each_others_findings_come_to_an_end() {
    let mut progress = Progress::default();
    let one = || finding("a", "role", 0);
    // Another rule's fix brings it back each time.
    for _ in 0..3 {
        assert!(!is_taken_back(&mut progress, &[one()], &[]));
    }
    assert!(progress.is_given_up(&one()));
    // Many of a kind are no such thing.
    let mut progress = Progress::default();
    for left in (0..5).rev() {
        let of = |count| (0..count).map(|_| one()).collect::<Vec<_>>();
        assert!(!is_taken_back(&mut progress, &of(left + 1), &of(left)));
    }
    assert!(!progress.is_given_up(&one()));
}

#[test]
fn what_fails_among_others_is_tried_alone() {
    let mut progress = Progress::default();
    let two = || [finding("a", "role", 0), finding("b", "user", 0)];
    let [one, other] = two();
    progress.begin("before", 0, &two(), two().iter());
    assert!(progress.without_effect(&two()[1..]).is_some());
    assert!(!progress.is_suspect(&one) && progress.is_suspect(&other));
    assert!(!progress.is_given_up(&one) && !progress.is_given_up(&other));
    assert!(!is_taken_back(&mut progress, &two(), &two()[1..]));
    assert!(is_taken_back(&mut progress, &two()[1..], &two()[1..]));
    assert!(!progress.is_given_up(&one) && progress.is_given_up(&other));
    // One of several that mends what others have brought is no less than it was.
    let mut progress = Progress::default();
    let three = || {
        [
            finding("a", "role", 0),
            finding("b", "role", 0),
            finding("c", "role", 0),
        ]
    };
    progress.begin("before", 0, &three(), three().iter().take(2));
    assert!(progress.without_effect(&three()[1..]).is_some());
    assert!(!progress.is_suspect(&three()[0]) && progress.is_suspect(&three()[1]));
}
