//! What SAM's resources are deployed as.

/// What the types of SAM's resources begin with.
pub(super) const PREFIX: &str = "AWS::Serverless::";

/// The CloudFormation type that a resource is deployed as.
pub fn deployed_type(type_name: &str) -> &str {
    match type_name.strip_prefix(PREFIX) {
        Some("Function") => "AWS::Lambda::Function",
        Some("StateMachine") => "AWS::StepFunctions::StateMachine",
        Some("SimpleTable") => "AWS::DynamoDB::Table",
        Some("Api") => "AWS::ApiGateway::RestApi",
        Some("HttpApi") => "AWS::ApiGatewayV2::Api",
        Some("LayerVersion") => "AWS::Lambda::LayerVersion",
        Some("GraphQLApi") => "AWS::AppSync::GraphQLApi",
        Some("Application") => "AWS::CloudFormation::Stack",
        _ => type_name,
    }
}

/// What a property of the deployed type is called in a resource of this type.
pub fn written_property<'p>(type_name: &str, property: &'p str) -> &'p str {
    match (type_name.strip_prefix(PREFIX), property) {
        (Some("StateMachine"), "StateMachineName") => "Name",
        _ => property,
    }
}
