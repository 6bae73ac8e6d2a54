//! Where the peer answers otherwise than AWS says, each with AWS's page.

use serde_json::Value;

/// What AWS says that the peer doesn't, where a case may turn on it.
pub(crate) fn known(simulation: &Value) -> Option<&'static str> {
    let has = |key: &str| !simulation[key].is_null();
    let text = simulation.to_string();
    let sent = &simulation["request"]["contextVariables"];
    let service = simulation["request"]["action"]
        .as_str()?
        .split(':')
        .next()?;
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
    if has("sessionPolicy") && has("resourcePolicy") {
        return Some(
            "what the policy of a resource grants to a session passes the session's own policy",
        );
    }
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    if ["sns", "lambda"].contains(&service)
        && has_statements(&simulation["resourceControlPolicies"])
    {
        return Some("RCPs hold for the services that are listed");
    }
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    if text.contains("\"1767225600\"") {
        return Some("a date may be written as seconds since 1970");
    }
    // The same page: `NotIpAddress` holds for all addresses outside of the range.
    if text.contains("NotIpAddress") && text.contains("2001:db") {
        return Some("addresses of the other version are outside of a range");
    }
    if !text.contains("${") {
        return None;
    }
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    if text.contains("2008-10-17") {
        return Some("policies of 2008 have no variables");
    }
    if sent["aws:username"].is_null() && text.contains("Not") {
        return Some("a negated operator holds against a variable without a value");
    }
    if ["sqs", "sns"].contains(&service) {
        return Some("variables stand for names also where no type is in front of them");
    }
    None
}

fn has_statements(levels: &Value) -> bool {
    levels.as_array().is_some_and(|levels| !levels.is_empty())
}
