//! The examples, in the order of the registry.

use super::Example;
use super::Policy::{self, File, Resource, Role, Statement};

const fn example(
    rule: &'static str,
    named: &'static [(&'static str, &'static str)],
    policy: Policy,
) -> Example {
    Example {
        rule,
        named,
        policy,
    }
}

pub(super) const EXAMPLES: &[Example] = &[
    // format
    example(
        "syntax-error",
        &[
            ("access-analyzer", "JSON_SYNTAX_ERROR"),
            ("parliament", "MALFORMED_JSON"),
        ],
        File(
            "{\"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}",
        ),
    ),
    example(
        "syntax-error",
        &[("cfn-lint", "E0000")],
        Role("Effect: Allow, Action: ['s3:GetObject', Resource: '*'"),
    ),
    example(
        "unquoted-star",
        &[("cfn-lint", "E0000")],
        Role("Effect: Allow, Action: 's3:GetObject', Resource: *"),
    ),
    // structure
    example(
        "conflicting-elements",
        &[
            ("access-analyzer", "UNSUPPORTED_ELEMENT_COMBINATION"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Allow, Action: 's3:GetObject', NotAction: 's3:PutObject', Resource: '*'"),
    ),
    example(
        "conflicting-elements",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: '111111111111'}, \
             Action: 'sqs:SendMessage', Resource: '*', NotResource: 'arn:aws:sqs:eu-west-1:111111111111:a'}}}",
        ),
    ),
    example(
        "duplicate-key",
        &[("access-analyzer", "DUPLICATE_KEYS_WITH_DIFFERENT_CASE")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {StringEquals: {'s3:prefix': a, 'S3:Prefix': b}}",
        ),
    ),
    example(
        "duplicate-sid",
        &[
            ("access-analyzer", "UNIQUE_SIDS_REQUIRED"),
            ("parliament", "DUPLICATE_SID"),
            ("iam-policy-validator", "sid_uniqueness"),
        ],
        File(
            "Statement:\n  - {Sid: A, Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n  - {Sid: A, Effect: Allow, Action: 's3:PutObject', Resource: '*'}\n",
        ),
    ),
    example(
        "duplicate-sid",
        &[("access-analyzer", "UNIQUE_SIDS_RECOMMENDED")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: [{Sid: A, Effect: Deny, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}, \
             {Sid: A, Effect: Deny, Principal: '*', Action: 'sqs:ReceiveMessage', Resource: '*'}]}}",
        ),
    ),
    example(
        "invalid-effect",
        &[
            ("access-analyzer", "INVALID_EFFECT"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Permit, Action: 's3:GetObject', Resource: '*'"),
    ),
    example(
        "invalid-effect",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Effect: deny, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "invalid-effect",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "invalid-sid",
        &[
            ("access-analyzer", "UNSUPPORTED_SID"),
            ("parliament", "INVALID_SID"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Sid: read data, Effect: Allow, Action: 's3:GetObject', Resource: '*'"),
    ),
    example(
        "invalid-type",
        &[
            ("access-analyzer", "DATA_TYPE_MISMATCH"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Allow, Action: {s3: GetObject}, Resource: '*'"),
    ),
    example(
        "invalid-type",
        &[
            ("access-analyzer", "INVALID_PRINCIPAL_FORMAT"),
            ("cfn-lint", "E3512"),
        ],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Effect: Deny, Principal: ['111111111111'], Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "invalid-type",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: {name: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "invalid-version",
        &[
            ("access-analyzer", "INVALID_VERSION"),
            ("parliament", "INVALID_VERSION"),
            ("iam-policy-validator", "policy_structure"),
        ],
        File(
            "Version: '2012-10-18'\nStatement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n",
        ),
    ),
    example(
        "invalid-version",
        &[("access-analyzer", "VARIABLE_UNSUPPORTED_IN_VERSION")],
        File(
            "Version: '2008-10-17'\nStatement: {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/${aws:username}'}\n",
        ),
    ),
    example(
        "invalid-version",
        &[("cfn-lint", "E3510")],
        Resource(
            "Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2010-09-09', Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}}}",
        ),
    ),
    example(
        "invalid-version",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Version: '2010-09-09', Statement: {Effect: Deny, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "invalid-version",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2010-09-09', Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "missing-action",
        &[
            ("access-analyzer", "MISSING_ACTION"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Allow, Resource: '*'"),
    ),
    example(
        "missing-action",
        &[("access-analyzer", "EMPTY_ARRAY_ACTION")],
        Statement("Effect: Allow, Action: [], Resource: '*'"),
    ),
    example(
        "missing-action",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Effect: Deny, Principal: '*', Resource: '*'}}}",
        ),
    ),
    example(
        "missing-action",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}}}}",
        ),
    ),
    example(
        "missing-effect",
        &[
            ("access-analyzer", "MISSING_EFFECT"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Action: 's3:GetObject', Resource: '*'"),
    ),
    example(
        "missing-effect",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "missing-effect",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "missing-resource",
        &[
            ("access-analyzer", "MISSING_RESOURCE"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Allow, Action: 's3:GetObject'"),
    ),
    example(
        "missing-resource",
        &[("access-analyzer", "EMPTY_ARRAY_RESOURCE")],
        Statement("Effect: Allow, Action: 's3:GetObject', Resource: []"),
    ),
    example(
        "missing-resource",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::S3::BucketPolicy, Properties: {Bucket: shop, PolicyDocument: {Statement: {Effect: Deny, Principal: '*', Action: 's3:GetObject'}}}",
        ),
    ),
    example(
        "missing-statement",
        &[
            ("access-analyzer", "MISSING_STATEMENT"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Resource(
            "Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17'}}",
        ),
    ),
    example(
        "missing-statement",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Version: '2012-10-17'}}",
        ),
    ),
    example(
        "missing-statement",
        &[("cfn-lint", "E3530")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17'}}",
        ),
    ),
    example(
        "missing-version",
        &[
            ("access-analyzer", "MISSING_VERSION"),
            ("parliament", "NO_VERSION"),
            ("iam-policy-validator", "policy_structure"),
        ],
        File("Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n"),
    ),
    example(
        "unknown-element",
        &[
            ("access-analyzer", "INVALID_POLICY_ELEMENT"),
            ("parliament", "MALFORMED"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "policy_structure"),
        ],
        Role("Effect: Allow, Actions: 's3:GetObject', Resource: '*'"),
    ),
    example(
        "unknown-element",
        &[("access-analyzer", "UNSUPPORTED_PRINCIPAL")],
        Role("Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'"),
    ),
    example(
        "unknown-element",
        &[
            ("access-analyzer", "INVALID_PRINCIPAL_KEY"),
            ("cfn-lint", "E3530"),
        ],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Services: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[(
            "access-analyzer",
            "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
        )],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, NotPrincipal: {AWS: '111111111111'}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[("access-analyzer", "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: '111111111111'}, Action: 'sts:AssumeRole', Resource: '*'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[("access-analyzer", "SCP_SYNTAX_ERROR_PRINCIPAL")],
        Resource(
            "Type: AWS::Organizations::Policy, Properties: {Type: SERVICE_CONTROL_POLICY, Content: {Statement: {Effect: Deny, Principal: '*', Action: 's3:GetObject', Resource: '*'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[("access-analyzer", "RCP_SYNTAX_ERROR_PRINCIPAL")],
        Resource(
            "Type: AWS::Organizations::Policy, Properties: {Type: RESOURCE_CONTROL_POLICY, Content: {Statement: {Effect: Deny, NotPrincipal: {AWS: '111111111111'}, Action: 's3:GetObject', Resource: '*'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[("access-analyzer", "RCP_SYNTAX_ERROR_NOTACTION")],
        Resource(
            "Type: AWS::Organizations::Policy, Properties: {Type: RESOURCE_CONTROL_POLICY, Content: {Statement: {Effect: Deny, Principal: '*', NotAction: 's3:GetObject', Resource: '*'}}}",
        ),
    ),
    example(
        "unknown-element",
        &[("cfn-lint", "E3512")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {Statement: {Effect: Deny, Principal: '*', Actions: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "invalid-trust",
        &[("access-analyzer", "MISMATCHED_ACTION_FOR_PRINCIPAL")],
        Statement(
            "Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:saml-provider/corp'}, Action: 'sts:AssumeRoleWithWebIdentity'",
        ),
    ),
    example(
        "invalid-trust",
        &[(
            "access-analyzer",
            "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        )],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 'sts:AssumeRole', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1111111111}}}}}",
        ),
    ),
    example(
        "missing-principal",
        &[("access-analyzer", "MISSING_PRINCIPAL")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "missing-principal",
        &[("access-analyzer", "EMPTY_ARRAY_PRINCIPAL")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Deny, Principal: {AWS: []}, Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "missing-principal",
        &[("access-analyzer", "EMPTY_OBJECT_PRINCIPAL")],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Deny, Principal: {}, Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    // actions
    example(
        "action-matches-nothing",
        &[
            ("access-analyzer", "INVALID_ACTION"),
            ("parliament", "UNKNOWN_ACTION"),
            ("cfn-lint", "W3037"),
            ("iam-policy-validator", "action_validation"),
        ],
        Role("Effect: Allow, Action: 's3:Fetch*', Resource: '*'"),
    ),
    example(
        "redundant-action",
        &[("access-analyzer", "REDUNDANT_ACTION")],
        Statement("Effect: Allow, Action: ['s3:Get*', 's3:GetObject'], Resource: '*'"),
    ),
    example(
        "unknown-action",
        &[
            ("access-analyzer", "INVALID_ACTION"),
            ("parliament", "UNKNOWN_ACTION"),
            ("cfn-lint", "W3037"),
            ("iam-policy-validator", "action_validation"),
        ],
        Role("Effect: Allow, Action: 's3:GetObjekt', Resource: '*'"),
    ),
    example(
        "unknown-service",
        &[
            ("access-analyzer", "INVALID_SERVICE_IN_ACTION"),
            ("parliament", "UNKNOWN_PREFIX"),
            ("cfn-lint", "W3037"),
            ("iam-policy-validator", "action_validation"),
        ],
        Role("Effect: Allow, Action: 'dinamodb:GetItem', Resource: '*'"),
    ),
    // resources
    example(
        "action-resource-mismatch",
        &[
            ("access-analyzer", "INVALID_ARN_RESOURCE"),
            ("parliament", "RESOURCE_MISMATCH"),
            ("iam-policy-validator", "action_resource_matching"),
        ],
        Statement(
            "Effect: Allow, Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:tables/orders'",
        ),
    ),
    example(
        "action-resource-mismatch",
        &[("cfn-lint", "I3510")],
        Resource(
            "Type: AWS::IAM::Policy, Properties: {PolicyName: shop, Roles: [shop], PolicyDocument: {Statement: {Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop'}}}",
        ),
    ),
    example(
        "invalid-arn",
        &[
            ("access-analyzer", "INVALID_ARN_PREFIX"),
            ("parliament", "INVALID_ARN"),
            ("cfn-lint", "E3510"),
            ("iam-policy-validator", "resource_validation"),
        ],
        Role("Effect: Allow, Action: 's3:GetObject', Resource: 'shop-data/*'"),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "INVALID_ARN_ACCOUNT")],
        Statement(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:11111111111:jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("cfn-lint", "W1031")],
        Role(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: !Sub 'arn:aws:sqs:${AWS::Region}:11111111111:jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "INVALID_ARN_REGION")],
        Statement(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:euwest1:111111111111:jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "INVALID_PARTITION")],
        Statement("Effect: Allow, Action: 's3:GetObject', Resource: 'arn:asw:s3:::shop/*'"),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "INVALID_SERVICE")],
        Statement(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqss:eu-west-1:111111111111:jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "INVALID_ARN_SERVICE_CASE")],
        Statement("Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:S3:::shop/*'"),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "MISSING_ARN_FIELD")],
        Statement("Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:shop'"),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "MISSING_ARN_REGION")],
        Statement(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs::111111111111:jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "MISSING_ARN_ACCOUNT")],
        Statement(
            "Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1::jobs'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "ARN_ACCOUNT_NOT_ALLOWED")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3::111111111111:shop/*'",
        ),
    ),
    example(
        "invalid-arn",
        &[("access-analyzer", "ARN_REGION_NOT_ALLOWED")],
        Statement(
            "Effect: Allow, Action: 'iam:GetRole', Resource: 'arn:aws:iam:eu-west-1:111111111111:role/shop'",
        ),
    ),
    example(
        "unknown-principal",
        &[
            ("access-analyzer", "INVALID_PRINCIPAL_FORMAT"),
            ("parliament", "UNKNOWN_PRINCIPAL"),
        ],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: 'arn:aws:iam::111111111111:root', Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "unknown-principal",
        &[("access-analyzer", "INVALID_SERVICE_PRINCIPAL_FORMAT")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "unknown-principal",
        &[("access-analyzer", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: {AWS: 'arn:aws:iam::111111111111:role/*'}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "unknown-principal",
        &[(
            "access-analyzer",
            "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        )],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:role/corp'}, Action: 'sts:AssumeRoleWithSAML'}}}",
        ),
    ),
    // conditions
    example(
        "invalid-condition",
        &[
            ("access-analyzer", "INVALID_CONDITION_OPERATOR"),
            ("parliament", "UNKNOWN_OPERATOR"),
        ],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {StringMatches: {'s3:prefix': a}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "EMPTY_OBJECT_CONDITION")],
        Statement("Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {}"),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "EMPTY_ARRAY_CONDITION")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:SourceVpc': []}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "EMPTY_ARRAY_CONDITION_FORALLVALUES")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {'ForAllValues:StringEquals': {'aws:TagKeys': []}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "EMPTY_ARRAY_CONDITION_FORANYVALUE")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {'ForAnyValue:StringEquals': {'aws:TagKeys': []}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "EMPTY_ARRAY_CONDITION_IFEXISTS")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEqualsIfExists: {'aws:SourceVpc': []}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "NULL_WITH_IF_EXISTS")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {NullIfExists: {'s3:prefix': 'true'}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "INVALID_REGION")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:RequestedRegion': us-east1}}",
        ),
    ),
    example(
        "invalid-condition",
        &[
            ("access-analyzer", "TYPE_MISMATCH"),
            ("parliament", "MISMATCHED_TYPE"),
        ],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {Bool: {'aws:SourceVpc': true}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "TYPE_MISMATCH_BOOLEAN")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'yes'}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "TYPE_MISMATCH_DATE")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {DateLessThan: {'aws:CurrentTime': tomorrow}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "TYPE_MISMATCH_NUMBER")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {NumericLessThan: {'s3:max-keys': many}}",
        ),
    ),
    example(
        "invalid-condition",
        &[("access-analyzer", "TYPE_MISMATCH_IP_RANGE")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {IpAddress: {'aws:SourceIp': office}}",
        ),
    ),
    example(
        "condition-key-not-sent",
        &[
            ("access-analyzer", "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"),
            ("parliament", "UNKNOWN_CONDITION_FOR_ACTION"),
        ],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'s3:prefix': a}}",
        ),
    ),
    example(
        "for-all-values",
        &[
            ("access-analyzer", "FORALLVALUES_WITH_SINGLE_VALUED_KEY"),
            ("parliament", "SINGLE_VALUE_CONDITION_TOO_PERMISSIVE"),
            ("iam-policy-validator", "set_operator_validation"),
        ],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1111111111}}",
        ),
    ),
    example(
        "literal-wildcard",
        &[("access-analyzer", "WILDCARD_WITHOUT_LIKE_OPERATOR")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {StringEquals: {'s3:prefix': 'home/*'}}",
        ),
    ),
    example(
        "unknown-condition-key",
        &[
            ("access-analyzer", "INVALID_GLOBAL_CONDITION_KEY"),
            ("iam-policy-validator", "condition_key_validation"),
        ],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:SourceVpcs': vpc-11111111}}",
        ),
    ),
    example(
        "unknown-condition-key",
        &[("access-analyzer", "INVALID_SERVICE_CONDITION_KEY")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {StringEquals: {'s3:prefixes': a}}",
        ),
    ),
    example(
        "unknown-condition-key",
        &[("access-analyzer", "INVALID_CONDITION_KEY_FORMAT")],
        Statement(
            "Effect: Allow, Action: 's3:ListBucket', Resource: '*', Condition: {StringEquals: {prefix: a}}",
        ),
    ),
    example(
        "unknown-condition-key",
        &[("access-analyzer", "MISSING_TAG_KEY_IN_CONDITION")],
        Statement(
            "Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'aws:ResourceTag': shop}}",
        ),
    ),
    // privilege
    example(
        "administrator-access",
        &[("guard", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS")],
        Role("Effect: Allow, Action: '*', Resource: '*'"),
    ),
    example(
        "administrator-access",
        &[("cfn-nag", "F5")],
        Resource(
            "Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Action: '*', Resource: '*'}}}",
        ),
    ),
    example(
        "administrator-access",
        &[
            ("checkov", "CKV_AWS_274"),
            ("cfn-nag", "W43"),
            ("guard", "IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE"),
        ],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}, \
             ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']}",
        ),
    ),
    example(
        "administrator-access",
        &[
            ("checkov", "CKV2_AWS_56"),
            ("cfn-nag", "W44"),
            ("guard", "IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE"),
        ],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}, \
             ManagedPolicyArns: ['arn:aws:iam::aws:policy/IAMFullAccess']}",
        ),
    ),
    example(
        "missing-permissions-boundary",
        &[
            ("parliament", "PRIVILEGE_ESCALATION"),
            ("cloudsplaining", "PrivilegeEscalation"),
            ("checkov", "CKV_AWS_110"),
        ],
        Role(
            "Effect: Allow, Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], Resource: '*'",
        ),
    ),
    example(
        "missing-permissions-boundary",
        &[("checkov", "CKV_AWS_286")],
        File(
            "resource \"aws_iam_role_policy\" \"deploy\" {\n  role   = aws_iam_role.Shop.id\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    \
             Statement = [{ Effect = \"Allow\", Action = [\"iam:AttachRolePolicy\"], Resource = \"*\" }]\n  })\n}\n\
             resource \"aws_iam_role\" \"Shop\" {\n  name = \"Shop\"\n}\n",
        ),
    ),
    example(
        "oidc-without-subject",
        &[
            ("access-analyzer", "MISSING_GITHUB_REPO_CONDITION_KEY"),
            (
                "access-analyzer",
                "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
            ),
        ],
        Statement(
            "Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}, Action: 'sts:AssumeRoleWithWebIdentity'",
        ),
    ),
    example(
        "oidc-without-subject",
        &[(
            "access-analyzer",
            "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        )],
        Statement(
            "Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}, Action: 'sts:AssumeRoleWithWebIdentity', \
             Condition: {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:*'}, StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}}",
        ),
    ),
    example(
        "oidc-without-subject",
        &[("checkov", "CKV_AWS_358")],
        File(
            "data \"aws_iam_policy_document\" \"trust\" {\n  statement {\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {\n      type        = \"Federated\"\n      \
             identifiers = [\"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com\"]\n    }\n  }\n}\n\
             resource \"aws_iam_role\" \"ci\" {\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n",
        ),
    ),
    example(
        "oidc-without-subject",
        &[("checkov", "CKV_AWS_393")],
        File(
            "resource \"aws_iam_role\" \"ci\" {\n  assume_role_policy = jsonencode({\n    Statement = [{\n      Effect    = \"Allow\"\n      Action    = \"sts:AssumeRoleWithWebIdentity\"\n      \
             Principal = { Federated = \"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com\" }\n    }]\n  })\n}\n",
        ),
    ),
    example(
        "pass-role-unscoped",
        &[
            ("access-analyzer", "PASS_ROLE_WITH_STAR_IN_RESOURCE"),
            ("cfn-nag", "F38"),
            ("guard", "IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE"),
        ],
        Role("Effect: Allow, Action: 'iam:PassRole', Resource: '*'"),
    ),
    example(
        "pass-role-unscoped",
        &[
            ("cfn-nag", "F39"),
            ("guard", "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE"),
        ],
        Resource(
            "Type: AWS::IAM::Policy, Properties: {PolicyName: shop, Roles: [shop], PolicyDocument: {Statement: {Effect: Allow, Action: 'iam:PassRole', Resource: '*'}}}",
        ),
    ),
    example(
        "pass-role-unscoped",
        &[("cfn-nag", "F40")],
        Resource(
            "Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: 'iam:PassRole', Resource: '*'}}}",
        ),
    ),
    example(
        "pass-role-unscoped",
        &[("access-analyzer", "PASS_ROLE_WITH_NOT_RESOURCE")],
        Role(
            "Effect: Allow, Action: 'iam:PassRole', NotResource: 'arn:aws:iam::111111111111:role/admin'",
        ),
    ),
    example(
        "pass-role-unscoped",
        &[(
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        )],
        Role("Effect: Allow, Action: 'iam:Pass*', Resource: '*'"),
    ),
    example(
        "pass-role-unscoped",
        &[(
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        )],
        Role(
            "Effect: Allow, Action: 'iam:Pass*', NotResource: 'arn:aws:iam::111111111111:role/admin'",
        ),
    ),
    example(
        "pass-role-unscoped",
        &[(
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        )],
        Role("Effect: Allow, NotAction: 'iam:Create*', Resource: '*'"),
    ),
    example(
        "pass-role-unscoped",
        &[(
            "access-analyzer",
            "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        )],
        Role(
            "Effect: Allow, NotAction: 'iam:Create*', NotResource: 'arn:aws:iam::111111111111:role/admin'",
        ),
    ),
    example(
        "public-principal",
        &[
            ("access-analyzer", "ALLOW_WITH_NOT_PRINCIPAL"),
            ("parliament", "NOTPRINCIPAL_WITH_ALLOW"),
            ("iam-policy-validator", "not_principal_validation"),
            ("cfn-nag", "F7"),
        ],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, NotPrincipal: {AWS: '111111111111'}, Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("cfn-nag", "F13")],
        Resource(
            "Type: AWS::Lambda::Permission, Properties: {FunctionName: a, Action: 'lambda:InvokeFunction', Principal: '*'}",
        ),
    ),
    example(
        "public-principal",
        &[("cfn-nag", "F8")],
        Resource(
            "Type: AWS::SNS::TopicPolicy, Properties: {Topics: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, NotPrincipal: {AWS: '111111111111'}, Action: 'sns:Publish', Resource: '*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("cfn-nag", "F9")],
        Resource(
            "Type: AWS::S3::BucketPolicy, Properties: {Bucket: shop, PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, NotPrincipal: {AWS: '111111111111'}, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop/*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[
            ("cfn-nag", "F16"),
            ("checkov", "CKV_AWS_70"),
            ("iam-policy-validator", "principal_validation"),
        ],
        Resource(
            "Type: AWS::S3::BucketPolicy, Properties: {Bucket: shop, PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop/*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("cfn-nag", "F18"), ("checkov", "CKV_AWS_169")],
        Resource(
            "Type: AWS::SNS::TopicPolicy, Properties: {Topics: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 'sns:Publish', Resource: '*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[
            ("cfn-nag", "F21"),
            ("checkov", "CKV_AWS_168"),
            ("checkov", "CKV_AWS_387"),
        ],
        Resource(
            "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [a], PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("cfn-nag", "F76"), ("checkov", "CKV_AWS_33")],
        Resource(
            "Type: AWS::KMS::Key, Properties: {KeyPolicy: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 'kms:*', Resource: '*'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("checkov", "CKV_AWS_32")],
        Resource(
            "Type: AWS::ECR::Repository, Properties: {RepositoryPolicyText: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: '*', Action: 'ecr:PutImage'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("checkov", "CKV_AWS_60")],
        Resource(
            "Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}}}",
        ),
    ),
    example(
        "public-principal",
        &[("checkov", "CKV_AWS_283")],
        File(
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"*\"]\n    principals {\n      type        = \"AWS\"\n      identifiers = [\"*\"]\n    }\n  }\n}\n\
             resource \"aws_sqs_queue_policy\" \"p\" {\n  queue_url = \"a\"\n  policy    = data.aws_iam_policy_document.d.json\n}\n",
        ),
    ),
    example(
        "wildcard-resource",
        &[
            ("parliament", "RESOURCE_STAR"),
            ("cfn-nag", "W11"),
            ("cdk-nag", "AwsSolutions-IAM5"),
            ("guard", "IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE"),
            ("iam-policy-validator", "wildcard_resource"),
        ],
        Role("Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'"),
    ),
    example(
        "wildcard-resource",
        &[("parliament", "RESOURCE_EFFECTIVELY_STAR")],
        Role("Effect: Allow, Action: 'dynamodb:PutItem', Resource: 'arn:aws:*'"),
    ),
    example(
        "wildcard-resource",
        &[
            ("cloudsplaining", "InfrastructureModification"),
            ("checkov", "CKV_AWS_111"),
        ],
        Role(
            "Effect: Allow, Action: ['dynamodb:DeleteTable', 'dynamodb:CreateTable'], Resource: '*'",
        ),
    ),
    example(
        "wildcard-resource",
        &[
            ("cloudsplaining", "DataExfiltration"),
            ("checkov", "CKV_AWS_108"),
        ],
        Role("Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: '*'"),
    ),
    example(
        "wildcard-resource",
        &[
            ("cloudsplaining", "ResourceExposure"),
            ("checkov", "CKV_AWS_109"),
        ],
        Role("Effect: Allow, Action: 's3:PutBucketPolicy', Resource: '*'"),
    ),
    example(
        "wildcard-resource",
        &[("cfn-nag", "W12")],
        Resource(
            "Type: AWS::IAM::Policy, Properties: {PolicyName: shop, Roles: [shop], PolicyDocument: {Statement: {Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}}}",
        ),
    ),
    example(
        "wildcard-resource",
        &[("cfn-nag", "W13")],
        Resource(
            "Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}}}",
        ),
    ),
    example(
        "wildcard-resource",
        &[("checkov", "CKV_AWS_355"), ("checkov", "CKV_AWS_290")],
        File(
            "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    \
             Statement = [{ Effect = \"Allow\", Action = [\"dynamodb:PutItem\"], Resource = \"*\" }]\n  })\n}\n",
        ),
    ),
    example(
        "wildcard-resource",
        &[("checkov", "CKV_AWS_288")],
        File(
            "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    \
             Statement = [{ Effect = \"Allow\", Action = [\"secretsmanager:GetSecretValue\"], Resource = \"*\" }]\n  })\n}\n",
        ),
    ),
    example(
        "wildcard-resource",
        &[("checkov", "CKV_AWS_289")],
        File(
            "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    \
             Statement = [{ Effect = \"Allow\", Action = [\"s3:PutBucketPolicy\"], Resource = \"*\" }]\n  })\n}\n",
        ),
    ),
    example(
        "wildcard-resource",
        &[
            ("checkov", "CKV_AWS_356"),
            ("trivy", "aws-iam-no-policy-wildcards"),
        ],
        File(
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"dynamodb:PutItem\"]\n    resources = [\"*\"]\n  }\n}\n\
             resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
        ),
    ),
];
