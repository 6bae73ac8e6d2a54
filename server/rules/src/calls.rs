//! What is found in a module's file as each call of the module makes it, told once, with the calls that make it so.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use leastwise_syntax::Span;
use leastwise_workspace::Calls;

use crate::fix::LazyFix;
use crate::merge::listed;
use crate::offers::Offers;
use crate::{Context, Finding};

/// One finding of several calls.
struct FindingOfCalls {
    finding: Finding,
    /// The calls, by their numbers.
    ways: Vec<usize>,
    /// What it offers beside the first time.
    others: Vec<Offers>,
}

/// The findings of all calls. One that isn't so in all of them names those in which it is, and has no fix: what the module
/// says is right for the others.
pub(crate) fn joined(calls: &Calls, of: impl Iterator<Item = Vec<Finding>>) -> Vec<Finding> {
    let mut found: Vec<FindingOfCalls> = Vec::new();
    let mut known: HashMap<(&'static str, Span, String), usize> = HashMap::new();
    for (way, findings) in of.enumerate() {
        for mut finding in findings {
            let key = (finding.rule.id, finding.span, finding.message.clone());
            match known.entry(key) {
                Entry::Occupied(entry) => {
                    if let Some(of) = found.get_mut(*entry.get()) {
                        of.finding.level = of.finding.level.max(finding.level);
                        if of.ways.last() != Some(&way) {
                            of.ways.push(way);
                        }
                        of.others.push(under(way, finding.offers));
                    }
                }
                Entry::Vacant(entry) => {
                    entry.insert(found.len());
                    finding.offers = under(way, finding.offers);
                    let ways = vec![way];
                    let others = Vec::new();
                    found.push(FindingOfCalls {
                        finding,
                        ways,
                        others,
                    });
                }
            }
        }
    }
    found.into_iter().map(|found| found.told(calls)).collect()
}

impl FindingOfCalls {
    fn told(self, calls: &Calls) -> Finding {
        let FindingOfCalls {
            mut finding,
            ways,
            others,
        } = self;
        if ways.len() == calls.ways.len() && !calls.more {
            if !others.is_empty() {
                finding.offers = in_all(finding.offers, others);
            }
            return finding;
        }
        finding.forget_fixes();
        let ways = ways.iter().filter_map(|at| calls.ways.get(*at));
        let names: Vec<String> = ways
            .flat_map(|way| &way.names)
            .map(|name| format!("`{name}`"))
            .collect();
        let calls = if names.len() == 1 { "call" } else { "calls" };
        let told = format!(" This comes from the {calls} {}.", listed(&names));
        finding.message.push_str(&told);
        if let Some(same) = &mut finding.same {
            same.several.push_str(&told);
            same.key.push_str(&told);
        }
        finding
    }
}

/// What is offered each time: what one call has no fix for is mended for none.
fn in_all(first: Offers, others: Vec<Offers>) -> Offers {
    Offers::listed(move |context| {
        let mut fixes = first.list(context);
        for other in &others {
            let other = other.list(context);
            fixes.retain(|fix| other.iter().any(|of| of.title == fix.title));
        }
        fixes
    })
}

/// The fixes of what one call makes of the file.
fn under(way: usize, offers: Offers) -> Offers {
    Offers::listed(move |context| {
        let Some(own) = context.analysis.calls(context.tree).ways.get(way) else {
            return Vec::new();
        };
        let fixes = offers.list(&Context::new(context.tree, &own.analysis));
        fixes.into_iter().map(|fix| made_under(way, fix)).collect()
    })
}

/// A fix of what one call makes of the file.
fn made_under(way: usize, fix: LazyFix) -> LazyFix {
    let make = fix.make;
    LazyFix {
        make: Arc::new(move |context: &Context<'_>| {
            let way = context.analysis.calls(context.tree).ways.get(way)?;
            make(&Context::new(context.tree, &way.analysis))
        }),
        ..fix
    }
}
