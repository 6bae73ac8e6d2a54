//! Which language an open document is in.

use std::path::Path;

use leastwise_syntax::Format;
use leastwise_workspace::load::format_of_ending;

/// The file name of the workspace config.
pub(crate) const CONFIG_FILE: &str = "leastwise.toml";

/// What a document is to the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    /// Something that may hold policies.
    Policy(Format),
    /// The workspace config.
    Config,
    /// Nothing to the server; its text is kept, because the client goes on sending edits.
    Other,
}

impl Language {
    /// Decides by the name of the file and the client's language id; where both leave it open (a
    /// `.template` may be either), by the first character of `text`.
    pub(crate) fn of(path: &Path, id: &str, text: &str) -> Self {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let id = id.to_ascii_lowercase();
        if name == CONFIG_FILE && matches!(id.as_str(), "toml" | "" | "plaintext") {
            return Self::Config;
        }
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        match id.as_str() {
            "json" | "cloudformation-json" if extension.as_deref() != Some("jsonc") => {
                Self::Policy(Format::Json)
            }
            "json" | "cloudformation-json" | "jsonc" | "json5" => Self::Policy(Format::Jsonc),
            "yaml" | "yml" | "yaml.cloudformation" | "yaml.cfn" | "cloudformation-yaml" => {
                Self::Policy(Format::Yaml)
            }
            "terraform" | "terraform-vars" | "tfvars" | "opentofu" | "opentofu-vars" | "hcl"
            | "tf" => match extension.as_deref() {
                // A `.tf.json` may be opened as Terraform, too.
                Some("json") => Self::Policy(Format::Json),
                _ => Self::Policy(Format::Hcl),
            },
            "cloudformation" | "cfn" | "aws-cloudformation" => match extension.as_deref() {
                Some("json") => Self::Policy(Format::Json),
                Some("jsonc") => Self::Policy(Format::Jsonc),
                Some("yaml" | "yml") => Self::Policy(Format::Yaml),
                _ => Self::Policy(sniff(text)),
            },
            // No language known to the client, or one it had to guess.
            "" | "plaintext" | "text" | "template" => match extension.as_deref() {
                Some("template") => Self::Policy(sniff(text)),
                Some(ending) => format_of_ending(ending).map_or(Self::Other, Self::Policy),
                None => Self::Other,
            },
            // `yaml.docker-compose` and its like are YAML that holds no policy.
            _ => Self::Other,
        }
    }
}

fn sniff(text: &str) -> Format {
    match text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .bytes()
        .next()
    {
        Some(b'{' | b'[') => Format::Json,
        _ => Format::Yaml,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        use Language::{Config, Other, Policy};
        for (path, id, text, language) in [
            ("/a/template.yaml", "yaml", "", Policy(Format::Yaml)),
            (
                "/a/template.yml",
                "yaml.cloudformation",
                "",
                Policy(Format::Yaml),
            ),
            ("/a/p.json", "json", "", Policy(Format::Json)),
            ("/a/p.json", "jsonc", "", Policy(Format::Jsonc)),
            ("/a/p.jsonc", "json", "", Policy(Format::Jsonc)),
            ("/a/p.jsonc", "", "", Policy(Format::Jsonc)),
            (
                "/a/role.template",
                "cloudformation",
                " {}",
                Policy(Format::Json),
            ),
            (
                "/a/role.template",
                "cloudformation",
                "A: 1",
                Policy(Format::Yaml),
            ),
            (
                "/a/role.template",
                "plaintext",
                "\u{feff}\n{",
                Policy(Format::Json),
            ),
            ("/a/role.yml", "cloudformation", "{}", Policy(Format::Yaml)),
            ("/a/role.yml", "", "{}", Policy(Format::Yaml)),
            ("Untitled-1", "YAML", "", Policy(Format::Yaml)),
            ("/a/docker-compose.yml", "dockercompose", "", Other),
            ("/a/docker-compose.yml", "yaml.docker-compose", "", Other),
            ("/a/main.tf", "terraform", "", Policy(Format::Hcl)),
            ("/a/x.tfvars", "terraform-vars", "", Policy(Format::Hcl)),
            ("/a/main.tofu", "", "", Policy(Format::Hcl)),
            ("/a/main.tf.json", "terraform", "{}", Policy(Format::Json)),
            ("/a/notes.md", "markdown", "", Other),
            ("/a/notes.txt", "plaintext", "", Other),
            ("/a/leastwise.toml", "toml", "", Config),
            ("/a/Cargo.toml", "toml", "", Other),
        ] {
            assert_eq!(
                Language::of(Path::new(path), id, text),
                language,
                "{path} {id}"
            );
        }
    }
}
