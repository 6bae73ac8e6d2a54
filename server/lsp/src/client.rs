//! What the client can do, read once from its `initialize` request.

use leastwise_model::config::page::{NoPage, page};
use serde_json::Value;
use tower_lsp::ls_types::{ClientCapabilities, InitializeParams, MarkupKind};

use crate::position::Encoding;

/// What the client can do, as far as it changes what the server sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Client {
    /// How columns are counted.
    pub(crate) encoding: Encoding,
    /// Whether it asks for diagnostics. Then none are pushed: it would show each twice.
    pub(crate) pulls: bool,
    /// Whether it can be told to ask for diagnostics again.
    pub(crate) refreshes_diagnostics: bool,
    /// Whether it can be told to ask for inlay hints again.
    pub(crate) refreshes_hints: bool,
    /// Whether a diagnostic may point to other places.
    pub(crate) related: bool,
    /// Whether a diagnostic may be marked as unnecessary code.
    pub(crate) tags: bool,
    /// Whether it gives the `data` of a diagnostic back with a code action request.
    pub(crate) diagnostic_data: bool,
    /// Whether a diagnostic may link to a page about its rule.
    pub(crate) rule_links: bool,
    /// Whether published diagnostics may name the version they are for.
    pub(crate) versions: bool,
    /// Whether code actions may be more than commands.
    pub(crate) action_literals: bool,
    /// Whether the edits of a code action may be left for `codeAction/resolve`.
    pub(crate) resolves_actions: bool,
    /// Whether edits may name the version of the document they are for.
    pub(crate) versioned_edits: bool,
    /// Whether a completion may have one range to insert at and another to replace.
    pub(crate) insert_replace: bool,
    /// Whether a completion may have places to fill in, and say where the cursor stands afterwards.
    pub(crate) snippets: bool,
    /// Whether a completion item has room for details beside its label.
    pub(crate) label_details: bool,
    /// Whether the documentation of a completion may be Markdown.
    pub(crate) completion_markdown: bool,
    /// Whether a hover may be Markdown.
    pub(crate) hover_markdown: bool,
    /// Whether the outline of a document may be a tree.
    pub(crate) outlines: bool,
    /// Whether files can be watched by dynamic registration.
    pub(crate) watches: bool,
    /// Whether changed settings have to be registered for.
    pub(crate) registers_configuration: bool,
    /// Whether it can be asked for its settings.
    pub(crate) configuration: bool,
    /// Whether the command `editor.action.triggerSuggest` exists: in VS Code and what is built on it.
    pub(crate) suggests_again: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(crate) fn new(params: &InitializeParams) -> Self {
        let name = params.client_info.as_ref().map(|info| info.name.as_str());
        Self {
            suggests_again: name.is_some_and(is_vs_code),
            ..Self::from_capabilities(&params.capabilities)
        }
    }

    fn from_capabilities(all: &ClientCapabilities) -> Self {
        let yes = |flag: Option<bool>| flag == Some(true);
        let workspace = all.workspace.clone().unwrap_or_default();
        let document = all.text_document.clone().unwrap_or_default();
        let publish = document.publish_diagnostics.unwrap_or_default();
        let pulls = document.diagnostic.is_some();
        let pull = document.diagnostic.unwrap_or_default();
        let action = document.code_action.unwrap_or_default();
        let item = document.completion.unwrap_or_default().completion_item;
        let item = item.unwrap_or_default();
        let encodings = all
            .general
            .as_ref()
            .and_then(|general| general.position_encodings.as_deref());
        Self {
            encoding: Encoding::negotiate(encodings.unwrap_or_default()),
            pulls,
            refreshes_diagnostics: yes(workspace.diagnostics.and_then(|it| it.refresh_support)),
            refreshes_hints: yes(workspace.inlay_hint.and_then(|it| it.refresh_support)),
            // Clients that pull often name these only where they name them for pushed diagnostics.
            related: yes(pull.related_information) || yes(publish.related_information),
            tags: pull.tag_support.is_some() || publish.tag_support.is_some(),
            diagnostic_data: yes(pull.data_support) || yes(publish.data_support),
            rule_links: yes(pull.code_description_support) || yes(publish.code_description_support),
            versions: yes(publish.version_support),
            action_literals: action.code_action_literal_support.is_some(),
            resolves_actions: yes(action.data_support)
                && action
                    .resolve_support
                    .is_some_and(|it| it.properties.iter().any(|property| property == "edit")),
            versioned_edits: yes(workspace.workspace_edit.and_then(|it| it.document_changes)),
            insert_replace: yes(item.insert_replace_support),
            snippets: yes(item.snippet_support),
            label_details: yes(item.label_details_support),
            completion_markdown: takes_markdown(item.documentation_format),
            hover_markdown: takes_markdown(document.hover.and_then(|it| it.content_format)),
            outlines: yes(document
                .document_symbol
                .and_then(|it| it.hierarchical_document_symbol_support)),
            watches: yes(workspace
                .did_change_watched_files
                .and_then(|it| it.dynamic_registration)),
            registers_configuration: yes(workspace
                .did_change_configuration
                .and_then(|it| it.dynamic_registration)),
            configuration: yes(workspace.configuration),
            suggests_again: false,
        }
    }
}

/// A client that says nothing gets plain text, as the protocol has it.
fn takes_markdown(formats: Option<Vec<MarkupKind>>) -> bool {
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}

fn is_vs_code(name: &str) -> bool {
    [
        "Visual Studio Code",
        "VSCodium",
        "Code - OSS",
        "code-server",
        "Cursor",
        "Windsurf",
    ]
    .iter()
    .any(|known| name.starts_with(known))
}

/// The path of the config in a client's settings: `{"leastwise": {"config": "…"}}`, or without the outer
/// object, as `initializationOptions` and `workspace/configuration` have it. `Err` says what is wrong.
pub(crate) fn config_setting(settings: &Value) -> Result<Option<String>, String> {
    let own = settings.get("leastwise").unwrap_or(settings);
    match own.get("config") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(path)) if path.is_empty() => Ok(None),
        Some(Value::String(path)) => Ok(Some(path.clone())),
        Some(other) => Err(format!(
            "The setting `leastwise.config` must be the path of a config file, not {other}."
        )),
    }
}

/// The address of the rules' documentation as the client shows it by itself, with `{rule}` where the id of a rule goes:
/// `{"ruleDocs": "…"}` in `initializationOptions`. It is held to what configs may say, but that a client may have a scheme of its
/// own, which is called after the program. `Err` says what is wrong.
pub(crate) fn rule_docs(options: &Value) -> Result<Option<String>, String> {
    let wrong = |given: &Value| {
        Err(format!(
            "The option `ruleDocs` must be an address of the web in plain characters, or one whose scheme begins with `leastwise`, not {given}. What configs say of `docs` holds."
        ))
    };
    match options.get("ruleDocs") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(address)) if address.is_empty() => Ok(None),
        Some(given @ Value::String(address)) => {
            match page(address, |scheme| scheme.starts_with("leastwise")) {
                Ok(()) => Ok(Some(address.clone())),
                Err(NoPage::TooLong(most)) => Err(format!(
                    "The option `ruleDocs` has more than {most} bytes. What configs say of `docs` holds."
                )),
                Err(NoPage::Unlike) => wrong(given),
            }
        }
        Some(given) => wrong(given),
    }
}

/// How many milliseconds nothing must have been written before all is said, found as [`config_setting`]; 0 and `false` hold nothing
/// back.
pub(crate) fn patience_setting(settings: &Value) -> Result<Option<u64>, String> {
    let own = settings.get("leastwise").unwrap_or(settings);
    match own.get("patience") {
        None | Some(Value::Null | Value::Bool(true)) => Ok(None),
        Some(Value::Bool(false)) => Ok(Some(0)),
        Some(other) => match other.as_u64() {
            Some(milliseconds) => Ok(Some(milliseconds)),
            None => Err(format!(
                "The setting `leastwise.patience` must be a number of milliseconds, not {other}."
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn client(capabilities: Value) -> Client {
        let params = json!({ "capabilities": capabilities });
        Client::new(&serde_json::from_value(params).unwrap())
    }

    #[test]
    fn a_client_that_says_nothing_gets_the_least() {
        assert_eq!(client(json!({})), Client::default());
    }

    #[test]
    fn pulling_is_what_the_client_says() {
        assert!(client(json!({"textDocument": {"diagnostic": {}}})).pulls);
        assert!(!client(json!({"textDocument": {"publishDiagnostics": {}}})).pulls);
    }

    #[test]
    fn edits_are_lazy_only_where_they_can_be_resolved() {
        let lazy = |properties: Value| {
            client(json!({"textDocument": {"codeAction": {
                "dataSupport": true, "resolveSupport": {"properties": properties}
            }}}))
            .resolves_actions
        };
        assert!(lazy(json!(["edit"])));
        assert!(!lazy(json!(["command"])));
    }

    #[test]
    fn the_config_setting_is_found_in_either_shape() {
        let path = || Ok(Some("a/leastwise.toml".to_owned()));
        assert_eq!(
            config_setting(&json!({"leastwise": {"config": "a/leastwise.toml"}})),
            path()
        );
        assert_eq!(
            config_setting(&json!({"config": "a/leastwise.toml"})),
            path()
        );
        assert_eq!(
            config_setting(&json!({"leastwise": {"config": ""}})),
            Ok(None)
        );
        assert_eq!(config_setting(&json!(null)), Ok(None));
        assert!(config_setting(&json!({"config": 5})).is_err());
    }

    #[test]
    fn patience_is_a_number_or_off() {
        for (settings, expected) in [
            (json!({}), Some(None)),
            (json!(null), Some(None)),
            (json!({"patience": null}), Some(None)),
            (json!({"patience": true}), Some(None)),
            (json!({"patience": false}), Some(Some(0))),
            (json!({"leastwise": {"patience": 0}}), Some(Some(0))),
            (json!({"patience": 1500}), Some(Some(1500))),
            (json!({"patience": -1}), None),
            (json!({"patience": "long"}), None),
        ] {
            let read = patience_setting(&settings).ok();
            assert_eq!(read, expected, "{settings}");
        }
    }
}
