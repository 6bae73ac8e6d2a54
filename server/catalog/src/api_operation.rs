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

    /// The actions it needs. Empty: the operation needs no permission.
    pub fn actions(self) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        blob::list(tables::API_OPERATIONS.get(self.0, 1)).map(Action)
    }
}

/// The operation of this name.
pub(crate) fn find(service: &str, operation: &str) -> Option<ApiOperation> {
    blob::find(tables::API_OPERATIONS, 0, &format!("{service}:{operation}")).map(ApiOperation)
}
