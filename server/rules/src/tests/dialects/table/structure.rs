//! Whether a policy has the elements that it must have, and no others.

use super::super::dialect::Dialect::*;
use super::super::row::{Except, FIX, ROW, Row, RowFix, RowPolicy};
use super::{NO_POLICY, NO_TRUST, PLAN};

const NAMES_ARGUMENTS: Except = Except {
    dialects: &[TerraformBlocks, TerraformJsonBlocks],
    why: "Terraform itself rejects unknown blocks and arguments",
};

const BY_THE_TOOL: Except = Except {
    dialects: &[TerraformBlocks, TerraformJsonBlocks],
    why: "the provider sets `2012-10-17` by default",
};

const BY_THE_FRAMEWORK: Except = Except {
    dialects: &[ServerlessProvider, ServerlessFunction],
    why: "the framework generates the document that contains the statements",
};

const NO_TEMPLATE: Except = Except {
    dialects: &[
        Json,
        Yaml,
        TerraformBlocks,
        TerraformObject,
        TerraformHeredoc,
        TerraformJsonBlocks,
        TerraformJsonString,
        Plan,
    ],
    why: "only CloudFormation has `Fn::Sub`",
};

pub const ROWS: &[Row] = &[
    Row {
        rule: "conflicting-elements",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*, ⟦NotResource⟧: [arn:aws:s3:::<prefix>-data/a, arn:aws:s3:::<prefix>-data/b]},
             {Effect: Deny, Action: 's3:PutObject', NotResource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["A statement can't have both `Resource` and `NotResource` | both `resources` and `not_resources`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "conflicting-elements",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*},
             {Effect: Deny, NotAction: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*},
             {Effect: Deny, Action: 's3:PutObject', NotResource: arn:aws:s3:::<prefix>-data/*}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "duplicate-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*, ⟦Action⟧: 's3:PutObject'}",
        ),
        messages: &["`Action` is a duplicate key: | `actions` is a duplicate key:"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "duplicate-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*, ⟦Effect⟧: Allow}",
        ),
        messages: &["`Effect` is a duplicate key: | `effect` is a duplicate key:"],
        fixes: &[RowFix {
            title: "Remove one of them",
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "duplicate-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*, Condition: {StringEquals: {aws:SourceVpc: vpc-11111111}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-type",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: [[⟦arn:aws:s3:::shop-data/*⟧, arn:aws:s3:::shop-files/*]]}",
        ),
        messages: &["`Resource` has a nested list where a string or a list of strings is expected: AWS rejects the policy. | `resources` has a nested list"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-type",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:GetObject'], Resource: [arn:aws:s3:::<prefix>-data/*, arn:aws:s3:::<prefix>-files/*]}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-version",
        policy: RowPolicy::Identity(
            "{Version: ⟦2012-10-07⟧, Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}]}",
        ),
        messages: &["`2012-10-07` isn't a version of the policy language: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Replace with 2012-10-17",
            after: "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}]}",
            ..FIX
        }],
        except: &[NO_POLICY, BY_THE_TOOL, BY_THE_FRAMEWORK],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-version",
        policy: RowPolicy::Identity(
            "{Version: 2008-10-17, Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}]}",
        ),
        except: &[NO_POLICY, BY_THE_TOOL, BY_THE_FRAMEWORK],
        ..ROW
    },
    Row {
        rule: "missing-sub",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: '⟦arn:aws:s3:::${AWS::StackName}-data/*⟧'}",
        ),
        messages: &["`${AWS::StackName}` isn't replaced without `Fn::Sub`: IAM gets it as literal text."],
        fixes: &[RowFix {
            title: "Wrap it in Fn::Sub",
            anew: true,
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::<stack>-data/*'}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TEMPLATE],
        unfixed: &[Except {
            dialects: &[StringInYaml, StringInJson],
            why: "the string as a whole goes through `Fn::Sub`, or not",
        }],
        of_role: true,
        ..ROW
    },
    Row {
        rule: "unescaped-policy-variable",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::<prefix>-data/⟦${aws:username}⟧/*'}",
        ),
        messages: &["`Fn::Sub` refers to `aws:username`, which isn't a parameter or resource"],
        fixes: &[RowFix {
            title: "Write ${!aws:username}",
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::<prefix>-data/${!aws:username}/*'}",
            ..FIX
        }],
        except: &[
            NO_POLICY,
            NO_TEMPLATE,
            Except {
                dialects: &[ServerlessProvider, ServerlessFunction, ServerlessResources],
                why: "the Serverless Framework reads each `${…:…}` as its own variable",
            },
            Except {
                dialects: &[StringInYaml, StringInJson],
                why: "a string outside of `Fn::Sub` can contain any variable",
            },
        ],
        ..ROW
    },
    Row {
        rule: "duplicate-sid",
        policy: RowPolicy::Identity(
            "{Sid: Read, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*},
             {Sid: ⟦Read⟧, Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
        ),
        messages: &["Another statement has the same `Sid`"],
        fixes: &[RowFix {
            title: "Add a number to the Sid",
            after: "{Sid: Read, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*},
                    {Sid: Read2, Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-effect",
        policy: RowPolicy::Identity(
            "{Effect: ⟦allow⟧, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`allow` is neither `Allow` nor `Deny`: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Replace with Allow",
            gains: &["s3:GetObject on arn:aws:s3:::<prefix>-data/*"],
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-effect",
        policy: RowPolicy::Identity(
            "{Effect: ⟦Alow⟧, Action: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`Alow` is neither `Allow` nor `Deny`"],
        fixes: &[RowFix {
            title: "Replace with Allow",
            gains: &[
                "s3:GetObject on arn:aws:s3:::<prefix>-data/*",
                "s3:PutObject on arn:aws:s3:::<prefix>-data/*",
            ],
            after: "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-sid",
        policy: RowPolicy::Identity(
            "{Sid: ⟦read-all data⟧, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The `Sid` of an identity policy can contain only letters and digits: AWS rejects the policy because of `-`."],
        fixes: &[RowFix {
            title: "Remove the invalid characters",
            after: "{Sid: readAllData, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-trust",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {AWS: arn:aws:iam::<account>:root}, Action: '⟦sts:TagSession⟧'}",
        ),
        messages: &["`sts:TagSession` alone doesn't let anyone assume the role"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "invalid-trust",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: '⟦sts:AssumeRole⟧', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
        ),
        messages: &["`sts:AssumeRole` doesn't work for federated principals"],
        fixes: &[RowFix {
            title: "Replace with sts:AssumeRoleWithWebIdentity",
            after: "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-trust",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: ['sts:AssumeRole', 'sts:TagSession']},
             {Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:saml-provider/corp}, Action: 'sts:AssumeRoleWithSAML'}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "missing-action",
        policy: RowPolicy::Identity("{⟦Effect⟧: Allow, Resource: arn:aws:s3:::<prefix>-data/*}"),
        messages: &["The statement has no `Action`: AWS rejects the policy."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "missing-effect",
        policy: RowPolicy::Identity("{⟦Action⟧: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}"),
        messages: &["The statement has no `Effect`: AWS rejects the policy."],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "the provider sets `Allow` by default",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-principal",
        policy: RowPolicy::Trust("{⟦Effect⟧: Allow, Action: 'sts:AssumeRole'}"),
        messages: &["The statement has no `Principal`, which a trust policy needs: AWS rejects the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "a standalone document without principals is read as an identity policy",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-principal",
        policy: RowPolicy::Bucket(
            "{⟦Effect⟧: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The statement has no `Principal`, which a resource policy needs: AWS rejects the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "a standalone document without principals is read as an identity policy",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-resource",
        policy: RowPolicy::Identity("{⟦Effect⟧: Allow, Action: ['s3:GetObject', 's3:PutObject']}"),
        messages: &["The statement has no `Resource`, which an identity policy needs: AWS rejects the policy."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "missing-resource",
        policy: RowPolicy::Bucket("{⟦Sid⟧: All, Effect: Deny, Principal: '*', Action: 's3:DeleteBucket'}"),
        messages: &["The statement has no `Resource`, which a resource policy needs: AWS rejects the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "the file doesn't say which service's resource the policy is for",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-statement",
        policy: RowPolicy::Identity(
            "{Version: 2012-10-17, ⟦Effect⟧: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The policy has no `Statement`: AWS rejects it."],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "statements are blocks, and Terraform itself rejects unknown arguments",
            },
            Except {
                dialects: &[ServerlessProvider, ServerlessFunction],
                why: "the framework generates the document that contains the statements",
            },
            Except {
                dialects: &[Sam],
                why: "SAM reads it as a bare statement, which `invalid-policy-entry` reports",
            },
            Except {
                dialects: &[Json, Yaml],
                why: "a file without `Statement` may not be a policy",
            },
        ],
        of_role: true,
        ..ROW
    },
    Row {
        rule: "missing-version",
        policy: RowPolicy::Identity(
            "{⟦Statement⟧: {Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}",
        ),
        messages: &["The policy has no `Version`: AWS uses 2008-10-17"],
        fixes: &[RowFix {
            title: "Add Version 2012-10-17",
            after: "{Version: 2012-10-17, Statement: {Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}",
            ..FIX
        }],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "the provider sets `2012-10-17` by default",
            },
            Except {
                dialects: &[ServerlessProvider, ServerlessFunction],
                why: "the framework generates the document that contains the statements",
            },
        ],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: RowPolicy::Identity(
            "{Version: 2012-10-17, ⟦Statment⟧: [{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}]}",
        ),
        messages: &["`Statment` isn't a policy element: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Rename to Statement",
            gains: &["s3:GetObject on arn:aws:s3:::<prefix>-data/*"],
            after: "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}]}",
            ..FIX
        }],
        except: &[NO_POLICY, BY_THE_FRAMEWORK, NAMES_ARGUMENTS],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: RowPolicy::Identity(
            "{Effect: Allow, ⟦Actions⟧: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`Actions` isn't a statement element: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Rename to Action",
            gains: &[
                "s3:GetObject on arn:aws:s3:::<prefix>-data/*",
                "s3:PutObject on arn:aws:s3:::<prefix>-data/*",
            ],
            after: "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY, NAMES_ARGUMENTS],
        unfixed: &[PLAN],
        restyled: &[Except {
            dialects: &[TerraformObject],
            why: "not yet: arguments beside a renamed one aren't realigned",
        }],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: RowPolicy::Identity(
            "{Effect: Allow, ⟦Principal⟧: {Service: lambda.amazonaws.com}, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["it applies to the identities it is attached to"],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[Json, Yaml],
                why: "a standalone document with principals is read as a resource policy",
            },
        ],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: RowPolicy::Trust(
            "{Effect: Allow, Principal: {⟦service⟧: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}",
        ),
        messages: &["`service` isn't a principal type such as `AWS`, `Service` or `Federated`: AWS rejects the policy."],
        fixes: &[RowFix {
            title: "Rename to Service",
            after: "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-policy-entry",
        policy: RowPolicy::Entries("[{⟦S3ReadsPolicy⟧: {BucketName: shop-data}}, {SQSPollerPolicy: {⟦Queue⟧: shop-jobs}}]"),
        messages: &[
            "`S3ReadsPolicy` isn't a SAM policy template",
            "`SQSPollerPolicy` has no parameter `Queue` and is missing `QueueName`",
        ],
        fixes: &[
            RowFix {
                title: "Rename to S3ReadPolicy",
                gains: &[
                    "s3:GetObject on arn:aws:s3:::shop-data/*",
                    "s3:GetObjectVersion on arn:aws:s3:::shop-data/*",
                    "s3:GetBucketLocation on arn:aws:s3:::shop-data",
                    "s3:GetLifecycleConfiguration on arn:aws:s3:::shop-data",
                    "s3:ListBucket on arn:aws:s3:::shop-data",
                ],
                after: "[{S3ReadPolicy: {BucketName: shop-data}}, {SQSPollerPolicy: {⟦Queue⟧: shop-jobs}}]",
                ..FIX
            },
            RowFix {
                of: 1,
                title: "Rename to QueueName",
                gains: &[
                    "sqs:ChangeMessageVisibility on arn:aws:sqs:<region>:<account>:shop-jobs",
                    "sqs:DeleteMessage on arn:aws:sqs:<region>:<account>:shop-jobs",
                    "sqs:GetQueueAttributes on arn:aws:sqs:<region>:<account>:shop-jobs",
                    "sqs:ReceiveMessage on arn:aws:sqs:<region>:<account>:shop-jobs",
                ],
                after: "[{⟦S3ReadsPolicy⟧: {BucketName: shop-data}}, {SQSPollerPolicy: {QueueName: shop-jobs}}]",
                ..FIX
            },
        ],
        except: &[ONLY_SAM],
        ..ROW
    },
];

const ONLY_SAM: Except = Except {
    dialects: &[
        Json,
        Yaml,
        CloudFormation,
        CloudFormationJson,
        ServerlessProvider,
        ServerlessFunction,
        ServerlessResources,
        TerraformBlocks,
        TerraformObject,
        TerraformHeredoc,
        TerraformJsonBlocks,
        TerraformJsonString,
        StringInYaml,
        StringInJson,
        Plan,
        GitHub,
        GitLab,
    ],
    why: "only SAM has policy templates",
};
