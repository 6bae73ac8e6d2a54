//! How services of the Serverless Framework write texts: its variables are filled in before CloudFormation sees them.

use std::ops::Range;

use leastwise_syntax::{NodeId, Tree};

use super::{same_file, variable};
use crate::dialect::cloudformation::notation::{choice, function, gives, is_nothing};
use crate::dialect::cloudformation::{each, guards};
use crate::guard::Guard;
use crate::notation::{Call, Choice, Gives, Notation, Opening, interpolate};
use crate::text::Part;
use crate::turn::Turn;

/// A service.
pub(crate) const SERVICE: &dyn Notation = &Service;

#[derive(Debug)]
struct Service;

impl Notation for Service {
    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        let cuts = !tree.is_hole(node) && text.contains("${");
        if cuts {
            interpolate(tree, node, text, None, self, false, parts);
        }
        cuts
    }

    fn function(&self, tree: &Tree, call: Call<'_>, parts: &mut Vec<Part>) -> bool {
        function(tree, call, self, parts)
    }

    fn opening(&self, text: &str, literal: Range<usize>, sub: bool) -> Opening {
        let open = literal.end;
        if text.get(literal).is_some_and(|text| text.ends_with('\\')) {
            return Opening::Escaped;
        }
        if let Some(end) = variable::end(text, open) {
            return Opening::Expression(end);
        }
        if !sub {
            return Opening::Text(open + 2);
        }
        variable::close(text, open).map_or(Opening::Name, Opening::MadeName)
    }

    fn expression_around(&self, text: &str, at: usize) -> Option<Range<usize>> {
        // No variable of a file that somebody writes is longer, and no cursor asks for more.
        const MOST: usize = 512;
        let from = text.floor_char_boundary(at.saturating_sub(MOST));
        let opens = text.get(from..)?.match_indices("${");
        opens
            .map(|(open, _)| from + open)
            .take_while(|open| *open <= at)
            .filter_map(|open| Some(open..variable::end(text, open)?))
            .filter(|range| range.contains(&at))
            .last()
    }

    fn fills_in_first(&self) -> bool {
        true
    }

    fn part_of_file(&self, tree: &Tree, node: NodeId) -> Option<NodeId> {
        same_file(tree, node)
    }

    fn turns(&self, tree: &Tree, mapping: NodeId) -> Option<Vec<Turn>> {
        each::pairs(tree, mapping)
    }

    fn is_nothing(&self, tree: &Tree, node: NodeId) -> bool {
        is_nothing(tree, node)
    }

    fn choice(&self, tree: &Tree, node: NodeId) -> Option<Choice> {
        choice(tree, node)
    }

    fn guards(&self, tree: &Tree, node: NodeId, _: u32) -> Vec<Guard> {
        guards::around(tree, node)
    }

    fn gives(&self, function: &str) -> Gives {
        gives(function)
    }
}
