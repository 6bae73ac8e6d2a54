//! Strings of Terraform's JSON syntax that are one expression, `"${jsonencode({…})}"`: that is how generators such as CDK for
//! Terraform write every policy. The object in it is a document of HCL.

use std::ops::Range;

use crate::arena::{Kind, NONE};
use crate::reading::Reading;

/// What the text begins with, without blanks.
const HEAD: [&str; 2] = ["${", "jsonencode("];
/// What it ends with, without blanks.
const TAIL: [&str; 2] = ["}", ")"];

/// Where what is encoded stands in a text that is one such expression.
fn argument(text: &str) -> Option<Range<usize>> {
    let mut inner = text;
    for part in HEAD {
        inner = inner.trim_start().strip_prefix(part)?;
    }
    let start = text.len() - inner.len();
    for part in TAIL {
        inner = inner.trim_end().strip_suffix(part)?;
    }
    let inner = inner.trim();
    let is_object = inner.starts_with('{') && inner.ends_with('}');
    is_object.then(|| {
        start
            ..start
                + text
                    .get(start..)
                    .unwrap_or_default()
                    .find(inner)
                    .unwrap_or(0)
                + inner.len()
    })
}

/// Whether a text is one such expression.
pub(super) fn is_one(text: &str) -> bool {
    argument(text).is_some()
}

/// The text as a file of HCL with one attribute, which is what is encoded. All offsets stay.
pub(crate) fn as_file(text: &str) -> Option<String> {
    let argument = argument(text)?;
    let before = text.get(..argument.start)?;
    let mut out = String::with_capacity(text.len());
    out.push('x');
    out.extend(std::iter::repeat_n(' ', before.len().checked_sub(2)?));
    out.push('=');
    out.push_str(text.get(argument.clone())?);
    out.extend(std::iter::repeat_n(' ', text.len() - argument.end));
    Some(out)
}

/// Makes what is encoded the document of such a file.
pub(super) fn take_root(read: &mut Reading) {
    let root = read.documents.first().copied();
    let file = root.map(|root| read.arena.node(root));
    let value = file.and_then(|file| match read.arena.pairs_of(&file) {
        [pair] => Some(pair.value),
        _ => None,
    });
    let is_object = value.is_some_and(|value| read.arena.node(value).kind == Kind::Mapping);
    read.documents.clear();
    if let Some(value) = value.filter(|_| is_object) {
        read.documents.push(value);
        if let Some(root) = read.arena.node_mut(value) {
            root.parent = NONE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_that_is_all_of_it() {
        for (text, object) in [
            ("${jsonencode({a = 1})}", Some("{a = 1}")),
            ("${ jsonencode( {\"é\": [{}]} ) }", Some("{\"é\": [{}]}")),
            ("${jsonencode({})}\n", Some("{}")),
            ("${jsonencode({a = 1}, {b = 2})}", Some("{a = 1}, {b = 2}")),
            ("${jsonencode([1])}", None),
            ("${jsonencode(local.x)}", None),
            ("a${jsonencode({})}", None),
            ("${jsonencode({}", None),
        ] {
            let found = as_file(text);
            let value = found.as_deref().and_then(|file| file.split_once('='));
            assert_eq!(value.map(|(_, value)| value.trim()), object, "{text}");
            assert!(found.is_none_or(|found| found.len() == text.len()
                && found.starts_with("x ")
                && text.find('{') != found.find('{')));
        }
    }
}
