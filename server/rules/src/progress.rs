//! Whether fixes that are applied in bulk end what they are for. One that leaves its finding, or brings another of its rule
//! to the same owner, would be applied for ever: what it did is taken back, and it isn't tried again.

use std::collections::{HashMap, HashSet};

use crate::Finding;

/// A rule, and the owner that it finds something about.
type About = (&'static str, Option<String>);

/// What the rounds of bulk fixes have come to.
#[derive(Default)]
pub(crate) struct Progress {
    /// The round whose effect isn't known yet.
    open: Option<Round>,
    /// How little was left after a round at most. Two fixes that bring back each other's findings don't get below that.
    least: HashMap<About, usize>,
    given_up: HashSet<(About, String)>,
}

/// One round.
struct Round {
    before: Before,
    /// What its fixes are about, with how much there was of it, and the messages.
    about: HashMap<About, (usize, Vec<String>)>,
}

/// What there was before a round.
pub(crate) struct Before {
    pub text: String,
    /// How many fixes had been applied.
    pub applied: usize,
}

impl Progress {
    /// Whether a finding's fixes have been tried in vain.
    pub(crate) fn is_given_up(&self, finding: &Finding) -> bool {
        let key = (about(finding), finding.message.clone());
        self.given_up.contains(&key)
    }

    /// Notes what fixes are applied to.
    pub(crate) fn begin<'f>(
        &mut self,
        text: &str,
        applied: usize,
        findings: &[Finding],
        mended: impl Iterator<Item = &'f Finding>,
    ) {
        let mut all: HashMap<About, (usize, Vec<String>)> = HashMap::new();
        for finding in mended {
            let (_, messages) = all.entry(about(finding)).or_default();
            messages.push(finding.message.clone());
        }
        for finding in findings {
            if let Some((weight, _)) = all.get_mut(&about(finding)) {
                *weight += weight_of(finding);
            }
        }
        self.open = Some(Round {
            before: Before {
                text: text.to_owned(),
                applied,
            },
            about: all,
        });
    }

    /// What there was before the last round, if some of its fixes didn't do what they are for: these are given up.
    pub(crate) fn without_effect(&mut self, findings: &[Finding]) -> Option<Before> {
        let round = self.open.take()?;
        let mut left: HashMap<About, usize> = HashMap::new();
        for finding in findings {
            *left.entry(about(finding)).or_default() += weight_of(finding);
        }
        let is_less = |about: &About, before: usize| {
            let most = self.least.get(about).copied().unwrap_or(usize::MAX);
            left.get(about).copied().unwrap_or_default() < before.min(most)
        };
        let (less, failed): (Vec<_>, Vec<_>) =
            (round.about.into_iter()).partition(|(about, (before, _))| is_less(about, *before));
        if failed.is_empty() {
            let least = less.into_iter().map(|(about, _)| {
                let left = left.get(&about).copied().unwrap_or_default();
                (about, left)
            });
            self.least.extend(least);
            return None;
        }
        for (about, (_, messages)) in failed {
            let tried = messages.into_iter();
            self.given_up
                .extend(tried.map(|message| (about.clone(), message)));
        }
        Some(round.before)
    }
}

fn about(finding: &Finding) -> About {
    (finding.rule.id, finding.owner.clone())
}

/// Several that are told as one count as several.
fn weight_of(finding: &Finding) -> usize {
    1 + finding.related.len()
}
