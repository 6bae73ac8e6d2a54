//! One fault, one finding: those of a rule that have their reason in common are told as one, at the place of the first.
//!
//! That is done after ignores: one of several places can be lived with, and the others are still told.

use std::collections::HashMap;

use leastwise_syntax::Span;
use leastwise_workspace::Level;

use crate::fix::LazyFix;
use crate::{Context, Finding, Fix, Related};

/// What a finding has in common with others of its rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Same {
    /// What the reason holds for: the bytes of a statement or a policy.
    pub within: Span,
    /// Findings of one rule and level with the same key have one reason there.
    pub key: String,
    /// What this one is called among several: `` `s3:GetObject` ``.
    pub name: String,
    /// What is said of several, behind their names.
    pub several: String,
    /// What to do about several.
    pub help: String,
    /// What is told of each, once, behind the help of several and these words.
    pub each: Vec<String>,
    /// See [`Same::each`].
    pub intro: &'static str,
}

/// How many are called by their names.
const NAMED: usize = 3;

/// The findings, sorted as they were, with those told as one that have their reason in common.
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
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
    let mut names = vec![same.name.clone()];
    let mut each = same.each.clone();
    let mut fixes: Vec<Vec<LazyFix>> = Vec::new();
    let mut add = |fix: LazyFix| match fixes.iter_mut().find(|alike| is_alike(alike, &fix)) {
        Some(alike) => alike.push(fix),
        None => fixes.push(vec![fix]),
    };
    first.fixes.drain(..).for_each(&mut add);
    for mut other in others {
        other.fixes.drain(..).for_each(&mut add);
        let Some(own) = other.same else { continue };
        first.related.push(Related {
            span: other.span,
            note: format!("{}, too", own.name),
        });
        for one in other.related {
            if !first.related.contains(&one) {
                first.related.push(one);
            }
        }
        // The same name in two places is one name.
        if !names.contains(&own.name) {
            names.push(own.name);
        }
        extend(&mut each, own.each);
    }
    first.fixes = fixes.into_iter().filter_map(together).collect();
    first.message = format!("{} {}", listed(&names), same.several);
    first.help = same.help.clone();
    if !each.is_empty() {
        let told = format!(" {} {}.", same.intro, and_more(&each));
        first.help.push_str(&told);
    }
    first
}

fn is_alike(one: &[LazyFix], other: &LazyFix) -> bool {
    let called = |fix: &LazyFix| fix.several.clone().unwrap_or_else(|| fix.title.clone());
    let first = one.first();
    first.is_some_and(|of| called(of) == called(other) && of.safety == other.safety)
}

/// One fix that does what several alike do.
fn together(mut fixes: Vec<LazyFix>) -> Option<LazyFix> {
    if fixes.len() < 2 {
        return fixes.pop();
    }
    let first = fixes.first_mut()?;
    let title = first.several.take().unwrap_or_else(|| first.title.clone());
    Some(LazyFix {
        title,
        safety: first.safety,
        several: None,
        make: Box::new(move |context: &Context<'_>| {
            let mut all = Fix::default();
            for fix in fixes.iter().filter_map(|fix| (fix.make)(context)) {
                extend(&mut all.edits, fix.edits);
                extend(&mut all.adds, fix.adds);
                extend(&mut all.removes, fix.removes);
            }
            (!all.edits.is_empty()).then_some(all)
        }),
    })
}

/// Appends what isn't there yet.
fn extend<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c` and 8 more".
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [first @ .., last] if (2..=NAMED).contains(&names.len()) => {
            format!("{} and {last}", first.join(", "))
        }
        _ => and_more(names),
    }
}

fn and_more(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
