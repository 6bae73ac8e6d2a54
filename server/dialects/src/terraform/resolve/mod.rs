//! Expressions of Terraform: what they are, as far as the module, the config and the environment tell.

mod attribute;
mod directive;
mod effect;
mod filled;
mod function;
mod guard;
mod local;
mod names;
mod operator;
mod reference;
mod replaced;
mod syntax;
mod value;

use std::cell::Cell;

use leastwise_model::guard::ModuleNode;
use leastwise_model::{Config, Environment};
use leastwise_syntax::{NodeId, ScalarType, Tree, View};

use crate::limits::VALUES_OF_A_TEXT;
use crate::resolve::notes::{Notes, Pins};
use crate::resolve::{Alternative, Resolver, Surroundings, TextValue};
use crate::terraform::body::{expression, label, source};
use crate::terraform::limits::{
    DEPTH_OF_EXPRESSIONS, NODES_OF_A_VALUE, TEXT_LENGTH, VALUES_OF_ONE,
};
use crate::terraform::{Module, Reference, is_plain_number};
pub(crate) use effect::allows_only;
use local::Locals;
use operator::Scope;
use syntax::{Expr, Fault};
use value::{PartialText, Val};

/// Works out values.
#[derive(Clone, Copy)]
struct Evaluator<'a> {
    /// The module that names are looked up in.
    module: &'a Module,
    /// The tree of the module's file that has none of its own.
    own: &'a Tree,
    config: &'a Config,
    environment: &'a Environment,
    /// Whether a variable's default may stand for its value.
    defaults: bool,
    /// Who called the module, while an output of it is worked out.
    caller: Option<(&'a Evaluator<'a>, ModuleNode)>,
    /// The key of the instance of the resource whose arguments are worked out.
    instance: Option<&'a str>,
    /// The `for_each` that has that key.
    each: Option<ModuleNode>,
    /// The variables of the comprehensions that it is in.
    scope: Option<&'a Scope<'a>>,
    /// Whether a variable's default decides conditions as well.
    supposes: bool,
    /// Whether a variable's default was taken for its value, since somebody watches.
    assumed: &'a Cell<bool>,
    /// Nodes that may still be looked at.
    steps: &'a Cell<u32>,
    /// Names that are taken for something else than all their values.
    pins: &'a Pins,
    /// Where the names are taken down that are read.
    notes: Option<&'a Notes>,
    /// Local values that have been worked out by themselves, since many lead to them.
    locals: &'a Locals,
    /// Who is told that a limit was met.
    surroundings: Option<&'a dyn Surroundings>,
}

/// What is counted and watched while one value is worked out.
struct Tally {
    steps: Cell<u32>,
    assumed: Cell<bool>,
    locals: Locals,
}

impl Tally {
    fn new() -> Tally {
        Tally {
            steps: Cell::new(NODES_OF_A_VALUE),
            assumed: Cell::new(false),
            locals: Locals::default(),
        }
    }
}

impl Resolver<'_> {
    /// What a reference of Terraform stands for.
    pub(super) fn terraform_reference(&self, module: &Module, text: &str) -> Vec<Alternative> {
        let tally = Tally::new();
        let value = match Reference::parse(text) {
            Some(reference) => self
                .evaluator(module, &tally)
                .reference(&reference, text, 0),
            // An expression in a string of the JSON syntax.
            None => self.evaluator(module, &tally).parsed(text, 0),
        };
        let value = self
            .evaluator(module, &tally)
            .as_many_as_are_told_apart(value);
        match value {
            // A variable that is empty unless somebody sets it, a name that leads nowhere.
            Val::Null => Val::unknown(label(text)),
            Val::Any(values) if values.is_empty() => Val::unknown(label(text)),
            value => value,
        }
        .into_alternatives(&label(text), self.defaults)
    }

    /// Whether a condition surely holds, by how it is written.
    pub(super) fn terraform_condition(&self, module: &Module, text: &str) -> Option<bool> {
        let tally = Tally::new();
        let evaluator = self.evaluator(module, &tally);
        // As a label it has no colons of its own.
        let text = text.replace('∶', ":");
        let (value, assumed) = evaluator.watched(|| evaluator.parsed(&text, 0));
        evaluator.decided(&value).filter(|_| !assumed)
    }

    /// What an expression of the file itself stands for.
    pub(super) fn terraform_expression(&self, module: &Module, node: NodeId) -> Vec<Alternative> {
        let tally = Tally::new();
        let name = source(self.tree, node);
        let file = module.own();
        let value = self
            .evaluator(module, &tally)
            .value(ModuleNode { file, node }, 0);
        value.into_alternatives(&name, self.defaults)
    }

    /// Whether an expression of the file itself surely is a list.
    pub(crate) fn terraform_is_list(&self, module: &Module, node: NodeId) -> bool {
        let tally = Tally::new();
        let file = module.own();
        let value = self
            .evaluator(module, &tally)
            .value(ModuleNode { file, node }, 0);
        let is_list = |value: &Val| matches!(value, Val::List(_) | Val::Bag(_));
        match value {
            Val::Any(values) => !values.is_empty() && values.iter().all(is_list),
            value => is_list(&value),
        }
    }

    /// The texts that an expression of any file of the module may be, as a user would write them. Empty for `null`.
    pub(crate) fn terraform_names(&self, module: &Module, at: ModuleNode) -> Vec<String> {
        let tally = Tally::new();
        let evaluator = self.evaluator(module, &tally);
        let name = source(evaluator.tree(at.file), at.node);
        let values = evaluator.value(at, 0).into_alternatives(&name, true);
        let text = |(value, _)| match value {
            TextValue::Text(text) => Some(text.pattern.display()),
            TextValue::Unknown(label) => Some(format!("${{{label}}}")),
            TextValue::List(_) | TextValue::Nothing => None,
        };
        values.into_iter().filter_map(text).collect()
    }

    fn evaluator<'a>(&'a self, module: &'a Module, tally: &'a Tally) -> Evaluator<'a> {
        Evaluator {
            module,
            own: self.tree,
            config: self.config,
            environment: self.environment,
            defaults: self.defaults,
            caller: None,
            instance: None,
            each: None,
            scope: None,
            supposes: false,
            assumed: &tally.assumed,
            steps: &tally.steps,
            pins: self.pins,
            notes: self.notes,
            locals: &tally.locals,
            surroundings: self.surroundings,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// What isn't worked out, since a limit is met.
    fn cut_off(&self, label: impl Into<String>) -> Val {
        self.tell_cut_off();
        Val::unknown(label)
    }

    fn tell_cut_off(&self) {
        if let Some(surroundings) = self.surroundings {
            surroundings.cut_off();
        }
    }

    /// A value without those of many that are too many. While it is made, one more is kept, for it to be seen here.
    fn as_many_as_are_told_apart(&self, value: Val) -> Val {
        match value {
            Val::Any(mut values) if values.len() > VALUES_OF_A_TEXT => {
                if let Some(surroundings) = self.surroundings {
                    surroundings.tried_in_part();
                }
                values.truncate(VALUES_OF_A_TEXT);
                Val::Any(values)
            }
            value => value,
        }
    }

    /// An expression that is handed on as text, taken apart.
    fn taken_apart(&self, text: &str) -> Option<Expr> {
        let taken_apart = Expr::parse(text);
        if matches!(taken_apart, Err(Fault::TooLarge)) {
            self.tell_cut_off();
        }
        taken_apart.ok()
    }

    fn tree(&self, file: u32) -> &'a Tree {
        self.module.tree(file, self.own)
    }

    /// What an expression is.
    fn value(&self, at: ModuleNode, depth: u32) -> Val {
        let tree = self.tree(at.file);
        self.node(tree, at.node, depth)
    }

    fn node(&self, tree: &Tree, node: NodeId, depth: u32) -> Val {
        let value = self.worked_out(tree, node, depth);
        self.as_many_as_are_told_apart(value)
    }

    fn worked_out(&self, tree: &Tree, node: NodeId, depth: u32) -> Val {
        let left = self.steps.get();
        let source = || source(tree, node);
        if depth > DEPTH_OF_EXPRESSIONS || left == 0 {
            return self.cut_off(source());
        }
        self.steps.set(left - 1);
        let next = |node: NodeId| self.node(tree, node, depth + 1);
        match tree.view(node) {
            View::Scalar(text) => match tree.scalar_type(node) {
                ScalarType::Null => Val::Null,
                ScalarType::String
                    if (text.contains("${") || text.contains("%{")) && !tree.is_of_hcl(node) =>
                {
                    self.template(text, depth)
                }
                ScalarType::Number if !is_plain_number(text) => Val::unknown(source()),
                ScalarType::Bool | ScalarType::Number => Val::Text(PartialText {
                    bare: true,
                    ..PartialText::of(text)
                }),
                ScalarType::String => Val::text(text),
            },
            View::Sequence(items) => Val::List(items.iter().map(|item| next(*item)).collect()),
            View::Mapping(pairs) => {
                let mut map: Vec<(String, Val)> = Vec::new();
                for pair in pairs {
                    let key = match tree.text(pair.key) {
                        Some(key) => key.to_owned(),
                        None => match next(pair.key) {
                            Val::Text(text) if text.chars().is_some() => {
                                text.chars().unwrap_or_default().to_owned()
                            }
                            // Any key may be this one.
                            _ => return Val::unknown(source()),
                        },
                    };
                    map.push((key, next(pair.value)));
                }
                Val::Map(map)
            }
            View::Tagged(..) => match expression(tree, node) {
                Some(("ref", text)) => {
                    let text = tree.text(text).unwrap_or_default();
                    if self.is_taken_apart(text) {
                        return self
                            .raw(text, &source(), depth)
                            .unwrap_or_else(|| Val::unknown(source()));
                    }
                    match Reference::parse(text) {
                        Some(reference) => self.reference(&reference, text, depth + 1),
                        None => Val::unknown(source()),
                    }
                }
                Some(("template", parts)) => {
                    let parts = tree.items(parts).unwrap_or_default();
                    let directive =
                        |part: &NodeId| matches!(expression(tree, *part), Some(("directive", _)));
                    if parts.iter().any(directive) {
                        return self
                            .directives(tree, parts, &source(), depth)
                            .unwrap_or_else(|| Val::unknown(source()));
                    }
                    if let [only] = parts
                        && !matches!(tree.view(*only), View::Scalar(_))
                    {
                        return next(*only);
                    }
                    let values: Vec<Val> = parts.iter().map(|part| next(*part)).collect();
                    self.concatenated(&values, &source())
                }
                Some(("?", arguments)) => match tree.items(arguments) {
                    Some(&[condition, yes, no]) => {
                        let (decided, assumed) = self.watched(|| self.bool(&next(condition)));
                        let decided = decided.filter(|_| !assumed || self.supposes);
                        // What isn't decided of one item may be otherwise for another.
                        if decided.is_none() && self.scope.is_some() {
                            return Val::unknown(source());
                        }
                        let marks = decided.is_some_and(|(_, assumed)| assumed);
                        let decided = decided.map(|(holds, _)| holds);
                        let name = crate::terraform::body::source(tree, condition);
                        let mut values = Vec::new();
                        for (branch, holds) in [(yes, true), (no, false)] {
                            if decided.is_none_or(|decided| decided == holds) {
                                let mut value = next(branch);
                                if decided.is_none() {
                                    value.under(&name, holds);
                                    // Nobody says so for what is to be there.
                                    value.leave_out(source);
                                }
                                if marks {
                                    value.assume();
                                }
                                values.push(value);
                            }
                        }
                        Val::any(values)
                    }
                    _ => Val::unknown(source()),
                },
                Some(("expr", text)) => {
                    let text = tree.text(text).unwrap_or_default();
                    self.raw(text, &source(), depth)
                        .unwrap_or_else(|| Val::unknown(source()))
                }
                Some(("for", _)) => {
                    let text = tree.part(tree.span(node));
                    self.raw(text, &source(), depth)
                        .unwrap_or_else(|| Val::unknown(source()))
                }
                None => Val::unknown(source()),
                Some((name, arguments)) => {
                    let Some(mut arguments) = tree.items(arguments) else {
                        return Val::unknown(source());
                    };
                    let mut name = name;
                    if let ("can", &[call]) = (name, arguments)
                        && let Some(("regex", inner)) = expression(tree, call)
                    {
                        name = function::CAN_MATCH;
                        arguments = tree.items(inner).unwrap_or_default();
                    }
                    let mut values: Vec<Val> = Vec::with_capacity(arguments.len());
                    for argument in arguments {
                        let Some(list) = self.expansion(tree, *argument, depth) else {
                            values.push(next(*argument));
                            continue;
                        };
                        match list.items() {
                            Some(items) => values.extend(items.iter().cloned()),
                            None => return Val::unknown(source()),
                        }
                    }
                    self.called(name, &values, &source())
                }
            },
            View::Alias(Some(target)) => next(target),
            View::Alias(None) | View::Invalid => Val::unknown(source()),
        }
    }

    /// What a function gives.
    fn called(&self, name: &str, values: &[Val], label: &str) -> Val {
        let is_long = Cell::new(false);
        let value = function::call(name, values, label, &is_long);
        if is_long.get() {
            self.tell_cut_off();
        }
        value
    }

    /// Whether a reference is more than names: a variable of a comprehension, a step that has to be worked out.
    fn is_taken_apart(&self, text: &str) -> bool {
        let root = text.get(..syntax::name_length(text)).unwrap_or_default();
        let is_scoped = || self.scope.is_some_and(|scope| scope.get(root).is_some());
        matches!(root, "var" | "local") && text.contains('[') || is_scoped()
    }

    /// The list that an argument stands for that is written with `...`.
    fn expansion(&self, tree: &Tree, argument: NodeId, depth: u32) -> Option<Val> {
        let ("expr", text) = expression(tree, argument)? else {
            return None;
        };
        let text = tree.text(text)?.strip_suffix("...")?;
        let value = self.raw(text, &source(tree, argument), depth);
        Some(value.unwrap_or_else(|| Val::unknown(source(tree, argument))))
    }

    /// An expression that the reader doesn't take apart.
    fn raw(&self, text: &str, label: &str, depth: u32) -> Option<Val> {
        // It takes time to take a long one apart.
        let cost = u32::try_from(text.len() / 64).unwrap_or(u32::MAX);
        let left = self.steps.get().checked_sub(cost);
        let Some(left) =
            left.filter(|_| depth <= DEPTH_OF_EXPRESSIONS && text.len() <= TEXT_LENGTH)
        else {
            return Some(self.cut_off(label));
        };
        self.steps.set(left);
        Some(self.expr(&self.taken_apart(text)?, label, depth + 1))
    }

    /// Whether a condition surely holds. A default decides nothing, unless that is supposed: it is there to be overridden.
    fn decided(&self, condition: &Val) -> Option<bool> {
        match condition {
            Val::Text(text) if text.assumed && !self.supposes => None,
            Val::Text(text) if text.conditions.is_empty() => match text.chars()? {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A text put together from values.
    fn concatenated(&self, values: &[Val], label: &str) -> Val {
        let mut drafts = vec![PartialText::default()];
        for value in values {
            let texts = value.texts(label);
            let mut next = Vec::new();
            for draft in &drafts {
                for text in &texts {
                    let opposed = text.conditions.iter().any(|(name, holds)| {
                        draft
                            .conditions
                            .iter()
                            .any(|(other, held)| other == name && held != holds)
                    });
                    if next.len() < VALUES_OF_ONE && !opposed {
                        let mut one = draft.clone();
                        one.append(text);
                        if one.len() > TEXT_LENGTH {
                            return self.cut_off(label);
                        }
                        next.push(one);
                    }
                }
            }
            drafts = next;
        }
        Val::any(drafts.into_iter().map(Val::Text).collect())
    }

    /// A string of the JSON syntax: what stands in it is read as a template.
    fn template(&self, text: &str, depth: u32) -> Val {
        self.parsed(&quoted(text), depth)
    }

    /// An expression that stands in a string.
    fn parsed(&self, expression: &str, depth: u32) -> Val {
        if depth > DEPTH_OF_EXPRESSIONS || expression.len() > TEXT_LENGTH {
            return self.cut_off(label(expression));
        }
        match syntax::leaf(expression) {
            Some((tree, node)) => self.node(&tree, node, depth + 1),
            None => Val::unknown(label(expression)),
        }
    }
}

/// A template as a quoted one: what stands outside of its `${…}` is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut depth = 0usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' | '%' if depth == 0 && chars.peek() == Some(&'{') => {
                out.push(c);
                out.push('{');
                chars.next();
                // `$${` is no template.
                if !out.ends_with("$${") && !out.ends_with("%%{") {
                    depth = 1;
                }
            }
            '{' if depth > 0 => {
                depth += 1;
                out.push(c);
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(c);
            }
            '"' | '\\' if depth == 0 => {
                out.push('\\');
                out.push(c);
            }
            '\n' if depth == 0 => out.push_str("\\n"),
            '\r' if depth == 0 => out.push_str("\\r"),
            '\t' if depth == 0 => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a hole in a value stands for something else than the same hole elsewhere.
fn is_of_instance(label: &str) -> bool {
    ["each.", "count.", "self."]
        .iter()
        .any(|lead| label.starts_with(lead))
}

/// Names holes of an instance after it, so that those of two instances aren't taken for the same.
fn of_instance(value: &mut Val, instance: &str) {
    value.relabel(&|label| is_of_instance(label).then(|| format!("{instance}.{label}")));
}
