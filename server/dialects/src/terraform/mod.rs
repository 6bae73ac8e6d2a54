//! Terraform and OpenTofu: modules in the native and in the JSON syntax, and plans in their JSON form.

mod arguments;
mod attach;
pub(crate) mod blocks;
pub(crate) mod body;
mod by_shape;
mod calls;
pub(crate) mod comprehension;
mod content;
mod denied;
mod documents;
mod expected;
mod finder;
mod followed;
pub(crate) mod guards;
mod limits;
mod listed;
mod merging;
mod module;
pub(crate) mod notation;
mod other_providers;
mod passthrough;
mod paths;
mod permission;
mod plan;
mod public_block;
mod readers;
mod reference;
mod references;
mod referred;
mod relevant_owners;
pub(crate) mod resolve;
mod scope;
mod secrets;
mod sites;
mod skeletons;
mod spelling;
mod statements;
pub(crate) mod table;
mod taken;
mod templated_file;
pub(crate) mod text;
mod uses;

pub use module::callers::Caller;
pub use module::declared::Declared;
pub use module::{
    Block, Module, ModuleCall, ModuleVariable, Provider, is_module_file, is_variables_file,
};
pub use reference::{Reference, ResourceReference, Step};
pub(crate) use table::TerraformType;
pub use templated_file::Given;
pub(crate) use text::{is_null, is_plain_number, lists, merged};

use leastwise_model::BlockNames;
use leastwise_model::files::Files;
use leastwise_model::guard::ModuleNode;
use leastwise_model::notation::Notation;
use leastwise_syntax::{Format, Tree};

use crate::dialect::{
    Declaration, Dialect, Ending, Expected, ReaderFacts, RecognisedFile, Rooms, Surrounding,
    TargetPart, Tool, Words,
};
use crate::intrinsic::Bare;
use crate::source_file::SourceFile;
use crate::state::State;

/// What deploys a module.
const TOOL: Tool = Tool {
    name: "Terraform",
    whole: "the module",
};

/// Terraform and OpenTofu.
#[derive(Debug)]
pub(super) struct Terraform;

impl Dialect for Terraform {
    fn find(&self, asked: &SourceFile<'_>, _: Rooms) -> Option<RecognisedFile> {
        find(asked)
    }

    fn notation(&self) -> &'static dyn Notation {
        notation::NATIVE
    }

    fn blocks(&self) -> Option<&'static BlockNames> {
        Some(&blocks::NAMES)
    }

    fn tool(&self) -> Tool {
        TOOL
    }

    fn target_part(&self, name: &str) -> Option<TargetPart> {
        match name {
            _ if name.starts_with("data.aws_region.") => Some(TargetPart::Region),
            _ if name.ends_with(".dns_suffix") => Some(TargetPart::Suffix),
            _ => None,
        }
    }

    fn declarations(&self) -> Vec<Declaration> {
        skeletons::declarations()
    }

    fn expected(&self, at: &Surrounding<'_>, _: Rooms) -> Expected {
        expected::expected(at)
    }

    fn words(&self) -> Words {
        Words {
            telling: &["aws_iam_", "not_actions", "aws_lambda_permission"],
            // Statements for a module.
            possible: &["actions "],
            // In JSON, and in plans.
            declaring: &["aws_", "module"],
            allowing: &["data \"aws_iam_policy_document\""],
            holding: &["resource \"aws_iam_"],
            ..Words::default()
        }
    }

    fn endings(&self) -> &'static [Ending] {
        const HCL: Option<Format> = Some(Format::Hcl);
        const fn beside(name: &'static str) -> Ending {
            Ending {
                is_walked: false,
                ..Ending::of(name, HCL)
            }
        }
        const ENDINGS: [Ending; 5] = [
            Ending::of("tf", HCL),
            Ending::of("tofu", HCL),
            beside("tfvars"),
            beside("hcl"),
            Ending {
                is_filled_in: true,
                ..Ending::of("tftpl", None)
            },
        ];
        &ENDINGS
    }

    fn told_by_readers(&self, asked: &SourceFile<'_>) -> Option<ReaderFacts> {
        let read = readers::read(asked.tree, asked.path, &**asked.files);
        Some(ReaderFacts {
            kind: read.kind?,
            state: match read.given {
                Some(given) => Box::new(given),
                None => Box::new(Bare),
            },
        })
    }

    fn is_read_together(&self, path: &str) -> bool {
        is_module_file(path)
    }

    fn may_fill(&self, path: &str, files: &dyn Files) -> bool {
        readers::may_be_filled(path, files)
    }

    fn names_only(&self, tree: &Tree, path: &str, files: &dyn Files) -> Option<Box<dyn State>> {
        let is_of_one = is_module_file(path) || is_variables_file(path);
        is_of_one.then(|| Box::new(Module::read(tree, path, files)) as Box<dyn State>)
    }
}

/// The policies of a file of a module or of a plan; `None` for any other file.
fn find(asked: &SourceFile<'_>) -> Option<RecognisedFile> {
    let (tree, path) = (asked.tree, asked.path);
    match tree.format() {
        Format::Hcl => {}
        Format::Json if path.ends_with(".json") && is_module_file(path) => {}
        Format::Json | Format::Jsonc => return plan::find(tree),
        Format::Yaml => return None,
    }
    let marks = [
        "polic",
        "tatement",
        "aws_iam_access_key",
        "aws_lambda_permission",
    ];
    if is_variables_file(path) || !marks.into_iter().any(|word| tree.mentions(word)) {
        return Some(RecognisedFile::nothing());
    }
    let module = Module::read(tree, path, &**asked.files);
    let (sites, owners) = sites::find(&module, asked);
    Some(RecognisedFile {
        state: Box::new(module),
        sites,
        owners,
        ..RecognisedFile::of(&Terraform)
    })
}
