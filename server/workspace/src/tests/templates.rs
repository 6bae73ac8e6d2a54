//! What CloudFormation's macros and nested stacks make of a template.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::Files;
use leastwise_syntax::{Format, Tree};

use super::analyse;
use crate::Analysis;
use crate::analysis::index::IndexedFiles;

const CONFIG: &str = "
[accounts]
prod = '222222222222'
[deploy]
partition = 'aws'
regions = ['eu-west-1']
";

/// By owner and policy, the resources of its statements.
fn resources(tree: &Tree, analysis: &Analysis) -> Vec<String> {
    let mut lines = Vec::new();
    for site in &analysis.sites {
        for statement in &site.policy(tree).statements {
            let items = statement.resources().iter();
            let values: Vec<String> = items
                .flat_map(|item| analysis.shown(tree, item))
                .map(|(_, value)| value.pattern.display())
                .collect();
            let label = analysis.label(site).unwrap_or("?");
            lines.push(format!("{label}: {}", values.join(" ")));
        }
    }
    lines
}

fn found(text: &str) -> Vec<String> {
    let (tree, analysis) = analyse(text, CONFIG);
    assert_eq!(format!("{:?}", analysis.dialect), "CloudFormation");
    resources(&tree, &analysis)
}

const LOOP: &str = "Transform: AWS::LanguageExtensions
Parameters:
  Known: {Type: CommaDelimitedList, Default: 'orders, carts'}
  Open: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Each:
    - Name
    - COLLECTION
    - Queue${Name}:
        Type: AWS::SQS::Queue
        Properties:
          QueueName: !Sub 'shop-${Name}'
      Role${Name}:
        Type: AWS::IAM::Role
        Properties:
          RoleName: shop-${Name}
          Policies:
            - PolicyName: own
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Action: sqs:SendMessage
                    Resource:
                      - !GetAtt Queue${Name}.Arn
                      - arn:aws:sqs:eu-west-1:222222222222:${Name}
                      - !Join ['', ['arn:aws:sqs:eu-west-1:222222222222:', '${Name}', -dead]]
";

#[test]
fn loops_over_literals_and_parameters() {
    let queue = |name: &str| format!("arn:aws:sqs:eu-west-1:222222222222:{name}");
    let both = |prefix: &str, ending: &str| {
        let names = ["orders", "carts"].map(|name| queue(&format!("{prefix}{name}{ending}")));
        names.join(" ")
    };
    let wanted = format!(
        "Role${{Name}}: {} {} {}",
        both("shop-", ""),
        both("", ""),
        both("", "-dead")
    );
    for collection in ["[orders, carts]", "!Ref Known"] {
        let text = LOOP.replace("COLLECTION", collection);
        assert_eq!(found(&text), [wanted.as_str()], "{collection}");
        let (_, analysis) = analyse(&text, CONFIG);
        let names: Vec<_> = analysis.owners.iter().map(|owner| &owner.names).collect();
        assert_eq!(
            names,
            [&["shop-orders".to_owned(), "shop-carts".to_owned()]]
        );
    }
    // A list that the deployer gives: what it is for isn't known.
    let open = found(&LOOP.replace("COLLECTION", "!Ref Open"));
    assert_eq!(open.len(), 1);
    assert!(open[0].contains(&queue("shop-${Name}")), "{open:?}");
    assert!(open[0].contains(&queue("${Name}")), "{open:?}");
}

#[test]
fn what_a_loop_makes_is_named_from_outside() {
    let text = LOOP.replace("COLLECTION", "[Orders, Carts]")
        + "  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref RoleCarts]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:ReceiveMessage
          Resource: !GetAtt QueueCarts.Arn
";
    let found = found(&text);
    assert_eq!(
        found[1],
        "Role${Name}: arn:aws:sqs:eu-west-1:222222222222:shop-Carts"
    );
}

#[test]
fn loops_in_loops() {
    let found = found(
        "Resources:
  Fn::ForEach::Stages:
    - Stage
    - [dev, prod]
    - Fn::ForEach::Names:
        - Name
        - [a, b]
        - ${Stage}${Name}:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Statement: {Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::${Stage}-${Name}'}
  Other:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'iam:*', Resource: [!Ref proda, !Ref devz]}
",
    );
    assert_eq!(
        found[0],
        "${Stage}${Name}: arn:aws:s3:::dev-a arn:aws:s3:::dev-b arn:aws:s3:::prod-a arn:aws:s3:::prod-b"
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn many_turns_are_cut_short() {
    let items: Vec<String> = (0..3000).map(|number| format!("n{number}")).collect();
    let text = LOOP.replace("COLLECTION", &format!("[{}]", items.join(", ")));
    let nested = text.replace(
        "    - Queue${Name}:",
        "    - Fn::ForEach::Again: [Other, [a, b, c, d], {'X${Name}${Other}': {Type: AWS::SQS::Queue}}]\n      Queue${Name}:",
    );
    let (tree, analysis) = analyse(&nested, CONFIG);
    assert_eq!(analysis.sites.len(), 1);
    let names = analysis.state().declares(&tree).len();
    assert!((3..2000).contains(&names), "{names}");
}

#[test]
fn macros_leave_what_they_make_open() {
    let (tree, analysis) = analyse(
        "Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: a
          PolicyDocument:
            Statement:
              - Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
              - Effect: Allow
                Action: s3:GetObject
                Resource: '*'
        - PolicyName: b
          PolicyDocument:
            Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
Rules:
  Region:
    Assertions:
      - Assert: !Equals [!Ref AWS::Region, eu-west-1]
",
        CONFIG,
    );
    assert_eq!(analysis.sites.len(), 1);
    let policy = analysis.sites[0].policy(&tree);
    assert!(policy.is_open());
    assert_eq!(policy.statements.len(), 1);
}

/// Files by path.
#[derive(Debug)]
struct Folder(HashMap<&'static str, &'static str>);

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let text = self.0.get(path)?;
        Some(Arc::new(Tree::parse((*text).to_owned(), Format::Yaml)))
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Folder {}

#[test]
fn outputs_of_nested_stacks() {
    let parent = "Parameters:
  Prefix: {Type: String, AllowedValues: [shop]}
Resources:
  Queues:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ../queues.yaml
      Parameters:
        Name: !Sub '${Prefix}-jobs'
  Uploaded:
    Type: AWS::CloudFormation::Stack
    Metadata: {'aws:asset:path': again.yaml}
    Properties:
      TemplateURL: !Join ['', ['https://s3.', !Ref AWS::URLSuffix, /x]]
  Elsewhere:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://example.com/x.yaml}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: sqs:SendMessage
          Resource:
            - !GetAtt Queues.Outputs.Arn
            - !GetAtt Queues.Outputs.Nothing
            - !GetAtt Uploaded.Outputs.Round
            - !GetAtt Elsewhere.Outputs.Arn
";
    let queues = "Parameters:
  Name: {Type: String}
  Other: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${Name}-${Other}'
Outputs:
  Arn: {Value: !GetAtt Queue.Arn}
";
    // A stack of itself ends somewhere.
    let again = "Resources:
  Self:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: again.yaml}
  Twice:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: again.yaml}
Outputs:
  Round: {Value: !GetAtt Self.Outputs.Round}
";
    let files = Folder(HashMap::from([
        ("stacks/queues.yaml", queues),
        ("stacks/main/again.yaml", again),
    ]));
    let tree = Tree::parse(parent.to_owned(), Format::Yaml);
    let analysis = Analysis::with_memo(
        &tree,
        "stacks/main/main.yaml",
        Arc::new(Config::parse(CONFIG)),
        Arc::new(files),
        Arc::default(),
    );
    let found = resources(&tree, &analysis);
    let values: Vec<&str> = found[0].split(' ').skip(1).collect();
    assert_eq!(
        values[..2],
        [
            "arn:aws:sqs:eu-west-1:222222222222:shop-jobs-${Other}",
            "${Queues.Outputs.Nothing}"
        ]
    );
    assert!(values[2].contains("Outputs.Round"), "{values:?}");
    assert_eq!(values[3], "${Elsewhere.Outputs.Arn}");
}
