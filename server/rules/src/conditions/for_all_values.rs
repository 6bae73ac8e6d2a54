//! Finds `ForAllValues` in `Allow` where the key may be missing.
//!
//! `ForAllValues` tests each value that a request has for a key, and also matches a request that has none: whoever
//! omits the key is let through. It only limits something together with a test that the key is present: `Null` with
//! `false`, or any other positive operator on it.
//!
//! On a single-valued key, `ForAllValues` does nothing but let requests without the key through, and AWS advises
//! against it. Most global multivalued keys are usually missing: `aws:CalledVia` is only present when a service makes
//! the call, so that direct callers are let through.
//!
//! With `aws:TagKeys` it is a suggestion, since requests without tags may well be intended: a tagging policy often says
//! which tags are allowed, not that there must be any. The same goes for keys of a service, which its requests may
//! always have.
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
//!       ForAllValues:StringEquals:
//!         aws:SourceVpce: vpce-1a2b3c4d
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

use leastwise_catalog::catalog;
use leastwise_model::{Level, Site, SiteKind, Statement};
use leastwise_policy::condition::{Operator, Quantifier};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::reading::{Reading, is_of_provider, readings};
use super::where_so;
use crate::privilege::pass_role_unscoped::is_unscoped;
use crate::privilege::public_principal::is_public;
use crate::support::callers::passed_without_key;
use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "for-all-values",
    group: Group::Conditions,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`ForAllValues` that also matches requests without the key",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "FORALLVALUES_WITH_SINGLE_VALUED_KEY"),
        ("parliament", "SINGLE_VALUE_CONDITION_TOO_PERMISSIVE"),
        ("iam-policy-validator", "set_operator_validation"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A test that holds without its key.
struct Open {
    at: Span,
    key: String,
    /// Whether a request can have several values for it.
    many: bool,
    /// Whether requests without it are the usual ones.
    rare: bool,
    /// The operator without `ForAllValues`, with the node that names it, where that is what is meant.
    plain: Option<(String, NodeId)>,
    statement: NodeId,
    owner: Option<String>,
}

fn find<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
    facts: &mut Facts<'a>,
) {
    let grants = matches!(
        site.kind,
        SiteKind::Identity | SiteKind::Trust | SiteKind::Resource
    );
    if !grants || !statement.allows() {
        return;
    }
    let tests = super::tests(statement);
    // A key that isn't known may be the one that matters.
    if readings(statement).count() < tests.len() {
        return;
    }
    let mut seen: Vec<NodeId> = Vec::new();
    for reading in readings(statement) {
        let operator = reading.operator;
        let all = operator.quantifier == Some(Quantifier::ForAllValues);
        // That none of the values is one of these is as true of no values.
        if !all || operator.base.negated || is_of_provider(reading.key) {
            continue;
        }
        let node = reading.test.operator_node;
        let Some(key) = catalog().condition_key(reading.key) else {
            continue;
        };
        if seen.contains(&node) || is_there(context, statement, reading.key) {
            continue;
        }
        seen.push(node);
        // Where that lets everybody in, it is told so there.
        let passed = passed_without_key(context, statement);
        if passed.is_some_and(|test| test.operator_node == node)
            && is_public(context, site, statement)
        {
            continue;
        }
        // As it is where that lets roles be passed to other services.
        let passes = reading.key.eq_ignore_ascii_case("iam:PassedToService");
        if passes && is_unscoped(context, facts.leftovers(), site, statement) {
            continue;
        }
        let many = key.value_type().many();
        facts.push(Open {
            at: context.content(node),
            key: reading.key.to_owned(),
            many,
            rare: key.global() && !key.name().eq_ignore_ascii_case("aws:TagKeys"),
            plain: plain(context, statement, &reading).filter(|_| !many),
            statement: statement.node,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Keys that come into a request together, by AWS's words on when they are there: where the second is, the first is.
const TOGETHER: [(&str, &str); 6] = [
    ("aws:calledvia", "aws:calledviafirst"),
    ("aws:calledvia", "aws:calledvialast"),
    ("aws:principalorgpaths", "aws:principalorgid"),
    ("aws:resourceorgpaths", "aws:resourceorgid"),
    ("aws:sourceorgpaths", "aws:sourceorgid"),
    ("aws:vpceorgpaths", "aws:vpceorgid"),
];

/// Whether another test sees to it that the key is there. `true` also where that can't be told.
fn is_there(context: &Context<'_>, statement: &Statement, key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let brings = |other: &str| {
        let tag = key == "aws:tagkeys" && other.starts_with("aws:requesttag/");
        other == key || tag || TOGETHER.contains(&(key.as_str(), other))
    };
    readings(statement).any(|other| {
        brings(&other.key.to_ascii_lowercase()) && other.without_key(context) != Some(true)
    })
}

/// The operator without `ForAllValues`, where nothing else stands in its block or is called so.
fn plain(
    context: &Context<'_>,
    statement: &Statement,
    reading: &Reading<'_>,
) -> Option<(String, NodeId)> {
    let node = reading.test.operator_node;
    let plain = Operator {
        quantifier: None,
        ..reading.operator
    }
    .name();
    let mut tests = super::tests(statement).iter();
    let alone = tests.all(|other| {
        std::ptr::eq(other, reading.test)
            || other.operator_node != node && !other.operator.eq_ignore_ascii_case(&plain)
    });
    let written = context.tree.text(node) == Some(&reading.test.operator);
    (alone && written).then_some((plain, node))
}

impl Fact for Open {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let key = &self.key;
        let (message, help, level) = match self.many {
            true => (
                format!("`ForAllValues` also matches requests without `{key}`: they are allowed."),
                match self.rare {
                    true => format!("Write `ForAnyValue`, or add `Null: {{{key}: false}}`."),
                    false => format!("Add `Null: {{{key}: false}}` if the key must be present."),
                },
                match self.rare {
                    true => Level::Warning,
                    false => Level::Suggestion,
                },
            ),
            false => (
                format!(
                    "`{key}` is single-valued, and `ForAllValues` matches where it is missing: such requests are allowed."
                ),
                "Remove `ForAllValues:`, which is for multivalued keys.".to_owned(),
                Level::Warning,
            ),
        };
        let finding = Finding::new(&RULE, self.at, message)
            .level(level)
            .help(help)
            .owner(self.owner.as_deref());
        let Some((plain, node)) = &self.plain else {
            return finding;
        };
        let (node, text, statement) = (*node, plain.clone(), self.statement);
        let so = format!("{key} is missing");
        let title = format!("Replace with {plain}");
        finding.fix(title, Safety::Unsafe, move |context| {
            let text = text.clone();
            let (_, statement) = context.statement(statement)?;
            let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
            Some(fix.removes(where_so(statement, &so)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, fixed_text};
    use leastwise_model::Level;

    fn policy(effect: &str, condition: &str) -> String {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: 'ec2:CreateTags', Resource: '*', Condition: {{{condition}}}}}\n"
        )
    }

    fn levels(effect: &str, condition: &str) -> Vec<Level> {
        Fixture::new(&policy(effect, condition), "").levels(&RULE)
    }

    #[test]
    fn by_the_key() {
        let allowed = |condition| levels("Allow", condition);
        assert_eq!(
            allowed("ForAllValues:StringEquals: {aws:TagKeys: a, ec2:Attribute: a}"),
            [Level::Suggestion]
        );
        assert_eq!(
            allowed("ForAllValues:StringLikeIfExists: {aws:SourceVpc: a}"),
            [Level::Warning]
        );
        for key in ["aws:CalledVia", "aws:PrincipalOrgPaths"] {
            let condition = format!("ForAllValues:StringEqualsIfExists: {{{key}: a}}");
            assert_eq!(levels("Allow", &condition), [Level::Warning], "{key}");
        }
        assert_eq!(
            allowed("ForAllValues:StringEquals: {kms:GrantOperations: Decrypt}"),
            [Level::Suggestion]
        );
        assert_eq!(allowed("ForAllValues:StringEquals: {aws:Shoe: a}"), []);
        assert_eq!(
            allowed("ForAllValues:StringNotEquals: {aws:TagKeys: a}"),
            []
        );
        assert_eq!(allowed("ForAnyValue:StringEquals: {aws:TagKeys: a}"), []);
        assert_eq!(
            levels("Deny", "ForAllValues:StringEquals: {aws:TagKeys: a}"),
            []
        );
        assert_eq!(
            allowed("ForAllValues:StringLike: {token.actions.githubusercontent.com:sub: a}"),
            []
        );
    }

    #[test]
    fn silent_where_the_key_has_to_be_there() {
        let beside = |other: &str| {
            levels(
                "Allow",
                &format!("ForAllValues:StringEquals: {{aws:TagKeys: a}}, {other}"),
            )
        };
        for other in [
            "'Null': {aws:TagKeys: 'false'}",
            "'Null': {aws:TagKeys: '${Needed}'}",
            "ForAnyValue:StringLike: {aws:tagkeys: b}",
            "StringEquals: {aws:RequestTag/team: shop}",
            "StringEquals: {'${Key}': shop}",
        ] {
            assert_eq!(beside(other), [], "{other}");
        }
        for other in [
            "'Null': {aws:TagKeys: 'true'}",
            "'Null': {aws:PrincipalArn: 'false'}",
            "StringNotEquals: {aws:TagKeys: b}",
            "StringEqualsIfExists: {aws:RequestTag/team: shop}",
            "StringEquals: {aws:PrincipalTag/team: shop}",
        ] {
            assert_eq!(beside(other), [Level::Suggestion], "{other}");
        }
    }

    #[test]
    fn keys_that_come_together() {
        let levels_of = |key: &str, other: &str| {
            let condition = format!("ForAllValues:StringLike: {{{key}: 'a/*'}}, {other}");
            levels("Allow", &condition)
        };
        for (key, other) in [
            (
                "aws:PrincipalOrgPaths",
                "StringEquals: {aws:principalorgid: o-1}",
            ),
            (
                "aws:ResourceOrgPaths",
                "StringEquals: {aws:ResourceOrgID: o-1}",
            ),
            ("aws:SourceOrgPaths", "StringEquals: {aws:SourceOrgID: o-1}"),
            ("aws:VpceOrgPaths", "StringEquals: {aws:VpceOrgID: o-1}"),
            ("aws:CalledVia", "StringEquals: {aws:CalledViaFirst: b}"),
            ("aws:CalledVia", "'Null': {aws:CalledViaLast: 'false'}"),
        ] {
            assert_eq!(levels_of(key, other), [], "{key} {other}");
        }
        for (key, other) in [
            (
                "aws:PrincipalOrgPaths",
                "StringEquals: {aws:ResourceOrgID: o-1}",
            ),
            (
                "aws:PrincipalOrgPaths",
                "StringEqualsIfExists: {aws:PrincipalOrgID: o-1}",
            ),
            (
                "aws:PrincipalOrgPaths",
                "StringEquals: {aws:CalledViaFirst: b}",
            ),
        ] {
            assert_eq!(levels_of(key, other), [Level::Warning], "{key} {other}");
        }
    }

    #[test]
    fn where_the_policy_is_no_grant() {
        let scp = "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Type: SERVICE_CONTROL_POLICY\n      Content:\n        Version: '2012-10-17'\n        Statement: [{Effect: Allow, Action: '*', Resource: '*', Condition: {'ForAllValues:StringEquals': {aws:TagKeys: a}}}]\n";
        assert!(Fixture::new(scp, "").findings(&RULE).is_empty());
    }

    #[test]
    fn mends_what_is_alone() {
        let before = policy("Allow", "ForAllValues:StringEquals: {aws:SourceVpc: vpc-1}");
        assert_eq!(
            fixed_text(&RULE, &before, ""),
            before.replace("ForAllValues:", "")
        );
        for other in [
            "ForAllValues:StringEquals: {aws:SourceVpc: vpc-1, aws:TagKeys: a}",
            "ForAllValues:StringEquals: {aws:SourceVpc: vpc-1}, StringEquals: {s3:prefix: a}",
            "ForAllValues:StringEquals: {aws:TagKeys: a}",
        ] {
            let before = policy("Allow", other);
            assert_eq!(fixed_text(&RULE, &before, ""), before);
        }
    }

    #[test]
    fn roles_passed_to_other_services_are_told_once() {
        let found = |resource: &str| {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {{Statement: {{Effect: Allow, Action: 'iam:PassRole', Resource: '{resource}', Condition: {{'ForAllValues:StringEquals': {{'iam:PassedToService': ec2.amazonaws.com}}}}}}}}\n"
            );
            let fixture = Fixture::new(&text, "");
            let passed = fixture.findings(&crate::privilege::pass_role_unscoped::RULE);
            (fixture.findings(&RULE).len(), passed.len())
        };
        assert_eq!(found("*"), (0, 1));
        assert_eq!(found("arn:aws:iam::111111111111:role/shop-*"), (1, 0));
    }
}
