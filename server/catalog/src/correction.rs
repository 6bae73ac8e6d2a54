//! Where AWS's own table, the service authorization reference, is short.

use crate::blob::{self, tables};
use crate::{Action, ResourceType, wildcard_matches};

/// ARNs that an action takes, or that are of a resource type, beside what AWS's table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Correction(pub(crate) u32);

/// What a correction is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Corrected {
    /// One action.
    Action(Action),
    /// A resource type, for whatever action takes it.
    Type(ResourceType),
}

impl Correction {
    /// What it is of.
    pub fn corrected(self) -> Corrected {
        let row = tables::CORRECTIONS.get(self.0, 1);
        match tables::CORRECTIONS.get(self.0, 0) {
            0 => Corrected::Action(Action(row)),
            _ => Corrected::Type(ResourceType(row)),
        }
    }

    /// The format of the ARNs: `arn:${Partition}:sns:${Region}:${Account}:app/${Platform}/${ApplicationName}`.
    pub fn arn(self) -> &'static str {
        blob::text(tables::CORRECTIONS.get(self.0, 2))
    }

    /// Whether it is surely so. Otherwise AWS's pages and policies contradict one another.
    pub fn sure(self) -> bool {
        tables::CORRECTIONS.get(self.0, 3) == 1
    }

    /// The page of AWS that says so.
    pub fn source(self) -> &'static str {
        blob::text(tables::CORRECTIONS.get(self.0, 4))
    }
}

/// Where AWS names an action that its table doesn't list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NamedElsewhere {
    /// On this page of its documentation.
    Page(&'static str),
    /// In a managed policy of its own.
    ManagedPolicy,
}

/// Every correction.
pub(crate) fn all() -> impl DoubleEndedIterator<Item = Correction> + ExactSizeIterator + use<> {
    (0..tables::CORRECTIONS.rows()).map(Correction)
}

/// Where AWS names this action, which isn't in its table.
pub(crate) fn action_named_elsewhere(full_name: &str) -> Option<NamedElsewhere> {
    let pages = (0..tables::DOCUMENTED.rows()).find(|row| {
        let pattern = blob::text(tables::DOCUMENTED.get(*row, 0));
        wildcard_matches(pattern, full_name)
    });
    pages
        .map(|row| NamedElsewhere::Page(blob::text(tables::DOCUMENTED.get(row, 1))))
        .or_else(|| {
            blob::find(tables::MENTIONED, 0, &full_name.to_ascii_lowercase())
                .map(|_| NamedElsewhere::ManagedPolicy)
        })
}

/// Where AWS names actions with this prefix, which isn't in its table.
pub(crate) fn service_named_elsewhere(prefix: &str) -> Option<NamedElsewhere> {
    let is_of = |name: &str| {
        name.split_once(':')
            .is_some_and(|(of, _)| of.eq_ignore_ascii_case(prefix))
    };
    let named =
        |table: blob::Table| (0..table.rows()).find(|row| is_of(blob::text(table.get(*row, 0))));
    named(tables::DOCUMENTED)
        .map(|row| NamedElsewhere::Page(blob::text(tables::DOCUMENTED.get(row, 1))))
        .or_else(|| named(tables::MENTIONED).map(|_| NamedElsewhere::ManagedPolicy))
}
