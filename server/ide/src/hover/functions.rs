//! CloudFormation's functions, by their tag or their key.

use crate::completion::CompletionRequest;
use crate::position::{FUNCTIONS, Role};

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
