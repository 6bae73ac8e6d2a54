//! What a `Deny` takes off what an owner is allowed, and what conditions leave of it: over all rules that ask.

use leastwise_model::Level::{self, Error, Warning};

use super::fixture::{Fixture, fixed_text};
use super::roles::{deployer, inline};
use crate::Rule;
use crate::deploy::missing_delete_counterpart;
use crate::privilege::{
    administrator_access, missing_permissions_boundary, oidc_without_subject, pass_role_unscoped,
    wildcard_resource,
};

const CONFIG: &str = "[deploy]\nroles = ['Deploy*']\n";

/// A template with a role `Deployer` that has these lists of statements, each a policy of its own.
fn role(policies: &[&str]) -> String {
    let policies = policies.iter().enumerate();
    let policies: String = policies
        .map(|(number, statements)| inline(&format!("p{number}"), statements))
        .collect();
    deployer(&format!("      Policies:\n{policies}"))
}

fn levels(rule: &Rule, text: &str) -> Vec<Level> {
    Fixture::new(text, CONFIG).levels(rule)
}

/// Asserts what a rule finds in a role that is allowed one thing, beside each of these.
#[track_caller]
fn beside(rule: &Rule, allow: &str, rows: &[(&str, &[Level])]) {
    for (other, expected) in rows {
        let same = role(&[&format!("{allow}, {other}")]);
        assert_eq!(levels(rule, &same), *expected, "{other}");
        // It is all the same whether both are in one policy.
        let apart = role(&[allow, other]);
        assert_eq!(levels(rule, &apart), *expected, "{other}, apart");
    }
}

const PASS: &str = "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}";

#[test]
fn roles_that_may_be_passed() {
    beside(
        &pass_role_unscoped::RULE,
        PASS,
        &[
            // All of it.
            ("{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}", &[]),
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/*'}",
                &[],
            ),
            ("{Effect: Deny, Action: '*', Resource: 'arn:aws:*'}", &[]),
            ("{Effect: Deny, NotAction: 's3:*', Resource: '*'}", &[]),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/*'}",
                &[],
            ),
            // All but a few.
            (
                "{Effect: Deny, Action: 'iam:PassRole', NotResource: 'arn:aws:iam::*:role/shop-*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringNotEquals: {'iam:PassedToService': lambda.amazonaws.com}}}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringNotLikeIfExists: {'iam:PassedToService': 'lambda.*'}}}",
                &[],
            ),
            // Only a few.
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/admin'}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}}",
                &[Error],
            ),
            // Where something else holds: most is left.
            (
                "{Effect: Deny, Action: '*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': 10.0.0.0/8}}}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: '*', Resource: '*', Condition: {BoolIfExists: {'aws:MultiFactorAuthPresent': 'false'}}}",
                &[Error],
            ),
            (
                "{Effect: Deny, NotAction: ['iam:*'], Resource: '*', Condition: {StringNotEquals: {'aws:RequestedRegion': eu-west-1}}}",
                &[Error],
            ),
            // Services that don't send the key are left.
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {'Null': {'iam:PassedToService': 'false'}}}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {'ForAnyValue:StringNotEquals': {'iam:PassedToService': lambda.amazonaws.com}}}",
                &[Warning],
            ),
            // Two that leave nothing together.
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {'Null': {'iam:PassedToService': 'false'}}}, {Effect: Deny, Action: 'iam:Pass*', Resource: '*', Condition: {'Null': {'iam:PassedToService': 'true'}}}",
                &[],
            ),
            // Something else.
            (
                "{Effect: Deny, Action: 'iam:CreateRole', Resource: '*'}",
                &[Error],
            ),
            (
                "{Effect: Deny, NotAction: 'iam:Pass*', Resource: '*'}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:user/*'}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', NotResource: '*'}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', NotResource: 'arn:aws:iam::*:role/*'}",
                &[Error],
            ),
            // It depends.
            ("{Effect: Deny, Action: !Ref Some, Resource: '*'}", &[]),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: !Ref Some}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', NotResource: !Ref Some}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: !Ref Some}",
                &[],
            ),
            (
                "{Effect: !Ref Env, Action: 'iam:PassRole', Resource: '*'}",
                &[],
            ),
            (
                "!If [IsProd, {Effect: Deny, Action: 'iam:PassRole', Resource: !Ref Some}, !Ref 'AWS::NoValue'], {Effect: Deny, Action: 'iam:Pass*', Resource: !Ref Some}",
                &[],
            ),
            // On a condition of the template: where it isn't met, every role is left.
            (
                "{Effect: Deny, Action: [!If [IsProd, 'iam:PassRole', 's3:GetObject']], Resource: '*'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: [!If [IsProd, '*', 'arn:aws:iam::*:role/a']]}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', NotResource: [!If [IsProd, '*', 'arn:aws:iam::*:role/a']]}",
                &[Warning],
            ),
            (
                "!If [IsProd, {Effect: Deny, Action: 'iam:PassRole', Resource: '*'}, !Ref 'AWS::NoValue']",
                &[Warning],
            ),
            (
                "!If [IsProd, {Effect: Deny, Action: 'iam:PassRole', Resource: '*'}, {Effect: Deny, Action: 'iam:Pass*', Resource: '*'}]",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: ['arn:aws:iam::*:role/*', !If [IsProd, 'arn:aws:iam::*:user/*', !Ref 'AWS::NoValue']]}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringNotEquals: {'iam:PassedToService': [!If [IsProd, lambda.amazonaws.com, ec2.amazonaws.com]]}}}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: 'arn:aws:iam::111111111111:role/*'}",
                &[],
            ),
            // On a key that nobody knows: it never holds, or always does.
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringEquals: {'iam:PassedToServices': a}}}",
                &[Error],
            ),
            (
                "{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringNotEquals: {'iam:PassedToServices': a}}}",
                &[],
            ),
        ],
    );
}

#[test]
fn a_deny_of_the_same_branch() {
    let rule = &pass_role_unscoped::RULE;
    const DENY: &str = "{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}";
    let when = |condition: &str, statement: &str| match condition {
        "IsProd" => format!("!If [IsProd, {statement}, !Ref 'AWS::NoValue']"),
        "not IsProd" => format!("!If [IsProd, !Ref 'AWS::NoValue', {statement}]"),
        _ => statement.to_owned(),
    };
    for (allow, deny, expected) in [
        ("IsProd", "IsProd", &[][..]),
        ("IsProd", "not IsProd", &[Error]),
        ("not IsProd", "IsProd", &[Error]),
        ("not IsProd", "not IsProd", &[]),
        ("", "IsProd", &[Warning]),
        ("", "not IsProd", &[Warning]),
        ("IsProd", "", &[]),
    ] {
        let text = role(&[&format!("{}, {}", when(allow, PASS), when(deny, DENY))]);
        assert_eq!(levels(rule, &text), expected, "{allow} {deny}");
    }
}

#[test]
fn an_allow_inside_a_condition() {
    let rule = &pass_role_unscoped::RULE;
    const DENY: &str =
        "!If [IsProd, {Effect: Deny, Action: 'iam:PassRole', Resource: '*'}, !Ref 'AWS::NoValue']";
    for (statement, expected, beside_deny) in [
        (
            "{Effect: Allow, Action: [!If [IsProd, 'iam:PassRole', 's3:GetObject']], Resource: '*'}",
            &[Error][..],
            &[][..],
        ),
        (
            "{Effect: Allow, Action: [!If [IsProd, 's3:GetObject', 'iam:PassRole']], Resource: '*'}",
            &[Error],
            &[Error],
        ),
        (
            "{Effect: Allow, Action: [!If [IsProd, 's3:GetObject', 'iam:PassRole'], 'iam:Pass*'], Resource: '*'}",
            &[Error],
            &[Warning],
        ),
        (
            "{Effect: Allow, Action: 'iam:PassRole', Resource: !If [IsProd, '*', 'arn:aws:iam::*:role/shop']}",
            &[Error],
            &[],
        ),
        (
            "{Effect: Allow, Action: 'iam:PassRole', Resource: !If [IsProd, 'arn:aws:iam::*:role/shop', '*']}",
            &[Error],
            &[Error],
        ),
        // Never both.
        (
            "{Effect: Allow, Action: [!If [IsProd, 'iam:PassRole', 's3:GetObject']], Resource: !If [IsProd, 'arn:aws:iam::*:role/shop', '*']}",
            &[],
            &[],
        ),
    ] {
        assert_eq!(levels(rule, &role(&[statement])), expected, "{statement}");
        let beside = role(&[statement, DENY]);
        assert_eq!(levels(rule, &beside), beside_deny, "{statement} beside it");
    }
}

#[test]
fn a_condition_that_a_deny_hangs_on_is_named() {
    let deny = |statement: &str| {
        format!("!If [IsProd, {{Effect: Deny, {statement}, Resource: '*'}}, !Ref 'AWS::NoValue']")
    };
    let all = "{Effect: Allow, Action: '*', Resource: '*'}";
    let roles = "{Effect: Allow, Action: ['iam:CreateRole', 'iam:PutRolePolicy'], Resource: '*'}";
    for (rule, allow, denied) in [
        (&pass_role_unscoped::RULE, PASS, "Action: 'iam:PassRole'"),
        (&administrator_access::RULE, all, "Action: '*'"),
        (
            &missing_permissions_boundary::RULE,
            roles,
            "Action: 'iam:*'",
        ),
    ] {
        let found = Fixture::new(&role(&[allow, &deny(denied)]), CONFIG).findings(rule);
        let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(found.len(), 1, "{messages:?}");
        assert!(
            messages[0].contains(", where `IsProd` isn't met"),
            "{messages:?}"
        );
        assert_eq!(found[0].level, Warning);
    }
    // Of two that it may hang on, the one that it does.
    let other = "!If [IsProd, {Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {StringEquals: {'iam:PassedToService': ec2.amazonaws.com}}}, !Ref 'AWS::NoValue']";
    let text = role(&[
        PASS,
        other,
        &deny("Action: 'iam:PassRole'").replace("IsProd", "IsTest"),
    ])
    .replace(
        "Resources:\n",
        "  IsTest: !Equals [!Ref Env, test]\nResources:\n",
    );
    let found = Fixture::new(&text, CONFIG).findings(&pass_role_unscoped::RULE);
    assert!(
        found[0].message.contains(", where `IsTest` isn't met:"),
        "{}",
        found[0].message
    );
}

#[test]
fn a_policy_that_is_there_under_a_condition() {
    let rule = &pass_role_unscoped::RULE;
    let policy = |kind: &str, condition: &str, properties: &str| {
        let condition = match condition {
            "" => String::new(),
            name => format!("    Condition: {name}\n"),
        };
        format!(
            "  Guard:
    Type: AWS::IAM::{kind}
{condition}    Properties:
{properties}      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}}]}}
"
        )
    };
    let inline = |condition: &str| {
        policy(
            "Policy",
            condition,
            "      PolicyName: g\n      Roles: [!Ref Deployer]\n",
        )
    };
    let base = role(&[PASS]);
    let conditional = base.replace(
        "Type: AWS::IAM::Role\n",
        "Type: AWS::IAM::Role\n    Condition: IsProd\n",
    );
    for (text, expected) in [
        (base.clone() + &inline(""), &[][..]),
        (base.clone() + &inline("IsProd"), &[Warning]),
        // Where the role is, so is the policy.
        (conditional.clone() + &inline("IsProd"), &[]),
        (
            base.clone() + &policy("ManagedPolicy", "IsProd", "      Roles: [!Ref Deployer]\n"),
            &[Warning],
        ),
        (
            base.clone()
                + "      ManagedPolicyArns: [!If [IsProd, !Ref Guard, !Ref 'AWS::NoValue']]\n"
                + &policy("ManagedPolicy", "IsProd", ""),
            &[Warning],
        ),
        (
            base.clone()
                + "      ManagedPolicyArns: [!Ref Guard]\n"
                + &policy("ManagedPolicy", "", ""),
            &[],
        ),
        (
            base.clone()
                + "      ManagedPolicyArns: [!If [IsProd, 'arn:aws:iam::aws:policy/AWSDenyAll', !Ref 'AWS::NoValue']]\n",
            &[Warning],
        ),
    ] {
        assert_eq!(levels(rule, &text), expected, "{text}");
    }
}

#[test]
fn a_policy_of_a_module_that_is_there_under_a_condition() {
    let text = |role: &str, deny: &str, attachment: &str| {
        format!(
            r#"resource "aws_iam_role" "deployer" {{
  {role}
  name = "Deployer"
}}
resource "aws_iam_role_policy" "pass" {{
  role   = aws_iam_role.deployer.name
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }}]
  }})
}}
resource "aws_iam_policy" "deny" {{
  {deny}
  policy = data.aws_iam_policy_document.deny.json
}}
data "aws_iam_policy_document" "deny" {{
  statement {{
    effect    = "Deny"
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }}
}}
resource "aws_iam_role_policy_attachment" "deny" {{
  {attachment}
  role       = aws_iam_role.deployer.name
  policy_arn = aws_iam_policy.deny.arn
}}
locals {{
  always = true
}}
variable "prod" {{
  default = true
}}
"#
        )
    };
    let rule = &pass_role_unscoped::RULE;
    let found = |text: &str| Fixture::new(text, CONFIG).findings(rule);
    let prod = "count = var.prod ? 1 : 0";
    let each = "for_each = var.prod ? { a = 1 } : {}";
    let set = "for_each = toset([\"a\"])";
    for (role, deny, attachment, expected) in [
        ("", "", "", &[][..]),
        ("", prod, "", &[Warning]),
        ("", "", prod, &[Warning]),
        ("", prod, prod, &[Warning]),
        (prod, prod, prod, &[]),
        (prod, "", prod, &[]),
        ("", "", each, &[Warning]),
        ("", "", set, &[]),
        ("", "", "count = 1", &[]),
        ("", "", "count = local.always ? 1 : 0", &[]),
        ("", "", "for_each = var.names", &[Warning]),
        (
            "for_each = var.names",
            "",
            "for_each = aws_iam_role.deployer",
            &[],
        ),
    ] {
        let found = found(&text(role, deny, attachment));
        let levels: Vec<Level> = found.iter().map(|it| it.level).collect();
        assert_eq!(levels, expected, "{role}, {deny}, {attachment}");
    }
    let named = found(&text("", "", prod));
    assert!(
        named[0].message.contains(", where `var.prod` isn't met"),
        "{}",
        named[0].message
    );
    let named = found(&text("", "", "count = var.prod ? 0 : 1"));
    assert!(
        named[0].message.contains(", where `var.prod` is met"),
        "{}",
        named[0].message
    );
}

#[test]
fn statements_in_the_branches_of_templates_of_other_tools() {
    let text = |allow: (&str, &str), deny: (&str, &str)| {
        format!(
            "Version: '2012-10-17'
Statement:
{}
  - Effect: Allow
    Action: iam:PassRole
    Resource: '*'
{}
{}
  - Effect: Deny
    Action: iam:PassRole
    Resource: '*'
{}
",
            allow.0, allow.1, deny.0, deny.1
        )
    };
    let prod = ("{% if prod %}", "{% endif %}");
    let test = ("{% if test %}", "{% endif %}");
    let rule = &pass_role_unscoped::RULE;
    for (allow, deny, expected) in [
        (prod, prod, &[][..]),
        (prod, test, &[Warning]),
        (("", ""), prod, &[Warning]),
        (prod, ("", ""), &[]),
    ] {
        assert_eq!(
            levels(rule, &text(allow, deny)),
            expected,
            "{allow:?} {deny:?}"
        );
    }
    let alone = text(prod, ("", "")).replace("Deny", "Allow").replace(
        "    Resource: '*'\n\n\n  - Effect: Allow\n    Action: iam:PassRole\n",
        "",
    );
    assert!(levels(rule, &alone).contains(&Error), "{alone}");
}

#[test]
fn what_would_cost_too_much_is_judged_without_it() {
    let rule = &pass_role_unscoped::RULE;
    let denies = |key: &dyn Fn(usize) -> String| -> String {
        let all = (0..200).map(|at| {
            format!("{{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {{StringNotEquals: {{'{}': a}}}}}}", key(at))
        });
        all.collect::<Vec<_>>().join(", ")
    };
    let many = denies(&|at| format!("aws:PrincipalTag/t{at}"));
    assert_eq!(levels(rule, &role(&[PASS, &many])), [Warning]);
    // What is sure all the same stays so.
    let whole = "{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}";
    assert_eq!(levels(rule, &role(&[PASS, &many, whole])), []);
    let limited = PASS.replace(
        "'*'}",
        "'*', Condition: {StringEquals: {'iam:PassedToService': a}}}",
    );
    assert_eq!(levels(rule, &role(&[&limited, &many])), []);
    let unknown = PASS.replace("'*'}", "'*', Condition: !Ref Env}");
    assert_eq!(levels(rule, &role(&[&unknown, &many])), []);
    // Few are worked out.
    assert_eq!(
        levels(
            rule,
            &role(&[PASS, &denies(&|at| format!("aws:PrincipalTag/t{}", at % 8))])
        ),
        [Error]
    );
}

/// Statements and Denies, ten times as many of each.
#[test]
fn the_work_grows_with_the_file() {
    let work = |count: usize, allow: &dyn Fn(usize) -> String, deny: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (0..count).flat_map(|at| [allow(at), deny(at)]).collect();
        let fixture = Fixture::new(&role(&[&all.join(", ")]), CONFIG);
        crate::support::leftovers::work_over(&fixture.context())
    };
    let pass = |_: usize| PASS.to_owned();
    let some = |at: usize| {
        format!("{{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::shop-{at}/*'}}")
    };
    let role = |at: usize| {
        format!(
            "{{Effect: Deny, Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/shop-{at}'}}"
        )
    };
    let service = |at: usize| {
        format!(
            "{{Effect: Deny, Action: 'iam:PassRole', Resource: '*', Condition: {{StringEquals: {{'iam:PassedToService': 's{at}.amazonaws.com'}}}}}}"
        )
    };
    let bucket = |at: usize| {
        format!("{{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::shop-{at}/a'}}")
    };
    type Make<'m> = &'m dyn Fn(usize) -> String;
    let rows: [(Make<'_>, Make<'_>); 4] = [
        (&pass, &role),
        (&pass, &service),
        (&some, &bucket),
        (&pass, &bucket),
    ];
    for (row, (allow, deny)) in rows.into_iter().enumerate() {
        let (few, many) = (work(40, allow, deny), work(400, allow, deny));
        assert!(many <= few * 12, "{row}: {few}, {many}");
    }
}

#[test]
fn a_deny_of_somebody_else_takes_nothing_off() {
    let rule = &pass_role_unscoped::RULE;
    const DENY: &str = "{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}";
    let other = "  Other:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [DENY]}
"
    .replace("DENY", DENY);
    assert_eq!(levels(rule, &(role(&[PASS]) + &other)), [Error]);
    assert_eq!(levels(rule, &role(&[PASS, DENY])), []);
    // Who else has the policy, keeps what it allows.
    let shared = |deny: &str| {
        let roles = |name: &str, deny: &str| {
            format!(
                "  {name}:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Pass]
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{deny}]}}
"
            )
        };
        format!(
            "Resources:
  Pass:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: [{PASS}]}}
{}{}",
            roles("One", DENY),
            roles("Another", deny)
        )
    };
    assert_eq!(levels(rule, &shared(DENY)), []);
    let spared = "{Effect: Deny, Action: 'iam:CreateRole', Resource: '*'}";
    assert_eq!(levels(rule, &shared(spared)), [Error]);
}

#[test]
fn a_deny_of_another_file() {
    let config = "[accounts]\ndev = '111111111111'\n";
    let role = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/shop-guard']
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [PASS]}
"
    .replace("PASS", PASS);
    let guard = |name: &str, effect: &str, condition: &str| {
        format!(
            "Conditions:
  IsProd: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Guard:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: {name}
      PolicyDocument:
        Statement:
          - !If
            - IsProd
            - {{Effect: {effect}, Action: 'iam:PassRole', Resource: '*'{condition}}}
            - {{Effect: {effect}, Action: 'iam:Pass*', Resource: '*'{condition}}}
"
        )
    };
    let always = |text: String| {
        let lines = text.lines().filter(|line| !line.contains("IsProd"));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let text = text
            .replace("Conditions:\n", "")
            .replace("          - !If\n", "");
        let second = text.find("            - {Effect: Deny, Action: 'iam:Pass*'");
        text[..second.unwrap_or(text.len())].to_owned()
    };
    let some = ", Condition: {StringEquals: {'aws:PrincipalTag/team': core}}";
    for (other, findings) in [
        (always(guard("shop-guard", "Deny", "")), 0),
        (always(guard("other-guard", "Deny", "")), 1),
        (always(guard("shop-guard", "Deny", some)), 1),
        // Which of the two it is depends on another file's conditions.
        (guard("shop-guard", "Deny", ""), 0),
    ] {
        let files = [
            ("role.yaml", role.as_str(), config),
            ("guard.yaml", other.as_str(), config),
        ];
        let found = Fixture::among(&files).findings(&pass_role_unscoped::RULE);
        assert_eq!(found.len(), findings, "{other}");
    }
}

#[test]
fn a_policy_of_aws_that_denies() {
    let text = |arn: &str| role(&[PASS]) + &format!("      ManagedPolicyArns: [{arn}]\n");
    let rule = &pass_role_unscoped::RULE;
    assert_eq!(
        levels(rule, &text("arn:aws:iam::aws:policy/AWSDenyAll")),
        []
    );
    assert_eq!(
        levels(rule, &text("arn:aws:iam::aws:policy/ReadOnlyAccess")),
        [Error]
    );
}

#[test]
fn conditions_of_passing_itself() {
    let rule = &pass_role_unscoped::RULE;
    for (condition, expected) in [
        (
            "StringEquals: {'iam:PassedToService': lambda.amazonaws.com}",
            &[][..],
        ),
        (
            "StringLike: {'iam:PassedToService': ['lambda.*', 'ec2.*']}",
            &[],
        ),
        ("StringLike: {'iam:PassedToService': '*'}", &[Error]),
        (
            "StringLike: {'iam:PassedToService': '*.amazonaws.com'}",
            &[Error],
        ),
        (
            "StringLike: {'iam:PassedToService': ['*.amazonaws.com', '*.amazonaws.com.cn']}",
            &[Error],
        ),
        (
            "StringLike: {'iam:PassedToService': 'e*.amazonaws.com'}",
            &[],
        ),
        (
            "StringEquals: {'iam:PassedToService': '*.amazonaws.com'}",
            &[],
        ),
        (
            "StringLikeIfExists: {'iam:PassedToService': '*.amazonaws.com'}",
            &[Error],
        ),
        // What it is to be associated with is limited, and so is the service.
        (
            "ArnLike: {'iam:AssociatedResourceArn': 'arn:aws:ec2:*:*:instance/*'}",
            &[],
        ),
        (
            "StringLike: {'iam:AssociatedResourceARN': ['arn:aws:ec2:eu-west-1:111111111111:instance/*']}",
            &[],
        ),
        (
            "ArnLikeIfExists: {'iam:AssociatedResourceArn': 'arn:aws:ec2:*:*:instance/*'}",
            &[Warning],
        ),
        ("ArnLike: {'iam:AssociatedResourceArn': '*'}", &[Error]),
        ("ArnLike: {'iam:AssociatedResourceArn': 'arn:*'}", &[Error]),
        (
            "ArnNotLike: {'iam:AssociatedResourceArn': 'arn:aws:ec2:*:*:instance/*'}",
            &[Error],
        ),
        (
            "StringNotEquals: {'iam:PassedToService': lambda.amazonaws.com}",
            &[Error],
        ),
        (
            "StringNotLike: {'IAM:PassedToService': 'lambda.*'}",
            &[Error],
        ),
        ("StringNotLike: {'iam:PassedToService': '*'}", &[Warning]),
        (
            "StringEqualsIfExists: {'iam:PassedToService': lambda.amazonaws.com}",
            &[Warning],
        ),
        ("StringLikeIfExists: {'iam:PassedToService': '*'}", &[Error]),
        ("'Null': {'iam:PassedToService': 'true'}", &[Warning]),
        ("'Null': {'iam:PassedToService': 'false'}", &[Error]),
        (
            "'ForAllValues:StringEquals': {'iam:PassedToService': lambda.amazonaws.com}",
            &[Warning],
        ),
        (
            "'ForAnyValue:StringEquals': {'iam:PassedToService': lambda.amazonaws.com}",
            &[],
        ),
        (
            "StringEqualsIfExists: {'iam:PassedToService': lambda.amazonaws.com}, 'Null': {'iam:PassedToService': 'false'}",
            &[],
        ),
        ("StringEquals: {'iam:PassedToService': !Ref Env}", &[]),
        ("StringEquals: !Ref Env", &[]),
        // An operator that is none; what comes of it, nobody knows.
        (
            "StringEqual: {'iam:PassedToService': lambda.amazonaws.com}",
            &[],
        ),
        // Other keys.
        ("StringEquals: {'aws:PrincipalTag/team': core}", &[Error]),
        (
            "NumericLessThan: {'aws:MultiFactorAuthAge': '3600'}",
            &[Error],
        ),
        // One that nobody knows is never sent.
        (
            "StringEquals: {'iam:PassedToServices': lambda.amazonaws.com}",
            &[],
        ),
        (
            "StringNotEquals: {'iam:PassedToServices': lambda.amazonaws.com}",
            &[Error],
        ),
        (
            "StringEqualsIfExists: {'iam:PassedToServices': lambda.amazonaws.com}",
            &[Error],
        ),
        (
            "'ForAllValues:StringEquals': {'PassedToService': lambda.amazonaws.com}",
            &[Error],
        ),
        ("'Null': {'iam:PassedToServices': 'true'}", &[Error]),
        ("'Null': {'iam:PassedToServices': 'false'}", &[]),
    ] {
        let statement = format!(
            "{{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {{{condition}}}}}"
        );
        assert_eq!(levels(rule, &role(&[&statement])), expected, "{condition}");
    }
    for (resource, expected) in [
        ("Resource: 'arn:aws:*'", &[Error][..]),
        ("Resource: 'arn:*'", &[Error]),
        ("Resource: 'arn:aws:*:*:*:*'", &[Error]),
        ("Resource: !Sub 'arn:${AWS::Partition}:*:*:*:*'", &[Error]),
        ("Resource: 'arn:aws:iam::*:*'", &[Warning]),
        ("Resource: 'arn:aws:i*'", &[Warning]),
        ("Resource: 'arn:aws:iam::111111111111:role/*'", &[Warning]),
        ("Resource: 'arn:aws:iam::*:role/service-role/*'", &[]),
        ("Resource: 'arn:aws:iam:eu-west-1:*:role/*'", &[]),
        ("Resource: 'arn:aws:s3*'", &[]),
        ("NotResource: 'arn:aws:iam::*:role/admin'", &[Error]),
        ("NotResource: 'arn:aws:iam::*:role/*'", &[]),
        ("NotResource: '*'", &[]),
        ("NotResource: !Ref Some", &[]),
    ] {
        let statement = format!("{{Effect: Allow, Action: 'iam:PassRole', {resource}}}");
        assert_eq!(levels(rule, &role(&[&statement])), expected, "{resource}");
    }
}

#[test]
fn boundaries_that_a_deny_demands() {
    let rule = &missing_permissions_boundary::RULE;
    let deny = |condition: &str| {
        format!(
            "{{Effect: Deny, Action: ['iam:CreateRole', 'iam:Put*'], Resource: '*', Condition: {{{condition}}}}}"
        )
    };
    let bound = "arn:aws:iam::111111111111:policy/shop";
    for (condition, expected) in [
        (
            format!("StringNotEquals: {{'iam:PermissionsBoundary': '{bound}'}}"),
            &[][..],
        ),
        (
            format!("ArnNotLike: {{'iam:PermissionsBoundary': '{bound}'}}"),
            &[],
        ),
        (
            "'Null': {'iam:PermissionsBoundary': 'true'}".to_owned(),
            &[],
        ),
        // These demand none.
        (
            format!("StringEquals: {{'iam:PermissionsBoundary': '{bound}'}}"),
            &[Warning],
        ),
        (
            "'Null': {'iam:PermissionsBoundary': 'false'}".to_owned(),
            &[Warning],
        ),
        (
            format!("'ForAnyValue:StringNotEquals': {{'iam:PermissionsBoundary': '{bound}'}}"),
            &[Warning],
        ),
        (
            format!(
                "StringNotEquals: {{'iam:PermissionsBoundary': '{bound}', 'aws:PrincipalTag/team': core}}"
            ),
            &[Warning],
        ),
    ] {
        let allow = "{Effect: Allow, Action: 'iam:CreateRole', Resource: '*'}";
        beside(rule, allow, &[(&deny(&condition), expected)]);
    }
    let create = |rest: &str| format!("{{Effect: Allow, Action: 'iam:CreateRole', {rest}}}");
    beside(
        rule,
        &create("Resource: 'arn:aws:iam::*:role/shop-*'"),
        &[
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/shop-ci'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/ci-*'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'iam:PutRolePolicy', Resource: '*'}",
                &[Warning],
            ),
        ],
    );
    beside(
        rule,
        &create("Resource: !Ref Some"),
        &[
            ("{Effect: Deny, Action: 'iam:*', Resource: '*'}", &[]),
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/ci-*'}",
                &[],
            ),
            ("{Effect: Deny, Action: 's3:*', Resource: '*'}", &[Warning]),
        ],
    );
    beside(
        rule,
        &create("NotResource: 'arn:aws:iam::*:role/ci-*'"),
        &[
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::*:role/x'}",
                &[Warning],
            ),
        ],
    );
    let own = |condition: &str| {
        role(&[&create(&format!(
            "Resource: '*', Condition: {{{condition}}}"
        ))])
    };
    for (condition, expected) in [
        ("StringEquals: {'iam:PermissionsBoundary': x}", &[][..]),
        (
            "StringEqualsIfExists: {'iam:PermissionsBoundary': x}",
            &[Warning],
        ),
        (
            "StringNotEquals: {'iam:PermissionsBoundary': x}",
            &[Warning],
        ),
        (
            "StringNotEqualsIfExists: {'iam:PermissionsBounds': x}",
            &[Warning],
        ),
        ("StringEquals: {'iam:PermissionsBounds': x}", &[]),
        ("StringEquals: !Ref Env", &[]),
    ] {
        assert_eq!(levels(rule, &own(condition)), expected, "{condition}");
    }
    let attach = |condition: &str| {
        role(&[&format!(
            "{{Effect: Allow, Action: 'iam:AttachRolePolicy', Resource: '*', Condition: {{{condition}}}}}"
        )])
    };
    for (condition, expected) in [
        (
            "ArnEquals: {'iam:PolicyARN': 'arn:aws:iam::*:policy/shop-*'}",
            &[][..],
        ),
        (
            "ArnNotEquals: {'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess'}",
            &[Warning],
        ),
        ("ArnLike: {'iam:PolicyARN': '*'}", &[Warning]),
    ] {
        assert_eq!(levels(rule, &attach(condition)), expected, "{condition}");
    }
}

#[test]
fn what_the_owners_boundary_denies() {
    let text = |deny: &str| {
        role(&["{Effect: Allow, Action: 'iam:CreateRole', Resource: '*'}"])
            + &format!(
                "      PermissionsBoundary: !Ref Limit
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Action: '*', Resource: '*'}}
          - {{Effect: {deny}, Resource: '*'}}
"
            )
    };
    let rule = &missing_permissions_boundary::RULE;
    assert_eq!(levels(rule, &text("Deny, Action: 's3:*'")), [Warning]);
    assert_eq!(levels(rule, &text("Allow, Action: 'iam:*'")), [Warning]);
    assert_eq!(levels(rule, &text("Deny, Action: 'iam:*'")), []);
}

#[test]
fn everything_but_what_is_denied() {
    beside(
        &wildcard_resource::RULE,
        "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:DeleteQueue'], Resource: '*'}",
        &[
            (
                "{Effect: Deny, Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:shop-*'}",
                &[],
            ),
            (
                "{Effect: Deny, NotAction: 'sqs:SendMessage', Resource: '*'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:prod-*'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}",
                &[Warning],
            ),
            ("{Effect: Deny, Action: 'sqs:*', Resource: !Ref Some}", &[]),
            (
                "{Effect: Deny, Action: 'sqs:*', Resource: '*', Condition: {StringEquals: {'aws:PrincipalTag/team': core}}}",
                &[Warning],
            ),
        ],
    );
    beside(
        &administrator_access::RULE,
        "{Effect: Allow, Action: '*', Resource: '*'}",
        &[
            ("{Effect: Deny, Action: 'iam:*', Resource: '*'}", &[Warning]),
            ("{Effect: Deny, NotAction: 's3:*', Resource: '*'}", &[]),
            (
                "{Effect: Deny, Action: '*', NotResource: 'arn:aws:s3:::shop-*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: '*', Resource: 'arn:aws:s3:::prod-*'}",
                &[Warning],
            ),
        ],
    );
    let conditions = |condition: &str| {
        role(&[&format!(
            "{{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*', Condition: {{{condition}}}}}"
        )])
    };
    for (condition, expected) in [
        ("StringEquals: {'aws:ResourceTag/team': core}", &[][..]),
        ("StringNotEquals: {'aws:ResourceTag/team': core}", &[]),
        ("StringEqualsIfExists: {'aws:ResourceTag/team': core}", &[]),
        (
            "StringLikeIfExists: {'aws:ResourceTag/team': '*'}",
            &[Warning],
        ),
        ("StringEquals: {'aws:ResourceTags/team': core}", &[]),
        (
            "StringNotEquals: {'aws:ResourceTags/team': core}",
            &[Warning],
        ),
        (
            "'ForAllValues:StringEquals': {'sqs:QueueTag': core}",
            &[Warning],
        ),
        ("'Null': {'sqs:QueueTag': 'true'}", &[Warning]),
        ("StringEquals: {'aws:PrincipalTag/team': core}", &[Warning]),
        ("StringEquals: {'aws:PrincipalTags': core}", &[]),
        ("StringEqual: {'aws:ResourceTag/team': core}", &[]),
        ("StringEquals: !Ref Env", &[]),
    ] {
        let text = conditions(condition);
        assert_eq!(
            levels(&wildcard_resource::RULE, &text),
            expected,
            "{condition}"
        );
    }
    for (resource, expected) in [
        ("arn:aws:*", &[Warning][..]),
        ("arn:*:*:*:*:*", &[Warning]),
        ("arn:aws:sqs:*:*:*", &[Warning]),
        ("arn:aws:*:eu-west-1:*:*", &[]),
    ] {
        let text = role(&[&format!(
            "{{Effect: Allow, Action: 'sqs:SendMessage', Resource: '{resource}'}}"
        )]);
        assert_eq!(
            levels(&wildcard_resource::RULE, &text),
            expected,
            "{resource}"
        );
    }
}

#[test]
fn what_is_created_and_denied() {
    let queues = "Resource: 'arn:aws:sqs:*:*:shop-*'";
    let create = format!("{{Effect: Allow, Action: 'sqs:CreateQueue', {queues}}}");
    let all = format!("{{Effect: Allow, Action: ['sqs:CreateQueue', 'sqs:Set*'], {queues}}}");
    beside(
        &missing_delete_counterpart::RULE,
        &all,
        &[
            // Nothing is created.
            (
                "{Effect: Deny, Action: 'sqs:CreateQueue', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:prod-*'}",
                &[],
            ),
            ("{Effect: Deny, Action: 'sqs:*', Resource: !Ref Some}", &[]),
            // Nobody means it to be deleted.
            (
                "{Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}",
                &[],
            ),
            (
                "{Effect: Deny, Action: 'sqs:Delete*', Resource: 'arn:aws:sqs:*:*:shop-jobs'}",
                &[],
            ),
            // That says nothing of it.
            (
                "{Effect: Deny, Action: 'sqs:DeleteQueue', Resource: 'arn:aws:sqs:*:*:prod-*'}",
                &[Warning],
            ),
            (
                "{Effect: Deny, Action: 'sqs:Delete*', NotResource: 'arn:aws:sqs:*:*:shop-*'}",
                &[Warning],
            ),
            ("{Effect: Deny, Action: 's3:*', Resource: '*'}", &[Warning]),
            (
                "{Effect: Deny, Action: '*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': 10.0.0.0/8}}}",
                &[Warning],
            ),
        ],
    );
    // What is allowed and denied isn't allowed.
    beside(
        &missing_delete_counterpart::RULE,
        &format!("{create}, {{Effect: Allow, Action: 'sqs:*', Resource: '*'}}"),
        &[
            ("{Effect: Deny, Action: 's3:*', Resource: '*'}", &[]),
            (
                "{Effect: Deny, NotAction: 'sqs:CreateQueue', Resource: '*', Condition: {StringEquals: {'aws:PrincipalTag/team': core}}}",
                &[],
            ),
        ],
    );
}

#[test]
fn a_deny_that_keeps_strangers_out() {
    let rule = &oidc_without_subject::RULE;
    let text = |deny: &str| {
        format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}}
    Action: sts:AssumeRoleWithWebIdentity
{deny}"
        )
    };
    let deny = |condition: &str| {
        text(&format!(
            "  - {{Effect: Deny, Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity', Condition: {condition}}}\n"
        ))
    };
    const SUB: &str = "'token.actions.githubusercontent.com:sub'";
    assert_eq!(levels(rule, &text("")), [Error]);
    let subject = format!("{{StringNotLike: {{{SUB}: 'repo:shop/*'}}}}");
    assert_eq!(levels(rule, &deny(&subject)), []);
    let audience =
        "{StringNotEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}}";
    assert_eq!(levels(rule, &deny(audience)), [Error]);
}

#[test]
fn what_is_denied_anyway_is_not_lost() {
    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n";
    let text = role(&[
        "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:DeleteQueue'], Resource: '*'}, {Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}",
    ]);
    let fixes = Fixture::new(&text, CONFIG).fixes(&wildcard_resource::RULE);
    let removed: Vec<&String> = fixes.iter().flat_map(|fix| &fix.removes).collect();
    assert_eq!(removed.len(), 1);
    assert!(
        removed[0].starts_with("sqs:SendMessage outside "),
        "{removed:?}"
    );
    fixed_text(&wildcard_resource::RULE, &text, CONFIG);
}

#[test]
fn what_a_denial_of_all_but_some_leaves() {
    const ALL: &str = "{Effect: Allow, Action: '*', Resource: '*'}";
    let all_but = |but: &str| format!("{{Effect: Deny, NotAction: [{but}], Resource: '*'}}");
    // What is left of everything is `iam:*`.
    let (iam, s3) = (all_but("'iam:*'"), all_but("'s3:*'"));
    beside(
        &pass_role_unscoped::RULE,
        ALL,
        &[(&iam, &[Error]), (&s3, &[])],
    );
    beside(&administrator_access::RULE, ALL, &[(&iam, &[]), (&s3, &[])]);
    let on_all_but = |but: &str| format!("{{Effect: Deny, Action: '*', NotResource: '{but}'}}");
    let (arns, buckets) = (on_all_but("arn:aws:*"), on_all_but("arn:aws:s3:::*"));
    beside(
        &administrator_access::RULE,
        ALL,
        &[(&arns, &[Warning]), (&buckets, &[])],
    );
    // Who may do everything needs no role passed.
    beside(
        &pass_role_unscoped::RULE,
        ALL,
        &[(&arns, &[]), (&buckets, &[])],
    );
    let account = on_all_but("arn:aws:iam::111111111111:role/*");
    let app = on_all_but("arn:aws:iam::111111111111:role/shop-*");
    beside(
        &pass_role_unscoped::RULE,
        PASS,
        &[(&account, &[Warning]), (&app, &[]), (&buckets, &[])],
    );
}

#[test]
fn roles_that_are_taken_out_by_name() {
    let message = |statements: &[&str]| {
        let found = Fixture::new(&role(statements), CONFIG).findings(&pass_role_unscoped::RULE);
        let messages = found.into_iter().map(|it| it.message);
        messages.collect::<Vec<String>>().join("\n")
    };
    let but = "on all other roles, for every service: this grants any role's permissions.";
    let deny = |rest: &str| format!("{{Effect: Deny, {rest}}}");
    let admin = "arn:aws:iam::111111111111:role/Admin";
    for statements in [
        vec![
            PASS.to_owned(),
            deny(&format!("Action: 'iam:*', Resource: '{admin}'")),
        ],
        vec![format!(
            "{{Effect: Allow, Action: 'iam:PassRole', NotResource: '{admin}'}}"
        )],
    ] {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        assert!(message(&statements).ends_with(but), "{statements:?}");
    }
    let every = "on all roles, for every service: this grants any role's permissions.";
    for statements in [
        vec![PASS.to_owned()],
        // No role is among these.
        vec![
            PASS.to_owned(),
            deny("Action: '*', Resource: 'arn:aws:s3:::logs/*'"),
        ],
        vec![
            PASS.to_owned(),
            deny(&format!("Action: 's3:*', Resource: '{admin}'")),
        ],
        vec![
            PASS.to_owned(),
            deny(&format!(
                "Action: 'iam:*', Resource: '{admin}', Condition: {{Bool: {{'aws:SecureTransport': 'false'}}}}"
            )),
        ],
        vec![
            "{Effect: Allow, Action: 'iam:PassRole', NotResource: 'arn:aws:s3:::logs/*'}"
                .to_owned(),
        ],
    ] {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        assert!(message(&statements).ends_with(every), "{statements:?}");
    }
}

/// What is found of passing roles in a module with a user and a role `app` that may pass all, beside this.
fn passing(text: &str) -> Vec<Level> {
    let allow = "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"iam:PassRole\", Resource = \"*\" }] })";
    let own = |kind: &str| {
        format!(
            "resource \"aws_iam_{kind}\" \"app\" {{\n  name = \"app-{kind}\"\n}}\nresource \"aws_iam_{kind}_policy\" \"allow\" {{\n  {kind}   = aws_iam_{kind}.app.name\n  policy = {allow}\n}}\n"
        )
    };
    let kind = match text.contains("aws_iam_user.app") {
        true => "user",
        false => "role",
    };
    levels(&pass_role_unscoped::RULE, &format!("{}{text}", own(kind)))
}

const DENY: &str = "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Deny\", Action = \"iam:PassRole\", Resource = \"*\" }] })";

#[test]
fn attached_policies_that_nobody_knows_may_deny_it() {
    let attached = |arguments: &str| {
        passing(&format!(
            "resource \"aws_iam_policy\" \"deny\" {{\n  policy = {DENY}\n}}\nlocals {{\n  all    = {{ deny = aws_iam_policy.deny.arn }}\n  nested = {{ deny = {{ arn = aws_iam_policy.deny.arn }} }}\n}}\nresource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.app.name\n  {arguments}\n}}\n"
        ))
    };
    for (arguments, expected) in [
        ("policy_arn = aws_iam_policy.deny.arn", &[][..]),
        (
            "for_each = toset([aws_iam_policy.deny.arn])\n  policy_arn = each.value",
            &[],
        ),
        ("for_each = local.all\n  policy_arn = each.value", &[]),
        // Which these are isn't known.
        (
            "for_each = var.extra\n  policy_arn = each.value",
            &[Warning],
        ),
        (
            "for_each = local.nested\n  policy_arn = each.value.arn",
            &[Warning],
        ),
        ("policy_arn = var.extra", &[Warning]),
        (
            "policy_arn = \"arn:aws:iam::111111111111:policy/limits\"",
            &[Warning],
        ),
        // What AWS has, or may have by now, denies nothing of it.
        (
            "policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"",
            &[Error],
        ),
        (
            "policy_arn = \"arn:aws:iam::aws:policy/AmazonShoeFactoryLaceAccess\"",
            &[Error],
        ),
        (
            "policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAcess\"",
            &[Error],
        ),
    ] {
        assert_eq!(attached(arguments), expected, "{arguments}");
    }
    let template = role(&[PASS]).replace(
        "      Policies:",
        "      ManagedPolicyArns: [!Ref Env]\n      Policies:",
    );
    let found = Fixture::new(&template, CONFIG).findings(&pass_role_unscoped::RULE);
    assert_eq!(found[0].level, Warning);
    assert!(found[0].help.contains("may deny it"));
}

#[test]
fn what_a_users_groups_are_denied() {
    let group = |name: &str, effect: &str| {
        let policy = DENY.replace("Deny", effect);
        format!(
            "resource \"aws_iam_group\" \"{name}\" {{\n  name = \"{name}\"\n}}\nresource \"aws_iam_group_policy\" \"{name}\" {{\n  group  = aws_iam_group.{name}.name\n  policy = {policy}\n}}\n"
        )
    };
    let groups = format!(
        "{}{}",
        group("denied", "Deny"),
        group("other", "Allow").replace("iam:PassRole", "s3:GetObject")
    );
    let member = |groups: &str| {
        format!(
            "resource \"aws_iam_user_group_membership\" \"m\" {{\n  user   = aws_iam_user.app.name\n  groups = [{groups}]\n}}\n"
        )
    };
    let members = |group: &str| {
        format!(
            "resource \"aws_iam_group_membership\" \"m\" {{\n  name  = \"m\"\n  users = [aws_iam_user.app.name]\n  group = {group}\n}}\n"
        )
    };
    for (member, expected) in [
        (member("aws_iam_group.denied.name"), &[][..]),
        (
            member("aws_iam_group.other.name, aws_iam_group.denied.name"),
            &[],
        ),
        (member("aws_iam_group.other.name"), &[Error]),
        (member("var.group"), &[Warning]),
        (members("aws_iam_group.denied.name"), &[]),
        (members("aws_iam_group.other.name"), &[Error]),
    ] {
        let text = format!("{groups}{member}");
        assert_eq!(passing(&text), expected, "{member}");
    }
    let template = |user: &str, rest: &str| {
        format!(
            "Resources:
  Denied:
    Type: AWS::IAM::Group
    Properties:
      GroupName: denied
      Policies:
        - PolicyName: p
          PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}}]}}
  User:
    Type: AWS::IAM::User
    Properties:
{user}      Policies:
        - PolicyName: p
          PolicyDocument: {{Version: '2012-10-17', Statement: [{PASS}]}}
{rest}"
        )
    };
    let addition = |group: &str, user: &str| {
        format!(
            "  Add:\n    Type: AWS::IAM::UserToGroupAddition\n    Properties: {{GroupName: {group}, Users: [{user}]}}\n"
        )
    };
    for (user, rest, expected) in [
        ("", String::new(), &[Error][..]),
        ("      Groups: [!Ref Denied]\n", String::new(), &[]),
        ("      Groups: [denied]\n", String::new(), &[]),
        ("", addition("!Ref Denied", "!Ref User"), &[]),
        ("", addition("denied", "!Ref User"), &[]),
        ("", addition("!Ref Denied", "somebody"), &[Error]),
        // What that one is denied isn't known.
        ("", addition("others", "!Ref User"), &[Warning]),
    ] {
        let text = template(user, &rest);
        assert_eq!(levels(&pass_role_unscoped::RULE, &text), expected, "{text}");
    }
}

#[test]
fn what_a_called_module_denies_what_it_is_given() {
    let given = format!(
        "module \"m\" {{\n  source = \"./m\"\n  allow  = {}\n}}\n",
        DENY.replace("Deny", "Allow")
    );
    let called = |effect: &str, action: &str| {
        let policy = DENY.replace("Deny", effect).replace("iam:PassRole", action);
        format!(
            "variable \"allow\" {{\n  type = string\n}}\nresource \"aws_iam_role_policy\" \"allow\" {{\n  role   = aws_iam_role.r.id\n  policy = var.allow\n}}\nresource \"aws_iam_role_policy\" \"own\" {{\n  role   = aws_iam_role.r.id\n  policy = {policy}\n}}\n"
        )
    };
    for (effect, action, expected) in [
        ("Deny", "iam:PassRole", Warning),
        ("Allow", "s3:GetObject", Error),
    ] {
        let fixture = Fixture::calling(&given, &called(effect, action));
        let levels = fixture.levels(&pass_role_unscoped::RULE);
        assert_eq!(levels, [expected], "{effect} {action}");
    }
}
