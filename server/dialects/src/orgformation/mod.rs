//! OrgFormation: CloudFormation templates for the accounts of an organization, the organization itself with its policies, and
//! the tasks that deploy both.

mod binding;
mod binding_names;
mod environments;
mod limits;
mod names;
mod notation;
mod organization;
mod organized;
mod policies;
mod state;
mod tasks;
#[cfg(test)]
mod tests;
use foldhash::{HashSet, HashSetExt};
use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree, View};

use self::binding::Bindings;
use self::notation::{ANY, may_call};
use self::organization::Organization;
use self::organized::{CURRENT_ACCOUNT, Organized};
use self::policies::{Policies, calls};

use crate::cloudformation;
use crate::cloudformation::template::Template;
use crate::dialect::{
    Dialect, DocumentKind, Expected, RecognisedFile, Rooms, Surrounding, Tool, Words,
};
use crate::source_file::SourceFile;

/// OrgFormation.
#[derive(Debug)]
pub(super) struct OrgFormation;

impl Dialect for OrgFormation {
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
        template_of(asked, rooms).or_else(|| tasks_of(asked, rooms))
    }

    fn notation(&self) -> &'static dyn Notation {
        ANY
    }

    fn expected(&self, at: &Surrounding<'_>, rooms: Rooms) -> Expected {
        cloudformation::expected::expected(at, rooms)
    }

    fn words(&self) -> Words {
        Words {
            telling: &[
                "OC::ORG::ServiceControlPolicy",
                "OC::ORG::Policy",
                "Community::Organizations::Policy",
            ],
            // What passes values to a template.
            possible: &["update-stacks"],
            declaring: &["update-stacks"],
            ..Words::default()
        }
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::Template
    }

    fn tool(&self) -> Tool {
        cloudformation::TOOL
    }

    fn is_filled_otherwise(&self, tree: &Tree) -> bool {
        // The text of a call is read as that of `Fn::Sub`.
        may_call(tree) || cloudformation::has_macros(tree)
    }
}

/// The format version of its templates.
const VERSION: &str = "2010-09-09-OC";

/// Whether a template is one of OrgFormation's. With AWS's version it is one by its bindings, which CloudFormation refuses, and by
/// calls of its functions, which CloudFormation takes for texts.
fn is_own(tree: &Tree, root: NodeId, template: &Template) -> bool {
    let version = tree.get(root, "AWSTemplateFormatVersion");
    let mut keys = ["OrganizationBindings", "DefaultOrganizationBinding"].iter();
    let is_bound = |id: &String| {
        let resource = template.resources.get(id);
        resource.is_some_and(|of| tree.get(of.node, "OrganizationBinding").is_some())
    };
    version.and_then(|node| tree.text(node)) == Some(VERSION)
        || keys.any(|key| tree.get(root, key).is_some())
        || template.order.iter().any(is_bound)
        || may_call(tree) && calls(tree, root)
}

/// What the names of a transform and of its types begin with that only the room of that transform reads.
const OTHERS_TRANSFORM: &str = "AWS::Serverless";

/// Whether another room reads what a template's transform makes of it.
fn is_transformed(tree: &Tree, root: NodeId, template: &Template) -> bool {
    let is_named = tree.get(root, "Transform").is_some_and(|node| {
        let node = tree.resolved(node);
        let names = tree.items(node).unwrap_or_default().iter().chain([&node]);
        let mut names = names.filter_map(|name| tree.text(*name));
        names.any(|name| name.starts_with(OTHERS_TRANSFORM))
    });
    let mut resources = template.resources.values();
    is_named || resources.any(|resource| resource.type_name.starts_with(OTHERS_TRANSFORM))
}

fn template_of(asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
    let (tree, files) = (asked.tree, &**asked.files);
    // Before anything is read.
    if !tree.mentions("-OC") && !tree.mentions("OrganizationBinding") && !may_call(tree) {
        return None;
    }
    let (root, template) = cloudformation::template(tree, rooms)?;
    if is_transformed(tree, root, &template) {
        return None;
    }
    is_own(tree, root, &template).then(|| {
        let mut unread = Vec::new();
        let settings = tasks::settings(asked.path, files, &mut unread);
        let organization = match (tree.get(root, "Organization"), settings.organization) {
            (None, Some(organization)) => organization,
            _ => {
                unread.clear();
                Organization::of(tree, root, asked.path, files, &mut unread)
            }
        };
        asked.limits.unread.borrow_mut().extend(unread);
        let bindings = Bindings::new(tree, root, &organization, &settings.said);
        let placing = bindings.places(&template);
        let (iterates, made_for) = made_for(&bindings, (tree, root), &template);
        found(
            asked,
            root,
            Organized {
                root,
                notation: notation::notation(!template.loops.is_empty()),
                template,
                organization,
                placing,
                iterates,
                made_for,
            },
        )
    })
}

/// What is found in a template.
fn found(asked: &SourceFile<'_>, root: NodeId, mut state: Organized) -> RecognisedFile {
    let tree = asked.tree;
    let template = &mut state.template;
    template.nest(tree, asked.path, &**asked.files);
    let mut conditions = template.conditions.iter();
    if may_call(tree) && conditions.any(|node| calls(tree, *node)) {
        // How many targets there are decides some of them.
        template.conditions = None;
    }
    let (organization, placing) = (&state.organization, &state.placing);
    let environments =
        environments::environments(organization, placing, (asked.environments, asked.config));
    let policies = Policies { root };
    let (sites, owners) = cloudformation::declared(
        tree,
        &state.template,
        Some(&policies),
        asked.config,
        &environments,
        state.notation,
    );
    if !sites.is_empty() {
        asked.limits.is_cut_off.set(state.template.is_cut_off);
    }
    let unread = state.template.unread.iter().cloned();
    asked.limits.unread.borrow_mut().extend(unread);
    RecognisedFile {
        sites,
        owners,
        environments: Some(environments),
        state: Box::new(state),
        ..RecognisedFile::of(&OrgFormation)
    }
}

/// Whether resources are made for each of some accounts, and for which, where that is the same for all that name one.
fn made_for(
    bindings: &Bindings<'_>,
    (tree, root): (&Tree, NodeId),
    template: &Template,
) -> (bool, Option<Vec<usize>>) {
    let mut made = HashSet::new();
    let mut accounts = Vec::new();
    for resource in template.resources.values() {
        if let Some(each) = bindings.for_each(resource.node) {
            made.insert(resource.node);
            accounts.push(each);
        }
    }
    let same = accounts.first().cloned().flatten();
    let same = same.filter(|same| accounts.iter().all(|other| other.as_ref() == Some(same)));
    let same = same.filter(|_| !names_current(tree, root, &made));
    (!made.is_empty(), same.map(Vec::from_iter))
}

/// Whether anything outside of these resources names the account that a resource is made for: it is another one there.
fn names_current(tree: &Tree, root: NodeId, made: &HashSet<NodeId>) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if made.contains(&node) {
            continue;
        }
        match tree.view(node) {
            View::Mapping(pairs) => {
                open.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]));
            }
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(text) if text.contains(CURRENT_ACCOUNT) => return true,
            // What stands elsewhere, too.
            View::Alias(_) => return true,
            View::Scalar(_) | View::Invalid => {}
        }
    }
    false
}

/// A file of tasks: it has no policies, and passes values to templates.
fn tasks_of(asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
    let root = tasks::root(asked.tree)?;
    let template = tasks::template((asked.tree, root, asked.path), &**asked.files, rooms);
    let unread = template.unread.iter().cloned();
    asked.limits.unread.borrow_mut().extend(unread);
    Some(RecognisedFile {
        state: Box::new(template),
        ..RecognisedFile::of(&OrgFormation)
    })
}
