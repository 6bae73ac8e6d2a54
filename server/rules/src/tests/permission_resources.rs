//! Resources that are a permission without a document: what AWS makes of them lets somebody in like any policy.

use std::sync::Arc;

use leastwise_model::{Config, Level};
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

use super::fixture::{Fixture, Found, check, fixed_text};
use crate::actions::action_matches_nothing::RULE as NOTHING;
use crate::actions::unknown_action::RULE as ACTION;
use crate::actions::unknown_service::RULE as SERVICE;
use crate::privilege::public_principal::RULE as PUBLIC;
use crate::resources::unknown_principal::RULE as UNKNOWN;
use crate::structure::missing_sub::RULE as SUB;
use crate::{Context, Finding, Incremental};

/// A resource of a template with these properties.
fn template(of: &str, properties: &str) -> String {
    format!(
        "Parameters:
  Who: {{Type: String}}
Conditions: {{Given: !Not [!Equals [!Ref Who, '']]}}
Resources:
  Given:
    Type: AWS::{of}
    Properties: {{{properties}}}
"
    )
}

fn invoke(properties: &str) -> String {
    let own = format!("FunctionName: f, Action: 'lambda:InvokeFunction', {properties}");
    template("Lambda::Permission", &own)
}

fn bus(properties: &str) -> String {
    let own = format!("StatementId: one, Action: 'events:PutEvents', Principal: '*'{properties}");
    template("Events::EventBusPolicy", &own)
}

fn layer(properties: &str) -> String {
    let own = format!("Action: 'lambda:GetLayerVersion', Principal: '*'{properties}");
    template("Lambda::LayerVersionPermission", &own)
}

fn terraform(of: &str, body: &str) -> String {
    format!("resource \"aws_{of}\" \"given\" {{\n{body}\n}}\n")
}

/// Level and message of what both rules find.
fn found(text: &str) -> Vec<(Level, String)> {
    let file = Fixture::new(text, "");
    let found = [&PUBLIC, &UNKNOWN].map(|rule| file.findings(rule));
    let found = found.into_iter().flatten();
    found.map(|of| (of.level, of.message)).collect()
}

fn levels(text: &str) -> Vec<Level> {
    found(text).into_iter().map(|(level, _)| level).collect()
}

#[test]
fn everybody_is_told_where_it_is_said() {
    let marked = [
        "Resources:
  Given:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: f
      Action: lambda:InvokeFunction
      Principal: '*'
                  ^
",
        "resource \"aws_lambda_permission\" \"given\" {
  function_name = \"f\"
  action        = \"lambda:InvokeFunction\"
  principal     = \"*\"
                   ^
}
",
        "service: shop
provider: {name: aws}
resources:
  Resources:
    Given:
      Type: AWS::Lambda::Permission
      Properties: {FunctionName: f, Action: 'lambda:InvokeFunction', Principal: '*'}
                                                                                 ^
",
    ];
    for text in marked {
        let all = "Any AWS account is allowed `lambda:InvokeFunction` here.";
        assert_eq!(check(&PUBLIC, text, ""), [all]);
    }
    let bare = terraform(
        "cloudwatch_event_permission",
        "principal = \"*\"\nstatement_id = \"a\"",
    );
    let all = "Any AWS account is allowed `events:PutEvents` here.";
    assert_eq!(found(&bare), [(Level::Error, all.to_owned())]);
    // By a URL also those who haven't signed in.
    let url = template("Lambda::Permission", "Action: 'lambda:*', Principal: '*'");
    let all = "Anyone on the internet is allowed `lambda:*` here.";
    assert_eq!(found(&url), [(Level::Error, all.to_owned())]);
}

#[test]
fn a_property_says_who_is_meant() {
    for bound in [
        "PrincipalOrgID: o-a1b2c3d4e5",
        "PrincipalOrgID: !Ref Who",
        "PrincipalOrgID: !If [Given, !Ref Who, !Ref 'AWS::NoValue']",
        "SourceAccount: !Ref 'AWS::AccountId'",
        "SourceArn: !Sub 'arn:aws:sns:eu-west-1:${AWS::AccountId}:orders'",
    ] {
        assert_eq!(
            levels(&invoke(&format!("Principal: '*', {bound}"))),
            [],
            "{bound}"
        );
    }
    for open in [
        "PrincipalOrgID: !Ref 'AWS::NoValue'",
        "SourceArn: '*'",
        "Qualifier: live",
    ] {
        let text = invoke(&format!("Principal: '*', {open}"));
        assert_eq!(levels(&text), [Level::Error], "{open}");
    }
    assert_eq!(levels(&layer(", OrganizationId: o-a1b2c3d4e5")), []);
    // AWS shares layers so; whether it is meant is the author's to say.
    assert_eq!(levels(&layer("")), [Level::Suggestion]);
    let of = |bound: &str| {
        let body = format!("action = \"lambda:InvokeFunction\"\nprincipal = \"*\"\n{bound}");
        levels(&terraform("lambda_permission", &body))
    };
    for bound in [
        "principal_org_id = var.organization",
        "source_account = \"111111111111\"",
        "source_arn = aws_sns_topic.orders.arn",
    ] {
        assert_eq!(of(bound), [], "{bound}");
    }
    assert_eq!(of("source_arn = null"), [Level::Error]);
}

#[test]
fn the_condition_of_an_event_bus_is_one_of_iam() {
    assert_eq!(levels(&bus("")), [Level::Error]);
    let test = |key: &str| format!(", Condition: {{Type: StringEquals, Key: '{key}', Value: o-a}}");
    assert_eq!(levels(&bus(&test("aws:PrincipalOrgID"))), []);
    assert_eq!(levels(&bus(&test("aws:RequestedRegion"))), [Level::Error]);
    // What isn't known may be anything.
    assert_eq!(levels(&bus(", Condition: !Ref Who")), []);
    let any = ", Condition: !If [Given, {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-a}, !Ref 'AWS::NoValue']";
    assert_eq!(levels(&bus(any)), []);
    let of = |condition: &str| {
        let body = format!("statement_id = \"a\"\nprincipal = \"*\"\n{condition}");
        levels(&terraform("cloudwatch_event_permission", &body))
    };
    let test = "key = \"aws:PrincipalOrgID\"\ntype = \"StringEquals\"\nvalue = var.organization";
    assert_eq!(of(&format!("condition {{\n{test}\n}}")), []);
    let dynamic =
        format!("dynamic \"condition\" {{\nfor_each = var.all\ncontent {{\n{test}\n}}\n}}");
    assert_eq!(of(&dynamic), []);
    assert_eq!(of(""), [Level::Error]);
}

#[test]
fn a_url_is_for_everybody_or_for_whoever_signs() {
    let url = |properties: &str| {
        let own = format!("Action: 'lambda:InvokeFunctionUrl', {properties}");
        found(&template("Lambda::Permission", &own))
    };
    let world = "Anyone on the internet is allowed `lambda:InvokeFunctionUrl` here.";
    let signed = "Any AWS account is allowed `lambda:InvokeFunctionUrl` here.";
    let of_none = (Level::Suggestion, world.to_owned());
    let of_iam = (Level::Warning, signed.to_owned());
    let none = "Principal: '*', FunctionUrlAuthType: NONE";
    assert_eq!(url(none), std::slice::from_ref(&of_none));
    let iam = "Principal: '*', FunctionUrlAuthType: AWS_IAM";
    assert_eq!(url(iam), std::slice::from_ref(&of_iam));
    assert_eq!(url(&format!("{iam}, PrincipalOrgID: o-a1b2c3d4e5")), []);
    assert_eq!(url("Principal: '*'"), std::slice::from_ref(&of_none));
    for unknown in [
        "!Ref Who",
        "!If [Given, NONE, AWS_IAM]",
        "'{{resolve:ssm:auth}}'",
    ] {
        let text = format!("Principal: '*', FunctionUrlAuthType: {unknown}");
        assert_eq!(url(&text), [], "{unknown}");
    }
    // Every action, of those that a URL takes.
    let every = |auth: &str| {
        let own = format!("Action: 'lambda:*', Principal: '*', FunctionUrlAuthType: {auth}");
        found(&template("Lambda::Permission", &own))
    };
    let all = [(of_none.0, "NONE", world), (of_iam.0, "AWS_IAM", signed)];
    for (level, auth, said) in all {
        let said = said.replace("InvokeFunctionUrl", "*");
        assert_eq!(every(auth), [(level, said)]);
    }
    let help = |properties: &str| {
        let text = template("Lambda::Permission", properties);
        Fixture::new(&text, "").findings(&PUBLIC)[0].help.clone()
    };
    let action = "Action: 'lambda:InvokeFunctionUrl'";
    assert!(help(&format!("{action}, {none}")).contains("require `AWS_IAM`"));
    assert!(help(&format!("{action}, {iam}")).starts_with("Name the principals"));
    // Only who is let in is said by it.
    let misspelt = "Principal: s4.amazonaws.com, FunctionUrlAuthType: NONE";
    assert_eq!(url(misspelt).len(), 1);
    let body =
        "action = \"lambda:InvokeFunctionUrl\"\nprincipal = \"*\"\nfunction_url_auth_type = ";
    let of = |with: &str| found(&terraform("lambda_permission", &format!("{body}{with}")));
    assert_eq!(of("\"NONE\""), [of_none]);
    assert_eq!(of("\"AWS_IAM\""), [of_iam]);
    assert_eq!(of("var.auth"), []);
}

#[test]
fn what_a_url_needs_beside_is_told_once() {
    for said in ["true", "!Ref Who"] {
        let text = format!("Principal: '*', InvokedViaFunctionUrl: {said}");
        assert_eq!(levels(&invoke(&text)), [], "{said}");
    }
    let not = "Principal: '*', InvokedViaFunctionUrl: false";
    assert_eq!(levels(&invoke(not)), [Level::Error]);
    let body = "action = \"lambda:InvokeFunction\"\nprincipal = \"*\"\ninvoked_via_function_url = ";
    let of = |with: &str| levels(&terraform("lambda_permission", &format!("{body}{with}")));
    assert_eq!(of("true"), []);
    assert_eq!(of("false"), [Level::Error]);
}

#[test]
fn conditions_of_a_document_say_the_same_of_a_url() {
    let of = |condition: &str| {
        let text = format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Principal: '*'
    Action: lambda:InvokeFunctionUrl
    Resource: arn:aws:lambda:eu-west-1:111111111111:function:shop
    Condition: {{{condition}}}
"
        );
        found(&text)
    };
    let open = of("StringEquals: {lambda:FunctionUrlAuthType: NONE}");
    assert_eq!(open[0].0, Level::Suggestion);
    assert_eq!(
        of("StringNotEquals: {lambda:FunctionUrlAuthType: NONE}"),
        []
    );
    assert_eq!(
        of("StringEqualsIfExists: {lambda:FunctionUrlAuthType: AWS_IAM}"),
        []
    );
}

#[test]
fn an_action_that_the_service_does_not_have() {
    let marked = [
        "Resources:
  Given:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: f
      Action: lambda:InvokeFuncton
                     ^^^^^^^^^^^^^
      Principal: s3.amazonaws.com
",
        "resource \"aws_lambda_permission\" \"given\" {
  function_name = \"f\"
  action        = \"lambda:InvokeFuncton\"
                          ^^^^^^^^^^^^^
  principal     = \"s3.amazonaws.com\"
}
",
        "service: shop
provider: {name: aws}
resources:
  Resources:
    Given:
      Type: AWS::Lambda::Permission
      Properties: {FunctionName: f, Action: 'lambda:InvokeFuncton', Principal: s3.amazonaws.com}
                                                    ^^^^^^^^^^^^^
",
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Given:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: f, Action: 'lambda:InvokeFuncton', Principal: s3.amazonaws.com}
                                                  ^^^^^^^^^^^^^
",
    ];
    for text in marked {
        let all = "`lambda:InvokeFuncton` has no effect: AWS Lambda has no such action.";
        assert_eq!(check(&ACTION, text, ""), [all]);
    }
    let before = invoke("Principal: s3.amazonaws.com").replace("InvokeFunction", "InvokeFuncton");
    let after = invoke("Principal: s3.amazonaws.com");
    assert_eq!(fixed_text(&ACTION, &before, ""), after);
    let json = r#"{"resource": {"aws_lambda_permission": {"given": {"function_name": "f", "action": "lambda:InvokeFuncton", "principal": "s3.amazonaws.com"}}}}"#;
    let file = Fixture::at("shop.tf.json", json, Format::Json, "", None);
    assert_eq!(file.findings(&ACTION).len(), 1);
}

/// What `unknown-action` says of an action, with the first fix's title.
fn of_action(of: &str, action: &str) -> Vec<(String, String)> {
    let text = template(of, &format!("Action: {action}, Principal: '111111111111'"));
    let said = |of: Found| {
        let fix = of.fixes.first().map(|fix| fix.title.clone());
        (of.message, fix.unwrap_or_default())
    };
    let file = Fixture::new(&text, "");
    for rule in [&SERVICE, &NOTHING] {
        assert!(file.findings(rule).is_empty(), "{action}");
    }
    file.findings(&ACTION).into_iter().map(said).collect()
}

#[test]
fn an_action_that_the_api_refuses() {
    let function = "AWS Lambda rejects `{}` here: it accepts `lambda:` and the name of one action.";
    let layer = "AWS Lambda rejects `{}` here: it accepts only `lambda:GetLayerVersion`.";
    let bus =
        "Amazon EventBridge rejects `{}` here: it accepts `events:` and the name of one action.";
    for (of, says, action, fix) in [
        (0, function, "InvokeFunction", "lambda:InvokeFunction"),
        (0, function, "InvokeFuncton", "lambda:InvokeFunction"),
        (0, function, "lamda:InvokeFunction", "lambda:InvokeFunction"),
        (
            0,
            function,
            "Lambda:InvokeFunction",
            "lambda:InvokeFunction",
        ),
        (
            0,
            function,
            "lambda::InvokeFunction",
            "lambda:InvokeFunction",
        ),
        (0, function, "lambda:Invoke*", ""),
        (0, function, "s3:GetObject", ""),
        (0, function, "iam:TagResource", ""),
        (0, function, "ecr:TagResource", ""),
        (1, layer, "GetLayerVersion", "lambda:GetLayerVersion"),
        (1, layer, "lambda:GetLayerVersio", "lambda:GetLayerVersion"),
        (1, layer, "lambda:InvokeFunction", ""),
        (1, layer, "lambda:*", ""),
        (2, bus, "PutEvents", "events:PutEvents"),
        (2, bus, "events:*", ""),
        (2, bus, "'*'", ""),
    ] {
        let of = [
            "Lambda::Permission",
            "Lambda::LayerVersionPermission",
            "Events::EventBusPolicy",
        ][of];
        let title = match fix {
            "" => String::new(),
            fix => format!("Replace with {fix}"),
        };
        let said = says.replace("{}", action.trim_matches('\''));
        assert_eq!(of_action(of, action), [(said, title)]);
    }
    let marked = "resource \"aws_lambda_permission\" \"given\" {
  action    = \"InvokeFunction\"
               ^^^^^^^^^^^^^^
  principal = \"s3.amazonaws.com\"
}
";
    check(&ACTION, marked, "");
    let none = of_action("Lambda::Permission", "InvokeFunction, lambda:GetFunction");
    assert_eq!(none.len(), 1);
}

#[test]
fn an_action_that_may_be_one_is_none_to_tell_of() {
    for action in [
        "lambda:InvokeFunction",
        "lambda:invokefunction",
        "lambda:InvokeFunctionUrl",
        "'lambda:*'",
        "'*'",
        "!Ref Who",
        "!Sub 'lambda:${Who}'",
        "!Ref 'AWS::NoValue'",
    ] {
        assert_eq!(of_action("Lambda::Permission", action), [], "{action}");
    }
    let layer = "lambda:GetLayerVersion";
    assert_eq!(of_action("Lambda::LayerVersionPermission", layer), []);
    assert_eq!(of_action("Events::EventBusPolicy", "events:PutEvents"), []);
    let actions = |text: &str| Fixture::new(text, "").findings(&ACTION).len();
    // Nothing stands where the usual action is meant.
    let usual = terraform(
        "cloudwatch_event_permission",
        "principal = \"111111111111\"",
    );
    assert_eq!(actions(&usual), 0);
    let unknown = "action = var.action\nprincipal = \"111111111111\"";
    assert_eq!(actions(&terraform("lambda_permission", unknown)), 0);
    let local = "action = local.of\nprincipal = \"111111111111\"";
    let local = terraform("lambda_permission", local) + "locals {\n  of = \"InvokeFunction\"\n}\n";
    assert_eq!(actions(&local), 1);
}

#[test]
fn variables_that_nothing_fills_in() {
    let text = "
Parameters:
  Stage: {Type: String}
Resources:
  Given:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: f
      Action: lambda:InvokeFunction
      Principal: arn:aws:iam::${AWS::AccountId}:role/caller
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      SourceArn: arn:aws:events:${AWS::Region}:111111111111:rule/${Stage}-tick
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      SourceAccount: '${AWS::AccountId}'
                      ^^^^^^^^^^^^^^^^^
  Filled:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Sub '${AWS::StackName}-f'
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/tick'
      SourceAccount: !Ref AWS::AccountId
  Bus:
    Type: AWS::Events::EventBusPolicy
    Properties: {StatementId: a, Action: 'events:PutEvents', Principal: '${AWS::AccountId}'}
                                                                         ^^^^^^^^^^^^^^^^^
";
    let messages = check(&SUB, text, "");
    let first =
        "`${AWS::AccountId}` isn't replaced without `Fn::Sub`: AWS gets it as literal text.";
    assert_eq!(messages[0], first);
    // It is told once.
    let unmarked: String = text
        .lines()
        .filter(|line| !line.contains('^'))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(found(&unmarked), []);
    let before = invoke("Principal: '${AWS::AccountId}'");
    let after = invoke("Principal: !Sub '${AWS::AccountId}'");
    assert_eq!(fixed_text(&SUB, &before, ""), after);
    let file = Fixture::new(&before, "");
    assert_eq!(
        file.fixes(&SUB)[0].adds,
        ["what the permission allows, with ${AWS::AccountId}"]
    );
    let serverless = "service: shop
provider: {name: aws}
resources:
  Resources:
    Given:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: f
        Action: lambda:InvokeFunction
        Principal: s3.amazonaws.com
        SourceAccount: ${aws:accountId}
        SourceArn: arn:${AWS::Partition}:s3:::shop
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
";
    check(&SUB, serverless, "");
    // Terraform has no such variables.
    let body = "action = \"lambda:InvokeFunction\"\nprincipal = \"${AWS::AccountId}\"";
    let other = Fixture::new(&terraform("lambda_permission", body), "");
    assert!(other.findings(&SUB).is_empty());
}

#[test]
fn who_is_no_account() {
    let of = |to: &str, principal: &str| {
        let own = format!("StatementId: a, Action: 'events:PutEvents', Principal: {principal}");
        let text = template(to, &own);
        let findings = Fixture::new(&text, "").findings(&UNKNOWN);
        findings
            .into_iter()
            .map(|of| of.message)
            .collect::<Vec<_>>()
    };
    let bus = "Amazon EventBridge rejects `{}` here: it accepts an account ID, or `*`.";
    let layer = "AWS Lambda rejects `{}` here: it accepts an account ID, the ARN of an account's root, or `*`.";
    let function = "`{}` isn't a 12-digit account ID.";
    for (to, says, principal) in [
        ("Events::EventBusPolicy", bus, "1234"),
        ("Events::EventBusPolicy", bus, "1234567890123"),
        (
            "Events::EventBusPolicy",
            bus,
            "arn:aws:iam::111111111111:root",
        ),
        ("Events::EventBusPolicy", bus, "events.amazonaws.com"),
        ("Events::EventBusPolicy", bus, "apigatway.amazonaws.com"),
        ("Lambda::LayerVersionPermission", layer, "1234"),
        (
            "Lambda::LayerVersionPermission",
            layer,
            "arn:aws:iam::111111111111:role/a",
        ),
        (
            "Lambda::LayerVersionPermission",
            layer,
            "arn:aws:s3::111111111111:root",
        ),
        ("Lambda::Permission", function, "11111111111"),
    ] {
        assert_eq!(of(to, principal), [says.replace("{}", principal)]);
    }
    for (to, principal) in [
        ("Events::EventBusPolicy", "'111111111111'"),
        ("Events::EventBusPolicy", "111111111111"),
        ("Events::EventBusPolicy", "'*'"),
        ("Events::EventBusPolicy", "!Ref Who"),
        ("Events::EventBusPolicy", "!Ref AWS::AccountId"),
        ("Events::EventBusPolicy", "!Sub '${Who}'"),
        ("Events::EventBusPolicy", "ACCOUNT_ID"),
        ("Events::EventBusPolicy", "<account>"),
        ("Lambda::LayerVersionPermission", "'*'"),
        (
            "Lambda::LayerVersionPermission",
            "arn:aws:iam::111111111111:root",
        ),
        (
            "Lambda::LayerVersionPermission",
            "arn:aws-cn:iam::111111111111:root",
        ),
        ("Lambda::Permission", "'111111111111'"),
    ] {
        assert_eq!(of(to, principal), [""; 0], "{principal}");
    }
    let body = "principal = \"1234\"\nstatement_id = \"a\"";
    let bus_of = terraform("cloudwatch_event_permission", body);
    assert_eq!(found(&bus_of), [(Level::Error, bus.replace("{}", "1234"))]);
    // A policy of its own may name others.
    let policy = "StatementId: a, Statement: {Effect: Allow, Principal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 'events:PutEvents', Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/default'}";
    assert_eq!(found(&template("Events::EventBusPolicy", policy)), []);
}

#[test]
fn the_kind_of_a_principal_follows_from_its_value() {
    for principal in [
        "'111111111111'",
        "s3.amazonaws.com",
        "alexa-appkit.amazon.com",
        "!Sub 'logs.${AWS::Region}.amazonaws.com'",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/one'",
        "'arn:aws:iam::111111111111:role/one'",
        "!Ref Who",
        "!If [Given, '*', s3.amazonaws.com]",
        "SERVICE",
        "AROAEXAMPLEEXAMPLE123",
        "!Ref 'AWS::NoValue'",
    ] {
        assert_eq!(
            found(&invoke(&format!("Principal: {principal}"))),
            [],
            "{principal}"
        );
    }
    for (principal, says) in [
        ("apigatway.amazonaws.com", "doesn't exist"),
        ("events", "isn't a service principal"),
        ("'arn:aws:s3:::files'", "can't be a principal"),
        ("'arn:aws:iam::111111111111:group/a'", "A group"),
    ] {
        let found = found(&invoke(&format!("Principal: {principal}")));
        assert!(found.len() == 1 && found[0].1.contains(says), "{found:?}");
    }
    let local = "locals {\n  of = \"s3.amazonaws.com\"\n}\n";
    let body = "action = \"lambda:InvokeFunction\"\nprincipal = local.of";
    assert_eq!(found(&(terraform("lambda_permission", body) + local)), []);
    let open = body.replace("local.of", "var.open ? \"*\" : \"111111111111\"");
    assert_eq!(found(&terraform("lambda_permission", &open)), []);
}

#[test]
fn a_slip_is_mended() {
    let before = invoke("Principal: apigatway.amazonaws.com");
    let after = invoke("Principal: apigateway.amazonaws.com");
    assert_eq!(fixed_text(&UNKNOWN, &before, ""), after);
    // Also where only the place is looked at.
    let file = Fixture::new(&before, "");
    let at = before.find("apigatway").expect("there") as u32;
    let fixes = |at: u32| {
        let near = Incremental::default().check_at(&file.context(), Span::new(at, at + 1));
        let is_own = |of: &Finding| of.rule.id == UNKNOWN.id;
        let own = near.iter().find(|of| is_own(of)).expect("found");
        own.fixes(&file.context()).len()
    };
    assert_eq!((fixes(at), fixes(0)), (1, 0));
}

#[test]
fn a_plan_has_nulls_and_lists_of_blocks() {
    let plan = |of: &str, values: &str| {
        let text = format!(
            r#"{{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {{"root_module": {{"resources": [
  {{"address": "{of}.a", "mode": "managed", "type": "{of}", "values": {{"statement_id": "a", "principal": "*", {values}}}}}]}}}}}}"#
        );
        levels(&text)
    };
    let of = "aws_lambda_permission";
    let nulls =
        r#""action": "lambda:InvokeFunction", "source_arn": null, "function_url_auth_type": null"#;
    assert_eq!(plan(of, nulls), [Level::Error]);
    let bound = r#""action": "lambda:InvokeFunction", "source_account": "111111111111""#;
    assert_eq!(plan(of, bound), []);
    let of = "aws_cloudwatch_event_permission";
    assert_eq!(plan(of, r#""condition": []"#), [Level::Error]);
    assert_eq!(plan(of, r#""condition": null"#), [Level::Error]);
    let test =
        r#""condition": [{"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-a"}]"#;
    assert_eq!(plan(of, test), []);
}

#[test]
fn what_is_kept_is_found_anew_after_an_edit() {
    let config = Arc::new(Config::default());
    let mut kept = Incremental::default();
    let mut count = |text: &str| {
        let tree = Tree::parse(text.to_owned(), Format::Yaml);
        let analysis = Analysis::new(&tree, "template.yaml", Arc::clone(&config));
        kept.check(&Context::new(&tree, &analysis)).len()
    };
    assert_eq!(count(&invoke("Principal: '*'")), 1);
    assert_eq!(
        count(&invoke("Principal: '*', PrincipalOrgID: o-a1b2c3d4e5")),
        0
    );
    assert_eq!(count(&invoke("Principal: '*'")), 1);
}
