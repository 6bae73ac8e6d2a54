//! Reading configs and files from disk: with [`crate::disk`] the only part of this crate that does I/O.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use leastwise_syntax::Format;

use crate::{Config, FILE_NAME};

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
    pub error: io::Error,
}

impl fmt::Display for CannotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for CannotRead {}

/// The config file for a file or folder: the nearest `leastwise.toml` upwards. `from` is a folder.
pub fn find_config(from: &Path) -> Option<PathBuf> {
    from.ancestors()
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| path.is_file())
}

/// Reads a config.
pub fn read_config(path: &Path) -> Result<Loaded, CannotRead> {
    let text = std::fs::read_to_string(path).map_err(|error| CannotRead {
        path: path.to_owned(),
        error,
    })?;
    let config = Config::parse(&text);
    Ok(Loaded {
        path: path.to_owned(),
        text,
        config,
    })
}

/// A path as the config's globs and the analysis see it: relative to `base` where it lies in it, with `/`.
pub fn relative(path: &Path, base: Option<&Path>) -> String {
    let path = base
        .and_then(|base| path.strip_prefix(base).ok())
        .unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// The format that a file is in: by its ending, else by its first character.
pub fn format_of(path: &Path, text: &str) -> Format {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("json") => Format::Json,
        Some("jsonc") => Format::Jsonc,
        Some("yaml" | "yml") => Format::Yaml,
        Some("tf" | "tofu" | "tfvars" | "hcl") => Format::Hcl,
        _ if text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with(['{', '[']) =>
        {
            Format::Json
        }
        _ => Format::Yaml,
    }
}

/// Whether a file of a walked folder is looked into, by its name.
pub fn is_candidate(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        [
            "json", "jsonc", "yaml", "yml", "template", "tf", "tofu", "tftpl",
        ]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// Whether a text has one of the words without which no file holds a policy, declares a role, assumes one, or makes a
/// stack of a template that does.
pub fn may_hold_policies(text: &str) -> bool {
    // A role without a policy of its own may be named in other files.
    let marks: [&[u8]; 13] = [
        // `Statement`, `statements` of the Serverless Framework, `statement` of Terraform.
        b"tatement",
        b"AWS::IAM::",
        // Terraform's: a document in blocks, statements for a module, what is attached to a role.
        b"aws_iam_",
        b"not_actions",
        b"actions ",
        // The Serverless Framework's: statements of its API.
        b"resourcePolicy",
        // The role that it deploys with.
        b"deploymentRole",
        b"cfnRole",
        // What passes values to another template.
        b"AWS::CloudFormation::Stack",
        b"AWS::Serverless::Application",
        b"role-to-assume",
        b"--role-arn",
        b"AWS_SECRET_ACCESS_KEY",
    ];
    marks
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark).is_some())
}

/// Whether a folder is never walked into, by its name: what others have put there. Hidden folders are; they hold
/// workflows and tools' settings that may well name policies.
pub fn is_left_out(name: &OsStr) -> bool {
    name == ".git" || name == "node_modules" || name == ".terraform"
}
