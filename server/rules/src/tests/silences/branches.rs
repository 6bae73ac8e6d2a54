//! Lists that hang on conditions of a template, and what is the same under all of them.

use leastwise_policy::grants::GrantGuard;

use super::*;
use crate::privilege::{missing_permissions_boundary, pass_role_unscoped, wildcard_resource};
use crate::support::leftovers::Leaves;
use crate::tests::roles::{deployer, inline};

const PASS: &str = "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}";
const EVERYWHERE: &[&str] = &["Error <iam:PassRole> … for every service: this grants"];

/// Asserts what a rule tells of a role with each of these lists of statements.
#[track_caller]
fn of_role(rule: &Rule, of: &[Row<'_>]) {
    let conditions = "Conditions:\n  IsTest: !Equals [!Ref Env, test]\n";
    let texts = of.iter().map(|(statements, _)| {
        let policies = inline("p", statements);
        let role = deployer(&format!("      Policies:\n{policies}"));
        role.replacen("Conditions:\n", conditions, 1)
    });
    let texts: Vec<String> = texts.collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(of)
        .map(|(text, (_, wanted))| (text.as_str(), *wanted))
        .collect();
    rows(rule, "[deploy]\nroles = ['Deploy*']\n", &of);
}

#[test]
fn a_deny_whose_lists_hang_on_conditions() {
    let beside = |deny: &str| format!("{PASS}, {{Effect: Deny, {deny}, Resource: '*'}}");
    let (met, unmet) = (
        &["Warning <iam:PassRole> …, where `IsProd` is met"][..],
        &["Warning <iam:PassRole> …, where `IsProd` isn't met"][..],
    );
    let many = ["s3:Get*", "s3:Put*", "s3:List*", "sqs:*", "iam:*"]
        .map(|actions| format!("!If [IsProd, '{actions}', 'sns:*']"))
        .join(", ");
    of_role(
        &pass_role_unscoped::RULE,
        &[
            (
                &beside("Action: ['s3:*', !If [IsProd, 'iam:*', 's3:PutObject']]"),
                unmet,
            ),
            (
                &beside("Action: ['s3:*', !If [IsProd, 's3:PutObject', 'iam:*']]"),
                met,
            ),
            (
                &beside("NotAction: [!If [IsProd, 'iam:*', 's3:PutObject']]"),
                met,
            ),
            // However it turns out.
            (
                &beside("Action: [!If [IsProd, 's3:GetObject', 's3:PutObject'], 'iam:PassRole']"),
                &[],
            ),
            (
                &beside("Action: [!If [IsProd, 's3:GetObject', 's3:PutObject']]"),
                EVERYWHERE,
            ),
            // One condition is one, however many items hang on it.
            (&beside(&format!("Action: [{many}]")), unmet),
        ],
    );
}

#[test]
fn a_list_under_a_condition_of_its_own_in_a_statement_under_another() {
    let within = |action: &str| {
        format!(
            "!If [IsTest, {{Effect: Allow, Action: [{action}], Resource: '*'}}, !Ref 'AWS::NoValue']"
        )
    };
    let action = "!If [IsProd, 'iam:PassRole', 's3:GetObject']";
    let deny = |condition: &str| {
        format!(
            "{}, !If [{condition}, {{Effect: Deny, Action: 'iam:*', Resource: '*'}}, !Ref 'AWS::NoValue']",
            within(action)
        )
    };
    of_role(
        &pass_role_unscoped::RULE,
        &[
            (&within(action), EVERYWHERE),
            (&deny("IsProd"), &[]),
            (&deny("IsTest"), &[]),
            (&deny("IsOther"), &["Warning …, where `IsOther` isn't met"]),
        ],
    );
}

/// Two items are there together where the same condition holds, and one that is needed is named.
#[test]
fn items_of_two_lists_under_one_condition() {
    let (action, resource) = (
        "Action: [!If [IsProd, 'iam:PassRole', 's3:GetObject']]",
        "Resource: !If [IsProd, '*', 'arn:aws:iam::*:role/shop']",
    );
    let deny = |condition: &str, rest: &str| {
        format!(
            "!If [{condition}, {{Effect: Deny, Action: 'iam:PassRole', Resource: '*'{rest}}}, !Ref 'AWS::NoValue']"
        )
    };
    let (prod, test) = (deny("IsProd", ""), deny("IsTest", ""));
    let lambda = ", Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}";
    of_role(
        &pass_role_unscoped::RULE,
        &[
            (
                &format!("{{Effect: Allow, {action}, {resource}}}"),
                EVERYWHERE,
            ),
            (
                &format!("{PASS}, {prod}, {test}"),
                &["Warning …, where `IsProd` isn't met and `IsTest` isn't met: this grants"],
            ),
            (
                &format!("{PASS}, {prod}, {}", deny("IsTest", lambda)),
                &["Warning …, where `IsProd` isn't met: this grants"],
            ),
        ],
    );
    // A role is taken out by name only where that is so everywhere.
    let admin = "{Effect: Deny, Action: 'iam:*', Resource: 'arn:aws:iam::111111111111:role/Admin'}";
    of_role(
        &pass_role_unscoped::RULE,
        &[
            (
                &format!("{PASS}, {admin}"),
                &["Error …on all other roles, for every service"],
            ),
            (
                &format!("{PASS}, !If [IsProd, {admin}, !Ref 'AWS::NoValue']"),
                &["Error …on all roles, for every service"],
            ),
        ],
    );
    let create = "Action: [!If [IsProd, 'iam:CreateRole', 's3:GetObject'], !If [IsProd, 's3:GetObject', 'iam:CreateUser']]";
    let deny = "!If [IsProd, {Effect: Deny, Action: 'iam:*', Resource: '*'}, !Ref 'AWS::NoValue']";
    of_role(
        &missing_permissions_boundary::RULE,
        &[
            (
                &format!("{{Effect: Allow, {create}, Resource: '*'}}"),
                &["Warning <iam:CreateRole>"],
            ),
            (
                &format!("{{Effect: Allow, {create}, Resource: '*'}}, {deny}"),
                &["Warning <iam:CreateUser>"],
            ),
        ],
    );
}

/// A list that comes to nothing may hold something elsewhere.
#[test]
fn attached_policies_of_a_list_without_values() {
    let policies = inline("p", PASS);
    let role = |attached: &str| {
        let role = deployer(&format!(
            "      ManagedPolicyArns: [{attached}]\n      Policies:\n{policies}"
        ));
        format!("Mappings: {{Lists: {{of: {{nothing: []}}}}}}\n{role}")
    };
    rows(
        &pass_role_unscoped::RULE,
        "",
        &[
            (
                &role("!FindInMap [Lists, of, nothing]"),
                &["Warning …may deny it"],
            ),
            (
                &role("'arn:aws:iam::aws:policy/ReadOnlyAccess'"),
                EVERYWHERE,
            ),
        ],
    );
}

/// What was worked out for a statement is no answer for one that allows less.
#[test]
fn statements_of_the_same_action_beside_each_other() {
    let limited = PASS.replace(
        "'*'}",
        "'*', Condition: {StringEquals: {'iam:PassedToService': a}}}",
    );
    let others = PASS.replace("Resource: '*'", "NotResource: 'arn:aws:iam::*:role/*'");
    let deny = "{Effect: Deny, Action: 's3:*', Resource: '*'}";
    for other in [&limited, &others] {
        of_role(
            &pass_role_unscoped::RULE,
            &[
                (&format!("{PASS}, {other}, {deny}"), EVERYWHERE),
                (&format!("{other}, {PASS}, {deny}"), EVERYWHERE),
                (&format!("{other}, {deny}"), &[]),
            ],
        );
    }
}

/// Whoever deploys has the choice only of the same statement without its condition.
#[test]
fn a_boundary_that_is_asked_for_under_a_condition() {
    let create = "Effect: Allow, Action: 'iam:CreateRole', Resource: '*'";
    let asks = format!("{create}, Condition: {{StringEquals: {{'iam:PermissionsBoundary': b}}}}");
    let found = &["Warning <iam:CreateRole>"][..];
    of_role(
        &missing_permissions_boundary::RULE,
        &[
            (
                &format!("!If [IsProd, {{{asks}}}, !Ref 'AWS::NoValue']"),
                &[],
            ),
            (
                &format!("{{{asks}}}, !If [IsProd, {{{create}}}, !Ref 'AWS::NoValue']"),
                found,
            ),
            (&format!("{{{create}}}"), found),
        ],
    );
}

#[test]
fn what_is_so_of_both() {
    let under = |name: &str| {
        Leaves::Where(vec![GrantGuard {
            condition: name.to_owned(),
            holds: true,
        }])
    };
    for (one, other, and, or) in [
        (under("A"), under("A"), under("A"), under("A")),
        (under("A"), under("B"), Leaves::Unknown, under("A")),
        (Leaves::Some, Leaves::Bounded, Leaves::Bounded, Leaves::Some),
        (Leaves::Bounded, Leaves::Some, Leaves::Bounded, Leaves::Some),
        (Leaves::Nothing, under("A"), Leaves::Nothing, under("A")),
        (under("A"), Leaves::Some, under("A"), Leaves::Some),
    ] {
        assert_eq!(one.clone().and(other.clone()), and, "{one:?} and {other:?}");
        assert_eq!(one.clone().or(other.clone()), or, "{one:?} or {other:?}");
    }
}

/// What isn't Allow is judged by nobody, though something is left of it.
#[test]
fn wildcards_of_what_is_denied_in_part() {
    let send = "Action: 'sqs:SendMessage', Resource: '*'";
    let found = &["<*>"][..];
    of_role(
        &wildcard_resource::RULE,
        &[
            (&format!("{{Effect: Allow, {send}}}"), found),
            (
                &format!("{{Effect: Allow, {send}}}, {{Effect: Deny, {send}}}"),
                &[],
            ),
            (
                &format!(
                    "{{Effect: Allow, {send}}}, {{Effect: Deny, Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:shop-*'}}"
                ),
                &[],
            ),
        ],
    );
}
