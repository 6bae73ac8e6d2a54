//! A place in a template: what the template declares, and how far the way through it has led.

use crate::cloudformation::template::Template;
use crate::resolve::Resolver;

/// A template, and where in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InTemplate<'a> {
    /// The template.
    pub template: &'a Template,
    /// Names whose values are given: the variables of loops, the parameters of a nested stack.
    pub bound: &'a [(String, String)],
    /// Whether what one of its rules depends on is worked out.
    pub in_rules: bool,
}

impl<'a> InTemplate<'a> {
    /// A template, for what stands in no loop.
    pub fn of(template: &'a Template) -> InTemplate<'a> {
        InTemplate {
            template,
            bound: &[],
            in_rules: false,
        }
    }

    /// Works something out here, by a resolver that is elsewhere in the template.
    pub fn with<T>(&self, of: &Resolver<'_>, make: impl FnOnce(&Resolver<'_>) -> T) -> T {
        make(&Resolver { names: self, ..*of })
    }
}
