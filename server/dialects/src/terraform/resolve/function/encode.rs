//! `jsonencode`.

use super::super::value::{Frag, PartialText, Val};
use super::Call;
use crate::terraform::limits::DEPTH_OF_JSON;

pub(super) fn json_encode(call: &Call<'_>) -> Option<Val> {
    let [value] = call.arguments else { return None };
    let mut json = PartialText::default();
    encode(value, &mut json, 0, call)?;
    Some(Val::Text(json))
}

/// A value as JSON, as Terraform writes it: keys in order, without blanks, `<`, `>` and `&` escaped.
fn encode(value: &Val, into: &mut PartialText, depth: usize, call: &Call<'_>) -> Option<()> {
    if depth > DEPTH_OF_JSON {
        return None;
    }
    call.fits(into.len())?;
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
                encode(item, into, depth + 1, call)?;
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
                encode(value, into, depth + 1, call)?;
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
