//! What an editor asks, answered as plain data over byte offsets. Knows no protocol.

mod types;

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_syntax::{Format, Span};
pub use types::*;

/// The workspace config that is in force for a file.
#[derive(Clone, Debug, Default)]
pub struct Config;

/// One open file with everything that is known of it.
pub struct File {
    _path: PathBuf,
    text: String,
}

impl File {
    /// Reads `text`.
    pub fn new(path: PathBuf, text: String, _format: Format, _config: Arc<Config>) -> Self {
        Self { _path: path, text }
    }

    /// Replaces the bytes `span` by `text`.
    pub fn edit(&mut self, span: Span, text: &str) {
        self.text.replace_range(span.range(), text);
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts another config in force.
    pub fn set_config(&mut self, _config: Arc<Config>) {}

    /// All findings, in source order.
    pub fn diagnostics(&mut self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What can stand at `offset` (bytes).
    pub fn completions(&mut self, _offset: u32) -> Vec<Completion> {
        Vec::new()
    }

    /// Markdown for one item of [`File::completions`], worked out only when the editor shows it.
    pub fn completion_docs(&mut self, _label: &str, _kind: CompletionKind) -> Option<String> {
        None
    }

    /// What is known of the word at `offset` (bytes).
    pub fn hover(&mut self, _offset: u32) -> Option<Hover> {
        None
    }

    /// The changes that are offered for `range` (bytes).
    pub fn code_actions(&mut self, _range: Span) -> Vec<CodeAction> {
        Vec::new()
    }

    /// The edits of one of [`File::code_actions`]; `None` where the file has changed so that it is gone.
    pub fn resolve_action(&mut self, _id: &ActionId) -> Option<Vec<TextEdit>> {
        None
    }

    /// Notes to draw into `range` (bytes).
    pub fn hints(&mut self, _range: Span) -> Vec<Hint> {
        Vec::new()
    }
}
