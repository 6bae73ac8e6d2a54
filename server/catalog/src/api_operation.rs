//! Operations of AWS APIs that are no IAM actions: what a call is named is not always what it needs.

use crate::Action;
use crate::blob::{self, tables};

/// An API operation with the actions that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiOperation(pub(crate) u32);

impl ApiOperation {
    /// The operation as a policy would wrongly name it: `s3:ListObjectsV2`.
    pub fn full_name(self) -> &'static str {
        blob::text(tables::API_OPERATIONS.get(self.0, 0))
    }

    /// Whether [`ApiOperation::actions`] is known. The sources give many operations without saying what they need: such
    /// a name may well be an action that the reference doesn't list yet.
    pub fn known(self) -> bool {
        tables::API_OPERATIONS.optional(self.0, 1).is_some()
    }

    /// The actions it needs. Empty where that isn't [`known`](Self::known), or where it needs none.
    pub fn actions(self) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        blob::list(tables::API_OPERATIONS.get(self.0, 1)).map(Action)
    }

    /// Whether a call needs some of [`ApiOperation::actions`] only: those for what it does, as statements of PartiQL do.
    pub fn needs_some(self) -> bool {
        tables::API_OPERATIONS.get(self.0, 2) != 0
    }
}

/// The operation of this name.
pub(crate) fn find(service: &str, operation: &str) -> Option<ApiOperation> {
    blob::find(tables::API_OPERATIONS, 0, &format!("{service}:{operation}")).map(ApiOperation)
}
