//! What stands in `Resource`, and in principals.

use super::super::dialect::Dialect::*;
use super::super::row::{Except, FIX, Job, ROW, Row, RowFix, RowPolicy};
use super::{NO_ATTACHMENT, NO_POLICY, NO_TRUST, PLAN};

pub const ROWS: &[Row] = &[
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Sid: Queues, Effect: Allow, Action: ['sqs:SendMessage', '⟦sqs:ListQueues⟧'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
        ),
        messages: &["`sqs:ListQueues` has no effect here: it only supports the resource `*`"],
        fixes: &[RowFix {
            title: "Move it to a separate statement with `*`",
            anew: true,
            gains: &["sqs:ListQueues on *"],
            after: "{Sid: Queues, Effect: Allow, Action: ['sqs:SendMessage'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs},
                    {Sid: QueuesUnscoped, Effect: Allow, Action: ['sqs:ListQueues'], Resource: ['*']}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:ListBucket', '⟦s3:GetObject⟧'], Resource: [arn:aws:s3:::<prefix>-data]}",
        ),
        messages: &["`s3:GetObject` has no effect here: "],
        fixes: &[RowFix {
            title: "Add the objects next to their bucket",
            anew: true,
            gains: &["s3:GetObject on arn:aws:s3:::<prefix>-data/*"],
            after: "{Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Resource: [arn:aws:s3:::<prefix>-data, arn:aws:s3:::<prefix>-data/*]}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦s3:ListBucket⟧', 's3:GetBucketPolicy'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`s3:ListBucket` and `s3:GetBucketPolicy` have no effect here: they don't apply to objects"],
        fixes: &[RowFix {
            title: "Change to the bucket itself",
            gains: &[
                "s3:ListBucket on arn:aws:s3:::<prefix>-data",
                "s3:GetBucketPolicy on arn:aws:s3:::<prefix>-data",
            ],
            after: "{Effect: Allow, Action: ['s3:ListBucket', 's3:GetBucketPolicy'], Resource: arn:aws:s3:::<prefix>-data}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦s3:ListBucket⟧', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`s3:ListBucket` has no effect here: it doesn't apply to objects"],
        fixes: &[RowFix {
            title: "Change to the bucket itself",
            gains: &["s3:ListBucket on arn:aws:s3:::<prefix>-data"],
            after: "{Effect: Allow, Action: 's3:ListBucket', Resource: arn:aws:s3:::<prefix>-data}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:GetObject', '⟦s3:ListBucket⟧'], Resource: [arn:aws:s3:::<prefix>-data/*]}",
        ),
        messages: &["`s3:ListBucket` has no effect here: it doesn't apply to objects"],
        fixes: &[RowFix {
            title: "Add the bucket next to its objects",
            gains: &["s3:ListBucket on arn:aws:s3:::<prefix>-data"],
            after: "{Effect: Allow, Action: ['s3:GetObject', 's3:ListBucket'], Resource: [arn:aws:s3:::<prefix>-data/*, arn:aws:s3:::<prefix>-data]}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    // What else the statement allows would gain by it, which nobody has meant.
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Sid: Data, Effect: Allow, Action: ['⟦s3:ListBucket⟧', 's3:Get*'], Resource: [arn:aws:s3:::<prefix>-data/*]}",
        ),
        messages: &["`s3:ListBucket` has no effect here: it doesn't apply to objects"],
        fixes: &[RowFix {
            title: "Move it to a separate statement with the bucket",
            anew: true,
            gains: &["s3:ListBucket on arn:aws:s3:::<prefix>-data"],
            after: "{Sid: Data, Effect: Allow, Action: ['s3:Get*'], Resource: [arn:aws:s3:::<prefix>-data/*]},
                    {Sid: DataBucket, Effect: Allow, Action: ['s3:ListBucket'], Resource: [arn:aws:s3:::<prefix>-data]}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Sid: Data, Effect: Allow, Action: ['s3:Get*', '⟦s3:ListMultipartUploadParts⟧'], Resource: [arn:aws:s3:::<prefix>-data]}",
        ),
        messages: &["`s3:ListMultipartUploadParts` has no effect here: "],
        fixes: &[RowFix {
            title: "Move it to a separate statement with the objects",
            anew: true,
            gains: &["s3:ListMultipartUploadParts on arn:aws:s3:::<prefix>-data/*"],
            after: "{Sid: Data, Effect: Allow, Action: ['s3:Get*'], Resource: [arn:aws:s3:::<prefix>-data]},
                    {Sid: DataObjects, Effect: Allow, Action: ['s3:ListMultipartUploadParts'], Resource: [arn:aws:s3:::<prefix>-data/*]}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "action-resource-mismatch",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: [arn:aws:sqs:<region>:<account>:<prefix>-jobs, arn:aws:sns:<region>:<account>:⟦<prefix>-orders⟧]}",
        ),
        messages: &[
            "This resource has no effect: none of the statement's actions applies to topics.",
        ],
        fixes: &[RowFix {
            title: "Remove the resource",
            after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: [arn:aws:sqs:<region>:<account>:<prefix>-jobs]}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-arn",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: [arn:⟦asw⟧:sqs:<region>:<account>:<prefix>-jobs, arn:aws:sqs:⟦eu_west_1⟧:<account>:<prefix>-mail]}",
        ),
        messages: &["artition", "egion"],
        fixes: &[
            RowFix {
                title: "Replace with aws",
                gains: &["sqs:SendMessage on arn:aws:sqs:<region>:<account>:<prefix>-jobs"],
                after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: [arn:aws:sqs:<region>:<account>:<prefix>-jobs, arn:aws:sqs:⟦eu_west_1⟧:<account>:<prefix>-mail]}",
                ..FIX
            },
            RowFix {
                of: 1,
                title: "Replace with eu-west-1",
                gains: &["sqs:SendMessage on arn:aws:sqs:eu-west-1:<account>:<prefix>-mail"],
                after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: [arn:⟦asw⟧:sqs:<region>:<account>:<prefix>-jobs, arn:aws:sqs:eu-west-1:<account>:<prefix>-mail]}",
                ..FIX
            },
        ],
        unfixed: &[PLAN],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-arn",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3::⟦111111111111⟧:<prefix>-data/*}",
        ),
        messages: &["ARNs of such `s3` resources have no account"],
        fixes: &[RowFix {
            title: "Leave the account empty",
            gains: &["s3:GetObject on arn:aws:s3:::<prefix>-data/*"],
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-arn",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'dynamodb:GetItem', Resource: arn:aws:dynamodb:<region>:<account>:⟦Table⟧/<prefix>-orders}",
        ),
        messages: &["`Table` must be `table`, as ARNs are case-sensitive"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace with table",
            gains: &["dynamodb:GetItem on arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders"],
            after: "{Effect: Allow, Action: 'dynamodb:GetItem', Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "principal-not-deployed",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: [⟦arn:aws:iam::<account>:role/shop-builder⟧, arn:aws:iam::<account>:root]}, Action: 'sts:AssumeRole'}",
        ),
        messages: &["isn't an ARN that the workspace deploys"],
        except: &[NO_POLICY, NO_TRUST],
        beside: Some(
            "Resources: {Builder: {Type: 'AWS::IAM::Role', Properties: {RoleName: shop-builder, Path: /ci/}}}\n",
        ),
        ..ROW
    },
    Row {
        rule: "role-does-not-trust",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sts:AssumeRole', Resource: ⟦arn:aws:iam::<account>:role/shop-reader⟧}",
        ),
        messages: &["The trust policy of `Reader` in roles.yaml allows neither"],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[Json, Yaml],
                why: "a standalone document doesn't say what it is attached to",
            },
        ],
        of_role: true,
        beside: Some(
            "Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-reader
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-report'}, Action: 'sts:AssumeRole'}
",
        ),
        ..ROW
    },
    Row {
        rule: "resource-outside-prefix",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:<account>:⟦other-jobs⟧}",
        ),
        messages: &["`other-jobs` doesn't begin with the app's prefix `shop`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "unknown-account",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:⟦121212121212⟧:<prefix>-jobs}",
        ),
        messages: &["The config doesn't list account 121212121212"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "unknown-account",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: [arn:aws:iam::⟦121212121212⟧:role/ci, arn:aws:iam::<account>:root]}, Action: 'sts:AssumeRole'}",
        ),
        messages: &["The config doesn't list account 121212121212"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "unknown-account",
        policy: RowPolicy::Job(Job {
            role: "arn:aws:iam::⟦121212121212⟧:role/shop-deployer",
            key: false,
            admits: "acme/shop",
        }),
        messages: &["The config doesn't list account 121212121212"],
        except: &[super::NO_PIPELINE],
        ..ROW
    },
    Row {
        rule: "unknown-principal",
        policy: RowPolicy::Trust("{Effect: Allow, Principal: {Service: ⟦lamda.amazonaws.com⟧}, Action: 'sts:AssumeRole'}"),
        messages: &["The service principal `lamda.amazonaws.com` doesn't exist"],
        fixes: &[RowFix {
            title: "Replace with lambda.amazonaws.com",
            after: "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-principal",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: ⟦arn:aws:iam::<account>:role/ci-*⟧}, Action: 'sts:AssumeRole'}",
        ),
        messages: &["The only wildcard that a principal can contain"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "unknown-principal",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: ⟦arn:aws:iam::111111111111:root⟧, Action: 'sts:AssumeRole'}",
        ),
        messages: &["`Principal` can't be a string other than `*`"],
        fixes: &[RowFix {
            title: "Put it under AWS",
            anew: true,
            after: "{Effect: Allow, Principal: {AWS: arn:aws:iam::111111111111:root}, Action: 'sts:AssumeRole'}",
            ..FIX
        }],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "each principal is a block with its type",
            },
        ],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-principal",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: ['111111111111', AROAEXAMPLEEXAMPLE123]}, Action: 'sts:AssumeRole'},
             {Effect: Allow, Principal: {Service: [logs.eu-west-1.amazonaws.com, lambda.amazonaws.com.cn]}, Action: 'sts:AssumeRole'}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "unknown-managed-policy",
        policy: RowPolicy::Attached(
            "['⟦arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole⟧', '⟦arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAcces⟧']",
        ),
        messages: &[
            "the path is part of its ARN",
            "AWS has no managed policy `AmazonS3ReadOnlyAcces`",
        ],
        fixes: &[
            RowFix {
                title: "Replace with service-role/AWSLambdaBasicExecutionRole",
                after: "['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', '⟦arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAcces⟧']",
                ..FIX
            },
            RowFix {
                of: 1,
                title: "Replace with AmazonS3ReadOnlyAccess",
                after: "['⟦arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole⟧', 'arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess']",
                ..FIX
            },
        ],
        except: &[NO_POLICY, NO_ATTACHMENT],
        ..ROW
    },
    Row {
        rule: "unknown-managed-policy",
        policy: RowPolicy::Attached(
            "['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess', 'arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess']",
        ),
        except: &[NO_POLICY, NO_ATTACHMENT],
        ..ROW
    },
];
