//! Whom a statement is about.

use leastwise_catalog::catalog;
use leastwise_policy::PolicyKind;
use leastwise_policy::principal::PRINCIPAL_TYPES;

use super::order::{self, LikelyServices, Rank, Wanted};
use super::snippets::{ACCOUNT, hole, numbered, unmarked};
use super::{
    CompletionList, Offer, identities, keys, providers, resources, segments, variables, write,
};
use crate::CompletionKind;
use crate::position::{Dash, Quote, Role};

pub(super) fn kinds(list: &mut CompletionList<'_>) {
    let role = list.asked.place.role;
    let empty = !matches!(
        list.asked.place.path.last().map(|step| step.frame),
        Some(crate::position::Frame::Map)
    );
    let is_argument = list.asked.place.is_argument;
    // Beside another kind nothing but a kind can stand.
    let is_alone = list.asked.place.dash == Dash::OfFirst || role == Role::Value;
    if role != Role::Key && empty && is_alone || is_argument {
        star(list);
    }
    if role == Role::Value {
        return;
    }
    for (index, kind) in PRINCIPAL_TYPES.into_iter().enumerate() {
        if !is_argument && list.asked.is_taken(kind) {
            continue;
        }
        let detail = match kind {
            "AWS" => "accounts, roles and users",
            "Service" => "AWS services",
            "Federated" => "identity providers",
            _ => "S3's canonical user IDs",
        };
        keys::key(list, kind, detail.to_owned(), index as u8);
    }
}

fn star(list: &mut CompletionList<'_>) {
    list.offer(Offer {
        label: "*",
        detail: "anyone".to_owned(),
        kind: CompletionKind::Principal,
        insert: "*",
        rank: 9.into(),
    });
}

pub(super) fn values(list: &mut CompletionList<'_>, kind: &str) {
    match kind {
        "Service" => {
            let wanted = match list.asked.kind() {
                PolicyKind::Trust => Wanted::Assumer,
                _ => Wanted::Caller,
            };
            services(list, wanted);
        }
        "AWS" => accounts(list),
        "Federated" => identity_providers(list),
        _ => {}
    }
}

/// Accounts, and who is in them.
fn accounts(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    let partition = resources::partition(asked);
    let root = |account: &str| format!("arn:{partition}:iam::{account}:root");
    if let Some(account) = asked.spelling().and_then(|known| known.account.as_ref()) {
        resources::arn(list, &root(account), "this account".to_owned(), 0.into());
    }
    for account in &asked.context.config().accounts {
        let detail = format!("account {}", account.name);
        resources::arn(list, &root(&account.id), detail, 0.into());
    }
    for account in &asked.mentioned().accounts {
        let is_known = |known: &leastwise_model::Account| known.id == *account;
        if !asked.context.config().accounts.iter().any(is_known) {
            resources::arn(list, &root(account), "in this file".to_owned(), 4.into());
        }
    }
    if asked.in_template() {
        let own = root("${AWS::AccountId}");
        resources::arn(list, &own, "this account".to_owned(), 1.into());
        let is_caller = |name: &str| identities::is_of_iam(name, &["role", "user"]);
        variables::attributes(list, is_caller, 2);
    }
    for (arn, noun) in identities::arns(asked) {
        resources::arn(list, &arn, noun.to_owned(), 3.into());
    }
    segments::of_identities(list, &identities::IDENTITIES);
    star(list);
}

/// Identity providers: those that the file declares, the ones that are likely to be in the account, and AWS's own.
fn identity_providers(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    let is_saml = asked.words().iter().any(|word| word.ends_with("WithSAML"));
    let kinds = ["oidc-provider", "saml-provider"];
    if asked.in_template() {
        variables::attributes(list, |name| identities::is_of_iam(name, &kinds), 0);
    }
    let class = |of_saml: bool| Rank::from(if is_saml == of_saml { 1 } else { 2 });
    let github = format!("oidc-provider/{}", providers::GITHUB);
    let partition = resources::partition(asked);
    let accounts = resources::accounts_here(asked);
    for account in &accounts {
        let arn = |rest: &str| format!("arn:{partition}:iam::{account}:{rest}");
        resources::arn(
            list,
            &arn(&github),
            "GitHub Actions".to_owned(),
            class(false),
        );
        let saml = arn("saml-provider/");
        resources::arn(list, &saml, "SAML, by its name".to_owned(), class(true));
    }
    if accounts.is_empty() {
        let arn = |rest: &str| format!("arn:{partition}:iam::{}:{rest}", hole(ACCOUNT));
        to_fill_in(list, &arn(&github), "GitHub Actions", class(false));
        let saml = arn(&format!("saml-provider/{}", hole("NAME")));
        to_fill_in(list, &saml, "SAML", class(true));
    }
    for provider in providers::BUILT_IN {
        list.offer(Offer {
            label: provider,
            detail: String::new(),
            kind: CompletionKind::Principal,
            insert: provider,
            rank: 3.into(),
        });
    }
    segments::of_identities(list, &identities::PROVIDERS);
}

/// Offers an ARN with places to fill in, where it is read as it is written.
fn to_fill_in(list: &mut CompletionList<'_>, arn: &str, detail: &str, rank: Rank) {
    let asked = list.asked;
    if asked.host.is_some() || asked.place.quote == Quote::Block {
        return;
    }
    let label = unmarked(arn);
    let begin = label.clone();
    let offer = Offer {
        label: &label,
        detail: detail.to_owned(),
        kind: CompletionKind::Arn,
        insert: &begin,
        rank,
    };
    let insert = write::value(asked, &label);
    list.add(offer, insert, None, false);
    if let Some(item) = list.items.last_mut() {
        // The same quotes and commas around the text with its places.
        item.insert = numbered(&item.insert.replacen(&label, arn, 1));
        item.is_snippet = true;
    }
}

/// Service principals.
pub(super) fn services(list: &mut CompletionList<'_>, wanted: Wanted) {
    let likely = LikelyServices::of(list.asked);
    for principal in catalog().service_principals() {
        list.offer(Offer {
            label: principal,
            detail: String::new(),
            kind: CompletionKind::Principal,
            insert: principal,
            rank: order::principal(principal, wanted, &likely),
        });
    }
}
