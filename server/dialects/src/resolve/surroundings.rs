//! What resolution asks about what stands around a text: in its file, and in the files that are looked at together with
//! it. Whoever knows these answers.

use leastwise_model::Environment;
use leastwise_model::files::Unread;
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_model::resolved::Resolved;
use leastwise_syntax::{NodeId, Tree};

/// What stands around the texts of a file.
pub trait Surroundings {
    /// What guards each of the policies that the document around a node becomes.
    fn uses_around(&self, tree: &Tree, node: NodeId) -> &[Vec<Guard>];

    /// What is searched for in the document around a node to put something else there.
    fn replaced_around(&self, tree: &Tree, node: NodeId) -> &[ModuleNode];

    /// Takes down that a value isn't worked out, though it could be: a limit was met.
    fn cut_off(&self);

    /// Takes down that not each of several values is tried: there are too many.
    fn tried_in_part(&self);

    /// Takes down steps beyond what texts may cost by themselves, and tells whether the file had them left.
    fn spend(&self, steps: usize) -> bool;

    /// Takes down that something isn't known, since the file that it is in isn't read.
    fn unread(&self, file: Unread);

    /// The values that another file exports under a name to an environment. `None` where there isn't exactly one such
    /// file.
    fn exported(
        &self,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>>;
}
