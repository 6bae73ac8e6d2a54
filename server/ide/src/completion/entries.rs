//! `Policies` of SAM's functions and state machines: policy templates, their parameters, and names of managed policies.

use leastwise_catalog::catalog;

use super::{CompletionList, CompletionRequest, Offer, order, write};
use crate::CompletionKind;
use crate::position::{Frame, Role};

/// Whether the cursor is in `Policies` of a resource that takes policy templates.
pub(crate) fn takes_templates(asked: &CompletionRequest<'_>) -> bool {
    let keys: Vec<&str> = asked
        .place
        .path
        .iter()
        .filter_map(|step| match step.frame {
            Frame::Key(name) => Some(name),
            _ => None,
        })
        .collect();
    asked.context.analysis.state().is_in_list(&keys)
}

/// Offers what an entry can be.
pub(super) fn entries(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if !takes_templates(asked) {
        return;
    }
    if asked.place.role != Role::Value {
        for template in catalog().policy_templates() {
            let parameters: Vec<&str> = template.parameters().collect();
            let mut insert = write::key(&asked.place, template.name());
            if parameters.is_empty() && insert.ends_with(": ") {
                insert.push_str("{}");
            }
            let offer = Offer {
                label: template.name(),
                detail: match parameters.is_empty() {
                    true => "policy template".to_owned(),
                    false => format!("policy template: {}", parameters.join(", ")),
                },
                kind: CompletionKind::Keyword,
                insert: template.name(),
                rank: 1.into(),
            };
            list.add_key(offer, insert);
        }
        // An entry may be a policy by itself.
        for name in ["Statement", "Version"] {
            super::keys::key(list, name, String::new(), 0);
        }
    }
    if asked.place.role != Role::Key {
        // By name, or by the ARN that is being written.
        let by_arn = asked.typed.starts_with("arn");
        for policy in catalog().managed_policies() {
            list.offer(Offer {
                label: policy.name(),
                detail: "AWS managed policy".to_owned(),
                kind: CompletionKind::Arn,
                insert: if by_arn { policy.arn() } else { policy.name() },
                rank: order::managed(policy),
            });
        }
    }
}

/// Offers the parameters of a policy template that it doesn't have yet.
pub(super) fn parameters(list: &mut CompletionList<'_>, name: &str) {
    let asked = list.asked;
    if !takes_templates(asked) {
        return;
    }
    let Some(template) = catalog().policy_template(name) else {
        return;
    };
    for parameter in template.parameters() {
        if !asked.is_taken(parameter) {
            super::keys::key(list, parameter, format!("of {name}"), 0);
        }
    }
}
