//! An open document: its text in step with the editor, and its analysis following when it is asked for.
//!
//! The two sides never wait for each other's work. The protocol's task edits the rope, which is quick,
//! and notes each edit; the analysis takes the notes over when it is next used, on its own thread. So the
//! two have a lock each: `text` is held for an instant, `analysis` for as long as an analysis takes, and
//! the protocol's task never takes the second.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use leastwise_ide::Moment;
use leastwise_model::files::Files as _;
use leastwise_syntax::Span;
use leastwise_workspace::analysis::index::IndexedFiles;
use leastwise_workspace::askers::Askers;
use leastwise_workspace::configs::Configs;
use leastwise_workspace::load;
use ropey::Rope;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use crate::analysis::DocumentAnalysis;
use crate::language::Language;
use crate::limits::{ANALYSED_SIZE, GIVEN_UP, PENDING_EDITS};
use crate::neighbours::{NeighbourFiles, Neighbours};
use crate::open::{Open, Stamp};
use crate::position::Encoding;

/// An open document.
pub(crate) struct OpenDocument {
    pub(crate) uri: Uri,
    language: Language,
    pub(crate) path: PathBuf,
    /// The files around it.
    pub(crate) neighbours: Arc<NeighbourFiles>,
    /// Tells this document from one of the same name that was opened earlier.
    instance: u64,
    text: Mutex<Text>,
    analysis: Mutex<Slot>,
    /// What diagnostics were last worked out from.
    diagnosed: Mutex<Option<Diagnosed>>,
    writing: Mutex<Writing>,
    /// Whether it was told that not all of it is checked.
    pub(crate) told_cut_off: AtomicBool,
    /// Who waits for an answer about it that is worked out quickly.
    pub(crate) waiting: Askers,
    /// Since when its diagnostics were given up for those each time.
    given_up: Mutex<Option<Instant>>,
}

/// What diagnostics are worked out from: the text, [`Configs::generation`], the stamp of the files around, and how far somebody is
/// with what he writes.
#[derive(PartialEq, Eq)]
struct Diagnosed(Stamp, u64, u64, Moment);

/// Somebody who writes in a document.
#[derive(Default)]
struct Writing {
    /// When he did last, if nothing has said since that he is done.
    last: Option<Instant>,
    /// Whether something is held back for that.
    is_held_back: bool,
    /// Whether something waits for the text to be saved.
    awaits_save: bool,
    /// Whether the text is saved as it is.
    is_saved: bool,
}

struct Text {
    rope: Rope,
    /// What the client calls this state of the text. Clients get it wrong, so nothing depends on it.
    version: i32,
    /// Counts the changes.
    generation: u64,
    pending: Pending,
    closed: bool,
}

/// What the analysis has not heard of yet.
enum Pending {
    /// Replacements of bytes, each of the text as the one before left it.
    Edits(Vec<(Span, String)>),
    /// Too much: the whole text.
    All,
}

#[derive(Default)]
struct Slot {
    analysis: Option<DocumentAnalysis>,
    /// [`Configs::generation`] of the config that the analysis has.
    generation: u64,
    /// The folder of that config; the analysis knows its file by the path from there.
    folder: Option<PathBuf>,
}

/// One state of a document's text, as an analysis saw it.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) uri: Uri,
    pub(crate) rope: Rope,
    /// The client's number of this state.
    pub(crate) version: i32,
    /// The server's number of this state.
    pub(crate) stamp: Stamp,
}

/// Why an analysis has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The text has changed since the question, or the document was closed.
    Changed,
    /// The document is in no language of the server's.
    NotOurs,
    /// The analysis panicked, with this message.
    Panicked(String),
}

impl OpenDocument {
    pub(crate) fn new(item: TextDocumentItem, neighbours: &Arc<Neighbours>) -> Self {
        static INSTANCES: AtomicU64 = AtomicU64::new(0);
        let path = path_of(&item.uri);
        Self {
            language: Language::of(&path, &item.language_id, &item.text),
            uri: item.uri,
            neighbours: Arc::new(NeighbourFiles::new(Arc::clone(neighbours), path.clone())),
            path,
            instance: INSTANCES.fetch_add(1, Ordering::Relaxed),
            text: Mutex::new(Text {
                rope: Rope::from_str(&item.text),
                version: item.version,
                generation: 0,
                pending: Pending::All,
                closed: false,
            }),
            analysis: Mutex::default(),
            diagnosed: Mutex::default(),
            writing: Mutex::default(),
            told_cut_off: AtomicBool::new(false),
            waiting: Askers::default(),
            given_up: Mutex::default(),
        }
    }

    /// Takes over a client's changes, each on the text as the one before left it.
    pub(crate) fn change(
        &self,
        encoding: Encoding,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let mut text = self.text();
        text.version = version;
        text.generation += 1;
        for change in changes {
            let (span, new) = match change.range {
                Some(range) => (encoding.span(&text.rope, range), change.text.as_str()),
                None => difference(&text.rope, &change.text),
            };
            text.replace(span, new);
        }
        drop(text);
        let mut writing = self.writing();
        writing.last = Some(Instant::now());
        writing.is_saved = false;
    }

    /// When somebody wrote in it last, if nothing has said since that he is done.
    pub(crate) fn written(&self) -> Option<Instant> {
        self.writing().last
    }

    /// The text is saved as it is.
    pub(crate) fn is_saved(&self) -> bool {
        self.writing().is_saved
    }

    /// Nobody writes any more, and where `is_saved` the text is done. Whether something waited for that.
    pub(crate) fn rest(&self, is_saved: bool) -> bool {
        let mut writing = self.writing();
        writing.last = None;
        writing.is_saved |= is_saved;
        let waits = is_saved && std::mem::take(&mut writing.awaits_save);
        std::mem::take(&mut writing.is_held_back) || waits
    }

    /// Takes note of whether something is held back, and whether something waits for a save.
    pub(crate) fn hold_back(&self, is_held_back: bool, awaits_save: bool) {
        let mut writing = self.writing();
        writing.is_held_back = is_held_back;
        writing.awaits_save = awaits_save;
    }

    /// Whether something is held back.
    pub(crate) fn holds_back(&self) -> bool {
        self.writing().is_held_back
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is a config of the workspace.
    pub(crate) fn is_config(&self) -> bool {
        self.language == Language::Config
    }

    /// Tells it from every other document that was ever opened.
    pub(crate) fn instance(&self) -> u64 {
        self.instance
    }

    /// Names the text as it is now.
    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp_of(&self.text())
    }

    /// Whether `stamp` still names the text as it is.
    pub(crate) fn is_at(&self, stamp: Stamp) -> bool {
        let text = self.text();
        !text.closed && self.stamp_of(&text) == stamp
    }

    /// [`OpenDocument::analyse`] for pushed diagnostics: `None` where they were worked out from the same text
    /// and configs already. That happens when the analysis takes an edit over just before it is told of it.
    pub(crate) fn diagnose<T>(
        &self,
        configs: &Configs,
        moment: Moment,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> Option<T>,
    ) -> Option<Result<Option<T>, Failure>> {
        let config = configs.generation();
        let neighbours = self.neighbours.stamp();
        let mut diagnosed = self
            .diagnosed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let worked_out = |stamp| Some(Diagnosed(stamp, config, neighbours, moment));
        if *diagnosed == worked_out(self.stamp()) {
            return None;
        }
        Some(self.analyse(configs, None, |analysis, snapshot| {
            let answer = question(analysis, snapshot);
            if answer.is_some() {
                *diagnosed = worked_out(snapshot.stamp);
            }
            answer
        }))
    }

    /// For whom its diagnostics may be given up: for nobody where none were worked out for too long.
    pub(crate) fn diagnosed_unless(&self) -> &Askers {
        static NOBODY: Askers = Askers::nobody();
        let since = *self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        match since.is_none_or(|since| since.elapsed() < GIVEN_UP) {
            true => &self.waiting,
            false => &NOBODY,
        }
    }

    /// Takes down whether its diagnostics were given up.
    pub(crate) fn was_given_up(&self, given_up: bool) {
        let mut since = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        *since = match given_up {
            true => Some(since.unwrap_or_else(Instant::now)),
            false => None,
        };
    }

    /// Whether a question is put to the analysis right now, which may go by what has changed meanwhile.
    pub(crate) fn is_busy(&self) -> bool {
        self.analysis.try_lock().is_err()
    }

    /// Marks the document as closed: whatever is still being worked out for it is dropped.
    pub(crate) fn close(&self) {
        self.text().closed = true;
    }

    /// Brings the analysis up to date with the text and the config and puts `question` to it. Blocks for
    /// as long as that takes. With `asked_at`, only if the text is still the one that was asked about.
    ///
    /// A panic costs the analysis, not the server: it is made anew from the text when it is next needed.
    pub(crate) fn analyse<T>(
        &self,
        configs: &Configs,
        asked_at: Option<Stamp>,
        question: impl FnOnce(&mut DocumentAnalysis, &Snapshot) -> T,
    ) -> Result<T, Failure> {
        if self.language == Language::Other {
            return Err(Failure::NotOurs);
        }
        let mut slot = self.analysis.lock().unwrap_or_else(PoisonError::into_inner);
        let (snapshot, pending) = self.take(asked_at)?;
        let answer = catch_unwind(AssertUnwindSafe(|| {
            let analysis = self.update(&mut slot, pending, &snapshot, configs)?;
            Some(question(analysis, &snapshot))
        }));
        match answer {
            Ok(answer) => answer.ok_or(Failure::NotOurs),
            Err(panic) => {
                slot.analysis = None;
                Err(Failure::Panicked(panic_message(panic.as_ref())))
            }
        }
    }

    /// Takes the edits that the analysis has not heard of, with the text that they lead to.
    fn take(&self, asked_at: Option<Stamp>) -> Result<(Snapshot, Pending), Failure> {
        let mut text = self.text();
        let stamp = self.stamp_of(&text);
        if text.closed || asked_at.is_some_and(|asked| asked != stamp) {
            return Err(Failure::Changed);
        }
        let pending = std::mem::replace(&mut text.pending, Pending::Edits(Vec::new()));
        let snapshot = Snapshot {
            uri: self.uri.clone(),
            rope: text.rope.clone(),
            version: text.version,
            stamp,
        };
        Ok((snapshot, pending))
    }

    fn update<'slot>(
        &self,
        slot: &'slot mut Slot,
        pending: Pending,
        snapshot: &Snapshot,
        configs: &Configs,
    ) -> Option<&'slot mut DocumentAnalysis> {
        let len = snapshot.rope.len_bytes();
        if len > ANALYSED_SIZE {
            slot.analysis = None;
            return None;
        }
        // Read before the config itself: a change in between is noticed next time.
        let generation = configs.generation();
        let mut replayed = false;
        if let (Some(analysis), Pending::Edits(edits)) = (&mut slot.analysis, pending) {
            for (span, new) in edits {
                analysis.edit(span, &new);
            }
            // Out of step means wrong ranges from here on, so it is mended rather than hoped away.
            replayed = analysis.text().len() == len;
        }
        if replayed && slot.generation == generation {
            return slot.analysis.as_mut();
        }
        let in_force = configs.config_for(&self.path);
        slot.generation = generation;
        let same_folder = slot.folder == in_force.folder;
        match &mut slot.analysis {
            Some(analysis) if replayed && same_folder => analysis.set_config(in_force.config),
            _ => {
                let text = snapshot.rope.to_string();
                let folder = self.path.parent().unwrap_or(&self.path);
                let config = in_force.folder.as_deref();
                let base = self.neighbours.set_base(config, folder);
                let path = load::relative(&self.path, Some(&base));
                let files = Arc::clone(&self.neighbours) as Arc<dyn IndexedFiles>;
                slot.analysis = DocumentAnalysis::new(
                    self.language,
                    Path::new(&path),
                    text,
                    in_force.config,
                    files,
                );
                slot.folder = in_force.folder;
            }
        }
        slot.analysis.as_mut()
    }

    fn text(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stamp_of(&self, text: &Text) -> Stamp {
        Stamp {
            instance: self.instance,
            generation: text.generation,
        }
    }

    /// The text as the protocol side has it.
    pub(crate) fn current(&self) -> (String, i32) {
        let text = self.text();
        (text.rope.to_string(), text.version)
    }
}

impl Open for OpenDocument {
    fn stamp(&self) -> Stamp {
        OpenDocument::stamp(self)
    }

    fn now(&self) -> String {
        self.current().0
    }
}

impl Text {
    /// Replaces the bytes `span`, which lie in the text and on character boundaries.
    fn replace(&mut self, span: Span, new: &str) {
        if span.is_empty() && new.is_empty() {
            return;
        }
        let start = self.rope.byte_to_char(span.start as usize);
        let end = self.rope.byte_to_char(span.end as usize);
        self.rope.remove(start..end);
        self.rope.insert(start, new);
        match &mut self.pending {
            Pending::Edits(edits) if edits.len() < PENDING_EDITS => {
                edits.push((span, new.to_owned()))
            }
            pending => *pending = Pending::All,
        }
    }
}

/// The one replacement that makes `rope` into `text`: what is left between what both begin with and what
/// both end with. So the analysis follows an editor that always sends the whole text as well as any.
fn difference<'new>(rope: &Rope, text: &'new str) -> (Span, &'new str) {
    let old_len = rope.len_bytes();
    let new = text.as_bytes();
    let mut head = 0;
    for chunk in rope.chunks() {
        let same = common(
            chunk.bytes(),
            new.get(head..).unwrap_or_default().iter().copied(),
        );
        head += same;
        if same < chunk.len() {
            break;
        }
    }
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    let limit = old_len.min(new.len()) - head;
    let mut tail = 0;
    let (mut chunks, ..) = rope.chunks_at_byte(old_len);
    // The iterator starts in front of the chunk that holds the end, so that chunk is behind it.
    chunks.next();
    while let Some(chunk) = chunks.prev() {
        let rest = new.get(..new.len() - tail).unwrap_or_default();
        let same = common(chunk.bytes().rev(), rest.iter().rev().copied());
        tail += same;
        if same < chunk.len() || tail >= limit {
            break;
        }
    }
    tail = tail.min(limit);
    while !text.is_char_boundary(new.len() - tail) {
        tail -= 1;
    }
    let bytes = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    (
        Span::new(bytes(head), bytes(old_len - tail)),
        text.get(head..new.len() - tail).unwrap_or_default(),
    )
}

fn common(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

/// Where a document lies. One that is in no file keeps its name, so that its extension still tells.
pub(crate) fn path_of(uri: &Uri) -> PathBuf {
    match uri.to_file_path() {
        Some(path) if uri.scheme().as_str() == "file" => path.into_owned(),
        _ => PathBuf::from(uri.path().as_str().trim_start_matches('/')),
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            panic
                .downcast_ref::<&str>()
                .map(|&message| message.to_owned())
        })
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::ls_types::{Position, Range};

    fn document(text: &str) -> OpenDocument {
        let uri = "file:///p/policy.json".parse().unwrap();
        OpenDocument::new(
            TextDocumentItem::new(uri, "json".to_owned(), 1, text.to_owned()),
            &Arc::default(),
        )
    }

    fn edit(from: (u32, u32), to: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent {
            range: Some(Range::new(
                Position::new(from.0, from.1),
                Position::new(to.0, to.1),
            )),
            range_length: None,
            text: text.to_owned(),
        }
    }

    fn whole(text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent {
            range: None,
            range_length: None,
            text: text.to_owned(),
        }
    }

    /// The text of both sides, which must agree.
    fn text(document: &OpenDocument) -> String {
        let analysed = document
            .analyse(&Configs::new(Vec::new()), None, |analysis, _| {
                analysis.text().to_owned()
            })
            .unwrap();
        assert_eq!(analysed, document.current().0);
        analysed
    }

    #[test]
    fn each_change_meets_the_text_that_the_one_before_left() {
        let document = document("{\"a\": 1}\n");
        text(&document);
        let changes = vec![
            edit((0, 1), (0, 1), "\n"),
            edit((1, 1), (1, 2), "é😀"),
            edit((1, 4), (1, 4), "z"),
        ];
        document.change(Encoding::Utf16, 2, changes);
        assert_eq!(text(&document), "{\n\"é😀z\": 1}\n");
    }

    #[test]
    fn edits_outside_the_text_are_clamped() {
        let document = document("{}");
        text(&document);
        document.change(Encoding::Utf16, 2, vec![edit((9, 9), (99, 0), "\n")]);
        assert_eq!(text(&document), "{}\n");
        document.change(Encoding::Utf16, 3, vec![edit((0, 2), (0, 1), " ")]);
        assert_eq!(text(&document), "{ \n");
        let all = edit((0, 0), (u32::MAX, u32::MAX), "[]");
        document.change(Encoding::Utf8, 3, vec![all]);
        assert_eq!(text(&document), "[]");
    }

    #[test]
    fn a_whole_text_becomes_the_smallest_edit() {
        for (old, new, span, rest) in [
            ("abc", "abc", (3, 3), ""),
            ("abc", "abXc", (2, 2), "X"),
            ("aaa", "aa", (2, 3), ""),
            ("aa", "aaa", (2, 2), "a"),
            ("", "x", (0, 0), "x"),
            ("x", "", (0, 1), ""),
            ("é", "è", (0, 2), "è"),
            ("aéb", "aèb", (1, 3), "è"),
            // The same last byte of two different characters.
            ("\u{e9}", "\u{129}", (0, 2), "\u{129}"),
        ] {
            let rope = Rope::from_str(old);
            let expected = (Span::new(span.0, span.1), rest);
            assert_eq!(difference(&rope, new), expected, "{old} -> {new}");
        }
    }

    #[test]
    fn a_whole_text_of_many_chunks_becomes_the_smallest_edit() {
        let old: String = (0..5000).map(|line| format!("line é {line}\n")).collect();
        for at in [0, 1, 20, 4999, 20_000, old.len() - 9, old.len()] {
            let at = (0..=at).rev().find(|&at| old.is_char_boundary(at)).unwrap();
            let mut new = old.clone();
            new.insert(at, '\u{1f600}');
            let (span, text) = difference(&Rope::from_str(&old), &new);
            assert_eq!((span, text), (Span::empty(at as u32), "\u{1f600}"));
            let (span, text) = difference(&Rope::from_str(&new), &old);
            assert_eq!((span, text), (Span::new(at as u32, at as u32 + 4), ""));
        }
    }

    #[test]
    fn too_many_edits_make_it_read_the_text_anew() {
        let document = document("");
        for _ in 0..PENDING_EDITS + 5 {
            document.change(Encoding::Utf8, 2, vec![edit((0, 0), (0, 0), "x")]);
        }
        assert_eq!(text(&document).len(), PENDING_EDITS + 5);
    }

    #[test]
    fn an_answer_for_an_older_text_is_refused() {
        let document = document("{}");
        let stamp = document.stamp();
        document.change(Encoding::Utf8, 1, vec![whole("{ }")]);
        let ask = |stamp| document.analyse(&Configs::new(Vec::new()), stamp, |_, _| ());
        assert_eq!(ask(Some(stamp)), Err(Failure::Changed));
        assert_eq!(ask(Some(document.stamp())), Ok(()));
        document.close();
        assert_eq!(ask(None), Err(Failure::Changed));
    }

    #[test]
    fn a_panic_costs_the_analysis_only() {
        let document = document("{}");
        text(&document);
        document.change(Encoding::Utf8, 2, vec![whole("{ }")]);
        let failure = document.analyse(&Configs::new(Vec::new()), None, |_, _| panic!("of course"));
        assert_eq!(
            failure,
            Err::<(), _>(Failure::Panicked("of course".to_owned()))
        );
        assert_eq!(text(&document), "{ }");
    }

    #[test]
    fn a_document_of_another_language_is_kept_in_step() {
        let uri = "untitled:Untitled-1".parse().unwrap();
        let item = TextDocumentItem::new(uri, "markdown".to_owned(), 1, "# x".to_owned());
        let document = OpenDocument::new(item, &Arc::default());
        document.change(Encoding::Utf8, 2, vec![edit((0, 3), (0, 3), "y")]);
        assert_eq!(document.current(), ("# xy".to_owned(), 2));
        let answer = document.analyse(&Configs::new(Vec::new()), None, |_, _| ());
        assert_eq!(answer, Err(Failure::NotOurs));
    }
}
