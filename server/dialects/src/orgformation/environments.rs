//! Where a template is deployed to, by its bindings, as environments.

use leastwise_model::environment::partition_of;
use leastwise_model::limits::ENVIRONMENTS;
use leastwise_model::{Config, Environment};

use super::binding::Placing;
use super::organization::{OrgAccount, Organization};

/// The targets of a template: those of the config that its bindings name, and where the config has none of these, the bindings'
/// own. What they don't tell is as the config says; where resources go to different ones, a text may be meant for either, so that
/// none is taken.
pub(super) fn environments(
    organization: &Organization,
    placing: &Placing,
    (known, config): (&[Environment], &Config),
) -> Vec<Environment> {
    let known = &undecided(placing, known);
    let bound = &placing.common;
    let accounts = bound.accounts.iter().flatten();
    let accounts = accounts.filter_map(|at| organization.accounts.get(*at));
    let accounts = or_none(accounts.collect());
    let regions = or_none(bound.regions.iter().flatten().map(String::as_str).collect());
    if accounts.iter().all(Option::is_none) && regions.iter().all(Option::is_none) {
        return known.to_vec();
    }
    let mut all = Vec::new();
    for account in &accounts {
        let models = of_account(known, *account);
        for region in &regions {
            for model in in_region(&models, *region) {
                let mut target = target(model, *account, *region);
                // It would be a stranger's for whoever asks the config.
                let is_stranger = |number: &mut String| config.account(number).is_none();
                if !config.accounts.is_empty() {
                    target.account.take_if(is_stranger);
                }
                if !all.contains(&target) {
                    all.push(target);
                }
            }
            // Of too many none is left out: nothing is known of any.
            if all.len() > ENVIRONMENTS {
                return vec![called(Environment::default(), false)];
            }
        }
    }
    let first = all.first().and_then(|of| of.region.clone());
    let several = all.iter().any(|of| of.region != first);
    all.into_iter().map(|of| called(of, several)).collect()
}

/// The targets of the config without what differs among the resources.
fn undecided(placing: &Placing, known: &[Environment]) -> Vec<Environment> {
    if !placing.in_several_accounts && !placing.in_several_regions {
        return known.to_vec();
    }
    let mut all: Vec<Environment> = Vec::new();
    for of in known {
        let mut of = of.clone();
        if placing.in_several_accounts {
            of.account = None;
            of.account_name = None;
        }
        if placing.in_several_regions {
            of.region = None;
        }
        of.name = of.account_name.clone().unwrap_or_default();
        if !all.contains(&of) {
            all.push(of);
        }
    }
    let several = all.iter().any(|of| of.region.is_some()) && all.len() > 1;
    all.into_iter().map(|of| called(of, several)).collect()
}

/// A list with at least one entry.
fn or_none<T>(entries: Vec<T>) -> Vec<Option<T>> {
    match entries.is_empty() {
        true => vec![None],
        false => entries.into_iter().map(Some).collect(),
    }
}

/// The targets of the config in an account, or all of them, for what they say beside, where it has none there.
fn of_account<'e>(known: &'e [Environment], account: Option<&OrgAccount>) -> Vec<&'e Environment> {
    let number = account.and_then(|account| account.number.as_ref());
    let own = known.iter();
    let own: Vec<_> = own
        .filter(|of| number.is_some() && of.account.as_ref() == number)
        .collect();
    match own.is_empty() {
        true => known.iter().collect(),
        false => own,
    }
}

/// The same of a region.
fn in_region<'e>(models: &[&'e Environment], region: Option<&str>) -> Vec<&'e Environment> {
    let own = models.iter().copied();
    let own: Vec<_> = own.filter(|of| of.region.as_deref() == region).collect();
    match own.is_empty() {
        true => models.to_vec(),
        false => own,
    }
}

/// A target that is like another one but for what a binding says. Its account is called what the organization calls it, unless the
/// config has it.
fn target(model: &Environment, account: Option<&OrgAccount>, region: Option<&str>) -> Environment {
    let mut made = model.clone();
    if let Some(account) = account
        && (account.number.is_none() || account.number != model.account)
    {
        made.account_name = None;
        made.account.clone_from(&account.number);
        made.name.clone_from(&account.name);
    } else {
        made.name = model.account_name.clone().unwrap_or_default();
    }
    if let Some(region) = region
        && model.region.as_deref() != Some(region)
    {
        made.region = Some(region.to_owned());
        let told = model.partition.clone().filter(|_| model.region.is_none());
        made.partition = told.or_else(|| partition_of(Some(region)));
    }
    made
}

/// The same, called by its account, with the region where there are several.
fn called(mut of: Environment, several: bool) -> Environment {
    let region = of.region.as_deref().filter(|_| several);
    of.name = match (of.name.as_str(), region) {
        ("", None) => "default".to_owned(),
        ("", Some(region)) => region.to_owned(),
        (name, Some(region)) => format!("{name}/{region}"),
        (name, None) => name.to_owned(),
    };
    of
}
