//! From file to file: `$0` marks the cursor; places are shown as file, line and text.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::Files;
use leastwise_syntax::Tree;
use leastwise_workspace::analysis::index::{Index, Indexed, IndexedFiles};
use leastwise_workspace::{Analysis, load};

use crate::testing::{CONFIG, cut};
use crate::{File, Location};

#[derive(Debug)]
struct Folder {
    trees: Vec<(String, Arc<Tree>)>,
    index: Option<Arc<Index>>,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let read = |(path, text): &(&str, &str)| {
            let format = load::format_of(path.as_ref(), text);
            let tree = Arc::new(Tree::parse((*text).to_owned(), format));
            ((*path).to_owned(), tree)
        };
        Folder {
            trees: files.iter().map(read).collect(),
            index: None,
        }
    }
}

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let found = self.trees.iter().find(|(own, _)| own == path);
        found.map(|(_, tree)| Arc::clone(tree))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.tree(path).map(|tree| Arc::from(tree.source()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let names = self.trees.iter().map(|(path, _)| path.clone());
        names
            .filter(|path| folder.is_empty() && !path.contains('/'))
            .collect()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Folder {
    fn index(&self) -> Option<Arc<Index>> {
        self.index.clone()
    }
}

/// The first file of several, with the cursor in it.
fn open(files: &[(&str, &str)]) -> (File, u32) {
    let (text, offset) = cut(files[0].1);
    let mut plain = files.to_vec();
    plain[0].1 = &text;
    let config = Arc::new(Config::parse(CONFIG));
    let alone = Arc::new(Folder::new(&plain));
    let indexed = alone.trees.iter().map(|(path, tree)| {
        let files = Arc::clone(&alone) as Arc<dyn IndexedFiles>;
        let config = Arc::clone(&config);
        Indexed {
            place: PathBuf::from(path),
            tree: Arc::clone(tree),
            analysis: Arc::new(Analysis::with_memo(
                tree,
                path,
                config,
                files,
                Arc::default(),
            )),
        }
    });
    let index = Index::new(indexed);
    let mut folder = Folder::new(&plain);
    folder.index = Some(Arc::new(index));
    let format = load::format_of(plain[0].0.as_ref(), &text);
    let file = File::among(plain[0].0, text, format, config, Arc::new(folder));
    (file, offset)
}

fn shown(file: &File, found: &[Location]) -> Vec<String> {
    let show = |at: &Location| {
        let (path, source) = match &at.file {
            Some((path, tree)) => (path.to_string_lossy().into_owned(), tree.source()),
            None => ("here".to_owned(), file.tree.source()),
        };
        let (line, _) = leastwise_syntax::place(source, at.span.start);
        format!("{path}:{line}:{}", &source[at.span.range()])
    };
    found.iter().map(show).collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], definitions: &[&str], references: &[&str]) {
    let (mut file, offset) = open(files);
    let found = file.definitions(offset);
    assert_eq!(shown(&file, &found), definitions, "definitions");
    let found = file.references(offset, false);
    assert_eq!(shown(&file, &found), references, "references");
}

const ROLE: &str = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      ManagedPolicyArns:
        - arn:aws:iam::111111111111:policy/shop-delete
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: 'arn:aws:iam::111111111111:role/shop-ci'}
            Action: sts:AssumeRole
";
const POLICY: &str = "Resources:
  Delete:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: shop-delete
      PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:DeleteQueue', Resource: '*'}}
  Assume:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Resource: arn:aws:iam::*:role/shop-deployer
Outputs:
  Arn: {Value: !Ref Delete, Export: {Name: shop-delete-arn}}
";
const TERRAFORM: &str = "resource \"aws_iam_role\" \"ci\" {
  name = \"shop-ci\"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource \"aws_iam_role_policy_attachment\" \"delete\" {
  role       = \"shop-deployer\"
  policy_arn = \"arn:aws:iam::111111111111:policy/shop-delete\"
}
";
const WORKFLOW: &str = "on: push
jobs:
  deploy:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::111111111111:role/shop-deployer'}
";
const IMPORTING: &str = "Resources:
  Other:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!ImportValue shop-delete-arn]
";

/// All files, the marked one first.
fn with<'f>(path: &'f str, marked: &'f str) -> Vec<(&'f str, &'f str)> {
    let all = [
        ("policy.yaml", POLICY),
        ("role.yaml", ROLE),
        ("main.tf", TERRAFORM),
        ("deploy.yml", WORKFLOW),
        ("import.yaml", IMPORTING),
    ];
    let mut files = vec![(path, marked)];
    files.extend(all.into_iter().filter(|(own, _)| *own != path));
    files
}

fn marked(text: &str, at: &str) -> String {
    let marked = text.replacen(at, &format!("{}$0{}", &at[..1], &at[1..]), 1);
    assert_ne!(marked, text, "{at}");
    marked
}

#[test]
fn managed_policies() {
    let uses = [
        "import.yaml:5:!ImportValue shop-delete-arn",
        "main.tf:7:shop-delete",
        "role.yaml:7:shop-delete",
    ];
    let here = |path: &str| -> Vec<String> {
        let own = |text: &&str| text.replace(&format!("{path}:"), "here:");
        let mut uses: Vec<String> = uses.iter().map(own).collect();
        uses.sort_by_key(|text| !text.starts_with("here"));
        uses
    };
    let check = |path: &str, text: &str, at: &str| {
        let text = marked(text, at);
        let here = here(path);
        let references: Vec<&str> = here.iter().map(String::as_str).collect();
        check(&with(path, &text), &["policy.yaml:2:Delete"], &references);
    };
    check("role.yaml", ROLE, "shop-delete");
    check("main.tf", TERRAFORM, "shop-delete");
    let (mut file, offset) = open(&with("policy.yaml", &marked(POLICY, "Delete:\n")));
    let found = file.references(offset, false);
    let mut wanted = vec!["here:16:Delete"];
    wanted.extend(uses);
    assert_eq!(
        shown(&file, &found).len(),
        wanted.len(),
        "{:?}",
        shown(&file, &found)
    );
}

#[test]
fn roles() {
    for (path, text, at) in [
        ("deploy.yml", WORKFLOW, "shop-deployer"),
        ("main.tf", TERRAFORM, "shop-deployer"),
        ("policy.yaml", POLICY, "shop-deployer"),
    ] {
        let (mut file, offset) = open(&with(path, &marked(text, at)));
        let found = file.definitions(offset);
        assert_eq!(shown(&file, &found), ["role.yaml:2:Deployer"], "{path}");
        let found = file.references(offset, false);
        assert_eq!(found.len(), 3, "{path}: {:?}", shown(&file, &found));
    }
    // The principal of a trust policy.
    check(
        &with("role.yaml", &marked(ROLE, "shop-ci")),
        &["main.tf:1:\"ci\""],
        &["here:11:shop-ci"],
    );
}

#[test]
fn exports() {
    let imports = "import.yaml:5:shop-delete-arn";
    check(
        &with("policy.yaml", &marked(POLICY, "shop-delete-arn")),
        &["here:16:!Ref Delete"],
        &[imports],
    );
    let import = marked(IMPORTING, "shop-delete-arn");
    let (mut file, offset) = open(&with("import.yaml", &import));
    let found = file.definitions(offset);
    let found = shown(&file, &found);
    assert_eq!(
        found,
        ["policy.yaml:2:Delete", "policy.yaml:16:!Ref Delete"]
    );
}

const SERVICE: &str = "service: shop
provider:
  name: aws
  iam: {role: {statements: '${file(iam.yml):statements}'}}
custom:
  table: orders
  arn: arn:aws:dynamodb:eu-west-1:111111111111:table/${self:custom.table}
functions:
  hello:
    handler: x
    role: HelloRole
resources:
  Resources:
    HelloRole:
      Type: AWS::IAM::Role
      Properties:
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement:
                - {Effect: Allow, Action: 'dynamodb:*', Resource: '${self:custom.arn}'}
                - {Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Queue.Arn}
    Queue:
      Type: AWS::SQS::Queue
";

#[test]
fn services_of_the_serverless_framework() {
    let statements = "statements:
  - {Effect: Allow, Action: 'sqs:*', Resource: '*'}
";
    for (at, definitions, references) in [
        (
            "self:custom.table",
            vec!["here:6:table"],
            vec!["here:7:${self:custom.table}"],
        ),
        (
            "self:custom.arn",
            vec!["here:7:arn"],
            vec!["here:21:${self:custom.arn}"],
        ),
        (
            "file(iam.yml)",
            vec!["iam.yml:1:statements"],
            vec!["here:4:${file(iam.yml):statements}"],
        ),
        (
            "HelloRole\n",
            vec!["here:14:HelloRole"],
            vec!["here:11:HelloRole"],
        ),
        (
            "HelloRole:",
            vec!["here:14:HelloRole"],
            vec!["here:11:HelloRole"],
        ),
        (
            "Queue.Arn",
            vec!["here:23:Queue"],
            vec!["here:22:!GetAtt Queue.Arn"],
        ),
    ] {
        let text = marked(SERVICE, at);
        let files = [("serverless.yml", text.as_str()), ("iam.yml", statements)];
        check(&files, &definitions, &references);
    }
}
