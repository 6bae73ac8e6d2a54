//! Services: what stands before the colon of an action.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::ConditionKey;
use crate::blob::{self, tables};
use crate::curated::rows;

/// Where AWS's pages of actions, resource types and condition keys are.
const REFERENCE: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/";

/// The page that leads to those of all services.
pub(crate) const ALL_SERVICES: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";

/// The pages of services that share a prefix with others.
static PAGES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = rows(include_str!("../curated/service-names.tsv"));
    rows.map(|[prefix, _, page]| (prefix, page)).collect()
});

/// An AWS service as IAM knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service(pub(crate) u32);

impl Service {
    /// The prefix of its actions, in lower case: `s3`.
    pub fn prefix(self) -> &'static str {
        blob::text(tables::SERVICES.get(self.0, 0))
    }

    /// The name that AWS shows: `Amazon S3`.
    pub fn name(self) -> &'static str {
        blob::text(tables::SERVICES.get(self.0, 1))
    }

    /// Where AWS describes its actions, resource types and condition keys.
    pub fn page(self) -> String {
        let shared = PAGES.get(self.prefix());
        match shared {
            Some(page) => format!("{REFERENCE}{page}.html"),
            None => format!("{REFERENCE}list_{}.html", self.page_name()),
        }
    }

    /// Where AWS describes an action of it.
    pub(crate) fn page_of(self, action: &str) -> String {
        let page = self.page();
        match PAGES.contains_key(self.prefix()) {
            true => page,
            false => format!("{page}#{}-{action}", self.page_name()),
        }
    }

    /// What its page is called, which AWS makes of its name.
    fn page_name(self) -> String {
        let name = self.name().to_ascii_lowercase();
        name.chars().filter(char::is_ascii_alphanumeric).collect()
    }

    /// The condition keys that its actions know beside the global ones.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        blob::list(tables::SERVICES.get(self.0, 6)).map(ConditionKey)
    }

    pub(crate) fn action_rows(self) -> (u32, u32) {
        (
            tables::SERVICES.get(self.0, 2),
            tables::SERVICES.get(self.0, 3),
        )
    }
}
