//! Texts as written: literal parts and variable parts, each with its place in the file.

use std::ops::Range;

use leastwise_syntax::{Format, NodeId, Span, Style, Tree, View};

use crate::dialect::serverless::variable;
use crate::dialect::terraform;
use crate::mark;

/// A string as it is written, in whatever way the dialect builds strings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The node that the whole text comes from.
    pub node: NodeId,
    /// The bytes of that node.
    pub span: Span,
    /// Its parts in order.
    pub parts: Vec<Part>,
}

/// A part of a [`Text`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Characters that stand in the file: bytes `start..end` of the decoded text of a scalar.
    Literal {
        /// The scalar.
        node: NodeId,
        /// First byte of its decoded text.
        start: u32,
        /// Behind the last byte.
        end: u32,
    },
    /// Characters that stand nowhere in the file: a tool puts them there.
    Given {
        /// The characters.
        text: String,
        /// What they are put there for.
        span: Span,
    },
    /// A variable or reference by name: `${AppId}`, `!Ref AppId`, `${AWS::Region}`.
    Variable {
        /// The name.
        name: String,
        /// Where it is written, with its `${` and `}`.
        span: Span,
    },
    /// An attribute of a resource: `!GetAtt Queue.Arn`, `${Queue.Arn}`.
    Attribute {
        /// Logical id of the resource.
        resource: String,
        /// Name of the attribute.
        attribute: String,
        /// Where it is written.
        span: Span,
    },
    /// A variable of the dialect's own that is more than a name: `${self:custom.table, 'none'}`.
    Expression {
        /// What stands between `${` and `}`.
        text: String,
        /// Whether the place also has CloudFormation's variables, so that those in its value are filled in, too.
        sub: bool,
        /// Where it is written, with its `${` and `}`.
        span: Span,
    },
    /// What another tool puts there, or somebody who fills it in: unknown. `{{ name }}`, `<account-id>`.
    Mark {
        /// What it is called.
        name: String,
        /// Where it is written, with its signs.
        span: Span,
    },
    /// Any other value that has to be worked out under an environment: a function, a list.
    Computed {
        /// The value's node.
        node: NodeId,
        /// Where it is written; for a variable of `Fn::Sub`'s map the place in the text.
        span: Span,
        /// What to call it in a text where it stays unknown.
        label: String,
    },
}

impl Part {
    /// Where the part is written.
    pub fn span(&self, tree: &Tree) -> Span {
        match self {
            Part::Literal { node, start, end } => {
                tree.source_span(*node, *start as usize..*end as usize)
            }
            Part::Given { span, .. }
            | Part::Variable { span, .. }
            | Part::Attribute { span, .. }
            | Part::Expression { span, .. }
            | Part::Mark { span, .. }
            | Part::Computed { span, .. } => *span,
        }
    }
}

/// Which `${…}` a string of the dialect may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dollar {
    /// Variables of the workspace and IAM's policy variables (a plain policy file).
    Workspace,
    /// IAM's policy variables only (a string of a template that `Fn::Sub` doesn't touch).
    Policy,
    /// The same, and the variables of loops.
    Loop,
    /// Variables of the Serverless Framework, filled in before CloudFormation sees the text.
    Serverless,
    /// IAM's policy variables as `&{…}` (a string of Terraform's `aws_iam_policy_document`).
    Terraform,
    /// As `Terraform`, and expressions of Terraform as `${…}` (a string of its JSON syntax).
    TerraformJson,
}

impl Dollar {
    /// Which `${…}` a string inside a function of CloudFormation may hold.
    fn within(self) -> Dollar {
        match self {
            Dollar::Serverless | Dollar::Loop => self,
            Dollar::Workspace | Dollar::Policy | Dollar::Terraform | Dollar::TerraformJson => {
                Dollar::Policy
            }
        }
    }
}

impl Text {
    /// The text of a node: a scalar, or an intrinsic function of CloudFormation.
    pub fn lower(tree: &Tree, node: NodeId, dollar: Dollar) -> Text {
        let mut parts = Vec::with_capacity(1);
        lower(tree, node, dollar, &mut parts, 0);
        let span = tree.span(node);
        let mut text = Text { node, span, parts };
        mark::cut(tree, &mut text);
        text
    }

    /// The text of a scalar in which CloudFormation's variables are filled in, too, as in `Fn::Sub`.
    pub(crate) fn sub(tree: &Tree, node: NodeId, dollar: Dollar) -> Text {
        let node = tree.aliased(node);
        let mut parts = Vec::with_capacity(1);
        let text = tree.text(node).unwrap_or_default();
        interpolate(tree, node, text, None, dollar, true, &mut parts);
        let span = tree.span(node);
        let mut text = Text { node, span, parts };
        mark::cut(tree, &mut text);
        text
    }

    /// A text that stands nowhere in the file, with CloudFormation's variables and those of `dollar` in it. `node` is
    /// what a tool writes it for.
    pub(crate) fn given(tree: &Tree, node: NodeId, text: &str, dollar: Dollar) -> Text {
        let span = tree.span(node);
        let parts = cut(text, dollar, true)
            .into_iter()
            .map(|cut| match cut {
                Cut::Literal(range) => Part::Given {
                    text: text.get(range).unwrap_or_default().to_owned(),
                    span,
                },
                Cut::Expression(range) => Part::Expression {
                    text: inside(text, &range).to_owned(),
                    sub: true,
                    span,
                },
                Cut::Name(range) => named(inside(text, &range), span),
            })
            .collect();
        Text { node, span, parts }
    }

    /// The characters, if the text is one literal.
    pub fn literal<'t>(&'t self, tree: &'t Tree) -> Option<&'t str> {
        match self.parts.as_slice() {
            [Part::Given { text, .. }] => Some(text),
            [] => Some(""),
            [Part::Literal { node, start, end }] => tree
                .text(*node)
                .and_then(|text| text.get(*start as usize..*end as usize)),
            _ => None,
        }
    }
}

/// How deeply functions in functions are followed.
const MAX_DEPTH: u32 = 32;

fn computed(tree: &Tree, node: NodeId, label: &str) -> Part {
    Part::Computed {
        node,
        span: tree.span(node),
        label: label.to_owned(),
    }
}

fn lower(tree: &Tree, node: NodeId, dollar: Dollar, parts: &mut Vec<Part>, depth: u32) {
    let node = tree.aliased(node);
    if terraform::text::lower(tree, node, dollar, parts, depth) {
        return;
    }
    match tree.view(node) {
        // That of a template has a name, which who uses the template gives a value.
        View::Scalar(text)
            if tree.is_hole(node) && (dollar != Dollar::Workspace || !text.starts_with("${")) =>
        {
            parts.push(mark::value(text, tree.span(node)));
        }
        // Without quotes, what it is filled with is JSON, and no text yet.
        View::Scalar(text) if tree.is_hole(node) && tree.format().is_json() => {
            let name = text.trim_start_matches("${").trim_end_matches('}').trim();
            parts.push(computed(tree, node, name));
        }
        View::Scalar(text) if dollar != Dollar::Policy && text.contains("${") => {
            interpolate(tree, node, text, None, dollar, false, parts);
        }
        View::Scalar(text) => parts.push(whole(node, text)),
        View::Tagged(tag, value) if depth < MAX_DEPTH => {
            let name = tag.name.as_str();
            let value = tree.aliased(value);
            match (name, tree.view(value)) {
                ("Fn::Sub", _) if is_json(tree, value) => {
                    parts.push(computed(tree, node, name));
                }
                ("Fn::Sub", View::Scalar(text)) => {
                    interpolate(tree, value, text, None, dollar.within(), true, parts)
                }
                ("Fn::Sub", View::Sequence(&[text, map])) if tree.text(text).is_some() => {
                    let decoded = tree.text(text).unwrap_or_default();
                    let (text, dollar) = (tree.aliased(text), dollar.within());
                    interpolate(tree, text, decoded, Some(map), dollar, true, parts);
                }
                ("Ref", View::Scalar(target)) => {
                    parts.push(Part::Variable {
                        name: target.to_owned(),
                        span: tree.span(node),
                    });
                }
                ("Fn::GetAtt", View::Scalar(target)) => match target.split_once('.') {
                    Some((resource, attribute)) => parts.push(Part::Attribute {
                        resource: resource.to_owned(),
                        attribute: attribute.to_owned(),
                        span: tree.span(node),
                    }),
                    None => parts.push(computed(tree, node, target)),
                },
                ("Fn::GetAtt", View::Sequence(&[resource, attribute])) => {
                    match (tree.text(resource), tree.text(attribute)) {
                        (Some(resource), Some(attribute)) if resource.contains("${") => {
                            parts.push(named(&format!("{resource}.{attribute}"), tree.span(node)));
                        }
                        (Some(resource), Some(attribute)) => parts.push(Part::Attribute {
                            resource: resource.to_owned(),
                            attribute: attribute.to_owned(),
                            span: tree.span(node),
                        }),
                        _ => parts.push(computed(tree, node, name)),
                    }
                }
                ("Fn::Join", View::Sequence(&[delimiter, list])) => {
                    join(tree, node, [delimiter, list], dollar.within(), parts, depth);
                }
                _ => parts.push(computed(tree, node, name)),
            }
        }
        _ => parts.push(computed(tree, node, "value")),
    }
}

/// Whether what `Fn::Sub` puts in is a part of the JSON around it, and no text: `"Resource": ${Arns}` in a string that holds a
/// document, where only what stands for a value has no quotes.
fn is_json(tree: &Tree, value: NodeId) -> bool {
    let text = match tree.view(value) {
        View::Sequence(&[text, _]) => tree.aliased(text),
        _ => value,
    };
    let is_one = |text: &str| text.starts_with("${") && text.ends_with('}');
    tree.style(text) == Style::Plain
        && tree.text(text).is_some_and(is_one)
        && tree
            .host(text)
            .is_some_and(|host| tree.embedded_format(host).is_some_and(Format::is_json))
}

fn join(
    tree: &Tree,
    node: NodeId,
    [delimiter, list]: [NodeId; 2],
    dollar: Dollar,
    parts: &mut Vec<Part>,
    depth: u32,
) {
    let (Some(text), Some(items)) = (tree.text(delimiter), tree.items(tree.aliased(list))) else {
        parts.push(computed(tree, node, "Fn::Join"));
        return;
    };
    for (index, item) in items.iter().enumerate() {
        if index > 0 && !text.is_empty() {
            parts.push(whole(tree.aliased(delimiter), text));
        }
        lower(tree, *item, dollar, parts, depth + 1);
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn whole(node: NodeId, text: &str) -> Part {
    Part::Literal {
        node,
        start: 0,
        end: offset(text.len()),
    }
}

/// Whether the name between `${` and `}` is one of IAM's policy variables: `aws:username`,
/// `saml:sub`, `token.actions.githubusercontent.com:sub`, with or without a default; or `*`, `?`, `$`.
pub fn is_policy_variable(name: &str) -> bool {
    matches!(name, "*" | "?" | "$")
        || (name.contains(':') && !name.contains("::") && !variable::is_expression(name))
}

/// The variable of the Serverless Framework around a byte of a text, the innermost one: the bytes of its `${…}`.
pub fn expression_around(text: &str, at: usize) -> Option<Range<usize>> {
    // No variable of a file that somebody writes is longer, and no cursor asks for more.
    const MOST: usize = 512;
    let from = text.floor_char_boundary(at.saturating_sub(MOST));
    let opens = text.get(from..)?.match_indices("${");
    opens
        .map(|(open, _)| from + open)
        .take_while(|open| *open <= at)
        .filter_map(|open| Some(open..variable::end(text, open)?))
        .filter(|range| range.contains(&at))
        .last()
}

/// A piece of a text, by its bytes.
enum Cut {
    /// Characters.
    Literal(Range<usize>),
    /// A `${…}` that names something.
    Name(Range<usize>),
    /// A `${…}` of the dialect's own.
    Expression(Range<usize>),
}

/// What stands between the `${` and `}` of a range.
fn inside<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.start + 2..range.end.saturating_sub(1))
        .unwrap_or_default()
        .trim()
}

fn named(name: &str, span: Span) -> Part {
    match name.split_once('.').filter(|_| !name.contains("${")) {
        Some((resource, attribute)) => Part::Attribute {
            resource: resource.to_owned(),
            attribute: attribute.to_owned(),
            span,
        },
        None => Part::Variable {
            name: name.to_owned(),
            span,
        },
    }
}

/// Cuts a text at its `${…}`; `sub` where `Fn::Sub` fills some in.
fn cut(text: &str, dollar: Dollar, sub: bool) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let (mut literal, mut from) = (0, 0);
    let push_literal = |cuts: &mut Vec<Cut>, start: usize, end: usize| {
        if start < end {
            cuts.push(Cut::Literal(start..end));
        }
    };
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("${")) {
        let open = from + found;
        if text.get(open..).is_some_and(|rest| rest.starts_with("${{")) {
            // A mark of another tool.
            from = open + 3;
            continue;
        }
        if dollar == Dollar::Serverless {
            if open > literal && text.as_bytes().get(open - 1) == Some(&b'\\') {
                // `\${` stands for the characters `${`.
                push_literal(&mut cuts, literal, open - 1);
                literal = open;
                from = open + 2;
                continue;
            }
            if let Some(end) = variable::end(text, open) {
                push_literal(&mut cuts, literal, open);
                cuts.push(Cut::Expression(open..end));
                literal = end;
                from = end;
                continue;
            }
            if !sub {
                from = open + 2;
                continue;
            }
        }
        // A name may itself be made of the Serverless Framework's variables.
        let nested = (dollar == Dollar::Serverless)
            .then(|| variable::close(text, open))
            .flatten();
        let close = match (nested, text[open..].find('}')) {
            (Some(close), _) => close,
            (None, Some(length)) => open + length + 1,
            (None, None) => break,
        };
        let name = text[open + 2..close - 1].trim();
        from = close;
        if sub && let Some(rest) = text[open + 2..close].strip_prefix('!') {
            // `${!Name}` stands for the characters `${Name}`.
            push_literal(&mut cuts, literal, open + 2);
            literal = close - rest.len();
            continue;
        }
        let pseudo = dollar == Dollar::Loop && !sub && name.contains("::");
        if pseudo || (nested.is_none() && is_policy_variable(name)) {
            continue;
        }
        push_literal(&mut cuts, literal, open);
        cuts.push(Cut::Name(open..close));
        literal = close;
    }
    push_literal(&mut cuts, literal, text.len());
    cuts
}

/// The parts of a scalar with `${…}` in it.
fn interpolate(
    tree: &Tree,
    node: NodeId,
    text: &str,
    map: Option<NodeId>,
    dollar: Dollar,
    sub: bool,
    parts: &mut Vec<Part>,
) {
    for cut in cut(text, dollar, sub) {
        parts.push(match cut {
            Cut::Literal(range) => Part::Literal {
                node,
                start: offset(range.start),
                end: offset(range.end),
            },
            Cut::Expression(range) => Part::Expression {
                text: inside(text, &range).to_owned(),
                sub,
                span: tree.source_span(node, range),
            },
            Cut::Name(range) => {
                let name = inside(text, &range);
                let span = tree.source_span(node, range.clone());
                match map.and_then(|map| tree.get(map, name)) {
                    Some(value) => Part::Computed {
                        node: value,
                        span,
                        label: name.to_owned(),
                    },
                    None => named(name, span),
                }
            }
        });
    }
    if text.is_empty() {
        parts.push(whole(node, text));
    }
}
