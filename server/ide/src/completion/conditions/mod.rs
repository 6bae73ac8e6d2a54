//! Condition operators, keys and values.

mod known;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use leastwise_catalog::{ConditionKey, MainType, ResourceType, Service, ValueType, catalog};
use leastwise_policy::PolicyKind;
use leastwise_policy::condition::{OPERATORS, Operator, operators_for};

use self::known::text;
use super::order::{self, KeysOf, Rank, Wanted};
use super::{
    CompletionList, CompletionRequest, Offer, principals, providers, resources, segments,
    variables, write,
};
use crate::CompletionKind;
use crate::position::{Manner, Quote};

pub(super) fn operators(list: &mut CompletionList<'_>) {
    for base in OPERATORS {
        offer_operator(list, base.name, base.meaning, order::operator(base.name, 1));
        if base.name != "Null" {
            offer_operator(
                list,
                &format!("{}IfExists", base.name),
                "or the key is absent",
                order::operator(base.name, 2),
            );
        }
        for quantifier in ["ForAllValues", "ForAnyValue"] {
            let name = format!("{quantifier}:{}", base.name);
            offer_operator(
                list,
                &name,
                base.meaning,
                order::quantified(&name, base.name),
            );
        }
    }
}

fn offer_operator(list: &mut CompletionList<'_>, name: &str, meaning: &str, rank: Rank) {
    let place = &list.asked.place;
    if list.asked.is_taken(name) && !place.is_argument {
        return;
    }
    let insert = write::key(place, name);
    // What is below an operator stands in lines of its own.
    let insert = match place.manner {
        Manner::Yaml => insert.trim_end().to_owned(),
        _ => insert,
    };
    let detail = meaning.to_owned();
    let offer = Offer {
        label: name,
        detail,
        kind: CompletionKind::Keyword,
        insert: name,
        rank,
    };
    list.add_key(offer, insert);
}

/// Keys, those that the statement's actions know first.
pub(super) fn keys(list: &mut CompletionList<'_>, operator: &str) {
    let actions = list.asked.actions();
    let mut seen: HashSet<ConditionKey> = HashSet::new();
    let mut own: Vec<ConditionKey> = Vec::new();
    for action in &actions {
        let of_resources = action.resources().flat_map(|of| of.condition_keys());
        let of_types = action
            .resources()
            .flat_map(|of| of.resource_type().condition_keys());
        own.extend(
            action
                .condition_keys()
                .chain(of_resources)
                .chain(of_types)
                .filter(|key| seen.insert(*key)),
        );
    }
    let services: Vec<_> = {
        let mut services: Vec<_> = actions.iter().map(|action| action.service()).collect();
        // Actions may be missing, or only begun, while a key of their service is being written.
        let begun = list.asked.words();
        let begun = begun.iter().chain([&list.asked.typed]);
        let begun = begun.filter_map(|word| catalog().service(word.split_once(':')?.0));
        services.extend(begun);
        let mut seen = HashSet::new();
        services.retain(|service| seen.insert(*service));
        services
    };
    let of_services: Vec<_> = services
        .iter()
        .flat_map(|service| service.condition_keys())
        .filter(|key| seen.insert(*key))
        .collect();
    let global: Vec<_> = catalog()
        .global_condition_keys()
        .filter(|key| seen.insert(*key))
        .collect();
    let operator = Operator::parse(operator).ok();
    let takes = |value: ValueType| {
        let operator = operator.as_ref();
        operator.is_none_or(|operator| operator.takes(value))
    };
    let providers = providers::named(list.asked);
    let is_theirs = |name: &str| {
        let address = name.rsplit_once(':').map(|(address, _)| address);
        address.is_some_and(|own| providers.iter().any(|of| of.eq_ignore_ascii_case(own)))
    };
    let mut claims: Vec<String> = Vec::new();
    for name in providers
        .iter()
        .flat_map(|address| providers::keys(address))
    {
        let rank = order::claim(claims.len(), takes(ValueType::String));
        offer_key(list, &name, ValueType::String, rank);
        claims.push(name);
    }
    let is_of_identity = !matches!(
        list.asked.kind(),
        PolicyKind::Resource | PolicyKind::Trust | PolicyKind::ResourceControl
    );
    let groups = [
        (own, KeysOf::Actions),
        (global, KeysOf::Requests),
        (of_services, KeysOf::Services),
    ];
    for (keys, group) in groups {
        for key in keys {
            let name = key.name();
            if claims.iter().any(|claim| claim == name) {
                continue;
            }
            let group = match providers::is_of_token(name) {
                true if is_theirs(name) => KeysOf::Token,
                true => KeysOf::OtherTokens,
                false => group,
            };
            // Seconds are a number as well as a date.
            let is_number = name == "aws:EpochTime" && takes(ValueType::Numeric);
            let is_taken = takes(key.value_type()) || is_number;
            let rank = order::key(name, group, is_taken, is_of_identity);
            offer_key(list, name, key.value_type(), rank);
        }
    }
}

fn offer_key(list: &mut CompletionList<'_>, label: &str, value: ValueType, rank: Rank) {
    let (name, hole) = match hole(label) {
        Some((begin, end)) => (begin, Some(end)),
        None => (label, None),
    };
    let open = hole.is_some();
    let place = &list.asked.place;
    if !open && !place.is_argument && list.asked.is_taken(name) {
        return;
    }
    let offer = Offer {
        label,
        detail: value.name().to_owned(),
        kind: CompletionKind::ConditionKey,
        insert: name,
        rank,
    };
    let Some(end) = hole else {
        let insert = write::key(place, name);
        return list.add_key(offer, insert);
    };
    // A name that is written there already stays.
    if let Some(length) = before_hole(list.asked, name) {
        list.begin(offer, name.to_owned(), "");
        return list.replace_last(length);
    }
    match place.quote == Quote::None && place.manner != Manner::Yaml {
        true => list.begin(offer, format!("\"{name}"), &format!("{end}\"")),
        false => list.begin(offer, name.to_owned(), end),
    }
}

/// What stands before and behind the place in a key that somebody writes a name into: the tag of `aws:RequestTag/${TagKey}`.
fn hole(key: &str) -> Option<(&str, &str)> {
    // Some of AWS's tables name it without a sign.
    const BY_NAME: &str = "tag-key";
    if let Some(begin) = key.strip_suffix(BY_NAME).filter(|it| it.ends_with('/')) {
        return Some((begin, ""));
    }
    let (begin, rest) = key.split_once("${")?;
    let end = rest.split_once('}').map_or("", |(_, end)| end);
    Some((begin, end))
}

/// How much of a key that goes on behind the cursor stands before its own name, in bytes: up to the sign that ends `begin`, which may
/// be typed already.
fn before_hole(asked: &CompletionRequest<'_>, begin: &str) -> Option<usize> {
    let place = &asked.place;
    let sign = begin.chars().next_back()?;
    // With quotes still to come, what follows may be anything.
    let word = asked.text.get(place.cursor as usize..place.end as usize)?;
    let count = |text: &str| text.matches(sign).count();
    let missing = count(begin).checked_sub(count(asked.typed))?;
    let at = match missing {
        0 if asked.typed.ends_with(sign) => 0,
        0 => return None,
        _ => {
            let end = word.find(|c: char| c.is_whitespace() || c == '"');
            let own = word.get(..end.unwrap_or(word.len()))?;
            own.match_indices(sign).nth(missing - 1)?.0 + sign.len_utf8()
        }
    };
    let stray = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ':' | ',' | '}' | ']');
    let is_named = word.get(at..)?.starts_with(|c: char| !stray(c));
    is_named.then_some(at)
}

/// Values that are evident from the key.
pub(super) fn values(list: &mut CompletionList<'_>, operator: &str, key: &str) {
    let parsed = Operator::parse(operator).ok();
    let truth = parsed
        .as_ref()
        .is_some_and(|operator| matches!(operator.base.name, "Bool" | "Null"));
    if truth {
        for word in ["true", "false"] {
            text(list, word, "", Rank::from(0));
        }
        return;
    }
    match key.to_ascii_lowercase().as_str() {
        "aws:sourceaccount"
        | "aws:principalaccount"
        | "aws:resourceaccount"
        | "kms:calleraccount" => accounts(list),
        "aws:requestedregion" | "ec2:region" => {
            for (place, region) in known::regions(list.asked).iter().enumerate() {
                text(list, region, "", Rank::from(0).at(place));
            }
        }
        "kms:viaservice" => known::via(list),
        "iam:passedtoservice" => principals::services(list, Wanted::Assumer),
        "aws:principalservicename" | "aws:principalservicenameslist" => {
            principals::services(list, Wanted::Caller);
        }
        "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
            principals::services(list, Wanted::Via);
        }
        "iam:awsservicename" => principals::services(list, Wanted::Linked),
        "iam:policyarn" | "iam:permissionsboundary" => resources::managed(list),
        _ => {
            for (place, value) in known::values(key).iter().enumerate() {
                text(list, value, "", Rank::from(0).at(place));
            }
            let values = providers::values(key, list.asked.typed);
            for (place, (value, meaning)) in values.into_iter().enumerate() {
                text(list, &value, meaning, Rank::from(0).at(place));
            }
            let known = catalog().condition_key(key).map(|key| key.value_type());
            if matches!(known, Some(ValueType::Arn | ValueType::ArrayOfArn)) {
                arns(list, key);
            }
            for base in known.into_iter().flat_map(operators_for) {
                if base.name == "Bool" {
                    text(list, "true", "", Rank::from(0));
                    text(list, "false", "", Rank::from(0));
                }
            }
        }
    }
}

/// The accounts that the config and the file have, and the one that the file is deployed to.
fn accounts(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if let Some(own) = asked.spelling().and_then(|known| known.account.as_ref()) {
        text(list, own, "this account", Rank::from(0));
    }
    let config = asked.context.config();
    for account in &config.accounts {
        let detail = format!("account {}", account.name);
        text(list, &account.id, &detail, Rank::from(0).at(1));
    }
    let known = |id: &String| config.accounts.iter().any(|account| account.id == *id);
    let mentioned = asked.mentioned().accounts.iter();
    for id in mentioned.filter(|id| !known(id)) {
        text(list, id, "in this file", Rank::from(0).at(2));
    }
    variables::own_account(list, 1);
}

/// The types of a service, those first that an app names first, then those that most of its actions work on.
fn likely_types(service: Service) -> Vec<ResourceType> {
    let mut counts: HashMap<ResourceType, usize> = HashMap::new();
    for of in service.actions().flat_map(|action| action.resources()) {
        *counts.entry(of.resource_type()).or_default() += 1;
    }
    let main: Vec<MainType> = service.main_types().collect();
    let mut types: Vec<ResourceType> = service.resource_types().collect();
    types.sort_by_key(|of| {
        let place = main.iter().position(|main| *main == MainType::Type(*of));
        let count = counts.get(of).copied().unwrap_or_default();
        (place.unwrap_or(usize::MAX), Reverse(count))
    });
    types
}

/// ARNs that a key can be compared with: what the service sends that the statement is for, who calls, what the key's name says.
fn arns(list: &mut CompletionList<'_>, key: &str) {
    let (prefix, name) = key.split_once(':').unwrap_or_default();
    let of_service = |prefix: &str, is_meant: &dyn Fn(&str) -> bool| -> Vec<ResourceType> {
        let service = catalog().service(prefix).into_iter();
        let types = service.flat_map(|service| service.resource_types());
        types.filter(|of| is_meant(of.name())).collect()
    };
    let mut types = match name.to_ascii_lowercase().as_str() {
        "sourcearn" => Vec::new(),
        "principalarn" => of_service("iam", &|of| matches!(of, "role" | "user")),
        name => {
            let name = name.trim_end_matches("arn");
            of_service(prefix, &|of| of.replace('-', "") == name)
        }
    };
    if types.is_empty() {
        let services = list.asked.services_let_in().into_iter();
        types = services.flat_map(likely_types).collect();
    }
    // Of those that call most often, what makes them do it.
    if types.is_empty() && name.eq_ignore_ascii_case("sourcearn") {
        let callers = order::callers().filter_map(|service| likely_types(service).first().copied());
        types = callers.collect();
    }
    resources::of_types(list, &types);
    segments::segments(list, &types);
}
