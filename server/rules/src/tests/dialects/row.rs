//! What a row of the table says.

use super::dialect::Dialect;

/// A flaw, in the notation: what it is in, what a rule says of it, and what its fixes make of it.
pub struct Row {
    /// The rule that reports it.
    pub rule: &'static str,
    pub policy: RowPolicy,
    /// A part of each message, in the order of the marks; where readers of different syntaxes word it differently,
    /// theirs with ` | ` between.
    pub messages: &'static [&'static str],
    pub fixes: &'static [RowFix],
    /// Dialects that the rule is silent in, or that can't be written so.
    pub except: &'static [Except],
    /// Dialects in which the finding comes without fixes.
    pub unfixed: &'static [Except],
    /// Dialects in which a fix says the same as elsewhere, but is styled otherwise than a person would.
    pub restyled: &'static [Except],
    /// Whether it is about the role that has the policy: in data that tell of none it isn't written.
    pub of_role: bool,
    /// A template beside the file.
    pub beside: Option<&'static str>,
    /// Lines for the config.
    pub config: &'static str,
}

/// Nothing but a rule and a policy, to fill a row up with.
pub const ROW: Row = Row {
    rule: "",
    policy: RowPolicy::Identity(""),
    messages: &[],
    fixes: &[],
    except: &[],
    unfixed: &[],
    restyled: &[],
    of_role: false,
    beside: None,
    config: "",
};

/// What stands in the file, in the notation, with marks.
#[derive(Clone, Copy)]
pub enum RowPolicy {
    /// A document of a role that deploys, or its statements.
    Identity(&'static str),
    /// Who may assume it.
    Trust(&'static str),
    /// The policy of a bucket.
    Bucket(&'static str),
    /// Entries of SAM's `Policies`.
    Entries(&'static str),
    /// The ARNs of the managed policies of a role.
    Attached(&'static str),
    /// A job of a pipeline.
    Job(Job),
}

impl RowPolicy {
    /// The same of another text.
    pub fn with(&self, text: &'static str) -> RowPolicy {
        match self {
            RowPolicy::Identity(_) => RowPolicy::Identity(text),
            RowPolicy::Trust(_) => RowPolicy::Trust(text),
            RowPolicy::Bucket(_) => RowPolicy::Bucket(text),
            RowPolicy::Entries(_) => RowPolicy::Entries(text),
            RowPolicy::Attached(_) => RowPolicy::Attached(text),
            RowPolicy::Job(job) => RowPolicy::Job(Job { role: text, ..*job }),
        }
    }
}

/// A job that deploys.
#[derive(Clone, Copy)]
pub struct Job {
    /// The ARN of the role that it assumes by its token; empty for none.
    pub role: &'static str,
    /// Whether it has a key of its own; what is marked of it.
    pub key: bool,
    /// The repository whose tokens the role admits.
    pub admits: &'static str,
}

/// A fix.
pub struct RowFix {
    /// Which finding it is of, from 0.
    pub of: usize,
    pub title: &'static str,
    /// `action on resource` that is granted after it and wasn't before. Wildcards stand for all their actions.
    pub gains: &'static [&'static str],
    /// What was granted and isn't any more.
    pub loses: &'static [&'static str],
    /// Whether it writes values of its own, whose style it learns from what is around them: then only what the policy
    /// says is compared with `after`, and not how.
    pub anew: bool,
    /// What the policy is then, with marks where findings of the rule remain.
    pub after: &'static str,
}

/// A fix that changes what stands there and no permission, to fill one up with.
pub const FIX: RowFix = RowFix {
    of: 0,
    title: "",
    gains: &[],
    loses: &[],
    anew: false,
    after: "",
};

/// Why a row doesn't hold in some dialects.
pub struct Except {
    pub dialects: &'static [Dialect],
    /// A sentence without its full stop.
    pub why: &'static str,
}
