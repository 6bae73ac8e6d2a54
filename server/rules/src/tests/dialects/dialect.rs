//! The dialects that the table is written in.

/// A way to write a policy, or to assume a role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dialect {
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
    GitHub,
    GitLab,
}

/// All of them.
pub const DIALECTS: [Dialect; 18] = [
    Dialect::Json,
    Dialect::Yaml,
    Dialect::CloudFormation,
    Dialect::CloudFormationJson,
    Dialect::Sam,
    Dialect::ServerlessProvider,
    Dialect::ServerlessFunction,
    Dialect::ServerlessResources,
    Dialect::TerraformBlocks,
    Dialect::TerraformObject,
    Dialect::TerraformHeredoc,
    Dialect::TerraformJsonBlocks,
    Dialect::TerraformJsonString,
    Dialect::StringInYaml,
    Dialect::StringInJson,
    Dialect::Plan,
    Dialect::GitHub,
    Dialect::GitLab,
];

impl Dialect {
    /// What it is called in the documentation, and for short in a table's head.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Dialect::Json => ("JSON", "a policy document in JSON"),
            Dialect::Yaml => ("YAML", "a policy document in YAML"),
            Dialect::CloudFormation => ("CFN", "a CloudFormation template in YAML"),
            Dialect::CloudFormationJson => (
                "CFN JSON",
                "a CloudFormation template in JSON, `cdk.out` among them",
            ),
            Dialect::Sam => (
                "SAM",
                "`Policies` of a SAM function, and IAM's resources in a SAM template",
            ),
            Dialect::ServerlessProvider => (
                "SLS provider",
                "`provider.iam.role.statements` of a Serverless service",
            ),
            Dialect::ServerlessFunction => (
                "SLS function",
                "`iamRoleStatements` of one of its functions",
            ),
            Dialect::ServerlessResources => (
                "SLS resources",
                "`resources.Resources` of a Serverless service",
            ),
            Dialect::TerraformBlocks => ("TF blocks", "`aws_iam_policy_document` of Terraform"),
            Dialect::TerraformObject => ("TF jsonencode", "`jsonencode({…})`"),
            Dialect::TerraformHeredoc => ("TF heredoc", "JSON in a heredoc"),
            Dialect::TerraformJsonBlocks => (
                "tf.json blocks",
                "`aws_iam_policy_document` in Terraform's JSON syntax",
            ),
            Dialect::TerraformJsonString => ("tf.json string", "a JSON string in it"),
            Dialect::StringInYaml => (
                "in YAML string",
                "JSON in a string of a YAML file: block scalars, quotes, `!Sub`",
            ),
            Dialect::StringInJson => ("in JSON string", "JSON in a string of a JSON file"),
            Dialect::Plan => ("plan", "what `terraform show -json` prints"),
            Dialect::GitHub => ("GitHub", "a GitHub Actions workflow"),
            Dialect::GitLab => ("GitLab", "a GitLab CI pipeline"),
        }
    }
}

/// A policy as a dialect writes it.
#[derive(Debug)]
pub struct Written {
    /// Which of the dialect's ways it is.
    pub style: &'static str,
    pub path: &'static str,
    /// The file, with marks.
    pub text: String,
    /// The host and path of the repository's `origin`, where the policy is about it.
    pub origin: &'static str,
    /// A template beside it.
    pub beside: Option<String>,
}
