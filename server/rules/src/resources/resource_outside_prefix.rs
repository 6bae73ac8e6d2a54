//! Finds resources whose names don't begin with the app's prefix.
//!
//! If the names of everything an app owns begin with its prefix, a grant on another name reaches into another app. The
//! rule only applies if the config has a prefix, and only to names written out in the file: of functions, tables,
//! queues, topics, buckets, roles and others that an app names itself. A wildcard before the prefix (`*-shop`) also
//! matches names that others choose.
//!
//! ## Config
//!
//! ```toml
//! [app]
//! prefix = "shop"
//! variables = ["AppId"]
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   WorkerPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: sqs:SendMessage
//!             Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:other-*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   WorkerPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: sqs:SendMessage
//!             Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*'
//! ```

use std::ops::Range;

use leastwise_model::resolved::Resolved;
use leastwise_model::text::Part;
use leastwise_model::{Item, Level, OwnerKind, Site, SiteKind, Statement};
use leastwise_policy::{Arn, ArnShape};
use leastwise_syntax::Span;

use crate::support::naming;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "resource-outside-prefix",
    group: Group::Resources,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A resource whose name doesn't begin with the app's prefix",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Statement(find)],
};

/// A name that the app's prefix doesn't begin.
struct Outside {
    at: Span,
    name: String,
    prefix: String,
    /// Whether the prefix stands behind a wildcard.
    behind: bool,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let Some(prefix) = context.config().prefix.as_deref() else {
        return;
    };
    if site.kind != SiteKind::Identity || !statement.allows() {
        return;
    }
    for item in statement.resources() {
        if names_own_resource(context, item) {
            continue;
        }
        let mut found: Vec<Outside> = Vec::new();
        let mut count = 0;
        for (_, value) in context.sure(item) {
            count += 1;
            if let Some((range, at, behind)) = judge(context, value, prefix)
                && found.iter().all(|other| other.at != at)
            {
                found.push(Outside {
                    at,
                    name: value.pattern.slice(range).display(),
                    prefix: prefix.to_owned(),
                    behind,
                    owner: context.owner(site).map(str::to_owned),
                });
            }
        }
        // Names that differ by environment come as one finding each, at most one for each place in the file.
        facts.extend(found.into_iter().take(count));
    }
}

impl Fact for Outside {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (name, prefix) = (&self.name, &self.prefix);
        let message = match self.behind {
            true => format!(
                "`{name}` has a wildcard before the app's prefix `{prefix}`: it can match resources of other apps."
            ),
            false => format!(
                "`{name}` doesn't begin with the app's prefix `{prefix}`: this grants access outside the app."
            ),
        };
        Finding::new(&RULE, self.at, message)
            .help(format!("Name one of the app's resources, `{prefix}…`."))
            .owner(self.owner.as_deref())
    }
}

/// The name in a resource's ARN, where it is surely not the app's, or not only: then a wildcard stands before the prefix.
fn judge(
    context: &Context<'_>,
    value: &Resolved,
    prefix: &str,
) -> Option<(Range<usize>, Span, bool)> {
    let ArnShape::Arn(arn) = Arn::parse(&value.pattern) else {
        return None;
    };
    let config = context.config();
    let is_own = |account: &str| {
        let mut own = context.analysis.environments.iter();
        own.any(|own| own.account.as_deref() == Some(account))
    };
    // Other accounts have other apps, and names of their own.
    if let Some(account) = arn
        .account
        .as_literal()
        .filter(|account| !account.is_empty())
        && (config
            .account(&account)
            .is_some_and(|known| !known.deploys && !is_own(&account))
            || (!config.accounts.is_empty() && config.account(&account).is_none())
            || account == "aws")
    {
        return None;
    }
    if let Some(range) = naming::behind_wildcard(&arn, prefix) {
        let span = value.span_of(context.tree, range.clone())?;
        return Some((range, span, true));
    }
    let range = naming::outside(&arn, prefix)?;
    if is_declared(context, &arn) {
        return None;
    }
    // A name that begins with a variable is somebody's choice in another place.
    let first = value
        .pieces
        .iter()
        .find(|piece| piece.raw.contains(&range.start))?;
    first.literal?;
    let span = value.span_of(context.tree, range.clone())?;
    Some((range, span, false))
}

/// Whether an ARN is of an identity that the workspace declares under that name: it is the app's, whatever it is called.
fn is_declared(context: &Context<'_>, arn: &Arn<'_>) -> bool {
    if arn.service.as_literal().as_deref() != Some("iam") {
        return false;
    }
    let Some(resource) = arn.resource.as_literal() else {
        return false;
    };
    let kinds = [
        ("role/", OwnerKind::Role),
        ("user/", OwnerKind::User),
        ("group/", OwnerKind::Group),
        ("policy/", OwnerKind::ManagedPolicy),
    ];
    let Some((path, kind)) = kinds
        .iter()
        .find_map(|(lead, kind)| Some((resource.strip_prefix(lead)?, *kind)))
    else {
        return false;
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let own = context.analysis.owners.iter();
    let mut own = own.filter(|owner| owner.kind == kind && owner.names.iter().any(|it| it == name));
    own.any(|owner| owner.declared.is_some())
        || context.analysis.index().is_some_and(|index| {
            let mut owners = index.owners(kind, name);
            owners.any(|(.., owner)| owner.declared.is_some())
        })
}

/// Whether the text refers to a resource that the same template makes.
fn names_own_resource(context: &Context<'_>, item: &Item) -> bool {
    let state = context.analysis.state();
    item.text.parts.iter().any(|part| match part {
        Part::Variable { name, .. } => state.makes(name),
        Part::Attribute { resource, .. } => state.makes(resource),
        Part::Literal { .. }
        | Part::Given { .. }
        | Part::Expression { .. }
        | Part::Mark { .. }
        | Part::Computed { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    const CONFIG: &str = "[app]\nprefix = 'shop'\nvariables = ['AppId']\n[accounts]\ndev = '111111111111'\n\
        tools = { id = '444444444444', deploys = false }";

    #[test]
    fn marks_the_name() {
        let block = "\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: other}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ['s3:GetObject', 'dynamodb:GetItem', 'sqs:SendMessage']
                Resource:
                  - !Sub 'arn:${AWS::Partition}:s3:::other-${AWS::AccountId}/*'
                                                     ^^^^^^^^^^^^^^^^^^^^^^^
                  - !Join ['', ['arn:aws:sqs:', !Ref AWS::Region, ':', !Ref AWS::AccountId, ':other-q']]
                                                                                              ^^^^^^^
                  - !GetAtt Table.Arn
                  - !Sub '${Table.Arn}/index/*'
                  - !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-q'
                  - !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Queue}'
                  - !Sub 'arn:aws:sqs:${AWS::Region}:444444444444:tools-q'
";
        check(&RULE, block, CONFIG);
        let json = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": ["arn:aws:sqs:eu-west-1:111111111111:\u006fther"]}}
                                                                                                      ^^^^^^^^^^
"#;
        check(&RULE, json, CONFIG);
    }

    #[test]
    fn what_the_workspace_declares_is_its_own() {
        let policy = |arn: &str| {
            format!(
                "{{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"iam:PassRole\", \"Resource\": \"{arn}\"}}}}"
            )
        };
        let identities = "Resources:
  Deploy: {Type: 'AWS::IAM::Role', Properties: {RoleName: StackRole}}
  Person: {Type: 'AWS::IAM::User', Properties: {UserName: Builder}}
  People: {Type: 'AWS::IAM::Group', Properties: {GroupName: Builders}}
  Read: {Type: 'AWS::IAM::ManagedPolicy', Properties: {ManagedPolicyName: Reading, PolicyDocument: {Statement: []}}}
  Other:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: p, Roles: [Borrowed], PolicyDocument: {Statement: []}}
";
        let count = |arn: &str| {
            let policy = policy(arn);
            let files = [
                ("p.json", policy.as_str(), CONFIG),
                ("roles.yaml", identities, CONFIG),
            ];
            Fixture::among(&files).findings(&RULE).len()
        };
        for (resource, findings) in [
            ("role/StackRole", 0),
            ("role/paths/StackRole", 0),
            ("user/Builder", 0),
            ("group/Builders", 0),
            ("policy/Reading", 0),
            ("role/Builder", 1),
            ("role/StackRole*", 1),
            ("role/Elsewhere", 1),
            // Only named there.
            ("role/Borrowed", 1),
        ] {
            let arn = format!("arn:aws:iam::111111111111:{resource}");
            assert_eq!(count(&arn), findings, "{resource}");
        }
        assert_eq!(
            count("arn:aws:lambda:eu-west-1:111111111111:function:StackRole"),
            1
        );
        // In the same file.
        let block = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: StackRole
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: 'iam:GetRole'
                Resource:
                  - 'arn:aws:iam::111111111111:role/StackRole'
                  - 'arn:aws:iam::111111111111:role/OtherRole'
                                                    ^^^^^^^^^
";
        check(&RULE, block, CONFIG);
    }

    #[test]
    fn wildcards_before_the_prefix() {
        let block = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ['lambda:InvokeFunction', 'ssm:GetParameter']
                Resource:
                  - !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:*-${AppId}'
                                                                                   ^^^^^^^^^^
                  - !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AppId}-*'
                  - !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:*'
                  - !Sub 'arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*/${AppId}/key'
";
        let messages = check(&RULE, block, CONFIG);
        assert!(
            messages[0].starts_with("`*-shop` has a wildcard before"),
            "{messages:?}"
        );
    }

    #[test]
    fn silent_without_a_prefix_and_for_a_deny() {
        let text = "Statement: {Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:other'}\n";
        check(&RULE, text, "");
        check(&RULE, &text.replace("Allow", "Deny"), CONFIG);
    }

    #[test]
    fn the_account_that_the_file_goes_to_is_its_own() {
        let own = format!("{CONFIG}\n[[templates]]\npath = '**'\naccounts = ['tools']");
        let marked = "\
Statement: {Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:444444444444:other'}
                                                                                          ^^^^^
";
        check(&RULE, marked, &own);
        let line = marked.lines().next().unwrap_or_default();
        check(&RULE, &format!("{line}\n"), CONFIG);
    }
}
