//! The resource policies of APIs: `Auth/ResourcePolicy` of an API, of the `Globals`, and of a function's event.

use leastwise_syntax::{NodeId, Tree, View};

use super::super::cloudformation::Finder;
use super::super::{Resource, follow};
use super::Sam;
use crate::model::Branch;
use crate::site::{Document, Owner, OwnerKind, Site, SiteKind};
use crate::text::Dollar;

/// The API that SAM makes for events that name none.
const IMPLICIT: &str = "ServerlessRestApi";

/// The policies of one API.
pub(super) fn sites(
    sam: &Sam,
    finder: &mut Finder<'_>,
    id: &str,
    resource: &Resource,
    sites: &mut Vec<Site>,
) {
    let tree = finder.tree;
    let Some(properties) = resource.properties else {
        return;
    };
    let body = tree
        .get(properties, "DefinitionBody")
        .map(|node| follow(tree, node, &["x-amazon-apigateway-policy"], &Branch::new()))
        .unwrap_or_default();
    let auth = tree.get(properties, "Auth");
    if body.is_empty() && auth.is_none() && sam.global(tree, resource, "Auth").is_none() {
        return;
    }
    let index = owner(finder, id);
    let at = |keys: &[&str]| path(&["Resources", id, "Properties"], keys);
    for (node, branch) in body {
        if matches!(tree.view(node), View::Mapping(_)) {
            let path = at(&["DefinitionBody", "x-amazon-apigateway-policy"]);
            sites.push(site(tree, node, false, path, branch, index));
        }
    }
    if let Some(auth) = auth {
        custom(tree, auth, &at(&["Auth"]), index, sites);
    }
}

/// The policies that stand in `Globals` and in events.
pub(super) fn of_all(sam: &Sam, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
    let tree = finder.tree;
    let global = sam
        .globals
        .and_then(|node| tree.get(tree.get(node, "Api")?, "Auth"));
    if let Some(auth) = global {
        let found = statements(tree, auth);
        if !found.is_empty() {
            let index = owner(finder, IMPLICIT);
            custom(
                tree,
                auth,
                &path(&["Globals", "Api"], &["Auth"]),
                index,
                sites,
            );
        }
    }
    let template = finder.template;
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        let events = resource
            .properties
            .filter(|_| resource.type_name == "AWS::Serverless::Function")
            .and_then(|node| tree.get(node, "Events"));
        for pair in events.map(|node| tree.pairs(node)).unwrap_or_default() {
            let properties = tree.get(pair.value, "Properties");
            let auth = properties.and_then(|node| tree.get(node, "Auth"));
            let (Some(auth), Some(name)) = (auth, tree.text(pair.key)) else {
                continue;
            };
            if statements(tree, auth).is_empty() {
                continue;
            }
            let api = properties.and_then(|node| tree.get(node, "RestApiId"));
            let named = api.and_then(|node| match tree.view(tree.resolved(node)) {
                View::Tagged(tag, value) if tag.name == "Ref" => tree.text(value),
                _ => None,
            });
            let index = owner(finder, named.unwrap_or(IMPLICIT));
            let keys = ["Resources", id, "Properties", "Events", name, "Properties"];
            custom(tree, auth, &path(&keys, &["Auth"]), index, sites);
        }
    }
}

fn path(start: &[&str], rest: &[&str]) -> Vec<String> {
    start
        .iter()
        .chain(rest)
        .map(|key| (*key).to_owned())
        .collect()
}

/// `ResourcePolicy/CustomStatements`: a statement or several.
fn statements(tree: &Tree, auth: NodeId) -> Vec<(NodeId, Branch)> {
    let path = ["ResourcePolicy", "CustomStatements"];
    let mut found = follow(tree, auth, &path, &Branch::new());
    found.retain(|(node, _)| matches!(tree.view(*node), View::Mapping(_) | View::Sequence(_)));
    found
}

fn custom(tree: &Tree, auth: NodeId, keys: &[String], index: usize, sites: &mut Vec<Site>) {
    for (node, branch) in statements(tree, auth) {
        let mut keys = keys.to_vec();
        keys.extend(["ResourcePolicy", "CustomStatements"].map(str::to_owned));
        sites.push(site(tree, node, true, keys, branch, index));
    }
}

fn site(
    tree: &Tree,
    node: NodeId,
    statements: bool,
    path: Vec<String>,
    branch: Branch,
    owner: usize,
) -> Site {
    Site {
        kind: SiteKind::Resource,
        service: Some("execute-api"),
        document: Document::new(tree, node, statements, Dollar::Policy),
        name: None,
        path,
        branch,
        owners: vec![owner],
    }
}

/// The owner of that name: a resource, which may be one that SAM makes.
pub(super) fn owner(finder: &mut Finder<'_>, id: &str) -> usize {
    if let Some(index) = finder.by_id.get(id) {
        return *index;
    }
    let resource = finder.template.resources.get(id);
    let index = finder.owners.len();
    finder.owners.push(Owner {
        type_name: resource.map_or_else(String::new, |resource| resource.type_name.clone()),
        declared: resource.map(|resource| finder.tree.span(resource.key)),
        properties: resource.and_then(|resource| resource.properties),
        ..Owner::new(OwnerKind::Resource, id)
    });
    finder.by_id.insert(id.to_owned(), index);
    index
}
