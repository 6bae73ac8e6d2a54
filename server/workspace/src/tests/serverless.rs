//! Variables that lead nowhere, in circles or too far, and what is taken for a service.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::{Format, Tree};

use crate::Analysis;

fn read(text: &str, path: &str, config: &str) -> (Tree, Analysis) {
    let tree = Tree::parse(text.to_owned(), Format::Yaml);
    let analysis = Analysis::new(&tree, path, Arc::new(Config::parse(config)));
    (tree, analysis)
}

/// The values of the first resource, with each environment's name.
fn resources(custom: &str, resource: &str, config: &str) -> Vec<(String, String, String)> {
    let text = format!(
        "service: shop
provider:
  name: aws
  iamRoleStatements:
    - Effect: Allow
      Action: s3:GetObject
      Resource: {resource}
{custom}
"
    );
    let (tree, analysis) = read(&text, "serverless.yml", config);
    let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
    let values = |defaults: bool| -> Vec<(String, String)> {
        analysis
            .environments
            .iter()
            .map(|environment| {
                let values = analysis.resolve(&tree, &item.text, environment, defaults);
                let texts: Vec<_> = values.iter().map(|value| value.pattern.display()).collect();
                (environment.name.clone(), texts.join(" "))
            })
            .collect()
    };
    let sure = values(false).into_iter().map(|(_, text)| text);
    values(true)
        .into_iter()
        .zip(sure)
        .map(|((name, shown), sure)| (name, shown, sure))
        .collect()
}

const CUSTOM: &str = "custom:
  name: ${self:service}-x
  it's: its
  maps: {m: {x: y}}
  map: ${self:custom.maps.${opt:which, 'm'}}
  chosen: ${self:custom.map}
";

#[test]
fn what_a_deployer_may_choose_is_not_sure() {
    for (resource, shown, sure) in [
        ("${sls:stage}", "dev", "${sls:stage}"),
        ("'${opt:stage, ''beta''}'", "beta", "${sls:stage}"),
        ("'a-${opt:size, ''big''}'", "a-big", "a-${opt:size}"),
        ("'${env:HOME, ''x''}'", "x", "${env:HOME}"),
        ("${env:HOME}", "${env:HOME}", "${env:HOME}"),
        ("'${self:no.where, ''there''}'", "there", "there"),
        ("${self:custom.name}", "shop-x", "shop-x"),
        // A quote in the midst of a name opens no text.
        ("\"${self:custom.it's}\"", "its", "its"),
        // What leads on is no surer than what leads there.
        ("'${self:custom.map.x}'", "y", "${opt:which}"),
        ("'${self:custom.chosen.x}'", "y", "${opt:which}"),
        (
            "${cf:stack.Output}",
            "${cf:stack.Output}",
            "${cf:stack.Output}",
        ),
        (
            "${file(./none.yml):a}",
            "${file(./none.yml):a}",
            "${file(./none.yml):a}",
        ),
        ("${aws:region}", "us-east-1", "${AWS::Region}"),
        ("${aws:accountId}", "${AWS::AccountId}", "${AWS::AccountId}"),
    ] {
        let found = resources(CUSTOM, resource, "");
        let expected = ("default".to_owned(), shown.to_owned(), sure.to_owned());
        assert_eq!(found, [expected], "{resource}");
    }
}

#[test]
fn stages_become_environments() {
    let names = |custom: &str, config: &str| -> Vec<String> {
        let found = resources(custom, "'${sls:stage}'", config);
        found
            .into_iter()
            .map(|(name, shown, sure)| {
                assert_eq!(shown, sure);
                format!("{name}={shown}")
            })
            .collect()
    };
    let params = "params: {default: {a: 1}, dev: {a: 2}, prod: {a: 3}}";
    assert_eq!(names(params, ""), ["dev=dev", "prod=prod"]);
    let by_map = "custom: {t: {x: 1, y: 2}, u: '${self:custom.t.${opt:stage, ''x''}}'}";
    assert_eq!(names(by_map, ""), ["x=x", "y=y"]);
    let config = "[variables]\nstage = ['qa', 'live']\n";
    assert_eq!(names("", config), ["qa=qa", "live=live"]);
    // An account that is named like a stage is that stage's.
    let accounts = "[accounts]\ndev = '111111111111'\nother = '222222222222'\n";
    assert_eq!(
        names(params, accounts),
        ["dev=dev", "other/dev=dev", "other/prod=prod"]
    );
}

#[test]
fn services_are_looked_into() {
    let service = |iam: &str| format!("service: a\nprovider: {{name: aws, {iam}}}\n");
    for iam in [
        "iam: {role: {statements: []}}",
        "iamRoleStatements: []",
        "apiGateway: {resourcePolicy: []}",
    ] {
        assert!(crate::load::may_hold_policies(&service(iam)), "{iam}");
        let (_, analysis) = read(&service(iam), "serverless.yml", "");
        assert_eq!(analysis.sites.len(), 1, "{iam}");
    }
    assert!(!crate::load::may_hold_policies(&service("runtime: x")));
}

#[test]
fn circles_and_growth_end() {
    for custom in [
        "custom: {a: '${self:custom.a}'}",
        "custom: {a: 'x${self:custom.b}y', b: '${self:custom.a}${self:custom.a}'}",
        "custom: ${self:custom}",
        "custom: {a: '${self:custom.${self:custom.a}}'}",
    ] {
        let found = resources(custom, "'${self:custom.a}'", "");
        assert!(found[0].1.len() < 1 << 16, "{custom}");
    }
    let mut custom = "custom:\n  a0: x\n".to_owned();
    for at in 1..60 {
        let before = at - 1;
        custom += &format!("  a{at}: '${{self:custom.a{before}}}${{self:custom.a{before}}}'\n");
    }
    for last in ["a59", "a12"] {
        let found = resources(&custom, &format!("'${{self:custom.{last}}}'"), "");
        assert!(found[0].1.len() < 1 << 20, "{last}");
    }
    let deep = format!("'{}x{}'", "${self:custom.".repeat(500), "}".repeat(500));
    resources("custom: {a: 1}", &deep, "");
}

#[test]
fn only_services_on_aws_are_services() {
    let service = "service: a\nprovider: {name: aws}\n";
    for (text, path, is) in [
        (service, "serverless.yml", true),
        (service, "deploy/app.yaml", true),
        ("service: a\nprovider: aws\n", "serverless.yml", true),
        ("service: a\nprovider: aws\n", "app.yml", false),
        (
            "service: a\nprovider: {name: google}\n",
            "serverless.yml",
            false,
        ),
        ("provider: {name: aws}\n", "serverless.yml", false),
        (
            "services: {a: {image: b}}\nprovider: {name: aws}\n",
            "compose.yml",
            false,
        ),
    ] {
        let (_, analysis) = read(text, path, "");
        assert_eq!(
            format!("{:?}", analysis.dialect) == "Serverless",
            is,
            "{path}: {text}"
        );
    }
}

/// The owners of a service: what they are called, where they are declared, and the policies of AWS that they have.
fn owners(text: &str) -> Vec<String> {
    let (_, analysis) = read(text, "serverless.yml", "");
    let owners = analysis.owners.iter();
    owners
        .map(|owner| {
            let declared = owner.declared.map_or("", |span| &text[span.range()]);
            let managed: Vec<_> = owner.managed.iter().map(|policy| policy.name()).collect();
            format!("{} {declared} {}", owner.label, managed.join(","))
        })
        .collect()
}

#[test]
fn the_shared_role_is_declared_where_it_is_configured() {
    let service = |provider: &str, function: &str| {
        let text = format!(
            "service: a
provider: {{name: aws, apiGateway: {{resourcePolicy: []}}, {provider}}}
functions:
  f: {{handler: a.b, {function}}}
"
        );
        owners(&text)
            .into_iter()
            .find(|owner| owner.starts_with("IamRole"))
    };
    let of = |declared: &str| Some(format!("IamRoleLambdaExecution {declared} "));
    assert_eq!(service("", ""), of("provider"));
    assert_eq!(service("iam: {role: {name: x}}", ""), of("role"));
    assert_eq!(
        service("iamRoleStatements: []", ""),
        of("iamRoleStatements")
    );
    // Where all functions have roles of their own, there is none.
    let own = "role: 'arn:aws:iam::111111111111:role/x'";
    assert_eq!(service("", own), None);
    assert_eq!(
        service("iamRoleStatements: []", own),
        of("iamRoleStatements")
    );
    // `null` is not set.
    assert_eq!(service("vpc: null", ""), of("provider"));
    assert_eq!(
        service("vpc: {subnetIds: [a], securityGroupIds: [b]}", ""),
        Some("IamRoleLambdaExecution provider AWSLambdaVPCAccessExecutionRole".to_owned())
    );
}

#[test]
fn a_variable_leads_to_each_place_once() {
    let text = "service: a
provider:
  name: aws
  iamRoleStatements: [{Effect: Allow, Action: '*', Resource: '${self:custom.x}'}]
custom: {x: y}
params: {default: {a: 1}, dev: {a: 2}, prod: {a: 3}}
";
    let (tree, analysis) = read(text, "serverless.yml", "");
    assert_eq!(analysis.environments.len(), 2);
    let leads = analysis.variable_targets(&tree, "self:custom.x");
    let texts: Vec<_> = leads.iter().map(|(_, node)| tree.text(*node)).collect();
    assert_eq!(texts, [Some("y")]);
}

#[test]
fn a_resource_that_a_deployer_chooses_is_assumed() {
    let found = |resource: &str| {
        let text = format!(
            "service: a
provider:
  name: aws
  iamRoleStatements: [{{Effect: Allow, Action: '*', Resource: {resource}}}]
custom: {{x: Jobs}}
resources:
  Resources:
    Jobs: {{Type: 'AWS::SNS::Topic', Properties: {{TopicName: jobs}}}}
"
        );
        let (tree, analysis) = read(&text, "serverless.yml", "");
        let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
        let values = analysis.resolve(&tree, &item.text, &analysis.environments[0], true);
        let [value] = values.as_slice() else {
            panic!("one value")
        };
        (value.pattern.display().ends_with(":jobs"), value.assumed)
    };
    assert_eq!(found("{Ref: Jobs}"), (true, false));
    assert_eq!(found("{Ref: '${self:custom.x}'}"), (true, false));
    assert_eq!(found("{Ref: '${opt:x, ''Jobs''}'}"), (true, true));
}

#[test]
fn functions_of_one_role_inherit_once() {
    let text = "service: a
provider:
  name: aws
  iamRoleStatements: [{Effect: Allow, Action: 's3:*', Resource: '*'}]
plugins: [serverless-iam-roles-per-function]
custom: {serverless-iam-roles-per-function: {defaultInherit: true}}
functions:
  f: {handler: a.b, iamRoleStatements: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}
  F: {handler: a.c, iamRoleStatements: [{Effect: Allow, Action: 'sns:*', Resource: '*'}]}
";
    let (_, analysis) = read(text, "serverless.yml", "");
    let site = &analysis.sites[0];
    let owners: Vec<_> = analysis
        .owners_of(site)
        .map(|owner| owner.label.as_str())
        .collect();
    assert_eq!(
        owners,
        ["IamRoleLambdaExecution", "FIamRoleLambdaExecution"]
    );
}

#[test]
fn conditions_that_leave_out_what_is_empty() {
    let shown = |stage: &str, conditions: &str, condition: &str, resource: &str| {
        let text = format!(
            "service: shop
provider:
  name: aws
  stage: {stage}
custom:
  kms:
    dev: ''
    prod: arn:aws:kms:eu-west-1:111111111111:key/k
resources:
  Conditions:
    Has: {conditions}
  Resources:
    P:
      Type: AWS::IAM::ManagedPolicy
{condition}      Properties:
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: kms:Decrypt
              Resource: {resource}
"
        );
        let (tree, analysis) = read(&text, "serverless.yml", "");
        let policy = analysis.sites[0].policy(&tree);
        let items = policy.statements[0].resources().iter();
        let environment = &analysis.environments[0];
        let values = items.flat_map(|item| analysis.resolve(&tree, &item.text, environment, true));
        let values: Vec<_> = values.map(|value| value.pattern.display()).collect();
        values.join(" ")
    };
    const KEY: &str = "\"${self:custom.kms.${self:provider.stage}}\"";
    const OTHER: &str = "\"${self:custom.kms.${opt:stage, self:provider.stage}}\"";
    let filled = format!("!Not [!Equals [{KEY}, '']]");
    let empty = format!("!Equals [{KEY}, '']");
    let of_stage = "!Equals [\"${self:provider.stage}\", prod]".to_owned();
    let either = format!("!Or [!Not [!Equals [{KEY}, '']], !Equals [\"${{sls:stage}}\", prod]]");
    let has = "      Condition: Has\n";
    let conditional = |key: &str| format!("!If [Has, {key}, !Ref AWS::NoValue]");
    for stage in ["dev", "\"${opt:stage, 'dev'}\""] {
        for conditions in [&filled, &of_stage, &either] {
            for key in [KEY, OTHER] {
                let value = shown(stage, conditions, has, key);
                assert!(
                    value.starts_with("${"),
                    "{stage} {conditions} {key}: {value}"
                );
                let value = shown(stage, conditions, "", &conditional(key));
                assert!(
                    value.starts_with("${"),
                    "{stage} {conditions} {key}: {value}"
                );
                // Nothing leaves it out.
                assert_eq!(shown(stage, conditions, "", key), "", "{conditions}");
            }
        }
        // It is there where the key is empty.
        assert_eq!(shown(stage, &empty, has, KEY), "");
        // A condition on something else.
        let other = "!Equals [\"${opt:size, 'small'}\", big]";
        assert_eq!(shown(stage, other, has, KEY), "");
        // The key of another stage.
        let key = "arn:aws:kms:eu-west-1:111111111111:key/k";
        assert_eq!(shown("prod", &filled, has, KEY), key);
    }
}
