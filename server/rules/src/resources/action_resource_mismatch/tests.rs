use super::RULE;
use crate::Safety;
use crate::tests::bulk::of_safety;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_model::Level;

mod added_arns;
mod fixes;
mod foreign;
mod messages;
mod objects;
mod silent;
mod star_statement;

fn mended_in_bulk(text: &str, path: &str) -> String {
    of_safety(text, path, Safety::Unsafe).text
}

/// Levels and messages of a statement's findings.
fn told(actions: &str, resource: &str) -> Vec<(Level, String)> {
    let text = format!("Statement: {{Effect: Allow, Action: [{actions}], Resource: {resource}}}\n");
    let findings = Fixture::new(&text, "").findings(&RULE);
    findings
        .iter()
        .map(|of| (of.level, of.message.clone()))
        .collect()
}
