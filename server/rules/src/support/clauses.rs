//! Statements of files as clauses of [`leastwise_policy::grants`].

use leastwise_model::{Branch, Item, Known, List, Statement, Test};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, GrantGuard, KeyTest, ListedValue, Selection,
};
use leastwise_policy::{ActionPattern, Pattern};

use crate::Context;
use crate::limits::CONDITIONS_OF_LISTS;

/// A statement with where it stands.
pub(crate) struct Placed<'a, 's> {
    pub context: Context<'a>,
    pub statement: &'s Statement,
    /// When its policy is there.
    pub branch: &'s Branch,
    /// What tells conditions of its file from those of others that are called the same: nothing for the file at hand.
    pub file: &'s str,
    /// Whether it is surely its owner's.
    pub certain: bool,
}

impl Placed<'_, '_> {
    /// The clauses that it is: what its lists hold under conditions of the template makes one for each way in which
    /// these can turn out. They are of both effects where it has none that is known, and then never sure.
    pub(crate) fn clauses(&self, id: usize) -> Vec<Clause> {
        let conditions = self.conditions();
        if conditions.is_empty() || conditions.len() > CONDITIONS_OF_LISTS {
            return vec![self.clause(id, &Branch::new())];
        }
        let ways = (0..1_usize << conditions.len()).map(|way| {
            let holds = |(at, name): (usize, &String)| (name.clone(), way >> at & 1 == 1);
            conditions.iter().enumerate().map(holds).collect::<Branch>()
        });
        // What is there in all of them needs no condition. It is less than the statement is about, never more.
        let always = self.always(id);
        always
            .into_iter()
            .chain(ways.map(|way| self.clause(id, &way)))
            .collect()
    }

    /// The conditions that its lists hang on, beside those that it does itself.
    fn conditions(&self) -> Vec<String> {
        let statement = self.statement;
        let lists = [
            &statement.action,
            &statement.not_action,
            &statement.resource,
            &statement.not_resource,
        ];
        let lists = lists.into_iter().filter_map(Known::known);
        let tests = statement.condition.known().into_iter().flatten();
        let lists = lists.chain(tests.filter_map(|test| test.values.known()));
        let mut found: Vec<String> = Vec::new();
        for (name, _) in lists
            .flat_map(|list| &list.items)
            .flat_map(|item| &item.branch)
        {
            let mut own = self.own_branch();
            if !found.contains(name) && !own.any(|(other, _)| other == name) {
                found.push(name.clone());
            }
        }
        found
    }

    /// The part of it that is there however its conditions turn out.
    fn always(&self, id: usize) -> Option<Clause> {
        let statement = self.statement;
        let certain = |list: &List| list.items.iter().all(|item| item.branch.is_empty());
        let all = |known: &Known<List>| known.known().is_none_or(certain);
        let tests = statement.condition.known().into_iter().flatten();
        let whole = all(&statement.not_action)
            && all(&statement.not_resource)
            && tests.into_iter().all(|test| all(&test.values));
        if !whole {
            return None;
        }
        let mut clause = self.clause(id, &Branch::new());
        if let Selection::Only(entries) = &mut clause.actions {
            entries.items.retain(|entry| entry.certain);
        }
        if let Selection::Only(entries) = &mut clause.resources {
            entries.items.retain(|entry| entry.certain);
        }
        Some(clause)
    }

    /// The clause that it is where the conditions of its lists turn out so; what they say nothing of is never sure.
    fn clause(&self, id: usize, way: &Branch) -> Clause {
        let Placed {
            context, statement, ..
        } = self;
        let settled: Branch = self.own_branch().chain(way).cloned().collect();
        let patterns = |list: &List| patterns(context, list, &settled);
        let guards = way.iter().map(|condition| self.guard(condition));
        Clause {
            id: ClauseId(id),
            actions: selection(&statement.action, &statement.not_action, |list| {
                actions(list, &settled)
            }),
            resources: selection(&statement.resource, &statement.not_resource, patterns),
            conditions: conditions_where(context, statement, &settled),
            certain: self.certain && statement.effect.known().is_some(),
            guards: self.guards().into_iter().chain(guards).collect(),
        }
    }

    /// When it is there.
    pub(crate) fn guards(&self) -> Vec<GrantGuard> {
        let mut guards: Vec<GrantGuard> = Vec::new();
        for condition in self.own_branch() {
            let guard = self.guard(condition);
            if !guards.contains(&guard) {
                guards.push(guard);
            }
        }
        guards
    }

    fn own_branch(&self) -> impl Iterator<Item = &(String, bool)> {
        self.branch.iter().chain(&self.statement.branch)
    }

    /// A condition of its file.
    pub(crate) fn guard(&self, (condition, holds): &(String, bool)) -> GrantGuard {
        GrantGuard {
            condition: match self.file {
                "" => condition.clone(),
                file => format!("{file}: {condition}"),
            },
            holds: *holds,
        }
    }
}

/// An element that picks out, or else the one that leaves out. A statement with neither picks nothing.
fn selection<T>(
    only: &Known<List>,
    all_but: &Known<List>,
    entries: impl Fn(&List) -> Entries<T>,
) -> Selection<T> {
    match (only, all_but) {
        (Known::Is(list), _) => Selection::Only(entries(list)),
        (Known::Missing, Known::Is(list)) => Selection::AllBut(entries(list)),
        (Known::Missing, Known::Missing) => Selection::Only(Entries::of([])),
        _ => Selection::Only(Entries::unknown()),
    }
}

/// The items of a list that are there where these conditions are settled, each with whether it surely is.
fn items<'l>(list: &'l List, settled: &'l Branch) -> impl Iterator<Item = (&'l Item, bool)> {
    list.items.iter().filter_map(move |item| {
        let mut certain = true;
        for (name, holds) in &item.branch {
            match settled.iter().find(|(other, _)| other == name) {
                Some((_, other)) if other != holds => return None,
                Some(_) => {}
                None => certain = false,
            }
        }
        Some((item, certain))
    })
}

fn actions(list: &List, settled: &Branch) -> Entries<ActionPattern> {
    let items = items(list, settled).map(|(item, certain)| ListedValue {
        forms: item.action.iter().cloned().collect(),
        certain,
    });
    Entries {
        items: items.collect(),
        open: list.dynamic,
    }
}

fn patterns(context: &Context<'_>, list: &List, settled: &Branch) -> Entries<Pattern> {
    let items = items(list, settled).map(|(item, certain)| ListedValue {
        forms: context.patterns(item).into_iter().cloned().collect(),
        certain,
    });
    Entries {
        items: items.collect(),
        open: list.dynamic,
    }
}

/// The conditions of a statement.
pub(crate) fn conditions(context: &Context<'_>, statement: &Statement) -> Conditions {
    conditions_where(context, statement, &statement.branch)
}

fn conditions_where(context: &Context<'_>, statement: &Statement, settled: &Branch) -> Conditions {
    let tests = match &statement.condition {
        Known::Missing => return Conditions::default(),
        Known::Dynamic(_) => &[],
        Known::Is(tests) => tests.as_slice(),
    };
    Conditions {
        tests: tests.iter().map(|of| test(context, of, settled)).collect(),
        open: statement.condition.is_dynamic(),
    }
}

/// One condition, where these conditions of the template are settled.
pub(crate) fn test(context: &Context<'_>, test: &Test, settled: &Branch) -> KeyTest {
    let values = match &test.values {
        Known::Is(list) => patterns(context, list, settled),
        Known::Missing => Entries::of([]),
        Known::Dynamic(_) => Entries::unknown(),
    };
    KeyTest::new(Some(&test.operator), test.key.as_deref(), values)
}
