//! Actions: what a policy allows or denies.

use crate::blob::{self, tables};
use crate::{AccessLevel, ConditionKey, ResourceType, Service};

/// An IAM action. Ordered by its full name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(pub(crate) u32);

impl Action {
    /// The service it belongs to.
    pub fn service(self) -> Service {
        Service(tables::ACTIONS.get(self.0, 0))
    }

    /// Its name as AWS spells it: `GetObject`.
    pub fn name(self) -> &'static str {
        blob::text(tables::ACTIONS.get(self.0, 1))
    }

    /// Prefix and name as in a policy: `s3:GetObject`.
    pub fn full_name(self) -> String {
        format!("{}:{}", self.service().prefix(), self.name())
    }

    /// What it does to what it touches.
    pub fn access_level(self) -> AccessLevel {
        AccessLevel::from_cell(tables::ACTIONS.get(self.0, 2))
    }

    /// Whether it is only ever checked on the way of another call, and is no API operation itself.
    pub fn permission_only(self) -> bool {
        tables::ACTIONS.get(self.0, 2) & 8 != 0
    }

    /// Whether AWS has deprecated the API operation that it is for, and no other operation needs it.
    pub fn deprecated(self) -> bool {
        tables::ACTIONS.get(self.0, 2) & 16 != 0
    }

    /// The resource types it can be limited to. Empty: the action needs `"Resource": "*"`.
    pub fn resources(
        self,
    ) -> impl DoubleEndedIterator<Item = ActionResource> + ExactSizeIterator + use<> {
        (tables::ACTIONS.get(self.0, 3)..tables::ACTIONS.get(self.0, 4)).map(ActionResource)
    }

    /// The condition keys it knows whatever the resource, beside the global ones.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        blob::list(tables::ACTIONS.get(self.0, 5)).map(ConditionKey)
    }

    /// The actions that the caller may need beside it (`iam:PassRole` for `lambda:CreateFunction`), over all of its
    /// resource types, each once.
    pub fn dependent_actions(
        self,
    ) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        blob::list(tables::ACTIONS.get(self.0, 6)).map(Action)
    }
}

/// One resource type that an action can be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActionResource(u32);

impl ActionResource {
    /// The resource type.
    pub fn resource_type(self) -> ResourceType {
        ResourceType(tables::ACTION_RESOURCES.get(self.0, 0))
    }

    /// Whether a statement with this action must name a resource of this type.
    pub fn required(self) -> bool {
        tables::ACTION_RESOURCES.get(self.0, 1) != 0
    }

    /// The condition keys that the action knows for this resource type.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        blob::list(tables::ACTION_RESOURCES.get(self.0, 2)).map(ConditionKey)
    }

    /// The actions that the caller may need beside it when it touches this resource type.
    pub fn dependent_actions(
        self,
    ) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        blob::list(tables::ACTION_RESOURCES.get(self.0, 3)).map(Action)
    }
}

impl Service {
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
}
