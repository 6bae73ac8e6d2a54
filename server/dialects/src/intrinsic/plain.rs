//! How policies as such are written: with variables of the workspace. They may be parts of a template, too, so that they have
//! CloudFormation's functions.

use leastwise_model::notation::{Filler, FunctionCall, Notation, computed, interpolate};
use leastwise_model::text::Part;
use leastwise_syntax::{NodeId, Tree};

use crate::intrinsic::notation::{TEMPLATE, function};

/// A policy as such.
pub const PLAIN: &dyn Notation = &Plain;

#[derive(Debug)]
struct Plain;

impl Notation for Plain {
    fn within(&self) -> Option<&'static dyn Notation> {
        Some(TEMPLATE)
    }

    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        // That of a template has a name, which who uses the template gives a value.
        if tree.is_hole(node) && !text.starts_with("${") || !text.contains("${") {
            return false;
        }
        if tree.is_hole(node) && tree.format().is_json() {
            // Without quotes, what it is filled with is JSON, and no text yet.
            let name = text.trim_start_matches("${").trim_end_matches('}').trim();
            parts.push(computed(tree, node, name));
        } else {
            interpolate(tree, node, text, Filler::Reader, self, parts);
        }
        true
    }

    fn function(&self, tree: &Tree, call: FunctionCall<'_>, parts: &mut Vec<Part>) -> bool {
        function(tree, call, TEMPLATE, parts)
    }
}
