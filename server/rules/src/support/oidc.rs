//! Identity providers in trust policies, and whose tokens their conditions let in.

use leastwise_catalog::catalog;
use leastwise_dialects::scope::NameKind;
use leastwise_model::text::Part;
use leastwise_model::{Item, Test};
use leastwise_policy::condition::{Family, Operator, Quantifier};
use leastwise_policy::{Arn, ArnShape, Pattern, Token};

use crate::Context;

/// A provider that signs the tokens of all its customers under one address.
pub(crate) struct Shared {
    /// The address.
    pub host: &'static str,
    /// What a customer's part is called.
    pub who: &'static str,
    /// How subjects begin.
    start: &'static str,
    /// What follows the customer's name.
    ends: &'static [char],
}

/// GitHub's address.
pub(crate) const GITHUB: &str = "token.actions.githubusercontent.com";

/// The claims of every provider's tokens that AWS offers as condition keys:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>.
const OF_ALL: [&str; 5] = ["amr", "aud", "email", "oaud", "sub"];

/// Providers of which AWS lists the other claims that it offers, since January 2026; the catalog has them.
const LISTED: [&str; 3] = [BUILDKITE, GITHUB, GITLAB];

const BUILDKITE: &str = "agent.buildkite.com";
const GITLAB: &str = "gitlab.com";

/// Claims that tokens of strangers have as well: anybody can name a branch, an environment or a workflow so.
const OF_ANYBODY: [(&str, &[&str]); 3] = [
    (
        BUILDKITE,
        &["build_branch", "cluster_name", "pipeline_slug"],
    ),
    (GITHUB, &["environment", "ref", "workflow"]),
    (
        GITLAB,
        &[
            "pipeline_source",
            "ref_protected",
            "runner_environment",
            "user_access_level",
        ],
    ),
];

/// Whether a claim doesn't say whose token it is, whatever its value.
pub(crate) fn says_nothing_of_whom(host: &str, claim: &str) -> bool {
    let of_anybody = |(of, claims): &(&str, &[&str])| *of == host && claims.contains(&claim);
    matches!(claim, "aud" | "iss" | "amr") || OF_ANYBODY.iter().any(of_anybody)
}

/// Whether a subject of GitHub's is made of claims that anybody can have. A repository chooses the claims that its subjects
/// are made of: <https://docs.github.com/rest/actions/oidc>, `include_claim_keys`.
fn is_made_of_anybodys_claims(subject: &Pattern) -> bool {
    const ANYBODYS: [&str; 9] = [
        "base_ref",
        "context",
        "environment",
        "event_name",
        "ref",
        "ref_type",
        "repository_visibility",
        "runner_environment",
        "workflow",
    ];
    let Some(text) = subject.as_literal() else {
        return false;
    };
    let first = text.split(':').next().unwrap_or_default();
    let mut others = text.split(':').skip(1);
    ANYBODYS.contains(&first)
        && !others.any(|part| {
            part.starts_with("repo")
                || part.ends_with("workflow_ref")
                || part.starts_with("enterprise")
                || part.starts_with("actor")
        })
}

/// Whether a value fits the tokens of anybody.
pub(crate) fn lets_anybody_in(host: &str, claim: &str, value: &Pattern) -> bool {
    let (known, open) = before_wildcards(value);
    if host == GITHUB && claim == "sub" && is_made_of_anybodys_claims(value) {
        return true;
    }
    if !value.has_wildcards() || open {
        return false;
    }
    is_all_wildcards(value)
        || match (shared(host), claim) {
            (Some(shared), "sub") => shared.lets_anybody_in(value),
            // `owner/name`, and `owner/name/.github/workflows/…`.
            _ if host == GITHUB => {
                matches!(claim, "repository" | "job_workflow_ref") && !known.contains('/')
            }
            _ => false,
        }
}

/// Whether a value that lets anybody in says nothing at all of whom: no part of a name stands before its first wildcard.
pub(crate) fn names_nobody(host: &str, claim: &str, value: &Pattern) -> bool {
    is_all_wildcards(value)
        || claim == "sub" && shared(host).is_some_and(|shared| shared.names_nobody(value))
}

/// Whether a value with wildcards fits all tokens of a provider's customers.
pub(crate) fn fits_everybody(host: &str, value: &Pattern) -> bool {
    let all = shared(host).map(|shared| Pattern::literal(&format!("{}*", shared.start)));
    is_all_wildcards(value) || all.is_some_and(|all| value.covers(&all))
}

fn is_all_wildcards(value: &Pattern) -> bool {
    value.raw().bytes().all(|b| matches!(b, b'*' | b'?'))
}

/// Whether a test is on a claim of a provider's tokens that AWS offers no condition key for, and so never holds.
pub(crate) fn is_not_offered(test: &Test) -> bool {
    let Some((host, name)) = test.key.as_deref().and_then(claim) else {
        return false;
    };
    let plain = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let is_offered = || {
        let key = format!("{host}:{name}");
        OF_ALL.contains(&name.as_str()) || catalog().condition_key(&key).is_some()
    };
    LISTED.contains(&host.as_str())
        && plain
        && !is_offered()
        && narrows(test) == Some(Narrows::Values)
}

/// Those that AWS names in its examples of policies which limit them, with how their subjects begin:
/// <https://github.com/aws-samples/resource-control-policy-examples>.
const SHARED: &[Shared] = &[
    Shared {
        host: GITHUB,
        who: "repository on GitHub",
        start: "repo:",
        // `repo:owner/name:…`, or with numbers that stay when names change: `repo:owner@1/name@2:…`.
        ends: &['/', '@'],
    },
    Shared {
        host: "vstoken.actions.githubusercontent.com",
        who: "repository on GitHub",
        start: "repo:",
        ends: &['/', '@'],
    },
    Shared {
        host: GITLAB,
        who: "project on GitLab",
        start: "project_path:",
        ends: &['/'],
    },
    Shared {
        host: "app.terraform.io",
        who: "organization on HCP Terraform",
        start: "organization:",
        ends: &[':'],
    },
    Shared {
        host: BUILDKITE,
        who: "organization on Buildkite",
        start: "organization:",
        ends: &[':'],
    },
    Shared {
        host: "scalr.io",
        who: "account on Scalr",
        start: "account:",
        ends: &[':'],
    },
    Shared {
        host: "oidc.codefresh.io",
        who: "account on Codefresh",
        start: "account:",
        ends: &[':'],
    },
    Shared {
        host: "proidc.upbound.io",
        who: "organization on Upbound",
        start: "mcp:",
        ends: &[':'],
    },
    Shared {
        host: "tokens.cloud.shisho.dev",
        who: "organization on Shisho Cloud",
        start: "job:",
        ends: &[':'],
    },
    Shared {
        host: "studio.datachain.ai/api",
        who: "team on DataChain Studio",
        start: "credentials:",
        ends: &['/'],
    },
];

/// The shared provider of an address.
pub(crate) fn shared(provider: &str) -> Option<&'static Shared> {
    // Below GitHub's address an enterprise can have one of its own, whose tokens are for its repositories alone.
    SHARED.iter().find(|shared| provider == shared.host)
}

impl Shared {
    /// Whether a subject is that of every customer: nothing at all of a name stands before its first wildcard.
    pub(crate) fn names_nobody(&self, subject: &Pattern) -> bool {
        let (known, _) = before_wildcards(subject);
        self.lets_anybody_in(subject) && self.start.starts_with(&known)
    }

    /// Whether a subject with wildcards can be that of anybody: the customer isn't named before the first of them. What
    /// isn't known may be the name.
    pub(crate) fn lets_anybody_in(&self, subject: &Pattern) -> bool {
        let (known, open) = before_wildcards(subject);
        if !subject.has_wildcards() || open {
            return false;
        }
        match known.strip_prefix(self.start) {
            Some(name) => !name.contains(self.ends),
            None if self.start.starts_with(&known) => true,
            // Subjects can be made of other claims: `repository_owner:acme:…`.
            None => known
                .split_once(':')
                .is_some_and(|(name, value)| value.is_empty() && !name.contains('/')),
        }
    }
}

/// The characters before the first wildcard, and whether something unknown stands among them.
pub(crate) fn before_wildcards(pattern: &Pattern) -> (String, bool) {
    let mut text = String::new();
    let mut open = false;
    for token in pattern.tokens() {
        match token {
            Token::Literal(part) => text.push_str(part),
            Token::Hole(_) => open = true,
            Token::Star | Token::Question => break,
        }
    }
    (text, open)
}

/// How a test narrows down whose token it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Narrows {
    /// To the values.
    Values,
    /// To all but the values.
    Others,
    /// Only tokens that have the claim.
    Perhaps,
}

/// How a test on a claim narrows down whose token it is; `None` for an operator that isn't one.
pub(crate) fn narrows(test: &Test) -> Option<Narrows> {
    let operator = Operator::parse(&test.operator).ok()?;
    Some(match operator.quantifier {
        _ if operator.base.negated || operator.base.family == Family::Null => Narrows::Others,
        Some(Quantifier::ForAllValues) => Narrows::Perhaps,
        _ if operator.if_exists => Narrows::Perhaps,
        _ => Narrows::Values,
    })
}

/// A condition key as the address of a provider, in lower case, and the claim.
pub(crate) fn claim(key: &str) -> Option<(String, String)> {
    let (host, claim) = key.rsplit_once(':')?;
    // The address of some, such as Microsoft's and Auth0's, ends in a slash.
    let host = host.trim_end_matches('/');
    host.contains('.')
        .then(|| (host.to_ascii_lowercase(), claim.to_ascii_lowercase()))
}

/// Whether a test is on a claim that no token of a provider has, and so never holds for one: the key is another
/// provider's, or has a scheme before the address.
pub(crate) fn is_never_met(test: &Test, provider: &str) -> bool {
    let Some((host, _)) = test.key.as_deref().and_then(claim) else {
        return false;
    };
    let bare = host.strip_prefix("https://").unwrap_or(&host);
    let like_one = !bare.contains([' ', '$', '{', '<', '%', '*']) && !bare.starts_with("aws:");
    if host == provider && is_not_offered(test) {
        return true;
    }
    // With another operator the test holds for every token: what that lets in is another matter.
    host != provider && like_one && narrows(test) == Some(Narrows::Values)
}

/// The address of a provider in lower case, without `https://`: from its ARN, its name, or the resource of the
/// template that it is.
pub(crate) fn provider(context: &Context<'_>, item: &Item) -> Option<String> {
    let own = match item.text.parts.as_slice() {
        [Part::Variable { name, .. }] => Some(name),
        [Part::Attribute { resource, .. }] => Some(resource),
        _ => None,
    };
    let state = context.analysis.state();
    let named = own.and_then(|name| state.named(context.tree, name));
    if let Some(resource) = named.filter(|named| named.kind == NameKind::Resource) {
        if resource.type_name != "AWS::IAM::OIDCProvider" {
            return None;
        }
        let properties = resource.value?.node;
        let url = context.tree.text(context.tree.get(properties, "Url")?)?;
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

/// GitHub's other form of a subject, in which numbers stand behind the names of owner and repository: new and renamed
/// repositories have it since July 2026. `None` where the names can't be told apart.
pub(crate) fn with_ids(subject: &Pattern) -> Option<Pattern> {
    let names = subject.raw().strip_prefix("repo:")?;
    let slash = names.find('/')?;
    let colon = slash + names.get(slash..)?.find(':')?;
    let at = "repo:".len();
    let mut other = Pattern::builder();
    other
        .push_pattern(&subject.slice(0..at + slash))
        .push_literal("@")
        .push_word("owner's number")
        .push_pattern(&subject.slice(at + slash..at + colon))
        .push_literal("@")
        .push_word("repository's number")
        .push_pattern(&subject.slice(at + colon..subject.len()));
    Some(other.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_subject() {
        let ids = |text: &str| with_ids(&Pattern::literal(text)).map(|other| other.display());
        assert_eq!(
            ids("repo:acme/shop:ref:refs/heads/a/b").as_deref(),
            Some("repo:acme@${owner's number}/shop@${repository's number}:ref:refs/heads/a/b")
        );
        assert_eq!(ids("repo:${repository}:pull_request"), None);
        assert_eq!(ids("project_path:acme/shop:ref_type:tag:ref:v1"), None);
    }

    #[test]
    fn subjects_made_of_claims_that_anybody_has() {
        let open =
            |host: &str, subject: &str| lets_anybody_in(host, "sub", &Pattern::literal(subject));
        for subject in [
            "environment:prod",
            "ref:refs/heads/main",
            "event_name:push",
            "workflow:deploy:environment:prod",
        ] {
            assert!(open(GITHUB, subject), "{subject}");
            assert!(!open(GITLAB, subject), "{subject}");
        }
        for subject in [
            "environment:prod:repository_owner:acme",
            "ref:refs/heads/main:job_workflow_ref:acme/shop/x.yml@main",
            "repository_owner_id:1",
            "environment:${Name}",
            "repo:acme/shop:environment:prod",
            "cost_center:shop",
        ] {
            assert!(!open(GITHUB, subject), "{subject}");
        }
    }

    #[test]
    fn whom_a_subject_lets_in() {
        let open = |host: &str, subject: &str| {
            shared(host).map(|shared| shared.lets_anybody_in(&Pattern::literal(subject)))
        };
        for (subject, expected) in [
            ("*", true),
            ("?*", true),
            ("repo*", true),
            ("repo:*", true),
            ("repo:*/shop:*", true),
            ("repo:acme*", true),
            ("repo:acme*/shop:*", true),
            ("repo:*:environment:prod", true),
            ("*acme/shop*", true),
            ("repository_owner:*", true),
            ("repo:acme/*", false),
            ("repo:acme@1/*", false),
            ("repo:acme@*/shop@*:environment:prod", false),
            ("repo:acme/shop:environment:prod", false),
            ("repo:${Owner}*", false),
            ("repo:acme", false),
            ("repo", false),
            ("repository_owner:acme:*", false),
            ("acme/shop:*", false),
        ] {
            assert_eq!(open(GITHUB, subject), Some(expected), "{subject}");
        }
        for (host, subject, expected) in [
            ("gitlab.com", "project_path:*:ref_type:tag:ref:v1", true),
            ("gitlab.com", "project_path:acme*", true),
            ("gitlab.com", "project_path:acme/*", false),
            ("app.terraform.io", "organization:*:project:x:*", true),
            ("app.terraform.io", "organization:acme:*", false),
            (
                "agent.buildkite.com",
                "organization:acm*:pipeline:x:*",
                true,
            ),
        ] {
            assert_eq!(open(host, subject), Some(expected), "{subject}");
        }
        assert!(shared("oidc.circleci.com/org/1").is_none());
        assert!(shared("gitlab.com.example.org").is_none());
        assert!(shared("token.actions.githubusercontent.com/acme").is_none());
    }
}
