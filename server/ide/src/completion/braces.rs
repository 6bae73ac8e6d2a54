//! A mapping in the place of a value, where brackets are written: what a key of it can be, in its braces.

use super::{CompletionList, CompletionRequest, Offers};
use crate::Completion;
use crate::position::{self, Frame, Manner, Quote, Role, Step};

/// Offers the mappings that can stand at the cursor, each by its first key.
pub(super) fn braces(list: &mut CompletionList<'_>, offers: Offers) {
    let asked = list.asked;
    let place = &asked.place;
    let is_free = place.quote == Quote::None && place.start == place.end && !place.is_argument;
    let is_value = place.role == Role::Value && place.manner != Manner::Yaml;
    if !is_free || !is_value || asked.found.part || asked.found.statement.is_none() {
        return;
    }
    let keys = place.path.iter().rev().filter_map(|step| match step.frame {
        Frame::Key(name) => Some(name),
        _ => None,
    });
    let keys: Vec<&str> = keys.take(2).collect();
    let is_last = matches!(
        place.path.last().map(|step| step.frame),
        Some(Frame::Key(_))
    );
    let (begin, end) = match keys.as_slice() {
        _ if !is_last => return,
        // What is below an operator is a mapping by itself.
        ["Condition", ..] => ("{", "}}"),
        ["Principal" | "NotPrincipal", ..] | [_, "Condition"] => ("\"", "\"}"),
        _ => return,
    };
    let inside = in_braces(asked);
    let items = offers(&inside).into_iter();
    for item in items.filter(|item| !item.is_snippet) {
        // A key that still wants its name has a quote of its own to come.
        if !item.insert.ends_with([' ', '=']) {
            continue;
        }
        list.items.push(Completion {
            insert: format!("{{{}{begin}", item.insert),
            behind: format!("{end}{}", item.behind),
            ask_again: true,
            ..item
        });
    }
}

/// The same cursor behind the brace of a mapping.
fn in_braces<'a>(asked: &CompletionRequest<'a>) -> CompletionRequest<'a> {
    let mut place = asked.place.clone();
    place.role = Role::Key;
    place.path.push(Step {
        frame: Frame::Map,
        start: place.cursor,
    });
    let bare = !asked.in_template() || asked.host.is_some();
    CompletionRequest {
        found: position::spot(&place, bare),
        place,
        mentioned: std::cell::OnceCell::new(),
        layout: std::cell::OnceCell::new(),
        ..*asked
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::complete;
    use crate::testing::fixture;

    /// The text after an item is taken, the cursor where it is then.
    fn taken(marked: &str, label: &str) -> String {
        let items = complete(marked);
        let item = items.iter().find(|item| item.label == label);
        let item = item.unwrap_or_else(|| panic!("no {label}: {marked}"));
        let mut text = fixture(marked).0.text().to_owned();
        let insert = format!("{}$0{}", item.insert, item.behind);
        text.replace_range(item.replace.range(), &insert);
        text
    }

    #[test]
    fn a_condition_is_written_from_its_name_on() {
        let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Condition\": $0}]}";
        let after = taken(json, "Bool");
        assert_eq!(after, json.replace("$0", "{\"Bool\": {$0}}"));
        let below = json.replace("$0", "{\"Bool\": $0}");
        let after = taken(&below, "aws:SecureTransport");
        assert_eq!(
            after,
            json.replace("$0", "{\"Bool\": {\"aws:SecureTransport\": \"$0\"}}")
        );
        let object = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Condition = $0\n    }]\n  })\n}\n";
        let after = taken(object, "StringEquals");
        assert_eq!(after, object.replace("$0", "{StringEquals = {$0}}"));
    }

    #[test]
    fn a_principal_is_written_from_its_name_on() {
        let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": $0}]}";
        assert_eq!(
            taken(json, "Service"),
            json.replace("$0", "{\"Service\": \"$0\"}")
        );
        let object = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Principal = $0\n    }]\n  })\n}\n";
        assert_eq!(
            taken(object, "Service"),
            object.replace("$0", "{Service = \"$0\"}")
        );
        let named = complete(object);
        assert!(
            named.iter().all(|item| !item.label.starts_with("aws_")),
            "{named:?}"
        );
    }
}
