//! Whether the actions of a policy exist, and each is needed.

use super::super::row::{FIX, ROW, Row, RowFix, RowPolicy};
use super::{NO_POLICY, PLAN};

pub const ROWS: &[Row] = &[
    Row {
        rule: "action-matches-nothing",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['sqs:⟦Gett*⟧', 'sqs:SendMessage'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
        ),
        messages: &["`sqs:Gett*` has no effect: it matches no action."],
        fixes: &[RowFix {
            title: "Replace with sqs:Get*",
            gains: &["sqs:Get* on arn:aws:sqs:<region>:<account>:<prefix>-jobs"],
            after: "{Effect: Allow, Action: ['sqs:Get*', 'sqs:SendMessage'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "redundant-action",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:PutObject', '⟦s3:GetObject⟧', 's3:Get*', '⟦s3:PutObject⟧'], Resource: arn:aws:s3:::<prefix>-data/é/*}",
        ),
        messages: &[
            "`s3:GetObject` is redundant: `s3:Get*` covers it",
            "`s3:PutObject` is listed twice in `",
        ],
        fixes: &[
            RowFix {
                title: "Remove s3:GetObject",
                after: "{Effect: Allow, Action: ['s3:PutObject', 's3:Get*', '⟦s3:PutObject⟧'], Resource: arn:aws:s3:::<prefix>-data/é/*}",
                ..FIX
            },
            RowFix {
                of: 1,
                title: "Remove s3:PutObject",
                after: "{Effect: Allow, Action: ['s3:PutObject', '⟦s3:GetObject⟧', 's3:Get*'], Resource: arn:aws:s3:::<prefix>-data/é/*}",
                ..FIX
            },
        ],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-action",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'dynamodb:⟦PutItm⟧', Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
        ),
        messages: &["`dynamodb:PutItm` has no effect: Amazon DynamoDB has no such action"],
        fixes: &[RowFix {
            title: "Replace with dynamodb:PutItem",
            gains: &[
                "dynamodb:PutItem on arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders",
            ],
            after: "{Effect: Allow, Action: 'dynamodb:PutItem', Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-action",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦s3:GetObject, s3:PutObject⟧', 's3:DeleteObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["This string contains several actions: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Split into 2 actions",
            anew: true,
            gains: &[
                "s3:GetObject on arn:aws:s3:::<prefix>-data/*",
                "s3:PutObject on arn:aws:s3:::<prefix>-data/*",
            ],
            after: "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-service",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦dynamdb⟧:GetItem', 'dynamdb:PutItem'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
        ),
        messages: &[
            "`dynamdb:GetItem` and `dynamdb:PutItem` have no effect: no service has the prefix `dynamdb`",
        ],
        fixes: &[RowFix {
            title: "Replace dynamdb with dynamodb",
            gains: &[
                "dynamodb:GetItem on arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders",
                "dynamodb:PutItem on arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders",
            ],
            after: "{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-service",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦dynamdb⟧:GetItem', 'dynamodb:PutItem'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
        ),
        messages: &["`dynamdb:GetItem` has no effect: no service has the prefix `dynamdb`."],
        fixes: &[RowFix {
            title: "Replace with dynamodb:GetItem",
            gains: &[
                "dynamodb:GetItem on arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders",
            ],
            after: "{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-orders}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
];
