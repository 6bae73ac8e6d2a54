//! What the two counterpart rules share: which actions of deploy-time owners lack one, and how to add it.

use leastwise_catalog::{Action, Relation};
use leastwise_model::{Item, Level, Site, Statement};
use leastwise_policy::{Pattern, resource};
use leastwise_syntax::write::{Edit, InsertAt, NewValue, Section, section};
use leastwise_syntax::{NodeId, Span};

use crate::merge::listed;
use crate::resources::own_arn;
use crate::support::naming;
use crate::support::narrow;
use crate::{Context, Fact, Finding, Fix, LazyFix, Rule, Safety, for_fixes};

mod carried;
mod companion_statement;
mod deployer;
mod destination;
mod on_everything;
mod on_others;
mod parts;
mod paths;
mod shared;
mod stated_resources;
mod tags;

#[cfg(test)]
mod of_catalog;

use carried::Carried;
pub(super) use deployer::lacks;
use destination::{Destination, place};
use shared::{Others, Place, own_place};
use tags::is_tagging;

/// What distinguishes the two rules.
pub(super) struct Kind {
    pub rule: &'static Rule,
    pub relation: Relation,
    /// What comes of it, to follow a colon.
    pub consequence: &'static str,
    /// What a new statement's `Sid` ends in.
    pub suffix: &'static str,
}

/// An action whose counterparts its owner isn't allowed.
pub(super) struct Lack {
    kind: &'static Kind,
    at: Span,
    /// The entry of `Action`, and what it says.
    item: NodeId,
    written: String,
    /// What lacks them: one action, or those that a wildcard stands for.
    actions: Vec<Action>,
    /// The counterparts that are not allowed.
    missing: Vec<Action>,
    /// What these need beside them, and is not allowed, either.
    companions: Vec<Action>,
    /// Whether it is a permissions boundary alone that leaves them out.
    left_out: bool,
    /// What of `missing` the fix allows elsewhere than on the statement's resources.
    apart: Apart,
    /// The owner's label.
    owner: String,
}

/// Actions that a fix doesn't allow on the resources of their counterparts.
struct Apart {
    /// These take no resource.
    on_everything: Vec<Action>,
    /// These take others than the statement has.
    on_others: Vec<Action>,
}

impl Apart {
    fn of(
        context: &Context<'_>,
        site: &Site,
        statement: &Statement,
        actions: &[Action],
        resources: &[Pattern],
    ) -> Apart {
        let places = actions.iter().map(|action| {
            let place = placed(context, site, statement, *action, resources);
            (*action, place)
        });
        let places: Vec<(Action, Destination)> = places.collect();
        let of = |wanted: Destination| {
            let own = places.iter().filter(|(_, place)| *place == wanted);
            own.map(|(action, _)| *action).collect()
        };
        Apart {
            on_everything: of(Destination::Anywhere),
            on_others: of(Destination::Elsewhere),
        }
    }

    /// What is to be allowed where, to follow "Allow".
    fn said(&self, actions: &[Action]) -> String {
        let is_apart = |action: &&Action| {
            self.on_everything.contains(action) || self.on_others.contains(action)
        };
        let same: Vec<Action> = actions.iter().filter(|of| !is_apart(of)).copied().collect();
        let mut kinds: Vec<String> = Vec::new();
        for of in narrow::types(&self.on_others) {
            for format in of.arns() {
                let kind = format!("`{}`", naming::kind_of(format));
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        let others = match kinds.as_slice() {
            [] => "resources that they support".to_owned(),
            kinds => format!("resources of type {}", listed(kinds)),
        };
        let parts = [
            (&same, "the same resources"),
            (&self.on_others, others.as_str()),
            (&self.on_everything, "`*`"),
        ];
        let parts = parts.iter().filter(|(actions, _)| !actions.is_empty());
        let parts: Vec<String> = parts
            .map(|(actions, on)| format!("{} on {on}", names(actions)))
            .collect();
        parts.join(", ")
    }
}

/// Whether a fix would allow something without the conditions of its statement, or on resources that it doesn't tell.
fn is_wider(
    context: &Context<'_>,
    (site, statement): (&Site, &Statement),
    makers: &[Action],
    wanted: &[Action],
) -> bool {
    for_fixes::did();
    let resources = statement.resources().iter();
    let arns = resources.filter(|item| !own_arn::is_name(context, item));
    let patterns: Vec<Pattern> = arns
        .flat_map(|item| context.patterns(item))
        .cloned()
        .collect();
    let form = context.policy(site).form;
    let is_apart = |action: &Action| {
        place(context, statement, *action, &patterns) != Destination::Here
            && Carried::of(context, form, statement, &[*action]).is_none()
    };
    let is_elsewhere =
        |action: &Action| place(context, statement, *action, &patterns) == Destination::Elsewhere;
    let others: Vec<Action> = wanted.iter().copied().filter(is_elsewhere).collect();
    on_others::is_guess(context, statement, makers, &others)
        || !statement.condition.is_missing() && wanted.iter().any(is_apart)
}

impl Fact for Lack {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (written, kind) = (&self.written, self.kind);
        let missing = names(&self.missing);
        // What has tags is deleted with them; only taking one away needs the counterpart.
        let tags = self.actions.iter().all(|action| is_tagging(*action));
        let (consequence, level) = match tags {
            true => ("removing a tag fails", Level::Suggestion),
            false if self.actions.iter().all(|action| is_version(*action)) => {
                ("a sixth version of a policy fails", kind.rule.level)
            }
            false => (kind.consequence, kind.rule.level),
        };
        let message = format!(
            "`{written}` is allowed without {}: {consequence}.",
            in_short(&self.missing)
        );
        let finding = Finding::new(kind.rule, self.at, message)
            .level(level)
            .owner(Some(&self.owner))
            .action(written);
        if self.left_out {
            return finding.help(format!("Also allow {missing} in its permissions boundary."));
        }
        let with = match self.companions.as_slice() {
            [] => String::new(),
            companions => format!(", along with {}", names(companions)),
        };
        let includes = match self.actions.as_slice() {
            [one] if one.full_name().eq_ignore_ascii_case(written) => String::new(),
            several => format!(" (for {}, which `{written}` includes)", names(several)),
        };
        let said = self.apart.said(&self.missing);
        finding.help(format!("Allow {said}{with}{includes}."))
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let place = listed_in(context, self.item).filter(|_| !self.left_out);
        let Some((site, statement)) = place else {
            return Vec::new();
        };
        let (node, suffix) = (self.item, self.kind.suffix);
        let wanted: Vec<Action> = [self.missing.as_slice(), &self.companions].concat();
        let is_wider = is_wider(context, (site, statement), &self.actions, &wanted);
        let others = Others::of(context, site, &self.owner);
        let is_for_bystanders = others.has_bystander
            && own_place(context, (site, statement), &self.owner, &wanted).is_none();
        let owner = self.owner.clone();
        let fix = LazyFix::new(
            format!("Add {}", names(&wanted).replace('`', "")),
            // What was only allowed under conditions, or on some resources, isn't allowed beyond them by the way, nor to somebody
            // else who doesn't deploy.
            Safety::changes(!is_wider && !is_for_bystanders),
            move |context| add(context, node, (&owner, &wanted), suffix),
        );
        vec![fix]
    }
}

/// Whether an action adds a version to a managed policy.
fn is_version(action: Action) -> bool {
    (action.service().prefix(), action.name()) == ("iam", "CreatePolicyVersion")
}

/// The first of the actions that are missing, and how many more there are.
fn in_short(missing: &[Action]) -> String {
    match missing {
        [] => String::new(),
        [one] => format!("`{}`", one.full_name()),
        [one, more @ ..] => format!("`{}` and {} more", one.full_name(), more.len()),
    }
}

/// Names in backquotes, the first three and how many more.
fn names(actions: &[Action]) -> String {
    let names = actions.iter();
    let names: Vec<String> = names
        .map(|action| format!("`{}`", action.full_name()))
        .collect();
    listed(&names)
}

/// The statement that has an entry.
fn listed_in<'a>(context: &Context<'a>, item: NodeId) -> Option<(&'a Site, &'a Statement)> {
    let holds = |of: &Statement| of.actions().iter().any(|other| other.node == item);
    context.statement_where(item, holds)
}

/// Adds the missing counterparts for an owner: to a policy of its own where others have that of the statement, too, and it has
/// one for the same services.
fn add(
    context: &Context<'_>,
    item: NodeId,
    (owner, missing): (&str, &[Action]),
    suffix: &str,
) -> Option<Fix> {
    let (site, statement) = listed_in(context, item)?;
    let others = Others::of(context, site, owner);
    if others.is_empty() {
        return add_in(context, item, missing, suffix, None);
    }
    let own = own_place(context, (site, statement), owner, missing);
    let apart = own.and_then(|own| add_in(context, item, missing, suffix, Some(own)));
    match apart {
        Some(fix) => Some(fix.notes([format!("in a policy that only {owner} has")])),
        None if own.is_some() && others.has_bystander => None,
        None => Some(Fix {
            also_for: others.note(),
            ..add_in(context, item, missing, suffix, None)?
        }),
    }
}

/// Adds the missing counterparts: to the statement itself where its resources and conditions fit them, else, or where they
/// belong in another `place`, in a statement of their own.
fn add_in(
    context: &Context<'_>,
    item: NodeId,
    missing: &[Action],
    suffix: &str,
    to: Option<Place<'_>>,
) -> Option<Fix> {
    let (site, statement) = listed_in(context, item)?;
    let is_here = to.is_none();
    let to = to.unwrap_or(Place {
        site,
        behind: statement,
    });
    let mut items = statement.actions().iter();
    let item = items.find(|other| other.node == item)?;
    let resources: Vec<Pattern> = statement
        .resources()
        .iter()
        .flat_map(|item| context.patterns(item))
        .cloned()
        .collect();
    let mut here = Vec::new();
    let mut apart = Vec::new();
    let mut anywhere = Vec::new();
    let mut elsewhere = Vec::new();
    for action in missing {
        match placed(context, site, statement, *action, &resources) {
            Destination::Here if is_here => here.push(*action),
            Destination::Here | Destination::Apart => apart.push(*action),
            Destination::Anywhere => anywhere.push(*action),
            Destination::Elsewhere => elsewhere.push(*action),
        }
    }
    let mut edits = in_order(context, statement, item, &mut here);
    let narrowed = match elsewhere.is_empty() {
        false => Some(on_others::resources(
            context,
            statement,
            context.expand(item),
            &elsewhere,
        )?),
        true => None,
    };
    let is_elsewhere = !anywhere.is_empty() || !elsewhere.is_empty();
    let notes = narrowed.as_ref().map(|narrowed| narrowed.notes.clone());
    let together = narrowed
        .as_ref()
        .and_then(|narrowed| merged_statement(statement, &apart, narrowed));
    let mut statements = Vec::new();
    let mut allow = |actions: &[Action], on: On| {
        let beside = own_statement(context, (site, statement, to), actions, suffix, on)?;
        edits.extend(beside.edits);
        statements.extend(beside.subject);
        Some(())
    };
    if let Some(resources) = together {
        apart.append(&mut elsewhere);
        allow(&apart, On::Merged(resources))?;
    } else if !apart.is_empty() {
        allow(&apart, On::Same)?;
    }
    if !anywhere.is_empty() {
        allow(&anywhere, On::Everything)?;
    }
    if let Some(narrowed) = narrowed.filter(|_| !elsewhere.is_empty()) {
        allow(&elsewhere, On::Narrowed(narrowed))?;
    }
    let adds = missing.iter().map(|action| action.full_name());
    let others = missing.iter().copied();
    let others: Vec<Action> = others.filter(|of| !here.contains(of)).collect();
    let fix = Fix {
        reaches_other_resources: is_elsewhere,
        statements,
        ..Fix::new(edits)
    };
    let fix = fix.adds(adds).notes(notes.unwrap_or_default());
    Some(fix.notes(of_conditions(context, site, statement, &others)))
}

/// What is to be said of the conditions for actions that another statement allows.
fn of_conditions(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    others: &[Action],
) -> Option<String> {
    if statement.condition.is_missing() {
        return None;
    }
    let form = context.policy(site).form;
    let mut is_turned = false;
    for action in others {
        match Carried::of(context, form, statement, &[*action]) {
            Some(Carried::Same(_)) => {}
            Some(Carried::Turned(_)) => is_turned = true,
            None => {
                let said = "the statement's conditions don't apply to what is added";
                return Some(said.to_owned());
            }
        }
    }
    let said = "what is added is limited to resources with the tags that the statement requires of requests";
    is_turned.then(|| said.to_owned())
}

/// Where an action goes so that it brings no finding there.
fn placed(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    action: Action,
    resources: &[Pattern],
) -> Destination {
    match place(context, statement, action, resources) {
        Destination::Here if on_everything::would_be_news(context, site, statement, action) => {
            Destination::Elsewhere
        }
        place => place,
    }
}

/// The edits that put actions into the list of an item: in the order of what stands together with it where that is in
/// alphabetical order, else behind the item.
fn in_order(
    context: &Context<'_>,
    statement: &Statement,
    item: &Item,
    actions: &mut [Action],
) -> Vec<Edit> {
    /// Two names may be in order by chance.
    const TELLING: usize = 3;
    let section = section(context.tree, item.list, item.node);
    let section = section.as_ref();
    let is_beside = |other: &&Item| {
        let is_one = |section: &Section| section.has(context.tree, other.node);
        other.list == item.list && section.is_none_or(is_one)
    };
    let beside = statement.actions().iter();
    let beside: Option<Vec<(NodeId, String)>> = beside
        .filter(is_beside)
        .map(|other| {
            let text = other.text.literal(context.tree)?;
            Some((other.node, text.to_ascii_lowercase()))
        })
        .collect();
    let sorted = beside.filter(|beside| {
        beside.len() >= TELLING && beside.is_sorted_by(|(_, one), (_, next)| one < next)
    });
    if sorted.is_some() {
        actions.sort_by_key(|action| action.full_name().to_ascii_lowercase());
    }
    let place = |action: &Action| {
        let Some(beside) = &sorted else {
            return InsertAt::After(item.node);
        };
        let name = action.full_name().to_ascii_lowercase();
        let before = beside.iter().rev().find(|(_, other)| *other < name);
        match before {
            Some((node, _)) => InsertAt::After(*node),
            None if section.is_none_or(|section| section.is_open) => InsertAt::First,
            None => InsertAt::After(item.node),
        }
    };
    let edit = |action: &Action| Edit::InsertItem {
        list: item.list,
        place: place(action),
        value: NewValue::Str(action.full_name()),
    };
    actions.iter().map(edit).collect()
}

/// The resources of one statement that allows `apart` what the given one is for, and other actions the narrowed ARNs: where
/// neither takes the resources of the other, one statement grants what two would.
fn merged_statement(
    statement: &Statement,
    apart: &[Action],
    narrowed: &narrow::Narrowed,
) -> Option<NewValue> {
    let fits = |action: &Action| {
        let mut arns = narrowed.shown.iter();
        arns.any(|arn| resource::action_fits_pattern(*action, &Pattern::literal(arn)).possible())
    };
    let list = statement.resource.known().filter(|list| !list.dynamic)?;
    let is_plain = |item: &Item| item.list == list.node && item.branch.is_empty();
    if apart.is_empty() || apart.iter().any(fits) || !list.items.iter().all(is_plain) {
        return None;
    }
    let mut values: Vec<NewValue> = list
        .items
        .iter()
        .map(|item| NewValue::Copy(item.node))
        .collect();
    values.extend(narrowed.values.iter().cloned());
    Some(NewValue::List(values))
}

/// What a statement for counterparts is about.
enum On {
    /// What the statement with the others is about.
    Same,
    /// `*`
    Everything,
    /// ARNs of its own.
    Narrowed(narrow::Narrowed),
    /// The statement's resources, and others.
    Merged(NewValue),
}

/// How a statement beside the given one allows something.
struct Beside {
    edits: Vec<Edit>,
    /// What it is about, where it is new.
    subject: Option<String>,
}

/// What allows `actions` under the conditions of the given statement, as far as they apply to them: one that does so already for
/// others is given them, too, else a new one stands at the place.
fn own_statement(
    context: &Context<'_>,
    (site, statement, to): (&Site, &Statement, Place<'_>),
    actions: &[Action],
    suffix: &str,
    on: On,
) -> Option<Beside> {
    let conditions = Carried::of(context, context.policy(site).form, statement, actions);
    let found = companion_statement::statement(context, to, statement, &on, conditions.as_ref());
    if let Some(found) = found {
        return Some(Beside {
            edits: companion_statement::join(context, to.site, found, actions, suffix),
            subject: None,
        });
    }
    let subject = companion_statement::subject(context, statement, &on, conditions.as_ref());
    let mut pairs = Vec::new();
    if let Some(sid) = narrow::sid(context, to.site, statement, suffix) {
        pairs.push(("Sid".to_owned(), NewValue::Str(sid)));
    }
    pairs.push(("Effect".to_owned(), NewValue::Str("Allow".to_owned())));
    let actions = actions
        .iter()
        .map(|action| NewValue::Str(action.full_name()))
        .collect();
    pairs.push(("Action".to_owned(), NewValue::List(actions)));
    let resource = match on {
        On::Same => NewValue::Copy(statement.resource.known()?.node),
        On::Everything => NewValue::Str("*".to_owned()),
        On::Narrowed(narrowed) => NewValue::List(narrowed.values),
        On::Merged(resources) => resources,
    };
    pairs.push(("Resource".to_owned(), resource));
    pairs.extend(conditions.map(|of| ("Condition".to_owned(), of.into_value())));
    let new = narrow::insert(context, to.site, to.behind, NewValue::Map(pairs))?;
    Some(Beside {
        edits: vec![new],
        subject,
    })
}
