//! What a dialect is, and what it answers of a file.

use std::borrow::Cow;
use std::fmt::Debug;

use leastwise_model::files::Files;
use leastwise_model::notation::Notation;
use leastwise_model::pipeline::Pipeline;
use leastwise_model::{BlockNames, Environment, Item, Owner, Site, SiteKind};
use leastwise_syntax::{Format, Tree};

use crate::intrinsic::Bare;
use crate::intrinsic::plain::PLAIN;
use crate::source_file::SourceFile;
use crate::state::State;
use crate::state::facts::{SharedRole, TargetVariables};

/// A way in which files hold policies.
pub trait Dialect: Debug + Sync {
    /// Reads a file; `None` for one that isn't of this dialect. What other dialects know of it, their `rooms` say.
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile>;

    /// How it is written, as far as nothing is known of the file.
    fn notation(&self) -> &'static dyn Notation {
        PLAIN
    }

    /// How it writes policies as blocks, where it does.
    fn blocks(&self) -> Option<&'static BlockNames> {
        None
    }

    /// What its files declare that has to do with policies, where a block is written for each.
    fn declarations(&self) -> Vec<Declaration> {
        Vec::new()
    }

    /// What can stand at a place of one of its files, as far as that has to do with policies and is none of their own elements.
    fn expected(&self, _at: &Surrounding<'_>, _rooms: Rooms) -> Expected {
        Expected::default()
    }

    /// Whether a file that isn't one of its own yet surely becomes one, or may where nothing is written in it.
    fn begins(&self, _at: &Surrounding<'_>) -> bool {
        false
    }

    /// The transforms by which a template becomes one of its files.
    fn transforms(&self) -> &'static [&'static str] {
        &[]
    }

    /// Words that its files are known by before they are read.
    fn words(&self) -> Words {
        Words::default()
    }

    /// What the names of files end with that are of this dialect alone.
    fn endings(&self) -> &'static [Ending] {
        &[]
    }

    /// What its files are deployed with.
    fn tool(&self) -> Tool {
        Tool {
            name: "AWS",
            whole: "the policy",
        }
    }

    /// Whether the name between `${` and `}` is a variable that its tool surely fills in: neither one of IAM's, nor a name
    /// that a file declares.
    fn fills_in(&self, _name: &str) -> bool {
        false
    }

    /// What of the target a name stands for that is left open.
    fn target_part(&self, _name: &str) -> Option<TargetPart> {
        None
    }

    /// Whether something that the file names fills in what stands in its texts, beside `Fn::Sub`: a macro, a plugin.
    fn is_filled_otherwise(&self, _: &Tree) -> bool {
        false
    }

    /// What its files are read as.
    fn document(&self) -> DocumentKind {
        DocumentKind::Other
    }

    /// What a resource of its own type is deployed as, which may stand in any template.
    fn deployed_as(&self, _type_name: &str) -> Option<&'static DeployedAs> {
        None
    }

    /// What its files say of one that they read, and that is nothing but a policy; `None` where none reads it.
    fn told_by_readers(&self, _: &SourceFile<'_>) -> Option<ReaderFacts> {
        None
    }

    /// The variable of its tool's own that gives the prefix of the app's names, as texts write it: one of those that the
    /// config names, or one that the file itself shows.
    fn prefix_variable(&self, _: &Tree, _prefix: &str, _in_config: &[String]) -> Option<String> {
        None
    }

    /// The variables of its tool's own for where a file is deployed, where that uses them.
    fn target_variables(&self, _: &Tree) -> Option<TargetVariables> {
        None
    }

    /// The variables of its tool's own for where a file is deployed, which any text of it may have.
    fn own_variables(&self) -> Option<TargetVariables> {
        None
    }

    /// The functions that share the role which a policy belongs to. `None` where it is no such role, or others may share it.
    fn shared_role(&self, _: &Tree, _: &Site) -> Option<SharedRole> {
        None
    }

    /// Whether a file is read with all that stand beside it, by its name.
    fn is_read_together(&self, _path: &str) -> bool {
        false
    }

    /// Whether its files may fill another one in, by where that lies.
    fn may_fill(&self, _path: &str, _: &dyn Files) -> bool {
        false
    }

    /// What is known of a file that holds no policy, but whose names others use.
    fn names_only(&self, _: &Tree, _path: &str, _: &dyn Files) -> Option<Box<dyn State>> {
        None
    }
}

/// A part of a target that names stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TargetPart {
    /// The region.
    Region,
    /// What the names of hosts end with: `amazonaws.com`.
    Suffix,
}

/// What the files of a dialect are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentKind {
    /// Nothing in which there is a policy.
    Foreign,
    /// Nothing but policies, or data that holds some.
    Bare,
    /// A template of CloudFormation's.
    Template,
    /// What a framework makes such a template of, and which is written as one: variables of its own are filled in before anything
    /// else sees the texts, it adds roles, and its functions name resources by their logical ids.
    OfFramework,
    /// Anything else that policies are a part of.
    Other,
}

impl dyn Dialect {
    /// Whether it is written as CloudFormation templates are.
    pub fn is_template(&self) -> bool {
        let document = self.document();
        document == DocumentKind::Template || self.makes_template()
    }

    /// Whether a framework makes a template of it.
    pub fn makes_template(&self) -> bool {
        self.document() == DocumentKind::OfFramework
    }

    /// Whether it is nothing but policies, or data that holds some.
    pub fn is_bare(&self) -> bool {
        self.document() == DocumentKind::Bare
    }

    /// Whether there is a policy in it.
    pub fn has_policies(&self) -> bool {
        self.document() != DocumentKind::Foreign
    }
}

/// What a file declares with a block: how it is written, with places to fill in between `«` and `»`.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The word that the block begins with.
    pub keyword: &'static str,
    /// Its type.
    pub type_name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What stands in it.
    pub body: Cow<'static, str>,
}

/// A place around the policies of a file.
pub struct Surrounding<'a> {
    /// The keys that lead to it from the root, lists left out.
    pub keys: &'a [&'a str],
    /// What a key has for a value beneath the first keys of these, by their number, as far as it is written.
    pub value: &'a dyn Fn(usize, &str) -> Option<String>,
    /// The keys at the root of the file, but for the one at the cursor.
    pub roots: &'a [&'a str],
}

/// What can stand somewhere around policies.
#[derive(Clone, Default, Debug)]
pub struct Expected {
    /// Keys of a mapping or names of arguments, in the order in which they are usual.
    pub keys: Vec<ExpectedKey>,
    /// Values, likewise.
    pub values: Vec<&'static str>,
    /// What is written as a whole in place of a value, with places to fill in between `«` and `»`: each with what it is called.
    pub wholes: Vec<(&'static str, Cow<'static, str>)>,
    /// What the policy is for that stands at the place, and the service prefix of the resource that it is attached to.
    pub policy: Option<(SiteKind, Option<&'static str>)>,
}

/// A key that can stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpectedKey {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// Whether keys or a list stand under it, which begin on a line of their own.
    pub holds: bool,
}

impl Expected {
    /// Keys with what each is for; a name that ends in a colon holds keys or a list.
    pub(crate) fn keys(of: &[(&'static str, &'static str)]) -> Expected {
        let key = |(name, about): &(&'static str, &'static str)| ExpectedKey {
            name: name.trim_end_matches(':'),
            about,
            holds: name.ends_with(':'),
        };
        Expected {
            keys: of.iter().map(key).collect(),
            ..Expected::default()
        }
    }

    /// Adds what of another one isn't there.
    pub(crate) fn join(&mut self, other: Expected) {
        let known: Vec<&str> = self.keys.iter().map(|key| key.name).collect();
        let keys = other.keys.into_iter();
        self.keys
            .extend(keys.filter(|key| !known.contains(&key.name)));
        let values = other.values.into_iter();
        let values: Vec<&str> = values
            .filter(|value| !self.values.contains(value))
            .collect();
        self.values.extend(values);
        self.wholes.extend(other.wholes);
        self.policy = self.policy.or(other.policy);
    }
}

/// What the names of a dialect's files end with.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// Without the dot, in lower case.
    pub name: &'static str,
    /// In which format such a file is; `None` where it may be in several.
    pub format: Option<Format>,
    /// Whether such a file is looked into wherever it lies: else only where another one leads to it, or somebody names it.
    pub is_walked: bool,
    /// Whether it is filled in to make a file of what stands before in its name: `policy.json.tftpl`.
    pub is_filled_in: bool,
}

impl Ending {
    /// That of files in a format, which are looked into.
    pub(crate) const fn of(name: &'static str, format: Option<Format>) -> Ending {
        Ending {
            name,
            format,
            is_walked: true,
            is_filled_in: false,
        }
    }
}

/// The dialects, as one of them asks the others without knowing which there are.
#[derive(Clone, Copy, Default, Debug)]
pub struct Rooms(pub(crate) &'static [&'static dyn Dialect]);

impl Rooms {
    /// What the files around one say that is nothing but a policy; `None` where none reads it.
    pub fn told_by_readers(self, asked: &SourceFile<'_>) -> Option<ReaderFacts> {
        self.0
            .iter()
            .find_map(|dialect| dialect.told_by_readers(asked))
    }

    /// What a resource is deployed as that is written as one of another type.
    pub fn deployed_as(self, type_name: &str) -> Option<&'static DeployedAs> {
        let mut dialects = self.0.iter();
        dialects.find_map(|dialect| dialect.deployed_as(type_name))
    }

    /// The transforms by which a template becomes one of another room's.
    pub fn transforms(self) -> impl Iterator<Item = &'static str> {
        let dialects = self.0.iter();
        dialects.flat_map(|dialect| dialect.transforms().iter().copied())
    }
}

/// What files of a dialect are deployed with, as messages call it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// What it takes or rejects as a whole.
    pub whole: &'static str,
}

impl Tool {
    /// `Terraform rejects the module`: what comes of what it doesn't take.
    pub fn rejects(self) -> String {
        format!("{} rejects {}", self.name, self.whole)
    }
}

/// Words that files of a dialect are known by before they are read, or where they can't be.
#[derive(Clone, Copy, Default, Debug)]
pub struct Words {
    /// Those that stand in no other text: who has one is about policies, even where nothing of it can be read.
    pub telling: &'static [&'static str],
    /// Others that a file with a policy, a role, who assumes one, or what passes something on may have in their stead.
    pub possible: &'static [&'static str],
    /// Those without which no file declares what another one asks for.
    pub declaring: &'static [&'static str],
    /// Keys of a list of statements without a document around, beside `Statement`.
    pub statements: &'static [&'static str],
    /// Keys of documents, beside those whose names end as most do.
    pub documents: &'static [&'static str],
    /// Keys of trust policies.
    pub trust: &'static [&'static str],
    /// Keys of managed policies by their ARNs.
    pub managed: &'static [&'static str],
    /// The keys that lead from the root to a list of policies with names, an empty one for any.
    pub policies: &'static [&'static str],
    /// What statements that allow without saying so stand in.
    pub allowing: &'static [&'static str],
    /// What resources begin with that may have policies.
    pub holding: &'static [&'static str],
}

/// No dialect: there is no policy in the file.
#[derive(Debug)]
struct NoDialect;

impl Dialect for NoDialect {
    fn find(&self, _: &SourceFile<'_>, _: Rooms) -> Option<RecognisedFile> {
        None
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::Foreign
    }
}

/// What was found in one file.
#[derive(Debug)]
pub struct RecognisedFile {
    /// The dialect whose file it is.
    pub dialect: &'static dyn Dialect,
    /// What that knows of the file as a whole.
    pub state: Box<dyn State>,
    /// The policies.
    pub sites: Vec<Site>,
    /// What they belong to.
    pub owners: Vec<Owner>,
    /// The roles that it assumes, for a CI pipeline.
    pub pipeline: Option<Pipeline>,
    /// ARNs of roles that the dialect's tool deploys the file with.
    pub deployers: Vec<Item>,
    /// The targets, where the file itself tells of more than the config.
    pub environments: Option<Vec<Environment>>,
}

impl RecognisedFile {
    /// Nothing yet.
    pub fn of(dialect: &'static dyn Dialect) -> RecognisedFile {
        RecognisedFile {
            dialect,
            state: Box::new(Bare),
            sites: Vec::new(),
            owners: Vec::new(),
            pipeline: None,
            deployers: Vec::new(),
            environments: None,
        }
    }

    /// Nothing, in a file without policies.
    pub fn nothing() -> RecognisedFile {
        RecognisedFile::of(&NoDialect)
    }
}

/// What a resource is deployed as that is written as one of another type.
#[derive(Debug)]
pub struct DeployedAs {
    /// The type.
    pub type_name: &'static str,
    /// Properties of that type which are called otherwise, each with what it is called.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// What other files say of one that they read.
#[derive(Debug)]
pub struct ReaderFacts {
    /// What its policy is for: an unknown kind where they don't tell, or tell different ones.
    pub kind: (SiteKind, Option<&'static str>),
    /// What they give to its variables.
    pub state: Box<dyn State>,
}
