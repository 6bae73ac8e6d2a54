//! The names of a module of Terraform: what declares them, and where they are used.

use std::borrow::Cow;
use std::sync::Arc;

use leastwise_dialects::terraform::{Module, is_module_file, is_variables_file};
use leastwise_model::guard::At;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Span, Tree, View};

use crate::Location;

/// The most uses that are listed.
const MOST: usize = 2_000;

/// What declares the name of a module at `offset`.
pub(crate) fn definitions(context: Context<'_>, offset: u32) -> Vec<Location> {
    let Some(module) = module(context) else {
        return Vec::new();
    };
    let Some(name) = named(context, &module, offset) else {
        return Vec::new();
    };
    declaration(context, &module, &name).into_iter().collect()
}

/// Where the name of a module at `offset` is used.
pub(crate) fn references(context: Context<'_>, offset: u32, declarations: bool) -> Vec<Location> {
    let Some(module) = module(context) else {
        return Vec::new();
    };
    let Some(name) = named(context, &module, offset) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if declarations {
        found.extend(declaration(context, &module, &name));
    }
    // Those of the file itself come first.
    let is_there = module.own() < module.count();
    let others = (0..module.count()).filter(|file| !module.is_own(*file));
    for file in is_there.then_some(module.own()).into_iter().chain(others) {
        let tree = if module.is_own(file) {
            context.tree
        } else {
            module.tree(file, context.tree)
        };
        for span in uses(tree, &name) {
            if found.len() < MOST {
                found.push(location(context, &module, file, span));
            }
        }
    }
    found
}

/// The module that the file is part of, also where the file holds no policy.
fn module(context: Context<'_>) -> Option<Cow<'_, Module>> {
    let analysis = context.analysis;
    if let Some(module) = analysis.module() {
        return Some(Cow::Borrowed(module));
    }
    let path = analysis.path.as_str();
    (is_module_file(path) || is_variables_file(path))
        .then(|| Cow::Owned(Module::read(context.tree, path, &*analysis.files)))
}

/// What belongs to a path of names.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// What a path of names leads to: `var.name`, `data.aws_region.current`, `module.queue.arn`.
fn address(path: &str) -> Option<String> {
    let mut parts = path.split('.').filter(|part| !part.is_empty());
    let root = parts.next()?;
    let count = match root {
        "var" | "local" => 1,
        "data" | "module" => 2,
        "each" | "count" | "self" | "path" | "terraform" => return None,
        _ => 1,
    };
    let mut address = root.to_owned();
    for index in 0..count {
        match parts.next() {
            Some(part) => {
                address.push('.');
                address.push_str(part);
            }
            // `module.queue` alone is the call.
            None if root == "module" && index == 1 => {}
            None => return None,
        }
    }
    Some(address)
}

/// The name at an offset: in an expression, or where it is declared.
fn named(context: Context<'_>, module: &Module, offset: u32) -> Option<String> {
    let tree = context.tree;
    if let Some(name) = declared_at(context, module, offset) {
        return Some(name);
    }
    if !is_code(tree, offset) {
        return None;
    }
    let bytes = tree.source().as_bytes();
    let at = offset as usize;
    let before = bytes.get(..at)?.iter().rev();
    let start = at - before.take_while(|byte| is_of_name(**byte)).count();
    let behind = bytes.get(at..)?.iter();
    let end = at + behind.take_while(|byte| is_of_name(**byte)).count();
    address(tree.source().get(start..end)?)
}

/// Whether there is an expression at an offset, not literal text.
fn is_code(tree: &Tree, offset: u32) -> bool {
    let Some(node) = tree.node_at(offset) else {
        return false;
    };
    let is_expression = |node: NodeId| match tree.view(node) {
        View::Tagged(tag, _) => {
            matches!(tag.name.as_str(), "hcl:ref" | "hcl:expr" | "hcl:directive")
        }
        _ => false,
    };
    if tree.format().is_json() && !tree.is_of_hcl(node) {
        let before = tree.source().get(..offset as usize).unwrap_or_default();
        let line = before.rsplit('"').next().unwrap_or_default();
        return line
            .rfind("${")
            .is_some_and(|open| !line.get(open..).is_some_and(|it| it.contains('}')));
    }
    is_expression(node) || tree.parent(node).is_some_and(is_expression)
}

/// The name that is declared at an offset of the file itself.
fn declared_at(context: Context<'_>, module: &Module, offset: u32) -> Option<String> {
    let tree = context.tree;
    let node = tree.node_at(offset)?;
    for (address, block) in module.own_blocks() {
        if block.label == node {
            return Some(address.to_owned());
        }
    }
    let variables = module.variables();
    for (name, variable) in variables.filter_map(|name| Some((name, module.variable(name)?))) {
        let is_here = |at: At| module.is_own(at.file) && at.node == node;
        if variable.declared.is_some_and(is_here) {
            return Some(format!("var.{name}"));
        }
    }
    for (name, call) in module.own_calls() {
        if call.label == node {
            return Some(format!("module.{name}"));
        }
    }
    let text = tree.text(node)?;
    let parent = tree.parent(node)?;
    let is_key = tree.pairs(parent).iter().any(|pair| pair.key == node);
    if !is_key {
        return None;
    }
    if is_variables_file(&context.analysis.path) {
        return module
            .variable(text)
            .is_some()
            .then(|| format!("var.{text}"));
    }
    let value = module.local(text)?;
    let is_local = module.is_own(value.file)
        && tree
            .pairs(parent)
            .iter()
            .any(|pair| pair.value == value.node);
    is_local.then(|| format!("local.{text}"))
}

fn location(context: Context<'_>, module: &Module, file: u32, span: Span) -> Location {
    let other = module.other(file).map(|(path, tree)| {
        let place = context.analysis.files.place(path);
        (place, Arc::clone(tree))
    });
    Location { file: other, span }
}

/// Where a name is declared.
fn declaration(context: Context<'_>, module: &Module, name: &str) -> Option<Location> {
    let own = |at: At| {
        let tree = module.tree(at.file, context.tree);
        location(context, module, at.file, tree.content_span(at.node))
    };
    // What a value is given to.
    let key = |at: At| {
        let tree = module.tree(at.file, context.tree);
        let pairs = tree.pairs(tree.parent(at.node)?);
        let pair = pairs.iter().find(|pair| pair.value == at.node)?;
        Some(At {
            node: pair.key,
            ..at
        })
    };
    if let Some(name) = name.strip_prefix("var.") {
        return module.variable(name)?.declared.map(own);
    }
    if let Some(name) = name.strip_prefix("local.") {
        return key(*module.local(name)?).map(own);
    }
    if let Some(path) = name.strip_prefix("module.") {
        let (name, output) = path.split_once('.').unwrap_or((path, ""));
        let call = module.call(name)?;
        let inner = call.module.as_deref();
        if let Some((inner, value)) = inner.and_then(|it| Some((it, *it.output(output)?))) {
            // The tree of the other module's file is never this one.
            let tree = inner.tree(value.file, context.tree);
            return Some(location(
                context,
                inner,
                value.file,
                tree.content_span(value.node),
            ));
        }
        return Some(own(At {
            file: call.body.file,
            node: call.label,
        }));
    }
    let block = module.block(name)?;
    Some(own(At {
        file: block.body.file,
        node: block.label,
    }))
}

/// Where a name is used in a file.
fn uses(tree: &Tree, name: &str) -> Vec<Span> {
    let source = tree.source();
    let bytes = source.as_bytes();
    let comments = tree.comments();
    let mut found = Vec::new();
    for (at, _) in source.match_indices(name) {
        let end = at + name.len();
        // `data.aws_iam_role.x` is no `aws_iam_role.x`.
        let begins = at == 0 || bytes.get(at - 1).is_some_and(|byte| !is_of_name(*byte));
        let ends = bytes
            .get(end)
            .is_none_or(|byte| !is_of_name(*byte) || *byte == b'.');
        let (Ok(start), Ok(stop)) = (u32::try_from(at), u32::try_from(end)) else {
            continue;
        };
        let next = comments.partition_point(|comment| comment.span.end <= start);
        let is_commented = comments
            .get(next)
            .is_some_and(|comment| comment.span.start <= start);
        if begins && ends && !is_commented && found.len() < MOST && is_code(tree, start + 1) {
            found.push(Span::new(start, stop));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use leastwise_model::files::{self, Files};
    use leastwise_workspace::analysis::index::IndexedFiles;
    use leastwise_workspace::load;

    use super::*;
    use crate::{Config, File};

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
}
