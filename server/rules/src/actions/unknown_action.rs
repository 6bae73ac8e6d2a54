//! Finds actions that don't exist.
//!
//! IAM accepts them silently, but they match nothing: the intended permission is missing, or what should be denied
//! stays allowed. Often the name is that of an API operation whose IAM action has another name: `s3:ListObjectsV2`
//! needs `s3:ListBucket`. An action that AWS has retired is only a warning.
//!
//! The action of a resource that is a permission by itself, such as `AWS::Lambda::Permission`, is checked as well:
//! there AWS rejects everything but a single action of the resource's service.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObejct
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "apigateway:GetRestApis",
//!       "Resource": "arn:aws:apigateway:eu-west-1::/restapis"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:GetObject, s3:PutObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "apigateway:GET",
//!       "Resource": "arn:aws:apigateway:eu-west-1::/restapis"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action:
//!       - s3:GetObject
//!       - s3:PutObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use std::sync::Arc;

use leastwise_catalog::{Action, ApiOperation, NamedElsewhere, Retired, catalog};
use leastwise_model::Level;
use leastwise_policy::{ActionPattern, NamedAction};

use super::cure::{Cure, Plain};
use super::entry_position::Spot;
use super::malformed::Malformed;
use super::permission_action::Refused;
use super::typo::is_slip;
use super::{Guesses, all_of, choice, elsewhere_in_words, unlisted};
use crate::support::action_entry::{ActionEntry, Grant};
use crate::{
    CommonCause, Context, Fact, Facts, Finding, FixKind, Group, Judges, LazyFix, Rule, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-action",
    group: Group::Actions,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action that doesn't exist",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_ACTION"),
        ("parliament", "UNKNOWN_ACTION"),
        ("cfn-lint", "W3037"),
        ("iam-policy-validator", "action_validation"),
    ],
    scope: &[Scope::Action(find)],
};

/// An action that AWS doesn't have.
struct Unknown {
    spot: Spot,
    text: String,
    why: Why,
    cures: Vec<Cure>,
}

/// How it comes that AWS doesn't have it.
enum Why {
    /// AWS names it, but not in its list.
    Elsewhere(NamedElsewhere),
    /// An operation of the API that needs these actions, or those of them for what a call does; it is doubtful whether it is
    /// nothing more.
    Operation {
        needed: Vec<String>,
        some: bool,
        doubtful: bool,
    },
    /// AWS once had it.
    Retired(Retired),
    /// An operation of this service's API for which no action is known: newer than the catalog, or it needs no permission.
    WithoutAction(&'static str),
    /// This service, of that prefix, never had it; what was probably meant.
    Never {
        service: &'static str,
        prefix: &'static str,
        near: Vec<String>,
        /// That it isn't looked for what was meant, where so.
        note: String,
    },
}

/// Looks at an action; what was meant is worked out for so many of the file.
fn find<'a>(context: &Context<'a>, entry: &ActionEntry<'a>, facts: &mut Facts<'a>) {
    let refused = entry.permission;
    let refused = refused.filter(|to| super::permission_action::refuses(context, entry, *to));
    facts.with(
        |guesses: &mut Guesses, facts| match (&*entry.pattern, refused) {
            (_, Some(to)) => facts.extend(Refused::of(&RULE, context, entry, to, guesses)),
            (ActionPattern::Malformed(reason), None) => {
                facts.push(Malformed::of(&RULE, context, entry, *reason, guesses));
            }
            (ActionPattern::Named(named), None) if !named.has_wildcards() => {
                facts.extend(Unknown::of(context, entry, named, guesses));
            }
            _ => {}
        },
    );
}

impl Unknown {
    fn of(
        context: &Context<'_>,
        entry: &ActionEntry<'_>,
        named: &NamedAction,
        guesses: &mut Guesses,
    ) -> Option<Unknown> {
        let service = catalog().service(named.service())?;
        let (prefix, name, text) = (service.prefix(), named.name(), named.text());
        if service.action(name).is_some() || unlisted::is_one(prefix, name) {
            return None;
        }
        let elsewhere = catalog().action_named_elsewhere(prefix, name);
        let retired = catalog().retired_action(prefix, name);
        let operation = catalog().api_operation(prefix, name);
        let actions = operation.into_iter().flat_map(|of| of.actions());
        let needed: Vec<String> = actions.map(|action| action.full_name()).collect();
        let own = |action: &String| action.split_once(':').is_some_and(|of| of.0 == prefix);
        let (why, cures) = match elsewhere {
            // What AWS itself asks for somewhere isn't surely in vain, whatever its table says.
            Some(page @ NamedElsewhere::Page(_)) => (Why::Elsewhere(page), Vec::new()),
            _ if !needed.is_empty() => {
                let doubtful = elsewhere.is_some() || retired.is_some();
                // AWS says what the call needs; what another service guards is more than a name. Nor is what is left out or
                // denied by it the call alone: the action guards others, too.
                let plain = !doubtful && entry.grant == Grant::Adds && needed.iter().all(own);
                let some = operation.is_some_and(ApiOperation::needs_some);
                let cures = match some {
                    true => entry.cures_by_one(&needed, plain),
                    false => entry.cure(&needed, plain).into_iter().collect(),
                };
                let why = Why::Operation {
                    needed,
                    some,
                    doubtful,
                };
                (why, cures)
            }
            _ => match (retired, elsewhere) {
                (Some(retired), _) => {
                    let successors: Vec<String> =
                        retired.replaced_by().map(str::to_owned).collect();
                    let written = text.split_once(':').map(|of| of.0);
                    let own = |of: &String| of.split_once(':').map(|of| of.0) == written;
                    let plain = successors.len() == 1 && successors.iter().all(own);
                    let cures = entry.cure(&successors, plain);
                    (Why::Retired(retired), cures.into_iter().collect())
                }
                _ if operation.is_some() => (Why::WithoutAction(service.name()), Vec::new()),
                (_, Some(elsewhere)) => (Why::Elsewhere(elsewhere), Vec::new()),
                _ => {
                    let near = Near::of(entry, prefix, name, guesses);
                    let why = Why::Never {
                        service: service.name(),
                        prefix,
                        near: near.names,
                        note: guesses.note(&format!("{prefix}:{name}")),
                    };
                    (why, near.cures)
                }
            },
        };
        Some(Unknown {
            spot: Spot::of(&RULE, context, entry, entry.name_span(context, named)),
            text: text.to_owned(),
            why,
            cures,
        })
    }
}

/// What was probably meant by a name that a service never had.
struct Near {
    names: Vec<String>,
    cures: Vec<Cure>,
}

impl Near {
    fn of(entry: &ActionEntry<'_>, prefix: &str, name: &str, guesses: &mut Guesses) -> Near {
        let is_beside = |action: &Action| entry.beside.has(*action);
        let is_slip = |action: &Action| is_slip(prefix, name, *action);
        let near = guesses.near(prefix, name).into_iter();
        // What was meant isn't what is there, unless it is plain that it was written twice.
        let near: Vec<Action> = near
            .filter(|action| is_slip(action) || !is_beside(action))
            .collect();
        let names: Vec<String> = near.iter().map(|action| action.full_name()).collect();
        let there = near.iter().all(is_beside);
        let plain = near.iter().all(is_slip) && (near.len() == 1 || there);
        let cures = if there && !near.is_empty() {
            let plain = Plain::Guessed(plain);
            entry.cure(&names, plain).into_iter().collect()
        } else {
            // What is there already needs no second offer to be removed.
            let (beside, others): (Vec<&Action>, Vec<&Action>) =
                near.iter().partition(|action| is_beside(action));
            let offers = beside.into_iter().take(1).chain(others);
            let all: Arc<[Action]> = near.as_slice().into();
            let cures = offers.filter_map(|action| {
                // Of several the one that works on what the statement names.
                let plain = match !plain && near.len() > 1 && is_slip(action) {
                    true => Plain::OnlyFitting {
                        meant: *action,
                        of: Arc::clone(&all),
                    },
                    false => Plain::Guessed(plain),
                };
                entry.cure(&[action.full_name()], plain)
            });
            cures.collect()
        };
        Near { names, cures }
    }
}

impl Fact for Unknown {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (text, date) = (&self.text, catalog().date());
        let told = |message: String| self.spot.finding(message).action(text);
        let finding = match &self.why {
            Why::Elsewhere(elsewhere) => {
                let at = elsewhere_in_words(*elsewhere);
                let message =
                    format!("`{text}` may have no effect: AWS's list of {date} doesn't have it.");
                told(message).level(Level::Warning).help(format!(
                    "AWS names it {at}. Try it out, or use an action from the list."
                ))
            }
            Why::Operation {
                needed,
                some,
                doubtful,
            } => {
                let help = match some {
                    true => format!(
                        "Depending on what it does, a call needs {}: allow those that your calls need.",
                        choice(needed)
                    ),
                    false => format!("This API operation needs {}.", all_of(needed)),
                };
                let message =
                    format!("`{text}` has no effect: it is an API operation, not an action.");
                let finding = told(message).help(help);
                match doubtful {
                    true => finding.level(Level::Warning),
                    false => finding,
                }
            }
            Why::Retired(retired) => {
                let note = retired.note().map(|note| format!(" ({note})"));
                let note = note.unwrap_or_default();
                let message = format!(
                    "`{text}` is retired{note} and probably has no effect: AWS no longer lists it as of {date}."
                );
                told(message)
                    .level(Level::Warning)
                    .help(instead_of(*retired))
            }
            Why::WithoutAction(service) => {
                let message = format!(
                    "`{text}` probably has no effect: it is an API operation, but not a known action of {service}."
                );
                told(message)
                    .level(Level::Warning)
                    .help("Look up which action the call needs; some calls need none.")
            }
            Why::Never {
                service,
                prefix,
                near,
                note,
            } => {
                let message = format!("`{text}` has no effect: {service} has no such action.");
                let help = match near.is_empty() {
                    true => {
                        format!("`leastwise explain {prefix}` lists the actions that it has.{note}")
                    }
                    false => format!("Did you mean {}?", choice(near)),
                };
                told(message).help(help)
            }
        };
        let finding = match self.same() {
            Some(same) => finding.same(same),
            None => finding,
        };
        let cures = self.cures.iter();
        let told = cures.fold(finding, |finding, cure| cure.told(finding));
        self.spot.with_its_like(told)
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let fix = |cure: &Cure| match cure {
            Cure::Remove(..) => cure.fix(context).of_several("Remove them"),
            Cure::Replace(..) => cure.fix(context),
        };
        self.cures.iter().map(fix).collect()
    }
}

/// What to do about an action that AWS has given up.
fn instead_of(retired: Retired) -> String {
    let successors: Vec<String> = retired.replaced_by().map(str::to_owned).collect();
    match successors.is_empty() {
        true => "Remove it.".to_owned(),
        false => format!("It was replaced by {}.", all_of(&successors)),
    }
}

impl Unknown {
    /// What it has in common with other actions of the policy.
    fn same(&self) -> Option<CommonCause> {
        let date = catalog().date();
        let (key, several, help) = match &self.why {
            Why::Retired(retired) => {
                let help = instead_of(*retired);
                let several = format!(
                    "are retired and probably have no effect: AWS no longer lists them as of {date}."
                );
                let key = format!("retired {help}");
                (key, several, help.replace("Remove it.", "Remove them."))
            }
            Why::Elsewhere(elsewhere) => {
                let at = elsewhere_in_words(*elsewhere);
                let several =
                    format!("may have no effect: AWS's list of {date} doesn't have them.");
                let help =
                    format!("AWS names them {at}. Try them out, or use actions from the list.");
                (format!("elsewhere {elsewhere:?}"), several, help)
            }
            Why::Operation { .. } | Why::WithoutAction(_) | Why::Never { .. } => return None,
        };
        Some(CommonCause {
            within: self.spot.policy,
            key,
            name: format!("`{}`", self.text),
            several,
            help,
            details: Vec::new(),
            intro: "",
        })
    }
}

#[cfg(test)]
mod tests;
