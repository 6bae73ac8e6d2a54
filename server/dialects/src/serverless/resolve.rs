//! Variables of the Serverless Framework: what `${self:…}`, `${opt:…}`, `${file(…):…}` and their kin stand for.

use std::any::Any;
use std::sync::Arc;

use leastwise_model::files;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, ScalarType, Tree, View};

use super::limits::{
    NOTED_NAMES, VALUE_LENGTH, VARIABLES_IN_A_ROW, VARIABLES_WITHIN, WORKED_OUT_FIRST,
};
use super::notation::SERVICE;
use super::service::{ServiceSources, VariableKey};
use super::variable::{self, VariablePiece, VariableSource};
use crate::cloudformation::template::Template;
use crate::limits::{DEPTH_OF_FUNCTIONS, VALUES_OF_A_TEXT};
use crate::resolve::framework::Framework;
use crate::resolve::notes::{Note, Notes, Pin, pinned};
use crate::resolve::prerequisite::First;
use crate::resolve::value::{is_empty, length, unknown};
use crate::resolve::{Alternative, Resolver, TextValue};
use crate::work;

/// What the stage is called among the names that are read, whichever variable says it.
const STAGE: &str = "sls:stage";

/// A node of the service's own file, or of one that it names.
#[derive(Clone, Debug)]
pub struct ServiceNode {
    /// The other file; `None` for the service's own.
    pub tree: Option<Arc<Tree>>,
    /// The node there, aliases followed.
    pub node: NodeId,
}

impl ServiceNode {
    /// The tree that the node belongs to, where `own` is the service's.
    pub fn tree<'t>(&'t self, own: &'t Tree) -> &'t Tree {
        self.tree.as_deref().unwrap_or(own)
    }

    /// The place of another node in the same file.
    pub fn beside(&self, own: &Tree, node: NodeId) -> ServiceNode {
        ServiceNode {
            tree: self.tree.clone(),
            node: self.tree(own).resolved(node),
        }
    }
}

/// What an address or a variable leads to.
pub enum Target {
    /// Nodes, each with whether a deployer could still choose another.
    Places(Vec<(ServiceNode, bool)>),
    /// Texts that stand at no node.
    Values(Vec<Alternative>),
    /// Nothing.
    Missing,
    /// Nothing unless the deployer says something; with what to call it.
    Open(String),
    /// Not known; with what to call it.
    Unknown(String),
}

fn text(literal: &str) -> Target {
    let value = Resolved {
        pattern: Pattern::literal(literal),
        ..Resolved::default()
    };
    Target::Values(vec![(TextValue::Text(value), Vec::new())])
}

/// The same values, as such that a deployer could still change.
fn assume(values: &mut [Alternative]) {
    for (value, _) in values {
        match value {
            TextValue::Text(text) => text.assumed = true,
            TextValue::List(items) => items.iter_mut().for_each(|item| item.assumed = true),
            TextValue::Nothing | TextValue::Unknown(_) => {}
        }
    }
}

/// The service whose template it is.
pub fn service(template: &Template) -> Option<&ServiceSources> {
    of_framework(template.framework.as_deref()?)
}

fn of_framework(framework: &dyn Framework) -> Option<&ServiceSources> {
    let framework: &dyn Any = framework;
    framework.downcast_ref()
}

impl<'a> Resolver<'a> {
    fn service(&self) -> Option<&'a ServiceSources> {
        of_framework(self.framework()?)
    }

    /// The values of a variable of the framework, by what stands between its `${` and `}`.
    pub(super) fn expression(&self, inner: &str, sub: bool) -> Vec<Alternative> {
        let Some(service) = self.service() else {
            return unknown(inner);
        };
        let Some(first) = self.first else {
            return self.one_by_one(service, inner, sub);
        };
        let pin = pinned(self.pins, 0, inner);
        if pin == Some(Pin::Hole) || first.is_some() {
            return unknown(inner);
        }
        let key = self.key(inner, sub);
        if let Some((values, notes)) = service.memory.recall(&key) {
            self.take_down(&notes);
            return values;
        }
        if self.hops >= VARIABLES_WITHIN {
            first.0.replace(Some((inner.to_owned(), sub)));
            return unknown(inner);
        }
        let notes = Notes::default();
        let reading = Resolver {
            notes: Some(&notes),
            ..*self
        };
        let mut values = reading.values_of(inner, sub);
        if first.is_some() {
            return unknown(inner);
        }
        if let Some(Pin::Only(index)) = pin
            && index < values.len()
        {
            values = vec![values.swap_remove(index)];
        }
        notes.add((0, inner.to_owned()), is_empty(&values), values.len());
        let notes = notes.all();
        self.take_down(&notes);
        service.memory.remember(key, (values.clone(), notes));
        values
    }

    /// The values of a variable; of a long chain of them the end comes first, and each is remembered.
    fn one_by_one(&self, service: &ServiceSources, inner: &str, sub: bool) -> Vec<Alternative> {
        let mut work = vec![(inner.to_owned(), sub)];
        for _ in 0..WORKED_OUT_FIRST {
            let Some((next, sub)) = work.last() else {
                break;
            };
            work::did(1);
            let first = First::default();
            let reading = Resolver {
                first: Some(&first),
                hops: 0,
                // What it is remembered as is for other texts as well.
                spent: None,
                ..*self
            };
            let values = reading.expression(next, *sub);
            match first.0.take() {
                None if work.len() == 1 => return values,
                None => drop(work.pop()),
                // It leads to itself.
                Some((other, sub)) if work.contains(&(other.clone(), sub)) => {
                    let key = self.key(&other, sub);
                    let nothing = (unknown(other), Vec::new());
                    service.memory.remember(key, nothing);
                }
                Some(other) => work.push(other),
            }
        }
        self.cut_off();
        unknown(inner)
    }

    fn key(&self, inner: &str, sub: bool) -> VariableKey {
        let name = self.environment.name.clone();
        let pins = self.pins.to_vec();
        (name, self.defaults, sub, inner.to_owned(), pins)
    }

    /// Takes down the names that were read for a value.
    fn take_down(&self, notes: &[Note]) {
        if let Some(own) = self.notes {
            for note in notes.iter().take(NOTED_NAMES) {
                own.add(note.name.clone(), note.empty, note.count);
            }
        }
    }

    fn values_of(&self, inner: &str, sub: bool) -> Vec<Alternative> {
        let mut values = match self.target(inner) {
            Target::Values(values) => values,
            Target::Places(places) => {
                let mut values = Vec::new();
                for (place, assumed) in places {
                    let mut found = self.value_at(&place, sub, inner);
                    if assumed {
                        assume(&mut found);
                    }
                    values.extend(found);
                }
                values
            }
            Target::Missing => unknown(inner),
            Target::Open(label) | Target::Unknown(label) => unknown(label),
        };
        self.as_many_as_are_tried(&mut values);
        if values.iter().map(|(value, _)| length(value)).sum::<usize>() > VALUE_LENGTH {
            self.cut_off();
            values = unknown(inner);
        }
        values
    }

    /// What the resource or parameter is whose name, with or without an attribute, is made of variables.
    pub(super) fn made_name(&self, name: &str, depth: u32) -> Vec<Alternative> {
        let made = self.service().map(|_| self.expand(name));
        let Some(Ok(names)) = made else {
            return unknown(name);
        };
        let mut values = Vec::new();
        for (made, assumed) in names.iter().filter(|(made, _)| !made.contains("${")) {
            let mut found = match made.split_once('.') {
                Some((resource, attribute)) => self.attribute(resource, attribute, depth + 1),
                None => self.variable(made, depth + 1),
            };
            if *assumed {
                assume(&mut found);
            }
            values.extend(found);
        }
        match values.is_empty() {
            true => unknown(name),
            false => values,
        }
    }

    /// What a variable leads to, by what stands between its `${` and `}`: its first source that has something.
    pub fn target(&self, inner: &str) -> Target {
        if self.first.is_some_and(First::is_some) {
            return Target::Unknown(inner.to_owned());
        }
        if self.hops >= VARIABLES_IN_A_ROW {
            self.cut_off();
            return Target::Unknown(inner.to_owned());
        }
        let mut open: Option<String> = None;
        for source in variable::sources(inner) {
            let found = match source {
                VariableSource::Literal(literal) => text(literal),
                VariableSource::Null => continue,
                VariableSource::Of {
                    kind,
                    parameters,
                    address,
                } => self.source(kind, &parameters, address),
            };
            match found {
                Target::Missing => {}
                Target::Unknown(label) => return Target::Unknown(label),
                // A deployer may say something here, so that what follows counts only by default.
                Target::Open(label) if self.defaults => {
                    open.get_or_insert(label);
                }
                Target::Open(label) => return Target::Unknown(label),
                Target::Values(mut values) => {
                    if open.is_some() {
                        assume(&mut values);
                    }
                    return Target::Values(values);
                }
                Target::Places(mut places) => {
                    for (_, assumed) in &mut places {
                        *assumed |= open.is_some();
                    }
                    return Target::Places(places);
                }
            }
        }
        open.map_or(Target::Missing, Target::Open)
    }

    fn source(&self, kind: &str, parameters: &[&str], address: &str) -> Target {
        match kind {
            "self" => self.for_each_text(address, |address| self.of_self(address)),
            "file" => {
                let path = parameters.first().copied().unwrap_or_default();
                self.for_each_text(path, |path| {
                    self.for_each_text(address, |address| self.of_file(path, address))
                })
            }
            "opt" => self.for_each_text(address, |address| match address {
                "stage" => match &self.environment.stage {
                    Some(stage) => text(stage),
                    None if pinned(self.pins, 0, STAGE) == Some(Pin::Hole) => {
                        Target::Unknown(STAGE.to_owned())
                    }
                    None => {
                        self.take_down_stage();
                        Target::Open(STAGE.to_owned())
                    }
                },
                "region" if self.environment.region.is_some() => {
                    Target::Values(self.variable("AWS::Region", 0))
                }
                address => self.configured(address, &format!("opt:{address}")),
            }),
            "env" => self.for_each_text(address, |address| {
                self.configured(address, &format!("env:{address}"))
            }),
            "param" => self.for_each_text(address, |address| self.parameter_of_stage(address)),
            "sls" if address == "stage" => match self.stage() {
                Some((stage, assumed)) => {
                    let mut target = text(&stage);
                    if let (Target::Values(values), true) = (&mut target, assumed) {
                        assume(values);
                    }
                    target
                }
                None => Target::Unknown(STAGE.to_owned()),
            },
            "aws" => self.for_each_text(address, |address| match address {
                "accountId" => Target::Values(self.variable("AWS::AccountId", 0)),
                "region" => self.region(),
                _ => Target::Unknown(format!("aws:{address}")),
            }),
            "strToBool" => {
                let parameter = parameters.first().copied().unwrap_or_default();
                self.for_each_text(parameter, |word| {
                    match word.trim().to_ascii_lowercase().as_str() {
                        "true" | "1" => text("true"),
                        "false" | "0" => text("false"),
                        _ => Target::Unknown(format!("strToBool({word})")),
                    }
                })
            }
            _ if address.is_empty() => Target::Unknown(kind.to_owned()),
            _ => Target::Unknown(format!("{kind}:{address}")),
        }
    }

    /// A variable that the config may know; else the deployer says it.
    fn configured(&self, name: &str, label: &str) -> Target {
        let values = self.environment.variable(self.config, name);
        if values.is_empty() {
            return Target::Open(label.to_owned());
        }
        if values.len() > VALUES_OF_A_TEXT {
            self.tried_in_part();
        }
        let known = values.iter().take(VALUES_OF_A_TEXT).map(|value| {
            let value = Resolved {
                pattern: Pattern::literal(value),
                ..Resolved::default()
            };
            (TextValue::Text(value), Vec::new())
        });
        Target::Values(known.collect())
    }

    /// Does something with each text that an address with variables in it stands for.
    fn for_each_text(&self, raw: &str, found: impl Fn(&str) -> Target) -> Target {
        if !raw.contains("${") {
            return found(raw);
        }
        let texts = match self.expand(raw) {
            Ok(texts) => texts,
            Err(label) => return Target::Unknown(label),
        };
        let mut all: Option<Target> = None;
        for (text, assumed) in texts {
            let mut target = found(&text);
            match &mut target {
                Target::Places(places) if assumed => {
                    places.iter_mut().for_each(|(_, doubt)| *doubt = true);
                }
                Target::Values(values) if assumed => assume(values),
                // What is missing for this text may be there for another.
                Target::Missing if assumed => target = Target::Open(raw.to_owned()),
                _ => {}
            }
            all = Some(match (all, target) {
                (None, target) => target,
                (Some(Target::Places(mut one)), Target::Places(more)) => {
                    one.extend(more);
                    Target::Places(one)
                }
                (Some(Target::Values(mut one)), Target::Values(more)) => {
                    one.extend(more);
                    Target::Values(one)
                }
                _ => Target::Unknown(raw.to_owned()),
            });
        }
        all.unwrap_or(Target::Missing)
    }

    /// The texts that a text with variables in it stands for, each with whether a deployer could change it.
    fn expand(&self, raw: &str) -> Result<Vec<(String, bool)>, String> {
        let mut texts = vec![(String::new(), false)];
        for piece in variable::pieces(raw) {
            let inner = match piece {
                VariablePiece::Literal(literal) => {
                    for (text, _) in &mut texts {
                        text.push_str(literal);
                    }
                    continue;
                }
                VariablePiece::Variable(inner) => inner,
            };
            let nested = Resolver {
                hops: self.hops.saturating_add(1),
                ..*self
            };
            let mut next = Vec::new();
            for (value, _) in nested.expression(inner, false) {
                let TextValue::Text(value) = value else {
                    return Err(match value {
                        TextValue::Unknown(label) => label,
                        _ => inner.to_owned(),
                    });
                };
                let Some(literal) = value.pattern.as_literal() else {
                    return Err(value.pattern.holes().next().unwrap_or(inner).to_owned());
                };
                for (text, assumed) in &texts {
                    if next.len() >= VALUES_OF_A_TEXT {
                        self.tried_in_part();
                    }
                    if next.len() < VALUES_OF_A_TEXT && text.len() + literal.len() <= VALUE_LENGTH {
                        next.push((format!("{text}{literal}"), *assumed || value.assumed));
                    }
                }
            }
            texts = next;
        }
        Ok(texts)
    }

    fn of_self(&self, address: &str) -> Target {
        let Some(service) = self.service() else {
            return Target::Missing;
        };
        let root = ServiceNode {
            tree: None,
            node: service.root,
        };
        let keys: Vec<&str> = address.split('.').map(str::trim).collect();
        match (self.walk(root, &keys), keys.as_slice()) {
            (Target::Missing, ["provider", "stage"]) => self.source("sls", &[], "stage"),
            (Target::Missing, ["provider", "region"]) => self.region(),
            // The older form, `service: {name: …}`.
            (Target::Places(places), ["service"]) => {
                let own = self.own();
                let named = places.into_iter().map(|(place, assumed)| {
                    match place.tree(own).get(place.node, "name") {
                        Some(name) => (place.beside(own, name), assumed),
                        None => (place, assumed),
                    }
                });
                Target::Places(named.collect())
            }
            (target, _) => target,
        }
    }

    fn of_file(&self, path: &str, address: &str) -> Target {
        let Some(service) = self.service() else {
            return Target::Missing;
        };
        let label = || match address {
            "" => format!("file({path})"),
            _ => format!("file({path}):{address}"),
        };
        let ending = path.rsplit('.').next().unwrap_or_default();
        let full = files::join(&service.folder, path);
        if !matches!(ending, "yml" | "yaml" | "json" | "tfstate") {
            // Code that runs can give anything; any other file is taken as its text.
            let code = matches!(ending, "js" | "cjs" | "mjs" | "ts");
            return match service.files.text(&full).filter(|_| !code) {
                // One of many lines is no part of a policy, and nothing to be quoted.
                Some(content)
                    if address.is_empty()
                        && content.len() <= VALUE_LENGTH
                        && content.lines().nth(1).is_none() =>
                {
                    text(&content)
                }
                found => {
                    if found.is_none() && !code {
                        self.look_at(service, &full);
                    }
                    Target::Unknown(label())
                }
            };
        }
        let Some(tree) = service.files.tree(&full) else {
            self.look_at(service, &full);
            return Target::Unknown(label());
        };
        let Some(root) = tree.documents().first().copied() else {
            return Target::Missing;
        };
        let node = tree.resolved(root);
        let root = ServiceNode {
            tree: Some(tree),
            node,
        };
        match address {
            "" => Target::Places(vec![(root, false)]),
            _ => self.walk(root, &address.split('.').map(str::trim).collect::<Vec<_>>()),
        }
    }

    /// Takes down whether there is something in the place of a file that isn't read.
    fn look_at(&self, service: &ServiceSources, path: &str) {
        if let Some(file) = service.files.refused(path) {
            service.unread(file.clone());
            if let Some(surroundings) = self.surroundings {
                surroundings.unread(file);
            }
        }
    }

    fn parameter_of_stage(&self, name: &str) -> Target {
        let Some((stage, assumed)) = self.stage() else {
            return Target::Unknown(format!("param:{name}"));
        };
        let Some(service) = self.service() else {
            return Target::Missing;
        };
        let root = ServiceNode {
            tree: None,
            node: service.root,
        };
        for keys in [
            ["params", &stage, name].as_slice(),
            &["params", "default", name],
            &["stages", &stage, "params", name],
            &["stages", "default", "params", name],
        ] {
            match self.walk(root.clone(), keys) {
                Target::Missing => {}
                Target::Places(places) => {
                    let places = places.into_iter();
                    return Target::Places(
                        places
                            .map(|(place, doubt)| (place, doubt || assumed))
                            .collect(),
                    );
                }
                other => return other,
            }
        }
        self.configured(name, &format!("param:{name}"))
    }

    /// The stage, with whether a deployer could choose another.
    fn stage(&self) -> Option<(String, bool)> {
        if let Some(stage) = &self.environment.stage {
            return Some((stage.clone(), false));
        }
        if !self.defaults || pinned(self.pins, 0, STAGE) == Some(Pin::Hole) {
            return None;
        }
        self.take_down_stage();
        let service = self.service()?;
        let root = ServiceNode {
            tree: None,
            node: service.root,
        };
        Some((self.word(root, &["provider", "stage"], "dev")?, true))
    }

    fn take_down_stage(&self) {
        if let Some(notes) = self.notes {
            notes.add((0, STAGE.to_owned()), false, 1);
        }
    }

    fn region(&self) -> Target {
        if self.environment.region.is_none()
            && self.defaults
            && let Some(service) = self.service()
        {
            let root = ServiceNode {
                tree: None,
                node: service.root,
            };
            if let Some(region) = self.word(root, &["provider", "region"], "us-east-1") {
                let mut target = text(&region);
                if let Target::Values(values) = &mut target {
                    assume(values);
                }
                return target;
            }
        }
        Target::Values(self.variable("AWS::Region", 0))
    }

    /// The literal that stands at an address, or `default` where nothing does.
    fn word(&self, root: ServiceNode, keys: &[&str], default: &str) -> Option<String> {
        let places = match self.walk(root, keys) {
            Target::Places(places) => places,
            Target::Missing => return Some(default.to_owned()),
            _ => return None,
        };
        let (place, _) = places.first()?;
        self.literal_at(place)
    }

    /// The nodes that keys lead to, through variables that stand for whole parts of the service.
    pub fn walk(&self, from: ServiceNode, keys: &[&str]) -> Target {
        let own = self.own();
        let mut places = vec![(from, false)];
        for key in keys {
            let mut next = Vec::new();
            for (place, assumed) in places {
                let settled = match self.settle(place) {
                    Target::Places(settled) => settled,
                    Target::Unknown(label) | Target::Open(label) => return Target::Unknown(label),
                    Target::Missing | Target::Values(_) => continue,
                };
                for (place, doubt) in settled {
                    let tree = place.tree(own);
                    let found = match tree.view(place.node) {
                        View::Mapping(_) => tree.get(place.node, key),
                        View::Sequence(items) => key
                            .parse::<usize>()
                            .ok()
                            .and_then(|index| items.get(index).copied()),
                        View::Tagged(..) => return Target::Unknown((*key).to_owned()),
                        _ => None,
                    };
                    if let Some(found) = found {
                        next.push((place.beside(own, found), assumed || doubt));
                    }
                }
            }
            self.as_many_as_are_tried(&mut next);
            places = next;
        }
        places.retain(|(place, _)| {
            let tree = place.tree(own);
            !matches!(tree.view(place.node), View::Scalar(_))
                || tree.scalar_type(place.node) != ScalarType::Null
        });
        match places.is_empty() {
            true => Target::Missing,
            false => Target::Places(places),
        }
    }

    /// A place, or where the variable leads that stands there alone.
    pub fn settle(&self, place: ServiceNode) -> Target {
        let tree = place.tree(self.own());
        let inner = tree
            .text(place.node)
            .and_then(variable::whole)
            .map(str::to_owned);
        let Some(inner) = inner else {
            return Target::Places(vec![(place, false)]);
        };
        let nested = Resolver {
            hops: self.hops.saturating_add(1),
            ..*self
        };
        match nested.target(&inner) {
            Target::Places(places) => {
                let mut settled = Vec::new();
                for (place, assumed) in places {
                    match nested.settle(place) {
                        Target::Places(found) => settled.extend(
                            found
                                .into_iter()
                                .map(|(place, doubt)| (place, doubt || assumed)),
                        ),
                        Target::Missing => {}
                        other => return other,
                    }
                }
                self.as_many_as_are_tried(&mut settled);
                Target::Places(settled)
            }
            other => other,
        }
    }

    /// The literal that stands at a place, where that is one and known.
    pub(crate) fn literal_at(&self, place: &ServiceNode) -> Option<String> {
        match self.value_at(place, false, "").as_slice() {
            [(TextValue::Text(text), _)] => text.pattern.as_literal(),
            _ => None,
        }
    }

    /// The first text that stands at a place, as a user would write it.
    pub(crate) fn display_at(&self, place: &ServiceNode) -> Option<String> {
        match self.value_at(place, false, "").first()? {
            (TextValue::Text(text), _) => Some(text.pattern.display()),
            _ => None,
        }
    }

    /// The values of what stands at a place.
    pub(crate) fn value_at(&self, place: &ServiceNode, sub: bool, label: &str) -> Vec<Alternative> {
        let own = self.own();
        let hops = self.hops.saturating_add(1);
        let inside = Resolver {
            tree: place.tree(own),
            hops,
            home: Some(own),
            ..*self
        };
        // Each hop leaves less room for functions in functions, so that the stack stays small.
        let depth = (DEPTH_OF_FUNCTIONS / 2 + 8 * u32::from(hops)).min(DEPTH_OF_FUNCTIONS - 32);
        match inside.tree.view(place.node) {
            View::Scalar(text) if sub && text.contains("${") => {
                let text = Text::sub(inside.tree, place.node, SERVICE);
                let resolved = inside.text(&text, depth).into_iter();
                resolved
                    .map(|mut resolved| {
                        let conditions = std::mem::take(&mut resolved.conditions);
                        (TextValue::Text(resolved), conditions)
                    })
                    .collect()
            }
            View::Mapping(_) | View::Alias(_) | View::Invalid => unknown(label),
            _ => inside.value(place.node, depth),
        }
    }
}
