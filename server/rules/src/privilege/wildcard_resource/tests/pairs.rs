//! What creates is kept with what changes and deletes.

use leastwise_catalog::{Action, Service, catalog};

use super::super::choice::{Breadth, Entry, choose, held};
use super::super::pairs::{Named, counterparts};
use super::super::star_only;
use crate::tests::fixture::Fixture;

/// What is named for a wildcard at most: a list is read, and a policy holds it.
const MOST_TYPES: usize = 12;

/// What is lost of pairs when all of a service is narrowed, and what is named for it.
fn halves(service: Service) -> (Vec<String>, usize) {
    let text = format!(
        "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: '{}:*', Resource: '*'}}\n",
        service.prefix()
    );
    let fixture = Fixture::new(&text, "[app]\nprefix = 'shop'");
    let context = fixture.context();
    let Some((_, statement)) = context.statements().next() else {
        return (Vec::new(), 0);
    };
    let Some(item) = statement.actions().first() else {
        return (Vec::new(), 0);
    };
    let all = context.expand(item).iter().copied();
    let (none, limited): (Vec<Action>, Vec<Action>) =
        all.partition(|action| star_only::takes_none(*action));
    let entry = Entry {
        item,
        open: true,
        limited: limited.into(),
        none: none.into(),
        others: Vec::new().into(),
    };
    let entries = [entry];
    let Some(chosen) = choose(&entries, Breadth::Main) else {
        return (Vec::new(), 0);
    };
    if chosen.stays.iter().any(Option::is_some) {
        return (Vec::new(), 0);
    }
    let mut named = Named::default();
    named.add(&chosen.formats);
    let entry = &entries[0];
    let on_star = held(std::iter::once(entry), Breadth::Main).on_star;
    let is_allowed = |action: Action| on_star.contains(&action) || named.allows(action);
    let own = entry.limited.iter().chain(&*entry.none).copied();
    let makers = own.filter(|action| is_allowed(*action));
    let lost = makers.flat_map(|maker| {
        counterparts(maker)
            .filter(|of| of.service() == service && !is_allowed(*of))
            .map(move |of| format!("{} without {}", maker.full_name(), of.full_name()))
    });
    (lost.collect(), chosen.formats.len())
}

#[test]
fn no_wildcard_of_the_catalog_keeps_half_of_a_pair() {
    let mut lost = Vec::new();
    for service in catalog().services() {
        let (own, named) = halves(service);
        lost.extend(own);
        assert!(named <= MOST_TYPES, "{} {named}", service.prefix());
    }
    assert!(lost.is_empty(), "{} {lost:#?}", lost.len());
}
