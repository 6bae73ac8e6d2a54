//! Finds trust policies that trust every user of a shared identity provider.
//!
//! GitHub, GitLab and others issue tokens for all of their customers as one issuer. A trust policy that doesn't limit
//! whose tokens it accepts, with a condition on the `sub` claim, lets any repository assume the role. An
//! operator that also matches without the claim (`…IfExists`, `ForAllValues`) doesn't limit it, nor does a branch, an
//! environment or a workflow alone: any repository can have one with that name.
//!
//! The tokens of an EKS cluster are for its own service accounts; a subject that matches all of them
//! (`system:serviceaccount:*:*`) lets every pod assume the role.
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

mod wording;

use leastwise_catalog::catalog;
use leastwise_model::{Item, Level, Site, SiteKind, Statement, Test, Unseen};
use leastwise_policy::condition::Operator;
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::Span;

use crate::support::oidc::{
    Narrows, Shared, claim, fits_everybody, is_never_met, lets_anybody_in, names_nobody, narrows,
    provider, says_nothing_of_whom, shared,
};
use crate::support::permissions::takes_in;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope, conditions};
use wording::How;

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "oidc-without-subject",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "A role that any customer of an identity provider can assume",
    fix: FixKind::None,
    judges: Judges::Statement,
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
    scope: &[Scope::Statement(find)],
};

/// Providers whose trust is limited by other means than `sub`: their tokens' audience is the customer's own.
const BY_AUDIENCE: [&str; 7] = [
    "accounts.google.com",
    "api.pulumi.com/oidc",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "oidc.vercel.com",
    "sandboxes.cloud",
    "www.amazon.com",
];

/// A trust that doesn't say whom it is for.
struct Anybody {
    at: Span,
    how: How,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if site.kind != SiteKind::Trust || !statement.allows() {
        return;
    }
    let Some(assume) = catalog().action("sts", "AssumeRoleWithWebIdentity") else {
        return;
    };
    if takes_in(statement, assume) != Tri::Yes {
        return;
    }
    facts.extend(anybody(context, site, statement).map(|(at, how)| Anybody {
        at,
        how,
        owner: context.owner(site).map(str::to_owned),
    }));
}

/// Whether a statement of a trust policy lets anybody in whom a provider knows, once it allows what they call.
pub(crate) fn is_for_anybody(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    anybody(context, site, statement).next().is_some()
}

/// Where a statement trusts a provider and doesn't say whom of those that it knows.
fn anybody<'a>(
    context: &'a Context<'_>,
    site: &'a Site,
    statement: &'a Statement,
) -> impl Iterator<Item = (Span, How)> + 'a {
    let principals = statement.principal.known().into_iter();
    let items = principals.flat_map(|of| of.values("Federated"));
    items.filter_map(move |item| {
        let provider = provider(context, item)?;
        let mut tests = conditions::tests(statement).iter();
        if tests.any(|test| is_never_met(test, &provider))
            || conditions::is_dead(context, statement)
        {
            return None;
        }
        if BY_AUDIENCE.contains(&provider.as_str()) {
            of_anybodys_app(context, statement, item, &provider)
        } else if let Some(shared) = shared(&provider) {
            open(context, site, statement, item, &provider, shared)
        } else {
            unconditional(context, statement, item, &provider)
                .or_else(|| whole_cluster(context, statement, &provider))
        }
    })
}

/// A provider whose tokens are each for an app, where no condition says which app is meant.
fn of_anybodys_app(
    context: &Context<'_>,
    statement: &Statement,
    item: &Item,
    provider: &str,
) -> Option<(Span, How)> {
    if conditions::tests_key(statement, |key| key.starts_with(provider)) != Tri::No {
        return None;
    }
    let (claim, kind) = match provider {
        "graph.facebook.com" | "www.amazon.com" => ("app_id", "app"),
        "cognito-identity.amazonaws.com" => ("aud", "identity pool"),
        _ => ("aud", "app"),
    };
    let provider = provider.to_owned();
    let how = How::App {
        provider,
        claim,
        kind,
    };
    Some((context.item_span(item), how))
}

/// A shared provider whose customers aren't told apart.
fn open(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    item: &Item,
    provider: &str,
    shared: &Shared,
) -> Option<(Span, How)> {
    let claim = |key: &str| {
        key.strip_prefix(provider)
            .and_then(|rest| rest.strip_prefix(':'))
            .map(str::to_owned)
    };
    let limits =
        |key: &str| claim(key).is_some_and(|claim| !says_nothing_of_whom(provider, &claim));
    let limited = conditions::tests_key(statement, limits);
    // A `Deny` may keep the others out.
    let denied = context.policy(site).unseen == Unseen::Anything
        || context
            .policy(site)
            .statements
            .iter()
            .any(|other| !other.allows() && conditions::tests_key(other, limits) != Tri::No);
    if limited == Tri::Maybe || denied {
        return None;
    }
    let who = shared.who;
    let tests: Vec<(&Test, Narrows)> = conditions::tests(statement)
        .iter()
        .filter(|test| {
            test.key
                .as_deref()
                .is_some_and(|key| limits(&key.to_ascii_lowercase()))
        })
        .map(|test| Some((test, narrows(test)?)))
        .collect::<Option<_>>()?;
    let of = |wanted| tests.iter().filter(move |(_, narrows)| *narrows == wanted);
    let claimed = |test: &Test| {
        let key = test.key.as_deref().map(str::to_ascii_lowercase);
        key.and_then(|key| claim(&key)).unwrap_or_default()
    };
    if let Some((first, _)) = of(Narrows::Values).next() {
        // Of several claims, one that names somebody is enough.
        let mut open = Vec::new();
        for (test, _) in of(Narrows::Values) {
            open.push(open_value(context, test, provider, &claimed(test))?);
        }
        let (value, _) = *open.first()?;
        let mut patterns = context.patterns(value).into_iter();
        let how = How::Fits {
            claim: claimed(first),
            who,
            everybody: patterns.all(|pattern| fits_everybody(provider, pattern)),
            level: match open.iter().all(|(_, nobody)| *nobody) {
                true => Level::Error,
                false => Level::Warning,
            },
        };
        return Some((context.item_span(value), how));
    }
    if let Some((test, _)) = of(Narrows::Perhaps).next() {
        let operator = Operator::parse(&test.operator).ok()?;
        let plain = match operator.quantifier {
            Some(_) => None,
            None => Some(operator.base.name.to_owned()),
        };
        let operator = test.operator.clone();
        return Some((
            context.content(test.key_node),
            How::Without { operator, plain },
        ));
    }
    let provider = provider.to_owned();
    Some(match of(Narrows::Others).next() {
        Some((test, _)) => {
            let operator = test.operator.clone();
            let how = How::Others {
                operator,
                provider,
                who,
            };
            (context.content(test.key_node), how)
        }
        None => (context.item_span(item), How::Nothing { provider, who }),
    })
}

/// A subject that takes in all service accounts of a cluster of EKS.
fn whole_cluster(
    context: &Context<'_>,
    statement: &Statement,
    provider: &str,
) -> Option<(Span, How)> {
    if !provider.starts_with("oidc.eks.") {
        return None;
    }
    let claims = conditions::tests(statement).iter().filter(|test| {
        let own = test.key.as_deref().and_then(claim);
        own.is_none_or(|(host, name)| host == provider && name != "aud")
    });
    // Whatever else is asked for narrows it down.
    let [subject] = claims.collect::<Vec<_>>()[..] else {
        return None;
    };
    let is_subject = subject.key.as_deref().and_then(claim)?.1 == "sub";
    let operator = Operator::parse(&subject.operator).ok()?;
    if !is_subject || !operator.base.wildcards || narrows(subject) != Some(Narrows::Values) {
        return None;
    }
    let all = Pattern::literal("system:serviceaccount:*:*");
    let value = subject.values.known()?.items.iter().find(|item| {
        let patterns = context.patterns(item);
        !patterns.is_empty() && patterns.iter().all(|value| value.covers(&all))
    })?;
    Some((context.item_span(value), How::Cluster))
}

/// Any other provider that is trusted without any condition but on the audience.
fn unconditional(
    context: &Context<'_>,
    statement: &Statement,
    item: &Item,
    provider: &str,
) -> Option<(Span, How)> {
    if conditions::tests_key(statement, |key| !key.ends_with(":aud")) != Tri::No {
        return None;
    }
    let provider = provider.to_owned();
    Some((context.item_span(item), How::Unconditional { provider }))
}

impl Fact for Anybody {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (message, help, level) = self.how.in_words();
        Finding::new(&RULE, self.at, message)
            .help(help)
            .level(level)
            .owner(self.owner.as_deref())
            .action("sts:AssumeRoleWithWebIdentity")
    }
}

/// The value of a test on a claim that a stranger's token meets, and whether it says nothing at all of whose it is: such a
/// one before others.
fn open_value<'s>(
    context: &Context<'_>,
    test: &'s Test,
    provider: &str,
    claim: &str,
) -> Option<(&'s Item, bool)> {
    let operator = Operator::parse(&test.operator).ok()?;
    if !operator.base.wildcards {
        return None;
    }
    let items = || test.values.known().into_iter().flat_map(|list| &list.items);
    let all = |item: &&Item, is: fn(&str, &str, &Pattern) -> bool| {
        let patterns = context.patterns(item);
        let mut values = patterns.iter();
        !patterns.is_empty() && values.all(|value| is(provider, claim, value))
    };
    let open = |item: &&Item| all(item, lets_anybody_in);
    let nobody = items().filter(open).find(|item| all(item, names_nobody));
    let found = nobody.map(|item| (item, true));
    found.or_else(|| items().find(open).map(|item| (item, false)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;
    use leastwise_model::Level;

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
        let (every, alike) = ("matches every repository", "with such a name");
        for (subject, level, part) in [
            ("'*'", Level::Error, every),
            ("'repo:*'", Level::Error, every),
            ("['repo:shop/x:*', '*']", Level::Error, every),
            ("['repo:shop*', 'repo:*']", Level::Error, every),
            ("'repo:*/*:*'", Level::Error, alike),
            ("'repo:*:ref:refs/heads/main'", Level::Error, alike),
            ("'repo:*/x:*'", Level::Error, alike),
            ("'repo:*:environment:prod'", Level::Error, alike),
            ("'repo:shop*'", Level::Warning, alike),
        ] {
            let text = trust(&format!(
                "    Condition: {{StringLike: {{'token.actions.githubusercontent.com:sub': {subject}}}}}\n"
            ));
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            let [finding] = found.as_slice() else {
                panic!("{subject}: {found:?}");
            };
            assert_eq!(finding.level, level, "{subject}");
            assert!(finding.message.contains(part), "{}", finding.message);
        }
        // A claim that names somebody alike beside one that names nobody.
        let text = trust(
            "    Condition: {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:*', 'token.actions.githubusercontent.com:repository': 'sh*'}}\n",
        );
        let found = crate::tests::fixture::Fixture::new(&text, "").levels(&RULE);
        assert_eq!(found, [Level::Warning]);
    }

    #[test]
    fn operators_that_limit_nothing() {
        let text = trust(
            "    Condition:
      ForAllValues:StringLike:
        token.actions.githubusercontent.com:aud: sts.amazonaws.com
        token.actions.githubusercontent.com:sub: repo:shop/*
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
",
        );
        let found = check(&RULE, &text, "");
        assert!(
            found[0].starts_with("`ForAllValues` also matches tokens without"),
            "{found:?}"
        );
        let text = trust(
            "    Condition:
      StringNotLike:
        token.actions.githubusercontent.com:sub: repo:shop/*
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
",
        );
        let found = check(&RULE, &text, "");
        assert!(
            found[0].starts_with("`StringNotLike` only excludes what it names"),
            "{found:?}"
        );
        for operator in ["StringLikeIfExists", "ForAnyValue:StringEqualsIfExists"] {
            let text = trust(&format!(
                "    Condition: {{{operator}: {{'token.actions.githubusercontent.com:sub': 'repo:shop/x:pull_request'}}}}\n"
            ));
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{operator}");
            assert_eq!(found[0].level, leastwise_model::Level::Warning);
        }
        for condition in [
            "{StringLikeIfExists: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}, StringEquals: {'token.actions.githubusercontent.com:repository': shop/shop}}",
            // No token of GitHub's has these, so nobody is let in at all.
            "{StringEquals: {'https://token.actions.githubusercontent.com:sub': 'repo:shop/*'}}",
            "{StringEquals: {'gitlab.com:sub': x}}",
            "{StringEquals: {'aws:SourceVcpe': x}}",
            "{StringNotEquals: {'token.actions.githubusercontent.com:sub': x}, StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}",
            "{'ForAllValues:StringLike': {'token.actions.githubusercontent.com:sub': x}, StringEquals: {'token.actions.githubusercontent.com:repository': shop/shop}}",
            "{StringLike: {'token.actions.githubusercontent.com:sub': 'repo:*', 'token.actions.githubusercontent.com:repository_owner': shop}}",
            "{Odd: {'token.actions.githubusercontent.com:sub': x}}",
        ] {
            check(&RULE, &trust(&format!("    Condition: {condition}\n")), "");
        }
        // A statement that denies the others to do so.
        let denied = trust(
            "  - {Effect: Deny, Principal: {AWS: '111111111111'}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringNotLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}}\n",
        );
        check(&RULE, &denied, "");
        let wide = denied.replace(
            "  - {Effect: Deny",
            "    Condition: {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:*'}}\n  - {Effect: Deny",
        );
        check(&RULE, &wide, "");
    }

    #[test]
    fn silent_where_it_is_limited_or_not_known() {
        for condition in [
            "{StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}",
            "{StringEquals: {'token.actions.githubusercontent.com:sub': '*'}}",
            "{StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop@*/shop@*:*'}}",
            "{StringLike: {'token.actions.githubusercontent.com:sub': !Sub 'repo:${Owner}*'}}",
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
        assert!(messages[0].contains("any identity pool"), "{messages:?}");
    }

    #[test]
    fn keys_of_others_that_hold_without_being_there() {
        for condition in [
            "{StringNotEquals: {'gitlab.com:sub': x}}",
            "{StringEqualsIfExists: {'https://token.actions.githubusercontent.com:sub': x}}",
            "{StringEquals: {'aws:PrincipalTag/gitlab.com:sub': x}}",
        ] {
            let text = trust(&format!("    Condition: {condition}\n"));
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{condition}");
        }
    }

    #[test]
    fn providers_of_many_customers() {
        let found = |host: &str, condition: &str| {
            let text = format!(
                "Version: '2012-10-17'\nStatement:\n  Effect: Allow\n  Action: sts:AssumeRoleWithWebIdentity\n  Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/{host}'}}\n  Condition: {}\n",
                condition.replace('~', host)
            );
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            let levels: Vec<_> = found.into_iter().map(|of| of.level).collect();
            levels
        };
        let aud = "{StringEquals: {'~:aud': x}}";
        for (host, condition, levels) in [
            ("scalr.io", aud, &[Level::Error][..]),
            ("oidc.codefresh.io", aud, &[Level::Error]),
            (
                "proidc.upbound.io",
                "{StringLike: {'~:sub': 'mcp:*'}}",
                &[Level::Error],
            ),
            (
                "proidc.upbound.io",
                "{StringLike: {'~:sub': 'mcp:shop:*'}}",
                &[],
            ),
            (
                "tokens.cloud.shisho.dev",
                "{StringLike: {'~:sub': 'job:shop:*'}}",
                &[],
            ),
            (
                "studio.datachain.ai/api",
                "{StringLike: {'~:sub': 'credentials:shop*'}}",
                &[Level::Warning],
            ),
            (
                "studio.datachain.ai/api",
                "{StringLike: {'~:sub': 'credentials:shop/*'}}",
                &[],
            ),
            (
                "vstoken.actions.githubusercontent.com",
                "{StringLike: {'~:sub': 'repo:shop*'}}",
                &[Level::Warning],
            ),
            // Any project has such tokens.
            (
                "gitlab.com",
                "{StringEquals: {'~:ref_protected': 'true'}}",
                &[Level::Error],
            ),
            (
                "gitlab.com",
                "{StringEquals: {'~:project_id': '1', '~:ref_protected': 'true'}}",
                &[],
            ),
            (
                "agent.buildkite.com",
                "{StringEquals: {'~:build_branch': main}}",
                &[Level::Error],
            ),
            (
                "agent.buildkite.com",
                "{StringEquals: {'~:organization_slug': shop}}",
                &[],
            ),
            // The audience is the customer's own.
            ("api.pulumi.com/oidc", aud, &[]),
            ("oidc.vercel.com", aud, &[]),
            ("sandboxes.cloud", aud, &[]),
            (
                "sandboxes.cloud",
                "{Bool: {'aws:SecureTransport': true}}",
                &[Level::Error],
            ),
        ] {
            assert_eq!(found(host, condition), levels, "{host} {condition}");
        }
    }

    #[test]
    fn all_service_accounts_of_a_cluster() {
        let host = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
        let found = |host: &str, condition: &str| {
            let text = format!(
                "Version: '2012-10-17'\nStatement:\n  Effect: Allow\n  Action: sts:AssumeRoleWithWebIdentity\n  Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/{host}'}}\n  Condition: {condition}\n"
            );
            crate::tests::fixture::Fixture::new(&text, "")
                .findings(&RULE)
                .len()
        };
        let all = "system:serviceaccount:*:*";
        for condition in [
            format!("{{StringLike: {{'{host}:sub': '{all}'}}}}"),
            format!("{{StringLike: {{'{host}:sub': 'system:serviceaccount:*'}}}}"),
            format!(
                "{{StringLike: {{'{host}:sub': ['system:serviceaccount:a:b', '*'], '{host}:aud': sts.amazonaws.com}}}}"
            ),
        ] {
            assert_eq!(found(host, &condition), 1, "{condition}");
        }
        for condition in [
            format!("{{StringEquals: {{'{host}:sub': '{all}'}}}}"),
            format!("{{StringLike: {{'{host}:sub': 'system:serviceaccount:*:web'}}}}"),
            format!("{{StringLike: {{'{host}:sub': 'system:serviceaccount:shop:*'}}}}"),
            format!(
                "{{StringLike: {{'{host}:sub': !Sub 'system:serviceaccount:${{Namespace}}:*'}}}}"
            ),
            format!("{{StringLike: {{'{host}:sub': '{all}', 'aws:PrincipalTag/x': y}}}}"),
            format!("{{StringNotLike: {{'{host}:sub': '{all}'}}}}"),
            format!("{{StringLike: {{'{host}:other': '{all}'}}}}"),
            format!("{{StringLike: {{'{host}:sub': []}}}}"),
        ] {
            assert_eq!(found(host, &condition), 0, "{condition}");
        }
        let vault = "vault.shop.example";
        assert_eq!(
            found(vault, &format!("{{StringLike: {{'{vault}:sub': '*'}}}}")),
            0
        );
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

    /// What is said of a role for GitHub's tokens under this condition.
    fn told(condition: &str) -> Vec<String> {
        let text = trust(&format!("    Condition: {condition}\n"))
            .replace("~", "token.actions.githubusercontent.com");
        let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
        found.into_iter().map(|of| of.message).collect()
    }

    #[test]
    fn claims_that_any_repository_can_have() {
        for condition in [
            "{StringEquals: {'~:ref': refs/heads/main}}",
            "{StringEquals: {'~:environment': prod, '~:aud': sts.amazonaws.com}}",
            "{StringLike: {'~:workflow': 'deploy*'}}",
        ] {
            let told = told(condition);
            assert_eq!(told.len(), 1, "{condition}");
            assert!(told[0].starts_with("Nothing here limits whose tokens are allowed"));
        }
        for (condition, what) in [
            (
                "{StringLike: {'~:repository': '*'}}",
                "This `repository` matches",
            ),
            (
                "{StringLike: {'~:repository': '*/shop'}}",
                "This `repository` matches",
            ),
            (
                "{StringLike: {'~:repository': 'acme*'}}",
                "This `repository` matches",
            ),
            (
                "{StringLike: {'~:repository_id': '*'}}",
                "This `repository_id` matches",
            ),
            (
                "{StringLike: {'~:job_workflow_ref': '*'}}",
                "This `job_workflow_ref` matches",
            ),
            (
                "{StringLike: {'~:sub': 'repo:*', '~:repository': '*'}}",
                "This subject matches",
            ),
            (
                "{StringLike: {'~:sub': 'repo:*:ref:refs/heads/main'}, StringEquals: {'~:ref': refs/heads/main}}",
                "This subject matches",
            ),
        ] {
            let told = told(condition);
            assert_eq!(told.len(), 1, "{condition}");
            assert!(told[0].starts_with(what), "{told:?}");
        }
        for condition in [
            "{StringEquals: {'~:ref': refs/heads/main, '~:repository': acme/shop}}",
            "{StringLike: {'~:repository': 'acme/*', '~:ref': '*'}}",
            "{StringLike: {'~:repository': !Sub '${Owner}*'}}",
            "{StringLike: {'~:job_workflow_ref': 'acme/flows/.github/workflows/deploy.yml@*'}}",
            "{StringLike: {'~:sub': 'repo:*', '~:repository_id': '12*'}}",
            "{StringEquals: {'~:repository_id': '12'}}",
            "{StringEquals: {'~:actor_id': '12'}}",
            // AWS has no such key, so nobody is let in.
            "{StringEquals: {'~:repository_owner': acme}}",
        ] {
            assert_eq!(told(condition), [""; 0], "{condition}");
        }
    }
}
