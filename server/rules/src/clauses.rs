//! Statements of files as clauses of [`leastwise_policy::grants`].

use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, Entry, Guard, KeyTest, Selection,
};
use leastwise_policy::{ActionPattern, Pattern};
use leastwise_workspace::model::{Branch, Known, List, Statement, Test};

use crate::Context;

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
    /// The clause that it is. It is one of both effects where it has none that is known, and then never sure.
    pub(crate) fn clause(&self, id: usize) -> Clause {
        let Placed {
            context, statement, ..
        } = self;
        Clause {
            id: ClauseId(id),
            actions: selection(&statement.action, &statement.not_action, actions),
            resources: selection(&statement.resource, &statement.not_resource, |list| {
                patterns(context, list)
            }),
            conditions: conditions(context, statement),
            certain: self.certain && statement.effect.known().is_some(),
            guards: self.guards(),
        }
    }

    /// When it is there.
    pub(crate) fn guards(&self) -> Vec<Guard> {
        let branches = self.branch.iter().chain(&self.statement.branch);
        let guard = |(condition, holds): &(String, bool)| Guard {
            condition: match self.file {
                "" => condition.clone(),
                file => format!("{file}: {condition}"),
            },
            holds: *holds,
        };
        branches.map(guard).collect()
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

fn actions(list: &List) -> Entries<ActionPattern> {
    let items = list.items.iter().map(|item| Entry {
        forms: item.action.iter().cloned().collect(),
        certain: item.branch.is_empty(),
    });
    Entries {
        items: items.collect(),
        open: list.dynamic,
    }
}

fn patterns(context: &Context<'_>, list: &List) -> Entries<Pattern> {
    let items = list.items.iter().map(|item| Entry {
        forms: context.patterns(item).into_iter().cloned().collect(),
        certain: item.branch.is_empty(),
    });
    Entries {
        items: items.collect(),
        open: list.dynamic,
    }
}

/// The conditions of a statement.
pub(crate) fn conditions(context: &Context<'_>, statement: &Statement) -> Conditions {
    let tests = match &statement.condition {
        Known::Missing => return Conditions::default(),
        Known::Dynamic(_) => &[],
        Known::Is(tests) => tests.as_slice(),
    };
    Conditions {
        tests: tests.iter().map(|of| test(context, of)).collect(),
        open: statement.condition.is_dynamic(),
    }
}

/// One condition.
pub(crate) fn test(context: &Context<'_>, test: &Test) -> KeyTest {
    let values = match &test.values {
        Known::Is(list) => patterns(context, list),
        Known::Missing => Entries::of([]),
        Known::Dynamic(_) => Entries::unknown(),
    };
    KeyTest::new(Some(&test.operator), test.key.as_deref(), values)
}
