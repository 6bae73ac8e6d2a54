//! What an action is to this rule.

use leastwise_catalog::{AccessLevel, Action};
use leastwise_policy::Pattern;
use leastwise_policy::grants::{Request, Witness};
use leastwise_policy::resource::{fits, types_of};

use crate::support::leftovers::Left;

/// Whether an action works on the roles of AWS's services alone: in `role/aws-service-role/`, whose paths and names AWS
/// chooses, are all that `*` stands for, and none of an app's.
pub(super) fn is_of_services(action: Action) -> bool {
    action.service().prefix() == "iam" && action.name().contains("ServiceLinkedRole")
}

/// Whether an action is left on what nobody has named, of the types that it works on.
pub(super) fn is_left(left: &Left, action: Action, patterns: &[&Pattern]) -> bool {
    let formats = || types_of(action).into_iter().flat_map(|of| of.arns());
    let reached = |format: &&str| patterns.iter().any(|of| fits(format, of).possible());
    let at = |place: Witness| left.at(action, &place, &Request::default()).is_some();
    let possible = |format: &str| at(Witness::of_format(format));
    // What takes no resource is left at any place or nowhere.
    let anywhere = || action.resources().len() == 0 && at(Witness::anywhere());
    !left.is_cut() || formats().filter(reached).any(possible) || anywhere()
}

/// Whether it does more than read.
pub(super) fn changes(action: Action) -> bool {
    !matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
}

/// Whether it passes roles to services.
pub(super) fn is_pass_role(action: Action) -> bool {
    action.service().prefix() == "iam" && action.name() == "PassRole"
}
