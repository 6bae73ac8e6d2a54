//! How services of the Serverless Framework write texts: its variables are filled in before CloudFormation sees them.

use std::ops::Range;

use leastwise_model::notation::{Filler, FunctionCall, Notation, Opening, interpolate};
use leastwise_model::text::Part;
use leastwise_syntax::{NodeId, Tree};

use super::limits::VARIABLE_LENGTH;
use super::same_file::same_file;
use super::variable;
use crate::intrinsic::notation::{TEMPLATE, function};

/// A service.
pub const SERVICE: &dyn Notation = &ServiceNotation;

#[derive(Debug)]
struct ServiceNotation;

impl Notation for ServiceNotation {
    fn within(&self) -> Option<&'static dyn Notation> {
        Some(TEMPLATE)
    }

    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        let cuts = !tree.is_hole(node) && text.contains("${");
        if cuts {
            interpolate(tree, node, text, Filler::Reader, self, parts);
        }
        cuts
    }

    fn function(&self, tree: &Tree, call: FunctionCall<'_>, parts: &mut Vec<Part>) -> bool {
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
        let from = text.floor_char_boundary(at.saturating_sub(VARIABLE_LENGTH));
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_fn_sub() {
        for (text, needs) in [
            ("arn:aws:s3:::shop", false),
            ("arn:aws:s3:::${self:service}-${sls:stage}-*", false),
            ("arn:aws:s3:::${self:custom.${opt:stage}}", false),
            ("arn:${AWS::Partition}:s3:::${self:service}", true),
            ("${self:service}-${Table}", true),
            ("${${self:custom.table}.Arn}", true),
        ] {
            assert_eq!(SERVICE.leaves_variables(text), needs, "{text}");
        }
        assert!(TEMPLATE.leaves_variables("${self:service}"));
        assert!(!TEMPLATE.leaves_variables("shop"));
    }
}
