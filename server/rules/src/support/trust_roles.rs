//! The roles of a file by what their ARNs have in them, so that the one that an ARN names is found without a look at each.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use leastwise_model::OwnerKind;
use leastwise_policy::Pattern;

use crate::limits::{COMPARED_ROLES, HOLE_LENGTH};
use crate::{Context, work};

/// The roles of a file.
pub(crate) struct Roles<'a> {
    pub(crate) context: Context<'a>,
    found: OnceCell<RoleTexts<'a>>,
}

#[derive(Default)]
struct RoleTexts<'a> {
    /// By the names that they are deployed under, which end their ARNs.
    names: Texts<'a>,
    /// Those without a name by their labels, which are in what their ARNs leave open.
    labels: Texts<'a>,
}

/// Places of roles among the owners by a text.
#[derive(Default)]
struct Texts<'a> {
    by: HashMap<&'a str, Vec<usize>>,
    /// How long these texts are: no more of them than the file has room for.
    lengths: BTreeSet<usize>,
}

impl<'a> Texts<'a> {
    fn add(&mut self, text: &'a str, role: usize) {
        self.lengths.insert(text.len());
        let roles = self.by.entry(text).or_default();
        if roles.len() <= COMPARED_ROLES {
            roles.push(role);
        }
    }

    /// The roles of the texts that end another.
    fn ending(&self, text: &str, found: &mut Vec<usize>) {
        for length in self.lengths.range(..=text.len()) {
            work::did(1);
            let end = text.get(text.len() - length..);
            found.extend(end.and_then(|end| self.by.get(end)).into_iter().flatten());
        }
    }

    /// The roles of the texts that are within another.
    fn within(&self, text: &str, found: &mut Vec<usize>) {
        for (start, _) in text.char_indices() {
            for length in self.lengths.range(..=text.len() - start) {
                work::did(1);
                let part = text.get(start..start + length);
                found.extend(
                    part.and_then(|part| self.by.get(part))
                        .into_iter()
                        .flatten(),
                );
            }
        }
    }
}

impl<'a> Roles<'a> {
    pub(crate) fn of(context: Context<'a>) -> Roles<'a> {
        Roles {
            context,
            found: OnceCell::new(),
        }
    }

    /// The roles that may be deployed with an ARN, by what it looks like, in their order. `None` where they are too many.
    pub(crate) fn near(&self, arn: &Pattern) -> Option<Vec<usize>> {
        let known = self.found.get_or_init(|| self.find());
        let mut found = Vec::new();
        known.names.ending(&arn.display(), &mut found);
        for hole in arn.holes().filter(|hole| hole.len() <= HOLE_LENGTH) {
            known.labels.within(hole, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        work::did(found.len());
        (found.len() <= COMPARED_ROLES).then_some(found)
    }

    fn find(&self) -> RoleTexts<'a> {
        let mut found = RoleTexts::default();
        for (index, owner) in self.context.analysis.owners.iter().enumerate() {
            work::did(1);
            if owner.kind != OwnerKind::Role || owner.declared.is_none() {
                continue;
            }
            for name in &owner.names {
                found.names.add(name, index);
            }
            if owner.names.is_empty() {
                found.labels.add(&owner.label, index);
            }
        }
        found
    }
}
