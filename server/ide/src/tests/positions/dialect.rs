//! The dialects that the table is about, and the file that each writes around a statement.

use leastwise_syntax::Format;

use super::value::{Value, blocks, json, object, yaml};

/// A way to write a policy, or what belongs to one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dialect {
    Json,
    Yaml,
    Template,
    TemplateJson,
    Sam,
    Serverless,
    Organization,
    Blocks,
    Object,
    TerraformJson,
    Pipeline,
    Config,
}

pub const DIALECTS: [Dialect; 12] = [
    Dialect::Json,
    Dialect::Yaml,
    Dialect::Template,
    Dialect::TemplateJson,
    Dialect::Sam,
    Dialect::Serverless,
    Dialect::Organization,
    Dialect::Blocks,
    Dialect::Object,
    Dialect::TerraformJson,
    Dialect::Pipeline,
    Dialect::Config,
];

/// What a statement is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    Identity,
    Trust,
    Bucket,
}

/// How quotes and lists are written, where a dialect leaves the choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Block,
    Quoted,
    Flow,
    /// The quote at the cursor isn't closed yet, nor anything behind.
    Open,
}

impl Dialect {
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Json => "JSON",
            Dialect::Yaml => "YAML",
            Dialect::Template => "CFN",
            Dialect::TemplateJson => "CFN JSON",
            Dialect::Sam => "SAM",
            Dialect::Serverless => "SLS",
            Dialect::Organization => "Org",
            Dialect::Blocks => "TF blocks",
            Dialect::Object => "TF jsonencode",
            Dialect::TerraformJson => "tf.json",
            Dialect::Pipeline => "pipeline",
            Dialect::Config => "config",
        }
    }

    pub fn path(self) -> &'static str {
        match self {
            Dialect::Json => "shop.json",
            Dialect::Yaml => "shop.yaml",
            Dialect::Template | Dialect::Sam => "template.yaml",
            Dialect::TemplateJson => "template.json",
            Dialect::Serverless => "serverless.yml",
            Dialect::Organization => "roles.yml",
            Dialect::Blocks | Dialect::Object => "main.tf",
            Dialect::TerraformJson => "main.tf.json",
            Dialect::Pipeline => ".github/workflows/deploy.yml",
            Dialect::Config => "leastwise.toml",
        }
    }

    pub fn format(self) -> Format {
        match self {
            Dialect::Json | Dialect::TemplateJson | Dialect::TerraformJson => Format::Json,
            Dialect::Blocks | Dialect::Object => Format::Hcl,
            _ => Format::Yaml,
        }
    }

    /// Whether policies are written in it.
    pub fn has_policies(self) -> bool {
        !matches!(self, Dialect::Pipeline | Dialect::Config)
    }

    /// Whether it is one of the ways in which templates are written.
    pub fn is_template(self) -> bool {
        matches!(
            self,
            Dialect::Template
                | Dialect::TemplateJson
                | Dialect::Sam
                | Dialect::Serverless
                | Dialect::Organization
        )
    }

    pub fn styles(self) -> &'static [Style] {
        match self.format() {
            Format::Json => &[Style::Block, Style::Open],
            Format::Hcl => &[Style::Block],
            _ => &[Style::Block, Style::Quoted, Style::Flow],
        }
    }
}

/// A file with a statement in it. `None` where the dialect has no such.
pub fn file(dialect: Dialect, of: Of, style: Style, statement: &Value) -> Option<String> {
    let document = Value::Map(vec![
        ("Version".to_owned(), Value::Text("2012-10-17".to_owned())),
        ("Statement".to_owned(), Value::List(vec![statement.clone()])),
    ]);
    if let (Dialect::Serverless, Of::Identity) = (dialect, of) {
        let list = yaml(&Value::List(vec![statement.clone()]), style, 8);
        return Some(format!(
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:{list}\nresources:\n  Parameters:\n    AppId: {{Type: String}}\n  Resources:\n    Table:\n      Type: AWS::DynamoDB::Table\n"
        ));
    }
    document_in(dialect, of, style, &document)
}

/// A file with a policy document in it.
pub fn document_in(dialect: Dialect, of: Of, style: Style, document: &Value) -> Option<String> {
    let text = match dialect {
        Dialect::Json => json(document),
        Dialect::Yaml => match style {
            Style::Flow => yaml(document, style, 0).trim_start().to_owned(),
            _ => yaml(document, style, 0).trim_start_matches('\n').to_owned(),
        },
        Dialect::Template => resources_yaml(of, style, document, "", 0),
        Dialect::Organization => resources_yaml(of, style, document, ORGANIZATION, 0),
        Dialect::Sam if of == Of::Identity => format!(
            "Transform: AWS::Serverless-2016-10-31\n{PARAMETERS}Resources:\n{TABLE}  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        -{}\n",
            item(&yaml(document, style, 10))
        ),
        Dialect::Sam => resources_yaml(
            of,
            style,
            document,
            "Transform: AWS::Serverless-2016-10-31\n",
            0,
        ),
        Dialect::Serverless => resources_yaml(
            of,
            style,
            document,
            "service: shop\nprovider: {name: aws}\nresources:\n",
            2,
        ),
        Dialect::TemplateJson => format!(
            "{{\"Parameters\": {{\"AppId\": {{\"Type\": \"String\"}}}}, \"Resources\": {{\"Table\": {{\"Type\": \"AWS::DynamoDB::Table\", \"Properties\": {{}}}}, \"R\": {}}}}}",
            match of {
                Of::Identity => format!(
                    "{{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"Policies\": [{{\"PolicyName\": \"main\", \"PolicyDocument\": {}}}]}}}}",
                    json(document)
                ),
                Of::Trust => format!(
                    "{{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"AssumeRolePolicyDocument\": {}}}}}",
                    json(document)
                ),
                Of::Bucket => format!(
                    "{{\"Type\": \"AWS::S3::BucketPolicy\", \"Properties\": {{\"Bucket\": \"shop\", \"PolicyDocument\": {}}}}}",
                    json(document)
                ),
            }
        ),
        Dialect::Blocks => format!(
            "{MODULE}data \"aws_iam_policy_document\" \"main\" {{\n{}}}\n",
            blocks(document, 2)
        ),
        Dialect::Object => {
            let (kind, argument) = attached(of);
            format!(
                "{MODULE}resource \"{kind}\" \"main\" {{\n  {argument} = jsonencode({})\n}}\n",
                object(document, 2)
            )
        }
        Dialect::TerraformJson => format!(
            "{{\"resource\": {{\"aws_dynamodb_table\": {{\"orders\": {{\"name\": \"shop-orders\"}}}}}}, \"data\": {{\"aws_iam_policy_document\": {{\"main\": {}}}}}}}",
            json(&super::value::of_blocks(document))
        ),
        Dialect::Pipeline | Dialect::Config => return None,
    };
    Some(match style {
        Style::Open => {
            let cursor = text.find("$0")? + 2;
            text[..cursor].to_owned()
        }
        _ => text,
    })
}

const PARAMETERS: &str = "Parameters:\n  AppId: {Type: String}\n";
const TABLE: &str =
    "  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: orders}\n";
const ORGANIZATION: &str = "AWSTemplateFormatVersion: '2010-09-09-OC'\nOrganization:\n  Shop:\n    Type: OC::ORG::Account\n    Properties: {AccountName: shop, AccountId: '111111111111'}\nDefaultOrganizationBinding: {Account: !Ref Shop}\n";
/// What a module of Terraform has beside.
pub const MODULE: &str = "data \"aws_caller_identity\" \"current\" {}\n\nresource \"aws_dynamodb_table\" \"orders\" {\n  name = \"shop-orders\"\n}\n\n";

/// The resource that a policy belongs to, and its argument.
fn attached(of: Of) -> (&'static str, &'static str) {
    match of {
        Of::Identity => ("aws_iam_role_policy", "policy"),
        Of::Trust => ("aws_iam_role", "assume_role_policy"),
        Of::Bucket => ("aws_s3_bucket_policy", "policy"),
    }
}

fn resources_yaml(of: Of, style: Style, document: &Value, head: &str, margin: usize) -> String {
    let own = match of {
        Of::Identity => format!(
            "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: main\n          PolicyDocument:{}\n",
            yaml(document, style, 12 + margin)
        ),
        Of::Trust => format!(
            "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:{}\n",
            yaml(document, style, 8 + margin)
        ),
        Of::Bucket => format!(
            "  R:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: shop\n      PolicyDocument:{}\n",
            yaml(document, style, 8 + margin)
        ),
    };
    let body = format!("{PARAMETERS}Resources:\n{TABLE}");
    let moved = |text: &str| -> String {
        let pad = " ".repeat(margin);
        text.lines().map(|line| format!("{pad}{line}\n")).collect()
    };
    // The policy is written at its depth already.
    let (before, policy) = own.split_at(own.rfind("Document:").map_or(0, |at| at + 9));
    format!("{head}{}{}{policy}", moved(&body), moved(before).trim_end())
}

/// The first line of a block as what follows a dash.
fn item(block: &str) -> String {
    match block.strip_prefix('\n') {
        Some(rest) => format!(" {}", rest.trim_start()),
        None => block.to_owned(),
    }
}
