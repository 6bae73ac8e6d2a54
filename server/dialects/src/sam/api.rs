//! The resource policies of APIs: `Auth/ResourcePolicy` of an API, of the `Globals`, and of a function's event.

use leastwise_model::draft::{Draft, Who};
use leastwise_model::{Branch, Document, Effect, Generated, Owner, OwnerKind, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::Transform;
use super::expand::Writer;
use crate::cloudformation::finder::Finder;
use crate::cloudformation::template::Resource;
use crate::follow::follow;
use crate::intrinsic::notation::TEMPLATE;

/// The API that SAM makes for events that name none.
const IMPLICIT: &str = "ServerlessRestApi";

/// The policies of one API.
pub(super) fn sites(finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
    let tree = finder.tree;
    let Some(properties) = resource.properties else {
        return;
    };
    let body = tree
        .get(properties, "DefinitionBody")
        .map(|node| follow(tree, node, &["x-amazon-apigateway-policy"], &Branch::new()))
        .unwrap_or_default();
    let auth = tree.get(properties, "Auth");
    let at = |keys: &[&str]| path(&["Resources", id, "Properties"], keys);
    for (node, branch) in body {
        let index = owner(finder, id);
        if matches!(tree.view(node), View::Mapping(_)) {
            let path = at(&["DefinitionBody", "x-amazon-apigateway-policy"]);
            sites.push(site(tree, node, false, path, branch, index));
        }
    }
    if let Some(auth) = auth {
        policies(finder, auth, &at(&["Auth"]), id, sites);
    }
}

/// `ResourcePolicy`: lists of accounts, addresses and networks, and what each is for.
const NETWORKS: [(&str, &str, &str); 8] = [
    ("IpRangeWhitelist", "NotIpAddress", "aws:SourceIp"),
    ("IpRangeBlacklist", "IpAddress", "aws:SourceIp"),
    ("SourceVpcBlacklist", "StringEquals", ""),
    ("IntrinsicVpcBlacklist", "StringEquals", "aws:SourceVpc"),
    ("IntrinsicVpceBlacklist", "StringEquals", "aws:SourceVpce"),
    ("SourceVpcWhitelist", "StringNotEquals", ""),
    ("IntrinsicVpcWhitelist", "StringNotEquals", "aws:SourceVpc"),
    (
        "IntrinsicVpceWhitelist",
        "StringNotEquals",
        "aws:SourceVpce",
    ),
];

/// The policy that SAM writes for the lists of a `ResourcePolicy`. Of which methods it is isn't told here: the routes of
/// an API stand in many places.
fn listed(tree: &Tree, auth: NodeId, keys: &[String]) -> Option<Generated> {
    let policy = tree.get(auth, "ResourcePolicy")?;
    let writer = Writer::new(tree, policy, &Branch::new());
    let values = |name: &str| -> Vec<NodeId> {
        let Some(list) = tree.get(policy, name) else {
            return Vec::new();
        };
        let list = tree.resolved(list);
        tree.items(list)
            .map_or_else(|| vec![list], <[NodeId]>::to_vec)
    };
    let text = |node: NodeId| Some(writer.text_of(writer.written(node)));
    let draft = |effect, who| {
        let mut draft = Draft::allow(&["execute-api:Invoke"], None);
        draft.resources = vec![None];
        draft.effect = effect;
        draft.who = who;
        draft
    };
    let mut drafts = Vec::new();
    for (name, effect) in [
        ("AwsAccountWhitelist", Effect::Allow),
        ("AwsAccountBlacklist", Effect::Deny),
    ] {
        let accounts = values(name);
        if !accounts.is_empty() {
            let accounts = accounts.into_iter().map(text).collect();
            drafts.push(draft(effect, Who::Named(accounts)));
        }
    }
    let mut denied: Vec<(&str, Draft<'static>)> = Vec::new();
    for (name, operator, key) in NETWORKS {
        for value in values(name) {
            let key = match (key, tree.text(value)) {
                ("", Some(id)) if id.starts_with("vpce-") => "aws:SourceVpce",
                ("", Some(id)) if id.starts_with("vpc-") => "aws:SourceVpc",
                ("", _) => continue,
                (key, _) => key,
            };
            let found = denied.iter_mut().find(|(known, _)| *known == operator);
            let test = (operator, key, text(value));
            match found {
                Some((_, draft)) => draft.tests.push(test),
                None => {
                    let mut one = draft(Effect::Deny, Who::Everybody);
                    one.tests.push(test);
                    denied.push((operator, one));
                }
            }
        }
    }
    if !denied.is_empty() {
        drafts.push(draft(Effect::Allow, Who::Everybody));
    }
    drafts.extend(denied.into_iter().map(|(_, draft)| draft));
    if drafts.is_empty() {
        return None;
    }
    let mut path = keys.to_vec();
    path.push("ResourcePolicy".to_owned());
    let origin = "Auth/ResourcePolicy";
    let policy = writer.policy(drafts);
    Some(writer.generated(SiteKind::Resource, None, origin, path, policy))
}

/// The policies that stand in `Globals` and in events.
pub(super) fn of_all(sam: &Transform, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
    let tree = finder.tree;
    let global = sam
        .globals
        .and_then(|node| tree.get(tree.get(node, "Api")?, "Auth"));
    if let Some(auth) = global {
        let keys = path(&["Globals", "Api"], &["Auth"]);
        policies(finder, auth, &keys, IMPLICIT, sites);
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
            let api = properties.and_then(|node| tree.get(node, "RestApiId"));
            let named = api.and_then(|node| match tree.view(tree.resolved(node)) {
                View::Tagged(tag, value) if tag.name == "Ref" => tree.text(value),
                _ => None,
            });
            let keys = ["Resources", id, "Properties", "Events", name, "Properties"];
            let keys = path(&keys, &["Auth"]);
            policies(finder, auth, &keys, named.unwrap_or(IMPLICIT), sites);
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

/// Finds and writes what an `Auth` says of the API of that name.
fn policies(
    finder: &mut Finder<'_>,
    auth: NodeId,
    keys: &[String],
    id: &str,
    sites: &mut Vec<Site>,
) {
    let tree = finder.tree;
    for (node, branch) in statements(tree, auth) {
        let index = owner(finder, id);
        let mut keys = keys.to_vec();
        keys.extend(["ResourcePolicy", "CustomStatements"].map(str::to_owned));
        sites.push(site(tree, node, true, keys, branch, index));
    }
    if let Some(generated) = listed(tree, auth, keys) {
        let index = owner(finder, id);
        if let Some(owner) = finder.owners.get_mut(index) {
            owner.generated.push(generated);
        }
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
        uses: Vec::new(),
        held: Vec::new(),
        kind: SiteKind::Resource,
        service: Some("execute-api"),
        document: Document::new(tree, node, statements, TEMPLATE),
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
