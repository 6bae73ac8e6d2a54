//! What a reference gives that is the name or id of a resource and not its ARN, alone or with a path behind it, and how its
//! ARN is written: by the attribute that the type has, else spelled out.

mod spot;
#[cfg(test)]
mod tests;

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
