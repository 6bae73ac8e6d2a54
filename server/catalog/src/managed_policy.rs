//! The policies that AWS writes and keeps.

use crate::blob::{self, tables};

/// An AWS managed policy, in its default version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ManagedPolicy(pub(crate) u32);

impl ManagedPolicy {
    /// Its name without path: `AWSLambdaBasicExecutionRole`.
    pub fn name(self) -> &'static str {
        blob::text(tables::MANAGED_POLICIES.get(self.0, 0))
    }

    /// Its ARN in the partition `aws`.
    pub fn arn(self) -> &'static str {
        blob::text(tables::MANAGED_POLICIES.get(self.0, 1))
    }

    /// The policy document as JSON without white space.
    pub fn document(self) -> &'static str {
        blob::text(tables::MANAGED_POLICIES.get(self.0, 2))
    }
}

/// The policy of this name or ARN.
pub(crate) fn find(name_or_arn: &str) -> Option<ManagedPolicy> {
    let name = match name_or_arn.split_once(":iam::aws:policy/") {
        Some((_, path)) => path.rsplit('/').next().unwrap_or(path),
        None => name_or_arn,
    };
    let policy = blob::find(tables::MANAGED_POLICIES, 0, name).map(ManagedPolicy)?;
    let path = |arn: &'static str| arn.split_once(":iam::").map(|(_, path)| path);
    let same = match name_or_arn.split_once(":iam::") {
        // The path is part of an ARN: `policy/service-role/X` and `policy/X` are two policies.
        Some((_, wanted)) => path(policy.arn()) == Some(wanted),
        None => true,
    };
    same.then_some(policy)
}
