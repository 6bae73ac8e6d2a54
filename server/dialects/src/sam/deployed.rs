//! What SAM's resources are deployed as.

use crate::dialect::DeployedAs;

/// What the types of SAM's resources begin with.
pub(super) const PREFIX: &str = "AWS::Serverless::";

/// SAM's types without their prefix, and what each is deployed as.
static TYPES: [(&str, DeployedAs); 8] = [
    ("Function", of("AWS::Lambda::Function")),
    (
        "StateMachine",
        DeployedAs {
            type_name: "AWS::StepFunctions::StateMachine",
            renamed: &[("StateMachineName", "Name")],
        },
    ),
    ("SimpleTable", of("AWS::DynamoDB::Table")),
    ("Api", of("AWS::ApiGateway::RestApi")),
    ("HttpApi", of("AWS::ApiGatewayV2::Api")),
    ("LayerVersion", of("AWS::Lambda::LayerVersion")),
    ("GraphQLApi", of("AWS::AppSync::GraphQLApi")),
    ("Application", of("AWS::CloudFormation::Stack")),
];

const fn of(type_name: &'static str) -> DeployedAs {
    DeployedAs {
        type_name,
        renamed: &[],
    }
}

/// What a resource is deployed as, if it is one of SAM's.
pub(super) fn deployed(type_name: &str) -> Option<&'static DeployedAs> {
    let short = type_name.strip_prefix(PREFIX)?;
    let mut types = TYPES.iter();
    types
        .find(|(name, _)| *name == short)
        .map(|(_, deployed)| deployed)
}

/// The CloudFormation type that a resource is deployed as.
pub(super) fn deployed_type(type_name: &str) -> &str {
    deployed(type_name).map_or(type_name, |deployed| deployed.type_name)
}
