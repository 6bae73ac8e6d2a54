//! Nodes to policies. Never fails: what can't be told is dynamic, what isn't there is missing.

mod retype;

use std::cell::Cell;
use std::sync::OnceLock;

use leastwise_policy::ActionPattern;
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Pair, Tree, View};

use crate::iteration::{self, Turn};
use crate::limits::{BRANCHES, CASES, FOLLOWED_BYTES};
use crate::mark;
use crate::notation::{Choice, Gives, Lists, Notation, Objects};
use crate::policy::{
    Branch, Effect, ElementPair, Form, Item, Known, List, Policy, PrincipalKind, Principals,
    Statement, Test, Unseen,
};
use crate::text::{Part, Text};

pub(crate) use retype::retype;

/// Lowers the policy document at `node`.
pub fn policy(tree: &Tree, node: NodeId, notation: &'static dyn Notation) -> Policy {
    policy_under(tree, node, notation, &[])
}

/// The same of one that is there only under these conditions.
pub(crate) fn policy_under(
    tree: &Tree,
    node: NodeId,
    notation: &'static dyn Notation,
    given: &[(String, bool)],
) -> Policy {
    Lowering {
        given,
        ..Lowering::new(tree, notation)
    }
    .policy(node)
}

/// Lowers a statement or list of statements that stands without a document around it.
pub fn statements(tree: &Tree, node: NodeId, notation: &'static dyn Notation) -> Policy {
    statements_under(tree, node, notation, &[])
}

/// The same of those that are there only under these conditions.
pub(crate) fn statements_under(
    tree: &Tree,
    node: NodeId,
    notation: &'static dyn Notation,
    given: &[(String, bool)],
) -> Policy {
    let lowering = Lowering::new(tree, notation);
    listed(Lowering { given, ..lowering }, node)
}

/// Lowers statements of a file that another one names: its variables lead into the other.
pub fn statements_of_other_file(
    tree: &Tree,
    node: NodeId,
    notation: &'static dyn Notation,
) -> Policy {
    let own = false;
    let lowering = Lowering::new(tree, notation);
    listed(Lowering { own, ..lowering }, node)
}

fn listed(lowering: Lowering<'_>, node: NodeId) -> Policy {
    let tree = lowering.tree;
    let node = tree.resolved(node);
    let mut policy = Policy {
        node,
        span: tree.span(node),
        form: Form::Document,
        elements: Vec::new(),
        version: Known::Dynamic(node),
        id: Known::Missing,
        statement_key: None,
        statement_list: Some(node),
        statements: Vec::new(),
        unseen: Unseen::Nothing,
        is_cut: false,
        follows: false,
    };
    let left = Cell::new(FOLLOWED_BYTES);
    let counted = Lowering {
        left: Some(&left),
        ..lowering
    };
    counted.statements(node, &Branch::new(), &mut policy, 0);
    policy.is_cut = left.get() == 0;
    policy.follows = left.get() != FOLLOWED_BYTES;
    policy
}

/// An item that stands in no list of a policy.
pub fn bare_item(node: NodeId, text: Text) -> Item {
    Item {
        node,
        list: node,
        text,
        branch: Branch::new(),
        action: None,
        resolved: Traced::default(),
        expanded: OnceLock::new(),
    }
}

/// Where a part of a list stands.
#[derive(Clone, Copy)]
struct Within<'b> {
    /// The node whose items it is among.
    list: NodeId,
    /// When it is there.
    branch: &'b Branch,
    /// How many lists and functions are around it.
    depth: usize,
}

/// Lowers parts of policies.
#[derive(Clone, Copy)]
pub struct Lowering<'t> {
    /// The file.
    pub tree: &'t Tree,
    notation: &'static dyn Notation,
    /// Whether variables that stand for whole parts of the file lead into this one.
    own: bool,
    /// Conditions without which nothing of it is there.
    given: &'t [(String, bool)],
    /// How many bytes variables may stand for yet.
    left: Option<&'t Cell<usize>>,
}

impl<'t> Lowering<'t> {
    /// For strings with these `${…}`.
    pub fn new(tree: &'t Tree, notation: &'static dyn Notation) -> Lowering<'t> {
        Lowering {
            tree,
            notation,
            own: true,
            given: &[],
            left: None,
        }
    }
}

impl Lowering<'_> {
    fn policy(self, node: NodeId) -> Policy {
        let left = Cell::new(FOLLOWED_BYTES);
        let counted = Lowering {
            left: Some(&left),
            ..self
        };
        let mut policy = counted.document(node);
        policy.is_cut = left.get() == 0;
        policy.follows = left.get() != FOLLOWED_BYTES;
        policy
    }

    fn document(self, node: NodeId) -> Policy {
        let tree = self.tree;
        let node = tree.resolved(node);
        let mut policy = Policy {
            node,
            span: tree.span(node),
            form: Form::Document,
            elements: self.elements(node),
            version: Known::Missing,
            id: Known::Missing,
            statement_key: None,
            statement_list: None,
            statements: Vec::new(),
            unseen: match tree.view(node) {
                View::Mapping(_) if !tree.is_open(node) => Unseen::Nothing,
                _ => Unseen::Anything,
            },
            is_cut: false,
            follows: false,
        };
        for element in policy.elements.clone() {
            match element.name.to_ascii_lowercase().as_str() {
                "version" => policy.version = self.text(element.value),
                "id" => policy.id = self.text(element.value),
                "statement" => {
                    let value = tree.resolved(element.value);
                    policy.statement_key = Some(element.key);
                    policy.statement_list = Some(value);
                    self.statements(value, &Branch::new(), &mut policy, 0);
                }
                name if name.starts_with("fn::") => policy.unseen = Unseen::Anything,
                _ => {}
            }
        }
        policy
    }

    /// The node, or the one that a variable stands for that is as a whole a part of the file.
    fn at(self, node: NodeId) -> NodeId {
        let node = self.tree.resolved(node);
        let part = match self.own {
            true => self.notation.part_of_file(self.tree, node),
            false => None,
        };
        match part {
            Some(value) if value == node || self.may_follow(value) => value,
            _ => node,
        }
    }

    /// Whether what a variable stands for may be followed yet; then it counts.
    fn may_follow(self, value: NodeId) -> bool {
        let Some(left) = self.left else {
            return true;
        };
        // An empty list costs something as well.
        let cost = self.tree.span(value).len() as usize + 1;
        let rest = left.get().checked_sub(cost).filter(|rest| *rest > 0);
        left.set(rest.unwrap_or_default());
        rest.is_some()
    }

    fn elements(self, node: NodeId) -> Vec<ElementPair> {
        let mut elements = Vec::new();
        for pair in self.tree.pairs(node) {
            if let Some(name) = self.tree.text(pair.key) {
                elements.push(ElementPair {
                    name: name.to_owned(),
                    key: pair.key,
                    value: pair.value,
                });
            }
        }
        elements
    }

    fn statements(self, node: NodeId, branch: &Branch, policy: &mut Policy, depth: usize) {
        let node = self.at(node);
        match self.tree.view(node) {
            View::Sequence(items) if depth < BRANCHES => {
                for item in items {
                    self.statements(*item, branch, policy, depth + 1);
                }
            }
            View::Mapping(_) => {
                let branch = self.guarded(node, branch);
                for branch in self.cases(node, &branch) {
                    policy.statements.push(self.statement(node, branch));
                }
            }
            View::Tagged(..) => match self.branches(node, branch) {
                Some(branches) if depth < BRANCHES => {
                    for (value, branch) in branches {
                        self.statements(value, &branch, policy, depth + 1);
                    }
                }
                None if let Some(merged) = self.notation.objects(self.tree, node) => {
                    policy.statements.push(self.merged(node, merged, branch));
                }
                None if depth < BRANCHES
                    && let Some(lists) = self.notation.lists(self.tree, node) =>
                {
                    for list in lists.nodes {
                        self.statements(list, branch, policy, depth + 1);
                    }
                }
                None if depth < BRANCHES
                    && let Some(made) = self.notation.made(self.tree, node) =>
                {
                    let mut branch = branch.clone();
                    branch.push((made.head, true));
                    self.statements(made.value, &branch, policy, depth + 1);
                    // Of each there may be several.
                    policy.unseen =
                        policy
                            .unseen
                            .max(match self.notation.allows_only(self.tree, node) {
                                true => Unseen::Allows,
                                false => Unseen::Anything,
                            });
                }
                _ if self.is_nothing(node) => {}
                _ if self.notation.allows_only(self.tree, node) => {
                    policy.unseen = policy.unseen.max(Unseen::Allows);
                }
                _ => policy.unseen = Unseen::Anything,
            },
            _ => policy.unseen = Unseen::Anything,
        }
    }

    /// A branch, and the conditions of other tools that a node is there under.
    fn guarded(self, node: NodeId, branch: &Branch) -> Branch {
        let mut branch = branch.clone();
        for (name, holds) in self.tree.conditions(node) {
            let condition = (name.to_owned(), holds);
            if !branch.contains(&condition) {
                branch.push(condition);
            }
        }
        branch
    }

    fn is_nothing(self, node: NodeId) -> bool {
        self.notation.is_nothing(self.tree, node)
    }

    /// The two branches of a choice that do not contradict `branch`.
    fn branches(self, node: NodeId, branch: &Branch) -> Option<Vec<(NodeId, Branch)>> {
        let Choice { condition, yes, no } = self.notation.choice(self.tree, node)?;
        let name = &condition;
        let settled = |conditions: &[(String, bool)]| {
            let mut conditions = conditions.iter();
            conditions
                .find(|(other, _)| other == name)
                .map(|(_, held)| *held)
        };
        let is_given = settled(self.given);
        let decided = settled(branch).or(is_given);
        let sides = [(yes, true), (no, false)].into_iter();
        let sides = sides.filter(|(_, holds)| decided.is_none_or(|held| held == *holds));
        Some(
            sides
                .map(|(value, holds)| {
                    let mut branch = branch.clone();
                    if is_given.is_none() {
                        branch.push((name.to_owned(), holds));
                    }
                    (self.tree.resolved(value), branch)
                })
                .collect(),
        )
    }

    /// The branches that a statement is one statement in: what it does hangs on the conditions of its effect, principal
    /// and condition block, where those of its lists only say what else it is about.
    fn cases(self, node: NodeId, branch: &Branch) -> Vec<Branch> {
        const CHOOSING: [&str; 4] = ["effect", "principal", "notprincipal", "condition"];
        let mut places: Vec<NodeId> = Vec::new();
        for pair in self.tree.pairs(node) {
            let name = self.tree.text(pair.key).unwrap_or_default();
            if CHOOSING.contains(&name.to_ascii_lowercase().as_str()) {
                places.push(pair.value);
                if name.eq_ignore_ascii_case("condition") {
                    let blocks = self.tree.pairs(pair.value).into_iter();
                    places.extend(blocks.map(|block| block.value));
                }
            }
        }
        let mut cases = vec![branch.clone()];
        for place in places {
            let mut at = 0;
            while let Some(case) = cases.get(at) {
                let chosen = self.chosen(place, case);
                match self.branches(chosen, case) {
                    // A lone side is decided: to look at it again would never end.
                    Some(sides) if sides.len() > 1 && cases.len() < CASES => {
                        let sides = sides.into_iter().map(|(_, branch)| branch);
                        cases.splice(at..=at, sides);
                    }
                    _ => at += 1,
                }
            }
        }
        cases
    }

    /// What a choice stands for where its condition is decided; any other node is itself.
    fn chosen(self, node: NodeId, branch: &Branch) -> NodeId {
        let mut node = self.tree.resolved(node);
        for _ in 0..BRANCHES {
            let Some(Choice { condition, yes, no }) = self.notation.choice(self.tree, node) else {
                break;
            };
            let mut conditions = branch.iter().chain(self.given);
            let Some((_, holds)) = conditions.find(|(other, _)| *other == condition) else {
                break;
            };
            node = self.tree.resolved(if *holds { yes } else { no });
        }
        node
    }

    fn statement(self, node: NodeId, branch: Branch) -> Statement {
        self.statement_of(node, self.elements(node), branch)
    }

    /// The statement that objects make together.
    fn merged(self, node: NodeId, parts: Objects, branch: &Branch) -> Statement {
        let element = |pair: Pair| {
            let name = self.tree.text(pair.key)?.to_owned();
            let (key, value) = (pair.key, pair.value);
            Some(ElementPair { name, key, value })
        };
        let elements: Vec<ElementPair> = parts.always.into_iter().filter_map(element).collect();
        let mut statement = self.statement_of(node, elements, branch.clone());
        for pair in parts.sometimes {
            let name = self.tree.text(pair.key).unwrap_or_default();
            statement.leave_open(name, pair.value);
        }
        statement
    }

    /// The statement that a node is with these elements.
    fn statement_of(self, node: NodeId, elements: Vec<ElementPair>, branch: Branch) -> Statement {
        let mut statement = Statement {
            elements,
            ..Statement::bare(node, self.tree.span(node), branch)
        };
        let given: Branch = self
            .given
            .iter()
            .chain(&statement.branch)
            .cloned()
            .collect();
        let within = Lowering {
            given: &given,
            ..self
        };
        for element in &statement.elements {
            let key = element.key;
            let value = self.chosen(element.value, &statement.branch);
            // IAM wants the elements as they are spelled; their meaning is plain in any case, and a finding tells.
            match element.name.to_ascii_lowercase().as_str() {
                "sid" => statement.sid = self.text(value),
                "effect" => statement.effect = self.effect(value),
                "action" => statement.action = within.list(key, value, true),
                "notaction" => statement.not_action = within.list(key, value, true),
                "resource" => statement.resource = within.list(key, value, false),
                "notresource" => statement.not_resource = within.list(key, value, false),
                "principal" => statement.principal = within.principals(key, value),
                "notprincipal" => statement.not_principal = within.principals(key, value),
                "condition" => {
                    statement.condition = within.condition(value, &statement.branch);
                }
                _ => {}
            }
        }
        leave_out_own(&mut statement);
        statement
    }

    /// `Effect`
    pub fn effect(self, node: NodeId) -> Known<Effect> {
        if self.is_nothing(node) {
            return Known::Missing;
        }
        match self.tree.text(node) {
            Some(text) if text.eq_ignore_ascii_case("Allow") => Known::Is(Effect::Allow),
            Some(text) if text.eq_ignore_ascii_case("Deny") => Known::Is(Effect::Deny),
            _ => Known::Dynamic(self.tree.resolved(node)),
        }
    }

    /// One text.
    pub fn text(self, node: NodeId) -> Known<Text> {
        let node = self.tree.resolved(node);
        if self.is_nothing(node) {
            return Known::Missing;
        }
        match self.tree.view(node) {
            View::Scalar(_) | View::Tagged(..) => {
                Known::Is(Text::lower(self.tree, node, self.notation))
            }
            _ => Known::Dynamic(node),
        }
    }

    /// One value or a list of them; `key` is the node of the element's name.
    pub fn list(self, key: NodeId, node: NodeId, actions: bool) -> Known<List> {
        if self.left.is_none() {
            let left = Cell::new(FOLLOWED_BYTES);
            let counted = Lowering {
                left: Some(&left),
                ..self
            };
            return counted.list(key, node, actions);
        }
        let node = match actions {
            true => self.at(node),
            false => self.tree.resolved(node),
        };
        if self.is_nothing(node) {
            return Known::Missing;
        }
        let mut list = List {
            key,
            node,
            items: Vec::new(),
            dynamic: false,
        };
        let within = Within {
            list: node,
            branch: &Branch::new(),
            depth: 0,
        };
        self.items(node, within, actions, &mut list);
        // Marks among the items put in others.
        list.dynamic |= self.tree.is_open(node) && self.tree.items(node).is_some();
        if list.items.is_empty() && list.dynamic {
            return Known::Dynamic(node);
        }
        // Most have one, and room for four is many times what a short text takes.
        list.items.shrink_to_fit();
        Known::Is(list)
    }

    fn items(self, node: NodeId, within: Within<'_>, actions: bool, into: &mut List) {
        let Within {
            list,
            branch,
            depth,
        } = within;
        let deeper = |list: NodeId| Within {
            list,
            branch,
            depth: depth + 1,
        };
        let node = match actions {
            true => self.at(node),
            false => self.tree.resolved(node),
        };
        if depth > BRANCHES {
            into.dynamic = true;
            return;
        }
        match self.tree.view(node) {
            View::Sequence(items) => {
                for item in items {
                    self.items(*item, deeper(node), actions, into);
                }
            }
            View::Scalar(text) => {
                if text.is_empty() && self.tree.span(node).is_empty() {
                    // `- ` with nothing behind it yet: being typed.
                    into.dynamic = true;
                    return;
                }
                let branch = self.guarded(node, branch);
                let item = self.item(node, list, &branch, actions);
                // A mark without quotes may stand for several values; one in an action for any.
                let is_mark = |part: &Part| matches!(part, Part::Mark { .. });
                into.dynamic |=
                    self.tree.is_hole(node) || actions && item.text.parts.iter().any(is_mark);
                into.dynamic |= actions && self.notation.may_be_list(&item.text);
                into.items.push(item);
            }
            View::Tagged(tag, _) => {
                if self.is_nothing(node) {
                    return;
                }
                if let Some(branches) = self.branches(node, branch) {
                    // An empty side says that something is left out: nobody gives it for what is to be there.
                    let is_left_out =
                        |value: NodeId| self.tree.text(value) == Some("") || self.is_nothing(value);
                    into.dynamic |= branches.iter().all(|(value, _)| is_left_out(*value));
                    for (value, branch) in branches {
                        if !is_left_out(value) {
                            let within = Within {
                                branch: &branch,
                                ..deeper(value)
                            };
                            self.items(value, within, actions, into);
                        }
                    }
                } else if let Some(Lists { nodes, filled }) = self.notation.lists(self.tree, node) {
                    for list in nodes {
                        self.items(list, deeper(node), actions, into);
                    }
                    if filled {
                        into.items
                            .retain(|item| item.text.literal(self.tree) != Some(""));
                    }
                } else {
                    let gives = self.notation.gives(&tag.name);
                    if gives == Gives::Unknown {
                        into.dynamic = true;
                        return;
                    }
                    let item = self.item(node, list, branch, actions);
                    let whole_reference =
                        matches!(item.text.parts.as_slice(), [Part::Variable { .. }]);
                    into.dynamic |= actions && (whole_reference || gives == Gives::Some);
                    into.items.push(item);
                }
            }
            View::Mapping(_) | View::Alias(_) | View::Invalid => into.dynamic = true,
        }
    }

    fn item(self, node: NodeId, list: NodeId, branch: &Branch, actions: bool) -> Item {
        let text = Text::lower(self.tree, node, self.notation);
        let literal = if actions {
            text.literal(self.tree)
        } else {
            None
        };
        let action = literal
            .filter(|text| !text.contains("${"))
            .map(ActionPattern::parse);
        Item {
            node,
            list,
            branch: branch.clone(),
            action,
            text,
            resolved: Traced::default(),
            expanded: OnceLock::new(),
        }
    }

    fn principals(self, key: NodeId, node: NodeId) -> Known<Principals> {
        let node = self.at(node);
        if self.is_nothing(node) {
            return Known::Missing;
        }
        let mut principals = Principals {
            key,
            node,
            star: false,
            star_node: node,
            kinds: Vec::new(),
            dynamic: false,
        };
        match self.tree.view(node) {
            View::Scalar(text) if mark::is_open(text) => return Known::Dynamic(node),
            View::Scalar(text) => {
                principals.star = text == "*";
                principals.dynamic = !principals.star;
            }
            View::Mapping(_) => {
                let Some(pairs) = self.notation.turns(self.tree, node) else {
                    return Known::Dynamic(node);
                };
                for pair in pairs {
                    let values = self.list_of(&pair);
                    match pair.name.filter(|name| !mark::is_open(name)) {
                        Some(name) => principals.kinds.push(PrincipalKind {
                            name,
                            key: pair.key,
                            values,
                        }),
                        None => principals.dynamic = true,
                    }
                }
            }
            _ => return Known::Dynamic(node),
        }
        Known::Is(principals)
    }

    fn condition(self, node: NodeId, branch: &Branch) -> Known<Vec<Test>> {
        let node = self.at(node);
        if self.is_nothing(node) {
            return Known::Missing;
        }
        if !matches!(self.tree.view(node), View::Mapping(_)) {
            return Known::Dynamic(node);
        }
        let Some(operators) = self.notation.turns(self.tree, node) else {
            return Known::Dynamic(node);
        };
        let mut tests = Vec::new();
        for operator in operators {
            let Some(name) = &operator.name else {
                return Known::Dynamic(node);
            };
            let block = self.at(self.chosen(operator.value, branch));
            if self.is_nothing(block) {
                continue;
            }
            if !matches!(self.tree.view(block), View::Mapping(_)) {
                return Known::Dynamic(node);
            }
            let Some(pairs) = self.notation.turns(self.tree, block) else {
                return Known::Dynamic(node);
            };
            for mut pair in pairs {
                pair.bindings.extend(operator.bindings.iter().cloned());
                let values = self.list_of(&pair);
                let key = pair
                    .name
                    .map(|key| iteration::bound(&key, &operator.bindings));
                let key = key.or_else(|| self.notation.condition_key(self.tree, pair.key));
                tests.push(Test {
                    operator: name.clone(),
                    operator_node: operator.key,
                    key,
                    key_node: pair.key,
                    values,
                });
            }
        }
        Known::Is(tests)
    }

    /// The values of a pair in its turn of the loops around it.
    fn list_of(self, pair: &Turn) -> Known<List> {
        let mut values = self.list(pair.key, pair.value, false);
        if let Known::Is(list) = &mut values
            && !pair.bindings.is_empty()
        {
            iteration::bind(list, &pair.bindings);
        }
        values
    }
}

/// Leaves out of the branches of a statement's items what the statement itself is there under: they say what else an item
/// hangs on.
fn leave_out_own(statement: &mut Statement) {
    let own = &statement.branch;
    if own.is_empty() {
        return;
    }
    let leave_out = |list: &mut Known<List>| {
        if let Known::Is(list) = list {
            for item in &mut list.items {
                item.branch.retain(|condition| !own.contains(condition));
            }
        }
    };
    [
        &mut statement.action,
        &mut statement.not_action,
        &mut statement.resource,
        &mut statement.not_resource,
    ]
    .into_iter()
    .for_each(leave_out);
    if let Known::Is(tests) = &mut statement.condition {
        tests
            .iter_mut()
            .for_each(|test| leave_out(&mut test.values));
    }
    for principals in [&mut statement.principal, &mut statement.not_principal] {
        if let Known::Is(principals) = principals {
            let kinds = principals.kinds.iter_mut();
            kinds.for_each(|kind| leave_out(&mut kind.values));
        }
    }
}
