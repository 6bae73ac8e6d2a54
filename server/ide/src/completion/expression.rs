//! Names in scope, where an expression of a policy is being written.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use leastwise_catalog::catalog;
use leastwise_dialects::facts::ArgumentKind;
use leastwise_dialects::scope::NameKind;
use leastwise_model::text::{Part, Text};
use leastwise_rules::Context;
use leastwise_syntax::{Format, NodeId, Span, Tree, View};

use super::names::{DeclaredName, declared};
use super::{order, undeclared};
use crate::limits::{OFFERED_NAMES, OFFERED_VALUES};
use crate::position::{self, Spot};
use crate::{Completion, CompletionKind, values};

/// A name that can be written.
struct Name {
    text: String,
    detail: &'static str,
    is_arn: bool,
    is_document: bool,
    /// The type of a resource.
    type_name: String,
    class: u8,
}

/// The names that can stand at `offset`. `None` where no expression is being written, so that something else may be.
pub(super) fn names(context: Context<'_>, offset: u32) -> Option<Vec<Completion>> {
    if !context.analysis.state().has_expressions() {
        return None;
    }
    let Code {
        text,
        host,
        before,
        at,
    } = code(context, offset)?;
    let source = text.as_ref();
    let at = source.floor_char_boundary(at);
    let (start, end) = word(source.as_bytes(), at)?;
    let typed = source.get(start..at)?;
    // What is right behind a text that is closed would be part of nothing.
    if is_behind_text(source, start) {
        return None;
    }
    let is_open = before > 0 && is_left_open(source, at);
    let letter = if is_open { "x}" } else { "x" };
    let (tree, node, cursor) = with_a_letter(source, at, letter)?;
    let in_text = is_in_text(&tree, node);
    let close = if in_text {
        end_of(source, start, end)
    } else {
        ""
    };
    let place = position::code(tree.source(), &tree, cursor);
    let spot = place.as_ref().map(|place| position::spot(place, true).spot);
    let taken = place.as_ref().filter(|_| host.is_none() && !in_text);
    let taken = taken.and_then(|place| context.analysis.state().takes(&place.keys()));
    let is_wanted = taken.is_some() || is_wanted(context, offset, spot, in_text);
    // Whatever stands in `${`, nothing else is meant by it.
    if !is_wanted {
        return in_text.then(Vec::new);
    }
    let replace = match host {
        Some(host) => {
            let own = start.checked_sub(before)?..end.checked_sub(before)?;
            context.tree.source_span(host, own)
        }
        None => Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?),
    };
    let mut names = all(context);
    // In a string of JSON quotes would end it.
    let can_stand = |name: &Name| host.is_none() || !name.text.contains(['"', '\\']);
    names.retain(|name| can_stand(name) && fits(name, taken));
    if let Some(ArgumentKind::NameOf(of, attribute)) = taken {
        let lacking = lacking(&names, of, attribute);
        names.extend(lacking);
    }
    let begins = |name: &Name| {
        let begin = name.text.get(..typed.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(typed))
    };
    let keys = place.as_ref().filter(|_| host.is_none());
    let own = keys.and_then(|place| own(&names, &place.keys()));
    let is_own = |name: &Name| own.as_ref().is_some_and(|own| name.text.starts_with(own));
    names.retain(|name| begins(name) && !is_own(name));
    names.truncate(OFFERED_NAMES);
    if names.is_empty() {
        names = undeclared_names(context, typed);
    }
    let shows = names.len() <= OFFERED_VALUES;
    let items = names.into_iter().map(|name| {
        let value = match shows {
            true => value(context, &name.text),
            false => String::new(),
        };
        let is_first = is_first(&name, taken, in_text);
        Completion {
            detail: if value.is_empty() {
                name.detail.to_owned()
            } else {
                value
            },
            kind: match name.is_arn {
                true => CompletionKind::Arn,
                false => CompletionKind::Variable,
            },
            insert: format!("{}{close}", name.text),
            replace,
            filter: name.text.clone(),
            sort: order::name(is_first, name.class).sort_text(&name.text),
            label: name.text,
            ..Completion::default()
        }
    });
    let mut items: Vec<Completion> = items.collect();
    // A variable of IAM may be meant, whose sign is another one in JSON.
    if is_open && items.is_empty() {
        return None;
    }
    if let Some(ArgumentKind::ManagedPolicy(_)) = taken {
        items.extend(managed(typed, replace));
    }
    items.sort_by(|a, b| a.sort.cmp(&b.sort));
    Some(items)
}

/// The code read with a letter at the cursor: what is being written is a name then wherever one may stand. With what is there, and where
/// that letter ends. `None` where no name can stand.
fn with_a_letter(source: &str, at: usize, letter: &str) -> Option<(Tree, NodeId, u32)> {
    let mut text = String::with_capacity(source.len() + letter.len());
    text.push_str(source.get(..at)?);
    text.push_str(letter);
    text.push_str(source.get(at..)?);
    let text = position::ended(&text, at + 1).unwrap_or(text);
    let tree = Tree::parse(text, Format::Hcl);
    let cursor = u32::try_from(at + 1).ok()?;
    let node = tree.node_at(cursor)?;
    let mut expression = std::iter::successors(Some(node), |node| tree.parent(*node)).take(2);
    let is_code = |node: NodeId| matches!(tree.view(node), View::Tagged(tag, _) if matches!(tag.name.as_str(), "hcl:ref" | "hcl:expr"));
    expression.any(is_code).then_some((tree, node, cursor))
}

/// What the names of the block begin with that these keys lead into: it can't refer to itself.
fn own(names: &[Name], keys: &[&str]) -> Option<String> {
    let [word, of, name, _, ..] = keys else {
        return None;
    };
    // What is looked up has its word before its type, and may have the name of a resource.
    let own = [format!("{word}.{of}.{name}."), format!("{of}.{name}.")];
    let begins = |own: &String| names.iter().any(|name| name.text.starts_with(own));
    own.into_iter().find(begins)
}

/// Where the name around an offset begins and ends.
fn word(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = bytes.get(..at)?.iter().rev();
    let behind = bytes.get(at..)?.iter();
    let start = at - before.take_while(of_name).count();
    Some((start, at + behind.take_while(of_name).count()))
}

/// Whether a name is what is wanted before others.
fn is_first(name: &Name, taken: Option<ArgumentKind>, in_text: bool) -> bool {
    match taken {
        Some(ArgumentKind::Document) => name.is_document,
        Some(ArgumentKind::NameOf(_, attribute)) => name.text.ends_with(attribute),
        _ => name.is_arn != in_text,
    }
}

/// An attribute of each resource of a type that none of the names is: of what it holds nothing more need be known.
fn lacking(names: &[Name], of: &str, attribute: &str) -> Vec<Name> {
    let own = names.iter().filter(|name| name.type_name == of);
    let arns = own.filter(|name| name.is_arn);
    let lacking = arns.filter_map(|name| {
        let (address, _) = name.text.rsplit_once('.')?;
        let text = format!("{address}.{attribute}");
        let is_there = names.iter().any(|other| other.text == text);
        (!is_there).then(|| Name {
            text,
            detail: name.detail,
            is_arn: false,
            is_document: false,
            type_name: name.type_name.clone(),
            class: name.class,
        })
    });
    lacking.collect()
}

/// The attributes of what is named and isn't declared.
fn undeclared_names(context: Context<'_>, typed: &str) -> Vec<Name> {
    let attributes = undeclared::attributes(context.analysis.state(), typed);
    let name = |(text, attribute): (String, &str)| Name {
        text,
        detail: "not declared yet",
        is_arn: attribute == "arn",
        is_document: attribute == "json",
        type_name: String::new(),
        class: 0,
    };
    attributes.into_iter().map(name).collect()
}

/// Whether a name may be what an argument takes, or, where none is told, what a policy has.
fn fits(name: &Name, taken: Option<ArgumentKind>) -> bool {
    let is_resource = !name.type_name.is_empty();
    match taken {
        Some(ArgumentKind::Document) => name.is_document || !is_resource,
        Some(ArgumentKind::ManagedPolicyName) => !is_resource,
        Some(ArgumentKind::ManagedPolicy(types)) => {
            !is_resource || name.is_arn && types.contains(&name.type_name.as_str())
        }
        Some(ArgumentKind::NameOf(of, _)) => {
            !is_resource || name.type_name == of && !name.is_document
        }
        None => !name.is_document,
    }
}

/// The policies of AWS whose names begin as is typed, as texts.
fn managed(typed: &str, replace: Span) -> impl Iterator<Item = Completion> {
    let begins = move |name: &str| {
        let begin = name.get(..typed.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(typed))
    };
    let known = catalog().managed_policies();
    known
        .filter(move |policy| begins(policy.name()))
        .map(move |policy| Completion {
            label: policy.name().to_owned(),
            detail: "AWS managed policy".to_owned(),
            kind: CompletionKind::Arn,
            insert: format!("\"{}\"", policy.arn()),
            replace,
            filter: policy.name().to_owned(),
            sort: order::managed(policy)
                .behind_names()
                .sort_text(policy.name()),
            ..Completion::default()
        })
}

/// HCL with a cursor in it.
struct Code<'t> {
    text: Cow<'t, str>,
    /// The string of a file in JSON that it is from.
    host: Option<NodeId>,
    /// How many bytes stand in front of what that string holds.
    before: usize,
    at: usize,
}

/// What a text in JSON that isn't an expression as a whole is read between: quotes and backslashes mean nothing there.
const AS_TEXT: (&str, &str) = ("x = <<TEXT_OF_JSON\n", "\nTEXT_OF_JSON\n");

/// The HCL around an offset as its reader takes it: that of the file, or in its JSON that of a string.
fn code<'t>(context: Context<'t>, offset: u32) -> Option<Code<'t>> {
    let tree = context.tree;
    if tree.format() == Format::Hcl {
        let alone = position::alone(tree, offset).map(Cow::Owned);
        return Some(Code {
            text: alone.unwrap_or(Cow::Borrowed(tree.source())),
            host: None,
            before: 0,
            at: offset as usize,
        });
    }
    let node = tree.node_at(offset)?;
    let embedding = tree.host(node);
    let host = embedding.unwrap_or(node);
    let at = tree.decoded_offset(host, offset)?;
    let text = tree.text(host)?;
    match tree.embedded_format(host) {
        Some(Format::Hcl) => Some(Code {
            text: position::as_file(text),
            host: Some(host),
            before: 0,
            at,
        }),
        Some(_) => None,
        None => {
            let (begin, end) = AS_TEXT;
            Some(Code {
                text: Cow::Owned(format!("{begin}{text}{end}")),
                host: Some(host),
                before: begin.len(),
                at: begin.len() + at,
            })
        }
    }
}

/// Whether a text in quotes ends at an offset: the quote right before it closes one of as many on its line, those that are escaped aside.
fn is_behind_text(source: &str, at: usize) -> bool {
    let before = source.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if !line.ends_with('"') {
        return false;
    }
    let mut escaped = false;
    let quotes = line.bytes().filter(|byte| {
        let is_quote = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_quote
    });
    quotes.count() % 2 == 0
}

/// Whether an expression is interpolated in a text.
fn is_in_text(tree: &Tree, node: NodeId) -> bool {
    let mut above = std::iter::successors(Some(node), |node| tree.parent(*node)).take(4);
    above.any(|node| matches!(tree.view(node), View::Tagged(tag, _) if tag.name == "hcl:template"))
}

/// Whether a name of the module is what is wanted in a place of a policy.
fn is_wanted(context: Context<'_>, offset: u32, spot: Option<Spot<'_>>, in_text: bool) -> bool {
    match spot {
        Some(Spot::Resource { .. } | Spot::PrincipalValue(_) | Spot::ConditionValue { .. }) => true,
        _ if in_text => {
            let mut sites = context.sites();
            sites.any(|site| site.span(context.tree).touches(offset))
        }
        _ => false,
    }
}

/// Whether an offset of a text is within a `${` that nothing closes.
fn is_left_open(source: &str, at: usize) -> bool {
    let (before, behind) = source.split_at_checked(at).unwrap_or((source, ""));
    let inside = before.rsplit_once("${").map_or("}", |(_, inside)| inside);
    let rest = behind.split(['\n', '$']).next().unwrap_or_default();
    !inside.contains('}') && !rest.contains('}')
}

/// What ends a name in a text that is the first word behind a `${`, where nothing does yet.
fn end_of(source: &str, start: usize, end: usize) -> &'static str {
    let before = source.get(..start).unwrap_or_default().trim_end();
    let behind = source.get(end..).unwrap_or_default();
    let rest = behind.split(['"', '\n', '$']).next().unwrap_or_default();
    match before.ends_with("${") && !rest.contains('}') {
        true => "}",
        false => "",
    }
}

/// The names that an expression may have.
fn all(context: Context<'_>) -> Vec<Name> {
    let names = declared(context).into_iter();
    let name = |of: DeclaredName| Name {
        detail: of.noun,
        is_arn: of.attribute == Some("arn"),
        is_document: of.is_document,
        type_name: of.type_name,
        class: match of.kind {
            NameKind::Resource => 0,
            NameKind::DataSource => 1,
            _ => 2,
        },
        text: of.text,
    };
    names.map(name).collect()
}

/// What a name stands for, in a few words; empty where that isn't known.
fn value(context: Context<'_>, name: &str) -> String {
    let Some(node) = context.tree.documents().first().copied() else {
        return String::new();
    };
    let span = Span::default();
    let part = Part::Variable {
        name: name.to_owned(),
        span,
    };
    let parts = vec![part];
    let values = values::of_text(context, &Text { node, span, parts });
    match values.as_slice() {
        [] => String::new(),
        [value] if value.text.contains("${") => String::new(),
        [value] => value.text.clone(),
        [value, rest @ ..] => format!("{} +{}", value.text, rest.len()),
    }
}
