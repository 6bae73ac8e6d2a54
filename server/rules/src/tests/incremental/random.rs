//! Edits at random: what holds over them is what a fresh look finds, and what is taken down is needed for that.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::trace::without;
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

use super::{CONFIG, MODULE, shown};
use crate::{Context, Finding, Incremental, check};

pub(super) const TEMPLATE: &str = r#"Parameters:
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

const ROUNDS: usize = 40;

/// A file that is edited, with words that take each other's place in it.
struct Edited<'a> {
    path: &'a str,
    text: &'a str,
    words: &'a [(&'a str, &'a str)],
}

impl Edited<'_> {
    fn format(&self) -> Format {
        leastwise_workspace::load::format_of(self.path.as_ref(), self.text)
    }

    /// Edits at random; the first after which something else is found than in a fresh look.
    fn differs(&self, seed: u64) -> Option<String> {
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
        let mut tree = Tree::parse(self.text.to_owned(), self.format());
        let mut known = Incremental::default();
        let mut undo: Option<(Span, String)> = None;
        for round in 0..ROUNDS {
            let analysis = Analysis::new(&tree, self.path, Arc::clone(&config));
            let context = Context::new(&tree, &analysis);
            if roll(3) == 0 {
                // Somebody else asks first: a completion, say.
                ask_at_random(&context, &mut roll);
            }
            let kept = shown(&known.check(&context));
            let fresh_analysis = Analysis::new(&tree, self.path, Arc::clone(&config));
            let fresh = check(&Context::new(&tree, &fresh_analysis));
            if kept != shown(&fresh) {
                let fresh = shown(&fresh);
                let lacks: Vec<_> = fresh.iter().filter(|it| !kept.contains(it)).collect();
                let more: Vec<_> = kept.iter().filter(|it| !fresh.contains(it)).collect();
                let text = tree.source();
                return Some(format!(
                    "round {round} of {seed}: lacks {lacks:#?}, has {more:#?}\n{text}"
                ));
            }
            if let Some(at) = (!fresh.is_empty()).then(|| roll(fresh.len())) {
                let near = known.check_at(&context, fresh[at].span);
                assert_eq!(shown(&near), shown(&fresh));
                let titles = |finding: &Finding| -> Vec<String> {
                    let fixes = finding.fixes(&context).into_iter();
                    fixes.map(|fix| fix.title).collect()
                };
                let one = &fresh[at];
                assert_eq!(titles(&near[at]), titles(one), "{one:?}\n{}", tree.source());
            }
            let (span, new) = self.edit(tree.source(), &mut undo, &mut roll);
            tree.edit(span, &new);
        }
        None
    }

    /// Half of the edits are taken back, so that the file stays readable for the most part.
    fn edit(
        &self,
        source: &str,
        undo: &mut Option<(Span, String)>,
        roll: &mut impl FnMut(usize) -> usize,
    ) -> (Span, String) {
        if let Some(back) = undo.take()
            && roll(4) > 0
        {
            return back;
        }
        let at = |at: usize| u32::try_from(at).unwrap();
        if roll(2) == 0
            && let Some((one, other)) = self.words.get(roll(self.words.len()))
        {
            for (from, to) in [(one, other), (other, one)] {
                if let Some(start) = source.find(from) {
                    return (
                        Span::new(at(start), at(start + from.len())),
                        (*to).to_owned(),
                    );
                }
            }
        }
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
        *undo = Some((Span::new(at(start), at(start + new.len())), old));
        (Span::new(at(start), at(end)), new.to_owned())
    }
}

fn ask_at_random(context: &Context<'_>, roll: &mut impl FnMut(usize) -> usize) {
    let statements: Vec<_> = context.statements().collect();
    if let Some((_, statement)) = statements.get(roll(statements.len())) {
        for list in [&statement.action, &statement.resource] {
            let items = list.known().into_iter().flat_map(|list| &list.items);
            items.for_each(|item| drop(context.patterns(item)));
        }
    }
    if !context.analysis.owners.is_empty() {
        let owner = roll(context.analysis.owners.len());
        context.analysis.deploys(context.tree, owner);
    }
}

fn run(text: &str, format: Format, seed: u64) {
    let path = match format {
        Format::Yaml => "shop.yaml",
        _ => "shop.json",
    };
    holds(
        &Edited {
            path,
            text,
            words: &[],
        },
        [seed],
    );
}

#[track_caller]
fn holds(edited: &Edited<'_>, seeds: impl IntoIterator<Item = u64>) {
    for seed in seeds {
        let differs = edited.differs(seed);
        assert!(differs.is_none(), "{}", differs.unwrap());
    }
}

/// Two roles, one of which may assume the other.
const TRUSTING: &str = "Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: caller
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: {Effect: Allow, Action: 'sts:AssumeRole', Resource: !GetAtt Target.Arn}
  Target:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {AWS: !GetAtt Caller.Arn}, Action: 'sts:AssumeRole'}
  Other: {Type: 'AWS::IAM::Role', Properties: {RoleName: other}}
";

/// Policies that take something from each other.
const ANCHORED: &str = "Resources:
  One:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: &effect Allow, Action: &shared 's3:GetObject', Resource: '*'}
  Two:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: 's3:PutObjekt', Resource: '*'}
  Three:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: *effect, Action: *shared, Resource: '*'}
";

/// A service whose functions take something from the policy of all, and whose stages a policy tells.
const SERVICE: &str = "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
custom:
  dev: {name: a}
  prod: {name: b}
functions:
  one:
    handler: a.b
    iamRoleStatements:
      - {Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:1:${self:custom.prod.name}'}
  two:
    handler: a.b
    iamRoleStatements:
      - {Effect: Allow, Action: 'lambda:Inwoke', Resource: '${self:provider.iam.role.statements.0.Action}'}
  three:
    handler: a.b
    iamRoleStatements:
      - {Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:${sls:stage}:a'}
plugins: [serverless-iam-roles-per-function]
";

const TRUST_WORDS: &[(&str, &str)] = &[("Caller.Arn", "Other.Arn")];
const ANCHOR_WORDS: &[(&str, &str)] = &[
    ("GetObject", "GetObjekt"),
    ("&effect Allow", "&effect Deny"),
    ("Action: 's3:PutObjekt'", "Action: &shared 's3:PutObjekt'"),
];
const SERVICE_WORDS: &[(&str, &str)] = &[
    (
        "Action: 'sqs:SendMessage', Resource: '*'",
        "Action: 'sqs:SendMesage', Resource: '*'",
    ),
    (
        "${self:custom.prod.name}",
        "${self:custom.${sls:stage}.name}",
    ),
    (
        "iam.role.statements.0.Action",
        "iam.role.statements.0.Resource",
    ),
];
const MODULE_WORDS: &[(&str, &str)] = &[
    ("s3:GetObjekt", "s3:GetObject"),
    ("\"Same\"", "\"Other\""),
    (
        "AWS = aws_iam_role.deployer.arn",
        "AWS = aws_iam_role.target.arn",
    ),
    ("\"iam:PassRole\"", "\"sts:AssumeRole\""),
    ("lambda.amazonaws.com", "lamda.amazonaws.com"),
];

fn edited() -> [Edited<'static>; 5] {
    let of = |path, text, words| Edited { path, text, words };
    [
        of(
            "shop.yaml",
            TEMPLATE,
            &[("Table}", "Tabel}"), ("'*'", "'arn:aws:s3:::shop'")],
        ),
        of("shop.yaml", TRUSTING, TRUST_WORDS),
        of("shop.yaml", ANCHORED, ANCHOR_WORDS),
        of("serverless.yml", SERVICE, SERVICE_WORDS),
        of("main.tf", MODULE, MODULE_WORDS),
    ]
}

#[test]
fn what_holds_over_edits_is_what_a_fresh_look_finds() {
    for edited in edited() {
        holds(&edited, (1..8).map(|seed| seed * 7919));
    }
}

/// What is taken down, left out on purpose: then something must differ.
#[track_caller]
fn is_needed(what: &'static str, edited: &Edited<'_>) {
    let mut seeds = (1..30).map(|seed| seed * 7919);
    let is_missed = seeds.any(|seed| without(what, || edited.differs(seed)).is_some());
    assert!(is_missed, "nobody has missed the {what}");
}

#[test]
fn the_regions_that_are_read_are_needed() {
    is_needed("regions", &edited()[1]);
}

#[test]
fn questions_about_the_whole_are_needed() {
    is_needed("questions", &edited()[0]);
}

#[test]
fn what_policies_are_found_by_is_needed() {
    is_needed("shape", &edited()[3]);
}

#[test]
fn the_text_outside_is_needed() {
    is_needed("text outside", &edited()[0]);
}

#[test]
fn how_the_whole_is_read_is_needed() {
    is_needed("reading", &edited()[2]);
}

#[test]
fn what_a_policy_is_read_from_is_needed() {
    is_needed("Policy", &edited()[1]);
}

#[test]
fn what_a_text_is_made_of_is_needed() {
    is_needed("Resolutions", &edited()[3]);
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
