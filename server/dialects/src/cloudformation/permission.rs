//! Types of resources that are a permission without a document.

use leastwise_model::PermissionTo;

use crate::permission::Permission;

const PERMISSIONS: [Permission; 3] = [
    Permission {
        type_name: "AWS::Lambda::Permission",
        service: "lambda",
        action: "Action",
        usual: None,
        principal: "Principal",
        tests: &[
            ("SourceArn", "ArnLike", "aws:SourceArn"),
            ("SourceAccount", "StringEquals", "aws:SourceAccount"),
            ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
            (
                "EventSourceToken",
                "StringEquals",
                "lambda:EventSourceToken",
            ),
            (
                "FunctionUrlAuthType",
                "StringEquals",
                "lambda:FunctionUrlAuthType",
            ),
            (
                "InvokedViaFunctionUrl",
                "Bool",
                "lambda:InvokedViaFunctionUrl",
            ),
        ],
        condition: None,
        to: PermissionTo::Function,
    },
    Permission {
        type_name: "AWS::Lambda::LayerVersionPermission",
        service: "lambda",
        action: "Action",
        usual: None,
        principal: "Principal",
        tests: &[("OrganizationId", "StringEquals", "aws:PrincipalOrgID")],
        condition: None,
        to: PermissionTo::Layer,
    },
    Permission {
        type_name: "AWS::Events::EventBusPolicy",
        service: "events",
        action: "Action",
        usual: Some("events:PutEvents"),
        principal: "Principal",
        tests: &[],
        condition: Some(("Condition", ["Type", "Key", "Value"])),
        to: PermissionTo::EventBus,
    },
];

/// How the properties of a type are called that is a permission.
pub(super) fn for_type(type_name: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|of| of.type_name == type_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_those_of_the_types() {
        let table = include_str!("../../data/permission_sites.tsv");
        let mut seen = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let Some(of) = for_type(fields[0]) else {
                continue;
            };
            seen += 1;
            assert_eq!([of.action, of.principal], fields[1..3]);
            for (property, key) in [
                (fields[3], "aws:SourceArn"),
                (fields[4], "aws:SourceAccount"),
                (fields[5], "aws:PrincipalOrgID"),
            ] {
                let test = of.tests.iter().find(|(_, _, of)| *of == key);
                assert_eq!(test.map_or("", |(name, ..)| name), property, "{line}");
            }
        }
        assert_eq!(seen, 3);
    }
}
