//! What holds for every rule, and what tests of rules are written with.

mod again;
mod arguments;
mod boundaries;
mod calls;
mod cases;
mod denied;
mod dialects;
mod documented;
mod embedded;
mod equivalents;
pub mod fixture;
mod made;
mod of_aws;
mod permission_resources;
pub mod roles;
mod serverless;
mod silences;
mod silences_actions;
mod silences_conditions;
mod silences_engine;
mod silences_pipeline;
mod silences_privilege;
mod templates;
mod terraform;
mod together;
mod together_parts;
mod work;
