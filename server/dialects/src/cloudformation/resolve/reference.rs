//! Names: parameters, pseudo parameters, variables of the config, resources of the template.

use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_policy::Pattern;

use crate::cloudformation::each;
use crate::resolve::notes::{Pin, pinned};
use crate::resolve::value::{is_empty, known, unknown};
use crate::resolve::{
    Alternative, HOP, InTemplate, MAX_ALTERNATIVES, MAX_DEPTH, Resolver, Scope, Value,
};
use crate::sam::deployed;
use crate::{Loop, Nested, Parameter, Resource};

/// Types whose attribute `StreamArn` is the ARN of a stream of theirs.
const TABLES: [&str; 2] = ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"];

/// The type that a resource is deployed as.
fn cfn_type(resource: &Resource) -> Option<CfnType> {
    catalog().cfn_type(deployed::deployed_type(&resource.type_name))
}

impl Resolver<'_> {
    /// What a name stands for: `${Name}` or `Ref: Name`. The config counts before the template's own defaults.
    pub fn variable(&self, name: &str, depth: u32) -> Vec<Alternative> {
        if depth > MAX_DEPTH {
            self.cut_off();
            return unknown(name);
        }
        let depth = depth + HOP;
        if let Some(own) = self.names().and_then(|names| names.name(self, name)) {
            return own;
        }
        if name.contains("${")
            && let Some(framework) = self.framework()
        {
            return framework.made_name(self, name, depth);
        }
        if name == "AWS::NoValue" {
            return vec![(Value::Nothing, Vec::new())];
        }
        if name.starts_with("AWS::") {
            return self
                .environment
                .pseudo(name)
                .map_or_else(|| unknown(name), |value| vec![known(value)]);
        }
        if let Some((_, value)) = self.bound().iter().find(|(bound, _)| bound == name) {
            return vec![known(value)];
        }
        if let Some(of_loop) = self
            .template()
            .and_then(|template| template.loops.get(name))
        {
            return self.turns(name, of_loop);
        }
        if let Some(resource) = self
            .template()
            .and_then(|template| template.resources.get(name))
        {
            return self.reference(name, resource, depth);
        }
        self.noted_parameter(name, depth)
    }

    /// The values of a parameter or of a name that nothing declares, unless it is taken for something else.
    fn noted_parameter(&self, name: &str, depth: u32) -> Vec<Alternative> {
        let pin = pinned(self.pins, 0, name);
        if pin == Some(Pin::Hole) {
            return unknown(name);
        }
        let mut values = match self.passed().and_then(|passed| passed.get(name)) {
            Some(values) => self.given(name, values, depth),
            None => self.unless_given(name, depth),
        };
        if let Some(Pin::Only(index)) = pin
            && index < values.len()
        {
            values = vec![values.swap_remove(index)];
        }
        if let Some(notes) = self.notes {
            notes.add((0, name.to_owned()), is_empty(&values), values.len());
        }
        values
    }

    /// The values that stacks of other templates give to a parameter.
    fn given(&self, name: &str, values: &[Value], depth: u32) -> Vec<Alternative> {
        let mut found = Vec::new();
        for value in values {
            match value {
                // A stack that leaves it as it is.
                Value::Nothing => found.extend(self.unless_given(name, depth)),
                value => found.push((value.clone(), Vec::new())),
            }
        }
        found.truncate(MAX_ALTERNATIVES);
        found
    }

    /// What a name stands for that nothing in the workspace's templates gives a value.
    fn unless_given(&self, name: &str, depth: u32) -> Vec<Alternative> {
        let values = self.environment.variable(self.config, name);
        if !values.is_empty() {
            return values
                .iter()
                .take(MAX_ALTERNATIVES)
                .map(|value| known(value))
                .collect();
        }
        if self.config.is_prefix_variable(name)
            && let Some(prefix) = &self.config.prefix
        {
            return vec![known(prefix)];
        }
        if let Some(account) = self.config.account_by_variable(name) {
            return vec![known(&account.id)];
        }
        match self
            .template()
            .and_then(|template| template.parameters.get(name))
        {
            Some(parameter) => self.parameter(name, parameter, depth),
            None => unknown(name),
        }
    }

    /// What the variable of a loop stands for, one turn after the other.
    fn turns(&self, name: &str, of_loop: &Loop) -> Vec<Alternative> {
        if of_loop.values.len() > MAX_ALTERNATIVES {
            self.cut_off();
        }
        let doubtful = of_loop.open || of_loop.assumed && !self.defaults;
        if doubtful || of_loop.values.is_empty() {
            return unknown(name);
        }
        let turn = |value: &String| {
            let mut value = known(value);
            if let Value::Text(text) = &mut value.0 {
                text.assumed = of_loop.assumed;
            }
            value
        };
        let values = of_loop.values.iter().take(MAX_ALTERNATIVES);
        values.map(turn).collect()
    }

    /// An output of a nested stack whose template is among the files.
    fn output(
        &self,
        nested: &Nested,
        stack: &Resource,
        name: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let here = self.at_home();
        let (output, turn) = each::find(&nested.tree, nested.outputs?, name)?;
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
        let child = Resolver {
            tree: &nested.tree,
            scope: Scope::Template(InTemplate {
                bound: &bound,
                in_rules: self.in_template()?.in_rules,
                ..InTemplate::of(&nested.template)
            }),
            ..*self
        };
        let text = Text::lower(&nested.tree, value, nested.template.notation());
        let values = child.text(&text, depth + 1).into_iter();
        let apart = |mut value: Resolved| {
            // Its places and conditions are those of the other file.
            value.pieces.clear();
            value.conditions.clear();
            (Value::Text(value), Vec::new())
        };
        Some(values.map(apart).collect())
    }

    fn parameter(&self, name: &str, parameter: &Parameter, depth: u32) -> Vec<Alternative> {
        if parameter.is_stored() {
            return unknown(name);
        }
        let own = self.own();
        let scalar = |node| own.text(node);
        if !parameter.is_list()
            && let Some(values) = self.asserted(name, depth)
        {
            return values.iter().map(|value| known(value)).collect();
        }
        if let Some(items) = parameter
            .allowed
            .and_then(|node| own.items(own.resolved(node)))
            && !items.is_empty()
            && !parameter.is_list()
        {
            if items.len() > MAX_ALTERNATIVES {
                self.cut_off();
                return unknown(name);
            }
            return items
                .iter()
                .filter_map(|item| scalar(*item))
                .map(known)
                .collect();
        }
        let default = parameter.default.and_then(scalar).filter(|_| self.defaults);
        let Some(text) = default else {
            return unknown(name);
        };
        let assumed = |text: &str| Resolved {
            pattern: Pattern::literal(text),
            assumed: true,
            ..Resolved::default()
        };
        let value = if parameter.is_list() {
            Value::List(text.split(',').map(|item| assumed(item.trim())).collect())
        } else {
            Value::Text(assumed(text))
        };
        vec![(value, Vec::new())]
    }

    fn reference(&self, name: &str, resource: &Resource, depth: u32) -> Vec<Alternative> {
        if resource.bindings != self.bound() && !resource.bindings.is_empty() {
            return self.turn(resource).reference(name, resource, depth);
        }
        let kind = cfn_type(resource);
        match kind.and_then(|kind| kind.ref_returns()) {
            Some(RefReturns::Name) => self.name(name, resource, depth),
            Some(RefReturns::Arn) => self.arn(name, resource, depth),
            Some(RefReturns::Url) => {
                let mut drafts = vec![Resolved::default()];
                append(&mut drafts, &[known("https://sqs.")]);
                append(&mut drafts, &self.variable("AWS::Region", depth + 1));
                append(&mut drafts, &[known(".")]);
                append(&mut drafts, &self.variable("AWS::URLSuffix", depth + 1));
                append(&mut drafts, &[known("/")]);
                append(&mut drafts, &self.variable("AWS::AccountId", depth + 1));
                append(&mut drafts, &[known("/")]);
                append(&mut drafts, &self.name(name, resource, depth));
                drafts
                    .into_iter()
                    .map(|draft| (Value::Text(draft), Vec::new()))
                    .collect()
            }
            _ => unknown(name),
        }
    }

    /// The resolver for one turn of the loops around a resource.
    fn turn<'r>(&'r self, resource: &'r Resource) -> Resolver<'r> {
        self.moved(|of| of.bound = &resource.bindings)
    }

    /// The physical name of a resource.
    fn name(&self, name: &str, resource: &Resource, depth: u32) -> Vec<Alternative> {
        let kind = cfn_type(resource);
        let values = kind
            .and_then(|kind| kind.name_property())
            .and_then(|property| self.property(resource, property, depth))
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
        resource: &Resource,
        property: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let own = self.own();
        let tree = resource.tree.as_deref().unwrap_or(own);
        let mut node = resource.properties;
        let property = deployed::written_property(&resource.type_name, property);
        for key in property.split('/') {
            node = node.and_then(|node| tree.get(node, key));
        }
        let inside = Resolver {
            tree,
            ..self.moved(|of| of.home = Some(own))
        };
        let text = match (node, resource.given(property)) {
            (Some(node), _) => Text::lower(tree, node, self.notation()),
            // What the file leaves open the dialect's tool makes up.
            (None, Some(value)) => Text::given(own, resource.key, value, self.notation()),
            (None, None) => return None,
        };
        let values = inside.text(&text, depth + 1);
        if values.is_empty() {
            return None;
        }
        Some(
            values
                .into_iter()
                .map(|value| (Value::Text(value), Vec::new()))
                .collect(),
        )
    }

    /// An attribute of a resource: its ARN or name where the type tells how it is made.
    pub fn attribute(&self, name: &str, attribute: &str, depth: u32) -> Vec<Alternative> {
        let label = format!("{name}.{attribute}");
        if depth > MAX_DEPTH {
            self.cut_off();
            return unknown(label);
        }
        let depth = depth + HOP;
        let Some(resource) = self
            .template()
            .and_then(|template| template.resources.get(name))
        else {
            return unknown(label);
        };
        if resource.bindings != self.bound() && !resource.bindings.is_empty() {
            return self.turn(resource).attribute(name, attribute, depth);
        }
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(nested) = self
                .template()
                .and_then(|template| template.nested.get(name))
        {
            return self
                .output(nested, resource, output, depth)
                .unwrap_or_else(|| unknown(label));
        }
        let Some(kind) = cfn_type(resource) else {
            return unknown(label);
        };
        let short = deployed::deployed_type(&resource.type_name);
        let short = short.rsplit("::").next().unwrap_or_default();
        let own = attribute == "Arn" || kind.arn_attribute() == Some(attribute);
        if own || attribute.strip_suffix("Arn") == Some(short) {
            let mut values = self.arn(name, resource, depth);
            if resource.type_name == "AWS::Logs::LogGroup" {
                // Of all types this one gives the ARN of what is in it.
                for (value, _) in &mut values {
                    if let Value::Text(text) = value {
                        let mut builder = Pattern::builder();
                        builder.push_pattern(&text.pattern).push_literal(":*");
                        text.pattern = builder.build();
                    }
                }
            }
            return values;
        }
        if kind.name_property() == Some(attribute) {
            return self.name(name, resource, depth);
        }
        if attribute == "StreamArn"
            && TABLES.contains(&deployed::deployed_type(&resource.type_name))
        {
            let mut values = self.arn(name, resource, depth);
            for (value, _) in &mut values {
                if let Value::Text(text) = value {
                    let mut builder = Pattern::builder();
                    builder
                        .push_pattern(&text.pattern)
                        .push_literal("/stream/")
                        .push_word(&label);
                    text.pattern = builder.build();
                }
            }
            return values;
        }
        unknown(label)
    }

    /// The ARN of a resource, by its type's template. What its name is stays a hole where the template leaves it to
    /// CloudFormation.
    fn arn(&self, name: &str, resource: &Resource, depth: u32) -> Vec<Alternative> {
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
                "Partition" => self.variable("AWS::Partition", depth + 1),
                "Region" => self.variable("AWS::Region", depth + 1),
                "Account" => self.variable("AWS::AccountId", depth + 1),
                property => self.placeholder(name, resource, property, depth),
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
                (Value::Text(draft), Vec::new())
            })
            .collect()
    }

    /// What a placeholder of an ARN template stands for: the property of that name. Any other is something that AWS
    /// makes up.
    fn placeholder(
        &self,
        name: &str,
        resource: &Resource,
        placeholder: &str,
        depth: u32,
    ) -> Vec<Alternative> {
        if let Some(plain) = placeholder.strip_suffix("WithoutLeadingSlash") {
            let values = self.property(resource, plain, depth);
            return values.map_or_else(|| unknown(name), without_slash);
        }
        let Some(plain) = placeholder.strip_suffix("WithPath") else {
            let values = self.property(resource, placeholder, depth);
            return values.unwrap_or_else(|| unknown(name));
        };
        // The path begins and ends with `/`; the ARN's own `/` is its first.
        let path = self.property(resource, "Path", depth);
        let mut drafts = vec![Resolved::default()];
        append(&mut drafts, &path.map_or_else(Vec::new, without_slash));
        let values = self.property(resource, plain, depth);
        append(&mut drafts, &values.unwrap_or_else(|| unknown(name)));
        drafts
            .into_iter()
            .map(|draft| (Value::Text(draft), Vec::new()))
            .collect()
    }
}

/// The same value, whose unknown parts are words.
fn of_words((value, conditions): Alternative) -> Alternative {
    let value = match value {
        Value::Text(mut text) => {
            text.pattern = text.pattern.of_words();
            Value::Text(text)
        }
        Value::Unknown(label) => {
            let mut builder = Pattern::builder();
            builder.push_word(&label);
            Value::Text(Resolved {
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
        Value::Text(mut text) => {
            if let Some(rest) = text.pattern.raw().strip_prefix('/') {
                text.pattern = Pattern::from_raw(rest.to_owned());
            }
            (Value::Text(text), conditions)
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
            if next.len() >= MAX_ALTERNATIVES {
                break;
            }
            let mut one = draft.clone();
            let mut builder = Pattern::builder();
            builder.push_pattern(&draft.pattern);
            match value {
                Value::Text(text) => {
                    builder.push_pattern(&text.pattern);
                    one.assumed |= text.assumed;
                    one.conditions.extend(text.conditions.iter().cloned());
                }
                Value::Unknown(label) => {
                    builder.push_hole(label);
                }
                Value::List(_) | Value::Nothing => {}
            }
            one.pattern = builder.build();
            next.push(one);
        }
    }
    *drafts = next;
}
