//! What is kept over edits is what a fresh look finds.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

use crate::rule::FilePart;
use crate::walk::walk;
use crate::{Context, Finding, Kept, RULES, check, check_near};

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

const TEMPLATE: &str = r#"Parameters:
  AppId: {Type: String, Default: shop}
Resources:
  Table: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: !Sub '${AppId}-orders'}}
  OneDeployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
      ManagedPolicyArns: [!Ref Shared]
      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement:
              - Sid: A
                Effect: Allow
                Action: ['sqs:CreateQueue', 'sqs:TagQueue'] # leastwise: ignore[missing-delete-counterpart]
                Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*'
              - Sid: A
                Effect: Allow
                Action:
                  - iam:PassRole
                  - iam:CreateRole
                Resource: '*'
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: ['lambda:CreateFunction', 'lambda:*Function', 'lambda:Inwoke']
            Resource: !GetAtt Table.Arn
  Two:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: two
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::elsewhere'}
              - {Effect: Allow, Action: 'dynamodb:CreateTable', Resource: !GetAtt Table.Arn}
  TwosDeployer:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Two, other]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Action: 'ec2:*', Resource: '*'}
"#;

/// What is typed or pasted.
const PIECES: [&str; 20] = [
    "x",
    "'",
    "*",
    " ",
    "\n",
    "# c",
    "s3:GetObject",
    "- ",
    "{",
    "}",
    ":",
    ", 's3:PutObject'",
    "Sid: A\n",
    "sqs:DeleteQueue",
    "AppId",
    "&a ",
    "*a",
    "# leastwise: ignore\n",
    "Deployer",
    "shop",
];

fn shown(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{finding:?} {} {:?}", finding.help, finding.related))
        .collect()
}

fn run(text: &str, format: Format, seed: u64) {
    let config = Config::parse(CONFIG);
    assert_eq!(config.problems, []);
    let config = Arc::new(config);
    let mut random = seed | 1;
    let mut roll = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 11) as usize % below.max(1)
    };
    let mut tree = Tree::parse(text.to_owned(), format);
    let mut kept = Kept::default();
    let mut undo: Option<(Span, String)> = None;
    for round in 0..60 {
        let analysis = Analysis::new(&tree, "shop.yaml", Arc::clone(&config));
        let context = Context::new(&tree, &analysis);
        let fresh = check(&context);
        let again = kept.check(&context);
        assert_eq!(
            shown(&again),
            shown(&fresh),
            "round {round} of {seed}:\n{}",
            tree.source()
        );
        if let Some(at) = (!fresh.is_empty()).then(|| roll(fresh.len()))
            && fresh[at].rule.id != "unused-ignore"
        {
            let near = shown(&check_near(&context, fresh[at].span));
            let one = &shown(&fresh)[at];
            assert!(
                near.contains(one),
                "{one} is not in {near:?}\n{}",
                tree.source()
            );
        }
        // Half of the edits are taken back, so that the file stays readable for the most part.
        let (span, new) = match undo.take() {
            Some(back) if roll(4) > 0 => back,
            _ => {
                let source = tree.source();
                let mut start = roll(source.len() + 1);
                let mut end = (start + [0, 0, 1, 3, 30][roll(5)]).min(source.len());
                while !source.is_char_boundary(start) {
                    start -= 1;
                }
                while !source.is_char_boundary(end) {
                    end += 1;
                }
                let new = PIECES[roll(PIECES.len())];
                let old = source[start..end].to_owned();
                let at = |at: usize| u32::try_from(at).unwrap();
                undo = Some((Span::new(at(start), at(start + new.len())), old));
                (Span::new(at(start), at(end)), new.to_owned())
            }
        };
        tree.edit(span, &new);
    }
}

#[test]
fn yaml() {
    for seed in 1..16 {
        run(TEMPLATE, Format::Yaml, seed * 7919);
    }
}

#[test]
fn json() {
    let statement = |action: &str| {
        format!(
            r#"{{"Type": "AWS::IAM::Role", "Properties": {{"Policies": [{{"PolicyName": "p", "PolicyDocument": {{"Statement": [
      {{"Sid": "a", "Effect": "Allow", "Action": ["{action}", "iam:PassRole"], "Resource": {{"Fn::Sub": "arn:aws:sqs:*:*:${{AppId}}"}}}}
    ]}}}}]}}}}"#
        )
    };
    let text = format!(
        "{{\"Resources\": {{\n  \"ADeployer\": {},\n  \"B\": {},\n  \"CDeployer\": {}\n}}}}\n",
        statement("sqs:CreateQueue"),
        statement("s3:getobject"),
        statement("lambda:CreateFunction"),
    );
    for seed in 1..16 {
        run(&text, Format::Json, seed * 104_729);
    }
}

#[test]
fn plain() {
    let text = r#"[{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}},
 {"RoleName": "Deployer", "Statement": [{"Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": "*"}]}]"#;
    for seed in 1..16 {
        run(text, Format::Json, seed * 31);
    }
}

#[test]
fn serverless() {
    let text = |shared: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Sid: A
          Effect: Allow
          Action: [sqs:SendMesage, 'sqs:*']
          Resource: arn:aws:sqs:eu-west-1:121212121212:${{self:custom.tables.${{sls:stage}}.name}}
        - ${{self:custom.statement}}
custom:
  tables: {{dev: {{name: a}}, prod: {{name: b}}}}
  statement: {{Sid: A, Effect: Allow, Action: 's3:Git*', Resource: '*'}}
functions:
  one:
    handler: a.b
    iamRoleStatementsInherit: true
    iamRoleStatements:
      - Effect: Allow
        Action: lambda:Inwoke
        Resource: '{shared}'
  two:
    handler: a.b
    iamRoleStatements:
      - Effect: Allow
        Action: iam:PassRole
        Resource: '*'
"
        )
    };
    for seed in 1..8 {
        run(&text("*"), Format::Yaml, seed);
        run(
            &text("${self:provider.iam.role.statements.0.Resource}"),
            Format::Yaml,
            seed,
        );
    }
}

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
    let mut kept = Kept::default();
    let mut counts = Vec::new();
    for principal in ["Caller", "Other", "Caller", "Other"] {
        let tree = Tree::parse(template(principal), Format::Yaml);
        let analysis = Analysis::new(&tree, "shop.yaml", Arc::clone(&config));
        let context = Context::new(&tree, &analysis);
        let found = kept.check(&context);
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
    let mut kept = Kept::default();
    for (number, (text, looked_at)) in steps.iter().enumerate() {
        let tree = Tree::parse(text.clone(), format);
        let analysis = Analysis::new(&tree, path, Arc::clone(&config));
        let context = Context::new(&tree, &analysis);
        let again = shown(&kept.check(&context));
        assert_eq!(again, shown(&check(&context)), "step {number}:\n{text}");
        assert_eq!(kept.looked_at(), *looked_at, "step {number}:\n{text}");
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
            (text("sqs:SendMesage", into), 3),
            (text("sqs:SendMessage", into), 3),
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
