//! What is checked, where it lies and what the program is asked may hold any character: none that moves a terminal, hides
//! something or begins an order to a CI system gets out, whatever is printed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use support::{Run, command, folder, run};

/// The beginning of a line that only a text that was let through whole can make.
const LINE: &str = "INJECTED";

/// Texts with all that must not get out, among what means something to a reader.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "\n::set-output name=a::b",
        "\r::stop-commands::x",
        "\nINJECTED",
        "\u{2028}INJECTED",
        "##[set-env name=b]c",
        "##vso[task]",
        "::error::",
        "\u{1b}[2J",
        "\u{1b}]0;t\u{7}",
        "\u{9b}1m",
        "\r\n",
        "\t",
        "\u{0}",
        "arn:aws:s3:::",
        "s3:GetObjct",
        "s3:*",
        "iam:",
        "${AWS::Region}",
        "${aws:username}",
        "${",
        "{{ x }}",
        "}",
        "'",
        "\"",
        "\\",
        "*",
        "shop",
        "- ",
        "# ",
        ": ",
        "é𝄞",
    ];
    let hidden = prop_oneof![
        0u32..0x20,
        0x7fu32..0xa0,
        0x200bu32..0x2010,
        0x2028u32..0x202f,
        0x2060u32..0x2070,
        0xe0000u32..0xe0080,
        prop::sample::select(vec![0xadu32, 0x61c, 0x180e, 0xfeff]),
    ];
    let hidden = hidden.prop_map(|c| char::from_u32(c).map(String::from).unwrap_or_default());
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES).prop_map(str::to_owned),
        2 => hidden,
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// Whether a character must not get out.
fn is_odd(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(u32::from(c),
            0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe0000..=0xe007f)
}

/// Without the colours that the program writes itself.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|end| part[*end..].starts_with('m')) {
            Some(end) => out.push_str(&part[end + 1..]),
            None => out = out + "\u{1b}[" + part,
        }
    }
    out
}

fn is_quiet(args: &[&str], run: &Run) {
    let shows_lines = args.contains(&"--diff") && !args.contains(&"json");
    for text in [&run.out, &run.err] {
        let mut text = without_colours(text);
        if shows_lines {
            // Lines of the file as they are.
            text = text.replace("\r\n", "\n").replace('\t', " ");
        }
        let odd: String = text.chars().filter(|c| is_odd(*c)).collect();
        assert!(odd.is_empty(), "{odd:?} in {args:?}: {text:?}");
        for line in text.lines() {
            assert!(!line.starts_with(LINE), "{args:?}: {text:?}");
            let commands = ["::error ", "::warning ", "::notice "];
            let is_own = args.contains(&"github")
                && commands.iter().any(|command| line.starts_with(command));
            let is_order = line.trim_start().starts_with("::");
            assert!(is_own || !is_order, "{args:?}: {text:?}");
            assert!(!line.contains("##"), "{args:?}: {text:?}");
        }
    }
    let is_json = args.contains(&"json") || args.contains(&"sarif");
    if is_json && run.code < 2 {
        serde_json::from_str::<Value>(&run.out).expect("JSON");
    }
}

/// Runs the program with its colours, and without.
fn check(folder: &std::path::Path, args: &[&str]) {
    for colour in [false, true] {
        let mut command = command(folder, args);
        if colour {
            command.env("CLICOLOR_FORCE", "1");
        }
        is_quiet(args, &run(&mut command));
    }
}

/// Files of each kind with the text in its places, by quotes that its readers understand.
fn files(odd: &str) -> Vec<(String, String)> {
    let quoted = Value::String(odd.to_owned()).to_string();
    let within = quoted.trim_matches('"');
    let statement = |element: &str, value: &str| {
        let usual = [
            ("Effect", "\"Allow\""),
            (
                "Action",
                "[\"s3:GetObjct\", \"s3:GetObject\", \"S3:getobject\"]",
            ),
            ("Resource", "\"arn:aws:s3:::shop/*\""),
        ];
        let mut pairs: Vec<String> = usual
            .iter()
            .filter(|(name, _)| *name != element)
            .map(|(name, value)| format!("\"{name}\": {value}"))
            .collect();
        pairs.push(format!("\"{element}\": {value}"));
        format!("{{{}}}", pairs.join(",\n"))
    };
    let document =
        |statement: &str| format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
    let places = [
        ("Sid", quoted.clone()),
        ("Action", quoted.clone()),
        ("Action", format!("[\"s3:{within}\", \"s3:{within}\"]")),
        ("Action", format!("[{quoted}, {quoted}, \"s3:*\"]")),
        ("Resource", quoted.clone()),
        ("Resource", format!("\"arn:aws:s3:eu-west-1::{within}\"")),
        ("Effect", quoted.clone()),
        (
            "Principal",
            format!("{{\"AWS\": {quoted}, \"Service\": {quoted}}}"),
        ),
        ("Principal", format!("{{{quoted}: {quoted}}}")),
        (
            "Condition",
            format!("{{\"StringEquals\": {{{quoted}: {quoted}}}}}"),
        ),
        (
            "Condition",
            format!("{{{quoted}: {{\"aws:username\": 1}}}}"),
        ),
        (
            "Condition",
            format!("{{\"ArnLike\": {{\"aws:SourceArn\": {quoted}}}}}"),
        ),
    ];
    let mut files: Vec<(String, String)> = places
        .iter()
        .enumerate()
        .map(|(at, (element, value))| (format!("p{at}.json"), document(&statement(element, value))))
        .collect();
    let element = format!("{{{quoted}: 1, \"Effect\": \"Allow\", \"Action\": \"s3:GetObjct\"}}");
    let version = format!("{{\"Version\": {quoted}, \"Statement\": [], {quoted}: 1, {quoted}: 2}}");
    let fine = document(&statement("Sid", "\"A\""));
    let more = [
        ("element.json", document(&element)),
        ("version.json", version),
        (
            "raw.yaml",
            format!(
                "# {odd}\nVersion: '2012-10-17'\nStatement:\n- Effect: Allow # {odd}\n  Action: [s3:GetObjct, {odd}]\n  Resource: '{odd}'\n{odd}\n"
            ),
        ),
        ("raw.json", format!("{fine} {odd}")),
        (
            "raw.tf",
            format!(
                "# {odd}\ndata \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    actions = [\"s3:GetObjct\"] # {odd}\n    resources = [{odd}]\n  }}\n}}\n"
            ),
        ),
        (
            "template.yaml",
            format!(
                "Parameters:\n  P: {{Type: String, Default: {quoted}}}\nResources:\n  {quoted}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: {quoted}\n      ManagedPolicyArns: [{quoted}, 'arn:aws:iam::aws:policy/{{}}']\n      AssumeRolePolicyDocument: {fine}\n      Policies:\n      - PolicyName: {quoted}\n        PolicyDocument:\n          Version: '2012-10-17'\n          Statement:\n          - {{Effect: Allow, Action: [s3:GetObjct, 'iam:PassRole'], Resource: !Sub {quoted}}}\n          - {{Effect: Allow, Action: 's3:*', Resource: !GetAtt {quoted}}}\n          - {{Effect: Allow, Action: 's3:PutObject', Resource: !Ref P}}\n"
            ),
        ),
        (
            "serverless.yml",
            format!(
                "service: {quoted}\ncustom: {{a: {quoted}}}\nprovider:\n  name: aws\n  stage: {quoted}\n  iam:\n    role:\n      statements:\n      - {{Effect: Allow, Action: s3:GetObjct, Resource: '${{self:custom.a}}'}}\n      - {{Effect: Allow, Action: ['${{self:custom.a}}'], Resource: '*'}}\n"
            ),
        ),
        (
            "main.tf",
            format!(
                "locals {{\n  x = {quoted}\n}}\nresource \"aws_iam_role_policy\" \"p\" {{\n  role = {quoted}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Sid = {quoted}, Action = [\"s3:GetObjct\", local.x], Resource = local.x }}] }})\n}}\n"
            ),
        ),
        (
            ".github/workflows/w.yml",
            format!(
                "on: push\njobs:\n  j:\n    runs-on: x\n    steps:\n    - uses: aws-actions/configure-aws-credentials@v4\n      with: {{role-to-assume: {quoted}, aws-region: {quoted}}}\n    - run: aws cloudformation deploy --role-arn {odd}\n      env: {{AWS_SECRET_ACCESS_KEY: {quoted}}}\n"
            ),
        ),
    ];
    files.extend(more.map(|(name, text)| (name.to_owned(), text)));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_checked_files(odd in text()) {
        let files = files(&odd);
        let files: Vec<_> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let shop = folder(&files);
        for args in [
            &["check", "--show", "suggestion"][..],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["check", "--format", "concise", "--show", "suggestion"],
            &["check", "--format", "github", "--show", "suggestion"],
            &["check", "--diff", "--unsafe-fixes"],
            &["check", "--diff", "--unsafe-fixes", "--format", "json"],
            &["resolve", "p4.json"],
            &["resolve", "template.yaml"],
            &["resolve", "serverless.yml"],
            &["resolve", "main.tf"],
            &["resolve", "raw.yaml"],
        ] {
            check(shop.path(), args);
        }
        is_quiet(&[], &run(&mut command(shop.path(), &["check", "--fix", "--unsafe-fixes", "--show", "suggestion"])));
    }

    #[test]
    fn of_configs(odd in text()) {
        let quoted = Value::String(odd.clone()).to_string();
        for config in [
            format!("{odd}\n"),
            format!("# {odd}\n[app]\nprefix = {quoted}\n"),
            format!("[app]\n{quoted} = 1\n"),
            format!("[accounts]\n{quoted} = {quoted}\n"),
            format!("[rules]\n{quoted} = {quoted}\n"),
            format!("[variables]\nx = [{quoted}]\n"),
            format!("[[ignore]]\nrule = {quoted}\npath = {quoted}\nreason = {quoted}\n"),
        ] {
            let policy = "Statement: {Effect: Allow, Action: 's3:GetObjct', Resource: !Sub 'arn:aws:s3:eu:${x}:${AppId}'}\n";
            let shop = folder(&[("leastwise.toml", &config), ("a.yaml", policy)]);
            check(shop.path(), &["check", "--show", "suggestion"]);
            check(shop.path(), &["resolve", "a.yaml", "--account", "x"]);
        }
    }

    #[test]
    fn of_arguments(odd in text()) {
        let odd = odd.replace('\0', "");
        let shop = folder(&[("p.json", "{}")]);
        let (option, arn, wild) = (format!("--{odd}"), format!("arn:aws:s3:::{odd}"), format!("s3:Get*{odd}"));
        for args in [
            &["explain", "--", &odd][..],
            &["explain", "--", &arn],
            &["explain", "--", &wild],
            &["check", "--", &odd],
            &["check", "--rule", &odd],
            &["check", "--format", &odd],
            &["check", "--config", &odd],
            &["resolve", "--", &odd],
            &["resolve", "p.json", "--account", &odd],
            &["rules", &odd],
            &["check", &option],
        ] {
            // As an argument, the text may ask for help, of which there is none with odd characters.
            check(shop.path(), args);
        }
    }

    #[cfg(unix)]
    #[test]
    fn of_paths(odd in text()) {
        let odd: String = odd.replace(['\0', '/'], "_").chars().take(40).collect();
        let policy = "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: [s3:GetObjct, s3:GetObject, s3:GetObject]\n  Resource: '*'\n";
        let file = format!("d{odd}/{odd}.yaml");
        let broken = format!("d{odd}/{odd}broken.json");
        let package = format!("d{odd}/node_modules/{odd}.yaml");
        let shop = folder(&[(&file, policy), (&broken, "{\"Effect\": \"Allow\", \"Statement\" "), (&package, policy)]);
        std::os::unix::fs::symlink("none", shop.path().join(format!("d{odd}/{odd}link.yaml"))).unwrap();
        for args in [
            &["check", "--show", "suggestion"][..],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["check", "--format", "concise", "--show", "suggestion"],
            &["check", "--format", "github", "--show", "suggestion"],
            &["check", "--diff"],
            &["resolve", "--", &file],
            &["resolve", "--", &broken],
        ] {
            check(shop.path(), args);
        }
        is_quiet(&[], &run(&mut command(shop.path(), &["check", "--fix"])));
    }
}
