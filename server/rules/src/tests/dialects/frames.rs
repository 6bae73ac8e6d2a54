//! The file around a policy, in each dialect. What stands in it beside the policy is in order and stays as it is.

use super::dialect::{Dialect, Written};
use super::notation::Value;
use super::row::RowPolicy;
use super::words::{LITERAL, SERVERLESS, SUBSTITUTED, TEMPLATE, TERRAFORM};
use super::{hcl, json, yaml};

/// The ways in which a dialect writes a policy: none where it can't.
pub fn write(dialect: Dialect, policy: &RowPolicy) -> Vec<Written> {
    let (of, document) = match policy {
        RowPolicy::Identity(text) => (Of::Identity, Value::policy(text)),
        RowPolicy::Trust(text) => (Of::Trust, Value::policy(text)),
        RowPolicy::Bucket(text) => (Of::Bucket, Value::policy(text)),
        RowPolicy::Entries(text) => return entries(dialect, &Value::parse(text)),
        RowPolicy::Attached(text) => return attached(dialect, &Value::parse(text)),
        RowPolicy::Job(job) => return super::jobs::write(dialect, job),
    };
    let written = match dialect {
        Dialect::Json => plain_json(of, &document),
        Dialect::Yaml => plain_yaml(of, &document),
        Dialect::CloudFormation => template_yaml(of, &document),
        Dialect::CloudFormationJson => template_json(of, &document),
        Dialect::Sam => sam(of, &document),
        Dialect::ServerlessProvider => serverless_provider(of, &document),
        Dialect::ServerlessFunction => serverless_function(of, &document),
        Dialect::ServerlessResources => serverless_resources(of, &document),
        Dialect::TerraformBlocks => blocks(of, &document),
        Dialect::TerraformObject => object(of, &document),
        Dialect::TerraformHeredoc => heredoc(of, &document),
        Dialect::TerraformJsonBlocks => json_blocks(of, &document),
        Dialect::TerraformJsonString => json_string(of, &document),
        Dialect::StringInYaml => string_in_yaml(of, &document),
        Dialect::StringInJson => string_in_json(of, &document),
        Dialect::Plan => plan(of, &document),
        Dialect::GitHub | Dialect::GitLab => Vec::new(),
    };
    written
        .into_iter()
        .filter_map(|(style, path, text)| {
            Some(Written {
                style,
                path,
                text: text?,
                origin: "",
                beside: None,
            })
        })
        .collect()
}

/// What a policy belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Identity,
    Trust,
    Bucket,
}

/// A style's name, the file's path, and its text with marks.
type Styles = Vec<(&'static str, &'static str, Option<String>)>;

fn plain_json(of: Of, document: &Value) -> Styles {
    let path = match of {
        Of::Identity => "shop-deployer.json",
        Of::Trust => "shop-deployer-trust.json",
        Of::Bucket => "shop-bucket-policy.json",
    };
    let file = |indent| Some(json::value(document, &LITERAL, indent)? + "\n");
    vec![
        ("pretty", path, file(Some(0))),
        ("in one line", path, file(None)),
    ]
}

fn plain_yaml(of: Of, document: &Value) -> Styles {
    let path = match of {
        Of::Identity => "shop-deployer.yaml",
        Of::Trust => "shop-deployer-trust.yaml",
        Of::Bucket => "shop-bucket-policy.yaml",
    };
    let block = yaml::document(document, &LITERAL, 0);
    let flow = yaml::flow(document, &LITERAL);
    vec![
        (
            "block",
            path,
            block.map(|text| format!("# A policy.\n{text}\n")),
        ),
        (
            "flow",
            path,
            flow.map(|text| format!("# A policy.\n{text}\n")),
        ),
    ]
}

const LAMBDA: &str = "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}";

/// A template in YAML around what is written behind the key of a policy.
fn in_template(of: Of, transform: &str, policy: &str) -> String {
    let resources = match of {
        Of::Identity => format!(
            "  # Deploys the shop.
  ShopDeployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument: {LAMBDA}
      Policies:
        - PolicyName: deploy
          PolicyDocument:{policy}
"
        ),
        Of::Trust => format!(
            "  # Deploys the shop.
  ShopDeployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:{policy}
      Path: /
"
        ),
        Of::Bucket => format!(
            "  FilesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      PolicyDocument:{policy}
      Bucket: shop-files
"
        ),
    };
    format!(
        "{transform}Parameters:
  AppId: {{Type: String}} # given by the pipeline
Resources:
{resources}  Orders: # has its own policy elsewhere
    Type: AWS::SNS::Topic
"
    )
}

/// The indentation of the key that a template has a policy behind.
fn depth(of: Of) -> usize {
    if of == Of::Identity { 10 } else { 6 }
}

fn template_yaml(of: Of, document: &Value) -> Styles {
    let block = yaml::block(document, &TEMPLATE, depth(of));
    let flow = yaml::flow(document, &TEMPLATE).map(|text| format!(" {text}"));
    let long = yaml::block(document, &TEMPLATE, depth(of)).map(|text| long(&text));
    let path = "template.yaml";
    let file = |policy: Option<String>| policy.map(|policy| in_template(of, "", &policy));
    let organized = block.clone();
    let organized = organized.map(|policy| in_template(of, ORGANIZATION, &policy));
    vec![
        ("block", path, file(block)),
        ("flow", path, file(flow)),
        ("long functions", path, file(long)),
        ("in an organization", "roles.yml", organized),
    ]
}

/// What a template of OrgFormation begins with: it is for an account of an organization.
const ORGANIZATION: &str = "AWSTemplateFormatVersion: '2010-09-09-OC'
Organization:
  Shop: # runs it
    Type: OC::ORG::Account
    Properties: {AccountName: shop, AccountId: '111111111111'}
DefaultOrganizationBinding: {Account: !Ref Shop}
";

/// `!Sub x` written as a mapping.
fn long(text: &str) -> String {
    let line = |line: &str| match line.split_once("!Sub ") {
        Some((before, text)) => {
            // Behind a key the mapping begins on a line of its own, behind a dash on the same.
            let margin = " ".repeat(before.len() - before.trim_start().len() + 2);
            match before.trim_end().ends_with(':') {
                true => format!("{}\n{margin}Fn::Sub: {text}\n", before.trim_end()),
                false => format!("{before}Fn::Sub: {text}\n"),
            }
        }
        None => format!("{line}\n"),
    };
    let text: String = text.split('\n').map(line).collect();
    text.trim_end().to_owned()
}

fn in_json_template(of: Of, policy: &str) -> String {
    let (name, kind, properties) = match of {
        Of::Identity => (
            "ShopDeployer",
            "AWS::IAM::Role",
            format!(
                "\"RoleName\": \"shop-deployer\",
        \"AssumeRolePolicyDocument\": {{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": \
                 {{\"Service\": \"lambda.amazonaws.com\"}}, \"Action\": \"sts:AssumeRole\"}}]}},
        \"Policies\": [{{
          \"PolicyName\": \"deploy\",
          \"PolicyDocument\": {policy}
        }}]"
            ),
        ),
        Of::Trust => (
            "ShopDeployer",
            "AWS::IAM::Role",
            format!("\"AssumeRolePolicyDocument\": {policy}, \"Path\": \"/\""),
        ),
        Of::Bucket => (
            "FilesPolicy",
            "AWS::S3::BucketPolicy",
            format!("\"Bucket\": \"shop-files\", \"PolicyDocument\": {policy}"),
        ),
    };
    format!(
        "{{
  \"Parameters\": {{\"AppId\": {{\"Type\": \"String\"}}}},
  \"Resources\": {{
    \"{name}\": {{
      \"Type\": \"{kind}\",
      \"Properties\": {{
        {properties}
      }}
    }},
    \"Orders\": {{\"Type\": \"AWS::SNS::Topic\"}}
  }}
}}
"
    )
}

fn template_json(of: Of, document: &Value) -> Styles {
    let file = |indent| {
        let policy = json::value(document, &TEMPLATE, indent)?;
        Some(in_json_template(of, &policy))
    };
    vec![
        ("pretty", "template.json", file(Some(depth(of)))),
        ("in one line", "cdk.out/Shop.template.json", file(None)),
    ]
}

fn sam(of: Of, document: &Value) -> Styles {
    const TRANSFORM: &str = "Transform: AWS::Serverless-2016-10-31\n";
    let file = match of {
        Of::Identity => yaml::document(document, &TEMPLATE, 10).map(|policy| {
            format!(
                "{TRANSFORM}Parameters:
  AppId: {{Type: String}}
Resources:
  ShopDeployer: # deploys
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Policies:
        - {policy}
        - AWSXRayDaemonWriteAccess # tracing
"
            )
        }),
        _ => yaml::block(document, &TEMPLATE, depth(of))
            .map(|policy| in_template(of, TRANSFORM, &policy)),
    };
    vec![("block", "template.yaml", file)]
}

/// The statements of a document that has nothing else.
fn statements(document: &Value) -> Option<&Value> {
    match document {
        Value::Map(pairs) if pairs.len() == 2 => {
            document.get("Version")?;
            document.get("Statement")
        }
        _ => None,
    }
}

fn service(provider: &str, functions: &str, resources: &str) -> String {
    format!(
        "service: shop
provider:
  name: aws
  runtime: python3.12
{provider}functions:
  order: # takes orders
    handler: order.handler
{functions}  mail:
    handler: mail.handler
custom:
  account: ${{aws:accountId}}
{resources}"
    )
}

fn serverless_provider(of: Of, document: &Value) -> Styles {
    if of != Of::Identity {
        return Vec::new();
    }
    // The key that the statements stand under is `Statement` elsewhere.
    let key = |name: &str| match document {
        Value::Map(pairs) if pairs.iter().any(|(key, _)| key == "⟦Statement⟧") => {
            format!("⟦{name}⟧")
        }
        _ => name.to_owned(),
    };
    let new = statements(document)
        .and_then(|list| yaml::block(list, &SERVERLESS, 6))
        .map(|list| {
            service(
                &format!("  iam:\n    role:\n      {}:{list}\n", key("statements")),
                "",
                "",
            )
        });
    let old = statements(document)
        .and_then(|list| yaml::block(list, &SERVERLESS, 2))
        .map(|list| service(&format!("  {}:{list}\n", key("iamRoleStatements")), "", ""));
    let path = "serverless.yml";
    vec![
        ("iam.role.statements", path, new),
        ("iamRoleStatements", path, old),
    ]
}

fn serverless_function(of: Of, document: &Value) -> Styles {
    if of != Of::Identity {
        return Vec::new();
    }
    let text = statements(document)
        .and_then(|list| yaml::block(list, &SERVERLESS, 4))
        .map(|list| {
            let own = format!("    iamRoleStatements:{list}\n");
            let text = service("", &own, "");
            format!("plugins: [serverless-iam-roles-per-function]\n{text}")
        });
    vec![("block", "serverless.yml", text)]
}

fn serverless_resources(of: Of, document: &Value) -> Styles {
    let text = yaml::block(document, &SERVERLESS, depth(of)).map(|policy| {
        let template = in_template(of, "", &policy);
        let (_, resources) = template.split_once("Resources:\n").expect("resources");
        let resources: String = resources
            .lines()
            .map(|line| format!("  {line}\n"))
            .collect();
        service("", "", &format!("resources:\n  Resources:\n{resources}"))
    });
    vec![("block", "serverless.yml", text)]
}

const MODULE: &str = "data \"aws_caller_identity\" \"me\" {}
data \"aws_region\" \"here\" {}

locals {
  app = \"shop\" # the prefix
}
";

/// A module around what is written behind the argument of a policy, and what stands beside it.
fn module(of: Of, policy: &str, beside: &str) -> String {
    let resources = match of {
        Of::Identity => format!(
            "resource \"aws_iam_role_policy\" \"deploy\" {{
  role   = aws_iam_role.deployer.id
  policy = {policy}
}}

resource \"aws_iam_role\" \"deployer\" {{
  name = \"shop-deployer\"
}}
"
        ),
        Of::Trust => format!(
            "resource \"aws_iam_role\" \"deployer\" {{
  name               = \"shop-deployer\"
  assume_role_policy = {policy}
}}
"
        ),
        Of::Bucket => format!(
            "resource \"aws_s3_bucket_policy\" \"files\" {{
  bucket = \"shop-files\"
  policy = {policy}
}}
"
        ),
    };
    format!("{MODULE}\n# What the shop has.\n{resources}{beside}")
}

fn blocks(of: Of, document: &Value) -> Styles {
    let text = hcl::blocks(document, &TERRAFORM, 2).map(|body| {
        let data = format!("\ndata \"aws_iam_policy_document\" \"own\" {{\n{body}}}\n");
        module(of, "data.aws_iam_policy_document.own.json", &data)
    });
    vec![("blocks", "main.tf", text)]
}

fn object(of: Of, document: &Value) -> Styles {
    let text = hcl::value(document, &TERRAFORM, 2)
        .map(|value| module(of, &format!("jsonencode({value})"), ""));
    vec![("jsonencode", "main.tf", text)]
}

fn heredoc(of: Of, document: &Value) -> Styles {
    let text = |sign: &str, indent: usize| {
        let policy = json::value(document, &TERRAFORM, Some(indent))?;
        let margin = " ".repeat(indent);
        Some(module(
            of,
            &format!("{sign}EOT\n{margin}{policy}\n  EOT"),
            "",
        ))
    };
    // Without the hyphen the end stands at the left.
    let left = json::value(document, &TERRAFORM, Some(0))
        .map(|policy| module(of, &format!("<<POLICY\n{policy}\nPOLICY"), ""));
    vec![
        ("indented", "main.tf", text("<<-", 4)),
        ("at the left", "main.tf", left),
    ]
}

fn in_json_module(of: Of, policy: &str, data: &str) -> String {
    let resources = match of {
        Of::Identity => format!(
            "\"aws_iam_role_policy\": {{\"deploy\": {{\"role\": \"${{aws_iam_role.deployer.id}}\", \"policy\": {policy}}}}},
    \"aws_iam_role\": {{\"deployer\": {{\"name\": \"shop-deployer\"}}}}"
        ),
        Of::Trust => format!(
            "\"aws_iam_role\": {{\"deployer\": {{\"name\": \"shop-deployer\", \"assume_role_policy\": {policy}}}}}"
        ),
        Of::Bucket => format!(
            "\"aws_s3_bucket_policy\": {{\"files\": {{\"bucket\": \"shop-files\", \"policy\": {policy}}}}}"
        ),
    };
    format!(
        "{{
  \"locals\": {{\"app\": \"shop\"}},
  \"data\": {{
    {data}\"aws_caller_identity\": {{\"me\": {{}}}},
    \"aws_region\": {{\"here\": {{}}}}
  }},
  \"resource\": {{
    {resources}
  }}
}}
"
    )
}

fn json_blocks(of: Of, document: &Value) -> Styles {
    let text = hcl::objects(document)
        .and_then(|document| json::value(&document, &TERRAFORM, Some(6)))
        .map(|body| {
            let data =
                format!("\"aws_iam_policy_document\": {{\n      \"own\": {body}\n    }},\n    ");
            in_json_module(of, "\"${data.aws_iam_policy_document.own.json}\"", &data)
        });
    vec![("blocks", "main.tf.json", text)]
}

fn json_string(of: Of, document: &Value) -> Styles {
    let text = json::value(document, &TERRAFORM, None)
        .map(|policy| in_json_module(of, &format!("\"{}\"", json::escape(&policy)), ""));
    // As CDK for Terraform writes it.
    let object = hcl::value(document, &TERRAFORM, 0).filter(|object| !object.contains('#'));
    let encoded = object.map(|mut object| {
        // It aligns nothing.
        while object.contains("  =") {
            object = object.replace("  =", " =");
        }
        let expression = json::escape(&format!("${{jsonencode({object})}}"));
        in_json_module(of, &format!("\"{expression}\""), "")
    });
    vec![
        ("string", "main.tf.json", text),
        ("jsonencode", "main.tf.json", encoded),
    ]
}

fn string_in_yaml(of: Of, document: &Value) -> Styles {
    let literal = |indent| json::value(document, &LITERAL, indent);
    let margin = format!("\n{}", " ".repeat(depth(of) + 2));
    let file = |policy: Option<String>| policy.map(|policy| in_template(of, "", &policy));
    let lines = |policy: String| policy.replace('\n', &margin);
    let path = "template.yaml";
    vec![
        (
            "literal",
            path,
            file(literal(Some(0)).map(|text| format!(" |{margin}{}", lines(text)))),
        ),
        (
            "folded",
            path,
            file(literal(None).map(|text| format!(" >-{margin}{text}"))),
        ),
        (
            "in quotes",
            path,
            file(literal(None).map(|text| format!(" '{}' # why", text.replace('\'', "''")))),
        ),
        (
            "in double quotes",
            path,
            file(literal(None).map(|text| format!(" \"{}\"", json::escape(&text)))),
        ),
        (
            "of Fn::Sub",
            path,
            file(
                json::value(document, &SUBSTITUTED, Some(0))
                    .filter(|_| !has_variables(document))
                    .map(|text| format!(" !Sub |{margin}{}", lines(text))),
            ),
        ),
        (
            "of Fn::Sub with values",
            path,
            file(
                json::value(document, &SUBSTITUTED, None)
                    .filter(|_| !has_variables(document))
                    .map(|text| {
                        let text = text.replace('\'', "''");
                        format!("{margin}Fn::Sub:{margin}  - '{text}'{margin}  - {{X: '1'}}")
                    }),
            ),
        ),
        (
            "YAML, literal",
            path,
            file(yaml_text(document).map(|text| format!(" |{margin}{}", lines(text)))),
        ),
        (
            "YAML, in double quotes",
            path,
            file(yaml_text(document).map(|text| format!(" \"{}\"", json::escape(&text)))),
        ),
        (
            "in other data",
            "shop-deployer.yaml",
            literal(Some(0))
                .filter(|_| of == Of::Identity && !names_principals(document))
                .map(|text| {
                    format!(
                        "name: shop # an app\nPolicy: |\n  {}\nmore: [1]\n",
                        text.replace('\n', "\n  ")
                    )
                }),
        ),
    ]
}

/// A document in YAML for a string. A text that YAML can't read is none at all: it may be anything.
fn yaml_text(document: &Value) -> Option<String> {
    let whole = !document.has(&|value| *value == Value::Gap);
    yaml::document(document, &LITERAL, 0).filter(|_| whole)
}

/// Whether a document has variables as they are written: `Fn::Sub` of the whole would take them for its own.
fn has_variables(document: &Value) -> bool {
    document.has(&|value| matches!(value, Value::Text(text) if text.contains("${")))
}

/// Whether a document that stands alone is taken for the policy of a resource.
fn names_principals(document: &Value) -> bool {
    document.has(&|value| value.get("Principal").is_some())
}

fn string_in_json(of: Of, document: &Value) -> Styles {
    let string = |text: &str| format!("\"{}\"", json::escape(text));
    let literal = json::value(document, &LITERAL, None);
    let lines = json::value(document, &LITERAL, Some(0));
    let sub = json::value(document, &SUBSTITUTED, None).filter(|_| !has_variables(document));
    let file = |policy: Option<String>| policy.map(|policy| in_json_template(of, &policy));
    let nested = literal
        .as_ref()
        .map(|text| format!("{{\"Policy\": {}}}", string(text)));
    let other = |text: Option<String>| {
        text.filter(|_| of == Of::Identity && !names_principals(document))
            .map(|text| format!("{{\"name\": \"shop\", \"state\": [{}]}}\n", string(&text)))
    };
    vec![
        (
            "in one line",
            "template.json",
            file(literal.as_deref().map(string)),
        ),
        (
            "with line breaks",
            "template.json",
            file(lines.as_deref().map(string)),
        ),
        (
            "of Fn::Sub",
            "template.json",
            file(sub.map(|text| format!("{{\"Fn::Sub\": {}}}", string(&text)))),
        ),
        (
            "YAML",
            "template.json",
            file(yaml_text(document).as_deref().map(string)),
        ),
        ("in other data", "shop-deployer.json", other(literal)),
        (
            "in a string in a string",
            "shop-deployer.json",
            other(nested),
        ),
    ]
}

fn plan(of: Of, document: &Value) -> Styles {
    let resource = |kind: &str, values: &str| {
        format!(
            "{{\"address\": \"{kind}.it\", \"mode\": \"managed\", \"type\": \"{kind}\", \"name\": \"it\", \"values\": {{{values}}}}}"
        )
    };
    let text = json::value(document, &LITERAL, None).map(|policy| {
        let policy = format!("\"{}\"", json::escape(&policy));
        let role = "\"name\": \"shop-deployer\"";
        let resources = match of {
            Of::Identity => format!(
                "{},\n    {}",
                resource("aws_iam_role", role),
                resource(
                    "aws_iam_role_policy",
                    &format!("\"role\": \"shop-deployer\", \"policy\": {policy}")
                )
            ),
            Of::Trust => resource("aws_iam_role", &format!("{role}, \"assume_role_policy\": {policy}")),
            Of::Bucket => resource(
                "aws_s3_bucket_policy",
                &format!("\"bucket\": \"shop-files\", \"policy\": {policy}"),
            ),
        };
        format!(
            "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.0\", \"planned_values\": {{\"root_module\": {{\"resources\": [
    {resources}
]}}}}}}
"
        )
    });
    vec![("plan", "plan.json", text)]
}

/// Entries of SAM's `Policies`.
fn entries(dialect: Dialect, list: &Value) -> Vec<Written> {
    let text = yaml::block(list, &TEMPLATE, 6).filter(|_| dialect == Dialect::Sam);
    text.into_iter()
        .map(|list| Written {
            style: "block",
            path: "template.yaml",
            text: format!(
                "Transform: AWS::Serverless-2016-10-31
Resources:
  Import: # nightly
    Type: AWS::Serverless::Function
    Properties:
      Policies:{list}
      Timeout: 30
"
            ),
            origin: "",
            beside: None,
        })
        .collect()
}

/// A role with managed policies.
fn attached(dialect: Dialect, list: &Value) -> Vec<Written> {
    let items: Vec<&str> = match list {
        Value::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let template = |list: &str| {
        format!(
            "Resources:
  Orders: # takes orders
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {LAMBDA}
      ManagedPolicyArns:{list}
"
        )
    };
    let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    let quoted = quoted.join(", ");
    let (path, text) = match dialect {
        Dialect::CloudFormation => (
            "template.yaml",
            yaml::block(list, &TEMPLATE, 6).map(|list| template(&list)),
        ),
        Dialect::CloudFormationJson => (
            "template.json",
            Some(format!(
                "{{\"Resources\": {{\"Orders\": {{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"ManagedPolicyArns\": [{quoted}]}}}}}}}}\n"
            )),
        ),
        Dialect::Sam => (
            "template.yaml",
            yaml::block(list, &TEMPLATE, 6).map(|list| {
                format!(
                    "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:{list}
      Timeout: 30
"
                )
            }),
        ),
        Dialect::ServerlessProvider => (
            "serverless.yml",
            yaml::block(list, &SERVERLESS, 6).map(|list| {
                service(
                    &format!("  iam:\n    role:\n      managedPolicies:{list}\n"),
                    "",
                    "",
                )
            }),
        ),
        Dialect::ServerlessResources => (
            "serverless.yml",
            yaml::block(list, &SERVERLESS, 6).map(|list| {
                let template = template(&list);
                let lines = template.lines().map(|line| format!("  {line}\n"));
                service(
                    "",
                    "",
                    &format!("resources:\n{}", lines.collect::<String>()),
                )
            }),
        ),
        Dialect::TerraformBlocks => {
            let attachment = |(at, item): (usize, &&str)| {
                format!(
                    "resource \"aws_iam_role_policy_attachment\" \"orders_{at}\" {{\n  role       = aws_iam_role.orders.name\n  policy_arn = \"{item}\"\n}}\n"
                )
            };
            let attachments: String = items.iter().enumerate().map(attachment).collect();
            (
                "main.tf",
                Some(format!(
                    "{attachments}\nresource \"aws_iam_role\" \"orders\" {{\n  name = \"shop-orders\"\n}}\n"
                )),
            )
        }
        Dialect::TerraformObject => (
            "main.tf",
            Some(format!(
                "resource \"aws_iam_role\" \"orders\" {{\n  name                = \"shop-orders\"\n  managed_policy_arns = [{quoted}]\n}}\n"
            )),
        ),
        Dialect::TerraformJsonBlocks => (
            "main.tf.json",
            Some(format!(
                "{{\"resource\": {{\"aws_iam_role\": {{\"orders\": {{\"name\": \"shop-orders\", \"managed_policy_arns\": [{quoted}]}}}}}}}}\n"
            )),
        ),
        _ => return Vec::new(),
    };
    let organized = text.as_ref().filter(|_| dialect == Dialect::CloudFormation);
    let organized = organized.map(|text| format!("{ORGANIZATION}{text}"));
    let styles = [
        ("attached", path, text),
        ("attached in an organization", "roles.yml", organized),
    ];
    let written = styles.into_iter().filter_map(|(style, path, text)| {
        Some(Written {
            style,
            path,
            text: text?,
            origin: "",
            beside: None,
        })
    });
    written.collect()
}
