//! What is known of a file while somebody types into its words is what a fresh look at it tells.

use std::sync::Arc;

use leastwise_model::{Item, Known, List, Statement};
use leastwise_syntax::{Format, NodeId, Span, Tree, View};

use crate::position;
use crate::testing::CONFIG;
use crate::{Config, File};

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  AppId: {Type: String}
  Stage: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AppId}-orders"
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      PermissionsBoundary: arn:aws:iam::111111111111:policy/shop-boundary
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - !Ref Managed
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: main
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: Tables
                Effect: Allow
                Action:
                  - dynamodb:CreateTable
                  - s3:GetObjekt
                Resource: !Sub arn:aws:dynamodb:eu-west-1:111111111111:table/${AppId}-orders
              - Effect: Allow
                Action: "sqs:SendMessage" # kept
                Resource: [!GetAtt Table.Arn, 'arn:aws:sqs:eu-west-1:333333333333:shop-q']
                Condition:
                  StringEquals:
                    aws:RequestedRegion: eu-west-1
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: iam:PassRole
          Resource: "*"
  Bucket:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-bucket
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: arn:aws:iam::444444444444:root}
            Action: s3:GetObject
            Resource: arn:aws:s3:::shop-bucket/*
Outputs:
  Name: {Value: !Ref Role, Export: {Name: shop-role}}
"#;

const SAM: &str = r#"Transform: AWS::Serverless-2016-10-31
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref Table}
        - AWSLambdaBasicExecutionRole
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: [s3:GetObjekt]
              Resource: "arn:aws:s3:::shop-data/*"
      Events:
        Api: {Type: Api, Properties: {Path: /orders, Method: get}}
"#;

const MODULE: &str = r#"variable "name" {
  default = "shop"
}
locals {
  queues = "arn:aws:sqs:eu-west-1:111111111111:shop-*"
  extra  = [{ Effect = "Allow", Action = "s3:GetObjekt", Resource = "*" }]
}
resource "aws_iam_role" "deployer" {
  name                 = "DeployerOne"
  permissions_boundary = "arn:aws:iam::111111111111:policy/shop-boundary"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "more" {
  source_policy_documents = [data.aws_iam_policy_document.trust.json]
  # kept
  statement {
    sid       = "Other"
    actions   = ["sqs:CreateQueue", "iam:PassRole"]
    resources = [local.queues, "arn:aws:s3:::${var.name}-data/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["eu-west-1"]
    }
  }
}
resource "aws_iam_role_policy" "more" {
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.more.json
}
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.deployer.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_lambda_permission" "anyone" {
  action        = "lambda:InvokeFunction"
  function_name = "shop-handler"
  principal     = "events.amazonaws.com"
}
resource "aws_sqs_queue" "q" {
  name   = "shop-queue"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessag", Resource = "*" }]
  })
}
resource "aws_iam_user_policy" "text" {
  user   = "shop-user"
  policy = <<-EOT
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}
  EOT
}
"#;

const MODULE_JSON: &str = r#"{"resource": {"aws_iam_role": {"a": {"name": "shop-a", "assume_role_policy": "${data.aws_iam_policy_document.d.json}"}},
  "aws_iam_role_policy": {"b": {"role": "${aws_iam_role.a.name}", "policy": "${data.aws_iam_policy_document.e.json}"}}},
 "data": {"aws_iam_policy_document": {
  "d": {"statement": [{"actions": ["sts:AssumeRole"], "principals": [{"type": "Service", "identifiers": ["lambda.amazonaws.com"]}]}]},
  "e": {"statement": [{"actions": ["s3:GetObjekt", "sqs:CreateQueue"], "resources": ["arn:aws:sqs:eu-west-1:111111111111:shop-q"]}]}}}}
"#;

const SERVICE: &str = r#"service: shop
provider:
  name: aws
  region: eu-west-1
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:GetObjekt
          Resource: "arn:aws:s3:::${self:service}-data/*"
functions:
  one: {handler: a.b}
"#;

const DOCUMENT: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "One", "Effect": "Allow", "Action": ["s3:GetObjekt", "sqs:CreateQueue"], "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-q"},
  {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
"#;

/// What is told by the texts of these hangs on one letter: whose policy it is, and what for.
const DOCUMENTS: &str = r#"- PolicyName: one
  Document:
    Version: "2012-10-17"
    Statement:
      - Effect: Allow
        Principal: {Service: ec2.amazonaws.com}
        Action: [sts:AssumeRole, "sts:TagSession"]
      - Effect: Deny
        Principal: "*"
        Action: sts:AssumeRole
        Condition: {StringNotEquals: {"aws:PrincipalOrgID": "o-0123456789"}}
- PolicyName: two
  Document:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: ["ecs:StartTask", "dynamodb:GetItem"]
        Resource: "acs:ecs:*:*:instance/*"
- Version: "2012-10-17"
  Statement: {Effect: Allow, Action: "admin:Heal", Resource: "arn:aws:s3:::shop"}
- Version: "2012-10-17"
  Statement: {Effect: Allow, Principal: "*", Action: "Update:*", Resource: "*"}
- Version: "2012-10-17"
  Statement:
    Sid: Reads
    Effect: Allow
    Principal: {AWS: "444444444444"}
    Action: s3:GetObjekt
    Resource: arn:aws:s3:::shop/*
"#;

/// Every scalar of a tree but those of documents in strings.
fn scalars(tree: &Tree) -> Vec<NodeId> {
    let mut open = tree.documents().to_vec();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        match tree.view(id) {
            View::Mapping(pairs) => open.extend(pairs.iter().flat_map(|it| [it.key, it.value])),
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(_) => found.push(id),
            View::Alias(_) | View::Invalid => {}
        }
    }
    found
}

fn open(path: &str, text: &str, format: Format) -> File {
    let config = Config::parse(CONFIG);
    File::new(path, text.to_owned(), format, Arc::new(config))
}

/// All that is known of the policies of a file, and all that is said of it.
fn known(file: &mut File) -> String {
    let said = (file.findings(None), file.symbols());
    let hints = file.hints(Span::new(0, u32::MAX));
    let context = file.context();
    let analysis = context.analysis;
    let policies: Vec<_> = context.sites().map(|site| context.policy(site)).collect();
    let generated = analysis.owners.iter().flat_map(|owner| &owner.generated);
    let generated = generated.map(|generated| &generated.policy);
    let permissions = analysis.owners.iter().flat_map(|owner| &owner.permission);
    let permissions = permissions.map(|site| site.policy(context.tree));
    let all = policies.iter().copied().chain(generated).chain(permissions);
    // Whatever is only worked out when somebody asks.
    for item in all.flat_map(|policy| &policy.statements).flat_map(items) {
        analysis.expand(item);
        analysis.shown(context.tree, item).for_each(drop);
    }
    format!(
        "{said:#?} {hints:#?} {policies:#?} {:#?} {:#?}",
        analysis.owners, analysis.environments
    )
}

/// Every value of a statement.
fn items(statement: &Statement) -> Vec<&Item> {
    let lists = [
        &statement.action,
        &statement.not_action,
        &statement.resource,
        &statement.not_resource,
    ];
    let principals = [&statement.principal, &statement.not_principal];
    let kinds = principals.into_iter().filter_map(Known::known);
    let kinds = kinds.flat_map(|all| &all.kinds).map(|kind| &kind.values);
    let tests = statement.condition.known().into_iter().flatten();
    let lists = lists.into_iter().chain(kinds);
    let lists = lists.chain(tests.map(|test| &test.values));
    let lists = lists.filter_map(Known::known);
    lists.flat_map(|list: &List| &list.items).collect()
}

/// How many edits of a scalar come before the one that makes a key of it.
const BEFORE_COLON: usize = 6;

/// What is known, but for which nodes it is known of.
fn without_ids(known: &str) -> String {
    let is_id = |line: &&str| {
        let number = line.trim().trim_end_matches(',');
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let lines = known.lines().filter(|line| !is_id(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Types into each scalar of a file, and takes it out again. How often what was known of the policies still held.
fn type_into(path: &str, text: &str, format: Format) -> (usize, usize) {
    let scalars: Vec<Span> = {
        let tree = Tree::parse(text.to_owned(), format);
        let all = scalars(&tree).into_iter();
        all.map(|id| tree.content_span(id)).collect()
    };
    let (mut held, mut count) = (0, 0);
    let mut file = open(path, text, format);
    for (number, span) in scalars.into_iter().enumerate() {
        let at = span.start + span.len() / 2;
        // What was asked before may be kept, too.
        file.diagnostics();
        let typed = ["x", "sqs", "-", "module.a", "2"][number % 5];
        let back = Span::new(at, at + typed.len() as u32);
        let word = file.text()[span.range()].to_owned();
        let lead = &word[..word.find(':').map_or(0, |at| at + 1)];
        let other = ["sts:", "admin:", "acs:", "arn:aws:"][number % 4];
        let led = |lead: &str| Span::new(span.start, span.start + lead.len() as u32);
        let edits = [
            (Span::empty(at), typed),
            (back, ""),
            (led(lead), other),
            (led(other), lead),
            // The last letter is taken out, and the first one typed.
            (span, ""),
            (Span::empty(span.start), "s"),
            (led("s"), "s3:"),
            (led("s3:"), &word),
        ];
        for (number_of_edit, (span, typed)) in edits.into_iter().enumerate() {
            file.edit(span, typed);
            held += usize::from(file.analysis.is_some());
            count += 1;
            let text = file.text().to_owned();
            let mut fresh = open(path, &text, format);
            if file.analysis.is_none() {
                // Ids may be others.
                file = open(path, &text, format);
            }
            let (mut now, mut expected) = (known(&mut file), known(&mut fresh));
            if typed.ends_with(':') || number_of_edit > BEFORE_COLON {
                (now, expected) = (without_ids(&now), without_ids(&expected));
            }
            assert!(
                now == expected,
                "{typed:?} at {at} of {path}:\n{}",
                similar(&now, &expected)
            );
        }
        // The ids of what was read again are others than those of a fresh reading.
        file = open(path, text, format);
    }
    assert_eq!(file.text(), text);
    (held, count)
}

/// The lists of texts of a file, each by what stands between its brackets.
fn lists(text: &str, format: Format) -> Vec<Span> {
    let tree = Tree::parse(text.to_owned(), format);
    let mut open = tree.documents().to_vec();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        match tree.view(id) {
            View::Mapping(pairs) => open.extend(pairs.iter().flat_map(|it| [it.key, it.value])),
            View::Sequence(items) if tree.is_flat(id) => {
                let span = tree.span(id);
                let is_list = text[span.range()].starts_with('[') && !items.is_empty();
                found.extend(is_list.then(|| Span::new(span.start + 1, span.end - 1)));
            }
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
    found
}

/// Puts items into each list of a file and takes them out. How often what was known of the policies still held.
fn edit_lists(path: &str, text: &str, format: Format) -> (usize, usize) {
    let (mut held, mut count) = (0, 0);
    for (number, inner) in lists(text, format).into_iter().enumerate() {
        let mut file = open(path, text, format);
        let (start, all) = (Span::empty(inner.start), &text[inner.range()]);
        let others = ["\"admin:Heal\"", "\"module.a\"", "1", "[]", "\"acs:ecs:*\""];
        let other = format!("{}, ", others[number % others.len()]);
        let back = |typed: &str| Span::new(inner.start, inner.start + typed.len() as u32);
        let letter = |at: u32, typed| (Span::empty(inner.start + at), typed);
        let edits = [
            // A new line, as it is typed into.
            (start, "\"\",\n"),
            letter(1, "s"),
            letter(2, "3:Get"),
            (back("\"s3:Get\",\n"), ""),
            (Span::empty(inner.end), ", \"sqs:CreateQueue\""),
            (Span::new(inner.end, inner.end + 19), ""),
            (start, &other),
            (back(&other), ""),
            (inner, ""),
            (start, "\"\""),
            letter(1, "a"),
            (back("\"a\""), all),
            (start, "# why\n"),
            (back("# why\n"), ""),
        ];
        for (span, typed) in edits {
            // What was asked before may be kept, too.
            known(&mut file);
            file.diagnostics();
            file.edit(span, typed);
            held += usize::from(file.analysis.is_some());
            count += 1;
            let text = file.text().to_owned();
            let mut fresh = open(path, &text, format);
            let (now, expected) = (known(&mut file), known(&mut fresh));
            let (now, expected) = (without_ids(&now), without_ids(&expected));
            assert!(
                now == expected,
                "{typed:?} for {span:?} of {text}:\n{}",
                similar(&now, &expected)
            );
        }
        assert_eq!(file.text(), text);
    }
    (held, count)
}

/// The first lines that differ.
fn similar(one: &str, other: &str) -> String {
    let lines = one.lines().zip(other.lines());
    let differing = lines.filter(|(one, other)| one != other).take(8);
    let shown: Vec<String> = differing
        .map(|(one, other)| format!("now   {one}\nfresh {other}"))
        .collect();
    shown.join("\n")
}

#[test]
fn while_somebody_types_a_word() {
    let files = [
        ("shop.yaml", TEMPLATE, Format::Yaml, 20),
        ("sam.yaml", SAM, Format::Yaml, 3),
        ("shop.tf", MODULE, Format::Hcl, 10),
        ("shop.tf.json", MODULE_JSON, Format::Json, 4),
        ("serverless.yml", SERVICE, Format::Yaml, 0),
        ("policy.json", DOCUMENT, Format::Json, 16),
        ("policies.yaml", DOCUMENTS, Format::Yaml, 30),
    ];
    for (path, text, format, least) in files {
        let (held, count) = type_into(path, text, format);
        println!("{path}: what was known held for {held} of {count} edits");
        assert!(held >= least, "{path}: {held} of {count}");
    }
}

#[test]
fn while_somebody_writes_a_list() {
    let files = [
        ("shop.tf", MODULE, Format::Hcl, 10),
        ("shop.tf.json", MODULE_JSON, Format::Json, 4),
        ("policy.json", DOCUMENT, Format::Json, 4),
    ];
    for (path, text, format, least) in files {
        let (held, count) = edit_lists(path, text, format);
        println!("{path}: what was known held for {held} of {count} edits");
        assert!(held >= least, "{path}: {held} of {count}");
    }
}

/// Documents that nobody has yet, as a large file has many of them.
const UNUSED: &str = r#"data "aws_iam_policy_document" "one" {
  statement {
    effect = "Allow"
    actions = [
      "s3:GetObject",
      "s3:PutObject",
    ]
    resources = ["arn:aws:s3:::shop-one/*"]
  }
}
data "aws_iam_policy_document" "two" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-west-1:111111111111:${local.name}"]
  }
}
"#;

#[test]
fn an_item_in_a_list_leaves_what_is_known_of_the_policies() {
    let role = r#"{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyName": "a",
      "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}}]}}}}"#;
    let cases = [
        ("unused.tf", UNUSED, Format::Hcl, "\"s3:GetObject\"", true),
        ("unused.tf", UNUSED, Format::Hcl, "\"sqs:", true),
        ("unused.tf", UNUSED, Format::Hcl, "\"arn:aws:s3", true),
        // What refers to something else is read for that.
        ("unused.tf", UNUSED, Format::Hcl, "\"arn:aws:sqs", false),
        ("role.json", role, Format::Json, "\"s3:GetObject\"", true),
        (
            "policy.json",
            DOCUMENT,
            Format::Json,
            "\"s3:GetObjekt\"",
            true,
        ),
        // Whether it is a list of texts decides what it is.
        ("policy.json", DOCUMENT, Format::Json, "{\"Sid\"", false),
    ];
    for (path, text, format, before, expected) in cases {
        let mut file = open(path, text, format);
        file.diagnostics();
        file.with_fixes = Some(Vec::new());
        let at = text.find(before).expect("it is there") as u32;
        file.edit(Span::empty(at), "\"\",\n");
        assert_eq!(file.analysis.is_some(), expected, "{before} in {path}");
        // Those are of the text before, whatever else is kept.
        assert!(file.with_fixes.is_none());
        file.edit(Span::empty(at + 1), "s");
        file.edit(Span::empty(at + 2), "3:Put");
        assert!(file.analysis.is_some() || !expected, "{before} in {path}");
        let mut fresh = open(path, file.text(), format);
        let (now, expected) = (known(&mut file), known(&mut fresh));
        assert!(
            without_ids(&now) == without_ids(&expected),
            "{before} in {path}"
        );
    }
}

#[test]
fn a_statement_is_lowered_without_the_others() {
    let at = |text: &str| DOCUMENT.find(text).expect("it is there") as u32;
    let lowered = |text: &str| {
        let mut file = open("policy.json", DOCUMENT, Format::Json);
        file.diagnostics();
        file.edit(Span::empty(at(text) + 2), "x");
        let analysis = file.analysis.expect("it isn't found anew");
        analysis.sites.iter().all(|site| site.is_lowered())
    };
    assert!(lowered("s3:GetObjekt") && lowered("shop-q") && lowered("One"));
    // What is said of the document hangs on all of it.
    let with_id = DOCUMENT.replacen("{", "{\"Id\": \"shop\", ", 1);
    let mut file = open("policy.json", &with_id, Format::Json);
    file.diagnostics();
    let at = with_id.find("shop").expect("it is there") as u32;
    file.edit(Span::empty(at + 1), "x");
    let sites = file.analysis.iter().flat_map(|analysis| &analysis.sites);
    assert!(sites.filter(|site| site.is_lowered()).count() == 0);
}

/// The same is told of each place of a text, whether all of it is looked at or only what has to do with the place.
fn same_places(text: &str, format: Format, offsets: impl Iterator<Item = usize>) {
    let tree = Tree::parse(text.to_owned(), format);
    for offset in offsets.filter(|at| text.is_char_boundary(*at)) {
        let offset = offset as u32;
        assert_eq!(
            position::place_in(&tree, offset),
            position::place(text, format, offset),
            "{offset} of\n{text}"
        );
    }
}

#[test]
fn what_stands_elsewhere_says_nothing_of_a_place() {
    let files = [
        (TEMPLATE, Format::Yaml),
        (SAM, Format::Yaml),
        (MODULE, Format::Hcl),
        (SERVICE, Format::Yaml),
    ];
    for (text, format) in files {
        same_places(text, format, 0..=text.len());
        // Broken, as it is while it is typed.
        for (number, at) in (0..text.len()).step_by(17).enumerate() {
            let typed = ["\"", "{", "- ", "}", "'", "\n", "[", ":", "<<E"][number % 9];
            let broken = [&text[..at], typed, &text[at..]].concat();
            let near = at.saturating_sub(40)..=(at + 60).min(broken.len());
            same_places(&broken, format, near);
            let gone = [&text[..at], &text[at + 1..]].concat();
            let near = at.saturating_sub(40)..=(at + 60).min(gone.len());
            same_places(&gone, format, near);
            let unfinished = &text[..at];
            same_places(unfinished, format, at.saturating_sub(5)..=at);
        }
    }
}
