//! What a reference gives that is the name or id of a resource and not its ARN, alone or with a path behind it, and how its
//! ARN is written: by the attribute that the type has, else spelled out.

mod spot;

use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_dialects::{Resource, terraform};
use leastwise_model::Item;
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, View};

use crate::Context;

use spot::Spot;
pub(super) use spot::Written;

/// What an item refers to, or what stands at its beginning.
pub(super) struct Referred {
    /// What it is called in the file.
    pub name: String,
    /// Its type, in the words of the dialect.
    pub type_name: String,
    /// `name`, `id` or `URL`, where that is surely what stands here.
    pub gives: Option<&'static str>,
    /// Its ARN, where it can be written.
    pub arn: Option<Mend>,
    /// Whether something stands behind it.
    pub has_path: bool,
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

/// An ARN that a reference is to become.
#[derive(Clone)]
pub(super) struct Mend {
    pub written: Written,
    spot: Spot,
    /// What stands behind it.
    path: Vec<Part>,
    /// What it is written as where the actions work on what is in it, or on what it serves.
    inside: Option<Written>,
}

impl Mend {
    /// The ARN of what the actions work on that don't work on the resource itself: of a bucket's objects, of an API's calls.
    pub(super) fn inside(&self) -> Option<Mend> {
        Some(Mend {
            written: self.inside.clone()?,
            inside: None,
            ..self.clone()
        })
    }

    pub(super) fn edit(&self, context: &Context<'_>) -> Edit {
        self.spot.edit(context, &self.written)
    }

    /// What the item then stands for.
    pub(super) fn arns(&self, context: &Context<'_>, item: &Item) -> Vec<Pattern> {
        let mut parts = self.written.parts(context, item.text.span);
        parts.extend(self.path.iter().cloned());
        values(
            context,
            &Text {
                parts,
                ..item.text.clone()
            },
        )
    }
}

/// What an item refers to, or begins with.
pub(super) fn referred(context: &Context<'_>, item: &Item) -> Option<Referred> {
    let (first, path) = item.text.parts.split_first()?;
    let (name, node) = match first {
        Part::Variable { name, .. } => (name.clone(), None),
        Part::Computed { node, .. } => (reference(context, *node, path)?, Some(*node)),
        _ => return None,
    };
    let spot = || match node {
        Some(node) => Some(Spot::Node(node)),
        None => Spot::of(context, item, first, path),
    };
    if context.analysis.module().is_some() {
        return of_terraform(&name, path, spot);
    }
    let resource = context.analysis.template()?.resources.get(&name)?;
    let kind = catalog().cfn_type(&resource.type_name)?;
    let mend = || {
        let spelled = || spelled(context, &name, resource, kind);
        // Of all types this one gives the ARN of what is in it.
        let is_of_content = !path.is_empty() && resource.type_name == "AWS::Logs::LogGroup";
        let written = match kind.arn_attribute().filter(|_| !is_of_content) {
            Some(attribute) => Written::Attribute(name.clone(), attribute),
            None => spelled()?,
        };
        Some(Mend {
            inside: match resource.type_name.as_str() {
                _ if !path.is_empty() => None,
                "AWS::KMS::Alias" => key_of(context, resource),
                "AWS::S3::Bucket" => Some(written.with("/*")),
                "AWS::ApiGateway::RestApi"
                | "AWS::ApiGatewayV2::Api"
                | "AWS::Serverless::Api"
                | "AWS::Serverless::HttpApi" => Some(Written::Spelled(format!(
                    "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{name}}}/*"
                ))),
                _ => None,
            },
            written,
            spot: spot()?,
            path: path.to_vec(),
        })
    };
    Some(Referred {
        gives: gives(kind).filter(|_| !name.contains("${")),
        arn: mend(),
        type_name: resource.type_name.clone(),
        has_path: !path.is_empty(),
        name,
    })
}

/// The key of the file that an alias is for.
fn key_of(context: &Context<'_>, alias: &Resource) -> Option<Written> {
    let tree = alias.home(context.tree);
    let View::Tagged(tag, target) = tree.view(tree.get(alias.properties?, "TargetKeyId")?) else {
        return None;
    };
    let name = match (tag.name.as_str(), tree.view(target)) {
        ("Ref", View::Scalar(name)) => name,
        ("Fn::GetAtt", View::Scalar(text)) => text.split_once('.')?.0,
        ("Fn::GetAtt", View::Sequence(&[name, _])) => tree.text(name)?,
        _ => return None,
    };
    let key = context.analysis.template()?.resources.get(name)?;
    (key.type_name == "AWS::KMS::Key").then(|| Written::Attribute(name.to_owned(), "Arn"))
}

/// What a value of `Fn::Sub`'s map refers to that stands for nothing else in the text.
fn reference(context: &Context<'_>, node: NodeId, path: &[Part]) -> Option<String> {
    let elsewhere =
        |part: &Part| matches!(part, Part::Computed { node: other, .. } if *other == node);
    match context.tree.view(node) {
        View::Tagged(tag, target) if tag.name == "Ref" && !path.iter().any(elsewhere) => {
            context.tree.text(target).map(str::to_owned)
        }
        _ => None,
    }
}

/// Whether an item is surely the name, the id or the URL of something, or begins with it: no action works there.
pub(crate) fn is_name(context: &Context<'_>, item: &Item) -> bool {
    referred(context, item).is_some_and(|of| of.gives.is_some())
}

/// What `Ref` gives for a type, where that is surely no ARN.
fn gives(kind: CfnType) -> Option<&'static str> {
    match kind.ref_returns()? {
        RefReturns::Name => Some("name"),
        RefReturns::Url => Some("URL"),
        RefReturns::Id => Some("id"),
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

/// The ARN of a template's resource with what `Ref` gives in its place.
fn spelled(
    context: &Context<'_>,
    name: &str,
    resource: &Resource,
    kind: CfnType,
) -> Option<Written> {
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
fn of_terraform(
    name: &str,
    path: &[Part],
    spot: impl FnOnce() -> Option<Spot>,
) -> Option<Referred> {
    // A variable that is a name has no ARN beside it.
    let parts: Vec<&str> = name.split('.').collect();
    let (kind, attribute) = match parts.as_slice() {
        ["data", kind, _, attribute] | [kind, _, attribute] => (*kind, *attribute),
        _ => return None,
    };
    let (address, _) = name.rsplit_once('.').filter(|_| kind.contains('_'))?;
    let mend = || {
        let written = Written::Attribute(address.to_owned(), "arn");
        Some(Mend {
            inside: match kind {
                _ if !path.is_empty() => None,
                "aws_s3_bucket" => Some(written.with("/*")),
                "aws_api_gateway_rest_api" | "aws_apigatewayv2_api" => {
                    Some(Written::Attribute(address.to_owned(), "execution_arn").with("/*"))
                }
                _ => None,
            },
            written,
            spot: spot()?,
            path: path.to_vec(),
        })
    };
    Some(Referred {
        name: address.to_owned(),
        type_name: kind.to_owned(),
        // What a data source looks up has attributes of its own.
        gives: match parts.len() {
            3 => terraform::gives(kind, attribute),
            _ => None,
        },
        arn: terraform::has_arn(kind).then(mend).flatten(),
        has_path: !path.is_empty(),
    })
}

/// Of an attribute `Arn` that a type surely doesn't have: the type's name, and its ARN, where it can be written.
pub(super) fn misnamed(context: &Context<'_>, item: &Item) -> Option<(String, Option<Mend>)> {
    let (first, path) = item.text.parts.split_first()?;
    let Part::Attribute {
        resource,
        attribute,
        ..
    } = first
    else {
        return None;
    };
    let declared = context.analysis.template()?.resources.get(resource)?;
    let kind = catalog().cfn_type(&declared.type_name)?;
    if attribute != "Arn" || !kind.lacks_arn() {
        return None;
    }
    let written = match kind.arn_attribute() {
        Some(own) => Some(Written::Attribute(resource.clone(), own)),
        None => spelled(context, resource, declared, kind),
    };
    // What has no ARN at all, or outputs of its own, isn't known by its attributes.
    if written.is_none() && kind.ref_returns() != Some(RefReturns::Arn) {
        return None;
    }
    let mend = written.zip(Spot::of(context, item, first, path));
    let mend = mend.map(|(written, spot)| Mend {
        written,
        spot,
        path: path.to_vec(),
        inside: None,
    });
    Some((declared.type_name.clone(), mend))
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
    fn ids_that_are_in_no_arn() {
        let id = |of: &str| {
            format!("This is the {of} of `Own`, which is no ARN: AWS refuses this policy.")
        };
        for (kind, action, gives, after) in [
            (
                "AWS::CodeCommit::Repository",
                "codecommit:GitPull",
                "id",
                "!GetAtt Own.Arn",
            ),
            (
                "AWS::Route53::HostedZone",
                "route53:ChangeResourceRecordSets",
                "id",
                "!Sub arn:${AWS::Partition}:route53:::hostedzone/${Own}",
            ),
            (
                "AWS::DocDB::DBCluster",
                "rds:StartDBCluster",
                "name",
                "!Sub arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Own}",
            ),
            (
                "AWS::WAFv2::WebACL",
                "wafv2:GetWebACL",
                "id",
                "!GetAtt Own.Arn",
            ),
            (
                "AWS::Serverless::Api",
                "apigateway:GET",
                "id",
                "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Own}",
            ),
            // What calls an API names it by another ARN.
            (
                "AWS::Serverless::Api",
                "execute-api:Invoke",
                "id",
                "!Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*",
            ),
            (
                "AWS::ApiGatewayV2::Api",
                "execute-api:Invoke",
                "id",
                "!Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*",
            ),
            (
                "AWS::KMS::ReplicaKey",
                "kms:Decrypt",
                "id",
                "!GetAtt Own.Arn",
            ),
            (
                "AWS::S3::Bucket",
                "s3:GetObject",
                "name",
                "!Sub ${Own.Arn}/*",
            ),
        ] {
            let declared = format!("Type: {kind}");
            let text = template(&declared, action, "!Ref Own");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{kind}: {found:?}");
            let said = match kind {
                "AWS::S3::Bucket" => {
                    "This stands for `${Own}`, which is no ARN: AWS refuses this policy.".to_owned()
                }
                _ => id(gives),
            };
            assert_eq!(found[0].message, said, "{kind}");
            let mended = mend(&RULE, &text, "");
            let after = template(&declared, action, after);
            assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
        }
        for (kind, action) in [
            ("AWS::DMS::ReplicationInstance", "dms:StartReplicationTask"),
            (
                "AWS::Config::AggregationAuthorization",
                "config:DeleteAggregationAuthorization",
            ),
            ("AWS::Lambda::Alias", "lambda:InvokeFunction"),
        ] {
            let text = template(&format!("Type: {kind}"), action, "!Ref Own");
            check(&RULE, &text, "");
        }
    }

    #[test]
    fn of_an_alias_the_key_where_the_actions_work_on_keys() {
        for (action, key, after) in [
            ("kms:Decrypt", "!Ref Key", "!GetAtt Key.Arn"),
            ("kms:Decrypt", "!GetAtt Key.Arn", "!GetAtt Key.Arn"),
            (
                "kms:Decrypt",
                "{'Fn::GetAtt': [Key, Arn]}",
                "!GetAtt Key.Arn",
            ),
            // Of a key that is elsewhere the ARN isn't known.
            ("kms:Decrypt", "!ImportValue Key", "!Ref Own"),
            ("kms:Decrypt", "!Ref Other", "!Ref Own"),
            (
                "kms:UpdateAlias",
                "!Ref Key",
                "!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${Own}'",
            ),
        ] {
            let declared = format!(
                "Type: AWS::KMS::Alias, Properties: {{AliasName: alias/shop, TargetKeyId: {key}}}}}\n  Key: {{Type: AWS::KMS::Key"
            );
            let mended = mend(&RULE, &template(&declared, action, "!Ref Own"), "");
            let after = template(&declared, action, after);
            assert_eq!(mended.replace('"', "'"), after, "{action} {key}");
        }
    }

    #[test]
    fn with_a_path_behind_it() {
        let message =
            "This begins with the name of `Own`, which is no ARN: AWS refuses this policy.";
        for (resource, after) in [
            ("!Sub '${Own}/index/*'", "!Sub '${Own.Arn}/index/*'"),
            ("!Sub '${Own}/${Kind}/*'", "!Sub '${Own.Arn}/${Kind}/*'"),
            (
                "!Join ['', [!Ref Own, '/index/*']]",
                "!Join ['', [!GetAtt Own.Arn, '/index/*']]",
            ),
            (
                "!Join ['/', [!Ref Own, index, '*']]",
                "!Join ['/', [!GetAtt Own.Arn, index, '*']]",
            ),
            (
                "!Sub ['${Name}/index/*', {Name: !Ref Own}]",
                "!Sub ['${Name}/index/*', {Name: !GetAtt Own.Arn}]",
            ),
            (
                "{'Fn::Sub': '${Own}/index/*'}",
                "{'Fn::Sub': '${Own.Arn}/index/*'}",
            ),
            (
                "{'Fn::Join': ['', [{Ref: Own}, '/index/*']]}",
                "{'Fn::Join': ['', [{'Fn::GetAtt': [Own, Arn]}, '/index/*']]}",
            ),
        ] {
            let declared = "Type: AWS::DynamoDB::Table";
            let text = template(declared, "dynamodb:Query", resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{resource}: {found:?}");
            assert_eq!(found[0].message, message, "{resource}");
            let mended = mend(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
            assert_eq!(mended, template(declared, "dynamodb:Query", after));
            // By a name that is known it is the same.
            let declared = "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}";
            let text = template(declared, "dynamodb:Query", resource);
            let mended = mend(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
            assert_eq!(mended, template(declared, "dynamodb:Query", after));
        }
        // The ARN of a log group has an end of its own.
        let declared = "Type: AWS::Logs::LogGroup";
        let text = template(declared, "logs:PutLogEvents", "!Sub '${Own}:*'");
        let after =
            "!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Own}:*'";
        assert_eq!(
            mend(&RULE, &text, ""),
            template(declared, "logs:PutLogEvents", after)
        );
        for (declared, resource) in [
            ("Type: AWS::SNS::Topic", "!Sub '${Own}/x'"),
            ("Type: AWS::DynamoDB::Table", "!Sub '${Own.Arn}/index/*'"),
            (
                "Type: AWS::DynamoDB::Table",
                "!Sub 'arn:aws:dynamodb:*:111111111111:table/${Own}/index/*'",
            ),
            ("Type: AWS::DynamoDB::Table", "!Sub '${Other}/index/*'"),
        ] {
            check(&RULE, &template(declared, "dynamodb:Query", resource), "");
        }
    }

    #[test]
    fn what_two_texts_share_is_left() {
        let text = template(
            "Type: AWS::DynamoDB::Table",
            "dynamodb:Query",
            "!Sub ['${Name}/index/${Name}', {Name: !Ref Own}]",
        );
        let found = Fixture::new(&text, "").findings(&RULE);
        assert!(found.iter().all(|of| of.fixes.is_empty()), "{found:?}");
    }

    #[test]
    fn a_type_without_any_attribute_for_its_arn() {
        let spelled = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Own}";
        for (resource, after) in [
            ("!GetAtt Own.Arn", format!("!Sub '{spelled}'")),
            ("!Sub '${Own.Arn}'", format!("!Sub '{spelled}'")),
            (
                "!Join ['', [!GetAtt Own.Arn, '*']]",
                format!("!Join ['', [!Sub '{spelled}', '*']]"),
            ),
            ("!Sub '${Own.Arn}*'", format!("!Sub '{spelled}*'")),
        ] {
            let text = template("Type: AWS::Glue::Job", "glue:StartJobRun", resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(
                found[0].message,
                "`AWS::Glue::Job` has no attribute `Arn`: CloudFormation refuses the template."
            );
            let mended = mend(&RULE, &text, "").replace('"', "'");
            let after = template("Type: AWS::Glue::Job", "glue:StartJobRun", &after);
            assert_eq!(mended, after);
        }
        // What has outputs of its own, or isn't known.
        for kind in [
            "AWS::CloudFormation::CustomResource",
            "Custom::Thing",
            "AWS::KMS::Key",
        ] {
            let text = template(&format!("Type: {kind}"), "kms:Decrypt", "!GetAtt Own.Arn");
            check(&RULE, &text, "");
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
        let table = |resource: &str| {
            let text = module(resource).replace("iam:PassRole", "dynamodb:Query");
            format!("resource \"aws_dynamodb_table\" \"t\" {{}}\n{text}")
        };
        let after = table("\"${aws_dynamodb_table.t.arn}/index/*\"");
        for resource in [
            "\"${aws_dynamodb_table.t.name}/index/*\"",
            "\"${aws_dynamodb_table.t.id}/index/*\"",
            "format(\"%s/index/*\", aws_dynamodb_table.t.name)",
            "join(\"/\", [aws_dynamodb_table.t.name, \"index\", \"*\"])",
        ] {
            let text = table(resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{resource}: {found:?}");
            assert_eq!(mend(&RULE, &text, ""), after, "{resource}");
        }
        check(&RULE, &after, "");
        let objects = module("aws_s3_bucket.own.id").replace("iam:PassRole", "s3:GetObject");
        let objects = format!("resource \"aws_s3_bucket\" \"own\" {{}}\n{objects}");
        let whole = objects.replace("aws_s3_bucket.own.id", "\"${aws_s3_bucket.own.arn}/*\"");
        assert_eq!(mend(&RULE, &objects, ""), whole);
        for (kind, attribute, action, gives) in [
            ("aws_sqs_queue", "url", "sqs:SendMessage", "URL"),
            ("aws_route53_zone", "zone_id", "route53:GetHostedZone", "id"),
            ("aws_kms_key", "key_id", "kms:Decrypt", "id"),
        ] {
            let text = module(&format!("{kind}.own.{attribute}")).replace("iam:PassRole", action);
            let found = Fixture::new(&text, "").findings(&RULE);
            let said = format!(
                "This is the {gives} of `{kind}.own`, which is no ARN: AWS refuses this policy."
            );
            assert_eq!(found[0].message, said);
            let after = text.replace(attribute, "arn");
            assert_eq!(mend(&RULE, &text, ""), after);
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
