//! Whether fixes that are applied in bulk end what they are for. One that leaves its finding, or brings another of its rule
//! to the same owner, would be applied for ever: what it did is taken back, and it isn't tried again.

use std::collections::{HashMap, HashSet};

use crate::Finding;

/// A rule, and the owner that it finds something about.
type About = (&'static str, Option<String>);

/// What is found about an owner, as far as it stays the same while the text changes.
type Found = (About, String);

/// What the rounds of bulk fixes have come to.
#[derive(Default)]
pub(crate) struct Progress {
    /// The round whose effect isn't known yet.
    open: Option<Round>,
    /// What was in a round that did not do what it is for: to be tried alone.
    suspects: HashSet<Found>,
    given_up: HashSet<Found>,
    /// How often a fix was applied, and how many findings of the kind there were at once. Two fixes that bring back each
    /// other's findings are applied more often.
    tries: HashMap<Found, (usize, usize)>,
}

/// One round.
struct Round {
    before: Before,
    /// What there was.
    findings: Count,
    /// What its fixes are for, and how many there are of each.
    mended: HashMap<Found, usize>,
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

    /// Whether a finding's fix is to be applied alone, and after all others.
    pub(crate) fn is_suspect(&self, finding: &Finding) -> bool {
        self.suspects.contains(&found(finding))
    }

    /// Notes what fixes are applied to.
    pub(crate) fn begin<'f>(
        &mut self,
        text: &str,
        applied: usize,
        findings: &[Finding],
        mended: impl Iterator<Item = &'f Finding>,
    ) {
        let findings = Count::of(findings);
        let mut all: HashMap<Found, usize> = HashMap::new();
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
            findings,
            mended: all,
        });
    }

    /// What there was before the last round, if some of its fixes didn't do what they are for: these are tried alone, and
    /// given up where they have been.
    pub(crate) fn without_effect(&mut self, findings: &[Finding]) -> Option<Before> {
        let round = self.open.take()?;
        let (was, is) = (round.findings, Count::of(findings));
        let has_failed = |(found, count): &(&Found, &usize)| {
            let (about, _) = found;
            is.weight(about) >= was.weight(about) || is.alike(found) + **count > was.alike(found)
        };
        let failed: Vec<Found> = round
            .mended
            .iter()
            .filter(has_failed)
            .map(|(found, _)| found.clone())
            .collect();
        if failed.is_empty() {
            return None;
        }
        match round.mended.values().sum() {
            1usize => self.given_up.extend(failed),
            _ => self.suspects.extend(failed),
        }
        Some(round.before)
    }
}

/// How much is found about each owner.
struct Count {
    weights: HashMap<About, usize>,
    alike: HashMap<Found, usize>,
}

impl Count {
    fn of(findings: &[Finding]) -> Count {
        let (mut weights, mut alike) = (HashMap::new(), HashMap::new());
        for finding in findings {
            let found = found(finding);
            // Several that are told as one count as several.
            *weights.entry(found.0.clone()).or_default() += 1 + finding.related.len();
            *alike.entry(found).or_default() += 1;
        }
        Count { weights, alike }
    }

    fn weight(&self, about: &About) -> usize {
        self.weights.get(about).copied().unwrap_or_default()
    }

    fn alike(&self, found: &Found) -> usize {
        self.alike.get(found).copied().unwrap_or_default()
    }
}

fn found(finding: &Finding) -> Found {
    let about = (finding.rule.id, finding.owner.clone());
    (about, finding.message.clone())
}
