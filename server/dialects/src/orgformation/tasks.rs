//! Files of tasks: what OrgFormation does one after the other, among it the stacks of templates and what is passed to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_model::files::{self, Files, Unread};
use leastwise_syntax::{NodeId, Pair, Tree, View};

use super::limits::{FILES_BESIDE, FILES_OF_TASKS, FOLDERS_UP_TO_TASKS, INCLUDED_TASKS, STACKS};
use super::organization::Organization;
use crate::cloudformation::template::{NestedTemplate, Resource, Template};
use crate::dialect::Rooms;

/// The sorts of tasks, each with a key that one of it surely has.
const TASKS: [(&str, &str); 9] = [
    ("annotate-organization", "DefaultOrganizationAccessRoleName"),
    ("apply-tf", "Path"),
    ("copy-to-s3", "LocalPath"),
    (INCLUDING, "Path"),
    ("register-type", "SchemaHandlerPackage"),
    ("update-cdk", "Path"),
    ("update-organization", "Template"),
    ("update-serverless.com", "Path"),
    (STACKS_OF_A_TEMPLATE, "Template"),
];

/// The sort of tasks that make stacks.
const STACKS_OF_A_TEMPLATE: &str = "update-stacks";

/// The sort of tasks that do what another file of tasks says.
const INCLUDING: &str = "include";

/// What a task says of where a template goes in the template's stead.
const OVERRIDES: [&str; 5] = [
    "DefaultOrganizationBinding",
    "DefaultOrganizationBindingRegion",
    "OrganizationBinding",
    "OrganizationBindingRegion",
    "OrganizationBindings",
];

/// The sort of a task.
fn sort(tree: &Tree, task: NodeId) -> Option<&str> {
    let sort = tree.text(tree.get(task, "Type")?)?;
    let (_, key) = TASKS.iter().find(|(known, _)| *known == sort)?;
    tree.get(task, key).map(|_| sort)
}

/// The root of a file of tasks; `None` for any other file.
pub(super) fn root(tree: &Tree) -> Option<NodeId> {
    let root = tree.resolved(*tree.documents().first()?);
    let View::Mapping(pairs) = tree.view(root) else {
        return None;
    };
    let is_template = tree.get(root, "Resources").is_some();
    let is_task = |pair: &Pair| sort(tree, pair.value).is_some();
    (!is_template && pairs.iter().any(is_task)).then_some(root)
}

/// A task that makes stacks of a template.
struct StackTask<'t> {
    /// What it is called.
    name: &'t str,
    /// Where it stands.
    pair: Pair,
    /// Where the template lies.
    at: String,
}

/// The tasks of a file, which lies at `path`, that make stacks of templates among the files.
fn stacks<'t>(
    tree: &'t Tree,
    root: NodeId,
    path: &'t str,
) -> impl Iterator<Item = StackTask<'t>> + 't {
    let pairs = tree.pairs(root).into_iter();
    pairs.filter_map(move |pair| {
        sort(tree, pair.value).filter(|sort| *sort == STACKS_OF_A_TEMPLATE)?;
        let template = tree.text(tree.get(pair.value, "Template")?)?;
        let is_file = !template.contains("://") && !template.contains("${");
        is_file.then_some(StackTask {
            name: tree.text(pair.key)?,
            pair,
            at: files::join(files::folder(path), template),
        })
    })
}

/// A file of tasks as a template whose stacks the tasks are.
pub(super) fn template(
    (tree, root, path): (&Tree, NodeId, &str),
    files: &dyn Files,
    rooms: Rooms,
) -> Template {
    let mut template = Template::read(tree, root, rooms);
    for task in stacks(tree, root, path).take(STACKS) {
        let Some(child) = files.tree(&task.at) else {
            template.unread.extend(files.refused(&task.at));
            continue;
        };
        let mut roots = child.documents().iter();
        let Some(root) = roots.find(|root| Template::is_template(&child, **root)) else {
            continue;
        };
        let nested = NestedTemplate {
            path: task.at,
            template: Arc::new(Template::read(&child, *root, rooms)),
            outputs: child.get(*root, "Outputs"),
            tree: Arc::clone(&child),
        };
        let node = tree.resolved(task.pair.value);
        let stack = Resource {
            key: task.pair.key,
            node,
            type_name: "AWS::CloudFormation::Stack".to_owned(),
            deployed: None,
            // A task has its parameters under the same key.
            properties: Some(node),
            tree: None,
            given: Vec::new(),
            looped: None,
            bindings: Vec::new(),
        };
        template.order.push(task.name.to_owned());
        template.resources.insert(task.name.to_owned(), stack);
        template.nested.insert(task.name.to_owned(), nested);
    }
    template
}

/// Who says where the resources of a template go that have a binding by its name, or as all have it.
#[derive(Debug, Default)]
pub(super) enum SaidBy {
    /// The template itself.
    #[default]
    Template,
    /// A task has other bindings in their stead: its file, and where it stands there.
    Task(Arc<Tree>, NodeId),
    /// It isn't known.
    Nobody,
}

/// What the tasks near a template say of it.
#[derive(Debug, Default)]
pub(super) struct TaskSettings {
    /// Who says where its resources go.
    pub said: SaidBy,
    /// The organization that they are for.
    pub organization: Option<Organization>,
}

/// Looks for tasks with a template in its folder and the ones above, and in what these include, wherever that lies.
pub(super) fn settings(path: &str, files: &dyn Files, unread: &mut Vec<Unread>) -> TaskSettings {
    let path = files::join("", path);
    let mut search = Search {
        template: &path,
        files,
        unread,
        settings: TaskSettings::default(),
        read: BTreeSet::new(),
        with_stacks: BTreeSet::new(),
    };
    let is_whole = search.look();
    let mut settings = search.settings;
    if !is_whole && search.with_stacks.is_empty() {
        settings.said = SaidBy::Nobody;
    }
    settings
}

/// The search for the tasks of a template.
struct Search<'s> {
    /// Where the template lies.
    template: &'s str,
    files: &'s dyn Files,
    unread: &'s mut Vec<Unread>,
    /// What was found so far.
    settings: TaskSettings,
    /// The files of tasks that were read.
    read: BTreeSet<String>,
    /// Those with a task that makes stacks of the template.
    with_stacks: BTreeSet<String>,
}

/// A file of tasks to be read.
struct TaskFile {
    at: String,
    /// The file of the organization that a task keeps up before this one is included.
    organization: Option<String>,
}

impl Search<'_> {
    /// False where some tasks may not have been seen.
    fn look(&mut self) -> bool {
        let (mut is_whole, mut looked_at, mut read) = (true, 0, 0);
        let mut folder = files::folder(self.template);
        for _ in 0..FOLDERS_UP_TO_TASKS {
            let mut names = self.files.list(folder);
            names.retain(|name| is_yaml(name));
            // Those that are called as most are come first, so that they are within the limits.
            names.sort_by_key(|name| !name.contains("tasks"));
            for name in &names {
                let at = files::join(folder, name);
                if at == self.template {
                    continue;
                }
                looked_at += 1;
                if looked_at > FILES_BESIDE {
                    return false;
                }
                let Some(text) = self.files.text(&at) else {
                    is_whole &= !name.contains("tasks");
                    continue;
                };
                if shows_tasks(&text) && !self.read.contains(&at) {
                    read += 1;
                    if read > FILES_OF_TASKS {
                        return false;
                    }
                    is_whole &= self.read_all(at);
                }
            }
            if folder.is_empty() {
                return is_whole;
            }
            folder = files::folder(folder);
        }
        false
    }

    /// The same of one file and those that it includes.
    fn read_all(&mut self, at: String) -> bool {
        let mut is_whole = true;
        let organization = None;
        let mut open = vec![TaskFile { at, organization }];
        while let Some(file) = open.pop() {
            if self.read.contains(&file.at) {
                // Read by itself, it didn't tell which organization it is for.
                if self.with_stacks.contains(&file.at) {
                    self.organized_by(file.organization);
                }
                continue;
            }
            if self.read.len() >= INCLUDED_TASKS {
                return false;
            }
            self.read.insert(file.at.clone());
            is_whole &= self.read(&file, &mut open);
        }
        is_whole
    }

    /// Takes the organization of a file, if there is none yet.
    fn organized_by(&mut self, at: Option<String>) {
        if self.settings.organization.is_none()
            && let Some(at) = at
        {
            self.settings.organization = Some(Organization::at(&at, self.files, self.unread));
        }
    }

    /// The same of one file alone, which adds what it includes.
    fn read(&mut self, file: &TaskFile, included: &mut Vec<TaskFile>) -> bool {
        let path = file.at.as_str();
        let Some(tree) = self.files.tree(path) else {
            return false;
        };
        let Some(root) = root(&tree) else {
            return true;
        };
        let beside = |node: NodeId| {
            let name = tree.text(node)?;
            Some(files::join(files::folder(path), name))
        };
        let updated = updated(&tree, root).and_then(beside);
        let updated = updated.or_else(|| file.organization.clone());
        let template = self.template;
        for task in stacks(&tree, root, path).filter(|task| task.at == template) {
            let node = tree.resolved(task.pair.value);
            let says = OVERRIDES.iter().any(|key| tree.get(node, key).is_some());
            let is_first = self.with_stacks.is_empty();
            let settings = &mut self.settings;
            settings.said = match &settings.said {
                _ if is_first && says => SaidBy::Task(Arc::clone(&tree), node),
                SaidBy::Template if !says => SaidBy::Template,
                // Several stacks of it, which needn't go to the same accounts.
                _ => SaidBy::Nobody,
            };
            self.with_stacks.insert(path.to_owned());
            let own = tree.get(node, "OrganizationFile").and_then(beside);
            self.organized_by(own.or_else(|| updated.clone()));
        }
        let mut is_whole = !names_any_template(&tree, root);
        for task in tree.pairs(root) {
            if sort(&tree, task.value) != Some(INCLUDING) {
                continue;
            }
            let name = tree.get(task.value, "Path");
            let name = name.filter(|node| tree.text(*node).is_some_and(is_written_out));
            match name.and_then(beside) {
                Some(at) => included.push(TaskFile {
                    at,
                    organization: updated.clone(),
                }),
                None => is_whole = false,
            }
        }
        is_whole
    }
}

/// Whether a text may be that of a file of tasks that leads to a template.
fn shows_tasks(text: &str) -> bool {
    text.contains(STACKS_OF_A_TEMPLATE) || text.contains("Type: include")
}

/// Whether no other tool's variable stands in a path.
fn is_written_out(path: &str) -> bool {
    !path.contains("${") && !path.contains("{{")
}

/// Whether a task makes stacks of a template that another tool's variable, or a function, names.
fn names_any_template(tree: &Tree, root: NodeId) -> bool {
    let mut tasks = tree.pairs(root).into_iter();
    tasks.any(|task| {
        let template = tree.get(task.value, "Template");
        let text = template.and_then(|node| tree.text(node));
        sort(tree, task.value) == Some(STACKS_OF_A_TEMPLATE)
            && text.is_none_or(|text| !is_written_out(text))
    })
}

/// The file of the organization that one of the tasks keeps up.
fn updated(tree: &Tree, root: NodeId) -> Option<NodeId> {
    let mut tasks = tree.pairs(root).into_iter();
    let is_such = |task: &Pair| sort(tree, task.value) == Some("update-organization");
    tree.get(tasks.find(is_such)?.value, "Template")
}

/// Whether a file may be one of tasks. What else it is called isn't told: its content does.
fn is_yaml(name: &str) -> bool {
    let mut endings = [".yml", ".yaml"].iter();
    endings.any(|ending| name.ends_with(ending))
}
