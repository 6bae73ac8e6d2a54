//! What the names in a text stand for: what the dialect knows of the file, and how far the way through it has led.

use leastwise_model::notation::Notation;
use leastwise_syntax::Tree;

use super::names::Names;
use crate::cloudformation::notation::TEMPLATE;
use crate::cloudformation::resolve::Passed;
use crate::{State, Template};

/// What the names in a text stand for.
#[derive(Clone, Copy)]
pub enum Scope<'a> {
    /// Nothing but what the config says.
    Nothing,
    /// What a template declares.
    Template(InTemplate<'a>),
    /// What the dialect works names out with by itself.
    Own(&'a dyn Names),
}

/// A template, and where in it.
#[derive(Clone, Copy)]
pub struct InTemplate<'a> {
    /// The template.
    pub template: &'a Template,
    /// The file that it is declared in, where the text is in another one that it names.
    pub home: Option<&'a Tree>,
    /// Names whose values are given: the variables of loops, the parameters of a nested stack.
    pub bound: &'a [(String, String)],
    /// What the stacks of other templates give to its parameters, where it is known.
    pub passed: Option<&'a Passed>,
    /// Whether what one of its rules depends on is worked out.
    pub in_rules: bool,
}

impl<'a> InTemplate<'a> {
    /// A template, for texts of its own file.
    pub fn of(template: &'a Template) -> InTemplate<'a> {
        InTemplate {
            template,
            home: None,
            bound: &[],
            passed: None,
            in_rules: false,
        }
    }
}

impl<'a> Scope<'a> {
    /// What a template declares, for texts of its own file.
    pub fn template(template: &'a Template) -> Scope<'a> {
        Scope::Template(InTemplate::of(template))
    }

    /// What a file declares.
    pub fn of(state: &'a State) -> Scope<'a> {
        match state {
            State::Nothing | State::Made => Scope::Nothing,
            State::Template(template) => Scope::template(template),
            State::Own(names) => Scope::Own(&**names),
        }
    }

    /// How the file is written.
    pub fn notation(&self) -> &'static dyn Notation {
        match self {
            Scope::Template(of) => of.template.notation(),
            Scope::Own(names) => names.notation(),
            Scope::Nothing => TEMPLATE,
        }
    }
}
