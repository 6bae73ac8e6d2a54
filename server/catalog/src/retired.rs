//! Names that AWS once had. They are told apart from names it never had.

use crate::blob::{self, tables};

/// A service or an action that AWS no longer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Retired(u32);

impl Retired {
    /// The retired prefix (`iotevents`) or full action name (`s3:GetBucketFoo`).
    pub fn name(self) -> &'static str {
        blob::text(tables::RETIRED.get(self.0, 0))
    }

    /// The prefixes or actions that do its work now, if any.
    pub fn replaced_by(
        self,
    ) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator + use<> {
        blob::list(tables::RETIRED.get(self.0, 1)).map(blob::text)
    }

    /// A short remark, such as what the name was or when it ended.
    pub fn note(self) -> Option<&'static str> {
        tables::RETIRED.optional(self.0, 2).map(blob::text)
    }
}

/// The retired service of this prefix.
pub(crate) fn service(prefix: &str) -> Option<Retired> {
    if prefix.contains(':') {
        return None;
    }
    blob::find(tables::RETIRED, 0, prefix).map(Retired)
}

/// The retired action of this name, or its retired service.
pub(crate) fn action(prefix: &str, name: &str) -> Option<Retired> {
    blob::find(tables::RETIRED, 0, &format!("{prefix}:{name}"))
        .map(Retired)
        .or_else(|| service(prefix))
}
