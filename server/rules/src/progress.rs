//! Whether fixes that are applied in bulk end what they are for. One that leaves its finding, or brings another of its rule
//! to the same owner, would be applied for ever: what it did is taken back, and it isn't tried again.

use std::collections::{HashMap, HashSet};

use crate::Finding;

/// A rule, and the owner that it finds something about.
type About = (&'static str, Option<String>);

/// What is found about an owner, as far as it stays the same while the text changes.
type StableFinding = (About, String);

/// What the rounds of bulk fixes have come to.
#[derive(Default)]
pub(crate) struct Progress {
    /// The round whose effect isn't known yet.
    open: Option<Round>,
    /// What was in a round that did not do what it is for: to be tried by itself, each part in a round.
    parts: Vec<HashSet<StableFinding>>,
    given_up: HashSet<StableFinding>,
    /// How often a fix was applied, and how many findings of the kind there were at once. Two fixes that bring back each
    /// other's findings are applied more often.
    tries: HashMap<StableFinding, (usize, usize)>,
}

/// One round.
struct Round {
    before: Before,
    /// Whether it was the last of [`Progress::parts`].
    is_part: bool,
    /// What there was.
    findings: Count,
    /// What its fixes are for, and how many there are of each.
    mended: HashMap<StableFinding, usize>,
}

impl Round {
    /// What less is ended of than was to be, though each kind of finding went: some have brought others. What another
    /// rule's fixes bring to light is no fault of one's own.
    fn ends_too_little(&self, is: &Count) -> HashSet<&About> {
        let mut rules: HashMap<&Option<String>, HashSet<&str>> = HashMap::new();
        let mut counts: HashMap<&About, usize> = HashMap::new();
        for ((about, _), count) in &self.mended {
            rules.entry(&about.1).or_default().insert(about.0);
            *counts.entry(about).or_default() += count;
        }
        let counts = counts.into_iter().filter(|(about, count)| {
            let is_sole = rules.get(&about.1).is_some_and(|rules| rules.len() == 1);
            is_sole && is.weight(about) + count > self.findings.weight(about)
        });
        counts.map(|(about, _)| about).collect()
    }
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
        self.given_up.contains(&found(finding))
    }

    /// Whether a finding's fix is to be applied after all others.
    pub(crate) fn is_suspect(&self, finding: &Finding) -> bool {
        !self.parts.is_empty() && {
            let found = found(finding);
            self.parts.iter().any(|part| part.contains(&found))
        }
    }

    /// Whether there is a part to try, and it is a single kind of finding: then one by one.
    pub(crate) fn is_alone(&self) -> Option<bool> {
        self.parts.last().map(|part| part.len() == 1)
    }

    /// Whether a finding is of the part to try.
    pub(crate) fn is_of_part(&self, finding: &Finding) -> bool {
        self.parts
            .last()
            .is_some_and(|part| part.contains(&found(finding)))
    }

    /// Ends a part of which nothing is left.
    pub(crate) fn end_part(&mut self) {
        self.parts.pop();
    }

    /// Notes what fixes are applied to.
    pub(crate) fn begin<'f>(
        &mut self,
        text: &str,
        applied: usize,
        findings: &[Finding],
        mended: impl Iterator<Item = &'f Finding>,
        is_part: bool,
    ) {
        let findings = Count::of(findings);
        let mut all: HashMap<StableFinding, usize> = HashMap::new();
        for finding in mended {
            *all.entry(found(finding)).or_default() += 1;
        }
        for (found, count) in &all {
            let (tries, most) = self.tries.entry(found.clone()).or_default();
            *tries += count;
            *most = (*most).max(findings.alike(found));
            if *tries > *most + 1 {
                self.given_up.insert(found.clone());
            }
        }
        self.open = Some(Round {
            before: Before {
                text: text.to_owned(),
                applied,
            },
            is_part,
            findings,
            mended: all,
        });
    }

    /// What there was before the last round, if some of its fixes didn't do what they are for: these are tried again by
    /// halves, and given up where one was alone.
    pub(crate) fn without_effect(&mut self, findings: &[Finding]) -> Option<Before> {
        let round = self.open.take()?;
        let (was, is) = (&round.findings, Count::of(findings));
        let has_failed = |(found, count): &(&StableFinding, &usize)| {
            let (about, _) = found;
            is.weight(about) >= was.weight(about) || is.alike(found) + **count > was.alike(found)
        };
        let (mut failed, mut others): (Vec<_>, Vec<_>) = round.mended.iter().partition(has_failed);
        if failed.is_empty() {
            let too_little = round.ends_too_little(&is);
            (failed, others) = others
                .into_iter()
                .partition(|((about, _), _)| too_little.contains(about));
        }
        if failed.is_empty() {
            return None;
        }
        let mut failed: Vec<StableFinding> =
            failed.into_iter().map(|(found, _)| found.clone()).collect();
        if round.is_part {
            self.end_part();
        }
        // What was taken back wasn't applied.
        for (found, count) in &round.mended {
            if let Some((tries, _)) = self.tries.get_mut(found) {
                *tries = tries.saturating_sub(*count);
            }
        }
        if round.mended.values().sum::<usize>() == 1 {
            self.given_up.extend(failed);
            return Some(round.before);
        }
        failed.sort_unstable();
        let half = failed.split_off(failed.len().div_ceil(2));
        let rest = others.into_iter().map(|(found, _)| found.clone());
        let rest: Vec<StableFinding> = rest.filter(|_| round.is_part).collect();
        let parts = [half, failed, rest].into_iter();
        let parts = parts.filter(|part| !part.is_empty());
        self.parts
            .extend(parts.map(|part| part.into_iter().collect()));
        Some(round.before)
    }
}

/// How much is found about each owner.
struct Count {
    weights: HashMap<About, usize>,
    alike: HashMap<StableFinding, usize>,
}

impl Count {
    fn of(findings: &[Finding]) -> Count {
        let (mut weights, mut alike) = (HashMap::new(), HashMap::new());
        for finding in findings {
            let found = found(finding);
            // Several that are told as one count as several: a fix may be for some of them.
            *weights.entry(found.0.clone()).or_default() += finding.entries + finding.related.len();
            *alike.entry(found).or_default() += 1 + finding.related.len();
        }
        Count { weights, alike }
    }

    fn weight(&self, about: &About) -> usize {
        self.weights.get(about).copied().unwrap_or_default()
    }

    fn alike(&self, found: &StableFinding) -> usize {
        self.alike.get(found).copied().unwrap_or_default()
    }
}

fn found(finding: &Finding) -> StableFinding {
    let about = (finding.rule.id, finding.owner.clone());
    (about, finding.message.clone())
}
