//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use leastwise_model::Level;

use crate::report::{self, EMITTERS, Emitter};

/// Checks, explains and fixes AWS IAM policies where they are written: JSON, YAML, CloudFormation, SAM, Serverless, Terraform, CI pipelines
#[derive(Parser, Debug)]
#[command(name = "leastwise", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check the policies in files and folders
    Check(CheckArgs),
    /// Print each policy of a file as resolved in each environment, as JSON
    Resolve(ResolveArgs),
    /// Explain an action, a wildcard, a service, an ARN, a condition key, a CloudFormation type or a rule
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Run the language server on standard input and output
    Lsp(LspArgs),
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("mending").args(["fix", "diff"]))]
pub(crate) struct CheckArgs {
    /// Files and folders; folders are walked, without files that .gitignore names
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Use this config instead of the nearest leastwise.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to print findings
    #[arg(long, value_parser = formats(), default_value = "text")]
    pub format: &'static dyn Emitter,
    /// Exit with 1 if there is a finding of this severity or above
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = SeverityArg::Error)]
    pub fail_on: SeverityArg,
    /// The lowest severity that text, concise and github show; json and sarif always contain all
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = SeverityArg::Warning)]
    pub show: SeverityArg,
    /// Count the findings of each rule: text shows only the counts, json both
    #[arg(long)]
    pub statistics: bool,
    /// Apply the fixes that don't change what is granted
    #[arg(long)]
    pub fix: bool,
    /// With --fix or --diff: also apply fixes of errors and warnings that change what is granted, if the intent is clear
    #[arg(long, requires = "mending")]
    pub unsafe_fixes: bool,
    /// Print what --fix would change, change nothing, and exit with 1 if it would change anything
    #[arg(long)]
    pub diff: bool,
    /// Run only these rules, even those that are off
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub rule: Vec<String>,
    /// Don't exit with 2 if no file can be checked
    #[arg(long)]
    pub allow_empty: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ResolveArgs {
    /// The file whose policies to print
    pub file: PathBuf,
    /// Use this config instead of the nearest leastwise.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only the environments of this account, by its name in the config or its ID
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Take the file's text from standard input, as an editor has it before it is saved
    #[arg(long)]
    pub stdin: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// `lambda:CreateFunction`, `s3:Get*`, `sqs`, `arn:aws:…`, `aws:SourceArn`, `AWS::S3::Bucket`, `wildcard-resource`
    pub what: String,
}

#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    /// How to print the rules
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

#[derive(Args, Debug)]
pub(crate) struct LspArgs {
    /// Standard input and output: the only transport, so this changes nothing
    #[arg(long)]
    pub stdio: bool,
    /// The editor's process id: the server ends when it does
    #[arg(long = "clientProcessId", value_name = "PID", hide = true)]
    pub client_process_id: Option<u32>,
}

/// The names of the formats of `check`, and what each is.
fn formats() -> impl TypedValueParser<Value = &'static dyn Emitter> {
    let names = EMITTERS
        .iter()
        .map(|emitter| PossibleValue::new(emitter.name()).help(emitter.about()));
    PossibleValuesParser::new(names)
        .try_map(|name| report::emitter(&name).ok_or("this format doesn't exist"))
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OutputFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SeverityArg {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Everything
    Suggestion,
}

impl SeverityArg {
    pub(crate) fn level(self) -> Level {
        match self {
            SeverityArg::Error => Level::Error,
            SeverityArg::Warning => Level::Warning,
            SeverityArg::Suggestion => Level::Suggestion,
        }
    }
}
