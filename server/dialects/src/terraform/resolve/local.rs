//! Local values that lead to local values: a long chain of them is worked out from its end, each of them once.

use foldhash::HashMap;
use leastwise_model::guard::ModuleNode;
use std::cell::RefCell;

use super::Evaluator;
use super::value::Val;
use crate::terraform::limits::DEPTH_OF_EXPRESSIONS;
use crate::terraform::references::references;
use crate::work;

/// A local value: the module that it is one of, its name, and whether defaults decide conditions.
type Key = (usize, String, bool);

/// Those that have been worked out, each with whether a default was taken for a value; nothing while that goes on.
#[derive(Default)]
pub(super) struct Locals(RefCell<HashMap<Key, Option<(Val, bool)>>>);

enum Step {
    Enter(String),
    Leave(String, ModuleNode),
}

impl Evaluator<'_> {
    /// What a local value of the module is.
    pub(super) fn local(&self, name: &str, at: ModuleNode, depth: u32) -> Val {
        // In a module that is called, it depends on the call.
        if self.caller.is_some() {
            return self.value(at, depth);
        }
        if let Some(known) = self.known(name) {
            return known;
        }
        if depth <= DEPTH_OF_EXPRESSIONS / 2 {
            return self.value(at, depth);
        }
        // What isn't read in the end decides nothing.
        let assumed = self.assumed.get();
        self.work_out(name);
        self.assumed.set(assumed);
        self.known(name)
            .unwrap_or_else(|| Val::unknown(format!("local.{name}")))
    }

    fn key(&self, name: &str) -> Key {
        (self.module_id(), name.to_owned(), self.supposes)
    }

    fn known(&self, name: &str) -> Option<Val> {
        let known = self.locals.0.borrow();
        Some(match known.get(&self.key(name))? {
            Some((value, assumed)) => {
                if *assumed {
                    self.assumed.set(true);
                }
                // As many copies as there are names would multiply from one local value to the next.
                let left = self.steps.get();
                let size = value.size(left);
                self.steps.set(left.saturating_sub(size));
                if size >= left {
                    return Some(self.cut_off(format!("local.{name}")));
                }
                value.clone()
            }
            // It leads to itself.
            None => Val::unknown(format!("local.{name}")),
        })
    }

    /// Works a local value out after those that it is made of.
    fn work_out(&self, name: &str) {
        let alone = Evaluator {
            instance: None,
            each: None,
            scope: None,
            ..*self
        };
        let mut steps = vec![Step::Enter(name.to_owned())];
        while let Some(step) = steps.pop() {
            work::did(1);
            match step {
                Step::Enter(name) => {
                    let Some(at) = self.module.local(&name).copied() else {
                        continue;
                    };
                    let key = self.key(&name);
                    if self.locals.0.borrow().contains_key(&key) {
                        continue;
                    }
                    self.locals.0.borrow_mut().insert(key, None);
                    steps.push(Step::Leave(name, at));
                    let mentioned = references(self.tree(at.file), at.node);
                    let locals = mentioned.iter().filter_map(|name| local_name(name));
                    steps.extend(locals.map(|name| Step::Enter(name.to_owned())));
                }
                Step::Leave(name, at) => {
                    let made = alone.watched(|| alone.value(at, 0));
                    let mut known = self.locals.0.borrow_mut();
                    known.insert(self.key(&name), Some(made));
                }
            }
        }
    }
}

fn local_name(reference: &str) -> Option<&str> {
    let rest = reference.strip_prefix("local.")?;
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    rest.get(..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()))
}
