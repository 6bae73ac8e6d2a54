//! What was found in the whole file that actions are offered for, worked out when it is asked for.

use std::collections::HashMap;

use leastwise_rules::{Context, Finding};

use crate::limits::FIXED_BEFORE_ASKED;

/// The findings of a file, as far as somebody has asked for them since the last edit.
pub(crate) struct OfFile<'f> {
    /// All of them, those at hand with their fixes.
    pub findings: &'f [Finding],
    /// With their fixes.
    pub with_fixes: &'f mut Option<Vec<Finding>>,
}

impl OfFile<'_> {
    /// How many findings each rule has.
    pub fn by_rule(&self) -> HashMap<&'static str, usize> {
        let mut counts = HashMap::new();
        for finding in self.findings {
            *counts.entry(finding.rule.id).or_default() += 1 + finding.left_out;
        }
        counts
    }

    /// The findings with their fixes; `None` of a long file, where they take too long for a menu.
    pub fn with_fixes(&mut self, context: Context<'_>) -> Option<&[Finding]> {
        if context.tree.source().len() > FIXED_BEFORE_ASKED {
            return None;
        }
        let check = || leastwise_rules::check(&context);
        Some(self.with_fixes.get_or_insert_with(check))
    }
}
