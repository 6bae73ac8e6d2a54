//! What other providers than AWS's hold: their policies are written as IAM's are.

use leastwise_policy::elements::EFFECTS;
use leastwise_syntax::{NodeId, Tree};

use crate::shape::foreign::{any, get, is_of_aws, is_of_other, service, written};

/// Providers of Terraform that have no policies of their own, and hold whatever they are given.
const GENERAL_PROVIDERS: [&str; 10] = [
    "archive",
    "external",
    "helm",
    "http",
    "kubectl",
    "kubernetes",
    "local",
    "null",
    "template",
    "terraform",
];

/// Whether what a resource holds can't be AWS's, by its type. `vault_aws_secret_backend_role` has policies of
/// AWS, `vault_policy` has none.
fn is_of_other_provider(type_name: &str) -> bool {
    let mut words = type_name.split('_');
    let provider = type_name.split('_').next().unwrap_or_default();
    !GENERAL_PROVIDERS.contains(&provider) && !words.any(|word| word.starts_with("aws"))
}

/// Where keys lead, as far as it matters whose it is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nowhere yet.
    #[default]
    Nowhere,
    /// To resources or data sources.
    Blocks,
    /// Into one that isn't AWS's.
    OtherProvider,
    /// Anywhere else.
    Elsewhere,
}

impl Lead {
    /// Where one more key leads. Places in lists are passed over.
    pub fn on(self, key: &str) -> Lead {
        match self {
            Lead::Nowhere | Lead::Blocks if key.parse::<usize>().is_ok() => self,
            Lead::Nowhere if matches!(key, "resource" | "data") => Lead::Blocks,
            Lead::Blocks if is_of_other_provider(key) => Lead::OtherProvider,
            Lead::Nowhere | Lead::Blocks => Lead::Elsewhere,
            Lead::OtherProvider | Lead::Elsewhere => self,
        }
    }
}

/// Whether keys lead into a resource or data source that isn't AWS's.
pub(super) fn leads_to_other_provider(keys: &[String]) -> bool {
    let mut lead = Lead::default();
    keys.iter().for_each(|key| lead = lead.on(key));
    lead == Lead::OtherProvider
}

/// Whether an object that has the elements of a statement is one of IAM's, by what they are.
pub(super) fn is_statement_of_iam(tree: &Tree, node: NodeId) -> bool {
    if any(tree, node, is_of_aws) {
        return true;
    }
    if any(tree, node, is_of_other) {
        return false;
    }
    let effect = get(tree, node, &["Effect"]);
    let is_written = effect.and_then(|effect| tree.text(effect));
    if is_written.is_some_and(|effect| !EFFECTS.contains(&effect)) {
        return false;
    }
    let values =
        |names: &[&str]| get(tree, node, names).map_or_else(Vec::new, |it| written(tree, it));
    let actions = values(&["Action", "Actions", "NotAction", "Not_Actions"]);
    if actions.is_empty() {
        // What isn't written out may be anything: nothing else may speak against it.
        let resources = values(&["Resource", "Resources", "NotResource", "Not_Resources"]);
        return is_written.is_some() && resources.iter().all(|text| *text == "*");
    }
    let is_known = |text: &&str| *text == "*" || service(text).is_some();
    actions.iter().any(is_known)
}
