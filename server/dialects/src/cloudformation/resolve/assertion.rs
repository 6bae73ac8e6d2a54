//! `Rules` of a template: what they assert of its parameters. CloudFormation refuses any other value.

use leastwise_syntax::{NodeId, View};

use super::place::InTemplate;
use crate::cloudformation::limits::ASSERTIONS;
use crate::limits::VALUES_OF_A_TEXT;
use crate::resolve::Resolver;

impl InTemplate<'_> {
    /// The values that the rules in force leave to a parameter; `None` where they don't say.
    pub(super) fn asserted(
        &self,
        of: &Resolver<'_>,
        parameter: &str,
        depth: u32,
    ) -> Option<Vec<String>> {
        let rules = self.template.rules.filter(|_| !self.in_rules)?;
        let judge = Resolver {
            defaults: false,
            ..of.at_home()
        };
        // What a rule depends on isn't worked out by rules.
        let inside = InTemplate {
            in_rules: true,
            ..*self
        };
        inside.with(&judge, |judge| asserted(judge, rules, parameter, depth))
    }
}

/// The values that rules leave to a parameter.
fn asserted(
    judge: &Resolver<'_>,
    rules: NodeId,
    parameter: &str,
    depth: u32,
) -> Option<Vec<String>> {
    let tree = judge.tree;
    let mut left: Option<Vec<String>> = None;
    let mut budget = ASSERTIONS;
    for rule in tree.pairs(rules) {
        let condition = tree.get(rule.value, "RuleCondition");
        let Some(assertions) = tree.get(rule.value, "Assertions") else {
            continue;
        };
        let mut open: Vec<NodeId> = tree
            .items(tree.resolved(assertions))
            .unwrap_or_default()
            .iter()
            .filter_map(|one| tree.get(*one, "Assert"))
            .collect();
        let mut of_rule: Vec<Vec<String>> = Vec::new();
        while let Some(assertion) = open.pop() {
            budget = budget.checked_sub(1)?;
            match assertion_of(judge, assertion, parameter, depth) {
                Asserted::All(nodes) => open.extend(nodes),
                Asserted::OneOf(values) => of_rule.push(values),
                Asserted::Nothing => {}
            }
        }
        let in_force = !of_rule.is_empty()
            && condition.is_none_or(|node| judge.holds(node, depth + 1) == Some(true));
        for values in of_rule.into_iter().filter(|_| in_force) {
            match &mut left {
                Some(left) => left.retain(|value| values.contains(value)),
                None => left = Some(values),
            }
        }
    }
    if left
        .as_ref()
        .is_some_and(|values| values.len() > VALUES_OF_A_TEXT)
    {
        judge.tried_in_part();
    }
    left.filter(|values| !values.is_empty() && values.len() <= VALUES_OF_A_TEXT)
}

/// What one assertion says of a parameter.
fn assertion_of(judge: &Resolver<'_>, node: NodeId, parameter: &str, depth: u32) -> Asserted {
    let tree = judge.tree;
    let View::Tagged(tag, argument) = tree.view(tree.resolved(node)) else {
        return Asserted::Nothing;
    };
    let arguments = tree.items(tree.resolved(argument)).unwrap_or_default();
    let is_it = |node: NodeId| {
        matches!(tree.view(tree.resolved(node)), View::Tagged(tag, name)
                if tag.name == "Ref" && tree.text(name) == Some(parameter))
    };
    let values = match (tag.name.as_str(), arguments) {
        ("Fn::And", all) => return Asserted::All(all.to_vec()),
        ("Fn::Equals", &[own, value]) if is_it(own) && !is_it(value) => {
            judge.literal(value, depth + 1).map(|value| vec![value])
        }
        ("Fn::Equals", &[value, own]) if is_it(own) && !is_it(value) => {
            judge.literal(value, depth + 1).map(|value| vec![value])
        }
        ("Fn::Contains", &[list, own]) if is_it(own) => tree
            .items(tree.resolved(list))
            .filter(|items| {
                let are_few = items.len() <= VALUES_OF_A_TEXT;
                if !are_few {
                    judge.tried_in_part();
                }
                are_few
            })
            .and_then(|items| {
                let values = items.iter().map(|item| judge.literal(*item, depth + 1));
                values.collect()
            }),
        _ => None,
    };
    values.map_or(Asserted::Nothing, Asserted::OneOf)
}

/// What an assertion says of a parameter.
enum Asserted {
    /// All of these hold.
    All(Vec<NodeId>),
    /// It has one of these values.
    OneOf(Vec<String>),
    /// Nothing that is known.
    Nothing,
}
