//! Files that a module fills in.

use foldhash::HashMap;
use leastwise_model::guard::ModuleNode;

use super::module::Module;

/// What a module gives to the variables of a file that it fills in: `templatefile("policy.json", { bucket = … })`.
#[derive(Debug)]
pub struct Given {
    /// The module. All its files have trees of their own.
    pub module: Module,
    /// What stands for each variable.
    pub variables: HashMap<String, ModuleNode>,
}
