//! What was read without being taken down.

use super::bits::{add, has};
use crate::{NodeId, Retyped};

/// What was read for what is only summed up: what it adds up to may be the same after an edit, but nobody knows without
/// working it out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden {
    nodes: Vec<u64>,
    /// Scalars, and lists of them, of which only whether they have `${` in them was asked, summed up or not.
    asked: Vec<u64>,
    /// What was looked for in the whole text, by what it begins with.
    leads: Vec<&'static str>,
    is_whole: bool,
}

impl Hidden {
    pub fn add(&mut self, node: NodeId) {
        add(&mut self.nodes, node);
    }

    pub fn add_asked(&mut self, node: NodeId) {
        add(&mut self.asked, node);
    }

    pub fn add_lead(&mut self, lead: &'static str) {
        if !self.leads.contains(&lead) {
            self.leads.push(lead);
        }
    }

    pub fn add_whole(&mut self) {
        self.is_whole = true;
    }

    /// The items of a list are others.
    pub fn take_over(&mut self, retyped: &Retyped, items: &[NodeId]) {
        let mut touched = retyped.gone().chain([retyped.scalar]);
        if touched.any(|node| has(&self.asked, node)) {
            items.iter().for_each(|item| self.add_asked(*item));
        }
    }

    pub(super) fn outlasts(&self, retyped: &Retyped, texts: [&str; 2]) -> bool {
        let have = |sign: &str| texts.iter().any(|text| text.contains(sign));
        let mut touched = retyped.gone().chain([retyped.scalar]);
        let is_read = self.is_whole || touched.any(|node| has(&self.nodes, node));
        let mut touched = retyped.gone().chain([retyped.scalar]);
        let is_named = have(SIGN) && touched.any(|node| has(&self.asked, node));
        !is_read && !is_named && !self.leads.iter().any(|lead| have(lead))
    }
}

/// What begins a variable.
const SIGN: &str = "${";
