//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The most accounts that a misspelt one is compared with.
pub(crate) const COMPARED_ACCOUNTS: usize = 200;

/// How many bytes the address of the documentation has at most: each finding of an editor carries it.
pub(crate) const ADDRESS_LENGTH: usize = 2048;

/// How many characters a pattern of the config has at most. A path has no more.
pub(crate) const GLOB_LENGTH: usize = 4096;

/// How many groups (`{a,b}`) a pattern has at most that is surely well formed where its parts are: with more of them, they may stand
/// in each other deeper than is compiled.
pub(crate) const PLAIN_GROUPS: usize = 16;

/// For how many names of rules that there aren't one is looked for that may be meant: nobody is shown more.
pub(crate) const HINTED_PROBLEMS: usize = 100;

/// How many nodes around a text are looked at.
pub const NODES_AROUND: usize = 512;

/// The most branches of `Fn::If` in `Fn::If` that are followed: more than a file is deep that can be read.
pub(crate) const BRANCHES: usize = 256;

/// The most cases that the elements of one statement are told apart in; what hangs on more conditions isn't known.
pub(crate) const CASES: usize = 16;

/// How much text of the file the variables in one policy stand for together, in bytes: lists of lists multiply, and some
/// hundred bytes of them could stand for billions of statements.
pub(crate) const FOLLOWED_BYTES: usize = 1 << 20;

/// How many characters a line of a quoted value has at most.
pub(crate) const QUOTED_LENGTH: usize = 80;

/// How many characters stand between the brackets of what a script fills in, at most: a name, or a few words.
pub(crate) const PLACEHOLDER_LENGTH: usize = 80;

/// The most environments that one file is resolved for: accounts times regions beyond it are left out.
pub const ENVIRONMENTS: usize = 64;

/// How many policies of other files are looked at to tell what an owner may do; with more of them, it isn't known as a
/// whole. AWS takes 20 managed policies for a role at most, and 10,240 characters of inline ones.
pub const POLICIES_ELSEWHERE: usize = 64;

/// The most pairs of a mapping that guards are looked for in: to look through more for each text would take too long, and it
/// is the whole file or a list of resources.
pub const GUARDED_PAIRS: usize = 64;
