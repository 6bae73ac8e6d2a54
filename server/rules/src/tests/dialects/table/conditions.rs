//! What is written in `Condition`.

use super::super::row::{FIX, ROW, Row, RowFix, RowPolicy};
use super::{NO_POLICY, NO_TRUST, PLAN};

pub const ROWS: &[Row] = &[
    Row {
        rule: "condition-key-not-sent",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:ListBucket', '⟦s3:GetBucketLocation⟧'], Resource: 'arn:aws:s3:::<prefix>-files', Condition: {StringLike: {s3:prefix: 'orders/*'}}}",
        ),
        messages: &["`s3:GetBucketLocation` never comes with `s3:prefix`: it is never allowed"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "condition-key-not-sent",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::<prefix>-files/*', Condition: {StringLike: {⟦s3:prefix⟧: 'orders/*'}}}",
        ),
        messages: &["`s3:GetObject` never comes with `s3:prefix`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "condition-key-not-sent",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Resource: ['arn:aws:s3:::<prefix>-files', 'arn:aws:s3:::<prefix>-files/*'], Condition: {StringLikeIfExists: {s3:prefix: 'orders/*'}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "for-all-values",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {⟦ForAllValues:StringEquals⟧: {aws:SourceVpce: vpce-1}}}",
        ),
        messages: &["`aws:SourceVpce` has one value"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace by StringEquals",
            after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceVpce: vpce-1}}}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "for-all-values",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['sqs:TagQueue', 'sqs:UntagQueue'], Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {⟦ForAllValues:StringLike⟧: {aws:TagKeys: ['shop-*']}}}",
        ),
        messages: &["`ForAllValues` holds for requests without `aws:TagKeys`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "for-all-values",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {⟦ForAllValues:StringEquals⟧: {aws:CalledVia: [athena.amazonaws.com]}}}",
        ),
        messages: &["`ForAllValues` holds for requests without `aws:CalledVia`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "for-all-values",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['sqs:TagQueue', 'sqs:UntagQueue'], Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {ForAnyValue:StringLike: {aws:TagKeys: ['shop-*']}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {⟦StringEqual⟧: {aws:SourceVpce: vpce-1}}}",
        ),
        messages: &["There is no condition operator `StringEqual`"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace by StringEquals",
            after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceVpce: vpce-1}}}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Bucket(
            "{Effect: Allow, Principal: {Service: logging.s3.amazonaws.com}, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop-files/*', Condition: {StringEquals: {aws:SourceAccount: '⟦11111111111⟧'}}}",
        ),
        messages: &["has 12 digits, this one 11"],
        except: &[NO_POLICY, NO_TRUST],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {NotIpAddress: {aws:SourceIp: ['203.0.113.0/24', '2001:db8::/32']}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceIp: '⟦203.0.113.0/24⟧'}}}",
        ),
        messages: &["`StringEquals` compares texts, and no address is called `203.0.113.0/24`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {NumericEquals: {⟦aws:SourceVpc⟧: '1'}}}",
        ),
        messages: &["`NumericEquals` compares numbers, but `aws:SourceVpc` is a text"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceVpc: '⟦vpce-1a2b⟧'}}}",
        ),
        messages: &["`aws:SourceVpc` is the id of a VPC: `vpce-1a2b` is none"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SecureTransport: 'true'}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {NumericLessThan: {aws:PrincipalTag/level: '3'}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "literal-wildcard",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceArn: '⟦arn:aws:s3:::shop-*⟧'}}}",
        ),
        messages: &["`StringEquals` takes `*` and `?` as characters"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace by ArnLike",
            after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {ArnLike: {aws:SourceArn: 'arn:aws:s3:::shop-*'}}}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "literal-wildcard",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringLike: {aws:SourceArn: 'arn:aws:s3:::shop-*'}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "unknown-condition-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {⟦aws:SourceVcpe⟧: vpce-1}}}",
        ),
        messages: &[
            "AWS has no condition key `aws:SourceVcpe`: no request has it, so the test never holds",
        ],
        fixes: &[RowFix {
            anew: true,
            title: "Replace by aws:SourceVpce",
            after: "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceVpce: vpce-1}}}",
            ..FIX
        }],
        except: &[NO_POLICY],
        unfixed: &[PLAN],
        ..ROW
    },
    Row {
        rule: "unknown-condition-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {AWS:principaltag/team: shop}}}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
];
