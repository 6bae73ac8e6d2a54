//! Texts of Terraform: templates, calls that put strings together, and strings of the JSON syntax.

use leastwise_model::notation::Objects;
use leastwise_model::text::{Part, is_no_declared_name};
use leastwise_syntax::{NodeId, Pair, ScalarType, Span, Tree, View};

use super::body::{argument, expression, labelled, reference, source};
use crate::limits::DEPTH_OF_PARTS;

/// Which variables a string may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strings {
    /// IAM's policy variables: a string of the native syntax, whose expressions aren't part of the string any more.
    Native,
    /// IAM's policy variables as `&{…}`.
    Blocks,
    /// The same, and expressions as `${…}`.
    Json,
}

/// Appends the parts of a string. False for one that is a literal as a whole.
pub fn scalar(
    tree: &Tree,
    node: NodeId,
    text: &str,
    strings: Strings,
    parts: &mut Vec<Part>,
) -> bool {
    match strings {
        // In what `jsonencode` encodes in a string of it, expressions are nodes.
        Strings::Json if tree.is_of_hcl(node) => return false,
        Strings::Blocks if text.contains("&{") => cut(tree, node, text, "&{", parts),
        Strings::Json if text.contains("${") || text.contains("&{") => {
            interpolated(tree, node, text, parts);
        }
        _ => return false,
    }
    true
}

/// Appends the parts of an expression. False for a node that is none.
pub fn lower(
    tree: &Tree,
    node: NodeId,
    strings: Strings,
    parts: &mut Vec<Part>,
    depth: u32,
) -> bool {
    match tree.view(node) {
        View::Scalar(text) => scalar(tree, node, text, strings, parts),
        View::Tagged(..) => match expression(tree, node) {
            None => false,
            Some(_) if depth > DEPTH_OF_PARTS => {
                parts.push(computed(tree, node));
                true
            }
            Some(function) => {
                call(tree, node, function, strings, parts, depth);
                true
            }
        },
        _ => false,
    }
}

fn any(tree: &Tree, node: NodeId, strings: Strings, parts: &mut Vec<Part>, depth: u32) {
    let node = tree.aliased(node);
    if lower(tree, node, strings, parts, depth + 1) {
        return;
    }
    match tree.view(node) {
        View::Scalar(text)
            if tree.scalar_type(node) != ScalarType::Number || is_plain_number(text) =>
        {
            parts.push(literal(node, 0, text.len()));
        }
        _ => parts.push(computed(tree, node)),
    }
}

fn call(
    tree: &Tree,
    node: NodeId,
    (name, argument): (&str, NodeId),
    strings: Strings,
    parts: &mut Vec<Part>,
    depth: u32,
) {
    let arguments = tree.items(argument).unwrap_or_default();
    match (name, arguments) {
        ("template", arguments)
            if !arguments
                .iter()
                .any(|part| matches!(expression(tree, *part), Some(("directive", _)))) =>
        {
            for part in arguments {
                let first = parts.len();
                any(tree, *part, strings, parts, depth);
                if let Some([own]) = parts.get_mut(first..) {
                    braced(tree, *part, own);
                }
            }
        }
        ("ref", _) => parts.push(Part::Variable {
            name: tree.text(argument).unwrap_or_default().to_owned(),
            span: tree.span(node),
        }),
        ("format", [format, values @ ..]) if plain_format(tree, *format, values).is_some() => {
            let pieces = plain_format(tree, *format, values).unwrap_or_default();
            let mut values = values.iter();
            for piece in pieces {
                match piece {
                    Some((start, end)) => parts.push(literal(*format, start, end)),
                    None => {
                        if let Some(value) = values.next() {
                            any(tree, *value, strings, parts, depth);
                        }
                    }
                }
            }
        }
        ("join", [separator, list]) => match (tree.text(*separator), tree.items(*list)) {
            (Some(text), Some(items)) if items.iter().all(|item| is_text(tree, *item)) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 && !text.is_empty() {
                        parts.push(literal(*separator, 0, text.len()));
                    }
                    any(tree, *item, strings, parts, depth);
                }
            }
            _ => parts.push(computed(tree, node)),
        },
        ("tostring" | "nonsensitive" | "sensitive", [one]) => {
            any(tree, *one, strings, parts, depth)
        }
        _ => parts.push(computed(tree, node)),
    }
}

/// Takes the signs around an interpolation into the place of what it stands for, as in all dialects.
fn braced(tree: &Tree, node: NodeId, part: &mut Part) {
    let (Part::Variable { span, .. } | Part::Computed { span, .. }) = part else {
        return;
    };
    let own = tree.span(node);
    // The signs belong to the template that it is in.
    let text = tree.source_near(own);
    let before = text.get(..own.start as usize).unwrap_or_default();
    let behind = text.get(own.end as usize..).unwrap_or_default();
    let blank = |c: char| c.is_whitespace() || c == '~';
    let (lead, rest) = (
        before.trim_end_matches(blank),
        behind.trim_start_matches(blank),
    );
    if *span == own && lead.ends_with("${") && rest.starts_with('}') {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        *span = Span::new(offset(lead.len() - 2), offset(text.len() - rest.len() + 1));
    }
}

/// Whether an item is one text and not perhaps a list.
fn is_text(tree: &Tree, node: NodeId) -> bool {
    match tree.view(node) {
        View::Scalar(_) => true,
        View::Tagged(..) => matches!(
            expression(tree, node),
            Some((
                "template" | "format" | "ref" | "join" | "lower" | "upper" | "replace",
                _
            ))
        ),
        _ => false,
    }
}

/// The literal stretches of a format, and `None` for each of its verbs. `None` for verbs that do more than put a text
/// there.
fn plain_format(
    tree: &Tree,
    format: NodeId,
    values: &[NodeId],
) -> Option<Vec<Option<(usize, usize)>>> {
    let text = match tree.view(format) {
        View::Scalar(text) => text,
        _ => return None,
    };
    let mut pieces = Vec::new();
    let mut verbs = 0;
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('%') {
        let at = from + found;
        let verb = text.get(at + 1..)?.chars().next()?;
        match verb {
            's' | 'v' | 'd' => {
                if from < at {
                    pieces.push(Some((from, at)));
                }
                pieces.push(None);
                verbs += 1;
                from = at + 2;
            }
            // `%%` is one sign: the first of the two.
            '%' => {
                pieces.push(Some((from, at + 1)));
                from = at + 2;
            }
            _ => return None,
        }
    }
    if from < text.len() {
        pieces.push(Some((from, text.len())));
    }
    let texts = values.iter().all(|value| is_text(tree, *value));
    (verbs == values.len() && texts).then_some(pieces)
}

fn computed(tree: &Tree, node: NodeId) -> Part {
    Part::Computed {
        node,
        span: tree.span(node),
        label: source(tree, node),
    }
}

fn literal(node: NodeId, start: usize, end: usize) -> Part {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Part::Literal {
        node,
        start: offset(start),
        end: offset(end),
    }
}

/// Cuts a text at IAM's variables, which begin with `open` in it.
fn cut(tree: &Tree, node: NodeId, text: &str, open: &str, parts: &mut Vec<Part>) {
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(open)) {
        let at = from + found;
        from = at + open.len();
        let rest = text.get(from..).unwrap_or_default();
        let Some(length) = rest.find('}') else {
            break;
        };
        let name = rest.get(..length).unwrap_or_default();
        if !is_no_declared_name(name) {
            continue;
        }
        if done < at {
            parts.push(literal(node, done, at));
        }
        let end = from + length + 1;
        parts.push(Part::Given {
            text: format!("${{{name}}}"),
            span: tree.source_span(node, at..end),
        });
        done = end;
        from = end;
    }
    if done < text.len() || text.is_empty() {
        parts.push(literal(node, done, text.len()));
    }
}

/// Cuts a string of the JSON syntax at its `${…}`.
fn interpolated(tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) {
    let mut done = 0;
    let mut from = 0;
    let push = |parts: &mut Vec<Part>, start: usize, end: usize| {
        if start < end {
            parts.push(literal(node, start, end));
        }
    };
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(['$', '&'])) {
        let at = from + found;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("$${") {
            // The first sign is taken away.
            push(parts, done, at);
            done = at + 1;
            from = at + 3;
        } else if rest.starts_with("${") || rest.starts_with("&{") {
            let Some(length) = closing(rest.get(2..).unwrap_or_default()) else {
                break;
            };
            let end = at + 2 + length + 1;
            let inside = rest.get(2..2 + length).unwrap_or_default().trim();
            let span = tree.source_span(node, at..end);
            from = end;
            if rest.starts_with('&') {
                if is_no_declared_name(inside) {
                    push(parts, done, at);
                    let text = format!("${{{inside}}}");
                    parts.push(Part::Given { text, span });
                    done = end;
                }
                continue;
            }
            push(parts, done, at);
            parts.push(Part::Variable {
                name: inside.to_owned(),
                span,
            });
            done = end;
        } else {
            from = at + 1;
        }
    }
    push(parts, done, text.len());
}

/// Where the brace closes that opened before a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The lists that a call makes one list of.
pub fn lists(tree: &Tree, node: NodeId) -> Option<Vec<NodeId>> {
    let (name, argument) = expression(tree, node)?;
    let arguments = tree.items(argument)?;
    // `concat(lists...)`: which lists isn't written here.
    let expands = |argument: &NodeId| match expression(tree, *argument) {
        Some(("expr", text)) => tree.text(text).is_some_and(|text| text.ends_with("...")),
        _ => false,
    };
    if arguments.last().is_some_and(expands) {
        return None;
    }
    match (name, arguments) {
        ("concat" | "setunion", _) => Some(arguments.to_vec()),
        (
            "flatten" | "distinct" | "toset" | "tolist" | "sort" | "reverse" | "nonsensitive"
            | "sensitive",
            [one],
        ) => Some(vec![*one]),
        ("compact", [one]) => match tree.view(*one) {
            View::Sequence(items) => {
                let items = items.iter().copied();
                Some(items.filter(|item| tree.text(*item) != Some("")).collect())
            }
            // Which of its items are empty has to be worked out.
            _ => None,
        },
        ("template", [one]) if !matches!(tree.view(*one), View::Scalar(_)) => Some(vec![*one]),
        _ => None,
    }
}

/// A condition key that begins with the address of an OIDC provider of the same file:
/// `"${aws_iam_openid_connect_provider.ci.url}:sub"`, with or without a `replace` that takes `https://` away. AWS's keys
/// never have it.
pub(crate) fn key_of_provider(tree: &Tree, node: NodeId) -> Option<String> {
    let ("template", parts) = expression(tree, node)? else {
        return None;
    };
    let &[url, claim] = tree.items(parts)? else {
        return None;
    };
    let claim = tree.text(claim).filter(|text| text.starts_with(':'))?;
    let is_scheme = |node: NodeId| tree.text(node) == Some("https://");
    let url = match expression(tree, url)? {
        ("replace", arguments) => match *tree.items(arguments)? {
            [url, from, to] if is_scheme(from) && tree.text(to) == Some("") => url,
            _ => return None,
        },
        ("trimprefix", arguments) => match *tree.items(arguments)? {
            [url, prefix] if is_scheme(prefix) => url,
            _ => return None,
        },
        _ => url,
    };
    const TYPE: &str = "aws_iam_openid_connect_provider";
    let name = reference(tree, url)?.strip_prefix(TYPE)?;
    let name = name.strip_prefix('.')?.strip_suffix(".url")?;
    let blocks = tree
        .documents()
        .iter()
        .flat_map(|root| labelled(tree, *root, "resource", 2));
    let mut own = blocks.filter(|block| {
        let labels = block.labels.iter().map(|label| tree.text(*label));
        labels.eq([Some(TYPE), Some(name)])
    });
    let url = tree.text(argument(tree, own.next()?.body, "url")?)?;
    let address = url.strip_prefix("https://").unwrap_or(url);
    Some(format!("{}{claim}", address.trim_end_matches('/')))
}

/// What a call of `merge` makes, where its objects are written out.
pub fn merged(tree: &Tree, node: NodeId) -> Option<Objects> {
    let ("merge", argument) = expression(tree, node)? else {
        return None;
    };
    let mut parts = Objects::default();
    let objects = tree.items(argument).filter(|objects| !objects.is_empty())?;
    for object in objects {
        let is_named = |pair: &Pair| tree.text(pair.key).is_some();
        let sides = match (expression(tree, *object), tree.view(*object)) {
            (_, View::Mapping(pairs)) if pairs.iter().all(is_named) => {
                let same = |one: &Pair, other: &Pair| tree.text(one.key) == tree.text(other.key);
                let is_new = |own: &Pair| !pairs.iter().any(|pair| same(own, pair));
                parts.always.retain(is_new);
                parts.sometimes.retain(is_new);
                parts.always.extend(pairs);
                continue;
            }
            (Some(("?", arguments)), _) => tree.items(arguments)?,
            _ => return None,
        };
        let &[_, yes, no] = sides else { return None };
        for side in [yes, no] {
            match tree.view(side) {
                View::Mapping(pairs) => parts.sometimes.extend(pairs),
                _ if is_null(tree, side) => {}
                _ => return None,
            }
        }
    }
    Some(parts)
}

/// Whether a number is written as Terraform would write it.
pub(crate) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "1"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_number(whole)
        && is_number(fraction)
        && !fraction.ends_with('0')
        && (whole == "0" || !whole.starts_with('0'))
        && text.len() < 18
}

/// Whether a scalar is Terraform's `null`.
pub fn is_null(tree: &Tree, node: NodeId) -> bool {
    tree.scalar_type(node) == ScalarType::Null && tree.is_of_hcl(node)
}
