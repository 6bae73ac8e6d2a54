//! What the policies of an organization hold for.

use leastwise_catalog::Action;

/// The prefixes of the services whose resources RCPs protect, as of September 2026.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>
const PROTECTED: [&str; 62] = [
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// Whether RCPs hold for an action: its service is one of those, and it is about resources.
pub(super) fn are_protected(action: Action) -> bool {
    let prefix = action.service().prefix();
    // AWS names this one as left out.
    let is_exempt = action.full_name() == "kms:RetireGrant";
    PROTECTED.contains(&prefix) && !is_exempt && action.resources().next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_catalog::catalog;

    #[test]
    fn protected_services_are_services() {
        assert!(PROTECTED.is_sorted_by(|a, b| a < b));
        for prefix in PROTECTED {
            assert!(catalog().service(prefix).is_some(), "{prefix}");
        }
    }

    #[test]
    fn only_what_is_about_resources_of_listed_services() {
        for (service, name, answer) in [
            ("sqs", "SendMessage", true),
            ("sts", "AssumeRole", true),
            ("kms", "Decrypt", true),
            ("kms", "RetireGrant", false),
            ("s3", "ListAllMyBuckets", false),
            ("sns", "Publish", false),
        ] {
            let action = catalog().action(service, name).unwrap();
            assert_eq!(are_protected(action), answer, "{service}:{name}");
        }
    }
}
