//! Composite actions of the repository itself: what a workflow gives to their inputs that is a role there.

use leastwise_model::files::{self, Files, Unread};
use leastwise_syntax::{NodeId, Tree};

use super::action::{CREDENTIALS, is_action};
use super::limits::STEPS_OF_AN_ACTION;

/// An input of an action whose steps assume the role that it names.
pub(super) struct RoleInput {
    /// Its name.
    pub name: String,
    /// Whether it is assumed with the token of the job, and not with other credentials.
    pub by_token: bool,
}

/// The inputs of an action that are roles. `uses` is how a step of the workflow at `path` names it: from the root of the
/// repository.
/// Without any where its file isn't read, which is taken down.
pub(super) fn role_inputs(
    path: &str,
    uses: &str,
    files: &dyn Files,
    unread: &mut Vec<Unread>,
) -> Vec<RoleInput> {
    let root = path.find(".github/").and_then(|at| path.get(..at));
    let (Some(root), true) = (root, uses.starts_with("./")) else {
        return Vec::new();
    };
    let folder = files::join(root, uses);
    let paths = ["action.yml", "action.yaml"].map(|name| files::join(&folder, name));
    match paths.iter().find_map(|path| files.tree(path)) {
        Some(tree) => of_action(&tree),
        None => {
            unread.extend(paths.iter().filter_map(|path| files.refused(path)));
            Vec::new()
        }
    }
}

fn of_action(tree: &Tree) -> Vec<RoleInput> {
    let root = tree.documents().first().copied();
    let root = root.filter(|root| is_action(tree, *root));
    let runs = root.and_then(|root| tree.get(root, "runs"));
    let steps = runs.and_then(|runs| tree.items(tree.get(runs, "steps")?));
    let steps = steps.unwrap_or_default().iter().take(STEPS_OF_AN_ACTION);
    steps.filter_map(|step| of_step(tree, *step)).collect()
}

fn of_step(tree: &Tree, step: NodeId) -> Option<RoleInput> {
    let uses = tree.text(tree.get(step, "uses")?)?;
    let with = tree.get(step, "with")?;
    let given = |name: &str| tree.get(with, name).and_then(|node| tree.text(node));
    let role = given("role-to-assume").filter(|_| uses.split('@').next() == Some(CREDENTIALS))?;
    // The whole of it: a name that is put together isn't an ARN by itself.
    let inside = role.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    let name = inside.trim().strip_prefix("inputs.")?;
    let is_chained = given("role-chaining").is_some_and(|text| text != "false");
    Some(RoleInput {
        name: name.to_owned(),
        by_token: !is_chained && given("aws-secret-access-key").is_none(),
    })
}
