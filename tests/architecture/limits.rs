//! How far a crate goes with a hostile or huge input stands in its `limits`, what bounds one dialect in that of its room.

use std::fs;
use std::path::{Path, PathBuf};

use crate::circles::crates;
use crate::{root, shipped};

/// Generators read what is pinned, and nobody else's files.
const NO_LIMITS: [&str; 1] = ["xtask"];

/// A constant with one of these words in its name bounds something. What is no such limit, how many names a message shows,
/// say, has a name without them.
const WORDS: [&str; 5] = ["MAX", "MOST", "LONGEST", "DEEPEST", "DEPTH"];

#[test]
fn each_crate_says_how_far_it_goes() {
    for krate in crates() {
        let limits = root().join("server").join(&krate).join("src/limits.rs");
        assert!(
            NO_LIMITS.contains(&krate.as_str()) || limits.is_file(),
            "{krate} has no limits.rs"
        );
    }
}

#[test]
fn limits_stand_with_their_reasons() {
    let mut bare = Vec::new();
    for (path, text) in sources() {
        let mut before = "";
        for line in text.lines() {
            if let Some(name) = constant(line)
                && path.ends_with("limits.rs")
                && !before.starts_with("///")
            {
                bare.push(format!("{}: {name}", path.display()));
            }
            before = line;
        }
    }
    assert!(bare.is_empty(), "without a reason:\n{}", bare.join("\n"));
}

#[test]
fn limits_stand_nowhere_else() {
    let mut elsewhere = Vec::new();
    for (path, text) in sources() {
        if path.ends_with("limits.rs") {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let named = constant(line).is_some_and(|name| name.split('_').any(bounds));
            if named || has_depth_as_number(line) {
                let line = line.trim();
                elsewhere.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    assert!(
        elsewhere.is_empty(),
        "belongs into the limits of its crate or room, with the reason:\n{}",
        elsewhere.join("\n")
    );
}

/// The shipped sources below `server/`, by their paths there.
fn sources() -> Vec<(PathBuf, String)> {
    let server = root().join("server");
    let read = |file: &Path| {
        let path = file.strip_prefix(&server).expect("below server/");
        let is_bounded = !NO_LIMITS.iter().any(|krate| path.starts_with(krate));
        is_bounded.then(|| (path.to_owned(), fs::read_to_string(file).expect("a source")))
    };
    shipped(&server)
        .iter()
        .filter_map(|file| read(file))
        .collect()
}

fn bounds(word: &str) -> bool {
    WORDS.contains(&word)
}

/// The name of the constant that a line defines.
fn constant(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.get(rest.find("const ")?..)?,
        None => line,
    };
    let (name, _) = line.strip_prefix("const ")?.split_once(':')?;
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_name).then_some(name)
}

/// Whether a line compares how deep something is with a number that has no name.
fn has_depth_as_number(line: &str) -> bool {
    ["depth > ", "depth >= "].iter().any(|comparison| {
        let number = line.split(comparison).nth(1).unwrap_or_default();
        number.starts_with(|c: char| ('1'..='9').contains(&c))
    })
}
