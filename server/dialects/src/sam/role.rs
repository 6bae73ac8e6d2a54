//! The roles that SAM makes for functions and state machines.

use leastwise_catalog::catalog;
use leastwise_model::draft::Draft;
use leastwise_model::text::Text;
use leastwise_model::{Attached, Branch, Document, Known, Owner, OwnerKind, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::deployed::PREFIX;
use super::expand::Writer;
use super::policies::entries;
use super::{Transform, events};
use crate::cloudformation::finder::Finder;
use crate::cloudformation::template::Resource;
use crate::follow::follow;
use crate::intrinsic::notation::TEMPLATE;
use crate::state::entries::{PolicyEntry, TemplateUse, What};

/// When SAM makes a role for a resource: `None` where the resource names one. A state machine can't have a condition
/// there.
pub(super) fn generated_when(tree: &Tree, resource: &Resource) -> Option<Branch> {
    let role = resource
        .properties
        .and_then(|properties| tree.get(properties, "Role"));
    let Some(role) = role else {
        return Some(Branch::new());
    };
    let choices = follow(tree, role, &[], &Branch::new());
    let nothing = choices.iter().filter(|(node, branch)| {
        !branch.is_empty()
            && matches!(tree.view(*node), View::Tagged(tag, value)
                if tag.name == "Ref" && tree.text(value) == Some("AWS::NoValue"))
    });
    let nothing: Vec<_> = nothing.collect();
    match nothing.as_slice() {
        [] => None,
        [(_, branch)] => Some(branch.clone()),
        _ => Some(Branch::new()),
    }
}

/// The role that SAM makes for a function or state machine, as a resource of the template. `None` where it makes none, or
/// its path can't be told.
pub(super) fn resource(tree: &Tree, of: &Resource, path: Option<NodeId>) -> Option<Resource> {
    generated_when(tree, of)?;
    let path = match path.map(|node| tree.resolved(node)) {
        None => None,
        Some(node) => Some(match tree.view(node) {
            View::Scalar(text) => text.to_owned(),
            View::Tagged(tag, text) if tag.name == "Fn::Sub" => tree.text(text)?.to_owned(),
            View::Tagged(tag, name) if tag.name == "Ref" => format!("${{{}}}", tree.text(name)?),
            _ => return None,
        }),
    };
    Some(Resource {
        key: of.key,
        node: of.key,
        type_name: "AWS::IAM::Role".to_owned(),
        deployed: None,
        properties: None,
        tree: None,
        given: path.map(|path| ("Path", path)).into_iter().collect(),
        looped: of.looped.clone(),
        bindings: of.bindings.clone(),
    })
}

/// Makes the role of a resource an owner; for a resource that runs as another role, the resource itself.
pub(super) fn declare(sam: &Transform, finder: &mut Finder<'_>, id: &str, resource: &Resource) {
    let short = resource.type_name.strip_prefix(PREFIX).unwrap_or_default();
    let tree = finder.tree;
    let when = match short {
        "WebFunction" => resource
            .properties
            .is_none_or(|node| tree.get(node, "ExecutionRoleArn").is_none())
            .then(Branch::new),
        _ => generated_when(tree, resource),
    };
    let kind = match when {
        Some(_) => OwnerKind::Role,
        None => OwnerKind::Resource,
    };
    let boundary =
        sam.property(tree, resource, "PermissionsBoundary")
            .map_or(Known::Missing, |node| {
                let node = tree.resolved(node);
                match tree.view(node) {
                    View::Tagged(tag, _) if tag.name == "Fn::If" => Known::Dynamic(node),
                    _ => Known::Is(node),
                }
            });
    let mut owner = Owner {
        type_name: resource.type_name.clone(),
        declared: Some(tree.span(resource.key)),
        properties: resource.properties,
        boundary,
        ..Owner::new(kind, id)
    };
    if let Some(branch) = when {
        let writer = Writer::new(tree, resource.key, &branch);
        match short {
            "StateMachine" => machine(&writer, finder, id, resource, &mut owner),
            _ => function(sam, &writer, finder, id, resource, &mut owner),
        }
    }
    let index = finder.owners.len();
    finder.by_id.insert(id.to_owned(), index);
    if kind == OwnerKind::Role {
        finder.by_id.insert(format!("{id}Role"), index);
    }
    finder.owners.push(owner);
    events::roles(finder, id, resource);
}

fn path(id: &str, rest: &[&str]) -> Vec<String> {
    let keys = ["Resources", id, "Properties"].into_iter();
    keys.chain(rest.iter().copied())
        .map(str::to_owned)
        .collect()
}

/// What every function's role gets, and what its properties bring.
fn function(
    sam: &Transform,
    writer: &Writer<'_>,
    finder: &Finder<'_>,
    id: &str,
    resource: &Resource,
    owner: &mut Owner,
) {
    let tree = finder.tree;
    let property = |name: &str| sam.property(tree, resource, name);
    writer.attach(
        owner,
        match property("DurableConfig") {
            Some(_) => "AWSLambdaBasicDurableExecutionRolePolicy",
            None => "AWSLambdaBasicExecutionRole",
        },
    );
    if resource.type_name.ends_with("WebFunction") {
        trust(writer, owner, id, "lambda.amazonaws.com");
        return;
    }
    if let Some(tracing) = property("Tracing")
        && !finder
            .resolve(tracing)
            .iter()
            .all(|mode| mode == "Disabled")
    {
        writer.attach(owner, xray(finder));
    }
    if property("VpcConfig").is_some() {
        writer.attach(owner, "AWSLambdaVPCAccessExecutionRole");
    }
    if property("AssumeRolePolicyDocument").is_none() {
        trust(writer, owner, id, "lambda.amazonaws.com");
    }
    if let Some(queue) = property("DeadLetterQueue") {
        let action = match tree.get(queue, "Type").and_then(|node| tree.text(node)) {
            Some("SNS") => "sns:Publish",
            _ => "sqs:SendMessage",
        };
        let target = tree
            .get(queue, "TargetArn")
            .map(|node| writer.text_of(writer.written(node)));
        let policy = writer.policy(vec![Draft::allow(&[action], target)]);
        owner.generated.push(writer.generated(
            SiteKind::Identity,
            Some("DeadLetterQueuePolicy".to_owned()),
            "DeadLetterQueue",
            path(id, &["DeadLetterQueue"]),
            policy,
        ));
    }
    let invoke = property("EventInvokeConfig");
    if let Some(config) = invoke.and_then(|node| tree.get(node, "DestinationConfig")) {
        for event in ["OnSuccess", "OnFailure"] {
            let destination = tree.get(config, event);
            let generated = destination.and_then(|node| {
                events::destination(
                    tree,
                    writer,
                    node,
                    &format!("{id}EventInvokeConfig{event}"),
                    path(id, &["EventInvokeConfig", "DestinationConfig", event]),
                )
            });
            owner.generated.extend(generated);
        }
    }
    events::sources(tree, writer, id, resource, owner);
}

fn machine(
    writer: &Writer<'_>,
    finder: &Finder<'_>,
    id: &str,
    resource: &Resource,
    owner: &mut Owner,
) {
    let tree = finder.tree;
    trust(writer, owner, id, "states.amazonaws.com");
    let tracing = resource
        .properties
        .and_then(|node| tree.get(tree.get(node, "Tracing")?, "Enabled"));
    if tracing.is_some_and(|node| tree.text(node) == Some("true")) {
        writer.attach(owner, xray(finder));
    }
}

/// The policy for tracing, which is another where AWS has a partition of its own.
fn xray(finder: &Finder<'_>) -> &'static str {
    let partition = finder.environments.first();
    match partition.and_then(|env| env.partition.as_deref()) {
        None | Some("aws") => "AWSXrayWriteOnlyAccess",
        Some(_) => "AWSXRayDaemonWriteAccess",
    }
}

fn trust(writer: &Writer<'_>, owner: &mut Owner, id: &str, service: &str) {
    owner.generated.push(writer.generated(
        SiteKind::Trust,
        None,
        "AssumeRolePolicyDocument",
        path(id, &["AssumeRolePolicyDocument"]),
        writer.trust(service),
    ));
}

/// The policies that stand in a resource, and those that are written for its policy templates.
pub(super) fn sites(finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
    let tree = finder.tree;
    let (Some(properties), Some(&index)) = (resource.properties, finder.by_id.get(id)) else {
        return;
    };
    let role = generated_when(tree, resource);
    if resource.type_name.ends_with("Function")
        && let Some(document) = tree.get(properties, "AssumeRolePolicyDocument")
    {
        trust_site(
            finder,
            document,
            path(id, &["AssumeRolePolicyDocument"]),
            vec![index],
            sites,
        );
    }
    if let Some(list) = tree.get(properties, "Policies") {
        for mut entry in entries(tree, list) {
            entry.branch.extend(role.iter().flatten().cloned());
            let at = entry.index.to_string();
            let name = format!("{id}RolePolicy{at}");
            let path = path(id, &["Policies", &at]);
            match &entry.what {
                What::Document | What::Statements => sites.push(Site {
                    uses: Vec::new(),
                    held: Vec::new(),
                    kind: SiteKind::Identity,
                    service: None,
                    document: Document::new(
                        tree,
                        entry.node,
                        matches!(entry.what, What::Statements),
                        TEMPLATE,
                    ),
                    name: Some(name),
                    path,
                    branch: entry.branch,
                    owners: vec![index],
                }),
                // A resource that runs as another role gets none of these.
                What::Template(_) if role.is_none() => {}
                What::Template(used) => {
                    if let Some(owner) = finder.owners.get_mut(index) {
                        expand(tree, &entry, used, name, path, owner);
                    }
                }
                // Once all policies of the template are found.
                What::Name | What::Other => {}
            }
        }
    }
}

/// Attaches the managed policies that `Policies` names.
pub(super) fn managed(finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut [Site]) {
    let tree = finder.tree;
    let policies = resource
        .properties
        .and_then(|node| tree.get(node, "Policies"));
    let role = generated_when(tree, resource);
    let (Some(list), Some(&index), Some(role)) = (policies, finder.by_id.get(id), role) else {
        return;
    };
    for mut entry in entries(tree, list) {
        if matches!(entry.what, What::Name | What::Other) {
            entry.branch.extend(role.iter().cloned());
            attach(finder, &entry, index, sites);
        }
    }
}

/// Writes the policy of a policy template.
fn expand(
    tree: &Tree,
    entry: &PolicyEntry,
    used: &TemplateUse,
    name: String,
    path: Vec<String>,
    owner: &mut Owner,
) {
    let Some(template) = used.template else {
        // What is meant can't be told; a finding says so.
        owner.dynamic = true;
        return;
    };
    let writer = Writer::new(tree, used.name, &entry.branch);
    let value = |parameter: &str| {
        let node = used.value(tree, parameter)?;
        Some(writer.written(node))
    };
    let policy = writer.policy(writer.drafts(template.statements(), &value));
    owner.generated.push(writer.generated(
        SiteKind::Identity,
        Some(name),
        template.name(),
        path,
        policy,
    ));
}

/// Attaches the managed policy that an entry names: one of this template, one of AWS's, or one that isn't known.
fn attach(finder: &mut Finder<'_>, entry: &PolicyEntry, index: usize, sites: &mut [Site]) {
    let tree = finder.tree;
    let text = Text::lower(tree, entry.node, TEMPLATE);
    if finder.adopt_one(&text, index, &entry.branch, sites) {
        if let Some(owner) = finder.owners.get_mut(index) {
            owner.attached.push(Attached {
                arn: text,
                branch: entry.branch.clone(),
                is_granted_already: true,
            });
        }
        return;
    }
    let values = match tree.text(entry.node) {
        Some(name) => vec![name.to_owned()],
        None => finder.resolve(entry.node),
    };
    let policies: Vec<_> = values
        .iter()
        .map(|name| catalog().managed_policy(name))
        .collect();
    let named = tree
        .text(entry.node)
        .is_some_and(|name| !name.starts_with("arn:"));
    let Some(owner) = finder.owners.get_mut(index) else {
        return;
    };
    if named && let [Some(policy)] = policies.as_slice() {
        Writer::new(tree, entry.node, &entry.branch).attach(owner, policy.name());
        return;
    }
    let settled = !policies.is_empty() && policies.iter().all(Option::is_some);
    let fresh = |policy: &_| !owner.managed.contains(policy);
    let fresh: Vec<_> = policies.into_iter().flatten().filter(fresh).collect();
    owner.managed.extend(fresh);
    owner.attached.push(Attached {
        arn: text,
        branch: entry.branch.clone(),
        is_granted_already: settled,
    });
}

fn trust_site(
    finder: &Finder<'_>,
    document: NodeId,
    path: Vec<String>,
    owners: Vec<usize>,
    sites: &mut Vec<Site>,
) {
    for (node, branch) in follow(finder.tree, document, &[], &Branch::new()) {
        if matches!(finder.tree.view(node), View::Mapping(_)) {
            sites.push(Site {
                uses: Vec::new(),
                held: Vec::new(),
                kind: SiteKind::Trust,
                service: None,
                document: Document::new(finder.tree, node, false, TEMPLATE),
                name: None,
                path: path.clone(),
                branch,
                owners: owners.clone(),
            });
        }
    }
}

/// The trust policy in `Globals`, for the functions that have none of their own.
pub(super) fn trust_of_all(sam: &Transform, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
    const NAME: &str = "AssumeRolePolicyDocument";
    let tree = finder.tree;
    let functions = sam.globals.and_then(|node| tree.get(node, "Function"));
    let Some(document) = functions.and_then(|node| tree.get(node, NAME)) else {
        return;
    };
    let template = finder.template;
    let owners = template.order.iter().filter_map(|id| {
        let resource = template.resources.get(id)?;
        let own = resource.properties.and_then(|node| tree.get(node, NAME));
        let inherits = own.is_none() && sam.global(tree, resource, NAME).is_some();
        let index = finder.by_id.get(id).copied().filter(|_| inherits)?;
        let owner = finder.owners.get(index)?;
        (owner.kind == OwnerKind::Role).then_some(index)
    });
    let path = ["Globals", "Function", NAME].map(str::to_owned).to_vec();
    let owners: Vec<usize> = owners.collect();
    trust_site(finder, document, path, owners, sites);
}
