//! What makes up an identity's permissions, over the files of the workspace.
//!
//! A role may be declared in one file, have policies attached in a second and managed policies of a third. Which of
//! them hang together is told by names and ARNs alone, never by what a policy says.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use leastwise_model::limits::POLICIES_ELSEWHERE;
use leastwise_model::{Owner, OwnerKind};
use leastwise_workspace::analysis::deploy::Deploys;
use leastwise_workspace::analysis::index::Indexed;

use crate::Context;
use crate::support::attached;
use crate::work;

/// All that is known to be granted to one owner, and whether there may be more.
pub(crate) struct Together<'a> {
    /// Where its policies are.
    pub parts: Vec<PolicyPart<'a>>,
    /// Which of these each is, by its file, its owner and whether it is documents.
    places: HashMap<(usize, usize, bool), usize>,
    /// Whether it may have policies that no file shows.
    pub dynamic: bool,
    /// Whether a policy that is attached to it, and that no file shows, may deny it something.
    pub unseen: bool,
    /// Whether there are more policies than are looked at: what is known of it then says nothing.
    pub cut_off: bool,
}

/// Some of an owner's policies.
#[derive(Clone, Copy)]
pub(crate) struct PolicyPart<'a> {
    /// The file that they stand in.
    pub context: Context<'a>,
    /// The index of an owner of that file.
    pub owner: usize,
    /// Whether they are the documents of the managed policy `owner`, and not what `owner` has.
    pub documents: bool,
    /// Whether they are surely those of the owner that was asked about: not where they are attached under conditions, or
    /// belong to one of several that have the policy.
    pub sure: bool,
    /// Whether `context` is the file that was asked about.
    pub home: bool,
}

impl<'a> Together<'a> {
    pub(crate) fn of(context: Context<'a>, owner: usize) -> Together<'a> {
        let mut together = Together {
            parts: Vec::new(),
            places: HashMap::new(),
            dynamic: true,
            unseen: false,
            cut_off: false,
        };
        let analysis = context.analysis;
        let Some(owned) = analysis.owners.get(owner) else {
            return together;
        };
        together.dynamic = owned.dynamic;
        together.unseen = owned.denied_elsewhere;
        together.add(context, own(context, owner));
        for group in &owned.groups {
            let elsewhere = analysis
                .owners
                .get(*group)
                .is_none_or(|group| group.dynamic);
            together.dynamic |= elsewhere;
            together.unseen |= elsewhere;
            together.add(context, own(context, *group));
        }
        let Some(index) = analysis.index() else {
            return together;
        };
        // The same role in other files: its declaration, where it isn't declared here, and what is attached there.
        let mut declared = Vec::new();
        for (file, at, other) in index.in_other_files(analysis, owned) {
            if together.parts.len() > POLICIES_ELSEWHERE {
                together.too_many(context);
                break;
            }
            let part = PolicyPart {
                home: false,
                ..own(Context::new(&file.tree, &file.analysis), at)
            };
            match (owned.declared, other.declared) {
                // Another role of that name: both can't be deployed to one account.
                (Some(_), Some(_)) => {}
                (None, Some(_)) => declared.push((part, other.dynamic)),
                (_, None) => together.add(context, part),
            }
        }
        // Of two that are called so, either may be meant.
        if let [(part, dynamic)] = declared.as_slice() {
            together.dynamic = *dynamic;
            together.add(context, *part);
        }
        // Whoever has a managed policy has other policies, too.
        for holder in index.holders(context.tree, analysis, owned) {
            if together.parts.len() > POLICIES_ELSEWHERE {
                together.too_many(context);
                break;
            }
            let there = Context::new(&holder.file.tree, &holder.file.analysis);
            let other = there.analysis.owners.get(holder.owner);
            together.dynamic |= other.is_none_or(|other| other.dynamic);
            let part = PolicyPart {
                home: false,
                sure: false,
                ..own(there, holder.owner)
            };
            together.add(context, part);
        }
        together
    }

    /// Takes down that there are more parts than are looked at.
    fn too_many(&mut self, home: Context<'a>) {
        self.dynamic = true;
        self.unseen = true;
        self.cut_off = true;
        home.analysis.has_too_many_policies();
    }

    /// Adds what an owner has: its own policies, and the managed ones of other files that are attached to it.
    fn add(&mut self, home: Context<'a>, part: PolicyPart<'a>) {
        let PolicyPart {
            context,
            owner,
            sure,
            ..
        } = part;
        let Some(owned) = context.analysis.owners.get(owner) else {
            return;
        };
        self.cut_off |= owned.is_crowded;
        self.push(part);
        for attached in owned.attached.iter().filter(|it| !it.is_granted_already) {
            if attached::is_refused(&context, attached) {
                continue;
            }
            let index = home.analysis.index();
            let joined =
                index.and_then(|index| index.attached(context.tree, context.analysis, attached));
            let Some(joined) = joined else {
                self.dynamic = true;
                self.unseen |= !attached::is_of_aws(&context, attached);
                continue;
            };
            for policy in joined {
                let there = Context::new(&policy.file.tree, &policy.file.analysis);
                let Some(declared) = there.analysis.owners.get(policy.owner) else {
                    continue;
                };
                let mut part = PolicyPart {
                    context: there,
                    owner: policy.owner,
                    documents: true,
                    sure: sure && policy.always,
                    home: false,
                };
                self.dynamic |= declared.dynamic;
                if policy.file.is(home.analysis) {
                    // As it is by now, and not when the index was made: most often it is still the same one.
                    let owners = &home.analysis.owners;
                    let is_same = |own: &Owner| {
                        work::did(1);
                        own.kind == declared.kind && own.label == declared.label
                    };
                    let still =
                        Some(policy.owner).filter(|at| owners.get(*at).is_some_and(is_same));
                    let Some(own) = still.or_else(|| owners.iter().position(is_same)) else {
                        self.dynamic = true;
                        continue;
                    };
                    part = PolicyPart {
                        context: home,
                        owner: own,
                        home: true,
                        ..part
                    };
                }
                self.push(part);
            }
        }
    }

    fn push(&mut self, part: PolicyPart<'a>) {
        work::did(1);
        let file = std::ptr::from_ref(part.context.analysis).addr();
        match self.places.entry((file, part.owner, part.documents)) {
            Entry::Occupied(place) => {
                if let Some(known) = self.parts.get_mut(*place.get()) {
                    known.sure |= part.sure;
                }
            }
            Entry::Vacant(place) => {
                place.insert(self.parts.len());
                self.parts.push(part);
            }
        }
    }
}

fn own(context: Context<'_>, owner: usize) -> PolicyPart<'_> {
    PolicyPart {
        context,
        owner,
        documents: false,
        sure: true,
        home: true,
    }
}

impl Context<'_> {
    /// Whether an owner's permissions create and change resources: it is one that deploys, as its own file tells or
    /// that in which it is declared, or a managed policy of one.
    pub fn deploys(&self, owner: usize) -> bool {
        self.deployment(owner) != Deploys::No
    }

    /// [`Context::deploys`], and how that is known.
    pub fn deployment(&self, owner: usize) -> Deploys {
        let analysis = self.analysis;
        let Some(owned) = analysis.owners.get(owner) else {
            return Deploys::No;
        };
        let own = analysis.deploys(self.tree, owner);
        if own == Deploys::Said || owned.runs {
            return own;
        }
        // What the one may that a CI assumes may stand in another file than who that is.
        let of = |file: &Indexed, at: usize| match file.analysis.deploys(&file.tree, at) {
            Deploys::No
                if file.analysis.is_of_ci(&file.tree, at) && analysis.creates(self.tree, owner) =>
            {
                Deploys::Likely
            }
            told => told,
        };
        let Some(index) = analysis.index() else {
            return own;
        };
        if owned.kind == OwnerKind::ManagedPolicy {
            let holders = index.holders(self.tree, analysis, owned);
            let told = holders.iter().map(|holder| of(holder.file, holder.owner));
            return told.fold(own, Deploys::max);
        }
        let mut declared = index
            .in_other_files(analysis, owned)
            .filter(|(.., other)| owned.declared.is_none() && other.declared.is_some());
        match (declared.next(), declared.next()) {
            (Some((file, at, _)), None) => of(file, at).max(own),
            _ => own,
        }
    }
}
