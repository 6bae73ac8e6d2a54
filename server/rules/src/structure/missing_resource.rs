//! Finds statements without the resource that they need.
//!
//! Identity policies, boundaries and policies of an organization need `Resource` or `NotResource` in each statement,
//! and so do those of buckets and keys; AWS rejects the policy otherwise. Trust policies have none, and some services
//! leave it out of their resource policies.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "sqs:SendMessage"
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
//!       "Action": "sqs:SendMessage",
//!       "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-orders"
//!     }
//!   ]
//! }
//! ```

use leastwise_model::{Known, Level, Site, SiteKind, Statement};
use leastwise_syntax::Span;

use super::{head, is_closed, is_misspelt, is_object, is_whole_statement, with_article};
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-resource",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without `Resource` or `NotResource`",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_RESOURCE"),
        ("access-analyzer", "EMPTY_ARRAY_RESOURCE"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// Whether a statement of the site's policy must name resources.
fn is_required(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    match site.kind {
        SiteKind::Identity
        | SiteKind::Boundary
        | SiteKind::Scp
        | SiteKind::Rcp
        | SiteKind::Organization
        | SiteKind::Session
        | SiteKind::Iot => true,
        // Of other services it isn't known, and a module may add what is left out of its objects.
        SiteKind::Resource => {
            matches!(site.service, Some("s3" | "kms")) && !is_object(context, site)
        }
        SiteKind::Trust | SiteKind::VpcEndpoint | SiteKind::OfAws => false,
        // All kinds whose statements name no principals do. To objects the module that takes them may give any element.
        SiteKind::Unknown => {
            let whole = statement.principal.is_missing() && statement.not_principal.is_missing();
            whole && !is_object(context, site)
        }
    }
}

/// A statement that is about no resource.
struct Missing {
    at: Span,
    kind: SiteKind,
    /// Whether there is a list, with nothing in it.
    is_empty: bool,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let misspelt = || is_misspelt(&statement.elements, &["Resource", "NotResource"]);
    let (at, is_empty) = match (&statement.resource, &statement.not_resource) {
        (Known::Missing, Known::Missing)
            if is_required(context, site, statement)
                && !statement.elements.is_empty()
                && !misspelt() =>
        {
            (head(context, statement), false)
        }
        (Known::Is(list), _) if list.items.is_empty() && site.kind != SiteKind::Trust => {
            (context.content(list.key), true)
        }
        _ => return,
    };
    if is_whole_statement(statement) && is_closed(context, statement, facts) {
        facts.push(Missing {
            at,
            kind: site.kind,
            is_empty,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let finding = if self.is_empty {
            let message = "`Resource` is an empty list: the statement has no effect.";
            Finding::new(&RULE, self.at, message)
                .level(Level::Warning)
                .help("Name the resources, or remove the statement.")
        } else {
            let message = format!(
                "The statement has no `Resource`, which {} needs: AWS rejects the policy.",
                with_article(self.kind)
            );
            Finding::new(&RULE, self.at, message).help("Name the resources it applies to.")
        };
        finding.owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    #[test]
    fn by_kind_of_policy() {
        check(
            &RULE,
            r#"
Resources:
  ShopRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                ^^^^^^
                Action: s3:GetObject
              - {Effect: Allow, Action: s3:GetObject, NotResource: '*'}
              - {Effect: Allow, Action: s3:GetObject, Resources: ['*']}
              - {Effect: Allow, Action: s3:GetObject, Resource: []}
                                                      ^^^^^^^^
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: '*', Action: ecr:BatchGetImage}
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-data
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: '*', Action: s3:GetObject}
             ^^^^^^
"#,
            "",
        );
    }

    #[test]
    fn what_is_written_under_another_name_is_there() {
        for (name, found) in [("resources_not", 0), ("non_resources", 0), ("priority", 1)] {
            let text = format!(
                "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    actions = [\"s3:GetObject\"]\n    {name} = [\"arn:aws:s3:::shop/*\"]\n  }}\n}}\n\
                 resource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.a.json\n}}\n"
            );
            assert_eq!(
                Fixture::new(&text, "").findings(&RULE).len(),
                found,
                "{name}"
            );
        }
    }

    #[test]
    fn a_plain_trust_policy_has_none() {
        check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
  ]
}
"#,
            "",
        );
    }

    /// The statements of a text that is still being written, with nothing behind the cursor.
    #[test]
    fn what_is_closed_is_told_of_before_the_end_is_there() {
        let json = |last: &str| {
            format!(
                "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\"}},\n    {{{last}"
            )
        };
        let heredoc = |last: &str| {
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{}\nEOT\n}}\n",
                json(last)
            )
        };
        let encoded = |last: &str| {
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Statement = [\n      {{\n        Effect = \"Allow\"\n        Action = \"sqs:SendMessage\"\n      }},\n      {{\n        {last}"
            )
        };
        let blocks = |last: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"sqs:SendMessage\"]\n  }}\n  statement {{\n    {last}"
            )
        };
        for text in [
            json(""),
            json("\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\""),
            json("\"Effect\": \"Allow\", \"Action\": \"s3:GetObj"),
            json(
                "\"Effect\": \"Allow\", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": true}}",
            ),
            heredoc("\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\""),
            encoded("Effect = \"Allow\"\n        Action = ["),
            encoded(
                "Effect = \"Allow\"\n        Condition = { Bool = { \"aws:SecureTransport\" = \"true\" } }",
            ),
            blocks("actions = [\"s3:GetObject\""),
            blocks("actions = [\"s3:GetObject\"]\n"),
        ] {
            let fixture = Fixture::new(&text, "");
            let found = fixture.findings(&RULE);
            assert_eq!(found.len(), 1, "{text}\n{found:?}");
        }
        // A bracket in the wrong place, or one that nobody closes in the statement itself, may hide what is there.
        for text in [
            json("\"Effect\": \"Allow\"}, \"Action\": \"s3:GetObject\"}]}"),
            json("").replace("\"}", "\"}, \"Resource\": \"*\"}"),
            json("").replace("\"sqs:SendMessage\"", "[\"sqs:SendMessage\""),
        ] {
            let found = Fixture::new(&text, "").findings(&RULE);
            assert!(found.is_empty(), "{text}\n{found:?}");
        }
    }
}
