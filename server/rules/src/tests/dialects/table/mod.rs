//! The table. A row for each flaw; which dialects it has no place in stands in the row, with the reason.

mod actions;
mod conditions;
mod format;
mod pipeline;
mod privilege;
mod resources;
mod structure;

use super::dialect::Dialect::{self, *};
use super::row::{Except, Row};

/// All rows, rules in the order of the registry.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [
        format::ROWS,
        structure::ROWS,
        actions::ROWS,
        resources::ROWS,
        conditions::ROWS,
        privilege::ROWS,
        pipeline::ROWS,
    ]
    .into_iter()
    .flatten()
}

const NO_POLICY: Except = Except {
    dialects: &[GitHub, GitLab],
    why: "a pipeline contains no policy",
};

const NO_ATTACHMENT: Except = Except {
    dialects: &[
        Json,
        Yaml,
        ServerlessFunction,
        TerraformHeredoc,
        TerraformJsonString,
        StringInYaml,
        StringInJson,
        Plan,
    ],
    why: "nothing in it attaches a managed policy",
};

const PLAN: Except = Except {
    dialects: &[Plan],
    why: "a plan is generated from modules, which are what to fix",
};

const NO_TRUST: Except = Except {
    dialects: &[ServerlessProvider, ServerlessFunction],
    why: "the framework generates the trust policy of the functions' role",
};

const OF_FUNCTIONS: Except = Except {
    dialects: &[ServerlessProvider, ServerlessFunction],
    why: "the role is for the functions, and doesn't deploy",
};

const NO_PIPELINE: Except = Except {
    dialects: &DOCUMENTS,
    why: "only a pipeline has jobs that assume roles",
};

const DOCUMENTS: [Dialect; 16] = [
    Json,
    Yaml,
    CloudFormation,
    CloudFormationJson,
    Sam,
    ServerlessProvider,
    ServerlessFunction,
    ServerlessResources,
    TerraformBlocks,
    TerraformObject,
    TerraformHeredoc,
    TerraformJsonBlocks,
    TerraformJsonString,
    StringInYaml,
    StringInJson,
    Plan,
];
