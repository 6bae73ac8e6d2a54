//! In what order the items of a list come: nothing else decides it.

mod likely;
#[cfg(test)]
mod tests;

use crate::limits::BYTES_NEAR;
use std::sync::LazyLock;

use foldhash::HashSet;
use leastwise_catalog::{Action, MainType, ManagedPolicy, ResourceType, Service, catalog};
use leastwise_policy::PolicyKind;

use super::{CompletionRequest, names};

/// The parts of a list, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part {
    /// What the list is about before all else.
    First,
    /// What it lists.
    Listed,
    /// What stands for several of those, and what is found by a name alone.
    Wide,
    /// What stands for everything.
    Last,
}

/// Where an item comes in its list: by its part, in that by its class, in that by its place, among equals by its label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Rank {
    part: Part,
    class: u8,
    place: u16,
}

impl From<u8> for Rank {
    fn from(class: u8) -> Rank {
        Rank {
            part: Part::Listed,
            class,
            place: 0,
        }
    }
}

impl Rank {
    /// A place within the class; those far behind share one.
    pub fn at(self, place: usize) -> Rank {
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        Rank { place, ..self }
    }

    /// Behind the names of the file.
    pub fn behind_names(self) -> Rank {
        self.within(Part::Wide)
    }

    fn within(self, part: Part) -> Rank {
        Rank { part, ..self }
    }

    /// What a client sorts an item by.
    pub fn sort_text(self, label: &str) -> String {
        // Without the colon `s3:` would come behind `s3-outposts:`, as `-` comes before `:`.
        let label = label.trim_end_matches(':').to_ascii_lowercase();
        let part = self.part as u8;
        format!("{part}{:02}{:05}{label}", self.class, self.place)
    }
}

/// Where a name comes in an expression: one that is what is wanted there before all others.
pub(super) fn name(is_wanted: bool, class: u8) -> Rank {
    Rank::from(u8::from(!is_wanted)).at(usize::from(class))
}

/// Where an action comes that a trust policy is about.
pub(super) fn assuming() -> Rank {
    Rank::from(0).within(Part::First)
}

/// Where what stands for everything comes.
pub(super) fn everything() -> Rank {
    Rank::from(0).within(Part::Last)
}

/// Where a function comes that makes a value of others.
pub(super) fn function(place: usize) -> Rank {
    Rank::from(1).within(Part::Last).at(place)
}

/// Where an action of the service that is typed comes; `is_denied` says that the statement denies.
pub(super) fn action(action: Action, fits: bool, is_denied: bool) -> Rank {
    let class = match (action.deprecated(), fits) {
        (false, true) => 0,
        (false, false) => 1,
        (true, _) => 2,
    };
    let name = action.full_name();
    let denied = likely::place(&likely::DENIED, &name).filter(|_| is_denied);
    let common = || likely::place(&likely::ACTIONS, &name).map(|at| likely::DENIED.len() + at);
    let place = denied.or_else(common);
    Rank::from(class).at(place.unwrap_or(likely::DENIED.len() + likely::ACTIONS.len()))
}

/// Where a wildcard comes that ends behind a verb, or behind nothing.
pub(super) fn wildcard(verb: &str) -> Rank {
    Rank::from(u8::from(verb.is_empty())).within(Part::Wide)
}

/// The services that are likely to be meant.
pub(super) struct LikelyServices<'a> {
    typed: &'a str,
    of_statement: HashSet<Service>,
    of_file: HashSet<Service>,
}

impl<'a> LikelyServices<'a> {
    pub fn of(asked: &CompletionRequest<'a>) -> LikelyServices<'a> {
        let words = asked.words();
        let of_statement = words.iter().filter_map(|word| {
            let (prefix, _) = word.split_once(':')?;
            catalog().service(prefix)
        });
        // What a resource lets others do is of its own service.
        let of_policy = match asked.kind() {
            PolicyKind::Resource => asked.services_of_policy(),
            _ => Vec::new(),
        };
        let mut of_file = services_near(asked.context.tree.source(), asked.own());
        of_file.extend(names::services(asked));
        LikelyServices {
            typed: asked.typed,
            of_statement: of_statement.chain(of_policy).collect(),
            of_file,
        }
    }

    /// Where a service comes: the one whose very name is typed, those of the statement, of the file, those that most
    /// roles have, all others.
    pub fn rank(&self, service: Service) -> Rank {
        let prefix = service.prefix();
        let common = likely::place(&likely::SERVICES, prefix);
        let class = if prefix.eq_ignore_ascii_case(self.typed) {
            0
        } else if self.of_statement.contains(&service) {
            1
        } else if self.of_file.contains(&service) {
            2
        } else if common.is_some() {
            3
        } else if likely::RETIRED.contains(&prefix) {
            5
        } else {
            4
        };
        Rank::from(class).at(common.unwrap_or(likely::SERVICES.len()))
    }

    /// Whether the file has actions or resources of a service.
    pub fn is_of_file(&self, prefix: &str) -> bool {
        let service = catalog().service(prefix);
        service.is_some_and(|service| {
            self.of_statement.contains(&service) || self.of_file.contains(&service)
        })
    }

    /// All services, the likely ones first.
    pub fn sorted(&self) -> Vec<Service> {
        let mut services: Vec<Service> = catalog().services().collect();
        services.sort_by_cached_key(|service| (self.rank(*service), service.prefix()));
        services
    }
}

/// Where an action comes that is offered by its name alone, its service being the one at `place` of the likely ones.
pub(super) fn bare(action: Action, place: usize) -> Rank {
    let class = u8::from(action.deprecated());
    Rank::from(class).at(place).within(Part::Wide)
}

/// What the services of a list are wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// To take a role.
    Assumer,
    /// To be let in by a resource.
    Caller,
    /// To pass a request on.
    Via,
    /// To have a role linked to it.
    Linked,
}

/// Where a service principal comes: common ones, those that the file uses before the others; services that take roles; all
/// others; parts of services, whose roles are linked to them as a rule.
pub(super) fn principal(name: &str, wanted: Wanted, likely: &LikelyServices<'_>) -> Rank {
    let list: &[&str] = match wanted {
        Wanted::Assumer => &likely::ASSUMERS,
        Wanted::Caller => &likely::CALLERS,
        Wanted::Via => &likely::VIA,
        Wanted::Linked => &likely::LINKED,
    };
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    // `ecs-tasks` is a part of `ecs`.
    let service = catalog()
        .service(first)
        .or_else(|| catalog().service(first.split_once('-')?.0));
    let is_used = service.is_some_and(|service| likely.of_file.contains(&service));
    let common = likely::place(list, name);
    let class = match (common.is_some(), is_used) {
        (true, true) => 0,
        (true, false) => 1,
        _ if service.is_some_and(|service| likely::RETIRED.contains(&service.prefix())) => 5,
        (false, true) if wanted != Wanted::Assumer => 2,
        _ if rest.matches('.').count() > 1 => 5,
        _ if wanted == Wanted::Assumer && service.is_some_and(takes_role) => 3,
        _ => 4,
    };
    Rank::from(class).at(common.unwrap_or(0))
}

/// The services that are let in most often.
pub(super) fn callers() -> impl Iterator<Item = Service> {
    let names = likely::CALLERS.iter();
    names.filter_map(|name| catalog().service(name.split('.').next()?))
}

/// Whether something of the service is given a role, as AWS's tables have it.
fn takes_role(service: Service) -> bool {
    static TAKERS: LazyLock<HashSet<Service>> = LazyLock::new(|| {
        let pass = catalog().action("iam", "PassRole");
        let passes = |action: &Action| {
            let of_resources = action.resources().flat_map(|of| of.dependent_actions());
            let mut dependent = action.dependent_actions().chain(of_resources);
            dependent.any(|of| Some(of) == pass)
        };
        let actions = catalog().actions().filter(passes);
        actions.map(|action| action.service()).collect()
    });
    TAKERS.contains(&service)
}

/// Whose condition keys a list has.
#[derive(Clone, Copy)]
pub(super) enum KeysOf {
    /// Of the token that the statement's provider signs.
    Token,
    /// Of the statement's actions.
    Actions,
    /// Of every request.
    Requests,
    /// Of the services of the statement's actions.
    Services,
    /// Of tokens of other providers.
    OtherTokens,
}

/// Where what stands around policies comes: behind their elements, where one of those can be meant.
pub(super) fn surrounding(is_behind_elements: bool) -> Rank {
    Rank::from(if is_behind_elements { 30 } else { 0 })
}

/// Where a condition key comes: the most common ones of every request among those of the actions. Those that the operator doesn't
/// take are behind all others. `is_of_identity` says that the policy is no resource's: services call with nobody's permissions.
pub(super) fn key(name: &str, of: KeysOf, takes: bool, is_of_identity: bool) -> Rank {
    let misfit = if takes {
        0
    } else {
        KeysOf::OtherTokens as u8 + 1
    };
    let everywhere: &[&str] = match is_of_identity {
        true => &likely::OF_CALLERS,
        false => &likely::EVERYWHERE,
    };
    let of = match (of, likely::place(everywhere, name)) {
        (KeysOf::Requests, Some(_)) => KeysOf::Actions,
        (of, _) => of,
    };
    let place = likely::place(&likely::KEYS, name);
    Rank::from(of as u8 + misfit).at(place.unwrap_or(likely::KEYS.len()))
}

/// Where a key comes as a variable, in its class.
pub(super) fn variable(name: &str) -> usize {
    let place = likely::place(&likely::VARIABLES, name.trim_start_matches('!'));
    place.unwrap_or(likely::VARIABLES.len())
}

/// Where the claim at `place` comes that every token of the statement's provider has: before the token's other keys.
pub(super) fn claim(place: usize, takes: bool) -> Rank {
    key("", KeysOf::Token, takes, false).at(place.min(likely::KEYS.len().saturating_sub(1)))
}

/// Where an element of a statement comes, the one at `index` of AWS's. `is_open` says that few such policies have principals.
pub(super) fn element(index: usize, name: &str, is_open: bool) -> u8 {
    match name {
        // They are rarely what is meant.
        _ if name.starts_with("Not") => 20,
        "Principal" if is_open => 19,
        // What a statement can be without comes behind what it needs.
        "Condition" => 17,
        "Sid" => 18,
        _ => u8::try_from(index).unwrap_or(u8::MAX),
    }
}

/// Where a block comes that makes several of one: behind all names.
pub(super) fn element_of_several() -> Rank {
    Rank::from(0).behind_names()
}

/// Where an operator comes: of those that are typed in front of it with a quantifier, bare, or with `IfExists`.
pub(super) fn operator(base: &str, class: u8) -> Rank {
    let place = likely::place(&likely::OPERATORS, base);
    Rank::from(class).at(place.unwrap_or(likely::OPERATORS.len() + likely::QUANTIFIED.len()))
}

/// Where an operator comes that has a quantifier: those of keys with several values behind the bare ones that are common.
pub(super) fn quantified(name: &str, base: &str) -> Rank {
    match likely::place(&likely::QUANTIFIED, name) {
        Some(place) => Rank::from(1).at(likely::OPERATORS.len() + place),
        None => operator(base, 3),
    }
}

/// Where an entry of a list of policies comes that a role is made of: a name, a template of a policy, or one of its elements.
pub(super) fn entry(name: &str, otherwise: Rank) -> Rank {
    match likely::place(&likely::ENTRIES, name) {
        Some(place) => Rank::from(0).at(place),
        None => otherwise,
    }
}

/// Where a policy of AWS comes, behind the file's own.
pub(super) fn managed(policy: ManagedPolicy) -> Rank {
    let common = likely::place(&likely::MANAGED, policy.name());
    let class = match common {
        Some(_) => 2,
        None if policy.arn().contains("/aws-service-role/") => 4,
        None => 3,
    };
    Rank::from(class).at(common.unwrap_or(0))
}

/// Where a type comes among those of its service, by what an app names first of that: the place of what it is, or is a part of, and
/// how much longer its ARN is.
pub(crate) fn main_type(of: ResourceType) -> (usize, usize) {
    let lead = |format: &str| -> String {
        let resource = format.splitn(6, ':').nth(5).unwrap_or_default();
        let fixed = resource.find(['$', '*']).unwrap_or(resource.len());
        resource.get(..fixed).unwrap_or_default().to_owned()
    };
    let further = |format: &str, main: &str| {
        let (own, main_lead) = (lead(format), lead(main));
        // What has no variable part is that alone.
        let is_open = main.ends_with(['}', '*']);
        let is_of = match is_open {
            true => own.starts_with(&main_lead) && !main_lead.is_empty(),
            false => own == main_lead && format.len() == main.len(),
        };
        is_of.then(|| format.len().saturating_sub(main.len()))
    };
    let mains = of.service().main_types().enumerate();
    let places = mains.filter_map(|(place, main)| match main {
        MainType::Type(main) => (main == of).then_some((place, 0)),
        MainType::Arns(main) => {
            let further = of.arns().filter_map(|format| further(format, main));
            further.min().map(|further| (place, further))
        }
    });
    places.min().unwrap_or((usize::MAX, 0))
}

/// Where an ARN comes, behind those of what the file has: of the type at `place` of the likely ones, in the format at `format` of its.
pub(super) fn arn(is_needed: bool, place: usize, format: usize) -> Rank {
    let class = if is_needed { 1 } else { 2 };
    Rank::from(class).at(place * 100 + format)
}

/// Where an ARN comes that the file has in another place.
pub(super) fn mentioned() -> Rank {
    Rank::from(0).at(1)
}

/// Where the part of an ARN comes that is at `place` of its list: behind all whole ARNs, which are what is meant as a rule.
pub(super) fn segment(place: usize) -> Rank {
    Rank::from(10).at(place)
}

/// Where `*` comes among resources: before all where nothing else can stand there.
pub(super) fn every_resource(nothing_else: bool) -> Rank {
    let part = if nothing_else {
        Part::First
    } else {
        Part::Last
    };
    Rank::from(0).within(part)
}

/// The services whose actions or ARNs a text has not too far from the word at `own`, which doesn't count.
fn services_near(text: &str, own: std::ops::Range<usize>) -> HashSet<Service> {
    let start = text.floor_char_boundary(own.start.saturating_sub(BYTES_NEAR));
    let end = text.ceil_char_boundary(own.end.saturating_add(BYTES_NEAR).min(text.len()));
    let own = own.start.saturating_sub(start)..own.end.saturating_sub(start);
    services_in(text.get(start..end).unwrap_or_default(), own)
}

fn services_in(text: &str, own: std::ops::Range<usize>) -> HashSet<Service> {
    let bytes = text.as_bytes();
    let mut seen: HashSet<&str> = HashSet::default();
    let mut services = HashSet::default();
    for colon in memchr::memchr_iter(b':', bytes) {
        let behind = bytes.get(colon + 1).copied().unwrap_or_default();
        if !(behind.is_ascii_alphanumeric() || matches!(behind, b'*' | b':' | b'$')) {
            continue;
        }
        let of_prefix =
            |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || **byte == b'-';
        let before = bytes.get(..colon).unwrap_or_default().iter().rev();
        let start = colon - before.take_while(of_prefix).count();
        let Some(word) = text.get(start..colon).filter(|word| !word.is_empty()) else {
            continue;
        };
        if !own.contains(&start) && seen.insert(word) {
            services.extend(catalog().service(word));
        }
    }
    services
}
