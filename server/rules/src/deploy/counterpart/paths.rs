//! API Gateway's resources are paths: `/restapis/ID/resources` is a collection, `/restapis/ID/resources/ID` one of it.

use leastwise_catalog::Action;
use leastwise_policy::resource::types_of;
use leastwise_policy::{Arn, ArnShape, Pattern};

/// Whether a resource is a path on which an action is in vain, since no id holds a `/`: what `POST` makes in a collection,
/// `DELETE` deletes below it.
pub(super) fn is_in_vain(action: Action, resource: &Pattern) -> bool {
    if action.service().prefix() != "apigateway" {
        return false;
    }
    let ArnShape::Arn(arn) = Arn::parse(resource) else {
        return false;
    };
    let path = arn.resource.display();
    let own: Vec<&str> = path.split('/').collect();
    let mut formats = types_of(action).into_iter().flat_map(|of| of.arns());
    !formats.any(|format| {
        let rest = format.splitn(6, ':').nth(5).unwrap_or_default();
        suits(&own, &rest.split('/').collect::<Vec<_>>())
    })
}

/// Whether the parts of a path may be those of a format.
fn suits(own: &[&str], format: &[&str]) -> bool {
    match (own, format) {
        ([], []) => true,
        // What ends in something open stands for all below.
        ([last], [_, ..]) if is_open(last) => true,
        ([part, own @ ..], [of, format @ ..]) => {
            (is_open(part) || of.contains("${") && !part.is_empty() || part == of)
                && suits(own, format)
        }
        _ => false,
    }
}

fn is_open(part: &str) -> bool {
    part.contains(['*', '?']) || part.contains("${")
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::*;

    #[test]
    fn a_path_of_an_id() {
        for (path, action, in_vain) in [
            ("/restapis/a1/resources", "DELETE", true),
            ("/restapis/*/resources", "PATCH", true),
            ("/restapis/${Api}/resources", "DELETE", true),
            ("/restapis", "DELETE", true),
            ("/restapis/a1/resources", "POST", false),
            ("/restapis/a1/resources/*", "DELETE", false),
            ("/restapis/a1/resources/b2", "DELETE", false),
            ("/restapis/a1/resources/b2/methods/GET", "DELETE", false),
            ("/restapis/a1", "DELETE", false),
            ("/restapis/*", "DELETE", false),
            ("/*", "DELETE", false),
            ("*", "DELETE", false),
            ("/apis/${Api}", "DELETE", false),
        ] {
            let action = catalog().action("apigateway", action).expect("an action");
            let resource = Pattern::literal(&format!("arn:aws:apigateway:eu-west-1::{path}"));
            assert_eq!(is_in_vain(action, &resource), in_vain, "{path}");
        }
        let put = catalog().action("s3", "PutObject").expect("an action");
        assert!(!is_in_vain(put, &Pattern::literal("arn:aws:s3:::a/b")));
    }
}
