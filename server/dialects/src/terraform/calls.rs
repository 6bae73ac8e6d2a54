//! A module's file as each call of the module makes it.

use std::sync::Arc;

use super::limits::{BYTES_IN_ALL_WAYS, INSTANCES, WAYS};
use super::{Caller, Module};
use crate::resolve::Resolver;
use crate::state::{State, Ways};
use foldhash::{HashMap, HashMapExt};

/// The module as each of its calls makes it; none where what they give is known of it anyway.
pub(super) fn ways(module: &Module, of: &Resolver<'_>) -> Ways {
    let (groups, more) = groups(module, of);
    let mut found = Ways {
        ways: Vec::new(),
        more,
    };
    let is_known = |group: &[Caller]| {
        let is_whole = group.iter().all(|caller| caller.key.is_none());
        module.caller.is_some() && is_whole
    };
    if groups.iter().all(|group| is_known(group)) {
        return found;
    }
    let most = WAYS.min(BYTES_IN_ALL_WAYS / of.tree.size().max(1));
    for (at, group) in groups.into_iter().enumerate() {
        let names = group.iter().map(|caller| caller.name.clone()).collect();
        let Some(first) = group.into_iter().next().filter(|_| at < most) else {
            found.more = true;
            continue;
        };
        let mut called = module.clone();
        called.caller = Some(Arc::new(first));
        called.callers = Arc::default();
        let called: Box<dyn State> = Box::new(called);
        found.ways.push((names, called));
    }
    found
}

/// The calls, those together that give the same, and whether there are more of them.
fn groups(module: &Module, of: &Resolver<'_>) -> (Vec<Vec<Caller>>, bool) {
    let mut groups: Vec<Vec<Caller>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut left = INSTANCES;
    for caller in module.callers.iter() {
        let given = given(module, caller);
        let depends = ["each.", "count."].iter().any(|of| given.contains(of));
        for mut caller in instances(caller, of) {
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
        |name: &str| matches!(name, "count" | "for_each") || module.variable(name).is_some();
    let given = caller.arguments();
    let mut given: Vec<(&str, &str)> = given.filter(|(name, _)| matters(name)).collect();
    given.sort_unstable();
    let given = given.into_iter();
    given
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect()
}

/// A call's instances where they are known, else the call for all of them.
fn instances(caller: &Arc<Caller>, of: &Resolver<'_>) -> Vec<Caller> {
    match of.terraform_instances(caller) {
        Some(keys) => keys.iter().map(|key| caller.instance(key)).collect(),
        None => vec![Caller::clone(caller)],
    }
}
