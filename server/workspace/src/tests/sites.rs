use leastwise_model::SiteKind;

use super::analyse;
use crate::analysis::deploy::Deploys;

/// `kind owner name` of each site.
fn sites(text: &str) -> Vec<String> {
    let (_, analysis) = analyse(text, "");
    analysis
        .sites
        .iter()
        .map(|site| {
            let owners: Vec<_> = analysis
                .owners_of(site)
                .map(|owner| owner.label.as_str())
                .collect();
            format!(
                "{} {} {}",
                site.kind.name(),
                owners.join("+"),
                site.name.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[test]
fn the_policies_of_a_role() {
    let found = sites(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: one
          PolicyDocument: {Statement: []}
        - !If [Big, {PolicyName: two, PolicyDocument: {Statement: []}}, !Ref 'AWS::NoValue']
",
    );
    assert_eq!(
        found,
        [
            "trust policy Role -",
            "identity policy Role one",
            "identity policy Role two"
        ]
    );
}

#[test]
fn attached_policies_belong_to_their_roles() {
    let found = sites(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-role
      ManagedPolicyArns: [!Ref Managed]
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: inline
      Roles: [!Ref Role, elsewhere]
      PolicyDocument: {Statement: []}
  ByName:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: by-name
      RoleName: shop-role
      PolicyDocument: {Statement: []}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: []}
  Alone:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: []}
",
    );
    assert_eq!(
        found,
        [
            "identity policy Role+elsewhere inline",
            "identity policy Role by-name",
            "identity policy Role -",
            "identity policy Alone -",
        ]
    );
}

#[test]
fn managed_policies_are_attached_by_their_arns_too() {
    let found = |arn: &str| {
        sites(&format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [{arn}]
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: shop
      PolicyDocument: {{Statement: []}}
"
        ))
    };
    for arn in [
        "!Ref Managed",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/shop'",
    ] {
        assert_eq!(found(arn), ["identity policy Role shop"], "{arn}");
    }
    // One of another account, and one of another path.
    for arn in [
        "'arn:aws:iam::999999999999:policy/shop'",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/x/shop'",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/shops'",
    ] {
        assert_eq!(found(arn), ["identity policy Managed shop"], "{arn}");
    }
}

#[test]
fn only_managed_policies_have_a_document_wherever_they_are_attached() {
    let (_, analysis) = analyse(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyName: one, PolicyDocument: {Statement: []}}]
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: []}
",
        "",
    );
    let owners = analysis.owners.iter().enumerate();
    let documents: Vec<_> = owners
        .map(|(at, owner)| (owner.label.as_str(), analysis.documents_of(at).count()))
        .collect();
    assert_eq!(documents, [("Role", 0), ("Managed", 1)]);
}

#[test]
fn resource_policies_know_their_service() {
    let (tree, analysis) = analyse(
        "Resources:
  B: {Type: 'AWS::S3::BucketPolicy', Properties: {Bucket: b, PolicyDocument: {Statement: []}}}
  E: {Type: 'AWS::EC2::VPCEndpoint', Properties: {PolicyDocument: {Statement: []}}}
  O: {Type: 'AWS::Organizations::Policy', Properties: {Type: SERVICE_CONTROL_POLICY, Content: {Statement: []}}}
  V: {Type: 'AWS::Events::EventBusPolicy', Properties: {StatementId: s, Statement: {Effect: Allow}}}
",
        "",
    );
    let found: Vec<_> = analysis
        .sites
        .iter()
        .map(|site| (site.kind, site.service))
        .collect();
    assert_eq!(
        found,
        [
            (SiteKind::Resource, Some("s3")),
            (SiteKind::VpcEndpoint, None),
            (SiteKind::Scp, None),
            (SiteKind::Resource, Some("events")),
        ]
    );
    assert_eq!(analysis.sites[3].policy(&tree).statements.len(), 1);
}

#[test]
fn plain_files_are_known_by_their_shape() {
    let alone = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    assert_eq!(sites(alone), ["identity policy shop -"]);
    let list = format!("[{alone}, {alone}]");
    assert_eq!(
        sites(&list),
        ["identity policy shop 0", "identity policy shop 1"]
    );
    let nested = r#"{"Role": {"RoleName": "r", "AssumeRolePolicyDocument":
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}}"#;
    assert_eq!(
        sites(nested),
        ["trust policy shop AssumeRolePolicyDocument"]
    );
    let (_, analysis) = analyse("Statement: the court was told", "");
    assert_eq!(format!("{:?}", analysis.dialect), "NoDialect");
}

#[test]
fn branches_of_a_condition_are_followed() {
    let (tree, analysis) = analyse(
        "Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - !If
            - Big
            - {Effect: Allow, Action: [a:B, !If [Big, 'a:C', 'a:D']], Resource: '*'}
            - !Ref AWS::NoValue
          - Effect: Deny
            Action: !If [Big, ['x:Y', 'x:Z'], 'x:W']
            Resource: '*'
",
        "",
    );
    let statements = &analysis.sites[0].policy(&tree).statements;
    assert_eq!(statements[0].branch, [("Big".to_owned(), true)]);
    let texts = |index: usize| -> Vec<_> {
        statements[index]
            .actions()
            .iter()
            .map(|item| {
                (
                    item.action.as_ref().map(|a| a.text().to_owned()),
                    item.branch.len(),
                )
            })
            .collect()
    };
    let named = |text: &str| Some(text.to_owned());
    // The other branch can't be there when the statement is.
    assert_eq!(texts(0), [(named("a:B"), 0), (named("a:C"), 0)]);
    assert_eq!(
        texts(1),
        [(named("x:Y"), 1), (named("x:Z"), 1), (named("x:W"), 1)]
    );
    assert!(!analysis.sites[0].policy(&tree).is_open());
}

#[test]
fn deploy_roles_by_config_or_by_evidence() {
    let text = "Resources:
  OrdersDeployerRole: {Type: 'AWS::IAM::Role', Properties: {}}
  Stack:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: cloudformation.amazonaws.com}}
  Worker: {Type: 'AWS::IAM::Role', Properties: {}}
";
    let deploys = |config| -> Vec<bool> {
        let (tree, analysis) = analyse(text, config);
        let owners = 0..analysis.owners.len();
        owners
            .map(|owner| analysis.deploys(&tree, owner) != Deploys::No)
            .collect()
    };
    assert_eq!(deploys(""), [true, true, false]);
    assert_eq!(deploys("[deploy]\nroles = ['Work*']"), [false, false, true]);
}

/// Whether the one role of a template deploys, with a trust policy's statement and one of its own.
fn role_deploys(name: &str, trust: &str, actions: &str) -> bool {
    let text = format!(
        "Resources:
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Action: 'sts:AssumeRole', {trust}}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {{Effect: Allow, Action: [{actions}], Resource: '*'}}
"
    );
    let (tree, analysis) = analyse(&text, "");
    assert_eq!(analysis.owners.len(), 1);
    analysis.deploys(&tree, 0) != Deploys::No
}

#[test]
fn whom_a_ci_assumes() {
    const GITHUB: &str = "Principal: {Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'}";
    let table = "'dynamodb:CreateTable'";
    for (trust, deploys) in [
        (GITHUB, true),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}",
            true,
        ),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/oidc.circleci.com/org/x'}",
            true,
        ),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/api.bitbucket.org/2.0/workspaces/x/pipelines-config/identity/oidc'}",
            true,
        ),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/agent.buildkite.com'}",
            true,
        ),
        ("Principal: {Service: codebuild.amazonaws.com}", true),
        ("Principal: {Service: [codepipeline.amazonaws.com]}", true),
        (
            "Principal: {Federated: !Ref Provider}, Condition: {StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}}",
            true,
        ),
        ("Principal: {Federated: !Ref Provider}", false),
        (
            "Principal: {Federated: cognito-identity.amazonaws.com}",
            false,
        ),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X'}",
            false,
        ),
        (
            "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/notgitlab.example.com'}",
            false,
        ),
        ("Principal: {Service: lambda.amazonaws.com}", false),
        ("Principal: {AWS: '111111111111'}", false),
    ] {
        assert_eq!(role_deploys("Thing", trust, table), deploys, "{trust}");
    }
    // What a job makes where it runs, tags, and adds to what is there.
    for (actions, deploys) in [
        (
            "'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'",
            false,
        ),
        (
            "'codebuild:CreateReportGroup', 'codebuild:CreateReport'",
            false,
        ),
        (
            "'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission'",
            false,
        ),
        ("'ecr:PutImage', 's3:PutObject', 'ecr:TagResource'", false),
        ("'ecs:RegisterTaskDefinition', 'ecs:UpdateService'", false),
        ("'dynamodb:CreateTable'", true),
        ("'dynamodb:*'", true),
        ("'*'", true),
    ] {
        assert_eq!(role_deploys("Thing", GITHUB, actions), deploys, "{actions}");
    }
}

#[test]
fn who_makes_stacks_and_who_is_called_so() {
    let lambda = "Principal: {Service: lambda.amazonaws.com}";
    let people = "Principal: {AWS: '111111111111'}";
    for (name, trust, actions, deploys) in [
        ("Thing", people, "'cloudformation:CreateStack'", true),
        ("Thing", people, "'cloudformation:CreateChangeSet'", true),
        ("Thing", people, "'CloudFormation:Create*'", true),
        ("Thing", people, "'cloudformation:*'", true),
        ("Thing", lambda, "'cloudformation:CreateStack'", true),
        ("Thing", lambda, "'cloudformation:*'", false),
        ("Thing", people, "'cloudformation:Describe*'", false),
        ("Thing", people, "'*'", false),
        ("Thing", people, "'dynamodb:CreateTable'", false),
        ("GithubCi", people, "'dynamodb:CreateTable'", true),
        ("GithubCi", people, "'s3:PutObject'", false),
        ("DeployRole", lambda, "'s3:PutObject'", true),
        ("DeploymentLambda", lambda, "'dynamodb:CreateTable'", false),
    ] {
        assert_eq!(
            role_deploys(name, trust, actions),
            deploys,
            "{name} {trust} {actions}"
        );
    }
    // A Deny makes nothing.
    let deny = "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"cloudformation:CreateStack\", \"Resource\": \"*\"}}";
    let (tree, analysis) = analyse(deny, "");
    assert_eq!(analysis.deploys(&tree, 0), Deploys::No);
    let (tree, analysis) = analyse(&deny.replace("Deny", "Allow"), "");
    assert_eq!(analysis.deploys(&tree, 0), Deploys::Likely);
}

#[test]
fn policies_in_strings() {
    let found = sites(
        "Resources:
  Logs:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: logs
      PolicyDocument: !Sub |
        {\"Statement\": [{\"Resource\": \"arn:aws:logs:${AWS::Region}:x\"}]}
  Guard:
    Type: AWS::Organizations::Policy
    Properties:
      Type: SERVICE_CONTROL_POLICY
      Content: '{\"Statement\": []}'
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: '{\"Statement\": []}'
      Policies:
        - PolicyName: one
          PolicyDocument: |
            {\"Statement\": []}
        - PolicyName: two
          PolicyDocument:
            Fn::If: [Big, '{\"Statement\": []}', !Ref 'AWS::NoValue']
        - PolicyName: three
          PolicyDocument: no policy
",
    );
    assert_eq!(
        found,
        [
            "resource policy Logs logs",
            "service control policy Guard -",
            "identity policy Role one",
            "identity policy Role two",
        ]
    );
    let found = sites(
        r#"{"a": {"RoleName": "r", "AssumeRolePolicyDocument": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"sts:AssumeRole\", \"Principal\": \"*\"}]}"},
  "b": ["{\"Policy\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": []}\"}", "{\"Statement\": \"of work\"}"]}"#,
    );
    assert_eq!(
        found,
        [
            "trust policy r AssumeRolePolicyDocument",
            "identity policy Policy Policy",
        ]
    );
}

/// The statements of the only policy: effect, whether principal and condition are known, and when it is there.
fn cases(statement: &str) -> Vec<String> {
    let lines: String = statement
        .lines()
        .map(|line| format!("            {line}\n"))
        .collect();
    let text = format!(
        "Resources:
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          -
{lines}"
    );
    let (tree, analysis) = analyse(&text, "");
    let policy = analysis.sites[0].policy(&tree);
    assert!(!policy.is_open(), "{statement}");
    let show = |statement: &leastwise_model::Statement| {
        let mut line = format!("{:?}", statement.effect.known());
        for test in statement.condition.known().into_iter().flatten() {
            line.push_str(&format!(" {}", test.operator));
        }
        for kind in statement
            .principal
            .known()
            .into_iter()
            .flat_map(|principal| &principal.kinds)
        {
            line.push_str(&format!(" {}", kind.name));
        }
        for (name, holds) in &statement.branch {
            line.push_str(&format!(" {name}={holds}"));
        }
        line
    };
    policy.statements.iter().map(show).collect()
}

#[test]
fn conditions_of_a_template_in_every_part_of_a_statement() {
    assert_eq!(
        cases("Effect: !If [A, Allow, Deny]\nAction: '*'"),
        ["Some(Allow) A=true", "Some(Deny) A=false"]
    );
    assert_eq!(
        cases("Effect: !If [A, !If [B, Allow, Deny], !If [A, Allow, Deny]]\nAction: '*'"),
        [
            "Some(Allow) A=true B=true",
            "Some(Deny) A=true B=false",
            "Some(Deny) A=false"
        ]
    );
    assert_eq!(
        cases("Effect: Allow\nPrincipal: !If [A, {Service: x}, {AWS: y}]"),
        ["Some(Allow) Service A=true", "Some(Allow) AWS A=false"]
    );
    // What hangs on one condition together is one case.
    assert_eq!(
        cases(
            "Effect: !If [A, Allow, Deny]\nPrincipal: !If [A, {Service: x}, {AWS: y}]\nCondition: !If [A, {Bool: {a: b}}, !Ref AWS::NoValue]"
        ),
        ["Some(Allow) Bool Service A=true", "Some(Deny) AWS A=false"]
    );
    assert_eq!(
        cases(
            "Effect: Allow\nCondition:\n  Bool: {a: b}\n  StringEquals: !If [A, {c: d}, !Ref AWS::NoValue]"
        ),
        [
            "Some(Allow) Bool StringEquals A=true",
            "Some(Allow) Bool A=false"
        ]
    );
    let many: String = (0..40)
        .map(|number| format!("  Op{number}: !If [C{number}, {{a: b}}, {{c: d}}]\n"))
        .collect();
    let many = cases(&format!("Effect: Allow\nCondition:\n{many}"));
    assert!(many.len() <= 16, "{}", many.len());
}

#[test]
fn a_policy_in_the_text_of_a_json_string() {
    let (tree, analysis) = analyse(
        "Transform: AWS::LanguageExtensions
Resources:
  Domain:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Fn::ToJsonString:
          Statement:
            - Effect: Allow
              Action: execute-api:Invoke
",
        "",
    );
    assert_eq!(analysis.sites.len(), 1);
    assert_eq!(analysis.sites[0].policy(&tree).statements.len(), 1);
}

#[test]
fn ten_times_the_roles_with_policies_by_their_arns_are_ten_times_the_work() {
    let work = |count: usize| {
        let mut text = "Resources:\n".to_owned();
        for at in 0..count {
            text.push_str(&format!(
                "  P{at}: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{ManagedPolicyName: p{at}, PolicyDocument: {{Statement: []}}}}}}
  R{at}: {{Type: 'AWS::IAM::Role', Properties: {{ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/p{at}']}}}}
"
            ));
        }
        leastwise_dialects::work::of(|| {
            super::analyse(&text, "[accounts]\ndev = '111111111111'\n");
        })
    };
    let (some, more) = (work(20), work(200));
    assert!(some >= 20, "{some}");
    assert!(more <= some * 10, "{some} {more}");
}
