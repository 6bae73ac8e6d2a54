//! Which condition keys there are.

use leastwise_catalog::catalog;

/// Whether a request could have a key: false where neither AWS as a whole nor the service that it is named after has one
/// of this name, and it is none of an identity provider's.
pub fn is_known(key: &str) -> bool {
    if key.contains("${") || catalog().condition_key(key).is_some() {
        return true;
    }
    match key.split_once(':') {
        // The keys of an identity provider begin with its address; those of retired services are in no list.
        Some((prefix, _)) => {
            prefix.contains('.')
                || prefix.eq_ignore_ascii_case("saml")
                || catalog().retired_service(prefix).is_some()
        }
        None => false,
    }
}
