//! Which language an open document is in.

use std::path::Path;

use leastwise_syntax::Format;
use leastwise_workspace::load::{format_of_content, format_of_name, is_open_name};

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

/// What a client's language id says.
enum Told {
    /// A format.
    Format(Format),
    /// A template of CloudFormation's, in one of two formats.
    Template,
    /// What has no policies, whatever its name.
    Nothing,
    /// A language that the server doesn't know, or none: the file has to tell.
    Unknown,
}

impl Language {
    /// Decides by the name of the config, the client's language id, the name of the file where that id isn't known, and `text`
    /// where the name leaves it open, too (a `.template` may be either). Editors and their extensions have dozens of ids for
    /// these files, so one that isn't known says nothing against a file.
    pub(crate) fn of(path: &Path, id: &str, text: &str) -> Self {
        if path.file_name().is_some_and(|name| name == CONFIG_FILE) {
            return Self::Config;
        }
        let by_name = format_of_name(path);
        match told(id) {
            Told::Nothing => Self::Other,
            // A client may know of no JSON with comments, takes a `.tf.json` for Terraform, or says of all its documents what the
            // first one is in (Eglot up to Emacs 29): where name and id differ, the name is right.
            Told::Format(format) => Self::Policy(match (format, by_name) {
                (Format::Jsonc, Some(Format::Json)) => Format::Jsonc,
                (_, Some(by_name)) => by_name,
                (_, None) => format,
            }),
            Told::Template => Self::Policy(by_name.unwrap_or_else(|| sniff(text))),
            Told::Unknown => by_name
                .or_else(|| by_content(path, text))
                .map_or(Self::Other, Self::Policy),
        }
    }
}

/// Reads a language id by its words, since editors compose them: `yaml.github`, `cfn-yaml`, `json-ts`, `terraform-vars`.
fn told(id: &str) -> Told {
    let id = id.to_ascii_lowercase();
    let words = || id.split(|c: char| !c.is_ascii_alphanumeric());
    if words().any(|word| matches!(word, "dockercompose" | "docker")) {
        return Told::Nothing;
    }
    let format = |word| match word {
        "json" => Some(Format::Json),
        "jsonc" | "json5" => Some(Format::Jsonc),
        "yaml" | "yml" => Some(Format::Yaml),
        "terraform" | "tfvars" | "opentofu" | "tofu" | "hcl" | "tf" => Some(Format::Hcl),
        _ => None,
    };
    if let Some(format) = words().find_map(format) {
        return Told::Format(format);
    }
    match words().any(|word| matches!(word, "cloudformation" | "cfn")) {
        true => Told::Template,
        false => Told::Unknown,
    }
}

/// What a text shows where the name of its file tells no format. Of a file with the ending of some other language only JSON is
/// believed: prose and code begin like YAML now and then.
fn by_content(path: &Path, text: &str) -> Option<Format> {
    if path.extension().is_some_and(|ending| ending == "template") {
        return Some(sniff(text));
    }
    let format = format_of_content(text)?;
    (is_open_name(path) || format == Format::Json).then_some(format)
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
            (
                "/a/notes.md",
                "markdown",
                "Statement: one of several",
                Other,
            ),
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

    #[test]
    fn an_id_that_is_not_known_leaves_it_to_the_name() {
        for (id, path, format) in [
            (
                "github-actions-workflow",
                "/r/.github/workflows/x.yml",
                Format::Yaml,
            ),
            ("yaml.github", "/r/.github/workflows/x.yml", Format::Yaml),
            ("yaml.github", "Untitled", Format::Yaml),
            ("ansible", "/r/roles/main.yaml", Format::Yaml),
            ("helm", "/r/templates/role.yaml", Format::Yaml),
            ("yaml.helm-values", "/r/values.yaml", Format::Yaml),
            ("cfn-yaml", "/r/stack.yaml", Format::Yaml),
            ("cfn-yaml", "Untitled", Format::Yaml),
            ("azure-pipelines", "/r/azure-pipelines.yml", Format::Yaml),
            ("yaml-ts", "/r/stack.yaml", Format::Yaml),
            ("yaml-ts-mode", "Untitled", Format::Yaml),
            ("json-ts", "/r/policy.json", Format::Json),
            ("json.cloudformation", "/r/stack.json", Format::Json),
            ("jsonl", "/r/policy.json", Format::Json),
            ("javascript", "/r/policy.json", Format::Json),
            ("js-json", "/r/policy.json", Format::Json),
            ("aws-iam-policy", "/r/policy.JSON", Format::Json),
            ("opentofu", "/r/main.tofu", Format::Hcl),
            ("opentofu-vars", "/r/x.tfvars", Format::Hcl),
            ("terraform-vars", "/r/x.tfvars", Format::Hcl),
            ("terraform-ts", "/r/main.tf", Format::Hcl),
            ("hcl", "/r/terragrunt.hcl", Format::Hcl),
            ("hcl", "/r/main.tf.json", Format::Json),
            ("yaml", "/r/main.tf", Format::Hcl),
            ("yaml", "/r/policy.json", Format::Json),
            ("json", "/r/stack.yml", Format::Yaml),
            ("terraform", "/r/stack.yml", Format::Yaml),
            ("yaml", "Untitled", Format::Yaml),
            ("opentofu", "/r/main.tofu.json", Format::Json),
            ("terragrunt", "/r/terragrunt.hcl", Format::Hcl),
            ("plaintext", "/r/main.tf", Format::Hcl),
            ("plaintext", "/r/main.tf.json", Format::Json),
            ("plaintext", "/r/stack.yml", Format::Yaml),
            ("", "/r/main.tofu", Format::Hcl),
            ("", "/r/policy.json", Format::Json),
            ("jinja", "/r/policy.json.j2", Format::Json),
            ("", "/r/policy.json.tftpl", Format::Json),
        ] {
            assert_eq!(
                Language::of(Path::new(path), id, ""),
                Language::Policy(format),
                "{id} {path}"
            );
        }
        for id in ["", "plaintext", "toml", "toml-ts", "conf"] {
            let config = Path::new("/r/leastwise.toml");
            assert_eq!(Language::of(config, id, ""), Language::Config, "{id}");
        }
        for (id, path) in [
            ("rust", "/r/main.rs"),
            ("", "/r/main.rs"),
            ("jsonnet", "/r/x.jsonnet"),
        ] {
            assert_eq!(
                Language::of(Path::new(path), id, ""),
                Language::Other,
                "{id}"
            );
        }
    }

    #[test]
    fn a_name_that_leaves_it_open_leaves_it_to_the_content() {
        const JSON: &str = r#"{"Version": "2012-10-17", "Statement": []}"#;
        const YAML: &str = "---\n# Reads.\nVersion: '2012-10-17'\nStatement: []\n";
        const HCL: &str = "# Reads.\ndata \"aws_iam_policy_document\" \"x\" {\n  statement {}\n}\n";
        for path in [
            "/r/trust-policy",
            "/r/policy.tftpl",
            "/r/x.tmpl",
            "Untitled-1",
        ] {
            for id in ["", "plaintext", "javascript", "jsonl", "ansible", "helm"] {
                for (text, format) in [
                    (JSON, Format::Json),
                    (YAML, Format::Yaml),
                    (HCL, Format::Hcl),
                ] {
                    let language = Language::of(Path::new(path), id, text);
                    assert_eq!(language, Language::Policy(format), "{id} {path} {text}");
                }
            }
        }
        let other = |path: &str, text: &str| {
            let language = Language::of(Path::new(path), "plaintext", text);
            assert_eq!(language, Language::Other, "{path} {text}");
        };
        // Of an ending that isn't one of these, JSON alone.
        let policy = Language::of(Path::new("/r/policy.txt"), "plaintext", JSON);
        assert_eq!(policy, Language::Policy(Format::Json));
        other("/r/policy.txt", YAML);
        other("/r/policy.txt", HCL);
        other("/r/log.jsonl", &format!("{JSON}\n{JSON}\n"));
        // Prose, code, and what holds no policy.
        other("/r/LICENSE", "This Statement: it says nothing.\n");
        other("/r/main", "function run() {\n  // Statement\n}\n");
        other("/r/settings", "{\"a\": 1}");
        other("/r/Dockerfile", "FROM scratch\n# Statement: none\n");
        other("Untitled-1", "");
    }
}
