//! What is said of what isn't looked at.

use leastwise_model::limits::POLICIES_ELSEWHERE;

/// What is said where an owner has more policies in other places than [`POLICIES_ELSEWHERE`].
pub fn too_many_policies(place: &str) -> String {
    format!(
        "not all policies are looked at together{place}: a role, user or group has them in more than {POLICIES_ELSEWHERE} \
         other places, and what it may do isn't known as a whole; AWS takes 20 managed policies for a role at most, and \
         10,240 characters of inline ones"
    )
}
