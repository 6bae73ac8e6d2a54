//! Resources that are a permission without a document: what AWS makes of them lets somebody in like any policy.

use std::sync::Arc;

use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::{Analysis, Config, Level};

use super::fixture::{Fixture, check, mend};
use crate::privilege::public_principal::RULE as PUBLIC;
use crate::resources::unknown_principal::RULE as UNKNOWN;
use crate::{Context, Kept, check_near};

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
        let all = "Every identity of every AWS account is allowed `lambda:InvokeFunction` here.";
        assert_eq!(check(&PUBLIC, text, ""), [all]);
    }
    let bare = terraform(
        "cloudwatch_event_permission",
        "principal = \"*\"\nstatement_id = \"a\"",
    );
    let all = "Every identity of every AWS account is allowed `events:PutEvents` here.";
    assert_eq!(found(&bare), [(Level::Error, all.to_owned())]);
    // By a URL also those who haven't signed in.
    let url = template("Lambda::Permission", "Action: 'lambda:*', Principal: '*'");
    let all = "Everybody in the world is allowed `lambda:*` here.";
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
fn a_url_that_is_public_by_its_own_words() {
    let url = |properties: &str| {
        let own = format!("Action: 'lambda:InvokeFunctionUrl', {properties}");
        levels(&template("Lambda::Permission", &own))
    };
    assert_eq!(url("Principal: '*', FunctionUrlAuthType: NONE"), []);
    assert_eq!(url("Principal: '*', FunctionUrlAuthType: !Ref Who"), []);
    let signed = "Principal: '*', FunctionUrlAuthType: AWS_IAM";
    assert_eq!(url(signed), [Level::Suggestion]);
    assert_eq!(
        levels(&invoke("Principal: '*', InvokedViaFunctionUrl: true")),
        []
    );
    let not = "Principal: '*', InvokedViaFunctionUrl: false";
    assert_eq!(levels(&invoke(not)), [Level::Error]);
    // Only who is let in is said by it.
    let misspelt = "Principal: s4.amazonaws.com, FunctionUrlAuthType: NONE";
    assert_eq!(url(misspelt).len(), 1);
    let body =
        "action = \"lambda:InvokeFunctionUrl\"\nprincipal = \"*\"\nfunction_url_auth_type = ";
    let of = |with: &str| levels(&terraform("lambda_permission", &format!("{body}{with}")));
    assert_eq!(of("\"NONE\""), []);
    assert_eq!(of("\"AWS_IAM\""), [Level::Suggestion]);
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
        ("apigatway.amazonaws.com", "no service principal"),
        ("events", "is no service principal"),
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
    assert_eq!(mend(&UNKNOWN, &before, ""), after);
    // Also where only the place is looked at.
    let file = Fixture::new(&before, "");
    let at = before.find("apigatway").expect("there") as u32;
    let near = check_near(&file.context(), Span::new(at, at + 1));
    assert!(near.iter().any(|of| of.rule.id == UNKNOWN.id), "{near:?}");
    let near = check_near(&file.context(), Span::new(0, 1));
    assert!(near.iter().all(|of| of.rule.id != UNKNOWN.id), "{near:?}");
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
    let mut kept = Kept::default();
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
