//! GitHub Actions: workflows, and what composite actions run.

use leastwise_model::files::{Files, Unread};
use leastwise_model::pipeline::{AssumedRole, Host, LongLivedKey, Pipeline};
use leastwise_model::{Known, lower};
use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, Tree, View};

use super::action::CREDENTIALS;
use super::settings::{Scopes, texts};
use super::variables::{self, Syntax};
use super::{local, repository, script};

/// GitHub Actions.
const GITHUB: Host = Host {
    name: "GitHub Actions",
    provider: "token.actions.githubusercontent.com",
};

/// Whether a file has a workflow's shape: triggers, and jobs with steps.
pub(super) fn is_workflow(tree: &Tree, root: NodeId) -> bool {
    tree.get(root, "on").is_some()
        && tree.get(root, "jobs").is_some_and(|jobs| {
            tree.pairs(jobs).iter().any(|job| {
                tree.get(job.value, "steps").is_some() || tree.get(job.value, "uses").is_some()
            })
        })
}

/// What the steps of a composite action do. Whose token they have is known to the jobs that use it.
pub(super) fn read_action(tree: &Tree, root: NodeId) -> Pipeline {
    let mut reader = WorkflowReader {
        tree,
        pipeline: Pipeline::of(GITHUB),
        repository: None,
        triggers: None,
        checkout: None,
        unread: Vec::new(),
    };
    let name = tree.get(root, "name").and_then(|name| tree.text(name));
    if let Some(runs) = tree.get(root, "runs") {
        reader.job(name.unwrap_or_default(), runs, None);
    }
    reader.pipeline
}

/// What a workflow does, and the files of local actions that aren't read.
pub(super) fn read<'t>(
    tree: &'t Tree,
    root: NodeId,
    path: &'t str,
    files: &'t dyn Files,
) -> (Pipeline, Vec<Unread>) {
    let mut reader = WorkflowReader {
        tree,
        pipeline: Pipeline::of(GITHUB),
        repository: None,
        triggers: triggers(tree, root),
        checkout: Some((path, files)),
        unread: Vec::new(),
    };
    let env = tree.get(root, "env");
    let own_keys: Vec<_> = env.into_iter().collect();
    reader.keys_of(&own_keys, "");
    let mut jobs = tree
        .get(root, "jobs")
        .map(|jobs| tree.pairs(jobs))
        .unwrap_or_default();
    jobs.sort_by_key(|job| tree.span(job.key));
    // Only read where a role is assumed.
    let mentions = ["role-to-assume", "--role-arn", "uses: ./"];
    if mentions.iter().any(|mark| tree.mentions(mark)) {
        reader.repository = repository::path(path, files, "github.com");
    }
    for job in jobs {
        let name = tree.text(job.key).unwrap_or_default();
        reader.job(name, job.value, env);
    }
    (reader.pipeline, reader.unread)
}

/// What makes a workflow run, as the ends of its tokens' `sub` claims; `None` where another workflow calls it, or an
/// event whose claim isn't told here.
fn triggers(tree: &Tree, root: NodeId) -> Option<Vec<String>> {
    let on = tree.resolved(tree.get(root, "on")?);
    let events: Vec<(&str, Option<NodeId>)> = match tree.view(on) {
        View::Mapping(_) => tree
            .pairs(on)
            .iter()
            .filter_map(|pair| Some((tree.text(pair.key)?, Some(pair.value))))
            .collect(),
        _ => texts(tree, on)
            .into_iter()
            .map(|name| (name, None))
            .collect(),
    };
    let mut claims = Vec::new();
    for (event, filter) in events {
        match event {
            "pull_request" => claims.push("pull_request".to_owned()),
            "push" => {
                let list = |key| filter.and_then(|filter| tree.get(filter, key));
                let (branches, tags) = (list("branches"), list("tags"));
                let any = branches.is_none() && tags.is_none();
                for (key, list, kind) in [
                    ("branches-ignore", branches, "heads"),
                    ("tags-ignore", tags, "tags"),
                ] {
                    match list {
                        Some(list) => claims.extend(
                            texts(tree, list)
                                .into_iter()
                                .filter(|glob| !glob.starts_with('!'))
                                .map(|glob| format!("ref:refs/{kind}/{}", wildcards(glob))),
                        ),
                        None if any
                            || filter.is_some_and(|filter| tree.get(filter, key).is_some()) =>
                        {
                            claims.push(format!("ref:refs/{kind}/*"));
                        }
                        None => {}
                    }
                }
            }
            "workflow_dispatch"
            | "schedule"
            | "repository_dispatch"
            | "release"
            | "create"
            | "workflow_run" => claims.push("ref:refs/*".to_owned()),
            _ => return None,
        }
    }
    (!claims.is_empty()).then_some(claims)
}

/// A filter of branches or tags with the wildcards of IAM, which take in at least as much.
fn wildcards(glob: &str) -> String {
    let Some(at) = glob.find(['[', '+', '?', '\\']) else {
        return glob.replace("**", "*");
    };
    // `v[0-9]+`: all that begins so. What `?` and `+` stand behind may be missing or come again.
    let mut head = glob.get(..at).unwrap_or_default().to_owned();
    if !glob.get(at..).unwrap_or_default().starts_with('[') {
        head.pop();
    }
    format!("{}*", head.replace("**", "*").trim_end_matches('*'))
}

struct WorkflowReader<'t> {
    tree: &'t Tree,
    pipeline: Pipeline,
    repository: Option<String>,
    triggers: Option<Vec<String>>,
    /// Where a workflow lies, and the files around it.
    checkout: Option<(&'t str, &'t dyn Files)>,
    /// Files of local actions that aren't read.
    unread: Vec<Unread>,
}

impl WorkflowReader<'_> {
    fn job(&mut self, name: &str, job: NodeId, workflow_env: Option<NodeId>) {
        let tree = self.tree;
        let job_env = tree.get(job, "env");
        let job_keys: Vec<_> = job_env.into_iter().collect();
        self.keys_of(&job_keys, name);
        let subjects = self.subjects(job);
        let steps = tree.get(job, "steps").and_then(|steps| tree.items(steps));
        for step in steps.unwrap_or_default() {
            let step_env = tree.get(*step, "env");
            let step_keys: Vec<_> = step_env.into_iter().collect();
            self.keys_of(&step_keys, name);
            let scopes: Scopes = [step_env, job_env, workflow_env]
                .into_iter()
                .flatten()
                .collect();
            let uses = tree
                .get(*step, "uses")
                .and_then(|node| tree.text(node))
                .unwrap_or_default();
            if uses.split('@').next() == Some(CREDENTIALS)
                && let Some(with) = tree.get(*step, "with")
            {
                self.credentials(name, with, &scopes, &subjects);
            }
            if let Some(with) = tree.get(*step, "with") {
                self.given(name, uses, with, &scopes, &subjects);
            }
            if let Some(run) = tree.get(*step, "run") {
                let run = tree.resolved(run);
                for role in script::roles(tree, run) {
                    let text = variables::part_of(tree, run, role.arn, Syntax::Shell, &scopes);
                    if role.deploys {
                        self.pipeline.deployers.push(lower::bare_item(run, text));
                        continue;
                    }
                    self.pipeline.roles.push(AssumedRole {
                        job: name.to_owned(),
                        arn: lower::bare_item(run, text),
                        subjects: if role.by_token {
                            subjects.clone()
                        } else {
                            Known::Missing
                        },
                    });
                }
            }
        }
    }

    /// The roles that an action of the repository is given.
    fn given(
        &mut self,
        job: &str,
        uses: &str,
        with: NodeId,
        scopes: &Scopes,
        subjects: &Known<Vec<Pattern>>,
    ) {
        let tree = self.tree;
        let Some((path, files)) = self.checkout.filter(|_| uses.starts_with("./")) else {
            return;
        };
        for input in local::role_inputs(path, uses, files, &mut self.unread) {
            let Some(role) = tree.get(with, &input.name) else {
                continue;
            };
            let node = tree.resolved(role);
            let text = variables::lower(tree, node, Syntax::Expression, scopes);
            self.pipeline.roles.push(AssumedRole {
                job: job.to_owned(),
                arn: lower::bare_item(node, text),
                subjects: match input.by_token {
                    true => subjects.clone(),
                    false => Known::Missing,
                },
            });
        }
    }

    fn credentials(
        &mut self,
        job: &str,
        with: NodeId,
        scopes: &Scopes,
        subjects: &Known<Vec<Pattern>>,
    ) {
        let tree = self.tree;
        let input = |name: &str| tree.pair(with, name);
        let key = input("aws-secret-access-key");
        // Temporary credentials of an earlier step come with a session token.
        let own_key = key.filter(|_| input("aws-session-token").is_none());
        if let Some(key) = own_key
            && self.is_secret(key.value)
        {
            self.pipeline.keys.push(LongLivedKey {
                job: job.to_owned(),
                span: tree.span(key.key),
            });
        }
        let Some(role) = input("role-to-assume") else {
            return;
        };
        let chained = input("role-chaining")
            .and_then(|pair| tree.text(pair.value))
            .is_some_and(|text| text != "false");
        let node = tree.resolved(role.value);
        let text = variables::lower(tree, node, Syntax::Expression, scopes);
        self.pipeline.roles.push(AssumedRole {
            job: job.to_owned(),
            arn: lower::bare_item(node, text),
            subjects: if chained || key.is_some() {
                Known::Missing
            } else {
                subjects.clone()
            },
        });
    }

    /// Finds keys that a mapping of environment variables hands on.
    fn keys_of(&mut self, scopes: &[NodeId], job: &str) {
        let tree = self.tree;
        for scope in scopes {
            let temporary = tree.get(*scope, "AWS_SESSION_TOKEN").is_some();
            if let Some(key) = tree.pair(*scope, "AWS_SECRET_ACCESS_KEY")
                && !temporary
                && self.is_secret(key.value)
            {
                self.pipeline.keys.push(LongLivedKey {
                    job: job.to_owned(),
                    span: tree.span(key.key),
                });
            }
        }
    }

    /// Whether a value is a secret of the repository, and not what another step has put out.
    fn is_secret(&self, value: NodeId) -> bool {
        let text = self.tree.text(value).unwrap_or_default();
        text.split_once("${{")
            .is_some_and(|(_, rest)| rest.trim_start().starts_with("secrets."))
    }

    /// The `sub` claims that tokens of a job can have.
    fn subjects(&self, job: NodeId) -> Known<Vec<Pattern>> {
        let tree = self.tree;
        let start = |builder: &mut leastwise_policy::Builder| {
            builder.push_literal("repo:");
            match &self.repository {
                Some(path) => builder.push_literal(path),
                None => builder.push_hole("repository"),
            };
            builder.push_literal(":");
        };
        if let Some(environment) = tree.get(job, "environment") {
            let environment = tree.resolved(environment);
            let name = tree.get(environment, "name").unwrap_or(environment);
            let Some(name) = tree.text(name) else {
                return Known::Dynamic(environment);
            };
            let mut builder = Pattern::builder();
            start(&mut builder);
            builder.push_literal("environment:");
            match name.contains("${{") {
                true => builder.push_hole("environment"),
                false => builder.push_literal(name),
            };
            return Known::Is(vec![builder.build()]);
        }
        let Some(triggers) = &self.triggers else {
            return Known::Dynamic(job);
        };
        let claims = triggers.iter().map(|claim| {
            let mut builder = Pattern::builder();
            start(&mut builder);
            builder.push_text(claim);
            builder.build()
        });
        Known::Is(claims.collect())
    }
}
