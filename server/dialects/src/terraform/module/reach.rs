//! Which policies statements and documents become part of that stand somewhere else in the module: followed from the
//! arguments that hold policies, over local values, documents and modules of the workspace.

use std::rc::Rc;

use foldhash::{HashMap, HashSet, HashSetExt};
use leastwise_model::SiteKind;
use leastwise_model::files;
use leastwise_model::guard::ModuleNode;
use leastwise_syntax::{NodeId, Tree, View};

use super::attachments::organization_kind;
use super::bounds::Bounds;
use super::{Block, Module};
use crate::shape::kind_by_name;
use crate::terraform::body::{argument, expression, local_source};
use crate::terraform::limits::DEPTH_OF_CALLS;
use crate::terraform::{Reference, Step, content, paths, table};
use crate::work;

/// What a policy is for, with the service of a resource policy.
pub(crate) type ReachedKind = (SiteKind, Option<&'static str>);

/// The kinds of the policies that a name gets into, by name: `local.x`, `var.x`, `module.m.argument`,
/// `data.aws_iam_policy_document.d`, and of files that it reads by their paths.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    kinds: HashMap<String, Vec<ReachedKind>>,
    /// The elements that those who take statements by a name give to them where they leave them out.
    given: HashMap<String, Vec<&'static str>>,
}

impl Reach {
    /// What a name is for, where it is for one thing only.
    pub fn kind(&self, name: &str) -> Option<ReachedKind> {
        match self.kinds.get(name).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            // The resource isn't the same, the kind is.
            Some([(kind, _), rest @ ..]) if rest.iter().all(|(other, _)| other == kind) => {
                Some((*kind, None))
            }
            _ => None,
        }
    }

    /// The elements that statements by that name needn't have.
    pub fn given(&self, name: &str) -> &[&'static str] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a file is for, by its path.
    pub fn of_file(&self, path: &str) -> Option<ReachedKind> {
        self.kind(&file_name(path))
    }

    /// Follows the names of a module. `own` is the tree of the file that is looked at.
    pub fn of(module: &Module, own: &Tree, folder: &str, files: &dyn files::Files) -> Reach {
        of_module(module, own, folder, files, 0, &mut Called::default())
    }
}

/// What was found of modules that are called, by folder and how deep they are: many calls may be of the same one.
type Called = HashMap<(String, usize), Option<Rc<Reach>>>;

fn of_module(
    module: &Module,
    own: &Tree,
    folder: &str,
    files: &dyn files::Files,
    depth: usize,
    known: &mut Called,
) -> Reach {
    let mut walk = Walk {
        module,
        own,
        folder,
        bounds: module.bounds(own),
        reach: Reach::default(),
        seen: HashSet::new(),
    };
    for (address, block) in module.all_blocks() {
        if !block.data {
            walk.block(block);
        } else if block.type_name == "aws_iam_policy_document" {
            let file = block.body.file;
            for (node, elements) in content::given(module.tree(file, own), block.body.node) {
                walk.give(address.to_owned(), ModuleNode { file, node }, &elements);
            }
        }
    }
    if depth < DEPTH_OF_CALLS {
        for (name, call) in &module.calls {
            let tree = module.tree(call.body.file, own);
            let Some(source) = local_source(tree, call.body.node) else {
                continue;
            };
            let inner = files::join(folder, source);
            if inner == folder {
                continue;
            }
            // Numbers and names lead to no policy.
            let pairs = tree.pairs(call.body.node);
            if !pairs.iter().any(|pair| may_hold(tree, pair.value)) {
                continue;
            }
            let asked = (inner, depth + 1);
            let reach = match known.get(&asked) {
                Some(reach) => reach.clone(),
                None => {
                    // All files of a called module have trees of their own.
                    let reach = Module::called(&asked.0, files).map(|called| {
                        let reach = of_module(&called, own, &asked.0, files, asked.1, known);
                        Rc::new(reach)
                    });
                    known.insert(asked, reach.clone());
                    reach
                }
            };
            let Some(reach) = reach else {
                continue;
            };
            for pair in pairs {
                let Some(argument) = tree.text(pair.key) else {
                    continue;
                };
                let at = ModuleNode {
                    file: call.body.file,
                    node: pair.value,
                };
                let variable = format!("var.{argument}");
                let own = format!("module.{name}.{argument}");
                for kind in reach.kinds.get(&variable).into_iter().flatten() {
                    walk.mark(&own, *kind);
                    walk.follow(at, *kind);
                }
                walk.give(own, at, reach.given(&variable));
            }
        }
    }
    walk.reach
}

/// Whether an argument of a call may hold a policy, or statements.
fn may_hold(tree: &Tree, node: NodeId) -> bool {
    if !matches!(tree.view(node), View::Tagged(..) | View::Scalar(_)) {
        return true;
    }
    let leads = |name: &String| {
        name.starts_with("local.") || name.starts_with("data.aws_iam_policy_document.")
    };
    let mentioned = Mentioned::of(tree, node);
    expression(tree, node).is_some_and(|(name, _)| name == "jsonencode")
        || !mentioned.files.is_empty()
        || mentioned.names.iter().any(leads)
}

struct Walk<'a> {
    module: &'a Module,
    own: &'a Tree,
    folder: &'a str,
    /// The policies that bound somebody.
    bounds: &'a Bounds,
    reach: Reach,
    seen: HashSet<(String, ReachedKind)>,
}

impl<'a> Walk<'a> {
    /// From the policies of a resource.
    fn block(&mut self, block: &Block) {
        let tree = self.module.tree(block.body.file, self.own);
        let at = |node| ModuleNode {
            file: block.body.file,
            node,
        };
        for entry in table::policies(&block.type_name) {
            let Some(name) = entry.path.first() else {
                continue;
            };
            let kind = match entry.kind {
                SiteKind::Identity if self.is_boundary(block) => SiteKind::Boundary,
                SiteKind::Organization => organization_kind(tree, block.body.node),
                kind => kind,
            };
            let kind = (kind, entry.service);
            // In a nested block the block's arguments stand where the argument would.
            for pair in tree.pairs(block.body.node) {
                let own = tree.text(pair.key);
                if own == Some(name) || own == Some("dynamic") && entry.path.len() > 1 {
                    self.follow(at(pair.value), kind);
                    // What an instance has stands in the list of instances.
                    let each = Mentioned::of(tree, pair.value).names;
                    if each.iter().any(|name| name.starts_with("each."))
                        && let Some(node) = argument(tree, block.body.node, "for_each")
                    {
                        self.follow(at(node), kind);
                    }
                }
            }
        }
    }

    /// Whether a managed policy bounds somebody, or is called so.
    fn is_boundary(&self, block: &Block) -> bool {
        let tree = self.module.tree(block.body.file, self.own);
        block.type_name == "aws_iam_policy"
            && (kind_by_name::is_boundary(&block.name) || self.bounds.has(tree, block))
    }

    fn mark(&mut self, name: &str, kind: ReachedKind) {
        let kinds = self.reach.kinds.entry(name.to_owned()).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }

    /// Takes down the elements that are given to statements by a name, and by all that these are made of.
    fn give(&mut self, name: String, at: ModuleNode, elements: &[&'static str]) {
        let mut work = vec![(name, Some(at))];
        while let Some((name, at)) = work.pop() {
            let given = self.reach.given.entry(name).or_default();
            let before = given.len();
            for element in elements {
                if !given.contains(element) {
                    given.push(element);
                }
            }
            let Some(at) = at.filter(|_| before < given.len()) else {
                continue;
            };
            let tree = self.module.tree(at.file, self.own);
            let names = Mentioned::of(tree, at.node).names;
            work.extend(names.iter().filter_map(|text| self.named(text)));
        }
    }

    /// Marks all that an expression is made of.
    fn follow(&mut self, at: ModuleNode, kind: ReachedKind) {
        let mut work = vec![at];
        while let Some(at) = work.pop() {
            let tree = self.module.tree(at.file, self.own);
            let mentioned = Mentioned::of(tree, at.node);
            for path in mentioned.files {
                self.mark(&file_name(&files::join(self.folder, &path)), kind);
            }
            for text in mentioned.names {
                let Some((name, next)) = self.named(&text) else {
                    continue;
                };
                if !self.seen.insert((name.clone(), kind)) {
                    continue;
                }
                self.mark(&name, kind);
                work.extend(next);
            }
        }
    }

    /// What a reference names, and where that stands.
    fn named(&self, text: &str) -> Option<(String, Option<ModuleNode>)> {
        let reference = Reference::parse(text)?;
        let first = match reference.steps.first()? {
            Step::Name(name) => *name,
            _ => return None,
        };
        match reference.root {
            "local" => {
                let at = self.module.local(first).copied();
                Some((format!("local.{first}"), at))
            }
            "var" => Some((format!("var.{first}"), None)),
            _ => {
                let address = reference.resource()?.address;
                let is_document = address.starts_with("data.aws_iam_policy_document.");
                let block = self.module.block(&address).filter(|_| is_document)?;
                Some((address, Some(block.body)))
            }
        }
    }
}

/// What a file is called among the names.
fn file_name(path: &str) -> String {
    format!("file:{path}")
}

/// The files that a module reads, by their paths: looked for once for all who ask.
#[derive(Debug, Default)]
pub(crate) struct ModuleFiles {
    read: HashSet<String>,
    /// The variables that the calls of `templatefile` give to each.
    filled: HashMap<String, Vec<ModuleNode>>,
    /// Those that calls fill in which aren't taken apart.
    filled_somehow: HashSet<String>,
}

impl ModuleFiles {
    /// Looks through a module.
    pub fn of(module: &Module, own: &Tree, folder: &str) -> ModuleFiles {
        let mut files = ModuleFiles::default();
        for file in 0..module.count() {
            let tree = module.tree(file, own);
            for root in tree.documents() {
                let read = Mentioned::of(tree, *root).files;
                let read = read.iter().map(|name| files::join(folder, name));
                files.read.extend(read);
            }
            files.fill(tree, file, folder);
        }
        files
    }

    /// Whether the module reads a file.
    pub fn reads(&self, path: &str) -> bool {
        self.read.contains(path)
    }

    /// The variables that each `templatefile` of the module gives to a file; `None` where one isn't taken apart.
    pub fn filled(&self, path: &str) -> Option<&[ModuleNode]> {
        let is_known = !self.filled_somehow.contains(path);
        is_known.then(|| self.filled.get(path).map_or(&[][..], Vec::as_slice))
    }

    fn fill(&mut self, tree: &Tree, file: u32, folder: &str) {
        let mut stack = tree.documents().to_vec();
        while let Some(node) = stack.pop() {
            work::did(1);
            match tree.view(node) {
                View::Tagged(..) => match expression(tree, node) {
                    Some(("templatefile", arguments)) => {
                        if let Some(&[name, variables]) = tree.items(arguments)
                            && let Some(name) = paths::named(tree, name)
                        {
                            let path = files::join(folder, name);
                            let filled = self.filled.entry(path).or_default();
                            filled.push(ModuleNode {
                                file,
                                node: variables,
                            });
                        }
                        stack.push(arguments);
                    }
                    Some(("expr", text)) => {
                        let text = tree.text(text).unwrap_or_default();
                        let names = paths::named_within(text);
                        let paths = names.map(|name| files::join(folder, name));
                        self.filled_somehow.extend(paths);
                    }
                    Some((_, argument)) => stack.push(argument),
                    None => {}
                },
                View::Sequence(items) => stack.extend(items),
                View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
                _ => {}
            }
        }
    }
}

/// What an expression mentions: also in parts that aren't taken apart, and in strings of the JSON syntax.
#[derive(Default, Hash)]
pub(super) struct Mentioned {
    /// The references.
    pub(super) names: Vec<String>,
    /// The files that it reads, from the folder of the module.
    files: Vec<String>,
}

impl Mentioned {
    pub(super) fn of(tree: &Tree, node: NodeId) -> Mentioned {
        tree.summed_up(|| Mentioned::read(tree, node))
    }

    fn read(tree: &Tree, node: NodeId) -> Mentioned {
        let mut found = Mentioned::default();
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            work::did(1);
            if !tree.is_container(node) {
                let text = tree.with_variables(node).into_iter();
                text.for_each(|text| found.within(text));
                continue;
            }
            if let Some(texts) = tree.listed_with_variables(node) {
                texts.into_iter().rev().for_each(|text| found.within(text));
                continue;
            }
            match tree.view(node) {
                View::Tagged(..) => match expression(tree, node) {
                    Some(("ref", text)) => found.names.extend(tree.text(text).map(str::to_owned)),
                    Some(("expr", text)) => found.within(tree.text(text).unwrap_or_default()),
                    Some(("file" | "templatefile", arguments)) => {
                        let file = tree.items(arguments).and_then(|items| items.first());
                        let path = file.and_then(|file| paths::named(tree, *file));
                        found.files.extend(path.map(str::to_owned));
                        stack.push(arguments);
                    }
                    Some((_, argument)) => stack.push(argument),
                    None => {}
                },
                View::Sequence(items) => stack.extend(items),
                View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
                _ => {}
            }
        }
        found
    }

    fn within(&mut self, text: &str) {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        for run in text.split(|c: char| !is_part(c)) {
            let wanted = ["data.", "local.", "var.", "each."];
            if wanted.iter().any(|lead| run.starts_with(lead)) {
                self.names.push(run.trim_end_matches('.').to_owned());
            }
        }
        self.files
            .extend(paths::named_within(text).map(str::to_owned));
    }
}
