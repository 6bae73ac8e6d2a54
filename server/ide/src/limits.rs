//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The most problems of a config that are shown: nobody reads more, and the editor has to place each.
pub(crate) const CONFIG_PROBLEMS: usize = 100;

/// The most fixes in a range that are worked out before one is asked for, and that are worked out at once for an editor that
/// doesn't ask.
pub(crate) const RESOLVED_FIXES: usize = 24;

/// The longest file, in bytes, in which all findings are found with their fixes before one is asked for, so that the title of what
/// mends many can say what it changes.
pub(crate) const FIXED_BEFORE_ASKED: usize = 32 << 10;

/// How long the smallest difference between a file and its fixed text is looked for, in milliseconds: after that a larger one will
/// do.
pub(crate) const MILLISECONDS_OF_DIFF: u64 = 200;

/// The most actions that a wildcard is spelt out as: a longer list nobody reads.
pub(crate) const EXPANDED_ACTIONS: usize = 60;

/// The most actions of a statement that completion and hover go by.
pub(crate) const ACTIONS_OF_A_STATEMENT: usize = 400;

/// The most identity providers of a statement whose keys are offered.
pub(crate) const PROVIDERS_OF_A_STATEMENT: usize = 8;

/// The most resources of a statement that completion goes by.
pub(crate) const RESOURCES_OF_A_STATEMENT: usize = 16;

/// The most actions of a statement that are held against an ARN below the cursor; with more of them, which it serves isn't
/// said.
pub(crate) const ACTIONS_FOR_AN_ARN: usize = 200;

/// The most values of an ARN below the cursor that the statement's actions are held against.
pub(crate) const VALUES_OF_AN_ARN: usize = 8;

/// The most actions of all services that are offered for the beginning of a name.
pub(crate) const OFFERED_ACTIONS: usize = 60;

/// How many items an editor shows of a list before somebody scrolls.
pub(crate) const FIRST_PAGE: usize = 12;

/// The most names that are offered in an expression.
pub(crate) const OFFERED_NAMES: usize = 300;

/// The most offered names whose values are worked out.
pub(crate) const OFFERED_VALUES: usize = 60;

/// The most types that ARNs are offered for.
pub(crate) const OFFERED_TYPES: usize = 24;

/// The most ARNs, accounts and regions of a file that are offered for others: the types of a statement are held against each.
pub(crate) const MENTIONED_NAMES: usize = 60;

/// The most environments that literal ARNs are offered for.
pub(crate) const OFFERED_ENVIRONMENTS: usize = 4;

/// A longer statement that doesn't parse is looked at in part, in bytes on each side of the cursor.
pub(crate) const STATEMENT_REACH: usize = 64 << 10;

/// How far behind a `${` without quotes its `}` is looked for, in bytes. Names are short; looking further from each would take
/// the square of the length.
pub(crate) const NAME_LENGTH: usize = 256;

/// The most findings that are known to have been there before: one that comes back isn't taken for a new one.
pub(crate) const FINDINGS_OF_EARLIER: usize = 10_000;

/// In how many mappings, from the outermost, the entries before a cursor are passed over: a template's resources stand in the second.
pub(crate) const SKIPPED_LEVELS: usize = 3;

/// The most statements in an outline: an editor asks for it unasked, and nobody reads more. Policies and what they belong to are all
/// there.
pub(crate) const SYMBOLS_OF_STATEMENTS: usize = 10_000;

/// In how many places a change of several lines may differ from what was there to be looked at place by place: each moves every finding
/// that was said.
pub(crate) const PARTS_OF_A_CHANGE: usize = 1_000;

/// How many bytes on each side of a place are looked through for the services that are likely to be meant there.
pub(crate) const BYTES_NEAR: usize = 64 << 10;

/// The most declarations of one type that are shown together over the type's name.
pub(crate) const DECLARATIONS_OF_A_TYPE: usize = 3;

/// How many keys from the root on a policy is looked for under, to tell what it is for.
pub(crate) const POLICY_DEPTH: usize = 8;
