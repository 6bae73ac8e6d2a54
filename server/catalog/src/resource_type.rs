//! Resource types: what an action can be limited to.

use crate::blob::{self, tables};
use crate::{ConditionKey, Service};

/// A resource type of a service, as IAM knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceType(pub(crate) u32);

impl ResourceType {
    /// The service that defines it.
    pub fn service(self) -> Service {
        Service(tables::RESOURCE_TYPES.get(self.0, 0))
    }

    /// Its name: `bucket`.
    pub fn name(self) -> &'static str {
        blob::text(tables::RESOURCE_TYPES.get(self.0, 1))
    }

    /// Its ARN formats with placeholders: `arn:${Partition}:s3:::${BucketName}`. Most types have one.
    pub fn arns(self) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator + use<> {
        blob::list(tables::RESOURCE_TYPES.get(self.0, 2)).map(blob::text)
    }

    /// The condition keys that depend on the resource, beside the global ones.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        blob::list(tables::RESOURCE_TYPES.get(self.0, 3)).map(ConditionKey)
    }
}

impl Service {
    /// Its resource types, in the order of their names.
    pub fn resource_types(
        self,
    ) -> impl DoubleEndedIterator<Item = ResourceType> + ExactSizeIterator + use<> {
        (tables::SERVICES.get(self.0, 4)..tables::SERVICES.get(self.0, 5)).map(ResourceType)
    }

    /// The resource type of this name, without regard to case.
    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        let (start, end) = (
            tables::SERVICES.get(self.0, 4),
            tables::SERVICES.get(self.0, 5),
        );
        blob::find_between(tables::RESOURCE_TYPES, 1, start, end, name).map(ResourceType)
    }
}
