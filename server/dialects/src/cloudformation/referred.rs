//! What a reference in a template gives that is the name or id of a resource and not its ARN, and how its ARN is written: by the
//! attribute that the type has, else spelled out.

use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_model::text::{Part, Text};
use leastwise_policy::Pattern;
use leastwise_policy::resource::placeholders;
use leastwise_syntax::{Tree, View};

use super::template::{Resource, Template};
use crate::state::facts::{ArnSpelling, Misnamed, Referred, Values};

/// What a reference to a resource gives, and its ARN.
pub(super) fn referred(
    template: &Template,
    tree: &Tree,
    name: &str,
    has_path: bool,
    values: Values<'_>,
) -> Option<Referred> {
    let resource = template.resources.get(name)?;
    let kind = catalog().cfn_type(&resource.type_name)?;
    // Of all types this one gives the ARN of what is in it.
    let is_of_content = has_path && resource.type_name == "AWS::Logs::LogGroup";
    let arn = match is_of_content {
        true => spelled(tree, name, resource, kind, values),
        false => own(tree, name, resource, kind, values),
    };
    Some(Referred {
        gives: gives(kind).filter(|_| !name.contains("${")),
        arn,
        form: kind.arn_template(),
        is_caller: matches!(
            resource.type_name.as_str(),
            "AWS::IAM::Role" | "AWS::IAM::User"
        ),
        name: name.to_owned(),
    })
}

/// Of an attribute `Arn` that a type surely doesn't have, or one for its ARN in other capitals than the type has it.
pub(super) fn misnamed(
    template: &Template,
    tree: &Tree,
    name: &str,
    attribute: &str,
    values: Values<'_>,
) -> Option<Misnamed> {
    let declared = template.resources.get(name)?;
    let kind = catalog().cfn_type(&declared.type_name)?;
    let known = kind.arn_attribute();
    if known == Some(attribute) {
        return None;
    }
    let misnamed = |arn: Option<ArnSpelling>| Misnamed {
        type_name: declared.type_name.clone(),
        arn,
        form: kind.arn_template(),
    };
    if let Some(known) = known.filter(|known| known.eq_ignore_ascii_case(attribute)) {
        return Some(misnamed(Some(ArnSpelling::Attribute(
            name.to_owned(),
            known,
        ))));
    }
    // What somebody's own code makes has the attributes that this gives it.
    let is_open = kind.name() == "AWS::CloudFormation::CustomResource";
    if !attribute.eq_ignore_ascii_case("Arn") || !kind.lacks_arn() || is_open {
        return None;
    }
    Some(misnamed(own(tree, name, declared, kind, values)))
}

/// Of an attribute that surely is the name, the id or the URL of a resource: which of these, and how its ARN is written, where it
/// can be.
pub(super) fn by_id(
    template: &Template,
    tree: &Tree,
    name: &str,
    attribute: &str,
    values: Values<'_>,
) -> Option<(&'static str, Option<ArnSpelling>)> {
    let declared = template.resources.get(name)?;
    let kind = catalog().cfn_type(&declared.type_name)?;
    let mut known = NO_ARNS.iter();
    let known = known.find(|(of, own, _)| *of == kind.name() && *own == attribute);
    let gives = known.map(|(_, _, gives)| *gives).or_else(|| {
        // What is an identifier may be an ARN; not so where `Ref` gives an id.
        let short = kind.name().rsplit("::").next().unwrap_or_default();
        let is_id = attribute == "Id"
            || attribute.strip_suffix("Id") == Some(short)
            || BY_ATTRIBUTE.contains(&(kind.name(), attribute));
        (is_id && kind.ref_returns() == Some(RefReturns::Id)).then_some("id")
    })?;
    Some((gives, own(tree, name, declared, kind, values)))
}

/// The ARN of a resource: by the attribute that gives it, by `Ref`, or spelled out.
pub(super) fn own(
    tree: &Tree,
    name: &str,
    resource: &Resource,
    kind: CfnType,
    values: Values<'_>,
) -> Option<ArnSpelling> {
    // Where an identifier is another's ARN, `Ref` gives that; such a type has none of its own.
    let by_ref = kind.ref_returns() == Some(RefReturns::Arn) && kind.arn_template().is_some();
    match kind.arn_attribute() {
        Some(attribute) if attribute == "Arn" || !by_ref => {
            Some(ArnSpelling::Attribute(name.to_owned(), attribute))
        }
        _ if by_ref => Some(ArnSpelling::Reference(name.to_owned())),
        _ => spelled(tree, name, resource, kind, values),
    }
}

/// What `Ref` gives for a type, where that is surely no ARN.
fn gives(kind: CfnType) -> Option<&'static str> {
    match kind.ref_returns()? {
        RefReturns::Name => Some("name"),
        RefReturns::Url => Some("URL"),
        RefReturns::Id if kind.name() == "AWS::EC2::EIP" => Some("address"),
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

/// Attributes that give a part of the ARN of a type that has none for all of it.
const BY_ATTRIBUTE: [(&str, &str); 3] = [
    (
        "AWS::AppConfig::ConfigurationProfile",
        "ConfigurationProfileId",
    ),
    ("AWS::AppConfig::Environment", "EnvironmentId"),
    ("AWS::EC2::EIP", "AllocationId"),
];

/// Attributes that are a name, an id or a URL, as "Return values" of the types' pages say.
const NO_ARNS: [(&str, &str, &str); 8] = [
    ("AWS::ApiGateway::RestApi", "RootResourceId", "id"),
    ("AWS::Cognito::UserPool", "ProviderName", "name"),
    ("AWS::Cognito::UserPool", "ProviderURL", "URL"),
    ("AWS::IAM::Role", "RoleId", "id"),
    ("AWS::S3::Bucket", "DomainName", "name"),
    ("AWS::SNS::Topic", "TopicName", "name"),
    ("AWS::SQS::Queue", "QueueName", "name"),
    ("AWS::SQS::Queue", "QueueUrl", "URL"),
];

/// A property of a resource as it is written within a text: a literal, or what it refers to. `None` for anything else, and in
/// a loop, whose variable isn't there elsewhere.
fn given(tree: &Tree, resource: &Resource, property: &str) -> Option<String> {
    if resource.tree.is_some() || resource.looped.is_some() {
        return None;
    }
    let node = tree.resolved(tree.get(resource.properties?, property)?);
    let text = match tree.view(node) {
        View::Scalar(text) if !text.contains('$') => text.to_owned(),
        View::Tagged(tag, target) => match (tag.name.as_str(), tree.view(tree.resolved(target))) {
            ("Ref", View::Scalar(name)) if name != "AWS::NoValue" => format!("${{{name}}}"),
            ("Fn::GetAtt", View::Scalar(text)) => format!("${{{text}}}"),
            ("Fn::GetAtt", View::Sequence(&[of, attribute])) => {
                format!("${{{}.{}}}", tree.text(of)?, tree.text(attribute)?)
            }
            ("Fn::Sub", View::Scalar(text)) => text.to_owned(),
            _ => return None,
        },
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The ARN of a template's resource with what `Ref` gives in its place, and what its own properties say.
pub(super) fn spelled(
    tree: &Tree,
    name: &str,
    resource: &Resource,
    kind: CfnType,
    values: Values<'_>,
) -> Option<ArnSpelling> {
    let template = kind.arn_template()?;
    let short = kind.name().rsplit("::").next().unwrap_or_default();
    let by_type = format!("{short}Name");
    let own = match kind.ref_returns()? {
        RefReturns::Name => kind.name_property().or(Some(&by_type)),
        RefReturns::Id => id(kind),
        RefReturns::Url | RefReturns::Arn => return None,
    };
    let is_own = |name: &str| own.is_some_and(|own| name.eq_ignore_ascii_case(own));
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
            _ if is_own(placeholder) => text.push_str(&format!("${{{name}}}")),
            _ if BY_ATTRIBUTE.contains(&(kind.name(), placeholder)) => {
                text.push_str(&format!("${{{name}.{placeholder}}}"));
            }
            _ if own.is_some() && placeholder.strip_suffix("WithoutLeadingSlash") == own => {
                if begins_with_slash(tree, name, resource, own?, values)? {
                    text.truncate(text.trim_end_matches('/').len());
                }
                text.push_str(&format!("${{{name}}}"));
            }
            _ => text.push_str(&given(tree, resource, placeholder)?),
        }
    }
    text.push_str(rest);
    (!text.contains(['*', '?'])).then_some(ArnSpelling::Spelled(text))
}

/// Whether a resource's name begins with a slash; `None` where that isn't known. One that AWS makes up doesn't.
fn begins_with_slash(
    tree: &Tree,
    name: &str,
    resource: &Resource,
    property: &str,
    values: Values<'_>,
) -> Option<bool> {
    if !resource.sets(tree, property) {
        return Some(false);
    }
    let span = tree.span(resource.key);
    let text = Text {
        parts: vec![Part::Variable {
            name: name.to_owned(),
            span,
        }],
        node: resource.key,
        span,
    };
    let values = values(&text);
    let slash = |of: &Pattern| of.known_prefix().starts_with('/');
    let known = |of: &Pattern| !of.known_prefix().is_empty();
    match values.iter().all(known) && !values.is_empty() {
        true if values.iter().all(slash) => Some(true),
        true if !values.iter().any(slash) => Some(false),
        _ => None,
    }
}
