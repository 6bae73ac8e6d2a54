//! In what order `resolve` prints what it tells.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// The members of objects: those of policies in the order in which AWS documents them, as people write them too, and before
/// them what a policy is called. Any other comes behind these, by its name.
const ORDER: &[&str] = &[
    "version",
    "catalog",
    "kind",
    "name",
    "account",
    "region",
    "partition",
    "label",
    "names",
    "owner",
    "owners",
    "type",
    "path",
    "environments",
    "policies",
    "attached",
    "arns",
    "generated",
    "document",
    "unknown",
    "conditions",
    "dynamic",
    "pointer",
    "when",
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// A value whose objects are written in [`ORDER`].
pub(crate) struct Ordered<'a>(pub &'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rank = |name: &str| ORDER.iter().position(|known| *known == name);
        match self.0 {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| rank(name).unwrap_or(ORDER.len()));
                serializer.collect_map(members.iter().map(|(name, value)| (name, Ordered(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            other => other.serialize(serializer),
        }
    }
}
