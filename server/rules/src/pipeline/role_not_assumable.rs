//! Finds roles that a CI pipeline assumes although their trust policy doesn't allow it.
//!
//! A trust policy that names another repository, branch or environment, or doesn't trust the host's tokens at all,
//! rejects the job: the deployment fails at its first step, often only after the branch is merged. The rule knows the
//! repository from git's `origin`, and the claims of a job from its triggers and its environment; it reports only what
//! no claim of the job can match. GitHub's subjects have two forms, one with names alone (`repo:acme/shop:…`) and one
//! with numbers after them (`repo:acme@123/shop@456:…`); no file says which one a repository's tokens use, so either is
//! accepted.
//!
//! ## Beside
//!
//! ```yaml
//! Resources:
//!   Deployer:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-deployer
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'}
//!             Action: sts:AssumeRoleWithWebIdentity
//!             Condition:
//!               StringEquals: {token.actions.githubusercontent.com:aud: sts.amazonaws.com}
//!               StringLike: {token.actions.githubusercontent.com:sub: 'repo:acme/shop:environment:prod'}
//! ```
//!
//! ## Example
//!
//! ```yaml
//! on: {push: {branches: [main]}}
//! jobs:
//!   deploy:
//!     environment: production
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deployer
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! on: {push: {branches: [main]}}
//! jobs:
//!   deploy:
//!     environment: prod
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deployer
//! ```

use leastwise_catalog::catalog;
use leastwise_model::pipeline::Host;
use leastwise_model::{Known, Level, OwnerKind, SiteKind, Statement};
use leastwise_policy::condition::Operator;
use leastwise_policy::{Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::Span;
use leastwise_workspace::analysis::index::{Index, Indexed};

use super::{Assumed, assumed};
use crate::support::oidc;
use crate::support::permissions::takes_in;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "role-not-assumable",
    group: Group::Pipeline,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role whose trust policy doesn't allow the CI pipeline that assumes it",
    fix: FixKind::None,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::Workspace(find)],
};

/// A role that lets none of a job's tokens in.
struct NotAssumable {
    at: Span,
    role: String,
    /// The file that declares it.
    path: String,
    /// What the job's tokens say of it.
    subjects: Vec<String>,
    job: String,
}

fn find(context: &Context<'_>, index: &Index, facts: &mut Facts<'_>) {
    let Some(Assumed { host, roles }) = assumed(context) else {
        return;
    };
    for (role, name, at) in roles {
        let Known::Is(subjects) = &role.subjects else {
            continue;
        };
        let declared: Vec<_> = index
            .owners(OwnerKind::Role, &name)
            .filter(|(_, _, owner)| owner.declared.is_some())
            .collect();
        let admitted = declared
            .iter()
            .any(|(file, at, _)| admits(file, *at, host, subjects).possible());
        let Some((file, _, owner)) = declared.first().filter(|_| !admitted) else {
            continue;
        };
        facts.push(NotAssumable {
            at,
            role: owner.label.clone(),
            path: file.analysis.path.clone(),
            subjects: subjects.iter().map(Pattern::display).collect(),
            job: role.job.clone(),
        });
    }
}

impl Fact for NotAssumable {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let claims: Vec<_> = self.subjects.iter().map(|of| format!("`{of}`")).collect();
        let message = format!(
            "The trust policy of `{}` in {} doesn't allow this job: it can't get credentials.",
            self.role, self.path
        );
        Finding::new(&RULE, self.at, message)
            .help(format!(
                "Allow this job's subject in the `sub` condition of the trust policy: {}.",
                claims.join(" or ")
            ))
            .owner(Some(&self.job))
    }
}

/// Whether a role's trust policy lets in a token of the host with one of these subjects. `No` only where it surely
/// doesn't.
fn admits(file: &Indexed, owner: usize, host: Host, subjects: &[Pattern]) -> Tri {
    let context = Context::new(&file.tree, &file.analysis);
    let Some(assume) = catalog().action("sts", "AssumeRoleWithWebIdentity") else {
        return Tri::Maybe;
    };
    let mut seen = false;
    for site in file.analysis.sites_of(owner) {
        if site.kind != SiteKind::Trust {
            continue;
        }
        seen = true;
        let policy = context.policy(site);
        let may = policy.statements.iter().any(|statement| {
            !statement.denies()
                && takes_in(statement, assume).possible()
                && trusts(&context, statement, host)
                && subjects
                    .iter()
                    .any(|subject| meets(&context, statement, host, subject))
        });
        if may || policy.is_open() {
            return Tri::Maybe;
        }
    }
    if seen { Tri::No } else { Tri::Maybe }
}

/// Whether a statement may be about the host's tokens.
fn trusts(context: &Context<'_>, statement: &Statement, host: Host) -> bool {
    let Some(principals) = statement.principal.known() else {
        return true;
    };
    if principals.star || principals.dynamic {
        return true;
    }
    principals.values("Federated").iter().any(|item| {
        let patterns = context.patterns(item);
        patterns.is_empty()
            || patterns
                .iter()
                .any(|pattern| is_provider(pattern, host.provider))
    })
}

/// Whether a `Federated` principal may be the provider of an address, or of one below it.
fn is_provider(principal: &Pattern, address: &str) -> bool {
    let ArnShape::Arn(arn) = Arn::parse(principal) else {
        return principal.has_holes() || principal.display().contains(address);
    };
    let resource = arn.resource.pattern();
    ["", "/*"].iter().any(|below| {
        let provider = Pattern::literal(&format!("oidc-provider/{address}{below}"));
        resource.overlaps(&provider).possible()
    })
}

/// Whether a subject may meet all conditions on it.
fn meets(context: &Context<'_>, statement: &Statement, host: Host, subject: &Pattern) -> bool {
    let key = format!("{}:sub", host.provider);
    let tests = match &statement.condition {
        Known::Is(tests) => tests,
        Known::Missing | Known::Dynamic(_) => return true,
    };
    tests
        .iter()
        .filter(|test| {
            test.key
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(&key))
        })
        .all(|test| {
            let (Ok(operator), Some(values)) =
                (Operator::parse(&test.operator), test.values.known())
            else {
                return true;
            };
            let texts = operator.base.name.starts_with("String");
            if operator.base.negated || !texts || values.dynamic {
                return true;
            }
            let other = oidc::with_ids(subject);
            let mut forms = [Some(subject), other.as_ref()].into_iter().flatten();
            forms.any(|subject| {
                values.items.iter().any(|item| {
                    let patterns = context.patterns(item);
                    patterns.is_empty()
                        || patterns
                            .iter()
                            .any(|pattern| pattern.overlaps(subject).possible())
                })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::Fixture;

    fn role(condition: &str) -> String {
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
            Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {condition}
"
        )
    }

    fn workflow(on: &str, job: &str) -> String {
        format!(
            "on: {on}
jobs:
  deploy:
    {job}
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {{role-to-assume: 'arn:aws:iam::111111111111:role/shop-deployer', aws-region: eu-west-1}}
"
        )
    }

    #[test]
    fn claims_against_conditions() {
        let sub = |value: &str| {
            format!("{{StringLike: {{'token.actions.githubusercontent.com:sub': {value}}}}}")
        };
        let main = sub("'repo:acme/shop:ref:refs/heads/main'");
        let any = sub("'repo:acme/shop:*'");
        let prod = sub("['repo:acme/shop:environment:prod', 'repo:acme/tools:*']");
        let pulls = sub("'repo:acme/shop:pull_request'");
        let other = sub("'repo:acme/other:*'");
        let ids = sub("'repo:acme@12/shop@34:ref:refs/heads/main'");
        let any_ids = sub("'repo:acme@*/shop@*:environment:prod'");
        let other_ids = sub("'repo:acme@12/other@34:ref:refs/heads/main'");
        let audience = "{StringEquals: {'token.actions.githubusercontent.com:aud': x}}".to_owned();
        let plain = "runs-on: x";
        for (condition, on, job, admitted) in [
            (&main, "push", plain, true),
            (&main, "{push: {branches: [main]}}", plain, true),
            (&main, "{push: {branches: ['ma*']}}", plain, true),
            (&main, "{push: {branches: [release]}}", plain, false),
            (&main, "{push: {branches: ['v[0-9]+']}}", plain, false),
            (&main, "{push: {tags: ['v*']}}", plain, false),
            (&main, "{push: {branches-ignore: [wip]}}", plain, true),
            (&main, "pull_request", plain, false),
            (&main, "[pull_request, workflow_dispatch]", plain, true),
            (&main, "{schedule: [{cron: '0 0 * * *'}]}", plain, true),
            (&main, "workflow_call", plain, true),
            (&main, "push", "environment: prod", false),
            (
                &main,
                "push",
                "environment: '${{ inputs.environment }}'",
                false,
            ),
            (&any, "pull_request", "environment: {name: prod}", true),
            (&prod, "push", "environment: prod", true),
            (
                &prod,
                "push",
                "environment: '${{ inputs.environment }}'",
                true,
            ),
            (&prod, "push", "environment: dev", false),
            (&pulls, "pull_request", plain, true),
            (&pulls, "push", plain, false),
            (&other, "push", plain, false),
            (&ids, "push", plain, true),
            (&ids, "push", "environment: prod", false),
            (&any_ids, "push", "environment: prod", true),
            (&any_ids, "{push: {branches: [main]}}", plain, false),
            (&other_ids, "push", plain, false),
            (&audience, "push", plain, true),
        ] {
            let role = role(condition);
            let fixture = Fixture::beside(&workflow(on, job), "", Some(&role));
            let found = fixture.findings(&RULE);
            assert_eq!(
                found.is_empty(),
                admitted,
                "{condition} {on} {job} {found:?}"
            );
        }
    }

    #[test]
    fn roles_that_trust_no_host_at_all() {
        let role = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
";
        let gitlab = "deploy:
  id_tokens: {TOKEN: {aud: x}}
  variables: {ROLE: 'arn:aws:iam::111111111111:role/ci/shop-deployer'}
  script:
    - >
      aws sts assume-role-with-web-identity --role-arn $ROLE --web-identity-token $TOKEN
";
        for text in [gitlab.to_owned(), workflow("push", "runs-on: x")] {
            let found = Fixture::beside(&text, "", Some(role)).findings(&RULE);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].owner.as_deref(), Some("deploy"), "{found:?}");
        }
        // With other credentials than a token, the trust policy may name an account.
        let chained = "on: push
jobs:
  deploy:
    steps:
      - run: aws sts assume-role --role-arn arn:aws:iam::111111111111:role/shop-deployer
";
        assert!(
            Fixture::beside(chained, "", Some(role))
                .findings(&RULE)
                .is_empty()
        );
    }
}
