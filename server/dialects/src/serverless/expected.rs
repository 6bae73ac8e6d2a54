//! What can stand in a service's file around policies: <https://www.serverless.com/framework/docs/providers/aws/guide/iam>.

use crate::cloudformation;
use crate::dialect::{Expected, Surrounding};

const SECTIONS: [(&str, &str); 8] = [
    ("service", "its name"),
    ("frameworkVersion", ""),
    ("provider:", "where it is deployed, and its role"),
    ("functions:", ""),
    ("resources:", "of CloudFormation"),
    ("custom:", "variables"),
    ("plugins:", ""),
    ("package:", ""),
];

const PROVIDER: [(&str, &str); 8] = [
    ("name", "aws"),
    ("runtime", ""),
    ("region", ""),
    ("stage", ""),
    ("iam:", "the role of the functions"),
    ("deploymentBucket", ""),
    ("environment:", ""),
    ("apiGateway:", ""),
];

const IAM: [(&str, &str); 2] = [
    ("role:", "that the functions run as"),
    ("deploymentRole", "that it is deployed with"),
];

const ROLE: [(&str, &str); 6] = [
    ("statements:", "what the functions may do"),
    ("managedPolicies:", ""),
    ("permissionsBoundary", "the most that they may do"),
    ("name", ""),
    ("path", ""),
    ("tags:", ""),
];

const FUNCTION: [(&str, &str); 8] = [
    ("handler", ""),
    ("role", "one of its own"),
    ("events:", "what calls it"),
    ("environment:", ""),
    ("runtime", ""),
    ("timeout", "seconds"),
    ("memorySize", "MB"),
    ("description", ""),
];

pub(super) fn expected(at: &Surrounding<'_>) -> Expected {
    match at.keys {
        [] => Expected::keys(&SECTIONS),
        ["provider"] => Expected::keys(&PROVIDER),
        ["provider", "iam"] => Expected::keys(&IAM),
        ["provider", "iam", "role"] => Expected::keys(&ROLE),
        ["functions", _] => Expected::keys(&FUNCTION),
        ["resources"] => Expected::keys(&[
            ("Resources:", "what is deployed"),
            ("Outputs:", "what others can refer to"),
        ]),
        ["resources", inner @ ..] => cloudformation::expected::expected(&Surrounding {
            keys: inner,
            value: &|count, key| (at.value)(count + 1, key),
        }),
        _ => Expected::default(),
    }
}
