//! What a reference to an attribute of a resource gives that is its name or id and not its ARN.

use super::table::{gives, has_arn};
use crate::state::facts::{Referred, Written};

/// What a reference gives, and the ARN of what it refers to.
pub(super) fn referred(name: &str, has_path: bool) -> Option<Referred> {
    // A variable that is a name has no ARN beside it.
    let parts: Vec<&str> = name.split('.').collect();
    let (kind, attribute) = match parts.as_slice() {
        ["data", kind, _, attribute] | [kind, _, attribute] => (*kind, *attribute),
        _ => return None,
    };
    let (address, _) = name.rsplit_once('.').filter(|_| kind.contains('_'))?;
    let arn = Written::Attribute(address.to_owned(), "arn");
    let inside = match kind {
        _ if has_path => None,
        "aws_s3_bucket" => Some(arn.with("/*")),
        "aws_api_gateway_rest_api" | "aws_apigatewayv2_api" => {
            Some(Written::Attribute(address.to_owned(), "execution_arn").with("/*"))
        }
        _ => None,
    };
    Some(Referred {
        name: address.to_owned(),
        type_name: kind.to_owned(),
        // What a data source looks up has attributes of its own.
        gives: match parts.len() {
            3 => gives(kind, attribute),
            _ => None,
        },
        arn: has_arn(kind).then_some(arn),
        inside,
        form: None,
    })
}
