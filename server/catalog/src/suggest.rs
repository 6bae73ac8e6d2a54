//! "Did you mean": the names nearest to one that doesn't exist.

use crate::blob::{self, tables};
use crate::limits::SLIPS;
use crate::typo::{self, Letters};
use crate::{Action, Catalog, ManagedPolicy, PolicyTemplate, Service};
use std::cmp::Reverse;
use std::sync::OnceLock;

/// The nearest actions: first those of the service that was named, then the same name in other services, unless the service has
/// actions on the same thing by another verb.
pub(crate) fn actions(catalog: Catalog, prefix: &str, name: &str, max: usize) -> Vec<Action> {
    let mut found: Vec<Action> = Vec::new();
    let known = catalog.service(prefix);
    if let Some(service) = known {
        let mut turned = Vec::new();
        let mut near: Vec<_> = service
            .actions()
            .filter_map(|action| Some((typo::near(name, action.name())?, action)))
            .collect();
        // What says the opposite wasn't meant, but perhaps its own opposite: `DetachVolume` by `DisattachVolume`.
        near.retain(|(distance, action)| {
            let opposite = is_opposite(name, action.name());
            if opposite && let Some(meant) = opposite_of(*action) {
                turned.push((*distance, meant));
            }
            !opposite
        });
        near.append(&mut turned);
        near.sort_by_key(|(distance, action)| {
            (
                *distance,
                Reverse(common_prefix(name, action.name())),
                *action,
            )
        });
        // What is much farther than the best only distracts.
        let best = near.first().map_or(0, |(distance, _)| *distance);
        found.extend(
            near.into_iter()
                .filter(|(distance, _)| *distance <= best + 1)
                .map(|(_, action)| action),
        );
        // What has another verb is farther than what lacks a word: `PutMetrics` is no `ListMetrics`.
        if !found.iter().any(|action| has_verb_of(name, *action)) {
            found.splice(0..0, a_word_longer(service, name, max));
        }
        if found.is_empty() {
            found.extend(of_tags(service, name));
        }
    } else {
        // A mistyped service with the right action beats everything else.
        found.extend(
            services(catalog, prefix, 3)
                .into_iter()
                .filter_map(|service| service.action(name)),
        );
        let near = services(catalog, prefix, 1)
            .into_iter()
            .flat_map(|service| actions(catalog, service.prefix(), name, 2));
        let near: Vec<Action> = near
            .filter(|action| action.service().prefix() != prefix)
            .collect();
        found.extend(near);
    }
    // A name that ten services have says nothing.
    // Nor does a method of HTTP that is somebody's verb: `Delete` isn't `apigateway:DELETE`.
    let is_method = |action: &Action| {
        let is_upper = action.name().bytes().all(|byte| byte.is_ascii_uppercase());
        is_upper && action.name() != name
    };
    let elsewhere: Vec<Action> = same_name(name)
        .filter(|action| Some(action.service()) != known && !is_method(action))
        .collect();
    if elsewhere.len() <= 4 && !known.is_some_and(|service| has_subject_of(service, name)) {
        found.extend(elsewhere);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|action| seen.insert(*action));
    found.truncate(max);
    found
}

/// Whether a service has actions on what a name is about, by its words behind the verb: then whoever wrote it meant that service.
/// `ds:DisconnectDirectory` is about the directories of `ds`, whoever else disconnects some.
fn has_subject_of(service: Service, name: &str) -> bool {
    let subject: Vec<&str> = words(name).skip(1).collect();
    let is_same = |action: Action| words(action.name()).skip(1).eq(subject.iter().copied());
    !subject.is_empty() && service.actions().any(is_same)
}

/// Verbs that undo one another, and don't say so by how they begin.
const OPPOSITES: [(&str, &str); 6] = [
    ("Add", "Remove"),
    ("Attach", "Detach"),
    ("Create", "Delete"),
    ("Enable", "Disable"),
    ("Put", "Delete"),
    ("Start", "Stop"),
];

/// Words that say the opposite of one another, and don't say so by how they begin; what is pulled isn't put, either.
const TURNED: [(&str, &str); 21] = [
    ("accept", "reject"),
    ("add", "remove"),
    ("allow", "deny"),
    ("create", "delete"),
    ("decrypt", "encrypt"),
    ("download", "upload"),
    ("egress", "ingress"),
    ("exclude", "include"),
    ("export", "import"),
    ("from", "to"),
    ("grant", "revoke"),
    ("in", "out"),
    ("inbound", "outbound"),
    ("attach", "detach"),
    ("open", "close"),
    ("pull", "push"),
    ("pull", "put"),
    ("put", "delete"),
    ("receive", "send"),
    ("resume", "suspend"),
    ("start", "stop"),
];

/// Whether one name says the opposite of the other by one of its words: `Disconnect…` and `Connect…`, with a slip or without.
fn is_opposite(one: &str, other: &str) -> bool {
    let mut pairs = words(one).zip(words(other));
    pairs.any(|(one, other)| are_opposites(&one.to_ascii_lowercase(), &other.to_ascii_lowercase()))
}

/// Whether one word says the opposite of the other.
fn are_opposites(one: &str, other: &str) -> bool {
    let turned = |word: &str, is: &dyn Fn(&str) -> bool| {
        let mut rests = typo::TURNS
            .iter()
            .filter_map(|turn| word.strip_prefix(turn));
        rests.any(|rest| !rest.is_empty() && is(rest))
    };
    let turns =
        |long: &str, short: &str| turned(long, &|rest| typo::distance(rest, short, 1).is_some());
    // `Unable` is no slip of `Enable`, near as it is.
    let turns_able =
        |one: &str, other: &str| turned(one, &|rest| other.strip_prefix("en") == Some(rest));
    let is_turned = |(a, b): &(&str, &str)| (one, other) == (*a, *b) || (other, one) == (*a, *b);
    let is_slip = typo::distance(one, other, 1).is_some();
    TURNED.iter().any(is_turned)
        || turns_able(one, other)
        || turns_able(other, one)
        || !is_slip && (turns(one, other) || turns(other, one))
}

/// The action that undoes another, by its name.
fn opposite_of(action: Action) -> Option<Action> {
    let mut opposites = OPPOSITES.iter().filter_map(|(verb, turned)| {
        let mut own = words(action.name());
        own.find(|word| word == verb)?;
        let name = action.name().replacen(verb, turned, 1);
        action.service().action(&name)
    });
    opposites.next()
}

/// The actions of a service that have the same verb, and one word more than `name`: `CreateAgentActionGroup` for
/// `CreateActionGroup`, `AttachRolePolicy` and its like for `AttachPolicy`. None where there are more than `max`.
fn a_word_longer(service: Service, name: &str, max: usize) -> Vec<Action> {
    let written: Vec<&str> = words(name).collect();
    // A verb alone would be that of every second action.
    if !(2..=16).contains(&written.len()) {
        return Vec::new();
    }
    let is_longer = |action: &Action| {
        let known: Vec<&str> = words(action.name()).collect();
        let pairs = written.iter().zip(&known);
        let same = pairs.take_while(|(one, other)| is_word(one, other)).count();
        let (own, behind) = (written.get(same..), known.get(same + 1..));
        let pairs = own.into_iter().flatten().zip(behind.into_iter().flatten());
        known.len() == written.len() + 1
            && same > 0
            && pairs.into_iter().all(|(one, other)| is_word(one, other))
    };
    let longer: Vec<Action> = service.actions().filter(is_longer).take(max + 1).collect();
    match longer.len() > max {
        true => Vec::new(),
        false => longer,
    }
}

/// Whether an action has the verb of a name, with a slip or without.
fn has_verb_of(name: &str, action: Action) -> bool {
    let verb = |name: &str| words(name).next().unwrap_or_default().to_ascii_lowercase();
    typo::distance(&verb(name), &verb(action.name()), 1).is_some()
}

/// Whether two words are the same but for their case and number.
fn is_word(one: &str, other: &str) -> bool {
    let stem = |word: &'_ str| word.trim_end_matches(['s', 'S']).len();
    let (own, known) = (one.get(..stem(one)), other.get(..stem(other)));
    own.zip(known)
        .is_some_and(|(own, known)| own.eq_ignore_ascii_case(known))
}

/// The action that tags whatever a service has, for one that is named after a resource: `UntagResource` for
/// `UntagSchedule`.
fn of_tags(service: Service, name: &str) -> Option<Action> {
    let verb = words(name).next()?;
    let tags = ["Tag", "Untag"];
    let verb = tags
        .into_iter()
        .find(|tag| verb.eq_ignore_ascii_case(tag))?;
    service.action(&format!("{verb}Resource"))
}

/// The words of a name, each with its capital.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices().skip(1);
        let end = chars.find(|(_, own)| own.is_ascii_uppercase());
        let (word, left) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = left;
        Some(word).filter(|word| !word.is_empty())
    })
}

/// The nearest services: names that a service goes by elsewhere first.
pub(crate) fn services(catalog: Catalog, prefix: &str, max: usize) -> Vec<Service> {
    // Every name of one character is near to any other.
    if prefix.chars().nth(1).is_none() {
        return Vec::new();
    }
    let mut found: Vec<Service> = alias(prefix).into_iter().collect();
    let near = catalog.services().filter_map(|service| {
        let distance = typo::near(prefix, service.prefix())?;
        let common = Reverse(common_prefix(prefix, service.prefix()));
        Some((distance, (common, service)))
    });
    let near = typo::nearest(near).into_iter().map(|(_, service)| service);
    let fresh: Vec<Service> = near.filter(|service| !found.contains(service)).collect();
    // An alias is knowledge, nearness a guess.
    if found.is_empty() {
        found = fresh;
    }
    found.truncate(max);
    found
}

/// The nearest policy templates of SAM. A name that only lacks its ending or has one too much counts as near.
pub(crate) fn policy_templates(name: &str, max: usize) -> Vec<PolicyTemplate> {
    let stem = |name: &str| {
        let name = name.to_ascii_lowercase().replace(['-', '_'], "");
        let name = name.strip_suffix("v2").unwrap_or(&name);
        name.strip_suffix("policy").unwrap_or(name).to_owned()
    };
    let written = stem(name);
    let near = crate::sam::templates().filter_map(|template| {
        let known = stem(template.name());
        let distance = typo::near(name, template.name()).or_else(|| {
            let distance = typo::near(&written, &known)?;
            Some(distance).filter(|_| written.len() > 3)
        })?;
        let common = Reverse(common_prefix(name, template.name()));
        Some((distance, (common, template)))
    });
    let near = typo::nearest(near).into_iter().take(max);
    near.map(|(_, template)| template).collect()
}

/// The condition keys that `name` was probably meant to be, as they are written: the same name of another service, else
/// the nearest of its own. What follows the name of a key with a variable part (`aws:ResourceTag/team`) stays.
pub(crate) fn condition_keys(catalog: Catalog, name: &str, max: usize) -> Vec<String> {
    let (prefix, rest) = name.split_once(':').unwrap_or(("", name));
    let (base, tail) = cut(rest);
    let mut same: Vec<String> = Vec::new();
    let mut near: Vec<(usize, String)> = Vec::new();
    for key in catalog.condition_keys() {
        let Some((own, known)) = key.name().split_once(':') else {
            continue;
        };
        let (known, variable) = cut(known);
        // A placeholder may stand for no more than a part of the name.
        if known.contains("${") || own.contains("${") || variable.is_some() != tail.is_some() {
            continue;
        }
        let written = || format!("{own}:{known}{}", tail.unwrap_or_default());
        if known.eq_ignore_ascii_case(base) {
            same.push(written());
        } else if own.eq_ignore_ascii_case(prefix)
            && let Some(distance) = typo::slips(base, known)
        {
            near.push((distance, written()));
        }
    }
    // What every service knows comes first; a name that many services have says nothing.
    let global = same.iter().position(|key| key.starts_with("aws:"));
    let mut found: Vec<String> = match global {
        Some(at) => vec![same.swap_remove(at)],
        None if same.len() <= 2 => same,
        None => Vec::new(),
    };
    found.extend(typo::nearest(near));
    found.truncate(max);
    found
}

/// The name of a key, and what follows it where it has a variable part: with the sign between them.
fn cut(rest: &str) -> (&str, Option<&str>) {
    match rest.find(['/', ':']) {
        Some(at) => (
            rest.get(..at).unwrap_or(rest),
            rest.get(at..).filter(|tail| tail.len() > 1),
        ),
        None => (rest, None),
    }
}

/// The managed policies that `name` was probably meant to be, nearest first: those that are a word longer
/// (`AmazonS3ReadOnly`), else those that a slip leads to. Never that of another service than the name is of.
pub(crate) fn managed_policies(catalog: Catalog, name: &str, max: usize) -> Vec<ManagedPolicy> {
    let written = parts(name);
    let longer = |known: &&Known| {
        let (own, words) = (written.len(), &known.words);
        own > 1 && words.len() == own + 1 && begins(words, &written)
    };
    let mut found: Vec<ManagedPolicy> = known(catalog)
        .iter()
        .filter(longer)
        .map(|it| it.policy)
        .collect();
    if !found.is_empty() {
        found.sort_by_key(|policy| policy.name().len());
        found.truncate(max);
        return found;
    }
    let letters = Letters::of(name);
    let near = known(catalog)
        .iter()
        .filter(|known| letters.may_be_near(&known.letters, SLIPS))
        .filter_map(|known| Some((typo::near(name, known.policy.name())?, known)))
        .filter(|(_, known)| !is_of_another(catalog, &written, &known.words))
        .map(|(distance, known)| (distance, known.policy));
    typo::nearest(near).into_iter().take(max).collect()
}

/// A managed policy, ready to be compared with many names.
struct Known {
    policy: ManagedPolicy,
    words: Vec<&'static str>,
    letters: Letters,
}

/// All managed policies, made ready when the first name is misspelt.
fn known(catalog: Catalog) -> &'static [Known] {
    static ALL: OnceLock<Vec<Known>> = OnceLock::new();
    ALL.get_or_init(|| {
        let policies = catalog.managed_policies();
        let known = policies.map(|policy| Known {
            policy,
            words: parts(policy.name()),
            letters: Letters::of(policy.name()),
        });
        known.collect()
    })
}

/// Whether the first word in which a name differs from a known one is right by itself: a service, or what policies of
/// AWS go on with there.
fn is_of_another(catalog: Catalog, written: &[&str], words: &[&str]) -> bool {
    let mut both = written.iter().zip(words);
    let Some(at) = both.position(|(one, other)| !one.eq_ignore_ascii_case(other)) else {
        return false;
    };
    let (Some(begin), Some(word)) = (written.get(..=at), written.get(at)) else {
        return false;
    };
    let is_service = catalog.service(&word.to_ascii_lowercase()).is_some();
    let mut policies = known(catalog).iter();
    is_service || policies.any(|known| begins(&known.words, begin))
}

/// Whether the words of a name begin with others.
fn begins(name: &[&str], begin: &[&str]) -> bool {
    let mut both = name.iter().zip(begin);
    name.len() >= begin.len() && both.all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// The words that a name is put together of: `Amazon`, `S3`, `Read`, `Only`, `Access`.
fn parts(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let begins = |place: &usize| {
        let (before, own, next) = (at(place - 1), at(*place), at(place + 1));
        let after_small = own.is_ascii_uppercase() && !before.is_ascii_uppercase();
        // Of `ECRFull`, the second.
        let before_small = own.is_ascii_uppercase() && next.is_ascii_lowercase();
        after_small && !before.is_ascii_digit() || before_small || own == b'_' || before == b'_'
    };
    let mut ends: Vec<usize> = (1..name.len()).filter(begins).collect();
    ends.push(name.len());
    let mut from = 0;
    let parts = ends.into_iter().filter_map(|end| {
        let word = name.get(from..end);
        from = end;
        word
    });
    parts.collect()
}

/// The service that goes by `name` elsewhere (`stepfunctions`).
fn alias(name: &str) -> Option<Service> {
    blob::find(tables::ALIASES, 0, name).map(|row| Service(tables::ALIASES.get(row, 1)))
}

/// Every action of this name, whatever the service.
fn same_name(name: &str) -> impl Iterator<Item = Action> {
    let table = tables::ACTIONS_BY_NAME;
    let action = move |row| Action(table.get(row, 0));
    let start = blob::partition(0, table.rows(), |row| {
        blob::compare(action(row).name(), name).is_lt()
    });
    (start..table.rows())
        .map(action)
        .take_while(move |action| action.name().eq_ignore_ascii_case(name))
}

fn common_prefix(one: &str, other: &str) -> usize {
    one.bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one.eq_ignore_ascii_case(other))
        .count()
}
