//! What an item of the list stands for, when the editor shows it.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_policy::{condition, elements};
use leastwise_rules::Context;

use crate::{CompletionKind, hover};

pub(crate) fn docs(context: Context<'_>, label: &str, kind: CompletionKind) -> Option<String> {
    match kind {
        CompletionKind::Service => {
            let service = catalog().service(label.trim_end_matches(':'))?;
            Some(describe::describe_service(service, Detail::Brief))
        }
        CompletionKind::Action => {
            let (service, name) = label.split_once(':')?;
            Some(describe::describe_action(
                catalog().action(service, name)?,
                Detail::Brief,
            ))
        }
        CompletionKind::Wildcard => describe::describe_wildcard(label, Detail::Brief),
        CompletionKind::Arn => match catalog().managed_policy(label) {
            Some(policy) => Some(describe::describe_managed_policy(policy, Detail::Brief)),
            None if label.starts_with("arn:") => describe::describe_arn(label, Detail::Brief),
            None => None,
        },
        CompletionKind::Variable => hover::variable(context, label.trim_start_matches('!')),
        CompletionKind::ConditionKey => Some(describe::describe_condition_key(
            catalog().condition_key(label)?,
            Detail::Brief,
        )),
        CompletionKind::Principal => hover::principal(context, label),
        CompletionKind::Keyword => {
            if let Some(template) = catalog().policy_template(label) {
                return Some(describe::describe_policy_template(template, Detail::Brief));
            }
            let element =
                elements::statement_element(label).or_else(|| elements::policy_element(label));
            element
                .map(|element| element.meaning.to_owned())
                .or_else(|| {
                    condition::Operator::parse(label)
                        .ok()
                        .map(|operator| hover::operator(&operator))
                })
        }
    }
}
