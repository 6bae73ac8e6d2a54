//! Whether what a statement would allow is more than may come of a slip of the pen. A fix that makes AWS take such a statement, or
//! puts such an action into one, is offered, and never applied in bulk.

use leastwise_catalog::{AccessLevel, Action};
use leastwise_model::{Item, PrincipalKind, Principals, Site, SiteKind, Statement};
use leastwise_policy::{ActionPattern, Pattern, elements};
use leastwise_syntax::{NodeId, Tree, View};

use crate::limits::DEPTH_OF_PRINCIPALS;
use crate::support::answers::Answers;
use crate::support::coverage;
use crate::{Context, for_fixes};

/// Actions of IAM that make identities, or give them permissions.
pub(crate) const MAKES_IDENTITIES: [&str; 6] = [
    "CreateRole",
    "CreateUser",
    "PutRolePolicy",
    "AttachRolePolicy",
    "PutUserPolicy",
    "AttachUserPolicy",
];

/// Actions by which somebody gets another's permissions, beside those that AWS lists as changing permissions.
const GIVES_POWER: [(&str, &str); 6] = [
    ("iam", "PassRole"),
    ("iam", "CreateAccessKey"),
    ("iam", "CreateLoginProfile"),
    ("iam", "UpdateLoginProfile"),
    ("iam", "AddUserToGroup"),
    ("sts", "AssumeRole"),
];

/// Whether an action is too much to be allowed by itself on all that there is: all that a service has, or one by which its
/// caller gets permissions that it hasn't.
pub(crate) fn is_grave_action(text: &str) -> bool {
    for_fixes::did();
    is_whole(text) || gives_power(text)
}

/// Whether a statement of a policy of this kind, with the names and the effect that it was probably meant to have, allows
/// everything, all that a service has, control over permissions, or something to everybody. Where it isn't sure that it
/// denies, it allows: several slips may be mended at once.
pub(crate) fn is_grave(context: &Context<'_>, statement: NodeId, kind: SiteKind) -> bool {
    Weight::as_written(context, statement, kind).is_grave()
}

/// Whether one of these statements is so, or the one that a node is.
pub(crate) fn is_any_grave(context: &Context<'_>, statements: NodeId, kind: SiteKind) -> bool {
    match context.tree.items(context.tree.resolved(statements)) {
        Some(items) => items.iter().any(|item| is_grave(context, *item, kind)),
        None => is_grave(context, statements, kind),
    }
}

/// The weights of statements by node, kind of policy, and whether their texts are worked out. They are kept with the analysis:
/// all fixes of a statement ask for the same one.
#[derive(Default)]
struct Weights(Answers<(NodeId, SiteKind, bool), Weight>);

/// How much a statement allows with the names and the effect that it was probably meant to have: worked out once for all that
/// is mended in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    to_everybody: bool,
    /// Whether it names every action.
    everything: bool,
    /// Whether it names an action that is too much on all that there is.
    power: bool,
    on_all: bool,
}

impl Weight {
    /// That of a statement of a policy of this kind, by what is written there.
    fn as_written(context: &Context<'_>, statement: NodeId, kind: SiteKind) -> Weight {
        Weight::known(context, (statement, kind, false), || {
            Weight::read(context.tree, statement, kind)
        })
    }

    /// That of a statement whose texts are worked out.
    pub(crate) fn within(context: &Context<'_>, statement: NodeId, kind: SiteKind) -> Weight {
        Weight::known(context, (statement, kind, true), || {
            let weight = Weight::read(context.tree, statement, kind);
            let found = context.granting(statement);
            let is_unlimited = found.is_some_and(|(_, of)| is_unlimited(context, of));
            Weight {
                on_all: weight.on_all || is_unlimited,
                ..weight
            }
        })
    }

    fn known(
        context: &Context<'_>,
        of: (NodeId, SiteKind, bool),
        read: impl FnOnce() -> Weight,
    ) -> Weight {
        for_fixes::did();
        let known = context.analysis.cache.get::<Weights>();
        known.0.get(context, of, read)
    }

    fn read(tree: &Tree, statement: NodeId, kind: SiteKind) -> Weight {
        let said = Said::of(tree, statement);
        let is_any = |action: &&str| matches!(ActionPattern::parse(action), ActionPattern::Star);
        let allows = !said.denies;
        let everything = said.actions.iter().any(is_any);
        Weight {
            to_everybody: allows && said.to_everybody && lets_in(kind),
            everything: allows && everything,
            power: allows && (everything || said.actions.iter().any(|of| is_grave_action(of))),
            on_all: said.on_all,
        }
    }

    /// Whether it is too much to come of a slip of the pen, whatever the slip was.
    pub(crate) fn is_grave(self) -> bool {
        self.to_everybody || self.everything || self.on_all && self.power
    }

    /// Whether it is too much on what it is about beside a slip, by which AWS takes none of it.
    pub(crate) fn is_grave_beside(self) -> bool {
        self.to_everybody || self.on_all && self.power
    }

    /// Whether it is too much on a resource that it names by a slip, once that is mended.
    pub(crate) fn is_grave_on(self, resource: &Pattern) -> bool {
        self.to_everybody || self.power && coverage::is_all_of_a_type(resource)
    }
}

/// Whether a statement allows something as far as is sure: one that isn't known to deny does.
pub(crate) fn may_allow(tree: &Tree, statement: NodeId) -> bool {
    !Said::of(tree, statement).denies
}

/// Whether a statement allows everything, or all that a service has.
pub(crate) fn allows_whole(tree: &Tree, statement: NodeId) -> bool {
    let said = Said::of(tree, statement);
    let mut actions = said.actions.iter();
    !said.denies && said.on_all && actions.any(|action| is_whole(action))
}

/// What a statement says, as it was probably meant.
#[derive(Default)]
struct Said<'t> {
    denies: bool,
    /// What it names in `Action`; `*` where it leaves actions out.
    actions: Vec<&'t str>,
    /// Whether it is about all that a service has, or all of one type.
    on_all: bool,
    to_everybody: bool,
}

impl<'t> Said<'t> {
    fn of(tree: &'t Tree, statement: NodeId) -> Said<'t> {
        let mut said = Said::default();
        for pair in tree.pairs(tree.resolved(statement)) {
            let name = tree.text(pair.key).unwrap_or_default();
            // The text lacks a space behind the element's colon.
            if let Some((element, text)) = elements::unspaced(name) {
                said.element(element, Some(text), &[text], || text == "*");
                continue;
            }
            let name = name.replace('_', "");
            let texts = texts(tree, pair.value);
            for element in elements::suggest_statement_elements(&name) {
                let everybody = || is_everybody(tree, pair.value, DEPTH_OF_PRINCIPALS);
                let whole = tree.text(tree.resolved(pair.value));
                said.element(element, whole, &texts, everybody);
            }
        }
        said
    }

    /// Takes in an element by the one text that its value is, if it is one, all texts in it, and whether `everybody` is among
    /// its principals.
    fn element(
        &mut self,
        element: &str,
        whole: Option<&str>,
        texts: &[&'t str],
        everybody: impl FnOnce() -> bool,
    ) {
        let is_all = |text: &&str| coverage::is_all_of_a_type(&Pattern::literal(text));
        match element {
            "Effect" => {
                let effect = whole.and_then(elements::suggest_effect);
                self.denies |= effect == Some("Deny");
            }
            "Action" => self.actions.extend(texts),
            "NotAction" => self.actions.push("*"),
            "Resource" => self.on_all |= texts.iter().any(is_all),
            "NotResource" => self.on_all = true,
            "Principal" => self.to_everybody |= everybody(),
            "NotPrincipal" => self.to_everybody = true,
            _ => {}
        }
    }
}

/// Whether policies of a kind let somebody in: in others everybody is who asks.
fn lets_in(kind: SiteKind) -> bool {
    !matches!(kind, SiteKind::VpcEndpoint | SiteKind::Rcp)
}

/// The texts of a value, those in functions too.
fn texts(tree: &Tree, value: NodeId) -> Vec<&str> {
    let text = |node: NodeId| match tree.view(tree.resolved(node)) {
        View::Tagged(_, inner) => tree.text(inner),
        _ => tree.text(tree.resolved(node)),
    };
    match tree.items(tree.resolved(value)) {
        Some(items) => items.iter().filter_map(|item| text(*item)).collect(),
        None => text(value).into_iter().collect(),
    }
}

/// Whether `*` stands among principals.
fn is_everybody(tree: &Tree, value: NodeId, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let node = tree.resolved(value);
    match tree.view(node) {
        View::Scalar(text) => text == "*",
        View::Sequence(items) => items.iter().any(|item| is_everybody(tree, *item, depth)),
        View::Mapping(_) => {
            let mut pairs = tree.pairs(node).into_iter();
            pairs.any(|pair| is_everybody(tree, pair.value, depth))
        }
        _ => false,
    }
}

/// Whether an action stands for all that a service has.
fn is_whole(text: &str) -> bool {
    match ActionPattern::parse(text) {
        ActionPattern::Star => true,
        ActionPattern::Named(named) => named.name().bytes().all(|byte| byte == b'*'),
        ActionPattern::Unknown | ActionPattern::Malformed(_) => false,
    }
}

/// Whether an action, or one that a pattern stands for, can give its caller permissions that it hasn't.
fn gives_power(text: &str) -> bool {
    let gives = |action: Action| {
        let name = (action.service().prefix(), action.name());
        action.access_level() == AccessLevel::PermissionsManagement
            || makes_identities(action)
            || GIVES_POWER.contains(&name)
    };
    ActionPattern::parse(text).expand().into_iter().any(gives)
}

/// Whether an action makes identities, or gives them permissions.
fn makes_identities(action: Action) -> bool {
    action.service().prefix() == "iam" && MAKES_IDENTITIES.contains(&action.name())
}

/// Whether a statement lets everybody do what it names, as far as it allows anything.
pub(crate) fn is_for_everybody(tree: &Tree, site: &Site, statement: &Statement) -> bool {
    let is_star = |item: &Item| item.text.literal(tree) == Some("*");
    let is_any = |principals: &Principals| {
        let mut kinds = principals.kinds.iter();
        let values = |of: &PrincipalKind| {
            let items = of.values.known().map_or(&[][..], |list| &list.items);
            items.iter().any(is_star)
        };
        principals.star || kinds.any(values)
    };
    let named = statement.principal.known().is_some_and(is_any);
    lets_in(site.kind) && (named || !statement.not_principal.is_missing())
}

/// Whether a statement is about all that a service has, or all of one type.
pub(crate) fn is_unlimited(context: &Context<'_>, statement: &Statement) -> bool {
    let mut patterns = statement
        .resources()
        .iter()
        .flat_map(|item| context.patterns(item));
    !statement.not_resource.is_missing() || patterns.any(coverage::is_all_of_a_type)
}
