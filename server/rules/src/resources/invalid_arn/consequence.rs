//! What comes of it when an ARN begins to name something, and whether somebody has to look at that first.

use leastwise_model::{Known, List, Statement};
use leastwise_policy::condition::Operator;
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ActionPattern, Arn, ArnProblem, ArnProblemKind, ArnShape, Pattern, check};
use leastwise_syntax::NodeId;

use crate::actions::effect;
use crate::conditions::effect::{Asked, Comes};
use crate::support::audience::Whom;
use crate::support::impact::Weight;
use crate::{Context, Fix, for_fixes};

/// What an ARN is there for.
#[derive(Clone)]
pub(super) struct Used {
    /// The statement that it stands in.
    pub statement: NodeId,
    pub by: Use,
    pub refused: Refused,
}

/// Whether AWS takes nothing of the policy as it is, so that all that the statement allows is gained.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    No,
    /// It may be refused, or match nothing.
    Perhaps,
    Surely,
}

impl Refused {
    /// By what is wrong with a resource.
    pub(super) fn of(problem: &ArnProblem, resource: &Pattern) -> Refused {
        let is_whole = matches!(Arn::parse(resource), ArnShape::Arn(_));
        match problem.kind {
            ArnProblemKind::NotArn(_) => Refused::Surely,
            ArnProblemKind::UnknownPartition | ArnProblemKind::EmptyPartition => Refused::Perhaps,
            _ if !is_whole => Refused::Perhaps,
            _ => Refused::No,
        }
    }
}

#[derive(Clone)]
pub(super) enum Use {
    /// The statement is about it.
    Named,
    /// The statement is about all others; whether it denies.
    LeftOut(bool),
    /// It is whom the statement is for. AWS refuses the policy until then.
    Principal,
    /// It is whom the statement isn't for; whether that denies. AWS refuses the policy until then.
    Spared(bool),
    /// A test compares this key with it.
    Test(String, Operator, Comes),
}

impl Used {
    /// Whether it is what a `Deny` leaves out, or whom.
    pub(super) fn is_deny(&self) -> bool {
        matches!(self.by, Use::LeftOut(true) | Use::Spared(true))
    }

    /// Whether it is too much to be done in bulk that these ARNs stand there.
    pub(super) fn is_grave(&self, weight: impl FnOnce() -> Weight, after: &[Pattern]) -> bool {
        for_fixes::did();
        match &self.by {
            Use::Named => {
                let weight = weight();
                let beside = self.refused == Refused::Surely && weight.is_grave_beside();
                beside || after.iter().any(|arn| weight.is_grave_on(arn))
            }
            // Without the slip all others come to be allowed.
            Use::LeftOut(false) => self.refused != Refused::No && weight().is_grave(),
            // What a `Deny` leaves out is allowed wherever others allow it.
            Use::LeftOut(true) | Use::Spared(true) => true,
            Use::Principal | Use::Spared(false) => weight().is_grave(),
            Use::Test(_, _, comes) => comes.is_grave(weight),
        }
    }

    /// Says of a fix what comes of this ARN.
    pub(super) fn announced(&self, context: &Context<'_>, fix: Fix, after: &Pattern) -> Fix {
        let found = context.statement(self.statement);
        let Some((_, statement)) = found.filter(|_| !is_wrong(after)) else {
            return fix;
        };
        match (&self.by, statement.denies()) {
            (Use::Named, false) => fix.adds(granted(context, Some(statement.node), after)),
            (Use::Named, true) => match allowed_beside(context, statement, after) {
                own if own.is_empty() => fix.notes([format!(
                    "it denies the statement's actions on {after} even where another policy allows them"
                )]),
                own => fix.removes(own),
            },
            (Use::LeftOut(_), false) => {
                let left_out = || granted(context, Some(statement.node), after);
                match self.refused {
                    Refused::Surely => fix.adds(all_but(statement, after)),
                    Refused::No => fix.removes(left_out()),
                    Refused::Perhaps => fix.removes(left_out()).notes([
                        "it adds everything else that the statement allows, if AWS rejects the policy as it is"
                            .to_owned(),
                    ]),
                }
            }
            (Use::LeftOut(_), true) => match allowed_beside(context, statement, after) {
                own if own.is_empty() => fix.notes([format!(
                    "it no longer denies the statement's actions on {after} where another policy allows them"
                )]),
                own => fix.adds(own),
            },
            (Use::Principal, _) => fix.notes(Whom::of(statement, false).note(after)),
            (Use::Spared(_), _) => fix.notes(Whom::of(statement, true).note(after)),
            (Use::Test(key, operator, comes), _) => {
                let asked = |_: &Statement| Asked::value(key, operator, &after.display());
                comes.announced(context, fix, statement.node, asked)
            }
        }
    }
}

/// What a statement comes to allow that leaves an ARN out.
fn all_but(statement: &Statement, arn: &Pattern) -> Vec<String> {
    let listed = |known: &Known<List>| -> Vec<String> {
        let items = known.known().map_or(&[][..], |list| &list.items).iter();
        let actions = items.filter_map(|item| item.action.as_ref());
        actions.map(|action| action.text().to_owned()).collect()
    };
    let but = listed(&statement.not_action);
    let named = match but.is_empty() {
        true => listed(&statement.action),
        false => vec![format!("everything but {}", but.join(", "))],
    };
    let named = named.into_iter();
    named
        .map(|action| format!("{action} on all but {arn}"))
        .collect()
}

/// Whether AWS has no resource for an ARN, however it is mended.
fn is_wrong(arn: &Pattern) -> bool {
    check(arn).iter().any(|problem| problem.sure)
}

/// What other statements of the same owner allow on a mended ARN of what this one denies.
fn allowed_beside(context: &Context<'_>, denying: &Statement, arn: &Pattern) -> Vec<String> {
    let patterns = denying.actions().iter();
    let patterns = patterns.filter_map(|item| item.action.as_ref());
    let actions = patterns
        .flat_map(ActionPattern::expand)
        .filter(|action| action_fits_pattern(*action, arn).possible());
    effect::allowed_beside(context, denying.node, actions, Some(arn))
}

/// What a statement allows on a mended ARN, and didn't before; what it no longer allows, where it leaves that out.
pub(crate) fn granted(
    context: &Context<'_>,
    statement: Option<NodeId>,
    arn: &Pattern,
) -> Vec<String> {
    let found = statement.and_then(|node| context.statement(node));
    let Some((_, statement)) = found.filter(|(_, statement)| statement.allows()) else {
        return Vec::new();
    };
    if is_wrong(arn) {
        return Vec::new();
    }
    if let Known::Is(but) = &statement.not_action {
        let actions = but.items.iter().filter_map(|item| item.action.as_ref());
        let names: Vec<&str> = actions.map(ActionPattern::text).collect();
        return vec![format!("everything but {} on {arn}", names.join(", "))];
    }
    let actions = statement
        .actions()
        .iter()
        .filter_map(|item| item.action.as_ref());
    actions
        .flat_map(ActionPattern::expand)
        .filter(|action| action_fits_pattern(*action, arn).possible())
        .map(|action| format!("{} on {arn}", action.full_name()))
        .collect()
}
