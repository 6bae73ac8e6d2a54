//! Texts of a document that `replace` puts something else in the place of: `replace(data.….json, "TOPIC_ARN", …)`.

use leastwise_model::resolved::{Piece, Resolved};
use leastwise_model::text::Text;
use leastwise_policy::Pattern;

use super::Tally;
use super::value::Val;
use crate::resolve::Resolver;
use crate::terraform::Module;
use crate::terraform::body::label;

impl Resolver<'_> {
    /// The values of a text, those unknown that something is put into before AWS sees them.
    pub(super) fn unreplaced(
        &self,
        module: &Module,
        text: &Text,
        mut values: Vec<Resolved>,
    ) -> Vec<Resolved> {
        let Some(surroundings) = self.surroundings else {
            return values;
        };
        let searched = surroundings.replaced_around(self.tree, text.node);
        if searched.is_empty() {
            return values;
        }
        let tally = Tally::new();
        let evaluator = self.evaluator(module, &tally);
        let searched: Vec<Val> = searched.iter().map(|at| evaluator.value(*at, 0)).collect();
        let span = self.tree.span(text.node);
        for value in &mut values {
            let written = value.pattern.display();
            let is_put_in = |of: &Val| of.alternatives().iter().any(|of| is_in(of, &written));
            if searched.iter().any(is_put_in) {
                let mut pattern = Pattern::builder();
                pattern.push_hole(&label(&written));
                let pattern = pattern.build();
                value.pieces = vec![Piece {
                    raw: 0..pattern.raw().len(),
                    span,
                    literal: None,
                }];
                value.pattern = pattern;
            }
        }
        values
    }
}

/// Whether what is searched for may be in a text. Where it isn't known, it may be any that says nothing by itself.
fn is_in(searched: &Val, text: &str) -> bool {
    let chars = match searched {
        Val::Text(text) => text.chars(),
        _ => None,
    };
    // A regular expression stands between slashes.
    let is_pattern =
        |chars: &str| chars.len() > 1 && chars.starts_with('/') && chars.ends_with('/');
    match chars.filter(|chars| !is_pattern(chars)) {
        Some(chars) => !chars.is_empty() && text.contains(chars),
        None => !text.is_empty() && !text.contains([':', '*']),
    }
}
