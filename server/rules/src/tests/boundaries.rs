//! What a permissions boundary leaves of what its owner is allowed, where its document is known, and where it isn't.

use leastwise_model::Level::{self, Error, Suggestion, Warning};

use super::fixture::Fixture;
use super::roles::{deployer, inline};
use crate::Rule;
use crate::deploy::missing_delete_counterpart;
use crate::privilege::{
    administrator_access, missing_permissions_boundary, pass_role_unscoped, wildcard_resource,
};

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['Deploy*', '*deploy*']\n";

const PASS: &str = "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}";
const CREATE: &str = "{Effect: Allow, Action: 'iam:CreateRole', Resource: '*'}";

/// A role with a statement, bounded by `Limit` of these statements, which `boundary` names.
fn template(statement: &str, boundary: &str, limit: &str) -> String {
    let policy = inline("p", statement);
    let role = deployer(&format!(
        "      PermissionsBoundary: {boundary}\n      Policies:\n{policy}"
    ));
    format!(
        "{role}  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: shop-limit-boundary
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{limit}]
"
    )
}

#[track_caller]
fn check(rule: &Rule, text: &str, expected: &[Level]) {
    let fixture = Fixture::new(text, CONFIG);
    assert_eq!(fixture.levels(rule), expected, "{text}");
}

#[test]
fn what_the_document_allows_and_denies() {
    let all = "{Effect: Allow, Action: '*', Resource: '*'}";
    let passing = &pass_role_unscoped::RULE;
    let making = &missing_permissions_boundary::RULE;
    for (limit, passed, made) in [
        (all, &[Error][..], &[Warning][..]),
        (
            "{Effect: Allow, Action: ['s3:*', 'sqs:*'], Resource: '*'}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, NotAction: 's3:*', Resource: '*'}",
            &[Error],
            &[Warning],
        ),
        (
            "{Effect: Allow, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/shop-*'}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, Action: 'iam:*', Resource: '*', Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, Action: 'iam:*', Resource: '*', Condition: {StringEquals: {'iam:PermissionsBoundary': 'arn:aws:iam::111111111111:policy/shop-limit'}}}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
            &[],
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: 's3:*', Resource: '*'}",
            &[Error],
            &[Warning],
        ),
        (
            "!If [IsProd, {Effect: Allow, Action: '*', Resource: '*'}, {Effect: Allow, Action: 's3:*', Resource: '*'}]",
            &[Warning],
            &[Warning],
        ),
        (
            "{Effect: Allow, Action: !Ref Other, Resource: '*'}",
            &[],
            &[],
        ),
        ("{Effect: !Ref Env, Action: '*', Resource: '*'}", &[], &[]),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: !Ref Env, Action: 'iam:*', Resource: '*'}",
            &[],
            &[],
        ),
    ] {
        for boundary in [
            "!Ref Limit",
            "!GetAtt Limit.PolicyArn",
            "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-limit-boundary'",
            "!Sub '${Limit}'",
        ] {
            check(passing, &template(PASS, boundary, limit), passed);
            check(making, &template(CREATE, boundary, limit), made);
        }
        // Another's boundary takes nothing off.
        let other = template(PASS, "!Ref 'AWS::NoValue'", limit);
        check(passing, &other, &[Error]);
    }
}

#[test]
fn a_boundary_under_a_condition() {
    let rule = &pass_role_unscoped::RULE;
    let only = "{Effect: Allow, Action: 's3:*', Resource: '*'}";
    let text = template(PASS, "!If [IsProd, !Ref Limit, !Ref 'AWS::NoValue']", only);
    let found = Fixture::new(&text, CONFIG).findings(rule);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Warning);
    assert!(
        found[0].message.contains(", where `IsProd` isn't met"),
        "{}",
        found[0].message
    );
    let both = "!If [IsProd, !Ref Limit, 'arn:aws:iam::aws:policy/AmazonS3FullAccess']";
    check(rule, &template(PASS, both, only), &[]);
    let either = "!If [IsProd, !Ref Limit, 'arn:aws:iam::aws:policy/AdministratorAccess']";
    check(rule, &template(PASS, either, only), &[Warning]);
}

#[test]
fn a_policy_of_aws() {
    let rule = &pass_role_unscoped::RULE;
    for (name, expected) in [
        ("PowerUserAccess", &[][..]),
        ("AmazonS3FullAccess", &[]),
        ("AdministratorAccess", &[Error]),
        ("IAMFullAccess", &[Error]),
        // AWS may have it by now.
        ("ShoeFactoryAccess", &[Suggestion]),
    ] {
        let boundary = format!("arn:aws:iam::aws:policy/{name}");
        check(rule, &template(PASS, &boundary, PASS), expected);
    }
}

#[test]
fn one_of_two_policies_of_aws() {
    let rule = &administrator_access::RULE;
    let all = "{Effect: Allow, Action: '*', Resource: '*'}";
    let (administrator, reader) = (
        "'arn:aws:iam::aws:policy/AdministratorAccess'",
        "'arn:aws:iam::aws:policy/ReadOnlyAccess'",
    );
    check(rule, &template(all, administrator, PASS), &[Error]);
    // Under a condition it bounds nothing only there.
    let either = format!("!If [IsProd, {administrator}, {reader}]");
    check(rule, &template(all, &either, PASS), &[Suggestion]);
}

#[test]
fn a_document_that_is_not_known() {
    for boundary in [
        "!Ref Other",
        "!ImportValue shop-limit",
        "arn:aws:iam::222222222222:policy/shop-limit",
        "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/${Other}'",
    ] {
        let text = template(PASS, boundary, PASS);
        check(&pass_role_unscoped::RULE, &text, &[Suggestion]);
        let text = template(CREATE, boundary, PASS);
        check(&missing_permissions_boundary::RULE, &text, &[Suggestion]);
        let found = Fixture::new(&text, CONFIG).findings(&missing_permissions_boundary::RULE);
        let help = found[0].help.as_str();
        assert!(help.contains("which isn't known here"), "{help}");
    }
}

#[test]
fn a_document_of_another_file() {
    let role = template(
        PASS,
        "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-other-boundary'",
        PASS,
    );
    let other = |statement: &str| {
        template(PASS, "!Ref Other", statement)
            .replace("shop-limit-boundary", "shop-other-boundary")
    };
    let only = other("{Effect: Allow, Action: 's3:*', Resource: '*'}");
    let wide = other("{Effect: Allow, Action: '*', Resource: '*'}");
    for (text, expected) in [(&only, &[][..]), (&wide, &[Error])] {
        let files = [
            ("role.yaml", role.as_str(), CONFIG),
            ("limit.yaml", text.as_str(), CONFIG),
        ];
        let fixture = Fixture::among(&files);
        assert_eq!(
            fixture.levels(&pass_role_unscoped::RULE),
            expected,
            "{text}"
        );
    }
}

/// Whose conditions are the other file's.
#[test]
fn a_document_of_another_file_under_a_condition() {
    let arn = "'arn:aws:iam::111111111111:policy/shop-other-boundary'";
    let limit = template(
        PASS,
        "!Ref Limit",
        "{Effect: Allow, Action: 's3:*', Resource: '*'}",
    )
    .replace("shop-limit-boundary", "shop-other-boundary");
    let own = "{Effect: Allow, Action: '*', Resource: '*'}";
    for (boundary, expected) in [
        (arn.to_owned(), &[][..]),
        (format!("!If [IsProd, {arn}, !Ref Limit]"), &[Suggestion]),
    ] {
        let role = template(PASS, &boundary, own);
        let files = [
            ("role.yaml", role.as_str(), CONFIG),
            ("limit.yaml", limit.as_str(), CONFIG),
        ];
        let fixture = Fixture::among(&files);
        let levels = fixture.levels(&pass_role_unscoped::RULE);
        assert_eq!(levels, expected, "{boundary}");
    }
}

#[test]
fn a_policy_of_one_that_is_declared_and_bounded_elsewhere() {
    let only = "{Effect: Allow, Action: 's3:*', Resource: '*'}";
    let role = |boundary: &str| {
        template(only, boundary, only).replace(
            "      Policies:",
            "      RoleName: shop-deployer\n      Policies:",
        )
    };
    let policy = "Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [shop-deployer]
      PolicyDocument: {Version: '2012-10-17', Statement: [PASS]}
"
    .replace("PASS", PASS);
    for (boundary, expected) in [
        ("!Ref Limit", &[][..]),
        ("!Ref 'AWS::NoValue'", &[Error]),
        ("!Ref Other", &[Suggestion]),
    ] {
        let text = role(boundary);
        let files = [
            ("more.yaml", policy.as_str(), CONFIG),
            ("role.yaml", text.as_str(), CONFIG),
        ];
        let fixture = Fixture::among(&files);
        assert_eq!(
            fixture.levels(&pass_role_unscoped::RULE),
            expected,
            "{boundary}"
        );
    }
}

#[test]
fn of_what_is_created_the_boundary_must_allow_both() {
    let rule = &missing_delete_counterpart::RULE;
    let queues = "{Effect: Allow, Action: ['sqs:CreateQueue', 'sqs:DeleteQueue'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:shop-*'}";
    let allow = |actions: &str| format!("{{Effect: Allow, Action: {actions}, Resource: '*'}}");
    for (statement, limit, expected) in [
        (queues, allow("'sqs:*'"), &[][..]),
        (
            queues,
            allow("['sqs:CreateQueue', 'sqs:SendMessage']"),
            &[Warning],
        ),
        // It can't create any.
        (queues, allow("'s3:*'"), &[]),
        (queues, allow("!Ref Other"), &[]),
        (
            &queues.replace(", 'sqs:DeleteQueue'", ""),
            allow("'sqs:*'"),
            &[Warning],
        ),
        (
            &queues.replace(", 'sqs:DeleteQueue'", ""),
            allow("'s3:*'"),
            &[],
        ),
    ] {
        check(rule, &template(statement, "!Ref Limit", &limit), expected);
    }
    let text = template(queues, "!Ref Limit", &allow("'sqs:CreateQueue'"));
    let found = Fixture::new(&text, CONFIG).findings(rule);
    assert!(found[0].help.contains("permissions boundary"));
    assert!(
        found[0].fixes.is_empty(),
        "the role's own policies allow it"
    );
    // Where it isn't known, what the policies leave out is missing all the same.
    let one = queues.replace(", 'sqs:DeleteQueue'", "");
    check(
        rule,
        &template(&one, "!Ref Other", &allow("'sqs:*'")),
        &[Warning],
    );
}

#[test]
fn what_is_too_wide_is_limited_by_it() {
    let rule = &wildcard_resource::RULE;
    let send = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}";
    for (limit, expected) in [
        (
            "{Effect: Allow, Action: 'sqs:*', Resource: '*'}",
            &[Warning][..],
        ),
        (
            "{Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:shop-*'}",
            &[],
        ),
        ("{Effect: Allow, Action: 's3:*', Resource: '*'}", &[]),
    ] {
        check(rule, &template(send, "!Ref Limit", limit), expected);
    }
    check(rule, &template(send, "!Ref Other", send), &[Warning]);
}

/// A module whose role is bounded by what `boundary` says.
fn module(boundary: &str, limit: &str) -> String {
    format!(
        r#"resource "aws_iam_role" "deployer" {{
  name                 = "shop-deployer"
  assume_role_policy   = "{{}}"
  permissions_boundary = {boundary}
}}

resource "aws_iam_role_policy" "main" {{
  role   = aws_iam_role.deployer.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }}]
  }})
}}

resource "aws_iam_policy" "limit" {{
  name   = "shop-limit"
  policy = data.aws_iam_policy_document.limit.json
}}

data "aws_iam_policy_document" "limit" {{
  statement {{
    actions   = ["{limit}"]
    resources = ["*"]
  }}
}}

variable "other" {{}}
"#
    )
}

#[test]
fn of_a_module() {
    let rule = &pass_role_unscoped::RULE;
    let levels = |text: &str| Fixture::new(text, CONFIG).levels(rule);
    for (boundary, limit, expected) in [
        ("aws_iam_policy.limit.arn", "s3:*", &[][..]),
        ("aws_iam_policy.limit.arn", "*", &[Error]),
        ("aws_iam_policy.limit[0].arn", "s3:*", &[]),
        ("\"${aws_iam_policy.limit.arn}\"", "s3:*", &[]),
        ("var.other", "s3:*", &[Suggestion]),
        ("null", "s3:*", &[Error]),
        (
            "var.other ? aws_iam_policy.limit.arn : null",
            "s3:*",
            &[Warning],
        ),
        ("\"arn:aws:iam::aws:policy/PowerUserAccess\"", "*", &[]),
    ] {
        let text = module(boundary, limit);
        assert_eq!(levels(&text), expected, "{boundary} {limit}");
    }
    // The document written in the policy itself.
    let text = module("aws_iam_policy.limit.arn", "s3:*").replace(
        "data.aws_iam_policy_document.limit.json",
        "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }] })",
    );
    assert_eq!(levels(&text), []);
    // In another file of the module.
    for (limit, expected) in [("s3:*", &[][..]), ("*", &[Error])] {
        let text = module("aws_iam_policy.limit.arn", limit);
        let at = text.find("resource \"aws_iam_policy\"").unwrap();
        let (role, policy) = text.split_at(at);
        let fixture = Fixture::of_module(role, policy, CONFIG);
        assert_eq!(fixture.levels(rule), expected, "{limit}");
    }
}
