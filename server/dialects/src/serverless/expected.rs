//! What can stand in a service's file around policies: <https://www.serverless.com/framework/docs/providers/aws/guide/iam>.

use leastwise_policy::regions;

use crate::cloudformation;
use crate::dialect::{Expected, Rooms, Surrounding};

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

/// Whether a file becomes a service's by the keys that it has at its root.
pub(super) fn begins(at: &Surrounding<'_>) -> bool {
    let is_section = |name: &&str| {
        let mut sections = SECTIONS.iter();
        sections.any(|(own, _)| own.trim_end_matches(':') == *name)
    };
    at.roots.contains(&"service") && at.roots.iter().all(is_section)
}

pub(super) fn expected(at: &Surrounding<'_>, rooms: Rooms) -> Expected {
    match at.keys {
        [] => Expected::keys(&SECTIONS),
        ["provider"] => Expected::keys(&PROVIDER),
        ["provider", "name"] => cloudformation::expected::values(&["aws"]),
        ["provider", "region"] => cloudformation::expected::values(
            regions::partition("aws").map_or(&[], |known| known.regions),
        ),
        ["provider", "iam"] => Expected::keys(&IAM),
        ["provider", "iam", "role"] => Expected::keys(&ROLE),
        ["functions", _] => Expected::keys(&FUNCTION),
        ["resources"] => Expected::keys(&[
            ("Resources:", "what is deployed"),
            ("Outputs:", "what others can refer to"),
        ]),
        ["resources", inner @ ..] => {
            let inside = Surrounding {
                keys: inner,
                value: &|count, key| (at.value)(count + 1, key),
                roots: &[],
            };
            cloudformation::expected::expected(&inside, rooms)
        }
        _ => Expected::default(),
    }
}
