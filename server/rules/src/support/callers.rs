//! Who may call: the places where a statement takes in everybody, and whether its conditions leave only some.

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, PrincipalKind, Principals, Site, Statement, Test, Unseen};
use leastwise_policy::condition::{Family, Operator, Quantifier};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Tri};
use leastwise_syntax::{NodeId, View};

use crate::limits::DENIALS;
use crate::support::oidc::before_wildcards;
use crate::support::permissions::takes_in;
use crate::{Context, conditions};

/// How far the conditions of a statement narrow down who calls.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Bounds {
    /// Not at all.
    None,
    /// They ask something of the caller or the call that anybody can see to: a tag, a name, a header.
    Weakly,
    /// They ask for something, but not for anything that only somebody whom the author knows can have.
    Something,
    /// To somebody whom they name, or it can't be told.
    Named,
}

/// What the values of a condition key that is about the caller name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// An account, an organization, a network: any value without wildcards.
    One,
    /// Paths in an organization: `o-1/r-2/*`.
    Paths,
    /// ARNs of somebody's.
    Arns,
    /// Ranges of addresses.
    Addresses,
    /// What begins with somebody's id: whoever assumes a role says what comes behind it.
    Beginning,
    /// Somebody, whatever the value, unless it is `*`.
    Any,
}

/// Condition keys that are about the caller, in lower case.
const KEYS: [(&str, Names); 37] = [
    ("aws:ec2instancesourcevpc", Names::One),
    ("aws:federatedprovider", Names::Any),
    ("aws:principalaccount", Names::One),
    ("aws:principalarn", Names::Arns),
    ("aws:principalisawsservice", Names::Any),
    ("aws:principalorgid", Names::One),
    ("aws:principalorgpaths", Names::Paths),
    ("aws:principalservicename", Names::Any),
    ("aws:principalservicenameslist", Names::Any),
    ("aws:sourceaccount", Names::One),
    ("aws:sourcearn", Names::Arns),
    ("aws:sourceip", Names::Addresses),
    ("aws:sourceorgid", Names::One),
    ("aws:sourceorgpaths", Names::Paths),
    ("aws:sourceowner", Names::One),
    ("aws:sourcevpc", Names::One),
    ("aws:sourcevpcarn", Names::Arns),
    ("aws:sourcevpce", Names::One),
    ("aws:userid", Names::Beginning),
    ("aws:vpceaccount", Names::One),
    ("aws:vpceorgid", Names::One),
    ("aws:vpceorgpaths", Names::Paths),
    ("codebuild:buildarn", Names::Arns),
    ("codebuild:projectarn", Names::Arns),
    ("ec2:sourceinstancearn", Names::Arns),
    ("elasticfilesystem:accessedviamounttarget", Names::Any),
    ("elasticfilesystem:accesspointarn", Names::Arns),
    ("kms:calleraccount", Names::One),
    ("lambda:sourcefunctionarn", Names::Arns),
    ("s3:accesspointnetworkorigin", Names::Any),
    ("s3:dataaccesspointaccount", Names::One),
    ("s3:dataaccesspointarn", Names::Arns),
    (
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        Names::Arns,
    ),
    ("saml:aud", Names::Any),
    ("saml:sub", Names::Any),
    ("ssm:sourceinstancearn", Names::Arns),
    ("vpc-lattice-svcs:sourcevpc", Names::One),
];

/// Condition keys that say nothing of who calls, in lower case: anybody can meet what they ask.
const ABOUT_NOBODY: [&str; 15] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:securetransport",
    "aws:tokenissuetime",
    "aws:useragent",
    "lambda:invokedviafunctionurl",
    "s3:prefix",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:x-amz-acl",
];

/// How condition keys begin that are about the caller, but have values that anybody can have: everybody names users and
/// tags as they like, and a private address says nothing of whose network it is. In lower case.
const ANYBODYS: [&str; 7] = [
    "aws:calledvia",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:referer",
    "aws:username",
    "aws:viaawsservice",
    "aws:vpcsourceip",
];

fn is_anybodys(key: &str) -> bool {
    ANYBODYS.iter().any(|start| key.starts_with(start))
}

/// What the values of a key name; `None` for a key that isn't about the caller.
fn names(key: &str) -> Option<Names> {
    let known = KEYS.iter().find(|(known, _)| *known == key);
    // `token.actions.githubusercontent.com:sub`: a claim of somebody's token.
    let claim = || {
        key.rsplit_once(':')
            .is_some_and(|(host, _)| host.contains('.'))
    };
    known
        .map(|(_, names)| *names)
        .or_else(|| claim().then_some(Names::Any))
}

/// Whether a value with wildcards says of nobody that it is them: `*`, or the name of a role in whatever account.
pub(crate) fn is_anybodys_value(key: &str, value: &Pattern) -> bool {
    let only_wildcards = value.raw().bytes().all(|b| matches!(b, b'*' | b'?'));
    let like = Operator::parse("StringLike").ok();
    let names = names(&key.to_ascii_lowercase()).zip(like);
    only_wildcards || names.is_some_and(|(names, like)| !names_somebody(names, value, like))
}

/// Where a statement's `Principal` takes in everybody; empty where it surely doesn't, or nobody can tell.
pub(crate) fn everybody(context: &Context<'_>, principals: &Principals) -> Vec<NodeId> {
    if principals.star {
        return vec![principals.star_node];
    }
    let kinds = ["AWS", PrincipalKind::BY_VALUE].into_iter();
    let items = kinds.flat_map(|kind| principals.values(kind));
    let items = items.filter(|item| {
        let patterns = context.patterns(item);
        item.branch.is_empty()
            && !is_nested(context, item)
            && !patterns.is_empty()
            && patterns.iter().all(|pattern| pattern.is_star())
    });
    items.map(|item| item.node).collect()
}

/// Whether an item stands in a list in a list, which AWS refuses, and another rule tells.
fn is_nested(context: &Context<'_>, item: &Item) -> bool {
    let tree = context.tree;
    let outer = tree.parent(item.list);
    outer.is_some_and(|outer| {
        matches!(tree.view(item.list), View::Sequence(_))
            && matches!(tree.view(outer), View::Sequence(_))
    })
}

/// How far the conditions of a statement narrow down who calls.
pub(crate) fn bounds(context: &Context<'_>, statement: &Statement) -> Bounds {
    if statement.condition.is_dynamic() {
        return Bounds::Named;
    }
    let tests = conditions::tests(statement).iter();
    tests
        .map(|test| of_test(context, statement, test))
        .max()
        .unwrap_or(Bounds::None)
}

fn of_test(context: &Context<'_>, statement: &Statement, test: &Test) -> Bounds {
    let Some(key) = test.key.as_deref().map(str::to_ascii_lowercase) else {
        return Bounds::Named;
    };
    let (Ok(operator), false) = (Operator::parse(&test.operator), key.contains("${")) else {
        return Bounds::Named;
    };
    // These hold for a request that lacks the key, or has any value but the ones that are named.
    let open = operator.base.negated
        || operator.if_exists
        || operator.base.family == Family::Null
        || operator.quantifier == Some(Quantifier::ForAllValues)
            && !is_asked_for(context, statement, &key);
    if !open && is_the_callers(context, test, &key) {
        return Bounds::Named;
    }
    if open || ABOUT_NOBODY.contains(&key.as_str()) {
        return Bounds::None;
    }
    if is_anybodys(&key) {
        return Bounds::Weakly;
    }
    let Some(names) = names(&key) else {
        return Bounds::Something;
    };
    let Some(list) = test.values.known().filter(|list| !list.dynamic) else {
        return Bounds::Named;
    };
    let patterns = list.items.iter().flat_map(|item| context.patterns(item));
    let mut named = patterns.map(|pattern| names_somebody(names, pattern, operator));
    match named.all(|named| named) {
        true => Bounds::Named,
        false => Bounds::None,
    }
}

/// A test that would say who is meant, if it didn't hold for a request without its key as well: `ForAllValues`.
pub(crate) fn passed_without_key<'s>(
    context: &Context<'_>,
    statement: &'s Statement,
) -> Option<&'s Test> {
    conditions::tests(statement).iter().find(|test| {
        let key = test.key.as_deref().unwrap_or_default().to_ascii_lowercase();
        let all = Operator::parse(&test.operator).is_ok_and(|operator| {
            operator.quantifier == Some(Quantifier::ForAllValues) && !operator.base.negated
        });
        all && names(&key).is_some() && !is_asked_for(context, statement, &key)
    })
}

/// Whether a request must have a key: `Null` with `false`.
fn is_asked_for(context: &Context<'_>, statement: &Statement, key: &str) -> bool {
    conditions::tests(statement).iter().any(|test| {
        // With a quantifier it asks for nothing.
        let null = Operator::parse(&test.operator).is_ok_and(|operator| {
            operator.base.family == Family::Null && operator.quantifier.is_none()
        });
        let same = test
            .key
            .as_deref()
            .is_some_and(|other| other.eq_ignore_ascii_case(key));
        null && same && has_only(context, test, "false")
    })
}

/// Whether a test holds where the resource is of the caller's own organization or account.
fn is_the_callers(context: &Context<'_>, test: &Test, key: &str) -> bool {
    let variable = match key {
        "aws:resourceorgid" => "${aws:PrincipalOrgID}",
        "aws:resourceaccount" => "${aws:PrincipalAccount}",
        _ => return false,
    };
    has_only(context, test, variable)
}

/// Whether a test has this one value, in whatever case, as far as its values are known.
pub(crate) fn has_only(context: &Context<'_>, test: &Test, value: &str) -> bool {
    test.values.known().is_some_and(|list| {
        let items = &list.items;
        let is_it = |pattern: &Pattern| pattern.display().eq_ignore_ascii_case(value);
        !items.is_empty()
            && items
                .iter()
                .all(|item| context.patterns(item).into_iter().all(is_it))
    })
}

/// Whether a value names somebody, as far as it is known. Under an operator without wildcards `*` is a character that no
/// value has: nobody meets it.
fn names_somebody(names: Names, value: &Pattern, operator: Operator) -> bool {
    if names == Names::Addresses {
        return operator.base.family != Family::Ip && !value.is_star() || !is_vast(value);
    }
    if !operator.base.wildcards || !value.has_wildcards() {
        return true;
    }
    match names {
        Names::One => value.has_holes() && !value.raw().starts_with(['*', '?']),
        Names::Paths => {
            let (known, open) = before_wildcards(value);
            open || known
                .split_once('/')
                .is_some_and(|(organization, _)| !organization.is_empty())
        }
        Names::Arns => arn_names(value),
        Names::Beginning => !value.raw().starts_with(['*', '?']),
        Names::Any | Names::Addresses => !value.is_star(),
    }
}

/// Whether a pattern of ARNs is one of somebody's: its account is named, or, where it has none, what it begins with.
fn arn_names(value: &Pattern) -> bool {
    match Arn::parse(value) {
        ArnShape::Arn(arn) if arn.account.is_empty() => !arn.resource.raw().starts_with(['*', '?']),
        // Only one account has a bucket of that name, whatever stands where the ARNs of buckets have no account.
        ArnShape::Arn(arn) if arn.service.as_literal().as_deref() == Some("s3") => {
            let name = arn.resource.raw();
            let is_bucket = !name.starts_with(['*', '?']) && !name.contains(['/', ':']);
            is_bucket || arn.account.has_holes() || arn.account.is_literal()
        }
        ArnShape::Arn(arn) => arn.account.has_holes() || arn.account.is_literal(),
        ArnShape::Star => false,
        ArnShape::Unknown | ArnShape::NotArn(_) => value.has_holes() || has_account(value),
    }
}

/// Whether 12 digits stand in a text.
fn has_account(value: &Pattern) -> bool {
    let raw = value.raw();
    raw.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 12)
}

/// Whether a range of addresses is so wide that anybody may have one of them. S3 draws the line there, too: what is wider
/// than /8 and, of IPv6, /32.
fn is_vast(value: &Pattern) -> bool {
    let Some(text) = value.as_literal() else {
        return value.is_star();
    };
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let Ok(length) = length.parse::<u8>() else {
        return false;
    };
    let private = ["fc", "fd", "FC", "FD"]
        .iter()
        .any(|start| address.starts_with(start));
    match address.contains(':') {
        true => length < 32 && !private,
        false => length < 8,
    }
}

/// The statements of a policy that deny something to everybody but somebody.
pub(crate) struct Denials<'a> {
    /// Whether the policy may deny more than is known.
    open: bool,
    statements: Vec<&'a Statement>,
}

impl<'a> Denials<'a> {
    /// Those of the policy of a site.
    pub(crate) fn of(context: &Context<'a>, site: &'a Site) -> Denials<'a> {
        let policy = context.policy(site);
        let others = policy.statements.iter();
        let keeps_out = |other: &&Statement| !other.allows() && keeps_others_out(context, other);
        let mut statements: Vec<&Statement> = others.filter(keeps_out).take(DENIALS + 1).collect();
        let many = statements.len() > DENIALS;
        statements.truncate(DENIALS);
        Denials {
            open: many || policy.unseen == Unseen::Anything,
            statements,
        }
    }

    /// Whether they may deny to others all that a statement of the policy allows.
    pub(crate) fn take_off(
        &self,
        context: &Context<'_>,
        site: &Site,
        statement: &Statement,
    ) -> bool {
        if self.open || self.statements.is_empty() {
            return self.open;
        }
        let resources: Vec<&Pattern> = statement
            .resources()
            .iter()
            .flat_map(|item| context.patterns(item))
            .collect();
        // Whatever there is more of: each of the statements is asked for each action once, and for each resource once.
        let taken = self.taken(context, site, statement);
        let denied = |resource: Option<&Pattern>| {
            let reaching = taken.iter().zip(&self.statements).filter(|(_, deny)| {
                resource.is_none_or(|resource| reaches(context, site, deny, resource))
            });
            let mut left = Actions::all(taken.first().map_or(0, |actions| actions.0.len()));
            reaching.for_each(|(actions, _)| left.without(actions));
            left.is_empty()
        };
        match resources.as_slice() {
            [] => denied(None),
            some => some.iter().all(|resource| denied(Some(resource))),
        }
    }

    /// For each of them, which actions of a statement it may be about.
    fn taken(&self, context: &Context<'_>, site: &Site, statement: &Statement) -> Vec<Actions> {
        // In a bucket's policy, `s3:*` is all that `*` can be; elsewhere it is more than can be looked at one by one.
        let is_star = |item: &Item| item.action == Some(ActionPattern::Star);
        let own = |action: &Action| {
            site.service
                .is_none_or(|service| action.service().prefix() == service)
        };
        if site.service.is_none() && statement.actions().iter().any(is_star) {
            let takes = |deny: &&Statement| match (&deny.action, &deny.not_action) {
                (Known::Is(list), _) => list.dynamic || list.items.iter().any(is_star),
                _ => true,
            };
            let denials = self.statements.iter();
            return denials.map(|deny| Actions(vec![takes(deny)])).collect();
        }
        let actions: Vec<Action> = statement
            .actions()
            .iter()
            .flat_map(|item| context.expand(item).iter().copied())
            .filter(own)
            .collect();
        let takes = |deny: &&Statement| match actions.as_slice() {
            // What isn't known, all of them may be about.
            [] => Actions(vec![true]),
            some => {
                let some = some.iter();
                Actions(some.map(|of| takes_in(deny, *of) != Tri::No).collect())
            }
        };
        self.statements.iter().map(takes).collect()
    }
}

/// Which actions of a statement are meant, by where they stand in it.
struct Actions(Vec<bool>);

impl Actions {
    fn all(number: usize) -> Actions {
        Actions(vec![true; number])
    }

    fn without(&mut self, other: &Actions) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own &= !other;
        }
    }

    fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }
}

/// Whether a `Deny` is for everybody but somebody, or for everybody.
fn keeps_others_out(context: &Context<'_>, deny: &Statement) -> bool {
    if deny.condition.is_dynamic() {
        return true;
    }
    let tests = conditions::tests(deny);
    let spared: Vec<Spares> = tests.iter().map(|test| spares(context, test)).collect();
    if spared.contains(&Spares::Others) {
        return false;
    }
    let names = tests.is_empty() || spared.contains(&Spares::Somebody);
    match (&deny.principal, &deny.not_principal) {
        (_, Known::Is(principals)) => everybody(context, principals).is_empty(),
        (_, Known::Dynamic(_)) => true,
        (Known::Is(principals), Known::Missing) => {
            names && (principals.dynamic || !everybody(context, principals).is_empty())
        }
        (Known::Dynamic(_), Known::Missing) => names,
        (Known::Missing, Known::Missing) => false,
    }
}

/// Whom a test of a `Deny` leaves out of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spares {
    /// Those whom it names, or it can't be told.
    Somebody,
    /// Also such as have what anybody can have; beside a test that names somebody, an exception.
    More,
    /// People whom nobody named.
    Others,
}

fn spares(context: &Context<'_>, test: &Test) -> Spares {
    let (Some(key), Ok(operator)) = (
        test.key.as_deref().map(str::to_ascii_lowercase),
        Operator::parse(&test.operator),
    ) else {
        return Spares::Somebody;
    };
    if key.contains("${") {
        return Spares::Somebody;
    }
    if operator.base.family == Family::Bool && has_only(context, test, "false") {
        return match key.as_str() {
            "aws:principalisawsservice" => Spares::Somebody,
            "aws:viaawsservice" => Spares::More,
            _ => Spares::Others,
        };
    }
    if !operator.base.negated {
        return Spares::Others;
    }
    if is_the_callers(context, test, &key) {
        return Spares::Somebody;
    }
    let Some(names) = names(&key) else {
        return match is_anybodys(&key) {
            true => Spares::More,
            false => Spares::Others,
        };
    };
    let Some(list) = test.values.known().filter(|list| !list.dynamic) else {
        return Spares::Somebody;
    };
    let mut patterns = list.items.iter().flat_map(|item| context.patterns(item));
    match patterns.all(|pattern| names_somebody(names, pattern, operator)) {
        true => Spares::Somebody,
        false => Spares::Others,
    }
}

/// Whether a `Deny` may be about all that a resource of another statement stands for.
fn reaches(context: &Context<'_>, site: &Site, deny: &Statement, resource: &Pattern) -> bool {
    let listed = match (&deny.resource, &deny.not_resource) {
        (Known::Is(list), _) => list,
        (Known::Missing, Known::Is(kept)) => {
            let kept = kept.items.iter().flat_map(|item| context.patterns(item));
            return kept
                .into_iter()
                .all(|kept| kept.overlaps(resource) != Tri::Yes);
        }
        _ => return true,
    };
    let mut patterns = listed.items.iter().flat_map(|item| context.patterns(item));
    listed.dynamic || patterns.any(|pattern| may_cover(site, pattern, resource))
}

fn may_cover(site: &Site, pattern: &Pattern, resource: &Pattern) -> bool {
    if pattern.covers(resource) {
        return true;
    }
    if resource.is_star() {
        // `*` stands for what the policy is of: one resource, or a bucket's objects.
        return match site.service {
            Some("s3") => pattern.raw().ends_with("/*") && pattern.raw().matches('/').count() == 1,
            Some(_) => true,
            None => pattern.has_holes(),
        };
    }
    // The same unknown parts on both sides are the same; others may be anything.
    let unknown = !pattern.holes().eq(resource.holes());
    unknown && pattern.overlaps(resource).possible()
}
