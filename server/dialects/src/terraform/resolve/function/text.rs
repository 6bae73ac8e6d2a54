//! Functions of texts.

use super::super::operator::truth;
use super::super::value::{Frag, PartialText, Val};
use super::Call;
use crate::limits::ITEMS_OF_A_LIST;

/// The one argument, with its characters changed.
fn changed(call: &Call<'_>, change: impl FnOnce(&str) -> String) -> Option<Val> {
    match call.arguments {
        [Val::Text(text)] => Some(Val::Text(text.map(call.label, change))),
        _ => None,
    }
}

pub(super) fn lower(call: &Call<'_>) -> Option<Val> {
    changed(call, str::to_lowercase)
}

pub(super) fn upper(call: &Call<'_>) -> Option<Val> {
    changed(call, str::to_uppercase)
}

pub(super) fn title(call: &Call<'_>) -> Option<Val> {
    changed(call, titled)
}

pub(super) fn chomp(call: &Call<'_>) -> Option<Val> {
    changed(call, |text| text.trim_end_matches(['\n', '\r']).to_owned())
}

pub(super) fn trim_space(call: &Call<'_>) -> Option<Val> {
    changed(call, |text| text.trim().to_owned())
}

pub(super) fn basename(call: &Call<'_>) -> Option<Val> {
    changed(call, |text| {
        text.rsplit('/').next().unwrap_or(text).to_owned()
    })
}

pub(super) fn dirname(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(text)] = call.arguments else {
        return None;
    };
    match text.chars()?.rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() && !folder.contains("//") => {
            Some(Val::text(folder))
        }
        _ => None,
    }
}

pub(super) fn to_string(call: &Call<'_>) -> Option<Val> {
    match call.arguments {
        [Val::Text(text)] => Some(Val::Text(PartialText {
            bare: false,
            ..text.clone()
        })),
        [Val::Null] => Some(Val::Null),
        _ => None,
    }
}

/// The two texts that a function takes.
fn two<'a>(call: &Call<'a>) -> Option<(&'a PartialText, &'a PartialText)> {
    match call.arguments {
        [Val::Text(one), Val::Text(other)] => Some((one, other)),
        _ => None,
    }
}

pub(super) fn trim(call: &Call<'_>) -> Option<Val> {
    let (text, cut) = two(call)?;
    let cut: Vec<char> = cut.chars()?.chars().collect();
    let trimmed = text.map(call.label, |text| {
        text.trim_matches(cut.as_slice()).to_owned()
    });
    Some(Val::Text(trimmed))
}

pub(super) fn trim_prefix(call: &Call<'_>) -> Option<Val> {
    let (text, cut) = two(call)?;
    let cut = cut.chars()?;
    Some(Val::Text(match (text.parts.first(), text.chars()) {
        // The beginning is known, whatever follows it.
        (Some(Frag::Chars(first)), None) if first.len() >= cut.len() => {
            let mut rest = text.clone();
            if let Some(Frag::Chars(first)) = rest.parts.first_mut()
                && let Some(behind) = first.strip_prefix(cut)
            {
                *first = behind.to_owned();
            }
            rest
        }
        _ => text.map(call.label, |text| {
            text.strip_prefix(cut).unwrap_or(text).to_owned()
        }),
    }))
}

pub(super) fn trim_suffix(call: &Call<'_>) -> Option<Val> {
    let (text, cut) = two(call)?;
    let cut = cut.chars()?;
    let trimmed = text.map(call.label, |text| {
        text.strip_suffix(cut).unwrap_or(text).to_owned()
    });
    Some(Val::Text(trimmed))
}

pub(super) fn split(call: &Call<'_>) -> Option<Val> {
    let (separator, text) = two(call)?;
    let separator = separator.chars();
    let separator = separator.filter(|separator| !separator.is_empty())?;
    let pieces = text.chars()?.split(separator).take(ITEMS_OF_A_LIST);
    let pieces = pieces.map(|piece| Val::Text(text.map(call.label, |_| piece.to_owned())));
    Some(Val::List(pieces.collect()))
}

pub(super) fn starts_with(call: &Call<'_>) -> Option<Val> {
    let (text, wanted) = two(call)?;
    let wanted = wanted.chars()?;
    match (text.chars(), text.parts.first()) {
        (Some(text), _) => Some(truth(text.starts_with(wanted))),
        (None, Some(Frag::Chars(first))) if first.len() >= wanted.len() => {
            Some(truth(first.starts_with(wanted)))
        }
        _ => None,
    }
}

pub(super) fn ends_with(call: &Call<'_>) -> Option<Val> {
    let (text, wanted) = two(call)?;
    Some(truth(text.chars()?.ends_with(wanted.chars()?)))
}

pub(super) fn str_contains(call: &Call<'_>) -> Option<Val> {
    let (text, wanted) = two(call)?;
    Some(truth(text.chars()?.contains(wanted.chars()?)))
}

pub(super) fn replace(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(text), Val::Text(from), Val::Text(to)] = call.arguments else {
        return None;
    };
    let (from, to) = (from.chars()?, to.chars()?);
    let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
    let chars = text.chars().filter(|_| !is_pattern)?;
    let more = chars.matches(from).count().saturating_mul(to.len());
    call.fits(chars.len().saturating_add(more))?;
    let replaced = text.map(call.label, |text| text.replace(from, to));
    Some(Val::Text(replaced))
}

pub(super) fn substr(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(text), Val::Text(offset), Val::Text(length)] = call.arguments else {
        return None;
    };
    let (offset, length): (i64, i64) =
        (offset.chars()?.parse().ok()?, length.chars()?.parse().ok()?);
    // Terraform counts what a reader takes for characters.
    let chars = text.chars().filter(|text| text.is_ascii())?;
    let count = i64::try_from(chars.len()).ok()?;
    let from = match offset < 0 {
        true => count.checked_add(offset)?,
        false => offset,
    };
    let to = match length < 0 {
        true => count,
        false => from.checked_add(length)?.min(count),
    };
    let part = chars.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
    Some(Val::Text(text.map(call.label, |_| part.to_owned())))
}

/// Each word with a capital.
fn titled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = !(c.is_alphanumeric() || matches!(c, '_' | '\''));
    }
    out
}
