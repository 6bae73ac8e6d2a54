//! What an action does to what it touches, in AWS's five words.

use std::fmt;

/// AWS's classification of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Sees that resources exist, not what they hold.
    List,
    /// Reads what resources hold.
    Read,
    /// Creates, changes or deletes resources.
    Write,
    /// Changes only tags.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl AccessLevel {
    /// All levels, from the least power to the most.
    pub const ALL: [Self; 5] = [
        Self::List,
        Self::Read,
        Self::Write,
        Self::Tagging,
        Self::PermissionsManagement,
    ];

    pub(crate) fn from_cell(cell: u32) -> Self {
        match cell & 7 {
            0 => Self::List,
            1 => Self::Read,
            3 => Self::Tagging,
            4 => Self::PermissionsManagement,
            _ => Self::Write,
        }
    }

    /// AWS's own words for the level, as `Permissions management`.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::Tagging => "Tagging",
            Self::PermissionsManagement => "Permissions management",
        }
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
