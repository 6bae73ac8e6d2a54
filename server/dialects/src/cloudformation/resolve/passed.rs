//! What the stacks of other templates pass to the parameters of a template.

use std::any::Any;

use leastwise_model::Environment;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;

use crate::cloudformation::limits::{STACKS_OF_A_TEMPLATE, TEMPLATES_AROUND};
use crate::cloudformation::template::{Resource, Template};
use crate::limits::{DEPTH_OF_FUNCTIONS, VALUES_OF_A_TEXT};
use crate::resolve::{PassedValues, Resolver, TextValue};
use crate::state::{Stack, Stacks};

/// What the stacks of other templates pass to a template, which lies at `path`. `None` where it is nobody's.
pub fn passed(
    stacks: &dyn Stacks,
    path: &str,
    template: &Template,
    environment: &Environment,
    defaults: bool,
) -> Option<PassedValues> {
    of_template(stacks, path, template, environment, defaults, 0)
}

fn of_template(
    known: &dyn Stacks,
    path: &str,
    template: &Template,
    environment: &Environment,
    defaults: bool,
    level: u32,
) -> Option<PassedValues> {
    let mut found = PassedValues::default();
    let stacks = known.stacks_of(path);
    if stacks.is_empty() || stacks.len() > STACKS_OF_A_TEMPLATE || level >= TEMPLATES_AROUND {
        return None;
    }
    for stack in stacks {
        let Some((maker, resource)) = of_stack(&stack) else {
            continue;
        };
        let outer = of_template(known, stack.path, maker, environment, defaults, level + 1);
        let (tree, config) = (stack.tree, stack.config);
        let resolver = Resolver {
            passed: outer.as_ref(),
            ..Resolver::new(tree, config, maker, environment, defaults)
        };
        if is_never_made(&resolver, resource) {
            continue;
        }
        let properties = resource.properties;
        let given = properties.and_then(|node| tree.get(node, "Parameters"));
        let mut own = PassedValues::default();
        // What is passed for one that is stored is a name in Parameter Store, too.
        let parameters = template.parameters.iter();
        for (name, parameter) in parameters.filter(|(_, parameter)| !parameter.is_stored()) {
            let node = given.and_then(|node| tree.get(node, name));
            let texts = node.map(|node| {
                let text = Text::lower(tree, node, maker.notation());
                resolver.text(&text, 1)
            });
            let given = match texts {
                Some(texts) if !texts.is_empty() => texts
                    .iter()
                    .map(|text| value(text, parameter.is_list(), name))
                    .collect(),
                // Its default, unless it is given otherwise where this template stands alone.
                _ => vec![TextValue::Nothing],
            };
            let values = found.values.entry(name.clone()).or_default();
            values.extend(given.iter().cloned());
            own.values.insert(name.clone(), given);
        }
        found.variants.push(own);
    }
    for values in found.values.values_mut() {
        let mut kept: Vec<TextValue> = Vec::new();
        for value in values.drain(..) {
            // One more than are tried, for it to be seen that there are more.
            if kept.len() <= VALUES_OF_A_TEXT && !kept.iter().any(|other| same(other, &value)) {
                kept.push(value);
            }
        }
        *values = kept;
    }
    found
        .values
        .retain(|_, values| !matches!(values.as_slice(), [] | [TextValue::Nothing]));
    Some(found)
}

/// The template that makes a stack, and the stack in it.
fn of_stack<'a>(stack: &Stack<'a>) -> Option<(&'a Template, &'a Resource)> {
    let state: &dyn Any = stack.state;
    let template: &Template = state.downcast_ref()?;
    Some((template, template.resources.get(stack.name)?))
}

/// Whether the stack's `Condition` doesn't hold under the environment.
fn is_never_made(resolver: &Resolver<'_>, stack: &Resource) -> bool {
    let condition = resolver.tree.get(stack.node, "Condition");
    let condition = condition.and_then(|node| resolver.tree.text(node));
    condition.and_then(|name| resolver.condition(name, DEPTH_OF_FUNCTIONS / 2)) == Some(false)
}

/// A text of another file as a parameter's value: its places and conditions are those of the other file.
fn value(text: &Resolved, is_list: bool, name: &str) -> TextValue {
    let apart = |pattern| Resolved {
        pattern,
        assumed: text.assumed,
        ..Resolved::default()
    };
    if !is_list {
        return TextValue::Text(apart(text.pattern.clone()));
    }
    match text.pattern.as_literal() {
        Some(literal) => TextValue::List(
            literal
                .split(',')
                .map(|item| apart(leastwise_policy::Pattern::literal(item.trim())))
                .collect(),
        ),
        None => TextValue::Unknown(name.to_owned()),
    }
}

fn same(left: &TextValue, right: &TextValue) -> bool {
    match (left, right) {
        (TextValue::Text(left), TextValue::Text(right)) => left == right,
        (TextValue::List(left), TextValue::List(right)) => left == right,
        (TextValue::Nothing, TextValue::Nothing) => true,
        (TextValue::Unknown(left), TextValue::Unknown(right)) => left == right,
        _ => false,
    }
}
