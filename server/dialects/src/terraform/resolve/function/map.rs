//! Functions of maps.

use super::super::value::Val;
use super::Call;
use super::list::known;

pub(super) fn lookup(call: &Call<'_>) -> Option<Val> {
    let [Val::Map(pairs), Val::Text(key), default @ ..] = call.arguments else {
        return None;
    };
    let key = key.chars()?;
    match (pairs.iter().rev().find(|(name, _)| name == key), default) {
        (Some((_, value)), _) => Some(value.clone()),
        (None, [default]) => Some(default.clone()),
        _ => None,
    }
}

pub(super) fn merge(call: &Call<'_>) -> Option<Val> {
    let mut merged: Vec<(String, Val)> = Vec::new();
    for map in call.arguments {
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
    Some(Val::Map(merged))
}

pub(super) fn zip_map(call: &Call<'_>) -> Option<Val> {
    let [Val::List(keys), Val::List(values)] = call.arguments else {
        return None;
    };
    if keys.len() != values.len() {
        return None;
    }
    let mut map: Vec<(String, Val)> = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        let key = known(key)?;
        map.retain(|(other, _)| other != key);
        map.push((key.to_owned(), value.clone()));
    }
    Some(Val::Map(map))
}

pub(super) fn keys(call: &Call<'_>) -> Option<Val> {
    let sorted = sorted(call)?.into_iter();
    Some(Val::List(sorted.map(|(key, _)| Val::text(key)).collect()))
}

pub(super) fn values(call: &Call<'_>) -> Option<Val> {
    let sorted = sorted(call)?.into_iter();
    Some(Val::List(sorted.map(|(_, value)| value.clone()).collect()))
}

/// The pairs of a map by their keys.
fn sorted<'a>(call: &Call<'a>) -> Option<Vec<&'a (String, Val)>> {
    let [Val::Map(pairs)] = call.arguments else {
        return None;
    };
    let mut sorted: Vec<&(String, Val)> = pairs.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    Some(sorted)
}
