//! Whether the actions of a policy exist, and each is needed.

pub mod action_matches_nothing;
mod cure;
pub(crate) mod effect;
mod entry_position;
mod existing;
mod malformed;
mod permission_action;
pub mod redundant_action;
mod typo;
pub mod unknown_action;
pub mod unknown_service;
mod unlisted;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use leastwise_catalog::{Action, NamedElsewhere, catalog};
use leastwise_model::text::Part;
use leastwise_policy::{ActionPattern, NamedAction};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, Span, View};

use crate::limits::GUESSED_NAMES;
use crate::support::action_entry::{ActionEntry, Grant};
use crate::{Context, Fix, LazyFix};

/// The names for which one rule works out in one file what was meant: a file with more is no slip of the hand, and each guess
/// compares with all actions of a service.
#[derive(Default)]
struct Guesses {
    /// The names so far, and whether each is looked at. One that stands at several places counts once.
    names: HashMap<String, bool>,
    /// The actions that are near to names.
    near: HashMap<String, Vec<Action>>,
}

impl Guesses {
    /// Whether it is worked out what a name was meant to be.
    fn allow(&mut self, name: &str) -> bool {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let is_looked_at = self.names.len() < GUESSED_NAMES;
        self.names.insert(name.to_owned(), is_looked_at);
        is_looked_at
    }

    /// What is to be said of a name that isn't looked at, behind the help.
    fn note(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(false) => format!(
                " Corrections are suggested only for the first {GUESSED_NAMES} such names in a file."
            ),
            _ => String::new(),
        }
    }

    /// The actions of a service that a name was probably meant to be, the nearest first.
    fn near(&mut self, prefix: &str, name: &str) -> Vec<Action> {
        let text = format!("{prefix}:{name}");
        if !self.allow(&text) {
            return Vec::new();
        }
        let near = self.near.entry(text);
        near.or_insert_with(|| catalog().suggest_actions(prefix, name, 3))
            .clone()
    }
}

impl ActionEntry<'_> {
    /// Whether it stands for some action that AWS has.
    fn is_something(&self, context: &Context<'_>) -> bool {
        match self.pattern {
            // What it stands for is known to other rules as well.
            Cow::Borrowed(_) => !context.expand(self.item).is_empty(),
            Cow::Owned(ref pattern) => !context.analysis.memo.expand(pattern).is_empty(),
        }
    }

    /// Whether the list has an action beside this entry.
    fn has_beside(&self, action: &str) -> bool {
        named(action).is_some_and(|action| self.beside.has(action))
    }

    /// The scalar that the action stands in, and where its text begins there; `None` where the text is put together.
    fn scalar(&self) -> Option<(NodeId, usize)> {
        match self.item.text.parts.as_slice() {
            [Part::Literal { node, start, .. }] => Some((*node, *start as usize)),
            _ => None,
        }
    }

    /// The bytes of a part of the action; of the whole item where its text is put together.
    fn span(&self, context: &Context<'_>, part: Range<usize>) -> Span {
        match self.scalar() {
            Some((node, start)) => context
                .tree
                .source_span(node, start + part.start..start + part.end),
            None => context.item_span(self.item),
        }
    }

    /// Where the service's prefix stands.
    fn service_span(&self, context: &Context<'_>, named: &NamedAction) -> Span {
        self.span(context, 0..named.colon())
    }

    /// Where the name stands.
    fn name_span(&self, context: &Context<'_>, named: &NamedAction) -> Span {
        self.span(context, named.colon() + 1..named.text().len())
    }

    /// What it takes to put other actions in this one's place; `None` where its text is put together.
    fn replacement(&self) -> Option<Replacement> {
        let (node, _) = self.scalar()?;
        Some(Replacement {
            node,
            item: self.item.node,
            list: self.item.list,
            statement: self.statement.node,
            grant: self.grant,
        })
    }
}

/// An entry of a list that others are to take the place of.
#[derive(Clone, Copy)]
struct Replacement {
    node: NodeId,
    item: NodeId,
    list: NodeId,
    statement: NodeId,
    grant: Grant,
}

impl Replacement {
    /// The fix that puts these actions in its place; `plain` says that it is plain that they were meant.
    fn fix(
        self,
        context: &Context<'_>,
        title: String,
        actions: Vec<String>,
        plain: bool,
    ) -> LazyFix {
        let safety = self.safety(context, &actions, plain);
        LazyFix::new(title, safety, move |context| self.with(context, &actions))
    }

    /// Puts these actions in its place.
    fn with(self, context: &Context<'_>, actions: &[String]) -> Option<Fix> {
        let (first, others) = actions.split_first()?;
        let mut edits = Vec::new();
        if others.is_empty() {
            edits.push(Edit::SetScalar {
                node: self.node,
                text: first.clone(),
            });
        } else if matches!(context.tree.view(self.list), View::Sequence(_)) {
            edits.push(Edit::RemoveItem {
                list: self.list,
                item: self.item,
            });
            edits.extend(actions.iter().map(|action| Edit::InsertItem {
                list: self.list,
                place: InsertAt::After(self.item),
                value: NewValue::Str(action.clone()),
            }));
        } else {
            let list = actions.iter().cloned().map(NewValue::Str).collect();
            edits.push(Edit::Replace {
                node: self.item,
                value: NewValue::List(list),
            });
        }
        let (fix, grant) = (Fix::new(edits), self.grant);
        Some(effect::announced(
            context,
            fix,
            grant,
            self.statement,
            actions,
        ))
    }
}

/// The action of AWS that is called so.
fn named(action: &str) -> Option<Action> {
    let (service, name) = action.split_once(':')?;
    catalog().action(service, name)
}

/// Where AWS names what it doesn't list, as a clause.
fn elsewhere_in_words(elsewhere: NamedElsewhere) -> &'static str {
    match elsewhere {
        NamedElsewhere::Page(_) => "only in other documentation",
        NamedElsewhere::ManagedPolicy => "only in a managed policy",
    }
}

/// Whether an entry that matches no action is plainly meant for one: what a statement is about isn't known before it is
/// written so.
pub(crate) fn is_to_be_renamed(pattern: &ActionPattern) -> bool {
    let named = match pattern {
        ActionPattern::Star | ActionPattern::Unknown => return false,
        ActionPattern::Malformed(_) => return true,
        ActionPattern::Named(named) => named,
    };
    let (prefix, name) = (named.service(), named.name());
    if catalog().service(prefix).is_none() {
        let services = catalog().suggest_services(prefix, 2);
        let mut services = services.iter().map(|service| service.prefix());
        return services.any(|meant| typo::is_slip_of_service(prefix, meant));
    }
    if named.has_wildcards() {
        return false;
    }
    let operation = catalog().api_operation(prefix, name);
    let retired = catalog().retired_action(prefix, name);
    operation.is_some_and(|of| of.actions().next().is_some())
        || retired.is_some_and(|of| of.replaced_by().next().is_some())
        || catalog()
            .suggest_actions(prefix, name, 3)
            .into_iter()
            .any(|meant| typo::is_slip(prefix, name, meant))
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub(crate) fn choice(names: &[String]) -> String {
    join(names, "or")
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
fn all_of(names: &[String]) -> String {
    join(names, "and")
}

fn join(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => format!("`{}` {word} `{last}`", first.join("`, `")),
    }
}
