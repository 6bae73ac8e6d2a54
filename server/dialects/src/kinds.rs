//! What tables of properties call the kinds of policies.

use leastwise_model::SiteKind;

/// The kind that a table names.
pub(crate) fn kind_of(name: &str) -> Option<SiteKind> {
    Some(match name {
        "identity" | "permission-set" => SiteKind::Identity,
        "trust" => SiteKind::Trust,
        "resource" => SiteKind::Resource,
        "scp" => SiteKind::Scp,
        "rcp" => SiteKind::Rcp,
        "organization" => SiteKind::Organization,
        "vpc-endpoint" => SiteKind::VpcEndpoint,
        "session" => SiteKind::Session,
        "iot" => SiteKind::Iot,
        _ => return None,
    })
}
