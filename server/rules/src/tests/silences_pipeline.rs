//! Where the rules on pipelines, and on who trusts whom, are silent: each row is there for a guard of theirs.

use crate::pipeline::{long_lived_key, role_not_assumable, unknown_role};
use crate::resources::role_does_not_trust;
use crate::structure::invalid_trust;
use crate::tests::fixture::Fixture;

fn roles(statements: &str) -> String {
    format!(
        "Parameters: {{Subjects: {{Type: CommaDelimitedList}}}}
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{statements}]
"
    )
}

const WORKFLOW: &str = "on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: x
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::111111111111:role/shop-deployer', aws-region: eu-west-1}
";

const GITHUB: &str = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";

fn lets_in(provider: &str, rest: &str) -> String {
    format!(
        "{{Effect: Allow, Principal: {{Federated: {provider}}}, Action: 'sts:AssumeRoleWithWebIdentity'{rest}}}"
    )
}

fn sub(operator: &str, value: &str) -> String {
    format!(", Condition: {{{operator}: {{'token.actions.githubusercontent.com:sub': {value}}}}}")
}

#[test]
fn jobs_that_a_role_may_let_in() {
    let github = format!("'{GITHUB}'");
    let other = sub("StringLike", "'repo:acme/other:*'");
    let refused = lets_in(&github, &other);
    let beside = |statement: &str| format!("{refused}, {statement}");
    let any = lets_in(&github, "");
    for (statements, findings) in [
        (refused.clone(), 1),
        (any.clone(), 0),
        // What a `Deny` names, or another action has, lets nobody in.
        (beside(&any.replace("Allow", "Deny")), 1),
        (
            beside(&any.replace("AssumeRoleWithWebIdentity", "TagSession")),
            1,
        ),
        (
            beside(&any.replace("'sts:AssumeRoleWithWebIdentity'", "!Ref Action")),
            0,
        ),
        (
            beside(&any.replace("Effect: Allow", "Effect: !Ref Effect")),
            0,
        ),
        // Nor do another provider's tokens.
        (
            beside(&lets_in(
                "'arn:aws:iam::111111111111:oidc-provider/gitlab.com'",
                "",
            )),
            1,
        ),
        (
            beside(&lets_in(
                "!Sub 'arn:aws:iam::${Account}:oidc-provider/gitlab.com'",
                "",
            )),
            1,
        ),
        (
            beside(
                &any.replace("Federated:", "Service:")
                    .replace(&github, "lambda.amazonaws.com"),
            ),
            1,
        ),
        // The provider may be the host's.
        (
            beside(&lets_in("token.actions.githubusercontent.com", "")),
            0,
        ),
        (beside(&lets_in("gitlab.com", "")), 1),
        (beside(&lets_in("!Ref Provider", "")), 0),
        (
            beside(&lets_in("!Sub 'arn:aws:iam::${Account}:${Provider}'", "")),
            0,
        ),
        (
            beside(&lets_in(
                "!Sub 'arn:aws:iam::111111111111:oidc-provider/${Host}'",
                "",
            )),
            0,
        ),
        (beside(&lets_in(&format!("'{GITHUB}/acme'"), "")), 0),
        (
            beside(&any.replace(&format!("{{Federated: {github}}}"), "'*'")),
            0,
        ),
        (
            beside(&any.replace(&format!("{{Federated: {github}}}"), "!Ref Trusted")),
            0,
        ),
        (beside(&any.replace("Federated:", "'{{ kind }}':")), 0),
        // Another statement may stand there.
        (beside("!ImportValue trusted"), 0),
        // What a condition asks for isn't known, or the job may meet it.
        (lets_in(&github, ", Condition: !Ref Condition"), 0),
        (
            lets_in(&github, &sub("StringNotLike", "'repo:acme/other:*'")),
            0,
        ),
        (lets_in(&github, &sub("'Null'", "'false'")), 0),
        (lets_in(&github, &sub("StringLike", "!Ref Subjects")), 0),
        (
            lets_in(&github, &sub("StringLike", "!Split [',', !Ref Subject]")),
            0,
        ),
        (
            lets_in(
                &github,
                &sub(
                    "StringLike",
                    "['repo:acme/other:*', !Split [',', !Ref Subject]]",
                ),
            ),
            0,
        ),
        (lets_in(&github, &sub("Odd", "'repo:acme/other:*'")), 0),
        (
            lets_in(
                &github,
                ", Condition: {StringLike: {'gitlab.com:sub': 'project_path:acme/*'}}",
            ),
            0,
        ),
        (
            lets_in(
                &github,
                &sub("StringLike", "'repo:acme/other:*'")
                    .replace("tokens", "Tokens")
                    .replace(":sub", ":SUB"),
            ),
            1,
        ),
    ] {
        let found = Fixture::beside(WORKFLOW, "", Some(&roles(&statements)))
            .findings(&role_not_assumable::RULE);
        assert_eq!(found.len(), findings, "{statements}");
    }
}

#[test]
fn lists_of_terraform_that_are_empty_may_be_filled_elsewhere() {
    let role = |providers: &str, subjects: &str| {
        format!(
            r#"resource "aws_iam_role" "deployer" {{
  name               = "shop-deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
locals {{
  nothing  = []
  provider = ["{GITHUB}"]
  subjects = ["repo:acme/other:*"]
}}
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = {providers}
    }}
    condition {{
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = {subjects}
    }}
  }}
}}
"#
        )
    };
    let other = "[\"arn:aws:iam::111111111111:oidc-provider/gitlab.com\"]";
    for (providers, subjects, findings) in [
        ("local.provider", "local.subjects", 1),
        (other, "[\"repo:acme/shop:*\"]", 1),
        ("local.nothing", "[\"repo:acme/shop:*\"]", 0),
        ("local.provider", "local.nothing", 0),
    ] {
        let role = role(providers, subjects);
        let found = Fixture::beside(WORKFLOW, "", Some(&role)).findings(&role_not_assumable::RULE);
        assert_eq!(found.len(), findings, "{providers} {subjects}: {found:?}");
    }
}

#[test]
fn each_role_is_told_of_once() {
    let roles = roles(&lets_in(
        &format!("'{GITHUB}'"),
        &sub("StringLike", "'repo:acme/other:*'"),
    ));
    let matrix = |values: &str, arn: &str| {
        WORKFLOW
            .replace(
                "    runs-on: x\n",
                &format!("    strategy: {{matrix: {{of: [{values}]}}}}\n"),
            )
            .replace("arn:aws:iam::111111111111:role/shop-deployer", arn)
    };
    let accounts = matrix(
        "'111111111111', '222222222222'",
        "arn:aws:iam::${{ matrix.of }}:role/shop-deployer",
    );
    for (text, findings) in [(WORKFLOW, 1), (accounts.as_str(), 1)] {
        let found = Fixture::beside(text, "", Some(&roles)).findings(&role_not_assumable::RULE);
        assert_eq!(found.len(), findings, "{text}");
    }
}

#[test]
fn keys_say_whose_they_are() {
    let text = "on: [push]
env: {AWS_SECRET_ACCESS_KEY: '${{ secrets.KEY }}'}
jobs:
  deploy:
    steps: [{run: make, env: {AWS_SECRET_ACCESS_KEY: '${{ secrets.KEY }}'}}]
";
    let found = Fixture::new(text, "").findings(&long_lived_key::RULE);
    let owners: Vec<_> = found.iter().map(|of| of.owner.as_deref()).collect();
    assert_eq!(owners, [None, Some("deploy")]);
}

#[test]
fn roles_that_are_called_nearly_so() {
    let roles = roles(&lets_in(&format!("'{GITHUB}'"), ""));
    for (name, findings) in [
        ("shop-deployer", 0),
        ("shop-deplyoer", 1),
        ("shop-deploer", 1),
        ("ci/shop-deplyoer", 1),
        // Too far from it, or what tells one from another.
        ("shop-dplyoerr", 0),
        ("shop-reader", 0),
        ("shop-deployer-2", 0),
        ("${{ vars.ROLE }}", 0),
        ("shop-deploy*", 0),
    ] {
        let text = WORKFLOW.replace("shop-deployer", name);
        let found = Fixture::beside(&text, "", Some(&roles)).findings(&unknown_role::RULE);
        assert_eq!(found.len(), findings, "{name}: {found:?}");
    }
    // Whoever only adds policies to a role doesn't declare it.
    let policy = "Resources:\n  More:\n    Type: AWS::IAM::Policy\n    Properties: {PolicyName: p, Roles: [shop-deployer], PolicyDocument: {Statement: []}}\n";
    let text = WORKFLOW.replace("shop-deployer", "shop-deplyoer");
    let found = Fixture::beside(&text, "", Some(policy)).findings(&unknown_role::RULE);
    assert_eq!(found.len(), 0, "{found:?}");
}

const ACCOUNT: &str =
    "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1', 'us-east-1']\n";

fn caller(resource: &str) -> String {
    format!(
        "Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub 'caller-${{AWS::Region}}'
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{{Effect: Allow, Action: 'sts:AssumeRole', Resource: {resource}}}]
"
    )
}

fn target(statements: &str) -> String {
    format!(
        "Resources:
  Target:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub 'target-${{AWS::Region}}'
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{statements}]
"
    )
}

#[test]
fn callers_that_a_role_may_trust() {
    const OWN: &str = "!Sub 'arn:aws:iam::111111111111:role/target-${AWS::Region}'";
    let by = |principal: &str, rest: &str| {
        format!("{{Effect: Allow, Action: 'sts:AssumeRole', Principal: {principal}{rest}}}")
    };
    let own = "{AWS: !Sub 'arn:aws:iam::111111111111:role/caller-${AWS::Region}'}";
    let root = "{AWS: '111111111111'}";
    let other = by("{AWS: '333333333333'}", "");
    let when = |condition: &str| by(root, &format!(", Condition: {{{condition}}}"));
    for (resource, statements, silent) in [
        (OWN, other.clone(), false),
        (OWN, by(root, ""), true),
        (OWN, by(own, ""), true),
        (
            OWN,
            by(&own.replace("${AWS::Region}", "us-west-2"), ""),
            false,
        ),
        // No role of IAM.
        (
            "!Sub 'arn:aws:sts::111111111111:role/target-${AWS::Region}'",
            other.clone(),
            true,
        ),
        (OWN, by("{'{{ kind }}': '333333333333'}", ""), true),
        (OWN, by("{AWS: !Split [',', !Ref Trusted]}", ""), true),
        (
            OWN,
            by("{AWS: ['333333333333', !Split [',', !Ref Trusted]]}", ""),
            true,
        ),
        (OWN, format!("{other}, !ImportValue trusted"), true),
        (OWN, by(root, "").replace("Allow", "Deny"), false),
        (OWN, by(root, "").replace("AssumeRole", "TagSession"), false),
        // Conditions that may be met, or aren't on who it is.
        (
            OWN,
            when("StringEquals: {'aws:PrincipalAccount': '333333333333'}"),
            false,
        ),
        (
            OWN,
            when("StringNotEquals: {'aws:PrincipalAccount': '333333333333'}"),
            true,
        ),
        (OWN, when("'Null': {'aws:PrincipalAccount': 'false'}"), true),
        (
            OWN,
            when("StringEquals: {'aws:PrincipalAccount': !Split [',', !Ref A]}"),
            true,
        ),
        (
            OWN,
            when("StringEquals: {'aws:PrincipalAccount': ['333333333333', !Split [',', !Ref A]]}"),
            true,
        ),
        (
            OWN,
            when("StringEquals: {'aws:PrincipalAccount': !Ref A}"),
            true,
        ),
        (
            OWN,
            when("Odd: {'aws:PrincipalAccount': '333333333333'}"),
            true,
        ),
        (
            OWN,
            when("StringEquals: {'sts:ExternalId': '333333333333'}"),
            true,
        ),
        (
            OWN,
            when("ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/caller-*'}"),
            true,
        ),
        (
            OWN,
            when("ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/other'}"),
            false,
        ),
    ] {
        let (caller, target) = (caller(resource), target(&statements));
        let files = [
            ("caller.yaml", caller.as_str(), ACCOUNT),
            ("target.yaml", target.as_str(), ACCOUNT),
        ];
        let found = Fixture::among(&files).findings(&role_does_not_trust::RULE);
        assert_eq!(
            found.is_empty(),
            silent,
            "{resource} {statements}: {found:?}"
        );
    }
}

#[test]
fn actions_of_a_trust_policy() {
    for (actions, findings) in [
        ("'sts:AssumeRole'", 0),
        ("'sts:AssumeRole', 'sts:TagSession'", 0),
        ("'sts:*'", 0),
        // Not known, or another fault.
        ("'sts:AssumeRoles'", 0),
        ("!Ref Action", 0),
        ("'sts:AssumeRole', 's3:GetObject'", 1),
        ("'sts:AssumeRole', 'sts:GetCallerIdentity'", 1),
    ] {
        let statement =
            format!("{{Effect: Allow, Principal: {{AWS: '111111111111'}}, Action: [{actions}]}}");
        let found = Fixture::new(&roles(&statement), "").findings(&invalid_trust::RULE);
        assert_eq!(found.len(), findings, "{actions}");
    }
}
