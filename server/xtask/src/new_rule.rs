//! Lays what a new rule is made of: its file, its line in the registry, that in its group, its rows in the table of fixtures, its
//! line in the list of changes.
//! What is laid works: the rule finds statements with one `Sid`. Whoever makes the rule changes that piece by piece, until the
//! test that finds each `TODO` is green, too.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// The groups, and the tables that their rows stand in.
const GROUPS: [(&str, &str); 8] = [
    ("format", "format"),
    ("structure", "structure"),
    ("actions", "actions"),
    ("resources", "resources"),
    ("conditions", "conditions"),
    ("deploy", "privilege"),
    ("privilege", "privilege"),
    ("pipeline", "pipeline"),
];
/// What can't be the name of a module, and those that stand for something else here.
const NO_NAMES: [&str; 46] = [
    "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct",
    "super", "tests", "trait", "true", "try", "type", "unsafe", "use", "virtual", "where", "while",
    "yield",
];
const RULES: &str = "server/rules/src";
const CHANGELOG: &str = "CHANGELOG.md";
/// The test that writes the list of what is found in which dialect.
const DOCUMENT: &str = "tests::dialects::document";

/// The id and the group of a rule that is to be laid: both have to be named, for a wrong group is tedious to undo.
pub(crate) fn named(id: Option<String>, group: Option<String>) -> anyhow::Result<(String, String)> {
    let (Some(id), Some(group)) = (id, group) else {
        bail!(
            "name the rule and its group: cargo xtask new-rule ID --group GROUP\nThe groups: {}",
            groups()
        );
    };
    Ok((id, group))
}

fn groups() -> String {
    GROUPS.map(|(name, _)| name).join(", ")
}

/// Lays a rule in the repository that stands at `root`, and says what comes next, once what is made of the rules is written anew.
pub(crate) fn run(root: &Path, id: &str, group: &str) -> anyhow::Result<String> {
    let files = plan(root, id, group)?;
    for (path, text) in &files {
        fs::write(root.join(path), text).with_context(|| format!("{path} can't be written"))?;
    }
    let mut said = String::new();
    for (path, _) in &files {
        said += &format!("wrote {path}\n");
    }
    Ok(said + &next(id, group))
}

/// What is to be done next.
fn next(id: &str, group: &str) -> String {
    let name = id.replace('-', "_");
    format!(
        "
Next:
1. {RULES}/{group}/{name}.rs: write the documentation with its examples, what is found, and how it is said. Each TODO is
   a place. What the rule looks at is its `scope`.
2. {RULES}/tests/dialects/table: write the rows, those in which it finds something and those in which it must not, then
   `LEASTWISE_UPDATE=1 cargo test -p leastwise-rules dialects`. After another `summary`: `cargo xtask config-schema`.
3. {CHANGELOG}: say what it is for.
4. cargo test -p leastwise-rules, cargo test -p leastwise-tests --test architecture, and .ci/run
"
    )
}

/// Writes anew what is made of the rules, now that there is one more. A program that knows it has to be built for that.
pub(crate) fn generate(root: &Path) -> anyhow::Result<()> {
    let schema = [
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--",
        "config-schema",
    ];
    let dialects = [
        "test",
        "--quiet",
        "--package",
        "leastwise-rules",
        "--lib",
        DOCUMENT,
    ];
    for arguments in [schema, dialects] {
        println!("cargo {}", arguments.join(" "));
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(root);
        let status = cargo.env("LEASTWISE_UPDATE", "1").status();
        if !status.context("cargo can't be started")?.success() {
            bail!("`cargo {}` fails", arguments.join(" "));
        }
    }
    Ok(())
}

/// The files with their texts as they are to be.
fn plan(root: &Path, id: &str, group: &str) -> anyhow::Result<Vec<(String, String)>> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    if !id.split('-').all(is_word) {
        bail!("`{id}` is no id: small letters, with `-` between the words");
    }
    if NO_NAMES.contains(&id) {
        bail!(
            "`{id}` is no id: it can't be the name of the rule's file, as a word of Rust or of the laws"
        );
    }
    let Some((_, table)) = GROUPS.iter().find(|(name, _)| *name == group) else {
        bail!("there is no group `{group}`, but {}", groups());
    };
    let read = |path: &str| {
        let text = fs::read_to_string(root.join(path));
        text.with_context(|| format!("{path} can't be read"))
    };
    let name = id.replace('-', "_");
    let registry = format!("{RULES}/registry.rs");
    let own = format!("{RULES}/{group}/{name}.rs");
    let text = read(&registry)?;
    if text.contains(&format!("::{name}::RULE")) || root.join(&own).exists() {
        bail!("there is a rule `{id}` already");
    }
    // Some groups are a file beside their folder.
    let beside = format!("{RULES}/{group}.rs");
    let module = match root.join(&beside).exists() {
        true => beside,
        false => format!("{RULES}/{group}/mod.rs"),
    };
    let table = format!("{RULES}/tests/dialects/table/{table}.rs");
    let of_group = format!("    &{group}::");
    let line = format!("{of_group}{name}::RULE,");
    let registry_text = with_line(&text, &line, |line| line.strip_prefix(&of_group))?;
    let line = format!("pub mod {name};");
    let module_text = with_line(&read(&module)?, &line, module_of)?;
    let table_text = with_rows(&read(&table)?, id)?;
    let changes = with_change(&read(CHANGELOG)?, &format!("- The rule `{id}`: TODO."))?;
    Ok(vec![
        (own, rule(id, group)),
        (module, module_text),
        (registry, registry_text),
        (table, table_text),
        (CHANGELOG.to_owned(), changes),
    ])
}

/// What a line declares as a module of its own file.
fn module_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.strip_prefix("mod ").filter(|rest| rest.ends_with(';'))
}

/// A text with a line where it belongs among those that have a key, by which they are sorted.
fn with_line(text: &str, line: &str, key: impl Fn(&str) -> Option<&str>) -> anyhow::Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let keyed = |(at, line): (usize, &&'_ str)| Some((at, key(line)?.to_owned()));
    let keys: Vec<(usize, String)> = lines.iter().enumerate().filter_map(keyed).collect();
    let (Some((last, _)), Some(own)) = (keys.last(), key(line)) else {
        bail!("nothing is like `{line}`: where does it belong?");
    };
    let next = keys.iter().find(|(_, other)| other.as_str() > own);
    let at = next.map_or(last + 1, |(at, _)| *at);
    let (before, after) = lines.split_at(at);
    let all = before.iter().chain([&line]).chain(after);
    Ok(all.flat_map(|line| [line, "\n"]).collect())
}

/// The list of changes with one more among those of the next version, last of what it adds.
fn with_change(text: &str, line: &str) -> anyhow::Result<String> {
    let next = text.find("## Unreleased").context("no next version")?;
    let behind = |from: usize, what: &str| {
        let rest = text.get(from..)?;
        rest.find(what).map(|at| from + at + what.len())
    };
    let added = behind(next, "### Added\n").context("nothing that is added")?;
    let end = text.get(added..).and_then(|rest| rest.find("\n#"));
    let (before, after) = text.split_at(end.map_or(text.len(), |end| added + end));
    Ok(format!("{}\n{line}\n{after}", before.trim_end()))
}

/// The table with two rows of the rule before the first of a rule behind it.
fn with_rows(text: &str, id: &str) -> anyhow::Result<String> {
    const ROW: &str = "    Row {\n        rule: \"";
    let start = text.find("ROWS: &[Row] = &[").context("no rows")?;
    let rules = text.match_indices(ROW).map(|(at, _)| at);
    let behind = |at: &usize| {
        let rest = text.get(at + ROW.len()..).unwrap_or_default();
        rest.split('"').next().is_some_and(|other| other > id)
    };
    let end = text.get(start..).and_then(|rest| rest.find("\n];"));
    let end = end.map(|at| start + at + 1).context("no end of the rows")?;
    let at = rules.filter(|at| *at > start).find(behind).unwrap_or(end);
    let (before, after) = text.split_at(at);
    let sid = sid(id);
    Ok(format!(
        "{before}    Row {{
        rule: \"{id}\",
        policy: RowPolicy::Identity(
            \"{{Sid: ⟦{sid}⟧, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}\",
        ),
        messages: &[\"TODO\"],
        except: &[NO_POLICY],
        ..ROW
    }},
    Row {{
        rule: \"{id}\",
        policy: RowPolicy::Identity(
            \"{{Sid: Read, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}\",
        ),
        except: &[NO_POLICY],
        ..ROW
    }},
{after}"
    ))
}

/// `missing-effect` as `MissingEffect`.
fn sid(id: &str) -> String {
    let words = id.split('-').filter_map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + rest)
    });
    words.collect()
}

/// The rule's file.
fn rule(id: &str, group: &str) -> String {
    let text = include_str!("new_rule/template.rs.txt");
    let (sid, kind) = (sid(id), sid(group));
    text.replace("{id}", id)
        .replace("^^^^^", &"^".repeat(sid.len()))
        .replace("{sid}", &sid)
        .replace("{group}", &kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of what is changed.
    fn repository() -> tempfile::TempDir {
        let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let copy = tempfile::tempdir().unwrap();
        let mut paths = vec![format!("{RULES}/registry.rs"), CHANGELOG.to_owned()];
        for (group, table) in GROUPS {
            paths.push(format!("{RULES}/{group}.rs"));
            paths.push(format!("{RULES}/{group}/mod.rs"));
            paths.push(format!("{RULES}/tests/dialects/table/{table}.rs"));
        }
        for path in paths {
            if let Ok(text) = fs::read_to_string(there.join(&path)) {
                let to = copy.path().join(path);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, text).unwrap();
            }
        }
        for (group, _) in GROUPS {
            fs::create_dir_all(copy.path().join(RULES).join(group)).unwrap();
        }
        copy
    }

    fn there(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(path)
    }

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
    }

    /// What a text of Rust names with a capital, outside of strings.
    fn names(text: &str) -> Vec<&str> {
        let code = text.split('"').step_by(2);
        code.flat_map(words)
            .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
            .collect()
    }

    #[test]
    fn each_group_gets_its_rule() {
        for (group, table) in GROUPS {
            let copy = repository();
            let said = run(copy.path(), "no-such-rule", group).unwrap();
            let read = |path: &str| fs::read_to_string(copy.path().join(RULES).join(path)).unwrap();
            let own = read(&format!("{group}/no_such_rule.rs"));
            assert!(own.starts_with("//! Finds "), "{own}");
            assert!(own.contains("id: \"no-such-rule\""), "{own}");
            assert!(own.contains(&format!("group: Group::{},", sid(group))));
            assert!(own.contains("Some(\"NoSuchRule\")") && !own.contains("{sid}"));
            let registry = read("registry.rs");
            assert!(registry.contains(&format!("    &{group}::no_such_rule::RULE,\n")));
            let rows = read(&format!("tests/dialects/table/{table}.rs"));
            assert_eq!(rows.matches("rule: \"no-such-rule\"").count(), 2);
            // What is laid is called as others of the kind are.
            let before = fs::read_to_string(
                repository()
                    .path()
                    .join(RULES)
                    .join(format!("tests/dialects/table/{table}.rs")),
            );
            let before = before.unwrap();
            for name in names(&rows) {
                assert!(words(&before).any(|word| word == name), "{table}: `{name}`");
            }
            let exported = fs::read_to_string(there(&format!("{RULES}/lib.rs"))).unwrap();
            let used = own.split_once("use crate::{").unwrap().1;
            for name in used.split_once("};").unwrap().0.split(", ") {
                assert!(exported.contains(name), "`{name}`");
            }
            assert!(said.contains(&format!("{group}/no_such_rule.rs")), "{said}");
            let changes = fs::read_to_string(copy.path().join(CHANGELOG)).unwrap();
            assert!(changes.contains("\n- The rule `no-such-rule`: TODO.\n\n### "));
            // Nothing is lost, and what is sorted stays so.
            let is_of_group = |line: &&str| line.starts_with(&format!("    &{group}::"));
            let lines: Vec<&str> = registry.lines().filter(is_of_group).collect();
            assert!(lines.len() > 1 && lines.is_sorted(), "{lines:?}");
        }
    }

    #[test]
    fn lines_go_where_they_belong() {
        let text = "mod a;\npub mod b;\nmod c;\npub mod d;\nmod tests {}\n";
        let with = |line: &str| with_line(text, line, module_of);
        let first = with("pub mod _;").unwrap();
        assert_eq!(first, format!("pub mod _;\n{text}"));
        let between = with("pub mod bb;").unwrap();
        assert_eq!(between, text.replace("mod c", "pub mod bb;\nmod c"));
        let last = with("pub mod e;").unwrap();
        assert_eq!(last, text.replace("mod d;", "mod d;\npub mod e;"));
        assert!(with_line(text, "a", module_of).is_err());
    }

    #[test]
    fn who_names_no_group_is_told_them() {
        let some = |text: &str| Some(text.to_owned());
        for (id, group) in [(None, None), (some("a-b"), None), (None, some("deploy"))] {
            let refused = named(id, group).unwrap_err().to_string();
            assert!(refused.ends_with(&format!("The groups: {}", groups())));
            assert!(groups().contains("format, structure, "));
        }
        let both = named(some("a-b"), some("deploy")).unwrap();
        assert_eq!(both, ("a-b".to_owned(), "deploy".to_owned()));
    }

    #[test]
    fn what_is_no_id_or_is_taken_is_refused() {
        let copy = repository();
        let refused = |id: &str, group: &str| run(copy.path(), id, group).unwrap_err().to_string();
        for id in [
            "",
            "Missing",
            "missing_effect",
            "missing-",
            "a--b",
            "m1",
            "match",
            "tests",
        ] {
            assert!(refused(id, "structure").contains("is no id"), "{id}");
        }
        assert!(refused("a-b", "shapes").contains("there is no group `shapes`"));
        assert!(refused("missing-effect", "privilege").contains("already"));
        run(copy.path(), "a-b", "structure").unwrap();
        assert!(refused("a-b", "structure").contains("already"));
    }
}
