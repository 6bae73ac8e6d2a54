//! What a CloudFormation template declares.

use std::fmt;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use leastwise_model::files::{self, Files, Unread};
use leastwise_model::iteration::bound;
use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree, View};

use super::limits::{DEPTH_OF_A_TEMPLATE, DEPTH_OF_STACKS, NESTED_STACKS};
use crate::cloudformation::loops;
use crate::dialect::{DeployedAs, Rooms};
use crate::intrinsic::for_each;
use crate::intrinsic::notation::{TEMPLATE, TemplateNotation};
use crate::limits::{DEPTH_OF_LOOPS, MADE_BY_LOOPS};
use crate::resolve::framework::Framework;
use crate::state::entries::TransformLists;

/// How a template with loops is written.
const LOOPS: &dyn Notation = &TemplateNotation { loops: true };

/// A CloudFormation template's declarations, by name.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// The resources by logical id. One in the body of an `Fn::ForEach` is there by its id as written (`Queue${Name}`),
    /// and by each that the loop gives it, as far as the loop's collection is known.
    pub resources: HashMap<String, Resource>,
    /// Logical ids in the file's order, those of loops as written.
    pub order: Vec<String>,
    /// The parameters by name.
    pub parameters: HashMap<String, Parameter>,
    /// The value of `Mappings`.
    pub mappings: Option<NodeId>,
    /// The value of `Conditions`.
    pub conditions: Option<NodeId>,
    /// The value of `Rules`.
    pub rules: Option<NodeId>,
    /// The lists of policies that a transform reads in it.
    pub lists: Option<&'static TransformLists>,
    /// The framework that writes it, for one that stands in no file as it is.
    pub framework: Option<Arc<dyn Framework>>,
    /// What the variables of loops stand for.
    pub loops: HashMap<String, Loop>,
    /// The templates of nested stacks that are among the files, by the logical id of the stack.
    pub nested: HashMap<String, NestedTemplate>,
    /// Whether its loops make more than is followed.
    pub is_cut_off: bool,
    /// The templates of nested stacks that are there and aren't read.
    pub unread: Vec<Unread>,
    /// The dialects that know what types which aren't CloudFormation's own are deployed as.
    pub rooms: Rooms,
}

/// A resource of a template.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The node of its logical id.
    pub key: NodeId,
    /// The node of its definition.
    pub node: NodeId,
    /// `AWS::IAM::Role`
    pub type_name: String,
    /// What it is deployed as, where that is a resource of another type.
    pub deployed: Option<&'static DeployedAs>,
    /// The value of `Properties`.
    pub properties: Option<NodeId>,
    /// The file that `node` and `properties` are of, where it is another than the template's.
    pub tree: Option<Arc<Tree>>,
    /// Properties with the values that a tool gives them where the file doesn't, as texts with variables.
    pub given: Vec<(&'static str, String)>,
    /// Its logical id as written, where it stands in the body of a loop.
    pub looped: Option<String>,
    /// What the variables of loops are for it.
    pub bindings: Vec<(String, String)>,
}

/// What the variable of a loop stands for, over all loops with a variable of that name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loop {
    /// The values, as far as they are known.
    pub values: Vec<String>,
    /// Whether a parameter's `Default` was taken for its value.
    pub assumed: bool,
    /// Whether there may be others.
    pub open: bool,
    /// Whether there are others that aren't followed.
    pub is_cut_off: bool,
}

/// The template of a nested stack.
#[derive(Clone)]
pub(crate) struct NestedTemplate {
    /// Where the file lies, as [`files::Files`] is asked for it.
    pub path: String,
    /// The file.
    pub tree: Arc<Tree>,
    /// What it declares.
    pub template: Arc<Template>,
    /// Its `Outputs`.
    pub outputs: Option<NodeId>,
}

impl fmt::Debug for NestedTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Nested").field(&self.template).finish()
    }
}

/// A parameter of a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// The node of its name.
    pub key: NodeId,
    /// The value of `Type`, `String` where it is missing.
    pub type_name: String,
    /// The value of `Default`.
    pub default: Option<NodeId>,
    /// The value of `AllowedValues`.
    pub allowed: Option<NodeId>,
}

impl Resource {
    /// The value that a tool gives a property where the file doesn't.
    pub fn given(&self, property: &str) -> Option<&str> {
        let mut given = self.given.iter();
        let (_, value) = given.find(|(name, _)| *name == property)?;
        Some(value)
    }

    /// The type that it is deployed as.
    pub(crate) fn deployed_type(&self) -> &str {
        let deployed = self.deployed.map(|deployed| deployed.type_name);
        deployed.unwrap_or(&self.type_name)
    }

    /// What a property of the deployed type is called here.
    pub fn written<'p>(&self, property: &'p str) -> &'p str {
        let renamed = self.deployed.map_or(&[][..], |deployed| deployed.renamed);
        let own = renamed.iter().find(|(deployed, _)| *deployed == property);
        own.map_or(property, |(_, own)| own)
    }

    /// The file that its properties are of; `tree` is the template's.
    pub fn home<'t>(&'t self, tree: &'t Tree) -> &'t Tree {
        self.tree.as_deref().unwrap_or(tree)
    }

    /// Whether it has a value for a property, from its file or from a tool; `tree` is the template's file.
    pub fn sets(&self, tree: &Tree, property: &str) -> bool {
        let written = self
            .properties
            .and_then(|of| self.home(tree).get(of, property));
        written.is_some() || self.given(property).is_some()
    }
}

impl Parameter {
    /// Whether the parameter's value is read from Parameter Store, so that its default is no value but a name there.
    pub(crate) fn is_stored(&self) -> bool {
        self.type_name.starts_with("AWS::SSM::Parameter::")
    }

    /// Whether its value is a list written with commas.
    pub fn is_list(&self) -> bool {
        self.type_name == "CommaDelimitedList" || self.type_name.starts_with("List<")
    }
}

impl Template {
    /// The declarations of the template whose root mapping is `root`.
    pub fn read(tree: &Tree, root: NodeId, rooms: Rooms) -> Template {
        let mut template = Template {
            mappings: tree.get(root, "Mappings"),
            conditions: tree.get(root, "Conditions"),
            rules: tree.get(root, "Rules"),
            rooms,
            ..Template::default()
        };
        for pair in tree
            .get(root, "Parameters")
            .into_iter()
            .flat_map(|node| tree.pairs(node))
        {
            let Some(name) = tree.text(pair.key) else {
                continue;
            };
            let type_name = tree
                .get(pair.value, "Type")
                .and_then(|node| tree.text(node))
                .unwrap_or("String");
            template.parameters.insert(
                name.to_owned(),
                Parameter {
                    key: pair.key,
                    type_name: type_name.to_owned(),
                    default: tree.get(pair.value, "Default"),
                    allowed: tree.get(pair.value, "AllowedValues"),
                },
            );
        }
        if let Some(resources) = tree.get(root, "Resources") {
            template.resources_of(tree, resources, &[vec![]], 0);
            for resource in template.resources.values_mut() {
                resource.deployed = rooms.deployed_as(&resource.type_name);
            }
        }
        template.inner_loops(tree, root);
        template
    }

    /// Reads resources. `turns` are the bindings of each turn of the loops around them; one without any outside of
    /// loops.
    fn resources_of(
        &mut self,
        tree: &Tree,
        resources: NodeId,
        turns: &[Vec<(String, String)>],
        depth: usize,
    ) {
        for pair in tree.pairs(resources) {
            let Some(name) = tree.text(pair.key) else {
                continue;
            };
            if name.starts_with("Fn::ForEach::") {
                self.loop_of(tree, pair.value, turns, depth);
                continue;
            }
            let Some(type_name) = tree
                .get(pair.value, "Type")
                .and_then(|node| tree.text(node))
            else {
                continue;
            };
            let resource = Resource {
                key: pair.key,
                node: tree.resolved(pair.value),
                type_name: type_name.to_owned(),
                deployed: None,
                properties: tree
                    .get(pair.value, "Properties")
                    .map(|node| tree.resolved(node)),
                looped: (depth > 0).then(|| name.to_owned()),
                bindings: Vec::new(),
                tree: None,
                given: Vec::new(),
            };
            self.order.push(name.to_owned());
            for bindings in turns.iter().filter(|_| depth > 0) {
                if self.resources.len() >= self.order.len() + MADE_BY_LOOPS {
                    self.is_cut_off = true;
                    break;
                }
                let id = bound(name, bindings);
                if id != name {
                    let bindings = bindings.clone();
                    let resource = Resource {
                        bindings,
                        ..resource.clone()
                    };
                    self.resources.insert(id, resource);
                }
            }
            self.resources.insert(name.to_owned(), resource);
        }
    }

    /// Reads the body of `Fn::ForEach`: a variable, a collection, and what is made for each.
    fn loop_of(
        &mut self,
        tree: &Tree,
        node: NodeId,
        turns: &[Vec<(String, String)>],
        depth: usize,
    ) {
        let Some((variable, collection, body)) = for_each::parts(tree, node) else {
            return;
        };
        if depth >= DEPTH_OF_LOOPS {
            return;
        }
        let values = self.variable_of(tree, variable, collection);
        let mut inner = Vec::new();
        let left = (self.order.len() + MADE_BY_LOOPS).saturating_sub(self.resources.len());
        for turn in turns {
            for value in &values.values {
                if inner.len() >= left {
                    self.is_cut_off = true;
                    break;
                }
                let mut turn = turn.clone();
                turn.push((variable.to_owned(), value.clone()));
                inner.push(turn);
            }
        }
        self.resources_of(tree, body, &inner, depth + 1);
    }

    /// Takes note of what a loop's variable stands for, and gives it.
    fn variable_of(&mut self, tree: &Tree, variable: &str, collection: NodeId) -> Loop {
        let values = self.collection(tree, collection);
        self.is_cut_off |= values.is_cut_off;
        let known = self.loops.entry(variable.to_owned()).or_default();
        known.open |= values.open;
        known.assumed |= values.assumed;
        for value in &values.values {
            if known.values.len() >= MADE_BY_LOOPS {
                known.open = true;
                self.is_cut_off |= !known.values.contains(value);
            } else if !known.values.contains(value) {
                known.values.push(value.clone());
            }
        }
        values
    }

    /// Takes note of the variables of loops that stand inside of resources, conditions and outputs.
    fn inner_loops(&mut self, tree: &Tree, root: NodeId) {
        if !tree.mentions("Fn::ForEach::") {
            return;
        }
        let parts = ["Resources", "Conditions", "Outputs"];
        let mut open: Vec<(NodeId, usize)> = parts
            .into_iter()
            .filter_map(|part| Some((tree.get(root, part)?, 0)))
            .collect();
        while let Some((node, depth)) = open.pop() {
            if depth > DEPTH_OF_A_TEMPLATE {
                continue;
            }
            match tree.view(node) {
                View::Mapping(pairs) => {
                    let is_of_resources = depth == 0 && tree.get(root, "Resources") == Some(node);
                    self.is_cut_off |= !is_of_resources
                        && loops::has_loop(tree, node)
                        && loops::is_too_much(tree, node);
                    for pair in pairs {
                        open.push((pair.value, depth + 1));
                        // Those of resources were read with them.
                        if !is_of_resources
                            && tree.text(pair.key).is_some_and(for_each::is_loop)
                            && let Some((variable, collection, _)) =
                                for_each::parts(tree, pair.value)
                        {
                            self.variable_of(tree, variable, collection);
                        }
                    }
                }
                View::Sequence(items) => open.extend(items.iter().map(|item| (*item, depth + 1))),
                View::Tagged(_, inner) => open.push((inner, depth + 1)),
                // A document in a string.
                View::Scalar(_) => open.extend(tree.embedded(node).map(|root| (root, depth + 1))),
                View::Alias(_) | View::Invalid => {}
            }
        }
    }

    /// The values of a loop's collection: a list of texts, or of parameters.
    fn collection(&self, tree: &Tree, node: NodeId) -> Loop {
        let node = tree.resolved(node);
        let mut values = Loop::default();
        let items = match tree.view(node) {
            View::Sequence(items) => items.to_vec(),
            _ => vec![node],
        };
        for item in items {
            if values.values.len() >= MADE_BY_LOOPS {
                values.open = true;
                values.is_cut_off = true;
                break;
            }
            let item = tree.resolved(item);
            match tree.view(item) {
                View::Scalar(text) => values.values.push(text.to_owned()),
                View::Tagged(tag, name) if tag.name == "Ref" => {
                    let name = tree.text(name).unwrap_or_default();
                    match self.parameters.get(name) {
                        Some(parameter) if !parameter.is_stored() => {
                            values.parameter(tree, parameter);
                        }
                        _ => values.open = true,
                    }
                }
                _ => values.open = true,
            }
        }
        values
    }

    /// How it is written.
    pub fn notation(&self) -> &'static dyn Notation {
        match &self.framework {
            Some(framework) => framework.notation(),
            None if self.loops.is_empty() => TEMPLATE,
            None => LOOPS,
        }
    }

    /// Reads the templates of nested stacks that stand among the files.
    pub fn nest(&mut self, tree: &Tree, path: &str, files: &dyn Files) {
        let mut left = NESTED_STACKS;
        let mut unread = Vec::new();
        let found = (&mut left, &mut unread);
        self.nested = nested((tree, self, path), files, 0, found);
        self.unread = unread;
    }

    /// Whether the mapping `root` has the shape of a template: `Resources` that hold mappings with a `Type` of
    /// AWS's or of another registry, or the format version.
    pub fn is_template(tree: &Tree, root: NodeId) -> bool {
        if tree.get(root, "AWSTemplateFormatVersion").is_some() {
            return true;
        }
        let Some(resources) = tree.get(root, "Resources") else {
            return false;
        };
        matches!(tree.view(tree.resolved(resources)), View::Mapping(_))
            && tree.pairs(resources).into_iter().any(|pair| {
                tree.get(pair.value, "Type")
                    .and_then(|node| tree.text(node))
                    .is_some_and(|name| name.contains("::"))
                    || tree
                        .text(pair.key)
                        .is_some_and(|name| name.starts_with("Fn::ForEach::"))
            })
    }
}

impl Loop {
    /// Adds the values that a parameter may have.
    fn parameter(&mut self, tree: &Tree, parameter: &Parameter) {
        let allowed = parameter
            .allowed
            .and_then(|node| tree.items(tree.resolved(node)))
            .filter(|items| !items.is_empty() && !parameter.is_list());
        if let Some(items) = allowed {
            let texts = items.iter().filter_map(|item| tree.text(*item));
            self.values.extend(texts.map(str::to_owned));
            return;
        }
        let Some(text) = parameter.default.and_then(|node| tree.text(node)) else {
            self.open = true;
            return;
        };
        self.assumed = true;
        match parameter.is_list() {
            true => self
                .values
                .extend(text.split(',').map(|item| item.trim().to_owned())),
            false => self.values.push(text.to_owned()),
        }
    }
}

fn nested(
    (tree, template, path): (&Tree, &Template, &str),
    files: &dyn Files,
    depth: usize,
    (left, unread): (&mut usize, &mut Vec<Unread>),
) -> HashMap<String, NestedTemplate> {
    let mut found = HashMap::new();
    if depth >= DEPTH_OF_STACKS {
        return found;
    }
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        let property = match resource.type_name.as_str() {
            "AWS::CloudFormation::Stack" => "TemplateURL",
            "AWS::Serverless::Application" => "Location",
            _ => continue,
        };
        let named = resource
            .properties
            .and_then(|node| tree.text(tree.get(node, property)?));
        // The CDK writes the URL of what it uploads, and beside it the file's name.
        let asset = tree
            .get(resource.node, "Metadata")
            .and_then(|node| tree.text(tree.get(node, "aws:asset:path")?));
        let Some(name) = named.or(asset).filter(|name| !name.contains("://")) else {
            continue;
        };
        let Some(rest) = left.checked_sub(1) else {
            break;
        };
        *left = rest;
        let path = files::join(files::folder(path), name);
        let Some(child) = files.tree(&path) else {
            unread.extend(files.refused(&path));
            continue;
        };
        let roots = child.documents().iter();
        let Some(root) = roots
            .copied()
            .find(|root| Template::is_template(&child, *root))
        else {
            continue;
        };
        let mut declared = Template::read(&child, root, template.rooms);
        declared.nested = nested((&child, &declared, &path), files, depth + 1, (left, unread));
        let outputs = child.get(root, "Outputs");
        found.insert(
            id.clone(),
            NestedTemplate {
                path,
                tree: child,
                template: Arc::new(declared),
                outputs,
            },
        );
    }
    found
}
