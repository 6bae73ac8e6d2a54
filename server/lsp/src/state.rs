//! What the handlers, the analysis thread and the sender of messages share.

use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use leastwise_ide::{Diagnostic as Found, Moment};
use leastwise_model::files::Files;
use leastwise_rules::RULES;
use leastwise_workspace::analysis::index::Index;
use leastwise_workspace::configs::{Configs, InForce, Verdict};
use leastwise_workspace::load::CannotRead;
use serde::{Serialize, Serializer};
use tokio::sync::{mpsc, watch};
use tower_lsp::ls_types::{MessageType, Uri};

use crate::analysis::DocumentAnalysis;
use crate::client::Client;
use crate::convert;
use crate::document::{Failure, OpenDocument, Snapshot};
use crate::framing::encode;
use crate::gathering::{Gathering, Session};
use crate::neighbours::Neighbours;
use crate::open::{Open, Stamp};
use crate::worker::Queue;

/// How long somebody must have written nothing before all is said, where the client doesn't say.
const PATIENCE: Duration = Duration::from_secs(1);

/// A message that the server sends of its own accord.
pub(crate) enum Outgoing {
    /// Diagnostics, as a frame ready to be written, if `stamp` still names the document's text when their turn comes.
    Diagnostics {
        document: Arc<OpenDocument>,
        stamp: Stamp,
        frame: Vec<u8>,
    },
    /// No more diagnostics for a document that was closed.
    Clear(Uri),
    /// The editor should ask for diagnostics again, though its documents are as they were.
    Refresh,
    /// A frame, as it is.
    Frame(Vec<u8>),
    /// Something that the user should see.
    Show(MessageType, String),
    /// A line for the editor's log.
    Log(MessageType, String),
}

/// The frame of a `textDocument/publishDiagnostics`. Written here, on the analysis thread, since for thousands
/// of diagnostics it takes longer than the protocol's task should be held up; each is written as it comes, and gone then.
pub(crate) fn publication(
    uri: Uri,
    items: impl IntoIterator<Item = impl Serialize>,
    version: Option<i32>,
) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(bound = "")]
    struct Notification<I: Iterator<Item: Serialize>> {
        jsonrpc: &'static str,
        method: &'static str,
        params: Params<I>,
    }
    #[derive(Serialize)]
    #[serde(bound = "")]
    struct Params<I: Iterator<Item: Serialize>> {
        uri: Uri,
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<i32>,
        #[serde(serialize_with = "one_by_one")]
        diagnostics: Cell<Option<I>>,
    }
    fn one_by_one<I: Iterator<Item: Serialize>, S: Serializer>(
        items: &Cell<Option<I>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(items.take().into_iter().flatten())
    }
    let notification = Notification {
        jsonrpc: "2.0",
        method: "textDocument/publishDiagnostics",
        params: Params {
            uri,
            version,
            diagnostics: Cell::new(Some(items.into_iter())),
        },
    };
    // Nothing in it can fail to be written as JSON.
    encode(&notification).unwrap_or_default()
}

/// What all parts of one session share.
pub(crate) struct State {
    documents: DashMap<Uri, Arc<OpenDocument>>,
    client: OnceLock<Client>,
    /// The address of the rules' documentation where the client shows it by itself: see [`rule_docs`](crate::client::rule_docs).
    rule_docs: OnceLock<String>,
    pub(crate) configs: Configs,
    /// The files around the documents.
    pub(crate) neighbours: Arc<Neighbours>,
    gathering: Gathering,
    pub(crate) queue: Arc<Queue>,
    outbox: mpsc::UnboundedSender<Outgoing>,
    place: Mutex<Place>,
    /// What was said last of each config that isn't as it should be.
    told: Mutex<HashMap<PathBuf, Vec<String>>>,
    client_process: watch::Sender<Option<u32>>,
    /// How long somebody must have written nothing before all is said.
    patience: Mutex<Duration>,
    /// Tells the result ids of this session from those of an earlier one, which a client may still hold.
    session: u64,
}

/// What the path of the config in the settings is relative to.
#[derive(Default)]
struct Place {
    folders: Vec<PathBuf>,
    setting: Option<String>,
}

impl State {
    pub(crate) fn new(outbox: mpsc::UnboundedSender<Outgoing>) -> Self {
        use std::hash::{BuildHasher, RandomState};
        Self {
            documents: DashMap::new(),
            client: OnceLock::new(),
            rule_docs: OnceLock::new(),
            configs: Configs::new(RULES.iter().map(|rule| rule.id).collect()),
            neighbours: Arc::default(),
            gathering: Gathering::default(),
            queue: Arc::default(),
            outbox,
            place: Mutex::default(),
            told: Mutex::default(),
            client_process: watch::Sender::new(None),
            patience: Mutex::new(PATIENCE),
            session: RandomState::new().hash_one(0),
        }
    }

    /// Has findings lead to documentation that the client shows by itself.
    pub(crate) fn set_rule_docs(&self, address: Option<String>) {
        if let Some(address) = address {
            let _ = self.rule_docs.set(address);
        }
    }

    /// The address of a rule's documentation: where the client shows it, else where the config of a document says.
    pub(crate) fn page_of(&self, rule: &str, analysis: &DocumentAnalysis) -> Option<String> {
        match self.rule_docs.get() {
            Some(address) => Some(address.replace("{rule}", rule)),
            None => analysis.page_of(rule),
        }
    }

    /// What the client can do; the least before it has said so.
    pub(crate) fn client(&self) -> Client {
        self.client.get().copied().unwrap_or_default()
    }

    /// Keeps what the client can do. Only the first call counts, as `initialize` comes once.
    pub(crate) fn set_client(&self, client: Client) {
        let _ = self.client.set(client);
    }

    /// Says which process the client is.
    pub(crate) fn set_client_process(&self, pid: Option<u32>) {
        self.client_process.send_if_modified(|known| {
            let is_news = pid.is_some() && *known != pid;
            if is_news {
                *known = pid;
            }
            is_news
        });
    }

    /// Which process the client is, once that is known.
    pub(crate) fn client_process(&self) -> watch::Receiver<Option<u32>> {
        self.client_process.subscribe()
    }

    /// The open document at `uri`.
    pub(crate) fn document(&self, uri: &Uri) -> Option<Arc<OpenDocument>> {
        self.documents
            .get(uri)
            .map(|document| Arc::clone(&document))
    }

    /// Keeps a document that was opened. One that is open already is replaced.
    pub(crate) fn open(&self, document: Arc<OpenDocument>) {
        let earlier = self
            .documents
            .insert(document.uri.clone(), Arc::clone(&document));
        if let Some(earlier) = earlier {
            earlier.close();
            self.log(
                MessageType::WARNING,
                format!(
                    "{} was opened twice; the newer text is used.",
                    document.uri.as_str()
                ),
            );
        }
        let open: Arc<dyn Open> = document.clone();
        self.neighbours
            .opened(&document.path, Arc::downgrade(&open));
        if document.is_config() && self.client().pulls {
            // What was pushed while it was closed would stand beside what is pulled.
            self.send(Outgoing::Clear(document.uri.clone()));
        }
        self.diagnose(&document);
        self.touched(&document.path);
        self.gathering.edited(&document.path);
    }

    /// Has the documents diagnosed again whose analysis has looked at the file at `path`, which has changed.
    pub(crate) fn touched(&self, path: &Path) {
        let others: Vec<_> = self
            .documents
            .iter()
            .filter(|entry| entry.path != path && entry.neighbours.touched(path))
            .map(|entry| Arc::clone(&entry))
            .collect();
        self.diagnose_again(&others);
    }

    /// Has the index of the workspace read from disk.
    pub(crate) fn gather(self: &Arc<Self>) {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        self.gathering.folders(self, place.folders.clone());
    }

    /// Takes note of a change on disk.
    pub(crate) fn changed_on_disk(&self, path: &Path) {
        self.neighbours.changed(path);
        self.touched(path);
        self.gathering.changed(path);
    }

    /// Takes note of a change in the editor.
    pub(crate) fn edited(&self, document: &OpenDocument) {
        self.touched(&document.path);
        self.gathering.edited(&document.path);
    }

    /// Has documents diagnosed that did not change themselves.
    fn diagnose_again(&self, documents: &[Arc<OpenDocument>]) {
        let client = self.client();
        if client.pulls && client.refreshes_diagnostics && !documents.is_empty() {
            self.send(Outgoing::Refresh);
        }
        for document in documents {
            self.diagnose(document);
        }
    }

    /// Drops a document. Returns whether it was open.
    pub(crate) fn close(self: &Arc<Self>, uri: &Uri) -> bool {
        let Some((uri, document)) = self.documents.remove(uri) else {
            return false;
        };
        document.close();
        self.queue.forget(&document);
        self.neighbours.closed(&document.path);
        self.touched(&document.path);
        self.gathering.changed(&document.path);
        if !self.client().pulls {
            self.send(Outgoing::Clear(uri));
        }
        if document.is_config() {
            // What it says now counts from the disk.
            self.configs.invalidate();
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.insert(document.path.clone(), Vec::new());
            drop(told);
            self.tell_configs_again();
        }
        true
    }

    /// Has the diagnostics of `document` published, unless the client asks for them itself.
    pub(crate) fn diagnose(&self, document: &Arc<OpenDocument>) {
        if !self.client().pulls {
            self.queue.diagnose(document);
        }
    }

    /// As [`State::diagnose`], for a document that was just edited.
    pub(crate) fn diagnose_soon(&self, document: &Arc<OpenDocument>) {
        if !self.client().pulls {
            self.queue.diagnose_soon(document);
        }
    }

    /// Has the diagnostics of all documents published, as [`State::diagnose`].
    pub(crate) fn diagnose_all(&self) {
        let all: Vec<_> = self
            .documents
            .iter()
            .map(|entry| Arc::clone(&entry))
            .collect();
        for document in all {
            self.diagnose(&document);
        }
    }

    /// Works out diagnostics and sends them. Runs on the analysis thread.
    pub(crate) fn publish(&self, document: &Arc<OpenDocument>) {
        let client = self.client();
        let until = self.is_written_until(document);
        if client.pulls {
            match until {
                Some(until) => self.queue.diagnose_at(document, until),
                None => self.send(Outgoing::Refresh),
            }
            return;
        }
        let moment = self.moment(document, until);
        let items = document.diagnose(&self.configs, moment, |analysis, snapshot| {
            let found = self.say(document, until, analysis)?;
            let page_of = |rule: &str| self.page_of(rule, analysis);
            let items = convert::each_diagnostic(found, snapshot, client, &page_of);
            let version = client.versions.then_some(snapshot.version);
            Some((
                publication(document.uri.clone(), items, version),
                snapshot.stamp,
            ))
        });
        self.tell_configs();
        match items {
            Some(Ok(None)) => self.queue.diagnose_soon(document),
            Some(Ok(Some((frame, stamp)))) => self.send(Outgoing::Diagnostics {
                document: Arc::clone(document),
                stamp,
                frame,
            }),
            Some(Err(failure)) => self.log_failure(document, &failure),
            None => {}
        }
    }

    /// Until when somebody counts as writing in a document; `None` where nobody does.
    pub(crate) fn is_written_until(&self, document: &OpenDocument) -> Option<Instant> {
        let client = self.client();
        if client.pulls && !client.refreshes_diagnostics {
            // It wouldn't ask for what is held back.
            return None;
        }
        let until = document.written()?.checked_add(self.patience())?;
        (Instant::now() < until).then_some(until)
    }

    /// When a document is spoken of in which somebody counts as writing until an instant, if anybody does.
    fn moment(&self, document: &OpenDocument, until: Option<Instant>) -> Moment {
        match until {
            Some(_) => Moment::Writing,
            // Without patience nothing is held back, broken text or not.
            None if document.is_saved() || self.patience().is_zero() => Moment::Saved,
            None => Moment::Pause,
        }
    }

    fn patience(&self) -> Duration {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is said of a document now, with the rest due when nobody is writing in it any more. `None` where that is given up for
    /// somebody who waits for something else.
    pub(crate) fn say(
        &self,
        document: &Arc<OpenDocument>,
        until: Option<Instant>,
        analysis: &mut DocumentAnalysis,
    ) -> Option<Vec<Found>> {
        let moment = self.moment(document, until);
        let said = analysis.diagnostics(moment, document.diagnosed_unless());
        document.was_given_up(said.is_none());
        let said = said?;
        let until = until.filter(|_| analysis.holds_back());
        document.hold_back(until.is_some(), analysis.awaits_save());
        // Whoever wrote may have been done before this was said.
        let is_done = until.is_some() && document.written().is_none();
        let is_late = moment == Moment::Pause && analysis.awaits_save() && document.is_saved();
        match until {
            _ if is_done || is_late => self.queue.diagnose(document),
            Some(until) => self.queue.diagnose_at(document, until),
            None => self.queue.forget(document),
        }
        self.tell_cut_off(document, analysis);
        Some(said)
    }

    /// Nobody writes in a document any more: it is saved, or the cursor is elsewhere.
    pub(crate) fn rest(&self, document: &Arc<OpenDocument>, is_saved: bool) {
        if document.rest(is_saved) {
            self.queue.forget(document);
            self.queue.diagnose(document);
        }
    }

    /// Sets how long somebody must have written nothing before all is said.
    pub(crate) fn set_patience(&self, milliseconds: Option<u64>) {
        let mut patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
        *patience = milliseconds.map_or(PATIENCE, Duration::from_millis);
    }

    /// Says once of a document that not all of it is checked, as the program does.
    pub(crate) fn tell_cut_off(&self, document: &OpenDocument, analysis: &DocumentAnalysis) {
        if let Some(message) = analysis.cut_off()
            && !document.told_cut_off.swap(true, Ordering::Relaxed)
        {
            let path = document.path.display();
            self.log(MessageType::WARNING, format!("{path}: {message}"));
        }
    }

    /// [`OpenDocument::analyse`], with a panic written to the editor's log.
    pub(crate) fn analyse<T>(
        &self,
        document: &OpenDocument,
        asked_at: Option<Stamp>,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T,
    ) -> Result<T, Failure> {
        let answer = document.analyse(&self.configs, asked_at, question);
        self.tell_configs();
        if let Err(failure) = &answer {
            self.log_failure(document, failure);
        }
        answer
    }

    /// Tells of the configs that were read since it was last asked what is wrong with them, as the program does. What is open in
    /// the editor tells of itself.
    pub(crate) fn tell_configs(&self) {
        for verdict in self.configs.verdicts() {
            let path = verdict.path.clone();
            let path = path.as_path();
            let said = said(&verdict);
            let before = {
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                match said.is_empty() {
                    true => told.remove(path),
                    false => told.insert(path.to_owned(), said.clone()),
                }
            };
            let is_open = self.is_open_config(path);
            if is_open || said.is_empty() && before.is_none() {
                continue;
            }
            let problems = verdict.problems.len();
            if let Some(uri) = Uri::from_file_path(path) {
                let items = convert::config(verdict, &uri, self.client());
                self.send(Outgoing::Frame(publication(uri, items, None)));
            }
            if let Some(first) = said.first().filter(|_| before.as_ref() != Some(&said)) {
                let more = match problems.saturating_sub(1) {
                    0 => String::new(),
                    1 => " (and one more problem)".to_owned(),
                    more => format!(" (and {more} more problems)"),
                };
                let message = format!("{first}{more}");
                self.send(Outgoing::Show(MessageType::ERROR, message));
            }
        }
    }

    /// Has the configs read again that something was wrong with: nobody may ask for them any more.
    pub(crate) fn tell_configs_again(self: &Arc<Self>) {
        let state = Arc::clone(self);
        self.queue.ask(None, move || {
            let told = state.told.lock().unwrap_or_else(PoisonError::into_inner);
            let paths: Vec<_> = told.keys().cloned().collect();
            drop(told);
            for path in paths {
                state.configs.read_again(&path);
            }
            state.tell_configs();
        });
    }

    /// Tells no more of the configs of folders that have left the workspace, but for those of what is open.
    pub(crate) fn let_go_of_configs(self: &Arc<Self>, removed: &[PathBuf]) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let paths: Vec<_> = told.keys().cloned().collect();
        drop(told);
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = |path: &Path| {
            let lies_in =
                |folders: &[PathBuf]| folders.iter().any(|folder| path.starts_with(folder));
            let folder = path.parent().unwrap_or(path);
            let mut open = self.documents.iter();
            lies_in(removed)
                && !lies_in(&place.folders)
                && !open.any(|document| document.path.starts_with(folder))
        };
        let left = paths.into_iter().filter(|path| is_left(path));
        left.for_each(|path| self.configs.let_go(&path));
        drop(place);
        self.tell_configs();
    }

    fn is_open_config(&self, path: &Path) -> bool {
        let mut documents = self.documents.iter();
        documents.any(|document| document.path == path && document.is_config())
    }

    /// Only a panic is worth a line.
    fn log_failure(&self, document: &OpenDocument, failure: &Failure) {
        if let Failure::Panicked(message) = failure {
            self.log(
                MessageType::ERROR,
                format!(
                    "The analysis of {} failed: {message}. This is a bug in leastwise; please report it. The next request starts over.",
                    document.uri.as_str()
                ),
            );
        }
    }

    /// Names the diagnostics of one state of a document under one state of the configs.
    pub(crate) fn result_id(&self, document: &OpenDocument, until: Option<Instant>) -> String {
        let moment = self.moment(document, until);
        let Stamp {
            instance,
            generation,
        } = document.stamp();
        let config = self.configs.generation();
        let neighbours = document.neighbours.stamp();
        format!(
            "{:x}-{instance}-{generation}-{config}-{neighbours}-{moment:?}",
            self.session
        )
    }

    /// Changes the workspace folders: `change` gets the list of their paths. Returns whether another
    /// config came into force.
    pub(crate) fn set_folders(&self, change: impl FnOnce(&mut Vec<PathBuf>)) -> bool {
        self.replace(|place| change(&mut place.folders))
    }

    /// Sets the config that the user's settings name, `None` for the nearest of each document. Returns
    /// whether another config came into force.
    pub(crate) fn set_config(&self, setting: Option<String>) -> bool {
        self.replace(|place| place.setting = setting)
    }

    fn replace(&self, change: impl FnOnce(&mut Place)) -> bool {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut place);
        self.neighbours.set_roots(place.folders.clone());
        let path = place
            .setting
            .as_deref()
            .map(|setting| match place.folders.first() {
                Some(folder) => folder.join(setting),
                None => PathBuf::from(setting),
            });
        self.configs.name(path)
    }

    /// Writes a line to the editor's log.
    pub(crate) fn log(&self, typ: MessageType, message: impl Into<String>) {
        self.send(Outgoing::Log(typ, message.into()));
    }

    fn send(&self, message: Outgoing) {
        // Fails only when the session is over.
        let _ = self.outbox.send(message);
    }
}

/// What is wrong with a config, the first of it at least.
fn said(verdict: &Verdict) -> Vec<String> {
    match &verdict.unread {
        Some(CannotRead { path, error }) => vec![format!(
            "The config {} can't be read ({error}), so the defaults are used.",
            path.display()
        )],
        None => verdict.lines(),
    }
}

impl Session for State {
    fn config_for(&self, path: &Path) -> InForce {
        self.configs.config_for(path)
    }

    fn open_paths(&self) -> Vec<PathBuf> {
        let paths = self.documents.iter().map(|entry| entry.path.clone());
        paths.collect()
    }

    fn open_text(&self, path: &Path) -> Option<String> {
        self.neighbours.open_text(path)
    }

    fn tell_configs(&self) {
        State::tell_configs(self);
    }

    fn warn(&self, message: String) {
        self.log(MessageType::WARNING, message);
    }

    fn set_index(&self, index: Arc<Index>) {
        self.neighbours.set_index(index);
        let others: Vec<_> = self
            .documents
            .iter()
            .filter(|entry| entry.neighbours.reindexed() || entry.is_busy())
            .map(|entry| Arc::clone(&entry))
            .collect();
        self.diagnose_again(&others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::ls_types::TextDocumentItem;

    const POLICY: &str =
        r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}"#;

    #[test]
    fn diagnostics_are_given_up_for_who_waits_and_come_afterwards() {
        let (outbox, mut sent) = mpsc::unbounded_channel();
        let state = State::new(outbox);
        let uri = "file:///policy.json".parse().unwrap();
        let item = TextDocumentItem::new(uri, "json".to_owned(), 0, POLICY.to_owned());
        let document = Arc::new(OpenDocument::new(item, &state.neighbours));
        let mut publishes = || {
            state.publish(&document);
            let sent = std::iter::from_fn(|| sent.try_recv().ok());
            sent.filter(|it| matches!(it, Outgoing::Diagnostics { .. }))
                .count()
        };
        document.waiting.comes();
        assert_eq!(publishes(), 0);
        document.waiting.goes();
        assert_eq!(publishes(), 1);
        assert_eq!(publishes(), 0, "nothing has changed");
    }
}
