//! ARNs for the resource types that the statement's actions take.

use std::cmp::Reverse;

use leastwise_catalog::{ResourceType, catalog};
use leastwise_dialects::facts::{ArgumentKind, TargetVariables};
use leastwise_dialects::scope::NameKind;
use leastwise_model::Spelling;
use leastwise_policy::resource::{self, Needs, TypeNeed, narrowest_types};

use super::mentioned::Mentioned;
use super::order::{self, Rank};
use super::{CompletionList, CompletionRequest, Offer, typed_arn, variables, write};
use crate::CompletionKind;
use crate::limits::{OFFERED_ENVIRONMENTS, OFFERED_TYPES};
use crate::position::{Manner, Quote};

/// Offers ARNs; the types are told whose they are.
pub(super) fn resources(list: &mut CompletionList<'_>) -> Vec<ResourceType> {
    let asked = list.asked;
    let actions = asked.actions();
    let needs = narrowest_types(&actions);
    let mut types: Vec<(ResourceType, String, bool)> = Vec::new();
    for need in likeliest(&needs) {
        let first = need
            .actions
            .first()
            .map(|action| action.full_name())
            .unwrap_or_default();
        let more = if need.actions.len() > 1 {
            format!(" +{}", need.actions.len() - 1)
        } else {
            String::new()
        };
        types.push((
            need.resource_type,
            format!("{} for {first}{more}", need.resource_type.name()),
            true,
        ));
    }
    for action in &actions {
        for of in resource::types_of(*action) {
            if types.len() < OFFERED_TYPES && !types.iter().any(|(known, ..)| *known == of) {
                types.push((
                    of,
                    format!("{} for {}", of.name(), action.full_name()),
                    false,
                ));
            }
        }
    }
    for (place, (of, detail, is_needed)) in types.iter().take(OFFERED_TYPES).enumerate() {
        for (index, format) in of.arns().enumerate() {
            let rank = order::arn(*is_needed, place, index);
            composed(list, format, detail, rank);
        }
    }
    let wanted: Vec<ResourceType> = types.iter().map(|(of, ..)| *of).collect();
    for text in asked.mentioned().of_types(asked, &wanted) {
        arn(list, &text, "in this file".to_owned(), order::mentioned());
    }
    if asked.in_template() {
        variables::attributes(
            list,
            |name| {
                let own = catalog()
                    .cfn_type(name)
                    .and_then(|kind| kind.resource_type());
                own.is_some_and(|own| wanted.is_empty() || wanted.contains(&own))
            },
            0,
        );
    }
    let nothing_else = needs.types.is_empty() && !needs.without_resource.is_empty();
    let detail = if nothing_else {
        "these actions only support the resource `*`"
    } else {
        "every resource"
    };
    list.offer(Offer {
        label: "*",
        detail: detail.to_owned(),
        kind: CompletionKind::Arn,
        insert: "*",
        rank: order::every_resource(nothing_else),
    });
    wanted
}

/// Offers ARNs of these types.
pub(super) fn of_types(list: &mut CompletionList<'_>, types: &[ResourceType]) {
    for (place, of) in types.iter().take(OFFERED_TYPES).enumerate() {
        for (index, format) in of.arns().enumerate() {
            composed(list, format, of.name(), order::arn(true, place, index));
        }
    }
    for text in list.asked.mentioned().of_types(list.asked, types) {
        arn(list, &text, "in this file".to_owned(), order::mentioned());
    }
    if list.asked.in_template() {
        let is_meant = |name: &str| {
            let own = catalog().cfn_type(name);
            let own = own.and_then(|kind| kind.resource_type());
            own.is_some_and(|own| types.contains(&own))
        };
        variables::attributes(list, is_meant, 0);
    }
}

/// The types that the actions need, in the order in which they are likely to be meant: without which one of them can't do, that
/// most of them take, that an app names first of the service.
fn likeliest(needs: &Needs) -> Vec<&TypeNeed> {
    let mut types: Vec<&TypeNeed> = needs.types.iter().collect();
    types.sort_by_cached_key(|need| {
        let place = order::main_type(need.resource_type);
        (!need.required, Reverse(need.actions.len()), place)
    });
    types
}

/// Whether `${AWS::Region}` and its kin can be written at the cursor.
fn substitutes(asked: &CompletionRequest<'_>) -> bool {
    let is_free = asked.place.quote == Quote::None || write::can_be_called(asked);
    asked.found.sub || asked.in_template() && is_free
}

/// The variables for where the file is deployed that a framework fills in before anything else reads the texts: where the file has
/// them, or no others.
pub(super) fn own_variables(asked: &CompletionRequest<'_>) -> Option<TargetVariables> {
    let own = asked.context.analysis.dialect.own_variables()?;
    let tree = asked.context.tree;
    let has_others = || tree.mentions("AWS::Region") || tree.mentions("AWS::AccountId");
    let is_manner = tree.mentions(own.region) || tree.mentions(own.account) || !has_others();
    (is_manner && !asked.found.sub && asked.host.is_none()).then_some(own)
}

/// Whether a text has variables that it has to be called for.
fn has_called(asked: &CompletionRequest<'_>, text: &str) -> bool {
    match own_variables(asked) {
        Some(own) => {
            let rest = text.replace(own.region, "").replace(own.account, "");
            rest.contains("${")
        }
        None => text.contains("${"),
    }
}

/// The partition as the file's other ARNs write it, unless another one is typed.
pub(super) fn partition(asked: &CompletionRequest<'_>) -> String {
    if let Some(typed) = typed_arn::partition(asked.typed) {
        return typed.to_owned();
    }
    let literal = asked.text.contains("arn:aws:") && !asked.text.contains("arn:${AWS::Partition}:");
    let known = asked
        .context
        .analysis
        .environments
        .iter()
        .find_map(|environment| environment.partition.clone());
    if substitutes(asked) && !literal && own_variables(asked).is_none() {
        "${AWS::Partition}".to_owned()
    } else {
        known.unwrap_or_else(|| "aws".to_owned())
    }
}

/// How the accounts that the file is deployed to are written at the cursor, where no wildcard stands for one.
pub(super) fn accounts_here(asked: &CompletionRequest<'_>) -> Vec<String> {
    if let Some(own) = own_variables(asked) {
        return vec![own.account.to_owned()];
    }
    if substitutes(asked) {
        return vec!["${AWS::AccountId}".to_owned()];
    }
    if let Some(own) = asked.spelling().and_then(|known| known.account.clone()) {
        return vec![own];
    }
    let environments = asked.context.analysis.environments.iter();
    let known = environments.filter_map(|environment| environment.account.clone());
    let mut accounts: Vec<String> = Vec::new();
    for account in known.chain(asked.mentioned().accounts.iter().cloned()) {
        if accounts.len() < OFFERED_ENVIRONMENTS && !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    accounts
}

/// How the Regions that the file is deployed to are written at the cursor, as far as they are known.
pub(super) fn regions_here(asked: &CompletionRequest<'_>) -> Vec<String> {
    if let Some(own) = own_variables(asked) {
        return vec![own.region.to_owned()];
    }
    if substitutes(asked) {
        return vec!["${AWS::Region}".to_owned()];
    }
    if let Some(own) = asked.spelling().and_then(|known| known.region.clone()) {
        return vec![own];
    }
    let environments = asked.context.analysis.environments.iter();
    let known = environments.filter_map(|environment| environment.region.clone());
    let mut regions: Vec<String> = Vec::new();
    let config = asked.context.config().regions.iter();
    let named = config.chain(&asked.mentioned().regions).cloned();
    for region in known.chain(named) {
        if regions.len() < OFFERED_ENVIRONMENTS && !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

/// What the names of the app's resources begin with, as it is written here.
pub(super) fn prefix(asked: &CompletionRequest<'_>) -> Option<String> {
    let config = asked.context.config();
    if substitutes(asked) {
        let state = asked.context.analysis.state();
        let declared = |name: &&String| {
            let named = state.named(asked.context.tree, name);
            named.is_some_and(|named| named.kind == NameKind::Parameter)
        };
        if let Some(name) = config.prefix_variables.iter().find(declared) {
            return Some(format!("${{{name}}}"));
        }
    }
    config.prefix.clone()
}

/// Offers an ARN of a format: in a template with its variables, elsewhere one for each environment.
fn composed(list: &mut CompletionList<'_>, format: &str, detail: &str, rank: Rank) {
    let asked = list.asked;
    // A wildcard would take the place of the name that is there.
    if typed_arn::retyped(asked, format).is_some() {
        return;
    }
    if let Some(spelling) = asked.spelling() {
        return spelled(list, format, detail, rank, spelling);
    }
    let partition = partition(asked);
    let prefix = prefix(asked);
    let compose = |region: &str, account: &str| {
        let mut named = false;
        resource::compose(format, |name| match name {
            "Partition" => Some(partition.clone()),
            "Region" => Some(region.to_owned()),
            "Account" => Some(account.to_owned()),
            _ if named => None,
            _ => {
                named = true;
                prefix.as_ref().map(|prefix| format!("{prefix}-*"))
            }
        })
    };
    let (of_region, of_account) = typed_arn::place(asked.typed);
    let variables = match own_variables(asked) {
        Some(own) => Some((own.region, own.account)),
        None => substitutes(asked).then_some(("${AWS::Region}", "${AWS::AccountId}")),
    };
    if let Some((region, account)) = variables {
        let text = compose(of_region.unwrap_or(region), of_account.unwrap_or(account));
        return arn(list, &text, detail.to_owned(), rank);
    }
    let mentioned = asked.mentioned();
    let only = |typed: Option<&str>, own: Option<&String>, names: &[String]| {
        let own = typed.or(own.map(String::as_str));
        own.or(Mentioned::only(names)).unwrap_or("*").to_owned()
    };
    let mut seen: Vec<String> = Vec::new();
    for environment in asked
        .context
        .analysis
        .environments
        .iter()
        .take(OFFERED_ENVIRONMENTS)
    {
        let region = only(of_region, environment.region.as_ref(), &mentioned.regions);
        let account = only(
            of_account,
            environment.account.as_ref(),
            &mentioned.accounts,
        );
        let (region, account) = (region.as_str(), account.as_str());
        let text = compose(region, account);
        if !seen.contains(&text) {
            arn(list, &text, format!("{detail}, {}", environment.name), rank);
            seen.push(text);
        }
    }
}

/// Offers an ARN by the references of a module of Terraform; one for each environment as far as it has none.
fn spelled(
    list: &mut CompletionList<'_>,
    format: &str,
    detail: &str,
    rank: Rank,
    spelling: &Spelling,
) {
    let asked = list.asked;
    let prefix = match &spelling.prefix {
        Some(prefix) if spelling.is_set_off => Some(format!("{prefix}*")),
        Some(prefix) => Some(format!("{prefix}-*")),
        None => {
            let prefix = asked.context.config().prefix.as_ref();
            prefix.map(|prefix| format!("{prefix}-*"))
        }
    };
    let mut seen: Vec<String> = Vec::new();
    let environments = asked.context.analysis.environments.iter();
    for environment in environments.take(OFFERED_ENVIRONMENTS) {
        let or = |own: &Option<String>, known: &Option<String>, otherwise: &str| {
            let text = own.as_ref().or(known.as_ref());
            text.map_or_else(|| otherwise.to_owned(), String::clone)
        };
        let mut named = false;
        let text = resource::compose(format, |name| match name {
            "Partition" => Some(or(&spelling.partition, &environment.partition, "aws")),
            "Region" => Some(or(&spelling.region, &environment.region, "*")),
            "Account" => Some(or(&spelling.account, &environment.account, "*")),
            _ if std::mem::replace(&mut named, true) => None,
            _ => prefix.clone(),
        });
        if seen.contains(&text) {
            continue;
        }
        arn(list, &text, detail.to_owned(), rank);
        seen.push(text);
    }
}

/// Offers an ARN, called with `Fn::Sub` where it has variables and the cursor is not in one yet.
pub(super) fn arn(list: &mut CompletionList<'_>, text: &str, detail: String, rank: Rank) {
    let place = &list.asked.place;
    let variables = has_called(list.asked, text);
    let insert = match place.quote {
        Quote::None if variables && !list.asked.found.sub => {
            if place.manner == Manner::Json {
                format!("{{\"Fn::Sub\": \"{text}\"}}")
            } else {
                format!("!Sub '{text}'")
            }
        }
        // Variables would stay as they are, unless the text is made what is read for some.
        _ if variables && !list.asked.found.sub && list.asked.in_template() => {
            if !write::can_be_called(list.asked) {
                return;
            }
            write::value(list.asked, text)
        }
        _ => write::value(list.asked, text),
    };
    let offer = Offer {
        label: text,
        detail,
        kind: CompletionKind::Arn,
        insert: text,
        rank,
    };
    list.add(offer, insert, None, false);
    let called = place.quote != Quote::None && variables && !list.asked.found.sub;
    if called && list.asked.in_template() {
        list.call_last();
    }
}

/// Offers the policies of AWS.
pub(super) fn managed(list: &mut CompletionList<'_>) {
    if list.asked.in_template() {
        variables::references_to(list, |name| name == "AWS::IAM::ManagedPolicy", 0);
    }
    let by_arn = list.asked.typed.starts_with("arn");
    let keys = list.asked.place.keys();
    let state = list.asked.context.analysis.state();
    let is_named = state.takes(&keys) == Some(ArgumentKind::ManagedPolicyName);
    for policy in catalog().managed_policies() {
        let offer = Offer {
            label: policy.name(),
            detail: "AWS managed policy".to_owned(),
            kind: CompletionKind::Arn,
            insert: policy.arn(),
            rank: order::managed(policy),
        };
        let text = if is_named {
            policy.name()
        } else {
            policy.arn()
        };
        let insert = write::value(list.asked, text);
        let filter = if by_arn { policy.arn() } else { policy.name() };
        list.add(offer, insert, Some(filter.to_owned()), false);
    }
}
