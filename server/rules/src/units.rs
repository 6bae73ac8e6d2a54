//! The parts of a file that can be judged apart from each other.

use crate::context::{Context, Unit};
use crate::support::identity_policies::Together;

/// The units of a file, in the order of their first sites; owners without sites come last.
pub fn units(context: &Context<'_>) -> Vec<Unit> {
    let analysis = context.analysis;
    let mut roots: Vec<usize> = (0..analysis.owners.len()).collect();
    let join = |one: usize, other: usize, roots: &mut [usize]| {
        let (a, b) = (root(roots, one), root(roots, other));
        if let Some(parent) = roots.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    };
    if analysis.index().is_some_and(|index| !index.is_empty()) {
        // Two policies of this file can be one role's of another.
        for owner in 0..analysis.owners.len() {
            let together = Together::of(Context::new(context.tree, analysis), owner);
            for part in together.parts.iter().filter(|part| part.home) {
                join(owner, part.owner, &mut roots);
                let documents = analysis.documents_of(part.owner);
                for other in documents.flat_map(|site| &site.owners) {
                    join(owner, *other, &mut roots);
                }
            }
        }
    }
    for (at, owner) in analysis.owners.iter().enumerate() {
        for group in &owner.groups {
            join(at, *group, &mut roots);
        }
    }
    for site in &analysis.sites {
        let mut owners = site.owners.iter().copied();
        if let Some(first) = owners.next() {
            for other in owners {
                join(first, other, &mut roots);
            }
        }
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut of_root = vec![None; roots.len()];
    let mut unit_of = |owner: usize, roots: &mut [usize], units: &mut Vec<Unit>| {
        let slot = of_root.get_mut(root(roots, owner))?;
        let unit = *slot.get_or_insert_with(|| {
            units.push(Unit::default());
            units.len() - 1
        });
        Some(unit)
    };
    for (index, site) in analysis.sites.iter().enumerate() {
        let known = site
            .owners
            .first()
            .and_then(|owner| unit_of(*owner, &mut roots, &mut units));
        match known.and_then(|unit| units.get_mut(unit)) {
            Some(unit) => unit.sites.push(index),
            None => units.push(Unit {
                sites: vec![index],
                owners: Vec::new(),
            }),
        }
    }
    for owner in 0..analysis.owners.len() {
        let unit = unit_of(owner, &mut roots, &mut units);
        if let Some(unit) = unit.and_then(|unit| units.get_mut(unit)) {
            unit.owners.push(owner);
        }
    }
    units
}

/// The least owner that hangs together with `at`; shortens the way to it.
fn root(roots: &mut [usize], at: usize) -> usize {
    let mut top = at;
    while let Some(parent) = roots.get(top).copied().filter(|parent| *parent != top) {
        top = parent;
    }
    let mut at = at;
    while let Some(parent) = roots.get_mut(at).filter(|parent| **parent != top) {
        at = std::mem::replace(parent, top);
    }
    top
}
