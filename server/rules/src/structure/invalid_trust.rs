//! Finds trust policies with elements that aren't supported there, or with actions that none of their principals can
//! call.
//!
//! A trust policy contains the few actions of STS that a role is assumed with; AWS rejects all others. Each works for
//! certain principals only: accounts, roles, users and services call `sts:AssumeRole`, users of an OIDC provider
//! `sts:AssumeRoleWithWebIdentity`, and users of a SAML provider `sts:AssumeRoleWithSAML`. With any other combination
//! nobody can assume the role, and neither can they if no statement allows one of the three. IAM Roles Anywhere and EKS
//! Pod Identity need further actions next to `sts:AssumeRole`.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Principal": {"Federated": "arn:aws:iam::111111111111:saml-provider/corp"},
//!       "Action": "sts:AssumeRole"
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
//!       "Principal": {"Federated": "arn:aws:iam::111111111111:saml-provider/corp"},
//!       "Action": "sts:AssumeRoleWithSAML"
//!     }
//!   ]
//! }
//! ```

use leastwise_model::{Item, Known, Level, Policy, Principals, Site, SiteKind, Statement};
use leastwise_policy::{Arn, ArnShape};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, Span};

use crate::privilege::oidc_without_subject::is_for_anybody;
use crate::support::callers::{Bounds, bounds, everybody};
use crate::support::trust_actions::{ASSUME, WITH_SAML, WITH_WEB_IDENTITY, is_of_trust, named};
use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-trust",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A trust policy that isn't valid, or by which nobody can assume the role",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISMATCHED_ACTION_FOR_PRINCIPAL"),
        (
            "access-analyzer",
            "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        ),
    ],
    scope: &[Scope::Policy(find)],
};

/// Services that need more than `sts:AssumeRole`.
const DEMANDING: [(&str, &[&str]); 2] = [
    ("pods.eks.amazonaws.com", &["TagSession"]),
    (
        "rolesanywhere.amazonaws.com",
        &["SetSourceIdentity", "TagSession"],
    ),
];

/// What is wrong with a trust policy.
struct Invalid {
    span: Span,
    owner: Option<String>,
    level: Level,
    fault: Fault,
}

enum Fault {
    /// Actions that no trust policy can hold; the further ones stand elsewhere in the statement.
    OtherActions { first: String, more: Vec<Span> },
    /// `Principal: "*"`, under conditions that name somebody.
    BareStar,
    /// An action that nobody calls whom the statement trusts; what they call, and where to write it.
    Uncallable {
        action: &'static str,
        callers: Option<Caller>,
        node: Option<NodeId>,
        /// That the statement lets in more than those whom somebody named once that is written.
        opens: Option<&'static str>,
        /// Whether nobody can assume the role by another action of the statement, either.
        dead: bool,
    },
    /// Somebody is trusted who calls none of the actions.
    Idle { caller: Caller },
    /// No statement allows to assume the role; what one of them allows instead.
    Nobody { action: &'static str },
    /// Actions that a service needs are missing.
    Incomplete {
        service: &'static str,
        missing: Vec<&'static str>,
        list: Option<NodeId>,
    },
}

/// How somebody assumes a role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Caller {
    /// With credentials of AWS.
    Credentials,
    /// With what a SAML provider says.
    Saml,
    /// With a token of an OIDC provider.
    Token,
    /// By a provider that isn't known.
    Provider,
}

impl Caller {
    /// The action that it calls, where it is one.
    fn action(self) -> Option<&'static str> {
        match self {
            Caller::Credentials => Some(ASSUME),
            Caller::Saml => Some(WITH_SAML),
            Caller::Token => Some(WITH_WEB_IDENTITY),
            Caller::Provider => None,
        }
    }

    /// Whether it may call an action.
    fn calls(self, action: &str) -> bool {
        match self.action() {
            Some(own) => own == action,
            None => action != ASSUME,
        }
    }
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    if site.kind != SiteKind::Trust {
        return;
    }
    let owner = || context.owner(site).map(str::to_owned);
    for statement in &policy.statements {
        let found = other_actions(context, statement)
            .or_else(|| bare_star(context, statement))
            .or_else(|| mismatch(context, site, statement));
        facts.extend(found.map(|(span, fault)| Invalid {
            span,
            owner: owner(),
            level: fault.level(),
            fault,
        }));
    }
    facts.extend(nobody(context, policy).map(|(span, fault)| Invalid {
        span,
        owner: owner(),
        level: fault.level(),
        fault,
    }));
    for (service, needed) in DEMANDING {
        facts.extend(
            incomplete(context, policy, service, needed).map(|(span, fault)| Invalid {
                span,
                owner: owner(),
                level: fault.level(),
                fault,
            }),
        );
    }
}

/// Actions that no trust policy can hold.
fn other_actions(context: &Context<'_>, statement: &Statement) -> Option<(Span, Fault)> {
    let others = statement.actions().iter();
    let mut others = others.filter(|item| !is_of_trust(context, item));
    let first = others.next()?;
    let name = first.text.literal(context.tree)?.to_owned();
    let more = others.map(|item| context.item_span(item)).collect();
    let fault = Fault::OtherActions { first: name, more };
    Some((context.item_span(first), fault))
}

/// A `*` that stands alone. Where no condition limits it, that is what matters, and reported.
fn bare_star(context: &Context<'_>, statement: &Statement) -> Option<(Span, Fault)> {
    let principals = statement.principal.known()?;
    let limited = !statement.allows() || bounds(context, statement) == Bounds::Named;
    (principals.star && limited).then(|| (context.content(principals.star_node), Fault::BareStar))
}

/// An action and those who are trusted that don't go together.
fn mismatch(context: &Context<'_>, site: &Site, statement: &Statement) -> Option<(Span, Fault)> {
    let (Known::Is(principals), Known::Is(list)) = (&statement.principal, &statement.action) else {
        return None;
    };
    if !statement.allows() || principals.dynamic || list.dynamic {
        return None;
    }
    let callers = callers(context, principals)?;
    let actions: Option<Vec<_>> = list
        .items
        .iter()
        .map(|item| Some((item, named(item)?)))
        .collect();
    let assuming: Vec<_> = actions?
        .into_iter()
        .filter(|(_, action)| [ASSUME, WITH_SAML, WITH_WEB_IDENTITY].contains(action))
        .collect();
    let uncallable = assuming
        .iter()
        .find(|(_, action)| !callers.iter().any(|(_, caller)| caller.calls(action)));
    if let Some((item, action)) = uncallable {
        let first = callers.first().map(|(_, caller)| *caller)?;
        let alike = callers.iter().all(|(_, caller)| *caller == first);
        let written = assuming
            .iter()
            .any(|(_, other)| Some(*other) == first.action());
        let fault = Fault::Uncallable {
            action,
            callers: alike.then_some(first),
            node: (!written).then_some(item.node),
            opens: opens(context, site, statement, first),
            dead: !assuming
                .iter()
                .any(|(_, other)| callers.iter().any(|(_, caller)| caller.calls(other))),
        };
        return Some((context.item_span(item), fault));
    }
    let idle = callers
        .iter()
        .find(|(_, caller)| !assuming.iter().any(|(_, action)| caller.calls(action)));
    let (span, caller) = idle.filter(|_| !assuming.is_empty())?;
    Some((*span, Fault::Idle { caller: *caller }))
}

/// That a statement lets in more than those whom somebody named, once it allows what such callers call.
fn opens(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    caller: Caller,
) -> Option<&'static str> {
    let is_open = |principals: &Principals| {
        let all = everybody(context, principals);
        !all.is_empty() && bounds(context, statement) != Bounds::Named
    };
    match caller {
        Caller::Credentials => {
            let is_open = statement.principal.known().is_some_and(is_open);
            is_open.then_some("it lets anyone assume the role")
        }
        Caller::Token => is_for_anybody(context, site, statement)
            .then_some("it lets any user of the identity provider assume the role"),
        Caller::Saml | Caller::Provider => None,
    }
}

/// Those whom a statement trusts, with where they stand. `None` where a kind isn't one, or there is nobody.
fn callers(context: &Context<'_>, principals: &Principals) -> Option<Vec<(Span, Caller)>> {
    let mut found = Vec::new();
    for kind in &principals.kinds {
        let key = context.content(kind.key);
        let items = kind.values.known().filter(|list| !list.dynamic);
        let of = |item: &Item| match kind.name.as_str() {
            "Federated" => provider(context, item),
            _ => Caller::Credentials,
        };
        match (kind.name.as_str(), items) {
            ("AWS" | "Service" | "Federated", Some(list)) => {
                let items = list.items.iter();
                found.extend(items.map(|item| (context.item_span(item), of(item))));
            }
            ("AWS" | "Service", None) => found.push((key, Caller::Credentials)),
            ("Federated", None) => found.push((key, Caller::Provider)),
            _ => return None,
        }
    }
    (!found.is_empty()).then_some(found)
}

/// How somebody whom a provider vouches for assumes a role.
fn provider(context: &Context<'_>, item: &Item) -> Caller {
    let of = |pattern: &&leastwise_policy::Pattern| match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            let resource = arn.resource.raw();
            let starts = |start: &str| resource.starts_with(start);
            match (starts("saml-provider/"), starts("oidc-provider/")) {
                (true, _) => Caller::Saml,
                (_, true) => Caller::Token,
                _ => Caller::Provider,
            }
        }
        ArnShape::NotArn(_) if pattern.is_literal() => Caller::Token,
        _ => Caller::Provider,
    };
    let patterns = context.patterns(item);
    let first = patterns.first().map_or(Caller::Provider, of);
    match patterns.iter().all(|pattern| of(pattern) == first) {
        true => first,
        false => Caller::Provider,
    }
}

/// An action that only goes with assuming the role, where nothing else is allowed.
fn nobody(context: &Context<'_>, policy: &Policy) -> Option<(Span, Fault)> {
    if policy.is_open() {
        return None;
    }
    let mut found = None;
    for statement in policy.statements.iter().filter(|of| !of.denies()) {
        let list = statement.action.known().filter(|list| !list.dynamic)?;
        for item in &list.items {
            match named(item)? {
                ASSUME | WITH_SAML | WITH_WEB_IDENTITY => return None,
                action => found.get_or_insert((context.item_span(item), Fault::Nobody { action })),
            };
        }
    }
    found
}

/// A service that the policy trusts with too little.
fn incomplete(
    context: &Context<'_>,
    policy: &Policy,
    service: &'static str,
    needed: &[&'static str],
) -> Option<(Span, Fault)> {
    if policy.is_open() {
        return None;
    }
    let mut allowed = Vec::new();
    let mut place = None;
    for statement in policy
        .statements
        .iter()
        .filter(|statement| !statement.denies())
    {
        let (Known::Is(principals), Known::Is(list)) = (&statement.principal, &statement.action)
        else {
            return None;
        };
        if principals.star || principals.dynamic || list.dynamic || !statement.branch.is_empty() {
            return None;
        }
        let of_service = principals.values("Service").iter();
        let mut of_service =
            of_service.filter(|item| item.text.literal(context.tree) == Some(service));
        let Some(item) = of_service.next() else {
            continue;
        };
        for action in &list.items {
            allowed.push(named(action)?);
        }
        let alone = principals.kinds.len() == 1 && principals.values("Service").len() == 1;
        place.get_or_insert((context.item_span(item), alone.then_some(list.node)));
    }
    let missing: Vec<_> = needed
        .iter()
        .copied()
        .filter(|action| !allowed.contains(action))
        .collect();
    let (span, list) = place.filter(|_| !missing.is_empty() && allowed.contains(&ASSUME))?;
    let fault = Fault::Incomplete {
        service,
        missing,
        list,
    };
    Some((span, fault))
}

/// `sts:TagSession` and `sts:SetSourceIdentity`.
fn words(actions: &[&str]) -> String {
    let actions: Vec<String> = actions.iter().map(|name| format!("`sts:{name}`")).collect();
    actions.join(" and ")
}

impl Fault {
    /// What leaves a way to assume the role is needless rather than wrong.
    fn level(&self) -> Level {
        match self {
            Fault::Uncallable { dead: false, .. } | Fault::Idle { .. } => Level::Warning,
            _ => Level::Error,
        }
    }

    fn message(&self) -> String {
        match self {
            Fault::OtherActions { first, .. } => format!(
                "`{first}` isn't supported in a trust policy, which only says who can assume the role: AWS rejects the policy."
            ),
            Fault::BareStar => {
                "A trust policy can't have `Principal: \"*\"`: AWS rejects the policy.".to_owned()
            }
            Fault::Uncallable { action, callers, .. } => match (*action, callers) {
                (ASSUME, _) => {
                    "`sts:AssumeRole` doesn't work for federated principals: nobody can assume the role with it.".to_owned()
                }
                (WITH_WEB_IDENTITY, Some(Caller::Saml)) => {
                    "`sts:AssumeRoleWithWebIdentity` doesn't work for SAML providers: nobody can assume the role with it.".to_owned()
                }
                (WITH_SAML, Some(Caller::Token)) => {
                    "`sts:AssumeRoleWithSAML` doesn't work for OIDC providers: nobody can assume the role with it.".to_owned()
                }
                (action, _) => format!(
                    "`sts:{action}` only works for `Federated` principals: nobody here can assume the role with it."
                ),
            },
            Fault::Idle { caller } => {
                let needs = match caller.action() {
                    Some(action) => format!("`sts:{action}`"),
                    None => format!("`sts:{WITH_WEB_IDENTITY}` or `sts:{WITH_SAML}`"),
                };
                format!("These principals need {needs}, which the statement doesn't allow: they can't assume the role.")
            }
            Fault::Nobody { action } => format!(
                "`sts:{action}` alone doesn't let anyone assume the role, and no statement allows more."
            ),
            Fault::Incomplete {
                service, missing, ..
            } => format!(
                "`{service}` can't assume the role without {} as well.",
                words(missing)
            ),
        }
    }

    fn help(&self) -> String {
        match self {
            Fault::OtherActions { .. } => {
                "Move the role's permissions to a policy that is attached to it.".to_owned()
            }
            Fault::BareStar => {
                "Name the trusted principals, or write `AWS: \"*\"` with the condition.".to_owned()
            }
            Fault::Uncallable { callers, .. } => match callers.and_then(Caller::action) {
                Some(action) => format!("Write `sts:{action}`."),
                None => format!("Write `sts:{WITH_WEB_IDENTITY}` or `sts:{WITH_SAML}`."),
            },
            Fault::Nobody { .. } => format!("Add `sts:{ASSUME}`."),
            Fault::Idle { .. } => "Move them to a separate statement.".to_owned(),
            Fault::Incomplete { missing, .. } => format!("Add {}.", words(missing)),
        }
    }
}

impl Fact for Invalid {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let mut finding = Finding::new(&RULE, self.span, self.fault.message())
            .help(self.fault.help())
            .level(self.level)
            .owner(self.owner.as_deref());
        match &self.fault {
            Fault::OtherActions { more, .. } => {
                for span in more {
                    finding = finding.related(*span, "this isn't supported either");
                }
                finding
            }
            Fault::Uncallable {
                callers,
                node,
                opens,
                ..
            } => {
                let action = callers.and_then(Caller::action);
                let (Some(action), Some(node)) = (action, *node) else {
                    return finding;
                };
                let text = format!("sts:{action}");
                let title = format!("Replace with {text}");
                let opens = *opens;
                finding.fix(title, Safety::changes(opens.is_none()), move |_| {
                    let named = "it lets the statement's principals assume the role";
                    let text = text.clone();
                    let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
                    Some(fix.notes([opens.unwrap_or(named).to_owned()]))
                })
            }
            Fault::Incomplete {
                missing,
                list: Some(list),
                ..
            } => {
                let (list, missing) = (*list, missing.clone());
                let title = format!("Add sts:{}", missing.join(" and sts:"));
                finding.fix(title, Safety::Unsafe, move |_| {
                    let edits = missing.iter().map(|action| Edit::InsertItem {
                        list,
                        place: InsertAt::Last,
                        value: NewValue::Str(format!("sts:{action}")),
                    });
                    Some(Fix::new(edits.collect()))
                })
            }
            _ => finding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    /// A role that trusts by these statements.
    fn role(statements: &str) -> String {
        format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
{statements}
"
        )
    }

    #[test]
    fn actions_that_are_no_trust() {
        let messages = check(
            &RULE,
            &role(
                "
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: ['logs:PutLogEvents', 'sts:AssumeRole', 's3:*']}
                                                                                  ^^^^^^^^^^^^^^^^^
          - {Effect: Deny, Principal: {AWS: '111111111111'}, Action: 'sts:GetCallerIdentity'}
                                                                      ^^^^^^^^^^^^^^^^^^^^^
          - {Effect: Allow, Principal: {AWS: '111111111111'}, Action: ['sts:AssumeRole*', 'sts:SetContext', 'STS:tagsession', 'sts:SetSourceIdentity']}
          - {Effect: Allow, Principal: {AWS: '111111111111'}, Action: ['sts:*', !Ref Other, 'sts:NoSuch', 'no:such']}",
            ),
            "",
        );
        assert_eq!(
            messages[0],
            "`logs:PutLogEvents` isn't supported in a trust policy, which only says who can assume the role: AWS rejects the policy."
        );
    }

    #[test]
    fn a_star_that_conditions_limit() {
        check(
            &RULE,
            &role(
                "
          - {Effect: Allow, Principal: '*', Action: 'sts:AssumeRole', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}
                                        ^
          - {Effect: Deny, Principal: '*', Action: 'sts:AssumeRole', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}}
                                       ^
          - {Effect: Allow, Principal: '*', Action: 'sts:AssumeRole'}
          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}",
            ),
            "",
        );
    }

    #[test]
    fn nothing_that_assumes_the_role() {
        let count = |statements: &str| {
            let fixture = Fixture::new(&role(statements), "");
            fixture.findings(&RULE).len()
        };
        let by = |effect: &str, action: &str| {
            format!(
                "          - {{Effect: {effect}, Principal: {{AWS: '111111111111'}}, Action: {action}}}"
            )
        };
        let messages = check(
            &RULE,
            &role(
                "
          - {Effect: Allow, Principal: {AWS: '111111111111'}, Action: ['sts:TagSession', 'sts:SetSourceIdentity']}
                                                                        ^^^^^^^^^^^^^^
          - {Effect: Deny, Principal: {AWS: '222222222222'}, Action: 'sts:AssumeRole'}",
            ),
            "",
        );
        assert_eq!(
            messages[0],
            "`sts:TagSession` alone doesn't let anyone assume the role, and no statement allows more."
        );
        let tag = by("Allow", "'sts:TagSession'");
        assert_eq!(count(&tag), 1);
        for other in [
            by("Allow", "'sts:AssumeRole'"),
            by("Allow", "'sts:AssumeRole*'"),
            by("Allow", "!Ref Action"),
            by("Allow", "'sts:*'"),
            by("!Ref Effect", "'sts:AssumeRole'"),
            by("Allow", "x").replace("Action: x", "NotAction: 'sts:TagSession'"),
            "          - !Ref Statement".to_owned(),
        ] {
            assert_eq!(count(&format!("{tag}\n{other}")), 0, "{other}");
        }
        assert_eq!(count(&by("Deny", "'sts:TagSession'")), 0);
    }

    const SAML: &str = "Federated: 'arn:aws:iam::111111111111:saml-provider/corp'";
    const OIDC: &str = "Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'";

    fn messages(principal: &str, action: &str) -> Vec<String> {
        let text = role(&format!(
            "          - {{Effect: Allow, Principal: {{{principal}}}, Action: {action}}}"
        ));
        let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn who_calls_which() {
        for (principal, action, part) in [
            (
                SAML,
                "'sts:AssumeRole'",
                "doesn't work for federated principals",
            ),
            (
                OIDC,
                "['sts:TagSession', 'sts:AssumeRole']",
                "doesn't work for federated principals",
            ),
            (
                "Federated: !Ref Provider",
                "'sts:AssumeRole'",
                "doesn't work for federated principals",
            ),
            (
                SAML,
                "'sts:AssumeRoleWithWebIdentity'",
                "doesn't work for SAML providers",
            ),
            (
                OIDC,
                "'sts:AssumeRoleWithSAML'",
                "doesn't work for OIDC providers",
            ),
            (
                "Federated: accounts.google.com",
                "'sts:AssumeRoleWithSAML'",
                "doesn't work for OIDC providers",
            ),
            (
                "AWS: '111111111111'",
                "'sts:AssumeRoleWithWebIdentity'",
                "only works for `Federated` principals",
            ),
            (
                "Service: lambda.amazonaws.com",
                "'sts:AssumeRoleWithSAML'",
                "only works for `Federated` principals",
            ),
            (
                "Service: ec2.amazonaws.com, Federated: cognito-identity.amazonaws.com",
                "'sts:AssumeRole'",
                "need `sts:AssumeRoleWithWebIdentity`, which the statement doesn\'t allow",
            ),
            (
                "AWS: '111111111111', Federated: 'arn:aws:iam::111111111111:saml-provider/corp'",
                "'sts:AssumeRoleWithSAML'",
                "need `sts:AssumeRole`, which the statement doesn\'t allow",
            ),
        ] {
            let found = messages(principal, action);
            assert!(
                matches!(found.as_slice(), [one] if one.contains(part)),
                "{principal} {action}: {found:?}"
            );
        }
        for (principal, action) in [
            (SAML, "['sts:AssumeRoleWithSAML', 'sts:TagSession']"),
            (OIDC, "'sts:AssumeRoleWithWebIdentity'"),
            (
                "Federated: cognito-identity.amazonaws.com",
                "'sts:AssumeRoleWithWebIdentity'",
            ),
            ("Federated: !Ref Provider", "'sts:AssumeRoleWithSAML'"),
            (
                "Federated: !Ref Provider",
                "'sts:AssumeRoleWithWebIdentity'",
            ),
            (
                "AWS: !Ref Who",
                "['sts:AssumeRole', 'sts:SetSourceIdentity']",
            ),
            ("AWS: '111111111111'", "!Ref Action"),
            (SAML, "['sts:AssumeRole', !Ref Action]"),
            (SAML, "'sts:*'"),
            ("Odd: x", "'sts:AssumeRole'"),
            (
                "AWS: '111111111111', Federated: 'arn:aws:iam::111111111111:saml-provider/corp'",
                "['sts:AssumeRoleWithSAML', 'sts:AssumeRole']",
            ),
        ] {
            assert_eq!(
                messages(principal, action),
                Vec::<String>::new(),
                "{principal} {action}"
            );
        }
    }

    #[test]
    fn what_leaves_a_way_is_a_warning() {
        let level = |principal: &str, action: &str| {
            let text = role(&format!(
                "          - {{Effect: Allow, Principal: {{{principal}}}, Action: {action}}}"
            ));
            let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
            found.first().map(|finding| finding.level)
        };
        let both = "['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity']";
        assert_eq!(level(OIDC, both), Some(Level::Warning));
        assert_eq!(level(OIDC, "'sts:AssumeRole'"), Some(Level::Error));
        let mixed = "Service: ec2.amazonaws.com, Federated: accounts.google.com";
        assert_eq!(level(mixed, "'sts:AssumeRole'"), Some(Level::Warning));
    }

    #[test]
    fn services_that_need_more() {
        let anywhere = "Service: rolesanywhere.amazonaws.com";
        let pods = "Service: pods.eks.amazonaws.com";
        for (principal, action, part) in [
            (
                anywhere,
                "'sts:AssumeRole'",
                "without `sts:SetSourceIdentity` and `sts:TagSession`",
            ),
            (
                anywhere,
                "['sts:AssumeRole', 'sts:TagSession']",
                "without `sts:SetSourceIdentity`",
            ),
            (pods, "['sts:AssumeRole']", "without `sts:TagSession`"),
        ] {
            let found = messages(principal, action);
            assert!(
                matches!(found.as_slice(), [one] if one.contains(part)),
                "{principal} {action}: {found:?}"
            );
        }
        for (principal, action) in [
            (pods, "['sts:AssumeRole', 'sts:TagSession']"),
            (pods, "'sts:*'"),
            (pods, "['sts:AssumeRole', !Ref More]"),
            (
                anywhere,
                "['sts:TagSession', 'sts:AssumeRole', 'sts:SetSourceIdentity']",
            ),
            ("Service: ecs-tasks.amazonaws.com", "'sts:AssumeRole'"),
        ] {
            assert_eq!(
                messages(principal, action),
                Vec::<String>::new(),
                "{principal} {action}"
            );
        }
        let apart = role(
            "          - {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: 'sts:AssumeRole'}
          - {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: 'sts:TagSession'}",
        );
        check(&RULE, &apart, "");
        let denied = apart.replace(
            "Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: 'sts:TagSession'",
            "Deny, Principal: {AWS: '111111111111'}, Action: 'sts:TagSession'",
        );
        let found = crate::tests::fixture::Fixture::new(&denied, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn writes_the_right_action() {
        let before = role(&format!(
            "          - {{Effect: Allow, Principal: {{{OIDC}}}, Action: 'sts:AssumeRole'}}
          - {{Effect: Allow, Principal: {{Service: rolesanywhere.amazonaws.com}}, Action: ['sts:AssumeRole']}}"
        ));
        let after = role(&format!(
            "          - {{Effect: Allow, Principal: {{{OIDC}}}, Action: 'sts:AssumeRoleWithWebIdentity'}}
          - {{Effect: Allow, Principal: {{Service: rolesanywhere.amazonaws.com}}, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession']}}"
        ));
        assert_eq!(fixed_text(&RULE, &before, ""), after);
        // Both stand there already, or it isn't known which is meant.
        let kept = role(&format!(
            "          - {{Effect: Allow, Principal: {{{OIDC}}}, Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity']}}
          - {{Effect: Allow, Principal: {{Federated: !Ref Provider}}, Action: 'sts:AssumeRole'}}"
        ));
        assert_eq!(fixed_text(&RULE, &kept, ""), kept);
    }
}
