//! Whether something is denied to what a module makes: by the module, or by what it is given.

use foldhash::{HashSet, HashSetExt};
use leastwise_model::files::{self, Unread};
use leastwise_syntax::{NodeId, View};

use super::body::{expression, local_source};
use super::finder::Finder;
use super::limits::NODES_OF_DENIALS;
use super::references::references_in;
use super::{Module, ModuleCall, ModuleNode, Reference, Step, paths};

/// Whether a called module of the workspace denies something, as far as its text tells: what it is given may be for the
/// same identity.
pub(super) fn by_module(finder: &Finder<'_>, call: &ModuleCall) -> bool {
    let source = local_source(finder.tree(call.body.file), call.body.node);
    let folder = source.map(|source| files::join(finder.folder, source));
    let folder = folder.filter(|folder| folder != finder.folder);
    let called = folder.and_then(|folder| Module::called(&folder, finder.files));
    called.is_some_and(|called| called.says("\"Deny\""))
}

/// Whether something that a call gives leads to a policy that denies something. Files of policies that aren't read are taken down.
pub(super) fn by_given(finder: &Finder<'_>, call: &ModuleCall, unread: &mut Vec<Unread>) -> bool {
    let mut work = vec![call.body];
    let mut seen: HashSet<String> = HashSet::new();
    for _ in 0..NODES_OF_DENIALS {
        let Some(at) = work.pop() else { break };
        let tree = finder.tree(at.file);
        let inner = |node: NodeId| ModuleNode { node, ..at };
        let names = match expression(tree, at.node) {
            Some(("ref", text)) => tree.text(text).map(str::to_owned).into_iter().collect(),
            Some(("expr", text)) => references_in(tree.text(text).unwrap_or_default()),
            _ => Vec::new(),
        };
        for name in names.into_iter().filter(|name| seen.insert(name.clone())) {
            work.extend(declared(finder, &name));
        }
        if let Some(path) = paths::named(tree, at.node)
            && path.ends_with(".json")
        {
            let path = files::join(finder.folder, path);
            let text = finder.files.text(&path);
            if text.is_none() {
                unread.extend(finder.files.refused(&path));
            }
            if text.is_some_and(|text| text.contains("\"Deny\"")) {
                return true;
            }
        }
        match tree.view(at.node) {
            View::Scalar(text) if text == "Deny" || text.contains("\"Deny\"") => return true,
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
            View::Tagged(_, argument) => work.push(inner(argument)),
            View::Sequence(items) => work.extend(items.iter().copied().map(inner)),
            View::Mapping(pairs) => work.extend(pairs.iter().map(|pair| inner(pair.value))),
        }
    }
    false
}

/// What holds a policy, or a part of one, under a name of the module.
fn declared(finder: &Finder<'_>, name: &str) -> Option<ModuleNode> {
    let parsed = Reference::parse(name)?;
    if let ("local", [Step::Name(local), ..]) = (parsed.root, parsed.steps.as_slice()) {
        return finder.module.local(local).copied();
    }
    let resource = parsed.resource()?;
    let block = finder.module.block(&resource.address)?;
    let holds = ["aws_iam_policy", "aws_iam_policy_document"];
    holds
        .contains(&block.type_name.as_str())
        .then_some(block.body)
}
