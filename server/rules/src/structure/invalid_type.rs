//! Finds values of the wrong type: an object where strings are expected, a list in a list, a list where one string is
//! expected, a string or nothing where a statement is expected, a document in a list.
//!
//! AWS rejects such a policy with "Syntax errors in policy", which doesn't say where. A list in a list usually comes
//! from wrapping a list in brackets once more; neither CloudFormation nor `jsonencode` flattens it.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource:
//!       - - arn:aws:s3:::shop-data/*
//!         - arn:aws:s3:::shop-files/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource:
//!       - arn:aws:s3:::shop-data/*
//!       - arn:aws:s3:::shop-files/*
//! ```

use leastwise_model::notation::Notation;
use leastwise_model::text::Text;
use leastwise_model::{ElementPair, Form, Level, OwnerKind, Policy, Site, mark};
use leastwise_policy::condition::Operator;
use leastwise_policy::elements::{self, ElementValue};
use leastwise_syntax::{Format, NodeId, ScalarType, Span, Tree, View};

use super::is_macro;
use crate::conditions::is_of_iam;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-type",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A value of the wrong type: an object, or a list in a list",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "DATA_TYPE_MISMATCH"),
        ("access-analyzer", "INVALID_PRINCIPAL_FORMAT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A value of the wrong shape.
struct Wrong {
    span: Span,
    /// What it is of: `Resource`, or the document.
    name: String,
    found: Actual,
    due: Due,
    form: Form,
    owner: Option<String>,
}

/// What is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Actual {
    Object,
    List,
    Nested,
    Text,
    /// A list of statements.
    Statements,
    /// Null.
    Nothing,
}

/// What is to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Text,
    Texts,
    List,
    Statement,
    Statements,
    Object,
    Document,
    /// A text of JSON, for an argument of Terraform.
    Json,
}

/// Looks at the values of one policy.
struct TypeCheck<'a, 'f> {
    context: &'a Context<'a>,
    tree: &'a Tree,
    form: Form,
    notation: &'static dyn Notation,
    owner: Option<&'a str>,
    /// Whether its conditions are those of IAM, which `invalid-condition` looks at.
    of_iam: bool,
    facts: &'a mut Facts<'f>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let argument = argument(context, site);
    let mut look = TypeCheck {
        context,
        tree: context.tree,
        form: policy.form,
        notation: site.document.notation(),
        owner: context.owner(site),
        of_iam: is_of_iam(site),
        facts,
    };
    if let Some(name) = argument {
        look.wrong(policy.node, &name, Actual::Object, Due::Json);
    }
    match policy.form {
        Form::Document => look.document(policy),
        // Objects that a module takes have the shapes that it wants.
        Form::Blocks(_) if policy.elements.iter().any(|of| of.name == "Statement") => {
            look.blocks(policy);
        }
        Form::Blocks(_) => {}
    }
}

/// The argument that a policy is given to as an object, and that takes a text.
fn argument(context: &Context<'_>, site: &Site) -> Option<String> {
    // What nobody but the file's owner has stands in a resource that isn't known.
    let mut owners = site
        .owners
        .iter()
        .filter_map(|owner| context.analysis.owners.get(*owner));
    let is_known = owners.any(|owner| owner.kind != OwnerKind::File);
    let state = context.analysis.state();
    is_known.then(|| state.given_object(context.tree, site))?
}

impl TypeCheck<'_, '_> {
    fn document(&mut self, policy: &Policy) {
        let tree = self.tree;
        if policy.statement_list.is_none()
            && let View::Sequence(items) = tree.view(policy.node)
        {
            let is_document = |item: &NodeId| tree.get(*item, "Statement").is_some();
            let found = match items.iter().any(is_document) {
                true => Actual::List,
                false => Actual::Statements,
            };
            self.wrong(policy.node, "", found, Due::Document);
        }
        for element in &policy.elements {
            self.element(element, elements::policy_element(&element.name));
        }
        // Statements without a document around are a list of their own.
        if let (Some(list), true) = (policy.statement_list, policy.elements.is_empty()) {
            self.statements("Statement", list);
        }
        for statement in &policy.statements {
            for element in &statement.elements {
                self.element(element, elements::statement_element(&element.name));
            }
        }
    }

    fn element(&mut self, element: &ElementPair, known: Option<&elements::Element>) {
        let (name, value) = (element.name.as_str(), element.value);
        match known.map(|known| known.value) {
            Some(ElementValue::Text) => match self.tree.view(self.tree.resolved(value)) {
                View::Mapping(_) => self.object(value, name, Due::Text),
                View::Sequence(_) => self.wrong(value, name, Actual::List, Due::Text),
                _ => {}
            },
            Some(ElementValue::Texts) => self.texts(name, value),
            Some(ElementValue::Statements) => self.statements(name, value),
            Some(ElementValue::StarOrMapping) => {
                if let Some(kinds) = self.mapping(name, value) {
                    for (name, value) in kinds {
                        self.texts(&name, value);
                    }
                }
            }
            Some(ElementValue::Mapping) => {
                let operators = self.mapping(name, value).unwrap_or_default();
                for (operator, tests) in operators {
                    // Of a key without an operator around it `invalid-condition` speaks.
                    if Operator::parse(&operator).is_err() {
                        continue;
                    }
                    // Nor is it twice the fault that it has values, and no key.
                    if self.of_iam && self.is_plain(tests) {
                        continue;
                    }
                    let keys = self.mapping(&operator, tests).unwrap_or_default();
                    for (key, values) in keys {
                        self.texts(&key, values);
                    }
                }
            }
            None => {}
        }
    }

    /// Whether a node is a text or a list of texts, and something is written there.
    fn is_plain(&self, value: NodeId) -> bool {
        let is_text = |node: NodeId| {
            let text = self.tree.text(self.tree.resolved(node));
            text.is_some_and(|text| !text.is_empty() && text != "null")
        };
        match self.tree.view(self.tree.resolved(value)) {
            View::Scalar(_) => is_text(value),
            View::Sequence(items) => items.iter().all(|item| is_text(*item)),
            _ => false,
        }
    }

    /// One text or a list of texts.
    fn texts(&mut self, name: &str, value: NodeId) {
        let node = self.tree.resolved(value);
        match self.tree.view(node) {
            View::Mapping(_) => self.object(value, name, Due::Texts),
            View::Sequence(items) => {
                for item in items {
                    match self.tree.view(self.tree.resolved(*item)) {
                        View::Mapping(_) => self.object(*item, name, Due::Texts),
                        View::Sequence(_) => self.wrong(*item, name, Actual::Nested, Due::Texts),
                        View::Tagged(..) if self.context.analysis.is_list(self.tree, *item) => {
                            self.wrong(*item, name, Actual::Nested, Due::Texts);
                        }
                        _ => {}
                    }
                }
            }
            // Of what is written out as `null` the rules on its values speak.
            View::Scalar("")
                if self.tree.scalar_type(node) == ScalarType::Null
                    && self.tree.format() == Format::Yaml =>
            {
                self.wrong(value, name, Actual::Nothing, Due::Texts);
            }
            _ => {}
        }
    }

    fn statements(&mut self, name: &str, value: NodeId) {
        let node = self.tree.resolved(value);
        if let Some(found) = self.plain(node)
            && found == Actual::Text
        {
            self.wrong(value, name, found, Due::Statements);
        }
        for item in self.tree.items(node).unwrap_or_default() {
            if let Some(found) = self.plain(self.tree.resolved(*item)) {
                self.wrong(*item, name, found, Due::Statement);
                continue;
            }
            let literal = matches!(self.tree.view(self.tree.resolved(*item)), View::Sequence(_));
            if literal || self.context.analysis.is_list(self.tree, *item) {
                self.wrong(*item, name, Actual::Nested, Due::Statements);
            }
        }
    }

    /// A text or nothing in the place of something else, unless another tool fills it in.
    fn plain(&self, node: NodeId) -> Option<Actual> {
        let View::Scalar(text) = self.tree.view(node) else {
            return None;
        };
        let is_document = self.tree.embedded(node).is_some();
        if is_document || self.tree.is_hole(node) || mark::is_open(text) {
            return None;
        }
        match self.tree.scalar_type(node) {
            ScalarType::Null => Some(Actual::Nothing),
            _ => is_text(self.tree, node, text).then_some(Actual::Text),
        }
    }

    /// The pairs of a mapping where one is due.
    fn mapping(&mut self, name: &str, value: NodeId) -> Option<Vec<(String, NodeId)>> {
        let node = self.tree.resolved(value);
        match self.tree.view(node) {
            View::Mapping(_) => {
                let pairs = self.tree.pairs(node);
                let names = pairs.iter().map(|pair| self.tree.text(pair.key));
                let names: Option<Vec<&str>> = names.collect();
                // A macro may make anything of what stands beside it.
                let names = names.filter(|names| !names.iter().any(|name| is_macro(name)))?;
                let pairs = names.iter().zip(&pairs);
                Some(
                    pairs
                        .map(|(name, pair)| ((*name).to_owned(), pair.value))
                        .collect(),
                )
            }
            View::Sequence(_) => {
                self.wrong(value, name, Actual::List, Due::Object);
                None
            }
            // A principal can be `*`, and what is no name of one is another rule's business.
            View::Scalar(text)
                if !name.ends_with("Principal") && is_text(self.tree, node, text) =>
            {
                self.wrong(value, name, Actual::Text, Due::Object);
                None
            }
            _ => None,
        }
    }

    /// Arguments of Terraform's blocks, which want lists.
    fn blocks(&mut self, policy: &Policy) {
        let statements = policy.statements.iter();
        for element in statements.flat_map(|statement| &statement.elements) {
            let known = elements::statement_element(&element.name).map(|known| known.value);
            if known != Some(ElementValue::Texts) {
                continue;
            }
            let name = self.form.name(&element.name).to_owned();
            match self.tree.view(element.value) {
                View::Scalar(text)
                    if !text.is_empty() && text != "null" && !self.is_expression(element.value) =>
                {
                    self.wrong(element.value, &name, Actual::Text, Due::List);
                }
                View::Sequence(_) => self.texts(&name, element.value),
                _ => {}
            }
        }
    }

    /// Whether a string is one expression, which may be a list.
    fn is_expression(&self, node: NodeId) -> bool {
        let text = Text::lower(self.tree, node, self.notation);
        self.notation.may_be_list(&text)
    }

    /// An object where texts are due, unless it may be a function, or the template of another tool.
    fn object(&mut self, node: NodeId, name: &str, due: Due) {
        let pairs = self.tree.pairs(node);
        let plain = |key: NodeId| {
            let text = self.tree.text(key);
            text.is_some_and(|key| !is_macro(key) && key != "Ref" && !key.contains(['{', '$', '%']))
        };
        if pairs.iter().all(|pair| plain(pair.key)) {
            self.wrong(node, name, Actual::Object, due);
        }
    }

    fn wrong(&mut self, node: NodeId, name: &str, found: Actual, due: Due) {
        // A list that goes over many lines is marked by what it begins with.
        let mut node = self.tree.aliased(node);
        if found == Actual::Nested
            && let View::Sequence(&[first, ..]) = self.tree.view(node)
        {
            node = match self.tree.view(first) {
                View::Scalar(_) => first,
                View::Mapping(&[pair, ..]) => pair.key,
                _ => node,
            };
        }
        self.facts.push(Wrong {
            span: self.tree.content_span(node),
            name: name.to_owned(),
            found,
            due,
            form: self.form,
            owner: self.owner.map(str::to_owned),
        });
    }
}

/// Whether a scalar is a text that no other tool makes something else of.
fn is_text(tree: &Tree, node: NodeId, text: &str) -> bool {
    tree.scalar_type(node) == ScalarType::String
        && !text.is_empty()
        && !text.contains(['{', '}', '$', '%', '<'])
}

impl Fact for Wrong {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let name = &self.name;
        let due = match self.due {
            Due::Text => "a single string",
            Due::Texts => "a string or a list of strings",
            Due::List => "a list",
            Due::Statement => "a statement",
            Due::Statements => "a statement or a list of statements",
            Due::Object => "an object",
            Due::Document => "a document",
            Due::Json => "a JSON string",
        };
        let found = match self.found {
            Actual::Object => "an object",
            Actual::List => "a list",
            Actual::Nested => "a nested list",
            Actual::Text => "a string",
            Actual::Statements => "a list of statements",
            Actual::Nothing if self.due == Due::Texts => "nothing",
            Actual::Nothing => "an empty item",
        };
        let rejects = context.analysis.dialect.tool().rejects();
        let refused = match self.form {
            Form::Document => "AWS rejects the policy".to_owned(),
            Form::Blocks(_) => rejects.clone(),
        };
        let message = match self.due {
            Due::Document if self.found == Actual::Statements => {
                format!("These statements have no policy document around them: {refused}.")
            }
            Due::Document => format!("A policy must be a single document, not a list: {refused}."),
            Due::Json => {
                format!("`{name}` has {found} where {due} is expected: {rejects}.")
            }
            _ => format!("`{name}` has {found} where {due} is expected: {refused}."),
        };
        let help = match (self.found, self.due) {
            (Actual::Statements, Due::Document) => {
                "Put them under `Statement`, next to a `Version`."
            }
            (_, Due::Json) => "Wrap it in `jsonencode(…)`.",
            (_, Due::Document) => "Take the document out of the list.",
            (Actual::Nested, _) => "Remove one pair of brackets, or merge the lists.",
            (Actual::Nothing, Due::Texts) => "Write the missing value.",
            (Actual::Nothing, _) => "Remove it, or fill in the statement.",
            (Actual::Text, Due::List) => "Wrap it in brackets.",
            _ => "Write it in the expected form.",
        };
        Finding::new(&RULE, self.span, message)
            .help(help)
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests;
