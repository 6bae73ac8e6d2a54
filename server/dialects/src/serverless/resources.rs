//! The template that a service is deployed as, as far as policies may refer to it: the resources that the service
//! declares, and those that the framework makes for its functions.

use std::sync::Arc;

use leastwise_model::{Config, Environment};
use leastwise_syntax::{NodeId, Tree, View};

use super::functions::{Function, functions};
use super::naming::{self, alphanumeric};
use super::reader::ServiceReader;
use super::{ServiceSources, roles};
use crate::cloudformation::template::{Resource, Template};
use crate::dialect::Rooms;
use crate::resolve::framework::Framework;
use crate::serverless::resolve::ServiceNode;

/// The template of a service.
pub(super) fn template(
    tree: &Tree,
    service: &Arc<ServiceSources>,
    config: &Config,
    environments: &[Environment],
    rooms: Rooms,
) -> Template {
    let bare = Template {
        framework: Some(Arc::clone(service) as Arc<dyn Framework>),
        rooms,
        ..Template::default()
    };
    let fallback = Environment::default();
    let environment = environments.first().unwrap_or(&fallback);
    let reader = ServiceReader::new(tree, service, &bare, config, environment);
    let mut builder = Builder {
        reader,
        template: bare.clone(),
        extensions: Vec::new(),
    };
    let parts = parts(&reader);
    for part in &parts {
        builder.extensions(part);
    }
    builder.generated();
    for part in &parts {
        builder.declared(part);
    }
    builder.template
}

/// The parts of `resources`: one template, or a list of them.
fn parts(reader: &ServiceReader<'_>) -> Vec<ServiceNode> {
    let Some(place) = reader.get(&reader.root(), &["resources"]) else {
        return Vec::new();
    };
    match reader.view(&place) {
        View::Sequence(_) => reader.items(&place),
        _ => vec![place],
    }
}

struct Builder<'a> {
    reader: ServiceReader<'a>,
    template: Template,
    /// `Properties` of `resources.extensions` by logical id.
    extensions: Vec<(String, NodeId)>,
}

impl Builder<'_> {
    fn extensions(&mut self, part: &ServiceNode) {
        let Some(place) = self.reader.get(part, &["extensions"]) else {
            return;
        };
        for (_, id, value) in self.reader.pairs(&place) {
            if let Some(properties) = self.reader.get(&value, &["Properties"])
                && properties.tree.is_none()
            {
                self.extensions.push((id, properties.node));
            }
        }
    }

    fn put(&mut self, id: String, resource: Resource) {
        if self
            .template
            .resources
            .insert(id.clone(), resource)
            .is_none()
        {
            self.template.order.push(id);
        }
    }

    /// A resource that the framework makes.
    fn make(
        &mut self,
        id: String,
        type_name: &str,
        key: NodeId,
        given: Vec<(&'static str, String)>,
    ) {
        let properties = self
            .extensions
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, node)| *node);
        let resource = Resource {
            looped: None,
            bindings: Vec::new(),
            key,
            node: key,
            type_name: type_name.to_owned(),
            deployed: None,
            properties,
            tree: None,
            given,
        };
        self.put(id, resource);
    }

    fn generated(&mut self) {
        let reader = self.reader;
        let root = reader.root();
        let provider = key(reader.tree, root.node, &["provider", "iam", "role"]);
        let provider = key(reader.tree, root.node, &["provider", "iamRoleStatements"])
            .or(provider)
            .or_else(|| key(reader.tree, root.node, &["provider"]))
            .unwrap_or(root.node);
        let (functions, _) = functions(&reader);
        if roles::has_shared(&reader, &functions) {
            let name = match reader.is_text(&root, &["provider", "iam", "role", "name"]) {
                true => "${self:provider.iam.role.name}".to_owned(),
                false => "${self:service}-${sls:stage}-${AWS::Region}-lambdaRole".to_owned(),
            };
            let mut given = vec![("RoleName", name)];
            if reader.is_text(&root, &["provider", "iam", "role", "path"]) {
                given.push(("Path", "${self:provider.iam.role.path}".to_owned()));
            }
            self.make(naming::ROLE.to_owned(), "AWS::IAM::Role", provider, given);
        }
        if !reader.is_set(&root, &["provider", "deploymentBucket"]) {
            self.make(
                naming::BUCKET.to_owned(),
                "AWS::S3::Bucket",
                provider,
                vec![],
            );
        }
        for function in &functions {
            self.of_function(function);
        }
    }

    fn of_function(&mut self, function: &Function) {
        let reader = self.reader;
        let deployed = function.deployed(&reader);
        let name = vec![("FunctionName", deployed.clone())];
        let id = function.id("LambdaFunction");
        self.make(id, "AWS::Lambda::Function", function.key, name);
        let name = vec![("LogGroupName", format!("/aws/lambda/{deployed}"))];
        let id = function.id("LogGroup");
        self.make(id, "AWS::Logs::LogGroup", function.key, name);
        if reader.has(&function.place, "iamRoleStatements") {
            let name = match reader.is_set(&function.place, &["iamRoleStatementsName"]) {
                true => format!("${{self:{}.iamRoleStatementsName}}", function.address),
                false => format!(
                    "${{self:service}}-${{sls:stage}}-{}-${{AWS::Region}}-lambdaRole",
                    function.name
                ),
            };
            let own = function.place.tree.is_none();
            let own = own.then(|| key(reader.tree, function.place.node, &["iamRoleStatements"]));
            let id = function.id(naming::ROLE);
            let at = own.flatten().unwrap_or(function.key);
            self.make(id, "AWS::IAM::Role", at, vec![("RoleName", name)]);
        }
        let Some(events) = reader.get(&function.place, &["events"]) else {
            return;
        };
        for event in reader.items(&events) {
            self.of_event(function, &event);
        }
    }

    fn of_event(&mut self, function: &Function, event: &ServiceNode) {
        let reader = self.reader;
        for (kind, id, type_name) in [
            ("http", "ApiGatewayRestApi", "AWS::ApiGateway::RestApi"),
            ("httpApi", "HttpApi", "AWS::ApiGatewayV2::Api"),
            ("websocket", "WebsocketsApi", "AWS::ApiGatewayV2::Api"),
        ] {
            if reader.has(event, kind) && !self.template.resources.contains_key(id) {
                self.make(id.to_owned(), type_name, function.key, vec![]);
            }
        }
        for (kind, inner, id, type_name, property) in [
            (
                "sns",
                "topicName",
                "SNSTopic",
                "AWS::SNS::Topic",
                "TopicName",
            ),
            ("s3", "bucket", "S3Bucket", "AWS::S3::Bucket", "BucketName"),
        ] {
            let named = reader
                .word(event, &[kind])
                .or_else(|| reader.word(event, &[kind, inner]));
            // An ARN is of a topic that is there already.
            let Some(name) = named.filter(|name| !name.is_empty() && !name.contains(':')) else {
                continue;
            };
            let id = format!("{id}{}", alphanumeric(&name));
            if !self.template.resources.contains_key(&id) {
                self.make(id, type_name, function.key, vec![(property, name)]);
            }
        }
    }

    fn declared(&mut self, part: &ServiceNode) {
        let reader = self.reader;
        if part.tree.is_none() {
            let read = Template::read(reader.tree, part.node, self.template.rooms);
            self.template.parameters.extend(read.parameters);
            self.template.mappings = self.template.mappings.or(read.mappings);
            self.template.conditions = self.template.conditions.or(read.conditions);
        }
        let fallback = key(reader.tree, reader.service.root, &["resources"]);
        let fallback = fallback.unwrap_or(reader.service.root);
        let Some(resources) = reader.get(part, &["Resources"]) else {
            return;
        };
        for (key, id, value) in reader.pairs(&resources) {
            let properties = reader.get(&value, &["Properties"]);
            let made = self.template.resources.get(&id);
            let type_name = reader
                .word(&value, &["Type"])
                .or_else(|| made.map(|made| made.type_name.clone()));
            let Some(type_name) = type_name else {
                continue;
            };
            let given = made.map(|made| made.given.clone()).unwrap_or_default();
            let tree = properties.as_ref().unwrap_or(&value).tree.clone();
            let resource = Resource {
                looped: None,
                bindings: Vec::new(),
                key: if resources.tree.is_none() {
                    key
                } else {
                    fallback
                },
                node: value.node,
                deployed: self.template.rooms.deployed_as(&type_name),
                type_name,
                properties: properties.map(|place| place.node),
                tree,
                given,
            };
            self.put(id, resource);
        }
    }
}

/// The key node at the end of a path of keys in the service's own file.
fn key(tree: &Tree, from: NodeId, path: &[&str]) -> Option<NodeId> {
    let mut node = from;
    let mut key = None;
    for name in path {
        let pair = tree.pair(node, name)?;
        key = Some(pair.key);
        node = tree.resolved(pair.value);
    }
    key
}
