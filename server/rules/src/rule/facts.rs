//! Rules in two halves: what is so, and how it is said.
//!
//! A rule's `find` looks at one place that the engine hands it ([`crate::Scope`]) and yields facts of the rule's own type:
//! plain data, with no word that a user reads. Message, help and fixes are made from a fact.

use std::any::Any;
use std::rc::Rc;

use leastwise_model::Level;

use super::finding::Finding;
use crate::Context;
use crate::fix::LazyFix;
use crate::limits::FINDINGS;
use crate::support::leftovers::Leftovers;
use crate::support::permissions::Granted;
use crate::support::trust_roles::Roles;

/// What a rule has found, in its own terms.
pub(crate) trait Fact: Send + Sync + 'static {
    /// How it is said: where, message, level, help, related places, fixes that take nothing to be named.
    fn finding(&self, context: &Context<'_>) -> Finding;

    /// The fixes of which it takes a closer look to know whether they are to be had, or how safe they are. Asked for when
    /// somebody wants fixes.
    fn fixes(&self, _: &Context<'_>) -> Vec<LazyFix> {
        Vec::new()
    }
}

/// Where rules put their facts while the engine walks over a file, and what is worked out once for the whole walk.
pub struct Facts<'a> {
    context: Context<'a>,
    leftovers: Leftovers<'a>,
    roles: Rc<Roles<'a>>,
    /// The owner that was asked for last, and what it may do.
    granted: Option<(usize, Rc<Granted>)>,
    /// By rule.
    found: Vec<RuleState>,
    /// The number of the rule that is looking.
    looking: usize,
}

/// What one rule has found.
#[derive(Default)]
struct RuleState {
    findings: Findings,
    /// What it has asked of the file.
    asked: Option<bool>,
    /// What it keeps on its way through the file.
    memo: Option<Box<dyn Any>>,
}

impl<'a> Facts<'a> {
    /// No facts, of so many rules.
    pub(crate) fn new(context: Context<'a>, rules: usize) -> Facts<'a> {
        Facts {
            context,
            leftovers: Leftovers::new(&context),
            roles: Rc::new(Roles::of(context)),
            granted: None,
            found: (0..rules).map(|_| RuleState::default()).collect(),
            looking: 0,
        }
    }

    /// Those of the rule of that number.
    pub(crate) fn for_rule(&mut self, rule: usize) -> &mut Facts<'a> {
        self.looking = rule;
        self
    }

    /// Adds one.
    pub(crate) fn push(&mut self, fact: impl Fact) {
        let mut finding = fact.finding(&self.context);
        finding.offers.list_by(move |context| fact.fixes(context));
        if let Some(found) = self.found.get_mut(self.looking) {
            found.findings.push(finding);
        }
    }

    /// Adds several.
    pub(crate) fn extend(&mut self, facts: impl IntoIterator<Item = impl Fact>) {
        facts.into_iter().for_each(|fact| self.push(fact));
    }

    /// What a rule asks of the file as a whole, be it called for each statement: it is asked once.
    pub(crate) fn once(&mut self, ask: impl FnOnce(&Context<'a>) -> bool) -> bool {
        let Some(found) = self.found.get_mut(self.looking) else {
            return false;
        };
        *found.asked.get_or_insert_with(|| ask(&self.context))
    }

    /// What the rule keeps on its way through the file: what it has met, the guesses that it has made.
    pub(crate) fn with<M: Default + 'static, T>(
        &mut self,
        look: impl FnOnce(&mut M, &mut Facts<'a>) -> T,
    ) -> T {
        let looking = self.looking;
        let memo = self.found.get_mut(looking).and_then(|of| of.memo.take());
        let mut memo: Box<M> = memo
            .and_then(|memo| memo.downcast().ok())
            .unwrap_or_default();
        let told = look(&mut memo, self);
        if let Some(found) = self.found.get_mut(looking) {
            found.memo = Some(memo);
        }
        told
    }

    /// The roles of the file, read for all statements together.
    pub(crate) fn roles(&self) -> Rc<Roles<'a>> {
        Rc::clone(&self.roles)
    }

    /// What an owner may do, worked out for all rules that look at it.
    pub(crate) fn granted(&mut self, owner: usize) -> Rc<Granted> {
        match &self.granted {
            Some((known, granted)) if *known == owner => Rc::clone(granted),
            _ => {
                let granted = Rc::new(Granted::new(&self.context, owner));
                self.granted = Some((owner, Rc::clone(&granted)));
                granted
            }
        }
    }

    /// What statements leave to their owners, which is worked out for all rules together.
    pub(crate) fn leftovers(&mut self) -> &mut Leftovers<'a> {
        &mut self.leftovers
    }

    /// What was found, by rule.
    pub(crate) fn into_findings(self) -> impl Iterator<Item = Vec<Finding>> {
        self.found
            .into_iter()
            .map(|found| found.findings.into_vec())
    }
}

/// The findings of one rule.
#[derive(Default, Debug)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    left_out: usize,
    /// What matters most of those in the list.
    worst: Option<Level>,
}

impl Findings {
    /// Adds one. Beyond a limit those that matter no more than the others are only counted.
    pub(crate) fn push(&mut self, finding: Finding) {
        let is_full = self.list.len() >= FINDINGS;
        let level = Some(finding.level);
        if is_full && self.worst >= level {
            self.left_out += 1;
        } else {
            self.worst = self.worst.max(level);
            self.list.push(finding);
        }
    }

    /// All of them, as reported.
    pub(crate) fn into_vec(mut self) -> Vec<Finding> {
        if let Some(first) = self.list.first_mut() {
            first.left_out = self.left_out;
        }
        self.list
    }
}
