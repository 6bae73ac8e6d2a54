//! The formats of `leastwise check`, each with all that it says of one folder.

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

use serde_json::{Value, json};
use support::{FINE, Run, folder, leastwise};

/// A template with a finding of each severity: in one a character that takes two units of UTF-16.
const TEMPLATE: &str = r#"Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Sid: Read, Effect: Allow, Action: ['s3:GetObjekt', 's3:Frobnicate'], Resource: 'arn:aws:s3:::shop/*'}
              - {Sid: "𝄞", Effect: Allow, Action: [s3:GetObject, s3:GetObject], Resource: 'arn:aws:s3:::shop/*'}
              - Effect: Allow
                Action: dynamodb:DeleteItem
                Resource: '*'
"#;

/// What shows a policy, in an encoding that nobody knows.
const UNREADABLE: &[u8] = b"{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"\xff\xfe\"}}";

fn shop() -> tempfile::TempDir {
    let shop = folder(&[("in/role a.yaml", TEMPLATE)]);
    fs::write(shop.path().join("unreadable.json"), UNREADABLE).expect("a file");
    shop
}

fn check(folder: &Path, args: &[&str]) -> Run {
    let all = [&["check"], args].concat();
    leastwise(folder, &all)
}

/// Compares a report with the file of that name; `LEASTWISE_UPDATE=1` writes it anew.
#[track_caller]
fn golden(name: &str, said: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("LEASTWISE_UPDATE").is_some() {
        fs::write(&path, said).expect("a file");
    }
    let meant = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(said, meant, "{name}: LEASTWISE_UPDATE=1 writes it anew");
}

/// The sentences that rules have for the findings of a folder, by what they are here called.
fn sentences(folder: &Path) -> Vec<(String, String)> {
    let run = check(folder, &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let mut sentences = Vec::new();
    for (at, finding) in report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .enumerate()
    {
        let lists = ["fixes", "related"].map(|key| finding[key].as_array().expect("a list"));
        let inner = lists.into_iter().flatten();
        for (inner, value) in [finding].into_iter().chain(inner).enumerate() {
            for key in ["message", "help", "title"] {
                let text = value[key].as_str().filter(|text| text.len() > 3);
                let name = format!("{}-{at}-{inner}", key.to_uppercase());
                sentences.extend(text.map(|text| (text.to_owned(), name)));
            }
        }
    }
    sentences.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    sentences
}

/// A report in which each sentence of a rule is what it is here called: how rules put it is tested with them.
fn unworded(said: &str, sentences: &[(String, String)]) -> String {
    let mut said = said.to_owned();
    for (text, name) in sentences {
        let quoted = serde_json::to_string(text).expect("JSON");
        said = said.replace(quoted.trim_matches('"'), name);
        said = said.replace(text, name);
    }
    let date = leastwise_catalog::catalog().date();
    said.replace(&format!("\"catalog\": \"{date}\""), "\"catalog\": \"DATE\"")
}

/// A report of SARIF without what the version and the rules say.
fn run_of(report: &str) -> Value {
    let mut log: Value = serde_json::from_str(report).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "leastwise");
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        driver["rules"].as_array().map(Vec::len),
        Some(rules().len())
    );
    let mut run = log["runs"][0].take();
    run.as_object_mut().expect("a run").remove("tool");
    run
}

/// The ids of all rules.
fn rules() -> Vec<String> {
    let run = leastwise(Path::new("."), &["rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&run.out).expect("JSON");
    let rules = rules["rules"].as_array().expect("a list").iter();
    rules
        .map(|rule| rule["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn every_format_says_what_there_is() {
    let shop = shop();
    let sentences = sentences(shop.path());
    for (format, extension) in [
        ("text", "txt"),
        ("concise", "txt"),
        ("json", "json"),
        ("github", "txt"),
    ] {
        let run = check(shop.path(), &["--format", format, "--show", "suggestion"]);
        assert_eq!(run.code, 2, "{}", run.err);
        golden(
            &format!("{format}.{extension}"),
            &unworded(&run.out, &sentences),
        );
    }
    let run = check(shop.path(), &["--format", "sarif"]);
    assert_eq!(run.code, 2, "{}", run.err);
    let run = run_of(&run.out);
    let text = serde_json::to_string_pretty(&run).expect("JSON");
    golden("sarif.json", &unworded(&(text + "\n"), &sentences));
}

#[test]
fn statistics_count_by_rule() {
    let shop = shop();
    let run = check(shop.path(), &["--statistics", "--show", "suggestion"]);
    golden("statistics.txt", &run.out);
    let run = check(shop.path(), &["--statistics", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let counts = report["statistics"].as_array().expect("a list");
    let findings = report["findings"].as_array().expect("a list");
    let sum: u64 = counts
        .iter()
        .filter_map(|count| count["count"].as_u64())
        .sum();
    assert_eq!(sum as usize, findings.len());
    let typo = counts
        .iter()
        .find(|count| count["rule"] == "unknown-action");
    let meant = json!({ "rule": "unknown-action", "severity": "error", "count": 2, "fixable": 1 });
    assert_eq!(typo, Some(&meant));
    let plain = check(shop.path(), &["--format", "json"]);
    assert!(!plain.out.contains("\"statistics\""));
}

#[test]
fn rules_are_described() {
    let run = check(shop().path(), &["--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.out).expect("JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array();
    let rule = rules
        .and_then(|rules| rules.iter().find(|rule| rule["id"] == "unknown-action"))
        .expect("the rule");
    assert_eq!(
        rule["defaultConfiguration"],
        json!({ "level": "error", "enabled": true })
    );
    let markdown = rule["help"]["markdown"].as_str().expect("a text");
    assert!(markdown.contains("## Example"), "{markdown}");
}

/// The fingerprints of a text's findings.
fn fingerprints(text: &str) -> Vec<String> {
    let shop = folder(&[("a.yaml", text)]);
    let run = check(shop.path(), &["--format", "sarif"]);
    let run = run_of(&run.out);
    let results = run["results"].as_array().expect("a list").iter();
    let of = |result: &Value| result["partialFingerprints"]["leastwise/v1"].clone();
    results
        .map(|result| of(result).as_str().expect("a fingerprint").to_owned())
        .collect()
}

#[test]
fn fingerprints_survive_moved_lines() {
    let before = fingerprints(TEMPLATE);
    assert_eq!(before.len(), 5, "{before:?}");
    for (from, to) in [
        ("Resources:\n", "# one\n# two\nResources:\n"),
        ("            Statement:\n", "            Statement:\n\n\n"),
        ("  Role:\n", "  Other: {Type: AWS::SNS::Topic}\n  Role:\n"),
        (
            "Action: ['s3:GetObjekt']",
            "Action: [ 's3:GetObjekt', s3:ListBucket ]",
        ),
        (
            "Resource: 'arn:aws:s3:::shop/*'",
            "Resource: 'arn:aws:s3:::shops/*'",
        ),
    ] {
        let after = fingerprints(&TEMPLATE.replacen(from, to, 1));
        let kept = before.iter().filter(|one| after.contains(one)).count();
        assert_eq!(kept, before.len(), "{to}: {before:?} {after:?}");
    }
}

#[test]
fn fingerprints_differ_where_findings_do() {
    // The role has the same policy under two names.
    let (_, policy) = TEMPLATE.split_once("own\n").expect("a policy");
    let twice = format!("{TEMPLATE}        - PolicyName: other\n{policy}");
    let mut all = fingerprints(&twice);
    let number = all.len();
    assert!(all.iter().any(|one| one.ends_with(":2")), "{all:?}");
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), number);
    // Neither an owner, nor a statement, nor a file is another.
    let one = fingerprints(TEMPLATE);
    for (from, to) in [("  Role:\n", "  Rolle:\n"), ("Sid: Read", "Sid: Write")] {
        let other = fingerprints(&TEMPLATE.replacen(from, to, 1));
        assert_ne!(one, other, "{to}");
    }
}

/// A policy whose texts mean something to a runner, if it was to take them for its own.
fn hostile(text: &str) -> String {
    let text = serde_json::to_string(text).expect("JSON");
    let action = text.replacen('"', "\"s3:Get", 1);
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": {text}, \"Effect\": \"Allow\", \"Action\": {action}, \"Resource\": \"*\"}}]}}"
    )
}

#[test]
fn annotations_say_nothing_else() {
    for text in [
        "\n::stop-commands::x",
        "\r\n::set-env name=A::b",
        "%0A::error::x",
        "##[set-env name=A]b",
        "a,title=b::c",
        "\u{1b}]0;x\u{7}",
    ] {
        let shop = folder(&[("a.json", &hostile(text))]);
        let run = check(shop.path(), &["--format", "github", "--show", "suggestion"]);
        assert!(run.out.contains("Get"), "{}", run.out);
        for line in run.out.lines() {
            let (head, _) = line
                .trim_start_matches(':')
                .split_once("::")
                .expect("a command");
            let (command, properties) = head.split_once(' ').expect("properties");
            assert!(matches!(command, "error" | "warning" | "notice"), "{line}");
            let names = properties.split(',').filter_map(|one| one.split_once('='));
            let names: Vec<_> = names.map(|(name, _)| name).collect();
            assert_eq!(
                names,
                ["file", "line", "endLine", "col", "endColumn", "title"],
                "{line}"
            );
            assert!(!line.contains("##"), "{line}");
            assert!(!line.contains(|c: char| c.is_control()), "{line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn paths_begin_no_command() {
    let typo = FINE.replace("GetObject", "GetObjekt");
    for name in ["::error::x.yaml", "a,title=b::c.yaml", "a\n::error::b.yaml"] {
        let shop = folder(&[(name, &typo)]);
        for format in ["github", "concise"] {
            let run = check(shop.path(), &["--format", format]);
            assert_eq!(run.out.lines().count(), 1, "{}", run.out);
            match format {
                "github" => {
                    assert!(run.out.starts_with("::error file="), "{}", run.out);
                    assert_eq!(
                        run.out.matches("title=").count(),
                        1 + name.matches("title=").count()
                    );
                    assert!(!run.out.contains(",title=b"), "{}", run.out);
                }
                _ => assert!(!run.out.starts_with("::"), "{}", run.out),
            }
        }
    }
}

#[test]
fn what_fixes_have_left_is_told_at_its_place() {
    for format in ["concise", "github", "sarif"] {
        let shop = folder(&[("a.yaml", TEMPLATE)]);
        let run = check(
            shop.path(),
            &["--fix", "--unsafe-fixes", "--format", format],
        );
        let mended = fs::read_to_string(shop.path().join("a.yaml")).expect("the file");
        assert!(!mended.contains("Objekt"), "{mended}");
        let after = check(shop.path(), &["--format", format]);
        assert_eq!((run.code, run.out), (after.code, after.out));
        for option in ["--diff", "--statistics"] {
            let run = check(shop.path(), &[option, "--format", format]);
            assert_eq!(run.code, 2);
            assert!(
                run.out.is_empty() && run.err.contains(option),
                "{}",
                run.err
            );
        }
    }
}

#[test]
fn what_ends_a_run_before_it_begins_is_in_the_report_of_a_program() {
    let shop = folder(&[
        ("a.yaml", FINE),
        ("b/leastwise.toml", "[rules\n"),
        ("b/a.yaml", FINE),
    ]);
    let ways: [(&[&str], &str); 4] = [
        (&["nope"], "there is no file or folder nope"),
        (&["a.yaml", "nope"], "there is no file or folder nope"),
        (&["--rule", "nope"], "there is no rule `nope`"),
        (&["b"], "leastwise.toml"),
    ];
    for (args, why) in ways {
        for format in ["json", "sarif", "github", "text", "concise"] {
            let run = check(shop.path(), &[args, &["--format", format]].concat());
            assert_eq!(run.code, 2, "{args:?} {format}: {}", run.err);
            assert!(run.err.contains(why), "{args:?} {format}: {}", run.err);
            let told = match format {
                "json" => {
                    let report: Value = serde_json::from_str(&run.out).expect("JSON");
                    report["notes"].to_string()
                }
                "sarif" => {
                    let invocation = &run_of(&run.out)["invocations"][0];
                    assert_eq!(invocation["executionSuccessful"], false);
                    invocation["toolExecutionNotifications"].to_string()
                }
                "github" => {
                    assert!(run.out.starts_with("::error"), "{}", run.out);
                    run.out
                }
                // These have no place for it.
                _ => continue,
            };
            assert!(told.contains(why), "{args:?} {format}: {told}");
        }
    }
}

#[test]
fn fixes_announce_no_more_of_a_value_of_another_file_than_a_line() {
    let bucket = format!("arn:aws:s3:::{}", "b".repeat(300));
    let service = "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: s3:GetObject\n          Resource: ${file(other.yml):bucket}\n";
    let own = service.replace("${file(other.yml):bucket}", &bucket);
    for (text, is_cut) in [(service, true), (own.as_str(), false)] {
        let other = format!("bucket: {bucket}\n");
        let shop = folder(&[("serverless.yml", text), ("other.yml", &other)]);
        let run = check(shop.path(), &["--format", "sarif"]);
        let run = run_of(&run.out);
        let results = run["results"].as_array().expect("results").iter();
        let fixes = results.flat_map(|of| of["fixes"].as_array().cloned().unwrap_or_default());
        let said: Vec<String> = fixes
            .map(|fix| fix["description"]["text"].to_string())
            .filter(|said| said.contains("adds"))
            .collect();
        assert!(!said.is_empty(), "{run}");
        for said in said {
            assert_eq!(said.contains(&bucket), !is_cut, "{said}");
            assert!(said.contains("arn:aws:s3:::bbb"), "{said}");
        }
    }
}
