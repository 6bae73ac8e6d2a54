//! A module's file as each call of the module makes it: what several calls give to a variable is several values, each
//! of which is judged with the others of its call.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_dialects::terraform::{Caller, Module};
use leastwise_syntax::Tree;

use crate::Analysis;

/// The most instances of calls that are looked at, and the most ways that they make a file.
const MAX_INSTANCES: usize = 1024;
const MAX_WAYS: usize = 64;
/// The most bytes that are looked at: a file as often as there are ways.
const MAX_BYTES: usize = 1 << 18;

/// The file as each call makes it.
#[derive(Debug, Default)]
pub struct Calls {
    /// Calls that give the same are one.
    pub ways: Vec<Way>,
    /// Whether there are calls that weren't looked at.
    pub more: bool,
}

/// What some calls make of the file.
#[derive(Debug)]
pub struct Way {
    /// The calls: `module.orders`, `module.orders["eu"]`.
    pub names: Vec<String>,
    /// The file.
    pub analysis: Analysis,
}

impl Calls {
    pub(crate) fn of(analysis: &Analysis, tree: &Tree) -> Calls {
        let Some(module) = analysis.module() else {
            return Calls::default();
        };
        let mut calls = Calls::default();
        let (groups, more) = groups(analysis, module, tree);
        calls.more = more;
        let is_known = |group: &[Caller]| {
            let is_whole = group.iter().all(|caller| caller.key.is_none());
            module.caller.is_some() && is_whole
        };
        if groups.iter().all(|group| is_known(group)) {
            return calls;
        }
        let most = MAX_WAYS.min(MAX_BYTES / tree.source().len().max(1));
        for (at, group) in groups.into_iter().enumerate() {
            let names = group.iter().map(|caller| caller.name.clone()).collect();
            let first = group.into_iter().next().filter(|_| at < most);
            match first.and_then(|caller| analysis.under(tree, caller)) {
                Some(analysis) => calls.ways.push(Way { names, analysis }),
                None => calls.more = true,
            }
        }
        calls
    }
}

/// The calls, those together that give the same, and whether there are more of them.
fn groups(analysis: &Analysis, module: &Module, tree: &Tree) -> (Vec<Vec<Caller>>, bool) {
    let mut groups: Vec<Vec<Caller>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut left = MAX_INSTANCES;
    for caller in module.callers.iter() {
        let given = given(module, caller);
        let depends = ["each.", "count."].iter().any(|of| given.contains(of));
        for mut caller in instances(analysis, caller, tree) {
            if left == 0 {
                return (groups, true);
            }
            left -= 1;
            caller.key = caller.key.filter(|_| depends);
            let key = format!("{given}{}", caller.key.as_deref().unwrap_or_default());
            match known.get(&key).and_then(|at| groups.get_mut(*at)) {
                Some(group) => group.push(caller),
                None => {
                    known.insert(key, groups.len());
                    groups.push(vec![caller]);
                }
            }
        }
    }
    (groups, false)
}

/// What a call gives to the module's variables, and when it is there, as it is written.
fn given(module: &Module, caller: &Caller) -> String {
    let matters =
        |name: &str| matches!(name, "count" | "for_each") || module.variables.contains_key(name);
    let given = caller.arguments();
    let mut given: Vec<(&str, &str)> = given.filter(|(name, _)| matters(name)).collect();
    given.sort_unstable();
    let given = given.into_iter();
    given
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect()
}

/// A call's instances where they are known, else the call for all of them.
fn instances(analysis: &Analysis, caller: &Arc<Caller>, tree: &Tree) -> Vec<Caller> {
    let environment = analysis.environments.first();
    let keys = environment.and_then(|environment| {
        let resolver = analysis.resolver(tree, environment, false);
        resolver.terraform_instances(caller)
    });
    match keys {
        Some(keys) => keys.iter().map(|key| caller.instance(key)).collect(),
        None => vec![Caller::clone(caller)],
    }
}
