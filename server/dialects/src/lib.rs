//! Ways of writing policies in files: where the policy sites are, how texts are built, and what these are worked out to.
//!
//! Each dialect has a room of its own. Another dialect may use it only if it can contain that dialect. Each one implements
//! [`Dialect`]; the list of them is here.

mod cloudformation;
mod dialect;
mod follow;
mod grants;
mod intrinsic;
mod kinds;
mod left_out;
mod limits;
mod orgformation;
pub(crate) mod permission;
mod pipeline;
mod plain;
pub mod resolve;
mod sam;
mod serverless;
mod shape;
mod source_file;
mod state;
mod terraform;

pub use dialect::{
    Declaration, Dialect, Ending, Expected, ExpectedKey, RecognisedFile, Surrounding, TargetPart,
    Tool, Words,
};
pub use grants::{Grant, grant};
pub use left_out::too_many_policies;
pub use source_file::{Omissions, SourceFile};
pub use state::{Stack, Stacks, State, entries, facts, scope};

use leastwise_model::BlockNames;
use leastwise_model::files::Files;
use leastwise_syntax::Tree;

use dialect::Rooms;

leastwise_syntax::count_work!(pub);

/// The dialects in the order in which they are asked: the first that recognizes a file reads it.
static DIALECTS: &[&dyn Dialect] = &[
    // Told by the syntax and the file's name, and by what only plans have.
    &terraform::Terraform,
    // Its resources have the shape of a template, which the next ones would take it for.
    &serverless::Serverless,
    // Its templates are CloudFormation's with more; those with SAM's transform it leaves to SAM.
    &orgformation::OrgFormation,
    // Is a template with types that CloudFormation doesn't have.
    &sam::Sam,
    &cloudformation::CloudFormation,
    // A workflow may hold a policy somewhere, and is none.
    &pipeline::Pipelines,
    // Any data with a policy in it.
    &plain::Plain,
];

/// Looks for policies in a file.
pub fn find(asked: &SourceFile<'_>) -> RecognisedFile {
    let mut found = DIALECTS
        .iter()
        .filter_map(|dialect| dialect.find(asked, Rooms(DIALECTS)));
    found.next().unwrap_or_else(RecognisedFile::nothing)
}

/// What a file may declare with blocks, by its name.
pub fn declarations(path: &str) -> Vec<Declaration> {
    by_name(path).map_or_else(Vec::new, |dialect| dialect.declarations())
}

/// What can stand at a place around policies in a file of a dialect; in one that has no policy yet, by its name, else by the keys
/// that are written.
pub fn expected(dialect: &'static dyn Dialect, path: &str, at: &Surrounding<'_>) -> Expected {
    if dialect.has_policies() {
        return dialect.expected(at, Rooms(DIALECTS));
    }
    if let Some(dialect) = by_name(path) {
        return dialect.expected(at, Rooms(DIALECTS));
    }
    let mut found = Expected::default();
    for dialect in DIALECTS.iter().filter(|dialect| dialect.begins(at)) {
        found.join(dialect.expected(at, Rooms(DIALECTS)));
    }
    found
}

/// The dialect whose files have such a name, whatever is in them.
fn by_name(path: &str) -> Option<&'static dyn Dialect> {
    let is_written = |ending: &Ending| {
        let stem = path.strip_suffix(ending.name);
        ending.is_walked && !ending.is_filled_in && stem.is_some_and(|stem| stem.ends_with('.'))
    };
    let mut dialects = DIALECTS.iter().copied();
    dialects.find(|dialect| dialect.endings().iter().any(is_written))
}

/// Words that files of each dialect are known by before they are read.
pub fn words() -> impl Iterator<Item = Words> {
    DIALECTS.iter().map(|dialect| dialect.words())
}

/// How the dialects write policies as blocks that do so.
pub fn blocks() -> impl Iterator<Item = &'static BlockNames> {
    DIALECTS.iter().filter_map(|dialect| dialect.blocks())
}

/// Whether the name between `${` and `}` is a variable that the tool of some dialect surely fills in.
pub fn are_filled_in(name: &str) -> bool {
    DIALECTS.iter().any(|dialect| dialect.fills_in(name))
}

/// What of the target a name stands for that is left open.
pub fn target_part(name: &str) -> Option<TargetPart> {
    let mut dialects = DIALECTS.iter();
    dialects.find_map(|dialect| dialect.target_part(name))
}

/// What the names of files end with that are of one dialect alone.
pub fn endings() -> impl Iterator<Item = Ending> {
    let all = DIALECTS.iter().flat_map(|dialect| dialect.endings());
    all.copied()
}

/// Whether a file is read with all that stand beside it, by its name.
pub fn are_read_together(path: &str) -> bool {
    let mut dialects = DIALECTS.iter();
    dialects.any(|dialect| dialect.is_read_together(path))
}

/// Whether files around one may fill it in, by where it lies.
pub fn may_be_filled(path: &str, files: &dyn Files) -> bool {
    let mut dialects = DIALECTS.iter();
    dialects.any(|dialect| dialect.may_fill(path, files))
}

/// What is known of a file that holds no policy, but whose names others use.
pub fn names_only(tree: &Tree, path: &str, files: &dyn Files) -> Option<Box<dyn State>> {
    let mut dialects = DIALECTS.iter();
    dialects.find_map(|dialect| dialect.names_only(tree, path, files))
}
