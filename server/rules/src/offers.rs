//! What a finding offers to mend it: listed when somebody asks, since whether a fix can be had, and how safe it is, may cost more
//! than what is found.

use crate::fix::LazyFix;
use crate::{Context, for_fixes};

/// Lists fixes.
type List = Box<dyn Fn(&Context<'_>) -> Vec<LazyFix> + Send + Sync>;

/// The fixes that a finding offers.
#[derive(Default)]
pub(crate) struct Offers {
    /// Those that take nothing to be listed.
    named: Vec<LazyFix>,
    /// What lists more.
    lists: Vec<List>,
}

impl Offers {
    /// What is listed so.
    pub(crate) fn listed(
        list: impl Fn(&Context<'_>) -> Vec<LazyFix> + Send + Sync + 'static,
    ) -> Offers {
        Offers {
            named: Vec::new(),
            lists: vec![Box::new(list)],
        }
    }

    /// Adds a fix.
    pub(crate) fn push(&mut self, fix: LazyFix) {
        self.named.push(fix);
    }

    /// Adds what is listed so.
    pub(crate) fn list_by(
        &mut self,
        list: impl Fn(&Context<'_>) -> Vec<LazyFix> + Send + Sync + 'static,
    ) {
        self.lists.push(Box::new(list));
    }

    /// The fix that was added last.
    pub(crate) fn last_mut(&mut self) -> Option<&mut LazyFix> {
        self.named.last_mut()
    }

    /// All of them, the one to prefer first.
    pub(crate) fn list(&self, context: &Context<'_>) -> Vec<LazyFix> {
        for_fixes::did();
        let listed = self.lists.iter().flat_map(|list| list(context));
        self.named.iter().cloned().chain(listed).collect()
    }
}
