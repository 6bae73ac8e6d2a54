//! What a reference to an attribute of a resource gives that is its name or id and not its ARN, and the ARNs of what belongs to
//! the resource.

use leastwise_policy::nested::nested;

use super::table::{gives, has_arn, resource};
use crate::state::facts::{ArnSpelling, Inside, Referred};

/// What a reference gives, and the ARN of what it refers to.
pub(super) fn referred(name: &str) -> Option<Referred> {
    let (address, kind, attribute) = parts(name)?;
    let arn = ArnSpelling::Attribute(address.to_owned(), "arn");
    Some(Referred {
        name: address.to_owned(),
        is_caller: matches!(kind, "aws_iam_role" | "aws_iam_user"),
        // What a data source looks up has attributes of its own.
        gives: match name.starts_with("data.") {
            false => gives(kind, attribute),
            true => None,
        },
        arn: has_arn(kind).then_some(arn),
        form: None,
    })
}

/// A reference's address, type and attribute. A variable that is a name has none of these.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = name.split('.').collect();
    let (kind, attribute) = match parts.as_slice() {
        ["data", kind, _, attribute] | [kind, _, attribute] => (*kind, *attribute),
        _ => return None,
    };
    let (address, _) = name.rsplit_once('.').filter(|_| kind.contains('_'))?;
    Some((address, kind, attribute))
}

/// The ARNs of what belongs to what a reference is to.
pub(super) fn inside(name: &str) -> Vec<Inside> {
    let Some((address, kind, _)) = parts(name) else {
        return Vec::new();
    };
    let written = |attribute| ArnSpelling::Attribute(address.to_owned(), attribute);
    let mut found: Vec<Inside> = Vec::new();
    if ["aws_api_gateway_rest_api", "aws_apigatewayv2_api"].contains(&kind) {
        found.push(Inside {
            written: written("execution_arn").with("/*"),
            open: false,
        });
    }
    let format = resource(kind).map_or("", |of| of.arn);
    // Of another kind nothing gives the ARN.
    let behind = nested(format).into_iter().filter(|one| one.behind);
    found.extend(behind.map(|one| Inside {
        written: written("arn").with(&one.format),
        open: false,
    }));
    found
}
