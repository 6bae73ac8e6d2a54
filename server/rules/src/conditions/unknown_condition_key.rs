//! Finds condition keys that don't exist.
//!
//! IAM accepts them silently, and no request ever has them. A test that such a key equals something never holds: the
//! statement allows, or denies, nothing. A test that it doesn't equal something, or one with `…IfExists`, always holds:
//! it limits nothing of what is allowed, and exempts nothing from what is denied.
//!
//! A key that resembles no known key is only a warning: it may be newer than the catalog.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       StringEquals:
//!         aws:SourceVcpe: vpce-1a2b3c4d
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       StringEquals:
//!         aws:SourceVpce: vpce-1a2b3c4d
//! ```

use std::sync::Arc;

use leastwise_catalog::catalog;
use leastwise_model::{Level, Site, SiteKind, Statement};
use leastwise_policy::condition::Operator;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::effect::{Asked, Comes};
use super::reading::{
    Reading, consequence, is_of_iam, is_of_provider, probable_consequence, readings,
};
use crate::privilege::oidc_subject::is_found;
use crate::support::impact::Weight;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-condition-key",
    group: Group::Conditions,
    level: Level::Error,
    since: "0.1.0",
    summary: "A condition key that doesn't exist",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_GLOBAL_CONDITION_KEY"),
        ("access-analyzer", "INVALID_SERVICE_CONDITION_KEY"),
        ("access-analyzer", "INVALID_CONDITION_KEY_FORMAT"),
        ("access-analyzer", "MISSING_TAG_KEY_IN_CONDITION"),
        ("iam-policy-validator", "condition_key_validation"),
    ],
    scope: &[Scope::Statement(find)],
};

/// How long a message is at most that names the service beside the key.
const ROOM: usize = 120;

/// A key that doesn't exist.
struct Unknown {
    at: Span,
    key: String,
    why: Why,
    /// What comes of it.
    consequence: String,
    statement: NodeId,
    kind: SiteKind,
    /// What the statement comes to do by the right key.
    comes: Comes,
    /// What was probably meant, nearest first, with the node that names it where that can be changed.
    meant: Vec<(String, Option<NodeId>)>,
    owner: Option<String>,
}

enum Why {
    /// No service stands before it.
    Prefix,
    /// AWS has no service of that name.
    Service,
    /// The service, or AWS as a whole, has no key of that name.
    Key(&'static str),
    /// It lacks what follows the name: the key of a tag.
    Name,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if !is_of_iam(site) {
        return;
    }
    for reading in readings(statement) {
        let Some(why) = why(reading.key) else {
            continue;
        };
        if is_found(context, site, statement, reading.test) {
            continue;
        }
        let meant = match why {
            Why::Name => Arc::default(),
            _ => context.analysis.memo.meant_keys(reading.key),
        };
        let holds = reading.without_key(context);
        let comes = Comes::of(statement, holds);
        let consequence = match is_sure(&why, !meant.is_empty()) {
            true => consequence(statement, holds).to_owned(),
            false => probable_consequence(statement, holds),
        };
        facts.push(Unknown {
            at: context.content(reading.test.key_node),
            key: reading.key.to_owned(),
            why,
            consequence,
            statement: statement.node,
            comes,
            kind: site.kind,
            meant: meant
                .iter()
                .map(|meant| {
                    let node = changeable(context, statement, &reading, meant);
                    (meant.clone(), node)
                })
                .collect(),
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Whether a key surely doesn't exist, and isn't newer than the catalog; `near`: whether it resembles a known one.
fn is_sure(why: &Why, near: bool) -> bool {
    near || matches!(why, Why::Prefix | Why::Name)
}

fn why(key: &str) -> Option<Why> {
    // Without a colon it is of no provider, either.
    if catalog().condition_key(key).is_some() || is_of_provider(key) && key.contains(':') {
        return None;
    }
    let Some((prefix, name)) = key.split_once(':') else {
        // An operator in an operator is another fault.
        return Operator::parse(key).is_err().then_some(Why::Prefix);
    };
    // Some lists have the name of a tag's key as it is written for readers.
    if let Some((base, _)) = key.split_once('/')
        && ["", "tag-key"].iter().any(|end| {
            let listed = format!("{base}/{end}");
            catalog().condition_key(&listed).is_some()
        })
    {
        return None;
    }
    if prefix.is_empty() {
        return Some(Why::Prefix);
    }
    let named = format!("{}/x", key.trim_end_matches(['/', ':']));
    if catalog().condition_key(&named).is_some() {
        return Some(Why::Name);
    }
    if name.is_empty() {
        return None;
    }
    Some(match (prefix, catalog().service(prefix)) {
        ("aws", _) => Why::Key("AWS"),
        (_, Some(service)) => Why::Key(service.name()),
        (_, None) => Why::Service,
    })
}

/// The node of a key that can be called otherwise: not where a loop makes it, nor where the right one stands beside it.
fn changeable(
    context: &Context<'_>,
    statement: &Statement,
    reading: &Reading<'_>,
    meant: &str,
) -> Option<NodeId> {
    let node = reading.test.key_node;
    let plain = context.tree.text(node) == Some(reading.key);
    (plain && !reading.has_twin(statement, meant)).then_some(node)
}

impl Fact for Unknown {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let Unknown {
            key, consequence, ..
        } = self;
        let sure = is_sure(&self.why, !self.meant.is_empty());
        let message = match &self.why {
            Why::Prefix => {
                format!("`{key}` isn't a condition key: {consequence}.")
            }
            Why::Service => format!(
                "`{key}` doesn't exist, as no service has the prefix `{}`: {consequence}.",
                key.split(':').next().unwrap_or_default()
            ),
            // The key's prefix names the service, too.
            Why::Key(whose) => {
                let named = format!("{whose} has no condition key `{key}`: {consequence}.");
                match named.chars().count() <= ROOM {
                    true => named,
                    false => format!("`{key}` isn't a condition key: {consequence}."),
                }
            }
            Why::Name => format!("`{key}` is incomplete without a tag key: {consequence}."),
        };
        let names: Vec<String> = self
            .meant
            .iter()
            .map(|(meant, _)| format!("`{meant}`"))
            .collect();
        let help = match self.why {
            Why::Name => format!("Write `{key}/` and the key of the tag."),
            _ if !names.is_empty() => format!("Did you mean {}?", names.join(" or ")),
            Why::Prefix => "Write it as `service:key` or `aws:key`.".to_owned(),
            _ => format!(
                "Use a key of the service, or a global one (`aws:`), unless this is newer than {}.",
                catalog().date()
            ),
        };
        let level = if sure { Level::Error } else { Level::Warning };
        Finding::new(&RULE, self.at, message)
            .level(level)
            .help(help)
            .owner(self.owner.as_deref())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let key = &self.key;
        // The key of another service is another key, and of two one is wrong.
        let prefix = |key: &str| key.split(':').next().map(str::to_ascii_lowercase);
        let own = |meant: &str| meant.starts_with("aws:") || prefix(meant) == prefix(key);
        let plain = self.meant.len() == 1 && self.meant.iter().all(|of| own(&of.0));
        let (statement, comes) = (self.statement, self.comes);
        let weight = || Weight::within(context, statement, self.kind);
        let safety = || Safety::changes(plain && !comes.is_grave(weight));
        let fix = |(meant, node): &(String, Option<NodeId>)| {
            let (meant, node) = (meant.clone(), (*node)?);
            let title = format!("Replace with {meant}");
            Some(LazyFix::new(title, safety(), move |context| {
                let text = meant.clone();
                let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
                let asked = |own: &Statement| {
                    let mut tests = readings(own).filter(|of| of.test.key_node == node);
                    let test = tests.next();
                    test.map_or_else(Asked::default, |of| {
                        Asked::default().and(context, &meant, &of.operator, &of.test.values)
                    })
                };
                Some(comes.announced(context, fix, statement, asked))
            }))
        };
        self.meant.iter().filter_map(fix).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    fn policy(effect: &str, condition: &str) -> String {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: 's3:*', Resource: '*', Condition: {{{condition}}}}}\n"
        )
    }

    #[test]
    fn a_key_of_a_provider_with_its_scheme() {
        let policy = |statement: &str| {
            let text = format!(
                "Version: '2012-10-17'\nStatement: {{Effect: Allow, Condition: {{StringEquals: {{'https://gitlab.com:sub': x}}}}, {statement}}}\n"
            );
            Fixture::new(&text, "").findings(&RULE).len()
        };
        assert_eq!(policy("Action: 's3:GetObject', Resource: '*'"), 1);
        // The rule on subjects tells it.
        let trust = "Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}";
        assert_eq!(policy(trust), 0);
    }

    #[test]
    fn marks_the_key() {
        let messages = check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: '*'
    Resource: '*'
    Condition:
      StringEquals:
        aws:SourceVcpe: vpce-1
        ^^^^^^^^^^^^^^
        s3:SourceVpce: vpce-1
        ^^^^^^^^^^^^^
        ec2:ResourceTags/team: shop
        ^^^^^^^^^^^^^^^^^^^^^
        aws:ResourceTag: shop
        ^^^^^^^^^^^^^^^
        SourceIp: 203.0.113.7
        ^^^^^^^^
        lamda:FunctionArn: shop
        ^^^^^^^^^^^^^^^^^
        s3:ExistingObjectTag/team: shop
        AWS:requesttag/a: b
        kms:EncryptionContext:aws:s3:arn: x
        token.actions.githubusercontent.com:nothing: x
        login.shop.example/oidc:sub: x
        SAML:nothing: x
        glacier:ResourceTag/team: shop
        '${Key}': x
        'aws:PrincipalTag/${Key}': x
        '{{ key }}': x
"#,
            "",
        );
        for (message, part) in messages.iter().zip([
            "AWS has no condition key `aws:SourceVcpe`",
            "has no condition key `s3:SourceVpce`",
            "has no condition key `ec2:ResourceTags/team`",
            "is incomplete without a tag key",
            "isn't a condition key: ",
            "no service has the prefix `lamda`",
        ]) {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn says_what_comes_of_it() {
        for (effect, condition, part) in [
            (
                "Allow",
                "StringEquals: {aws:SourceVcpe: a}",
                "the statement has no effect",
            ),
            (
                "Deny",
                "ForAnyValue:StringLike: {aws:SourceVcpe: a}",
                "the statement has no effect",
            ),
            (
                "Deny",
                "StringNotEquals: {aws:SourceVcpe: a}",
                "is always met and every such request is denied",
            ),
            (
                "Allow",
                "StringNotEquals: {aws:SourceVcpe: a}",
                "is always met and limits nothing",
            ),
            (
                "Allow",
                "ForAllValues:StringEquals: {s3:ShoeSize: a}",
                "the condition is probably always met and limits nothing",
            ),
            (
                "Allow",
                "ForAnyValue:StringEquals: {s3:ShoeSize: a}",
                "the statement probably has no effect",
            ),
            (
                "Allow",
                "StringEqualsIfExists: {aws:SourceVcpe: a}",
                "limits nothing",
            ),
            (
                "Allow",
                "ForAllValues:StringEquals: {aws:SourceVcpe: a}",
                "limits nothing",
            ),
            (
                "Allow",
                "ForAnyValue:StringNotEquals: {aws:SourceVcpe: a}",
                "the statement has no effect",
            ),
            (
                "Allow",
                "'Null': {aws:SourceVcpe: 'true'}",
                "limits nothing",
            ),
            (
                "Allow",
                "'Null': {aws:SourceVcpe: 'false'}",
                "the statement has no effect",
            ),
            (
                "Allow",
                "'Null': {aws:SourceVcpe: '${X}'}",
                "the condition has no effect",
            ),
        ] {
            let fixture = Fixture::new(&policy(effect, condition), "");
            let findings = fixture.findings(&RULE);
            assert!(
                findings[0].message.contains(part),
                "{}",
                findings[0].message
            );
        }
    }

    #[test]
    fn keys_of_no_service() {
        let found = |key: &str| {
            let condition = format!("StringEquals: {{'{key}': a}}");
            let fixture = Fixture::new(&policy("Allow", &condition), "");
            let findings = fixture.findings(&RULE);
            findings.first().map(|it| it.message.clone())
        };
        for key in [
            ":x:",
            "aws-ResourceTag/x",
            "token.actions.githubusercontent.comsub",
        ] {
            let said = format!("`{key}` isn't a condition key: ");
            let message = found(key).unwrap_or_default();
            assert!(message.starts_with(&said), "{key}: {message}");
        }
        for key in [
            "token.actions.githubusercontent.com:sub",
            "gitlab.example/group:sub",
            "REPLACE_ME:aud",
            "ACCOUNT_ID:aud",
            "_ROLE_ARN_:aud",
            "[AccountId]:aud",
            "~ACCOUNT~:aud",
            "$[provider]:aud",
        ] {
            assert_eq!(found(key), None, "{key}");
        }
    }

    #[test]
    fn what_is_near_to_nothing_may_be_new() {
        let fixture = Fixture::new(&policy("Allow", "StringEquals: {s3:ShoeSize: 43}"), "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings[0].level, Level::Warning);
        assert!(findings[0].help.contains("newer than 20"));
        let long = Fixture::new(
            &policy("Deny", "StringNotEquals: {ecs:task-def-version: x}"),
            "",
        );
        assert_eq!(
            long.findings(&RULE)[0].message,
            "`ecs:task-def-version` isn't a condition key: the condition is probably always met and every such request is denied."
        );
        let fixture = Fixture::new(&policy("Allow", "StringEquals: {s3:prefixs: x}"), "");
        assert_eq!(fixture.findings(&RULE)[0].level, Level::Error);
    }

    #[test]
    fn keeps_what_follows_the_name() {
        let before = policy("Allow", "StringEquals: {'aws:PrincipleTag/team': shop}");
        let after = before.replace("Principle", "Principal");
        assert_eq!(fixed_text(&RULE, &before, ""), after);
        let twin = policy(
            "Allow",
            "StringEquals: {aws:SourceVcpe: vpce-1, aws:SourceVpce: vpce-1}",
        );
        assert_eq!(fixed_text(&RULE, &twin, ""), twin);
    }
}
