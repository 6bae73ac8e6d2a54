use leastwise_syntax::Format;

use super::super::tests::labels;
use crate::testing::{cut, template};

/// What is offered in a file beside another one.
fn beside(other: &str, marked: &str) -> Vec<String> {
    beside_in(other, "trust.json", Format::Json, marked)
}

fn beside_in(other: &str, path: &str, format: Format, marked: &str) -> Vec<String> {
    let (text, at) = cut(marked);
    let mut file = crate::testing::beside(other, path, text, format);
    let items = file.completions(at).into_iter();
    items.map(|item| item.label).collect()
}

#[test]
fn roles_of_the_workspace_are_principals() {
    let roles = "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: shop-reader, Path: /app/, AssumeRolePolicyDocument: {}}\n  B:\n    Type: AWS::IAM::Role\n    Properties: {AssumeRolePolicyDocument: {}}\n";
    let trust = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {\"AWS\": \"$0\"}}]}";
    let offered = beside(roles, trust);
    for account in ["111111111111", "222222222222"] {
        let role = format!("arn:aws:iam::{account}:role/app/shop-reader");
        assert!(offered.contains(&role), "{offered:?}");
    }
    // Nobody knows what the other one is called.
    let own = offered.iter().filter(|label| label.contains(":role/"));
    assert_eq!(own.count(), 2, "{offered:?}");
}

#[test]
fn jobs_assume_roles_of_the_workspace() {
    let trust = |provider: &str| {
        format!(
            "{{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/{provider}'}}}}]}}"
        )
    };
    let roles = format!(
        "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties: {{RoleName: shop-app, AssumeRolePolicyDocument: {}}}\n  B:\n    Type: AWS::IAM::Role\n    Properties: {{RoleName: shop-deployer, AssumeRolePolicyDocument: {}}}\n",
        trust("accounts.google.com"),
        trust("token.actions.githubusercontent.com")
    );
    let offered = |with: &str| {
        let workflow = format!(
            "on: push\npermissions: {{id-token: write}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:{with}"
        );
        let path = ".github/workflows/deploy.yml";
        beside_in(&roles, path, Format::Yaml, &workflow)
    };
    for with in [
        "\n          role-to-assume: $0\n          aws-region: eu-west-1\n",
        "\n          aws-region: eu-west-1\n          role-to-assume: $0\n",
        "\n          role-to-assume: '$0'\n",
        "\n          role-to-assume: arn:aws:$0\n",
        " {role-to-assume: $0, aws-region: eu-west-1}\n",
    ] {
        let roles: Vec<String> = offered(with)
            .into_iter()
            .filter(|label| label.contains(":role/"))
            .collect();
        let names: Vec<&str> = roles
            .iter()
            .filter_map(|arn| arn.split(":role/").nth(1))
            .collect();
        // The one that GitHub's tokens can assume comes first, in each account.
        let expected = ["shop-deployer", "shop-deployer", "shop-app", "shop-app"];
        assert_eq!(names, expected, "{with}");
    }
    for with in [
        "\n          role-to-assume: arn:aws:iam::111111111111:role/x\n          aws-region: $0\n",
        "\n          $0\n          role-to-assume: x\n",
        " {role-to-assume: x, aws-region: $0}\n",
    ] {
        let labels = offered(with);
        assert!(
            !labels.iter().any(|label| label.contains(":role/")),
            "{with}: {labels:?}"
        );
    }
}

#[test]
fn what_a_provider_vouches_by_comes_first() {
    let of = |action: &str| {
        let marked = format!(
            "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sts:{action}\", \"Principal\": {{\"Federated\": \"$0\"}}}}]}}"
        );
        labels(&marked).into_iter().next().unwrap_or_default()
    };
    assert!(of("AssumeRoleWithSAML").ends_with(":saml-provider/"));
    assert!(of("AssumeRoleWithWebIdentity").ends_with("/token.actions.githubusercontent.com"));
}

#[test]
fn a_principal_is_no_policy() {
    let marked = template("- Effect: Allow\n  Principal:\n    AWS: $0\n  Action: s3:GetObject").replace(
        "Resources:\n",
        "Resources:\n  Own:\n    Type: AWS::IAM::ManagedPolicy\n  Other:\n    Type: AWS::IAM::Role\n",
    );
    let offered = labels(&marked);
    assert!(
        offered.contains(&"!GetAtt Other.Arn".to_owned()),
        "{offered:?}"
    );
    assert!(
        offered.iter().all(|label| !label.contains("Own")),
        "{offered:?}"
    );
}
