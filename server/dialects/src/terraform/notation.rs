//! How modules of Terraform write texts and lists: expressions, and strings of blocks and of the JSON syntax.

use leastwise_model::guard::Guard;
use leastwise_model::notation::{
    Choice, FunctionCall, Gives, Lists, MadeObject, Notation, Objects,
};
use leastwise_model::text::{Part, Text};
use leastwise_syntax::{NodeId, Tree, View};

use super::body::{expression, source};
use super::text::{self, Strings};
use super::{comprehension, guards};
use crate::terraform::resolve::allows_only;

/// The native syntax, and plans: in a string, `${…}` is IAM's.
pub(crate) const NATIVE: &dyn Notation = &Terraform(Strings::Native);
/// The native syntax of an `aws_iam_policy_document`, where IAM's variables are `&{…}`.
pub const BLOCKS: &dyn Notation = &Terraform(Strings::Blocks);
/// The JSON syntax, where expressions stand in strings as `${…}`.
pub const JSON: &dyn Notation = &Terraform(Strings::Json);

#[derive(Debug)]
struct Terraform(Strings);

impl Notation for Terraform {
    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        text::scalar(tree, node, text, self.0, parts)
    }

    fn function(&self, tree: &Tree, call: FunctionCall<'_>, parts: &mut Vec<Part>) -> bool {
        text::lower(tree, call.node, self.0, parts, call.depth)
    }

    fn is_nothing(&self, tree: &Tree, node: NodeId) -> bool {
        tree.text(node) == Some("null") && text::is_null(tree, node)
    }

    fn choice(&self, tree: &Tree, node: NodeId) -> Option<Choice> {
        let ("?", argument) = expression(tree, node)? else {
            return None;
        };
        let &[condition, yes, no] = tree.items(tree.resolved(argument))? else {
            return None;
        };
        Some(Choice {
            condition: source(tree, condition),
            yes,
            no,
        })
    }

    fn objects(&self, tree: &Tree, node: NodeId) -> Option<Objects> {
        text::merged(tree, node)
    }

    fn lists(&self, tree: &Tree, node: NodeId) -> Option<Lists> {
        Some(Lists {
            nodes: text::lists(tree, node)?,
            filled: matches!(tree.view(node), View::Tagged(tag, _) if tag.name == "hcl:compact"),
        })
    }

    fn made(&self, tree: &Tree, node: NodeId) -> Option<MadeObject> {
        comprehension::made(tree, node)
    }

    fn allows_only(&self, tree: &Tree, node: NodeId) -> bool {
        allows_only(tree, node)
    }

    fn guards(&self, tree: &Tree, node: NodeId, file: u32) -> Vec<Guard> {
        guards::guards_of(tree, node, file)
    }

    fn gives(&self, function: &str) -> Gives {
        match function {
            "hcl:expr" | "hcl:for" => Gives::Some,
            "hcl:template" => Gives::Text,
            "hcl:merge" => Gives::Object,
            _ => Gives::One,
        }
    }

    fn may_be_list(&self, text: &Text) -> bool {
        self.0 == Strings::Json && matches!(text.parts.as_slice(), [Part::Variable { .. }])
    }

    fn condition_key(&self, tree: &Tree, node: NodeId) -> Option<String> {
        text::key_of_provider(tree, node)
    }
}
