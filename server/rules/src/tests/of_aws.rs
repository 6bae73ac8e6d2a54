//! AWS's own managed policies: what any rule calls an error in one of them is a fault of AWS that stands here with its
//! reason, or a fault of the rule.

use std::sync::Arc;

use leastwise_catalog::{ManagedPolicy, catalog};
use leastwise_model::{Config, Level};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;

use crate::{Context, check};

/// It passes any role, indeed.
const PASSES: &str = "it passes every role";
/// Its name says so.
const EVERYTHING: &str = "it allows everything";
/// A text that isn't there.
const EMPTY: &str = "the ARN is empty";

/// Policy, rule, and why what the rule says is right. Who makes a rule say less takes its lines out.
const RIGHT: &[(&str, &str, &str)] = &[
    ("AdministratorAccess", "administrator-access", EVERYTHING),
    ("AdministratorAccess-Amplify", "pass-role-unscoped", PASSES),
    ("AmazonBedrockFullAccess", "invalid-arn", EMPTY),
    ("AmazonBedrockLimitedAccess", "invalid-arn", EMPTY),
    (
        "AmazonDynamoDBFullAccesswithDataPipeline",
        "pass-role-unscoped",
        PASSES,
    ),
    (
        "AmazonElasticMapReduceFullAccess",
        "pass-role-unscoped",
        PASSES,
    ),
    ("AmazonElasticMapReduceRole", "pass-role-unscoped", PASSES),
    ("AWSElasticBeanstalkService", "pass-role-unscoped", PASSES),
    ("IAMFullAccess", "pass-role-unscoped", PASSES),
];

/// The errors of a policy, as rule and marked text.
fn errors(policy: ManagedPolicy, config: &Arc<Config>) -> Vec<(&'static str, String)> {
    let tree = Tree::parse(policy.document().to_owned(), Format::Json);
    let analysis = Analysis::new(&tree, "policy.json", Arc::clone(config));
    check(&Context::new(&tree, &analysis))
        .into_iter()
        .filter(|finding| finding.level >= Level::Error)
        .map(|finding| {
            let text = tree.source().get(finding.span.range()).unwrap_or_default();
            (finding.rule.id, text.to_owned())
        })
        .collect()
}

#[test]
fn no_error_in_them_is_false() {
    let config = Arc::new(Config::default());
    let mut found = Vec::new();
    for policy in catalog().managed_policies() {
        let name = policy.name();
        let own = errors(policy, &config).into_iter();
        found.extend(own.map(|(rule, text)| (name, rule, text)));
    }
    let right = |(name, rule, _): &(&str, &str, String)| {
        let mut known = RIGHT.iter();
        known.any(|(of, by, _)| of == name && by == rule)
    };
    let wrong: Vec<String> = found
        .iter()
        .filter(|found| !right(found))
        .map(|(name, rule, text)| format!("{name}: {rule} at {text}"))
        .collect();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    for (name, rule, why) in RIGHT {
        let mut found = found.iter();
        let there = found.any(|found| found.0 == *name && found.1 == *rule);
        assert!(
            there,
            "{rule} is silent on {name} ({why}): take the line out"
        );
    }
}
