//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The most findings of one rule that a file is told: nobody reads more, and each takes some memory.
pub(crate) const FINDINGS: usize = 50_000;

/// How much text is read to apply fixes to a file, in bytes: each round applies at least one, and reads the file anew.
pub(crate) const READ_FOR_FIXES: usize = 64 << 20;

/// How many rounds of fixes a file gets however long it is.
pub(crate) const ROUNDS_OF_FIXES: usize = 64;

/// What is longer is no name and no ARN, in bytes: it isn't looked for to be quoted whole, and is no slip of the hand that is
/// told once for several places.
pub(crate) const ARN_LENGTH: usize = 4096;

/// How far from a finding a value may stand that is quoted whole, in bytes: it is in the lines that are shown, or near.
pub(crate) const QUOTED_NEAR: usize = 4096;

/// The names for which one rule works out in one file what was meant: a file with more is no slip of the hand, and each guess
/// compares with all actions of a service.
pub(crate) const GUESSED_NAMES: usize = 256;

/// The longest name that is tried without each of its letters, in bytes.
pub(crate) const CORRECTED_LENGTH: usize = 64;

/// The longest text that a colon is tried in at each place, in bytes.
pub(crate) const WITHOUT_COLON: usize = 128;

/// The most words of a text that are looked up as actions.
pub(crate) const WORDS_OF_ACTIONS: usize = 64;

/// The most resources that each renamed action is compared with.
pub(crate) const RESOURCES_OF_RENAMED: usize = 64;

/// How deep lists and objects are looked into for who is let in: blocks of Terraform hold lists of texts, in lists.
pub(crate) const DEPTH_OF_PRINCIPALS: usize = 4;

/// The branches of one list that are looked at: each is compared with the whole unconditional part.
pub(crate) const BRANCHES_OF_A_LIST: usize = 64;

/// The most statements that are looked back on for the same `Sid`: a hostile policy has thousands.
pub(crate) const SAME_SIDS: usize = 64;

/// The most pairs of an action and a resource that are compared for one statement: far more than AWS takes in a policy. Of
/// what is beyond them nothing is known.
pub(crate) const COMPARED_PAIRS: usize = 1 << 18;

/// The most actions that a statement is narrowed for: more than all services of a usual app have.
pub(crate) const NARROWED_ACTIONS: usize = 2048;

/// The most ARNs that a fix writes in place of a `*`: a longer list nobody reads.
pub(crate) const WRITTEN_ARNS: usize = 32;

/// The most wildcards whose narrower ones are kept. Nobody has so many at once; those of other files are worked out anew.
pub(crate) const KEPT_WILDCARDS: usize = 512;

/// The most answers of one sort that are kept with a file; what is asked beyond them is worked out anew.
pub(crate) const KEPT_ANSWERS: usize = 256;

/// The most conditions of a template that the lists of a statement are told apart by: each doubles the clauses.
pub(crate) const CONDITIONS_OF_LISTS: usize = 4;

/// The most conditions of a template that are tried out for an answer: each doubles the questions.
pub(crate) const TRIED_CONDITIONS: usize = 6;

/// The most resources that are asked about because denials leave them out.
pub(crate) const SPARED_RESOURCES: usize = 16;

/// The most statements of a policy that are held against those which let everybody in. With more of them, whether they
/// keep the others out can't be told.
pub(crate) const DENIALS: usize = 64;

/// The most roles that are compared with one ARN; where there are more, which one it names isn't known.
pub(crate) const COMPARED_ROLES: usize = 64;

/// The longest name of something unknown that labels are looked for in, in bytes.
pub(crate) const HOLE_LENGTH: usize = 512;

/// Where a `Sid` ends on this number or a greater one, that is a part of its name, and none that is counted on from.
pub(crate) const LARGEST_NUMBER: usize = 1000;
