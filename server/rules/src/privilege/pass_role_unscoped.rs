//! Finds `iam:PassRole` on every role.
//!
//! Who may pass any role to any service can start a function or a machine under the most powerful role of the account
//! and act as that role. `iam:PassRole` needs the roles that are meant, or an `iam:PassedToService` condition.
//!
//! What a `Deny` takes off, in any policy of the owner, isn't granted. A condition has to leave a few services: one that
//! only excludes some (`StringNotEquals`) leaves all others, and one that a request without the key meets
//! (`StringEqualsIfExists`) leaves the services that don't send it, such as CodeBuild, which is a warning.
//!
//! ## Config
//!
//! ```toml
//! [app]
//! prefix = "shop"
//! variables = ["AppId"]
//!
//! [accounts]
//! dev = "111111111111"
//! prod = "222222222222"
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Parameters:
//!   AppId:
//!     Type: String
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: pass
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action: iam:PassRole
//!                 Resource: '*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["ec2:RunInstances", "iam:PassRole"],
//!       "Resource": "*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Parameters:
//!   AppId:
//!     Type: String
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: pass
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action: iam:PassRole
//!                 Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/${AppId}-*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["ec2:RunInstances"],
//!       "Resource": "*"
//!     },
//!     {
//!       "Effect": "Allow",
//!       "Action": ["iam:PassRole"],
//!       "Resource": ["arn:aws:iam::111111111111:role/shop-*", "arn:aws:iam::222222222222:role/shop-*"]
//!     }
//!   ]
//! }
//! ```

use leastwise_catalog::{Action, catalog};
use leastwise_policy::grants::{Place, Request, Sent, is_every_arn};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::write::{Edit, Value};
use leastwise_workspace::model::{Item, Known, Statement};
use leastwise_workspace::{Level, Site, SiteKind};

use super::wildcard_resource::outside;
use crate::permissions::{Left, Leftovers, takes_in};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, narrow};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "pass-role-unscoped",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "`iam:PassRole` on every role",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "PASS_ROLE_WITH_STAR_IN_RESOURCE"),
        ("access-analyzer", "PASS_ROLE_WITH_NOT_RESOURCE"),
        (
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        ),
        (
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        ),
        (
            "access-analyzer",
            "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        ),
        (
            "access-analyzer",
            "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        ),
        ("cfn-nag", "F38"),
        ("cfn-nag", "F39"),
        ("cfn-nag", "F40"),
        ("guard", "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE"),
        ("guard", "IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(pass_role) = catalog().action("iam", "PassRole") else {
        return;
    };
    let mut leftovers = Leftovers::new(context);
    for (site, statement) in context.statements() {
        if site.kind != SiteKind::Identity
            || !statement.allows()
            || takes_in(statement, pass_role) != Tri::Yes
        {
            continue;
        }
        // Who may do everything needs no role passed.
        let stars = statement
            .actions()
            .iter()
            .any(|item| item.action == Some(ActionPattern::Star));
        if stars {
            continue;
        }
        let (wide, resource) = match (&statement.resource, &statement.not_resource) {
            (Known::Is(list), _) => {
                let widest = list
                    .items
                    .iter()
                    .map(|item| (width(context, item), Some(item)));
                widest
                    .max_by_key(|(width, _)| *width)
                    .unwrap_or((Width::Narrow, None))
            }
            (Known::Missing, Known::Is(_)) => (Width::Everything, None),
            _ => continue,
        };
        if wide == Width::Narrow {
            continue;
        }
        let left = leftovers.of(site, statement);
        let Some(to) = passed_to(context, &left, resource, pass_role) else {
            continue;
        };
        let action = statement
            .actions()
            .iter()
            .find(|item| matches(item, pass_role));
        let span = match (action, &statement.not_action, resource) {
            (Some(item), _, _) => context.item_span(item),
            (None, Known::Is(list), _) => context.content(list.key),
            _ => continue,
        };
        let roles = match wide {
            Width::AllRoles => "every role of the account",
            _ => "every role",
        };
        let via = match action.and_then(|item| item.action.as_ref()) {
            Some(pattern) if !pattern.has_wildcards() => {
                format!("`{}` is allowed on {roles}", pattern.text())
            }
            Some(pattern) => format!("`{}` takes in `iam:PassRole`, on {roles}", pattern.text()),
            None => format!("`NotAction` leaves `iam:PassRole` in, on {roles}"),
        };
        let level = match (wide, to) {
            (Width::Everything, Services::All) => Level::Error,
            _ => Level::Warning,
        };
        let (services, help) = match to {
            Services::All => (
                "every service",
                "Name the roles that are meant, or the services by an `iam:PassedToService` condition.",
            ),
            Services::Unnamed => (
                "services that don't send `iam:PassedToService`, such as CodeBuild",
                "Name the roles that are meant, or take an operator that no request without the key meets: `StringEquals`.",
            ),
        };
        let mut finding = Finding::new(
            &RULE,
            span,
            format!("{via}, for {services}: who has this can run code under the account's most powerful role."),
        )
        .level(level)
        .help(help)
        .owner(context.owner(site))
        .action("iam:PassRole");
        if let Some(item) = resource {
            finding = finding.related(context.item_span(item), "every role");
        }
        let node = statement.node;
        findings.push(match fix(context, site, statement, pass_role) {
            Some(_) => finding.fix(
                "Limit it to the app's roles",
                Safety::Unsafe,
                move |context| {
                    let (site, statement) =
                        context.statements().find(|(_, other)| other.node == node)?;
                    fix(context, site, statement, pass_role)
                },
            ),
            None => finding,
        });
    }
}

/// How many roles a resource takes in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Width {
    /// Some, or it can't be told.
    Narrow,
    /// All those of an account, by their ARN.
    AllRoles,
    /// `*`
    Everything,
}

fn width(context: &Context<'_>, item: &Item) -> Width {
    context
        .patterns(item)
        .into_iter()
        .map(width_of)
        .min()
        .unwrap_or(Width::Narrow)
}

fn width_of(pattern: &Pattern) -> Width {
    if is_every_arn(pattern) {
        return Width::Everything;
    }
    let of_account = match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            arn.service.pattern().matches("iam") == Tri::Yes
                && arn.region.pattern().matches("") == Tri::Yes
                && arn.resource.pattern().covers(&Pattern::literal("role/*"))
        }
        _ => any_role().is_in(pattern) == Tri::Yes,
    };
    if of_account {
        Width::AllRoles
    } else {
        Width::Narrow
    }
}

/// A role of the account that nobody has named.
fn any_role() -> Place {
    let role = catalog().resource_type("iam", "role");
    let format = role.and_then(|role| role.arns().next());
    format.map_or_else(Place::anywhere, Place::of_format)
}

/// To which services a statement leaves roles to be passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Services {
    /// To all but a few.
    All,
    /// To those that don't send `iam:PassedToService`; AWS names CodeBuild and CodeCommit.
    Unnamed,
}

/// To which services every role of a resource may be passed, once the conditions and what is denied are taken off.
/// `None` where neither is sure; without a resource, for a role that `NotResource` may leave.
fn passed_to(
    context: &Context<'_>,
    left: &Left,
    resource: Option<&Item>,
    pass_role: Action,
) -> Option<Services> {
    let patterns = resource.map_or(Vec::new(), |item| context.patterns(item));
    let mut places: Vec<Place> = patterns
        .into_iter()
        .map(|pattern| match any_role().is_in(pattern) {
            Tri::Yes => any_role(),
            // Those of another account, maybe.
            Tri::Maybe | Tri::No => Place::of(pattern.clone()),
        })
        .collect();
    if places.is_empty() {
        places.push(any_role());
    }
    let passes = |sent: Sent| {
        let request = Request::default().sending("iam:PassedToService", sent);
        let possible = |place: &Place| left.possible(pass_role, place, &request) == Tri::Yes;
        places.iter().all(possible)
    };
    if passes(Sent::anything()) {
        return Some(Services::All);
    }
    passes(Sent::Absent).then_some(Services::Unnamed)
}

fn matches(item: &Item, action: Action) -> bool {
    item.action
        .as_ref()
        .is_some_and(|pattern| pattern.matches(action))
}

/// Limits the statement to the app's roles; where it has other actions, `iam:PassRole` goes into one of its own.
fn fix(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    pass_role: Action,
) -> Option<Fix> {
    let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
    else {
        return None;
    };
    let plain = |item: &&Item| {
        matches(item, pass_role)
            && item
                .action
                .as_ref()
                .is_some_and(|pattern| !pattern.has_wildcards())
    };
    let own: Vec<&Item> = actions.items.iter().filter(plain).collect();
    // A wildcard that takes it in would still do so.
    if actions.dynamic
        || actions
            .items
            .iter()
            .filter(|item| matches(item, pass_role))
            .count()
            != own.len()
    {
        return None;
    }
    let narrowed = narrow::arns(context, &narrow::types(&[pass_role]), statement.node)?;
    let mut edits = Vec::new();
    if own.len() == actions.items.len() {
        edits.push(Edit::Replace {
            node: resources.node,
            value: Value::List(narrowed.values),
        });
    } else {
        if !statement.branch.is_empty() {
            return None;
        }
        if own.iter().any(|item| item.list != actions.node) {
            return None;
        }
        let copies = own
            .iter()
            .take(1)
            .map(|item| Value::Copy(item.node))
            .collect();
        let value = narrow::split(
            context,
            site,
            statement,
            "PassRole",
            copies,
            narrowed.values,
        );
        edits.extend(own.iter().map(|item| Edit::RemoveItem {
            list: item.list,
            item: item.node,
        }));
        edits.push(narrow::insert(context, site, statement, value)?);
    }
    let outside = outside(&narrowed.shown);
    Some(Fix::new(edits).removes([format!("iam:PassRole outside {outside}")]))
}

#[cfg(test)]
mod tests {
    use leastwise_workspace::Level;

    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'";

    fn levels(statement: &str) -> Vec<Level> {
        let fixture = Fixture::new(&format!("Statement: [{statement}]\n"), CONFIG);
        fixture
            .findings(&RULE)
            .into_iter()
            .map(|finding| finding.level)
            .collect()
    }

    #[test]
    fn wildcards_and_exceptions_count() {
        use Level::{Error, Warning};
        for (statement, expected) in [
            (
                "{Effect: Allow, Action: 'iam:*', Resource: '*'}",
                &[Error][..],
            ),
            (
                "{Effect: Allow, Action: 'iam:Pass*', Resource: ['arn:aws:iam::111111111111:role/shop', '*']}",
                &[Error],
            ),
            (
                "{Effect: Allow, NotAction: 's3:*', Resource: '*'}",
                &[Error],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', NotResource: 'arn:aws:iam::*:role/admin'}",
                &[Error],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/*'}",
                &[Warning],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {StringLike: {'iam:PassedToService': '*'}}}",
                &[Error],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {StringEquals: {'iam:passedToService': 'lambda.amazonaws.com'}}}",
                &[],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:iam::111111111111:role/shop-*'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: '${Roles}'}",
                &[],
            ),
            ("{Effect: Allow, Action: '*', Resource: '*'}", &[]),
            ("{Effect: Allow, NotAction: 'iam:*', Resource: '*'}", &[]),
            ("{Effect: Deny, Action: 'iam:PassRole', Resource: '*'}", &[]),
            (
                "{Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:s3:::*'}",
                &[],
            ),
        ] {
            assert_eq!(levels(statement), expected, "{statement}");
        }
    }

    #[test]
    fn marks_the_action() {
        let text = "\
Statement:
  - Effect: Allow
    Action: [ec2:RunInstances, 'iam:PassRole']
                                ^^^^^^^^^^^^
    Resource: '*'
  - Effect: Allow
    NotAction: [s3:*]
    ^^^^^^^^^
    Resource: '*'
";
        check(&RULE, text, "");
        let json = r#"{"Statement": {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}}
                                   ^^^^^^^^^
"#;
        check(&RULE, json, "");
    }

    #[test]
    fn splits_off_with_sid_condition_and_comments() {
        let text = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Sid: Run
                Effect: Allow # for now
                Action:
                  - ec2:RunInstances # machines
                  - iam:PassRole # their role
                Resource: '*'
                Condition:
                  Bool: {'aws:SecureTransport': true}
              - Effect: Deny
                Action: ec2:StopInstances
                Resource: '*'
";
        let mended = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Sid: Run
                Effect: Allow # for now
                Action:
                  - ec2:RunInstances # machines
                Resource: '*'
                Condition:
                  Bool: {'aws:SecureTransport': true}
              - Sid: RunPassRole
                Effect: Allow
                Action: iam:PassRole # their role
                Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-*'
                Condition:
                  Bool: {'aws:SecureTransport': true}
              - Effect: Deny
                Action: ec2:StopInstances
                Resource: '*'
";
        assert_eq!(mend(&RULE, text, CONFIG), mended);
    }

    #[test]
    fn mends_the_long_form() {
        let text = r#"{
  "Resources": {
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "Policies": [
          {
            "PolicyName": "p",
            "PolicyDocument": {
              "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]
            }
          }
        ]
      }
    }
  }
}
"#;
        let mended = text.replace(
            r#""Resource": "*""#,
            r#""Resource": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/shop-*"}"#,
        );
        assert_eq!(mend(&RULE, text, CONFIG), mended);
    }
}
