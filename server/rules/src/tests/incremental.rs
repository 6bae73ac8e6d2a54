//! What holds over edits is what a fresh look finds.

mod random;

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::trace::without;
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

use super::fixture::Fixture;
use crate::rule::FilePart;
use crate::walk::walk;
use crate::{Context, Finding, Incremental, RULES, check};
use random::TEMPLATE;

const CONFIG: &str = r#"
[app]
prefix = "shop"
variables = ["AppId"]
[accounts]
dev = "111111111111"
[deploy]
regions = ["eu-west-1"]
roles = ["*Deployer*"]
"#;

fn shown(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{finding:?} {} {:?}", finding.help, finding.related))
        .collect()
}

/// A module of Terraform.
const MODULE: &str = r#"variable "name" {
  default = "shop"
}
resource "aws_iam_role" "deployer" {
  name               = "DeployerOne"
  assume_role_policy = data.aws_iam_policy_document.trust.json
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
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Same"
    actions   = ["s3:GetObjekt"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "more" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid       = "Other"
    actions   = ["sqs:CreateQueue", "iam:PassRole"]
    resources = [aws_iam_role.deployer.arn, "arn:aws:s3:::${var.name}"]
  }
}
resource "aws_iam_role_policy" "more" {
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.more.json
}
resource "aws_iam_role" "target" {
  name               = "target"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.deployer.arn }, Action = "sts:AssumeRole" }]
  })
}
"#;

#[test]
fn a_trust_policy_is_part_of_what_stands_around() {
    let template = |principal: &str| {
        format!(
            "Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: caller
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Resource: !GetAtt Target.Arn}}
  Target:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Principal: {{AWS: !GetAtt {principal}.Arn}}, Action: 'sts:AssumeRole'}}
  Other: {{Type: 'AWS::IAM::Role', Properties: {{RoleName: other}}}}
"
        )
    };
    let config = Arc::new(Config::parse(CONFIG));
    let mut known = Incremental::default();
    let mut counts = Vec::new();
    for principal in ["Caller", "Other", "Caller", "Other"] {
        let tree = Tree::parse(template(principal), Format::Yaml);
        let analysis = Analysis::new(&tree, "shop.yaml", Arc::clone(&config));
        let context = Context::new(&tree, &analysis);
        let found = known.check(&context);
        let of_rule = found
            .iter()
            .filter(|it| it.rule.id == "role-does-not-trust");
        counts.push(of_rule.count());
    }
    assert_eq!(counts, [0, 1, 0, 1]);
}

/// A text of a file, and how many units of it are looked at once it has followed the ones before.
#[track_caller]
fn steps(path: &str, format: Format, steps: &[(String, usize)]) {
    let config = Arc::new(Config::parse(CONFIG));
    let mut known = Incremental::default();
    for (number, (text, looked_at)) in steps.iter().enumerate() {
        let tree = Tree::parse(text.clone(), format);
        let analysis = Analysis::new(&tree, path, Arc::clone(&config));
        let context = Context::new(&tree, &analysis);
        let kept = shown(&known.check(&context));
        assert_eq!(kept, shown(&check(&context)), "step {number}:\n{text}");
        assert_eq!(known.looked_at(), *looked_at, "step {number}:\n{text}");
    }
}

/// A role with these properties and a policy that allows an action.
fn role(name: &str, properties: &str, action: &str) -> String {
    format!(
        "  {name}:
    Type: AWS::IAM::Role
    Properties:
{properties}      Policies:
        - PolicyName: {name}
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: {action}, Resource: '*'}}
"
    )
}

/// Two roles, the second of which has findings of its own and one that stands outside of its policy.
fn two(around: &str, one: &str, other: &str) -> String {
    let attached = "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess', 'arn:aws:iam::aws:policy/NoSuchPolicyAtAll']\n";
    let (one, two) = (role("One", "", one), role("Two", attached, other));
    format!("Resources:\n  {around}: {{Type: 'AWS::SNS::Topic'}}\n{one}{two}")
}

#[test]
fn what_is_looked_at_after_each_edit_reads_no_policy() {
    let tree = Tree::parse(TEMPLATE.to_owned(), Format::Yaml);
    let analysis = Analysis::new(&tree, "template.yaml", Arc::new(Config::parse(CONFIG)));
    let context = Context::new(&tree, &analysis);
    walk(&context, RULES, FilePart::File);
    assert!(!analysis.sites.is_empty());
    for site in &analysis.sites {
        assert!(!site.is_lowered(), "{:?}", context.span(site.document.node));
    }
}

#[test]
fn only_what_has_changed_is_looked_at() {
    let (get, put, list) = (
        "'s3:GetObject'",
        "'s3:PutObjekt'",
        "['s3:GetObject', 's3:ListBucket']",
    );
    let text = two("Topic", get, put);
    steps(
        "shop.yaml",
        Format::Yaml,
        &[
            (text.clone(), 2),
            (text.clone(), 0),
            // A longer and a shorter policy before a finding that stands outside of any.
            (two("Topic", list, put), 1),
            (two("Topic", get, put), 1),
            (two("Topic", get, "'s3:Put'"), 1),
            // What stands around all of them; and back.
            (two("Queue", get, "'s3:Put'"), 2),
            (two("Topic", get, "'s3:Put'"), 0),
            (two("Queue", get, "'s3:Put'"), 0),
        ],
    );
    let found = {
        let tree = Tree::parse(text, Format::Yaml);
        let analysis = Analysis::new(&tree, "shop.yaml", Arc::new(Config::parse(CONFIG)));
        let spans = analysis.sites.iter().map(|site| site.span(&tree));
        let spans: Vec<Span> = spans.collect();
        let found = check(&Context::new(&tree, &analysis));
        let outside = |it: &&Finding| !spans.iter().any(|span| span.contains(it.span));
        found
            .iter()
            .filter(outside)
            .filter(|it| it.span.start > spans[0].end)
            .count()
    };
    assert_ne!(found, 0, "findings behind a policy and in none");
}

/// A file of two policies, the first of which allows these actions.
type WithActions = fn(&[&str]) -> String;

/// The same in each syntax, with the file's name.
const WITH_ACTIONS: [(&str, Format, WithActions); 4] = [
    ("shop.yaml", Format::Yaml, |actions| {
        let items = actions
            .iter()
            .map(|action| format!("                  - {action}\n"));
        let role = |name: &str, actions: &str| {
            format!(
                "  {name}:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: {name}
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
{actions}                Resource: '*'
"
            )
        };
        let two = role("Two", "                  - s3:PutObject\n");
        format!(
            "Resources:\n{}{two}",
            role("One", &items.collect::<String>())
        )
    }),
    ("shop.json", Format::Json, |actions| {
        let role = |name: &str, actions: &[&str]| {
            format!(
                "\"{name}\": {{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"Policies\": [{{\"PolicyName\": \"{name}\", \"PolicyDocument\": \
                 {{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": {actions:?}, \"Resource\": \"*\"}}]}}}}]}}}}"
            )
        };
        let (one, two) = (role("One", actions), role("Two", &["s3:PutObject"]));
        format!("{{\"Resources\": {{\n{one},\n{two}}}}}")
    }),
    ("blocks.tf", Format::Hcl, |actions| {
        let document = |name: &str, actions: &[&str]| {
            format!(
                "data \"aws_iam_policy_document\" \"{name}\" {{
  statement {{
    actions   = {actions:?}
    resources = [\"*\"]
  }}
}}
"
            )
        };
        [document("one", actions), document("two", &["s3:PutObject"])].concat()
    }),
    ("calls.tf", Format::Hcl, |actions| {
        let policy = |name: &str, actions: &[&str]| {
            format!(
                "resource \"aws_iam_policy\" \"{name}\" {{
  policy = jsonencode({{
    Statement = [{{ Effect = \"Allow\", Action = {actions:?}, Resource = \"*\" }}]
  }})
}}
"
            )
        };
        [policy("one", actions), policy("two", &["s3:PutObject"])].concat()
    }),
];

#[test]
fn an_action_more_is_looked_at_in_its_own_policy_alone() {
    for (path, format, text) in WITH_ACTIONS {
        let two = text(&["s3:GetObject", "s3:ListBucket"]);
        let new = text(&["s3:GetObject", "", "s3:ListBucket"]);
        let begun = text(&["s3:GetObject", "s", "s3:ListBucket"]);
        let three = text(&["s3:GetObject", "s3:PutObject", "s3:ListBucket"]);
        // Documents of one file that belongs to nobody are one.
        let units = if path == "list.json" { 1 } else { 2 };
        let all = [
            (two.clone(), units),
            (new, 1),
            (begun, 1),
            (three, 1),
            (two, 1),
        ];
        steps(path, format, &all);
    }
}

#[test]
fn anchors_lead_from_one_policy_into_another() {
    let text = |action: &str| two("Topic", &format!("&shared '{action}'"), "*shared");
    steps(
        "shop.yaml",
        Format::Yaml,
        &[
            (text("s3:GetObject"), 2),
            (text("s3:GetObjekt"), 2),
            (text("s3:GetObject"), 2),
        ],
    );
}

#[test]
fn variables_of_a_service_lead_from_one_policy_into_another() {
    let text = |name: &str, reference: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - {{Effect: Allow, Action: '{name}', Resource: '*'}}
functions:
  one:
    handler: a.b
    iamRoleStatements:
      - {{Effect: Allow, Action: '{reference}', Resource: '*'}}
plugins: [serverless-iam-roles-per-function]
"
        )
    };
    let into = "${self:provider.iam.role.statements.0.Action}";
    steps(
        "serverless.yml",
        Format::Yaml,
        &[
            (text("sqs:SendMessage", into), 3),
            (text("sqs:SendMesage", into), 2),
            (text("sqs:SendMessage", into), 2),
        ],
    );
    steps(
        "serverless.yml",
        Format::Yaml,
        &[
            (text("sqs:SendMessage", "s3:GetObject"), 3),
            (text("sqs:SendMesage", "s3:GetObject"), 1),
        ],
    );
    // In a template this is no variable.
    let template = |action: &str| two("Topic", &format!("'{action}'"), "'${self:provider.iam}'");
    steps(
        "shop.yaml",
        Format::Yaml,
        &[(template("s3:GetObject"), 2), (template("s3:GetObjekt"), 1)],
    );
}

#[test]
fn a_boundary_is_a_part_of_those_that_it_bounds() {
    let bounded = role(
        "One",
        "      PermissionsBoundary: !Ref Limit\n",
        "'iam:PassRole'",
    );
    let other = role("Two", "", "'iam:PassRole'");
    let text = |limit: &str| {
        format!(
            "Resources:
{bounded}{other}  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Action: {limit}, Resource: '*'}}
"
        )
    };
    steps(
        "shop.yaml",
        Format::Yaml,
        &[
            (text("'s3:*'"), 3),
            (text("'s3:*'"), 0),
            // The boundary, and who it bounds.
            (text("'*'"), 2),
            (text("'s3:*'"), 2),
        ],
    );
}

#[test]
fn a_document_of_a_module_is_a_part_of_those_that_take_it() {
    let text = |from: &str, to: &str| {
        assert!(MODULE.contains(from));
        MODULE.replacen(from, to, 1)
    };
    let same = text("Same", "Same");
    steps(
        "main.tf",
        Format::Hcl,
        &[
            (same.clone(), 3),
            (same.clone(), 0),
            // What a role may do, with whom it names; and back.
            (text("sqs:CreateQueue", "sqs:CreateTopic"), 1),
            (same.clone(), 1),
            // A trust policy, which nothing but its role has to do with.
            (text("lambda.amazonaws.com", "lamda.amazonaws.com"), 1),
            (same, 1),
        ],
    );
}

#[test]
fn a_string_that_holds_a_policy_is_a_part_by_itself() {
    let text = |one: &str, other: &str| {
        let role = |name: &str, action: &str| {
            format!(
                r#""{name}": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": "{{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"*\"}}}}"}}}}"#
            )
        };
        let (one, other) = (role("One", one), role("Two", other));
        format!("{{\"Resources\": {{\n{one},\n{other}}}}}")
    };
    steps(
        "shop.json",
        Format::Json,
        &[
            (text("s3:GetObject", "s3:GetObjekt"), 2),
            (text("s3:GetObjects", "s3:GetObjekt"), 1),
            (text("s3:GetObjects", "s3:GetObject"), 1),
        ],
    );
}

/// How often a role isn't trusted by one of another file, which trusts these one after the other.
fn untrusted(principals: &[&str]) -> Vec<usize> {
    let own = role("Caller", "      RoleName: caller\n", "'sts:AssumeRole'");
    let own = own.replacen(
        "Resource: '*'",
        "Resource: 'arn:aws:iam::111111111111:role/target'",
        1,
    );
    let own = format!("Resources:\n{own}");
    let mut known = Incremental::default();
    let counts = principals.iter().enumerate().map(|(stamp, principal)| {
        let other = format!(
            "Resources:
  Target:
    Type: AWS::IAM::Role
    Properties:
      RoleName: target
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::111111111111:role/{principal}'}}, Action: 'sts:AssumeRole'}}
"
        );
        let mut fixture =
            Fixture::among(&[("own.yaml", &own, CONFIG), ("other.yaml", &other, CONFIG)]);
        fixture.analysis.stamp = stamp as u64;
        let found = known.check(&fixture.context());
        let of_rule = found.iter().filter(|it| it.rule.id == "role-does-not-trust");
        of_rule.count()
    });
    counts.collect()
}

#[test]
fn other_files_are_needed() {
    let principals = ["caller", "other", "caller"];
    assert_eq!(untrusted(&principals), [0, 1, 0]);
    assert_eq!(without("files", || untrusted(&principals)), [0, 0, 0]);
}
