//! What arguments of resources take.

use super::module::attachments::ATTACH;
use super::table::policies;
use crate::state::facts::ArgumentKind;

/// Resources that are managed policies.
const MANAGED: [&str; 1] = ["aws_iam_policy"];

/// What the argument takes to which these keys lead from the root: a block's type, its labels, and the names from there.
pub(super) fn takes(keys: &[&str]) -> Option<ArgumentKind> {
    let ["resource", type_name, _, path @ ..] = keys else {
        return None;
    };
    if policies(type_name).iter().any(|of| of.path == path) {
        return Some(ArgumentKind::Document);
    }
    let attaches = |argument: &str| {
        let mut known = ATTACH.iter();
        known.any(|of| of.type_name == *type_name && of.policy == argument)
    };
    let is_managed = match path {
        ["permissions_boundary"] => matches!(*type_name, "aws_iam_role" | "aws_iam_user"),
        ["managed_policy_arns"] => *type_name == "aws_iam_role",
        [argument] => attaches(argument),
        _ => false,
    };
    is_managed.then_some(ArgumentKind::ManagedPolicy(&MANAGED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_what_they_are_for() {
        let managed = Some(ArgumentKind::ManagedPolicy(&MANAGED));
        for (keys, taken) in [
            (
                ["resource", "aws_iam_role_policy", "a", "policy"],
                Some(ArgumentKind::Document),
            ),
            (["resource", "aws_iam_role_policy", "a", "role"], None),
            (["data", "aws_iam_role_policy", "a", "policy"], None),
            (
                [
                    "resource",
                    "aws_iam_role_policy_attachment",
                    "a",
                    "policy_arn",
                ],
                managed,
            ),
            (
                [
                    "resource",
                    "aws_eks_access_policy_association",
                    "a",
                    "policy_arn",
                ],
                None,
            ),
            (
                ["resource", "aws_iam_role", "a", "permissions_boundary"],
                managed,
            ),
        ] {
            assert_eq!(takes(&keys), taken, "{keys:?}");
        }
    }
}
