//! What the policies say that AWS maintains.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use leastwise_catalog::ManagedPolicy;
use leastwise_model::Config;
use leastwise_policy::grants::{Clause, Grants};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;

use crate::Context;
use crate::support::clauses::Placed;
use crate::support::impact::allows_whole;

/// What a policy of AWS says.
pub(crate) struct OfAws {
    pub allowed: Grants,
    pub denied: Vec<Clause>,
    /// Whether it allows everything, or all that a service has.
    pub is_whole: bool,
}

/// What a policy of AWS says. Read once in a process, and only where a file names it.
pub(crate) fn managed(policy: ManagedPolicy) -> Arc<OfAws> {
    type Read = HashMap<&'static str, Arc<OfAws>>;
    static READ: LazyLock<Mutex<Read>> = LazyLock::new(Mutex::default);
    let mut read = READ
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let policy = read.entry(policy.name()).or_insert_with(|| {
        let tree = Tree::parse(policy.document().to_owned(), Format::Json);
        let analysis = Analysis::new(&tree, "policy.json", Arc::new(Config::default()));
        let context = Context::new(&tree, &analysis);
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        let mut is_whole = false;
        for site in &analysis.sites {
            for statement in &context.policy(site).statements {
                is_whole |= allows_whole(&tree, statement.node);
                let placed = Placed {
                    context,
                    statement,
                    branch: &site.branch,
                    file: "",
                    certain: true,
                };
                let list = match statement.allows() {
                    true => &mut allowed,
                    false => &mut denied,
                };
                list.extend(placed.clauses(list.len()));
            }
        }
        Arc::new(OfAws {
            allowed: Grants::of(allowed),
            denied,
            is_whole,
        })
    });
    Arc::clone(policy)
}
