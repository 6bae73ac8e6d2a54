//! Counterparts: the action that undoes or changes what another makes.

use crate::Action;
use crate::blob::{self, tables};

/// One counterpart of an action.
///
/// A cell holds the action's row in its lower 20 bits, above it two bits for the relation, two for the source, and
/// one for "required".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Counterpart(pub(crate) u32);

/// How a counterpart relates to the action it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// Removes what the action makes: needed for a rollback and for removing a resource from a template.
    Delete,
    /// Changes what the action makes: needed for a later deployment.
    Update,
    /// The inverse: makes what the action removes or changes.
    Create,
}

/// Where a counterpart is known from, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CounterpartSource {
    /// The hand-written table.
    Curated,
    /// What a CloudFormation type's create, update and delete handlers need.
    CloudFormation,
    /// A pair of verbs on the same noun.
    Verb,
}

impl Counterpart {
    /// The counterpart itself.
    pub fn action(self) -> Action {
        Action(self.0 & 0xf_ffff)
    }

    /// What it does to the work of the action it belongs to.
    pub fn relation(self) -> Relation {
        match (self.0 >> 20) & 3 {
            0 => Relation::Delete,
            1 => Relation::Update,
            _ => Relation::Create,
        }
    }

    /// Where it is known from.
    pub fn source(self) -> CounterpartSource {
        match (self.0 >> 22) & 3 {
            0 => CounterpartSource::Curated,
            1 => CounterpartSource::CloudFormation,
            _ => CounterpartSource::Verb,
        }
    }

    /// Whether a role with the action is incomplete without it. The others are worth a remark at most.
    pub fn required(self) -> bool {
        (self.0 >> 24) & 1 != 0
    }
}

impl Action {
    /// The actions that undo or change what this one makes.
    pub fn counterparts(
        self,
    ) -> impl DoubleEndedIterator<Item = Counterpart> + ExactSizeIterator + use<> {
        blob::list(tables::ACTIONS.get(self.0, 7)).map(Counterpart)
    }
}
