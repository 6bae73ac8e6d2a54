//! Narrows a statement's `*`, and splits off what takes no resource.

use std::sync::{Arc, OnceLock};

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, List, Site, Statement};
use leastwise_policy::elements::MANAGED_POLICY_SIZE;
use leastwise_policy::{ActionPattern, Pattern, Studied};
use leastwise_syntax::NodeId;
use leastwise_syntax::write::{Edit, NewValue};

use super::cached_choices::{self, Moved, Named, Question, Stands, WorkedOut};
use super::choice::{Breadth, Chosen, Entry, Reason};
use super::ignored::is_wide_on_purpose;
use super::judged_actions::is_left;
use super::{extra_resources, pairs, star_only};
use crate::actions::is_to_be_renamed;
use crate::ignore::Ignores;
use crate::limits::NARROWED_ACTIONS;
use crate::support::coverage::is_everything_throughout;
use crate::support::leftovers::Left;
use crate::support::naming;
use crate::support::narrow::{self, Accounts, Narrowed};
use crate::{Context, Fix, Safety, for_fixes, work};

/// A statement of more lines on `*` is somebody's choice.
const USUAL_LINES: usize = 24;

/// One of several ways to narrow a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    breadth: Breadth,
    accounts: Accounts,
    /// In what the environments differ.
    place: &'static str,
}

impl Choice {
    pub(super) fn title(self) -> &'static str {
        match (self.breadth, self.accounts) {
            (Breadth::Main, Accounts::Together) => "Limit it to the app's resources",
            (Breadth::All, _) => {
                "Limit it to the app's resources of all types, and keep what supports none"
            }
            (Breadth::Main, Accounts::Each) if self.place == "region" => {
                "Limit it to the app's resources, separately in each region"
            }
            (Breadth::Main, Accounts::Each) => {
                "Limit it to the app's resources, separately in each account"
            }
        }
    }
}

/// What is narrowed of a statement.
struct Parts<'s> {
    /// What is known of such entries already.
    known: Arc<WorkedOut>,
    actions: &'s List,
    resources: &'s List,
    entries: Vec<Entry<'s>>,
    /// Entries that take no resource, or none of the app's, and those that somebody wants to reach as far as they do.
    moved: Vec<&'s Item>,
    /// The texts of these, each with how many others stand before it.
    before: Moved,
    /// Entries that AWS doesn't have, which are about nothing wherever they stand.
    nothing: Vec<&'s Item>,
}

impl<'s> Parts<'s> {
    /// `None` where something isn't known, or can't be taken apart.
    fn of(
        context: &Context<'_>,
        ignores: &Ignores,
        site: &Site,
        statement: &'s Statement,
    ) -> Option<Parts<'s>> {
        let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
        else {
            return None;
        };
        let whole = resources
            .items
            .iter()
            .all(|item| is_everything_throughout(context, item));
        if actions.dynamic || resources.dynamic || !whole || !statement.not_action.is_missing() {
            return None;
        }
        let mut parts = Parts {
            known: WorkedOut::of(context),
            actions,
            resources,
            entries: Vec::new(),
            moved: Vec::new(),
            before: Vec::new(),
            nothing: Vec::new(),
        };
        let mut count = 0;
        for item in &actions.items {
            let pattern = item.action.as_ref()?;
            if item.list != actions.node && actions.items.len() > 1 {
                return None;
            }
            if is_wide_on_purpose(context, ignores, site, item) {
                parts.moves(item, pattern);
                continue;
            }
            let Stands {
                none,
                others,
                limited,
            } = parts.known.stands(context, pattern);
            count += limited.len();
            let service = limited.first().map(|action| action.service());
            let alike = |action: &Action| Some(action.service()) == service;
            if count > NARROWED_ACTIONS || !limited.iter().all(alike) {
                return None;
            }
            match limited.is_empty() {
                true if none.is_empty() && others.is_empty() => parts.nothing.push(item),
                true => parts.moves(item, pattern),
                false => parts.entries.push(Entry {
                    item,
                    open: pattern.has_wildcards(),
                    limited,
                    none,
                    others,
                }),
            }
        }
        let splits = !parts.moved.is_empty() || parts.entries.iter().any(Entry::splits);
        (!splits || statement.branch.is_empty()).then_some(parts)
    }

    fn moves(&mut self, item: &'s Item, pattern: &ActionPattern) {
        self.moved.push(item);
        let place = self.entries.len();
        self.before.push((place, pattern.text().to_owned()));
    }

    /// Whether something in the list is to get another name first.
    fn wait(&self) -> bool {
        let items = self.nothing.iter();
        let mut patterns = items.filter_map(|item| item.action.as_ref());
        patterns.any(is_to_be_renamed)
    }

    /// The ARNs of a choice. `None` where an entry works on none of them.
    fn narrowed(
        &self,
        context: &Context<'_>,
        site: &Site,
        statement: &Statement,
        choice: Choice,
    ) -> Option<(Arc<Chosen>, Narrowed, Vec<Arc<Studied>>)> {
        let chosen = self.known.chosen(&self.entries, choice.breadth)?;
        let narrowed =
            narrow::of_formats(context, &chosen.formats, statement.node, choice.accounts)?;
        let arns: Vec<Arc<Studied>> = narrowed
            .shown
            .iter()
            .map(|arn| context.study(&Pattern::literal(arn)))
            .collect();
        let fits = |action: &Action| arns.iter().any(|arn| arn.fits(*action).possible());
        // An entry that none of the ARNs suits would be lost without anybody's wish.
        let all_fit = self
            .entries
            .iter()
            .zip(&chosen.stays)
            .all(|(entry, stays)| stays.is_some() || entry.limited.iter().any(fits));
        let splits = chosen.stays.iter().any(Option::is_some);
        let movable = !splits || statement.branch.is_empty();
        let fits = all_fit && movable && self.is_held(context, site, &chosen, &narrowed);
        fits.then_some((chosen, narrowed, arns))
    }

    /// Whether the policy still holds what is written: more than that, nobody can deploy.
    fn is_held(
        &self,
        context: &Context<'_>,
        site: &Site,
        chosen: &Chosen,
        narrowed: &Narrowed,
    ) -> bool {
        let policy = context.policy(site).node;
        let lengths = &self.known.lengths;
        let own = lengths.get(context, policy, || characters(context, policy));
        let written = self.length(chosen, narrowed);
        // What is too long already is so without this.
        written <= MANAGED_POLICY_SIZE
            && (own > MANAGED_POLICY_SIZE || own + written <= MANAGED_POLICY_SIZE)
    }

    /// How many characters are written at least.
    fn length(&self, chosen: &Chosen, narrowed: &Narrowed) -> usize {
        let named = self.named(chosen);
        let texts = narrowed.shown.iter().chain(&named.names);
        texts.map(|text| text.chars().count() + AROUND).sum()
    }

    /// How many lines the statement with `*` gets.
    fn lines(&self, chosen: &Chosen) -> usize {
        self.staying(chosen).len() + self.named(chosen).names.len()
    }

    /// What becomes of what takes no resource.
    fn named(&self, chosen: &Chosen) -> Arc<Named> {
        self.known
            .named(self.question(chosen), self.before.clone(), || {
                let staying = self.staying(chosen);
                let names = by_name(self, chosen, &staying);
                Named {
                    dropped: dropped(self, chosen, &staying, &names),
                    names,
                    listing: OnceLock::new(),
                }
            })
    }

    fn question(&self, chosen: &Chosen) -> Question {
        cached_choices::question(&self.entries, chosen.breadth)
    }

    /// The entries that go into the statement with `*`.
    fn staying(&self, chosen: &Chosen) -> Vec<&'s Item> {
        let items = self.actions.items.iter();
        items.filter(|item| stays(self, chosen, item)).collect()
    }
}

/// Quotes, and a comma or a colon.
const AROUND: usize = 3;

/// How many characters a policy has without blanks and comments, as JSON. Of what is far too long, its bytes.
fn characters(context: &Context<'_>, node: NodeId) -> usize {
    let tree = context.tree;
    let bytes = tree.span(node).range().len();
    if bytes > 4 * MANAGED_POLICY_SIZE {
        return bytes;
    }
    if let Some(items) = tree.items(node) {
        return 2 + items
            .iter()
            .map(|item| characters(context, *item))
            .sum::<usize>();
    }
    let pairs = tree.pairs(node);
    if !pairs.is_empty() {
        let pairs = pairs.iter();
        let pairs =
            pairs.map(|pair| characters(context, pair.key) + characters(context, pair.value));
        return 2 + pairs.sum::<usize>();
    }
    tree.text(node).map_or(bytes, |text| text.chars().count()) + AROUND
}

/// How a statement can be narrowed, the way to prefer first.
pub(super) fn choices(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
) -> Vec<(Choice, Safety)> {
    for_fixes::did();
    let ignores = Ignores::read(context);
    let Some(parts) = Parts::of(context, &ignores, site, statement) else {
        return Vec::new();
    };
    let first = Choice {
        breadth: Breadth::Main,
        accounts: Accounts::Together,
        place: "account",
    };
    let Some((chosen, narrowed, _)) = parts.narrowed(context, site, statement, first) else {
        return Vec::new();
    };
    let mut choices = vec![first];
    let all = Choice {
        breadth: Breadth::All,
        ..first
    };
    let more = parts.narrowed(context, site, statement, all);
    if more.is_some_and(|(_, more, _)| {
        more.shown != narrowed.shown || !parts.named(&chosen).dropped.is_empty()
    }) {
        choices.push(all);
    }
    if let Some(place) = narrow::differ(context, &chosen.formats, statement.node) {
        choices.push(Choice {
            accounts: Accounts::Each,
            place,
            ..first
        });
    }
    // Narrower wildcards of many services are no list that anybody would write.
    let short = parts.moved.len().max(USUAL_LINES);
    let safety = Safety::changes(parts.lines(&chosen) <= short);
    choices.into_iter().map(|choice| (choice, safety)).collect()
}

/// The fix of one choice.
pub(super) fn fix(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    left: &Left,
    choice: Choice,
) -> Option<Fix> {
    let ignores = Ignores::read(context);
    let parts = Parts::of(context, &ignores, site, statement)?;
    if parts.wait() {
        return None;
    }
    let (chosen, narrowed, arns) = parts.narrowed(context, site, statement, choice)?;
    let staying = parts.staying(&chosen);
    let named = parts.named(&chosen);
    let names = &named.names;
    let listed = || listing(&staying, names);
    let mut fix = Fix::new(vec![Edit::Replace {
        node: parts.resources.node,
        value: NewValue::List(narrowed.values),
    }])
    .removes(lost(&parts, &chosen, names, &arns, left))
    .notes(narrowed.notes)
    .notes(extra_resources::notes(&chosen.formats))
    .notes(made_up(&parts, &chosen))
    .notes(named.listing.get_or_init(listed).clone())
    .notes(left_out(&named.dropped))
    .notes(many(staying.len() + names.len(), parts.moved.len()));
    if ignores.are_left_by(context, &staying, &parts.actions.items) {
        return None;
    }
    if !staying.is_empty() || !names.is_empty() {
        let mut values: Vec<NewValue> = staying
            .iter()
            .map(|item| NewValue::Copy(item.node))
            .collect();
        values.extend(names.iter().cloned().map(NewValue::Str));
        let star = vec![NewValue::Str("*".to_owned())];
        let value = narrow::split(context, site, statement, "Unscoped", values, star)?;
        fix.edits
            .extend(staying.iter().map(|item| Edit::RemoveItem {
                list: item.list,
                item: item.node,
            }));
        fix.edits
            .push(narrow::insert(context, site, statement, value)?);
    }
    Some(fix)
}

/// Says why somebody has to look at the statement with `*` first.
fn many(lines: usize, written: usize) -> Option<String> {
    let said = || {
        format!(
            "{lines} entries stay on `*`, since they support no resource or only list: keep those that are needed"
        )
    };
    (lines > written.max(USUAL_LINES)).then(said)
}

/// Whether an entry goes into the statement with `*`.
fn stays(parts: &Parts<'_>, chosen: &Chosen, item: &Item) -> bool {
    let mut entries = parts.entries.iter().zip(&chosen.stays);
    let of_entry = entries.any(|(entry, stays)| stays.is_some() && entry.item.node == item.node);
    of_entry || parts.moved.iter().any(|moved| moved.node == item.node)
}

/// What wildcards stand for that takes no resource, in few lines.
fn by_name(parts: &Parts<'_>, chosen: &Chosen, staying: &[&Item]) -> Vec<String> {
    // What an entry there stands for needn't be named again.
    let staying: Vec<&ActionPattern> = staying.iter().filter_map(|it| it.action.as_ref()).collect();
    let there = |action: &Action| staying.iter().any(|pattern| pattern.matches(*action));
    let mut texts: Vec<String> = Vec::new();
    for entry in narrowed_entries(parts, chosen) {
        let needed = |text: &String| {
            let pattern = ActionPattern::parse(text);
            let mut wide = entry.wide();
            wide.any(|action| pattern.matches(action) && !there(&action))
        };
        let lines = entry.lines(chosen.breadth);
        // Who may delete what takes no resource keeps what makes it.
        let is_undone = |action: &Action| pairs::counterparts(*action).any(|of| there(&of));
        let is_said = |action: &Action| {
            let mut lines = lines.iter().map(|line| ActionPattern::parse(line));
            lines.any(|line| line.matches(*action))
        };
        let makers = entry.wide().filter(|of| is_undone(of) && !is_said(of));
        let makers: Vec<String> = makers.map(|action| action.full_name()).collect();
        texts.extend(lines.into_iter().chain(makers).filter(needed));
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// The entries that are limited to ARNs.
fn narrowed_entries<'a, 's>(
    parts: &'a Parts<'s>,
    chosen: &'a Chosen,
) -> impl Iterator<Item = &'a Entry<'s>> {
    let entries = parts.entries.iter().zip(&chosen.stays);
    entries
        .filter(|(_, stays)| stays.is_none())
        .map(|(entry, _)| entry)
}

/// What takes no resource and isn't kept.
fn dropped(parts: &Parts<'_>, chosen: &Chosen, staying: &[&Item], names: &[String]) -> Vec<Action> {
    let names = names.iter().map(|name| ActionPattern::parse(name));
    let items = staying.iter().filter_map(|item| item.action.clone());
    let kept: Vec<ActionPattern> = names.chain(items).collect();
    let wide = narrowed_entries(parts, chosen).flat_map(Entry::wide);
    let mut dropped: Vec<Action> = wide
        .filter(|action| !kept.iter().any(|pattern| pattern.matches(*action)))
        .collect();
    dropped.sort_unstable();
    dropped.dedup();
    dropped
}

/// What is taken away: what is denied anyway isn't.
fn lost(
    parts: &Parts<'_>,
    chosen: &Chosen,
    names: &[String],
    arns: &[Arc<Studied>],
    left: &Left,
) -> Vec<String> {
    let texts = arns.iter().map(|arn| arn.pattern().raw().to_owned());
    let question = (
        parts.question(chosen),
        parts.before.clone(),
        texts.collect(),
    );
    let all = parts.known.lost.of_values(question, || {
        let named = |action| (action, without(action, arns));
        gone(parts, chosen, names).into_iter().map(named).collect()
    });
    let everything = Pattern::literal("*");
    let is_lost = |action: Action| is_left(left, action, &[&everything]);
    let lost = all.iter().filter(|(action, _)| is_lost(*action));
    lost.map(|(_, text)| text.clone()).collect()
}

/// What isn't allowed on `*` any more.
fn gone(parts: &Parts<'_>, chosen: &Chosen, names: &[String]) -> Vec<Action> {
    let wide: Vec<ActionPattern> = names
        .iter()
        .map(|name| ActionPattern::parse(name))
        .collect();
    let mut actions: Vec<Action> = narrowed_entries(parts, chosen)
        .flat_map(|entry| entry.limited.iter().copied().chain(entry.wide()))
        .collect();
    work::did(actions.len());
    actions.sort_unstable();
    actions.dedup();
    let staying: Vec<&ActionPattern> = parts
        .actions
        .items
        .iter()
        .filter(|item| stays(parts, chosen, item))
        .filter_map(|item| item.action.as_ref())
        .chain(&wide)
        .collect();
    actions.retain(|action| !staying.iter().any(|pattern| pattern.matches(*action)));
    actions
}

/// How it is said that an action is allowed on these ARNs only.
fn without(action: Action, arns: &[Arc<Studied>]) -> String {
    let own = arns.iter().filter(|arn| arn.fits(action).possible());
    let own: Vec<String> = own.map(|arn| arn.pattern().display()).collect();
    match own.is_empty() {
        true => action.full_name(),
        false => format!("{} outside {}", action.full_name(), narrow::outside(&own)),
    }
}

/// Says what stays on `*` though it works on resources.
fn made_up(parts: &Parts<'_>, chosen: &Chosen) -> Option<String> {
    let entries = parts.entries.iter().zip(&chosen.stays);
    let entries = entries.filter(|(_, stays)| **stays == Some(Reason::MadeUp));
    let names: Vec<String> = entries
        .filter_map(|(entry, _)| entry.item.action.as_ref())
        .map(|action| format!("`{}`", action.text()))
        .collect();
    let (named, is_one) = few(&names)?;
    let (verb, its) = match is_one {
        true => ("stays", "it applies"),
        false => ("stay", "they apply"),
    };
    Some(format!(
        "{named} {verb} on `*`, since AWS generates the IDs of what {its} to"
    ))
}

/// Says what lists on `*` though it takes resources.
fn listing(staying: &[&Item], names: &[String]) -> Option<String> {
    let items = staying.iter().filter_map(|item| item.action.clone());
    let lines = names.iter().map(|name| ActionPattern::parse(name));
    let lists = |pattern: &ActionPattern| {
        let actions = pattern.expand();
        // Where AWS makes up the ids, nobody would expect anything else.
        let of_some = |action: &Action| {
            let mut types = action.resources().map(|of| of.resource_type());
            star_only::lists(*action) && types.any(naming::is_named)
        };
        actions.iter().all(|action| star_only::is_harmless(*action)) && actions.iter().any(of_some)
    };
    let names: Vec<String> = items
        .chain(lines)
        .filter(lists)
        .map(|pattern| format!("`{}`", pattern.text()))
        .collect();
    let (named, is_one) = few(&names)?;
    let verb = if is_one { "lists" } else { "list" };
    Some(format!(
        "{named} {verb} resources of the whole account, including other apps"
    ))
}

/// Says what goes though it takes no resource.
fn left_out(dropped: &[Action]) -> Option<String> {
    let names: Vec<String> = dropped
        .iter()
        .map(|action| format!("`{}`", action.full_name()))
        .collect();
    let (named, is_one) = few(&names)?;
    Some(match is_one {
        true => format!("{named} is removed: it supports no resource, and an app rarely needs it"),
        false => {
            format!("{named} are removed: they support no resource, and an app rarely needs them")
        }
    })
}

/// One or two names, or the first and how many more; whether it is one.
fn few(names: &[String]) -> Option<(String, bool)> {
    let (first, rest) = names.split_first()?;
    let more = match rest {
        [] => String::new(),
        [one] => format!(" and {one}"),
        more => format!(" and {} more", more.len()),
    };
    Some((format!("{first}{more}"), rest.is_empty()))
}
