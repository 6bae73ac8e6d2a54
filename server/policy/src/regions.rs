//! Partitions and their regions: the one table to keep up to date.
//!
//! Source: `partitions.json` of botocore 1.44.5. The pseudo regions (`aws-global` …) never stand in an ARN.

use crate::suggest::{is_nearest_alone, nearest};

/// A partition of AWS: a set of regions with accounts of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The name as it stands in an ARN.
    pub name: &'static str,
    /// What all its regions' names start with.
    prefixes: &'static [&'static str],
    /// The regions known when the table was written.
    pub regions: &'static [&'static str],
}

/// All partitions.
pub const PARTITIONS: &[Partition] = &[
    Partition {
        name: "aws",
        prefixes: &[
            "us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-",
        ],
        regions: &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "me-west-1",
            "mx-central-1",
            "sa-east-1",
            "sa-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
    },
    Partition {
        name: "aws-cn",
        prefixes: &["cn-"],
        regions: &["cn-north-1", "cn-northwest-1"],
    },
    Partition {
        name: "aws-us-gov",
        prefixes: &["us-gov-"],
        regions: &["us-gov-east-1", "us-gov-west-1"],
    },
    Partition {
        name: "aws-eusc",
        prefixes: &["eusc-"],
        regions: &["eusc-de-east-1"],
    },
    Partition {
        name: "aws-iso",
        prefixes: &["us-iso-"],
        regions: &["us-iso-east-1", "us-iso-west-1"],
    },
    Partition {
        name: "aws-iso-b",
        prefixes: &["us-isob-"],
        regions: &["us-isob-east-1", "us-isob-west-1"],
    },
    Partition {
        name: "aws-iso-e",
        prefixes: &["eu-isoe-"],
        regions: &["eu-isoe-west-1"],
    },
    Partition {
        name: "aws-iso-f",
        prefixes: &["us-isof-"],
        regions: &["us-isof-east-1", "us-isof-south-1"],
    },
];

/// What is known about a region name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKnown {
    /// A region in the table, with its partition.
    In(&'static Partition),
    /// Not in the table, but made of the words that regions are named by: probably newer than the table.
    Unfamiliar,
    /// It has the shape of a region's name, but not its words: probably a slip of the pen.
    Odd,
    /// Not the shape of a region's name.
    Malformed,
}

/// The partition of that name.
pub fn partition(name: &str) -> Option<&'static Partition> {
    PARTITIONS.iter().find(|partition| partition.name == name)
}

/// The partition name nearest to a misspelt one.
pub(crate) fn suggest_partition(name: &str) -> Option<&'static str> {
    nearest(name, PARTITIONS.iter().map(|partition| partition.name))
}

/// Every region of every partition.
pub fn all_regions() -> impl Iterator<Item = &'static str> {
    PARTITIONS
        .iter()
        .flat_map(|partition| partition.regions.iter().copied())
}

/// What is known about a region's name.
pub fn region(name: &str) -> RegionKnown {
    if let Some(partition) = PARTITIONS
        .iter()
        .find(|partition| partition.regions.contains(&name))
    {
        return RegionKnown::In(partition);
    }
    let words: Vec<&str> = name.split('-').collect();
    let [area @ .., direction, number] = words.as_slice() else {
        return RegionKnown::Malformed;
    };
    let lower = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let numbered = (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if area.is_empty() || !area.iter().all(lower) || !lower(direction) || !numbered {
        return RegionKnown::Malformed;
    }
    let known_area = PARTITIONS
        .iter()
        .flat_map(|partition| partition.prefixes)
        .any(|prefix| name.starts_with(prefix));
    let mut rest = *direction;
    while let Some(shorter) = ["north", "south", "east", "west", "central"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
    {
        rest = shorter;
    }
    match known_area && rest.is_empty() {
        true => RegionKnown::Unfamiliar,
        false if nearest(name, all_regions()).is_some() => RegionKnown::Odd,
        false => RegionKnown::Unfamiliar,
    }
}

/// The region name nearest to a misspelt one.
pub fn suggest_region(name: &str) -> Option<&'static str> {
    nearest(name, all_regions())
}

/// Whether a misspelt region is as near to no other as to this one.
pub fn is_only_region_near(name: &str, meant: &str) -> bool {
    is_nearest_alone(name, meant, all_regions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_that_are_as_near_none_is_meant_for_sure() {
        assert!(is_only_region_near("eu-wset-1", "eu-west-1"));
        assert!(!is_only_region_near("us-est-1", "us-east-1"));
    }

    #[test]
    fn tells_known_new_and_misspelt_regions_apart() {
        let aws = partition("aws").unwrap();
        for (name, known) in [
            ("eu-west-1", RegionKnown::In(aws)),
            ("eu-west-9", RegionKnown::Unfamiliar),
            ("ap-southwest-1", RegionKnown::Unfamiliar),
            ("xx-yyyy-9", RegionKnown::Unfamiliar),
            ("eu-wset-1", RegionKnown::Odd),
            ("ue-west-1", RegionKnown::Odd),
            ("euwest1", RegionKnown::Malformed),
            ("EU-WEST-1", RegionKnown::Malformed),
            ("eu-west-1a", RegionKnown::Malformed),
            ("eu-west-", RegionKnown::Malformed),
            ("", RegionKnown::Malformed),
            ("-", RegionKnown::Malformed),
            ("--1", RegionKnown::Malformed),
        ] {
            assert_eq!(region(name), known, "{name}");
        }
    }
}
