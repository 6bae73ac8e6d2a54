//! What of the counterparts of one entry its statement tells the resources of, and what it doesn't.

use leastwise_catalog::{Action, Relation};
use leastwise_model::Statement;
use leastwise_policy::{Pattern, widest};

use super::destination::{Destination, place};
use super::on_others;
use crate::Context;
use crate::support::permissions::Granted;

/// Actions that lack counterparts, and the counterparts.
pub(super) type Lacking = (Vec<Action>, Vec<Action>);

/// Apart from the others what is missing on resources that nobody has told: the fix for that is somebody's choice, and
/// the rest needn't wait for it.
pub(super) fn split(
    context: &Context<'_>,
    statement: &Statement,
    relation: Relation,
    (actions, missing): Lacking,
    resources: &[Pattern],
) -> Vec<Lacking> {
    let is_elsewhere =
        |of: &Action| place(context, statement, *of, resources) == Destination::Elsewhere;
    let (others, here): Lacking = missing.iter().copied().partition(is_elsewhere);
    if here.is_empty() || !on_others::is_guess(context, statement, &actions, &others) {
        return vec![(actions, missing)];
    }
    let parts = [here, others].into_iter();
    parts
        .map(|missing| {
            let lacks = |action: &Action| {
                let mut all = action.counterparts();
                all.any(|of| of.relation() == relation && missing.contains(&of.action()))
            };
            (actions.iter().copied().filter(lacks).collect(), missing)
        })
        .collect()
}

/// Whether an owner may call an action that a wildcard stands for, as far as its resources go: on some of each type that it
/// can't do without. A wildcard on clusters holds what makes a global cluster of one, which nobody may make.
pub(super) fn is_callable(granted: &Granted, action: Action) -> bool {
    let mut required = action.resources().filter(|of| of.required());
    required.all(|of| {
        let mut formats = of.resource_type().arns();
        formats.any(|format| granted.may_allow(action, &[widest(format).pattern()]))
    })
}

#[cfg(test)]
mod tests {
    use crate::Safety;
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::bulk::{CONFIG, of_safety};
    use crate::tests::fixture::Fixture;

    fn policy(action: &str, resource: &str) -> String {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {action}\n    Resource: arn:aws:{resource}\n"
        )
    }

    #[test]
    fn what_lacks_a_resource_makes_nothing() {
        let found = |action: &str| {
            let text = policy(action, "rds:eu-west-1:111111111111:subgrp:shop-*");
            let findings = Fixture::new(&text, CONFIG).findings(&RULE);
            findings
                .into_iter()
                .map(|of| of.message)
                .collect::<String>()
        };
        let all = found("rds:CreateDB*");
        assert!(all.contains("DeleteDBSubnetGroup"), "{all}");
        assert!(!all.contains("DeleteDBInstance"), "{all}");
        // Whoever names it means to call it.
        let all = found("rds:CreateDBInstance");
        assert!(all.contains("DeleteDBInstance"), "{all}");
    }

    #[test]
    fn what_is_told_waits_for_no_choice() {
        let text = policy(
            "logs:Create*",
            "logs:eu-west-1:111111111111:log-group:shop-*",
        );
        let found = Fixture::new(&text, CONFIG).findings(&RULE);
        let safety: Vec<Safety> = found.iter().map(|of| of.fixes[0].safety).collect();
        assert_eq!(safety, [Safety::Unsafe, Safety::Manual]);
        let after = of_safety(&text, "policy.yaml", Safety::Unsafe).text;
        assert!(after.contains("logs:DeleteLogGroup"), "{after}");
        assert!(!after.contains("DeleteLogAnomalyDetector"), "{after}");
    }

    #[test]
    fn of_what_aws_names_all_is_offered_in_the_same_place() {
        for (action, own, deletes, all) in [
            (
                "ec2:CreateSecurityGroup",
                "ec2:eu-west-2:111111111111:vpc/*",
                "ec2:DeleteSecurityGroup",
                "security-group/*",
            ),
            (
                "ec2:CreateSubnet",
                "ec2:eu-west-2:111111111111:vpc/*",
                "ec2:DeleteSubnet",
                "subnet/*",
            ),
            (
                "servicediscovery:CreateService",
                "servicediscovery:eu-west-2:111111111111:namespace/*",
                "servicediscovery:DeleteService",
                "service/*",
            ),
            (
                "elasticfilesystem:CreateAccessPoint",
                "elasticfilesystem:eu-west-2:111111111111:file-system/*",
                "elasticfilesystem:DeleteAccessPoint",
                "access-point/*",
            ),
        ] {
            let text = policy(action, own);
            let fixture = Fixture::new(&text, CONFIG);
            let found = fixture.findings(&RULE);
            let fix = &found[0].fixes[0];
            assert_eq!(fix.safety, Safety::Manual, "{action}");
            let fix = fix.resolve(&fixture.context()).expect("a fix");
            assert!(
                fix.notes[0].contains("AWS generates its ID"),
                "{:?}",
                fix.notes
            );
            let after = leastwise_syntax::write::apply(&text, &fix.edits);
            let place = own.rsplit_once(':').map_or(own, |(place, _)| place);
            assert!(after.contains(deletes), "{after}");
            assert!(after.contains(&format!("arn:aws:{place}:{all}")), "{after}");
        }
    }
}
