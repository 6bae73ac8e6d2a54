//! Finds `iam:PassRole` on every role.
//!
//! Whoever can pass any role to any service can start a function or a machine with the account's most powerful role and
//! act as that role. `iam:PassRole` should name the intended roles, or have an `iam:PassedToService` condition.
//!
//! What any policy of the owner denies isn't granted. A condition has to name the allowed services: one that only
//! excludes some (`StringNotEquals`) allows all others. One that also matches requests without the key
//! (`StringEqualsIfExists`) allows the services that don't send it, such as CodeBuild; that is a warning.
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
//!       "Resource": "arn:aws:iam::*:role/shop-*"
//!     }
//!   ]
//! }
//! ```

use std::sync::LazyLock;

use leastwise_catalog::{Action, catalog};
use leastwise_model::{Branch, Item, Known, Level, Site, SiteKind, Statement};
use leastwise_policy::grants::{Request, Sent, Witness, is_every_arn};
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Span};

use crate::support::leftovers::{Leaves, Left, Leftovers};
use crate::support::narrow;
use crate::support::narrow::Accounts;
use crate::support::permissions::takes_in_where;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "pass-role-unscoped",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "`iam:PassRole` on every role",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
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
    scope: &[Scope::Statement(find)],
};

/// What it is about, looked up once.
static PASS_ROLE: LazyLock<Option<Action>> = LazyLock::new(|| catalog().action("iam", "PassRole"));

fn find<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
    facts: &mut Facts<'a>,
) {
    let Some(pass_role) = *PASS_ROLE else { return };
    let found = passable(context, facts.leftovers(), site, statement, pass_role);
    facts.extend(found);
}

/// Whether a statement lets its owner pass every role to services that no condition names.
pub(crate) fn is_unscoped<'a>(
    context: &Context<'a>,
    leftovers: &mut Leftovers<'a>,
    site: &'a Site,
    statement: &'a Statement,
) -> bool {
    let pass_role = catalog().action("iam", "PassRole");
    pass_role.is_some_and(|of| passable(context, leftovers, site, statement, of).is_some())
}

/// A statement that lets its owner pass every role.
struct Passable {
    at: Span,
    /// The action that takes it in, as it is written; none for `NotAction`.
    action: Option<String>,
    roles: Width,
    /// Whether some roles are taken out by name.
    but_named: bool,
    to: Services,
    left: Leaves,
    /// The resource that takes in the roles.
    resource: Option<Span>,
    owner: Option<String>,
    /// The statement.
    node: NodeId,
    pass_role: Action,
}

fn passable<'a>(
    context: &Context<'a>,
    leftovers: &mut Leftovers<'a>,
    site: &'a Site,
    statement: &'a Statement,
    pass_role: Action,
) -> Option<Passable> {
    if site.kind != SiteKind::Identity || !statement.allows() {
        return None;
    }
    let mut branch = takes_in_where(statement, pass_role)?;
    let (roles, resource) = match (&statement.resource, &statement.not_resource) {
        (Known::Is(list), _) => {
            let items = list.items.iter();
            let together = items.filter(|item| !contradict(&branch, &item.branch));
            let widths = together.map(|item| (width(context, item), Some(item)));
            widths.max_by_key(|(width, item)| {
                (*width, item.is_some_and(|item| item.branch.is_empty()))
            })?
        }
        (Known::Missing, Known::Is(_)) => (Width::Everything, None),
        _ => return None,
    };
    if roles == Width::Narrow {
        return None;
    }
    branch.extend(resource.iter().flat_map(|item| item.branch.clone()));
    let left = leftovers.of_owners(site, statement, &site.owners, &branch);
    // Who may do everything needs no role passed: another rule tells. A `Deny` of all but a few actions leaves those.
    let is_star = |item: &Item| item.action == Some(ActionPattern::Star);
    if statement.actions().iter().any(is_star) && left.everything() != Leaves::Nothing {
        return None;
    }
    let patterns = resource.map_or(Vec::new(), |item| context.patterns(item));
    let mut but = statement
        .not_resource
        .known()
        .map_or(&[][..], |list| &list.items)
        .iter();
    let names = |pattern: &&Pattern| action_fits_pattern(pass_role, pattern).possible();
    let but_named =
        but.any(|item| context.patterns(item).iter().any(names)) || left.takes_out_named(pass_role);
    let (roles, but_named, (to, left)) = match passed_to(context, &left, &patterns, pass_role) {
        Some(passed) => (roles, but_named, passed),
        // A `Deny` with `NotResource` may leave the roles of an account, which mostly is one's own.
        None => {
            let spared = left.spared(pass_role, |it| width_of(it) == Width::AllRoles);
            let mut passed = spared
                .iter()
                .filter_map(|roles| passed_to(context, &left, &[roles], pass_role));
            (Width::AllRoles, false, passed.next()?)
        }
    };
    let mut items = statement.actions().iter();
    let item = items.find(|item| matches(item, pass_role));
    let at = match (item, &statement.not_action) {
        (Some(item), _) => context.item_span(item),
        (None, Known::Is(list)) => context.content(list.key),
        _ => return None,
    };
    let action = item.and_then(|item| item.action.as_ref());
    Some(Passable {
        at,
        action: action.map(|pattern| pattern.text().to_owned()),
        roles,
        but_named,
        to,
        left,
        resource: resource.map(|item| context.item_span(item)),
        owner: context.owner(site).map(str::to_owned),
        node: statement.node,
        pass_role,
    })
}

/// Whether something can't be there under both.
fn contradict(one: &Branch, other: &Branch) -> bool {
    let against = |(name, holds): &(String, bool)| {
        let mut others = other.iter();
        others.any(|(of, held)| of == name && held != holds)
    };
    one.iter().any(against)
}

impl Fact for Passable {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let roles = match self.but_named {
            true => "all other roles",
            false => "all roles",
        };
        let via = match &self.action {
            Some(text) if !text.contains(['*', '?']) => format!("`{text}` is allowed on {roles}"),
            Some(text) => format!("`{text}` includes `iam:PassRole` on {roles}"),
            None => format!("`NotAction` allows `iam:PassRole` on {roles}"),
        };
        let level = match (self.roles, self.to) {
            (Width::Everything, Services::All) => Level::Error,
            _ => Level::Warning,
        };
        let (services, help) = match self.to {
            Services::All => (
                "for every service",
                "Name the intended roles, or limit the services with an `iam:PassedToService` condition.",
            ),
            Services::Unnamed => (
                "if `iam:PassedToService` isn't sent",
                "Name the intended roles, or use `StringEquals`, which services that don't send the key (CodeBuild) never match.",
            ),
            Services::Unassociated => (
                "if `iam:AssociatedResourceArn` isn't sent",
                "Name the intended roles, or use `ArnLike`, which services that don't send the key never match.",
            ),
        };
        let place = self.left.place();
        let message = format!("{via}, {services}{place}: this grants any role's permissions.");
        let mut finding = Finding::new(&RULE, self.at, message)
            .level(self.left.level(level).unwrap_or(level))
            .help(format!("{help}{}", self.left.note()))
            .owner(self.owner.as_deref())
            .action("iam:PassRole");
        if let Some(resource) = self.resource {
            finding = finding.related(resource, "all roles");
        }
        finding
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let (node, pass_role) = (self.node, self.pass_role);
        let limit = move |accounts| {
            move |context: &Context<'_>| {
                let (site, statement) = context.statement(node)?;
                fix(context, site, statement, pass_role, accounts)
            }
        };
        let together = limit(Accounts::Together);
        if together(context).is_none() {
            return Vec::new();
        }
        let title = "Limit it to the app's roles";
        let mut fixes = vec![LazyFix::new(title, Safety::Unsafe, together)];
        let types = narrow::types(&[pass_role]);
        let formats: Vec<&'static str> = types.iter().flat_map(|of| of.arns()).collect();
        if narrow::differ(context, &formats, node).is_some() {
            let title = "Limit it to the app's roles, separately in each account";
            let each = limit(Accounts::Each);
            fixes.push(LazyFix::new(title, Safety::Unsafe, each));
        }
        fixes
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
fn any_role() -> Witness {
    let role = catalog().resource_type("iam", "role");
    let format = role.and_then(|role| role.arns().next());
    format.map_or_else(Witness::anywhere, Witness::of_format)
}

/// To which services a statement leaves roles to be passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Services {
    /// To all but a few.
    All,
    /// To those that don't send `iam:PassedToService`; AWS names CodeBuild and CodeCommit.
    Unnamed,
    /// To those that don't send `iam:AssociatedResourceArn`.
    Unassociated,
}

/// A service that nobody has named, by its principal.
const SERVICE: &str = "?*.amazonaws.com";
/// The same in China.
const SERVICE_IN_CHINA: &str = "?*.amazonaws.com.cn";
/// Something that nobody has named and that a role is to be associated with. It mostly belongs to the service, so that
/// whoever names it names the service, too.
const ASSOCIATED: &str = "arn:*:*:*:*:*";

/// To which services every role of a resource may be passed, once the conditions and what is denied are taken off, and
/// what is left of it. `None` where neither is sure; without a pattern, for a role that `NotResource` may leave.
fn passed_to(
    context: &Context<'_>,
    left: &Left,
    patterns: &[&Pattern],
    pass_role: Action,
) -> Option<(Services, Leaves)> {
    let mut places: Vec<Witness> = patterns
        .iter()
        .map(|pattern| match any_role().is_in(pattern) {
            Tri::Yes => any_role(),
            // Those of another account, maybe.
            Tri::Maybe | Tri::No => Witness::of((*pattern).clone()),
        })
        .collect();
    if places.is_empty() {
        places.push(any_role());
    }
    let passes = |service: Sent, associated: Sent| {
        let request = Request::default()
            .sending("iam:PassedToService", service)
            .sending("iam:AssociatedResourceArn", associated)
            // Only what makes or changes an identity has one.
            .sending("iam:PermissionsBoundary", Sent::Absent);
        let left = places
            .iter()
            .map(|place| left.at(pass_role, place, &request));
        left.reduce(Leaves::and).unwrap_or(Leaves::Nothing)
    };
    let text = |text: &str| Sent::Text(Pattern::literal(text));
    let mut environments = context.analysis.environments.iter();
    let in_china =
        environments.any(|environment| environment.partition.as_deref() == Some("aws-cn"));
    let services = [SERVICE, SERVICE_IN_CHINA].into_iter();
    let ways = services.take(1 + usize::from(in_china)).map(text);
    let to_all = |associated: &Sent| {
        let passed = ways
            .clone()
            .map(|service| passes(service, associated.clone()));
        passed.fold(Leaves::Nothing, Leaves::or)
    };
    let associated = text(ASSOCIATED);
    let mut best: Option<(Services, Leaves)> = None;
    for to in [Services::All, Services::Unnamed, Services::Unassociated] {
        let left = match to {
            Services::All => to_all(&associated),
            Services::Unnamed => passes(Sent::Absent, associated.clone()),
            Services::Unassociated => to_all(&Sent::Absent),
        };
        if left == Leaves::Some {
            return Some((to, left));
        }
        if left.is_some() && best.is_none() {
            best = Some((to, left));
        }
    }
    best
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
    accounts: Accounts,
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
    let narrowed = narrow::arns(
        context,
        &narrow::types(&[pass_role]),
        statement.node,
        accounts,
    )?;
    let mut edits = Vec::new();
    if own.len() == actions.items.len() {
        edits.push(Edit::Replace {
            node: resources.node,
            value: NewValue::List(narrowed.values),
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
            .map(|item| NewValue::Copy(item.node))
            .collect();
        let value = narrow::split(
            context,
            site,
            statement,
            "PassRole",
            copies,
            narrowed.values,
        )?;
        edits.extend(own.iter().map(|item| Edit::RemoveItem {
            list: item.list,
            item: item.node,
        }));
        edits.push(narrow::insert(context, site, statement, value)?);
    }
    let outside = narrow::outside(&narrowed.shown);
    let removes = [format!("iam:PassRole outside {outside}")];
    Some(Fix::new(edits).removes(removes).notes(narrowed.notes))
}

#[cfg(test)]
mod tests {
    use leastwise_model::Level;

    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'";

    fn levels(statement: &str) -> Vec<Level> {
        Fixture::new(&format!("Statement: [{statement}]\n"), CONFIG).levels(&RULE)
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
              - Sid: PassRole
                Effect: Allow
                Action: iam:PassRole # their role
                Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-*'
                Condition:
                  Bool: {'aws:SecureTransport': true}
              - Effect: Deny
                Action: ec2:StopInstances
                Resource: '*'
";
        assert_eq!(fixed_text(&RULE, text, CONFIG), mended);
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
        assert_eq!(fixed_text(&RULE, text, CONFIG), mended);
    }
}
