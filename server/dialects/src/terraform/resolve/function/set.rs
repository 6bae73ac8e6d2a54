//! Functions of sets.

use super::super::value::{PartialText, Val};
use super::Call;
use super::list::{has, joined, listed, texts};
use crate::limits::ITEMS_OF_A_LIST;

pub(super) fn to_set(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    set(list.members()?)
}

pub(super) fn union(call: &Call<'_>) -> Option<Val> {
    let (items, is_sure) = joined(call.arguments);
    match is_sure {
        true => set(&items),
        false => listed(items, false),
    }
}

pub(super) fn intersection(call: &Call<'_>) -> Option<Val> {
    let (first, rest) = call.arguments.split_first()?;
    let mut items: Vec<Val> = first.members()?.to_vec();
    for other in rest {
        let other = other.members()?;
        let mut common = Vec::new();
        for item in items {
            if has(other, &item)? {
                common.push(item);
            }
        }
        items = common;
    }
    set(&items)
}

pub(super) fn subtract(call: &Call<'_>) -> Option<Val> {
    let [first, other] = call.arguments else {
        return None;
    };
    let other = other.members()?;
    let mut left = Vec::new();
    for item in first.members()? {
        if !has(other, item)? {
            left.push(item.clone());
        }
    }
    set(&left)
}

pub(super) fn product(call: &Call<'_>) -> Option<Val> {
    let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
    for list in call.arguments {
        let mut next = Vec::new();
        for row in &rows {
            for item in list.items()? {
                if next.len() >= ITEMS_OF_A_LIST {
                    return None;
                }
                let mut one = row.clone();
                one.push(item.clone());
                next.push(one);
            }
        }
        rows = next;
    }
    Some(Val::List(rows.into_iter().map(Val::List).collect()))
}

/// A set: known texts in order, each once.
fn set(items: &[Val]) -> Option<Val> {
    let Some(mut sorted) = texts(items) else {
        return listed(items.to_vec(), items.len() < 2);
    };
    // Numbers are in the order of their values.
    let is_number = |text: &&PartialText| text.bare;
    if sorted.iter().any(is_number) && sorted.len() > 1 {
        return listed(items.to_vec(), false);
    }
    sorted.sort_by(|a, b| a.chars().cmp(&b.chars()));
    sorted.dedup_by(|a, b| a.chars() == b.chars());
    listed(
        sorted.into_iter().map(|it| Val::Text(it.clone())).collect(),
        true,
    )
}
