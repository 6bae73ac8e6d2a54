//! One fault, one finding: findings of a rule with a common cause are reported as one, at the place of the first.
//!
//! This is done after ignores: if one of several places is ignored, the others are still reported.

use std::hash::Hash;

use foldhash::{HashMap, HashMapExt};
use leastwise_model::Level;
use leastwise_syntax::Span;

use crate::fix::LazyFix;
use crate::offers::Offers;
use crate::{Context, Finding, Fix, Related, Safety};

/// How many a message calls by their names, and how many characters two of them may have: lists of problems cut it.
const NAMED_IN_MESSAGE: usize = 2;
const ROOM_FOR_NAMES: usize = 60;

/// How many a help or a title calls by their names.
const NAMED: usize = 3;

/// The findings, sorted as they were, with those told as one that have their reason in common.
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    if findings.iter().all(|finding| finding.same.is_none()) {
        return findings;
    }
    type Key = (&'static str, Level, Span, String);
    let mut groups: HashMap<Key, usize> = HashMap::new();
    let mut kept: Vec<(Finding, Vec<Finding>)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let same = finding.same.as_ref();
        let key = same.map(|same| {
            (
                finding.rule.id,
                finding.level,
                same.within,
                same.key.clone(),
            )
        });
        let first = key.as_ref().and_then(|key| groups.get(key));
        match first.and_then(|at| kept.get_mut(*at)) {
            Some((_, others)) => others.push(finding),
            None => {
                if let Some(key) = key {
                    groups.insert(key, kept.len());
                }
                kept.push((finding, Vec::new()));
            }
        }
    }
    kept.into_iter()
        .map(|(first, others)| match others.is_empty() {
            true => first,
            false => one_of(first, others),
        })
        .collect()
}

/// One finding of several.
fn one_of(mut first: Finding, others: Vec<Finding>) -> Finding {
    let Some(same) = first.same.take() else {
        return first;
    };
    let mut names = Distinct::default();
    let mut each = Distinct::default();
    let mut related = Distinct::default();
    names.add(same.name.clone());
    each.extend(same.details.iter().cloned());
    related.extend(first.related.drain(..));
    let mut offers = vec![std::mem::take(&mut first.offers)];
    for mut other in others {
        offers.push(std::mem::take(&mut other.offers));
        first.left_out += other.left_out;
        first.as_well.push(other.span);
        let Some(own) = other.same else { continue };
        related.add(Related {
            span: other.span,
            note: format!("{}, too", own.name),
        });
        related.extend(other.related);
        // The same name in two places is one name.
        names.add(own.name);
        each.extend(own.details);
    }
    let (names, each) = (names.in_order(), each.in_order());
    first.related = related.in_order();
    first.offers =
        Offers::listed(move |context| alike(offers.iter().flat_map(|of| of.list(context))));
    if names.len() < 2 {
        // What has one name is told as it is of one place.
        return first;
    }
    first.message = format!("{} {}", in_message(&names), same.several);
    first.help = same.help.clone();
    if !each.is_empty() {
        let told = format!(" {} {}.", same.intro, listed(&each));
        first.help.push_str(&told);
    }
    first
}

/// Fixes that are called the same as one.
fn alike(all: impl Iterator<Item = LazyFix>) -> Vec<LazyFix> {
    let mut fixes: Vec<Vec<LazyFix>> = Vec::new();
    let mut known: HashMap<(String, Safety), usize> = HashMap::new();
    for fix in all {
        let called = fix.several.clone().unwrap_or_else(|| fix.title.clone());
        let next = fixes.len();
        let at = *known.entry((called, fix.safety)).or_insert(next);
        match fixes.get_mut(at) {
            Some(alike) => alike.push(fix),
            None => fixes.push(vec![fix]),
        }
    }
    fixes.into_iter().filter_map(merge_fixes).collect()
}

/// One fix that does what several alike do.
fn merge_fixes(mut fixes: Vec<LazyFix>) -> Option<LazyFix> {
    if fixes.len() < 2 {
        return fixes.pop();
    }
    let first = fixes.first_mut()?;
    let title = first.several.take().unwrap_or_else(|| first.title.clone());
    let safety = first.safety;
    Some(LazyFix::new(title, safety, move |context: &Context<'_>| {
        let mut edits = Distinct::default();
        let (mut adds, mut removes) = (Distinct::default(), Distinct::default());
        let mut notes = Distinct::default();
        let mut reaches_other_resources = false;
        let mut statements = Distinct::default();
        let mut also_for = None;
        for fix in fixes.iter().filter_map(|fix| (fix.make)(context)) {
            edits.extend(fix.edits);
            adds.extend(fix.adds);
            removes.extend(fix.removes);
            notes.extend(fix.notes);
            reaches_other_resources |= fix.reaches_other_resources;
            statements.extend(fix.statements);
            also_for = also_for.or(fix.also_for);
        }
        let all = Fix {
            edits: edits.in_order(),
            adds: adds.in_order(),
            removes: removes.in_order(),
            notes: notes.in_order(),
            also_for,
            reaches_other_resources,
            statements: statements.in_order(),
        };
        (!all.edits.is_empty()).then_some(all)
    }))
}

/// Each thing once, in the order in which they came.
struct Distinct<T>(HashMap<T, usize>);

impl<T> Default for Distinct<T> {
    fn default() -> Distinct<T> {
        Distinct(HashMap::new())
    }
}

impl<T: Eq + Hash> Distinct<T> {
    fn add(&mut self, one: T) {
        let next = self.0.len();
        self.0.entry(one).or_insert(next);
    }

    fn extend(&mut self, more: impl IntoIterator<Item = T>) {
        more.into_iter().for_each(|one| self.add(one));
    }

    fn in_order(self) -> Vec<T> {
        let mut all: Vec<(T, usize)> = self.0.into_iter().collect();
        all.sort_unstable_by_key(|(_, at)| *at);
        all.into_iter().map(|(one, _)| one).collect()
    }
}

/// "`a` and `b`", "`a`, `b` and 8 more"; "`a` and 9 more" where the names are long.
pub(crate) fn in_message(names: &[String]) -> String {
    let first = names.iter().take(NAMED_IN_MESSAGE);
    let length: usize = first.map(|name| name.chars().count()).sum();
    match length > ROOM_FOR_NAMES {
        true => and_more(names, 1),
        false => listed_up_to(names, NAMED_IN_MESSAGE),
    }
}

/// "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c` and 8 more".
pub(crate) fn listed(names: &[String]) -> String {
    listed_up_to(names, NAMED)
}

fn listed_up_to(names: &[String], named: usize) -> String {
    match names {
        [first @ .., last] if (2..=named).contains(&names.len()) => {
            format!("{} and {last}", first.join(", "))
        }
        _ => and_more(names, named),
    }
}

fn and_more(names: &[String], named: usize) -> String {
    let shown: Vec<&str> = names.iter().take(named).map(String::as_str).collect();
    match names.len().saturating_sub(named) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::{Hash, Hasher};

    use super::Distinct;

    thread_local! {
        static COMPARED: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts how often it is compared.
    #[derive(Debug)]
    struct Counted(usize);

    impl PartialEq for Counted {
        fn eq(&self, other: &Counted) -> bool {
            COMPARED.set(COMPARED.get() + 1);
            self.0 == other.0
        }
    }

    impl Eq for Counted {}

    impl Hash for Counted {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    #[test]
    fn ten_times_the_places_are_ten_times_the_work() {
        for count in [1_000, 10_000] {
            COMPARED.set(0);
            let mut all = Distinct::default();
            // Each comes twice.
            all.extend((0..count).chain(0..count).map(Counted));
            let order: Vec<usize> = all.in_order().into_iter().map(|one| one.0).collect();
            assert!(order.into_iter().eq(0..count));
            // Those that are there already, and now and then two of the same hash.
            assert!(COMPARED.get() < count * 2, "{count}: {}", COMPARED.get());
        }
    }
}
