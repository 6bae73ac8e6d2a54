//! What a CloudFormation template declares.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_syntax::{NodeId, Tree, View};

use super::serverless::Service;

/// A CloudFormation template's declarations, by name.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// The resources by logical id.
    pub resources: HashMap<String, Resource>,
    /// Logical ids in the file's order.
    pub order: Vec<String>,
    /// The parameters by name.
    pub parameters: HashMap<String, Parameter>,
    /// The value of `Mappings`.
    pub mappings: Option<NodeId>,
    /// The value of `Conditions`.
    pub conditions: Option<NodeId>,
    /// The service whose template it is, for one that the Serverless Framework writes.
    pub(crate) serverless: Option<Arc<Service>>,
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
    /// The value of `Properties`.
    pub properties: Option<NodeId>,
    /// The file that `node` and `properties` are of, where it is another than the template's.
    pub(crate) tree: Option<Arc<Tree>>,
    /// A property with the value that a tool gives it where the file doesn't, as a text with variables.
    pub(crate) name: Option<(&'static str, String)>,
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

impl Parameter {
    /// Whether the parameter's value is read from Parameter Store, so that its default is no value but a name there.
    pub fn is_stored(&self) -> bool {
        self.type_name.starts_with("AWS::SSM::Parameter::")
    }

    /// Whether its value is a list written with commas.
    pub fn is_list(&self) -> bool {
        self.type_name == "CommaDelimitedList" || self.type_name.starts_with("List<")
    }
}

impl Template {
    /// Reads the declarations of the template whose root mapping is `root`.
    pub fn read(tree: &Tree, root: NodeId) -> Template {
        let mut template = Template {
            mappings: tree.get(root, "Mappings"),
            conditions: tree.get(root, "Conditions"),
            ..Template::default()
        };
        for pair in tree
            .get(root, "Resources")
            .into_iter()
            .flat_map(|node| tree.pairs(node))
        {
            let (Some(name), Some(type_name)) = (
                tree.text(pair.key),
                tree.get(pair.value, "Type")
                    .and_then(|node| tree.text(node)),
            ) else {
                continue;
            };
            template.order.push(name.to_owned());
            template.resources.insert(
                name.to_owned(),
                Resource {
                    key: pair.key,
                    node: tree.resolved(pair.value),
                    type_name: type_name.to_owned(),
                    properties: tree
                        .get(pair.value, "Properties")
                        .map(|node| tree.resolved(node)),
                    tree: None,
                    name: None,
                },
            );
        }
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
        template
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
            })
    }
}
