//! `Policies` of SAM's functions and state machines: policy templates, their parameters, and names of managed policies.

use leastwise_catalog::catalog;

use super::{CompletionList, CompletionRequest, Offer, order, variables, write};
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

/// Whether the cursor is on the value of a parameter of a policy template.
pub(super) fn is_parameter(asked: &CompletionRequest<'_>) -> bool {
    let keys = asked.place.keys();
    let [leading @ .., name, parameter] = keys.as_slice() else {
        return false;
    };
    let template = catalog().policy_template(name);
    let has = |parameter: &str| {
        let mut own = template.into_iter().flat_map(|of| of.parameters());
        own.any(|own| own == parameter)
    };
    has(parameter) && asked.context.analysis.state().is_in_list(leading)
}

/// Offers the file's own resources for a parameter of a policy template: those whose names its name speaks of, and whose `Ref` is that.
pub(super) fn values(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if !is_parameter(asked) {
        return;
    }
    let parameter = asked.place.keys().last().copied().unwrap_or_default();
    let Some(noun) = REFERRED.iter().find(|(own, _)| *own == parameter) else {
        return;
    };
    let is_meant = |name: &str| {
        name.rsplit(':')
            .next()
            .is_some_and(|own| own.ends_with(noun.1))
    };
    variables::references_to(list, is_meant, 0);
}

/// Parameters that a `Ref` to a resource gives, each with what the names of its types end with.
const REFERRED: [(&str, &str); 6] = [
    ("TableName", "Table"),
    ("BucketName", "Bucket"),
    ("FunctionName", "Function"),
    ("StreamName", "Stream"),
    ("KeyId", "Key"),
    ("LogGroupName", "LogGroup"),
];

/// Elements of a policy that an entry is by itself.
const ELEMENTS: [&str; 2] = ["Statement", "Version"];

/// Offers what an entry can be.
pub(super) fn entries(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if !takes_templates(asked) {
        return;
    }
    // A mapping is a template of a policy, or a policy by itself, and neither has the other's keys.
    let is_policy = ELEMENTS.iter().any(|name| asked.has(name));
    let mut templates = catalog().policy_templates();
    if is_policy || templates.any(|template| asked.has(template.name())) {
        let missing = ELEMENTS.iter().filter(|name| !asked.is_taken(name));
        for name in missing.filter(|_| is_policy && asked.place.role != Role::Value) {
            super::keys::ranked(list, name, String::new(), order::entry(name, 0.into()));
        }
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
                rank: order::entry(template.name(), 1.into()),
            };
            list.add_key(offer, insert);
        }
        // An entry may be a policy by itself.
        for name in ELEMENTS {
            super::keys::ranked(list, name, String::new(), order::entry(name, 0.into()));
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
                rank: order::entry(policy.name(), order::managed(policy)),
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
