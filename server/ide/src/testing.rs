//! Fixtures: `$0` marks the cursor.

use std::sync::Arc;

use leastwise_model::files::{Files, Unread};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::index::{Index, Indexed, IndexedFiles};

use crate::{ByteEdit, Completion, Config, File};

/// A config that the tests share.
pub(crate) const CONFIG: &str = r#"
[app]
prefix = "shop"
variables = ["AppId"]
[accounts]
dev = "111111111111"
prod = "222222222222"
[deploy]
regions = ["eu-west-1"]
[variables]
Stage = ["dev", "prod"]
"#;

/// The format of a text: JSON where it begins with a bracket, HCL with a block of Terraform.
pub(crate) fn format_of(text: &str) -> Format {
    if text.trim_start().starts_with(['{', '[']) {
        Format::Json
    } else if text.starts_with("data \"") || text.starts_with("resource \"") {
        Format::Hcl
    } else {
        Format::Yaml
    }
}

/// The text without its `$0`, and where that was.
pub(crate) fn cut(marked: &str) -> (String, u32) {
    let at = marked.find("$0").expect("a fixture marks its cursor");
    (marked.replacen("$0", "", 1), at as u32)
}

/// The file and cursor of a fixture.
pub(crate) fn fixture(marked: &str) -> (File, u32) {
    let (text, at) = cut(marked);
    (file(&text), at)
}

/// A file with the tests' config; in JSON one of Terraform where it begins with resources.
pub(crate) fn file(text: &str) -> File {
    let config = Config::parse(CONFIG);
    assert_eq!(config.problems, []);
    let format = format_of(text);
    let path = match format {
        Format::Json if text.starts_with("{\"resource\"") => "shop.tf.json",
        Format::Json => "shop.json",
        Format::Hcl => "shop.tf",
        _ => "shop.yaml",
    };
    File::new(path, text.to_owned(), format, Arc::new(config))
}

/// Files of which nothing but the index is known.
#[derive(Debug)]
struct Workspace(Arc<Index>);

impl Files for Workspace {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn refused(&self, _: &str) -> Option<Unread> {
        None
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Workspace {
    fn index(&self) -> Option<Arc<Index>> {
        Some(Arc::clone(&self.0))
    }
}

/// A file of a workspace that has a template of roles beside it.
pub(crate) fn beside(other: &str, path: &str, text: String, format: Format) -> File {
    let config = Arc::new(Config::parse(CONFIG));
    let tree = Arc::new(Tree::parse(other.to_owned(), Format::Yaml));
    let analysis = Arc::new(Analysis::new(&tree, "roles.yaml", Arc::clone(&config)));
    let indexed = Indexed {
        place: "/app/roles.yaml".into(),
        tree,
        analysis,
    };
    let files = Arc::new(Workspace(Arc::new(Index::new([indexed]))));
    File::among(path, text, format, config, files)
}

/// A role with one policy of one statement in a YAML template: the lines of the statement, `- ` and all.
pub(crate) fn template(statement: &str) -> String {
    let lines: String = statement
        .lines()
        .map(|line| format!("              {line}\n"))
        .collect();
    format!(
        "AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  AppId: {{Type: String}}
  Stage: {{Type: String, Default: dev}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '${{AppId}}-orders'
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: main
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
{lines}"
    )
}

/// What an item puts into a text: of a snippet, each place with what it begins with, its lines indented as the client does it.
pub(crate) fn filled_in(text: &str, item: &Completion) -> String {
    if !item.is_snippet {
        return item.insert.clone();
    }
    let before = &text[..item.replace.start as usize];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut insert = String::new();
    let mut rest = item.insert.as_str();
    let mut open = false;
    while let Some(c) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix('\\') {
            insert.extend(behind.chars().next());
            rest = &behind[1..];
        } else if rest.starts_with("${") {
            open = true;
            rest = rest.split_once(':').map_or("", |(_, rest)| rest);
        } else if open && c == '}' {
            open = false;
            rest = &rest[1..];
        } else {
            insert.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    insert.replace('\n', &format!("\n{indent}"))
}

/// The text after edits of an action.
pub(crate) fn apply(text: &str, edits: &[ByteEdit]) -> String {
    let mut text = text.to_owned();
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}
