//! Types of resources that are a permission without a document.

use leastwise_model::PermissionTo;

use crate::permission::Permission;

const PERMISSIONS: [Permission; 3] = [
    Permission {
        type_name: "aws_lambda_permission",
        service: "lambda",
        action: "action",
        usual: None,
        principal: "principal",
        tests: &[
            ("source_arn", "ArnLike", "aws:SourceArn"),
            ("source_account", "StringEquals", "aws:SourceAccount"),
            ("principal_org_id", "StringEquals", "aws:PrincipalOrgID"),
            (
                "event_source_token",
                "StringEquals",
                "lambda:EventSourceToken",
            ),
            (
                "function_url_auth_type",
                "StringEquals",
                "lambda:FunctionUrlAuthType",
            ),
            (
                "invoked_via_function_url",
                "Bool",
                "lambda:InvokedViaFunctionUrl",
            ),
        ],
        condition: None,
        to: PermissionTo::Function,
    },
    Permission {
        type_name: "aws_lambda_layer_version_permission",
        service: "lambda",
        action: "action",
        usual: None,
        principal: "principal",
        tests: &[("organization_id", "StringEquals", "aws:PrincipalOrgID")],
        condition: None,
        to: PermissionTo::Layer,
    },
    Permission {
        type_name: "aws_cloudwatch_event_permission",
        service: "events",
        action: "action",
        usual: Some("events:PutEvents"),
        principal: "principal",
        tests: &[],
        condition: Some(("condition", ["type", "key", "value"])),
        to: PermissionTo::EventBus,
    },
];

/// How the arguments of a type are called that is a permission.
pub(super) fn for_type(type_name: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|of| of.type_name == type_name)
}
