//! The handlers. Each does what must be in order before its first await, and leaves the work to the
//! analysis thread.

use std::sync::Arc;

use leastwise_syntax::Span;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;

use crate::analysis::DocumentAnalysis;
use crate::capabilities::{capabilities, registrations};
use crate::client::{Client, config_setting, patience_setting, rule_docs};
use crate::convert;
use crate::document::{Failure, OpenDocument, Snapshot, path_of};
use crate::language::CONFIG_FILE;
use crate::open::Stamp;
use crate::state::State;

/// One session with one client.
pub(crate) struct Backend {
    pub(crate) state: Arc<State>,
    pub(crate) editor: tower_lsp::Client,
}

impl Backend {
    fn document(&self, uri: &Uri) -> Result<Arc<OpenDocument>> {
        self.state.document(uri).ok_or_else(|| {
            Error::invalid_params(format!("The document {} is not open.", uri.as_str()))
        })
    }

    /// Puts `question` to the analysis of the document at `uri` as it is now. `None` where the document is
    /// in no language of the server's. A change of the text before the answer is there ends it with
    /// `ContentModified`; when the client cancels, the question is not asked any more.
    async fn ask<T: Send + 'static>(
        &self,
        uri: &Uri,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let document = self.document(uri)?;
        let stamp = document.stamp();
        self.ask_at(document, Some(stamp), question).await
    }

    /// With `stamp`, only about that state of the text; else about the text as it is when its turn comes.
    async fn ask_at<T: Send + 'static>(
        &self,
        document: Arc<OpenDocument>,
        stamp: Option<Stamp>,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        document.waiting.comes();
        let asked = Arc::clone(&document);
        self.answer(document, stamp, question, move || asked.waiting.goes())
            .await
    }

    /// As [`Backend::ask_at`], for what takes its time: nothing is given up for it.
    async fn ask_in_turn<T: Send + 'static>(
        &self,
        document: Arc<OpenDocument>,
        stamp: Stamp,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        self.answer(document, Some(stamp), question, || {}).await
    }

    /// The answer to a question. `begin` is called when its turn has come, whether or not anybody still wants to know.
    async fn answer<T: Send + 'static>(
        &self,
        document: Arc<OpenDocument>,
        stamp: Option<Stamp>,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T + Send + 'static,
        begin: impl FnOnce() + Send + 'static,
    ) -> Result<Option<T>> {
        let (answer, answered) = oneshot::channel();
        let state = Arc::clone(&self.state);
        self.state.queue.ask(Some(document.instance()), move || {
            begin();
            if !answer.is_closed() {
                let _ = answer.send(state.analyse(&document, stamp, question));
            }
        });
        match answered.await {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(Failure::NotOurs)) => Ok(None),
            Ok(Err(Failure::Changed)) => Err(Error::new(ErrorCode::ContentModified)),
            Ok(Err(Failure::Panicked(_))) | Err(_) => Err(Error::internal_error()),
        }
    }

    /// Has everything that depends on the config worked out again, and tells the client to ask again.
    async fn config_changed(&self) {
        self.state.tell_configs_again();
        self.state.gather();
        self.state.diagnose_all();
        let client = self.state.client();
        if client.pulls && client.refreshes_diagnostics {
            let _ = self.editor.workspace_diagnostic_refresh().await;
        }
        if client.refreshes_hints {
            let _ = self.editor.inlay_hint_refresh().await;
        }
    }

    /// Takes the client's settings over. Returns whether another config came into force.
    fn set_settings(&self, settings: &Value) -> bool {
        match patience_setting(settings) {
            Ok(patience) => self.state.set_patience(patience),
            Err(message) => self.state.log(MessageType::ERROR, message),
        }
        match config_setting(settings) {
            Ok(setting) => self.state.set_config(setting),
            Err(message) => {
                self.state.log(MessageType::ERROR, message);
                false
            }
        }
    }

    /// Asks the client for its settings. Returns whether another config came into force.
    async fn fetch_settings(&self) -> bool {
        let item = ConfigurationItem {
            scope_uri: None,
            section: Some("leastwise".to_owned()),
        };
        match self.editor.configuration(vec![item]).await.as_deref() {
            Ok([settings @ Value::Object(_)]) => self.set_settings(settings),
            // Nothing is set, or the client can't say: what it said at the start stays.
            _ => false,
        }
    }

    fn unknown(&self, what: &str, uri: &Uri) {
        self.state.log(
            MessageType::WARNING,
            format!(
                "{what} for {}, which isn't open, was ignored.",
                uri.as_str()
            ),
        );
    }

    /// Whether a change of the file at `uri` can change which config is in force.
    fn is_config(&self, uri: &Uri) -> bool {
        let path = uri.to_file_path();
        path.is_some_and(|path| {
            path.file_name().is_some_and(|name| name == CONFIG_FILE)
                || self.state.configs.is_named(&path)
        })
    }

    /// The same of what a client says of the disk: a folder comes and goes with its configs, which many don't name then.
    fn moves_config(&self, change: &FileEvent) -> bool {
        let path = || change.uri.to_file_path();
        self.is_config(&change.uri)
            || change.typ != FileChangeType::CHANGED
                && path().is_some_and(|path| self.state.configs.concern(&path))
    }

    /// Takes note of a change to the file at `uri` on disk.
    fn on_disk(&self, uri: &Uri) {
        if let Some(path) = uri.to_file_path() {
            self.state.changed_on_disk(&path);
        }
    }

    /// What findings about the document at `uri` rest on, for an editor's status line: the version of the server,
    /// the date of the catalog, and the path of the config in force (null where there is none).
    pub(crate) async fn status(&self, params: TextDocumentIdentifier) -> Result<Value> {
        let (answer, answered) = oneshot::channel();
        let state = Arc::clone(&self.state);
        // Looks for files, so it is not for the protocol's task.
        self.state.queue.ask(None, move || {
            let _ = answer.send(state.configs.path_for(&path_of(&params.uri)));
        });
        let config = answered.await.map_err(|_| Error::internal_error())?;
        Ok(serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "catalog": leastwise_catalog::catalog().date(),
            "config": config.map(|path| path.to_string_lossy().into_owned()),
        }))
    }

    /// The text of an open document on both sides, for tests.
    pub(crate) async fn text(&self, params: TextDocumentIdentifier) -> Result<Value> {
        let document = self.document(&params.uri)?;
        let (text, version) = document.current();
        let analysed = self.ask(&params.uri, |analysis, _| analysis.text().to_owned());
        let analysed = analysed.await?;
        Ok(serde_json::json!({"text": text, "version": version, "analysed": analysed}))
    }

    /// Makes the analysis of an open document panic, for tests.
    #[expect(clippy::panic, reason = "what becomes of a panic is what is tested")]
    pub(crate) async fn panic(&self, params: TextDocumentIdentifier) -> Result<Value> {
        let answer = self.ask(&params.uri, |_, _| panic!("a test asked for it"));
        answer.await.map(|_: Option<()>| Value::Null)
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = Client::new(&params);
        self.state.set_client(client);
        self.state.set_client_process(params.process_id);
        let folders = workspace_folders(&params);
        self.state.set_folders(|all| *all = folders);
        if let Some(options) = &params.initialization_options {
            self.set_settings(options);
            match rule_docs(options) {
                Ok(address) => self.state.set_rule_docs(address),
                Err(message) => self.state.log(MessageType::ERROR, message),
            }
        }
        Ok(InitializeResult {
            capabilities: capabilities(client),
            server_info: Some(ServerInfo {
                name: "leastwise".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let client = self.state.client();
        self.state.gather();
        let registrations = registrations(client);
        if !registrations.is_empty()
            && let Err(err) = self.editor.register_capability(registrations).await
        {
            let message = format!(
                "The editor doesn't report changes to {CONFIG_FILE} ({err}); they take effect after it is saved here."
            );
            self.state.log(MessageType::WARNING, message);
        }
        if client.configuration && self.fetch_settings().await {
            self.config_changed().await;
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.state.open(Arc::new(OpenDocument::new(
            params.text_document,
            &self.state.neighbours,
        )));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        match self.state.document(&uri) {
            Some(document) => {
                document.change(
                    self.state.client().encoding,
                    version,
                    params.content_changes,
                );
                self.state.diagnose_soon(&document);
                self.state.edited(&document);
            }
            None => self.unknown("A change", &uri),
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        if let Some(document) = self.state.document(&params.text_document.uri) {
            self.state.rest(&document, true);
        }
        // Not every client watches files.
        if self.is_config(&params.text_document.uri) {
            self.state.configs.invalidate();
            self.config_changed().await;
        } else {
            self.on_disk(&params.text_document.uri);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if !self.state.close(&params.text_document.uri) {
            self.unknown("A close", &params.text_document.uri);
        }
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        if params
            .changes
            .iter()
            .any(|change| self.moves_config(change))
        {
            self.state.configs.invalidate();
            self.config_changed().await;
        }
        for change in &params.changes {
            self.on_disk(&change.uri);
        }
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        // Clients that can be asked send nothing of use here.
        let changed = if self.state.client().configuration {
            self.fetch_settings().await
        } else {
            self.set_settings(&params.settings)
        };
        if changed {
            self.config_changed().await;
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: &[WorkspaceFolder]| -> Vec<_> {
            folders
                .iter()
                .filter_map(|folder| path(&folder.uri))
                .collect()
        };
        let (added, removed) = (paths(&params.event.added), paths(&params.event.removed));
        let changed = self.state.set_folders(|folders| {
            folders.retain(|folder| !removed.contains(folder));
            folders.extend(added);
        });
        self.state.let_go_of_configs(&removed);
        if changed {
            self.config_changed().await;
        } else {
            self.state.gather();
        }
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri;
        let document = self.document(&uri)?;
        let until = self.state.is_written_until(&document);
        let result_id = self.state.result_id(&document, until);
        if params.previous_result_id.as_ref() == Some(&result_id) {
            let unchanged = UnchangedDocumentDiagnosticReport { result_id };
            return Ok(DocumentDiagnosticReport::Unchanged(
                RelatedUnchangedDocumentDiagnosticReport {
                    related_documents: None,
                    unchanged_document_diagnostic_report: unchanged,
                },
            )
            .into());
        }
        let client = self.state.client();
        let state = Arc::clone(&self.state);
        let stamp = document.stamp();
        let items = loop {
            let (state, of) = (Arc::clone(&state), Arc::clone(&document));
            let told = self.ask_in_turn(Arc::clone(&document), stamp, move |analysis, snapshot| {
                let found = state.say(&of, until, analysis)?;
                let page_of = |rule: &str| state.page_of(rule, analysis);
                Some(convert::diagnostics(found, snapshot, client, &page_of))
            });
            match told.await.map_err(ask_again)? {
                // Behind those who wait for an answer.
                Some(None) => {}
                Some(Some(items)) => break items,
                None => break Vec::new(),
            }
        };
        let full = FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items,
        };
        Ok(
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: full,
            })
            .into(),
        )
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        let client = self.state.client();
        let document = self.document(&at.text_document.uri)?;
        // Whoever types on wants the list all the same: an editor narrows it by what was typed since, and does not ask again.
        let list = self.ask_at(document, None, move |analysis, snapshot| {
            let cursor = offset(at.position, snapshot, client);
            convert::completions(analysis.completions(cursor), cursor, snapshot, client)
        });
        Ok(list.await?.map(CompletionResponse::List))
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let client = self.state.client();
        let data = item.data.as_ref().map(convert::CompletionData::deserialize);
        let Some(Ok(data)) = data else {
            return Ok(item);
        };
        let (Some(document), Some(kind)) = (self.state.document(&data.uri), data.kind()) else {
            return Ok(item);
        };
        let label = item.label.clone();
        let docs = self.ask_at(document, None, move |analysis, _| {
            analysis.completion_docs(&label, kind)
        });
        let docs = docs.await?.flatten();
        Ok(convert::resolved(item, docs, client))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let client = self.state.client();
        let hover = self.ask(&at.text_document.uri, move |analysis, snapshot| {
            let hover = analysis.hover(offset(at.position, snapshot, client));
            hover.map(|hover| convert::hover(hover, snapshot, client))
        });
        Ok(hover.await?.flatten())
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let client = self.state.client();
        let uri = params.text_document.uri;
        if !client.action_literals || !convert::may_offer(params.context.only.as_deref()) {
            return self.document(&uri).map(|_| None);
        }
        let state = Arc::clone(&self.state);
        let document = self.document(&uri)?;
        let actions = self.ask(&uri, move |analysis, snapshot| {
            let span = span(params.range, snapshot, client);
            // Many editors ask wherever the cursor comes to, which tells that it is no longer where it wrote.
            if document.holds_back() && !analysis.is_written_at(span) {
                state.rest(&document, false);
            }
            convert::ask_actions(analysis, span, &params.context, snapshot, client)
        });
        actions.await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let client = self.state.client();
        let data = action.data.as_ref().map(convert::ActionData::deserialize);
        let Some(Ok(data)) = data else {
            return Err(Error::invalid_params(
                "The code action isn't from this server.",
            ));
        };
        let document = self.document(&data.uri)?;
        let edit = self.ask_at(document, Some(data.stamp), move |analysis, snapshot| {
            let edits = analysis.resolve_action(&data.id());
            edits.map(|edits| convert::workspace_edit(edits, snapshot, client))
        });
        match edit.await?.flatten() {
            Some(edit) => Ok(CodeAction {
                edit: Some(edit),
                ..action
            }),
            None => Err(Error::new(ErrorCode::ContentModified)),
        }
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let client = self.state.client();
        let found = self.ask(&at.text_document.uri, move |analysis, snapshot| {
            let found = analysis.definitions(offset(at.position, snapshot, client));
            convert::locations(found, snapshot, client)
        });
        Ok(found.await?.map(GotoDefinitionResponse::Array))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let at = params.text_document_position;
        let declarations = params.context.include_declaration;
        let client = self.state.client();
        let found = self.ask(&at.text_document.uri, move |analysis, snapshot| {
            let offset = offset(at.position, snapshot, client);
            let found = analysis.references(offset, declarations);
            convert::locations(found, snapshot, client)
        });
        found.await
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let client = self.state.client();
        let symbols = self.ask(&params.text_document.uri, move |analysis, snapshot| {
            convert::symbols(analysis.symbols(), snapshot, client)
        });
        Ok(symbols.await?.map(DocumentSymbolResponse::Nested))
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let client = self.state.client();
        let hints = self.ask(&params.text_document.uri, move |analysis, snapshot| {
            let span = span(params.range, snapshot, client);
            convert::hints(analysis.hints(span), snapshot, client)
        });
        hints.await
    }
}

fn offset(position: Position, snapshot: &Snapshot, client: Client) -> u32 {
    let offset = client.encoding.offset(&snapshot.rope, position);
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn span(range: Range, snapshot: &Snapshot, client: Client) -> Span {
    client.encoding.span(&snapshot.rope, range)
}

/// A pull of diagnostics that an edit overtook is to be made again, which `ContentModified` does not say.
fn ask_again(err: Error) -> Error {
    const SERVER_CANCELLED: i64 = -32802;
    if err.code != ErrorCode::ContentModified {
        return err;
    }
    Error {
        code: ErrorCode::ServerError(SERVER_CANCELLED),
        message: "The text has changed.".into(),
        data: serde_json::to_value(DiagnosticServerCancellationData::default()).ok(),
    }
}

fn path(uri: &Uri) -> Option<std::path::PathBuf> {
    uri.to_file_path().map(std::borrow::Cow::into_owned)
}

fn workspace_folders(params: &InitializeParams) -> Vec<std::path::PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        return folders
            .iter()
            .filter_map(|folder| path(&folder.uri))
            .collect();
    }
    #[expect(deprecated, reason = "older clients know nothing else")]
    let root = params.root_uri.as_ref();
    root.and_then(path).into_iter().collect()
}
