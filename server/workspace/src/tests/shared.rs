//! Modules of many files: what is known of all is worked out once, and each file costs what has to do with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::index::IndexedFiles;
use crate::configs::InForce;
use crate::disk::Disk;
use crate::gather::Gathered;
use crate::{Analysis, load};
use leastwise_dialects::scope::ValueFrom;
use leastwise_dialects::work;
use leastwise_model::Config;
use leastwise_model::files::{Files, NoFiles};
use leastwise_syntax::{Format, Tree};

use super::terraform::analyse;

/// A file of a module: what it declares, and a reference to what the one before does.
fn file(at: usize) -> String {
    let before = at.saturating_sub(1);
    format!(
        "variable \"v{at}\" {{
  default = \"x{at}\"
}}
locals {{
  name{at}       = \"app-${{var.v{at}}}\"
  statements{at} = [{{ Effect = \"Allow\", Action = \"sqs:SendMessage\", Resource = \"*\" }}]
}}
data \"aws_iam_policy_document\" \"trust{at}\" {{
  statement {{
    actions = [\"sts:AssumeRole\"]
    principals {{
      type        = \"Service\"
      identifiers = [\"lambda.amazonaws.com\"]
    }}
  }}
}}
resource \"aws_iam_role\" \"r{at}\" {{
  name                 = local.name{at}
  assume_role_policy   = data.aws_iam_policy_document.trust0.json
  permissions_boundary = aws_iam_policy.p0.arn
}}
resource \"aws_iam_policy\" \"p{at}\" {{
  name   = \"p{at}\"
  policy = jsonencode({{ Version = \"2012-10-17\", Statement = local.statements{before} }})
}}
resource \"aws_iam_role_policy_attachment\" \"a{at}\" {{
  role       = \"app-x{at}\"
  policy_arn = aws_iam_policy.p{before}.arn
}}
module \"m{at}\" {{
  source = \"../called\"
  role   = module.m{before}.role
}}
"
    )
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn looked_at(
    disk: &Arc<Disk>,
    config: &Arc<Config>,
    path: &str,
    text: &str,
) -> (Arc<Tree>, Analysis) {
    let tree = disk.parse(path, text, Format::Hcl);
    let files = Arc::clone(disk) as Arc<dyn IndexedFiles>;
    let config = Arc::clone(config);
    let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
    (tree, analysis)
}

/// What it takes to look at all files of a module that others call and that calls one, spelling and calls with it.
fn cost(count: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..count {
        write(folder.path(), &format!("m/f{at}.tf"), &file(at));
    }
    let outputs = "output \"role\" {\n  value = \"r\"\n}\n";
    write(folder.path(), "called/main.tf", outputs);
    let call = "module \"m\" {\n  source = \"./m\"\n  v0 = \"prod\"\n}\n";
    write(folder.path(), "main.tf", call);
    let disk = Arc::new(Disk::new(folder.path()));
    let config = Arc::new(Config::default());
    work::of(|| {
        for at in 0..count {
            let (tree, analysis) = looked_at(&disk, &config, &format!("m/f{at}.tf"), &file(at));
            let named = analysis.state().named(&tree, "var.v0").unwrap();
            assert_eq!(named.from, ValueFrom::Caller);
            assert!(Arc::ptr_eq(
                &disk.tree(&format!("m/f{at}.tf")).unwrap(),
                &tree
            ));
            assert!(analysis.sites.len() >= 2, "{at}");
            let _ = (analysis.spelling(&tree), analysis.calls(&tree));
        }
    })
}

#[test]
fn four_times_the_files_are_four_times_the_work() {
    let (some, more) = (cost(25), cost(100));
    assert!(some >= 25 * 10, "{some}");
    // What all of them share is told of in one file, for each of the others.
    assert!(more <= some * 4 + some / 2, "{some} {more}");
}

#[test]
fn a_file_is_looked_at_as_it_is_edited() {
    let folder = tempfile::tempdir().unwrap();
    let other = "locals {\n  name = \"on-disk\"\n}\n";
    write(folder.path(), "a.tf", other);
    let role =
        "resource \"aws_iam_role\" \"r\" {\n  name = local.name\n  assume_role_policy = \"\"\n}\n";
    write(folder.path(), "b.tf", role);
    let disk = Arc::new(Disk::new(folder.path()));
    let names = |text: &str| {
        let (_, analysis) = looked_at(&disk, &Arc::default(), "b.tf", text);
        analysis.owners[0].names.clone()
    };
    assert_eq!(names(role), ["on-disk"]);
    let edited = format!("{role}variable \"own\" {{\n  default = \"typed\"\n}}\n");
    let edited = edited.replace("local.name", "\"${local.name}-${var.own}\"");
    assert_eq!(names(&edited), ["on-disk-typed"]);
    assert_eq!(names(role), ["on-disk"], "what others know stays");
}

#[test]
fn of_two_files_that_declare_the_same_each_sees_its_own() {
    let role = |name: &str| {
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  name = \"{name}\"\n  assume_role_policy = jsonencode({{ Statement = [] }})\n}}\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.tf", &role("a"));
    write(folder.path(), "b.tf", &role("b"));
    let disk = Arc::new(Disk::new(folder.path()));
    for name in ["a", "b"] {
        let (_, analysis) = looked_at(&disk, &Arc::default(), &format!("{name}.tf"), &role(name));
        assert_eq!(analysis.owners[0].names, [name]);
        assert_eq!(analysis.sites.len(), 1);
    }
}

/// What the first of some files knows of its owners: names, whether all is known, policies by sites, by AWS and by other files.
fn known(files: &[(&str, &str)]) -> Vec<String> {
    let (_, analysis) = analyse(files, "");
    let owners = analysis.owners.iter().enumerate();
    let all = owners.map(|(at, owner)| {
        let sites = analysis.sites_of(at).count();
        let generated = owner.generated.len();
        let managed: Vec<&str> = owner.managed.iter().map(|policy| policy.name()).collect();
        let (label, dynamic) = (&owner.label, owner.dynamic);
        format!("{label} {sites} {managed:?} {generated} {dynamic}")
    });
    all.collect()
}

const ROLE: &str = "resource \"aws_iam_role\" \"r\" {
  name               = \"shop\"
  assume_role_policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = \"*\" }] })
}
";
const INLINE: &str =
    "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }] })";

#[test]
fn what_other_files_give_to_a_role_of_this_one() {
    let by = |role: &str| {
        let inline = format!(
            "resource \"aws_iam_role_policy\" \"p\" {{\n  role   = {role}\n  policy = {INLINE}\n}}\n"
        );
        let attached = format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role       = {role}\n  policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n}}\n"
        );
        known(&[("a.tf", ROLE), ("b.tf", &inline), ("c.tf", &attached)])
    };
    let all = ["aws_iam_role.r 1 [\"ReadOnlyAccess\"] 1 false"];
    assert_eq!(by("aws_iam_role.r.id"), all);
    // By the name that it is deployed under.
    assert_eq!(by("\"shop\""), all);
    assert_eq!(by("\"other\""), ["aws_iam_role.r 1 [] 0 false"]);
}

#[test]
fn what_a_policy_of_another_file_gives_where_a_third_attaches_it() {
    let policy = format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  name   = \"p\"\n  policy = {INLINE}\n}}\n"
    );
    let attachment = "resource \"aws_iam_policy_attachment\" \"a\" {
  name       = \"a\"
  roles      = [aws_iam_role.r.name, aws_iam_role.other.name]
  policy_arn = aws_iam_policy.p.arn
}
";
    let other = ROLE.replace("\"r\"", "\"other\"").replace("shop", "other");
    let files = [
        ("c.tf", policy.as_str()),
        ("b.tf", attachment),
        ("d.tf", &other),
    ];
    let of = |first: (&'static str, &'static str)| {
        let all: Vec<_> = [first].into_iter().chain(files).collect();
        known(&all)
    };
    assert_eq!(of(("a.tf", ROLE)), ["aws_iam_role.r 1 [] 1 true"]);
    // From the policy's side: both have it, and what else they are allowed stands elsewhere.
    let all = [files[0], ("a.tf", ROLE), files[1], files[2]];
    assert_eq!(
        known(&all),
        [
            "aws_iam_policy.p 0 [] 0 false",
            "aws_iam_role.r 1 [] 0 true",
            "aws_iam_role.other 1 [] 0 true"
        ]
    );
}

#[test]
fn what_is_attached_by_a_list_of_another_file() {
    let policy = format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  name   = \"p\"\n  policy = {INLINE}\n}}\n"
    );
    let list = "locals {\n  arns = concat(local.own, [])\n  own = [aws_iam_policy.p.arn]\n}\n";
    let attachment = "resource \"aws_iam_role_policy_attachment\" \"a\" {
  for_each   = toset(local.arns)
  role       = aws_iam_role.r.name
  policy_arn = each.value
}
";
    let files = [
        ("a.tf", ROLE),
        ("b.tf", &policy),
        ("c.tf", list),
        ("d.tf", attachment),
    ];
    assert_eq!(known(&files), ["aws_iam_role.r 1 [] 1 true"]);
}

#[test]
fn who_has_a_document_of_this_file() {
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"s3:*\"]\n    resources = [\"*\"]\n  }\n}\n";
    let taker = "data \"aws_iam_policy_document\" \"e\" {\n  source_policy_documents = local.documents\n}\n";
    let locals = "locals {\n  documents = [data.aws_iam_policy_document.d.json]\n}\n";
    let policy = "resource \"aws_iam_role_policy\" \"p\" {\n  role   = aws_iam_role.r.id\n  policy = data.aws_iam_policy_document.e.json\n}\n";
    let more = "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role       = aws_iam_role.r.id\n  policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n}\n";
    let found = known(&[
        ("a.tf", document),
        ("b.tf", taker),
        ("c.tf", locals),
        ("d.tf", policy),
        ("e.tf", more),
        ("f.tf", ROLE),
    ]);
    assert_eq!(found, ["aws_iam_role.r 1 [\"ReadOnlyAccess\"] 0 true"]);
}

#[test]
fn groups_bring_their_policies_from_other_files() {
    let user = format!(
        "resource \"aws_iam_user\" \"u\" {{\n  name = \"u\"\n}}\nresource \"aws_iam_user_policy\" \"p\" {{\n  user   = aws_iam_user.u.name\n  policy = {INLINE}\n}}\n"
    );
    let membership = "resource \"aws_iam_user_group_membership\" \"m\" {\n  user   = aws_iam_user.u.name\n  groups = [aws_iam_group.g.name]\n}\n";
    let group = "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\n";
    let attached = "resource \"aws_iam_group_policy_attachment\" \"a\" {\n  group      = aws_iam_group.g.name\n  policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n}\n";
    let found = known(&[
        ("a.tf", &user),
        ("b.tf", membership),
        ("c.tf", group),
        ("d.tf", attached),
    ]);
    assert!(
        found
            .iter()
            .any(|owner| owner.contains("[\"ReadOnlyAccess\"]")),
        "{found:?}"
    );
}

#[test]
fn files_beyond_the_most_are_told() {
    #[derive(Debug)]
    struct Many(Arc<Tree>);
    impl Files for Many {
        fn tree(&self, path: &str) -> Option<Arc<Tree>> {
            (!path.ends_with("bad.tf")).then(|| Arc::clone(&self.0))
        }
        fn text(&self, _: &str) -> Option<Arc<str>> {
            None
        }
        fn list(&self, folder: &str) -> Vec<String> {
            let names = (0..(1 << 14) + 3).map(|at| format!("f{at}.tf"));
            match folder {
                "m" => names.collect(),
                _ => vec!["bad.tf".to_owned(), "main.tf".to_owned()],
            }
        }
        fn stamp(&self) -> u64 {
            0
        }
    }
    impl IndexedFiles for Many {}
    let tree = Arc::new(Tree::parse(String::new(), Format::Hcl));
    let files = Arc::new(Many(tree));
    let own = Tree::parse(ROLE.to_owned(), Format::Hcl);
    let said = |path: &str, files: Arc<dyn IndexedFiles>| {
        Analysis::with_memo(&own, path, Arc::default(), files, Arc::default()).left_out()
    };
    assert_eq!(
        said("m/f7.tf", files.clone()),
        ["the module in m is checked without 3 of its files: it has more than 16384"]
    );
    let without = said("main.tf", files);
    assert!(
        matches!(without.as_slice(), [one] if one.starts_with("the module in . is checked without bad.tf:")),
        "{without:?}"
    );
    assert!(said("main.tf", Arc::new(NoFiles)).is_empty());
}

#[test]
fn what_is_gathered_together_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..5 {
        write(folder.path(), &format!("m/f{at}.tf"), &file(at));
    }
    let config = Arc::<Config>::default();
    let base = folder.path().to_owned();
    let in_force = |_: &Path| InForce {
        config: Arc::clone(&config),
        folder: Some(base.clone()),
    };
    let mut gathered = Gathered::default();
    gathered.walk(folder.path(), &in_force);
    let trees = |gathered: &Gathered| -> Vec<(PathBuf, Arc<Tree>, Vec<Arc<Tree>>)> {
        let index = gathered.index();
        let files = index.files().into_iter().map(|file| {
            let seen = (0..5).filter_map(|at| file.analysis.files.tree(&format!("m/f{at}.tf")));
            (file.place.clone(), Arc::clone(&file.tree), seen.collect())
        });
        files.collect()
    };
    let all = trees(&gathered);
    assert_eq!(all.len(), 5);
    for (_, _, seen) in &all {
        for ((place, own, _), seen) in all.iter().zip(seen) {
            assert!(Arc::ptr_eq(own, seen), "{}", place.display());
        }
    }

    // After one has changed, the others are as they were, and it is seen as it is.
    let path = folder.path().join("m/f3.tf");
    write(folder.path(), "m/f3.tf", &format!("{}# more\n", file(3)));
    gathered.changed(&[path.clone()].into(), &BTreeMap::new());
    gathered.read(folder.path(), &path, &in_force);
    let again = trees(&gathered);
    for (at, (place, own, seen)) in again.iter().enumerate() {
        assert_eq!(Arc::ptr_eq(own, &all[at].1), at != 3, "{}", place.display());
        let is_new = seen[3].source().ends_with("# more\n");
        assert_eq!(is_new, at == 3, "{}", place.display());
        assert!(Arc::ptr_eq(&seen[0], &all[0].1), "{}", place.display());
    }
    assert!(gathered.left_out().is_empty());
    assert!(load::may_hold_policies(&file(0)));
}

/// What it takes to look at all files of a module whose documents name each other in a chain, each used by a role; a circle,
/// where the last names the first.
fn chained(count: usize, is_circle: bool) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let file = |at: usize| {
        let next = match at + 1 {
            next if next == count => 0,
            next => next,
        };
        let source = match next == 0 && !is_circle {
            true => String::new(),
            false => {
                format!("  source_policy_documents = [data.aws_iam_policy_document.d{next}.json]\n")
            }
        };
        format!(
            "data \"aws_iam_policy_document\" \"d{at}\" {{
{source}  statement {{
    sid       = \"S\"
    actions   = [\"s3:GetObject\"]
    resources = [\"*\"]
  }}
}}
resource \"aws_iam_role_policy\" \"p{at}\" {{
  role   = \"r{at}\"
  policy = data.aws_iam_policy_document.d{at}.json
}}
"
        )
    };
    for at in 0..count {
        write(folder.path(), &format!("f{at}.tf"), &file(at));
    }
    let disk = Arc::new(Disk::new(folder.path()));
    let config = Arc::new(Config::default());
    work::of(|| {
        for at in 0..count {
            let (_, analysis) = looked_at(&disk, &config, &format!("f{at}.tf"), &file(at));
            assert_eq!(analysis.sites.len(), 1, "{at}");
            let owners = analysis.sites[0].owners.len();
            match is_circle {
                true => assert!(owners >= 32, "{at} {owners}"),
                false => assert!(owners >= 32.min(at + 1), "{at} {owners}"),
            }
            let is_said = !analysis.left_out().is_empty();
            if at + 1 == count || at < 32 && !is_circle {
                assert_eq!(is_said, at >= 32, "{at}");
            }
        }
    })
}

#[test]
fn four_times_the_documents_in_a_chain_are_four_times_the_work() {
    for is_circle in [false, true] {
        let (some, more) = (chained(100, is_circle), chained(400, is_circle));
        assert!(more <= some * 5, "{some} {more}");
    }
}

/// How many policies of other files a file of a module has for a role that each file gives one, whether that is all, and
/// whether it is said that it isn't.
fn of_one_role(count: usize) -> (usize, bool, bool) {
    let folder = tempfile::tempdir().unwrap();
    let file = |at: usize| {
        format!(
            "resource \"aws_iam_role_policy\" \"p{at}\" {{
  role   = aws_iam_role.r.name
  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }}] }})
}}
"
        )
    };
    let role = "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n}\n".to_owned() + &file(count);
    write(folder.path(), "main.tf", &role);
    for at in 0..count {
        write(folder.path(), &format!("f{at}.tf"), &file(at));
    }
    let disk = Arc::new(Disk::new(folder.path()));
    let (_, analysis) = looked_at(&disk, &Arc::default(), "main.tf", &role);
    let owners = || analysis.owners.iter();
    let generated = owners().map(|owner| owner.generated.len()).sum();
    let is_open = owners().any(|owner| owner.dynamic && owner.denied_elsewhere);
    (generated, is_open, !analysis.left_out().is_empty())
}

#[test]
fn no_file_looks_at_more_policies_of_others_than_a_role_can_have() {
    assert_eq!(of_one_role(3), (3, false, false));
    assert_eq!(of_one_role(64), (64, false, false));
    assert_eq!(of_one_role(65), (64, true, true));
    assert_eq!(of_one_role(200), (64, true, true));
}

#[test]
fn whoever_has_a_document_by_way_of_a_few_others_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let base = "data \"aws_iam_policy_document\" \"base\" {\n  statement {\n    actions   = [\"s3:*\"]\n    resources = [\"*\"]\n  }\n}\n";
    write(folder.path(), "base.tf", base);
    for at in 0..100 {
        let text = format!(
            "data \"aws_iam_policy_document\" \"d{at}\" {{
  source_policy_documents = [data.aws_iam_policy_document.base.json]
}}
resource \"aws_iam_role_policy\" \"p{at}\" {{
  role   = \"r{at}\"
  policy = data.aws_iam_policy_document.d{at}.json
}}
"
        );
        write(folder.path(), &format!("f{at}.tf"), &text);
    }
    let disk = Arc::new(Disk::new(folder.path()));
    let (_, analysis) = looked_at(&disk, &Arc::default(), "base.tf", base);
    assert_eq!(analysis.sites[0].owners.len(), 100);
    assert!(analysis.left_out().is_empty());
}

/// What it takes to look at files of JSON beside a module, each of which one of its files reads.
fn beside(count: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let policy =
        r#"{ "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "${bucket}" }] }"#;
    for at in 0..count {
        write(folder.path(), &format!("p{at}.json"), policy);
        let text = format!(
            "resource \"aws_iam_policy\" \"p{at}\" {{
  policy = templatefile(\"${{path.module}}/p{at}.json\", {{ bucket = \"*\" }})
}}
module \"m{at}\" {{
  source = \"./m{at}\"
}}
"
        );
        write(folder.path(), &format!("f{at}.tf"), &text);
    }
    let disk = Arc::new(Disk::new(folder.path()));
    let config = Arc::new(Config::default());
    work::of(|| {
        for at in 0..count {
            let path = format!("p{at}.json");
            let tree = disk.parse(&path, policy, Format::Json);
            let files = Arc::clone(&disk) as Arc<dyn IndexedFiles>;
            let analysis =
                Analysis::with_memo(&tree, &path, Arc::clone(&config), files, Arc::default());
            assert_eq!(
                analysis.sites[0].kind,
                leastwise_model::SiteKind::Identity,
                "{at}"
            );
        }
    })
}

#[test]
fn files_beside_a_module_ask_it_once() {
    let (some, more) = (beside(25), beside(100));
    assert!(some >= 25, "{some}");
    assert!(more <= some * 5, "{some} {more}");
}
