//! From a name to what declares it, and back: names of a file and of those that it is read with; roles, policies and exports
//! over files.

#[cfg(test)]
mod across;
mod location;
#[cfg(test)]
mod module;
mod targets;
mod uses;

use leastwise_dialects::State;
use leastwise_model::{Owner, OwnerKind};
use leastwise_policy::Pattern;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Span, Tree};
use leastwise_workspace::analysis::index::{is_deployed_as, overlap};

use crate::file_names::FileNames;
pub use location::Location;
use location::{beside, location_in, within};
use targets::targets;

/// What a name stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    /// A name of the file, as it is used: a resource, a parameter, a local value.
    Local(String),
    /// A role, user, group or managed policy by the name that it is deployed under, and its ARN where that is told.
    Identity(OwnerKind, String, Option<Pattern>),
    /// What a stack exports under a name.
    Export(String),
    /// What a variable leads to that a framework fills in, by what stands between its `${` and `}`.
    Variable(String),
}

/// What declares the name at `offset`.
pub(crate) fn definitions(context: Context<'_>, offset: u32) -> Vec<Location> {
    let mut found = Vec::new();
    let state = FileNames::of(context);
    for target in targets(context, &*state, offset) {
        match target {
            Target::Local(name) => found.extend(declaration(context, &*state, &name)),
            Target::Identity(kind, name, arn) => {
                found.extend(identities(context, kind, &name, arn.as_ref()));
            }
            Target::Export(name) => {
                let index = context.analysis.index().into_iter();
                for (file, value) in index.flat_map(|index| index.exports(&name)) {
                    let span = file.tree.content_span(value);
                    found.push(within(context, file, span));
                }
            }
            Target::Variable(inner) => {
                for (file, node) in context.analysis.variable_targets(context.tree, &inner) {
                    let tree = file.as_ref().map_or(context.tree, |(_, tree)| tree);
                    let span = named(tree, node);
                    found.push(Location { file, span });
                }
            }
        }
    }
    distinct(found)
}

/// Where identities of a kind and name are declared. Of several, those with the ARN, where it is theirs.
fn identities(
    context: Context<'_>,
    kind: OwnerKind,
    name: &str,
    arn: Option<&Pattern>,
) -> Vec<Location> {
    let mut found: Vec<(Location, bool)> = Vec::new();
    let own = context.analysis.owners.iter();
    for owner in own.filter(|owner| is_named(owner, kind, name)) {
        let exact = arn.is_some_and(|arn| {
            let mut environments = context.analysis.environments.iter();
            environments.any(|environment| {
                let arns = context.analysis.arns(context.tree, owner, environment);
                arns.iter().any(|own| overlap(own, arn).possible())
            })
        });
        found.extend(
            owner
                .declared
                .map(|span| (Location { file: None, span }, exact)),
        );
    }
    let index = context.analysis.index().into_iter();
    for (file, _, owner) in index.flat_map(|index| index.owners(kind, name)) {
        if let Some(span) = owner.declared.filter(|_| !file.is(context.analysis)) {
            let exact = arn.is_some_and(|arn| is_deployed_as(file, owner, arn).possible());
            found.push((location_in(file, span), exact));
        }
    }
    let any = found.iter().any(|(_, exact)| *exact);
    let meant = found.into_iter().filter(|(_, exact)| !any || *exact);
    meant.map(|(location, _)| location).collect()
}

/// Where what `offset` names is used; with its declarations, if they are wanted.
pub(crate) fn references(context: Context<'_>, offset: u32, declarations: bool) -> Vec<Location> {
    let state = FileNames::of(context);
    let mut targets = targets(context, &*state, offset);
    // Whoever asks at a declaration asks for both names of what it declares.
    for owner in &context.analysis.owners {
        let names_it = |target: &Target| match target {
            Target::Local(name) => *name == owner.label && owner.declared.is_some(),
            Target::Identity(kind, name, _) => is_named(owner, *kind, name),
            Target::Export(_) | Target::Variable(_) => false,
        };
        let at_it = owner.declared.is_some_and(|span| span.touches(offset));
        if at_it || targets.iter().any(names_it) {
            let names = owner.names.iter().cloned();
            targets.extend(names.map(|name| Target::Identity(owner.kind, name, None)));
            if owner.declared.is_some() && context.analysis.dialect.is_template() {
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
            Target::Local(name) => uses::local(context, &*state, name, &mut found),
            Target::Identity(kind, name, _) => uses::identity(context, *kind, name, &mut found),
            Target::Export(name) => uses::export(context, name, &mut found),
            Target::Variable(inner) => uses::variable(context, inner, &mut found),
        }
    }
    distinct(found)
}

fn is_named(owner: &Owner, kind: OwnerKind, name: &str) -> bool {
    owner.kind == kind && owner.names.iter().any(|own| own == name)
}

/// The bytes of the key that a node stands under, or of the node where it stands under none.
fn named(tree: &Tree, node: NodeId) -> Span {
    let parent = tree.parent(node);
    let pairs = parent.map(|parent| tree.pairs(parent)).unwrap_or_default();
    let pair = pairs.iter().find(|pair| tree.resolved(pair.value) == node);
    pair.map_or_else(
        || tree.content_span(node),
        |pair| tree.content_span(pair.key),
    )
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

/// Where a name of the file is declared.
fn declaration(context: Context<'_>, state: &dyn State, name: &str) -> Option<Location> {
    let at = state.named(context.tree, name)?.declared?;
    let span = at.tree(context.tree).content_span(at.node);
    let file = at.other.map(|(path, tree)| beside(context, path, tree));
    Some(Location { file, span })
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
            let (line, _) = leastwise_syntax::place(text, at.span.start);
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
        check("runner'}", &["7:Role"], &["18:shop-runner"]);
        check("sqs:*", &[], &[]);
        check("Policies", &[], &[]);
    }
}
