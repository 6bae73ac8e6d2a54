//! What requests and policies are drawn from.

/// An action, with a resource that it takes; `{account}` stands for the resource's owner.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) resource: &'static str,
}

const fn on(service: &'static str, name: &'static str, resource: &'static str) -> Operation {
    Operation {
        service,
        name,
        resource,
    }
}

impl Operation {
    /// Whether RCPs hold for the service.
    pub(crate) fn is_listed(&self) -> bool {
        !["sns", "lambda"].contains(&self.service)
    }
}

/// What is done.
pub(crate) const ACTIONS: &[Operation] = &[
    on("s3", "GetObject", "arn:aws:s3:::photos/home/ann/one.jpg"),
    on("s3", "PutObject", "arn:aws:s3:::photos/home/ann/two.jpg"),
    on("s3", "ListBucket", "arn:aws:s3:::photos"),
    on(
        "sqs",
        "SendMessage",
        "arn:aws:sqs:eu-west-1:{account}:ann-jobs",
    ),
    on(
        "sqs",
        "DeleteMessage",
        "arn:aws:sqs:eu-west-1:{account}:jobs",
    ),
    on("sns", "Publish", "arn:aws:sns:eu-west-1:{account}:ann-news"),
    on(
        "dynamodb",
        "GetItem",
        "arn:aws:dynamodb:eu-west-1:{account}:table/ann-orders",
    ),
    on(
        "dynamodb",
        "Query",
        "arn:aws:dynamodb:eu-west-1:{account}:table/orders/index/by-day",
    ),
    on(
        "kms",
        "Decrypt",
        "arn:aws:kms:eu-west-1:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    on(
        "lambda",
        "InvokeFunction",
        "arn:aws:lambda:eu-west-1:{account}:function:resize",
    ),
    on(
        "secretsmanager",
        "GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:{account}:secret:ann/db-AbCdEf",
    ),
    on(
        "ecr",
        "BatchGetImage",
        "arn:aws:ecr:eu-west-1:{account}:repository/web",
    ),
    on(
        "events",
        "PutEvents",
        "arn:aws:events:eu-west-1:{account}:event-bus/orders",
    ),
    on("sts", "AssumeRole", "arn:aws:iam::{account}:role/deploy"),
];

/// Operators that compare the same sort of values.
pub(crate) struct Family {
    pub(crate) operators: &'static [&'static str],
    /// Keys with one value, and with several.
    pub(crate) keys: &'static [&'static str],
    pub(crate) lists: &'static [&'static str],
    /// What policies write, and what requests send.
    pub(crate) written: &'static [&'static str],
    pub(crate) sent: &'static [&'static str],
}

/// All of them.
pub(crate) fn families() -> &'static [Family] {
    &FAMILIES
}

static FAMILIES: [Family; 9] = [
    Family {
        operators: &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
        ],
        keys: &[
            "aws:PrincipalTag/team",
            "aws:RequestedRegion",
            "aws:UserAgent",
        ],
        lists: &["aws:TagKeys", "aws:CalledVia"],
        written: &[
            "core",
            "Core",
            "web",
            "c*",
            "c?re",
            "${aws:username}",
            "${aws:PrincipalTag/none, 'core'}",
        ],
        sent: &["core", "Core", "web", "ann", "c*"],
    },
    Family {
        operators: &["StringLike", "StringNotLike"],
        keys: &[
            "aws:PrincipalTag/team",
            "aws:RequestedRegion",
            "aws:UserAgent",
        ],
        lists: &["aws:TagKeys", "aws:CalledVia"],
        written: &[
            "core",
            "c*",
            "*e",
            "c?re",
            "*",
            "w*b",
            "${aws:username}*",
            "Co*",
        ],
        sent: &["core", "Core", "web", "ann", "annex", "wxb"],
    },
    Family {
        operators: &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        keys: &["aws:MultiFactorAuthAge"],
        lists: &[],
        written: &["0", "5", "5.0", "7.25", "3600", "-3"],
        sent: &["0", "5", "7.25", "3600", "05"],
    },
    Family {
        operators: &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        keys: &["aws:CurrentTime", "aws:TokenIssueTime"],
        lists: &[],
        written: &[
            "2026-01-01T00:00:00Z",
            "2025-06-30T12:00:00Z",
            "2026-07-01T00:00:00Z",
            "2026-01-01",
            "1767225600",
        ],
        sent: &[
            "2026-01-01T00:00:00Z",
            "2025-06-30T12:00:00Z",
            "2026-07-01T00:00:00Z",
        ],
    },
    Family {
        operators: &["Bool"],
        keys: &[
            "aws:SecureTransport",
            "aws:MultiFactorAuthPresent",
            "aws:ViaAWSService",
        ],
        lists: &[],
        written: &["true", "false", "True"],
        sent: &["true", "false"],
    },
    Family {
        operators: &["BinaryEquals"],
        keys: &["aws:UserAgent"],
        lists: &[],
        written: &["QUJD", "QUJE"],
        sent: &["QUJD", "QUJE"],
    },
    Family {
        operators: &["IpAddress", "NotIpAddress"],
        keys: &["aws:SourceIp", "aws:VpcSourceIp"],
        lists: &[],
        written: &[
            "10.0.0.0/8",
            "10.1.2.3",
            "10.1.2.0/24",
            "192.168.0.0/16",
            "2001:db8::/32",
            "2001:db8::1",
        ],
        sent: &[
            "10.1.2.3",
            "10.9.9.9",
            "192.168.1.1",
            "2001:db8::1",
            "2001:db9::1",
        ],
    },
    Family {
        operators: &["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
        keys: &["aws:SourceArn"],
        lists: &[],
        written: &[
            "arn:aws:sns:eu-west-1:111111111111:news",
            "arn:aws:sns:*:111111111111:*",
            "arn:aws:sns:eu-west-1:*:ne?s",
            "arn:aws:s3:::*",
            "arn:aws:*:*:*:news",
            "arn:*:sns:*:*:*",
        ],
        sent: &[
            "arn:aws:sns:eu-west-1:111111111111:news",
            "arn:aws:s3:::photos",
            "arn:aws:sns:us-east-1:222222222222:news:sub",
        ],
    },
    Family {
        operators: &["Null"],
        keys: &[
            "aws:PrincipalTag/team",
            "aws:SourceIp",
            "aws:TokenIssueTime",
            "aws:SourceArn",
        ],
        lists: &[],
        written: &["true", "false"],
        sent: &["core"],
    },
];
