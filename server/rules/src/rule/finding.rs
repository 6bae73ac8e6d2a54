//! What a rule reports.

use std::fmt;

use leastwise_model::Level;
use leastwise_syntax::Span;

use super::Rule;
use crate::fix::LazyFix;
use crate::offers::Offers;
use crate::{Context, Fix, Safety};

/// A rule's result: what is wrong, where, why it matters, what to do.
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it matters, the config's word included.
    pub level: Level,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong, and what comes of it: a sentence or two.
    pub message: String,
    /// What to do: a sentence. May be empty where the message says it all.
    pub help: String,
    /// The logical id or name of what the policy belongs to.
    pub owner: Option<String>,
    /// The action that it is about, for the config's `ignore`.
    pub action: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Those of them where it is found as well, for one reason.
    pub as_well: Vec<Span>,
    /// Whether the marked text has no effect.
    pub unnecessary: bool,
    /// How many more its rule has found in the file that aren't told, since there are so many.
    pub left_out: usize,
    /// How many entries of its place it tells of at once: a fix may end some of them.
    pub(crate) entries: usize,
    /// What it has in common with others that it is told as one with. `None` once that is done.
    pub same: Option<Box<CommonCause>>,
    /// See [`Finding::fixes`].
    pub(crate) offers: Offers,
}

/// Another place that belongs to a finding.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Related {
    /// Where, in bytes of the file.
    pub span: Span,
    /// A few words on it.
    pub note: String,
}

/// What a finding has in common with others of its rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommonCause {
    /// What the reason holds for: the bytes of a statement or a policy.
    pub within: Span,
    /// Findings of one rule and level with the same key have one reason there.
    pub key: String,
    /// What this one is called among several: `` `s3:GetObject` ``.
    pub name: String,
    /// What is said of several, behind their names.
    pub several: String,
    /// What to do about several.
    pub help: String,
    /// What is told of each, once, behind the help of several and these words.
    pub details: Vec<String>,
    /// See [`CommonCause::details`].
    pub intro: &'static str,
}

impl Finding {
    /// A finding without owner, help, related places or fixes.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            level: rule.level,
            span,
            message: message.into(),
            help: String::new(),
            owner: None,
            action: None,
            related: Vec::new(),
            as_well: Vec::new(),
            unnecessary: false,
            left_out: 0,
            entries: 1,
            same: None,
            offers: Offers::default(),
        }
    }

    /// The same without fixes.
    pub(crate) fn without_fixes(&self) -> Finding {
        // With room for the help, which an editor says behind it.
        let mut message = String::with_capacity(self.message.len() + 1 + self.help.len());
        message.push_str(&self.message);
        Finding {
            rule: self.rule,
            level: self.level,
            span: self.span,
            message,
            help: self.help.clone(),
            owner: self.owner.clone(),
            action: self.action.clone(),
            related: self.related.clone(),
            as_well: self.as_well.clone(),
            unnecessary: self.unnecessary,
            left_out: self.left_out,
            entries: self.entries,
            same: self.same.clone(),
            offers: Offers::default(),
        }
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Names what the policy belongs to.
    pub fn owner(mut self, owner: Option<&str>) -> Self {
        self.owner = owner.map(str::to_owned);
        self
    }

    /// Names the action that it is about.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Matters less or more than the rule's findings as a rule do.
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Adds another place.
    pub fn related(mut self, span: Span, note: impl Into<String>) -> Self {
        self.related.push(Related {
            span,
            note: note.into(),
        });
        self
    }

    /// Tells of several entries at once.
    pub(crate) fn entries(mut self, count: usize) -> Self {
        self.entries = count;
        self
    }

    /// The marked text has no effect.
    pub fn unnecessary(mut self) -> Self {
        self.unnecessary = true;
        self
    }

    /// Is told as one with others of its rule that have the same key.
    pub(crate) fn same(mut self, same: CommonCause) -> Self {
        self.same = Some(Box::new(same));
        self
    }

    /// Its fixes, the one to prefer first: listed now, and worked out when they are resolved.
    pub fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        self.offers.list(context)
    }

    /// Lets go of its fixes, which hold on to what they were found on.
    pub fn forget_fixes(&mut self) {
        self.offers = Offers::default();
    }

    /// Offers a fix whose name and safety are known as it is found; others are [`super::Fact::fixes`]. `make` is only called when somebody wants it; it must capture plain data, no borrow.
    pub fn fix(
        mut self,
        title: impl Into<String>,
        safety: Safety,
        make: impl Fn(&Context<'_>) -> Option<Fix> + Send + Sync + 'static,
    ) -> Self {
        self.offers.push(LazyFix::new(title, safety, make));
        self
    }

    /// How the fix that was offered last is called where it is told as one with those of other places.
    pub(crate) fn fix_of_several(mut self, title: impl Into<String>) -> Self {
        if let Some(fix) = self.offers.last_mut() {
            fix.several = Some(title.into());
        }
        self
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {}..{}: {}",
            self.level.name(),
            self.rule.id,
            self.span.start,
            self.span.end,
            self.message
        )
    }
}
