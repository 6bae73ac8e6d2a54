//! Terraform's functions of lists, sets and maps.

use super::operator::{equal, integer, number, truth};
use super::value::{Txt, Val};
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::limits::DEPTH_OF_LISTS;

/// The value of a call. `None` where the function isn't known, or its arguments don't tell.
pub(super) fn call(name: &str, arguments: &[Val]) -> Option<Val> {
    Some(match (name, arguments) {
        ("concat", lists) => {
            let mut items = Vec::new();
            let mut is_sure = true;
            for list in lists {
                is_sure &= list.items().is_some();
                match list.members() {
                    Some(inner) => items.extend(inner.iter().cloned()),
                    None => items.push(list.clone()),
                }
            }
            listed(items, is_sure)?
        }
        ("setunion", lists) => {
            let mut items = Vec::new();
            let mut is_sure = true;
            for list in lists {
                is_sure &= list.items().is_some();
                match list.members() {
                    Some(inner) => items.extend(inner.iter().cloned()),
                    None => items.push(list.clone()),
                }
            }
            match is_sure {
                true => set(&items)?,
                false => listed(items, false)?,
            }
        }
        ("toset", [list]) => set(list.members()?)?,
        ("setintersection", [first, rest @ ..]) => {
            let mut items: Vec<Val> = first.members()?.to_vec();
            for other in rest {
                let other = other.members()?;
                let mut kept = Vec::new();
                for item in items {
                    if contains(other, &item)? {
                        kept.push(item);
                    }
                }
                items = kept;
            }
            set(&items)?
        }
        ("setsubtract", [first, other]) => {
            let other = other.members()?;
            let mut kept = Vec::new();
            for item in first.members()? {
                if !contains(other, item)? {
                    kept.push(item.clone());
                }
            }
            set(&kept)?
        }
        ("setproduct", lists) => {
            let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
            for list in lists {
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
            Val::List(rows.into_iter().map(Val::List).collect())
        }
        ("flatten", [list]) => {
            let mut flat = Vec::new();
            let mut is_sure = list.items().is_some();
            flattened(list.members()?, &mut flat, &mut is_sure, 0)?;
            listed(flat, is_sure)?
        }
        ("compact", [list]) => {
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
            listed(items.iter().filter_map(filled).collect(), is_sure)?
        }
        ("distinct", [list]) => {
            let items = list.members()?;
            let mut distinct: Vec<Val> = Vec::new();
            for item in items {
                if !distinct.contains(item) {
                    distinct.push(item.clone());
                }
            }
            let is_sure = list.items().is_some() && items.iter().all(|item| known(item).is_some());
            listed(distinct, is_sure || items.len() < 2)?
        }
        ("sort", [list]) => {
            let items = list.members()?;
            match texts(items) {
                Some(mut sorted) => {
                    sorted.sort_by(|a, b| a.chars().cmp(&b.chars()));
                    Val::List(sorted.into_iter().map(|it| Val::Text(it.clone())).collect())
                }
                None => listed(items.to_vec(), items.len() < 2)?,
            }
        }
        ("contains", [list, wanted]) => truth(contains(list.members()?, wanted)?),
        ("alltrue" | "anytrue", [list]) => {
            let decides = name == "anytrue";
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
            (is_sure || found == decides).then(|| truth(found))?
        }
        ("sum", [list]) => {
            let mut sum = 0i64;
            for item in list.items()? {
                sum = sum.checked_add(integer(item)?.0)?;
            }
            number(sum)
        }
        ("index", [Val::List(items), wanted]) => {
            for (at, item) in items.iter().enumerate() {
                if equal(item, wanted)? {
                    return Some(number(i64::try_from(at).ok()?));
                }
            }
            return None;
        }
        ("range", [end]) => range(0, integer(end)?.0)?,
        ("range", [start, end]) => range(integer(start)?.0, integer(end)?.0)?,
        ("chunklist", [Val::List(items), size]) => {
            let size = usize::try_from(integer(size)?.0)
                .ok()
                .filter(|size| *size > 0)?;
            Val::List(
                items
                    .chunks(size)
                    .map(|chunk| Val::List(chunk.to_vec()))
                    .collect(),
            )
        }
        ("lookup", [Val::Map(pairs), Val::Text(key), default @ ..]) => {
            let key = key.chars()?;
            match (pairs.iter().rev().find(|(name, _)| name == key), default) {
                (Some((_, value)), _) => value.clone(),
                (None, [default]) => default.clone(),
                _ => return None,
            }
        }
        ("merge", maps) => {
            let mut merged: Vec<(String, Val)> = Vec::new();
            for map in maps {
                match map {
                    Val::Map(pairs) => {
                        for (key, value) in pairs {
                            merged.retain(|(other, _)| other != key);
                            merged.push((key.clone(), value.clone()));
                        }
                    }
                    Val::Null => {}
                    _ => return None,
                }
            }
            Val::Map(merged)
        }
        ("zipmap", [Val::List(keys), Val::List(values)]) if keys.len() == values.len() => {
            let mut map: Vec<(String, Val)> = Vec::new();
            for (key, value) in keys.iter().zip(values) {
                let key = known(key)?;
                map.retain(|(other, _)| other != key);
                map.push((key.to_owned(), value.clone()));
            }
            Val::Map(map)
        }
        ("keys", [Val::Map(pairs)]) => {
            let mut keys: Vec<&String> = pairs.iter().map(|(key, _)| key).collect();
            keys.sort();
            Val::List(keys.into_iter().map(Val::text).collect())
        }
        ("values", [Val::Map(pairs)]) => {
            let mut sorted: Vec<&(String, Val)> = pairs.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            Val::List(sorted.into_iter().map(|(_, value)| value.clone()).collect())
        }
        _ => return None,
    })
}

/// A list of which the order and number of items is sure, or isn't.
fn listed(items: Vec<Val>, is_sure: bool) -> Option<Val> {
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
fn known(value: &Val) -> Option<&str> {
    match value {
        Val::Text(text) if text.conditions.is_empty() => text.chars(),
        _ => None,
    }
}

fn texts(items: &[Val]) -> Option<Vec<&Txt>> {
    fn text(item: &Val) -> Option<&Txt> {
        match item {
            Val::Text(text) => known(item).map(|_| text),
            _ => None,
        }
    }
    items.iter().map(text).collect()
}

/// A set: known texts in order, each once.
fn set(items: &[Val]) -> Option<Val> {
    let Some(mut sorted) = texts(items) else {
        return listed(items.to_vec(), items.len() < 2);
    };
    // Numbers are in the order of their values.
    let is_number = |text: &&Txt| text.bare;
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

/// Whether a value surely is in a list, or surely isn't.
fn contains(items: &[Val], wanted: &Val) -> Option<bool> {
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

fn range(start: i64, end: i64) -> Option<Val> {
    let count = usize::try_from(end.checked_sub(start)?).ok()?;
    (count <= ITEMS_OF_A_LIST).then(|| Val::List((start..end).map(number).collect()))
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
