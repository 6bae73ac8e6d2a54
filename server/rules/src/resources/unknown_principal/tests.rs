use super::RULE;
use crate::Safety;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_model::Level;

fn role(principal: &str) -> String {
    format!(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {principal}, Action: 'sts:AssumeRole'}}
  Admins: {{Type: AWS::IAM::Group}}
"
    )
}

fn messages(principal: &str) -> Vec<(Level, String)> {
    let found = Fixture::new(&role(principal), "").findings(&RULE);
    let said = found
        .into_iter()
        .map(|finding| (finding.level, finding.message));
    said.collect()
}

#[test]
fn marks_the_value() {
    check(
        &RULE,
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: [ec2.amazonaws.com, lamda.amazonaws.com]}, Action: 'sts:AssumeRole'}
                                                                     ^^^^^^^^^^^^^^^^^^^
          - {Effect: Deny, Principal: 'arn:aws:iam::111111111111:root', Action: 'sts:AssumeRole'}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [t]
      PolicyDocument:
        Statement:
          - {Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:role/*'}, Action: 'sns:*', Resource: '*'}
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
",
        "",
    );
}

#[test]
fn what_is_wrong() {
    for (principal, part) in [
        ("{Service: lambda}", "`lambda` isn't a service principal"),
        (
            "{Service: lambda.amazon.com}",
            "service principal `lambda.amazon.com` doesn't exist",
        ),
        (
            "{Service: 'arn:aws:iam::111111111111:role/x'}",
            "an account or identity, which isn't supported under `Service`",
        ),
        (
            "{Service: '111111111111'}",
            "an account or identity, which isn't supported under `Service`",
        ),
        ("{Service: '*'}", "`Service` doesn't support `*`"),
        ("{Federated: '*'}", "`Federated` doesn't support `*`"),
        (
            "{Service: accounts.google.com}",
            "an identity provider, which isn't supported under `Service`",
        ),
        (
            "{AWS: lambda.amazonaws.com}",
            "a service, which isn't supported under `AWS`",
        ),
        (
            "{AWS: logs.eu-west-1.amazonaws.com}",
            "a service, which isn't supported under `AWS`",
        ),
        (
            "{AWS: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}",
            "an identity provider, which isn't supported under `AWS`",
        ),
        (
            "{AWS: 'arn:aws:iam::111111111111:group/admins'}",
            "A group can't be a principal",
        ),
        ("{AWS: !GetAtt Admins.Arn}", "A group can't be a principal"),
        (
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:group/${Team}'}",
            "A group can't be a principal",
        ),
        (
            "{AWS: !Sub 'arn:aws:s3:::${Bucket}'}",
            "`arn:aws:s3:::${Bucket}` can't be a principal",
        ),
        ("{AWS: 'arn:aws:s3:::b'}", "can't be a principal"),
        (
            "{AWS: 'arn:aws:iam::111111111111:role/ci-*'}",
            "The only wildcard that a principal can contain",
        ),
        (
            "{AWS: 'arn:aws:iam::*:root'}",
            "The only wildcard that a principal can contain",
        ),
        (
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci-?'}",
            "The only wildcard that a principal can contain",
        ),
        (
            "{Service: '*.amazonaws.com'}",
            "The only wildcard that a principal can contain",
        ),
        (
            "{Federated: 'arn:aws:iam::111111111111:role/x'}",
            "an account or identity, which isn't supported under `Federated`",
        ),
        ("{Federated: 'arn:aws:s3:::b'}", "can't be a principal"),
        (
            "{Federated: ec2.amazonaws.com}",
            "a service, which isn't supported under `Federated`",
        ),
        (
            "{Federated: 'https://gitlab.com/'}",
            "isn't an identity provider",
        ),
        ("{CanonicalUser: somebody}", "64 hexadecimal digits"),
        (
            "{AWS: 'arn:aws:iam::111111111111:role/shop '}",
            "has leading or trailing whitespace",
        ),
        (
            "{Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com '}",
            "has leading or trailing whitespace",
        ),
        (
            "{AWS: 'arn:aws:iam::${aws:PrincipalAccount}:root'}",
            "doesn't support the policy variable `${aws:PrincipalAccount}`",
        ),
        (
            "!Sub 'arn:aws:iam::${AWS::AccountId}:root'",
            "can't be a string other than `*`",
        ),
        (
            "!Sub 'arn:aws:iam::${AWS::AccountId}:saml-provider/x'",
            "can't be a string other than `*`",
        ),
        ("{Service: ''}", "The principal is empty"),
        ("{Federated: ''}", "The principal is empty"),
        ("''", "The principal is empty"),
        (
            "{AWS: 'arn:aws:sts::111111111111:assumed-role/shop'}",
            "is missing the name of a session",
        ),
        (
            "{AWS: 'arn:aws:sts::111111111111:assumed-role/shop/'}",
            "is missing the name of a session",
        ),
        (
            "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/shop'}",
            "is missing the name of a session",
        ),
        (
            "{AWS: !Sub 'arn:aws:sts::${Account}:assumed-role/shop'}",
            "is missing the name of a session",
        ),
        (
            "{Service: !Sub 'lamda.${AWS::URLSuffix}'}",
            "service principal `lamda.${AWS::URLSuffix}` doesn't exist",
        ),
        (
            "{Service: !Sub 'lamda.${AWS::Region}.amazonaws.com'}",
            "service principal `lamda.${AWS::Region}.amazonaws.com` doesn't exist",
        ),
        (
            "'111111111111'",
            "`Principal` can't be a string other than `*`",
        ),
        (
            "lambda.amazonaws.com",
            "`Principal` can't be a string other than `*`",
        ),
        (
            "cognito-identity.amazonaws.com",
            "can't be a string other than `*`",
        ),
    ] {
        let found = messages(principal);
        assert!(
            matches!(found.as_slice(), [(Level::Error, one)] if one.contains(part)),
            "{principal}: {found:?}"
        );
    }
    let found = messages("{Service: no-such-thing.amazonaws.com}");
    assert!(
        matches!(found.as_slice(), [(Level::Warning, one)] if one.contains("as of 20")),
        "{found:?}"
    );
}

#[test]
fn a_slip_beside_what_is_not_known() {
    let text = role("{Service: !Sub 'lamda.${AWS::Region}.${AWS::URLSuffix}'}");
    let fixture = Fixture::new(&text, "");
    let found = fixture.findings(&RULE);
    assert_eq!(
        found[0].help,
        "Did you mean `lambda.${AWS::Region}.${AWS::URLSuffix}`?"
    );
    // What is put together stays.
    let mut fixes = found[0].fixes.iter();
    assert!(fixes.all(|fix| fix.resolve(&fixture.context()).is_none()));
    let module = "\
data \"aws_iam_policy_document\" \"trust\" {
  statement {
    actions = [\"sts:AssumeRole\"]
    principals {
      type        = \"Service\"
      identifiers = [\"lamda.${data.aws_partition.current.dns_suffix}\"]
    }
  }
}
resource \"aws_iam_role\" \"r\" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
data \"aws_partition\" \"current\" {}
";
    let found = Fixture::new(module, "").findings(&RULE);
    assert_eq!(found.len(), 1);
    assert!(found[0].help.contains("`lambda."), "{}", found[0].help);
}

#[test]
fn silent_on_what_aws_takes_and_on_what_is_not_known() {
    let canonical = "0123456789abcdef".repeat(4);
    for principal in [
        "'*'",
        // Words that name nobody.
        "null",
        "true",
        "{AWS: '*'}",
        "{AWS: ['111111111111', 'arn:aws:iam::111111111111:root', AROAEXAMPLEEXAMPLE123, AIDAEXAMPLEEXAMPLE123]}",
        "{AWS: 'arn:aws-cn:iam::111111111111:role/a/b'}",
        "{AWS: 'arn:aws:sts::111111111111:assumed-role/a/b'}",
        "{AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABC'}",
        "{AWS: !Sub '${Prefix}*'}",
        // Told as no ARN, and as nobody.
        "{AWS: ''}",
        "",
        "{Service: !Sub 'lambda.${AWS::URLSuffix}'}",
        "{Service: !Sub 'lambda.${AWS::Region}.${AWS::URLSuffix}'}",
        "{Service: !Sub 'lamda.${Suffix}'}",
        "{Service: !Sub '${AWS::URLSuffix}.lamda.${AWS::URLSuffix}'}",
        "{Service: !Ref Service}",
        "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/a/b'}",
        "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/${Session}'}",
        "{AWS: !Ref Who}",
        "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:${Kind}/admins'}",
        "{AWS: !Sub 'arn:aws:${Service}::111111111111:group/admins'}",
        "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:user/${Name}'}",
        "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/${Name}/x'}",
        "{Service: !Sub 'arn:aws:s3:::${Bucket}'}",
        "{AWS: '{{ account }}'}",
        "{AWS: '<account>'}",
        "{Service: [ecs-tasks.amazonaws.com, logs.eu-west-1.amazonaws.com, lambda.amazonaws.com.cn, medialive.amazonaws.com]}",
        "{Service: !Sub 'logs.${AWS::Region}.${AWS::URLSuffix}'}",
        "{Service: '$SERVICE'}",
        "{Service: pods.eks.amazonaws.com}",
        "{Service: cognito-identity.amazonaws.com}",
        "{Federated: [accounts.google.com, www.amazon.com, graph.facebook.com, cognito-identity.amazonaws.com]}",
        "{Federated: ['arn:aws:iam::111111111111:saml-provider/corp', 'arn:aws:iam::111111111111:oidc-provider/gitlab.com']}",
        "{service: lamda.amazonaws.com}",
        &format!("{{CanonicalUser: {canonical}}}"),
        "!Ref Who",
        "'${self:custom.principal}'",
        "'%ACCOUNT%'",
    ] {
        assert_eq!(messages(principal), [], "{principal}");
    }
    // What is behind an endpoint isn't looked up.
    let endpoint = "Resources:\n  E:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n      PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111111111111:role/*'}, Action: '*', Resource: '*'}]}\n";
    check(&RULE, endpoint, "");
}

#[test]
fn where_nothing_tells_the_kind() {
    let module = "\
data \"aws_iam_policy_document\" \"unused\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop-data/*\"]
    principals {
      type        = \"Service\"
      identifiers = [\"lamda.amazonaws.com\"]
                      ^^^^^^^^^^^^^^^^^^^
    }
    principals {
      type        = \"AWS\"
      identifiers = [\"arn:aws:iam::111111111111:role/*\"]
    }
  }
}
";
    check(&RULE, module, "");
}

#[test]
fn mends_names_and_forms() {
    for (before, after) in [
        (
            "{Service: lamda.amazonaws.com}",
            "{Service: lambda.amazonaws.com}",
        ),
        (
            "{Service: ['lambda']}",
            "{Service: ['lambda.amazonaws.com']}",
        ),
        (
            "'arn:aws:iam::111111111111:root'",
            "{AWS: 'arn:aws:iam::111111111111:root'}",
        ),
        ("lambda.amazonaws.com", "{Service: lambda.amazonaws.com}"),
        // What is right already isn't written twice.
        (
            "{Service: [lambda.amazonaws.com, lambda]}",
            "{Service: [lambda.amazonaws.com, lambda]}",
        ),
        (
            "{Service: [lambda.amazonaws.com, lamda.amazonaws.com]}",
            "{Service: [lambda.amazonaws.com, lamda.amazonaws.com]}",
        ),
        (
            "{Service: [lamda.amazonaws.com, lamda.amazonaws.com]}",
            "{Service: [lambda.amazonaws.com, lamda.amazonaws.com]}",
        ),
        (
            "{Service: [lamda.amazonaws.com, ec2.amazonaws.com]}",
            "{Service: [lambda.amazonaws.com, ec2.amazonaws.com]}",
        ),
    ] {
        assert_eq!(fixed_text(&RULE, &role(before), ""), role(after));
    }
}

#[test]
fn in_the_files_own_account() {
    for (arn, said) in [
        (
            "arn:aws:iam::${AWS::AccountId}:group/x",
            "A group can't be a principal",
        ),
        (
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/x",
            "can't be a principal",
        ),
        ("arn:aws:iam::${AWS::AccountId}", "can't be a principal"),
        ("${AWS::AccountId}:root", "can't be a principal"),
    ] {
        let found = messages(&format!("{{AWS: !Sub '{arn}'}}"));
        assert_eq!(found.len(), 1, "{arn}");
        assert!(found[0].1.contains(said), "{found:?}");
    }
    for arn in [
        "arn:aws:iam::${AWS::AccountId}:root",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x",
        "${AWS::AccountId}",
        "arn:aws:sts::${AWS::AccountId}:assumed-role/x/y",
        "arn:aws:iam::${Account}",
        "${Account}:root",
    ] {
        assert_eq!(messages(&format!("{{AWS: !Sub '{arn}'}}")), [], "{arn}");
    }
}

#[test]
fn of_two_services_that_are_equally_near_none_is_written_in_bulk() {
    let fixes = |service: &str| {
        let text = format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{{Effect: Allow, Principal: {{Service: {service}}}, Action: 'sts:AssumeRole'}}]\n"
        );
        let finding = Fixture::new(&text, "").findings(&RULE).remove(0);
        let fixes = finding.fixes.into_iter().map(|fix| (fix.title, fix.safety));
        (finding.help, fixes.collect::<Vec<_>>())
    };
    for (written, one, other) in [
        (
            "aprflow.amazonaws.com",
            "airflow.amazonaws.com",
            "appflow.amazonaws.com",
        ),
        (
            "aprflow.eu-west-1.amazonaws.com",
            "airflow.eu-west-1.amazonaws.com",
            "appflow.eu-west-1.amazonaws.com",
        ),
        (
            "https://aprflow.amazonaws.com/",
            "airflow.amazonaws.com",
            "appflow.amazonaws.com",
        ),
    ] {
        let offer = |name: &str| (format!("Replace with {name}"), Safety::Manual);
        assert_eq!(
            fixes(written),
            (
                format!("Did you mean `{one}` or `{other}`?"),
                vec![offer(one), offer(other)]
            )
        );
    }
    let (_, plain) = fixes("airflov.amazonaws.com");
    assert_eq!(
        plain,
        [(
            "Replace with airflow.amazonaws.com".to_owned(),
            Safety::Unsafe
        )]
    );
}

#[test]
fn says_whom_a_statement_is_for_once_aws_takes_them() {
    let offer = |effect: &str, element: &str, principal: &str| {
        let text = format!(
            "Resources:
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: {effect}, {element}: {principal}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}}]
"
        );
        let fix = Fixture::new(&text, "").fixes(&RULE).remove(0);
        (fix.safety, fix.notes.concat())
    };
    for (principal, who) in [
        ("{Service: lamda.amazonaws.com}", "lambda.amazonaws.com"),
        ("lambda.amazonaws.com", "lambda.amazonaws.com"),
        (
            "'arn:aws:iam::111111111111:root'",
            "arn:aws:iam::111111111111:root",
        ),
    ] {
        let does = "what the statement allows";
        for (effect, element, wanted, comes) in [
            (
                "Allow",
                "Principal",
                Safety::Unsafe,
                format!("it lets {who} do {does}"),
            ),
            (
                "Deny",
                "Principal",
                Safety::Unsafe,
                format!(
                    "it denies {who} the statement's actions even where another policy allows them"
                ),
            ),
            (
                "Allow",
                "NotPrincipal",
                Safety::Manual,
                format!("it lets all but {who} do {does}"),
            ),
            // What it spares is allowed wherever others allow it.
            (
                "Deny",
                "NotPrincipal",
                Safety::Manual,
                format!("it exempts {who} from what the statement denies"),
            ),
        ] {
            let found = offer(effect, element, principal);
            assert_eq!(found, (wanted, comes), "{effect} {element} {principal}");
        }
    }
}
