//! References to resources that are still to be declared: who writes a policy first names what it is for.

use leastwise_catalog::ResourceType;
use leastwise_dialects::State;
use leastwise_dialects::facts::ArgumentKind;

use super::order::Rank;
use super::snippets::body::numbered;
use super::{CompletionList, write};
use crate::limits::OFFERED_TYPES;
use crate::position::{Manner, Quote};
use crate::{Completion, CompletionKind};

/// What a reference to something that isn't declared goes on with: the whole of it, and the attribute.
pub(super) fn attributes(of: &dyn State, typed: &str) -> Vec<(String, &'static str)> {
    let mut parts = typed.split('.').peekable();
    let is_data = parts.next_if_eq(&"data").is_some();
    let (Some(type_name), Some(_), Some(begun)) = (parts.next(), parts.next(), parts.next()) else {
        return Vec::new();
    };
    if parts.next().is_some() {
        return Vec::new();
    }
    let head = typed.get(..typed.len() - begun.len()).unwrap_or_default();
    let own = of.attributes(type_name, is_data).into_iter();
    let own = own.filter(|attribute| attribute.starts_with(begun));
    own.map(|attribute| (format!("{head}{attribute}"), attribute))
        .collect()
}

/// Offers references to resources whose ARNs are of these types.
pub(super) fn of_types(list: &mut CompletionList<'_>, types: &[ResourceType]) {
    let state = list.asked.context.analysis.state();
    let mut names: Vec<&str> = Vec::new();
    for format in types.iter().flat_map(|of| of.arns()) {
        let own = state.types_with(format).into_iter();
        let own: Vec<&str> = own.filter(|name| !names.contains(name)).collect();
        names.extend(own);
    }
    for (place, name) in names.into_iter().take(OFFERED_TYPES).enumerate() {
        reference(list, name, "arn", place);
    }
}

/// Offers a reference to what the argument at the cursor names.
pub(super) fn of_argument(list: &mut CompletionList<'_>) {
    let keys = list.asked.place.keys();
    let taken = list.asked.context.analysis.state().takes(&keys);
    if let Some(ArgumentKind::NameOf(type_name, attribute)) = taken {
        reference(list, type_name, attribute, 0);
    }
}

/// Offers a reference with its name to be filled in, where an expression can stand.
fn reference(list: &mut CompletionList<'_>, type_name: &str, attribute: &str, place: usize) {
    let asked = list.asked;
    let at = &asked.place;
    if at.manner != Manner::Hcl || at.quote != Quote::None || asked.host.is_some() {
        return;
    }
    let mut item = Completion {
        detail: "one that is still to be declared".to_owned(),
        sort: Rank::from(0).at(place).behind_names().sort_text(type_name),
        is_snippet: true,
        is_whole: true,
        ..Completion::plain(
            type_name.to_owned(),
            CompletionKind::Variable,
            numbered(&format!("{type_name}.«main».{attribute}")),
            list.replace,
        )
    };
    write::part(asked, &mut item);
    list.items.push(item);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{labels, take};

    fn statement(resource: &str) -> String {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"sqs:SendMessage\"]\n    resources = [{resource}]\n  }}\n}}\n"
        )
    }

    #[test]
    fn what_is_still_to_be_declared_can_be_referred_to() {
        let marked = statement("aws$0");
        let after = take(&marked, "aws_sqs_queue");
        let written = "[aws_sqs_queue.${1:main}.arn]";
        assert!(after.contains(written), "{after}");
        assert_eq!(
            labels(&statement("aws_sqs_queue.orders.$0")),
            ["aws_sqs_queue.orders.arn", "aws_sqs_queue.orders.name",]
        );
        // Of a table no such attributes are known, and what is declared comes first.
        assert_eq!(labels(&statement("aws_nothing.orders.$0")), [""; 0]);
        let declared = "resource \"aws_sqs_queue\" \"jobs\" {}\n";
        let names = labels(&format!("{declared}{}", statement("$0")));
        assert_eq!(
            names.first().map(String::as_str),
            Some("aws_sqs_queue.jobs.arn")
        );
    }

    #[test]
    fn a_role_is_named_by_what_is_usual() {
        let marked = "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws$0\n}\n";
        let after = take(marked, "aws_iam_role");
        assert!(
            after.contains("role = aws_iam_role.${1:main}.id\n"),
            "{after}"
        );
        let declared = "resource \"aws_iam_role\" \"worker\" {}\n";
        let names = labels(&format!("{declared}{marked}"));
        assert_eq!(
            names.first().map(String::as_str),
            Some("aws_iam_role.worker.id")
        );
    }
}
