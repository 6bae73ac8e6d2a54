//! How far values are followed, and what is said where that isn't far enough.

use std::fmt::Write as _;
use std::sync::Arc;

use leastwise_dialects::work;

use crate::analysis::index::IndexedFiles;
use crate::disk::Disk;
use crate::{Analysis, CutOff};
use leastwise_model::Config;
use leastwise_model::files::{Files, NoFiles, Unread};
use leastwise_syntax::{Format, Tree};

/// The first action of the first policy of a file, as it surely is, and whether something was cut off.
fn action(path: &str, text: &str) -> (String, bool) {
    let format = crate::load::format_of(path.as_ref(), text);
    let tree = Tree::parse(text.to_owned(), format);
    let analysis = Analysis::with_memo(
        &tree,
        path,
        Arc::default(),
        Arc::new(NoFiles),
        Arc::default(),
    );
    let site = &analysis.sites[0];
    let statement = &site.policy(&tree).statements[0];
    let item = &statement.actions()[0];
    let values = analysis.sure(&tree, item);
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    (values.join(" "), analysis.cut_off().is_some())
}

fn locals(count: usize, first: &str, next: impl Fn(usize) -> String) -> String {
    let mut text = format!("locals {{\n  l0 = {first}\n");
    for at in 1..=count {
        writeln!(text, "  l{at} = {}", next(at - 1)).unwrap();
    }
    let policy = format!(
        "{{ Statement = [{{ Effect = \"Allow\", Action = local.l{count}, Resource = \"*\" }}] }}"
    );
    writeln!(
        text,
        "}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({policy})\n}}"
    )
    .unwrap();
    text
}

#[test]
fn local_values_lead_on_as_often_as_they_do() {
    let plain = |at: usize| format!("local.l{at}");
    let template = |at: usize| format!("\"${{local.l{at}}}\"");
    for count in [1, 16, 17, 40, 500] {
        for next in [&plain as &dyn Fn(usize) -> String, &template] {
            let text = locals(count, "\"s3:GetObject\"", next);
            assert_eq!(
                action("main.tf", &text),
                ("s3:GetObject".to_owned(), false),
                "{count}"
            );
        }
    }
    // Each twice in the next.
    let twice = |at: usize| format!("local.l{at} == \"a\" ? \"b\" : local.l{at}");
    let text = locals(60, "\"s3:GetObject\"", twice);
    let mut found = None;
    let cost = work::of(|| found = Some(action("main.tf", &text)));
    assert!(cost < 50_000, "{cost}");
    assert!(found.is_some());
}

#[test]
fn lists_and_objects_of_local_values_do_not_multiply() {
    for next in [
        |at: usize| format!("[local.l{at}, local.l{at}]"),
        |at: usize| format!("{{a = local.l{at}, b = local.l{at}}}"),
    ] {
        for count in [20, 60, 200] {
            let text = locals(count, "\"s3:GetObject\"", next);
            let mut found = None;
            let cost = work::of(|| found = Some(action("main.tf", &text)));
            assert!(cost < 100_000, "{count} {cost}");
            assert!(found.is_some_and(|(_, cut_off)| cut_off), "{count}");
        }
        assert!(!action("main.tf", &locals(4, "\"s3:GetObject\"", next)).1);
    }
}

#[test]
fn local_values_that_lead_to_themselves_are_unknown() {
    for first in ["local.l40", "\"${local.l40}${local.l39}\""] {
        let text = locals(40, first, |at| format!("local.l{at}"));
        let (found, cut_off) = action("main.tf", &text);
        assert!(found.contains("local."), "{found}");
        assert!(!cut_off);
    }
}

#[test]
fn expressions_that_are_nested_too_deep_are_told() {
    let nested = |depth: usize| {
        let inner = format!("{}local.l0{}", "lower(".repeat(depth), ")".repeat(depth));
        locals(1, "\"s3:getobject\"", |_| inner.clone())
    };
    assert_eq!(
        action("main.tf", &nested(10)),
        ("s3:getobject".to_owned(), false)
    );
    assert!(action("main.tf", &nested(60)).1);
}

#[test]
fn what_nobody_knows_is_not_cut_off() {
    let text = locals(3, "var.action", |at| format!("local.l{at}"));
    let text = format!("variable \"action\" {{}}\n{text}");
    let (found, cut_off) = action("main.tf", &text);
    assert!(found.contains('$'), "{found}");
    assert!(!cut_off);
}

fn service(count: usize, first: &str) -> String {
    let mut text = format!(
        "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ${{self:custom.c{count}}}
          Resource: '*'
custom:
  c0: {first}
"
    );
    for at in 1..=count {
        writeln!(text, "  c{at}: ${{self:custom.c{}}}", at - 1).unwrap();
    }
    text
}

#[test]
fn variables_of_a_service_lead_on_as_often_as_they_do() {
    for count in [1, 12, 13, 24, 40, 300] {
        let text = service(count, "s3:GetObject");
        let found = action("serverless.yml", &text);
        assert_eq!(found, ("s3:GetObject".to_owned(), false), "{count}");
    }
    // Each is worked out once.
    let cost = |count| work::of(|| action("serverless.yml", &service(count, "s3:GetObject")));
    let (some, more) = (cost(50), cost(200));
    assert!(more <= some * 5, "{some} {more}");
}

#[test]
fn variables_of_a_service_that_lead_to_themselves_are_unknown() {
    for first in ["${self:custom.c40}", "${self:custom.c40}${self:custom.c39}"] {
        let (found, cut_off) = action("serverless.yml", &service(40, first));
        assert!(found.contains("self:custom"), "{found}");
        assert!(!cut_off);
    }
}

/// A template with a choice in a choice, around an item, a statement, or a text that a function makes.
fn template(depth: usize, place: &str) -> String {
    let mut value = match place {
        "statement" => {
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#.to_owned()
        }
        _ => r#""s3:GetObject""#.to_owned(),
    };
    for at in 0..depth {
        value = format!(r#"{{"Fn::If": ["C{at}", {value}, {{"Ref": "AWS::NoValue"}}]}}"#);
    }
    let statement = match place {
        "statement" => value,
        "item" => format!(r#"{{"Effect": "Allow", "Action": [{value}], "Resource": "*"}}"#),
        _ => format!(
            r#"{{"Effect": "Allow", "Action": {{"Fn::Sub": ["${{A}}", {{"A": {value}}}]}}, "Resource": "*"}}"#
        ),
    };
    format!(
        r#"{{"Resources": {{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Statement": [{statement}]}}}}}}}}}}"#
    )
}

#[test]
fn choices_in_choices_are_followed_as_deep_as_a_file_is() {
    for depth in [1, 16, 17, 40, 80] {
        for place in ["statement", "item", "text"] {
            let (found, cut_off) = action("t.json", &template(depth, place));
            assert!(found.contains("s3:GetObject"), "{depth} {place} {found}");
            assert!(!cut_off, "{depth} {place}");
        }
    }
}

#[test]
fn policies_in_strings_of_strings() {
    let nested = |levels: usize| {
        let mut text =
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#
                .to_owned();
        for _ in 0..levels {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            text = format!(r#"{{"Policy": "{escaped}"}}"#);
        }
        Tree::parse(text, Format::Json)
    };
    for levels in [1, 3, 4, 8] {
        assert!(nested(levels).problems().is_empty(), "{levels}");
    }
    let problems = nested(9).problems().to_vec();
    assert!(
        matches!(problems.as_slice(), [one] if one.message.contains("more than 8 strings")),
        "{problems:?}"
    );
}

fn with_action(head: &str, action: &str) -> String {
    format!(
        "{head}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: '*'
"
    )
}

#[test]
fn parameters_with_more_values_than_are_tried_are_told() {
    let values = |name: &str, count: usize| {
        let values: Vec<String> = (0..count).map(|at| format!("v{at}")).collect();
        let values = values.join(", ");
        format!("  {name}: {{Type: String, AllowedValues: [{values}]}}\n")
    };
    let cut_off = |text: &str| action("t.yaml", text).1;
    let one = |count| format!("Parameters:\n{}", values("A", count));
    assert!(!cut_off(&with_action(&one(16), "!Sub 's3:${A}'")));
    assert!(cut_off(&with_action(&one(17), "!Sub 's3:${A}'")));
    assert!(!cut_off(&with_action(&one(17), "s3:GetObject")));
    let two = |count| format!("Parameters:\n{}{}", values("A", 4), values("B", count));
    assert!(!cut_off(&with_action(&two(3), "!Sub 's3:${A}${B}'")));
    assert!(cut_off(&with_action(&two(5), "!Sub 's3:${A}${B}'")));
}

/// Files that are none.
#[derive(Debug)]
struct Pipes;

impl Files for Pipes {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        let is_one = path.starts_with("pipe");
        is_one.then(|| Unread::new(path, "it is a pipe"))
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Pipes {}

/// What is said of a file beside pipes, once everything in it has been asked for.
fn told(path: &str, text: &str) -> Option<&'static str> {
    cut_off(path, text, "").map(|it| it.message)
}

fn cut_off(path: &str, text: &str, config: &str) -> Option<CutOff> {
    asked(path, text, config).cut_off()
}

fn asked(path: &str, text: &str, config: &str) -> Analysis {
    let format = crate::load::format_of(path.as_ref(), text);
    let tree = Tree::parse(text.to_owned(), format);
    let files = Arc::new(Pipes);
    let config = Arc::new(Config::parse(config));
    let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
    for site in &analysis.sites {
        for statement in &site.policy(&tree).statements {
            for item in statement.actions().iter().chain(statement.resources()) {
                let _ = analysis.sure(&tree, item).count();
            }
        }
    }
    analysis
}

#[test]
fn a_policy_in_a_pipe_is_told() {
    let of = |policy: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"p\" {{\n  role   = \"r\"\n  policy = {policy}\n}}\n"
        )
    };
    let is_told = |path: &str, text: &str| {
        let unread = asked(path, text, "").unread();
        let is_of_it = |file: &Unread| file.path.starts_with("pipe.") && file.whole.is_none();
        assert!(unread.iter().all(is_of_it), "{unread:?}");
        !unread.is_empty()
    };
    for (policy, expected) in [
        (r#"file("pipe.json")"#, true),
        (r#"file("${path.module}/pipe.json")"#, true),
        (r#"templatefile("pipe.json", { a = 1 })"#, true),
        (r#"var.on ? file("pipe.json") : file("none.json")"#, true),
        (r#"file("none.json")"#, false),
        (r#"templatefile("none.json", { a = 1 })"#, false),
    ] {
        assert_eq!(is_told("main.tf", &of(policy)), expected, "{policy}");
    }
    // What is no policy.
    let user_data = "resource \"aws_instance\" \"i\" {\n  user_data = file(\"pipe.sh\")\n}\n";
    let both = format!("{user_data}{}", of(r#"file("none.json")"#));
    assert!(!is_told("main.tf", &both));

    let service = |statements: &str| {
        format!(
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements: {statements}\nfunctions:\n  f:\n    handler: f.f\n"
        )
    };
    let statement = "\n        - Effect: Allow\n          Action: s3:GetObject\n          Resource: ${file(pipe.txt)}";
    for (statements, expected) in [
        ("${file(pipe.yml)}", true),
        ("${file(./pipe.json):statements}", true),
        ("${file(none.yml)}", false),
        ("${file(pipe.js):statements}", false),
        (statement, true),
        (statement.replace("pipe", "none").as_str(), false),
    ] {
        assert_eq!(
            is_told("serverless.yml", &service(statements)),
            expected,
            "{statements}"
        );
    }

    let stack = |url: &str, policy: bool| {
        let policy = match policy {
            true => {
                "  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement: []\n"
            }
            false => "",
        };
        format!(
            "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: {url}\n{policy}"
        )
    };
    assert!(is_told("t.yaml", &stack("pipe.yaml", true)));
    assert!(!is_told("t.yaml", &stack("none.yaml", true)));
    // The policies may all be in the template that isn't read.
    assert!(is_told("t.yaml", &stack("pipe.yaml", false)));
    assert!(!is_told("t.yaml", &stack("none.yaml", false)));
}

#[cfg(unix)]
#[test]
fn what_is_there_and_is_not_read_is_told_with_why() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("repo");
    std::fs::create_dir_all(root.join(".git")).unwrap();
    std::fs::write(root.join("small"), "x").unwrap();
    std::fs::write(root.join("latin"), b"\xe9").unwrap();
    std::os::unix::fs::symlink("none", root.join("dangling")).unwrap();
    for name in ["repo/large", "outside"] {
        let large = std::fs::File::create(folder.path().join(name)).unwrap();
        large.set_len((8 << 20) + 1).unwrap();
    }
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe"))
        .status();
    assert!(made.unwrap().success());
    let disk = Disk::new(&root);
    for (path, why) in [
        ("pipe", Some("a pipe")),
        ("large", Some("8388609 bytes")),
        ("latin", Some("UTF-8")),
        ("/dev/zero", Some("a device")),
        ("small", None),
        ("none", None),
        ("small/none", None),
        ("dangling", None),
        (".git", None),
        // Nothing is told of what lies outside.
        ("../outside", None),
    ] {
        let refused = disk.refused(path);
        match (&refused, why) {
            (Some(refused), Some(why)) => {
                assert!(
                    refused.path == path && refused.why.contains(why),
                    "{refused:?}"
                );
            }
            (refused, why) => assert_eq!(refused.is_some(), why.is_some(), "{path}"),
        }
    }
    assert_eq!(disk.list(""), ["large", "latin", "pipe", "small"]);
    for (path, is_closed) in [
        ("pipe", true),
        ("small", true),
        ("none", false),
        ("dangling", false),
        (".git", false),
        ("..", false),
    ] {
        assert_eq!(disk.closed(path).is_some(), is_closed, "{path}");
    }
}

/// A template with a resource for each name, or what `inner` makes for each in a condition.
fn looped(names: usize, inner: &str) -> String {
    let names: Vec<String> = (0..names).map(|at| format!("n{at}")).collect();
    let names = names.join(", ");
    match inner {
        "" => format!(
            "Transform: AWS::LanguageExtensions
Resources:
  'Fn::ForEach::L':
    - N
    - [{names}]
    - 'P${{N}}':
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}]
"
        ),
        inner => format!(
            "Transform: AWS::LanguageExtensions
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition:
              StringEquals:
                'Fn::ForEach::L':
                  - N
                  - [{names}]
                  - {inner}
"
        ),
    }
}

#[test]
fn loops_over_more_than_is_followed_are_told() {
    let flat = "{'s3:ExistingObjectTag/${N}': x}";
    let nested = "{'Fn::ForEach::M': [M, [a, b], {'s3:ExistingObjectTag/${N}${M}': x}]}";
    for (count, inner, expected) in [
        (512, "", false),
        (513, "", true),
        (512, flat, false),
        (513, flat, true),
        (256, nested, false),
        (257, nested, true),
    ] {
        let text = looped(count, inner);
        assert_eq!(told("t.yaml", &text).is_some(), expected, "{count} {inner}");
    }
    // Where nothing is a policy, nothing is missed.
    let text = looped(513, "").replace("AWS::IAM::ManagedPolicy", "AWS::SQS::Queue");
    assert_eq!(
        told("t.yaml", &text.replace("PolicyDocument", "Document")),
        None
    );
}

#[test]
fn what_leads_to_itself_in_a_template_is_not_cut_off() {
    let template = |resource: &str, more: &str| {
        format!(
            "Conditions:
  A: !Condition A
  B: !Equals [!If [B, x, y], x]
Mappings:
  M:
    a:
      b: !FindInMap [M, a, b]
Resources:
  Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Ref Q}}}}
  S: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !GetAtt S.QueueName}}}}
  U: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{V}}-x'}}}}
  V: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{U}}-x'}}}}
{more}  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: {resource}
"
        )
    };
    for resource in [
        "!GetAtt Q.Arn",
        "!GetAtt S.Arn",
        "!Sub 'arn:aws:s3:::${U}/*'",
        "!If [A, x, y]",
        "!If [B, x, y]",
        "!FindInMap [M, a, b]",
    ] {
        assert_eq!(told("t.yaml", &template(resource, "")), None, "{resource}");
    }
    // A chain that ends is another thing.
    let chain = |count: usize| {
        let mut more = "  B0: {Type: AWS::S3::Bucket, Properties: {BucketName: shop}}\n".to_owned();
        for at in 1..=count {
            writeln!(
                more,
                "  B{at}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{B{}}}-x'}}}}",
                at - 1
            )
            .unwrap();
        }
        template(&format!("!Sub 'arn:aws:s3:::${{B{count}}}/*'"), &more)
    };
    assert_eq!(told("t.yaml", &chain(3)), None);
    assert!(told("t.yaml", &chain(20)).is_some());
}

#[test]
fn expressions_of_terraform_that_are_too_large_are_told() {
    let sum = |count: usize| vec!["1"; count].join(" + ");
    let large = |count: usize| format!("{} > 0 ? \"s3:GetObject\" : \"s3:PutObject\"", sum(count));
    let directive =
        |count: usize| format!("\"%{{ if {} > 0 }}s3:GetObject%{{ endif }}\"", sum(count));
    for make in [&large as &dyn Fn(usize) -> String, &directive] {
        let (found, is_cut_off) =
            action("main.tf", &locals(1, &make(10), |_| "local.l0".to_owned()));
        assert_eq!((found.as_str(), is_cut_off), ("s3:GetObject", false));
        assert!(
            action(
                "main.tf",
                &locals(1, &make(1500), |_| "local.l0".to_owned())
            )
            .1
        );
        // Nobody asks for it.
        let beside = locals(1, &make(1500), |_| "\"s3:GetObject\"".to_owned());
        assert_eq!(
            action("main.tf", &beside),
            ("s3:GetObject".to_owned(), false)
        );
    }
    let deep = |depth: usize| format!("{}true ? \"s3:GetObject\" : \"\"", "!!".repeat(depth));
    assert!(!action("main.tf", &locals(1, &deep(8), |_| "local.l0".to_owned())).1);
    assert!(action("main.tf", &locals(1, &deep(20), |_| "local.l0".to_owned())).1);
}

#[test]
fn more_values_than_are_told_apart_are_told() {
    let several = |count: usize| {
        let mut value = String::new();
        for at in 1..count {
            write!(value, "var.x == \"{at}\" ? \"s3:Get{at}\" : ").unwrap();
        }
        value + "\"s3:GetObject\""
    };
    for (count, expected) in [(2, false), (16, false), (17, true), (24, true)] {
        let text = locals(1, &several(count), |_| "local.l0".to_owned());
        let (found, is_cut_off) = action("main.tf", &text);
        assert_eq!(is_cut_off, expected, "{count}");
        assert_eq!(found.split(' ').count(), count.min(16));
    }
    // Each is one of two.
    for (count, expected) in [(3, false), (4, false), (5, true)] {
        for call in [
            "\"s3:Get${PARTS}\"",
            "format(FORMAT, ARGUMENTS)",
            "join(\"\", [ARGUMENTS])",
        ] {
            let one = |at: usize| format!("var.v{at} ? \"a{at}\" : \"b{at}\"");
            let parts: Vec<String> = (0..count).map(one).collect();
            let call = call
                .replace(
                    "${PARTS}",
                    &parts
                        .iter()
                        .map(|part| format!("${{{part}}}"))
                        .collect::<String>(),
                )
                .replace("FORMAT", &format!("\"{}\"", "%s".repeat(count)))
                .replace("ARGUMENTS", &parts.join(", "));
            let text = locals(1, &call, |_| "local.l0".to_owned());
            assert_eq!(action("main.tf", &text).1, expected, "{call}");
        }
    }
}

#[test]
fn values_that_are_too_many_to_be_tried_fail_nothing() {
    let list = |count: usize| (0..count).map(|at| format!("v{at}")).collect::<Vec<_>>();
    let resource = |resource: &str| {
        format!(
            "Resources:
  R:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}]
"
        )
    };
    let allowed = |name: &str, count: usize| {
        format!(
            "  {name}: {{Type: String, AllowedValues: [{}]}}\n",
            list(count).join(", ")
        )
    };
    let one = "!Sub 'arn:aws:s3:::${P}/*'";
    let parameter = |count: usize| {
        let text = format!("Parameters:\n{}{}", allowed("P", count), resource(one));
        ("t.yaml", text, String::new())
    };
    let both = |count: usize| {
        let parameters = format!("{}{}", allowed("P", count / 4), allowed("Q", 4));
        let text = resource("!Sub 'arn:aws:s3:::${P}-${Q}/*'");
        (
            "t.yaml",
            format!("Parameters:\n{parameters}{text}"),
            String::new(),
        )
    };
    let looped = |count: usize| {
        let text =
            looped(count, "").replace("Resource: '*'", "Resource: !Sub 'arn:aws:s3:::${N}/*'");
        ("t.yaml", text, String::new())
    };
    let rules = |count: usize| {
        let rules = format!(
            "Parameters:\n  P: {{Type: String}}\nRules:\n  R:\n    Assertions:\n      - Assert: {{'Fn::Contains': [[{}], !Ref P]}}\n",
            list(count).join(", ")
        );
        ("t.yaml", rules + &resource(one), String::new())
    };
    let given = |count: usize| format!("[variables]\nP = {:?}\n", list(count));
    let variables = |count: usize| {
        let text = format!("Parameters:\n  P: {{Type: String}}\n{}", resource(one));
        ("t.yaml", text, given(count))
    };
    type Make<'a> = &'a dyn Fn(usize) -> (&'static str, String, String);
    let makes: [Make<'_>; 5] = [&parameter, &both, &looped, &rules, &variables];
    for (at, make) in makes.into_iter().enumerate() {
        let told = |count: usize| {
            let (path, text, config) = make(count);
            cut_off(path, &text, &config)
        };
        assert_eq!(told(16), None, "{at}");
        let more = told(20).unwrap_or_else(|| panic!("nothing is told: {at}"));
        assert!(!more.fails && more.message.contains("16"), "{at}: {more:?}");
    }
    // Whole statements are another matter.
    let (path, text, _) = looped(513);
    assert!(cut_off(path, &text, "").is_some_and(|it| it.fails));
}

/// A template with a managed policy of one action, which is this expression in JSON.
fn managed(parameters: &str, action: &str) -> String {
    format!(
        r#"{{"Parameters": {{{parameters}}}, "Resources": {{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties":
        {{"PolicyDocument": {{"Statement": [{{"Effect": "Allow", "Action": {action}, "Resource": "*"}}]}}}}}}}}}}"#
    )
}

/// The action, whether it was cut off, and what that cost.
fn costing(path: &str, text: &str) -> (String, bool, usize) {
    let mut found = None;
    let cost = work::of(|| found = Some(action(path, text)));
    let (action, is_cut_off) = found.unwrap();
    (action, is_cut_off, cost)
}

#[test]
fn functions_that_each_stand_for_two_of_the_next_are_told() {
    let json = |depth: usize| {
        (0..depth).fold("\"s3:\"".to_owned(), |inner, _| {
            format!(r#"{{"Fn::Sub": ["${{A}}${{A}}", {{"A": {inner}}}]}}"#)
        })
    };
    let yaml = |depth: usize| {
        let of = |inner, _| format!("!Sub ['${{A}}${{A}}', {{A: {inner}}}]");
        with_action("", &(0..depth).fold("'s3:'".to_owned(), of))
    };
    let empty = |depth: usize| json(depth).replace("s3:", "");
    for depth in [3, 8] {
        let expected = "s3:".repeat(1 << depth);
        let found = action("t.json", &managed("", &json(depth)));
        assert_eq!(found, (expected.clone(), false), "{depth}");
        assert_eq!(action("t.yaml", &yaml(depth)), (expected, false), "{depth}");
    }
    for depth in [20, 30] {
        for (path, text) in [
            ("t.json", managed("", &json(depth))),
            ("t.json", managed("", &empty(depth))),
            ("t.yaml", yaml(depth)),
        ] {
            let (found, is_cut_off, cost) = costing(path, &text);
            assert!(is_cut_off, "{path} {depth} {cost} {found}");
            assert!(cost < 200_000, "{path} {depth} {cost}");
        }
    }
}

#[test]
fn texts_of_texts_that_would_be_too_long_are_told() {
    let of = |count: usize| {
        let (names, value) = ("${A}".repeat(count), "x".repeat(count));
        let parameter = format!(r#""A": {{"Type": "String", "Default": "{value}"}}"#);
        let joined = vec![r#"{"Ref": "A"}"#; count].join(", ");
        let items = vec!["\"\""; count].join(", ");
        let locals = format!("locals {{\n  a = \"{value}\"\n}}\n");
        let terraform = |action: &str| {
            locals.clone()
                + &format!(
                    "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", \
                     Action = {action}, Resource = \"*\" }}] }})\n}}\n"
                )
        };
        let sub = format!(r#"{{"Fn::Sub": ["{names}", {{"A": "{value}"}}]}}"#);
        [
            ("t.json", managed("", &sub)),
            (
                "t.json",
                managed(&parameter, &format!(r#"{{"Fn::Sub": "{names}"}}"#)),
            ),
            (
                "t.json",
                managed(&parameter, &format!(r#"{{"Fn::Join": ["", [{joined}]]}}"#)),
            ),
            (
                "t.json",
                managed(
                    "",
                    &format!(r#"{{"Fn::Join": ["{value}", ["", {items}]]}}"#),
                ),
            ),
            (
                "main.tf",
                terraform(&format!("\"{}\"", names.replace('A', "local.a"))),
            ),
            (
                "main.tf",
                terraform(&format!(
                    "format(\"{}\"{})",
                    "%s".repeat(count),
                    ", local.a".repeat(count)
                )),
            ),
            ("main.tf", terraform("join(local.a, split(\"x\", local.a))")),
            ("main.tf", terraform("replace(local.a, \"x\", local.a)")),
        ]
    };
    for (at, (path, text)) in of(100).into_iter().enumerate() {
        let (found, is_cut_off) = action(path, &text);
        assert!(!is_cut_off, "{at}");
        assert!(
            found.contains("xxx") || found.contains("A}"),
            "{at} {found}"
        );
    }
    for (at, (path, text)) in of(2_000).into_iter().enumerate() {
        let (found, is_cut_off, cost) = costing(path, &text);
        assert!(is_cut_off, "{at}");
        assert!(found.len() < 200_000, "{at} {}", found.len());
        assert!(cost < 1_000_000, "{at} {cost}");
    }
}

#[test]
fn a_long_separator_costs_what_it_is_long() {
    let of = |length: usize, count: usize| {
        let (value, items) = ("<x>".repeat(length / 3), vec!["\"\""; count].join(", "));
        let text = managed(
            "",
            &format!(r#"{{"Fn::Join": ["{value}", ["", {items}]]}}"#),
        );
        costing("t.json", &text)
    };
    let (found, is_cut_off, _) = of(30, 3);
    assert!(!is_cut_off && found.contains("{x}"), "{found}");
    for (length, count) in [(90_000, 20_000), (3_000, 40_000), (90_000, 2)] {
        let (found, is_cut_off, cost) = of(length, count);
        assert!(is_cut_off, "{length} {count} {}", found.len());
        assert!(cost < 200_000, "{length} {count} {cost}");
    }
}

#[test]
fn variables_of_variables_cost_what_they_are_many() {
    let chain = |count: usize| {
        let next = |at: usize| format!("\"${{local.l{at}}}\"");
        ("main.tf", locals(count, "\"s3:GetObject\"", next))
    };
    let nested = |count: usize| {
        let inner = (0..count).fold("\"s3:GetObject\"".to_owned(), |inner, _| {
            format!(r#"{{"Fn::Sub": ["${{A}}", {{"A": {inner}}}]}}"#)
        });
        ("t.json", managed("", &inner))
    };
    type Make<'a> = &'a dyn Fn(usize) -> (&'static str, String);
    for (make, few, many) in [(&chain as Make<'_>, 40, 400), (&nested, 3, 12)] {
        let cost = |count: usize| {
            let (path, text) = make(count);
            let (found, is_cut_off, cost) = costing(path, &text);
            assert_eq!((found.as_str(), is_cut_off), ("s3:GetObject", false));
            cost
        };
        let (first, then) = (cost(few), cost(many));
        let times = many / few;
        assert!(
            first > 0 && then <= first * (times + 3),
            "{first}, then {then}"
        );
    }
}

#[test]
fn a_file_may_have_as_many_ordinary_texts_as_it_likes() {
    let head = "Parameters: {Stage: {Type: String, AllowedValues: [s3]}}\n";
    let mut text = with_action(head, "!Sub '${Stage}:GetObject'");
    let items: String = (0..4_000)
        .map(|at| format!("\n            - !Sub '${{Stage}}:Get${{Stage}}{at}${{Stage}}'"))
        .collect();
    text = text.replace("!Sub '${Stage}:GetObject'", &items);
    let tree = Tree::parse(text, Format::Yaml);
    let analysis = Analysis::new(&tree, "t.yaml", Arc::default());
    let site = &analysis.sites[0];
    let actions = site.policy(&tree).statements[0].actions();
    assert_eq!(actions.len(), 4_000);
    for (at, item) in actions.iter().enumerate() {
        let values: Vec<_> = analysis.sure(&tree, item).collect();
        assert_eq!(values[0].1.pattern.display(), format!("s3:Gets3{at}s3"));
    }
    assert!(analysis.cut_off().is_none());
}
