//! What the fixes of one round take for themselves.

use std::collections::{BTreeMap, HashMap};

use leastwise_syntax::Span;
use leastwise_syntax::write::TextEdit;

use crate::{Context, Rule, work};

/// Rules that judge a statement by nothing else, and whose fixes leave what others judge by.
const OF_ONE_STATEMENT: [&str; 2] = ["action-resource-mismatch", "redundant-action"];

/// How far the edits of a fix reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    /// Names are written in place of others.
    Names,
    /// Each statement by itself.
    Statement,
    /// What is in a policy can hang together though it doesn't touch.
    Policy,
}

impl Reach {
    /// That of a fix of a rule.
    pub fn of(rule: &Rule, edits: &[TextEdit]) -> Reach {
        match edits.iter().all(is_rename) {
            true => Reach::Names,
            false if OF_ONE_STATEMENT.contains(&rule.id) => Reach::Statement,
            false => Reach::Policy,
        }
    }
}

/// The edits of a round, and what they are in.
pub(crate) struct Taken {
    /// Where the first policy that an offset is in begins and ends, by their order in the file.
    policies: Vec<(Span, usize)>,
    /// The longest reach of a policy up to each of these.
    reach: Vec<u32>,
    /// Where the statements stand, in order.
    statements: Vec<Span>,
    /// The edits by where they begin, with where they end.
    edits: BTreeMap<u32, u32>,
    /// The policies that were edited, each with the farthest reach.
    edited: HashMap<usize, Reach>,
    /// The statements that were edited, each with whether that was only by other names.
    touched: HashMap<usize, bool>,
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
        let statements = context.statements();
        let mut statements: Vec<Span> = statements
            .map(|(_, statement)| context.span(statement.node))
            .collect();
        statements.sort_unstable();
        statements.dedup();
        Taken {
            policies,
            reach,
            statements,
            edits: BTreeMap::new(),
            edited: HashMap::new(),
            touched: HashMap::new(),
        }
    }

    /// Takes edits, unless others of the round meet them or what they hang together with.
    pub fn take(&mut self, edits: &[TextEdit], reach: Reach) -> bool {
        let mut places = edits
            .iter()
            .map(|edit| (edit.span, self.statement(edit.span)));
        // What isn't in a statement reaches farther than one.
        let reach = match places.all(|(_, statement)| statement.is_some()) {
            true => reach,
            false => Reach::Policy,
        };
        let mut spans = edits.iter().map(|edit| edit.span);
        let is_free = spans.all(|span| self.is_free(span, reach));
        if is_free {
            edits.iter().for_each(|edit| self.add(edit.span, reach));
        }
        is_free
    }

    fn is_free(&self, span: Span, reach: Reach) -> bool {
        let edited = self
            .policy(span)
            .and_then(|policy| self.edited.get(&policy));
        let touched = || self.statement(span).and_then(|at| self.touched.get(&at));
        let stands_apart = match (edited, reach) {
            (None, _) => true,
            (Some(Reach::Policy), _) | (_, Reach::Policy) => false,
            (_, Reach::Names) => touched() != Some(&false),
            (_, Reach::Statement) => touched().is_none(),
        };
        !self.is_met(span) && stands_apart
    }

    fn add(&mut self, span: Span, reach: Reach) {
        if let Some(policy) = self.policy(span) {
            let most = self.edited.entry(policy).or_insert(reach);
            if reach == Reach::Policy {
                *most = reach;
            }
        }
        if let Some(statement) = self.statement(span) {
            let only_names = self.touched.entry(statement).or_insert(true);
            *only_names &= reach == Reach::Names;
        }
        let end = self.edits.entry(span.start).or_default();
        *end = span.end.max(*end);
    }

    /// The statement that holds an edit.
    fn statement(&self, span: Span) -> Option<usize> {
        let behind = self
            .statements
            .partition_point(|own| own.start <= span.start);
        let at = behind.checked_sub(1)?;
        let own = self.statements.get(at)?;
        (own.start < span.start && span.end < own.end).then_some(at)
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
        others
            .iter()
            .for_each(|other| taken.add(*other, Reach::Policy));
        taken.is_free(span, Reach::Policy)
    }
}
