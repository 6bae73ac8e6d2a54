//! The action of a resource that is a permission by itself, for [`super::unknown_action`].
//!
//! AWS Lambda takes `(lambda:[*]|lambda:[a-zA-Z]+|[*])` for a function, and `lambda:GetLayerVersion` for a layer, Amazon
//! EventBridge `events:[a-zA-Z]+` for an event bus.

use leastwise_catalog::catalog;
use leastwise_model::PermissionTo;

use super::entry_position::Spot;
use super::typo::is_slip;
use super::{Guesses, Replacement, choice, named};
use crate::support::action_entry::ActionEntry;
use crate::support::impact::is_for_everybody;
use crate::{Context, Fact, Finding, LazyFix, Rule, Safety};

/// The one action that a layer takes.
const OF_LAYERS: &str = "lambda:GetLayerVersion";

/// What stands between a service and a name, rightly or not.
const SIGNS: [char; 5] = [':', '.', '/', '-', '_'];

/// The service, as sentences have it, and the prefix of its actions.
fn service(to: PermissionTo) -> (&'static str, &'static str) {
    match to {
        PermissionTo::Function | PermissionTo::Layer => ("AWS Lambda", "lambda"),
        PermissionTo::EventBus => ("Amazon EventBridge", "events"),
    }
}

/// The entry's text; `None` where it isn't known.
fn text<'e>(context: &Context<'e>, entry: &'e ActionEntry<'_>) -> Option<&'e str> {
    let named = entry.pattern.text();
    match named.is_empty() {
        true => entry.item.text.literal(context.tree),
        false => Some(named),
    }
}

/// Whether the API takes no such text for an action.
pub(super) fn refuses(context: &Context<'_>, entry: &ActionEntry<'_>, to: PermissionTo) -> bool {
    text(context, entry).is_some_and(|text| !takes(to, text))
}

fn takes(to: PermissionTo, text: &str) -> bool {
    let name = |prefix: &str| text.strip_prefix(prefix)?.strip_prefix(':');
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    match to {
        PermissionTo::Layer => text == OF_LAYERS,
        PermissionTo::Function => {
            text == "*" || name("lambda").is_some_and(|name| name == "*" || is_name(name))
        }
        PermissionTo::EventBus => name("events").is_some_and(is_name),
    }
}

/// A text that the API takes for no action of such a permission.
pub(super) struct Refused {
    spot: Spot,
    to: PermissionTo,
    text: String,
    /// What was probably meant.
    meant: Vec<String>,
    /// What it takes to write that, and whether it is plain that it was meant.
    cure: Option<(Replacement, bool)>,
}

impl Refused {
    /// What is so about an entry that the API refuses.
    pub(super) fn of(
        rule: &'static Rule,
        context: &Context<'_>,
        entry: &ActionEntry<'_>,
        to: PermissionTo,
        guesses: &mut Guesses,
    ) -> Option<Refused> {
        let text = text(context, entry)?;
        let (_, prefix) = service(to);
        let meant = match guesses.allow(text) {
            true => meant(to, prefix, text),
            false => Vec::new(),
        };
        let name = text.trim().rsplit(SIGNS).next().unwrap_or_default();
        let is_slip = |action: &String| named(action).is_some_and(|of| is_slip(prefix, name, of));
        let is_plain = meant.len() == 1 && meant.iter().all(is_slip);
        Some(Refused {
            spot: Spot::of(rule, context, entry, context.item_span(entry.item)),
            to,
            text: text.to_owned(),
            meant,
            cure: entry.replacement().map(|of| (of, is_plain)),
        })
    }
}

impl Fact for Refused {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (text, to, meant) = (&self.text, self.to, &self.meant);
        let (called, prefix) = service(to);
        let due = match to {
            PermissionTo::Layer => format!("only `{OF_LAYERS}`"),
            PermissionTo::Function | PermissionTo::EventBus => {
                format!("`{prefix}:` and the name of one action")
            }
        };
        let help = match meant.is_empty() {
            true => format!("Write a single action, as in `{}`.", usual(to)),
            false => format!("Did you mean {}?", choice(meant)),
        };
        let message = format!("{called} rejects `{text}` here: it accepts {due}.");
        let finding = self.spot.finding(message).help(help).action(text);
        self.spot.with_its_like(finding)
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Some((replacement, is_plain)) = self.cure else {
            return Vec::new();
        };
        let for_all = context
            .granting(replacement.statement)
            .is_none_or(|(site, statement)| is_for_everybody(context.tree, site, statement));
        let safety = Safety::changes(is_plain && !for_all);
        let fix = |action: &String| {
            let action = action.clone();
            LazyFix::new(format!("Replace with {action}"), safety, move |context| {
                replacement.with(context, std::slice::from_ref(&action))
            })
        };
        self.meant.iter().map(fix).collect()
    }
}

/// The action that such permissions have most often.
fn usual(to: PermissionTo) -> &'static str {
    match to {
        PermissionTo::Function => "lambda:InvokeFunction",
        PermissionTo::Layer => OF_LAYERS,
        PermissionTo::EventBus => "events:PutEvents",
    }
}

/// The actions of the service that a text was meant to name. What another service has is no slip of the pen.
fn meant(to: PermissionTo, prefix: &str, text: &str) -> Vec<String> {
    let (service, name) = match text.trim().split_once(SIGNS) {
        Some((service, name)) => (service, name.trim_start_matches(SIGNS)),
        None => ("", text.trim()),
    };
    let same = service.eq_ignore_ascii_case(prefix);
    if !same && catalog().service(service).is_some() {
        return Vec::new();
    }
    let near = match catalog().action(prefix, name) {
        Some(action) => vec![action],
        None => catalog().suggest_actions(prefix, name, 3),
    };
    let names = near.into_iter().map(|action| action.full_name());
    names
        .filter(|name| to != PermissionTo::Layer || name == OF_LAYERS)
        .collect()
}
