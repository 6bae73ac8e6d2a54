//! What a reference gives that is the name or id of a resource and not its ARN, and how its ARN is written: by the attribute
//! that the type has, else spelled out.

use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_dialects::{Resource, terraform};
use leastwise_model::Item;
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_syntax::Format;
use leastwise_syntax::write::Value;

use crate::Context;

/// What an item refers to.
pub(super) struct Referred {
    /// What it is called in the file.
    pub name: String,
    /// Its type, in the words of the dialect.
    pub type_name: String,
    /// `name`, `id` or `URL`, where that is surely what stands here.
    pub gives: Option<&'static str>,
    /// Its ARN, where it can be written.
    pub arn: Option<Written>,
}

impl Referred {
    /// Whether it is a role or user, which may call AWS.
    pub(super) fn is_identity(&self) -> bool {
        const IDENTITIES: [&str; 4] = [
            "AWS::IAM::Role",
            "AWS::IAM::User",
            "aws_iam_role",
            "aws_iam_user",
        ];
        IDENTITIES.contains(&self.type_name.as_str())
    }
}

/// How an ARN is written.
#[derive(Clone)]
pub(super) enum Written {
    /// By an attribute: of what, and its name.
    Attribute(String, &'static str),
    /// With what `Ref` gives in its place.
    Spelled(String),
}

impl Written {
    /// As it is shown to the user.
    pub(super) fn shown(&self) -> String {
        match self {
            Written::Attribute(of, attribute) => format!("{of}.{attribute}"),
            Written::Spelled(text) => text.clone(),
        }
    }

    /// As it is put into the file.
    pub(super) fn value(&self, context: &Context<'_>) -> Value {
        match self {
            // Terraform's JSON has expressions in strings.
            Written::Attribute(of, attribute)
                if context.analysis.module().is_some() && context.tree.format() != Format::Hcl =>
            {
                Value::Str(format!("${{{of}.{attribute}}}"))
            }
            Written::Attribute(of, attribute) => Value::Attribute {
                of: of.clone(),
                attribute: (*attribute).to_owned(),
            },
            Written::Spelled(text) => Value::Sub(text.clone()),
        }
    }
}

/// What an item that is one reference refers to.
pub(super) fn referred(context: &Context<'_>, item: &Item) -> Option<Referred> {
    let [part] = item.text.parts.as_slice() else {
        return None;
    };
    match part {
        Part::Variable { name, .. } if context.analysis.module().is_some() => of_terraform(name),
        Part::Variable { name, .. } => {
            let resource = context.analysis.template()?.resources.get(name)?;
            let kind = catalog().cfn_type(&resource.type_name)?;
            Some(Referred {
                name: name.clone(),
                type_name: resource.type_name.clone(),
                gives: gives(kind).filter(|_| !name.contains("${")),
                arn: written(context, name, resource, kind),
            })
        }
        _ => None,
    }
}

/// Whether an item is surely the name, the id or the URL of something, where no action works.
pub(crate) fn is_name(context: &Context<'_>, item: &Item) -> bool {
    referred(context, item).is_some_and(|of| of.gives.is_some())
}

/// What `Ref` gives for a type, where that is surely no ARN.
fn gives(kind: CfnType) -> Option<&'static str> {
    match kind.ref_returns()? {
        RefReturns::Name => Some("name"),
        RefReturns::Url => Some("URL"),
        RefReturns::Id => id(kind).map(|_| "id"),
        RefReturns::Arn => None,
    }
}

/// The placeholder of a type's ARN that its id, which `Ref` gives, stands for. That an identifier is called `Id` alone says
/// little.
fn id(kind: CfnType) -> Option<&'static str> {
    let mut identifier = kind.primary_identifier();
    let (only, None) = (identifier.next()?, identifier.next()) else {
        return None;
    };
    let short = kind.name().rsplit("::").next().unwrap_or_default();
    let is_own = |name: &&str| match only {
        "Id" => name.eq_ignore_ascii_case(&format!("{short}Id")),
        only => name.eq_ignore_ascii_case(only),
    };
    placeholders(kind.arn_template()?).find(is_own)
}

/// The names in braces of an ARN template.
fn placeholders(template: &'static str) -> impl Iterator<Item = &'static str> {
    let parts = template.split("${").skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

/// How the ARN of a template's resource is written.
fn written(
    context: &Context<'_>,
    name: &str,
    resource: &Resource,
    kind: CfnType,
) -> Option<Written> {
    if let Some(attribute) = kind.arn_attribute() {
        return Some(Written::Attribute(name.to_owned(), attribute));
    }
    let template = kind.arn_template()?;
    let own = match kind.ref_returns()? {
        RefReturns::Name => kind.name_property()?,
        RefReturns::Id => id(kind)?,
        RefReturns::Url | RefReturns::Arn => return None,
    };
    let mut text = String::new();
    let mut rest = template;
    while let Some((literal, behind)) = rest.split_once("${") {
        let (placeholder, behind) = behind.split_once('}')?;
        text.push_str(literal);
        rest = behind;
        match placeholder {
            "Partition" => text.push_str("${AWS::Partition}"),
            "Region" => text.push_str("${AWS::Region}"),
            "Account" => text.push_str("${AWS::AccountId}"),
            _ if placeholder.eq_ignore_ascii_case(own) => text.push_str(&format!("${{{name}}}")),
            _ if placeholder.strip_suffix("WithoutLeadingSlash") == Some(own) => {
                if begins_with_slash(context, name, resource, own)? {
                    text.truncate(text.trim_end_matches('/').len());
                }
                text.push_str(&format!("${{{name}}}"));
            }
            _ => return None,
        }
    }
    text.push_str(rest);
    (!text.contains(['*', '?'])).then_some(Written::Spelled(text))
}

/// Whether a resource's name begins with a slash; `None` where that isn't known. One that AWS makes up doesn't.
fn begins_with_slash(
    context: &Context<'_>,
    name: &str,
    resource: &Resource,
    property: &str,
) -> Option<bool> {
    if !resource.sets(context.tree, property) {
        return Some(false);
    }
    let span = context.tree.span(resource.key);
    let text = Text {
        parts: vec![Part::Variable {
            name: name.to_owned(),
            span,
        }],
        node: resource.key,
        span,
    };
    let values = values(context, &text);
    let slash = |of: &Pattern| of.known_prefix().starts_with('/');
    let known = |of: &Pattern| !of.known_prefix().is_empty();
    match values.iter().all(known) && !values.is_empty() {
        true if values.iter().all(slash) => Some(true),
        true if !values.iter().any(slash) => Some(false),
        _ => None,
    }
}

/// Of a reference to an attribute of one of Terraform's resources.
fn of_terraform(name: &str) -> Option<Referred> {
    // A variable that is a name has no ARN beside it.
    let parts: Vec<&str> = name.split('.').collect();
    let (kind, attribute) = match parts.as_slice() {
        ["data", kind, _, attribute] | [kind, _, attribute] => (*kind, *attribute),
        _ => return None,
    };
    let (address, _) = name.rsplit_once('.').filter(|_| kind.contains('_'))?;
    Some(Referred {
        name: address.to_owned(),
        type_name: kind.to_owned(),
        // What a data source looks up has attributes of its own.
        gives: match parts.len() {
            3 => terraform::gives(kind, attribute),
            _ => None,
        },
        arn: terraform::has_arn(kind).then(|| Written::Attribute(address.to_owned(), "arn")),
    })
}

/// Of an attribute `Arn` that a type doesn't have: the type's name, and the one that it has.
pub(super) fn misnamed(context: &Context<'_>, item: &Item) -> Option<(String, Written)> {
    let [
        Part::Attribute {
            resource,
            attribute,
            ..
        },
    ] = item.text.parts.as_slice()
    else {
        return None;
    };
    let declared = context.analysis.template()?.resources.get(resource)?;
    let own = catalog().cfn_type(&declared.type_name)?.arn_attribute()?;
    let wrong = attribute == "Arn" && own != "Arn";
    wrong.then(|| {
        let written = Written::Attribute(resource.clone(), own);
        (declared.type_name.clone(), written)
    })
}

/// The ARNs of what an item is the name, the id, the URL or another attribute of.
pub(super) fn arns(context: &Context<'_>, item: &Item) -> Vec<Pattern> {
    let part = match item.text.parts.as_slice() {
        [Part::Variable { name, span }] if context.analysis.module().is_some() => {
            let Some((address, _)) = name.rsplit_once('.') else {
                return Vec::new();
            };
            Part::Variable {
                name: format!("{address}.arn"),
                span: *span,
            }
        }
        [Part::Variable { name, span }] => Part::Attribute {
            resource: name.clone(),
            attribute: "Arn".to_owned(),
            span: *span,
        },
        [part @ Part::Attribute { .. }] => part.clone(),
        _ => return Vec::new(),
    };
    let text = Text {
        node: item.text.node,
        span: item.text.span,
        parts: vec![part],
    };
    values(context, &text)
}

/// What a text stands for in any environment.
fn values(context: &Context<'_>, text: &Text) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = Vec::new();
    for environment in &context.analysis.environments {
        let analysis = context.analysis;
        for value in analysis.resolve(context.tree, text, environment, true) {
            if !found.contains(&value.pattern) {
                found.push(value.pattern);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::resources::invalid_arn::RULE;
    use crate::tests::fixture::{Fixture, check, mend};

    /// A template with a resource `Own`, and a statement that takes it for a resource.
    fn template(declared: &str, action: &str, resource: &str) -> String {
        format!(
            "Resources:
  Own: {{{declared}}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: {resource}
"
        )
    }

    #[test]
    fn by_the_attribute_that_the_type_has_else_spelled_out() {
        for (declared, action, after) in [
            (
                "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}",
                "dynamodb:GetItem",
                "!GetAtt Own.Arn",
            ),
            (
                "Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: shop}",
                "rds:StartDBInstance",
                "!GetAtt Own.DBInstanceArn",
            ),
            (
                "Type: AWS::RDS::DBInstance",
                "rds:StartDBInstance",
                "!GetAtt Own.DBInstanceArn",
            ),
            (
                "Type: AWS::CodePipeline::Pipeline, Properties: {Name: shop}",
                "codepipeline:StartPipelineExecution",
                "!GetAtt Own.Arn",
            ),
            (
                "Type: AWS::Glue::Job, Properties: {Name: shop}",
                "glue:StartJobRun",
                "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Own}",
            ),
            (
                "Type: AWS::SSM::Document, Properties: {Name: shop}",
                "ssm:SendCommand",
                "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:document/${Own}",
            ),
            (
                "Type: AWS::SSM::Parameter, Properties: {Name: /shop/level}",
                "ssm:GetParameter",
                "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Own}",
            ),
            (
                "Type: AWS::SSM::Parameter, Properties: {Name: level}",
                "ssm:GetParameter",
                "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Own}",
            ),
            (
                "Type: AWS::SSM::Parameter",
                "ssm:GetParameter",
                "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Own}",
            ),
            (
                "Type: AWS::EC2::Instance",
                "ec2:StartInstances",
                "!Sub arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/${Own}",
            ),
            ("Type: AWS::IAM::Role", "iam:PassRole", "!GetAtt Own.Arn"),
            (
                "Type: AWS::ECR::Repository",
                "ecr:BatchGetImage",
                "!GetAtt Own.Arn",
            ),
            ("Type: AWS::KMS::Key", "kms:Decrypt", "!GetAtt Own.Arn"),
            (
                "Type: AWS::SQS::Queue",
                "sqs:SendMessage",
                "!GetAtt Own.Arn",
            ),
            (
                "Type: AWS::Serverless::Function, Properties: {FunctionName: shop}",
                "lambda:InvokeFunction",
                "!GetAtt Own.Arn",
            ),
        ] {
            let before = template(declared, action, "!Ref Own");
            let after = template(declared, action, after);
            let mended = mend(&RULE, &before, "");
            assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
        }
    }

    #[test]
    fn what_may_be_an_arn_is_left() {
        for (declared, action, resource) in [
            // By `Ref`.
            ("Type: AWS::SNS::Topic", "sns:Publish", "!Ref Own"),
            (
                "Type: AWS::SecretsManager::Secret",
                "secretsmanager:GetSecretValue",
                "!Ref Own",
            ),
            (
                "Type: AWS::SNS::Topic",
                "sns:Publish",
                "!GetAtt Own.TopicArn",
            ),
            // What such an id is isn't known.
            (
                "Type: AWS::AppMesh::Mesh",
                "appmesh:DescribeMesh",
                "!Ref Own",
            ),
            // A name that is known may be one with a slash, or none.
            (
                "Type: AWS::SSM::Parameter, Properties: {Name: !Ref Level}",
                "ssm:GetParameter",
                "!Sub 'arn:aws:ssm:eu-west-1:111111111111:parameter${Own}'",
            ),
            // No resource of the template.
            ("Type: AWS::IAM::Role", "iam:PassRole", "!Ref Other"),
        ] {
            check(&RULE, &template(declared, action, resource), "");
        }
        let declared = "Type: AWS::SSM::Parameter, Properties: {Name: !ImportValue Level}";
        let text = template(declared, "ssm:GetParameter", "!Ref Own");
        let found = Fixture::new(&text, "").findings(&RULE);
        assert!(found[0].fixes.is_empty(), "{found:?}");
    }

    #[test]
    fn an_attribute_that_a_type_lacks() {
        let declared = "Type: AWS::SNS::Topic";
        let text = template(declared, "sns:Publish", "!GetAtt Own.Arn");
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(
            found[0].message,
            "`AWS::SNS::Topic` has no attribute `Arn`: CloudFormation refuses the template."
        );
        assert_eq!(
            mend(&RULE, &text, ""),
            text.replace("Own.Arn", "Own.TopicArn")
        );
    }

    #[test]
    fn a_principal_by_its_name() {
        let template = |principal: &str| {
            format!(
                "Resources:
  Own: {{Type: AWS::IAM::Role, Properties: {{RoleName: shop}}}}
  Free: {{Type: AWS::IAM::User}}
  Files: {{Type: AWS::S3::Bucket}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}}
"
            )
        };
        for (principal, mended, message) in [
            (
                "!Ref Own",
                "!GetAtt Own.Arn",
                "This is the name of `Own`, which is no ARN: AWS refuses this policy.",
            ),
            (
                "[!Ref Free]",
                "[!GetAtt Free.Arn]",
                "This is the name of `Free`, which is no ARN: AWS refuses this policy.",
            ),
        ] {
            let text = template(principal);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found[0].message, message);
            assert_eq!(mend(&RULE, &text, ""), template(mended));
        }
        check(&RULE, &template("!GetAtt Own.Arn"), "");
        check(&RULE, &template("!Ref Account"), "");
    }

    #[test]
    fn in_the_long_form_and_in_json() {
        let text = template("Type: AWS::IAM::Role", "iam:PassRole", "{Ref: Own}");
        let mended = text.replace(" {Ref: Own}", "\n              Fn::GetAtt: [Own, Arn]");
        assert_eq!(mend(&RULE, &text, ""), mended);
        let json = |resource: &str| {
            format!(
                r#"{{
  "Resources": {{
    "Own": {{"Type": "AWS::SQS::Queue"}},
    "P": {{
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {{
        "PolicyDocument": {{
          "Version": "2012-10-17",
          "Statement": [{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {resource}}}]
        }}
      }}
    }}
  }}
}}
"#
            )
        };
        assert_eq!(
            mend(&RULE, &json(r#"{"Ref": "Own"}"#), ""),
            json(r#"{"Fn::GetAtt": ["Own", "Arn"]}"#)
        );
    }

    #[test]
    fn in_terraform() {
        let module = |resource: &str| {
            format!(
                "resource \"aws_iam_role\" \"own\" {{}}
resource \"aws_sns_topic\" \"news\" {{}}
data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [\"iam:PassRole\"]
    resources = [{resource}]
  }}
}}
"
            )
        };
        for resource in ["aws_iam_role.own.name", "aws_iam_role.own.id"] {
            let text = module(resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(
                found[0].message,
                "This is the name of `aws_iam_role.own`, which is no ARN: AWS refuses this policy."
            );
            assert_eq!(mend(&RULE, &text, ""), module("aws_iam_role.own.arn"));
        }
        for resource in [
            "aws_iam_role.own.arn",
            "aws_sns_topic.news.id",
            "aws_iam_role.own.unique_id",
        ] {
            check(&RULE, &module(resource), "");
        }
    }
}
