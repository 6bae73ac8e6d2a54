//! The actions that a trust policy can hold, and who can call which.

use leastwise_model::Item;
use leastwise_policy::ActionPattern;

use crate::Context;

/// Assumes a role with credentials of AWS, of an identity or of a service.
pub(crate) const ASSUME: &str = "AssumeRole";
/// Assumes a role with what a SAML provider says.
pub(crate) const WITH_SAML: &str = "AssumeRoleWithSAML";
/// Assumes a role with a token of an OIDC provider.
pub(crate) const WITH_WEB_IDENTITY: &str = "AssumeRoleWithWebIdentity";

/// All actions that a trust policy can hold, by their names in `sts`.
pub(crate) const OF_TRUST: [&str; 6] = [
    ASSUME,
    WITH_SAML,
    WITH_WEB_IDENTITY,
    "SetContext",
    "SetSourceIdentity",
    "TagSession",
];

/// The action of [`OF_TRUST`] that an item names. `None` also for wildcards.
pub(crate) fn named(item: &Item) -> Option<&'static str> {
    let Some(ActionPattern::Named(action)) = &item.action else {
        return None;
    };
    let sts = action.service().eq_ignore_ascii_case("sts");
    OF_TRUST
        .into_iter()
        .find(|known| sts && known.eq_ignore_ascii_case(action.name()))
}

/// Whether an item of a trust policy's `Action` may be one that it can hold: what isn't known is, and a name that no
/// action has is reported as such.
pub(crate) fn is_of_trust(context: &Context<'_>, item: &Item) -> bool {
    let actions = context.expand(item);
    actions.is_empty()
        || actions
            .iter()
            .any(|action| action.service().prefix() == "sts" && OF_TRUST.contains(&action.name()))
}
