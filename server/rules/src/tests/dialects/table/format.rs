//! Whether the file can be read.

use super::super::dialect::Dialect::*;
use super::super::row::{Except, FIX, Job, ROW, Row, RowFix, RowPolicy};
use super::{NO_PIPELINE, NO_POLICY};

pub const ROWS: &[Row] = &[
    Row {
        rule: "syntax-error",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:GetObject', !gap, 's3:PutObject'], Resource: arn:aws:s3:::<prefix>-data/*}",
        ),
        messages: &["Expected `,` | There is text after the closing quote"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "syntax-error",
        policy: RowPolicy::Job(Job {
            role: "'arn:aws:iam::111111111111:role/shop-deployer' ⟦again⟧",
            key: false,
            admits: "acme/shop",
        }),
        messages: &["There is text after the closing quote"],
        except: &[NO_PIPELINE],
        ..ROW
    },
    Row {
        rule: "unquoted-star",
        policy: RowPolicy::Identity("{Effect: Deny, Action: 's3:DeleteBucket', Resource: !bare ⟦*⟧}"),
        messages: &["YAML takes an unquoted `*` as an alias"],
        fixes: &[RowFix {
            title: "Quote the star",
            after: "{Effect: Deny, Action: 's3:DeleteBucket', Resource: '*'}",
            ..FIX
        }],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[
                    Json,
                    CloudFormationJson,
                    TerraformBlocks,
                    TerraformObject,
                    TerraformHeredoc,
                    TerraformJsonBlocks,
                    TerraformJsonString,
                    StringInYaml,
                    StringInJson,
                    Plan,
                ],
                why: "only YAML has strings without quotes",
            },
        ],
        ..ROW
    },
    Row {
        rule: "unused-ignore",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: arn:aws:s3:::<prefix>-data/* ⟦# leastwise: ignore[invalid-arn] old name⟧
             }",
        ),
        messages: &["This ignore comment is unused: nothing on its line is reported by invalid-arn."],
        except: &[
            NO_POLICY,
            Except {
                dialects: &[
                    Json,
                    CloudFormationJson,
                    TerraformHeredoc,
                    TerraformJsonBlocks,
                    TerraformJsonString,
                    Plan,
                ],
                why: "JSON has no comments",
            },
        ],
        ..ROW
    },
    Row {
        rule: "unused-ignore",
        policy: RowPolicy::Job(Job {
            role: "arn:aws:iam::111111111111:role/shop-deployer ⟦# leastwise: ignore[unknown-role] made by hand⟧",
            key: false,
            admits: "acme/shop",
        }),
        messages: &["This ignore comment is unused: nothing on its line is reported by unknown-role."],
        except: &[NO_PIPELINE],
        ..ROW
    },
];
