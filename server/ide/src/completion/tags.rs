//! YAML's tags that call a template's functions, where a value stands.

use leastwise_syntax::Format;

use super::{CompletionList, CompletionRequest, Offer, order};
use crate::CompletionKind;
use crate::position::{FUNCTIONS, Quote, Role, Spot};

/// What a place offers before somebody has typed the sign of a tag: those that make a text or refer to something.
const COMMON: [&str; 6] = ["!Ref", "!Sub", "!GetAtt", "!Join", "!If", "!ImportValue"];

/// Those that say whether something holds, which only conditions take.
const LOGICAL: [&str; 4] = ["!And", "!Or", "!Not", "!Equals"];

/// Offers the functions that can be called at the cursor, behind all else.
pub(super) fn tags(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if !can_stand(asked) {
        return;
    }
    let is_begun = asked.typed.starts_with('!');
    if is_begun {
        list.items.retain(|item| item.filter.starts_with('!'));
    }
    let holds = matches!(asked.place.keys().first(), Some(&("Conditions" | "Rules")));
    let behind = asked.text.get(list.replace.end as usize..);
    let blank = match behind {
        Some(text) if text.starts_with(' ') => "",
        _ => " ",
    };
    for (place, (name, tag)) in FUNCTIONS.iter().enumerate() {
        if LOGICAL.contains(tag) && !holds || !is_begun && !COMMON.contains(tag) {
            continue;
        }
        let offer = Offer {
            label: tag,
            detail: (*name).to_owned(),
            kind: CompletionKind::Keyword,
            insert: tag,
            rank: order::function(place),
        };
        list.begin(offer, format!("{tag}{blank}"), "");
    }
}

/// Whether a function's value can be what stands at the cursor.
fn can_stand(asked: &CompletionRequest<'_>) -> bool {
    let is_yaml = asked.format() == Format::Yaml && asked.host.is_none();
    let is_value = asked.place.quote == Quote::None && asked.place.role != Role::Key;
    let spot = match asked.found.spot {
        Spot::Resource { .. } | Spot::PrincipalValue(_) | Spot::ConditionValue { .. } => true,
        Spot::Reference { .. } => false,
        // What a template of a policy is about is a resource of the file as a rule.
        Spot::Other if super::entries::is_parameter(asked) => true,
        _ => !asked.typed.is_empty(),
    };
    let is_empty = asked.typed.is_empty() && !asked.found.part && !asked.found.sub;
    let is_begun = asked.typed.starts_with('!');
    asked.in_template() && is_yaml && is_value && spot && (is_empty || is_begun)
}
