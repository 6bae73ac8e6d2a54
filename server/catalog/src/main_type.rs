//! The resources that a policy of an app names first, of services that have many types.

use crate::blob::{self, tables};
use crate::{ResourceType, Service};

/// What an app has of a service before all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MainType {
    /// Resources of a type.
    Type(ResourceType),
    /// ARNs of a format that no type is as wide as.
    Arns(&'static str),
}

impl MainType {
    /// The formats of its ARNs: `arn:${Partition}:s3:::${BucketName}`.
    pub fn arns(self) -> Vec<&'static str> {
        match self {
            MainType::Type(of) => of.arns().collect(),
            MainType::Arns(format) => vec![format],
        }
    }
}

impl Service {
    /// What a policy of an app names first, in the order in which it is written. Empty where no type stands out.
    pub fn main_types(self) -> impl Iterator<Item = MainType> + use<> {
        (0..tables::MAIN_TYPES.rows())
            .filter(move |row| tables::MAIN_TYPES.get(*row, 0) == self.0)
            .map(|row| {
                let value = tables::MAIN_TYPES.get(row, 2);
                match tables::MAIN_TYPES.get(row, 1) {
                    0 => MainType::Type(ResourceType(value)),
                    _ => MainType::Arns(blob::text(value)),
                }
            })
    }
}
