//! The program as a user runs it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{FINE, Run, command, examples, folder, leastwise, run};

#[test]
fn the_example_shop_has_findings() {
    let run = leastwise(&examples(), &["check"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    for rule in [
        "unknown-action",
        "missing-delete-counterpart",
        "wildcard-resource",
        "oidc-without-subject",
        "action-resource-mismatch",
    ] {
        assert!(
            run.out.contains(&format!("[{rule}]")),
            "{rule}\n{}",
            run.out
        );
    }
    assert!(run.out.contains("deploy/roles.yaml:"), "{}", run.out);
    assert_eq!(run.err, "");
}

#[test]
fn the_json_report_has_its_form() {
    let run = leastwise(&examples(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["version"], 1);
    assert_eq!(report["catalog"], leastwise_catalog::catalog().date());
    assert_eq!(report["files"], 3);
    let findings = report["findings"].as_array().expect("a list");
    let lacking = findings
        .iter()
        .find(|finding| finding["rule"] == "missing-delete-counterpart")
        .expect("one");
    assert_eq!(lacking["severity"], "warning");
    assert_eq!(lacking["owner"], "DeployerRole");
    assert_eq!(lacking["path"], "deploy/roles.yaml");
    assert_eq!(lacking["range"]["start"]["column"], 21);
    let fix = &lacking["fixes"][0];
    assert_eq!(fix["kind"], "unsafe");
    assert_eq!(
        fix["adds"],
        serde_json::json!(["cloudformation:DeleteStack"])
    );
    assert!(
        fix["edits"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("cloudformation:DeleteStack"))
    );
}

#[test]
fn who_else_gains_by_a_fix_is_told() {
    let role = |name: &str| {
        format!(
            "  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [!Ref Shared]\n"
        )
    };
    let roles = ["DeployerRole", "OtherDeployer", "AppRole"].map(role);
    let template = format!(
        "Resources:\n{}  Shared:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sns:CreateTopic\n            Resource: arn:aws:sns:eu-west-1:111111111111:shop-*\n",
        roles.concat()
    );
    let shop = folder(&[("template.yaml", &template)]);
    let note = "also for role AppRole and another";
    let run = leastwise(shop.path(), &["check"]);
    assert!(
        run.out.contains(&format!("note: the fix is {note}\n")),
        "{}",
        run.out
    );
    let run = leastwise(shop.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let mut lacking = findings.iter();
    let lacking = lacking.find(|one| one["rule"] == "missing-delete-counterpart");
    let fix = &lacking.expect("one")["fixes"][0];
    assert_eq!(fix["notes"], serde_json::json!([note]));
    // Nobody else has it.
    let alone = template.replace(&roles[1..].concat(), "");
    let shop = folder(&[("template.yaml", &alone)]);
    let run = leastwise(shop.path(), &["check"]);
    assert!(
        run.out.contains("missing-delete-counterpart"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("the fix is"), "{}", run.out);
}

#[test]
fn columns_of_long_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = |id: usize| {
        format!(
            "{{\"Version\":\"2012-10-17\",\"Id\":\"{}\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObjct\",\"s3:PutObjct\"],\"Resource\":\"arn:aws:s3:::shop/*\"}}]}}",
            "é".repeat(id)
        )
    };
    for id in [1, 300, 5000] {
        let text = line(id);
        std::fs::write(folder.path().join("p.json"), &text).expect("a file");
        let run = leastwise(folder.path(), &["check", "p.json"]);
        let column = text[..text.find("GetObjct").expect("one")].chars().count() + 1;
        assert!(
            run.out.contains(&format!("p.json:1:{column}\n")),
            "{id}: {}",
            run.out
        );
    }
}

#[test]
fn the_order_is_stable() {
    let first = leastwise(&examples(), &["check", "--format", "json"]).out;
    for _ in 0..5 {
        assert_eq!(
            leastwise(&examples(), &["check", "--format", "json"]).out,
            first
        );
    }
}

#[test]
fn exit_codes() {
    let shop = folder(&[
        ("fine.yaml", FINE),
        ("typo.yaml", &FINE.replace("GetObject", "GetObejct")),
    ]);
    assert_eq!(leastwise(shop.path(), &["check", "fine.yaml"]).code, 0);
    assert_eq!(leastwise(shop.path(), &["check"]).code, 1);
    assert_eq!(leastwise(shop.path(), &["check", "nowhere.yaml"]).code, 2);
    assert_eq!(leastwise(shop.path(), &["check", "--frob"]).code, 2);
    let none = leastwise(shop.path(), &["check", "--rule", "no-such-rule"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("no-such-rule"), "{}", none.err);
}

#[test]
fn a_config_that_can_not_be_used_is_told_by_line() {
    let shop = folder(&[
        ("a.yaml", FINE),
        ("leastwise.toml", "[app]\nprefx = 'shop'\n"),
    ]);
    let run = leastwise(shop.path(), &["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("leastwise.toml:2:1: Unknown key `prefx`. Did you mean `prefix`?"),
        "{}",
        run.err
    );
}

#[test]
fn ignored_files_are_not_checked() {
    let typo = FINE.replace("GetObject", "GetObejct");
    let shop = folder(&[
        (".gitignore", "/build\n"),
        ("build/a.yaml", &typo),
        ("node_modules/b.yaml", &typo),
    ]);
    let run = leastwise(shop.path(), &["check", "--allow-empty"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(
        run.out
            .starts_with("0 errors, 0 warnings and 0 suggestions in 0 files"),
        "{}",
        run.out
    );
}

#[test]
fn what_others_have_made_is_passed_over() {
    let typo = FINE.replace("GetObject", "GetObejct");
    let mut files = vec![
        ("a/node_modules/b.yaml".to_owned(), typo.clone()),
        ("vendor/b.yaml".to_owned(), typo.clone()),
        ("lib/botocore/data/b.yaml".to_owned(), typo.clone()),
        ("policies/ReadOnlyAccess.yaml".to_owned(), FINE.to_owned()),
    ];
    for name in [
        "AdministratorAccess",
        "ReadOnlyAccess",
        "PowerUserAccess",
        "IAMFullAccess",
        "SecurityAudit",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSQSFullAccess",
    ] {
        files.push((format!("aws/{name}.yaml"), typo.clone()));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let shop = folder(&files);
    let run = leastwise(shop.path(), &["check"]);
    assert_eq!(run.code, 0, "{}", run.out);
    for told in [
        "in 1 file with policies",
        "Skipped as third-party: ",
        "node_modules",
        "vendor",
        "8 copies of AWS managed policies",
    ] {
        assert!(run.out.contains(told), "{told}: {}", run.out);
    }
    for named in [
        "vendor",
        "vendor/b.yaml",
        "aws/ReadOnlyAccess.yaml",
        "lib/botocore/data",
    ] {
        let run = leastwise(shop.path(), &["check", named]);
        assert_eq!(run.code, 1, "{named}: {}", run.out);
    }
}

#[test]
fn what_is_no_text_is_told() {
    let shop = folder(&[("fine.yaml", FINE)]);
    fs::write(shop.path().join("image.json"), [0x89, b'P', 0, 0xff, 0xfe]).expect("a file");
    let walked = leastwise(shop.path(), &["check"]);
    assert_eq!(walked.code, 0, "{}", walked.err);
    assert!(
        walked.err.contains("image.json: not checked"),
        "{}",
        walked.err
    );
    let named = leastwise(shop.path(), &["check", "image.json"]);
    assert_eq!(named.code, 2);
}

#[test]
fn a_module_that_is_not_looked_at_whole_is_told() {
    let role = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = \"\"\n}\n";
    let shop = folder(&[("a.tf", role), ("b.tf", &role.replace("\"r\"", "\"s\""))]);
    fs::write(shop.path().join("c.tf"), [b'#', 0xe9, b'\n']).expect("a file");
    let note = "the module in . is checked without c.tf: ";
    let text = leastwise(shop.path(), &["check", "a.tf", "b.tf"]);
    assert_eq!(text.err.matches(note).count(), 1, "{}", text.err);
    let json = leastwise(shop.path(), &["check", "--format", "json", "a.tf", "b.tf"]);
    assert_eq!(json.out.matches(note).count(), 1, "{}", json.out);
    fs::remove_file(shop.path().join("c.tf")).expect("removed");
    let whole = leastwise(shop.path(), &["check", "a.tf", "b.tf"]);
    assert!(!whole.err.contains("the module in"), "{}", whole.err);
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_told() {
    let shop = folder(&[("fine.yaml", FINE)]);
    for to in ["nowhere", "link.yaml"] {
        let link = shop.path().join("link.yaml");
        std::os::unix::fs::symlink(to, &link).expect("a link");
        let run = leastwise(shop.path(), &["check"]);
        let note = "link.yaml: not checked: it is a link that leads nowhere";
        assert!(run.err.contains(note), "{to}: {}", run.err);
        assert_eq!(run.code, 0, "{to}");
        let named = leastwise(shop.path(), &["check", "link.yaml"]);
        assert_eq!(named.code, 2, "{to}");
        fs::remove_file(link).expect("removed");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let shop = folder(&[("fine.yaml", FINE)]);
    std::os::unix::fs::symlink("/dev/zero", shop.path().join("zero.json")).expect("a link");
    std::os::unix::fs::symlink("fine.yaml", shop.path().join("link.yaml")).expect("a link");
    let named = leastwise(shop.path(), &["check", "zero.json"]);
    assert_eq!(named.code, 2);
    let message = "zero.json: not checked: it is a pipe, a device or a socket, not a file";
    assert!(named.err.contains(message), "{}", named.err);
    // When walked, it is passed over.
    let walked = leastwise(shop.path(), &["check"]);
    assert_eq!((walked.code, walked.err.as_str()), (0, ""));
    assert_eq!(leastwise(shop.path(), &["check", "link.yaml"]).code, 0);
}

#[test]
fn a_broken_resource_without_a_policy_fails_nothing() {
    let broken = "resource \"aws_iam_user\" \"u\" {\n  name = \n}\n";
    let shop = folder(&[("main.tf", broken)]);
    let run = leastwise(shop.path(), &["check"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let policy = broken.replace("name =", "policy = \"{\\\"Effect\\\": \\\"Allow\\\"}\" =");
    let shop = folder(&[("main.tf", &policy)]);
    assert_eq!(leastwise(shop.path(), &["check"]).code, 2);
}

/// As `broken_files_are_told_of_where_they_are_of_interest` of the editor.
#[test]
fn broken_files_are_told_of_where_they_are_of_interest() {
    let template = "Resources:\n  Own:\n    Type: AWS::TYPE\n    Properties:\n";
    for (kind, line, told) in [
        ("S3::Bucket", "\t  BucketName: x", ""),
        ("IAM::Role", "\t  RoleName: x", "syntax-error"),
        (
            "S3::Bucket",
            "      BucketName: x # leastwise: ignore[invalid-arn] x",
            "unused-ignore",
        ),
    ] {
        let text = format!("{}{line}\n", template.replace("TYPE", kind));
        let shop = folder(&[("own.yaml", &text)]);
        let run = leastwise(shop.path(), &["check", "--format", "concise"]);
        let lines: Vec<_> = run.out.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), usize::from(!told.is_empty()), "{}", run.out);
        let is_told = |line: &&str| line.contains(told);
        assert!(lines.iter().all(is_told), "{text}{}", run.out);
    }
}

#[test]
fn hostile_nesting_ends() {
    for (name, text) in [
        (
            "deep.json",
            format!("{{\"Statement\": {}", "[".repeat(10_000)),
        ),
        ("deep.yaml", format!("Statement: {}", "[".repeat(10_000))),
        (
            "deeper.json",
            format!(
                "{{\"Statement\": {}{}}}",
                "[".repeat(100_000),
                "]".repeat(100_000)
            ),
        ),
        (
            "blocks.yaml",
            (0..400)
                .map(|depth| format!("{}Statement:\n", " ".repeat(depth)))
                .collect::<String>(),
        ),
    ] {
        let shop = folder(&[(name, &text)]);
        let run = leastwise(shop.path(), &["check", name]);
        assert_eq!(run.code, 2, "{name}: {}{}", run.out, run.err);
        assert!(
            run.err.contains("no policy could be read: line "),
            "{name}: {}",
            run.err
        );
    }
}

#[test]
fn policies_that_another_tool_fills_in_are_no_failure() {
    for (name, text) in [
        (
            "a.json",
            "{\"Version\": \"2012-10-17\", \"Statement\": ${x}}",
        ),
        (
            "b.yaml",
            "Version: '2012-10-17'\nStatement: {{- toYaml .Values.x }}\n",
        ),
        // Nothing says that it is a policy.
        ("c.yaml", "Statement: {{- toYaml .Values.x }}\n"),
    ] {
        let shop = folder(&[(name, text)]);
        let run = leastwise(shop.path(), &["check", name]);
        let said = match name {
            "c.yaml" => "leastwise: no policy was found in 1 file\n",
            _ => "",
        };
        assert_eq!(
            (run.code, run.err.as_str()),
            (0, said),
            "{name}: {}",
            run.out
        );
    }
}

#[test]
fn fixes_are_written_and_said() {
    let before = FINE.replace(
        "Action: s3:GetObject",
        "Action: [s3:GetObject, s3:GetObject] # twice",
    );
    let shop = folder(&[("a.yaml", &before)]);
    let diff = leastwise(shop.path(), &["check", "--diff"]);
    assert!(
        diff.out
            .contains("-    Action: [s3:GetObject, s3:GetObject] # twice"),
        "{}",
        diff.out
    );
    assert_eq!(
        fs::read_to_string(shop.path().join("a.yaml")).expect("the file"),
        before
    );
    let run = leastwise(shop.path(), &["check", "--fix"]);
    assert_eq!(run.code, 0);
    let after = fs::read_to_string(shop.path().join("a.yaml")).expect("the file");
    assert_eq!(
        after,
        FINE.replace("Action: s3:GetObject", "Action: [s3:GetObject] # twice")
    );
    assert!(run.out.contains("fixed: a.yaml:"), "{}", run.out);
    assert_eq!(
        fs::read_dir(shop.path()).expect("the folder").count(),
        1,
        "nothing is left behind"
    );
}

#[test]
fn only_fixes_that_can_be_written_are_promised() {
    let one = FINE.replace("s3:GetObject", "s3:GetObejct");
    // The rename would reach what the alias stands for, too.
    let shared = one.replace("s3:GetObejct", "&read s3:GetObejct")
        + "  - {Effect: Allow, Action: *read, Resource: 'arn:aws:s3:::shop-logs/*'}\n";
    for (text, promised) in [(&one, true), (&shared, false)] {
        let shop = folder(&[("a.yaml", text)]);
        let run = leastwise(shop.path(), &["check"]);
        assert!(run.out.contains("s3:GetObejct"), "{}", run.out);
        assert_eq!(run.out.contains("can be fixed"), promised, "{}", run.out);
        let run = leastwise(shop.path(), &["check", "--statistics"]);
        assert_eq!(run.out.contains("fixable"), promised, "{}", run.out);
    }
}

#[test]
fn unsafe_fixes_only_when_asked_for() {
    let before = FINE.replace("GetObject", "GetObejct");
    let shop = folder(&[("a.yaml", &before)]);
    let run = leastwise(shop.path(), &["check"]);
    let told = "\n1 finding can be fixed with --fix --unsafe-fixes.\n";
    assert!(run.out.contains(told), "{}", run.out);
    leastwise(shop.path(), &["check", "--fix"]);
    assert_eq!(
        fs::read_to_string(shop.path().join("a.yaml")).expect("the file"),
        before
    );
    let run = leastwise(shop.path(), &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(
        fs::read_to_string(shop.path().join("a.yaml")).expect("the file"),
        FINE
    );
    assert!(run.out.contains("adds s3:GetObject"), "{}", run.out);
}

#[test]
fn what_may_have_another_meaning_is_mended_by_hand() {
    let before = FINE.replace("s3:GetObject", "ecr-public:BatchGetImage");
    let shop = folder(&[("a.yaml", &before)]);
    let run = leastwise(shop.path(), &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(
        fs::read_to_string(shop.path().join("a.yaml")).expect("the file"),
        before
    );
    let told = "1 finding has fixes to choose from: see the editor or --format json.";
    assert!(run.out.contains(told), "{}", run.out);
    let run = leastwise(shop.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let fixes = report["findings"][0]["fixes"].as_array().expect("a list");
    let kinds: Vec<_> = fixes.iter().map(|fix| &fix["kind"]).collect();
    assert_eq!(kinds, ["manual"], "not the opposite");
}

#[test]
fn resolve_puts_values_with_names_into_the_policy_that_is_made_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for (list, is_known) in [
        ("concat(local.read, local.write)", true),
        ("flatten([local.read, [local.write]])", true),
        ("concat(local.read, var.more)", false),
    ] {
        let module = format!(
            r#"variable "more" {{
  default = []
}}
locals {{
  read  = [{{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shop/*" }}]
  write = [{{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::shop/*" }}]
}}
resource "aws_iam_policy" "p" {{
  policy = jsonencode({{ Version = "2012-10-17", Statement = {list} }})
}}
"#
        );
        std::fs::write(folder.path().join("main.tf"), module).expect("a file");
        let run = leastwise(folder.path(), &["resolve", "main.tf"]);
        assert_eq!(run.code, 0, "{}", run.err);
        let resolved: Value = serde_json::from_str(&run.out).expect("JSON");
        let policies = resolved["environments"][0]["policies"].as_array();
        let policies = policies.expect("a list");
        let of = policies.iter().find(|of| of["path"][0] == "resource");
        let of = of.expect("the policy");
        let statements = of["document"]["Statement"].as_array().expect("a list");
        let actions: Vec<_> = statements.iter().map(|of| &of["Action"]).collect();
        match is_known {
            true => assert_eq!(actions, ["s3:GetObject", "s3:PutObject"], "{list}"),
            false => assert_eq!(actions, ["s3:GetObject"], "{list}"),
        }
        let dynamic = of["dynamic"].as_array().expect("a list");
        assert_eq!(dynamic.is_empty(), is_known, "{list}");
    }
}

#[test]
fn resolve_prints_elements_in_the_order_that_people_know() {
    let folder = folder(&[(
        "p.json",
        r#"{"Statement": [{"Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"},
            "Bool": {"aws:SecureTransport": "true"}}, "Action": "s3:GetObject", "Principal": {"AWS": "111111111111"},
            "Effect": "Allow", "Sid": "Reads"}], "Id": "shop", "Version": "2012-10-17"}"#,
    )]);
    let run = leastwise(folder.path(), &["resolve", "p.json"]);
    let names = ["Version", "Id", "Statement", "Sid", "Effect", "Principal"];
    let names = names.iter().chain(&["Action", "Resource", "Condition"]);
    let names = ["path", "environments", "kind", "document"]
        .iter()
        .chain(names);
    let places: Vec<_> = names
        .chain(&["Bool", "StringEquals", "unknown"])
        .map(|name| run.out.find(&format!("\"{name}\":")).expect(name))
        .collect();
    assert!(places.is_sorted(), "{places:?}\n{}", run.out);
}

#[test]
fn resolve_takes_what_an_editor_has_in_place_of_the_file() {
    let variable = |default: &str| format!("variable \"bucket\" {{ default = \"{default}\" }}\n");
    let block = |action: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    actions = [\"{action}\"]\n    \
             resources = [\"arn:aws:s3:::${{var.bucket}}/*\"]\n  }}\n}}\n"
        )
    };
    let folder = folder(&[
        ("variables.tf", &variable("shop")),
        ("main.tf", &block("s3:GetObject")),
    ]);
    for name in ["main.tf", "new.tf"] {
        let run = piped(
            folder.path(),
            &["resolve", "--stdin", name],
            &block("s3:PutObject"),
        );
        assert_eq!(run.code, 0, "{}", run.err);
        let resolved: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(resolved["path"], name);
        let policies = resolved["environments"][0]["policies"].as_array();
        let statements = policies.expect("a list").iter();
        let statements: Vec<_> = statements.map(|of| &of["document"]["Statement"]).collect();
        assert_eq!(statements.len(), 1, "{name}: {statements:?}");
        assert_eq!(statements[0][0]["Action"][0], "s3:PutObject", "{name}");
        assert_eq!(statements[0][0]["Resource"][0], "arn:aws:s3:::shop/*");
    }
}

/// Runs the program with a text on its standard input.
fn piped(folder: &Path, arguments: &[&str], text: &str) -> Run {
    let typed = folder.join("typed");
    fs::write(&typed, text).expect("a text");
    let input = fs::File::open(typed).expect("a text");
    run(command(folder, arguments).stdin(input))
}

#[test]
fn resolve_prints_what_sam_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - S3ReadPolicy:
            BucketName: shop-data
        - AmazonSQSReadOnlyAccess
";
    std::fs::write(folder.path().join("template.yaml"), template).expect("a file");
    let run = leastwise(folder.path(), &["resolve", "template.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let resolved: Value = serde_json::from_str(&run.out).expect("JSON");
    let environment = &resolved["environments"][0];
    let policies = environment["policies"].as_array().expect("a list");
    let [trust, read] = policies.as_slice() else {
        panic!("{}", run.out)
    };
    assert_eq!(trust["kind"], "trust policy");
    assert_eq!(
        trust["document"]["Statement"][0]["Principal"]["Service"],
        "lambda.amazonaws.com"
    );
    assert_eq!(read["generated"], "S3ReadPolicy");
    assert_eq!(read["name"], "ImportRolePolicy0");
    assert_eq!(
        read["document"]["Statement"][0]["Resource"][1],
        "arn:${AWS::Partition}:s3:::shop-data/*"
    );
    let attached = &environment["attached"][0];
    assert_eq!(attached["owner"], "Import");
    assert_eq!(
        attached["arns"][1],
        "arn:${AWS::Partition}:iam::aws:policy/AmazonSQSReadOnlyAccess"
    );
}

#[test]
fn statements_of_local_values_are_shown_in_their_policies() {
    let folder = tempfile::tempdir().expect("a folder");
    let resolve = |locals: &str, statements: &str| {
        let text = format!(
            "locals {{\n{locals}\n}}\nresource \"aws_iam_role_policy\" \"p\" {{\n  role   = \"x\"\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = {statements} }})\n}}\n"
        );
        std::fs::write(folder.path().join("main.tf"), text).expect("a file");
        let run = leastwise(folder.path(), &["resolve", "main.tf"]);
        let resolved: Value = serde_json::from_str(&run.out).expect("JSON");
        let policies = resolved["environments"][0]["policies"].as_array().cloned();
        let shown = policies.expect("a list").into_iter().map(|policy| {
            let statements = policy["document"]["Statement"].as_array().cloned();
            let actions: Vec<String> = statements
                .unwrap_or_default()
                .iter()
                .map(|it| it["Action"].as_str().unwrap_or_default().to_owned())
                .collect();
            let is_open = policy["dynamic"] != serde_json::json!([]);
            let when = policy["conditions"].as_array().map_or(0, Vec::len);
            (actions.join(" "), is_open, when)
        });
        shown.collect::<Vec<_>>()
    };
    let of = |action: &str| {
        format!(
            "{{ Effect = \"Allow\", Action = \"s3:{action}\", Resource = \"arn:aws:s3:::x/*\" }}"
        )
    };
    let (a, b) = (of("Get"), of("Put"));
    let one = |actions: &str, is_open: bool, when: usize| vec![(actions.to_owned(), is_open, when)];
    let local = format!("  all = [{a}, {b}]");
    assert_eq!(resolve(&local, "local.all"), one("s3:Get s3:Put", false, 0));
    let local = format!("  all = [{a}]\n  one = {b}");
    let both = resolve(&local, "concat(local.all, [local.one])");
    assert_eq!(both, one("s3:Get s3:Put", false, 0));
    let local = format!("  all = concat(local.some, [{b}])\n  some = [{a}]");
    let shown = resolve(&local, "local.all");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].0.contains("s3:Get") && shown[0].0.contains("s3:Put"));
    // What else there is stays open, and what nobody uses is shown by itself.
    let local = format!("  all = [{a}]");
    assert_eq!(
        resolve(&local, "concat(local.all, var.more)"),
        one("s3:Get", true, 0)
    );
    assert_eq!(
        resolve(&local, "concat(local.all, local.none)"),
        one("s3:Get", true, 0)
    );
    assert_eq!(resolve(&local, &format!("[{b}]")).len(), 2);
    assert!(!resolve("  all = local.all", "local.all").is_empty());
}

#[test]
fn resolve_prints_each_environment() {
    let run = leastwise(&examples(), &["resolve", "deploy/roles.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let resolved: Value = serde_json::from_str(&run.out).expect("JSON");
    let names: Vec<_> = resolved["environments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|env| env["name"].clone())
        .collect();
    assert_eq!(names, ["dev", "prod"]);
    assert!(
        run.out
            .contains("arn:aws:dynamodb:eu-west-1:222222222222:table/shop-orders")
    );
    let dev = leastwise(
        &examples(),
        &["resolve", "deploy/roles.yaml", "--account", "dev"],
    );
    assert!(!dev.out.contains("222222222222"));
    let nobody = leastwise(
        &examples(),
        &["resolve", "deploy/roles.yaml", "--account", "nobody"],
    );
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("dev, prod"), "{}", nobody.err);
}

#[test]
fn explain_knows_everything_by_its_name() {
    let here = examples();
    for (what, says) in [
        ("lambda:CreateFunction", "lambda:DeleteFunction"),
        ("s3:Get*", "GetObject"),
        ("sqs", "Amazon SQS"),
        ("arn:aws:s3:::shop-data/orders.csv", "object"),
        ("aws:SourceArn", "ARN"),
        ("AWS::S3::Bucket", "s3:CreateBucket"),
        ("wildcard-resource", "## Example"),
    ] {
        let run = leastwise(&here, &["explain", what]);
        assert_eq!(run.code, 0, "{what}: {}", run.err);
        assert!(run.out.contains(says), "{what}: {}", run.out);
    }
    let typo = leastwise(&here, &["explain", "s3:GetObejct"]);
    assert_eq!(typo.code, 1);
    assert!(
        typo.err.contains("Did you mean `s3:GetObject`"),
        "{}",
        typo.err
    );
    // A service that has the action, else the service alone, and never an action that there isn't.
    for (what, says) in [
        ("lamda:GetFunction", "Did you mean `lambda:GetFunction`"),
        ("sfn:StartExecution", "Did you mean `states:StartExecution`"),
        ("lamda:Frobnicate", "Did you mean `lambda`?"),
        ("apx:Frobnicate", "no service has the prefix `apx`.\n"),
        (
            "apx",
            "there is no rule, service or managed policy `apx`.\n",
        ),
    ] {
        let run = leastwise(&here, &["explain", what]);
        assert_eq!(run.code, 1, "{what}");
        assert!(run.err.contains(says), "{what}: {}", run.err);
        assert!(!run.err.contains(":Frobnicate` or"), "{what}: {}", run.err);
    }
}

#[test]
fn rules_are_listed() {
    let run = leastwise(&examples(), &["rules"]);
    let line = run
        .out
        .lines()
        .find(|line| line.contains("missing-delete-counterpart"));
    assert!(
        line.is_some_and(|line| line.contains("warning") && line.contains("unsafe fix")),
        "{}",
        run.out
    );
    let json: Value =
        serde_json::from_str(&leastwise(&examples(), &["rules", "--format", "json"]).out)
            .expect("JSON");
    assert!(
        json["rules"]
            .as_array()
            .is_some_and(|rules| rules.len() >= 24)
    );
}

#[test]
fn files_that_are_checked_together_are_seen_together() {
    let role = "Resources:
  DeployerRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      Policies:
        - PolicyName: queues
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:shop-*'}
";
    let more = "Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [shop-deployer]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: 'sqs:DeleteQueue', Resource: 'arn:aws:sqs:*:*:shop-*'}
          - {Effect: Allow, Action: 'sns:CreateTopic', Resource: 'arn:aws:sns:*:*:shop-*'}
";
    let folder = folder(&[("role.yaml", role), ("more.yaml", more)]);
    let rule = ["--rule", "missing-delete-counterpart"];
    let alone = leastwise(folder.path(), &["check", rule[0], rule[1], "role.yaml"]);
    assert!(alone.out.contains("sqs:DeleteQueue"), "{}", alone.out);
    // What is attached elsewhere has more policies than its file shows.
    let other = leastwise(folder.path(), &["check", rule[0], rule[1], "more.yaml"]);
    assert!(!other.out.contains("sns:DeleteTopic"), "{}", other.out);
    let both = leastwise(folder.path(), &["check", rule[0], rule[1]]);
    assert!(!both.out.contains("sqs:DeleteQueue"), "{}", both.out);
    // Another role of that name, for another account, is no part of it.
    let other = role.replace("CreateQueue", "DeleteQueue");
    fs::write(folder.path().join("more.yaml"), other).expect("a file");
    let two = leastwise(folder.path(), &["check", rule[0], rule[1]]);
    assert!(two.out.contains("sqs:DeleteQueue"), "{}", two.out);
    fs::write(folder.path().join("more.yaml"), more).expect("a file");
    assert!(both.out.contains("sns:DeleteTopic"), "{}", both.out);
}

#[test]
fn a_stack_says_what_the_parameters_of_its_template_are() {
    let parent = "Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: stacks/data.yaml
      Parameters: {Account: '999999999999', Name: orders}
";
    let child = "Parameters:
  Account: {Type: String, Default: '111111111111'}
  Name: {Type: String, Default: left}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: sqs:SendMessage
            Resource: !Sub 'arn:aws:sqs:eu-west-1:${Account}:${Name}'
";
    let config = "[accounts]\ndev = '111111111111'\n";
    let folder = folder(&[
        ("leastwise.toml", config),
        ("main.yaml", parent),
        ("stacks/data.yaml", child),
    ]);
    let resolved = leastwise(folder.path(), &["resolve", "stacks/data.yaml"]);
    let arn = "arn:aws:sqs:eu-west-1:999999999999:orders";
    assert!(resolved.out.contains(arn), "{}", resolved.out);
    let rule = ["--rule", "unknown-account"];
    let both = leastwise(folder.path(), &["check", rule[0], rule[1]]);
    assert!(both.out.contains("999999999999"), "{}", both.out);
    let child = ["check", rule[0], rule[1], "stacks"];
    let alone = leastwise(folder.path(), &child);
    assert!(!alone.out.contains("999999999999"), "{}", alone.out);
}

#[test]
fn the_role_that_a_service_is_deployed_with_deploys() {
    let role = "Resources:
  Pipeline:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-pipeline
      Policies:
        - PolicyName: queues
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:shop-*'}
";
    let service = |setting: &str| {
        format!(
            "service: shop
provider:
  name: aws
  {setting}
functions:
  a: {{handler: a.b}}
"
        )
    };
    let rule = ["check", "--rule", "missing-delete-counterpart"];
    for setting in [
        "iam: {deploymentRole: 'arn:aws:iam::111111111111:role/path/shop-pipeline'}",
        "cfnRole: 'arn:aws:iam::111111111111:role/${self:service}-pipeline'",
    ] {
        let folder = folder(&[("roles.yaml", role), ("serverless.yml", &service(setting))]);
        let both = leastwise(folder.path(), &rule);
        assert!(
            both.out.contains("sqs:DeleteQueue"),
            "{setting}: {}",
            both.out
        );
        let alone = leastwise(folder.path(), &[&rule[..], &["roles.yaml"]].concat());
        assert!(!alone.out.contains("sqs:DeleteQueue"), "{}", alone.out);
        // The config knows better.
        let config = "[deploy]\nroles = ['*Deployer']\n";
        fs::write(folder.path().join("leastwise.toml"), config).expect("a file");
        let both = leastwise(folder.path(), &rule);
        assert!(!both.out.contains("sqs:DeleteQueue"), "{}", both.out);
    }
    // In the service's own file.
    let own = service("cfnRole: 'arn:aws:iam::111111111111:role/shop-pipeline'")
        + "resources:\n"
        + &role
            .replace("\n  ", "\n    ")
            .replace("Resources:", "  Resources:");
    let folder = folder(&[("serverless.yml", &own)]);
    let run = leastwise(folder.path(), &rule);
    assert!(run.out.contains("sqs:DeleteQueue"), "{}", run.out);
}

#[test]
fn pipelines_are_counted() {
    let workflow = "on: push
jobs:
  deploy:
    steps:
      - run: aws sts assume-role --role-arn arn:aws:iam::111111111111:role/shop
";
    let plain = "on: push\njobs: {test: {steps: [{run: 'echo --role-arn'}]}}\n";
    let folder = folder(&[("policy.yaml", FINE), ("plain.yml", plain)]);
    let out = leastwise(folder.path(), &["check"]).out;
    assert!(out.contains(" in 1 file with policies."), "{out}");
    for (name, said) in [
        ("a.yml", " in 1 file with policies and 1 pipeline."),
        ("b.yml", " in 1 file with policies and 2 pipelines."),
    ] {
        fs::write(folder.path().join(name), workflow).expect("a file");
        let out = leastwise(folder.path(), &["check"]).out;
        assert!(out.contains(said), "{out}");
    }
}

#[test]
fn managed_policies_count_by_account() {
    let role = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/shop-more']
      Policies:
        - PolicyName: queues
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:shop-*'}
";
    let more = |action: &str| {
        format!(
            "resource \"aws_iam_policy\" \"more\" {{
  name   = \"shop-more\"
  policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = [{{ Effect = \"Allow\", Action = \"sqs:{action}\", Resource = \"*\" }}]
  }})
}}
"
        )
    };
    let folder = folder(&[
        (
            "templates/leastwise.toml",
            "[accounts]\ndev = '111111111111'\n",
        ),
        ("templates/main.yaml", role),
        (
            "modules/leastwise.toml",
            "[accounts]\ndev = '111111111111'\n",
        ),
        ("modules/main.tf", &more("DeleteQueue")),
    ]);
    let check = || {
        let rule = "missing-delete-counterpart";
        leastwise(folder.path(), &["check", "--rule", rule]).out
    };
    assert!(!check().contains("sqs:DeleteQueue"), "{}", check());
    fs::write(folder.path().join("modules/main.tf"), more("TagQueue")).expect("a file");
    assert!(check().contains("sqs:DeleteQueue"), "{}", check());
    // In another account it is another policy, and what the role has is unknown.
    let other = "[accounts]\nprod = '222222222222'\n";
    fs::write(folder.path().join("modules/leastwise.toml"), other).expect("a file");
    assert!(!check().contains("sqs:DeleteQueue"), "{}", check());
}

/// The config of README, in which nothing is deployed to the account of tools by default.
const TOOLS: &str = "[app]
prefix = 'shop'
[accounts]
dev = '111111111111'
prod = '222222222222'
tools = { id = '333333333333', deploys = false }
";

/// A pipeline in the account of tools, and a role of each other account that trusts it.
const PIPELINE: &str = "Parameters:
  DevAccountId: {Type: String}
Resources:
  Pipeline:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-pipeline
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {Service: codepipeline.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Resource: !Sub 'arn:aws:iam::${DevAccountId}:role/shop-deployer'
              - Effect: Allow
                Action: sqs:SendMessage
                Resource: !Sub 'arn:aws:sqs:eu-west-1:${AWS::AccountId}:shop-builds'
";
const DEPLOYER: &str = "Parameters:
  ToolsAccountId: {Type: String}
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub 'arn:aws:iam::${ToolsAccountId}:role/shop-pipeline'}
            Action: sts:AssumeRole
";

#[test]
fn a_template_goes_to_the_accounts_that_are_said() {
    let refused = |configs: &[(&str, String)], deployer: &str| {
        let mut files = vec![("infra/tools.yaml", PIPELINE), ("app/roles.yaml", deployer)];
        files.extend(configs.iter().map(|(path, text)| (*path, text.as_str())));
        let shop = folder(&files);
        let run = leastwise(shop.path(), &["check", "--rule", "role-does-not-trust"]);
        assert_eq!(run.err, "");
        run.out.contains("[role-does-not-trust]")
    };
    let to = |account: &str| {
        format!("{TOOLS}[[templates]]\npath = 'infra/tools.yaml'\naccounts = ['{account}']\n")
    };
    let main = "leastwise.toml";
    // From the account of tools it may, from the others it may not: silent until somebody says which.
    assert!(!refused(&[(main, TOOLS.to_owned())], DEPLOYER));
    assert!(!refused(&[(main, to("tools"))], DEPLOYER));
    assert!(refused(&[(main, to("dev"))], DEPLOYER));
    // The last match counts, and a nearer config.
    let both = format!(
        "{}[[templates]]\npath = '**'\naccounts = ['dev']\n",
        to("tools")
    );
    assert!(refused(&[(main, both)], DEPLOYER));
    let nearer = TOOLS
        .replace(", deploys = false", "")
        .replace("dev =", "stage =");
    let nearer = nearer
        .replace("prod = '222222222222'\n", "")
        .replace("stage = '111111111111'\n", "");
    let nearer = ("infra/leastwise.toml", nearer);
    assert!(!refused(&[(main, to("dev")), nearer], DEPLOYER));
    // From no account it may.
    let other = DEPLOYER.replace("${ToolsAccountId}", "444444444444");
    assert!(refused(&[(main, TOOLS.to_owned())], &other));
    assert!(refused(&[(main, to("tools"))], &other));
}

#[test]
fn resolve_takes_an_account_that_nothing_is_deployed_to() {
    let shop = folder(&[("leastwise.toml", TOOLS), ("infra/tools.yaml", PIPELINE)]);
    let resolved = |args: &[&str]| {
        let run = leastwise(
            shop.path(),
            &[&["resolve", "infra/tools.yaml"], args].concat(),
        );
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        let report: Value = serde_json::from_str(&run.out).expect("JSON");
        let environments = report["environments"].as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let environments = environments.iter();
        environments
            .map(|one| {
                (
                    text(&one["name"]),
                    text(&one["account"]),
                    one["policies"].to_string(),
                )
            })
            .collect::<Vec<_>>()
    };
    let names: Vec<_> = resolved(&[]).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["dev", "prod"]);
    for account in ["tools", "333333333333"] {
        let of_tools = resolved(&["--account", account]);
        let [(name, id, policies)] = of_tools.as_slice() else {
            panic!("{of_tools:?}");
        };
        assert_eq!((name.as_str(), id.as_str()), ("tools", "333333333333"));
        // What is named by another account's variable stays that account's.
        for arn in [
            "arn:aws:iam::111111111111:role/shop-deployer",
            "arn:aws:sqs:eu-west-1:333333333333:shop-builds",
        ] {
            assert!(policies.contains(arn), "{policies}");
        }
    }
    let none = leastwise(
        shop.path(),
        &["resolve", "infra/tools.yaml", "--account", "test"],
    );
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(
        none.err.contains("it names dev, prod, tools"),
        "{}",
        none.err
    );
}

/// What a repository may hold that wants something of who checks it.
mod hostile {
    use super::*;

    const ODD: &str = "\u{1b}[2J\u{9b}1m\u{7}\u{7f}\u{202e}\u{2066}\u{2028}\r\n::set-output name=a::pwned\n##[set-env name=b]c";

    /// What must not be in an output.
    fn is_quiet(run: &Run) {
        for text in [&run.out, &run.err] {
            let odd = |c: char| {
                c.is_control() && c != '\n'
                    || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!text.contains(odd), "{text:?}");
            for line in text.lines().map(str::trim_start) {
                assert!(
                    !line.starts_with("::") && !line.contains("##["),
                    "{line}\n{text}"
                );
            }
        }
    }

    fn json(value: &str) -> String {
        Value::String(value.to_owned()).to_string()
    }

    /// Policies with an odd text in each place.
    fn policies(odd: &str) -> Vec<(String, String)> {
        let odd = json(odd);
        let base = [
            ("Action", "\"s3:GetObject\""),
            ("Resource", "\"arn:aws:s3:::b/*\""),
            ("Sid", "\"A\""),
            ("Condition", "{\"StringEquals\": {\"aws:username\": \"x\"}}"),
        ];
        let places = [
            ("Action", odd.clone()),
            ("Action", format!("[{odd}, \"s3:GetObjct\"]")),
            (
                "Action",
                format!("\"s3:\" , \"Not{}", odd.trim_start_matches('"')),
            ),
            ("Resource", odd.clone()),
            (
                "Resource",
                format!("\"arn:aws:s3:eu-west-1::{}", odd.trim_start_matches('"')),
            ),
            ("Sid", odd.clone()),
            (
                "Condition",
                format!("{{{odd}: {{\"aws:username\": \"x\"}}}}"),
            ),
            (
                "Condition",
                format!("{{\"StringEquals\": {{{odd}: {odd}}}}}"),
            ),
            ("Extra", odd.clone()),
        ];
        let mut all = Vec::new();
        for (at, (name, value)) in places.iter().enumerate() {
            let mut text =
                String::from("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"");
            for (own, usual) in base.iter().filter(|(own, _)| own != name) {
                text += &format!(",\"{own}\":{usual}");
            }
            text += &format!(",\"{name}\":{value}}}]}}");
            all.push((format!("p{at}.json"), text));
        }
        // The key itself, and text that no reader takes.
        all.push((
            "key.json".to_owned(),
            format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",{odd}:1,\"Action\":\"s3:GetObjct\",\"Resource\":\"*\"}}]}}"),
        ));
        all
    }

    #[test]
    fn no_control_character_gets_out() {
        let mut files = policies(ODD);
        files.push((
            "raw.yaml".to_owned(),
            format!("# {ODD}\nVersion: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObjct\n    Resource: '*'\n::set-output: 1\n"),
        ));
        files.push((
            "context.yaml".to_owned(),
            "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action:\n  - s3:GetObject\n  - S3:getobject\n  - s3:GetObject\n  ::set-output name=a:\n    1\n  Resource: '*'\n".to_owned(),
        ));
        let files: Vec<_> = files
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let folder = folder(&files);
        for args in [
            &["check", "--show", "suggestion"][..],
            &["check", "--diff", "--unsafe-fixes"],
            &["check", "--format", "json"],
            &["resolve", "p0.json"],
            &["resolve", "p3.json"],
            &["resolve", "raw.yaml"],
        ] {
            let run = leastwise(folder.path(), args);
            assert!(run.out.len() + run.err.len() > 40, "{args:?}");
            is_quiet(&run);
        }
    }

    #[test]
    fn json_keeps_what_the_text_escapes() {
        let folder = folder(&[("p.json", &policies(ODD)[0].1)]);
        let run = leastwise(folder.path(), &["check", "--format", "json"]);
        let report: Value = serde_json::from_str(&run.out).expect("JSON");
        let said = report["findings"].to_string();
        let first = json(ODD.split('\r').next().unwrap());
        assert!(said.contains(first.trim_matches('"')), "{said}");
    }

    #[test]
    fn arguments_are_echoed_without_control_characters() {
        let folder = folder(&[("p.json", "{}")]);
        for args in [
            &["explain", ODD][..],
            &["check", ODD],
            &["check", "--rule", ODD],
            &["check", "--format", ODD],
            &["check", "--config", ODD],
            &["resolve", ODD],
            &["resolve", "p.json", "--account", ODD],
            &["rules", ODD],
            &[ODD],
            &["check", &format!("--{ODD}")],
            &["explain", &format!("arn:aws:s3:::{ODD}")],
            &["explain", &format!("s3:Get*{ODD}")],
        ] {
            let run = leastwise(folder.path(), args);
            assert_ne!(run.code, 101, "{args:?}");
            assert!(run.out.len() + run.err.len() > 10, "{args:?}");
            is_quiet(&run);
        }
        let help = leastwise(folder.path(), &["check", "--help"]);
        assert_eq!(help.code, 0);
    }

    #[cfg(unix)]
    #[test]
    fn paths_are_shown_without_control_characters() {
        let odd = ODD.replace('/', "_");
        let policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObjct\",\"s3:GetObject\",\"s3:GetObject\"],\"Resource\":\"*\"}]}";
        let file = format!("{odd}/p.json");
        let bad = format!("{odd}/bad.json");
        let config = format!("{odd}/sub/leastwise.toml");
        let package = format!("{odd}node/node_modules/p.json");
        let folder = folder(&[
            (&file, policy),
            (&bad, "{\"Statement\": "),
            (
                &config,
                &format!(
                    "x = {}\n[[ignore]]\nrule = 'a\u{202e}'\nreason = ''\n",
                    json("\u{202e}")
                ),
            ),
            (&format!("{odd}/sub/p.json"), policy),
            (&package, policy),
        ]);
        std::os::unix::fs::symlink("none", folder.path().join(format!("{odd}.json"))).unwrap();
        let inner = format!("{odd}/sub/p.json");
        for args in [
            &["check", "--show", "suggestion", &file, &bad][..],
            &["check", "--diff", &file],
            &["check", "--format", "json", &file],
            &["check", "--fix", &file],
            &["check", &inner],
            &["check", &format!("{odd}node")],
            &["check", &format!("{odd}.json")],
            &["check", "--config", &config, &file],
            &["resolve", &file],
            &["resolve", &bad],
        ] {
            let run = leastwise(folder.path(), args);
            assert!(run.out.len() + run.err.len() > 40, "{args:?}");
            is_quiet(&run);
        }
    }

    const SECRET: &str = "not-a-secret-only-a-marker";

    /// Runs over a repository beside a home folder, in all ways that say anything of a file.
    fn leaks(files: &[(&str, &str)], link: Option<(&str, &str)>) -> Vec<String> {
        let mut all = vec![
            ("home/credentials", SECRET),
            (
                "home/lines",
                "[default]\naws_secret_access_key = not-a-secret-only-a-marker\n",
            ),
            (
                "home/s.json",
                "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"not-a-secret-only-a-marker\", \"Resource\": \"*\"}]}",
            ),
            ("home/s.yml", "s: not-a-secret-only-a-marker\n"),
            (
                "home/main.tf",
                "variable \"x\" {}\noutput \"s\" {\n  value = \"not-a-secret-only-a-marker\"\n}\n",
            ),
            ("home/s.tfvars", "s = \"not-a-secret-only-a-marker\"\n"),
            (
                "home/parameters.json",
                "[{\"ParameterKey\": \"P\", \"ParameterValue\": \"not-a-secret-only-a-marker\"}]",
            ),
            (
                "home/t.yaml",
                "Outputs:\n  S:\n    Value: not-a-secret-only-a-marker\n",
            ),
        ];
        all.extend_from_slice(files);
        let folder = folder(&all);
        #[cfg(unix)]
        if let Some((to, at)) = link {
            std::os::unix::fs::symlink(to, folder.path().join(at)).unwrap();
        }
        let mut said = Vec::new();
        let (file, _) = files[0];
        for args in [
            &["check", "repo", "--show", "suggestion"][..],
            &["check", "repo", "--format", "json"],
            &["check", file, "--show", "suggestion"],
            &["check", "repo", "--diff", "--unsafe-fixes"],
            &["resolve", file],
        ] {
            let run = leastwise(folder.path(), args);
            said.push(format!("{args:?}: {}{}", run.out, run.err));
        }
        said.retain(|text| text.contains(SECRET));
        said
    }

    #[test]
    fn nothing_outside_of_the_repository_is_told() {
        let serverless = |file: &str| {
            format!(
                "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n      - Effect: Allow\n        Action: s3:GetObject\n        Resource: ${{file({file})}}\n"
            )
        };
        let terraform = |call: &str| {
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = {call} }}]\n  }})\n}}\n"
            )
        };
        let custom = |file: &str| {
            let service = serverless("x").replace("${file(x)}", "${self:custom.own.s}");
            format!("{service}custom:\n  own: ${{file({file})}}\n  s: ${{file({file}):s}}\n")
        };
        let include = |file: &str| {
            format!(
                "Transform:\n  Name: AWS::Include\n  Parameters: {{Location: {file}}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {file}}}}}\n"
            )
        };
        let module = "module \"m\" {\n  source = \"../home\"\n  x = \"\"\n}\n";
        let nested = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}\n      Policies:\n      - PolicyName: p\n        PolicyDocument:\n          Version: '2012-10-17'\n          Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !GetAtt N.Outputs.S}]\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ../home/t.yaml\n";
        for (name, text) in [
            ("repo/serverless.yml", serverless("../home/credentials")),
            ("repo/serverless.yml", serverless("../home/lines")),
            ("repo/serverless.yml", serverless("../home/s.yml):s, ''")),
            ("repo/serverless.yml", serverless("../home/s.yml").replace(")}", "):s}")),
            ("repo/serverless.yml", serverless("./in/../../home/credentials")),
            ("repo/main.tf", terraform("file(\"../home/credentials\")")),
            ("repo/main.tf", terraform("file(\"${path.module}/../home/credentials\")")),
            ("repo/main.tf", terraform("templatefile(\"../home/credentials\", {})")),
            ("repo/main.tf", format!("{module}{}", terraform("module.m.s"))),
            ("repo/main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"../home/s.json\")\n}\n".to_owned()),
            ("repo/main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = templatefile(\"../home/s.json\", {})\n}\n".to_owned()),
            ("repo/main.tf", format!("{}{}", module.replace("../home", "./../x/../home"), terraform("module.m.s"))),
            ("repo/a/b/main.tf", format!("{}{}", module.replace("../home", "../../../home"), terraform("module.m.s"))),
            ("repo/a/b/main.tf", terraform("jsondecode(file(\"../../../home/s.json\")).Statement[0].Action")),
            ("repo/a/b/main.tf", terraform("yamldecode(file(\"${path.root}/../../../home/s.yml\")).s")),
            ("repo/template.yaml", nested.to_owned()),
            ("repo/template.yaml", nested.replace("../home", "file://../home")),
            ("repo/template.yaml", nested.replace("AWS::CloudFormation::Stack", "AWS::Serverless::Application").replace("TemplateURL", "Location")),
            ("repo/template.yaml", include("../home/s.json")),
            ("repo/template.yaml", include("../home/t.yaml")),
            ("repo/serverless.yml", custom("../home/s.yml")),
            ("repo/serverless.yml", custom("~/../home/s.yml")),
            ("repo/serverless.yml", format!("{}resources:\n- ${{file(../home/t.yaml)}}\n", serverless("../home/credentials"))),
        ] {
            assert_eq!(leaks(&[(name, &text)], None), Vec::<String>::new(), "{text}");
        }
        #[cfg(unix)]
        for (name, text, link) in [
            (
                "repo/serverless.yml",
                serverless("./in"),
                ("../home/credentials", "repo/in"),
            ),
            (
                "repo/serverless.yml",
                serverless("./in/credentials"),
                ("../home", "repo/in"),
            ),
            (
                "repo/serverless.yml",
                serverless("./in.yml").replace(")}", "):s}"),
                ("../home/s.yml", "repo/in.yml"),
            ),
            (
                "repo/main.tf",
                terraform("file(\"in/credentials\")"),
                ("../home", "repo/in"),
            ),
            (
                "repo/main.tf",
                format!(
                    "{}{}",
                    module.replace("../home", "./in"),
                    terraform("module.m.s")
                ),
                ("../home", "repo/in"),
            ),
            (
                "repo/main.tf",
                terraform("local.x"),
                ("../home/main.tf", "repo/other.tf"),
            ),
            // What Terraform reads by itself, and what a deployment is given.
            (
                "repo/main.tf",
                format!("variable \"s\" {{}}\n{}", terraform("var.s")),
                ("../home/s.tfvars", "repo/terraform.tfvars"),
            ),
            (
                "repo/serverless.yml",
                custom("./in.yml"),
                ("../home/s.yml", "repo/in.yml"),
            ),
            (
                "repo/template.yaml",
                include("in.json"),
                ("../home/s.json", "repo/in.json"),
            ),
            (
                "repo/template.yaml",
                nested
                    .replace("!GetAtt N.Outputs.S", "!Ref P")
                    .replace("Resources:", "Parameters: {P: {Type: String}}\nResources:"),
                ("../home/parameters.json", "repo/parameters.json"),
            ),
            (
                "repo/template.yaml",
                nested.replace("../home/t", "in"),
                ("../home/t.yaml", "repo/in.yaml"),
            ),
            // A file that is walked.
            (
                "repo/main.tf",
                terraform("\"*\""),
                ("../home/s.json", "repo/s.json"),
            ),
            // Its config.
            (
                "repo/main.tf",
                terraform("\"*\""),
                ("../home/lines", "repo/leastwise.toml"),
            ),
        ] {
            assert_eq!(
                leaks(&[(name, &text)], Some(link)),
                Vec::<String>::new(),
                "{text}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_refused_wherever_it_is_named() {
        use std::os::unix::fs::symlink;
        let serverless = "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n      - Effect: Allow\n        Action: s3:GetObject\n        Resource: ${file(./REST)}\n";
        let terraform = "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"./REST\")\n}\nmodule \"m\" {\n  source = \"./REST\"\n}\n";
        let made = |rest: &str| {
            let folder = folder(&[
                ("serverless.yml", &serverless.replace("REST", rest)),
                ("main.tf", &terraform.replace("REST", rest)),
            ]);
            let fifo = std::process::Command::new("mkfifo")
                .arg(folder.path().join("pipe.json"))
                .status();
            assert!(fifo.unwrap().success());
            symlink("pipe.json", folder.path().join("link.yaml")).unwrap();
            symlink("/dev/zero", folder.path().join("zero.tf")).unwrap();
            folder
        };
        for rest in ["pipe.json", "link.yaml", "zero.tf"] {
            let folder = made(rest);
            let run = leastwise(folder.path(), &["check", "--show", "suggestion"]);
            assert_eq!(run.code, 2);
            for file in ["main.tf", "serverless.yml"] {
                let told = format!("leastwise: {file}: not fully checked: it needs {rest}, ");
                assert!(run.err.contains(&told), "{rest}: {}", run.err);
            }
            let run = leastwise(folder.path(), &["check", rest]);
            assert_eq!(run.code, 2);
            assert!(
                run.err.contains("a pipe, a device or a socket"),
                "{}",
                run.err
            );
            let run = leastwise(folder.path(), &["check", "--config", rest, "main.tf"]);
            assert_eq!(run.code, 2);
            assert!(
                run.err.contains("a pipe, a device or a socket"),
                "{}",
                run.err
            );
            assert_eq!(leastwise(folder.path(), &["resolve", rest]).code, 2);
            symlink(rest, folder.path().join("leastwise.toml")).unwrap();
            let run = leastwise(folder.path(), &["check"]);
            assert_eq!(run.code, 2);
            assert!(run.err.contains("leastwise.toml: it is"), "{}", run.err);
            std::fs::remove_file(folder.path().join("leastwise.toml")).unwrap();
            for ignore in ["sub/.gitignore", "sub/.ignore", ".gitignore"] {
                std::fs::create_dir_all(folder.path().join("sub")).unwrap();
                let at = folder.path().join(ignore);
                symlink(folder.path().join(rest), &at).unwrap();
                let run = leastwise(folder.path(), &["check"]);
                assert_eq!(run.code, 2, "{ignore}");
                assert!(run.err.contains("not walked"), "{}", run.err);
                // What stands in a folder above is asked as well.
                let run = leastwise(folder.path(), &["check", "sub"]);
                assert_eq!(run.code, 2, "{ignore}");
                assert!(run.err.contains("not walked"), "{}", run.err);
                std::fs::remove_file(at).unwrap();
            }
        }
    }

    #[test]
    fn a_pattern_of_the_config_that_is_too_deep_is_a_problem_of_it() {
        let deep = [
            "{".repeat(10_000),
            format!("{}a{}", "{".repeat(1_000), "}".repeat(1_000)),
            "[".repeat(10_000),
            "{a,".repeat(1_000),
            format!("{}a{}", "{a,b".repeat(600), "}".repeat(600)),
        ];
        let long = ["**".repeat(1_000), "**/".repeat(1_000)];
        // Every key that takes patterns, and the line of the pattern.
        for (head, line) in [
            ("[deploy]\nroles = ['GLOB']\n", 2),
            ("[[ignore]]\npath = 'GLOB'\nreason = 'x'\n", 2),
            ("[[ignore]]\naction = 'GLOB'\nreason = 'x'\n", 2),
            ("[[ignore]]\nowner = 'GLOB'\nreason = 'x'\n", 2),
            ("[check]\nunreadable = ['GLOB']\n", 2),
            ("[[templates]]\nregions = ['eu-west-1']\npath = 'GLOB'\n", 3),
        ] {
            let checked = |glob: &str| {
                let config = head.replace("GLOB", glob);
                let folder = folder(&[("leastwise.toml", &config), ("fine.yaml", FINE)]);
                leastwise(folder.path(), &["check"])
            };
            for glob in &deep {
                let run = checked(glob);
                assert_eq!(run.code, 2, "{head}: {}", run.err);
                let place = format!("leastwise.toml:{line}:");
                assert!(run.err.contains(&place), "{head}: {}", run.err);
                assert!(
                    run.err.contains("` isn't a valid pattern"),
                    "{head}: {}",
                    run.err
                );
                assert!(!run.err.contains("Unknown key"), "{head}: {}", run.err);
                assert!(run.err.lines().all(|line| line.len() < 300), "{}", run.err);
            }
            for glob in &long {
                let run = checked(glob);
                assert_eq!(run.code, 0, "{head}: {}", run.err);
            }
        }
    }

    #[test]
    fn aliases_of_aliases_are_counted() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let alias = format!("*a{}, ", level - 1).repeat(10);
            laughs += &format!("a{level}: &a{level} [{alias}]\n");
        }
        for place in [
            "Statement:\n- Effect: Allow\n  Action: *a8\n  Resource: '*'\n",
            "Statement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: *a8\n",
            "Statement: *a8\n",
            "Statement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: '*'\n  Principal: {AWS: *a8}\n  Condition: {StringEquals: {aws:username: *a8}}\n",
            "Statement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: '*'\n  <<: *a8\n",
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: *a8\n      Policies: *a8\n      AssumeRolePolicyDocument: {Statement: *a8}\n",
            "service: s\nprovider:\n  name: aws\n  iam: {role: {statements: *a8}}\nfunctions: *a8\nresources: *a8\n",
        ] {
            let folder = folder(&[("p.yaml", &format!("{laughs}{place}"))]);
            let run = leastwise(folder.path(), &["check"]);
            let said = format!("{}{}", run.out, run.err);
            let message = "The aliases of this file expand to more than";
            assert!(said.contains(message), "{place}{said}");
            // Whichever rules run. A list of whatever it may be is no policy yet.
            let one = leastwise(folder.path(), &["check", "--rule", "unknown-action"]);
            assert!(one.err.contains(message), "{place}{}", one.err);
            let code = if place == "Statement: *a8\n" { 0 } else { 2 };
            assert_eq!((run.code, one.code), (code, code), "{place}");
        }
    }

    #[test]
    fn of_values_of_other_files_a_line_is_quoted() {
        let long = format!("no-arn-{}END", "x".repeat(200));
        let serverless = "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n      - Effect: Allow\n        Action: s3:GetObject\n        Resource: FILE\n";
        let shop = folder(&[
            (
                "serverless.yml",
                &serverless.replace("FILE", "${file(./x.yml):x}"),
            ),
            ("x.yml", &format!("x: {long}\n")),
            (
                "text/serverless.yml",
                &serverless.replace("FILE", "${file(./x.txt)}"),
            ),
            ("text/x.txt", &long),
            (
                "lines/serverless.yml",
                &serverless.replace("FILE", "${file(./x.txt)}"),
            ),
            ("lines/x.txt", "no\nEND\n"),
            ("own/serverless.yml", &serverless.replace("FILE", &long)),
            (
                "tf/main.tf",
                "module \"m\" {\n  source = \"./m\"\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = local.x }] })\n}\n",
            ),
            ("tf/x.tf", &format!("locals {{\n  x = \"{long}\"\n}}\n")),
        ]);
        for (file, is_found) in [
            ("serverless.yml", true),
            ("text/serverless.yml", true),
            ("lines/serverless.yml", false),
            ("tf/main.tf", true),
        ] {
            for format in ["text", "json"] {
                let run = leastwise(shop.path(), &["check", "--format", format, file]);
                assert_eq!(
                    run.out.contains("invalid-arn"),
                    is_found,
                    "{file}: {}",
                    run.out
                );
                assert!(!run.out.contains("END"), "{file}: {}", run.out);
                assert!(
                    !is_found || run.out.contains('…') || !run.out.contains("no-arn"),
                    "{file}: {}",
                    run.out
                );
            }
        }
    }
}

#[test]
fn one_file_by_several_paths_is_checked_once() {
    let typo = FINE.replace("GetObject", "GetObejct");
    let shop = folder(&[("a.yaml", &typo), ("in/b.yaml", FINE)]);
    let absolute = shop.path().join("a.yaml");
    let absolute = absolute.to_str().expect("UTF-8");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../a.yaml", shop.path().join("in/link.yaml")).expect("a link");
    for args in [
        &["check"][..],
        &["check", "a.yaml", "./a.yaml", "in/../a.yaml", absolute],
        &["check", ".", "in", "a.yaml"],
        &["check", "in", "a.yaml"],
    ] {
        let run = leastwise(shop.path(), args);
        let found = run.out.matches("[unknown-action]").count();
        assert_eq!((run.code, found), (1, 1), "{args:?}: {}", run.out);
        assert!(run.out.contains("--> a.yaml:"), "{args:?}: {}", run.out);
    }
}

#[test]
fn of_very_many_problems_of_a_config_the_first_are_told() {
    let config = "[[templates]]\npath = 'x'\n".repeat(20_000);
    let shop = folder(&[("a.yaml", FINE), ("leastwise.toml", &config)]);
    let run = leastwise(shop.path(), &["check"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err.lines().count(), 102);
    assert!(
        run.err.ends_with("  and 19900 more problems\n"),
        "{}",
        run.err
    );
}

#[test]
fn a_folder_without_policies_is_told() {
    let shop = folder(&[("a.yaml", "a: 1\n"), ("b.json", "{}"), ("c.txt", "")]);
    let run = leastwise(shop.path(), &["check"]);
    assert!(
        run.err.contains("no policy was found in 2 files"),
        "{}",
        run.err
    );
    let run = leastwise(shop.path(), &["check", "a.yaml"]);
    assert_eq!(run.err, "leastwise: no policy was found in 1 file\n");
    // A pipeline has none, and is checked all the same.
    let pipeline = "on: push\njobs:\n  a:\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          \
        role-to-assume: arn:aws:iam::111111111111:role/shop\n";
    let workflow = folder(&[(".github/workflows/a.yml", pipeline)]);
    let run = leastwise(workflow.path(), &["check"]);
    assert_eq!(run.err, "", "{}", run.out);
    fs::remove_file(shop.path().join("a.yaml")).expect("a file");
    fs::remove_file(shop.path().join("b.json")).expect("a file");
    let run = leastwise(shop.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let note = &report["notes"][0];
    assert_eq!((&note["path"], &note["fails"]), (&".".into(), &true.into()));
    let said = note["message"].as_str().expect("a text");
    assert!(
        said.starts_with("no file in this folder is JSON, YAML, Terraform or"),
        "{said}"
    );
    assert!(run.err.contains(said), "{}", run.err);
}

#[test]
fn the_json_report_says_what_is_mended() {
    let typo = FINE.replace("GetObject", "GetObejct");
    let twice = FINE.replace("s3:GetObject", "[s3:GetObject, s3:GetObject]");
    let shop = folder(&[("a.yaml", &typo), ("b.yaml", &twice)]);
    let report = |args: &[&str]| -> Value {
        let run = leastwise(
            shop.path(),
            &[&["check", "--format", "json"], args].concat(),
        );
        assert_eq!(run.code, 1, "{}", run.err);
        serde_json::from_str(&run.out).expect("JSON")
    };
    for (args, written) in [(&["--diff"][..], false), (&["--fix"], true)] {
        let report = report(args);
        let findings = report["findings"].as_array().expect("a list");
        assert_eq!(findings.len(), 1, "{report:#}");
        assert_eq!(findings[0]["rule"], "unknown-action");
        let changes = report["changes"].as_array().expect("a list");
        assert_eq!(changes.len(), 1, "{report:#}");
        assert_eq!(changes[0]["path"], "b.yaml");
        assert_eq!(changes[0]["written"], written);
        assert_eq!(changes[0]["fixes"][0]["kind"], "safe");
        let diff = changes[0]["diff"].as_str().unwrap_or_default();
        let shown = diff.contains("-    Action: [s3:GetObject, s3:GetObject]");
        assert_eq!(shown, !written, "{diff}");
    }
    let report = report(&[]);
    assert_eq!(report["changes"], serde_json::json!([]));
    assert_eq!(report["notes"], serde_json::json!([]));
}

#[test]
fn what_one_fix_ends_in_another_file_is_not_told() {
    let role = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: iam:CreateRole
                Resource: '*'
";
    let denies = "Resources:
  Denies:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: denies
      Roles: [shop-deployer]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Action: iam:CreatRole
            Resource: '*'
";
    let config = "[deploy]\nroles = ['shop-deployer']\n";
    let role_tf = "resource \"aws_iam_role\" \"r\" {
  name = \"shop-deployer\"
}

resource \"aws_iam_role_policy\" \"own\" {
  role   = aws_iam_role.r.name
  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"iam:CreateRole\", Resource = \"*\" }] })
}
";
    let denies_tf = "resource \"aws_iam_role_policy\" \"denies\" {
  role   = aws_iam_role.r.name
  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Deny\", Action = \"iam:CreatRole\", Resource = \"*\" }] })
}
";
    let args = [
        "check",
        "--rule",
        "missing-permissions-boundary",
        "--rule",
        "unknown-action",
    ];
    // Which of the two comes first makes no difference, nor does another file that has nothing to do with it.
    for (first, second) in [("a", "b"), ("b", "a")] {
        for (ending, role, denies) in [("yaml", role, denies), ("tf", role_tf, denies_tf)] {
            let names = [first, second].map(|name| format!("{name}.{ending}"));
            let files = [
                ("leastwise.toml", config),
                (names[0].as_str(), role),
                (names[1].as_str(), denies),
                ("other.yaml", FINE),
            ];
            let folder = folder(&files);
            let before = leastwise(folder.path(), &args);
            assert_eq!(before.code, 1, "{ending}: {}{}", before.out, before.err);
            assert!(
                before.out.contains("[missing-permissions-boundary]"),
                "{}",
                before.out
            );
            let fix: Vec<&str> = args
                .iter()
                .copied()
                .chain(["--fix", "--unsafe-fixes"])
                .collect();
            let once = leastwise(folder.path(), &fix);
            assert_eq!(once.code, 0, "{ending}: {}{}", once.out, once.err);
            assert!(
                !once.out.contains("[missing-permissions-boundary]"),
                "{}",
                once.out
            );
            let second = leastwise(folder.path(), &fix);
            assert_eq!(second.code, 0, "{ending}: {}{}", second.out, second.err);
        }
    }
}
