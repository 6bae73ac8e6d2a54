//! From a name to what declares it, and back: logical ids and parameters of a template, roles and policies over files.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_policy::{Arn, ArnShape, Pattern};
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Span, Tree, View};
use leastwise_workspace::OwnerKind;
use leastwise_workspace::index::Indexed;
use leastwise_workspace::model::Item;
use leastwise_workspace::text::{Part, Text};

/// A place in this file or another.
#[derive(Clone, Debug)]
pub struct Location {
    /// The other file: where it lies, and as it was read there. `None` for the file that was asked about.
    pub file: Option<(PathBuf, Arc<Tree>)>,
    /// The bytes of the name there.
    pub span: Span,
}

/// What a name stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    /// A resource or parameter of the template.
    Local(String),
    /// A role, user, group or managed policy by the name that it is deployed under.
    Identity(OwnerKind, String),
}

/// What declares the name at `offset`.
pub(crate) fn definitions(context: Context<'_>, offset: u32) -> Vec<Location> {
    let mut found = Vec::new();
    for target in targets(context, offset) {
        match target {
            Target::Local(name) => found.extend(declaration(context, &name)),
            Target::Identity(kind, name) => {
                let owners = context.analysis.owners.iter();
                let own = owners
                    .filter(|owner| owner.kind == kind && owner.names.contains(&name))
                    .filter_map(|owner| owner.declared);
                found.extend(own.map(|span| Location { file: None, span }));
                let index = context.analysis.index().into_iter();
                for (file, _, owner) in index.flat_map(|index| index.owners(kind, &name)) {
                    if file.analysis.path != context.analysis.path
                        && let Some(span) = owner.declared
                    {
                        found.push(elsewhere(file, span));
                    }
                }
            }
        }
    }
    distinct(found)
}

/// Where what `offset` names is used; with its declarations, if they are wanted.
pub(crate) fn references(context: Context<'_>, offset: u32, declarations: bool) -> Vec<Location> {
    let mut targets = targets(context, offset);
    // Whoever asks at a declaration asks for both names of what it declares.
    for owner in &context.analysis.owners {
        let names_it = |target: &Target| match target {
            Target::Local(name) => *name == owner.label && owner.declared.is_some(),
            Target::Identity(kind, name) => *kind == owner.kind && owner.names.contains(name),
        };
        if targets.iter().any(names_it) {
            let names = owner.names.iter().cloned();
            targets.extend(names.map(|name| Target::Identity(owner.kind, name)));
            if owner.declared.is_some() && context.analysis.template.is_some() {
                targets.push(Target::Local(owner.label.clone()));
            }
        }
    }
    let mut found = Vec::new();
    if declarations {
        found.extend(definitions(context, offset));
    }
    for target in &targets {
        match target {
            Target::Local(name) => {
                for root in context.tree.documents() {
                    uses(context.tree, *root, name, &mut found);
                }
            }
            Target::Identity(kind, name) => {
                let index = context.analysis.index().into_iter();
                for (file, span) in index.flat_map(|index| index.uses(*kind, name)) {
                    found.push(if file.analysis.path == context.analysis.path {
                        Location { file: None, span }
                    } else {
                        elsewhere(file, span)
                    });
                }
            }
        }
    }
    distinct(found)
}

fn elsewhere(file: &Indexed, span: Span) -> Location {
    Location {
        file: Some((file.place.clone(), Arc::clone(&file.tree))),
        span,
    }
}

fn distinct(mut found: Vec<Location>) -> Vec<Location> {
    let key = |at: &Location| {
        let path = at.file.as_ref().map(|(path, _)| path.clone());
        (path, at.span)
    };
    found.sort_by_key(key);
    found.dedup_by_key(|at| key(at));
    found
}

fn declaration(context: Context<'_>, name: &str) -> Option<Location> {
    let template = context.analysis.template.as_ref()?;
    let resource = template.resources.get(name).map(|resource| resource.key);
    let key = resource.or_else(|| Some(template.parameters.get(name)?.key))?;
    Some(Location {
        file: None,
        span: context.content(key),
    })
}

fn targets(context: Context<'_>, offset: u32) -> Vec<Target> {
    let tree = context.tree;
    let mut targets = Vec::new();
    if let Some(template) = &context.analysis.template
        && let Some(node) = tree.node_at(offset)
    {
        let keys = template.resources.iter().map(|(name, it)| (name, it.key));
        let parameters = template.parameters.iter().map(|(name, it)| (name, it.key));
        let declared = keys.chain(parameters).find(|(_, key)| *key == node);
        targets.extend(declared.map(|(name, _)| Target::Local(name.clone())));
        for (name, span) in names_in(tree, node) {
            if span.touches(offset) {
                targets.push(Target::Local(name));
            }
        }
    }
    let item = items(context, offset);
    for item in item {
        for (_, value) in context.analysis.shown(tree, item) {
            targets.extend(identity(&value.pattern));
        }
    }
    targets
}

/// The items at an offset whose values may be ARNs.
fn items<'a>(context: Context<'a>, offset: u32) -> Vec<&'a Item> {
    let analysis = context.analysis;
    let sites = analysis
        .sites
        .iter()
        .filter(|site| site.span(context.tree).touches(offset));
    let statements = sites.flat_map(|site| &site.policy(context.tree).statements);
    let of_policies = statements.flat_map(crate::hints::items);
    let roles = analysis.pipeline.iter().flat_map(|it| &it.roles);
    of_policies
        .chain(roles.map(|role| &role.arn))
        .filter(|item| item.text.span.touches(offset))
        .collect()
}

/// The identity that an ARN names.
fn identity(pattern: &Pattern) -> Option<Target> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    if arn.service.raw() != "iam" {
        return None;
    }
    let resource = arn.resource.as_literal()?;
    let (kind, path) = resource.split_once('/')?;
    let kind = match kind {
        "role" => OwnerKind::Role,
        "user" => OwnerKind::User,
        "group" => OwnerKind::Group,
        "policy" => OwnerKind::ManagedPolicy,
        _ => return None,
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(Target::Identity(kind, name.to_owned()))
}

/// The names of resources and parameters that a node uses, each with its bytes.
fn names_in(tree: &Tree, node: NodeId) -> Vec<(String, Span)> {
    let tagged = |node: NodeId| match tree.parent(node).map(|parent| (parent, tree.view(parent))) {
        Some((parent, View::Tagged(..))) => Some(parent),
        // The text of a `Fn::Sub` with a map.
        Some((list, View::Sequence(items))) if items.first() == Some(&node) => tree
            .parent(list)
            .filter(|parent| matches!(tree.view(*parent), View::Tagged(..))),
        _ => None,
    };
    let Some(call) = tagged(node) else {
        return match tree.text(node).filter(|_| is_dependency(tree, node)) {
            Some(name) => vec![(name.to_owned(), tree.content_span(node))],
            None => Vec::new(),
        };
    };
    let text = Text::lower(tree, call, leastwise_workspace::text::Dollar::Policy);
    let parts = text.parts.into_iter().filter_map(|part| match part {
        Part::Variable { name, span } => Some((name, span)),
        Part::Attribute { resource, span, .. } => Some((resource, span)),
        _ => None,
    });
    parts.collect()
}

/// Whether a node is a value of `DependsOn`.
fn is_dependency(tree: &Tree, node: NodeId) -> bool {
    let holder = |at: NodeId| tree.parent(at);
    let above = holder(node).filter(|at| matches!(tree.view(*at), View::Sequence(_)));
    let value = above.unwrap_or(node);
    holder(value).is_some_and(|parent| {
        tree.get(parent, "DependsOn")
            .is_some_and(|own| own == value)
    })
}

/// Adds every use of a resource or parameter below a node. Without recursion: trees may be deep.
fn uses(tree: &Tree, root: NodeId, name: &str, found: &mut Vec<Location>) {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
            View::Sequence(items) => stack.extend(items),
            View::Tagged(_, inner) => stack.push(inner),
            View::Scalar(_) => {
                let names = names_in(tree, node).into_iter();
                let same = names.filter(|(own, _)| own == name);
                found.extend(same.map(|(_, span)| Location { file: None, span }));
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Location;
    use crate::testing::fixture;

    const TEMPLATE: &str = "Parameters:
  Stage: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub 'shop-${Stage}'}
  Role:
    Type: AWS::IAM::Role
    DependsOn: [Queue]
    Properties:
      RoleName: shop-runner
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Queue.Arn}
              - {Effect: Allow, Action: 'iam:PassRole', Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/shop-runner'}
";

    fn names(text: &str, found: &[Location]) -> Vec<String> {
        let shown = |at: &Location| {
            assert!(at.file.is_none());
            let line = text[..at.span.start as usize].matches('\n').count() + 1;
            format!("{line}:{}", &text[at.span.range()])
        };
        found.iter().map(shown).collect()
    }

    /// What is found where `$0` is put before the nth `at`.
    #[track_caller]
    fn check(at: &str, definitions: &[&str], references: &[&str]) {
        let marked = TEMPLATE.replacen(at, &format!("{}$0{}", &at[..1], &at[1..]), 1);
        assert_ne!(marked, TEMPLATE, "{at}");
        let (mut file, offset) = fixture(&marked);
        assert_eq!(
            names(TEMPLATE, &file.definitions(offset)),
            definitions,
            "{at}"
        );
        assert_eq!(
            names(TEMPLATE, &file.references(offset, false)),
            references,
            "{at}"
        );
    }

    #[test]
    fn within_a_template() {
        let queue = ["9:Queue", "17:!GetAtt Queue.Arn"];
        check("Queue.Arn", &["4:Queue"], &queue);
        check("Queue:\n", &["4:Queue"], &queue);
        check("Queue]", &["4:Queue"], &queue);
        check("Stage}", &["2:Stage"], &["6:${Stage}"]);
        check("runner'}", &["7:Role"], &[]);
        check("sqs:*", &[], &[]);
        check("Policies", &[], &[]);
    }
}
