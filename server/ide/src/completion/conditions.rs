//! Condition operators, keys and values.

use std::collections::HashSet;

use leastwise_catalog::{ConditionKey, catalog};
use leastwise_policy::condition::{OPERATORS, Operator, operators_for};

use super::{CompletionList, Offer, principals, write};
use crate::CompletionKind;

pub(super) fn operators(list: &mut CompletionList<'_>) {
    let quantified = list.asked.typed.to_ascii_lowercase().starts_with("for");
    for base in OPERATORS {
        offer_operator(list, base.name, base.meaning, 1);
        if base.name != "Null" {
            offer_operator(
                list,
                &format!("{}IfExists", base.name),
                "or the key is absent",
                2,
            );
        }
        if quantified {
            for quantifier in ["ForAllValues", "ForAnyValue"] {
                offer_operator(
                    list,
                    &format!("{quantifier}:{}", base.name),
                    base.meaning,
                    0,
                );
            }
        }
    }
}

fn offer_operator(list: &mut CompletionList<'_>, name: &str, meaning: &str, class: u8) {
    let insert = write::key(&list.asked.place, name);
    let insert = insert.trim_end().to_owned();
    let detail = meaning.to_owned();
    let offer = Offer {
        label: name,
        detail,
        kind: CompletionKind::Keyword,
        insert: name,
        rank: class.into(),
    };
    list.add(offer, insert, None, false);
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
        services.dedup();
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
    for (keys, class) in [(own, 0), (global, 2), (of_services, 4)] {
        for key in keys {
            let takes = operator
                .as_ref()
                .is_none_or(|operator| operator.takes(key.value_type()));
            offer_key(list, key, class + u8::from(!takes));
        }
    }
}

fn offer_key(list: &mut CompletionList<'_>, key: ConditionKey, class: u8) {
    // `aws:RequestTag/${TagKey}`: the user writes the tag.
    let (name, open) = match key.name().split_once("${") {
        Some((start, _)) => (start, true),
        None => (key.name(), false),
    };
    let insert = if open {
        write::key(&list.asked.place, name)
            .trim_end()
            .trim_end_matches(':')
            .to_owned()
    } else {
        write::key(&list.asked.place, name)
    };
    let offer = Offer {
        label: key.name(),
        detail: key.value_type().name().to_owned(),
        kind: CompletionKind::ConditionKey,
        insert: name,
        rank: class.into(),
    };
    list.add(offer, insert, None, false);
}

/// Values that are evident from the key.
pub(super) fn values(list: &mut CompletionList<'_>, operator: &str, key: &str) {
    let parsed = Operator::parse(operator).ok();
    let truth = parsed
        .as_ref()
        .is_some_and(|operator| matches!(operator.base.name, "Bool" | "Null"));
    if truth {
        for word in ["true", "false"] {
            text(list, word, "", 0);
        }
        return;
    }
    let config = list.asked.context.config();
    match key.to_ascii_lowercase().as_str() {
        "aws:sourceaccount"
        | "aws:principalaccount"
        | "aws:resourceaccount"
        | "kms:calleraccount" => {
            for account in &config.accounts {
                text(list, &account.id, &format!("account {}", account.name), 0);
            }
        }
        "aws:requestedregion" => {
            for region in &config.regions {
                text(list, region, "", 0);
            }
        }
        "iam:passedtoservice"
        | "aws:principalservicename"
        | "aws:calledvia"
        | "aws:calledviafirst"
        | "aws:calledvialast" => {
            principals::services(list);
        }
        "iam:awsservicename" => principals::services(list),
        "token.actions.githubusercontent.com:aud" => text(list, "sts.amazonaws.com", "", 0),
        _ => {
            for base in catalog()
                .condition_key(key)
                .into_iter()
                .flat_map(|key| operators_for(key.value_type()))
            {
                if base.name == "Bool" {
                    text(list, "true", "", 0);
                    text(list, "false", "", 0);
                }
            }
        }
    }
}

fn text(list: &mut CompletionList<'_>, word: &str, detail: &str, class: u8) {
    list.offer(Offer {
        label: word,
        detail: detail.to_owned(),
        kind: CompletionKind::Keyword,
        insert: word,
        rank: class.into(),
    });
}
