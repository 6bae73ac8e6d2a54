//! What the fixes of one round take for themselves.

use std::collections::{BTreeMap, HashMap};

use leastwise_syntax::Span;
use leastwise_syntax::write::TextEdit;

use crate::{Context, work};

/// The edits of a round, and the policies that they are in: edits of one statement can hang together though they don't
/// touch.
pub(crate) struct Taken {
    /// Where the first policy that an offset is in begins and ends, by their order in the file.
    policies: Vec<(Span, usize)>,
    /// The longest reach of a policy up to each of these.
    reach: Vec<u32>,
    /// The edits by where they begin, with where they end.
    edits: BTreeMap<u32, u32>,
    /// The policies that were edited, and whether that was only by writing other names.
    edited: HashMap<usize, bool>,
}

impl Taken {
    /// Nothing yet.
    pub fn of(context: &Context<'_>) -> Taken {
        let sites = context.analysis.sites.iter().enumerate();
        let mut policies: Vec<(Span, usize)> = sites
            .map(|(index, site)| (site.span(context.tree), index))
            .collect();
        policies.sort_unstable();
        let mut reach = Vec::with_capacity(policies.len());
        let mut end = 0;
        for (span, _) in &policies {
            end = end.max(span.end);
            reach.push(end);
        }
        Taken {
            policies,
            reach,
            edits: BTreeMap::new(),
            edited: HashMap::new(),
        }
    }

    /// Takes edits, unless another edit of the round meets one of them or lies in the same policy. Names that are written in
    /// place of others don't disturb one another.
    pub fn take(&mut self, edits: &[TextEdit]) -> bool {
        let renames = edits.iter().all(is_rename);
        let mut spans = edits.iter().map(|edit| edit.span);
        let is_free = spans.all(|span| self.is_free(span, renames));
        if is_free {
            edits.iter().for_each(|edit| self.add(edit.span, renames));
        }
        is_free
    }

    fn is_free(&self, span: Span, renames: bool) -> bool {
        let edited = self
            .policy(span)
            .and_then(|policy| self.edited.get(&policy));
        !self.is_met(span) && edited.is_none_or(|only_renamed| renames && *only_renamed)
    }

    fn add(&mut self, span: Span, renames: bool) {
        if let Some(policy) = self.policy(span) {
            let only_renamed = self.edited.entry(policy).or_insert(renames);
            *only_renamed &= renames;
        }
        let end = self.edits.entry(span.start).or_default();
        *end = span.end.max(*end);
    }

    /// Whether an edit of the round touches some bytes. The edits are apart from each other.
    fn is_met(&self, span: Span) -> bool {
        let before = self.edits.range(..=span.end).next_back();
        before.is_some_and(|(_, end)| span.start <= *end)
    }

    /// The first policy of the file that an edit begins in.
    fn policy(&self, span: Span) -> Option<usize> {
        let at = span.start;
        let behind = self.policies.partition_point(|(own, _)| own.start <= at);
        let mut found: Option<usize> = None;
        for index in (0..behind).rev() {
            work::did(1);
            let (own, site) = self.policies.get(index)?;
            if self.reach.get(index).is_none_or(|end| *end < at) {
                break;
            }
            if own.touches(at) {
                found = Some(found.map_or(*site, |found| found.min(*site)));
            }
        }
        found
    }
}

/// Whether an edit writes one word in place of another.
fn is_rename(edit: &TextEdit) -> bool {
    !edit.span.is_empty() && !edit.text.is_empty() && !edit.text.contains(['\n', ',', '[', '{'])
}

#[cfg(test)]
impl Taken {
    /// Whether an edit there is free beside others.
    pub fn apart(context: &Context<'_>, span: Span, others: &[Span]) -> bool {
        let mut taken = Taken::of(context);
        others.iter().for_each(|other| taken.add(*other, false));
        taken.is_free(span, false)
    }
}
