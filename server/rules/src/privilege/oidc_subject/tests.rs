use super::RULE;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_model::Level;

fn trust(provider: &str, condition: &str) -> String {
    format!(
        "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Principal: {{Federated: {provider}}}
    Action: sts:AssumeRoleWithWebIdentity
    Condition: {condition}
"
    )
}

const GITHUB: &str =
    "'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'";
const CLUSTER: &str =
    "'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0AB'";

fn found(provider: &str, condition: &str) -> Vec<(Level, String)> {
    let found = Fixture::new(&trust(provider, condition), "").findings(&RULE);
    let said = found
        .into_iter()
        .map(|finding| (finding.level, finding.message));
    said.collect()
}

#[test]
fn marks_values_and_keys() {
    check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}
    Action: sts:AssumeRoleWithWebIdentity
    Condition:
      StringEquals:
        token.actions.githubusercontent.com:sub: ['repo:acme/shop:*', 'acme/shop:pull_request']
                                                   ^^^^^^^^^^^^^^^^    ^^^^^^^^^^^^^^^^^^^^^^
        gitlab.com:aud: x
        ^^^^^^^^^^^^^^
",
            "",
        );
}

#[test]
fn what_no_token_meets() {
    let sub = "token.actions.githubusercontent.com:sub";
    let eks = "oidc.eks.eu-west-1.amazonaws.com/id";
    for (provider, condition, level, part) in [
        (
            GITHUB,
            format!("{{StringEquals: {{'{sub}': 'repo:acme/*'}}}}"),
            Level::Error,
            "doesn't support wildcards",
        ),
        (
            GITHUB,
            format!("{{StringEquals: {{'{sub}': ['repo:acme/x:pull_request', 'repo:acme/*']}}}}"),
            Level::Warning,
            "doesn't support wildcards",
        ),
        (
            CLUSTER,
            format!("{{StringEquals: {{'{eks}/0AB:sub': 'system:serviceaccount:shop:*'}}}}"),
            Level::Error,
            "doesn't support wildcards",
        ),
        (
            CLUSTER,
            format!("{{StringLike: {{'{eks}/0CD:sub': 'system:serviceaccount:shop:web'}}}}"),
            Level::Error,
            "matches no token of `oidc.eks",
        ),
        (
            GITHUB,
            "{StringEquals: {'https://token.actions.githubusercontent.com:aud': x}}".to_owned(),
            Level::Error,
            "`https://token.actions.githubusercontent.com:aud` matches no token",
        ),
        (
            "!Ref Provider",
            "{StringLike: {'https://gitlab.com:sub': x}}".to_owned(),
            Level::Error,
            "`https://gitlab.com:sub` matches no token",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'acme/shop:*'}}}}"),
            Level::Error,
            "No GitHub token has such a subject",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'https://github.com/acme/*'}}}}"),
            Level::Error,
            "No GitHub token",
        ),
        (
            GITHUB,
            format!("{{StringEquals: {{'{sub}': main}}}}"),
            Level::Error,
            "No GitHub token",
        ),
        (
            GITHUB,
            format!("{{StringEquals: {{'{sub}': 'repo:acme/shop:refs/heads/main'}}}}"),
            Level::Error,
            "a branch or tag comes after `ref:`",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:refs/*'}}}}"),
            Level::Error,
            "a branch or tag comes after `ref:`",
        ),
        (
            GITHUB,
            format!("{{StringEquals: {{'{sub}': 'repo:acme/shop:ref:main'}}}}"),
            Level::Error,
            "a branch or tag is written in full",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:ref:heads/*'}}}}"),
            Level::Error,
            "a branch or tag is written in full",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme@ab12/shop@34:*'}}}}"),
            Level::Error,
            "`@` comes before a number",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop@:*'}}}}"),
            Level::Error,
            "`@` comes before a number",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme@12/shop:*'}}}}"),
            Level::Error,
            "either both names or neither have numbers",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop@34:*'}}}}"),
            Level::Error,
            "either both names or neither have numbers",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop@3*'}}}}"),
            Level::Error,
            "either both names or neither have numbers",
        ),
        (
            GITHUB,
            format!("{{StringLike: {{'{sub}': 'repo:acme@*/shop@*:*'}}}}"),
            Level::Suggestion,
            "`@*` matches any number",
        ),
    ] {
        let found = found(provider, &condition);
        assert!(
            matches!(found.as_slice(), [(of, one)] if *of == level && one.contains(part)),
            "{condition}: {found:?}"
        );
    }
}

#[test]
fn names_the_provider_as_its_author_does() {
    let text = "Resources:
  Provider: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://token.actions.githubusercontent.com'}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: !Ref Provider}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {'gitlab.com:sub': x}}
                                        ^^^^^^^^^^^^^^
";
    let messages = check(&RULE, text, "");
    assert!(
        messages[0].contains("matches no token of `token.actions.githubusercontent.com`"),
        "{messages:?}"
    );
}

#[test]
fn silent_where_it_may_be_met() {
    let sub = "token.actions.githubusercontent.com:sub";
    for (provider, condition) in [
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme/*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme@1/shop@2:*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repository_owner:acme*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': '*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme/*:refs/heads/main'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme/shop:ref:re*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': ['repo:acme/shop:ref:refs/tags/v1', 'repo:acme/shop:ref:*']}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme@1*/shop@*'}}}}").replace("shop@*", "shop")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme@12/shop@a*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme@12/shop*'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'repo:acme@12/*:environment:prod'}}}}")),
            (GITHUB, format!("{{StringLike: {{'{sub}': 'job_workflow_ref:acme/wf/.github/workflows/x.yml@refs/heads/main'}}}}")),
            (GITHUB, format!("{{StringEquals: {{'{sub}': !Sub 'repo:${{Repository}}:refs/heads/main'}}}}")),
            (GITHUB, "{StringNotEquals: {'https://gitlab.com:sub': x}, StringEqualsIfExists: {'https://gitlab.com:aud': x}}".to_owned()),
            (GITHUB, format!("{{StringLike: {{'{sub}': !Sub '${{Repository}}:*'}}}}")),
            (GITHUB, format!("{{StringNotEquals: {{'{sub}': 'repo:acme/*'}}}}")),
            (GITHUB, format!("{{StringEquals: {{'{sub}': !Ref Subject}}}}")),
            (GITHUB, "{StringEquals: {'aws:RequestedRegion': eu-west-*, 'aws:PrincipalTag/x.y:z': a}}".to_owned()),
            (GITHUB, "{StringNotEquals: {'gitlab.com:sub': x}, StringEqualsIfExists: {'gitlab.com:aud': x}, 'ForAllValues:StringEquals': {'gitlab.com:iss': x}}".to_owned()),
            (GITHUB, "!Ref Condition".to_owned()),
            ("[!Ref Provider, accounts.google.com]", "{StringEquals: {'gitlab.com:sub': x}}".to_owned()),
            ("gitlab.com, AWS: '111111111111'", "{StringEquals: {'accounts.google.com:sub': x}}".to_owned()),
            ("[gitlab.com, accounts.google.com]", "{StringEquals: {'accounts.google.com:sub': x}}".to_owned()),
            (CLUSTER, "{StringEquals: {'OIDC.eks.eu-west-1.amazonaws.com/id/0ab:SUB': x}}".to_owned()),
        ] {
            assert_eq!(found(provider, &condition), [], "{provider} {condition}");
        }
    let denied = trust(
        GITHUB,
        &format!("{{StringEquals: {{'{sub}': 'repo:acme/*'}}}}"),
    )
    .replace("Allow", "Deny");
    check(&RULE, &denied, "");
    let by_saml = trust(
        GITHUB,
        &format!("{{StringEquals: {{'{sub}': 'repo:acme/*'}}}}"),
    )
    .replace("WithWebIdentity", "");
    check(&RULE, &by_saml, "");
}

#[test]
fn mends_operators_and_beginnings() {
    let sub = "token.actions.githubusercontent.com:sub";
    let with = |condition: &str| trust(GITHUB, condition);
    for (before, after) in [
        (
            format!("{{StringEquals: {{'{sub}': 'repo:acme/*'}}}}"),
            format!("{{StringLike: {{'{sub}': 'repo:acme/*'}}}}"),
        ),
        (
            format!("{{StringLike: {{'{sub}': 'acme/shop:*'}}}}"),
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:*'}}}}"),
        ),
        (
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:refs/heads/main'}}}}"),
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:ref:refs/heads/main'}}}}"),
        ),
        (
            format!("{{StringLike: {{'https://{sub}': 'repo:acme/shop:*'}}}}"),
            format!("{{StringLike: {{'{sub}': 'repo:acme/shop:*'}}}}"),
        ),
    ] {
        assert_eq!(fixed_text(&RULE, &with(&before), ""), with(&after));
    }
    // The operator has other values, or the other one stands there.
    for kept in [
        format!(
            "{{StringEquals: {{'{sub}': 'repo:acme/*', 'token.actions.githubusercontent.com:aud': x}}}}"
        ),
        format!("{{StringEquals: {{'{sub}': 'repo:acme/*'}}, StringLike: {{'aws:SourceIp': x}}}}"),
        format!("{{StringEquals: {{'{sub}': main}}}}"),
        format!("{{StringEquals: {{'{sub}': 'repo:acme/shop:ref:main'}}}}"),
        format!("{{StringLike: {{'https://{sub}': 'repo:acme/shop:*', '{sub}': x}}}}"),
    ] {
        assert_eq!(fixed_text(&RULE, &with(&kept), ""), with(&kept));
    }
}

/// The findings of a role for GitHub's tokens under this condition, each with its fixes.
fn with_fixes(condition: &str) -> (Vec<(Level, String)>, Vec<Vec<String>>) {
    let condition = condition.replace('~', "token.actions.githubusercontent.com");
    let text = format!(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {condition}
"
    );
    let fixture = Fixture::new(&text, "");
    let found = fixture.findings(&RULE).into_iter();
    let fixes = fixture.fixes(&RULE).into_iter();
    (
        found.map(|of| (of.level, of.message)).collect(),
        fixes.map(|fix| fix.adds).collect(),
    )
}

#[test]
fn no_fix_lets_strangers_in() {
    for condition in [
        "{StringEquals: {'~:sub': 'repo:*'}}",
        "{StringEquals: {'~:sub': '*'}}",
        "{StringEquals: {'~:sub': ['repo:acme/shop:*', 'repo:*']}}",
        "{StringEquals: {'~:repository': '*/shop'}}",
        "{StringEquals: {'~:ref': 'refs/heads/*'}}",
        "{StringEquals: {'~:aud': '*'}}",
    ] {
        let (found, fixes) = with_fixes(condition);
        assert!(!found.is_empty(), "{condition}");
        assert_eq!(fixes, [[""; 0]; 0], "{condition}");
    }
    let (_, fixes) = with_fixes("{StringEquals: {'~:sub': 'repo:acme/shop:*'}}");
    assert_eq!(
        fixes,
        [[
            "sts:AssumeRoleWithWebIdentity where token.actions.githubusercontent.com:sub is repo:acme/shop:*"
        ]]
    );
    let (_, fixes) = with_fixes(
        "{StringEquals: {'~:ref': 'refs/heads/*'}, ArnLike: {'~:sub': 'repo:acme/shop:x'}}",
    );
    assert_eq!(fixes.len(), 1);
}

#[test]
fn keys_that_aws_does_not_offer() {
    for key in ["subject", "repo", "event_name", "repository_owner"] {
        let (found, _) = with_fixes(&format!("{{StringEquals: {{'~:{key}': x}}}}"));
        let [(Level::Warning, message)] = found.as_slice() else {
            panic!("{key}: {found:?}");
        };
        assert!(
            message.starts_with(&format!(
                "`token.actions.githubusercontent.com:{key}` matches no token: AWS has no such condition key as of "
            )),
            "{message}"
        );
    }
    let of = |host: &str, claim: &str| {
        let provider = format!("'arn:aws:iam::111111111111:oidc-provider/{host}'");
        found(
            &provider,
            &format!("{{StringEquals: {{'{host}:{claim}': x}}}}"),
        )
        .len()
    };
    for (host, claim, number) in [
        ("gitlab.com", "project_path", 1),
        ("gitlab.com", "project_id", 0),
        ("gitlab.com", "sub", 0),
        ("agent.buildkite.com", "organization", 1),
        ("agent.buildkite.com", "organization_slug", 0),
        ("agent.buildkite.com", "email", 0),
        // Of others, AWS lists nothing.
        ("app.terraform.io", "terraform_workspace_id", 0),
        ("oidc.shop.example", "anything", 0),
    ] {
        assert_eq!(of(host, claim), number, "{host} {claim}");
    }
    for condition in [
        "{StringEquals: {'~:repository_id': '1', '~:environment': prod, '~:enterprise_id': '2', '~:actor': x}}",
        "{StringEquals: {'~:repository_owner_id': '1'}}",
        // No key is called so: another rule says so.
        "{StringEquals: {'~:event name': x}}",
        // These hold for every token: another rule says so.
        "{StringNotEquals: {'~:repository_owner': x}}",
        "{StringEqualsIfExists: {'~:event_name': x}}",
    ] {
        assert_eq!(with_fixes(condition).0, [], "{condition}");
    }
}

#[test]
fn numbers_are_those_of_owner_and_repository() {
    let found = |sub: &str| {
        with_fixes(&format!("{{StringLike: {{'~:sub': '{sub}'}}}}"))
            .0
            .len()
    };
    for sub in [
        "repo:acme@*/shop@12:*",
        "repo:acme@12/shop@*",
        "repo:acme@*/*",
    ] {
        assert_eq!(found(sub), 1, "{sub}");
    }
    for sub in [
        "repo:acme/shop:ref:refs/tags/pkg@*",
        "repo:acme/shop:job_workflow_ref:acme/shop/.github/workflows/x.yml@*",
        "job_workflow_ref:acme/shop/.github/workflows/x.yml@*",
        "repo:acme@12/shop@34:ref:refs/tags/pkg@*",
    ] {
        assert_eq!(found(sub), 0, "{sub}");
    }
}

#[test]
fn addresses_that_end_in_a_slash() {
    let found = |provider: &str, key: &str| {
        let text = format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/{provider}'}}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {{StringEquals: {{'{key}': shop}}}}}}\n"
        );
        Fixture::new(&text, "").findings(&RULE).len()
    };
    assert_eq!(found("shop.eu.auth0.com/", "shop.eu.auth0.com/:aud"), 0);
    assert_eq!(found("shop.eu.auth0.com/", "other.eu.auth0.com/:aud"), 1);
}

#[test]
fn names_and_branches_that_no_subject_has() {
    let told = |subject: &str| {
        let condition =
            format!("{{StringLike: {{'token.actions.githubusercontent.com:sub': '{subject}'}}}}");
        let found = Fixture::new(&trust(GITHUB, &condition), "").findings(&RULE);
        let errors = found.into_iter().filter(|it| it.level == Level::Error);
        errors.map(|it| it.message).collect::<Vec<_>>()
    };
    for (subject, part) in [
        ("repo:acme/shop:ref:refs/head/main", "written in full"),
        ("repo:acme/shop:ref:refs/branches/*", "written in full"),
        (
            "repo:https://github.com/acme/shop:*",
            "owner and repository",
        ),
        ("repo: acme/shop:*", "owner and repository"),
        ("repo:acme/shop/web:*", "owner and repository"),
        ("repo:acme:*", "owner and repository"),
    ] {
        let told = told(subject);
        assert!(
            told.len() == 1 && told[0].contains(part),
            "{subject}: {told:?}"
        );
    }
    for subject in [
        "repo:acme/shop:ref:refs/heads/main",
        "repo:acme/shop:ref:refs/tags/v*",
        "repo:acme/shop:ref:refs/pull/1/merge",
        "repo:acme/shop:ref:refs/*",
        "repo:acme/shop:ref:*",
        "repo:acme/shop*",
        "repo:acme@1/shop@2:pull_request",
        "repo:acme/shop:environment:a/b/c",
    ] {
        assert!(told(subject).is_empty(), "{subject}");
    }
}
