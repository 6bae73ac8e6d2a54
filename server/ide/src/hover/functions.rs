//! CloudFormation's functions, by their tag or their key.

use leastwise_catalog::describe::code;
use leastwise_model::text::Text;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Tree, View};

use super::names::variable;
use crate::completion::CompletionRequest;
use crate::position::{FUNCTIONS, Role, SUBSTITUTES};
use crate::{Hover, values};

/// What a function does, in a sentence or two.
fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "Ref" => {
            "The value of a parameter, or what identifies a resource: for most types its name, for some its ARN."
        }
        "Fn::Sub" => {
            "The string with each `${Name}` replaced with the value of that parameter, resource or pseudo parameter; `${Resource.Attribute}` is an attribute. `${!Name}` becomes `${Name}`, which is how IAM's policy variables are written."
        }
        "Fn::GetAtt" => "An attribute of a resource of this template, such as its `Arn`.",
        "Fn::Join" => "The items of the list, joined with the first argument between them.",
        "Fn::If" => {
            "The second argument if the named condition holds, else the third. `AWS::NoValue` removes the item."
        }
        "Fn::Select" => "The item of a list at a position, counted from 0.",
        "Fn::Split" => "The parts of a string between its separators, as a list.",
        "Fn::FindInMap" => {
            "A value of the template's `Mappings`, by the names of the map and its two levels of keys."
        }
        "Fn::ImportValue" => "A value that another stack exports. It isn't known from this file.",
        _ => return None,
    })
}

/// The function whose name is under the cursor.
pub(super) fn at(asked: &CompletionRequest<'_>) -> Option<String> {
    let word = asked
        .text
        .get(asked.place.word().range())?
        .trim_end_matches(':');
    let tag = word.starts_with('!');
    let (name, _) = FUNCTIONS
        .iter()
        .find(|(name, short)| if tag { *short == word } else { *name == word })?;
    if !tag && asked.place.role != Role::Key {
        return None;
    }
    meaning(name).map(|text| format!("**{name}**: {text}"))
}

/// What is shown over the names of an attribute that are written as a list.
pub(super) fn attribute(context: Context<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    let node = tree.node_at(offset)?;
    tree.text(node)?;
    let list = tree.parent(node)?;
    let items = argument(tree, list, "Fn::GetAtt")?;
    let names: Option<Vec<&str>> = items.iter().map(|item| tree.text(*item)).collect();
    let markdown = variable(context, &names?.join("."))?;
    Some(Hover {
        span: tree.content_span(node),
        markdown,
    })
}

/// A variable that the text's own function gives a value.
pub(super) fn local(context: Context<'_>, offset: u32, name: &str) -> Option<String> {
    let tree = context.tree;
    let list = tree.parent(tree.node_at(offset)?)?;
    let [_, given] = argument(tree, list, SUBSTITUTES.0)? else {
        return None;
    };
    let mut pairs = tree.pairs(*given).into_iter();
    let own = pairs.find(|pair| tree.text(pair.key) == Some(name))?;
    let text = Text::lower(tree, own.value, context.analysis.dialect.notation());
    let found = values::of_text(context, &text);
    let table = values::table(&found, "value");
    Some(format!(
        "{}: given beside the text.\n\n{table}",
        code(&format!("${{{name}}}"))
    ))
}

/// The items of a list that a function is called with.
fn argument<'t>(tree: &'t Tree, list: NodeId, function: &str) -> Option<&'t [NodeId]> {
    let View::Sequence(items) = tree.view(list) else {
        return None;
    };
    let is_call = match tree.view(tree.parent(list)?) {
        View::Tagged(tag, _) => tag.name == function,
        View::Mapping(pairs) => pairs
            .iter()
            .any(|pair| pair.value == list && tree.text(pair.key) == Some(function)),
        _ => false,
    };
    is_call.then_some(items)
}
