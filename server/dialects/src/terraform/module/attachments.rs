//! Resource types that are identities, and those that give them policies.

use leastwise_model::{OwnerKind, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::Block;
use crate::terraform::body::argument;

/// A resource type that attaches policies.
pub struct Attach {
    pub type_name: &'static str,
    /// The argument that names a policy, or a list of them.
    pub policy: &'static str,
    /// Those that name identities.
    pub targets: &'static [(&'static str, OwnerKind)],
}

pub(crate) const ATTACH: [Attach; 8] = [
    attach(
        "aws_iam_role_policy_attachment",
        "policy_arn",
        &[("role", OwnerKind::Role)],
    ),
    attach(
        "aws_iam_user_policy_attachment",
        "policy_arn",
        &[("user", OwnerKind::User)],
    ),
    attach(
        "aws_iam_group_policy_attachment",
        "policy_arn",
        &[("group", OwnerKind::Group)],
    ),
    attach(
        "aws_iam_policy_attachment",
        "policy_arn",
        &[
            ("roles", OwnerKind::Role),
            ("users", OwnerKind::User),
            ("groups", OwnerKind::Group),
        ],
    ),
    attach(
        "aws_iam_role_policy_attachments_exclusive",
        "policy_arns",
        &[("role_name", OwnerKind::Role)],
    ),
    attach(
        "aws_iam_user_policy_attachments_exclusive",
        "policy_arns",
        &[("user_name", OwnerKind::User)],
    ),
    attach(
        "aws_iam_group_policy_attachments_exclusive",
        "policy_arns",
        &[("group_name", OwnerKind::Group)],
    ),
    attach(
        "aws_ssoadmin_managed_policy_attachment",
        "managed_policy_arn",
        &[("permission_set_arn", OwnerKind::Resource)],
    ),
];

const fn attach(
    type_name: &'static str,
    policy: &'static str,
    targets: &'static [(&'static str, OwnerKind)],
) -> Attach {
    Attach {
        type_name,
        policy,
        targets,
    }
}

/// Resource types that put users into groups, each with the arguments that name these.
pub(crate) const MEMBERS: [(&str, &str, &str); 2] = [
    ("aws_iam_user_group_membership", "user", "groups"),
    ("aws_iam_group_membership", "users", "group"),
];

/// Resource types that are a policy of one identity.
pub const INLINE: [(&str, &str, OwnerKind); 3] = [
    ("aws_iam_role_policy", "role", OwnerKind::Role),
    ("aws_iam_user_policy", "user", OwnerKind::User),
    ("aws_iam_group_policy", "group", OwnerKind::Group),
];

/// The items of a list, or what stands there by itself.
pub fn nodes(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    match tree.view(node) {
        View::Sequence(items) => items.to_vec(),
        _ => vec![node],
    }
}

/// What sort of owner a resource is.
pub fn kind_of(block: &Block) -> OwnerKind {
    match block.type_name.as_str() {
        "aws_iam_role" => OwnerKind::Role,
        "aws_iam_user" => OwnerKind::User,
        "aws_iam_group" => OwnerKind::Group,
        "aws_iam_policy" => OwnerKind::ManagedPolicy,
        _ => OwnerKind::Resource,
    }
}

/// What an `aws_organizations_policy` is for.
pub(crate) fn organization_kind(tree: &Tree, body: NodeId) -> SiteKind {
    match argument(tree, body, "type").map(|node| tree.text(node)) {
        None | Some(Some("SERVICE_CONTROL_POLICY")) => SiteKind::Scp,
        Some(Some("RESOURCE_CONTROL_POLICY")) => SiteKind::Rcp,
        _ => SiteKind::Organization,
    }
}
