//! Names: parameters, pseudo parameters, variables of the config, resources of the template.

use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_policy::Pattern;

use super::place::InTemplate;
use crate::cloudformation::loops;
use crate::cloudformation::template::{Loop, NestedTemplate, Parameter, Resource};
use crate::limits::VALUES_OF_A_TEXT;
use crate::resolve::trail::Asked;
use crate::resolve::value::{known, unknown};
use crate::resolve::{Alternative, Resolver, TextValue};

/// Types whose attribute `StreamArn` is the ARN of a stream of theirs.
const TABLES: [&str; 2] = ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"];

/// The type that a resource is deployed as.
fn cfn_type(resource: &Resource) -> Option<CfnType> {
    catalog().cfn_type(resource.deployed_type())
}

impl InTemplate<'_> {
    /// What a name stands for that the template declares, but for its parameters, which others may give values.
    pub(super) fn declared(
        &self,
        of: &Resolver<'_>,
        name: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        if let Some(framework) = &self.template.framework
            && name.contains("${")
        {
            return Some(framework.made_name(of, name, depth));
        }
        if name.starts_with("AWS::") {
            return None;
        }
        if let Some((_, value)) = self.bound.iter().find(|(bound, _)| bound == name) {
            return Some(vec![known(value)]);
        }
        if let Some(of_loop) = self.template.loops.get(name) {
            return Some(turns(of, name, of_loop));
        }
        let resource = self.template.resources.get(name)?;
        let way = of.step(Asked("reference"), resource.key);
        Some(self.reference(&of.behind(&way), name, resource, depth))
    }

    /// What a parameter stands for that nobody gives a value.
    pub(super) fn default(
        &self,
        of: &Resolver<'_>,
        name: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let parameter = self.template.parameters.get(name)?;
        Some(self.parameter(of, name, parameter, depth))
    }

    /// An output of a nested stack whose template is among the files.
    fn output(
        &self,
        of: &Resolver<'_>,
        nested: &NestedTemplate,
        stack: &Resource,
        name: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let here = of.at_home();
        let (output, turn) = loops::find(&nested.tree, nested.outputs?, name)?;
        let value = nested.tree.get(output, "Value")?;
        let given = stack
            .properties
            .and_then(|node| here.tree.get(node, "Parameters"));
        let given = given.map(|node| here.tree.pairs(node)).unwrap_or_default();
        let bound: Vec<(String, String)> = given
            .iter()
            .filter_map(|pair| {
                let value = here.literal(pair.value, depth + 1)?;
                Some((here.tree.text(pair.key)?.to_owned(), value))
            })
            .chain(turn)
            .collect();
        let inside = InTemplate {
            bound: &bound,
            in_rules: self.in_rules,
            ..InTemplate::of(&nested.template)
        };
        let child = Resolver {
            tree: &nested.tree,
            home: None,
            passed: None,
            names: &inside,
            ..*of
        };
        let text = Text::lower(&nested.tree, value, nested.template.notation());
        let values = child.text(&text, depth + 1).into_iter();
        let apart = |mut value: Resolved| {
            // Its places and conditions are those of the other file.
            value.pieces.clear();
            value.conditions.clear();
            (TextValue::Text(value), Vec::new())
        };
        Some(values.map(apart).collect())
    }

    fn parameter(
        &self,
        of: &Resolver<'_>,
        name: &str,
        parameter: &Parameter,
        depth: u32,
    ) -> Vec<Alternative> {
        if parameter.is_stored() {
            return unknown(name);
        }
        let own = of.own();
        let scalar = |node| own.text(node);
        if !parameter.is_list()
            && let Some(values) = self.asserted(of, name, depth)
        {
            return values.iter().map(|value| known(value)).collect();
        }
        if let Some(items) = parameter
            .allowed
            .and_then(|node| own.items(own.resolved(node)))
            && !items.is_empty()
            && !parameter.is_list()
        {
            if items.len() > VALUES_OF_A_TEXT {
                of.tried_in_part();
                return unknown(name);
            }
            return items
                .iter()
                .filter_map(|item| scalar(*item))
                .map(known)
                .collect();
        }
        let default = parameter.default.and_then(scalar).filter(|_| of.defaults);
        let Some(text) = default else {
            return unknown(name);
        };
        let assumed = |text: &str| Resolved {
            pattern: Pattern::literal(text),
            assumed: true,
            ..Resolved::default()
        };
        let value = if parameter.is_list() {
            TextValue::List(text.split(',').map(|item| assumed(item.trim())).collect())
        } else {
            TextValue::Text(assumed(text))
        };
        vec![(value, Vec::new())]
    }

    fn reference(
        &self,
        of: &Resolver<'_>,
        name: &str,
        resource: &Resource,
        depth: u32,
    ) -> Vec<Alternative> {
        if let Some(turn) = self.turn(resource) {
            return turn.with(of, |of| turn.reference(of, name, resource, depth));
        }
        let kind = cfn_type(resource);
        match kind.and_then(|kind| kind.ref_returns()) {
            Some(RefReturns::Name) => self.name(of, name, resource, depth),
            Some(RefReturns::Arn) => self.arn(of, name, resource, depth),
            Some(RefReturns::Url) => {
                let mut drafts = vec![Resolved::default()];
                append(&mut drafts, &[known("https://sqs.")]);
                append(&mut drafts, &of.variable("AWS::Region", depth + 1));
                append(&mut drafts, &[known(".")]);
                append(&mut drafts, &of.variable("AWS::URLSuffix", depth + 1));
                append(&mut drafts, &[known("/")]);
                append(&mut drafts, &of.variable("AWS::AccountId", depth + 1));
                append(&mut drafts, &[known("/")]);
                append(&mut drafts, &self.name(of, name, resource, depth));
                drafts
                    .into_iter()
                    .map(|draft| (TextValue::Text(draft), Vec::new()))
                    .collect()
            }
            _ => unknown(name),
        }
    }

    /// The turn of the loops around a resource that makes it, where the way hasn't led there yet.
    fn turn<'r>(&'r self, resource: &'r Resource) -> Option<InTemplate<'r>> {
        let bound = resource.bindings.as_slice();
        (bound != self.bound && !bound.is_empty()).then_some(InTemplate { bound, ..*self })
    }

    /// The physical name of a resource.
    fn name(
        &self,
        of: &Resolver<'_>,
        name: &str,
        resource: &Resource,
        depth: u32,
    ) -> Vec<Alternative> {
        let kind = cfn_type(resource);
        let values = kind
            .and_then(|kind| kind.name_property())
            .and_then(|property| self.property(of, resource, property, depth))
            .unwrap_or_else(|| unknown(name));
        let plain = kind
            .and_then(|kind| kind.arn_template())
            .is_some_and(leastwise_policy::resource::has_plain_name);
        match plain {
            true => values.into_iter().map(of_words).collect(),
            false => values,
        }
    }

    /// The value of a property of a resource, where it is set.
    fn property(
        &self,
        of: &Resolver<'_>,
        resource: &Resource,
        property: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let own = of.own();
        let tree = resource.tree.as_deref().unwrap_or(own);
        let mut node = resource.properties;
        let property = resource.written(property);
        for key in property.split('/') {
            node = node.and_then(|node| tree.get(node, key));
        }
        let inside = Resolver {
            tree,
            home: Some(own),
            ..*of
        };
        let text = match (node, resource.given(property)) {
            (Some(node), _) => Text::lower(tree, node, of.notation()),
            // What the file leaves open the dialect's tool makes up.
            (None, Some(value)) => Text::given(own, resource.key, value, of.notation()),
            (None, None) => return None,
        };
        let values = inside.text(&text, depth + 1);
        if values.is_empty() {
            return None;
        }
        Some(
            values
                .into_iter()
                .map(|value| (TextValue::Text(value), Vec::new()))
                .collect(),
        )
    }

    /// An attribute of a resource: its ARN or name where the type tells how it is made.
    pub(super) fn attribute(
        &self,
        of: &Resolver<'_>,
        name: &str,
        attribute: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let resource = self.template.resources.get(name)?;
        if let Some(turn) = self.turn(resource) {
            return Some(turn.with(of, |of| of.attribute(name, attribute, depth)));
        }
        let way = of.step(Asked("attribute"), resource.key);
        let of = &of.behind(&way);
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(nested) = self.template.nested.get(name)
        {
            return self.output(of, nested, resource, output, depth);
        }
        let kind = cfn_type(resource)?;
        let short = resource.deployed_type();
        let short = short.rsplit("::").next().unwrap_or_default();
        // One in other capitals, which there isn't, is worked out to what is meant.
        let is_called = |own: &str| own.eq_ignore_ascii_case(attribute);
        let own = is_called("Arn") || kind.arn_attribute().is_some_and(is_called);
        if own || attribute.strip_suffix("Arn") == Some(short) {
            let mut values = self.arn(of, name, resource, depth);
            if resource.type_name == "AWS::Logs::LogGroup" {
                // Of all types this one gives the ARN of what is in it.
                for (value, _) in &mut values {
                    if let TextValue::Text(text) = value {
                        let mut builder = Pattern::builder();
                        builder.push_pattern(&text.pattern).push_literal(":*");
                        text.pattern = builder.build();
                    }
                }
            }
            return Some(values);
        }
        if kind.name_property() == Some(attribute) {
            return Some(self.name(of, name, resource, depth));
        }
        if attribute == "StreamArn" && TABLES.contains(&resource.deployed_type()) {
            let mut values = self.arn(of, name, resource, depth);
            for (value, _) in &mut values {
                if let TextValue::Text(text) = value {
                    let mut builder = Pattern::builder();
                    builder
                        .push_pattern(&text.pattern)
                        .push_literal("/stream/")
                        .push_word(&format!("{name}.{attribute}"));
                    text.pattern = builder.build();
                }
            }
            return Some(values);
        }
        None
    }

    /// The ARN of a resource, by its type's template. What its name is stays a hole where the template leaves it to
    /// CloudFormation.
    fn arn(
        &self,
        of: &Resolver<'_>,
        name: &str,
        resource: &Resource,
        depth: u32,
    ) -> Vec<Alternative> {
        let Some(kind) = cfn_type(resource) else {
            return unknown(format!("{name}.Arn"));
        };
        let Some(template) = kind.arn_template() else {
            return unknown(format!("{name}.Arn"));
        };
        let mut drafts: Vec<Resolved> = vec![Resolved::default()];
        let mut rest = template;
        while let Some(open) = rest.find("${") {
            let Some(length) = rest[open..].find('}') else {
                break;
            };
            append(&mut drafts, &[known(&rest[..open])]);
            let placeholder = &rest[open + 2..open + length];
            rest = &rest[open + length + 1..];
            let values = match placeholder {
                "Partition" => of.variable("AWS::Partition", depth + 1),
                "Region" => of.variable("AWS::Region", depth + 1),
                "Account" => of.variable("AWS::AccountId", depth + 1),
                property => self.placeholder(of, name, resource, property, depth),
            };
            append(&mut drafts, &values);
        }
        append(&mut drafts, &[known(rest)]);
        let plain = leastwise_policy::resource::has_plain_name(template);
        drafts
            .into_iter()
            .map(|mut draft| {
                if plain {
                    draft.pattern = draft.pattern.of_words();
                }
                (TextValue::Text(draft), Vec::new())
            })
            .collect()
    }

    /// What a placeholder of an ARN template stands for: the property of that name. Any other is something that AWS
    /// makes up.
    fn placeholder(
        &self,
        of: &Resolver<'_>,
        name: &str,
        resource: &Resource,
        placeholder: &str,
        depth: u32,
    ) -> Vec<Alternative> {
        if let Some(plain) = placeholder.strip_suffix("WithoutLeadingSlash") {
            let values = self.property(of, resource, plain, depth);
            return values.map_or_else(|| unknown(name), without_slash);
        }
        let Some(plain) = placeholder.strip_suffix("WithPath") else {
            let values = self.property(of, resource, placeholder, depth);
            return values.unwrap_or_else(|| unknown(name));
        };
        // The path begins and ends with `/`; the ARN's own `/` is its first.
        let path = self.property(of, resource, "Path", depth);
        let mut drafts = vec![Resolved::default()];
        append(&mut drafts, &path.map_or_else(Vec::new, without_slash));
        let values = self.property(of, resource, plain, depth);
        append(&mut drafts, &values.unwrap_or_else(|| unknown(name)));
        drafts
            .into_iter()
            .map(|draft| (TextValue::Text(draft), Vec::new()))
            .collect()
    }
}

/// What the variable of a loop stands for, one turn after the other.
fn turns(of: &Resolver<'_>, name: &str, of_loop: &Loop) -> Vec<Alternative> {
    if of_loop.values.len() > VALUES_OF_A_TEXT {
        of.tried_in_part();
    }
    let doubtful = of_loop.open || of_loop.assumed && !of.defaults;
    if doubtful || of_loop.values.is_empty() {
        return unknown(name);
    }
    let turn = |value: &String| {
        let mut value = known(value);
        if let TextValue::Text(text) = &mut value.0 {
            text.assumed = of_loop.assumed;
        }
        value
    };
    let values = of_loop.values.iter().take(VALUES_OF_A_TEXT);
    values.map(turn).collect()
}

/// The same value, whose unknown parts are words.
fn of_words((value, conditions): Alternative) -> Alternative {
    let value = match value {
        TextValue::Text(mut text) => {
            text.pattern = text.pattern.of_words();
            TextValue::Text(text)
        }
        TextValue::Unknown(label) => {
            let mut builder = Pattern::builder();
            builder.push_word(&label);
            TextValue::Text(Resolved {
                pattern: builder.build(),
                ..Resolved::default()
            })
        }
        other => other,
    };
    (value, conditions)
}

/// The same texts without a slash at their beginning.
fn without_slash(values: Vec<Alternative>) -> Vec<Alternative> {
    let strip = |(value, conditions)| match value {
        TextValue::Text(mut text) => {
            if let Some(rest) = text.pattern.raw().strip_prefix('/') {
                text.pattern = Pattern::from_raw(rest.to_owned());
            }
            (TextValue::Text(text), conditions)
        }
        other => (other, conditions),
    };
    values.into_iter().map(strip).collect()
}

/// Appends each value to each draft.
fn append(drafts: &mut Vec<Resolved>, values: &[Alternative]) {
    if values.is_empty() {
        return;
    }
    let mut next = Vec::with_capacity(drafts.len() * values.len());
    for draft in drafts.iter() {
        for (value, _) in values {
            if next.len() >= VALUES_OF_A_TEXT {
                break;
            }
            let mut one = draft.clone();
            let mut builder = Pattern::builder();
            builder.push_pattern(&draft.pattern);
            match value {
                TextValue::Text(text) => {
                    builder.push_pattern(&text.pattern);
                    one.assumed |= text.assumed;
                    one.conditions.extend(text.conditions.iter().cloned());
                }
                TextValue::Unknown(label) => {
                    builder.push_hole(label);
                }
                TextValue::List(_) | TextValue::Nothing => {}
            }
            one.pattern = builder.build();
            next.push(one);
        }
    }
    *drafts = next;
}
