//! Files that a checked file needs and that are there but can't be read: each way of naming one, in each dialect, with each reason.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use support::{FINE, folder, mode, nobody, run};

/// Why something can't be read: what that is called, how it becomes so, and what is said of it.
type Reason = (&'static str, fn(&Path), &'static str);

/// Of files.
const REASONS: [Reason; 5] = [
    ("a pipe", pipe, "it is a pipe, a device or a socket"),
    (
        "a device",
        |path| {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("/dev/zero", path).unwrap();
        },
        "it is a pipe, a device or a socket",
    ),
    (
        "not to be opened",
        |path| mode(path, 0).unwrap(),
        "Permission denied",
    ),
    (
        "not in UTF-8",
        |path| fs::write(path, b"# \xe9\n").unwrap(),
        "UTF-8",
    ),
    (
        "too large",
        |path| {
            let large = File::options().write(true).open(path).unwrap();
            large.set_len((8 << 20) + 1).unwrap();
        },
        "files over 8 MiB are not read",
    ),
];

/// Of folders.
const OF_FOLDERS: [Reason; 2] = [
    (
        "a pipe",
        |path| {
            fs::remove_dir_all(path).unwrap();
            make_pipe(path);
        },
        "it is not a folder",
    ),
    (
        "not to be entered",
        |path| mode(path, 0).unwrap(),
        "Permission denied",
    ),
];

fn pipe(path: &Path) {
    fs::remove_file(path).unwrap();
    make_pipe(path);
}

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

const ROLE: &str = "resource \"aws_iam_role\" \"r\" {\n  name               = \"r\"\n  assume_role_policy = data.aws_iam_policy_document.t.json\n}\n\ndata \"aws_iam_policy_document\" \"t\" {\n  statement {\n    actions = [\"sts:AssumeRole\"]\n    principals {\n      type        = \"Service\"\n      identifiers = [\"ec2.amazonaws.com\"]\n    }\n  }\n}\n";

fn with_policy(policy: &str) -> String {
    format!(
        "{ROLE}\nresource \"aws_iam_role_policy\" \"p\" {{\n  role   = aws_iam_role.r.name\n  policy = {policy}\n}}\n"
    )
}

fn with_module(argument: &str) -> String {
    format!("{ROLE}\nmodule \"m\" {{\n  source = \"./mod\"\n{argument}}}\n")
}

const SERVICE: &str = "service: shop
provider:
  name: aws
  iam:
    role:
      statements: STATEMENTS
functions:
  f:
    handler: f.f
";

const STACK: &str = "Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./need.yaml
";

const JSON_STACK: &str = r#"{"Resources": {"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "need.yaml"}}}}"#;

const SAM: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  S:
    Type: AWS::Serverless::Application
    Properties:
      Location: need.yaml
";

const WORKFLOW: &str = "on: push
permissions: {id-token: write}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: ./actions/login
        with: {role: 'arn:aws:iam::123456789012:role/deploy'}
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::123456789012:role/deploy', aws-region: eu-west-1}
";

/// Files that need another one: what the way is called, the file that is checked, its text, and what it needs.
fn ways() -> Vec<(&'static str, &'static str, String, &'static str)> {
    let service = |statements: &str| SERVICE.replace("STATEMENTS", statements);
    let statement = "\n        - Effect: Allow\n          Action: s3:GetObject\n          Resource: ${file(need.txt)}";
    vec![
        (
            "a file of its module",
            "main.tf",
            ROLE.to_owned(),
            "need.tf",
        ),
        (
            "a file of its module in JSON",
            "main.tf",
            ROLE.to_owned(),
            "need.tf.json",
        ),
        (
            "a file of its module, for OpenTofu",
            "main.tofu",
            ROLE.to_owned(),
            "need.tofu",
        ),
        ("values", "main.tf", ROLE.to_owned(), "terraform.tfvars"),
        (
            "values in JSON",
            "main.tf",
            ROLE.to_owned(),
            "x.auto.tfvars.json",
        ),
        (
            "a file of a module that it calls",
            "main.tf",
            with_module(""),
            "mod/need.tf",
        ),
        (
            "`file()`",
            "main.tf",
            with_policy("file(\"need.json\")"),
            "need.json",
        ),
        (
            "`file()` of the module",
            "main.tf",
            with_policy("file(\"${path.module}/need.json\")"),
            "need.json",
        ),
        (
            "`templatefile()`",
            "main.tf",
            with_policy("templatefile(\"need.json\", { a = 1 })"),
            "need.json",
        ),
        (
            "`jsondecode()`",
            "main.tf",
            with_policy("jsonencode(jsondecode(file(\"need.json\")))"),
            "need.json",
        ),
        (
            "a nested template",
            "stack.yaml",
            STACK.to_owned(),
            "need.yaml",
        ),
        (
            "a nested template, in JSON",
            "stack.json",
            JSON_STACK.to_owned(),
            "need.yaml",
        ),
        (
            "a nested application",
            "sam.yaml",
            SAM.to_owned(),
            "need.yaml",
        ),
        (
            "`${file(…)}`",
            "serverless.yml",
            service("${file(need.yml)}"),
            "need.yml",
        ),
        (
            "a part of `${file(…)}`",
            "serverless.yml",
            service("${file(./need.json):statements}"),
            "need.json",
        ),
        (
            "the text of `${file(…)}`",
            "serverless.yml",
            service(statement),
            "need.txt",
        ),
        (
            "a local action",
            ".github/workflows/w.yml",
            WORKFLOW.to_owned(),
            "actions/login/action.yml",
        ),
    ]
}

/// Checks a file beside one that can't be read; gives what the program ends with and says.
fn check(
    (file, text): (&str, &str),
    need: &str,
    make: fn(&Path),
    config: &str,
    args: &[&str],
) -> (i32, String) {
    let files = [(file, text), ("leastwise.toml", config)];
    let shop = folder(&[files[0], files[1], (".git/HEAD", "")]);
    let path = shop.path().join(need);
    if need == "mod" {
        fs::create_dir_all(&path).unwrap();
    } else {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "").unwrap();
    }
    make(&path);
    let args: Vec<&str> = args.iter().copied().chain([file]).collect();
    let said = run(&mut nobody(shop.path(), &args).unwrap());
    // So that the folder can be removed.
    if need == "mod" && path.is_dir() {
        mode(&path, 0o755).unwrap();
    }
    (said.code, format!("{}{}", said.err, said.out))
}

#[test]
fn what_is_needed_and_cannot_be_read_is_told() {
    let mut wrong = Vec::new();
    for (way, file, text, need) in ways() {
        for (reason, make, said) in REASONS {
            let (code, told) = check((file, &text), need, make, "", &["check"]);
            let lines = told.lines().filter(|line| line.contains(need));
            let is_told = lines.filter(|line| line.contains(said)).count() == 1;
            let names_who = told.contains(file) || told.contains("the module in .");
            if code != 2 || !is_told || !names_who {
                wrong.push(format!("{way}, {reason}: {code}: {told}"));
            }
            let config = format!("[check]\nunreadable = ['{need}']\n");
            let (code, told) = check((file, &text), need, make, &config, &["check"]);
            let lines = told.lines().filter(|line| line.contains(said));
            let mut named = lines.filter(|line| line.contains(&format!("`{need}` in `[check]")));
            if code != 0 || named.next().is_none() {
                wrong.push(format!("{way}, {reason}, expected: {code}: {told}"));
            }
        }
        let gone = |path: &Path| fs::remove_file(path).unwrap();
        let (code, told) = check((file, &text), need, gone, "", &["check"]);
        if code != 0 || told.contains("isn't read") || told.contains("checked without") {
            wrong.push(format!("{way}, not there: {code}: {told}"));
        }
    }
    for (reason, make, said) in OF_FOLDERS {
        let text = with_module("");
        let (code, told) = check(("main.tf", &text), "mod", make, "", &["check"]);
        if code != 2 || !told.contains(&format!("it needs mod, which isn't read: {said}")) {
            wrong.push(format!(
                "a called module's folder, {reason}: {code}: {told}"
            ));
        }
        let config = "[check]\nunreadable = ['mod']\n";
        let (code, told) = check(("main.tf", &text), "mod", make, config, &["check"]);
        if code != 0 {
            wrong.push(format!(
                "a called module's folder, {reason}, expected: {code}: {told}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_that_somebody_has_to_choose_are_told_and_fail_nothing() {
    for need in ["secrets.tfvars", "prod.tfvars.json"] {
        for (reason, make, said) in REASONS {
            let (code, told) = check(("main.tf", ROLE), need, make, "", &["check"]);
            assert_eq!(code, 0, "{need}, {reason}: {told}");
            let is_told = told.contains(&format!("the module in . is checked without {need}: "));
            assert!(is_told && told.contains(said), "{need}, {reason}: {told}");
        }
    }
}

#[test]
fn a_report_tells_it_as_well() {
    let text = with_policy("file(\"need.json\")");
    for (format, place) in [
        ("json", "\"fails\": true"),
        ("sarif", "toolExecutionNotifications"),
        ("github", "::error file=main.tf"),
    ] {
        let args = ["check", "--format", format];
        let (code, told) = check(("main.tf", &text), "need.json", pipe, "", &args);
        assert_eq!(code, 2);
        assert!(
            told.matches("need.json, which isn't read").count() > 1,
            "{told}"
        );
        assert!(told.contains(place), "{told}");
    }
}

#[test]
fn what_the_config_expects_is_expected_however_it_is_named() {
    let config = "[check]\nunreadable = ['old/**']\n";
    let shop = folder(&[
        ("leastwise.toml", config),
        ("old/a.yaml", ""),
        ("new/b.yaml", FINE),
    ]);
    fs::write(shop.path().join("old/a.yaml"), b"Statement: \xe9\n").unwrap();
    let whole = shop.path().join("old/a.yaml");
    for (at, args) in [
        ("", &["check"][..]),
        ("", &["check", "old/a.yaml"]),
        ("", &["check", "./old/a.yaml"]),
        ("", &["check", "new/../old/a.yaml"]),
        ("", &["check", whole.to_str().unwrap()]),
        ("old", &["check"]),
        ("old", &["check", "a.yaml"]),
        ("new", &["check", "../old/a.yaml"]),
        ("new", &["check", "--config", "../leastwise.toml", "../old"]),
        ("", &["check", "--fix", "old/a.yaml"]),
        ("", &["check", "--diff", "old/a.yaml"]),
    ] {
        let said = support::leastwise(&shop.path().join(at), args);
        assert_eq!(said.code, 0, "{at} {args:?}: {}", said.err);
        let named = "a.yaml: not checked: ";
        assert!(said.err.contains(named), "{at} {args:?}: {}", said.err);
        let by = "(expected: `old/**` in `[check] unreadable`)";
        assert!(said.err.contains(by), "{at} {args:?}: {}", said.err);
    }
}
