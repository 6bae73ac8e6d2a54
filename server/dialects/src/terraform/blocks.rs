//! `aws_iam_policy_document`: a policy written as blocks. Its statements are lowered to the model of any policy, with
//! IAM's names for their elements.

use leastwise_model::lower::Lowering;
use leastwise_model::notation::Notation;
use leastwise_model::{
    BlockNames, Branch, Effect, ElementPair, Form, InnerBlock, Item, Known, List, OwnForm, Policy,
    PrincipalKind, Principals, Statement, Test, Unseen,
};
use leastwise_policy::elements::suggest_policy_element;
use leastwise_syntax::{Format, NodeId, Span, Tree, View};

use super::body::{argument, dynamic, expression, label, nested, reference};
use super::notation::{self, JSON};
use super::text::{is_null, key_of_provider};
use crate::shape;

/// What such a document and its statements are made of.
pub(super) static NAMES: BlockNames = BlockNames {
    leading: &["data", "aws_iam_policy_document"],
    of_policy: &[
        ("Version", "version"),
        ("Id", "policy_id"),
        ("Statement", "statement"),
    ],
    of_statement: &[
        ("Sid", "sid"),
        ("Effect", "effect"),
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
        ("Principal", "principals"),
        ("NotPrincipal", "not_principals"),
        ("Condition", "condition"),
    ],
    inner: &[
        InnerBlock {
            element: "Condition",
            keys: &["test", "variable"],
            values: "values",
        },
        InnerBlock {
            element: "Principal",
            keys: &["type"],
            values: "identifiers",
        },
        InnerBlock {
            element: "NotPrincipal",
            keys: &["type"],
            values: "identifiers",
        },
    ],
    other_names: &[
        ("operator", "test"),
        ("key", "variable"),
        ("condition_key", "variable"),
        ("context_key", "variable"),
        ("value", "values"),
        ("kind", "type"),
        ("identities", "identifiers"),
        ("arns", "identifiers"),
        ("principals", "identifiers"),
    ],
    several: ("dynamic", "content"),
};
/// What modules call a statement's conditions, too.
const CONDITIONS: &str = "conditions";

/// What the document that a block stands for is like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// Whether it takes in statements of documents that the file doesn't show.
    pub dynamic: bool,
    /// The `sid`s of its statements that another document's take the place of.
    pub overridden: Vec<String>,
}

impl OwnForm for Merged {
    fn policy(&self, tree: &Tree, node: NodeId) -> Policy {
        document(tree, node, self)
    }
}

/// Statements that are written as objects with the names of blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StatementObjects {
    /// The elements that whoever takes them gives to those that leave them out.
    pub given: Vec<&'static str>,
}

impl OwnForm for StatementObjects {
    fn policy(&self, tree: &Tree, node: NodeId) -> Policy {
        statements(tree, node, &self.given)
    }

    fn needless(&self) -> &[&'static str] {
        &self.given
    }
}

/// Lowers the body of an `aws_iam_policy_document`.
pub fn document(tree: &Tree, body: NodeId, merged: &Merged) -> Policy {
    let lowering = Lowering::new(tree, notation(tree));
    let mut policy = empty(tree, body);
    if merged.dynamic {
        policy.unseen = Unseen::Anything;
    }
    for pair in tree.pairs(body) {
        let name = match tree.text(pair.key) {
            Some("version") => {
                policy.version = lowering.text(pair.value);
                "Version"
            }
            Some("policy_id") => {
                policy.id = lowering.text(pair.value);
                "Id"
            }
            Some("statement") => "Statement",
            // Terraform has no such block.
            Some(other) if suggest_policy_element(other) == Some("Statement") => other,
            _ => continue,
        };
        policy.elements.push(ElementPair {
            name: name.to_owned(),
            key: pair.key,
            value: pair.value,
        });
    }
    for node in nested(tree, body, "statement") {
        let mut statement = statement(lowering, node, node, Branch::new());
        unknown(tree, node, &mut statement);
        policy.statements.push(statement);
    }
    for block in dynamic(tree, body, "statement") {
        let times = argument(tree, block, "for_each");
        let (branch, sure) = times.map_or((Branch::new(), false), |node| when(tree, node));
        let contents = nested(tree, block, "content");
        let mut more = match contents.is_empty() {
            true => Unseen::Anything,
            false => Unseen::Allows,
        };
        for content in contents {
            let mut statement = statement(lowering, content, content, branch.clone());
            unknown(tree, content, &mut statement);
            if !statement.allows() {
                more = Unseen::Anything;
            }
            policy.statements.push(statement);
        }
        if !sure {
            policy.unseen = policy.unseen.max(more);
        }
    }
    let overridden = |statement: &Statement| {
        let sid = statement.sid_text(tree);
        sid.is_some_and(|sid| !sid.is_empty() && merged.overridden.iter().any(|other| other == sid))
    };
    policy.statements.retain(|statement| !overridden(statement));
    policy
}

/// Lowers statements that are written as objects with the names of blocks: what well-known modules take. Whoever takes these
/// gives the elements `given` to those that leave them out.
pub fn statements(tree: &Tree, node: NodeId, given: &[&'static str]) -> Policy {
    let lowering = Lowering::new(tree, notation(tree));
    let mut policy = empty(tree, node);
    let bodies: Vec<NodeId> = match tree.view(node) {
        View::Sequence(items) => items.to_vec(),
        View::Mapping(_) if is_statement(tree, node) => vec![node],
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.value).collect(),
        _ => Vec::new(),
    };
    for body in bodies {
        match tree.view(body) {
            // A policy of its own.
            View::Mapping(_) if has_iam_names(tree, body) => policy.unseen = Unseen::Anything,
            View::Mapping(_) => {
                let mut statement = statement(lowering, body, body, Branch::new());
                if let Some(conditions) = argument(tree, body, CONDITIONS) {
                    statement.condition = match &statement.condition {
                        Known::Missing => condition(lowering, body, CONDITIONS),
                        _ => Known::Dynamic(conditions),
                    };
                }
                for name in given {
                    if !has_element(&statement, name) {
                        statement.leave_open(name, body);
                    }
                }
                policy.statements.push(statement);
            }
            _ => policy.unseen = Unseen::Anything,
        }
    }
    policy
}

/// Whether a statement has an element, or the one that is written in its place.
fn has_element(statement: &Statement, name: &str) -> bool {
    let has = |name: &str| statement.element(name).is_some();
    match name {
        "Effect" => has(name),
        "Action" => !statement.action.is_missing() || !statement.not_action.is_missing(),
        "Resource" => !statement.resource.is_missing() || !statement.not_resource.is_missing(),
        _ => !statement.condition.is_missing(),
    }
}

/// Whether an object is a statement in the names of blocks.
pub(crate) fn is_statement(tree: &Tree, node: NodeId) -> bool {
    let has = |name| argument(tree, node, name).is_some();
    (has("actions") || has("not_actions"))
        && (has("effect") || has("resources") || has("principals"))
}

/// Whether an object has something of a statement in the names of blocks.
pub(crate) fn is_like_statement(tree: &Tree, node: NodeId) -> bool {
    let has = |name| argument(tree, node, name).is_some();
    has("effect") || has("actions") || has("not_actions")
}

/// Whether an object that is a statement has IAM's names and not those of blocks. `Effect` tells.
fn has_iam_names(tree: &Tree, node: NodeId) -> bool {
    let has = |name| argument(tree, node, name).is_some();
    has("Effect") && !has("effect")
}

/// Whether an object is a statement in IAM's names.
pub(crate) fn is_iam_statement(tree: &Tree, node: NodeId) -> bool {
    let has = |name| argument(tree, node, name).is_some();
    has_iam_names(tree, node)
        && (has("Action") || has("NotAction"))
        && shape::is_whole_statement(tree, node)
}

/// How a block is written.
pub fn notation(tree: &Tree) -> &'static dyn Notation {
    match tree.format() {
        Format::Json | Format::Jsonc => JSON,
        _ => notation::BLOCKS,
    }
}

fn empty(tree: &Tree, node: NodeId) -> Policy {
    Policy {
        node,
        span: tree.span(node),
        form: Form::Blocks(&NAMES),
        elements: Vec::new(),
        // `2012-10-17` unless the block says otherwise.
        version: Known::Dynamic(node),
        id: Known::Missing,
        statement_key: None,
        statement_list: None,
        statements: Vec::new(),
        unseen: Unseen::Nothing,
        is_cut: false,
        follows: false,
    }
}

/// Whether an expression is a list or map without anything in it.
pub(super) fn is_nothing(tree: &Tree, node: NodeId) -> bool {
    let node = match expression(tree, node) {
        Some(("toset" | "tolist" | "tomap", arguments)) => {
            let first = tree.items(arguments).and_then(|items| items.first());
            first.copied().unwrap_or(node)
        }
        _ => node,
    };
    tree.items(node).is_some_and(<[NodeId]>::is_empty)
        || matches!(tree.view(node), View::Mapping([]))
}

/// When a `dynamic` block makes a block, and whether it makes one at most.
fn when(tree: &Tree, for_each: NodeId) -> (Branch, bool) {
    let one = |node: NodeId| tree.items(node).is_some_and(|items| items.len() == 1);
    let none = |node: NodeId| {
        tree.items(node).is_some_and(<[NodeId]>::is_empty)
            || matches!(tree.view(node), View::Mapping([]))
    };
    let name = |node: NodeId| label(tree.part(tree.span(node)));
    if let Some(("?", arguments)) = expression(tree, for_each)
        && let Some(&[condition, yes, no]) = tree.items(arguments)
    {
        if none(no) {
            return (vec![(name(condition), true)], one(yes));
        }
        if none(yes) {
            return (vec![(name(condition), false)], one(no));
        }
    }
    if one(for_each) {
        return (Branch::new(), true);
    }
    (vec![(name(for_each), true)], false)
}

/// The values of an argument. Where it is `null`, it isn't set.
fn list(lowering: Lowering<'_>, key: NodeId, node: NodeId, actions: bool) -> Known<List> {
    let mut list = lowering.list(key, node, actions);
    if let Known::Is(list) = &mut list {
        // In a list that is written out, `null` is an item.
        let is_unset = |item: &Item| item.list == item.node && is_null(lowering.tree, item.node);
        list.items.retain(|item| !is_unset(item));
    }
    list
}

fn statement(lowering: Lowering<'_>, node: NodeId, body: NodeId, branch: Branch) -> Statement {
    let tree = lowering.tree;
    let mut statement = Statement {
        effect: Known::Is(Effect::Allow),
        ..Statement::bare(node, tree.span(node), branch)
    };
    for pair in tree.pairs(body) {
        let Some(own) = tree.text(pair.key) else {
            continue;
        };
        // `null` is as if it weren't there.
        let known = NAMES.element(own);
        let Some(name) = known.filter(|_| !is_null(tree, pair.value)) else {
            continue;
        };
        // What is worked out may be null, and is no element then.
        if !matches!(tree.view(pair.value), View::Tagged(..)) {
            statement.elements.push(ElementPair {
                name: name.to_owned(),
                key: pair.key,
                value: pair.value,
            });
        }
        let (key, value) = (pair.key, pair.value);
        match own {
            "sid" => {
                statement.sid = match tree.text(value) {
                    Some("") => Known::Missing,
                    _ => lowering.text(value),
                };
            }
            "effect" => statement.effect = lowering.effect(value),
            "actions" => statement.action = list(lowering, key, value, true),
            "not_actions" => statement.not_action = list(lowering, key, value, true),
            "resources" => statement.resource = list(lowering, key, value, false),
            "not_resources" => statement.not_resource = list(lowering, key, value, false),
            _ => {}
        }
    }
    // `actions = []` renders to no element at all.
    for list in [
        &mut statement.action,
        &mut statement.not_action,
        &mut statement.resource,
        &mut statement.not_resource,
    ] {
        if list
            .known()
            .is_some_and(|list| list.items.is_empty() && !list.dynamic)
        {
            *list = Known::Missing;
        }
    }
    statement.principal = principals(lowering, body, "principals");
    statement.not_principal = principals(lowering, body, "not_principals");
    statement.condition = condition(lowering, body, "condition");
    statement
}

/// Takes down what is in the body of a `statement` and has no place there, by the name that is written. What a module
/// takes in such objects is its own business.
fn unknown(tree: &Tree, body: NodeId, statement: &mut Statement) {
    for pair in tree.pairs(body) {
        let Some(name) = tree.text(pair.key) else {
            continue;
        };
        let is_known = name == NAMES.several.0 || NAMES.element(name).is_some();
        if !is_known && !name.starts_with("//") {
            if name.eq_ignore_ascii_case("effect") {
                statement.effect = Known::Dynamic(pair.value);
            }
            statement.elements.push(ElementPair {
                name: name.to_owned(),
                key: pair.key,
                value: pair.value,
            });
        }
    }
}

/// The node of the key of the first block of a type, and the bytes of all of them.
fn key_of(tree: &Tree, body: NodeId, name: &str) -> Option<(NodeId, NodeId, Span)> {
    let pairs = tree.pairs(body);
    let mut own = pairs
        .iter()
        .filter(|pair| tree.text(pair.key) == Some(name));
    let first = own.next()?;
    let span = own.fold(tree.span(first.value), |span, pair| {
        span.to(tree.span(pair.value))
    });
    Some((first.key, first.value, span))
}

/// The blocks of a type that stand in a statement: those that are written, and those of `dynamic` ones that surely are there,
/// each with the list that it goes over.
struct NamedBlocks {
    blocks: Vec<(NodeId, Option<NodeId>)>,
    /// The first of what may put others beside them.
    open: Option<NodeId>,
}

fn found(tree: &Tree, body: NodeId, name: &str) -> NamedBlocks {
    let mut found = NamedBlocks {
        blocks: Vec::new(),
        open: None,
    };
    let is_mapping = |node: NodeId| matches!(tree.view(node), View::Mapping(_));
    let pairs = tree.pairs(body).into_iter();
    for pair in pairs.filter(|pair| tree.text(pair.key) == Some(name)) {
        match tree.view(pair.value) {
            // A map of them, by names of their own.
            View::Mapping(own)
                if !own.is_empty() && own.iter().all(|pair| is_mapping(pair.value)) =>
            {
                let own = own.iter().map(|pair| (pair.value, None));
                found.blocks.extend(own);
            }
            View::Sequence(items) if !items.iter().all(|item| is_mapping(*item)) => {
                found.open = found.open.or(Some(pair.value));
            }
            _ => {}
        }
        let is_map = found
            .blocks
            .iter()
            .any(|(block, _)| tree.parent(*block) == Some(pair.value));
        if !is_map {
            match tree.view(pair.value) {
                View::Mapping(_) => found.blocks.push((pair.value, None)),
                View::Sequence(items) => {
                    let items = items.iter().filter(|item| is_mapping(**item));
                    found.blocks.extend(items.map(|item| (*item, None)));
                }
                _ => found.open = found.open.or(Some(pair.value)),
            }
        }
    }
    for block in dynamic(tree, body, name) {
        let list = argument(tree, block, "for_each");
        let list = list.filter(|list| tree.items(*list).is_some_and(|items| !items.is_empty()));
        let contents = nested(tree, block, "content");
        if list.is_none() || contents.is_empty() || argument(tree, block, "iterator").is_some() {
            found.open = found.open.or(Some(block));
        }
        let contents = contents.into_iter().map(|content| (content, list));
        found.blocks.extend(contents);
    }
    found
}

/// The values of an argument of a block: what the list that it goes over has, where that is what is written there.
fn values(
    lowering: Lowering<'_>,
    key: NodeId,
    node: NodeId,
    name: &str,
    over: Option<NodeId>,
) -> Known<List> {
    let tree = lowering.tree;
    let each = format!("{name}.value");
    match (tree.items(node), over) {
        (Some(&[only]), Some(over)) if reference(tree, only) == Some(each.as_str()) => {
            list(lowering, key, over, false)
        }
        _ => list(lowering, key, node, false),
    }
}

fn principals(lowering: Lowering<'_>, body: NodeId, name: &str) -> Known<Principals> {
    let tree = lowering.tree;
    let found = found(tree, body, name);
    let written = key_of(tree, body, name);
    let (key, node) = match (written, found.blocks.first(), found.open) {
        (Some((key, node, _)), ..) => (key, node),
        // Without any block the statement is for nobody: what makes it one is what these blocks say.
        (None, Some((content, _)), _) => (*content, *content),
        (None, None, Some(block)) => return Known::Dynamic(block),
        (None, None, None) => return Known::Missing,
    };
    if !matches!(tree.view(node), View::Mapping(_) | View::Sequence(_)) {
        return Known::Dynamic(node);
    }
    let mut principals = Principals {
        key,
        node,
        star: false,
        star_node: node,
        kinds: Vec::new(),
        dynamic: found.open.is_some(),
    };
    let mut star = None;
    for (block, over) in found.blocks {
        let (Some(kind), Some(identifiers)) = (
            argument(tree, block, "type"),
            argument(tree, block, "identifiers"),
        ) else {
            principals.dynamic = true;
            continue;
        };
        let Some(text) = tree.text(kind) else {
            principals.dynamic = true;
            continue;
        };
        let identifiers_key = key_of(tree, block, "identifiers").map_or(kind, |(key, ..)| key);
        let values = values(lowering, identifiers_key, identifiers, name, over);
        if text == "*" {
            star = Some(PrincipalKind {
                name: text.to_owned(),
                key: kind,
                values,
            });
            continue;
        }
        let same = principals.kinds.iter_mut().find(|other| other.name == text);
        match (same, values) {
            (
                Some(PrincipalKind {
                    values: Known::Is(list),
                    ..
                }),
                Known::Is(more),
            ) => {
                list.items.extend(more.items);
                list.dynamic |= more.dynamic;
            }
            (Some(_), _) => principals.dynamic = true,
            (None, values) => principals.kinds.push(PrincipalKind {
                name: text.to_owned(),
                key: kind,
                values,
            }),
        }
    }
    match star {
        // Beside other blocks the provider writes it as a kind of principal, which it isn't.
        Some(star) if !principals.kinds.is_empty() && !principals.dynamic => {
            principals.kinds.push(star);
        }
        Some(star) => {
            let first = star.values.known().and_then(|list| list.items.first());
            principals.star_node = first.map_or(star.key, |item| item.node);
            principals.star = true;
        }
        None => {}
    }
    if written.is_none() && !principals.star && principals.kinds.is_empty() {
        return Known::Dynamic(node);
    }
    Known::Is(principals)
}

fn condition(lowering: Lowering<'_>, body: NodeId, name: &str) -> Known<Vec<Test>> {
    let tree = lowering.tree;
    let found = found(tree, body, name);
    if let Some(block) = found.open {
        return Known::Dynamic(block);
    }
    let written = key_of(tree, body, name);
    if found.blocks.is_empty() {
        return written.map_or(Known::Missing, |(_, node, _)| Known::Dynamic(node));
    }
    let mut tests: Vec<Test> = Vec::new();
    for (block, over) in found.blocks {
        let (Some(test), Some(variable), Some(written)) = (
            argument(tree, block, "test"),
            argument(tree, block, "variable"),
            argument(tree, block, "values"),
        ) else {
            // Terraform wants all three.
            return Known::Dynamic(block);
        };
        let Some(operator) = tree.text(test) else {
            return Known::Dynamic(block);
        };
        let key = key_of(tree, block, "values").map_or(variable, |(key, ..)| key);
        let values = values(lowering, key, written, name, over);
        let name = tree.text(variable).map(|text| text.replace("&{", "${"));
        let name = name.or_else(|| key_of_provider(tree, variable));
        // The provider merges the values of blocks for the same test and variable.
        let same = tests
            .iter_mut()
            .find(|other| other.operator == operator && name.is_some() && other.key == name);
        if let Some(Test {
            values: Known::Is(list),
            ..
        }) = same
            && let Known::Is(List { items, dynamic, .. }) = values
        {
            list.items.extend(items);
            list.dynamic |= dynamic;
            continue;
        }
        tests.push(Test {
            operator: operator.to_owned(),
            operator_node: test,
            key: name,
            key_node: variable,
            values,
        });
    }
    Known::Is(tests)
}
