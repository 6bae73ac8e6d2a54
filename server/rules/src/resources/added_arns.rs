//! Gives the actions that need an ARN one, beside what their statement names: in the statement where its other actions gain
//! nothing by that, else in a statement of their own.

use std::sync::Arc;

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, List, Statement};
use leastwise_policy::{Pattern, Studied, Tri};
use leastwise_syntax::NodeId;
use leastwise_syntax::write::{Edit, NewValue};

use super::fitting::{fits, surely_unfit};
use crate::ignore::Ignores;
use crate::support::impact::is_for_everybody;
use crate::support::narrow;
use crate::{Context, Finding, Fix, Rule, Safety};

/// ARNs that some actions of a statement need.
pub(super) struct Needed {
    statement: NodeId,
    way: Way,
    /// Puts them beside what the statement names.
    edits: Vec<Edit>,
    values: Vec<NewValue>,
    /// What they stand for.
    added: Vec<Pattern>,
    /// The entries of `Action` that need them.
    entries: Vec<NodeId>,
    audience: Audience,
}

/// For whom a statement gains something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// For those whom somebody named, or whoever has the policy.
    Named,
    Everybody,
}

impl Audience {
    pub(super) fn of(context: &Context<'_>, statement: &Statement) -> Audience {
        let found = context.statement(statement.node);
        let opens = found.is_some_and(|(site, statement)| {
            !statement.denies() && is_for_everybody(context.tree, site, statement)
        });
        match opens {
            true => Audience::Everybody,
            false => Audience::Named,
        }
    }

    /// Nothing is opened to everybody in bulk.
    pub(super) fn safety(self) -> Safety {
        Safety::changes(self == Audience::Named)
    }

    /// That an action is gained on something.
    pub(super) fn gains(self, action: &Action, on: &str) -> String {
        let suffix = match self {
            Audience::Named => "",
            Audience::Everybody => ", for everyone",
        };
        format!("{} on {on}{suffix}", action.full_name())
    }
}

/// How they are given to the actions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the statement, by which nothing else gains.
    Here,
    /// In a statement of their own.
    Apart,
    /// In the statement, where they can't be moved: what else gains by that nobody may have meant.
    ForAll,
}

/// What is written for them, how each is put beside others, and what they stand for, each with the resource that it
/// stands beside.
#[derive(Default)]
pub(super) struct Written {
    pub edits: Vec<Edit>,
    pub values: Vec<NewValue>,
    pub added: Vec<(Pattern, Pattern)>,
}

impl Needed {
    /// Of a statement whose resources are these `patterns`: what is written for those of its actions that are `taken` by
    /// it and work on nothing there.
    pub(super) fn of(
        context: &Context<'_>,
        statement: &Statement,
        patterns: &[Arc<Studied>],
        written: Written,
        taken: impl Fn(&[Action]) -> bool,
    ) -> Needed {
        let pairs = written.added.iter();
        let pairs = pairs.map(|(own, added)| (context.study(own), context.study(added)));
        let pairs: Vec<(Arc<Studied>, Arc<Studied>)> = pairs.collect();
        // What works on the resource that an ARN is put beside works on what that names already.
        let gains = |action: &Action| {
            let mut pairs = pairs.iter();
            pairs.any(|(own, added)| added.fits(*action) != Tri::No && own.fits(*action) == Tri::No)
        };
        let mut entries = Vec::new();
        let open = !matches!(&statement.action, Known::Is(actions) if !actions.dynamic);
        let mut others_gain = open;
        for item in statement.actions() {
            let actions = context.expand(item);
            if !actions.is_empty() && taken(actions) && surely_unfit(actions, patterns) {
                entries.push(item);
                continue;
            }
            others_gain |= item.action.is_none() || actions.iter().any(gains);
        }
        let way = match others_gain {
            false => Way::Here,
            true if is_movable(context, statement, &entries) => Way::Apart,
            true => Way::ForAll,
        };
        Needed {
            statement: statement.node,
            way,
            edits: written.edits,
            values: written.values,
            added: written.added.into_iter().map(|(_, added)| added).collect(),
            entries: entries.iter().map(|item| item.node).collect(),
            audience: Audience::of(context, statement),
        }
    }

    /// Whether the actions get a statement of their own.
    pub(super) fn is_apart(&self) -> bool {
        self.way == Way::Apart
    }

    pub(super) fn safety(&self) -> Safety {
        match self.way {
            Way::ForAll => Safety::Manual,
            Way::Here | Way::Apart => self.audience.safety(),
        }
    }

    /// The fix for all entries that need them. `ending` is what they are, for the `Sid` of a new statement.
    pub(super) fn fix(
        &self,
        context: &Context<'_>,
        rule: &'static Rule,
        ending: &str,
    ) -> Option<Fix> {
        let (_, statement) = context.statement(self.statement)?;
        let own = statement.actions().iter();
        let own = own.filter(|item| self.entries.contains(&item.node));
        Some(match self.way {
            Way::Here => Fix::new(self.edits.clone()).adds(self.adds(context, own)),
            Way::ForAll => {
                let all = statement.actions().iter();
                Fix::new(self.edits.clone()).adds(self.adds(context, all))
            }
            Way::Apart => self.apart(context, rule, own.collect(), ending)?,
        })
    }

    /// What these entries gain, each action once.
    fn adds<'s>(
        &self,
        context: &Context<'_>,
        entries: impl Iterator<Item = &'s Item>,
    ) -> Vec<String> {
        let studied: Vec<Arc<Studied>> = self.added.iter().map(|of| context.study(of)).collect();
        let actions = entries.flat_map(|item| context.expand(item)).copied();
        let mut actions: Vec<Action> = actions
            .filter(|action| fits(*action, &studied) != Tri::No)
            .collect();
        actions.sort_unstable();
        actions.dedup();
        let shown: Vec<String> = self.added.iter().map(Pattern::display).collect();
        let on = shown.join(", ");
        let actions = actions.iter();
        actions
            .map(|action| self.audience.gains(action, &on))
            .collect()
    }

    /// Moves the entries that the rule isn't to be silent on.
    fn apart(
        &self,
        context: &Context<'_>,
        rule: &'static Rule,
        mut moved: Vec<&Item>,
        ending: &str,
    ) -> Option<Fix> {
        let (site, statement) = context.statement(self.statement)?;
        let ignores = Ignores::read(context);
        moved.retain(|item| {
            let finding = Finding::new(rule, context.item_span(item), "");
            let text = item.text.literal(context.tree).unwrap_or_default();
            let finding = finding.action(text).owner(context.owner(site));
            !ignores.quiet(context, &finding)
        });
        if moved.is_empty() || ignores.are_left_by(context, &moved, statement.actions()) {
            return None;
        }
        let copies = moved.iter().map(|item| NewValue::Copy(item.node)).collect();
        let values = self.values.clone();
        let value = narrow::split(context, site, statement, ending, copies, values)?;
        let remove = |item: &&Item| Edit::RemoveItem {
            list: item.list,
            item: item.node,
        };
        let mut edits: Vec<Edit> = moved.iter().map(remove).collect();
        edits.push(narrow::insert(context, site, statement, value)?);
        Some(Fix::new(edits).adds(self.adds(context, moved.into_iter())))
    }
}

/// Whether these entries of a statement can be moved to one of their own, which others stay behind.
fn is_movable(context: &Context<'_>, statement: &Statement, entries: &[&Item]) -> bool {
    let Known::Is(List { node, .. }) = &statement.action else {
        return false;
    };
    let room = || {
        let (site, _) = context.statement(statement.node)?;
        narrow::insert(context, site, statement, NewValue::Map(Vec::new()))
    };
    statement.branch.is_empty()
        && entries.iter().all(|item| item.list == *node)
        && narrow::is_plain(statement)
        && room().is_some()
}
