//! What may fit, and what the catalog is no last word on.

use super::*;

#[test]
fn silent_where_it_could_fit() {
    for statement in [
        "{Effect: Allow, Action: 's3:ListBucket', Resource: '*'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b*'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: '${Arn}'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::${Name}'}",
        "{Effect: Allow, Action: ['s3:*', 's3:Nonsense'], Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Deny, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, NotAction: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: 's3:ListBucket', NotResource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:1234:t'}",
    ] {
        check(&RULE, &format!("Statement: [{statement}]\n"), "");
    }
}

#[test]
fn where_the_table_of_aws_is_short() {
    let place = "eu-west-1:111111111111";
    for (actions, resource) in [
        ("'sns:Publish'", "endpoint/GCM/shop/*"),
        (
            "'sns:SetEndpointAttributes', 'sns:CreatePlatformEndpoint'",
            "app/GCM/shop",
        ),
        ("'sns:SetEndpointAttributes'", "endpoint/APNS/shop/*"),
    ] {
        let arn = format!("'arn:aws:sns:{place}:{resource}'");
        assert_eq!(told(actions, &arn), [], "{actions} {arn}");
    }
    for (actions, resource) in [
        (
            "'quicksight:CreateDataSet'",
            "quicksight:eu-west-1:111111111111:dataset/x",
        ),
        (
            "'aws-marketplace:TagResource'",
            "aws-marketplace:us-east-1:111111111111:AWSMarketplace/SaaSProduct/x",
        ),
        (
            "'greengrass:TagResource'",
            "greengrass:eu-west-1:111111111111:components:x",
        ),
        (
            "'kafka:ListTagsForResource'",
            "kafka:eu-west-1:111111111111:replicator/x/y",
        ),
        (
            "'ses:TagResource'",
            "ses:eu-west-1:111111111111:mailmanager-rule-set/x",
        ),
        (
            "'acm:RequestCertificate'",
            "acm:eu-west-1:111111111111:certificate/*",
        ),
        (
            "'logs:DescribeLogGroups'",
            "logs:eu-west-1:111111111111:log-group:x",
        ),
        (
            "'states:SendTaskSuccess'",
            "states:eu-west-1:111111111111:activity:x",
        ),
        (
            "'states:SendTaskSuccess'",
            "states:eu-west-1:111111111111:stateMachine:x",
        ),
    ] {
        assert_eq!(
            told(actions, &format!("'arn:aws:{resource}'")),
            [],
            "{actions}"
        );
    }
    // AWS says of these that the prefixes must match, and has them mixed.
    let mixed = told(
        "'codestar-connections:UseConnection'",
        "'arn:aws:codeconnections:eu-west-1:111111111111:connection/*'",
    );
    assert_eq!(mixed[0].0, Level::Warning);
    assert_eq!(
        mixed[0].1,
        "`codestar-connections:UseConnection` doesn't match ARNs of `codeconnections`: an action and its ARN must have the same service prefix."
    );
    let several = told(
        "'codeconnections:UseConnection', 'codeconnections:GetConnection'",
        "'arn:aws:codestar-connections:eu-west-1:111111111111:connection/*'",
    );
    assert_eq!(several.len(), 1);
    assert!(
        several[0]
            .1
            .contains("match ARNs of `codestar-connections`"),
        "{several:?}"
    );
    let others = told(
        "'codeconnections:UseConnection'",
        "['arn:aws:codestar-connections:eu-west-1:111111111111:connection/*', 'arn:aws:sqs:eu-west-1:111111111111:x']",
    );
    assert!(
        others[0]
            .1
            .contains("it applies to none of the statement's resources"),
        "{others:?}"
    );
    // Requests name the application, or what the policy is attached to; AWS's own policies have both.
    for (action, resource) in [
        ("iot:AttachPolicy", "iot:eu-west-1:111111111111:policy/x"),
        (
            "cloudformation:DeleteStack",
            "cloudformation:eu-west-1:111111111111:stack/x",
        ),
    ] {
        let told = told(&format!("'{action}'"), &format!("'arn:aws:{resource}'"));
        assert_eq!(told.len(), 1, "{action}");
        assert_eq!(told[0].0, Level::Warning, "{action}");
    }
    // Whoever connects from another account asks for the brokers of one cluster.
    let brokers = "'arn:aws:kafka:eu-west-1:111111111111:cluster/shop/0a1b'";
    assert!(told("'kafka:GetBootstrapBrokers'", brokers).is_empty());
    assert_eq!(told("'kafka:ListClusters'", brokers).len(), 1);
    // AWS says that these can't be tagged.
    for (action, resource) in [
        ("kms:TagResource", "kms:eu-west-1:111111111111:alias/x"),
        ("s3:TagResource", "s3:::x/y"),
    ] {
        let told = told(&format!("'{action}'"), &format!("'arn:aws:{resource}'"));
        assert_eq!(told.len(), 1, "{action}");
    }
    // Tagging what another service has is in vain.
    let other = told(
        "'kafka:TagResource'",
        "'arn:aws:sqs:eu-west-1:111111111111:x'",
    );
    assert_eq!(other[0].0, Level::Error);
    assert_eq!(
        told("'sns:Publish'", "'arn:aws:sqs:eu-west-1:111111111111:x'")[0].0,
        Level::Error
    );
}

#[test]
fn sure_only_of_arns_whose_type_is_known() {
    let level = |actions: &str, resource: &str| told(actions, resource)[0].0;
    let queue = "'arn:aws:sqs:eu-west-1:111111111111:x'";
    assert_eq!(level("'ecs:RunTask'", queue), Level::Error);
    // Nobody knows what it is.
    let odd = "'arn:aws:ec2:eu-west-1:111111111111:no-such-kind/x'";
    assert_eq!(level("'ecs:RunTask'", odd), Level::Warning);
    // The catalog may lack one of the service's own.
    let own = "'arn:aws:ecs:eu-west-1:111111111111:capacity-provider/x'";
    assert_eq!(level("'ecs:RunTask'", own), Level::Warning);
}

#[test]
fn a_name_is_no_object() {
    let text = "\
Resources:
  Files: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Files}/*'}
";
    let findings = Fixture::new(text, "").findings(&RULE);
    assert_eq!(findings[0].level, Level::Error);
}

#[test]
fn writes_that_take_no_resource() {
    for resource in [
        "'arn:aws:codepipeline:eu-west-1:111111111111:shop'",
        "'arn:aws:codepipeline:eu-west-1:111111111111:*'",
        "!Sub 'arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:*'",
    ] {
        let found = told("'codepipeline:PutJobSuccessResult'", resource);
        assert_eq!(found[0].0, Level::Warning);
        assert!(
            found[0].1.starts_with("`codepipeline:PutJobSuccessResult` probably has no effect here: AWS lists no resource for"),
            "{found:?}"
        );
    }
    // What only looks is asked for on everything of the service.
    for (actions, resource) in [
        ("'s3:ListAllMyBuckets'", "'arn:aws:s3:::*'"),
        (
            "'codepipeline:ListPipelines'",
            "'arn:aws:codepipeline:*:*:*'",
        ),
        ("'ram:CreateResourceShare'", "'arn:aws:ram:*:*:*'"),
        ("'sns:SetSMSAttributes'", "'arn:aws:sns:*:*:*'"),
        ("'codepipeline:PutJobSuccessResult'", "!Ref Arn"),
    ] {
        assert_eq!(told(actions, resource), [], "{actions}");
    }
}

/// What AWS maintains itself is no error.
#[test]
fn policies_of_aws_have_no_errors() {
    let rules = [
        &RULE,
        &crate::actions::unknown_action::RULE,
        &crate::actions::unknown_service::RULE,
    ];
    for policy in leastwise_catalog::catalog().managed_policies() {
        let fixture = Fixture::new(policy.document(), "");
        for rule in rules {
            for finding in fixture.findings(rule) {
                assert!(
                    finding.level < Level::Error,
                    "{}: {finding:?}",
                    policy.name()
                );
                assert!(!finding.message.contains("recoveryPoint"), "{finding:?}");
            }
        }
    }
}

#[test]
fn recovery_points_have_the_arns_of_their_services() {
    for resource in [
        "arn:aws:ec2:us-east-1::snapshot/snap-1",
        "arn:aws:ec2:us-east-1::image/ami-0123",
        "arn:aws:fsx:us-east-1:111111111111:backup/backup-012",
        "arn:aws:dynamodb:us-east-1:111111111111:table/t/backup/0123",
        "arn:aws:rds:us-east-1:111111111111:snapshot:awsbackup:job-1",
    ] {
        let resource = format!("'{resource}'");
        assert_eq!(
            told("'backup:StartRestoreJob'", &resource),
            [],
            "{resource}"
        );
    }
}
