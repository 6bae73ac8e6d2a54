//! Who attaches what by its ARN, over all files.

use std::path::PathBuf;
use std::sync::Arc;

use super::asked::Key;
use super::filed::{Attaching, Filed};
use super::shared::{Lists, Shared};

/// What the files attach, each by its place, by the names of the policies, and by what it asked the index for.
#[derive(Clone, Default)]
pub(super) struct Attachments {
    files: Shared<PathBuf, Arc<Attaching>>,
    names: Lists<String, Attaching>,
    asking: Lists<Key, Attaching>,
}

impl Attachments {
    /// Those that attach a policy of that name.
    pub(super) fn named(&self, name: &str) -> &[Arc<Attaching>] {
        self.names.all(name)
    }

    /// The files whose attachments were worked out from what the index says under a key.
    pub(super) fn asking<'a>(
        &'a self,
        key: &Key,
    ) -> impl Iterator<Item = &'a Arc<Filed>> + use<'a> {
        self.asking.all(key).iter().map(|asking| &asking.filed)
    }

    /// Whether that is known already: whoever has read it needn't read it again.
    pub(super) fn has(&self, attaching: &Attaching) -> bool {
        let known = self.files.get(&attaching.filed.file.place);
        known.is_some_and(|known| {
            known.filed.stamp == attaching.filed.stamp
                && known.holders == attaching.holders
                && known.asked == attaching.asked
        })
    }

    pub(super) fn enter(&mut self, attaching: Attaching) {
        let attaching = Arc::new(attaching);
        self.leave(&attaching.filed);
        for name in attaching.holders.keys() {
            self.names.enter(name.clone(), &attaching);
        }
        for key in &attaching.asked {
            self.asking.enter(key.clone(), &attaching);
        }
        let place = attaching.filed.file.place.clone();
        self.files.insert(place, attaching);
    }

    pub(super) fn leave(&mut self, filed: &Filed) {
        let Some(old) = self.files.remove(&filed.file.place) else {
            return;
        };
        for name in old.holders.keys() {
            self.names.leave(name, &old);
        }
        for key in &old.asked {
            self.asking.leave(key, &old);
        }
    }
}
