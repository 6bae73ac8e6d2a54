//! Finds permissions to create something without the permission to change it, in roles that deploy.
//!
//! The first deployment works. The next one that changes the resource fails with AccessDenied and is rolled back.
//!
//! All policies of the role are considered. Actions that are denied on purpose aren't reported.
//!
//! Neither are a tool's own state bucket and lock table, which it creates once and keeps.
//!
//! ## Config
//!
//! ```toml
//! [deploy]
//! roles = ["shop*"]
//! ```
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": [
//!         "lambda:CreateFunction",
//!         "lambda:DeleteFunction"
//!       ],
//!       "Resource": "arn:aws:lambda:eu-west-1:111111111111:function:shop-*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": [
//!         "lambda:CreateFunction",
//!         "lambda:UpdateFunctionCode",
//!         "lambda:UpdateFunctionConfiguration",
//!         "lambda:DeleteFunction"
//!       ],
//!       "Resource": "arn:aws:lambda:eu-west-1:111111111111:function:shop-*"
//!     }
//!   ]
//! }
//! ```

use leastwise_catalog::Relation;
use leastwise_model::{Level, Owner};

use super::counterpart::{Kind, lacks};
use crate::{Context, Facts, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-update-counterpart",
    group: Group::Deploy,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role that can create something, but not change it",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Owner(find)],
};

static KIND: Kind = Kind {
    rule: &RULE,
    relation: Relation::Update,
    consequence: "later updates fail",
    suffix: "Update",
};

fn find(context: &Context<'_>, index: usize, owner: &Owner, facts: &mut Facts<'_>) {
    lacks(context, &KIND, (index, owner), facts);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    #[test]
    fn a_wildcard_that_creates_lacks_updates() {
        let messages = check(
            &RULE,
            "Resources:
  DeployerRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: functions
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:CreateT*, dynamodb:Delete*]
#                        ^^^^^^^^^^^^^^^^^
                Resource: '*'
",
            "",
        );
        assert_eq!(
            messages,
            ["`dynamodb:CreateT*` is allowed without `dynamodb:UpdateTable`: later updates fail."]
        );
    }

    /// A function of SAM that deploys, with this policy template beside its own policy.
    fn deployer(template: &str) -> String {
        format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  DeployerFunction:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - {template}: {{TableName: orders}}
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [dynamodb:CreateTable, dynamodb:DeleteTable]
#                      ^^^^^^^^^^^^^^^^^^^^
              Resource: !Sub arn:aws:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/orders
"
        )
    }

    #[test]
    fn what_a_policy_template_of_sam_grants_is_granted() {
        const CONFIG: &str = "[deploy]\nroles = ['DeployerFunction']";
        check(&RULE, &deployer("DynamoDBReadPolicy"), CONFIG);
        let given = deployer("DynamoDBReconfigurePolicy");
        let unmarked: String = given
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        check(&RULE, &unmarked, CONFIG);
    }

    /// What a role that deploys may do with policies.
    fn policies(actions: &str, resource: &str) -> String {
        format!(
            "{{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {{
      \"Effect\": \"Allow\",
      \"Action\": [{actions}],
      \"Resource\": \"arn:aws:iam::111111111111:{resource}/shop-*\"
    }}
  ]
}}
"
        )
    }

    const SHOP: &str = "[deploy]\nroles = ['shop*']";

    #[test]
    fn a_counterpart_brings_what_it_needs() {
        let before = policies(r#""iam:CreatePolicy", "iam:DeletePolicy""#, "policy");
        let after = policies(
            r#"
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicyVersion",
        "iam:ListPolicyVersions",
        "iam:DeletePolicy"
      "#,
            "policy",
        );
        let found = Fixture::new(&before, SHOP).findings(&RULE);
        assert_eq!(
            found[0].help,
            "Allow `iam:CreatePolicyVersion` on the same resources, along with `iam:DeletePolicyVersion` and \
             `iam:ListPolicyVersions`."
        );
        assert_eq!(fixed_text(&RULE, &before, SHOP), after);
        // What is there needs no bringing.
        let before = policies(
            r#""iam:CreatePolicy", "iam:List*", "iam:DeletePolicy*""#,
            "policy",
        );
        let after = before.replace(
            r#""iam:CreatePolicy""#,
            r#""iam:CreatePolicy", "iam:CreatePolicyVersion""#,
        );
        assert_eq!(fixed_text(&RULE, &before, SHOP), after);
    }

    #[test]
    fn a_list_in_alphabetical_order_stays_in_it() {
        let before = policies(
            r#""iam:CreatePolicy", "iam:DeletePolicy", "iam:GetPolicy", "iam:TagPolicy""#,
            "policy",
        );
        let after = policies(
            r#"
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:GetPolicy",
        "iam:ListPolicyVersions",
        "iam:TagPolicy"
      "#,
            "policy",
        );
        assert_eq!(fixed_text(&RULE, &before, SHOP), after);
    }

    #[test]
    fn what_is_added_stays_in_the_section_of_its_item() {
        let list = |new: &str| {
            let actions = format!(
                "\n\"iam:CreatePolicy\",{new}\n\"iam:DeletePolicy\",\n\n\"iam:GetPolicy\",\n\"iam:TagPolicy\""
            );
            policies(&actions, "policy")
        };
        let new = [
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "ListPolicyVersions",
        ];
        let new: String = new.map(|name| format!("\n\"iam:{name}\",")).concat();
        assert_eq!(fixed_text(&RULE, &list(""), SHOP), list(&new));
    }

    #[test]
    fn what_makes_nothing_lacks_nothing() {
        let actions = r#""iam:CreatePolicy", "iam:DeletePolicy""#;
        check(&RULE, &policies(actions, "role"), SHOP);
        let found = Fixture::new(&policies(actions, "policy"), SHOP).findings(&RULE);
        assert_eq!(found.len(), 1);
    }
}
