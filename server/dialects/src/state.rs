//! What a dialect knows of a file as a whole.

use std::any::Any;

use super::Template;
use crate::resolve::names::Names;

/// What a dialect knows of a file as a whole.
#[derive(Debug, Default)]
pub enum State {
    /// Nothing.
    #[default]
    Nothing,
    /// What a template declares.
    Template(Box<Template>),
    /// What the dialect works names out by itself with.
    Own(Box<dyn Names>),
    /// What a tool has made of other files: to change it changes nothing.
    Made,
}

impl State {
    /// What the dialect works names out by itself with.
    pub fn names(&self) -> Option<&dyn Names> {
        match self {
            State::Own(own) => Some(&**own),
            _ => None,
        }
    }

    /// The dialect's own, where it is of that type.
    pub fn own<T: Any>(&self) -> Option<&T> {
        let State::Own(own) = self else {
            return None;
        };
        let own: &dyn Any = &**own;
        own.downcast_ref()
    }
}
