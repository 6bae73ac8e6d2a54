//! Whom a statement is about.

use leastwise_catalog::{catalog, is_type_of_iam};
use leastwise_policy::PolicyKind;
use leastwise_policy::principal::PRINCIPAL_TYPES;

use super::order::{self, LikelyServices, Rank, Wanted};
use super::{CompletionList, Offer, keys, providers, resources, variables};
use crate::CompletionKind;
use crate::position::Role;

pub(super) fn kinds(list: &mut CompletionList<'_>) {
    let role = list.asked.place.role;
    let empty = !matches!(
        list.asked.place.path.last().map(|step| step.frame),
        Some(crate::position::Frame::Map)
    );
    if role != Role::Key && empty {
        star(list);
    }
    if role == Role::Value {
        return;
    }
    for (index, kind) in PRINCIPAL_TYPES.into_iter().enumerate() {
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
        "AWS" => {
            let config = list.asked.context.config();
            for account in &config.accounts {
                let partition = resources::partition(list.asked);
                let arn = format!("arn:{partition}:iam::{}:root", account.id);
                resources::arn(
                    list,
                    &arn,
                    format!("account {}", account.name),
                    Rank::from(0),
                );
            }
            if list.asked.in_template() {
                let partition = resources::partition(list.asked);
                let arn = format!("arn:{partition}:iam::${{AWS::AccountId}}:root");
                resources::arn(list, &arn, "this account".to_owned(), Rank::from(1));
                variables::attributes(list, is_type_of_iam, 2);
            }
            star(list);
        }
        "Federated" => {
            let account = if list.asked.in_template() {
                "${AWS::AccountId}".to_owned()
            } else {
                resources::account(list.asked)
            };
            let partition = resources::partition(list.asked);
            let github = providers::GITHUB;
            let arn = format!("arn:{partition}:iam::{account}:oidc-provider/{github}");
            resources::arn(list, &arn, "GitHub Actions".to_owned(), Rank::from(0));
            for provider in providers::BUILT_IN {
                list.offer(Offer {
                    label: provider,
                    detail: String::new(),
                    kind: CompletionKind::Principal,
                    insert: provider,
                    rank: 1.into(),
                });
            }
        }
        _ => {}
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
