//! Plain sentences composed from the facts, as Markdown: for hover and for `leastwise explain`.

use crate::{Action, CfnType, ConditionKey, ManagedPolicy, Service};

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What fits a hover.
    Brief,
    /// All that is known.
    Full,
}

/// An action: what it does, to what, under which conditions, and what else it needs.
pub fn describe_action(action: Action, _detail: Detail) -> String {
    action.full_name()
}

/// What an action pattern such as `s3:Get*` stands for. `None` when it stands for nothing.
pub fn describe_wildcard(_pattern: &str, _detail: Detail) -> Option<String> {
    None
}

/// A service.
pub fn describe_service(service: Service, _detail: Detail) -> String {
    service.name().to_owned()
}

/// The resource types that an ARN can be of. `None` when it fits no format.
pub fn describe_arn(_arn: &str, _detail: Detail) -> Option<String> {
    None
}

/// A condition key.
pub fn describe_condition_key(key: ConditionKey, _detail: Detail) -> String {
    key.name().to_owned()
}

/// A CloudFormation type.
pub fn describe_cfn_type(cfn_type: CfnType, _detail: Detail) -> String {
    cfn_type.name().to_owned()
}

/// A managed policy.
pub fn describe_managed_policy(policy: ManagedPolicy, _detail: Detail) -> String {
    policy.name().to_owned()
}
