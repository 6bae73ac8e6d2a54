//! Services of the Serverless Framework: the statements of their roles, the resources beside them, and what the
//! framework itself adds.

mod events;
mod expected;
mod framework;
pub(crate) mod from_variables;
mod functions;
mod generated;
mod limits;
mod naming;
pub(crate) mod notation;
mod reader;
pub mod resolve;
mod resources;
mod roles;
pub(crate) mod same_file;
mod scope;
pub(crate) mod service;
mod sharing;
mod stages;
mod target;
pub(crate) mod variable;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

use leastwise_model::lower::bare_item;
use leastwise_model::notation::Notation;
use leastwise_model::text::Text;
use leastwise_model::{Item, Site, files};
use leastwise_syntax::{NodeId, Tree, View};

use self::notation::SERVICE;
use self::service::{Memory, ServiceSources};
use crate::cloudformation;
use crate::dialect::{
    Dialect, DocumentKind, Expected, RecognisedFile, Rooms, Surrounding, Tool, Words,
};
use crate::source_file::SourceFile;
use crate::state::facts::{SharedRole, TargetVariables};

/// The root mapping of a file that is a service on AWS.
fn root(tree: &Tree, path: &str) -> Option<NodeId> {
    let root = tree.resolved(*tree.documents().first()?);
    let provider = tree.resolved(tree.get(root, "provider")?);
    tree.get(root, "service")?;
    let aws = match tree.view(provider) {
        View::Mapping(_) => tree.text(tree.get(provider, "name")?) == Some("aws"),
        // `provider: aws`, and a provider that another file holds: only by the file's name.
        View::Scalar(text) => is_named(path) && (text == "aws" || variable::whole(text).is_some()),
        _ => false,
    };
    aws.then_some(root)
}

/// Whether a file is called what the framework looks for.
fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("serverless")
        && [".yml", ".yaml", ".json"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// The role that CloudFormation assumes to deploy the service, by its ARN.
fn deployers(tree: &Tree, root: NodeId) -> Vec<Item> {
    let provider = tree.get(root, "provider");
    let role = provider.and_then(|provider| {
        let iam = tree.get(provider, "iam");
        iam.and_then(|iam| tree.get(iam, "deploymentRole"))
            .or_else(|| tree.get(provider, "cfnRole"))
    });
    let lower = |node| bare_item(node, Text::lower(tree, node, SERVICE));
    role.map(lower).into_iter().collect()
}

/// Plugins that write `Fn::Sub` themselves.
const FILLING_PLUGINS: [&str; 3] = [
    "serverless-pseudo-parameters",
    "serverless-cloudformation-sub-variables",
    "serverless-plugin-pseudo-parameters",
];

/// The Serverless Framework.
#[derive(Debug)]
pub(super) struct Serverless;

impl Dialect for Serverless {
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
        let root = root(asked.tree, asked.path)?;
        Some(found(asked, root, rooms))
    }

    fn notation(&self) -> &'static dyn Notation {
        SERVICE
    }

    fn tool(&self) -> Tool {
        cloudformation::TOOL
    }

    fn fills_in(&self, name: &str) -> bool {
        variable::has_own_source(name)
    }

    fn is_filled_otherwise(&self, tree: &Tree) -> bool {
        let mut plugins = FILLING_PLUGINS.iter();
        plugins.any(|plugin| tree.mentions(plugin))
    }

    fn expected(&self, at: &Surrounding<'_>, rooms: Rooms) -> Expected {
        expected::expected(at, rooms)
    }

    fn words(&self) -> Words {
        Words {
            possible: &[
                // Statements of its API.
                "resourcePolicy",
                // The role that it deploys with.
                "deploymentRole",
                "cfnRole",
            ],
            declaring: &["provider"],
            statements: &["statements", "iamRoleStatements", "resourcePolicy"],
            managed: &[
                "managedPolicies",
                "iamManagedPolicies",
                "permissionsBoundary",
                "rolePermissionsBoundary",
                "iamPermissionsBoundary",
            ],
            ..Words::default()
        }
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::OfFramework
    }

    fn prefix_variable(&self, tree: &Tree, prefix: &str, in_config: &[String]) -> Option<String> {
        target::prefix_variable(tree, prefix, in_config)
    }

    fn target_variables(&self, tree: &Tree) -> Option<TargetVariables> {
        target::variables(tree)
    }

    fn own_variables(&self) -> Option<TargetVariables> {
        Some(target::OWN)
    }

    fn begins(&self, at: &Surrounding<'_>) -> bool {
        expected::begins(at)
    }

    fn shared_role(&self, tree: &Tree, site: &Site) -> Option<SharedRole> {
        sharing::shared_role(tree, site)
    }
}

fn found(asked: &SourceFile<'_>, root: NodeId, rooms: Rooms) -> RecognisedFile {
    let (tree, path, config) = (asked.tree, asked.path, asked.config);
    let (environments, files) = (asked.environments, asked.files);
    let service = Arc::new(ServiceSources {
        root,
        folder: files::folder(path).to_owned(),
        files: Arc::clone(files),
        memory: Memory::default(),
        unread: Mutex::default(),
    });
    let environments = stages::environments(tree, &service, config, environments);
    // Regions may have been read under environments of the same names without them.
    let service = Arc::new(ServiceSources {
        root,
        folder: service.folder.clone(),
        files: Arc::clone(files),
        memory: Memory::default(),
        unread: Mutex::default(),
    });
    let template = resources::template(tree, &service, config, &environments, rooms);
    let (sites, owners) = roles::find(tree, &template, config, &environments);
    let unread = service
        .unread
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    asked
        .limits
        .unread
        .borrow_mut()
        .extend(unread.iter().cloned());
    drop(unread);
    RecognisedFile {
        state: Box::new(template),
        sites,
        owners,
        deployers: deployers(tree, root),
        environments: Some(environments),
        ..RecognisedFile::of(&Serverless)
    }
}
