//! Names that callers choose, where a format of ARNs doesn't say so.

use crate::Catalog;

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("../curated/chosen-names.tsv").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (service, rest) = line.split_once('\t')?;
        let (parts, source) = rest.split_once('\t')?;
        Some((service, parts, source))
    })
}

impl Catalog {
    /// How many placeholders stand before the one that the caller chooses a name for, in the resource part of a format of a
    /// service's ARNs: 1 of `autoScalingGroup:${GroupId}:autoScalingGroupName/${GroupFriendlyName}`. `None` where the format
    /// has no such name that its placeholders don't tell of.
    pub fn chosen_name(self, service: &str, resource: &str) -> Option<usize> {
        let own = rows().filter(|(of, _, _)| *of == service);
        let places = own
            .flat_map(|(_, parts, _)| parts.split(' '))
            .filter_map(|part| resource.find(part).map(|at| (at, part)));
        let before = |(at, part): (usize, &str)| {
            let lead = resource.get(..at)?.matches("${").count();
            Some(lead + part.matches("${").count() - 1)
        };
        places.filter_map(before).min()
    }
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::catalog;

    #[test]
    fn every_row_is_of_formats_and_has_a_source() {
        let count = include_str!("../curated/chosen-names.tsv").lines();
        let count = count.filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().count(), count, "three cells are expected");
        for (service, parts, source) in rows() {
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
