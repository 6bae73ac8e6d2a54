//! Finds trust policies that let everybody in whom a shared identity provider knows.
//!
//! GitHub, GitLab and their kin sign tokens for all of their customers with one key. A trust policy that doesn't say
//! whose token it means, by a condition on the `sub` claim, lets any repository in the world assume the role.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'
//!             Action: sts:AssumeRoleWithWebIdentity
//!             Condition:
//!               StringEquals:
//!                 token.actions.githubusercontent.com:aud: sts.amazonaws.com
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'
//!             Action: sts:AssumeRoleWithWebIdentity
//!             Condition:
//!               StringEquals:
//!                 token.actions.githubusercontent.com:aud: sts.amazonaws.com
//!                 token.actions.githubusercontent.com:sub: repo:shop-org/shop:ref:refs/heads/main
//! ```

use leastwise_catalog::catalog;
use leastwise_policy::condition::Operator;
use leastwise_policy::{Arn, ArnShape, Pattern, Tri};
use leastwise_workspace::model::{Item, Statement, Test};
use leastwise_workspace::text::Part;
use leastwise_workspace::{Level, Site, SiteKind};

use crate::permissions::takes_in;
use crate::{Context, Finding, Findings, FixKind, Group, Rule, conditions};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "oidc-without-subject",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "A role that any customer of an identity provider may assume",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "MISSING_GITHUB_REPO_CONDITION_KEY"),
        (
            "access-analyzer",
            "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        ),
        (
            "access-analyzer",
            "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        ),
        ("checkov", "CKV_AWS_358"),
        ("checkov", "CKV_AWS_393"),
    ],
    run,
};

/// Providers that sign the tokens of all their customers under one address: the address, what a customer's part is
/// called, and subjects of a customer who doesn't exist.
const SHARED: &[(&str, &str, &[&str])] = &[
    (
        "token.actions.githubusercontent.com",
        "repository on GitHub",
        &[
            "repo:nobody-7f3a/none-7f3a:ref:refs/heads/main",
            "repo:nobody-7f3a/none-7f3a:pull_request",
            "repo:nobody-7f3a/none-7f3a:environment:production",
            "repo:nobody-7f3a/none-7f3a:ref:refs/tags/v1",
        ],
    ),
    (
        "gitlab.com",
        "project on GitLab",
        &[
            "project_path:nobody-7f3a/none-7f3a:ref_type:branch:ref:main",
            "project_path:nobody-7f3a/none-7f3a:ref_type:tag:ref:v1",
        ],
    ),
    (
        "app.terraform.io",
        "organization on HCP Terraform",
        &[
            "organization:nobody-7f3a:project:none-7f3a:workspace:none-7f3a:run_phase:apply",
            "organization:nobody-7f3a:project:none-7f3a:workspace:none-7f3a:run_phase:plan",
        ],
    ),
    (
        "agent.buildkite.com",
        "organization on Buildkite",
        &[
            "organization:nobody-7f3a:pipeline:none-7f3a:ref:refs/heads/main:commit:0:step:none-7f3a",
        ],
    ),
];

/// Providers whose trust is limited by other means than `sub`: their tokens' audience is the customer's own.
const BY_AUDIENCE: [&str; 4] = [
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
];

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(assume) = catalog().action("sts", "AssumeRoleWithWebIdentity") else {
        return;
    };
    for (site, statement) in context.statements() {
        if site.kind != SiteKind::Trust
            || !statement.allows()
            || takes_in(statement, assume) != Tri::Yes
        {
            continue;
        }
        let Some(principals) = statement.principal.known() else {
            continue;
        };
        for item in principals.values("Federated") {
            let Some(provider) = provider(context, item) else {
                continue;
            };
            if BY_AUDIENCE.contains(&provider.as_str()) {
                if let Some(finding) = of_anybodys_app(context, statement, item, &provider) {
                    findings.push(
                        finding
                            .owner(context.owner(site))
                            .action("sts:AssumeRoleWithWebIdentity"),
                    );
                }
                continue;
            }
            let shared = SHARED.iter().find(|(host, _, _)| {
                provider == *host
                    || provider
                        .strip_prefix(host)
                        .is_some_and(|rest| rest.starts_with('/'))
            });
            let finding = match shared {
                Some((_, who, probes)) => {
                    open(context, site, statement, item, &provider, who, probes)
                }
                None => unconditional(context, statement, item, &provider),
            };
            if let Some(finding) = finding {
                findings.push(
                    finding
                        .owner(context.owner(site))
                        .action("sts:AssumeRoleWithWebIdentity"),
                );
            }
        }
    }
}

/// Reports a provider whose tokens are each for an app, where no condition says which app is meant.
fn of_anybodys_app(
    context: &Context<'_>,
    statement: &Statement,
    item: &Item,
    provider: &str,
) -> Option<Finding> {
    if conditions::tests_key(statement, |key| key.starts_with(provider)) != Tri::No {
        return None;
    }
    let (claim, what) = match provider {
        "graph.facebook.com" | "www.amazon.com" => ("app_id", "app"),
        "cognito-identity.amazonaws.com" => ("aud", "identity pool"),
        _ => ("aud", "app"),
    };
    let message = format!(
        "Nothing here says which {what} is meant: users of every {what} in the world can assume this role."
    );
    Some(
        Finding::new(&RULE, context.item_span(item), message).help(format!(
            "Add a condition on `{provider}:{claim}` that names yours."
        )),
    )
}

/// The address of a provider in lower case, without `https://`: from its ARN, its name, or the resource of the
/// template that it is.
fn provider(context: &Context<'_>, item: &Item) -> Option<String> {
    let own = match item.text.parts.as_slice() {
        [Part::Variable { name, .. }] => Some(name),
        [Part::Attribute { resource, .. }] => Some(resource),
        _ => None,
    };
    if let Some(resource) =
        own.and_then(|name| context.analysis.template.as_ref()?.resources.get(name))
    {
        if resource.type_name != "AWS::IAM::OIDCProvider" {
            return None;
        }
        let url = context
            .tree
            .text(context.tree.get(resource.properties?, "Url")?)?;
        return address(url);
    }
    let patterns = context.patterns(item);
    let mut found = patterns.iter().map(|pattern| match Arn::parse(pattern) {
        ArnShape::Arn(arn) => address(arn.resource.as_literal()?.strip_prefix("oidc-provider/")?),
        ArnShape::NotArn(_) => address(&pattern.as_literal()?),
        ArnShape::Star | ArnShape::Unknown => None,
    });
    let first = found.next()??;
    found
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn address(text: &str) -> Option<String> {
    let text = text
        .strip_prefix("https://")
        .unwrap_or(text)
        .trim_end_matches('/');
    (text.contains('.') && !text.contains([' ', '{', '<', '$'])).then(|| text.to_ascii_lowercase())
}

/// Reports a shared provider whose customers aren't told apart.
fn open(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    item: &Item,
    provider: &str,
    who: &str,
    probes: &[&str],
) -> Option<Finding> {
    let claim = |key: &str| {
        key.strip_prefix(provider)
            .and_then(|rest| rest.strip_prefix(':'))
            .map(str::to_owned)
    };
    let limits = |key: &str| {
        claim(key).is_some_and(|claim| !matches!(claim.as_str(), "aud" | "iss" | "amr"))
    };
    match conditions::tests_key(statement, limits) {
        Tri::Maybe => return None,
        Tri::No => {
            // A `Deny` may keep the others out.
            let denied = context.policy(site).dynamic
                || context.policy(site).statements.iter().any(|other| {
                    !other.allows() && conditions::tests_key(other, limits) != Tri::No
                });
            if denied {
                return None;
            }
            let message = format!(
                "Nothing here says whose token is meant: every {who} in the world can assume this role."
            );
            let help = format!("Add a condition on `{provider}:sub` that names yours.");
            return Some(Finding::new(&RULE, context.item_span(item), message).help(help));
        }
        Tri::Yes => {}
    }
    // With several claims, each narrows; only a `sub` that stands alone is looked into.
    let mut tests = conditions::tests(statement).iter().filter(|test| {
        test.key
            .as_deref()
            .is_some_and(|key| limits(&key.to_ascii_lowercase()))
    });
    let (Some(test), None) = (tests.next(), tests.next()) else {
        return None;
    };
    if claim(&test.key.as_deref()?.to_ascii_lowercase())? != "sub" {
        return None;
    }
    let value = open_value(context, test, probes)?;
    let message = format!(
        "This subject takes in every {who}: anybody in the world can have a token that lets them assume this role."
    );
    let help = "Name the organization and the repository or project that is meant.";
    Some(
        Finding::new(&RULE, context.item_span(value), message)
            .help(help)
            .level(Level::Warning),
    )
}

/// The value of a `sub` test that a stranger's subject meets.
fn open_value<'s>(context: &Context<'_>, test: &'s Test, probes: &[&str]) -> Option<&'s Item> {
    let operator = Operator::parse(&test.operator).ok()?;
    if !operator.base.wildcards || operator.base.negated {
        return None;
    }
    let meets = |pattern: &&Pattern| {
        probes
            .iter()
            .any(|probe| pattern.matches(probe) == Tri::Yes)
    };
    test.values.known()?.items.iter().find(|item| {
        let patterns = context.patterns(item);
        !patterns.is_empty() && patterns.iter().all(meets)
    })
}

/// Reports any other provider that is trusted without any condition but on the audience.
fn unconditional(
    context: &Context<'_>,
    statement: &Statement,
    item: &Item,
    provider: &str,
) -> Option<Finding> {
    if conditions::tests_key(statement, |key| !key.ends_with(":aud")) != Tri::No {
        return None;
    }
    let message = format!(
        "Nothing here says whose token is meant: everybody whom `{provider}` knows can assume this role."
    );
    let help = format!("Add a condition on `{provider}:sub` that names who is meant.");
    Some(
        Finding::new(&RULE, context.item_span(item), message)
            .help(help)
            .level(Level::Warning),
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    /// A trust policy of GitHub's tokens with these lines of condition.
    fn trust(condition: &str) -> String {
        format!(
            "Version: '2012-10-17'\n\
             Statement:\n\
             \x20 - Effect: Allow\n\
             \x20   Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}}\n\
             \x20   Action: sts:AssumeRoleWithWebIdentity\n{condition}"
        )
    }

    #[test]
    fn marks_the_provider_in_every_syntax() {
        let block = "\
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://gitlab.com
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Principal:
            Federated: !GetAtt Provider.Arn
                       ^^^^^^^^^^^^^^^^^^^^
          Action: [sts:AssumeRole*, sts:TagSession]
";
        assert!(
            check(&RULE, block, "")
                .concat()
                .contains("project on GitLab")
        );
        let json = r#"{"Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity"],
"Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/app.terraform.io"}}]}
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#;
        check(&RULE, json, "");
        let template = r#"{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument":
{"Statement": {"Effect": "Allow", "Action": "sts:*", "Principal": {"Federated":
{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/agent.buildkite.com"}}}}}}}}
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#;
        check(&RULE, template, "");
    }

    #[test]
    fn wide_subjects() {
        for subject in [
            "'*'",
            "'repo:*'",
            "'repo:*/*:*'",
            "'repo:*:ref:refs/heads/main'",
            "['repo:shop/x:*', '*']",
        ] {
            let text = trust(&format!(
                "    Condition: {{StringLike: {{'token.actions.githubusercontent.com:sub': {subject}}}}}\n"
            ));
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{subject}");
            assert_eq!(
                found[0].level,
                leastwise_workspace::Level::Warning,
                "{subject}"
            );
        }
    }

    #[test]
    fn silent_where_it_is_limited_or_not_known() {
        for condition in [
            "{StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}",
            "{StringEquals: {'token.actions.githubusercontent.com:sub': '*'}}",
            "{StringEquals: {'token.actions.githubusercontent.com:repository': shop/shop}}",
            "{'ForAnyValue:StringLike': {'Token.Actions.GithubUserContent.com:SUB': ['repo:shop/shop:*']}}",
            "!FindInMap [Trust, Github, Condition]",
            "!If [Strict, {StringEquals: {'token.actions.githubusercontent.com:sub': a}}, {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}]",
        ] {
            check(&RULE, &trust(&format!("    Condition: {condition}\n")), "");
        }
        for principal in [
            "Federated: 'arn:aws:iam::111111111111:saml-provider/corp'",
            "Service: lambda.amazonaws.com",
            "Federated: !Ref Provider",
        ] {
            check(
                &RULE,
                &format!(
                    "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: {{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {{{principal}}}}}\n"
                ),
                "",
            );
        }
    }

    #[test]
    fn tokens_for_apps_need_the_app() {
        let text = "\
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: sts:AssumeRoleWithWebIdentity
    Principal:
      Federated: cognito-identity.amazonaws.com
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    Condition: {Bool: {'aws:SecureTransport': true}}
  - Effect: Allow
    Action: sts:AssumeRoleWithWebIdentity
    Principal: {Federated: www.amazon.com}
                           ^^^^^^^^^^^^^^
  - Effect: Allow
    Action: sts:AssumeRoleWithWebIdentity
    Principal: {Federated: cognito-identity.amazonaws.com}
    Condition: {StringEquals: {'cognito-identity.amazonaws.com:aud': 'eu-west-1:1b2c'}}
  - Effect: Allow
    Action: sts:AssumeRoleWithWebIdentity
    Principal: {Federated: accounts.google.com}
    Condition: {StringEquals: {'accounts.google.com:sub': '1234'}}
";
        let messages = check(&RULE, text, "");
        assert!(messages[0].contains("every identity pool"), "{messages:?}");
    }

    #[test]
    fn a_cluster_of_ones_own_is_a_warning() {
        let text = "\
Version: '2012-10-17'
Statement:
  Effect: Allow
  Action: sts:AssumeRoleWithWebIdentity
  Principal:
    Federated: arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Condition: {StringEquals: {'oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud': sts.amazonaws.com}}
";
        check(&RULE, text, "");
    }
}
