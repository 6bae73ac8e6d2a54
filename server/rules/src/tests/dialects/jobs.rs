//! A job of a pipeline, on each host.

use super::dialect::{Dialect, Written};
use super::row::Job;
use super::words::LITERAL;

/// A template with the role, which admits one repository's tokens.
fn role(provider: &str, subject: &str) -> String {
    format!(
        "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{Federated: !Sub 'arn:aws:iam::${{AWS::AccountId}}:oidc-provider/{provider}'}}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {{StringLike: {{'{provider}:sub': '{subject}'}}}}
"
    )
}

pub fn write(dialect: Dialect, job: &Job) -> Vec<Written> {
    let arn = LITERAL.text(job.role);
    // Quotes and comments of YAML are none inside of a command.
    let plain = !arn.contains(['\'', '#']);
    let written = |style, path, text: String, origin, beside| Written {
        style,
        path,
        text,
        origin,
        beside: Some(beside),
    };
    match dialect {
        Dialect::GitHub => {
            let path = ".github/workflows/deploy.yml";
            let origin = "github.com:acme/shop";
            let beside = || {
                role(
                    "token.actions.githubusercontent.com",
                    &format!("repo:{}:*", job.admits),
                )
            };
            let head = "name: deploy # by hand
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions: {id-token: write}
";
            let with = |lines: &str| {
                format!(
                    "{head}    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-region: eu-west-1
{lines}      - run: make deploy
"
                )
            };
            if job.key {
                let action = with(
                    "          aws-access-key-id: ${{ secrets.AWS_ID }}\n          ⟦aws-secret-access-key⟧: ${{ secrets.AWS_KEY }}\n",
                );
                let environment = format!(
                    "{head}    env:
      ⟦AWS_SECRET_ACCESS_KEY⟧: ${{{{ secrets.AWS_KEY }}}}
    steps:
      - run: make deploy
"
                );
                return vec![
                    written("action", path, action, origin, beside()),
                    written("environment", path, environment, origin, beside()),
                ];
            }
            let action = with(&format!("          role-to-assume: {arn}\n"));
            let command = format!(
                "{head}    steps:
      - run: |
          make
          aws sts assume-role-with-web-identity --role-arn {arn} --web-identity-token x
"
            );
            let mut all = vec![written("action", path, action, origin, beside())];
            all.extend(plain.then(|| written("command", path, command, origin, beside())));
            all
        }
        Dialect::GitLab => {
            let path = ".gitlab-ci.yml";
            let origin = "gitlab.com:acme/shop";
            let beside = || role("gitlab.com", &format!("project_path:{}:*", job.admits));
            if job.key {
                let text = "deploy:
  variables:
    ⟦AWS_SECRET_ACCESS_KEY⟧: $AWS_KEY # of the project
  script: [make deploy]
";
                return vec![written(
                    "variables",
                    path,
                    text.to_owned(),
                    origin,
                    beside(),
                )];
            }
            let command = format!(
                "deploy:
  id_tokens: {{TOKEN: {{aud: https://gitlab.com}}}}
  script:
    - make # first
    - aws sts assume-role-with-web-identity --role-arn {arn} --web-identity-token $TOKEN
"
            );
            let variable = format!(
                "variables:
  ROLE: {arn}
deploy:
  id_tokens: {{TOKEN: {{aud: https://gitlab.com}}}}
  script:
    - aws sts assume-role-with-web-identity --role-arn $ROLE --web-identity-token $TOKEN
"
            );
            let mut all = vec![written("variable", path, variable, origin, beside())];
            all.extend(plain.then(|| written("command", path, command, origin, beside())));
            all
        }
        _ => Vec::new(),
    }
}
