//! Finds deploy roles that can create roles or users and give them permissions, without a permissions boundary.
//!
//! Whoever can create a role and write its policy can create one that can do everything, and then use it: whatever else
//! the deploy role's own policy leaves out, it can get. An `iam:PermissionsBoundary` condition limits every role that
//! it creates or changes to a boundary; so does a `Deny` of requests without one, in any policy of the role.
//!
//! ## Config
//!
//! ```toml
//! [deploy]
//! roles = ["DeployRole"]
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: roles
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action:
//!                   - iam:CreateRole
//!                   - iam:PutRolePolicy
//!                 Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   DeployRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       Policies:
//!         - PolicyName: roles
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action:
//!                   - iam:CreateRole
//!                   - iam:PutRolePolicy
//!                 Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-*'
//!                 Condition:
//!                   StringEquals:
//!                     iam:PermissionsBoundary: !Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-boundary'
//! ```

use std::sync::LazyLock;

use leastwise_catalog::{Action, catalog};
use leastwise_model::{Branch, Known, Level, Site, SiteKind, Statement, Test};
use leastwise_policy::grants::{Request, Sent, Witness, is_every_arn};
use leastwise_policy::{ActionPattern, Pattern, resource};
use leastwise_syntax::Span;

use crate::support::impact::MAKES_IDENTITIES;
use crate::support::leftovers::{Leaves, Left};
use crate::support::permissions::takes_in_where;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-permissions-boundary",
    group: Group::Privilege,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A deploy role that can give new roles any permission",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("parliament", "PRIVILEGE_ESCALATION"),
        ("cloudsplaining", "PrivilegeEscalation"),
        ("checkov", "CKV_AWS_110"),
        ("checkov", "CKV_AWS_286"),
    ],
    scope: &[Scope::Statement(find)],
};

/// The actions that make identities, and that give them permissions, looked up once.
static FOUND: LazyLock<Vec<Action>> = LazyLock::new(|| {
    let actions = MAKES_IDENTITIES.iter();
    let found = actions.filter_map(|name| catalog().action("iam", name));
    found.collect()
});

/// Identities that can be made, or given more, without a boundary.
struct Unbounded {
    at: Span,
    /// What names it, in words.
    name: String,
    actions: Vec<Action>,
    leaves: Leaves,
    level: Level,
    owner: String,
}

fn find<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
    facts: &mut Facts<'a>,
) {
    let mut owners = site
        .owners
        .iter()
        .filter_map(|index| Some((*index, context.analysis.owners.get(*index)?)));
    let Some((index, owner)) = owners.find(|(index, _)| context.deploys(*index)) else {
        return;
    };
    // Who may do everything is beyond the help of a condition on this.
    let stars = statement
        .actions()
        .iter()
        .any(|item| item.action == Some(ActionPattern::Star));
    if site.kind != SiteKind::Identity || !statement.allows() || stars {
        return;
    }
    if is_chosen(context, site, statement) {
        return;
    }
    let mut granted: Vec<Action> = Vec::new();
    let mut leaves = Leaves::Nothing;
    let mut last: Option<(Branch, Left)> = None;
    for &action in FOUND.iter() {
        let Some(branch) = takes_in_where(statement, action) else {
            continue;
        };
        if !may_reach(context, statement, action) {
            continue;
        }
        if last.as_ref().is_none_or(|(of, _)| *of != branch) {
            let left = facts
                .leftovers()
                .of_owners(site, statement, &[index], &branch);
            last = Some((branch, left));
        }
        let Some((_, left)) = &last else { continue };
        let found = how_unbounded(context, left, statement, action);
        if found.is_some() {
            granted.push(action);
            leaves = leaves.or(found);
        }
    }
    let Some(level) = leaves.level(RULE.level).filter(|_| !granted.is_empty()) else {
        return;
    };
    let written = statement.actions().iter().find(|item| {
        item.action
            .as_ref()
            .is_some_and(|pattern| granted.iter().any(|action| pattern.matches(*action)))
    });
    let (at, name) = match (written, &statement.not_action) {
        (Some(item), _) => {
            let text = item.action.as_ref().map_or("", ActionPattern::text);
            (context.item_span(item), format!("`{text}`"))
        }
        (None, Known::Is(list)) => (context.span(list.key), "`NotAction`".to_owned()),
        _ => return,
    };
    facts.push(Unbounded {
        at,
        name,
        actions: granted,
        leaves,
        level,
        owner: owner.label.clone(),
    });
}

impl Fact for Unbounded {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let mut actions = self.actions.iter();
        let what = match actions.all(|action| action.name().contains("User")) {
            true => "users",
            false => "roles",
        };
        let message = format!(
            "{} isn't limited by a permissions boundary{}: {what} can be given any permission.",
            self.name,
            self.leaves.place()
        );
        let finding = Finding::new(&RULE, self.at, message)
            .level(self.level)
            .help(format!(
                "Require a boundary: add a condition on `iam:PermissionsBoundary` with its ARN.{}",
                self.leaves.note()
            ))
            .owner(Some(&self.owner));
        match self.actions.first() {
            Some(first) => finding.action(first.full_name()),
            None => finding,
        }
    }
}

/// Whether a statement asks for a boundary under a condition of its template, and this is what is left without it: whoever
/// deploys the template has the choice.
fn is_chosen(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    let asks = |test: &Test| {
        let key = test.key.as_deref();
        key.is_some_and(|key| key.eq_ignore_ascii_case("iam:PermissionsBoundary"))
    };
    let mut others = site.policy(context.tree).statements.iter();
    !statement.branch.is_empty()
        && others.any(|other| match &other.condition {
            Known::Is(tests) => other.node == statement.node && tests.iter().any(asks),
            _ => false,
        })
}

/// Whether some resource of the statement can be what the action takes.
fn may_reach(context: &Context<'_>, statement: &Statement, action: Action) -> bool {
    match &statement.resource {
        Known::Is(list) => list.items.iter().any(|item| {
            let mut patterns = context.patterns(item).into_iter();
            patterns.any(|pattern| context.study(pattern).fits(action).possible())
        }),
        _ => true,
    }
}

/// What a statement leaves of an action for identities without a boundary, and with any policy.
fn how_unbounded(
    context: &Context<'_>,
    left: &Left,
    statement: &Statement,
    action: Action,
) -> Leaves {
    let mut request = Request::default().sending("iam:PermissionsBoundary", Sent::Absent);
    // Only who passes a role sends these.
    for key in ["iam:PassedToService", "iam:AssociatedResourceArn"] {
        request = request.sending(key, Sent::Absent);
    }
    if action.name().starts_with("Attach") {
        // Which policies may be attached can be limited too.
        request = request.sending("iam:PolicyARN", Sent::anything());
    }
    let mut places: Vec<Witness> = Vec::new();
    for item in statement.resources() {
        let patterns = context.patterns(item).into_iter();
        let useful = patterns.filter(|pattern| context.study(pattern).fits(action).possible());
        places.extend(useful.map(|pattern| match is_every_arn(pattern) {
            true => any_place(action),
            false => Witness::of(pattern.clone()),
        }));
    }
    if places.is_empty() {
        places.push(match &statement.not_resource {
            Known::Is(_) => any_place(action),
            _ => unknown_place(),
        });
    }
    let left = places.iter().map(|place| left.at(action, place, &request));
    left.fold(Leaves::Nothing, Leaves::or)
}

/// Whatever an action works on.
fn any_place(action: Action) -> Witness {
    let types = resource::types_of(action).into_iter();
    let format = types.flat_map(|of| of.arns()).next();
    format.map_or_else(Witness::anywhere, Witness::of_format)
}

/// A resource that the file doesn't tell.
fn unknown_place() -> Witness {
    let mut unknown = Pattern::builder();
    unknown.push_hole("resource");
    Witness::of(unknown.build())
}

#[cfg(test)]
mod tests {
    use leastwise_model::Level;

    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    const CONFIG: &str = "[deploy]\nroles = ['Deploy*', 'shop']";

    #[test]
    fn one_finding_for_a_statement_at_its_first_such_action() {
        let flow = "\
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: [iam:GetRole, iam:AttachRolePolicy, iam:CreateRole], Resource: '*'}]}
                                                                             ^^^^^^^^^^^^^^^^^^^^
";
        check(&RULE, flow, CONFIG);
        let json = r#"{"Statement": [{"Effect": "Allow", "Action": "iam:*User*", "Resource": "*"}]}
                                              ^^^^^^^^^^
"#;
        assert!(check(&RULE, json, CONFIG).concat().contains("users"));
        let yaml = "Statement:\n  Effect: Allow\n  NotAction: s3:*\n  ^^^^^^^^^\n  Resource: '*'\n";
        check(&RULE, yaml, CONFIG);
    }

    #[test]
    fn silent_where_it_is_held_back() {
        for statement in [
            "{Effect: Allow, Action: 'iam:GetRole', Resource: '*'}",
            "{Effect: Deny, Action: 'iam:CreateRole', Resource: '*'}",
            "{Effect: Allow, Action: '*', Resource: '*'}",
            "{Effect: Allow, Action: 'iam:CreateRole', Resource: '*', Condition: {Null: {'iam:PermissionsBoundary': false}}}",
            "{Effect: Allow, Action: 'iam:AttachRolePolicy', Resource: '*', Condition: {ArnLike: {'iam:PolicyARN': 'arn:aws:iam::*:policy/shop-*'}}}",
            "{Effect: Allow, Action: 'iam:CreateRole', Resource: 'arn:aws:s3:::shop'}",
        ] {
            check(&RULE, &format!("Statement: [{statement}]\n"), CONFIG);
        }
        let denied = "\
Statement:
  - {Effect: Allow, Action: 'iam:*', Resource: '*'}
  - Effect: Deny
    Action: ['iam:CreateRole', 'iam:CreateUser', 'iam:Put*Policy', 'iam:Attach*Policy']
    Resource: '*'
    Condition: {StringNotEquals: {'iam:PermissionsBoundary': 'arn:aws:iam::111111111111:policy/shop'}}
";
        check(&RULE, denied, CONFIG);
        let elsewhere = "Statement: {Effect: Allow, Action: 'iam:CreateRole', Resource: '*'}\n";
        check(&RULE, elsewhere, "[deploy]\nroles = ['Other']");
    }

    #[test]
    fn a_boundary_under_a_condition_of_the_template_is_its_own_choice() {
        let text = |condition: &str| {
            format!(
                "\
Parameters: {{Boundary: {{Type: String, Default: ''}}}}
Conditions: {{Has: !Not [!Equals [!Ref Boundary, '']]}}
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: 'iam:CreateRole'
                Resource: '*'
                Condition:
                  Fn::If: [Has, {condition}, !Ref AWS::NoValue]
"
            )
        };
        let asks = text("{StringEquals: {'iam:PermissionsBoundary': !Ref Boundary}}");
        check(&RULE, &asks, CONFIG);
        let other = text("{StringEquals: {'aws:PrincipalTag/team': shop}}");
        let marked = other.replace(
            "Action: 'iam:CreateRole'\n",
            "Action: 'iam:CreateRole'\n                         ^^^^^^^^^^^^^^\n",
        );
        check(&RULE, &marked, CONFIG);
    }

    #[test]
    fn a_boundary_of_the_deploy_role_makes_it_a_suggestion() {
        let text = "\
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: arn:aws:iam::111111111111:policy/shop
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: [iam:CreateRole], Resource: '*'}]}
";
        assert_eq!(
            Fixture::new(text, CONFIG).levels(&RULE),
            [Level::Suggestion]
        );
    }
}
