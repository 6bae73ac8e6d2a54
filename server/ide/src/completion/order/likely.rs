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

/// The place of a name in one of the lists.
pub(super) fn place(list: &[&str], name: &str) -> Option<usize> {
    list.iter().position(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::SERVICES;

    #[test]
    fn what_is_likely_exists() {
        for prefix in SERVICES {
            assert!(catalog().service(prefix).is_some(), "{prefix}");
        }
    }
}
