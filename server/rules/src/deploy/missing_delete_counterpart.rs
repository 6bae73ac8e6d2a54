//! Finds permissions to create something without the permission to delete it, in roles that deploy.
//!
//! Deployments work until something has to be deleted. If the first deployment of a stack fails, CloudFormation can't
//! undo it: the stack stays in `ROLLBACK_FAILED`. If a later one fails, or the resource is removed from the template,
//! the resource is left behind and has to be deleted by hand. Deleting the stack ends in `DELETE_FAILED`.
//!
//! All policies of the role are considered. Actions that are denied on purpose aren't reported.
//!
//! Neither are a tool's own state bucket and lock table, which it creates once and keeps. Nor is what
//! a release adds to earlier ones, in a role that only rolls out: `ecs:RegisterTaskDefinition` with `ecs:UpdateService`
//! and without `ecs:CreateService`.
//!
//! ## Config
//!
//! ```toml
//! [deploy]
//! roles = ["*DeployerRole"]
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   DeployerRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: tables
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action:
//!                   - dynamodb:CreateTable
//!                   - dynamodb:UpdateTable
//!                 Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/shop-*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   DeployerRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: tables
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action:
//!                   - dynamodb:CreateTable
//!                   - dynamodb:DeleteTable
//!                   - dynamodb:UpdateTable
//!                 Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/shop-*'
//! ```

use leastwise_catalog::Relation;
use leastwise_model::{Level, Owner};

use super::counterpart::{Kind, lacks};
use crate::{Context, Facts, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-delete-counterpart",
    group: Group::Deploy,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role that can create something, but not delete it",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Owner(find)],
};

static KIND: Kind = Kind {
    rule: &RULE,
    relation: Relation::Delete,
    consequence: "removals and rollbacks fail",
    suffix: "Delete",
};

fn find(context: &Context<'_>, index: usize, owner: &Owner, facts: &mut Facts<'_>) {
    lacks(context, &KIND, (index, owner), facts);
}

#[cfg(test)]
mod tests {
    use leastwise_model::Level;

    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    const CONFIG: &str = "[deploy]\nroles = ['shop']";

    #[test]
    fn in_a_plain_policy() {
        let messages = check(
            &RULE,
            r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["sqs:CreateQueue", "sqs:SetQueueAttributes"], "Resource": "arn:aws:sqs:*:*:shop-*"}
                                  ^^^^^^^^^^^^^^^
]}"#,
            CONFIG,
        );
        assert_eq!(
            messages,
            [
                "`sqs:CreateQueue` is allowed without `sqs:DeleteQueue`: removals and rollbacks fail."
            ]
        );
    }

    #[test]
    fn tags_are_a_suggestion_and_guards_are_kept() {
        let found = |file: &str, action: &str, config: &str| {
            let text = format!(
                "Resources:\n  {file}:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: p\n          \
                 PolicyDocument:\n            Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}\n"
            );
            let findings = Fixture::new(&text, config).findings(&RULE);
            findings
                .into_iter()
                .map(|finding| (finding.level, finding.message))
                .next()
        };
        let (level, message) = found("DeployerRole", "sqs:TagQueue", "").expect("a finding");
        assert_eq!(level, Level::Suggestion);
        assert_eq!(
            message,
            "`sqs:TagQueue` is allowed without `sqs:UntagQueue`: removing a tag fails."
        );
        // Beside what is created, tags say nothing of their own.
        let (level, message) = found("DeployerRole", "dynamodb:*a*T*", "").expect("a finding");
        assert_eq!(
            (level, message.contains("Untag")),
            (Level::Warning, false),
            "{message}"
        );
        let said = "[deploy]\nroles = ['DeployerRole']";
        for (action, config, finds) in [
            ("cloudtrail:CreateTrail", "", false),
            ("cloudtrail:CreateTrail", said, true),
            ("guardduty:CreateDetector", "", false),
            ("sqs:CreateQueue", "", true),
            ("ec2:CreateNetworkInterfacePermission", "", false),
            ("ec2:CreateNetworkInterfacePermission", said, true),
            ("ec2:CreateVpc", "", true),
        ] {
            let level = found("DeployerRole", action, config).map(|(level, _)| level);
            assert_eq!(level, finds.then_some(Level::Warning), "{action} {config}");
        }
    }

    #[test]
    fn all_policies_of_the_role_count() {
        check(
            &RULE,
            "Resources:
  ShopDeployerRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: create
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['sns:CreateTopic', 'sqs:CreateQueue'], Resource: '*'}
#                                                            ^^^^^^^^^^^^^^^
        - PolicyName: delete
          PolicyDocument:
            Statement: {Effect: Allow, Action: 'sns:Delete*', Resource: '*'}
",
            "",
        );
    }

    #[test]
    fn silent_where_it_can_not_be_known() {
        for statement in [
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, !If [Big, {Effect: Allow, Action: 'sns:DeleteTopic', Resource: '*'}, !Ref 'AWS::NoValue']",
            "{Effect: Allow, Action: ['sns:CreateTopic', !Ref More], Resource: '*'}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, !Ref More",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: Allow, Action: !Ref More, Resource: '*'}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: Allow, Action: 'sns:DeleteTopic', Resource: !Ref More}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: Allow, Action: 'sns:DeleteTopic', Resource: '*', Condition: !Ref More}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: !Ref More, Action: 'sns:DeleteTopic', Resource: '*'}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: Deny, Action: 'sns:DeleteTopic', Resource: '*'}",
            "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}, {Effect: Allow, NotAction: 'iam:*', Resource: '*'}",
            "{Effect: Allow, Action: 'sns:*', Resource: '*'}",
            "{Effect: Deny, Action: 'sns:CreateTopic', Resource: '*'}",
        ] {
            let template = format!(
                "Resources: {{DeployerRole: {{Type: 'AWS::IAM::Role', Properties: {{Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]}}}}}}\n"
            );
            check(&RULE, &template, "");
        }
    }

    #[test]
    fn what_says_nothing_of_the_action_changes_nothing() {
        let create = "{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}";
        for (statements, more, findings) in [
            // A statement without actions picks none.
            (format!("{create}, {{Effect: Allow, Resource: '*'}}"), "", 1),
            (format!("{create}, {{Effect: Deny, Resource: '*'}}"), "", 1),
            (
                format!("{create}, {{Effect: Deny, Action: 'sns:Publish', Resource: '*'}}"),
                "",
                1,
            ),
            // A trust policy that isn't wholly known gives nothing.
            (
                create.to_owned(),
                "AssumeRolePolicyDocument: {Statement: [!Ref Trust]}, ",
                1,
            ),
        ] {
            let template = format!(
                "Resources: {{DeployerRole: {{Type: 'AWS::IAM::Role', Properties: {{{more}Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{statements}]}}}}]}}}}}}\n"
            );
            let found = Fixture::new(&template, "").findings(&RULE);
            assert_eq!(found.len(), findings, "{template}");
        }
    }

    #[test]
    fn a_policy_of_two_roles_is_told_of_once() {
        let role = "{Type: 'AWS::IAM::Role', Properties: {}}";
        check(
            &RULE,
            &format!(
                "Resources:
  OneDeployer: {role}
  TwoDeployer: {role}
  Shared:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref OneDeployer, !Ref TwoDeployer]
      PolicyDocument:
        Statement: [{{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}}]
#                                            ^^^^^^^^^^^^^^^
"
            ),
            "",
        );
    }

    #[test]
    fn change_sets_come_and_go() {
        check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet']
    Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-*/*'
",
            "",
        );
        check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ['cloudformation:CreateStack', 'cloudformation:CreateChangeSet', 'cloudformation:UpdateStack']
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^
    Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-*/*'
",
            "",
        );
    }

    #[test]
    fn where_a_condition_lets_the_counterpart_stand() {
        for (condition, apart) in [
            ("StringLike: {'aws:PrincipalTag/team': shop}", false),
            ("StringLike: {'AWS:SourceIp': '10.0.0.0/8'}", false),
            ("StringLike: {'aws:RequestTag/team': shop}", true),
            ("'ForAllValues:StringEquals': {'aws:TagKeys': [team]}", true),
            ("StringLike: {'AWS:TagKeys': team}", true),
            (
                "ArnLike: {'iam:PolicyARN': 'arn:aws:iam::111111111111:policy/shop-*'}",
                false,
            ),
            (
                "StringLike: {'iam:PassedToService': 'lambda.amazonaws.com'}",
                true,
            ),
            ("StringLike: {'s3:prefix': shop}", true),
        ] {
            let before = format!(
                "Version: '2012-10-17'
Statement:
  - Sid: Roles
    Effect: Allow
    Action: [iam:AttachRolePolicy]
    Resource: arn:aws:iam::111111111111:role/shop-*
    Condition: {{{condition}}}
"
            );
            let after = fixed_text(&RULE, &before, CONFIG);
            assert_eq!(after.contains("Sid: RolesDelete"), apart, "{after}");
        }
    }

    #[test]
    fn a_role_that_does_not_deploy_needs_none() {
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}\n",
            "[deploy]\nroles = ['other']",
        );
    }

    #[test]
    fn deleting_elsewhere_does_not_count() {
        check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: dynamodb:CreateTable
#           ^^^^^^^^^^^^^^^^^^^^
    Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-*
  - Effect: Allow
    Action: dynamodb:DeleteTable
    Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/other-*
",
            CONFIG,
        );
    }

    #[test]
    fn a_condition_that_the_counterpart_never_meets_asks_for_a_statement_of_its_own() {
        let before = "Version: '2012-10-17'
Statement:
  - Sid: Roles
    Effect: Allow
    Action: iam:AttachRolePolicy
    Resource: arn:aws:iam::111111111111:role/shop-*
    Condition:
      StringLike:
        aws:RequestTag/team: shop
";
        let after = fixed_text(&RULE, before, CONFIG);
        assert_eq!(
            after,
            format!(
                "{before}  - Sid: RolesDelete
    Effect: Allow
    Action: iam:DetachRolePolicy
    Resource: arn:aws:iam::111111111111:role/shop-*
    Condition:
      StringLike:
        aws:ResourceTag/team: shop
"
            )
        );
    }

    #[test]
    fn what_is_apart_and_what_is_elsewhere_share_a_statement() {
        let before = "Version: '2012-10-17'
Statement:
  - Sid: Made
    Effect: Allow
    Action: elasticloadbalancing:CreateL*er
    Resource: arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*
    Condition:
      StringLike:
        aws:RequestTag/team: shop
";
        let config =
            format!("{CONFIG}\n[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n");
        let statement = "  - Sid: MadeDelete
    Effect: Allow
    Action:
      - elasticloadbalancing:DeleteLoadBalancer
      - elasticloadbalancing:DeleteListener
    Resource:
      - arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*
      - arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-*/*/*
    Condition:
      StringLike:
        aws:ResourceTag/team: shop
";
        assert_eq!(
            fixed_text(&RULE, before, &config),
            format!("{before}{statement}")
        );
        // Where nothing is apart, what is elsewhere has its own resources alone.
        let (plain, _) = before.split_once("    Condition:").expect("a condition");
        let after = fixed_text(&RULE, plain, &config);
        assert_eq!(
            after.matches(":loadbalancer/app/shop-*").count(),
            1,
            "{after}"
        );
        assert_eq!(
            after.matches(":listener/app/shop-*/*/*").count(),
            1,
            "{after}"
        );
        // A resource under a condition is copied with its condition only, as the whole list.
        let listed = |resources: &str| {
            let text = format!(
                "Conditions: {{Big: !Equals [!Ref AWS::Region, eu-west-1]}}
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: elasticloadbalancing:CreateL*er
                Resource: {resources}
                Condition: {{StringLike: {{aws:RequestTag/team: shop}}}}
"
            );
            fixed_text(&RULE, &text, &config)
                .matches("Effect: Allow")
                .count()
        };
        let own = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*";
        assert_eq!(listed(&format!("['{own}']")), 2);
        assert_eq!(
            listed(&format!(
                "['{own}', !If [Big, '{own}b', !Ref AWS::NoValue]]"
            )),
            3
        );
    }

    #[test]
    fn what_a_job_makes_where_it_runs() {
        let role = |service: &str, actions: &str| {
            format!(
                "Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: {service}}}, Action: 'sts:AssumeRole'}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              Effect: Allow
              Resource: '*'
{actions}"
            )
        };
        let made = "              Action: ['logs:CreateLogGroup', 'ec2:CreateNetworkInterface', 'ecs:RegisterTaskDefinition']
";
        let marks = "                        ^^^^^^^^^^^^^^^^^^^
                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^
                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^
";
        check(
            &RULE,
            &role("cloudformation.amazonaws.com", &format!("{made}{marks}")),
            "",
        );
        check(&RULE, &role("codebuild.amazonaws.com", made), "");
        // The logs that it writes are its own.
        let writes = "              Action: ['logs:CreateLogGroup', 'logs:PutLogEvents']\n";
        check(&RULE, &role("cloudformation.amazonaws.com", writes), "");
        let reports =
            "              Action: ['codebuild:CreateReportGroup', 'codebuild:CreateReport']\n";
        check(&RULE, &role("cloudformation.amazonaws.com", reports), "");
        let group = "              Action: ['codebuild:CreateReportGroup', 'logs:PutLogEvents']
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
";
        check(&RULE, &role("cloudformation.amazonaws.com", group), "");
    }

    /// How many actions lack their deletes in a role of this name, with this trust and these actions.
    fn lacks_of(name: &str, service: &str, actions: &str, config: &str) -> usize {
        let text = format!(
            "Resources:
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: {service}.amazonaws.com}}, Action: 'sts:AssumeRole'}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {{Effect: Allow, Resource: '*', Action: [{actions}]}}
"
        );
        Fixture::new(&text, config).findings(&RULE).len()
    }

    #[test]
    fn what_a_roll_out_adds_stays() {
        let lacks = |actions: &str| lacks_of("DeployRole", "ec2", actions, "");
        let task = "'ecs:RegisterTaskDefinition'";
        let version = "'elasticbeanstalk:CreateApplicationVersion'";
        let layer = "'lambda:PublishLayerVersion'";
        for adds in [task, version, layer] {
            assert_eq!(lacks(adds), 1, "{adds}");
        }
        for (adds, changes, creates) in [
            (task, "'ecs:UpdateService'", "'ecs:CreateService'"),
            (task, "'ecs:RunTask'", "'ecs:Create*'"),
            (task, "'codedeploy:CreateDeployment'", "'ecs:CreateService'"),
            (
                version,
                "'elasticbeanstalk:UpdateEnvironment'",
                "'elasticbeanstalk:CreateEnvironment'",
            ),
            (
                layer,
                "'lambda:UpdateFunctionConfiguration'",
                "'lambda:CreateFunction'",
            ),
        ] {
            let both = format!("{adds}, {changes}");
            assert_eq!(lacks(&both), 0, "{both}");
            // Whoever makes what is rolled out, too, takes it away.
            let deletes = "'ecs:DeleteService', 'ecs:DeleteCluster', 'ecs:DeleteTaskSet', 'ecs:DeleteCapacityProvider', \
                           'ecs:Delete*', 'elasticbeanstalk:TerminateEnvironment', 'lambda:DeleteFunction'";
            let all = format!("{both}, {creates}, {deletes}");
            assert_eq!(lacks(&all), 1, "{all}");
        }
        // What is changed must be what the new version is for.
        assert_eq!(
            lacks(&format!("{task}, 'elasticbeanstalk:UpdateEnvironment'")),
            1
        );
    }

    #[test]
    fn what_cloudformation_makes_for_a_service_is_no_roll_out() {
        let rolls = "'ecs:RegisterTaskDefinition', 'ecs:UpdateService'";
        assert_eq!(lacks_of("DeployRole", "cloudformation", rolls, ""), 1);
        // Nor where the config says that the role deploys.
        let said = "[deploy]\nroles = ['DeployRole']";
        assert_eq!(lacks_of("DeployRole", "ec2", rolls, said), 1);
        // A pipeline that lets CloudFormation work with another role only rolls out.
        let text = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet']
    Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-*/*'
  - Effect: Allow
    Action: iam:PassRole
    Resource: arn:aws:iam::111111111111:role/shop-exec
    Condition: {StringEquals: {iam:PassedToService: cloudformation.amazonaws.com}}
  - Effect: Allow
    Action: [ecs:RegisterTaskDefinition, ecs:DescribeTaskDefinition]
    Resource: '*'
  - Effect: Allow
    Action: [ecs:UpdateService, ecs:DescribeServices]
    Resource: arn:aws:ecs:eu-west-1:111111111111:service/shop/*
";
        check(&RULE, text, "");
    }
}
