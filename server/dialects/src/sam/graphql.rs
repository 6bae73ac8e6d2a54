//! GraphQL APIs: the roles that AWS AppSync writes logs and reaches data sources with.

use leastwise_catalog::catalog;
use leastwise_model::text::Part;
use leastwise_model::{Branch, Owner, OwnerKind, SiteKind};
use leastwise_syntax::{NodeId, View};

use super::expand::Writer;
use crate::cloudformation::finder::Finder;
use crate::cloudformation::template::Resource;

const SERVICE: &str = "appsync.amazonaws.com";

/// Makes the roles of a GraphQL API owners.
pub(super) fn declare(finder: &mut Finder<'_>, id: &str, resource: &Resource) {
    let tree = finder.tree;
    let Some(properties) = resource.properties else {
        return;
    };
    let logging = tree.get(properties, "Logging");
    let named = logging.is_some_and(|node| tree.get(node, "CloudWatchLogsRoleArn").is_some());
    if !named && logging.is_none_or(|node| tree.text(node) != Some("false")) {
        let key = resource.key;
        let index = role(
            finder,
            format!("{id}CloudWatchRole"),
            key,
            &["Logging"],
            id,
            resource,
        );
        let writer = Writer::new(tree, key, &Branch::new());
        if let Some(owner) = finder.owners.get_mut(index) {
            writer.attach(owner, "AWSAppSyncPushToCloudWatchLogs");
        }
    }
    let Some(sources) = tree.get(properties, "DataSources") else {
        return;
    };
    for (kind, type_name, connector) in [
        ("DynamoDb", "AWS::DynamoDB::Table", "ToTableConnector"),
        ("Lambda", "AWS::Lambda::Function", "ToLambdaConnector"),
    ] {
        let named = tree.get(sources, kind);
        for pair in named.map(|node| tree.pairs(node)).unwrap_or_default() {
            let Some(name) = tree.text(pair.key) else {
                continue;
            };
            if tree.get(pair.value, "ServiceRoleArn").is_some() {
                continue;
            }
            let ending = if kind == "Lambda" {
                "Lambda"
            } else {
                "DynamoDB"
            };
            let source = format!("{id}{name}{ending}DataSource");
            let keys = ["DataSources", kind, name];
            let index = role(
                finder,
                format!("{source}Role"),
                pair.key,
                &keys,
                id,
                resource,
            );
            let writer = Writer::new(tree, pair.key, &Branch::new());
            let arn = match kind {
                "Lambda" => tree
                    .get(pair.value, "FunctionArn")
                    .map(|node| writer.written(node)),
                _ => table(finder, &writer, pair.value),
            };
            let permissions = tree
                .get(pair.value, "Permissions")
                .and_then(|node| tree.items(tree.resolved(node)));
            let allowed = |name: &str| match permissions {
                Some(items) => items.iter().any(|item| tree.text(*item) == Some(name)),
                None => kind != "Lambda" || name == "Write",
            };
            let Some(made) = catalog().sam_connector("AWS::AppSync::DataSource", type_name) else {
                continue;
            };
            let statements = made
                .permissions()
                .filter(|(name, _)| allowed(name))
                .flat_map(|(_, statements)| statements);
            let value = |name: &str| arn.clone().filter(|_| name == "Destination.Arn");
            let policy = writer.policy(writer.drafts(statements, &value));
            let generated = writer.generated(
                SiteKind::Identity,
                Some(format!("{source}{connector}Policy")),
                keys.join("/"),
                path(id, &keys),
                policy,
            );
            if let Some(owner) = finder.owners.get_mut(index) {
                owner.generated.push(generated);
            }
        }
    }
}

fn path(id: &str, keys: &[&str]) -> Vec<String> {
    let start = ["Resources", id, "Properties"].into_iter();
    start
        .chain(keys.iter().copied())
        .map(str::to_owned)
        .collect()
}

/// A role that AppSync assumes.
fn role(
    finder: &mut Finder<'_>,
    label: String,
    key: NodeId,
    keys: &[&str],
    id: &str,
    resource: &Resource,
) -> usize {
    let writer = Writer::new(finder.tree, key, &Branch::new());
    let trust = writer.trust(SERVICE);
    let origin = keys.join("/");
    let trust = writer.generated(SiteKind::Trust, None, origin, path(id, keys), trust);
    let index = finder.owners.len();
    finder.by_id.insert(label.clone(), index);
    finder.owners.push(Owner {
        type_name: resource.type_name.clone(),
        declared: Some(finder.tree.span(key)),
        generated: vec![trust],
        ..Owner::new(OwnerKind::Role, label)
    });
    index
}

/// The ARN of a data source's table: as written, or made of its name.
fn table(finder: &Finder<'_>, writer: &Writer<'_>, source: NodeId) -> Option<Vec<Part>> {
    let tree = finder.tree;
    let written = |name: &str| {
        let node = tree.get(source, name)?;
        matches!(tree.view(node), View::Scalar(_) | View::Tagged(..)).then(|| writer.written(node))
    };
    written("TableArn").or_else(|| {
        let text = "arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${TableName}";
        let value = |name: &str| {
            let region = || vec![writer.variable("AWS::Region")];
            written(name).or_else(|| (name == "Region").then(region))
        };
        Some(writer.text(text, &value)?.parts)
    })
}
