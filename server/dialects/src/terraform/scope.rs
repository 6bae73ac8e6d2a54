//! The names of a module: what declares them, where they stand and where they are used.

use leastwise_model::Site;
use leastwise_model::guard::ModuleNode;
use leastwise_syntax::{NodeId, Span, Tree, View};

use super::limits::LISTED_USES;
use super::module::{Module, ModuleVariable, is_variables_file};
use super::table::{attributes, document};
use crate::state::scope::{InScope, NameKind, ScopePlace, ValueFrom};

/// The names that a module declares: resources and data sources, those of the file itself first, then local values, variables
/// and what its calls give.
pub(super) fn declares<'m>(module: &'m Module, own: &Tree) -> Vec<InScope<'m>> {
    let mut found: Vec<InScope<'_>> = Vec::new();
    let blocks = module.addresses();
    found.extend(blocks.filter_map(|address| block(module, address)));
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let locals = sorted(module.locals().cloned().collect());
    found.extend(locals.iter().filter_map(|name| local(module, own, name)));
    let variables = sorted(module.variables().cloned().collect());
    found.extend(variables.iter().filter_map(|name| variable(module, name)));
    for name in sorted(module.calls().map(|(name, _)| name.clone()).collect()) {
        found.extend(call(module, &name, ""));
        let inner = module.call(&name).and_then(|call| call.module.as_deref());
        let outputs = inner.map(|inner| sorted(inner.outputs().cloned().collect()));
        let outputs = outputs.unwrap_or_default();
        found.extend(
            outputs
                .iter()
                .filter_map(|output| call(module, &name, output)),
        );
    }
    found
}

/// What a name of a module is: `var.name`, `data.aws_region.current`, `module.queue.arn`.
pub(super) fn named<'m>(module: &'m Module, own: &Tree, name: &str) -> Option<InScope<'m>> {
    if let Some(name) = name.strip_prefix("var.") {
        return variable(module, name);
    }
    if let Some(name) = name.strip_prefix("local.") {
        return local(module, own, name);
    }
    match name.strip_prefix("module.") {
        Some(path) => {
            let (name, output) = path.split_once('.').unwrap_or((path, ""));
            call(module, name, output)
        }
        None => block(module, name),
    }
}

fn place(module: &Module, at: ModuleNode) -> ScopePlace<'_> {
    ScopePlace {
        other: module.other(at.file),
        node: at.node,
    }
}

fn block<'m>(module: &'m Module, address: &str) -> Option<InScope<'m>> {
    let block = module.block(address)?;
    let (kind, noun) = match block.data {
        true => (NameKind::DataSource, "data source"),
        false => (NameKind::Resource, "resource"),
    };
    let label = ModuleNode {
        file: block.body.file,
        node: block.label,
    };
    Some(InScope {
        type_name: &block.type_name,
        declared: Some(place(module, label)),
        value: Some(place(module, block.body)),
        attributes: attributes(&block.type_name, block.data),
        document: document(&block.type_name, block.data),
        several: block.repeated,
        ..InScope::of(address.to_owned(), kind, noun)
    })
}

fn local<'m>(module: &'m Module, own: &Tree, name: &str) -> Option<InScope<'m>> {
    let value = *module.local(name)?;
    Some(InScope {
        declared: key_of(module, own, value),
        value: Some(place(module, value)),
        ..InScope::of(format!("local.{name}"), NameKind::Local, "local value")
    })
}

/// The name of the local value that a site is, or is a part of.
pub(super) fn value_name(site: &Site) -> Option<String> {
    let (block, path) = site.path.split_first()?;
    (block == "locals").then(|| format!("local.{}", path.join(".")))
}

/// What a value is given to.
fn key_of<'m>(module: &'m Module, own: &Tree, value: ModuleNode) -> Option<ScopePlace<'m>> {
    let place = place(module, value);
    let tree = place.tree(own);
    let pairs = tree.pairs(tree.parent(value.node)?);
    let node = pairs.iter().find(|pair| pair.value == value.node)?.key;
    Some(ScopePlace { node, ..place })
}

fn variable<'m>(module: &'m Module, name: &str) -> Option<InScope<'m>> {
    let variable = module.variable(name)?;
    let from = if variable.set.is_some() {
        ValueFrom::Set
    } else if module.caller.is_some() {
        ValueFrom::Caller
    } else if variable.default.is_some() {
        ValueFrom::Default
    } else {
        ValueFrom::Nothing
    };
    Some(InScope {
        from,
        declared: variable.declared.map(|at| place(module, at)),
        value: variable.default.map(|at| place(module, at)),
        ..InScope::of(format!("var.{name}"), NameKind::Parameter, "variable")
    })
}

/// A call, or an output of it.
fn call<'m>(module: &'m Module, name: &str, output: &str) -> Option<InScope<'m>> {
    let call = module.call(name)?;
    let inner = call.module.as_deref();
    if let Some((inner, value)) = inner.and_then(|it| Some((it, *it.output(output)?))) {
        let value = place(inner, value);
        return Some(InScope {
            declared: Some(value),
            value: Some(value),
            ..InScope::of(
                format!("module.{name}.{output}"),
                NameKind::Output,
                "output",
            )
        });
    }
    let label = ModuleNode {
        file: call.body.file,
        node: call.label,
    };
    Some(InScope {
        declared: Some(place(module, label)),
        ..InScope::of(format!("module.{name}"), NameKind::Call, "module")
    })
}

/// The reference at an offset: the node, and what it says.
pub(super) fn reference_at(tree: &Tree, offset: u32) -> Option<(NodeId, String)> {
    let mut node = tree.node_at(offset)?;
    loop {
        match tree.view(node) {
            View::Tagged(tag, argument) if tag.name == "hcl:ref" => {
                return Some((node, tree.text(argument).unwrap_or_default().to_owned()));
            }
            View::Scalar(_) | View::Invalid => node = tree.parent(node)?,
            _ => return None,
        }
    }
}

/// What a reference begins with, and the attribute behind it.
pub(super) fn referred<'m, 'n>(
    module: &'m Module,
    own: &Tree,
    reference: &'n str,
) -> Option<(InScope<'m>, Option<&'n str>)> {
    let path = reference.split('[').next().unwrap_or(reference);
    let name = address(path)?;
    let behind = reference.strip_prefix(name.as_str());
    // Behind the key of an instance, too.
    let attribute = behind.and_then(|behind| behind.rsplit_once('.'));
    let attribute = attribute.map(|(_, attribute)| attribute);
    Some((named(module, own, &name)?, attribute))
}

/// The name that stands at an offset of the file that is looked at, which lies at `path`: where it is declared, or in an expression.
pub(super) fn name_at(module: &Module, tree: &Tree, path: &str, offset: u32) -> Option<String> {
    let node = tree.node_at(offset)?;
    if let Some(name) = declared_at(module, tree, path, node) {
        return Some(name);
    }
    if !is_code(tree, offset) {
        return None;
    }
    let bytes = tree.source().as_bytes();
    let at = offset as usize;
    let before = bytes.get(..at)?.iter().rev();
    let start = at - before.take_while(|byte| is_of_name(**byte)).count();
    let behind = bytes.get(at..)?.iter();
    let end = at + behind.take_while(|byte| is_of_name(**byte)).count();
    address(tree.source().get(start..end)?)
}

/// The name that a node of the file declares, or gives a value.
fn declared_at(module: &Module, tree: &Tree, path: &str, node: NodeId) -> Option<String> {
    if is_variables_file(path) {
        let name = tree.text(node).filter(|_| is_key(tree, node))?;
        let variable = module.variable(name);
        return variable.map(|_| format!("var.{name}"));
    }
    let is_here = |at: ModuleNode| module.is_own(at.file) && at.node == node;
    let mut blocks = module.own_blocks();
    if let Some((address, _)) = blocks.find(|(_, block)| block.label == node) {
        return Some(address.to_owned());
    }
    let variables = module.variables();
    let mut variables = variables.filter_map(|name| Some((name, module.variable(name)?)));
    let declares = |variable: &ModuleVariable| variable.declared.is_some_and(is_here);
    if let Some((name, _)) = variables.find(|(_, variable)| declares(variable)) {
        return Some(format!("var.{name}"));
    }
    let mut calls = module.own_calls();
    if let Some((name, _)) = calls.find(|(_, call)| call.label == node) {
        return Some(format!("module.{name}"));
    }
    let name = tree.text(node).filter(|_| is_key(tree, node))?;
    let local = local(module, tree, name)?.declared;
    let is_own = local.is_some_and(|at| at.other.is_none() && at.node == node);
    is_own.then(|| format!("local.{name}"))
}

/// Whether a node is the key of a pair.
fn is_key(tree: &Tree, node: NodeId) -> bool {
    let pairs = tree.parent(node).map(|parent| tree.pairs(parent));
    pairs.is_some_and(|pairs| pairs.iter().any(|pair| pair.key == node))
}

/// What belongs to a path of names.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// What a path of names leads to: `var.name`, `data.aws_region.current`, `module.queue.arn`.
fn address(path: &str) -> Option<String> {
    let mut parts = path.split('.').filter(|part| !part.is_empty());
    let root = parts.next()?;
    let count = match root {
        "var" | "local" => 1,
        "data" | "module" => 2,
        "each" | "count" | "self" | "path" | "terraform" => return None,
        _ => 1,
    };
    let mut address = root.to_owned();
    for index in 0..count {
        match parts.next() {
            Some(part) => {
                address.push('.');
                address.push_str(part);
            }
            // `module.queue` alone is the call.
            None if root == "module" && index == 1 => {}
            None => return None,
        }
    }
    Some(address)
}

/// Whether there is an expression at an offset, not literal text.
fn is_code(tree: &Tree, offset: u32) -> bool {
    let Some(node) = tree.node_at(offset) else {
        return false;
    };
    let is_expression = |node: NodeId| match tree.view(node) {
        View::Tagged(tag, _) => {
            matches!(tag.name.as_str(), "hcl:ref" | "hcl:expr" | "hcl:directive")
        }
        _ => false,
    };
    if tree.format().is_json() && !tree.is_of_hcl(node) {
        let before = tree.source().get(..offset as usize).unwrap_or_default();
        let line = before.rsplit('"').next().unwrap_or_default();
        return line
            .rfind("${")
            .is_some_and(|open| !line.get(open..).is_some_and(|it| it.contains('}')));
    }
    is_expression(node) || tree.parent(node).is_some_and(is_expression)
}

/// Where a name is used in a file.
pub(super) fn uses(tree: &Tree, name: &str) -> Vec<Span> {
    let source = tree.source();
    let bytes = source.as_bytes();
    let comments = tree.comments();
    let mut found = Vec::new();
    for (at, _) in source.match_indices(name) {
        let end = at + name.len();
        // `data.aws_iam_role.x` is no `aws_iam_role.x`.
        let begins = at == 0 || bytes.get(at - 1).is_some_and(|byte| !is_of_name(*byte));
        let ends = bytes
            .get(end)
            .is_none_or(|byte| !is_of_name(*byte) || *byte == b'.');
        let (Ok(start), Ok(stop)) = (u32::try_from(at), u32::try_from(end)) else {
            continue;
        };
        let next = comments.partition_point(|comment| comment.span.end <= start);
        let is_commented = comments
            .get(next)
            .is_some_and(|comment| comment.span.start <= start);
        if begins && ends && !is_commented && found.len() < LISTED_USES && is_code(tree, start + 1)
        {
            found.push(Span::new(start, stop));
        }
    }
    found
}
