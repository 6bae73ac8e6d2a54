//! How far a crate goes with a hostile or huge input stands in its `limits`, what bounds one dialect in that of its room.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::circles::crates;
use crate::{root, shipped};

/// Generators read what is pinned, and nobody else's files.
const NO_LIMITS: [&str; 2] = ["xtask", "catalog/build"];

/// The names of numbers in a file.
type Numbers = (&'static str, &'static [&'static str]);

/// Numbers that stand where they are used, since they bound nothing that an input could make large, by what they are for.
const NO_BOUNDS: [(&str, &[Numbers]); 5] = [
    (
        "how much a message, a hover or a fix shows",
        &[
            ("catalog/src/describe/condition_key.rs", &["SHOWN"]),
            ("cli/src/report/text.rs", &["RELATED", "SHOWN"]),
            ("dialects/src/terraform/body.rs", &["WIDTH"]),
            ("dialects/src/terraform/module/declared.rs", &["NAMED"]),
            ("ide/src/hints.rs", &["LABEL_WIDTH"]),
            ("ide/src/hover/arn.rs", &["NAMED"]),
            ("ide/src/values.rs", &["ROWS"]),
            ("rules/src/conditions/effect.rs", &["TOLD"]),
            ("rules/src/conditions/unknown_condition_key.rs", &["ROOM"]),
            ("rules/src/fix.rs", &["NAMED"]),
            (
                "rules/src/merge.rs",
                &["NAMED", "NAMED_IN_MESSAGE", "ROOM_FOR_NAMES"],
            ),
            ("rules/src/privilege/shared_function_role.rs", &["NAMED"]),
            (
                "rules/src/privilege/wildcard_resource/choice.rs",
                &["ALL_TYPES", "FEW_MADE_UP", "NAMED_TYPES"],
            ),
            (
                "rules/src/privilege/wildcard_resource/short_wildcards.rs",
                &["FEW_NAMES"],
            ),
            ("syntax/src/write/hcl/values.rs", &["LINE"]),
            ("syntax/src/write/render.rs", &["WIDE"]),
        ],
    ),
    (
        "from when on something is told from chance",
        &[
            ("ide/src/completion/actions.rs", &["SHORTEST_BARE"]),
            ("ide/src/completion/keys.rs", &["SHORT"]),
            ("model/src/copies.rs", &["FEWEST"]),
            ("policy/src/service_principal.rs", &["SHORTEST"]),
            ("rules/src/actions/typo.rs", &["SHORTEST"]),
            ("rules/src/deploy/counterpart.rs", &["TELLING"]),
            ("rules/src/pipeline/typo.rs", &["SHORTEST"]),
            (
                "rules/src/privilege/wildcard_resource/fix.rs",
                &["USUAL_LINES"],
            ),
            (
                "rules/src/privilege/wildcard_resource/needed.rs",
                &["FEWEST_CALLS", "ONE_OF"],
            ),
            (
                "rules/src/privilege/wildcard_resource/short_wildcards.rs",
                &["SHORTEST"],
            ),
            ("syntax/src/embed/mod.rs", &["SHORTEST"]),
        ],
    ),
    (
        "what a format or protocol has, AWS's quotas among it",
        &[
            ("catalog/src/typo.rs", &["KINDS"]),
            ("cli/src/report/sarif/line_hash.rs", &["CHARACTERS"]),
            ("lsp/src/backend.rs", &["SERVER_CANCELLED"]),
            ("lsp/src/capabilities.rs", &["DELETIONS"]),
            ("model/src/mark.rs", &["ACCOUNT", "REGION"]),
            ("rules/src/privilege/wildcard_resource/fix.rs", &["AROUND"]),
            ("policy/src/elements.rs", &["MANAGED_POLICY_SIZE"]),
            ("rules/src/resources/unknown_managed_policy.rs", &["PARTS"]),
            ("rules/src/support/added.rs", &["BEFORE"]),
            ("syntax/src/embed/template.rs", &["HIGH", "LENGTH", "LOW"]),
        ],
    ),
    (
        "from when on another way is quicker to the same answer",
        &[
            ("policy/src/action.rs", &["SHORT"]),
            ("policy/src/format.rs", &["SHORT"]),
            ("policy/src/grants/relevant_clauses.rs", &["FEW"]),
            ("workspace/src/analysis/index/shared.rs", &["PARTS"]),
        ],
    ),
    (
        "how long somebody is waited for",
        &[
            ("lsp/src/client_process.rs", &["PERIOD"]),
            ("lsp/src/gathering.rs", &["LATEST", "QUIET"]),
            ("lsp/src/lib.rs", &["FAREWELL"]),
            ("lsp/src/state.rs", &["PATIENCE"]),
        ],
    ),
];

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
fn who_has_no_limits_needs_none() {
    for place in NO_LIMITS {
        let mut files = Vec::new();
        crate::sources(&root().join("server").join(place), &mut files);
        let has_own = files.iter().any(|file| file.ends_with("limits.rs"));
        let is_numbered = files.iter().any(|file| {
            let text = fs::read_to_string(file).expect("a source");
            text.lines().any(|line| {
                constant(line).is_some() && is_number(line) || has_depth_as_number(line)
            })
        });
        assert!(
            !has_own && (is_numbered || crates().iter().any(|krate| krate == place)),
            "{place} needs no exception by now: strike it"
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
    let mut met = BTreeSet::new();
    for (path, text) in sources() {
        if path.ends_with("limits.rs") {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            // A long one goes on behind the line.
            let whole = match line.strip_suffix(" =") {
                Some(_) => format!(
                    "{line} {}",
                    lines.get(at + 1).map_or("", |next| next.trim())
                ),
                None => (*line).to_owned(),
            };
            let number = constant(line).filter(|_| is_number(&whole));
            let is_free = number.is_some_and(|name| {
                let is_met = bounds_nothing(&path, name);
                met.extend(is_met.then(|| (path.clone(), name.to_owned())));
                is_met
            });
            let next = lines.get(at + 1).copied().unwrap_or_default();
            let is_nameless =
                has_depth_as_number(line) || has_large_number(line) || returns_number(line, next);
            if number.is_some() && !is_free || is_nameless {
                let line = line.trim();
                elsewhere.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    assert!(
        elsewhere.is_empty(),
        "belongs into the limits of its crate or room, with the reason, or, as a `const`, among the numbers here that bound nothing:\n{}",
        elsewhere.join("\n")
    );
    let all = NO_BOUNDS.iter().flat_map(|(_, files)| *files);
    for (file, name) in all.flat_map(|(file, names)| names.iter().map(move |name| (file, name))) {
        let is_met = met.contains(&(PathBuf::from(file), (*name).to_owned()));
        assert!(is_met, "{file} has no {name} by now: strike its exception");
    }
}

/// Whether a number of a file is one of those that bound nothing.
fn bounds_nothing(path: &Path, name: &str) -> bool {
    let mut files = NO_BOUNDS.iter().flat_map(|(_, files)| *files);
    files.any(|(file, names)| path == Path::new(file) && names.contains(&name))
}

/// Whether the constant that a line defines is a number, or a time.
fn is_number(line: &str) -> bool {
    let value = line.split_once(" = ").map_or("", |(_, value)| value);
    let is_number = |c: char| c.is_ascii_digit() || c == '-';
    value.starts_with(is_number) && !value.contains("..") || value.starts_with("Duration::")
}

/// The shipped sources below `server/`, by their paths there.
fn sources() -> Vec<(PathBuf, String)> {
    let server = root().join("server");
    let read = |file: &Path| {
        let path = file.strip_prefix(&server).expect("below server/");
        let is_bounded = !NO_LIMITS.iter().any(|place| path.starts_with(place));
        is_bounded.then(|| (path.to_owned(), fs::read_to_string(file).expect("a source")))
    };
    shipped(&server)
        .iter()
        .filter_map(|file| read(file))
        .collect()
}

/// The name of the constant that a line defines.
fn constant(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.get(rest.find("const ").or_else(|| rest.find("static "))?..)?,
        None => line,
    };
    let mut words = ["const ", "static "].iter();
    let (name, _) = words
        .find_map(|word| line.strip_prefix(word))?
        .split_once(':')?;
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_name).then_some(name)
}

/// From here on a number that something is compared with, or cut to, bounds it: there are no counts of a format's as large.
const LARGE: u64 = 40;

/// Whether a line compares something with a large number that has no name, or takes that much of it.
fn has_large_number(line: &str) -> bool {
    const BOUNDS: [&str; 9] = [
        " < ",
        " <= ",
        " > ",
        " >= ",
        ".min(",
        ".skip(",
        ".stack_size(",
        ".take(",
        ".truncate(",
    ];
    let code = line.split("//").next().unwrap_or_default();
    let is_test = code.contains("assert");
    let is_large = |behind: &str| number_at(behind).is_some_and(|number| number >= LARGE);
    let mut bounds = BOUNDS.iter().flat_map(|bound| code.split(bound).skip(1));
    !is_test && bounds.any(is_large)
}

/// Whether a function of these two lines, the first one its head, gives a number: it is a constant in disguise.
fn returns_number(head: &str, body: &str) -> bool {
    let body = body.trim();
    let is_number = || body.starts_with("Duration::") || number_at(body).is_some_and(|of| of > 1);
    let is_whole = || !body.contains(['(', '.', ';', ',']) || body.starts_with("Duration::");
    head.contains("fn ") && head.ends_with('{') && is_number() && is_whole()
}

/// The number that a text begins with, in digits or as `8 << 20`.
fn number_at(text: &str) -> Option<u64> {
    let is_digit = |char: &char| char.is_ascii_digit() || *char == '_';
    let digits: String = text.chars().take_while(is_digit).collect();
    let number = digits.replace('_', "").parse::<u64>().ok()?;
    let rest = text.get(digits.len()..).unwrap_or_default();
    match rest.trim_start().strip_prefix("<<") {
        Some(shift) => Some(number << number_at(shift.trim_start())?),
        None => Some(number),
    }
}

#[test]
fn numbers_without_a_name_are_seen() {
    for line in [
        "    if parts.len() > 1000 {",
        "        > 4_096",
        "    let few = all.iter().take(64);",
        "    .stack_size(8 << 20)",
        "    let short = a < 3 || b >= 1 << 16;",
    ] {
        assert!(has_large_number(line), "{line}");
    }
    for line in [
        "match (self.0 >> 20) & 3 {",
        "200 => 1000,",
        "x > LIMIT",
        "x < 4 // > 1000",
        "assert!(all.len() > 1000);",
    ] {
        assert!(!has_large_number(line), "{line}");
    }
    let head = "    pub const fn most() -> usize {";
    assert!(returns_number(head, "        1000"));
    assert!(returns_number(head, "        1 << 16"));
    assert!(returns_number(
        "fn wait() -> Duration {",
        "    Duration::from_secs(9)"
    ));
    assert!(!returns_number("    fn stamp(&self) -> u64 {", "        0"));
    assert!(!returns_number(
        "fn text() -> String {",
        "    7.to_string()"
    ));
}

/// Whether a line compares how deep something is with a number that has no name.
fn has_depth_as_number(line: &str) -> bool {
    ["depth > ", "depth >= "].iter().any(|comparison| {
        let number = line.split(comparison).nth(1).unwrap_or_default();
        number.starts_with(|c: char| ('1'..='9').contains(&c))
    })
}
