//! The ARNs of what belongs to a template's resource, where actions work on that and not on the resource itself.

use leastwise_catalog::{CfnType, catalog};
use leastwise_policy::nested::{NestedArn, nested, own_placeholder};
use leastwise_policy::resource::compose;
use leastwise_syntax::{Tree, View};

use super::referred::{own, spelled};
use super::template::{Resource, Template};
use crate::state::facts::{ArnSpelling, Inside, Values};

/// Whose permissions somebody gets who names all of them.
const WHO: [&str; 3] = ["DbGroup", "DbUser", "DbUserName"];

/// The ARNs of what belongs to a resource.
pub(super) fn inside(
    template: &Template,
    tree: &Tree,
    name: &str,
    values: Values<'_>,
) -> Vec<Inside> {
    let known = template.resources.get(name).and_then(|resource| {
        let kind = catalog().cfn_type(&resource.type_name)?;
        Some((resource, kind))
    });
    let Some((resource, kind)) = known else {
        return Vec::new();
    };
    let mut found: Vec<Inside> = Vec::new();
    found.extend(kind.foreign_belongings().map(|of| {
        let text = of.arn.replace("${}", &format!("${{{name}}}"));
        Inside {
            written: ArnSpelling::Spelled(text.replace("${.", &format!("${{{name}."))),
            open: of.is_wide,
        }
    }));
    if let Some(key) = key_of(template, tree, resource) {
        found.push(Inside {
            written: key,
            open: false,
        });
    }
    // Of a log group the attribute gives the ARN of what is in it.
    if kind.name() != "AWS::Logs::LogGroup" {
        let all = nested(kind.arn_template().unwrap_or_default());
        found.extend(all.iter().filter_map(|one| {
            let open = WHO.contains(&one.open);
            let written = written(tree, name, (resource, kind), one, values)?;
            Some(Inside { written, open })
        }));
    }
    found
}

/// How the ARN of what belongs to a resource of the same service is written.
fn written(
    tree: &Tree,
    name: &str,
    (resource, kind): (&Resource, CfnType),
    nested: &NestedArn,
    values: Values<'_>,
) -> Option<ArnSpelling> {
    if nested.behind {
        let has_stream = resource.type_name.starts_with("AWS::DynamoDB::")
            && resource.sets(tree, "StreamSpecification");
        return match nested.format.as_str() {
            "/stream/*" if has_stream => Some(ArnSpelling::Attribute(name.to_owned(), "StreamArn")),
            behind => Some(own(tree, name, resource, kind, values)?.with(behind)),
        };
    }
    // Its name has to be what `Ref` gives: the one reference to it in the ARN that is spelled out.
    let ArnSpelling::Spelled(text) = spelled(tree, name, resource, kind, values)? else {
        return None;
    };
    let reference = format!("${{{name}}}");
    let placeholder = own_placeholder(kind.arn_template()?)?;
    let value = |part: &str| match part {
        "Partition" | "Region" => Some(format!("${{AWS::{part}}}")),
        "Account" => Some("${AWS::AccountId}".to_owned()),
        _ => (part == placeholder).then(|| reference.clone()),
    };
    text.contains(&reference)
        .then(|| ArnSpelling::Spelled(compose(&nested.format, value)))
}

/// The key of the file that an alias is for.
fn key_of(template: &Template, tree: &Tree, alias: &Resource) -> Option<ArnSpelling> {
    if alias.type_name != "AWS::KMS::Alias" {
        return None;
    }
    let tree = alias.home(tree);
    let View::Tagged(tag, target) = tree.view(tree.get(alias.properties?, "TargetKeyId")?) else {
        return None;
    };
    let name = match (tag.name.as_str(), tree.view(target)) {
        ("Ref", View::Scalar(name)) => name,
        ("Fn::GetAtt", View::Scalar(text)) => text.split_once('.')?.0,
        ("Fn::GetAtt", View::Sequence(&[name, _])) => tree.text(name)?,
        _ => return None,
    };
    let key = template.resources.get(name)?;
    (key.type_name == "AWS::KMS::Key").then(|| ArnSpelling::Attribute(name.to_owned(), "Arn"))
}
