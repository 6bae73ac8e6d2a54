//! The positions of the table, each with what is asked there.

use super::dialect::{Dialect, Of};

/// A place in a statement, in the notation of [`super::value`].
pub struct Row {
    pub name: &'static str,
    pub of: Of,
    /// Where completion is asked, and what it must offer: a label, or behind `~` a part of one. Each is found with `?` as a wildcard
    /// for a name that dialects write in their own way.
    pub complete: &'static str,
    pub offers: &'static [&'static str],
    /// Where hover is asked, if it has something to say there.
    pub hover: &'static str,
    /// Where the definition is asked.
    pub definition: &'static str,
    /// Whether a dialect has the position.
    pub exists: fn(Dialect) -> bool,
}

const fn row(name: &'static str, complete: &'static str, offers: &'static [&'static str]) -> Row {
    Row {
        name,
        of: Of::Identity,
        complete,
        offers,
        hover: "",
        definition: "",
        exists: Dialect::has_policies,
    }
}

impl Row {
    const fn of(self, of: Of) -> Row {
        Row { of, ..self }
    }

    const fn hover(self, hover: &'static str) -> Row {
        Row { hover, ..self }
    }

    const fn only(self, exists: fn(Dialect) -> bool) -> Row {
        Row { exists, ..self }
    }
}

/// Whether a dialect writes policies in IAM's names.
fn in_elements(of: Dialect) -> bool {
    of.has_policies() && of != Dialect::Blocks && of != Dialect::TerraformJson
}

pub const ROWS: &[Row] = &[
    row(
        "statement element",
        "{Effect: Allow, Action: [sqs:SendMessage], $0}",
        &["Resource", "Condition", "NotResource"],
    )
    .hover("{Effect: Allow, Act$0ion: [sqs:SendMessage]}"),
    row(
        "statement element, half typed",
        "{Effect: Allow, Ac$0}",
        &["Action"],
    ),
    row("first element of a statement", "{$0}", &["Effect", "Sid", "Action"]),
    row("whole statement", "{$0}", &["statement"]).only(in_elements),
    row(
        "whole statement of a trust policy",
        "{$0}",
        &[
            "assumed by a service",
            "assumed by an account",
            "assumed by GitHub Actions",
            "assumed by SAML users",
            "assumed with an external ID",
        ],
    )
    .of(Of::Trust)
    .only(|of| in_elements(of) && !matches!(of, Dialect::Json | Dialect::Yaml)),
    row("whole condition", "{Effect: Allow, Action: [sqs:SendMessage], $0}", &["condition"])
        .only(in_elements),
    row("`Effect`", "{Action: [sqs:SendMessage], Effect: $0}", &["Allow", "Deny"])
        .hover("{Effect: All$0ow}"),
    row("service", "{Effect: Allow, Action: [$0]}", &["s3:", "sqs:"])
        .hover("{Effect: Allow, Action: ['s$0qs:SendMessage']}"),
    row(
        "action",
        "{Effect: Allow, Action: ['s3:PutObject', 's3:Get$0']}",
        &["s3:GetObject"],
    )
    .hover("{Effect: Allow, Action: ['s3:GetO$0bject']}"),
    row(
        "wildcard",
        "{Effect: Allow, Action: ['s3:Get$0']}",
        &["s3:Get*"],
    )
    .hover("{Effect: Allow, Action: ['s3:Ge$0t*']}"),
    row(
        "action, one alone",
        "{Effect: Allow, Action: 's3:Get$0'}",
        &["s3:GetObject"],
    )
    .only(|of| of.has_policies() && of != Dialect::Blocks && of != Dialect::TerraformJson),
    row(
        "resource",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Resource: [$0]}",
        &["~sqs:", "*"],
    )
    .hover("{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:aws:s$0qs:eu-west-1:111111111111:shop-x']}"),
    row(
        "partition",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:$0']}",
        &["aws:"],
    )
    .hover("{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:a$0ws:sqs:eu-west-1:111111111111:shop-x']}"),
    row(
        "service of an ARN",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:aws:$0']}",
        &["sqs:"],
    ),
    row(
        "region",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:aws:sqs:$0']}",
        &["eu-west-1:", "*:"],
    ),
    row(
        "account",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Resource: ['arn:aws:sqs:eu-west-1:$0']}",
        &["111111111111:", "222222222222:"],
    ),
    row(
        "type of a resource",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: ['arn:aws:dynamodb:eu-west-1:111111111111:$0']}",
        &["~:table/"],
    ),
    row(
        "path of a resource",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: ['arn:aws:dynamodb:eu-west-1:111111111111:table/$0']}",
        &["~-*"],
    ),
    row(
        "kind of principal",
        "{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {$0}}",
        &["AWS", "Service", "Federated"],
    )
    .of(Of::Trust)
    .hover("{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {Ser$0vice: lambda.amazonaws.com}}"),
    row(
        "service principal",
        "{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {Service: $0}}",
        &["lambda.amazonaws.com"],
    )
    .of(Of::Trust)
    .hover("{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {Service: lam$0bda.amazonaws.com}}"),
    row(
        "account as principal",
        "{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {AWS: $0}}",
        &["~:root"],
    )
    .of(Of::Trust)
    .hover("{Effect: Allow, Action: ['sts:AssumeRole'], Principal: {AWS: 'arn:aws:iam::111111111111:ro$0ot'}}"),
    row(
        "identity provider",
        "{Effect: Allow, Action: ['sts:AssumeRoleWithWebIdentity'], Principal: {Federated: $0}}",
        &["~oidc-provider/token.actions.githubusercontent.com", "accounts.google.com"],
    )
    .of(Of::Trust)
    .hover("{Effect: Allow, Action: ['sts:AssumeRoleWithWebIdentity'], Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.act$0ions.githubusercontent.com'}}"),
    row(
        "SAML provider",
        "{Effect: Allow, Action: ['sts:AssumeRoleWithSAML'], Principal: {Federated: $0}}",
        &["~:saml-provider/"],
    )
    .of(Of::Trust)
    .hover("{Effect: Allow, Action: ['sts:AssumeRoleWithSAML'], Principal: {Federated: 'arn:aws:iam::111111111111:saml-prov$0ider/shop'}}"),
    row(
        "action of a trust policy",
        "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: [$0]}",
        &["sts:AssumeRole"],
    )
    .of(Of::Trust),
    row(
        "principal of a resource's policy",
        "{Effect: Allow, Action: ['s3:PutObject'], Principal: {Service: $0}}",
        &["cloudfront.amazonaws.com"],
    )
    .of(Of::Bucket),
    row(
        "operator",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {$0}}",
        &["StringEquals", "Bool"],
    )
    .hover("{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {StringE$0quals: {'aws:SourceIp': x}}}"),
    row(
        "set operator",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {ForAll$0}}",
        &["ForAllValues:StringEquals"],
    )
    .hover("{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {'ForAllValues:Stri$0ngEquals': {'aws:TagKeys': x}}}"),
    row(
        "operator with `IfExists`",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {StringEqualsIf$0}}",
        &["StringEqualsIfExists"],
    ),
    row(
        "condition key",
        "{Effect: Allow, Action: ['s3:ListBucket'], Condition: {StringEquals: {$0}}}",
        &["s3:prefix", "aws:PrincipalOrgID"],
    )
    .hover("{Effect: Allow, Action: ['s3:ListBucket'], Condition: {StringEquals: {'s3:pre$0fix': x}}}"),
    row(
        "condition key, half typed",
        "{Effect: Allow, Action: ['s3:ListBucket'], Condition: {StringEquals: {'aws:Princ$0'}}}",
        &["aws:PrincipalOrgID"],
    ),
    row(
        "condition value",
        "{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {StringEquals: {'aws:SourceAccount': $0}}}",
        &["111111111111"],
    )
    .hover("{Effect: Allow, Action: ['sqs:SendMessage'], Condition: {StringEquals: {'aws:SourceAccount': '1111$011111111'}}}"),
    row(
        "service that a role is passed to",
        "{Effect: Allow, Action: ['iam:PassRole'], Condition: {StringEquals: {'iam:PassedToService': [$0]}}}",
        &["lambda.amazonaws.com"],
    )
    .hover("{Effect: Allow, Action: ['iam:PassRole'], Condition: {StringEquals: {'iam:PassedToService': [lam$0bda.amazonaws.com]}}}"),
    row(
        "policy variable",
        "{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/${aws:user$0']}",
        &["aws:username"],
    )
    .hover("{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/${aws:user$0name}']}")
    .only(|of| matches!(of, Dialect::Json | Dialect::Yaml | Dialect::Template | Dialect::TemplateJson | Dialect::Sam | Dialect::Organization)),
    row(
        "`Fn::Sub`",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::Sub': '${Tab$0'}]}",
        &["Table.Arn"],
    )
    .hover("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::Sub': '${Tab$0le.Arn}/index/*'}]}")
    .define("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::Sub': '${Tab$0le.Arn}/index/*'}]}")
    .only(Dialect::is_template),
    row(
        "`Ref`",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{Ref: App$0}]}",
        &["AppId"],
    )
    .hover("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{Ref: App$0Id}]}")
    .define("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{Ref: App$0Id}]}")
    .only(Dialect::is_template),
    row(
        "`Fn::GetAtt`",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::GetAtt': Tab$0}]}",
        &["Table.Arn"],
    )
    .hover("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::GetAtt': Tab$0le.Arn}]}")
    .define("{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::GetAtt': Tab$0le.Arn}]}")
    .only(|of| of.is_template() && of != Dialect::TemplateJson),
    row(
        "`Fn::GetAtt` with a list",
        "{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [{'Fn::GetAtt': [Tab$0, Arn]}]}",
        &["Table"],
    )
    .only(Dialect::is_template),
    row(
        "policy variable, `&{…}`",
        "{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/&{aws:user$0']}",
        &["aws:username"],
    )
    .hover("{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/&{aws:user$0name}']}")
    .only(|of| matches!(of, Dialect::Blocks | Dialect::TerraformJson)),
    row(
        "policy variable, `$${…}`",
        "{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/$${aws:user$0']}",
        &["aws:username"],
    )
    .hover("{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::shop/$${aws:user$0name}']}")
    .only(|of| of == Dialect::Object),
];

impl Row {
    const fn define(self, definition: &'static str) -> Row {
        Row { definition, ..self }
    }
}

/// A place in a document: what is around the statements.
pub const DOCUMENT: &[Row] = &[
    row("document element", "{$0}", &["Statement", "Version"]).hover("{State$0ment: []}"),
    row("`Version`", "{Version: $0}", &["2012-10-17"])
        .hover("{Version: '2012-1$00-17', Statement: []}")
        .only(|of| of.has_policies() && of != Dialect::Blocks && of != Dialect::TerraformJson),
];
