//! A template with the organization that it is for.

use leastwise_model::notation::Notation;
use leastwise_syntax::NodeId;

use super::binding::Placing;
use super::organization::Organization;
use crate::cloudformation::template::Template;

/// The account that a resource goes to.
pub(super) const OWN_ACCOUNT: &str = "AWSAccount";

/// The account that a resource is made for, of those that it is made for.
pub(super) const CURRENT_ACCOUNT: &str = "CurrentAccount";

/// A template with its organization.
#[derive(Debug)]
pub(super) struct Organized {
    /// The root of the template.
    pub root: NodeId,
    /// What the template declares.
    pub template: Template,
    /// How it is written.
    pub notation: &'static dyn Notation,
    /// The organization that it is for.
    pub organization: Organization,
    /// Where its resources go.
    pub placing: Placing,
    /// Whether some of them are made for each of several accounts.
    pub iterates: bool,
    /// These accounts, where all such resources are made for the same, and nothing else names the one at hand.
    pub made_for: Option<Vec<usize>>,
}

impl Organized {
    /// Whether the template itself declares a name.
    pub fn declares_name(&self, name: &str) -> bool {
        let Template {
            resources,
            parameters,
            loops,
            ..
        } = &self.template;
        resources.contains_key(name) || parameters.contains_key(name) || loops.contains_key(name)
    }
}
