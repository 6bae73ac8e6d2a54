//! Answers about texts, kept: a file asks the same ones in every rule and after every edit.
//!
//! All of it depends on the texts alone, so nothing here ever goes out of date. What two rounds (looks at a file) in a
//! row don't ask for is forgotten, so that a memo is never larger than three states of its file need.

use crate::answers::{Answers, is_recent};
use crate::arn::{Arn, ArnShape, NotArn};
use crate::fit::Prepared;
use crate::limits::{KEPT_EXPANDED, KEPT_EXPANSIONS, KEPT_FITS, KEPT_GUESSES};
use crate::unmatched_arn::odd_of;
use crate::{ActionPattern, ArnProblem, Odd, Pattern, Tri, check, resource};
use foldhash::HashSet;
use leastwise_catalog::{Action, ResourceType, catalog};
use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What has been found out about patterns. See the module's documentation.
#[derive(Debug, Default)]
pub struct Memo {
    inner: Mutex<Inner>,
    /// What actions stand for.
    expanded: Answers<ActionPattern, Arc<[Action]>, KEPT_EXPANSIONS>,
    /// What condition keys can have been meant by names that aren't any.
    meant: Answers<String, Arc<[String]>, KEPT_GUESSES>,
}

#[derive(Debug, Default)]
struct Inner {
    known: HashSet<Entry>,
    round: u32,
}

/// A pattern, with whatever has been found out about it so far.
#[derive(Debug)]
pub struct Studied {
    pattern: Pattern,
    /// The last round in which it was asked for.
    round: AtomicU32,
    prepared: OnceLock<Prepared>,
    problems: OnceLock<Box<[ArnProblem]>>,
    types: OnceLock<Box<[ResourceType]>>,
    odd: OnceLock<Option<Odd>>,
    fits: Mutex<Vec<(Action, Tri)>>,
}

impl Memo {
    /// Begins a round: what neither of the last two asked for is forgotten.
    pub fn begin(&self) {
        let mut inner = lock(&self.inner);
        let last = inner.round;
        inner.round = last.wrapping_add(1);
        let round = |entry: &Entry| entry.0.round.load(Ordering::Relaxed);
        inner.known.retain(|entry| is_recent(round(entry), last));
        self.expanded.begin();
        self.meant.begin();
    }

    /// The pattern with what is known of it.
    pub fn study(&self, pattern: &Pattern) -> Arc<Studied> {
        let mut inner = lock(&self.inner);
        let round = inner.round;
        if let Some(Entry(studied)) = inner.known.get(pattern.raw()) {
            studied.round.store(round, Ordering::Relaxed);
            return Arc::clone(studied);
        }
        let studied = Arc::new(Studied {
            pattern: pattern.clone(),
            round: AtomicU32::new(round),
            prepared: OnceLock::new(),
            problems: OnceLock::new(),
            types: OnceLock::new(),
            odd: OnceLock::new(),
            fits: Mutex::default(),
        });
        inner.known.insert(Entry(Arc::clone(&studied)));
        studied
    }

    /// The actions that a pattern stands for: [`ActionPattern::expand`].
    pub fn expand(&self, pattern: &ActionPattern) -> Arc<[Action]> {
        let keeps = |actions: &Arc<[Action]>| actions.len() <= KEPT_EXPANDED;
        self.expanded
            .get_or(pattern, || pattern.expand().into(), keeps)
    }

    /// The condition keys that a name which is none was probably meant to be, the best first, two at most: each name is compared
    /// with all keys.
    pub fn meant_keys(&self, name: &str) -> Arc<[String]> {
        self.meant
            .get(name, || catalog().suggest_condition_keys(name, 2).into())
    }

    /// How many patterns are known.
    pub fn len(&self) -> usize {
        lock(&self.inner).known.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Studied {
    /// The pattern itself.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// What is wrong with it as an ARN: [`check()`].
    pub fn problems(&self) -> &[ArnProblem] {
        self.problems
            .get_or_init(|| check(&self.pattern).into_boxed_slice())
    }

    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(|| Prepared::new(&self.pattern))
    }

    /// The resource types that it can be of: [`resource::resource_types_fitting`].
    pub fn types(&self) -> &[ResourceType] {
        self.types.get_or_init(|| {
            let types = resource::types_fitting_prepared(&self.pattern, self.prepared());
            types.into_boxed_slice()
        })
    }

    /// Whether it is surely of a type that AWS has, as far as its own text goes. False for `*` and for what can't be told.
    pub fn has_known_type(&self) -> bool {
        let mut types = self.types().iter();
        types.any(|of| self.prepared().fits_type(*of) == Tri::Yes)
    }

    /// What is odd about it as an ARN: [`odd()`](crate::odd()).
    pub fn odd(&self) -> Option<&Odd> {
        let odd = self.odd.get_or_init(|| odd_of(&self.pattern, self.types()));
        odd.as_ref()
    }

    /// Why it can't be an ARN, where it can't.
    pub fn not_arn(&self) -> Option<NotArn> {
        match Arn::parse(&self.pattern) {
            ArnShape::NotArn(reason) => Some(reason),
            _ => None,
        }
    }

    /// Whether it is any good for an action: [`resource::action_fits_pattern`].
    pub fn fits(&self, action: Action) -> Tri {
        if self.pattern.is_star() {
            return Tri::Yes;
        }
        let known = |fits: &[(Action, Tri)]| {
            let found = fits.iter().find(|(of, _)| *of == action);
            found.map(|(_, fit)| *fit)
        };
        if let Some(fit) = known(&lock(&self.fits)) {
            return fit;
        }
        let prepared = self.prepared();
        let fit = resource::fits_prepared(action, &self.pattern, prepared);
        let mut fits = lock(&self.fits);
        if fits.len() < KEPT_FITS {
            fits.push((action, fit));
        }
        fit
    }
}

/// Found by its text.
#[derive(Debug)]
struct Entry(Arc<Studied>);

impl Borrow<str> for Entry {
    fn borrow(&self) -> &str {
        self.0.pattern.raw()
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.0.pattern == other.0.pattern
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.pattern.raw().hash(state);
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_was_meant_to_be_is_guessed_once_as_long_as_it_is_asked_for() {
        let memo = Memo::default();
        memo.begin();
        let first = memo.meant_keys("aws:SourceIpp");
        assert_eq!(*first, ["aws:SourceIp"]);
        memo.begin();
        assert!(Arc::ptr_eq(&first, &memo.meant_keys("aws:SourceIpp")));
        for _ in 0..3 {
            memo.begin();
        }
        let later = memo.meant_keys("aws:SourceIpp");
        assert!(!Arc::ptr_eq(&first, &later) && first == later);
    }

    #[test]
    fn answers_as_if_it_were_asked_for_the_first_time() {
        let memo = Memo::default();
        for _ in 0..3 {
            memo.begin();
            for text in [
                "*",
                "bucket",
                "${Arn}",
                "arn:aws:s3:::shop-${Stage}/*",
                "arn:aws:s3::1:shop",
                "arn:aws:lambda:eu-west-1:111111111111:funktion:x",
                "arn:aws:nosuchservice:eu-west-1:111111111111:x",
                "arn:aws:logs:*:*:/aws/x",
                "arn:aws:sqs:eu-west-1:111111111111:shop-*",
            ] {
                let pattern = Pattern::literal(text);
                let studied = memo.study(&pattern);
                assert_eq!(studied.problems(), check(&pattern), "{text}");
                assert_eq!(studied.odd(), crate::odd(&pattern).as_ref(), "{text}");
                let types = resource::resource_types_fitting(&pattern);
                assert_eq!(studied.types(), types, "{text}");
                for service in ["s3", "sqs", "logs"] {
                    for action in catalog().actions_matching(service, "*") {
                        let fit = resource::action_fits_pattern(action, &pattern);
                        assert_eq!(studied.fits(action), fit, "{text} {}", action.full_name());
                    }
                }
            }
        }
    }

    #[test]
    fn expands_as_if_it_were_asked_for_the_first_time() {
        let memo = Memo::default();
        for text in [
            "s3:Get*",
            "S3:getobject",
            "sqs:SendMessage",
            "*",
            "x",
            "s3:Get*",
        ] {
            let pattern = ActionPattern::parse(text);
            assert_eq!(*memo.expand(&pattern), pattern.expand(), "{text}");
        }
    }

    #[test]
    fn forgets_what_is_not_asked_for() {
        let memo = Memo::default();
        let study = |text: &str| memo.study(&Pattern::literal(text));
        study("a");
        let kept = study("b");
        for left in [2, 2, 1] {
            memo.begin();
            assert_eq!(memo.len(), left);
            assert!(Arc::ptr_eq(&kept, &study("b")));
        }
        memo.begin();
        assert_eq!(memo.len(), 1);
        assert!(Arc::ptr_eq(&kept, &study("b")));
        for _ in 0..3 {
            assert!(!memo.is_empty());
            memo.begin();
        }
        assert!(memo.is_empty());
    }
}
