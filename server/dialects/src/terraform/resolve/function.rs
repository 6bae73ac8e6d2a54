//! Terraform's functions.

use std::cell::Cell;

use super::operator::{integer, number, truth};
use super::value::{Frag, Txt, Val};
use super::{collection, hole};
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::limits::{DEPTH_OF_JSON, TEXT_LENGTH, VALUES_OF_ONE};

/// What `can(regex(…))` is called: whether a text matches.
pub(super) const CAN_MATCH: &str = "can regex";

/// The value of a call; a value that isn't known where the function isn't, or where its arguments don't tell.
/// `label` is what to call it then, and `is_long` is set where it would be longer than what is put together.
pub(super) fn call(name: &str, arguments: &[Val], label: &str, is_long: &Cell<bool>) -> Val {
    // These take their arguments as they are.
    match (name, arguments) {
        ("try" | "coalesce" | "coalescelist", values) => return first(name, values, label),
        ("can", [Val::Any(values)]) if values.is_empty() => return super::operator::truth(false),
        ("can", [Val::Unknown(_) | Val::Any(_)]) => return Val::unknown(label),
        ("can", [_]) => return super::operator::truth(true),
        ("nonsensitive" | "sensitive" | "tolist" | "tomap" | "ephemeralasnull", [one]) => {
            return one.clone();
        }
        _ => {}
    }
    let mut combinations: Vec<Vec<Val>> = vec![Vec::new()];
    for argument in arguments {
        let mut next = Vec::new();
        for combination in &combinations {
            for value in argument.alternatives() {
                if next.len() < VALUES_OF_ONE {
                    let mut one: Vec<Val> = combination.clone();
                    one.push(value.clone());
                    next.push(one);
                }
            }
        }
        combinations = next;
    }
    let assumed = arguments.iter().any(Val::is_assumed);
    let values = combinations.into_iter().map(|arguments| {
        let mut value =
            plain(name, &arguments, label, is_long).unwrap_or_else(|| Val::unknown(label));
        if assumed {
            value.assume();
        }
        value
    });
    Val::any(values.collect())
}

/// The first argument that has a value. One that isn't known may or may not have one.
fn first(name: &str, values: &[Val], label: &str) -> Val {
    let mut possible = Vec::new();
    for value in values {
        let empty = match value {
            Val::Null => true,
            Val::Text(text) => name == "coalesce" && text.chars() == Some(""),
            Val::List(items) => name == "coalescelist" && items.is_empty(),
            Val::Any(values) => values.is_empty(),
            _ => false,
        };
        if empty && (name != "try" || !matches!(value, Val::Null)) {
            continue;
        }
        possible.push(value.clone());
        if !matches!(value, Val::Unknown(_)) {
            break;
        }
    }
    match possible.as_slice() {
        [one] => one.clone(),
        // What comes behind a value that isn't known is only there for when it is wanting: no guess at that.
        _ => Val::unknown(label),
    }
}

fn plain(name: &str, arguments: &[Val], label: &str, is_long: &Cell<bool>) -> Option<Val> {
    Some(match (name, arguments) {
        ("format", [Val::Text(format), values @ ..]) => {
            Val::Text(formatted(format.chars()?, values, label, is_long)?)
        }
        ("formatlist", [Val::Text(format), values @ ..]) => {
            let count = values
                .iter()
                .filter_map(Val::items)
                .map(<[Val]>::len)
                .max()?;
            let mut made = Vec::new();
            for index in 0..count.min(ITEMS_OF_A_LIST) {
                let row: Vec<Val> = values
                    .iter()
                    .map(|value| match value.items() {
                        Some(items) => items
                            .get(index)
                            .cloned()
                            .unwrap_or_else(|| Val::unknown(label)),
                        None => value.clone(),
                    })
                    .collect();
                made.push(Val::Text(formatted(format.chars()?, &row, label, is_long)?));
            }
            Val::List(made)
        }
        ("join", [Val::Text(separator), lists @ ..]) => {
            let separator = separator.chars()?;
            let mut drafts: Vec<(Txt, bool)> = vec![(Txt::default(), true)];
            for list in lists {
                for item in list.items()?.iter().take(ITEMS_OF_A_LIST) {
                    let texts = item.texts(label);
                    let mut next = Vec::new();
                    for (draft, first) in &drafts {
                        for text in &texts {
                            if next.len() >= VALUES_OF_ONE {
                                break;
                            }
                            let mut one = draft.clone();
                            if !first {
                                one.push(separator);
                            }
                            one.append(text);
                            fits(one.len(), is_long)?;
                            next.push((one, false));
                        }
                    }
                    drafts = next;
                }
            }
            Val::any(
                drafts
                    .into_iter()
                    .map(|(text, _)| Val::Text(text))
                    .collect(),
            )
        }
        ("reverse", [Val::List(items)]) => Val::List(items.iter().rev().cloned().collect()),
        ("split", [Val::Text(separator), Val::Text(text)]) => {
            let separator = separator
                .chars()
                .filter(|separator| !separator.is_empty())?;
            let pieces = text.chars()?.split(separator).take(ITEMS_OF_A_LIST);
            Val::List(
                pieces
                    .map(|piece| Val::Text(text.map(label, |_| piece.to_owned())))
                    .collect(),
            )
        }
        ("element", [Val::List(items), Val::Text(index)]) if !items.is_empty() => {
            let index: usize = index.chars()?.parse().ok()?;
            items.get(index % items.len())?.clone()
        }
        ("slice", [Val::List(items), Val::Text(from), Val::Text(to)]) => {
            let (from, to): (usize, usize) =
                (from.chars()?.parse().ok()?, to.chars()?.parse().ok()?);
            Val::List(items.get(from..to)?.to_vec())
        }
        ("one", [Val::List(items)]) => match items.as_slice() {
            [] => Val::Null,
            [item] => item.clone(),
            _ => return None,
        },
        ("length", [Val::List(items)]) => number(i64::try_from(items.len()).ok()?),
        ("length", [Val::Text(text)]) => {
            let text = text
                .chars()
                .filter(|text| text.is_ascii() && !text.contains('\r'))?;
            number(i64::try_from(text.len()).ok()?)
        }
        ("length", [Val::Map(pairs)]) => number(i64::try_from(pairs.len()).ok()?),
        ("tostring", [Val::Text(text)]) => Val::Text(Txt {
            bare: false,
            ..text.clone()
        }),
        ("lower", [Val::Text(text)]) => Val::Text(text.map(label, str::to_lowercase)),
        ("upper", [Val::Text(text)]) => Val::Text(text.map(label, str::to_uppercase)),
        ("title", [Val::Text(text)]) => Val::Text(text.map(label, title)),
        ("chomp", [Val::Text(text)]) => {
            Val::Text(text.map(label, |text| text.trim_end_matches(['\n', '\r']).to_owned()))
        }
        ("trimspace", [Val::Text(text)]) => {
            Val::Text(text.map(label, |text| text.trim().to_owned()))
        }
        ("trim", [Val::Text(text), Val::Text(cut)]) => {
            let cut: Vec<char> = cut.chars()?.chars().collect();
            Val::Text(text.map(label, |text| text.trim_matches(cut.as_slice()).to_owned()))
        }
        ("trimprefix", [Val::Text(text), Val::Text(cut)]) => {
            let cut = cut.chars()?;
            match (text.parts.first(), text.chars()) {
                // The beginning is known, whatever follows it.
                (Some(Frag::Chars(first)), None) if first.len() >= cut.len() => {
                    let mut rest = text.clone();
                    if let Some(Frag::Chars(first)) = rest.parts.first_mut()
                        && let Some(behind) = first.strip_prefix(cut)
                    {
                        *first = behind.to_owned();
                    }
                    Val::Text(rest)
                }
                _ => Val::Text(text.map(label, |text| {
                    text.strip_prefix(cut).unwrap_or(text).to_owned()
                })),
            }
        }
        ("trimsuffix", [Val::Text(text), Val::Text(cut)]) => {
            let cut = cut.chars()?;
            Val::Text(text.map(label, |text| {
                text.strip_suffix(cut).unwrap_or(text).to_owned()
            }))
        }
        ("replace", [Val::Text(text), Val::Text(from), Val::Text(to)]) => {
            let (from, to) = (from.chars()?, to.chars()?);
            let pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
            let text_chars = text.chars().filter(|_| !pattern)?;
            let more = text_chars.matches(from).count();
            fits(
                text_chars
                    .len()
                    .saturating_add(more.saturating_mul(to.len())),
                is_long,
            )?;
            Val::Text(text.map(label, |text| text.replace(from, to)))
        }
        ("substr", [Val::Text(text), Val::Text(offset), Val::Text(length)]) => {
            let (offset, length): (i64, i64) =
                (offset.chars()?.parse().ok()?, length.chars()?.parse().ok()?);
            // Terraform counts what a reader takes for characters.
            let chars: Vec<char> = text
                .chars()
                .filter(|text| text.is_ascii())?
                .chars()
                .collect();
            let count = i64::try_from(chars.len()).ok()?;
            let from = if offset < 0 {
                count.checked_add(offset)?
            } else {
                offset
            };
            let to = if length < 0 {
                count
            } else {
                from.checked_add(length)?.min(count)
            };
            let part = chars.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
            let part: String = part.iter().collect();
            Val::Text(text.map(label, |_| part))
        }
        ("basename", [Val::Text(text)]) => Val::Text(text.map(label, |text| {
            text.rsplit('/').next().unwrap_or(text).to_owned()
        })),
        ("jsonencode", [value]) => {
            let mut json = Txt::default();
            encode(value, &mut json, 0, is_long)?;
            Val::Text(json)
        }
        ("tonumber", [Val::Text(text)]) => {
            let (value, _) = integer(&Val::Text(text.clone()))?;
            number(value)
        }
        ("tobool", [Val::Text(text)]) => match text.chars()? {
            "true" => truth(true),
            "false" => truth(false),
            _ => return None,
        },
        ("tostring" | "tonumber" | "tobool", [Val::Null]) => Val::Null,
        ("startswith", [Val::Text(text), Val::Text(wanted)]) => {
            let wanted = wanted.chars()?;
            match text.parts.first() {
                _ if text.chars().is_some() => truth(text.chars()?.starts_with(wanted)),
                Some(Frag::Chars(first)) if first.len() >= wanted.len() => {
                    truth(first.starts_with(wanted))
                }
                _ => return None,
            }
        }
        ("endswith", [Val::Text(text), Val::Text(wanted)]) => {
            truth(text.chars()?.ends_with(wanted.chars()?))
        }
        ("strcontains", [Val::Text(text), Val::Text(wanted)]) => {
            truth(text.chars()?.contains(wanted.chars()?))
        }
        // What `can` is asked most often: how a text begins.
        (CAN_MATCH, [Val::Text(pattern), Val::Text(text)]) => {
            truth(matches(pattern.chars()?, text.chars()?)?)
        }
        ("regexall", [Val::Text(pattern), Val::Text(text)]) => {
            let is_none = !matches(pattern.chars()?, text.chars()?)?;
            Val::List(is_none.then(Vec::new)?)
        }
        ("dirname", [Val::Text(text)]) => match text.chars()?.rsplit_once('/') {
            Some((folder, _)) if !folder.is_empty() && !folder.contains("//") => Val::text(folder),
            _ => return None,
        },
        ("max" | "min", [first, ..]) => {
            let mut found = integer(first)?.0;
            for value in arguments {
                let value = integer(value)?.0;
                found = if name == "max" {
                    found.max(value)
                } else {
                    found.min(value)
                };
            }
            number(found)
        }
        ("abs", [value]) => number(integer(value)?.0.checked_abs()?),
        ("ceil" | "floor", [value]) => number(integer(value)?.0),
        _ => return collection::call(name, arguments),
    })
}

/// Whether a text matches a pattern that begins with plain characters. `None` where that takes more than to compare them.
fn matches(pattern: &str, text: &str) -> Option<bool> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '-' | '_' | ' ');
    let (is_anchored, pattern) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let length = pattern.find(|c| !is_plain(c)).unwrap_or(pattern.len());
    let (mut lead, rest) = pattern.split_at_checked(length)?;
    if pattern.contains('|') {
        return None;
    }
    if rest.starts_with(['*', '?', '{']) {
        // The last character may not be there.
        let last = lead.chars().next_back()?;
        lead = lead.strip_suffix(last)?;
    }
    let begins = match is_anchored {
        true => text.starts_with(lead),
        false => text.contains(lead),
    };
    match (begins, rest) {
        (false, _) => Some(false),
        (true, "" | ".*") => Some(true),
        (true, _) => None,
    }
}

fn title(text: &str) -> String {
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

/// What `format` makes of its verbs. `None` for one that depends on more than the text of its argument.
fn formatted(format: &str, values: &[Val], label: &str, is_long: &Cell<bool>) -> Option<Txt> {
    let mut text = Txt::default();
    let mut values = values.iter();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('%') {
        text.push(before);
        let verb = behind.chars().next()?;
        rest = behind.get(verb.len_utf8()..)?;
        match verb {
            '%' => text.push("%"),
            's' | 'd' | 'v' | 't' => match values.next()? {
                Val::Text(value) => text.append(value),
                Val::Unknown(name) => text.append(&hole(name.as_str())),
                _ if verb == 'v' => text.append(&hole(label)),
                _ => return None,
            },
            'q' => match values.next()? {
                Val::Text(value) if value.chars().is_some_and(is_unescaped) => {
                    text.push("\"");
                    text.append(value);
                    text.push("\"");
                }
                _ => return None,
            },
            _ => return None,
        }
        fits(text.len(), is_long)?;
    }
    text.push(rest);
    Some(text)
}

/// Goes on with a text that isn't too long.
fn fits(length: usize, is_long: &Cell<bool>) -> Option<()> {
    if length > TEXT_LENGTH {
        is_long.set(true);
        return None;
    }
    Some(())
}

/// Whether a text stands between quotes as it is.
fn is_unescaped(text: &str) -> bool {
    text.chars()
        .all(|c| c == ' ' || c.is_ascii_graphic() && !matches!(c, '"' | '\\'))
}

/// A value as JSON, as Terraform writes it: keys in order, without blanks, `<`, `>` and `&` escaped.
fn encode(value: &Val, into: &mut Txt, depth: usize, is_long: &Cell<bool>) -> Option<()> {
    if depth > DEPTH_OF_JSON {
        return None;
    }
    fits(into.len(), is_long)?;
    match value {
        Val::Null => into.push("null"),
        Val::Text(text) if text.bare => into.append(text),
        Val::Text(text) => {
            into.push("\"");
            let mut escaped = text.clone();
            for part in &mut escaped.parts {
                if let Frag::Chars(chars) = part {
                    *chars = escape(chars);
                }
            }
            into.append(&escaped);
            into.push("\"");
        }
        Val::List(items) => {
            into.push("[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    into.push(",");
                }
                encode(item, into, depth + 1, is_long)?;
            }
            into.push("]");
        }
        Val::Map(pairs) => {
            let mut sorted: Vec<&(String, Val)> = pairs.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            into.push("{");
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    into.push(",");
                }
                into.push(&format!("\"{}\":", escape(key)));
                encode(value, into, depth + 1, is_long)?;
            }
            into.push("}");
        }
        Val::Bag(_) | Val::Any(_) | Val::Unknown(_) => return None,
    }
    Some(())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
