//! Fixes in bulk: what they leave alone, and that they come to an end.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::NoFiles;
use leastwise_syntax::{Format, Span};
use leastwise_workspace::analysis::index::IndexedFiles;

use crate::engine::Applied;
use crate::progress::Progress;
use crate::structure::missing_version::RULE;
use crate::{Finding, FixedFile, Safety, apply_fixes};

pub const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['*']";

/// A file with all its fixes, unsafe ones included.
pub fn mended(text: &str, path: &str) -> (String, Vec<Applied>) {
    let mended = worked_out(text, path);
    assert!(!mended.is_cut_off);
    (mended.text, mended.applied)
}

/// As [`mended`], with how it came to that.
pub fn worked_out(text: &str, path: &str) -> FixedFile {
    of_safety(text, path, Safety::Manual)
}

/// A file with all its fixes that are as safe as this, or safer.
pub fn of_safety(text: &str, path: &str, most: Safety) -> FixedFile {
    let format = match path.rsplit('.').next() {
        Some("tf") => Format::Hcl,
        Some("json") => Format::Json,
        Some("jsonc") => Format::Jsonc,
        _ => Format::Yaml,
    };
    let config = Arc::new(Config::parse(CONFIG));
    let files: Arc<dyn IndexedFiles> = Arc::new(NoFiles);
    apply_fixes(text, format, path, &config, &files, |_, fix| {
        fix.safety <= most
    })
}

#[test]
fn a_safe_fix_takes_no_comment_along_in_bulk() {
    let list = |comment: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - s3:GetObject\n      - s3:GetObject{comment}\n    Resource: '*'\n"
        )
    };
    let after = |text: &str, most| of_safety(text, "shop.yaml", most).text;
    let text = list(" # for the reports");
    assert_eq!(after(&text, Safety::Safe), text);
    let mended = after(&list(""), Safety::Safe);
    assert_eq!(mended.matches("s3:GetObject").count(), 1, "{mended}");
    let mended = after(&text, Safety::Unsafe);
    assert_eq!(mended.matches("s3:GetObject").count(), 1, "{mended}");
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

#[test]
fn each_place_of_a_finding_gets_its_own_fix() {
    let yaml = "\
Version: '2012-10-17'
Statement:
  - Sid: Never
    Effect: Deny
    Action: [s3:ListObjects, s3:ListBucket]
    Resource: '*'
  - Sid: List
    Effect: Allow
    Action: [s3:ListObjects, s3:ListBucket] # lists
    Resource: 'arn:aws:s3:::b'
";
    let json = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Deny", "Action": ["s3:ListObjects", "s3:ListBucket"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["s3:ListObjects", "s3:ListBucket"], "Resource": "arn:aws:s3:::b"}
  ]
}
"#;
    let hcl = "\
data \"aws_iam_policy_document\" \"p\" {
  statement {
    effect    = \"Deny\"
    actions   = [\"s3:ListObjects\", \"s3:ListBucket\"]
    resources = [\"*\"]
  }
  statement {
    actions   = [\"s3:ListObjects\", \"s3:ListBucket\"]
    resources = [\"arn:aws:s3:::b\"]
  }
}
";
    for (path, text, gone) in [
        ("policy.yaml", yaml, "s3:ListObjects, "),
        ("policy.json", json, "\"s3:ListObjects\", "),
        ("main.tf", hcl, "\"s3:ListObjects\", "),
    ] {
        let safe = of_safety(text, path, Safety::Safe);
        let at = text.rfind(gone).expect("the last");
        let wanted = format!("{}{}", &text[..at], &text[at + gone.len()..]);
        assert_eq!(safe.text, wanted);
        assert!(!safe.is_cut_off);
        // Nothing is left to do.
        assert_eq!(of_safety(&wanted, path, Safety::Unsafe).text, wanted);
    }
}

fn finding(message: &str, owner: &str, others: u32) -> Finding {
    let finding = Finding::new(&RULE, Span::empty(0), message).owner(Some(owner));
    (0..others).fold(finding, |finding, at| {
        finding.related(Span::empty(at), "too")
    })
}

/// Whether a round that finds `before`, applies the fix of the first, and then finds `after` is taken back.
fn is_taken_back(progress: &mut Progress, before: &[Finding], after: &[Finding]) -> bool {
    progress.begin("before", 1, before, before.iter().take(1), false);
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
        // What is of one name is told in the same words of fewer places.
        (
            vec![finding("a", "role", 1)],
            vec![finding("a", "role", 0)],
            false,
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
    progress.begin("before", 0, &two(), two().iter(), false);
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
    progress.begin("before", 0, &three(), three().iter().take(2), false);
    assert!(progress.without_effect(&three()[1..]).is_some());
    assert!(!progress.is_suspect(&three()[0]) && progress.is_suspect(&three()[1]));
}

#[test]
fn one_that_fails_among_many_is_found_by_halves() {
    const MANY: usize = 256;
    let all = || (0..MANY).map(|at| finding(&format!("{at:03}"), "role", 0));
    for culprit in [0, 77, MANY - 1] {
        let mut progress = Progress::default();
        let mut left: Vec<Finding> = all().collect();
        let mut rounds = 0;
        loop {
            assert!(rounds < 40, "{culprit}");
            let open = |of: &&Finding| !progress.is_given_up(of);
            let mut taken: Vec<&Finding> = left.iter().filter(open).collect();
            taken.retain(|of| !progress.is_suspect(of));
            let is_part = taken.is_empty();
            if is_part {
                let Some(_) = progress.is_alone() else { break };
                let of_part = |of: &&Finding| progress.is_of_part(of);
                taken = left.iter().filter(open).filter(of_part).collect();
            }
            if taken.is_empty() {
                progress.end_part();
                continue;
            }
            rounds += 1;
            progress.begin("before", 0, &left, taken.iter().copied(), is_part);
            // It brings another of its rule.
            let stays = |of: &Finding| of.message == format!("{culprit:03}");
            let mended = |of: &Finding| taken.iter().any(|taken| taken.message == of.message);
            let mut after: Vec<Finding> = Vec::new();
            for of in left.iter() {
                match (mended(of), stays(of)) {
                    (true, true) => after.push(finding("another", "role", 0)),
                    (true, false) => {}
                    (false, _) => after.push(finding(&of.message, "role", 0)),
                }
            }
            if progress.without_effect(&after).is_none() {
                left = after;
            }
        }
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0].message, format!("{culprit:03}"));
    }
}

#[test]
fn of_very_many_findings_the_first_and_the_worst_are_told() {
    use leastwise_model::Level;
    let mut found = crate::rule::Findings::default();
    let of = |level: Level| finding("a", "role", 0).level(level);
    for _ in 0..50_010 {
        found.push(of(Level::Warning));
    }
    for _ in 0..5 {
        found.push(of(Level::Error));
    }
    let found = found.into_vec();
    let left_out: usize = found.iter().map(|finding| finding.left_out).sum();
    assert_eq!((found.len(), left_out), (50_001, 14));
    assert_eq!(found[50_000].level, Level::Error);
}

/// The kinds of a rule's first fixes in a text, by name.
fn kinds(rule: &'static crate::Rule, text: &str) -> Vec<&'static str> {
    let fixture = crate::tests::fixture::Fixture::new(text, CONFIG);
    let findings = fixture.findings(rule);
    let fixes = findings.iter().filter_map(|finding| finding.fixes.first());
    fixes.map(|fix| fix.safety.name()).collect()
}

#[test]
fn no_counterpart_comes_without_the_conditions_by_the_way() {
    let rule = &crate::deploy::missing_delete_counterpart::RULE;
    let policy = |action: &str, resource: &str, condition: &str| {
        format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: {action}
    Resource: '{resource}'
    Condition: {{{condition}}}
"
        )
    };
    let tag = "StringEquals: {aws:RequestTag/app: shop}";
    let queue = "arn:aws:sqs:eu-west-1:111111111111:shop-*";
    // A delete brings no tags along: what it is for has them.
    let text = policy("sqs:CreateQueue", queue, tag);
    assert_eq!(kinds(rule, &text), ["unsafe"]);
    let after = crate::tests::fixture::fixed_text(rule, &text, CONFIG);
    assert_eq!(after.matches("aws:ResourceTag/app").count(), 1, "{after}");
    let negated = "StringNotEquals: {aws:RequestTag/app: shop}";
    let text = policy("sqs:CreateQueue", queue, negated);
    assert_eq!(kinds(rule, &text), ["manual"]);
    // What holds for any call is kept: in the statement itself, or copied.
    for condition in [
        "Bool: {aws:MultiFactorAuthPresent: 'true'}",
        "StringEquals: {aws:PrincipalTag/team: shop}",
        "IpAddress: {aws:SourceIp: 203.0.113.0/24}",
    ] {
        let text = policy("sqs:CreateQueue", queue, condition);
        assert_eq!(kinds(rule, &text), ["unsafe"], "{condition}");
        let after = crate::tests::fixture::fixed_text(rule, &text, CONFIG);
        assert_eq!(after.matches("Effect").count(), 1, "{after}");
        let text = policy(
            "[rds:CreateDBSubnetGroup, cloudfront:CreateOriginAccessControl]",
            "*",
            condition,
        );
        let after = crate::tests::fixture::fixed_text(rule, &text, CONFIG);
        let statements = after.matches("Effect").count();
        assert_eq!(after.matches("Condition").count(), statements, "{after}");
    }
}

#[test]
fn what_is_ignored_is_not_taken_along() {
    let text = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - s3:CreateJob # leastwise: ignore[action-resource-mismatch] dead on purpose
      - sqs:ListQueues
    Resource: arn:aws:s3:::shop-data/*
";
    let (after, _) = mended(text, "shop.yaml");
    let (own, apart) = after.rsplit_once("- Effect").expect("a statement");
    assert!(
        own.contains("- s3:CreateJob # leastwise: ignore"),
        "{after}"
    );
    assert!(
        apart.contains("sqs:ListQueues") && !apart.contains("CreateJob"),
        "{after}"
    );
    let alone = text.replace("      - sqs:ListQueues\n", "");
    assert_eq!(mended(&alone, "shop.yaml").0, alone);
}

#[test]
fn many_fixes_of_one_policy_are_all_applied_and_take_no_more_rounds() {
    let rounds = |count: usize| {
        let statement = |at: usize| {
            format!(
                "  - Effect: Allow
    Action: ['s3:GetObjec', 's3:PutObject', 's3:PutObject']
    Resource: ['arn:aws:s3:::shop-{at}/*', 'arn:aws:sqs:eu-west-1:111111111111:shop-{at}']
"
            )
        };
        let statements: String = (0..count).map(statement).collect();
        let text = format!("Version: '2012-10-17'\nStatement:\n{statements}");
        let mended = worked_out(&text, "shop.yaml");
        assert!(!mended.is_cut_off);
        let after = mended.text;
        assert_eq!(after.matches("s3:GetObject'").count(), count);
        assert_eq!(after.matches("s3:PutObject'").count(), count);
        assert_eq!(after.matches(":sqs:").count(), 0);
        assert_eq!(worked_out(&after, "shop.yaml").text, after);
        mended.rounds
    };
    assert_eq!(rounds(10), rounds(100));
}

#[test]
fn sids_that_are_the_same_without_their_signs_take_no_more_rounds() {
    let rounds = |count: usize| {
        let statement = |at: usize| {
            format!(
                "  - {{Sid: a{}b, Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::shop-{at}/*'}}\n",
                "-".repeat(1 + at % 10)
            )
        };
        let statements: String = (0..count).map(statement).collect();
        let mended = worked_out(
            &format!("Version: '2012-10-17'\nStatement:\n{statements}"),
            "shop.yaml",
        );
        let sids = mended.text.split("Sid: ").skip(1);
        let sids: std::collections::HashSet<&str> =
            sids.filter_map(|of| of.split(',').next()).collect();
        assert_eq!(sids.len(), count, "{}", mended.text);
        mended.rounds
    };
    let (few, many) = (rounds(20), rounds(100));
    assert!(few <= 4 && few == many, "{few}, then {many}");
}

/// A fix of one edit.
fn fix_of(edit: &leastwise_syntax::write::TextEdit) -> crate::ResolvedFix {
    crate::ResolvedFix {
        title: String::new(),
        safety: crate::Safety::Safe,
        adds: Vec::new(),
        removes: Vec::new(),
        notes: Vec::new(),
        lost_comments: 0,
        edits: vec![edit.clone()],
        also_for: None,
        reaches_other_resources: false,
        statements: Vec::new(),
        apart: Vec::new(),
    }
}

#[test]
fn names_are_written_together_and_other_edits_one_by_one() {
    let text = "Version: '2012-10-17'
Statement:
  - {Effect: Allow, Action: 'sqs:SendMessag', Resource: '*'}
  - {Effect: Allow, Action: 'sns:Publis', Resource: '*'}
";
    let fixture = crate::tests::fixture::Fixture::new(text, "");
    let context = fixture.context();
    let edit = |word: &str, new: &str| {
        let at = text.find(word).expect("it") as u32;
        let text = new.to_owned();
        leastwise_syntax::write::TextEdit {
            span: Span::new(at, at + word.len() as u32),
            text,
        }
    };
    let (name, entry) = (
        &crate::actions::unknown_action::RULE,
        &crate::actions::redundant_action::RULE,
    );
    let takes = |first: (&crate::Rule, &_), second: (&crate::Rule, &_)| {
        let mut taken = crate::round::Taken::of(&context);
        let mut take = |(rule, edit): (&crate::Rule, &leastwise_syntax::write::TextEdit)| {
            taken.take(rule, &fix_of(edit))
        };
        assert!(take(first));
        take(second)
    };
    let (one, other) = (edit("SendMessag", "SendMessage"), edit("Publis", "Publish"));
    assert!(takes((name, &one), (name, &other)));
    assert!(!takes((name, &one), (name, &one)));
    // What one rule removes hangs together with nothing in another statement; with what others do there it may.
    let (gone, beside) = (edit("'sqs:SendMessag'", ""), edit("'sns:Publis'", ""));
    assert!(takes((entry, &gone), (entry, &beside)));
    assert!(takes((entry, &gone), (name, &other)));
    assert!(takes((name, &other), (entry, &gone)));
    for hangs in [(entry, &one), (entry, &gone)] {
        assert!(!takes((entry, &gone), hangs));
    }
    let missing = &crate::deploy::missing_delete_counterpart::RULE;
    assert!(!takes((missing, &gone), (name, &other)));
    assert!(!takes((name, &other), (missing, &gone)));
    // A statement that comes behind another.
    let behind = edit("\n  - {Effect: Allow, Action: 'sns", "\n  - {}\n");
    assert!(!takes((entry, &behind), (entry, &beside)));
}

#[test]
fn of_several_candidates_the_only_one_that_works_there() {
    let policy = |action: &str, resource: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"{resource}\"}}]}}\n"
        )
    };
    let roles = "arn:aws:iam::111111111111:role/shop-x";
    for (action, resource, after) in [
        (
            "iam:GetPolicies",
            "arn:aws:iam::111111111111:policy/shop-x",
            "iam:GetPolicy",
        ),
        // Both may work, and neither.
        ("iam:GetPolicies", "*", "iam:GetPolicies"),
        ("iam:GetPolicies", "arn:aws:s3:::shop-x", "iam:GetPolicies"),
        // What works there isn't plainly meant.
        ("iam:AttachPolicy", roles, "iam:AttachPolicy"),
        (
            "s3:GetObjectTag",
            "arn:aws:s3:::shop-x/*",
            "s3:GetObjectTag",
        ),
    ] {
        let mended = of_safety(&policy(action, resource), "a.json", Safety::Unsafe);
        assert_eq!(mended.text, policy(after, resource), "{action} {resource}");
    }
}

#[test]
fn of_very_many_ignores_that_match_nothing_the_first_are_told() {
    let line = "# leastwise: ignore[wildcard-resource]\n";
    let text = line.repeat(50_010)
        + "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*'}\n";
    let fixture =
        crate::tests::fixture::Fixture::new(&text, "[rules]\nunused-ignore = 'warning'\n");
    let found = crate::check(&fixture.context());
    let unused = found
        .iter()
        .filter(|finding| finding.rule.id == "unused-ignore");
    let left_out: usize = found.iter().map(|finding| finding.left_out).sum();
    assert_eq!((unused.count(), left_out), (50_000, 10));
}
