//! Names of arguments and blocks, where a policy is written as those.

use leastwise_model::SiteKind;
use leastwise_policy::{PolicyKind, elements};

use super::snippets::{hole, numbered};
use super::{CompletionList, CompletionRequest, Offer, keys, order, write};
use crate::position::{BlockBody, Manner};
use crate::{Completion, CompletionKind};

/// Offers the names that a body doesn't have yet.
pub(super) fn names(list: &mut CompletionList<'_>) {
    let Some(block) = &list.asked.place.block else {
        return;
    };
    let names = block.names;
    match block.body {
        BlockBody::Policy => {
            // Statements are what such a document is made of.
            for (index, element) in elements::POLICY_ELEMENTS.iter().rev().enumerate() {
                let mut own = names.of_policy.iter();
                if let Some((element, name)) = own.find(|(own, _)| *own == element.name) {
                    offer(list, name, element, index, *element == "Statement");
                }
            }
        }
        BlockBody::Statement => {
            let asked = list.asked;
            // What else a document is for may be said in another file.
            let is_trust = asked.kind() == PolicyKind::Trust;
            let is_about_somebody = is_trust
                || asked
                    .site
                    .is_some_and(|site| site.kind == SiteKind::Resource);
            for (index, element) in elements::STATEMENT_ELEMENTS.iter().enumerate() {
                if is_trust && !keys::can_stand(asked, element) {
                    continue;
                }
                let mut own = names.of_statement.iter();
                let Some((_, name)) = own.find(|(own, _)| *own == element.name) else {
                    continue;
                };
                let other = element.instead_of.map(|other| names.name(other));
                if other.is_some_and(|other| asked.has(other)) {
                    continue;
                }
                let is_block = names.inner.iter().any(|of| of.element == element.name);
                let index = usize::from(match element.name {
                    // Blocks allow where nothing else is said, and few are about somebody.
                    "Principal" if !is_about_somebody => 15,
                    "Effect" => 16,
                    name => order::element(index, name, false),
                });
                offer(list, name, element.name, index, is_block);
            }
        }
        BlockBody::Inner(inner) => {
            for (index, name) in inner.arguments().enumerate() {
                offer(list, name, "", index, false);
            }
        }
    }
}

/// Offers the block that makes several of one, at the beginning of a line.
fn several(list: &mut CompletionList<'_>, name: &str) {
    let asked = list.asked;
    let place = &asked.place;
    let line = asked.text.get(..place.start as usize).unwrap_or_default();
    let line = line.rsplit('\n').next().unwrap_or_default();
    let Some(block) = &place.block else {
        return;
    };
    if place.manner != Manner::Hcl || place.colon || !line.trim().is_empty() {
        return;
    }
    let (word, content) = block.names.several;
    let unit = &asked.layout().unit;
    let label = format!("{word} \"{name}\"");
    let body = format!(
        "{label} {{\n{unit}for_each = {}\n{unit}{content} {{\n{unit}{unit}{}\n{unit}}}\n}}",
        hole("[]"),
        hole("")
    );
    let item = Completion {
        detail: "one for each of several values".to_owned(),
        sort: order::element_of_several().sort_text(&label),
        is_snippet: true,
        is_whole: true,
        ..Completion::plain(
            label.clone(),
            CompletionKind::Keyword,
            numbered(&body),
            list.replace,
        )
    };
    list.items.push(item);
}

/// Whether what stands behind the name at the cursor is the body of a block.
fn is_before_body(asked: &CompletionRequest<'_>) -> bool {
    let behind = asked.text.get(asked.place.end as usize..);
    behind.is_some_and(|text| text.trim_start_matches([' ', '\t']).starts_with('{'))
}

/// Offers a name; there may be several blocks of one.
fn offer(list: &mut CompletionList<'_>, name: &str, element: &str, index: usize, is_block: bool) {
    let asked = list.asked;
    if !is_block && asked.has(name) {
        return;
    }
    if is_block {
        several(list, name);
    }
    // In front of a value or a body that is written already only another name for it can be meant.
    let is_of_hcl = asked.place.manner == Manner::Hcl;
    if is_of_hcl && asked.place.colon && is_block != is_before_body(asked) {
        return;
    }
    let offer = Offer {
        label: name,
        detail: element.to_owned(),
        kind: CompletionKind::Keyword,
        insert: name,
        rank: u8::try_from(index).unwrap_or(u8::MAX).into(),
    };
    if is_block && is_of_hcl && !asked.place.colon {
        let line = asked.text.get(..asked.place.start as usize);
        let line = line.unwrap_or_default().rsplit('\n').next();
        let line = line.unwrap_or_default();
        // A block stands on lines of its own.
        if !line.trim().is_empty() {
            return;
        }
        let indent = line.get(..line.len() - line.trim_start().len());
        let indent = indent.unwrap_or_default();
        let unit = &asked.layout().unit;
        let insert = format!("{name} {{\n{indent}{unit}");
        return list.begin(offer, insert, &format!("\n{indent}}}"));
    }
    let insert = write::key(&asked.place, name);
    list.add_key(offer, insert);
}
