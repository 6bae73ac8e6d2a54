//! Reading configs and files from disk: with [`crate::disk`] the only part of this crate that does I/O.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use leastwise_dialects::Ending;
use leastwise_model::Config;
use leastwise_model::copies::{are_of_aws, is_name_of_aws};
use leastwise_syntax::{Format, marks};

use crate::fence::{self, Fence, Refused};
use crate::limits::CONFIG_SIZE;

/// A config and where it was read from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub config: Config,
}

/// A file that can't be read.
#[derive(Debug)]
pub struct CannotRead {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: Refused,
}

impl fmt::Display for CannotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.error {
            Refused::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
                write!(f, "there is no file {path}")
            }
            error => write!(f, "can't read {path}: {error}"),
        }
    }
}

impl std::error::Error for CannotRead {}

/// Whether something lies there that is meant as a config, be it one that can't be read.
pub fn is_config(path: &Path) -> bool {
    path.exists() || path.is_symlink()
}

/// Why a config of that many bytes isn't read, where that is too many.
pub fn too_large_config(size: usize) -> Option<Refused> {
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    (size > CONFIG_SIZE).then_some(Refused::TooLarge(Some(size), CONFIG_SIZE))
}

/// Reads the config that a user names.
pub(crate) fn read_config(path: &Path) -> Result<Loaded, CannotRead> {
    let failed = |error| CannotRead {
        path: path.to_owned(),
        error,
    };
    let bytes = fence::bytes(path, CONFIG_SIZE).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| failed(Refused::NotText))?;
    let config = Config::parse(&text);
    Ok(Loaded {
        path: path.to_owned(),
        text,
        config,
    })
}

/// Reads a config that was found: one that is a link stays in its repository or folder.
pub(crate) fn read_found_config(path: &Path) -> Result<Loaded, CannotRead> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if path.is_symlink() && !Fence::enclosing(folder, None, &[]).holds(path) {
        let error = match path.exists() {
            true => Refused::LeadsOut,
            false => Refused::Dangling,
        };
        let path = path.to_owned();
        return Err(CannotRead { path, error });
    }
    read_config(path)
}

/// Whether a folder can be walked through: the files that say what is left out there are files, and not something that never
/// ends.
pub(crate) fn can_be_walked(folder: &Path) -> bool {
    let files = [".gitignore", ".ignore", ".git/info/exclude"];
    files.iter().all(|name| ends(&folder.join(name))) && can_lead(&folder.join(".git"))
}

/// Whether whoever reads a file comes to its end soon.
fn ends(path: &Path) -> bool {
    match fence::look(path, CONFIG_SIZE) {
        Ok(_) => true,
        Err(Refused::Device | Refused::TooLarge(..)) => false,
        Err(_) => true,
    }
}

/// Whether what `.git` leads to ends, where it is a file (of a worktree, of a submodule): it names the repository's folder.
fn can_lead(git: &Path) -> bool {
    if !git.is_file() {
        return true;
    }
    let line = |path: &Path| -> Option<String> {
        let text = fence::bytes(path, CONFIG_SIZE).ok()?;
        let text = String::from_utf8(text).ok()?;
        text.lines().next().map(str::to_owned)
    };
    if !ends(git) {
        return false;
    }
    let Some(own) = line(git).and_then(|line| Some(PathBuf::from(line.strip_prefix("gitdir: ")?)))
    else {
        return true;
    };
    let common = own.join("commondir");
    if !ends(&common) {
        return false;
    }
    let Some(common) = line(&common) else {
        return true;
    };
    // One that is relative begins with a dot; any other is taken as it is.
    let common = match common.starts_with('.') {
        true => own.join(common),
        false => PathBuf::from(common),
    };
    ends(&common.join("info/exclude"))
}

/// A path as the config's globs and the analysis see it: relative to `base` where it lies in it, with `/`.
pub fn relative(path: &Path, base: Option<&Path>) -> String {
    let path = base
        .and_then(|base| path.strip_prefix(base).ok())
        .unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// What the names of template engines' files end with, behind the ending of what they make: `policy.json.j2`.
const TEMPLATES: [&str; 5] = ["tpl", "tmpl", "j2", "jinja", "erb"];

/// What a file's name ends with, in lower case.
fn last_ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_ascii_lowercase())
}

/// A file's ending in lower case, behind that of a template.
fn ending(path: &Path) -> Option<String> {
    let own = last_ending(path)?;
    let is_filled_in = of_dialect(&own).is_some_and(|of| of.is_filled_in);
    match is_filled_in || TEMPLATES.contains(&own.as_str()) {
        true => last_ending(Path::new(path.file_stem()?)).or(Some(own)),
        false => Some(own),
    }
}

/// What a dialect says of an ending of its own.
fn of_dialect(ending: &str) -> Option<Ending> {
    leastwise_dialects::endings().find(|of| of.name == ending)
}

/// The format that a file's ending tells.
pub fn format_of_ending(ending: &str) -> Option<Format> {
    match ending {
        "json" => Some(Format::Json),
        "jsonc" => Some(Format::Jsonc),
        "yaml" | "yml" => Some(Format::Yaml),
        other => of_dialect(other)?.format,
    }
}

/// The format that a file's name tells, behind the ending of a template: `policy.json.j2` is JSON.
pub fn format_of_name(path: &Path) -> Option<Format> {
    ending(path).and_then(|ending| format_of_ending(&ending))
}

/// The format that a file is in: by its ending, else by its first character.
pub fn format_of(path: &Path, text: &str) -> Format {
    format_of_name(path).unwrap_or_else(|| match behind_marks(text).starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    })
}

/// The format of a text that neither its name nor whoever opens it tells: only where the text holds a policy and begins as
/// nothing but that format does. `None` for prose that speaks of policies, for code, and for several documents of JSON in a row.
pub fn format_of_content(text: &str) -> Option<Format> {
    if !may_hold_policies(text) {
        return None;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if let Some(rest) = text.strip_prefix(['{', '[']) {
        let is_json = rest.trim_start().starts_with(['"', '{', '}']);
        let is_alone = !text.lines().skip(1).any(|line| line.starts_with('{'));
        return (is_json && is_alone).then_some(Format::Json);
    }
    let is_comment = |line: &&str| {
        let signs = ["#", "//", "---"];
        line.is_empty() || signs.iter().any(|sign| line.starts_with(sign))
    };
    let first = text
        .lines()
        .map(str::trim_end)
        .find(|line| !is_comment(line))?;
    if is_block(first) {
        return Some(Format::Hcl);
    }
    is_key(first).then_some(Format::Yaml)
}

/// Whether a line opens a block: a word, labels in quotes, a brace.
fn is_block(line: &str) -> bool {
    let Some(head) = line.strip_suffix('{') else {
        return false;
    };
    let mut words = head.split_whitespace();
    let is_label = |word: &str| word.len() > 1 && word.starts_with('"') && word.ends_with('"');
    words.next().is_some_and(is_name) && words.all(is_label)
}

/// Whether a line is a key of YAML, or begins with one: a single word.
fn is_key(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else {
        return false;
    };
    let is_end = rest.is_empty() || rest.starts_with(' ');
    is_end && is_name(key.trim_start_matches("- ").trim_matches(['"', '\'']))
}

fn is_name(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_alphabetic)
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether a name leaves it open what is in the file: it has no ending, or one that may stand for several formats.
pub fn is_open_name(path: &Path) -> bool {
    let Some(own) = last_ending(path) else {
        return true;
    };
    TEMPLATES.contains(&own.as_str()) || of_dialect(&own).is_some_and(|of| of.format.is_none())
}

/// A text without the white space and marks of template engines that it begins with.
fn behind_marks(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !["{{", "{%", "{#", "<%", "%{"]
        .iter()
        .any(|mark| text.starts_with(mark))
    {
        return text;
    }
    let mut rest = text;
    for mark in marks::find(text) {
        if text.len() - rest.len() != mark.start {
            break;
        }
        rest = text.get(mark.end..).unwrap_or_default().trim_start();
    }
    rest
}

/// Whether a file of a walked folder is looked into, by its name.
pub fn is_candidate(path: &Path) -> bool {
    let is_walked = |ending: &String| match of_dialect(ending) {
        Some(of) => of.is_walked,
        None => format_of_ending(ending).is_some(),
    };
    let is_filled_in = |ending: &String| of_dialect(ending).is_some_and(|of| of.is_filled_in);
    last_ending(path).as_ref().is_some_and(is_filled_in)
        || ending(path).as_ref().is_some_and(is_walked)
}

/// Whether a file is of a kind that is read whatever it holds, by its name. Any other is looked into as well where somebody
/// names it, for a policy.
pub fn is_known_kind(path: &Path) -> bool {
    let is_of_dialect = || ending(path).is_some_and(|ending| of_dialect(&ending).is_some());
    is_candidate(path) || is_of_dialect()
}

/// Whether a text has one of the words without which no file holds a policy, declares a role, assumes one, or makes a
/// stack of a template that does.
pub fn may_hold_policies(text: &str) -> bool {
    const COMMON: [&str; 4] = [
        // `Statement`, and what dialects call it.
        "tatement",
        // The versions of the policy language, where `Statement` is misspelt.
        "2012-10-17",
        "2008-10-17",
        // A role without a policy of its own may be named in other files.
        OF_AWS,
    ];
    let of_dialects = leastwise_dialects::words();
    let of_dialects = of_dialects.flat_map(|words| words.telling.iter().chain(words.possible));
    has_one(text.as_bytes(), COMMON.iter().chain(of_dialects))
}

/// What a comment begins with that hides findings.
pub const IGNORE_MARKER: &str = "leastwise: ignore";

/// Whether a file is looked into, and told of where it is broken, by its text: it may hold policies, or says what is to be left
/// out. The program and the editor both go by this. What a file is called doesn't count: a template without any of these words
/// is for the tools that deploy it to judge, and one that is broken has them all the same.
pub fn is_of_interest(text: &str) -> bool {
    may_hold_policies(text) || has_one(text.as_bytes(), [IGNORE_MARKER].iter())
}

/// The ARN of a policy of AWS.
const OF_AWS: &str = ":iam::aws:policy/";

fn has_one<'w>(bytes: &[u8], mut words: impl Iterator<Item = &'w &'w str>) -> bool {
    words.any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}

/// Whether the bytes of a file that can't be read look as if they held a policy: the effect of a statement, or a name that
/// stands nowhere else. Stricter than [`may_hold_policies`], whose words occur in any English text. Meant for whatever
/// keeps ASCII's bytes; of UTF-16 and UTF-32 the zeros are left out.
pub fn shows_a_policy(bytes: &[u8]) -> bool {
    let narrow: Vec<u8>;
    let bytes = match memchr::memchr(0, bytes) {
        None => bytes,
        Some(_) => {
            narrow = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            narrow.as_slice()
        }
    };
    let telling = leastwise_dialects::words().flat_map(|words| words.telling);
    shows_an_effect(bytes) || has_one(bytes, [OF_AWS].iter().chain(telling))
}

/// Whether there is what a resource begins with that may have policies. Of a file that isn't read no more may be seen of it.
pub fn shows_a_resource(bytes: &[u8]) -> bool {
    has_one(
        bytes,
        leastwise_dialects::words().flat_map(|words| words.holding),
    )
}

/// Whether there is `Effect` with `Allow` or `Deny` behind it, in any notation: also in JSON inside a string. Or what a
/// statement stands in that has no effect where it allows.
pub fn shows_an_effect(bytes: &[u8]) -> bool {
    if has_one(
        bytes,
        leastwise_dialects::words().flat_map(|words| words.allowing),
    ) {
        return true;
    }
    let mut found = memchr::memmem::find_iter(bytes, b"ffect");
    found.any(|at| {
        let behind = bytes.get(at + 5..).unwrap_or_default();
        let quiet = |byte: &u8| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b'\t' | b':' | b'=');
        let between = behind
            .iter()
            .take(16)
            .take_while(|byte| quiet(byte))
            .count();
        let value = behind.get(between..).unwrap_or_default();
        let said = behind
            .iter()
            .take(between)
            .any(|byte| matches!(byte, b':' | b'='));
        let is = |effect: &&[u8]| {
            let rest = value.strip_prefix(*effect);
            rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
        };
        said && [&b"Allow"[..], b"Deny"].iter().any(is)
    })
}

/// Whether a folder is never walked into, by its path: what others have put there. Hidden folders are; they hold workflows
/// and tools' settings that may well name policies.
pub fn is_left_out(folder: &Path) -> bool {
    const OTHERS: [&str; 9] = [
        ".git",
        ".terraform",
        ".terragrunt-cache",
        "bower_components",
        "dist-packages",
        "jspm_packages",
        "node_modules",
        "site-packages",
        "vendor",
    ];
    // The models of AWS's SDK for Python, which are copied into many a package.
    const SDK: [&str; 2] = ["boto3", "botocore"];
    let is = |name: Option<&OsStr>, known: &[&str]| {
        name.is_some_and(|name| known.iter().any(|known| name == *known))
    };
    let above = folder.parent().and_then(Path::file_name);
    is(folder.file_name(), &OTHERS) || is(folder.file_name(), &["data"]) && is(above, &SDK)
}

/// Of the files of a walk, those that are copies of AWS's own policies: in folders that are full of files with the names of
/// such policies.
pub fn copies_of_aws<'p>(files: impl Iterator<Item = &'p Path>) -> BTreeSet<PathBuf> {
    let mut folders: BTreeMap<&Path, (Vec<&Path>, usize)> = BTreeMap::new();
    for file in files {
        let (known, all) = folders
            .entry(file.parent().unwrap_or(Path::new("")))
            .or_default();
        *all += 1;
        let name = file.file_stem().and_then(OsStr::to_str);
        if name.is_some_and(is_name_of_aws) {
            known.push(file);
        }
    }
    folders
        .into_values()
        .filter(|(known, all)| are_of_aws(known.len(), *all))
        .flat_map(|(known, _)| known.into_iter().map(Path::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_put_there() {
        for folder in [
            "node_modules",
            "a/vendor",
            "lib/python3.12/site-packages",
            "x/botocore/data",
            ".terraform",
        ] {
            assert!(is_left_out(Path::new(folder)), "{folder}");
        }
        for folder in [
            "data",
            "botocore",
            "x/data",
            "vendors",
            ".github",
            "infra/modules",
            "",
        ] {
            assert!(!is_left_out(Path::new(folder)), "{folder}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_says_what_is_left_out_has_to_end() {
        let pipe = |path: &Path| {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let made = std::process::Command::new("mkfifo").arg(path).status();
            assert!(made.unwrap().success());
        };
        let write = |path: PathBuf, text: &str| {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        for (name, is_fine) in [
            (".gitignore", false),
            (".ignore", false),
            (".git/info/exclude", false),
            // Nobody reads one that is no file.
            (".git", true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            assert!(can_be_walked(folder.path()));
            pipe(&folder.path().join(name));
            assert_eq!(can_be_walked(folder.path()), is_fine, "{name}");
        }
        // A worktree names the folder that it has in its repository, and that the repository.
        for (common, piped, is_fine) in [
            (None, "own/commondir", false),
            (Some("."), "own/info/exclude", false),
            (Some("../all"), "all/info/exclude", false),
            (Some("../all"), "own/info/exclude", true),
            (Some("nowhere"), "all/info/exclude", true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let at = |path: &str| folder.path().join(path);
            let own = at("own");
            write(at("tree/.git"), &format!("gitdir: {}\n", own.display()));
            assert!(can_be_walked(&at("tree")), "nothing is there");
            if let Some(common) = common {
                write(at("own/commondir"), &format!("{common}\n"));
            }
            pipe(&at(piped));
            assert_eq!(can_be_walked(&at("tree")), is_fine, "{common:?} {piped}");
        }
        let folder = tempfile::tempdir().unwrap();
        write(folder.path().join(".git"), &"x".repeat(2 << 20));
        assert!(!can_be_walked(folder.path()));
        write(folder.path().join(".git"), "no folder");
        assert!(can_be_walked(folder.path()));
    }

    #[test]
    fn a_misspelt_statement_hides_no_file() {
        for (text, may) in [
            ("{\"Version\": \"2012-10-17\", \"Statment\": []}", true),
            ("Version: 2008-10-17\nStament: []\n", true),
            ("Statement: []\n", true),
            ("    Type: AWS::SSO::PermissionSet\n", true),
            (
                "  policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n",
                true,
            ),
            ("      - uses: ./.github/actions/deploy\n", true),
            ("      - uses: actions/checkout@v4\n", false),
            ("{\"Version\": \"2010-09-09\", \"Statment\": []}", false),
        ] {
            assert_eq!(may_hold_policies(text), may, "{text}");
        }
    }

    #[test]
    fn a_file_without_policies_is_of_interest_where_it_hides_findings() {
        for (text, is) in [
            ("Statement: []\n", true),
            (
                "Type: AWS::S3::Bucket # leastwise: ignore[invalid-arn] old\n",
                true,
            ),
            ("Type: AWS::S3::Bucket\n\tbroken\n", false),
            ("# leastwise ignores this\n", false),
        ] {
            assert_eq!(is_of_interest(text), is, "{text}");
        }
    }

    #[test]
    fn what_can_not_be_read_may_show_a_policy() {
        let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for (text, shows) in [
            ("# café\nStatement:\n- Effect: Allow\n", true),
            ("é {\"Effect\" : \"Deny\"}", true),
            ("é policy: '{\\\"Effect\\\":\\\"Allow\\\"}'", true),
            ("é  effect    = \"Allow\"\n", true),
            ("é\nType: AWS::IAM::Role\n", true),
            (
                "résumé: a statement of no effect: Allowance is made\n",
                false,
            ),
            ("é\neffect Allow\n", false),
            ("é\nstatement: Kontoauszug\neffect: Wirkung\n", false),
        ] {
            assert_eq!(shows_a_policy(&latin(text)), shows, "{text}");
            assert_eq!(shows_a_policy(&wide(text)), shows, "{text}");
        }
        assert!(!shows_a_policy(b"\x89PNG\0\xff\xfe"));
        // Of a file that is too large, names alone say little.
        assert!(shows_an_effect(
            b"data \"aws_iam_policy_document\" \"shop\" {"
        ));
        assert!(!shows_an_effect(
            b"\"aws_iam_policy_document\": {\"version\": 0}"
        ));
    }

    #[test]
    fn copies_of_aws_fill_a_folder() {
        const NAMES: [&str; 8] = [
            "AdministratorAccess",
            "ReadOnlyAccess",
            "PowerUserAccess",
            "IAMFullAccess",
            "SecurityAudit",
            "AmazonS3FullAccess",
            "AmazonS3ReadOnlyAccess",
            "AmazonSQSFullAccess",
        ];
        let copies = |names: &[&str], others: usize| {
            let own = names.iter().map(|name| format!("aws/{name}.json"));
            let others = (0..others).map(|n| format!("aws/own{n}.json"));
            let more = ["policies/ReadOnlyAccess.json".to_owned()];
            let paths: Vec<PathBuf> = own.chain(others).chain(more).map(PathBuf::from).collect();
            copies_of_aws(paths.iter().map(PathBuf::as_path)).len()
        };
        assert_eq!(copies(&NAMES, 0), 8);
        assert_eq!(copies(&NAMES, 2), 8);
        assert_eq!(copies(&NAMES, 3), 0);
        assert_eq!(copies(&NAMES[..7], 0), 0);
        let lower = NAMES.map(str::to_lowercase);
        assert_eq!(copies(&lower.each_ref().map(String::as_str), 0), 0);
    }

    #[test]
    fn templates_are_of_the_format_that_they_make() {
        for (path, text, format) in [
            ("p.json.j2", "x", Format::Json),
            ("p.yaml.tpl", "{}", Format::Yaml),
            ("p.tftpl", "%{ if x ~}\n{}", Format::Json),
            ("p.tftpl", "{{ x }}\nStatement: []", Format::Yaml),
            ("p.template", "{% if x %}{# why #}\n[", Format::Json),
            ("p.tftpl", "{{", Format::Json),
        ] {
            assert_eq!(format_of(Path::new(path), text), format, "{path} {text}");
        }
        for (path, is) in [
            ("p.json.j2", true),
            ("p.yml.erb", true),
            ("p.tftpl", true),
            ("run.sh.tpl", false),
            ("_helpers.tpl", false),
        ] {
            assert_eq!(is_candidate(Path::new(path)), is, "{path}");
        }
    }
}
