//! How far this room goes with a hostile or huge organization; see [`crate::limits`].

/// How many files are gone through that each include the organization of another.
pub(super) const INCLUDES: usize = 4;

/// The most accounts of an organization that are known. AWS gives an organization ten unless somebody asks for more.
pub(super) const ACCOUNTS: usize = 2048;

/// The most accounts that are listed as where something goes: of more no environments are made.
pub(super) const TARGETS: usize = leastwise_model::limits::ENVIRONMENTS;

/// How deeply organizational units in units are gone through: AWS takes five levels.
pub(super) const DEPTH_OF_UNITS: usize = 8;

/// How many folders are looked into for tasks: a template's own and those above.
pub(super) const FOLDERS_UP_TO_TASKS: usize = 8;

/// The most files whose text is searched for tasks, for one template. That is no reading: few of them are of tasks.
pub(super) const FILES_BESIDE: usize = 64;

/// The most files of tasks that are read for one template of those that lie in its folder and above.
pub(super) const FILES_OF_TASKS: usize = 8;

/// The most files of tasks that are read for one template in all, with those that are included.
pub(super) const INCLUDED_TASKS: usize = 64;

/// The most stacks of a file of tasks whose templates are read: each is a file.
pub(super) const STACKS: usize = 64;
