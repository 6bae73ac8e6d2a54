//! GitLab CI: jobs with `id_tokens`, and scripts that assume roles.

use leastwise_model::files::Files;
use leastwise_model::pipeline::{AssumedRole, Host, LongLivedKey, Pipeline};
use leastwise_model::{Known, lower};
use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, Tree, View};

use super::settings::Scopes;
use super::variables::{self, Syntax};
use super::{repository, script};

/// GitLab CI/CD at gitlab.com.
const GITLAB: Host = Host {
    name: "GitLab",
    provider: "gitlab.com",
};

/// Keys at the top of a file that are no jobs.
const GLOBAL: [&str; 10] = [
    "stages",
    "variables",
    "default",
    "include",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
];

/// Whether a file is a pipeline: by its name, or by a job that asks for a token.
pub(super) fn is_pipeline(tree: &Tree, root: NodeId, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml");
    let has_jobs = || jobs(tree, root).any(|(_, job)| tree.get(job, "script").is_some());
    (named && has_jobs())
        || jobs(tree, root).any(|(_, job)| {
            tree.get(job, "id_tokens").is_some() && tree.get(job, "script").is_some()
        })
}

fn jobs(tree: &Tree, root: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
    tree.pairs(root).into_iter().filter_map(|pair| {
        let name = tree.text(pair.key)?;
        let value = tree.resolved(pair.value);
        let is_job = matches!(tree.view(value), View::Mapping(_)) && !GLOBAL.contains(&name);
        is_job.then_some((name, value))
    })
}

pub(super) fn read(tree: &Tree, root: NodeId, path: &str, files: &dyn Files) -> Pipeline {
    let mut found = Pipeline::of(GITLAB);
    let project = repository::path(path, files, "gitlab.com");
    let variables = tree.get(root, "variables");
    keys(tree, variables, "", &mut found);
    for (name, job) in jobs(tree, root) {
        let own = tree.get(job, "variables");
        keys(tree, own, name, &mut found);
        let scopes: Scopes = [own, variables].into_iter().flatten().collect();
        for key in ["before_script", "script", "after_script"] {
            let Some(lines) = tree.get(job, key) else {
                continue;
            };
            for line in scalars(tree, lines) {
                for role in script::roles(tree, line) {
                    let text = variables::part_of(tree, line, role.arn, Syntax::Shell, &scopes);
                    if role.deploys {
                        found.deployers.push(lower::bare_item(line, text));
                        continue;
                    }
                    found.roles.push(AssumedRole {
                        job: name.to_owned(),
                        arn: lower::bare_item(line, text),
                        subjects: if role.by_token {
                            Known::Is(vec![subject(project.as_deref())])
                        } else {
                            Known::Missing
                        },
                    });
                }
            }
        }
    }
    found
}

/// A job may run for any branch and tag: `rules` and `only` don't tell all of it.
fn subject(project: Option<&str>) -> Pattern {
    let mut builder = Pattern::builder();
    builder.push_literal("project_path:");
    match project {
        Some(path) => builder.push_literal(path),
        None => builder.push_hole("project"),
    };
    builder.push_text(":ref_type:*").build()
}

/// The scalars of a script: one text, or a list of texts and of lists.
fn scalars(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    let node = tree.resolved(node);
    match tree.view(node) {
        View::Scalar(_) => vec![node],
        View::Sequence(items) => items
            .iter()
            .flat_map(|item| {
                let item = tree.resolved(*item);
                match tree.view(item) {
                    View::Scalar(_) => vec![item],
                    View::Sequence(inner) => inner
                        .iter()
                        .map(|inner| tree.resolved(*inner))
                        .filter(|inner| matches!(tree.view(*inner), View::Scalar(_)))
                        .collect(),
                    _ => Vec::new(),
                }
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A key that stands in the file itself, or is copied from the project's settings.
fn keys(tree: &Tree, variables: Option<NodeId>, job: &str, found: &mut Pipeline) {
    let Some(variables) = variables else {
        return;
    };
    if let Some(key) = tree.pair(variables, "AWS_SECRET_ACCESS_KEY")
        && tree.get(variables, "AWS_SESSION_TOKEN").is_none()
        && tree.text(key.value).is_some_and(|text| !text.is_empty())
    {
        found.keys.push(LongLivedKey {
            job: job.to_owned(),
            span: tree.span(key.key),
        });
    }
}
