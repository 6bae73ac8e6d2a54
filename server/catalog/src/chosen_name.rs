//! Names that callers choose, where a format of ARNs doesn't say so.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Catalog;
use crate::curated::rows;

const TABLE: &str = include_str!("../curated/chosen-names.tsv");

/// What stands for such names in the formats of a service.
static PARTS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut parts: HashMap<&str, Vec<&str>> = HashMap::new();
    for [service, names, _] in rows(TABLE) {
        parts.entry(service).or_default().extend(names.split(' '));
    }
    parts
});

impl Catalog {
    /// How many placeholders stand before the one that the caller chooses a name for, in the resource part of a format of a
    /// service's ARNs: 1 of `autoScalingGroup:${GroupId}:autoScalingGroupName/${GroupFriendlyName}`. `None` where the format
    /// has no such name that its placeholders don't tell of.
    pub fn chosen_name(self, service: &str, resource: &str) -> Option<usize> {
        let parts = PARTS.get(service)?.iter().copied();
        let places = parts.filter_map(|part| resource.find(part).map(|at| (at, part)));
        let before = |(at, part): (usize, &str)| {
            let lead = resource.get(..at)?.matches("${").count();
            Some(lead + part.matches("${").count() - 1)
        };
        places.filter_map(before).min()
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, rows};
    use crate::catalog;

    #[test]
    fn every_row_is_of_formats_and_has_a_source() {
        let count = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows::<3>(TABLE).count(), count, "three cells are expected");
        for [service, parts, source] in rows(TABLE) {
            assert!(source.starts_with("https://"), "{source}");
            for part in parts.split(' ') {
                let lead = format!("arn:${{Partition}}:{service}:");
                let mut formats = catalog().resource_types().flat_map(|of| of.arns());
                let is_there = formats.any(|of| of.starts_with(&lead) && of.contains(part));
                assert!(is_there, "{service} {part}");
            }
        }
    }

    #[test]
    fn where_the_name_stands() {
        let of = |service, resource| catalog().chosen_name(service, resource);
        assert_eq!(of("elasticache", "user:${UserId}"), Some(0));
        assert_eq!(
            of("elasticache", "reserved-instance:${ReservedCacheNodeId}"),
            None
        );
        let group = "autoScalingGroup:${GroupId}:autoScalingGroupName/${GroupFriendlyName}";
        assert_eq!(of("autoscaling", group), Some(1));
        assert_eq!(of("quicksight", "dashboard/${ResourceId}"), Some(0));
        assert_eq!(of("quicksight", "account/${ResourceId}"), None);
    }
}
