//! What holds for every rule, and what tests of rules are written with.

mod again;
mod cases;
mod dialects;
mod documented;
mod embedded;
pub mod fixture;
mod serverless;
mod terraform;
mod together;
