//! Whether `count`, `for_each` and conditions leave anything of what they guard.

use leastwise_model::guard::Guard;

use super::operator::integer;
use super::value::Val;
use super::{Evaluator, Tally};
use crate::limits::ITEMS_OF_A_LIST;
use crate::resolve::Resolver;
use crate::resolve::names::Met;
use crate::terraform::{Caller, Module};

impl Resolver<'_> {
    /// Whether a guard is met, as far as that is known. `in_call`: it stands in the only caller of the module.
    pub(super) fn terraform_guard(
        &self,
        module: &Module,
        guard: &Guard,
        in_call: bool,
    ) -> Option<Met> {
        let tally = Tally::new();
        let own = self.evaluator(module, &tally);
        let evaluator = match in_call {
            true => Evaluator {
                module: &module.caller.as_deref()?.module,
                ..own
            },
            false => own,
        };
        let surely = || evaluator.meets(guard).map(Met::Surely);
        let supposing = Evaluator {
            supposes: true,
            ..evaluator
        };
        surely().or_else(|| supposing.meets(guard).map(Met::WithDefaults))
    }
}

impl Resolver<'_> {
    /// The keys of the instances of a call, as far as its `for_each` or `count` is known.
    pub(crate) fn terraform_instances(&self, caller: &Caller) -> Option<Vec<String>> {
        let tally = Tally::new();
        let evaluator = self.evaluator(&caller.module, &tally);
        if let Some(at) = caller.argument("for_each") {
            let (value, assumed) = evaluator.watched(|| evaluator.value(at, 0));
            if assumed || value.is_assumed() {
                return None;
            }
            return match value {
                Val::Map(pairs) => Some(pairs.into_iter().map(|(key, _)| key).collect()),
                Val::List(items) => {
                    let key = |item: &Val| match item {
                        Val::Text(text) => text.chars().map(str::to_owned),
                        _ => None,
                    };
                    items.iter().map(key).collect()
                }
                _ => None,
            };
        }
        let at = caller.argument("count")?;
        let (value, assumed) = evaluator.watched(|| evaluator.value(at, 0));
        let (count, _) = integer(&value).filter(|_| !assumed && !value.is_assumed())?;
        let count = usize::try_from(count).ok()?.min(ITEMS_OF_A_LIST);
        Some((0..count).map(|index| index.to_string()).collect())
    }
}

impl Evaluator<'_> {
    fn meets(&self, guard: &Guard) -> Option<bool> {
        let (Guard::Holds(at, _) | Guard::Count(at) | Guard::Each(at)) = guard else {
            return None;
        };
        let (value, assumed) = self.watched(|| self.value(*at, 0));
        // A default decides nothing: it is there to be overridden.
        let depends =
            assumed || value.is_assumed() && !matches!(&value, Val::Map(pairs) if pairs.is_empty());
        if depends && !self.supposes {
            return None;
        }
        match guard {
            Guard::Holds(_, holds) => Some(self.decided(&value)? == *holds),
            Guard::Count(_) => Some(integer(&value)?.0 != 0),
            _ => match value {
                Val::Map(pairs) => Some(!pairs.is_empty()),
                Val::List(items) => Some(!items.is_empty()),
                Val::Null => Some(false),
                _ => None,
            },
        }
    }

    /// Takes down that a name was read.
    pub(super) fn note(&self, name: &str, values: &Val, read: &Val) {
        if let Some(notes) = self.notes {
            let empty = match read {
                Val::Null => true,
                Val::Text(text) => text.chars() == Some(""),
                Val::List(items) => items.is_empty(),
                _ => false,
            };
            let count = values.alternatives().len();
            notes.add((self.module_id(), name.to_owned()), empty, count);
        }
    }

    /// What tells the names of a module from those of another.
    pub(super) fn module_id(&self) -> usize {
        std::ptr::from_ref(self.module).addr()
    }
}
