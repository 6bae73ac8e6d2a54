//! Copies of AWS's own policies, as tools keep them by their names.

/// Whether a policy of AWS has this name.
pub fn is_name_of_aws(name: &str) -> bool {
    let policy = leastwise_catalog::catalog().managed_policy(name);
    policy.is_some_and(|policy| policy.name() == name)
}

/// Whether so many names of AWS's policies among so many names are a copy of AWS's policies, and not one's own with a name
/// that AWS has too.
pub fn are_of_aws(known: usize, all: usize) -> bool {
    const FEWEST: usize = 8;
    known >= FEWEST && known * 4 >= all * 3
}
