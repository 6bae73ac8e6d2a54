//! Whether a deployment can be changed and undone, and whether more is granted than is meant.

use super::super::dialect::Dialect::*;
use super::super::row::{Except, FIX, ROW, Row, RowFix, RowPolicy};
use super::{NO_ATTACHMENT, NO_POLICY, NO_TRUST, OF_FUNCTIONS, PLAN};

pub const ROWS: &[Row] = &[
    Row {
        rule: "execution-role-shared",
        policy: RowPolicy::Trust(
            "{Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: cloudformation.amazonaws.com}, Action: 'sts:AssumeRole'}, {Effect: Allow, Principal: {AWS: ⟦arn:aws:iam::<account>:root⟧}, Action: 'sts:AssumeRole'}]}",
        ),
        messages: &["CloudFormation deploys with"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "execution-role-shared",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Service: cloudformation.amazonaws.com}, Action: 'sts:AssumeRole'}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "administrator-access",
        policy: RowPolicy::Identity("{Effect: Allow, Action: '⟦*⟧', Resource: '*'}"),
        messages: &["Every action is allowed on every resource."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "administrator-access",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦*⟧', NotResource: arn:aws:s3:::shop-secrets/a}",
        ),
        messages: &["Every action is allowed on every resource except those named."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "administrator-access",
        policy: RowPolicy::Attached(
            "['arn:aws:iam::aws:policy/ReadOnlyAccess', '⟦arn:aws:iam::aws:policy/AdministratorAccess⟧']",
        ),
        messages: &["`AdministratorAccess` lets "],
        except: &[NO_POLICY, NO_ATTACHMENT],
        ..ROW
    },
    Row {
        rule: "administrator-access",
        policy: RowPolicy::Attached(
            "['arn:aws:iam::aws:policy/AdministratorAccess-Amplify', 'arn:aws:iam::111111111111:policy/AdministratorAccess']",
        ),
        except: &[NO_POLICY, NO_ATTACHMENT],
        ..ROW
    },
    Row {
        rule: "missing-delete-counterpart",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦sqs:CreateQueue⟧', 'sqs:SetQueueAttributes'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-*}",
        ),
        messages: &["`sqs:CreateQueue` is allowed without `sqs:DeleteQueue`"],
        fixes: &[RowFix {
            title: "Add sqs:DeleteQueue",
            gains: &["sqs:DeleteQueue on arn:aws:sqs:<region>:<account>:<prefix>-*"],
            after: "{Effect: Allow, Action: ['sqs:CreateQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-*}",
            ..FIX
        }],
        except: &[NO_POLICY, OF_FUNCTIONS],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "missing-delete-counterpart",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦iam:CreatePolicyVersion⟧', 'iam:GetPolicy'], Resource: arn:aws:iam::<account>:policy/<prefix>-*}",
        ),
        messages: &["`iam:CreatePolicyVersion` is allowed without `iam:DeletePolicyVersion`"],
        fixes: &[RowFix {
            title: "Add iam:DeletePolicyVersion and iam:ListPolicyVersions",
            gains: &[
                "iam:DeletePolicyVersion on arn:aws:iam::<account>:policy/<prefix>-*",
                "iam:ListPolicyVersions on arn:aws:iam::<account>:policy/<prefix>-*",
            ],
            after: "{Effect: Allow, Action: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:ListPolicyVersions', 'iam:GetPolicy'], Resource: arn:aws:iam::<account>:policy/<prefix>-*}",
            ..FIX
        }],
        except: &[NO_POLICY, OF_FUNCTIONS],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "missing-update-counterpart",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦dynamodb:CreateTable⟧', 'dynamodb:DeleteTable'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-*}",
        ),
        messages: &["`dynamodb:CreateTable` is allowed without `dynamodb:UpdateTable`"],
        fixes: &[RowFix {
            title: "Add dynamodb:UpdateTable",
            gains: &["dynamodb:UpdateTable on arn:aws:dynamodb:<region>:<account>:table/<prefix>-*"],
            after: "{Effect: Allow, Action: ['dynamodb:CreateTable', 'dynamodb:UpdateTable', 'dynamodb:DeleteTable'], Resource: arn:aws:dynamodb:<region>:<account>:table/<prefix>-*}",
            ..FIX
        }],
        except: &[NO_POLICY, OF_FUNCTIONS],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "missing-permissions-boundary",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦iam:PutRolePolicy⟧', 'iam:DeleteRolePolicy'], Resource: arn:aws:iam::<account>:role/<prefix>-*}",
        ),
        messages: &["`iam:PutRolePolicy` isn't limited by a permissions boundary"],
        except: &[NO_POLICY, OF_FUNCTIONS],
        ..ROW
    },
    Row {
        rule: "oidc-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringEquals: {token.actions.githubusercontent.com:sub: '⟦repo:acme/shop:*⟧'}}}",
        ),
        messages: &["`StringEquals` doesn't support wildcards: no token has such a value."],
        fixes: &[RowFix {
            title: "Replace with StringLike",
            after: "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "oidc-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {⟦https://token.actions.githubusercontent.com:sub⟧: 'repo:acme/shop:*'}}}",
        ),
        messages: &["keys begin without `https://`"],
        fixes: &[RowFix {
            title: "Remove https://",
            after: "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "oidc-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringEquals: {token.actions.githubusercontent.com:sub: '⟦repo:acme/shop:refs/heads/main⟧'}}}",
        ),
        messages: &["a branch or tag comes after `ref:`"],
        fixes: &[RowFix {
            title: "Write ref: before refs/",
            after: "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringEquals: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:ref:refs/heads/main'}}}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "public-principal",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: '⟦*⟧'}, Action: 'sts:AssumeRole', Condition: {ForAllValues:StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}}",
        ),
        messages: &["Any AWS account can assume this role"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "oidc-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: ['repo:acme/shop:*', 'repo:acme@12/shop@34:*']}}}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "missing-permissions-boundary",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['⟦iam:PutRolePolicy⟧', 'iam:DeleteRolePolicy'], Resource: arn:aws:iam::<account>:role/<prefix>-*},
             {Effect: Deny, Action: 'iam:PutRolePolicy', Resource: '*', Condition: {StringEquals: {iam:PermissionsBoundary: arn:aws:iam::<account>:policy/<prefix>-boundary}}}",
        ),
        messages: &["`iam:PutRolePolicy` isn't limited by a permissions boundary"],
        except: &[NO_POLICY, OF_FUNCTIONS],
        ..ROW
    },
    Row {
        rule: "missing-permissions-boundary",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], Resource: arn:aws:iam::<account>:role/<prefix>-*},
             {Effect: Deny, Action: 'iam:PutRolePolicy', Resource: '*', Condition: {StringNotEquals: {iam:PermissionsBoundary: arn:aws:iam::<account>:policy/<prefix>-boundary}}}",
        ),
        except: &[NO_POLICY, OF_FUNCTIONS],
        ..ROW
    },
    Row {
        rule: "oidc-without-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: ⟦arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com⟧}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringEquals: {token.actions.githubusercontent.com:aud: sts.amazonaws.com}}}",
        ),
        messages: &["any repository on GitHub can assume this role"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "oidc-without-subject",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: '⟦repo:acme*⟧'}}}",
        ),
        messages: &["This subject matches any repository on GitHub with such a name"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity("{Effect: Allow, Action: '⟦iam:PassRole⟧', Resource: '*'}"),
        messages: &["`iam:PassRole` is allowed on all roles"],
        fixes: &[RowFix {
            title: "Limit it to the app's roles",
            anew: true,
            gains: &["iam:PassRole on arn:aws:iam::<account>:role/<prefix>-*"],
            loses: &["iam:PassRole on *"],
            after: "{Effect: Allow, Action: 'iam:PassRole', Resource: arn:aws:iam::<account>:role/<prefix>-*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Sid: Run, Effect: Allow, Action: ['cloudformation:ValidateTemplate', '⟦iam:PassRole⟧'], Resource: '*', Condition: {StringEquals: {aws:PrincipalTag/team: core}}}",
        ),
        messages: &["`iam:PassRole` is allowed on all roles"],
        fixes: &[RowFix {
            title: "Limit it to the app's roles",
            anew: true,
            gains: &["iam:PassRole on arn:aws:iam::<account>:role/<prefix>-*"],
            loses: &["iam:PassRole on *"],
            after: "{Sid: Run, Effect: Allow, Action: ['cloudformation:ValidateTemplate'], Resource: '*', Condition: {StringEquals: {aws:PrincipalTag/team: core}}},
                    {Sid: PassRole, Effect: Allow, Action: ['iam:PassRole'], Resource: [arn:aws:iam::<account>:role/<prefix>-*], Condition: {StringEquals: {aws:PrincipalTag/team: core}}}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "public-principal",
        policy: RowPolicy::Trust("{Effect: Allow, Principal: {AWS: '⟦*⟧'}, Action: 'sts:AssumeRole'}"),
        messages: &["Any AWS account can assume this role"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "public-principal",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole', Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "public-principal",
        policy: RowPolicy::Bucket(
            "{Effect: Allow, Principal: '⟦*⟧', Action: 's3:PutObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["Anyone on the internet is allowed `s3:PutObject` here."],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "public-principal",
        policy: RowPolicy::Bucket(
            "{Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: arn:aws:s3:::<prefix>-data/*, Condition: {StringEquals: {aws:SourceVpce: vpce-0a1b2c3d}}},
             {Effect: Deny, Principal: '*', Action: 's3:*', Resource: arn:aws:s3:::<prefix>-data/*, Condition: {Bool: {aws:SecureTransport: 'false'}}}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦iam:PassRole⟧', Resource: '*'},
             {Effect: Deny, Action: 'iam:PassRole', Resource: arn:aws:iam::<account>:role/admin-*}",
        ),
        messages: &["`iam:PassRole` is allowed on all other roles, for every service"],
        fixes: &[RowFix {
            title: "Limit it to the app's roles",
            anew: true,
            gains: &["iam:PassRole on arn:aws:iam::<account>:role/<prefix>-*"],
            loses: &["iam:PassRole on *"],
            after: "{Effect: Allow, Action: 'iam:PassRole', Resource: arn:aws:iam::<account>:role/<prefix>-*},
                    {Effect: Deny, Action: 'iam:PassRole', Resource: arn:aws:iam::<account>:role/admin-*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'},
             {Effect: Deny, Action: 'iam:PassRole', NotResource: arn:aws:iam::<account>:role/<prefix>-*}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'},
             {Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringNotEquals: {iam:PassedToService: lambda.amazonaws.com}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦iam:PassRole⟧', NotResource: arn:aws:iam::<account>:role/admin-*, Condition: {StringNotEquals: {iam:PassedToService: ec2.amazonaws.com}}}",
        ),
        messages: &["`iam:PassRole` is allowed on all other roles, for every service"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦iam:PassRole⟧', NotResource: arn:aws:iam::<account>:role/admin-*, Condition: {StringEqualsIfExists: {iam:PassedToService: ec2.amazonaws.com}}}",
        ),
        messages: &["if `iam:PassedToService` isn't sent"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: '⟦iam:PassRole⟧', NotResource: arn:aws:iam::<account>:role/admin-*, Condition: {StringLike: {iam:PassedToService: '*.amazonaws.com'}}}",
        ),
        messages: &["`iam:PassRole` is allowed on all other roles, for every service"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "pass-role-unscoped",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {ArnLike: {iam:AssociatedResourceArn: 'arn:aws:ec2:*:<account>:instance/*'}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "shared-function-role",
        policy: RowPolicy::Identity(
            "{Version: 2012-10-17, ⟦Statement⟧: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}]}",
        ),
        messages: &["`order` and `mail` share one role"],
        config: "[rules]\nshared-function-role = 'suggestion'\n",
        except: &[
            NO_POLICY,
            Except {
                dialects: &[ServerlessFunction],
                why: "each function has its own role",
            },
            Except {
                dialects: &[
                    Json,
                    Yaml,
                    CloudFormation,
                    CloudFormationJson,
                    Sam,
                    ServerlessResources,
                    TerraformBlocks,
                    TerraformObject,
                    TerraformHeredoc,
                    TerraformJsonBlocks,
                    TerraformJsonString,
                    StringInYaml,
                    StringInJson,
                    Plan,
                ],
                why: "only the Serverless Framework makes one role for all functions",
            },
        ],
        ..ROW
    },
    Row {
        rule: "wildcard-resource",
        policy: RowPolicy::Identity("{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '⟦*⟧'}"),
        messages: &["`sqs:SendMessage` and `sqs:ReceiveMessage` are allowed on every resource"],
        fixes: &[RowFix {
            title: "Limit it to the app's resources",
            anew: true,
            gains: &[
                "sqs:SendMessage on arn:aws:sqs:<region>:<account>:<prefix>-*",
                "sqs:ReceiveMessage on arn:aws:sqs:<region>:<account>:<prefix>-*",
            ],
            loses: &["sqs:SendMessage on *", "sqs:ReceiveMessage on *"],
            after: "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "wildcard-resource",
        policy: RowPolicy::Identity(
            "{Sid: Queues, Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: ['⟦*⟧']}",
        ),
        messages: &["`sqs:SendMessage` is allowed on every resource"],
        fixes: &[RowFix {
            title: "Limit it to the app's resources",
            anew: true,
            gains: &["sqs:SendMessage on arn:aws:sqs:<region>:<account>:<prefix>-*"],
            loses: &["sqs:SendMessage on *"],
            after: "{Sid: Queues, Effect: Allow, Action: ['sqs:SendMessage'], Resource: [arn:aws:sqs:<region>:<account>:<prefix>-*]},
                    {Sid: QueuesUnscoped, Effect: Allow, Action: ['sqs:ListQueues'], Resource: ['*']}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "wildcard-resource",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*'},
             {Effect: Deny, Action: 'sqs:*', NotResource: arn:aws:sqs:<region>:<account>:<prefix>-*}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "missing-delete-counterpart",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['sqs:CreateQueue', 'sqs:SetQueueAttributes'], Resource: arn:aws:sqs:<region>:<account>:<prefix>-*},
             {Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}",
        ),
        except: &[NO_POLICY, OF_FUNCTIONS],
        ..ROW
    },
];
