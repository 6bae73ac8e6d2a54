use super::RULE;
use crate::tests::fixture::{Fixture, check};
use leastwise_model::Level;

mod denied;
mod settings;

#[test]
fn a_key_of_kms_is_open_to_identities_only() {
    let text = |principal: &str| {
        format!(
            "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {principal}, Action: 'kms:Decrypt', Resource: '*'}}]}}\n"
        )
    };
    let said = |principal: &str| {
        let findings = Fixture::new(&text(principal), "").findings(&RULE);
        let messages = findings.into_iter().map(|of| of.message);
        messages.collect::<Vec<_>>()
    };
    let all = "Any AWS account is allowed `kms:Decrypt` here.";
    assert_eq!(said("'*'"), [all]);
    assert_eq!(said("{AWS: '*'}"), [all]);
    let through = |condition: &str| said(&format!("'*', Condition: {condition}"));
    let via =
        "Any AWS account is allowed `kms:Decrypt` here, through the services in `kms:ViaService`.";
    assert_eq!(
        through("{StringEquals: {'kms:ViaService': s3.eu-west-1.amazonaws.com}}"),
        [via]
    );
    for condition in [
        "{StringNotEquals: {'kms:ViaService': s3.eu-west-1.amazonaws.com}}",
        "{StringEqualsIfExists: {'kms:ViaService': s3.eu-west-1.amazonaws.com}}",
        "{Bool: {'kms:GrantIsForAWSResource': true}}",
    ] {
        assert_eq!(through(condition), [all], "{condition}");
    }
    // The account's own IAM policies decide who may.
    assert_eq!(said("{AWS: 'arn:aws:iam::111111111111:root'}"), [""; 0]);
}

/// A role that trusts `*` under these conditions.
fn role(condition: &str) -> String {
    format!(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{AWS: '*'}}
            Action: sts:AssumeRole
            Condition: {condition}
"
    )
}

/// A resource with a policy that has these statements.
fn resource(of: &str, statements: &str) -> String {
    format!(
        "Resources:
  Policy:
    Type: {of}
    Properties:
      PolicyDocument:
        Statement: [{statements}]
"
    )
}

fn levels(text: &str) -> Vec<Level> {
    Fixture::new(text, "").levels(&RULE)
}

#[test]
fn forms_of_everybody() {
    let text = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: '*', Action: sts:AssumeRole}
                                        ^
          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:*'}
                                              ^
          - {Effect: Allow, Principal: {AWS: ['arn:aws:iam::111111111111:root', '*']}, Action: sts:AssumeRole}
                                                                                 ^
          - {Effect: Deny, Principal: '*', Action: sts:SetSourceIdentity}
          - {Effect: Allow, Principal: {AWS: '*'}, Action: sts:TagSession}
          - {Effect: Allow, Principal: {AWS: !If [Open, '*', 'arn:aws:iam::111111111111:root']}, Action: sts:AssumeRole}
          - {Effect: Allow, Principal: {AWS: !Ref Trusted}, Action: sts:AssumeRole}
          - {Effect: !Ref Effect, Principal: {AWS: '*'}, Action: sts:AssumeRoleWithSAML}
          - {Effect: Allow, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: sts:AssumeRole}
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [t]
      PolicyDocument:
        Statement:
          - {Effect: Allow, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: [sns:Publish, sns:Subscribe], Resource: '*'}
                            ^^^^^^^^^^^^
          - {Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: sns:AddPermission, Resource: '*'}
";
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[0],
        "`Principal: \"*\"` trusts anyone: AWS rejects it in a trust policy."
    );
    assert_eq!(
        messages[3],
        "`NotPrincipal` allows `sns:Publish` and `sns:Subscribe` to anyone on the internet except those it names."
    );
}

#[test]
fn conditions_that_name_nobody() {
    for condition in [
        "{Bool: {'aws:SecureTransport': true}}",
        "{Bool: {'aws:MultiFactorAuthPresent': 'true'}}",
        "{StringLike: {'aws:PrincipalOrgID': '*'}}",
        "{StringLike: {'aws:PrincipalOrgID': 'o-*'}}",
        "{StringLike: {'aws:PrincipalAccount': ['111111111111', '*']}}",
        "{StringLike: {'aws:SourceVpce': 'vpce-*'}}",
        "{StringNotEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
        "{StringEqualsIfExists: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
        "{'ForAllValues:StringLike': {'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*'}}",
        "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-*/r-1/*'}}",
        "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'aws:PrincipalOrgID': true}}",
        "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'aws:PrincipalArn': false}}",
        "{StringEquals: {'aws:ResourceOrgID': o-1}}",
        "{StringEquals: {'aws:ResourceOrgID': '${aws:PrincipalAccount}'}}",
        "{StringNotEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}",
        "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/reader'}}",
        "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:::*'}}",
        "{ArnLike: {'aws:SourceArn': 'arn:aws:sns:*'}}",
        "{ArnNotEquals: {'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x'}}",
        "{'Null': {'aws:PrincipalOrgID': 'false'}}",
        // With a quantifier, `Null` asks for nothing.
        "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'ForAllValues:Null': {'aws:PrincipalOrgID': 'false'}}",
        // Whoever assumes a role calls the session as they like.
        "{StringLike: {'aws:userid': '*:deployer'}}",
        "{IpAddress: {'aws:SourceIp': '0.0.0.0/0'}}",
        "{IpAddress: {'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1']}}",
        "{IpAddress: {'aws:SourceIp': ['203.0.113.0/24', '::/0']}}",
        "{NotIpAddress: {'aws:SourceIp': '203.0.113.0/24'}}",
        // Where the one holds, nobody is named.
        "!If [Strict, {StringEquals: {'aws:PrincipalOrgID': o-1}}, {Bool: {'aws:SecureTransport': true}}]",
    ] {
        assert_eq!(levels(&role(condition)), [Level::Error], "{condition}");
    }
    for condition in [
        "{StringEquals: {'sts:ExternalId': shop}}",
        "{StringEquals: {'aws:PrincipalTag/team': core}}",
        "{StringEquals: {'aws:PrincipalType': User}}",
        "{StringLike: {'aws:username': 'bob'}}",
        "{Bool: {'aws:ViaAWSService': true}}",
        "{'ForAnyValue:StringEquals': {'aws:CalledVia': athena.amazonaws.com}}",
        "{StringEquals: {'aws:CalledViaFirst': athena.amazonaws.com}}",
        "{StringLike: {'aws:Referer': 'https://example.com/*'}}",
        "{IpAddress: {'aws:VpcSourceIp': '10.0.0.0/16'}}",
    ] {
        assert_eq!(levels(&role(condition)), [Level::Warning], "{condition}");
    }
}

#[test]
fn conditions_that_name_somebody() {
    for condition in [
        "{StringEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
        "{StringEquals: {'AWS:principalaccount': !Ref AWS::AccountId}}",
        "{StringEquals: {'aws:PrincipalAccount': '*'}}",
        "{StringLike: {'aws:PrincipalOrgID': !Sub '${Organization}*'}}",
        "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*'}}",
        "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': !Sub '${Organization}/*/ou-1/*'}}",
        "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/*'}}",
        "{ArnLike: {'aws:PrincipalArn': !Sub 'arn:aws:iam::${AWS::AccountId}:role/*'}}",
        "{StringLike: {'aws:PrincipalArn': '*:111111111111:*'}}",
        "{StringEquals: {'aws:PrincipalArn': !Ref Caller}}",
        "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:::shop-*'}}",
        "{StringEquals: {'aws:SourceVpc': vpc-1, 'aws:SourceVpce': 'vpce-1'}}",
        "{StringEquals: {'aws:VpceAccount': '111111111111'}}",
        "{StringEquals: {'aws:VpceOrgID': o-a1b2c3d4e5}}",
        "{StringEquals: {'aws:SourceOrgID': o-a1b2c3d4e5}}",
        "{StringEquals: {'kms:CallerAccount': '111111111111'}}",
        "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'AWS:PrincipalOrgID': 'false'}}",
        "{StringEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}",
        "{StringEquals: {'aws:PrincipalOrgID': '${aws:ResourceOrgID}'}}",
        "{StringEquals: {'aws:ResourceAccount': '${aws:PrincipalAccount}'}}",
        "{StringLike: {'aws:userId': 'AROAEXAMPLEEXAMPLE12:*'}}",
        "{StringEquals: {'aws:userid': '*:deployer'}}",
        "{ArnLike: {'codebuild:ProjectArn': 'arn:aws:codebuild:*:111111111111:project/shop'}}",
        "{Bool: {'aws:SecureTransport': true}, IpAddress: {'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32']}}",
        "{IpAddress: {'aws:SourceIp': '10.0.0.0/8'}}",
        "{IpAddress: {'aws:SourceIp': 'fc00::/7'}}",
        "{IpAddress: {'aws:SourceIp': !Ref Office}}",
        "{StringEquals: {'token.actions.githubusercontent.com:sub': 'repo:acme/shop:*'}}",
        "!Ref Conditions",
        // Nobody meets it.
        "{StringEquals: {'aws:SourceVcpe': vpce-1}}",
        "{Bool: {'aws:SecureTransport': true}, StringEquals: {'aws:PrincipalOrgID': []}}",
    ] {
        assert_eq!(levels(&role(condition)), [], "{condition}");
    }
}

#[test]
fn says_what_holds_without_its_key() {
    let text = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: '*'}
                              ^
            Action: sts:AssumeRole
            Condition: {'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}}
";
    check(&RULE, text, "");
    let text = text.replace("                              ^\n", "");
    let fixture = Fixture::new(&text, "");
    let found = fixture.findings(&RULE);
    let related: Vec<_> = found[0].related.iter().collect();
    assert_eq!(related.len(), 1);
    // It is one fault: no second rule tells it.
    assert!(
        fixture
            .findings(&crate::conditions::for_all_values::RULE)
            .is_empty()
    );
    let named = text.replace("AWS: '*'", "AWS: '111111111111'");
    let fixture = Fixture::new(&named, "");
    assert_eq!(
        fixture
            .findings(&crate::conditions::for_all_values::RULE)
            .len(),
        1
    );
    // It is told of the one that may be missing.
    let condition = "{'ForAllValues:StringLike': {'aws:PrincipalOrgID': 'o-*'}, 'Null': {'aws:PrincipalOrgID': 'false'}, 'ForAllValues:StringEquals': {'aws:PrincipalAccount': '111111111111'}}";
    let text = role(condition);
    let found = Fixture::new(&text, "").findings(&RULE);
    let related = found[0].related.iter().map(|it| &text[it.span.range()]);
    assert_eq!(
        related.collect::<Vec<_>>(),
        ["ForAllValues:StringEquals"],
        "{found:?}"
    );
    for other in [
        "{'ForAllValues:StringEquals': {'aws:TagKeys': o-1}}",
        "{'ForAllValues:StringNotEquals': {'aws:PrincipalOrgID': o-1}}",
        "{'ForAnyValue:StringLike': {'aws:PrincipalOrgID': '*'}}",
    ] {
        let found = Fixture::new(&role(other), "").findings(&RULE);
        assert!(found[0].related.is_empty(), "{other}");
    }
}

/// A bucket's policy of Terraform with this beside a statement that is public.
fn beside(more: &str) -> String {
    format!(
        "resource \"aws_s3_bucket_policy\" \"p\" {{
  bucket = \"b\"
  policy = data.aws_iam_policy_document.d.json
}}
data \"aws_iam_policy_document\" \"d\" {{
  statement {{
    actions   = [\"s3:PutObject\"]
    resources = [\"arn:aws:s3:::b/*\"]
    principals {{
      type        = \"*\"
      identifiers = [\"*\"]
    }}
  }}
  {more}
}}
"
    )
}

#[test]
fn beside_statements_that_are_not_shown() {
    let block = |effect: &str| {
        format!(
            "dynamic \"statement\" {{
    for_each = var.more
    content {{
      {effect}
      actions   = [\"s3:GetObject\"]
      resources = [\"arn:aws:s3:::b/*\"]
      principals {{
        type        = \"AWS\"
        identifiers = statement.value
      }}
    }}
  }}"
        )
    };
    for (more, expected) in [
        (block(""), 1),
        (block("effect = \"Allow\""), 1),
        (block("effect = \"Deny\""), 0),
        (block("effect = var.effect"), 0),
        (
            "dynamic \"statement\" {\n for_each = var.more\n }".to_owned(),
            0,
        ),
        ("source_policy_documents = [var.more]".to_owned(), 0),
    ] {
        assert_eq!(levels(&beside(&more)).len(), expected, "{more}");
    }
    let concat = |more: &str| {
        levels(&format!(
                "resource \"aws_s3_bucket_policy\" \"p\" {{
  bucket = \"b\"
  policy = jsonencode({{
    Version = \"2012-10-17\"
    Statement = concat([{{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:PutObject\", Resource = \"arn:aws:s3:::b/*\" }}], {more})
  }})
}}
"
            ))
            .len()
    };
    let made = |effect: &str| {
        format!(
            "[for a in var.accounts : {{ Effect = {effect}, Principal = {{ AWS = a }}, Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::b/*\" }}]"
        )
    };
    let allow = made("\"Allow\"");
    for (more, expected) in [
        (allow.clone(), 1),
        (format!("flatten([for b in var.buckets : {allow}])"), 1),
        (format!("var.open ? {allow} : []"), 1),
        (
            format!(
                "[for a in var.accounts : a == \"x\" ? {} : {}]",
                "{ Effect = \"Allow\" }", "{ Effect = \"Allow\" }"
            ),
            1,
        ),
        (made("\"Deny\""), 0),
        (made("a.effect"), 0),
        (format!("var.open ? {allow} : {}", made("\"Deny\"")), 0),
        ("[for a in var.accounts : { Principal = a }]".to_owned(), 0),
        ("[for a in var.accounts : a]".to_owned(), 0),
        (
            "values({for a in var.accounts : a => { Effect = \"Allow\" }})".to_owned(),
            0,
        ),
        ("var.more".to_owned(), 0),
        (format!("{allow}, var.more"), 0),
    ] {
        assert_eq!(concat(&more), expected, "{more}");
    }
}

#[test]
fn principals_that_a_dynamic_block_names() {
    let with = |kind: &str, of: &str| {
        let open = "principals {
      type        = \"*\"
      identifiers = [\"*\"]
    }";
        let block = format!(
            "dynamic \"principals\" {{
      for_each = var.open ? [1] : []
      content {{
        type        = {kind}
        identifiers = {of}
      }}
    }}"
        );
        levels(&beside("").replace(open, &block)).len()
    };
    assert_eq!(with("\"*\"", "[\"*\"]"), 1);
    assert_eq!(with("\"AWS\"", "[\"*\"]"), 1);
    assert_eq!(with("\"AWS\"", "principals.value"), 0);
    assert_eq!(with("principals.key", "[\"*\"]"), 0);
}

#[test]
fn resources_by_what_is_allowed() {
    let told = |of: &str, rows: &[(&str, &[Level])]| {
        for (statement, expected) in rows {
            let statement = format!("{{Effect: Allow, Principal: '*', {statement}}}");
            assert_eq!(levels(&resource(of, &statement)), *expected, "{statement}");
        }
    };
    told(
        "AWS::S3::BucketPolicy",
        &[
            (
                "Action: 's3:*', Resource: 'arn:aws:s3:::b/*'",
                &[Level::Error],
            ),
            (
                "Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'",
                &[Level::Suggestion],
            ),
            (
                "Action: [s3:GetObject, s3:ListBucket], Resource: '*'",
                &[Level::Error],
            ),
        ],
    );
    let send = "Action: sqs:SendMessage, Resource: '*'";
    told(
        "AWS::SQS::QueuePolicy",
        &[
            (send, &[Level::Error]),
            (
                &format!("{send}, Condition: {{StringEquals: {{'aws:RequestTag/x': x}}}}"),
                &[Level::Warning],
            ),
            (
                &format!("{send}, Condition: {{ArnEquals: {{'aws:SourceArn': !Ref Topic}}}}"),
                &[],
            ),
        ],
    );
    let owned = "Action: sns:Publish, Resource: '*', Condition: {StringEquals: {'AWS:SourceOwner': '111111111111'}}";
    told("AWS::SNS::TopicPolicy", &[(owned, &[])]);
}

#[test]
fn policies_that_are_meant_to_be_open() {
    let text = "
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}
  Images:
    Type: AWS::ECR::PublicRepository
    Properties:
      RepositoryPolicyText: {Statement: [{Effect: Allow, Principal: '*', Action: 'ecr-public:*'}]}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}]}
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      FileSystemPolicy: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'elasticfilesystem:ClientMount', Condition: {Bool: {'elasticfilesystem:AccessedViaMountTarget': 'true'}}}]}
";
    check(&RULE, text, "");
    let domain = |more: &str| {
        format!(
            "Resources:\n  Search:\n    Type: AWS::OpenSearchService::Domain\n    Properties:\n      {more}: {{}}\n      AccessPolicies: {{Statement: [{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'es:ESHttp*', Resource: '*'}}]}}\n"
        )
    };
    assert_eq!(levels(&domain("VPCOptions")), []);
    assert_eq!(levels(&domain("AdvancedSecurityOptions")), []);
    assert_eq!(levels(&domain("ClusterConfig")), [Level::Warning]);
}

#[test]
fn a_document_that_stands_alone() {
    let alone = |rest: &str| {
        levels(&format!(
            "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Principal: '*', {rest}}}\n"
        ))
    };
    assert_eq!(alone("Action: '*', Resource: '*'"), []);
    assert_eq!(
        alone("Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'"),
        [Level::Warning]
    );
    assert_eq!(
        alone(
            "Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs', Condition: {StringEquals: {'aws:RequestTag/x': x}}"
        ),
        []
    );
    assert_eq!(
        alone(
            "Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs', Condition: {StringEquals: {'aws:PrincipalTag/x': x}}"
        ),
        [Level::Warning]
    );
}

#[test]
fn the_name_of_a_bucket_is_one_accounts() {
    let levels_of = |arn: &str| {
        levels(&resource(
            "AWS::SQS::QueuePolicy",
            &format!(
                "{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'sqs:SendMessage', Resource: '*', Condition: {{ArnLike: {{'aws:SourceArn': '{arn}'}}}}}}"
            ),
        ))
    };
    for arn in [
        "arn:aws:s3:::my-bucket",
        "arn:aws:s3:*:*:my-bucket",
        "arn:*:s3:*:*:x",
        "arn:aws:s3:eu-west-1:111111111111:accesspoint/x",
        "arn:aws:s3:eu-west-1:111111111111:accesspoint/*",
    ] {
        assert_eq!(levels_of(arn), [], "{arn}");
    }
    for arn in [
        "arn:aws:s3:*:*:*",
        "arn:aws:s3:*:*:*-bucket",
        "arn:aws:s3:*:*:accesspoint/x",
        "arn:aws:sns:*:*:my-topic",
    ] {
        assert_eq!(levels_of(arn), [Level::Error], "{arn}");
    }
}

#[test]
fn a_list_in_a_list_is_another_fault() {
    let policy = |principal: &str| {
        levels(&resource(
            "AWS::SQS::QueuePolicy",
            &format!(
                "{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'sqs:SendMessage', Resource: '*'}}"
            ),
        ))
    };
    assert_eq!(policy("[['*']]"), []);
    assert_eq!(policy("['*']"), [Level::Error]);
}

#[test]
fn services_in_a_network() {
    let policy = |of: &str, condition: &str| {
        format!(
            "Resources:\n  Shop:\n    Type: {of}\n    Properties:\n      Bucket: shop-files\n      ResourceIdentifier: svc-1\n      {}: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: '*', Action: '{}', Resource: 'arn:aws:s3:::shop-files/*'{condition}}}]}}\n",
            match of {
                "AWS::S3::BucketPolicy" => "PolicyDocument",
                _ => "Policy",
            },
            match of {
                "AWS::S3::BucketPolicy" => "s3:PutObject",
                _ => "vpc-lattice-svcs:Invoke",
            },
        )
    };
    let lattice = "AWS::VpcLattice::AuthPolicy";
    let signed = ", Condition: {StringNotEqualsIgnoreCase: {'aws:PrincipalType': anonymous}}";
    let vain = ", Condition: {StringNotEquals: {'aws:PrincipalType': User}}";
    assert_eq!(levels(&policy(lattice, "")), [Level::Warning]);
    assert_eq!(levels(&policy(lattice, vain)), [Level::Warning]);
    assert_eq!(levels(&policy(lattice, signed)), []);
    let said = |condition: &str| {
        let text = policy("AWS::S3::BucketPolicy", condition);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found[0].level, Level::Error);
        found[0].message.clone()
    };
    assert!(said("").starts_with("Anyone on the internet"));
    assert!(said(vain).starts_with("Anyone on the internet"));
    assert!(said(signed).starts_with("Any AWS account"));
}

#[test]
fn what_aws_refuses_is_an_error_whatever_the_conditions() {
    let trust = |principal: &str| {
        format!(
            "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {principal}, Action: 'sts:AssumeRole', Condition: {{StringEquals: {{'sts:ExternalId': shop}}}}}}]}}\n"
        )
    };
    assert_eq!(levels(&trust("'*'")), [Level::Error]);
    assert_eq!(levels(&trust("{AWS: '*'}")), [Level::Warning]);
}
