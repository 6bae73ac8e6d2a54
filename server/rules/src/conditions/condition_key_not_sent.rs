//! Finds condition keys that the statement's actions don't support.
//!
//! A service sends a key of its own only with the actions that AWS lists for it. A condition on a key that a
//! request lacks isn't met, so the action is never allowed, or never denied, whatever else the statement says:
//! `iam:PassRole` doesn't support `iam:PermissionsBoundary`, and `s3:GetObject` doesn't support `s3:prefix`. Under
//! `ForAllValues` it is the other way round: the condition is always met, and the action isn't limited.
//!
//! Global keys (`aws:…`) are left alone, and so is `…IfExists`, which is made for such statements.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:ListBucket
//!       - s3:GetBucketLocation
//!     Resource: arn:aws:s3:::shop-data
//!     Condition:
//!       StringLike:
//!         s3:prefix: orders/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:ListBucket
//!     Resource: arn:aws:s3:::shop-data
//!     Condition:
//!       StringLike:
//!         s3:prefix: orders/*
//!   - Effect: Allow
//!     Action:
//!       - s3:GetBucketLocation
//!     Resource: arn:aws:s3:::shop-data
//! ```

use leastwise_catalog::{Action, ConditionKey, catalog};
use leastwise_model::{Effect, Item, Known, Level, Site, Statement};
use leastwise_policy::ActionPattern;
use leastwise_policy::condition::Quantifier;
use leastwise_syntax::Span;

use super::reading::{Reading, is_of_iam, is_of_provider, readings};
use crate::merge::in_message;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "condition-key-not-sent",
    group: Group::Conditions,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A condition key that the action never sends",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"),
        ("parliament", "UNKNOWN_CONDITION_FOR_ACTION"),
    ],
    scope: &[Scope::Statement(find)],
};

/// Actions that never send a key.
struct NotSent {
    /// The first of the actions, or the key where all of them are such.
    at: Span,
    key: String,
    actions: Vec<String>,
    /// The places of the others.
    others: Vec<Span>,
    all: bool,
    holds: bool,
    effect: Effect,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let (Known::Is(effect), Known::Is(list)) = (&statement.effect, &statement.action) else {
        return;
    };
    let known = |item: &Item| {
        !matches!(item.action, None | Some(ActionPattern::Star)) && !context.expand(item).is_empty()
    };
    if list.dynamic || !is_of_iam(site) || !list.items.iter().all(known) {
        return;
    }
    for reading in readings(statement) {
        let Some(key) = catalog().condition_key(reading.key) else {
            continue;
        };
        if is_of_provider(reading.key) || is_of_all(reading.key) {
            continue;
        }
        let Some(holds) = reading.without_key(context) else {
            continue;
        };
        let lacking: Vec<&Item> = list
            .items
            .iter()
            .filter(|item| context.expand(item).iter().all(|of| !may_send(*of, key)))
            .collect();
        let all = lacking.len() == list.items.len();
        let [first, rest @ ..] = lacking.as_slice() else {
            continue;
        };
        if holds && !is_slip(&reading, all) {
            continue;
        }
        let at = match all {
            true => context.content(reading.test.key_node),
            false => context.item_span(first),
        };
        let pattern = |item: &&Item| item.action.as_ref().map(|of| of.text().to_owned());
        facts.push(NotSent {
            at,
            key: reading.key.to_owned(),
            actions: lacking.iter().filter_map(pattern).collect(),
            others: match all {
                true => Vec::new(),
                false => rest.iter().map(|item| context.item_span(item)).collect(),
            },
            all,
            holds,
            effect: *effect,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Keys of a service that the credentials of its jobs and machines bring into requests to any other.
const OF_SESSIONS: [&str; 16] = [
    "codebuild:buildarn",
    "codebuild:projectarn",
    "credentials-iot:awscertificateid",
    "credentials-iot:thingname",
    "credentials-iot:thingtypename",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:credentialissuingservice",
    "glue:roleassumedby",
    "identitycenter:applicationarn",
    "identitycenter:credentialid",
    "identitycenter:instancearn",
    "identitystore:identitystorearn",
    "identitystore:userid",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
];

/// Whether a key may be in requests that the catalog doesn't list it for: that of every service, that of a tag, which
/// depends on the resource, and the encryption context, which AWS's own examples test for `kms:DescribeKey`, too.
fn is_of_all(key: &str) -> bool {
    const PARTS: [&str; 3] = ["resourcetag/", "requesttag/", "encryptioncontext"];
    let key = key.to_ascii_lowercase();
    key.starts_with("aws:")
        || OF_SESSIONS.contains(&key.as_str())
        || PARTS.iter().any(|part| key.contains(part))
}

/// Whether a key tells of a device of AWS IoT, which brings it into what it asks of AWS IoT.
fn is_of_devices(key: ConditionKey) -> bool {
    const STARTS: [&str; 5] = [
        "iot:Certificate",
        "iot:ClientId",
        "iot:ConnectAttributes",
        "iot:Connection.",
        "iot:DomainName",
    ];
    STARTS.iter().any(|start| key.name().starts_with(start))
}

/// Whether a test that holds without its key is probably not meant to.
fn is_slip(reading: &Reading<'_>, all: bool) -> bool {
    let quantified = reading.operator.quantifier == Some(Quantifier::ForAllValues);
    !reading.operator.if_exists && !reading.operator.base.negated && (quantified || all)
}

/// Whether an action may come with a key. What is only ever checked along with another action can come with the keys of
/// that one; `iam:PassRole` is known not to.
fn may_send(action: Action, key: ConditionKey) -> bool {
    if action.permission_only() && action.full_name() != "iam:PassRole" {
        return true;
    }
    if action.full_name().starts_with("iot:") && is_of_devices(key) {
        return true;
    }
    action.condition_keys().any(|own| own == key)
        || action.resources().any(|resource| {
            let mut of_type = resource.resource_type().condition_keys();
            resource.condition_keys().any(|own| own == key) || of_type.any(|own| own == key)
        })
}

impl Fact for NotSent {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let key = &self.key;
        let names = self.actions.iter().map(|name| format!("`{name}`"));
        let list = in_message(&names.collect::<Vec<String>>());
        let one = self.actions.len() == 1;
        let comes = match (self.holds, self.effect, one) {
            (true, Effect::Allow, _) => "the condition is always met and limits nothing",
            (true, Effect::Deny, _) => "the condition is always met and exempts nothing",
            (false, Effect::Allow, true) => "it is never allowed",
            (false, Effect::Allow, false) => "they are never allowed",
            (false, Effect::Deny, true) => "it is never denied",
            (false, Effect::Deny, false) => "they are never denied",
        };
        let never = if one {
            "doesn't support"
        } else {
            "don't support"
        };
        let message = format!("{list} {never} `{key}`: {comes} here.");
        let help = match self.all {
            true if one => "Use a key that the action supports, or remove the condition.",
            true => "Use a key that the actions support, or remove the condition.",
            false => "Move the actions that don't support it to a separate statement.",
        };
        let finding = Finding::new(&RULE, self.at, message)
            .help(help)
            .owner(self.owner.as_deref());
        let finding = match self.actions.first() {
            Some(first) => finding.action(first),
            None => finding,
        };
        self.others.iter().fold(finding, |finding, span| {
            finding.related(*span, format!("doesn't support `{key}` either"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    fn messages(statement: &str) -> Vec<String> {
        let policy = format!("Version: '2012-10-17'\nStatement: {{{statement}, Resource: '*'}}\n");
        let fixture = Fixture::new(&policy, "");
        let findings = fixture.findings(&RULE).into_iter();
        findings.map(|finding| finding.message).collect()
    }

    #[test]
    fn marks_the_actions_or_the_key() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [iam:CreateRole, iam:PassRole, iam:ListRoles]
                             ^^^^^^^^^^^^
    Resource: '*'
    Condition: {StringEquals: {iam:PermissionsBoundary: 'arn:aws:iam::111111111111:policy/shop'}}
  - Effect: Allow
    Action: iam:AddRoleToInstanceProfile
    Resource: '*'
    Condition: {ArnEquals: {ec2:InstanceProfile: 'arn:aws:iam::111111111111:instance-profile/shop'}}
                            ^^^^^^^^^^^^^^^^^^^
  - Effect: Allow
    Action: [s3:ListBucket, s3:ListBucketVersions]
    Resource: '*'
    Condition: {StringLike: {s3:prefix: 'home/*'}}
"#,
            "",
        );
    }

    #[test]
    fn says_what_comes_of_it() {
        let of = |statement: &str| messages(statement).join(" ");
        assert!(
            of("Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Condition: {StringLike: {s3:prefix: a}}")
                .contains("`s3:GetObject` doesn't support `s3:prefix`: it is never allowed")
        );
        assert!(
            of("Effect: Deny, Action: ['s3:ListBucket', 's3:GetObject', 's3:PutObject'], Condition: {StringLike: {s3:prefix: a}}")
                .contains("they are never denied")
        );
        assert!(
            of("Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:DescribeTable'], Condition: {'ForAllValues:StringEquals': {dynamodb:LeadingKeys: a}}")
                .contains("the condition is always met")
        );
    }

    #[test]
    fn silent() {
        for statement in [
            // Made for this.
            "Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Condition: {StringLikeIfExists: {s3:prefix: a}}",
            "Effect: Deny, Action: ['s3:ListBucket', 's3:GetObject'], Condition: {StringNotLike: {s3:prefix: a}}",
            // Some of what the wildcard stands for sends it.
            "Effect: Allow, Action: 's3:List*', Condition: {StringLike: {s3:prefix: a}}",
            "Effect: Allow, Action: '*', Condition: {StringLike: {s3:prefix: a}}",
            "Effect: Allow, NotAction: 's3:GetObject', Condition: {StringLike: {s3:prefix: a}}",
            // Nobody knows what that one sends.
            "Effect: Allow, Action: ['s3:GetObject', 's3:GetObejct'], Condition: {StringLike: {s3:prefix: a}}",
            "Effect: Allow, Action: ['s3:GetObject', '${Action}'], Condition: {StringLike: {s3:prefix: a}}",
            // Of all services, or of none that is known.
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {aws:RequestTag/a: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {lambda:SourceFunctionArn: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {codebuild:ProjectArn: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {identitycenter:InstanceArn: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {identitystore:IdentityStoreArn: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {StringEquals: {s3:Shoe: b}}",
            // Of the type of its resource.
            "Effect: Allow, Action: 'ec2:StopInstances', Condition: {StringEquals: {ec2:ResourceTag/a: b}}",
            "Effect: Allow, Action: 'secretsmanager:GetSecretValue', Condition: {StringEquals: {secretsmanager:ResourceTag/a: b}}",
            "Effect: Allow, Action: ['kms:Encrypt', 'kms:DescribeKey'], Condition: {StringEquals: {kms:EncryptionContextKeys: b}}",
            // Checked on the way of `sts:AssumeRole`.
            "Effect: Allow, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: {StringEquals: {sts:ExternalId: b}}",
            "Effect: Allow, Action: 's3:GetObject', Condition: {'Null': {s3:prefix: '${X}'}}",
        ] {
            assert_eq!(messages(statement), [""; 0], "{statement}");
        }
    }
}
