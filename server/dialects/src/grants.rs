//! What the policy of a resource lets others do as a rule, by the service that the resource is of.

use leastwise_catalog::{AccessLevel, catalog};

/// What a statement of a resource's own policy begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// What others may do: `sqs:SendMessage`.
    pub action: String,
    /// On what, in the account of AWS's own examples. `None` where such statements name no resource.
    pub resource: Option<&'static str>,
}

/// By the prefixes of services: the action, and the resource, empty where statements name none. A policy that is always about the
/// very resource that has it names that by `*`.
const USUAL: [(&str, &str, &str); 18] = [
    ("backup", "CopyIntoBackupVault", "*"),
    ("codeartifact", "ReadFromRepository", "*"),
    (
        "dynamodb",
        "GetItem",
        "arn:aws:dynamodb:us-east-1:111122223333:table/TABLE",
    ),
    ("ecr", "BatchGetImage", ""),
    ("ecr-public", "BatchCheckLayerAvailability", ""),
    ("elasticfilesystem", "ClientMount", "*"),
    (
        "es",
        "ESHttpGet",
        "arn:aws:es:us-east-1:111122223333:domain/DOMAIN/*",
    ),
    (
        "events",
        "PutEvents",
        "arn:aws:events:us-east-1:111122223333:event-bus/BUS",
    ),
    ("execute-api", "Invoke", "execute-api:/*"),
    (
        "glue",
        "GetTable",
        "arn:aws:glue:us-east-1:111122223333:table/DATABASE/TABLE",
    ),
    (
        "kinesis",
        "PutRecord",
        "arn:aws:kinesis:us-east-1:111122223333:stream/STREAM",
    ),
    ("kms", "Decrypt", "*"),
    (
        "lambda",
        "InvokeFunction",
        "arn:aws:lambda:us-east-1:111122223333:function:FUNCTION",
    ),
    (
        "logs",
        "PutLogEvents",
        "arn:aws:logs:us-east-1:111122223333:log-group:GROUP:*",
    ),
    ("s3", "GetObject", "arn:aws:s3:::BUCKET/*"),
    ("secretsmanager", "GetSecretValue", "*"),
    ("sns", "Publish", "arn:aws:sns:us-east-1:111122223333:TOPIC"),
    (
        "sqs",
        "SendMessage",
        "arn:aws:sqs:us-east-1:111122223333:QUEUE",
    ),
];

/// What the policy of a service's resource lets others do: the usual, else what only reads. `None` for a service that isn't known.
pub fn grant(service: &str) -> Option<Grant> {
    let known = USUAL.iter().find(|(prefix, ..)| *prefix == service);
    if let Some((prefix, action, resource)) = known {
        return Some(Grant {
            action: format!("{prefix}:{action}"),
            resource: Some(*resource).filter(|resource| !resource.is_empty()),
        });
    }
    let mut actions = catalog().service(service)?.actions();
    let reading = actions.find(|action| {
        let reads = action.access_level() == AccessLevel::Read;
        reads && !action.deprecated() && action.resources().next().is_some()
    });
    Some(Grant {
        action: reading.map_or_else(|| format!("{service}:*"), |action| action.full_name()),
        resource: Some("*"),
    })
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::{USUAL, grant};

    #[test]
    fn what_is_usual_exists() {
        for (prefix, action, resource) in USUAL {
            let action = catalog().action(prefix, action);
            assert!(action.is_some(), "{prefix}");
            let own = resource
                .split(':')
                .nth(2)
                .filter(|own| resource.starts_with("arn:") && *own != prefix);
            assert_eq!(own, None);
        }
    }

    #[test]
    fn other_services_let_others_read() {
        let other = grant("vpc-lattice").expect("it is known");
        assert!(other.action.starts_with("vpc-lattice:Get"), "{other:?}");
        assert_eq!(grant("ecr").and_then(|of| of.resource), None);
        assert_eq!(grant("none-such"), None);
    }
}
