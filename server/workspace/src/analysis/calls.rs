//! A file as each of those who use it makes it: what several calls give to a variable is several values, each of which is
//! judged with the others of its call.

use leastwise_syntax::Tree;

use crate::Analysis;

/// The file as each call makes it.
#[derive(Debug, Default)]
pub struct Calls {
    /// Calls that give the same are one.
    pub ways: Vec<CallVariant>,
    /// Whether there are calls that weren't looked at.
    pub more: bool,
}

/// What some calls make of the file.
#[derive(Debug)]
pub struct CallVariant {
    /// The calls: `module.orders`, `module.orders["eu"]`.
    pub names: Vec<String>,
    /// The file.
    pub analysis: Analysis,
}

impl Calls {
    pub(super) fn of(analysis: &Analysis, tree: &Tree) -> Calls {
        let environment = analysis.environments.first();
        let Some(environment) = environment else {
            return Calls::default();
        };
        let resolver = analysis.resolver(tree, environment, false);
        let found = analysis.state.ways(&resolver);
        let ways = found.ways.into_iter().map(|(names, own)| CallVariant {
            names,
            analysis: analysis.under(tree, own),
        });
        Calls {
            ways: ways.collect(),
            more: found.more,
        }
    }
}
