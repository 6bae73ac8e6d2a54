//! Services: what stands before the colon of an action.

use crate::blob::{self, tables};
use crate::main_type::{self, MainType};
use crate::{Action, ConditionKey, ResourceType};

/// An AWS service as IAM knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service(pub(crate) u32);

impl Service {
    /// The prefix of its actions, in lower case: `s3`.
    pub fn prefix(self) -> &'static str {
        blob::text(tables::SERVICES.get(self.0, 0))
    }

    /// The name that AWS shows: `Amazon S3`.
    pub fn name(self) -> &'static str {
        blob::text(tables::SERVICES.get(self.0, 1))
    }

    /// Its actions, in the order of their names.
    pub fn actions(self) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        let (start, end) = self.action_rows();
        (start..end).map(Action)
    }

    /// The action of this name, without regard to case.
    pub fn action(self, name: &str) -> Option<Action> {
        let (start, end) = self.action_rows();
        blob::find_between(tables::ACTIONS, 1, start, end, name).map(Action)
    }

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

    /// What a policy of an app names first, in the order in which it is written. Empty where no type stands out.
    pub fn main_types(self) -> impl Iterator<Item = MainType> + use<> {
        main_type::of(self)
    }

    /// The condition keys that its actions know beside the global ones.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        blob::list(tables::SERVICES.get(self.0, 6)).map(ConditionKey)
    }

    pub(crate) fn action_rows(self) -> (u32, u32) {
        (
            tables::SERVICES.get(self.0, 2),
            tables::SERVICES.get(self.0, 3),
        )
    }
}
