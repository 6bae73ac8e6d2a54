//! Generators: what the repository holds because a program wrote it. Each has a `--check` mode for continuous
//! integration, which compares and writes nothing. `new-rule` alone is for whoever writes a rule, and run once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a generator that meets what it does not expect stops"
)]

mod catalog;
mod config_schema;
mod new_rule;
mod packages;
mod sites;

use std::path::Path;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Generates the files of this repository that a program writes")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the catalog of AWS facts, server/catalog/data/, from the pinned packages
    Catalog {
        /// Compare with what is there, write nothing, and fail where they differ
        #[arg(long)]
        check: bool,
    },
    /// Write where CloudFormation templates hold policies, server/dialects/data/*.tsv, from the pinned schemas
    Sites {
        /// Compare with what is there, write nothing, and fail where they differ
        #[arg(long)]
        check: bool,
    },
    /// Write the JSON Schema of leastwise.toml, editors/schema/leastwise.schema.json, from the rules
    ConfigSchema {
        /// Compare with what is there, write nothing, and fail where they differ
        #[arg(long)]
        check: bool,
    },
    /// Lay a new rule: its file, its lines in the registry, its group and the list of changes, its rows in the table of
    /// fixtures; and write anew what is made of the rules
    NewRule {
        /// Its id: small letters, with `-` between the words
        id: Option<String>,
        /// What it belongs with: the folder of its file; without it, the groups are listed
        #[arg(long)]
        group: Option<String>,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Catalog { check } => catalog::run(check),
        Command::Sites { check } => sites::run(check),
        Command::ConfigSchema { check } => config_schema::run(check),
        Command::NewRule { id, group } => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            let (id, group) = new_rule::named(id, group)?;
            let said = new_rule::run(&root, &id, &group)?;
            let made = new_rule::generate(&root);
            print!("{said}");
            made
        }
    }
}
