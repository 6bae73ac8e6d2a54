//! Writes the policies that the framework itself adds.

use leastwise_model::draft::{Draft, Drafter};
use leastwise_model::text::Text;
use leastwise_model::{Branch, Effect, Generated, SiteKind};
use leastwise_syntax::NodeId;

use super::notation::SERVICE;
use super::reader::ServiceReader;

/// What the framework's own policies are said to come from.
pub(super) const ORIGIN: &str = "the Serverless Framework";

/// Writes statements for a role.
pub(super) struct Writer<'a> {
    pub reader: ServiceReader<'a>,
    pub node: NodeId,
    drafts: Vec<Draft<'static>>,
    /// What has been written, for statements that several functions ask for.
    written: Vec<(String, Vec<String>)>,
}

impl<'a> Writer<'a> {
    pub fn new(reader: ServiceReader<'a>, node: NodeId) -> Writer<'a> {
        Writer {
            reader,
            node,
            drafts: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Allows actions on resources, which are texts with variables.
    pub fn allow(&mut self, actions: &[&'static str], resources: Vec<String>) {
        self.put(Effect::Allow, actions, &resources);
    }

    /// The same where no statement before it says the same.
    pub(crate) fn allow_once(&mut self, actions: &[&'static str], resources: Vec<String>) {
        let key = (actions.join(" "), resources.clone());
        if !self.written.contains(&key) {
            self.written.push(key);
            self.allow(actions, resources);
        }
    }

    pub fn put(&mut self, effect: Effect, actions: &[&'static str], resources: &[String]) {
        let text = |text: &String| Text::given(self.reader.tree, self.node, text, SERVICE);
        let resources = resources.iter().map(|resource| Some(text(resource)));
        self.drafts.push(Draft {
            effect,
            resources: resources.collect(),
            ..Draft::allow(actions, None)
        });
    }

    fn drafter(&self) -> Drafter<'a> {
        Drafter {
            tree: self.reader.tree,
            at: self.node,
            branch: Branch::new(),
        }
    }

    /// Who may assume the role.
    pub fn trust(&self, services: &[&str]) -> Generated {
        let drafter = self.drafter();
        let policy = drafter.trust(services);
        drafter.generated(SiteKind::Trust, None, ORIGIN, Vec::new(), policy)
    }

    pub fn finish(self, kind: SiteKind, name: Option<String>) -> Generated {
        let drafter = self.drafter();
        let policy = drafter.policy(self.drafts);
        drafter.generated(kind, name, ORIGIN, Vec::new(), policy)
    }
}
