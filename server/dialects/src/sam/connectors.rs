//! Connectors: SAM writes the policies that let one resource read from or write to another.

use leastwise_catalog::{SamConnectorKind, catalog};
use leastwise_model::text::Part;
use leastwise_model::{Branch, OwnerKind, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::api::owner;
use super::deployed::deployed_type;
use super::expand::Writer;
use crate::cloudformation::finder::Finder;

/// One end of a connector.
#[derive(Clone)]
struct End<'t> {
    /// The logical id, where it is a resource of the template.
    id: Option<&'t str>,
    /// The CloudFormation type.
    type_name: String,
    /// The node that says which end it is, for a reference without `Id`, or with a `Qualifier`.
    reference: Option<NodeId>,
}

/// A connector.
struct Connector<'t> {
    id: String,
    /// The node of its name.
    key: NodeId,
    path: Vec<String>,
    source: End<'t>,
    destinations: Vec<End<'t>>,
    several: bool,
    permissions: Vec<&'t str>,
    /// When it is there.
    branch: Branch,
}

impl Connector<'_> {
    /// With the condition of the resource that it is, or is part of: SAM writes it to what it makes.
    fn when(mut self, tree: &Tree, resource: NodeId) -> Self {
        let condition = tree.get(resource, "Condition");
        let name = condition.and_then(|node| tree.text(node));
        self.branch.extend(name.map(|name| (name.to_owned(), true)));
        self
    }
}

/// Hands the policies of all connectors to those whom they are for.
pub(super) fn connect(finder: &mut Finder<'_>) {
    for connector in connectors(finder) {
        for (index, destination) in connector.destinations.iter().enumerate() {
            join(finder, &connector, index, destination);
        }
    }
}

fn connectors<'t>(finder: &Finder<'t>) -> Vec<Connector<'t>> {
    let tree = finder.tree;
    let template = finder.template;
    let mut connectors = Vec::new();
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        if resource.type_name == "AWS::Serverless::Connector" {
            let source = resource
                .properties
                .and_then(|node| end(finder, tree.get(node, "Source")?));
            let path = vec!["Resources".to_owned(), id.clone()];
            let properties = resource.properties;
            connectors.extend(
                read(finder, id.clone(), resource.key, path, source, properties)
                    .map(|connector| connector.when(tree, resource.node)),
            );
        }
        let embedded = tree.get(resource.node, "Connectors");
        for pair in embedded.map(|node| tree.pairs(node)).unwrap_or_default() {
            let Some(name) = tree.text(pair.key) else {
                continue;
            };
            let properties = tree.get(pair.value, "Properties");
            let source = End {
                id: Some(id.as_str()),
                type_name: deployed_type(&resource.type_name).to_owned(),
                reference: properties.and_then(|node| tree.get(node, "SourceReference")),
            };
            let path = ["Resources", id, "Connectors", name].map(str::to_owned);
            connectors.extend(
                read(
                    finder,
                    format!("{id}{name}"),
                    pair.key,
                    path.to_vec(),
                    Some(source),
                    properties,
                )
                .map(|connector| connector.when(tree, resource.node)),
            );
        }
    }
    connectors
}

fn read<'t>(
    finder: &Finder<'t>,
    id: String,
    key: NodeId,
    path: Vec<String>,
    source: Option<End<'t>>,
    properties: Option<NodeId>,
) -> Option<Connector<'t>> {
    let tree = finder.tree;
    let destination = tree.resolved(tree.get(properties?, "Destination")?);
    let permissions = tree.resolved(tree.get(properties?, "Permissions")?);
    let permissions = tree.items(permissions).unwrap_or_default();
    let list = tree.items(destination);
    Some(Connector {
        id,
        key,
        path,
        source: source?,
        destinations: match list {
            Some(items) => items.iter().filter_map(|item| end(finder, *item)).collect(),
            None => end(finder, destination).into_iter().collect(),
        },
        several: list.is_some(),
        branch: Branch::new(),
        permissions: permissions
            .iter()
            .filter_map(|item| tree.text(*item))
            .collect(),
    })
}

/// Reads `Source` or an item of `Destination`.
fn end<'t>(finder: &Finder<'t>, node: NodeId) -> Option<End<'t>> {
    let tree = finder.tree;
    let id = tree.get(node, "Id").and_then(|node| tree.text(node));
    let type_name = match id {
        Some(id) => &finder.template.resources.get(id)?.type_name,
        None => tree.text(tree.get(node, "Type")?)?,
    };
    Some(End {
        id,
        type_name: deployed_type(type_name).to_owned(),
        reference: Some(node),
    })
}

fn join(finder: &mut Finder<'_>, connector: &Connector<'_>, index: usize, destination: &End<'_>) {
    let source = &connector.source;
    let Some(made) = catalog().sam_connector(&source.type_name, &destination.type_name) else {
        return;
    };
    let writer = Writer::new(finder.tree, connector.key, &connector.branch);
    let value = |name: &str| {
        let (end, name) = name.split_once('.')?;
        let end = if end == "Source" { source } else { destination };
        output(finder.tree, &writer, end, name)
    };
    let statements: Vec<_> = made
        .permissions()
        .filter(|(name, _)| connector.permissions.contains(name))
        .flat_map(|(_, statements)| statements)
        .collect();
    if statements.is_empty() {
        return;
    }
    let policy = writer.policy(writer.drafts(statements, &value));
    let (holder, other) = match made.is_of_source() {
        true => (source, destination),
        false => (destination, source),
    };
    let (kind, ending, target) = match made.kind() {
        SamConnectorKind::Role => (SiteKind::Identity, "Policy", role(finder, holder, other)),
        SamConnectorKind::Queue => (SiteKind::Resource, "QueuePolicy", resource(finder, holder)),
        SamConnectorKind::Topic => (SiteKind::Resource, "TopicPolicy", resource(finder, holder)),
        SamConnectorKind::Function => (
            SiteKind::Resource,
            "LambdaPermission",
            resource(finder, holder),
        ),
    };
    let name = match connector.several {
        true => format!("{}{ending}Destination{index}", connector.id),
        false => format!("{}{ending}", connector.id),
    };
    let origin = connector.path.get(1..).unwrap_or_default().join("/");
    let generated = writer.generated(kind, Some(name), origin, connector.path.clone(), policy);
    if let Some(owner) = target.and_then(|index| finder.owners.get_mut(index)) {
        owner.generated.push(generated);
    }
}

/// What is known of an end: `Arn`, `Name` and so on.
fn output(tree: &Tree, writer: &Writer<'_>, end: &End<'_>, name: &str) -> Option<Vec<Part>> {
    let given = end.reference.and_then(|node| tree.get(node, name));
    let Some(id) = end.id.filter(|_| given.is_none()) else {
        return given.map(|node| writer.written(node));
    };
    let known = catalog().sam_connected(&end.type_name)?.output(name)?;
    Some(match known {
        "Ref" => vec![writer.variable(id)],
        "*" => writer.plain("*").parts,
        attribute => vec![writer.attribute(id, attribute)],
    })
}

fn resource(finder: &mut Finder<'_>, end: &End<'_>) -> Option<usize> {
    end.id.map(|id| owner(finder, id))
}

/// The role that an end acts as. `other` is the other end.
fn role(finder: &mut Finder<'_>, end: &End<'_>, other: &End<'_>) -> Option<usize> {
    let tree = finder.tree;
    let Some(id) = end.id else {
        let name = tree.get(end.reference?, "RoleName")?;
        return Some(finder.identity(name, OwnerKind::Role));
    };
    let resource = finder.template.resources.get(id)?;
    if let Some(index) = finder.by_id.get(id).copied()
        && finder
            .owners
            .get(index)
            .is_some_and(|owner| owner.kind == OwnerKind::Role)
        && resource.type_name.starts_with(super::PREFIX)
    {
        return Some(index);
    }
    let properties = resource.properties?;
    let property = match catalog().sam_connected(&end.type_name)?.role_property()? {
        "Targets/RoleArn" => {
            let targets = tree.items(tree.resolved(tree.get(properties, "Targets")?))?;
            let target = targets.iter().find(|target| {
                let arn = tree.get(**target, "Arn");
                arn.is_some_and(|node| other.id.is_some() && referred(tree, node) == other.id)
            })?;
            tree.get(*target, "RoleArn")?
        }
        // A function or state machine of SAM writes its role's ARN to the same property.
        "RoleArn" if resource.type_name.starts_with(super::PREFIX) => {
            tree.get(properties, "Role")?
        }
        name => tree.get(properties, name)?,
    };
    let id = referred(tree, property)?;
    finder.by_id.get(id).copied()
}

/// The logical id that `Ref` or `Fn::GetAtt` names.
pub(super) fn referred(tree: &Tree, node: NodeId) -> Option<&str> {
    let View::Tagged(tag, value) = tree.view(tree.resolved(node)) else {
        return None;
    };
    match tag.name.as_str() {
        "Ref" => tree.text(value),
        "Fn::GetAtt" => match tree.items(tree.resolved(value)) {
            Some(items) => items.first().and_then(|item| tree.text(*item)),
            None => tree.text(value).and_then(|text| text.split('.').next()),
        },
        _ => None,
    }
}
