//! What comes of it when other actions take the place of an entry, and whether somebody has to look at that first.

use leastwise_catalog::Action;
use leastwise_model::{Site, Statement};
use leastwise_policy::{ActionPattern, Pattern, Studied};
use leastwise_syntax::NodeId;

use super::Replacement;
use crate::limits::RESOURCES_OF_RENAMED;
use crate::resources::fitting::surely_unfit;
use crate::support::action_entry::Grant;
use crate::support::impact::{is_for_everybody, is_grave_action, is_unlimited};
use crate::support::permissions::takes_in;
use crate::{Context, Fix, Safety, for_fixes};

impl Replacement {
    /// How a fix is offered that puts these actions in its place; `plain` says that it is plain that they were meant.
    pub(super) fn safety(&self, context: &Context<'_>, actions: &[String], plain: bool) -> Safety {
        for_fixes::did();
        let Some((site, statement)) = context.granting(self.statement) else {
            return Safety::Manual;
        };
        let is_grave = match self.grant {
            // Nothing becomes control over all that there is, or something for everybody.
            Grant::Adds => {
                is_for_everybody(context.tree, site, statement)
                    || is_unlimited(context, statement)
                        && actions.iter().any(|of| is_grave_action(of))
            }
            // What a `Deny` leaves out is allowed wherever others allow it.
            Grant::Spares => true,
            Grant::Removes | Grant::Denies => false,
        };
        let fits = || {
            let all = actions.iter().map(|text| ActionPattern::parse(text));
            all.map(|pattern| pattern.expand())
                .all(|meant| may_fit(context, statement, self.grant, &meant))
        };
        Safety::changes(plain && !is_grave && fits())
    }
}

/// Whether some of these actions may work on a resource of a statement: what works on none of them was hardly meant.
pub(super) fn may_fit(
    context: &Context<'_>,
    statement: &Statement,
    grant: Grant,
    actions: &[Action],
) -> bool {
    for_fixes::did();
    let listed = statement
        .resource
        .known()
        .filter(|list| !list.dynamic && list.items.len() <= RESOURCES_OF_RENAMED)
        .filter(|_| matches!(grant, Grant::Adds | Grant::Denies));
    let Some(list) = listed else {
        return true;
    };
    let patterns = list.items.iter().flat_map(|item| context.patterns(item));
    let studied: Vec<_> = patterns.map(|pattern| context.study(pattern)).collect();
    let says_nothing = |of: &std::sync::Arc<Studied>| {
        of.pattern().is_star() || of.not_arn().is_some() || of.problems().iter().any(|of| of.sure)
    };
    actions.is_empty() || studied.iter().any(says_nothing) || !surely_unfit(actions, &studied)
}

/// Says of a fix what putting these actions into a list of a statement changes.
pub(super) fn announced(
    context: &Context<'_>,
    fix: Fix,
    grant: Grant,
    statement: NodeId,
    actions: &[String],
) -> Fix {
    let allowed = || {
        let patterns = actions.iter().map(|text| ActionPattern::parse(text));
        let all = patterns.flat_map(|pattern| pattern.expand());
        allowed_beside(context, statement, all, None)
    };
    let names = actions.join("`, `");
    match grant {
        Grant::Adds => fix.adds(actions),
        Grant::Removes => fix.removes(actions),
        Grant::Denies => match allowed() {
            own if own.is_empty() => fix.notes([format!(
                "it denies `{names}` even where another policy allows it"
            )]),
            own => fix.removes(own),
        },
        Grant::Spares => match allowed() {
            own if own.is_empty() => fix.notes([format!(
                "it no longer denies `{names}` where another policy allows it"
            )]),
            own => fix.adds(own),
        },
    }
}

/// Those of the actions that other statements of the same owner allow where this one denies, by their names. `on`:
/// the resource that it is about, where that isn't all that it names.
pub(crate) fn allowed_beside(
    context: &Context<'_>,
    node: NodeId,
    actions: impl Iterator<Item = Action>,
    on: Option<&Pattern>,
) -> Vec<String> {
    let Some((site, denying)) = context.statement(node) else {
        return Vec::new();
    };
    let is_owned = |other: &Site| {
        std::ptr::eq(other, site) || other.owners.iter().any(|of| site.owners.contains(of))
    };
    let beside: Vec<&Statement> = context
        .statements()
        .filter(|(other, statement)| statement.allows() && is_owned(other))
        .filter(|(_, statement)| meet(context, statement, denying, on))
        .map(|(_, statement)| statement)
        .collect();
    let limit = match denying.condition.is_missing() {
        true => "",
        false => " where the statement's conditions are met",
    };
    let place = on.map(|on| format!(" on {on}")).unwrap_or_default();
    let allowed = actions.filter(|action| {
        let mut beside = beside.iter();
        beside.any(|statement| takes_in(statement, *action).possible())
    });
    let mut names: Vec<String> = allowed
        .map(|action| format!("{}{place}{limit}", action.full_name()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether two statements may be about the same resource, or one about what the other is about.
fn meet(context: &Context<'_>, one: &Statement, other: &Statement, on: Option<&Pattern>) -> bool {
    let patterns = |of: &Statement| -> Vec<Pattern> {
        let items = of.resources().iter();
        let patterns = items.flat_map(|item| context.patterns(item));
        patterns.cloned().collect()
    };
    let others = on.map_or_else(|| patterns(other), |on| vec![on.clone()]);
    let own = patterns(one);
    let mut pairs = own
        .iter()
        .flat_map(|pattern| others.iter().map(move |other| (pattern, other)));
    own.is_empty() || others.is_empty() || pairs.any(|(one, other)| one.overlaps(other).possible())
}
