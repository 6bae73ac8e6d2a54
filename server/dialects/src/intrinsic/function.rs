//! Functions that choose or cut values.

use leastwise_model::resolved::Resolved;
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, View};

use crate::limits::{DEPTH_OF_FUNCTIONS, ITEMS_OF_A_LIST, RESOLVED_LENGTH, VALUES_OF_A_TEXT};
use crate::resolve::names::name_of_hole;
use crate::resolve::trail::Asked;
use crate::resolve::value::unknown;
use crate::resolve::{Alternative, Resolver, TextValue};

impl Resolver<'_> {
    /// What a node is: a text, a list, nothing, or unknown; several where a condition decides.
    pub fn value(&self, node: NodeId, depth: u32) -> Vec<Alternative> {
        self.counted(|of| {
            let values = of.of_node(node, depth);
            of.spend_on(&values);
            values
        })
    }

    fn of_node(&self, node: NodeId, depth: u32) -> Vec<Alternative> {
        let node = self.tree.aliased(node);
        if depth > DEPTH_OF_FUNCTIONS {
            self.too_deep();
            return unknown("");
        }
        if !self.steps_on() {
            return unknown("");
        }
        if let Some(own) = self.names.value(self, node) {
            return own;
        }
        match self.tree.view(node) {
            View::Scalar(text) if self.tree.is_hole(node) => self
                .names
                .put_in_whole(self, node)
                .unwrap_or_else(|| self.variable(name_of_hole(text), depth + 1)),
            View::Sequence(items) => {
                let texts = items
                    .iter()
                    .flat_map(|item| self.texts(*item, depth))
                    .take(ITEMS_OF_A_LIST)
                    .collect();
                vec![(TextValue::List(texts), Vec::new())]
            }
            View::Tagged(tag, argument) => {
                let argument = self.tree.aliased(argument);
                let arguments = self.tree.items(argument).unwrap_or_default();
                match (tag.name.as_str(), arguments) {
                    // A name may be a function itself, by the language extensions.
                    ("Ref", _) => match self.literal(argument, depth + 1) {
                        Some(name) => self.variable(&name, depth + 1),
                        None => unknown("Ref"),
                    },
                    ("Fn::GetAtt", &[resource, attribute])
                        if self.tree.text(resource).is_none()
                            || self.tree.text(attribute).is_none() =>
                    {
                        match (
                            self.literal(resource, depth + 1),
                            self.literal(attribute, depth + 1),
                        ) {
                            (Some(resource), Some(attribute)) => {
                                self.attribute(&resource, &attribute, depth + 1)
                            }
                            _ => unknown("Fn::GetAtt"),
                        }
                    }
                    ("Fn::ImportValue", _) => self.imported(argument, depth),
                    ("Fn::Length", _) => self.length(argument, depth),
                    ("Fn::If", &[name, yes, no]) => self.choice(name, yes, no, depth),
                    ("Fn::FindInMap", &[map, top, second, ref rest @ ..]) => {
                        let default = rest
                            .first()
                            .and_then(|node| self.tree.get(*node, "DefaultValue"));
                        self.find_in_map([map, top, second], default, depth)
                    }
                    ("Fn::Select", &[index, list]) => self.select(index, list, depth),
                    ("Fn::Split", &[delimiter, text]) => self.split(delimiter, text, depth),
                    ("Fn::Join", &[delimiter, list]) => self.join(delimiter, list, depth),
                    ("Fn::Sub" | "Fn::GetAtt", _) => self.lowered(node, depth),
                    (name, _) => unknown(name),
                }
            }
            View::Scalar(_) => self.lowered(node, depth),
            View::Mapping(_) | View::Alias(_) | View::Invalid => unknown(""),
        }
    }

    fn texts(&self, node: NodeId, depth: u32) -> Vec<Resolved> {
        if !self.counted(|of| of.steps_on()) {
            return vec![Resolved {
                pattern: Pattern::builder().push_hole("value").build(),
                ..Resolved::default()
            }];
        }
        self.text(&Text::lower(self.tree, node, self.notation()), depth + 1)
    }

    /// A node that lowers to parts; one that would only lower to itself is unknown.
    fn lowered(&self, node: NodeId, depth: u32) -> Vec<Alternative> {
        let text = Text::lower(self.tree, node, self.notation());
        if let [
            Part::Computed {
                node: same, label, ..
            },
        ] = text.parts.as_slice()
            && *same == node
        {
            return unknown(label.as_str());
        }
        self.text(&text, depth + 1)
            .into_iter()
            .map(|mut resolved| {
                let conditions = std::mem::take(&mut resolved.conditions);
                (TextValue::Text(resolved), conditions)
            })
            .collect()
    }

    fn choice(&self, name: NodeId, yes: NodeId, no: NodeId, depth: u32) -> Vec<Alternative> {
        let Some(name) = self.tree.text(name) else {
            return unknown("Fn::If");
        };
        let decided = self.condition(name, depth + 1);
        let mut values = Vec::new();
        for (branch, holds) in [(yes, true), (no, false)] {
            if decided.is_some_and(|decided| decided != holds) {
                continue;
            }
            for (value, mut conditions) in self.value(branch, depth + 1) {
                conditions.insert(0, (name.to_owned(), holds));
                values.push((value, conditions));
            }
        }
        // What leaves a text out is the same each time.
        let mut more = values.iter().skip(VALUES_OF_A_TEXT);
        if more.any(|(value, _)| !matches!(value, TextValue::Nothing)) {
            self.tried_in_part();
        }
        values.truncate(VALUES_OF_A_TEXT);
        values
    }

    /// The one literal that a node stands for, where it is known.
    pub fn literal(&self, node: NodeId, depth: u32) -> Option<String> {
        match self.texts(node, depth).as_slice() {
            [one] => one.pattern.as_literal(),
            _ => None,
        }
    }

    /// `default` is the value for keys that the map doesn't have; only where they are known it is taken.
    fn find_in_map(
        &self,
        keys: [NodeId; 3],
        default: Option<NodeId>,
        depth: u32,
    ) -> Vec<Alternative> {
        let [map, top, second] = keys.map(|key| self.literal(key, depth + 1));
        let (Some(map), Some(top), Some(second)) = (map, top, second) else {
            return unknown("Fn::FindInMap");
        };
        let keys = [top.as_str(), second.as_str()];
        if let Some(node) = self.names.in_map(self.own(), &map, keys) {
            let way = self.step(Asked("entry"), node);
            return self.behind(&way).at_home().value(node, depth + 1);
        }
        match default {
            Some(node) => self.value(node, depth + 1),
            None => unknown("Fn::FindInMap"),
        }
    }

    /// The number of items of a list.
    fn length(&self, list: NodeId, depth: u32) -> Vec<Alternative> {
        let count = |value: &TextValue| match value {
            TextValue::List(items) => Some(items.len()),
            _ => None,
        };
        let counted = self.value(list, depth + 1).into_iter();
        counted
            .map(|(value, conditions)| match count(&value) {
                Some(count) => {
                    let text = Resolved {
                        pattern: Pattern::literal(&count.to_string()),
                        ..Resolved::default()
                    };
                    (TextValue::Text(text), conditions)
                }
                None => (TextValue::Unknown("Fn::Length".to_owned()), conditions),
            })
            .collect()
    }

    fn select(&self, index: NodeId, list: NodeId, depth: u32) -> Vec<Alternative> {
        let index = self
            .literal(index, depth)
            .and_then(|text| text.parse::<usize>().ok());
        let Some(index) = index else {
            return unknown("Fn::Select");
        };
        if let Some(item) = self
            .tree
            .items(self.tree.resolved(list))
            .and_then(|items| items.get(index))
        {
            return self.value(*item, depth + 1);
        }
        self.value(list, depth + 1)
            .into_iter()
            .map(|(value, conditions)| match value {
                TextValue::List(items) => match items.into_iter().nth(index) {
                    Some(item) => (TextValue::Text(item), conditions),
                    None => (TextValue::Unknown("Fn::Select".to_owned()), conditions),
                },
                _ => (TextValue::Unknown("Fn::Select".to_owned()), conditions),
            })
            .collect()
    }

    fn split(&self, delimiter: NodeId, text: NodeId, depth: u32) -> Vec<Alternative> {
        let Some(delimiter) = self.tree.text(delimiter).filter(|text| !text.is_empty()) else {
            return unknown("Fn::Split");
        };
        let mut values = Vec::new();
        for whole in self.texts(text, depth) {
            // A hole may hold the delimiter: then nobody knows which piece is which.
            if whole.pattern.has_holes() {
                values.push((TextValue::Unknown("Fn::Split".to_owned()), whole.conditions));
                continue;
            }
            let pieces = whole
                .pattern
                .raw()
                .split(delimiter)
                .take(ITEMS_OF_A_LIST)
                .map(|piece| Resolved {
                    pattern: Pattern::from_raw(piece.to_owned()),
                    assumed: whole.assumed,
                    ..Resolved::default()
                });
            values.push((TextValue::List(pieces.collect()), whole.conditions.clone()));
        }
        values
    }

    /// `Fn::Join` over a list that isn't written out.
    fn join(&self, delimiter: NodeId, list: NodeId, depth: u32) -> Vec<Alternative> {
        let Some(delimiter) = self.tree.text(delimiter) else {
            return unknown("Fn::Join");
        };
        self.value(list, depth + 1)
            .into_iter()
            .map(|(value, conditions)| {
                let TextValue::List(items) = value else {
                    return (TextValue::Unknown("Fn::Join".to_owned()), conditions);
                };
                let mut builder = Pattern::builder();
                let mut assumed = false;
                for (index, item) in items.iter().enumerate() {
                    if builder.len() + delimiter.len() + item.pattern.len() > RESOLVED_LENGTH {
                        self.cut_off();
                        return (TextValue::Unknown("Fn::Join".to_owned()), conditions);
                    }
                    if index > 0 {
                        builder.push_text(delimiter);
                    }
                    builder.push_pattern(&item.pattern);
                    assumed |= item.assumed;
                }
                let joined = Resolved {
                    pattern: builder.build(),
                    assumed,
                    ..Resolved::default()
                };
                (TextValue::Text(joined), conditions)
            })
            .collect()
    }
}
