//! Where SAM's templates hold policies, and whose they are.

use leastwise_dialects::entries::What;
use leastwise_model::{OwnerKind, SiteKind};
use leastwise_syntax::{Format, Tree};

use super::analyse;

/// The sites: kind, path and owners; then what is generated: owner, kind, origin.
fn found(text: &str) -> (Vec<String>, Vec<String>) {
    let (_, analysis) = analyse(text, "");
    assert_eq!(format!("{:?}", analysis.dialect), "Sam");
    let sites = analysis.sites.iter().map(|site| {
        let owners: Vec<&str> = analysis
            .owners_of(site)
            .map(|owner| owner.label.as_str())
            .collect();
        format!(
            "{} {} {}",
            site.kind.name(),
            site.path.join("/"),
            owners.join(",")
        )
    });
    let generated = analysis.owners.iter().flat_map(|owner| {
        let policies = owner.generated.iter();
        policies.map(|policy| format!("{} {} {}", owner.label, policy.kind.name(), policy.origin))
    });
    (sites.collect(), generated.collect())
}

#[test]
fn a_template_is_sams_by_its_transform_or_its_resources() {
    for head in [
        "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::S3::Bucket}}",
        "Transform: [Macro, AWS::Serverless-2016-10-31]\nResources: {A: {Type: AWS::S3::Bucket}}",
        "Resources: {A: {Type: AWS::Serverless::SimpleTable}}",
    ] {
        assert_eq!(
            format!("{:?}", analyse(head, "").1.dialect),
            "Sam",
            "{head}"
        );
    }
    let plain = "Transform: AWS::LanguageExtensions\nResources: {A: {Type: AWS::S3::Bucket}}";
    assert_eq!(
        format!("{:?}", analyse(plain, "").1.dialect),
        "CloudFormation"
    );
}

#[test]
fn policies_of_apis() {
    let (sites, generated) = found(
        "Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    Auth:
      ResourcePolicy:
        CustomStatements: {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/*}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        ResourcePolicy:
          CustomStatements:
            - Effect: Deny
              Principal: '*'
              Action: execute-api:Invoke
              Resource: execute-api:/prod/GET/a
          AwsAccountWhitelist: ['111111111111']
          SourceVpcBlacklist: [vpc-1, vpce-2]
      DefinitionBody:
        x-amazon-apigateway-policy:
          Version: '2012-10-17'
          Statement: {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/*}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Named:
          Type: Api
          Properties:
            Path: /a
            Method: get
            RestApiId: !Ref Api
            Auth:
              ResourcePolicy:
                CustomStatements: {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/*}
",
    );
    assert_eq!(
        sites,
        [
            "resource policy Resources/Api/Properties/DefinitionBody/x-amazon-apigateway-policy Api",
            "resource policy Resources/Api/Properties/Auth/ResourcePolicy/CustomStatements Api",
            "resource policy Globals/Api/Auth/ResourcePolicy/CustomStatements ServerlessRestApi",
            "resource policy Resources/Fn/Properties/Events/Named/Properties/Auth/ResourcePolicy/CustomStatements Api",
        ]
    );
    assert_eq!(
        generated,
        [
            "Fn trust policy AssumeRolePolicyDocument",
            "Api resource policy Auth/ResourcePolicy",
        ]
    );
}

#[test]
fn connectors_to_queues_topics_and_functions() {
    let (_, generated) = found(
        "Resources:
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Rule: {Type: AWS::Events::Rule}
  Fn:
    Type: AWS::Serverless::Function
  A:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Topic}, Destination: [{Id: Queue}, {Id: Fn}], Permissions: [Write]}
  B:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Rule}, Destination: {Id: Topic}, Permissions: [Write]}
  Unknown:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Rule}, Destination: {Id: Nothing}, Permissions: [Write]}
  Refused:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Topic}, Destination: {Id: Queue}, Permissions: [Read]}
",
    );
    assert_eq!(
        generated,
        [
            "Fn trust policy AssumeRolePolicyDocument",
            "Fn resource policy A",
            "Queue resource policy A",
            "Topic resource policy B",
        ]
    );
}

#[test]
fn a_function_that_runs_as_another_role_has_none_of_its_own() {
    let (tree, analysis) = analyse(
        "Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Role: !Sub arn:aws:iam::${AWS::AccountId}:role/x
      Policies:
        - S3ReadPolicy: {BucketName: data}
        - AmazonS3ReadOnlyAccess
        - Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}
  Maybe:
    Type: AWS::Serverless::Function
    Properties:
      Role: !If [Given, !Ref Role, !Ref AWS::NoValue]
      Policies:
        - S3ReadPolicy: {BucketName: data}
",
        "",
    );
    let [fn_, maybe] = analysis.owners.as_slice() else {
        panic!("{:?}", analysis.owners)
    };
    assert_eq!(fn_.kind, OwnerKind::Resource);
    assert!(fn_.generated.is_empty() && fn_.managed.is_empty());
    // What is written is a policy all the same.
    assert_eq!(analysis.sites.len(), 1);
    assert_eq!(analysis.sites[0].policy(&tree).statements.len(), 1);
    assert_eq!(maybe.kind, OwnerKind::Role);
    let read = maybe
        .generated
        .iter()
        .find(|policy| policy.kind == SiteKind::Identity)
        .expect("a policy");
    assert_eq!(read.branch, [("Given".to_owned(), false)]);
    assert_eq!(read.policy.statements[0].branch, read.branch);
}

#[test]
fn the_role_of_a_function_is_named_by_what_sam_calls_it() {
    let (_, analysis) = analyse(
        "Resources:
  Fn:
    Type: AWS::Serverless::Function
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref FnRole]
      PolicyDocument:
        Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}
",
        "",
    );
    let labels: Vec<_> = analysis
        .owners_of(&analysis.sites[0])
        .map(|owner| owner.label.as_str())
        .collect();
    assert_eq!(labels, ["Fn"]);
}

#[test]
fn the_arns_of_roles_that_sam_makes() {
    let (tree, analysis) = analyse(
        "Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {RolePath: /workers/}
Resources:
  Fn:
    Type: AWS::Serverless::Function
  Other:
    Type: AWS::Serverless::Function
    Properties: {Role: 'arn:aws:iam::111111111111:role/x'}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {RolePath: !Sub '/${AWS::Region}/'}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: iam:PassRole
          Resource: [!GetAtt FnRole.Arn, !Sub '${MachineRole.Arn}', !GetAtt OtherRole.Arn]
",
        "[accounts]\nprod = '222222222222'\n[deploy]\nregions = ['eu-west-1']\n",
    );
    let site = analysis.sites.last().expect("a policy");
    let policy = site.policy(&tree);
    let items = policy.statements[0].resources().iter();
    let values: Vec<String> = items
        .flat_map(|item| analysis.shown(&tree, item))
        .map(|(_, value)| value.pattern.display())
        .collect();
    assert_eq!(
        values,
        [
            "arn:aws:iam::222222222222:role/workers/${FnRole}",
            "arn:aws:iam::222222222222:role/eu-west-1/${MachineRole}",
            "${OtherRole.Arn}"
        ]
    );
}

#[test]
fn a_connector_s_condition_is_that_of_what_it_brings() {
    let (_, analysis) = analyse(
        "Transform: AWS::Serverless-2016-10-31
Conditions:
  Wanted: !Equals [a, b]
Resources:
  Fn: {Type: AWS::Serverless::Function}
  Queue: {Type: AWS::SQS::Queue}
  Joined:
    Type: AWS::Serverless::Connector
    Condition: Wanted
    Properties: {Source: {Id: Fn}, Destination: {Id: Queue}, Permissions: [Write]}
",
        "",
    );
    let generated = analysis.owners.iter().flat_map(|owner| &owner.generated);
    let branches: Vec<_> = generated
        .filter(|generated| generated.origin == "Joined")
        .map(|generated| generated.branch.clone())
        .collect();
    assert_eq!(branches, [[("Wanted".to_owned(), true)]]);
}

#[test]
fn a_rule_calls_each_target_with_the_role_of_that_target() {
    let (_, generated) = found(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  B: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Other: {Type: AWS::Serverless::StateMachine}
  Machine: {Type: AWS::Serverless::StateMachine}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Targets:
        - {Id: a, Arn: !GetAtt Other.Arn, RoleArn: !GetAtt A.Arn}
        - {Id: b, Arn: !GetAtt Machine.Arn, RoleArn: !GetAtt B.Arn}
  Joined:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Rule}, Destination: {Id: Machine}, Permissions: [Write]}
",
    );
    let joined: Vec<_> = generated
        .iter()
        .filter(|line| line.ends_with(" Joined"))
        .collect();
    assert_eq!(joined, ["B identity policy Joined"]);
}

#[test]
fn resources_may_ignore_the_globals() {
    let is_bounded = |ignored: &str| {
        let (_, analysis) = analyse(
            &format!(
                "Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    PermissionsBoundary: 'arn:aws:iam::111111111111:policy/limits'
Resources:
  Fn:
    Type: AWS::Serverless::Function
{ignored}    Properties: {{Handler: a.b}}
"
            ),
            "",
        );
        let mut owners = analysis.owners.iter();
        let role = owners.find(|owner| owner.label == "Fn").expect("a role");
        role.boundary.known().is_some()
    };
    assert!(is_bounded(""));
    assert!(is_bounded("    IgnoreGlobals: [Timeout]\n"));
    assert!(!is_bounded("    IgnoreGlobals: [PermissionsBoundary]\n"));
    assert!(!is_bounded("    IgnoreGlobals: PermissionsBoundary\n"));
    assert!(!is_bounded("    IgnoreGlobals: '*'\n"));
}

#[test]
fn what_an_entry_of_policies_is() {
    let function = "Resources: {Fn: {Type: AWS::Serverless::Function}}\n";
    let (_, analysis) = analyse(function, "");
    let lists = analysis.state().lists().unwrap();
    for (entry, expected) in [
        ("!Ref AWS::NoValue", ""),
        ("''", ""),
        ("AmazonSQSFullAccess", "name"),
        ("!Sub AWS::NoValue", "other"),
        ("{Statement: []}", "document"),
        ("{Effect: Allow, Action: '*', Resource: '*'}", "statements"),
        (
            "[{Effect: Allow, Action: '*', Resource: '*'}]",
            "statements",
        ),
        ("[AmazonSQSFullAccess]", "other"),
        ("{Version: '2012-10-17'}", "other"),
        ("{Id: x, Version: '2012-10-17'}", "other"),
        ("{SQSPollerPolicy: {QueueName: q}}", "template"),
        ("{Nothing: {}}", "template"),
    ] {
        let tree = Tree::parse(format!("Policies: [{entry}]\n"), Format::Yaml);
        let policies = tree.get(tree.documents()[0], "Policies").unwrap();
        let found: Vec<_> = (lists.read)(&tree, policies)
            .iter()
            .map(|entry| match &entry.what {
                What::Name => "name",
                What::Document => "document",
                What::Statements => "statements",
                What::Template(_) => "template",
                What::Other => "other",
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{entry}");
    }
}

#[test]
fn an_application_is_deployed_as_a_stack() {
    let value = |kind: &str| {
        let (tree, analysis) = analyse(
            &format!(
                "Transform: AWS::Serverless-2016-10-31
Resources:
  App: {{Type: '{kind}', Properties: {{}}}}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: {{Effect: Allow, Action: '*', Resource: !Ref App}}}}
"
            ),
            "[accounts]\ndev = '111111111111'\n",
        );
        let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
        let values = analysis.shown(&tree, item);
        let texts: Vec<_> = values.map(|(_, value)| value.pattern.display()).collect();
        texts.join(" ")
    };
    let stack = value("AWS::CloudFormation::Stack");
    assert!(stack.starts_with("arn:"), "{stack}");
    assert_eq!(value("AWS::Serverless::Application"), stack);
}
