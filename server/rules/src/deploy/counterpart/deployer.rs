//! An owner whose permissions create and change resources, and which counterparts it lacks.

use std::collections::HashSet;
use std::rc::Rc;

use leastwise_catalog::{Action, Relation, catalog};
use leastwise_model::{Item, Owner, OwnerKind, Site, Statement};
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::NodeId;
use leastwise_workspace::analysis::deploy::{is_of_releases, is_of_runs, rolls_out};

use super::stated_resources;
use super::tags::is_tagging;
use super::{Apart, Kind, Lack, paths};
use crate::deploy::tool_state;
use crate::resources::own_arn;
use crate::support::permissions::Granted;
use crate::{Context, Facts};

/// The entries that an owner's lacks are told of: a policy of several owners is told of once.
#[derive(Default)]
struct Reported(HashSet<NodeId>);

/// Tells of every action of a deploy-time owner whose required counterparts it is surely not allowed.
pub(in crate::deploy) fn lacks(
    context: &Context<'_>,
    kind: &'static Kind,
    (index, owner): (usize, &Owner),
    facts: &mut Facts<'_>,
) {
    let holds_permissions = matches!(
        owner.kind,
        OwnerKind::Role
            | OwnerKind::User
            | OwnerKind::Group
            | OwnerKind::ManagedPolicy
            | OwnerKind::File
    );
    if !holds_permissions || !context.deploys(index) {
        return;
    }
    let deployer = Deployer {
        owner,
        granted: facts.granted(index),
        run: context.analysis.is_run_by_a_service(context.tree, index),
        of_ci: context.analysis.is_of_ci(context.tree, index),
        by_cloudformation: context
            .analysis
            .is_run_by_cloudformation(context.tree, index),
        said: context.config().deploy_roles.is_some(),
    };
    let sites = context.analysis.sites_of(index);
    for site in sites.filter(|site| site.kind.grants()) {
        let statements = context.policy(site).statements.iter();
        for statement in statements.filter(|of| of.allows() && is_about_something(of)) {
            facts.with(|reported: &mut Reported, facts| {
                facts.extend(deployer.lacks(context, kind, site, statement, &mut reported.0));
            });
        }
    }
}

/// An owner whose permissions create and change resources.
struct Deployer<'a> {
    owner: &'a Owner,
    granted: Rc<Granted>,
    /// Whether a service runs something as it.
    run: bool,
    /// Whether it is one that a CI pipeline works as.
    of_ci: bool,
    by_cloudformation: bool,
    /// Whether the config says who deploys.
    said: bool,
}

impl Deployer<'_> {
    /// Whether an action makes something for itself where it runs, which is nothing that it deploys, or its counterparts are
    /// left out on purpose.
    fn is_own(&self, action: Action) -> bool {
        let granted = &self.granted;
        is_of_runs(action) && (self.run || writes(granted, action))
            || is_of_releases(action) && self.of_ci
            || !self.said
                && !self.by_cloudformation
                && rolls_out(action, |other| may(granted, other))
            || !self.said && is_left_out_on_purpose(action)
    }

    /// What it lacks for a statement of its policies, of what isn't told yet.
    fn lacks(
        &self,
        context: &Context<'_>,
        kind: &'static Kind,
        site: &Site,
        statement: &Statement,
        told: &mut HashSet<NodeId>,
    ) -> Vec<Lack> {
        // What is only called by its name is no ARN: nothing is allowed on it.
        let is_name = |item: &&Item| own_arn::is_name(context, item);
        let items = statement.resources().iter();
        let arns: Vec<&Item> = items.filter(|item| !is_name(item)).collect();
        if arns.is_empty() && !statement.resources().is_empty() {
            return Vec::new();
        }
        let resources: Vec<&Pattern> = arns
            .iter()
            .flat_map(|item| context.patterns(item))
            .collect();
        let mut lacks = Vec::new();
        for item in statement.actions() {
            let found = self.lack(context, item, &resources, kind.relation);
            let Some((actions, missing, left_out)) = found.filter(|_| told.insert(item.node))
            else {
                continue;
            };
            let patterns: Vec<Pattern> = resources.iter().copied().cloned().collect();
            let found = (actions, missing);
            for (actions, missing) in
                stated_resources::split(context, statement, kind.relation, found, &patterns)
            {
                let companions = companions(context, &self.granted, &missing, &resources);
                lacks.push(Lack {
                    apart: Apart::of(context, site, statement, &missing, &patterns),
                    kind,
                    at: context.item_span(item),
                    item: item.node,
                    written: item.action.as_ref().map_or("", |of| of.text()).to_owned(),
                    companions,
                    actions,
                    missing,
                    left_out,
                    owner: self.owner.label.clone(),
                });
            }
        }
        lacks
    }
}

/// Whether a statement says on what its actions are allowed: else it allows nothing, until somebody mends it.
fn is_about_something(statement: &Statement) -> bool {
    !statement.resource.is_missing() || !statement.not_resource.is_missing()
}

/// What actions need beside them and their owner is surely not allowed, but not denied on purpose.
fn companions(
    context: &Context<'_>,
    granted: &Granted,
    actions: &[Action],
    resources: &[&Pattern],
) -> Vec<Action> {
    let mut found: Vec<Action> = Vec::new();
    for action in actions {
        for companion in action.companions() {
            let fits = |pattern: &&&Pattern| context.study(pattern).fits(*companion) != Tri::No;
            let over = match resources.iter().find(fits) {
                Some(_) => resources,
                None => &[],
            };
            let known = actions.contains(companion) || found.contains(companion);
            if !known
                && !granted.may_allow(*companion, over)
                && !granted.spares(*action, *companion, over)
            {
                found.push(*companion);
            }
        }
    }
    found
}

impl Deployer<'_> {
    /// The actions of an item that lack a counterpart, the counterparts, and whether a boundary alone leaves these out.
    fn lack(
        &self,
        context: &Context<'_>,
        item: &Item,
        resources: &[&Pattern],
        relation: Relation,
    ) -> Option<(Vec<Action>, Vec<Action>, bool)> {
        let named = item.action.as_ref()?.named()?;
        // `lambda:*` holds every counterpart that there is.
        if named.name() == "*" {
            return None;
        }
        let granted = &*self.granted;
        let mut actions = Vec::new();
        let mut missing = Vec::new();
        let mut left_out = true;
        let expanded = context.expand(item);
        let tags_only = expanded.iter().all(|action| is_tagging(*action));
        // What works on none of the statement's resources makes nothing.
        let works = |action: Action| {
            let mut resources = resources.iter();
            resources.len() == 0
                || resources.any(|pattern| context.study(pattern).fits(action) != Tri::No)
        };
        let is_named = !item.action.as_ref()?.has_wildcards();
        let is_asked = |action: Action| {
            // Most of what a wildcard stands for needs none: it isn't worth another question.
            needed(action, relation).next().is_some()
                && (tags_only || !is_tagging(action))
                && works(action)
                && !self.is_own(action)
                && (is_named || stated_resources::is_callable(granted, action))
        };
        for &action in expanded.iter().filter(|action| is_asked(**action)) {
            let mut kept = None;
            for wanted in needed(action, relation) {
                // Its resources may be of another type than those that the statement names.
                let fits = resources.iter().any(|pattern| {
                    let fits = context.study(pattern).fits(wanted) != Tri::No;
                    fits && !paths::is_in_vain(wanted, pattern)
                });
                let over = if fits { resources } else { &[] };
                if granted.may_allow(wanted, over)
                    || granted.spares(action, wanted, over)
                    || granted.may_take(action) && granted.allows(action, resources) != Tri::Yes
                {
                    continue;
                }
                if *kept
                    .get_or_insert_with(|| tool_state::is_kept(context, granted, action, resources))
                {
                    continue;
                }
                if !actions.contains(&action) {
                    actions.push(action);
                }
                if !missing.contains(&wanted) {
                    missing.push(wanted);
                    left_out &= granted.is_left_out(wanted, over);
                }
            }
        }
        (!missing.is_empty()).then_some((actions, missing, left_out))
    }
}

/// The counterparts that an action can't do without.
fn needed(action: Action, relation: Relation) -> impl Iterator<Item = Action> {
    let all = action.counterparts();
    let needed = all.filter(move |of| of.relation() == relation && of.required());
    needed.map(|of| of.action())
}

/// What watches over an account is kept from being changed and deleted, by those who may set it up, on purpose.
const WATCHING: [&str; 7] = [
    "access-analyzer",
    "cloudtrail",
    "config",
    "detective",
    "guardduty",
    "inspector2",
    "securityhub",
];

/// Whether nobody misses the counterparts of an action, unless the config says that its owner deploys.
fn is_left_out_on_purpose(action: Action) -> bool {
    let service = action.service().prefix();
    // A permission on a network interface ends with the interface.
    WATCHING.contains(&service)
        || (service, action.name()) == ("ec2", "CreateNetworkInterfacePermission")
}

/// Whether whoever makes a log group or a group of reports writes into it, too.
fn writes(granted: &Granted, action: Action) -> bool {
    let name = match action.service().prefix() {
        "logs" => "PutLogEvents",
        "codebuild" => "CreateReport",
        _ => return false,
    };
    let write = catalog().action(action.service().prefix(), name);
    write.is_some_and(|write| may(granted, write))
}

/// Whether the owner may call an action on some resource.
fn may(granted: &Granted, action: Action) -> bool {
    granted.may_allow(action, &[])
}
