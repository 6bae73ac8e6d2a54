//! Which owners a file of a module has to do with.
//!
//! All files of a module are looked at for one of them, and what they attach to each other makes owners that the one at hand
//! neither declares nor gives anything. They are told of with their own files; here they would only be so many more, in each of
//! the module's files, for all that goes through owners.

use leastwise_model::{BoundBy, Owner, Site};

/// Leaves out the owners that the file has nothing to do with.
pub(super) fn only(owners: Vec<Owner>, sites: &mut [Site]) -> Vec<Owner> {
    let mut kept: Vec<bool> = owners.iter().map(is_of_file).collect();
    let mut open: Vec<usize> = Vec::new();
    for site in sites.iter() {
        let held = site.held.iter().map(|(owner, _)| owner);
        open.extend(site.owners.iter().chain(held).chain(&site.document.managed));
    }
    open.extend((0..owners.len()).filter(|at| kept.get(*at) == Some(&true)));
    // With whom these hang together.
    while let Some(at) = open.pop() {
        let (Some(own), Some(owner)) = (kept.get_mut(at), owners.get(at)) else {
            continue;
        };
        *own = true;
        let bounds = owner.bounds.iter().filter_map(|bound| match bound.by {
            BoundBy::Policy(policy) => Some(policy),
            _ => None,
        });
        let near: Vec<usize> = owner.groups.iter().copied().chain(bounds).collect();
        open.extend(near.into_iter().filter(|at| kept.get(*at) == Some(&false)));
    }
    if kept.iter().all(|kept| *kept) {
        return owners;
    }
    let mut count = 0;
    let numbers: Vec<usize> = kept
        .iter()
        .map(|kept| {
            count += usize::from(*kept);
            count.saturating_sub(1)
        })
        .collect();
    let renumber = |at: &mut usize| *at = numbers.get(*at).copied().unwrap_or(*at);
    for site in sites {
        site.owners.iter_mut().for_each(renumber);
        site.held.iter_mut().for_each(|(owner, _)| renumber(owner));
        site.document.managed.iter_mut().for_each(renumber);
    }
    let kept = owners.into_iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(mut owner, _)| {
        owner.groups.iter_mut().for_each(renumber);
        for bound in &mut owner.bounds {
            if let BoundBy::Policy(policy) = &mut bound.by {
                renumber(policy);
            }
        }
        if let Some(permission) = &mut owner.permission {
            permission.owners.iter_mut().for_each(renumber);
        }
        owner
    })
    .collect()
}

/// Whether an owner, or something that it has, is written in the file.
fn is_of_file(owner: &Owner) -> bool {
    owner.declared.is_some()
        || owner.properties.is_some()
        || owner.permission.is_some()
        || owner.looks_up.is_some()
        || !owner.attached.is_empty()
        || !owner.generated.is_empty()
        || !owner.groups.is_empty()
        || owner.kind == leastwise_model::OwnerKind::File
}
