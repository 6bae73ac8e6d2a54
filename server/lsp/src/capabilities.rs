//! What the server says it can do, and what it registers for later.

use serde_json::json;
use tower_lsp::ls_types::*;

use crate::client::Client;
use crate::convert::KINDS;
use crate::language::CONFIG_FILE;

/// Where completion is asked for without being invoked: the parts of actions and ARNs, wildcards,
/// variables, and the quotes that begin a string.
const COMPLETION_TRIGGERS: [&str; 9] = [":", "*", "$", "{", "\"", "'", "/", ".", "!"];

/// The capabilities for `client`.
pub(crate) fn capabilities(client: Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::Supported(true)),
                ..TextDocumentSyncOptions::default()
            },
        )),
        hover_provider: Some(true.into()),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(COMPLETION_TRIGGERS.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        code_action_provider: client.action_literals.then(|| {
            CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(KINDS.to_vec()),
                resolve_provider: Some(client.resolves_actions),
                ..CodeActionOptions::default()
            })
        }),
        document_symbol_provider: client.outlines.then_some(OneOf::Left(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        inlay_hint_provider: Some(OneOf::Left(true)),
        // A client that pulls is not pushed to, and the other way round.
        diagnostic_provider: client.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("leastwise".to_owned()),
                // A service or a module stands in several files.
                inter_file_dependencies: true,
                ..DiagnosticOptions::default()
            })
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

/// `WatchKind.Delete`
const DELETIONS: u8 = 4;

/// What is registered once the client is ready.
pub(crate) fn registrations(client: Client) -> Vec<Registration> {
    let mut all = Vec::new();
    if client.watches {
        let pattern = format!("**/{CONFIG_FILE}");
        // What others may refer to: services, modules and nested templates stand in several files.
        let others = "**/*.{yml,yaml,json,jsonc,template,tf,tfvars,tofu}";
        all.push(Registration {
            id: "leastwise-config-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({"watchers": [
                {"globPattern": pattern},
                {"globPattern": others},
                // Of a folder that is gone, many clients tell the folder alone, and that by no file's pattern.
                {"globPattern": "**", "kind": DELETIONS},
            ]})),
        });
    }
    if client.registers_configuration {
        all.push(Registration {
            id: "leastwise-settings".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(json!({"section": "leastwise"})),
        });
    }
    all
}
