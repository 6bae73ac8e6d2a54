//! Functions of lists.

use super::super::operator::{equal, integer, number, truth};
use super::super::value::{PartialText, Val};
use super::Call;
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::limits::DEPTH_OF_LISTS;

pub(super) fn concat(call: &Call<'_>) -> Option<Val> {
    let (items, is_sure) = joined(call.arguments);
    listed(items, is_sure)
}

/// The items of several lists, and whether these are all and in order. A list that isn't known is an item.
pub(super) fn joined(lists: &[Val]) -> (Vec<Val>, bool) {
    let mut items = Vec::new();
    let mut is_sure = true;
    for list in lists {
        is_sure &= list.items().is_some();
        match list.members() {
            Some(inner) => items.extend(inner.iter().cloned()),
            None => items.push(list.clone()),
        }
    }
    (items, is_sure)
}

pub(super) fn flatten(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let mut flat = Vec::new();
    let mut is_sure = list.items().is_some();
    flattened(list.members()?, &mut flat, &mut is_sure, 0)?;
    listed(flat, is_sure)
}

pub(super) fn compact(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let items = list.members()?;
    let is_empty = |item: &Val| match item {
        Val::Null => true,
        Val::Text(text) => text.chars() == Some(""),
        _ => false,
    };
    // Of an item that may be one of several, those that aren't empty.
    let filled = |item: &Val| {
        let values = item.alternatives().iter();
        let filled: Vec<Val> = values.filter(|one| !is_empty(one)).cloned().collect();
        (!filled.is_empty()).then(|| Val::any(filled))
    };
    let is_text = |item: &Val| matches!(item, Val::Text(_) | Val::Null);
    let is_sure = list.items().is_some() && items.iter().all(is_text);
    listed(items.iter().filter_map(filled).collect(), is_sure)
}

pub(super) fn distinct(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let items = list.members()?;
    let mut distinct: Vec<Val> = Vec::new();
    for item in items {
        if !distinct.contains(item) {
            distinct.push(item.clone());
        }
    }
    let is_sure = list.items().is_some() && items.iter().all(|item| known(item).is_some());
    listed(distinct, is_sure || items.len() < 2)
}

pub(super) fn sort(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let items = list.members()?;
    let Some(mut sorted) = texts(items) else {
        return listed(items.to_vec(), items.len() < 2);
    };
    sorted.sort_by(|a, b| a.chars().cmp(&b.chars()));
    let sorted = sorted.into_iter().cloned();
    Some(Val::List(sorted.map(Val::Text).collect()))
}

pub(super) fn contains(call: &Call<'_>) -> Option<Val> {
    let [list, wanted] = call.arguments else {
        return None;
    };
    has(list.members()?, wanted).map(truth)
}

pub(super) fn all_true(call: &Call<'_>) -> Option<Val> {
    decided(call, false)
}

pub(super) fn any_true(call: &Call<'_>) -> Option<Val> {
    decided(call, true)
}

/// What a list comes to of which one item `decides`.
fn decided(call: &Call<'_>, decides: bool) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let mut is_sure = list.items().is_some();
    let mut found = !decides;
    for item in list.members()? {
        match known(item) {
            Some("true") if decides => found = true,
            Some("false") if !decides => found = false,
            Some("true" | "false") => {}
            _ => is_sure = false,
        }
    }
    (is_sure || found == decides).then(|| truth(found))
}

pub(super) fn index(call: &Call<'_>) -> Option<Val> {
    let [Val::List(items), wanted] = call.arguments else {
        return None;
    };
    for (at, item) in items.iter().enumerate() {
        if equal(item, wanted)? {
            return i64::try_from(at).ok().map(number);
        }
    }
    None
}

pub(super) fn chunk_list(call: &Call<'_>) -> Option<Val> {
    let [Val::List(items), size] = call.arguments else {
        return None;
    };
    let size = usize::try_from(integer(size)?.0).ok();
    let chunks = items.chunks(size.filter(|size| *size > 0)?);
    Some(Val::List(
        chunks.map(|chunk| Val::List(chunk.to_vec())).collect(),
    ))
}

pub(super) fn reverse(call: &Call<'_>) -> Option<Val> {
    let [Val::List(items)] = call.arguments else {
        return None;
    };
    Some(Val::List(items.iter().rev().cloned().collect()))
}

pub(super) fn element(call: &Call<'_>) -> Option<Val> {
    let [Val::List(items), Val::Text(index)] = call.arguments else {
        return None;
    };
    let index: usize = index.chars()?.parse().ok()?;
    items.get(index.checked_rem(items.len())?).cloned()
}

pub(super) fn slice(call: &Call<'_>) -> Option<Val> {
    let [Val::List(items), Val::Text(from), Val::Text(to)] = call.arguments else {
        return None;
    };
    let (from, to): (usize, usize) = (from.chars()?.parse().ok()?, to.chars()?.parse().ok()?);
    Some(Val::List(items.get(from..to)?.to_vec()))
}

pub(super) fn one(call: &Call<'_>) -> Option<Val> {
    match call.arguments {
        [Val::List(items)] => match items.as_slice() {
            [] => Some(Val::Null),
            [item] => Some(item.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Of a list, a map or a text; characters are counted in ASCII alone, since Terraform counts what a reader takes for one.
pub(super) fn length(call: &Call<'_>) -> Option<Val> {
    let length = match call.arguments {
        [Val::List(items)] => items.len(),
        [Val::Map(pairs)] => pairs.len(),
        [Val::Text(text)] => {
            let text = text.chars();
            text.filter(|text| text.is_ascii() && !text.contains('\r'))?
                .len()
        }
        _ => return None,
    };
    i64::try_from(length).ok().map(number)
}

/// A list of which the order and number of items is sure, or isn't.
pub(super) fn listed(items: Vec<Val>, is_sure: bool) -> Option<Val> {
    if items.len() > ITEMS_OF_A_LIST {
        return None;
    }
    Some(if is_sure {
        Val::List(items)
    } else {
        Val::Bag(items)
    })
}

/// The text of a value that is one and known.
pub(super) fn known(value: &Val) -> Option<&str> {
    match value {
        Val::Text(text) if text.conditions.is_empty() => text.chars(),
        _ => None,
    }
}

/// Known texts. `None` where an item isn't one.
pub(super) fn texts(items: &[Val]) -> Option<Vec<&PartialText>> {
    fn text(item: &Val) -> Option<&PartialText> {
        match item {
            Val::Text(text) => known(item).map(|_| text),
            _ => None,
        }
    }
    items.iter().map(text).collect()
}

/// Whether a value surely is in a list, or surely isn't.
pub(super) fn has(items: &[Val], wanted: &Val) -> Option<bool> {
    let mut is_sure = true;
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_sure = false,
        }
    }
    is_sure.then_some(false)
}

/// The items of lists in lists. An item that isn't known may be a list.
fn flattened(items: &[Val], into: &mut Vec<Val>, is_sure: &mut bool, depth: u32) -> Option<()> {
    for item in items {
        if into.len() > ITEMS_OF_A_LIST || depth > DEPTH_OF_LISTS {
            return None;
        }
        match item {
            Val::List(inner) => flattened(inner, into, is_sure, depth + 1)?,
            Val::Bag(inner) => {
                *is_sure = false;
                flattened(inner, into, is_sure, depth + 1)?;
            }
            Val::Any(_) | Val::Unknown(_) => {
                *is_sure = false;
                into.push(item.clone());
            }
            other => into.push(other.clone()),
        }
    }
    Some(())
}
