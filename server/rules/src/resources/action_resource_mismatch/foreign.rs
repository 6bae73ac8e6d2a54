//! Actions of another service in the policy of a resource, which governs nothing but that resource.

use leastwise_catalog::catalog;
use leastwise_model::{Item, Site, SiteKind, Statement};
use leastwise_policy::ActionPattern;
use leastwise_syntax::Span;

use super::RULE;
use crate::{CommonCause, Context, Fact, Finding};

/// Services whose resource policies allow no action but their own.
const OWN_ONLY: [&str; 10] = [
    "dynamodb",
    "ecr",
    "elasticfilesystem",
    "kinesis",
    "kms",
    "lambda",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
];

/// The service that the actions of a policy must be of, where it is attached to a resource that takes no others.
fn own(site: &Site) -> Option<&'static str> {
    let service = site.service.filter(|_| site.kind == SiteKind::Resource)?;
    OWN_ONLY.contains(&service).then_some(service)
}

/// Whether an action is surely of another service than that of the resource that its policy is attached to.
pub(crate) fn is_foreign(site: &Site, item: &Item) -> bool {
    let (Some(own), Some(ActionPattern::Named(named))) = (own(site), &item.action) else {
        return false;
    };
    // `s3-object-lambda` and its like aren't strangers to `s3`, and of what doesn't exist another rule speaks.
    let other = catalog().service(named.service());
    other.is_some_and(|other| !other.prefix().starts_with(own))
}

/// Whether a statement has only such actions, and so allows nothing.
pub(crate) fn is_vain(site: &Site, statement: &Statement) -> bool {
    statement.action.known().is_some_and(|list| {
        let mut items = list.items.iter();
        !list.dynamic && !list.items.is_empty() && items.all(|item| is_foreign(site, item))
    })
}

/// An action of another service.
pub(super) struct Foreign {
    at: Span,
    /// The statement's bytes.
    statement: Span,
    text: String,
    /// The service of the resource.
    own: &'static str,
    owner: Option<String>,
}

impl Foreign {
    /// What is so about an entry that is one.
    pub(super) fn of(
        context: &Context<'_>,
        site: &Site,
        statement: &Statement,
        item: &Item,
    ) -> Foreign {
        let text = item.action.as_ref().map_or("", ActionPattern::text);
        Foreign {
            at: context.item_span(item),
            statement: context.span(statement.node),
            text: text.to_owned(),
            own: own(site).unwrap_or_default(),
            owner: context.owner(site).map(str::to_owned),
        }
    }
}

impl Fact for Foreign {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (text, own) = (&self.text, self.own);
        let governs = format!("this policy can only allow `{own}` actions");
        let message = format!("`{text}` has no effect: {governs}.");
        Finding::new(&RULE, self.at, message)
            .help("Remove it, or allow it in the caller's identity policy.")
            .owner(self.owner.as_deref())
            .action(text)
            .same(CommonCause {
                within: self.statement,
                key: "foreign".to_owned(),
                name: format!("`{text}`"),
                several: format!("have no effect: {governs}."),
                help: "Remove them, or allow them in the caller's identity policy.".to_owned(),
                details: Vec::new(),
                intro: "",
            })
    }
}
