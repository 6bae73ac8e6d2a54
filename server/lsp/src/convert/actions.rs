//! Code actions and the edits they make.

use std::collections::HashMap;

use leastwise_ide::{ActionId, ActionKind, ByteEdit, CodeAction};
use leastwise_syntax::Span;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types as lsp;

use super::diagnostics::SentDiagnostics;
use crate::analysis::DocumentAnalysis;
use crate::client::Client;
use crate::document::Snapshot;
use crate::limits::FIXED_FOR_A_MENU;
use crate::open::Stamp;

/// What a code action carries for `codeAction/resolve`.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActionData {
    pub(crate) uri: lsp::Uri,
    /// The state of the text that the action was offered for.
    pub(crate) stamp: Stamp,
    code: String,
    start: u32,
    end: u32,
    index: u32,
}

impl ActionData {
    fn new(id: ActionId, snapshot: &Snapshot) -> Self {
        Self {
            uri: snapshot.uri.clone(),
            stamp: snapshot.stamp,
            code: id.code,
            start: id.span.start,
            end: id.span.end,
            index: id.index,
        }
    }

    /// What the analysis calls the action.
    pub(crate) fn id(&self) -> ActionId {
        ActionId {
            code: self.code.clone(),
            span: Span::new(self.start, self.end),
            index: self.index,
        }
    }
}

/// Applies all safe fixes of a file, as editors may do on each save.
const FIX_ALL: lsp::CodeActionKind = lsp::CodeActionKind::new("source.fixAll.leastwise");

/// Ignores a finding: no fix, so that whoever asks for one by its kind doesn't hide what is wrong. Below `quickfix`, since editors look
/// for it there.
const IGNORE: lsp::CodeActionKind = lsp::CodeActionKind::new("quickfix.ignore.leastwise");

/// The kinds of actions that there are.
pub(crate) const KINDS: [lsp::CodeActionKind; 4] = [
    lsp::CodeActionKind::QUICKFIX,
    IGNORE,
    lsp::CodeActionKind::REFACTOR_REWRITE,
    FIX_ALL,
];

/// Whether any action could be of a kind in `only`.
pub(crate) fn may_offer(only: Option<&[lsp::CodeActionKind]>) -> bool {
    KINDS.iter().any(|kind| is_wanted(kind, only))
}

/// A wanted kind stands for all kinds below it: `refactor` for `refactor.rewrite`, the empty one for all.
fn is_wanted(kind: &lsp::CodeActionKind, only: Option<&[lsp::CodeActionKind]>) -> bool {
    let within = |wanted: &lsp::CodeActionKind| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        wanted.as_str().is_empty()
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(within))
}

/// The actions for the bytes `span`, with their edits where the client can't ask for these later.
pub(crate) fn ask_actions(
    analysis: &mut DocumentAnalysis,
    span: Span,
    context: &lsp::CodeActionContext,
    snapshot: &Snapshot,
    client: Client,
) -> lsp::CodeActionResponse {
    let only = context.only.as_deref();
    let is_of_place = KINDS
        .iter()
        .any(|kind| *kind != FIX_ALL && is_wanted(kind, only));
    let mut actions: Vec<(CodeAction, Option<Vec<ByteEdit>>)> = match client.resolves_actions {
        _ if !is_of_place => Vec::new(),
        true => {
            let actions = analysis.code_actions(span).into_iter();
            actions.map(|action| (action, None)).collect()
        }
        false => {
            let actions = analysis.code_actions_with_edits(span).into_iter();
            actions.map(|(action, of)| (action, Some(of))).collect()
        }
    };
    // It takes checks of the whole file: for who asks for it by name, as editors do when they save, and in the menu of a small one.
    let is_menu = context.trigger_kind == Some(lsp::CodeActionTriggerKind::INVOKED);
    let is_small = snapshot.rope.len_bytes() <= FIXED_FOR_A_MENU;
    if is_wanted(&FIX_ALL, only) && (only.is_some() || is_menu && is_small) {
        let all = analysis.fix_all();
        actions.extend(all.map(|(action, edits)| (action, Some(edits))));
    }
    let sent = SentDiagnostics::of(&context.diagnostics, snapshot);
    let mut offered = Vec::new();
    for (action, edits) in actions {
        let kind = kind(&action);
        if !is_wanted(&kind, only) {
            continue;
        }
        let edit = edits.map(|edits| workspace_edit(edits, snapshot, client));
        offered.push(convert(action, kind, edit, &sent, snapshot, client).into());
    }
    offered
}

fn kind(action: &CodeAction) -> lsp::CodeActionKind {
    match action.kind {
        ActionKind::Fix => lsp::CodeActionKind::QUICKFIX,
        ActionKind::FixAll => FIX_ALL,
        ActionKind::Ignore => IGNORE,
        ActionKind::Rewrite => lsp::CodeActionKind::REFACTOR_REWRITE,
    }
}

fn convert(
    action: CodeAction,
    kind: lsp::CodeActionKind,
    edit: Option<lsp::WorkspaceEdit>,
    sent: &SentDiagnostics<'_>,
    snapshot: &Snapshot,
    client: Client,
) -> lsp::CodeAction {
    let mended: Vec<_> = action.fixes.map_or_else(Vec::new, |(code, span)| {
        let range = client.encoding.range(&snapshot.rope, span);
        sent.about(code, span, range).cloned().collect()
    });
    let data = client
        .resolves_actions
        .then(|| serde_json::to_value(ActionData::new(action.id, snapshot)).ok());
    lsp::CodeAction {
        title: action.title,
        kind: Some(kind),
        diagnostics: (!mended.is_empty()).then_some(mended),
        edit,
        is_preferred: action.preferred.then_some(true),
        data: data.flatten(),
        ..lsp::CodeAction::default()
    }
}

/// Edits of one document, for the version that they were worked out for where the client checks that.
pub(crate) fn workspace_edit(
    edits: Vec<ByteEdit>,
    snapshot: &Snapshot,
    client: Client,
) -> lsp::WorkspaceEdit {
    let edits = edits.into_iter().map(|edit| {
        let range = client.encoding.range(&snapshot.rope, edit.span);
        lsp::TextEdit::new(range, edit.text)
    });
    if client.versioned_edits {
        let document = lsp::OptionalVersionedTextDocumentIdentifier::new(
            snapshot.uri.clone(),
            snapshot.version,
        );
        let edit = lsp::TextDocumentEdit {
            text_document: document,
            edits: edits.map(lsp::OneOf::Left).collect(),
        };
        lsp::WorkspaceEdit {
            document_changes: Some(lsp::DocumentChanges::Edits(vec![edit])),
            ..lsp::WorkspaceEdit::default()
        }
    } else {
        lsp::WorkspaceEdit::new(HashMap::from([(snapshot.uri.clone(), edits.collect())]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::snapshot;
    use serde_json::json;

    fn edits() -> Vec<ByteEdit> {
        vec![ByteEdit {
            span: Span::new(1, 3),
            text: "x".to_owned(),
        }]
    }

    #[test]
    fn edits_name_their_version_where_they_can() {
        let snapshot = snapshot("aé\n");
        let range =
            json!({"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}});
        let edit = json!({"range": range, "newText": "x"});
        let plain = workspace_edit(edits(), &snapshot, Client::default());
        assert_eq!(
            serde_json::to_value(plain).unwrap(),
            json!({"changes": {"file:///p/policy.json": [edit]}})
        );
        let client = Client {
            versioned_edits: true,
            ..Client::default()
        };
        let versioned = workspace_edit(edits(), &snapshot, client);
        let document = json!({"uri": "file:///p/policy.json", "version": 7});
        assert_eq!(
            serde_json::to_value(versioned).unwrap(),
            json!({"documentChanges": [{"textDocument": document, "edits": [edit]}]})
        );
    }

    #[test]
    fn only_what_is_wanted_is_offered() {
        let wanted = |only: &[&'static str]| {
            let only: Vec<_> = only
                .iter()
                .map(|&kind| lsp::CodeActionKind::new(kind))
                .collect();
            may_offer(Some(&only))
        };
        assert!(may_offer(None));
        assert!(wanted(&["quickfix"]));
        assert!(wanted(&["source", "refactor"]));
        assert!(wanted(&[""]));
        assert!(wanted(&["source.fixAll"]));
        assert!(wanted(&["source.fixAll.leastwise"]));
        assert!(!wanted(&["source.organizeImports"]));
        assert!(!wanted(&["quick"]));
        assert!(!wanted(&["quickfix.rewrite"]));
        assert!(!wanted(&[]));
    }

    #[test]
    fn an_action_finds_its_way_back() {
        let id = ActionId {
            code: "missing-version".to_owned(),
            span: Span::new(1, 3),
            index: 2,
        };
        let data = ActionData::new(id.clone(), &snapshot("aé\n"));
        let sent = serde_json::to_value(data).unwrap();
        let back: ActionData = serde_json::from_value(sent).unwrap();
        assert_eq!(back.id(), id);
        assert_eq!((back.stamp.instance, back.stamp.generation), (1, 2));
    }
}
