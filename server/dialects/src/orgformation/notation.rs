//! How OrgFormation writes texts: as templates do, with functions of its own that stand in strings.

use std::ops::Range;

use leastwise_model::notation::{FunctionCall, Notation, Opening, literal};
use leastwise_model::text::{Part, is_no_declared_name};
use leastwise_syntax::{NodeId, Tree};

use crate::intrinsic::notation::{TEMPLATE, TemplateNotation, function};

/// A template of OrgFormation.
const OWN: &dyn Notation = &OrganizedNotation {
    within: TEMPLATE,
    fills_in_first: false,
};
/// One with `Fn::ForEach`.
const LOOPING: &dyn Notation = &OrganizedNotation {
    within: &TemplateNotation { loops: true },
    fills_in_first: false,
};
/// Any of its files: the variables in its own functions are filled in before CloudFormation sees the text.
pub(super) const ANY: &dyn Notation = &OrganizedNotation {
    within: TEMPLATE,
    fills_in_first: true,
};

/// How a template is written.
pub(super) fn notation(loops: bool) -> &'static dyn Notation {
    match loops {
        false => OWN,
        true => LOOPING,
    }
}

#[derive(Debug)]
struct OrganizedNotation {
    within: &'static dyn Notation,
    fills_in_first: bool,
}

impl Notation for OrganizedNotation {
    fn within(&self) -> Option<&'static dyn Notation> {
        Some(self.within)
    }

    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        match Called::of(text) {
            Some(called) => called.cut(tree, node, text, parts),
            None => return self.within.scalar(tree, node, text, parts),
        }
        true
    }

    fn function(&self, tree: &Tree, call: FunctionCall<'_>, parts: &mut Vec<Part>) -> bool {
        function(tree, call, self, parts)
    }

    fn opening(&self, text: &str, literal: Range<usize>, sub: bool) -> Opening {
        self.within.opening(text, literal, sub)
    }

    fn fills_in_first(&self) -> bool {
        self.fills_in_first
    }

    fn leaves_variables(&self, text: &str) -> bool {
        Called::of(text).is_none() && self.within.leaves_variables(text)
    }
}

/// Functions over the targets of a binding, each with what its text may name of one, what it gives by itself first.
const FUNCTIONS: [(&str, &[&str]); 4] = [
    (
        "Fn::EnumTargetAccounts",
        &[
            "account",
            "AccountId",
            "AccountName",
            "Alias",
            "LogicalId",
            "RootEmail",
        ],
    ),
    ("Fn::EnumTargetRegions", &["region"]),
    ("Fn::TargetCount", &["count"]),
    ("Fn:TargetCount", &["count"]),
];

/// Whether a file may call one of these.
pub(super) fn may_call(tree: &Tree) -> bool {
    tree.mentions("Fn::EnumTarget") || tree.mentions(":TargetCount")
}

/// A call of such a function, which is a string as a whole: it stands for as many values as the binding has targets.
#[derive(Debug)]
pub(super) struct Called<'t> {
    binding: &'t str,
    /// The bytes of that.
    named: Range<usize>,
    /// What its text may name of a target.
    names: &'static [&'static str],
    /// The bytes of the text that is made for each target, where it has one.
    text: Option<Range<usize>>,
}

impl<'t> Called<'t> {
    /// The call that a string is.
    pub fn of(text: &'t str) -> Option<Called<'t>> {
        let (names, rest) = FUNCTIONS.iter().find_map(|(function, names)| {
            let rest = text.strip_prefix(function)?;
            rest.starts_with(' ').then_some((*names, rest))
        })?;
        let rest = rest.trim_start();
        let (binding, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        let named = text.len() - rest.len()..text.len() - rest.len() + binding.len();
        let bare = behind.trim();
        let quoted = ['\'', '"']
            .into_iter()
            .find_map(|quote| bare.strip_prefix(quote)?.strip_suffix(quote));
        let inner = quoted.unwrap_or(bare);
        let margin = behind.len() - behind.trim_start().len() + usize::from(quoted.is_some());
        let start = text.len() - behind.len() + margin;
        Some(Called {
            binding,
            named,
            names,
            text: (!inner.is_empty()).then(|| start..start + inner.len()),
        })
    }

    /// What the binding is called, with the bytes of that.
    pub fn binding(&self) -> (&'t str, Range<usize>) {
        (self.binding, self.named.clone())
    }

    /// Whether a `${…}` in its text is of a target.
    fn is_of_target(&self, name: &str) -> bool {
        self.names.contains(&name) || name.starts_with("Tags.")
    }

    /// Cuts its text: what that names of a target isn't known, since there may be several. Each is called by the binding, so that
    /// those of two aren't taken for the same.
    fn cut(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) {
        let mark = |name: &str, span| Part::Mark {
            name: format!("{}.{name}", self.binding),
            span,
        };
        let Some(range) = self.text.clone() else {
            let name = self.names.first().copied().unwrap_or_default();
            parts.push(mark(name, tree.span(node)));
            return;
        };
        let (mut from, mut at) = (range.start, range.start);
        let inside = |at: usize| text.get(at..range.end).unwrap_or_default();
        while let Some(found) = inside(at).find("${") {
            let open = at + found;
            let Some(length) = inside(open).find('}') else {
                break;
            };
            let close = open + length + 1;
            at = close;
            let name = text.get(open + 2..close - 1).unwrap_or_default().trim();
            if is_no_declared_name(name) {
                continue;
            }
            if from < open {
                parts.push(literal(node, from..open));
            }
            let span = tree.source_span(node, open..close);
            parts.push(match self.is_of_target(name) {
                true => mark(name, span),
                false => Part::named(name, span),
            });
            from = close;
        }
        if from < range.end {
            parts.push(literal(node, from..range.end));
        }
    }
}
