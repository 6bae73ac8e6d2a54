//! What the policies of a module are used for.

use foldhash::HashMap;
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_model::{Branch, SiteKind};
use leastwise_syntax::NodeId;

/// What a policy is used for.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub kind: SiteKind,
    pub service: Option<&'static str>,
    pub owners: Vec<usize>,
    /// When owners have it, beside when it is there: see [`leastwise_model::Site::held_by`].
    pub held: Vec<(usize, Branch)>,
    /// The managed policies that it is the document of.
    pub managed: Vec<usize>,
    pub name: Option<String>,
    pub path: Vec<String>,
    pub branch: Branch,
    /// The node that a policy of another file is noted at, where the use stands in this file.
    pub anchor: Option<NodeId>,
    /// What guards each of the policies that it is in.
    pub guards: Vec<Vec<Guard>>,
    /// What is searched for in it to put something else there.
    pub replaced: Vec<ModuleNode>,
}

impl Use {
    /// Puts it behind one more guard.
    pub fn guard(&mut self, guard: &Guard) {
        for of in &mut self.guards {
            of.push(guard.clone());
        }
    }
}

/// The documents of the module that something uses, by address.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub uses: HashMap<String, Vec<Use>>,
}

impl Documents {
    /// Takes down a use of a document.
    pub fn used(&mut self, address: &str, of: Use) {
        self.uses.entry(address.to_owned()).or_default().push(of);
    }
}
