//! What is written in `Condition`.

use super::super::row::{FIX, ROW, Row, RowFix, RowPolicy};
use super::{NO_POLICY, NO_TRUST, PLAN};

pub const ROWS: &[Row] = &[
    Row {
        rule: "condition-key-not-sent",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['s3:ListBucket', '⟦s3:GetBucketLocation⟧'], Resource: 'arn:aws:s3:::<prefix>-files', Condition: {StringLike: {s3:prefix: 'orders/*'}}}",
        ),
        messages: &["`s3:GetBucketLocation` doesn't support `s3:prefix`: it is never allowed"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "condition-key-not-sent",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::<prefix>-files/*', Condition: {StringLike: {⟦s3:prefix⟧: 'orders/*'}}}",
        ),
        messages: &["`s3:GetObject` doesn't support `s3:prefix`"],
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
        messages: &["`aws:SourceVpce` is single-valued"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace with StringEquals",
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
        messages: &["`ForAllValues` also matches requests without `aws:TagKeys`"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "for-all-values",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {⟦ForAllValues:StringEquals⟧: {aws:CalledVia: [athena.amazonaws.com]}}}",
        ),
        messages: &["`ForAllValues` also matches requests without `aws:CalledVia`"],
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
        messages: &["The condition operator `StringEqual` doesn't exist"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace with StringEquals",
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
        messages: &["11 digits, not 12"],
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
        messages: &["`203.0.113.0/24` matches nothing: `StringEquals` compares strings"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {NumericEquals: {⟦aws:SourceVpc⟧: '1'}}}",
        ),
        messages: &["`NumericEquals` compares numbers, but `aws:SourceVpc` is a string"],
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "invalid-condition",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:<region>:<account>:<prefix>-*', Condition: {StringEquals: {aws:SourceVpc: '⟦vpce-1a2b⟧'}}}",
        ),
        messages: &["`vpce-1a2b` matches nothing: `aws:SourceVpc` is a VPC ID"],
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
        messages: &["`StringEquals` doesn't support wildcards"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace with ArnLike",
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
        messages: &["AWS has no condition key `aws:SourceVcpe`: the statement has no effect"],
        fixes: &[RowFix {
            anew: true,
            title: "Replace with aws:SourceVpce",
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
