//! What condition keys hold, and which requests have them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::ConditionKey;
use crate::curated::rows;

/// What is known of a condition key beside its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFact {
    /// What it holds, in words that follow "holds".
    pub holds: &'static str,
    /// Which requests have it, in words that follow "is in".
    pub is_in: &'static str,
}

static FACTS: LazyLock<HashMap<&str, KeyFact>> = LazyLock::new(|| {
    let rows = rows(include_str!("../curated/key-facts.tsv"));
    rows.map(|[key, holds, is_in]| (key, KeyFact { holds, is_in }))
        .collect()
});

/// The claims that every token of OpenID Connect has.
const CLAIMS: [(&str, KeyFact); 2] = [
    (
        "sub",
        KeyFact {
            holds: "whom the provider's token is about: with a CI provider the repository and what runs there",
            is_in: "requests that assume a role with a token of the provider",
        },
    ),
    (
        "aud",
        KeyFact {
            holds: "whom the provider's token is for: its audience, or its client ID",
            is_in: "requests that assume a role with a token of the provider",
        },
    ),
];

/// What any other claim is.
const CLAIM: KeyFact = KeyFact {
    holds: "the claim of that name in the provider's token",
    is_in: "requests that assume a role with a token of the provider",
};

/// What any other key of SAML is.
const ASSERTED: KeyFact = KeyFact {
    holds: "the attribute of that name in the assertion",
    is_in: "requests that assume a role with a SAML assertion",
};

impl ConditionKey {
    /// What it holds, and which requests have it, where our table says so.
    pub fn fact(self) -> Option<KeyFact> {
        let name = self.name();
        if let Some(fact) = FACTS.get(name) {
            return Some(*fact);
        }
        let (before, after) = name.rsplit_once(':')?;
        // The name of a service has no dot, the address of a provider has.
        if before.contains('.') {
            let claim = CLAIMS.iter().find(|(claim, _)| *claim == after);
            return Some(claim.map_or(CLAIM, |(_, fact)| *fact));
        }
        if before == "saml" {
            return Some(ASSERTED);
        }
        let of_any = FACTS.get(format!("*:{after}").as_str());
        // What is called after S3 has its requests.
        let of_s3 = || FACTS.get(format!("s3:{after}").as_str());
        of_any
            .or_else(|| before.starts_with("s3").then(of_s3)?)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::FACTS;
    use crate::catalog;

    #[test]
    fn every_row_is_of_a_key() {
        let text = include_str!("../curated/key-facts.tsv");
        let count = text.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(FACTS.len(), count, "a row twice, or with other cells");
        let keys: Vec<&str> = catalog().condition_keys().map(|key| key.name()).collect();
        for (name, fact) in FACTS.iter() {
            let known = match name.strip_prefix('*') {
                Some(end) => keys.iter().any(|key| key.ends_with(end)),
                None => keys.contains(name),
            };
            assert!(known, "{name}");
            assert!(
                !fact.holds.ends_with('.') && !fact.is_in.ends_with('.'),
                "{name}"
            );
        }
    }

    #[test]
    fn every_global_key_has_a_fact() {
        for key in catalog().condition_keys().filter(|key| key.global()) {
            assert!(key.fact().is_some(), "{}", key.name());
        }
    }
}
