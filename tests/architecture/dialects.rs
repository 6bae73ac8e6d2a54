//! A dialect is named in its own room and in the list of dialects, and nowhere else: no path leads into its room, and its word
//! stands in no name and no text.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::circles::{Module, crates, graph, modules};
use crate::root;
use crate::source::Source;

/// The rooms of the crate `dialects`: where something is a dialect, at the door of a folder.
fn rooms() -> BTreeSet<String> {
    let source = root().join("server/dialects/src");
    let folders = fs::read_dir(source).expect("the crate of dialects");
    let is_room = |folder: &Path| {
        let door = fs::read_to_string(folder.join("mod.rs"));
        door.is_ok_and(|text| text.contains("impl Dialect for "))
    };
    let rooms: BTreeSet<String> = folders
        .flatten()
        .filter(|folder| is_room(&folder.path()))
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(rooms.len() > 5, "the rooms were not found: {rooms:?}");
    rooms
}

#[test]
fn nothing_outside_names_a_dialect() {
    let rooms = rooms();
    let mut found = BTreeSet::new();
    for krate in crates().iter().filter(|krate| *krate != "dialects") {
        for (module, source) in modules(krate) {
            // What comes with `*` isn't seen.
            let takes_all = source.uses.iter().any(|used| {
                let path = source.spelled_out(&used.path);
                used.name.is_none() && path == ["leastwise_dialects"]
            });
            if takes_all || source.foreign_paths().any(|path| names_one(&path, &rooms)) {
                found.insert(format!("{krate}::{}", module.join("::")));
            }
        }
    }
    hold(&found, "names a dialect");
}

/// Whether a path leads into a dialect's room.
fn names_one(path: &[String], rooms: &BTreeSet<String>) -> bool {
    let is_of_dialects = path
        .first()
        .is_some_and(|first| first == "leastwise_dialects");
    is_of_dialects && path.iter().any(|name| rooms.contains(name))
}

/// The words that dialects are known by. A pipeline is a word of the model, as a policy is, and HCL a syntax: neither tells of a
/// dialect.
const WORDS: [&str; 5] = [
    "cloudformation",
    "orgformation",
    "sam",
    "serverless",
    "terraform",
];

/// Who may say which of them, and why. A path ends with `/` where it is a folder's.
const SPEAKERS: [Speaker; 17] = [
    (
        "catalog/",
        &["cloudformation", "sam"],
        "AWS's own data, called by what it is taken from",
    ),
    (
        "xtask/",
        &["cloudformation", "sam", "serverless"],
        "takes that data from there",
    ),
    (
        "lsp/language.rs",
        &["terraform"],
        "the ids that editors give to languages",
    ),
    (
        "cli/check/mod.rs",
        &["terraform"],
        "says which files are read",
    ),
    (
        "cli/check/walk.rs",
        &["terraform"],
        "says which files are read",
    ),
    (
        "cli/explain.rs",
        &["cloudformation"],
        "asks the catalog for a type of CloudFormation",
    ),
    (
        "workspace/load.rs",
        &["terraform"],
        "a folder of what others have made",
    ),
    (
        "workspace/analysis/deploy/",
        &["cloudformation", "terraform"],
        "CloudFormation as a service that assumes roles, and what people call roles that deploy",
    ),
    (
        "rules/deploy/counterpart/deployer.rs",
        &["cloudformation"],
        "the service, which calls what undoes a change",
    ),
    (
        "rules/deploy/tool_state.rs",
        &["sam", "serverless", "terraform"],
        "buckets in AWS, by the names that tools give them",
    ),
    (
        "rules/pipeline/unknown_role.rs",
        &["cloudformation"],
        "the service, which a role is passed to",
    ),
    (
        "rules/privilege/administrator_access.rs",
        &["serverless"],
        "EMR Serverless, a service",
    ),
    (
        "rules/privilege/execution_role_shared.rs",
        &["cloudformation"],
        "the service, which a role is passed to",
    ),
    (
        "rules/structure/invalid_policy_entry.rs",
        &["sam"],
        "is about what SAM's lists take, and nothing else",
    ),
    (
        "rules/structure/missing_sub.rs",
        &["cloudformation"],
        "its summary, which is about all files",
    ),
    (
        "rules/structure/unescaped_policy_variable.rs",
        &["cloudformation"],
        "its summary, which is about all files",
    ),
    (
        "rules/support/oidc.rs",
        &["terraform"],
        "HCP Terraform, whose tokens AWS takes",
    ),
];

#[test]
fn nothing_outside_says_the_word_of_a_dialect() {
    let what = "says the word of a dialect, which is a fact that the dialect gives";
    hold_words(&SPEAKERS, said, what);
}

/// A file, or a folder by a name with a slash at its end, the words that it may say, and why.
pub(crate) type Speaker = (&'static str, &'static [&'static str], &'static str);

/// Fails where a file outside the rooms says a word that it isn't excepted for, and where an exception isn't needed.
pub(crate) fn hold_words(
    speakers: &[Speaker],
    said: impl Fn(&Source) -> BTreeSet<&'static str>,
    what: &str,
) {
    let mut found = BTreeSet::new();
    let mut met = BTreeSet::new();
    for krate in crates().iter().filter(|krate| *krate != "dialects") {
        for (module, source) in modules(krate) {
            for word in said(&source) {
                let file = file_of(krate, &module);
                let may = |(place, words, _): &&Speaker| {
                    let is_there =
                        file == *place || place.ends_with('/') && file.starts_with(place);
                    is_there && words.contains(&word)
                };
                match speakers.iter().find(may) {
                    Some((place, ..)) => _ = met.insert((*place, word)),
                    None => _ = found.insert(format!("{file}: {word}")),
                }
            }
        }
    }
    hold(&found, what);
    for (place, words, _) in speakers {
        for word in *words {
            let is_met = met.contains(&(*place, *word));
            assert!(
                is_met,
                "{place} doesn't say {word} by now: strike its exception"
            );
        }
    }
}

/// The path of a module's file below its crate, a folder's own as `mod.rs`.
fn file_of(krate: &str, module: &Module) -> String {
    let path = root().join("server").join(krate).join("src");
    let path = module.iter().fold(path, |path, part| path.join(part));
    let ending = match path.with_extension("rs").is_file() || module.is_empty() {
        true => ".rs",
        false => "/mod.rs",
    };
    format!("{krate}/{}{ending}", module.join("/"))
}

/// The words of dialects that a source says in its names and texts.
fn said(source: &Source) -> BTreeSet<&'static str> {
    let names = source.all_names.iter().flat_map(|name| words_in(name));
    // As IAM has it, the word in small letters is the prefix of a service.
    let texts = source.texts.iter().flat_map(|text| words_in(text));
    let texts = texts.filter(|word| word != "cloudformation");
    let all: BTreeSet<String> = names.chain(texts).map(|word| word.to_lowercase()).collect();
    let known = WORDS.into_iter();
    known.filter(|word| all.contains(*word)).collect()
}

/// The words of a name or text: `isOfSam` has three.
fn words_in(text: &str) -> Vec<String> {
    let text = text.replace("Formation", "formation");
    let mut words = vec![String::new()];
    let mut before = ' ';
    for char in text.chars() {
        let is_new = char.is_uppercase() && !before.is_uppercase();
        if is_new || !char.is_alphanumeric() {
            words.push(String::new());
        }
        if char.is_alphanumeric() {
            words.last_mut().expect("a word").push(char);
        }
        before = char;
    }
    words
}

#[test]
fn words_are_told_apart() {
    let source = Source::read(
        "use x::by_sam; fn same(of: OfSam) -> CloudFormation { y(\"EMR Serverless\", r#\"a \"terraform\" b\"#) }",
    );
    let words: Vec<&str> = said(&source).into_iter().collect();
    assert_eq!(words, ["cloudformation", "sam", "serverless", "terraform"]);
    let joined = "fn name() { x(concat!(\"terra\", \"form\"), \"server\\\n    less\") }";
    let words: Vec<&str> = said(&Source::read(joined)).into_iter().collect();
    assert_eq!(words, ["serverless", "terraform"]);
    let silent = Source::read("fn same() { z(\"cloudformation:*\", \"SAML\") } // terraform\n");
    assert!(said(&silent).is_empty());
}

/// The dialects that are written in another.
const WITHIN: [(&str, &str); 3] = [
    ("orgformation", "cloudformation"),
    ("sam", "cloudformation"),
    ("serverless", "cloudformation"),
];

#[test]
fn no_dialect_enters_the_room_of_another() {
    let rooms = rooms();
    let room = |module: &Module| {
        let first = module.first()?;
        rooms.get(first).map(String::as_str)
    };
    let mut found = BTreeSet::new();
    let mut met = BTreeSet::new();
    for (from, edges) in graph(&modules("dialects")) {
        // The list of dialects is at the crate's door.
        if from.is_empty() {
            continue;
        }
        for into in edges.keys().filter_map(room) {
            let own = room(&from);
            let within = WITHIN
                .iter()
                .find(|within| own == Some(within.0) && into == within.1);
            met.extend(within.copied());
            if own != Some(into) && within.is_none() {
                found.insert(format!("{} -> {into}", from.join("::")));
            }
        }
    }
    hold(&found, "enters the room of another");
    for within in WITHIN {
        assert!(
            met.contains(&within),
            "{within:?} isn't so by now: strike its exception"
        );
    }
}

/// Holds that nothing is found.
pub(crate) fn hold(found: &BTreeSet<String>, what: &str) {
    let said: Vec<&str> = found.iter().map(String::as_str).collect();
    assert!(found.is_empty(), "{what}:\n{}", said.join("\n"));
}
