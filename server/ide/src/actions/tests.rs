//! Actions for many findings at once, and ignoring in every syntax.

use std::sync::Arc;

use leastwise_syntax::{Format, Span};

use super::title::brief;
use crate::testing::{CONFIG, apply, file, fixture, template};
use crate::{ActionKind, CodeAction, Config, File};

/// The actions of a whole file whose titles begin so.
fn titled(file: &mut File, title: &str) -> Vec<CodeAction> {
    let all = Span::new(0, file.text().len() as u32);
    let mut actions = file.code_actions(all);
    actions.retain(|action| action.title.starts_with(title));
    actions
}

fn after(file: &mut File, action: &CodeAction) -> String {
    let edits = file
        .resolve_action(&action.id)
        .unwrap_or_else(|| panic!("{action:?} does nothing"));
    apply(file.text(), &edits)
}

/// The findings of a text: codes, with what is marked.
fn found(text: &str) -> Vec<(&'static str, String)> {
    let mut file = file(text);
    let found = file.diagnostics();
    let marked = |span: Span| text.get(span.range()).unwrap_or_default().to_owned();
    let found = found.iter();
    found.map(|one| (one.code, marked(one.span))).collect()
}

#[test]
fn a_title_names_the_action_and_leaves_the_arn_to_the_edit() {
    assert_eq!(
        brief("sqs:SendMessage outside arn:aws:sqs:eu-west-1:111111111111:shop-*"),
        "sqs:SendMessage elsewhere"
    );
    assert_eq!(brief("sqs:SendMessage"), "sqs:SendMessage");
}

/// Two slips in names, one finding that no safe fix mends, and comments.
const SLIPS: &str = "# the app
Version: '2012-10-17'
Statement:
  - Effect: Allow # reading
    Action:
      - sqs:ListQueus
      - s3:GetObjct
      - s3:GetObjekt # which?
    Resource: '*'
  - Effect: deny
    Action: sqs:ListQueues
    Resource: *
";

#[test]
fn all_safe_fixes_of_a_file_are_one_action() {
    let mut file = file(SLIPS);
    let (action, edits) = file.fix_all().expect("there are some");
    assert_eq!(action.kind, ActionKind::FixAll);
    let after = apply(SLIPS, &edits);
    let codes = |text: &str| {
        found(text)
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
    };
    assert!(codes(SLIPS).contains(&"unquoted-star"));
    assert!(!codes(&after).contains(&"unquoted-star"), "{after}");
    // A name that AWS doesn't have grants nothing: to write another one grants something.
    assert!(after.contains("- sqs:ListQueus\n"), "{after}");
    assert!(
        after.contains("# the app") && after.contains("# which?"),
        "{after}"
    );
    assert_eq!(file.resolve_action(&action.id), Some(edits.clone()));
    // No line is touched that stays as it is.
    for edit in &edits {
        let old = SLIPS.get(edit.span.range()).unwrap_or_default();
        assert!(
            old.lines()
                .all(|line| !after.contains(&format!("{line}\n"))),
            "{old}"
        );
    }
    assert!(self::file(&after).fix_all().is_none(), "{after}");
}

/// In each syntax with comments: what is asked for in bulk takes away no line that people wrote something on, or above.
#[test]
fn all_safe_fixes_leave_comments() {
    let yaml = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - sqs:ListQueues
      - s3:GetObject # for the reports
      # asked for by the auditors
      - sqs:ListQueues
    Resource: '*'
  - Effect: Allow
    Action: [sns:Publish, sns:Publish]
    Resource: '*'
";
    let hcl = "data \"aws_iam_policy_document\" \"main\" {
  statement {
    actions = [
      \"s3:GetObject\",
      \"sqs:ListQueues\",
      \"s3:GetObject\", # for the reports
      # asked for by the auditors
      \"sqs:ListQueues\",
    ]
    resources = [\"*\"]
  }
  statement {
    actions   = [\"sns:Publish\", \"sns:Publish\"]
    resources = [\"*\"]
  }
}
";
    for text in [yaml, hcl] {
        let (_, edits) = file(text).fix_all().expect("one has no comment");
        let after = apply(text, &edits);
        for comment in ["# for the reports\n", "# asked for by the auditors\n"] {
            assert!(after.contains(comment), "{after}");
        }
        for (action, count) in [
            ("s3:GetObject", 2),
            ("sqs:ListQueues", 2),
            ("sns:Publish", 1),
        ] {
            assert_eq!(after.matches(action).count(), count, "{after}");
        }
        // By themselves they are there, and say what goes along.
        let own = titled(&mut file(text), "");
        let mut costing = own.iter().map(|of| of.title.as_str());
        assert!(
            costing.any(|title| title.ends_with("with 2 comments")),
            "{own:?}"
        );
    }
}

#[test]
fn all_findings_of_a_rule_are_fixed_at_once() {
    let mut slips = file(SLIPS);
    let offers = titled(&mut slips, "Fix all unknown-action problems in this file");
    assert_eq!(offers.len(), 1, "{offers:?}");
    let fixed = after(&mut slips, &offers[0]);
    assert!(
        !found(&fixed)
            .iter()
            .any(|(code, _)| *code == "unknown-action"),
        "{fixed}"
    );
    // What other rules find stays.
    assert!(fixed.contains("Resource: *\n"), "{fixed}");
    assert!(
        offers[0]
            .title
            .contains("adds s3:GetObject, sqs:ListQueues"),
        "{}",
        offers[0].title
    );
    // Of one finding, its own fix is enough.
    let mut one = file(&SLIPS.replace("      - s3:GetObjct\n      - s3:GetObjekt # which?\n", ""));
    assert_eq!(titled(&mut one, "Fix all unknown-action"), []);
}

#[test]
fn all_counterparts_of_a_role_are_added_at_once() {
    let text = template(
        "- Effect: Allow
  Action:
    - dynamodb:CreateTable
    - sqs:CreateQueue
  Resource: '*'
- Effect: Allow
  Action: lambda:CreateFunction
  Resource: '*'",
    );
    let config = CONFIG.replace("[deploy]\n", "[deploy]\nroles = ['Role']\n");
    let read = |text: &str| {
        let config = Arc::new(Config::parse(&config));
        File::new("shop.yaml", text.to_owned(), Format::Yaml, config)
    };
    let mut file = read(&text);
    let missing = |file: &mut File| {
        let mut found = file.diagnostics();
        found.retain(|one| one.code.starts_with("missing-") && one.code.ends_with("-counterpart"));
        found
    };
    assert!(missing(&mut file).len() > 1);
    let offers = titled(&mut file, "Add all counterparts that `Role` lacks (adds ");
    assert_eq!(offers.len(), 1, "once for all findings of the role");
    let after = after(&mut file, &offers[0]);
    assert_eq!(missing(&mut read(&after)), [], "{after}");
    for added in [
        "dynamodb:DeleteTable",
        "sqs:DeleteQueue",
        "lambda:DeleteFunction",
    ] {
        assert!(after.contains(added), "{after}");
    }
}

/// A file whose roles are said to deploy.
fn deploying(path: &str, text: &str, format: Format) -> File {
    let config = CONFIG.replace("[deploy]\n", "[deploy]\nroles = ['*Role', 'deployer']\n");
    File::new(
        path,
        text.to_owned(),
        format,
        Arc::new(Config::parse(&config)),
    )
}

#[test]
fn who_shares_a_policy_is_named() {
    let template = |roles: &str| {
        format!(
            "Resources:
  OneRole: {{Type: AWS::IAM::Role}}
  TwoRole: {{Type: AWS::IAM::Role}}
  ThreeRole: {{Type: AWS::IAM::Role}}
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [{roles}]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [sqs:CreateQueue]
            Resource: '*'
"
        )
    };
    for (roles, lack) in [
        ("!Ref OneRole", "`OneRole` lacks"),
        ("!Ref OneRole, !Ref TwoRole", "`OneRole` and `TwoRole` lack"),
        (
            "!Ref OneRole, !Ref TwoRole, !Ref ThreeRole",
            "`OneRole`, `TwoRole` and 1 more lack",
        ),
    ] {
        let text = template(roles);
        let mut file = deploying("shop.yaml", &text, Format::Yaml);
        let offers = titled(&mut file, "Add all counterparts");
        let titles: Vec<&str> = offers.iter().map(|of| of.title.as_str()).collect();
        let title = format!(
            "Add all counterparts that {lack} (adds sqs:DeleteQueue, sqs:SetQueueAttributes)"
        );
        assert_eq!(titles, [title.as_str()]);
        let after = after(&mut file, &offers[0]);
        assert!(
            after.contains("sqs:DeleteQueue") && after.contains("sqs:SetQueueAttributes"),
            "{after}"
        );
    }
}

/// A fix by itself says who else has the policy that it edits.
#[test]
fn who_gains_a_permission_as_well_is_named() {
    let text = "Resources:
  OneRole: {Type: AWS::IAM::Role}
  App: {Type: AWS::IAM::Role}
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref OneRole, !Ref App]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [sqs:CreateQueue]
            Resource: '*'
";
    let titles = |text: &str| -> Vec<String> {
        let mut file = deploying("shop.yaml", text, Format::Yaml);
        let fixes = titled(&mut file, "Add sqs:DeleteQueue");
        fixes.into_iter().map(|fix| fix.title).collect()
    };
    assert_eq!(titles(text), ["Add sqs:DeleteQueue (also for role App)"]);
    let alone = text.replace(", !Ref App", "");
    assert_eq!(titles(&alone), ["Add sqs:DeleteQueue"]);
}

#[test]
fn the_narrower_of_two_statements_is_given_a_counterpart() {
    let text = template(
        "- Effect: Allow
  Action: sqs:CreateQueue
  Resource: '*'
- Effect: Allow
  Action: sqs:CreateQueue
  Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-*'",
    );
    let mut file = deploying("shop.yaml", &text, Format::Yaml);
    let offers = titled(&mut file, "Add all counterparts");
    let after = after(&mut file, &offers[0]);
    let (_, narrow) = after.split_once("Resource: '*'").expect("two statements");
    for added in ["sqs:DeleteQueue", "sqs:SetQueueAttributes"] {
        assert_eq!(after.matches(added).count(), 1, "{after}");
        assert!(narrow.contains(added), "{after}");
    }
}

/// What no condition can be carried over for is left to whoever decides.
#[test]
fn what_is_left_to_a_choice_is_told() {
    let text = "resource \"aws_iam_role\" \"deployer\" {
  name = \"deployer\"
}
data \"aws_iam_policy_document\" \"main\" {
  statement {
    actions   = [\"sqs:CreateQueue\"]
    resources = [\"*\"]
  }
  statement {
    actions   = [\"dynamodb:CreateTable\"]
    resources = [\"*\"]
    dynamic \"condition\" {
      for_each = [\"shop\"]
      content {
        test     = \"StringEquals\"
        variable = \"aws:RequestTag/team\"
        values   = [condition.value]
      }
    }
  }
}
resource \"aws_iam_role_policy\" \"main\" {
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.main.json
}
";
    let mut file = deploying("shop.tf", text, Format::Hcl);
    let offers = titled(&mut file, "Add all counterparts");
    let titles: Vec<&str> = offers.iter().map(|of| of.title.as_str()).collect();
    let [title] = titles.as_slice() else {
        panic!("{titles:?}");
    };
    assert!(
        title.ends_with("(adds sqs:DeleteQueue, sqs:SetQueueAttributes; 2 more need a choice)"),
        "{title}"
    );
    let after = after(&mut file, &offers[0]);
    assert!(!after.contains("dynamodb:DeleteTable"), "{after}");
}

/// In each syntax that has comments: what is ignored isn't found any more, and nothing else is.
#[test]
fn ignoring_hides_that_finding_alone() {
    let hcl = "data \"aws_iam_policy_document\" \"main\" {
  statement {
    actions   = [\"s3:GetObjct\", \"sqs:ListQueus\"] // read
    resources = [\"*\"]
  }
  statement {
    actions = [
      \"s3:GetObjekt\", # why
      \"sqs:ListQuees\",
    ]
    resources = [\"*\"]
  }
}
";
    let jsonc = "{
  // the app
  \"Version\": \"2012-10-17\",
  \"Statement\": [{
    \"Effect\": \"Allow\",
    \"Action\": [\"s3:GetObjct\", /* a
      b */ \"sqs:ListQueus\",
      \"s3:GetObjekt\"],
    \"Resource\": \"*\" // all
  }]
}
";
    for (text, format, path) in [
        (SLIPS, Format::Yaml, "shop.yaml"),
        (hcl, Format::Hcl, "shop.tf"),
        (jsonc, Format::Jsonc, "shop.jsonc"),
    ] {
        let read = |text: &str| {
            let config = Arc::new(Config::parse(CONFIG));
            File::new(path, text.to_owned(), format, config)
        };
        let mut file = read(text);
        let offers = titled(&mut file, "Ignore ");
        let before = file.diagnostics();
        let mut tried = 0;
        for offer in &offers {
            assert_eq!(offer.kind, ActionKind::Ignore);
            let (code, span) = offer.fixes.expect("it is for a finding");
            let after = after(&mut file, offer);
            let left = read(&after).diagnostics();
            let line = |at: u32| text[..at as usize].matches('\n').count();
            // A comment is for its line.
            let stays =
                |code_of: &str, at: Span| code_of != code || line(at.start) != line(span.start);
            let expected = before.iter().filter(|one| stays(one.code, one.span));
            let codes = expected.map(|one| one.code).collect::<Vec<_>>();
            assert_eq!(
                left.iter().map(|one| one.code).collect::<Vec<_>>(),
                codes,
                "{after}"
            );
            tried += 1;
        }
        assert!(tried >= 2, "{path}: {offers:?}");
    }
}

#[test]
fn ignoring_says_how_much_it_hides() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: [s3:GetObjct, s3:GetObjekt,\n      sqs:ListQueus]\n    Resource: '*'\n";
    let mut several = file(text);
    let offers = titled(&mut several, "Ignore unknown-action");
    let titles: Vec<&str> = offers.iter().map(|of| of.title.as_str()).collect();
    let line = "Ignore unknown-action on this line (2 findings)";
    assert_eq!(titles, [line, line, "Ignore unknown-action here"]);
    let heredoc = "resource \"aws_iam_policy\" \"main\" {\n  policy = <<EOT\n{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjct\",\n    \"sqs:ListQueus\"], \"Resource\": \"*\"}]\n}\nEOT\n}\n";
    let mut string = file(heredoc);
    let offers = titled(&mut string, "Ignore unknown-action");
    assert_eq!(offers.len(), 2);
    for offer in offers {
        let told = "Ignore unknown-action in this string (2 findings)";
        assert_eq!(offer.title, told);
    }
}

/// A string over lines has no place for a comment: it stands above, and is for all of the string.
#[test]
fn what_is_found_in_a_string_is_ignored_above_it() {
    let heredoc = "resource \"aws_iam_policy\" \"main\" {
  policy = <<EOT
{
  \"Version\": \"2012-10-17\",
  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjct\",
    \"sqs:ListQueus\"], \"Resource\": \"*\"}]
}
EOT
}
";
    let yaml = "Resources:
  Main:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: |
        {\"Version\": \"2012-10-17\", \"Statement\": [
          {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjct\",
            \"sqs:ListQueus\"], \"Resource\": \"*\"}]}
";
    for text in [heredoc, yaml] {
        let mut file = file(text);
        let unknown = |text: &str| {
            let found = found(text);
            found
                .iter()
                .filter(|(code, _)| *code == "unknown-action")
                .count()
        };
        assert_eq!(unknown(text), 2);
        let others = found(text).len() - 2;
        let offers = titled(&mut file, "Ignore unknown-action in this string");
        assert_eq!(offers.len(), 2, "{offers:?}");
        let after = after(&mut file, &offers[0]);
        let first = if text == heredoc {
            "policy = <<EOT"
        } else {
            "PolicyDocument: |"
        };
        let (above, _) = after.split_once(first).expect("the string");
        assert!(
            above
                .trim_end()
                .ends_with("# leastwise: ignore[unknown-action]"),
            "{after}"
        );
        // Nor is the comment said to be unused.
        assert_eq!(found(&after).len(), others, "{after}");
        assert_eq!(unknown(&after), 0, "{after}");
        // Another rule joins it there.
        let mut more = self::file(&after);
        for offer in titled(&mut more, "Ignore ") {
            let joined = self::after(&mut more, &offer);
            assert_eq!(joined.matches("leastwise: ignore[").count(), 1, "{joined}");
        }
    }
}

/// So is what is found in a text of its own over lines.
#[test]
fn what_is_a_string_over_lines_is_ignored_above_it() {
    for action in [
        "|-\n      s3:GetObjct\n",
        ">-\n      s3:GetObjct\n",
        "\"s3:Get\\\n      Objct\"\n",
    ] {
        let text = format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {action}    Resource: '*'\n  - Effect: Allow\n    Action: sqs:ListQueus\n    Resource: '*'\n"
        );
        let unknown = |text: &str| {
            let found = found(text).into_iter();
            let of =
                found.filter(|(code, _)| *code == "unknown-action" || *code == "unused-ignore");
            of.map(|(_, marked)| marked).collect::<Vec<_>>()
        };
        assert_eq!(unknown(&text).len(), 2, "{text}");
        let mut file = file(&text);
        let offers = titled(&mut file, "Ignore unknown-action in this string");
        assert_eq!(offers.len(), 1, "{offers:?}");
        let after = after(&mut file, &offers[0]);
        assert_eq!(unknown(&after), ["ListQueus"], "{after}");
    }
}

/// What is told as one is ignored as one, on each of its lines.
#[test]
fn what_is_found_in_several_places_is_ignored_in_all() {
    let text = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - sqs:ListQueues
      - s3:GetObject
      - sqs:ListQueues
    Resource: '*'
";
    let mut file = file(text);
    let redundant = |text: &str| {
        let found = found(text).into_iter();
        found
            .filter(|(code, _)| *code == "redundant-action")
            .count()
    };
    assert_eq!(redundant(text), 1);
    let offers = titled(&mut file, "Ignore redundant-action here");
    assert_eq!(offers.len(), 1, "{offers:?}");
    let after = after(&mut file, &offers[0]);
    assert_eq!(redundant(&after), 0, "{after}");
    assert_eq!(found(&after).len(), found(text).len() - 1, "{after}");
}

#[test]
fn no_comment_is_put_where_there_are_none() {
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjct\", \"Resource\": \"*\"}]}";
    let mut file = file(json);
    let mut found = found(json).into_iter();
    assert!(found.any(|(code, _)| code == "unknown-action"));
    assert_eq!(titled(&mut file, "Ignore "), []);
}

/// A finding at what a role is given by its ARN or name is mended and ignored where it stands, too.
#[test]
fn what_is_attached_is_mended_and_ignored_at_the_cursor() {
    let template = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/amazonS3FullAccess]
";
    let sam = "Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - S3ReadPolicyy: {BucketName: x}
        - AWSLambdaBasicExecutionRol
";
    let attachment = "resource \"aws_iam_role_policy_attachment\" \"a\" {
  role       = \"x\"
  policy_arn = \"arn:aws:iam::aws:policy/AmazonS3FullAcess\"
}
";
    for (text, rule, fix, count) in [
        (template, "unknown-managed-policy", true, 1),
        (sam, "unknown-managed-policy", true, 1),
        (sam, "invalid-policy-entry", false, 1),
        (attachment, "unknown-managed-policy", true, 1),
    ] {
        let mut file = file(text);
        let found = file.diagnostics();
        let found: Vec<Span> = found
            .iter()
            .filter(|of| of.code == rule)
            .map(|of| of.span)
            .collect();
        assert_eq!(found.len(), count, "{rule}\n{text}");
        let offers = file.code_actions(Span::empty(found[0].start));
        let of = |kind: ActionKind| {
            offers
                .iter()
                .any(|of| of.kind == kind && of.fixes == Some((rule, found[0])))
        };
        assert!(of(ActionKind::Ignore), "{rule}: {offers:?}");
        assert!(!fix || of(ActionKind::Fix), "{rule}: {offers:?}");
        for offer in &offers {
            assert!(file.resolve_action(&offer.id).is_some(), "{offer:?}");
        }
    }
}

/// What no fix in bulk does isn't offered for all of a file: a comment goes along with each of these.
#[test]
fn what_would_do_nothing_is_not_offered_for_all() {
    let list = |comment: &str| {
        format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - s3:GetObject{comment}
    Resource: '*'
  - Effect: Allow
    Action:
      - sqs:ListQueues
      - sqs:ListQueues{comment}
    Resource: '*'
"
        )
    };
    for (comment, count) in [("", 1), (" # why", 0)] {
        let offers = titled(&mut file(&list(comment)), "Fix all redundant-action");
        assert_eq!(offers.len(), count, "{offers:?}");
    }
}

/// In each syntax: what is being written stays, though it is there already, and what is elsewhere is mended.
#[test]
fn all_safe_fixes_leave_what_is_being_written() {
    let yaml = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
      - s3:GetObjec$0
    Resource: '*'
  - Effect: Allow
    Action: [sqs:ListQueues, sqs:ListQueues]
    Resource: '*'
";
    let flow = "Version: '2012-10-17'
Statement:
  - {Effect: Allow, Action: [s3:GetObject, s3:GetObjec$0], Resource: '*'}
  - {Effect: Allow, Action: [sqs:ListQueues, sqs:ListQueues], Resource: '*'}
";
    let json = "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:GetObjec$0\"], \"Resource\": \"*\"},
    {\"Effect\": \"Allow\", \"Action\": [\"sqs:ListQueues\", \"sqs:ListQueues\"], \"Resource\": \"*\"}
  ]
}
";
    let hcl = "data \"aws_iam_policy_document\" \"main\" {
  statement {
    actions   = [\"s3:GetObject\", \"s3:GetObjec$0\"]
    resources = [\"*\"]
  }
  statement {
    actions   = [\"sqs:ListQueues\", \"sqs:ListQueues\"]
    resources = [\"*\"]
  }
}
";
    for marked in [yaml, flow, json, hcl] {
        let (mut file, at) = fixture(marked);
        file.diagnostics();
        file.edit(Span::empty(at), "t");
        let (_, edits) = file.fix_all().expect("one is elsewhere");
        let after = apply(file.text(), &edits);
        assert_eq!(after.matches("s3:GetObject").count(), 2, "{after}");
        assert_eq!(after.matches("sqs:ListQueues").count(), 1, "{after}");
        // To ask is not to say.
        file.patient_diagnostics();
        assert!(file.holds_back());
        file.diagnostics();
        let (_, edits) = file.fix_all().expect("there are two");
        let after = apply(file.text(), &edits);
        assert_eq!(after.matches("s3:GetObject").count(), 1, "{after}");
    }
}

/// It would do nothing: the comments that do nothing are told of all the same.
#[test]
fn an_unused_ignore_is_not_ignored() {
    let text = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject # leastwise: ignore[redundant-action] once
    Resource: '*'
";
    assert!(found(text).iter().any(|(code, _)| *code == "unused-ignore"));
    let offers = titled(&mut file(text), "Ignore unused-ignore");
    assert!(offers.is_empty(), "{offers:?}");
}
