//! What resource types and ARNs are called.

use leastwise_catalog::ResourceType;
use leastwise_policy::resource;

/// What several resources of a type are called in a sentence.
pub(super) fn plural(of: ResourceType) -> String {
    match word(of) {
        Some(several) => several.to_owned(),
        None => format!("resources of type `{}`", of.name()),
    }
}

/// What people call several resources of a type.
pub(super) fn word(of: ResourceType) -> Option<&'static str> {
    let name = of.name();
    let mut words = WORDS.iter();
    let found = words.find(|(one, _)| *one == name);
    found.map(|(_, several)| *several)
}

/// Types that are called what people call them: one, several.
const WORDS: [(&str, &str); 40] = [
    ("accesspoint", "access points"),
    ("alarm", "alarms"),
    ("alias", "aliases"),
    ("bucket", "buckets"),
    ("certificate", "certificates"),
    ("cluster", "clusters"),
    ("db", "databases"),
    ("delivery-stream", "delivery streams"),
    ("domain", "domains"),
    ("endpoint", "endpoints"),
    ("event-bus", "event buses"),
    ("function", "functions"),
    ("group", "groups"),
    ("hostedzone", "hosted zones"),
    ("image", "images"),
    ("index", "indexes"),
    ("instance", "instances"),
    ("job", "jobs"),
    ("key", "keys"),
    ("log-group", "log groups"),
    ("log-stream", "log streams"),
    ("network-interface", "network interfaces"),
    ("object", "objects"),
    ("parameter", "parameters"),
    ("policy", "policies"),
    ("project", "projects"),
    ("queue", "queues"),
    ("repository", "repositories"),
    ("role", "roles"),
    ("rule", "rules"),
    ("secret", "secrets"),
    ("security-group", "security groups"),
    ("snapshot", "snapshots"),
    ("stream", "streams"),
    ("subnet", "subnets"),
    ("table", "tables"),
    ("topic", "topics"),
    ("user", "users"),
    ("volume", "volumes"),
    ("vpc", "VPCs"),
];

/// An ARN format without the braces.
pub(in crate::resources) fn readable(format: &str) -> String {
    resource::compose(format, |name| {
        Some(if name == "Partition" {
            "aws".to_owned()
        } else {
            name.to_owned()
        })
    })
}
