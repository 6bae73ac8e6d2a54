//! Finds statements without the principal that they need.
//!
//! A trust policy and a resource policy say in `Principal` who they allow or deny something; AWS rejects the policy
//! otherwise. An empty list of principals names nobody: the statement has no effect.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Files:
//!     Type: AWS::S3::BucketPolicy
//!     Properties:
//!       Bucket: shop-files
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: arn:aws:s3:::shop-files/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Files:
//!     Type: AWS::S3::BucketPolicy
//!     Properties:
//!       Bucket: shop-files
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: 'arn:aws:iam::111111111111:role/shop-reader'}
//!             Action: s3:GetObject
//!             Resource: arn:aws:s3:::shop-files/*
//! ```

use leastwise_model::{Known, Level, Principals, Site, SiteKind, Statement};
use leastwise_syntax::Span;

use super::{head, is_closed, is_misspelt, is_whole_statement, with_article};
use crate::support::trust_actions::is_of_trust;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-principal",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A statement without the `Principal` that it needs",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_PRINCIPAL"),
        ("access-analyzer", "EMPTY_ARRAY_PRINCIPAL"),
        ("access-analyzer", "EMPTY_OBJECT_PRINCIPAL"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A statement that names nobody.
struct Missing {
    span: Span,
    kind: SiteKind,
    owner: Option<String>,
    how: How,
}

enum How {
    /// There is no `Principal`.
    None,
    /// There is one, with nobody in it.
    Empty,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let (span, how) = match (&statement.principal, &statement.not_principal) {
        (Known::Is(principals), _) if is_empty(principals) && site.kind.has_principals() => {
            (context.content(principals.key), How::Empty)
        }
        (Known::Missing, Known::Missing) => {
            let misspelt = is_misspelt(&statement.elements, &["Principal", "NotPrincipal"]);
            let whole = is_whole_statement(statement) && !statement.elements.is_empty();
            if !is_required(context, site, statement) || !whole || misspelt {
                return;
            }
            (head(context, statement), How::None)
        }
        _ => return,
    };
    if is_closed(context, statement, facts) {
        facts.push(Missing {
            span,
            kind: site.kind,
            owner: context.owner(site).map(str::to_owned),
            how,
        });
    }
}

/// Whether the statement must say whom it is about.
fn is_required(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    match site.kind {
        // What holds other permissions is no trust policy: that is reported.
        SiteKind::Trust => {
            let mut actions = statement.actions().iter();
            actions.all(|item| is_of_trust(context, item))
        }
        // Templates of permissions that are shared are resource policies, too, and are completed by who takes them.
        SiteKind::Resource => site.service.is_some(),
        _ => false,
    }
}

/// Whether there is surely nobody in it.
fn is_empty(principals: &Principals) -> bool {
    let nobody = |values: &Known<leastwise_model::List>| {
        values.known().is_some_and(|list| list.items.is_empty())
    };
    !principals.star
        && !principals.dynamic
        && principals.kinds.iter().all(|kind| nobody(&kind.values))
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let finding = match self.how {
            How::None => {
                let message = format!(
                    "The statement has no `Principal`, which {} needs: AWS rejects the policy.",
                    with_article(self.kind)
                );
                Finding::new(&RULE, self.span, message).help(match self.kind {
                    SiteKind::Trust => "Name who can assume the role in `Principal`.",
                    _ => "Name who the statement applies to in `Principal`.",
                })
            }
            How::Empty => {
                let message = "No principal is named here: the statement has no effect.";
                Finding::new(&RULE, self.span, message)
                    .help("Name the principals, or remove the statement.")
                    .level(Level::Warning)
            }
        };
        finding.owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn by_kind_of_policy() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole}
             ^^^^^^
          - {Effect: Allow, Action: [s3:GetObject]}
          - {Effect: Allow, Action: sts:AssumeRole, NotPrincipal: {AWS: '111111111111'}}
          - {Effect: Allow, Action: sts:AssumeRole, Principals: {AWS: '111111111111'}}
          - {Effect: Allow, Action: sts:AssumeRole, Principal: !Ref Who}
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {}}
                                                    ^^^^^^^^^
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: [], Service: []}}
                                                    ^^^^^^^^^
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: [], Service: lambda.amazonaws.com}}
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: !Ref Who}}
          - {Effect: Allow, Action: sts:AssumeRole, 'Fn::Transform': {Name: Who}}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Deny, Action: 'kms:*', Resource: '*'}
                    ^^^^^^
  Shared:
    Type: AWS::RAM::Permission
    Properties:
      PolicyTemplate: {Effect: Allow, Action: 'kms:*'}
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "The statement has no `Principal`, which a trust policy needs: AWS rejects the policy."
        );
        assert_eq!(
            messages[1],
            "No principal is named here: the statement has no effect."
        );
    }

    #[test]
    fn silent_in_what_can_not_be_read() {
        check(
            &RULE,
            "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Statement: {Effect: Deny, Action: 'kms:*', Resource: '*'\n",
            "",
        );
    }
}
