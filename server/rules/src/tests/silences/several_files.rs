//! Roles that assume each other, and what is theirs in other files.

use leastwise_model::Level;

use super::*;
use crate::deploy::missing_delete_counterpart;
use crate::privilege::{shared_function_role, wildcard_resource};
use crate::resources::role_does_not_trust;
use crate::tests::roles::{assume, both, caller, trusting};

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n";

/// A file by its path, text and config.
type File<'f> = (&'f str, &'f str, &'f str);

#[track_caller]
fn among(rule: &Rule, files: &[File<'_>], wanted: &[&str]) {
    let fixture = Fixture::among(files);
    let text = format!("{files:#?}");
    if let Some(wrong) = tells(&fixture, rule, &text, wanted) {
        panic!("{wrong}");
    }
}

const TARGET: &str = "'arn:aws:iam::111111111111:role/target'";
const SERVICE: &str = "{Service: lambda.amazonaws.com}";

#[test]
fn who_is_allowed_to_assume_a_role_is_told_that_it_refuses() {
    let target = trusting(SERVICE);
    let refused = ["<arn:aws:iam::111111111111:role/target>"];
    let of = |effect: &str, condition: &str| {
        caller(
            "",
            &format!(
                "{{Effect: {effect}, Action: 'sts:AssumeRole', Resource: {TARGET}, Condition: {condition}}}"
            ),
        )
    };
    let mfa = "{Bool: {'aws:MultiFactorAuthPresent': 'true'}}";
    for (text, wanted) in [
        (of("Allow", mfa), &refused[..]),
        (of("Deny", mfa), &[]),
        (of("!Ref Effect", mfa), &[]),
        // What nobody is denied is left, whatever the condition.
        (of("Allow", "!Ref When"), &refused),
        // No role has an ARN of another service: another rule tells.
        (
            caller("", &assume("'arn:aws:sts::111111111111:role/target'")),
            &[],
        ),
    ] {
        let files = [
            ("caller.yaml", text.as_str(), CONFIG),
            ("target.yaml", &target, CONFIG),
        ];
        among(&role_does_not_trust::RULE, &files, wanted);
        let both = both(&text, &target);
        rows(&role_does_not_trust::RULE, CONFIG, &[(&both, wanted)]);
    }
}

/// Whoever only adds policies to a role of that name doesn't say whom it trusts.
#[test]
fn files_that_attach_to_a_role_do_not_declare_it() {
    let caller = caller("", &assume(TARGET));
    let target = trusting(SERVICE);
    let attach = "Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [target]
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}]}
";
    let refused = &["<arn:aws:iam::111111111111:role/target>"][..];
    let both = both(&caller, attach);
    let rule = &role_does_not_trust::RULE;
    let (of_target, of_attach) = (
        ("target.yaml", target.as_str(), CONFIG),
        ("attach.yaml", attach, CONFIG),
    );
    among(
        rule,
        &[("caller.yaml", &caller, CONFIG), of_target, of_attach],
        refused,
    );
    among(
        rule,
        &[("caller.yaml", &caller, CONFIG), of_attach, of_target],
        refused,
    );
    among(rule, &[("both.yaml", &both, CONFIG), of_target], refused);
    among(rule, &[("caller.yaml", &caller, CONFIG), of_attach], &[]);
}

/// Who has a managed policy that is held elsewhere.
#[test]
fn a_policy_may_belong_to_those_who_are_not_declared() {
    let policy = format!(
        "Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: assume
      PolicyDocument: {{Version: '2012-10-17', Statement: [{}]}}
",
        assume(TARGET)
    );
    let arn = "arn:aws:iam::111111111111:policy/assume";
    let group = format!(
        "Resources:\n  Holder: {{Type: AWS::IAM::Group, Properties: {{GroupName: holder, ManagedPolicyArns: ['{arn}']}}}}\n"
    );
    let role = group
        .replace("::Group", "::Role")
        .replace("GroupName", "RoleName");
    let attachment = format!(
        "resource \"aws_iam_policy_attachment\" \"more\" {{\n  name = \"more\"\n  roles = [\"holder\"]\n  policy_arn = \"{arn}\"\n}}\n"
    );
    let (service, others) = (
        trusting(SERVICE),
        trusting("{AWS: 'arn:aws:iam::222222222222:root'}"),
    );
    let refused = &["<arn:aws:iam::111111111111:role/target>"][..];
    for (path, holder, others_wanted) in [
        ("holder.yaml", &role, refused),
        // Who is in the group, and what the role is, may be anything.
        ("holder.yaml", &group, &[][..]),
        ("holder.tf", &attachment, &[]),
    ] {
        for (target, wanted) in [(&service, refused), (&others, others_wanted)] {
            let files = [
                ("policy.yaml", policy.as_str(), CONFIG),
                (path, holder, CONFIG),
                ("target.yaml", target, CONFIG),
            ];
            among(&role_does_not_trust::RULE, &files, wanted);
        }
    }
}

/// A role without a name of its own goes by where its file goes.
#[test]
fn a_role_of_the_file_is_the_one_of_the_same_region() {
    let config =
        "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1', 'us-east-1']\n";
    let text = |region: &str| {
        let caller = caller("", &assume("!GetAtt Target.Arn"))
            .replace("RoleName: caller", "RoleName: !Sub 'caller-${AWS::Region}'");
        let principal =
            format!("{{AWS: !Sub 'arn:aws:iam::${{AWS::AccountId}}:role/caller-{region}'}}");
        let target = trusting(&principal).replace("      RoleName: target\n", "");
        both(&caller, &target)
    };
    let (own, other) = (text("${AWS::Region}"), text("eu-south-1"));
    let rule = &role_does_not_trust::RULE;
    among(rule, &[("both.yaml", &own, config)], &[]);
    among(
        rule,
        &[("both.yaml", &other, config)],
        &["nor its account to assume it"],
    );
}

/// What a tool grants a role says nothing of who may assume it.
#[test]
fn the_role_of_functions_refuses_by_the_trust_policy_that_is_written() {
    let of = |more: &str| {
        format!(
            "service: shop
provider: {{name: aws, iam: {{role: {{name: target}}}}}}
functions: {{hello: {{handler: x}}}}
{more}"
        )
    };
    let written = of(&format!(
        "resources:
  extensions:
    IamRoleLambdaExecution:
      Properties:
        AssumeRolePolicyDocument:
          Version: '2012-10-17'
          Statement: [{{Effect: Allow, Principal: {SERVICE}, Action: 'sts:AssumeRole'}}]
"
    ));
    let caller = caller("", &assume(TARGET));
    for (service, wanted) in [
        (&written, &["nor its account to assume it"][..]),
        (&of(""), &[]),
    ] {
        let files = [
            ("caller.yaml", caller.as_str(), CONFIG),
            ("serverless.yml", service, CONFIG),
        ];
        among(&role_does_not_trust::RULE, &files, wanted);
    }
}

#[test]
fn whom_a_role_trusts_by_lists_without_values() {
    let of = |principal: &str, condition: &str| {
        format!(
            "resource \"aws_iam_role\" \"target\" {{
  name = \"target\"
  assume_role_policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = [{{ Effect = \"Allow\", Principal = {{ AWS = {principal} }}, Action = \"sts:AssumeRole\"{condition} }}]
  }})
}}
resource \"aws_iam_role\" \"caller\" {{
  name = \"caller\"
}}
resource \"aws_iam_role_policy\" \"caller\" {{
  role   = aws_iam_role.caller.name
  policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Resource = aws_iam_role.target.arn }}]
  }})
}}
locals {{
  none = []
}}
"
        )
    };
    let condition = |values: &str| {
        format!(", Condition = {{ ArnEquals = {{ \"aws:PrincipalArn\" = {values} }} }}")
    };
    let (other, root) = (
        "\"arn:aws:iam::111111111111:role/other\"",
        "\"arn:aws:iam::111111111111:root\"",
    );
    let refused = &["nor its account to assume it"][..];
    rows(
        &role_does_not_trust::RULE,
        CONFIG,
        &[
            (&of(other, ""), refused),
            (&of("local.none", ""), &[]),
            (&of(root, ""), &[]),
            (&of(root, &condition(other)), refused),
            (&of(root, &condition("local.none")), &[]),
        ],
    );
}

/// A role that allows something on everything.
fn wide(kind: &str, statement: &str) -> String {
    format!(
        "Resources:
  Role:
    Type: AWS::IAM::{kind}
    Properties:
      Roles: [shop-app]
      RoleName: shop-app
      PolicyName: p
      PolicyDocument: {{Version: '2012-10-17', Statement: [{statement}]}}
      Policies: [{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: [{statement}]}}}}]
"
    )
}

#[test]
fn what_is_denied_or_empty_is_not_everything() {
    let of = |effect: &str, condition: &str| {
        format!(
            "{{Effect: {effect}, Action: 'sqs:DeleteQueue', Resource: '*', Condition: {{{condition}}}}}"
        )
    };
    let (literal, open) = (
        "IpAddress: {'aws:SourceIp': 10.0.0.0/8}",
        "IpAddress: {'aws:SourceIp': !Ref Cidr}",
    );
    in_template(
        &wildcard_resource::RULE,
        "[app]\nprefix = 'shop'\n",
        &[
            (&of("Allow", literal), &["`sqs:DeleteQueue` is allowed"]),
            (&of("Allow", open), &["`sqs:DeleteQueue` is allowed"]),
            (&of("Deny", literal), &[]),
            (&of("!Ref Effect", literal), &[]),
        ],
    );
    let blocks = |resources: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"sqs:DeleteQueue\"]\n    resources = {resources}\n  }}\n}}\n\
             resource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.p.json\n}}\nlocals {{\n  none = []\n}}\n"
        )
    };
    rows(
        &wildcard_resource::RULE,
        "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n",
        &[
            (&blocks("[\"*\"]"), &["[Limit it to the app's resources"]),
            // What else is meant may have a value elsewhere.
            (&blocks("concat([\"*\"], local.none)"), &["[no fix]"]),
        ],
    );
}

/// A role whose trust policy lets a CI in.
const CI: &str = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-app
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: 'sts:AssumeRole'}]
";

/// Distributions have ids that nobody knows before: a role that deploys can't name them.
/// What only those miss the counterpart of who deploy.
const CREATES: &str = "Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:x'";

#[test]
fn whoever_a_ci_assumes_deploys_by_what_it_may_create() {
    let only = "{Effect: Allow, Action: 'cloudfront:GetDistribution', Resource: '*'}".to_owned();
    let creates = format!("{only}, {{Effect: Allow, {CREATES}}}");
    let rule = &missing_delete_counterpart::RULE;
    for (statements, wanted) in [(&only, &[][..]), (&creates, &["`sqs:CreateQueue`"])] {
        let policy = wide("Policy", statements);
        let files = [
            ("policy.yaml", policy.as_str(), CONFIG),
            ("role.yaml", CI, CONFIG),
        ];
        among(rule, &files, wanted);
    }
}

#[test]
fn another_role_of_the_name_says_nothing_of_this_one() {
    let only = format!("{{Effect: Allow, {CREATES}}}");
    let deploys = format!("{CONFIG}[deploy]\nroles = ['shop-*']\n");
    let rule = &missing_delete_counterpart::RULE;
    let (role, policy) = (wide("Role", &only), wide("Policy", &only));
    let role = role.replace("      Roles: [shop-app]\n", "");
    among(
        rule,
        &[
            ("policy.yaml", &policy, CONFIG),
            ("other.yaml", CI, &deploys),
        ],
        &["`sqs:CreateQueue`"],
    );
    among(
        rule,
        &[("role.yaml", &role, CONFIG), ("other.yaml", CI, &deploys)],
        &[],
    );
}

#[test]
fn what_the_application_runs_as_does_not_deploy() {
    let service = format!(
        "service: shop
provider:
  name: aws
  iam:
    role:
      name: shop-app
      statements: [{{Effect: Allow, {CREATES}}}]
functions: {{hello: {{handler: x}}}}
"
    );
    let deploys = format!("{CONFIG}[deploy]\nroles = ['shop-*']\n");
    among(
        &missing_delete_counterpart::RULE,
        &[
            ("serverless.yml", &service, CONFIG),
            ("other.yaml", CI, &deploys),
        ],
        &[],
    );
}

#[test]
fn statements_that_an_extension_takes_the_place_of_are_shared_by_nobody() {
    let of = |more: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iamRoleStatements: [{{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}}]
functions:
  one: {{handler: x}}
  two: {{handler: y}}
{more}"
        )
    };
    let extended = of("resources:
  extensions:
    IamRoleLambdaExecution:
      Properties:
        Policies: []
");
    let config = "[rules]\nshared-function-role = 'suggestion'\n";
    rows(
        &shared_function_role::RULE,
        config,
        &[
            (&of(""), &["`one` and `two` share one role"]),
            (&extended, &[]),
        ],
    );
    let level = Fixture::new(&of(""), config).findings(&shared_function_role::RULE);
    assert_eq!(level[0].level, Level::Suggestion);
}
