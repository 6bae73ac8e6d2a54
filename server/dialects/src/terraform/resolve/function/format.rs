//! Functions that put texts together: `format`, `formatlist`, `join`.

use super::super::value::hole;
use super::super::value::{PartialText, Val};
use super::Call;
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::limits::VALUES_OF_ONE;

pub(super) fn format(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(format), values @ ..] = call.arguments else {
        return None;
    };
    formatted(format.chars()?, values, call).map(Val::Text)
}

pub(super) fn format_list(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(format), values @ ..] = call.arguments else {
        return None;
    };
    let lists = values.iter().filter_map(Val::items);
    let count = lists.map(<[Val]>::len).max()?;
    let mut made = Vec::new();
    for index in 0..count.min(ITEMS_OF_A_LIST) {
        let row = values.iter().map(|value| match value.items() {
            Some(items) => {
                let item = items.get(index).cloned();
                item.unwrap_or_else(|| Val::unknown(call.label))
            }
            None => value.clone(),
        });
        let row: Vec<Val> = row.collect();
        made.push(Val::Text(formatted(format.chars()?, &row, call)?));
    }
    Some(Val::List(made))
}

pub(super) fn join(call: &Call<'_>) -> Option<Val> {
    let [Val::Text(separator), lists @ ..] = call.arguments else {
        return None;
    };
    let separator = separator.chars()?;
    // What it may come to so far, and whether nothing is in it yet.
    let mut drafts: Vec<(PartialText, bool)> = vec![(PartialText::default(), true)];
    for list in lists {
        for item in list.items()?.iter().take(ITEMS_OF_A_LIST) {
            let texts = item.texts(call.label);
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
                    call.fits(one.len())?;
                    next.push((one, false));
                }
            }
            drafts = next;
        }
    }
    let texts = drafts.into_iter().map(|(text, _)| Val::Text(text));
    Some(Val::any(texts.collect()))
}

/// What `format` makes of its verbs. `None` for one that depends on more than the text of its argument.
fn formatted(format: &str, values: &[Val], call: &Call<'_>) -> Option<PartialText> {
    let mut text = PartialText::default();
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
                _ if verb == 'v' => text.append(&hole(call.label)),
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
        call.fits(text.len())?;
    }
    text.push(rest);
    Some(text)
}

/// Whether a text stands between quotes as it is.
fn is_unescaped(text: &str) -> bool {
    text.chars()
        .all(|c| c == ' ' || c.is_ascii_graphic() && !matches!(c, '"' | '\\'))
}
