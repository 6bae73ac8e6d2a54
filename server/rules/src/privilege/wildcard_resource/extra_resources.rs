//! What calls need beside the resources that their actions are about: their parts, and what AWS or others have set up.

use std::collections::BTreeSet;

use leastwise_catalog::{Action, ResourceType, catalog};

use super::judged_actions::changes;
use crate::merge::listed;
use crate::support::naming;

/// Kinds of resources whose instances are commonly AWS's defaults, or shared ones: service, type, the format of all of them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html>
/// has `og:default*`, `pg:default*` and `subgrp:default` beside the instance.
/// Mails go out by configuration sets and templates that several apps may share.
const SHARED: [(&str, &str, &str); 11] = [
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
    (
        "ses",
        "configuration-set",
        "arn:${Partition}:ses:${Region}:${Account}:configuration-set/${Any}",
    ),
    (
        "ses",
        "template",
        "arn:${Partition}:ses:${Region}:${Account}:template/${Any}",
    ),
];

/// What AWS has set up in each account, that what an app makes uses unless it has its own: service, type, format. Nobody can
/// change or delete it. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/parameter-groups-overview.html>,
/// <https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html>
const SET_UP: [(&str, &str, &str); 6] = [
    (
        "rds",
        "og",
        "arn:${Partition}:rds:${Region}:${Account}:og:default${Any}",
    ),
    (
        "rds",
        "pg",
        "arn:${Partition}:rds:${Region}:${Account}:pg:default${Any}",
    ),
    (
        "rds",
        "cluster-pg",
        "arn:${Partition}:rds:${Region}:${Account}:cluster-pg:default${Any}",
    ),
    (
        "elasticache",
        "parametergroup",
        "arn:${Partition}:elasticache:${Region}:${Account}:parametergroup:default${Any}",
    ),
    (
        "memorydb",
        "parametergroup",
        "arn:${Partition}:memorydb:${Region}:${Account}:parametergroup/default${Any}",
    ),
    (
        "memorydb",
        "acl",
        "arn:${Partition}:memorydb:${Region}:${Account}:acl/open-access",
    ),
];

/// Types that calls need, though AWS's table doesn't have them as required: service, action, type. For jobs:
/// <https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html>; an instance of Aurora is
/// in a cluster. A command is sent to instances:
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html>.
const NEEDED: [(&str, &str, &str); 5] = [
    ("batch", "SubmitJob", "job-definition"),
    ("elasticache", "CreateCacheCluster", "cluster"),
    ("elasticache", "CreateReplicationGroup", "replicationgroup"),
    ("rds", "CreateDBInstance", "cluster"),
    ("ssm", "SendCommand", "instance"),
];

/// Calls that run documents, which are AWS's as often as the app's:
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-documents-owned.html>.
const RUN_DOCUMENTS: [&str; 4] = [
    "CreateAssociation",
    "SendCommand",
    "StartAutomationExecution",
    "StartSession",
];

/// AWS's own documents, which are in no account.
const DOCUMENTS: &str = "arn:${Partition}:ssm:${Region}::document/AWS${Any}";

/// What AWS has set up in each account, that calls use as often as the app's own: service, actions, format.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html>,
/// <https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html>,
/// <https://docs.aws.amazon.com/athena/latest/ug/datacatalogs-example-policies.html>,
/// <https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html>
const USED: [(&str, &[&str], &str); 5] = [
    (
        "athena",
        &[
            "GetQueryExecution",
            "GetQueryResults",
            "GetWorkGroup",
            "StartQueryExecution",
            "StopQueryExecution",
        ],
        "arn:${Partition}:athena:${Region}:${Account}:workgroup/primary",
    ),
    (
        "athena",
        &[
            "GetDataCatalog",
            "GetDatabase",
            "GetTableMetadata",
            "ListDatabases",
            "ListTableMetadata",
        ],
        "arn:${Partition}:athena:${Region}:${Account}:datacatalog/AwsDataCatalog",
    ),
    // What drivers read to know the tables.
    (
        "cassandra",
        &["Select"],
        "arn:${Partition}:cassandra:${Region}:${Account}:/keyspace/system*",
    ),
    // AWS's own macros, as that of SAM.
    (
        "cloudformation",
        &["CreateChangeSet"],
        "arn:${Partition}:cloudformation:${Region}:aws:transform/*",
    ),
    (
        "events",
        &["PutEvents"],
        "arn:${Partition}:events:${Region}:${Account}:event-bus/default",
    ),
];

/// What of that actions use.
pub(super) fn used(actions: &[Action]) -> Vec<&'static str> {
    let uses = |service: &str, names: &[&str]| {
        let mut own = actions.iter();
        own.any(|own| own.service().prefix() == service && names.contains(&own.name()))
    };
    let rows = USED
        .iter()
        .filter(|(service, names, _)| uses(service, names));
    rows.map(|(_, _, format)| *format).collect()
}

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
    let runs = |action: &Action| {
        action.service().prefix() == "ssm" && RUN_DOCUMENTS.contains(&action.name())
    };
    if actions.iter().any(runs) {
        formats.push(DOCUMENTS);
    }
    formats
}

fn shared(of: ResourceType) -> Option<&'static str> {
    let mut rows = SHARED.iter();
    let own = (of.service().prefix(), of.name());
    let row = rows.find(|(service, name, _)| (*service, *name) == own)?;
    Some(row.2)
}

/// The formats, with the app's own groups and what AWS has set up in place of all groups where one of the actions makes, changes or
/// deletes such groups: else it could those of others, too.
pub(super) fn owned(formats: Vec<&'static str>, actions: &BTreeSet<Action>) -> Vec<&'static str> {
    let is_about = |action: &Action, of: ResourceType| {
        let types = || action.resources().map(|own| own.resource_type());
        let only_groups = || types().all(|own| shared(own).is_some());
        types().any(|own| own == of) && changes(*action) && only_groups()
    };
    let mut all: Vec<&'static str> = Vec::new();
    for format in formats {
        let row = SHARED.iter().find(|(_, _, shared)| *shared == format);
        let of = row.and_then(|(service, name, _)| catalog().resource_type(service, name));
        let of = of.filter(|of| actions.iter().any(|action| is_about(action, *of)));
        let own = of.map_or(vec![format], |of| {
            let key = (of.service().prefix(), of.name());
            let set_up = SET_UP.iter().filter(|row| (row.0, row.1) == key);
            of.arns().chain(set_up.map(|row| row.2)).collect()
        });
        for format in own {
            if !all.contains(&format) {
                all.push(format);
            }
        }
    }
    all
}

/// The formats of what AWS has set up, and of the app's own of the kind, for a wildcard whose actions use it beside what comes first of the service.
pub(super) fn set_up(actions: &[Action], main: &[&'static str]) -> Vec<&'static str> {
    let uses = |service: &str, name: &str| {
        actions.iter().any(|action| {
            let types = || action.resources().map(|of| of.resource_type());
            action.service().prefix() == service
                && types().any(|of| of.name() == name)
                && types().any(|of| of.arns().any(|format| main.contains(&format)))
        })
    };
    let rows = SET_UP.iter();
    let rows = rows.filter(|(service, name, _)| uses(service, name));
    let both = rows.flat_map(|(service, name, format)| {
        let own = catalog().resource_type(service, name);
        let own = own.into_iter().flat_map(|of| of.arns());
        own.filter(|own| naming::is_named_format(own))
            .chain([*format])
    });
    both.chain(used(actions)).collect()
}

/// Whether a format is of what AWS has set up.
pub(super) fn is_set_up(format: &str) -> bool {
    let mut known = SET_UP.iter().map(|(_, _, known)| *known);
    known.any(|known| known == format) || is_used(format)
}

fn is_used(format: &str) -> bool {
    USED.iter().any(|(_, _, known)| *known == format)
}

/// Says of which kinds others' are named as well, and of which they aren't.
pub(super) fn notes(formats: &[&'static str]) -> Vec<String> {
    let mut notes = Vec::new();
    let kinds = |of: &dyn Fn(&str) -> bool, rows: &[(&str, &str, &str)]| -> Vec<String> {
        let rows = rows.iter();
        let named = rows.filter(|(_, _, format)| of(format) && formats.contains(format));
        named.map(|(_, kind, _)| format!("`{kind}`")).collect()
    };
    let any = kinds(&|_| true, &SHARED);
    if !any.is_empty() {
        notes.push(format!(
            "any {}, since those that AWS sets up or apps share may be used",
            listed(&any)
        ));
    }
    let used: Vec<String> = formats
        .iter()
        .filter(|format| is_used(format))
        .filter_map(|format| format.splitn(6, ':').nth(5))
        .map(|own| format!("`{}`", own.trim_start_matches('/')))
        .collect();
    if !used.is_empty() {
        notes.push(format!(
            "{} as well, which AWS sets up and apps share",
            listed(&used)
        ));
    }
    let set_up = kinds(&|format| format.contains("default"), &SET_UP);
    if !set_up.is_empty() {
        notes.push(format!(
            "of {}, AWS's defaults: add others by name, such as a subnet group that apps share",
            listed(&set_up)
        ));
    }
    notes
}
