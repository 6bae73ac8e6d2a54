//! Where an entry stands that is told of as no action.

use leastwise_syntax::Span;

use crate::support::action_entry::ActionEntry;
use crate::{CommonCause, Context, Finding, Rule};

/// Where an entry stands.
pub(super) struct Spot {
    rule: &'static Rule,
    /// What is marked.
    pub(super) at: Span,
    /// The policy's bytes.
    pub(super) policy: Span,
    /// The entry as written, where its text isn't put together.
    pub(super) written: Option<String>,
    owner: Option<String>,
}

impl Spot {
    /// That of an entry of which this is marked.
    pub(super) fn of(
        rule: &'static Rule,
        context: &Context<'_>,
        entry: &ActionEntry<'_>,
        at: Span,
    ) -> Spot {
        Spot {
            rule,
            at,
            policy: entry.site.span(context.tree),
            written: entry.item.text.literal(context.tree).map(str::to_owned),
            owner: context.owner(entry.site).map(str::to_owned),
        }
    }

    /// What is told there.
    pub(super) fn finding(&self, message: String) -> Finding {
        Finding::new(self.rule, self.at, message).owner(self.owner.as_deref())
    }

    /// What is told of it, where nothing else makes several such places one fault: those of one name in a policy are.
    pub(super) fn with_its_like(&self, finding: Finding) -> Finding {
        let (Some(text), None) = (&self.written, &finding.same) else {
            return finding;
        };
        let same = CommonCause {
            within: self.policy,
            // What is to be done isn't the same everywhere.
            key: format!("{} {}", finding.message, finding.help),
            // Those of one name are told in the words of the first.
            several: String::new(),
            name: format!("`{text}`"),
            help: String::new(),
            details: Vec::new(),
            intro: "",
        };
        finding.same(same)
    }
}
