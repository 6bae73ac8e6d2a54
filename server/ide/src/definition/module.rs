//! Names of a module, from file to file.

use std::collections::BTreeMap;
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::{self, Files};
use leastwise_syntax::Tree;
use leastwise_workspace::analysis::index::IndexedFiles;
use leastwise_workspace::load;

use crate::{File, Location};

#[derive(Debug)]
struct Folder(BTreeMap<&'static str, &'static str>);

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let text = self.0.get(path)?;
        let format = load::format_of(std::path::Path::new(path), text);
        Some(Arc::new(Tree::parse((*text).to_owned(), format)))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(*text))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let own = self.0.keys().filter(|path| files::folder(path) == folder);
        own.filter_map(|path| path.rsplit('/').next())
            .map(str::to_owned)
            .collect()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Folder {}

const MAIN: &str = r#"data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs.arn, "arn:aws:sqs:eu-west-1:${local.account}:${var.prefix}-*", module.more.arn]
  }
}

resource "aws_iam_role" "app" {
  # var.prefix and aws_sqs_queue.jobs
  name = "var.prefix"
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}

resource "aws_sqs_queue" "jobs" {
  name   = [for n in ["a"] : "${n}-${var.prefix}"][0]
  policy = <<-EOT
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:${local.account}:x"}]}
  EOT
}
"#;
const VARIABLES: &str = "variable \"prefix\" {\n  default = \"shop\"\n}\n\nlocals {\n  account = \"1${var.prefix}\"\n}\n\nmodule \"more\" {\n  source = \"./more\"\n}\n";
const VALUES: &str = "prefix = \"other\"\n";
const MORE: &str = "output \"arn\" {\n  value = aws_sqs_queue.q.arn\n}\n";

fn file(name: &'static str) -> (File, &'static str) {
    let all = [
        ("m/main.tf", MAIN),
        ("m/variables.tf", VARIABLES),
        ("m/dev.tfvars", VALUES),
        ("m/more/main.tf", MORE),
    ];
    let text = all.iter().find(|(path, _)| *path == name).unwrap().1;
    let config = Arc::new(Config::parse(""));
    let files = Arc::new(Folder(all.into_iter().collect()));
    let format = load::format_of(std::path::Path::new(name), text);
    (
        File::among(name, text.to_owned(), format, config, files),
        text,
    )
}

fn shown(own: &str, text: &str, found: &[Location]) -> Vec<String> {
    let mut shown: Vec<String> = found
        .iter()
        .map(|at| {
            let (name, text) = match &at.file {
                Some((path, tree)) => (path.display().to_string(), tree.source()),
                None => (own.to_owned(), text),
            };
            let (line, _) = leastwise_syntax::place(text, at.span.start);
            let name = name.trim_start_matches("m/");
            format!("{name}:{line}:{}", &text[at.span.range()])
        })
        .collect();
    shown.sort();
    shown
}

/// Looks at the nth place of a text.
#[track_caller]
fn check(name: &'static str, at: &str, nth: usize, definition: &str, references: &[&str]) {
    let (mut file, text) = file(name);
    let (place, _) = text.match_indices(at).nth(nth).expect(at);
    let offset = u32::try_from(place + at.len() - 1).unwrap();
    let found = shown(
        name.trim_start_matches("m/"),
        text,
        &file.definitions(offset),
    );
    let definition: Vec<&str> = definition.split(' ').filter(|it| !it.is_empty()).collect();
    assert_eq!(found, definition, "{at}");
    let found = shown(
        name.trim_start_matches("m/"),
        text,
        &file.references(offset, false),
    );
    assert_eq!(found, references, "{at}");
}

#[test]
fn names_of_a_module() {
    let prefix = [
        "main.tf:19:var.prefix",
        "main.tf:4:var.prefix",
        "variables.tf:6:var.prefix",
    ];
    check("m/main.tf", "var.pre", 0, "variables.tf:1:prefix", &prefix);
    // In a comprehension; in a text that only looks like it, and a comment.
    check("m/main.tf", "var.pre", 3, "variables.tf:1:prefix", &prefix);
    check("m/main.tf", "var.pre", 1, "", &[]);
    check("m/main.tf", "var.pre", 2, "", &[]);
    check(
        "m/variables.tf",
        "\"pre",
        0,
        "variables.tf:1:prefix",
        &prefix,
    );
    check("m/dev.tfvars", "pre", 0, "variables.tf:1:prefix", &prefix);
    let account = ["main.tf:21:local.account", "main.tf:4:local.account"];
    check(
        "m/main.tf",
        "local.acc",
        0,
        "variables.tf:6:account",
        &account,
    );
    check(
        "m/main.tf",
        "local.acc",
        1,
        "variables.tf:6:account",
        &account,
    );
    check(
        "m/variables.tf",
        "  acc",
        0,
        "variables.tf:6:account",
        &account,
    );
    let queue = ["main.tf:4:aws_sqs_queue.jobs"];
    check(
        "m/main.tf",
        "aws_sqs_queue.jo",
        0,
        "main.tf:18:jobs",
        &queue,
    );
    check("m/main.tf", "\"jobs", 0, "main.tf:18:jobs", &queue);
    check(
        "m/main.tf",
        "role.app.na",
        0,
        "main.tf:8:app",
        &["main.tf:14:aws_iam_role.app"],
    );
    let document = ["main.tf:15:data.aws_iam_policy_document.app"];
    check("m/main.tf", "document.app", 0, "main.tf:1:app", &document);
    check(
        "m/main.tf",
        "document\" \"ap",
        0,
        "main.tf:1:app",
        &document,
    );
    check(
        "m/main.tf",
        "module.more.ar",
        0,
        "more/main.tf:2:aws_sqs_queue.q.arn",
        &["main.tf:4:module.more.arn"],
    );
    check("m/main.tf", "sqs:Send", 0, "", &[]);
}
