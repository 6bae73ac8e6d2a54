//! What calls need beside the resources that their actions are about: their parts, and what AWS or others have set up.

use leastwise_catalog::{Action, ResourceType, catalog};

/// Kinds of resources whose instances are commonly AWS's defaults, or shared ones: service, type, the format of all of them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html>
/// has `og:default*`, `pg:default*` and `subgrp:default` beside the instance.
const SHARED: [(&str, &str, &str); 9] = [
    (
        "rds",
        "og",
        "arn:${Partition}:rds:${Region}:${Account}:og:${Any}",
    ),
    (
        "rds",
        "pg",
        "arn:${Partition}:rds:${Region}:${Account}:pg:${Any}",
    ),
    (
        "rds",
        "cluster-pg",
        "arn:${Partition}:rds:${Region}:${Account}:cluster-pg:${Any}",
    ),
    (
        "rds",
        "subgrp",
        "arn:${Partition}:rds:${Region}:${Account}:subgrp:${Any}",
    ),
    (
        "elasticache",
        "parametergroup",
        "arn:${Partition}:elasticache:${Region}:${Account}:parametergroup:${Any}",
    ),
    (
        "elasticache",
        "subnetgroup",
        "arn:${Partition}:elasticache:${Region}:${Account}:subnetgroup:${Any}",
    ),
    (
        "memorydb",
        "acl",
        "arn:${Partition}:memorydb:${Region}:${Account}:acl/${Any}",
    ),
    (
        "memorydb",
        "parametergroup",
        "arn:${Partition}:memorydb:${Region}:${Account}:parametergroup/${Any}",
    ),
    (
        "memorydb",
        "subnetgroup",
        "arn:${Partition}:memorydb:${Region}:${Account}:subnetgroup/${Any}",
    ),
];

/// Types that calls need, though AWS's table doesn't have them as required: service, action, type. For jobs:
/// <https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html>; an instance of Aurora is
/// in a cluster.
const NEEDED: [(&str, &str, &str); 4] = [
    ("batch", "SubmitJob", "job-definition"),
    ("elasticache", "CreateCacheCluster", "cluster"),
    ("elasticache", "CreateReplicationGroup", "replicationgroup"),
    ("rds", "CreateDBInstance", "cluster"),
];

/// The formats of the types, and of what the actions need beside them.
pub(super) fn formats(actions: &[Action], types: &[ResourceType]) -> Vec<&'static str> {
    let mut types = types.to_vec();
    for (service, name, of) in NEEDED {
        let is_it = |action: &Action| (action.service().prefix(), action.name()) == (service, name);
        if actions.iter().any(is_it)
            && let Some(needed) = catalog().resource_type(service, of)
            && !types.contains(&needed)
        {
            types.push(needed);
        }
    }
    // What only works on groups is about the app's own ones.
    if types.iter().all(|of| shared(*of).is_some()) {
        return types.iter().flat_map(|of| of.arns()).collect();
    }
    let optional = actions.iter().flat_map(|action| action.resources());
    for of in optional.map(|of| of.resource_type()) {
        if shared(of).is_some() && !types.contains(&of) {
            types.push(of);
        }
    }
    let mut formats: Vec<&'static str> = Vec::new();
    for of in types {
        match shared(of) {
            Some(all) => formats.push(all),
            None => formats.extend(of.arns()),
        }
    }
    formats
}

fn shared(of: ResourceType) -> Option<&'static str> {
    let mut rows = SHARED.iter();
    let own = (of.service().prefix(), of.name());
    let row = rows.find(|(service, name, _)| (*service, *name) == own)?;
    Some(row.2)
}
