//! What most policies have.

/// Services, by how often a role that deploys an app has them.
pub(super) const SERVICES: [&str; 52] = [
    "s3",
    "iam",
    "lambda",
    "dynamodb",
    "logs",
    "ec2",
    "sts",
    "kms",
    "sqs",
    "sns",
    "ssm",
    "secretsmanager",
    "cloudformation",
    "events",
    "cloudwatch",
    "apigateway",
    "ecr",
    "ecs",
    "states",
    "rds",
    "elasticloadbalancing",
    "cloudfront",
    "route53",
    "acm",
    "kinesis",
    "firehose",
    "execute-api",
    "cognito-idp",
    "autoscaling",
    "application-autoscaling",
    "scheduler",
    "xray",
    "codebuild",
    "codepipeline",
    "codedeploy",
    "eks",
    "glue",
    "athena",
    "wafv2",
    "elasticache",
    "elasticfilesystem",
    "bedrock",
    "sagemaker",
    "appsync",
    "ses",
    "es",
    "backup",
    "cloudtrail",
    "config",
    "organizations",
    "servicediscovery",
    "tag",
];

/// Services that are closed, or closed to whoever doesn't use them yet, as <https://aws.amazon.com/products/lifecycle/> tells; the
/// catalog's sources still have their actions.
pub(super) const RETIRED: [&str; 19] = [
    "a2c",
    "a4b",
    "datapipeline",
    "elastictranscoder",
    "honeycode",
    "importexport",
    "iotanalytics",
    "lookoutmetrics",
    "lookoutvision",
    "mobileanalytics",
    "nimble",
    "opsworks",
    "opsworks-cm",
    "private-networks",
    "qldb",
    "robomaker",
    "sms",
    "workdocs",
    "worklink",
];

/// Actions that what an app runs as has most often, those of a service in their order.
pub(super) const ACTIONS: [&str; 82] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "s3:GetBucketLocation",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ChangeMessageVisibility",
    "sns:Publish",
    "sns:Subscribe",
    "lambda:InvokeFunction",
    "lambda:GetFunction",
    "lambda:UpdateFunctionCode",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:DescribeLogGroups",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "secretsmanager:GetSecretValue",
    "secretsmanager:DescribeSecret",
    "iam:PassRole",
    "iam:GetRole",
    "iam:CreateRole",
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRole",
    "iam:DetachRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:TagRole",
    "iam:CreatePolicy",
    "iam:ListRoles",
    "iam:CreateUser",
    "iam:CreateServiceLinkedRole",
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:GetCallerIdentity",
    "ec2:DescribeInstances",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "states:StartExecution",
    "states:DescribeExecution",
    "events:PutEvents",
    "events:PutRule",
    "events:PutTargets",
    "cloudwatch:PutMetricData",
    "cloudwatch:GetMetricData",
    "cloudformation:DescribeStacks",
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:DeleteStack",
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "ecs:RunTask",
    "ecs:UpdateService",
    "kinesis:PutRecord",
    "kinesis:GetRecords",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "execute-api:Invoke",
];

/// Actions that are denied most often: what takes limits away, what outlasts a role, what can't be undone.
pub(super) const DENIED: [&str; 31] = [
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:CreateLoginProfile",
    "organizations:LeaveOrganization",
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "config:StopConfigurationRecorder",
    "config:DeleteConfigurationRecorder",
    "guardduty:DeleteDetector",
    "guardduty:UpdateDetector",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:DeleteObject",
    "ec2:DeleteFlowLogs",
    "logs:DeleteLogGroup",
    "dynamodb:DeleteTable",
    "rds:DeleteDBInstance",
];

/// Services that pass requests on with the credentials of whoever calls:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia>.
pub(super) const VIA: [&str; 8] = [
    "cloudformation.amazonaws.com",
    "athena.amazonaws.com",
    "dynamodb.amazonaws.com",
    "kms.amazonaws.com",
    "backup.amazonaws.com",
    "ram.amazonaws.com",
    "imagebuilder.amazonaws.com",
    "databrew.amazonaws.com",
];

/// Services that have roles linked to them.
pub(super) const LINKED: [&str; 10] = [
    "ecs.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "autoscaling.amazonaws.com",
    "rds.amazonaws.com",
    "eks.amazonaws.com",
    "spot.amazonaws.com",
    "elasticache.amazonaws.com",
    "ops.apigateway.amazonaws.com",
    "guardduty.amazonaws.com",
    "organizations.amazonaws.com",
];

/// Services that a role is made for.
pub(super) const ASSUMERS: [&str; 24] = [
    "lambda.amazonaws.com",
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "states.amazonaws.com",
    "events.amazonaws.com",
    "scheduler.amazonaws.com",
    "apigateway.amazonaws.com",
    "cloudformation.amazonaws.com",
    "codebuild.amazonaws.com",
    "codepipeline.amazonaws.com",
    "codedeploy.amazonaws.com",
    "firehose.amazonaws.com",
    "pipes.amazonaws.com",
    "glue.amazonaws.com",
    "sagemaker.amazonaws.com",
    "bedrock.amazonaws.com",
    "appsync.amazonaws.com",
    "batch.amazonaws.com",
    "eks.amazonaws.com",
    "ssm.amazonaws.com",
    "backup.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "cloudtrail.amazonaws.com",
];

/// Services that a resource's own policy lets in.
pub(super) const CALLERS: [&str; 14] = [
    "sns.amazonaws.com",
    "events.amazonaws.com",
    "s3.amazonaws.com",
    "lambda.amazonaws.com",
    "cloudfront.amazonaws.com",
    "apigateway.amazonaws.com",
    "logging.s3.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "config.amazonaws.com",
    "ses.amazonaws.com",
    "scheduler.amazonaws.com",
    "budgets.amazonaws.com",
];

/// Condition keys.
pub(super) const KEYS: [&str; 25] = [
    "iam:PassedToService",
    "iam:PermissionsBoundary",
    "sts:ExternalId",
    "s3:prefix",
    "dynamodb:LeadingKeys",
    "kms:ViaService",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalArn",
    "aws:SourceIp",
    "aws:SourceVpce",
    "aws:ResourceAccount",
    "aws:SourceVpc",
    "aws:SecureTransport",
    "aws:RequestedRegion",
    "aws:ResourceTag/${TagKey}",
    "aws:RequestTag/${TagKey}",
    "aws:PrincipalTag/${TagKey}",
    "aws:TagKeys",
    "aws:CalledVia",
    "aws:ViaAWSService",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:SourceOrgID",
];

/// Those of every request that come among the keys of the statement's actions.
pub(super) const EVERYWHERE: [&str; 5] = [
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalArn",
    "aws:SourceIp",
];

/// The same in policies of those who call themselves.
pub(super) const OF_CALLERS: [&str; 5] = [
    "aws:RequestedRegion",
    "aws:ResourceTag/${TagKey}",
    "aws:PrincipalTag/${TagKey}",
    "aws:SourceIp",
    "aws:ResourceAccount",
];

/// Keys that are variables in a policy.
pub(super) const VARIABLES: [&str; 6] = [
    "aws:username",
    "aws:PrincipalTag/",
    "aws:userid",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:RequestTag/",
];

/// Operators.
pub(super) const OPERATORS: [&str; 8] = [
    "StringEquals",
    "StringLike",
    "ArnLike",
    "ArnEquals",
    "Bool",
    "StringNotEquals",
    "IpAddress",
    "Null",
];

/// Operators with quantifiers.
pub(super) const QUANTIFIED: [&str; 3] = [
    "ForAllValues:StringEquals",
    "ForAnyValue:StringEquals",
    "ForAnyValue:StringLike",
];

/// Entries of a list of policies that a role is made of: policies of AWS by name, templates of policies, and the elements of one that
/// is written there.
pub(super) const ENTRIES: [&str; 18] = [
    "AWSLambdaBasicExecutionRole",
    "DynamoDBCrudPolicy",
    "DynamoDBReadPolicy",
    "S3ReadPolicy",
    "S3CrudPolicy",
    "SQSSendMessagePolicy",
    "SNSPublishMessagePolicy",
    "LambdaInvokePolicy",
    "Version",
    "Statement",
    "SSMParameterReadPolicy",
    "AWSSecretsManagerGetSecretValuePolicy",
    "EventBridgePutEventsPolicy",
    "StepFunctionsExecutionPolicy",
    "SQSPollerPolicy",
    "KMSDecryptPolicy",
    "AWSXRayDaemonWriteAccess",
    "AWSLambdaVPCAccessExecutionRole",
];

/// Policies of AWS that roles have, those that administrate left out.
pub(super) const MANAGED: [&str; 12] = [
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AmazonECSTaskExecutionRolePolicy",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "ReadOnlyAccess",
    "SecurityAudit",
];

/// The place of a name in one of the lists.
pub(super) fn place(list: &[&str], name: &str) -> Option<usize> {
    list.iter().position(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use leastwise_policy::condition::Operator;

    use super::{
        ACTIONS, ASSUMERS, CALLERS, DENIED, ENTRIES, KEYS, LINKED, MANAGED, OF_CALLERS, OPERATORS,
        QUANTIFIED, RETIRED, SERVICES, VIA,
    };

    #[test]
    fn what_is_likely_exists() {
        for prefix in SERVICES {
            assert!(catalog().service(prefix).is_some(), "{prefix}");
        }
        for name in ACTIONS.iter().chain(&DENIED) {
            let (service, own) = name.split_once(':').unwrap_or_default();
            assert!(catalog().action(service, own).is_some(), "{name}");
        }
        for prefix in RETIRED {
            assert!(catalog().service(prefix).is_some(), "{prefix}");
        }
        let principals = ASSUMERS.iter().chain(&CALLERS);
        for name in principals.chain(&VIA).chain(&LINKED) {
            assert!(catalog().is_service_principal(name), "{name}");
        }
        for name in KEYS.iter().chain(&OF_CALLERS) {
            assert!(catalog().condition_key(name).is_some(), "{name}");
        }
        for name in OPERATORS.iter().chain(&QUANTIFIED) {
            assert!(Operator::parse(name).is_ok(), "{name}");
        }
        for name in ENTRIES {
            let is_element = matches!(name, "Version" | "Statement");
            let is_known = catalog().managed_policy(name).is_some()
                || catalog().policy_template(name).is_some();
            assert!(is_known || is_element, "{name}");
        }
        for name in MANAGED {
            assert!(catalog().managed_policy(name).is_some(), "{name}");
        }
    }
}
