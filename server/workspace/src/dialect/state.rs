//! What a dialect knows of a file as a whole.

use super::template::Template;
use super::terraform::{Given, Module};

/// What a dialect knows of a file as a whole.
#[derive(Debug, Default)]
pub(crate) enum State {
    /// Nothing.
    #[default]
    Nothing,
    /// What a template declares.
    Template(Template),
    /// What the module declares that the file is part of.
    Module(Module),
    /// What a tool has made of other files: to change it changes nothing.
    Made,
    /// What the only module that fills the file in gives to its variables.
    Filled(Given),
}
