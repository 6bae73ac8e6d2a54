//! What is open in the editor, as the files around a document see it.

/// Names one state of one document; no two states have the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Stamp {
    pub(crate) instance: u64,
    pub(crate) generation: u64,
}

/// A document that is open in the editor.
pub(crate) trait Open: Send + Sync {
    /// Names the text as it is now.
    fn stamp(&self) -> Stamp;
    /// The text as it is now.
    fn now(&self) -> String;
}
