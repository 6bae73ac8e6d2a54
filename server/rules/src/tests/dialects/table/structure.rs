//! Whether a policy has the elements that it must have, and no others.

use super::super::dialect::Dialect::*;
use super::super::row::{Except, FIX, Fix, Policy, ROW, Row};
use super::{NO_POLICY, NO_TRUST, PLAN};

const NAMES_ARGUMENTS: Except = Except {
    dialects: &[TerraformBlocks, TerraformJsonBlocks],
    why: "Terraform itself refuses a block or an argument that it doesn't know",
};

pub const ROWS: &[Row] = &[
    Row {
        rule: "duplicate-sid",
        policy: Policy::Identity(
            "{Sid: Read, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*},
             {Sid: ⟦Read⟧, Effect: Allow, Action: 'sqs:SendMessage', Resource: arn:aws:sqs:<region>:<account>:<prefix>-jobs}",
        ),
        messages: &["Another statement has the `Sid` `Read`"],
        fixes: &[Fix {
            title: "Give it a number",
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
        policy: Policy::Identity(
            "{Effect: ⟦allow⟧, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`allow` is neither `Allow` nor `Deny`: AWS refuses the policy."],
        fixes: &[Fix {
            title: "Replace by Allow",
            after: "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-effect",
        policy: Policy::Identity(
            "{Effect: ⟦Alow⟧, Action: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["`Alow` is neither `Allow` nor `Deny`"],
        fixes: &[Fix {
            title: "Replace by Allow",
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
        policy: Policy::Identity(
            "{Sid: ⟦read-all data⟧, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The `Sid` of an identity policy can only have letters and digits; `-` makes AWS refuse the policy."],
        fixes: &[Fix {
            title: "Remove the characters that a Sid can't have",
            after: "{Sid: readAllData, Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-trust",
        policy: Policy::Trust(
            "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: '⟦sts:AssumeRole⟧', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
        ),
        messages: &["`sts:AssumeRole` isn't for federated identities"],
        fixes: &[Fix {
            title: "Change it to sts:AssumeRoleWithWebIdentity",
            after: "{Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:*'}}}",
            ..FIX
        }],
        except: &[NO_POLICY, NO_TRUST],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-trust",
        policy: Policy::Trust(
            "{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: ['sts:AssumeRole', 'sts:TagSession']},
             {Effect: Allow, Principal: {Federated: arn:aws:iam::<account>:saml-provider/corp}, Action: 'sts:AssumeRoleWithSAML'}",
        ),
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "missing-action",
        policy: Policy::Identity("{⟦Effect⟧: Allow, Resource: arn:aws:s3:::<prefix>-data/*}"),
        messages: &["The statement has no `Action`: AWS refuses the policy."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "missing-effect",
        policy: Policy::Identity("{⟦Action⟧: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}"),
        messages: &["The statement has no `Effect`: AWS refuses the policy."],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "the provider writes `Allow` where a block says nothing",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-principal",
        policy: Policy::Trust("{⟦Effect⟧: Allow, Action: 'sts:AssumeRole'}"),
        messages: &["The statement has no `Principal`, which a trust policy needs: AWS refuses the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "a document that stands alone is taken for an identity policy where it has no principals",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-principal",
        policy: Policy::Bucket(
            "{⟦Effect⟧: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The statement has no `Principal`, which a resource policy needs: AWS refuses the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "a document that stands alone is taken for an identity policy where it has no principals",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-resource",
        policy: Policy::Identity("{⟦Effect⟧: Allow, Action: ['s3:GetObject', 's3:PutObject']}"),
        messages: &["The statement has no `Resource`, which an identity policy needs: AWS refuses the policy."],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "missing-resource",
        policy: Policy::Bucket("{⟦Sid⟧: All, Effect: Deny, Principal: '*', Action: 's3:DeleteBucket'}"),
        messages: &["The statement has no `Resource`, which a resource policy needs: AWS refuses the policy."],
        except: &[
            NO_POLICY,
            NO_TRUST,
            Except {
                dialects: &[Json, Yaml],
                why: "the file doesn't tell which service's resource the policy is for",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-statement",
        policy: Policy::Identity(
            "{Version: 2012-10-17, ⟦Effect⟧: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["The policy has no `Statement`: AWS refuses it."],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "statements are blocks, and Terraform itself refuses an argument that it doesn't know",
            },
            Except {
                dialects: &[ServerlessProvider, ServerlessFunction],
                why: "the framework writes the document around the statements",
            },
            Except {
                dialects: &[Sam],
                why: "SAM takes it for a statement without a document, of which `invalid-policy-entry` speaks",
            },
            Except {
                dialects: &[Json, Yaml],
                why: "a file without `Statement` may be anything",
            },
            Except {
                dialects: &[
                    TerraformHeredoc,
                    TerraformJsonString,
                    StringInYaml,
                    StringInJson,
                    Plan,
                ],
                why: "a string without `Statement` is not taken for a policy",
            },
        ],
        ..ROW
    },
    Row {
        rule: "missing-version",
        policy: Policy::Identity(
            "{⟦Statement⟧: {Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}",
        ),
        messages: &["The policy has no `Version`, so that AWS reads it by the rules of 2008-10-17"],
        fixes: &[Fix {
            title: "Add Version 2012-10-17",
            after: "{Version: 2012-10-17, Statement: {Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}}",
            ..FIX
        }],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[TerraformBlocks, TerraformJsonBlocks],
                why: "the provider writes `2012-10-17` where a block says nothing",
            },
            Except {
                dialects: &[ServerlessProvider, ServerlessFunction],
                why: "the framework writes the document around the statements",
            },
        ],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: Policy::Identity(
            "{Effect: Allow, ⟦Actions⟧: ['s3:GetObject', 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["A statement has no element `Actions`: AWS refuses the policy."],
        fixes: &[Fix {
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
            why: "not yet: the names beside one that gets shorter or longer are not aligned again",
        }],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: Policy::Identity(
            "{Effect: Allow, ⟦Principal⟧: {Service: lambda.amazonaws.com}, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["it is about the identities that it is attached to"],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[Json, Yaml],
                why: "a document that stands alone is taken for a resource policy where it has principals",
            },
        ],
        ..ROW
    },
    Row {
        rule: "unknown-element",
        policy: Policy::Trust(
            "{Effect: Allow, Principal: {⟦service⟧: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}",
        ),
        messages: &["`service` is no kind of principal: AWS refuses the policy."],
        fixes: &[Fix {
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
        policy: Policy::Entries("[{⟦S3ReadsPolicy⟧: {BucketName: shop-data}}, {SQSPollerPolicy: {⟦Queue⟧: shop-jobs}}]"),
        messages: &[
            "SAM has no policy template `S3ReadsPolicy`",
            "`SQSPollerPolicy` has no parameter `Queue`, and lacks `QueueName`",
        ],
        fixes: &[
            Fix {
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
            Fix {
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
