//! Services: what stands before the colon of an action.

use crate::ConditionKey;
use crate::blob::{self, tables};

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
