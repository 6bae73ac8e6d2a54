//! CloudFormation templates: which properties hold policies, and which role, user or resource each belongs to.

mod attached;
mod bounds;
mod child_arns;
pub(super) mod expected;
pub(crate) mod finder;
mod identities;
mod imports;
mod limits;
mod loops;
mod named;
mod outputs;
mod permission;
mod public_block;
mod referred;
pub mod resolve;
mod scope;
mod secrets;
mod sites;
mod state;
mod table;
pub(crate) mod template;

use leastwise_model::notation::Notation;
use leastwise_model::{Config, Environment, Owner, Site};
use leastwise_syntax::{NodeId, Tree};

use self::finder::{Finder, has_identity};
use self::template::{Resource, Template};
use crate::dialect::{
    Dialect, DocumentKind, Ending, Expected, RecognisedFile, Rooms, Surrounding, TargetPart, Tool,
    Words,
};
use crate::intrinsic::notation::TEMPLATE;
use crate::source_file::SourceFile;

/// What another dialect adds to templates: types of resources that it reads by itself.
pub(super) trait Extension {
    /// Adds to what the template declares, so that texts may name it.
    fn make(&self, tree: &Tree, template: &mut Template);

    /// Makes its resources owners.
    fn declare(&self, finder: &mut Finder<'_>);

    /// Finds the policies that stand in a resource.
    fn sites(&self, finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>);

    /// The functions of its own that make a text of what stands in them.
    fn text_functions(&self) -> &'static [&'static str] {
        &[]
    }

    /// Finds the policies that stand elsewhere, once all others are found.
    fn finish(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>);
}

/// What deploys a template, whoever has written it.
pub(super) const TOOL: Tool = Tool {
    name: "CloudFormation",
    whole: "the template",
};

/// CloudFormation.
#[derive(Debug)]
pub(super) struct CloudFormation;

impl Dialect for CloudFormation {
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
        let (_, template) = template(asked.tree, rooms)?;
        Some(found(&CloudFormation, asked, template, None))
    }

    fn endings(&self) -> &'static [Ending] {
        const ENDINGS: [Ending; 1] = [Ending::of("template", None)];
        &ENDINGS
    }

    fn notation(&self) -> &'static dyn Notation {
        TEMPLATE
    }

    fn tool(&self) -> Tool {
        TOOL
    }

    fn is_filled_otherwise(&self, tree: &Tree) -> bool {
        has_macros(tree)
    }

    fn target_part(&self, name: &str) -> Option<TargetPart> {
        match name {
            "AWS::Region" => Some(TargetPart::Region),
            "AWS::URLSuffix" => Some(TargetPart::Suffix),
            _ => None,
        }
    }

    fn expected(&self, at: &Surrounding<'_>, rooms: Rooms) -> Expected {
        expected::expected(at, rooms)
    }

    fn begins(&self, at: &Surrounding<'_>) -> bool {
        expected::begins(at)
    }

    fn words(&self) -> Words {
        Words {
            telling: &[
                "AWS::IAM::",
                // Policies of AWS that permission sets are given.
                "AWS::SSO::",
                // Permissions that are resources of their own.
                "AWS::Lambda::Permission",
                "AWS::Lambda::LayerVersionPermission",
            ],
            // What passes values to another template.
            possible: &["AWS::CloudFormation::Stack"],
            // A type: an identity, a stack of another template.
            declaring: &["AWS::", "Export"],
            documents: &[
                "AccessPolicies",
                "FileSystemPolicy",
                "InlinePolicy",
                "KeyPolicy",
                "Policy",
                "ResourcePolicy",
            ],
            trust: &["AssumeRolePolicyDocument"],
            managed: &["ManagedPolicyArns", "PermissionsBoundary"],
            policies: &["Resources", "", "Properties", "Policies"],
            ..Words::default()
        }
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::Template
    }
}

/// Whether a template is put through macros, which may fill in what stands in its texts. AWS's own transforms don't.
pub(super) fn has_macros(tree: &Tree) -> bool {
    tree.documents().iter().any(|root| {
        let Some(transform) = tree.get(*root, "Transform") else {
            return false;
        };
        let own = |node: NodeId| {
            tree.text(node)
                .is_some_and(|name| name.starts_with("AWS::"))
        };
        match tree.items(transform) {
            Some(names) => !names.iter().all(|name| own(*name)),
            None => !own(transform),
        }
    })
}

/// The first document of a file that is a template: its root, and what it declares.
pub(super) fn template(tree: &Tree, rooms: Rooms) -> Option<(NodeId, Template)> {
    let mut roots = tree.documents().iter();
    let root = *roots.find(|root| Template::is_template(tree, **root))?;
    Some((root, Template::read(tree, root, rooms)))
}

/// What is found in a file by what its template declares.
pub(super) fn found(
    dialect: &'static dyn Dialect,
    asked: &SourceFile<'_>,
    mut template: Template,
    extension: Option<&dyn Extension>,
) -> RecognisedFile {
    let tree = asked.tree;
    template.nest(tree, asked.path, &**asked.files);
    if let Some(extension) = extension {
        extension.make(tree, &mut template);
    }
    let (config, environments) = (asked.config, asked.environments);
    let notation = template.notation();
    let (sites, owners) = declared(tree, &template, extension, config, environments, notation);
    if !sites.is_empty() {
        asked.limits.is_cut_off.set(template.is_cut_off);
    }
    let unread = template.unread.iter().cloned();
    asked.limits.unread.borrow_mut().extend(unread);
    RecognisedFile {
        sites,
        owners,
        state: Box::new(template),
        ..RecognisedFile::of(dialect)
    }
}

/// The policies that a template declares, and what they belong to.
pub(super) fn declared(
    tree: &Tree,
    template: &Template,
    extension: Option<&dyn Extension>,
    config: &Config,
    environments: &[Environment],
    notation: &'static dyn Notation,
) -> (Vec<Site>, Vec<Owner>) {
    let mut finder = Finder::new(tree, template, config, environments, notation);
    if let Some(extension) = extension {
        finder.text_functions = extension.text_functions();
    }
    let mut sites = Vec::new();
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        // What stands in another file has no node here.
        if resource.tree.is_some() {
            continue;
        }
        let type_name = resource.type_name.as_str();
        let has_policies = has_identity(type_name) || !table::entries(type_name).is_empty();
        if has_policies || permission::for_type(type_name).is_some() {
            finder.declare(id, resource);
        }
    }
    if let Some(extension) = extension {
        extension.declare(&mut finder);
    }
    for (id, resource) in &template.resources {
        // What a loop makes is what stands in its body.
        let written = resource.looped.as_ref().filter(|written| *written != id);
        if let Some(index) = written.and_then(|written| finder.by_id.get(written).copied()) {
            finder.by_id.insert(id.clone(), index);
        }
    }
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        if finder.is_never_there(resource) {
            continue;
        }
        finder.sites(id, resource, &mut sites);
        if let Some(extension) = extension {
            extension.sites(&mut finder, id, resource, &mut sites);
        }
    }
    finder.attach(&mut sites);
    finder.adopt(&mut sites);
    finder.join_groups();
    if let Some(extension) = extension {
        extension.finish(&mut finder, &mut sites);
    }
    finder.bound(&mut sites);
    (sites, finder.owners)
}
