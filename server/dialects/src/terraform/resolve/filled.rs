//! What stands for the `${…}` of a file that a module fills in: `templatefile("policy.json", { bucket = … })`.

use leastwise_syntax::{Format, NodeId, Span, Tree, View};

use super::operator;
use super::value::{Frag, PartialText, Val};
use super::{Evaluator, Tally};
use crate::resolve::names::name_of_hole;
use crate::resolve::{Alternative, Resolver, TextValue};
use crate::terraform::Given;
use crate::terraform::limits::NAMES_OF_AN_EXPRESSION;

/// Encloses the number of a hole in a text that is read as JSON.
const MARK: char = '\u{F8FF}';

impl Resolver<'_> {
    /// What a `${…}` that stands in the file, in a text, is in the module that fills the file in; `None` for one that it
    /// doesn't give.
    pub(super) fn filled(&self, given: &Given, name: &str, span: Span) -> Option<Vec<Alternative>> {
        let value = self.filled_value(given, name, span)?;
        Some(alternatives(value, name, self.defaults))
    }

    /// The same of a node that is one as a whole, without quotes: what it is filled with is read as JSON.
    pub(super) fn filled_json(&self, given: &Given, node: NodeId) -> Option<Vec<Alternative>> {
        let name = name_of_hole(self.tree.text(node).unwrap_or_default());
        let value = self.filled_value(given, name, self.tree.span(node))?;
        Some(alternatives(read(&value, name), name, self.defaults))
    }

    /// Whether the condition of an `%{ if }` holds, where the module that fills the file in tells. It is a value of a module's
    /// argument or a literal: a default decides nothing.
    pub(super) fn filled_condition(&self, given: &Given, condition: &str) -> Option<bool> {
        let tally = Tally::new();
        let evaluator = self.evaluator(&given.module, &tally);
        let mut bound: Vec<(String, Val)> = Vec::new();
        for name in names(condition).take(NAMES_OF_AN_EXPRESSION) {
            if let Some(at) = given.variables.get(name) {
                bound.push((name.to_owned(), evaluator.value(*at, 0)));
            }
        }
        let value = evaluate(&evaluator, &bound, condition)?;
        evaluator.decided(&value)
    }

    fn filled_value(&self, given: &Given, text: &str, span: Span) -> Option<Val> {
        let tally = Tally::new();
        let evaluator = self.evaluator(&given.module, &tally);
        let mut bound: Vec<(String, Val)> = Vec::new();
        let give = |text: &str, bound: &mut Vec<(String, Val)>| {
            for name in names(text) {
                let is_known = bound.iter().any(|(own, _)| own == name);
                if let Some(at) = given.variables.get(name)
                    && !is_known
                    && bound.len() < NAMES_OF_AN_EXPRESSION
                {
                    bound.push((name.to_owned(), evaluator.value(*at, 0)));
                }
            }
        };
        give(text, &mut bound);
        // Those that end last are the outer ones.
        let regions = self.tree.regions().iter().rev();
        for region in
            regions.filter(|region| region.span.start <= span.start && span.end <= region.span.end)
        {
            let Some((variables, over)) = loop_of(&region.condition) else {
                continue;
            };
            give(over, &mut bound);
            let list = evaluate(&evaluator, &bound, over);
            let inner = self.tree.part(region.span);
            let count = variables.clone().count();
            for (at, variable) in variables.enumerate() {
                // Where it stands twice, the two are the same in each turn.
                let is_once = names(inner).filter(|name| *name == variable).count() == 1;
                let items = list.as_ref().and_then(Val::members);
                let items = items.filter(|_| is_once && at + 1 == count);
                let texts =
                    items.filter(|items| items.iter().all(|item| matches!(item, Val::Text(_))));
                let value = match texts {
                    Some(items) => Val::any(items.to_vec()),
                    None => Val::unknown(variable),
                };
                bound.push((variable.to_owned(), value));
            }
        }
        let is_given = names(text).any(|name| bound.iter().any(|(own, _)| own == name));
        is_given.then(|| evaluate(&evaluator, &bound, text).unwrap_or_else(|| Val::unknown(text)))
    }
}

/// As values of the resolver. What is empty is left out where it would stand, by an `%{ if }` around it or a `count` in the
/// module.
fn alternatives(value: Val, name: &str, shown: bool) -> Vec<Alternative> {
    let value = match value {
        Val::Null => Val::unknown(name),
        Val::Any(values) if values.is_empty() => Val::unknown(name),
        value => value,
    };
    let mut values = value.into_alternatives(name, shown);
    for (value, _) in &mut values {
        if matches!(value, TextValue::Text(text) if text.pattern.as_literal().as_deref() == Some(""))
        {
            *value = TextValue::Unknown(name.to_owned());
        }
    }
    values
}

/// The names in an expression that may be variables.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let words = text.split(move |c: char| !is_part(c));
    words
        .map(|word| word.split('.').next().unwrap_or(word))
        .filter(|word| !word.is_empty())
}

/// The variables of a loop, and what it goes over: `for key, value in list`.
fn loop_of(condition: &str) -> Option<(impl Iterator<Item = &str> + Clone, &str)> {
    let (variables, over) = condition.strip_prefix("for ")?.split_once(" in ")?;
    Some((variables.split(',').map(str::trim), over.trim()))
}

/// What an expression is where these names have these values; later ones hide earlier ones.
fn evaluate(evaluator: &Evaluator<'_>, bound: &[(String, Val)], text: &str) -> Option<Val> {
    let Some(((name, value), rest)) = bound.split_first() else {
        return Some(evaluator.expr(&evaluator.taken_apart(text)?, text, 1));
    };
    let scope = operator::Scope::new(name, value, evaluator.scope);
    let inner = Evaluator {
        scope: Some(&scope),
        ..*evaluator
    };
    evaluate(&inner, rest, text)
}

/// What texts are that are read as JSON.
fn read(value: &Val, label: &str) -> Val {
    let texts = value.alternatives().iter().map(|value| match value {
        Val::Text(text) => json(text).unwrap_or_else(|| Val::unknown(label)),
        _ => Val::unknown(label),
    });
    Val::any(texts.collect())
}

fn json(text: &PartialText) -> Option<Val> {
    let mut written = String::new();
    for (at, part) in text.parts.iter().enumerate() {
        match part {
            Frag::Chars(chars) if chars.contains(MARK) => return None,
            Frag::Chars(chars) => written.push_str(chars),
            Frag::Hole(_) | Frag::Word(_) => written.push_str(&format!("{MARK}{at}{MARK}")),
            Frag::Absent(_) => {}
        }
    }
    // Items of a list may have their brackets in the file.
    let mut value = parsed(text, &written).or_else(|| parsed(text, &format!("[{written}]")))?;
    for (name, holds) in &text.conditions {
        value.under(name, *holds);
    }
    if text.assumed {
        value.assume();
    }
    Some(value)
}

/// A text or a list of texts, from JSON in which numbers stand for the parts that aren't known.
fn parsed(of: &PartialText, json: &str) -> Option<Val> {
    let tree = Tree::parse(json.to_owned(), Format::Json);
    let root = *tree
        .documents()
        .first()
        .filter(|_| tree.problems().is_empty())?;
    match tree.view(root) {
        View::Sequence(items) => {
            let items = items.iter().map(|item| scalar(of, tree.text(*item)?));
            Some(Val::List(items.collect::<Option<_>>()?))
        }
        _ => scalar(of, tree.text(root)?),
    }
}

fn scalar(of: &PartialText, text: &str) -> Option<Val> {
    let mut out = PartialText::default();
    for (at, piece) in text.split(MARK).enumerate() {
        match at % 2 {
            0 => out.push(piece),
            _ => out
                .parts
                .push(of.parts.get(piece.parse::<usize>().ok()?)?.clone()),
        }
    }
    Some(Val::Text(out))
}
