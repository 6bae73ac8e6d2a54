//! Names of elements, and their fixed values.

use leastwise_policy::PolicyKind;
use leastwise_policy::elements::{self, Element, Presence};

use super::order::Rank;
use super::{CompletionList, CompletionRequest, Offer, order, write};
use crate::CompletionKind;

pub(super) fn policy(list: &mut CompletionList<'_>) {
    // Most files of JSON and YAML are no policies, and have keys of their own.
    const SHORT: usize = 64;
    let asked = list.asked;
    let evident = asked.found.document.is_some()
        || asked.context.analysis.dialect.has_policies()
        || elements::VERSIONS
            .iter()
            .any(|version| asked.text.contains(version))
        || asked.text.trim().len() < SHORT;
    if !evident {
        return;
    }
    for (index, element) in elements::POLICY_ELEMENTS.iter().enumerate() {
        // The whole file may have one of that name further down: told by the tree, where it can be read.
        let present = list.asked.site.is_some_and(|site| {
            list.asked
                .context
                .policy(site)
                .elements
                .iter()
                .any(|own| own.name == element.name)
        });
        let own = asked.text.get(asked.place.word().range());
        let is_own = asked.place.colon && own == Some(element.name);
        if is_own || !present && !asked.has(element.name) {
            key(list, element.name, meaning(element), index as u8);
        }
    }
}

pub(super) fn statement(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    let is_open = asked.site.is_some_and(|site| asked.is_open(site));
    let has = |name: &str| asked.is_taken(name);
    for (index, element) in elements::STATEMENT_ELEMENTS.iter().enumerate() {
        let taken = has(element.name) || element.instead_of.is_some_and(has);
        if taken || !can_stand(asked, element) {
            continue;
        }
        let class = order::element(index, element.name, is_open);
        key(list, element.name, meaning(element), class);
    }
}

/// Whether a statement of such a policy has an element.
pub(super) fn can_stand(asked: &CompletionRequest<'_>, element: &Element) -> bool {
    let kind = asked.kind();
    // A role is kept from all but some by what denies it to the others.
    let is_reversed = element.name == "NotPrincipal" && kind == PolicyKind::Trust;
    kind.statement_element(element.name) != Some(Presence::Forbidden)
        && (!is_reversed || asked.denies())
}

fn meaning(element: &Element) -> String {
    match element.instead_of {
        Some(other) if element.name.starts_with("Not") => format!("instead of {other}"),
        _ => String::new(),
    }
}

/// Adds the name of an element.
pub(super) fn key(list: &mut CompletionList<'_>, name: &str, detail: String, class: u8) {
    ranked(list, name, detail, class.into());
}

/// The same with its place in the list.
pub(super) fn ranked(list: &mut CompletionList<'_>, name: &str, detail: String, rank: Rank) {
    let insert = write::key(&list.asked.place, name);
    let offer = Offer {
        label: name,
        detail,
        kind: CompletionKind::Keyword,
        insert: name,
        rank,
    };
    list.add_key(offer, insert);
}

fn value(list: &mut CompletionList<'_>, text: &str, detail: &str, class: u8) {
    list.offer(Offer {
        label: text,
        detail: detail.to_owned(),
        kind: CompletionKind::Keyword,
        insert: text,
        rank: class.into(),
    });
}

pub(super) fn effects(list: &mut CompletionList<'_>) {
    for (index, effect) in elements::EFFECTS.into_iter().enumerate() {
        value(list, effect, "", index as u8);
    }
}

pub(super) fn versions(list: &mut CompletionList<'_>) {
    for (index, version) in elements::VERSIONS.into_iter().enumerate() {
        let detail = if version == elements::CURRENT_VERSION {
            "current"
        } else {
            "no policy variables"
        };
        value(list, version, detail, index as u8);
    }
}
