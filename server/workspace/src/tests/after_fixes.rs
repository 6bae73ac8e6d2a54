//! Files of a module as fixes leave them: looked at as if the module had been read anew, without that.

use std::path::PathBuf;
use std::sync::Arc;

use crate::Analysis;
use crate::analysis::index::{Index, IndexedFiles};
use crate::disk::Disk;
use leastwise_dialects::work;
use leastwise_model::Config;
use leastwise_model::files::Files;
use leastwise_syntax::{Format, Tree};

/// Files of which nobody keeps what was worked out.
#[derive(Debug)]
struct ReadAnew(Arc<Disk>);

impl Files for ReadAnew {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.0.tree(path)
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.text(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.0.list(folder)
    }

    fn place(&self, path: &str) -> PathBuf {
        self.0.place(path)
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for ReadAnew {
    fn index(&self) -> Option<Arc<Index>> {
        None
    }
}

fn disk(files: &[(&str, &str)]) -> (tempfile::TempDir, Arc<Disk>) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let disk = Arc::new(Disk::new(folder.path()));
    (folder, disk)
}

fn looked_at(files: Arc<dyn IndexedFiles>, config: &Arc<Config>, text: &str) -> String {
    let tree = Tree::parse(text.to_owned(), Format::Hcl);
    let analysis = Analysis::with_memo(&tree, "m/a.tf", Arc::clone(config), files, Arc::default());
    let mut found = format!("{:#?}", analysis.owners);
    for site in &analysis.sites {
        found += &format!("{site:#?}{:#?}", site.policy(&tree));
        for statement in &site.policy(&tree).statements {
            let items = [&statement.action, &statement.resource].into_iter();
            for item in items
                .filter_map(|list| list.known())
                .flat_map(|list| &list.items)
            {
                let values = analysis.sure(&tree, item).map(|(_, value)| value);
                found += &format!("{:?}", values.collect::<Vec<_>>());
            }
        }
    }
    found + &format!("{:?}", analysis.spelling(&tree))
}

/// Replaces something in the first of the files, and looks at it: by what is known of the module as it was, and as if the
/// module was read anew.
#[track_caller]
fn is_the_same(files: &[(&str, &str)], edits: &[(&str, &str)]) {
    let (_folder, disk) = disk(files);
    let config = Arc::new(Config::default());
    let mut text = files[0].1.to_owned();
    looked_at(Arc::clone(&disk) as _, &config, &text);
    for (was, by) in edits {
        assert!(text.contains(was), "{was}");
        text = text.replacen(was, by, 1);
        let by_shared = looked_at(Arc::clone(&disk) as _, &config, &text);
        let anew = looked_at(Arc::new(ReadAnew(Arc::clone(&disk))), &config, &text);
        similar_asserts(&by_shared, &anew);
    }
}

#[track_caller]
fn similar_asserts(one: &str, other: &str) {
    if one != other {
        let differing = one.lines().zip(other.lines()).find(|(a, b)| a != b);
        panic!("{differing:?}");
    }
}

const ROLE: &str = "resource \"aws_iam_role\" \"r\" {
  name = local.name
  assume_role_policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { Service = \"lambda.amazonaws.com\" } }] })
}
";

fn with_policy(statement: &str) -> String {
    format!(
        "locals {{
  name = \"shop\"
  own  = [{{ Effect = \"Allow\", Action = \"sqs:*\", Resource = \"*\" }}]
}}
variable \"prefix\" {{
  default = \"shop\"
}}
variable \"statements\" {{
  default = [{{ Effect = \"Allow\", Action = \"sns:*\", Resource = \"*\" }}]
}}
module \"m\" {{
  source = \"../called\"
}}
{ROLE}resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"shop\"
  policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = {statement}
  }})
}}
"
    )
}

const OTHERS: [(&str, &str); 3] = [
    (
        "m/b.tf",
        "resource \"aws_iam_role_policy\" \"other\" {
  role   = \"other\"
  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }] })
}
variable \"account\" {
  default = \"111111111111\"
}
",
    ),
    ("m/terraform.tfvars", "prefix = \"set\"\n"),
    (
        "called/main.tf",
        "output \"arn\" {\n  value = \"arn:aws:s3:::made\"\n}\n",
    ),
];

#[track_caller]
fn of_policy(statement: &str, edits: &[(&str, &str)]) {
    let own = with_policy(statement);
    let first = [("m/a.tf", own.as_str())];
    let files: Vec<_> = first.into_iter().chain(OTHERS).collect();
    is_the_same(&files, edits);
}

const STATEMENT: &str =
    "[{ Effect = \"Allow\", Action = [\"s3:GetObjct\"], Resource = \"arn:aws:s3:::x/*\" }]";

#[test]
fn what_only_the_policy_says() {
    of_policy(
        STATEMENT,
        &[
            ("s3:GetObjct", "s3:GetObject"),
            (
                "\"s3:GetObject\"",
                "\"s3:GetObject\",\n      \"s3:PutObject\"",
            ),
            (
                "arn:aws:s3:::x/*",
                "arn:aws:s3:::${var.prefix}-${local.name}/*",
            ),
            ("aws_iam_role\" \"r\"", "aws_iam_role\" \"renamed\""),
        ],
    );
}

#[test]
fn what_the_rest_of_the_module_sees() {
    // Others give to a role of the new name.
    of_policy(STATEMENT, &[("name = \"shop\"", "name = \"other\"")]);
    // What a policy is made of gets its kind by it.
    for names in ["local.own", "var.statements", "concat(local.own, [])"] {
        of_policy(STATEMENT, &[(STATEMENT, names)]);
        of_policy(names, &[(names, STATEMENT)]);
    }
    of_policy(STATEMENT, &[("\"arn:aws:s3:::x/*\"", "module.m.arn")]);
    of_policy(STATEMENT, &[("variable \"prefix\"", "variable \"lead\"")]);
    of_policy(STATEMENT, &[("  default = \"shop\"\n", "")]);
}

#[test]
fn what_loops_go_over() {
    let own = "locals {
  policies = { a = { Statement = [{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }] } }
  items    = [{ actions = [\"s3:*\"] }]
}
resource \"aws_iam_policy\" \"p\" {
  for_each = local.policies
  policy   = jsonencode({ Statement = [] })
}
data \"aws_iam_policy_document\" \"d\" {
  dynamic \"statement\" {
    for_each = local.items
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
resource \"aws_iam_policy\" \"q\" {
  policy = data.aws_iam_policy_document.d.json
}
";
    let files = [("m/a.tf", own)];
    is_the_same(
        &files,
        &[("jsonencode({ Statement = [] })", "jsonencode(each.value)")],
    );
    is_the_same(&files, &[("statement.value.resources", "[\"*\"]")]);
    is_the_same(&files, &[("[\"s3:*\"]", "[\"s3:Get*\"]")]);
}

#[test]
fn documents_that_take_from_others() {
    let own = "variable \"on\" {}
data \"aws_iam_policy_document\" \"d\" {
  source_policy_documents = var.on ? [data.aws_iam_policy_document.e.json] : []
  statement {
    sid       = \"A\"
    actions   = [\"s3:GetObjct\"]
    resources = [\"*\"]
  }
}
data \"aws_iam_policy_document\" \"e\" {
  statement {
    sid       = \"B\"
    actions   = [\"s3:GetObjct\"]
    resources = [\"*\"]
  }
}
resource \"aws_iam_policy\" \"p\" {
  policy = data.aws_iam_policy_document.d.json
}
";
    let other = "data \"aws_iam_policy_document\" \"o\" {
  source_policy_documents = [data.aws_iam_policy_document.e.json]
  statement {
    sid       = \"C\"
    actions   = [\"s3:PutObject\"]
    resources = [\"*\"]
  }
}
resource \"aws_iam_policy\" \"o\" {
  policy = data.aws_iam_policy_document.o.json
}
";
    let files = [("m/a.tf", own), ("m/b.tf", other)];
    is_the_same(&files, &[("s3:GetObjct", "s3:GetObject\", \"s3:PutObject")]);
    let alone = own.replace(
        "  source_policy_documents = var.on ? [data.aws_iam_policy_document.e.json] : []\n",
        "",
    );
    let files = [("m/a.tf", alone.as_str()), ("m/b.tf", other)];
    is_the_same(&files, &[("s3:GetObjct", "s3:GetObject\", \"s3:PutObject")]);
    is_the_same(&files, &[("\"B\"", "\"C\"")]);
    is_the_same(&files, &[("document.d.json", "document.e.json")]);
}

#[test]
fn one_address_in_two_files() {
    let own = with_policy(STATEMENT);
    let again = own
        .replace("module \"m\"", "module \"n\"")
        .replace("shop", "again");
    for order in [["m/a.tf", "m/b.tf"], ["m/a.tf", "m/0.tf"]] {
        let files = [(order[0], own.as_str()), (order[1], again.as_str())];
        is_the_same(&files, &[("s3:GetObjct", "s3:GetObject\", \"s3:PutObject")]);
    }
}

/// What it takes to look at all files of a module as fixes leave them.
fn cost(count: usize) -> usize {
    let file = |at: usize, action: &str| {
        with_policy(&STATEMENT.replace("s3:GetObjct", action))
            .replace("\"r\"", &format!("\"r{at}\""))
            .replace("\"p\"", &format!("\"p{at}\""))
            .replace("\"m\"", &format!("\"m{at}\""))
            .replace("shop", &format!("shop{at}"))
            .replace("own", &format!("own{at}"))
            .replace("name =", &format!("name{at} ="))
            .replace("local.name", &format!("local.name{at}"))
            .replace("  name1", "  name")
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("m")).unwrap();
    for at in 0..count {
        let path = folder.path().join(format!("m/f{at}.tf"));
        std::fs::write(path, file(at, "s3:GetObjct")).unwrap();
    }
    let disk = Arc::new(Disk::new(folder.path()));
    let config = Arc::new(Config::default());
    work::of(|| {
        for at in 0..count {
            for action in ["s3:GetObject", "s3:GetObject\", \"s3:PutObject"] {
                let tree = Tree::parse(file(at, action), Format::Hcl);
                let files = Arc::clone(&disk) as Arc<dyn IndexedFiles>;
                let path = format!("m/f{at}.tf");
                let analysis =
                    Analysis::with_memo(&tree, &path, Arc::clone(&config), files, Arc::default());
                assert_eq!(analysis.sites.len(), 4, "{at}");
            }
        }
    })
}

#[test]
fn four_times_the_mended_files_are_four_times_the_work() {
    let (some, more) = (cost(25), cost(100));
    assert!(some >= 25 * 4, "{some}");
    assert!(more <= some * 5, "{some} {more}");
}
