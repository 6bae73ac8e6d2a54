//! What a check says: one model, and an emitter for each format.
//!
//! A further format is a file with an [`Emitter`], and its line in [`EMITTERS`].

mod concise;
mod diff;
mod emitter;
mod github;
mod json;
mod lines;
mod model;
mod note;
mod sarif;
mod statistics;
mod text;

pub(crate) use emitter::Emitter;
pub(crate) use model::{Applying, Counted, FileReport, Located, Report, SkippedNote, locate};
pub(crate) use note::ReportNote;

/// The formats, as `--help` lists them.
pub(crate) static EMITTERS: &[&dyn Emitter] = &[
    &text::Text,
    &concise::Concise,
    &json::Json,
    &sarif::Sarif,
    &github::GitHub,
];

/// The emitter of a format by its name.
pub(crate) fn emitter(name: &str) -> Option<&'static dyn Emitter> {
    let mut emitters = EMITTERS.iter().copied();
    emitters.find(|emitter| emitter.name() == name)
}
