//! A file of a module as fixes have left it, laid over the module that was read with the file as it was: so that of many files
//! with fixes not each reads all the others anew.
//!
//! That can be done as long as the rest of the module sees the same of the file: all of it is as it was but for what stands in
//! policies, and these name the same.

use std::collections::BTreeSet;

use leastwise_model::guard::ModuleNode;
use leastwise_syntax::{NodeId, Span, Tree, View};

use super::declared::{Declared, asked};
use super::links::{may_carry, things};
use super::reach::Mentioned;
use super::sources::{all_sids, is_alone};
use super::{Block, ModuleCall, ModuleVariable, Provider};
use crate::terraform::body::labelled;
use crate::terraform::{content, table};
use crate::work;

/// What a file declares by now that a module knows as it was.
#[derive(Debug)]
pub(crate) struct Over {
    declared: Declared,
}

impl Over {
    /// Lays a file over a module. `None` where the others may see another one.
    pub(super) fn of(module: &Declared, tree: &Tree, name: &str) -> Option<Over> {
        let file = module.file(name)?;
        let (_, was) = module.source(file)?;
        let is_same = tree.summed_up(|| {
            let before = VisibleParts::of(module, was);
            before.is_some() && before == VisibleParts::of(module, tree)
        });
        if !is_same {
            return None;
        }
        let mut declared = Declared::alone(module.folder(), tree, file);
        for (name, variable) in &mut declared.variables {
            if let Some(known) = module.variables.get(name) {
                variable.set = known.set;
                variable.named.clone_from(&known.named);
            }
        }
        for (name, call) in &mut declared.calls {
            let known = module.calls.get(name);
            call.module = known.and_then(|known| known.module.clone());
        }
        Some(Over { declared })
    }

    /// The resource or data source of an address in the file.
    pub(super) fn block(&self, address: &str) -> Option<&Block> {
        self.declared.blocks.get(address)
    }

    /// A local value of the file.
    pub(super) fn local(&self, name: &str) -> Option<&ModuleNode> {
        self.declared.locals.get(name)
    }

    /// A variable that the file declares.
    pub(super) fn variable(&self, name: &str) -> Option<&ModuleVariable> {
        self.declared.variables.get(name)
    }

    /// A call in the file.
    pub(super) fn call(&self, name: &str) -> Option<&ModuleCall> {
        self.declared.calls.get(name)
    }

    /// The file's own providers.
    pub(super) fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.declared.providers.iter()
    }
}

/// What the rest of a module sees of a file.
#[derive(PartialEq, Eq)]
struct VisibleParts<'t> {
    /// The lines around the policies, without their indents.
    lines: Vec<&'t str>,
    /// By block what its policies name, and the `sid`s of its statements.
    named: Vec<BTreeSet<String>>,
    /// The calls whose outputs are asked for.
    asked: BTreeSet<&'t str>,
}

impl<'t> VisibleParts<'t> {
    /// `None` where it can't be told apart from what is in the policies.
    fn of(module: &Declared, tree: &'t Tree) -> Option<VisibleParts<'t>> {
        work::did(1);
        let mut policies: Vec<Span> = Vec::new();
        let mut named = Vec::new();
        for root in tree.documents() {
            for (key, is_data) in [("resource", false), ("data", true)] {
                for block in labelled(tree, *root, key, 2) {
                    let type_name = tree.text(*block.labels.first()?)?;
                    let is_document = is_data && type_name == "aws_iam_policy_document";
                    // Who takes statements from whom is kept with what guards it.
                    if is_document && !is_alone(tree, block.body) {
                        return None;
                    }
                    let mut names = BTreeSet::new();
                    for (span, value) in held(tree, type_name, is_data, block.body) {
                        policies.push(span);
                        mentioned(module, tree, value, &mut names);
                    }
                    if is_document {
                        let sids = all_sids(tree, block.body).into_iter();
                        names.extend(sids.map(|sid| format!("sid {sid}")));
                        let given = content::given(tree, block.body).into_iter();
                        names.extend(given.map(|(_, elements)| format!("given {elements:?}")));
                    }
                    named.push(names);
                }
            }
        }
        policies.sort_unstable_by_key(|span| span.start);
        Some(VisibleParts {
            lines: lines_at(tree, &policies)?,
            named,
            asked: asked(tree.source()).collect(),
        })
    }
}

/// The arguments and blocks in a body that hold policies, each with its value.
fn held(tree: &Tree, type_name: &str, is_data: bool, body: NodeId) -> Vec<(Span, NodeId)> {
    let View::Mapping(pairs) = tree.view(body) else {
        return Vec::new();
    };
    let entries = match is_data {
        true => &[][..],
        false => table::policies(type_name),
    };
    let holds = |key: &str| match is_data {
        true => type_name == "aws_iam_policy_document" && matches!(key, "statement" | "dynamic"),
        false => entries.iter().any(|entry| {
            let is_nested = entry.path.len() > 1;
            entry.path.first().is_some_and(|name| *name == key) || is_nested && key == "dynamic"
        }),
    };
    let pairs = pairs
        .iter()
        .filter(|pair| tree.text(pair.key).is_some_and(holds));
    pairs
        .map(|pair| (tree.span(pair.key).to(tree.span(pair.value)), pair.value))
        .collect()
}

/// Takes down the names in a value that lead somewhere.
fn mentioned(module: &Declared, tree: &Tree, value: NodeId, names: &mut BTreeSet<String>) {
    let all = Mentioned::of(tree, value).names.into_iter();
    names.extend(
        all.chain(things(tree, value))
            .filter(|name| may_lead_to_policy(module, name)),
    );
}

/// Whether a name in a policy may stand for more than a part of a text.
fn may_lead_to_policy(module: &Declared, name: &str) -> bool {
    let (root, rest) = name.split_once('.').unwrap_or((name, ""));
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
    let first = rest.get(..end).unwrap_or_default();
    let carries = |at: ModuleNode| match module.source(at.file) {
        Some((_, tree)) => may_carry(tree, at.node),
        None => true,
    };
    match root {
        "local" => module.locals.get(first).is_none_or(|at| carries(*at)),
        "var" => match module.variables.get(first) {
            Some(variable) => variable.default.is_some_and(carries),
            None => true,
        },
        "each" => true,
        "data" => first == "aws_iam_policy_document",
        _ => root == "aws_iam_policy",
    }
}

/// The lines around places in a text, which are in order, without their indents and without empty ones.
fn lines_at<'t>(tree: &'t Tree, places: &[Span]) -> Option<Vec<&'t str>> {
    let mut lines = Vec::new();
    let mut add = |text: &'t str| {
        let trimmed = text.lines().map(str::trim);
        lines.extend(trimmed.filter(|line| !line.is_empty()));
    };
    let mut from = 0;
    for span in places {
        let range = span.range();
        add(tree.source().get(from..range.start)?);
        from = range.end;
    }
    add(tree.source().get(from..)?);
    Some(lines)
}
