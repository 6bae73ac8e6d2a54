//! Parameters of templates that stacks of other templates are made of.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::Files;
use leastwise_syntax::{Format, Tree};

use crate::Analysis;
use crate::analysis::index::{Index, Indexed, IndexedFiles, may_declare};

/// Files by path, and what is declared in them.
#[derive(Debug, Clone, Default)]
struct Folder {
    texts: HashMap<String, String>,
    index: Option<Arc<Index>>,
}

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let text = self.texts.get(path)?;
        Some(Arc::new(Tree::parse(text.clone(), Format::Yaml)))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.texts.get(path).map(|text| Arc::from(text.as_str()))
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
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

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";

/// A policy whose resource is a text.
fn child(resource: &str) -> String {
    format!(
        "Parameters:
  Name: {{Type: String, Default: left}}
  Names: {{Type: CommaDelimitedList}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}
Conditions:
  IsShop: !Equals [!Ref Name, shop]
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{Effect: Allow, Action: sqs:SendMessage, Resource: {resource}}}
"
    )
}

/// A stack of `child.yaml` with parameters.
fn stack(id: &str, parameters: &str) -> String {
    format!(
        "  {id}:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: ./child.yaml, Parameters: {parameters}}}
"
    )
}

/// The values of the policy's resource in `infra/child.yaml`: those that rules go by, then those that are shown.
fn values(files: &[(&str, &str)]) -> [String; 2] {
    values_among(files, &[])
}

/// The same, looked at together with files of these paths that declare nothing.
fn values_among(files: &[(&str, &str)], others: &[&str]) -> [String; 2] {
    let mut folder = Folder::default();
    for (path, text) in files {
        folder.texts.insert((*path).to_owned(), (*text).to_owned());
    }
    let config = Arc::new(Config::parse(CONFIG));
    let open = |path: &str, folder: &Folder| {
        let tree = folder.tree(path).expect("the file");
        assert_eq!(tree.problems(), [], "{path}");
        let (config, files) = (Arc::clone(&config), Arc::new(folder.clone()));
        let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
        Indexed {
            place: PathBuf::from(path),
            tree,
            analysis: Arc::new(analysis),
        }
    };
    // Of a path that comes again, the file lies elsewhere.
    let all = files.iter().enumerate().map(|(at, (path, _))| Indexed {
        place: match files[..at].iter().any(|(before, _)| before == path) {
            true => PathBuf::from(format!("again/{path}")),
            false => PathBuf::from(path),
        },
        ..open(path, &folder)
    });
    let (declaring, rest): (Vec<_>, Vec<_>) = all.partition(Indexed::declares);
    let rest = rest.iter().map(|file| file.analysis.path.as_str());
    let others: Vec<&str> = rest.chain(others.iter().copied()).collect();
    let index = Index::among(declaring, &others);
    folder.index = Some(Arc::new(index));
    let file = open("infra/child.yaml", &folder);
    let policy = file.analysis.sites[0].policy(&file.tree);
    let item = &policy.statements[0].resources()[0];
    let sure = file.analysis.sure(&file.tree, item);
    let sure: Vec<String> = sure.map(|(_, value)| value.pattern.display()).collect();
    let shown = file.analysis.shown(&file.tree, item);
    let shown: Vec<String> = shown.map(|(_, value)| value.pattern.display()).collect();
    [sure.join(" "), shown.join(" ")]
}

fn passed(resource: &str, parents: &[(&str, String)]) -> [String; 2] {
    let child = child(resource);
    let mut files = vec![("infra/child.yaml", child.as_str())];
    files.extend(parents.iter().map(|(path, text)| (*path, text.as_str())));
    values(&files)
}

fn parent(stacks: &str) -> String {
    format!("Parameters:\n  Given: {{Type: String, Default: g}}\nResources:\n{stacks}")
}

#[test]
fn of_two_files_of_one_path_nobody_knows_which_a_stack_is_made_of() {
    let child = child("!Sub 'arn:aws:sqs:::${Name}'");
    let main = parent(&stack("A", "{Name: q}"));
    let files = [
        ("infra/child.yaml", child.as_str()),
        ("infra/main.yaml", &main),
    ];
    let passed = ["arn:aws:sqs:::q"; 2];
    assert_eq!(values_among(&files, &["infra/other.yaml"]), passed);
    let open = ["arn:aws:sqs:::${Name}", "arn:aws:sqs:::left"];
    assert_eq!(values_among(&files, &["infra/child.yaml"]), open);
}

#[test]
fn what_declares_something_is_told_by_its_text() {
    let declares = |text: &str| {
        let tree = Arc::new(Tree::parse(text.to_owned(), Format::Json));
        let analysis = Analysis::new(&tree, "file.json", Arc::default());
        let file = Indexed {
            place: PathBuf::from("file.json"),
            tree,
            analysis: Arc::new(analysis),
        };
        (file.declares(), may_declare(text, Format::Json))
    };
    let resource = |kind: &str, properties: &str| {
        format!(r#"{{"Resources": {{"R": {{"Type": "{kind}", "Properties": {{{properties}}}}}}}}}"#)
    };
    let policy = r#""PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    for (text, declared) in [
        (
            resource("AWS::IAM::Role", r#""RoleName": "r""#),
            (true, true),
        ),
        (
            resource("AWS::IAM::Role", r#""RoleName": "r""#).replace("AWS", "\\u0041WS"),
            (true, true),
        ),
        (resource("AWS::IoT::Policy", policy), (false, true)),
        (
            resource("AWS::IoT::Policy", policy).replace(
                r#"{"Resources""#,
                r#"{"Outputs": {"O": {"Value": "v", "Export": {"Name": "n"}}}, "Resources""#,
            ),
            (true, true),
        ),
        (
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a"}}"#
                .to_owned(),
            (false, false),
        ),
    ] {
        assert_eq!(declares(&text), declared, "{text}");
    }
    // Terraform's arguments may be of any module.
    assert!(may_declare("a = 1\n", Format::Hcl));
}

#[test]
fn what_one_stack_passes_counts_before_the_default() {
    let name = "!Sub 'arn:aws:sqs:::${Name}'";
    assert_eq!(
        passed(name, &[]),
        ["arn:aws:sqs:::${Name}", "arn:aws:sqs:::left"]
    );
    let parents = [(
        "infra/main.yaml",
        parent(&stack("A", "{Name: !Sub 'q-${AWS::AccountId}'}")),
    )];
    let value = "arn:aws:sqs:::q-111111111111";
    assert_eq!(passed(name, &parents), [value, value]);
    // A stack that passes nothing leaves the default.
    let parents = [("infra/main.yaml", parent(&stack("A", "{Names: 'a,b'}")))];
    assert_eq!(
        passed(name, &parents),
        ["arn:aws:sqs:::${Name}", "arn:aws:sqs:::left"]
    );
    assert_eq!(passed("!Ref Names", &parents), ["a b", "a b"]);
    // What the parent doesn't know stays open; what only its default says is only shown.
    let parents = [(
        "infra/main.yaml",
        parent(&stack("A", "{Name: !Ref Given, Names: !Ref Given}")),
    )];
    assert_eq!(
        passed(name, &parents),
        ["arn:aws:sqs:::${Given}", "arn:aws:sqs:::g"]
    );
    // The name in Parameter Store is not the value.
    let parents = [("infra/main.yaml", parent(&stack("A", "{Stored: /y}")))];
    assert_eq!(passed("!Ref Stored", &parents)[0], "${Stored}");
}

#[test]
fn several_stacks_are_several_values() {
    let two = stack("A", "{Name: a}") + &stack("B", "{Name: b}");
    let parents = [
        ("infra/main.yaml", parent(&two)),
        ("infra/again.yaml", parent(&stack("C", "{Name: a}"))),
        ("infra/other/main.yaml", parent(&stack("D", "{Name: d}"))),
    ];
    let [sure, _] = passed("!Ref Name", &parents);
    let mut values: Vec<&str> = sure.split(' ').collect();
    values.sort_unstable();
    assert_eq!(values, ["a", "b"]);
}

#[test]
fn conditions_are_decided_by_what_is_passed() {
    let parents = [("infra/main.yaml", parent(&stack("A", "{Name: shop}")))];
    let resource = "!Join ['', [x-, !If [IsShop, one, two]]]";
    assert_eq!(passed(resource, &parents)[0], "x-one");
    assert_eq!(passed(resource, &[])[0], "x-one x-two");
}

#[test]
fn stacks_of_stacks_and_cycles() {
    let grand = "Resources:
  Middle:
    Type: AWS::Serverless::Application
    Properties: {Location: infra/main.yaml, Parameters: {Given: from-above}}
";
    let parents = [
        ("infra/main.yaml", parent(&stack("A", "{Name: !Ref Given}"))),
        ("top.yaml", grand.to_owned()),
    ];
    assert_eq!(passed("!Ref Name", &parents)[0], "from-above");
    // A template that is made of itself, with the value that it was given.
    let own = child("!Ref Name") + &stack("Self", "{Name: !Ref Name}");
    let [sure, _] = values(&[("infra/child.yaml", &own)]);
    assert_eq!(sure, "${Name}");
}

#[test]
fn paths_that_several_files_have_say_nothing() {
    let parent = parent(&stack("A", "{Name: a}"));
    let child = child("!Ref Name");
    let both = [
        ("infra/child.yaml", child.as_str()),
        ("infra/child.yaml", child.as_str()),
        ("infra/main.yaml", parent.as_str()),
    ];
    assert_eq!(values(&both)[0], "${Name}");
    assert_eq!(values(&both[1..])[0], "a");
}

#[test]
fn a_stack_that_is_never_made_passes_nothing() {
    let stacks = "  A:
    Type: AWS::CloudFormation::Stack
    Condition: Elsewhere
    Properties: {TemplateURL: child.yaml, Parameters: {Name: a}}
  B:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Name: b}}
Conditions:
  Elsewhere: !Equals [!Ref AWS::Region, us-east-1]
";
    let parents = [("infra/main.yaml", parent(stacks))];
    assert_eq!(passed("!Ref Name", &parents)[0], "b");
}

/// A policy whose resource is a text, behind a condition of the resource.
fn guarded(condition: &str, resource: &str) -> String {
    let child = child(resource)
        .replace("Default: left", "Default: ''")
        .replace("IsShop: !Equals [!Ref Name, shop]", "HasName: !Not [!Equals [!Ref Name, '']]\n  IsOn: !Equals [!Ref 'On', 'yes']\n  HasNone: !Equals [!Ref Name, '']")
        .replace("  Names:", "  'On': {Type: String}\n  Names:");
    match condition {
        "" => child,
        name => child.replace(
            "ManagedPolicy\n",
            &format!("ManagedPolicy\n    Condition: {name}\n"),
        ),
    }
}

#[test]
fn a_value_that_the_condition_of_its_resource_excludes() {
    let name = "!Ref Name";
    let one = [stack("A", "{Name: '', 'On': 'no'}")];
    let two = [
        stack("A", "{Name: '', 'On': 'no'}"),
        stack("B", "{Name: b, 'On': 'yes'}"),
    ];
    let bad = [stack("A", "{Name: bad, 'On': 'no'}")];
    for (condition, resource, stacks, expected) in [
        ("", name, &one[..], ""),
        ("HasName", name, &one[..], "${Name}"),
        ("HasNone", name, &one[..], ""),
        ("IsOn", name, &one[..], "${Name}"),
        ("Elsewhere", name, &one[..], ""),
        // A condition on another parameter hides nothing that somebody gives.
        ("IsOn", name, &bad[..], "bad"),
        ("HasName", name, &bad[..], "bad"),
        ("HasNone", name, &bad[..], "${Name}"),
        // Of two stacks only one makes the resource.
        ("", name, &two[..], " b"),
        ("HasName", name, &two[..], "b"),
        ("IsOn", name, &two[..], "b"),
        ("HasNone", name, &two[..], ""),
        ("", "!If [HasName, !Ref Name, other]", &one[..], "${Name}"),
        ("", "!If [IsOn, !Ref Name, other]", &two[..], "b"),
        ("", "!If [HasNone, !Ref Name, other]", &one[..], ""),
        (
            "",
            "!Sub ['${X}/*', {X: !If [HasName, !Ref Name, other]}]",
            &two[..],
            "other/* b/*",
        ),
    ] {
        let child = guarded(condition, resource);
        let main = parent(&stacks.concat());
        let files = [
            ("infra/child.yaml", child.as_str()),
            ("infra/main.yaml", &main),
        ];
        assert_eq!(
            values(&files)[0],
            expected,
            "{condition} {resource} {stacks:?}"
        );
    }
}
