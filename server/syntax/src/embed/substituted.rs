//! Strings that are put together before anybody reads them as a document: by `Fn::Sub`, or of an HCL template.

use std::borrow::Cow;
use std::ops::Range;

use super::template::{self, Piece};
use crate::NodeId;
use crate::arena::{Arena, Kind};
use crate::limits::NODES_OF_A_MAP;

/// How the text of a string is put together.
pub(super) enum Substitution {
    /// By `Fn::Sub`, with the map of variables of its list form.
    Sub(Option<NodeId>),
    /// Of these expressions, for which placeholders stand: see [`super::template`].
    Template(Vec<NodeId>),
}

/// The substitution of a string, if there is one. An error for one that can't be followed.
pub(super) fn substitution(arena: &Arena, host: NodeId) -> Result<Option<Substitution>, ()> {
    let is_sub = |id: u32| {
        arena.nodes.get(id as usize).is_some_and(|node| {
            node.kind == Kind::Tagged
                && arena
                    .tags
                    .get(node.a as usize)
                    .is_some_and(|tag| tag.name == "Fn::Sub")
        })
    };
    let parent = arena.node(host).parent;
    if is_sub(parent) {
        return Ok(Some(Substitution::Sub(None)));
    }
    let Some(list) = arena.nodes.get(parent as usize) else {
        return Ok(None);
    };
    match arena.items_of(list) {
        [text, variables] if *text == host && is_sub(list.parent) => {
            match is_small(arena, *variables) {
                true => Ok(Some(Substitution::Sub(Some(*variables)))),
                false => Err(()),
            }
        }
        _ => Ok(None),
    }
}

/// Whether at most [`NODES_OF_A_MAP`] nodes hang below a node.
fn is_small(arena: &Arena, id: NodeId) -> bool {
    let mut count = 0;
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        count += 1;
        if count + open.len() > NODES_OF_A_MAP {
            return false;
        }
        let node = arena.node(id);
        let pairs = arena.pairs_of(&node).iter();
        open.extend(
            pairs
                .take(NODES_OF_A_MAP)
                .flat_map(|pair| [pair.key, pair.value]),
        );
        open.extend(arena.items_of(&node).iter().take(NODES_OF_A_MAP));
        if node.kind == Kind::Tagged {
            open.push(NodeId(node.b));
        }
    }
    true
}

/// The text with a string in place of each `${Name}` (or placeholder of a template) that stands where a value is due,
/// and where these are. All offsets stay.
pub(crate) fn masked(text: &str) -> (Cow<'_, str>, Vec<Range<u32>>) {
    let bytes = text.as_bytes();
    let mut masks = Vec::new();
    let (mut at, mut in_string) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'$' if !in_string && bytes.get(at + 1) == Some(&b'{') => {
                // A name holds no bracket: what follows a second one is looked at from there on.
                let ends = ['{', '}', '"', '\\', '\n', '\r'];
                let length = text.get(at + 2..).and_then(|rest| rest.find(ends));
                if let Some(end) = length.map(|length| at + 2 + length)
                    && bytes.get(end) == Some(&b'}')
                {
                    masks.push(at as u32..end as u32 + 1);
                    at = end;
                }
            }
            0xEE if !in_string => {
                let rest = text.get(at..at + template::LENGTH).unwrap_or_default();
                if matches!(template::pieces(rest).as_slice(), [Piece::Expression(_)]) {
                    let end = at + template::LENGTH;
                    masks.push(at as u32..end as u32);
                    at = end - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if masks.is_empty() {
        return (Cow::Borrowed(text), masks);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for mask in &masks {
        let (start, end) = (mask.start as usize, mask.end as usize);
        out.push_str(text.get(done..start).unwrap_or_default());
        done = end;
        let name = text.get(start..end).unwrap_or_default();
        if let [Piece::Expression(number)] = template::pieces(name).as_slice() {
            out.push_str(&template::mask(*number));
            continue;
        }
        out.push('"');
        // A tab or another control character would not be read.
        for c in text.get(start + 1..end - 1).unwrap_or_default().chars() {
            out.push(if (c as u32) < 0x20 { ' ' } else { c });
        }
        out.push('"');
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (Cow::Owned(out), masks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_for_a_value_is_masked() {
        let text = r#"{"a\"${X}": "${Y}", "b": ${Z}, "c": [${É}], ${"#;
        let (out, masks) = masked(text);
        assert_eq!(out, r#"{"a\"${X}": "${Y}", "b": "{Z", "c": ["{É"], ${"#);
        assert_eq!(out.len(), text.len());
        let found: Vec<&str> = masks
            .iter()
            .map(|mask| &text[mask.start as usize..mask.end as usize])
            .collect();
        assert_eq!(found, ["${Z}", "${É}"]);
    }
}
