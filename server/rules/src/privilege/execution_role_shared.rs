//! Finds roles that CloudFormation deploys with and that other principals can assume too.
//!
//! Such a role can create, change and delete everything the app consists of, including its data. What limits this power
//! to the contents of a template is that only `cloudformation.amazonaws.com` can assume it: whoever deploys passes the
//! role and never has its credentials. If the trust policy also names a user, a role, an account or a provider, whoever
//! gets into a pipeline has all of it.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   ExecutionRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Service: cloudformation.amazonaws.com
//!               AWS: arn:aws:iam::333333333333:root
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   ExecutionRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Service: cloudformation.amazonaws.com
//!             Action: sts:AssumeRole
//! ```

use leastwise_model::{Item, Level, Policy, Site, SiteKind, Statement};
use leastwise_syntax::Span;

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "execution-role-shared",
    group: Group::Privilege,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A CloudFormation role that others can assume",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Policy(find)],
};

/// A role that CloudFormation deploys with, and who else may assume it.
struct Shared {
    /// The first of them.
    at: Span,
    /// How many more there are.
    more: usize,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let allowing = || {
        policy
            .statements
            .iter()
            .filter(|statement| statement.allows())
    };
    if site.kind != SiteKind::Trust || !allowing().any(|it| names_cloudformation(context, it)) {
        return;
    }
    let mut others = allowing().flat_map(|statement| others(context, statement));
    if let Some(first) = others.next() {
        facts.push(Shared {
            at: context.item_span(first),
            more: others.count(),
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

fn names_cloudformation(context: &Context<'_>, statement: &Statement) -> bool {
    let Some(principals) = statement.principal.known() else {
        return false;
    };
    let mut values = principals
        .values("Service")
        .iter()
        .flat_map(|item| context.patterns(item));
    values.any(|value| {
        let name = value.display();
        name == "cloudformation.amazonaws.com" || name == "cloudformation.amazonaws.com.cn"
    })
}

/// Who a statement names that isn't a service. Of `*`, which is everybody, another rule tells.
fn others<'a>(context: &Context<'a>, statement: &'a Statement) -> impl Iterator<Item = &'a Item> {
    let context = *context;
    let principals = statement.principal.known().into_iter();
    let items = principals.flat_map(|principals| {
        let federated = principals.values("Federated");
        principals.values("AWS").iter().chain(federated)
    });
    items.filter(move |item| {
        let patterns = context.patterns(item);
        item.branch.is_empty() && !patterns.is_empty() && !patterns.iter().any(|it| it.is_star())
    })
}

impl Fact for Shared {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let who = match &self.owner {
            Some(owner) => format!("`{owner}`"),
            None => "this role".to_owned(),
        };
        let named = match self.more {
            0 => "this principal".to_owned(),
            more => format!("this principal and {more} more"),
        };
        let message =
            format!("CloudFormation deploys with {who}, but {named} can assume it directly.");
        Finding::new(&RULE, self.at, message)
            .help("Let only `cloudformation.amazonaws.com` assume it; whoever deploys should pass it from a separate role.")
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::Fixture;

    #[track_caller]
    fn check(statements: &str, findings: usize) {
        let text = format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{statements}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}}
"
        );
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), findings, "{statements}\n{found:#?}");
    }

    #[test]
    fn a_list_of_terraform_without_anybody() {
        for (others, findings) in [("[\"333333333333\"]", 1), ("local.nobody", 0)] {
            let text = format!(
                r#"resource "aws_iam_role" "stacks" {{
  name               = "stacks"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
locals {{
  nobody = []
}}
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "Service"
      identifiers = ["cloudformation.amazonaws.com"]
    }}
    principals {{
      type        = "AWS"
      identifiers = {others}
    }}
  }}
}}
"#
            );
            let found = Fixture::among(&[("main.tf", &text, "")]).findings(&RULE);
            assert_eq!(found.len(), findings, "{others}: {found:?}");
        }
    }

    #[test]
    fn who_else_assumes_it() {
        let of = |principal: &str| {
            format!("{{Effect: Allow, Principal: {principal}, Action: 'sts:AssumeRole'}}")
        };
        let stacks = of("{Service: cloudformation.amazonaws.com}");
        let beside = |principal: &str| format!("{stacks}, {}", of(principal));
        for (statements, findings) in [
            (stacks.clone(), 0),
            (beside("{AWS: 'arn:aws:iam::333333333333:root'}"), 1),
            (
                of("{Service: cloudformation.amazonaws.com.cn, AWS: '333333333333'}"),
                1,
            ),
            (
                beside("{AWS: ['333333333333', 'arn:aws:iam::333333333333:user/ci']}"),
                1,
            ),
            (
                beside("{AWS: !Sub 'arn:aws:iam::${ToolsAccountId}:root'}"),
                1,
            ),
            (
                beside("{Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}"),
                1,
            ),
            (
                of("{Service: [cloudformation.amazonaws.com], AWS: '333333333333'}"),
                1,
            ),
            (
                of("{Service: cloudformation.amazonaws.com.cn, AWS: '333333333333'}"),
                1,
            ),
            (beside("{AWS: ['*', '333333333333']}"), 1),
            // Everybody, another service, nobody for sure.
            (beside("{AWS: '*'}"), 0),
            (beside("'*'"), 0),
            (beside("{Service: codebuild.amazonaws.com}"), 0),
            (
                beside("{AWS: [!If [Big, '333333333333', !Ref 'AWS::NoValue']]}"),
                0,
            ),
            (beside("!Ref Principals"), 0),
            (of("{AWS: '333333333333'}"), 0),
            (of("{Service: ec2.amazonaws.com, AWS: '333333333333'}"), 0),
            (
                format!(
                    "{stacks}, {}",
                    of("{AWS: '333333333333'}").replace("Allow", "Deny")
                ),
                0,
            ),
            (
                format!(
                    "{}, {}",
                    stacks.replace("Allow", "Deny"),
                    of("{AWS: '333333333333'}")
                ),
                0,
            ),
        ] {
            check(&statements, findings);
        }
    }

    #[test]
    fn how_many_they_are() {
        for (principal, named) in [
            ("'333333333333'", "but this principal can"),
            (
                "['*', '333333333333', '444444444444', '555555555555']",
                "but this principal and 2 more can",
            ),
        ] {
            let text = format!("Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: cloudformation.amazonaws.com, AWS: {principal}}}, Action: 'sts:AssumeRole'}}]
");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert!(found[0].message.contains(named), "{}", found[0].message);
        }
    }

    #[test]
    fn only_of_trust_policies() {
        let text = "Resources:
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [x]
      PolicyDocument:
        Statement:
          Effect: Allow
          Principal: {Service: cloudformation.amazonaws.com, AWS: '333333333333'}
          Action: 'sns:Publish'
          Resource: '*'
";
        assert!(Fixture::new(text, "").findings(&RULE).is_empty());
    }
}
