//! What is known of a file's names, whether there is a policy in it or not.

use std::ops::Deref;

use leastwise_dialects::resolve::Resolver;
use leastwise_dialects::{State, names_only};
use leastwise_model::Environment;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_rules::Context;

/// What is known of a file's names.
pub(crate) enum FileNames<'a> {
    /// What its analysis knows.
    Own(&'a (dyn State + 'static)),
    /// What is read for somebody who asks, since there is no policy in it.
    Read(Box<dyn State>),
}

impl<'a> FileNames<'a> {
    pub(crate) fn of(context: Context<'a>) -> FileNames<'a> {
        let analysis = context.analysis;
        let read = (!analysis.dialect.has_policies())
            .then(|| names_only(context.tree, &analysis.path, &*analysis.files));
        match read.flatten() {
            Some(read) => FileNames::Read(read),
            None => FileNames::Own(analysis.state()),
        }
    }

    /// The values of a text of the file under one environment, defaults taken for values.
    pub(crate) fn resolve(
        &self,
        context: Context<'_>,
        text: &Text,
        environment: &Environment,
    ) -> Vec<Resolved> {
        let (tree, analysis) = (context.tree, context.analysis);
        match self {
            FileNames::Own(_) => analysis.resolve(tree, text, environment, true),
            FileNames::Read(state) => {
                let names = state.names();
                Resolver::new(tree, context.config(), names, environment, true).resolve(text)
            }
        }
    }
}

impl Deref for FileNames<'_> {
    type Target = dyn State;

    fn deref(&self) -> &(dyn State + 'static) {
        match self {
            FileNames::Own(state) => *state,
            FileNames::Read(state) => &**state,
        }
    }
}
