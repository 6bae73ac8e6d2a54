//! The index by file is the index made anew, and an edit costs one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leastwise_dialects::Stacks;
use leastwise_model::{Config, OwnerKind};

use crate::analysis::index::{Index, QueryLog};
use crate::configs::InForce;
use crate::gather::Gathered;
use crate::{forgetting, work};

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";

/// Numbers that look as if they were thrown.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

/// A workspace on disk and in an editor, and what is gathered of it.
struct Workspace {
    folder: tempfile::TempDir,
    /// What is open, with its text.
    open: BTreeMap<PathBuf, String>,
    gathered: Gathered,
}

fn in_force(folder: &Path) -> impl Fn(&Path) -> InForce + use<> {
    let config = Arc::new(Config::parse(CONFIG));
    let base = folder.to_owned();
    let inner = folder.join("infra");
    move |path| {
        let base = match path.starts_with(&inner) {
            true => &inner,
            false => &base,
        };
        InForce {
            config: Arc::clone(&config),
            folder: Some(base.clone()),
        }
    }
}

impl Workspace {
    fn new() -> Workspace {
        Workspace {
            folder: tempfile::tempdir().unwrap(),
            open: BTreeMap::new(),
            gathered: Gathered::default(),
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Takes note of a change, as the editor's thread does.
    fn changed(&mut self, path: &Path) {
        let config = in_force(self.folder.path());
        self.gathered.changed(&[path.to_owned()].into(), &self.open);
        match self.open.get(path) {
            Some(text) => self.gathered.edit(self.folder.path(), path, text, &config),
            None => self.gathered.read(self.folder.path(), path, &config),
        };
        self.gathered.settle(&config);
    }

    fn write(&mut self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        self.changed(&path);
    }

    fn edit(&mut self, path: &str, text: &str) {
        let path = self.at(path);
        self.open.insert(path.clone(), text.to_owned());
        self.changed(&path);
    }

    fn close(&mut self, path: &str) {
        let path = self.at(path);
        self.open.remove(&path);
        self.changed(&path);
    }

    fn delete(&mut self, path: &str) {
        let path = self.at(path);
        let _ = std::fs::remove_file(&path);
        let _ = std::fs::remove_dir_all(&path);
        self.changed(&path);
    }

    /// What somebody gathers who begins now.
    fn anew(&self) -> Index {
        let config = in_force(self.folder.path());
        let mut gathered = Gathered::default();
        let open = self.open.keys().cloned().collect();
        gathered.changed(&open, &self.open);
        gathered.walk(self.folder.path(), &config);
        for (path, text) in &self.open {
            gathered.edit(self.folder.path(), path, text, &config);
        }
        gathered.index()
    }
}

const FILES: [&str; 16] = [
    "child.yaml",
    "a.yaml",
    "b.yaml",
    "c.yaml",
    "infra/a.yaml",
    "infra/child.yaml",
    "infra/deep/d.yaml",
    "serverless.yml",
    ".github/workflows/w.yml",
    "names.yml",
    "main.tf",
    "tf/roles.tf",
    "tf/locals.tf",
    "tf/policies.tf",
    "tf/called/main.tf",
    "tf/policy.json",
];

/// What a file may say by its path.
fn text_at(path: &str, dice: &mut Dice) -> String {
    let (one, two) = (dice.throw(3), dice.throw(3));
    match path {
        "names.yml" => format!("role: {{RoleName: role-{one}}}\nid: r\n"),
        "serverless.yml" if dice.throw(2) == 0 => format!(
            "service: s
provider: {{name: aws}}
resources:
  Resources:
    R{one}:
      Type: AWS::IAM::Role
      Properties: ${{file(names.yml):role}}
"
        ),
        path if path.ends_with(".tf") => terraform(dice),
        path if path.ends_with(".json") => {
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#.to_owned()
                + &" ".repeat(one)
                + &"\n".repeat(two)
        }
        _ => text(dice),
    }
}

fn terraform(dice: &mut Dice) -> String {
    let (one, two) = (dice.throw(3), dice.throw(3));
    let parts = [
        format!("locals {{\n  name{one} = \"role-{two}\"\n}}\n"),
        format!("variable \"name\" {{\n  default = \"role-{two}\"\n}}\n"),
        format!(
            "resource \"aws_iam_role\" \"r{one}\" {{
  name               = local.name{two}
  assume_role_policy = file(\"${{path.module}}/policy.json\")
}}
"
        ),
        "resource \"aws_iam_role\" \"v\" {\n  name = var.name\n}\n".to_owned(),
        format!(
            "resource \"aws_iam_policy\" \"p{one}\" {{
  name   = \"policy-{two}\"
  policy = file(\"policy.json\")
}}
"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"a{one}\" {{
  role       = aws_iam_role.r{two}.name
  policy_arn = aws_iam_policy.p{one}.arn
}}
"
        ),
        format!("module \"m{one}\" {{\n  source = \"./called\"\n  name = local.name{two}\n}}\n"),
        format!("module \"t{one}\" {{\n  source = \"./tf\"\n  name = \"role-{two}\"\n}}\n"),
    ];
    let mut text = String::from("# aws_iam\n");
    for part in &parts {
        if dice.throw(2) == 0 {
            text.push_str(part);
        }
    }
    text
}

fn text(dice: &mut Dice) -> String {
    let (one, two, three) = (dice.throw(3), dice.throw(3), dice.throw(3));
    // Not all are asked for by their names.
    let role = dice.throw(6);
    let parts = [
        format!(
            "  R{one}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: role-{role}
      ManagedPolicyArns: [!ImportValue export-{two}, 'arn:aws:iam::111111111111:policy/policy-{three}']
"
        ),
        format!(
            "  P{one}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: policy-{two}
      PolicyDocument: {{Statement: {{Effect: Allow, Action: sqs:SendMessage, Resource: '*'}}}}
"
        ),
        format!(
            "  N{one}:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: ./child.yaml, Parameters: {{Name: n-{two}}}}}
"
        ),
    ];
    let mut text = String::from("Resources:\n");
    for part in &parts {
        if dice.throw(2) == 0 {
            text.push_str(part);
        }
    }
    text.push_str("  Q: {Type: 'AWS::SQS::Queue'}\nOutputs:\n  Q: {Value: !Ref Q}\n");
    if dice.throw(2) == 0 {
        text.push_str(&format!(
            "  O: {{Value: 'arn:aws:iam::111111111111:policy/policy-{two}', Export: {{Name: export-{three}}}}}\n"
        ));
    }
    match dice.throw(8) {
        0 => "- nothing\n".to_owned(),
        1 => format!(
            "on: push
jobs:
  deploy:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {{role-to-assume: 'arn:aws:iam::111111111111:role/role-{one}'}}
"
        ),
        2 => format!(
            "service: s
provider:
  name: aws
  iam: {{deploymentRole: 'arn:aws:iam::111111111111:role/role-{two}'}}
"
        ),
        _ => text,
    }
}

/// What an index answers somebody who doesn't ask for all: which it is, the bits of a number say.
fn answers(index: &Index, asks: usize) -> BTreeMap<String, String> {
    let (roles, names, rest) = (asks & 1 > 0, asks & 2 > 0, asks & 4 > 0);
    let mut told = BTreeMap::new();
    for number in 0..3 {
        for (kind, name) in [
            (OwnerKind::Role, format!("role-{number}")),
            (OwnerKind::ManagedPolicy, format!("policy-{number}")),
        ] {
            if kind == OwnerKind::Role && !roles {
                continue;
            }
            let owners = index.owners(kind, &name).map(|(file, at, owner)| {
                let holders = index.holders(&file.tree, &file.analysis, owner);
                let holders = holders.iter().map(|it| (&it.file.place, it.owner));
                let holders: Vec<_> = holders.collect();
                let deploys = index.deploys(owner);
                format!("{:?} {at} {holders:?} {deploys}", file.place)
            });
            told.insert(name.clone(), format!("{:?}", owners.collect::<Vec<_>>()));
        }
        if !rest {
            continue;
        }
        let name = format!("export-{number}");
        let exports = index.exports(&name).map(|(file, _)| &file.place);
        told.insert(name.clone(), format!("{:?}", exports.collect::<Vec<_>>()));
    }
    for path in ["infra/child.yaml", "child.yaml"] {
        if !rest {
            continue;
        }
        let stacks = index.stacks_of(path);
        let stacks = stacks.iter().map(|stack| stack.path);
        told.insert(path.to_owned(), format!("{:?}", stacks.collect::<Vec<_>>()));
    }
    if names {
        let mut names: Vec<_> = index.names(OwnerKind::Role).collect();
        names.sort_unstable();
        told.insert("names".to_owned(), format!("{names:?}"));
    }
    told.insert("empty".to_owned(), index.is_empty().to_string());
    told
}

/// Changes a workspace at random, and says what of its index is otherwise than if it were made anew, or is answered otherwise
/// than before though it says that nothing is.
fn difference(seed: u64) -> Option<String> {
    let mut dice = Dice(seed);
    let mut workspace = Workspace::new();
    let mut before: Vec<(Index, BTreeMap<String, Vec<String>>)> = Vec::new();
    for step in 0..60 {
        let path = FILES[dice.throw(FILES.len())];
        let what = dice.throw(8);
        match what {
            0 => workspace.delete(path),
            1 => workspace.delete(["infra", "tf"][dice.throw(2)]),
            2 => workspace.close(path),
            3..=5 => workspace.edit(path, &text_at(path, &mut dice)),
            _ => workspace.write(path, &text_at(path, &mut dice)),
        }
        let at = format!("seed {seed}, step {step}: {what} {path}");
        let asked = Arc::new(QueryLog::of("/somewhere/else.yaml"));
        let asks = dice.throw(8);
        let earlier = before
            .last()
            .map(|(index, _)| answers(&index.asking(Arc::clone(&asked)), asks));
        let index = workspace.gathered.index();
        let (told, anew) = (index.told(), workspace.anew().told());
        let mut keys = told.keys().chain(anew.keys());
        if let Some(key) = keys.find(|key| told.get(*key) != anew.get(*key)) {
            return Some(format!("{at}: {key}"));
        }
        if earlier.is_some_and(|earlier| index.answers(&asked) && answers(&index, asks) != earlier)
        {
            return Some(format!("{at}: answers"));
        }
        before.push((index, told));
    }
    let mut before = before.iter();
    let changed = before.any(|(index, told)| index.told() != *told);
    changed.then(|| "what somebody holds is another".to_owned())
}

#[test]
fn the_index_by_file_is_the_one_made_anew() {
    for seed in 0..12 {
        assert_eq!(difference(seed), None);
    }
}

#[test]
fn nothing_that_is_taken_down_may_be_forgotten() {
    // Each with a run that is known to miss it, so that others needn't be tried.
    let all = [
        ("file", 1),
        ("folder", 1),
        ("shared", 3),
        ("owner", 0),
        ("deployer", 12),
        ("stacks", 27),
        ("export", 0),
        ("path", 0),
        ("holders", 20),
        ("names", 2),
        ("any", 2),
    ];
    let missed = all.into_iter().filter(|(what, first)| {
        let mut seeds = std::iter::once(*first).chain(0..60);
        let found = seeds.find(|seed| forgetting::without(what, || difference(*seed)).is_some());
        found.is_none()
    });
    assert_eq!(missed.collect::<Vec<_>>(), []);
}

fn role(at: usize) -> String {
    format!(
        "Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: role-{at}
      ManagedPolicyArns: [!ImportValue export-{before}]
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: policy-{at}
      PolicyDocument: {{Statement: {{Effect: Allow, Action: sqs:SendMessage, Resource: '*'}}}}
Outputs:
  O: {{Value: 'arn:aws:iam::111111111111:policy/policy-{at}', Export: {{Name: export-{at}}}}}
",
        before = at.saturating_sub(1)
    )
}

#[test]
fn an_edit_among_a_thousand_files_costs_one_file() {
    let mut workspace = Workspace::new();
    for at in 0..1000 {
        let path = workspace.at(&format!("f{at}.yaml"));
        std::fs::write(path, role(at)).unwrap();
    }
    let config = in_force(workspace.folder.path());
    workspace.gathered.walk(workspace.folder.path(), &config);
    let index = workspace.gathered.index();
    assert_eq!(index.len(), 1000);
    let policy = |index: &Index, at: usize| {
        let (file, _, owner) = index
            .owners(OwnerKind::ManagedPolicy, &format!("policy-{at}"))
            .next()
            .unwrap();
        index.holders(&file.tree, &file.analysis, owner).len()
    };
    assert_eq!(policy(&index, 7), 1);

    let asked = Arc::new(QueryLog::of(workspace.at("f500.yaml")));
    assert_eq!(policy(&index.asking(Arc::clone(&asked)), 500), 1);
    let near = Arc::new(QueryLog::of(workspace.at("f6.yaml")));
    assert_eq!(policy(&index.asking(Arc::clone(&near)), 6), 1);
    let edited = role(7).replace("SendMessage", "DeleteQueue");
    let cost = work::of(|| workspace.edit("f7.yaml", &edited));
    let all = "what it says, what it attaches, and what another one attaches by what it exports";
    assert_eq!(cost, 3, "{all}");
    let index = workspace.gathered.index();
    assert!(index.answers(&asked), "it has asked for nothing there");
    assert!(!index.answers(&near), "a role there has its policy");

    let edited = edited.replace("policy/policy-7", "policy/policy-9");
    let cost = work::of(|| workspace.edit("f7.yaml", &edited));
    assert_eq!(cost, 3, "{all}");
    let index = workspace.gathered.index();
    assert_eq!((policy(&index, 7), policy(&index, 9)), (0, 2));
    assert!(index.answers(&asked));
}

#[test]
fn a_file_sees_no_news_in_what_it_says_itself() {
    let mut workspace = Workspace::new();
    workspace.write("a.yaml", &role(1));
    workspace.write("b.yaml", &role(2));
    let index = workspace.gathered.index();
    let ask = |index: &Index, path: &str| {
        let asked = Arc::new(QueryLog::of(workspace.folder.path().join(path)));
        answers(&index.asking(Arc::clone(&asked)), 7);
        asked
    };
    let (own, other) = (ask(&index, "a.yaml"), ask(&index, "b.yaml"));
    let edited = role(1).replace("SendMessage", "DeleteQueue");
    workspace.edit("a.yaml", &edited);
    let index = workspace.gathered.index();
    assert_eq!((index.answers(&own), index.answers(&other)), (true, false));
    workspace.edit("a.yaml", &edited.replace("role-1", "role-2"));
    assert!(!workspace.gathered.index().answers(&own));
}
