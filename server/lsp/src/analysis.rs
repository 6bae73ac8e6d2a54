//! What the server knows about one open document.

use std::path::Path;
use std::sync::Arc;

use leastwise_ide::{
    ActionId, ByteEdit, CodeAction, Completion, CompletionKind, ConfigFile, Diagnostic, File, Hint,
    Hover, Location, Moment, Symbol,
};
use leastwise_model::Config;
use leastwise_syntax::Span;
use leastwise_workspace::analysis::index::IndexedFiles;
use leastwise_workspace::askers::Askers;

use crate::language::Language;

/// The analysis of a document, by its language. All offsets are bytes.
pub(crate) enum DocumentAnalysis {
    /// Something that may hold policies.
    Policy(Box<File>),
    /// A `leastwise.toml`.
    Config(ConfigFile),
}

impl DocumentAnalysis {
    /// Reads `text`. `None` for a language that is nothing to the server.
    pub(crate) fn new(
        language: Language,
        path: &Path,
        text: String,
        config: Arc<Config>,
        files: Arc<dyn IndexedFiles>,
    ) -> Option<Self> {
        match language {
            Language::Policy(format) => Some(Self::Policy(Box::new(File::among(
                path, text, format, config, files,
            )))),
            Language::Config => Some(Self::Config(ConfigFile::new(text))),
            Language::Other => None,
        }
    }

    /// Replaces the bytes `span` by `text`.
    pub(crate) fn edit(&mut self, span: Span, text: &str) {
        match self {
            Self::Policy(file) => file.edit(span, text),
            Self::Config(file) => file.edit(span, text),
        }
    }

    /// The text as it is now.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Policy(file) => file.text(),
            Self::Config(file) => file.text(),
        }
    }

    /// Puts another config in force.
    pub(crate) fn set_config(&mut self, config: Arc<Config>) {
        match self {
            Self::Policy(file) => file.set_config(config),
            Self::Config(_) => {}
        }
    }

    /// What is said of the findings at a moment. `None` where they aren't worked out since somebody of `waiting` waits for something
    /// else.
    pub(crate) fn diagnostics(
        &mut self,
        moment: Moment,
        waiting: &Askers,
    ) -> Option<Vec<Diagnostic>> {
        match self {
            Self::Policy(file) => file.diagnostics_unless(moment, waiting),
            Self::Config(file) => Some(file.diagnostics()),
        }
    }

    /// Whether something was held back since somebody is writing.
    pub(crate) fn holds_back(&self) -> bool {
        match self {
            Self::Policy(file) => file.holds_back(),
            Self::Config(_) => false,
        }
    }

    /// Whether a save would have something else said than what was said in a pause.
    pub(crate) fn awaits_save(&self) -> bool {
        match self {
            Self::Policy(file) => file.awaits_save(),
            Self::Config(_) => false,
        }
    }

    /// Whether one of the ends of `range` is in what is being written.
    pub(crate) fn is_written_at(&self, range: Span) -> bool {
        match self {
            Self::Policy(file) => [range.start, range.end]
                .into_iter()
                .any(|at| file.is_written_at(at)),
            Self::Config(_) => false,
        }
    }

    pub(crate) fn cut_off(&self) -> Option<&'static str> {
        match self {
            Self::Policy(file) => file.cut_off(),
            Self::Config(_) => None,
        }
    }

    pub(crate) fn completions(&mut self, offset: u32) -> Vec<Completion> {
        match self {
            Self::Policy(file) => file.completions(offset),
            Self::Config(file) => file.completions(offset),
        }
    }

    pub(crate) fn completion_docs(&mut self, label: &str, kind: CompletionKind) -> Option<String> {
        match self {
            Self::Policy(file) => file.completion_docs(label, kind),
            Self::Config(file) => file.completion_docs(label),
        }
    }

    pub(crate) fn hover(&mut self, offset: u32) -> Option<Hover> {
        match self {
            Self::Policy(file) => file.hover(offset),
            Self::Config(file) => file.hover(offset),
        }
    }

    pub(crate) fn code_actions(&mut self, range: Span) -> Vec<CodeAction> {
        match self {
            Self::Policy(file) => file.code_actions(range),
            Self::Config(_) => Vec::new(),
        }
    }

    /// The action that applies all safe fixes, with its edits.
    pub(crate) fn fix_all(&mut self) -> Option<(CodeAction, Vec<ByteEdit>)> {
        match self {
            Self::Policy(file) => file.fix_all(),
            Self::Config(_) => None,
        }
    }

    /// The address of a rule's documentation, where the config says one.
    pub(crate) fn page_of(&self, rule: &str) -> Option<String> {
        match self {
            Self::Policy(file) => file.page_of(rule),
            Self::Config(_) => None,
        }
    }

    /// The actions with their edits.
    pub(crate) fn code_actions_with_edits(
        &mut self,
        range: Span,
    ) -> Vec<(CodeAction, Vec<ByteEdit>)> {
        match self {
            Self::Policy(file) => file.code_actions_with_edits(range),
            Self::Config(_) => Vec::new(),
        }
    }

    pub(crate) fn resolve_action(&mut self, id: &ActionId) -> Option<Vec<ByteEdit>> {
        match self {
            Self::Policy(file) => file.resolve_action(id),
            Self::Config(_) => None,
        }
    }

    pub(crate) fn hints(&mut self, range: Span) -> Vec<Hint> {
        match self {
            Self::Policy(file) => file.hints(range),
            Self::Config(_) => Vec::new(),
        }
    }

    pub(crate) fn definitions(&mut self, offset: u32) -> Vec<Location> {
        match self {
            Self::Policy(file) => file.definitions(offset),
            Self::Config(_) => Vec::new(),
        }
    }

    pub(crate) fn references(&mut self, offset: u32, declarations: bool) -> Vec<Location> {
        match self {
            Self::Policy(file) => file.references(offset, declarations),
            Self::Config(_) => Vec::new(),
        }
    }

    pub(crate) fn symbols(&mut self) -> Vec<Symbol> {
        match self {
            Self::Policy(file) => file.symbols(),
            Self::Config(_) => Vec::new(),
        }
    }
}
