//! The framework of a service's template.

use std::sync::Arc;

use leastwise_model::Environment;
use leastwise_model::files::Files;
use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree};

use super::notation::SERVICE;
use super::resolve::Target;
use super::scope;
use super::service::{ENVIRONMENT, ServiceSources};
use crate::resolve::framework::{Framework, FrameworkVariable, VariableOrigin};
use crate::resolve::{Alternative, Resolver};
use crate::state::scope::is_value_of;

impl Framework for ServiceSources {
    fn notation(&self) -> &'static dyn Notation {
        SERVICE
    }

    fn expression(&self, of: &Resolver<'_>, inner: &str, sub: bool) -> Vec<Alternative> {
        of.expression(inner, sub)
    }

    fn made_name(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Vec<Alternative> {
        of.made_name(name, depth)
    }

    fn places(&self, of: &Resolver<'_>, inner: &str) -> Vec<(Option<Arc<Tree>>, NodeId)> {
        match of.target(inner) {
            Target::Places(places) => places
                .into_iter()
                .map(|(place, _)| (place.tree, place.node))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn named_files(&self, tree: &Tree) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for rest in tree.source().split("file(").skip(1) {
            let path = rest.split([')', ',']).next().unwrap_or_default();
            let path = path.trim().trim_matches(['\'', '"']).to_owned();
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    fn title(&self) -> &'static str {
        "the Serverless Framework"
    }

    fn variables(&self, tree: &Tree, path: &str, files: &dyn Files) -> Vec<FrameworkVariable> {
        scope::variables(tree, path, files)
    }

    fn source(&self, inner: &str) -> VariableOrigin {
        scope::source(inner)
    }

    fn is_name(&self, tree: &Tree, node: NodeId) -> bool {
        // Of the role that a function runs as.
        is_value_of(tree, node, "role")
    }

    fn condition(&self, environment: &Environment, name: &str) -> Option<bool> {
        let target = name.strip_prefix(ENVIRONMENT)?;
        Some(target == environment.name)
    }
}
