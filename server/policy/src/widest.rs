//! The widest ARNs of the catalog's formats, each made ready once: a wildcard asks for hundreds of them, and the next file for the
//! same ones.

use foldhash::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use leastwise_catalog::Action;

use crate::fit::{self, Prepared};
use crate::limits::KEPT_FITS_OF_FORMAT;
use crate::resource::fits_prepared;
use crate::{Pattern, Tri};

/// A format as a pattern, with a star for each placeholder.
#[derive(Debug)]
pub struct Widest {
    pattern: Pattern,
    prepared: Prepared,
    fits: RwLock<HashMap<Action, Tri>>,
}

/// The widest ARN of a format of the catalog. They are kept for as long as the program runs, as the catalog is.
pub fn widest(format: &'static str) -> Arc<Widest> {
    static ALL: LazyLock<RwLock<HashMap<&'static str, Arc<Widest>>>> =
        LazyLock::new(RwLock::default);
    let known = ALL.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(widest) = known.get(format) {
        return Arc::clone(widest);
    }
    drop(known);
    let pattern = fit::widened(format);
    let made = Arc::new(Widest {
        prepared: Prepared::new(&pattern),
        pattern,
        fits: RwLock::default(),
    });
    let mut known = ALL.write().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry(format).or_insert(made))
}

impl Widest {
    /// As a pattern.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Whether it is any good for an action: [`crate::resource::action_fits_pattern`].
    pub fn fits(&self, action: Action) -> Tri {
        let known = self.fits.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(fit) = known.get(&action) {
            return *fit;
        }
        drop(known);
        let fit = match self.pattern.is_star() {
            true => Tri::Yes,
            false => fits_prepared(action, &self.pattern, &self.prepared),
        };
        let mut known = self.fits.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < KEPT_FITS_OF_FORMAT {
            known.insert(action, fit);
        }
        fit
    }

    /// Whether each ARN of another one is one of it, too.
    pub fn covers(&self, other: &Widest) -> bool {
        // Nothing of one service is of another.
        let services = (&self.prepared.service, &other.prepared.service);
        let is_of_another =
            matches!(services, (Some(own), Some(other)) if !own.eq_ignore_ascii_case(other));
        !is_of_another && self.pattern.covers(&other.pattern)
    }
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::*;
    use crate::resource::action_fits_pattern;

    fn formats(every: usize) -> Vec<&'static str> {
        let types = catalog().resource_types();
        types.flat_map(|of| of.arns()).step_by(every).collect()
    }

    #[test]
    fn what_covers_is_what_covers_as_a_pattern() {
        let all = formats(7);
        let mut covered = 0;
        for one in &all {
            for other in &all {
                let (one, other) = (widest(one), widest(other));
                assert_eq!(one.covers(&other), one.pattern().covers(other.pattern()));
                covered += usize::from(one.covers(&other));
            }
        }
        assert!(covered >= all.len());
    }

    #[test]
    fn what_fits_is_what_fits_as_a_pattern() {
        let actions: Vec<Action> = catalog().actions().step_by(97).collect();
        for format in formats(31) {
            let widest = widest(format);
            for action in &actions {
                let found = action_fits_pattern(*action, widest.pattern());
                assert_eq!((widest.fits(*action), widest.fits(*action)), (found, found));
            }
        }
    }
}
